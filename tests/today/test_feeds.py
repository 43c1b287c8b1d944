"""The calendar of a phone says what the timetable says, to whoever has the secret address, and nothing more."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from foyer.accounts.models import Role, User
from foyer.audit.models import AuditEntry
from foyer.cycles.models import Plan, PlanMeeting, PlanState, TeachingGroup
from foyer.cycles.planning import build_problem, store_plan
from foyer.cycles.queries import dated_sessions, get_plan, published_plan, slots_of_enrolment, slots_of_staff
from foyer.cycles.services import publish_plan
from foyer.cycles.weeks import slots_of_group
from foyer.database import db, house_scope
from foyer.residences.models import DayVariant, Residence, Venue
from foyer.residents.naming import initials
from tests.cycles.by_hand import plan_by_hand
from tests.today.house import ZONE, published_house, stand_at

Moment = tuple[datetime, datetime]


def occurrences(calendar: Calendar) -> set[Moment]:
    """Every time that a phone would show, by the rules of the file alone."""
    found: set[Moment] = set()
    for event in calendar.walk("VEVENT"):
        start, end = event["dtstart"].dt, event["dtend"].dt
        rule = rrulestr(event["rrule"].to_ical().decode(), dtstart=start)
        skipped = event.get("exdate", [])
        skipped = skipped if isinstance(skipped, list) else [skipped]
        without = {one.dt for part in skipped for one in part.dts}
        found |= {(moment, moment + (end - start)) for moment in rule if moment not in without}
    return found


def expected(app: Flask, house: object, role: Role, plan_id: int | None = None) -> set[Moment]:
    """The same, from the timetable."""
    with app.test_request_context(), house_scope(house.id):  # type: ignore[attr-defined]
        plan = get_plan(plan_id or house.plan)  # type: ignore[attr-defined]
        if role is Role.RESIDENT:
            slots = slots_of_enrolment(plan, house.enrolment)  # type: ignore[attr-defined]
        else:
            slots = slots_of_staff(plan, house.staff[role])  # type: ignore[attr-defined]
        sessions = dated_sessions(plan, slots, plan.cycle.starts_on, plan.cycle.ends_on - timedelta(days=1))
        return {(moment(s.on, s.start), moment(s.on, s.end)) for s in sessions}


def moment(day: date, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=ZONE)


def made_address(browser: FlaskClient) -> str:
    page = browser.post("/calendar").text
    found = re.search(r"/calendar/[\w-]{20,}\.ics", page)
    assert found
    return found.group()


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.COUNSELLOR, Role.INSTRUCTOR])
def test_the_feed_says_over_the_whole_cycle_what_the_timetable_says(
    app: Flask, client: FlaskClient, sign_in: Callable[..., FlaskClient], role: Role
) -> None:
    house = published_house(app)
    answer = client.get(made_address(sign_in(house.users[role])))
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    assert "no-store" in answer.headers["Cache-Control"]
    calendar = Calendar.from_ical(answer.data)
    wanted = expected(app, house, role)
    assert len(wanted) > 20
    assert occurrences(calendar) == wanted
    assert not any(start.date() == date(2027, 2, 2) for start, _ in wanted)  # the holiday
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Jakarta"]
    uids = [str(event["uid"]) for event in calendar.walk("VEVENT")]
    assert len(uids) == len(set(uids))
    again = Calendar.from_ical(sign_in(house.users[role]).get("/calendar/download").data)
    assert [str(event["uid"]) for event in again.walk("VEVENT")] == uids


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.COUNSELLOR, Role.INSTRUCTOR])
def test_the_feed_keeps_the_hours_of_ramadan_on_its_dates(
    app: Flask, sign_in: Callable[..., FlaskClient], role: Role
) -> None:
    house = published_house(app)
    hours = [
        {"days": [0, 1, 2, 3, 4], "usual": [480, 600], "hours": [510, 600], "name": ""},
        {"days": [0, 1, 2, 3, 4], "usual": [615, 720], "hours": [605, 690], "name": ""},
        {"days": [0, 1, 2, 3, 4], "usual": [795, 900], "hours": [780, 870], "name": ""},
        {"days": [0, 1, 2, 3, 4], "usual": [930, 1020], "hours": [900, 960], "name": ""},
        {"days": [0, 1, 2, 3, 4], "usual": [1170, 1260], "hours": None, "name": ""},
    ]
    with app.app_context(), house_scope(house.id):
        before = expected(app, house, role)
        first, last = date(2027, 2, 8), date(2027, 3, 9)
        row = DayVariant(residence_id=house.id, kind="ramadan", name="Ramadan", from_on=first, to_on=last, omits=[])
        row.hours = hours
        db.session.add(row)
        db.session.commit()
    calendar = Calendar.from_ical(sign_in(house.users[role]).get("/calendar/download").data)
    wanted = expected(app, house, role)
    assert wanted != before
    assert {start for start, _ in wanted if not first <= start.date() <= last} == {
        start for start, _ in before if not first <= start.date() <= last
    }
    assert occurrences(calendar) == wanted
    uids = [str(event["uid"]) for event in calendar.walk("VEVENT")]
    assert len(uids) == len(set(uids))


def test_nobody_s_name_stands_in_a_counsellor_s_feed(app: Flask, sign_in: Callable[..., FlaskClient]) -> None:
    house = published_house(app)
    text = sign_in(house.users[Role.COUNSELLOR]).get("/calendar/download").text
    assert "Konseling" in text or "Counselling" in text
    assert not [name for name in house.names if name in text]
    assert initials("Budi Santoso") == "B.S."


def test_an_address_that_is_wrong_renewed_given_up_or_closed_is_not_found(
    app: Flask, client: FlaskClient, sign_in: Callable[..., FlaskClient]
) -> None:
    house = published_house(app)
    browser = sign_in(house.users[Role.RESIDENT])
    first = made_address(browser)
    second = made_address(browser)
    assert client.get("/calendar/there-is-no-such-secret.ics").status_code == 404
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    with app.app_context():
        user = db.session.get_one(User, house.users[Role.RESIDENT])
        user.is_enabled = False
        db.session.commit()
    assert client.get(second).status_code == 404
    with app.app_context():
        db.session.get_one(User, house.users[Role.RESIDENT]).is_enabled = True
        db.session.commit()
    browser.post("/calendar/revoke")
    assert client.get(second).status_code == 404


def test_only_a_digest_of_the_secret_is_kept_and_the_page_shows_it_once(
    app: Flask, sign_in: Callable[..., FlaskClient]
) -> None:
    house = published_house(app)
    browser = sign_in(house.users[Role.RESIDENT])
    token = made_address(browser).split("/")[-1].removesuffix(".ics")
    with app.app_context():
        kept = db.session.scalar(select(User.calendar_token_digest).where(User.id == house.users[Role.RESIDENT]))
    assert kept
    assert token not in kept
    assert token not in browser.get("/calendar").text


def test_a_draft_never_reaches_a_phone(
    app: Flask, client: FlaskClient, sign_in: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_at(monkeypatch, 2027, 1, 6, 9, 0)
    house = published_house(app)
    address = made_address(sign_in(house.users[Role.RESIDENT]))
    assert Calendar.from_ical(client.get(address).data).walk("VEVENT")
    with app.app_context(), house_scope(house.id):
        db.session.scalars(select(Plan)).one().state = PlanState.DRAFT
        db.session.commit()
    assert not Calendar.from_ical(client.get(address).data).walk("VEVENT")


def test_a_calendar_follows_the_versions_and_keeps_what_did_not_change(
    app: Flask, sign_in: Callable[..., FlaskClient]
) -> None:
    house = published_house(app)
    browser = sign_in(house.users[Role.RESIDENT])
    before = by_uid(browser.get("/calendar/download").data)
    begins = date(2027, 2, 10)
    second = publish_later_hours(app, house, begins)
    feed = browser.get("/calendar/download").data
    after = by_uid(feed)
    assert occurrences(Calendar.from_ical(feed)) == {
        *(m for m in expected(app, house, Role.RESIDENT) if m[0].date() < begins),
        *(m for m in expected(app, house, Role.RESIDENT, second) if m[0].date() >= begins),
    }
    assert set(before) < set(after)  # what was there keeps its identity, what is new has one of its own
    assert {int(event["sequence"]) for event in before.values()} == {1}
    assert {int(event["sequence"]) for event in after.values()} == {2}
    untouched = [uid for uid in before if before[uid]["rrule"] == after[uid]["rrule"]]
    assert 0 < len(untouched) < len(before)
    again = published_again(app, house, begins)
    assert set(by_uid(browser.get("/calendar/download").data)) == set(before)  # cancelled ones vanish
    assert again != second


# A class's and a place's


def shared_address(browser: FlaskClient, of: str) -> str:
    page = browser.post(f"/calendar/{of}").text
    found = re.search(r"/calendar/[\w-]{20,}\.ics", page)
    assert found
    return found.group()


def shown(data: bytes) -> set[Moment]:
    """Every session that a phone would show: one event for each."""
    return {(event["dtstart"].dt, event["dtend"].dt) for event in Calendar.from_ical(data).walk("VEVENT")}


def of_class(app: Flask, house: Any, plan_id: int) -> set[Moment]:
    """When the first class meets, from the timetable of one version."""
    with app.test_request_context(), house_scope(house.id):
        plan = get_plan(plan_id)
        slots = slots_of_group(plan, house.classes[0])
        sessions = dated_sessions(plan, slots, plan.cycle.starts_on, plan.cycle.ends_on - timedelta(days=1))
        return {(moment(s.on, s.start), moment(s.on, s.end)) for s in sessions}


def shared_of(app: Flask, house: Any) -> dict[str, str]:
    """The addresses' pages of the first class and of the place where it meets."""
    with app.app_context(), house_scope(house.id):
        group = db.session.get_one(TeachingGroup, house.classes[0])
        return {"group": f"groups/{group.id}", "venue": f"venues/{group.venue_id}"}


