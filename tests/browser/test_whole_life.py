"""One whole life in a real browser, in Indonesian: referred, taken in, consented for, assessed, planned with, taught,
heard, reviewed, eighteen, gone with a plan, in trouble, and back. The house is served on another day for each part of
it; the counsellors and the resident himself have phones, the manager and the administrator laptops. Whatever happens is
done on a screen: the database is only looked at."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from foyer.accounts.services import find_by_username
from foyer.audit.models import AuditEntry
from foyer.cycles.house_days import house_days
from foyer.cycles.models import Enrolment, PlanCaseload, PlanSeat, TeachingGroup
from foyer.cycles.versions import versions_of
from foyer.cycles.weeks import appointments_of_staff, sessions_on
from foyer.database import db
from foyer.demo.people import PASSWORD
from foyer.history.subjects import SUBJECTS, VERBS
from foyer.residences.models import Staff
from foyer.residents.models import Resident, Stay
from foyer.training.sessions import sessions_between
from tests.browser.conftest import Served, house_of, running_plan, serving, sign_in
from tests.browser.looking import keep_picture, sound

pytestmark = pytest.mark.browser

NAME = "Raka Saputra Teladan"
SUBMIT = "main form.form button[type=submit]"
OWN = ("raka", "jambu langit 7")  # with what he signs in
THEIRS = ("pengasuh", "sawo pagi 12")  # and the counsellor to whom the plan gives him
ARRIVED, LEAVING, AFTER = date(2027, 1, 13), date(2027, 4, 20), date(2027, 5, 28)
REVIEWED = date(2027, 2, 22)  # or, after it, the day of his next conversation by the published timetable
DOMAINS = ("physical", "psychosocial", "mental_spiritual", "social", "education", "vocational", "independence")


class Door(Protocol):
    """Opens a browser of somebody: signed in, or at the door for nobody."""

    def __call__(self, username: str, password: str = PASSWORD) -> Page: ...


@pytest.fixture(scope="module")
def data(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demonstration house that is served on one day after the other."""
    folder = tmp_path_factory.mktemp("life") / "data"
    shutil.copytree(demonstration, folder)
    return folder


@contextmanager
def day_of(data: Path, day: date, browser: Browser) -> Iterator[tuple[Served, Door]]:
    """The house on a day; gives doors to it: phones, and laptops in the offices. Errors on a console fail."""
    complaints: list[str] = []
    with serving(data, day.isoformat(), password=PASSWORD) as served:
        contexts = []

        def door(username: str, password: str = PASSWORD) -> Page:
            width = 1366 if username in ("kepala", "admin") else 390
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
            if username:
                sign_in(page, username, password)
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
        own = _gets_an_account(door, f"resident-{life.rpartition('/')[2]}", "resident", OWN)
        seen(own, "life-own-first")
        _is_understood(door, own, life)
        _finds_a_place(served, door, life)
        _sees_the_own_week(own)
        counsellor = _counsellor_of_the_plan(served, life)
        _gets_an_account(door, f"staff-{counsellor}", "counsellor", THEIRS)
        talk = _next_talk(served, life, counsellor)
    with day_of(data, talk, browser) as (served, door):
        _is_taught_and_heard(served, door, life, talk)
        _is_reviewed_and_turns_eighteen(door, life)
    with day_of(data, LEAVING, browser) as (served, door):
        _leaves(door, life, counsellor)
    with day_of(data, AFTER, browser) as (served, door):
        _is_in_trouble_and_comes_back(door, life, counsellor)
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


def _gets_an_account(door: Door, person: str, role: str, signs_in: tuple[str, str]) -> Page:
    """The administrator makes the account and prints a slip; its owner signs in with it on a phone, which is given."""
    username, password = signs_in
    office = door("admin")
    office.goto("/administration/accounts/new")
    office.fill("#display_name", username.title())
    office.fill("#username", username)
    office.select_option("#role", role)
    office.select_option("#person", person)
    sound(office)
    send(office)
    with office.expect_navigation():
        office.locator("section[aria-labelledby=slip-title] button[type=submit]").click()
    seen(office, "life-slip")
    code = office.locator(".slip-code").inner_text()
    own = door("")
    own.goto(f"/slip#{code}")
    expect(own.locator("#code")).not_to_have_value("")
    send(own)
    own.fill("#password", password)
    own.fill("#again", password)
    send(own)
    own.wait_for_url(lambda url: "/slip" not in url)
    return own


def _is_understood(door: Door, own: Page, life: str) -> None:
    """Family, consent, assessment from both sides, each on the own phone, an individual plan that both agree to."""
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
    own.goto("/me/scores")
    own.locator("a[href='/me/scores/answer']").click()
    own.wait_for_selector("#said")
    seen(own, "life-own-scores")
    for domain in DOMAINS:
        own.check(f"input[name=own_{domain}][value='2']")
    own.fill("#said", "Aku ingin bisa memperbaiki motor.")
    send(own)
    for domain in DOMAINS:
        page.check(f"input[name=level_{domain}][value='3']")
    sound(page)
    with page.expect_navigation():
        page.locator("button[name=finish]").click()
    page.goto(f"{life}/assessments")
    seen(page, "life-assessment")
    _plans(page, own, life)


def _consents(page: Page, life: str, guardian: str) -> None:
    page.goto(f"{life}/consent/new")
    for purpose in ("care", "health"):
        page.check(f"input[name=purposes][value={purpose}]")
    page.locator("input[name=is_given][value=yes]").check()
    page.select_option("#way", "signed")
    page.select_option("#relative", label=guardian)
    page.locator("input[name=assents][value=yes]").check()
    send(page)


