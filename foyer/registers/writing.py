"""What is written into the registers. Services flush."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.caseload.desk import Desk
from foyer.caseload.rights import Act, Part, file_for
from foyer.database import db, utc_now
from foyer.errors import FoyerError
from foyer.names import name_key
from foyer.records import change_record, flush
from foyer.registers.models import Acknowledged, Duty, MedicineDose, MedicineOutcome, Valuable, Visit
from foyer.registers.receiving import answers_for, visited
from foyer.residents.family import ContactSafety, Relative, relatives_of

A_DAY = timedelta(days=1)


class VisitorMissing(FoyerError):
    """Neither somebody of the family nor a name."""


class NotSafeToMeet(FoyerError):
    """The file says that contact is not safe: the visitor is turned away, or a manager says why not."""


class ResidentNotAsked(FoyerError):
    """The file says to ask the resident each time."""


class NoteMissing(FoyerError):
    """What was refused or not taken has a word about why."""


class NotYet(FoyerError):
    """This lies in the future."""


class OrderWrong(FoyerError):
    """The end does not come after the beginning."""


class DoneAlready(FoyerError):
    """This was written down already."""


def family_of(resident_id: int) -> list[Relative]:
    """Who may turn up to see somebody. One query."""
    return [one for one in relatives_of(resident_id) if one.may_turn_up]


def write_visit(desk: Desk, resident_id: int, values: Mapping[str, Any], *, was_asked: bool) -> Visit:
    """Write down a visitor. ``values``: fields of Visit; ``was_asked``: the resident agreed to meet this person today.
    What the file says about contact holds for a typed name as well, and for whoever is on duty. Raises NotFound,
    VisitorMissing, NotSafeToMeet,
    ResidentNotAsked, NotYet."""
    resident = visited(desk, resident_id)
    is_team = answers_for(desk, resident.id)
    _expect_past(desk, values["at"])
    relative = _relative(family_of(resident.id), values.get("relative_id"), values.get("visitor") or "")
    if relative is None and not values.get("visitor"):
        raise VisitorMissing
    if relative is not None and not values.get("is_turned_away"):
        _expect_safe(desk, relative, was_asked, values.get("note"))
    known = relative if is_team else None  # who is on duty reads nothing of the family by what the line says
    named: dict[str, Any] = {"relative_id": known.id if known else None}
    named |= {"visitor": known.full_name} if known else {}
    return _add(desk, Visit(resident_id=resident.id, **{**values, **named}))


def _relative(family: Sequence[Relative], relative_id: int | None, visitor: str) -> Relative | None:
    key = name_key(visitor)
    return next(
        (one for one in family if one.id == relative_id or (key and name_key(one.full_name) == key)),
        None,
    )


def _expect_safe(desk: Desk, relative: Relative, was_asked: bool, note: str | None) -> None:
    if relative.safety is ContactSafety.NOT_SAFE and not (desk.actor.role is Role.MANAGER and (note or "").strip()):
        raise NotSafeToMeet
    if relative.safety is ContactSafety.ASK_FIRST and not was_asked:
        raise ResidentNotAsked


def visitor_leaves(row: Visit) -> None:
    """The visitor has left now. Raises DoneAlready."""
    if row.left_at is not None or row.is_turned_away or row.struck_at is not None:
        raise DoneAlready
    change_record(row, {"left_at": max(utc_now(), row.at)})


def write_dose(desk: Desk, resident_id: int, values: Mapping[str, Any]) -> MedicineDose:
    """Write down what became of a dose. Raises NotFound, NoteMissing, NotYet."""
    resident = file_for(desk, resident_id, Part.HEALTH, Act.WRITE)
    _expect_past(desk, values["at"])
    if values["outcome"] is not MedicineOutcome.GIVEN and not (values.get("note") or "").strip():
        raise NoteMissing
    return _add(desk, MedicineDose(resident_id=resident.id, **values))


def hand_in(desk: Desk, resident_id: int, values: Mapping[str, Any], *, signed: bool) -> Valuable:
    """Write down a thing that the house keeps from now on; ``signed``: the resident signed on paper. Raises NotFound,
    NotYet."""
    resident = file_for(desk, resident_id, Part.IDENTITY, Act.WRITE)
    _expect_past(desk, values["at"])
    return _add(desk, Valuable(resident_id=resident.id, in_acknowledged=_on_paper(signed), **values))


def hand_back(desk: Desk, row: Valuable, *, at: datetime, to: str, signed: bool) -> None:
    """The thing is handed back, to the resident or to whom ``to`` names. Raises DoneAlready, OrderWrong, NotYet."""
    if row.back_at is not None or row.struck_at is not None or row.is_awaited:
        raise DoneAlready
    _expect_past(desk, at)
    if at < row.at:
        raise OrderWrong
    values = {
        "back_at": at,
        "back_by_id": desk.actor.id,
        "back_to": to.strip() or None,
        "back_acknowledged": _on_paper(signed),
    }
    change_record(row, values)


def things_of(resident_id: int) -> Sequence[Valuable]:
    """What the house keeps or kept for a resident, the newest first. One query."""
    return db.session.scalars(
        select(Valuable)
        .where(Valuable.resident_id == resident_id, Valuable.struck_at.is_(None))
        .order_by(Valuable.at.desc(), Valuable.id.desc())
    ).all()


def acknowledge(row: Valuable) -> None:
    """The resident says that it is so: of a thing that is back, that it is back, else that it was handed in. Raises
    DoneAlready."""
    name = "in_acknowledged" if row.back_at is None else "back_acknowledged"
    if getattr(row, name) is not None or row.struck_at is not None or row.is_awaited:
        raise DoneAlready
    change_record(row, {name: Acknowledged.OWN})


def write_duty(desk: Desk, values: Mapping[str, Any]) -> Duty:
    """Write down who was on duty. An end that is not after the beginning is on the next day. Raises NotYet."""
    _expect_past(desk, values["at"])
    until_at = values["until_at"]
    if until_at <= values["at"]:
        until_at += A_DAY
    return _add(desk, Duty(**{**values, "until_at": until_at}))


def _on_paper(signed: bool) -> Acknowledged | None:
    return Acknowledged.PAPER if signed else None


def _expect_past(desk: Desk, at: datetime) -> None:
    """A watch that is some minutes fast is no mistake."""
    if at > desk.now + timedelta(minutes=10):
        raise NotYet


def _add(desk: Desk, row: Any) -> Any:
    row.residence_id, row.written_by_id, row.written_at = desk.residence.id, desk.actor.id, utc_now()
    if getattr(row, "note", None) == "":
        row.note = None
    db.session.add(row)
    flush()
    return row
