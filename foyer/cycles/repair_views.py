"""Repair in mid-cycle: what has happened, recording more of it, and asking for the least change."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.cycles import repairs, services
from foyer.cycles.blueprint import pages, today
from foyer.cycles.events import end_interruption
from foyer.cycles.happened import Happening, happened
from foyer.cycles.house import HouseFacts, load_facts
from foyer.cycles.interruptions import Interruption, InterruptionKind
from foyer.cycles.models import Cycle, CycleState, Plan
from foyer.cycles.opened import opened
from foyer.cycles.queries import current_cycle, enrolment_of_resident, get_cycle, published_plan
from foyer.cycles.repair_events import BY_KEY, KINDS, EventKind, offers
from foyer.cycles.repair_forms import StartForm
from foyer.cycles.words.names import HouseNames, names_of
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.formatting import short_date, time_range, weekday_name
from foyer.records import get_record

Page = str | Response | tuple[str, int]
_KEYS = ", ".join(f"'{key}'" for key in BY_KEY)


@pages.get("/<int:cycle_id>/repair")
@allow(Role.MANAGER)
def repair(cycle_id: int) -> Page:
    """What has happened since the plan was published, what else may have, and the door to the repair."""
    plan = _plan_to_repair(cycle_id)
    if plan is None:
        return _nothing_to_repair(cycle_id)
    return _repair_page(plan, None)


@pages.post("/<int:cycle_id>/repair")
@allow(Role.MANAGER)
def start_repair(cycle_id: int) -> Page:
    """Ask for the least change, or show the repair that is under way."""
    plan = _plan_to_repair(cycle_id)
    if plan is None:
        return _nothing_to_repair(cycle_id)
    form = StartForm()
    if not form.validate_on_submit():
        return _repair_page(plan, form), 422
    try:
        run = repairs.start_repair(cycle_id=cycle_id, wish=_wish(form), actor_id=current_user.id, today=today())
        db.session.commit()
        run_id = run.id
    except services.RunUnderWay as error:
        db.session.rollback()
        run_id = error.run_id
        flash(_("A repair is already being worked out; here it is."), "info")
    except repairs.DayWrong:
        db.session.rollback()
        first = short_date(repairs.first_day(plan, today()))
        last = short_date(plan.cycle.ends_on)
        form.refuse(form.start_on, _("The day must lie between %(first)s and %(last)s.", first=first, last=last))
        return _repair_page(plan, form), 422
    return redirect(url_for("cycles.repair_run", cycle_id=cycle_id, run_id=run_id), 303)


def _wish(form: StartForm) -> repairs.RepairWish:
    return repairs.RepairWish(
        form.start_on.data,  # type: ignore[arg-type]
        most_changes=form.most_changes.data,
        most_per_resident=form.most_per_resident.data,
        place_unplaced=bool(form.place_unplaced.data),
    )


def _plan_to_repair(cycle_id: int) -> Plan | None:
    """The published plan, unless its cycle is over."""
    plan = published_plan(cycle_id, with_files=True)
    cycle = plan.cycle if plan is not None else get_cycle(cycle_id)
    return plan if plan is not None and cycle.state is not CycleState.CLOSED and today() < cycle.ends_on else None


def _nothing_to_repair(cycle_id: int) -> Response:
    flash(_("There is no published plan to repair: nothing is published, or the cycle is over."), "info")
    return redirect(url_for("cycles.show", cycle_id=cycle_id), 303)


def _repair_page(plan: Plan, form: StartForm | None) -> str:
    cycle, facts = plan.cycle, load_facts(plan.cycle)
    found = happened(plan, facts, today())
    first = repairs.first_day(plan, today())
    start_on = max(first, min((thing.on for thing in found), default=first))
    return render_template(
        "cycles/repair.html",
        cycle=cycle,
        plan=plan,
        happenings=found,
        later=_later(found, start_on),
        form=form or StartForm(formdata=None, data={"start_on": start_on}),
        kinds=KINDS,
        away=_away(facts, today()),
        newcomers=_newcomers(plan, facts),
        waiting=repairs.waiting_repairs(cycle.id),
        run=repairs.live_repair(cycle.id),
    )


def _later(found: tuple[Happening, ...], start_on: date) -> bool:
    """Whether something begins only after the day that is offered."""
    return any(thing.on > start_on for thing in found)


def _newcomers(plan: Plan, facts: HouseFacts) -> list[tuple[int, str]]:
    """Who is enrolled and still to come, or just here, without being in the published plan."""
    placed = {resident.id for resident in opened(plan).problem.residents}
    return [(e.id, e.stay.resident.full_name) for e in facts.enrolments if str(e.id) not in placed]


def _away(facts: HouseFacts, day: date) -> list[dict[str, Any]]:
    """Who and what is away or closed, now or to come, in words."""
    names = names_of(facts)
    by_stay = {e.stay_id: e.stay.resident.full_name for e in facts.enrolments}
    return [
        {"id": row.id, "who": _who(row, names, by_stay), "when": _when(row), "act": _end_words(row, day)}
        for row in facts.interruptions
        if row.until_on is None or row.until_on > day
    ]


def _who(row: Interruption, names: HouseNames, by_stay: dict[int, str]) -> str:
    id_ = str(row.subject_id)
    if row.kind is InterruptionKind.RESIDENT:
        return by_stay.get(row.subject_id, _("a resident"))
    if row.kind is InterruptionKind.STAFF:
        instead = names.staff.get(str(row.instead_staff_id))
        who = names.instructor(id_)
        return _("%(who)s (%(instead)s takes over)", who=who, instead=instead) if instead else who
    return names.venue(id_) if row.kind is InterruptionKind.VENUE else names.group(id_)


def _when(row: Interruption) -> str:
    days = ", ".join(weekday_name(day) for day in row.weekdays)
    hours = time_range(row.start_minute, row.end_minute) if (row.start_minute, row.end_minute) != (0, 1440) else ""
    what = " ".join(part for part in (days, hours) if part)
    first = short_date(row.from_on)
    if row.until_on is None:
        since = _("from %(first)s on, until somebody ends it", first=first)
    else:
        since = _("from %(first)s, back on %(until)s", first=first, until=short_date(row.until_on))
    return f"{what}, {since}" if what else since


def _end_words(row: Interruption, day: date) -> str:
    return _("It is over from today") if row.from_on < day else _("Take it back")


@pages.route("/<int:cycle_id>/repair/<any(" + _KEYS + "):event>", methods=["GET", "POST"])
@allow(Role.MANAGER)
def repair_event(cycle_id: int, event: str) -> Page:
    """Record one fact; the list of what has happened then has it."""
    plan, kind = _plan_to_repair(cycle_id), BY_KEY[event]
    if plan is None:
        return _nothing_to_repair(cycle_id)
    cycle = plan.cycle
    form = _event_form(cycle, kind)
    made: dict[str, Any] = {}

    def act() -> None:
        made["row"] = kind.record(cycle, form)

    if submitted(form, act, kind.refusals):
        flash(_("It is recorded. The plan has not changed yet."))
        if made["row"] is not None:
            return redirect(url_for("cycles.repair_arrival", cycle_id=cycle_id, enrolment_id=made["row"].id), 303)
        return redirect(url_for("cycles.repair", cycle_id=cycle_id), 303)
    return form_page("cycles/repair_event.html", form, cycle=cycle, kind=kind)


def _event_form(cycle: Cycle, kind: EventKind) -> Any:
    """The form with its lists; the address may say whom or what it is about."""
    given = {kind.subject: request.args.get("about", type=int)}
    form = kind.form(data={"from_on": max(today(), cycle.starts_on), **given})
    form.offer(offers(cycle))
    return form


@pages.get("/repair-now/<any(" + _KEYS + "):event>")
@allow(Role.MANAGER)
def repair_now(event: str) -> Page:
    """From the page of a room, a member of staff or a resident: the form of the cycle that runs, filled in with
    ``about`` (an id of that kind, or a resident's)."""
    cycle = current_cycle(g.residence_id, today())
    if cycle is None:
        flash(_("The house has no cycle yet."), "info")
        return redirect(url_for("cycles.index"), 303)
    about = request.args.get("about", type=int)
    if BY_KEY[event].subject == "enrolment_id" and about is not None:
        found = enrolment_of_resident(cycle.id, about)
        about = found.id if found else None
    return redirect(url_for("cycles.repair_event", cycle_id=cycle.id, event=event, about=about), 303)


@pages.post("/<int:cycle_id>/repair/away/<int:interruption_id>/end")
@allow(Role.MANAGER)
def end_away(cycle_id: int, interruption_id: int) -> Page:
    """Somebody is back, a door is open again."""
    cycle, row = get_cycle(cycle_id), get_record(Interruption, interruption_id)
    if row.from_on >= cycle.ends_on:
        abort(404)
    end_interruption(row, on=today())
    db.session.commit()
    flash(_("That is over. If the plan was repaired for it, repair it once more."))
    return redirect(url_for("cycles.repair", cycle_id=cycle_id), 303)
