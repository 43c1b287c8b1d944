"""Who answers for residents beside the plan, and that a manager can end it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foyer.audit.services import act_as
from foyer.caseload.mine import own_resident_ids
from foyer.caseload.models import Assignment, ServiceStage
from foyer.caseload.notices import StaffNotice
from foyer.caseload.stages import reach
from foyer.counselling import caseload, standing, standing_views
from foyer.database import db, house_scope
from foyer.residents.models import Resident
from tests.cycles.house import saved
from tests.factories import make_stay
from tests.intake.house import TODAY, Office, make_office, make_person
from tests.today.house import stand_at


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    with app.test_request_context():
        made = make_office()
        with house_scope(made.residence.id):
            act_as(actor_id=made.manager.actor.id, residence_id=made.residence.id)
            yield made


def own(office: Office) -> list[int]:
    return list(db.session.scalars(own_resident_ids(office.one)))


def test_a_manager_ends_what_was_given_without_a_last_day(office: Office) -> None:
    person, kept = make_person(office, office.one, full_name="Ani Satu"), make_person(office, office.one)
    rows = standing.assignments_beside(office.manager, 1).rows
    assert {(row.assignment.resident_id, row.is_only) for row in rows} == {(person.id, True), (kept.id, True)}
    assert own(office) == [person.id, kept.id]
    found = next(row.assignment for row in rows if row.assignment.resident_id == person.id)
    standing.end_assignment(office.manager, standing.get_assignment(found.id))
    assert own(office) == [kept.id], "rights in the file end at once, not at midnight"
    assert [row.assignment.resident_id for row in standing.assignments_beside(office.manager, 1).rows] == [kept.id]
    told = db.session.execute(select(StaffNotice.user_id, StaffNotice.kind)).all()
    assert [tuple(each) for each in told] == [(office.one.actor.id, standing.ANSWERS_NO_MORE)]
    standing.end_assignment(office.manager, found)
    assert len(db.session.scalars(select(StaffNotice)).all()) == 1, "what is over does not end twice"


def test_what_began_today_ends_without_a_trace_of_a_right(office: Office) -> None:
    """Also where the same two were brought together, and parted, before."""
    person = make_person(office)
    pair = {"residence_id": office.residence.id, "resident_id": person.id, "staff_id": office.one.staff_id}
    yesterday = TODAY - timedelta(days=1)
    saved(Assignment(**pair, from_on=yesterday, until_on=yesterday))
    today, ahead = (saved(Assignment(**pair, from_on=TODAY + timedelta(days=n))) for n in (0, 9))
    assert own(office) == [person.id]
    for row in (today, ahead):
        standing.end_assignment(office.manager, row)
    assert own(office) == []
    assert standing.assignments_beside(office.manager, 1).rows == []


def test_the_page_names_them_and_says_where_nobody_else_answers(
    office: Office, sign_in: Callable[..., FlaskClient]
) -> None:
    alone = make_person(office, office.one, full_name="Ani Satu")
    shared = make_person(office, office.one, full_name="Budi Dua")
    pair = {"residence_id": office.residence.id, "resident_id": shared.id, "staff_id": office.other.staff_id}
    saved(Assignment(**pair, from_on=date(2026, 1, 1)))
    db.session.commit()
    client = sign_in(office.manager.actor)
    page = client.get("/counselling/beside").get_data(as_text=True)
    assert page.count("Tidak ada orang lain yang menangani") == 1
    assert alone.full_name in page
    first = db.session.scalars(select(Assignment.id).join(Resident).where(Resident.id == alone.id)).one()
    assert client.post(f"/counselling/beside/{first}/end").status_code == 303
    assert alone.full_name not in client.get("/counselling/beside").get_data(as_text=True)


def test_a_large_team_has_a_next_page_with_the_same_figures(
    office: Office, sign_in: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        make_person(office, office.one)
    make_person(office, office.other)
    db.session.commit()
    client, whole, cut = sign_in(office.manager.actor), [], []
    for size, pages, found in ((20, 1, whole), (1, 2, cut)):
        monkeypatch.setattr(standing_views, "TEAM", size)
        for number in range(1, pages + 1):
            page = client.get(f"/counselling/team?page={number}").get_data(as_text=True)
            found += re.findall(r'<td class="num" data-label="[^"]*">(\d+)</td>', page)
    assert cut == whole
    assert [whole[0], whole[3]] == ["3", "1"]


def gone(office: Office, **values: object) -> Resident:
    """Somebody whose stay was over a month ago."""
    person = make_person(office, stays=False, **values)
    make_stay(person, arrives_on=TODAY - timedelta(days=120), leaves_on=TODAY - timedelta(days=30))
    return person


def test_whoever_is_in_nobody_s_caseload_stands_in_a_row_of_their_own_with_all_that_is_due(
    office: Office, sign_in: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_at(monkeypatch, TODAY.year, TODAY.month, TODAY.day, 9, 0)
    make_person(office, office.one)
    arrived, vanished = make_person(office, full_name="Ani Datang"), gone(office, full_name="Budi Hilang")
    left = gone(office, full_name="Citra Keluar")
    reach(left, ServiceStage.AFTER, on=left.stays[0].leaves_on, stay=left.stays[0])
    elsewhere = make_person(office, stays=False, full_name="Dewi Lain")
    make_stay(elsewhere, elsewhere="Panti Anggrek")
    forsaken = make_person(office, office.other, full_name="Eko Sendiri")
    assert office.other.staff is not None
    office.other.staff.is_active = False
    db.session.commit()
    manager = sign_in(office.manager.actor)
    assert 'href="/counselling/team/nobody"' in manager.get("/counselling/team").text
    page = manager.get("/counselling/team/nobody").text
    assert [name in page for name in ("Ani Datang", "Budi Hilang", "Eko Sendiri")] == [True] * 3
    assert "Citra Keluar" not in page
    nobody = caseload.caseload_of_nobody(office.manager)
    assert {row.resident.id for row in nobody.rows} == {arrived.id, vanished.id, forsaken.id}
    assert vanished.id in {due.resident_id for due in nobody.late}, "nobody began the exit"
    team = caseload.team_of(office.manager, standing.counsellors_of(office.residence.id), with_nobody=True)
    assert [(row.staff, row.figures) for row in team if row.staff is None] == [(None, nobody.figures)]


def test_no_row_where_everybody_has_somebody(office: Office) -> None:
    make_person(office, office.one)
    team = caseload.team_of(office.manager, standing.counsellors_of(office.residence.id), with_nobody=True)
    assert [row.staff for row in team if row.staff is None] == []
