"""What used to be due nowhere: exits nobody began, points of an earlier cycle, plans that ended, answers never sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from foyer.accounts.models import User
from foyer.care.models import Assessment, PlanReview, Point, ReviewResult, RpiState, ServicePlan
from foyer.caseload.desk import desk_of
from foyer.caseload.dues import dues_of
from foyer.cycles.models import Enrolment
from foyer.database import db, house_scope
from foyer.intake.models import (
    Agency,
    AgencyKind,
    AnswerKind,
    AnswerWay,
    Referral,
    ReferralAnswer,
    ReferralState,
    ServiceLevel,
)
from foyer.leaving.models import Exit, ExitReason
from foyer.residences.models import Gender, Residence
from foyer.residents.consent import Consent, ConsentWay, GivenBy, Ground, Purpose
from foyer.residents.models import Resident
from foyer.training.independence import take_starter_ladder
from tests.factories import make_cycle, make_residence, make_resident, make_stay, make_user

DAY = date(2027, 1, 13)


class House:
    """A house on ``DAY`` with one resident."""

    def __init__(self, residence: Residence, user: User, resident: Resident) -> None:
        self.residence, self.user, self.resident = residence, user, resident

    def add(self, model: Any, /, **values: Any) -> Any:
        row = model(residence_id=self.residence.id, resident_id=self.resident.id, **values)
        db.session.add(row)
        db.session.flush()
        return row

    def due(self, kind: str) -> list[date]:
        found = dues_of(desk_of(self.user, self.residence.id), [self.resident.id])
        return [due.due_on for due in found if due.kind == kind]


@pytest.fixture
def house(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr("foyer.caseload.desk.today_in", lambda place: DAY)
    with app.test_request_context():
        residence = make_residence()
        with house_scope(residence.id):
            yield House(residence, make_user(residence), make_resident(residence, full_name="Guntur Wibisono"))


def test_an_exit_that_nobody_began_is_due_two_weeks_before_the_last_day_and_after_it(house: House) -> None:
    stay = make_stay(house.resident, arrives_on=DAY - timedelta(90), leaves_on=DAY + timedelta(15))
    assert house.due("exit_begin") == []
    stay.leaves_on = DAY + timedelta(14)
    assert house.due("exit_begin") == [stay.leaves_on]
    stay.leaves_on = DAY - timedelta(40)
    assert house.due("exit_begin") == [stay.leaves_on]
    house.add(Exit, stay_id=stay.id, leaves_on=stay.leaves_on, reason=next(iter(ExitReason)))
    assert house.due("exit_begin") == []


def test_points_of_an_earlier_cycle_stay_due_until_a_later_one_is_finished_and_what_was_begun_in_any_case(
    house: House,
) -> None:
    first = make_cycle(house.residence, number=1, starts_on=DAY - timedelta(weeks=20))
    second = make_cycle(house.residence, number=2, starts_on=DAY - timedelta(weeks=2))
    stay = make_stay(house.resident, arrives_on=first.starts_on, leaves_on=DAY + timedelta(weeks=15))
    for cycle in (first, second):
        db.session.add(Enrolment(residence_id=house.residence.id, cycle_id=cycle.id, stay_id=stay.id))
    db.session.flush()
    assert len([day for day in house.due("assessment") if day < second.starts_on]) == 3
    values = {"stay_id": stay.id, "assessed_on": DAY, "assessed_by_id": house.user.id}
    begun = house.add(Assessment, cycle_id=first.id, point=Point.MIDDLE, **values)
    now = datetime(2027, 1, 13, 3, 0, tzinfo=UTC)
    house.add(Assessment, cycle_id=second.id, point=Point.ENTRY, finished_at=now, **values)
    assert len([day for day in house.due("assessment") if day < second.starts_on]) == 1  # the one that was begun
    begun.finished_at = now
    assert [day for day in house.due("assessment") if day < second.starts_on] == []


def test_a_plan_that_ended_and_a_review_that_asks_for_a_change_make_a_new_one_due(house: House) -> None:
    stay = make_stay(house.resident, arrives_on=DAY - timedelta(60), leaves_on=DAY + timedelta(60))
    plan = house.add(
        ServicePlan,
        stay_id=stay.id,
        number=1,
        state=RpiState.AGREED,
        made_on=stay.arrives_on,
        made_by_id=house.user.id,
        agreed_on=stay.arrives_on,
    )
    assert house.due("rpi") == []
    before = house.due("review")
    held = {"held_on": DAY - timedelta(3), "recorded_by_id": house.user.id}
    review = house.add(PlanReview, plan_id=plan.id, due_on=before[0], result=ReviewResult.CHANGE, **held)
    assert DAY - timedelta(3) + timedelta(30) in house.due("review")
    review.result = ReviewResult.CONTINUE
    assert len(house.due("review")) == 1
    plan.state, plan.ended_on = RpiState.ENDED, DAY - timedelta(2)
    assert house.due("rpi") == [DAY + timedelta(28)]


def test_the_first_look_at_the_stage_is_due_where_the_house_has_a_ladder(house: House) -> None:
    stay = make_stay(house.resident, arrives_on=DAY - timedelta(60), leaves_on=DAY + timedelta(60))
    assert house.due("stage") == []
    take_starter_ladder(house.residence.id)
    assert house.due("stage") == [stay.arrives_on + timedelta(30)]


def test_whoever_comes_back_is_asked_for_consent_anew(house: House) -> None:
    make_stay(house.resident, arrives_on=date(2026, 1, 5), leaves_on=date(2026, 5, 1))
    answer = {"purpose": Purpose.CARE, "is_given": True, "given_by": GivenBy.RESIDENT, "way": ConsentWay.SIGNED}
    house.add(Consent, given_on=date(2026, 1, 5), **answer)
    again = make_stay(house.resident, arrives_on=date(2027, 1, 4), leaves_on=date(2027, 5, 2))
    assert house.due("consent_ask") == [again.arrives_on]
    house.add(Consent, given_on=date(2026, 12, 20), **answer)  # before the arrival, for this stay
    assert house.due("consent_ask") == []


def test_a_file_without_consent_asks_for_the_ground_on_which_it_is_kept(house: House) -> None:
    make_stay(house.resident, arrives_on=date(2027, 1, 4), leaves_on=date(2027, 5, 2))
    care: dict[str, Any] = {"purpose": Purpose.CARE, "given_by": GivenBy.RESIDENT, "way": ConsentWay.SIGNED}
    house.add(Consent, given_on=date(2027, 1, 5), is_given=False, **care)
    assert house.due("consent_ground") == [date(2027, 1, 5)]
    yes = house.add(Consent, given_on=date(2027, 1, 6), is_given=True, **care)
    assert house.due("consent_ground") == []
    moment = datetime(2027, 1, 8, 20, tzinfo=UTC)  # the 9th on the house's clock
    yes.withdrawn_at, yes.stop_by, yes.stopped_at = moment, moment, moment
    db.session.flush()
    assert house.due("consent_ground") == [date(2027, 1, 9)]
    other = {"given_by": GivenBy.NOBODY, "ground": Ground.PUBLIC_DUTY, "ground_reason": "Putusan pengadilan"}
    house.add(Consent, given_on=date(2027, 1, 9), purpose=Purpose.CARE, is_given=True, **other)
    assert house.due("consent_ground") == []


def test_an_agency_that_was_told_nothing_is_to_be_told_what_was_decided_and_how_it_ended(house: House) -> None:
    stay = make_stay(house.resident, arrives_on=DAY - timedelta(90), leaves_on=DAY + timedelta(30))
    agency = Agency(residence_id=house.residence.id, name="Dinsos", name_key="dinsos", kind=AgencyKind.SOCIAL)
    db.session.add(agency)
    db.session.flush()
    referral = house.add(
        Referral,
        year=2026,
        number=1,
        full_name=house.resident.full_name,
        name_key=house.resident.name_key,
        gender=Gender.MALE,
        agency_id=agency.id,
        received_on=DAY - timedelta(100),
        level=next(iter(ServiceLevel)),
        reason="x",
    )
    assert house.due("referral_receipt") == [DAY - timedelta(93)]
    referral.state, referral.decided_on, referral.stay_id = ReferralState.ADMITTED, DAY - timedelta(95), stay.id
    assert house.due("referral_receipt") == []
    assert house.due("referral_told") == [DAY - timedelta(88)]
    sent = {"referral_id": referral.id, "way": AnswerWay.LETTER, "body": "x", "sent_by_id": house.user.id}
    house.add(ReferralAnswer, kind=AnswerKind.DECISION, sent_on=DAY - timedelta(90), **sent)
    assert house.due("referral_told") == []
    stay.leaves_on = DAY - timedelta(10)
    assert house.due("referral_told") == [DAY - timedelta(3)]
    house.add(ReferralAnswer, kind=AnswerKind.OUTCOME, sent_on=DAY - timedelta(5), **sent)
    assert house.due("referral_told") == []
