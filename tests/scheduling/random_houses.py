"""Small random houses for property tests: often tight, sometimes impossible."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from foyer.scheduling.problem import (
    AppointmentPin,
    Appointments,
    Counsellor,
    DayRules,
    GroupPin,
    Instructor,
    KeepApart,
    KeepTogether,
    MeetingPin,
    Period,
    Pin,
    Problem,
    Resident,
    Room,
    StartPattern,
    TeachingGroup,
    Venue,
)

NIGHTS = 21
TRADES = ("wood", "sewing", "metal")
SUBJECTS = ("maths", "history")
PERIODS = tuple(
    Period(f"d{day}{name}", day, start, end, run)
    for day in (0, 1, 2)
    for name, start, end, run in (("a", 480, 600, 0), ("b", 600, 690, 0), ("c", 795, 900, 1), ("e", 1170, 1260, 2))
)
IDS = tuple(p.id for p in PERIODS)
SINGLE = tuple(StartPattern((p,), penalty=i % 3 % 2) for i, p in enumerate(IDS))
DOUBLE = tuple(StartPattern((f"d{d}a", f"d{d}b")) for d in (0, 1, 2))

few_periods = st.lists(st.sampled_from(IDS), max_size=3, unique=True).map(tuple)


@st.composite
def residents(draw: st.DrawFn, number: int, counsellors: int, rooms: int, offered: tuple[str, ...]) -> Resident:
    arrives = draw(st.sampled_from((0, 0, 0, 3, 10)))
    return Resident(
        id=f"r{number}",
        gender=draw(st.sampled_from(("female", "male"))),
        age=draw(st.integers(15, 20)),
        arrives=arrives,
        leaves=draw(st.sampled_from((NIGHTS, NIGHTS, NIGHTS, arrives + 3, 13))),
        stage=draw(st.integers(1, 2)),
        level=draw(st.sampled_from(("low", "high", "high"))),
        needs_vocational=draw(st.sampled_from((True, True, True, False))),
        choices=tuple(draw(st.lists(st.sampled_from(TRADES), max_size=3, unique=True))),
        aptitude=tuple((t, draw(st.integers(0, 10)) / 10) for t in draw(st.sampled_from(((), ("wood",), TRADES)))),
        education=tuple(draw(st.sampled_from(((), (), offered[:1], offered)))),
        skills_asked=draw(st.sampled_from(((), ("law",), ("law", "trauma")))),
        previous_counsellor=draw(st.sampled_from((None, *(f"k{i}" for i in range(counsellors))))),
        previous_room=draw(st.sampled_from((None, *(f"m{i}" for i in range(rooms))))),
        same_gender_counsellor=draw(st.booleans()),
        unavailable=draw(few_periods),
        case_weight=draw(st.sampled_from((1, 1, 2))),
        transfers=draw(st.sampled_from(((), (), (), (), (arrives + 2,), (arrives + 1, arrives + 2)))),
        barred=draw(st.sampled_from(((), (), (), ("v0",)))),
        qualifications=draw(st.sampled_from(((), ("first aid",)))),
        counsellor_skills=draw(st.sampled_from(((), (), (), (), ("law",)))),
        counsellor_gender=draw(st.sampled_from((None, None, None, None, "female"))),
    )


@st.composite
def rooms(draw: st.DrawFn, number: int) -> Room:
    return Room(
        id=f"m{number}",
        house=draw(st.sampled_from(("north", "south"))),
        beds=draw(st.integers(1, 4)),
        policy=draw(st.sampled_from(("female", "male", "same", "same"))),
        minimum_stage=draw(st.sampled_from((1, 1, 1, 2))),
        reserve=draw(st.booleans()),
        closed=draw(st.sampled_from(((), (), ((5, 8),)))),
    )


@st.composite
def groups(draw: st.DrawFn, number: int, kind: str) -> TeachingGroup:
    minimum = draw(st.sampled_from((0, 1, 1, 2)))
    return TeachingGroup(
        id=f"{kind[0]}{number}",
        kind=kind,  # type: ignore[arg-type]
        subject=draw(st.sampled_from(TRADES if kind == "vocational" else SUBJECTS)),
        minimum=minimum,
        maximum=minimum + draw(st.integers(2, 5)),
        mandatory=draw(st.sampled_from((False, False, False, False, True))),
        levels=draw(st.sampled_from(((), (), (), ("high",)))),
        minimum_age=draw(st.sampled_from((0, 0, 0, 17))),
        genders=draw(st.sampled_from(((), (), (), (), ("female",)))),
        meetings=draw(st.integers(0, 2)),
        patterns=draw(st.sampled_from((SINGLE, DOUBLE, SINGLE[:4]))),
        most_per_day=draw(st.integers(1, 2)),
        venues=draw(st.sampled_from(((), ("hall",), ("hall", "loft")))),
        instructors=draw(st.sampled_from(((), ("ivo",), ("ivo", "sue")))),
        unavailable=draw(few_periods),
        maximum_age=draw(st.sampled_from((None, None, None, 18))),
        requires=draw(st.sampled_from(((), (), (), ("first aid",)))),
        target=draw(st.sampled_from((None, None, 2, 3))),
        open_points=draw(st.sampled_from((None, None, 0, 25))),
        days_between=draw(st.sampled_from((0, 0, 1, 2))),
        weeks=draw(st.sampled_from(("all", "all", "odd", "even"))),
    )


@st.composite
def bonds(draw: st.DrawFn, names: list[str]) -> tuple[tuple[KeepApart, ...], tuple[KeepTogether, ...]]:
    """Pairs kept apart and together, as rules and as wishes."""
    pairs = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=4))
    scopes = st.sampled_from((("room",), ("class",), ("counsellor", "room"), ("house",), ("class", "room")))
    apart: list[KeepApart] = []
    together: list[KeepTogether] = []
    for a, b in ((a, b) for a, b in pairs if a != b):
        if draw(st.booleans()):
            points = draw(st.sampled_from((None, None, 1, 10)))
            apart.append(KeepApart(a, b, draw(scopes), draw(st.sampled_from((None, 5))), points))
        else:
            together.append(KeepTogether(a, b, draw(scopes), draw(st.sampled_from((None, 5, 5, 20)))))
    return tuple(apart), tuple(together)


@st.composite
def pinned(draw: st.DrawFn, groups: tuple[TeachingGroup, ...], names: list[str], every: int) -> dict[str, Any]:
    """Few pins on openings, meetings and appointments: many would often contradict each other."""
    found: dict[str, Any] = {}
    if draw(st.sampled_from((False, False, False, True))):
        group = draw(st.sampled_from(groups))
        found["group_pins"] = (GroupPin(group.id, group.mandatory or draw(st.booleans())),)
    meeting = [g for g in groups if g.meetings]
    if meeting and draw(st.sampled_from((False, False, True))):
        group = draw(st.sampled_from(meeting))
        periods = draw(st.sampled_from(group.patterns)).periods
        venue = draw(st.sampled_from((None, *group.venues)))
        instructor = draw(st.sampled_from((None, *group.instructors)))
        found["meeting_pins"] = (MeetingPin(group.id, periods, venue, instructor),)
    if draw(st.sampled_from((False, False, True))):
        week = draw(st.sampled_from((None, *range(every))))
        found["appointment_pins"] = (AppointmentPin(draw(st.sampled_from(names)), draw(st.sampled_from(IDS)), week),)
    return found


@st.composite
def houses(draw: st.DrawFn, most: int = 7) -> Problem:
    """Up to ``most`` residents; unlimited variety in everything else."""
    count = draw(st.integers(1, most))
    room_count, counsellor_count = draw(st.integers(2, 6)), draw(st.integers(1, 3))
    classes = tuple(draw(groups(i, "vocational")) for i in range(draw(st.integers(1, 4))))
    lessons = tuple(draw(groups(i, "education")) for i in range(draw(st.integers(0, 3))))
    if draw(st.sampled_from((False, False, True))):
        lessons = tuple(replace(g, follows=(classes[0].id,)) for g in lessons)
    offered = tuple(dict.fromkeys(g.subject for g in lessons))
    people = tuple(draw(residents(i, counsellor_count, room_count, offered)) for i in range(count))
    counsellors = tuple(
        Counsellor(
            f"k{i}",
            draw(st.sampled_from(("female", "male"))),
            draw(st.integers(3, 9)),
            draw(st.sampled_from(((), ("law",)))),
            draw(few_periods),
        )
        for i in range(counsellor_count)
    )
    names = [r.id for r in people]
    apart, together = draw(bonds(names))
    rotation = Appointments(45, draw(st.integers(1, 2)))
    pins = tuple(Pin("counsellor", r, "k0") for r in draw(st.lists(st.sampled_from(names), max_size=1)))
    problem = Problem(
        name="random",
        nights=NIGHTS,
        periods=PERIODS,
        residents=people,
        rooms=tuple(draw(rooms(i)) for i in range(room_count)),
        groups=(*classes, *lessons),
        counsellors=counsellors,
        instructors=(
            Instructor("ivo", draw(few_periods)),
            Instructor("sue", most_periods=draw(st.sampled_from((None, 3)))),
        ),
        venues=(Venue("hall", draw(st.sampled_from((None, 3)))), Venue("loft", unavailable=draw(few_periods))),
        apart=apart,
        pins=pins,
        appointments=rotation,
        together=together,
        day_rules=DayRules(draw(st.sampled_from((None, None, 2))), draw(st.sampled_from((None, None, 1)))),
        **draw(pinned((*classes, *lessons), names, rotation.every_weeks)),
    )
    return problem if draw(st.sampled_from((True, False, False))) else roomy(problem)


def roomy(problem: Problem) -> Problem:
    """The same house with beds, places and caseloads to spare, so that a plan is likely."""
    spare = (Room("x1", "north", 4, "same"), Room("x2", "south", 4, "same"))
    easy = {"levels": (), "minimum_age": 0, "maximum_age": None, "genders": (), "requires": (), "mandatory": False}
    return replace(
        problem,
        rooms=(*problem.rooms, *spare),
        groups=tuple(replace(g, maximum=g.maximum + 3, **easy) for g in problem.groups),
        counsellors=tuple(replace(c, capacity=c.capacity + 4) for c in problem.counsellors),
    )
