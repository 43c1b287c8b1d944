"""A repair while it is worked out, what it changes, and where somebody who arrives fits without moving anybody."""

from __future__ import annotations

from dataclasses import replace

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.audit.services import record_read
from foyer.cycles import repairs
from foyer.cycles.blueprint import pages, polling_ends, today
from foyer.cycles.happened import facts_between
from foyer.cycles.house import load_facts
from foyer.cycles.known import plan_names
from foyer.cycles.models import Cycle, Enrolment, Plan, PlanOrigin, PlanState
from foyer.cycles.move_words import grouped_moves
from foyer.cycles.opened import opened
from foyer.cycles.pinning import is_held
from foyer.cycles.pins import PinRow
from foyer.cycles.planning import problem_of
from foyer.cycles.progress import shortages_of
from foyer.cycles.queries import get_cycle, get_plan, published_plan
from foyer.cycles.sentences import Names, run_end_words, shortage_lines
from foyer.cycles.ways import repair_run_of
from foyer.cycles.weighing import weighed_like
from foyer.cycles.words.acts import pin_words
from foyer.cycles.words.changes import CAPS, cap_words, repair_words
from foyer.cycles.words.names import HouseNames, names_of
from foyer.cycles.words.recommend import recommendation_words
from foyer.database import db
from foyer.errors import NotFound
from foyer.jobs.models import Run
from foyer.jobs.services import request_cancel
from foyer.records import get_record
from foyer.scheduling import check, recommend
from foyer.scheduling.answers.forms import Recommendations
from foyer.scheduling.problem import Problem

Page = str | Response | tuple[str, int]


@pages.get("/<int:cycle_id>/repair/runs/<int:run_id>")
@allow(Role.MANAGER)
def repair_run(cycle_id: int, run_id: int) -> Page:
    """A repair while it is worked out; afterwards its draft, or why there is none."""
    cycle, run = get_cycle(cycle_id), repairs.run_of_cycle(cycle_id, run_id)
    if run.kind != repairs.REPAIR_JOB:
        return redirect(url_for("cycles.run", cycle_id=cycle_id, run_id=run_id), 303)
    if run.is_live:
        return render_template("cycles/repair_run.html", cycle=cycle, run=run)
    plan_id = run.result.get("plan_id")
    if plan_id and db.session.get(Plan, plan_id) is not None:
        return redirect(url_for("cycles.plan_repair", cycle_id=cycle_id, plan_id=plan_id), 303)
    return _no_repair(cycle, run)


@pages.get("/<int:cycle_id>/repair/runs/<int:run_id>/progress")
@allow(Role.MANAGER)
def repair_progress(cycle_id: int, run_id: int) -> Page:
    """The part of the page that is asked for once a second."""
    cycle, run = get_cycle(cycle_id), repairs.run_of_cycle(cycle_id, run_id)
    body = render_template("cycles/_repair_progress.html", cycle=cycle, run=run)
    if run.is_live:
        return body
    return polling_ends(body, HX_Redirect=url_for("cycles.repair_run", cycle_id=cycle_id, run_id=run_id))


@pages.post("/<int:cycle_id>/repair/runs/<int:run_id>/cancel")
@allow(Role.MANAGER)
def cancel_repair(cycle_id: int, run_id: int) -> Page:
    """Stop it."""
    get_cycle(cycle_id)
    run = repairs.run_of_cycle(cycle_id, run_id)
    if run.is_live and run.cancel_requested_at is None:
        request_cancel(run)
    db.session.commit()
    return redirect(url_for("cycles.repair_run", cycle_id=cycle_id, run_id=run_id), 303)


def _no_repair(cycle: Cycle, run: Run) -> str:
    """A run that left no draft: what stands in the way and what helps, or what went wrong. Nothing was changed."""
    found = shortages_of(run)
    caps = [cap_words(shortage) for shortage in found if shortage.code in CAPS]
    others = [shortage for shortage in found if shortage.code not in CAPS]
    is_impossible = run.result.get("outcome") == "infeasible"
    return render_template(
        "cycles/repair_none.html",
        cycle=cycle,
        run=run,
        is_impossible=is_impossible,
        caps=caps,
        lines=shortage_lines(others, Names(load_facts(cycle))) if others else [],
        words="" if is_impossible else run_end_words(run.state.value, run.result, run.error),
    )


# What a repair changes


