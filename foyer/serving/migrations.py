"""Whether the database is what this version of Foyer expects."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import upgrade
from sqlalchemy import inspect

from foyer.database import db
from foyer.jobs.leases import reading
from foyer.paths import shipped


class NotReady(Exception):
    """The database cannot be used as it is; the message says what to do."""


@dataclass(frozen=True)
class Revisions:
    """Where the database stands (None: nothing there yet), and where this version wants it."""

    current: str | None
    head: str
    is_known: bool

    @property
    def is_current(self) -> bool:
        return self.current == self.head


def revisions() -> Revisions:
    """Ask the database for its revision."""
    script = ScriptDirectory(str(shipped("migrations")))
    head = script.get_current_head() or ""
    with reading(db.engine) as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    known = {revision.revision for revision in script.walk_revisions()}
    return Revisions(current, head, current is None or current in known)


def make_ready(*, may_migrate: bool) -> str | None:
    """Bring the database to this version, or raise NotReady. The embedded file is copied beside itself first; a
    database server is migrated only when the operator said so. Gives a sentence if something was done."""
    found = revisions()
    if found.is_current:
        return None
    if not found.is_known:
        raise NotReady(
            f"This database was written by a newer Foyer (revision {found.current}); this one knows up to "
            f"{found.head}. Install the newer version again, or go back to a copy of the database."
        )
    if found.current is None:
        if inspect(db.engine).get_table_names():
            raise NotReady("This database holds other tables and none of Foyer's. Give Foyer a database of its own.")
    if db.engine.dialect.name == "sqlite":
        kept = _copy_beside() if found.current else None
        upgrade()
        after = f"; the file as it was is kept as {kept}" if kept else ""
        return f"The database is now at revision {found.head}{after}."
    if not may_migrate:
        raise NotReady(
            f"The database is at revision {found.current or 'none'}, this Foyer needs {found.head}. Make a copy of it, "
            "then run `foyer db upgrade`, or start with `foyer serve --migrate`."
        )
    upgrade()
    return f"The database is now at revision {found.head}."


def _copy_beside() -> Path:
    """A consistent copy of the embedded file, also while others read it."""
    source = Path(str(db.engine.url.database))
    number = 1
    while (copy := source.with_name(f"{source.name}.before-upgrade-{number}")).exists():
        number += 1
    copy.touch(mode=0o600)  # before anything is in it
    with sqlite3.connect(source) as here, sqlite3.connect(copy) as there:
        here.backup(there)
    here.close()
    there.close()
    return copy
