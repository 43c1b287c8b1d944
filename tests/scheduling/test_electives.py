"""Electives and fairness in a whole house: each rule allows, forbids and still allows; the levels; pins; repair."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from foyer.scheduling import check, solve
from foyer.scheduling.fair_price import price_of_fairness
from foyer.scheduling.plan import Limits, Outcome, Plan, Seat, Unmet
from foyer.scheduling.problem import (
    Fairness,
    Instructor,
    KeepApart,
    Pin,
    Problem,
    Resident,
    StartPattern,
    TeachingGroup,
)
from foyer.scheduling.repairing import RepairRequest, repair
from foyer.scheduling.score import rescored
from foyer.scheduling.validation import faults_of
from tests.scheduling.solved import broken, changed, group, group_of, person, planned, short
from tests.scheduling.village import hand_made, village

REPEATABLE = Limits(seconds=60, workers=1, seed=1)
AFTERNOON = (StartPattern(("d1c",)), StartPattern(("d0c",)))
EVENING = (StartPattern(("d0e",)), StartPattern(("d1e",)))


def club(name: str, subject: str, **changes: object) -> TeachingGroup:
    made = TeachingGroup(name, "elective", subject, 0, 3, meetings=1, patterns=EVENING)
    return replace(made, **changes)  # type: ignore[arg-type]


def sporty(**wanting: int) -> Problem:
    """The village with football, choir and chess; ``wanting`` says who wants how many."""
    clubs = (club("g-ball", "ball"), club("g-choir", "choir"), club("g-chess", "chess", patterns=AFTERNOON))
    problem = village(groups=(*village().groups, *clubs), instructors=(*village().instructors, Instructor("una")))
    people = tuple(replace(r, electives=wanting.get(r.id, 0)) for r in problem.residents)
    return replace(problem, residents=people)


def joined(problem: Problem, *seats: tuple[str, str], unmet: tuple[Unmet, ...] = ()) -> Plan:
    """The village's plan by hand with seats in electives, each of which meets at an hour of its own."""
    plan = hand_made(problem)
    hours = {"g-ball": ("d0e",), "g-choir": ("d1e",), "g-chess": ("d1c",)}
    opened = dict.fromkeys(g for _, g in seats)
    meetings = tuple(replace(plan.meetings[-1], group=g, periods=hours[g], instructor=None) for g in opened)
    free = tuple(a for a in plan.appointments if a.period != "d1c" or a.resident not in {r for r, _ in seats})
    missing = tuple(Unmet(a.resident, "appointment") for a in plan.appointments if a not in free)
    taken = tuple(Seat(r, g) for r, g in seats)
    made = replace(
        plan,
        seats=(*plan.seats, *taken),
        meetings=(*plan.meetings, *meetings),
        appointments=free,
        unmet=(*missing, *unmet),
    )
    return rescored(problem, made)


def electives_of(plan: Plan, resident: str) -> set[str]:
    return {g for g in group_of(plan, resident) if g in ("g-ball", "g-choir", "g-chess")}


def test_everybody_gets_as_many_electives_as_wanted_at_hours_of_their_own() -> None:
    plan = planned(sporty(ann=2, bea=1, cal=3))
    assert [len(electives_of(plan, name)) for name in ("ann", "bea", "cal", "dan")] == [2, 1, 3, 0]
    assert not plan.unmet
    assert {s.name: s.status for s in plan.stages}["electives"] == "optimal"


def test_a_house_without_electives_has_no_such_stage() -> None:
    assert "electives" not in {s.name for s in planned(village()).stages}


def test_the_checker_counts_elective_places() -> None:
    problem = sporty(ann=2)
    missing = Unmet("ann", "elective")
    assert broken(problem, joined(problem, ("ann", "g-ball"), ("ann", "g-choir"))) == set()
    assert broken(problem, joined(problem, ("ann", "g-ball"), unmet=(missing,))) == set()
    assert broken(problem, joined(problem, ("ann", "g-ball"))) == {"elective_missing"}
    assert broken(problem, joined(problem, ("ann", "g-ball"), ("ann", "g-choir"), unmet=(missing,))) == {"unmet_untrue"}
    assert broken(problem, joined(problem, ("bea", "g-ball"), unmet=(missing, missing))) == {"elective_not_needed"}
    twice = group("g-choir", problem, subject="ball")
    assert broken(twice, joined(twice, ("ann", "g-ball"), ("ann", "g-choir"))) == {"elective_twice"}


@pytest.mark.parametrize("excluding", [("g-ball", "g-choir"), ("g-choir", "g-ball")])
def test_nobody_is_in_two_groups_that_exclude_each_other(excluding: tuple[str, str]) -> None:
    problem = group(excluding[0], sporty(ann=2), excludes=(excluding[1],))
    assert broken(problem, joined(problem, ("ann", "g-ball"), ("ann", "g-choir"))) == {"group_excluded"}
    assert broken(problem, joined(problem, ("ann", "g-ball"), ("ann", "g-chess"))) == set()
    assert "g-chess" in electives_of(planned(problem), "ann")


