"""What is typed into a form and refused, comes too late or fails stands in no answer to somebody else, no log, no trail
and no row; what is saved is met only where its column may be read. ``test_confidential`` asks with GET; this sends.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from flask import Flask, has_request_context, request, url_for
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from foyer.caseload.rights import Who
from foyer.concerns.models import About, ConcernKind
from foyer.database import Base, db
from foyer.incidents.models import IncidentKind
from foyer.logs import log_format
from tests.conventions.walking import Filled, values_of
from tests.rights.sending import SOON, Form, forms_of
from tests.rights.test_confidential import ONCE, Secret, _texts
from tests.rights.test_confidential import secrets as secrets
from tests.rights.test_matrix import everybody as everybody
from tests.rights.test_matrix import filled as filled

SAID = "RAHASIAketikan"
# The forms with words about somebody: who sends each, and what cannot be guessed of its answers. Each has to be refused
# once (422), to fail once in the middle (500) and to be saved once.
CONFIDENTIAL: dict[str, tuple[Who, dict[str, str]]] = {
    "counselling.session": (Who.OWN_COUNSELLOR, {}),
    "counselling.new_flag": (Who.OWN_COUNSELLOR, {"until_on": SOON}),
    "counselling.ask": (Who.OWN_COUNSELLOR, {}),
    "care.assessment": (Who.OWN_COUNSELLOR, {}),
    "care.fill_in_together": (Who.OWN_COUNSELLOR, {}),
    "care.new_goal": (Who.OWN_COUNSELLOR, {}),
    "care.new_conference": (Who.OWN_COUNSELLOR, {}),
    "care.my_answers": (Who.RESIDENT, {}),
    "incidents.report_about": (Who.OWN_COUNSELLOR, {"happened_minute": "00:00", "where": ""}),
    "incidents.amend": (Who.MANAGER, {}),
    "concerns.report": (Who.RESIDENT, {}),
    "residents.identity": (Who.OWN_COUNSELLOR, {"full_name": "Adi Baru", "called": "Adi", "birth_place": "Bogor"}),
    "residents.new_relative": (Who.OWN_COUNSELLOR, {}),
    "residents.relative": (Who.OWN_COUNSELLOR, {}),
    "residents.new_case": (Who.OWN_COUNSELLOR, {}),
    "residents.legal_case": (Who.OWN_COUNSELLOR, {}),
    "residents.new_consent": (Who.OWN_COUNSELLOR, {}),
    "own.index": (Who.RESIDENT, {}),
    "training.write_note": (Who.INSTRUCTOR, {}),
}


# What the first of two steps asks.
FIRST_STEP = {
    "incidents.report_about": {"kind": IncidentKind.INJURY.value},
    "concerns.report": {"kind": ConcernKind.OTHER.value, "about": About.OUTSIDE.value},
}


class Lines(logging.Handler):
    """Every line of the log with something marked in it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(log_format())
        self.marked: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        if "RAHASIA" in line:
            self.marked.append(line)


@pytest.fixture
def lines() -> Iterator[Lines]:
    """The log as a house writes it, at its most talkative: with every statement of the database."""
    handler, root = Lines(), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    root.setLevel(before)


class Failing:
    """A commit that fails after everything is written, each time otherwise, saying all that was typed."""

    def __init__(self) -> None:
        self.commit, self.is_on, self.times = db.session.commit, False, 0

    def __call__(self) -> None:
        if not (self.is_on and has_request_context() and request.method == "POST"):
            self.commit()
            return
        db.session.flush()
        self.times += 1
        if self.times % 2:
            raise RuntimeError(f"{SAID} {dict(request.form)}")
        raise OperationalError(f"INSERT INTO notes VALUES ('{SAID}')", dict(request.form), Exception(SAID))


@pytest.fixture
def failing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Failing:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        found = Failing()
    monkeypatch.setattr(db.session, "commit", found)
    return found


def _forms(app: Flask, filled: Filled, browsers: dict[Who, FlaskClient]) -> dict[str, Form]:
    """The confidential forms as their authors meet them, by endpoint: of each page the one that is sent to itself."""
    found = {}
    for endpoint, (who, _answers) in CONFIDENTIAL.items():
        rule = next(iter(app.url_map.iter_rules(endpoint)))
        with app.test_request_context():
            address = url_for(endpoint, **values_of(rule, filled))
        first_step = FIRST_STEP.get(endpoint)
        if endpoint == "concerns.report":
            page = browsers[who].post(address, data=first_step).text
        else:
            page = browsers[who].get(address, query_string=first_step).text
        forms = [form for form in forms_of(page, address) if form.address == address]
        assert forms, endpoint
        found[endpoint] = max(forms, key=lambda form: len(form.words))
    return found


