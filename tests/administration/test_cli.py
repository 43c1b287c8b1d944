from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from foyer.accounts.models import Role, User
from foyer.accounts.services import houses_of_office
from foyer.administration.cli import (
    create_residence_command,
    create_user_command,
    office_house_command,
    slip_command,
)
from foyer.database import db
from foyer.residences.models import Residence
from tests.factories import make_residence, make_user

ANIS = ["--role", "administrator", "--username", "Anis", "--name", "Anis Rahma"]


def _run(app: Flask, command: object, *arguments: str, typed: str = "") -> tuple[int, str]:
    result = app.test_cli_runner().invoke(command, list(arguments), input=typed)  # type: ignore[arg-type]
    return result.exit_code, result.output


def test_a_house_and_its_administrator_are_made_at_the_machine(app: Flask) -> None:
    code, said = _run(app, create_residence_command, "--name", "PSBR Taruna Jaya 1", typed="\n")
    assert (code, "psbr-taruna-jaya-1" in said) == (0, True)
    code, said = _run(app, create_user_command, *ANIS, typed="anis\nanis\ntiga burung pipit\ntiga burung pipit\n")
    assert code == 0
    assert "too easy to guess" in said
    with app.app_context():
        user = db.session.scalars(select(User)).one()
        house = db.session.scalars(select(Residence)).one()
        assert (user.username, user.role, user.residence_id) == ("anis", Role.ADMINISTRATOR, house.id)
        assert user.password_hash is not None
    assert _run(app, create_residence_command, "--name", "PSBR Taruna Jaya 1", typed="\n")[0] == 1
    assert _run(app, create_user_command, *ANIS, "--slip")[0] == 1


def test_an_account_needs_a_house_and_the_right_one(app: Flask) -> None:
    code, said = _run(app, create_user_command, *ANIS, "--slip")
    assert (code, "create-residence" in said) == (1, True)
    with app.app_context():
        make_residence(code="satu")
        make_residence(code="dua")
        db.session.commit()
    code, said = _run(app, create_user_command, *ANIS, "--slip")
    assert (code, "dua, satu" in said or "satu, dua" in said) == (1, True)
    code, said = _run(app, create_user_command, *ANIS, "--slip", "--house", "dua")
    assert (code, "one-time code" in said) == (0, True)


def test_the_office_is_given_houses_and_loses_them(app: Flask) -> None:
    with app.app_context():
        first, second = make_residence(code="satu").id, make_residence(code="dua").id
        db.session.commit()
    office = ["--role", "office", "--username", "dinsos", "--name", "Dinas Sosial", "--slip"]
    assert _run(app, create_user_command, *office, "--house", "satu")[0] == 0
    assert _run(app, office_house_command, "dinsos", "dua")[0] == 0
    assert _run(app, office_house_command, "dinsos", "satu", "--withdraw")[0] == 0
    with app.app_context():
        user = db.session.scalars(select(User)).one()
        assert user.residence_id is None
        assert houses_of_office(user) == (second,)
        assert first != second


def test_a_slip_for_an_administrator_who_is_locked_out(app: Flask) -> None:
    with app.app_context():
        make_user(make_residence(), Role.ADMINISTRATOR, username="anis")
        db.session.commit()
    code, said = _run(app, slip_command, "anis")
    assert (code, "One-time code for anis" in said) == (0, True)
    assert _run(app, slip_command, "siapa")[0] == 1