@pytest.mark.parametrize("kind", ["group", "venue"])
def test_the_address_of_a_class_and_of_a_place_follows_what_is_published(
    app: Flask,
    client: FlaskClient,
    sign_in: Callable[..., FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    stand_at(monkeypatch, 2027, 1, 6, 9, 0)
    house = published_house(app)
    address = shared_address(sign_in(house.users[Role.MANAGER]), shared_of(app, house)[kind])
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    assert "no-store" in answer.headers["Cache-Control"]
    before = by_uid(answer.data)
    assert shown(answer.data) == of_class(app, house, house.plan)
    assert len(before) == len(shown(answer.data)) > 20
    begins = date(2027, 2, 10)
    second = publish_later_hours(app, house, begins)
    later = client.get(address)
    assert shown(later.data) == {
        *(m for m in of_class(app, house, house.plan) if m[0].date() < begins),
        *(m for m in of_class(app, house, second) if m[0].date() >= begins),
    }
    after = by_uid(later.data)
    kept = set(before) & set(after)
    assert {before[uid]["dtstart"].dt.date() for uid in kept} == {
        m[0].date() for m in of_class(app, house, house.plan) if m[0].date() < begins
    }
    assert {int(event["sequence"]) for event in before.values()} == {1}
    assert {int(event["sequence"]) for event in after.values()} == {2}
    assert not [name for name in house.names if name in later.text]


def test_a_draft_reaches_no_door(
    app: Flask, client: FlaskClient, sign_in: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_at(monkeypatch, 2027, 1, 6, 9, 0)
    house = published_house(app, publish=False)
    for of in shared_of(app, house).values():
        answer = client.get(shared_address(sign_in(house.users[Role.MANAGER]), of))
        assert answer.status_code == 200
        assert not Calendar.from_ical(answer.data).walk("VEVENT")


def test_the_address_of_a_class_is_renewed_given_up_and_kept_as_a_digest_only(
    app: Flask, client: FlaskClient, sign_in: Callable[..., FlaskClient]
) -> None:
    house = published_house(app)
    browser = sign_in(house.users[Role.MANAGER])
    for kind, of in shared_of(app, house).items():
        first, second = shared_address(browser, of), shared_address(browser, of)
        assert client.get(first).status_code == 404
        assert client.get(second).status_code == 200
        token = second.split("/")[-1].removesuffix(".ics")
        model: Any = {"group": TeachingGroup, "venue": Venue}[kind]
        with app.app_context(), house_scope(house.id):
            kept = db.session.scalars(select(model.calendar_token_digest)).all()
            trail = [entry.changes for entry in db.session.scalars(select(AuditEntry))]
        assert [digest for digest in kept if digest] != []
        assert token not in kept
        assert not [digest for digest in kept if digest and digest in str(trail)]
        assert token not in browser.get(f"/calendar/{of}").text
        browser.post(f"/calendar/{of}/revoke")
        assert client.get(second).status_code == 404


def test_an_address_of_one_house_tells_nothing_of_another(
    app: Flask, client: FlaskClient, sign_in: Callable[..., FlaskClient]
) -> None:
    house, other = published_house(app), published_house(app)
    address = shared_address(sign_in(house.users[Role.MANAGER]), shared_of(app, house)["venue"])
    assert shown(client.get(address).data) == of_class(app, house, house.plan)
    stranger = sign_in(other.users[Role.MANAGER])
    for of in shared_of(app, house).values():
        assert stranger.get(f"/calendar/{of}").status_code == 404
        assert stranger.post(f"/calendar/{of}").status_code == 404
        assert stranger.post(f"/calendar/{of}/revoke").status_code == 404
    assert client.get(address).status_code == 200


def test_an_address_says_it_in_the_words_of_its_house(
    app: Flask, client: FlaskClient, sign_in: Callable[..., FlaskClient]
) -> None:
    house = published_house(app)
    with app.app_context():
        db.session.get_one(Residence, house.id).words = {"cycle_word": "angkatan"}
        db.session.commit()
    manager = sign_in(house.users[Role.MANAGER])
    for address in (
        shared_address(manager, shared_of(app, house)["group"]),
        made_address(sign_in(house.users[Role.RESIDENT])),
    ):
        assert "Angkatan I 2027" in client.get(address).text


def by_uid(data: bytes) -> dict[str, Any]:
    return {str(event["uid"]): event for event in Calendar.from_ical(data).walk("VEVENT")}


def publish_later_hours(app: Flask, house: Any, begins: date, hours: int = 1) -> int:
    """Another version of the plan from a day on, in which every meeting is an hour later."""
    with app.app_context(), house_scope(house.id):
        first = get_plan(house.plan)
        problem = build_problem(first.cycle)
        plan = store_plan(first.cycle, problem, plan_by_hand(problem))
        for meeting in db.session.scalars(select(PlanMeeting).where(PlanMeeting.plan_id == plan.id)):
            meeting.start_minute += 60 * hours
            meeting.end_minute += 60 * hours
        earlier = published_plan(first.cycle_id)
        db.session.flush()
        publish_plan(
            plan_id=plan.id,
            version=plan.version,
            replaces=earlier.id if earlier else None,
            actor_id=None,
            today=first.cycle.starts_on,
            from_on=begins,
        )
        db.session.commit()
        return plan.id


def published_again(app: Flask, house: Any, begins: date) -> int:
    return publish_later_hours(app, house, begins, hours=0)
