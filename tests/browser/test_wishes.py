"""Collecting wishes in a real browser: the manager asks, residents rank on phones by touch, by keyboard and without
scripts, the counsellor enters for somebody, the manager sees who is missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from foyer.accounts.models import Role
from foyer.accounts.services import create_user
from foyer.names import name_key
from foyer.residences.models import Gender
from foyer.residents.models import EducationLevel
from tests.browser.conftest import PASSWORD, Served, house_of, sign_in
from tests.browser.looking import keep_picture, look, sound
from tests.cycles.house import House, make_enrolment, make_group, make_house
from tests.factories import make_trade

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
SUBMIT = "main form.form button[type=submit]"
TRADES = {
    "Otomotif": "Merawat dan memperbaiki sepeda motor: ganti oli, rem, dan mesin.",
    "Tata Boga": "Memasak, membuat kue, dan menata hidangan untuk dijual.",
    "Menjahit": "Mengukur, memotong kain, dan menjahit pakaian dengan mesin.",
    "Las": "Menyambung besi untuk pagar dan rangka. Dikerjakan dengan alat pelindung.",
}


@dataclass(frozen=True)
class Filled:
    """Ids of the cycle and of its trades by name."""

    cycle: int
    trades: dict[str, int]


def _fill(served: Served) -> Filled:
    """A cycle in preparation with four trades, two counsellors and eight residents of whom nobody has chosen."""
    with house_of(served) as residence:
        house = make_house(0, residence=residence, number=2, starts_on=date(2027, 5, 3))
        for name in ("Menjahit", "Las"):
            house.trades.append(make_trade(residence, name))
            level = EducationLevel.SMA if name == "Las" else None
            house.classes.append(
                make_group(house.cycle, trade=house.trades[-1], code=name[:3].upper(), minimum_level=level)
            )
        for trade in house.trades:
            trade.description = TRADES[trade.name]
        _people(house)
        filled = Filled(house.cycle.id, {trade.name: trade.id for trade in house.trades})
    return filled


def _people(house: House) -> None:
    for counsellor, name in zip(house.counsellors, ("Eka Widodo", "Dewi Lestari"), strict=False):
        counsellor.full_name, counsellor.name_key = name, name_key(name)
    house.counsellors[0].user_id = _account(house, "eka", "Eka Widodo", Role.COUNSELLOR)
    names = ("Sari Wulandari", "Budi Santoso", "Citra Ayu", "Dimas Putra", "Fajar Nugroho", "Gita Puspita")
    for n, name in enumerate(names):
        enrolment = make_enrolment(
            house.cycle,
            full_name=name,
            gender=Gender.MALE if name.split()[0] in ("Budi", "Dimas", "Fajar") else Gender.FEMALE,
            arrives_on=date(2027, 1, 4),
            leaves_on=date(2027, 8, 29),
            previous_counsellor_id=house.counsellors[n % 2].id,
        )
        username = name.split()[0].lower()
        enrolment.stay.resident.user_id = _account(house, username, name, Role.RESIDENT)


def _account(house: House, username: str, name: str, role: Role) -> int:
    return create_user(
        username=username, display_name=name, role=role, residence_id=house.residence.id, password=PASSWORD
    ).id


def _ask_for_wishes(manager: Page, cycle: int) -> None:
    manager.goto(f"/cycles/{cycle}")
    expect(manager.locator("main")).to_contain_text("belum diminta memilih")
    manager.goto(f"/cycles/{cycle}/wishes")
    manager.fill("#from_on", "2027-01-18")
    manager.fill("#to_on", "2027-01-17")
    manager.click(SUBMIT)
    expect(manager.locator("#to_on-error")).to_contain_text("tidak boleh sebelum hari pertama")
    assert manager.input_value("#from_on") == "2027-01-18", "nothing typed is lost"
    sound(manager)
    manager.fill("#to_on", "2027-01-24")
    manager.click(SUBMIT)
    expect(manager.locator("main")).to_contain_text("Minggu, 24 Januari 2027")
    look(manager, "wishes-ask")


def _tap_in_order(phone: Page, trades: dict[str, int]) -> None:
    """By touch: two taps in order, the second one up, send."""
    expect(phone.locator("main")).to_contain_text("Minggu, 24 Januari 2027")
    look(phone, "wishes-first-page")
    phone.get_by_role("link", name="Pilih sekarang").tap()
    look(phone)
    shut = phone.locator(".offer--shut")
    expect(shut).to_contain_text("Las")
    expect(shut).to_contain_text("Pendidikan terakhir paling rendah")
    expect(shut.get_by_role("button")).to_have_count(0)
    phone.locator(f"#add-{trades['Otomotif']}").tap()
    expect(phone.locator(".ranked--slots li").first).to_contain_text("Otomotif")
    phone.locator(f"#add-{trades['Tata Boga']}").tap()
    expect(phone.locator(".ranked--slots li").nth(1)).to_contain_text("Tata Boga")
    phone.locator(f"#up-{trades['Tata Boga']}").tap()
    expect(phone.locator(".ranked--slots li").first).to_contain_text("Tata Boga")
    look(phone, "wishes-rank")
    expect(phone.locator(".ranked--slots li").first).to_contain_text("Tata Boga")
    phone.locator("#send").tap()
    main = phone.locator("main")
    expect(main).to_contain_text("Kamu mengirimnya pada Rabu, 20 Januari 2027")
    expect(main).to_contain_text("sampai Minggu, 24 Januari 2027")
    look(phone, "wishes-sent")


def _change_by_keyboard(page: Page, trades: dict[str, int]) -> None:
    """By keyboard alone, found by Tab as a person does."""

    def press(name: str) -> None:
        for _step in range(60):
            page.keyboard.press("Tab")
            label = page.evaluate("document.activeElement.textContent.trim().replace(/\\s+/g, ' ')")
            if name in label:
                break
        else:
            raise AssertionError(f"Tab never reaches {name}")
        page.keyboard.press("Enter")

    page.goto("/wishes")
    press("Ubah pilihan saya")
    expect(page.locator("#send")).to_be_visible()
    press("Pilih Menjahit")
    expect(page.locator(".ranked--slots li").nth(2)).to_contain_text("Menjahit")
    page.locator(f"#up-{trades['Menjahit']}").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".ranked--slots li").nth(1)).to_contain_text("Menjahit")
    expect(page.locator(f"#up-{trades['Menjahit']}")).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="Menjahit")).to_have_text(
        "Menjahit sekarang pilihanmu yang ke-2."
    )
    page.locator("#send").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".ranked li")).to_contain_text(["Tata Boga", "Menjahit", "Otomotif"])


def _without_scripts(page: Page, trades: dict[str, int]) -> None:
    page.goto("/wishes")
    page.click("#send")
    expect(page.locator("#order-error")).to_contain_text("Pilih sedikitnya satu")
    for name in ("Menjahit", "Otomotif"):
        page.click(f"#add-{trades[name]}")
    page.click(f"#down-{trades['Menjahit']}")
    page.click("#send")
    expect(page.locator(".ranked li")).to_contain_text(["Otomotif", "Menjahit"])


def _enter_for_another(counsellor: Page) -> None:
    expect(counsellor.locator("main")).to_contain_text("belum memilih keterampilan")
    look(counsellor)
    counsellor.get_by_role("link", name="Lihat siapa").first.click()
    expect(counsellor.get_by_role("link", name="Dimas Putra")).to_have_count(0)
    look(counsellor)
    counsellor.get_by_role("link", name="Citra Ayu").click()
    look(counsellor, "wishes-enter")
    counsellor.select_option("#ranks-0", label="Tata Boga")
    counsellor.select_option("#ranks-1", label="Tata Boga")
    counsellor.click(SUBMIT)
    expect(counsellor.locator("main")).to_contain_text("Keterampilan yang sama")
    sound(counsellor)
    counsellor.select_option("#ranks-1", label="Menjahit")
    counsellor.click(SUBMIT)
    counsellor.wait_for_url(re.compile(r"/residents/wishes/\d+"))
    expect(counsellor.get_by_role("link", name="Citra Ayu")).to_have_count(0)


def test_wishes_are_asked_ranked_entered_and_looked_through(served: Served, open_page: OpenPage) -> None:
    filled = _fill(served)
    manager = open_page()
    sign_in(manager, served.username, PASSWORD)
    _ask_for_wishes(manager, filled.cycle)

    phone = open_page(width=360, height=740, touch=True)
    sign_in(phone, "sari", PASSWORD)
    _tap_in_order(phone, filled.trades)
    keys = open_page(width=360, height=740)
    sign_in(keys, "sari", PASSWORD)
    _change_by_keyboard(keys, filled.trades)
    plain = open_page(width=360, height=740, scripts=False)
    sign_in(plain, "budi", PASSWORD)
    _without_scripts(plain, filled.trades)

    counsellor = open_page(width=390, height=844)
    sign_in(counsellor, "eka", PASSWORD)
    _enter_for_another(counsellor)

    manager.goto("/")
    expect(manager.locator("main")).to_contain_text("Ingatkan 3 warga binaan")
    manager.goto(f"/cycles/{filled.cycle}")
    expect(manager.locator("main")).to_contain_text("3 dari 6 warga binaan sudah memilih")
    look(manager, "wishes-cycle")
    manager.goto(f"/residents/wishes/{filled.cycle}")
    for name in ("Dimas Putra", "Fajar Nugroho", "Gita Puspita"):
        expect(manager.get_by_role("link", name=name)).to_be_visible()
    expect(manager.get_by_role("link", name="Sari Wulandari")).to_have_count(0)
    look(manager, "wishes-missing")
    manager.emulate_media(media="print")  # the list on paper: names, no filter
    expect(manager.locator(".filter-row")).to_be_hidden()
    expect(manager.get_by_role("link", name="Dimas Putra")).to_be_visible()
    keep_picture(manager, "wishes-paper")
    manager.emulate_media(media="screen")
    manager.select_option("#who", "all")
    manager.fill("#q", "citra")
    manager.click(".filter-row button")
    expect(manager.locator("main table")).to_contain_text("Dicatat oleh Eka Widodo pada Rabu, 20 Januari 2027")
    look(manager)
