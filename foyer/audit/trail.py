"""The audit trail's net: every ORM change to an audited row is written down with old and new value, whoever made it.

A service may record verbs of its own (``services.record``); this net catches what it forgets. Bulk UPDATE and DELETE
statements pass by the net, so they are refused on audited rows.
"""

from __future__ import annotations

from datetime import date, datetime, time
from enum import Enum
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapper, ORMExecuteState, Session
from sqlalchemy.orm.attributes import NEVER_SET, NO_VALUE

from foyer.audit.models import AuditEntry
from foyer.database import Base, utc_now

HIDDEN = "•••"
_SKIPPED = {"id", "version", "created_at", "updated_at"}


class Audited:
    """Mix into a model: every change to its rows enters the trail. ``__audit_hidden__`` names the fields whose values
    never do; ``__audit_resident__`` the attribute that holds the id of the resident concerned."""

    __audit_hidden__: frozenset[str] = frozenset()
    __audit_resident__: str | None = None


class BulkChangeRefused(RuntimeError):
    """A bulk statement on an audited table would leave no trail."""


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return value


def _field_changes(row: Any, *, created: bool) -> dict[str, list[Any]]:
    state = inspect(row)
    changes: dict[str, list[Any]] = {}
    for attribute in state.mapper.column_attrs:
        key = attribute.key
        if key in _SKIPPED:
            continue
        history = state.attrs[key].history
        if not history.has_changes():
            continue
        if not created and not history.deleted:
            continue  # only touched, so that the version rises with a change of rows below it
        old = history.deleted[0] if history.deleted else None
        new = history.added[0] if history.added else None
        old = None if old in (NO_VALUE, NEVER_SET) else _plain(old)
        new = _plain(new)
        if old == new or (created and new is None):
            continue
        if key in row.__audit_hidden__:
            old, new = (HIDDEN if old is not None else None), (HIDDEN if new is not None else None)
        changes[key] = [old, new]
    return changes


def _entry(session: Session, row: Any, verb: str, changes: dict[str, list[Any]]) -> dict[str, Any]:
    resident = row.__audit_resident__
    return {
        "at": utc_now(),
        "residence_id": getattr(row, "residence_id", None) or session.info.get("residence_id"),
        "actor_id": session.info.get("actor_id"),
        "verb": verb,
        "subject_type": type(row).__name__,
        "subject_id": row.id,
        "resident_id": getattr(row, resident) if resident else None,
        "changes": changes,
    }


def _after_flush(session: Session, _context: Any) -> None:
    entries = []
    for row in session.new:
        if isinstance(row, Audited):
            entries.append(_entry(session, row, "created", _field_changes(row, created=True)))
    for row in session.dirty:
        if isinstance(row, Audited) and (changes := _field_changes(row, created=False)):
            entries.append(_entry(session, row, "changed", changes))
    for row in session.deleted:
        if isinstance(row, Audited):
            entries.append(_entry(session, row, "deleted", {}))
    if entries:
        session.connection().execute(AuditEntry.__table__.insert(), entries)  # type: ignore[attr-defined]


def _refuse_bulk(state: ORMExecuteState) -> None:
    if not (state.is_update or state.is_delete):
        return
    mapper = state.bind_mapper
    if mapper is not None and issubclass(mapper.class_, Audited):
        raise BulkChangeRefused(mapper.class_.__name__)


def _keep_old_values(mapper: Mapper[Any], cls: type) -> None:
    """Load the old value before a set, even after a commit has expired it."""
    if not issubclass(cls, Audited):
        return
    for attribute in mapper.column_attrs:
        column = getattr(cls, attribute.key)
        if not event.contains(column, "set", _nothing):
            event.listen(column, "set", _nothing, active_history=True)


def _nothing(_row: Any, _value: Any, _old: Any, _initiator: Any) -> None:
    """The presence of a listener with active history is the point."""


def init_trail() -> None:
    """Install the net; safe to call twice."""
    if not event.contains(Session, "after_flush", _after_flush):
        event.listen(Session, "after_flush", _after_flush)
        event.listen(Session, "do_orm_execute", _refuse_bulk)
        event.listen(Mapper, "mapper_configured", _keep_old_values)
        for mapper in Base.registry.mappers:  # whoever used a model before the app was made configured these already
            if mapper.configured:
                _keep_old_values(mapper, mapper.class_)
