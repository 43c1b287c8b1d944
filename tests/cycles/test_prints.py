"""A plan on paper: pages, PDF files that can be read again, and a workbook. Names, places and times only."""

from __future__ import annotations

import io
import re
import zlib

import openpyxl
import pytest
from flask_babel import force_locale
from fontTools.ttLib import TTFont
from sqlalchemy import select

from foyer.cycles import print_views
from foyer.cycles.models import Enrolment
from foyer.cycles.print_pdf import FONTS, pdf_of
from foyer.cycles.prints import Sheet, Table, load_printed, sheets_of
from foyer.cycles.queries import get_plan
from foyer.database import db, house_scope
from tests.queries import count_queries

KINDS = ("classes", "rooms", "residents", "people", "staff", "venues", "poster")


@pytest.fixture
def manager(filled, sign_in):
    browser = sign_in(filled["manager"])
    with browser.session_transaction() as session:
        session["language"] = "en"
    return browser


def url(filled, page: str) -> str:
    return f"/cycles/{filled['cycle']}/plans/{filled['plan']}/prints{page}"


def names_of(app, filled) -> dict[str, str]:
    with app.app_context(), house_scope(filled["house"]):
        return {str(e.id): e.stay.resident.full_name for e in db.session.scalars(select(Enrolment))}


def letters_of(pdf: bytes) -> set[str]:
    """Every letter for which a PDF carries a shape, by the tables that it carries for copying text."""
    found = set()
    for raw in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S):
        try:
            stream = zlib.decompress(raw)
        except zlib.error:  # not packed
            stream = raw
        found |= {chr(int(code, 16)) for code in re.findall(rb"<[0-9A-F]{4}> <([0-9A-F]{4})>\n", stream)}
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_and_a_pdf_of_each_kind(filled, manager, kind):
    assert manager.get(url(filled, f"/{kind}")).status_code == 200
    answer = manager.get(url(filled, f"/{kind}.pdf"))
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert answer.data.rstrip().endswith(b"%%EOF")
    assert len(re.findall(rb"/Type /Page\b", answer.data)) >= 1
    assert "no-store" in answer.headers["Cache-Control"]


def test_names_of_any_letters_come_out_on_paper():
    """Only a font that has the letter embeds a glyph for it."""
    sheet = Sheet("1", "Ñandú Żółć Đặng", (("Kelas", "Œuvre"),), (Table("t", ("a", "b"), (("x", "y"),)),))
    embedded = letters_of(pdf_of([sheet], "classes", heading="h", foot="f"))
    assert set("ŻółćĐặŒ") <= embedded
    known = TTFont(FONTS / "DejaVuSansCondensed.ttf").getBestCmap()
    assert [letter for letter in "ŻółćĐặŒ" if ord(letter) not in known] == []


def test_many_slips_share_a_sheet_and_classes_have_one_each(app, filled):
    with app.test_request_context(), house_scope(filled["house"]):
        printed = load_printed(get_plan(filled["plan"]))
        slips, classes = sheets_of(printed, "residents"), sheets_of(printed, "classes")

        def pages(sheets, kind):
            return len(re.findall(rb"/Type /Page\b", pdf_of(sheets, kind, heading="h", foot="f")))

        assert len(slips) == 8
        assert pages(slips, "residents") < 8
        assert pages(classes, "classes") == len(classes) == 3


