"""The engine as a whole: it plans, proves, obeys each rule, repeats itself, and stops when told."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from foyer.scheduling import check, solve
from foyer.scheduling.plan import Limits, Outcome, Plan, Progress
from foyer.scheduling.problem import (
    Appointments,
    Counsellor,
    Instructor,
    KeepApart,
    Pin,
    Problem,
    Room,
    StartPattern,
    TeachingGroup,
    Venue,
    Weights,
)
from foyer.scheduling.validation import InvalidProblem
from tests.scheduling.house import make_house
from tests.scheduling.village import AFTERNOONS, MORNINGS, resident, village

REPEATABLE = Limits(seconds=60, workers=1, seed=3)


def solved(problem: Problem) -> Plan:
    """The plan, which the checker accepted."""
    plan = solve(problem, REPEATABLE)
    assert check(problem, plan) == ()
    return plan


def changed(part: str, name: str, problem: Problem | None = None, **changes: Any) -> Problem:
    problem = problem or village()
    things = tuple(replace(t, **changes) if t.id == name else t for t in getattr(problem, part))
    return replace(problem, **{part: things})


def seat_of(plan: Plan, name: str) -> set[str]:
    return {s.group for s in plan.seats if s.resident == name}


def room_of(plan: Plan, name: str) -> str:
    return next(x.room for x in plan.lodgings if x.resident == name)


def counsellor_of(plan: Plan, name: str) -> str:
    return next(c.counsellor for c in plan.caseloads if c.resident == name)


def stage(plan: Plan, name: str) -> Any:
    return next(s for s in plan.stages if s.name == name)


def points(plan: Plan) -> dict[str, float]:
    return {t.wish: t.points for t in plan.terms}


# Whole houses


def test_a_small_house_is_planned_and_every_stage_proven() -> None:
    plan = solved(make_house(24, seed=2))
    assert plan.outcome is Outcome.OPTIMAL
    assert plan.unmet == ()
    assert plan.bound == plan.score
    assert [s.name for s in plan.stages] == ["classes", "education", "counsellors", "rooms", "times", "appointments"]
    assert all(s.status == "optimal" and s.bound == s.value for s in plan.stages)


def test_one_worker_and_one_seed_give_the_same_plan_twice() -> None:
    problem = make_house(20, seed=5)
    first, second = (solve(problem, REPEATABLE) for _ in range(2))
    assert without_seconds(first) == without_seconds(second)


def without_seconds(plan: Plan) -> Plan:
    return replace(plan, seconds=0, stages=tuple(replace(s, seconds=0) for s in plan.stages))


def test_progress_goes_from_stage_to_stage_up_to_the_whole() -> None:
    heard: list[Progress] = []
    plan = solve(make_house(16), REPEATABLE, heard.append)
    assert [p.stage for p in heard if p.status == "started"] == [s.name for s in plan.stages]
    assert [p.done for p in heard] == sorted(p.done for p in heard)
    assert heard[-1].done == 1.0
    assert heard[-1].score == pytest.approx(plan.score)
    assert heard[-1].bound == pytest.approx(plan.bound)
    assert all(p.bound <= p.score + 0.01 for p in heard if p.score is not None and p.bound is not None)


def test_a_run_cancelled_at_once_has_an_empty_honest_plan() -> None:
    problem = village()
    plan = solve(problem, REPEATABLE, stop=lambda: True)
    assert plan.outcome is Outcome.CANCELLED
    assert plan.seats == ()
    assert len(plan.unmet) == 4 * 5 + 2
    assert plan.bound is None
    assert check(problem, plan) == ()


@pytest.mark.parametrize("after", ["classes", "counsellors", "rooms", "times"])
def test_a_run_cancelled_midway_keeps_what_was_found(after: str) -> None:
    problem = make_house(20)
    finished: list[str] = []

    def hear(news: Progress) -> None:
        if news.status == "finished":
            finished.append(news.stage)

    plan = solve(problem, REPEATABLE, hear, lambda: after in finished)
    assert plan.outcome is Outcome.CANCELLED
    assert [s.name for s in plan.stages][-1] == after
    assert {s.resident for s in plan.seats} >= {r.id for r in problem.residents if r.needs_vocational}
    assert check(problem, plan) == ()


def test_hooks_run_in_the_calling_thread() -> None:
    import threading

    threads = set()
    solve(
        village(),
        REPEATABLE,
        lambda news: threads.add(threading.get_ident()),
        lambda: bool(threads.add(threading.get_ident())),
    )
    assert threads == {threading.get_ident()}


def test_a_run_out_of_time_says_so() -> None:
    problem = make_house(30)
    plan = solve(problem, Limits(seconds=0.001, workers=1))
    assert plan.outcome is Outcome.OUT_OF_TIME
    assert check(problem, plan) == ()


def test_an_empty_house_has_an_empty_plan() -> None:
    plan = solved(village(residents=()))
    assert (plan.outcome, plan.score, plan.unmet) == (Outcome.OPTIMAL, 0, ())


def test_a_house_without_a_week_still_gives_places_and_beds() -> None:
    """No period at all: nothing can meet and nobody can be counselled individually; the rest is planned."""
    groups = tuple(replace(g, meetings=0, patterns=()) for g in village().groups)
    plan = solved(village(periods=(), groups=groups))
    assert {u.need for u in plan.unmet} == {"appointment"}
    assert len(plan.lodgings) == 5


def test_a_problem_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(InvalidProblem, match="nights"):
        solve(village(nights=0), REPEATABLE)


def test_a_cancelled_search_of_the_week_stops_soon() -> None:
    """The clock is generous: only a solver that ignores the cancel would need so long."""
    problem = make_house(40)
    problem = replace(problem, weights=Weights(gap=7, single_period=9))
    asked: list[float] = []

    def stop() -> bool:
        if in_times:
            asked.append(time.monotonic())
        return bool(asked)

    in_times: list[bool] = []
    plan = solve(
        problem,
        Limits(seconds=120, workers=2),
        lambda news: in_times.append(True) if news.stage == "times" else None,
        stop,
    )
    assert plan.outcome is Outcome.CANCELLED
    assert time.monotonic() - asked[0] < 20


# Rule by rule


def test_choices_are_given_by_rank_and_the_worst_off_come_first() -> None:
    """Two want wood most; only one fits. The one who listed nothing else gets it, whatever the points say."""
    people = (
        resident("cal", choices=("wood",)),
        resident("dan", choices=("wood", "sewing"), aptitude=(("wood", 1.0), ("sewing", 0.0))),
    )
    problem = changed("groups", "g-wood", village(residents=people), maximum=1)
    plan = solved(problem)
    assert (seat_of(plan, "cal"), seat_of(plan, "dan")) == ({"g-wood"}, {"g-sew"})
    assert {lv.name: lv.value for lv in stage(plan, "classes").levels}["unlisted"] == 0


def test_an_optional_class_stays_closed_below_its_minimum() -> None:
    problem = changed("groups", "g-sew", minimum=3)
    people = tuple(replace(r, choices=("wood",) if r.id != "eli" else ("sewing",)) for r in village().residents[2:])
    plan = solved(replace(problem, residents=people))
    assert {s.group for s in plan.seats} == {"g-wood"}
    assert points(plan)["choice"] == 49
    mandatory = changed("groups", "g-sew", replace(problem, residents=people), mandatory=True)
    assert {s.group for s in solved(mandatory).seats} == {"g-sew"}


def test_pins_are_kept() -> None:
    pins = (
        Pin("class", "cal", "g-sew"),
        Pin("education", "ann", "g-maths"),
        Pin("counsellor", "cal", "lou"),
        Pin("room", "cal", "S"),
    )
    plan = solved(village(pins=pins))
    assert (seat_of(plan, "cal"), counsellor_of(plan, "cal"), room_of(plan, "cal")) == ({"g-sew"}, "lou", "S")


def test_pairs_are_kept_apart_in_every_scope() -> None:
    plan = solved(village(apart=(KeepApart("cal", "dan", ("room", "class", "counsellor")),)))
    assert not seat_of(plan, "cal") & seat_of(plan, "dan")
    assert room_of(plan, "cal") != room_of(plan, "dan")
    assert counsellor_of(plan, "cal") != counsellor_of(plan, "dan")


def test_what_counting_cannot_see_is_left_open_and_listed() -> None:
    """Three kept apart from each other, two classes: counting looks at pairs only."""
    trio = tuple(KeepApart(a, b, ("class",)) for a, b in (("cal", "dan"), ("cal", "eli"), ("dan", "eli")))
    problem = village(apart=trio, residents=tuple(replace(r, leaves=28, arrives=0) for r in village().residents[2:]))
    problem = replace(problem, rooms=(Room("M", "south", 3, "male"),))
    plan = solved(problem)
    assert [u.need for u in plan.unmet] == ["class"]
    assert points(plan)["unplaced_vocational"] == 60
    assert plan.bound == sum(stage.value for stage in plan.stages if not stage.conditional)


def test_a_room_for_either_gender_serves_one_after_the_other() -> None:
    people = (resident("ann", leaves=7), resident("cal", arrives=7))
    plan = solved(village(residents=people, rooms=(Room("S", "south", 1, "same"),)))
    assert [(x.room, x.bed) for x in plan.lodgings] == [("S", 1), ("S", 1)]


def test_ages_meet_in_rooms_and_reserve_rooms_come_last() -> None:
    people = tuple(resident(f"c{i}", age=age) for i, age in enumerate((15, 20, 15, 20)))
    rooms = (Room("A", "x", 2, "male"), Room("B", "x", 2, "male"), Room("R", "x", 4, "same", reserve=True))
    problem = village(residents=people, rooms=rooms, counsellors=(Counsellor("kim", "female", 9),))
    plan = solved(problem)
    assert room_of(plan, "c0") == room_of(plan, "c2") != room_of(plan, "c1")
    assert "reserve_room" not in points(plan)
    assert "age_apart" not in points(plan)
    crowded = solved(replace(problem, rooms=(rooms[0], rooms[2])))
    assert points(crowded)["reserve_room"] == 10


def test_who_lived_here_before_keeps_room_and_counsellor() -> None:
    people = tuple(
        replace(r, previous_counsellor="lou", previous_room="S") if r.id == "eli" else r for r in village().residents
    )
    plan = solved(village(residents=people))
    assert (room_of(plan, "eli"), counsellor_of(plan, "eli")) == ("S", "lou")


def test_gender_and_skills_asked_for_are_given_where_somebody_has_them() -> None:
    people = tuple(
        replace(r, **{"ann": {"same_gender_counsellor": True}, "cal": {"skills_asked": ("law", "dance")}}.get(r.id, {}))
        for r in village().residents
    )
    counsellors = (Counsellor("kim", "female", 3), Counsellor("lou", "male", 3, skills=("law",)))
    plan = solved(village(residents=people, counsellors=counsellors))
    assert (counsellor_of(plan, "ann"), counsellor_of(plan, "cal")) == ("kim", "lou")
    assert "skill_missing" not in points(plan)  # nobody dances


def test_caseloads_are_even_before_wishes_are_weighed() -> None:
    people = tuple(replace(r, previous_counsellor="kim") for r in village().residents)
    counsellors = (Counsellor("kim", "female", 9), Counsellor("lou", "male", 9))
    plan = solved(village(residents=people, counsellors=counsellors))
    assert sorted(sum(c.counsellor == k for c in plan.caseloads) for k in ("kim", "lou")) == [2, 3]


def test_meetings_avoid_school_outside_the_house() -> None:
    problem = changed("residents", "eli", choices=("wood",), unavailable=("d0a", "d0b", "d1a"))
    both = (*MORNINGS, *AFTERNOONS)
    plan = solved(changed("groups", "g-wood", problem, patterns=both, maximum=5))
    assert seat_of(plan, "eli") == {"g-wood"}
    assert {p for m in plan.meetings if m.group == "g-wood" for p in m.periods} == {"d0c", "d1c"}


def test_an_instructor_of_two_groups_teaches_one_at_a_time_and_a_second_steps_in() -> None:
    groups = tuple(
        replace(g, instructors=("ivo", "sue"), meetings=2, patterns=MORNINGS) if g.kind == "vocational" else g
        for g in village().groups
    )
    plan = solved(village(groups=groups))
    assert {m.instructor for m in plan.meetings if m.group != "g-maths"} == {"ivo", "sue"}
    tired = (Instructor("ivo", most_periods=2), Instructor("sue"), Instructor("tom"))
    relieved = solved(village(groups=groups, instructors=tired))
    assert sum(len(m.periods) for m in relieved.meetings if m.instructor == "ivo") <= 2


def test_a_class_keeps_its_instructor_where_that_costs_nothing() -> None:
    problem = changed("groups", "g-wood", instructors=("ivo", "sue", "tom"))
    plan = solved(problem)
    assert len({m.instructor for m in plan.meetings if m.group == "g-wood"}) == 1


def test_a_class_meets_where_it_has_seats() -> None:
    venues = (Venue("hall", 1), Venue("loft"), Venue("barn", 9))
    problem = village(venues=venues)
    problem = changed("groups", "g-wood", problem, venues=("hall", "barn"))
    plan = solved(problem)
    sizes = {g: sum(s.group == g for s in plan.seats) for g in ("g-wood", "g-sew")}
    assert sizes["g-wood"] > 1
    assert {m.venue for m in plan.meetings if m.group == "g-wood"} == {"barn"}


def test_disliked_starts_and_evenings_are_avoided_where_possible() -> None:
    patterns = (StartPattern(("d0c",), penalty=3), StartPattern(("d1c",)))
    plan = solved(changed("groups", "g-maths", patterns=patterns))
    assert "disliked_start" not in points(plan)
    assert "evening_appointment" not in points(plan)


# Where the first seats allow no timetable


def clashing() -> Problem:
    """Wood and metal meet in the morning. Cal must take maths, which only fits beside metal; dan and eli are free."""
    maths = TeachingGroup("g-maths", "education", "maths", 1, 4, meetings=2, patterns=AFTERNOONS, instructors=("tom",))
    wood = TeachingGroup("g-wood", "vocational", "wood", 1, 3, meetings=2, patterns=AFTERNOONS)
    metal = TeachingGroup("g-metal", "vocational", "metal", 1, 3, meetings=2, patterns=MORNINGS)
    people = (
        resident("cal", education=("maths",), choices=("wood", "metal")),
        resident("dan", choices=("wood", "metal")),
        resident("eli", choices=("wood", "metal")),
    )
    return village(residents=people, groups=(wood, metal, maths), rooms=(Room("M", "south", 3, "male"),))


def test_seats_are_freed_again_where_they_allow_no_timetable() -> None:
    plan = solved(clashing())
    assert plan.unmet == ()
    assert seat_of(plan, "cal") == {"g-metal", "g-maths"}
    assert seat_of(plan, "dan") == {"g-wood"}
    assert "together with the times" in stage(plan, "classes").how
    assert points(plan)["choice"] == 1
    assert stage(plan, "classes").status == "optimal"


def test_seats_change_at_no_cost_where_that_is_enough() -> None:
    """Two sections of wood: the one in the morning suits those who take maths."""
    problem = clashing()
    second = TeachingGroup("g-wood2", "vocational", "wood", 1, 3, meetings=2, patterns=MORNINGS, mandatory=True)
    problem = replace(problem, groups=(replace(problem.groups[0], mandatory=True), second, *problem.groups[2:]))
    plan = solved(problem)
    assert "choice" not in points(plan)
    assert plan.outcome is Outcome.OPTIMAL


def test_a_need_without_a_timetable_is_left_open_at_the_least_cost() -> None:
    problem = clashing()
    problem = replace(problem, groups=(problem.groups[0], problem.groups[2]))
    plan = solved(problem)
    assert [(u.resident, u.need) for u in plan.unmet] == [("cal", "education")]
    assert stage(plan, "education").status == "optimal"


def test_no_timetable_at_all_is_impossible_with_a_reason() -> None:
    problem = clashing()
    groups = tuple(replace(g, mandatory=True) for g in (problem.groups[0], problem.groups[2]))
    problem = replace(problem, groups=groups, residents=problem.residents[:1])
    plan = solved(problem)
    assert plan.outcome is Outcome.INFEASIBLE
    assert [(s.code, dict(s.values)) for s in plan.shortages] == [("no_plan", {"stage": "times"})]


def test_caseloads_are_shared_out_again_where_somebody_would_have_no_hour() -> None:
    """Kim has a single period, and two of hers would need it in the same week while in class otherwise."""
    busy = tuple(p.id for p in village().periods if p.id not in ("d0a", "d1c"))
    counsellors = (Counsellor("kim", "female", 3, unavailable=busy), Counsellor("lou", "male", 3))
    people = tuple(
        replace(r, previous_counsellor="kim", leaves=28, arrives=0, education=()) for r in village().residents
    )
    problem = village(
        counsellors=counsellors,
        residents=people,
        rooms=(*village().rooms, Room("X", "x", 3, "male")),
        appointments=Appointments(minutes=90, every_weeks=1),
        groups=tuple(g for g in village().groups if g.kind == "vocational"),
    )
    plan = solved(problem)
    assert plan.unmet == ()
    assert sum(c.counsellor == "kim" for c in plan.caseloads) <= 2
