"""The migrations lead from nothing to the models and back, on both databases."""

from __future__ import annotations

import re

from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import String, cast, func, inspect, select, type_coerce, update

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


SEALED = {
    "stays.needs": ["abh", "trauma"],
    "referrals.needs": ["addiction"],
    "rapid_responses.signs": ["self_harm", "exploited"],
    "aftercare_contacts.answers": {"living": "hard"},
    "stage_reviews.criteria": [{"title": "Menepati kesepakatan", "met": True}],
    "assessment_scores.level": 2,
    "residents.religion": "Katolik",
    "plans.problem": '{"skills_asked": ["abh"]}',
}


def test_what_is_encrypted_now_was_carried_over_and_goes_back_as_it_was(new_house: Settings) -> None:
    app = create_app(new_house)
    columns = [TABLES[name.split(".")[0]].columns[name.split(".")[1]] for name in SEALED]

    def stored(*, plain: bool) -> list[str]:
        with db.engine.connect() as connection:
            asked = [select(cast(column, String) if plain else type_coerce(column, String)) for column in columns]
            return [str(value) for one in asked for value in connection.scalars(one)]

    with app.app_context():
        upgrade()
        fill_house("Panti Mawar")
        for column, value in zip(columns, SEALED.values(), strict=True):
            db.session.execute(update(column.table).values({column: value}))
        db.session.commit()
        assert {text[:4] for text in stored(plain=False)} == {"gAAA"}
        downgrade(revision="0030")
        again = " ".join(stored(plain=True))
        assert all(word in again for word in ("trauma", "addiction", "self_harm", "hard", "Katolik", "skills_asked"))
        upgrade()
        assert {text[:4] for text in stored(plain=False)} == {"gAAA"}
        with db.engine.connect() as connection:
            for column, value in zip(columns, SEALED.values(), strict=True):
                found = list(connection.scalars(select(column)))
                assert found, column
                assert all(one == value for one in found), column
        db.engine.dispose()
