"""What of a plan goes on paper: a sheet per class, room, resident or member of staff, and the whole house's week.

Names, places and times only: needs, reasons and wishes are never on paper, a restricted resident stands there with
initials, and a resident's slip names nobody else but the counsellor and those who teach. The words are the reader's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from foyer.cycles.models import (
    Enrolment,
    Plan,
    PlanAppointment,
    PlanCaseload,
    PlanLodging,
    PlanMeeting,
    PlanSeat,
    TeachingGroup,
)
from foyer.cycles.weeks import group_title, rotation_words
from foyer.database import db
from foyer.formatting import short_date, time_range, weekday_name
from foyer.residents.accommodations import need_large_print
from foyer.residents.models import Resident, Stay
from foyer.residents.naming import outside_name

MOST_SHEETS = 60  # of one file: a big house is printed in parts, so that no request takes long


@dataclass(frozen=True)
class Session:
    """One line of somebody's week."""

    weekday: int
    start: int
    end: int
    title: str
    place: str = ""
    person: str = ""

    @property
    def words(self) -> str:
        return "\n".join(part for part in (self.title, self.place, self.person) if part)


@dataclass(frozen=True)
class Table:
    """Rows of text below headings; ``caption`` says what they are."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_week: bool = False


@dataclass(frozen=True)
class Sheet:
    """One piece of paper, or one slip of it."""

    key: str
    title: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    is_large: bool = False  # for somebody who needs large print


@dataclass
class Printed:
    """A plan's rows, read once, from which every sheet is made."""

    plan: Plan
    people: dict[int, str] = field(default_factory=dict)  # names by enrolment, in order of names
    large: set[int] = field(default_factory=set)  # enrolments of those who need large print
    seats: dict[int, list[TeachingGroup]] = field(default_factory=lambda: defaultdict(list))
    counsellors: dict[int, str] = field(default_factory=dict)
    lodgings: list[PlanLodging] = field(default_factory=list)
    meetings: list[PlanMeeting] = field(default_factory=list)
    appointments: list[PlanAppointment] = field(default_factory=list)

    @property
    def first(self) -> date:
        """The first day that is worth printing."""
        return self.plan.from_on or self.plan.cycle.starts_on

    @property
    def groups(self) -> list[TeachingGroup]:
        """Those that meet, classes first, by code."""
        found = {meeting.group_id: meeting.group for meeting in self.meetings}
        return sorted(found.values(), key=lambda group: (group.trade_id is None, group.code))

    def members(self, group_id: int) -> list[str]:
        return [name for one, name in self.people.items() if any(g.id == group_id for g in self.seats.get(one, ()))]

    def sessions_of_groups(self, group_ids: Iterable[int], *, titled: bool = True) -> list[Session]:
        wanted = set(group_ids)
        return [_session(meeting, titled) for meeting in self.meetings if meeting.group_id in wanted]

    def counselling(self, enrolment_id: int) -> list[Session]:
        own = (a for a in self.appointments if a.enrolment_id == enrolment_id)
        return [_counselling(a, _("Individual counselling"), a.staff.full_name) for a in own]


def load_printed(plan: Plan) -> Printed:
    """Everything that goes on paper, in seven queries whatever the house's size. Who has left by then is left out."""
    found = Printed(plan)
    first = found.first
    people = db.session.execute(
        select(Enrolment.id, outside_name(), Stay.resident_id)
        .join(Stay, Stay.id == Enrolment.stay_id)
        .join(Resident, Resident.id == Stay.resident_id)
        .where(Enrolment.cycle_id == plan.cycle_id, Stay.leaves_on > first)
        .order_by(Resident.name_key, Enrolment.id)
    ).all()
    found.people = {enrolment_id: name for enrolment_id, name, _resident_id in people}
    large = need_large_print([resident_id for _enrolment_id, _name, resident_id in people])
    found.large = {enrolment_id for enrolment_id, _name, resident_id in people if resident_id in large}
    for seat in _rows(PlanSeat, plan, joinedload(PlanSeat.group).joinedload(TeachingGroup.trade)):
        found.seats[seat.enrolment_id].append(seat.group)
    for case in _rows(PlanCaseload, plan, joinedload(PlanCaseload.staff)):
        found.counsellors[case.enrolment_id] = case.staff.full_name
    lodgings = _rows(PlanLodging, plan, joinedload(PlanLodging.room))
    found.lodgings = [one for one in lodgings if one.until_on > first and one.enrolment_id in found.people]
    group = joinedload(PlanMeeting.group).joinedload(TeachingGroup.trade)
    found.meetings = _rows(PlanMeeting, plan, group, joinedload(PlanMeeting.venue), joinedload(PlanMeeting.instructor))
    found.appointments = _rows(PlanAppointment, plan, joinedload(PlanAppointment.staff))
    return found


