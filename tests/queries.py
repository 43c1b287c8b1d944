"""Counting the statements that a page or a function sends to the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from foyer.database import db


@dataclass
class Queries:
    """Statements in the order they were sent; ``len`` gives their number."""

    statements: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.statements)


@contextmanager
def count_queries(app: Any) -> Iterator[Queries]:
    """Every statement sent inside the block, by whatever session or connection: ``with count_queries(app) as seen``.
    Beginning a transaction, which SQLite is told in words and PostgreSQL is not, asks for nothing."""
    seen = Queries()
    with app.app_context():
        engine = db.engine

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
