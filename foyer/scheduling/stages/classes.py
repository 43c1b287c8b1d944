"""Stage 1: who learns which trade, and which classes open (H1, H2, H7, H13; wishes s1, s2, s3, s7).

Lexicographic: fewest unplaced; fewest residents with an unlisted trade, then with the last rank, then the
next; the choice and aptitude points; the points for open classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Level, Seat, Unmet
from foyer.scheduling.program import Entry, Goal, goal, minimise
from foyer.scheduling.run import Run
from foyer.scheduling.stages.seating import Seating, seating
from foyer.scheduling.stages.starts import seats_start

STAGE = "classes"


@dataclass(frozen=True, slots=True)
class Seats:
    """What a seating stage decided. ``levels`` is empty where it is infeasible."""

    seats: tuple[Seat, ...]
    unmet: tuple[Unmet, ...]
    levels: tuple[Level, ...]


def place_in_classes(run: Run, first: Sequence[Seat] = ()) -> Seats:
    """Solve the stage. ``first`` are seats to begin with."""
    made, goals = program(run.index)
    start = seats_start(run.index, made, [s for s in first if run.index.groups[s.group].kind == "vocational"])
    answer = minimise(run, STAGE, made.program, goals, start=start)
    return Seats(
        tuple(Seat(r, g) for r, g in made.seated(answer.values)) if answer.is_feasible else (),
        tuple(Unmet(r, "class") for r, _ in made.left_out(answer.values)) if answer.is_feasible else (),
        answer.levels,
    )


def program(index: Index) -> tuple[Seating, list[Goal]]:
    """The stage's program and its levels."""
    needs = [(r, "") for r in index.problem.residents if r.needs_vocational]
    made = seating(index, needs, index.groups_of("vocational"))
    return made, goals_of(index, made)


def goals_of(index: Index, made: Seating) -> list[Goal]:
    """The levels, most important first."""
    weights = index.problem.weights
    return [
        goal("unplaced", [(u, weights.unplaced_vocational) for u in made.unmet.values()]),
        *fairness_goals(index, made),
        goal("wishes", [(x, _wish_cost(index, r, g)) for (r, g), x in made.seat.items()]),
        goal("openings", [(o, weights.open_group) for o in made.opened.values()]),
    ]


def fairness_goals(index: Index, made: Seating) -> list[Goal]:
    """How many get an unlisted trade, then how many the last rank, and so on up to the second choice. A
    resident without a class is the worst off of all, and already counted before."""
    by_rank: dict[int, list[Entry]] = {}
    worst = len(index.problem.weights.choice)
    for (resident_id, group_id), x in made.seat.items():
        resident = index.residents[resident_id]
        rank = index.rank(resident, index.groups[group_id].subject)
        if resident.choices:
            by_rank.setdefault(worst if rank is None else min(rank, worst), []).append((x, 1))
    names = {worst: "unlisted", **{rank: f"choice_{rank + 1}" for rank in range(1, worst)}}
    return [goal(names[rank], by_rank[rank], in_points=False) for rank in range(worst, 0, -1) if by_rank.get(rank)]


def _wish_cost(index: Index, resident_id: str, group_id: str) -> float:
    resident, subject = index.residents[resident_id], index.groups[group_id].subject
    return index.choice_cost(resident, subject) + index.aptitude_cost(resident, subject)
