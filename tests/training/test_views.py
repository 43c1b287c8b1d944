"""The pages: a register kept with a thumb, two people with one register, and who sees what of somebody's learning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.audit.models import AuditEntry
from foyer.caseload import desk
from foyer.cycles.models import PlanSeat
from foyer.database import db, house_scope
from foyer.residents.models import Resident, Stay
from foyer.training import independence
from foyer.training.models import AttendanceMark, ClassRegister, Presence
from foyer.training.progress_models import CompetencyCheck, ConductNote
from tests.queries import count_queries
from tests.today.house import ZONE, published_house, stand_at

SignIn = Callable[..., FlaskClient]
NOW = (2027, 1, 6, 11, 0)


@pytest.fixture
def house(app: Flask, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A published house on Wednesday 6 January 2027, 11.00; its instructor teaches the first class, at 08.00."""
    stand_at(monkeypatch, *NOW)
    now = datetime(*NOW, tzinfo=ZONE)
    monkeypatch.setattr(desk, "now_in", lambda residence: now)
    monkeypatch.setattr(desk, "today_in", lambda residence: now.date())
    found = published_house(app)
    found.address = f"/classes/{found.classes[0]}/sessions/2027-01-06/480"
    with app.app_context(), house_scope(found.id):
        found.members = db.session.scalars(
            select(Stay.resident_id)
            .join(Resident, Resident.id == Stay.resident_id)
            .where(Stay.id.in_(_stays(found)))
            .order_by(Resident.name_key)
        ).all()
    return found


def _stays(found: SimpleNamespace):
    from foyer.cycles.models import Enrolment

    return (
        select(Enrolment.stay_id)
        .join(PlanSeat, PlanSeat.enrolment_id == Enrolment.id)
        .where(PlanSeat.plan_id == found.plan, PlanSeat.group_id == found.classes[0])
    )


def marks(house: SimpleNamespace, version: int = 0, **presence: str) -> dict[str, str]:
    """What the register's form sends: everybody present but those named by their place in the list."""
    data = {"version": str(version)}
    for n, resident in enumerate(house.members):
        data |= {f"lines-{n}-resident": str(resident), f"lines-{n}-presence": presence.get(f"line{n}", "present")}
    return data


def test_an_instructor_keeps_a_register_from_today_s_page(app: Flask, sign_in: SignIn, house: SimpleNamespace) -> None:
    browser = sign_in(house.users[Role.INSTRUCTOR])
    assert house.address in browser.get("/").text
    page = browser.get(house.address, headers={"Accept-Language": "en"}).text
    assert "Not saved yet" in page
    answer = browser.post(house.address, data=marks(house, line0="ill") | {"lines-0-reason": "demam"})
    assert answer.status_code == 303
    page = browser.get(house.address, headers={"Accept-Language": "en"}).text
    assert "Saved on 6 Jan 2027" in page or "Saved on" in page
    with app.app_context():
        reads = select(AuditEntry.resident_id, AuditEntry.verb).where(AuditEntry.subject_type == "ClassRegister")
        read = {resident_id for resident_id, verb in db.session.execute(reads) if verb == "read"}
        assert read == {house.members[0]}, "of whom a reason was shown"
    with app.app_context(), house_scope(house.id):
        kept = {mark.resident_id: mark for mark in db.session.scalars(select(AttendanceMark))}
        assert kept[house.members[0]].presence is Presence.ILL
        assert {mark.presence for one, mark in kept.items() if one != house.members[0]} == {Presence.PRESENT}
    assert "demam" not in sign_in(house.users[Role.RESIDENT]).get("/my-progress").text


def test_two_people_with_one_register_see_each_other_s_marks(
    app: Flask, sign_in: SignIn, house: SimpleNamespace
) -> None:
    sign_in(house.users[Role.INSTRUCTOR]).post(house.address, data=marks(house, line0="ill"))
    answer = sign_in(house.users[Role.MANAGER]).post(
        house.address, data=marks(house, line0="excused"), headers={"Accept-Language": "en"}
    )
    assert answer.status_code == 409
    assert "Somebody else changed this record" in answer.text
    with app.app_context(), house_scope(house.id):
        assert db.session.scalars(select(ClassRegister)).one().version == 1


def test_only_the_own_classes_of_an_instructor_are_there(sign_in: SignIn, house: SimpleNamespace) -> None:
    browser = sign_in(house.users[Role.INSTRUCTOR])
    other = house.address.replace(f"/classes/{house.classes[0]}/", f"/classes/{house.classes[1]}/")
    assert browser.get(other).status_code == 404
    assert sign_in(house.users[Role.MANAGER]).get(other).status_code == 200
    assert browser.get(house.address.replace("2027-01-06", "2027-01-10")).status_code == 404
    assert browser.get(house.address.replace("2027-01-06", "tomorrow")).status_code == 404


