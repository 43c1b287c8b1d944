"""A cycle by the seven components of ATENSI: what counts, what does not, and who may change what counts to which."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from foyer.accounts.models import Role
from foyer.atensi.models import Component, Service
from foyer.atensi.services import Figure, change_components, components_of, report_of
from foyer.care.models import Assessment, PlanReview, ServicePlan
from foyer.counselling.models import CounsellingSession, Presence, SessionAttendance, SessionKind
from foyer.cycles.planning import build_problem, store_plan
from foyer.database import db, house_scope
from foyer.training.models import AttendanceMark, ClassRegister
from foyer.training.models import Presence as InClass
from tests.cycles.by_hand import plan_by_hand
from tests.cycles.house import House, make_house, saved
from tests.factories import make_user
from tests.queries import count_queries

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def found(app: Flask) -> Iterator[SimpleNamespace]:
    with app.test_request_context(method="POST"):
        yield _filled()
        db.session.rollback()


@pytest.fixture
def kept(app: Flask) -> SimpleNamespace:
    """Ids only: nothing of the test holds the database while pages are asked for."""
    with app.test_request_context(method="POST"):
        made = _filled()
        ids = {role: make_user(made.house.residence, role).id for role in (Role.MANAGER, Role.COUNSELLOR)}
        db.session.commit()
        return SimpleNamespace(users=ids, cycle=made.house.cycle.id, other=made.other.id)


def _filled() -> SimpleNamespace:
    """Four residents from the cycle's first day on; a day four weeks later."""
    house = make_house(4)
    other = make_house(2)
    with house_scope(house.residence.id):
        first, second = (enrolment.stay for enrolment in house.enrolments[:2])
        day = house.cycle.starts_on
        for enrolment in house.enrolments:
            enrolment.stay.arrives_on, enrolment.stay.leaves_on = day, house.cycle.ends_on
        second.leaves_on = day + timedelta(days=10)
        first.needs = ["wheelchair"]
        _sessions(house, first, second, day)
        _classes(house, first, second, day)
        _care(house, first, day)
        db.session.flush()
    return SimpleNamespace(house=house, other=other.cycle, today=day + timedelta(days=28))


def _sessions(house: House, first: Any, second: Any, day: date) -> None:
    own = {"residence_id": house.residence.id, "staff_id": house.counsellors[0].id}
    for number, (kind, people, withdrawn) in enumerate(
        (
            (SessionKind.INDIVIDUAL, {first: Presence.PRESENT}, None),
            (SessionKind.INDIVIDUAL, {first: Presence.LATE}, None),
            (SessionKind.INDIVIDUAL, {first: Presence.PRESENT}, datetime(2027, 1, 5, tzinfo=UTC)),
            (SessionKind.GROUP, {first: Presence.PRESENT, second: Presence.NOT_COME}, None),
            (SessionKind.FAMILY, {second: Presence.PRESENT}, None),
        )
    ):
        held = day + timedelta(days=number)
        session = saved(
            CounsellingSession(**own, kind=kind, held_on=held, start_minute=480, end_minute=525, withdrawn_at=withdrawn)
        )
        for stay, presence in people.items():
            saved(
                SessionAttendance(
                    residence_id=house.residence.id,
                    session_id=session.id,
                    held_on=held,
                    resident_id=stay.resident_id,
                    presence=presence,
                )
            )


def _classes(house: House, first: Any, second: Any, day: date) -> None:
    own = {"residence_id": house.residence.id}
    problem = build_problem(house.cycle)
    plan = store_plan(house.cycle, problem, plan_by_hand(problem))
    for group, held, is_held in (
        (house.classes[0], day, True),
        (house.classes[0], day + timedelta(days=1), False),
        (house.education[0], day, True),
        (house.classes[0], house.cycle.ends_on, True),  # the next cycle's
    ):
        register = saved(
            ClassRegister(
                **own,
                group_id=group.id,
                held_on=held,
                start_minute=480,
                end_minute=600,
                plan_id=plan.id,
                is_held=is_held,
                not_held_reason=None if is_held else "listrik padam",
            )
        )
        for stay, presence in ((first, InClass.INTERNSHIP), (second, InClass.ABSENT)):
            saved(
                AttendanceMark(
                    **own,
                    register_id=register.id,
                    resident_id=stay.resident_id,
                    stay_id=stay.id,
                    presence=presence,
                )
            )