def test_everybody_and_every_place_has_a_whole_sheet_that_can_be_read_again(app, filled):
    with app.test_request_context(), house_scope(filled["house"]), force_locale("en"):
        printed = load_printed(get_plan(filled["plan"]))
        people, places = sheets_of(printed, "people"), sheets_of(printed, "venues")
        for sheets, kind in ((people, "people"), (places, "venues")):
            pdf = pdf_of(sheets, kind, heading="h", foot="f")
            assert len(re.findall(rb"/Type /Page\b", pdf)) == len(sheets) > 0
            assert set("".join(sheet.title for sheet in sheets)) - {" "} <= letters_of(pdf)
        own = next(sheet for sheet in people if sheet.key == str(filled["enrolment"]))
        assert [label for label, _words in own.facts] == ["Class", "Room", "Counsellor"]
        (week,) = own.tables
        assert week.is_week
        assert "8" in week.rows[0][0], "the hours stand beside the row"
        assert any("Individual counselling" in cell for row in week.rows for cell in row)
        others = [sheet.title for sheet in people if sheet.key != own.key]
        assert [name for name in others if name in str(own)] == []
        door = next(sheet for sheet in places if sheet.key == str(filled["venue"]))
        assert "Otomotif (OTO-1)" in str(door.tables)
        assert [sheet.title for sheet in people if sheet.title in str(door)] == []


def test_a_resident_s_slip_names_no_other_resident(app, filled, manager):
    names = names_of(app, filled)
    one = str(filled["enrolment"])
    page = manager.get(url(filled, f"/residents?of={one}")).get_data(as_text=True)
    main = page[page.index("<main") :]
    assert names[one] in main
    assert [name for key, name in names.items() if key != one and name in main] == []
    assert manager.get(url(filled, "/residents?of=0")).status_code == 404


def test_a_room_says_who_sleeps_in_which_bed_on_which_nights(app, filled, manager):
    page = re.sub(r"<[^>]+>", " ", manager.get(url(filled, "/rooms")).get_data(as_text=True))
    assert [name for name in names_of(app, filled).values() if name not in page] == []
    assert "4 Jan 2027 to 1 May 2027" in page
    assert "a draft, not published" in page


def test_the_poster_names_nobody(app, filled, manager):
    page = manager.get(url(filled, "/poster")).get_data(as_text=True)
    assert "Otomotif (OTO-1)" in page
    assert [name for name in names_of(app, filled).values() if name in page] == []


def test_needs_and_wishes_never_go_on_paper(app, filled, manager):
    with app.app_context(), house_scope(filled["house"]):
        for enrolment in db.session.scalars(select(Enrolment)):
            enrolment.stay.needs = ["abh", "trauma"]
        db.session.commit()
    for kind in KINDS:
        words = re.sub(r"<[^>]+>", " ", manager.get(url(filled, f"/{kind}")).get_data(as_text=True)).casefold()
        assert not re.search(r"\babh\b|\btrauma\b|facing the law|1st choice", words)


def test_the_workbook_has_everybody_and_no_live_formula(app, filled, manager):
    with app.app_context(), house_scope(filled["house"]):
        person = db.session.scalars(select(Enrolment).where(Enrolment.id == filled["enrolment"])).one().stay.resident
        person.full_name = '=HYPERLINK("http://example.org")'
        db.session.commit()
    answer = manager.get(url(filled, "/plan.xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["Residents", "Classes", "Rooms", "Counsellors", "Weeks"]
    found = {row[0].value for row in book["Residents"].iter_rows(min_row=2)}
    assert found == set(names_of(app, filled).values())
    assert "f" not in {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert book["Weeks"].max_row > 10
    assert book["Rooms"].max_row == 9


def test_a_big_house_is_printed_in_parts(filled, manager, monkeypatch):
    monkeypatch.setattr(print_views, "MOST_SHEETS", 3)
    index = manager.get(url(filled, "")).get_data(as_text=True)
    assert "/residents.pdf?part=3" in index
    pages = [manager.get(url(filled, f"/residents?part={n}")).get_data(as_text=True) for n in (1, 2, 3)]
    assert [page.count('<section class="sheet"') for page in pages] == [3, 3, 2]
    assert manager.get(url(filled, "/residents?part=0")).status_code == 404


@pytest.mark.parametrize("page", ["", *(f"/{kind}" for kind in KINDS), "/residents.pdf", "/plan.xlsx"])
def test_printing_takes_a_dozen_queries(app, filled, manager, page):
    manager.get(url(filled, page))
    with count_queries(app) as seen:
        assert manager.get(url(filled, page)).status_code == 200
    assert len(seen) <= 12
