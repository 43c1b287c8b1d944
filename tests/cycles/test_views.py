from __future__ import annotations

import html
import re
from datetime import date

import pytest
from icalendar import Calendar
from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.cycles.models import Cycle, Enrolment, Plan, PlanMeeting, PlanState, TeachingGroup
from foyer.cycles.planning import build_problem, store_plan
from foyer.cycles.queries import find_live_run, list_plans, plan_in_force, published_plan
from foyer.database import db, house_scope
from foyer.jobs.models import Run, RunState
from foyer.jobs.services import request_cancel
from foyer.residences.models import DayVariant, Room, Staff, StaffKind, StaffUnavailability, VariantKind
from foyer.scheduling.files import read_plan, read_problem
from tests.cycles.by_hand import plan_by_hand
from tests.cycles.conftest import draft_again
from tests.cycles.house import make_house
from tests.factories import make_residence, make_user
from tests.queries import count_queries

PLAN_PAGES = (
    "",
    "/residents",
    "/board/classes",
    "/board/counsellors",
    "/board/rooms",
    "/week",
    "/publish",
    "/discard",
    "/problem.json",
)


@pytest.fixture
def manager(filled, sign_in):
    browser = sign_in(filled["manager"])
    browser.get("/", headers={"Accept-Language": "en"})
    with browser.session_transaction() as session:
        session["language"] = "en"
    return browser


