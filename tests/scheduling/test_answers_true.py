"""Every comparison that an explanation makes is true: on random houses, of plans that somebody changed by hand.

What is claimed of a plan is counted again from the plan and the problem alone; what is claimed of every plan (exact,
at least) is compared with all of them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import UnsatisfiedAssumption

from foyer.scheduling import explain, solve
from foyer.scheduling.answers.editing import KINDS, finished, reseated
from foyer.scheduling.answers.forms import LevelPrice, Obstacle, Option, Wish
from foyer.scheduling.answers.stages import cheapest_of, persons_in
from foyer.scheduling.answers.verdict import edited
from foyer.scheduling.answers.why import Case
from foyer.scheduling.fair_values import fair_value
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Limits, Outcome, Plan
from foyer.scheduling.problem import Pin, Problem, Resident, TeachingGroup
from foyer.scheduling.score import STAGE_OF, stage_points, terms_of
from tests.scheduling.brute import best_classes, best_week
from tests.scheduling.random_houses import houses
from tests.scheduling.test_choices import tiny

CALM = settings(
    deadline=None,
    max_examples=80,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
)
STAGE = {"class": "classes", "education": "education", "elective": "electives"}
CLASS_LEVELS = ("unplaced", "unlisted", "choice_5", "choice_4", "choice_3", "choice_2", "wishes", "openings")
FAIR = ("unlisted", "choice", "lost", "luck", "unplaced")


def by_hand(draw: Any, problem: Problem, plan: Plan) -> Plan:
    """The plan after some changes that nobody asked a solver about: rules may be broken, needs left open."""
    index = Index(problem)
    kinds = ["seat", "drop", *(["counsellor", "room", "hour"] if problem.rooms else [])]
    for _ in range(draw(st.integers(0, 3))):
        what = draw(st.sampled_from(kinds))
        who = draw(st.sampled_from(problem.residents)).id
        if what == "seat":
            group = draw(st.sampled_from(problem.groups))
            plan = edited(index, plan, Wish(KINDS[group.kind], who, group.id))  # type: ignore[arg-type]
        elif what == "counsellor":
            plan = edited(index, plan, Wish("counsellor", who, draw(st.sampled_from(problem.counsellors)).id))
        elif what == "room":
            plan = edited(index, plan, Wish("room", who, draw(st.sampled_from(problem.rooms)).id))
        elif what == "hour":
            plan = edited(index, plan, Wish("appointment", who, draw(st.sampled_from(problem.periods)).id))
        else:
            part = draw(st.sampled_from(("seats", "caseloads", "lodgings", "appointments")))
            kept = tuple(item for item in getattr(plan, part) if item.resident != who)
            plan = finished(index, replace(plan, **{part: kept}), since=plan)
    return plan


@st.composite
def crowds(draw: st.DrawFn) -> Problem:
    """More wishes than places, and nothing but classes and clubs: ranks, bids or none, aptitudes known or not."""
    trades = ("wood", "sewing", "metal")
    subjects = st.sampled_from((*trades, "chess"))
    ranked = st.lists(subjects, max_size=4, unique=True).map(lambda own: {"choices": tuple(own)})
    worth = st.lists(st.tuples(subjects, st.integers(1, 4)), min_size=1, max_size=3, unique_by=lambda b: b[0])
    bidding = worth.map(lambda own: {"bids": tuple(own)})
    people = tuple(
        Resident(
            f"r{i}",
            "female",
            17,
            0,
            7,
            aptitude=tuple((t, draw(st.integers(0, 4)) / 4) for t in draw(st.sampled_from(((), ("wood",), trades)))),
            electives=draw(st.sampled_from((0, 0, 1))),
            luck=draw(st.sampled_from((0, 0, 9))),
            needs_counsellor=False,
            needs_room=False,
            **draw(st.one_of(ranked, ranked, ranked, bidding)),
        )
        for i in range(draw(st.integers(3, 5)))
    )
    groups = tuple(
        TeachingGroup(
            f"{kind[0]}-{subject}-{i}",
            kind,  # type: ignore[arg-type]
            subject,
            draw(st.sampled_from((0, 1, 1))),
            draw(st.integers(1, 2)),
        )
        for i, (kind, subject) in enumerate(
            (*(("vocational", t) for t in trades), ("vocational", "wood"), ("elective", "chess"), ("elective", "choir"))
        )
    )
    fairness = draw(st.sampled_from(("profile", "profile", "leximin", "none")))
    is_fast = draw(st.sampled_from((False, False, False, True)))
    return Problem(
        name="crowd", nights=7, periods=(), residents=people, groups=groups, fairness=fairness, fast_draft=is_fast
    )


@st.composite
def changed_plans(draw: st.DrawFn, problems: st.SearchStrategy[Problem]) -> tuple[Problem, Plan] | None:
    problem = draw(problems)
    plan = solve(problem, Limits(seconds=60, workers=1))
    return None if plan.outcome is Outcome.INFEASIBLE else (problem, by_hand(draw, problem, plan))


# What a reason claims, each counted from the plan


class Claims:
    """The truth about one plan."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan, self.case = problem, plan, Case.of(problem, plan)
        self.index = self.case.index

    def members(self, group: str) -> list[Resident]:
        return [self.index.residents[s.resident] for s in self.plan.seats if s.group == group]

    def wish(self, person: Resident, group: TeachingGroup) -> tuple[int | None, float | None]:
        """The place of the subject among the wishes of its kind (or how many bids are higher), and the bid."""
        subjects = {g.subject for g in self.problem.groups if g.kind == group.kind}
        bids = {s: worth for s, worth in person.bids if worth > 0 and s in subjects}
        if bids:
            mine = bids.get(group.subject)
            return (None if mine is None else len({w for w in bids.values() if w > mine})), mine
        chosen = [s for s in person.choices if s in subjects]
        return (chosen.index(group.subject) if group.subject in chosen else None), None

    def last_place_by_rank(self, person: Resident, values: dict[str, Any]) -> bool:
        group = self.index.groups[values["group"]]
        own, bid = self.wish(person, group)
        others = [self.wish(other, group) for other in self.members(group.id)]
        wanted = all(rank is not None and (own is None or rank < own) for rank, _ in others)
        bids = bid is None or all(other is not None and other > bid for _, other in others)
        return wanted and bids and len(others) == values["before"] and values["rank"] == (0 if own is None else own + 1)

    def last_place_by_aptitude(self, person: Resident, values: dict[str, Any]) -> bool:
        group = self.index.groups[values["group"]]
        own, mine = self.wish(person, group), dict(person.aptitude)[group.subject]
        equal = [other for other in self.members(group.id) if self.wish(other, group) == own]
        others = [self.wish(other, group)[0] for other in self.members(group.id) if other not in equal]
        more = all(dict(other.aptitude)[group.subject] > mine for other in equal)
        ahead = all(r is not None and (own[0] is None or r < own[0]) for r in others)
        return more and len(equal) == values["before"] and ahead

    def class_full(self, person: Resident, values: dict[str, Any]) -> bool:
        group = self.index.groups[values["group"]]
        return len(self.members(group.id)) >= values["places"] == self.index.seats(group)

    def own_group_minimum(self, person: Resident, values: dict[str, Any]) -> bool:
        return len(self.members(values["group"])) <= values["minimum"]

    def counsellor_full(self, person: Resident, values: dict[str, Any]) -> bool:
        load = self.loads()[values["counsellor"]]
        capacity = self.index.counsellors[values["counsellor"]].capacity
        told = (load, capacity, person.case_weight) == (values["load"], values["capacity"], values["weight"])
        return told and load + person.case_weight > capacity

    def caseload_largest(self, person: Resident, values: dict[str, Any]) -> bool:
        loads = self.loads()
        return loads[values["counsellor"]] + person.case_weight > max(loads.values())

    def loads(self) -> dict[str, int]:
        loads = dict.fromkeys(self.index.counsellors, 0)
        for each in self.plan.caseloads:
            loads[each.counsellor] += self.index.residents[each.resident].case_weight
        return loads

    def room_full(self, person: Resident, values: dict[str, Any]) -> bool:
        there = self.nights_of(values["room"], person)
        return all(len(there[night]) >= values["beds"] for night in told_nights(values["nights"]))

    def room_other_gender(self, person: Resident, values: dict[str, Any]) -> bool:
        there = self.nights_of(values["room"], person)
        return all(any(o.gender != person.gender for o in there[n]) for n in told_nights(values["nights"]))

    def nights_of(self, room: str, person: Resident) -> list[list[Resident]]:
        stays = [x for x in self.plan.lodgings if x.room == room and x.resident != person.id]
        return [
            [self.index.residents[x.resident] for x in stays if x.arrives <= night < x.leaves]
            for night in range(self.problem.nights)
        ]

    def no_gain(self, person: Resident, values: dict[str, Any]) -> bool:
        return float(values["there"]) >= float(values["here"])

    def times_proven(self, person: Resident, values: dict[str, Any]) -> bool:
        if values["value"] != stage_points(terms_of(self.index, self.plan), "times"):
            return False
        try:
            best = best_week(self.problem, self.plan)
        except UnsatisfiedAssumption:  # too many weeks to look at
            return True
        return best is None or values["bound"] <= best + 0.001