def _rows(model, plan: Plan, *options):  # type: ignore[no-untyped-def]
    return list(db.session.scalars(select(model).where(model.plan_id == plan.id).options(*options).order_by(model.id)))


def _session(meeting: PlanMeeting, titled: bool = True) -> Session:
    return Session(
        meeting.weekday,
        meeting.start_minute,
        meeting.end_minute,
        group_title(meeting.group) if titled else "",
        meeting.venue.name if meeting.venue else "",
        meeting.instructor.full_name if meeting.instructor else "",
    )


def _counselling(row: PlanAppointment, title: str, person: str) -> Session:
    rotation = rotation_words(row.week, row.every_weeks)
    return Session(row.weekday, row.start_minute, row.end_minute, title, rotation, person)


def week_table(sessions: Sequence[Session]) -> Table:
    """Days across, hours down; only days on which something takes place, and Monday to Friday."""
    days = sorted({*range(5), *(session.weekday for session in sessions)})
    hours = sorted({(session.start, session.end) for session in sessions})
    cells: dict[tuple[int, int, int], list[str]] = defaultdict(list)
    for session in sorted(sessions, key=lambda one: one.title):
        cells[(session.weekday, session.start, session.end)].append(session.words)
    return Table(
        _("Week"),
        (_("Hours"), *(weekday_name(day) for day in days)),
        tuple((time_range(*hour), *("\n\n".join(cells.get((day, *hour), [])) for day in days)) for hour in hours),
        is_week=True,
    )


def sheets_of(printed: Printed, kind: str) -> list[Sheet]:
    """Every sheet of a kind: one of ``PRINTED``."""
    return _MAKERS[kind](printed)


def _classes(printed: Printed) -> list[Sheet]:
    return [_class(printed, group) for group in printed.groups]


def _class(printed: Printed, group: TeachingGroup) -> Sheet:
    members = printed.members(group.id)
    rows = tuple((str(n), name, "") for n, name in enumerate(members, start=1))
    week = week_table(printed.sessions_of_groups([group.id], titled=False))
    facts = ((_("Residents"), str(len(members))),)
    return Sheet(str(group.id), group_title(group), facts, (week, Table(_("Members"), ("", _("Name"), ""), rows)))


def _rooms(printed: Printed) -> list[Sheet]:
    living: dict[int, list[PlanLodging]] = defaultdict(list)
    for lodging in printed.lodgings:
        living[lodging.room_id].append(lodging)
    rooms = sorted({one.room for one in printed.lodgings}, key=lambda room: (room.wing, len(room.code), room.code))
    sheets = []
    for room in rooms:
        beds = sorted(living[room.id], key=lambda one: (one.bed, one.from_on))
        rows = tuple((str(one.bed), printed.people[one.enrolment_id], _nights(one, printed.first)) for one in beds)
        facts = ((_("Wing"), room.wing or "–"), (_("Beds"), str(room.beds)))
        table = Table(_("Who sleeps here"), (_("Bed"), _("Name"), _("Nights")), rows)
        sheets.append(Sheet(str(room.id), _("Room %(code)s", code=room.code), facts, (table,)))
    return sheets


def _nights(lodging: PlanLodging, first: date) -> str:
    """From the first to the last night, as far as this version holds."""
    last = lodging.until_on - timedelta(days=1)
    return _("%(first)s to %(last)s", first=short_date(max(lodging.from_on, first)), last=short_date(last))


