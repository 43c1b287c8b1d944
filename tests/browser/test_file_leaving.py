"""Leaving in a real browser: a checklist ticked on a phone, a second person's approval, contact after the exit with a
warning sign and its clock, coming back, and an offer to another house."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from foyer.accounts.models import Role, User
from foyer.accounts.services import create_user
from foyer.cycles.decisions import Destination
from foyer.cycles.models import PlanCaseload
from foyer.database import db
from foyer.demo.cli import DAY
from foyer.leaving import exits
from foyer.leaving.models import ExitReason
from foyer.names import name_key
from foyer.residences.models import Gender, Residence, Staff
from foyer.residents.models import EducationLevel, Resident, Stay
from tests.browser.conftest import PASSWORD, Served, house_of, sign_in
from tests.browser.looking import look, speak

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]


@dataclass(frozen=True)
class Prepared:
    """Who is about to leave, and who left five weeks ago."""

    leaving: int
    left: int
    other: int


@pytest.fixture(scope="module")
def served(planned: Served) -> Served:
    return planned


@pytest.fixture(scope="module")
def prepared(served: Served) -> Prepared:
    """Somebody of the counsellor's caseload, somebody who left in December, and a second house with a manager."""
    with house_of(served) as residence:
        peksos = db.session.scalars(select(User).where(User.username == "peksos")).one()
        manager = db.session.scalars(select(User).where(User.username == "kepala")).one()
        staff = db.session.scalars(select(Staff).where(Staff.user_id == peksos.id)).one()
        loads = db.session.scalars(select(PlanCaseload).where(PlanCaseload.staff_id == staff.id)).all()
        own, other = [load.enrolment.stay.resident_id for load in loads[:2]]
        left = _left(residence, staff, peksos, manager)
        second = Residence(code="anggrek", name="PSBR Anggrek (contoh)")
        db.session.add(second)
        db.session.flush()
        create_user(
            username="anggrek",
            display_name="Ibu Kepala Anggrek",
            role=Role.MANAGER,
            residence_id=second.id,
            password=PASSWORD,
        )
        return Prepared(own, left, other)


def _left(residence: Residence, staff: Staff, peksos: User, manager: User) -> int:
    name, day = "Bayu Contoh Pratama", DAY - timedelta(days=36)
    resident = Resident(
        residence_id=residence.id,
        full_name=name,
        name_key=name_key(name),
        gender=Gender.MALE,
        born_on=DAY - timedelta(days=19 * 365),
    )
    db.session.add(resident)
    db.session.flush()
    stay = Stay(
        residence_id=residence.id,
        resident_id=resident.id,
        arrives_on=DAY - timedelta(days=200),
        leaves_on=day,
        education_level=EducationLevel.SMP,
    )
    db.session.add(stay)
    db.session.flush()
    values = {
        "leaves_on": day,
        "reason": ExitReason.WORK,
        "destination": Destination.FAMILY,
        "aftercare_staff_id": staff.id,
    }
    row = exits.begin_exit(resident, stay, values)
    exits.propose(row, gaps="Kerja mulai segera (contoh).", actor=peksos, version=None)
    exits.approve(row, words="", actor=manager, version=None)
    return resident.id


def saved(page: Page) -> None:
    expect(page.locator(".flashes")).to_be_visible()


def test_an_exit_is_prepared_on_a_phone_and_approved_by_somebody_else(
    open_page: OpenPage, served: Served, prepared: Prepared
) -> None:
    phone = open_page(width=390, height=844)
    sign_in(phone, "peksos", served.password)
    speak(phone, "id")
    phone.goto(f"/residents/{prepared.leaving}/leaving")
    phone.click("text=Siapkan terminasi")
    phone.select_option("#reason", "completed")
    phone.select_option("#destination", "family")
    phone.fill("#destination_words", "Tinggal bersama kakak di Depok (contoh)")
    phone.select_option("#aftercare_staff_id", index=1)
    phone.click("button:has-text('Mulai daftar periksa')")
    boxes = phone.locator("button.point-box")
    expect(boxes).to_have_count(12)
    for number in range(3):
        boxes.nth(number).click()
        expect(phone.locator("button.point-box[aria-pressed=true]")).to_have_count(number + 1)
    look(phone, "file-leaving", at=".points")
    phone.click("text=Usulkan terminasi")
    phone.click("main form.form button[type=submit]")
    expect(phone.locator(".error-summary")).to_be_visible()
    phone.fill("#gaps", "Kelas berakhir pekan ini; sisanya selesai sebelum hari keluar (contoh).")
    phone.click("main form.form button[type=submit]")
    saved(phone)
    expect(phone.locator("text=Putuskan terminasi")).to_have_count(0)

    manager = open_page()
    sign_in(manager, "kepala", served.password)
    manager.goto(f"/residents/{prepared.leaving}/leaving")
    manager.click("text=Putuskan terminasi")
    look(manager, "file-leaving-decide")
    manager.check("input[value=approve]")
    manager.click("main form.form button[type=submit]")
    saved(manager)
    expect(manager.locator(".step--done")).to_have_count(3)


