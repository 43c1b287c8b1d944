"""Contact after the exit, and warning signs with a clock that nobody can move."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from foyer.audit.models import AuditEntry
from foyer.caseload.desk import desk_of
from foyer.caseload.models import Assignment
from foyer.database import db
from foyer.leaving import aftercare, responses
from foyer.leaving.aftercare import Heard, list_contacts, months_after
from foyer.leaving.aftercare_models import (
    Answer,
    ContactKind,
    ContactState,
    Question,
    ResponseOutcome,
    StepKind,
    WarningSign,
)
from foyer.leaving.responses import Seen, open_response
from foyer.leaving.rules import MonthsWrong, SourceMissing, change_rules, rules_of
from tests.factories import make_staff, make_user
from tests.leaving.house import LEAVES, approved, leaving_house

NOW = datetime(2027, 4, 2, 3, 0, tzinfo=UTC)
DAY = date(2027, 4, 2)


@pytest.fixture
def house(app: Flask) -> Iterator[SimpleNamespace]:
    with leaving_house(app) as found:
        found.exit = approved(found)
        found.contacts = list_contacts(found.resident.id)
        yield found


def test_months_end_with_shorter_months() -> None:
    assert months_after(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert months_after(date(2027, 11, 30), 3) == date(2028, 2, 29)
    assert months_after(date(2027, 12, 5), 12) == date(2028, 12, 5)


def test_a_contact_is_written_down_with_its_answers(house: SimpleNamespace) -> None:
    first = house.contacts[0]
    by = {"today": DAY, "actor": house.peksos}
    heard = Heard(
        DAY, ContactKind.VISIT, {Question.HOME: Answer.WELL, Question.MONEY: Answer.HARD}, "Betah.", "Telepon"
    )
    with pytest.raises(aftercare.DayAhead):
        aftercare.record_contact(first, Heard(DAY + timedelta(1), ContactKind.CALL), version=None, **by)
    with pytest.raises(aftercare.DayBeforeExit):
        aftercare.record_contact(first, Heard(LEAVES - timedelta(1), ContactKind.CALL), version=None, **by)
    aftercare.record_contact(first, heard, version=first.version, **by)
    assert (first.state, first.held_on, first.answers) == (ContactState.HELD, DAY, {"home": "well", "money": "hard"})
    with pytest.raises(aftercare.ContactClosed):
        aftercare.record_contact(first, heard, version=None, **by)
    extra = aftercare.add_contact(house.exit, Heard(DAY, ContactKind.CALL), **by)
    assert (extra.months, extra.state) == (None, ContactState.HELD)


def test_nobody_counts_as_not_reached_before_enough_days_of_trying(house: SimpleNamespace) -> None:
    first = house.contacts[0]
    for day in (DAY - timedelta(3), DAY - timedelta(3), DAY - timedelta(1)):
        aftercare.record_try(first, on=day, kind=ContactKind.CALL, note="", today=DAY, actor=house.peksos)
    with pytest.raises(aftercare.TriesMissing) as refusal:
        aftercare.give_up(first, actor=house.peksos, version=None)
    assert refusal.value.needed == 3
    aftercare.record_try(first, on=DAY, kind=ContactKind.VISIT, note="Pindah", today=DAY, actor=house.peksos)
    aftercare.give_up(first, actor=house.peksos, version=None)
    assert first.state is ContactState.UNREACHABLE
    assert house.contacts[1].state is ContactState.DUE
    heard = Heard(DAY, ContactKind.CALL)
    aftercare.record_contact(first, heard, today=DAY, actor=house.peksos, version=None)  # called back after all
    assert first.state is ContactState.HELD


def test_a_contact_is_dropped_with_a_reason(house: SimpleNamespace) -> None:
    with pytest.raises(aftercare.ReasonMissing):
        aftercare.drop(house.contacts[0], reason=" ", actor=house.peksos, version=None)
    aftercare.drop(house.contacts[0], reason="Tidak ingin dihubungi", actor=house.peksos, version=None)
    assert house.contacts[0].state is ContactState.DROPPED


def test_the_clock_runs_by_the_signs_and_stops_when_somebody_spoke_with_the_person(house: SimpleNamespace) -> None:
    by = {"actor": house.peksos, "now": NOW, "version": None}
    with pytest.raises(responses.SignMissing):
        open_response(house.resident, Seen([]), owner=house.staff, actor=house.peksos, now=NOW)
    usual = _opened(house, WarningSign.NO_OCCUPATION)
    urgent = _opened(house, WarningSign.NO_OCCUPATION, WarningSign.SELF_HARM)
    assert (usual.due_at - NOW, urgent.due_at - NOW) == (timedelta(hours=24), timedelta(hours=4))
    responses.record_step(usual, reached=False, note="Tidak diangkat", **by)
    assert usual.reached_at is None
    assert not usual.is_with_managers(NOW + timedelta(hours=23))
    assert usual.is_with_managers(NOW + timedelta(hours=24))
    responses.record_step(usual, reached=True, note="Bertemu di rumah kakak", **by)
    assert not usual.is_with_managers(NOW + timedelta(hours=240))
    assert usual.due_at == NOW + timedelta(hours=24)


def test_handing_over_and_asking_for_help_do_not_move_the_clock(house: SimpleNamespace) -> None:
    by = {"actor": house.peksos, "now": NOW + timedelta(hours=5), "version": None}
    row = _opened(house, WarningSign.STREET)
    other = make_staff(house.residence)
    responses.hand_over(row, to=other, note="Dekat dengan rumahnya", **by)
    with pytest.raises(responses.SameOwner):
        responses.hand_over(row, to=other, note="", **by)
    responses.escalate(row, note="Perlu mobil malam ini", **by)
    assert row.owner_id == other.id
    assert row.due_at == NOW + timedelta(hours=24)
    assert row.is_with_managers(NOW + timedelta(hours=6))
    assert [step.kind for step in row.steps] == [StepKind.OPENED, StepKind.HANDED_OVER, StepKind.ESCALATED]


def test_it_closes_with_words_and_as_helped_only_after_somebody_was_reached(house: SimpleNamespace) -> None:
    by = {"actor": house.peksos, "now": NOW, "version": None}
    row = _opened(house, WarningSign.NO_HOME)
    with pytest.raises(responses.NotReached):
        responses.close_response(row, outcome=ResponseOutcome.SAFE, note="Baik", **by)
    responses.record_step(row, reached=True, note="Bertemu", **by)
    with pytest.raises(responses.WordsMissing):
        responses.close_response(row, outcome=ResponseOutcome.HELP_ARRANGED, note="", **by)
    responses.close_response(row, outcome=ResponseOutcome.HELP_ARRANGED, note="Tinggal di rumah kakak", **by)
    with pytest.raises(responses.ResponseClosed):
        responses.record_step(row, reached=True, note="Lagi", **by)


def test_nobody_counts_as_not_found_whom_nobody_looked_for(house: SimpleNamespace) -> None:
    by = {"actor": house.peksos, "now": NOW, "version": None}
    lost = _opened(house, WarningSign.NO_CONTACT)
    with pytest.raises(responses.TryMissing):
        responses.close_response(lost, outcome=ResponseOutcome.NOT_FOUND, note="Alamat kosong", **by)
    responses.record_step(lost, reached=False, note="Rumah kosong", **by)
    responses.close_response(lost, outcome=ResponseOutcome.NOT_FOUND, note="Alamat kosong", **by)
    assert lost.outcome is ResponseOutcome.NOT_FOUND


def test_where_there_may_be_danger_the_owner_alone_does_not_end_the_search(house: SimpleNamespace) -> None:
    row, outcome = _opened(house, WarningSign.SELF_HARM), ResponseOutcome.NOT_FOUND
    for day in range(3):
        by = {"actor": house.peksos, "now": NOW + timedelta(days=day), "version": None}
        responses.record_step(row, reached=False, note="Tidak ada di rumah", **by)
        with pytest.raises(responses.ManagerCloses) as refusal:
            responses.close_response(row, outcome=outcome, note="Tidak ditemukan", **by)
        assert refusal.value.needed == 3
    responses.escalate(row, note="Mohon bantuan polisi", **by)
    responses.close_response(row, outcome=outcome, note="Tidak ditemukan, polisi mencari", **by)
    assert row.closed_at == NOW + timedelta(days=2)

    quick = _opened(house, WarningSign.VIOLENCE)
    manager: dict[str, Any] = {"actor": make_user(house.residence), "now": NOW, "version": None}
    with pytest.raises(responses.TryMissing):
        responses.close_response(quick, outcome=outcome, note="Tidak ditemukan", **manager)
    responses.record_step(quick, reached=False, note="Rumah terkunci", **manager)
    responses.close_response(quick, outcome=outcome, note="Tidak ditemukan", **manager)
    assert quick.outcome is outcome


def test_a_task_is_not_given_to_whom_no_longer_works_here(house: SimpleNamespace) -> None:
    desk = desk_of(house.managers[0], house.residence.id)
    gone = make_staff(house.residence, full_name="Aminah Pindah", is_active=False)
    for staff in (gone, house.staff):
        db.session.add(
            Assignment(
                residence_id=house.residence.id,
                resident_id=house.resident.id,
                staff_id=staff.id,
                from_on=date(2020, 1, 1),
            )
        )
    db.session.flush()
    assert responses.first_owner(desk, house.resident.id) == house.staff


def test_what_was_heard_is_encrypted_and_not_in_the_trail(house: SimpleNamespace) -> None:
    heard = Heard(DAY, ContactKind.CALL, {Question.MOOD: Answer.HARD}, "RAHASIA-cerita", "RAHASIA-langkah")
    aftercare.record_contact(house.contacts[0], heard, today=DAY, actor=house.peksos, version=None)
    seen = Seen([WarningSign.SELF_HARM], "RAHASIA-tanda")
    open_response(house.resident, seen, owner=house.staff, actor=house.peksos, now=NOW)
    stored = db.session.execute(text("SELECT account, next_step FROM aftercare_contacts")).all()
    tasks = db.session.execute(text("SELECT account FROM rapid_responses")).all()
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.resident_id == house.resident.id)).all()
    told = str([entry.changes for entry in entries])
    assert "RAHASIA" not in f"{stored} {tasks} {told}"
    assert "self_harm" not in told
    assert "mood" not in told


def test_the_house_sets_its_own_rules(house: SimpleNamespace) -> None:
    values = {"contact_months": [2], "tries": 2, "answer_hours": 12, "urgent_hours": 1, "keep_years": None}
    with pytest.raises(MonthsWrong):
        change_rules(house.residence.id, {**values, "contact_months": [0, 3]}, version=None)
    with pytest.raises(SourceMissing):
        change_rules(house.residence.id, {**values, "keep_years": 10, "keep_source": ""}, version=None)
    change_rules(house.residence.id, values, version=None)
    assert rules_of(house.residence.id).contact_months == [2]
    assert _opened(house, WarningSign.LAW).due_at == NOW + timedelta(hours=12)


def _opened(house: SimpleNamespace, *signs: WarningSign) -> responses.RapidResponse:
    return open_response(house.resident, Seen(signs), owner=house.staff, actor=house.peksos, now=NOW)
