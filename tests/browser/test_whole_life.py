"""One whole life in a real browser, in Indonesian: referred, taken in, consented for, assessed, planned with, taught,
heard, reviewed, eighteen, gone with a plan, in trouble, and back. The house is served on another day for each part of
it; the counsellor works on a phone, the manager on a laptop."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from foyer.accounts.services import find_by_username
from foyer.audit.models import AuditEntry
from foyer.caseload.models import Assignment
from foyer.cycles.models import Enrolment, PlanSeat, TeachingGroup
from foyer.cycles.versions import versions_of
from foyer.database import db
from foyer.demo.people import PASSWORD
from foyer.residences.models import Staff
from foyer.residents.models import Resident, Stay
from foyer.training.sessions import sessions_between
from tests.browser.conftest import Served, house_of, running_plan, serving, sign_in
from tests.browser.looking import keep_picture, sound

pytestmark = pytest.mark.browser

NAME = "Raka Saputra Teladan"
SUBMIT = "main form.form button[type=submit]"
ARRIVED, REVIEWED, LEAVING, AFTER = date(2027, 1, 13), date(2027, 2, 24), date(2027, 4, 20), date(2027, 5, 28)
DOMAINS = ("physical", "psychosocial", "mental_spiritual", "social", "education", "vocational", "independence")

Door = Callable[[str], Page]


@pytest.fixture(scope="module")
def data(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demonstration house that is served on one day after the other."""
    folder = tmp_path_factory.mktemp("life") / "data"
    shutil.copytree(demonstration, folder)
    return folder


@contextmanager
def day_of(data: Path, day: date, browser: Browser) -> Iterator[tuple[Served, Door]]:
    """The house on a day; gives doors to it: the counsellor's phone, the manager's laptop. Errors on a console fail."""
    complaints: list[str] = []
    with serving(data, day.isoformat(), password=PASSWORD) as served:
        contexts = []

        def door(username: str) -> Page:
            width = 1366 if username == "kepala" else 390
            context = browser.new_context(
                viewport={"width": width, "height": 860},
                locale="id-ID",
                base_url=served.url,
                reduced_motion="reduce",
            )
            context.set_default_timeout(20_000)
            contexts.append(context)
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            sign_in(page, username, PASSWORD)
            return page

        yield served, door
        for context in contexts:
            context.close()
    assert complaints == []


def seen(page: Page, picture: str) -> None:
    """Accessible, not wider than the screen, and kept as a picture where wanted."""
    sound(page)
    keep_picture(page, picture)


def send(page: Page) -> None:
    """Send the page's form; it must be accepted."""
    before = page.url
    with page.expect_navigation():
        page.locator(SUBMIT).last.click()
    assert page.locator(".error-summary").count() == 0, f"{before}: {page.locator('.error-summary').inner_text()}"


def test_a_whole_life(data: Path, browser: Browser) -> None:
    with day_of(data, ARRIVED, browser) as (served, door):
        life = _comes(served, door)
        _is_understood(door, life)
        _finds_a_place(served, door, life)
    with day_of(data, REVIEWED, browser) as (served, door):
        _is_taught_and_heard(served, door, life)
        _is_reviewed_and_turns_eighteen(door, life)
    with day_of(data, LEAVING, browser) as (served, door):
        _leaves(door, life)
    with day_of(data, AFTER, browser) as (served, door):
        _is_in_trouble_and_comes_back(door, life)
        _nothing_is_lost(served, life)


def _comes(served: Served, door: Door) -> str:
    """Referral, search before create, decision, admission; gives the address of the file."""
    page = door("kepala")
    page.goto("/referrals/new")
    page.fill("#full_name", NAME)
    page.fill("#born_on", "2009-02-10")
    send(page)
    page.select_option("#gender", "male")
    page.fill("#agency", "Dinas Sosial")
    page.select_option("#level", "secondary")
    page.fill("#reason", "Putus sekolah, bekerja malam di pasar.")
    seen(page, "life-referral")
    send(page)
    page.locator("a[href$='/decide']").first.click()
    page.check("input[name=state][value=accepted]")
    page.fill("#reason", "Memenuhi syarat; ada tempat tidur.")
    send(page)
    page.locator("a[href$='/admit']").first.click()
    page.fill("#arrives_on", ARRIVED.isoformat())
    page.fill("#leaves_on", "2027-05-02")
    page.select_option("#education_level", "smp")
    page.select_option("#counsellor_id", str(_counsellor_id(served)))
    page.select_option("#cycle_id", index=page.locator("#cycle_id option").count() - 1)
    seen(page, "life-admission")
    send(page)
    with house_of(served):
        resident_id = db.session.scalars(select(Resident.id).where(Resident.full_name == NAME)).one()
    return f"/residents/{resident_id}"


