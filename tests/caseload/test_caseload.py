"""Whose resident is whose, how far somebody has come, and what is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import literal, select

from foyer.accounts.models import Role, User
from foyer.caseload.desk import Desk, desk_of
from foyer.caseload.dues import Due, Residents, dues_of, kinds_of_dues, register_dues
from foyer.caseload.mine import own_resident_ids, responsible_staff
from foyer.caseload.models import Assignment, Cover, ServiceStage, StageStep
from foyer.caseload.rights import Act, Part, Who, file_for, is_in_team, relation_to, rights_of
from foyer.caseload.stages import reach, status_line
from foyer.database import db, house_scope
from foyer.errors import NotFound
from foyer.questions import Question
from foyer.residences.models import Residence, Staff
from foyer.residents.models import Stay
from foyer.residents.naming import name_for
from tests.factories import make_residence, make_resident, make_staff, make_stay, make_user
from tests.queries import count_queries

DAY = date(2027, 1, 13)


@pytest.fixture(autouse=True)
def on_this_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foyer.caseload.desk.today_in", lambda place: DAY)


def _counsellor(residence: Residence) -> tuple[User, Staff]:
    user = make_user(residence, Role.COUNSELLOR)
    return user, make_staff(residence, user_id=user.id)


def _own(user: User, residence: Residence) -> set[int]:
    return set(db.session.scalars(own_resident_ids(desk_of(user, residence.id))))


def _assign(staff: Staff, resident_id: int, first: date, last: date | None = None) -> None:
    db.session.add(
        Assignment(
            residence_id=staff.residence_id, resident_id=resident_id, staff_id=staff.id, from_on=first, until_on=last
        )
    )
    db.session.flush()


def test_an_assignment_opens_a_file_from_its_first_to_its_last_day(app: Flask) -> None:
    with app.app_context():
        residence = make_residence()
        with house_scope(residence.id):
            user, staff = _counsellor(residence)
            now, over, coming = (make_resident(residence).id for _ in range(3))
            _assign(staff, now, DAY, DAY)
            _assign(staff, over, DAY - timedelta(9), DAY - timedelta(1))
            _assign(staff, coming, DAY + timedelta(1))
            assert _own(user, residence) == {now}
            desk = desk_of(user, residence.id)
            assert file_for(desk, now, Part.ASSESSMENT, Act.WRITE).id == now
            assert relation_to(desk, over) is Who.OTHER_COUNSELLOR
            with pytest.raises(NotFound):
                file_for(desk, over, Part.IDENTITY)
            assert responsible_staff(desk, [now, over]) == {now: [staff]}


def test_whoever_stands_in_sees_the_absent_colleague_s_residents_for_those_days_only(app: Flask) -> None:
    with app.app_context():
        residence = make_residence()
        with house_scope(residence.id):
            (user, staff), (_absent_user, absent) = _counsellor(residence), _counsellor(residence)
            theirs = make_resident(residence).id
            _assign(absent, theirs, DAY - timedelta(30))
            cover = Cover(
                residence_id=residence.id,
                staff_id=absent.id,
                covered_by_id=staff.id,
                from_on=DAY,
                until_on=DAY + timedelta(2),
            )
            db.session.add(cover)
            db.session.flush()
            assert _own(user, residence) == {theirs}
            cover.from_on = DAY + timedelta(1)
            db.session.flush()
            assert _own(user, residence) == set()


def test_a_manager_answers_for_everybody_and_accounts_without_a_person_for_nobody(app: Flask) -> None:
    with app.app_context():
        residence = make_residence()
        with house_scope(residence.id):
            resident = make_resident(residence)
            assert _own(make_user(residence, Role.MANAGER), residence) == {resident.id}
            nobody = make_user(residence, Role.COUNSELLOR)
            assert _own(nobody, residence) == set()
            desk = desk_of(make_user(residence, Role.ADMINISTRATOR), residence.id)
            assert rights_of(desk, resident.id, Part.IDENTITY) == frozenset()


def test_a_restricted_resident_is_named_by_initials_outside_the_team(app: Flask) -> None:
    with app.app_context():
        residence = make_residence()
        with house_scope(residence.id):
            resident = make_resident(residence, full_name="Narpati Adi Wijaya", is_restricted=True)
            (user, staff), (stranger, _other) = _counsellor(residence), _counsellor(residence)
            _assign(staff, resident.id, DAY)
            names = [
                name_for(resident, is_in_team(desk_of(each, residence.id), resident.id)) for each in (user, stranger)
            ]
            assert names == ["Narpati Adi Wijaya", "N.A.W."]
            resident.is_restricted = False
            assert name_for(resident, False) == "Narpati Adi Wijaya"


def _line(resident, stay) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]
    return [(mark.stage.value, mark.state) for mark in status_line(resident, stay, DAY)]


def test_the_status_line_shows_what_was_reached_and_reads_the_rest_from_the_stay(app: Flask) -> None:
    with app.app_context():
        residence = make_residence()
        with house_scope(residence.id):
            resident = make_resident(residence)
            assert dict(_line(resident, None))["approach"] == "current"
            reach(resident, ServiceStage.APPROACH, on=DAY - timedelta(20))
            stay = make_stay(resident, arrives_on=DAY - timedelta(9))
            reach(resident, ServiceStage.UNDERSTANDING, on=DAY - timedelta(9), stay=stay)
            reach(resident, ServiceStage.UNDERSTANDING, on=DAY, stay=stay)  # again: nothing new
            db.session.refresh(resident)
            marks = status_line(resident, stay, DAY)
            assert [mark.state for mark in marks] == ["done", "current", "todo", "todo", "todo"]
            assert [mark.reached_on for mark in marks[:2]] == [DAY - timedelta(20), DAY - timedelta(9)]


def test_a_second_stay_has_a_line_of_its_own(app: Flask) -> None:
    with app.app_context():
        residence = make_residence()
        with house_scope(residence.id):
            resident = make_resident(residence)
            first = make_stay(resident, arrives_on=date(2026, 1, 5), leaves_on=date(2026, 5, 1))
            reach(resident, ServiceStage.APPROACH, on=date(2025, 12, 1))
            reach(resident, ServiceStage.AFTER, on=date(2026, 5, 1), stay=first)
            second = make_stay(resident, arrives_on=date(2027, 1, 4))
            db.session.refresh(resident)
            assert dict(_line(resident, first))["after"] == "current"
            assert dict(_line(resident, second))["service"] == "current"
            reach(resident, ServiceStage.PLANNING, on=DAY, stay=second)
            assert _line(resident, second)[2] == ("planning", "current")
            assert status_line(resident, second, DAY)[0].reached_on is None  # the first stay's approach is not its own


def test_a_stay_from_a_workbook_stands_where_the_days_say(app: Flask) -> None:
    with app.app_context():
        residence = make_residence()
        with house_scope(residence.id):
            here, gone, coming = (make_resident(residence) for _ in range(3))
            make_stay(here)
            make_stay(gone, arrives_on=date(2026, 1, 5), leaves_on=date(2026, 5, 1))
            make_stay(coming, arrives_on=DAY + timedelta(3))
            found = [
                next(mark.stage for mark in status_line(each, each.stays[0], DAY) if mark.state == "current")
                for each in (here, gone, coming)
            ]
            assert found == [ServiceStage.SERVICE, ServiceStage.AFTER, ServiceStage.APPROACH]


def test_what_is_due_comes_from_every_kind_in_one_question(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of different columns come back as each kind asked for them, the most overdue first."""
    monkeypatch.setattr("foyer.caseload.dues._KINDS", {})
    with app.app_context():
        residence = make_residence()
        with house_scope(residence.id):
            resident, other = make_resident(residence), make_resident(residence)
            make_stay(resident, arrives_on=DAY - timedelta(4))
            reach(resident, ServiceStage.SERVICE, on=DAY + timedelta(1))
            desk = desk_of(make_user(residence, Role.MANAGER), residence.id)
            late = Due("review", resident.id, DAY - timedelta(4), "Review", "/r")
            soon = Due("consent", resident.id, DAY + timedelta(1), "service", "/c", owner_id=7)

            def reviews(today: date, residents: Residents) -> Question:
                return select(Stay.resident_id, Stay.arrives_on).where(Stay.resident_id.in_(residents))

            def read(desk: Desk, rows: Sequence[Any]) -> list[Due]:
                return [Due("review", row.resident_id, row.arrives_on, "Review", "/r") for row in rows]

            def steps(today: date, residents: Residents) -> Question:
                return select(
                    literal(7).label("owner"), StageStep.stage, StageStep.reached_on, StageStep.resident_id
                ).where(StageStep.resident_id.in_(residents), StageStep.reached_on > today)

            def read_steps(desk: Desk, rows: Sequence[Any]) -> list[Due]:
                assert [row.stage for row in rows] == [ServiceStage.SERVICE]
                return [
                    Due("consent", row.resident_id, row.reached_on, row.stage.value, "/c", row.owner) for row in rows
                ]

            register_dues("consent", "Consent", steps, read_steps)
            register_dues("review", "Review", reviews, read)
            with count_queries(app) as seen:
                assert dues_of(desk, [resident.id, other.id]) == [late, soon]
            assert len(seen) == 1
    assert late.days_late(DAY) == 4
    assert list(kinds_of_dues()) == ["consent", "review"]


def test_what_is_due_is_of_the_session_s_house_whoever_is_named(app: Flask) -> None:
    with app.test_request_context():
        own, other = make_residence(), make_residence()
        people = {}
        for house in (own, other):
            with house_scope(house.id):
                resident = make_resident(house)
                make_stay(resident, arrives_on=DAY - timedelta(90), leaves_on=DAY + timedelta(90))
                people[house.id] = resident.id
        for house in (own, other):
            with house_scope(house.id):
                desk = desk_of(make_user(house), house.id)
                every = dues_of(desk, None)
                assert {due.resident_id for due in every} == {people[house.id]}
                assert dues_of(desk, people.values()) == every
                first = every[0].due_on
                assert dues_of(desk, None, until=first) == [due for due in every if due.due_on == first]
