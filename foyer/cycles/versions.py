"""Which version of a cycle's plan holds on which day.

A plan that is published takes the place of those before it from its ``from_on`` on. What they held until then stays
true: weeks, dated sessions and calendars of earlier days come from the version in force that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from foyer.cycles.models import Cycle, Plan, PlanState
from foyer.database import db


@dataclass(frozen=True)
class Span:
    """The days ``[first_on, until_on)`` on which a plan holds."""

    plan: Plan
    first_on: date
    until_on: date

    @property
    def last_on(self) -> date:
        return self.until_on - timedelta(days=1)


@dataclass(frozen=True)
class Versions:
    """The published plans of a cycle in the order of their publication, at least one, and the days on which each holds:
    ``spans`` cover the cycle without gap or overlap, in order of days. A version that another took the place of before
    it came into force has none."""

    cycle: Cycle
    plans: tuple[Plan, ...]
    spans: tuple[Span, ...]

    @property
    def residence_id(self) -> int:
        return self.cycle.residence_id

    @property
    def latest(self) -> Plan:
        """The plan that was published last."""
        return self.plans[-1]

    def on(self, day: date) -> Plan:
        """The plan in force on a day; before the cycle its first, after it its last."""
        return next((span.plan for span in reversed(self.spans) if span.first_on <= day), self.spans[0].plan)

    def span_of(self, plan: Plan) -> Span | None:
        """The days on which a version holds; None where it never comes into force."""
        return next((span for span in self.spans if span.plan is plan), None)


Timetable = Plan | Versions  # where a week is read from: one plan over the whole cycle, or what holds on each day


def spans_of(source: Timetable) -> Sequence[Span]:
    """The days that each plan of a timetable answers for."""
    if isinstance(source, Versions):
        return source.spans
    return (Span(source, source.cycle.starts_on, source.cycle.ends_on),)


def versions_from(cycle: Cycle, plans: Iterable[Plan]) -> Versions | None:
    """The versions that these published plans are, given in the order of publication; None without any."""
    kept: list[Span] = []
    published = tuple(plans)
    for plan in published:
        first = min(max(plan.from_on or cycle.starts_on, cycle.starts_on), cycle.ends_on)
        first = first if kept else cycle.starts_on  # before the first version there is none that could hold
        kept = [Span(span.plan, span.first_on, min(span.until_on, first)) for span in kept if span.first_on < first]
        if first < cycle.ends_on:
            kept.append(Span(plan, first, cycle.ends_on))
    return Versions(cycle, published, tuple(kept)) if published else None


def versions_of(cycle_id: int) -> Versions | None:
    """The published versions of a cycle's plan; None while nothing is published."""
    plans = db.session.scalars(
        select(Plan)
        .where(Plan.cycle_id == cycle_id, Plan.state != PlanState.DRAFT)
        .options(joinedload(Plan.cycle))
        .order_by(Plan.release)
    ).all()
    return versions_from(plans[0].cycle, plans) if plans else None


def plan_in_force(cycle_id: int, day: date) -> Plan | None:
    """The published plan that holds on a day of the cycle; None while nothing is published."""
    versions = versions_of(cycle_id)
    return versions.on(day) if versions else None