def _counsellor_id(served: Served) -> int:
    with house_of(served):
        user = find_by_username("peksos")
        assert user is not None
        return db.session.scalars(select(Staff.id).where(Staff.user_id == user.id)).one()


def _is_understood(door: Door, life: str) -> None:
    """Family, consent, assessment from both sides, an individual plan that both agree to."""
    page = door("peksos")
    page.goto(f"{life}/family/new")
    page.fill("#full_name", "Ibu Teladan (contoh)")
    page.select_option("#relation", "mother")
    page.check("#is_guardian")
    page.select_option("#safety", "safe")
    send(page)
    _consents(page, life, "Ibu Teladan (contoh) (Ibu)")
    seen(page, "life-consent")
    page.goto(f"{life}/assessments/new")
    send(page)
    levels = page.url
    page.goto(f"{levels}/own")
    for domain in DOMAINS:
        page.check(f"input[name=own_{domain}][value='2']")
    send(page)
    page.goto(levels)
    for domain in DOMAINS:
        page.check(f"input[name=level_{domain}][value='3']")
    sound(page)
    with page.expect_navigation():
        page.locator("button[name=finish]").click()
    page.goto(f"{life}/assessments")
    seen(page, "life-assessment")
    _plans(page, life)


def _consents(page: Page, life: str, guardian: str | None) -> None:
    page.goto(f"{life}/consent/new")
    for purpose in ("care", "health"):
        page.check(f"input[name=purposes][value={purpose}]")
    page.locator("input[name=is_given][value=yes]").check()
    page.select_option("#way", "signed")
    if guardian:
        page.select_option("#relative", label=guardian)
        page.locator("input[name=assents][value=yes]").check()
    send(page)


def _plans(page: Page, life: str) -> None:
    page.goto(f"{life}/plan/new")
    page.fill("#strengths", "Tekun, suka memperbaiki barang.")
    send(page)
    page.locator("a[href*='/goals/new']").first.click()
    page.select_option("#domain", "vocational")
    page.fill("#title", "Menyelesaikan modul dasar")
    page.fill("#due_on", "2027-04-10")
    send(page)  # leads on to the goal's first step
    page.fill("#title", "Hadir setiap hari kelas")
    page.select_option("#doer", "resident")
    page.fill("#due_on", "2027-03-12")
    send(page)
    for party in ("resident", "counsellor"):
        page.locator("a[href$='/agree']").first.click()
        page.select_option("#party", party)
        page.select_option("#method", "on_paper")
        send(page)
    expect(page.locator("main")).to_contain_text("Disepakati, berlaku")
    seen(page, "life-plan")


def _finds_a_place(served: Served, door: Door, life: str) -> None:
    """The running cycle's plan takes the newcomer in with the fewest changes and is published from a day on."""
    page = door("kepala")
    with house_of(served):
        cycle = running_plan().cycle_id
    page.goto(f"/cycles/{cycle}/repair")
    seen(page, "life-arrival")
    page.locator(f"{SUBMIT}:has(svg)").click()
    page.wait_for_url(re.compile(r"/plans/\d+/repair$"), timeout=120_000)
    page.locator(".page-head a[href$='/publish'], a.button[href$='/publish']").first.click()
    page.locator("main form[method=post] button[type=submit]").last.click()
    expect(page.locator("#flashes")).not_to_be_empty()
    page.goto(life)
    expect(page.locator("main")).to_contain_text("Rencana yang diterbitkan")
    seen(page, "life-file")
    worker = _counsellor_id(served)
    with house_of(served):  # whoever the plan named, the one who brought him in stays beside
        house = running_plan().residence_id
        resident = int(life.rsplit("/", 1)[1])
        db.session.add(Assignment(resident_id=resident, staff_id=worker, from_on=REVIEWED, residence_id=house))
        db.session.commit()


def _is_taught_and_heard(served: Served, door: Door, life: str) -> None:
    """A register of his class, and a conversation with its note."""
    manager = door("kepala")
    manager.goto(_session_of(served, life))
    manager.locator("main form button[type=submit]").last.click()
    expect(manager.locator("[data-saved]")).to_contain_text("Disimpan")
    phone = door("peksos")
    phone.goto(f"{life}/counselling/new")
    phone.fill("#held_on", REVIEWED.isoformat())
    phone.fill("#start_minute", "00:00")
    phone.fill("#end_minute", "00:30")
    send(phone)
    phone.fill("#body", "Bercerita tentang ibunya. Hanya untuk kami berdua.")
    send(phone)
    expect(phone.locator(".note-body")).to_contain_text("Hanya untuk kami berdua")
    manager.goto(f"{life}/counselling")
    expect(manager.locator("main")).not_to_contain_text("Hanya untuk kami berdua")


