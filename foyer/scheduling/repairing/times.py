"""The week in a repair: as few meetings as possible at another hour, in another place or with another person (s15)."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from foyer.scheduling.cpsat import search
from foyer.scheduling.plan import Appointment, Caseload, Meeting, Seat
from foyer.scheduling.repairing.changes import KIND_OF_GROUP, Hours, seat_points
from foyer.scheduling.repairing.kept import Kept
from foyer.scheduling.run import Run
from foyer.scheduling.stages.times import STAGE, count_wishes, level_of, minimise_points, week_of_rules
from foyer.scheduling.stages.week import Week, add_group, exclusive, read

TIME_SHARE = 0.4  # of the remaining time, for each of the two searches


@dataclass(frozen=True, slots=True)
class Retimed:
    """The meetings, the points of their changes and the bound proven for these seats. ``least`` is what the wishes of
    the times stage cost at least among so few changes. Not ``is_found``: nothing in time, or ``is_impossible``."""

    meetings: tuple[Meeting, ...] = ()
    points: float = 0.0
    bound: float = 0.0
    least: float = 0.0
    is_proven: bool = False  # points and people touched, for these seats
    is_found: bool = False
    is_impossible: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """For whom the week is: their seats and counsellors, the appointments that may stay, and who is touched already."""

    seats: Sequence[Seat]
    caseloads: Sequence[Caseload]
    appointments: Sequence[Appointment]
    touched: Collection[str] = ()
    most_times: int | None = None  # H14: meetings that may move


def repair_times(run: Run, kept: Kept, setting: Setting) -> Retimed:
    """First the points of the changes, then the people touched, then the stage's own wishes among so few changes."""
    found = Retimed()
    for caseloads in (setting.caseloads, ()):  # short of it without an hour kept free for each counsellor
        week = week_of_rules(kept.index, setting.seats, caseloads)
        found = _solved(run, kept, setting, week) if week else Retimed(is_impossible=True)
        if found.is_found:
            break
    return found


def _solved(run: Run, kept: Kept, setting: Setting, week: Week) -> Retimed:
    costs = costs_in(week, kept, setting)
    size = len(kept.index.residents) + 1
    both = size * sum(costs.points) + sum(people * x for people, x in costs.touched)
    if setting.most_times is not None:
        week.model.add(sum(costs.moved) <= setting.most_times)
    _hint(week, {(m.group, m.periods) for m in kept.published.meetings})
    week.model.minimize(both)
    first = search(run, STAGE, week.model, seconds=run.remaining() * TIME_SHARE, is_easy=True)
    if not first.is_feasible:
        return Retimed(is_impossible=first.is_proven)
    points = first.value(sum(costs.points))
    bound = points if first.is_proven else max(0, math.ceil((first.bound - size + 1) / size - 1e-6))
    week.model.add(both <= round(first.objective))
    meetings = read(week, first.value)
    _hint(week, {(m.group, m.periods) for m in meetings})
    count_wishes(week, setting.seats)  # not before: they are most of the model, and what changes does not hang on them
    unit = minimise_points(week)
    second = search(run, STAGE, week.model, seconds=run.remaining() * TIME_SHARE, unit=unit.point, is_easy=True)
    least = 0.0
    if second.is_feasible:
        meetings = read(week, second.value)
        least = level_of(unit, second).bound
    return Retimed(meetings, float(points), float(bound), least, first.is_proven, is_found=True)


@dataclass(frozen=True, slots=True)
class Least:
    """What cannot be undercut, whoever sits where: by seats and week together; by the week, if every group that met
    goes on; and by both, if one of them closes."""

    together: float = 0.0
    open_week: float = 0.0
    closing: float = math.inf


def least_in_any_case(run: Run, kept: Kept) -> Least:
    """Meetings, venues and instructors alone, without any resident: each group open, or closed at the price of all who
    leave it."""
    price = _prices(kept)
    together = _least(run, kept, price, closing=None)
    return Least(together, *(_least(run, kept, price, closing=closing) for closing in (False, True)))


def _prices(kept: Kept) -> Counter[str]:
    """What closing each group costs: all its seats."""
    price: Counter[str] = Counter()
    for seat in kept.plan.seats:
        price[seat.group] += seat_points(kept.index.problem.weights, KIND_OF_GROUP[kept.index.groups[seat.group].kind])
    return price


