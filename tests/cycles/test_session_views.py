"""Asking of the sessions of a week: why then, to which other hours, at what price; moving and pinning them; nothing of
it on a published plan but the answers."""

from __future__ import annotations

import html
import re
from itertools import pairwise

import pytest
from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.audit.models import AuditEntry
from foyer.cycles.models import Plan, PlanMeeting, PlanState
from foyer.cycles.opened import opened
from foyer.cycles.sessions import appointment_of, hours_of, meeting_of
from foyer.cycles.targets import targets
from foyer.database import db, house_scope
from foyer.residences.models import Residence
from foyer.scheduling import check
from tests.cycles.test_ask_views import forms, managers, send, text  # noqa: F401
from tests.factories import make_user
from tests.queries import count_queries


def plan_url(filled, page: str = "") -> str:
    return f"/cycles/{filled['cycle']}/plans/{filled['plan']}{page}"


def meetings(app, filled) -> list[str]:
    """The class's meetings, each by its day and start."""
    with app.app_context(), house_scope(filled["house"]):
        rows = db.session.scalars(
            select(PlanMeeting)
            .where(PlanMeeting.plan_id == filled["plan"], PlanMeeting.group_id == filled["class"])
            .order_by(PlanMeeting.weekday)
        )
        return [f"{row.weekday}-{row.start_minute}" for row in rows]


def meeting_url(filled, at: str, page: str = "") -> str:
    return plan_url(filled, f"/groups/{filled['class']}/meeting{page}?at={at}")


def appointment_url(filled) -> str:
    return plan_url(filled, f"/residents/{filled['enrolment']}/appointment")


def hours(browser, filled, at: str) -> dict:
    query = f"kind=meeting&group={filled['class']}&at={at}"
    return browser.get(plan_url(filled, f"/hours?{query}"), headers={"Accept": "application/json"}).get_json()


def booked(app, filled) -> tuple[str, str]:
    """When the resident's counselling is, and in which week and period the engine has it."""
    with app.app_context(), house_scope(filled["house"]):
        session = appointment_of(db.session.get_one(Plan, filled["plan"]), filled["enrolment"])
        return session.at, session.target


# From every week


@pytest.mark.parametrize("of", ["group-{class}", "venue-{venue}", "resident-{enrolment}", "counsellor-{counsellor}"])
def test_every_session_of_every_week_opens_its_page_in_the_panel(filled, managers, of):  # noqa: F811
    page = managers["en"].get(plan_url(filled, "/week"), query_string={"of": of.format(**filled)})
    doors = {html.unescape(url) for url in re.findall(r'<a href="([^"]+)" data-panel>', page.text)}
    assert doors
    assert page.text.count("data-side-panel") == 1
    for url in doors:
        answer = managers["en"].get(url)
        assert answer.status_code == 200, url
        assert "Why at this hour?" in text(answer)
    kinds = {"appointment" if "/appointment" in url else "meeting" for url in doors}
    expected = {"resident": {"appointment", "meeting"}, "counsellor": {"appointment"}}.get(
        of.split("-")[0], {"meeting"}
    )
    assert kinds == expected


def test_a_week_of_a_draft_takes_few_queries(app, filled, managers):  # noqa: F811
    for of in ("group-{class}", "resident-{enrolment}", "counsellor-{counsellor}"):
        managers["en"].get(plan_url(filled, "/week"), query_string={"of": of.format(**filled)})
        with count_queries(app) as seen:
            managers["en"].get(plan_url(filled, "/week"), query_string={"of": of.format(**filled)})
        assert len(seen) <= 12, seen.statements
    for url in (meeting_url(filled, meetings(app, filled)[0]), appointment_url(filled)):
        managers["en"].get(url)
        with count_queries(app) as seen:
            managers["en"].get(url)
        assert len(seen) <= 12, seen.statements


# A class's meeting


def test_a_meeting_says_why_it_is_then_in_both_languages(app, filled, managers):  # noqa: F811
    at = meetings(app, filled)[0]
    page = managers["en"].get(meeting_url(filled, at))
    said = text(page)
    for part in ("Monday", "Bengkel Otomotif 1", "residents", "Why at this hour?", "other hour"):
        assert part in said, part
    assert "Mengapa pada jam ini?" in text(managers["id"].get(meeting_url(filled, at)))
    assert managers["en"].get(meeting_url(filled, "0-1")).status_code == 404
    assert "Monday" in text(managers["en"].get(meeting_url(filled, ""))), "without its hour, the first one"
    inside = managers["en"].get(meeting_url(filled, at) + "&panel=1")
    assert "<html" not in inside.text
    assert 'id="panel-title"' in inside.text


