"""Level L7: what could be exchanged goes by lowest id, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from foyer.scheduling import check, solve
from foyer.scheduling.plan import Limits
from foyer.scheduling.problem import KeepApart, Pin, Problem
from foyer.scheduling.score import rescored
from foyer.scheduling.ties import by_lowest_id, out_of_order
from tests.scheduling.random_houses import houses
from tests.scheduling.village import hand_made, resident, village

REPEATABLE = Limits(seconds=60, workers=1, seed=1)
CALM = settings(deadline=None, max_examples=20, suppress_health_check=list(HealthCheck), derandomize=True)


def twins(**changes: object) -> Problem:
    """Ann and Bea differ by their ids alone."""
    problem = village(**changes)  # type: ignore[arg-type]
    ann, _, *others = problem.residents
    return replace(problem, residents=(ann, replace(ann, id="bea"), *others))


def test_of_two_residents_alike_the_lower_id_gets_the_earlier_group() -> None:
    problem = twins()
    plan = hand_made(problem)  # Bea has the sewing class
    assert out_of_order(problem, plan) == 2
    sorted_out = by_lowest_id(problem, plan)
    assert out_of_order(problem, sorted_out) == 0
    own = {name: {s.group for s in sorted_out.seats if s.resident == name} for name in ("ann", "bea")}
    assert own == {"ann": {"g-maths", "g-sew"}, "bea": {"g-maths", "g-wood"}}
    assert check(problem, rescored(problem, sorted_out)) == ()
    assert rescored(problem, sorted_out).score == rescored(problem, plan).score


def test_whoever_the_problem_names_stays_as_planned() -> None:
    for changes in (
        {"pins": (Pin("class", "bea", "g-sew"),)},
        {"apart": (KeepApart("bea", "eli", ("class",), points=1),)},
    ):
        problem = twins(**changes)
        plan = hand_made(problem)
        assert set(by_lowest_id(problem, plan).seats) == set(plan.seats)
    different = replace(problem, residents=tuple(replace(r, luck=1) if r.id == "bea" else r for r in problem.residents))
    assert by_lowest_id(different, hand_made(different)).seats == hand_made(different).seats


def test_of_two_rooms_alike_the_lower_id_has_the_lowest_resident() -> None:
    problem = village()
    rooms = (*problem.rooms, replace(problem.rooms[0], id="E"))
    problem = replace(problem, rooms=rooms)
    plan = by_lowest_id(problem, hand_made(problem))
    assert {x.room for x in plan.lodgings if x.resident in ("ann", "bea")} == {"E"}
    kept = replace(problem, residents=(replace(resident("ann"), previous_room="F"), *problem.residents[1:]))
    assert {x.room for x in by_lowest_id(kept, plan).lodgings if x.resident == "ann"} == {"E"}


def test_of_two_instructors_alike_the_lower_id_teaches_first() -> None:
    problem = village()
    groups = tuple(replace(g, instructors=("sue", "ivo")) if g.instructors != ("tom",) else g for g in problem.groups)
    problem = replace(problem, groups=groups)
    plan = hand_made(problem)
    other = {"ivo": "sue", "sue": "ivo"}
    meetings = tuple(replace(m, instructor=other.get(m.instructor or "", m.instructor)) for m in plan.meetings)
    assert by_lowest_id(problem, replace(plan, meetings=meetings)).meetings == by_lowest_id(problem, plan).meetings


@CALM
@given(houses())
def test_every_plan_comes_in_order_and_keeps_its_rules_and_points(problem: Problem) -> None:
    people = tuple(replace(r, id=f"t{r.id}") for r in problem.residents[:2])
    plan = solve(replace(problem, residents=(*problem.residents, *people)), REPEATABLE)
    problem = replace(problem, residents=(*problem.residents, *people))
    assert check(problem, plan) == ()
    assert all(level.value == 0 for level in plan.levels if level.name == "L7")
    assert by_lowest_id(problem, plan) == plan
