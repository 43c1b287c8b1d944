"""What a manager decides about dates with other hours, and the starting point of a house without a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from foyer.database import db
from foyer.errors import FoyerError, expect_version
from foyer.records import change_record, flush
from foyer.residences.models import BlockKind, DayVariant, GridBlock, Holiday
from foyer.residences.services import OrderWrong
from foyer.residences.variants import BlockChange, DayBlock, changed_blocks, changes_of, first_overlap, stored


class DatesTaken(FoyerError):
    """Another variant holds on some of these dates; ``variant`` is that one."""

    def __init__(self, variant: DayVariant) -> None:
        super().__init__()
        self.variant = variant


class BlocksOverlap(FoyerError):
    """Two blocks of a changed day overlap."""

    def __init__(self, weekday: int, first: DayBlock, second: DayBlock) -> None:
        super().__init__()
        self.weekday, self.first, self.second = weekday, first, second


class DayNotEmpty(FoyerError):
    """The house has blocks already."""


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A block of the usual day on the weekdays on which it is the same, with what becomes of it."""

    days: tuple[int, ...]
    start: int
    end: int
    name: str
    kind: BlockKind
    change: BlockChange | None = None


def list_blocks(residence_id: int) -> Sequence[GridBlock]:
    """The house's blocks, by day and hour."""
    return db.session.scalars(
        select(GridBlock)
        .where(GridBlock.residence_id == residence_id)
        .order_by(GridBlock.weekday, GridBlock.start_minute)
    ).all()


def list_variants(residence_id: int) -> Sequence[DayVariant]:
    """The house's variants, newest dates first."""
    return db.session.scalars(
        select(DayVariant).where(DayVariant.residence_id == residence_id).order_by(DayVariant.from_on.desc())
    ).all()


def rows_of(blocks: Sequence[GridBlock], variant: DayVariant | None) -> list[BlockRow]:
    """The usual day block by block, weekdays on which a block and its change are the same joined, by hours."""
    known = {(day, change.usual): change for change in (changes_of(variant) if variant else ()) for day in change.days}
    days: dict[tuple[Any, ...], list[int]] = {}
    for block in blocks:
        change = known.get((block.weekday, (block.start_minute, block.end_minute)))
        told = (change.hours, change.name) if change else None
        days.setdefault((block.start_minute, block.end_minute, block.name, block.kind, told), []).append(block.weekday)
    rows = []
    for (start, end, name, kind, told), weekdays in sorted(days.items(), key=lambda item: (item[0][:2], item[1])):
        own = tuple(sorted(weekdays))
        change = BlockChange(own, (start, end), told[0], told[1]) if told else None
        rows.append(BlockRow(own, start, end, name, kind, change))
    return rows


def unnamed_blocks(blocks: Sequence[GridBlock], variant: DayVariant) -> int:
    """How many blocks of the week the variant says nothing about, since the day changed after it was made."""
    return sum(row.change is None for row in rows_of(blocks, variant))


def save_variant(
    variant: DayVariant, values: Mapping[str, Any], changes: Sequence[BlockChange], *, version: int | None = None
) -> DayVariant:
    """Add or change dates with other hours. Entries about blocks that the day no longer has are kept: a published plan
    may still hold sessions in them. Raises OrderWrong, DatesTaken, BlocksOverlap, Stale."""
    expect_version(variant, version)
    if values["to_on"] < values["from_on"]:
        raise OrderWrong
    with db.session.no_autoflush:
        _expect_free_dates(variant, values["from_on"], values["to_on"])
        blocks = list_blocks(variant.residence_id)
    _expect_no_overlap(changes, blocks)
    here = {(block.weekday, (block.start_minute, block.end_minute)) for block in blocks}
    earlier = changes_of(variant) if variant.id else ()
    kept = [c for c in earlier if c.usual is not None and not any((day, c.usual) in here for day in c.days)]
    filled = {**values, "hours": stored([*changes, *kept])}
    change_record(variant, filled, version=version)
    if variant.id is None:
        db.session.add(variant)
        flush()
    return variant


