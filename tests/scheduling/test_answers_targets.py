"""A whole board of verdicts at once: each target as ``verdict`` judges it alone."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from foyer.scheduling import targets, verdict
from foyer.scheduling.answers.forms import Target, Wish, WishKind
from foyer.scheduling.answers.verdict import edited
from foyer.scheduling.answers.viewing import ForeignPlan, seen
from foyer.scheduling.answers.what_if import UnknownWish, is_given
from foyer.scheduling.answers.why import Case
from foyer.scheduling.best import plan_of
from foyer.scheduling.digest import problem_hash
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Outcome, Plan
from foyer.scheduling.problem import KeepApart, KeepTogether, Pin, Problem
from foyer.scheduling.quick.whole import Decided, complete
from tests.scheduling.house import make_house
from tests.scheduling.random_houses import houses
from tests.scheduling.test_answers_what_if import hand_made
from tests.scheduling.test_electives import sporty
from tests.scheduling.village import village

KINDS: tuple[WishKind, ...] = get_args(WishKind)
CALM = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
)


def quick_plan(problem: Problem, outcome: Outcome = Outcome.FEASIBLE) -> Plan | None:
    """A complete plan without a solver."""
    index = Index(problem)
    whole = complete(index, Decided(None, None, None, None), 1, lambda: None)
    return None if whole is None else plan_of(index, whole, outcome, problem_hash(problem))


def agree(problem: Problem, plan: Plan, kind: WishKind, found: Target, resident: str) -> None:
    wish = Wish(kind, resident, found.target)
    given_already = is_given(Case.of(problem, plan), wish)
    assert (found.state == "here") == given_already
    if not given_already:
        alone = verdict(problem, plan, wish, repair=False)
        assert (set(found.broken), found.points) == (set(alone.broken), pytest.approx(alone.points, abs=0.005)), wish
        assert found.state == ("forbidden" if alone.broken else "allowed")


@CALM
@given(houses(most=5), st.randoms(use_true_random=False))
def test_of_a_random_house_the_meeting_that_is_named_moves_and_no_other(problem: Problem, rng: random.Random) -> None:
    plan = quick_plan(problem)
    if plan is None:
        return
    members = {seat.group: seat.resident for seat in plan.seats}
    for meeting in [m for m in plan.meetings if m.group in members][:3]:
        who, instead = members[meeting.group], ",".join(meeting.periods)
        found = targets(problem, plan, "meeting", who, meeting=f"{meeting.group}:{instead}")
        others = [m for m in plan.meetings if m is not meeting]
        for target in rng.sample(found, min(4, len(found))):
            wish = Wish("meeting", who, target.target, instead)
            if target.state == "here":
                assert is_given(Case.of(problem, plan), wish)
                continue
            alone = verdict(problem, plan, wish, repair=False)
            assert (set(target.broken), target.points) == (set(alone.broken), pytest.approx(alone.points, abs=0.005))
            index, now = seen(problem, plan)
            after = edited(index, now, wish).meetings
            assert [m for m in after if m in others] == others
            assert [f"{m.group}:{','.join(m.periods)}" for m in after if m not in others] == [target.target]


@CALM
@given(houses(most=5), st.randoms(use_true_random=False))
def test_every_target_of_a_random_house_is_judged_as_alone(problem: Problem, rng: random.Random) -> None:
    plan = quick_plan(problem)
    if plan is None:
        return
    for resident in [r.id for r in problem.residents][:2]:
        for kind in KINDS:
            found = targets(problem, plan, kind, resident)
            for target in rng.sample(found, min(8, len(found))):
                agree(problem, plan, kind, target, resident)


@pytest.fixture(scope="module")
def full() -> tuple[Problem, Plan]:
    """A house of 112 with pairs that are kept apart and together, one pinned resident."""
    problem = make_house(112)
    plan = quick_plan(problem)
    assert plan is not None
    names = [r.id for r in problem.residents]
    problem = replace(
        problem,
        apart=(*problem.apart, KeepApart(names[0], names[5], ("room", "class", "house")), _mild(names[0], names[9])),
        together=(KeepTogether(names[0], names[7], ("class", "counsellor", "room", "house")),),
        pins=(Pin("room", names[3], next(x.room for x in plan.lodgings if x.resident == names[3])),),
    )
    plan = quick_plan(problem)
    assert plan is not None
    return problem, plan


def _mild(a: str, b: str) -> KeepApart:
    return KeepApart(a, b, ("room", "class", "counsellor", "house"), None, 3)


@pytest.mark.parametrize("kind", ["class", "education", "counsellor", "room"])
def test_every_target_of_a_house_of_112_is_judged_as_alone(full: tuple[Problem, Plan], kind: WishKind) -> None:
    problem, plan = full
    for resident in (problem.residents[0], problem.residents[3]):
        found = targets(problem, plan, kind, resident.id)
        assert len(found) == len(_offered(problem, kind))
        for target in found:
            agree(problem, plan, kind, target, resident.id)


@pytest.mark.parametrize("kind", ["appointment", "meeting"])
def test_hours_of_a_house_of_112_are_judged_as_alone(full: tuple[Problem, Plan], kind: WishKind) -> None:
    problem, plan = full
    for resident in (problem.residents[0], problem.residents[3]):
        found = targets(problem, plan, kind, resident.id)
        assert {t.state for t in found} == {"here", "allowed", "forbidden"}
        for target in random.Random(1).sample(found, 12):
            agree(problem, plan, kind, target, resident.id)


def _offered(problem: Problem, kind: WishKind) -> list[str]:
    if kind in ("counsellor", "room"):
        return [x.id for x in (problem.counsellors if kind == "counsellor" else problem.rooms)]
    word = {"class": "vocational", "education": "education"}[kind]
    return [g.id for g in problem.groups if g.kind == word]


def test_electives_are_judged_as_alone() -> None:
    problem = sporty(eli=2, bea=1)
    plan = quick_plan(problem)
    assert plan is not None
    for resident in problem.residents:
        for target in targets(problem, plan, "elective", resident.id):
            agree(problem, plan, "elective", target, resident.id)


@pytest.mark.parametrize("outcome", [Outcome.OPTIMAL, Outcome.CANCELLED])
def test_a_repaired_or_cancelled_plan_is_judged_from_the_night_on_from_which_it_holds(outcome: Outcome) -> None:
    problem = make_house(30)
    plan = quick_plan(problem, outcome)
    assert plan is not None
    repaired = replace(plan, from_night=20)
    staying = [r.id for r in problem.residents if r.leaves > 20]
    left = {r.id for r in problem.residents} - set(staying)
    keep = {
        "seats": tuple(s for s in plan.seats if s.resident not in left),
        "caseloads": tuple(c for c in plan.caseloads if c.resident not in left),
        "appointments": tuple(a for a in plan.appointments if a.resident not in left),
        "unmet": (),
    }
    for each in (plan, replace(repaired, **keep)):
        for kind in ("class", "room", "counsellor"):
            for target in targets(problem, each, kind, staying[0]):  # type: ignore[arg-type]
                agree(problem, each, kind, target, staying[0])  # type: ignore[arg-type]


def test_whom_or_what_the_house_does_not_have_is_not_asked_about() -> None:
    problem, plan = village(), hand_made(village())
    with pytest.raises(UnknownWish):
        targets(problem, plan, "class", "nobody")
    with pytest.raises(UnknownWish):
        targets(problem, plan, "flavour", "eli")  # type: ignore[arg-type]
    with pytest.raises(UnknownWish, match="no such meeting"):
        targets(problem, plan, "meeting", "eli", meeting="g-maths:never")
    with pytest.raises(ForeignPlan):
        targets(make_house(8), plan, "class", "eli")
