"""What the house has now: every row that an import may meet, read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from foyer.cycles.models import Choice, Cycle, Enrolment, TeachingGroup
from foyer.database import db
from foyer.names import name_key
from foyer.residences.models import GridBlock, InstructorTrade, Residence, Room, Staff, StaffKind, Trade, Venue
from foyer.residents.models import KeepApart, Resident, Stay
from foyer.workbooks.context import House, KnownPerson
from foyer.workbooks.text import bare_person_key
from foyer.workbooks.trades import TradeName


@dataclass
class HouseState:
    """Rows by what a workbook calls them."""

    residence: Residence
    starts_on: date
    weeks: int
    cycle: Cycle | None
    trades: dict[str, Trade]
    venues: dict[str, Venue]
    staff: dict[tuple[StaffKind, str], Staff]
    rooms: dict[str, Room]
    blocks: dict[tuple[int, int], GridBlock]
    groups: dict[str, TeachingGroup]
    residents: list[Resident]
    enrolments: dict[int, Enrolment]  # by stay
    pairs: dict[tuple[int, int], KeepApart]
    by_digest: dict[str, Resident] = field(default_factory=dict)
    by_birth: dict[tuple[str, date], Resident] = field(default_factory=dict)
    by_name: dict[str, list[Resident]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for person in self.residents:
            if person.nik_digest:
                self.by_digest[person.nik_digest] = person
            self.by_birth[person.name_key, person.born_on] = person
            self.by_name.setdefault(person.name_key, []).append(person)

    @property
    def ends_on(self) -> date:
        return self.starts_on + timedelta(weeks=self.weeks)

    def find_staff(self, kind: StaffKind, name: str) -> Staff | None:
        """By name; without titles where that is still one person."""
        exact = self.staff.get((kind, name_key(name)))
        if exact is not None:
            return exact
        bare = [
            person
            for (its_kind, _key), person in self.staff.items()
            if its_kind is kind and bare_person_key(person.full_name) == bare_person_key(name)
        ]
        return bare[0] if len(bare) == 1 else None

    def stay_of(self, person: Resident) -> Stay | None:
        """The stay that this cycle is about: the one enrolled in it, else one that touches its nights."""
        for stay in person.stays:
            if stay.id in self.enrolments:
                return stay
        for stay in person.stays:
            if stay.arrives_on < self.ends_on and stay.leaves_on > self.starts_on:
                return stay
        return None

    def enrolment_of(self, stay: Stay | None) -> Enrolment | None:
        return self.enrolments.get(stay.id) if stay is not None else None

    def as_house(self, today: date) -> House:
        """The same, as the reading of a workbook needs it."""
        return House(
            starts_on=self.starts_on,
            weeks=self.weeks,
            youngest=self.residence.youngest_age,
            oldest=self.residence.oldest_age,
            trades=tuple(TradeName(trade.name, tuple(trade.aliases)) for trade in self.trades.values()),
            counsellors=self._names(StaffKind.COUNSELLOR),
            instructors=self._names(StaffKind.INSTRUCTOR),
            residents=tuple(KnownPerson(person.full_name, person.born_on) for person in self.residents),
            today=today,
        )

    def _names(self, kind: StaffKind) -> tuple[str, ...]:
        return tuple(person.full_name for person in self.staff.values() if person.kind is kind and person.is_active)


def _all(query: Select[Any]) -> Sequence[Any]:
    return db.session.scalars(query).all()


def load_state(residence: Residence, starts_on: date, weeks: int) -> HouseState:
    """The house's rows, and those of its cycle that starts on the day. The session must be scoped to the house."""
    here: Any = residence.id
    cycle = db.session.scalar(select(Cycle).where(Cycle.residence_id == here, Cycle.starts_on == starts_on))
    staff = _all(
        select(Staff)
        .where(Staff.residence_id == here)
        .options(selectinload(Staff.unavailabilities), selectinload(Staff.trades).joinedload(InstructorTrade.trade))
        .order_by(Staff.id)
    )
    rooms = _all(select(Room).where(Room.residence_id == here).options(selectinload(Room.outages)).order_by(Room.id))
    residents = _all(
        select(Resident)
        .where(Resident.residence_id == here)
        .options(selectinload(Resident.stays))
        .order_by(Resident.id)
    )
    pairs = _all(select(KeepApart).where(KeepApart.residence_id == here))
    return HouseState(
        residence=residence,
        starts_on=starts_on,
        weeks=cycle.weeks if cycle else weeks,
        cycle=cycle,
        trades={trade.name_key: trade for trade in _all(select(Trade).where(Trade.residence_id == here))},
        venues={venue.name_key: venue for venue in _all(select(Venue).where(Venue.residence_id == here))},
        staff={(person.kind, person.name_key): person for person in staff},
        rooms={room.code.casefold(): room for room in rooms},
        blocks={
            (block.weekday, block.start_minute): block
            for block in _all(select(GridBlock).where(GridBlock.residence_id == here))
        },
        groups=_groups(cycle),
        residents=list(residents),
        enrolments=_enrolments(cycle),
        pairs={(pair.resident_a_id, pair.resident_b_id): pair for pair in pairs},
    )


def _groups(cycle: Cycle | None) -> dict[str, TeachingGroup]:
    if cycle is None:
        return {}
    query = (
        select(TeachingGroup)
        .where(TeachingGroup.cycle_id == cycle.id)
        .options(joinedload(TeachingGroup.trade), joinedload(TeachingGroup.venue), joinedload(TeachingGroup.instructor))
    )
    return {group.code.casefold(): group for group in _all(query)}


def _enrolments(cycle: Cycle | None) -> dict[int, Enrolment]:
    if cycle is None:
        return {}
    query = (
        select(Enrolment)
        .where(Enrolment.cycle_id == cycle.id)
        .options(selectinload(Enrolment.choices).joinedload(Choice.trade))
    )
    return {enrolment.stay_id: enrolment for enrolment in _all(query)}
