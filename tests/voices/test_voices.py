"""Residents are asked once in a cycle and suggest: counted without names, shown from five answers on, replied to."""

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
from foyer.residences.services import today_in
from foyer.voices import surveys
from foyer.voices.indicators import indicators_of
from foyer.voices.models import Element, Suggestion, Survey, SurveyCount, SurveyTaken
from tests.factories import make_cycle, make_residence, make_resident, make_stay, make_user
from tests.queries import count_queries

DAY = timedelta(days=1)
SHEET = {element.value: "4" for element in Element}
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def place(app: Flask, sign_in: Callable[[int], FlaskClient]) -> SimpleNamespace:
    """A house in its cycle with six residents and an open survey."""
    with app.app_context():
        residence = make_residence()
        with house_scope(residence.id):
            today = today_in(residence)
            cycle = make_cycle(residence, starts_on=today - 30 * DAY, year=today.year)
            users = [make_user(residence, Role.RESIDENT).id for _ in range(6)]
            for user_id in users:
                resident = make_resident(residence, user_id=user_id)
                make_stay(resident, arrives_on=today - 30 * DAY, leaves_on=today + 60 * DAY)
            manager = make_user(residence, Role.MANAGER).id
            survey = surveys.set_window(
                cycle, None, opens_on=today - DAY, closes_on=today + DAY, today=today, version=None
            )
            found = SimpleNamespace(
                app=app, house=residence.id, cycle=cycle.id, survey=survey.id, users=users, today=today
            )
            db.session.commit()
    found.manager = sign_in(manager)
    found.residents = [sign_in(user_id) for user_id in users]
    return found


def _result(place: SimpleNamespace, today: date) -> surveys.Result:
    with place.app.app_context(), house_scope(place.house):
        return surveys.result_of(db.session.get_one(Survey, place.survey), today=today)


def test_answers_are_sums_that_no_row_ties_to_a_person(place: SimpleNamespace) -> None:
    one = place.residents[0]
    assert one.post("/my-voice/survey", data={"time": "4"}).status_code == 422
    assert one.post("/my-voice/survey", data=SHEET).status_code == 302
    assert one.get("/my-voice/survey").status_code == 302, "once in a survey"
    with place.app.app_context(), house_scope(place.house):
        user = db.session.get_one(User, place.users[0])
        survey = db.session.get_one(Survey, place.survey)
        levels = dict.fromkeys(Element, 1)
        with pytest.raises(surveys.TakenAlready):
            surveys.answer(survey, user, levels, today=place.today)
        with pytest.raises(surveys.NotNow):
            surveys.answer(survey, user, levels, today=place.today + 2 * DAY)
        assert sum(row.answers for row in db.session.scalars(select(SurveyCount))) == len(Element)
        assert [row.user_id for row in db.session.scalars(select(SurveyTaken))] == [place.users[0]]
        trail = {entry.subject_type for entry in db.session.scalars(select(AuditEntry))}
        assert not trail & {"SurveyTaken", "SurveyCount", "Suggestion"}


def test_results_wait_for_five_answers_and_for_the_last_day(place: SimpleNamespace) -> None:
    for browser in place.residents[:4]:
        browser.post("/my-voice/survey", data=SHEET)
    after = place.today + 2 * DAY
    assert _result(place, after).means == {}, "four could be told apart"
    place.residents[4].post("/my-voice/survey", data={**SHEET, "time": "1"})
    assert _result(place, place.today).means == {}, "it still runs"
    result = _result(place, after)
    assert (result.asked, result.answered) == (6, 5)
    assert result.counts[Element.TIME] == [1, 0, 0, 4]
    assert result.means[Element.TIME] == pytest.approx(3.4)
    assert result.index == pytest.approx((8 * 4 + 3.4) / 9 * 25)
    assert result.grade == "A"


def test_the_manager_sets_the_days_and_cannot_shift_them_under_answers(place: SimpleNamespace) -> None:
    url = f"/voices/cycles/{place.cycle}/survey"
    days = {"opens_on": place.today.isoformat(), "closes_on": (place.today - DAY).isoformat(), "version": "1"}
    assert place.manager.post(url, data=days).status_code == 422
    place.residents[0].post("/my-voice/survey", data=SHEET)
    moved = {**days, "closes_on": (place.today + 5 * DAY).isoformat()}
    assert place.manager.post(url, data=moved).status_code == 422, "the first day stays"
    longer = {**moved, "opens_on": (place.today - DAY).isoformat()}
    assert place.manager.post(url, data=longer).status_code == 302
    assert place.manager.post(url, data=longer).status_code == 409
    with count_queries(place.app) as seen:
        page = place.manager.get("/voices", headers=ENGLISH)
    assert "1 of 6 residents answered" in page.text
    assert len(seen) <= 14, seen.statements
    with place.app.app_context(), house_scope(place.house):
        cycle = db.session.get_one(Survey, place.survey).cycle
        figures = indicators_of(cycle, place.today)
        assert (figures.marks, figures.stays, figures.early, figures.returns) == (0, 6, 0, 0)


def test_a_suggestion_is_replied_to_in_public_and_says_only_its_week(place: SimpleNamespace) -> None:
    one, other = place.residents[:2]
    assert one.post("/my-voice", data={"words": "Lampu kamar B2 redup, kata Sari."}).status_code == 302
    assert "kata Sari" not in other.get("/my-voice").text
    assert "kata Sari" in place.manager.get("/voices").text
    with place.app.app_context(), house_scope(place.house):
        [slip] = db.session.scalars(select(Suggestion))
        assert slip.week_of == place.today - timedelta(days=place.today.weekday())
        slip_id = slip.id
    said = {"shown_words": "Lampu kamar redup.", "reply": "Diganti hari Jumat.", "version": "1"}
    assert place.manager.post(f"/voices/slips/{slip_id}", data=said).status_code == 302
    assert place.manager.post(f"/voices/slips/{slip_id}", data=said).status_code == 409
    page = other.get("/my-voice").text
    assert "Diganti hari Jumat." in page
    assert "kata Sari" not in page
    assert place.manager.post("/voices/slips/new", data={"words": "Dari kotak"}).status_code == 302
    assert one.get("/voices").status_code == 403
