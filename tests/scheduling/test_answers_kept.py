"""What is worked out once and used again changes no answer: what is kept between two questions, and every short cut,
beside the long way round."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from foyer.scheduling import explain, recommend, swaps, targets, what_if
from foyer.scheduling.answers import resolving, retiming
from foyer.scheduling.answers.editing import KINDS, changes_between
from foyer.scheduling.answers.exchange import NOBODY, Bin, Exchange
from foyer.scheduling.answers.forms import Recommendations, WhatIf, Wish
from foyer.scheduling.answers.retiming import retimed
from foyer.scheduling.cpsat import Searched
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Change, Limits, Plan, keep_quiet, never_stop
from foyer.scheduling.problem import Problem
from foyer.scheduling.run import Run
from foyer.scheduling.score import day_shape, terms_of
from foyer.scheduling.stages.appointments import is_place_for, meeting_periods, places_for
from foyer.scheduling.stages.times import minimise_points, week_of
from foyer.scheduling.stages.week import read
from foyer.scheduling.weeks import kinds, taken_in
from tests.scheduling.random_houses import houses
from tests.scheduling.test_answers_true import changed_plans
from tests.scheduling.test_answers_why import METAL
from tests.scheduling.village import hand_made, village

CALM = settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
)


def plain(answer: Any) -> Any:
    """An answer without the seconds that it took."""
    return replace(answer, seconds=0.0) if isinstance(answer, (WhatIf, Recommendations)) else answer


def questions(problem: Problem, plan: Plan, who: str) -> list[Any]:
    """Every question that can be asked about one resident, each of one target of its kind."""
    wishes = [Wish(KINDS[g.kind], who, g.id) for g in problem.groups]  # type: ignore[arg-type]
    wishes += [Wish("counsellor", who, k.id) for k in problem.counsellors]
    wishes += [Wish("room", who, m.id) for m in problem.rooms]
    found: list[Any] = [explain(problem, plan, who), *(recommend(problem, plan, who, most) for most in (1, 3))]
    found += [what_if(problem, plan, wish) for wish in wishes]
    found += [swaps(problem, plan, wish) for wish in wishes if wish.kind != "elective"]
    found += [targets(problem, plan, kind, who) for kind in ("class", "counsellor", "room")]  # type: ignore[arg-type]
    return [plain(answer) for answer in found]


@settings(CALM, max_examples=15)
@given(changed_plans(houses(most=5)))
def test_a_house_that_was_asked_before_answers_as_one_that_was_not(given: tuple[Problem, Plan] | None) -> None:
    if given is None:
        return
    problem, plan = given
    one, other = problem.residents[0].id, problem.residents[-1].id
    asked = [questions(problem, plan, who) for who in (one, other, one)]
    fresh = [questions(replace(problem), plan, who) for who in (one, other)]
    assert asked == [*fresh, fresh[0]]


@CALM
@given(changed_plans(houses(most=6)))
def test_gaps_and_single_periods_are_those_of_each_day_by_itself(given: tuple[Problem, Plan] | None) -> None:
    if given is None:
        return
    index, plan = Index(given[0]), given[1]
    taken = meeting_periods(index, plan.seats, plan.meetings)
    gaps = single = 0.0
    for resident, meetings in taken.items():
        when = kinds(weeks for _, weeks in meetings)
        for kind, day in product(when, index.days.values()):
            found = day_shape(day, taken_in(meetings, kind), set(index.residents[resident].unavailable))
            gaps, single = gaps + found[0] / len(when), single + found[1] / len(when)
    for _ in range(2):  # the second time from what is kept
        counted = {t.wish: t.count for t in terms_of(index, plan)}
        assert counted.get("gap", 0) == math.ceil(gaps)
        assert counted.get("single_period", 0) == math.ceil(single)


@CALM
@given(changed_plans(houses(most=6)))
def test_an_hour_fits_where_it_is_listed(given: tuple[Problem, Plan] | None) -> None:
    if given is None:
        return
    index, plan = Index(given[0]), given[1]
    taken = meeting_periods(index, plan.seats, plan.meetings)
    for resident, counsellor in product(index.residents, index.counsellors):
        listed = places_for(index, resident, counsellor, taken)
        for place in product(range(index.problem.appointments.every_weeks + 1), index.periods):
            assert is_place_for(index, resident, counsellor, place, taken) == (place in listed)


def everything(plan: Plan, index: Index) -> set[tuple[str, str, str]]:
    """What everybody has, one row of the plan after the other."""
    return {
        *((KINDS[index.groups[s.group].kind], s.resident, s.group) for s in plan.seats),
        *(("counsellor", c.resident, c.counsellor) for c in plan.caseloads),
        *(("room", x.resident, x.room) for x in plan.lodgings),
        *(("appointment", a.resident, f"{a.week} {a.period}") for a in plan.appointments),
        *(("time", m.group, " ".join(m.periods)) for m in plan.meetings),
    }


def halves(changes: tuple[Change, ...]) -> tuple[set[tuple[str, str, str]], set[tuple[str, str, str]]]:
    """What was lost and what was won."""
    lost = {(c.kind, c.who, c.before) for c in changes if c.before is not None}
    won = {(c.kind, c.who, c.after) for c in changes if c.after is not None}
    return lost, won


@CALM
@given(st.data(), changed_plans(houses(most=6)))
def test_changes_are_all_that_differs(data: st.DataObject, given: tuple[Problem, Plan] | None) -> None:
    if given is None:
        return
    index, plan = Index(given[0]), given[1]
    parts = {}
    for part in ("seats", "caseloads", "lodgings", "appointments", "meetings"):
        rows = getattr(plan, part)
        kept = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
        copies = data.draw(st.booleans())  # equal rows that are not the same objects
        chosen = [row for row, keep in zip(rows, kept, strict=True) if keep]
        parts[part] = tuple(replace(row) if copies else row for row in chosen)
    after = replace(plan, **parts)
    for one, other in ((plan, after), (after, plan), (plan, replace(plan))):
        lost, won = halves(changes_between(index, one, other))
        assert lost == everything(one, index) - everything(other, index)
        assert won == everything(other, index) - everything(one, index)


@CALM
@given(st.data())
def test_one_search_backwards_finds_the_cheapest_chain_to_every_bin(data: st.DataObject) -> None:
    """Beside all chains, one step after the other: so many moves of others at most."""
    bins = {
        b: Bin(data.draw(st.integers(0, 1)), data.draw(st.integers(1, 3)), data.draw(st.integers(0, 2)), 7)
        for b in "abcd"
    }
    people = [(f"r{i}", "") for i in range(data.draw(st.integers(2, 5)))]
    costs = {p: {b: data.draw(st.integers(-9, 9)) for b in bins} for p in people}
    exchange = Exchange(bins, {p: data.draw(st.sampled_from("abcd")) for p in people}, costs)
    person, most = people[0], data.draw(st.integers(0, 2))
    here = exchange.place[person]

    def least(bin_id: str, left: int, steps: int) -> float:
        if bin_id == here:
            return 0
        found = [math.inf]
        for (a, b), (cost, mover) in exchange.arcs.items() if steps else ():
            rest = left - (mover != NOBODY)
            if a == bin_id and mover != person and rest >= 0:
                found.append(cost + least(b, rest, steps - 1))
        return min(found)

    for target in bins:
        chain = exchange.within(person, target, most)
        if chain is not None:
            assert chain.cost == costs[person][target] - costs[person][here] + least(target, most, 2 * most + 3)
            assert len({m.person for m in chain.moves}) == len(chain.moves) <= most + 1
        elif target != here:
            searched = exchange._ways_within(person, most)[0].get((target, most))
            assert searched is None or searched == least(target, most, 2 * most + 3)  # somebody would move twice
            assert searched is not None or least(target, most, 2 * most + 3) == math.inf


@settings(CALM, max_examples=25)
@given(changed_plans(houses(most=5)), st.integers(0, 5))
def test_hours_for_a_new_group_are_as_good_as_in_a_model_of_the_whole_week(
    given: tuple[Problem, Plan] | None, number: int
) -> None:
    """All else held by leaving its other starts out, and by a row that forbids them."""
    if given is None or not given[1].meetings:
        return
    index, plan = Index(given[0]), given[1]
    names = sorted({m.group for m in plan.meetings})
    published = tuple(m for m in plan.meetings if m.group != names[number % len(names)])
    met, sizes = {m.group for m in published}, Counter(s.group for s in plan.seats)
    new = {g.id for g in index.problem.groups if index.meets(g, sizes[g.id]) and g.meetings} - met
    run = Run(index, Limits(seconds=60, workers=1), keep_quiet, never_stop, stages=1)
    found = retiming._only_the_new(run, published, plan.seats, plan.caseloads)
    week = week_of(index, plan.seats, plan.caseloads, new)
    if week is None or not new:
        assert found is None
        return
    held = {(m.group, m.periods) for m in published}
    week.model.add(
        sum(x for at, x in week.start.items() if at[0] not in new and (at[0], week.pattern(*at).periods) not in held)
        == 0
    )
    minimise_points(week)
    whole = retiming.search(run, "times", week.model, seconds=30)
    assert whole.is_proven
    assert (found is not None) == whole.is_feasible
    if found is not None:
        assert {(m.group, m.periods) for m in found[0] if m.group not in new} <= held

        def points(meetings: Any) -> float:
            terms = terms_of(index, replace(plan, meetings=tuple(meetings)))
            return round(sum(t.points for t in terms if t.wish in ("gap", "single_period", "disliked_start")), 2)

        assert points(found[0]) == points(read(week, whole.value))


# Out of time


def unanswered(*_args: Any, **_kwargs: Any) -> Searched:
    """A search that ended with nothing: neither a solution nor a proof."""
    return Searched(False, False, 0.0, 0.0, lambda variable: 0)


def metal(**changes: Any) -> Problem:
    """The village with a class that has no hours yet, and nowhere to meet besides the other's hall."""
    base = village()
    return replace(base, groups=(*base.groups, replace(METAL, minimum=1, meetings=2, venues=("hall",), **changes)))


