"""What a cycle stands on that has ended or ends: instructors who left, places out of use, qualifications, rooms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select

from foyer.cycles.house import HouseFacts
from foyer.cycles.models import BedNight, TeachingGroup
from foyer.cycles.problem_parts import qualified
from foyer.database import db
from foyer.residences.holidays import Ramadan, ramadans
from foyer.residences.models import InstructorTrade, Staff, StaffKind


def stale_groups(facts: HouseFacts) -> Iterator[tuple[str, list[str]]]:
    """Code of readiness, and the groups' codes: an instructor who no longer works here, a place or a trade that is no
    longer in use."""
    here = {person.id for person in facts.staff}
    closed = {venue.id for venue in facts.venues if not venue.is_active}
    yield (
        "class_instructor_left",
        [g.code for g in facts.groups if g.instructor_id is not None and g.instructor_id not in here],
    )
    yield "class_place_closed", [g.code for g in facts.groups if g.venue_id in closed]
    yield "class_trade_retired", [g.code for g in facts.groups if g.trade and not g.trade.is_active]


def ending_qualifications(facts: HouseFacts) -> Iterator[tuple[str, list[str]]]:
    """Code of readiness, and "class: person": a class's own instructor whose qualification is over before the cycle,
    and instructors whose qualification ends while it runs."""
    over: list[str] = []
    ends: list[str] = []
    teachers = {person.id: person for person in facts.staff_of(StaffKind.INSTRUCTOR, StaffKind.TUTOR)}
    last = facts.cycle.ends_on - timedelta(days=1)
    for group in facts.groups:
        for staff_id in qualified(facts, group, list(teachers.values())):
            person = teachers[int(staff_id)]
            held = _qualification(person, group)
            if held is None or held.holds_on(last):
                continue
            named = over if not held.holds_on(facts.cycle.starts_on) else ends
            named.append(f"{group.code}: {person.full_name}")
    yield "instructor_qualification_over", over
    yield "instructor_qualification_ends", ends


def _qualification(person: Staff, group: TeachingGroup) -> InstructorTrade | None:
    return next((own for own in person.trades if group.trade_id is not None and own.trade_id == group.trade_id), None)


def ramadan_without_hours(facts: HouseFacts) -> Ramadan | None:
    """The month of Ramadan in the cycle on none of whose days the house keeps other hours."""
    last = facts.cycle.ends_on - timedelta(days=1)
    return next(
        (
            month
            for month in ramadans(facts.cycle.starts_on, last)
            if not any(v.from_on <= month.last and month.first <= v.to_on for v in facts.variants)
        ),
        None,
    )


def rooms_slept_in_after(facts: HouseFacts) -> list[str]:
    """The codes of rooms that the house has given up though the published plans still have people sleep there. No
    query where no room is given up."""
    ended = {room.id: room for room in facts.rooms if room.ended_on is not None}
    if not ended:
        return []
    last = select(BedNight.room_id, func.max(BedNight.night_on)).where(BedNight.room_id.in_(ended))
    nights = db.session.execute(last.group_by(BedNight.room_id))
    return sorted(ended[room_id].code for room_id, night in nights if ended[room_id].is_ended(night))
