"""The pages of a repair: recording, starting, the list of moves, and who may fit without moving anybody."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest

from foyer.cycles import repair_jobs, repair_run_views, repair_views
from foyer.cycles.events import record_interruption
from foyer.cycles.interruptions import Interruption, InterruptionKind
from foyer.cycles.models import Enrolment, Plan, PlanOrigin, PlanState
from foyer.cycles.opened import opened
from foyer.cycles.pinning import held_by
from foyer.cycles.queries import get_cycle, get_plan, list_plans
from foyer.cycles.repairs import REPAIR_JOB
from foyer.database import db, house_scope
from foyer.jobs.models import Run
from foyer.jobs.worker import work_once
from foyer.residents.models import KeepApart
from foyer.scheduling.plan import Limits
from tests.cycles.running import make_running
from tests.queries import count_queries


@pytest.fixture
def running(app, monkeypatch):
    made = make_running(app)
    monkeypatch.setattr(repair_jobs, "_limits", lambda context: Limits(seconds=20, workers=1, seed=1))
    for module in (repair_views, repair_run_views):
        monkeypatch.setattr(module, "today", lambda: made.day)
    return made


@pytest.fixture
def manager(running, sign_in):
    browser = sign_in(running.manager)
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


def text(answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def record(manager, running, event: str, **values):
    """Send an event's form; a name like "staff 0" stands for the first id of that kind."""
    ids = {
        "staff": running.instructors,
        "venue": running.venues,
        "room": running.rooms,
        "enrolment": running.enrolments,
        "resident": running.residents,
    }
    for name, value in values.items():
        kind, _sep, number = str(value).partition(" ")
        if number and kind in ids:
            values[name] = str(ids[kind][int(number)])
    given = {"from_on": running.day.isoformat(), **values}
    return manager.post(f"/cycles/{running.cycle}/repair/{event}", data=given, follow_redirects=True)


def start(manager, running, **values):
    given = {"start_on": running.day.isoformat(), **values}
    return manager.post(f"/cycles/{running.cycle}/repair", data=given)


def draft_of(app, running) -> Plan:
    with app.app_context(), house_scope(running.residence):
        return next(plan for plan in list_plans(running.cycle) if plan.state is PlanState.DRAFT)


def test_the_page_says_that_nothing_has_happened_and_what_may(manager, running):
    page = text(manager.get(f"/cycles/{running.cycle}/repair"))
    assert "Nothing has happened that the plan does not know." in page
    for title in ("Somebody arrives", "A room closes", "Two must be parted today", "An instructor is replaced"):
        assert title in page


def test_two_events_are_recorded_listed_repaired_and_told_as_moves(app, manager, running):
    staff, instead = running.instructors
    answer = record(manager, running, "replaced", staff_id=staff, instead_staff_id=instead)
    assert "It is recorded. The plan has not changed yet." in text(answer)
    record(manager, running, "class", group_id=running.classes[0])
    page = text(manager.get(f"/cycles/{running.cycle}/repair"))
    assert "2 things have happened since plan 1 was published" in page
    assert "is closed." in page

    begun = start(manager, running)
    assert begun.status_code == 303
    assert "being worked out" in text(manager.get(begun.headers["Location"]))
    assert manager.get(begun.headers["Location"] + "/progress").status_code == 200
    work_once(app)
    assert manager.get(begun.headers["Location"] + "/progress").status_code == 286
    moves = manager.get(begun.headers["Location"], follow_redirects=True)
    page = text(moves)
    assert "What the repair changes" in page
    assert "The class is not offered any more." in page
    assert re.search(r"\d+ of 12 residents notice a change", page)
    draft = draft_of(app, running)
    assert (draft.origin, draft.from_on) == (PlanOrigin.REPAIRED, running.day)
    assert "A repair waits for your decision" in text(manager.get(f"/cycles/{running.cycle}/repair"))


