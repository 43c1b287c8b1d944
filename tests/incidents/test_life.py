"""An incident from the report to its closing: its clocks cannot be moved, and nobody closes it alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from foyer.caseload.notices import StaffNotice, unseen_by
from foyer.database import db
from foyer.errors import NotAllowed, NotFound, Stale
from foyer.incidents import clocks, handling, reporting, telling
from foyer.incidents.models import (
    ClockFor,
    ClockSetAlready,
    Incident,
    IncidentKind,
    IncidentState,
    InvolvedAs,
    Seriousness,
    StepKind,
    Told,
)
from foyer.incidents.reading import Standing, incident_for
from foyer.incidents.reporting import Amendment
from foyer.incidents.rules import change_rules, rules_of
from foyer.residents.models import Resident
from tests.incidents.house import desk, happened, house_of_incidents

SERIOUS = {"seriousness": Seriousness.SERIOUS}


@pytest.fixture
def house(app: Flask) -> Iterator[SimpleNamespace]:
    with house_of_incidents(app) as found:
        yield found


def _notices(house: SimpleNamespace, kind: str) -> set[int]:
    return set(db.session.scalars(select(StaffNotice.user_id).where(StaffNotice.kind == kind)))


def _unseen(row: Incident, *kinds: str) -> set[str]:
    query = select(StaffNotice.kind).where(StaffNotice.subject_id == row.id, StaffNotice.seen_at.is_(None))
    return set(db.session.scalars(query.where(StaffNotice.kind.in_(kinds))))


def _tell_all(house: SimpleNamespace, row: Incident) -> None:
    for clock in row.clocks:
        clocks.stop_clock(desk(house, house.peksos), clock, was_told=True, words="Lewat telepon.")


def test_a_report_says_where_who_and_what_before_it_counts(house: SimpleNamespace) -> None:
    ahead = desk(house, house.teacher).now + timedelta(hours=1)
    with pytest.raises(reporting.HappenedAhead):
        happened(house, house.teacher, happened_at=ahead)
    with pytest.raises(reporting.PlaceMissing):
        happened(house, house.teacher, place=" ")
    with pytest.raises(reporting.PeopleMissing):
        happened(house, house.teacher, people={})
    row = happened(house, house.teacher, kind=IncidentKind.PROPERTY, people={})
    assert (row.state, [step.kind for step in row.steps]) == (IncidentState.REPORTED, [StepKind.REPORTED])
    assert row.clocks == []
    assert _notices(house, reporting.REPORTED) == {house.head.id, house.deputy.id}


def test_what_is_serious_begins_clocks_by_the_house_s_rules(house: SimpleNamespace) -> None:
    change_rules(house.residence.id, {"office_hours": 12, "office_source": "SK Dinas 7/2026"}, version=None)
    row = happened(house, house.teacher, told=[Told.GUARDIAN], **SERIOUS)
    guardian, office = row.clocks
    assert (guardian.party, guardian.was_met) == (ClockFor.GUARDIAN, True)  # told at once
    assert (office.party, office.is_running, office.source) == (ClockFor.OFFICE, True, "SK Dinas 7/2026")
    assert office.due_at - row.happened_at == timedelta(hours=12)
    assert office.responsible_id == house.teacher_staff.id
    assert _notices(house, reporting.GRAVE) == {house.head.id, house.deputy.id}
    change_rules(house.residence.id, {"office_hours": 100}, version=rules_of(house.residence.id).version)
    assert office.due_at - row.happened_at == timedelta(hours=12)
    with pytest.raises(ClockSetAlready):
        office.due_at = office.due_at + timedelta(hours=1)
    assert clocks.is_urgent(office, row.happened_at + timedelta(hours=6), 6)
    assert not clocks.is_urgent(office, row.happened_at + timedelta(hours=5), 6)


def test_managers_and_whoever_is_responsible_are_warned_before_a_clock_ends(house: SimpleNamespace) -> None:
    row = happened(house, house.teacher, **SERIOUS)
    guardian, office = row.clocks
    kind = telling.RUNS_OUT[ClockFor.OFFICE]
    assert _notices(house, kind) == {house.head.id, house.deputy.id, house.teacher.id}
    told_at = db.session.scalars(select(StaffNotice.told_at).where(StaffNotice.kind == kind)).all()
    assert {office.due_at - moment for moment in told_at} == {timedelta(hours=6)}
    assert not db.session.scalar(select(unseen_by(house.teacher.id))), "not before its hour"
    handling.assign(desk(house, house.head), row, house.peksos_staff, version=None)
    assert house.peksos.id in _notices(house, kind)
    for notice in db.session.scalars(select(StaffNotice).where(StaffNotice.kind.in_(telling.RUNS_OUT.values()))):
        notice.told_at -= timedelta(hours=24)
    db.session.flush()
    assert db.session.scalar(select(unseen_by(house.teacher.id)))
    for clock in (guardian, office):
        clocks.stop_clock(desk(house, house.peksos), clock, was_told=True, words="Lewat telepon.")
    assert not db.session.scalar(select(unseen_by(house.teacher.id))), "they were told"


def test_missing_always_has_clocks_an_adult_s_family_is_told_as_the_adult_wishes(house: SimpleNamespace) -> None:
    one: Resident = house.residents[0]
    missing = happened(house, house.peksos, kind=IncidentKind.MISSING, people={one.id: InvolvedAs.AFFECTED})
    assert [clock.party for clock in missing.clocks] == [ClockFor.GUARDIAN, ClockFor.OFFICE]
    one.born_on = desk(house, house.head).today - timedelta(days=20 * 366)
    adult = happened(house, house.peksos, kind=IncidentKind.MISSING, people={one.id: InvolvedAs.AFFECTED})
    assert [clock.party for clock in adult.clocks] == [ClockFor.OFFICE]
    lost = happened(house, house.peksos, kind=IncidentKind.DATA, people={})
    assert {clock.due_at - lost.happened_at for clock in lost.clocks} == {timedelta(hours=72)}
    assert {clock.party for clock in lost.clocks} == {ClockFor.DATA_SUBJECTS, ClockFor.DATA_AUTHORITY}


def test_a_clock_stops_once_with_words_and_only_a_manager_decides_not_to_tell(house: SimpleNamespace) -> None:
    guardian, office = happened(house, house.peksos, **SERIOUS).clocks
    here = desk(house, house.peksos)
    with pytest.raises(clocks.WordsMissing):
        clocks.stop_clock(here, office, was_told=True, words=" ")
    with pytest.raises(NotAllowed):
        clocks.stop_clock(here, guardian, was_told=False, words="Wali sendiri diduga terlibat.")
    clocks.stop_clock(desk(house, house.head), guardian, was_told=False, words="Wali sendiri diduga terlibat.")
    clocks.stop_clock(here, office, was_told=True, words="Bu Ratna, telepon.", at=office.due_at + timedelta(days=9))
    assert (guardian.was_met, office.was_met) == (False, True)  # nobody tells in the future
    with pytest.raises(clocks.ClockStopped):
        clocks.stop_clock(here, office, was_told=True, words="Sekali lagi.")


def test_what_is_learnt_later_is_added_and_starts_clocks_but_stops_none(house: SimpleNamespace) -> None:
    row = happened(house, house.teacher)
    said = row.account
    worse = Amendment(
        "Ternyata patah tulang; Dodi tidak ikut.",
        IncidentKind.INJURY,
        Seriousness.SERIOUS,
        {house.residents[1].id: InvolvedAs.WITNESS},
        [house.residents[2].id],
    )
    seen = row.version
    reporting.amend(desk(house, house.teacher), row, worse, version=seen)
    assert (row.account, row.steps[-1].was, row.steps[-1].became) == (said, "violence,moderate", "injury,serious")
    assert [one.resident.full_name for one in reporting.standing_people(row)] == ["Bima Satria", "Citra Lestari"]
    assert {clock.due_at - row.happened_at for clock in row.clocks} == {timedelta(hours=24)}
    better = Amendment("Hanya memar.", IncidentKind.INJURY, Seriousness.MINOR, {})
    with pytest.raises(Stale):
        reporting.amend(desk(house, house.teacher), row, better, version=seen)
    reporting.amend(desk(house, house.teacher), row, better, version=row.version)
    assert [clock.is_running for clock in row.clocks] == [True, True]


def test_a_second_person_closes_it_after_the_clocks_and_the_measures(house: SimpleNamespace) -> None:
    row = happened(house, house.teacher, **SERIOUS)
    here, head = desk(house, house.peksos), desk(house, house.head)
    with pytest.raises(NotAllowed):
        handling.assign(here, row, house.peksos_staff, version=row.version)
    with pytest.raises(handling.NobodyAnswers):
        handling.propose_closing(here, row, words="Selesai.", version=row.version)
    handling.assign(head, row, house.peksos_staff, version=row.version)
    assert {clock.responsible_id for clock in row.clocks} == {house.peksos_staff.id}
    assert _notices(house, handling.GIVEN) == {house.peksos.id}
    with pytest.raises(handling.DayPast):
        _measure(house, row, days=-1)
    measure = _measure(house, row, days=2)
    with pytest.raises(handling.WorkOpen):
        handling.propose_closing(here, row, words="Selesai.", version=row.version)
    handling.finish_measure(here, measure, words="Sudah dibicarakan berdua.", version=measure.version)
    _tell_all(house, row)
    handling.propose_closing(head, row, words="Berdamai.", version=row.version)
    with pytest.raises(handling.SelfApproval):
        handling.close(head, row, words="", version=row.version)
    with pytest.raises(handling.SelfApproval):
        handling.close(here, row, words="", version=row.version)
    deputy = desk(house, house.deputy)
    handling.send_back(deputy, row, words="Tanyakan juga kepada saksi.", version=row.version)
    assert row.state is IncidentState.EXAMINED
    handling.propose_closing(here, row, words="Saksi sudah didengar.", version=row.version)
    asking = (handling.GIVEN, handling.TO_CLOSE, reporting.REPORTED)
    assert {handling.GIVEN, handling.TO_CLOSE} <= _unseen(row, *asking)
    handling.close(deputy, row, words="Setuju.", version=row.version)
    assert (row.state, row.closed_by_id) == (IncidentState.CLOSED, house.deputy.id)
    assert _unseen(row, *asking) == set(), "nobody is asked any more for what is done"
    with pytest.raises(reporting.IncidentClosed):
        _measure(house, row, days=2)
    due = [clock.due_at for clock in row.clocks]
    handling.reopen(here, row, words="Ada keluhan baru.", version=row.version)
    assert (row.state, [clock.due_at for clock in row.clocks]) == (IncidentState.EXAMINED, due)


def test_who_reported_closes_it_only_where_there_is_no_other_manager(house: SimpleNamespace) -> None:
    row = happened(house, house.head)
    handling.assign(desk(house, house.head), row, house.peksos_staff, version=None)
    handling.propose_closing(desk(house, house.peksos), row, words="Selesai.", version=None)
    assert not handling.may_close(desk(house, house.head), row)
    house.deputy.is_enabled = False
    db.session.flush()
    assert handling.may_close(desk(house, house.head), row)


def test_the_team_reads_it_with_the_names_of_its_own_residents_only(house: SimpleNamespace) -> None:
    row = happened(house, house.teacher)
    names = {
        who: [
            Standing(desk(house, getattr(house, who)), found).name_of(person)
            for found in [incident_for(desk(house, getattr(house, who)), row.id)]
            for person in found.people
        ]
        for who in ("head", "peksos", "teacher")
    }
    assert names == {
        "head": ["Bima Satria", "Dodi Wijaya"],
        "peksos": ["Bima Satria", "D.W."],
        "teacher": ["Bima Satria", "Dodi Wijaya"],  # who named them
    }
    with pytest.raises(NotFound):
        incident_for(desk(house, house.other), row.id)
    handling.assign(desk(house, house.head), row, house.other_staff, version=None)
    assert incident_for(desk(house, house.other), row.id).owner_id == house.other_staff.id


def _measure(house: SimpleNamespace, row: Incident, *, days: int):  # type: ignore[no-untyped-def]
    here = desk(house, house.peksos)
    due_on = here.today + timedelta(days=days)
    return handling.add_measure(
        here, row, words="Bicara berdua.", owner=house.peksos_staff, due_on=due_on, version=row.version
    )
