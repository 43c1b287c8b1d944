"""Wishes at the desk: the days are asked, who is missing is listed, staff enter for others, a workbook keeps behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.cycles.collecting import OfferedTrade, WishCollection
from foyer.cycles.models import Choice, Enrolment, GroupKind, TeachingGroup
from foyer.database import db, house_scope
from foyer.residences.models import Trade
from tests.cycles.house import make_enrolment, make_house, saved
from tests.factories import make_trade, make_user
from tests.queries import count_queries
from tests.today.house import ZONE

EN = {"Accept-Language": "en"}
ID = {"Accept-Language": "id"}
LAST = date(2026, 12, 24)


def collect(house: Any, **values: Any) -> WishCollection:
    own = {"residence_id": house.residence.id}
    collection = WishCollection(
        **own, cycle_id=house.cycle.id, **{"from_on": date(2026, 12, 14), "to_on": LAST, **values}
    )
    collection.offers = [OfferedTrade(**own, trade_id=trade.id) for trade in house.trades[:2]]
    return saved(collection)  # type: ignore[no-any-return]


@pytest.fixture
def place(app: Flask, sign_in: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Nobody has published anything; each of two counsellors had one of two residents before."""
    with app.app_context():
        house = make_house(0)
        with house_scope(house.residence.id):
            people = [
                make_enrolment(house.cycle, full_name=name, previous_counsellor_id=counsellor.id)
                for name, counsellor in zip(("Ani Satu", "Budi Dua"), house.counsellors, strict=True)
            ]
            users = [make_user(house.residence, display_name="Ibu Kepala").id]
            for counsellor in house.counsellors:
                user = make_user(house.residence, Role.COUNSELLOR, display_name=counsellor.full_name)
                counsellor.user_id = user.id
                users.append(user.id)
            collect(house)
            musik = make_trade(house.residence, "Musik")
        known = {
            "id": house.residence.id,
            "cycle": house.cycle.id,
            "trades": [trade.id for trade in house.trades],
            "musik": musik.id,
            "people": [(person.stay.resident_id, person.id) for person in people],
            "counsellors": [counsellor.id for counsellor in house.counsellors],
            "counsellor_names": [counsellor.full_name for counsellor in house.counsellors],
        }
        db.session.commit()
    manager, counsellor, other = map(sign_in, users)
    found = SimpleNamespace(app=app, manager=manager, counsellor=counsellor, other=other, **known)
    found.stand = lambda day: stand_on(monkeypatch, day)
    found.stand(date(2026, 12, 20))
    return found


