"""A concern goes past the house to the office: who reads it, its clock, the suspension, the way back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from foyer.accounts.models import Role, User
from foyer.accounts.services import grant_house
from foyer.administration import services as administration
from foyer.audit.models import AuditEntry
from foyer.concerns import handling, reporting
from foyer.concerns.deadline import Clock, clock_of
from foyer.concerns.models import About, ConcernEntry, ConcernKind, ConcernVerb, SafeguardingConcern
from foyer.database import db, house_scope, office_scope
from foyer.errors import NotFound
from tests.factories import make_residence, make_resident, make_staff, make_user

NOW = datetime(2027, 1, 13, 3, 0, tzinfo=UTC)
CODE = "KPXA-3FQ7-M2ZD"


@pytest.fixture
def place(app: Flask) -> Iterator[SimpleNamespace]:
    """A house with a resident, an instructor and a manager, and two accounts of its office."""
    with app.app_context():
        residence = make_residence()
        office, colleague = make_user(None, Role.OFFICE), make_user(None, Role.OFFICE)
        for user in (office, colleague):
            grant_house(user, residence.id)
        with house_scope(residence.id):
            me, teacher, head = (make_user(residence, r) for r in (Role.RESIDENT, Role.INSTRUCTOR, Role.MANAGER))
            make_resident(residence, user_id=me.id, full_name="Sari Lengkap")
            staff = make_staff(residence, user_id=teacher.id)
            db.session.commit()
            yield SimpleNamespace(
                residence=residence,
                office=office,
                colleague=colleague,
                me=me,
                teacher=teacher,
                head=head,
                staff=staff,
            )


def _reported(place: SimpleNamespace, kind: ConcernKind = ConcernKind.SEXUAL, **told: object) -> SafeguardingConcern:
    values = {"about": About.STAFF, "about_key": f"staff-{place.staff.id}", "words": "Ia masuk kamar.", **told}
    reporting.report(place.residence, reporting.Report(kind=kind, **values), reporter=place.me, code=CODE, now=NOW)
    db.session.commit()
    with office_scope(place.residence.id):
        return db.session.scalars(select(SafeguardingConcern)).one()


def test_only_the_office_s_scope_finds_a_concern_and_the_house_s_trail_knows_nothing(place: SimpleNamespace) -> None:
    before = len(db.session.scalars(select(AuditEntry)).all())
    concern = _reported(place)
    assert concern.reporter is None
    assert db.session.scalars(select(SafeguardingConcern)).all() == []
    assert db.session.scalars(select(ConcernEntry.id)).all() == []
    with office_scope(make_residence().id):
        assert db.session.scalars(select(SafeguardingConcern)).all() == []
    db.session.rollback()
    assert len(db.session.scalars(select(AuditEntry)).all()) == before
    with office_scope(place.residence.id), pytest.raises(NotFound):
        handling.concern_for(place.head, concern.id)


def test_a_report_sent_twice_is_one_and_a_name_is_kept_only_when_given(place: SimpleNamespace) -> None:
    concern = _reported(place, is_anonymous=False)
    assert concern.reporter == "Sari Lengkap"
    assert not reporting.report(
        place.residence,
        reporting.Report(ConcernKind.OTHER, About.UNKNOWN, "lagi"),
        reporter=place.me,
        code=CODE.lower().replace("-", " "),
        now=NOW,
    )
    told = reporting.Report(ConcernKind.OTHER, About.STAFF, "x", about_key="staff-0")
    with pytest.raises(reporting.UnknownPerson):
        reporting.report(place.residence, told, reporter=place.me, code="ABCD", now=NOW)


def test_the_clock_runs_from_the_report_nears_its_end_and_cannot_be_set_anew(place: SimpleNamespace) -> None:
    concern = _reported(place)
    day = timedelta(hours=24)
    assert [clock_of(concern, NOW + n * day) for n in (1, 2, 4)] == [Clock.RUNNING, Clock.SOON, Clock.LATE]
    with office_scope(place.residence.id):
        assert handling.waiting_for(place.office, NOW + day) == (1, 0)
        assert handling.waiting_for(place.colleague, NOW + 2 * day) == (1, 1)
        with pytest.raises(handling.NobodyResponsible):
            handling.report_to_police(concern, "LP/1", actor=place.office, now=NOW)
        handling.make_responsible(concern, place.office.id, actor=place.office, now=NOW)
        with pytest.raises(handling.ClockRuns):
            handling.close(concern, "Selesai", actor=place.office, now=NOW, version=None)
        handling.report_to_police(concern, "LP/1", actor=place.office, now=NOW + day)
        with pytest.raises(handling.ReportedAlready):
            handling.report_to_police(concern, "LP/2", actor=place.office, now=NOW + day)
        assert clock_of(concern, NOW + 9 * day) is Clock.MET
        handling.close(concern, "Ditangani", actor=place.office, now=NOW + 2 * day, version=None)
        handling.reopen(concern, actor=place.colleague, now=NOW + 3 * day)
        assert clock_of(concern, NOW + 9 * day) is Clock.MET


def test_a_concern_reported_as_something_else_counts_from_its_report_too(place: SimpleNamespace) -> None:
    concern = _reported(place, ConcernKind.OTHER)
    assert clock_of(concern, NOW) is Clock.NONE
    with office_scope(place.residence.id):
        handling.start_clock(concern, actor=place.office, now=NOW + timedelta(hours=60))
    assert clock_of(concern, NOW + timedelta(hours=60)) is Clock.SOON


@pytest.mark.parametrize("table", [SafeguardingConcern, ConcernEntry], ids=["the report", "its trail"])
def test_the_database_refuses_to_change_and_to_delete(place: SimpleNamespace, table: type) -> None:
    _reported(place)
    core = table.__table__
    for act in (delete(core), update(core).values(words="lain")):
        with pytest.raises(DBAPIError), db.session.begin_nested():
            db.session.execute(act)


def test_the_database_refuses_to_set_a_clock_anew(place: SimpleNamespace) -> None:
    _reported(place)
    core = SafeguardingConcern.__table__
    for column in ("clock_started_at", "reported_at"):
        with pytest.raises(DBAPIError), db.session.begin_nested():
            db.session.execute(update(core).values({column: NOW + timedelta(days=9)}))


def test_a_suspended_account_is_out_until_the_office_lets_it_go(place: SimpleNamespace) -> None:
    concern = _reported(place)
    stamp = place.teacher.session_stamp
    assert place.teacher.is_active, "a report alone locks nobody out"
    with office_scope(place.residence.id):
        assert handling.people_around(concern).staff[0][0] == place.teacher.id
        with pytest.raises(handling.NoAccount):
            handling.suspend(concern, place.me.id, actor=place.office, now=NOW)
        handling.suspend(concern, place.teacher.id, actor=place.office, now=NOW)
        assert not place.teacher.is_active
        assert place.teacher.session_stamp != stamp
        administration.open_account(place.teacher)
        assert not place.teacher.is_active, "the house cannot open what the office holds"
        with pytest.raises(administration.HeldByOffice):
            administration.change_account(
                place.teacher, display_name="x", role=Role.INSTRUCTOR, person=None, version=None
            )
        handling.reinstate(concern, actor=place.office, now=NOW)
        assert place.teacher.is_active
        verbs = [entry.verb for entry in handling.entries_of(concern)]
    assert verbs == [ConcernVerb.REPORTED, ConcernVerb.HELD, ConcernVerb.LET_GO]


def test_who_is_named_takes_no_part(place: SimpleNamespace) -> None:
    about_staff = _reported(place)
    with office_scope(place.residence.id):
        with pytest.raises(handling.PersonNamed):
            handling.set_step(
                about_staff,
                words="Dampingi",
                owner_id=place.teacher.id,
                due_on=date(2027, 1, 14),
                actor=place.office,
                now=NOW,
            )
        told = reporting.Report(ConcernKind.OTHER, About.OFFICE, "x", about_key=f"user-{place.colleague.id}")
        reporting.report(place.residence, told, reporter=place.head, code="ABCD", now=NOW)
        assert len(handling.concerns_for(place.office)) == 2
        assert handling.concerns_for(place.colleague) == [about_staff]
        other = next(each for each in handling.concerns_for(place.office) if each is not about_staff)
        with pytest.raises(NotFound):
            handling.concern_for(place.colleague, other.id)
        with pytest.raises(handling.PersonNamed):
            handling.make_responsible(other, place.colleague.id, actor=place.office, now=NOW)


def test_a_task_is_all_that_its_owner_reads_and_the_reporter_hears_back(place: SimpleNamespace) -> None:
    concern = _reported(place)
    with office_scope(place.residence.id):
        handling.set_step(
            concern,
            words="Temani Sari ke puskesmas",
            owner_id=place.head.id,
            due_on=date(2027, 1, 14),
            actor=place.office,
            now=NOW,
        )
        handling.tell_reporter(concern, "Kami percaya kepadamu.", actor=place.office, now=NOW)
    [task] = handling.tasks_of(place.head)
    assert handling.tasks_of(place.teacher) == []
    handling.finish_step(task, "Sudah", actor=place.head, now=NOW)
    receipt = reporting.by_code("kpxa 3fq7 m2zd")
    reporting.write_again(receipt, "Terima kasih", now=NOW)
    db.session.commit()
    assert [(entry.verb, entry.actor_id is None) for entry in reporting.by_code(CODE).talk] == [
        (ConcernVerb.TOLD, False),
        (ConcernVerb.WROTE, True),
    ]
    with pytest.raises(NotFound):
        reporting.by_code("AAAA-BBBB-CCCC")
    assert db.session.get_one(User, place.me.id).is_active
