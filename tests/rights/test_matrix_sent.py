"""Every cell of the table of rights that writes is sent, filled in, up to the moment in which it would be saved; and is
asked as people who stand in today, did until yesterday, or have the same role and nothing to do with the resident."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, has_request_context, request, url_for
from flask.testing import FlaskClient

from foyer.accounts.models import Role, User
from foyer.caseload.desk import desk_of
from foyer.caseload.models import Assignment, Cover, Supervision
from foyer.caseload.rights import RIGHTS, Act, Part, Who
from foyer.database import db, house_scope
from foyer.leaving.models import Exit, ExitState
from foyer.residences.models import Residence, StaffKind
from foyer.residents.consent import Consent, GivenBy, Purpose
from foyer.residents.models import Resident
from tests.conventions.walking import Filled, fill_house, values_of
from tests.factories import make_staff, make_user
from tests.residents.rows import tiny_picture
from tests.rights.cells import CELLS
from tests.rights.sending import forms_of
from tests.rights.test_confidential import ONCE
from tests.rights.test_matrix import OPENS, _asked, _counsellor, _staff_of
from tests.rights.test_matrix import everybody as everybody
from tests.rights.test_matrix import filled as filled

# The day of the session whose register is kept.
TODAY = date(2027, 1, 4)
# What cannot be guessed of a form's answers; None: this is not pressed.
ANSWERS: dict[str, dict[str, str | None]] = {
    "counselling.new": {"start_minute": "08:00", "end_minute": "09:00"},
    "counselling.new_flag": {"until_on": "2027-02-04"},
    "incidents.report_about": {"happened_minute": "00:00"},
    "papers.write": {"draft": None},
    "residents.nik": {"nik": "3171234567890123"},
}
FIRST_STEP = {"incidents.report_about": {"kind": "injury"}}
FILES = {"residents.new_attachment": "file"}  # the name of the field


def _prepare_the_exit(filled: Filled) -> None:
    row = db.session.get_one(Exit, filled.ids["exit"])
    row.state, row.proposed_by_id, row.decided_by_id = ExitState.PREPARING, None, None


def _leave_today(filled: Filled) -> None:
    db.session.get_one(Exit, filled.ids["exit"]).leaves_on = TODAY


def _agree_to_photos(filled: Filled) -> None:
    """By the resident, who is of age on that day."""
    asked = db.session.get_one(Consent, filled.ids["consent"])
    same = {name: getattr(asked, name) for name in ("residence_id", "resident_id", "ground", "way", "recorded_by_id")}
    agreed = {"purpose": Purpose.PHOTO, "is_given": True, "given_by": GivenBy.RESIDENT, "given_on": TODAY}
    db.session.add(Consent(**same, **agreed, giver_name="Adi"))


# What the filled house is not: its exit is approved and lies ahead, and nobody agreed to photos.
STATES: dict[str, Callable[[Filled], None]] = {
    "leaving.change": _prepare_the_exit,
    "leaving.contact": _leave_today,
    "residents.new_attachment": _agree_to_photos,
}


@pytest.fixture(autouse=True)
def today(app: Flask) -> None:
    app.config["FOYER"] = app.config["FOYER"].model_copy(update={"demonstration_day": TODAY})


@dataclass(frozen=True)
class Stranger:
    """Somebody who was or nearly is something to the resident; ``acts_as``: whose rights count, None: nobody's."""

    user_id: int
    acts_as: Who | None


@pytest.fixture
def strangers(app: Flask, filled: Filled, everybody: dict[Who, int]) -> dict[str, Stranger]:
    """Who stands in today, who did before, and people of the same roles who have nothing to do with the resident."""
    with app.app_context():
        other = fill_house("Panti Melati")
        residence = db.session.get_one(Residence, db.session.get_one(User, everybody[Who.MANAGER]).residence_id)
        with house_scope(residence.id):
            today = desk_of(db.session.get_one(User, everybody[Who.MANAGER]), residence.id).today
            covering, covered, former, guided, free = (_counsellor(residence.id) for _ in range(5))
            before = {"from_on": today - timedelta(days=90), "until_on": today - timedelta(days=1)}
            own: dict[str, Any] = {"residence_id": residence.id}
            staff_id = filled.ids["staff"]
            db.session.add_all(
                [
                    Cover(**own, staff_id=staff_id, covered_by_id=_staff_of(covering), from_on=today, until_on=today),
                    Cover(**own, staff_id=staff_id, covered_by_id=_staff_of(covered), **before),
                    Assignment(**own, resident_id=filled.ids["resident"], staff_id=_staff_of(former), **before),
                    Supervision(**own, staff_id=staff_id, supervisor_id=_staff_of(guided), **before),
                ]
            )
            peer = db.session.get_one(Resident, filled.ids["other_resident"])
            peer.user_id = make_user(residence, Role.RESIDENT).id
            teacher = make_user(residence, Role.INSTRUCTOR)
            make_staff(residence, StaffKind.INSTRUCTOR, user_id=teacher.id)
            found = {
                "stands in today": Stranger(covering, Who.OWN_COUNSELLOR),
                "stood in until yesterday": Stranger(covered, Who.OTHER_COUNSELLOR),
                "answered until yesterday": Stranger(former, Who.OTHER_COUNSELLOR),
                "guided until yesterday": Stranger(guided, Who.OTHER_COUNSELLOR),
                "answers for nobody": Stranger(free, Who.OTHER_COUNSELLOR),
                "teaches others": Stranger(teacher.id, None),
                "lives here too": Stranger(peer.user_id, None),
            }
        db.session.commit()
    return found | {f"{role.value} of another house": Stranger(user_id, None) for role, user_id in other.users.items()}


