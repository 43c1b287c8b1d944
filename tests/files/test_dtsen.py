"""The list by identity number for the national social data."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.audit.models import AuditEntry
from foyer.clock import today_in
from foyer.database import db, house_scope
from foyer.residents.models import DtsenStatus
from tests.factories import make_residence, make_resident, make_stay, make_user

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def house(app: Flask) -> SimpleNamespace:
    """Five with different reasons to stand in the list or not, and one of another house."""
    with app.test_request_context(method="POST"):
        residence, other = make_residence(), make_residence()
        users = {role: make_user(residence, role).id for role in (Role.MANAGER, Role.COUNSELLOR)}
        today = today_in(residence.time_zone)
        ids = []
        for house, name, values, until in (
            (residence, "Bima Satria", {"nik": "3174010101100001", "dtsen": DtsenStatus.VERIFIED}, 30),
            (residence, "=Citra Lestari", {"nik": "0174010101100002"}, 30),
            (residence, "Dodi Wijaya", {}, 30),
            (residence, "Eka Rahasia", {"nik": "3174010101100004", "is_restricted": True}, 30),
            (residence, "Fajar Pergi", {"nik": "3174010101100005"}, -1),
            (other, "Gita Lain", {"nik": "3174010101100006"}, 30),
        ):
            with house_scope(house.id):
                resident = make_resident(house, full_name=name, **values)
                make_stay(resident, arrives_on=today - timedelta(days=60), leaves_on=today + timedelta(days=until))
                ids.append(resident.id)
        db.session.commit()
        return SimpleNamespace(users=users, ids=ids)


def test_the_list_has_whoever_lives_here_with_a_number_and_is_not_restricted(
    app: Flask, house: SimpleNamespace, sign_in: SignIn
) -> None:
    head = sign_in(house.users[Role.MANAGER])
    page = head.get("/residents/dtsen").text
    assert "3174010101100001" not in page
    assert "Eka" not in page
    sheet = load_workbook(io.BytesIO(head.post("/residents/dtsen").data))["DTSEN"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert {row[:2] for row in rows} == {
        ("3174010101100001", "Bima Satria"),
        ("0174010101100002", "=Citra Lestari"),
    }
    assert {cell.data_type for line in sheet.iter_rows() for cell in line if cell.value} == {"s"}
    with app.app_context():
        taken = select(AuditEntry.resident_id).where(AuditEntry.verb == "exported")
        assert sorted(db.session.scalars(taken)) == sorted(house.ids[:2])


def test_only_managers_take_it(house: SimpleNamespace, sign_in: SignIn) -> None:
    counsellor = sign_in(house.users[Role.COUNSELLOR])
    assert counsellor.get("/residents/dtsen").status_code == 403
    assert counsellor.post("/residents/dtsen").status_code == 403