def test_a_class_may_exclude_an_elective() -> None:
    problem = group("g-ball", sporty(ann=3), excludes=("g-wood",))
    plan = planned(problem)  # nobody goes without, and the second trade is better than that
    assert electives_of(plan, "ann") == {"g-ball", "g-choir", "g-chess"}
    assert "g-sew" in group_of(plan, "ann")
    pinned = replace(problem, pins=(Pin("class", "ann", "g-wood"),))
    plan = planned(pinned)
    assert electives_of(plan, "ann") == {"g-choir", "g-chess"}
    assert Counter(u.need for u in plan.unmet) == {"elective": 1}


def test_who_wants_only_what_he_listed_rather_gets_nothing() -> None:
    wishes = {"choices": ("wood", "chess"), "electives": 2}
    assert len(electives_of(planned(person("ann", sporty(), **wishes)), "ann")) == 2
    problem = person("ann", sporty(), only_listed=True, **wishes)
    plan = planned(problem)
    assert electives_of(plan, "ann") == {"g-chess"}
    assert Unmet("ann", "elective") in plan.unmet
    assert broken(problem, joined(problem, ("ann", "g-ball"), ("ann", "g-chess"))) == {"group_unlisted"}


def test_who_wants_only_one_trade_goes_without_a_class_and_the_house_can_still_be_planned() -> None:
    crowded = group("g-wood", group("g-sew", maximum=5), maximum=1)
    assert planned(crowded).outcome is Outcome.OPTIMAL
    picky = person(
        "ann", person("cal", crowded, only_listed=True, choices=("wood",)), only_listed=True, choices=("wood",)
    )
    plan = planned(picky)
    assert sum(u.need == "class" and u.resident in ("ann", "cal") for u in plan.unmet) == 1


def test_an_instructor_takes_so_many_residents_in_all_that_only_he_can_teach() -> None:
    problem = sporty(ann=2, bea=2)
    alone = group("g-choir", group("g-ball", problem, instructors=("una",)), instructors=("una",))
    limited = changed(alone, "instructors", "una", most_residents=2)
    assert len(planned(alone).unmet) == 0
    plan = planned(limited)
    sizes = Counter(s.group for s in plan.seats)
    assert sizes["g-ball"] + sizes["g-choir"] == 2
    assert sizes["g-chess"] == 2
    by_hand = joined(alone, ("ann", "g-ball"), ("ann", "g-choir"), ("bea", "g-ball"), ("bea", "g-chess"))
    taught = replace(
        by_hand, meetings=tuple(replace(m, instructor="una") if m.instructor is None else m for m in by_hand.meetings)
    )
    taught = replace(
        taught, meetings=tuple(replace(m, instructor=None) if m.group == "g-chess" else m for m in taught.meetings)
    )
    for house, rules in ((alone, set()), (limited, {"instructor_residents"})):
        plan = rescored(house, replace(taught, problem_hash=hand_made(house).problem_hash))
        assert broken(house, plan) == rules
    helped = group("g-ball", limited, instructors=("una", "ivo"))  # no longer hers alone
    assert len(planned(helped).unmet) == 0


def test_the_limit_of_an_instructor_counts_for_classes() -> None:
    problem = changed(village(), "instructors", "ivo", most_residents=2)
    plan = planned(problem)
    assert Counter(s.group for s in plan.seats)["g-wood"] == 2
    assert broken(problem, hand_made(problem)) == {"instructor_residents"}


def test_apart_pairs_share_no_elective() -> None:
    problem = replace(sporty(ann=1, bea=1), apart=(KeepApart("ann", "bea", ("class",)),))
    people = tuple(replace(r, education=()) for r in problem.residents)
    groups = tuple(g for g in problem.groups if g.kind != "education")
    plan = planned(replace(problem, residents=people, groups=groups))
    assert not electives_of(plan, "ann") & electives_of(plan, "bea")


def test_pinned_electives_are_kept_and_impossible_ones_are_named() -> None:
    problem = replace(sporty(ann=2), pins=(Pin("elective", "ann", "g-chess"),))
    assert "g-chess" in electives_of(planned(problem), "ann")
    assert broken(problem, joined(problem, ("ann", "g-ball"), ("ann", "g-choir"))) == {"pin"}
    many = replace(sporty(ann=1), pins=(Pin("elective", "ann", "g-chess"), Pin("elective", "ann", "g-ball")))
    assert short(many) == {"pins_contradict"}
    nobody = replace(sporty(), pins=(Pin("elective", "ann", "g-chess"),))
    assert short(nobody) == {"pin_impossible"}


def test_electives_at_the_hour_of_ones_class_move_or_are_left() -> None:
    """The only hour of chess is that of maths: whoever needs maths cannot play, and another club has room."""
    problem = group("g-chess", sporty(ann=3), patterns=(StartPattern(("d0c",)),))
    problem = group("g-maths", problem, patterns=(StartPattern(("d0c",)),))
    plan = planned(problem)
    assert electives_of(plan, "ann") == {"g-ball", "g-choir"}
    assert [u.need for u in plan.unmet] == ["elective"]


