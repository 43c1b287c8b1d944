"""The classes and education groups that a cycle offers."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import count
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from foyer.cycles.models import Cycle, GroupKind, TeachingGroup
from foyer.database import db
from foyer.errors import FoyerError, NotFound, expect_version
from foyer.records import change_record, flush
from foyer.residences.models import Staff, StaffKind, Trade, Venue


class CodeTaken(FoyerError):
    """Another group of the cycle has this code."""


class SizesWrong(FoyerError):
    """More residents at least than at most."""


class TargetOutside(FoyerError):
    """The size wished for is not one that the group may have."""


class AgesWrong(FoyerError):
    """Older at least than at most."""


def list_groups(cycle: Cycle) -> Sequence[TeachingGroup]:
    """The cycle's classes, then its education groups, by code."""
    return db.session.scalars(
        select(TeachingGroup)
        .where(TeachingGroup.cycle_id == cycle.id)
        .options(joinedload(TeachingGroup.trade), joinedload(TeachingGroup.venue), joinedload(TeachingGroup.instructor))
        .order_by(TeachingGroup.kind.desc(), TeachingGroup.code)
    ).all()


def get_group(cycle_id: int, group_id: int) -> TeachingGroup:
    """The group with this id, if it is the cycle's; raises NotFound."""
    group = db.session.scalar(
        select(TeachingGroup).where(TeachingGroup.id == group_id, TeachingGroup.cycle_id == cycle_id)
    )
    if group is None:
        raise NotFound("group")
    return group


def new_group(cycle: Cycle, kind: GroupKind) -> TeachingGroup:
    """A group that is not saved yet."""
    return TeachingGroup(residence_id=cycle.residence_id, cycle_id=cycle.id, kind=kind, levels=[], parts=[])


def save_group(group: TeachingGroup, values: Mapping[str, Any], *, version: int | None = None) -> TeachingGroup:
    """Change a group or add it to its cycle. Raises CodeTaken, SizesWrong, TargetOutside, AgesWrong, Stale."""
    expect_version(group, version)
    _expect_sense(values)
    same = select(TeachingGroup.id).where(
        TeachingGroup.cycle_id == group.cycle_id,
        TeachingGroup.code == values["code"],
        TeachingGroup.id != (group.id or 0),
    )
    with db.session.no_autoflush:
        if db.session.scalar(same) is not None:
            raise CodeTaken
    if group.id is None:
        for name, value in values.items():
            setattr(group, name, value)
        db.session.add(group)
        flush()
    else:
        change_record(group, values, version=version)
    return group


def copy_of(group: TeachingGroup, **own: Any) -> TeachingGroup:
    """A group with all the rules of this one, not saved yet; ``own``: the cycle or the code that it has instead."""
    rules = [column.key for column in TeachingGroup.__table__.columns if column.key not in ("id", "version")]
    return TeachingGroup(**{name: _apart(getattr(group, name)) for name in rules} | own)


def _apart(value: object) -> object:
    return list(value) if isinstance(value, list) else value


def open_second(group: TeachingGroup, code: str) -> TeachingGroup:
    """One more group like this one; it opens only where it is needed."""
    second = copy_of(group, code=code, is_mandatory=False)
    db.session.add(second)
    flush()
    return second


def next_code(code: str, taken: Collection[str]) -> str:
    """The next free code of its kind: OTO-2 after OTO-1, PAKET-C-2 after PAKET-C."""
    found = re.fullmatch(r"(.*?)(\d+)", code)
    stem, number = (found[1], int(found[2])) if found else (f"{code}-", 1)
    return next(new for n in count(number + 1) if (new := f"{stem}{n}") not in taken)


def _expect_sense(values: Mapping[str, Any]) -> None:
    if values["minimum"] > values["maximum"]:
        raise SizesWrong
    target, youngest, oldest = (values.get(name) for name in ("target", "minimum_age", "maximum_age"))
    if target is not None and not values["minimum"] <= target <= values["maximum"]:
        raise TargetOutside
    if youngest is not None and oldest is not None and youngest > oldest:
        raise AgesWrong


def offers(cycle: Cycle, group: TeachingGroup | None = None) -> dict[str, list[tuple[int, str]]]:
    """What a group can be given: the house's trades and places in use, and who teaches; besides, what the group has
    already."""
    house = cycle.residence_id
    own = (group.trade_id, group.venue_id, group.instructor_id) if group else (None, None, None)
    trade, venue = or_(Trade.is_active, Trade.id == own[0]), or_(Venue.is_active, Venue.id == own[1])
    teacher = and_(Staff.is_active, Staff.kind.in_((StaffKind.INSTRUCTOR, StaffKind.TUTOR)))
    trades = select(Trade.id, Trade.name).where(Trade.residence_id == house, trade).order_by(Trade.name_key)
    venues = select(Venue.id, Venue.name).where(Venue.residence_id == house, venue).order_by(Venue.name_key)
    teachers = (
        select(Staff.id, Staff.full_name)
        .where(Staff.residence_id == house, or_(teacher, Staff.id == own[2]))
        .order_by(Staff.name_key)
    )
    rows = {"trades": trades, "venues": venues, "teachers": teachers}
    return {name: [(row.id, row[1]) for row in db.session.execute(query)] for name, query in rows.items()}