def test_a_contact_with_a_warning_sign_begins_a_clock_and_somebody_comes_back(
    open_page: OpenPage, served: Served, prepared: Prepared
) -> None:
    phone = open_page(width=390, height=844)
    sign_in(phone, "peksos", served.password)
    speak(phone, "id")
    phone.goto(f"/residents/{prepared.left}/aftercare")
    expect(phone.locator(".tag--danger").first).to_have_text("terlambat 5 hari")
    phone.click("a.button:has-text('Catat kontak')")
    look(phone, "file-aftercare-contact")  # switching the language empties a form: look first, then write
    phone.check("input[name=kind][value=visit]")
    phone.select_option("#q_home", "hard")
    phone.select_option("#q_family", "mixed")
    phone.fill("#account", "Diminta keluar dari rumah kakaknya; tidur di bengkel (contoh).")
    phone.check("input[name=signs][value=no_home]")
    phone.click("main form.form button[type=submit]")
    saved(phone)
    expect(phone.locator("text=terlambat")).to_have_count(0)
    look(phone, "file-aftercare", at=".contacts")
    phone.click("text=Tidak ada tempat tidur yang aman")
    look(phone, "file-response", at="#act-0")
    phone.check("input[name=act][value=reached]")
    phone.fill("#note", "Bertemu di bengkel; mau kembali ke panti (contoh).")
    phone.click("main form.form button[type=submit]")
    saved(phone)
    phone.check("input[name=act][value=close]")
    phone.fill("#note", "Kembali ke panti hari ini (contoh).")
    phone.select_option("#outcome", "came_back")
    phone.click("main form.form button[type=submit]")
    expect(phone.locator("main form.form")).to_have_count(0)  # closed: nothing more to write
    phone.goto(f"/residents/{prepared.left}/return")
    look(phone, "file-return")
    phone.fill("#reason", "Tidak ada tempat tinggal yang aman (contoh).")
    phone.select_option("#counsellor_id", index=1)
    phone.click("main form.form button[type=submit]")
    saved(phone)
    expect(phone.locator("text=Kembali, diputuskan")).to_be_visible()


def test_another_house_is_asked_and_files_are_kept_by_the_house_s_own_rules(
    open_page: OpenPage, served: Served, prepared: Prepared
) -> None:
    manager = open_page()
    sign_in(manager, "kepala", served.password)
    speak(manager, "id")
    manager.goto(f"/residents/{prepared.other}/transfer")
    manager.select_option("#to_id", index=1)
    manager.fill("#moves_on", (DAY + timedelta(days=7)).isoformat())
    manager.fill("#letter", "Keluarganya pindah ke sana (contoh).")
    manager.click("main form.form button[type=submit]")
    saved(manager)
    look(manager, "transfers")
    manager.goto("/keeping/rules")
    manager.fill("#keep_years", "10")
    manager.click("main form.form button[type=submit]")
    expect(manager.locator(".error-summary")).to_be_visible()
    manager.fill("#keep_source", "Jadwal retensi arsip dinas (contoh)")
    manager.click("main form.form button[type=submit]")
    saved(manager)
    look(manager, "keeping")

    there = open_page()
    sign_in(there, "anggrek", PASSWORD)
    there.goto("/transfers")
    there.click("main .rows a")
    look(there, "transfer-arrival")
    there.check("input[value=yes]")
    there.click("main form.form button[type=submit]")
    saved(there)