# Levels


def two(**changes: object) -> Problem:
    """Two residents who both want football first, which has one place, and choir second."""
    people = tuple(
        Resident(n, "female", 17, 0, 7, needs_vocational=False, electives=1, choices=("ball", "choir", "chess"))
        for n in ("ann", "bea")
    )
    groups = tuple(
        TeachingGroup(f"g-{s}", "elective", s, 0, most) for s, most in (("ball", 1), ("choir", 1), ("chess", 2))
    )
    people = tuple(replace(p, needs_room=False, needs_counsellor=False) for p in people)
    made = Problem("two", 7, (), people, groups=groups)
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("fairness", ["none", "profile", "leximin"])
@pytest.mark.parametrize("unlucky", ["ann", "bea"])
def test_among_equals_the_one_who_lost_most_comes_first(fairness: Fairness, unlucky: str) -> None:
    problem = replace(person(unlucky, two(), luck=4), fairness=fairness)
    plan = planned(problem)
    assert group_of(plan, unlucky) == {"g-ball"}
    level = next(x for s in plan.stages if s.name == "electives" for x in s.levels if x.name == "luck")
    assert (level.value, level.status) == (0, "optimal")


def test_luck_never_outweighs_what_is_fair() -> None:
    """Bea, who lost much, would pass Ann on to chess; the profile does not let her."""
    problem = person("bea", two(), luck=100, choices=("ball", "chess", "choir"))
    problem = group("g-chess", person("ann", problem, choices=("ball", "choir")), maximum=1)
    assert solve(problem, REPEATABLE).score == solve(person("bea", problem, luck=0), REPEATABLE).score


def test_what_is_lost_by_bids_is_counted_against_the_best_one_could_have_got_alone() -> None:
    bids = (("ball", 6), ("choir", 5), ("chess", 1))
    problem = person("ann", person("bea", two(), choices=(), bids=bids), choices=(), bids=bids)
    plan = planned(problem)
    assert {t.wish: (t.count, t.points) for t in plan.terms}["elective_choice"] == (1, 1)
    both = replace(problem, residents=tuple(replace(r, electives=2) for r in problem.residents))
    plan = planned(group("g-ball", both, excludes=("g-choir",)))
    # alone 7 each, for ball and chess; together one gets that, the other choir and chess
    assert {t.wish: (t.count, t.points) for t in plan.terms}["elective_choice"] == (1, 1)


def test_leximin_gives_up_points_for_the_worst_off_and_the_price_is_told() -> None:
    """By the sum Ann passes on to chess (6 points lost); leximin lets Bea and Cal give way instead (4 each)."""
    bids = {
        "ann": (("ball", 10), ("chess", 4)),
        "bea": (("ball", 10), ("choir", 6)),
        "cal": (("choir", 10), ("chess", 6)),
    }
    ann = two().residents[0]
    people = tuple(replace(ann, id=name, choices=(), bids=own) for name, own in bids.items())
    problem = group("g-chess", two(residents=people), maximum=1)
    priced = price_of_fairness(problem, REPEATABLE)
    assert [way.fairness for way in priced.ways] == ["none", "profile", "leximin"]
    assert all(way.is_proven and way.bound == way.points for way in priced.ways)
    assert [way.losses for way in priced.ways] == [(6, 0, 0), (6, 0, 0), (4, 4, 0)]
    assert [priced.price(way) for way in priced.ways] == [0, 0, 2]


def test_a_fast_draft_adds_up_everything_behind_the_unplaced() -> None:
    plan = planned(replace(sporty(ann=2), fast_draft=True))
    names = {s.name: [x.name for x in s.levels] for s in plan.stages}
    for stage in ("classes", "education", "electives", "counsellors"):
        assert names[stage] == ["unplaced", "sum"]
    assert plan.outcome is Outcome.OPTIMAL
    assert [level.name for level in plan.levels] == ["L1", "L3+L4+L6", "L5", "L7"]
    assert all(level.status == "optimal" for level in plan.levels)
    careful = planned(sporty(ann=2))
    assert sum(s.value for s in plan.stages[:4]) <= sum(s.value for s in careful.stages[:4])


def test_limits_and_luck_are_not_negative() -> None:
    problem = changed(sporty(ann=-1), "instructors", "una", most_residents=-1)
    problem = person("bea", problem, luck=-1)
    assert {f.place for f in faults_of(problem)} == {
        "residents[0].electives",
        "residents[1].luck",
        "instructors[3].most_residents",
    }


def test_a_repair_keeps_the_electives_that_it_can() -> None:
    problem = sporty(ann=1, bea=1)
    plan = planned(problem)
    gone = electives_of(plan, "ann").pop()
    smaller = replace(problem, groups=tuple(g for g in problem.groups if g.id != gone))
    repaired = repair(smaller, plan, RepairRequest(7), REPEATABLE).plan
    assert not check(smaller, repaired)
    assert electives_of(repaired, "ann")
    assert not repaired.unmet
    assert electives_of(repaired, "bea") == electives_of(plan, "bea") - {gone} or gone in electives_of(plan, "bea")
