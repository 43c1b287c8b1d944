"""Sessions from the timetable and by hand, what they make due, flags, standing in, and the caseload's figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.audit.models import AuditEntry
from foyer.caseload.dues import Due, dues_of
from foyer.caseload.mine import own_resident_ids
from foyer.caseload.notices import told_of
from foyer.counselling import flags, sessions, standing
from foyer.counselling.agenda import agenda_of
from foyer.counselling.caseload import own_caseload, team_of
from foyer.counselling.models import (
    CounsellingNote,
    CounsellingSession,
    FlagKind,
    FlagPriority,
    SessionKind,
    SessionMode,
)
from foyer.database import db, house_scope
from foyer.errors import NotFound
from foyer.residences.models import Staff
from foyer.residents.models import Resident
from tests.counselling.house import begin, counselled_house, desk_for, marks, stand_at
from tests.queries import count_queries

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def house(app: Flask, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """It is the evening of the first appointment's day."""
    found = counselled_house(app)
    stand_at(monkeypatch, found.on.year, found.on.month, found.on.day, 20, 0)
    return found


def _due(house: SimpleNamespace, app: Flask, kind: str) -> list[Due]:
    with app.test_request_context(), house_scope(house.id):
        desk = desk_for(house, house.counsellor)
        found = dues_of(desk, db.session.scalars(own_resident_ids(desk)))
    return [due for due in found if due.kind == kind and due.resident_id == house.resident]


def test_an_appointment_becomes_a_session_once_and_then_stands_behind_its_entry(
    app: Flask, house: SimpleNamespace, sign_in: SignIn
) -> None:
    browser = sign_in(house.counsellor)
    assert f'name="enrolment_id" value="{house.enrolment}"' in browser.get("/").text
    address = begin(house, browser)
    assert begin(house, browser) == address
    page = browser.get("/").text
    assert address in page
    data = {"enrolment_id": house.enrolment, "start": house.start}
    later = {**data, "on": (house.on + timedelta(days=14)).isoformat()}
    assert browser.post("/counselling/begin", data=later).headers["Location"] == "/"
    assert browser.post("/counselling/begin", data={**data, "on": "2027-01-10"}).status_code == 404
    assert browser.post("/counselling/begin", data={}).status_code == 404
    assert sign_in(house.colleague).post("/counselling/begin", data={**data, "on": house.on}).status_code == 404
    with app.app_context(), house_scope(house.id):
        assert len(db.session.scalars(select(CounsellingSession)).all()) == 1


def test_a_conversation_makes_the_next_one_due_and_a_step_until_it_is_done(
    app: Flask, house: SimpleNamespace, sign_in: SignIn
) -> None:
    before = _due(house, app, "conversation")
    assert [due.due_on for due in before] == [date(2027, 1, 4) + timedelta(weeks=2)]
    browser = sign_in(house.counsellor)
    address = begin(house, browser)
    assert _due(house, app, "conversation")[0].due_on == house.on + timedelta(weeks=2)
    browser.post(address, data=marks(house, presence="sick", next_step="Menelepon ibu", next_on="2027-01-09"))
    assert _due(house, app, "conversation") == before
    assert [due.due_on for due in _due(house, app, "next_step")] == [date(2027, 1, 9)]
    assert "Menelepon ibu" in browser.get(f"/residents/{house.resident}/counselling").text
    session_id = address.rsplit("/", 1)[1]
    assert browser.post(f"/residents/{house.resident}/counselling/{session_id}/done").status_code == 303
    assert _due(house, app, "next_step") == []


def test_a_session_put_down_by_mistake_counts_nowhere_and_its_time_is_free_again(
    app: Flask, house: SimpleNamespace, sign_in: SignIn
) -> None:
    browser = sign_in(house.counsellor)
    address = begin(house, browser)
    assert browser.post(f"{address}/withdraw", data={"version": 1}).headers["Location"] == "/counselling"
    assert _due(house, app, "conversation")[0].due_on == date(2027, 1, 4) + timedelta(weeks=2)
    assert begin(house, browser) != address


