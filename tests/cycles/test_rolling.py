"""The end of a cycle: suggestions, decisions, two managers at once, and the next cycle that begins from them."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.audit.models import AuditEntry
from foyer.cycles import roll_views
from foyer.cycles.decisions import Decision, Destination, NextStep
from foyer.cycles.house import list_enrolments
from foyer.cycles.models import CycleState, Enrolment, PlanCaseload, PlanLodging
from foyer.cycles.planning import build_problem
from foyer.cycles.queries import get_cycle
from foyer.cycles.rolling import (
    DayMissing,
    DayTooEarly,
    DayTooLate,
    NotOver,
    Undecided,
    Wanted,
    as_suggested,
    close_cycle,
    decide,
    list_asked,
    next_cycle_of,
    start_next,
)
from foyer.database import db, house_scope
from foyer.errors import Stale
from foyer.residents.models import Stay
from tests.cycles.running import make_running
from tests.factories import make_user
from tests.queries import count_queries


@pytest.fixture
def running(app):
    """0 and 1 stay for two cycles, 2 into the next; the others' stays end with the cycle, 3 and 4 in stage 4."""
    made = make_running(app)
    with app.app_context(), house_scope(made.residence):
        end = get_cycle(made.cycle).ends_on
        for n, enrolment in enumerate(made.enrolments):
            stay = db.session.get_one(Enrolment, enrolment).stay
            stay.leaves_on = end + timedelta(weeks=(20, 20, 6)[n]) if n < 3 else end
            stay.independence_stage = 4 if n in (3, 4) else 2
        db.session.commit()
    return made


@pytest.fixture
def inside(app, running):
    with app.test_request_context("/"), house_scope(running.residence):
        yield running


def asked(running, today=None):
    return {row.enrolment.id: row for row in list_asked(get_cycle(running.cycle), today or running.day)}


def step(running, n: int, wanted: Wanted, version: int | None = None) -> Decision:
    enrolment = db.session.get_one(Enrolment, running.enrolments[n])
    return decide(get_cycle(running.cycle), enrolment, wanted, version=version, actor_id=running.manager)


def test_each_suggestion_has_its_reason(inside):
    cycle = get_cycle(inside.cycle)
    old = db.session.get_one(Enrolment, inside.enrolments[5]).stay.resident
    old.born_on = old.born_on.replace(year=2004)
    rows = asked(inside)
    said = [rows[e].suggestion for e in inside.enrolments]
    assert [s.why for s in said[:7]] == [
        "stays",
        "stays",
        "in_between",
        "stay_ends",
        "stay_ends",
        "too_old",
        "stay_ends_early",
    ]
    assert said[0].step is NextStep.CONTINUES
    assert said[5].step is NextStep.GRADUATES
    assert (said[6].step, said[6].day) == (NextStep.EXTENDS, cycle.ends_on + timedelta(weeks=17))


def test_whoever_left_long_ago_is_not_asked_about(inside):
    cycle = get_cycle(inside.cycle)
    db.session.get_one(Enrolment, inside.enrolments[7]).stay.leaves_on = inside.day - timedelta(days=2)
    assert inside.enrolments[7] not in asked(inside)
    db.session.get_one(Enrolment, inside.enrolments[7]).stay.leaves_on = cycle.ends_on - timedelta(days=9)
    assert inside.enrolments[7] in asked(inside, cycle.ends_on + timedelta(days=1))


def test_a_decision_needs_its_day_and_a_sensible_one(inside):
    end = get_cycle(inside.cycle).ends_on
    for wanted in (Wanted(NextStep.EXTENDS), Wanted(NextStep.LEAVES)):
        with pytest.raises(DayMissing):
            step(inside, 0, wanted)
    with pytest.raises(DayMissing):
        step(inside, 6, Wanted(NextStep.CONTINUES))
    with pytest.raises(DayTooEarly):
        step(inside, 6, Wanted(NextStep.EXTENDS, leaves_on=end))
    with pytest.raises(DayTooEarly):
        step(inside, 6, Wanted(NextStep.LEAVES, leaves_on=inside.starts_on))
    with pytest.raises(DayTooLate):
        step(inside, 6, Wanted(NextStep.LEAVES, leaves_on=end + timedelta(days=1)))
    assert db.session.scalars(select(Decision)).all() == []
    assert step(inside, 6, Wanted(NextStep.GRADUATES)).leaves_on is None


def test_of_two_managers_at_once_the_second_is_told_and_nothing_is_lost(inside):
    first = step(inside, 0, Wanted(NextStep.CONTINUES))
    with pytest.raises(Stale):
        step(inside, 0, Wanted(NextStep.GRADUATES))  # who saw it undecided
    version = first.version
    step(inside, 0, Wanted(NextStep.CHANGES_TRADE, trade_id=inside.trades[1]), version=version)
    with pytest.raises(Stale):
        step(inside, 0, Wanted(NextStep.GRADUATES), version=version)
    assert first.next_step is NextStep.CHANGES_TRADE
    done, left = as_suggested(get_cycle(inside.cycle), asked(inside).values(), {}, actor_id=inside.manager)
    assert (done, left) == (11, 1)


