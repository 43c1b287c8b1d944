"""What can happen within a cycle, as the pages offer it: title, form, and which service records it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from foyer.cycles import events
from foyer.cycles import repair_forms as forms
from foyer.cycles.interruptions import InterruptionKind
from foyer.cycles.models import Cycle, Enrolment, TeachingGroup
from foyer.database import db
from foyer.editing import Refusals
from foyer.records import get_record
from foyer.residences.models import Room, Staff, StaffKind, Trade, Venue
from foyer.residences.services import add_outage, natural
from foyer.residents.models import Resident, Stay, in_sight

Record = Callable[[Cycle, Any], Enrolment | None]


@dataclass(frozen=True)
class EventKind:
    """One answer to "What happened?". ``subject``: the field that a link may fill in."""

    key: str
    title: Any
    hint: Any
    icon: str
    form: Any
    record: Record
    refusals: Refusals
    subject: str


def _arrival(cycle: Cycle, form: forms.ArrivalForm) -> Enrolment:
    who = events.Newcomer(form.resident_id.data, form.full_name.data or "", form.gender.data, form.born_on.data)
    wishes = [field.data for field in (form.choice_1, form.choice_2, form.choice_3) if field.data]
    coming = events.Coming(
        form.from_on.data,  # type: ignore[arg-type]
        form.until_on.data or cycle.ends_on,
        form.education_level.data,
        wishes,
    )
    return events.record_arrival(cycle, who, coming)


def _departure(cycle: Cycle, form: forms.DepartureForm) -> None:
    enrolment = get_record(Enrolment, form.enrolment_id.data or 0)
    events.record_departure(cycle, enrolment, on=form.from_on.data)  # type: ignore[arg-type]


def _resident_away(cycle: Cycle, form: forms.ResidentAwayForm) -> None:
    stay_id = get_record(Enrolment, form.enrolment_id.data or 0).stay_id
    _interrupt(cycle, InterruptionKind.RESIDENT, stay_id, form, **form.hours)


def _staff_away(cycle: Cycle, form: forms.StaffAwayForm) -> None:
    instead = {"instead_staff_id": form.instead_staff_id.data}
    _interrupt(cycle, InterruptionKind.STAFF, form.staff_id.data, form, **form.hours, **instead)


def _replaced(cycle: Cycle, form: forms.ReplacedForm) -> None:
    instead = {"instead_staff_id": form.instead_staff_id.data}
    _interrupt(cycle, InterruptionKind.STAFF, form.staff_id.data, form, **instead)


def _venue_closed(cycle: Cycle, form: forms.VenueClosedForm) -> None:
    instead = {"instead_venue_id": form.instead_venue_id.data}
    _interrupt(cycle, InterruptionKind.VENUE, form.venue_id.data, form, **instead)


def _class_closed(cycle: Cycle, form: forms.ClassClosedForm) -> None:
    _interrupt(cycle, InterruptionKind.GROUP, form.group_id.data, form)


def _interrupt(cycle: Cycle, kind: InterruptionKind, id_: int | None, form: Any, **more: Any) -> None:
    until_on = form.until_on.data if "until_on" in form else None
    events.record_interruption(cycle, kind, id_ or 0, from_on=form.from_on.data, until_on=until_on, **more)


def _room_closed(cycle: Cycle, form: forms.RoomClosedForm) -> None:
    room = get_record(Room, form.room_id.data or 0)
    add_outage(room, from_on=form.from_on.data, until_on=form.until_on.data, reason=form.reason.data or "")


def _parted(cycle: Cycle, form: forms.PartedForm) -> None:
    values = {
        "in_room": form.in_room.data,
        "in_class": form.in_class.data,
        "until_on": form.until_on.data,
        "reason": form.reason.data or None,
    }
    two = (form.resident_a.data or 0, form.resident_b.data or 0)
    events.record_pair(cycle.residence_id, two, values)


KINDS: tuple[EventKind, ...] = (
    EventKind(
        "arrival",
        _l("Somebody arrives"),
        _l("A new resident, or somebody who comes back."),
        "login",
        forms.ArrivalForm,
        _arrival,
        forms.ARRIVAL_REFUSALS,
        "resident_id",
    ),
    EventKind(
        "departure",
        _l("Somebody leaves"),
        _l("Earlier than planned, or for good."),
        "logout",
        forms.DepartureForm,
        _departure,
        forms.DEPARTURE_REFUSALS,
        "enrolment_id",
    ),
    EventKind(
        "resident-away",
        _l("A resident falls ill or is away"),
        _l("Some hours of the week, or altogether."),
        "user",
        forms.ResidentAwayForm,
        _resident_away,
        forms.AWAY_REFUSALS,
        "enrolment_id",
    ),
    EventKind(
        "staff-away",
        _l("A member of staff falls ill or is away"),
        _l("Counsellors, instructors and tutors."),
        "user",
        forms.StaffAwayForm,
        _staff_away,
        forms.INSTEAD_REFUSALS,
        "staff_id",
    ),
    EventKind(
        "replaced",
        _l("An instructor is replaced"),
        _l("Somebody else teaches the classes from a day on."),
        "refresh",
        forms.ReplacedForm,
        _replaced,
        forms.REPLACED_REFUSALS,
        "staff_id",
    ),
    EventKind(
        "room",
        _l("A room closes"),
        _l("Out of service for some nights."),
        "bed",
        forms.RoomClosedForm,
        _room_closed,
        forms.ROOM_REFUSALS,
        "room_id",
    ),
    EventKind(
        "venue",
        _l("A workshop or place closes"),
        _l("Its classes meet elsewhere, or stop."),
        "tools",
        forms.VenueClosedForm,
        _venue_closed,
        forms.VENUE_REFUSALS,
        "venue_id",
    ),
    EventKind(
        "class",
        _l("A class closes"),
        _l("Its residents join other classes."),
        "school",
        forms.ClassClosedForm,
        _class_closed,
        forms.AWAY_REFUSALS,
        "group_id",
    ),
    EventKind(
        "pair",
        _l("Two must be parted today"),
        _l("In rooms, in classes, or both."),
        "users",
        forms.PartedForm,
        _parted,
        forms.PARTED_REFUSALS,
        "resident_a",
    ),
)
BY_KEY = {kind.key: kind for kind in KINDS}


def offers(cycle: Cycle) -> forms.Offers:
    """What the house has to choose from. Five queries."""
    enrolled = db.session.scalars(
        select(Enrolment)
        .join(Enrolment.stay)
        .join(Stay.resident)
        .where(Enrolment.cycle_id == cycle.id)
        .options(contains_eager(Enrolment.stay).contains_eager(Stay.resident))
        .order_by(Resident.name_key)
    ).all()
    here = {e.stay.resident_id: e.stay.resident.full_name for e in enrolled}
    known = db.session.execute(
        select(Resident.id, Resident.full_name)
        .where(Resident.residence_id == cycle.residence_id, Resident.id.not_in(here))
        .where(in_sight())
        .order_by(Resident.name_key)
    )
    staff = _staff(cycle.residence_id)
    return forms.Offers(
        enrolled=[(e.id, e.stay.resident.full_name) for e in enrolled],
        pairable=list(here.items()),
        known=[(row[0], row[1]) for row in known],
        staff=[(id_, name) for id_, name, _kind in staff],
        teachers=[(id_, name) for id_, name, kind in staff if kind is not StaffKind.COUNSELLOR],
        **_places(cycle),
    )


def _staff(residence_id: int) -> list[tuple[int, str, StaffKind]]:
    kinds = (StaffKind.COUNSELLOR, StaffKind.INSTRUCTOR, StaffKind.TUTOR)
    rows = db.session.execute(
        select(Staff.id, Staff.full_name, Staff.kind)
        .where(Staff.residence_id == residence_id, Staff.is_active, Staff.kind.in_(kinds))
        .order_by(Staff.name_key)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _places(cycle: Cycle) -> dict[str, Any]:
    house = cycle.residence_id
    rooms = db.session.execute(select(Room.id, Room.code).where(Room.residence_id == house)).all()
    venues = db.session.execute(
        select(Venue.id, Venue.name).where(Venue.residence_id == house).order_by(Venue.name_key)
    )
    groups = db.session.scalars(
        select(TeachingGroup).where(TeachingGroup.cycle_id == cycle.id).order_by(TeachingGroup.code)
    ).all()
    trades = db.session.execute(
        select(Trade.id, Trade.name).where(Trade.residence_id == house).order_by(Trade.name_key)
    )
    taught = {group.trade_id for group in groups}
    return {
        "rooms": [(row[0], _("Room %(code)s", code=row[1])) for row in sorted(rooms, key=lambda row: natural(row[1]))],
        "venues": [(row[0], row[1]) for row in venues],
        "groups": [(group.id, group.code) for group in groups],
        "trades": [(row[0], row[1]) for row in trades if row[0] in taught],
    }
