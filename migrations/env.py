"""Alembic's environment: runs inside the Flask app, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection, DateTime, LargeBinary
from sqlalchemy.types import TypeDecorator

from foyer.database import db

config = context.config


def skip_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Write no migration file where nothing changed."""
    if getattr(config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def render_item(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Migrations never import our models: our column types are written as the plain ones beneath them."""
    if kind == "type" and isinstance(item, TypeDecorator):
        if isinstance(item.impl, DateTime):
            return "sa.DateTime(timezone=True)"
        return "sa.LargeBinary()" if isinstance(item.impl, LargeBinary) else "sa.Text()"
    return False


def run() -> None:
    """Migrate through the app's own engine and its settings."""
    options = dict(current_app.extensions["migrate"].configure_args)
    options.setdefault("process_revision_directives", skip_empty)
    options.setdefault("render_item", render_item)
    engine = db.engine
    with engine.connect() as connection, _tables_may_be_rebuilt(connection):
        context.configure(connection=connection, target_metadata=db.metadata, **options)
        with context.begin_transaction():
            context.run_migrations()
            _expect_whole(connection)
        connection.commit()


@contextmanager
def _tables_may_be_rebuilt(connection: Connection) -> Iterator[None]:
    """SQLite alters a table by building it anew and dropping the old one, which its foreign keys forbid as soon as rows
    point there. The pragma does nothing within a transaction, so it is said first (sqlite.org/lang_altertable.html)."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.cursor()
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        raw.execute("PRAGMA foreign_keys=ON")
        raw.close()


def _expect_whole(connection: Connection) -> None:
    """Nothing may point to a row that is gone; otherwise the migration is taken back as a whole."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"The migration would leave rows that point to nothing: {broken[:5]}")


run()
