"""Which registers there are, who reads and writes each, and what a house switched on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import joinedload

from foyer.accounts.models import Role, User
from foyer.caseload.desk import Desk
from foyer.caseload.mine import own_resident_ids, supervised_resident_ids
from foyer.caseload.rights import Act, Part, file_for
from foyer.database import db, utc_now
from foyer.errors import FoyerError, NotFound
from foyer.names import name_key
from foyer.paging import Paged, cut_scalars
from foyer.records import change_record, get_record
from foyer.registers.models import Duty, MedicineDose, Valuable, Visit
from foyer.registers.receiving import own_of_today
from foyer.residences.models import Residence, Staff
from foyer.residents.family import Relative
from foyer.residents.models import Resident, Stay, in_sight

PAGE_SIZE = 30
TEAM_ROLES = (Role.MANAGER, Role.COUNSELLOR)
DUTY_ROLES = (*TEAM_ROLES, Role.INSTRUCTOR)  # of those who may be on duty


@dataclass(frozen=True)
class Book:
    """A register. ``part``: its entries are of this part of a resident's file, read and written by whom the table of
    rights names; None: about staff, for everybody who works here."""

    key: str
    entry: str  # a line of it, as addresses call it
    model: type[Any]
    title: Any
    about: Any
    icon: str
    part: Part | None
    roles: tuple[Role, ...] = TEAM_ROLES


BOOKS: dict[str, Book] = {
    book.key: book
    for book in (
        Book(
            "visits",
            "visit",
            Visit,
            _l("Visitors"),
            _l("Who came to see whom, from when to when"),
            "users",
            Part.FAMILY,
            DUTY_ROLES,
        ),
        Book(
            "medicines",
            "dose",
            MedicineDose,
            _l("Medicines"),
            _l("Given, refused or not taken, and by whom"),
            "heart-handshake",
            Part.HEALTH,
        ),
        Book(
            "valuables",
            "valuable",
            Valuable,
            _l("Valuables"),
            _l("Handed in and handed back, both sides agreeing"),
            "lock",
            Part.IDENTITY,
        ),
        Book(
            "duty",
            "duty",
            Duty,
            _l("Duty"),
            _l("Who was really on duty, beside who was planned"),
            "clock",
            None,
            DUTY_ROLES,
        ),
    )
}


class StruckAlready(FoyerError):
    """The entry was struck through before."""


class ReasonMissing(FoyerError):
    """Striking through needs a reason."""


def open_books(residence: Residence, role: Role) -> list[Book]:
    """The registers that the house keeps and somebody of this role works with."""
    return [book for key, book in BOOKS.items() if key in residence.registers and role in book.roles]


def expect_open(desk: Desk, key: str) -> Book:
    """The register, if the house keeps it. Raises NotFound."""
    book = next((book for book in open_books(desk.residence, desk.actor.role) if book.key == key), None)
    if book is None:
        raise NotFound(key)
    return book


def choose_books(residence: Residence, keys: Sequence[str], *, version: int | None) -> None:
    """Switch registers on and off; what was written stays. Raises Stale."""
    change_record(residence, {"registers": [key for key in BOOKS if key in keys]}, version=version)


@dataclass(frozen=True)
class Wanted:
    """Which lines somebody asks for: of these days, about residents with this in their name, about this resident."""

    from_on: date | None = None
    to_on: date | None = None
    q: str = ""
    resident_id: int | None = None


def lines(desk: Desk, book: Book, wanted: Wanted, page: int) -> Paged[Any]:
    """A page of a register, the newest first. Two queries."""
    return cut_scalars(_asked(desk, book, wanted, _readable(desk, book)), page, PAGE_SIZE)


def every_line(desk: Desk, book: Book, wanted: Wanted) -> Sequence[Any]:
    """All lines that the actor may take out of the house, the newest first. One query."""
    may = true() if book.part is None else book.model.resident_id.in_(own_resident_ids(desk))
    return db.session.scalars(_asked(desk, book, wanted, may)).unique().all()


def _readable(desk: Desk, book: Book) -> ColumnElement[bool]:
    if book.part is None:
        return true()
    ids = book.model.resident_id
    readable = or_(ids.in_(own_resident_ids(desk)), ids.in_(supervised_resident_ids(desk)))
    return or_(readable, own_of_today(desk)) if book.model is Visit else readable


# Of whom a line tells, and no more of them than it tells: the rest of a person's row is encrypted and long.
_NAMED: dict[str, tuple[Any, ...]] = {
    "resident": (Resident.full_name, Resident.is_restricted),
    "relative": (Relative.relation,),
    "staff": (Staff.full_name,),
    "planned": (Staff.full_name,),
    "written_by": (User.display_name,),
    "struck_by": (User.display_name,),
    "back_by": (User.display_name,),
}


def _asked(desk: Desk, book: Book, wanted: Wanted, may: ColumnElement[bool]) -> Select[Any]:
    kind, zone = book.model, desk.now.tzinfo
    query = select(kind).where(may).order_by(kind.at.desc(), kind.id.desc())
    query = query.options(
        *(
            joinedload(getattr(kind, name)).load_only(*columns)
            for name, columns in _NAMED.items()
            if hasattr(kind, name)
        )
    )
    if wanted.from_on:
        query = query.where(kind.at >= datetime.combine(wanted.from_on, time(), zone))
    if wanted.to_on:
        query = query.where(kind.at < datetime.combine(wanted.to_on + timedelta(days=1), time(), zone))
    if wanted.resident_id and book.part is not None:
        query = query.where(kind.resident_id == wanted.resident_id)
    if (key := name_key(wanted.q)) and book.part is not None:
        query = query.where(kind.resident_id.in_(_named(desk, key)))
    return query


def _named(desk: Desk, key: str) -> Select[int]:
    """Residents with this in their name; restricted ones only for who answers for them and reads more than initials."""
    may = or_(
        Resident.is_restricted.is_(False),
        Resident.id.in_(own_resident_ids(desk)),
        Resident.id.in_(supervised_resident_ids(desk)),
    )
    return select(Resident.id).where(Resident.name_key.contains(key, autoescape=True), may)


def own_line(desk: Desk, book: Book, entry_id: int) -> Any:
    """A line that the actor may add to or strike through. Raises NotFound."""
    row = get_record(book.model, entry_id)
    if book.part is not None:
        file_for(desk, row.resident_id, book.part, Act.WRITE)
    return row


def strike(row: Any, *, why: str, desk: Desk) -> None:
    """Strike a line through: it stays to be read, with the reason, and counts no more. Raises StruckAlready,
    ReasonMissing."""
    if row.struck_at is not None:
        raise StruckAlready
    if not why.strip():
        raise ReasonMissing
    change_record(row, {"struck_at": utc_now(), "struck_by_id": desk.actor.id, "struck_why": why.strip()})


def residents_to_choose(desk: Desk) -> list[tuple[int, str]]:
    """Who lives here today and whom the actor answers for, by name. One query."""
    rows = db.session.execute(
        select(Resident.id, Resident.full_name)
        .where(
            in_sight(),
            Resident.id.in_(own_resident_ids(desk)),
            Resident.id.in_(
                select(Stay.resident_id).where(Stay.arrives_on <= desk.today, Stay.leaves_on >= desk.today)
            ),
        )
        .order_by(Resident.name_key)
    )
    return [(id_, name) for id_, name in rows]


def answered_for(desk: Desk, resident_ids: Collection[int]) -> set[int]:
    """Those of these residents whom the actor answers for today. One query."""
    query = select(Resident.id).where(Resident.id.in_(resident_ids), Resident.id.in_(own_resident_ids(desk)))
    return set(db.session.scalars(query))


def staff_to_choose() -> list[tuple[int, str]]:
    """Everybody who works here now, by name. One query."""
    rows = db.session.execute(
        select(Staff.id, Staff.full_name).where(Staff.is_active.is_(True)).order_by(Staff.name_key)
    )
    return [(id_, name) for id_, name in rows]


def things_kept(resident_id: int) -> int:
    """How many things the house still keeps for somebody. One query."""
    kept = select(Valuable.id).where(
        Valuable.resident_id == resident_id,
        Valuable.back_at.is_(None),
        Valuable.struck_at.is_(None),
        or_(Valuable.is_from_other.is_(False), Valuable.received_at.is_not(None)),
    )
    return len(db.session.scalars(kept).all())
