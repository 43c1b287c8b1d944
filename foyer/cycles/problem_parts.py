"""The parts of a planning problem, one function a kind of thing: from the house's rows to the engine's dataclasses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from foyer.cycles import models
from foyer.cycles.grid import overlapped, patterns_of
from foyer.cycles.house import HouseFacts
from foyer.cycles.interruptions import InterruptionKind
from foyer.residences.models import Room as HouseRoom
from foyer.residences.models import RoomOutage, Staff, StaffKind
from foyer.residents import models as people
from foyer.residents.naming import age_on
from foyer.scheduling.problem import (
    Counsellor,
    Instructor,
    KeepApart,
    Resident,
    Room,
    Scope,
    TeachingGroup,
    Venue,
    Weights,
)

ROOM_FEATURE_OF_NEED = {"wheelchair": "accessible"}  # every other need asks for a counsellor with that skill


def residents_of(facts: HouseFacts) -> tuple[Resident, ...]:
    programmes = programme_by_level(facts.groups)
    counsellors = {person.id for person in facts.staff_of(StaffKind.COUNSELLOR)}
    rooms = {room.id for room in facts.rooms}
    return tuple(_resident(facts, enrolment, programmes, counsellors, rooms) for enrolment in facts.enrolments)


def _resident(
    facts: HouseFacts,
    enrolment: models.Enrolment,
    programmes: dict[str, str],
    counsellors: set[int],
    rooms: set[int],
) -> Resident:
    stay, person, cycle = enrolment.stay, enrolment.stay.resident, facts.cycle
    previous = enrolment.previous_counsellor_id
    return Resident(
        id=str(enrolment.id),
        gender=person.gender.value,
        age=age_on(person.born_on, cycle.starts_on),
        arrives=cycle.night_number(max(stay.arrives_on, cycle.starts_on)),
        leaves=cycle.night_number(min(stay.leaves_on, cycle.ends_on)),
        stage=stay.independence_stage,
        level=stay.education_level.value,
        choices=tuple(str(choice.trade_id) for choice in enrolment.choices),
        aptitude=tuple((str(known.trade_id), known.share) for known in facts.aptitudes_of.get(person.id, ())),
        education=education_of(stay, programmes),
        skills_asked=tuple(need for need in unique(stay.needs) if need not in ROOM_FEATURE_OF_NEED),
        room_features=tuple(ROOM_FEATURE_OF_NEED[need] for need in unique(stay.needs) if need in ROOM_FEATURE_OF_NEED),
        previous_counsellor=str(previous) if previous in counsellors else None,
        previous_room=str(enrolment.previous_room_id) if enrolment.previous_room_id in rooms else None,
        same_gender_counsellor=enrolment.wants_same_gender_counsellor,
        unavailable=overlapped(
            facts.periods,
            [
                *((day, start, end) for day, start, end in stay.outside_hours),
                *facts.holding.hours(InterruptionKind.RESIDENT, stay.id),
            ],
        ),
    )


def unique(values: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(values))


def programme_by_level(groups: Sequence[models.TeachingGroup]) -> dict[str, str]:
    """Which programme each last education leads to, as the cycle's education groups say (the first by code)."""
    programmes: dict[str, str] = {}
    for group in sorted(groups, key=lambda g: g.code):
        if group.kind is models.GroupKind.EDUCATION:
            for level in group.levels:
                programmes.setdefault(level, group.programme)
    return programmes


def education_of(stay: people.Stay, programmes: dict[str, str]) -> tuple[str, ...]:
    """The programme that the resident follows in the house: none for those at school outside, or with nothing left to
    finish."""
    programme = programmes.get(stay.education_level.value)
    return (programme,) if programme and not stay.outside_hours else ()


def rooms_of(facts: HouseFacts) -> tuple[Room, ...]:
    return tuple(
        Room(
            id=str(room.id),
            house=room.wing,
            beds=room.beds,
            policy=room.policy.value,
            features=("accessible",) if room.is_accessible else (),
            minimum_stage=room.minimum_stage,
            reserve=room.is_reserve,
            closed=_closed(room, facts.cycle),
        )
        for room in facts.rooms
    )


