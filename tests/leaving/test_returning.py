"""Coming back, and how long files are kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from foyer.caseload.models import Assignment, ServiceStage, StageStep
from foyer.cycles.models import Enrolment
from foyer.database import db
from foyer.leaving import retention, returning
from foyer.leaving.aftercare import list_contacts
from foyer.leaving.aftercare_models import ContactState
from foyer.leaving.models import CountsFrom
from foyer.leaving.returning import Return, come_back
from foyer.leaving.rules import change_rules, rules_of
from foyer.residents.models import Resident, Stay
from foyer.residents.services import StaysOverlap
from tests.factories import make_cycle
from tests.leaving.house import LEAVES, TODAY, approved, leaving_house, stranger

BACK = Return(date(2027, 6, 1), date(2027, 10, 1), "Tidak ada tempat tinggal yang aman")


@pytest.fixture
def house(app: Flask) -> Iterator[SimpleNamespace]:
    with leaving_house(app) as found:
        found.exit = approved(found)
        yield found


def test_a_return_is_a_new_stay_of_the_same_person_and_keeps_everything(house: SimpleNamespace) -> None:
    house.stay.needs, house.stay.independence_stage = ["family"], 3
    house.enrolment.wants_same_gender_counsellor = True
    coming = make_cycle(house.residence, number=2, starts_on=date(2027, 5, 3))
    wanted = Return(BACK.arrives_on, BACK.leaves_on, BACK.reason, house.staff)
    stay = come_back(house.resident, wanted, today=date(2027, 5, 30), actor=house.managers[0])
    db.session.expire_all()
    assert [each.id for each in house.resident.stays] == [house.stay.id, stay.id]
    assert db.session.scalars(select(Resident)).all() == [house.resident]
    assert (stay.needs, stay.independence_stage) == (["family"], 1)
    enrolment = db.session.scalars(select(Enrolment).where(Enrolment.cycle_id == coming.id)).one()
    assert enrolment.stay_id == stay.id
    assert enrolment.previous_counsellor_id == house.staff.id
    assert enrolment.wants_same_gender_counsellor
    assert [choice.trade.name for choice in enrolment.choices] == ["Otomotif"]
    assert {contact.state for contact in list_contacts(house.resident.id)} == {ContactState.DROPPED}
    steps = {(step.stay_id, step.stage) for step in db.session.scalars(select(StageStep))}
    assert (stay.id, ServiceStage.APPROACH) in steps
    assert (house.stay.id, ServiceStage.AFTER) in steps
    held = {(row.from_on, row.until_on, row.until_plan) for row in db.session.scalars(select(Assignment))}
    assert held == {(LEAVES, date(2027, 5, 31), False), (BACK.arrives_on, None, True)}, "aftercare ends, care begins"
    assert returning.list_reentries(house.resident.id)[0].previous_stay_id == house.stay.id


def test_whoever_is_here_does_not_come_back(house: SimpleNamespace) -> None:
    with pytest.raises(returning.StillHere):
        come_back(house.resident, Return(TODAY, date(2027, 8, 1), "x"), today=TODAY, actor=house.managers[0])
    silent = Return(BACK.arrives_on, BACK.leaves_on, " ")
    with pytest.raises(returning.ReasonMissing):
        come_back(house.resident, silent, today=TODAY, actor=house.managers[0])
    come_back(house.resident, BACK, today=TODAY, actor=house.managers[0])
    with pytest.raises((returning.StillHere, StaysOverlap)):
        come_back(house.resident, BACK, today=TODAY, actor=house.managers[0])


def test_earlier_counsellors_are_offered_first(house: SimpleNamespace) -> None:
    assert returning.earlier_counsellors(house.resident) == [house.staff]
    house.staff.is_active = False
    assert returning.earlier_counsellors(house.resident) == []


def test_no_file_falls_due_before_the_house_states_a_period(house: SimpleNamespace) -> None:
    late = date(2099, 1, 1)
    rules = rules_of(house.residence.id)
    assert [row.keep_until for row in retention.list_kept(rules, today=late, page=1).rows] == [None]
    stated = {"contact_months": [1], "keep_years": 5, "keep_from": CountsFrom.EXIT, "keep_source": "JRA Dinsos 2024"}
    rules = change_rules(house.residence.id, stated, version=None)
    row = retention.list_kept(rules, today=late, page=1).rows[0]
    assert row.keep_until == date(2032, 3, 1)
    assert not row.is_due(date(2032, 2, 29))
    assert row.is_due(date(2032, 3, 1))
    rules = change_rules(house.residence.id, {**stated, "keep_from": CountsFrom.BIRTH, "keep_years": 75}, version=None)
    assert retention.list_kept(rules, today=late, page=1).rows[0].keep_until == date(2084, 5, 1)


def test_the_list_holds_only_who_has_left_and_a_hold_keeps_a_file(house: SimpleNamespace) -> None:
    stranger(house.residence)  # lives here
    stated = {"contact_months": [1], "keep_years": 1, "keep_source": "JRA"}
    rules, late = change_rules(house.residence.id, stated, version=None), date(2028, 3, 2)
    db.session.scalars(select(Stay).where(Stay.resident_id != house.resident.id)).one().leaves_on = date(2028, 6, 1)
    page = retention.list_kept(rules, today=late, page=1)
    assert [(row.resident.id, row.left_on, row.is_due(late)) for row in page.rows] == [
        (house.resident.id, LEAVES, True)
    ]
    with pytest.raises(retention.ReasonMissing):
        retention.place_hold(house.resident, reason="", today=late, actor=house.managers[0])
    hold = retention.place_hold(house.resident, reason="Perkara di pengadilan", today=late, actor=house.managers[0])
    with pytest.raises(retention.HeldAlready):
        retention.place_hold(house.resident, reason="Lagi", today=late, actor=house.managers[0])
    assert not retention.list_kept(rules, today=late, page=1).rows[0].is_due(late)
    retention.lift_hold(hold, reason="Putusan tetap", today=late, actor=house.managers[1], version=None)
    assert retention.list_kept(rules, today=late, page=1).rows[0].is_due(late)
