"""The days a house gives itself for assessments, plans and reviews, and what follows from them: windows of dates.

The periods are the house's own (Permensos 16/2019 asks for assessment, plan and periodic review, and names no days that
could be confirmed); a house without settings keeps the defaults below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Label, func, select

from foyer.care.models import CareRule, PlanReview, Point, ServicePlan
from foyer.cycles.models import Cycle
from foyer.database import db
from foyer.records import change_record, flush
from foyer.residents.models import Stay

DEFAULTS = {
    "entry_days": 14,
    "middle_days": 7,
    "exit_days": 14,
    "plan_days": 30,
    "review_days": 42,
    "window_days": 7,
}


@dataclass(frozen=True)
class Window:
    """When something may be done, and its last day in time."""

    from_on: date
    due_on: date


@dataclass(frozen=True)
class ReviewDue(Window):
    """The next review of a plan; ``put_off`` are the reasons why it is later than the rule says."""

    put_off: Sequence[PlanReview] = ()


def rules_of(residence_id: int) -> CareRule:
    """The house's days; an unsaved row with the defaults where it has set none."""
    found = db.session.scalar(select(CareRule).where(CareRule.residence_id == residence_id))
    return found or CareRule(residence_id=residence_id, version=0, **DEFAULTS)


def days_of_house(*names: str) -> list[Label[int]]:
    """These of the house's days as columns of a query that joins ``CareRule`` outwards; the defaults where the house
    has set none."""
    return [func.coalesce(getattr(CareRule, name), DEFAULTS[name]).label(name) for name in names]


def change_rules(residence_id: int, values: Mapping[str, Any], *, version: int | None) -> None:
    """Set the house's days. Raises Stale."""
    rules = rules_of(residence_id)
    if rules.id is None:
        rules.version = 1
        for name, value in values.items():
            setattr(rules, name, value)
        db.session.add(rules)
        flush()
    else:
        change_record(rules, values, version=version)


def assessment_windows(stay: Stay, cycle: Cycle | None, rules: CareRule) -> Mapping[Point, Window]:
    """When a stay is assessed in a cycle. A point that makes no sense for these dates is left out: whoever comes late
    has no middle right after the entry. Each of the three may be a row that has the same days."""
    days = (rules.entry_days, rules.middle_days, rules.exit_days)
    return _windows(
        stay.arrives_on, stay.leaves_on, cycle.starts_on if cycle else None, cycle.weeks if cycle else 0, *days
    )


@lru_cache(maxsize=4096)  # every page of a house asks the same of the same stays
def _windows(
    arrives_on: date,
    leaves_on: date,
    starts_on: date | None,
    weeks: int,
    entry_days: int,
    middle_days: int,
    exit_days: int,
) -> Mapping[Point, Window]:
    """``starts_on``, ``weeks``: of the cycle, where there is one."""
    start = max(starts_on, arrives_on) if starts_on else arrives_on
    entry = Window(start, start + timedelta(days=entry_days))
    if starts_on is None:
        return MappingProxyType({Point.ENTRY: entry})
    ends_on = starts_on + timedelta(weeks=weeks)
    last = min(ends_on, leaves_on) - timedelta(days=1)
    leaving = Window(max(start, last - timedelta(days=exit_days)), last)
    found = {Point.ENTRY: entry}
    half = starts_on + timedelta(weeks=weeks) // 2
    days = timedelta(days=middle_days)
    middle = Window(half - days, half + days)
    if entry.due_on < middle.from_on and middle.due_on < leaving.from_on:
        found[Point.MIDDLE] = middle
    if entry.due_on < leaving.due_on:
        found[Point.EXIT] = leaving
    return MappingProxyType(found)


def plan_due(stay: Stay, rules: CareRule) -> date:
    """By when a stay's first plan is to be agreed."""
    return stay.arrives_on + timedelta(days=rules.plan_days)


def next_review(plan: ServicePlan, reviews: Sequence[PlanReview], rules: CareRule) -> ReviewDue | None:
    """When a plan in force is reviewed next, counted from its agreement or its last review. A reasoned exemption moves
    the day it was given for, and no other. None for a plan that is not in force."""
    if plan.agreed_on is None:
        return None
    base = max([plan.agreed_on, *(review.held_on for review in reviews if review.held_on)])
    due_on = base + timedelta(days=rules.review_days)
    moves = sorted(
        (review for review in reviews if review.put_off_to and review.due_on >= due_on),
        key=lambda review: review.due_on,
    )
    used = []
    for move in moves:
        if move.due_on == due_on and move.put_off_to:
            due_on = move.put_off_to
            used.append(move)
    return ReviewDue(due_on - timedelta(days=rules.window_days), due_on, used)
