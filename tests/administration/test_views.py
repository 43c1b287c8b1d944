from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foyer.accounts import lockout
from foyer.accounts.models import Role, User
from foyer.accounts.services import grant_house
from foyer.audit.models import AuditEntry
from foyer.database import db, house_scope
from foyer.residences.models import Residence, StaffKind
from foyer.residents.models import Resident
from tests.factories import make_residence, make_resident, make_staff, make_stay, make_user
from tests.queries import count_queries

CODE = re.compile(r"[34679ACDEFGHJKMNPQRTWXY]{4}(?:-[34679ACDEFGHJKMNPQRTWXY]{4}){2}")


@pytest.fixture
def residence_id(app: Flask) -> int:
    with app.app_context():
        residence = make_residence(name="Panti Mawar")
        make_user(residence, Role.ADMINISTRATOR, username="admin.mawar", language="en")
        db.session.commit()
        return residence.id


@pytest.fixture
def desk(app: Flask, residence_id: int, sign_in: Callable[[int], FlaskClient]) -> FlaskClient:
    """The administrator's browser."""
    with app.app_context():
        user = db.session.scalars(select(User).where(User.role == Role.ADMINISTRATOR)).one()
    return sign_in(user.id)


def _house(residence_id: int) -> Residence:
    house = db.session.get(Residence, residence_id)
    assert house is not None
    return house


def _live_here(residence_id: int, *names: str, days: int = 30) -> None:
    today = date.today()
    for name in names:
        resident = make_resident(_house(residence_id), full_name=name)
        make_stay(resident, arrives_on=today - timedelta(days=60), leaves_on=today + timedelta(days=days))
    db.session.commit()


def _batch(page: str) -> str:
    found = re.search(r'name="batch"[^>]*value="(\w+)"', page)
    assert found
    return found[1]


def _account(app: Flask, residence_id: int, role: Role = Role.MANAGER, **values: str) -> int:
    with app.app_context():
        user = make_user(_house(residence_id), role, **values)
        db.session.commit()
        return user.id


def test_the_list_shows_this_house_only_and_can_be_narrowed(app: Flask, desk: FlaskClient, residence_id: int) -> None:
    _account(app, residence_id, username="sari.dewi", display_name="Sari Dewi")
    with app.app_context():
        make_user(make_residence(), display_name="Orang Lain")
        db.session.commit()
    page = desk.get("/administration").text
    assert "Sari Dewi" in page
    assert "Orang Lain" not in page
    assert "2 accounts" in page
    assert "1 account<" in desk.get("/administration?q=DEWI&role=manager&state=open").text
    assert "No account fits" in desk.get("/administration?q=nobody").text
    assert desk.get("/administration?role=xx&state=yy&page=900").status_code == 200


def test_the_house_knows_who_of_the_office_sees_it(app: Flask, desk: FlaskClient, residence_id: int) -> None:
    assert "From the office above" not in desk.get("/administration").text
    with app.app_context():
        grant_house(make_user(None, Role.OFFICE, display_name="Dinas Sosial"), residence_id)
        db.session.commit()
    assert "this house is seen by: Dinas Sosial." in desk.get("/administration").text


def test_the_number_of_queries_does_not_grow_with_the_accounts(
    app: Flask, desk: FlaskClient, residence_id: int
) -> None:
    def queries_with(more: int) -> int:
        with app.app_context():
            for _ in range(more):
                make_user(_house(residence_id))
            db.session.commit()
        with count_queries(app) as seen:
            assert desk.get("/administration").status_code == 200
        return len(seen)

    few = queries_with(5)
    assert queries_with(40) == few <= 12


def test_an_account_is_made_tied_to_a_member_of_staff_and_let_in_with_a_slip(
    app: Flask, desk: FlaskClient, residence_id: int
) -> None:
    with app.app_context():
        staff_id = make_staff(_house(residence_id), full_name="Ratna Wulandari").id
        db.session.commit()
    values = {"display_name": "Ratna Wulandari", "username": "ratna", "role": "counsellor"}
    missing = desk.post("/administration/accounts/new", data={**values, "person": ""})
    assert missing.status_code == 422
    assert "Please choose whose account this is" in missing.text
    made = desk.post("/administration/accounts/new", data={**values, "person": f"staff-{staff_id}"})
    page = desk.get(made.location).text
    answer = desk.post(f"{made.location}/slip", data={"batch": _batch(page)})
    assert answer.headers["Cache-Control"] == "no-store"
    code = CODE.search(answer.text)
    assert code
    phone = app.test_client()
    assert phone.post("/slip", data={"code": code[0]}).location == "/slip/password"


