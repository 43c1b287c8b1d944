"""Stage 1: who learns which trade, and which classes open (H1, H2, H7, H9, H13; wishes s1 to s4, s7, s8).

Lexicographic: fewest unplaced; fairness (``fairness``); the points of choices, aptitude and pairs; the points for open
classes and their sizes.
"""

from __future__ import annotations

from collections.abc import Sequence

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Seat
from foyer.scheduling.program import Entry, Goal, goal
from foyer.scheduling.run import Run
from foyer.scheduling.stages.fairness import arranged, choice_entries, luck_goals, rank_goals
from foyer.scheduling.stages.places import solve_alone
from foyer.scheduling.stages.seating import Seating, Seats, opening_costs, seating

STAGE = "classes"

__all__ = ["Seats", "goals_of", "place_in_classes", "program"]


def place_in_classes(run: Run, first: Sequence[Seat] = ()) -> Seats:
    """Solve the stage. ``first`` are seats to begin with."""
    return solve_alone(run, "vocational", *program(run.index), first)


def program(index: Index) -> tuple[Seating, list[Goal]]:
    """The stage's program and its levels."""
    needs = [(r, "") for r in index.problem.residents if r.needs_vocational]
    made = seating(index, needs, index.groups_of("vocational"))
    return made, goals_of(index, made)


def goals_of(index: Index, made: Seating) -> list[Goal]:
    """The levels, most important first. Those of leximin are found one by one (``places``)."""
    weights = index.problem.weights
    unmet = [u for (_, subject), u in made.unmet.items() if not subject]
    wishes = [*choice_entries(index, made, "vocational"), *_aptitudes(index, made), *made.pairs["vocational"]]
    goals = [
        goal("unplaced", [(u, weights.unplaced_vocational) for u in unmet]),
        *(rank_goals(index, made, "vocational") if index.problem.fairness == "profile" else ()),
        *luck_goals(index, made, "vocational"),
        goal("wishes", wishes),
        goal("openings", opening_costs(index, made, "vocational")),
    ]
    return arranged(index.problem, goals)


def _aptitudes(index: Index, made: Seating) -> list[Entry]:
    return [
        (x, index.aptitude_cost(index.residents[r], index.groups[g].subject))
        for (r, g), x in made.seats_of(index, "vocational")
    ]