def text(response) -> str:
    """What a page says, without its markup."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))))


def plan_url(filled, page: str = "") -> str:
    return f"/cycles/{filled['cycle']}/plans/{filled['plan']}{page}"


def change(app, filled, act) -> None:
    with app.app_context(), house_scope(filled["house"]):
        act()
        db.session.commit()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MANAGER])
def test_nobody_but_managers_sees_cycles_runs_or_drafts(app, filled, sign_in, role):
    with app.app_context():
        from foyer.residences.models import Residence

        house = db.session.get_one(Residence, filled["house"])
        user = make_user(None if role is Role.OFFICE else house, role).id
        db.session.commit()
    browser = sign_in(user)
    for url in ["/cycles", f"/cycles/{filled['cycle']}", *(plan_url(filled, page) for page in PLAN_PAGES)]:
        assert browser.get(url).status_code == 403, url
    for url in [f"/cycles/{filled['cycle']}/generate", plan_url(filled, "/publish"), plan_url(filled, "/discard")]:
        assert browser.post(url).status_code == 403, url


def test_the_manager_of_another_house_finds_nothing(app, filled, sign_in):
    with app.app_context():
        other = make_user(make_residence()).id
        db.session.commit()
    browser = sign_in(other)
    for url in [f"/cycles/{filled['cycle']}", *(plan_url(filled, page) for page in PLAN_PAGES)]:
        assert browser.get(url).status_code == 404, url
    assert browser.post(plan_url(filled, "/publish"), data={"version": 1}).status_code == 404
    assert browser.post(f"/cycles/{filled['cycle']}/generate").status_code == 404


def test_the_list_names_each_cycle_with_its_residents(filled, manager):
    page = text(manager.get("/cycles"))
    assert "Cycle I 2027" in page
    assert "Preparing" in page


def test_a_manager_sets_up_the_next_cycle(app, filled, manager):
    form = manager.get("/cycles/new").get_data(as_text=True)
    assert 'value="2027-05-03"' in form
    answer = manager.post("/cycles/new", data={"year": 2027, "number": 2, "starts_on": "2027-05-03", "weeks": 17})
    assert answer.status_code == 303
    with app.app_context(), house_scope(filled["house"]):
        assert db.session.scalar(select(Cycle.weeks).where(Cycle.number == 2)) == 17


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"starts_on": "2027-05-04"}, "must be a Monday"),
        ({"starts_on": "2027-04-26"}, "run into Cycle I 2027"),
        ({"number": 1}, "already has a cycle"),
        ({"weeks": 0}, "must be between 1 and 26"),
    ],
)
def test_a_cycle_that_cannot_be_is_refused_with_a_sentence(filled, manager, values, sentence):
    form = {"year": 2027, "number": 2, "starts_on": "2027-05-03", "weeks": 17, **values}
    answer = manager.post("/cycles/new", data=form)
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_the_cycles_page_says_that_everything_is_there_and_offers_to_generate(filled, manager):
    page = manager.get(f"/cycles/{filled['cycle']}")
    assert page.status_code == 200
    assert "Everything is there for a plan with 8 residents." in text(page)
    assert f'action="/cycles/{filled["cycle"]}/generate"' in page.get_data(as_text=True)


def test_the_cycles_page_names_what_is_missing(app, filled, manager):
    def spoil():
        for person in db.session.scalars(select(Staff).where(Staff.kind == StaffKind.COUNSELLOR)):
            person.is_active = False
        for enrolment in db.session.scalars(select(Enrolment)).all()[:2]:
            enrolment.choices.clear()

    change(app, filled, spoil)
    page = text(manager.get(f"/cycles/{filled['cycle']}"))
    assert "The house has no counsellors yet." in page
    assert "2 residents have not chosen a class" in page
    assert "Generate" not in page


def test_shortages_are_named_before_any_run(app, filled, manager):
    def spoil():
        for room in db.session.scalars(select(Room)).all():
            room.beds = 1

    change(app, filled, spoil)
    page = text(manager.get(f"/cycles/{filled['cycle']}"))
    assert "Beds for girls: 2 needed on Monday, 4 January 2027, 1 free." in page
    assert "Beds for boys: 6 needed on Monday, 4 January 2027, 3 free." in page


def test_generating_twice_starts_one_run_and_shows_it(app, filled, manager):
    first = manager.post(f"/cycles/{filled['cycle']}/generate")
    second = manager.post(f"/cycles/{filled['cycle']}/generate")
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    page = manager.get(first.location)
    assert "You may close this page." in text(page)
    assert 'hx-trigger="every 1s"' in page.get_data(as_text=True)
    assert "A plan is being made" in text(manager.get(f"/cycles/{filled['cycle']}"))
    with app.app_context(), house_scope(filled["house"]):
        assert len(db.session.scalars(select(Run)).all()) == 1


def run_of(app, filled, **values) -> int:
    """A run of the cycle in the given state."""
    with app.app_context(), house_scope(filled["house"]):
        parameters = {"cycle_id": filled["cycle"]}
        run = Run(kind="plan", residence_id=filled["house"], parameters=parameters, **values)
        db.session.add(run)
        db.session.commit()
        return run.id


def test_progress_shows_score_bound_and_parts_and_goes_on(app, filled, manager):
    progress = {
        "stage": "rooms",
        "done": 0.5,
        "score": 9104.0,
        "bound": 100.0,
        "decided": {"score": 104.0, "bound": 100.0},
        "parts": [{"name": "classes", "proven": True}, {"name": "education", "proven": False}],
    }
    run_id = run_of(app, filled, state=RunState.RUNNING, progress=progress, history=[[0.1, 110, 90], [0.5, 104, 100]])
    answer = manager.get(f"/cycles/{filled['cycle']}/runs/{run_id}/progress")
    assert answer.status_code == 200
    assert "What is decided so far is at most 3.8 % from the best possible." in text(answer).replace("\xa0", " ")
    assert "proven best" in text(answer)
    assert "data-progress-chart" in answer.get_data(as_text=True)


def test_polling_ends_with_286_and_leads_to_the_draft(app, filled, manager):
    run_id = run_of(app, filled, state=RunState.DONE, result={"outcome": "optimal", "plan_id": filled["plan"]})
    answer = manager.get(f"/cycles/{filled['cycle']}/runs/{run_id}/progress")
    assert answer.status_code == 286
    assert answer.headers["HX-Redirect"] == f"/cycles/{filled['cycle']}/runs/{run_id}"
    assert manager.get(answer.headers["HX-Redirect"]).location == plan_url(filled)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"state": RunState.CANCELLED}, "Nothing was stored"),
        ({"state": RunState.FAILED, "error": "worker_lost"}, "The machine stopped"),
        ({"state": RunState.FAILED, "error": "crashed"}, "Something went wrong on our side."),
        ({"state": RunState.DONE, "result": {"outcome": "out_of_time"}}, "The time was up"),
        ({"state": RunState.DONE, "result": {"violations": {"apart": 1}}}, "broke a rule"),
        ({"state": RunState.DONE, "result": {"plan_id": 999}}, "thrown away since"),
    ],
)
def test_a_run_without_a_draft_says_how_it_ended(app, filled, manager, values, sentence):
    run_id = run_of(app, filled, **values)
    page = manager.get(f"/cycles/{filled['cycle']}/runs/{run_id}")
    assert page.status_code == 200
    assert sentence in text(page)


def test_the_impossible_is_told_in_sentences_and_nothing_is_lost(app, filled, manager):
    shortages = [
        {"code": "beds", "values": [["gender", "female"], ["night", 0], ["needed", 27], ["free", 24]], "residents": []},
        {
            "code": "education_seats",
            "values": [["subject", "Paket C"], ["groups", "1, 2"], ["needed", 51], ["free", 50]],
            "residents": [str(filled["enrolment"])],
        },
    ]
    run_id = run_of(app, filled, state=RunState.DONE, result={"outcome": "infeasible", "shortages": shortages})
    page = text(manager.get(f"/cycles/{filled['cycle']}/runs/{run_id}"))
    assert "Beds for girls: 27 needed on Monday, 4 January 2027, 24 free." in page
    assert "Residents who need Paket C: 51; places in" in page
    assert "Nothing was lost" in page


def test_a_run_can_be_cancelled(app, filled, manager):
    manager.post(f"/cycles/{filled['cycle']}/generate")
    with app.app_context(), house_scope(filled["house"]):
        run = find_live_run(filled["cycle"])
        assert run is not None
        run_id = run.id
    answer = manager.post(f"/cycles/{filled['cycle']}/runs/{run_id}/cancel")
    assert answer.status_code == 303
    assert "Cancelled" in text(manager.get(answer.location))


def test_the_review_tells_outcome_choices_caseloads_and_beds(filled, manager):
    page = manager.get(plan_url(filled))
    assert page.status_code == 200
    words = text(page)
    assert "Proven best under these rules and weights." in words
    assert "8 residents with choice 1" in words
    assert "8 of 14" in words
    assert "no bound is known for this part" in words
    assert f"{plan_url(filled, '/residents')}?choice=1" in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "8 residents"),
        ("?choice=1", "8 residents"),
        ("?choice=none", "0 residents"),
        ("?show=unplaced", "0 residents"),
        ("?show=moved", "0 residents"),
        ("?show=no_wish", "0 residents"),
        ("?show=holes", "free blocks between"),
        ("?show=unhappy", "free blocks between"),
    ],
)
def test_every_figure_opens_its_list(filled, manager, query, expected):
    page = manager.get(plan_url(filled, "/residents") + query)
    assert page.status_code == 200
    assert expected in text(page)


def test_the_week_of_everything_can_be_picked(filled, manager):
    for key in ("group-{class}", "resident-{enrolment}", "counsellor-{counsellor}", "venue-{venue}"):
        page = manager.get(plan_url(filled, "/week"), query_string={"of": key.format(**filled)})
        assert page.status_code == 200, key
        assert "Ibadah dan makan siang" in text(page)
    assert manager.get(plan_url(filled, "/week"), query_string={"of": "group-0"}).status_code == 404
    assert manager.get(plan_url(filled, "/week")).status_code == 200


def test_the_week_of_a_class_and_of_a_place_is_a_calendar_file(filled, manager):
    for key in ("group-{class}", "venue-{venue}"):
        answer = manager.get(plan_url(filled, "/week.ics"), query_string={"of": key.format(**filled)})
        assert answer.mimetype == "text/calendar"
        events = Calendar.from_ical(answer.data).walk("VEVENT")
        assert len(events) > 17, "every meeting of every week"
        assert len({event["uid"] for event in events}) == len(events)
        assert {event["dtstart"].dt.tzinfo.key for event in events} == {"Asia/Jakarta"}
    for key in ("resident-{enrolment}", "group-0"):
        assert manager.get(plan_url(filled, "/week.ics"), query_string={"of": key.format(**filled)}).status_code == 404
    assert "Calendar file" in text(
        manager.get(plan_url(filled, "/week"), query_string={"of": f"group-{filled['class']}"})
    )


def test_the_files_can_be_read_by_the_engine_and_name_nobody(app, filled, manager):
    problem = manager.get(plan_url(filled, "/problem.json"))
    answer = manager.get(plan_url(filled, "/answer.json"))
    assert "attachment" in problem.headers["Content-Disposition"]
    assert len(read_problem(problem.get_data(as_text=True)).residents) == 8
    assert read_plan(answer.get_data(as_text=True)).score == 7.0
    with app.app_context(), house_scope(filled["house"]):
        names = [e.stay.resident.full_name for e in db.session.scalars(select(Enrolment))]
    both = problem.get_data(as_text=True) + answer.get_data(as_text=True)
    assert [name for name in names if name in both] == []


def test_publishing_asks_by_name_and_then_publishes(app, filled, manager):
    page = manager.get(plan_url(filled, "/publish"))
    assert "Publish Cycle I 2027 to 8 residents and 4 staff?" in text(page)
    answer = manager.post(plan_url(filled, "/publish"), data={"version": filled["version"]}, follow_redirects=True)
    assert "Cycle I 2027 is published." in text(answer)
    with app.app_context(), house_scope(filled["house"]):
        assert published_plan(filled["cycle"]).id == filled["plan"]


def test_a_version_is_published_from_a_day_on_and_other_days_are_refused_at_the_field(app, filled, manager):
    url = f"/cycles/{filled['cycle']}/plans/{draft_again(app, filled)}/publish"
    assert "Holds from" not in text(manager.get(url))
    manager.post(plan_url(filled, "/publish"), data={"version": filled["version"]})
    assert "Holds from" in text(manager.get(url))
    sent = {"version": 1, "replaces": filled["plan"]}
    refused = manager.post(url, data={**sent, "from_on": "2027-05-03"})
    assert refused.status_code == 422
    assert "on any day from 4 Jan 2027 to 2 May 2027" in text(refused)
    assert 'value="2027-05-03"' in refused.get_data(as_text=True)
    done = manager.post(url, data={**sent, "from_on": "2027-02-10"}, follow_redirects=True)
    assert "holds from Wednesday, 10 February 2027 on" in text(done)
    with app.app_context(), house_scope(filled["house"]):
        assert plan_in_force(filled["cycle"], date(2027, 2, 9)).id == filled["plan"]
        assert plan_in_force(filled["cycle"], date(2027, 2, 10)).id == published_plan(filled["cycle"]).id


def test_a_changed_house_is_mentioned_before_publishing(app, filled, manager):
    assert "has changed since" not in text(manager.get(plan_url(filled, "/publish/outdated")))
    change(app, filled, lambda: setattr(db.session.scalars(select(Room)).first(), "beds", 5))
    assert "The house has changed since this draft was made" in text(manager.get(plan_url(filled, "/publish/outdated")))


def test_who_is_missing_on_dates_with_other_hours_is_mentioned_before_publishing(app, filled, manager):
    def other_hours():
        group = db.session.get_one(TeachingGroup, filled["class"])
        first = db.session.scalars(select(PlanMeeting).where(PlanMeeting.group_id == group.id)).first()
        own = {"residence_id": filled["house"]}
        away = {"weekday": first.weekday, "start_minute": 720, "end_minute": 780}
        db.session.add(StaffUnavailability(**own, staff_id=first.instructor_id, **away))
        hours = [{"days": [first.weekday], "usual": [615, 720], "hours": [620, 740], "name": ""}]
        days = {"from_on": date(2027, 2, 9), "to_on": date(2027, 3, 8)}
        db.session.add(DayVariant(**own, kind=VariantKind.RAMADAN, name="Ramadan", hours=hours, omits=[], **days))

    change(app, filled, other_hours)
    page = text(manager.get(plan_url(filled, "/publish/outdated")))
    assert "On dates with other hours somebody is missing" in page
    assert re.search(r"Ramadan: 4 sessions of Staf \d+ \(.*\) move on", page)


def test_of_two_managers_who_publish_two_drafts_only_the_first_succeeds(app, filled, manager):
    other = draft_again(app, filled)
    manager.post(plan_url(filled, "/publish"), data={"version": filled["version"]})
    url = f"/cycles/{filled['cycle']}/plans/{other}/publish"
    answer = manager.post(url, data={"version": 1}, follow_redirects=True)
    assert "Somebody else published or changed something meanwhile." in text(answer)
    with app.app_context(), house_scope(filled["house"]):
        assert published_plan(filled["cycle"]).id == filled["plan"]
    again = manager.get(url).get_data(as_text=True)
    assert re.search(rf'name="replaces"[^>]* value="{filled["plan"]}"', again)
    manager.post(url, data={"version": 1, "replaces": filled["plan"], "from_on": "2027-01-04"})
    with app.app_context(), house_scope(filled["house"]):
        assert published_plan(filled["cycle"]).id == other
        assert db.session.get_one(Plan, filled["plan"]).state is PlanState.REPLACED


def test_a_draft_is_thrown_away_after_asking(app, filled, manager):
    assert "Throw away Plan 1 of Cycle I 2027?" in text(manager.get(plan_url(filled, "/discard")))
    answer = manager.post(plan_url(filled, "/discard"), data={"version": filled["version"]}, follow_redirects=True)
    assert "Plan 1 has been thrown away." in text(answer)
    with app.app_context(), house_scope(filled["house"]):
        assert list_plans(filled["cycle"]) == []


def test_a_stale_page_throws_nothing_away(app, filled, manager):
    manager.post(plan_url(filled, "/discard"), data={"version": 99})
    with app.app_context(), house_scope(filled["house"]):
        assert len(list_plans(filled["cycle"])) == 1


def test_the_number_of_queries_does_not_grow_with_residents(app, sign_in):
    counts: dict[str, list[int]] = {}
    for size in (20, 200):
        with app.app_context():
            home = make_house(size)
            with house_scope(home.residence.id):
                problem = build_problem(home.cycle)
                plan = store_plan(home.cycle, problem, plan_by_hand(problem))
                user = make_user(home.residence).id
                db.session.commit()
                urls = ["/cycles", f"/cycles/{home.cycle.id}"]
                urls += [f"/cycles/{home.cycle.id}/plans/{plan.id}{page}" for page in PLAN_PAGES]
        browser = sign_in(user)
        for position, url in enumerate(urls):
            with count_queries(app) as seen:
                assert browser.get(url).status_code == 200
            counts.setdefault(("cycles", "cycle", *PLAN_PAGES)[position], []).append(len(seen))
    assert {page: pair for page, pair in counts.items() if pair[0] != pair[1] or pair[0] > 40} == {}


def test_a_cancelled_request_of_a_finished_run_changes_nothing(app, filled, manager):
    run_id = run_of(app, filled, state=RunState.DONE, result={"plan_id": filled["plan"]})
    manager.post(f"/cycles/{filled['cycle']}/runs/{run_id}/cancel")
    with app.app_context(), house_scope(filled["house"]):
        run = db.session.get_one(Run, run_id)
        assert run.state is RunState.DONE
        request_cancel(run)
        assert run.state is RunState.DONE
