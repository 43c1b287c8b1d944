"""For each rule of the checker a plan that breaks it: the rule, the problem, the plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from foyer.scheduling.digest import problem_hash
from foyer.scheduling.plan import (
    Appointment,
    Caseload,
    Change,
    Lodging,
    Meeting,
    Outcome,
    Plan,
    PlanLevel,
    Seat,
    Stage,
    Unmet,
)
from foyer.scheduling.problem import (
    AppointmentPin,
    ConflictGroup,
    DayRules,
    GroupPin,
    KeepApart,
    KeepTogether,
    MeetingPin,
    Pin,
    Problem,
    StartPattern,
)
from tests.scheduling.solved import changed, group, person
from tests.scheduling.test_electives import joined, sporty
from tests.scheduling.test_rules_week import BLOCKS, lessons, one_plan
from tests.scheduling.village import AFTERNOONS, hand_made, swapped, village

Scene = tuple[str, Problem, Plan]
BASE = hand_made(village())
SEWING = Meeting("g-sew", ("d0a", "d0b"), "loft", "sue")
MATHS = Meeting("g-maths", ("d0c",), None, "tom")
ANN = Appointment("ann", "kim", 0, "d1c", 795, 840)


def made(problem: Problem | None = None, **changes: Any) -> tuple[Problem, Plan]:
    problem = problem or village()
    return problem, hand_made(problem, **changes)


def met(old: Meeting, new: Meeting, problem: Problem | None = None) -> tuple[Problem, Plan]:
    return made(problem, meetings=swapped(BASE.meetings, old, new))


def seen(new: Appointment) -> tuple[Problem, Plan]:
    return made(appointments=swapped(BASE.appointments, ANN, new))


def lodged(resident: str, **changes: Any) -> tuple[Problem, Plan]:
    return made(lodgings=tuple(replace(x, **changes) if x.resident == resident else x for x in BASE.lodgings))


def needless(name: str, **changes: Any) -> tuple[Problem, Plan]:
    return made(person(name, **changes))


def needs() -> Iterator[tuple[str, tuple[Problem, Plan]]]:
    yield "class_missing", made(seats=tuple(s for s in BASE.seats if s != Seat("cal", "g-wood")))
    yield "class_twice", made(seats=(*BASE.seats, Seat("eli", "g-wood")))
    yield "class_not_needed", needless("cal", needs_vocational=False)
    yield "education_missing", made(person("ann", education=("maths", "history")))
    second = replace(village().groups[2], id="g-new")
    yield (
        "education_twice",
        made(village(groups=(*village().groups, second)), seats=(*BASE.seats, Seat("ann", "g-new"))),
    )
    yield "education_not_needed", made(seats=(*BASE.seats, Seat("eli", "g-maths")))
    yield "counsellor_missing", made(caseloads=BASE.caseloads[1:])
    yield "counsellor_twice", made(caseloads=(*BASE.caseloads, Caseload("ann", "lou")))
    yield "counsellor_not_needed", needless("cal", needs_counsellor=False)
    yield "room_missing", made(lodgings=BASE.lodgings[1:])
    yield "room_twice", made(lodgings=(*BASE.lodgings, Lodging("eli", "M", 2, 14, 28)))
    yield "room_not_needed", needless("cal", needs_room=False)
    yield "appointment_missing", made(appointments=BASE.appointments[1:])
    yield "appointment_twice", made(appointments=(*BASE.appointments, replace(ANN, week=1)))
    yield "appointment_not_needed", needless("cal", needs_counsellor=False)
    yield "unmet_untrue", made(unmet=(Unmet("cal", "class"),))


def electives() -> Iterator[tuple[str, tuple[Problem, Plan]]]:
    two = sporty(ann=2)
    yield "elective_missing", (two, joined(two, ("ann", "g-ball")))
    yield "elective_not_needed", (two, joined(two, ("bea", "g-ball"), unmet=(Unmet("ann", "elective"),) * 2))
    twice = group("g-choir", two, subject="ball")
    yield "elective_twice", (twice, joined(twice, ("ann", "g-ball"), ("ann", "g-choir")))
    apart = group("g-ball", two, excludes=("g-choir",))
    yield "group_excluded", (apart, joined(apart, ("ann", "g-ball"), ("ann", "g-choir")))
    picky = person("ann", two, only_listed=True, choices=("wood", "chess"))
    yield "group_unlisted", (picky, joined(picky, ("ann", "g-ball"), ("ann", "g-chess")))


def places() -> Iterator[tuple[str, tuple[Problem, Plan]]]:
    yield "group_eligibility", made(group("g-wood", minimum_age=18))
    yield "group_minimum", made(group("g-sew", minimum=3))
    yield "group_maximum", made(group("g-wood", maximum=2))
    lost = tuple(Unmet(name, "education", "maths") for name in ("ann", "bea"))
    yield "closed_group_meets", made(seats=tuple(s for s in BASE.seats if s.group != "g-maths"), unmet=lost)
    yield "counsellor_capacity", made(person("ann", case_weight=2))
    yield "counsellor_gender", made(person("ann", counsellor_gender="male"))
    yield "counsellor_skills", made(person("ann", counsellor_skills=("sundanese",)))
    yield "room_nights", lodged("eli", leaves=27)
    yield "room_capacity", lodged("eli", room="M", bed=2)
    yield "bed_number", lodged("eli", bed=3)
    yield "bed_twice", lodged("bea", bed=1)
    yield "room_gender", lodged("eli", room="F", bed=1)
    yield "room_one_gender", lodged("ann", room="S", bed=2)
    yield "room_features", made(person("eli", room_features=("accessible",)))
    yield "room_stage", made(changed(village(), "rooms", "S", minimum_stage=2))
    yield "room_closed", made(changed(village(), "rooms", "S", closed=((10, 12),)))


def pairs() -> Iterator[tuple[str, tuple[Problem, Plan]]]:
    for scope, both, parted in (
        ("room", ("ann", "bea"), ("cal", "eli")),
        ("house", ("cal", "eli"), ("ann", "eli")),
        ("class", ("ann", "cal"), ("ann", "eli")),
        ("counsellor", ("ann", "cal"), ("ann", "bea")),
    ):
        yield f"apart_{scope}", made(village(apart=(KeepApart(*both, (scope,)),)))  # type: ignore[arg-type]
        yield f"together_{scope}", made(village(together=(KeepTogether(*parted, (scope,), None),)))  # type: ignore[arg-type]


def week() -> Iterator[tuple[str, tuple[Problem, Plan]]]:
    yield "meeting_count", made(meetings=BASE.meetings[1:])
    yield "meeting_pattern", met(MATHS, replace(MATHS, periods=("d0e",)))
    often = group("g-maths", meetings=2, patterns=(*AFTERNOONS, StartPattern(("d1e",))))
    yield (
        "meetings_in_day",
        made(
            often,
            meetings=(*BASE.meetings[:3], *(Meeting("g-maths", (p,), None, "tom") for p in ("d1c", "d1e"))),
        ),
    )
    far = group("g-maths", meetings=2, days_between=2)
    yield "days_between", made(far, meetings=(*BASE.meetings, Meeting("g-maths", ("d1c",), None, "tom")))
    yield "follows", made(group("g-wood", follows=("g-maths",)))
    yield "group_twice", made(meetings=(*BASE.meetings, replace(MATHS, instructor=None)))
    yield "group_unavailable", made(group("g-sew", unavailable=("d0b",)))
    yield "conflict_twice", made(village(conflicts=(ConflictGroup("year", ("g-wood", "g-sew")),)))
    yield "venue_missing", met(SEWING, replace(SEWING, venue=None))
    yield "venue_unfit", met(SEWING, replace(SEWING, venue="hall"))
    yield "venue_seats", made(changed(village(), "venues", "hall", seats=2))
    yield "venue_twice", met(SEWING, replace(SEWING, venue="hall"))
    yield "venue_unavailable", made(changed(village(), "venues", "loft", unavailable=("d0b",)))
    yield "instructor_missing", met(SEWING, replace(SEWING, instructor=None))
    yield "instructor_unqualified", met(SEWING, replace(SEWING, instructor="tom"))
    yield "instructor_twice", met(SEWING, replace(SEWING, instructor="ivo"), group("g-sew", instructors=("ivo", "sue")))
    yield "instructor_unavailable", made(changed(village(), "instructors", "sue", unavailable=("d0b",)))
    yield "instructor_load", made(changed(village(), "instructors", "ivo", most_periods=3))
    yield "instructor_residents", made(changed(village(), "instructors", "ivo", most_residents=2))
    early = group("g-maths", patterns=(StartPattern(("d0a",)), *AFTERNOONS))
    yield "resident_twice", met(MATHS, replace(MATHS, periods=("d0a",)), early)
    yield "resident_unavailable", made(person("eli", unavailable=("d0b",)))
    full = lessons(one=BLOCKS[:3], two=BLOCKS, three=BLOCKS)
    close = tuple(Meeting(n, (p,), None, None) for n, p in (("one", "d0b"), ("two", "d0c"), ("three", "d0a")))
    for rule, limits in (("day_periods", DayRules(most_periods=2)), ("day_in_a_row", DayRules(most_in_a_row=1))):
        limited = replace(full, day_rules=limits)
        yield rule, (limited, one_plan(limited, close))
    yield "appointment_time", seen(replace(ANN, end=839))
    yield "appointment_week", seen(replace(ANN, week=2))
    yield "appointment_counsellor", seen(replace(ANN, counsellor="lou"))
    yield "counsellor_unavailable", made(changed(village(), "counsellors", "kim", unavailable=("d1c",)))
    yield "counsellor_twice_at_once", seen(replace(ANN, start=830, end=875))


def figures() -> Iterator[tuple[str, tuple[Problem, Plan]]]:
    problem, plan = made()
    yield "term", (problem, replace(plan, terms=plan.terms[1:]))
    yield "score", (problem, replace(plan, score=plan.score - 1))
    yield "bound", (problem, replace(plan, bound=plan.score + 1))
    yield "stage_value", (problem, replace(plan, stages=(Stage("rooms", 99, None, "feasible", "", 0.0),)))
    open_ = Stage("rooms", 0, 0, "feasible", "", 0.0)
    yield "outcome", (problem, replace(plan, outcome=Outcome.OPTIMAL, stages=(open_,)))
    yield "level", (problem, replace(plan, levels=(PlanLevel("L1", 7.0, None, "feasible", ""),)))
    yield "other_problem", (village(name="elsewhere"), plan)
    yield "unknown_id", (problem, replace(plan, caseloads=(Caseload("ann", "nobody"),)))
    gone = person("cal", leaves=10)
    late = replace(hand_made(gone), from_night=10, problem_hash=problem_hash(gone))
    yield "has_left", (gone, late)
    yield "past_seat", (problem, replace(plan, past_seats=(Seat("eli", "g-wood"),)))


PINS = {
    "Staff have decided on KAYU-1 for Eko.": village(pins=(Pin("class", "eli", "g-wood"),)),
    "Staff have decided on Pak Lukman for Ani.": village(pins=(Pin("counsellor", "ann", "lou"),)),
    "Staff have decided on room B1 for Eko.": village(pins=(Pin("room", "eli", "M"),)),
    "Staff have closed KAYU-1, and somebody is in it.": village(group_pins=(GroupPin("g-wood", opens=False),)),
    "Staff have decided that JAHIT-1 opens, and too few are in it.": replace(
        group("g-sew", minimum=3), group_pins=(GroupPin("g-sew", opens=True),)
    ),
    "Staff have set how JAHIT-1 meets on Tuesday 08.00–12.00.": village(
        meeting_pins=(MeetingPin("g-sew", ("d1a", "d1b")),)
    ),
    "Staff have set the counselling of Bela on Monday 13.15–15.00.": village(
        appointment_pins=(AppointmentPin("bea", "d0c"),)
    ),
}


def scenes() -> list[Scene]:
    parts = (needs, electives, places, pairs, week, figures)
    found = [(rule, *scene) for part in parts for rule, scene in part()]
    return [*found, ("pin", *made(next(iter(PINS.values()))))]


def repaired_wrongly(plan: Plan) -> dict[str, Plan]:
    """A repaired plan told untruly: what ``check_repair`` catches."""
    past = tuple(replace(x, bed=4 - x.bed) for x in plan.lodgings)
    return {
        "past_changed": replace(plan, lodgings=past),
        "changes": replace(plan, changes=(*plan.changes, Change("room", "ann", "F", "S", 15.0))),
    }