def _session_of(served: Served, life: str) -> str:
    """A session of his class in the last week."""
    resident_id = int(life.rpartition("/")[2])
    with house_of(served):
        plan = running_plan()
        group = db.session.scalars(
            select(TeachingGroup.id)
            .join(PlanSeat, PlanSeat.group_id == TeachingGroup.id)
            .join(Enrolment, Enrolment.id == PlanSeat.enrolment_id)
            .join(Stay, Stay.id == Enrolment.stay_id)
            .where(PlanSeat.plan_id == plan.id, Stay.resident_id == resident_id, TeachingGroup.trade_id.is_not(None))
        ).one()
        versions = versions_of(plan.cycle_id)
        assert versions is not None
        week = sessions_between(versions, REVIEWED - timedelta(days=7), REVIEWED - timedelta(days=1))
        session = next(each for each in week if each.group.id == group)
        return f"/classes/{group}/sessions/{session.on.isoformat()}/{session.start}"


def _is_reviewed_and_turns_eighteen(door: Door, life: str) -> None:
    page = door("peksos")
    page.goto(f"{life}/plan")
    page.locator("a[href$='/review']").first.click()
    page.select_option("#result", "continue")
    page.fill("#summary", "Modul dasar hampir selesai; Raka bangga.")
    send(page)
    seen(page, "life-review")
    page.goto("/")
    expect(page.locator("main")).to_contain_text(NAME)
    page.goto(f"{life}/consent")
    expect(page.locator("main")).to_contain_text("18")
    seen(page, "life-eighteen")
    _consents(page, life, None)


def _leaves(door: Door, life: str) -> None:
    """A checklist, a proposal, and another person who approves."""
    phone = door("peksos")
    phone.goto(f"{life}/leaving/new")
    phone.select_option("#reason", "completed")
    phone.fill("#leaves_on", "2027-04-27")
    phone.select_option("#destination", "family")
    phone.fill("#destination_words", "Bersama ibunya di Bekasi (contoh)")
    phone.select_option("#aftercare_staff_id", index=1)
    send(phone)
    boxes = phone.locator("button.point-box")
    for number in range(boxes.count()):
        boxes.nth(number).click()
        expect(phone.locator("button.point-box[aria-pressed=true]")).to_have_count(number + 1)
    seen(phone, "life-exit")
    phone.locator("a[href$='/propose']").first.click()
    send(phone)
    manager = door("kepala")
    manager.goto(f"{life}/leaving")
    manager.locator("a[href$='/decide']").first.click()
    manager.check("input[value=approve]")
    send(manager)
    expect(manager.locator(".step--done")).to_have_count(3)


def _is_in_trouble_and_comes_back(door: Door, life: str) -> None:
    """A month later: a contact with a warning sign, a clock, an answer, and a second stay."""
    page = door("peksos")
    page.goto("/")
    expect(page.locator("main")).to_contain_text(NAME)
    page.goto(f"{life}/aftercare")
    page.click("text=Catat kontak >> nth=0")
    page.check("input[name=kind][value=call]")
    page.select_option("#q_home", "hard")
    page.fill("#account", "Ibunya sakit; ia tidur di rumah teman.")
    page.check("input[name=signs][value=no_home]")
    send(page)
    seen(page, "life-aftercare")
    page.click("text=Tidak ada tempat tidur yang aman")
    page.check("input[name=act][value=reached]")
    page.fill("#note", "Bertemu di rumah temannya; ingin kembali.")
    send(page)
    page.check("input[name=act][value=close]")
    page.fill("#note", "Kembali ke panti hari ini.")
    page.select_option("#outcome", "came_back")
    send(page)
    page.goto(f"{life}/return")
    page.fill("#reason", "Tidak ada tempat tinggal yang aman.")
    page.select_option("#counsellor_id", index=1)
    send(page)
    page.goto(life)
    seen(page, "life-return")
    page.goto(f"{life}/assessments")
    expect(page.locator("main")).to_contain_text("13 Jan 2027")


def _nothing_is_lost(served: Served, life: str) -> None:
    resident_id = int(life.rpartition("/")[2])
    with house_of(served):
        stays = db.session.scalars(select(Stay).where(Stay.resident_id == resident_id).order_by(Stay.arrives_on)).all()
        assert [stay.leaves_on for stay in stays[:1]] == [date(2027, 4, 27)]
        assert len(stays) == 2
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.resident_id == resident_id)).all()
        kinds = {entry.subject_type for entry in entries}
        assert {"Stay", "Consent", "Assessment", "ServicePlan", "CounsellingSession", "Exit", "Reentry"} <= kinds
        assert "Hanya untuk kami berdua" not in str([entry.changes for entry in entries])