def _least(run: Run, kept: Kept, price: Mapping[str, int], *, closing: bool | None) -> float:
    """``closing``: some group closes, none does, or both are allowed. Infinite where that is impossible."""
    from ortools.sat.python import cp_model

    week, costs = Week(kept.index, cp_model.CpModel()), Costs()
    closed: list[Any] = []
    for group in kept.index.problem.groups:
        before = {m.periods: m for m in kept.published.meetings if m.group == group.id}
        must = kept.index.meets(group, 0)
        if not before or not (price.get(group.id) or must):
            continue
        opened = 1 if closing is False or must else week.model.new_bool_var("")
        add_group(week, group, blocked=(), size=1, opened=opened)
        _moved(week, kept, group.id, before, costs, [], opened)
        _held_otherwise(week, kept, group.id, before, costs, [])
        closed.append(1 - opened)
        costs.points.append(price.get(group.id, 0) * closed[-1])
    exclusive(week)
    if closing:
        week.model.add(sum(closed) >= 1)
    week.model.minimize(sum(costs.points))
    found = search(run, STAGE, week.model, seconds=run.remaining() * TIME_SHARE / 2, is_easy=True)
    if not found.is_feasible:
        return math.inf if found.is_proven else 0.0
    return max(0.0, math.ceil(found.bound - 1e-6))


def _hint(week: Week, starts: Collection[tuple[str, tuple[str, ...]]]) -> None:
    """Where the search begins. What keeps the week as it was are the costs, not the hint."""
    week.model.clear_hints()
    for (group, i), start in week.start.items():
        week.model.add_hint(start, (group, week.pattern(group, i).periods) in starts)


@dataclass(slots=True)
class Costs:
    """What changes cost in the model: expressions in points, meetings moved, and (residents, Boolean) touched."""

    points: list[Any] = field(default_factory=list)
    moved: list[Any] = field(default_factory=list)
    touched: list[tuple[int, Any]] = field(default_factory=list)


def costs_in(week: Week, kept: Kept, setting: Setting, opened: Mapping[str, Any] | None = None) -> Costs:
    """The changes of every group that met before, as ``changes_between`` counts them. ``opened``: where a joint model
    decides which groups are open."""
    costs = Costs()
    changed: dict[str, list[Any]] = defaultdict(list)
    for group in sorted({group for group, _ in week.start}):
        before = {m.periods: m for m in kept.published.meetings if m.group == group}
        if before:
            _moved(week, kept, group, before, costs, changed[group], 1 if opened is None else opened[group])
            _held_otherwise(week, kept, group, before, costs, changed[group])
    _appointments_hit(week, kept, setting, costs)
    _touched(week, setting, changed, costs)
    return costs


def _moved(
    week: Week, kept: Kept, group: str, before: Hours, costs: Costs, changed: list[Any], opened: Any = 1
) -> None:
    stays = [x for (g, i), x in week.start.items() if g == group and week.pattern(g, i).periods in before]
    moved = min(len(before), week.index.groups[group].meetings) * opened - sum(stays)
    costs.moved.append(moved)
    costs.points.append(kept.index.problem.weights.change_time * moved)
    changed += [x.negated() for x in stays]
    if len(stays) < min(len(before), week.index.groups[group].meetings):
        changed.append(1)


def _held_otherwise(week: Week, kept: Kept, group: str, before: Hours, costs: Costs, changed: list[Any]) -> None:
    weights = kept.index.problem.weights
    points = {"venue": weights.change_venue, "instructor": weights.change_instructor}
    for (g, i, kind, name), held in week.held.items():
        if g != group:
            continue
        known = {getattr(m, kind) for m in before.values()} - {None}
        old = before.get(week.pattern(g, i).periods)
        was = {getattr(old, kind)} - {None} if old else known
        if was and name not in was:
            costs.points.append(points[kind] * held)
            changed.append(held)


def _appointments_hit(week: Week, kept: Kept, setting: Setting, costs: Costs) -> None:
    """A meeting at a new hour drives away the appointments that its members have then."""
    members: dict[str, set[str]] = defaultdict(set)
    for seat in setting.seats:
        members[seat.group].add(seat.resident)
    at: dict[str, set[str]] = defaultdict(set)
    for appointment in setting.appointments:
        at[appointment.period].add(appointment.resident)
    points = kept.index.problem.weights.change_appointment
    for (group, i), start in week.start.items():
        hit = {r for p in week.pattern(group, i).periods for r in at[p] & members[group]}
        if hit:
            costs.points.append(points * len(hit) * start)


def _touched(week: Week, setting: Setting, changed: Mapping[str, list[Any]], costs: Costs) -> None:
    """Residents of the same groups are touched together. Who is touched anyway costs nothing more."""
    crowds: Counter[tuple[str, ...]] = Counter()
    own: dict[str, list[str]] = defaultdict(list)
    for seat in setting.seats:
        own[seat.resident].append(seat.group)
    for resident, groups in own.items():
        if resident not in setting.touched:
            crowds[tuple(sorted(g for g in groups if changed.get(g)))] += 1
    for names, people in sorted(crowds.items()):
        if names:
            touched = week.model.new_bool_var("touched")
            for group in names:
                for x in changed[group]:
                    week.model.add(touched >= x)
            costs.touched.append((people, touched))