def test_a_manager_sees_which_registers_are_missing(sign_in: SignIn, house: SimpleNamespace) -> None:
    manager = sign_in(house.users[Role.MANAGER])
    assert house.address in manager.get("/").text
    assert house.address in manager.get("/registers").text
    manager.post(house.address, data=marks(house) | {"not_held": "y"})
    assert house.address in manager.get("/").text  # refused: no reason was given
    manager.post(house.address, data=marks(house) | {"not_held": "y", "not_held_reason": "Listrik padam"})
    assert house.address not in manager.get("/").text


def test_whoever_teaches_checks_off_and_the_resident_reads_it(
    app: Flask, sign_in: SignIn, house: SimpleNamespace
) -> None:
    instructor, manager = sign_in(house.users[Role.INSTRUCTOR]), sign_in(house.users[Role.MANAGER])
    with app.app_context(), house_scope(house.id):
        trade = db.session.scalars(select(PlanSeat).where(PlanSeat.group_id == house.classes[0])).first().group.trade_id
    manager.post(f"/trades/{trade}/competencies/starter")
    resident = next(one for one in house.members if one == house.resident)
    first = "Bekerja aman: memakai pelindung diri dan merapikan alat"
    form = instructor.get(f"/residents/{resident}/competencies").text
    value = form.split(first)[0].rsplit('value="', 1)[1].split('"')[0]
    sent = instructor.post(f"/residents/{resident}/competencies", data={"seen": value, "reached_on": "2027-01-06"})
    assert sent.status_code == 303
    assert first in sign_in(house.users[Role.RESIDENT]).get("/my-progress").text
    with app.app_context(), house_scope(house.id):
        check = db.session.scalars(select(CompetencyCheck)).one()
        assert check.resident_id == resident
    answer = instructor.post(f"/residents/{resident}/competencies/{check.id}/withdraw", data={"why": "Salah nama"})
    assert answer.status_code == 303
    assert instructor.get(f"/residents/{resident}/independence").status_code == 403


def test_praise_is_read_at_once_and_a_concern_after_talking(
    app: Flask, sign_in: SignIn, house: SimpleNamespace
) -> None:
    instructor, own = sign_in(house.users[Role.INSTRUCTOR]), sign_in(house.users[Role.RESIDENT])
    write = {"area": "effort", "seen_on": "2027-01-06"}
    address = f"/residents/{house.resident}/conduct"
    instructor.post(f"{address}/new", data=write | {"tone": "praise", "words": "Membantu teman"})
    instructor.post(f"{address}/new", data=write | {"tone": "concern", "words": "Sering mengantuk"})
    page = own.get("/my-progress").text
    assert "Membantu teman" in page
    assert "Sering mengantuk" not in page
    with app.app_context(), house_scope(house.id):
        concern = db.session.scalars(select(ConductNote).where(ConductNote.is_shared.is_(False))).one().id
    instructor.post(f"{address}/{concern}/share")
    assert "Sering mengantuk" in own.get("/my-progress").text


def test_a_review_climbs_only_with_its_criteria_or_a_reason(
    app: Flask, sign_in: SignIn, house: SimpleNamespace
) -> None:
    with app.app_context(), house_scope(house.id):
        independence.take_starter_ladder(house.id)
        db.session.commit()
        version = db.session.scalars(select(Stay).where(Stay.resident_id == house.resident)).one().version
    manager = sign_in(house.users[Role.MANAGER])
    address = f"/residents/{house.resident}/independence/review"
    sent = {
        "version": str(version),
        "to": "2",
        "evidence": "Bangun sendiri",
        "held_on": "2027-01-06",
        "review_on": "2027-02-05",
    }
    assert manager.post(address, data=sent).status_code == 422
    assert manager.post(address, data=sent | {"all_the_same": "Siap magang"}).status_code == 303
    assert manager.post(address, data=sent | {"all_the_same": "Siap magang"}).status_code == 409
    with app.app_context(), house_scope(house.id):
        assert db.session.scalars(select(Stay).where(Stay.resident_id == house.resident)).one().independence_stage == 2


def test_a_register_sends_as_many_queries_for_many_as_for_few(
    app: Flask, sign_in: SignIn, house: SimpleNamespace
) -> None:
    browser = sign_in(house.users[Role.INSTRUCTOR])
    browser.post(house.address, data=marks(house))
    for address, most in [(house.address, 16), ("/registers", 16), (f"/residents/{house.resident}/progress", 20)]:
        with count_queries(app) as seen:
            assert browser.get(address).status_code == 200
        assert len(seen) <= most, address
