"""The database: naming, column types, SQLite's honest settings, and the one place that scopes rows by house."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from cryptography.fernet import Fernet, MultiFernet
from flask import Flask, current_app, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BindParameter,
    DateTime,
    Enum,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    event,
    false,
    literal_column,
)
from sqlalchemy.engine import Engine
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    declared_attr,
    mapped_column,
    with_loader_criteria,
)
from sqlalchemy.sql import visitors
from sqlalchemy.types import TypeDecorator

READING = "foyer_reading"  # execution option of a connection that only reads: takes no write lock on SQLite

_BLOCK = 64  # bytes to which an encrypted list is filled up

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def utc_now() -> datetime:
    """This instant, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, always aware and in UTC, on databases with and without time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EncryptedText(TypeDecorator[str]):
    """Text that the database holds only encrypted (Fernet: AES-128-CBC, HMAC); keys rotate through ``FIELD_KEYS``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else field_cipher().encrypt(value.encode()).decode()

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else field_cipher().decrypt(value.encode()).decode()


class EncryptedChoice(TypeDecorator[StrEnum]):
    """One of an enumeration's values, held only encrypted: for what may not even be counted by who reads the tables."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[StrEnum]):
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: StrEnum | None, dialect: Any) -> str | None:
        return None if value is None else field_cipher().encrypt(self.kind(value).value.encode()).decode()

    def process_result_value(self, value: str | None, dialect: Any) -> StrEnum | None:
        return None if value is None else self.kind(field_cipher().decrypt(value.encode()).decode())


class EncryptedJson(TypeDecorator[Any]):
    """A list, a dictionary or a number, held only encrypted. Filled up to whole blocks, so that the length of what is
    stored does not tell an empty list from one with a code or two. As with JSON, a change within the value goes
    unnoticed: set a new value."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        if value is None:
            return None
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return field_cipher().encrypt(text.ljust(-(-len(text) // _BLOCK) * _BLOCK)).decode()

    def process_result_value(self, value: str | None, dialect: Any) -> Any:
        return None if value is None else json.loads(field_cipher().decrypt(value.encode()).decode())


class EncryptedBytes(TypeDecorator[bytes]):
    """A file's bytes, held only encrypted (as ``EncryptedText``, without the third that base64 would add)."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Any) -> bytes | None:
        return None if value is None else base64.urlsafe_b64decode(field_cipher().encrypt(value))

    def process_result_value(self, value: bytes | None, dialect: Any) -> bytes | None:
        return None if value is None else field_cipher().decrypt(base64.urlsafe_b64encode(bytes(value)))


def field_cipher() -> Fernet | MultiFernet:
    """The cipher of confidential fields; the key lies outside the database."""
    return _cipher_of(tuple(current_app.config["FIELD_KEYS"]))


@lru_cache(maxsize=4)  # a list asks for it once for each cell
def _cipher_of(keys: tuple[str, ...]) -> Fernet | MultiFernet:
    ciphers = [Fernet(key) for key in keys]
    return MultiFernet(ciphers) if len(ciphers) > 1 else ciphers[0]  # trying one after the other costs a quarter more


def blind_index(value: str) -> str:
    """A keyed digest of a confidential value, to find equals without decrypting. Made with the oldest field key, so
    that adding a new key at the front does not change it."""
    key = current_app.config["FIELD_KEYS"][-1].encode()
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def choice_column(kind: type[StrEnum], name: str | None = None) -> Enum:
    """A column type that holds one of ``kind``'s values as text, refused by the database otherwise. ``name`` tells
    several columns of one kind apart in the constraints of a table."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
        name=name or kind.__name__.lower(),
    )


class Versioned:
    """People edit these rows: a stale write is refused (StaleDataError), never lost. Forms carry ``version``."""

    version: Mapped[int] = mapped_column(default=1, server_default="1", nullable=False)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class HouseRow:
    """A row that belongs to a house. Every ORM query of it is scoped to the session's houses (``house_scope``)."""

    @declared_attr
    @classmethod
    def residence_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("residences.id"), index=True, nullable=False)


