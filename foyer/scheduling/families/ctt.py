"""Curriculum-based course timetabling: the public instances of track 3 of the second International Timetabling
Competition, formulation UD2 (Di Gaspero, McCollum and Schaerf 2007).

A course is a mandatory group without residents, a curriculum a conflict group, a teacher an instructor, a room a venue
whose seats are only wished for. ``evaluate`` counts by the published rules, apart from ``foyer.scheduling.score``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

from foyer.scheduling.families import FamilyFileError, Value
from foyer.scheduling.plan import Plan
from foyer.scheduling.problem import (
    ConflictGroup,
    Instructor,
    Period,
    Problem,
    StartPattern,
    TeachingGroup,
    Venue,
    Weights,
)

WEIGHTS = Weights(
    seat_short=1, fewer_days=5, lecture_alone=2, further_venue=1, large_venue=0, open_group=0
)  # of formulation UD2
FIRST_START = 8 * 60  # minutes after midnight: the files number periods only
MOST_DAYS = 7


@dataclass(frozen=True, slots=True)
class Course:
    id: str
    teacher: str
    lectures: int
    days: int  # over at least so many its lectures should spread
    students: int


@dataclass(frozen=True, slots=True)
class Instance:
    """One file. A period is (day, period of the day), both from 0."""

    name: str
    days: int
    periods_per_day: int
    courses: tuple[Course, ...]
    rooms: tuple[tuple[str, int], ...]  # with seats
    curricula: tuple[tuple[str, tuple[str, ...]], ...]
    unavailable: frozenset[tuple[str, int, int]]  # course, day, period


# Reading

HEADER = ("Name", "Courses", "Rooms", "Days", "Periods_per_day", "Curricula", "Constraints")
SECTIONS = {
    "COURSES:": "Courses",
    "ROOMS:": "Rooms",
    "CURRICULA:": "Curricula",
    "UNAVAILABILITY_CONSTRAINTS:": "Constraints",
}
Line = tuple[int, list[str]]  # its number and its words


def read(text: str) -> Instance:
    """The instance of a file's text. Raises FamilyFileError with the line of the first mistake."""
    header, sections = _split(text)
    for title, count in SECTIONS.items():
        found, announced = len(sections.get(title, ())), _number(header[count], 0)
        if found != announced:
            raise FamilyFileError(f"line {header[count][0]}: {count} says {announced}, {title} has {found}")
    days, periods = _number(header["Days"], 1), _number(header["Periods_per_day"], 1)
    if days > MOST_DAYS:
        raise FamilyFileError(f"line {header['Days'][0]}: a week has at most {MOST_DAYS} days")
    courses = tuple(_course(line) for line in sections.get("COURSES:", ()))
    known = _unique(sections.get("COURSES:", ()))
    _unique(sections.get("ROOMS:", ()))
    _unique(sections.get("CURRICULA:", ()))
    return Instance(
        header["Name"][1][0],
        days,
        periods,
        courses,
        tuple((_words(line, 2)[0], _number(line, 1)) for line in sections.get("ROOMS:", ())),
        tuple(_curriculum(line, known) for line in sections.get("CURRICULA:", ())),
        frozenset(_closed(line, known, days, periods) for line in sections.get("UNAVAILABILITY_CONSTRAINTS:", ())),
    )


def _split(text: str) -> tuple[dict[str, Line], dict[str, list[Line]]]:
    header: dict[str, Line] = {}
    sections: dict[str, list[Line]] = {}
    current: list[Line] | None = None
    for number, raw in enumerate(text.splitlines(), 1):
        words = raw.split()
        if not words:
            continue
        if words[0] == "END.":
            break
        if words[0] in SECTIONS:
            current = sections.setdefault(words[0], [])
        elif current is not None:
            current.append((number, words))
        elif words[0].rstrip(":") in HEADER and len(words) > 1:
            header[words[0].rstrip(":")] = (number, words[1:])
        else:
            raise FamilyFileError(f"line {number}: {raw.strip()[:40]!r} is no heading of a .ctt file")
    for name in HEADER:
        if name not in header:
            raise FamilyFileError(f"line 1: the heading {name!r} is missing")
    return header, sections


