"""Fetching, changing and removing one record of the session's house: the same rules for every kind of record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Load
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from foyer.database import db
from foyer.errors import FoyerError, NotFound, Stale, expect_version

Record = TypeVar("Record")


class StillInUse(FoyerError):
    """Other records stand on this one: a plan, a class, somebody's choice."""


def get_record(kind: type[Record], record_id: int, *options: Load) -> Record:
    """The record of this house with this id. Raises NotFound, also for a record of another house."""
    model: Any = kind
    found: Record | None = db.session.scalar(select(model).where(model.id == record_id).options(*options))
    if found is None:
        raise NotFound(kind.__name__)
    return found


def change_record(record: Any, values: Mapping[str, Any], *, version: int | None = None) -> None:
    """Set these fields, if nobody changed the record meanwhile. Raises Stale."""
    expect_version(record, version)
    for name, value in values.items():
        if getattr(record, name) != value:
            setattr(record, name, value)
    flush()


def touch(record: Any) -> None:
    """Raise the version of a record whose own fields stay, because rows that belong to it changed."""
    flag_modified(record, "residence_id")


def remove_record(record: Any, *, version: int | None = None) -> None:
    """Delete a record on which nothing stands. Raises Stale, StillInUse."""
    expect_version(record, version)
    try:
        with db.session.begin_nested():
            db.session.delete(record)
            flush()
    except IntegrityError:
        raise StillInUse(type(record).__name__) from None


def flush() -> None:
    """Write what is pending. Raises Stale where somebody else was faster."""
    try:
        db.session.flush()
    except StaleDataError:
        raise Stale() from None
