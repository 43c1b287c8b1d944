"""The components in a real browser: readable by everybody, at home on a phone, drawn under a strict policy."""

from __future__ import annotations

import gzip
import re
import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.components.house import ROOT, make_app

VIEWS = [
    ("everything?bad=1", 360, "light"),
    ("everything?bad=1", 1366, "dark"),
    ("everything", 1366, "light"),
    ("resident", 360, "dark"),
]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, make_app("id"), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def opened(browser: Browser, url: str, width: int = 390, scheme: str = "light") -> tuple[Page, list[str]]:
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url)
    page.wait_for_load_state("load")
    return page, complaints


@pytest.mark.parametrize(("path", "width", "scheme"), VIEWS)
def test_everybody_can_read_it_and_nothing_is_too_wide(
    browser: Browser, address: str, path: str, width: int, scheme: str
) -> None:
    page, complaints = opened(browser, f"{address}/{path}", width, scheme)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert complaints == []
    page.context.close()


def test_a_date_stands_beside_its_field_in_words(browser: Browser, address: str) -> None:
    """The browser writes 05/03/2027 in its own order; the words are the page's."""
    page, complaints = opened(browser, f"{address}/everything")
    page.fill("#born_on", "2009-03-05")
    assert page.locator("#born_on + .date-words").inner_text() == "Kamis, 5 Maret 2009"
    page.fill("#born_on", "")
    assert page.locator("#born_on + .date-words").inner_text() == ""
    page.evaluate("""() => {
        const field = document.querySelector('#born_on')
        field.value = '2010-05-03'
        field.form.dispatchEvent(new Event('foyer:filled', { bubbles: true }))
    }""")
    assert page.locator("#born_on + .date-words").inner_text() == "Senin, 3 Mei 2010"
    assert complaints == []
    page.context.close()


def test_the_progress_curve_is_drawn_and_survives_being_replaced(browser: Browser, address: str) -> None:
    page, complaints = opened(browser, f"{address}/generating", 1366)
    page.wait_for_selector("#progress canvas")
    # in one go: between the two the page might replace what is about to be clicked
    page.evaluate("""() => {
        document.querySelector('#progress').dataset.old = 'yes'
        document.querySelector('details[data-keep] summary').click()
    }""")
    page.wait_for_selector("#progress:not([data-old]) canvas")
    page.wait_for_selector("details[data-keep][open]")
    assert complaints == []
    page.context.close()


def test_the_first_problem_gets_the_focus_and_leads_to_its_field(browser: Browser, address: str) -> None:
    page, _ = opened(browser, f"{address}/everything?bad=1")
    assert page.evaluate("() => document.activeElement.className") == "error-summary"
    page.locator(".error-summary a").first.click()
    assert page.evaluate("() => document.activeElement.id") == "name"
    page.context.close()


def test_a_password_can_be_shown(browser: Browser, address: str) -> None:
    page, _ = opened(browser, f"{address}/everything")
    page.locator("[data-reveal=password]").click()
    assert page.locator("#password").get_attribute("type") == "text"
    page.context.close()


def test_targets_on_a_phone_are_large_enough(browser: Browser, address: str) -> None:
    page, _ = opened(browser, f"{address}/resident", 360)
    script = """() => [...document.querySelectorAll('.rail a, .top button, .top summary, .day-jump a')]
        .map(e => e.getBoundingClientRect()).filter(r => r.width && (r.height < 44 || r.width < 40)).length"""
    assert page.evaluate(script) == 0
    page.context.close()


def test_a_week_fits_one_sheet_of_paper(browser: Browser, address: str) -> None:
    page, _ = opened(browser, f"{address}/week", 1366)
    sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    page.context.close()


def test_a_residents_page_weighs_less_than_sixty_kilobytes() -> None:
    """Everything that a phone fetches for it the first time, compressed as it travels."""
    client = make_app("id").test_client()
    static = ROOT / "foyer" / "static"
    parts = [client.get("/resident").data]
    parts += [path.read_bytes() for path in sorted((static / "css").glob("*.css"))]
    names = ["js/app.js", "vendor/htmx/htmx.min.js", "vendor/icons/sprite.svg", "img/mark.svg"]
    parts += [(static / name).read_bytes() for name in names]
    assert sum(len(gzip.compress(part)) for part in parts) < 60_000