def _expect_free_dates(variant: DayVariant, from_on: date, to_on: date) -> None:
    other = db.session.scalar(
        select(DayVariant).where(
            DayVariant.residence_id == variant.residence_id,
            DayVariant.id != (variant.id or 0),
            DayVariant.from_on <= to_on,
            DayVariant.to_on >= from_on,
        )
    )
    if other is not None:
        raise DatesTaken(other)


def _expect_no_overlap(changes: Sequence[BlockChange], blocks: Sequence[GridBlock]) -> None:
    for weekday in range(7):
        overlap = first_overlap(changed_blocks(changes, blocks, weekday))
        if overlap is not None:
            raise BlocksOverlap(weekday, *overlap)


# A residence's usual day: a starting point to change, for a house that has none yet.
_MORNING = [
    (270, 315, "Bangun pagi dan ibadah", BlockKind.PROTECTED),
    (390, 450, "Sarapan", BlockKind.PROTECTED),
    (450, 480, "Apel pagi", BlockKind.PROTECTED),
    (480, 600, "Kegiatan pagi", BlockKind.ACTIVITY),
]
_LATE_MORNING = [
    (615, 720, "Kegiatan pagi", BlockKind.ACTIVITY),
    (720, 780, "Ibadah dan makan siang", BlockKind.PROTECTED),
    (795, 900, "Kegiatan siang", BlockKind.ACTIVITY),
]
_FRIDAY = [
    (615, 690, "Kegiatan pagi", BlockKind.ACTIVITY),
    (690, 795, "Salat Jumat dan makan siang", BlockKind.PROTECTED),
    (810, 900, "Kegiatan siang", BlockKind.ACTIVITY),
]
_EVENING = [
    (930, 1020, "Kegiatan sore", BlockKind.ACTIVITY),
    (1065, 1155, "Ibadah dan makan malam", BlockKind.PROTECTED),
    (1170, 1260, "Kegiatan malam", BlockKind.ACTIVITY),
]
_NIGHT = [(1290, 1320, "Apel malam", BlockKind.PROTECTED)]
_SUNDAY = [
    (270, 315, "Bangun pagi dan ibadah", BlockKind.PROTECTED),
    (390, 450, "Sarapan", BlockKind.PROTECTED),
    (720, 780, "Ibadah dan makan siang", BlockKind.PROTECTED),
    (1065, 1155, "Ibadah dan makan malam", BlockKind.PROTECTED),
]
_WEEKDAY = [*_MORNING, *_LATE_MORNING, *_EVENING, *_NIGHT]
_USUAL_WEEK = [*[_WEEKDAY] * 4, [*_MORNING, *_FRIDAY, *_EVENING, *_NIGHT], _WEEKDAY, [*_SUNDAY, *_NIGHT]]


def start_with_usual_week(residence_id: int) -> list[GridBlock]:
    """Give a house without a day the usual week of a residence, Friday and Sunday with hours of their own. Raises
    DayNotEmpty."""
    if list_blocks(residence_id):
        raise DayNotEmpty
    made = [
        GridBlock(residence_id=residence_id, weekday=day, start_minute=start, end_minute=end, name=name, kind=kind)
        for day, blocks in enumerate(_USUAL_WEEK)
        for start, end, name, kind in blocks
    ]
    db.session.add_all(made)
    flush()
    return made


def add_days_off(residence_id: int, *, name: str, from_on: date, to_on: date) -> int:
    """Days without sessions from ``from_on`` to ``to_on``; those that are days off already stay as they are. Returns
    how many were added. Raises OrderWrong."""
    if to_on < from_on:
        raise OrderWrong
    query = select(Holiday.on).where(Holiday.residence_id == residence_id, Holiday.on.between(from_on, to_on))
    known = set(db.session.scalars(query))
    days = [from_on + timedelta(days=n) for n in range((to_on - from_on).days + 1)]
    added = [Holiday(residence_id=residence_id, on=day, name=name) for day in days if day not in known]
    db.session.add_all(added)
    flush()
    return len(added)