COUNTED = [name for name in vars(Claims) if not name.startswith("_") and name not in ("members", "wish", "loads")]
COUNTED.remove("nights_of")


def told_nights(text: str) -> list[int]:
    spans = [span.partition("-") for span in text.split(", ")]
    return [night for start, _, end in spans for night in range(int(start), int(end))]


def comparisons(option: Option, levels: tuple[LevelPrice, ...]) -> None:
    """Better is called better, worse worse, and only where something is proven fairness speaks."""
    for each in option.obstacles:
        told = dict(each.values)
        if each.code in ("would_cost_others", "last_place_by_level"):
            assert told["after"] > told["before"], (option, each)  # type: ignore[operator]
        if each.code == "plan_not_best":
            assert told["after"] < told["before"], (option, each)  # type: ignore[operator]
            assert option.price is None or option.price.proof != "at_least"  # a bound is no plan
        if each.code == "last_place_by_level":
            assert str(told["level"]).partition("_")[0] in FAIR
            assert option.price is not None
            assert option.price.proof != "at_most"
        if each.code == "as_good":
            assert not levels


def counted(claims: Claims, need: str, plan: Plan) -> dict[str, float]:
    """The levels of a stage of seats at these seats, from the score's own terms."""
    terms = [t for t in plan.terms if STAGE_OF[t.wish] == STAGE[need]]
    lost = sum(t.points for t in terms if t.wish.startswith("unplaced_"))
    opened = sum(t.points for t in terms if t.wish.startswith("open_") or t.wish.endswith("_size"))
    wishes = sum(t.points for t in terms) - lost - opened
    return {"unplaced": lost, "openings": opened, "wishes": wishes, "sum": wishes + opened}


