"""Long lists in pages: what every list that may grow is cut by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request, url_for
from sqlalchemy import Select, func, select

from foyer.database import db

Row = TypeVar("Row")


@dataclass(frozen=True)
class Paged(Generic[Row]):
    """A page of a list: its rows, how many there are in all, which page of how many."""

    rows: Sequence[Row]
    total: int
    page: int
    pages: int


def cut(rows: Sequence[Row], page: int, size: int) -> Paged[Row]:
    """A page of a list that is known in full; the last one where there are fewer."""
    page, pages = _within(len(rows), page, size)
    return Paged(rows[(page - 1) * size : page * size], len(rows), page, pages)


def cut_query(query: Select[*tuple[Any, ...]], page: int, size: int) -> Paged[Any]:
    """A page of what a query finds, its rows as they are; the query has its order. Two queries."""
    counted = query.order_by(None).subquery()
    total = db.session.scalar(select(func.count()).select_from(counted)) or 0
    page, pages = _within(total, page, size)
    found = db.session.execute(query.limit(size).offset((page - 1) * size))
    return Paged(found.unique().all(), total, page, pages)


def cut_scalars(query: Select[Row], page: int, size: int) -> Paged[Row]:
    """A page of what a query of one kind of row finds; the query has its order. Two queries."""
    found = cut_query(query, page, size)
    return Paged([row[0] for row in found.rows], found.total, found.page, found.pages)


def _within(total: int, page: int, size: int) -> tuple[int, int]:
    pages = max(1, -(-total // size))
    return min(max(1, page), pages), pages


def asked_page(name: str = "page") -> int:
    """Which page the address asks for."""
    return request.args.get(name, 1, type=int)


def this_list(anchor: str | None = None, **changes: Any) -> str:
    """The address of this page with something of what it asks for changed; empty values are left out."""
    args = {**request.args.to_dict(), **changes}
    kept = {name: value for name, value in args.items() if value not in ("", None)}
    return url_for(request.endpoint or "", _anchor=anchor, **{**kept, **(request.view_args or {})})


def page_address(name: str = "page", anchor: str | None = None) -> Callable[[int], str]:
    """The address of another page of a list of this page, by its number."""
    return lambda number: this_list(anchor, **{name: number})
