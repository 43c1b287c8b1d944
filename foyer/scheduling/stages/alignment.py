"""Between stages 2 and 5: lists cut along each other, so that the week becomes easy.

Sections of one trade cost the same to everybody, and so do the groups of one education subject. Among these
equal optima, residents are dealt so that few pairs of groups share residents, and few groups have residents
who are away at given times. Fewer pairs mean fewer clashes and fewer gaps. No wish changes its points;
nothing needs to be proven.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Meeting, Seat
from foyer.scheduling.problem import PinKind, Resident
from foyer.scheduling.program import Entry, Program, goal, minimise
from foyer.scheduling.run import Run, Stopped
from foyer.scheduling.score import day_shape
from foyer.scheduling.stages.held import hold_pairs, hold_sizes

TIME_SHARE = 0.05  # of the remaining time
SUIT_SHARE = 0.4  # of the remaining time, at most: without seats that suit a week a large house has none
CLASH = 1000  # points for each resident whose groups meet at once, more than any week costs one
MOST_NODES = 100  # of the search tree: a limit that repeats, unlike the clock

Combination = tuple[str, ...]  # one group for each of a resident's needs


@dataclass(frozen=True, slots=True)
class Bundle:
    """Residents with the same combinations to choose from and the same absences."""

    combinations: tuple[Combination, ...]
    away: tuple[str, ...]
    residents: list[str] = field(default_factory=list)


def align(run: Run, seats: Sequence[Seat]) -> tuple[Seat, ...]:
    """The seats dealt anew: the same subjects, the same open groups within their sizes, the same rules. The
    seats themselves where nothing better is found in time."""
    if not any(run.index.groups[s.group].meetings for s in seats):
        return tuple(seats)
    bundles = _bundles(run.index, seats)
    program, flow = _program(run.index, bundles, seats)
    shared = _incidences(program, bundles, flow)
    try:
        answer = minimise(
            run,
            "education",
            program,
            [goal("shared", shared, in_points=False)],
            share=TIME_SHARE,
            nodes=MOST_NODES,
            may_fold=False,  # sums of shared pairs cannot be dealt out again
        )
    except Stopped as stopped:
        if stopped.cancelled:
            raise
        return tuple(seats)
    return _dealt(bundles, flow, answer.values) if answer.is_feasible else tuple(seats)


def suit_week(run: Run, seats: Sequence[Seat], meetings: Sequence[Meeting]) -> tuple[Seat, ...]:
    """The seats dealt anew for a week that is set: each to the sections and groups whose meetings leave fewest gaps
    and single periods in the own days. As good as ``align`` in points of seats, and never worse in those of times.
    The seats themselves where nothing better is found in time."""
    bundles = _bundles(run.index, seats)
    program, flow = _program(run.index, bundles, seats)
    taken = _taken(meetings)
    costs: list[Entry] = []
    start = _dealt_as(bundles, flow, seats)
    for bundle, own in zip(bundles, flow, strict=True):
        for combination, f in own.items():
            points = _day_points(run.index, combination, bundle.away, taken)
            if points is None and not start[f]:
                program.fix(f, 0)
            elif points is None:
                costs.append((f, CLASH))  # as it is, but not for nothing: the week would have to change
            elif points:
                costs.append((f, points))
    values = tuple(start.get(v, int(low)) for v, low in enumerate(program.low))
    known = values if program.satisfied_by(values) else None
    level = goal("times", costs, in_points=False)
    try:
        answer = minimise(run, "times", program, [level], share=SUIT_SHARE, nodes=MOST_NODES, start=known)
    except Stopped as stopped:
        if stopped.cancelled:
            raise
        return tuple(seats)
    return _dealt(bundles, flow, answer.values) if answer.is_feasible else tuple(seats)


def _taken(meetings: Sequence[Meeting]) -> dict[str, tuple[set[str], int]]:
    """The periods of each group, and how many they are where none is taken twice."""
    taken: dict[str, set[str]] = defaultdict(set)
    for meeting in meetings:
        taken[meeting.group].update(meeting.periods)
    return {group: (periods, len(periods)) for group, periods in taken.items()}


def _day_points(
    index: Index, combination: Combination, away: tuple[str, ...], taken: Mapping[str, tuple[set[str], int]]
) -> int | None:
    """What the week of somebody in these groups costs; None where two of them meet at once, or while he is away."""
    weights, absent = index.problem.weights, set(away)
    periods: set[str] = set()
    count = 0
    for group in combination:
        own, number = taken.get(group, (set(), 0))
        periods |= own
        count += number
    if len(periods) < count or periods & absent:
        return None
    shapes = [day_shape(day, periods, absent) for day in index.days.values()]
    return sum(weights.gap * gaps + weights.single_period * single for gaps, single in shapes)


def _dealt_as(
    bundles: Sequence[Bundle], flow: Sequence[Mapping[Combination, int]], seats: Sequence[Seat]
) -> dict[int, int]:
    """How many of each bundle take which combination in these seats."""
    groups: dict[str, set[str]] = defaultdict(set)
    for seat in seats:
        groups[seat.resident].add(seat.group)
    values: dict[int, int] = {}
    for bundle, own in zip(bundles, flow, strict=True):
        by_set = {frozenset(c): f for c, f in own.items()}
        for f in own.values():
            values[f] = 0
        for resident in bundle.residents:
            f = by_set.get(frozenset(groups[resident]), -1)
            values[f] = values.get(f, 0) + 1
    return values


def _bundles(index: Index, seats: Sequence[Seat]) -> list[Bundle]:
    opened = {s.group for s in seats}
    own: dict[str, list[str]] = defaultdict(list)
    for seat in seats:
        own[seat.resident].append(seat.group)
    bonds = (*index.pairs.together["class"], *index.pairs.apart_wishes["class"])
    special = {r for pair in index.apart["class"] for r in pair} | {r for bond in bonds for r in (bond.a, bond.b)}
    bundles: dict[object, Bundle] = {}
    for resident_id, groups in own.items():
        resident = index.residents[resident_id]
        choices = [_alike(index, resident, group, opened) for group in groups]
        key = (tuple(choices), resident.unavailable, resident_id if resident_id in special else "")
        bundle = bundles.setdefault(key, Bundle(_allowed(index, choices), resident.unavailable))
        bundle.residents.append(resident_id)
    return list(bundles.values())


def _allowed(index: Index, choices: Sequence[Combination]) -> tuple[Combination, ...]:
    """The combinations of which no group excludes another."""
    return tuple(c for c in product(*choices) if not any(index.choices.exclude(a, b) for a, b in combinations(c, 2)))


def _alike(index: Index, resident: Resident, group_id: str, opened: set[str]) -> tuple[str, ...]:
    """The open groups of the same kind and subject that the resident may join instead."""
    kinds: tuple[PinKind, ...] = ("class", "education", "elective")
    pins = {target for kind in kinds for target in index.pinned(kind).get(resident.id, ())}
    if group_id in pins:
        return (group_id,)
    group = index.groups[group_id]
    return tuple(
        g.id
        for g in index.groups_of(group.kind)
        if g.subject == group.subject and g.id in opened and index.is_eligible(g, resident)
    )


def _program(
    index: Index, bundles: Sequence[Bundle], seats: Sequence[Seat]
) -> tuple[Program, list[dict[Combination, int]]]:
    """How many of each bundle take which combination, within the groups' sizes; pairs kept apart."""
    program = Program()
    flow = []
    taking: dict[str, list[Entry]] = defaultdict(list)
    of_resident: dict[str, dict[Combination, int]] = {}
    for bundle in bundles:
        size = len(bundle.residents)
        flow.append({c: program.integer(0, size) for c in bundle.combinations})
        program.row([(f, 1) for f in flow[-1].values()], low=size, high=size)
        for combination, f in flow[-1].items():
            for group in combination:
                taking[group].append((f, 1))
        of_resident.update(dict.fromkeys(bundle.residents, flow[-1]))
    for group in sorted({s.group for s in seats}):
        program.row(taking[group], low=max(1, index.groups[group].minimum), high=index.seats(index.groups[group]))
    for a, b in index.apart["class"]:
        for group in taking:
            both = [(f, 1) for r in (a, b) for c, f in of_resident.get(r, {}).items() if group in c]
            program.row(both, high=1)
    for instructor, own_groups in index.choices.capped.items():
        taught = [entry for group in own_groups for entry in taking.get(group, ())]
        program.row(taught, high=index.instructors[instructor].most_residents or 0)

    def inside(resident: str, group: str) -> list[Entry]:
        return [(f, 1) for c, f in of_resident.get(resident, {}).items() if group in c]

    hold_pairs(index, program, seats, inside)
    hold_sizes(index, program, seats, taking)
    return program, flow


def _incidences(program: Program, bundles: Sequence[Bundle], flow: Sequence[Mapping[Combination, int]]) -> list[Entry]:
    """A binary for each pair of groups with a resident in both, and for each group with residents away at
    given times."""
    shared: dict[object, int] = {}
    for bundle, taken in zip(bundles, flow, strict=True):
        for combination, f in taken.items():
            things: list[object] = list(combinations(sorted(combination), 2))
            things += [(group, bundle.away) for group in combination if bundle.away]
            for thing in things:
                if thing not in shared:
                    shared[thing] = program.integer()
                program.row([(f, 1), (shared[thing], -len(bundle.residents))], high=0)
    return [(x, 1) for x in shared.values()]


def _dealt(
    bundles: Sequence[Bundle], flow: Sequence[Mapping[Combination, int]], values: Sequence[int]
) -> tuple[Seat, ...]:
    seats = []
    for bundle, taken in zip(bundles, flow, strict=True):
        waiting = iter(bundle.residents)
        for combination, f in taken.items():
            for _ in range(values[f]):
                resident = next(waiting)
                seats += [Seat(resident, group) for group in combination]
    return tuple(seats)