def stand_on(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    now = datetime(day.year, day.month, day.day, 9, 30, tzinfo=ZONE)
    monkeypatch.setattr("foyer.caseload.desk.now_in", lambda place: now)
    monkeypatch.setattr("foyer.caseload.desk.today_in", lambda place: day)
    monkeypatch.setattr("foyer.cycles.blueprint.today_in", lambda zone: day)
    monkeypatch.setattr("foyer.cycles.wish_views.today", lambda: day)
    monkeypatch.setattr("foyer.cycles.readiness.today_in", lambda zone: day)
    monkeypatch.setattr("foyer.today.services.now_in", lambda place: now)


def enter(place: SimpleNamespace, browser: FlaskClient, *ranks: Any, n: int = 0, **values: Any) -> Any:
    resident, enrolment = place.people[n]
    with place.app.app_context(), house_scope(place.id):
        version = db.session.scalars(select(Enrolment.version).where(Enrolment.id == enrolment)).one()
    form = {f"ranks-{number}": rank for number, rank in enumerate(ranks)} | {"version": version} | values
    return browser.post(f"/residents/{resident}/wishes/{enrolment}", data=form, headers=EN)


def order_of(place: SimpleNamespace, n: int = 0) -> list[int]:
    with place.app.app_context(), house_scope(place.id):
        choices = select(Choice.trade_id).where(Choice.enrolment_id == place.people[n][1]).order_by(Choice.rank)
        return list(db.session.scalars(choices))


def ask_form(place: SimpleNamespace, **values: Any) -> dict[str, Any]:
    kept = {
        "from_on": "2026-12-14",
        "to_on": "2026-12-24",
        "most_choices": "3",
        "trade_ids": place.trades,
        "version": 1,
    }
    return {**kept, **values}


def test_the_manager_asks_and_what_cannot_be_is_said_at_its_field(place: SimpleNamespace) -> None:
    url = f"/cycles/{place.cycle}/wishes"
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({"to_on": "2026-12-13"}, "to_on", "must not lie before the first"),
        ({"from_on": "2026-12-01", "to_on": "2026-12-19"}, "to_on", "is over already"),
        ({"to_on": "kapan-kapan"}, "to_on", "must be a date"),
        ({"most_choices": "6"}, "most_choices", "between 1 and 5"),
        ({"trade_ids": []}, "trade_ids", "“Trades offered”"),
        ({"trade_ids": [place.musik]}, "trade_ids", "“Trades offered”"),
    ]
    for values, field, sentence in wrong:
        answer = place.manager.post(url, data=ask_form(place, **values), headers=EN)
        assert answer.status_code == 422, values
        assert sentence in answer.text.split(f'id="{field}-error"')[1].split("</div>")[0]
    assert place.manager.post(url, data=ask_form(place, to_on="2026-12-30")).status_code == 303
    assert "Wishes are open until Wednesday, 30 December 2026." in place.manager.get(url, headers=EN).text
    assert place.manager.post(url, data=ask_form(place)).status_code == 409, "somebody saved meanwhile"
    assert place.manager.post(url, data=ask_form(place, version="")).status_code == 409
    page = place.manager.get(f"/cycles/{place.cycle}", headers=ID).text
    assert "Pemilihan dibuka sampai Rabu, 30 Desember 2026" in page
    assert "0 dari 2 warga binaan sudah memilih" in page
    assert f"/residents/wishes/{place.cycle}" in page


def test_the_first_asking_suggests_a_week_and_every_trade_with_a_class(place: SimpleNamespace) -> None:
    with place.app.app_context(), house_scope(place.id):
        db.session.delete(db.session.scalars(select(WishCollection)).one())
        db.session.commit()
    page = place.manager.get(f"/cycles/{place.cycle}/wishes", headers=EN).text
    assert 'value="2026-12-27"' in page
    assert page.count("checked") == 2
    assert "Musik" not in page
    form = ask_form(place, version="")
    assert place.manager.post(f"/cycles/{place.cycle}/wishes", data=form).status_code == 303


def test_a_manager_sees_who_is_missing_and_a_counsellor_the_own_residents(place: SimpleNamespace) -> None:
    url = f"/residents/wishes/{place.cycle}"
    everybody = place.manager.get(url).text
    assert "Ani Satu" in everybody
    assert "Budi Dua" in everybody
    mine = place.counsellor.get(url).text
    assert "Ani Satu" in mine
    assert "Budi Dua" not in mine
    assert "Budi Dua" not in place.counsellor.get(f"{url}?counsellor={place.counsellors[1]}&who=all").text
    filtered = place.manager.get(f"{url}?counsellor={place.counsellors[1]}").text
    assert "Budi Dua" in filtered
    assert "Ani Satu" not in filtered
    assert "Budi Dua" not in place.manager.get(f"{url}?q=ani").text
    assert "Ani Satu" not in place.manager.get(f"{url}?who=chosen").text
    assert "data-print" in everybody
    for browser in (place.manager, place.counsellor):
        assert "2026" in browser.get("/", headers=EN).text
    assert "1 of your residents has not chosen" in place.counsellor.get("/", headers=EN).text


