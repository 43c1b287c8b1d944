"""A draft becomes the cycle's plan: from a day on, told to whom it concerns. Services flush, the edge commits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from foyer.audit.services import record
from foyer.cycles import approval
from foyer.cycles.models import (
    BedNight,
    Cycle,
    CycleState,
    Enrolment,
    Plan,
    PlanLodging,
    PlanOrigin,
    PlanState,
)
from foyer.cycles.notices import tell_changes
from foyer.cycles.opened import opened
from foyer.cycles.planning import store_plan
from foyer.cycles.queries import get_cycle, get_plan, published_plan
from foyer.cycles.releases import PlanProposal
from foyer.database import db, utc_now
from foyer.errors import FoyerError, Stale, expect_version


class CycleClosed(FoyerError):
    """The cycle is over; nothing more is planned or published in it."""


class NotADraft(FoyerError):
    """Only a draft can be published or discarded."""


class DayOutside(FoyerError):
    """A version can hold from a day of the cycle on that is not over yet: ``first`` to ``last``."""

    def __init__(self, first: date, last: date) -> None:
        super().__init__()
        self.first, self.last = first, last


class NotPublished(FoyerError):
    """Only what was published can be published again."""


class PublishConflict(FoyerError):
    """The database refused: another plan holds one of the beds or was published in the same moment."""


def publish_plan(
    *,
    plan_id: int,
    version: int | None,
    replaces: int | None,
    actor_id: int | None,
    today: date,
    from_on: date | None = None,
) -> Plan:
    """Make a draft the cycle's plan. ``replaces`` is the published plan that the actor saw (None: none). The first
    version holds for the whole cycle; a later one from ``from_on`` on (None: the draft's own day, or today), and what
    was published before keeps the days until then. Where the house wants a second person, the day is the approved one
    (or today, if that is over). Everybody whose part changes is told. Raises NotADraft, CycleClosed, Stale,
    NotApproved, DayOutside, PublishConflict."""
    cycle, plan, earlier = locked_draft(plan_id, version, replaces)
    if approval.needs_approval(cycle.residence_id):
        from_on = approval.approved_day(plan, earlier, today)
    first = first_day(plan, from_on, today) if earlier is not None else cycle.starts_on
    plan.from_on = first if first > cycle.starts_on else None
    try:
        _exchange(plan, earlier, actor_id)
        _hold_beds(plan, cycle, first)
        if earlier is not None:
            tell_changes(plan, earlier, first)
    except IntegrityError:
        raise PublishConflict from None
    if cycle.state is not CycleState.PUBLISHED:
        cycle.state = CycleState.PUBLISHED
    changes: dict[str, list[Any]] = {"plan": [earlier.number if earlier else None, plan.number]}
    if plan.from_on is not None:
        changes["from_on"] = [None, plan.from_on.isoformat()]
    record("published", plan, changes=changes)
    db.session.flush()
    return plan


def days_to_publish(cycle: Cycle, today: date) -> tuple[date, date]:
    """The first and the last day from which a new version of a cycle's published plan can hold: days that are over stay
    as they were."""
    return max(cycle.starts_on, today), cycle.ends_on - timedelta(days=1)


def suggested_day(plan: Plan, today: date) -> date:
    """From when a draft would hold if nobody says otherwise: its own day where that is not over, else today."""
    return max(plan.from_on or today, days_to_publish(plan.cycle, today)[0])


def first_day(plan: Plan, asked: date | None, today: date) -> date:
    """The day from which a new version holds. Raises DayOutside."""
    first, last = days_to_publish(plan.cycle, today)
    chosen = asked or suggested_day(plan, today)
    if not first <= chosen <= last:
        raise DayOutside(first, last)
    return chosen


def propose_plan(
    *,
    plan_id: int,
    version: int | None,
    replaces: int | None,
    actor_id: int,
    today: date,
    from_on: date | None,
    note: str,
) -> PlanProposal:
    """Propose a draft to a second person, from a day on. Raises NotADraft, CycleClosed, Stale, DayOutside."""
    _cycle, plan, earlier = locked_draft(plan_id, version, replaces)
    day = first_day(plan, from_on, today) if earlier is not None else None
    return approval.add_proposal(plan, earlier, from_on=day, note=note, actor_id=actor_id)


def decide_proposal(
    *, plan_id: int, proposal_id: int, version: int | None, approve: bool, reason: str, actor_id: int
) -> PlanProposal:
    """Approve a proposed draft or return it. Raises NotADraft, CycleClosed, NotFound, OwnProposal, Stale,
    ReasonMissing."""
    earlier = published_plan(get_plan(plan_id).cycle_id)
    _cycle, plan, earlier = locked_draft(plan_id, None, earlier.id if earlier else None)
    return approval.decide(
        proposal_id, plan, earlier, approve=approve, reason=reason, version=version, actor_id=actor_id
    )


def withdraw_proposal(*, plan_id: int, actor_id: int) -> Plan:
    """Take one's own proposal back: the draft is as if it had not been proposed. Raises NotADraft, CycleClosed,
    NotFound, Stale."""
    earlier = published_plan(get_plan(plan_id).cycle_id)
    _cycle, plan, _earlier = locked_draft(plan_id, None, earlier.id if earlier else None)
    approval.withdraw(plan, actor_id=actor_id)
    return plan


def copy_version(plan_id: int, actor_id: int | None) -> Plan:
    """A published plan once more as a draft, for rolling back to it: what it said, as it was. Raises NotPublished."""
    earlier = get_plan(plan_id)
    if earlier.state is PlanState.DRAFT:
        raise NotPublished
    was = opened(earlier)
    return store_plan(
        earlier.cycle,
        was.problem,
        was.answer,
        created_by_id=actor_id,
        name=earlier.name,
        origin=PlanOrigin.COPIED,
        parent_id=earlier.id,
        pins=earlier.pins,
    )


def locked_draft(plan_id: int, version: int | None, replaces: int | None) -> tuple[Cycle, Plan, Plan | None]:
    """A draft as the actor saw it, its cycle locked, and the published plan that the actor saw (``replaces``). Raises
    NotADraft, CycleClosed, Stale."""
    cycle = lock_cycle(get_plan(plan_id).cycle_id)
    plan = get_plan(plan_id)
    expect_version(plan, version)
    if plan.state is not PlanState.DRAFT:
        raise NotADraft
    if cycle.state is CycleState.CLOSED:
        raise CycleClosed
    earlier = published_plan(cycle.id)
    if (earlier.id if earlier else None) != replaces:
        raise Stale("Plan")
    return cycle, plan, earlier


def lock_cycle(cycle_id: int) -> Cycle:
    """The cycle, its row locked until the end of the transaction, so that two acts on it come one after the other.
    (SQLite writers queue up anyway.)"""
    get_cycle(cycle_id)
    return db.session.scalars(
        select(Cycle).where(Cycle.id == cycle_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def _exchange(plan: Plan, earlier: Plan | None, actor_id: int | None) -> None:
    if earlier is not None:
        earlier.state = PlanState.REPLACED
        db.session.flush()  # first out, then in: never two published plans
    plan.state = PlanState.PUBLISHED
    plan.published_at = utc_now()
    plan.published_by_id = actor_id
    plan.release = (earlier.release or 0) + 1 if earlier is not None else 1
    db.session.flush()


def _hold_beds(plan: Plan, cycle: Cycle, first: date) -> None:
    """Write down every bed of every night from ``first`` on, in the place of what earlier versions held then; the
    nights before stay as they were."""
    own = select(Plan.id).where(Plan.cycle_id == cycle.id, Plan.state != PlanState.DRAFT)
    db.session.execute(delete(BedNight).where(BedNight.plan_id.in_(own), BedNight.night_on >= first))
    rows = db.session.execute(
        select(PlanLodging.room_id, PlanLodging.bed, PlanLodging.from_on, PlanLodging.until_on, Enrolment.stay_id)
        .join(PlanLodging.enrolment)
        .where(PlanLodging.plan_id == plan.id)
        .order_by(PlanLodging.id)
    )
    nights: list[dict[str, Any]] = []
    for room_id, bed, from_on, until_on, stay_id in rows:
        common = {"residence_id": plan.residence_id, "plan_id": plan.id, "room_id": room_id, "bed": bed}
        start = max(from_on, first)
        nights += [
            {**common, "stay_id": stay_id, "night_on": start + timedelta(days=n)}
            for n in range((until_on - start).days)
        ]
    if nights:
        db.session.execute(BedNight.__table__.insert(), nights)  # type: ignore[attr-defined]
