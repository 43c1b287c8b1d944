"""A tiny house with a plan made by hand, on which one rule at a time can be broken. No solver anywhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from foyer.scheduling.digest import problem_hash
from foyer.scheduling.plan import Appointment, Caseload, Lodging, Meeting, Outcome, Plan, Seat, Violation
from foyer.scheduling.problem import (
    Counsellor,
    Instructor,
    Period,
    Problem,
    Resident,
    Room,
    StartPattern,
    TeachingGroup,
    Venue,
)
from foyer.scheduling.score import rescored

BLOCKS = (("a", 480, 600, 0), ("b", 615, 720, 0), ("c", 795, 900, 1), ("e", 1170, 1260, 2))
MORNINGS = (StartPattern(("d0a", "d0b")), StartPattern(("d1a", "d1b")))
AFTERNOONS = (StartPattern(("d0c",)), StartPattern(("d1c",)))


def resident(id_: str, **changes: Any) -> Resident:
    """A resident for the whole cycle; boys' names begin with c, d, e."""
    made = Resident(
        id=id_, gender="male" if id_[0] in "cde" else "female", age=17, arrives=0, leaves=28, choices=("wood", "sewing")
    )
    return replace(made, **changes)


def village(**changes: Any) -> Problem:
    """Five residents, two classes, one education group, two counsellors, three rooms, two days of four periods."""
    made = Problem(
        name="village",
        nights=28,
        periods=tuple(
            Period(f"d{day}{name}", day, start, end, run) for day in (0, 1) for name, start, end, run in BLOCKS
        ),
        residents=(
            resident("ann", education=("maths",)),
            resident("bea", education=("maths",), age=16),
            resident("cal"),
            resident("dan", leaves=14),
            resident("eli", arrives=7),
        ),
        rooms=(Room("F", "north", 2, "female"), Room("M", "south", 2, "male"), Room("S", "south", 2, "same")),
        groups=(
            TeachingGroup(
                "g-wood",
                "vocational",
                "wood",
                1,
                3,
                meetings=2,
                patterns=MORNINGS,
                venues=("hall",),
                instructors=("ivo",),
            ),
            TeachingGroup(
                "g-sew",
                "vocational",
                "sewing",
                1,
                3,
                meetings=1,
                patterns=MORNINGS,
                venues=("loft",),
                instructors=("sue",),
            ),
            TeachingGroup("g-maths", "education", "maths", 1, 4, meetings=1, patterns=AFTERNOONS, instructors=("tom",)),
        ),
        counsellors=(Counsellor("kim", "female", 3), Counsellor("lou", "male", 3)),
        instructors=(Instructor("ivo"), Instructor("sue"), Instructor("tom")),
        venues=(Venue("hall", 3), Venue("loft")),
    )
    return replace(made, **changes)


def hand_made(problem: Problem, **changes: Any) -> Plan:
    """The village's plan, with changes, its points counted."""
    plan = Plan(
        Outcome.FEASIBLE,
        problem_hash(problem),
        seats=(
            *(Seat(name, "g-wood") for name in ("ann", "cal", "dan")),
            *(Seat(name, "g-sew") for name in ("bea", "eli")),
            *(Seat(name, "g-maths") for name in ("ann", "bea")),
        ),
        caseloads=(
            *(Caseload(name, "kim") for name in ("ann", "cal", "eli")),
            *(Caseload(name, "lou") for name in ("bea", "dan")),
        ),
        lodgings=(
            Lodging("ann", "F", 1, 0, 28),
            Lodging("bea", "F", 2, 0, 28),
            Lodging("cal", "M", 1, 0, 28),
            Lodging("dan", "M", 2, 0, 14),
            Lodging("eli", "S", 1, 7, 28),
        ),
        meetings=(
            Meeting("g-wood", ("d0a", "d0b"), "hall", "ivo"),
            Meeting("g-wood", ("d1a", "d1b"), "hall", "ivo"),
            Meeting("g-sew", ("d0a", "d0b"), "loft", "sue"),
            Meeting("g-maths", ("d0c",), None, "tom"),
        ),
        appointments=(
            Appointment("ann", "kim", 0, "d1c", 795, 840),
            Appointment("cal", "kim", 0, "d0c", 795, 840),
            Appointment("eli", "kim", 0, "d1c", 840, 885),
            Appointment("bea", "lou", 1, "d1c", 795, 840),
            Appointment("dan", "lou", 0, "d0c", 795, 840),
        ),
    )
    return rescored(problem, replace(plan, **changes))


def swapped(items: tuple[Any, ...], old: Any, new: Any) -> tuple[Any, ...]:
    """The tuple with one item replaced."""
    assert old in items
    return tuple(new if item == old else item for item in items)


def rules(violations: tuple[Violation, ...]) -> set[str]:
    return {v.rule for v in violations}
