"""A plan laid out for looking over: every resident with what they got, and the figures made from exactly those rows.

A fixed number of queries, whatever the house's size.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from foyer.cycles.holes import holes_of, load_week
from foyer.cycles.models import Cycle, Enrolment, GroupKind, Plan, PlanMeeting, TeachingGroup
from foyer.cycles.placed import Part, Placed, list_placed
from foyer.database import db
from foyer.residences.models import Room, Staff, StaffKind
from foyer.residents.models import Resident, Stay

SKILLS_NOT_ASKED = ("wheelchair",)
PLACED = ("class", "education", "counsellor", "room")  # the needs that a plan answers with a place


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in a class or an education group."""

    group: TeachingGroup
    choice_rank: int | None  # classes: which choice it was; None: not among them


@dataclass(frozen=True, slots=True)
class Bed:
    """A bed over nights ``[from_on, until_on)``."""

    room_id: int
    bed: int
    from_on: date
    until_on: date


@dataclass
class Person:
    """One resident of the plan."""

    enrolment: Enrolment
    vocational: Seat | None = None
    education: list[Seat] = field(default_factory=list)
    counsellor: Staff | None = None
    lodgings: list[Bed] = field(default_factory=list)  # in order of their nights; usually one
    unmet: list[tuple[str, str]] = field(default_factory=list)  # need, subject
    missing_skills: list[str] = field(default_factory=list)
    has_wished: bool = False
    holes: int = 0  # free blocks of the week between two sessions of a day
    before: dict[str, set[int]] = field(default_factory=dict)  # kind of need: where they were in the plan compared with

    @property
    def lodging(self) -> Bed | None:
        """The bed of their last night."""
        return self.lodgings[-1] if self.lodgings else None

    @property
    def name(self) -> str:
        return self.enrolment.stay.resident.full_name

    def is_concerned(self, cycle: Cycle) -> bool:
        """Whether the plan is about this person: still expected in the cycle, or given something by the plan."""
        stay = self.enrolment.stay
        expected = stay.arrives_on < cycle.ends_on and stay.leaves_on > cycle.starts_on
        return expected or any((self.vocational, self.education, self.counsellor, self.lodging))

    @property
    def choice(self) -> int | None:
        """Which choice it was; None: none of the choices."""
        return self.vocational.choice_rank if self.vocational else None

    def now(self, kind: str) -> set[int]:
        """Where they are: ids of classes (``class``), groups (``education``), a counsellor, rooms (``room``)."""
        if kind == "class":
            return {self.vocational.group.id} if self.vocational else set()
        if kind == "education":
            return {seat.group.id for seat in self.education}
        if kind == "counsellor":
            return {self.counsellor.id} if self.counsellor else set()
        return {bed.room_id for bed in self.lodgings}

    def left(self, kind: str) -> set[int]:
        """Where they were in the plan that this one is compared with, and are no more."""
        return self.before.get(kind, set()) - self.now(kind)

    @property
    def changed_counsellor(self) -> bool:
        """Had a counsellor before, and gets another."""
        before = self.enrolment.previous_counsellor_id
        return before is not None and self.counsellor is not None and self.counsellor.id != before

    @property
    def other_gender(self) -> bool:
        """Asked for a counsellor of the same gender, and got another."""
        asked = self.enrolment.wants_same_gender_counsellor and self.counsellor is not None
        return asked and self.counsellor.gender is not self.enrolment.stay.resident.gender  # type: ignore[union-attr]

    @property
    def moved(self) -> tuple[str, ...]:
        """The needs that are answered elsewhere than in the plan compared with."""
        return tuple(kind for kind in PLACED if self.left(kind))

    @property
    def unhappiness(self) -> tuple[int, ...]:
        """As ``unhappiness_in`` over everything that a plan places."""
        return self.unhappiness_in(PLACED)

    def unhappiness_in(self, kinds: Collection[str]) -> tuple[int, ...]:
        """Worst first: needs left open, how low the choice, in how many of these kinds of place they moved, free blocks
        between sessions, the smaller wishes. All noughts: nothing to be unhappy about. Every list that says who comes
        first is sorted by this."""
        choice = 0 if not self.has_wished else (self.choice or 9) - 1
        smaller = self.other_gender + bool(self.missing_skills) + self.changed_counsellor
        return (len(self.unmet), choice, len(set(self.moved).intersection(kinds)), self.holes, smaller)


@dataclass(frozen=True)
class Load:
    """How full a class, room or caseload is."""

    id: int
    name: str
    value: int
    maximum: int | None
    people: tuple[Person, ...]
    note: str = ""