def test_decisions_enter_the_trail(inside):
    step(inside, 0, Wanted(NextStep.CONTINUES))
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.subject_type == "Decision")).all()
    assert [entry.changes["next_step"] for entry in entries] == [[None, "continues"]]


def test_the_next_cycle_waits_until_everybody_is_decided_on(inside):
    step(inside, 0, Wanted(NextStep.CONTINUES))
    with pytest.raises(Undecided) as caught:
        start_next(get_cycle(inside.cycle), today=inside.day)
    assert caught.value.count == 11


def decide_everybody(running) -> None:
    """0 goes on, 1 changes to the other trade, 2 changes without knowing to what, 3 graduates, 4 leaves; the rest as
    suggested."""
    cycle = get_cycle(running.cycle)
    own = asked(running)[running.enrolments[1]].seat
    other = next(trade for trade in running.trades if trade != own.trade_id)
    step(running, 0, Wanted(NextStep.CONTINUES))
    step(running, 1, Wanted(NextStep.CHANGES_TRADE, trade_id=other))
    step(running, 2, Wanted(NextStep.CHANGES_TRADE))
    step(running, 3, Wanted(NextStep.GRADUATES, destination=Destination.WORK))
    step(running, 4, Wanted(NextStep.LEAVES, leaves_on=cycle.ends_on - timedelta(days=5)))
    open_rows = [row for row in asked(running).values() if row.decision is None]
    as_suggested(cycle, open_rows, {}, actor_id=running.manager)


def test_the_next_cycle_begins_with_groups_people_counsellors_rooms_and_wishes(inside):
    cycle = get_cycle(inside.cycle)
    decide_everybody(inside)
    seats = {e: row.seat.trade_id for e, row in asked(inside).items()}
    begun = start_next(cycle, today=inside.day)
    target = begun.cycle
    assert (target.starts_on, target.weeks, target.number, begun.is_closed) == (cycle.ends_on, 17, 2, False)
    assert (begun.groups, begun.enrolled, begun.left, begun.wishes) == (3, 10, 2, 9)
    stays = {e.stay_id: e for e in list_enrolments(target)}
    old = [db.session.get_one(Enrolment, e) for e in inside.enrolments]
    assert old[3].stay_id not in stays
    assert old[4].stay_id not in stays
    counsellors = dict(
        db.session.execute(
            select(PlanCaseload.enrolment_id, PlanCaseload.staff_id).where(PlanCaseload.plan_id == inside.plan)
        ).all()
    )
    rooms = dict(
        db.session.execute(
            select(PlanLodging.enrolment_id, PlanLodging.room_id).where(PlanLodging.plan_id == inside.plan)
        ).all()
    )
    first = stays[old[0].stay_id]
    assert first.previous_counsellor_id == counsellors[old[0].id]
    assert first.previous_room_id == rooms[old[0].id]
    assert first.choices[0].trade_id == seats[old[0].id]
    assert [c.trade_id for c in stays[old[1].stay_id].choices] == [t for t in inside.trades if t != seats[old[1].id]]
    assert stays[old[2].stay_id].choices == []
    problem = build_problem(target)
    told = next(r for r in problem.residents if r.id == str(first.id))
    assert (told.previous_room, told.previous_counsellor) == (str(rooms[old[0].id]), str(counsellors[old[0].id]))


def test_stays_become_as_they_were_decided(inside):
    cycle = get_cycle(inside.cycle)
    decide_everybody(inside)
    start_next(cycle, today=inside.day)
    leaving = [db.session.get_one(Enrolment, e).stay.leaves_on for e in inside.enrolments]
    assert leaving[3] == cycle.ends_on
    assert leaving[4] == cycle.ends_on - timedelta(days=5)
    assert leaving[6] == cycle.ends_on + timedelta(weeks=17)


def test_doing_it_again_adds_nothing_twice_and_closes_when_the_time_has_come(inside):
    cycle = get_cycle(inside.cycle)
    decide_everybody(inside)
    first = start_next(cycle, today=inside.day)
    with pytest.raises(NotOver):
        close_cycle(cycle, today=cycle.ends_on - timedelta(days=1))
    again = start_next(cycle, today=cycle.ends_on)
    assert (again.cycle.id, again.groups, again.enrolled) == (first.cycle.id, 0, 0)
    assert again.is_closed
    assert cycle.state is CycleState.CLOSED


def test_a_cycle_that_is_set_up_already_is_filled(inside):
    from foyer.cycles.services import create_cycle

    cycle = get_cycle(inside.cycle)
    ready = create_cycle(
        residence_id=inside.residence, year=2027, number=2, starts_on=cycle.ends_on + timedelta(weeks=1), weeks=16
    )
    decide_everybody(inside)
    assert next_cycle_of(cycle) == ready
    assert start_next(cycle, today=inside.day).cycle == ready


