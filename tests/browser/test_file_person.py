"""The person's file in a real browser, on the demonstration house: the counsellor on a phone adds a guardian, writes
down consent, puts in a document, takes a consent back; a case at law makes the identity secret for the instructor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from foyer.accounts.services import find_by_username
from foyer.cycles.models import Enrolment, PlanCaseload, PlanMeeting, PlanSeat
from foyer.database import db
from foyer.residences.models import Staff
from foyer.residents.models import Resident, Stay
from tests.browser.conftest import Served, house_of, sign_in
from tests.browser.looking import look, sound

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
SUBMIT = "main form.form button[type=submit]"


@pytest.fixture(scope="module")
def served(planned: Served) -> Served:
    return planned


@pytest.fixture(scope="module")
def resident(served: Served) -> tuple[int, str]:
    """A resident of the counsellor's caseload whom the instructor teaches, seventeen today."""
    with house_of(served):
        counsellor, instructor = (
            db.session.scalars(select(Staff).where(Staff.user_id == _user(name))).one()
            for name in ("peksos", "instruktur")
        )
        taught = select(PlanMeeting.group_id).where(PlanMeeting.instructor_id == instructor.id)
        query = (
            select(Resident)
            .join(Stay, Stay.resident_id == Resident.id)
            .join(Enrolment, Enrolment.stay_id == Stay.id)
            .join(PlanCaseload, PlanCaseload.enrolment_id == Enrolment.id)
            .join(PlanSeat, PlanSeat.enrolment_id == Enrolment.id)
            .where(PlanCaseload.staff_id == counsellor.id, PlanSeat.group_id.in_(taught))
            .order_by(Resident.user_id.is_not(None), Resident.id)
        )
        found = db.session.scalars(query).first()
        assert found is not None
        found.born_on = date(2009, 2, 1)
        return found.id, found.full_name


def _user(name: str) -> int:
    user = find_by_username(name)
    assert user is not None
    return user.id


def _save(page: Page, ending: str) -> None:
    page.locator(SUBMIT).click()
    page.wait_for_url(lambda url: url.endswith(ending))


def test_a_file_is_kept_by_the_counsellor_on_a_phone(
    served: Served, resident: tuple[int, str], open_page: OpenPage
) -> None:
    one, name = resident
    page = open_page(width=390, height=844, touch=True)
    sign_in(page, "peksos", served.password)
    page.goto(f"/residents/{one}")
    menu = page.locator(".file-menu")
    menu.locator("summary").press("Enter")
    sound(page)
    menu.get_by_role("link", name="Keluarga").click()
    page.locator(".page-action a").click()
    page.fill("#full_name", "Ibu Ratmi (contoh)")
    page.select_option("#relation", "mother")
    page.check("#is_guardian")
    page.select_option("#safety", "not_safe")
    page.locator(SUBMIT).click()
    expect(page.locator("#safety_reason-error")).to_contain_text("perlu diperhatikan")
    page.select_option("#safety", "ask_first")
    page.fill("#safety_reason", "Telepon hanya sore hari, setelah bertanya kepada anak.")
    _save(page, "/family")
    expect(page.get_by_role("heading", name="Ibu Ratmi (contoh)")).to_be_visible()
    look(page, "file-family")

    page.goto(f"/residents/{one}/consent/new")
    look(page, "file-consent-answer")
    page.get_by_label("Foto di berkas").check()
    page.locator("input[name=is_given][value=yes]").check()
    page.select_option("#relative", label="Ibu Ratmi (contoh) (Ibu)")
    page.locator("input[name=assents][value=yes]").check()
    page.select_option("#way", "signed")
    _save(page, "/consent")

    for kind, title in (("photo", ""), ("school", "Rapor kelas 10 (contoh)")):
        page.goto(f"/residents/{one}/attachments/new")
        page.select_option("#kind", kind)
        page.fill("#title", title)
        colour = "#0b6e69" if kind == "photo" else "#9a5b00"
        page.set_input_files("#file", files=[{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": _picture(colour)}])
        _save(page, "/attachments")
    pictures = page.locator(".papers img").count()  # the demonstration's stories bring documents of their own
    page.evaluate("Promise.all([...document.images].map(image => image.decode()))")  # fails where one is broken
    look(page, "file-documents")

    page.goto(f"/residents/{one}/consent")
    page.get_by_role("row", name="Foto di berkas").get_by_role("link", name="Tarik").click()
    page.fill("#note", "Tidak ingin wajahnya disimpan.")
    _save(page, "/consent")
    expect(page.locator(".callout--attention")).to_contain_text("16 Jan 2027")
    look(page, "file-consent")
    page.goto(f"/residents/{one}/attachments")
    expect(page.locator(".papers img")).to_have_count(pictures - 1)
    expect(page.get_by_role("link", name="Rapor kelas 10 (contoh)", exact=True)).to_be_visible()

    page.goto(f"/residents/{one}/law/new")
    page.select_option("#role", "witness")
    page.fill("#officer", "Pak Herman (contoh)")
    _save(page, "/ppks")
    page.goto(f"/residents/{one}/ppks/new")
    page.select_option("#code", "street_child")
    page.fill("#source", "Surat rujukan 12/2026 (contoh)")
    _save(page, "/ppks")
    look(page, "file-ppks")

    teacher = open_page(width=390, height=844, touch=True)
    sign_in(teacher, "instruktur", served.password)
    for link in [each.get_attribute("href") or "" for each in teacher.locator("a[href*='/class']").all()]:
        teacher.goto(link)
        expect(teacher.locator("main")).not_to_contain_text(name)


def _picture(colour: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (900, 700), colour).save(out, "JPEG")
    return out.getvalue()
