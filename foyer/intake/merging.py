"""Two files of one person become one, and if that was wrong, two again.

Every row that names the person who goes, or a stay of theirs, is moved by walking the database's own foreign keys, one
by one through the ORM, so that the trail sees it and versions rise. What the database refuses (the other file has the
same already) stays where it is and is listed. Everything that was set is kept in a journal, from which undoing reads.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from sqlalchemy import inspect, or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import joinedload

from foyer.accounts.models import Role, User
from foyer.accounts.services import end_sessions
from foyer.caseload.desk import Desk
from foyer.cycles.models import BedNight, Enrolment
from foyer.database import Base, db, house_scope, utc_now
from foyer.errors import FoyerError, NotAllowed, NotFound
from foyer.intake.models import Merge
from foyer.paging import Paged, cut_scalars
from foyer.records import flush
from foyer.residences.models import Residence
from foyer.residents.models import KeepApart, NikState, Resident, Stay
from foyer.residents.restriction import account_names
from foyer.residents.services import SamePerson

MERGES = 20  # on a page

FIELDS = ("full_name", "gender", "born_on", "birth_place", "religion")  # that may be taken from the file that goes
_WITH = {"full_name": ("name_key",)}  # fields that follow another
_FILLED = ("birth_place", "religion")  # taken by themselves where the file that stays says nothing


class AlreadyMerged(FoyerError):
    """One of the two files was merged already."""


class AlreadyUndone(FoyerError):
    """This merge was undone already."""


class LaterMerge(FoyerError):
    """A later merge stands on this one: undo that first."""


class Journal:
    """What was set, in order, and what stayed behind."""

    def __init__(self) -> None:
        self.steps: list[dict[str, Any]] = []
        self.left: list[tuple[str, int]] = []

    def set(self, row: Any, **values: Any) -> bool:
        """Set these fields of a row, all or none; False where the database refuses."""
        before = {name: getattr(row, name) for name in values}
        if before == values:
            return True
        try:
            with db.session.begin_nested():
                for name, value in values.items():
                    setattr(row, name, value)
                db.session.flush()
        except DBAPIError:  # a unique constraint, or a table that is only written to
            self.left.append((type(row).__name__, row.id))
            return False
        changes = {name: [_plain(before[name]), _plain(value)] for name, value in values.items()}
        self.steps.append({"kind": type(row).__name__, "id": row.id, "set": changes})
        return True

    def text(self) -> str:
        return json.dumps({"steps": self.steps, "left": self.left})


def merge(desk: Desk, kept_id: int, gone_id: int, *, take: Iterable[str] = (), reason: str = "") -> Merge:
    """Move everything of one file into the other. ``take``: which of FIELDS the file that stays takes over; what it
    does not know it always takes. A stay that overlaps one of the file that stays is ended today at the latest and its
    rows move to that one. Raises NotAllowed (managers only), NotFound, SamePerson, AlreadyMerged."""
    if desk.actor.role is not Role.MANAGER:
        raise NotAllowed
    if kept_id == gone_id:
        raise SamePerson
    kept, gone = _files(kept_id, gone_id)
    if kept.merged_into_id is not None or gone.merged_into_id is not None:
        raise AlreadyMerged
    journal = Journal()
    with _every_house():
        overlapping = _move_stays(journal, kept, gone)
        _move_pairs(journal, kept, gone)
        for model, name in references("residents"):
            if model not in (Stay, Merge, KeepApart):
                for row in _rows(model, name, gone.id):
                    _move(journal, model, row, name, kept.id)
        for stay, instead in overlapping:
            _empty_stay(journal, stay, instead, desk.today)
        _join_persons(journal, kept, gone, set(take))
        journal.set(gone, merged_into_id=kept.id)
    row = Merge(
        residence_id=desk.residence.id,
        resident_id=kept.id,
        gone_id=gone.id,
        merged_by_id=desk.actor.id,
        reason=reason.strip() or None,
        moved=journal.text(),
    )
    db.session.add(row)
    flush()
    return row


def references(table: str) -> Iterator[tuple[type[Any], str]]:
    """Every model and attribute that names a row of this table, by its foreign key."""
    for mapper in sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__name__):
        for column in mapper.local_table.columns:
            targets = {(key.column.table.name, key.column.name) for key in column.foreign_keys}
            if (table, "id") in targets:
                yield mapper.class_, mapper.get_property_by_column(column).key


def _files(*ids: int) -> list[Resident]:
    """These residents of the house, in this order. Raises NotFound."""
    found = {row.id: row for row in db.session.scalars(select(Resident).where(Resident.id.in_(ids)))}
    if len(found) < len(set(ids)):
        raise NotFound("resident")
    return [found[each] for each in ids]


@contextmanager
def _every_house() -> Iterator[None]:
    """A person's rows may lie in houses where they lived before: a merge moves these as well."""
    with house_scope(*db.session.scalars(select(Residence.id))):
        yield