def test_a_counsellor_enters_for_the_own_residents_and_for_nobody_else(place: SimpleNamespace) -> None:
    one, two = place.trades
    assert enter(place, place.counsellor, two, one).status_code == 302
    assert order_of(place) == [two, one]
    page = place.manager.get(f"/residents/wishes/{place.cycle}?who=chosen", headers=EN).text
    assert f"Entered by {place.counsellor_names[0]} on Sunday, 20 December 2026, 09.30." in page
    assert enter(place, place.other, one).status_code == 404
    resident, enrolment = place.people[0]
    assert place.other.get(f"/residents/{resident}/wishes/{enrolment}").status_code == 404
    assert place.counsellor.get(f"/residents/{resident}").status_code == 404, "the file stays closed"
    assert enter(place, place.counsellor, one, previous_counsellor_id=place.counsellors[1]).status_code == 302
    with place.app.app_context(), house_scope(place.id):
        found = db.session.get_one(Enrolment, enrolment)
        assert found.previous_counsellor_id == place.counsellors[0], "who counsels is the manager's to say"


def test_bad_ranks_are_answered_on_the_field(place: SimpleNamespace) -> None:
    one, two = place.trades
    for ranks, sentence in (
        ((one, one), "stands at two ranks"),
        (("", one), "A rank is empty"),
        ((one, two, "", "", one), "A rank is empty"),
        ((place.musik,), "one of the answers offered"),
    ):
        answer = enter(place, place.manager, *ranks, previous_counsellor_id="")
        assert answer.status_code == 422, ranks
        assert sentence in answer.text
    assert order_of(place) == []


def test_after_the_last_day_a_reason_is_asked_and_shown(place: SimpleNamespace) -> None:
    place.stand(LAST + timedelta(days=1))
    one = place.trades[0]
    answer = enter(place, place.counsellor, one)
    assert answer.status_code == 422
    assert "Please say why" in answer.text.split('id="reason-error"')[1].split("</div>")[0]
    assert enter(place, place.counsellor, one, reason="Baru datang kemarin").status_code == 302
    resident, enrolment = place.people[0]
    page = place.counsellor.get(f"/residents/{resident}/wishes/{enrolment}", headers=EN).text
    assert "Reason: Baru datang kemarin" in page


def test_a_trade_that_no_class_opens_to_the_resident_is_said_to_staff_and_may_be_entered(
    place: SimpleNamespace,
) -> None:
    with place.app.app_context(), house_scope(place.id):
        groups = select(TeachingGroup).where(TeachingGroup.kind == GroupKind.VOCATIONAL)
        for group in db.session.scalars(groups.where(TeachingGroup.trade_id == place.trades[0])):
            group.levels = ["sma"]
        db.session.commit()
    resident, enrolment = place.people[0]
    page = place.counsellor.get(f"/residents/{resident}/wishes/{enrolment}", headers=EN).text
    assert "(no class takes this resident)" in page
    assert enter(place, place.counsellor, place.trades[0]).status_code == 302


def test_a_described_trade_keeps_its_description(place: SimpleNamespace) -> None:
    url = f"/residences/trades/{place.trades[0]}"
    url = next(a for a in (url, f"/house/trades/{place.trades[0]}") if place.manager.get(a).status_code == 200)
    form = {"name": "Otomotif", "description": "Merawat sepeda motor.", "aliases": "", "version": 1}
    assert place.manager.post(url, data=form).status_code == 302
    with place.app.app_context(), house_scope(place.id):
        assert db.session.get_one(Trade, place.trades[0]).description == "Merawat sepeda motor."
    assert place.manager.post(url, data={**form, "version": 2, "description": "x" * 401}).status_code == 422


@pytest.mark.parametrize("page", ["/residents/wishes/{cycle}?who=all", "/cycles/{cycle}/wishes", "/cycles/{cycle}"])
def test_pages_send_as_many_queries_at_five_hundred_residents_as_at_a_hundred_and_twenty(
    app: Flask, sign_in: Callable[..., FlaskClient], page: str
) -> None:
    counts, sizes = [], []
    for residents in (120, 500):
        with app.app_context():
            house = make_house(residents)
            collect(house)
            user = make_user(house.residence).id
            db.session.commit()
            cycle = house.cycle.id
        browser = sign_in(user)
        with count_queries(app) as seen:
            answer = browser.get(page.format(cycle=cycle))
        assert answer.status_code == 200
        counts.append(len(seen))
        sizes.append(len(answer.data))
    assert counts[0] == counts[1] <= 30
    assert sizes[1] < 400_000  # compressed on the wire to a tenth
