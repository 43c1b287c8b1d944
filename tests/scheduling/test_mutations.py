"""Valid plans of random houses, each changed in one place so that it must break a named rule: the checker names it. And
changes that break nothing are not reported."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from foyer.scheduling import check, solve
from foyer.scheduling.plan import Lodging, Meeting, Outcome, Plan, Seat, Unmet
from foyer.scheduling.problem import Problem
from foyer.scheduling.score import rescored
from tests.scheduling.profile import calm
from tests.scheduling.random_houses import houses
from tests.scheduling.solved import REPEATABLE
from tests.scheduling.village import rules

Mutation = Callable[[Problem, Plan, random.Random], tuple[Plan, str] | None]


def _without(items: tuple, item: object) -> tuple:  # type: ignore[type-arg]
    return tuple(x for x in items if x is not item)


def drop_seat(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    kinds = {g.id: g.kind for g in problem.groups}
    seats = [s for s in plan.seats if kinds[s.group] != "elective"]
    if not seats:
        return None
    seat = rng.choice(seats)
    rule = "class_missing" if kinds[seat.group] == "vocational" else "education_missing"
    return replace(plan, seats=_without(plan.seats, seat)), rule


def double_seat(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    kinds = {g.id: g.kind for g in problem.groups}
    pairs = [
        (s, g.id)
        for s in plan.seats
        if kinds[s.group] == "vocational"
        for g in problem.groups
        if g.kind == "vocational"
    ]
    pairs = [(s, g) for s, g in pairs if g != s.group]
    if not pairs:
        return None
    seat, other = rng.choice(pairs)
    return replace(plan, seats=(*plan.seats, Seat(seat.resident, other))), "class_twice"


def drop_counsellor(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    if not plan.caseloads:
        return None
    return replace(plan, caseloads=_without(plan.caseloads, rng.choice(plan.caseloads))), "counsellor_missing"


def swap_counsellor_of_appointment(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    if not plan.appointments or len(problem.counsellors) < 2:
        return None
    old = rng.choice(plan.appointments)
    other = rng.choice([c.id for c in problem.counsellors if c.id != old.counsellor])
    new = replace(old, counsellor=other)
    return replace(plan, appointments=(*_without(plan.appointments, old), new)), "appointment_counsellor"


def drop_appointment(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    if not plan.appointments:
        return None
    return replace(plan, appointments=_without(plan.appointments, rng.choice(plan.appointments))), "appointment_missing"


def lengthen_appointment(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    if not plan.appointments:
        return None
    old = rng.choice(plan.appointments)
    return replace(plan, appointments=(*_without(plan.appointments, old), replace(old, end=old.end + 5))), (
        "appointment_time"
    )


def drop_lodging(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    if not plan.lodgings:
        return None
    return replace(plan, lodgings=_without(plan.lodgings, rng.choice(plan.lodgings))), "room_missing"


def shorten_lodging(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    long = [x for x in plan.lodgings if x.leaves - x.arrives > 1]
    if not long:
        return None
    old = rng.choice(long)
    return _lodged(plan, old, replace(old, leaves=old.leaves - 1)), "room_nights"


def raise_bed(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    if not plan.lodgings:
        return None
    old = rng.choice(plan.lodgings)
    beds = next(m.beds for m in problem.rooms if m.id == old.room)
    return _lodged(plan, old, replace(old, bed=beds + 1)), "bed_number"


def share_bed(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    pairs = [
        (a, b)
        for a in plan.lodgings
        for b in plan.lodgings
        if a is not b and a.arrives < b.leaves and b.arrives < a.leaves
    ]
    if not pairs:
        return None
    a, b = rng.choice(pairs)
    return _lodged(plan, a, replace(a, room=b.room, bed=b.bed)), "bed_twice"


def wrong_gender(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    genders = {r.id: r.gender for r in problem.residents}
    moves = [
        (x, m.id) for x in plan.lodgings for m in problem.rooms if m.policy not in ("same", "any", genders[x.resident])
    ]
    if not moves:
        return None
    old, room = rng.choice(moves)
    return _lodged(plan, old, replace(old, room=room)), "room_gender"


def _lodged(plan: Plan, old: Lodging, new: Lodging) -> Plan:
    return replace(plan, lodgings=(*_without(plan.lodgings, old), new))


def drop_meeting(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    if len(plan.meetings) < 2:
        return None
    return replace(plan, meetings=_without(plan.meetings, rng.choice(plan.meetings))), "meeting_count"


def odd_pattern(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    if not plan.meetings:
        return None
    old = rng.choice(plan.meetings)
    return _met(plan, old, replace(old, periods=("d0a", "d2e"))), "meeting_pattern"


def drop_venue(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    held = [m for m in plan.meetings if m.venue is not None]
    if not held:
        return None
    old = rng.choice(held)
    return _met(plan, old, replace(old, venue=None)), "venue_missing"


def drop_instructor(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    held = [m for m in plan.meetings if m.instructor is not None]
    if not held:
        return None
    old = rng.choice(held)
    return _met(plan, old, replace(old, instructor=None)), "instructor_missing"


def _met(plan: Plan, old: Meeting, new: Meeting) -> Plan:
    return replace(plan, meetings=(*_without(plan.meetings, old), new))


def claim_unmet(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    if not plan.caseloads:
        return None
    who = rng.choice(plan.caseloads).resident
    return replace(plan, unmet=(*plan.unmet, Unmet(who, "counsellor"))), "unmet_untrue"


def need_told_twice(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    """Somebody has no counsellor, and the plan says so twice, at twice the points."""
    if not plan.caseloads:
        return None
    who = rng.choice(plan.caseloads)
    need = Unmet(who.resident, "counsellor")
    return replace(plan, caseloads=_without(plan.caseloads, who), unmet=(*plan.unmet, need, need)), "unmet_untrue"


def foreign_id(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    return replace(plan, seats=(*plan.seats, Seat("nobody", problem.groups[0].id))), "unknown_id"


PLACES: tuple[Mutation, ...] = (
    *(drop_seat, double_seat, drop_counsellor, swap_counsellor_of_appointment, drop_appointment),
    *(lengthen_appointment, drop_lodging, shorten_lodging, raise_bed, share_bed, wrong_gender),
    *(drop_meeting, odd_pattern, drop_venue, drop_instructor, claim_unmet, need_told_twice, foreign_id),
)


def false_score(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    return replace(plan, score=plan.score + 1), "score"


def false_term(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    if not plan.terms:
        return None
    old = rng.choice(plan.terms)
    return replace(plan, terms=(*_without(plan.terms, old), replace(old, count=old.count + 1))), "term"


def false_bound(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    return replace(plan, bound=plan.score + 1), "bound"


def false_stage(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    old = rng.choice(plan.stages)
    stages = tuple(replace(s, value=s.value + 1) if s is old else s for s in plan.stages)
    return replace(plan, stages=stages), "stage_value"


def false_level(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    levels = plan.levels
    if not levels:
        return None
    old = rng.choice(levels)
    changed = tuple(replace(x, value=x.value + 1) if x is old else x for x in plan.levels)
    return replace(plan, levels=changed), "level"


def false_bound_of_level(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    if not plan.levels:
        return None
    old = rng.choice(plan.levels)
    changed = tuple(replace(x, bound=x.value + 1) if x is old else x for x in plan.levels)
    return replace(plan, levels=changed), "bound"


def false_hash(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    return replace(plan, problem_hash="0" * 64), "other_problem"


def term_told_twice(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    return (replace(plan, terms=(*plan.terms, rng.choice(plan.terms))), "term") if plan.terms else None


def stage_told_twice(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    return replace(plan, stages=(*plan.stages, rng.choice(plan.stages))), "stage_value"


def level_told_twice(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    return (replace(plan, levels=(*plan.levels, rng.choice(plan.levels))), "level") if plan.levels else None


def false_first_night(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    return replace(plan, from_night=rng.choice((-1, problem.nights, 10**15))), "unknown_id"


def night_outside_the_cycle(problem: Problem, plan: Plan, rng: random.Random) -> tuple[Plan, str] | None:
    if not plan.lodgings:
        return None
    old = rng.choice(plan.lodgings)
    return _lodged(plan, old, replace(old, leaves=10**15)), "unknown_id"


FIGURES: tuple[Mutation, ...] = (
    *(false_score, false_term, false_bound, false_stage, false_level, false_bound_of_level, false_hash),
    *(term_told_twice, stage_told_twice, level_told_twice, false_first_night, night_outside_the_cycle),
)


@calm(12)
@given(houses(), st.integers(0, 10**6))
def test_every_change_that_breaks_a_rule_is_named(problem: Problem, seed: int) -> None:
    plan = solve(problem, REPEATABLE)
    assume(plan.outcome in (Outcome.OPTIMAL, Outcome.FEASIBLE))
    for mutation in PLACES:
        made = mutation(problem, plan, random.Random(seed))
        if made is not None:
            changed, rule = made
            whole = changed if rule == "unknown_id" else rescored(problem, changed)
            assert rule in rules(check(problem, whole)), mutation.__name__
    for mutation in FIGURES:
        made = mutation(problem, plan, random.Random(seed))
        if made is not None:
            assert made[1] in rules(check(problem, made[0])), mutation.__name__


@calm(6)
@given(houses(), st.randoms(use_true_random=False))
def test_changes_that_break_nothing_are_not_reported(problem: Problem, rng: random.Random) -> None:
    """The order of a plan's parts, the seconds it took, and its seed say nothing about its rules."""
    plan = solve(problem, REPEATABLE)
    parts = ("seats", "caseloads", "lodgings", "meetings", "appointments", "unmet", "terms", "stages")
    mixed = {part: tuple(rng.sample(getattr(plan, part), len(getattr(plan, part)))) for part in parts}
    assert check(problem, replace(plan, **mixed, seconds=plan.seconds + 9, seed=plan.seed + 1)) == ()


@pytest.mark.parametrize("mutation", [*PLACES, *FIGURES])
def test_every_kind_of_change_is_tried_on_the_village(mutation: Mutation) -> None:
    from tests.scheduling.village import village

    problem = village()
    plan = solve(problem, REPEATABLE)
    made = mutation(problem, plan, random.Random(1))
    if mutation is odd_pattern:
        assert made is not None
        made = None  # its periods are those of the random houses
        return
    assert made is not None
    changed, rule = made
    whole = changed if rule == "unknown_id" or mutation in FIGURES else rescored(problem, changed)
    assert rule in rules(check(problem, whole))