def test_by_hand_only_with_the_own_caseload_on_a_day_that_came_and_at_a_free_time(
    app: Flask, house: SimpleNamespace
) -> None:
    with app.test_request_context(method="POST"), house_scope(house.id):
        desk = desk_for(house, house.counsellor)
        values = {"mode": SessionMode.ONLINE, "on": house.on, "start": 1200, "end": 1230}
        one = {"kind": SessionKind.FAMILY, **values}
        sessions.put_down(desk, [house.resident], **one)
        with pytest.raises(sessions.TimeTaken):
            sessions.put_down(desk, [house.resident], **one)
        with pytest.raises(NotFound):
            sessions.put_down(desk, [house.theirs], **{**one, "start": 1100})
        with pytest.raises(sessions.InFuture):
            sessions.put_down(desk, [house.resident], **{**one, "on": house.on + timedelta(days=1)})
        with pytest.raises(sessions.HoursWrong):
            sessions.put_down(desk, [house.resident], **{**one, "start": 1240})
        with pytest.raises(sessions.NobodyThere):
            sessions.put_down(desk, [house.resident], **{**one, "kind": SessionKind.GROUP, "start": 1100})


def test_a_group_is_marked_one_by_one_and_counts_as_no_conversation_of_one_s_own(
    app: Flask, house: SimpleNamespace, sign_in: SignIn
) -> None:
    browser = sign_in(house.counsellor)
    people = house.own[:2]
    data = {"mode": "in_person", "held_on": house.on.isoformat(), "start_minute": "10:00", "end_minute": "11:00"}
    assert browser.post("/counselling/group", data={**data, "resident_ids": people[:1]}).status_code == 422
    answer = browser.post("/counselling/group", data={**data, "resident_ids": people})
    address = answer.headers["Location"]
    form = {"version": 1, "mode": "in_person", "about": people[1], "body": "Ia berbagi cerita di kelompok."}
    for n, (resident_id, presence) in enumerate(zip(people, ("present", "not_come"), strict=True)):
        form |= {f"marks-{n}-resident_id": resident_id, f"marks-{n}-presence": presence}
    assert browser.post(address, data=form).status_code == 302
    assert "Ia berbagi cerita" in browser.get(f"/residents/{people[1]}/counselling/notes").text
    assert "Ia berbagi cerita" not in browser.get(f"/residents/{people[0]}/counselling/notes").text
    again = {**form, "version": 2, "about": "", "body": "Kelompok ini saling mendukung."}
    assert browser.post(address, data=again).status_code == 302
    assert "saling mendukung" in browser.get(address).text
    with app.app_context():
        whole = select(CounsellingNote.id).where(CounsellingNote.resident_id.is_(None)).scalar_subquery()
        read = select(AuditEntry.resident_id).where(
            AuditEntry.verb == "read", AuditEntry.subject_type == "CounsellingNote", AuditEntry.subject_id == whole
        )
        with house_scope(house.id):
            assert people[0] in set(db.session.scalars(read)), "a note about the group is about everybody in it"
        assert None not in set(db.session.scalars(select(AuditEntry.resident_id).where(AuditEntry.verb == "read")))
    with app.test_request_context(), house_scope(house.id):
        desk = desk_for(house, house.counsellor)
        met = select(Resident.id, sessions.last_met(Resident.id)).where(Resident.id.in_(own_resident_ids(desk)))
        assert [each for each in db.session.execute(met) if each[1]] == [(people[0], house.on)]
        every = dues_of(desk, db.session.scalars(own_resident_ids(desk)))
        due = {each.resident_id: each.due_on for each in every if each.kind == "conversation"}
        assert due[people[0]] == date(2027, 1, 4) + timedelta(weeks=2)


