"""Changing a draft by hand: one thing at a time, never against a hard rule, each step undone and redone as it was.

Services flush, the edge commits. Every act locks the draft's row and asks for the version that the actor saw, so that
of two managers who act at once one comes first and the other is told what the first did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import undefer

from foyer.cycles.acts import VERB_OF, last_act, record_act
from foyer.cycles.models import CycleState, Plan, PlanOrigin, PlanState, PlanStep, StepAction
from foyer.cycles.opened import Opened, opened
from foyer.cycles.pinning import given_up, held_by, meetings_held, studied
from foyer.cycles.planning import replace_answer
from foyer.cycles.queries import get_plan
from foyer.cycles.services import CycleClosed, NotADraft, generate_plan
from foyer.database import db
from foyer.errors import FoyerError, Stale
from foyer.jobs.models import Run
from foyer.scheduling import plan as engine
from foyer.scheduling import verdict, what_if
from foyer.scheduling.answers.editing import changes_between
from foyer.scheduling.answers.forms import Verdict, WhatIf, Wish
from foyer.scheduling.answers.verdict import edited
from foyer.scheduling.answers.viewing import restored, seen
from foyer.scheduling.answers.what_if import UnknownWish, is_given
from foyer.scheduling.answers.why import Case
from foyer.scheduling.files import read_plan, write_plan

__all__ = [
    "ChangeForbidden",
    "NothingPinned",
    "NothingToDo",
    "UnknownWish",
    "apply_change",
    "apply_what_if",
    "finish",
    "go_to",
    "pin",
    "rearrange",
    "redo",
    "replace_answer",
    "take",
    "undo",
    "unpin",
]

Detail = Mapping[str, Any]


class StaleDraft(Stale):
    """Somebody did something to the draft since the actor saw it."""


class ChangeForbidden(FoyerError):
    """The change breaks rules; ``verdict`` says which, or ``answer`` why there is no way at all."""

    def __init__(self, wish: Wish, verdict: Verdict | None = None, answer: WhatIf | None = None) -> None:
        super().__init__()
        self.wish, self.verdict, self.answer = wish, verdict, answer


class NothingToDo(FoyerError):
    """There is no step to undo or redo, or nothing to pin or unpin."""


class NothingPinned(FoyerError):
    """Without pins there is no rest to finish."""


# Changes


def apply_change(*, plan_id: int, version: int | None, wish: Wish, actor_id: int | None, unpin: bool = False) -> Plan:
    """Give the resident of the wish its target, and change nothing else. What the resident has already is no step.
    ``version`` is the draft's that the actor saw; ``unpin``: the pins that it would not keep are let go. Raises
    NotFound, NotADraft, CycleClosed, StaleDraft (a second click of the same change is none), UnknownWish,
    ChangeForbidden."""
    return _apply(plan_id, version, wish, actor_id, with_moves=False, unpin=unpin)


def apply_what_if(*, plan_id: int, version: int | None, wish: Wish, actor_id: int | None, unpin: bool = False) -> Plan:
    """The same with everything that has to move for it, as ``what_if`` answers: one step. Raises the same."""
    return _apply(plan_id, version, wish, actor_id, with_moves=True, unpin=unpin)


def _apply(
    plan_id: int, version: int | None, wish: Wish, actor_id: int | None, *, with_moves: bool, unpin: bool
) -> Plan:
    plan = _draft(plan_id)
    wish = _whole(wish, opened(plan).answer)
    detail = {"wish": [wish.kind, wish.resident, wish.target]}
    if _is_second_click(plan, version, actor_id, "draft_changed", detail):
        return plan
    _expect(plan, version)
    gone = given_up(plan, wish) if unpin else []
    found = studied(plan, gone)
    if is_given(Case.of(found.problem, found.answer), wish):
        return plan
    _move_on(plan, _moved(found, wish) if with_moves else _changed(found, wish), detail, actor_id, gone)
    return plan


def rearrange(
    *,
    plan_id: int,
    version: int | None,
    detail: Detail,
    answer_of: Callable[[Plan], engine.Plan],
    actor_id: int | None,
) -> Plan:
    """Another answer for the draft, which ``answer_of`` makes of the locked draft: one step. ``detail``: codes and ids
    by which a second click is known. Raises NotFound, NotADraft, CycleClosed, StaleDraft."""
    plan = _draft(plan_id)
    if _is_second_click(plan, version, actor_id, "draft_changed", detail):
        return plan
    _expect(plan, version)
    _move_on(plan, replace(answer_of(plan), problem_hash=opened(plan).answer.problem_hash), detail, actor_id)
    return plan


def _move_on(
    plan: Plan, after: engine.Plan, detail: Detail, actor_id: int | None, gone: Sequence[dict[str, str]] = ()
) -> None:
    """A step that tells who moved from where to where, and which pins are ``gone`` with it."""
    found = studied(plan)
    index = seen(found.problem, found.answer)[0]
    changes = [[c.kind, c.who, c.before, c.after] for c in changes_between(index, found.answer, after)]
    told = {**detail, "changes": changes} | ({"pins": [list(row.values()) for row in gone]} if gone else {})
    _step(plan, StepAction.CHANGE, after, [row for row in plan.pins if row not in gone], told, actor_id)


def _whole(wish: Wish, answer: engine.Plan) -> Wish:
    """A meeting is asked for in the name of somebody who is in the group."""
    if wish.kind != "meeting" or wish.resident:
        return wish
    group = wish.target.partition(":")[0]
    member = next((s.resident for s in answer.seats if s.group == group), None)
    if member is None:
        raise UnknownWish(f"no such meeting: {wish.target}")
    return replace(wish, resident=member)


def _changed(found: Opened, wish: Wish) -> engine.Plan:
    """The answer with this change alone."""
    judged = verdict(found.problem, found.answer, wish, repair=False)
    if judged.broken:
        raise ChangeForbidden(wish, judged)
    index, now = seen(found.problem, found.answer)
    return restored(found.problem, found.answer, edited(index, now, wish), found.answer.problem_hash)


def _moved(found: Opened, wish: Wish) -> engine.Plan:
    """The answer with the change and all that has to move for it."""
    answer = what_if(found.problem, found.answer, wish)
    if answer.plan is None:
        raise ChangeForbidden(wish, answer=answer)
    return replace(answer.plan, problem_hash=found.answer.problem_hash)


def take(*, plan: Plan, answer: engine.Plan, detail: Detail, actor_id: int | None) -> Plan:
    """Parts of another plan taken over into a draft that the caller has locked and checked: one step. ``detail``: codes
    and ids of what was taken."""
    _step(plan, StepAction.TAKE, answer, plan.pins, detail, actor_id)
    return plan


def locked_draft(plan_id: int, version: int | None) -> Plan:
    """The draft, its row locked until the end of the transaction. Raises NotFound, NotADraft, CycleClosed,
    StaleDraft."""
    plan = _draft(plan_id)
    _expect(plan, version)
    return plan


# Steps back and forth


def undo(*, plan_id: int, version: int | None, actor_id: int | None) -> Plan:
    """Take back the last step. Raises NotFound, NotADraft, CycleClosed, StaleDraft, NothingToDo."""
    return go_to(plan_id=plan_id, version=version, actor_id=actor_id, back=1)


def redo(*, plan_id: int, version: int | None, actor_id: int | None) -> Plan:
    """Do the step again that was taken back last. Raises as ``undo``."""
    return go_to(plan_id=plan_id, version=version, actor_id=actor_id, back=-1)


def go_to(*, plan_id: int, version: int | None, actor_id: int | None, step: int | None = None, back: int = 0) -> Plan:
    """Back or forth to how the draft was right after ``step`` (0: as it was made), or so many steps ``back``. Raises as
    ``undo``."""
    plan = _draft(plan_id)
    _expect(plan, version)
    wanted = plan.step - back if step is None else step
    low, high = sorted((plan.step, wanted))
    steps = _steps(plan, low + 1, high)
    if low < 0 or low == high or len(steps) != high - low:
        raise NothingToDo
    is_back = wanted < plan.step
    texts = [s.before for s in steps] if is_back else [s.after for s in reversed(steps)]
    text = next((text for text in texts if text), "")
    plan.pins = list(steps[0].pins_before if is_back else steps[-1].pins_after)
    before, plan.step = plan.version, wanted
    _store(plan, read_plan(text) if text else None, text)
    record_act(plan, "draft_undone" if is_back else "draft_redone", before, {"steps": [s.number for s in steps]})
    return plan


def _steps(plan: Plan, first: int, last: int) -> Sequence[PlanStep]:
    return db.session.scalars(
        select(PlanStep)
        .where(PlanStep.plan_id == plan.id, PlanStep.number.between(first, last))
        .options(undefer(PlanStep.before), undefer(PlanStep.after))
        .order_by(PlanStep.number)
    ).all()


# Pins


def pin(
    *, plan_id: int, version: int | None, actor_id: int | None, resident: str = "", kind: str = "", target: str = ""
) -> Plan:
    """Pin what the draft gives the resident: all of it, or of one kind, or one thing; a meeting of a group by its
    target alone. Raises NotFound, NotADraft, CycleClosed, StaleDraft, NothingToDo where there is no such thing."""
    plan = _draft(plan_id)
    found = opened(plan)
    held = meetings_held(found.answer) if kind == "meeting" else held_by(found.problem, found.answer, resident)
    chosen = [row for row in held if _fits(row, kind=kind, target=target)]
    if kind == "meeting" and not target:
        raise NothingToDo
    detail = {"pins": [list(row.values()) for row in chosen]}
    if chosen and _is_second_click(plan, version, actor_id, "draft_pinned", detail):
        return plan
    _expect(plan, version)
    if not [row for row in chosen if row not in plan.pins]:
        raise NothingToDo
    kept = [row for row in plan.pins if row not in chosen]
    _step(plan, StepAction.PIN, None, [*kept, *chosen], detail, actor_id)
    return plan


def unpin(
    *, plan_id: int, version: int | None, actor_id: int | None, resident: str = "", kind: str = "", target: str = ""
) -> Plan:
    """Take pins away: those that fit what is named; nothing named: all. Raises as ``pin``."""
    plan = _draft(plan_id)
    gone = [row for row in plan.pins if _fits(row, resident=resident, kind=kind, target=target)]
    detail = {"filter": [kind, resident, target]}
    if _is_second_click(plan, version, actor_id, "draft_unpinned", detail):
        return plan
    _expect(plan, version)
    if not gone:
        raise NothingToDo
    kept = [row for row in plan.pins if row not in gone]
    _step(plan, StepAction.UNPIN, None, kept, {**detail, "pins": [list(row.values()) for row in gone]}, actor_id)
    return plan


def _fits(row: Mapping[str, str], **wanted: str) -> bool:
    return all(not value or row[name] == value for name, value in wanted.items())


def finish(*, plan_id: int, version: int | None, actor_id: int | None) -> Run:
    """Queue a run that plans everything anew around the draft's pins, into a new draft. Raises NotFound, NotADraft,
    StaleDraft, NothingPinned, and as ``generate_plan``."""
    plan = locked_draft(plan_id, version)
    if not plan.pins:
        raise NothingPinned
    return generate_plan(
        cycle_id=plan.cycle_id, actor_id=actor_id, pins=plan.pins, parent_id=plan.id, origin=PlanOrigin.FINISHED
    )


# Parts


def _draft(plan_id: int) -> Plan:
    """The draft as it is now, locked until the end of the transaction."""
    get_plan(plan_id)  # in the session's houses
    plan = db.session.scalars(
        select(Plan)
        .where(Plan.id == plan_id)
        .options(undefer(Plan.problem), undefer(Plan.answer))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if plan.state is not PlanState.DRAFT:
        raise NotADraft
    if plan.cycle.state is CycleState.CLOSED:
        raise CycleClosed
    return plan


def _expect(plan: Plan, version: int | None) -> None:
    if version is not None and plan.version != version:
        raise StaleDraft("Plan")


def _is_second_click(plan: Plan, version: int | None, actor_id: int | None, verb: str, detail: Detail) -> bool:
    """Whether the last thing that happened to the draft is this very act, by the same person, at that version."""
    if version is None or plan.version != version + 1:
        return False
    last = last_act(plan)
    if last is None or (last.actor_id, last.verb, last.version) != (actor_id, verb, plan.version):
        return False
    return all(last.detail.get(key) == value for key, value in detail.items())


def _step(
    plan: Plan,
    action: StepAction,
    answer: engine.Plan | None,
    pins: Iterable[dict[str, str]],
    detail: Detail,
    actor_id: int | None,
) -> None:
    """One step forward: what was undone before can no longer be redone. No answer: it stays as it is."""
    db.session.execute(delete(PlanStep).where(PlanStep.plan_id == plan.id, PlanStep.number > plan.step))
    version, text, pins = plan.version, write_plan(answer) if answer is not None else "", list(pins)
    db.session.add(
        PlanStep(
            residence_id=plan.residence_id,
            plan_id=plan.id,
            number=plan.step + 1,
            action=action,
            detail=dict(detail),
            before=plan.answer if answer is not None else "",
            after=text,
            pins_before=plan.pins,
            pins_after=pins,
            made_by_id=actor_id,
        )
    )
    plan.step, plan.pins = plan.step + 1, pins
    _store(plan, answer, text)
    record_act(plan, VERB_OF[action], version, detail)


def _store(plan: Plan, answer: engine.Plan | None, text: str) -> None:
    if answer is None:
        db.session.flush()
    else:
        replace_answer(plan, answer, text)
