"""Stage 2: who learns in which education group (H1, H2, H7, H9, H13; wishes s1, s4, s7, s8).

Lexicographic: fewest unmet education needs (in points), then the points of pairs, then those for open groups and
their sizes. Which of several
groups of a subject somebody joins costs nothing here; ``alignment`` decides it so that the week becomes
easy.
"""

from __future__ import annotations

from collections.abc import Sequence

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Seat
from foyer.scheduling.program import Goal, goal
from foyer.scheduling.run import Run
from foyer.scheduling.stages.fairness import arranged
from foyer.scheduling.stages.places import solve_alone
from foyer.scheduling.stages.seating import Seating, Seats, opening_costs, seating

STAGE = "education"


def place_in_education(run: Run, first: Sequence[Seat] = ()) -> Seats:
    """Solve the stage. ``first`` are seats to begin with."""
    return solve_alone(run, "education", *program(run.index), first)


def program(index: Index) -> tuple[Seating, list[Goal]]:
    """The stage's program and its levels."""
    needs = [(r, subject) for r in index.problem.residents for subject in r.education]
    made = seating(index, needs, index.groups_of("education"))
    return made, goals_of(index, made)


def goals_of(index: Index, made: Seating) -> list[Goal]:
    """The levels, most important first."""
    weights = index.problem.weights
    unmet = [u for (_, subject), u in made.unmet.items() if subject]
    goals = [
        goal("unplaced", [(u, weights.unplaced_education) for u in unmet]),
        *([goal("wishes", made.pairs["education"])] if made.pairs["education"] else ()),
        goal("openings", opening_costs(index, made, "education")),
    ]
    return arranged(index.problem, goals)
