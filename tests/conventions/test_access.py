"""Closed by default: every address says who may use it, and is asked as everybody.

New routes are walked by themselves. What may need a line here or in ``walking.py``: a page open without signing in
(``PUBLIC``), a parameter name that no route had before (``walking.RECORDS`` or ``SAMPLES``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from foyer.accounts.models import Role
from tests.conventions.test_templates import SPRITE
from tests.conventions.walking import RECORDS, Filled, fill_house, values_of

# Open to anybody, each for a reason.
PUBLIC = {
    "static": "style sheets, scripts, icons",
    "accounts.sign_in": "the door",
    "accounts.sign_out": "signing out twice is no error",
    "accounts.slip": "the door for a printed code",
    "accounts.choose_password": "behind a code",
    "accounts.language": "before signing in too",
    "today.feed": "a phone's calendar, behind a secret address",
    "concerns.answer": "behind a receipt number; its holder may have left the house",
    "privacy.house": "families and people who have left read it too",
    "health.healthz": "for whoever watches the machine",
}
# Sent by a script while somebody types, also after the sign-in has ended: who sends is told by a digest in the body.
WITHOUT_TOKEN = {"unsent.keep", "unsent.drop"}
FINE = {200, 204, 286, 302, 303}  # 286: polling ends


@pytest.fixture
def filled(app: Flask) -> Filled:
    with app.app_context():
        return fill_house("Panti Mawar")


@pytest.fixture
def other(app: Flask) -> Filled:
    with app.app_context():
        return fill_house("Panti Melati")


def _rules(app: Flask, method: str) -> Iterator[tuple[Rule, frozenset[Role] | None]]:
    """The addresses that answer this method, with the roles that may use each; None: everybody, unsigned too."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if method in (rule.methods or set()):
            view = app.view_functions[rule.endpoint]
            yield rule, None if getattr(view, "is_public", False) else getattr(view, "roles", frozenset())


def _address(app: Flask, rule: Rule, filled: Filled, other: Filled | None = None, name: str | None = None) -> str:
    with app.test_request_context():
        return url_for(rule.endpoint, **values_of(rule, filled, other, name))


def test_every_view_says_who_may_use_it(app: Flask) -> None:
    silent, both = [], []
    for endpoint, view in app.view_functions.items():
        is_public, roles = getattr(view, "is_public", False), getattr(view, "roles", None)
        if not is_public and not roles:
            silent.append(endpoint)
        if is_public and roles:
            both.append(endpoint)
    assert silent == [], "put @allow(Role.X, ...) below the route"
    assert both == [], "either open to anybody or to roles"


def test_what_is_open_to_anybody_is_on_a_short_list(app: Flask) -> None:
    found = {endpoint for endpoint, view in app.view_functions.items() if getattr(view, "is_public", False)}
    assert sorted(found - set(PUBLIC)) == [], "say in PUBLIC why this page needs nobody to sign in"
    assert sorted(set(PUBLIC) - found) == [], "no longer there, or no longer open"


def test_every_parameter_of_an_address_has_a_sample(app: Flask) -> None:
    known = Filled(ids=dict.fromkeys(RECORDS.values(), 1))
    for rule in app.url_map.iter_rules():
        values_of(rule, known)


@pytest.mark.parametrize("role", list(Role))
def test_each_page_opens_for_its_roles_and_for_nobody_else(
    app: Flask, filled: Filled, sign_in: Callable[[int], FlaskClient], role: Role
) -> None:
    """And draws no icon that the sprite does not have: those of tabs and of places are named in code."""
    browser = sign_in(filled.users[role])
    wrong: list[tuple[object, ...]] = []
    drawn: dict[str, str] = {}
    for rule, roles in _rules(app, "GET"):
        if roles is None:
            continue
        address = _address(app, rule, filled)
        answer = browser.get(address)
        if answer.mimetype == "text/html":
            drawn |= dict.fromkeys(re.findall(r'sprite\.svg[^"#]*#([^"]*)"', answer.text), address)
        is_fine = answer.status_code in FINE if role in roles else answer.status_code == 403
        if not is_fine or "/sign-in" in answer.headers.get("Location", ""):
            wrong.append((address, "may" if role in roles else "may not", answer.status_code))
    assert wrong == []
    known = set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text()))
    assert {icon: where for icon, where in drawn.items() if icon not in known} == {}, "not in the sprite: .ci/vendor.py"
    assert drawn


def test_people_not_signed_in_are_led_to_the_door(app: Flask, filled: Filled, client: FlaskClient) -> None:
    wrong = []
    for method in ("GET", "POST"):
        for rule, roles in _rules(app, method):
            if roles is not None:
                answer = client.open(_address(app, rule, filled), method=method)
                if not answer.headers.get("Location", "").startswith("/sign-in"):
                    wrong.append((method, rule.rule, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", list(Role))
def test_nothing_can_be_sent_to_an_address_of_other_roles(
    app: Flask, filled: Filled, sign_in: Callable[[int], FlaskClient], role: Role
) -> None:
    browser = sign_in(filled.users[role])
    wrong = []
    for rule, roles in _rules(app, "POST"):
        if roles is not None and role not in roles:
            status = browser.post(_address(app, rule, filled)).status_code
            if status != 403:
                wrong.append((rule.rule, status))
    assert wrong == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_house_s_records_look_as_if_they_were_not_there(
    app: Flask, filled: Filled, other: Filled, sign_in: Callable[[int], FlaskClient], method: str
) -> None:
    """Each parameter in turn is the other house's, the rest one's own: a foreign outage of one's own room, too."""
    browsers = {role: sign_in(filled.users[role]) for role in Role}
    wrong = []
    for rule, roles in _rules(app, method):
        for name in sorted(rule.arguments & set(RECORDS)):
            address = _address(app, rule, filled, other, name)
            for role in sorted(roles or ()):
                status = browsers[role].open(address, method=method).status_code
                if status != 404:
                    wrong.append((method, address, name, role.value, status))
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "record", "roles"),
    [
        ("resident_id", "stranger", {Role.COUNSELLOR, Role.INSTRUCTOR, Role.RESIDENT}),
        ("plan_id", "draft", set(Role) - {Role.MANAGER}),
    ],
)
def test_within_a_house_people_open_only_what_is_theirs_and_drafts_are_the_manager_s(
    app: Flask, filled: Filled, sign_in: Callable[[int], FlaskClient], name: str, record: str, roles: set[Role]
) -> None:
    wrong = []
    others = Filled(ids={**filled.ids, RECORDS[name]: filled.ids[record]})
    for method in ("GET", "POST"):
        for rule, allowed in _rules(app, method):
            for role in sorted(roles & (allowed or set())) if name in rule.arguments else ():
                address = _address(app, rule, filled, others, name)
                status = sign_in(filled.users[role]).open(address, method=method).status_code
                if status != 404:
                    wrong.append((method, address, role.value, status))
    assert wrong == []


def test_whatever_is_sent_without_the_form_s_token_is_refused_kindly(
    app: Flask, filled: Filled, sign_in: Callable[[int], FlaskClient]
) -> None:
    browser = sign_in(filled.users[Role.MANAGER])
    app.config["WTF_CSRF_ENABLED"] = True
    for rule, _roles in _rules(app, "POST"):
        answer = browser.post(_address(app, rule, filled), headers={"Accept-Language": "en"})
        if rule.endpoint in WITHOUT_TOKEN:
            assert answer.status_code == 409, rule.rule
            continue
        assert answer.status_code == 400, rule.rule
        assert "Please send this once more" in answer.text
