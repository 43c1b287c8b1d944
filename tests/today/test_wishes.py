"""A resident's own wish: what the pages say, what may be sent, and that nothing sent is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.cycles.collecting import OfferedTrade, WishCollection
from foyer.cycles.models import Cycle, CycleState, Enrolment
from foyer.database import db, house_scope
from foyer.residents.models import EducationLevel
from tests.cycles.house import make_group, make_house, saved
from tests.factories import make_trade, make_user
from tests.queries import count_queries
from tests.today.house import ZONE

EN = {"Accept-Language": "en"}
ID = {"Accept-Language": "id"}


@pytest.fixture
def place(app: Flask, sign_in: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A house asked from 14 to 24 December 2026, seen on the 20th; its resident has chosen nothing."""
    with app.app_context():
        house = make_house(4)
        house.trades.append(make_trade(house.residence, "Las"))
        make_group(house.cycle, trade=house.trades[2], code="LAS", minimum_level=EducationLevel.SMA)
        house.trades[0].description = "Memperbaiki sepeda motor."
        with house_scope(house.residence.id):
            enrolment = house.enrolments[1]
            enrolment.choices.clear()
            enrolment.previous_counsellor_id = house.counsellors[0].id
            resident = enrolment.stay.resident
            resident.user_id = make_user(house.residence, Role.RESIDENT, display_name=resident.full_name).id
            other = house.enrolments[0].stay.resident
            other.user_id = make_user(house.residence, Role.RESIDENT).id
            manager = make_user(house.residence, display_name="Ibu Kepala").id
            ids = [trade.id for trade in house.trades]
            own = {"residence_id": house.residence.id}
            collection = WishCollection(
                **own, cycle_id=house.cycle.id, from_on=date(2026, 12, 14), to_on=date(2026, 12, 24)
            )
            collection.offers = [OfferedTrade(**own, trade_id=trade_id) for trade_id in ids]
            saved(collection)
            known = SimpleNamespace(
                app=app,
                id=house.residence.id,
                cycle=house.cycle.id,
                resident=resident.id,
                enrolment=enrolment.id,
                counsellor=house.counsellors[0].full_name,
                trades=ids,
                collection=collection.id,
            )
            users = resident.user_id, other.user_id, manager
        db.session.commit()
    known.me, known.other, known.manager = map(sign_in, users)
    known.stand = lambda *moment: stand_at(monkeypatch, *moment)
    known.stand(2026, 12, 20, 10, 0)
    return known


def stand_at(monkeypatch: pytest.MonkeyPatch, *moment: int) -> None:
    now = datetime(*moment, tzinfo=ZONE)  # type: ignore[misc]
    for module in ("foyer.today.wish_views", "foyer.today.services", "foyer.caseload.desk"):
        monkeypatch.setattr(f"{module}.now_in", lambda place: now)
    monkeypatch.setattr("foyer.caseload.desk.today_in", lambda place: now.date())


def order_of(place: SimpleNamespace) -> list[int]:
    with place.app.app_context(), house_scope(place.id):
        enrolment = db.session.scalars(select(Enrolment).where(Enrolment.id == place.enrolment)).one()
        return [choice.trade_id for choice in enrolment.choices]


def version_of(place: SimpleNamespace) -> int:
    with place.app.app_context(), house_scope(place.id):
        return db.session.scalars(select(Enrolment.version).where(Enrolment.id == place.enrolment)).one()


def send(place: SimpleNamespace, *order: Any, **values: Any) -> Any:
    form = {"order": list(order), "version": version_of(place), "enrolment": place.enrolment, **values}
    return place.me.post("/wishes", data=form, headers=values.pop("headers", EN))


def shown_order(text: str) -> list[int]:
    """The order that the page would send."""
    form = text.split('method="post" action="/wishes"')[1].split("</form>")[0]
    return [int(value) for value in re.findall(r'name="order" value="(\d+)"', form)]


def test_the_first_page_says_until_when_and_the_wish_says_what_one_learns(place: SimpleNamespace) -> None:
    assert "Choose until Thursday, 24 December 2026" in place.me.get("/", headers=EN).text
    assert "Pilih sampai Kamis, 24 Desember 2026" in place.me.get("/", headers=ID).text
    page = place.me.get("/wishes", headers=EN).text
    assert "Memperbaiki sepeda motor." in page
    assert "One&#39;s last education must be at least: Senior secondary school (SMA)." in page
    assert place.counsellor in page


def test_taps_rank_and_nothing_is_kept_before_it_is_sent(place: SimpleNamespace) -> None:
    one, two, shut = place.trades
    page = place.me.get(f"/wishes?edit=1&order={two}&do=add-{one}", headers=EN).text
    assert shown_order(page) == [two, one]
    assert "Otomotif is now your choice 2." in page
    assert shown_order(place.me.get(f"/wishes?edit=1&order={two}&order={one}&do=up-{one}").text) == [one, two]
    again = place.me.get(f"/wishes?edit=1&order={two}&do=add-{two}", headers=EN).text
    assert "Tata Boga is in your order already." in again
    assert "This trade cannot be chosen." in place.me.get(f"/wishes?edit=1&do=add-{shut}", headers=EN).text
    assert "This trade cannot be chosen." in place.me.get("/wishes?edit=1&do=add-999999", headers=EN).text
    assert order_of(place) == []