def _words(line: Line, count: int) -> list[str]:
    if len(line[1]) != count:
        raise FamilyFileError(f"line {line[0]}: {count} values expected, {len(line[1])} found")
    return line[1]


def _number(line: Line, at: int, below: int | None = None) -> int:
    """The whole number at a place of a line; a heading's place is 0 or, read as days or periods, its only word."""
    word = line[1][min(at, len(line[1]) - 1)]
    if not word.isascii() or not word.isdigit() or (below is not None and int(word) >= below):
        limit = "" if below is None else f" below {below}"
        raise FamilyFileError(f"line {line[0]}: {word!r} is no whole number{limit}")
    return int(word)


def _course(line: Line) -> Course:
    id_, teacher, *_ = _words(line, 5)
    return Course(id_, teacher, _number(line, 2), _number(line, 3), _number(line, 4))


def _unique(lines: list[Line] | tuple[()]) -> set[str]:
    seen: set[str] = set()
    for number, words in lines:
        if words[0] in seen:
            raise FamilyFileError(f"line {number}: {words[0]!r} is used twice")
        seen.add(words[0])
    return seen


def _curriculum(line: Line, known: set[str]) -> tuple[str, tuple[str, ...]]:
    if len(line[1]) < 2 or len(line[1]) != _number(line, 1) + 2:
        raise FamilyFileError(f"line {line[0]}: the number of courses does not agree with those named")
    for course in line[1][2:]:
        _known(line, course, known)
    return line[1][0], tuple(dict.fromkeys(line[1][2:]))


def _closed(line: Line, known: set[str], days: int, periods: int) -> tuple[str, int, int]:
    _known(line, _words(line, 3)[0], known)
    return line[1][0], _number(line, 1, days), _number(line, 2, periods)


def _known(line: Line, course: str, known: set[str]) -> None:
    if course not in known:
        raise FamilyFileError(f"line {line[0]}: unknown course {course!r}")


# As a problem of the engine


