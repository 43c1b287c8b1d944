"""Makes the changes of a dry run, in one transaction that the caller commits or throws away whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from foyer.cycles.models import Cycle, GroupKind, TeachingGroup
from foyer.database import db
from foyer.names import name_key
from foyer.residences.holidays import seed_holidays
from foyer.residences.models import (
    BlockKind,
    Gender,
    GridBlock,
    InstructorTrade,
    Room,
    RoomOutage,
    RoomPolicy,
    Staff,
    StaffKind,
    StaffUnavailability,
    Trade,
    Venue,
)
from foyer.residents.models import EducationLevel
from foyer.workbooks.applying_residents import apply_pair, apply_resident
from foyer.workbooks.changes import ORDER, Action, Change, Comparison
from foyer.workbooks.state import HouseState


@dataclass
class Desk:
    """Where rows are found by name while they are being made."""

    state: HouseState
    number: tuple[int, int]  # year and number of a cycle that has to be made
    trades: dict[str, Trade] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.trades = dict(self.state.trades)

    @property
    def house(self) -> int:
        return self.state.residence.id

    @property
    def cycle(self) -> Cycle:
        assert self.state.cycle is not None
        return self.state.cycle

    def trade(self, name: str) -> Trade:
        return self.trades[name_key(name)]

    def venue(self, name: str) -> Venue | None:
        return self.state.venues.get(name_key(name)) if name else None

    def teacher(self, name: str, *kinds: StaffKind) -> Staff | None:
        found = (self.state.find_staff(kind, name) for kind in kinds) if name else iter(())
        return next((person for person in found if person is not None), None)


def apply(comparison: Comparison, state: HouseState, *, number: tuple[int, int]) -> None:
    """Write every change. Flushes, never commits."""
    desk = Desk(state, number)
    _remove_blocks(comparison)
    for kind in ORDER:
        for change in comparison.of(kind):
            if change.action in (Action.CREATE, Action.CHANGE):
                _WRITERS[kind](desk, change)
        db.session.flush()


def _remove_blocks(comparison: Comparison) -> None:
    for change in comparison.of("grid"):
        if change.action is Action.REMOVE:
            db.session.delete(change.record)
    db.session.flush()


def _added(row: Any) -> Any:
    db.session.add(row)
    return row


def _cycle(desk: Desk, change: Change) -> None:
    if change.record is None:
        year, number = desk.number
        wanted = change.wanted
        desk.state.cycle = _added(
            Cycle(
                residence_id=desk.house, year=year, number=number, starts_on=wanted["starts_on"], weeks=wanted["weeks"]
            )
        )
        db.session.flush()
        seed_holidays(desk.house, desk.state.cycle.starts_on, desk.state.cycle.ends_on)


def _trade(desk: Desk, change: Change) -> None:
    trade = change.record or _added(
        Trade(residence_id=desk.house, name=change.label, name_key=name_key(change.label), aliases=[])
    )
    trade.aliases = list(change.wanted["aliases"])
    desk.trades[trade.name_key] = trade


def _venue(desk: Desk, change: Change) -> None:
    key = name_key(change.label)
    desk.state.venues[key] = _added(Venue(residence_id=desk.house, name=change.label, name_key=key))


def _staff(kind: StaffKind) -> Callable[[Desk, Change], None]:
    def write(desk: Desk, change: Change) -> None:
        person = change.record
        if person is None:
            key = name_key(change.label)
            person = _added(Staff(residence_id=desk.house, kind=kind, full_name=change.label, name_key=key, skills=[]))
            desk.state.staff[kind, key] = person
        wanted = change.wanted
        if "gender" in wanted:
            person.gender = Gender(wanted["gender"]) if wanted["gender"] else None
        if "skills" in wanted:
            person.skills = list(wanted["skills"])
        if "caseload" in wanted:
            person.most_residents = wanted["caseload"]
        if "unavailable" in wanted:
            _set_unavailable(desk, person, wanted["unavailable"])
        if "trades" in wanted:
            _set_trades(desk, person, wanted["trades"])

    return write


def _set_unavailable(desk: Desk, person: Staff, hours: list[list[int]]) -> None:
    before = {(one.weekday, one.start_minute, one.end_minute): one for one in person.unavailabilities}
    wanted = {(day, start, end) for day, start, end in hours}
    if wanted == set(before):
        return
    for place, one in before.items():
        if place not in wanted:
            person.unavailabilities.remove(one)
    db.session.flush()  # one may start where another did
    for day, start, end in sorted(wanted - set(before)):
        person.unavailabilities.append(
            StaffUnavailability(residence_id=desk.house, weekday=day, start_minute=start, end_minute=end)
        )


def _set_trades(desk: Desk, person: Staff, names: list[str]) -> None:
    wanted = {desk.trade(name).id: desk.trade(name) for name in names}
    for own in list(person.trades):
        if own.trade_id not in wanted:
            person.trades.remove(own)
    known = {own.trade_id for own in person.trades}
    for trade_id, trade in wanted.items():
        if trade_id not in known:
            person.trades.append(InstructorTrade(residence_id=desk.house, trade=trade))


def _room(desk: Desk, change: Change) -> None:
    wanted = change.wanted
    room = change.record or _added(Room(residence_id=desk.house, code=change.label))
    room.beds, room.policy = wanted["beds"], RoomPolicy(wanted["policy"])
    room.wing = wanted.get("wing", room.wing or "")
    if "stage" in wanted:
        room.minimum_stage, room.is_accessible, room.is_reserve = (
            wanted["stage"],
            wanted["accessible"],
            wanted["reserve"],
        )
    if "outage" in wanted:
        reason, until = wanted["outage"]
        known = next((one for one in room.outages if one.reason == reason), None)
        if known is not None:
            known.until_on = until
        else:
            room.outages.append(RoomOutage(residence_id=desk.house, reason=reason[:300], until_on=until))


def _block(desk: Desk, change: Change) -> None:
    wanted = change.wanted
    block = change.record or _added(
        GridBlock(residence_id=desk.house, weekday=wanted["day"], start_minute=wanted["start"])
    )
    block.end_minute, block.name = wanted["end"], wanted["activity"]
    block.kind = BlockKind.ACTIVITY if wanted["is_activity"] else BlockKind.PROTECTED


def _group(kind: GroupKind) -> Callable[[Desk, Change], None]:
    def write(desk: Desk, change: Change) -> None:
        wanted = change.wanted
        group = change.record or _added(
            TeachingGroup(residence_id=desk.house, cycle_id=desk.cycle.id, code=change.label, kind=kind)
        )
        if "trade" in wanted:
            group.trade = desk.trade(wanted["trade"])
        for name, attribute in _PLAIN_GROUP_FIELDS.items():
            if name in wanted:
                setattr(group, attribute, wanted[name])
        if "requirement" in wanted:
            group.minimum_level = EducationLevel(wanted["requirement"]) if wanted["requirement"] else None
        if "venue" in wanted:
            group.venue = desk.venue(wanted["venue"])
        if "instructor" in wanted:
            kinds = (StaffKind.INSTRUCTOR,) if kind is GroupKind.VOCATIONAL else (StaffKind.TUTOR, StaffKind.INSTRUCTOR)
            group.instructor = desk.teacher(wanted["instructor"], *kinds)

    return write


_PLAIN_GROUP_FIELDS = {
    "programme": "programme",
    "minimum": "minimum",
    "maximum": "maximum",
    "meetings": "meetings",
    "minutes": "minutes",
    "levels": "levels",
    "parts": "parts",
}

_WRITERS: dict[str, Callable[[Any, Change], None]] = {
    "cycle": _cycle,
    "trades": _trade,
    "venues": _venue,
    "counsellors": _staff(StaffKind.COUNSELLOR),
    "instructors": _staff(StaffKind.INSTRUCTOR),
    "tutors": _staff(StaffKind.TUTOR),
    "rooms": _room,
    "grid": _block,
    "classes": _group(GroupKind.VOCATIONAL),
    "education": _group(GroupKind.EDUCATION),
    "residents": apply_resident,
    "pairs": apply_pair,
}
