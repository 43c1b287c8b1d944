"""What a resident with a disability needs: written and confirmed by the team, read as something to do by those who
teach the resident, printed large, and taken along."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foyer.accounts.models import Role, User
from foyer.audit.models import AuditEntry
from foyer.caseload.desk import desk_of
from foyer.caseload.dues import dues_of
from foyer.cycles.models import Plan
from foyer.cycles.print_pdf import pdf_of
from foyer.cycles.prints import load_printed, sheets_of
from foyer.database import db, house_scope
from foyer.residences.accommodating import accommodations_offered
from foyer.residences.models import Residence
from foyer.residents.accommodations import Accommodation
from tests.factories import make_staff, make_user
from tests.training.test_views import house as house

SignIn = Callable[..., FlaskClient]
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def pages(sign_in: SignIn, house: SimpleNamespace) -> SimpleNamespace:
    """Who is asked, and the address of a member of the instructor's class."""
    resident = house.members[0]
    return SimpleNamespace(
        manager=sign_in(house.users[Role.MANAGER]),
        teacher=sign_in(house.users[Role.INSTRUCTOR]),
        resident=resident,
        address=f"/residents/{resident}/accommodations",
    )


def write(pages: SimpleNamespace, **more: str) -> int:
    sent = {"what": "longer_time", "how": "half an hour more", "is_for_class": "y", **more}
    return int(pages.manager.post(f"{pages.address}/new", data=sent).status_code)


def only(app: Flask, house: SimpleNamespace) -> SimpleNamespace:
    with app.app_context(), house_scope(house.id):
        row = db.session.scalars(select(Accommodation)).one()
        return SimpleNamespace(id=row.id, version=row.version, what=row.what, on=row.confirmed_on, ended=row.ended_on)


def due_on(app: Flask, house: SimpleNamespace) -> list[date]:
    """When what is needed to take part is due to be looked at again."""
    with app.test_request_context(), house_scope(house.id):
        desk = desk_of(db.session.get_one(User, house.users[Role.MANAGER]), house.id)
        return [due.due_on for due in dues_of(desk, None) if due.kind == "accommodation"]


def test_those_who_teach_the_resident_read_what_is_marked_for_them(
    app: Flask, sign_in: SignIn, house: SimpleNamespace, pages: SimpleNamespace
) -> None:
    assert write(pages) == 302
    assert write(pages, what="own", own_words="Kursi dekat pintu", is_for_class="", how="") == 302
    assert write(pages) == 422  # the same twice
    assert write(pages, what="own", own_words=" ") == 422
    for address in (house.address, f"/classes/{house.classes[0]}", pages.address):
        text = pages.teacher.get(address, headers=ENGLISH).text
        assert "Needs longer time at tests and tasks" in text, address
        assert "half an hour more" in text, address
        assert "Kursi dekat pintu" not in text, address
    assert "Kursi dekat pintu" in pages.manager.get(pages.address, headers=ENGLISH).text
    with app.app_context():
        read = select(AuditEntry.actor_id).where(
            AuditEntry.subject_type == "Accommodation", AuditEntry.verb == "read", AuditEntry.resident_id.is_not(None)
        )
        assert house.users[Role.INSTRUCTOR] in set(db.session.scalars(read))
        residence = db.session.get_one(Residence, house.id)
        other = make_user(residence, Role.INSTRUCTOR)
        with house_scope(house.id):
            make_staff(residence, "instructor", user_id=other.id)
        db.session.commit()
        other_id = other.id
    stranger = sign_in(other_id)
    assert stranger.get(pages.address).status_code == 404
    assert stranger.get(house.address).status_code == 404
    assert pages.teacher.get(f"{pages.address}/new").status_code == 403


