"""Who joins which electives (sport, art, life skills), and which of these open (H1, H2, H7, H9, H13; wishes s1, s2,
s7, s8).

A resident gets as many places as wanted, each in another subject, in no two groups that exclude each other.
Lexicographic: fewest missing places; fairness (``fairness``); the choice points; the points for open groups.
"""

from __future__ import annotations

from collections.abc import Sequence

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Seat
from foyer.scheduling.program import Goal, goal
from foyer.scheduling.run import Run
from foyer.scheduling.stages.fairness import arranged, choice_entries, luck_goals, rank_goals
from foyer.scheduling.stages.places import solve_alone
from foyer.scheduling.stages.seating import Seating, Seats, opening_costs, seating

STAGE = "electives"


def place_in_electives(run: Run, first: Sequence[Seat] = ()) -> Seats:
    """Solve the stage. ``first`` are seats to begin with."""
    return solve_alone(run, "elective", *program(run.index), first)


def program(index: Index) -> tuple[Seating, list[Goal]]:
    """The stage's program and its levels."""
    wanting = [r for r in index.problem.residents if r.electives]
    made = seating(index, (), index.groups_of("elective"), wanting)
    return made, goals_of(index, made)


def goals_of(index: Index, made: Seating) -> list[Goal]:
    """The levels, most important first. Those of leximin are found one by one (``places``)."""
    weights = index.problem.weights
    goals = [
        goal("unplaced", [(m, weights.unplaced_elective) for m in made.missing.values()]),
        *(rank_goals(index, made, "elective") if index.problem.fairness == "profile" else ()),
        *luck_goals(index, made, "elective"),
        goal("wishes", choice_entries(index, made, "elective")),
        goal("openings", opening_costs(index, made, "elective")),
    ]
    return arranged(index.problem, goals)
