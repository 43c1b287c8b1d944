"""Why a resident has what the plan gives: every code, in numbers, and never another resident's name."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from foyer.scheduling import check, explain, solve
from foyer.scheduling.answers.barriers import CODES, WHAT_IF_CODES
from foyer.scheduling.answers.files import write_answer
from foyer.scheduling.answers.forms import Explanations, NeedAnswer
from foyer.scheduling.plan import Appointment, Limits, Meeting, Outcome, Plan, Seat, Stage, Unmet
from foyer.scheduling.problem import (
    Appointments,
    Counsellor,
    GroupPin,
    KeepApart,
    Pin,
    Problem,
    Resident,
    Room,
    TeachingGroup,
)
from tests.scheduling.random_houses import houses
from tests.scheduling.village import MORNINGS, hand_made, village

CALM = settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
)
METAL = TeachingGroup("g-metal", "vocational", "metal", 4, 6, meetings=1, patterns=MORNINGS)
METAL_FIRST = {"choices": ("metal", "sewing")}


def with_resident(problem: Problem, name: str, **changes: Any) -> Problem:
    people = tuple(replace(r, **changes) if r.id == name else r for r in problem.residents)
    return replace(problem, residents=people)


def everybody(problem: Problem, **changes: Any) -> Problem:
    return replace(problem, residents=tuple(replace(r, **changes) for r in problem.residents))


def metal(**changes: Any) -> Problem:
    """The village with a third class, which bea wished most."""
    base = village()
    return with_resident(replace(base, groups=(*base.groups, replace(METAL, **changes))), "bea", **METAL_FIRST)


def need(found: Explanations, kind: str) -> NeedAnswer:
    return next(n for n in found.residents[0].needs if n.need == kind)


def codes(problem: Problem, plan: Plan, name: str) -> set[str]:
    found = explain(problem, plan, name)
    needs = [n for r in found.residents for n in r.needs]
    return {o.code for n in needs for o in (*n.notes, *(o for option in n.better for o in option.obstacles))}


def case(code: str, problem: Problem, who: str = "bea", **plan: Any) -> Any:
    return pytest.param(code, problem, who, plan, id=code)


RANKED = with_resident(village(), "bea", choices=("metal", "wood", "sewing"))
TWO_IN_WOOD: dict[str, Any] = {
    "seats": (
        *(Seat(name, "g-wood") for name in ("ann", "cal")),
        *(Seat(name, "g-sew") for name in ("bea", "eli", "dan")),
        *(Seat(name, "g-maths") for name in ("ann", "bea")),
    )
}
KIM_FULL = village(counsellors=(Counsellor("kim", "female", 3, ("law",)), Counsellor("lou", "male", 3)))
LONG_STAY = Resident("bea", "female", 16, 0, 28, choices=("wood", "sewing"), education=("maths",))
OTHER_ROOM = {"previous_room": "S"}
EVENING: dict[str, Any] = {"appointments": (Appointment("bea", "lou", 1, "d1e", 1170, 1215),)}
HOURS = ("d0a", "d0b", "d0e", "d1a", "d1b", "d1c", "d1e")
TAKEN = tuple(Appointment("dan", "lou", 0, p, 0, 0) for p in ("d0c", "d1c") for _ in range(2))
BUSY = village(
    appointments=Appointments(45, 1),
    counsellors=(Counsellor("kim", "female", 9, (), HOURS), Counsellor("lou", "male", 3)),
)
SPREAD = (
    Meeting("g-wood", ("d0a", "d0b"), "hall", "ivo"),
    Meeting("g-wood", ("d1a", "d1b"), "hall", "ivo"),
    Meeting("g-sew", ("d0a", "d0b"), "loft", "sue"),
    Meeting("g-maths", ("d0e",), None, "tom"),
    Meeting("g-maths", ("d1e",), None, "tom"),
)
CHESS = TeachingGroup("e-chess", "elective", "chess", 0, 1, excludes=("g-sew",))
CLUBS = replace(
    with_resident(village(), "bea", electives=1, choices=("wood", "sewing", "chess")),
    groups=(*village().groups, CHESS, TeachingGroup("e-choir", "elective", "choir", 0, 1)),
)


def reasons() -> list[Any]:
    wood_only = everybody(village(), choices=("wood",), aptitude=(("wood", 0.3),))
    wood_only = with_resident(wood_only, "bea", choices=("wood", "sewing"), aptitude=(("wood", 0.4),))
    kept = (KeepApart("ann", "bea", ("class",)),)
    return [
        case("class_full", village()),
        case("as_good", village()),
        case("not_offered", RANKED),
        case("last_place_by_rank", RANKED),
        case("last_place_by_level", wood_only),
        case("would_cost_others", wood_only),
        case(
            "last_place_by_aptitude",
            with_resident(everybody(village(), aptitude=(("wood", 0.9),)), "bea", aptitude=(("wood", 0.2),)),
        ),
        case("own_group_minimum", village(groups=tuple(replace(g, minimum=2) for g in village().groups))),
        case("group_minimum", metal()),
        case("closed_by_hand", replace(metal(), group_pins=(GroupPin("g-metal", opens=False),))),
        case("not_admitted_age", metal(minimum_age=18)),
        case("not_admitted_level", metal(levels=("high",))),
        case("not_admitted_gender", metal(genders=("male",))),
        case("qualification_missing", metal(requires=("licence",))),
        case("barred", with_resident(metal(), "bea", barred=("g-metal",))),
        case(
            "not_listed",
            with_resident(metal(), "bea", only_listed=True, choices=("wood",)),
            seats=tuple(x for x in hand_made(village()).seats if x.resident != "bea" or x.group == "g-maths"),
            unmet=(Unmet("bea", "class"),),
        ),
        case("excluded", CLUBS),
        case("meets_while_away", with_resident(metal(), "bea", unavailable=("d0a", "d1b"))),
        case("pin", replace(village(), pins=(Pin("class", "bea", "g-sew"),))),
        case("another_rule", village(apart=kept, pins=(Pin("class", "ann", "g-wood"),)), **TWO_IN_WOOD),
        case("plan_not_best", village(), **TWO_IN_WOOD),
        case("counsellor_gender", with_resident(village(), "bea", previous_counsellor="kim", counsellor_gender="male")),
        case(
            "counsellor_skills",
            with_resident(village(), "bea", previous_counsellor="kim", counsellor_skills=("law",)),
        ),
        case(
            "no_common_hour",
            with_resident(
                village(counsellors=(Counsellor("kim", "female", 3, (), ("d0c", "d1c")), Counsellor("lou", "male", 3))),
                "bea",
                previous_counsellor="kim",
                unavailable=("d0a", "d0b", "d0e", "d1a", "d1b", "d1e"),
            ),
        ),
        case("counsellor_full", with_resident(KIM_FULL, "bea", previous_counsellor="kim")),
        case("skill_missing", with_resident(KIM_FULL, "bea", skills_asked=("law",))),
        case("other_gender", with_resident(KIM_FULL, "bea", same_gender_counsellor=True)),
        case(
            "caseload_largest",
            with_resident(
                village(counsellors=(Counsellor("kim", "female", 9), Counsellor("lou", "male", 3))),
                "bea",
                previous_counsellor="kim",
            ),
        ),
        case("not_known", with_resident(village(), "bea", previous_counsellor="kim", case_weight=2)),
        case(
            "no_gain",
            with_resident(
                KIM_FULL, "ann", previous_counsellor="lou", skills_asked=("law",), same_gender_counsellor=True
            ),
            "ann",
        ),
        case("room_gender", with_resident(village(), "bea", previous_room="M")),
        case("room_features", with_resident(village(), "bea", previous_room="S", room_features=("lift",))),
        case(
            "room_stage",
            with_resident(
                village(rooms=(*village().rooms[:2], Room("S", "south", 2, "same", minimum_stage=3))),
                "bea",
                **OTHER_ROOM,
            ),
        ),
        case(
            "room_closed",
            with_resident(
                village(rooms=(*village().rooms[:2], Room("S", "south", 2, "same", closed=((3, 5),)))),
                "bea",
                **OTHER_ROOM,
            ),
        ),
        case("room_other_gender", with_resident(village(), "bea", **OTHER_ROOM)),
        case("room_full", with_resident(village(), "eli", previous_room="M"), "eli"),
        case("ages_in_room", with_resident(village(), "bea", age=21)),
        case(
            "no_counsellor",
            village(),
            caseloads=tuple(c for c in hand_made(village()).caseloads if c.resident != "bea"),
            unmet=(Unmet("bea", "counsellor"),),
        ),
        case("group_meets", village(), **EVENING),
        case(
            "counsellor_away",
            village(counsellors=(Counsellor("kim", "female", 3), Counsellor("lou", "male", 3, (), ("d0e",)))),
            appointments=(),
        ),
        case("hour_taken", village(appointments=Appointments(45, 1)), appointments=TAKEN),
        case("hour_too_short", village(appointments=Appointments(105, 2)), appointments=()),
        case("counsellor_hours_full", with_resident(BUSY, "bea", previous_counsellor="kim")),
        case("gap", village(), meetings=SPREAD),
        case("single_period", village(), meetings=SPREAD),
        case("times_proven", village(), meetings=SPREAD, stages=(Stage("times", 9, 0, "feasible", "", 0.0),)),
        case("resident_away", with_resident(village(), "bea", unavailable=("d1b",)), **EVENING),
    ]


@pytest.mark.parametrize(("code", "problem", "name", "changes"), reasons())
def test_the_reason_is_named(code: str, problem: Problem, name: str, changes: dict[str, Any]) -> None:
    assert code in codes(problem, hand_made(problem, **changes), name)


def test_every_code_is_reached_and_on_the_page() -> None:
    tested = {parameter.values[0] for parameter in reasons()}
    assert set(CODES) - tested == set()
    page = (Path(__file__).parents[2] / "docs" / "engine.md").read_text(encoding="utf-8")
    assert {code for code in (*CODES, *WHAT_IF_CODES) if f"`{code}`" not in page} == set()


def test_what_was_wished_and_got_is_told_with_its_points() -> None:
    problem = with_resident(village(), "bea", choices=("metal", "wood", "sewing"), aptitude=(("sewing", 0.5),))
    found = need(explain(problem, hand_made(problem), "bea"), "class")
    assert (found.wished, found.got, found.rank) == (("metal", "wood", "sewing"), "g-sew", 3)
    assert {t.wish: t.points for t in found.terms} == {"choice": 4, "aptitude": 2.5}
    assert [option.target for option in found.better] == ["g-wood"]


def test_a_full_class_tells_how_many_places_it_has() -> None:
    found = need(explain(village(), hand_made(village()), "eli"), "class")
    full = next(o for o in found.better[0].obstacles if o.code == "class_full")
    assert dict(full.values) == {"group": "g-wood", "places": 3}


def test_a_pair_kept_apart_is_never_told() -> None:
    problem = village(apart=(KeepApart("ann", "bea", ("class", "room", "counsellor")),))
    text = write_answer(explain(problem, hand_made(problem), "bea"))
    assert "apart" not in text.replace("age_apart", "")
    assert "ann" not in text


def test_an_unknown_resident_is_refused() -> None:
    with pytest.raises(KeyError):
        explain(village(), hand_made(village()), "nobody")


@CALM
@given(houses())
def test_an_explanation_names_no_other_resident_and_shares_add_up(problem: Problem) -> None:
    plan = solve(problem, Limits(seconds=60, workers=1))
    if plan.outcome is Outcome.INFEASIBLE:
        return
    assert check(problem, plan) == ()
    found = explain(problem, plan)
    for each in found.residents:
        text = write_answer(replace(found, residents=(each,)))
        others = [r.id for r in problem.residents if r.id != each.resident and re.search(rf"\b{r.id}\b", text)]
        assert others == []
        assert all(o.code in CODES for n in each.needs for o in n.notes)
    shared = sum(each.points for each in found.residents) + sum(t.points for t in found.house)
    assert shared == pytest.approx(plan.score, abs=0.02)
    assert json.loads(write_answer(found))["format"] == "foyer-explanation/1"


def clubs(**changes: Any) -> tuple[Problem, Plan]:
    """bea and eli each want one elective, chess best; bea has chess, eli the choir."""
    wanting = {"electives": 1, "choices": ("wood", "sewing", "chess", "choir")}
    problem = replace(CLUBS, groups=(*village().groups, replace(CHESS, excludes=()), *CLUBS.groups[-1:]))
    problem = with_resident(with_resident(problem, "bea", **wanting), "eli", **wanting)
    problem = replace(problem, **changes)
    seats = (*hand_made(village()).seats, Seat("bea", "e-chess"), Seat("eli", "e-choir"))
    return problem, hand_made(problem, seats=seats)


def test_an_elective_that_another_has_is_explained_with_its_price() -> None:
    problem, plan = clubs()
    assert check(problem, plan) == ()
    found = need(explain(problem, plan, "eli"), "elective")
    assert (found.wished, found.got) == (("chess", "choir"), "e-choir")
    assert {t.wish for t in found.terms} == {"elective_choice"}
    assert [o.target for o in found.better] == ["e-chess"]
    assert {o.code for o in found.better[0].obstacles} == {"class_full", "as_good"}
    assert found.better[0].price is not None
    assert (found.better[0].price.proof, found.better[0].price.moved) == ("exact", 1)
