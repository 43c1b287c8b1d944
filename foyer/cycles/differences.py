"""What differs between two plans from a day on, person by person; ids only. The words are in ``version_words``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import case, literal, select, union_all

from foyer.cycles.models import (
    GroupKind,
    PlanAppointment,
    PlanCaseload,
    PlanLodging,
    PlanMeeting,
    PlanSeat,
    TeachingGroup,
)
from foyer.database import db

Lodging = tuple[date, date, int, int]  # from, until, room, bed
Meeting = tuple[int, int, int, int | None, int | None]  # weekday, start, end, venue, instructor
Time = tuple[int, int, int, int]  # weekday, start, week, every so many weeks


@dataclass(frozen=True)
class Change:
    """One thing that becomes another. ``before`` and ``after`` are ids as text; for ``counselling`` times as
    ``weekday-start-week-every``. ``times``, ``place`` and ``teacher`` name in ``after`` the group that stays."""

    kind: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass
class Content:
    """What one plan gives to whom."""

    classes: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    education: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    counsellors: dict[int, int] = field(default_factory=dict)
    lodgings: dict[int, list[Lodging]] = field(default_factory=lambda: defaultdict(list))
    meetings: dict[int, set[Meeting]] = field(default_factory=lambda: defaultdict(set))
    times: dict[int, set[Time]] = field(default_factory=lambda: defaultdict(set))

    @property
    def enrolments(self) -> set[int]:
        return {*self.classes, *self.education, *self.counsellors, *self.lodgings, *self.times}

    @property
    def placed(self) -> set[int]:
        """Who gets a class, a bed or a counsellor."""
        return {*self.classes, *self.lodgings, *self.counsellors}

    @property
    def staff(self) -> set[int]:
        """Who has something to do."""
        return {*self.taught_by(), *self.cared_by()}

    def groups_of(self, enrolment_id: int) -> set[int]:
        return self.classes.get(enrolment_id, set()) | self.education.get(enrolment_id, set())

    def taught_by(self) -> dict[int, set[int]]:
        """The groups of each instructor and tutor."""
        taught: dict[int, set[int]] = defaultdict(set)
        for group_id, meetings in self.meetings.items():
            for *_rest, staff_id in meetings:
                if staff_id is not None:
                    taught[staff_id].add(group_id)
        return taught

    def cared_by(self) -> dict[int, set[int]]:
        """The residents of each counsellor."""
        cared: dict[int, set[int]] = defaultdict(set)
        for enrolment_id, staff_id in self.counsellors.items():
            cared[staff_id].add(enrolment_id)
        return cared


@dataclass(frozen=True)
class Difference:
    """What changes from ``first`` on, for those for whom something does."""

    first: date
    residents: dict[int, tuple[Change, ...]]
    staff: dict[int, tuple[Change, ...]]
    groups: dict[int, tuple[str, ...]]  # times, place, teacher

    @property
    def is_empty(self) -> bool:
        return not (self.residents or self.staff or self.groups)


def load_contents(plan_ids: Iterable[int]) -> dict[int, Content]:
    """What each of these plans gives to whom, in three queries."""
    ids = list(plan_ids)
    found = {plan_id: Content() for plan_id in ids}
    _load_people(found, ids)
    _load_nights(found, ids)
    _load_meetings(found, ids)
    return found


def _load_people(found: dict[int, Content], ids: list[int]) -> None:
    """Classes, education, counsellors and their appointments, one below the other."""
    nothing = literal(0)
    is_class = case((TeachingGroup.kind == GroupKind.VOCATIONAL, 1), else_=0)
    seats = (
        select(literal("seat"), PlanSeat.plan_id, PlanSeat.enrolment_id, PlanSeat.group_id, is_class, nothing, nothing)
        .join(PlanSeat.group)
        .where(PlanSeat.plan_id.in_(ids))
    )
    cases = select(
        literal("case"),
        PlanCaseload.plan_id,
        PlanCaseload.enrolment_id,
        PlanCaseload.staff_id,
        *[nothing] * 3,
    ).where(PlanCaseload.plan_id.in_(ids))
    when = (PlanAppointment.weekday, PlanAppointment.start_minute, PlanAppointment.week, PlanAppointment.every_weeks)
    times = select(literal("time"), PlanAppointment.plan_id, PlanAppointment.enrolment_id, *when).where(
        PlanAppointment.plan_id.in_(ids)
    )
    rows: Iterable[Any] = db.session.execute(union_all(seats, cases, times))
    for what, plan_id, enrolment_id, *row in rows:
        content = found[plan_id]
        if what == "seat":
            (content.classes if row[1] else content.education)[enrolment_id].add(row[0])
        elif what == "case":
            content.counsellors[enrolment_id] = row[0]
        else:
            content.times[enrolment_id].add((row[0], row[1], row[2], row[3]))


def _load_nights(found: dict[int, Content], ids: list[int]) -> None:
    columns = (PlanLodging.enrolment_id, PlanLodging.from_on, PlanLodging.until_on, PlanLodging.room_id)
    query = select(PlanLodging.plan_id, *columns, PlanLodging.bed).order_by(PlanLodging.from_on)
    for plan_id, enrolment_id, from_on, until_on, room_id, bed in db.session.execute(
        query.where(PlanLodging.plan_id.in_(ids))
    ):
        found[plan_id].lodgings[enrolment_id].append((from_on, until_on, room_id, bed))


def _load_meetings(found: dict[int, Content], ids: list[int]) -> None:
    meeting = (PlanMeeting.weekday, PlanMeeting.start_minute, PlanMeeting.end_minute)
    query = select(PlanMeeting.plan_id, PlanMeeting.group_id, *meeting, PlanMeeting.venue_id, PlanMeeting.instructor_id)
    rows: Iterable[Any] = db.session.execute(query.where(PlanMeeting.plan_id.in_(ids)))
    for plan_id, group_id, *row in rows:
        found[plan_id].meetings[group_id].add((row[0], row[1], row[2], row[3], row[4]))


def difference(before: Content, after: Content, first: date) -> Difference:
    """What ``after`` changes of ``before`` from a day on."""
    groups = {group_id: kinds for group_id in before.meetings if (kinds := _of_group(before, after, group_id))}
    residents = {
        one: changes
        for one in sorted(before.enrolments | after.enrolments)
        if (changes := tuple(_of_resident(before, after, one, first, groups)))
    }
    taught, cared = (before.taught_by(), after.taught_by()), (before.cared_by(), after.cared_by())
    moved = {one for one in before.times if one in after.times and before.times[one] != after.times[one]}
    staff_ids = sorted({*taught[0], *taught[1], *cared[0], *cared[1]})
    staff = {
        one: changes
        for one in staff_ids
        if (
            changes := (
                *_of_teacher(taught[0].get(one, set()), taught[1].get(one, set()), groups),
                *_of_counsellor(cared[0].get(one, set()), cared[1].get(one, set()), moved),
            )
        )
    }
    return Difference(first, residents, staff, groups)


def _of_group(before: Content, after: Content, group_id: int) -> tuple[str, ...]:
    """How the meetings of a group that stays change."""
    if group_id not in after.meetings:
        return ()
    was, becomes = before.meetings[group_id], after.meetings[group_id]
    kinds = []
    if {row[:3] for row in was} != {row[:3] for row in becomes}:
        kinds.append("times")
    if {row[3] for row in was} != {row[3] for row in becomes}:
        kinds.append("place")
    if {row[4] for row in was} != {row[4] for row in becomes}:
        kinds.append("teacher")
    return tuple(kinds)


def _of_resident(
    before: Content, after: Content, one: int, first: date, groups: dict[int, tuple[str, ...]]
) -> Iterator[Change]:
    pairs = {
        "class": (before.classes.get(one, set()), after.classes.get(one, set())),
        "education": (before.education.get(one, set()), after.education.get(one, set())),
        "counsellor": tuple(
            {content.counsellors[one]} if one in content.counsellors else set() for content in (before, after)
        ),
    }
    for kind, (was, becomes) in pairs.items():
        if was != becomes:
            yield Change(kind, _ids(was), _ids(becomes))
    yield from _of_bed(before.lodgings.get(one, []), after.lodgings.get(one, []), first)
    was_at, at = before.times.get(one, set()), after.times.get(one, set())
    if was_at != at:
        yield Change("counselling", _times(was_at), _times(at))
    for group_id in sorted(before.groups_of(one) & after.groups_of(one)):
        for kind in groups.get(group_id, ()):
            yield Change(kind, (), (str(group_id),))


def _of_bed(was: list[Lodging], becomes: list[Lodging], first: date) -> Iterator[Change]:
    """Another room, or another bed in the same, on nights from ``first`` on."""
    rooms = [_in_turn(str(room) for _f, until, room, _b in beds if until > first) for beds in (was, becomes)]
    beds = [_in_turn(f"{room}-{bed}" for _f, until, room, bed in beds if until > first) for beds in (was, becomes)]
    if rooms[0] != rooms[1]:
        yield Change("room", *rooms)
    elif beds[0] != beds[1]:
        yield Change("bed", *beds)


def _in_turn(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once where it follows itself."""
    found: list[str] = []
    for name in names:
        if found[-1:] != [name]:
            found.append(name)
    return tuple(found)


def _of_teacher(was: set[int], becomes: set[int], groups: dict[int, tuple[str, ...]]) -> Iterator[Change]:
    if was != becomes:
        yield Change("teaches", _ids(was - becomes), _ids(becomes - was))
    for group_id in sorted(was & becomes):
        for kind in groups.get(group_id, ()):
            if kind != "teacher":
                yield Change(kind, (), (str(group_id),))


def _of_counsellor(was: set[int], becomes: set[int], moved: set[int]) -> Iterator[Change]:
    if was != becomes:
        yield Change("caseload", _ids(was - becomes), _ids(becomes - was))
    later = was & becomes & moved
    if later:
        yield Change("appointments", (), _ids(later))


def _ids(values: Iterable[int]) -> tuple[str, ...]:
    return tuple(str(value) for value in sorted(values))


def _times(times: Iterable[Time]) -> tuple[str, ...]:
    return tuple("-".join(map(str, time)) for time in sorted(times))
