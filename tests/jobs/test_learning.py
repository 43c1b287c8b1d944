"""The embedded database learns how full its tables are: at the worker's start, then once a day."""

from __future__ import annotations

import pytest
from flask import Flask

from foyer.database import db, house_scope, learn_sizes
from foyer.jobs import worker
from tests.factories import make_residence, make_resident
from tests.queries import count_queries


def _known() -> list[int]:
    """How many residents the database believes to have."""
    found = db.session.connection().exec_driver_sql("SELECT stat FROM sqlite_stat1 WHERE tbl = 'residents'")
    return sorted({int(row[0].split()[0]) for row in found})


def test_sizes_are_learnt_at_the_start_and_again_a_day_later(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(worker.time, "monotonic", lambda: now)
    loop = worker.WorkerLoop(app)
    with app.app_context():
        if db.engine.dialect.name != "sqlite":  # learns by itself
            with count_queries(app) as seen:
                learn_sizes(db.engine)
            assert len(seen) == 0
            return
        house = make_residence()
        known = []
        for passed in (0.0, worker.LEARN_EVERY / 2, worker.LEARN_EVERY):
            with house_scope(house.id):
                for _ in range(10):
                    make_resident(house)
            db.session.commit()
            now = 1000.0 + passed
            loop._learn_sizes()
            known.append(_known())
            db.session.rollback()
    assert known == [[10], [10], [30]]