def test_what_was_pinned_and_could_not_stay_is_told_and_the_rest_stays_pinned(app, manager, running):
    closed = str(running.classes[0])
    with app.app_context(), house_scope(running.residence):
        plan = get_plan(running.plan)
        found = opened(plan)
        who = next(seat.resident for seat in found.answer.seats if seat.group == closed)
        rows = list(held_by(found.problem, found.answer, who))
        plan.pins = rows
        name = db.session.get_one(Enrolment, int(who)).stay.resident.full_name
        db.session.commit()
    record(manager, running, "class", group_id=closed)
    begun = start(manager, running)
    work_once(app)
    page = text(manager.get(begun.headers["Location"], follow_redirects=True))
    told = page.partition("What had been pinned and could not stay")[2].partition("Who moves")[0]
    assert name in told
    left = [row for row in draft_of(app, running).pins if row["kind"] != "class"]
    assert left == [row for row in rows if row["kind"] != "class"]


@pytest.mark.parametrize(
    ("event", "values", "sentence"),
    [
        ("departure", {"enrolment_id": ""}, "Please choose “Who leaves”."),
        (
            "departure",
            {"enrolment_id": "enrolment 0", "from_on": "2028-01-01"},
            "This day does not lie within the cycle.",
        ),
        ("staff-away", {"staff_id": "staff 0", "from_on": "", "weekdays": []}, "Please fill in “"),
        ("staff-away", {"staff_id": "staff 0", "from_on": "2027-02-30"}, "must be a date that exists"),
        ("staff-away", {"staff_id": "staff 0", "start_minute": "08:00"}, "Please tick the days"),
        ("staff-away", {"staff_id": "staff 0", "until_on": "2027-01-05"}, "The end must come after the beginning."),
        ("replaced", {"staff_id": "staff 0", "instead_staff_id": "staff 0"}, "Please choose somebody else here."),
        ("venue", {"venue_id": "venue 0", "instead_venue_id": "venue 0"}, "Please choose another place here."),
        ("class", {"group_id": "99999"}, "Please choose one of the answers offered"),
        ("room", {"room_id": "room 0", "reason": ""}, "Please fill in “Reason”."),
        (
            "pair",
            {"resident_a": "resident 0", "resident_b": "resident 0", "in_room": "y"},
            "Choose two different residents.",
        ),
        ("pair", {"resident_a": "resident 0", "resident_b": "resident 1"}, "Tick rooms, classes, or both."),
        ("arrival", {"education_level": "smp"}, "Please fill this in for somebody new"),
    ],
)
def test_bad_input_is_answered_at_its_field_and_records_nothing(app, manager, running, event, values, sentence):
    answer = record(manager, running, event, **values)
    assert answer.status_code == 422
    assert sentence in text(answer)
    with app.app_context(), house_scope(running.residence):
        assert db.session.query(Interruption).count() == db.session.query(KeepApart).count() == 0


def test_a_day_outside_the_cycle_or_in_the_past_is_refused_at_the_field(manager, running):
    for wrong in (running.day - timedelta(days=1), running.starts_on + timedelta(days=400)):
        answer = start(manager, running, start_on=wrong.isoformat())
        assert answer.status_code == 422
        assert "The day must lie between" in text(answer)


def test_a_double_click_shows_the_repair_that_is_under_way(app, manager, running):
    record(manager, running, "class", group_id=running.classes[0])
    first, second = start(manager, running), start(manager, running)
    assert first.headers["Location"] == second.headers["Location"]
    manager.post(first.headers["Location"] + "/cancel")
    work_once(app)
    assert "The repair was not finished" in text(manager.get(first.headers["Location"]))


def test_an_impossible_repair_names_the_reason_and_ways_out(app, manager, running):
    record(manager, running, "class", group_id=running.classes[0])
    begun = start(manager, running, most_changes="1")
    work_once(app)
    page = text(manager.get(begun.headers["Location"]))
    assert "There is no such repair" in page
    assert "are needed; 1 are allowed." in page
    assert "Allow more changes" in page


def test_what_stays_open_is_listed_with_what_would_help(app, manager, running):
    for staff in running.instructors:
        record(manager, running, "staff-away", staff_id=staff)
    begun = start(manager, running)
    work_once(app)
    page = text(manager.get(begun.headers["Location"], follow_redirects=True))
    assert "What stays open" in page
    assert "no class" in page
    assert "Name somebody who takes over the classes" in page