def _residents(printed: Printed) -> list[Sheet]:
    rooms: dict[int, list[PlanLodging]] = defaultdict(list)
    for lodging in printed.lodgings:
        rooms[lodging.enrolment_id].append(lodging)
    return [_resident(printed, one, name, rooms[one]) for one, name in printed.people.items()]


def _people(printed: Printed) -> list[Sheet]:
    """The same on a whole sheet each, with the week as a table: for a wall, or where a slip is too small to read."""
    slips = _residents(printed)  # large print keeps the list: hours across seven columns leave no room for it
    return [
        slip if slip.is_large else replace(slip, tables=(week_table(_sessions_of(printed, int(slip.key))),))
        for slip in slips
    ]


def _sessions_of(printed: Printed, one: int) -> list[Session]:
    groups = printed.sessions_of_groups(group.id for group in printed.seats.get(one, []))
    return groups + printed.counselling(one)


def _resident(printed: Printed, one: int, name: str, lodgings: Sequence[PlanLodging]) -> Sheet:
    groups, sessions = printed.seats.get(one, []), _sessions_of(printed, one)
    facts = (
        (_("Class"), ", ".join(group_title(group) for group in groups) or "–"),
        (_("Room"), ", ".join(f"{x.room.code}, " + _("bed %(bed)s", bed=x.bed) for x in lodgings) or "–"),
        (_("Counsellor"), printed.counsellors.get(one, "–")),
    )
    return Sheet(str(one), name, facts, (_days(sessions),), is_large=one in printed.large)


def _days(sessions: Sequence[Session]) -> Table:
    """The same week as a short list, for a slip."""
    rows = []
    for day in sorted({session.weekday for session in sessions}):
        own = sorted((s for s in sessions if s.weekday == day), key=lambda s: s.start)
        lines = [time_range(s.start, s.end) + "  " + ", ".join(filter(None, (s.title, s.place))) for s in own]
        rows.append((weekday_name(day), "\n".join(lines)))
    return Table(_("Week"), (_("Day"), _("What and where")), tuple(rows))


def _staff(printed: Printed) -> list[Sheet]:
    sessions: dict[tuple[str, int], list[Session]] = defaultdict(list)
    for meeting in printed.meetings:
        if meeting.instructor is not None:
            own = _session(meeting)
            key = (meeting.instructor.full_name, meeting.instructor.id)
            sessions[key].append(Session(own.weekday, own.start, own.end, own.title, own.place))
    for a in printed.appointments:
        if a.enrolment_id in printed.people:
            sessions[(a.staff.full_name, a.staff.id)].append(_counselling(a, printed.people[a.enrolment_id], ""))
    return [Sheet(str(id_), name, (), (week_table(own),)) for (name, id_), own in sorted(sessions.items())]


def _venues(printed: Printed) -> list[Sheet]:
    """For the door of each place: which class or group meets there when, and with whom."""
    sessions: dict[tuple[str, int], list[Session]] = defaultdict(list)
    for meeting in printed.meetings:
        if meeting.venue is not None:
            sessions[(meeting.venue.name, meeting.venue.id)].append(replace(_session(meeting), place=""))
    return [Sheet(str(id_), name, (), (week_table(own),)) for (name, id_), own in sorted(sessions.items())]


def _poster(printed: Printed) -> list[Sheet]:
    """The whole house's week on one wall: classes and groups with their places, nobody's name."""
    sessions = [
        Session(
            one.weekday, one.start_minute, one.end_minute, group_title(one.group), one.venue.name if one.venue else ""
        )
        for one in printed.meetings
    ]
    return [Sheet("poster", _("The week of the house"), (), (week_table(sessions),))]


_MAKERS: dict[str, Callable[[Printed], list[Sheet]]] = {
    "classes": _classes,
    "rooms": _rooms,
    "residents": _residents,
    "people": _people,
    "staff": _staff,
    "venues": _venues,
    "poster": _poster,
}
PRINTED = tuple(_MAKERS)
