"""What this package knows to be due: assessments, plans, reviews, steps, decisions, facts before the next cycle.

Nothing is due before there is a date, and nothing late drops out of sight, in the next cycle or after the stay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, func, or_, select

from foyer.care.models import (
    Assessment,
    CareRule,
    CaseConference,
    ConferenceDecision,
    Doer,
    FactConfirmation,
    GoalState,
    PlannerFact,
    PlanReview,
    Point,
    ReviewResult,
    RpiState,
    ServiceGoal,
    ServicePlan,
    ServiceStep,
)
from foyer.care.rules import assessment_windows, days_of_house, next_review, plan_due
from foyer.caseload.desk import Desk
from foyer.caseload.dues import Due, Naming, Residents, addresses, register_dues
from foyer.caseload.rights import Part
from foyer.cycles.models import Cycle, CycleState, Enrolment
from foyer.formatting import short_date
from foyer.questions import Question
from foyer.residents.models import Stay
from foyer.words import words

STILL_SHOWN = timedelta(days=366)  # what was missed when somebody left: as long as contact after the exit is kept
FACTS_HOLD = timedelta(days=120)  # a confirmation is good for a cycle
FACTS_BEFORE = timedelta(days=14)  # before a cycle begins, its facts are confirmed
PLAN = "care.rpi"


def assessments_asked(today: date, resident_ids: Residents) -> Question:
    """The stays of today and of the last year, each with its cycles that have begun and its assessments."""
    return (
        select(
            Stay.id,
            Stay.resident_id,
            Stay.arrives_on,
            Stay.leaves_on,
            Cycle.id.label("running"),
            Cycle.starts_on,
            Cycle.weeks,
            Assessment.point,
            Assessment.cycle_id,
            Assessment.finished_at,
            *days_of_house("entry_days", "middle_days", "exit_days"),
        )
        .outerjoin(Enrolment, Enrolment.stay_id == Stay.id)
        .outerjoin(Cycle, and_(Cycle.id == Enrolment.cycle_id, Cycle.starts_on <= today))
        .outerjoin(Assessment, Assessment.stay_id == Stay.id)
        .outerjoin(CareRule, CareRule.residence_id == Stay.residence_id)
        .where(
            Stay.resident_id.in_(resident_ids),
            Stay.elsewhere.is_(None),  # what another house left undone is not due here
            Stay.arrives_on <= today,
            Stay.leaves_on > today - STILL_SHOWN,
        )
    )


def assessments_due(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    """Points of the cycle whose assessment is not finished; those of an earlier cycle until a later one is finished,
    which says all that they would have said. What was begun is to be finished in any case."""
    by_stay: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_stay[row.id].append(row)
    said = {point: _("Assessment: %(point)s", point=words(point)) for point in Point}
    page = addresses("care.assessments")
    found = []
    for own in by_stay.values():
        whose = own[0].resident_id
        found += [Due("assessment", whose, due_on, said[point], page(whose)) for point, due_on in _points_open(own)]
    return found


_ORDER = {point: n for n, point in enumerate((Point.ENTRY, Point.MIDDLE, Point.EXIT))}


def _points_open(own: Sequence[Any]) -> Iterator[tuple[Point, date]]:
    """The points of a stay that are due, with their days. ``own``: a row for each of its cycles and assessments, in
    which the days of stay, cycle and house stand."""
    last = max(own, key=lambda row: row.starts_on or date.min)
    begins = {row.running: row.starts_on for row in own if row.running}
    finished = {(row.cycle_id or last.running, row.point) for row in own if row.finished_at}
    begun = {(row.cycle_id or last.running, row.point) for row in own if row.point}
    latest = max(((begins.get(cycle, date.min), _ORDER[point]) for cycle, point in finished), default=(date.min, -1))
    for cycle in {row.running: row for row in own if row.running or not last.running}.values():
        for point, window in assessment_windows(cycle, cycle if cycle.running else None, cycle).items():
            key = (cycle.running, point)
            is_over = cycle.running != last.running and (cycle.starts_on, _ORDER[point]) < latest
            if key not in finished and (key in begun or not is_over):
                yield point, window.due_on


def plans_asked(today: date, resident_ids: Residents) -> Question:
    """Who has no plan in force: not yet, or since the last one ended while the stay goes on."""
    of_stay = (ServicePlan.stay_id == Stay.id,)
    agreed = select(ServicePlan.id).where(*of_stay, ServicePlan.state == RpiState.AGREED)
    ended = select(func.max(ServicePlan.ended_on)).where(*of_stay, ServicePlan.state == RpiState.ENDED)
    return (
        select(
            Stay.resident_id,
            Stay.arrives_on,
            Stay.leaves_on,
            ended.scalar_subquery().label("ended_on"),
            *days_of_house("plan_days"),
        )
        .select_from(Stay)
        .outerjoin(CareRule, CareRule.residence_id == Stay.residence_id)
        .where(
            Stay.resident_id.in_(resident_ids),
            Stay.arrives_on <= today,
            Stay.leaves_on > today,
            ~agreed.exists(),
        )
    )


def plans_due(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    said, page = _("Individual plan (RPI) agreed"), addresses(PLAN)
    anew = _("New individual plan (RPI): the last one ended")
    found = []
    for row in rows:
        if row.ended_on is None:
            found.append(Due("rpi", row.resident_id, plan_due(row, row), said, page(row.resident_id)))
        elif (due_on := row.ended_on + timedelta(days=row.plan_days)) < row.leaves_on:
            found.append(Due("rpi", row.resident_id, due_on, anew, page(row.resident_id)))
    return found


def reviews_asked(today: date, resident_ids: Residents) -> Question:
    """Every plan in force with its reviews."""
    return (
        select(
            ServicePlan.id,
            ServicePlan.resident_id,
            ServicePlan.agreed_on,
            PlanReview.id.label("review_id"),
            PlanReview.due_on,
            PlanReview.held_on,
            PlanReview.put_off_to,
            PlanReview.result,
            *days_of_house("review_days", "window_days", "plan_days"),
        )
        .join(Stay, Stay.id == ServicePlan.stay_id)
        .outerjoin(PlanReview, PlanReview.plan_id == ServicePlan.id)
        .outerjoin(CareRule, CareRule.residence_id == Stay.residence_id)
        .where(
            ServicePlan.resident_id.in_(resident_ids),
            ServicePlan.state == RpiState.AGREED,
            Stay.leaves_on > today,
        )
    )


def reviews_due(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    """The next review of each plan, and the new version that the last one decided on."""
    by_plan: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_plan[row.id].append(row)
    page = addresses(PLAN)
    found = []
    for own in by_plan.values():
        plan = own[0]  # the plan's and the house's days stand in each row
        due = next_review(plan, [row for row in own if row.review_id], plan)
        if due is not None:
            moved = _("Review of the plan (put off, with a reason)") if due.put_off else _("Review of the plan")
            found.append(Due("review", plan.resident_id, due.due_on, moved, page(plan.resident_id)))
        last = max((row for row in own if row.held_on), key=lambda row: (row.held_on, row.review_id), default=None)
        if last is not None and last.result is ReviewResult.CHANGE:
            due_on = last.held_on + timedelta(days=plan.plan_days)
            said = _("New version of the plan, as the review decided")
            found.append(Due("review", plan.resident_id, due_on, said, page(plan.resident_id)))
    return found


def steps_asked(today: date, resident_ids: Residents) -> Question:
    """Open steps of plans in force; of a stay that is over those that the staff promised to do."""
    promised = and_(ServiceStep.doer == Doer.STAFF, Stay.leaves_on > today - STILL_SHOWN, Stay.elsewhere.is_(None))
    return (
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
            or_(Stay.leaves_on > today, promised),
        )
    )


def steps_due(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    """The steps' own words stay in the plan: whoever is to do one may not read all of it."""
    said = {domain: _("Step of the plan: %(domain)s", domain=words(domain)) for domain in {row.domain for row in rows}}
    page = addresses(PLAN)
    return [
        Due("step", row.resident_id, row.due_on, said[row.domain], page(row.resident_id), row.staff_id) for row in rows
    ]


