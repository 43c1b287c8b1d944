"""The registers: off until switched on, written by whom the table of rights names, safe at the door, never deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from foyer.accounts.models import Role
from foyer.audit.models import AuditEntry
from foyer.caseload.models import Assignment, Supervision
from foyer.database import db, house_scope
from foyer.registers.books import BOOKS
from foyer.registers.models import Acknowledged, Duty, MedicineDose, Valuable, Visit
from foyer.residences.models import Residence, Staff, StaffKind
from foyer.residences.services import today_in
from foyer.residents.family import ContactSafety, Relation, Relative
from tests.factories import make_residence, make_resident, make_staff, make_stay, make_user
from tests.queries import count_queries

PEOPLE = {
    "head": (Role.MANAGER, StaffKind.MANAGER),
    "peksos": (Role.COUNSELLOR, StaffKind.COUNSELLOR),
    "guide": (Role.COUNSELLOR, StaffKind.COUNSELLOR),
    "other": (Role.COUNSELLOR, StaffKind.COUNSELLOR),
    "teacher": (Role.INSTRUCTOR, StaffKind.INSTRUCTOR),
}


@pytest.fixture
def place(app: Flask, sign_in: Callable[[int], FlaskClient]) -> SimpleNamespace:
    """A house that keeps every register; ``peksos`` answers for the one resident, guided by ``guide``."""
    found = SimpleNamespace(app=app)
    with app.app_context():
        residence = make_residence(registers=list(BOOKS))
        found.house, found.today = residence.id, today_in(residence)
        users = {}
        with house_scope(residence.id):
            for name, (role, kind) in PEOPLE.items():
                users[name] = make_user(residence, role).id
                setattr(found, f"{name}_staff", make_staff(residence, kind, user_id=users[name]).id)
            users["self"] = make_user(residence, Role.RESIDENT).id
            resident = make_resident(residence, full_name="Bima Satria", user_id=users["self"], is_restricted=True)
            make_stay(resident, arrives_on=found.today - timedelta(days=20), leaves_on=found.today + timedelta(days=90))
            own: dict[str, Any] = {"residence_id": residence.id}
            since = date(2020, 1, 1)
            db.session.add_all(
                [
                    Assignment(**own, resident_id=resident.id, staff_id=found.peksos_staff, from_on=since),
                    Supervision(**own, staff_id=found.peksos_staff, supervisor_id=found.guide_staff, from_on=since),
                ]
            )
            found.resident = resident.id
            found.family = {}
            for name, safety in (("Ibu Rina", "safe"), ("Paman Joko", "ask_first"), ("Ayah Tono", "not_safe")):
                one = Relative(
                    **own,
                    resident_id=resident.id,
                    relation=Relation.OTHER,
                    full_name=name,
                    safety=ContactSafety(safety),
                    safety_reason="Pernah memukul" if safety != "safe" else None,
                )
                db.session.add(one)
                db.session.flush()
                found.family[name] = one.id
        db.session.commit()
    for name, user_id in users.items():
        setattr(found, name, sign_in(user_id))
    return found


def rows(place: SimpleNamespace, kind: type[Any]) -> list[Any]:
    with place.app.app_context(), house_scope(place.house):
        return list(db.session.scalars(select(kind).order_by(kind.id)))


def now(place: SimpleNamespace) -> dict[str, str]:
    return {"on": (place.today - timedelta(days=1)).isoformat(), "minute": "14:30"}


def visit(place: SimpleNamespace, browser: FlaskClient, **values: Any) -> int:
    data = {**now(place), "resident_id": place.resident, "staff_id": place.peksos_staff, **values}
    return browser.post(f"/books/visits/new?resident={place.resident}", data=data).status_code


def dose(place: SimpleNamespace, browser: FlaskClient, **values: Any) -> int:
    usual = {"medicine": "Parasetamol", "dose": "1 tablet", "outcome": "given", "staff_id": place.peksos_staff}
    data = {**now(place), "resident_id": place.resident, **usual, **values}
    return browser.post("/books/medicines/new", data=data).status_code


def thing(place: SimpleNamespace, browser: FlaskClient, **values: Any) -> int:
    data = {**now(place), "resident_id": place.resident, "thing": "Ponsel hitam", "kept_where": "Brankas", **values}
    return browser.post("/books/valuables/new", data=data).status_code


def test_a_register_that_is_off_stands_in_no_menu_and_answers_nobody(place: SimpleNamespace) -> None:
    assert "/books" in place.peksos.get("/").text
    assert "/my-things" in place.self.get("/my-file").text
    with place.app.app_context():
        residence = db.session.get_one(Residence, place.house)
        version = residence.version
    form = {"version": version, "registers": ["duty"]}
    assert place.head.post("/books/choose", data=form).status_code == 303
    assert place.head.post("/books/choose", data=form).status_code == 409  # seen before the change
    for key in ("visits", "medicines", "valuables"):
        assert place.head.get(f"/books/{key}").status_code == 404
        assert place.head.get(f"/books/{key}/new").status_code == 404
        assert place.head.post(f"/books/{key}/sheet").status_code == 404
    assert place.teacher.get("/books/duty").status_code == 200
    assert "/my-things" not in place.self.get("/my-file").text
    form = {"version": version + 1, "registers": ["medicines"]}
    assert place.head.post("/books/choose", data=form).status_code == 303
    assert "/books" not in place.teacher.get("/").text  # nothing there for instructors


@pytest.mark.parametrize("write", [visit, dose, thing])
def test_lines_are_written_and_read_by_whom_the_table_of_rights_names(
    place: SimpleNamespace, write: Callable[..., int]
) -> None:
    extra = {"visitor": "Pak Budi"} if write is visit else {}
    assert write(place, place.peksos, **extra) == 303
    assert write(place, place.head, **extra) == 303
    for browser in (place.guide, place.other):
        assert write(place, browser, **extra) in (404, 422)
    assert write(place, place.teacher, **extra) == (404 if write is visit else 403)  # not on duty
    kind, key = {visit: (Visit, "visits"), dose: (MedicineDose, "medicines"), thing: (Valuable, "valuables")}[write]
    mine = rows(place, kind)
    assert len(mine) == 2
    said = {visit: "Pak Budi", dose: "Parasetamol", thing: "Ponsel hitam"}[write]
    for browser, reads in ((place.head, True), (place.peksos, True), (place.guide, True), (place.other, False)):
        assert (said in browser.get(f"/books/{key}").text) is reads
    for browser, exports in ((place.head, True), (place.peksos, True), (place.guide, False), (place.other, False)):
        sheet = browser.post(f"/books/{key}/sheet").data.decode("utf-8-sig")
        assert (said in sheet) is exports
        assert "Bima" not in sheet  # restricted: initials leave the house
    strike = f"/books/{key}/{mine[0].id}/strike"
    assert place.guide.post(strike, data={"why": "x"}).status_code == 404
    assert place.other.post(strike, data={"why": "x"}).status_code == 404
    with place.app.app_context(), house_scope(place.house):
        verbs = db.session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_type == kind.__name__)).all()
        assert {"created", "read", "exported"} <= set(verbs)
        stored = str(db.session.execute(text(f"SELECT * FROM {kind.__tablename__}")).all())
        trail = str(db.session.scalars(select(AuditEntry.changes)).all())
    assert said not in stored
    assert said not in trail


def test_nobody_is_let_in_against_what_the_file_says(place: SimpleNamespace) -> None:
    page = place.peksos.get(f"/books/visits/new?resident={place.resident}").text
    assert "Ayah Tono" in page
    assert "Pernah memukul" in page
    unsafe = {"relative_id": place.family["Ayah Tono"]}
    assert visit(place, place.peksos, **unsafe) == 422
    assert visit(place, place.peksos, **unsafe, note="Katanya sudah baik") == 422  # a manager decides, nobody else
    assert visit(place, place.peksos, visitor="ayah  TONO") == 422  # typed: the file's rule holds all the same
    assert visit(place, place.head, **unsafe) == 422  # without a reason
    assert visit(place, place.peksos, **unsafe, is_turned_away="y") == 303
    assert visit(place, place.head, **unsafe, note="Diawasi polisi di ruang tamu") == 303
    ask = {"relative_id": place.family["Paman Joko"]}
    assert visit(place, place.peksos, **ask) == 422
    assert visit(place, place.peksos, **ask, was_asked="y") == 303
    assert visit(place, place.peksos) == 422  # nobody named
    assert visit(place, place.peksos, relative_id=place.family["Ibu Rina"]) == 303
    found = rows(place, Visit)
    assert [one.visitor for one in found] == ["Ayah Tono", "Ayah Tono", "Paman Joko", "Ibu Rina"]
    assert [one.is_turned_away for one in found] == [True, False, False, False]


def test_who_is_family_no_more_is_no_less_dangerous(place: SimpleNamespace) -> None:
    with place.app.app_context(), house_scope(place.house):
        for name in ("Ayah Tono", "Ibu Rina"):
            one = db.session.get_one(Relative, place.family[name])
            one.ended_on, one.end_reason = place.today - timedelta(days=3), "Bercerai"
        db.session.commit()
    page = place.peksos.get(f"/books/visits/new?resident={place.resident}").text
    assert "Ayah Tono" in page
    assert "Pernah memukul" in page
    assert "Ibu Rina" not in page
    assert visit(place, place.peksos, visitor="Ayah Tono") == 422
    assert rows(place, Visit) == []


def test_a_visitor_leaves_once(place: SimpleNamespace) -> None:
    visit(place, place.peksos, visitor="Pak Budi")
    visit_id = rows(place, Visit)[0].id
    address = f"/books/visits/{visit_id}/left"
    assert place.other.post(address).status_code == 404
    for _twice in range(2):
        assert place.peksos.post(address).status_code == 303
    left = rows(place, Visit)[0]
    assert left.left_at >= left.at
    with place.app.app_context(), house_scope(place.house):
        changed = select(AuditEntry).where(AuditEntry.subject_type == "Visit", AuditEntry.verb == "changed")
        assert len(db.session.scalars(changed).all()) == 1


def test_a_dose_that_was_not_taken_says_why_and_none_is_given_tomorrow(place: SimpleNamespace) -> None:
    assert dose(place, place.peksos, outcome="refused") == 422
    assert dose(place, place.peksos, outcome="refused", note="Mual") == 303
    assert dose(place, place.peksos, on=(place.today + timedelta(days=1)).isoformat()) == 422
    assert [one.note for one in rows(place, MedicineDose)] == ["Mual"]


def test_both_sides_agree_that_a_thing_was_handed_in_and_back_and_the_exit_knows(place: SimpleNamespace) -> None:
    thing(place, place.peksos)
    thing(place, place.peksos, thing="Dompet", signed="y")
    first, second = rows(place, Valuable)
    assert (first.in_acknowledged, second.in_acknowledged) == (None, Acknowledged.PAPER)
    leaving = f"/residents/{place.resident}/leaving"
    assert "/books/valuables?resident=" in place.peksos.get(leaving).text
    assert "Ponsel hitam" in place.self.get("/my-things").text
    agree = f"/my-things/{first.id}/agree"
    assert place.peksos.post(agree).status_code == 403
    assert place.self.post(agree).status_code == 303
    assert rows(place, Valuable)[0].in_acknowledged is Acknowledged.OWN
    back = f"/books/valuables/{first.id}/back"
    earlier = {"on": (place.today - timedelta(days=3)).isoformat(), "minute": "08:00"}
    assert place.peksos.post(back, data=earlier).status_code == 422  # before it was handed in
    later = {"on": (place.today - timedelta(days=1)).isoformat(), "minute": "18:00"}
    assert place.peksos.post(back, data=later).status_code == 303
    assert place.peksos.post(back, data=later).status_code == 422  # once
    place.self.post(agree)
    assert place.peksos.post(f"/books/valuables/{second.id}/back", data=later).status_code == 303
    first, second = rows(place, Valuable)
    assert first.back_acknowledged is Acknowledged.OWN
    assert second.back_acknowledged is None
    assert "/books/valuables?resident=" not in place.peksos.get(leaving).text


def test_who_was_really_on_duty_stands_beside_who_was_planned_over_midnight_too(place: SimpleNamespace) -> None:
    data = {
        "on": (place.today - timedelta(days=2)).isoformat(),
        "minute": "22:00",
        "until_minute": "06:00",
        "post": "Malam",
        "staff_id": place.teacher_staff,
        "planned_id": place.other_staff,
    }
    assert place.teacher.post("/books/duty/new", data=data).status_code == 303
    line = rows(place, Duty)[0]
    assert line.until_at - line.at == timedelta(hours=8)
    assert (line.staff_id, line.planned_id) == (place.teacher_staff, place.other_staff)
    assert "Malam" in place.other.get("/books/duty").text
    sheet = place.head.post("/books/duty/sheet").data.decode("utf-8-sig")
    assert "Malam" in sheet


def test_a_line_is_struck_through_once_with_its_reason_and_stays(place: SimpleNamespace) -> None:
    dose(place, place.peksos)
    address = f"/books/medicines/{rows(place, MedicineDose)[0].id}/strike"
    assert place.peksos.post(address, data={"why": " "}).status_code == 422
    assert place.peksos.post(address, data={"why": "Salah anak"}).status_code == 303
    assert place.peksos.post(address, data={"why": "lagi"}).status_code == 422
    page = place.head.get("/books/medicines").text
    assert "<s>Parasetamol, 1 tablet</s>" in page
    assert "Salah anak" in page
    assert address not in page


def test_the_list_filters_by_day_and_pages_with_the_same_number_of_questions(place: SimpleNamespace) -> None:
    dose(place, place.peksos)
    with count_queries(place.app) as few:
        place.peksos.get("/books/medicines")
    with place.app.app_context(), house_scope(place.house):
        first = db.session.scalars(select(MedicineDose)).one()
        for number in range(45):
            again = {name: getattr(first, name) for name in ("residence_id", "resident_id", "written_by_id", "dose")}
            again |= {"written_at": first.written_at, "at": first.at - timedelta(days=number), "outcome": first.outcome}
            db.session.add(MedicineDose(**again, medicine=f"Obat{number:02}"))
        db.session.commit()
    with count_queries(place.app) as many:
        page = place.peksos.get("/books/medicines").text
    assert len(many) == len(few)
    assert "Obat01" in page
    assert "Obat44" not in page
    assert "Obat44" in place.peksos.get("/books/medicines?page=2").text
    day = (place.today - timedelta(days=11)).isoformat()
    one_day = place.peksos.get(f"/books/medicines?from_on={day}&to_on={day}").text
    assert "Obat10" in one_day
    assert "Obat11" not in one_day
    sheet = place.peksos.post("/books/medicines/sheet", data={"from_on": day, "to_on": day}).data.decode()
    assert "Obat10" in sheet
    assert "Obat11" not in sheet


def test_lines_are_found_by_the_name_that_one_may_read(place: SimpleNamespace) -> None:
    visit(place, place.peksos, visitor="Pak Budi")
    thing(place, place.peksos)
    for asked, is_found in (("bima", True), ("SATRIA", True), ("siti", False)):
        assert ("Pak Budi" in place.head.get(f"/books/visits?q={asked}").text) is is_found, asked
        assert ("Pak Budi" in place.head.post("/books/visits/sheet", data={"q": asked}).text) is is_found, asked
        assert ("Bima" in place.head.get(f"/books/visits/new?q={asked}").text) is is_found, asked
    assert "Ponsel hitam" in place.head.get(f"/books/valuables?resident={place.resident}").text
    assert "Ponsel hitam" not in place.head.get(f"/books/valuables?resident={place.resident + 1}").text
    with place.app.app_context(), house_scope(place.house):
        db.session.get_one(Staff, place.other_staff).kind = StaffKind.CARER
        db.session.commit()
    visit(place, place.other, visitor="Bibi Ani")
    assert "Bibi Ani" in place.other.get("/books/visits").text
    for address in ("/books/visits?q=bima", "/books/visits/new?q=bima"):  # whose name is restricted is not guessed
        page = place.other.get(address).text
        assert "Bibi Ani" not in page, address
        assert "B.S." not in page, address


def test_a_sheet_holds_no_formula(place: SimpleNamespace) -> None:
    thing(place, place.peksos, thing="=HYPERLINK(1)")
    assert "'=HYPERLINK(1)" in place.peksos.post("/books/valuables/sheet").data.decode()


def test_whoever_is_on_duty_writes_down_visitors_and_reads_only_who_may_not_come(place: SimpleNamespace) -> None:
    english = {"Accept-Language": "en"}
    form = f"/books/visits/new?resident={place.resident}"
    assert "Whoever is on duty" in place.teacher.get("/books/visits/new", headers=english).text
    assert place.teacher.get(form).status_code == 404
    visit(place, place.peksos, visitor="Pak Budi")
    zone = ZoneInfo("Asia/Jakarta")
    start = datetime.now(zone) - timedelta(hours=2)
    duty = {"on": start.date().isoformat(), "minute": start.strftime("%H:%M"), "until_minute": "", "post": "Malam"}
    duty["until_minute"] = (start + timedelta(hours=8)).strftime("%H:%M")
    assert place.teacher.post("/books/duty/new", data={**duty, "staff_id": place.teacher_staff}).status_code == 303
    whom = place.teacher.get("/books/visits/new").text
    assert "B.S." in whom
    assert "Bima" not in whom  # restricted: initials outside the team
    page = place.teacher.get(form, headers=english).text
    assert "Ayah Tono" in page
    assert "Paman Joko" in page
    for hidden in ("Ibu Rina", "Pernah memukul", "Bima"):
        assert hidden not in page, hidden
    assert visit(place, place.teacher, visitor="ayah TONO", note="Katanya boleh") == 422  # a manager decides
    assert visit(place, place.teacher, visitor="ayah TONO", is_turned_away="y") == 303
    assert visit(place, place.teacher, visitor="Paman Joko") == 422
    assert visit(place, place.teacher, visitor="Ibu Rina", relation="ibu") == 303
    turned, mother = rows(place, Visit)[1:]
    assert (turned.visitor, turned.relative_id, mother.relative_id) == ("ayah TONO", None, None)
    own = place.teacher.get("/books/visits").text
    assert "Ibu Rina" in own
    assert "Pak Budi" not in own  # somebody else's line
    assert "Bima" not in own
    assert place.teacher.post("/books/visits/sheet").status_code == 403
    assert place.teacher.post(f"/books/visits/{mother.id}/strike", data={"why": "x"}).status_code == 403
    assert place.teacher.post(f"/books/visits/{rows(place, Visit)[0].id}/left").status_code == 404
    assert place.teacher.post(f"/books/visits/{mother.id}/left").status_code == 303
    assert place.other.get(form).status_code == 404  # a counsellor of others, not on duty
    assert "Ibu Rina" in place.peksos.get("/books/visits").text
    with place.app.app_context(), house_scope(place.house):
        read = select(AuditEntry.resident_id).where(AuditEntry.subject_type == "Relative", AuditEntry.verb == "read")
        assert set(db.session.scalars(read)) == {place.resident}
        db.session.get_one(Staff, place.other_staff).kind = StaffKind.CARER
        db.session.commit()
    assert place.other.get(form).status_code == 200  # a carer receives visitors by the work
    with place.app.app_context(), house_scope(place.house):
        for line in db.session.scalars(select(Duty)):
            line.until_at = line.at + timedelta(minutes=5)
        db.session.commit()
    assert place.teacher.get(form).status_code == 404  # the shift is over
    assert "Ibu Rina" not in place.teacher.get("/books/visits").text
