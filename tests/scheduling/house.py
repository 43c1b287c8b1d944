"""An invented house of any size, from a seed: the shape of a real one, no real person."""

from __future__ import annotations

import random
from dataclasses import replace

from foyer.scheduling.problem import (
    Appointments,
    Counsellor,
    Gender,
    Instructor,
    KeepApart,
    Period,
    Problem,
    Resident,
    Room,
    Scope,
    StartPattern,
    TeachingGroup,
    Venue,
)

NIGHTS = 118  # 17 weeks less the last day
BLOCKS = ((480, 600, 0), (615, 720, 0), (795, 900, 1), (930, 1020, 1), (1170, 1260, 2))  # start, end, run
DAYS = range(6)
TRADES = (
    "automotive",
    "cookery",
    "welding",
    "cooling",
    "phones",
    "sewing",
    "salon",
    "computers",
    "furniture",
)
POPULARITY = (26, 18, 10, 10, 10, 8, 8, 14, 6)
LEVELS = {"none": ("packet_a",), "sd": ("packet_b",), "smp": ("packet_c",), "sma10": ("packet_c",), "smk": ()}


def period_id(day: int, block: int) -> str:
    return f"d{day}b{block}"


def weekly_periods() -> tuple[Period, ...]:
    """Six days of five activity blocks: two in the morning, two in the afternoon, one in the evening."""
    return tuple(
        Period(period_id(day, i), day, start, end, run) for day in DAYS for i, (start, end, run) in enumerate(BLOCKS)
    )


def make_house(residents: int = 112, seed: int = 1) -> Problem:
    """A house that can be planned, with little to spare: 80 % boys, late arrivals and early leavers, outside
    schools."""
    rng = random.Random(seed)
    people = tuple(_resident(rng, i, residents) for i in range(residents))
    counsellors = _counsellors(rng, residents)
    names = [c.id for c in counsellors]
    people = tuple(replace(r, previous_counsellor=rng.choice(names) if rng.random() < 0.5 else None) for r in people)
    classes, venues, teachers = _classes(rng, residents)
    lessons, tutors = _lessons(people)
    return Problem(
        name=f"house of {residents}",
        nights=NIGHTS,
        periods=weekly_periods(),
        residents=people,
        rooms=_rooms(people),
        groups=(*classes, *lessons),
        counsellors=counsellors,
        instructors=(*teachers, *tutors),
        venues=venues,
        apart=_apart(rng, people),
        appointments=Appointments(minutes=45, every_weeks=2),
    )


def _resident(rng: random.Random, number: int, count: int) -> Resident:
    gender: Gender = "female" if number < count * 0.24 else "male"
    arrives = rng.choice((0, 0, 0, 0, 0, 0, 0, 7, 14, 21, 42))
    leaves = NIGHTS if arrives or rng.random() < 0.85 else rng.choice((42, 56, 77, 91))
    choices: list[str] = []
    while len(choices) < rng.choice((1, 2, 3, 4)):
        choices += [t for t in rng.choices(TRADES, POPULARITY) if t not in choices]
    level = rng.choices(tuple(LEVELS), (8, 17, 36, 24, 15))[0]
    at_school = level == "smk" and rng.random() < 0.8
    return Resident(
        id=f"r{number:03d}",
        gender=gender,
        age=rng.choices(range(15, 22), (10, 18, 22, 20, 14, 9, 7))[0],
        arrives=arrives,
        leaves=leaves,
        stage=rng.choices((1, 2, 3, 4), (32, 36, 16, 16))[0],
        level=level,
        choices=tuple(choices),
        aptitude=tuple((t, round(rng.random(), 2)) for t in choices[:2]) if rng.random() < 0.3 else (),
        education=LEVELS[level],
        skills_asked=tuple(s for s in ("trauma", "law", "addiction", "family") if rng.random() < 0.12),
        room_features=("accessible",) if number == count - 1 else (),
        same_gender_counsellor=rng.random() < 0.1,
        unavailable=tuple(period_id(d, b) for d in range(5) for b in (0, 1)) if at_school else (),
    )


