"""Several small questions in one statement: what a page asks together costs one way to the database, not one each."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Enum,
    Integer,
    Select,
    String,
    cast,
    literal,
    null,
    type_coerce,
)
from sqlalchemy import union_all as together

from foyer.database import Prepared, UtcDateTime

Question = Select[*tuple[Any, ...]]  # of any columns
_SLOTS = (UtcDateTime, Date, Boolean, Integer, String)  # a column of the statement holds values of one of these
_INSTANT = DateTime(timezone=True)  # as the driver gives it: told apart from nothing for one cell, not for each


class Questions:
    """Queries that are asked as one (UNION ALL), each under a name. Their columns are days, instants, numbers, plain
    words or choices; confidential text is not asked in this way, and raises TypeError. May be made once and asked
    often: what differs are bound parameters."""

    def __init__(self, questions: Mapping[str, Question]) -> None:
        columns = {name: list(query.selected_columns) for name, query in questions.items()}
        places = {name: _places(own) for name, own in columns.items()}
        width = [max(sum(slot == n for slot, _nth in own) for own in places.values()) for n in range(len(_SLOTS))]
        starts = [1 + sum(width[:n]) for n in range(len(_SLOTS))]
        self._statement = Prepared(
            together(*(_widened(name, query, columns[name], places[name], width) for name, query in questions.items()))
        )
        self._readers = {
            name: _reader(columns[name], [starts[slot] + nth for slot, nth in places[name]]) for name in questions
        }

    def ask(self, values: Mapping[str, Any] | None = None) -> dict[str, list[Any]]:
        """The rows of each query, by its name: with the names of the query's own columns, as if each had been asked
        alone, but in no order. ``values`` of bound parameters. One query."""
        found: dict[str, list[Any]] = {name: [] for name in self._readers}
        for row in self._statement.rows(values or {}):
            found[row[0]].append(self._readers[row[0]](row))
        return found


def _places(columns: list[Any]) -> list[tuple[int, int]]:
    """For each column its kind of slot, and which of that kind."""
    found: list[tuple[int, int]] = []
    for column in columns:
        slot = next((n for n, kind in enumerate(_SLOTS) if isinstance(column.type, kind)), None)
        if slot is None:
            raise TypeError(f"{column.name}: {column.type!r} is not asked together with others")
        found.append((slot, sum(other == slot for other, _nth in found)))
    return found


def _widened(
    name: str, query: Question, columns: list[Any], places: list[tuple[int, int]], width: list[int]
) -> Question:
    """The query with its name in front and a place for every column of the others."""
    own = dict(zip(places, columns, strict=True))
    wide: list[ColumnElement[Any]] = [literal(name).label("question")]
    for slot, kind in enumerate(_SLOTS):
        for nth in range(width[slot]):
            column = own.get((slot, nth))
            wide.append(cast(null(), _plain(kind)) if column is None else _as_slot(column))
    return query.with_only_columns(*wide, maintain_column_froms=True)


def _plain(kind: Any) -> Any:
    return _INSTANT if kind is UtcDateTime else kind


def _as_slot(column: Any) -> Any:
    if isinstance(column.type, UtcDateTime):
        return type_coerce(column, _INSTANT)
    return type_coerce(column, String) if isinstance(column.type, Enum) else column


def _reader(columns: list[Any], at: list[int]) -> Callable[[Any], Any]:
    """What makes a row with the query's own names out of a wide one; choices are members of their enumeration again,
    instants are aware."""
    shape: Any = namedtuple("Row", [column.name for column in columns])  # type: ignore[misc]
    turned = [(nth, turn) for nth, column in enumerate(columns) if (turn := _turning(column.type)) is not None]

    def read(row: Any) -> Any:
        values = [row[n] for n in at]
        for nth, turn in turned:
            if values[nth] is not None:
                values[nth] = turn(values[nth])
        return shape._make(values)

    return read


def _turning(kind: Any) -> Callable[[Any], Any] | None:
    if isinstance(kind, UtcDateTime):
        return lambda value: kind.process_result_value(value, None)
    return kind.enum_class if isinstance(kind, Enum) else None