def as_told(claims: Claims, need: str, person: Resident, option: Option) -> None:
    """A price at which a plan is known: that plan has what is told of it."""
    if option.price is None or option.price.proof == "at_least":
        return
    case, index = claims.case, claims.index
    stage = case.stage(need)
    group = index.groups[option.target]
    _, _, chain = cheapest_of(stage, persons_in(stage, person.id, group), option.target)
    assert chain is not None
    seats = reseated(index, claims.plan, stage.kept.exchange.after(chain.moves), group.kind)
    before, after = (finished(index, p, since=p) for p in (claims.plan, replace(claims.plan, seats=seats)))
    old, new = counted(claims, need, before), counted(claims, need, after)
    told = {level.level: level for level in option.price.levels}
    for name in {*old, *told} - ({"sum"} if "sum" not in stage.values else {"wishes", "openings"}):
        values = [
            found[name] if name in found else fair_value(index, p, name) for found, p in ((old, before), (new, after))
        ]
        expected = (told[name].before, told[name].after) if name in told else (values[0], values[0])
        assert values == pytest.approx(list(expected), abs=0.011), (name, option)


@CALM
@given(changed_plans(houses(most=4)))
def test_every_reason_is_true(found: tuple[Problem, Plan] | None) -> None:
    if found is None:
        return
    problem, plan = found
    claims = Claims(problem, plan)
    for each in explain(problem, plan).residents:
        person = claims.index.residents[each.resident]
        for need in each.needs:
            said: list[Obstacle] = [*need.notes, *(o for option in need.better for o in option.obstacles)]
            for obstacle in said:
                if obstacle.code in COUNTED:
                    assert getattr(claims, obstacle.code)(person, dict(obstacle.values)), (each.resident, obstacle)
            for option in need.better:
                comparisons(option, option.price.levels if option.price else ())
                if need.need in STAGE:
                    as_told(claims, need.need, person, option)


