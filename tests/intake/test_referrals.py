"""Referrals from the register to the stay: who decides, what needs a reason, and what an admission begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from foyer.audit.models import AuditEntry
from foyer.caseload.models import Assignment, ServiceStage, StageStep
from foyer.cycles.models import Enrolment
from foyer.database import db, house_scope
from foyer.errors import NotAllowed, NotFound, Stale
from foyer.intake import outreach
from foyer.intake.admission import NotAccepted, admit
from foyer.intake.agencies import AgencyKnown, change_agency, known_names, list_agencies, take_usual
from foyer.intake.finding import LookFirst
from foyer.intake.models import (
    AgencyKind,
    AnswerKind,
    AnswerWay,
    OutreachKind,
    Referral,
    ReferralState,
    RefusalGround,
    WaitsFor,
)
from foyer.intake.queries import WantedList, list_referrals, referral_for, waiting_list
from foyer.intake.referrals import (
    AlreadyDecided,
    GroundMissing,
    NothingToWaitFor,
    ReasonMissing,
    Verdict,
    answer,
    answers_of,
    change,
    decide,
)
from foyer.intake.waiting import WAITS, Wait, waits
from foyer.residences.models import Gender
from foyer.residents.models import EducationLevel, NikState
from foyer.residents.services import NikMalformed, StaysOverlap
from tests.factories import make_cycle
from tests.intake.house import NIK, TODAY, Office, make_office, make_person, make_referral, referral_values


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    with app.test_request_context(method="POST"):
        made = make_office()
        with house_scope(made.residence.id):
            yield made


def accepted(office: Office, **overrides: Any) -> Referral:
    referral = make_referral(office.one, **overrides)
    decide(office.manager, referral, Verdict(ReferralState.ACCEPTED), version=referral.version)
    return referral


def admission_values(office: Office, **overrides: Any) -> dict[str, Any]:
    assert office.one.staff is not None
    return {
        "full_name": "Rizki Pratama",
        "gender": Gender.MALE,
        "born_on": date(2010, 3, 5),
        "birth_place": "Depok",
        "arrives_on": date(2027, 1, 18),
        "leaves_on": date(2027, 5, 2),
        "education_level": EducationLevel.SMP,
        "needs": ["family"],
        "counsellor_id": office.one.staff.id,
        "cycle_id": None,
        **overrides,
    }


def test_the_register_counts_by_year_and_keeps_what_is_confidential_encrypted(office: Office) -> None:
    first, second = make_referral(office.one, nik=NIK), make_referral(office.one, full_name="Ayu Lestari")
    assert (first.code, second.code) == ("R-2027-001", "R-2027-002")
    assert first.responsible is not None
    assert first.responsible.id == office.one.staff_id, "whoever registers it prepares the decision"
    stored = db.session.connection().exec_driver_sql("SELECT nik, reason, contact FROM referrals").all()
    assert "Putus" not in str(stored)
    assert NIK not in str(stored)
    trail = str([entry.changes for entry in db.session.scalars(select(AuditEntry))])
    assert not any(word in trail for word in ("Putus", NIK, "Paman", "family"))
    with pytest.raises(NikMalformed):
        make_referral(office.one, full_name="Bagas Saputra", nik="12345")


def test_a_referral_is_changed_and_keeps_its_number_unless_a_new_one_is_typed(office: Office) -> None:
    referral = make_referral(office.one, nik=NIK)
    change(office.one, referral, referral_values(full_name="Rizky Pratama", agency="bapas"), version=referral.version)
    assert (referral.full_name, referral.nik, referral.agency.kind) == ("Rizky Pratama", NIK, AgencyKind.CORRECTIONS)
    with pytest.raises(Stale):
        change(office.one, referral, referral_values(), version=1)


def test_who_may_open_a_referral(office: Office) -> None:
    mine, free = make_referral(office.one), make_referral(office.manager, full_name="Ayu Lestari")
    secret = make_referral(office.manager, full_name="Bagas Saputra", is_restricted=True)
    for referral, opens in ((mine, False), (free, True), (secret, False)):
        assert referral_for(office.manager, referral.id) is referral
        if opens:
            assert referral_for(office.other, referral.id) is referral
        else:
            with pytest.raises(NotFound):
                referral_for(office.other, referral.id)
    assert [row.id for row in list_referrals(office.one, WantedList(sort="name", descending=False)).rows] == [
        free.id,
        mine.id,
    ]


def test_managers_decide_with_reasons_and_can_take_it_up_again(office: Office) -> None:
    referral = make_referral(office.one)
    refused = Verdict(ReferralState.REFUSED, "Usia 13 tahun", RefusalGround.AGE)
    for verdict, error in (
        (replace(refused, reason=" "), ReasonMissing),
        (replace(refused, ground=None), GroundMissing),
        (Verdict(ReferralState.WAITING, "Penuh"), NothingToWaitFor),
        (Verdict(ReferralState.ADMITTED), AlreadyDecided),
    ):
        with pytest.raises(error):
            decide(office.manager, referral, verdict, version=None)
    with pytest.raises(NotAllowed):
        decide(office.one, referral, refused, version=None)
    decide(office.manager, referral, refused, version=None)
    assert (referral.state, referral.decided_on, referral.decided_by_id) == (
        ReferralState.REFUSED,
        TODAY,
        office.manager.actor.id,
    )
    with pytest.raises(AlreadyDecided):
        decide(office.manager, referral, Verdict(ReferralState.ACCEPTED), version=None)
    decide(office.manager, referral, Verdict(ReferralState.RECEIVED, "Salah lahir"), version=None)
    assert (referral.state, referral.decided_on, referral.ground) == (ReferralState.RECEIVED, None, None)
    decide(office.one, referral, Verdict(ReferralState.WITHDRAWN, "Keluarga pindah"), version=None)
    assert referral.state is ReferralState.WITHDRAWN


def test_the_waiting_list_puts_the_urgent_first_then_who_waits_longest(office: Office) -> None:
    made = [make_referral(office.one, full_name=name) for name in ("Ani Satu", "Budi Dua", "Citra Tiga")]
    for n, referral in enumerate(made):
        verdict = Verdict(ReferralState.WAITING, "Penuh", waits_for=WaitsFor.BED, is_urgent=n == 2)
        decide(replace(office.manager, today=date(2027, 1, 3 - n)), referral, verdict, version=None)
    assert [row.full_name for row in waiting_list(office.manager).rows] == ["Citra Tiga", "Budi Dua", "Ani Satu"]
    decide(office.manager, made[0], Verdict(ReferralState.WAITING, "Masih penuh", waits_for=WaitsFor.BED), version=None)
    assert made[0].waits_since == date(2027, 1, 3), "whoever waits keeps the day"


def test_an_admission_begins_a_file_a_stay_a_responsibility_and_a_stage(office: Office) -> None:
    cycle = make_cycle(office.residence)
    referral = make_referral(office.one, nik=NIK, is_restricted=True)
    values = admission_values(office, cycle_id=cycle.id)
    with pytest.raises(NotAccepted):
        admit(office.manager, referral, values, seen=[], version=None)
    answer(office.one, referral, AnswerKind.RECEIPT, way=AnswerWay.EMAIL, body="Diterima", sent_on=TODAY)
    visit = {"met_on": TODAY, "kind": OutreachKind.HOME, "area": "Bukit Duri", "reached": 1}
    contact = outreach.add_contact(office.one, visit, referral=referral)
    decide(office.manager, referral, Verdict(ReferralState.ACCEPTED), version=None)
    stay = admit(office.manager, referral, values, seen=[], version=referral.version)
    resident = stay.resident
    assert (resident.full_name, resident.nik, resident.nik_state) == ("Rizki Pratama", NIK, NikState.GIVEN)
    assert resident.is_restricted
    assert (referral.state, referral.resident_id, referral.stay_id) == (ReferralState.ADMITTED, resident.id, stay.id)
    assert (stay.needs, stay.arrives_on) == (["family"], date(2027, 1, 18))
    assert db.session.scalars(select(Assignment.staff_id)).all() == [office.one.staff_id]
    place = db.session.scalars(select(Enrolment).where(Enrolment.cycle_id == cycle.id)).one()
    assert (place.stay_id, place.previous_counsellor_id) == (stay.id, office.one.staff_id), "who began goes on"
    steps = db.session.execute(select(StageStep.stage, StageStep.stay_id, StageStep.reached_on)).all()
    assert [tuple(step) for step in steps] == [(ServiceStage.APPROACH, stay.id, TODAY)]
    assert {answers_of(referral.id)[0].resident_id, contact.resident_id} == {resident.id}
    with pytest.raises(NotAccepted):
        admit(office.manager, referral, values, seen=[], version=None)
    with pytest.raises(AlreadyDecided):
        change(office.manager, referral, referral_values(), version=None)


def test_an_admission_looks_once_more_and_a_re_entry_keeps_the_person(office: Office) -> None:
    referral = accepted(office)
    known = make_person(office, office.one, full_name="Rizki Pratama", born_on=date(2010, 3, 5))
    values = admission_values(office)
    with pytest.raises(LookFirst):
        admit(office.manager, referral, values, seen=[], version=None)
    key = f"r{known.id}"
    with pytest.raises(StaysOverlap):
        admit(office.manager, referral, values, seen=[key], known=key, version=None)
    later = {**values, "arrives_on": date(2027, 6, 1), "leaves_on": date(2027, 9, 1)}
    stay = admit(office.manager, referral, later, seen=[key], known=key, version=None)
    assert stay.resident_id == known.id


def test_outreach_is_counted_by_area_and_only_after_it_took_place(office: Office) -> None:
    for area, reached in (("Manggarai", 4), ("Manggarai", 2), ("Tebet Timur", 1), ("", 9)):
        visit = {"met_on": TODAY, "kind": OutreachKind.MEETING, "area": area, "reached": reached, "note": "Cerita"}
        outreach.add_contact(office.one, visit)
    assert outreach.by_area(date(2026, 12, 1)) == [("Manggarai", 2, 6), ("Tebet Timur", 1, 1)]
    with pytest.raises(outreach.NotYet):
        outreach.add_contact(office.one, {"met_on": date(2027, 2, 1), "kind": OutreachKind.HOME, "reached": 1})
    about = {"met_on": TODAY, "kind": OutreachKind.HOME, "reached": 1, "next_on": date(2027, 1, 20)}
    contact = outreach.add_contact(office.one, about, referral=make_referral(office.one))
    assert contact in outreach.list_contacts(office.one).rows
    assert contact not in outreach.list_contacts(office.other).rows
    assert outreach.list_contacts(office.one, due=True).rows == [contact]
    outreach.close_contact(contact, on=TODAY, version=contact.version)
    assert outreach.list_contacts(office.one, due=True).rows == []


def test_agencies_are_known_once_by_whatever_spelling(office: Office) -> None:
    make_referral(office.one, agency=" dinas  SOSIAL ")
    assert len(list_agencies()) == 1
    assert known_names().count("Dinas Sosial") == 0
    assert take_usual(office.residence.id) > 15
    assert take_usual(office.residence.id) == 0
    agency = list_agencies()[0]
    with pytest.raises(AgencyKnown):
        change_agency(agency, {"name": "puskesmas"}, version=None)


def test_what_waits_without_a_file_is_one_figure_on_every_page_and_ends_with_the_answer(office: Office) -> None:
    """As the register lists it, so a first page counts it; each desk only what it may open."""
    ten_ago = TODAY - timedelta(days=10)
    make_referral(office.manager, received_on=ten_ago, answer_by=TODAY - timedelta(days=5))
    other = {"full_name": "Sari Wulan", "born_on": date(2010, 9, 9), "responsible_id": office.other.staff_id}
    refused = make_referral(office.manager, received_on=TODAY, **other)
    decide(
        office.manager,
        refused,
        Verdict(ReferralState.REFUSED, "Penuh", ground=RefusalGround.FULL),
        version=None,
    )
    refused.decided_on = ten_ago
    outreach.add_contact(office.one, {"met_on": ten_ago, "kind": OutreachKind.HOME, "next_on": TODAY, "note": ""})
    late, none = Wait(1, 1), Wait(1, 0)
    assert waits(office.manager)[0] == {"to_confirm": late, "to_answer": late, "to_tell": late, "to_meet": none}
    assert waits(office.one)[0] == {"to_confirm": late, "to_answer": late, "to_meet": none}, (
        "the other is a colleague's"
    )
    asked = {name: condition(TODAY) for name, condition in WAITS.items()}
    for desk in (office.manager, office.one, office.other):
        counted = waits(desk)[0]
        for name in asked:
            total = list_referrals(desk, WantedList(show=name, waits=asked)).total
            assert total == (counted[name].every if name in counted else 0)
    told = {"way": AnswerWay.LETTER, "body": "Maaf, penuh.", "sent_on": TODAY}
    answer(office.manager, refused, AnswerKind.DECISION, **told)
    assert "to_tell" not in waits(office.other)[0]


def test_a_new_decision_is_to_be_told_though_an_older_one_was(office: Office) -> None:
    found = make_referral(office.manager, received_on=TODAY - timedelta(days=20))
    waiting = Verdict(ReferralState.WAITING, "Penuh", waits_for=WaitsFor.BED)
    decide(office.manager, found, waiting, version=None)
    found.decided_on = TODAY - timedelta(days=10)
    first = {"way": AnswerWay.LETTER, "body": "Daftar tunggu.", "sent_on": found.decided_on}
    answer(office.manager, found, AnswerKind.DECISION, **first)
    assert "to_tell" not in waits(office.manager)[0]
    decide(office.manager, found, Verdict(ReferralState.REFUSED, "Pindah", ground=RefusalGround.FULL), version=None)
    assert waits(office.manager)[0]["to_tell"] == Wait(1, 0)
    answer(office.manager, found, AnswerKind.DECISION, **{**first, "body": "Maaf.", "sent_on": TODAY})
    assert "to_tell" not in waits(office.manager)[0]