def _care(house: House, stay: Any, day: date) -> None:
    user = make_user(house.residence, Role.COUNSELLOR)
    own = {"residence_id": house.residence.id, "resident_id": stay.resident_id}
    for point, finished in (("entry", datetime(2027, 1, 6, 3, tzinfo=UTC)), ("middle", None)):
        saved(
            Assessment(
                **own,
                stay_id=stay.id,
                cycle_id=house.cycle.id,
                point=point,
                assessed_on=day,
                assessed_by_id=user.id,
                finished_at=finished,
            )
        )
    plan = saved(ServicePlan(**own, stay_id=stay.id, number=1, made_on=day, made_by_id=user.id))
    by = {"plan_id": plan.id, "recorded_by_id": user.id, "due_on": day}
    saved(PlanReview(**own, **by, held_on=day, result="continue"))
    saved(PlanReview(**own, **by, put_off_to=day + timedelta(days=9)))


def _by_service(rows: Any) -> dict[Service, Figure]:
    return {service: figure for row in rows for service, figure in row.services.items()}


def test_what_was_done_counts_and_what_was_not_does_not(app: Flask, found: SimpleNamespace) -> None:
    with house_scope(found.house.residence.id):
        with count_queries(app) as seen:
            rows = report_of(found.house.residence, found.house.cycle, found.today)
        assert len(seen) <= 9
        assert _by_service(rows) == {
            Service.HOUSING: Figure(4, 3 * 28 + 10),
            Service.ASSESSMENT: Figure(1, 1),
            Service.PLAN_REVIEW: Figure(1, 1),
            Service.COUNSELLING: Figure(1, 2),  # one was withdrawn
            Service.GROUP_COUNSELLING: Figure(1, 1),  # one did not come
            Service.FAMILY_COUNSELLING: Figure(1, 1),
            Service.TRADE: Figure(1, 1),  # one was not held, one is of the next cycle
            Service.EDUCATION: Figure(1, 1),
            Service.EXIT: Figure(),
            Service.AFTERCARE: Figure(),
            Service.WHEELCHAIR: Figure(1, 1),
        }
        by_component = {row.component: row.residents for row in rows}
        assert list(by_component) == list(Component)
        assert by_component[Component.CARE] == 1  # one person, three services
        assert by_component[Component.FAMILY] == 1


def test_the_house_says_which_service_counts_to_which_component(found: SimpleNamespace) -> None:
    residence = found.house.residence
    with house_scope(residence.id):
        change_components(
            residence.id,
            {Service.FAMILY_COUNSELLING: Component.THERAPY, Service.TRADE: Component.VOCATIONAL},
            version=0,
        )
        assert components_of(residence.id)[Service.FAMILY_COUNSELLING] is Component.THERAPY
        rows = {row.component: row for row in report_of(residence, found.house.cycle, found.today)}
        assert rows[Component.THERAPY].residents == 2
        assert not rows[Component.FAMILY].services
        change_components(residence.id, {Service.FAMILY_COUNSELLING: Component.FAMILY}, version=1)
        assert components_of(residence.id)[Service.FAMILY_COUNSELLING] is Component.FAMILY


def test_the_page_and_the_workbook_say_the_same_and_name_nobody(kept: SimpleNamespace, sign_in: SignIn) -> None:
    head = sign_in(kept.users[Role.MANAGER])
    page = head.get("/atensi", query_string={"cycle": kept.cycle}, headers={"Accept-Language": "id"}).text
    assert "Perawatan sosial" in page
    book = load_workbook(io.BytesIO(head.get(f"/atensi/{kept.cycle}.xlsx", headers={"Accept-Language": "id"}).data))
    rows = list(book["ATENSI"].iter_rows(min_row=2, values_only=True))
    assert len([row for row in rows if row[3] == "semua layanan"]) == 7
    assert ("Konseling individu yang dihadiri", 1, 2) in [row[3:] for row in rows]
    assert len({row[:2] for row in rows}) == 1  # house and cycle stand on every line
    form = {service.value: "living" for service in Service}
    assert head.post("/atensi/components", data={**form, "trade": "nothing"}).status_code == 422
    assert head.post("/atensi/components", data={**form, "version": 0}).status_code == 303
    again = head.post(
        "/atensi/components", data={**form, "version": 0, "trade": "care"}, headers={"Accept-Language": "id"}
    )
    assert again.status_code == 409  # the other manager's list is shown beside, and nothing is lost
    assert "Tersimpan sekarang" in again.text
    assert head.get("/atensi/components").text.count("selected") == len(Service)
    assert "Tidak ada layanan" in head.get("/atensi", headers={"Accept-Language": "id"}).text
    assert head.get("/atensi", query_string={"cycle": kept.other}).status_code == 404
    assert head.get(f"/atensi/{kept.other}.xlsx").status_code == 404
    assert sign_in(kept.users[Role.COUNSELLOR]).get("/atensi").status_code == 403
