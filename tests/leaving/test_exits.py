"""The end of a stay: prepared, proposed, approved by a second person, and told to everybody whom it concerns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from foyer.accounts.models import Role
from foyer.audit.models import AuditEntry
from foyer.caseload.desk import desk_of
from foyer.caseload.models import Assignment, ServiceStage, StageStep
from foyer.caseload.notices import told_of
from foyer.caseload.stages import status_line
from foyer.cycles.decisions import Decision, Destination, NextStep
from foyer.cycles.models import Cycle
from foyer.cycles.rolling import Wanted, decide
from foyer.database import db
from foyer.errors import Stale
from foyer.leaving import exits
from foyer.leaving.aftercare import list_contacts
from foyer.leaving.aftercare_models import ContactState, WarningSign
from foyer.leaving.listing import exits_of_house
from foyer.leaving.models import Exit, ExitItemKind, ExitReason, ExitState, ItemState
from foyer.leaving.responses import Seen, open_response
from foyer.leaving.transfers import Offer, offer_transfer
from foyer.leaving.waiting import Waiting, waiting_for
from foyer.residences.models import Residence
from foyer.residents.services import change_stay
from tests.factories import make_user
from tests.leaving.house import (
    LEAVES,
    TODAY,
    all_ready,
    another_house,
    approved,
    begun,
    leaving_house,
    stranger,
)
from tests.queries import count_queries

NOW = datetime(2027, 2, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def house(app: Flask) -> Iterator[SimpleNamespace]:
    with leaving_house(app) as found:
        yield found


def test_an_exit_begins_with_the_whole_checklist_and_a_stay_has_one(house: SimpleNamespace) -> None:
    row = begun(house)
    assert [item.kind for item in row.items] == list(ExitItemKind)
    assert exits.open_points(row) == len(ExitItemKind)
    with pytest.raises(exits.ExitStands):
        begun(house)
    with pytest.raises(exits.LeavesTooEarly):
        exits.change_exit(row, {"leaves_on": house.stay.arrives_on}, version=row.version)


def test_points_are_answered_and_what_is_not_needed_has_a_reason(house: SimpleNamespace) -> None:
    item = begun(house).items[0]
    answer = {"today": TODAY, "actor": house.peksos}
    with pytest.raises(exits.ReasonMissing):
        exits.answer_item(item, state=ItemState.NOT_NEEDED, note=" ", version=item.version, **answer)
    seen = item.version
    exits.answer_item(item, state=ItemState.READY, note="KTP ada di map", version=seen, **answer)
    assert (item.answered_on, item.answered_by_id) == (TODAY, house.peksos.id)
    with pytest.raises(Stale):
        exits.answer_item(item, state=ItemState.OPEN, note="", version=seen, **answer)
    exits.answer_item(item, state=ItemState.OPEN, note="", version=item.version, **answer)
    assert item.answered_on is None


def test_it_is_proposed_with_open_points_only_for_a_reason(house: SimpleNamespace) -> None:
    row = begun(house, aftercare_staff_id=None)
    with pytest.raises(exits.AftercareMissing):
        exits.propose(row, gaps="", actor=house.peksos, version=None)
    exits.change_exit(row, {"aftercare_staff_id": house.staff.id}, version=None)
    with pytest.raises(exits.PointsOpen) as refusal:
        exits.propose(row, gaps="", actor=house.peksos, version=None)
    assert refusal.value.count == len(ExitItemKind)
    exits.propose(row, gaps="Kerja mulai Senin; KTP menyusul lewat Dukcapil.", actor=house.peksos, version=None)
    assert row.state is ExitState.PROPOSED
    with pytest.raises(exits.ExitClosed):
        exits.change_exit(row, {"reason": ExitReason.WORK}, version=None)


def test_somebody_gone_without_a_word_leaves_the_checklist_open(house: SimpleNamespace) -> None:
    row = begun(house, reason=ExitReason.WITHOUT_WORD, destination=Destination.UNKNOWN)
    exits.propose(row, gaps="", actor=house.peksos, version=None)
    assert row.state is ExitState.PROPOSED


def test_nobody_approves_the_own_proposal_and_one_of_the_two_is_a_manager(house: SimpleNamespace) -> None:
    row = all_ready(begun(house), house)
    with pytest.raises(exits.NotProposed):
        exits.approve(row, words="", actor=house.managers[0], version=None)
    exits.propose(row, gaps="", actor=house.managers[0], version=None)
    with pytest.raises(exits.SelfApproval):
        exits.approve(row, words="", actor=house.managers[0], version=None)
    exits.approve(row, words="", actor=house.peksos, version=None)
    assert row.state is ExitState.APPROVED


def test_two_counsellors_do_not_decide_alone(house: SimpleNamespace) -> None:
    row = all_ready(begun(house), house)
    exits.propose(row, gaps="", actor=house.peksos, version=None)
    with pytest.raises(exits.ManagerMissing):
        exits.approve(row, words="", actor=make_user(house.residence, Role.COUNSELLOR), version=None)


def test_the_database_refuses_a_self_approval_too(house: SimpleNamespace) -> None:
    row = all_ready(begun(house), house)
    exits.propose(row, gaps="", actor=house.peksos, version=None)
    row.state, row.decided_by_id = ExitState.APPROVED, house.peksos.id
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_an_approved_exit_ends_the_stay_and_is_known_where_it_matters(house: SimpleNamespace) -> None:
    row = approved(house)
    assert house.stay.leaves_on == LEAVES
    decision = db.session.scalars(select(Decision)).one()
    assert (decision.enrolment_id, decision.next_step) == (house.enrolment.id, NextStep.GRADUATES)
    assert (decision.leaves_on, decision.destination) == (LEAVES, Destination.FAMILY)
    step = db.session.scalars(select(StageStep)).one()
    assert (step.stage, step.reached_on, step.stay_id) == (ServiceStage.AFTER, LEAVES, house.stay.id)
    assigned = db.session.scalars(select(Assignment)).one()
    assert (assigned.staff_id, assigned.from_on, assigned.until_on) == (house.staff.id, LEAVES, None)
    due = [(contact.months, contact.due_on) for contact in list_contacts(house.resident.id)]
    assert due == [
        (1, date(2027, 4, 1)),
        (3, date(2027, 6, 1)),
        (6, date(2027, 9, 1)),
        (12, date(2028, 3, 1)),
    ]
    assert row.stay_id == house.stay.id


def test_it_goes_back_with_words_and_may_be_proposed_again(house: SimpleNamespace) -> None:
    row = all_ready(begun(house), house)
    exits.propose(row, gaps="", actor=house.peksos, version=None)
    with pytest.raises(exits.ReasonMissing):
        exits.send_back(row, words="", actor=house.managers[0], version=None)
    exits.send_back(row, words="Rumah belum dikunjungi.", actor=house.managers[0], version=None)
    assert row.state is ExitState.PREPARING
    exits.propose(row, gaps="", actor=house.peksos, version=None)
    assert row.decision_words is None
    assert row.decided_by_id is None


def test_until_the_day_of_leaving_it_can_be_withdrawn_and_what_was_due_falls_away(house: SimpleNamespace) -> None:
    row = approved(house)
    exits.withdraw(row, words="Tinggal sampai ujian Paket C.", today=TODAY, actor=house.peksos, version=None)
    assert {contact.state for contact in list_contacts(house.resident.id)} == {ContactState.DROPPED}
    assigned = db.session.scalars(select(Assignment)).one()
    assert assigned.until_on == assigned.from_on
    again = approved(house, leaves_on=date(2027, 4, 5))
    with pytest.raises(exits.ExitClosed):
        exits.withdraw(again, words="Terlambat", today=date(2027, 4, 5), actor=house.peksos, version=None)


def test_approved_again_for_the_same_day_whoever_stays_in_touch_answers_again(house: SimpleNamespace) -> None:
    exits.withdraw(approved(house), words="Ujian Paket C.", today=TODAY, actor=house.peksos, version=None)
    approved(house)
    assigned = db.session.scalars(select(Assignment)).one()
    assert (assigned.staff_id, assigned.from_on, assigned.until_on) == (house.staff.id, LEAVES, None)


def test_withdrawn_the_stay_and_the_roll_over_are_as_before_the_approval(house: SimpleNamespace) -> None:
    until, cycle = house.stay.leaves_on, db.session.get_one(Cycle, house.enrolment.cycle_id)
    row = approved(house)
    assert (row.stay_until, house.stay.leaves_on) == (until, LEAVES)
    exits.withdraw(row, words="Ujian Paket C.", today=TODAY, actor=house.peksos, version=None)
    assert house.stay.leaves_on == until
    assert db.session.scalars(select(Decision)).all() == [], "nobody had decided: the question is open again"

    stays = Wanted(NextStep.EXTENDS, leaves_on=cycle.ends_on + timedelta(weeks=17))
    first = decide(cycle, house.enrolment, stays, version=None, actor_id=house.managers[1].id)
    decided = (first.next_step, first.leaves_on, first.destination, first.decided_at, first.decided_by_id)
    again = approved(house)
    assert first.next_step is NextStep.GRADUATES
    exits.withdraw(again, words="Ujian Paket C.", today=TODAY, actor=house.peksos, version=None)
    assert (first.next_step, first.leaves_on, first.destination, first.decided_at, first.decided_by_id) == decided


def test_what_somebody_changed_since_the_approval_is_left_to_them(house: SimpleNamespace) -> None:
    row, cycle = approved(house), db.session.get_one(Cycle, house.enrolment.cycle_id)
    later = LEAVES + timedelta(weeks=2)
    change_stay(house.stay, {"leaves_on": later}, version=None)
    made = db.session.scalars(select(Decision)).one()
    goes = Wanted(NextStep.LEAVES, leaves_on=later)
    decide(cycle, house.enrolment, goes, version=made.version, actor_id=house.managers[1].id)
    exits.withdraw(row, words="Ujian Paket C.", today=TODAY, actor=house.peksos, version=None)
    assert house.stay.leaves_on == later
    assert (made.next_step, made.leaves_on) == (NextStep.LEAVES, later)


def test_the_managers_are_told_that_an_approved_exit_was_withdrawn(house: SimpleNamespace) -> None:
    proposed = all_ready(begun(house), house)
    exits.propose(proposed, gaps="", actor=house.peksos, version=None)
    exits.withdraw(proposed, words="Belum siap.", today=TODAY, actor=house.peksos, version=None)
    assert told_of(exits.WITHDRAWN, house.resident.id) == set(), "nothing was approved"
    exits.withdraw(approved(house), words="Ujian.", today=TODAY, actor=house.managers[0], version=None)
    assert told_of(exits.WITHDRAWN, house.resident.id) == {house.managers[1].id}, "all but who did it"


def test_an_exit_ahead_leaves_the_status_line_where_the_resident_is(house: SimpleNamespace) -> None:
    row = approved(house)
    assert _stage(house, TODAY) is ServiceStage.SERVICE
    assert _stage(house, LEAVES) is ServiceStage.AFTER
    exits.withdraw(row, words="Ujian Paket C.", today=TODAY, actor=house.peksos, version=None)
    assert _stage(house, LEAVES) is ServiceStage.SERVICE


def _stage(house: SimpleNamespace, day: date) -> ServiceStage:
    return next(mark.stage for mark in status_line(house.resident, house.stay, day) if mark.state == "current")


def test_what_waits_for_a_manager_is_counted_in_one_query_and_not_for_who_proposed_it(
    app: Flask, house: SimpleNamespace
) -> None:
    row = all_ready(begun(house), house)
    exits.propose(row, gaps="", actor=house.managers[0], version=None)
    seen = Seen([WarningSign.STREET])
    sign = open_response(house.resident, seen, owner=house.staff, actor=house.peksos, now=NOW)
    in_time, late = NOW, NOW + timedelta(hours=24)
    house_arrival(house.residence)
    with count_queries(app) as queries:
        found = waiting_for(house.managers[1].id, in_time)
    assert len(queries) == 1
    assert found == Waiting(1, house.resident.id, 0, 1)
    assert waiting_for(house.managers[0].id, late) == Waiting(0, None, 1, 1)
    sign.reached_at = NOW
    assert waiting_for(house.managers[0].id, late).signs == 0


def test_the_exits_of_the_house_are_listed_by_what_is_asked(app: Flask, house: SimpleNamespace) -> None:
    mine = begun(house)
    other = stranger(house.residence, full_name="Aan Pertama")
    values = {"leaves_on": TODAY, "reason": ExitReason.WITHOUT_WORD, "aftercare_staff_id": house.staff.id}
    theirs = exits.begin_exit(other, other.stays[0], values)
    exits.propose(theirs, gaps="", actor=house.managers[0], version=None)
    manager, peksos = (desk_of(user, house.residence.id) for user in (house.managers[0], house.peksos))
    assert exits_of_house(manager).rows == [theirs, mine]
    assert exits_of_house(manager, descending=True).rows == [mine, theirs]
    assert exits_of_house(manager, show="proposed").rows == [theirs]
    assert exits_of_house(manager, show="withdrawn").rows == []
    assert exits_of_house(manager, show="all", sort="proposed_by").rows == [theirs, mine], "without a name comes last"
    assert theirs not in exits_of_house(peksos, show="all").rows, "of nobody whom the counsellor answers for"
    db.session.flush()
    with count_queries(app) as seen:
        for row in exits_of_house(manager, show="all").rows:
            assert row.resident.full_name
            assert row.proposed_by is None or row.proposed_by.display_name
    assert len(seen) == 2


def house_arrival(residence: Residence) -> None:
    """Another house offers somebody to this one."""
    other = another_house()
    newcomer = stranger(other.residence)
    offer = Offer(residence, date(2027, 2, 20), "Dekat keluarga")
    offer_transfer(newcomer, newcomer.stays[0], offer, actor=other.manager)


def test_the_words_about_a_person_are_encrypted_and_not_in_the_trail(house: SimpleNamespace) -> None:
    row = begun(house, account="RAHASIA-keluar", destination_words="RAHASIA-alamat")
    exits.answer_item(
        row.items[0], state=ItemState.READY, note="RAHASIA-catatan", today=TODAY, actor=house.peksos, version=None
    )
    stored = db.session.execute(text("SELECT account, destination_words FROM exits")).one()
    notes = db.session.execute(text("SELECT note FROM exit_items")).all()
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.resident_id == house.resident.id)).all()
    assert "RAHASIA" not in f"{stored} {notes} {[entry.changes for entry in entries]}"
    assert {entry.subject_type for entry in entries} >= {"Exit", "ExitItem"}
    assert db.session.scalars(select(Exit)).one().account == "RAHASIA-keluar"