def test_what_was_not_searched_to_the_end_is_not_called_impossible(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, asked = metal(), Wish("class", "bea", "g-metal")
    assert what_if(problem, hand_made(problem), asked).outcome == "impossible"
    monkeypatch.setattr(retiming, "search", unanswered)
    found = what_if(problem, hand_made(problem), asked)
    assert (found.outcome, found.plan, found.obstacles) == ("not_found", None, ())


@pytest.mark.parametrize("module", [retiming, resolving])
def test_a_machine_that_is_too_busy_is_no_proof(monkeypatch: pytest.MonkeyPatch, module: Any) -> None:
    """Wall time is over before the search has begun."""
    problem = metal() if module is retiming else replace(metal(), groups=(*village().groups, replace(METAL, minimum=9)))
    plan, asked = hand_made(problem), Wish("class", "bea", "g-metal")
    assert what_if(problem, plan, asked).outcome == "impossible"
    monkeypatch.setattr(module, "LIMITS", Limits(seconds=0, workers=1))
    assert what_if(problem, plan, asked).outcome == "not_found"


def test_a_meeting_that_could_not_be_searched_for_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = village()
    plan, asked = hand_made(problem), Wish("meeting", "ann", "g-maths:d1c", "d0c")
    assert what_if(problem, plan, asked).outcome == "possible"
    monkeypatch.setattr(retiming, "search", unanswered)
    assert what_if(problem, plan, asked).outcome == "not_found"


def test_where_the_hours_kept_free_are_in_doubt_a_week_without_them_still_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only the first of the two models is not searched to the end."""
    problem = village()
    plan = hand_made(problem)
    real, asked = retiming.search, []

    def first_fails(*args: Any, **kwargs: Any) -> Searched:
        asked.append(1)
        return unanswered() if len(asked) == 1 else real(*args, **kwargs)

    monkeypatch.setattr(retiming, "search", first_fails)
    found = retimed(Index(problem), plan.meetings, plan.seats, plan.caseloads)
    assert found is not None
    assert {(m.group, m.periods) for m in found[0]} == {(m.group, m.periods) for m in plan.meetings}
