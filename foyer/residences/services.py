"""The house and what it offers: rooms, places, staff, trades, the daily grid, holidays."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from flask import g
from sqlalchemy import ColumnElement, and_, func, select

from foyer import clock
from foyer.accounts.models import Role, User
from foyer.database import db
from foyer.errors import FoyerError, NotFound, expect_version
from foyer.names import name_key
from foyer.records import change_record, flush, touch
from foyer.residences.models import (
    GridBlock,
    Holiday,
    InstructorTrade,
    Residence,
    Room,
    RoomOutage,
    Staff,
    StaffKind,
    StaffUnavailability,
    Trade,
    Venue,
)

Named = TypeVar("Named", Venue, Trade)
Row = TypeVar("Row", Room, Venue, Trade, Staff, GridBlock, Holiday)


class NoSecondManager(FoyerError):
    """A second person can approve only where a second person is there."""


class CodeTaken(FoyerError):
    """Another room has this code."""


class NameTaken(FoyerError):
    """Another record of this kind has this name, or a name that reads the same."""


class SpellingTaken(FoyerError):
    """Another trade is spelt like this."""


class TimesOverlap(FoyerError):
    """The times or nights run into others that are there already."""


class DayTaken(FoyerError):
    """There is a holiday on this day already."""


class OrderWrong(FoyerError):
    """The end is not after the beginning."""


def now_in(residence: Residence) -> datetime:
    """This instant on the clock of the house."""
    return clock.now_in(residence.time_zone)


def today_in(residence: Residence) -> date:
    """This day where the house stands."""
    return now_in(residence).date()


def is_staff(user_id: int) -> ColumnElement[bool]:
    """Whether somebody of the staff, and active, is who this account belongs to."""
    return and_(Staff.user_id == user_id, Staff.is_active.is_(True))


def staff_of(user_id: int) -> Staff | None:
    """Who an account is among the active staff of the house; None: nobody. Asks nothing where ``know_staff`` was told
    in this request."""
    known = g.get("staff_of_account")
    if known is not None and known[0] == user_id:
        found: Staff | None = known[1]
        return found
    return db.session.scalar(select(Staff).where(is_staff(user_id)))


def know_staff(user_id: int, staff: Staff | None) -> None:
    """Who the account of this request is among the staff, found together with something else."""
    g.staff_of_account = (user_id, staff)


def natural(code: str) -> list[tuple[int, str]]:
    """Sorts A2 before A10."""
    return [(int(part), "") if part.isdigit() else (0, part.casefold()) for part in re.split(r"(\d+)", code) if part]


def change_residence(residence: Residence, values: Mapping[str, Any], *, version: int | None) -> None:
    """Change the house's own settings. Raises Stale, NoSecondManager."""
    if values.get("needs_approval") and not residence.needs_approval and _managers(residence.id) < 2:
        raise NoSecondManager
    change_record(residence, values, version=version)


def _managers(residence_id: int) -> int:
    """How many managers of the house can sign in."""
    own = (User.residence_id == residence_id, User.role == Role.MANAGER, User.is_enabled.is_(True))
    return db.session.scalar(select(func.count(User.id)).where(*own)) or 0


def save_room(room: Room, values: Mapping[str, Any], *, version: int | None = None) -> Room:
    """Add or change a room. Raises CodeTaken, Stale."""
    expect_version(room, version)
    code = str(values["code"]).strip()
    others = db.session.scalars(select(Room).where(Room.id != (room.id or 0)))
    if any(other.code.casefold() == code.casefold() for other in others):
        raise CodeTaken(code)
    return _save(room, {**values, "code": code}, version)


_sleepers: list[Callable[[int, date], int]] = []


def count_sleepers_with(count: Callable[[int, date], int]) -> None:
    """The package that knows the plans says how many have a bed in a room (its id) from a night on."""
    _sleepers[:] = [count]


def sleepers_after(room: Room) -> int:
    """How many residents still have a bed in a room from the night on from which the house gives it up; 0 for a room
    that stays."""
    if room.ended_on is None:
        return 0
    return sum(count(room.id, room.ended_on) for count in _sleepers)


def add_outage(room: Room, *, from_on: date | None, until_on: date | None, reason: str) -> RoomOutage:
    """Take a room out of service on the nights ``[from_on, until_on)``. Raises OrderWrong, TimesOverlap."""
    if from_on and until_on and from_on >= until_on:
        raise OrderWrong
    for other in room.outages:
        starts_after = other.until_on and from_on and other.until_on <= from_on
        ends_before = until_on and other.from_on and until_on <= other.from_on
        if not (starts_after or ends_before):
            raise TimesOverlap
    outage = RoomOutage(
        residence_id=room.residence_id, room_id=room.id, from_on=from_on, until_on=until_on, reason=reason.strip()
    )
    room.outages.append(outage)
    flush()
    return outage


def end_outage(outage: RoomOutage, *, on: date) -> None:
    """Put a room back into service from the night of ``on`` on; an outage that has not begun is dropped."""
    if outage.from_on is not None and outage.from_on >= on:
        db.session.delete(outage)
    elif outage.until_on is None or outage.until_on > on:
        outage.until_on = on
    flush()


