"""The checker on classes, education groups and counsellors: needs, eligibility, sizes, pairs, pins."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foyer.scheduling import check
from foyer.scheduling.plan import Caseload, Outcome, Plan, Seat, Unmet
from foyer.scheduling.problem import KeepApart, Pin, Problem, TeachingGroup
from tests.scheduling.village import hand_made, rules, village


def with_resident(name: str, **changes: object) -> Problem:
    problem = village()
    people = tuple(replace(r, **changes) if r.id == name else r for r in problem.residents)  # type: ignore[arg-type]
    return replace(problem, residents=people)


def with_group(name: str, **changes: object) -> Problem:
    problem = village()
    groups = tuple(replace(g, **changes) if g.id == name else g for g in problem.groups)  # type: ignore[arg-type]
    return replace(problem, groups=groups)


def found(problem: Problem, plan: Plan | None = None) -> set[str]:
    return rules(check(problem, plan or hand_made(problem)))


def test_the_hand_made_plan_breaks_no_rule() -> None:
    assert check(village(), hand_made(village())) == ()


def test_a_plan_for_another_problem_is_told_apart() -> None:
    assert found(village(name="elsewhere"), hand_made(village())) == {"other_problem"}


def test_an_unknown_id_is_named_and_nothing_else_is_judged() -> None:
    plan = replace(hand_made(village()), caseloads=(Caseload("ann", "nobody"),))
    assert found(village(), plan) == {"unknown_id"}


def test_a_need_left_open_must_be_listed() -> None:
    seats = tuple(s for s in hand_made(village()).seats if s != Seat("cal", "g-wood"))
    assert found(village(), hand_made(village(), seats=seats)) == {"class_missing"}
    listed = hand_made(village(), seats=seats, unmet=(Unmet("cal", "class"),))
    assert found(village(), listed) == set()


def test_an_education_need_is_counted_per_subject() -> None:
    problem = with_resident("ann", education=("maths", "history"))
    assert found(problem) == {"education_missing"}
    assert found(problem, hand_made(problem, unmet=(Unmet("ann", "education", "history"),))) == set()


def test_a_need_that_is_met_may_not_be_listed_as_unmet() -> None:
    assert found(village(), hand_made(village(), unmet=(Unmet("cal", "class"),))) == {"unmet_untrue"}
    assert found(village(), hand_made(village(), unmet=(Unmet("cal", "counsellor"),))) == {"unmet_untrue"}


def test_nobody_sits_in_two_classes() -> None:
    seats = (*hand_made(village()).seats, Seat("eli", "g-wood"))
    assert "class_twice" in found(with_group("g-wood", maximum=4), hand_made(village(), seats=seats))


def test_nobody_sits_where_no_need_is() -> None:
    seats = (*hand_made(village()).seats, Seat("eli", "g-maths"))
    assert found(village(), hand_made(village(), seats=seats)) == {"education_not_needed"}


@pytest.mark.parametrize("rule", [{"levels": ("upper",)}, {"minimum_age": 18}, {"genders": ("female",)}])
def test_a_group_admits_by_level_age_and_gender(rule: dict[str, object]) -> None:
    assert found(with_group("g-wood", **rule)) == {"group_eligibility"}


@pytest.mark.parametrize("rule", [{"levels": ("", "upper")}, {"minimum_age": 17}, {"genders": ("female", "male")}])
def test_a_group_still_admits_those_who_fit(rule: dict[str, object]) -> None:
    assert found(with_group("g-wood", **rule)) == set()


def test_a_group_has_no_more_than_its_maximum_and_no_less_than_its_minimum() -> None:
    assert found(with_group("g-wood", maximum=2)) == {"group_maximum"}
    assert found(with_group("g-sew", minimum=3)) == {"group_minimum"}
    assert found(with_group("g-sew", minimum=2, maximum=2)) == set()


def test_a_mandatory_group_is_open_and_an_optional_one_may_stay_closed() -> None:
    optional = TeachingGroup("g-art", "vocational", "art", 1, 9)
    problem = village(groups=(*village().groups, optional))
    assert found(problem) == set()
    mandatory = village(groups=(*village().groups, replace(optional, mandatory=True)))
    assert found(mandatory) == {"group_minimum"}


def test_a_closed_group_does_not_meet() -> None:
    seats = tuple(s for s in hand_made(village()).seats if s.group != "g-maths")
    unmet = (Unmet("ann", "education", "maths"), Unmet("bea", "education", "maths"))
    assert found(village(), hand_made(village(), seats=seats, unmet=unmet)) == {"closed_group_meets"}


def test_a_pair_kept_apart_in_class_shares_no_group_of_either_kind() -> None:
    assert found(village(apart=(KeepApart("cal", "dan", ("class",)),))) == {"apart_class"}
    assert found(village(apart=(KeepApart("ann", "bea", ("class",)),))) == {"apart_class"}
    assert found(village(apart=(KeepApart("cal", "eli", ("class",)),))) == set()


def test_a_pair_is_free_again_from_its_last_night_on() -> None:
    problem = with_resident("dan", leaves=28, arrives=14)
    lodged = tuple(replace(x, arrives=14, leaves=28) if x.resident == "dan" else x for x in hand_made(problem).lodgings)
    for until, expected in ((14, set()), (15, {"apart_class"})):
        apart = replace(problem, apart=(KeepApart("cal", "dan", ("class",), until=until),))
        assert found(apart, hand_made(apart, lodgings=lodged)) == expected


def test_a_pinned_group_is_kept() -> None:
    assert found(village(pins=(Pin("class", "eli", "g-wood"),))) == {"pin"}
    assert found(village(pins=(Pin("class", "eli", "g-sew"), Pin("education", "ann", "g-maths")))) == set()


def test_everybody_has_one_counsellor() -> None:
    plan = hand_made(village())
    fewer = hand_made(village(), caseloads=plan.caseloads[1:])
    assert {"counsellor_missing", "appointment_counsellor"} == found(village(), fewer)
    twice = hand_made(village(), caseloads=(*plan.caseloads, Caseload("ann", "lou")))
    assert "counsellor_twice" in found(village(), twice)


def test_a_caseload_is_counted_in_case_weights() -> None:
    assert found(with_resident("ann", case_weight=2)) == {"counsellor_capacity"}
    assert found(with_resident("bea", case_weight=2)) == set()


def test_a_pair_kept_apart_has_two_counsellors() -> None:
    assert found(village(apart=(KeepApart("eli", "ann", ("counsellor",)),))) == {"apart_counsellor"}
    assert found(village(apart=(KeepApart("eli", "bea", ("counsellor",)),))) == set()


def test_a_pinned_counsellor_is_kept() -> None:
    assert found(village(pins=(Pin("counsellor", "ann", "lou"),))) == {"pin"}
    assert found(village(pins=(Pin("counsellor", "ann", "kim"),))) == set()


def test_terms_score_and_bound_are_counted_again() -> None:
    plan = hand_made(village())
    assert found(village(), replace(plan, score=plan.score - 1)) == {"score"}
    assert found(village(), replace(plan, terms=plan.terms[1:])) == {"term"}
    assert found(village(), replace(plan, bound=plan.score + 1)) == {"bound"}
    assert found(village(), replace(plan, bound=plan.score)) == set()


def test_a_cancelled_plan_may_stop_before_the_times_but_must_list_what_is_open() -> None:
    people = [r.id for r in village().residents]
    empty = hand_made(
        village(),
        outcome=Outcome.CANCELLED,
        seats=(),
        caseloads=(),
        lodgings=(),
        meetings=(),
        appointments=(),
        unmet=(
            *(Unmet(name, need) for name in people for need in ("class", "counsellor", "room", "appointment")),
            *(Unmet(name, "education", "maths") for name in ("ann", "bea")),
        ),
    )
    assert found(village(), empty) == set()
    assert "room_missing" in found(village(), replace(empty, unmet=empty.unmet[4:]))


def test_who_wished_nothing_costs_nothing_and_an_unlisted_trade_costs_most() -> None:
    def choice_points(**changes: object) -> float:
        plan = hand_made(with_resident("eli", **changes))
        return sum(t.points for t in plan.terms if t.wish == "choice")

    listed = choice_points(choices=("sewing",))
    assert choice_points(choices=()) == listed
    assert choice_points(choices=("wood", "sewing")) == listed + 1
    assert choice_points(choices=("wood",)) == listed + 49