@ONCE
def test_whoever_was_or_nearly_is_something_to_the_resident_has_the_rights_of_today(
    app: Flask, filled: Filled, strangers: dict[str, Stranger], sign_in: Callable[[int], FlaskClient]
) -> None:
    wrong = []
    for name, stranger in strangers.items():
        browser = sign_in(stranger.user_id)
        for endpoint in dict.fromkeys(CELLS.values()):
            given = [act in RIGHTS[part][stranger.acts_as] for part, act in _cells_of(endpoint) if stranger.acts_as]
            status = _asked(app, browser, endpoint, filled, Act.READ)
            if status not in (OPENS if any(given) else {403, 404}):
                wrong.append((name, endpoint, status))
    assert wrong == []


@ONCE
def test_every_cell_that_writes_is_sent_and_reaches_the_record_for_its_writers_alone(
    app: Flask,
    filled: Filled,
    everybody: dict[Who, int],
    strangers: dict[str, Stranger],
    sign_in: Callable[[int], FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each form that somebody may send is saved by each who may, and by nobody else. The commit fails at the last
    moment, so that the next finds the record as it was."""
    people: list[tuple[str, Who | None, FlaskClient]] = [
        (who.value, who, sign_in(user_id)) for who, user_id in everybody.items() if who is not Who.RESIDENT
    ]
    people += [(name, stranger.acts_as, sign_in(stranger.user_id)) for name, stranger in strangers.items()]
    cells = [(part, endpoint) for (part, act), endpoint in CELLS.items() if act is Act.WRITE]
    app.config["PROPAGATE_EXCEPTIONS"] = False
    commit, reached = db.session.commit, list[str]()

    def fail() -> None:
        if has_request_context() and request.method == "POST":
            db.session.flush()
            reached.append(request.endpoint or "")
            raise Saved
        commit()

    monkeypatch.setattr(db.session, "commit", fail)
    wrong = []
    states = dict(STATES)
    for part, endpoint in cells:
        if endpoint in states:
            _bring_about(app, filled, states.pop(endpoint))
        body = _body(app, filled, part, endpoint, people)
        for name, who, browser in people:
            reached.clear()
            status = browser.post(_address(app, endpoint, filled), data=body | _files(endpoint)).status_code
            may_write = who is not None and Act.WRITE in RIGHTS[part][who]
            if not reached if may_write else (status not in {403, 404} or reached):
                wrong.append((name, part.value, endpoint, status, list(reached)))
    assert wrong == []


class Saved(Exception):
    """Everything was written and would have been committed."""


def _cells_of(endpoint: str) -> list[tuple[Part, Act]]:
    return [cell for cell, each in CELLS.items() if each == endpoint]


def _body(
    app: Flask, filled: Filled, part: Part, endpoint: str, people: list[tuple[str, Who | None, FlaskClient]]
) -> dict[str, Any]:
    """The form of a cell as the first of its writers meets it, filled in."""
    address = _address(app, endpoint, filled)
    for _name, who, browser in people:
        if who is not None and Act.WRITE in RIGHTS[part][who]:
            page = browser.get(address, query_string=FIRST_STEP.get(endpoint)).text
            found = [form for form in forms_of(page, address) if form.address == address]
            if found:
                given = ANSWERS.get(endpoint, {})
                body = max(found, key=lambda form: len(form.names)).filled(
                    "Kata", answers={name: value for name, value in given.items() if value}
                )
                return {name: values for name, values in body.items() if given.get(name, "") is not None}
    return {}


def _bring_about(app: Flask, filled: Filled, state: Callable[[Filled], None]) -> None:
    """Bring the filled house into a state."""
    with app.app_context():
        residence_id = db.session.get_one(User, filled.users[Role.MANAGER]).residence_id
        assert residence_id is not None
        with house_scope(residence_id):
            state(filled)
        db.session.commit()


def _files(endpoint: str) -> dict[str, Any]:
    """A small photo, read anew by each who sends it."""
    field = FILES.get(endpoint)
    return {field: (BytesIO(tiny_picture()), "foto.jpg")} if field else {}


def _address(app: Flask, endpoint: str, filled: Filled) -> str:
    rule = next(iter(app.url_map.iter_rules(endpoint)))
    with app.test_request_context():
        return url_for(endpoint, **values_of(rule, filled))
