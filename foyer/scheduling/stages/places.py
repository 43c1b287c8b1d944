"""Solving a program of seats, and reading each kind of group out of it (``seating``, ``fairness``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from foyer.scheduling.choices import CHOSEN
from foyer.scheduling.floors import points_of
from foyer.scheduling.index import Index
from foyer.scheduling.leximin import Leximin
from foyer.scheduling.plan import Level, Seat, Unmet
from foyer.scheduling.problem import GroupKind, Problem
from foyer.scheduling.program import Answer, Goal, Program, minimise
from foyer.scheduling.run import Run
from foyer.scheduling.stages.fairness import losses, merged
from foyer.scheduling.stages.seating import Seating, Seats
from foyer.scheduling.stages.starts import Start, seats_start

STAGE_OF_KIND: dict[GroupKind, str] = {"vocational": "classes", "education": "education", "elective": "electives"}


def solve_alone(run: Run, kind: GroupKind, made: Seating, goals: Sequence[Goal], first: Sequence[Seat] = ()) -> Seats:
    """The seats of one kind of group, solved by itself."""
    return solve(run, made, {kind: goals}, first)[kind]


def solve(
    run: Run, made: Seating, goals: Mapping[GroupKind, Sequence[Goal]], first: Sequence[Seat] = ()
) -> dict[GroupKind, Seats]:
    """The seats of all these kinds, out of one program. ``goals`` are each kind's own levels, ``first`` seats to begin
    with."""
    kinds = tuple(goals)
    start = seats_start(run.index, made, [s for s in first if run.index.groups[s.group].kind in kinds])
    levels = merged(run.index.problem, goals.values())
    stage = STAGE_OF_KIND[kinds[0]]
    floors = [points_of(STAGE_OF_KIND[kind], own) for kind, own in goals.items()]
    if is_leximin(run.index.problem, kinds):
        answer = _worst_off_first(run, stage, made, kinds, levels, floors, start)
    else:
        answer = minimise(run, stage, made.program, levels, start=start, floors=floors)
    if not answer.is_feasible:
        return dict.fromkeys(kinds, Seats((), (), ()))
    shares = shared_out(goals, answer.values, answer.levels)
    return {kind: read(run.index, made, kind, answer.values, shares[kind]) for kind in kinds}


def is_leximin(problem: Problem, kinds: Iterable[GroupKind]) -> bool:
    """Whether L3 of these kinds is leximin."""
    return problem.fairness == "leximin" and not problem.fast_draft and any(kind in CHOSEN for kind in kinds)


def _worst_off_first(
    run: Run,
    stage: str,
    made: Seating,
    kinds: Sequence[GroupKind],
    levels: Sequence[Goal],
    floors: Sequence[Goal],
    start: Start | None,
) -> Answer:
    """The levels with leximin behind the first: what residents lose over all the kinds together."""
    before = [level for level in levels if level.name == "unplaced"]
    after = [level for level in levels if level.name != "unplaced"]
    first = minimise(run, stage, made.program, before, start=start, floors=floors)
    if not first.is_feasible:
        return first
    _hold(made.program, before, first.levels)
    quick = minimise(run, stage, made.program, [g for g in after if g.name == "wishes"], start=first.values)
    worst = Leximin(made.program, losses(run.index, made, kinds)).minimise(run, stage, quick.values)
    last = minimise(run, stage, made.program, after, start=worst.values)
    found = (*first.levels, *worst.levels, *last.levels)
    return Answer(last.values, found, all(level.status == "optimal" for level in found))


def _hold(program: Program, goals: Sequence[Goal], levels: Sequence[Level]) -> None:
    """The levels as they are from now on: as a row, or, where nobody goes without, without the variables for it."""
    for each, level in zip(goals, levels, strict=True):
        if level.value == 0 and all(cost > 0 for _, cost in each.entries):
            for variable, _ in each.entries:
                program.high[variable] = program.low[variable]
        else:
            program.row(each.entries, high=level.value)


def shared_out(
    goals: Mapping[GroupKind, Sequence[Goal]], values: Sequence[int], levels: Sequence[Level]
) -> dict[GroupKind, tuple[Level, ...]]:
    """Each kind's part of the levels: what its own places say, and of the bound as much as they reach, the rest to the
    next kind. A level that no kind has by itself (leximin) goes to the first."""
    own = {kind: {each.name: each for each in each_goals} for kind, each_goals in goals.items()}
    found: dict[GroupKind, list[Level]] = {kind: [] for kind in goals}
    for level in levels:
        having = [kind for kind in goals if level.name in own[kind]]
        if len(goals) == 1 or not having:
            found[next(iter(goals))].append(level)
            continue
        left = level.bound
        for kind in having:
            value = round(own[kind][level.name].at(values), 4)
            bound = value if level.status == "optimal" else min(value, left)
            left = round(max(0.0, left - bound), 4)
            status = "optimal" if bound == value else "feasible"
            found[kind].append(Level(level.name, value, bound, status, level.how))  # type: ignore[arg-type]
    return {kind: tuple(each) for kind, each in found.items()}


def read(index: Index, made: Seating, kind: GroupKind, values: Sequence[int], levels: Sequence[Level]) -> Seats:
    """The seats of one kind, and what was left open."""
    seats = tuple(Seat(*pair) for pair, x in made.seats_of(index, kind) if values[x])
    if kind == "elective":
        unmet = [Unmet(r, "elective") for r, m in made.missing.items() for _ in range(values[m])]
    else:
        of_kind = [(r, s) for (r, s), u in made.unmet.items() if values[u] and bool(s) == (kind == "education")]
        unmet = [Unmet(r, "education", s) if s else Unmet(r, "class") for r, s in of_kind]
    return Seats(seats, tuple(unmet), tuple(levels))
