"""What this package knows to be due: assessments, plans, reviews, steps, decisions, facts before the next cycle.

One query a kind; nothing is due before there is a date, and nothing late drops out of sight while the stay lasts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import defer

from foyer.care.models import (
    Assessment,
    CareRule,
    CaseConference,
    ConferenceDecision,
    FactConfirmation,
    GoalState,
    PlannerFact,
    PlanReview,
    Point,
    RpiState,
    ServiceGoal,
    ServicePlan,
    ServiceStep,
)
from foyer.care.rules import assessment_windows, next_review, plan_due, rules_of
from foyer.caseload.desk import Desk
from foyer.caseload.dues import Due, register_dues
from foyer.cycles.models import Cycle, CycleState, Enrolment
from foyer.database import db
from foyer.formatting import short_date
from foyer.residents.models import Stay
from foyer.words import words

STILL_SHOWN = timedelta(days=30)  # an assessment that was missed when somebody left
FACTS_HOLD = timedelta(days=120)  # a confirmation is good for a cycle
FACTS_BEFORE = timedelta(days=14)  # before a cycle begins, its facts are confirmed
Residents = Select[tuple[int]]


def assessments_due(desk: Desk, resident_ids: Residents) -> list[Due]:
    """Points of the cycle whose assessment is not finished."""
    rows = db.session.execute(
        select(Stay, Cycle, Assessment.point, Assessment.cycle_id, Assessment.finished_at)
        .outerjoin(Enrolment, Enrolment.stay_id == Stay.id)
        .outerjoin(Cycle, and_(Cycle.id == Enrolment.cycle_id, Cycle.starts_on <= desk.today))
        .outerjoin(Assessment, Assessment.stay_id == Stay.id)
        .where(
            Stay.resident_id.in_(resident_ids), Stay.arrives_on <= desk.today, Stay.leaves_on > desk.today - STILL_SHOWN
        )
    ).all()
    by_stay: dict[Stay, list[Any]] = defaultdict(list)
    for row in rows:
        by_stay[row[0]].append(row)
    rules = _rules(desk)
    found = []
    for stay, own in by_stay.items():
        cycle = max((row[1] for row in own if row[1]), key=lambda each: each.starts_on, default=None)
        done = {row.point for row in own if row.finished_at and (cycle is None or row.cycle_id in (None, cycle.id))}
        for point, window in assessment_windows(stay, cycle, rules).items():
            if point not in done:
                found.append(_assessment(stay, point, window.due_on))
    return found


def _assessment(stay: Stay, point: Point, due_on: Any) -> Due:
    return Due(
        "assessment",
        stay.resident_id,
        due_on,
        _("Assessment: %(point)s", point=words(point)),
        url_for("care.assessments", resident_id=stay.resident_id),
    )


def plans_due(desk: Desk, resident_ids: Residents) -> list[Due]:
    """Whose first plan is not agreed yet."""
    agreed = select(ServicePlan.id).where(ServicePlan.stay_id == Stay.id, ServicePlan.state != RpiState.DRAFT)
    stays = db.session.scalars(_present(desk, resident_ids).where(~agreed.exists()))
    rules = _rules(desk)
    return [
        _due_plan("rpi", stay.resident_id, plan_due(stay, rules), _("Individual plan (RPI) agreed")) for stay in stays
    ]


def reviews_due(desk: Desk, resident_ids: Residents) -> list[Due]:
    """The next review of every plan in force."""
    rows = db.session.execute(
        select(ServicePlan, PlanReview)
        .join(Stay, Stay.id == ServicePlan.stay_id)
        .outerjoin(PlanReview, PlanReview.plan_id == ServicePlan.id)
        .options(defer(ServicePlan.strengths), defer(ServicePlan.reason), defer(PlanReview.summary))
        .where(
            ServicePlan.resident_id.in_(resident_ids),
            ServicePlan.state == RpiState.AGREED,
            Stay.leaves_on > desk.today,
        )
    ).all()
    reviews: dict[ServicePlan, list[PlanReview]] = defaultdict(list)
    for plan, review in rows:
        reviews[plan] += [review] if review else []
    rules = _rules(desk)
    found = []
    for plan, own in reviews.items():
        due = next_review(plan, own, rules)
        if due is not None:
            moved = _("Review of the plan (put off, with a reason)") if due.put_off else _("Review of the plan")
            found.append(_due_plan("review", plan.resident_id, due.due_on, moved))
    return found


def steps_due(desk: Desk, resident_ids: Residents) -> list[Due]:
    """Open steps of plans in force. Their words stay in the plan: whoever is to do one may not read all of it."""
    rows = db.session.execute(
        select(ServiceStep.resident_id, ServiceStep.due_on, ServiceStep.staff_id, ServiceGoal.domain)
        .join(ServiceGoal, ServiceGoal.id == ServiceStep.goal_id)
        .join(ServicePlan, ServicePlan.id == ServiceGoal.plan_id)
        .join(Stay, Stay.id == ServicePlan.stay_id)
        .where(
            ServiceStep.resident_id.in_(resident_ids),
            ServicePlan.state == RpiState.AGREED,
            ServiceGoal.state == GoalState.OPEN,
            ServiceStep.done_on.is_(None),
            ServiceStep.dropped_on.is_(None),
            Stay.leaves_on > desk.today,
        )
    )
    return [
        _due_plan("step", resident_id, due_on, _("Step of the plan: %(domain)s", domain=words(domain)), staff_id)
        for resident_id, due_on, staff_id, domain in rows
    ]


def decisions_due(desk: Desk, resident_ids: Residents) -> list[Due]:
    """What case conferences decided and nobody has reported done."""
    rows = db.session.execute(
        select(
            ConferenceDecision.resident_id,
            ConferenceDecision.due_on,
            ConferenceDecision.owner_id,
            CaseConference.held_on,
        )
        .join(CaseConference, CaseConference.id == ConferenceDecision.conference_id)
        .where(ConferenceDecision.resident_id.in_(resident_ids), ConferenceDecision.done_on.is_(None))
    )
    return [
        Due(
            "decision",
            resident_id,
            due_on,
            _("Decision of the case conference of %(day)s", day=short_date(held_on)),
            url_for("care.conferences", resident_id=resident_id),
            owner_id,
        )
        for resident_id, due_on, owner_id, held_on in rows
    ]


def facts_due(desk: Desk, resident_ids: Residents) -> list[Due]:
    """Who has a place in a cycle that is being prepared, while not every fact was confirmed since the cycle before."""
    cycle = (
        select(Cycle.id, Cycle.starts_on)
        .where(Cycle.state == CycleState.PREPARING, Cycle.starts_on > desk.today)
        .order_by(Cycle.starts_on)
        .limit(1)
        .subquery()
    )
    since = desk.today - FACTS_HOLD
    rows = db.session.execute(
        select(Stay.resident_id, cycle.c.starts_on)
        .join(Enrolment, Enrolment.stay_id == Stay.id)
        .join(cycle, cycle.c.id == Enrolment.cycle_id)
        .outerjoin(FactConfirmation, and_(FactConfirmation.stay_id == Stay.id, FactConfirmation.confirmed_on >= since))
        .where(Stay.resident_id.in_(resident_ids))
        .group_by(Stay.resident_id, cycle.c.starts_on)
        .having(func.count(func.distinct(FactConfirmation.fact)) < len(PlannerFact))
    )
    return [
        Due(
            "facts",
            resident_id,
            starts_on - FACTS_BEFORE,
            _("Confirm what the next plan counts with"),
            url_for("care.facts", resident_id=resident_id),
        )
        for resident_id, starts_on in rows
    ]


def _rules(desk: Desk) -> CareRule:
    """The house's days, asked once in a request."""
    if "care_rules" not in g:
        g.care_rules = rules_of(desk.residence.id)
    found: CareRule = g.care_rules
    return found


def _present(desk: Desk, resident_ids: Residents) -> Select[Stay]:
    return select(Stay).where(
        Stay.resident_id.in_(resident_ids), Stay.arrives_on <= desk.today, Stay.leaves_on > desk.today
    )


def _due_plan(kind: str, resident_id: int, due_on: Any, said: str, owner_id: int | None = None) -> Due:
    return Due(kind, resident_id, due_on, said, url_for("care.rpi", resident_id=resident_id), owner_id)


def _kinds() -> Iterator[tuple[str, Any, Any]]:
    yield "assessment", _l("Assessments"), assessments_due
    yield "rpi", _l("Individual plans"), plans_due
    yield "review", _l("Reviews"), reviews_due
    yield "step", _l("Steps of plans"), steps_due
    yield "decision", _l("Decisions of case conferences"), decisions_due
    yield "facts", _l("Facts for the planner"), facts_due


def register() -> None:
    """Tell the caseload what this package finds due."""
    for kind, label, provider in _kinds():
        register_dues(kind, label, provider)
