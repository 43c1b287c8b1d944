"""Every page of a resident's file asks the database a bounded number of questions."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import update

from foyer.accounts.models import Role
from foyer.caseload.notices import StaffNotice
from foyer.database import db, utc_now
from tests.conventions.walking import fill_house
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
