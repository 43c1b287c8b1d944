"""Pages are compressed where their length can tell a stranger nothing (docs/decisions/0029), and only there."""

from __future__ import annotations

import gzip

import pytest

from foyer.accounts.models import Role
from foyer.database import db
from tests.factories import make_residence, make_user

GZIP = {"Accept-Encoding": "gzip, br"}


@pytest.fixture
def browser(app, sign_in):
    with app.app_context():
        user = make_user(make_residence(), Role.MANAGER).id
        db.session.commit()
    return sign_in(user)


@pytest.mark.parametrize(
    ("address", "headers", "is_compressed"),
    [
        ("/residents", {**GZIP, "Sec-Fetch-Site": "same-origin"}, True),
        ("/residents", {**GZIP, "Sec-Fetch-Site": "none"}, True),
        ("/residents?q=budi", {**GZIP, "Sec-Fetch-Site": "same-origin"}, True),
        ("/residents", GZIP, True),
        ("/residents?q=budi", GZIP, False),
        ("/residents", {**GZIP, "Sec-Fetch-Site": "cross-site"}, False),
        ("/residents", {**GZIP, "Sec-Fetch-Site": "same-site"}, False),
        ("/residents", {"Sec-Fetch-Site": "same-origin"}, False),
        ("/residents", {"Accept-Encoding": "gzip;q=0", "Sec-Fetch-Site": "same-origin"}, False),
        ("/no-such-page", {**GZIP, "Sec-Fetch-Site": "same-origin"}, False),
    ],
)
def test_who_gets_a_page_compressed(browser, address, headers, is_compressed):
    answer = browser.get(address, headers=headers)
    assert answer.headers.get("Content-Encoding") == ("gzip" if is_compressed else None)
    if answer.status_code == 200:
        assert {"Accept-Encoding", "Sec-Fetch-Site"} <= set(answer.vary)
    if is_compressed:
        assert int(answer.headers["Content-Length"]) == len(answer.data)
        assert b"<!doctype html>" in gzip.decompress(answer.data).lower()


def test_a_form_that_was_sent_is_answered_as_it_is(browser):
    answer = browser.post("/sign-in", data={}, headers={**GZIP, "Sec-Fetch-Site": "same-origin"})
    assert "Content-Encoding" not in answer.headers
