"""A file whose period is over is destroyed by two people: what told of the person is gone from the database, the
certificate and the figures stay."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import JSON, String, cast, func, inspect, select, type_coerce, update
from sqlalchemy.exc import DBAPIError

from foyer.accounts.models import Role, User
from foyer.audit.models import AuditEntry
from foyer.audit.services import act_as
from foyer.database import Base, EncryptedBytes, EncryptedText, db, house_scope
from foyer.incidents.models import IncidentPerson
from foyer.leaving.destruction_models import Destruction, DestructionState
from foyer.leaving.models import LeavingRules, LegalHold
from foyer.residents.models import Resident, Stay
from foyer.unsent.models import UnsentForm
from tests.conventions.walking import Filled
from tests.rights.test_confidential import Secret
from tests.rights.test_confidential import secrets as secrets
from tests.rights.test_matrix import filled as filled

SignIn = Callable[[int], FlaskClient]
NAME, TYPED = "Zulaikha Rahasianama", "RAHASIATERTULIS"
STAYS: Any = Stay.__table__
LATER = date(2060, 1, 4)
COUNTED = {"ppks_marks.code", "merges.moved"}  # a kind is a figure; of a merge an empty journal is left


@pytest.fixture
def old_file(app: Flask, filled: Filled, secrets: list[Secret]) -> int:
    """A file as full as can be, thirty years later; its id."""
    id_ = filled.ids["resident"]
    with app.test_request_context(method="POST"), app.app_context():
        house = db.session.get_one(User, filled.users[Role.MANAGER]).residence_id
        assert house is not None
        act_as(actor_id=filled.users[Role.MANAGER], residence_id=house)
        with house_scope(house):
            found = db.session.get_one(Resident, id_)
            found.full_name, found.birth_place, found.religion = NAME, TYPED, TYPED
            found.name_key = "zulaikha rahasianama"
            for stay in found.stays:
                stay.needs = ["trauma"]
            db.session.add(LeavingRules(residence_id=house, keep_years=5, keep_source="JRA contoh", tries=3))
            db.session.add(
                UnsentForm(
                    user_id=filled.users[Role.COUNSELLOR], address=f"/residents/{id_}/letters/new/leave", fields=TYPED
                )
            )
            db.session.commit()
    app.config["FOYER"] = app.config["FOYER"].model_copy(update={"demonstration_day": LATER})
    return id_


def raw(app: Flask) -> str:
    """Every readable value of the whole database, as the database itself holds it."""
    found = []
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, String | JSON) and not isinstance(column.type, EncryptedText):
                found += db.session.execute(select(cast(type_coerce(column, String), String))).scalars()
    return " ".join(str(value).lower() for value in found)


def words_about(resident_id: int) -> list[str]:
    """Every encrypted word in rows that name this resident, read with the key, as column and value."""
    found = []
    for table in Base.metadata.sorted_tables:
        if "resident_id" not in table.columns:
            continue
        for column in table.columns:
            if isinstance(column.type, EncryptedText | EncryptedBytes):
                values = db.session.execute(select(column).where(table.c.resident_id == resident_id)).scalars()
                found += [f"{table.name}.{column.name}" for value in values if value]
    return sorted({*found} - COUNTED)


def test_a_file_is_destroyed_by_two_people_and_nothing_of_the_person_is_left(
    app: Flask, filled: Filled, old_file: int, sign_in: SignIn
) -> None:
    manager, admin = sign_in(filled.users[Role.MANAGER]), sign_in(filled.users[Role.ADMINISTRATOR])
    sure = {"is_sure": "y"}
    with app.app_context():
        assert words_about(old_file)
        assert NAME.lower() in raw(app)
        stays = db.session.scalar(select(func.count()).select_from(STAYS))
    held = manager.post(f"/residents/{old_file}/destroy", data=sure)
    assert held.status_code == 422  # under a hold
    hold = filled.ids["hold"]
    manager.post(f"/residents/{old_file}/hold/{hold}/lift", data={"reason": "Perkara selesai", "version": "1"})
    assert "Zulaikha" in manager.get(f"/residents/{old_file}/destroy").text
    assert manager.post(f"/residents/{old_file}/destroy", data={}).status_code == 422  # the box
    assert manager.post(f"/residents/{old_file}/destroy", data=sure).status_code == 302
    assert manager.post(f"/residents/{old_file}/destroy", data=sure).status_code == 422  # once
    with app.app_context():
        query = select(Destruction.__table__.c.id).where(Destruction.__table__.c.resident_id == old_file)
        row = db.session.execute(query).scalar_one()
    at = f"/destructions/{row}"
    data = {**sure, "version": "1"}
    assert manager.post(at, data=data).status_code == 422  # not the same person
    assert admin.get(f"/residents/{old_file}").status_code in (403, 404)
    assert "Zulaikha" not in admin.get(at).text + admin.get("/destructions").text
    assert sign_in(filled.users[Role.COUNSELLOR]).post(at, data=data).status_code == 403
    assert admin.post(at, data=data).status_code == 302
    with app.app_context():
        assert words_about(old_file) == []
        left = raw(app)
        for planted in (NAME, "rahasianama", TYPED):
            assert planted.lower() not in left
        needs = select(STAYS.c.needs).where(STAYS.c.resident_id == old_file)
        assert db.session.execute(needs).scalars().all() == [[]]
        assert db.session.scalar(select(func.count()).select_from(STAYS)) == stays  # figures stand
        acts = select(AuditEntry.verb).where(AuditEntry.resident_id == old_file)
        assert "destroyed" in db.session.scalars(acts).all()
        if db.engine.dialect.name == "sqlite":
            path = str(db.engine.url.database)
            db.session.remove()
            db.engine.dispose()
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            with open(path, "rb") as file:
                content = file.read().lower()
            assert b"rahasianama" not in content
            assert TYPED.lower().encode() not in content
    assert manager.get(f"/residents/{old_file}").status_code == 404
    answer = admin.get(f"{at}/certificate.pdf")
    said = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    for part in ("001/BAP/2060", "JRA contoh", f"{old_file}", "4 Januari 2060"):
        assert part in said
    assert "Zulaikha" not in said
    assert "001/BAP/2060" in manager.get("/destructions").text
    assert admin.post(at, data={**sure, "version": "9"}).status_code in (409, 422)  # once


def test_an_incident_of_several_people_stays_and_the_certificate_says_so(
    app: Flask, filled: Filled, old_file: int, sign_in: SignIn
) -> None:
    people, incidents = IncidentPerson.__table__, Base.metadata.tables["incidents"]
    with app.app_context():
        known = db.session.execute(select(people).where(people.c.resident_id == old_file)).mappings().first()
        assert known is not None
        other = {**known, "resident_id": filled.ids["stranger"]}
        other.pop("id")
        db.session.execute(people.insert().values(**other))
        db.session.execute(update(LegalHold.__table__).values(lifted_on=LATER))
        db.session.commit()
    manager, admin = sign_in(filled.users[Role.MANAGER]), sign_in(filled.users[Role.ADMINISTRATOR])
    manager.post(f"/residents/{old_file}/destroy", data={"is_sure": "y"})
    with app.app_context():
        destructions = Destruction.__table__
        row = db.session.execute(select(destructions.c.id).where(destructions.c.resident_id == old_file)).scalar_one()
    assert admin.post(f"/destructions/{row}", data={"is_sure": "y", "version": "1"}).status_code == 302
    with app.app_context():
        account = select(incidents.c.account).where(incidents.c.id == known["incident_id"])
        assert db.session.execute(account).scalar_one()
        kept = db.session.execute(select(destructions.c.kept).where(destructions.c.id == row)).scalar_one()
        assert ["incidents", 1] in kept


def test_before_its_period_is_over_nothing_can_be_proposed_and_the_database_keeps_the_trail(
    app: Flask, filled: Filled, old_file: int, sign_in: SignIn
) -> None:
    with app.app_context():
        db.session.execute(update(LegalHold.__table__).values(lifted_on=LATER))
        db.session.execute(update(LeavingRules.__table__).values(keep_years=90))
        db.session.commit()
    manager = sign_in(filled.users[Role.MANAGER])
    assert manager.post(f"/residents/{old_file}/destroy", data={"is_sure": "y"}).status_code == 422
    trail: Any = inspect(AuditEntry).local_table
    with app.app_context(), pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(update(trail).where(trail.c.resident_id == old_file).values(changes={}))
    with app.app_context():
        assert DestructionState.ERASING not in db.session.execute(select(Destruction.__table__.c.state)).scalars().all()


def test_a_page_that_would_be_refused_says_why_and_has_no_button(
    app: Flask, filled: Filled, old_file: int, sign_in: SignIn
) -> None:
    manager, admin = sign_in(filled.users[Role.MANAGER]), sign_in(filled.users[Role.ADMINISTRATOR])
    button, proposed = 'name="is_sure"', "menunggu orang kedua"

    def page(browser: FlaskClient, address: str) -> str:
        answer = browser.get(address, headers={"Accept-Language": "id"})
        assert answer.status_code == 200
        return " ".join(answer.text.split())

    def hold(lifted_on: date | None) -> None:
        with app.app_context():
            db.session.execute(update(LegalHold.__table__).values(lifted_on=lifted_on))
            db.session.commit()

    def rules(years: int | None) -> None:
        with app.app_context():
            db.session.execute(update(LeavingRules.__table__).values(keep_years=years))
            db.session.commit()

    at = f"/residents/{old_file}/destroy"
    held = page(manager, at)
    assert "ditahan" in held.lower()
    hold(LATER)
    rules(90)
    for said, years in (("Masa simpan berkas ini belum berakhir", 90), ("belum menetapkan", None)):
        rules(years)
        found = page(manager, at)
        assert said in found
        assert button not in found
    rules(5)
    app.config["FOYER"] = app.config["FOYER"].model_copy(update={"demonstration_day": date(2027, 1, 13)})
    living = page(manager, at)
    assert "belum selesai" in living
    assert button not in held + living
    assert manager.post(at, data={"is_sure": "y"}).status_code == 422
    app.config["FOYER"] = app.config["FOYER"].model_copy(update={"demonstration_day": LATER})
    assert button in page(manager, at)
    assert manager.post(at, data={"is_sure": "y"}).status_code == 302
    again = page(manager, at)
    assert proposed in again
    assert button not in again
    with app.app_context():
        table = Destruction.__table__
        row = db.session.execute(select(table.c.id).where(table.c.resident_id == old_file)).scalar_one()
    assert button in page(admin, f"/destructions/{row}")
    hold(None)
    kept = page(admin, f"/destructions/{row}")
    assert "ditahan" in kept.lower()
    assert button not in kept