def test_somebody_who_arrives_gets_three_placements_and_one_becomes_a_draft(app, manager, running):
    answer = record(
        manager,
        running,
        "arrival",
        full_name="Rahmat Hidayat",
        gender="male",
        born_on="2009-03-03",
        education_level="smp",
        choice_1=str(running.trades[0]),
        choice_2=str(running.trades[1]),
    )
    page = text(answer)
    assert "Where Rahmat Hidayat fits" in page
    assert re.search(r"\d ways? to take Rahmat Hidayat in without moving anybody", page)
    with app.app_context(), house_scope(running.residence):
        new = db.session.query(Enrolment).order_by(Enrolment.id.desc()).first()
        assert new is not None
        url = f"/cycles/{running.cycle}/repair/arrivals/{new.id}"
    moves = manager.post(url, data={"placement": "1"}, follow_redirects=True)
    page = text(moves)
    assert "Nothing that was planned has to change" in page
    assert "New in the house." in page
    assert "0 of 13 residents notice a change" in page
    draft = draft_of(app, running)
    assert (draft.parent_id, draft.from_on) == (running.plan, running.day)
    assert "not possible any more" in text(manager.post(url, data={"placement": "9"}, follow_redirects=True))


def test_with_a_broken_plan_the_page_of_an_arrival_leads_to_the_repair(manager, running):
    record(manager, running, "class", group_id=running.classes[0])
    values = {"full_name": "Rahmat Hidayat", "gender": "male", "born_on": "2009-03-03", "education_level": "smp"}
    answer = record(manager, running, "arrival", **values)
    assert "A repair finds the place for Rahmat Hidayat together with the rest." in text(answer)


def test_what_is_away_is_listed_and_can_be_taken_back(app, manager, running):
    record(manager, running, "staff-away", staff_id=running.counsellors[0], weekdays=["0", "2"])
    page = text(manager.get(f"/cycles/{running.cycle}/repair"))
    assert "Monday, Wednesday, from" in page
    with app.app_context(), house_scope(running.residence):
        row = db.session.query(Interruption).one().id
    answer = manager.post(f"/cycles/{running.cycle}/repair/away/{row}/end", follow_redirects=True)
    assert "That is over." in text(answer)
    assert "Nothing has happened that the plan does not know." in text(answer)


def test_pages_of_people_and_rooms_lead_to_the_form_of_the_running_cycle(manager, running, monkeypatch):
    answer = manager.get(f"/cycles/repair-now/room?about={running.rooms[2]}", follow_redirects=True)
    assert f'<option selected value="{running.rooms[2]}">' in answer.text
    with_resident = manager.get("/cycles/repair-now/departure?about=4", follow_redirects=True)
    assert "Somebody leaves" in text(with_resident)


def test_without_a_published_plan_there_is_nothing_to_repair(app, manager, running):
    with app.app_context(), house_scope(running.residence):
        db.session.get_one(Plan, running.plan).state = PlanState.REPLACED
        db.session.commit()
    answer = manager.get(f"/cycles/{running.cycle}/repair", follow_redirects=True)
    assert "There is no published plan to repair" in text(answer)


def test_a_run_of_another_kind_or_cycle_is_not_a_repair(app, manager, running):
    with app.app_context(), house_scope(running.residence):
        run = Run(residence_id=running.residence, kind=REPAIR_JOB, parameters={"cycle_id": running.cycle + 1})
        db.session.add(run)
        db.session.commit()
        run_id = run.id
    assert manager.get(f"/cycles/{running.cycle}/repair/runs/{run_id}").status_code == 404


def test_the_queries_do_not_grow_with_the_house(app, sign_in, monkeypatch):
    counts: list[list[int]] = []
    monkeypatch.setattr(repair_jobs, "_limits", lambda context: Limits(seconds=20, workers=1, seed=1))
    for residents in (8, 24):
        made = make_running(app, residents)
        for module in (repair_views, repair_run_views):
            monkeypatch.setattr(module, "today", lambda day=made.day: day)
        with app.test_request_context("/"), house_scope(made.residence):
            away: dict[str, date | None] = {"from_on": made.day, "until_on": None}
            record_interruption(get_cycle(made.cycle), InterruptionKind.GROUP, made.classes[0], **away)
            db.session.commit()
        browser = sign_in(made.manager)
        start(browser, made)
        work_once(app)
        draft = draft_of(app, made)
        pages = ["repair", "repair/class", "repair/arrival", f"plans/{draft.id}/repair"]
        own = []
        for page in pages:
            with count_queries(app) as seen:
                assert browser.get(f"/cycles/{made.cycle}/{page}").status_code == 200
            own.append(len(seen))
        counts.append(own)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12, counts