def _rows(model: type[Any], name: str, value: int) -> Sequence[Any]:
    key = inspect(model).primary_key[0]
    return db.session.scalars(select(model).where(getattr(model, name) == value).order_by(key)).all()


def _move(journal: Journal, model: type[Any], row: Any, name: str, kept_id: int) -> None:
    """Set one reference; where a row names two residents in order, both."""
    others = [each for kind, each in references("residents") if kind is model and each != name]
    if len(others) == 1 and getattr(row, others[0]) is not None:
        pair = sorted((kept_id, getattr(row, others[0])))
        journal.set(row, **dict(zip(sorted((name, others[0]), key=_lower_first(model)), pair, strict=True)))
    else:
        journal.set(row, **{name: kept_id})


def _lower_first(model: type[Any]):  # type: ignore[no-untyped-def]
    """Orders two columns as the table has them: the lower id stands in the first."""
    names = [column.name for column in model.__table__.columns]
    return names.index


def _move_stays(journal: Journal, kept: Resident, gone: Resident) -> list[tuple[Stay, Stay]]:
    """Stays that overlap none become the other's; gives those that do, each with what it overlaps."""
    own = list(_rows(Stay, "resident_id", kept.id))
    overlapping = []
    for stay in _rows(Stay, "resident_id", gone.id):
        same = next(
            (each for each in own if each.arrives_on < stay.leaves_on and stay.arrives_on < each.leaves_on), None
        )
        if same is not None:
            overlapping.append((stay, same))
        else:
            journal.set(stay, resident_id=kept.id)
    return overlapping


def _move_pairs(journal: Journal, kept: Resident, gone: Resident) -> None:
    """Whom the plan keeps apart from either is kept apart from the one, as strictly as before."""
    for pair in db.session.scalars(
        select(KeepApart).where(or_(KeepApart.resident_a_id == gone.id, KeepApart.resident_b_id == gone.id))
    ).all():
        other = pair.resident_b_id if pair.resident_a_id == gone.id else pair.resident_a_id
        low, high = sorted((kept.id, other))
        known = db.session.scalar(
            select(KeepApart).where(KeepApart.resident_a_id == low, KeepApart.resident_b_id == high)
        )
        if known is None and low != high:
            journal.set(pair, resident_a_id=low, resident_b_id=high)
        elif known is not None:
            ends = [known.until_on, pair.until_on]
            journal.set(
                known,
                in_room=known.in_room or pair.in_room,
                in_class=known.in_class or pair.in_class,
                until_on=None if None in ends else max(day for day in ends if day),
            )


def _empty_stay(journal: Journal, stay: Stay, instead: Stay, today: date) -> None:
    """What hangs on a stay goes to the one that it overlaps; a place in a cycle that both have stays, with its nights,
    until the plan is repaired, and the stay itself is over, so that nobody is planned twice."""
    for place in _rows(Enrolment, "stay_id", stay.id):
        journal.set(place, stay_id=instead.id)
    keeps_places = bool(_rows(Enrolment, "stay_id", stay.id))
    for model, name in references("stays"):
        if model is Enrolment or (model is BedNight and keeps_places):
            continue
        for row in _rows(model, name, stay.id):
            journal.set(row, **{name: instead.id})
    if stay.arrives_on < today:
        journal.set(stay, leaves_on=min(stay.leaves_on, today))
    else:
        journal.set(stay, arrives_on=today - timedelta(days=1), leaves_on=today)


