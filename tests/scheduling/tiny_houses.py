"""Houses so small that all their plans can be listed: two or three residents, two classes, two rooms, two counsellors,
four periods. Tight on purpose: classes that share an instructor, times that collide, counsellors with few hours."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from foyer.scheduling.problem import (
    Appointments,
    Counsellor,
    Instructor,
    KeepApart,
    Period,
    Pin,
    Problem,
    Resident,
    Room,
    StartPattern,
    TeachingGroup,
    Venue,
)

NIGHTS = 14
TRADES = ("wood", "sewing")
PERIODS = tuple(
    Period(f"d{day}{name}", day, start, end, run)
    for day in (0, 1)
    for name, start, end, run in (("a", 480, 540, 0), ("e", 1170, 1260, 1))
)
IDS = tuple(p.id for p in PERIODS)


@st.composite
def _resident(draw: st.DrawFn, number: int, lessons: bool) -> Resident:
    return Resident(
        id=f"r{number}",
        gender=draw(st.sampled_from(("female", "male"))),
        age=draw(st.integers(15, 19)),
        arrives=draw(st.sampled_from((0, 0, 4))),
        leaves=draw(st.sampled_from((NIGHTS, NIGHTS, 7))),
        level=draw(st.sampled_from(("low", "high"))),
        needs_vocational=draw(st.sampled_from((True, True, True, False))),
        choices=tuple(draw(st.lists(st.sampled_from(TRADES), max_size=2, unique=True))),
        aptitude=draw(st.sampled_from(((), (("wood", 0.5),), (("wood", 0.0), ("sewing", 0.9))))),
        education=("maths",) if lessons and draw(st.booleans()) else (),
        skills_asked=draw(st.sampled_from(((), ("law",)))),
        previous_counsellor=draw(st.sampled_from((None, "k0", "k1"))),
        previous_room=draw(st.sampled_from((None, "m0", "m1"))),
        same_gender_counsellor=draw(st.booleans()),
        unavailable=draw(st.sampled_from(((), (), ("d0a",), ("d0e", "d1a")))),
        case_weight=draw(st.sampled_from((1, 1, 2))),
        transfers=draw(st.sampled_from(((), (), (5,)))),
    )


@st.composite
def _group(draw: st.DrawFn, number: int, kind: str) -> TeachingGroup:
    minimum = draw(st.sampled_from((0, 1, 1, 2)))
    places = draw(st.sampled_from((IDS, IDS[:2], IDS[1:], IDS[:1])))
    return TeachingGroup(
        id=f"{kind[0]}{number}",
        kind=kind,  # type: ignore[arg-type]
        subject=TRADES[number] if kind == "vocational" else "maths",
        minimum=minimum,
        maximum=minimum + draw(st.integers(0, 2)),
        mandatory=draw(st.sampled_from((False, False, False, True))),
        levels=draw(st.sampled_from(((), (), (), ("high",)))),
        minimum_age=draw(st.sampled_from((0, 0, 0, 17))),
        meetings=draw(st.sampled_from((1, 1, 2))),
        patterns=tuple(StartPattern((p,), penalty=draw(st.sampled_from((0, 0, 1)))) for p in places),
        most_per_day=draw(st.sampled_from((1, 2))),
        venues=draw(st.sampled_from(((), ("hall",)))),
        instructors=draw(st.sampled_from(((), ("ivo",), ("ivo",)))),
        unavailable=draw(st.sampled_from(((), (), ("d1e",)))),
    )


@st.composite
def tiny_houses(draw: st.DrawFn) -> Problem:
    """A problem of which every plan can be listed."""
    count = draw(st.integers(2, 3))
    lessons = draw(st.booleans())
    groups = [draw(_group(0, "vocational")), draw(_group(1, "vocational"))]
    groups += [draw(_group(2, "education"))] if lessons else []
    people = tuple(draw(_resident(i, lessons)) for i in range(count))
    counsellors = tuple(
        Counsellor(
            f"k{i}",
            draw(st.sampled_from(("female", "male"))),
            draw(st.integers(1, 4)),
            draw(st.sampled_from(((), ("law",)))),
            draw(st.sampled_from(((), IDS[:1], IDS[:3], IDS[2:]))),
        )
        for i in range(2)
    )
    scopes = draw(st.sampled_from((("room",), ("class",), ("counsellor", "room"))))
    apart = draw(st.sampled_from(((), (), (KeepApart("r0", "r1", scopes),))))
    pins = draw(st.sampled_from(((), (), (Pin("counsellor", "r0", "k0"),), (Pin("room", "r1", "m0"),))))
    problem = Problem(
        name="tiny",
        nights=NIGHTS,
        periods=PERIODS,
        residents=people,
        rooms=tuple(
            Room(
                f"m{i}",
                f"w{i}",
                draw(st.integers(1, 3)),
                draw(st.sampled_from(("same", "same", "female", "male"))),
                closed=draw(st.sampled_from(((), (), ((4, 6),)))),
            )
            for i in range(2)
        ),
        groups=tuple(groups),
        counsellors=counsellors,
        instructors=(Instructor("ivo", draw(st.sampled_from(((), ("d0e",))))),),
        venues=(Venue("hall", draw(st.sampled_from((None, 1, 2)))),),
        apart=apart,
        pins=pins,
        appointments=Appointments(45, draw(st.sampled_from((1, 2)))),
    )
    return problem if draw(st.sampled_from((True, False, False))) else _roomy(problem)


def _roomy(problem: Problem) -> Problem:
    """The same house with beds and caseloads to spare, and every class open to all, so that a full plan is likely."""
    easy = {"levels": (), "minimum_age": 0, "mandatory": False}
    return replace(
        problem,
        rooms=(Room("m0", "w0", 3, "same"), Room("m1", "w1", 3, "same")),
        groups=tuple(replace(g, maximum=g.maximum + 2, minimum=min(1, g.minimum), **easy) for g in problem.groups),
        counsellors=tuple(replace(c, capacity=5) for c in problem.counsellors),
    )
