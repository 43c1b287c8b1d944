"""Admissions of people whom the house knows: nobody is taken for another, and coming back is coming back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from foyer.accounts.models import Role, User
from foyer.caseload.models import Assignment
from foyer.cycles.models import Choice, CycleState, Enrolment
from foyer.database import db, house_scope
from foyer.intake.admission import ManagersChoice, OtherPerson, admit
from foyer.leaving.aftercare import list_contacts, plan_contacts
from foyer.leaving.aftercare_models import ContactState
from foyer.leaving.models import Exit, ExitReason, ExitState
from foyer.leaving.returning import list_reentries
from foyer.residents.models import Stay
from tests.cycles.house import saved
from tests.factories import make_cycle, make_stay, make_trade, make_user
from tests.intake.house import Office, make_office, make_person
from tests.intake.test_referrals import accepted, admission_values


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    with app.test_request_context(method="POST"):
        made = make_office()
        with house_scope(made.residence.id):
            yield made


def test_a_counsellor_opens_no_strangers_file_by_an_admission(office: Office) -> None:
    """Nor does anybody make one file of two youths: who is chosen is like the referral, not like what was typed."""
    referral = accepted(office)
    stranger = make_person(office, full_name="Citra Lain", born_on=date(2009, 9, 9), stays=False)
    namesake = make_person(office, full_name="Rizki Pratama", born_on=date(2009, 1, 1), stays=False)
    typed = {**admission_values(office), "full_name": stranger.full_name, "born_on": stranger.born_on}
    for who in (office.one, office.manager):
        with pytest.raises(OtherPerson):
            admit(who, referral, typed, seen=[f"r{stranger.id}"], known=f"r{stranger.id}", version=None)
    key, values = f"r{namesake.id}", admission_values(office)
    with pytest.raises(ManagersChoice):
        admit(office.one, referral, values, seen=[key], known=key, version=None)
    assert db.session.scalars(select(Stay)).all() == []
    assert admit(office.manager, referral, values, seen=[key], known=key, version=None).resident_id == namesake.id


def test_coming_back_by_referral_is_a_return_as_by_the_file(office: Office) -> None:
    """The earlier wishes are offered again, aftercare ends, and nothing after the exit stays due."""
    person = make_person(office, full_name="Rizki Pratama", born_on=date(2010, 3, 5), stays=False)
    earlier, coming = make_cycle(office.residence, year=2026, starts_on=date(2026, 1, 5)), make_cycle(office.residence)
    earlier.state = CycleState.CLOSED
    old = make_stay(person, arrives_on=date(2026, 1, 5), leaves_on=date(2026, 5, 1))
    trade = make_trade(office.residence, "Otomotif")
    place = saved(Enrolment(residence_id=office.residence.id, cycle_id=earlier.id, stay_id=old.id))
    place.choices = [Choice(residence_id=office.residence.id, rank=1, trade_id=trade.id)]
    left = saved(
        Exit(
            residence_id=office.residence.id,
            resident_id=person.id,
            stay_id=old.id,
            leaves_on=old.leaves_on,
            reason=ExitReason.COMPLETED,
            state=ExitState.APPROVED,
            aftercare_staff_id=office.other.staff_id,
            proposed_by_id=office.other.actor.id,
            proposed_at=datetime(2026, 4, 20, tzinfo=UTC),
            decided_by_id=office.manager.actor.id,
            decided_at=datetime(2026, 4, 21, tzinfo=UTC),
        )
    )
    own = {"residence_id": office.residence.id, "resident_id": person.id}
    saved(Assignment(**own, staff_id=office.other.staff_id, from_on=old.leaves_on))
    plan_contacts(left, [12])
    referral = accepted(office)
    referral.resident_id = person.id
    stay = admit(office.one, referral, admission_values(office, cycle_id=coming.id), seen=[], version=None)
    assert [(row.previous_stay_id, row.stay_id) for row in list_reentries(person.id)] == [(old.id, stay.id)]
    assert [row.state for row in list_contacts(person.id)] == [ContactState.DROPPED]
    enrolment = db.session.scalars(select(Enrolment).where(Enrolment.stay_id == stay.id)).one()
    assert [choice.trade_id for choice in enrolment.choices] == [trade.id]
    assert enrolment.previous_counsellor_id == office.one.staff_id
    held = {(row.staff_id, row.until_on, row.until_plan) for row in db.session.scalars(select(Assignment))}
    assert held == {(office.other.staff_id, date(2027, 1, 17), False), (office.one.staff_id, None, True)}


def test_whoever_becomes_restricted_by_an_admission_has_initials_on_the_account(office: Office) -> None:
    person = make_person(office, office.one, full_name="Rizki Pratama", born_on=date(2010, 3, 5), stays=False)
    person.user_id = make_user(office.residence, Role.RESIDENT, display_name=person.full_name).id
    referral, key = accepted(office, is_restricted=True), f"r{person.id}"
    admit(office.one, referral, admission_values(office), seen=[key], known=key, version=None)
    assert db.session.get_one(User, person.user_id).display_name == "R.P."
