"""Who is restricted is known by name to the team alone: no page, file or search of anybody else says the name, and no
paper does, whoever prints it (UU 11/2012 art. 19)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select

from foyer.accounts.models import Role, User
from foyer.caseload.models import Assignment
from foyer.caseload.rights import Who
from foyer.database import db, house_scope
from foyer.names import name_key
from foyer.residences.models import Residence, Staff
from foyer.residents import restriction
from foyer.residents.models import KeepApart, Resident
from tests.conventions.walking import Filled, values_of
from tests.factories import make_user
from tests.rights.test_confidential import _texts
from tests.rights.test_matrix import everybody as everybody
from tests.rights.test_matrix import filled as filled

NAME, INITIALS = "Zulaikha Quraniwati", "Z.Q."
USERNAME = "zulaikha.quraniwati"
OUTSIDE = (Who.OTHER_COUNSELLOR, Who.INSTRUCTOR, Who.ADMINISTRATOR, Who.OFFICE)
pytestmark = pytest.mark.parametrize("house_settings", ["sqlite"], indirect=True)  # a thousand pages: once is enough


@pytest.fixture
def restricted(app: Flask, filled: Filled) -> int:
    """The filled house's resident, who has an account, sits in the instructor's class and gets a restricted file."""
    with app.app_context():
        manager = db.session.get_one(User, filled.users[Role.MANAGER])
        assert manager.residence_id is not None
        with house_scope(manager.residence_id):
            resident = db.session.get_one(Resident, filled.ids["resident"])
            resident.full_name, resident.name_key = NAME, name_key(NAME)
            db.session.get_one(User, resident.user_id).username = USERNAME
            db.session.flush()
            restriction.restrict(resident, reason="anak korban", version=None)
            db.session.commit()
            return resident.id


def _pages(app: Flask, filled: Filled) -> list[str]:
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())]
    rules = [rule for rule in rules if rule.endpoint != "static"]
    with app.test_request_context():
        plain = [url_for(rule.endpoint, **values_of(rule, filled)) for rule in rules]
    return plain + [f"{url}?q=Zulaikha" for rule, url in zip(rules, plain, strict=True) if not rule.arguments]


def _peer(app: Flask, filled: Filled) -> int:
    """The account of another resident of the same house and cycle."""
    with app.app_context():
        manager = db.session.get_one(User, filled.users[Role.MANAGER])
        with house_scope(manager.residence_id or 0):
            peer = db.session.get_one(Resident, filled.ids["other_resident"])
            peer.user_id = make_user(db.session.get_one(Residence, peer.residence_id), Role.RESIDENT).id
            db.session.commit()
            return peer.user_id


class Printed(HTMLParser):
    """What of a page gets onto paper: text outside what the print stylesheet hides, and no form's controls."""

    HIDDEN = frozenset(
        "no-print trail visually-hidden top rail skip page-action flashes day-jump week-days news".split()
    )
    UNSEEN = frozenset({"script", "style", "template", "select", "textarea", "button"})
    VOID = frozenset(
        {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "use", "path", "source", "wbr"}
    )

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.hidden = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = set((dict(attrs).get("class") or "").split())
        if tag not in self.VOID and (self.hidden or tag in self.UNSEEN or classes & self.HIDDEN):
            self.hidden += 1

    def handle_endtag(self, tag: str) -> None:
        if self.hidden and tag not in self.VOID:
            self.hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.text.append(data)


@pytest.mark.parametrize("who", [Who.MANAGER, Who.OWN_COUNSELLOR, Who.SUPERVISOR])
def test_no_page_that_the_team_prints_has_the_name(
    app: Flask,
    filled: Filled,
    restricted: int,
    everybody: dict[Who, int],
    sign_in: Callable[[int], FlaskClient],
    who: Who,
) -> None:
    browser, told = sign_in(everybody[who]), []
    for address in _pages(app, filled):
        answer = browser.get(address)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            if any(word in "".join(Printed(answer.text).text) for word in NAME.split()):
                told.append(address)
    assert "\n".join(told) == "", "name people by paper_name, or by telling() in a sentence: foyer/residents/naming.py"


