"""Asking of one session in a plan's week, a class's meeting or an hour of counselling: why it is then, to which other
hours it could move, what that would cost. The pages also come as the inside of a side panel (``?panel=1``)."""

from __future__ import annotations

from typing import Any

from flask import abort, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.audit.services import record_read
from foyer.cycles.ask_views import ADDRESS, asked_of, plan_page, what_if_answer
from foyer.cycles.asking import plan_to_ask, sheet_of
from foyer.cycles.blueprint import pages
from foyer.cycles.groups import get_group
from foyer.cycles.models import Plan
from foyer.cycles.pinning import studied
from foyer.cycles.places import places_of
from foyer.cycles.plan_names import names_in
from foyer.cycles.sessions import (
    Session,
    appointment_of,
    hours_of,
    is_pinned,
    meeting_of,
    when_words,
    who_and_where,
    why_lines,
)
from foyer.cycles.weeks import Slot, group_title
from foyer.cycles.words.names import HouseNames
from foyer.residents.naming import paper_name, telling
from foyer.scheduling.answers.what_if import UnknownWish
from foyer.timetable import Door

MEETING = "/<int:cycle_id>/plans/<int:plan_id>/groups/<int:group_id>/meeting"


def door_of(plan: Plan, slot: Slot) -> Door:
    """Where a session of a plan's week can be asked about."""
    at: dict[str, Any] = {"cycle_id": plan.cycle_id, "plan_id": plan.id}
    if slot.enrolment_id is not None:
        url = url_for("cycles.plan_appointment", enrolment_id=slot.enrolment_id, **at)
        ask = f"kind=appointment&enrolment={slot.enrolment_id}"
        return Door(url, f"enrolment-{slot.enrolment_id}", ask, slot.at)
    url = url_for("cycles.plan_meeting", group_id=slot.group_id, at=slot.at, **at)
    return Door(url, f"group-{slot.group_id}", f"kind=meeting&group={slot.group_id}&at={slot.at}", slot.at)


@pages.get(MEETING)
@allow(Role.MANAGER)
def plan_meeting(cycle_id: int, plan_id: int, group_id: int) -> str:
    """The meeting of a class or group that begins ``at`` a day and start ("0-480")."""
    plan, group = plan_to_ask(cycle_id, plan_id), get_group(cycle_id, group_id)
    record_read(group)
    session = meeting_of(plan, group_id, request.args.get("at", ""))
    names = names_in(plan, studied(plan).problem)
    return _session_page(plan, session, names, title=group_title(group), back=_week_of(plan, f"group-{group_id}"))


@pages.get(f"{MEETING}/what-if")
@allow(Role.MANAGER)
def plan_meeting_what_if(cycle_id: int, plan_id: int, group_id: int) -> str | Response:
    """What it would cost if the meeting were in the ``target`` instead, and who would move; no target: back to it."""
    plan, group = plan_to_ask(cycle_id, plan_id), get_group(cycle_id, group_id)
    record_read(group)
    session = meeting_of(plan, group_id, request.args.get("at", ""))
    back = url_for("cycles.plan_meeting", cycle_id=cycle_id, plan_id=plan_id, group_id=group_id, at=session.at)
    if not request.args.get("target"):
        return redirect(back)
    return plan_page(
        "cycles/what_if.html",
        plan,
        back=back,
        back_name=group_title(group),
        next=_week_of(plan, f"group-{group_id}"),
        **what_if_answer(plan, session.wish(request.args.get("target", "")), ""),
    )


@pages.get(f"{ADDRESS}/appointment")
@allow(Role.MANAGER)
def plan_appointment(cycle_id: int, plan_id: int, enrolment_id: int) -> str:
    """A resident's hour of counselling."""
    asked = asked_of(cycle_id, plan_id, enrolment_id)
    session = appointment_of(asked.plan, enrolment_id)
    names = names_in(asked.plan, studied(asked.plan).problem)
    needs, resident = sheet_of(asked.plan, asked.enrolment).needs or (), asked.enrolment.stay.resident
    return _session_page(
        asked.plan,
        session,
        names,
        title=telling(_("Counselling with %(name)s"), name=resident),
        back=_week_of(asked.plan, f"resident-{enrolment_id}"),
        need=next((need for need in needs if need.kind == "appointment"), None),
        person={"name": paper_name(resident), "at": asked.at},
    )


@pages.get("/<int:cycle_id>/plans/<int:plan_id>/hours")
@allow(Role.MANAGER)
def plan_hours(cycle_id: int, plan_id: int) -> Response:
    """The blocks of the week at which a session could begin, as JSON: here, allowed, at a price, or forbidden and why.
    Of ``kind`` "meeting" the one of ``group`` that begins ``at``, else the appointment of ``enrolment``. Nobody named:
    nothing."""
    plan = plan_to_ask(cycle_id, plan_id)
    if "kind" not in request.args:
        return jsonify(version=plan.version, targets={})
    session = _asked_session(plan)
    try:
        found = hours_of(plan, session)
    except UnknownWish:
        abort(404)
    wish = session.wish("")
    return jsonify(
        version=plan.version,
        change={"kind": wish.kind, "enrolment": wish.resident, "instead": wish.instead},
        targets={at: {**hour.told, "target": hour.id} for at, hour in found.items()},
    )


def _asked_session(plan: Plan) -> Session:
    asked = request.args
    if asked["kind"] == "meeting":
        return meeting_of(plan, asked.get("group", 0, type=int), asked.get("at", ""))
    if asked["kind"] == "appointment":
        return appointment_of(plan, asked.get("enrolment", 0, type=int))
    abort(404)


def _session_page(
    plan: Plan, session: Session, names: HouseNames, *, title: str, back: str, need: Any = None, person: Any = None
) -> str:
    pinned = is_pinned(plan, session)
    listing = places_of(
        plan,
        session.wish("").kind,
        int(session.resident),
        names,
        meeting=session.meeting,
    )
    return plan_page(
        "cycles/session.html",
        plan,
        session=session,
        title=title,
        when=when_words(plan, session, names),
        facts=who_and_where(session, names) if session.kind == "meeting" else (),
        pinned=pinned,
        need=need,
        person=person,
        why_here=why_lines(listing, pinned=pinned),
        listing=listing,
        back=back,
    )


def _week_of(plan: Plan, key: str) -> str:
    return url_for("cycles.plan_week", cycle_id=plan.cycle_id, plan_id=plan.id, of=key)
