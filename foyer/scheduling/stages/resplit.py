"""Counsellors and appointments together, for given times: where the caseloads found first leave somebody
without an hour.

The counsellors stage ignores the week but for each pair's hours, so its optima bound this one from below.
Everybody may change counsellor here, at the same levels in the same order, with the appointments not held
counted beside the residents without a counsellor.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from foyer.scheduling.plan import Level
from foyer.scheduling.program import Entry, Goal, goal, minimise
from foyer.scheduling.run import Run
from foyer.scheduling.stages import counsellors
from foyer.scheduling.stages.appointments import places_for
from foyer.scheduling.stages.counsellors import Caseloads, Made
from foyer.scheduling.weeks import Busy

HOW = "HiGHS, together with the appointments"


def share_out_again(
    run: Run, before: Caseloads, taken: Mapping[str, set[Busy]], late: Collection[str] = ()
) -> Caseloads:
    """New caseloads with the fewest appointments lost and, among those as good for counsellors, the fewest in the
    evening. ``taken`` are the periods of each resident's meetings. ``late``: where nothing but the evenings of these
    residents is to be mended; then all others keep their counsellor or take one of theirs. Without a result within
    its time, the caseloads as they were."""
    made = counsellors.program(run.index)
    if late:
        _narrow(made, before, late)
    lost, evenings = _appointments(run, made, taken)
    unplaced, *others = counsellors.goals_of(run.index, made)
    weight = run.index.problem.weights.unplaced_appointment
    both = goal("unplaced", [*unplaced.entries, *((u, weight) for u in lost)])
    evening = goal("evenings", [(x, run.index.problem.weights.evening_appointment) for x in evenings])
    answer = minimise(run, counsellors.STAGE, made.program, [both, *others, evening])
    if not answer.is_feasible:
        return before
    levels = _levels([unplaced, *others], answer.values, before.levels)
    return counsellors.read(made, answer.values, levels)


def _narrow(made: Made, before: Caseloads, late: Collection[str]) -> None:
    """Leave out the pairs that an exchange with these residents does not need: most of them, which the solver would
    have to hold in memory with all their hours."""
    now = {case.resident: case.counsellor for case in before.caseloads}
    theirs = {now[resident] for resident in late}
    for resident, counsellor in [*made.case]:
        if resident in now and resident not in late and counsellor not in (now[resident], *theirs):
            made.program.fix(made.case.pop((resident, counsellor)), 0)


def _appointments(run: Run, made: counsellors.Made, taken: Mapping[str, set[Busy]]) -> tuple[list[int], list[int]]:
    """An appointment with the own counsellor, in a place where both are free; or a variable that says it is
    lost. Gives those variables, and those of appointments in the evening."""
    index, program = run.index, made.program
    at: dict[tuple[str, int, str], list[int]] = defaultdict(list)
    held: dict[str, list[Entry]] = defaultdict(list)
    for (resident, counsellor), case in made.case.items():
        own = []
        for week, period in places_for(index, resident, counsellor, taken):
            variable = program.integer()
            own.append(variable)
            at[counsellor, week, period].append(variable)
        program.row([*((x, 1) for x in own), (case, -1)], high=0)
        held[resident] += [(x, 1) for x in own]
    for (_, _, period), variables in at.items():
        program.row([(x, 1) for x in variables], high=len(index.slots(period)))
    lost = []
    for person in index.counselled:
        lost.append(program.integer(0, int(person.id not in index.pins.appointments)))
        program.row([*held[person.id], (lost[-1], 1)], low=1, high=1)
    return lost, [x for (_, _, period), own in at.items() if index.is_evening(period) for x in own]


def _levels(goals: Sequence[Goal], values: Sequence[int], before: Sequence[Level]) -> tuple[Level, ...]:
    """The values reached, against the bounds proven before: they hold as long as the levels above reach
    theirs."""
    levels = []
    holds = True
    for each, old in zip(goals, before, strict=True):
        value = round(each.at(values), 4)
        bound = min(value, old.bound) if holds else 0.0
        status = "optimal" if holds and bound == value else "feasible"
        levels.append(Level(each.name, value, bound, status, HOW))  # type: ignore[arg-type]
        holds = holds and status == "optimal"
    return tuple(levels)
