"""What surrounds a page: places by role, and what is shown when a page cannot be given."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, abort, render_template_string
from flask.testing import FlaskClient
from flask_login import login_user
from sqlalchemy.exc import ProgrammingError

from foyer import shell
from foyer.accounts.access import allow_anyone
from foyer.accounts.models import Role, User
from foyer.database import db
from foyer.errors import NotAllowed, NotFound, Stale
from tests.factories import make_residence, make_user


@pytest.fixture
def user_ids(app: Flask) -> dict[Role, int]:
    with app.app_context():
        residence = make_residence(name="Panti Mawar")
        ids = {role: make_user(None if role is Role.OFFICE else residence, role).id for role in Role}
        db.session.commit()
        return ids


@pytest.mark.parametrize("role", list(Role))
def test_no_role_has_more_places_than_fit_under_a_thumb_and_one_in_the_menu(role: Role) -> None:
    assert 1 <= len(shell._PLACES[role]) <= 6


@pytest.mark.parametrize("role", list(Role))
def test_every_place_shown_opens_for_the_role(
    app: Flask, user_ids: dict[Role, int], sign_in: Callable[[int], FlaskClient], role: Role
) -> None:
    with app.test_request_context("/account/password"):
        login_user(db.session.get_one(User, user_ids[role]))
        places = shell.navigation()
        db.session.rollback()
    for place in places:
        assert sign_in(user_ids[role]).get(place.url).status_code == 200, place.url
        assert not place.is_current


def test_the_place_of_the_page_is_marked_and_only_that(
    user_ids: dict[Role, int], sign_in: Callable[[int], FlaskClient]
) -> None:
    desk = sign_in(user_ids[Role.ADMINISTRATOR])
    for address, label in (
        ("/administration", 'href="/administration"'),
        ("/administration/accounts/new", 'href="/administration"'),
        ("/administration/slips", 'href="/administration/slips"'),
    ):
        page = desk.get(address).text
        assert page.count('aria-current="page"') == 1
        assert f'{label} aria-current="page"' in page


def test_pages_about_pairs_belong_to_the_house(
    user_ids: dict[Role, int], sign_in: Callable[[int], FlaskClient]
) -> None:
    for address in ("/pairs", "/pairs/new"):
        page = sign_in(user_ids[Role.MANAGER]).get(address).text
        assert page.count('aria-current="page"') == 1
        assert 'href="/house" aria-current="page"' in page


def test_the_house_s_name_stands_at_the_top(user_ids: dict[Role, int], sign_in: Callable[[int], FlaskClient]) -> None:
    assert "Panti Mawar" in sign_in(user_ids[Role.MANAGER]).get("/account/password").text


@pytest.mark.parametrize(
    ("raised", "status"),
    [(NotFound("Resident"), 404), (NotAllowed(), 403), (Stale(), 409), (404, 404), (429, 429), (418, 400), (502, 500)],
)
def test_what_cannot_be_given_is_explained(app: Flask, raised: Exception | int, status: int) -> None:
    def view() -> str:
        if isinstance(raised, int):
            abort(raised)
        raise raised

    app.add_url_rule("/try", view_func=allow_anyone(view))
    answer = app.test_client().get("/try", headers={"Accept-Language": "en"})
    assert answer.status_code == status
    assert answer.text.count("<h1>") == 1


def test_a_fault_of_ours_is_told_without_asking_the_database_again(
    app: Flask, user_ids: dict[Role, int], sign_in: Callable[[int], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    browser = sign_in(user_ids[Role.MANAGER])

    def away(*_args: object, **_kwargs: object) -> None:
        raise ProgrammingError("SELECT", {}, Exception("no such table"))

    with app.app_context():
        kind = type(db.session())
    monkeypatch.setattr(kind, "execute", away)
    monkeypatch.setattr(kind, "scalar", away)
    monkeypatch.setattr(kind, "get", away)
    answer = browser.get("/account/password", headers={"Accept-Language": "en"})
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text


def test_templates_can_be_rendered_without_anybody_signed_in(app: Flask) -> None:
    with app.test_request_context("/sign-in"):
        assert render_template_string("{{ navigation()|length }}{{ house_name or '' }}") == "0"


def test_a_part_of_a_page_is_refused_after_the_sign_in_has_ended_instead_of_holding_the_door(app: Flask) -> None:
    browser = app.test_client()
    assert browser.get("/cycles/news", headers={"HX-Request": "true"}).status_code == 401
    whole = browser.get("/wishes", headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert (whole.status_code, whole.location.partition("?")[0]) == (302, "/sign-in")
