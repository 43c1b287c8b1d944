from __future__ import annotations

import subprocess
import sys

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from foyer.audit.models import AuditEntry
from foyer.audit.services import act_as, record_read
from foyer.audit.trail import BulkChangeRefused
from foyer.database import db, house_scope
from foyer.residences.models import Room
from foyer.residents.models import Resident
from tests.factories import make_residence, make_resident, make_room, make_user


def _entries(subject_type: str) -> list[AuditEntry]:
    return list(
        db.session.scalars(select(AuditEntry).where(AuditEntry.subject_type == subject_type).order_by(AuditEntry.id))
    )


def test_a_change_names_old_and_new_value_even_after_a_commit_expired_the_row(app: Flask) -> None:
    with app.app_context():
        residence = make_residence()
        actor = make_user(residence)
        act_as(actor_id=actor.id, residence_id=residence.id)
        room = make_room(residence, beds=3)
        db.session.commit()
        room.beds = 5
        db.session.commit()
        entry = _entries("Room")[-1]
        assert (entry.verb, entry.actor_id, entry.changes) == ("changed", actor.id, {"beds": [3, 5]})


def test_an_identity_number_never_enters_the_trail_nor_lies_open_in_the_database(app: Flask) -> None:
    with app.app_context():
        residence = make_residence()
        resident = make_resident(residence, nik="3275063007102364")
        db.session.commit()
        entry = _entries("Resident")[0]
        assert entry.changes["nik"] == [None, "•••"]
        assert entry.resident_id == resident.id
        stored = db.session.connection().exec_driver_sql("SELECT nik FROM residents").scalar_one()
        assert "3275063007102364" not in stored
        with house_scope(residence.id):
            assert db.session.scalars(select(Resident)).one().nik == "3275063007102364"


def test_reading_a_file_is_written_down_though_the_page_commits_nothing(app: Flask) -> None:
    with app.app_context():
        residence = make_residence()
        resident = make_resident(residence)
        db.session.commit()
        resident_id, residence_id = resident.id, residence.id
        db.session.rollback()  # ends the write transaction that the line above began
        with app.test_request_context("/"), house_scope(residence_id):
            record_read(db.session.get(Resident, resident_id))
            db.session.rollback()
        assert [entry.verb for entry in _entries("Resident")] == ["created", "read"]


def test_a_bulk_change_of_audited_rows_is_refused(app: Flask) -> None:
    with app.app_context(), pytest.raises(BulkChangeRefused):
        db.session.execute(update(Room).values(beds=9))


@pytest.mark.parametrize("statement", ["DELETE FROM audit_entries", "UPDATE audit_entries SET verb = 'x'"])
def test_the_database_refuses_to_touch_the_trail(app: Flask, statement: str) -> None:
    with app.app_context():
        make_residence()
        db.session.commit()
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.connection().exec_driver_sql(statement)


def test_old_values_are_kept_also_where_a_model_was_used_before_the_app_was_made() -> None:
    script = """
import sys, tempfile
from pathlib import Path
from sqlalchemy import inspect
from sqlalchemy.orm import configure_mappers
import foyer.accounts.models, foyer.audit.models, foyer.cycles.models, foyer.residences.models, foyer.residents.models
configure_mappers()
from foyer import create_app
from foyer.config import Settings
create_app(Settings(data=Path(tempfile.mkdtemp()), database_url=""))
from foyer.residences.models import Room
sys.exit(0 if Room.beds.impl.dispatch._active_history else 1)
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
