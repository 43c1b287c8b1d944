"""The migrations lead from nothing to the models and back, on both databases."""

from __future__ import annotations

import re

from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import func, inspect, select

from foyer import create_app
from foyer.config import Settings
from foyer.database import db
from foyer.paths import shipped
from tests.conventions.walking import fill_house

TABLES = db.metadata.tables
FIRST = "0001"


def rows(app: Flask) -> dict[str, int]:
    """How many rows each table has, but for those that a migration below head does not know."""
    with app.app_context():
        counts = {name: db.session.scalar(select(func.count()).select_from(table)) for name, table in TABLES.items()}
        db.engine.dispose()
    return {name: count or 0 for name, count in counts.items()}


def tables(app: Flask) -> set[str]:
    with app.app_context():
        found = set(inspect(db.engine).get_table_names())
        db.engine.dispose()
    return found - {"alembic_version"}


def test_there_is_one_head_and_the_files_follow_their_numbers() -> None:
    directory = ScriptDirectory(str(shipped("migrations")))
    assert len(directory.get_heads()) == 1
    revisions = [script.revision for script in directory.walk_revisions()]
    assert revisions == sorted(revisions, reverse=True)
    assert all(re.fullmatch(r"\d{4}", revision) for revision in revisions)


def test_an_empty_database_goes_to_head_and_back_and_to_head_again(new_house: Settings) -> None:
    app = create_app(new_house)
    with app.app_context():
        upgrade()
    at_head = tables(app)
    assert at_head == set(db.metadata.tables)
    with app.app_context():
        downgrade(revision="base")
    assert tables(app) == set()
    with app.app_context():
        upgrade()
        check()  # ends the process where a migration is missing
    assert tables(app) == at_head


def test_a_house_with_residents_and_plans_keeps_every_row_through_all_migrations(new_house: Settings) -> None:
    app = create_app(new_house)
    with app.app_context():
        upgrade()
        fill_house("Panti Mawar")
        db.session.commit()
    before = rows(app)
    assert min(before[name] for name in ("residents", "plans", "plan_seats", "users")) > 0
    with app.app_context():
        downgrade(revision=FIRST)
        of_old = set(inspect(db.engine).get_table_names())
        upgrade()
    after = rows(app)
    assert {name: after[name] for name in of_old & after.keys()} == {
        name: before[name] for name in of_old & before.keys()
    }