def test_looking_again_confirms_and_nobody_overwrites_somebody_else(
    app: Flask, house: SimpleNamespace, pages: SimpleNamespace
) -> None:
    write(pages)
    with app.app_context(), house_scope(house.id):
        row = db.session.scalars(select(Accommodation)).one()
        row.confirmed_on = row.from_on = date(2026, 9, 1)
        db.session.commit()
    known = only(app, house)
    address = f"{pages.address}/{known.id}"
    assert due_on(app, house) == [date(2026, 12, 30)], "120 days after the last confirmation"
    typed = {"what": "longer_time", "how": "", "is_for_class": "y", "version": str(known.version)}
    assert pages.manager.post(address, data=typed).status_code == 302
    assert only(app, house).on == date(2027, 1, 6)
    assert due_on(app, house) == [date(2027, 5, 6)]
    late = pages.manager.post(address, data={**typed, "how": "one hour more"}, headers=ENGLISH)
    assert late.status_code == 409
    assert "one hour more" in late.text
    now = only(app, house)
    end = {"on": "2027-01-06", "reason": "Sudah tidak perlu", "version": str(now.version)}
    assert pages.manager.post(f"{address}/end", data={**end, "on": "2026-01-01"}).status_code == 422
    assert pages.manager.post(f"{address}/end", data=end).status_code == 302
    assert pages.manager.post(f"{address}/end", data={**end, "version": str(now.version + 1)}).status_code == 422
    assert "Needs longer" not in pages.teacher.get(pages.address, headers=ENGLISH).text
    assert "Sudah tidak perlu" in pages.manager.get(pages.address).text
    assert due_on(app, house) == [], "what ended is not looked at again"


def test_the_house_says_what_it_offers(app: Flask, house: SimpleNamespace, pages: SimpleNamespace) -> None:
    address = "/house/accommodations"
    with app.app_context():
        version = db.session.get_one(Residence, house.id).version
    typed = {"kinds": ["large_print", "helper"], "own": "Kursi dekat pintu\n\nKursi dekat pintu", "version": version}
    assert pages.manager.post(address, data=typed).status_code == 303
    late = pages.manager.post(address, data={**typed, "own": "Pintu landai"}, headers=ENGLISH)
    assert late.status_code == 409
    assert "Kursi dekat pintu" in late.text
    assert "Pintu landai" in late.text
    with app.app_context():
        residence = db.session.get_one(Residence, house.id)
        assert accommodations_offered(residence) == ["large_print", "helper", "Kursi dekat pintu"]
    assert write(pages) == 422  # not on the list any more
    assert write(pages, what="Kursi dekat pintu") == 302
    assert only(app, house).what == "Kursi dekat pintu"
    assert pages.teacher.get(address).status_code == 403


def test_the_resident_s_own_page_and_timetable(
    app: Flask, sign_in: SignIn, house: SimpleNamespace, pages: SimpleNamespace
) -> None:
    with app.app_context(), house_scope(house.id):
        from foyer.residents.models import Resident

        me = db.session.scalars(select(Resident).where(Resident.user_id == house.users[Role.RESIDENT])).one().id
    own = sign_in(house.users[Role.RESIDENT])
    assert "print-week--large" not in own.get("/week").text
    assert pages.manager.post(f"/residents/{me}/accommodations/new", data={"what": "large_print"}).status_code == 302
    assert "Needs large print" in own.get("/my-file", headers=ENGLISH).text
    assert "print-week--large" in own.get("/week").text
    with app.test_request_context(), house_scope(house.id):
        printed = load_printed(db.session.get_one(Plan, house.plan))
        sheets = sheets_of(printed, "people")
        large = [sheet for sheet in sheets if sheet.is_large]
        assert len(large) == 1
        assert not large[0].tables[0].is_week  # a list: seven columns leave no room for large letters
        paper = pdf_of(large, "people", heading="", foot="")
        usual = pdf_of([sheet for sheet in sheets if not sheet.is_large][:1], "people", heading="", foot="")
        assert paper[:4] == usual[:4] == b"%PDF"
