"""A manager gives Ramadan and exam weeks their hours: nothing wrong is kept, and what is wrong is said at its line."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foyer.audit.models import AuditEntry
from foyer.database import db, house_scope
from foyer.residences.holidays import ramadans
from foyer.residences.labels import days_words
from foyer.residences.models import DayVariant, GridBlock, Holiday, VariantKind
from foyer.residences.variant_services import list_blocks, rows_of, unnamed_blocks
from tests.factories import make_residence, make_user
from tests.queries import count_queries


@pytest.fixture
def place(app: Flask, sign_in: Callable[..., FlaskClient]) -> SimpleNamespace:
    """A house without a day, and its manager, who reads English."""
    with app.app_context():
        residence = make_residence()
        manager = make_user(residence)
        ids = residence.id, manager.id
        db.session.commit()
    browser = sign_in(ids[1])
    browser.get("/", headers={"Accept-Language": "en"})
    with browser.session_transaction() as session:
        session["language"] = "en"
    return SimpleNamespace(app=app, browser=browser, id=ids[0])


@pytest.fixture
def week(place: SimpleNamespace) -> SimpleNamespace:
    """The same house with the usual week of a residence."""
    assert place.browser.post("/house/day/usual").status_code == 302
    return place


def read(place: SimpleNamespace, act: Callable[[], Any]) -> Any:
    with place.app.app_context(), house_scope(place.id):
        return act()


def filled(page: str) -> dict[str, Any]:
    """What a browser would send from the form as it is."""
    form = page[page.index('name="from_on"') - 3000 :]
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'([a-z_]+)="([^"]*)"', tag))
        kind, name = attributes.get("type"), attributes.get("name", "")
        if not name or name in ("csrf_token", "version") or (kind in ("checkbox", "radio") and " checked" not in tag):
            continue
        sent[name] = unescape(attributes.get("value", ""))
    return sent


def line_of(sent: dict[str, Any], start: str, days: str) -> str:
    """The prefix of the line whose usual block begins then, on these weekdays."""
    key = f"{days}:{int(start[:2]) * 60 + int(start[3:])}:"
    return next(name[: -len("-key")] for name, value in sent.items() if name.endswith("-key") and value.startswith(key))


def text(answer: Any) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))))


def test_a_house_without_a_day_can_start_with_the_usual_week(place: SimpleNamespace) -> None:
    assert "Start with the usual week" in place.browser.get("/house/day").text
    place.browser.post("/house/day/usual")
    blocks = read(
        place, lambda: [(b.weekday, b.start_minute, b.end_minute) for b in db.session.scalars(select(GridBlock))]
    )
    assert (4, 690, 795) in blocks  # Friday prayer
    assert (3, 690, 795) not in blocks
    place.browser.post("/house/day/usual")
    again = read(place, lambda: len(db.session.scalars(select(GridBlock)).all()))
    assert again == len(blocks)


def test_ramadan_is_offered_with_its_dates_and_saved_with_its_hours(week: SimpleNamespace) -> None:
    page = week.browser.get("/house/day/variants/new?kind=ramadan&first=2027-01-04").text
    sent = filled(page) | {"kind": "ramadan"}
    assert (sent["name"], sent["from_on"], sent["to_on"]) == ("Ramadan 1448 H", "2027-02-08", "2027-03-09")
    first = line_of(sent, "08:00", "0.1.2.3.4.5")
    sent |= {f"{first}-start": "08:30", f"{first}-end": "10:00"}
    lunch = line_of(sent, "12:00", "0.1.2.3.5.6")
    sent |= {f"{lunch}-falls_out": "y"}
    sent |= {"extras-0-name": "Sahur", "extras-0-start": "03:30", "extras-0-end": "04:15"}
    answer = week.browser.post("/house/day/variants/new", data=sent, follow_redirects=True)
    assert answer.status_code == 200
    assert "Ramadan 1448 H is saved." in text(answer)
    assert "08.30–10.00" in text(answer)
    assert "Sahur" in text(answer)

    def check() -> None:
        row = db.session.scalars(select(DayVariant)).one()
        assert (row.kind, row.from_on, row.to_on) == (VariantKind.RAMADAN, date(2027, 2, 8), date(2027, 3, 9))
        by_usual = {tuple(entry["usual"] or ()): entry for entry in row.hours}
        assert by_usual[480, 600]["hours"] == [510, 600]
        assert by_usual[720, 780]["hours"] is None
        assert by_usual[()]["hours"] == [210, 255]
        assert unnamed_blocks(list_blocks(week.id), row) == 0
        assert db.session.scalar(select(AuditEntry.verb).where(AuditEntry.subject_type == "DayVariant")) == "created"

    read(week, check)
    shown = text(week.browser.get("/house/day"))
    assert "Ramadan 1448 H" in shown


def test_a_block_over_another_is_refused_by_name_and_nothing_typed_is_lost(week: SimpleNamespace) -> None:
    sent = filled(week.browser.get("/house/day/variants/new?kind=ramadan&first=2027-01-04").text) | {"kind": "ramadan"}
    first = line_of(sent, "08:00", "0.1.2.3.4.5")
    sent |= {f"{first}-start": "08:30", f"{first}-end": "11:10"}
    answer = week.browser.post("/house/day/variants/new", data=sent)
    assert answer.status_code == 422
    assert "On Monday “Kegiatan pagi” (08.30–11.10) and “Kegiatan pagi” (10.15–12.00) overlap." in text(answer)
    assert "These hours run into another block of that day." in text(answer)
    assert 'value="11:10"' in answer.text
    assert read(week, lambda: db.session.scalars(select(DayVariant)).all()) == []


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"to_on": "2027-02-01"}, "The end must come after the beginning."),
        ({"rows-0-start": ""}, "Give both times, or tick that it falls out."),
        ({"rows-0-start": "09:00", "rows-0-end": "08:00"}, "The end must come after the beginning."),
        ({"rows-0-key": "9:x"}, "This page was open too long."),
        ({"extras-0-name": "Sahur"}, "Give the name, the beginning and the end, or leave the line empty."),
        ({"name": ""}, "Please fill in “Name”."),
    ],
)
def test_what_is_wrong_is_said(week: SimpleNamespace, values: dict[str, str], sentence: str) -> None:
    sent = filled(week.browser.get("/house/day/variants/new?kind=ramadan&first=2027-01-04").text) | {"kind": "ramadan"}
    answer = week.browser.post("/house/day/variants/new", data=sent | values)
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_two_variants_never_hold_on_one_day(week: SimpleNamespace) -> None:
    sent = filled(week.browser.get("/house/day/variants/new?kind=ramadan&first=2027-01-04").text) | {"kind": "ramadan"}
    week.browser.post("/house/day/variants/new", data=sent)
    exams = sent | {"kind": "exams", "name": "Ujian", "from_on": "2027-03-09", "to_on": "2027-03-12", "omits": "class"}
    answer = week.browser.post("/house/day/variants/new", data=exams)
    assert "“Ramadan 1448 H” holds on some of these days already." in text(answer)
    exams["from_on"] = "2027-03-10"
    assert week.browser.post("/house/day/variants/new", data=exams).status_code == 302


def test_a_stale_page_is_told_and_a_newer_block_is_pointed_out(week: SimpleNamespace) -> None:
    sent = filled(week.browser.get("/house/day/variants/new?kind=ramadan&first=2027-01-04").text) | {"kind": "ramadan"}
    url = week.browser.post("/house/day/variants/new", data=sent).location
    block = {"name": "Kerja bakti", "kind": "activity", "start_minute": "08:00", "end_minute": "09:00", "weekdays": "6"}
    assert week.browser.post("/house/day/new", data=block).status_code == 302
    with count_queries(week.app) as seen:
        page = week.browser.get(url)
    assert len(seen) <= 12
    assert "1 block of the day is newer than these hours." in text(page)
    again = filled(page.text) | {"kind": "ramadan", "name": "Puasa", "version": "1"}
    assert week.browser.post(url, data=again).status_code == 302
    assert "newer than" not in text(week.browser.get(url))
    stale = week.browser.post(url, data=again | {"name": "Bulan puasa"})
    assert stale.status_code == 409
    assert "Bulan puasa" in stale.text
    assert week.browser.post(f"{url}/remove").status_code == 302
    assert read(week, lambda: db.session.scalars(select(DayVariant)).all()) == []


def test_the_dates_of_ramadan_end_before_idulfitri() -> None:
    found = ramadans(date(2026, 1, 1), date(2031, 12, 31))
    assert [month.year for month in found] == [1447, 1448, 1449, 1450, 1451, 1452, 1453]
    assert (found[0].first, found[0].last) == (date(2026, 2, 19), date(2026, 3, 20))  # as announced
    assert all(28 <= (month.last - month.first).days <= 29 for month in found)


def test_weekdays_are_written_as_people_write_them(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert days_words((0, 1, 2, 3, 5)) == "Mon–Thu, Sat"
        assert days_words((0, 1)) == "Mon, Tue"
        assert days_words(range(7)) == "every day"


def test_days_off_come_one_by_one_or_in_a_row(place: SimpleNamespace) -> None:
    data = {"on": "2027-06-21", "until_on": "2027-06-25", "name": "Libur sekolah"}
    assert place.browser.post("/house/holidays/new", data={"on": "2027-06-23", "name": "Rapat"}).status_code == 302
    assert place.browser.post("/house/holidays/new", data=data).status_code == 302
    names = read(place, lambda: [row.name for row in db.session.scalars(select(Holiday).order_by(Holiday.on))])
    assert names == ["Libur sekolah", "Libur sekolah", "Rapat", "Libur sekolah", "Libur sekolah"]
    wrong = place.browser.post("/house/holidays/new", data=data | {"until_on": "2027-06-20"})
    assert "The last day must not lie before the first." in text(wrong)


def test_joint_leave_days_are_added_where_the_house_keeps_them(place: SimpleNamespace) -> None:
    place.browser.post("/house/holidays/public", data={"year": "2027"})
    names = read(place, lambda: [row.name for row in db.session.scalars(select(Holiday))])
    assert names
    assert not any("Cuti Bersama" in name for name in names)
    place.browser.post("/house/holidays/public", data={"year": "2027", "with_leave": "y"})
    names = read(place, lambda: [row.name for row in db.session.scalars(select(Holiday))])
    assert any("Cuti Bersama" in name for name in names)


def test_a_day_that_differs_between_weekdays_has_a_line_for_each(week: SimpleNamespace) -> None:
    rows = read(week, lambda: rows_of(list_blocks(week.id), None))
    lunch = [(row.days, row.start, row.end) for row in rows if "makan siang" in row.name]
    assert lunch == [((4,), 690, 795), ((0, 1, 2, 3, 5, 6), 720, 780)]
