"""Publishing in a real browser: a manager proposes a new version, another approves it, it is published from a day on,
the resident whose room changes reads it on the phone and says so, paper and calendar follow, and a version is brought
back."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import openpyxl
import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect
from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.accounts.services import create_user
from foyer.cycles.models import Cycle, Enrolment
from foyer.cycles.opened import opened
from foyer.cycles.planning import store_plan
from foyer.database import db
from foyer.demo.cli import DAY
from foyer.residents.models import Resident, Stay
from tests.browser.conftest import PASSWORD, Served, add_manager, house_of, running_plan, sign_in
from tests.browser.looking import keep_picture, look, sound, speak

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
FIRST = DAY + timedelta(days=5)


@dataclass(frozen=True)
class Prepared:
    """Addresses of the draft and of the cycle, and who signs in."""

    cycle: str
    draft: str
    resident: str


@pytest.fixture(scope="module")
def served(planned: Served) -> Served:
    return planned


@pytest.fixture(scope="module")
def prepared(served: Served) -> Prepared:
    """A house that wants a second person, a second manager, and a draft in which two residents swap rooms."""
    with house_of(served) as residence:
        residence.needs_approval = True
        add_manager(residence, "ratna", "Ibu Ratna")
        published = running_plan()
        was = opened(published)
        one, other = _pair(was.answer.lodgings, {room.id: room.policy for room in was.problem.rooms})
        swapped = {one.resident: (other.room, other.bed), other.resident: (one.room, one.bed)}
        lodgings = tuple(
            replace(x, room=swapped[x.resident][0], bed=swapped[x.resident][1]) if x.resident in swapped else x
            for x in was.answer.lodgings
        )
        cycle = db.session.get_one(Cycle, published.cycle_id)
        draft = store_plan(cycle, was.problem, replace(was.answer, lodgings=lodgings))
        user = _account_of(int(one.resident), residence.id)
        return Prepared(f"/cycles/{cycle.id}", f"/cycles/{cycle.id}/plans/{draft.id}", user)


def _pair(lodgings, policies):  # type: ignore[no-untyped-def]
    """Two residents who could sleep in each other's bed."""
    for one in lodgings:
        for other in lodgings:
            nights = (one.arrives, one.leaves) == (other.arrives, other.leaves)
            if nights and one.room != other.room and policies[one.room] == policies[other.room]:
                return one, other
    raise AssertionError("nobody can swap")


def _account_of(enrolment_id: int, residence_id: int) -> str:
    """A new account of a resident, whose password is known."""
    resident = db.session.scalars(
        select(Resident)
        .join(Stay, Stay.resident_id == Resident.id)
        .join(Enrolment, Enrolment.stay_id == Stay.id)
        .where(Enrolment.id == enrolment_id)
    ).one()
    values = {"display_name": resident.full_name, "role": Role.RESIDENT, "residence_id": residence_id}
    user = create_user(username="penghuni-uji", password=PASSWORD, **values)
    resident.user_id = user.id
    db.session.flush()
    return user.username


def test_two_people_publish_and_the_house_follows(open_page: OpenPage, served: Served, prepared: Prepared) -> None:
    manager, second = open_page(), open_page(width=390, height=844)
    sign_in(manager, "kepala", served.password)
    sign_in(second, "ratna", PASSWORD)
    _propose(manager, prepared)
    _approve(second, prepared)
    manager.goto(f"{prepared.draft}/publish")
    look(manager, "studio-publish-approved")
    manager.keyboard.press("Tab")
    manager.locator("main form.form button[type=submit]").press("Enter")
    expect(manager.locator(".flashes")).to_contain_text("berlaku mulai")
    resident = open_page(width=390, height=844)
    _read_by(resident, prepared)
    _printed(manager, prepared)
    _bring_back(manager, prepared)
    _approve_again(second)
    manager.reload()
    manager.click("main form.form button[type=submit]")
    expect(manager.locator(".flashes")).to_contain_text("berlaku mulai")
    resident.goto("/")
    expect(resident.locator(".callout", has_text="Jadwalmu berubah mulai")).to_have_count(1)


def _propose(page: Page, prepared: Prepared) -> None:
    page.goto(f"{prepared.draft}/publish")
    expect(page.locator(".changes summary").first).to_contain_text("2")
    look(page, "studio-publish-propose")
    page.locator(".changes summary").first.click()
    page.fill("#from_on", FIRST.isoformat())
    page.fill("#note", "Dua warga binaan bertukar kamar.")
    page.click("main form.form button[type=submit]")
    expect(page.locator("main")).to_contain_text("Menunggu kepala panti lain")
    sound(page)


def _approve(page: Page, prepared: Prepared) -> None:
    page.goto("/")
    speak(page, "id")
    page.get_by_role("link", name="Putuskan").click()
    look(page, "studio-publish-decide", at="button[name=send_back]")
    page.click("button[name=send_back]")
    expect(page.locator(".error-summary")).to_be_visible()
    page.get_by_role("button", name="Setujui").click()
    expect(page.locator("main")).to_contain_text("Disetujui oleh Ibu Ratna")


def _approve_again(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Putuskan").click()
    page.get_by_role("button", name="Setujui").click()
    expect(page.locator("main")).to_contain_text("Disetujui oleh Ibu Ratna")


def _read_by(page: Page, prepared: Prepared) -> None:
    sign_in(page, prepared.resident, PASSWORD)
    look(page, "studio-publish-resident")
    told = page.locator(".callout", has_text="Jadwalmu berubah mulai")
    expect(told).to_contain_text("Kamar")
    answer = page.request.get("/calendar/download")
    calendar = Calendar.from_ical(answer.body())
    assert {int(event["sequence"]) for event in calendar.walk("VEVENT")} == {2}
    told.get_by_role("button", name="Sudah saya lihat").click()
    expect(told).to_have_count(0)


def _printed(page: Page, prepared: Prepared) -> None:
    page.goto(f"{prepared.draft}/prints")
    look(page, "studio-prints")
    for kind in ("poster", "classes", "rooms", "residents", "staff"):
        pdf = page.request.get(f"{prepared.draft}/prints/{kind}.pdf").body()
        assert pdf.startswith(b"%PDF-")
        assert len(re.findall(rb"/Type /Page\b", pdf)) >= 1
    book = openpyxl.load_workbook(io.BytesIO(page.request.get(f"{prepared.draft}/prints/plan.xlsx").body()))
    assert len(book.sheetnames) == 5
    assert book.worksheets[0].max_row > 100
    page.goto(f"{prepared.draft}/prints/rooms")
    sound(page)
    keep_picture(page, "studio-print-rooms")


def _bring_back(page: Page, prepared: Prepared) -> None:
    page.goto(f"{prepared.cycle}/versions")
    look(page, "studio-versions")
    page.get_by_role("link", name="Kembali ke versi 1").click()
    look(page, "studio-restore")
    page.fill("#from_on", "2020-01-01")
    page.click("main form.form button[type=submit]")
    expect(page.locator(".error-summary")).to_be_visible()
    page.fill("#from_on", (FIRST + timedelta(days=7)).isoformat())
    page.click("main form.form button[type=submit]")
    expect(page.locator("main")).to_contain_text("Menunggu kepala panti lain")