def _counsellors(rng: random.Random, residents: int) -> tuple[Counsellor, ...]:
    count = max(2, round(residents / 11))
    capacity = -(-residents // count) + 1
    skills = ("trauma", "law", "", "trauma", "addiction", "", "", "", "", "trauma")
    return tuple(
        Counsellor(
            id=f"k{i:02d}",
            gender="male" if i % 2 else "female",
            capacity=capacity + rng.choice((0, 0, 2)),
            skills=tuple(s for s in [skills[i % 10]] if s),
            unavailable=tuple(period_id(5, b) for b in range(5)) if i % 4 == 0 else (),
        )
        for i in range(count)
    )


def _half_days() -> tuple[StartPattern, ...]:
    return tuple(StartPattern((period_id(day, first), period_id(day, first + 1))) for day in DAYS for first in (0, 2))


def _classes(
    rng: random.Random, residents: int
) -> tuple[tuple[TeachingGroup, ...], tuple[Venue, ...], tuple[Instructor, ...]]:
    scale = residents / 112
    trades = [*TRADES, "automotive", "cookery"] if residents >= 60 else list(TRADES[: max(2, residents // 7)])
    groups, venues, teachers = [], [], []
    for i, trade in enumerate(trades):
        teachers.append(Instructor(f"i{i:02d}", tuple(period_id(4, b) for b in range(5)) if i % 3 == 1 else ()))
        venues.append(Venue(f"v{i:02d}", seats=None))
        most = rng.choice((12, 12, 14, 16)) if residents >= 60 else max(3, round(residents / len(trades)) + 3)
        groups.append(
            TeachingGroup(
                id=f"c{i:02d}",
                kind="vocational",
                subject=trade,
                minimum=4 if residents >= 60 else 1,
                maximum=max(most, round(most * scale)),
                levels=("smp", "sma10", "smk") if trade == "cooling" else (),
                meetings=5,
                patterns=_half_days(),
                venues=(f"v{i:02d}",),
                instructors=(f"i{i:02d}",),
            )
        )
    return tuple(groups), tuple(venues), tuple(teachers)


def _lessons(people: tuple[Resident, ...]) -> tuple[tuple[TeachingGroup, ...], tuple[Instructor, ...]]:
    patterns = tuple(StartPattern((period_id(day, block),)) for day in DAYS for block in (3, 4))
    needed = {s: sum(s in r.education for r in people) for s in ("packet_a", "packet_b", "packet_c")}
    parts = (
        ("a", "packet_a", 1),
        ("b", "packet_b", 1),
        ("c1", "packet_c", 3),
        ("c2", "packet_c", 3),
        ("c3", "packet_c", 3),
    )
    groups = tuple(
        TeachingGroup(
            id=f"e-{name}",
            kind="education",
            subject=subject,
            minimum=0,
            maximum=-(-needed[subject] // count) + 3,
            levels=("sma10", "smp") if subject == "packet_c" else (),
            meetings=3,
            patterns=patterns,
            instructors=(f"t-{name}",),
        )
        for name, subject, count in parts
    )
    return groups, tuple(Instructor(f"t-{name}") for name, _, _ in parts)


def _rooms(people: tuple[Resident, ...]) -> tuple[Room, ...]:
    """Rooms of four with about a tenth to spare on the fullest night, one sick room, one accessible, two for
    stage 4."""
    rooms = []
    for gender, house in (("female", "A"), ("male", "B")):
        own = [r for r in people if r.gender == gender]
        peak = max((sum(r.arrives <= n < r.leaves for r in own) for n in range(NIGHTS)), default=0)
        for i in range(-(-peak // 4) + (1 if peak > 40 else 0)):
            wing = house if i < 12 else "C"
            rooms.append(Room(f"{house}{i + 1}", wing, 4, gender))  # type: ignore[arg-type]
    return (
        *rooms,
        Room("S1", "S", 2, "same", reserve=True),
        Room("D1", "D", 2, "same", features=("accessible",)),
        Room("M1", "M", 4, "male", minimum_stage=4),
        Room("M2", "M", 2, "female", minimum_stage=4, closed=((30, 50),)),
    )


def _apart(rng: random.Random, people: tuple[Resident, ...]) -> tuple[KeepApart, ...]:
    """A pair for every eleven residents; in class only where the two do not both need a programme's single group."""
    pairs = []
    for i in range(len(people) // 11):
        a, b = rng.sample([r for r in people if r.gender == "male"], 2)
        only_group = {"packet_a", "packet_b"}.intersection(a.education, b.education)
        scopes: tuple[Scope, ...] = (("room",), ("room",), ("room", "class"), ("room", "class", "counsellor"))[i % 4]
        if only_group:
            scopes = ("room",)
        pairs.append(KeepApart(a.id, b.id, scopes, until=rng.choice((None, 60))))
    return tuple(pairs)