def save_venue(venue: Venue, values: Mapping[str, Any], *, version: int | None = None) -> Venue:
    """Add or change a place where groups meet. Raises NameTaken, Stale."""
    return _save_named(venue, values, version, Venue.name_key)


def save_trade(trade: Trade, values: Mapping[str, Any], *, version: int | None = None) -> Trade:
    """Add or change a trade; ``aliases`` may come as typed. Raises NameTaken, SpellingTaken, Stale."""
    own = name_key(values["name"])
    aliases = sorted({name_key(alias) for alias in values["aliases"]} - {own, ""})
    for other in db.session.scalars(select(Trade).where(Trade.id != (trade.id or 0))):
        theirs = {other.name_key, *other.aliases}
        if own in theirs:
            raise NameTaken(values["name"])
        if theirs & set(aliases):
            raise SpellingTaken(", ".join(sorted(theirs & set(aliases))))
    return _save_named(trade, {**values, "aliases": aliases}, version, Trade.name_key)


def save_staff(
    staff: Staff, values: Mapping[str, Any], *, trade_ids: Iterable[int] = (), version: int | None = None
) -> Staff:
    """Add or change a member of staff and the trades that an instructor teaches. Raises NameTaken, Stale."""
    expect_version(staff, version)
    key = name_key(values["full_name"])
    same = select(Staff.id).where(Staff.id != (staff.id or 0), Staff.kind == values["kind"], Staff.name_key == key)
    if db.session.scalar(same) is not None:
        raise NameTaken(values["full_name"])
    _save(staff, {**values, "full_name": values["full_name"].strip(), "name_key": key}, version)
    wanted = set(trade_ids) if staff.kind is StaffKind.INSTRUCTOR else set()
    known = {link.trade_id for link in staff.trades}
    if wanted != known:
        touch(staff)
    for link in list(staff.trades):
        if link.trade_id not in wanted:
            staff.trades.remove(link)
    for trade_id in sorted(wanted - known):
        staff.trades.append(InstructorTrade(residence_id=staff.residence_id, trade_id=trade_id))
    flush()
    return staff


def qualify(staff: Staff, trade_id: int, *, until_on: date | None) -> None:
    """Say until when somebody may teach a trade. Raises NotFound where they do not teach it."""
    link = next((link for link in staff.trades if link.trade_id == trade_id), None)
    if link is None:
        raise NotFound("trade")
    link.until_on = until_on
    flush()


def add_unavailability(staff: Staff, *, weekdays: Iterable[int], start: int, end: int) -> None:
    """Hours of the week in which somebody is not to be had. Raises OrderWrong, TimesOverlap."""
    if start >= end:
        raise OrderWrong
    for weekday in sorted(set(weekdays)):
        for other in staff.unavailabilities:
            if other.weekday == weekday and other.start_minute < end and start < other.end_minute:
                raise TimesOverlap
        staff.unavailabilities.append(
            StaffUnavailability(residence_id=staff.residence_id, weekday=weekday, start_minute=start, end_minute=end)
        )
    flush()


def save_block(block: GridBlock, values: Mapping[str, Any], *, version: int | None = None) -> GridBlock:
    """Add or change a block of the day. Raises OrderWrong, TimesOverlap, Stale."""
    expect_version(block, version)
    start, end = values["start_minute"], values["end_minute"]
    if start >= end:
        raise OrderWrong
    clash = select(GridBlock.id).where(
        GridBlock.id != (block.id or 0),
        GridBlock.weekday == values["weekday"],
        GridBlock.start_minute < end,
        GridBlock.end_minute > start,
    )
    if db.session.scalar(clash) is not None:
        raise TimesOverlap
    return _save(block, values, version)


def add_blocks(residence_id: int, values: Mapping[str, Any], *, weekdays: Iterable[int]) -> None:
    """The same block on several days, or on none. Raises OrderWrong, TimesOverlap."""
    for weekday in sorted(set(weekdays)):
        save_block(GridBlock(residence_id=residence_id), {**values, "weekday": weekday})


def save_holiday(holiday: Holiday, values: Mapping[str, Any], *, version: int | None = None) -> Holiday:
    """Add or change a holiday. Raises DayTaken, Stale."""
    expect_version(holiday, version)
    same = select(Holiday.id).where(Holiday.id != (holiday.id or 0), Holiday.on == values["on"])
    if db.session.scalar(same) is not None:
        raise DayTaken
    return _save(holiday, values, version)


def _save_named(record: Named, values: Mapping[str, Any], version: int | None, key_column: Any) -> Named:
    expect_version(record, version)
    name = str(values["name"]).strip()
    key = name_key(name)
    kind: Any = type(record)
    if db.session.scalar(select(kind.id).where(kind.id != (record.id or 0), key_column == key)) is not None:
        raise NameTaken(name)
    return _save(record, {**values, "name": name, "name_key": key}, version)


def _save(record: Row, values: Mapping[str, Any], version: int | None) -> Row:
    change_record(record, values, version=version)
    if record.id is None:
        db.session.add(record)
        flush()
    return record