def test_every_hour_has_the_verdict_of_the_engine(app, filled, managers):  # noqa: F811
    at = meetings(app, filled)[1]
    found = hours(managers["en"], filled, at)
    with app.test_request_context("/"), house_scope(filled["house"]):
        plan = db.session.get_one(Plan, filled["plan"])
        session = meeting_of(plan, filled["class"], at)
        judged = {t.id: t for t in targets(plan, "meeting", int(session.resident), meeting=session.meeting)}
        assert {hour.id for hour in hours_of(plan, session).values()} <= set(judged)
    assert found["targets"][at]["state"] == "here"
    assert {hour["state"] for hour in found["targets"].values()} > {"here"}
    for hour in found["targets"].values():
        assert hour["state"] == judged[hour["target"]].state
        assert hour["points"] == judged[hour["target"]].points
        assert (hour["state"] == "forbidden") <= bool(hour["words"])


def test_the_meeting_that_was_taken_moves_and_no_other(app, filled, managers):  # noqa: F811
    before = meetings(app, filled)
    at = before[-1]
    page = managers["en"].get(meeting_url(filled, at))
    form = next(f for f in forms(page) if f["action"].endswith("/change"))
    answer = send(managers["en"], form)
    assert answer.status_code == 303, text(answer)
    assert f"of=group-{filled['class']}" in answer.headers["Location"]
    after = meetings(app, filled)
    assert set(before) - set(after) == {at}
    assert len(after) == len(before)
    with app.app_context(), house_scope(filled["house"]):
        found = opened(db.session.get_one(Plan, filled["plan"]))
        assert check(found.problem, found.answer) == ()
        version = db.session.get_one(Plan, filled["plan"]).version
    managers["en"].post(plan_url(filled, "/undo"), data={"version": version})
    assert meetings(app, filled) == before
    assert managers["en"].post(plan_url(filled, "/redo"), data={"version": version + 1}).status_code == 303
    assert meetings(app, filled) == after


def test_a_script_moves_it_with_what_the_answer_brought(app, filled, managers):  # noqa: F811
    before = meetings(app, filled)
    found = hours(managers["en"], filled, before[2])
    to, hour = next((at, h) for at, h in found["targets"].items() if h["state"] in ("allowed", "price"))
    fields = {**found["change"], "target": hour["target"], "version": found["version"]}
    answer = (
        managers["en"].post(plan_url(filled, "/change"), data=fields, headers={"Accept": "application/json"}).get_json()
    )
    assert answer["undo"] is True
    assert answer["words"]
    assert set(meetings(app, filled)) == {*before, to} - {before[2]}
    stale = managers["en"].post(plan_url(filled, "/change"), data={**fields, "target": "9:9"})
    assert stale.status_code == 409


def test_what_breaks_a_rule_is_not_done_and_says_what_would_have_to_move(app, filled, managers):  # noqa: F811
    before = meetings(app, filled)
    found = hours(managers["en"], filled, before[0])
    hour = next(h for h in found["targets"].values() if h["state"] == "forbidden")
    fields = {**found["change"], "target": hour["target"], "version": found["version"]}
    answer = managers["en"].post(plan_url(filled, "/change"), data=fields)
    assert answer.status_code == 422
    assert "cannot simply meet on" in text(answer)
    assert meetings(app, filled) == before
    told = managers["en"].get(meeting_url(filled, before[0], "/what-if") + f"&target={hour['target']}")
    assert told.status_code == 200
    assert "What if OTO-1 met on" in text(told)
    assert managers["en"].get(meeting_url(filled, before[0], "/what-if") + "&target=0:0").status_code == 404


def test_a_meeting_is_pinned_where_it_is_and_stays(app, filled, managers):  # noqa: F811
    at = meetings(app, filled)[0]
    page = managers["en"].get(meeting_url(filled, at))
    answer = send(managers["en"], next(f for f in forms(page) if f["action"].endswith("/pin")))
    assert answer.status_code == 303
    page = managers["en"].get(meeting_url(filled, at))
    assert "Somebody decided on this hour: it is pinned." in text(page)
    states = {a: h["state"] for a, h in hours(managers["en"], filled, at)["targets"].items()}
    assert {state for a, state in states.items() if a not in meetings(app, filled)} == {"forbidden"}
    with app.app_context(), house_scope(filled["house"]):
        pin = db.session.get_one(Plan, filled["plan"]).pins[0]
    assert (pin["kind"], pin["resident"]) == ("meeting", "")
    send(managers["en"], next(f for f in forms(page) if f["action"].endswith("/unpin")))
    assert "it is pinned" not in text(managers["en"].get(meeting_url(filled, at)))


