"""Collecting wishes: what is refused, what is written down, and that the planner reads what was chosen last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from foyer.accounts.models import Role, User
from foyer.audit.models import AuditEntry
from foyer.cycles import wishes
from foyer.cycles.collecting import Window, WishCollection
from foyer.cycles.models import CycleState, Enrolment
from foyer.cycles.planning import build_problem
from foyer.cycles.readiness import assess
from foyer.cycles.sentences import readiness_lines
from foyer.cycles.wish_queries import asked_of, count_wishes, find_helper, list_wishers, overlaps
from foyer.database import db, house_scope
from foyer.errors import Stale
from foyer.residents.models import EducationLevel
from tests.cycles.house import House, make_enrolment, make_group, make_house
from tests.factories import make_trade, make_user
from tests.queries import count_queries

NOW = datetime(2026, 12, 10, 3, 0, tzinfo=UTC)  # ten o'clock in Jakarta
TODAY = NOW.date()


@pytest.fixture
def house(app: Flask) -> Iterator[House]:
    with app.test_request_context(method="POST"):
        made = make_house(4)
        for name in ("Menjahit", "Salon"):
            trade = make_trade(made.residence, name)
            made.trades.append(trade)
            made.classes.append(make_group(made.cycle, trade=trade, code=name))
        made.trades.append(make_trade(made.residence, "Musik"))  # without a class
        db.session.commit()
        with house_scope(made.residence.id):
            yield made


def opened(house: House, **values: Any) -> WishCollection:
    kept = {
        "from_on": TODAY - timedelta(days=2),
        "to_on": TODAY + timedelta(days=2),
        "most_choices": 3,
        "trade_ids": [trade.id for trade in house.trades[:4]],
        "today": TODAY,
        "version": None,
    }
    return wishes.save_collection(house.cycle, None, **{**kept, **values})


def person(house: House, n: int = 0) -> tuple[Enrolment, User]:
    """An enrolment and the account of its resident."""
    enrolment = house.enrolments[n]
    user = make_user(house.residence, Role.RESIDENT)
    enrolment.stay.resident.user_id = user.id
    db.session.flush()
    return enrolment, user


def ask(house: House, enrolment: Enrolment, collection: WishCollection | None, now: datetime = NOW) -> wishes.Asking:
    return wishes.Asking(enrolment, house.cycle, collection, now)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"to_on": TODAY - timedelta(days=3)}, wishes.DaysReversed),
        ({"from_on": TODAY - timedelta(days=9), "to_on": TODAY - timedelta(days=1)}, wishes.DayOver),
        ({"trade_ids": []}, wishes.NothingOffered),
    ],
)
def test_days_and_trades_that_cannot_be_are_refused(house: House, values: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        opened(house, **values)


def test_only_trades_with_a_class_are_offered_and_only_while_the_cycle_is_prepared(house: House) -> None:
    with pytest.raises(wishes.TradeWithoutClass):
        opened(house, trade_ids=[house.trades[4].id])
    house.cycle.state = CycleState.PUBLISHED
    with pytest.raises(wishes.NotPreparing):
        opened(house)


def test_a_collection_is_changed_by_who_saw_it_and_its_last_day_may_stay_in_the_past(house: House) -> None:
    collection = opened(house)
    db.session.commit()
    kept = {
        "from_on": collection.from_on,
        "to_on": collection.to_on,
        "most_choices": 2,
        "trade_ids": [house.trades[0].id],
    }
    later = collection.to_on + timedelta(days=5)
    with pytest.raises(Stale):
        wishes.save_collection(house.cycle, collection, **kept, today=TODAY, version=None)
    wishes.save_collection(house.cycle, collection, **kept, today=later, version=collection.version)
    db.session.commit()
    assert collection.trade_ids == {house.trades[0].id}
    assert collection.version == 2


def test_the_window_is_open_on_its_first_and_on_its_last_day(house: House) -> None:
    collection = opened(house)
    days = [collection.from_on - timedelta(days=1), collection.from_on, collection.to_on]
    found = [collection.window(day) for day in [*days, collection.to_on + timedelta(days=1)]]
    assert found == [Window.COMING, Window.OPEN, Window.OPEN, Window.OVER]


def test_a_resident_ranks_and_the_planner_reads_it(house: House) -> None:
    collection = opened(house)
    enrolment, user = person(house)
    order = [house.trades[2].id, house.trades[0].id]
    wishes.send_own_wish(ask(house, enrolment, collection), order, actor=user, version=enrolment.version)
    db.session.commit()
    resident = next(r for r in build_problem(house.cycle).residents if r.id == str(enrolment.id))
    assert resident.choices == tuple(map(str, order))
    assert (enrolment.wished_at, enrolment.wished_by_id) == (NOW, user.id)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "wished")).one()
    assert entry.resident_id == enrolment.stay.resident_id
    assert entry.changes["choices"][1] == ["Menjahit", "Otomotif"]


def test_what_a_resident_cannot_send_leaves_the_wish_as_it_was(house: House) -> None:
    collection = opened(house, trade_ids=[trade.id for trade in house.trades[:3]])
    enrolment, user = person(house)
    shut = house.classes[2]
    shut.minimum_level = EducationLevel.SMA
    enrolment.stay.education_level = EducationLevel.SMP
    db.session.flush()
    before, one, two = wishes.ranked(enrolment), house.trades[0].id, house.trades[1].id
    asking = ask(house, enrolment, collection)
    wrong: list[tuple[list[int], type[Exception]]] = [
        ([], wishes.NothingChosen),
        ([one, one], wishes.ChoiceTwice),
        ([one, two, house.trades[2].id, house.trades[3].id], wishes.TooManyChoices),
        ([house.trades[3].id], wishes.TradeNotOffered),
        ([house.trades[4].id], wishes.TradeNotOffered),
        ([999_999], wishes.TradeNotOffered),
        ([house.trades[2].id], wishes.TradeNotOpen),
    ]
    for order, error in wrong:
        with pytest.raises(error):
            wishes.send_own_wish(asking, order, actor=user, version=enrolment.version)
    for days in (-3, 3):
        closed = ask(house, enrolment, collection, NOW + timedelta(days=days))
        with pytest.raises(wishes.WindowClosed):
            wishes.send_own_wish(closed, [one], actor=user, version=enrolment.version)
    with pytest.raises(Stale):
        wishes.send_own_wish(asking, [one], actor=user, version=None)
    assert wishes.ranked(enrolment) == before
    assert enrolment.wished_at is None


def test_the_last_day_ends_at_midnight_on_the_house_s_clock(house: House) -> None:
    """Half past eleven at night in Jakarta on the last day is still open; at seven in the evening UTC it is over."""
    from zoneinfo import ZoneInfo

    collection = opened(house)
    zone = ZoneInfo("Asia/Jakarta")
    enrolment, _user = person(house)
    late = datetime(2026, 12, 12, 23, 30, tzinfo=zone)
    assert ask(house, enrolment, collection, late).window is Window.OPEN
    after = datetime(2026, 12, 12, 19, 0, tzinfo=UTC).astimezone(zone)
    assert ask(house, enrolment, collection, after).window is Window.OVER


def test_sent_twice_it_is_one_wish(house: House) -> None:
    collection = opened(house)
    enrolment, user = person(house)
    order, seen = [house.trades[2].id], enrolment.version
    for _tap in range(2):
        wishes.send_own_wish(ask(house, enrolment, collection), order, actor=user, version=seen)
        db.session.commit()
    assert len(db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "wished")).all()) == 1
    with pytest.raises(Stale):
        wishes.send_own_wish(ask(house, enrolment, collection), [house.trades[1].id], actor=user, version=seen)


def test_staff_enter_at_any_time_and_after_the_last_day_with_a_reason(house: House) -> None:
    collection = opened(house)
    enrolment = house.enrolments[0]
    counsellor = make_user(house.residence, Role.COUNSELLOR)
    before = ask(house, enrolment, collection, NOW - timedelta(days=9))
    order = [house.trades[3].id]
    wishes.enter_wish(before, order, actor=counsellor, reason="", version=enrolment.version)
    assert wishes.ranked(enrolment) == order
    over = ask(house, enrolment, collection, NOW + timedelta(days=9))
    other: list[int | None] = [house.trades[2].id, None]
    with pytest.raises(wishes.ReasonMissing):
        wishes.enter_wish(over, other, actor=counsellor, reason="  ", version=enrolment.version)
    wishes.enter_wish(over, other, actor=counsellor, reason="Baru datang", version=enrolment.version)
    db.session.commit()
    assert (enrolment.wish_reason, enrolment.wished_by_id) == ("Baru datang", counsellor.id)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "wished").order_by(AuditEntry.id.desc()))
    assert entry.first().changes["reason"] == [None, "Baru datang"]  # type: ignore[union-attr]


def test_once_published_the_manager_alone_corrects_and_in_a_closed_cycle_nobody(house: House) -> None:
    enrolment = house.enrolments[0]
    asking = ask(house, enrolment, None)
    manager, counsellor = make_user(house.residence), make_user(house.residence, Role.COUNSELLOR)
    house.cycle.state = CycleState.PUBLISHED
    order = [house.trades[3].id]
    with pytest.raises(wishes.NotPreparing):
        wishes.enter_wish(asking, order, actor=counsellor, reason="x", version=enrolment.version)
    wishes.enter_wish(asking, order, actor=manager, reason="x", version=enrolment.version)
    house.cycle.state = CycleState.CLOSED
    with pytest.raises(wishes.NotPreparing):
        wishes.enter_wish(asking, [], actor=manager, reason="x", version=enrolment.version)


def test_a_wish_that_staff_leave_as_it_stands_is_never_refused(house: House) -> None:
    """A workbook may have brought too many choices, or one that is not offered: other fields can be changed still."""
    enrolment = house.enrolments[0]
    collection = opened(house, most_choices=1, trade_ids=[house.trades[3].id])
    manager = make_user(house.residence)
    asking = ask(house, enrolment, collection, NOW + timedelta(days=9))
    wishes.enter_wish(asking, wishes.ranked(enrolment), actor=manager, reason="", version=enrolment.version)
    assert enrolment.wished_at is None


def test_the_nearest_collection_is_asked_and_only_of_those_who_are_there(house: House) -> None:
    opened(house)
    db.session.commit()
    enrolment = house.enrolments[0]
    asked = asked_of(enrolment.stay.resident_id, TODAY)
    assert asked is not None
    assert asked[0].id == enrolment.id
    enrolment.stay.leaves_on, enrolment.stay.arrives_on = date(2026, 12, 20), date(2026, 1, 1)
    db.session.commit()
    assert not overlaps(enrolment.stay, house.cycle)
    assert asked_of(enrolment.stay.resident_id, TODAY) is None
    assert count_wishes(house.cycle).total == 3


def test_the_list_names_who_is_missing_by_counsellor_and_name(house: House) -> None:
    late = make_enrolment(house.cycle, full_name="Budi Belum", previous_counsellor_id=house.counsellors[0].id)
    make_enrolment(house.cycle, full_name="Candra Belum")
    db.session.commit()
    assert [row.resident.full_name for row in list_wishers(house.cycle, None)] == ["Budi Belum", "Candra Belum"]
    mine = list_wishers(house.cycle, None, counsellor_id=house.counsellors[0].id)
    assert [row.enrolment.id for row in mine] == [late.id]
    assert [row.resident.full_name for row in list_wishers(house.cycle, None, counsellor_id=0)] == ["Candra Belum"]
    assert [row.enrolment.id for row in list_wishers(house.cycle, None, q="BUDI")] == [late.id]
    assert len(list_wishers(house.cycle, None, who="chosen")) == 4
    assert find_helper(late, None) is house.counsellors[0]
    assert count_wishes(house.cycle).missing == 2


def test_readiness_says_until_when_and_how_many(house: House, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    collection = opened(house)
    db.session.commit()
    seen = {}
    for name, day in (("coming", -1), ("open", 0), ("over", 5)):
        moment = collection.from_on + timedelta(days=day)
        monkeypatch.setattr("foyer.cycles.readiness.today_in", lambda zone, moment=moment: moment)
        seen[name] = [line.text for line in readiness_lines(assess(house.cycle).items, house.cycle)]
    assert any("Pemilihan dibuka sampai Sabtu, 12 Desember 2026; 4 dari 4" in text for text in seen["open"])
    assert any("mulai Selasa, 8 Desember 2026" in text for text in seen["coming"])
    assert any("ditutup pada Sabtu, 12 Desember 2026" in text for text in seen["over"])


def test_the_list_takes_as_many_queries_at_five_hundred_as_at_a_hundred_and_twenty(app: Flask) -> None:
    counts = []
    for residents in (120, 500):
        with app.app_context():
            big = make_house(residents)
            db.session.commit()
            with house_scope(big.residence.id), count_queries(app) as queries:
                assert len(list_wishers(big.cycle, None, who="all")) == residents
            counts.append(len(queries))
    assert counts[0] == counts[1] <= 3