def _join_persons(journal: Journal, kept: Resident, gone: Resident, take: set[str]) -> None:
    """Identity number and account go to whoever has none; a second account is closed; restricted stays restricted."""
    for name in FIELDS:
        if name in take or (name in _FILLED and not getattr(kept, name)):
            names = (name, *_WITH.get(name, ()))
            journal.set(kept, **{each: getattr(gone, each) for each in names})
    if gone.is_restricted:
        journal.set(kept, is_restricted=True)
    if gone.nik_digest is not None and kept.nik_digest is None:
        nik, digest = gone.nik, gone.nik_digest
        journal.set(gone, nik=None, nik_digest=None, nik_state=NikState.NONE_YET)
        journal.set(kept, nik=nik, nik_digest=digest, nik_state=NikState.GIVEN)
    _join_accounts(journal, kept, gone)


def _join_accounts(journal: Journal, kept: Resident, gone: Resident) -> None:
    """One account stays; of a restricted person both bear initials and a user name that says nothing, since
    administrators read the names of accounts (UU 11/2012 art. 19)."""
    if gone.user_id is not None and kept.user_id is None:
        account = gone.user_id
        journal.set(gone, user_id=None)
        journal.set(kept, user_id=account)
    elif gone.user_id is not None:
        user = db.session.get_one(User, gone.user_id)
        journal.set(user, is_enabled=False)
        end_sessions(user)
    if kept.is_restricted:
        for account_id in {kept.user_id, gone.user_id} - {None}:
            user = db.session.get_one(User, account_id)
            journal.set(user, **account_names(kept, user))


def undo(desk: Desk, row: Merge) -> int:
    """Two files again: everything that still is as the merge set it goes back; what people wrote since stays where they
    wrote it. Gives how many values had changed meanwhile and stayed. Raises NotAllowed, AlreadyUndone, LaterMerge."""
    if desk.actor.role is not Role.MANAGER:
        raise NotAllowed
    if row.undone_at is not None:
        raise AlreadyUndone
    people = (row.resident_id, row.gone_id)
    later = select(Merge.id).where(
        Merge.id > row.id,
        Merge.undone_at.is_(None),
        or_(Merge.resident_id.in_(people), Merge.gone_id.in_(people)),
    )
    if db.session.scalar(later) is not None:
        raise LaterMerge
    kinds = {mapper.class_.__name__: mapper.class_ for mapper in Base.registry.mappers}
    stayed = 0
    with _every_house():
        for step in reversed(json.loads(row.moved)["steps"]):
            stayed += not _back(kinds[step["kind"]], step)
    row.undone_at, row.undone_by_id = utc_now(), desk.actor.id
    flush()
    return stayed


def _back(model: type[Any], step: dict[str, Any]) -> bool:
    """Set one step back, if nobody changed these fields since and the database allows it."""
    row = db.session.scalar(select(model).where(model.id == step["id"]))
    if row is None or any(_plain(getattr(row, name)) != new for name, (_old, new) in step["set"].items()):
        return False
    values = {name: _typed(model, name, old) for name, (old, _new) in step["set"].items()}
    return Journal().set(row, **values)


def merges_of(resident_id: int) -> Sequence[Merge]:
    """The merges that made this file what it is, the newest first."""
    return db.session.scalars(
        select(Merge).where(Merge.resident_id == resident_id).options(joinedload(Merge.gone)).order_by(Merge.id.desc())
    ).all()


def list_merges(page: int = 1) -> Paged[Merge]:
    """A page of the merges of the house, the newest first."""
    query = select(Merge).options(joinedload(Merge.resident), joinedload(Merge.gone)).order_by(Merge.id.desc())
    return cut_scalars(query, page, MERGES)


def left_behind(row: Merge) -> list[tuple[str, int]]:
    """What stayed with the file that went: kind and id."""
    return [(kind, id_) for kind, id_ in json.loads(row.moved)["left"]]


def count_moved(row: Merge) -> int:
    """How many values the merge set."""
    return len(json.loads(row.moved)["steps"])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _typed(model: type[Any], name: str, value: Any) -> Any:
    kind = model.__table__.columns[name].type.python_type
    if value is not None and kind is date:
        return date.fromisoformat(value)
    return kind(value) if value is not None and issubclass(kind, str) and kind is not str else value
