"""No query that reads rows of a house escapes the session's scope, however it is written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased

from foyer.database import ScopeMissing, db, house_scope
from foyer.residences.models import Residence, Room
from tests.factories import make_residence, make_room

_other = aliased(Room)
QUERIES: dict[str, Select] = {
    "entities": select(Room),
    "a column": select(Room.id),
    "an aggregate": select(func.count(Room.id)),
    "a bare count": select(func.count()).select_from(Room),
    "a count over a subquery": select(func.count()).select_from(select(Room.id).subquery()),
    "an alias": select(_other.id),
    "a scalar subquery": select(select(func.count(Room.id)).scalar_subquery()),
    "a condition on another table": select(Residence.id).where(exists().where(Room.residence_id == Residence.id)),
    "a join from another table": select(Residence.id).join(Room, Room.residence_id == Residence.id),
}


@pytest.fixture
def two_houses(app: Flask) -> Iterator[int]:
    with app.app_context():
        empty, other = make_residence(), make_residence()
        make_room(other)
        db.session.commit()
        yield empty.id


@pytest.mark.parametrize("name", QUERIES)
def test_rows_of_another_house_are_out_of_reach(two_houses: int, name: str) -> None:
    with house_scope(two_houses):
        assert db.session.execute(QUERIES[name]).all() in ([], [(0,)])


@pytest.mark.parametrize("name", QUERIES)
def test_rows_of_a_house_are_refused_before_anybody_said_which(two_houses: int, name: str) -> None:
    with pytest.raises(ScopeMissing):
        db.session.execute(QUERIES[name])