@dataclass
class Review:
    plan: Plan
    people: list[Person]
    groups: Sequence[TeachingGroup]
    staff: Sequence[Staff]
    meetings: Sequence[PlanMeeting]

    @property
    def cycle(self) -> Cycle:
        return self.plan.cycle

    @cached_property
    def rooms(self) -> list[Room]:
        """The house's rooms with their outages, wing by wing."""
        query = select(Room).where(Room.residence_id == self.plan.residence_id).options(joinedload(Room.outages))
        return sorted(db.session.scalars(query).unique(), key=lambda room: (room.wing, len(room.code), room.code))

    @cached_property
    def room_codes(self) -> dict[int, str]:
        return {room.id: room.code for room in self.rooms}

    @cached_property
    def counsellors(self) -> list[Staff]:
        """Who counsels somebody in the plan or could."""
        seeing = {p.counsellor.id for p in self.people if p.counsellor is not None}
        return [s for s in self.staff if s.id in seeing or (s.kind is StaffKind.COUNSELLOR and s.is_active)]

    def with_choice(self, rank: int | None) -> list[Person]:
        """Who got this choice; None: a class that was not among the choices, or no class."""
        return [p for p in self.people if p.has_wished and p.choice == rank]

    @cached_property
    def without_wish(self) -> list[Person]:
        return [p for p in self.people if not p.has_wished]

    @cached_property
    def choices(self) -> list[tuple[int | None, int]]:
        """(choice, how many): every rank up to the lowest that anybody got, at least three, and none."""
        counts = Counter(p.choice for p in self.people if p.has_wished)
        lowest = max([3, *(rank for rank in counts if rank is not None)])
        return [*((rank, counts[rank]) for rank in range(1, lowest + 1)), (None, counts[None])]

    @cached_property
    def unhappy(self) -> list[Person]:
        """Who has least of what they wished or need, or moved or waits, worst first; nobody who has everything."""
        found = [p for p in self.people if any(p.unhappiness)]
        return sorted(found, key=lambda p: (tuple(-x for x in p.unhappiness), p.name))

    @cached_property
    def moved(self) -> list[Person]:
        """Who is elsewhere than in the plan compared with, whatever of theirs it is."""
        return [p for p in self.people if p.moved]

    @cached_property
    def waiting(self) -> list[Person]:
        """Whose days have free blocks between two sessions."""
        return [p for p in self.people if p.holes]

    @cached_property
    def is_compared(self) -> bool:
        """Whether there is a plan that this one is compared with, which placed somebody."""
        return any(p.before for p in self.people)

    def left_names(self, person: Person, kind: str) -> list[str]:
        """What they left, by name: in order; a class or room that is gone since has none."""
        names = {"counsellor": self._staff_names, "room": self.room_codes}.get(kind, self._group_codes)
        return sorted(names[one] for one in person.left(kind) if one in names)

    @cached_property
    def _staff_names(self) -> dict[int, str]:
        return {person.id: person.full_name for person in self.staff}

    @cached_property
    def _group_codes(self) -> dict[int, str]:
        return {group.id: group.code for group in self.groups}

    @cached_property
    def unplaced(self) -> list[Person]:
        return [p for p in self.people if p.unmet]

    @cached_property
    def classes(self) -> list[Load]:
        return self._groups(GroupKind.VOCATIONAL)

    @cached_property
    def education(self) -> list[Load]:
        return self._groups(GroupKind.EDUCATION)

    def _groups(self, kind: GroupKind) -> list[Load]:
        members: dict[int, list[Person]] = defaultdict(list)
        for person in self.people:
            for seat in [*([person.vocational] if person.vocational else []), *person.education]:
                members[seat.group.id].append(person)
        return [_group_load(group, members[group.id]) for group in self.groups if group.kind is kind]

    @cached_property
    def caseloads(self) -> list[Load]:
        cases: dict[int, list[Person]] = defaultdict(list)
        for person in self.people:
            if person.counsellor is not None:
                cases[person.counsellor.id].append(person)
        return [
            Load(s.id, s.full_name, len(cases[s.id]), s.most_residents, tuple(cases[s.id])) for s in self.counsellors
        ]

    @cached_property
    def lodged(self) -> list[Load]:
        """Each room with everybody who lives in it at some time; ``value`` is the most on any night."""
        living: dict[int, list[Person]] = defaultdict(list)
        for person in self.people:
            for room_id in person.now("room"):
                living[room_id].append(person)
        return [
            Load(r.id, r.code, _most_at_once(living[r.id], r), r.beds, tuple(living[r.id]), r.wing)
            for r in self.rooms
            if living[r.id] or not r.is_ended(self.cycle.starts_on)
        ]

    @cached_property
    def nights(self) -> list[tuple[date, int, int]]:
        """Every night of the cycle: beds taken, beds in service."""
        changes: Counter[date] = Counter()
        for person in self.people:
            for bed in person.lodgings:
                changes[bed.from_on] += 1
                changes[bed.until_on] -= 1
        taken, nights = 0, []
        for number in range(self.cycle.nights):
            night = self.cycle.night(number)
            taken += changes[night]
            nights.append((night, taken, self._in_service(night)))
        return nights

    def _in_service(self, night: date) -> int:
        return sum(room.beds for room in self.rooms if not room.is_shut(night))

    @cached_property
    def staff_ids(self) -> set[int]:
        """Everybody of the staff to whom the plan gives something to do."""
        teaching = {m.instructor_id for m in self.meetings if m.instructor_id is not None}
        return teaching | {p.counsellor.id for p in self.people if p.counsellor is not None}


