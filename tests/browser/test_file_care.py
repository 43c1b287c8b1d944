"""Assessment and individual plan in a real browser: the counsellor asks, the resident answers and agrees by phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from foyer.accounts.models import Role, User
from foyer.accounts.services import create_user
from foyer.care.models import Domain, ServicePlan
from foyer.cycles.models import Enrolment, PlanCaseload
from foyer.database import db
from foyer.demo.cli import DAY
from foyer.residences.models import Staff
from foyer.residents.models import Resident, Stay
from tests.browser.conftest import PASSWORD, Served, house_of, running_plan, sign_in
from tests.browser.looking import look

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
SUBMIT = "main form.form button[type=submit]"


@pytest.fixture
def served(planned: Served) -> Served:
    return planned


def _file(served: Served) -> str:
    """The address of the file of a resident of the demonstration's counsellor, with an account and no plan yet."""
    with house_of(served) as residence:
        staff = select(Staff.id).join(User, User.id == Staff.user_id).where(User.username == "peksos")
        planned = select(ServicePlan.resident_id)
        mine = (
            select(Resident)
            .join(Stay, Stay.resident_id == Resident.id)
            .join(Enrolment, Enrolment.stay_id == Stay.id)
            .join(PlanCaseload, PlanCaseload.enrolment_id == Enrolment.id)
            .where(PlanCaseload.plan_id == running_plan().id, PlanCaseload.staff_id.in_(staff))
            .where(Stay.arrives_on <= DAY, Resident.id.not_in(planned))
        )
        resident = db.session.scalars(mine.where(Resident.user_id.is_(None)).order_by(Resident.id)).first()
        assert resident is not None
        resident.user_id = create_user(
            username="adik",
            display_name=resident.full_name,
            role=Role.RESIDENT,
            residence_id=residence.id,
            password=PASSWORD,
        ).id
        return f"/residents/{resident.id}"


def _begin(page: Page, file: str) -> str:
    page.goto(f"{file}/assessments")
    page.locator("main a.button", has_text="Asesmen baru").click()
    page.fill("#assessed_on", "2027-01-13")
    page.click(SUBMIT)
    page.wait_for_url(re.compile(r"/assessments/\d+$"))
    return page.url


def _answer(phone: Page) -> None:
    phone.goto("/me/scores")
    phone.get_by_role("link", name="Jawab sekarang").tap()
    for number, domain in enumerate(Domain):
        phone.locator(f"#own_{domain}-{1 + number % 4}").check()
    phone.fill("#said", "Aku kangen adikku.")
    look(phone, "file-own-answers")
    for number, domain in enumerate(Domain):  # another language is another page: what was not sent is chosen again
        phone.locator(f"#own_{domain}-{1 + number % 4}").check()
    phone.click(SUBMIT)
    expect(phone.locator("main")).to_contain_text("Kamu sudah menjawab")


def _score(page: Page, address: str) -> None:
    page.goto(address)
    look(page, "file-levels")
    for number, domain in enumerate(Domain):
        page.locator(f"#level_{domain}-{2 + number % 3}").check()
    page.fill("#evidence_social", "Mulai bercerita di kelompok.")
    page.click("button[name=finish]")
    expect(page.locator("main")).to_contain_text("Jarak yang sudah ditempuh")
    look(page, "file-assessments")


def _plan(page: Page, file: str) -> None:
    page.goto(f"{file}/plan")
    page.locator("main a.button", has_text="Mulai RPI").click()
    page.fill("#strengths", "Tekun, suka mesin, dekat dengan neneknya.")
    page.click(SUBMIT)
    page.get_by_role("link", name="Tambah tujuan").click()
    page.select_option("#domain", "vocational")
    page.fill("#title", "Bisa menyervis motor sendiri")
    page.fill("#measure", "Servis ringan tanpa bantuan, tiga kali berturut-turut.")
    page.click(SUBMIT)
    page.wait_for_url(re.compile(r"/steps/new$"))
    page.fill("#title", "Hafal nama semua alat")
    page.select_option("#doer", "resident")
    page.click(SUBMIT)
    expect(page.locator(".goal-step")).to_contain_text("Hafal nama semua alat")
    page.get_by_role("link", name="Catat kesepakatan").click()
    page.click(SUBMIT)
    expect(page.locator(".agreed")).to_contain_text("lewat akun sendiri")


def _agree(phone: Page) -> None:
    phone.goto("/me/plan")
    look(phone, "file-own-agree")
    phone.get_by_role("button", name="Saya setuju dengan rencana ini").tap()
    phone.get_by_role("button", name="Sudah kulakukan").tap()
    expect(phone.locator(".meter")).to_contain_text("1 dari 1 langkah selesai")
    look(phone, "file-own-plan")
    phone.goto("/")
    expect(phone.get_by_role("link", name=re.compile("Rencana saya"))).to_be_visible()


def test_both_sides_score_agree_and_walk_the_first_step(served: Served, open_page: OpenPage) -> None:
    file = _file(served)
    page = open_page()
    sign_in(page, "peksos", served.password)
    address = _begin(page, file)
    phone = open_page(width=390, height=844, touch=True)
    sign_in(phone, "adik", PASSWORD)
    _answer(phone)
    _score(page, address)
    _plan(page, file)
    _agree(phone)
    page.goto(f"{file}/plan")
    expect(page.locator("main")).to_contain_text("Tinjauan berikutnya")
    look(page, "file-plan")
    phone.goto("/me/scores")
    look(phone, "file-own-scores")
    page.goto(f"{file}/facts/confirm")
    page.locator("input[name=confirmed]").first.check()
    page.click(SUBMIT)
    look(page, "file-facts")
    page.goto(f"{file}/conferences")
    look(page, "file-conferences")
