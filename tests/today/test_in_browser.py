"""First pages, files and the house in a real browser: readable by everybody, as wide as the phone, nothing refused."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from foyer.accounts.models import Role, User
from foyer.database import db
from tests.today.house import published_house, stand_at

pytestmark = pytest.mark.browser

ON_A_PHONE = {
    Role.RESIDENT: ["/", "/week", "/calendar"],
    Role.COUNSELLOR: ["/", "/week", "/residents"],
    Role.INSTRUCTOR: ["/", "/classes/{group}"],
    Role.MANAGER: ["/", "/beds", "/house/day", "/residents/{resident}", "/house/rooms/{room}", "/pairs/new"],
    Role.ADMINISTRATOR: ["/"],
}


@pytest.fixture
def served(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    stand_at(monkeypatch, 2027, 1, 6, 9, 0)
    house = published_house(app)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield SimpleNamespace(house=house, address=f"http://127.0.0.1:{server.server_port}", app=app)
    server.shutdown()


def cookie(served: SimpleNamespace, role: Role) -> dict[str, str]:
    """The session cookie of somebody who is signed in."""
    app = served.app
    with app.app_context():
        token = db.session.get_one(User, served.house.users[role]).get_id()
    signer = app.session_interface.get_signing_serializer(app)
    value = signer.dumps({"_user_id": token, "_fresh": True})
    return {"name": app.config["SESSION_COOKIE_NAME"], "value": value, "url": served.address}


@pytest.mark.parametrize("house_settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("width", "locale"), [(360, "id-ID"), (1366, "en-GB")])
def test_everybody_can_read_the_pages_of_every_role(
    browser: Browser, served: SimpleNamespace, width: int, locale: str
) -> None:
    house = served.house
    wrong = []
    for role, pages in ON_A_PHONE.items():
        context = browser.new_context(viewport={"width": width, "height": 800}, locale=locale)
        context.add_cookies([cookie(served, role)])  # type: ignore[list-item]
        page = context.new_page()
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        for path in pages:
            path = path.format(group=house.classes[0], resident=house.resident, room=house.room)
            answer = page.goto(served.address + path)
            assert answer is not None
            assert answer.status == 200, path
            found = [one["id"] for one in Axe().run(page).response["violations"]]
            if found or page.evaluate("() => document.documentElement.scrollWidth") > width:
                wrong.append(f"{role} {path}: {found}")
        context.close()
    assert wrong == []
