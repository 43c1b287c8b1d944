"""Everything of a house that a plan depends on, read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import and_, literal, or_, select, union_all
from sqlalchemy.orm import joinedload

from foyer.cycles.collecting import WishCollection
from foyer.cycles.grid import periods_of
from foyer.cycles.interruptions import Holding, Interruption
from foyer.cycles.models import Cycle, Enrolment, TeachingGroup
from foyer.database import db
from foyer.residences.models import DayVariant, GridBlock, Residence, Room, Staff, StaffKind, Venue
from foyer.residents.aptitude import Aptitude
from foyer.residents.models import KeepApart, Stay
from foyer.scheduling.problem import Period


@dataclass(frozen=True)
class HouseFacts:
    """The rows that ``build_problem`` maps. ``enrolments`` are only those whose stay overlaps the cycle. ``on``: from
    which day a plan is to hold; None: the cycle's first."""

    cycle: Cycle
    residence: Residence
    enrolments: Sequence[Enrolment]
    blocks: Sequence[GridBlock]
    rooms: Sequence[Room]
    staff: Sequence[Staff]
    groups: Sequence[TeachingGroup]
    venues: Sequence[Venue]
    pairs: Sequence[KeepApart]
    interruptions: Sequence[Interruption] = ()
    on: date | None = None
    aptitudes: Sequence[Aptitude] = ()

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        return periods_of(self.blocks)

    @cached_property
    def collection(self) -> WishCollection | None:
        """When the residents are asked for their wishes. A query of its own: no plan depends on it."""
        return db.session.scalar(select(WishCollection).where(WishCollection.cycle_id == self.cycle.id))

    @cached_property
    def variants(self) -> Sequence[DayVariant]:
        """Dates of the cycle with other hours. A query of its own, as above."""
        within = DayVariant.from_on < self.cycle.ends_on, DayVariant.to_on >= self.cycle.starts_on
        found: Sequence[DayVariant] = _all(
            select(DayVariant).where(DayVariant.residence_id == self.cycle.residence_id, *within)
        )
        return found

    @cached_property
    def holding(self) -> Holding:
        """Who and what is not to be had on the day."""
        day = self.on or self.cycle.starts_on
        return Holding(row for row in self.interruptions if row.holds_on(day))

    @cached_property
    def aptitudes_of(self) -> Mapping[int, Sequence[Aptitude]]:
        """What is known of each resident's aptitude, by the resident's id."""
        found: dict[int, list[Aptitude]] = {}
        for aptitude in self.aptitudes:
            found.setdefault(aptitude.resident_id, []).append(aptitude)
        return found

    def staff_of(self, *kinds: StaffKind) -> list[Staff]:
        return [person for person in self.staff if person.kind in kinds]


def load_facts(cycle: Cycle, on: date | None = None) -> HouseFacts:
    """The rows of the cycle's house, for a plan that holds from the day ``on``. The session must be scoped to it."""
    residence = db.session.get_one(Residence, cycle.residence_id)
    house = cycle.residence_id
    blocks, venues, pairs, interruptions, aptitudes = _small_tables(cycle)
    return HouseFacts(
        cycle=cycle,
        residence=residence,
        enrolments=list_enrolments(cycle),
        blocks=blocks,
        rooms=_all(select(Room).where(Room.residence_id == house).options(joinedload(Room.outages)).order_by(Room.id)),
        staff=_all(
            select(Staff)
            .where(Staff.residence_id == house, Staff.is_active)
            .options(joinedload(Staff.unavailabilities), joinedload(Staff.trades))
            .order_by(Staff.id)
        ),
        groups=_all(
            select(TeachingGroup)
            .where(TeachingGroup.cycle_id == cycle.id)
            .options(joinedload(TeachingGroup.trade))
            .order_by(TeachingGroup.id)
        ),
        venues=venues,
        pairs=pairs,
        interruptions=sorted(interruptions, key=lambda row: row.from_on),
        on=on,
        aptitudes=sorted(aptitudes, key=lambda row: row.trade_id),
    )


def _small_tables(cycle: Cycle) -> list[list[Any]]:
    """Blocks of the day, places, keep-apart pairs, who and what is away, and aptitudes, each by id: one query. A spine
    of ids joins each row to its own table, so that they come as records; pages would ask five times otherwise."""
    wanted: list[tuple[Any, tuple[Any, ...]]] = [
        (GridBlock, ()),
        (Venue, ()),
        (KeepApart, (or_(KeepApart.until_on.is_(None), KeepApart.until_on >= cycle.starts_on),)),
        (
            Interruption,
            (
                Interruption.from_on < cycle.ends_on,
                or_(Interruption.until_on.is_(None), Interruption.until_on > cycle.starts_on),
            ),
        ),
        (Aptitude, ()),
    ]
    parts = [
        select(literal(part).label("part"), kind.id.label("row_id")).where(
            kind.residence_id == cycle.residence_id, *conditions
        )
        for part, (kind, conditions) in enumerate(wanted)
    ]
    spine = union_all(*parts).subquery()
    query = select(*(kind for kind, _conditions in wanted)).select_from(spine)
    for part, (kind, _conditions) in enumerate(wanted):
        query = query.outerjoin(kind, and_(spine.c.part == part, spine.c.row_id == kind.id))
    found: list[list[Any]] = [[] for _kind in wanted]
    for rows in db.session.execute(query.order_by(spine.c.part, spine.c.row_id)):
        part = next(part for part, row in enumerate(rows) if row is not None)
        found[part].append(rows[part])
    return found


def _all(statement):  # type: ignore[no-untyped-def]
    return db.session.scalars(statement).unique().all()


def list_enrolments(cycle: Cycle, *, everybody: bool = False) -> Sequence[Enrolment]:
    """The cycle's enrolments with stay, resident and choices, by id: those whose stay overlaps the cycle, or
    ``everybody``, also those whose dates were moved away from it since."""
    query = select(Enrolment).join(Enrolment.stay).where(Enrolment.cycle_id == cycle.id)
    if not everybody:
        query = query.where(Stay.arrives_on < cycle.ends_on, Stay.leaves_on > cycle.starts_on)
    query = query.options(joinedload(Enrolment.stay).joinedload(Stay.resident), joinedload(Enrolment.choices))
    return db.session.scalars(query.order_by(Enrolment.id)).unique().all()
