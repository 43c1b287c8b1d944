"""The files of patient admission scheduling, as published: sections with a heading, fields parted by ``|``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from foyer.scheduling.families import FamilyFileError
from foyer.scheduling.problem import Gender

FILE_GENDERS: dict[str, Gender] = {"F": "female", "M": "male"}
POLICIES = ("F", "M", "D", "N")  # that gender; all of one night the same; any
FIRST_LINE = "ARTICLE BENCHMARK DATA SET"
COUNTS = ("Rooms", "Roomproperties", "Beds", "Departments", "Specialisms", "Patients", "Planning horizon")
LEAST_HEAD = 3  # words before the first bar of a line: its id and two more; a name between may be of any length
SECTIONS = ("SPECIALISMS", "DEPARTMENTS", "ROOMPROPERTIES", "ROOMS", "BEDS", "PATIENTS")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Department:
    minimum_age: int  # 0: none
    maximum_age: int | None
    specialisms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Room:
    id: str
    beds: int
    department: str
    policy: str  # one of POLICIES
    specialisms: dict[str, int]  # with their place, 1 first
    properties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Patient:
    """``admission`` is the first night, ``discharge`` the night after the last within the horizon."""

    id: str
    age: int
    gender: str  # F or M
    admission: int
    discharge: int
    specialisms: tuple[str, ...]  # of each night
    size: int  # beds in the room at most, as preferred; 0: any
    required: tuple[str, ...]
    preferred: tuple[str, ...]  # those not required anyway


@dataclass(frozen=True, slots=True)
class Instance:
    """One file. Patients without a night in the horizon are left out: they need no bed."""

    nights: int
    specialisms: tuple[str, ...]
    departments: dict[str, Department]
    rooms: tuple[Room, ...]
    patients: tuple[Patient, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str

    def fail(self, message: str) -> FamilyFileError:
        return FamilyFileError(f"line {self.number}: {message}")

    def fields(self, count: int) -> list[list[str]]:
        """The words of each field. Raises FamilyFileError where there are not so many fields."""
        fields = [field.split() for field in self.text.split("|")]
        if len(fields) != count:
            raise self.fail(f"{count} fields parted by | are needed")
        return fields

    def numbers(self, words: Sequence[str], count: int | None = None) -> list[int]:
        if not all(word.isdecimal() for word in words) or (count is not None and len(words) != count):
            raise self.fail(f"{'whole' if count is None else count} numbers are needed, not {' '.join(words)!r}")
        return [int(word) for word in words]


def read(text: str) -> Instance:
    """The instance of a file's text. Raises FamilyFileError with the line of the first mistake."""
    lines = [_Line(i, line.strip()) for i, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines or lines[0].text != FIRST_LINE:
        raise FamilyFileError(f"line 1: must be {FIRST_LINE!r}")
    if lines[-1].text != "END.":
        raise lines[-1].fail("the file must end with 'END.'")
    counts = _counts(lines[1 : 1 + len(COUNTS)])
    sections = _sections(lines[1 + len(COUNTS) : -1])
    for name in SECTIONS:
        expected = counts[name.capitalize()]
        if len(sections[name]) != expected:
            raise FamilyFileError(f"section {name}: {expected} lines announced, {len(sections[name])} found")
    return _instance(sections, counts["Planning horizon"])


def _counts(lines: Sequence[_Line]) -> dict[str, int]:
    found: dict[str, int] = {}
    for line, name in zip(lines, COUNTS, strict=False):
        key, _, value = line.text.partition(":")
        if key.strip() != name:
            raise line.fail(f"must be '{name}: number'")
        found[name] = line.numbers(value.split(), 1)[0]
    if len(found) < len(COUNTS):
        raise FamilyFileError(f"'{COUNTS[len(found)]}: number' is missing")
    return found


def _sections(lines: Sequence[_Line]) -> dict[str, list[_Line]]:
    sections: dict[str, list[_Line]] = {}
    waiting = list(SECTIONS)
    for line in lines:
        if waiting and line.text == f"{waiting[0]}:":
            sections[waiting.pop(0)] = []
        elif sections:
            sections[list(sections)[-1]].append(line)
        else:
            raise line.fail(f"must be '{SECTIONS[0]}:'")
    if waiting:
        raise FamilyFileError(f"section {waiting[0]} is missing")
    return sections


def _instance(sections: dict[str, list[_Line]], nights: int) -> Instance:
    specialisms = _by_id(sections["SPECIALISMS"], lambda line: line.text)
    departments = _by_id(sections["DEPARTMENTS"], lambda line: _department(line, specialisms))
    properties = tuple(_by_id(sections["ROOMPROPERTIES"], lambda line: line.text))
    rooms = _by_id(sections["ROOMS"], lambda line: _room(line, departments, specialisms, properties))
    beds = [line.numbers(line.text.split(), 2) for line in sections["BEDS"]]
    for line, (_, number) in zip(sections["BEDS"], beds, strict=True):
        _known(line, str(number), rooms, "room")
    listed = Counter(str(number) for _, number in beds)
    for line, room in zip(sections["ROOMS"], rooms.values(), strict=True):
        if listed[room.id] != room.beds:
            raise line.fail(f"{room.beds} beds announced, {listed[room.id]} listed")
    patients = _by_id(sections["PATIENTS"], lambda line: _patient(line, nights, specialisms, properties))
    inside = tuple(p for p in patients.values() if p.admission < p.discharge)
    return Instance(nights, tuple(specialisms), departments, tuple(rooms.values()), inside)


def _by_id(lines: Sequence[_Line], made: Callable[[_Line], T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for line in lines:
        key = line.text.split()[0]
        if key in found:
            raise line.fail(f"{key} is used twice")
        found[key] = made(line)
    return found


def _department(line: _Line, specialisms: dict[str, str]) -> Department:
    head, tail = line.fields(2)
    if len(head) < LEAST_HEAD:
        raise line.fail("id, name, lowest and highest age are needed")
    low, high = line.numbers(head[-2:])
    return Department(low, high or None, tuple(_places(line, tail, specialisms)))


def _places(line: _Line, words: Sequence[str], specialisms: dict[str, str]) -> dict[str, int]:
    """Pairs of place and specialism; specialism 0 is none."""
    numbers = line.numbers(words)
    if len(numbers) % 2:
        raise line.fail("places and specialisms must come in pairs")
    found: dict[str, int] = {}
    for place, specialism in zip(numbers[::2], numbers[1::2], strict=True):
        if specialism:
            found[_known(line, str(specialism), specialisms, "specialism")] = place
    return found


def _known(line: _Line, key: str, known: object, what: str) -> str:
    if key not in known:  # type: ignore[operator]
        raise line.fail(f"unknown {what} {key}")
    return key


def _flagged(line: _Line, words: Sequence[str], properties: Sequence[str]) -> tuple[str, ...]:
    flags = line.numbers(words, len(properties))
    return tuple(p for p, flag in zip(properties, flags, strict=True) if flag)


def _room(
    line: _Line, departments: dict[str, Department], specialisms: dict[str, str], properties: Sequence[str]
) -> Room:
    head, beds, department, policy, places, flags = line.fields(6)
    if len(department) != 1 or len(policy) != 1 or policy[0] not in POLICIES:
        raise line.fail(f"a department and one of {', '.join(POLICIES)} are needed")
    return Room(
        head[0],
        line.numbers(beds, 1)[0],
        _known(line, department[0], departments, "department"),
        policy[0],
        _places(line, places, specialisms),
        _flagged(line, flags, properties),
    )


def _patient(line: _Line, nights: int, specialisms: dict[str, str], properties: Sequence[str]) -> Patient:
    head, stay, treatments, size, required, preferred = line.fields(6)
    if len(head) < LEAST_HEAD or head[-1] not in FILE_GENDERS:
        raise line.fail("id, name, age and F or M are needed")
    admission, discharge = line.numbers(stay, 2)
    each = tuple(_each_night(line, treatments, specialisms))
    if len(each) != discharge - admission:
        raise line.fail("the nights of the specialisms must add up to the stay")
    must = _flagged(line, required, properties)
    return Patient(
        head[0],
        line.numbers([head[-2]])[0],
        head[-1],
        admission,
        min(discharge, nights),
        each[: max(0, nights - admission)],
        line.numbers(size, 1)[0],
        must,
        tuple(p for p in _flagged(line, preferred, properties) if p not in must),
    )


def _each_night(line: _Line, words: Sequence[str], specialisms: dict[str, str]) -> Iterator[str]:
    """The specialism of each night: their number, then specialism and nights in turn."""
    count, *numbers = line.numbers(words) or [0]
    if len(numbers) != 2 * count:
        raise line.fail(f"{count} specialisms announced, each with its nights")
    for specialism, nights in zip(numbers[::2], numbers[1::2], strict=True):
        yield from [_known(line, str(specialism), specialisms, "specialism")] * nights