def test_a_name_in_use_is_refused_at_its_field(desk: FlaskClient) -> None:
    values = {"display_name": "Lain", "username": "Admin.Mawar", "role": "manager", "person": ""}
    answer = desk.post("/administration/accounts/new", data=values)
    assert answer.status_code == 422
    assert "Another account has this user name." in answer.text


def test_a_person_has_one_account_and_of_the_right_kind(app: Flask, desk: FlaskClient, residence_id: int) -> None:
    with app.app_context():
        resident_id = make_resident(_house(residence_id)).id
        db.session.commit()
    values = {"display_name": "Eja", "username": "eja", "role": "manager", "person": f"resident-{resident_id}"}
    unfit = desk.post("/administration/accounts/new", data=values)
    assert "Role and person do not fit" in unfit.text
    assert desk.post("/administration/accounts/new", data={**values, "role": "resident"}).status_code == 302
    again = desk.post("/administration/accounts/new", data={**values, "role": "resident", "username": "eja2"})
    assert again.status_code == 422


def test_another_house_s_people_and_accounts_are_out_of_reach(app: Flask, desk: FlaskClient) -> None:
    with app.app_context():
        other = make_residence()
        user_id, staff_id = make_user(other).id, make_staff(other).id
        db.session.commit()
    for act in ("", "/slip", "/pause", "/sessions", "/closed"):
        assert desk.post(f"/administration/accounts/{user_id}{act}", data={"batch": "x"}).status_code == 404
    assert desk.get(f"/administration/accounts/{user_id}").status_code == 404
    values = {"display_name": "X", "username": "xyz", "role": "counsellor", "person": f"staff-{staff_id}"}
    assert desk.post("/administration/accounts/new", data=values).status_code == 422


def test_a_change_on_top_of_somebody_else_s_is_refused(app: Flask, desk: FlaskClient, residence_id: int) -> None:
    user_id = _account(app, residence_id)
    address = f"/administration/accounts/{user_id}"
    values = {"display_name": "Nama Baru", "role": "manager", "person": "", "version": "1"}
    assert desk.post(address, data=values).status_code == 302
    assert desk.post(address, data={**values, "display_name": "Nama Lama"}).status_code == 409
    with app.app_context():
        assert db.session.get(User, user_id).display_name == "Nama Baru"  # type: ignore[union-attr]


def test_an_account_that_becomes_somebody_else_s_opens_nothing_for_the_one_before(
    app: Flask, desk: FlaskClient, residence_id: int, sign_in: Callable[[int], FlaskClient]
) -> None:
    with app.app_context(), house_scope(residence_id):
        first, second = (make_resident(_house(residence_id), full_name=name) for name in ("Satu", "Dua"))
        user = make_user(_house(residence_id), Role.RESIDENT, password="tiga kata aneh")
        first.user_id, user.calendar_token_digest = user.id, "0" * 64
        db.session.commit()
        user_id, other = user.id, second.id
        version = user.version
    before = sign_in(user_id)
    address = f"/administration/accounts/{user_id}"
    values = {"display_name": "Dua", "role": "resident", "person": f"resident-{other}", "version": str(version)}
    assert desk.post(address, data=values).status_code == 302
    assert before.get("/week").status_code == 302
    with app.app_context():
        user = db.session.get(User, user_id)
        assert (user.password_hash, user.calendar_token_digest) == (None, None)  # type: ignore[union-attr]


def test_closing_ends_the_sessions_and_keeps_the_last_administrator(
    app: Flask, desk: FlaskClient, residence_id: int, sign_in: Callable[[int], FlaskClient]
) -> None:
    user_id = _account(app, residence_id)
    theirs = sign_in(user_id)
    assert theirs.get("/account/password").status_code == 200
    desk.post(f"/administration/accounts/{user_id}/closed", data={"closed": "yes"})
    assert theirs.get("/account/password").status_code == 302
    desk.post(f"/administration/accounts/{user_id}/closed", data={"closed": "no"})
    assert sign_in(user_id).get("/account/password").status_code == 200
    with app.app_context():
        own = db.session.scalars(select(User.id).where(User.role == Role.ADMINISTRATOR)).one()
    desk.post(f"/administration/accounts/{own}/closed", data={"closed": "yes"})
    assert "only administrator" in desk.get("/administration").text
    demoted = desk.post(
        f"/administration/accounts/{own}", data={"display_name": "A", "role": "manager", "person": "", "version": "1"}
    )
    assert demoted.status_code == 422


def test_signing_out_everywhere(
    app: Flask, desk: FlaskClient, residence_id: int, sign_in: Callable[[int], FlaskClient]
) -> None:
    user_id = _account(app, residence_id)
    theirs = sign_in(user_id)
    desk.post(f"/administration/accounts/{user_id}/sessions")
    assert theirs.get("/account/password").status_code == 302


