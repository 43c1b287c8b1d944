"""Changing a draft by hand: one step at a time, undone and redone as it was, pins, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import inspect, select

from foyer.audit.services import act_as
from foyer.cycles import changing
from foyer.cycles.acts import acts_since
from foyer.cycles.changing import ChangeForbidden, NothingPinned, NothingToDo, StaleDraft
from foyer.cycles.models import CycleState, Plan, PlanState, PlanStep
from foyer.cycles.opened import opened
from foyer.cycles.pinning import studied
from foyer.cycles.planning import build_problem, store_plan
from foyer.cycles.services import DETAILS, CycleClosed, NotADraft
from foyer.cycles.targets import targets
from foyer.database import db
from foyer.errors import NotFound
from foyer.scheduling import check
from foyer.scheduling.answers.editing import finished
from foyer.scheduling.answers.forms import Wish
from foyer.scheduling.answers.what_if import UnknownWish
from foyer.scheduling.digest import problem_hash
from foyer.scheduling.index import Index
from tests.cycles.by_hand import plan_by_hand
from tests.cycles.house import House
from tests.factories import make_user


@pytest.fixture
def draft(home: House) -> Plan:
    """A draft whose figures are true."""
    problem = build_problem(home.cycle)
    answer = finished(Index(problem), plan_by_hand(problem))
    return store_plan(home.cycle, problem, replace(answer, problem_hash=problem_hash(problem)))


@pytest.fixture
def manager(home: House) -> int:
    """A manager, who acts."""
    found = make_user(home.residence).id
    act_as(actor_id=found, residence_id=home.residence.id)
    return found


BOY = 1  # among the enrolments; the boys have three rooms, the first of them full, the girls one
OTHERS = (2, 3, 5)


def rows_of(plan: Plan) -> dict[str, list[tuple[Any, ...]]]:
    """Every row that mirrors the plan's answer, without its own id."""
    found = {}
    for model in DETAILS:
        if model is not PlanStep:
            columns = [c for c in inspect(model).columns if c.key != "id"]
            query = select(*columns).where(model.plan_id == plan.id)
            found[model.__tablename__] = sorted(map(repr, db.session.execute(query).all()))
    return found


def allowed(plan: Plan, kind: str, enrolment: int) -> str:
    """A target that the resident could have instead."""
    return next(t.id for t in targets(plan, kind, enrolment) if t.state in ("allowed", "price"))


def forbidden(plan: Plan, kind: str, enrolment: int) -> str:
    return next(t.id for t in targets(plan, kind, enrolment) if t.state == "forbidden")


def room_of(plan: Plan, enrolment: int) -> str:
    return next(x.room for x in opened(plan).answer.lodgings if x.resident == str(enrolment))


def move(plan: Plan, home: House, manager: int, n: int = BOY) -> str:
    """Move one resident to another room; the id of that room."""
    who = home.enrolments[n].id
    target = allowed(plan, "room", who)
    changing.apply_change(plan_id=plan.id, version=plan.version, wish=Wish("room", str(who), target), actor_id=manager)
    return target


def test_a_change_is_in_the_answer_in_the_rows_and_in_the_figures(home, draft, manager):
    who, version = home.enrolments[BOY].id, draft.version
    for kind in ("room", "counsellor", "appointment"):
        target = allowed(draft, kind, who)
        wish = Wish(kind, str(who), target)
        changing.apply_change(plan_id=draft.id, version=draft.version, wish=wish, actor_id=manager)
        assert [t.state for t in targets(draft, kind, who) if t.id == target] == ["here"]
    assert (draft.version, draft.step) == (version + 3, 3)
    found = opened(draft)
    assert check(found.problem, found.answer) == ()
    assert (draft.score, draft.bound) == (found.answer.score, found.answer.bound)
    mirror = store_plan(home.cycle, found.problem, found.answer)
    assert strip(rows_of(draft), draft.id) == strip(rows_of(mirror), mirror.id)


def strip(rows: dict[str, list[str]], plan_id: int) -> dict[str, list[str]]:
    return {table: sorted(row.replace(f"{plan_id}, ", "plan, ", 1) for row in own) for table, own in rows.items()}


def test_undo_and_redo_bring_back_every_byte_and_every_row(home, draft, manager):
    states = [(draft.answer, rows_of(draft), draft.score, draft.bound, list(draft.pins))]
    for act in ("move", "pin", "move"):
        if act == "move":
            move(draft, home, manager, n=OTHERS[len(states) - 1])
        else:
            changing.pin(
                plan_id=draft.id, version=draft.version, actor_id=manager, resident=str(home.enrolments[BOY].id)
            )
        states.append((draft.answer, rows_of(draft), draft.score, draft.bound, list(draft.pins)))
    for n in (2, 1, 0):
        changing.undo(plan_id=draft.id, version=draft.version, actor_id=manager)
        assert (draft.answer, rows_of(draft), draft.score, draft.bound, draft.pins) == states[n]
    with pytest.raises(NothingToDo):
        changing.undo(plan_id=draft.id, version=draft.version, actor_id=manager)
    for n in (1, 2, 3):
        changing.redo(plan_id=draft.id, version=draft.version, actor_id=manager)
        assert (draft.answer, rows_of(draft), draft.score, draft.bound, draft.pins) == states[n]
    with pytest.raises(NothingToDo):
        changing.redo(plan_id=draft.id, version=draft.version, actor_id=manager)
    changing.go_to(plan_id=draft.id, version=draft.version, actor_id=manager, step=0)
    assert (draft.answer, rows_of(draft), draft.score, draft.bound, draft.pins) == states[0]
    changing.go_to(plan_id=draft.id, version=draft.version, actor_id=manager, step=3)
    assert (draft.answer, rows_of(draft), draft.score, draft.bound, draft.pins) == states[3]


