"""Every page of a resident's file, and every list of the house, asks the database a bounded number of questions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import update

from benchmarks.measures.registers import fill_registers
from foyer.accounts.models import Role
from foyer.caseload.models import Assignment
from foyer.caseload.notices import StaffNotice
from foyer.database import db, house_scope, utc_now
from foyer.registers.books import BOOKS
from foyer.residences.services import today_in
from tests.conventions.walking import fill_house
from tests.factories import make_residence, make_resident, make_staff, make_stay, make_user
from tests.queries import count_queries

MOST = 12
# The first page shows the published week besides, progress everything that somebody learns.
MORE = {"residents.resident": 20, "training.progress": 15}


def test_no_page_of_a_file_asks_more_than_a_dozen_questions(app: Flask, sign_in: Callable[[int], FlaskClient]) -> None:
    with app.app_context():
        filled = fill_house("Panti Mawar")
        db.session.connection().execute(
            update(StaffNotice.__table__).values(seen_at=utc_now())
        )  # telling costs one more
        db.session.commit()
    pages = [rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods]
    pages = [page for page in pages if next(iter(app.url_map.iter_rules(page))).arguments == {"resident_id"}]
    opened, wrong = set(), []
    for role in (Role.MANAGER, Role.COUNSELLOR):
        browser = sign_in(filled.users[role])
        for page in pages:
            with app.test_request_context():
                address = url_for(page, resident_id=filled.ids["resident"])
            with count_queries(app) as seen:
                status = browser.get(address).status_code
            opened |= {page} if status == 200 else set()
            if len(seen) > MORE.get(page, MOST):
                wrong.append((role.value, page, len(seen)))
    assert wrong == []
    assert {"residents.resident", "care.rpi", "leaving.aftercare", "counselling.of_resident"} <= opened


LISTS = (
    "/counselling/team/nobody",
    "/referrals?show=all",
    "/referrals/waiting",
    "/exits",
    *[f"/books/{key}" for key in BOOKS],
    "/house/checks",
    "/house/minimum",
    "/atensi",
    "/residents/dtsen",
)


def test_lists_of_the_house_ask_as_often_for_many_lines_as_for_few(
    app: Flask, sign_in: Callable[[int], FlaskClient]
) -> None:
    managers = [_house_with_registers(app, people, lines) for people, lines in ((10, 8), (40, 70))]
    asked = []
    for manager in managers:
        browser = sign_in(manager)
        counts = {}
        for address in LISTS:
            browser.get(address)  # what is told once is told
            with count_queries(app) as seen:
                assert browser.get(address).status_code == 200, address
            counts[address] = len(seen)
        asked.append(counts)
    assert asked[0] == asked[1]
    assert {address: count for address, count in asked[0].items() if count > MOST} == {}


def _house_with_registers(app: Flask, residents: int, lines: int) -> int:
    """A house with so many residents and lines in each register; gives its manager."""
    with app.app_context():
        house = make_residence()
        with house_scope(house.id):
            today = today_in(house)
            staff = [make_staff(house) for _ in range(3)]
            people = []
            for n in range(residents):
                resident = make_resident(house)
                stay = make_stay(resident, arrives_on=today - timedelta(90), leaves_on=today + timedelta(90))
                own = {"residence_id": house.id, "resident_id": resident.id, "staff_id": staff[n % 3].id}
                db.session.add(Assignment(**own, from_on=today - timedelta(90)))
                people.append((resident.id, stay.id, staff[n % 3]))
            manager = make_user(house).id
            fill_registers(house, people, staff, manager, today, lines)
            db.session.commit()
            return manager
