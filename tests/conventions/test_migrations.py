"""The migrations lead from nothing to the models and back, on both databases."""

from __future__ import annotations

import re

from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect

from foyer import create_app
from foyer.config import Settings
from foyer.database import db
from foyer.paths import shipped


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