@pytest.mark.parametrize("step", [-1, 2, 99])
def test_there_is_no_way_to_a_step_that_was_never_made(home, draft, manager, step):
    move(draft, home, manager)
    with pytest.raises(NothingToDo):
        changing.go_to(plan_id=draft.id, version=draft.version, actor_id=manager, step=step)


def test_something_new_after_a_step_back_leaves_nothing_to_redo(home, draft, manager):
    move(draft, home, manager)
    changing.undo(plan_id=draft.id, version=draft.version, actor_id=manager)
    target = move(draft, home, manager, n=OTHERS[0])
    assert [s.number for s in db.session.scalars(select(PlanStep))] == [1]
    assert room_of(draft, home.enrolments[OTHERS[0]].id) == target
    with pytest.raises(NothingToDo):
        changing.redo(plan_id=draft.id, version=draft.version, actor_id=manager)


def test_a_change_against_a_rule_is_refused_with_the_rules(home, draft, manager):
    who, before = home.enrolments[BOY].id, draft.answer
    wish = Wish("room", str(who), forbidden(draft, "room", who))
    with pytest.raises(ChangeForbidden) as refused:
        changing.apply_change(plan_id=draft.id, version=draft.version, wish=wish, actor_id=manager)
    assert {v.rule for v in refused.value.verdict.broken} <= {
        "room_gender",
        "room_one_gender",
        "room_capacity",
        "bed_twice",
    }
    assert (draft.answer, draft.step) == (before, 0)


def test_what_a_resident_has_already_is_no_step(home, draft, manager):
    who = home.enrolments[BOY].id
    wish = Wish("room", str(who), room_of(draft, who))
    changing.apply_change(plan_id=draft.id, version=draft.version, wish=wish, actor_id=manager)
    assert (draft.step, draft.version) == (0, 1)


def test_the_second_click_of_one_change_changes_nothing_and_is_no_refusal(home, draft, manager):
    who, other = home.enrolments[BOY].id, make_user(home.residence).id
    wish = Wish("room", str(who), allowed(draft, "room", who))
    version = draft.version
    for _ in range(2):
        changing.apply_change(plan_id=draft.id, version=version, wish=wish, actor_id=manager)
    assert (draft.step, draft.version) == (1, version + 1)
    with pytest.raises(StaleDraft):  # the same change, but by somebody who has not seen the first
        changing.apply_change(plan_id=draft.id, version=version, wish=wish, actor_id=other)


def test_whom_or_what_the_plan_does_not_have_cannot_be_given(home, draft, manager):
    for wish in (Wish("room", "999999", "1"), Wish("room", str(home.enrolments[BOY].id), "999999")):
        with pytest.raises(UnknownWish):
            changing.apply_change(plan_id=draft.id, version=draft.version, wish=wish, actor_id=manager)


def test_a_whole_answer_with_everybody_who_moves_is_one_step(home, draft, manager):
    """The rooms are full: somebody else has to leave, and all of it is taken back at once."""
    who = home.enrolments[7].id
    full = room_of(draft, home.enrolments[BOY].id)
    assert full in [t.id for t in targets(draft, "room", who) if t.state == "forbidden"]
    before = draft.answer
    changing.apply_what_if(plan_id=draft.id, version=draft.version, wish=Wish("room", str(who), full), actor_id=manager)
    assert room_of(draft, who) == full
    found = opened(draft)
    assert check(found.problem, found.answer) == ()
    step = db.session.scalars(select(PlanStep)).one()
    assert len({c[1] for c in step.detail["changes"]}) > 1
    changing.undo(plan_id=draft.id, version=draft.version, actor_id=manager)
    assert draft.answer == before


def test_what_no_moves_can_make_possible_is_refused(home, draft, manager):
    who = home.enrolments[BOY].id
    girls = next(str(r.id) for r in home.rooms if r.policy.value == "female")
    with pytest.raises(ChangeForbidden) as refused:
        changing.apply_what_if(
            plan_id=draft.id, version=draft.version, wish=Wish("room", str(who), girls), actor_id=manager
        )
    assert [o.code for o in refused.value.answer.obstacles] == ["room_gender"]


# Pins


