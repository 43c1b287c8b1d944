"""The page that says why: the engine's explanation of a stored plan, in the house's names, of one resident only."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.audit.models import AuditEntry
from foyer.cycles.models import Enrolment, Plan
from foyer.cycles.planning import build_problem, store_plan
from foyer.database import db, house_scope
from foyer.residences.models import Residence
from foyer.scheduling.files import read_problem, write_problem
from tests.cycles.by_hand import plan_by_hand
from tests.cycles.house import make_house
from tests.factories import make_residence, make_user
from tests.queries import count_queries


def enrolments(app, filled) -> list[tuple[int, str]]:
    with app.app_context(), house_scope(filled["house"]):
        return [(e.id, e.stay.resident.full_name) for e in db.session.scalars(select(Enrolment).order_by(Enrolment.id))]


def why_url(filled, enrolment: int) -> str:
    return f"/cycles/{filled['cycle']}/plans/{filled['plan']}/residents/{enrolment}/why"


def text(response) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))))


@pytest.fixture
def managers(filled, sign_in):
    """A manager's browser in each language."""
    found = {}
    for language in ("en", "id"):
        browser = sign_in(filled["manager"])
        with browser.session_transaction() as session:
            session["language"] = language
        found[language] = browser
    return found


def test_every_resident_of_a_plan_is_explained_and_nobody_else_is_named(app, filled, managers):
    everybody = enrolments(app, filled)
    for enrolment, name in everybody:
        page = text(managers["en"].get(why_url(filled, enrolment)))
        assert f"Why {name} has this" in page
        assert "Got: " in page
        assert [other for _, other in everybody if other != name and other in page] == []
        assert "points say how much is missing" in page.lower()
        assert f"Mengapa {name} mendapat ini" in text(managers["id"].get(why_url(filled, enrolment)))


def test_the_list_of_residents_leads_there(app, filled, managers):
    enrolment, _name = enrolments(app, filled)[0]
    for page in ("/residents", ""):
        url = f"/cycles/{filled['cycle']}/plans/{filled['plan']}{page}"
        assert page == "" or why_url(filled, enrolment) in managers["en"].get(url).get_data(as_text=True)


def test_that_it_was_read_is_written_down(app, filled, managers):
    enrolment, _name = enrolments(app, filled)[0]
    managers["en"].get(why_url(filled, enrolment))
    with app.app_context(), house_scope(filled["house"]):
        resident = db.session.get_one(Enrolment, enrolment).stay.resident_id
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "read")).all()
        assert [entry.resident_id for entry in entries] == [resident]


def test_somebody_who_came_after_the_plan_is_told_so(app, filled, managers):
    enrolment, name = enrolments(app, filled)[0]
    with app.app_context(), house_scope(filled["house"]):
        plan = db.session.get_one(Plan, filled["plan"])
        problem = read_problem(plan.problem)
        others = tuple(r for r in problem.residents if r.id != str(enrolment))
        plan.problem = write_problem(replace(problem, residents=others, apart=()))
        db.session.commit()
    page = text(managers["en"].get(why_url(filled, enrolment)))
    assert f"This plan was made without {name}." in page


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MANAGER])
def test_only_managers_ask_why(app, filled, sign_in, role):
    enrolment, _name = enrolments(app, filled)[0]
    with app.app_context():
        house = db.session.get_one(Residence, filled["house"])
        user = make_user(None if role is Role.OFFICE else house, role).id
        db.session.commit()
    assert sign_in(user).get(why_url(filled, enrolment)).status_code == 403


def test_another_house_and_an_unknown_resident_are_not_found(app, filled, managers, sign_in):
    enrolment, _name = enrolments(app, filled)[0]
    with app.app_context():
        stranger = make_user(make_residence()).id
        db.session.commit()
    assert sign_in(stranger).get(why_url(filled, enrolment)).status_code == 404
    assert managers["en"].get(why_url(filled, 999_999)).status_code == 404


def test_the_page_takes_few_queries_however_many_residents(app, sign_in):
    counts = []
    for size in (20, 200):
        with app.app_context():
            home = make_house(size)
            with house_scope(home.residence.id):
                problem = build_problem(home.cycle)
                plan = store_plan(home.cycle, problem, plan_by_hand(problem))
                user = make_user(home.residence).id
                db.session.commit()
                url = f"/cycles/{home.cycle.id}/plans/{plan.id}/residents/{home.enrolments[0].id}/why"
        browser = sign_in(user)
        browser.get("/")
        with count_queries(app) as seen:
            answer = browser.get(url)
        assert answer.status_code == 200
        assert len(answer.data) < 250_000
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12, counts
