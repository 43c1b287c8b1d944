"""Repairing in mid-cycle and rolling over in a real browser, on the demonstration house in its second week: an
instructor falls out and two are parted today; the moves are looked at and published from a day on; then the next cycle
begins from the end of this one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from foyer.cycles.models import BedNight, Cycle, PlanLodging, PlanMeeting
from foyer.database import db
from foyer.demo.cli import DAY
from tests.browser.conftest import Served, house_of, running_plan, sign_in
from tests.browser.looking import keep_picture, look, sound, speak

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
SUBMIT = "main form.form button[type=submit]"


@pytest.fixture(scope="module")
def served(planned: Served) -> Served:
    return planned


def _ids(served: Served) -> dict[str, int]:
    """The cycle, somebody who teaches, somebody who may stand in, and two who share a room."""
    with house_of(served):
        plan = running_plan()
        teachers = sorted(
            set(
                db.session.scalars(
                    select(PlanMeeting.instructor_id).where(
                        PlanMeeting.plan_id == plan.id, PlanMeeting.instructor_id.is_not(None)
                    )
                )
            )
        )
        rooms: dict[int, list[int]] = {}
        for row in db.session.scalars(select(PlanLodging).where(PlanLodging.plan_id == plan.id)):
            rooms.setdefault(row.room_id, []).append(row.enrolment.stay.resident_id)
        one, other = next(people for people in rooms.values() if len(people) > 1)[:2]
        return {"cycle": plan.cycle_id, "away": teachers[0], "instead": teachers[1], "one": one, "other": other}


def _past(served: Served) -> set[tuple[object, ...]]:
    with house_of(served):
        rows = db.session.scalars(select(BedNight).where(BedNight.night_on < DAY))
        return {(row.night_on, row.stay_id, row.room_id, row.bed) for row in rows}


def test_what_happens_is_repaired_by_the_least_change_and_published_from_a_day_on(
    served: Served, open_page: OpenPage
) -> None:
    ids, before = _ids(served), _past(served)
    page = open_page()
    sign_in(page, served.username, served.password)
    page.goto(f"/cycles/{ids['cycle']}/repair")
    look(page, "studio-repair")
    page.locator("a[href$='/repair/replaced']").click()
    page.locator(SUBMIT).click()
    expect(page.locator(".error-summary")).to_be_visible()
    page.select_option("#staff_id", str(ids["away"]))
    page.select_option("#instead_staff_id", str(ids["instead"]))
    look(page, "studio-repair-event")
    page.select_option("#staff_id", str(ids["away"]))
    page.select_option("#instead_staff_id", str(ids["instead"]))
    page.locator(SUBMIT).click()
    page.locator("a[href$='/repair/pair']").click()
    page.select_option("#resident_a", str(ids["one"]))
    page.select_option("#resident_b", str(ids["other"]))
    page.locator(SUBMIT).press("Enter")
    expect(page.locator("#happened .rows li")).to_have_count(2)
    look(page, "studio-repair-happened")
    page.locator(f"{SUBMIT}:has(svg)").click()
    page.wait_for_url(re.compile(r"/plans/\d+/repair$"), timeout=60_000)
    expect(page.locator(".movers").first).to_be_visible()
    look(page, "studio-repair-moves")
    for language in ("en", "id"):
        speak(page, language)
        keep_picture(page, "studio-repair-choose", at="a[href$='/discard']")
    page.locator(".page-head a[href$='/publish'], a.button[href$='/publish']").first.click()
    page.locator("main form[method=post] button[type=submit]").last.click()
    expect(page.locator("#flashes")).not_to_be_empty()
    with house_of(served):
        version = running_plan()
        assert version.from_on == DAY
        assert version.parent_id is not None
    assert _past(served) == before, "the nights that are over stay as they were"
    page.goto(f"/cycles/{ids['cycle']}/repair")
    expect(page.locator("#happened .rows")).to_have_count(0)


def test_on_a_phone_somebody_who_arrives_is_shown_where_to_fit(served: Served, open_page: OpenPage) -> None:
    ids = _ids(served)
    page = open_page(width=390, height=844, touch=True)
    sign_in(page, served.username, served.password)
    page.goto(f"/cycles/{ids['cycle']}/repair/arrival")
    page.fill("#full_name", "Rahmat Hidayat Baru")
    page.select_option("#gender", "male")
    page.fill("#born_on", "2009-03-03")
    page.select_option("#education_level", "smp")
    page.select_option("#choice_1", index=1)
    sound(page)
    page.locator(SUBMIT).tap()
    expect(page.locator("h1")).to_contain_text("Rahmat Hidayat Baru", timeout=30_000)  # the engine is asked
    look(page, "studio-repair-arrival")


def test_a_cycle_is_rolled_over_into_the_next(served: Served, open_page: OpenPage) -> None:
    ids = _ids(served)
    page = open_page()
    sign_in(page, served.username, served.password)
    page.goto(f"/cycles/{ids['cycle']}/roll-over")
    rows = page.locator(".rolls > li")
    assert rows.count() > 100
    look(page, "studio-roll-over")
    rows.first.locator("button[name=one]").click()
    expect(page.locator(".rolls > li .tag").first).to_be_visible()
    rows.nth(1).locator("a").click()
    page.locator("#next_step-3").check()
    page.select_option("#destination", "work")
    page.fill("#leaves_on", "")
    look(page, "studio-roll-over-one")
    page.locator("#next_step-3").check()
    page.fill("#leaves_on", "")
    page.locator(SUBMIT).click()
    page.goto(f"/cycles/{ids['cycle']}/roll-over?show=undecided")
    look(page, "studio-roll-over-undecided")
    page.locator("[data-tick-all]").click()
    page.locator("button[name=act][value=suggested]").click()
    expect(page.locator(".rolls")).to_have_count(0)
    page.locator("form[action$='/roll-over/start'] button").click()
    page.wait_for_url(re.compile(r"/cycles/\d+$"))
    look(page, "studio-roll-over-next")
    with house_of(served):
        assert len(db.session.scalars(select(Cycle)).all()) == 3, "the one before, the running one, the next"