class OfficeRow:
    """A row about a house that belongs to the office above it: nobody of the house reads it, whatever the role. Every
    ORM query of such rows is narrowed to the houses for which the session said so (``office_scope``), and to none where
    nobody did."""

    @declared_attr
    @classmethod
    def residence_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("residences.id"), index=True, nullable=False)


class ScopeMissing(RuntimeError):
    """A row of a house was asked for before anybody said which houses may be seen."""


def set_house_scope(residence_ids: tuple[int, ...]) -> None:
    """From here on this session sees the rows of these houses only."""
    db.session.info["residence_ids"] = tuple(residence_ids)


@contextmanager
def house_scope(*residence_ids: int) -> Iterator[None]:
    """Scope the session to these houses inside the block (commands, jobs, tests)."""
    before = db.session.info.get("residence_ids")
    set_house_scope(residence_ids)
    try:
        yield
    finally:
        if before is None:
            db.session.info.pop("residence_ids", None)
        else:
            db.session.info["residence_ids"] = before


def set_office_scope(residence_ids: tuple[int, ...]) -> None:
    """From here on this session sees what the office keeps about these houses."""
    db.session.info["office_ids"] = tuple(residence_ids)


@contextmanager
def office_scope(*residence_ids: int) -> Iterator[None]:
    """Let the session see what the office keeps about these houses inside the block."""
    before = db.session.info.get("office_ids", ())
    set_office_scope(residence_ids)
    try:
        yield
    finally:
        set_office_scope(before)


def _scope_query(state: ORMExecuteState) -> None:
    if state.is_column_load or state.is_relationship_load or not state.is_orm_statement:
        return
    ids, office_ids = _scope_of(state.session)
    if not state.is_insert:
        state.statement = state.statement.options(_of_office(office_ids))
    if ids is not None and not state.is_insert:
        # Always, even where no entity stands in the columns: a bare count reads rows of a house as well.
        state.statement = state.statement.options(_of_houses(ids))
    elif ids is None and _reads_house_rows(state):
        raise ScopeMissing("say which house first: house_scope(residence.id)")


def _scope_of(session: Any) -> tuple[tuple[int, ...] | None, tuple[int, ...]]:
    """The houses of a session, None where nobody said, and those for which it sees what the office keeps."""
    ids = session.info.get("residence_ids")
    return None if ids is None else tuple(ids), tuple(session.info.get("office_ids", ()))


@lru_cache(maxsize=64)  # every query of a session asks for the same
def _of_office(ids: tuple[int, ...]) -> Any:
    return with_loader_criteria(OfficeRow, lambda cls: cls.residence_id.in_(ids), include_aliases=True)


@lru_cache(maxsize=64)
def _of_houses(ids: tuple[int, ...]) -> Any:
    """The criterion that narrows every table of a house. One house, which is nearly every request, is asked for by
    ``=``: a list would be written out anew into each statement, once for each of its tables."""
    if len(ids) == 1:
        (one,) = ids
        return with_loader_criteria(HouseRow, lambda cls: cls.residence_id == one, include_aliases=True)
    return with_loader_criteria(HouseRow, lambda cls: cls.residence_id.in_(ids), include_aliases=True)


class Prepared:
    """A long statement of plain columns that is asked often: narrowed to a house once, not each time, so that its
    compiled form is found at once. The session's scope holds for it as for every query."""

    def __init__(self, statement: Any) -> None:
        _write_choices(statement)
        self._statement = statement
        self._narrowed = lru_cache(maxsize=32)(self._to_scope)  # one for each house of a network

    def rows(self, values: Mapping[str, Any]) -> Sequence[Any]:
        """Its rows, given the values of its bound parameters. One query. Raises ScopeMissing."""
        ids, office_ids = _scope_of(db.session)
        if ids is None:
            raise ScopeMissing("say which house first: house_scope(residence.id)")
        db.session.flush()  # what waits to be written counts, as for every query of the session
        return db.session.connection().execute(self._narrowed(ids, office_ids), values).all()

    def _to_scope(self, ids: tuple[int, ...], office_ids: tuple[int, ...]) -> Any:
        return self._statement.options(*_exactly(OfficeRow, office_ids), *_exactly(HouseRow, ids))


