"""The pages of a concern: two steps and a receipt, the office's acts, and a house that sees nothing."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from foyer.accounts.models import Role, User
from foyer.accounts.services import grant_house
from foyer.audit.models import AuditEntry
from foyer.concerns.models import SafeguardingConcern
from foyer.database import db, house_scope, office_scope
from foyer.logs import log_format
from tests.factories import make_residence, make_resident, make_staff, make_user
from tests.queries import count_queries

ENGLISH = {"Accept-Language": "en"}
WORDS = "Ia masuk kamar kami pada malam hari."


@pytest.fixture
def place(app: Flask, sign_in: Callable[[int], FlaskClient]) -> SimpleNamespace:
    """A house with one account of every role, its office, and a member of staff who will be named."""
    with app.app_context():
        residence = make_residence()
        office = make_user(None, Role.OFFICE)
        grant_house(office, residence.id)
        with house_scope(residence.id):
            users = {role: make_user(residence, role) for role in Role if role is not Role.OFFICE}
            make_resident(residence, user_id=users[Role.RESIDENT].id, full_name="Sari Lengkap")
            staff = make_staff(residence, user_id=users[Role.INSTRUCTOR].id, full_name="Pak Contoh")
            ids = {role: user.id for role, user in users.items()} | {Role.OFFICE: office.id}
            found = SimpleNamespace(app=app, house=residence.id, staff=staff.id, ids=ids)
            db.session.commit()
    found.browsers = {role: sign_in(user_id) for role, user_id in ids.items()}
    return found


def _report(place: SimpleNamespace, role: Role = Role.RESIDENT, **more: str) -> tuple[str, dict[str, str]]:
    """Both steps; gives the last page and what was sent."""
    browser = place.browsers[role]
    first = {"kind": "sexual", "about": "staff"}
    page = browser.post("/speak-up", data={**first, "step": "1"}, headers=ENGLISH)
    assert page.status_code == 200
    ticket = re.search(r'name="ticket"[^>]*value="([^"]+)"', page.text)
    assert ticket, "the second step carries the receipt's ticket"
    sent = {**first, "step": "2", "ticket": ticket[1], "words": WORDS, "signed": "without", **more}
    return browser.post("/speak-up", data=sent, headers=ENGLISH).text, sent


def _concerns(place: SimpleNamespace) -> list[SafeguardingConcern]:
    with office_scope(place.house):
        return list(db.session.query(SafeguardingConcern).order_by(SafeguardingConcern.id))


def test_a_resident_reports_in_two_steps_and_comes_back_with_the_number(place: SimpleNamespace) -> None:
    assert place.browsers[Role.RESIDENT].post("/speak-up", data={"step": "1"}).status_code == 422
    page, sent = _report(place, who=f"staff-{place.staff}")
    code = re.search(r"<b>([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4})</b>", page)
    assert code, page
    again = place.browsers[Role.RESIDENT].post("/speak-up", data=sent, headers=ENGLISH)
    assert code[1] in again.text, "sending twice shows the same number"
    with place.app.app_context():
        [concern] = _concerns(place)
        assert (concern.about_name, concern.reporter, concern.reporter_role) == ("Pak Contoh", None, None)
        concern_id = concern.id
    office = place.browsers[Role.OFFICE]
    assert WORDS in office.get(f"/concerns/{concern_id}").text
    office.post(f"/concerns/{concern_id}/messages", data={"tell-words": "Kami datang besok."})
    outside = place.app.test_client()
    opened = outside.post("/speak-up/answer", data={"code": code[1].lower()}, headers=ENGLISH)
    assert "Kami datang besok." in opened.text
    assert WORDS not in opened.text, "a number found on a phone does not tell what was reported"
    outside.post("/speak-up/answer", data={"code": code[1], "write-words": "Terima kasih."})
    assert "Terima kasih." in office.get(f"/concerns/{concern_id}").text
    assert outside.post("/speak-up/answer", data={"code": "AAAA-BBBB-CCCC"}).status_code == 422


def test_the_house_finds_no_trace(place: SimpleNamespace) -> None:
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(log_format())
    logging.getLogger().addHandler(handler)
    logging.getLogger("foyer.requests").setLevel(logging.INFO)
    try:
        _report(place, signed="with")
        place.browsers[Role.MANAGER].get("/speak-up/answer")
        place.browsers[Role.MANAGER].get("/guide", headers=ENGLISH)
    finally:
        logging.getLogger().removeHandler(handler)
    assert "answered" in lines.getvalue(), "other pages leave their line"
    assert "concerns." not in lines.getvalue()
    with place.app.app_context():
        [concern] = _concerns(place)
        assert concern.reporter == "Sari Lengkap"
        trail = [entry.subject_type for entry in db.session.query(AuditEntry)]
        assert [kind for kind in trail if "Concern" in kind] == []
        concern_id = concern.id
    for role in set(Role) - {Role.OFFICE}:
        assert place.browsers[role].get("/concerns").status_code == 403
        assert place.browsers[role].get(f"/concerns/{concern_id}").status_code == 403


def test_only_who_is_responsible_reads_the_reporter_s_name(place: SimpleNamespace) -> None:
    _report(place, signed="with")
    office = place.browsers[Role.OFFICE]
    with place.app.app_context():
        concern_id = _concerns(place)[0].id
    assert "Sari Lengkap" not in office.get(f"/concerns/{concern_id}").text
    office.post(f"/concerns/{concern_id}/responsible", data={"responsible-user_id": str(place.ids[Role.OFFICE])})
    with count_queries(place.app) as seen:
        page = office.get(f"/concerns/{concern_id}", headers=ENGLISH).text
    assert "Sari Lengkap" in page
    assert len(seen) <= 12, seen.statements


def test_the_office_suspends_with_one_tap_gives_a_task_and_closes(place: SimpleNamespace) -> None:
    _report(place, who=f"staff-{place.staff}")
    office, accused = place.browsers[Role.OFFICE], place.browsers[Role.INSTRUCTOR]
    with place.app.app_context():
        concern_id = _concerns(place)[0].id
    base = f"/concerns/{concern_id}"
    assert "Pak Contoh" in office.get(base, headers=ENGLISH).text
    assert accused.get("/week").status_code == 200
    held = {"suspend-user_id": str(place.ids[Role.INSTRUCTOR])}
    assert office.post(f"{base}/suspension", data=held).status_code == 302
    assert "/sign-in" in accused.get("/week").headers["Location"]
    admin = place.browsers[Role.ADMINISTRATOR]
    admin.post(f"/accounts/{place.ids[Role.INSTRUCTOR]}/closed", data={"closed": "no"})
    step = {"step-words": "Temani ke puskesmas", "step-owner_id": str(place.ids[Role.MANAGER])}
    assert office.post(f"{base}/steps", data=step).status_code == 422, "a step has its day"
    assert office.post(f"{base}/steps", data={**step, "step-due_on": "2027-01-14"}).status_code == 302
    manager = place.browsers[Role.MANAGER]
    page = manager.get("/speak-up/tasks").text
    assert "Temani ke puskesmas" in page
    assert WORDS not in page
    task = re.search(r'name="task" value="(\d+)"', page)
    assert task
    assert place.browsers[Role.COUNSELLOR].post("/speak-up/tasks", data={"task": task[1]}).status_code == 404
    assert manager.post("/speak-up/tasks", data={"task": task[1], f"task{task[1]}-result": "Sudah"}).status_code == 302
    done = {"close-outcome": "Ditangani"}
    assert office.post(f"{base}/close", data=done).status_code == 422
    office.post(f"{base}/responsible", data={"responsible-user_id": str(place.ids[Role.OFFICE])})
    assert office.post(f"{base}/close", data=done).status_code == 422, "the clock runs"
    assert office.post(f"{base}/police", data={"police-reference": "LP/B/12"}).status_code == 302
    assert office.post(f"{base}/close", data=done).status_code == 302
    assert office.post(f"{base}/suspension/end").status_code == 302
    assert office.post(f"{base}/reopen").status_code == 302
    with place.app.app_context():
        assert db.session.get_one(User, place.ids[Role.INSTRUCTOR]).is_active
        assert _concerns(place)[0].is_open


def test_where_nobody_of_the_office_reads_the_form_says_so_and_keeps_the_report(place: SimpleNamespace) -> None:
    with place.app.app_context():
        db.session.get_one(User, place.ids[Role.OFFICE]).is_enabled = False
        db.session.commit()
    assert "08111-129-129" in place.browsers[Role.RESIDENT].get("/speak-up", headers=ENGLISH).text
    page, _sent = _report(place)
    assert "Nobody of the social-affairs office reads here yet" in page
    with place.app.app_context():
        assert len(_concerns(place)) == 1


def test_a_poster_says_the_way_to_everybody_of_the_house_and_names_nobody(place: SimpleNamespace) -> None:
    for role in (Role.RESIDENT, Role.INSTRUCTOR, Role.MANAGER):
        assert "/speak-up/poster" in place.browsers[role].get("/speak-up").text, role
        page = place.browsers[role].get("/speak-up/poster", headers=ENGLISH).text
        assert "SAPA 129" in page
        assert "<svg" in page.split("poster-way", 1)[1]
        assert page.count("<li><b>") == 4
