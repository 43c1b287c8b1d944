"""Everybody's first page: true at that moment, from published data only, and no more than the role may see."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foyer.accounts.models import Role, User
from foyer.accounts.services import grant_house
from foyer.caseload.desk import desk_of
from foyer.caseload.dues import dues_of
from foyer.cycles.models import Enrolment, PlanCaseload, PlanLodging
from foyer.database import db, house_scope
from foyer.intake.models import Agency, AgencyKind, Referral, ReferralState, RefusalGround, ServiceLevel
from foyer.own.models import CorrectionRequest
from foyer.residences.models import Gender, Room, RoomOutage
from foyer.residents.consent import Consent, GivenBy, Purpose
from foyer.residents.models import Stay
from tests.factories import make_user
from tests.queries import count_queries
from tests.today.house import published_house, stand_at

SignIn = Callable[..., FlaskClient]


def test_a_manager_sees_tonight_s_beds_and_what_needs_doing(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_at(monkeypatch, 2027, 1, 6, 9, 0)
    house = published_house(app)
    browser = sign_in(house.users[Role.MANAGER])
    page = browser.get("/").text
    assert 'href="/beds?night=2027-01-06&amp;state=taken"' in page
    assert page.count('class="bed bed--taken"') == 8 + 1  # and the legend's
    assert "nik=none_yet" in page
    beds = browser.get("/beds?night=2027-01-06&state=taken").text
    assert all(name in beds for name in house.names)
    free = browser.get("/beds?night=2027-01-06&state=free").text
    assert "Budi Santoso" not in free


def test_a_manager_is_told_of_residents_for_whom_nobody_answers(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_at(monkeypatch, 2027, 1, 6, 9, 0)
    house = published_house(app)
    browser = sign_in(house.users[Role.MANAGER])
    assert "/counselling/team/nobody" not in browser.get("/").text
    with app.app_context(), house_scope(house.id):
        db.session.delete(db.session.scalars(select(PlanCaseload).limit(1)).one())
        db.session.commit()
    assert "Beri 1 warga binaan seorang pekerja" in browser.get("/").text
    assert "/counselling/team/nobody" in browser.get("/").text


@pytest.mark.parametrize("hour", [7, 9])
def test_clocks_of_hours_are_over_at_their_hour_and_reach_the_manager(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, hour: int
) -> None:
    """Both end on 6 January at 08.00 in Jakarta; before it they are due today, after it they are late."""
    stand_at(monkeypatch, 2027, 1, 6, hour, 0)
    house = published_house(app)
    began = datetime(2027, 1, 3, 1, 0, tzinfo=UTC)
    with app.app_context(), house_scope(house.id):
        resident = db.session.get_one(Enrolment, house.enrolment).stay.resident_id
        about = {"residence_id": house.id, "resident_id": resident}
        consent = Consent(
            **about,
            purpose=Purpose.PHOTO,
            is_given=True,
            given_by=GivenBy.RESIDENT,
            given_on=date(2027, 1, 1),
            withdrawn_at=began,
            stop_by=began + timedelta(hours=72),
        )
        db.session.add_all([consent, CorrectionRequest(**about, wrong="RAHASIA", asked_at=began)])
        db.session.commit()
    manager = unescape(sign_in(house.users[Role.MANAGER]).get("/").text)
    tasks = manager[manager.index('class="rows tasks"') :]
    assert f"/residents/{resident}/consent" in tasks
    assert f"/residents/{resident}/corrections" in tasks
    assert "08.00" in tasks
    assert "RAHASIA" not in manager
    with app.app_context(), house_scope(house.id):
        desk = desk_of(db.session.get_one(User, house.users[Role.COUNSELLOR]), house.id)
        with app.test_request_context():
            found = {due.kind: due for due in dues_of(desk, [resident]) if due.kind in ("consent_stop", "correction")}
            assert {kind: due.days_late(desk.today) for kind, due in found.items()} == dict.fromkeys(found, hour > 8)
            assert len(found) == 2
    own = sign_in(house.users[Role.COUNSELLOR]).get("/").text
    assert ("terlambat sejak hari ini" in own) is (hour > 8)
    assert ("seharusnya sudah" in own) is (hour > 8)
    assert ("seharusnya sudah" in tasks) is (hour > 8)


def test_whoever_was_refused_and_has_no_file_is_told_of_on_both_first_pages(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_at(monkeypatch, 2027, 1, 20, 9, 0)
    house = published_house(app)
    with app.app_context(), house_scope(house.id):
        agency = Agency(residence_id=house.id, name="Dinsos", name_key="dinsos", kind=AgencyKind.SOCIAL)
        db.session.add(agency)
        db.session.flush()
        referral = Referral(residence_id=house.id, year=2027, number=1, agency_id=agency.id, reason="x")
        referral.full_name, referral.name_key, referral.gender = "Sari Wulan", "sari wulan", Gender.FEMALE
        referral.received_on, referral.level = date(2027, 1, 4), ServiceLevel.SECONDARY
        referral.state, referral.ground = ReferralState.REFUSED, RefusalGround.FULL
        referral.decided_on = date(2027, 1, 6)
        db.session.add(referral)
        db.session.commit()
    for role in (Role.MANAGER, Role.COUNSELLOR):
        browser = sign_in(house.users[role])
        page = unescape(browser.get("/").text)
        section = page[page.index('id="referrals"') :].partition("</section>")[0]
        assert 'href="/referrals?show=to_tell"' in section
        assert "1 di antaranya terlambat" in section
        assert "Sari Wulan" not in page, "a count; the name stands in the register"
        assert "Sari Wulan" in browser.get("/referrals?show=to_tell").text
        assert "Sari Wulan" not in browser.get("/referrals?show=to_confirm").text


def test_a_room_out_of_service_is_counted_apart(app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_at(monkeypatch, 2027, 1, 6, 9, 0)
    house = published_house(app)
    with app.app_context(), house_scope(house.id):
        taken = set(db.session.scalars(select(PlanLodging.room_id)))
        empty = next(room for room in db.session.scalars(select(Room)) if room.id not in taken)
        db.session.add(RoomOutage(residence_id=house.id, room_id=empty.id, reason="Atap bocor"))
        db.session.commit()
    assert "Atap bocor" in sign_in(house.users[Role.MANAGER]).get("/beds?night=2027-01-06&state=out").text


def test_before_the_cycle_begins_the_pages_say_so(app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_at(monkeypatch, 2026, 11, 22, 9, 0)
    house = published_house(app)
    assert "night=2027-01-04" in sign_in(house.users[Role.MANAGER]).get("/").text
    for role in (Role.MANAGER, Role.COUNSELLOR, Role.INSTRUCTOR, Role.RESIDENT):
        assert "43" in sign_in(house.users[role]).get("/").text


def test_a_resident_sees_the_next_thing_and_nobody_else(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_at(monkeypatch, 2027, 1, 6, 9, 0)
    house = published_house(app)
    answer = sign_in(house.users[Role.RESIDENT]).get("/")
    assert "Budi" in answer.text
    assert "tel:129" in answer.text
    assert not [name for name in house.names if name != "Budi Santoso" and name in answer.text]
    assert len(gzip.compress(answer.data)) < 12_000
    week = sign_in(house.users[Role.RESIDENT]).get("/week?from=2027-02-02").text
    assert "Hari Uji" in week


def test_a_counsellor_sees_the_own_caseload_with_needs(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_at(monkeypatch, 2027, 1, 6, 9, 0)
    house = published_house(app)
    with app.app_context(), house_scope(house.id):
        enrolment = db.session.scalars(select(Enrolment).where(Enrolment.id == house.enrolment)).one()
        enrolment.stay.needs = ["addiction"]
        db.session.commit()
    page = sign_in(house.users[Role.COUNSELLOR]).get("/").text
    assert "Budi Santoso" in page
    assert "Adiksi" in page or "Addiction" in page


def test_an_instructor_sees_members_of_own_classes_without_needs(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_at(monkeypatch, 2027, 1, 6, 9, 0)
    house = published_house(app)
    browser = sign_in(house.users[Role.INSTRUCTOR])
    assert f"/classes/{house.classes[0]}" in browser.get("/").text
    assert browser.get(f"/classes/{house.classes[0]}").status_code == 200
    assert browser.get(f"/classes/{house.classes[1]}").status_code == 404
    assert browser.get("/residents").status_code == 403


def test_the_office_sees_figures_and_no_names(app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    house = published_house(app)
    with app.app_context():
        office = make_user(None, Role.OFFICE)
        grant_house(office, house.id)
        office_id = office.id
        db.session.commit()
    page = sign_in(office_id).get("/").text
    assert not [name for name in house.names if name in page]
    assert "Panti" in page


def test_an_administrator_sees_accounts(app: Flask, sign_in: SignIn) -> None:
    house = published_house(app)
    assert "/administration" in sign_in(house.users[Role.ADMINISTRATOR]).get("/").text


@pytest.mark.parametrize("role", [Role.COUNSELLOR, Role.INSTRUCTOR, Role.RESIDENT])
def test_a_draft_is_nobody_s_business(app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, role: Role) -> None:
    stand_at(monkeypatch, 2027, 1, 6, 9, 0)
    house = published_house(app, publish=False)
    for address in ("/", "/week"):
        page = sign_in(house.users[role]).get(address).text
        assert "Otomotif" not in page
        assert not [name for name in house.names if name != "Budi Santoso" and name in page]


@pytest.mark.parametrize(
    ("role", "address", "most"),
    [
        (Role.MANAGER, "/", 30),
        (Role.MANAGER, "/beds?night=2027-01-06", 12),
        (Role.COUNSELLOR, "/", 16),
        (Role.INSTRUCTOR, "/", 19),
        (Role.RESIDENT, "/", 17),
    ],
)
def test_first_pages_send_as_many_queries_at_two_hundred_residents_as_at_twenty(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, role: Role, address: str, most: int
) -> None:
    stand_at(monkeypatch, 2027, 1, 6, 9, 0)
    counts = []
    for residents in (20, 200):
        house = published_house(app, residents)
        browser = sign_in(house.users[role])
        with count_queries(app) as seen:
            assert browser.get(address).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= most


def test_several_clocks_lead_to_their_list_and_each_to_its_file(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_at(monkeypatch, 2027, 1, 6, 9, 0)
    house = published_house(app)
    began = datetime(2027, 1, 3, 1, 0, tzinfo=UTC)
    with app.app_context(), house_scope(house.id):
        first, second = db.session.scalars(select(Stay.resident_id).order_by(Stay.resident_id).limit(2)).all()
        for resident, later in ((first, 5), (second, 0)):
            asked_at = began + timedelta(hours=later)
            db.session.add(
                CorrectionRequest(residence_id=house.id, resident_id=resident, wrong="RAHASIA", asked_at=asked_at)
            )
        db.session.commit()
    manager = sign_in(house.users[Role.MANAGER])
    assert "/today/clocks" in manager.get("/").text
    page = manager.get("/today/clocks").text
    assert page.index(f"/residents/{second}/corrections") < page.index(f"/residents/{first}/corrections")
    assert "RAHASIA" not in page
    assert page.count("tag--danger") == 1  # one is late, the other ends at one in the afternoon
    assert sign_in(house.users[Role.COUNSELLOR]).get("/today/clocks").status_code == 403
