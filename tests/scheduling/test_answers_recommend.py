"""Where an arriving resident fits: complete placements without moving anybody, and better ones with a few moves."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from foyer.scheduling import check, recommend, solve
from foyer.scheduling.answers.files import write_answer
from foyer.scheduling.answers.forms import Placement, Recommendations
from foyer.scheduling.answers.what_if import UnknownWish
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Limits, Outcome, Plan
from foyer.scheduling.problem import Appointments, Counsellor, KeepApart, Problem, Room
from tests.scheduling.random_houses import houses
from tests.scheduling.village import hand_made, resident, village

CALM = settings(
    deadline=None,
    max_examples=15,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
)
ROOMY = {
    "rooms": (*village().rooms, Room("N", "north", 2, "female"), Room("Q", "quiet", 2, "female")),
    "counsellors": (Counsellor("kim", "female", 9), Counsellor("lou", "male", 9)),
}


def arriving(problem: Problem, **wishes: object) -> Problem:
    """The house with fay, who is not in the plan yet."""
    return replace(problem, residents=(*problem.residents, resident("ana", **wishes)))


def asked(problem: Problem, plan: Plan, name: str = "ana", most_moved: int = 1) -> Recommendations:
    """The answer, which must be sound: nobody moves, or few; no rule breaks; no two alike; in order of points."""
    found = recommend(problem, plan, name, most_moved)
    for placement in found.placements:
        assert placement.moved == ()
        assert check(problem, placement.plan) == ()
        assert sum(t.points for t in placement.terms) == pytest.approx(placement.points)
    if found.with_moves is not None:
        assert 0 < len(found.with_moves.moved) <= most_moved
        assert check(problem, found.with_moves.plan) == ()
    return found


def got(placement: Placement, kind: str) -> str | None:
    return next((c.after for c in placement.changes if c.kind == kind and c.who == "ana"), None)


def test_an_arriving_resident_gets_a_complete_placement_without_moving_anybody() -> None:
    problem = arriving(village(**ROOMY), education=("maths",), choices=("sewing",))  # type: ignore[arg-type]
    found = asked(problem, hand_made(village(**ROOMY)))
    best = found.placements[0]
    assert {c.kind for c in best.changes} == {"class", "education", "counsellor", "room", "appointment"}
    assert got(best, "class") == "g-sew"
    assert best.plan.unmet == ()
    assert best.points == 0


def test_the_three_best_differ_in_class_counsellor_or_house() -> None:
    problem = arriving(village(**ROOMY), choices=("sewing",))  # type: ignore[arg-type]
    found = asked(problem, hand_made(village(**ROOMY)))
    houses_of = {"N": "north", "Q": "quiet", "S": "south"}
    seen = {(got(p, "class"), got(p, "counsellor"), houses_of.get(got(p, "room") or "", "")) for p in found.placements}
    assert len(seen) == len(found.placements) == 3
    assert found.placements[0].plan.score <= found.placements[1].plan.score <= found.placements[2].plan.score


def test_what_cannot_be_had_is_lost_with_its_reason() -> None:
    house = village(counsellors=(Counsellor("kim", "female", 3), Counsellor("lou", "male", 9)))
    problem = arriving(house, choices=("wood",))
    best = asked(problem, hand_made(house), most_moved=0).placements[0]
    lost = {n.need: {o.code for option in n.better for o in option.obstacles} for n in best.lost}
    assert "class_full" in lost["class"]
    assert "room_full" in lost["room"]
    assert {(u.resident, u.need) for u in best.plan.unmet} == {("ana", "room")}


def test_with_one_move_the_better_place_is_had() -> None:
    house = village(**ROOMY)  # type: ignore[arg-type]
    plan = hand_made(house)
    problem = arriving(house, choices=("wood",))
    found = asked(problem, plan)
    assert got(found.placements[0], "class") == "g-sew"
    assert found.with_moves is not None
    assert got(found.with_moves, "class") == "g-wood"
    assert found.with_moves.plan.score < found.placements[0].plan.score


def test_moves_that_make_nothing_better_are_not_told() -> None:
    problem = arriving(village(**ROOMY), choices=("sewing",))  # type: ignore[arg-type]
    assert asked(problem, hand_made(village(**ROOMY))).with_moves is None


def test_a_pair_kept_apart_is_not_put_together() -> None:
    house = village(**ROOMY)  # type: ignore[arg-type]
    problem = arriving(house, choices=("sewing",))
    problem = replace(problem, apart=(KeepApart("ana", "bea", ("class", "room", "counsellor")),))
    best = asked(problem, hand_made(house), most_moved=0).placements[0]
    assert got(best, "class") is None
    assert got(best, "counsellor") == "kim"
    assert got(best, "room") != "F"


def test_an_hour_is_found_beside_the_published_times() -> None:
    house = village(**ROOMY, appointments=Appointments(45, 1))  # type: ignore[arg-type]
    plan = hand_made(house)
    plan = hand_made(house, appointments=tuple(replace(a, week=0) for a in plan.appointments))
    problem = arriving(house, choices=("sewing",), education=("maths",), unavailable=("d1a", "d1b", "d1e", "d0e"))
    best = asked(problem, plan, most_moved=0).placements[0]
    assert {c.after for c in best.changes if c.kind == "appointment"} == {"0 d1c"}
    assert got(best, "counsellor") == "lou"  # both hours of the other are taken


def test_a_resident_of_the_plan_is_placed_anew() -> None:
    problem = village()
    found = asked(problem, hand_made(problem), "bea")
    assert any(not placement.plan.unmet for placement in found.placements)


def test_an_unknown_resident_is_refused() -> None:
    with pytest.raises(UnknownWish):
        recommend(village(), hand_made(village()), "nobody")


def test_the_answer_is_json() -> None:
    problem = arriving(village(**ROOMY))  # type: ignore[arg-type]
    answer = json.loads(write_answer(asked(problem, hand_made(village(**ROOMY)))))
    assert answer["format"] == "foyer-recommendation/1"
    assert len(answer["placements"]) == 3


@CALM
@given(houses(most=6), st.data())
def test_placements_break_no_rule_and_more_moves_are_never_worse(problem: Problem, data: st.DataObject) -> None:
    plan = solve(problem, Limits(seconds=60, workers=1))
    if plan.outcome is Outcome.INFEASIBLE:
        return
    name = data.draw(st.sampled_from([r.id for r in problem.residents]))
    before: tuple[object, ...] | None = None
    for most in (0, 1, 2):
        found = recommend(problem, plan, name, most)
        for placement in (*found.placements, *([found.with_moves] if found.with_moves else [])):
            assert check(problem, placement.plan) == ()
            assert len(placement.moved) <= most
        best = found.with_moves or (found.placements[0] if found.placements else None)
        if best is not None:
            now = standing(problem, best.plan)
            assert before is None or now <= before
            before = now
        else:
            assert before is None


def standing(problem: Problem, plan: Plan) -> tuple[object, ...]:
    """The levels of a plan that a placement can change."""
    index = Index(problem)
    loads: Counter[str] = Counter()
    for case in plan.caseloads:
        loads[case.counsellor] += index.residents[case.resident].case_weight
    lost = sum(t.points for t in plan.terms if t.wish.startswith("unplaced_"))
    return lost, index.choices.fairness(plan.seats), max(loads.values(), default=0), plan.score