def _bodies(form: Form, answers: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Refused, failing in the middle, and where the form knows versions, opened before somebody else saved it."""
    yield form.broken(SAID)
    yield form.filled(SAID, answers=answers)
    if any(name == "version" and value.isdigit() for name, value in form.values):
        yield form.filled(SAID, answers={**answers, "version": "0"})


def _told(answer: TestResponse, who: Who, secrets: Iterable[Secret]) -> list[str]:
    """What an answer says that it may not: what is planted and not for this reader; what was typed, except in the form
    that comes back to whoever typed it."""
    text = _texts(answer.data, answer.content_type) + str(answer.headers)
    told = [secret.column for secret in secrets if secret.marker in text and not secret.is_open_to(who)]
    if SAID in (text if answer.status_code not in (200, 409, 422) else str(answer.headers)):
        told.append(SAID)
    return told


def _rows_saying(app: Flask, said: str) -> list[str]:
    """The columns of the whole database that hold a word, decrypted."""
    found = set()
    with app.app_context():
        for table in Base.metadata.sorted_tables:
            for row in db.session.execute(select(table)):
                found |= {f"{table.name}.{column}" for column, value in row._mapping.items() if said in str(value)}
    return sorted(found)


@ONCE
def test_what_is_refused_or_fails_is_told_to_nobody_and_kept_nowhere(
    app: Flask,
    filled: Filled,
    secrets: list[Secret],
    everybody: dict[Who, int],
    sign_in: Callable[[int], FlaskClient],
    failing: Failing,
    lines: Lines,
    capfd: pytest.CaptureFixture[str],
) -> None:
    browsers = {who: sign_in(user_id) for who, user_id in everybody.items()}
    forms = _forms(app, filled, browsers)
    wrong, statuses = [], defaultdict[str, set[int]](set)
    failing.is_on = True
    for endpoint, form in forms.items():
        for who, browser in browsers.items():
            for body in _bodies(form, CONFIDENTIAL[endpoint][1]):
                answer = browser.post(form.address, data=body)
                statuses[endpoint].add(answer.status_code)
                wrong += [(who.value, endpoint, answer.status_code, told) for told in _told(answer, who, secrets)]
                if answer.status_code in (403, 404):
                    break  # who may not is refused before anything is read
    failing.is_on = False
    assert wrong == []
    assert lines.marked == [], "in the log"
    said = capfd.readouterr()
    assert "RAHASIA" not in said.out + said.err, "beside the log"
    assert _rows_saying(app, SAID) == [], "saved although it failed: something commits in between"
    untried = {
        endpoint: sorted(statuses[endpoint])
        for endpoint in forms
        if 422 not in statuses[endpoint] or not statuses[endpoint] & {500, 503}
    }
    assert untried == {}, "never refused, or never failed in the middle"
    assert {409, 403, 404} <= set.union(*statuses.values())


@ONCE
def test_what_is_typed_and_not_sent_is_given_back_to_nobody_else(
    app: Flask, filled: Filled, everybody: dict[Who, int], sign_in: Callable[[int], FlaskClient], lines: Lines
) -> None:
    address = f"/residents/{filled.ids['resident']}/flags/new"
    browsers = {who: sign_in(user_id) for who, user_id in everybody.items()}
    author = browsers[Who.OWN_COUNSELLOR]
    mine = {"who": author.get("/unsent").json["who"], "address": address, "fields": [["text", SAID]]}
    assert author.post("/unsent", json=mine).status_code == 200
    assert SAID in author.get("/unsent", query_string={"address": address}).text
    for who, browser in browsers.items():
        if who is Who.OWN_COUNSELLOR:
            continue
        assert SAID not in browser.get("/unsent", query_string={"address": address}).text, who
        assert browser.post("/unsent", json=mine).status_code == 409, "another's page sends in another's name"
    assert _rows_saying(app, SAID) == ["unsent_forms.fields"]
    assert lines.marked == []
