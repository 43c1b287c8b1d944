"""Reviews of a plan: held with a result, or put off with a reason that stays in sight."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from foyer.accounts.models import User
from foyer.care.models import PlanReview, ReviewResult, RpiState, ServicePlan
from foyer.care.rpi import NotInForce, end_plan
from foyer.care.rules import ReviewDue, next_review, rules_of
from foyer.database import db
from foyer.errors import FoyerError
from foyer.records import flush


class ReviewAhead(FoyerError):
    """A review that was held cannot lie in the future."""


class ReviewTooEarly(FoyerError):
    """The window of the next review has not opened, so it would not count."""


class PutOffTooShort(FoyerError):
    """A review is put off to a day after the one on which it is due, and not into the past."""


class ReasonMissing(FoyerError):
    """An exemption needs its reason."""


def reviews_of(plan_ids: Sequence[int]) -> Sequence[PlanReview]:
    """Reviews held and put off, oldest first."""
    return db.session.scalars(select(PlanReview).where(PlanReview.plan_id.in_(plan_ids)).order_by(PlanReview.id)).all()


def review_due(plan: ServicePlan) -> ReviewDue:
    """When the plan in force is to be reviewed. Raises NotInForce."""
    due = next_review(plan, reviews_of([plan.id]), rules_of(plan.residence_id))
    if due is None or plan.state is not RpiState.AGREED:
        raise NotInForce
    return due


def hold_review(
    plan: ServicePlan, *, on: date, today: date, result: ReviewResult, summary: str, actor: User
) -> PlanReview:
    """A review took place. With END the plan ends; for CHANGE the next step is a new version. Raises NotInForce,
    ReviewAhead, ReviewTooEarly."""
    due = review_due(plan)
    if on > today:
        raise ReviewAhead
    if on < due.from_on and result is ReviewResult.CONTINUE:
        raise ReviewTooEarly  # a change or an end may come at any time
    review = _saved(plan, due, actor, held_on=on, result=result, summary=summary.strip() or None)
    if result is ReviewResult.END:
        end_plan(plan, reason=summary, on=on)
    return review


def put_off(plan: ServicePlan, *, to: date, today: date, reason: str, actor: User) -> PlanReview:
    """A reasoned exemption: this one review is due later. Raises NotInForce, ReasonMissing, PutOffTooShort."""
    due = review_due(plan)
    if not reason.strip():
        raise ReasonMissing
    if to <= max(due.due_on, today):
        raise PutOffTooShort
    return _saved(plan, due, actor, put_off_to=to, reason=reason.strip())


def _saved(plan: ServicePlan, due: ReviewDue, actor: User, **values: object) -> PlanReview:
    review = PlanReview(
        residence_id=plan.residence_id,
        resident_id=plan.resident_id,
        plan_id=plan.id,
        due_on=due.due_on,
        recorded_by_id=actor.id,
        **values,
    )
    db.session.add(review)
    flush()
    return review