@pytest.mark.parametrize("who", [*OUTSIDE, None], ids=lambda who: who.value if who else "peer")
def test_nobody_outside_the_team_meets_the_name(
    app: Flask,
    filled: Filled,
    restricted: int,
    everybody: dict[Who, int],
    sign_in: Callable[[int], FlaskClient],
    who: Who | None,
) -> None:
    browser, told, met = sign_in(everybody[who] if who else _peer(app, filled)), [], False
    for address in _pages(app, filled):
        answer = browser.get(address)
        text = _texts(answer.data, answer.content_type).replace("q=Zulaikha", "").replace('value="Zulaikha"', "")
        if any(word.lower() in text.lower() for word in NAME.split()):
            told.append(address)
        met = met or INITIALS in text
    assert told == []
    assert met or who in (Who.OTHER_COUNSELLOR, Who.OFFICE, None), "the initials are there where the name was"


def test_the_team_reads_the_name_and_every_paper_has_initials(
    app: Flask, filled: Filled, restricted: int, everybody: dict[Who, int], sign_in: Callable[[int], FlaskClient]
) -> None:
    manager = sign_in(everybody[Who.MANAGER])
    assert NAME in manager.get("/residents?q=zulaikha").text
    file = manager.get(f"/residents/{restricted}").text
    assert f'<span class="no-print">{NAME}</span><span class="only-print">{INITIALS}</span>' in file
    title = file[file.index("<title>") : file.index("</title>")]
    assert INITIALS in title
    assert NAME not in title, "the browser prints the title at the top and keeps it in its history"
    with app.test_request_context():
        rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())]
        prints = [rule for rule in rules if rule.endpoint.startswith("cycles.print")]
        assert prints
        for rule in prints:
            for kind in ("classes", "rooms", "residents", "staff", "poster"):
                values = {**values_of(rule, filled), **({"kind": kind} if "kind" in rule.arguments else {})}
                answer = manager.get(url_for(rule.endpoint, **values))
                text = _texts(answer.data, answer.content_type)
                assert NAME not in text, (rule.endpoint, kind)


def test_who_answers_for_the_other_of_a_pair_that_is_kept_apart_reads_initials(
    app: Flask, filled: Filled, restricted: int, everybody: dict[Who, int], sign_in: Callable[[int], FlaskClient]
) -> None:
    """A pair is told in the files of both, whose teams are not the same."""
    colleague = everybody[Who.OTHER_COUNSELLOR]
    with app.app_context(), house_scope(db.session.get_one(User, colleague).residence_id or 0):
        pair = db.session.get_one(KeepApart, filled.ids["pair"])
        peer = pair.resident_b_id if pair.resident_a_id == restricted else pair.resident_a_id
        staff_id = db.session.scalars(select(Staff.id).where(Staff.user_id == colleague)).one()
        own = {"residence_id": pair.residence_id, "resident_id": peer}
        db.session.add(Assignment(**own, staff_id=staff_id, from_on=date(2020, 1, 1)))
        db.session.commit()
    with app.test_request_context():
        rules = [rule for rule in app.url_map.iter_rules() if "resident_id" in rule.arguments]
        rules = [rule for rule in rules if "GET" in (rule.methods or set())]
        pages = [url_for(rule.endpoint, **{**values_of(rule, filled), "resident_id": peer}) for rule in rules]
    browser, told, met = sign_in(colleague), [], False
    for address in pages:
        answer = browser.get(address)
        text = _texts(answer.data, answer.content_type)
        if any(word in text for word in NAME.split()):
            told.append(address)
        met = met or INITIALS in text
    assert told == []
    assert met, "the pair stands in the file of the other"


def test_the_account_has_a_user_name_that_says_nothing_and_the_team_tells_it(
    app: Flask, filled: Filled, restricted: int, everybody: dict[Who, int], sign_in: Callable[[int], FlaskClient]
) -> None:
    with app.app_context():
        user = db.session.get_one(User, everybody[Who.RESIDENT])
        username = user.username
    assert username.startswith("akun.")
    assert username in sign_in(everybody[Who.OWN_COUNSELLOR]).get(f"/residents/{restricted}/ppks").text
    administrator = sign_in(everybody[Who.ADMINISTRATOR])
    for page in (
        administrator.post(f"/administration/accounts/{everybody[Who.RESIDENT]}/slip", follow_redirects=True),
        administrator.get("/administration"),
    ):
        assert username in page.text
        assert INITIALS in page.text
        assert "zulaikha" not in page.text.lower()
    assert username not in administrator.get("/administration?q=zulaikha").text, "the search knows the name no more"
