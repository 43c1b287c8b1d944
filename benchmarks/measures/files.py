"""What the lists of a house with long files cost the server: processor time of whole requests, beside an empty page."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert

from benchmarks.measures.registers import fill_registers
from benchmarks.measures.studio import _milliseconds, _signed_in
from foyer import create_app
from foyer.accounts.models import Role
from foyer.caseload.models import Assignment
from foyer.config import Settings
from foyer.counselling.models import CounsellingNote, CounsellingSession, SessionAttendance, SessionKind, SessionMode
from foyer.database import db, house_scope, learn_sizes, utc_now
from foyer.residences.services import today_in
from tests.factories import make_residence, make_resident, make_staff, make_stay, make_user
from tests.queries import count_queries

TIMES = 9  # of each page, and of an empty one between
MORNING, MINUTES = 420, 5


def lists(residents: int, caseload: int, notes: int) -> dict[str, Any]:
    """A house of so many residents, ``caseload`` for each counsellor, with so many notes of counselling and a tenth as
    many lines in each register: of each list the median processor time of several requests in milliseconds, and how
    many queries it sends. Before each of them the page on which the same counsellor changes the own password is asked
    for, which shows nothing of the house; its median stands with the list's, as ``empty``: a machine that slows down
    slows both."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data=Path(folder), database_url=""), TESTING=True, RATELIMIT_ENABLED=False)
        manager, counsellor, one = _filled(app, residents, caseload, notes)
        pages = [
            ("caseload", counsellor, "/"),
            ("own conversations", counsellor, "/counselling"),
            ("conversations of one resident", counsellor, f"/residents/{one}/counselling"),
            ("notes of one resident", counsellor, f"/residents/{one}/counselling/notes"),
            ("residents", manager, "/residents"),
            ("caseloads of the team", manager, "/counselling/team"),
            ("nobody answers", manager, "/counselling/team/nobody"),
            ("register of referrals", manager, "/referrals?show=all"),
            ("own referrals", counsellor, "/referrals?show=all"),
            ("waiting list", manager, "/referrals/waiting"),
            ("exits", manager, "/exits"),
            ("visitors", manager, "/books/visits"),
            ("medicines", manager, "/books/medicines"),
            ("valuables", manager, "/books/valuables"),
            ("own visitors", counsellor, "/books/visits"),
            ("duty", manager, "/books/duty"),
            ("checks of staff", manager, "/house/checks"),
            ("minimum of services", manager, "/house/minimum"),
            ("components of ATENSI", manager, "/atensi"),
            ("list for DTSEN", manager, "/residents/dtsen"),
        ]
        browsers = {user: _signed_in(app, user) for user in (manager, counsellor)}
        answers = []
        for name, user, address in pages:
            with count_queries(app) as seen:
                _milliseconds(browsers[user], address)
            pairs = [
                (_milliseconds(browsers[counsellor], EMPTY_PAGE), _milliseconds(browsers[user], address))
                for _ in range(TIMES)
            ]
            empty, took = (median(each) for each in zip(*pairs, strict=True))
            answers.append({"page": name, "milliseconds": took, "empty": empty, "queries": len(seen)})
        with app.app_context():
            db.engine.dispose()
    return {"answers": answers}


EMPTY_PAGE = "/account/password"


def _filled(app: Flask, residents: int, caseload: int, notes: int) -> tuple[int, int, int]:
    """Gives the manager, the first counsellor, and the first of the counsellor's residents."""
    with app.app_context():
        upgrade()
        house = make_residence()
        with house_scope(house.id):
            first = today_in(house) - timedelta(days=100)
            staff = [make_staff(house) for _ in range(-(-residents // caseload))]
            for each in staff:
                each.user_id = make_user(house, Role.COUNSELLOR).id
            people = []
            for n in range(residents):
                resident = make_resident(house)
                stay = make_stay(resident, arrives_on=first, leaves_on=first + timedelta(days=200))
                counsellor = staff[n // caseload]
                db.session.add(
                    Assignment(residence_id=house.id, resident_id=resident.id, staff_id=counsellor.id, from_on=first)
                )
                people.append((resident.id, stay.id, counsellor))
            db.session.flush()
            _write(house.id, people, notes, first)
            manager = make_user(house).id
            fill_registers(house, people, staff, manager, today_in(house), notes // 10)
            db.session.commit()
            learn_sizes(db.engine)  # as the worker does each day
            return manager, int(staff[0].user_id or 0), people[0][0]


def _write(house: int, people: list[Any], notes: int, first: date) -> None:
    """Conversations one after the other, each with a note of some lines."""
    now, own = utc_now(), {"residence_id": house}
    sessions, attendances, written = [], [], []
    for n in range(notes):
        resident_id, stay_id, staff = people[n % len(people)]
        number = n // len(people)
        start = MORNING + MINUTES * (resident_id % 100)
        sessions.append(
            {**own, "id": n + 1, "staff_id": staff.id, "kind": SessionKind.INDIVIDUAL, "mode": SessionMode.IN_PERSON}
            | {"held_on": first + timedelta(days=2 * number), "start_minute": start, "end_minute": start + MINUTES}
            | {"from_timetable": False}
        )
        about = {**own, "session_id": n + 1, "resident_id": resident_id, "stay_id": stay_id}
        attendances.append(
            {
                **about,
                "held_on": sessions[-1]["held_on"],
                "presence": "present",
                "next_step": "Bertemu lagi minggu depan.",
            }
        )
        written.append({**about, "author_id": staff.user_id, "written_at": now, "body": "Ia bercerita. " * 40})
    for table, rows in ((CounsellingSession, sessions), (SessionAttendance, attendances), (CounsellingNote, written)):
        db.session.execute(insert(table.__table__), rows)  # type: ignore[arg-type]
