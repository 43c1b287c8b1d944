"""Approval by a second person, where the house wants it: one manager proposes a draft, another approves or returns it.

An approval is of the draft exactly as it was proposed, and of what was published then: after any change it has to be
proposed anew. Services flush, the edge commits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, literal, select, union_all, update
from sqlalchemy.orm import joinedload

from foyer.accounts.models import Role, User
from foyer.audit.services import record
from foyer.cycles.models import Plan, PlanState
from foyer.cycles.releases import PlanProposal, ProposalState
from foyer.database import db, utc_now
from foyer.errors import FoyerError, NotFound, Stale, expect_version
from foyer.residences.models import Residence


class NotApproved(FoyerError):
    """The house wants a second person, and nobody has approved this draft as it is."""


class OwnProposal(FoyerError):
    """Nobody decides on the own proposal."""


class ReasonMissing(FoyerError):
    """Who returns a draft says why."""


def needs_approval(residence_id: int) -> bool:
    """Whether the house wants a second person before anything is published."""
    return db.session.get_one(Residence, residence_id).needs_approval


def digest_of(plan: Plan) -> str:
    """What a plan says, in short: it changes with every change of the plan, and comes back when that is undone."""
    return hashlib.sha256(plan.answer.encode()).hexdigest()


def last_proposal(plan_id: int) -> PlanProposal | None:
    """The newest proposal of a draft that counts, with who proposed and who decided."""
    return db.session.scalars(
        select(PlanProposal)
        .where(PlanProposal.plan_id == plan_id, PlanProposal.state != ProposalState.OVERTAKEN)
        .options(joinedload(PlanProposal.proposed_by), joinedload(PlanProposal.decided_by))
        .order_by(PlanProposal.id.desc())
        .limit(1)
    ).first()


def holds(proposal: PlanProposal, plan: Plan, published: Plan | None) -> bool:
    """Whether the draft is still what was proposed, in the place of what was published then."""
    return proposal.digest == digest_of(plan) and proposal.replaces_id == (published.id if published else None)


def approved_day(plan: Plan, published: Plan | None, today: date) -> date | None:
    """The day for which a draft was approved, today where that is over; None: the whole cycle. Raises NotApproved."""
    proposal = last_proposal(plan.id)
    if proposal is None or proposal.state is not ProposalState.APPROVED or not holds(proposal, plan, published):
        raise NotApproved
    return max(proposal.from_on, today) if proposal.from_on else None


def add_proposal(plan: Plan, published: Plan | None, *, from_on: date | None, note: str, actor_id: int) -> PlanProposal:
    """Propose a draft that the caller has locked and checked; an earlier proposal of it counts no more."""
    db.session.execute(
        update(PlanProposal)
        .where(PlanProposal.plan_id == plan.id, PlanProposal.state.in_([ProposalState.OPEN, ProposalState.APPROVED]))
        .values(state=ProposalState.OVERTAKEN, version=PlanProposal.version + 1)
    )
    proposal = PlanProposal(
        residence_id=plan.residence_id,
        plan_id=plan.id,
        replaces_id=published.id if published else None,
        digest=digest_of(plan),
        from_on=from_on,
        note=note,
        proposed_by_id=actor_id,
    )
    db.session.add(proposal)
    db.session.flush()
    record("proposed", plan, changes={"from_on": [None, from_on.isoformat() if from_on else None]})
    return proposal


def decide(
    proposal_id: int,
    plan: Plan,
    published: Plan | None,
    *,
    approve: bool,
    reason: str,
    version: int | None,
    actor_id: int,
) -> PlanProposal:
    """Approve a draft that the caller has locked, or return it with a reason. Raises NotFound, OwnProposal, Stale (also
    where it was decided or changed meanwhile), ReasonMissing."""
    proposal = db.session.scalar(
        select(PlanProposal)
        .where(PlanProposal.id == proposal_id, PlanProposal.plan_id == plan.id)
        .execution_options(populate_existing=True)
    )
    if proposal is None:
        raise NotFound("proposal")
    if proposal.proposed_by_id == actor_id:
        raise OwnProposal
    expect_version(proposal, version)
    if proposal.state is not ProposalState.OPEN or not holds(proposal, plan, published):
        raise Stale("PlanProposal")
    if not approve and not reason.strip():
        raise ReasonMissing
    proposal.state = ProposalState.APPROVED if approve else ProposalState.RETURNED
    proposal.decided_at, proposal.decided_by_id, proposal.reason = utc_now(), actor_id, reason.strip()
    db.session.flush()
    record("approved" if approve else "returned", plan)
    return proposal


def withdraw(plan: Plan, *, actor_id: int) -> None:
    """Take one's own open proposal of a draft that the caller has locked back. Raises Stale where there is none any
    more: it was decided meanwhile."""
    proposal = last_proposal(plan.id)
    if proposal is None or proposal.state is not ProposalState.OPEN or proposal.proposed_by_id != actor_id:
        raise Stale("PlanProposal")
    proposal.state = ProposalState.OVERTAKEN
    db.session.flush()
    record("withdrawn", plan)


def others_who_approve(residence_id: int, actor_id: int) -> int:
    """How many other people of the house could approve what this one proposes: its managers with an open account."""
    return (
        db.session.scalar(
            select(func.count(User.id)).where(
                User.residence_id == residence_id,
                User.role == Role.MANAGER,
                User.is_enabled.is_(True),
                User.id != actor_id,
            )
        )
        or 0
    )


def waiting_proposals(residence_id: int) -> Sequence[PlanProposal]:
    """The newest proposal of every draft of the house, with plan, cycle and people; those overtaken count no more."""
    newest = (
        select(func.max(PlanProposal.id))
        .where(PlanProposal.residence_id == residence_id, PlanProposal.state != ProposalState.OVERTAKEN)
        .group_by(PlanProposal.plan_id)
    )
    return db.session.scalars(
        select(PlanProposal)
        .join(PlanProposal.plan)
        .where(PlanProposal.id.in_(newest), Plan.state == PlanState.DRAFT)
        .options(
            joinedload(PlanProposal.plan).joinedload(Plan.cycle),
            joinedload(PlanProposal.proposed_by),
            joinedload(PlanProposal.decided_by),
        )
        .order_by(PlanProposal.id)
    ).all()


def people_behind(plan_ids: Sequence[int]) -> dict[tuple[str, int], str]:
    """Who ``published`` and who ``approved`` each of these plans, by name; one query."""
    published = (
        select(literal("published"), Plan.id, User.display_name)
        .join(User, User.id == Plan.published_by_id)
        .where(Plan.id.in_(plan_ids))
    )
    approved = (
        select(literal("approved"), PlanProposal.plan_id, User.display_name)
        .join(User, User.id == PlanProposal.decided_by_id)
        .where(PlanProposal.plan_id.in_(plan_ids), PlanProposal.state == ProposalState.APPROVED)
    )
    return {(what, plan_id): name for what, plan_id, name in db.session.execute(union_all(published, approved))}
