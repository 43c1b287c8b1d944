"""What if this resident had that: the price, who would move, what is proven; and changes made by hand."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from foyer.scheduling import check, explain, recommend, solve, verdict, what_if
from foyer.scheduling.answers.barriers import CODES, WHAT_IF_CODES
from foyer.scheduling.answers.files import write_answer
from foyer.scheduling.answers.forms import WhatIf, Wish
from foyer.scheduling.answers.what_if import UnknownWish
from foyer.scheduling.digest import problem_hash
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Limits, Meeting, Outcome, Plan
from foyer.scheduling.problem import Appointments, Counsellor, KeepApart, KeepTogether, Pin, Problem, Room, StartPattern
from foyer.scheduling.repairing import RepairRequest, repair
from tests.scheduling.brute import best_classes
from tests.scheduling.random_houses import houses
from tests.scheduling.test_answers_prices import CLASS_LEVELS
from tests.scheduling.test_answers_why import METAL, clubs, everybody, with_resident
from tests.scheduling.village import AFTERNOONS, hand_made, rules, village

CALM = settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
)


def ask(problem: Problem, kind: str, resident: str, target: str, plan: Plan | None = None) -> WhatIf:
    """The answer, which must be sound whatever it is."""
    plan = plan or hand_made(problem)
    found = what_if(problem, plan, Wish(kind, resident, target))  # type: ignore[arg-type]
    if found.outcome == "possible":
        assert found.plan is not None
        assert set(check(problem, found.plan)) <= set(check(problem, plan))
        assert what_if(problem, found.plan, found.wish).outcome == "given"
        assert found.points == pytest.approx(found.plan.score - plan.score, abs=0.02)
        assert sum(w.points for w in found.wishes) == pytest.approx(found.points, abs=0.02)
    return found


def moved(found: WhatIf, kind: str) -> dict[str, tuple[str | None, str | None]]:
    return {c.who: (c.before, c.after) for c in found.changes if c.kind == kind}


def codes(found: WhatIf) -> set[str]:
    return {o.code for o in found.obstacles}


def test_things_of_different_kinds_may_have_one_id() -> None:
    problem, plan = village(), hand_made(village())
    room = next(x.room for x in plan.lodgings if x.resident == "eli")
    own = next(c.counsellor for c in plan.caseloads if c.resident == "eli")
    named = {own: room, **{c.id: f"k-{c.id}" for c in problem.counsellors if c.id != own}}
    problem = replace(problem, counsellors=tuple(replace(c, id=named[c.id]) for c in problem.counsellors))
    plan = replace(
        plan,
        problem_hash=problem_hash(problem),
        caseloads=tuple(replace(c, counsellor=named[c.counsellor]) for c in plan.caseloads),
        appointments=tuple(replace(a, counsellor=named[a.counsellor]) for a in plan.appointments),
    )
    assert what_if(problem, plan, Wish("counsellor", "eli", room)).outcome == "given"
    other = next(m.id for m in problem.rooms if m.id != room)
    counsellors = tuple(replace(c, id=other) if c.id == room else c for c in problem.counsellors)
    plan = replace(
        plan,
        caseloads=tuple(replace(c, counsellor=other) if c.counsellor == room else c for c in plan.caseloads),
        appointments=tuple(replace(a, counsellor=other) if a.counsellor == room else a for a in plan.appointments),
    )
    assert what_if(replace(problem, counsellors=counsellors), plan, Wish("room", "eli", other)).outcome != "given"


def test_a_place_in_a_full_class_moves_one_other_at_no_cost() -> None:
    found = ask(village(), "class", "eli", "g-wood")
    assert found.outcome == "possible"
    assert found.proof == "exact"
    assert found.levels == ()
    assert moved(found, "class")["eli"] == ("g-sew", "g-wood")
    assert len(moved(found, "class")) == 2


def test_the_price_is_told_level_by_level_and_wish_by_wish() -> None:
    problem = everybody(village(), choices=("wood",))
    found = ask(with_resident(problem, "bea", choices=("wood", "sewing")), "class", "bea", "g-wood")
    assert [(x.level, x.before, x.after) for x in found.levels] == [
        ("unlisted", 1, 2),
        ("choice_2", 1, 0),
        ("wishes", 50, 98),
    ]
    assert [(w.wish, w.points) for w in found.wishes] == [("choice", 48)]
    assert found.floor == found.levels


def test_what_the_plan_gives_already_costs_nothing() -> None:
    for kind, target in (
        ("class", "g-wood"),
        ("education", "g-maths"),
        ("counsellor", "kim"),
        ("room", "F"),
        ("appointment", "d1c"),
        ("appointment", "0:d1c"),
        ("meeting", "g-maths:d0c"),
    ):
        assert ask(village(), kind, "ann", target).outcome == "given"


def test_a_rule_makes_it_impossible_and_is_named() -> None:
    base = village()
    metal = replace(base, groups=(*base.groups, replace(METAL, minimum_age=18)))
    assert codes(ask(metal, "class", "bea", "g-metal")) == {"not_admitted_age"}
    assert codes(ask(village(), "room", "bea", "M")) == {"room_gender"}
    assert codes(ask(village(), "education", "cal", "g-maths")) == {"not_needed"}
    pinned = village(pins=(Pin("counsellor", "bea", "lou"),))
    assert codes(ask(pinned, "counsellor", "bea", "kim")) == {"pin"}


def test_a_pair_kept_apart_makes_the_other_give_way() -> None:
    problem = village(apart=(KeepApart("bea", "cal", ("class",)),))
    found = ask(problem, "class", "bea", "g-wood")
    assert found.outcome == "possible"
    assert moved(found, "class") == {"bea": ("g-sew", "g-wood"), "cal": ("g-wood", "g-sew")}
    assert found.proof == "exact"


def test_a_closed_class_opens_at_its_price_with_hours_of_its_own() -> None:
    base = village()
    problem = replace(base, groups=(*base.groups, replace(METAL, minimum=2)))
    found = ask(problem, "class", "bea", "g-metal")
    assert found.outcome == "possible"
    assert "no_hours" in codes(found)
    assert moved(found, "class")["bea"] == ("g-sew", "g-metal")
    assert moved(found, "time")["g-metal"][0] is None
    assert next((x.before, x.after) for x in found.levels if x.level == "unlisted") == (0, 2)
    never = replace(problem, groups=(*base.groups, replace(METAL, minimum=9, maximum=9)))
    assert codes(ask(never, "class", "bea", "g-metal")) == {"no_hours", "another_rule"}


def test_where_no_hours_are_left_the_answer_is_no() -> None:
    base = village()
    metal = replace(METAL, minimum=1, meetings=2, venues=("hall",))
    problem = replace(base, groups=(*base.groups, metal))
    assert codes(ask(problem, "class", "bea", "g-metal")) == {"no_hours", "no_times"}


def test_where_the_published_times_forbid_it_the_fewest_meetings_move() -> None:
    problem = with_resident(village(), "dan", unavailable=("d0a",), choices=("sewing",))
    problem = replace(problem, groups=tuple(replace(g, meetings=1) for g in problem.groups))
    hours = (
        Meeting("g-wood", ("d1a", "d1b"), "hall", "ivo"),
        Meeting("g-sew", ("d0a", "d0b"), "loft", "sue"),
        Meeting("g-maths", ("d0c",), None, "tom"),
    )
    found = ask(problem, "class", "dan", "g-sew", hand_made(problem, meetings=hours))
    assert found.outcome == "possible"
    assert moved(found, "time") == {"g-sew": ("d0a d0b", "d1a d1b")}
    assert codes(found) == {"resident_away"}


def test_where_no_times_would_do_it_is_impossible() -> None:
    base = village()
    problem = replace(
        with_resident(base, "cal", unavailable=("d0a",)),
        groups=(replace(base.groups[0], meetings=1), *base.groups[1:]),
        venues=tuple(replace(v, unavailable=("d1a",)) if v.id == "loft" else v for v in base.venues),
    )
    hours = tuple(m for m in hand_made(base).meetings if m.group != "g-wood" or m.periods[0] == "d1a")
    found = ask(problem, "class", "cal", "g-sew", hand_made(problem, meetings=hours))
    assert codes(found) == {"meets_while_away"}


def test_a_second_section_of_the_own_lessons_gives_way_to_the_class() -> None:
    base = village()
    second = replace(base.groups[2], id="g-maths-2", instructors=(), minimum=0)
    at_noon = replace(base.groups[1], patterns=(*base.groups[1].patterns, StartPattern(("d0c",))))
    problem = replace(base, groups=(base.groups[0], at_noon, base.groups[2], second))
    problem = with_resident(problem, "eli", education=("maths",))
    plan = hand_made(
        problem,
        seats=(*hand_made(base).seats, replace(hand_made(base).seats[0], resident="eli", group="g-maths-2")),
        meetings=(
            *(m for m in hand_made(base).meetings if m.group != "g-sew"),
            Meeting("g-sew", ("d0c",), "loft", "sue"),
            Meeting("g-maths-2", ("d1c",), None, None),
        ),
    )
    plan = replace(plan, appointments=tuple(a for a in plan.appointments if a.resident not in ("bea", "eli")))
    found = what_if(problem, plan, Wish("class", "ann", "g-sew"))
    assert moved(found, "education")["ann"] == ("g-maths", "g-maths-2")


def test_an_elective_is_exchanged_for_another() -> None:
    problem, plan = clubs()
    found = ask(problem, "elective", "eli", "e-chess", plan)
    assert found.outcome == "possible"
    assert moved(found, "elective") == {"bea": ("e-chess", "e-choir"), "eli": ("e-choir", "e-chess")}
    assert found.levels == ()
    assert codes(ask(problem, "elective", "ann", "e-chess", plan)) == {"not_needed"}
    assert rules(verdict(problem, plan, Wish("elective", "eli", "e-chess")).broken) == {"group_maximum"}


def test_a_counsellor_takes_the_appointment_along() -> None:
    found = ask(village(), "counsellor", "bea", "kim")
    assert moved(found, "counsellor")["bea"] == ("lou", "kim")
    assert found.plan is not None
    booked = next(a for a in found.plan.appointments if a.resident == "bea")
    assert booked.counsellor == "kim"
    assert found.plan.unmet == ()


def test_full_caseloads_are_exchanged() -> None:
    problem = village(counsellors=(Counsellor("kim", "female", 3), Counsellor("lou", "male", 2)))
    found = ask(problem, "counsellor", "bea", "kim")
    assert len(moved(found, "counsellor")) == 2
    assert found.proof == "exact"


def test_caseloads_of_different_weights_are_solved_anew() -> None:
    problem = village(counsellors=(Counsellor("kim", "female", 4), Counsellor("lou", "male", 4)))
    problem = with_resident(problem, "cal", case_weight=2)
    found = ask(problem, "counsellor", "bea", "kim")
    assert found.outcome == "possible"
    assert found.proof == "kept"
    loads = [c.counsellor for c in found.plan.caseloads] if found.plan else []
    assert len(loads) == 5


def test_a_caseload_of_pinned_residents_grows() -> None:
    pins = tuple(Pin("counsellor", r, "kim") for r in ("ann", "cal", "eli"))
    problem = village(counsellors=(Counsellor("kim", "female", 4), Counsellor("lou", "male", 4)), pins=pins)
    found = ask(problem, "counsellor", "bea", "kim")
    assert [(x.level, x.before, x.after) for x in found.levels if x.stage == "counsellors"] == [
        ("largest_caseload", 3, 4),
        ("wishes", 0, 2),
    ]


def test_a_room_is_given_by_a_chain_of_moves() -> None:
    found = ask(village(rooms=(*village().rooms, Room("N", "north", 2, "female"))), "room", "cal", "S")
    assert moved(found, "room")["cal"] == ("M", "S")
    tight = village(
        rooms=(Room("F", "north", 2, "female"), Room("M", "south", 2, "male"), Room("S", "south", 1, "same"))
    )
    found = ask(tight, "room", "cal", "S")
    assert moved(found, "room") == {"cal": ("M", "S"), "eli": ("S", "M")}


def test_an_hour_that_another_has_moves_the_other() -> None:
    problem = village(appointments=Appointments(105, 2))
    base = hand_made(village())
    plan = hand_made(
        problem, appointments=tuple(replace(a, start=795, end=900) for a in base.appointments if a.resident != "eli")
    )
    found = ask(problem, "appointment", "bea", "0:d0c", plan)
    assert codes(found) == {"group_meets"}
    found = ask(problem, "appointment", "dan", "0:d1c", plan)
    assert moved(found, "appointment") == {"dan": ("0 d0c", "0 d1c")}


def test_a_meeting_moves_with_the_fewest_others() -> None:
    found = ask(village(), "meeting", "ann", "g-maths:d1c")
    assert found.outcome == "possible"
    assert moved(found, "time") == {"g-maths": ("d0c", "d1c")}
    assert codes(ask(village(), "meeting", "ann", "g-maths:d0a")) == {"no_such_hours"}
    assert codes(ask(village(), "meeting", "cal", "g-maths:d1c")) == {"not_needed"}


def test_the_meeting_that_is_named_moves_and_the_others_stay_if_they_can() -> None:
    evenings = (*AFTERNOONS, StartPattern(("d0e",)), StartPattern(("d1e",)))
    base = village()
    groups = tuple(replace(g, meetings=2, patterns=evenings) if g.id == "g-maths" else g for g in base.groups)
    problem = replace(base, groups=groups)
    plan = hand_made(problem)
    (one,) = [m for m in plan.meetings if m.group == "g-maths"]
    plan = hand_made(problem, meetings=(*plan.meetings, replace(one, periods=("d1c",))))

    def asked(target: str, instead: str) -> dict[str, tuple[str | None, str | None]]:
        found = what_if(problem, plan, Wish("meeting", "ann", f"g-maths:{target}", instead))
        assert found.outcome == "possible"
        return moved(found, "time")

    assert asked("d1e", "d1c") == {"g-maths": ("d1c", "d1e")}
    assert asked("d0e", "d0c") == {"g-maths": ("d0c", "d0e")}
    assert asked("d1e", "d0c") == {"g-maths": ("d1c", "d1e")}, "two on one day may not be, so the other one moves"


def test_a_change_by_hand_moves_the_meeting_that_is_named() -> None:
    plan = hand_made(village())
    wish = Wish("meeting", "ann", "g-maths:d1c", "d0c")
    assert verdict(village(), plan, wish, repair=False) == replace(
        verdict(village(), plan, replace(wish, instead=""), repair=False), change=wish
    )
    with pytest.raises(UnknownWish, match="no such meeting"):
        verdict(village(), plan, replace(wish, instead="d0a"), repair=False)


def test_a_wish_for_what_does_not_exist_is_refused() -> None:
    for kind, resident, target in (
        ("class", "nobody", "g-wood"),
        ("class", "ann", "g-maths"),
        ("room", "ann", "g-wood"),
        ("appointment", "ann", "0:never"),
        ("meeting", "ann", "g-wood:never"),
        ("fortune", "ann", "F"),
    ):
        with pytest.raises(UnknownWish):
            ask(village(), kind, resident, target)


def test_the_answer_is_json() -> None:
    answer = json.loads(write_answer(ask(village(), "class", "eli", "g-wood")))
    assert answer["format"] == "foyer-whatif/1"
    assert answer["plan"]["seats"]


def test_a_change_by_hand_is_judged_as_it_is() -> None:
    problem, plan = village(), hand_made(village())
    found = verdict(problem, plan, Wish("class", "eli", "g-wood"))
    assert rules(found.broken) == {"group_maximum", "venue_seats"}
    assert found.repair is not None
    assert found.repair.outcome == "possible"
    assert json.loads(write_answer(found))["format"] == "foyer-verdict/1"


def test_a_change_by_hand_that_breaks_nothing_has_its_points() -> None:
    problem = with_resident(village(), "bea", previous_counsellor="kim")
    found = verdict(problem, hand_made(problem), Wish("counsellor", "bea", "kim"))
    assert rules(found.broken) == {"counsellor_capacity"}
    roomy = replace(problem, counsellors=(Counsellor("kim", "female", 9), Counsellor("lou", "male", 9)))
    found = verdict(roomy, hand_made(roomy), Wish("counsellor", "bea", "kim"))
    assert found.broken == ()
    assert {(w.wish, w.points) for w in found.wishes} == {("other_counsellor", -5), ("caseload_above_mean", 2)}
    assert found.repair is None


def test_a_change_by_hand_may_mend_a_rule() -> None:
    problem = village()
    plan = verdict_plan(problem)
    assert "room_gender" in {v.rule for v in check(problem, plan)}
    found = verdict(problem, plan, Wish("room", "bea", "F"))
    assert rules(found.mended) == {"room_gender", "room_one_gender"}


def verdict_plan(problem: Problem) -> Plan:
    lodgings = tuple(
        replace(x, room="M", bed=2) if x.resident == "bea" else x
        for x in hand_made(problem).lodgings
        if x.resident != "dan"
    )
    return hand_made(problem, lodgings=lodgings)


@pytest.mark.parametrize(
    ("kind", "target", "rule"),
    [
        ("room", "M", "room_gender"),
        ("appointment", "d0a", "resident_twice"),
        ("meeting", "g-maths:d0a", "meeting_pattern"),
        ("education", "g-maths", ""),
    ],
)
def test_every_kind_of_change_by_hand_is_judged(kind: str, target: str, rule: str) -> None:
    found = verdict(village(), hand_made(village()), Wish(kind, "bea", target), repair=False)  # type: ignore[arg-type]
    assert (rule in rules(found.broken)) == bool(rule)


@CALM
@given(houses(), st.data())
def test_every_answer_is_a_sound_plan_or_an_honest_no(problem: Problem, data: st.DataObject) -> None:
    plan = solve(problem, Limits(seconds=60, workers=1))
    if plan.outcome is Outcome.INFEASIBLE:
        return
    assert check(problem, plan) == ()
    index = Index(problem)
    resident = data.draw(st.sampled_from(sorted(index.residents)))
    wishes = [("counsellor", k) for k in index.counsellors] + [("room", m) for m in index.rooms]
    kinds = {"vocational": "class", "education": "education", "elective": "elective"}
    wishes += [(kinds[g.kind], g.id) for g in problem.groups]
    wishes += [("appointment", p) for p in index.periods]
    for kind, target in data.draw(st.lists(st.sampled_from(wishes), min_size=3, max_size=6, unique=True)):
        found = ask(problem, kind, resident, target, plan)
        assert codes(found) <= {*CODES, *WHAT_IF_CODES}
        assert found.outcome != "impossible" or found.obstacles


@CALM
@given(houses(most=4), st.data())
def test_an_exact_answer_reaches_the_enumerated_optimum(problem: Problem, data: st.DataObject) -> None:
    plan = solve(problem, Limits(seconds=60, workers=1))
    classes = [g.id for g in problem.groups if g.kind == "vocational"]
    if plan.outcome is not Outcome.OPTIMAL:
        return
    resident = data.draw(st.sampled_from([r.id for r in problem.residents]))
    for group in classes:
        found = ask(problem, "class", resident, group, plan)
        best = best_classes(replace(problem, pins=(*problem.pins, Pin("class", resident, group))))
        if found.outcome == "possible" and found.proof == "exact":
            now = {x.level: x.after for x in found.levels if x.stage == "classes"}
            was = best_classes(problem)
            assert was is not None
            assert best is not None
            assert [now.get(n, v) for n, v in zip(CLASS_LEVELS, was, strict=True)] == pytest.approx(list(best))
        elif found.outcome == "possible":
            assert best is not None


def test_a_repaired_plan_is_asked_from_its_first_night_on() -> None:
    """Who has left is not in the question; the nights before stay as they were."""
    problem, night = village(), 7
    plan = repair(problem, hand_made(problem), RepairRequest(night), Limits(seconds=30, workers=1)).plan
    assert plan.from_night == night
    found = what_if(problem, plan, Wish("room", "cal", "S"))
    assert found.outcome == "possible"
    assert found.plan is not None
    assert check(problem, found.plan) == ()
    stays = sorted((x.arrives, x.leaves, x.room) for x in found.plan.lodgings if x.resident == "cal")
    assert stays == [(0, 7, "M"), (7, 28, "S")]
    shares = explain(problem, plan)
    total = sum(r.points for r in shares.residents) + sum(t.points for t in shares.house)
    assert total == pytest.approx(plan.score)
    assert all(not p.moved for p in recommend(problem, plan, "eli", 0).placements)


def test_what_moving_one_of_a_pair_would_break_is_named() -> None:
    """Ann and Bea share a room by a rule; the chain of moves for Ann alone leaves Bea behind."""
    rooms = (*village().rooms, replace(village().rooms[2], id="T"))
    for scope in ("room", "house"):
        problem = village(rooms=rooms, together=(KeepTogether("ann", "bea", (scope,), points=None),))
        answer = what_if(problem, hand_made(problem), Wish("room", "ann", "T"))
        assert answer.outcome == "impossible"
        assert [(o.code, dict(o.values)) for o in answer.obstacles] == [("would_break", {"rule": f"together_{scope}"})]
    free = village(rooms=rooms)
    assert what_if(free, hand_made(free), Wish("room", "ann", "T")).outcome == "possible"