def decisions_asked(today: date, resident_ids: Residents) -> Question:
    """What case conferences decided and nobody has reported done."""
    return (
        select(
            ConferenceDecision.resident_id,
            ConferenceDecision.due_on,
            ConferenceDecision.owner_id,
            CaseConference.held_on,
        )
        .join(CaseConference, CaseConference.id == ConferenceDecision.conference_id)
        .where(ConferenceDecision.resident_id.in_(resident_ids), ConferenceDecision.done_on.is_(None))
    )


def decisions_due(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    page = addresses("care.conferences")
    return [
        Due(
            "decision",
            row.resident_id,
            row.due_on,
            _("Decision of the case conference of %(day)s", day=short_date(row.held_on)),
            page(row.resident_id),
            row.owner_id,
        )
        for row in rows
    ]


def facts_asked(today: date, resident_ids: Residents) -> Question:
    """Who has a place in a cycle that is being prepared, while not every fact was confirmed since the cycle before."""
    cycle = (
        select(Cycle.id, Cycle.starts_on)
        .where(Cycle.state == CycleState.PREPARING, Cycle.starts_on > today)
        .order_by(Cycle.starts_on)
        .limit(1)
        .subquery()
    )
    since = today - FACTS_HOLD
    return (
        select(Stay.resident_id, cycle.c.starts_on)
        .join(Enrolment, Enrolment.stay_id == Stay.id)
        .join(cycle, cycle.c.id == Enrolment.cycle_id)
        .outerjoin(FactConfirmation, and_(FactConfirmation.stay_id == Stay.id, FactConfirmation.confirmed_on >= since))
        .where(Stay.resident_id.in_(resident_ids))
        .group_by(Stay.resident_id, cycle.c.starts_on)
        .having(func.count(func.distinct(FactConfirmation.fact)) < len(PlannerFact))
    )


def facts_due(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    said, page = _("Confirm what the next plan counts with"), addresses("care.facts")
    return [Due("facts", row.resident_id, row.starts_on - FACTS_BEFORE, said, page(row.resident_id)) for row in rows]


def register() -> None:
    """Tell the caseload what this package finds due."""
    register_dues("assessment", _l("Assessments"), assessments_asked, assessments_due)
    register_dues("rpi", _l("Individual plans"), plans_asked, plans_due)
    register_dues("review", _l("Reviews"), reviews_asked, reviews_due)
    register_dues("step", _l("Steps of plans"), steps_asked, steps_due, naming=Naming("staff_id", Part.PLAN))
    decided = _l("Decisions of case conferences")
    register_dues("decision", decided, decisions_asked, decisions_due, naming=Naming("owner_id", Part.CONFERENCE))
    register_dues("facts", _l("Facts for the planner"), facts_asked, facts_due)
