"""The three invented lives and what happened in the house: each has every part that a file can tell of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from foyer.accounts.models import Role, User
from foyer.audit.services import act_as
from foyer.care import assessing, conferences, reviewing, rpi
from foyer.care.models import GoalState, Party, Point, RpiState
from foyer.caseload.desk import desk_of
from foyer.caseload.models import Assignment, ServiceStage
from foyer.caseload.stages import status_line
from foyer.counselling.sessions import sessions_of_resident
from foyer.cycles.models import Choice, Cycle, Enrolment
from foyer.database import db, house_scope
from foyer.demo.books import make_books
from foyer.demo.cli import CODE, DAY, NAME
from foyer.demo.earlier import LEAVER, make_leaver
from foyer.demo.happenings import ANSWERS, make_happenings
from foyer.demo.stories import choose, tell_stories
from foyer.demo.telling import ARRIVED, is_marked
from foyer.incidents.models import Incident, IncidentState
from foyer.intake.models import Referral, ReferralState
from foyer.intake.referrals import answers_of
from foyer.leaving.aftercare import list_contacts
from foyer.leaving.aftercare_models import ContactState
from foyer.leaving.exits import list_exits
from foyer.leaving.models import ExitState
from foyer.papers.services import papers_of
from foyer.registers.books import BOOKS, Wanted, lines
from foyer.residences.checks import CheckState, standing_of_house
from foyer.residences.models import StaffKind
from foyer.residents.attachments import attachments_of
from foyer.residents.consenting import consents_of
from foyer.residents.family import relatives_of
from foyer.residents.models import Stay
from foyer.training.competencies import skills_of, take_starter_list
from foyer.training.conduct import certificates_of, notes_of
from foyer.voices import box, surveys
from tests.factories import make_cycle, make_residence, make_resident, make_staff, make_stay, make_trade, make_user


@pytest.fixture
def told(app: Flask) -> Iterator[SimpleNamespace]:
    """A house of the demonstration's accounts with its last two cycles, and the stories told in it."""
    with app.test_request_context():
        residence = make_residence(code=CODE, name=NAME)
        users = {
            name: make_user(residence, role, username=name)
            for name, role in (
                ("kepala", Role.MANAGER),
                ("peksos", Role.COUNSELLOR),
                ("instruktur", Role.INSTRUCTOR),
                ("warga", Role.RESIDENT),
            )
        }
        act_as(actor_id=users["kepala"].id, residence_id=residence.id)
        with house_scope(residence.id), force_locale("id"):
            staff = make_staff(residence, StaffKind.COUNSELLOR, user_id=users["peksos"].id)
            make_staff(residence, StaffKind.INSTRUCTOR, user_id=users["instruktur"].id)
            earlier = make_cycle(residence, year=2026, number=3, starts_on=ARRIVED)
            now = make_cycle(residence)
            trade = make_trade(residence, "Otomotif")
            take_starter_list(trade)
            for name in ("Warga Satu", "Warga Dua", "Warga Tiga"):
                resident = make_resident(residence, full_name=name)
                resident.user_id = users["warga"].id if name == "Warga Satu" else None
                stay = make_stay(resident, arrives_on=ARRIVED, needs=["abh"] if name == "Warga Dua" else [])
                _enrol(earlier, stay, trade.id)
                _enrol(now, stay, trade.id)
                own = {"residence_id": residence.id, "resident_id": resident.id, "staff_id": staff.id}
                db.session.add(Assignment(**own, from_on=now.starts_on))
            for number in range(ANSWERS):
                make_stay(make_resident(residence, full_name=f"Remaja {chr(65 + number)}"))
            _enrol(earlier, make_leaver(residence, earlier), trade.id)
            tell_stories(residence, earlier, DAY)
            make_happenings(residence, now, earlier, DAY)
            growing, secret, left = choose(earlier, DAY)
            yield SimpleNamespace(
                residence=residence, earlier=earlier, now=now, trade=trade, growing=growing, secret=secret, left=left
            )
            db.session.rollback()


def _enrol(cycle: Cycle, stay: Stay, trade_id: int) -> None:
    enrolment = Enrolment(residence_id=cycle.residence_id, cycle_id=cycle.id, stay_id=stay.id)
    enrolment.choices = [Choice(residence_id=cycle.residence_id, rank=1, trade_id=trade_id)]
    db.session.add(enrolment)
    db.session.flush()