def _group_load(group: TeachingGroup, members: Sequence[Person]) -> Load:
    subject = group.trade.name if group.trade else group.programme
    return Load(group.id, group.code, len(members), group.maximum, tuple(members), subject)


def _most_at_once(people: Sequence[Person], room: Room) -> int:
    beds = [bed for person in people for bed in person.lodgings if bed.room_id == room.id]
    return max((sum(o.from_on <= b.from_on < o.until_on for o in beds) for b in beds), default=0)


_SHOWN = (Resident.full_name, Resident.name_key, Resident.gender, Resident.born_on, Resident.is_restricted)


def load_review(plan: Plan) -> Review:
    """Everything about a plan that a manager looks over."""
    groups = db.session.scalars(
        select(TeachingGroup)
        .where(TeachingGroup.cycle_id == plan.cycle_id)
        .options(joinedload(TeachingGroup.trade))
        .order_by(TeachingGroup.kind.desc(), TeachingGroup.code)
    ).all()
    house = plan.residence_id
    staff = db.session.scalars(select(Staff).where(Staff.residence_id == house).order_by(Staff.name_key)).all()
    meetings = db.session.scalars(select(PlanMeeting).where(PlanMeeting.plan_id == plan.id)).all()
    people = _people(plan, {g.id: g for g in groups}, {s.id: s for s in staff})
    _count_holes(plan, people, meetings)
    return Review(plan, people, groups, staff, meetings)


def _people(plan: Plan, groups: dict[int, TeachingGroup], staff: dict[int, Staff]) -> list[Person]:
    people = {enrolment.id: Person(enrolment) for enrolment in _enrolments(plan.cycle_id)}
    for row in list_placed(plan):
        person = people[row.enrolment_id]
        if row.part is Part.CHOICE:
            person.has_wished = True
        elif row.is_before:
            person.before.setdefault(_kind_of(row, groups), set()).add(row.target_id)
        else:
            _place(person, row, groups, staff)
    for unmet in plan.unmet:
        if int(unmet["resident"]) in people:
            people[int(unmet["resident"])].unmet.append((unmet["need"], unmet.get("subject", "")))
    _note_missing_skills(people.values(), staff.values())
    concerned = [p for p in people.values() if p.is_concerned(plan.cycle)]
    return sorted(concerned, key=lambda p: (p.enrolment.stay.resident.name_key, p.enrolment.id))


def _enrolments(cycle_id: int) -> Iterable[Enrolment]:
    """The cycle's enrolments with stay and resident; of residents only what lists show, no identity number."""
    resident = joinedload(Enrolment.stay).joinedload(Stay.resident)
    shown = resident.load_only(*_SHOWN)
    return db.session.scalars(select(Enrolment).where(Enrolment.cycle_id == cycle_id).options(shown))


def _kind_of(row: Placed, groups: Mapping[int, TeachingGroup]) -> str:
    """The need that a row answers, as the engine calls it."""
    if row.part is Part.SEAT:
        return "class" if groups[row.target_id].kind is GroupKind.VOCATIONAL else "education"
    return "counsellor" if row.part is Part.COUNSELLOR else "room"


def _place(person: Person, row: Placed, groups: Mapping[int, TeachingGroup], staff: Mapping[int, Staff]) -> None:
    kind = _kind_of(row, groups)
    if kind == "class":
        person.vocational = Seat(groups[row.target_id], row.figure)
    elif kind == "education":
        person.education.append(Seat(groups[row.target_id], None))
    elif kind == "counsellor":
        person.counsellor = staff.get(row.target_id)
    elif row.figure is not None and row.from_on and row.until_on:
        person.lodgings.append(Bed(row.target_id, row.figure, row.from_on, row.until_on))
        person.lodgings.sort(key=lambda bed: bed.from_on)


def _count_holes(plan: Plan, people: Iterable[Person], meetings: Iterable[PlanMeeting]) -> None:
    week = load_week(plan.residence_id, meetings)
    for person in people:
        seats = [*([person.vocational] if person.vocational else []), *person.education]
        person.holes = holes_of(week, [seat.group.id for seat in seats], person.enrolment.stay.outside_hours)


def _note_missing_skills(people: Iterable[Person], staff: Iterable[Staff]) -> None:
    in_house = {s for person in staff if person.kind is StaffKind.COUNSELLOR for s in person.skills}
    for person in people:
        if person.counsellor is not None:
            asked = [n for n in person.enrolment.stay.needs if n in in_house and n not in SKILLS_NOT_ASKED]
            person.missing_skills = [need for need in asked if need not in person.counsellor.skills]
