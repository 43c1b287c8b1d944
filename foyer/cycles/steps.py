"""The road of a cycle, from preparing to closing: what is done, what is missing, who does it, and by when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from foyer.cycles.models import CycleState, Plan, PlanState
from foyer.cycles.readiness import Readiness, Severity
from foyer.formatting import short_date
from foyer.jobs.models import Run


@dataclass(slots=True)
class Step:
    label: str
    is_done: bool
    note: str = ""
    missing: str = ""
    who: str = ""
    due: str = ""
    url: str | None = None
    state: str = "todo"


def steps_of(readiness: Readiness, plans: Sequence[Plan], run: Run | None, today: date) -> list[Step]:
    """The seven steps; the first that is not done is the current one."""
    steps = [
        _prepare(readiness),
        _wishes(readiness, today),
        _draft(readiness, plans, run),
        _review(readiness, plans),
        _publish(readiness, plans),
        _running(readiness, today),
        _close(readiness),
    ]
    current = next((step for step in steps if not step.is_done), None)
    for step in steps:
        step.state = "done" if step.is_done else "current" if step is current else "todo"
    return steps


def _prepare(readiness: Readiness) -> Step:
    blocking = sum(item.severity is Severity.BLOCKING for item in readiness.items) + len(readiness.shortages)
    people = len(readiness.facts.enrolments)
    return Step(
        _("Prepare"),
        is_done=readiness.is_clear,
        note=ngettext("%(num)s resident enrolled", "%(num)s residents enrolled", people),
        missing=ngettext("%(num)s thing missing", "%(num)s things missing", blocking) if blocking else "",
        who=_("Manager"),
        url=url_for("cycles.groups", cycle_id=readiness.facts.cycle.id),
    )


def _wishes(readiness: Readiness, today: date) -> Step:
    """Without a collection the workbook's choices are the wishes; with one, they are done when all have chosen or its
    last day is over."""
    people, asked = readiness.facts.enrolments, readiness.facts.collection
    wished = sum(bool(enrolment.choices) for enrolment in people)
    enough = wished > 0 if asked is None else wished == len(people) or today > asked.to_on
    return Step(
        _("Wishes"),
        is_done=bool(people) and enough,
        note=_("%(count)s of %(total)s have chosen", count=wished, total=len(people)),
        who=_("Residents"),
        due=_("until %(date)s", date=short_date(asked.to_on)) if asked else "",
        url=url_for("cycles.wishes", cycle_id=readiness.facts.cycle.id),
    )


def _draft(readiness: Readiness, plans: Sequence[Plan], run: Run | None) -> Step:
    drafts = len(plans)
    note = ngettext("%(num)s plan made", "%(num)s plans made", drafts) if drafts else ""
    return Step(
        _("Draft"),
        is_done=bool(plans),
        note=_("A plan is being made") if run else note,
        who=_("Manager"),
        due=_before_start(readiness),
        url=url_for("cycles.drafts", cycle_id=readiness.facts.cycle.id),
    )


def _before_start(readiness: Readiness) -> str:
    day = readiness.facts.cycle.starts_on - timedelta(days=1)
    return _("by %(date)s", date=short_date(day))


def _review(readiness: Readiness, plans: Sequence[Plan]) -> Step:
    cycle = readiness.facts.cycle
    url = url_for("cycles.plan", cycle_id=cycle.id, plan_id=plans[0].id) if plans else None
    return Step(_("Review"), is_done=_is_published(plans), who=_("Manager"), url=url)


def _is_published(plans: Sequence[Plan]) -> bool:
    return any(plan.state is PlanState.PUBLISHED for plan in plans)


def _publish(readiness: Readiness, plans: Sequence[Plan]) -> Step:
    published = next((plan for plan in plans if plan.state is PlanState.PUBLISHED), None)
    note = _("Plan %(number)s is published", number=published.number) if published else ""
    return Step(
        _("Publish"),
        is_done=published is not None,
        note=note,
        who=_("Manager"),
        due="" if published else _before_start(readiness),
        url=url_for("cycles.versions", cycle_id=published.cycle_id) if published else None,
    )


def _running(readiness: Readiness, today: date) -> Step:
    cycle = readiness.facts.cycle
    due = _("from %(date)s", date=short_date(cycle.starts_on))
    is_running = cycle.state is CycleState.PUBLISHED and today < cycle.ends_on
    url = url_for("cycles.repair", cycle_id=cycle.id) if is_running else None
    return Step(_("Run"), is_done=today >= cycle.ends_on, who=_("Everybody"), due=due, url=url)


def _close(readiness: Readiness) -> Step:
    cycle = readiness.facts.cycle
    return Step(
        _("Close"),
        is_done=cycle.state is CycleState.CLOSED,
        who=_("Manager"),
        due=_("after %(date)s", date=short_date(cycle.ends_on - timedelta(days=1))),
        url=None if cycle.state is CycleState.PREPARING else url_for("cycles.roll_over", cycle_id=cycle.id),
    )