def test_a_pause_is_seen_and_lifted(app: Flask, desk: FlaskClient, residence_id: int) -> None:
    user_id = _account(app, residence_id, username="budi")
    with app.app_context():
        for _ in range(5):
            lockout.count_try("budi")
        db.session.commit()
    assert "Paused" in desk.get("/administration").text
    assert "Lift the pause" in desk.get(f"/administration/accounts/{user_id}").text
    desk.post(f"/administration/accounts/{user_id}/pause")
    with app.app_context():
        assert lockout.find_lock("budi") is None
        assert "pause_lifted" in set(db.session.scalars(select(AuditEntry.verb)))


def test_slips_for_all_residents_make_accounts_and_print_each_code_once(
    app: Flask, desk: FlaskClient, residence_id: int
) -> None:
    with app.app_context():
        _live_here(residence_id, "Eja Novitasari", "EJA NOVITASARI", "Bayu Adi")
        _live_here(residence_id, "Sudah Pergi", days=-1)
    page = desk.get("/administration/slips").text
    assert "Residents without an account (3)" in page
    data = {"group": "residents_without", "batch": _batch(page)}
    sheet = desk.post("/administration/slips", data=data)
    assert sheet.headers["Cache-Control"] == "no-store"
    assert len(set(CODE.findall(sheet.text))) == 3
    assert "Sudah Pergi" not in sheet.text
    assert "style=" not in sheet.text
    assert "Print this page now" in sheet.text, "the page speaks the administrator's language"
    assert '<ul class="slips" lang="id">' in sheet.text, "the slips speak the house's"
    for username in ("eja.novitasari", "eja.novitasari2", "bayu.adi"):
        assert f"<dd>{username}</dd>" in sheet.text
    with app.app_context(), house_scope(residence_id):
        tied = db.session.scalars(select(Resident).where(Resident.user_id.is_not(None))).all()
        users = db.session.scalars(select(User).where(User.role == Role.RESIDENT)).all()
        assert len(tied) == len(users) == 3

    again = desk.post("/administration/slips", data=data)
    assert again.status_code == 302, "reloading the sheet makes no new codes"
    page = desk.get("/administration/slips").text
    assert "shown only once. If the sheet is lost" in page
    assert "Residents who have never signed in (3)" in page


def test_the_slip_of_a_restricted_resident_tells_no_name(app: Flask, desk: FlaskClient, residence_id: int) -> None:
    with app.app_context():
        _live_here(residence_id, "Eja Novitasari")
        with house_scope(residence_id):
            db.session.scalars(select(Resident)).one().is_restricted = True
        db.session.commit()
    data = {"group": "residents_without", "batch": _batch(desk.get("/administration/slips").text)}
    sheet = desk.post("/administration/slips", data=data).text
    assert re.search(r"<dd>akun\.\d{4}</dd>", sheet)
    assert "E.N." in sheet
    assert "novitasari" not in sheet.lower()


def test_new_slips_for_those_who_never_signed_in_replace_the_old_ones(
    app: Flask, desk: FlaskClient, residence_id: int
) -> None:
    with app.app_context():
        _live_here(residence_id, "Eja Novitasari")
    first = desk.post("/administration/slips", data={"group": "residents_without", "batch": "1"}).text
    second = desk.post("/administration/slips", data={"group": "residents_waiting", "batch": "2"}).text
    old, new = CODE.search(first), CODE.search(second)
    assert old
    assert new
    phone = app.test_client()
    assert phone.post("/slip", data={"code": old[0]}).status_code == 422
    assert phone.post("/slip", data={"code": new[0]}).status_code == 302


def test_staff_get_the_role_of_their_work(app: Flask, desk: FlaskClient, residence_id: int) -> None:
    with app.app_context():
        house = _house(residence_id)
        make_staff(house, StaffKind.COUNSELLOR, full_name="Ratna Wulandari")
        make_staff(house, StaffKind.TUTOR, full_name="Joko Tutor")
        make_staff(house, StaffKind.CARER, full_name="Mbok Sri")
        db.session.commit()
    sheet = desk.post("/administration/slips", data={"group": "staff_without", "batch": "1"}).text
    assert "Mbok Sri" not in sheet
    with app.app_context():
        roles = dict(db.session.execute(select(User.username, User.role)).all())
        assert roles["ratna.wulandari"] is Role.COUNSELLOR
        assert roles["joko.tutor"] is Role.INSTRUCTOR


def test_administrators_see_names_and_nothing_else_of_residents(
    app: Flask, desk: FlaskClient, residence_id: int
) -> None:
    with app.app_context():
        _live_here(residence_id, "Eja Novitasari")
    pages = desk.get("/administration/accounts/new").text + desk.get("/administration/slips").text
    assert "Eja Novitasari" in pages
    assert "2009" not in pages, "no birth date"
