from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from foyer.cycles.collecting import OfferedTrade, WishCollection
from foyer.cycles.copying import copy_collection, copy_cycle, copy_groups, enrol_staying, last_cycle, preview
from foyer.cycles.groups import list_groups
from foyer.cycles.models import Cycle, Enrolment, PlanState
from foyer.cycles.planning import build_problem, store_plan
from foyer.cycles.wish_queries import find_collection
from foyer.database import db, house_scope
from foyer.residents.models import EducationLevel
from tests.cycles.by_hand import plan_by_hand
from tests.cycles.house import saved
from tests.cycles.test_views import manager, text  # noqa: F401
from tests.factories import make_cycle, make_resident, make_stay
from tests.queries import count_queries

NEXT = date(2027, 5, 3)


@pytest.fixture
def target(home) -> Cycle:
    return make_cycle(home.residence, number=2, starts_on=NEXT)


def test_groups_are_copied_with_every_rule_as_groups_of_their_own(home, target):
    source = home.classes[0]
    source.minimum, source.maximum, source.is_mandatory = 6, 13, True
    source.minimum_level, source.parts = EducationLevel.SMP, ["morning"]
    copy_groups(source=home.cycle, target=target)
    copies = {group.code: group for group in list_groups(target)}
    assert set(copies) == {group.code for group in list_groups(home.cycle)}
    copy = copies[source.code]
    assert (copy.minimum, copy.maximum, copy.is_mandatory) == (6, 13, True)
    assert (copy.minimum_level, copy.parts) == (EducationLevel.SMP, ["morning"])
    assert (copy.venue_id, copy.instructor_id, copy.meetings, copy.minutes) == (
        source.venue_id,
        source.instructor_id,
        source.meetings,
        source.minutes,
    )
    copy.parts.append("evening")
    assert source.parts == ["morning"]


def test_copying_twice_adds_nothing_twice(home, target):
    copy_cycle(source=home.cycle, target=target, today=date(2027, 4, 1))
    before = len(list_groups(target)), len(db.session.scalars(select(Enrolment)).all())
    copied = copy_cycle(source=home.cycle, target=target, today=date(2027, 4, 1))
    assert (copied.groups, copied.enrolled) == (0, 0)
    assert (len(list_groups(target)), len(db.session.scalars(select(Enrolment)).all())) == before


def test_who_stays_is_enrolled_and_keeps_the_counsellor_of_the_published_plan(home, target):
    problem = build_problem(home.cycle)
    plan = store_plan(home.cycle, problem, plan_by_hand(problem))
    plan.state = PlanState.PUBLISHED
    stays, leaves, gone = home.enrolments[:3]
    stays.stay.leaves_on = gone.stay.leaves_on = date(2027, 8, 1)
    stays.wants_same_gender_counsellor = True
    newcomer = make_stay(make_resident(home.residence), arrives_on=date(2027, 6, 1), leaves_on=date(2027, 9, 1))
    counsellor = {e.id: int(c.counsellor) for e in (stays, gone) for c in plan_loads(plan) if c.resident == str(e.id)}
    home_counsellor = next(c for c in home.counsellors if c.id == counsellor[gone.id])
    made = {e.stay_id: e for e in enrol_staying(source=home.cycle, target=target)}
    assert set(made) == {stays.stay_id, gone.stay_id, newcomer.id}
    assert leaves.stay_id not in made
    assert made[stays.stay_id].previous_counsellor_id == counsellor[stays.id]
    assert made[stays.stay_id].wants_same_gender_counsellor
    assert made[newcomer.id].previous_counsellor_id is None
    for enrolment in made.values():
        db.session.delete(enrolment)
    home_counsellor.is_active = False
    db.session.flush()
    again = {e.stay_id: e for e in enrol_staying(source=home.cycle, target=target)}
    assert again[gone.stay_id].previous_counsellor_id is None


def plan_loads(plan):
    from foyer.scheduling.files import read_plan

    return read_plan(plan.answer).caseloads


def ask(home, from_on: date, to_on: date) -> WishCollection:
    offers = [OfferedTrade(residence_id=home.residence.id, trade_id=trade.id) for trade in home.trades]
    return saved(
        WishCollection(
            residence_id=home.residence.id,
            cycle_id=home.cycle.id,
            from_on=from_on,
            to_on=to_on,
            most_choices=2,
            offers=offers,
        )
    )


