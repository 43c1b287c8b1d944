"""The individual service plan (RPI): goals with steps, agreed by both sides, replaced by new versions, reviewed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from foyer.accounts.models import User
from foyer.care.models import (
    AgreementMethod,
    Doer,
    GoalState,
    Party,
    RpiAgreement,
    RpiState,
    ServiceGoal,
    ServicePlan,
    ServiceStep,
)
from foyer.database import db
from foyer.errors import FoyerError, NotFound, expect_version
from foyer.records import change_record, flush, touch
from foyer.residents.attachments import proofs_of
from foyer.residents.models import Stay

NEEDED = frozenset({Party.RESIDENT, Party.COUNSELLOR})  # without both a plan is not in force


class PlanUnderWay(FoyerError):
    """The stay has a draft already."""


class NotADraft(FoyerError):
    """Goals and steps change in a draft only; what is agreed is replaced by a new version."""


class NotInForce(FoyerError):
    """Only a plan that both sides agreed to is carried out."""


class AlreadyAgreed(FoyerError):
    """This side has agreed to this version already."""


class AgreedMeanwhile(FoyerError):
    """Somebody has agreed to the draft as it stands, so it is opened again before it changes."""


class NothingToAgreeTo(FoyerError):
    """A plan needs a goal, and every goal a step."""


class DayAhead(FoyerError):
    """What was done cannot lie in the future."""


class NotTheirPaper(FoyerError):
    """Only a document in use of the same resident proves that something was signed."""


class StaffMissing(FoyerError):
    """A step of the staff names who does it."""


def plans_of(resident_id: int) -> Sequence[ServicePlan]:
    """All versions of a resident's plans, newest first, with goals, steps and agreements. Five queries at most."""
    return db.session.scalars(_whole().where(ServicePlan.resident_id == resident_id).order_by(*_NEWEST)).all()