def _plans(page: Page, own: Page, life: str) -> None:
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
    page.locator("a[href$='/agree']").first.click()
    page.select_option("#party", "counsellor")
    page.select_option("#method", "on_paper")
    send(page)
    own.goto("/me/plan")
    expect(own.locator("main")).to_contain_text("Menyelesaikan modul dasar")
    seen(own, "life-own-plan")
    send(own)
    page.goto(f"{life}/plan")
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


def _sees_the_own_week(own: Page) -> None:
    """What the plan made of him is on his phone at once: class, bed, counsellor, and when he talks with whom."""
    own.goto("/")
    for said in ("Kelas saya", "Kamar saya", "Peksos saya"):
        expect(own.locator("main")).to_contain_text(said)
    seen(own, "life-own-day")
    own.goto("/week")
    seen(own, "life-own-week")


def _counsellor_of_the_plan(served: Served, life: str) -> int:
    """Whom the plan gives him: the caseload of the one who took him in may be full."""
    with house_of(served):
        query = select(PlanCaseload.staff_id).join(PlanCaseload.enrolment).join(Enrolment.stay)
        resident = int(life.rpartition("/")[2])
        return db.session.scalars(
            query.where(PlanCaseload.plan_id == running_plan().id, Stay.resident_id == resident)
        ).one()


def _next_talk(served: Served, life: str, counsellor: int) -> date:
    """The day of his first conversation from ``REVIEWED`` on, as it is published."""
    resident = int(life.rpartition("/")[2])
    with house_of(served):
        versions = versions_of(running_plan().cycle_id)
        assert versions is not None
        place = db.session.scalars(select(Enrolment.id).join(Enrolment.stay).where(Stay.resident_id == resident)).one()
        slots = [slot for one, slot in appointments_of_staff(versions, counsellor) if one.id == place]
        days = [REVIEWED + timedelta(days=number) for number in range(28)]
        calendar = house_days(versions.cycle.residence_id, days[0], days[-1])
        met = [day for day in days for slot in slots if slot.falls_on(day, versions.cycle)]
        return next(day for day in met if any(sessions_on(slot, day, calendar) for slot in slots))


def _is_taught_and_heard(served: Served, door: Door, life: str, today: date) -> None:
    """A register of his class, and the conversation of today's timetable with its note."""
    manager = door("kepala")
    manager.goto(_session_of(served, life, today))
    manager.locator("main form button[type=submit]").last.click()
    expect(manager.locator("[data-saved]")).to_contain_text("Disimpan")
    phone = door(*THEIRS)
    phone.goto("/")
    appointment = phone.locator(".agenda--acts li", has_text=NAME)
    seen(phone, "life-agenda")
    with phone.expect_navigation():
        appointment.locator("button[type=submit]").click()
    phone.fill("#body", "Bercerita tentang ibunya. Hanya untuk kami berdua.")
    seen(phone, "life-talk")
    send(phone)
    expect(phone.locator(".note-body")).to_contain_text("Hanya untuk kami berdua")
    manager.goto(f"{life}/counselling")
    expect(manager.locator("main")).not_to_contain_text("Hanya untuk kami berdua")


def _session_of(served: Served, life: str, today: date) -> str:
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
        week = sessions_between(versions, today - timedelta(days=7), today - timedelta(days=1))
        session = next(each for each in week if each.group.id == group)
        return f"/classes/{group}/sessions/{session.on.isoformat()}/{session.start}"


def _is_reviewed_and_turns_eighteen(door: Door, life: str) -> None:
    page = door(*THEIRS)
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
    own = door(*OWN)
    own.goto("/my-file/consent")
    for purpose in ("care", "health"):
        answer = own.locator(f"form:has(input[name=purpose][value={purpose}]):has(input[name=wants][value=yes])")
        with own.expect_navigation():
            answer.locator("button[type=submit]").click()
    seen(own, "life-own-consent")
    own.goto("/my-file/readers")
    expect(own.locator("main")).to_contain_text("membuka berkasmu")
    seen(own, "life-own-readers")
    page.goto(f"{life}/consent")
    seen(page, "life-consent-anew")


def _leaves(door: Door, life: str, counsellor: int) -> None:
    """A checklist, a proposal, and another person who approves."""
    phone = door(*THEIRS)
    phone.goto(f"{life}/leaving/new")
    phone.select_option("#reason", "completed")
    phone.fill("#leaves_on", "2027-04-27")
    phone.select_option("#destination", "family")
    phone.fill("#destination_words", "Bersama ibunya di Bekasi (contoh)")
    phone.select_option("#aftercare_staff_id", str(counsellor))
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


def _is_in_trouble_and_comes_back(door: Door, life: str, counsellor: int) -> None:
    """A month later: a contact with a warning sign, a clock, an answer, and a second stay."""
    page = door(*THEIRS)
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
    page.select_option("#counsellor_id", str(counsellor))
    send(page)
    page.goto(life)
    seen(page, "life-return")
    own = door(*OWN)
    own.goto("/me/scores")
    expect(own.locator("main")).to_contain_text("Saya sendiri 2")
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
        assert (kinds - set(SUBJECTS), {entry.verb for entry in entries} - set(VERBS)) == (set(), set())
        assert {"Stay", "Consent", "Assessment", "ServicePlan", "CounsellingSession", "Exit", "Reentry"} <= kinds
        assert "Hanya untuk kami berdua" not in str([entry.changes for entry in entries])