def _closed(room: HouseRoom, cycle: models.Cycle) -> tuple[tuple[int, int], ...]:
    """The spans of the cycle's nights on which nobody can sleep there. A room that was given up stays in the problem:
    plans and the nights before name it."""
    spans = [closed_nights(outage, cycle) for outage in room.outages]
    if room.ended_on is not None:
        spans.append(closed_nights(RoomOutage(from_on=room.ended_on), cycle))
    return tuple(span for span in spans if span is not None)


def closed_nights(outage: RoomOutage, cycle: models.Cycle) -> tuple[int, int] | None:
    """The cycle's nights on which a room is out of service; None where the outage lies outside the cycle."""
    first = 0 if outage.from_on is None else max(0, cycle.night_number(outage.from_on))
    last = cycle.nights if outage.until_on is None else min(cycle.nights, cycle.night_number(outage.until_on))
    return (first, last) if first < last else None


def groups_of(facts: HouseFacts) -> tuple[TeachingGroup, ...]:
    teachers = facts.staff_of(StaffKind.INSTRUCTOR, StaffKind.TUTOR)
    open_ = (group for group in facts.groups if not facts.holding.whole(InterruptionKind.GROUP, group.id))
    return tuple(_group(facts, group, teachers) for group in open_)


def joining_rules(group: models.TeachingGroup) -> TeachingGroup:
    """The group with its size and its rules about who may join, without its week: wishes are asked by these rules."""
    return TeachingGroup(
        id=str(group.id),
        kind=group.kind.value,
        subject=str(group.trade_id) if group.trade_id is not None else group.programme,
        minimum=group.minimum,
        maximum=group.maximum,
        levels=admitted_levels(group),
        minimum_age=group.minimum_age or 0,
        maximum_age=group.maximum_age,
        genders=(group.gender.value,) if group.gender else (),
    )


def _group(facts: HouseFacts, group: models.TeachingGroup, teachers: Sequence[Staff]) -> TeachingGroup:
    return replace(
        joining_rules(group),
        mandatory=group.is_mandatory,
        target=group.target,
        meetings=group.meetings,
        patterns=patterns_of(facts.periods, minutes=group.minutes, parts=group.parts),
        venues=_venue(facts, group),
        instructors=_teachers(facts, group, teachers),
    )


def _venue(facts: HouseFacts, group: models.TeachingGroup) -> tuple[str, ...]:
    """The group's place, or the one in its stead while it is closed; none where it is out of use for good."""
    if group.venue_id is None or any(venue.id == group.venue_id and not venue.is_active for venue in facts.venues):
        return ()
    closed = facts.holding.whole(InterruptionKind.VENUE, group.venue_id)
    return (str(closed.instead_venue_id if closed and closed.instead_venue_id else group.venue_id),)


def _teachers(facts: HouseFacts, group: models.TeachingGroup, teachers: Sequence[Staff]) -> tuple[str, ...]:
    """Who may teach the group: for whoever is away altogether the person who stands in, else others qualified for the
    trade; the person away only where there is nobody, so that it is told who is missing."""
    here = qualified(facts, group, teachers)
    away = {id_: row for id_ in here if (row := facts.holding.whole(InterruptionKind.STAFF, int(id_)))}
    if not away:
        return here
    known = {str(person.id) for person in teachers}
    stand_in = (str(row.instead_staff_id) for row in away.values() if row.instead_staff_id)
    found = unique([*(id_ for id_ in here if id_ not in away), *(id_ for id_ in stand_in if id_ in known)])
    others = trained(facts, group, teachers)
    return (
        tuple(found)
        or tuple(id_ for id_ in others if not facts.holding.whole(InterruptionKind.STAFF, int(id_)))
        or here
    )


