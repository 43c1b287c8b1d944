"""The house's pages: a manager adds, changes and removes; what is wrong is said at its field, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.audit.models import AuditEntry
from foyer.database import db, house_scope
from foyer.residences import services
from foyer.residences.models import GridBlock, Holiday, InstructorTrade, Room, Staff, StaffKind, Trade, Venue
from tests.factories import make_residence, make_room, make_staff, make_trade, make_user

ROOM = {"code": "A1", "wing": "Anggrek", "beds": "4", "policy": "female", "minimum_stage": "1"}


@pytest.fixture
def place(app: Flask, sign_in: Callable[..., FlaskClient]) -> SimpleNamespace:
    with app.app_context():
        residence, other = make_residence(), make_residence()
        manager, counsellor = make_user(residence), make_user(residence, Role.COUNSELLOR)
        room, staff = make_room(residence, code="A1"), make_staff(residence, StaffKind.INSTRUCTOR)
        trade = make_trade(residence, "Otomotif")
        elsewhere = make_room(other, code="Z9")
        ids = {"id": residence.id, "room": room.id, "staff": staff.id, "trade": trade.id, "elsewhere": elsewhere.id}
        users = manager.id, counsellor.id
        db.session.commit()
    return SimpleNamespace(app=app, browser=sign_in(users[0]), counsellor=sign_in(users[1]), **ids)


def only(place: SimpleNamespace, kind: type, **where: Any) -> Any:
    with place.app.app_context(), house_scope(place.id):
        return db.session.scalars(select(kind).filter_by(**where)).one()


PAGES = [
    "/house",
    "/house/settings",
    "/house/rooms",
    "/house/rooms/new",
    "/house/staff",
    "/house/staff/new?kind=tutor",
    "/house/trades",
    "/house/trades/new",
    "/house/venues",
    "/house/venues/new",
    "/house/day",
    "/house/day/new",
    "/house/holidays",
    "/house/holidays/new",
    "/pairs",
    "/pairs/new",
]


@pytest.mark.parametrize("page", PAGES)
def test_a_manager_opens_every_page_and_a_counsellor_none(place: SimpleNamespace, page: str) -> None:
    assert place.browser.get(page).status_code == 200
    assert place.counsellor.get(page).status_code == 403


def test_a_room_of_another_house_is_not_found(place: SimpleNamespace) -> None:
    assert place.browser.get(f"/house/rooms/{place.elsewhere}").status_code == 404
    assert place.browser.post(f"/house/rooms/{place.elsewhere}/remove").status_code == 404


def test_a_manager_adds_a_room_and_the_trail_names_it(place: SimpleNamespace) -> None:
    answer = place.browser.post("/house/rooms/new", data={**ROOM, "code": "B7"}, follow_redirects=True)
    assert "B7" in answer.text
    room = only(place, Room, code="B7")
    assert (room.beds, room.wing, room.is_reserve) == (4, "Anggrek", False)
    entry = only(place, AuditEntry, subject_type="Room", subject_id=room.id)
    assert entry.verb == "created"


def test_a_taken_code_is_said_at_the_field_and_what_was_typed_stays(place: SimpleNamespace) -> None:
    answer = place.browser.post("/house/rooms/new", data={**ROOM, "code": "a1", "wing": "Cempaka Baru"})
    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text
    assert "Cempaka Baru" in answer.text


def test_two_who_edit_the_same_room_see_both_versions(place: SimpleNamespace) -> None:
    url = f"/house/rooms/{place.room}"
    assert place.browser.post(url, data={**ROOM, "beds": "5", "version": "1"}).status_code == 302
    answer = place.browser.post(url, data={**ROOM, "beds": "6", "wing": "Melati", "version": "1"})
    assert answer.status_code == 409
    assert only(place, Room, code="A1").beds == 5
    assert "<span>5</span>" in answer.text
    assert "<span>6</span>" in answer.text
    assert 'name="version" type="hidden" value="2"' in answer.text
    assert place.browser.post(url, data={**ROOM, "beds": "6", "wing": "Melati", "version": "2"}).status_code == 302
    assert only(place, Room, code="A1").beds == 6


def test_a_room_goes_out_of_service_and_comes_back(place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "today_in", lambda residence: date(2027, 2, 1))
    url = f"/house/rooms/{place.room}"
    outage = {"reason": "Pipa bocor", "from_on": "2027-01-20", "until_on": ""}
    assert place.browser.post(f"{url}/outages", data=outage).status_code == 302
    overlap = place.browser.post(f"{url}/outages", data={"reason": "cat", "from_on": "2027-03-01", "until_on": ""})
    assert overlap.status_code == 422
    page = place.browser.get(url)
    assert "Pipa bocor" in page.text
    with place.app.app_context(), house_scope(place.id):
        outage_id = db.session.scalars(select(Room).where(Room.id == place.room)).one().outages[0].id
    place.browser.post(f"{url}/outages/{outage_id}/end")
    with place.app.app_context(), house_scope(place.id):
        outages = db.session.scalars(select(Room).where(Room.id == place.room)).one().outages
        assert [(o.from_on, o.until_on) for o in outages] == [(date(2027, 1, 20), date(2027, 2, 1))]


def test_staff_have_skills_trades_and_hours_of_their_own(place: SimpleNamespace) -> None:
    url = f"/house/staff/{place.staff}"
    form = {
        "full_name": "Eli Tamba",
        "kind": "instructor",
        "gender": "female",
        "skills": ["trauma"],
        "trades": [str(place.trade)],
        "is_active": "y",
        "version": "1",
    }
    assert place.browser.post(url, data=form).status_code == 302
    friday = {"weekdays": ["4"], "start_minute": "", "end_minute": ""}
    assert place.browser.post(f"{url}/unavailabilities", data=friday).status_code == 302
    assert place.browser.post(f"{url}/unavailabilities", data=friday).status_code == 422
    with place.app.app_context(), house_scope(place.id):
        staff = db.session.scalars(select(Staff).where(Staff.id == place.staff)).one()
        assert (staff.full_name, staff.skills) == ("Eli Tamba", ["trauma"])
        assert [link.trade_id for link in staff.trades] == [place.trade]
        assert [(u.weekday, u.start_minute, u.end_minute) for u in staff.unavailabilities] == [(4, 0, 1440)]
        version = staff.version
    without = {**form, "trades": [], "version": str(version)}
    assert place.browser.post(url, data=without).status_code == 302
    assert only(place, Staff, id=place.staff).version == version + 1  # the rows below it changed
    assert place.browser.post(url, data=form).status_code == 409


def test_a_trade_in_use_stays_and_spellings_belong_to_one_trade(place: SimpleNamespace) -> None:
    welding = {"name": "Pengelasan", "aliases": "Las\nlas listrik \n"}
    assert place.browser.post("/house/trades/new", data=welding).status_code == 302
    assert only(place, Trade, name="Pengelasan").aliases == ["las", "las listrik"]
    assert place.browser.post("/house/trades/new", data={"name": "Las", "aliases": ""}).status_code == 422
    both = {"name": "Otomotif", "aliases": "Las Listrik", "version": "1"}
    assert place.browser.post(f"/house/trades/{place.trade}", data=both).status_code == 422
    form = {"full_name": "Eli", "kind": "instructor", "trades": [str(place.trade)], "is_active": "y", "version": "1"}
    place.browser.post(f"/house/staff/{place.staff}", data=form)
    place.browser.post(f"/house/trades/{place.trade}/remove")
    assert only(place, Trade, id=place.trade)


def test_a_block_is_added_on_several_days_and_never_over_another(place: SimpleNamespace) -> None:
    form = {
        "name": "Kegiatan",
        "kind": "activity",
        "start_minute": "08:00",
        "end_minute": "10:00",
        "weekdays": ["0", "1"],
    }
    assert place.browser.post("/house/day/new", data=form).status_code == 302
    assert place.browser.post("/house/day/new", data={**form, "weekdays": ["1", "2"]}).status_code == 422
    with place.app.app_context(), house_scope(place.id):
        blocks = db.session.scalars(select(GridBlock).order_by(GridBlock.weekday)).all()
        assert [(b.weekday, b.start_minute, b.end_minute) for b in blocks] == [(0, 480, 600), (1, 480, 600)]
        block_id = blocks[0].id
    late = {**form, "weekday": "0", "start_minute": "21:30", "end_minute": "00:00", "version": "1"}
    assert place.browser.post(f"/house/day/{block_id}", data=late).status_code == 302
    assert only(place, GridBlock, id=block_id).end_minute == 1440
    assert place.browser.post(f"/house/day/{block_id}/remove").status_code == 302
    assert only(place, GridBlock).weekday == 1


def test_public_holidays_are_added_once(place: SimpleNamespace) -> None:
    for _ in range(2):
        assert place.browser.post("/house/holidays/public", data={"year": "2027"}).status_code == 302
    with place.app.app_context(), house_scope(place.id):
        days = [holiday.on for holiday in db.session.scalars(select(Holiday))]
    assert len(days) == len(set(days)) > 10
    assert date(2027, 8, 17) in days
    assert place.browser.post("/house/holidays/new", data={"on": "2027-08-17", "name": "x"}).status_code == 422


def test_a_place_needs_a_name_of_its_own(place: SimpleNamespace) -> None:
    assert place.browser.post("/house/venues/new", data={"name": "Aula", "seats": ""}).status_code == 302
    assert place.browser.post("/house/venues/new", data={"name": " AULA ", "seats": "9"}).status_code == 422
    assert only(place, Venue).seats is None


def test_the_settings_refuse_ages_in_the_wrong_order(place: SimpleNamespace) -> None:
    form = {
        "name": "Taruna",
        "resident_word": "penghuni",
        "youngest_age": "18",
        "oldest_age": "15",
        "appointment_minutes": "45",
        "appointment_every_weeks": "2",
        "withdrawal_hours": "72",
        "withdrawal_source": "UU 27/2022",
        "answer_hours": "72",
        "answer_source": "UU 27/2022",
        "version": "1",
    }
    assert place.browser.post("/house/settings", data=form).status_code == 422
    assert place.browser.post("/house/settings", data={**form, "oldest_age": "21"}).status_code == 302


def test_natural_order_puts_a2_before_a10() -> None:
    assert sorted(["A10", "B1", "A2"], key=services.natural) == ["A2", "A10", "B1"]


def test_a_qualification_gets_its_last_day(place: SimpleNamespace) -> None:
    url = f"/house/staff/{place.staff}/qualifications/{place.trade}"
    assert place.browser.post(url, data={f"t{place.trade}-until_on": "2027-03-01"}).status_code == 404  # not taught
    data = {"full_name": "Pak Adi", "kind": "instructor", "is_active": "y", "trades": place.trade, "version": "1"}
    assert place.browser.post(f"/house/staff/{place.staff}", data=data).status_code == 302
    assert place.browser.post(url, data={f"t{place.trade}-until_on": "2027-03-01"}).status_code == 302
    assert only(place, InstructorTrade).until_on == date(2027, 3, 1)
    assert 'value="2027-03-01"' in place.browser.get(f"/house/staff/{place.staff}").text
    place.browser.post(url, data={f"t{place.trade}-until_on": "soon"})
    assert only(place, InstructorTrade).until_on == date(2027, 3, 1)
    place.browser.post(url, data={f"t{place.trade}-until_on": ""})
    assert only(place, InstructorTrade).until_on is None


def test_a_room_is_given_up_from_a_night_on_and_keeps_its_page(
    place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "today_in", lambda residence: date(2027, 2, 10))
    url = f"/house/rooms/{place.room}"
    room = only(place, Room, id=place.room)
    form = {"code": room.code, "beds": "4", "policy": room.policy.value, "minimum_stage": "1"}
    assert place.browser.post(url, data={**form, "ended_on": "2027-02-10", "version": "1"}).status_code == 302
    assert only(place, Room, id=place.room).ended_on == date(2027, 2, 10)
    listed = place.browser.get("/house/rooms").text
    assert "Kamar yang sudah dilepas panti" in listed
    assert listed.index("Kamar yang sudah dilepas panti") < listed.index(f'href="{url}"')
    assert "Setelah itu tidak ada lagi yang tidur di sana" in place.browser.get(url).text
    assert place.browser.post(url, data={**form, "ended_on": "", "version": "2"}).status_code == 302
    assert "Kamar yang sudah dilepas panti" not in place.browser.get("/house/rooms").text
