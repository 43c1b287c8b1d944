"""Places in classes and electives, against complete enumeration on tiny houses: sum, profile, leximin and luck, with
bids, bars, exclusions and limits of instructors."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foyer.scheduling import leximin
from foyer.scheduling.checker import placement
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Limits, Outcome, Plan, Seat, Unmet, keep_quiet, never_stop
from foyer.scheduling.problem import Instructor, KeepApart, Problem, Resident, TeachingGroup
from foyer.scheduling.run import Run
from foyer.scheduling.score import terms_of
from foyer.scheduling.stages.together import fill_groups, kinds_tied

TRADES = ("wood", "sewing")
PLAY = ("ball", "choir", "chess")
CALM = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck), derandomize=True)


@st.composite
def wishes(draw: st.DrawFn, number: int) -> Resident:
    bidding = draw(st.booleans())
    subjects = tuple(draw(st.permutations((*TRADES, *PLAY))))[: draw(st.integers(0, 5))]
    return Resident(
        id=f"r{number}",
        gender="female",
        age=17,
        arrives=0,
        leaves=7,
        needs_vocational=draw(st.sampled_from((True, True, False))),
        choices=() if bidding else subjects,
        bids=tuple((s, draw(st.integers(0, 9))) for s in subjects) if bidding else (),
        aptitude=draw(st.sampled_from(((), (("wood", 0.5),)))),
        only_listed=draw(st.sampled_from((False, False, True))),
        electives=draw(st.integers(0, 2)),
        barred=draw(st.sampled_from(((), (), ("e0",), ("v1",)))),
        luck=draw(st.sampled_from((0, 0, 3, 5))),
    )


@st.composite
def groups(draw: st.DrawFn) -> tuple[TeachingGroup, ...]:
    made = []
    for i, subject in enumerate(("wood", "sewing")):
        least = draw(st.integers(0, 1))
        made.append(
            TeachingGroup(f"v{i}", "vocational", subject, least, draw(st.integers(least, 2)), instructors=("i",))
        )
    for i, subject in enumerate(("ball", "choir", "chess", "ball")):
        least = draw(st.integers(0, 2))
        staff = draw(st.sampled_from(((), ("i",), ("i", "j"))))
        excludes = draw(st.sampled_from(((), (), ("e1",), ("v0",)))) if i != 1 else ()
        most = draw(st.integers(max(1, least), 3))
        made.append(TeachingGroup(f"e{i}", "elective", subject, least, most, instructors=staff, excludes=excludes))
    return tuple(made)


@st.composite
def tiny(draw: st.DrawFn) -> Problem:
    people = tuple(draw(wishes(i)) for i in range(draw(st.integers(1, 3))))
    apart = (KeepApart("r0", "r1", ("class",)),) if len(people) > 1 and draw(st.booleans()) else ()
    return Problem(
        name="tiny",
        nights=7,
        periods=(),
        residents=people,
        groups=draw(groups()),
        instructors=(Instructor("i", most_residents=draw(st.sampled_from((None, 1, 3)))), Instructor("j")),
        apart=apart,
        fairness=draw(st.sampled_from(("none", "profile", "leximin"))),
        fairness_of=draw(st.sampled_from(("losses", "gains"))),
        fast_draft=draw(st.sampled_from((False, False, False, True))),
    )


def plan_of(problem: Problem, taken: tuple[tuple[str, ...], ...]) -> Plan:
    """The plan in which each resident has these groups; what is missing is unmet."""
    index = Index(problem)
    seats = tuple(Seat(r.id, g) for r, own in zip(problem.residents, taken, strict=True) for g in own)
    unmet = []
    for r, own in zip(problem.residents, taken, strict=True):
        kinds = Counter(index.groups[g].kind for g in own)
        unmet += [Unmet(r.id, "class")] * (r.needs_vocational - kinds["vocational"])
        unmet += [Unmet(r.id, "elective")] * (r.electives - kinds["elective"])
    return Plan(Outcome.FEASIBLE, "", seats=seats, unmet=tuple(unmet))


def options(problem: Problem, resident: Resident) -> list[tuple[str, ...]]:
    index = Index(problem)
    classes = [(), *((g.id,) for g in index.groups_of("vocational"))] if resident.needs_vocational else [()]
    names = [g.id for g in index.groups_of("elective")]
    electives = [own for n in range(resident.electives + 1) for own in combinations(names, n)]
    found = [(*c, *e) for c in classes for e in electives]
    alone = replace(
        problem,
        residents=(resident,),
        groups=tuple(replace(g, minimum=0) for g in problem.groups),
        apart=(),
    )
    return [own for own in found if not any(placement.violations(Index(alone), plan_of(alone, (own,))))]


def worth(problem: Problem, plan: Plan) -> tuple[object, ...]:
    """The levels in their order, counted from the plan without a word of the stages."""
    index = Index(problem)
    points = {t.wish: t.points for t in terms_of(index, plan)}
    unplaced = points.get("unplaced_vocational", 0) + points.get("unplaced_elective", 0)
    wished = round(sum(points.get(w, 0) for w in ("choice", "elective_choice", "aptitude")), 2)
    openings = points.get("open_class", 0) + points.get("open_elective", 0)
    own = {r.id: [index.groups[s.group] for s in plan.seats if s.resident == r.id] for r in problem.residents}
    lost = {r.id: loss(problem, r, own[r.id]) for r in problem.residents}
    luck = sum(r.luck * lost[r.id] for r in problem.residents)
    if problem.fast_draft:
        return unplaced, wished + openings, luck
    if problem.fairness == "none":
        return unplaced, wished, luck, openings
    fair = standing(problem, lost) if problem.fairness == "leximin" else profile(problem, own)
    return unplaced, fair, luck, wished, openings


def standing(problem: Problem, lost: dict[str, int]) -> tuple[int, ...]:
    """Losses, or what is lacking to the most that anybody could gain, worst first."""
    most = {r.id: 0 for r in problem.residents}
    if problem.fairness_of == "gains":
        for r in problem.residents:
            for kind, places in (("vocational", int(r.needs_vocational)), ("elective", r.electives)):
                offered = {g.subject for g in problem.groups if g.kind == kind}
                bids = any(s in offered and b > 0 for s, b in r.bids)
                most[r.id] += best_alone(problem, r, kind, places) if bids else 49 * places
    top = max(most.values()) if problem.fairness_of == "gains" else 0
    return tuple(sorted((top - most[r] + lost[r] for r in lost), reverse=True))


def loss(problem: Problem, resident: Resident, own: list[TeachingGroup]) -> int:
    """What a resident lost, by ranks or bids, written down once more."""
    total = 0
    for kind, places in (("vocational", int(resident.needs_vocational)), ("elective", resident.electives)):
        offered = [g.subject for g in problem.groups if g.kind == kind]
        got = [g.subject for g in own if g.kind == kind]
        bids = {s: b for s, b in resident.bids if s in offered and b > 0}
        listed = [s for s in resident.choices if s in offered]
        if bids:
            total += best_alone(problem, resident, kind, places) - sum(bids.get(s, 0) for s in got)
            continue
        costs = (*problem.weights.choice, 49, 49, 49)
        total += 49 * (places - len(got))
        total += sum(costs[listed.index(s)] if s in listed else 49 for s in got) if listed else 0
    return total


def best_alone(problem: Problem, resident: Resident, kind: str, places: int) -> int:
    free = tuple(replace(g, minimum=0, maximum=9) for g in problem.groups if g.kind == kind)
    names = {g.id for g in free}
    free = tuple(replace(g, excludes=tuple(set(g.excludes) & names)) for g in free)
    staff = tuple(replace(i, most_residents=None) for i in problem.instructors)
    bids = dict(resident.bids)
    person = replace(
        resident,
        electives=places if kind == "elective" else 0,
        needs_vocational=kind == "vocational" and places > 0,
        barred=tuple(set(resident.barred) & names),
    )
    alone = replace(problem, residents=(person,), groups=free, apart=(), instructors=staff)
    subject = {g.id: g.subject for g in free}
    return max(sum(bids.get(subject[g], 0) for g in own) for own in options(alone, person))


def profile(problem: Problem, own: dict[str, list[TeachingGroup]]) -> tuple[int, ...]:
    worst = len(problem.weights.choice)
    counts = [0] * (worst + 1)
    for resident in problem.residents:
        for group in own[resident.id]:
            offered = {g.subject for g in problem.groups if g.kind == group.kind}
            bids = {s: b for s, b in resident.bids if s in offered and b > 0}
            listed = [s for s in resident.choices if s in offered]
            if bids:
                mine = bids.get(group.subject, 0)
                counts[sum(b > mine for b in set(bids.values())) if mine else worst] += 1
            elif listed:
                counts[listed.index(group.subject) if group.subject in listed else worst] += 1
    return tuple(counts[:0:-1])


def solved(problem: Problem) -> tuple[Plan, bool] | None:
    """What the stages decide, and whether they call it proven."""
    run = Run(Index(problem), Limits(seconds=60, workers=1), keep_quiet, never_stop, stages=7)
    seats: list[Seat] = []
    unmet: list[Unmet] = []
    proven = True
    for kinds in kinds_tied(run.index):
        for part in fill_groups(run, kinds).values():
            if not part.levels:
                return None
            seats, unmet = [*seats, *part.seats], [*unmet, *part.unmet]
            proven = proven and all(x.status == "optimal" and x.value == x.bound for x in part.levels)
    return Plan(Outcome.FEASIBLE, "", seats=tuple(seats), unmet=tuple(unmet)), proven


@CALM
@given(tiny())
def test_classes_and_electives_reach_the_enumerated_optimum_in_every_kind_of_fairness(problem: Problem) -> None:
    reaches_the_optimum(problem)


@pytest.mark.parametrize("limit", ["FEW_VALUES", "MOST_WAYS"])
def test_leximin_is_the_same_however_many_values_and_ways_there_are(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a house where losses take too many values to try, or residents have too many ways to fill their places."""
    monkeypatch.setattr(leximin, limit, 0)

    @settings(CALM, max_examples=15)
    @given(tiny())
    def compared(problem: Problem) -> None:
        reaches_the_optimum(replace(problem, fairness="leximin", fast_draft=False))

    compared()


def reaches_the_optimum(problem: Problem) -> None:
    index = Index(problem)
    plans = (plan_of(problem, taken) for taken in product(*(options(problem, r) for r in problem.residents)))
    values = [worth(problem, p) for p in plans if not any(placement.violations(index, p))]
    found = solved(problem)
    if not values:
        assert found is None
        return
    assert found is not None
    plan, proven = found
    assert proven
    assert not list(placement.violations(index, plan))
    assert worth(problem, plan) == min(values)