def _write_choices(statement: Any) -> None:
    """Say choices in the words of a statement, not by parameters. Where a parameter is compared as a partial index is
    (``state = ?``), SQLite plans a statement anew each time it is asked: half of the time of a long one."""
    for part in visitors.iterate(statement):
        if isinstance(part, BindParameter) and isinstance(part.type, Enum):
            part.literal_execute = True


def _exactly(kind: type[HouseRow] | type[OfficeRow], ids: tuple[int, ...]) -> list[Any]:
    """The criteria that narrow each table of this kind, with the houses as plain numbers: bound parameters, one for
    each table of a long statement, would be filled in anew each time it is asked, which costs more than asking it."""
    numbers = [literal_column(str(one), Integer) for one in ids]
    classes = (mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, kind))
    return [
        with_loader_criteria(each, each.residence_id.in_(numbers) if numbers else false(), include_aliases=True)
        for each in classes
    ]


def _reads_house_rows(state: ORMExecuteState) -> bool:
    if any(issubclass(mapper.class_, HouseRow) for mapper in state.all_mappers):
        return True
    tables = {mapper.local_table for mapper in Base.registry.mappers if issubclass(mapper.class_, HouseRow)}
    return any(part in tables for part in visitors.iterate(cast(Any, state.statement)) if isinstance(part, Table))


def is_reading() -> bool:
    """Whether this is a request that changes nothing."""
    return has_request_context() and request.method in ("GET", "HEAD", "OPTIONS")


def _on_sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own mode loses updates silently
    cursor = connection.cursor()
    # What is erased is overwritten in the file, not only let go of: a file of a house is destroyed for good.
    erased = "secure_delete=ON"
    for pragma in ("journal_mode=WAL", "busy_timeout=15000", "foreign_keys=ON", "synchronous=NORMAL", erased):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_sqlite_begin(connection: Any) -> None:
    """Writers take the write lock when they begin, so that two of them queue up instead of losing an update."""
    only_reads = is_reading() or connection.get_execution_options().get(READING)
    connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")


def keep_to_owner(file: Path) -> None:
    """Make the embedded database's file and a new folder for the machine's user alone: it holds children's files.
    SQLite gives its side files the same rights. Of a file that is there already only strangers lose theirs."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        rights = stat.S_IMODE(file.stat().st_mode)
        if rights & 0o007:
            with suppress(PermissionError):  # somebody else's file: theirs to decide
                file.chmod(rights & ~0o007)


def keep_sqlite_honest(engine: Engine) -> None:
    """Apply the settings above to an engine, if it is SQLite's."""
    if engine.dialect.name == "sqlite":
        if engine.url.database and engine.url.database != ":memory:":
            keep_to_owner(Path(engine.url.database))
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)


def learn_sizes(engine: Engine) -> None:
    """Let SQLite learn how full its tables are, from some rows of each index. Until it has, it takes every index for
    equally good, and as every query names its house, reads all rows of a house for a handful of them. PostgreSQL
    learns by itself."""
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA analysis_limit=1000")
            connection.exec_driver_sql("ANALYZE")


def init_database(app: Flask) -> None:
    """Bind the database to the app."""
    db.init_app(app)
    with app.app_context():
        keep_sqlite_honest(db.engine)
    if not event.contains(Session, "do_orm_execute", _scope_query):
        event.listen(Session, "do_orm_execute", _scope_query)
