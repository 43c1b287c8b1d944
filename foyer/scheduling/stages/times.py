"""Stage 5: when each open group meets, where and with whom (H8 to H12; wishes s13, s14).

A Boolean per group and start pattern. Residents with the same groups and the same unavailable periods form
one conflict group: at any time at most one of its groups meets. Gaps and single periods of their days are
weighed by their number.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from foyer.scheduling.cpsat import Searched, search
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Caseload, Level, Meeting, Seat
from foyer.scheduling.run import Run
from foyer.scheduling.stages.day_rules import MEETS, in_order, limited_days
from foyer.scheduling.stages.free_hours import pinned_hours, room_for_appointments
from foyer.scheduling.stages.week import Week, add_group, by_week, exclusive, read, used_by_group
from foyer.scheduling.stages.week_search.search import is_for_search, search_week
from foyer.scheduling.stages.week_wishes import add_wishes, conflicts_meet_once
from foyer.scheduling.weeks import kinds

STAGE = "times"
TIME_SHARE = 0.35  # of the whole run's limit, at most
Crowd = tuple[tuple[str, ...], tuple[str, ...]]  # groups, unavailable periods


@dataclass(frozen=True, slots=True)
class Timetable:
    """What the stage decided. ``is_impossible``: proven that these seats allow no timetable."""

    meetings: tuple[Meeting, ...]
    levels: tuple[Level, ...]
    is_impossible: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """What the model's objective counts in: one step of points weighs ``rank``, and ``scale`` steps are a point."""

    rank: int
    scale: int

    @property
    def point(self) -> int:
        return self.rank * self.scale


def crowds_of(index: Index, seats: Sequence[Seat]) -> Counter[Crowd]:
    """How many residents share the same groups and the same unavailable periods."""
    groups: dict[str, list[str]] = defaultdict(list)
    for seat in seats:
        groups[seat.resident].append(seat.group)
    return Counter(
        (tuple(sorted(own)), tuple(sorted(set(index.residents[r].unavailable)))) for r, own in groups.items()
    )


def set_times(
    run: Run,
    seats: Sequence[Seat],
    caseloads: Sequence[Caseload],
    hint: Sequence[Meeting] = (),
    *,
    share: float = TIME_SHARE,
) -> Timetable:
    """Solve the stage for these seats. The residents with a counsellor in ``caseloads`` keep an hour for him. ``hint``
    is a week to begin with, ``share`` the part of the whole run's limit that the search may take."""
    if not seats and is_for_search(run.index):
        found_week = search_week(run)
        if found_week is not None:
            return Timetable(found_week[0], (found_week[1],))
    week = run.wait_for(lambda: week_of(run.index, seats, caseloads), stage=STAGE)
    if week is None:
        return Timetable((), (), is_impossible=True)
    hinted = {(meeting.group, meeting.periods) for meeting in hint}
    for (group_id, i), start in week.start.items() if hint else ():
        week.model.add_hint(start, (group_id, week.pattern(group_id, i).periods) in hinted)
    unit = minimise_points(week)
    found = search(run, STAGE, week.model, seconds=run.limits.seconds * share, unit=unit.point)
    if not found.is_feasible:
        return Timetable((), (), is_impossible=found.is_proven)
    return Timetable(read(week, found.value), (level_of(unit, found),))


def level_of(unit: Unit, found: Searched) -> Level:
    """Points without the ties behind them."""
    value = round(found.objective) // unit.rank
    bound = value if found.is_proven else max(0.0, math.ceil((found.bound - unit.rank + 1) / unit.rank - 1e-6))
    status = "optimal" if bound == value else "feasible"
    return Level("times", value / unit.scale, bound / unit.scale, status, "CP-SAT")  # type: ignore[arg-type]


def week_of(
    index: Index, seats: Sequence[Seat], caseloads: Sequence[Caseload], moving: Collection[str] | None = None
) -> Week | None:
    """The stage's model: every hard rule for these seats, and the points of its wishes in ``cost``. None: a group has
    too few places for its meetings. ``moving``: the only groups whose hours are open, so that nobody else's days cost
    more or less."""
    week = week_of_rules(index, seats, caseloads)
    if week is not None:
        count_wishes(week, seats, moving)
    return week


