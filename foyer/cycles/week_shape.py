"""The shape of a resident's week in a plan: what is when, where the holes are, and which meetings could be asked of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from foyer.cycles.words.names import HouseNames
from foyer.formatting import time_range, weekday_name
from foyer.scheduling.plan import Plan
from foyer.scheduling.problem import Period, Problem
from foyer.timetable import Block, Week, WeekDay


@dataclass(frozen=True, slots=True)
class ShapeCell:
    """An hour of a day. ``state``: class, education, appointment, away, gap (free between two activities), free, or
    none (the day has no such hour)."""

    state: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class ShapeRow:
    hours: str
    cells: tuple[ShapeCell, ...]


@dataclass(frozen=True, slots=True)
class MeetingHours:
    """One weekly meeting of a group of the resident. ``target``: as a pin or a what-if names it."""

    group: str
    title: str
    hours: str
    target: str
    is_pinned: bool = False


@dataclass(frozen=True, slots=True)
class WeekShape:
    """``gaps``: how many hours of the week are free between two activities."""

    days: tuple[str, ...]
    rows: tuple[ShapeRow, ...]
    gaps: int
    meetings: tuple[MeetingHours, ...]


@dataclass(frozen=True, slots=True)
class _Taken:
    """What fills the resident's periods; ``solid``: meetings and absences, between which a free hour is a gap."""

    cells: dict[str, ShapeCell]
    solid: frozenset[str]


def shape_of(problem: Problem, plan: Plan, resident: str, names: HouseNames, pinned: Collection[str] = ()) -> WeekShape:
    """The week of one resident, as the plan's answer has it. An hour of counselling fills a gap. ``pinned``: the
    meetings that people decided on."""
    taken = _taken(problem, plan, resident, names)
    by_day: dict[int, list[Period]] = defaultdict(list)
    for period in sorted(problem.periods, key=lambda p: (p.day, p.start)):
        by_day[period.day].append(period)
    gaps = {gap for day in by_day.values() for gap in _gaps(day, taken.solid) if gap not in taken.cells}
    return WeekShape(
        tuple(weekday_name(day, "abbreviated") for day in by_day),
        tuple(_rows(by_day, taken.cells, gaps)),
        len(gaps),
        tuple(_meetings(plan, resident, names, pinned)),
    )


def _rows(by_day: Mapping[int, list[Period]], cells: Mapping[str, ShapeCell], gaps: set[str]) -> Iterator[ShapeRow]:
    """Hours that differ a little from day to day share a row, as in every timetable of the house."""
    week = Week(
        tuple(WeekDay(day, "", tuple(Block(p.start, p.end) for p in periods)) for day, periods in by_day.items())
    )
    at = {(p.day, p.start): p.id for periods in by_day.values() for p in periods}
    for row in week.rows:
        own = [
            at.get((day, cell.block.start)) if cell.block else None for day, cell in zip(by_day, row.cells, strict=True)
        ]
        yield ShapeRow(time_range(row.start, row.end), tuple(_cell(period, cells, gaps) for period in own))


def _taken(problem: Problem, plan: Plan, resident: str, names: HouseNames) -> _Taken:
    own = {seat.group for seat in plan.seats if seat.resident == resident}
    kinds = {group.id: group.kind for group in problem.groups}
    away = next((r.unavailable for r in problem.residents if r.id == resident), ())
    cells = {period: ShapeCell("away", _("away")) for period in away}
    for meeting in plan.meetings:
        if meeting.group in own:
            state = "education" if kinds[meeting.group] == "education" else "class"
            cells.update({period: ShapeCell(state, names.group(meeting.group)) for period in meeting.periods})
    solid = frozenset(cells)
    for item in plan.appointments:
        if item.resident == resident:
            cells[item.period] = ShapeCell("appointment", _("Counselling"))
    return _Taken(cells, solid)


def _gaps(periods: list[Period], solid: frozenset[str]) -> list[str]:
    """The free periods of a day with something on both sides."""
    filled = [i for i, period in enumerate(periods) if period.id in solid]
    if not filled:
        return []
    return [p.id for p in periods[filled[0] : filled[-1]] if p.id not in solid]


def _cell(period: str | None, cells: Mapping[str, ShapeCell], gaps: set[str]) -> ShapeCell:
    if period is None:
        return ShapeCell("none")
    free = ShapeCell("gap", _("free")) if period in gaps else ShapeCell("free")
    return cells.get(period, free)


def _meetings(plan: Plan, resident: str, names: HouseNames, pinned: Collection[str]) -> Iterator[MeetingHours]:
    own = {seat.group for seat in plan.seats if seat.resident == resident}
    order = {period: (p.day, p.start) for period, p in names.periods.items()}
    for meeting in sorted(plan.meetings, key=lambda m: (m.group, order.get(m.periods[0], (0, 0)))):
        if meeting.group in own:
            target = f"{meeting.group}:{','.join(meeting.periods)}"
            yield MeetingHours(
                meeting.group, names.group(meeting.group), names.hours(meeting.periods), target, target in pinned
            )