def _parts(stay: Stay, earlier: Cycle, trade_id: int) -> dict[str, bool]:
    """What a life has, each part as its page reads it."""
    resident = stay.resident
    referral = db.session.scalars(select(Referral).where(Referral.stay_id == stay.id)).one()
    points = {(one.cycle_id, one.point) for one in assessing.assessments_of(resident.id) if one.finished_at}
    plans = rpi.plans_of(resident.id)
    first = plans[-1]
    return {
        "marked as invented": is_marked(resident.full_name) and is_marked(LEAVER),
        "referral and admission": referral.state is ReferralState.ADMITTED and len(answers_of(referral.id)) == 2,
        "the stages of service": all(
            mark.reached_on
            for mark in status_line(resident, stay, DAY)
            if mark.stage in (ServiceStage.APPROACH, ServiceStage.SERVICE)
        ),
        "guardian": any(one.may_be_asked and is_marked(one.full_name) for one in relatives_of(resident.id)),
        "consent": any(one.is_given for one in consents_of(resident.id)),
        "three points": {(earlier.id, point) for point in Point} <= points,
        "plan with steps and agreement": all(goal.steps for goal in first.goals)
        and {one.party for one in first.agreements} == {Party.RESIDENT, Party.COUNSELLOR},
        "goals reached": all(goal.state is GoalState.REACHED for goal in first.goals),
        "reviews": len(reviewing.reviews_of([first.id])) >= 2,
        "counselling with notes": sessions_of_resident(resident.id).total >= 3,
        "conduct": bool(notes_of(resident.id)),
        "competencies": sum(skill.check is not None for skill in skills_of(resident.id, [trade_id])) >= 2,
        "certificate": bool(certificates_of(resident.id)),
        "conference with a decision": any(one.decisions for one in conferences.conferences_of(resident_id=resident.id)),
        "letter": any(one.docx and one.pdf for one in papers_of(resident)),
        "attachment": bool(attachments_of(resident.id)),
    }


def test_the_stories_are_whole(told: SimpleNamespace) -> None:
    """One test, because telling them takes seconds."""
    for name in ("growing", "secret", "left"):
        parts = _parts(getattr(told, name), told.earlier, told.trade.id)
        assert [part for part, is_there in parts.items() if not is_there] == [], name
    _two_lives_go_on(told)
    _the_third_has_left(told)
    _the_house_has_a_past(told)


def _two_lives_go_on(told: SimpleNamespace) -> None:
    for stay in (told.growing, told.secret):
        assert any(one.cycle_id == told.now.id for one in assessing.assessments_of(stay.resident_id))
        newest = rpi.plans_of(stay.resident_id)[0]
        assert newest.state is RpiState.AGREED
        assert newest.agreed_on is not None
        assert newest.agreed_on >= told.now.starts_on
    assert told.secret.resident.is_restricted
    assert not any(paper.has_full_name for paper in papers_of(told.secret.resident))


def _the_third_has_left(told: SimpleNamespace) -> None:
    resident = told.left.resident
    answers = [one for one in consents_of(resident.id) if one.given_on == date(2026, 11, 23)]
    assert answers, "asked anew on the eighteenth birthday"
    assert [row.state for row in list_exits(resident.id)] == [ExitState.APPROVED]
    states = {contact.state for contact in list_contacts(resident.id)}
    assert {ContactState.HELD, ContactState.DUE} <= states


def _the_house_has_a_past(told: SimpleNamespace) -> None:
    rows = db.session.scalars(select(Incident).order_by(Incident.happened_at)).all()
    assert [row.state for row in rows] == [IncidentState.CLOSED, IncidentState.EXAMINED, IncidentState.REPORTED]
    running = [clock for row in rows for clock in row.clocks if clock.is_running]
    assert [clock.due_at.date() for clock in running] == [DAY]
    survey = surveys.survey_of(told.now)
    assert survey is not None
    result = surveys.result_of(survey, today=DAY)
    assert result.answered == ANSWERS
    assert result.grade in ("A", "B", "C")
    assert [bool(slip.reply) for slip in box.slips()] == [False, True]


def test_the_house_keeps_its_registers_and_the_checks_of_its_staff(told: SimpleNamespace) -> None:
    for _twice in range(2):
        make_books(told.residence, told.earlier, DAY)
    desk = desk_of(db.session.scalars(select(User).where(User.username == "kepala")).one(), told.residence.id)
    found = {key: list(lines(desk, book, Wanted(), 1).rows) for key, book in BOOKS.items()}
    assert {key: len(rows) for key, rows in found.items()} == {"visits": 3, "medicines": 4, "valuables": 3, "duty": 3}
    assert [one.resident_id for one in found["visits"] if one.is_turned_away] == [told.secret.resident_id]
    assert [one.resident_id for one in found["valuables"] if one.back_at] == [told.left.resident_id]
    first, newest = standing_of_house(DAY)[0], standing_of_house(DAY)[-1]
    states = {one.state for member in (first, newest) for one in member.kinds}
    assert CheckState.MISSING in states
    assert CheckState.VALID in states