def admitted_levels(group: models.TeachingGroup) -> tuple[str, ...]:
    """The last educations that may join: the group's own list, cut to its minimum; empty where anybody may."""
    if group.minimum_level is None:
        return tuple(group.levels)
    least = people.education_rank(group.minimum_level)
    enough = [level.value for level in people.EducationLevel if people.education_rank(level) >= least]
    return tuple(level for level in enough if not group.levels or level in group.levels)


def qualified(facts: HouseFacts, group: models.TeachingGroup, teachers: Sequence[Staff]) -> tuple[str, ...]:
    """The class's own instructor, else everybody qualified for its trade."""
    if any(person.id == group.instructor_id for person in teachers):
        return (str(group.instructor_id),)
    return trained(facts, group, teachers)


def trained(facts: HouseFacts, group: models.TeachingGroup, teachers: Sequence[Staff]) -> tuple[str, ...]:
    """Everybody whose qualification for the class's trade is valid on the day from which the plan holds."""
    day = facts.on or facts.cycle.starts_on
    return tuple(
        str(person.id)
        for person in teachers
        if group.trade_id is not None
        and any(own.trade_id == group.trade_id and own.holds_on(day) for own in person.trades)
    )


def counsellors_of(facts: HouseFacts) -> tuple[Counsellor, ...]:
    """Who counsels. Without a stated maximum a counsellor may have everybody; readiness asks for a missing gender
    before any plan is made."""
    return tuple(
        Counsellor(
            id=str(person.id),
            gender=person.gender.value if person.gender else "male",
            capacity=len(facts.enrolments) if person.most_residents is None else person.most_residents,
            skills=tuple(unique(person.skills)),
            unavailable=_absent(facts, person),
        )
        for person in facts.staff_of(StaffKind.COUNSELLOR)
    )


def instructors_of(facts: HouseFacts) -> tuple[Instructor, ...]:
    return tuple(
        Instructor(id=str(person.id), unavailable=_absent(facts, person))
        for person in facts.staff_of(StaffKind.INSTRUCTOR, StaffKind.TUTOR)
    )


def _absent(facts: HouseFacts, person: Staff) -> tuple[str, ...]:
    weekly = [(u.weekday, u.start_minute, u.end_minute) for u in person.unavailabilities]
    return overlapped(facts.periods, [*weekly, *facts.holding.hours(InterruptionKind.STAFF, person.id)])


def venues_of(facts: HouseFacts) -> tuple[Venue, ...]:
    return tuple(
        Venue(
            id=str(venue.id),
            seats=venue.seats,
            unavailable=overlapped(facts.periods, facts.holding.hours(InterruptionKind.VENUE, venue.id)),
        )
        for venue in facts.venues
        if venue.is_active
    )


def apart_of(facts: HouseFacts) -> tuple[KeepApart, ...]:
    """Pairs both of whom are in the cycle. The last day apart counts: its night is still apart."""
    by_resident: dict[int, list[str]] = defaultdict(list)
    for enrolment in facts.enrolments:
        by_resident[enrolment.stay.resident_id].append(str(enrolment.id))
    pairs = []
    for pair in facts.pairs:
        scopes: list[Scope] = [*(["room"] if pair.in_room else []), *(["class"] if pair.in_class else [])]  # type: ignore[list-item]
        until = None if pair.until_on is None else facts.cycle.night_number(pair.until_on) + 1
        if scopes:
            pairs += [
                KeepApart(a, b, tuple(scopes), until)
                for a in by_resident[pair.resident_a_id]
                for b in by_resident[pair.resident_b_id]
            ]
    return tuple(pairs)


def weights_of(changed: dict[str, Any] | None) -> Weights:
    """The default weights with the house's own over them; unknown names are passed over."""
    known = {field.name for field in fields(Weights)}
    own: dict[str, Any] = {
        name: tuple(points) if isinstance(points, list) else points
        for name, points in (changed or {}).items()
        if name in known
    }
    return replace(Weights(), **own)