def get_plan_version(resident_id: int, plan_id: int) -> ServicePlan:
    """One version, with everything in it. Raises NotFound."""
    found = db.session.scalar(
        _whole()
        .where(ServicePlan.resident_id == resident_id, ServicePlan.id == plan_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("service plan")
    return found


_NEWEST = (ServicePlan.made_on.desc(), ServicePlan.id.desc())


def _whole():  # type: ignore[no-untyped-def]
    return select(ServicePlan).options(
        joinedload(ServicePlan.made_by),
        selectinload(ServicePlan.goals).joinedload(ServiceGoal.steps).joinedload(ServiceStep.staff),
        selectinload(ServicePlan.agreements).joinedload(RpiAgreement.proof),
    )


def begin_plan(stay: Stay, *, strengths: str | None, on: date, actor: User) -> ServicePlan:
    """The first version of a stay's plan, or the next after one that ended. Raises PlanUnderWay."""
    numbers = db.session.execute(
        select(ServicePlan.number, ServicePlan.state).where(ServicePlan.stay_id == stay.id)
    ).all()
    if any(state in (RpiState.DRAFT, RpiState.AGREED) for _number, state in numbers):
        raise PlanUnderWay
    return _saved(
        ServicePlan(
            residence_id=stay.residence_id,
            resident_id=stay.resident_id,
            stay_id=stay.id,
            number=1 + max((number for number, _state in numbers), default=0),
            strengths=strengths or None,
            made_on=on,
            made_by_id=actor.id,
        )
    )


def new_version(plan: ServicePlan, *, reason: str, on: date, actor: User) -> ServicePlan:
    """A draft that begins as a copy of the plan in force: goals and steps as they stand, progress included. The plan in
    force holds until both sides agree to the draft. Raises NotInForce, PlanUnderWay."""
    if plan.state is not RpiState.AGREED:
        raise NotInForce
    newest = db.session.scalars(
        select(ServicePlan.number).where(ServicePlan.stay_id == plan.stay_id).order_by(ServicePlan.number.desc())
    ).first()
    drafts = select(ServicePlan.id).where(ServicePlan.stay_id == plan.stay_id, ServicePlan.state == RpiState.DRAFT)
    if db.session.scalar(drafts) is not None:
        raise PlanUnderWay
    draft = _saved(
        ServicePlan(
            **_of(plan),
            stay_id=plan.stay_id,
            number=1 + (newest or 0),
            strengths=plan.strengths,
            reason=reason.strip() or None,
            made_on=on,
            made_by_id=actor.id,
        )
    )
    for goal in plan.goals:
        _copy_goal(goal, draft)
    flush()
    return draft


def _copy_goal(goal: ServiceGoal, draft: ServicePlan) -> None:
    names = ("position", "domain", "title", "measure", "target_level", "due_on", "state", "closed_on", "closing")
    copied = ServiceGoal(**_of(goal), **{name: getattr(goal, name) for name in names})
    draft.goals.append(copied)
    kept = ("position", "title", "doer", "staff_id", "due_on", "done_on", "done_by_id", "dropped_on", "closing")
    for step in goal.steps:
        copied.steps.append(ServiceStep(**_of(step), **{name: getattr(step, name) for name in kept}))


def change_strengths(plan: ServicePlan, strengths: str | None, *, version: int | None) -> None:
    """What the resident can build on. Raises NotADraft, AgreedMeanwhile, Stale."""
    expect_version(plan, version)
    _expect_open(plan)
    change_record(plan, {"strengths": strengths or None})


def add_goal(plan: ServicePlan, values: Mapping[str, Any]) -> ServiceGoal:
    """A further goal of a draft. Raises NotADraft, AgreedMeanwhile."""
    _expect_open(plan)
    goal = ServiceGoal(**_of(plan), position=1 + len(plan.goals), **values)
    plan.goals.append(goal)
    touch(plan)
    flush()
    return goal


def change_goal(goal: ServiceGoal, values: Mapping[str, Any], *, version: int | None) -> None:
    """Raises NotADraft, AgreedMeanwhile, Stale."""
    _expect_open(goal.plan)
    change_record(goal, values, version=version)
    touch(goal.plan)
    flush()


def add_step(goal: ServiceGoal, values: Mapping[str, Any]) -> ServiceStep:
    """A further step towards a goal. Raises NotADraft, AgreedMeanwhile, StaffMissing."""
    _expect_open(goal.plan)
    step = ServiceStep(**_of(goal), position=1 + len(goal.steps), **_step_values(values))
    goal.steps.append(step)
    touch(goal.plan)
    flush()
    return step


def change_step(step: ServiceStep, values: Mapping[str, Any], *, version: int | None) -> None:
    """Raises NotADraft, AgreedMeanwhile, StaffMissing, Stale."""
    _expect_open(step.goal.plan)
    change_record(step, _step_values(values), version=version)
    touch(step.goal.plan)
    flush()


def move_step(step: ServiceStep, *, up: bool) -> None:
    """One place earlier or later among the steps of its goal. Raises NotADraft, AgreedMeanwhile."""
    goal = step.goal
    _expect_open(goal.plan)
    order = list(goal.steps)
    at = order.index(step)
    to = at - 1 if up else at + 1
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
        for position, each in enumerate(order, start=1):
            if each.position != position:
                each.position = position
        touch(goal.plan)
        flush()


def do_step(step: ServiceStep, *, on: date, today: date, actor: User) -> None:
    """A step of a plan in force is done. Raises NotInForce, DayAhead."""
    _expect_in_force(step.goal.plan)
    if on > today:
        raise DayAhead
    change_record(step, {"done_on": on, "done_by_id": actor.id, "dropped_on": None})


def undo_step(step: ServiceStep) -> None:
    """It was not done after all. Raises NotInForce."""
    _expect_in_force(step.goal.plan)
    change_record(step, {"done_on": None, "done_by_id": None})


def drop_step(step: ServiceStep, *, words: str, on: date, version: int | None) -> None:
    """A step of a draft is not taken after all, and why; it stays in the plan. Raises NotADraft, AgreedMeanwhile,
    Stale."""
    _expect_open(step.goal.plan)
    change_record(step, {"dropped_on": on, "closing": words.strip() or None}, version=version)
    touch(step.goal.plan)
    flush()


def close_goal(goal: ServiceGoal, state: GoalState, *, words: str, on: date, version: int | None) -> None:
    """A goal is reached or dropped, and why; OPEN takes it up again. Raises NotInForce, Stale."""
    if goal.plan.state not in (RpiState.AGREED, RpiState.DRAFT):
        raise NotInForce
    closed_on = None if state is GoalState.OPEN else on
    change_record(goal, {"state": state, "closed_on": closed_on, "closing": words.strip() or None}, version=version)


def agreements_now(plan: ServicePlan) -> dict[Party, RpiAgreement]:
    """Who agrees to the version as it stands."""
    return {agreement.party: agreement for agreement in plan.agreements if agreement.withdrawn_on is None}


def agree(
    plan: ServicePlan,
    party: Party,
    *,
    method: AgreementMethod,
    on: date,
    today: date,
    actor: User,
    words: str | None = None,
    proof_id: int | None = None,
    version: int | None = None,
) -> None:
    """One side agrees to the draft as it was seen (``version``); ``proof_id`` is the signed sheet among the resident's
    documents. With resident and counsellor both, the draft is in force and replaces the one before. Raises NotADraft,
    NothingToAgreeTo, AlreadyAgreed, DayAhead, NotTheirPaper, Stale."""
    expect_version(plan, version)
    _expect_theirs(plan, proof_id)
    if plan.state is not RpiState.DRAFT:
        raise NotADraft
    live = [goal for goal in plan.goals if goal.state is not GoalState.DROPPED]
    if not live or not all(any(step.dropped_on is None for step in goal.steps) for goal in live):
        raise NothingToAgreeTo
    if party in agreements_now(plan):
        raise AlreadyAgreed
    if on > today:
        raise DayAhead
    plan.agreements.append(
        RpiAgreement(
            **_of(plan),
            party=party,
            method=method,
            agreed_on=on,
            words=words or None,
            proof_id=proof_id,
            recorded_by_id=actor.id,
        )
    )
    flush()
    if set(agreements_now(plan)) >= NEEDED:
        _into_force(plan)


def tie_paper(plan: ServicePlan, party: Party, proof_id: int | None) -> None:
    """The signed sheet came into the documents after the agreement was written down; None unties it. Raises NotFound
    where this side has not agreed, NotTheirPaper."""
    agreement = agreements_now(plan).get(party)
    if agreement is None:
        raise NotFound("agreement")
    _expect_theirs(plan, proof_id)
    change_record(agreement, {"proof_id": proof_id})


def _expect_theirs(plan: ServicePlan, proof_id: int | None) -> None:
    if proof_id is not None and proof_id not in {each.id for each in proofs_of(plan.resident_id)}:
        raise NotTheirPaper


def open_again(plan: ServicePlan, *, on: date) -> None:
    """Take a draft back to change it: whoever agreed to it is asked again. Raises NotADraft."""
    if plan.state is not RpiState.DRAFT:
        raise NotADraft
    for agreement in agreements_now(plan).values():
        agreement.withdrawn_on = on
    touch(plan)
    flush()


def end_plan(plan: ServicePlan, *, reason: str, on: date) -> None:
    """The plan in force ends without another. Raises NotInForce."""
    _expect_in_force(plan)
    change_record(plan, {"state": RpiState.ENDED, "ended_on": on, "reason": reason.strip() or plan.reason})


def _into_force(plan: ServicePlan) -> None:
    day = max(agreement.agreed_on for agreement in agreements_now(plan).values())
    before = db.session.scalars(
        select(ServicePlan).where(ServicePlan.stay_id == plan.stay_id, ServicePlan.state == RpiState.AGREED)
    ).all()
    for earlier in before:
        earlier.state, earlier.ended_on = RpiState.REPLACED, day
    flush()  # the earlier one steps back first: one plan in force
    plan.state, plan.agreed_on = RpiState.AGREED, day
    flush()


def _step_values(values: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(values)
    if found["doer"] is not Doer.STAFF:
        found["staff_id"] = None
    elif found.get("staff_id") is None:
        raise StaffMissing
    return found


def _expect_open(plan: ServicePlan) -> None:
    if plan.state is not RpiState.DRAFT:
        raise NotADraft
    if agreements_now(plan):
        raise AgreedMeanwhile


def _expect_in_force(plan: ServicePlan) -> None:
    if plan.state is not RpiState.AGREED:
        raise NotInForce


def _of(row: Any) -> dict[str, int]:
    return {"residence_id": row.residence_id, "resident_id": row.resident_id}


def _saved(plan: ServicePlan) -> ServicePlan:
    db.session.add(plan)
    flush()
    return plan