@pages.get("/<int:cycle_id>/plans/<int:plan_id>/repair")
@allow(Role.MANAGER)
def plan_repair(cycle_id: int, plan_id: int) -> Page:
    """The moves of a repaired plan, each with its reason."""
    plan = get_plan(plan_id, cycle_id)
    if plan.origin is not PlanOrigin.REPAIRED or plan.parent_id is None:
        return redirect(url_for("cycles.plan", cycle_id=cycle_id, plan_id=plan_id), 303)
    parent, after = get_plan(plan.parent_id), opened(plan)
    names, moves = plan_names(plan, after.problem), repairs.moves_of(plan)
    told = repair_words(moves.repaired, names)
    is_by_hand = moves.repaired.changes != after.answer.changes
    return render_template(
        "cycles/plan_repair.html",
        cycle=plan.cycle,
        plan=plan,
        parent=parent,
        is_old=plan.state is PlanState.DRAFT and parent.state is not PlanState.PUBLISHED,
        answers=facts_between(opened(parent).problem, after.problem, names, after.answer.from_night),
        moves=moves,
        told=told,
        proof="" if is_by_hand else told.proof,
        groups=grouped_moves(moves.repaired.changes, names),
        lost_pins=[_pin(row, names) for row in parent.pins if not is_held(after.problem, after.answer, row)],
        failed=repair_run_of(plan) if plan.state is PlanState.DRAFT else None,
        unmet=[(names.resident(row["resident"]), row["need"], row["subject"]) for row in plan.unmet],
    )


def _pin(row: PinRow, names: HouseNames) -> str:
    return pin_words(row["kind"], row["resident"], row["target"], names)


# Somebody arrives


@pages.get("/<int:cycle_id>/repair/arrivals/<int:enrolment_id>")
@allow(Role.MANAGER)
def repair_arrival(cycle_id: int, enrolment_id: int) -> Page:
    """Up to three placements of somebody who arrives, without moving anybody."""
    plan, enrolment = _arriving(cycle_id, enrolment_id)
    if plan is None:
        return redirect(url_for("cycles.repair", cycle_id=cycle_id), 303)
    record_read(enrolment.stay, resident_id=enrolment.stay.resident_id)
    facts = load_facts(plan.cycle)
    _problem, found = _placements(plan, enrolment)
    return render_template(
        "cycles/repair_arrival.html",
        cycle=plan.cycle,
        enrolment=enrolment,
        told=recommendation_words(found, names_of(facts)) if found is not None else None,
    )


@pages.post("/<int:cycle_id>/repair/arrivals/<int:enrolment_id>")
@allow(Role.MANAGER)
def take_placement(cycle_id: int, enrolment_id: int) -> Page:
    """Make a draft of one placement."""
    plan, enrolment = _arriving(cycle_id, enrolment_id)
    number = request.form.get("placement", type=int)
    problem, found = _placements(plan, enrolment) if plan is not None else (None, None)
    if plan is None or problem is None or found is None or number is None or not 0 < number <= len(found.placements):
        flash(_("This placement is not possible any more. Please look again."), "danger")
        return redirect(url_for("cycles.repair", cycle_id=cycle_id), 303)
    row = repairs.store_placement(
        problem,
        found.placements[number - 1].plan,
        plan,
        from_on=_first_night(plan, enrolment),
        actor_id=current_user.id,
    )
    db.session.commit()
    return redirect(url_for("cycles.plan_repair", cycle_id=cycle_id, plan_id=row.id), 303)


def _arriving(cycle_id: int, enrolment_id: int) -> tuple[Plan | None, Enrolment]:
    get_cycle(cycle_id)
    enrolment = get_record(Enrolment, enrolment_id)
    if enrolment.cycle_id != cycle_id:
        raise NotFound("enrolment")
    return published_plan(cycle_id), enrolment


def _first_night(plan: Plan, enrolment: Enrolment):  # type: ignore[no-untyped-def]
    day = max(repairs.first_day(plan, today()), enrolment.stay.arrives_on)
    return day if day < plan.cycle.ends_on else abort(404)


def _placements(plan: Plan, enrolment: Enrolment) -> tuple[Problem | None, Recommendations | None]:
    """The house on the day of the arrival, and where it has a place. None where the published plan breaks a rule of
    that house already (a class closed, somebody left): then only a repair can say."""
    day = _first_night(plan, enrolment)
    was = opened(plan)
    problem = weighed_like(problem_of(load_facts(plan.cycle, day)), was.problem)
    standing = replace(was.answer, from_night=plan.cycle.night_number(day))
    if all(resident.id != str(enrolment.id) for resident in problem.residents):
        return None, None
    if repairs.broken_besides(problem, standing, str(enrolment.id), check):
        return None, None
    return problem, recommend(problem, standing, str(enrolment.id), most_moved=0)