def test_what_is_pinned_stays_until_it_is_let_go(home, draft, manager):
    who = home.enrolments[BOY].id
    target = allowed(draft, "room", who)
    changing.pin(plan_id=draft.id, version=draft.version, actor_id=manager, resident=str(who), kind="room")
    assert draft.pins == [{"kind": "room", "resident": str(who), "target": room_of(draft, who)}]
    with pytest.raises(ChangeForbidden) as refused:
        changing.apply_change(
            plan_id=draft.id, version=draft.version, wish=Wish("room", str(who), target), actor_id=manager
        )
    assert [v.rule for v in refused.value.verdict.broken] == ["pin"]
    changing.unpin(plan_id=draft.id, version=draft.version, actor_id=manager, resident=str(who))
    changing.apply_change(
        plan_id=draft.id, version=draft.version, wish=Wish("room", str(who), target), actor_id=manager
    )
    assert room_of(draft, who) == target


def test_everything_of_a_resident_is_pinned_at_once_and_let_go_at_once(home, draft, manager):
    who = str(home.enrolments[BOY].id)
    changing.pin(plan_id=draft.id, version=draft.version, actor_id=manager, resident=who)
    assert {p["kind"] for p in draft.pins} == {"class", "education", "counsellor", "room", "appointment"}
    problem = studied(draft).problem
    assert len(problem.pins) == 4
    assert len(problem.appointment_pins) == 1
    meeting = opened(draft).answer.meetings[0]
    target = f"{meeting.group}:{','.join(meeting.periods)}"
    changing.pin(plan_id=draft.id, version=draft.version, actor_id=manager, kind="meeting", target=target)
    assert len(studied(draft).problem.meeting_pins) == 1
    changing.unpin(plan_id=draft.id, version=draft.version, actor_id=manager)
    assert draft.pins == []
    assert studied(draft).problem == opened(draft).problem


def test_nothing_to_pin_and_nothing_to_let_go_is_said(home, draft, manager):
    at = {"plan_id": draft.id, "version": draft.version, "actor_id": manager}
    for wanted in (
        {"resident": "999999"},
        {"kind": "meeting"},
        {"resident": str(home.enrolments[BOY].id), "target": "no"},
    ):
        with pytest.raises(NothingToDo):
            changing.pin(**at, **wanted)
    with pytest.raises(NothingToDo):
        changing.unpin(**at)


def test_the_rest_is_finished_around_what_is_pinned(home, draft, manager):
    with pytest.raises(NothingPinned):
        changing.finish(plan_id=draft.id, version=draft.version, actor_id=manager)
    changing.pin(plan_id=draft.id, version=draft.version, actor_id=manager, resident=str(home.enrolments[BOY].id))
    run = changing.finish(plan_id=draft.id, version=draft.version, actor_id=manager)
    assert (run.parameters["pins"], run.parameters["parent_id"]) == (draft.pins, draft.id)
    assert run.parameters["origin"] == "finished"


# Who may not, and what is told


def test_only_drafts_of_running_cycles_are_changed(home, draft, manager):
    draft.state = PlanState.PUBLISHED
    db.session.flush()
    with pytest.raises(NotADraft):
        changing.undo(plan_id=draft.id, version=draft.version, actor_id=manager)
    draft.state, home.cycle.state = PlanState.DRAFT, CycleState.CLOSED
    db.session.flush()
    with pytest.raises(CycleClosed):
        changing.undo(plan_id=draft.id, version=draft.version, actor_id=manager)
    with pytest.raises(NotFound):
        changing.undo(plan_id=999_999, version=1, actor_id=manager)


def test_who_acts_on_an_old_page_is_refused_whatever_it_is(home, draft, manager):
    old = draft.version
    target = move(draft, home, manager)
    who = str(home.enrolments[OTHERS[0]].id)
    at = {"plan_id": draft.id, "version": old, "actor_id": manager}
    acts = (
        lambda: changing.apply_change(**at, wish=Wish("room", who, target)),
        lambda: changing.apply_what_if(**at, wish=Wish("room", who, target)),
        lambda: changing.undo(**at),
        lambda: changing.pin(**at, resident=who),
        lambda: changing.finish(**at),
    )
    for act in acts:
        with pytest.raises(StaleDraft):
            act()
    assert draft.step == 1


def test_the_trail_tells_who_did_what_since_a_version(home, draft, manager):
    version = draft.version
    target = move(draft, home, manager)
    middle = draft.version
    changing.pin(plan_id=draft.id, version=middle, actor_id=manager, resident=str(home.enrolments[BOY].id), kind="room")
    changing.undo(plan_id=draft.id, version=draft.version, actor_id=manager)
    assert [a.verb for a in acts_since(draft, version)] == ["draft_changed", "draft_pinned", "draft_undone"]
    assert [a.verb for a in acts_since(draft, middle)] == ["draft_pinned", "draft_undone"]
    assert acts_since(draft, draft.version) == ()
    first = acts_since(draft, version)[0]
    assert first.detail["wish"] == ["room", str(home.enrolments[BOY].id), target]