def test_a_flag_holds_until_its_day_by_priority_and_can_be_taken_down(
    app: Flask, house: SimpleNamespace, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.test_request_context(method="POST"), house_scope(house.id):
        desk = desk_for(house, house.counsellor)
        resident = db.session.get_one(Resident, house.resident)
        values = {"text": "Temani ke puskesmas", "until_on": house.on + timedelta(days=3)}
        flags.set_flag(desk, resident, kind=FlagKind.HEALTH, priority=FlagPriority.LOW, **values)
        first = flags.set_flag(desk, resident, kind=FlagKind.SAFETY, priority=FlagPriority.HIGH, **values)
        with pytest.raises(flags.FlagTooLong):
            flags.set_flag(
                desk,
                resident,
                kind=FlagKind.OTHER,
                priority=FlagPriority.LOW,
                text="x",
                until_on=house.on + timedelta(days=121),
            )
        shown = flags.flags_today(desk, [house.resident])[house.resident]
        assert [flag.kind for flag in shown] == [FlagKind.SAFETY, FlagKind.HEALTH]
        flag_id = first.id
        db.session.commit()
    browser = sign_in(house.counsellor)
    address = f"/residents/{house.resident}/flags"
    assert browser.post(f"{address}/{flag_id}/end", data={"version": 1}).status_code == 303
    assert len(_due(house, app, "flag")) == 1
    assert "Temani ke puskesmas" in browser.get(address).text
    stand_at(monkeypatch, house.on.year, house.on.month, house.on.day + 4, 9, 0)
    assert _due(house, app, "flag") == []
    with app.test_request_context(), house_scope(house.id):
        assert flags.flags_today(desk_for(house, house.counsellor), [house.resident]) == {}


def test_whoever_stands_in_has_the_colleague_s_caseload_and_day_until_it_ends(
    app: Flask, house: SimpleNamespace, sign_in: SignIn
) -> None:
    with app.test_request_context(method="POST"), house_scope(house.id):
        desk = desk_for(house, house.counsellor)
        pair = {"staff_id": house.staff_ids["counsellor"], "covered_by_id": house.staff_ids["colleague"]}
        days = {"from_on": house.on, "until_on": house.on}
        found = standing.cover(desk, **pair, **days)
        for wrong, error in (
            ({**pair, **days}, standing.CoveredAlready),
            ({**pair, "covered_by_id": pair["staff_id"], **days}, standing.SamePerson),
            ({**pair, **days, "until_on": house.on - timedelta(days=1)}, standing.OrderWrong),
        ):
            with pytest.raises(error):
                standing.cover(desk, **wrong)
        stands_in = desk_for(house, house.colleague)
        assert house.resident in set(db.session.scalars(own_resident_ids(stands_in)))
        assert house.resident in {each.resident.id for each in agenda_of(stands_in).day}
        standing.end_cover(desk, found)
        assert house.resident not in set(db.session.scalars(own_resident_ids(stands_in)))
        db.session.rollback()
    assert sign_in(house.colleague).get(f"/residents/{house.resident}/counselling").status_code == 404


def test_both_are_told_who_stands_in_but_not_who_says_so(app: Flask, house: SimpleNamespace) -> None:
    pair = {"staff_id": house.staff_ids["counsellor"], "covered_by_id": house.staff_ids["colleague"]}
    days = {"from_on": house.on, "until_on": house.on}
    with app.test_request_context(method="POST"), house_scope(house.id):
        manager = desk_for(house, house.second_manager)
        arranged = standing.cover(manager, **pair, **days)
        assert told_of(standing.COVERS, arranged.id) == {house.colleague}
        assert told_of(standing.COVERED, arranged.id) == {house.counsellor}
        standing.end_cover(manager, arranged)
        own = standing.cover(desk_for(house, house.counsellor), **pair, **days)
        assert told_of(standing.COVERED, own.id) == set()
        db.session.rollback()


def test_the_figures_are_the_same_for_the_counsellor_and_for_whoever_supervises(
    app: Flask, house: SimpleNamespace, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_at(monkeypatch, 2027, 1, 20, 9, 0)
    with app.test_request_context(), house_scope(house.id):
        mine = own_caseload(desk_for(house, house.counsellor))
        assert mine.figures.late == len(mine.late)
        assert sum(due.kind == "conversation" for due in mine.late) == len(house.own)
        staff = db.session.get_one(Staff, house.staff_ids["counsellor"])
        assert team_of(desk_for(house, house.supervisor), [staff])[0].figures == mine.figures
    supervisor = sign_in(house.supervisor)
    assert supervisor.get(f"/counselling/team/{house.staff_ids['counsellor']}").status_code == 200
    assert supervisor.get(f"/counselling/team/{house.staff_ids['colleague']}").status_code == 404
    assert sign_in(house.users[Role.MANAGER]).get("/counselling/team").status_code == 200


def test_of_a_restricted_resident_a_former_counsellor_reads_only_initials(
    app: Flask, house: SimpleNamespace, sign_in: SignIn
) -> None:
    browser = sign_in(house.counsellor)
    begin(house, browser)
    with app.app_context(), house_scope(house.id):
        resident = db.session.get_one(Resident, house.resident)
        resident.is_restricted, resident.full_name = True, "Zulkarnain Rahmat"
        db.session.commit()
    assert "Zulkarnain Rahmat" in browser.get("/counselling").text
    with app.app_context(), house_scope(house.id):
        from foyer.cycles.models import PlanCaseload

        row = db.session.scalars(select(PlanCaseload).where(PlanCaseload.enrolment_id == house.enrolment)).one()
        row.staff_id = house.staff_ids["colleague"]
        db.session.commit()
    page = browser.get("/counselling").text
    assert "Zulkarnain" not in page
    assert "Z.R." in page


def test_what_is_overdue_stands_before_the_table_a_page_at_a_time_and_the_table_is_narrowed(
    app: Flask, house: SimpleNamespace, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foyer.counselling.showing.DUES", 2)
    later = house.on + timedelta(40)
    stand_at(monkeypatch, later.year, later.month, later.day, 20, 0)
    with app.test_request_context(), house_scope(house.id):
        desk = desk_for(house, house.counsellor)
        until = desk.today + timedelta(9)
        person = db.session.get_one(Resident, house.resident)
        flags.set_flag(desk, person, kind=FlagKind.OTHER, priority=FlagPriority.LOW, text="x", until_on=until)
        db.session.commit()
        mine = own_caseload(desk)
        late, name = len(mine.late), person.full_name
    browser = sign_in(house.counsellor)
    page = browser.get("/").text
    assert page.index('id="late"') < page.index('id="caseload"')
    listed = 0
    for number in range(1, -(-late // 2) + 1):
        part = browser.get(f"/?late={number}").text.split('id="late"')[1].split("</section>")[0]
        listed += part.count("<li>")
    assert late > 2
    assert listed == late
    table = browser.get("/?who=flags&sort=name").text.split('id="caseload"')[1]
    assert name in table
    assert table.count('name="resident"') == 1
    assert browser.get("/?who=flags&stage=4").text.split('id="caseload"')[1].count('name="resident"') == 0


@pytest.mark.parametrize("path", ["/", "/counselling", "/counselling/team", "/residents/{resident}/counselling"])
def test_pages_ask_a_fixed_number_of_questions(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    asked = []
    for residents in (8, 24):
        house = counselled_house(app, residents)
        stand_at(monkeypatch, house.on.year, house.on.month, house.on.day, 20, 0)
        browser = sign_in(house.counsellor)
        browser.post(begin(house, browser), data=marks(house, body="Catatan."))
        with count_queries(app) as seen:
            assert browser.get(path.format(resident=house.resident)).status_code == 200
        asked.append(len(seen))
    assert asked[0] == asked[1], asked