def problem_of(instance: Instance) -> Problem:
    """The instance in ``foyer-problem/1``."""
    length = max(1, min(60, (24 * 60 - FIRST_START) // instance.periods_per_day))
    periods = tuple(
        Period(_period(day, i), day, FIRST_START + i * length, FIRST_START + (i + 1) * length, day)
        for day in range(instance.days)
        for i in range(instance.periods_per_day)
    )
    return Problem(
        instance.name,
        nights=7,
        periods=periods,
        residents=(),
        groups=tuple(_group(instance, course) for course in instance.courses),
        instructors=tuple(Instructor(t) for t in dict.fromkeys(c.teacher for c in instance.courses)),
        venues=tuple(Venue(room, seats) for room, seats in instance.rooms),
        weights=WEIGHTS,
        conflicts=tuple(ConflictGroup(id_, courses, counts_alone=True) for id_, courses in instance.curricula),
    )


def _group(instance: Instance, course: Course) -> TeachingGroup:
    open_ = [
        (day, i)
        for day in range(instance.days)
        for i in range(instance.periods_per_day)
        if (course.id, day, i) not in instance.unavailable
    ]
    return TeachingGroup(
        course.id,
        "education",
        course.id,
        minimum=0,
        maximum=0,
        mandatory=True,
        meetings=course.lectures,
        patterns=tuple(StartPattern((_period(day, i),)) for day, i in open_),
        most_per_day=instance.periods_per_day,
        venues=tuple(room for room, _ in instance.rooms),
        instructors=(course.teacher,),
        headcount=course.students,
        wished_days=course.days,
    )


def _period(day: int, i: int) -> str:
    return f"{day}-{i}"


# Solutions


def solution_of(instance: Instance, plan: Plan) -> str:
    """The plan's meetings as lines ``course room day period``."""
    order = {course.id: i for i, course in enumerate(instance.courses)}
    places = sorted((order[m.group], m.periods[0].split("-"), str(m.venue)) for m in plan.meetings)
    return "".join(f"{instance.courses[c].id} {room} {day} {i}\n" for c, (day, i), room in places)


@dataclass(frozen=True, slots=True)
class Lecture:
    course: str
    room: str
    day: int
    period: int


def read_solution(instance: Instance, text: str) -> tuple[Lecture, ...]:
    """The lectures of a solution file. Raises FamilyFileError with the line of the first mistake."""
    courses, rooms = {c.id for c in instance.courses}, {room for room, _ in instance.rooms}
    lectures = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = (number, raw.split())
        if not line[1]:
            continue
        course, room, *_ = _words(line, 4)
        _known(line, course, courses)
        if room not in rooms:
            raise FamilyFileError(f"line {number}: unknown room {room!r}")
        day, period = _number(line, 2, instance.days), _number(line, 3, instance.periods_per_day)
        lectures.append(Lecture(course, room, day, period))
    return tuple(lectures)


def evaluate(instance: Instance, text: str) -> Value:
    """What a solution breaks and costs by the published rules."""
    lectures = read_solution(instance, text)
    hard = tuple((name, rule(instance, lectures)) for name, rule in HARD.items())
    soft = tuple((name, rule(instance, lectures)) for name, rule in SOFT.items())
    return Value(hard, soft)


Lectures = tuple[Lecture, ...]
Rule = Callable[[Instance, Lectures], int]


def _missing(instance: Instance, lectures: Lectures) -> int:
    """Every lecture is placed, and no two of a course in one period."""
    placed = Counter(x.course for x in lectures)
    distinct = len({(x.course, x.day, x.period) for x in lectures})
    return sum(abs(c.lectures - placed[c.id]) for c in instance.courses) + len(lectures) - distinct


def _conflicts(instance: Instance, lectures: Lectures) -> int:
    """No two lectures of a curriculum or of a teacher in one period."""
    together = [set(courses) for _, courses in instance.curricula]
    teacher = {c.id: c.teacher for c in instance.courses}
    at: dict[tuple[int, int], list[str]] = defaultdict(list)
    for lecture in lectures:
        at[lecture.day, lecture.period].append(lecture.course)
    pairs = [pair for courses in at.values() for pair in combinations(courses, 2) if pair[0] != pair[1]]
    return sum(teacher[a] == teacher[b] or any(a in k and b in k for k in together) for a, b in pairs)


def _closed_periods(instance: Instance, lectures: Lectures) -> int:
    return sum((x.course, x.day, x.period) in instance.unavailable for x in lectures)


def _rooms_taken(instance: Instance, lectures: Lectures) -> int:
    """One lecture per room and period."""
    return len(lectures) - len({(x.room, x.day, x.period) for x in lectures})


def _capacity(instance: Instance, lectures: Lectures) -> int:
    seats, students = dict(instance.rooms), {c.id: c.students for c in instance.courses}
    return sum(max(0, students[x.course] - seats[x.room]) for x in lectures)


def _working_days(instance: Instance, lectures: Lectures) -> int:
    days: dict[str, set[int]] = defaultdict(set)
    for x in lectures:
        days[x.course].add(x.day)
    return 5 * sum(max(0, c.days - len(days[c.id])) for c in instance.courses)


def _compactness(instance: Instance, lectures: Lectures) -> int:
    """2 for each lecture of a curriculum that is not next to another of it on its day."""
    return 2 * sum(_alone(set(courses), lectures) for _, courses in instance.curricula)


def _alone(courses: set[str], lectures: Lectures) -> int:
    own = [(x.day, x.period) for x in lectures if x.course in courses]
    taken = set(own)
    return sum((day, i - 1) not in taken and (day, i + 1) not in taken for day, i in own)


def _stability(instance: Instance, lectures: Lectures) -> int:
    rooms = {(x.course, x.room) for x in lectures}
    return len(rooms) - len({course for course, _ in rooms})


HARD: dict[str, Rule] = {
    "lectures": _missing,
    "conflicts": _conflicts,
    "availability": _closed_periods,
    "room occupancy": _rooms_taken,
}
SOFT: dict[str, Rule] = {
    "room capacity": _capacity,
    "minimum working days": _working_days,
    "curriculum compactness": _compactness,
    "room stability": _stability,
}