# The pages


@pytest.fixture
def manager(running, sign_in, monkeypatch):
    monkeypatch.setattr(roll_views, "today", lambda: running.day)
    browser = sign_in(running.manager)
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


def text(answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def url(running, rest: str = "") -> str:
    return f"/cycles/{running.cycle}/roll-over{rest}"


def test_the_list_is_decided_as_one_goes_and_leads_into_the_next_cycle(app, running, manager):
    page = text(manager.get(url(running)))
    assert "0 of 12 decided" in page
    assert "Continues: the stay lasts until" in page
    assert "Start the next cycle from it" not in page
    one = manager.post(url(running), data={"one": running.enrolments[0]})
    assert one.headers["Location"].endswith(f"#row-{running.enrolments[0]}")
    assert "1 of 12 decided" in text(manager.get(url(running)))
    refused = manager.post(url(running, "/start"), follow_redirects=True)
    assert "11 residents are undecided." in text(refused)
    many = manager.post(
        url(running), data={"who": list(running.enrolments[1:]), "act": "suggested"}, follow_redirects=True
    )
    assert "11 decisions are saved." in text(many)
    assert "Nobody here any more." in text(manager.get(url(running) + "?show=undecided"))
    begun = manager.post(url(running, "/start"), follow_redirects=True)
    assert "10 residents go on" in text(begun)
    assert "classes and groups copied: 3." in text(begun)


def test_one_resident_s_form_says_what_is_wrong_at_the_field_and_keeps_what_was_typed(running, manager):
    address = url(running, f"/{running.enrolments[6]}")
    assert "Suggested: Stays longer" in text(manager.get(address))
    missing = manager.post(address, data={"next_step": "leaves", "leaves_on": "", "destination": "family"})
    assert missing.status_code == 422
    assert "Please say the day" in text(missing)
    assert '<option selected value="family">' in missing.text
    saved = manager.post(
        address, data={"next_step": "leaves", "leaves_on": "2027-04-20", "destination": "family"}, follow_redirects=True
    )
    assert "is decided." in text(saved)
    assert "back to the family" in text(manager.get(url(running)))


def test_two_managers_see_both_versions(app, running, manager, sign_in):
    with app.app_context(), house_scope(running.residence):
        cycle = get_cycle(running.cycle)
        other = make_user(cycle_residence(cycle), Role.MANAGER)
        db.session.commit()
        other_id = other.id
    address = url(running, f"/{running.enrolments[0]}")
    sign_in(other_id).post(address, data={"next_step": "graduates"})
    answer = manager.post(address, data={"next_step": "continues"})
    assert answer.status_code == 409
    assert "Somebody else changed this record while you had it open." in text(answer)
    late = manager.post(url(running), data={"one": running.enrolments[0]}, follow_redirects=True)
    assert "somebody else decided meanwhile" in text(late)


def cycle_residence(cycle):
    from foyer.residences.models import Residence

    return db.session.get_one(Residence, cycle.residence_id)


def test_ticking_nobody_is_said_and_bulk_skips_those_who_need_a_day(running, manager):
    assert "Please tick somebody first." in text(manager.post(url(running), data={}, follow_redirects=True))
    who = [running.enrolments[0], running.enrolments[6]]
    answer = manager.post(url(running), data={"who": who, "act": "continues"}, follow_redirects=True)
    assert "1 decision is saved." in text(answer)
    assert "1 resident stays as before" in text(answer)


def test_a_cycle_is_closed_only_when_it_is_over(app, running, manager, monkeypatch):
    early = manager.post(f"/cycles/{running.cycle}/close", follow_redirects=True)
    assert "still to come" in text(early)
    with app.app_context(), house_scope(running.residence):
        end = get_cycle(running.cycle).ends_on
    monkeypatch.setattr(roll_views, "today", lambda: end)
    assert "Close Cycle I" in text(manager.get(url(running)))
    closed = manager.post(f"/cycles/{running.cycle}/close", follow_redirects=True)
    assert "This cycle is closed." in text(closed)


def test_the_queries_do_not_grow_with_the_house_and_the_page_stays_light(app, sign_in, monkeypatch):
    counts = []
    for residents in (8, 24):
        made = make_running(app, residents)
        with app.app_context(), house_scope(made.residence):
            for stay in db.session.scalars(select(Stay)):
                stay.leaves_on += timedelta(weeks=20)
            db.session.commit()
        monkeypatch.setattr(roll_views, "today", lambda day=made.day: day)
        browser = sign_in(made.manager)
        own = []
        for page in ("roll-over", f"roll-over/{made.enrolments[0]}"):
            with count_queries(app) as seen:
                answer = browser.get(f"/cycles/{made.cycle}/{page}")
            assert answer.status_code == 200
            own.append(len(seen))
        counts.append(own)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12, counts
    assert len(browser.get(f"/cycles/{made.cycle}/roll-over").data) < 60_000
