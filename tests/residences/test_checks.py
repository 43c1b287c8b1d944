"""Checks of staff: what is missing, over or soon over is said; nothing follows by itself; nothing is deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foyer.accounts.models import Role, User
from foyer.audit.models import AuditEntry
from foyer.database import db, house_scope
from foyer.residences import checks
from foyer.residences.checks import CheckKind, CheckState, StaffCheck
from foyer.residences.models import Residence, StaffKind
from foyer.residences.services import today_in
from tests.factories import make_residence, make_staff, make_user
from tests.queries import count_queries

DAY = date(2027, 2, 1)


@pytest.fixture
def place(app: Flask, sign_in: Callable[..., FlaskClient]) -> SimpleNamespace:
    """A manager, and an instructor with an account; the house asks for two checks."""
    with app.app_context():
        residence = make_residence()
        manager, teacher = make_user(residence), make_user(residence, Role.INSTRUCTOR)
        with house_scope(residence.id):
            head = make_staff(residence, StaffKind.MANAGER, user_id=manager.id, full_name="Kepala Panti")
            staff = make_staff(residence, StaffKind.INSTRUCTOR, user_id=teacher.id, full_name="Guru Las")
            kinds = []
            for name in ("SKCK", "Surat sehat"):
                kind = CheckKind(residence_id=residence.id, name=name, name_key=name.lower())
                db.session.add(kind)
                db.session.flush()
                kinds.append(kind.id)
        ids = {"id": residence.id, "staff": staff.id, "head": head.id, "skck": kinds[0], "health": kinds[1]}
        today = today_in(residence)
        users = manager.id, teacher.id
        db.session.commit()
    found = SimpleNamespace(app=app, today=today, manager_id=users[0], **ids)
    found.browser, found.teacher = sign_in(users[0]), sign_in(users[1])
    return found


def sent(place: SimpleNamespace, **changes: object) -> dict[str, object]:
    usual = {
        "kind_id": place.skck,
        "issuer": "Polsek Tebet",
        "number": "SKCK/YANMAS/77",
        "issued_on": (place.today - timedelta(days=10)).isoformat(),
        "valid_until": (place.today + timedelta(days=170)).isoformat(),
        "seen_by": "Kepala Panti",
    }
    return {**usual, **changes}


def record(place: SimpleNamespace, **changes: object) -> int:
    return place.browser.post(f"/house/staff/{place.staff}/checks", data=sent(place, **changes)).status_code


@pytest.mark.parametrize(
    ("until", "state"),
    [
        (DAY - timedelta(days=1), CheckState.OVER),
        (DAY, CheckState.SOON),
        (DAY + timedelta(days=60), CheckState.SOON),
        (DAY + timedelta(days=61), CheckState.VALID),
        (None, CheckState.VALID),
    ],
)
def test_the_last_day_still_counts_and_sixty_days_before_it_is_soon(until: date | None, state: CheckState) -> None:
    assert checks.state_on(StaffCheck(issued_on=DAY - timedelta(days=300), valid_until=until), DAY) is state


def test_of_several_papers_the_one_that_holds_longest_counts_and_one_taken_back_does_not(
    place: SimpleNamespace,
) -> None:
    assert record(place) == 303
    assert record(place, valid_until=(place.today - timedelta(days=5)).isoformat()) == 303
    with place.app.app_context(), house_scope(place.id):
        rows = {row.staff.id: {one.kind.id: one.state for one in row.kinds} for row in standing(place)}
        assert rows[place.staff] == {place.skck: CheckState.VALID, place.health: CheckState.MISSING}
        assert rows[place.head] == {place.skck: CheckState.MISSING, place.health: CheckState.MISSING}
        longest = db.session.scalars(select(StaffCheck).order_by(StaffCheck.valid_until.desc())).first()
        actor = db.session.get_one(User, place.manager_id)
        with pytest.raises(checks.ReasonMissing):
            checks.withdraw_check(longest, why=" ", actor=actor)
        checks.withdraw_check(longest, why="Punya orang lain", actor=actor)
        with pytest.raises(checks.WithdrawnAlready):
            checks.withdraw_check(longest, why="lagi", actor=actor)
        states = {one.kind.id: one.state for row in standing(place) if row.staff.id == place.staff for one in row.kinds}
        assert states[place.skck] is CheckState.OVER
        assert len(checks.checks_of(place.staff)) == 2  # struck through, never gone


def standing(place: SimpleNamespace) -> list[checks.StaffStanding]:
    return checks.standing_of_house(today_in(db.session.get_one(Residence, place.id)))


def test_what_cannot_be_is_refused_at_its_field(place: SimpleNamespace) -> None:
    ahead = (place.today + timedelta(days=2)).isoformat()
    before = (place.today - timedelta(days=30)).isoformat()
    for wrong in ({"issued_on": ahead}, {"valid_until": before}, {"seen_by": "guru las"}, {"issuer": ""}):
        assert record(place, **wrong) == 422, wrong
    with place.app.app_context(), house_scope(place.id):
        assert db.session.scalars(select(StaffCheck)).all() == []


def test_the_managers_page_says_who_lacks_what_and_filters(place: SimpleNamespace) -> None:
    record(place, valid_until=(place.today + timedelta(days=20)).isoformat())
    record(place, kind_id=place.health, valid_until="")
    whole = place.browser.get("/house/checks").text
    assert "Guru Las" in whole
    assert "Kepala Panti" in whole
    soon = place.browser.get("/house/checks?state=soon").text
    assert "Guru Las" in soon
    assert f'staff/{place.head}/checks"' not in soon
    missing = place.browser.get(f"/house/checks?state=missing&kind={place.skck}").text
    assert f'staff/{place.staff}/checks"' not in missing
    assert "Surat sehat</th>" not in missing
    badge = place.browser.get("/house/staff", headers={"Accept-Language": "id"}).text
    assert "1 orang" in badge  # the head has shown nothing; the instructor's is complete though one ends soon


def test_pages_are_cut_and_the_questions_do_not_grow_with_the_staff(place: SimpleNamespace) -> None:
    with count_queries(place.app) as few:
        place.browser.get("/house/checks")
    with place.app.app_context():
        residence = db.session.get_one(Residence, place.id)
        for number in range(40):
            make_staff(residence, StaffKind.CARER, full_name=f"Pengasuh {number:02}")
        db.session.commit()
    with count_queries(place.app) as many:
        first = place.browser.get("/house/checks").text
    assert len(many) == len(few)
    assert "Pengasuh 01" in first
    assert "Pengasuh 39" not in first
    assert "Pengasuh 39" in place.browser.get("/house/checks?page=2").text


def test_staff_see_their_own_and_nobody_elses_and_the_trail_holds_no_number(place: SimpleNamespace) -> None:
    record(place)
    own = place.teacher.get("/house/checks/mine").text
    assert "SKCK/YANMAS/77" in own
    assert place.teacher.get("/house/checks").status_code == 403
    assert place.teacher.get(f"/house/staff/{place.staff}/checks").status_code == 403
    assert "SKCK/YANMAS/77" not in place.browser.get("/house/checks/mine").text
    with place.app.app_context(), house_scope(place.id):
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.subject_type == "StaffCheck")).one()
        assert entry.changes["issuer"] == [None, "Polsek Tebet"]
        assert "77" not in str(entry.changes["number"])


def test_a_wrong_entry_is_struck_through_with_its_reason(place: SimpleNamespace) -> None:
    record(place)
    with place.app.app_context(), house_scope(place.id):
        row_id = db.session.scalars(select(StaffCheck.id)).one()
    address = f"/house/staff/{place.staff}/checks/{row_id}/withdraw"
    assert place.browser.post(address, data={"why": ""}).status_code == 422
    assert place.browser.post(address, data={"why": "Salah orang"}).status_code == 303
    page = place.browser.get(f"/house/staff/{place.staff}/checks").text
    assert "<s>SKCK</s>" in page
    assert "Salah orang" in page
    assert place.browser.get(f"/house/staff/{place.head}/checks/{row_id}/withdraw").status_code == 404


def test_the_house_keeps_its_own_list(app: Flask, sign_in: Callable[..., FlaskClient]) -> None:
    with app.app_context():
        residence = make_residence()
        manager, house_id = make_user(residence).id, residence.id
        db.session.commit()
    browser = sign_in(manager)
    assert "/house/checks/kinds" in browser.get("/house/checks").text  # empty: where to begin
    for _twice in range(2):
        assert browser.post("/house/checks/kinds/usual").status_code == 302
    with app.app_context(), house_scope(house_id):
        assert len(checks.list_kinds()) == 4
        kind = checks.list_kinds()[0]
        kind_id, name, version = kind.id, kind.name, kind.version
    assert browser.post("/house/checks/kinds", data={"name": name.upper(), "is_active": "y"}).status_code == 422
    assert browser.post("/house/checks/kinds", data={"name": "Bebas napza", "is_active": "y"}).status_code == 303
    address = f"/house/checks/kinds/{kind_id}"
    assert browser.post(address, data={"name": name, "version": version}).status_code == 303  # no longer asked for
    with app.app_context(), house_scope(house_id):
        assert len(checks.list_kinds(active_only=True)) == 4
        assert len(checks.list_kinds()) == 5
    assert browser.post(address, data={"name": "Lain", "version": version}).status_code == 409