# An hour of counselling


def test_an_hour_of_counselling_moves_by_form(app, filled, managers):  # noqa: F811
    at, target = booked(app, filled)
    page = managers["en"].get(appointment_url(filled))
    assert "Counselling with" in text(page)
    assert "Monday" in text(page)
    form = next(f for f in forms(page) if f["action"].endswith("/change"))
    answer = send(managers["en"], form)
    assert answer.status_code == 303
    assert f"of=resident-{filled['enrolment']}" in answer.headers["Location"]
    assert booked(app, filled)[1] == form["target"] != target
    found = (
        managers["en"]
        .get(
            plan_url(filled, f"/hours?kind=appointment&enrolment={filled['enrolment']}"),
            headers={"Accept": "application/json"},
        )
        .get_json()
    )
    assert found["targets"][booked(app, filled)[0]]["state"] == "here"
    assert found["change"]["instead"] == ""
    assert all(re.fullmatch(r"\d+:\d+", hour["target"]) for hour in found["targets"].values())
    assert at in found["targets"]


def test_that_it_was_read_is_written_down(app, filled, managers):  # noqa: F811
    managers["en"].get(meeting_url(filled, meetings(app, filled)[0]))
    managers["en"].get(appointment_url(filled))
    with app.app_context(), house_scope(filled["house"]):
        read = select(AuditEntry).where(AuditEntry.verb == "read").order_by(AuditEntry.id)
        assert [entry.subject_type for entry in db.session.scalars(read)] == ["TeachingGroup", "Stay"]


# Who, and on which plans


def test_a_published_plan_answers_and_changes_nothing(app, filled, managers):  # noqa: F811
    at = meetings(app, filled)[0]
    with app.app_context(), house_scope(filled["house"]):
        db.session.get_one(Plan, filled["plan"]).state = PlanState.PUBLISHED
        db.session.commit()
    for url in (meeting_url(filled, at), appointment_url(filled)):
        page = managers["en"].get(url)
        assert "Why at this hour?" in text(page)
        assert "Only drafts are changed. Here you can ask." in text(page)
        assert forms(page) == []
    week = managers["en"].get(plan_url(filled, "/week"), query_string={"of": f"group-{filled['class']}"})
    assert "data-panel" in week.text
    assert "data-target" not in week.text
    assert 'id="hand"' not in week.text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MANAGER])
def test_only_managers_ask(app, filled, sign_in, role):
    with app.app_context():
        house = db.session.get_one(Residence, filled["house"])
        user = make_user(None if role is Role.OFFICE else house, role).id
        db.session.commit()
    browser = sign_in(user)
    for url in (
        meeting_url(filled, "0-480"),
        meeting_url(filled, "0-480", "/what-if"),
        appointment_url(filled),
        plan_url(filled, "/hours"),
    ):
        assert browser.get(url).status_code == 403


def test_the_hours_are_told_of_sessions_of_the_plan_only(filled, managers):  # noqa: F811
    at = plan_url(filled, "/hours")
    assert managers["en"].get(at).get_json()["targets"] == {}
    for query in ("kind=meeting&group=0&at=0-480", "kind=appointment&enrolment=0", "kind=room&enrolment=1"):
        assert managers["en"].get(f"{at}?{query}").status_code == 404


def test_a_week_s_blocks_are_named_for_the_hand(filled, managers):  # noqa: F811
    page = managers["en"].get(plan_url(filled, "/week"), query_string={"of": f"group-{filled['class']}"}).text
    names = dict(re.findall(r'data-target="(\d-\d+)" data-name="([^"]+)"', page))
    assert names["0-480"] == "Monday 08.00–10.00"
    assert names["4-1170"] == "Friday 19.30–21.00"
    assert len(names) == 5 * 5
    assert f'data-ask="kind=meeting&amp;group={filled["class"]}&amp;at=0-480"' in page
    for one, two in pairwise(["data-targets", "data-change", "data-hold"]):
        assert page.index(one) < page.index(two)
