"""One stage solved anew with a wish pinned, where no exchange chain answers: a closed class would have to open, or
caseloads count for different weights. Seconds rather than milliseconds; among equal optima the fewest move."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy

from foyer.scheduling.answers.counsellor_stage import counsellor_program
from foyer.scheduling.answers.exchange import NOWHERE, BinId, Person
from foyer.scheduling.answers.stages import SeatProgram, person_of
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Limits, keep_quiet, never_stop
from foyer.scheduling.program import Goal, Program, goal, minimise
from foyer.scheduling.run import Run, Stopped
from foyer.scheduling.stages import counsellors


class OutOfTime(Exception):
    """The search ended before it found an answer or showed that there is none: on a busy machine, for instance."""


LIMITS = Limits(seconds=20.0, workers=1)
Variables = Mapping[tuple[Person, BinId], int]
Places = dict[Person, BinId]


def seats_anew(index: Index, stage: SeatProgram, place: Mapping[Person, BinId], wish: tuple[Person, BinId]) -> Places:
    """Everybody's group with the wish fulfilled at the least cost; empty: impossible. Raises OutOfTime."""
    made, goals = stage
    variables: dict[tuple[Person, BinId], int] = {
        (person_of(index, made, r, g), g): v for (r, g), v in made.seat.items()
    }
    variables |= {(need, NOWHERE): v for need, v in made.unmet.items()}
    return _solved(index, "classes", made.program, goals, variables, place, wish)


def cases_anew(index: Index, place: Mapping[Person, BinId], wish: tuple[Person, BinId]) -> Places:
    """Everybody's counsellor with the wish fulfilled at the least cost; empty: impossible. Raises OutOfTime."""
    made = counsellor_program(index)
    variables: dict[tuple[Person, BinId], int] = {((r, ""), k): v for (r, k), v in made.case.items()}
    variables |= {((r, ""), NOWHERE): v for r, v in made.unmet.items()}
    goals = counsellors.goals_of(index, made)
    return _solved(index, "counsellors", made.program, goals, variables, place, wish)


def _solved(
    index: Index,
    stage: str,
    program: Program,
    goals: list[Goal],
    variables: Variables,
    place: Mapping[Person, BinId],
    wish: tuple[Person, BinId],
) -> Places:
    if wish not in variables:
        return {}
    program = copy(program)  # the stage's own is used again
    program.low = [*program.low]
    program.low[variables[wish]] = 1
    stay = [(v, -1) for (person, bin_id), v in variables.items() if place.get(person, NOWHERE) == bin_id]
    run = Run(index, LIMITS, keep_quiet, never_stop, stages=1)
    try:
        answer = minimise(run, stage, program, [*goals, goal("moved", stay, in_points=False)])
    except Stopped as stopped:
        raise OutOfTime from stopped
    return {person: bin_id for (person, bin_id), v in variables.items() if answer.is_feasible and answer.values[v]}
