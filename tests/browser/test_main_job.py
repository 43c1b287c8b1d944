"""The main job, in a real browser on the real command: a house's workbook comes in, a cycle is planned and published,
a counsellor sees the caseload, a resident sees the week on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, Served
from tests.browser.corrections import mend
from tests.browser.looking import keep_picture, look, sound

pytestmark = pytest.mark.browser

WORKBOOK = Path(__file__).resolve().parents[2] / "foyer" / "demo" / "taruna-2027-1.xlsx"
SUBMIT = "main form.form button[type=submit]"
OpenPage = Callable[..., Page]
_PROGRESS = re.compile(r"/runs/\d+/progress")


def _sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/sign-in")
    page.fill("#username", username)
    page.fill("#password", password)
    page.click(SUBMIT)
    page.wait_for_url(lambda url: "/sign-in" not in url)


def _hand_in(page: Page, name: str, content: bytes) -> None:
    page.goto("/workbooks")
    page.set_input_files(
        "input[type=file]",
        {
            "name": name,
            "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "buffer": content,
        },
    )
    page.click(SUBMIT)
    page.wait_for_url(re.compile(r"/workbooks/\d+"))


def _import_workbook(page: Page, tmp_path: Path) -> None:
    look(page)
    _hand_in(page, WORKBOOK.name, WORKBOOK.read_bytes())
    for cell in ("K11", "E19", "F26", "E35", "B116"):
        expect(page.get_by_role("cell", name=cell, exact=True)).to_be_visible()
    look(page, "import")
    page.click("form[action$='/import'] button[type=submit]")
    page.wait_for_load_state()
    look(page)
    with page.expect_download() as waiting:
        page.click("a[href*='corrections']")
    kept = tmp_path / "waiting.xlsx"
    waiting.value.save_as(kept)
    _hand_in(page, "diperbaiki.xlsx", mend(kept))
    page.click("form[action$='/import'] button[type=submit]")
    page.wait_for_load_state()
    look(page)


def _generate(page: Page) -> None:
    page.goto("/cycles")
    look(page)
    page.click("main a[href^='/cycles/1']")
    look(page, "readiness")
    page.click("form[action$='/generate'] button")
    page.wait_for_url(re.compile(r"/runs/\d+"))
    run = page.url
    proven_or_done = page.locator(".part--proven").or_(page.locator("main a[href$='/publish']"))
    expect(proven_or_done.first).to_be_visible(timeout=120_000)
    page.route(_PROGRESS, lambda _route: None)  # hold the page still while it is looked at
    if "/runs/" in page.url:  # it may have gone on to the finished plan by itself
        look(page, "generating")
    page.goto("/")  # the page may be closed meanwhile
    page.unroute(_PROGRESS)
    page.goto(run)
    page.wait_for_url(re.compile(r"/plans/\d+"), timeout=240_000)


def _review(page: Page) -> None:
    look(page, "review")
    main = page.locator("main")
    expect(main).to_contain_text("Terbukti terbaik menurut aturan dan bobot ini.")  # every stage proven
    expect(main).to_contain_text("112")
    plan = page.url
    for address in sorted(
        set(
            page.eval_on_selector_all(
                f"main a[href*='{plan.split('/', 3)[3]}']", "links => links.map(link => link.getAttribute('href'))"
            )
        )
    ):
        if "export" in address or address.endswith(".json") or "#" in address:
            continue
        page.goto(address)
        look(page, "week" if "week" in address else None)
    page.goto(plan)


def _publish(page: Page) -> None:
    page.click("main a[href$='/publish']")
    look(page, "publish")
    page.click("form[action$='/publish'] button[type=submit]")
    page.wait_for_load_state()
    look(page)
    for place in ("/", "/residents", "/house"):
        page.goto(place)
        look(page, {"/": "today-manager", "/residents": "residents"}.get(place))


def _slips(page: Page, group: str) -> dict[str, tuple[str, str]]:
    """Make slips as the administrator: name on the slip -> (user name, code)."""
    page.goto("/administration/slips")
    page.check(f"input[name=group][value={group}]")
    page.click(SUBMIT)
    page.wait_for_selector(".slip")
    return {
        slip.locator(".slip-name").inner_text(): (
            slip.locator("dd").nth(0).inner_text(),
            slip.locator(".slip-code").inner_text(),
        )
        for slip in page.locator(".slip").all()
    }


def _enter_with_slip(page: Page, code: str) -> None:
    page.goto("/slip")
    page.fill("#code", code)
    page.click(SUBMIT)
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.click(SUBMIT)
    page.wait_for_url(lambda url: "/slip" not in url)


def test_from_a_houses_workbook_to_a_residents_week(served: Served, open_page: OpenPage, tmp_path: Path) -> None:
    manager = open_page()
    manager.goto("/sign-in")
    look(manager, "sign-in")
    _sign_in(manager, served.username, served.password)
    look(manager)
    manager.goto("/workbooks")
    _import_workbook(manager, tmp_path)
    _generate(manager)
    _review(manager)
    draft = manager.url

    admin = open_page()
    _sign_in(admin, "admin", PASSWORD)
    look(admin)
    staff = _slips(admin, "staff_without")
    residents = _slips(admin, "residents_without")
    sound(admin)
    keep_picture(admin, "slips")
    admin.goto("/administration")
    look(admin, "accounts")

    counsellor = open_page(width=390, height=844)
    _enter_with_slip(counsellor, staff["Eka Widodo"][1])
    assert counsellor.request.get(draft).status == 403, "a draft is nobody's but the manager's"

    _publish(manager)

    counsellor.goto("/")
    look(counsellor, "today-counsellor")
    for place in ("/residents", "/week", "/calendar"):
        counsellor.goto(place)
        look(counsellor)
    instructor = open_page(width=390, height=844)
    _enter_with_slip(instructor, staff["Wasis Nuraini"][1])
    look(instructor, "today-instructor")

    resident = open_page(width=360, height=740)
    _enter_with_slip(resident, residents["Bagiya Iswahyudi"][1])
    look(resident, "today-resident")
    expect(resident.locator("main")).to_contain_text("Bagiya")
    for place in ("/week", "/calendar"):
        resident.goto(place)
        look(resident, f"resident-{place[1:]}")