def week_of_rules(index: Index, seats: Sequence[Seat], caseloads: Sequence[Caseload]) -> Week | None:
    """The stage's model without its wishes, which are most of it."""
    from ortools.sat.python import cp_model

    week = Week(index, cp_model.CpModel())
    sizes = Counter(seat.group for seat in seats)
    crowds = crowds_of(index, seats)
    for group in index.problem.groups:
        if index.meets(group, sizes[group.id]):
            people = [index.residents[s.resident] for s in seats if s.group == group.id]
            blocked = {p for resident in people for p in index.away(resident, group.weeks)}
            if not add_group(week, group, blocked=blocked, size=sizes[group.id]):
                return None
    exclusive(week)
    _crowds_meet_once(week, crowds)
    conflicts_meet_once(week)
    pinned_hours(week, seats)
    room_for_appointments(week, seats, caseloads)
    in_order(week, dict.fromkeys(sorted({group for group, _ in week.start}), MEETS))
    for groups in sorted({groups for groups, _ in crowds}):
        limited_days(week, groups)
    return week


def count_wishes(week: Week, seats: Sequence[Seat], moving: Collection[str] | None = None) -> None:
    """What the stage's wishes cost, into ``week.cost`` (``week_of``)."""
    crowds = crowds_of(week.index, seats)
    _wishes(week, crowds if moving is None else _among(crowds, moving))
    add_wishes(week, Counter(seat.group for seat in seats))


# Hard rules


def _crowds_meet_once(week: Week, crowds: Mapping[Crowd, int]) -> None:
    """At any time at most one meeting of a resident's groups (H10, H11)."""
    for groups in sorted({groups for groups, _ in crowds if len(groups) > 1}):
        for period in week.index.periods:
            held = [(week.index.groups[g].weeks, x) for g in groups for x in week.covering(g, period)]
            for booleans in by_week(held):
                if len(booleans) > 1:
                    week.model.add_at_most_one(booleans)


# Wishes


def _among(crowds: Mapping[Crowd, int], moving: Collection[str]) -> dict[Crowd, int]:
    """The crowds that have one of these groups."""
    return {crowd: people for crowd, people in crowds.items() if not set(moving).isdisjoint(crowd[0])}


def _wishes(week: Week, crowds: Mapping[Crowd, int]) -> None:
    for (group, i), start in week.start.items():
        if week.pattern(group, i).penalty:
            week.cost.append((week.pattern(group, i).penalty, start))
    for (groups, unavailable), people in sorted(crowds.items()):
        when = kinds(week.index.groups[g].weeks for g in groups)
        for kind, day in product(when, week.index.days.values()):
            own = tuple(g for g in groups if week.index.share_weeks(week.index.groups[g].weeks, kind))
            _day(week, own, set(unavailable), day, people / len(when))


def minimise_points(week: Week) -> Unit:
    """Points first; among equal weeks few different instructors for each group, which costs no points. Gives what one
    point weighs: more than all of the latter. Points may have hundredths (s16), CP-SAT knows whole numbers only."""
    instructors = [x for used in used_by_group(week, "instructor").values() for x in used]
    scale = next(s for s in (1, 10, 100) if s == 100 or all(float(points * s).is_integer() for points, _ in week.cost))
    rank = len(instructors) + 1
    points = sum(round(points * scale) * rank * counted for points, counted in week.cost)
    week.model.minimize(points + sum(instructors))
    return Unit(rank, scale)


def _day(week: Week, groups: tuple[str, ...], unavailable: set[str], day: tuple[str, ...], people: float) -> None:
    """The gaps and the single period of one crowd's day in one kind of week (score.day_shape): a free period
    with something before and something after it is a gap; a period with nothing before and nothing after it stands
    alone."""
    weights = week.index.problem.weights
    taken: list[Any] = [
        1 if p in unavailable else sum(x for group in groups for x in week.covering(group, p)) for p in day
    ]
    if all(isinstance(t, int) for t in taken) and len(unavailable.intersection(day)) < 2:
        return
    before, after = _running(week, taken), _running(week, taken[::-1])[::-1]
    for i, period in enumerate(day):
        if period in unavailable:
            continue
        if weights.gap and 0 < i < len(day) - 1:
            gap = week.model.new_bool_var("gap")
            week.model.add(gap >= before[i] + after[i] - 1 - taken[i])
            week.cost.append((people * weights.gap, gap))
        if weights.single_period and not isinstance(taken[i], int):
            single = week.model.new_bool_var("single")
            week.model.add(single >= taken[i] - before[i] - after[i])
            week.cost.append((people * weights.single_period, single))


def _running(week: Week, taken: Sequence[Any]) -> list[Any]:
    """For each period, whether something lies before it: a Boolean equal to the maximum of those before."""
    running: list[Any] = [0]
    for earlier in taken[:-1]:
        previous = running[-1]
        if isinstance(earlier, int) and isinstance(previous, int):
            running.append(max(earlier, previous))
            continue
        if 1 in (x for x in (earlier, previous) if isinstance(x, int)):
            running.append(1)
            continue
        some = week.model.new_bool_var("some")
        week.model.add(some >= earlier)
        week.model.add(some >= previous)
        week.model.add(some <= earlier + previous)
        running.append(some)
    return running