def test_wishes_are_asked_as_many_days_before_the_beginning_as_last_time(home, target):
    ask(home, date(2026, 12, 7), date(2026, 12, 13))
    copy_groups(source=home.cycle, target=target)
    copied = copy_collection(source=home.cycle, target=target, today=date(2027, 3, 1))
    assert (copied.from_on, copied.to_on) == (date(2027, 4, 5), date(2027, 4, 11))
    assert copied.most_choices == 2
    assert copied.trade_ids == {trade.id for trade in home.trades}


def test_wishes_of_a_late_copy_are_asked_from_today_on(home, target):
    ask(home, date(2026, 12, 7), date(2026, 12, 13))
    copy_groups(source=home.cycle, target=target)
    copied = copy_collection(source=home.cycle, target=target, today=date(2027, 4, 20))
    assert (copied.from_on, copied.to_on) == (date(2027, 4, 20), date(2027, 4, 26))


def test_wishes_are_not_asked_for_trades_without_a_class(home, target):
    ask(home, date(2026, 12, 7), date(2026, 12, 13))
    assert copy_collection(source=home.cycle, target=target, today=date(2027, 3, 1)) is None


def test_the_last_cycle_is_the_newest_that_begins_before(home, target):
    assert last_cycle(home.residence.id).id == target.id
    assert last_cycle(home.residence.id, before=NEXT).id == home.cycle.id
    assert last_cycle(home.residence.id, before=home.cycle.starts_on) is None


def test_what_is_told_before_is_what_comes(home):
    home.enrolments[0].stay.leaves_on = date(2027, 8, 1)
    ask(home, date(2026, 12, 7), date(2026, 12, 13))
    told = preview(home.cycle, starts_on=NEXT, ends_on=date(2027, 8, 30))
    target = make_cycle(home.residence, number=2, starts_on=NEXT)
    assert told == copy_cycle(source=home.cycle, target=target, today=date(2027, 3, 1))
    assert (told.enrolled, told.returning, told.asks_wishes) == (1, 1, True)


def test_a_manager_reads_what_a_copy_brings_and_sets_the_cycle_up_from_it(app, filled, manager):  # noqa: F811
    with app.app_context(), house_scope(filled["house"]):
        enrolment = db.session.get_one(Enrolment, filled["enrolment"])
        enrolment.stay.leaves_on = date(2027, 8, 1)
        db.session.commit()
    with count_queries(app) as seen:
        page = manager.get("/cycles/new")
    assert len(seen) <= 12
    assert "Copy from Cycle I 2027" in text(page)
    assert "2 classes with their rules" in text(page)
    assert "1 resident whose stay reaches into these weeks is enrolled" in text(page)
    later = manager.get("/cycles/new?starts_on=2027-08-02&weeks=4")
    assert "Nobody's stay reaches into these weeks yet." in text(later)
    form = {"year": 2027, "number": 2, "starts_on": "2027-05-03", "weeks": 17, "copies": "y"}
    answer = manager.post("/cycles/new", data=form, follow_redirects=True)
    assert "3 classes and groups are copied. 1 resident is enrolled." in text(answer)
    with app.app_context(), house_scope(filled["house"]):
        cycle = db.session.scalar(select(Cycle).where(Cycle.number == 2))
        assert len(list_groups(cycle)) == 3


@pytest.mark.parametrize("query", ["starts_on=soon&weeks=4", "starts_on=2027-08-02&weeks=999", "weeks=x"])
def test_dates_that_make_no_cycle_leave_the_page_whole(filled, manager, query):  # noqa: F811
    assert manager.get(f"/cycles/new?{query}").status_code == 200


def test_an_empty_cycle_can_be_filled_later(app, filled, manager):  # noqa: F811
    form = {"year": 2027, "number": 2, "starts_on": "2027-05-03", "weeks": 17}
    url = manager.post("/cycles/new", data=form).location
    assert "Copy from Cycle I 2027" in text(manager.get(f"{url}/groups"))
    page = manager.post(f"{url}/copy", follow_redirects=True)
    assert "3 classes and groups are copied." in text(page)
    first = manager.post(f"/cycles/{filled['cycle']}/copy")
    assert first.status_code == 404
    with app.app_context(), house_scope(filled["house"]):
        assert find_collection(filled["cycle"]) is None