def test_a_sent_wish_is_confirmed_with_its_date_and_may_be_changed(place: SimpleNamespace) -> None:
    one, two, _shut = place.trades
    assert send(place, two, one).status_code == 303
    assert order_of(place) == [two, one]
    page = place.me.get("/wishes", headers=EN).text
    assert "You sent it on Sunday, 20 December 2026, 10.00." in page
    assert "You may change it until Thursday, 24 December 2026." in page
    assert "Kamu mengirimnya pada Minggu, 20 Desember 2026, pukul 10.00." in place.me.get("/wishes", headers=ID).text
    assert "1. Tata Boga, 2. Otomotif" in place.me.get("/", headers=EN).text
    assert shown_order(place.me.get("/wishes?edit=1&start=1").text) == [two, one]
    assert send(place, one).status_code == 303
    assert order_of(place) == [one]


def test_what_cannot_be_sent_is_answered_on_the_field_and_stays_on_the_page(place: SimpleNamespace) -> None:
    one, two, shut = place.trades
    wrong: list[tuple[list[Any], str, str]] = [
        ([], "Choose at least one trade", "Pilih sedikitnya satu"),
        ([one, one], "stands in your order twice", "dua kali di urutanmu"),
        ([one, two, shut, 999_999], "too many trades", "terlalu banyak keterampilan"),
        ([one, 999_999], "is not offered", "tidak ditawarkan"),
        (["las"], "is not offered", "tidak ditawarkan"),
        ([shut], "can take you", "dapat menerimamu"),
    ]
    for order, english, indonesian in wrong:
        for headers, sentence in ((EN, english), (ID, indonesian)):
            answer = send(place, *order, headers=headers)
            assert answer.status_code == 422, order
            assert sentence in answer.text.split('id="order-error"')[1].split("</div>")[0]
            assert shown_order(answer.text) == [number for number in order if isinstance(number, int)]
    assert order_of(place) == []


def test_a_second_tap_on_send_is_no_error(place: SimpleNamespace) -> None:
    one, version = place.trades[0], version_of(place)
    assert [send(place, one, version=version).status_code for _tap in range(2)] == [303, 303]


def test_two_at_once_see_both_versions(place: SimpleNamespace) -> None:
    one, two, _shut = place.trades
    version = version_of(place)
    opened = place.me.get("/wishes").text
    assert f'name="version" value="{version}"' in opened
    entered = place.manager.post(
        f"/residents/{place.resident}/wishes/{place.enrolment}",
        data={"ranks-0": two, "previous_counsellor_id": "", "version": version},
    )
    assert entered.status_code == 302
    tapped = place.me.get(f"/wishes?edit=1&version={version}&do=add-{one}").text
    assert f'name="version" value="{version}"' in tapped, "a tap does not hide what the other did"
    answer = send(place, one, version=version)
    assert answer.status_code == 409
    assert "<span>1. Tata Boga</span>" in answer.text
    assert "<span>1. Otomotif</span>" in answer.text
    assert order_of(place) == [two]
    assert send(place, one, version=int(re.findall(r'name="version" value="(\d+)"', answer.text)[0])).status_code == 303
    assert order_of(place) == [one]
    stale = place.manager.post(
        f"/residents/{place.resident}/wishes/{place.enrolment}", data={"ranks-0": two, "version": version + 1}
    )
    assert stale.status_code == 409


def test_before_and_after_the_days_the_page_says_so_and_keeps_what_was_wanted(place: SimpleNamespace) -> None:
    one = place.trades[0]
    place.stand(2026, 12, 13, 23, 59)
    assert "You can choose from Monday, 14 December 2026" in place.me.get("/wishes", headers=EN).text
    assert send(place, one).status_code == 422
    place.stand(2026, 12, 24, 23, 59)
    assert send(place, one).status_code == 303
    place.stand(2026, 12, 25, 0, 0)
    page = place.me.get("/wishes?edit=1", headers=EN).text
    assert "The days for choosing ended on Thursday, 24 December 2026." in page
    assert f"ask {place.counsellor}" in page
    late = send(place, place.trades[1])
    assert late.status_code == 422
    assert "could not be sent" in late.text
    assert "You wanted to send: Tata Boga." in late.text
    assert order_of(place) == [one]


def test_a_wish_that_staff_entered_or_a_workbook_brought_says_so(place: SimpleNamespace) -> None:
    url = f"/residents/{place.resident}/wishes/{place.enrolment}"
    place.manager.post(url, data={"ranks-0": place.trades[1], "version": version_of(place)})
    assert "Ibu Kepala wrote it down for you on" in place.me.get("/wishes", headers=EN).text
    with place.app.app_context(), house_scope(place.id):
        db.session.scalars(select(Enrolment).where(Enrolment.id == place.enrolment)).one().wished_at = None
        db.session.commit()
    assert "The house wrote this down for you." in place.me.get("/wishes", headers=EN).text


def test_a_resident_sends_only_the_own_wish(place: SimpleNamespace) -> None:
    """The address names nobody; a form made for another's place in the cycle is taken for a stale page."""
    form = {"order": [place.trades[0]], "version": version_of(place), "enrolment": place.enrolment}
    assert place.other.post("/wishes", data=form).status_code == 409
    assert order_of(place) == []
    assert place.manager.post("/wishes", data=form).status_code == 403


def test_once_the_cycle_is_published_nothing_is_asked(place: SimpleNamespace) -> None:
    with place.app.app_context(), house_scope(place.id):
        db.session.scalars(select(Cycle)).one().state = CycleState.PUBLISHED
        db.session.commit()
    assert "Nothing is asked of you now." in place.me.get("/wishes", headers=EN).text
    assert "/wishes" not in place.me.get("/", headers=EN).text
    assert place.me.post("/wishes", data={"order": [place.trades[0]]}).status_code == 200
    assert order_of(place) == []


def test_the_page_asks_little_of_the_database(place: SimpleNamespace, app: Flask) -> None:
    with count_queries(app) as seen:
        assert place.me.get("/wishes").status_code == 200
    assert len(seen) <= 16