@CALM
@given(changed_plans(houses(most=3)))
def test_what_is_said_of_every_plan_is_so_of_every_plan(found: tuple[Problem, Plan] | None) -> None:
    """Of classes: no plan that keeps the rules gives the option for less than an exact price, or less than a bound."""
    if found is None:
        return
    problem, plan = found
    stage = Case.of(problem, plan).classes
    for each in explain(problem, plan).residents:
        for option in (o for need in each.needs if need.need == "class" for o in need.better):
            if option.price is None or option.price.proof not in ("exact", "at_least"):
                continue
            best = best_classes(replace(problem, pins=(*problem.pins, Pin("class", each.resident, option.target))))
            changed = {level.level: level.after for level in option.price.levels}
            told = [changed.get(name, stage.values.get(name, 0)) for name in CLASS_LEVELS]
            if option.price.proof == "at_least":  # openings aside
                told, best = told[:-1], best[:-1] if best else None
            assert best is None or list(best) >= [round(value, 2) for value in told]


@CALM
@given(st.one_of(changed_plans(tiny()), changed_plans(crowds()), changed_plans(crowds())))
def test_wishes_for_electives_bids_and_leximin_are_told_truly(found: tuple[Problem, Plan] | None) -> None:
    if found is None:
        return
    problem, plan = found
    claims = Claims(problem, plan)
    for each in explain(problem, plan).residents:
        person = claims.index.residents[each.resident]
        for need in each.needs:
            for option in need.better:
                comparisons(option, option.price.levels if option.price else ())
                for obstacle in option.obstacles:
                    if obstacle.code in COUNTED:
                        assert getattr(claims, obstacle.code)(person, dict(obstacle.values)), (each.resident, obstacle)
                first_is_true(claims, need.need, person, option)


def first_is_true(claims: Claims, need: str, person: Resident, option: Option) -> None:
    """The level that the sentence names: it is the first of all that differs, and by as much."""
    if need not in STAGE or option.price is None or option.price.proof == "at_least":
        return
    case, index = claims.case, claims.index
    stage, group = case.stage(need), claims.index.groups[option.target]
    _, _, chain = cheapest_of(stage, persons_in(stage, person.id, group), option.target)
    assert chain is not None
    seats = reseated(index, claims.plan, stage.kept.exchange.after(chain.moves), group.kind)
    before, after = (finished(index, p, since=p) for p in (claims.plan, replace(claims.plan, seats=seats)))
    old, new = counted(claims, need, before), counted(claims, need, after)
    fair = index.choices.fairness
    if not option.price.levels:
        assert old == pytest.approx(new)
        assert claims.problem.fast_draft or fair(before.seats) == fair(after.seats)
        return
    first = option.price.levels[0]
    if first.level == "unplaced" or old["unplaced"] != pytest.approx(new["unplaced"]):
        assert (first.level, first.before, first.after) == ("unplaced", old["unplaced"], new["unplaced"])
    elif not claims.problem.fast_draft and fair(before.seats) != fair(after.seats):
        assert (first.after > first.before) == (fair(after.seats) > fair(before.seats))
        values = [fair_value(index, p, first.level) for p in (before, after)]
        if claims.problem.fairness == "leximin":
            assert values == [first.before, first.after]
