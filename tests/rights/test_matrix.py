"""The table of rights is what the pages do: every cell is asked for real, as everybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from foyer.accounts.models import Role, User
from foyer.caseload.desk import desk_of
from foyer.caseload.models import Supervision
from foyer.caseload.rights import RIGHTS, Act, Part, Who, relation_to, roles_for
from foyer.caseload.rights_table import rights_table
from foyer.database import db, house_scope
from foyer.residences.models import Staff, StaffKind
from foyer.residents.models import Resident
from tests.conventions.walking import Filled, fill_house, values_of
from tests.factories import make_staff, make_user
from tests.rights.cells import CELLS, ELSEWHERE, OWN

OPENS = {200, 204, 302, 303, 400, 409, 422}  # also a form that was sent empty
DOCUMENT = Path(__file__).parents[2] / "docs" / "rights.md"


@pytest.fixture
def filled(app: Flask) -> Filled:
    with app.app_context():
        return fill_house("Panti Mawar")


@pytest.fixture
def everybody(app: Flask, filled: Filled) -> dict[Who, int]:
    """An account for each relation to the filled house's resident."""
    users = {
        Who.MANAGER: filled.users[Role.MANAGER],
        Who.OWN_COUNSELLOR: filled.users[Role.COUNSELLOR],
        Who.INSTRUCTOR: filled.users[Role.INSTRUCTOR],
        Who.RESIDENT: filled.users[Role.RESIDENT],
        Who.ADMINISTRATOR: filled.users[Role.ADMINISTRATOR],
        Who.OFFICE: filled.users[Role.OFFICE],
    }
    with app.app_context():
        house_id = db.session.get_one(User, users[Who.MANAGER]).residence_id
        with house_scope(house_id):
            resident = db.session.get_one(Resident, filled.ids["resident"])
            for who in (Who.SUPERVISOR, Who.OTHER_COUNSELLOR):
                users[who] = _counsellor(resident.residence_id)
            db.session.add(
                Supervision(
                    residence_id=resident.residence_id,
                    staff_id=filled.ids["staff"],
                    supervisor_id=_staff_of(users[Who.SUPERVISOR]),
                    from_on=date(2020, 1, 1),
                )
            )
        db.session.commit()
    return users


def _counsellor(residence_id: int) -> int:
    from foyer.residences.models import Residence

    residence = db.session.get_one(Residence, residence_id)
    user = make_user(residence, Role.COUNSELLOR)
    make_staff(residence, StaffKind.COUNSELLOR, user_id=user.id)
    return user.id


def _staff_of(user_id: int) -> int:
    return db.session.query(Staff).filter_by(user_id=user_id).one().id


def test_each_relation_is_recognised(app: Flask, filled: Filled, everybody: dict[Who, int]) -> None:
    with app.app_context():
        house_id = db.session.get_one(User, everybody[Who.MANAGER]).residence_id
        with house_scope(house_id):
            found = {
                who: relation_to(desk_of(db.session.get_one(User, user_id), house_id), filled.ids["resident"])
                for who, user_id in everybody.items()
            }
    assert found == {who: who for who in Who}


def test_every_cell_of_the_table_is_what_the_pages_do(
    app: Flask, filled: Filled, everybody: dict[Who, int], sign_in: Callable[[int], FlaskClient]
) -> None:
    wrong = []
    for who in Who:
        browser = sign_in(everybody[who])
        for (part, act), endpoint in (OWN if who is Who.RESIDENT else CELLS).items():
            status = _asked(app, browser, endpoint, filled, act)
            expected = OPENS if act in RIGHTS[part][who] else {403, 404}
            if status not in expected:
                wrong.append((who.value, part.value, act.value, endpoint, status))
    assert wrong == []


def test_residents_reach_no_page_of_the_staff_about_themselves(
    app: Flask, filled: Filled, everybody: dict[Who, int], sign_in: Callable[[int], FlaskClient]
) -> None:
    browser = sign_in(everybody[Who.RESIDENT])
    for (_part, act), endpoint in CELLS.items():
        assert _asked(app, browser, endpoint, filled, act) in {403, 404}, endpoint


def test_every_right_that_the_table_gives_has_a_page(app: Flask) -> None:
    staff = set(Who) - {Who.RESIDENT}
    given = {(part, act) for part in Part for act in Act if any(act in RIGHTS[part][who] for who in staff)}
    own = {(part, act) for part in Part for act in RIGHTS[part][Who.RESIDENT]}
    assert sorted(given - set(CELLS) - ELSEWHERE) == [], "a right without a page: build it, or take it out of the table"
    assert sorted(own - set(OWN)) == []


def test_views_declare_the_roles_of_the_table(app: Flask) -> None:
    for (part, act), endpoint in CELLS.items():
        declared = app.view_functions[endpoint].roles  # type: ignore[attr-defined]
        assert declared <= frozenset.union(*(roles_for(each, act) for each in Part)), endpoint
        assert roles_for(part, act) - {Role.RESIDENT} <= declared, endpoint


def test_the_document_shows_the_table(app: Flask) -> None:
    assert rights_table() in DOCUMENT.read_text(encoding="utf-8"), (
        "run `foyer rights` and put its table into docs/rights.md"
    )


def _asked(app: Flask, browser: FlaskClient, endpoint: str, filled: Filled, act: Act) -> int:
    rule = next(iter(app.url_map.iter_rules(endpoint)))
    method = "GET" if "GET" in (rule.methods or set()) else "POST"
    with app.test_request_context():
        address = url_for(endpoint, **values_of(rule, filled))
    return browser.open(address, method=method).status_code
