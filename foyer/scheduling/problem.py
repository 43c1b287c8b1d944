"""The planning problem: what the engine is told about a house and its cycle.

Plain frozen dataclasses, nothing else. Ids are strings chosen by the caller and mean nothing to the engine.
Units: a *night* is an index from 0 (the cycle's first night); a stay is half-open ``[arrives, leaves)``,
since nobody sleeps in the house on the day of leaving. A *period* is one activity block of the house's daily
grid; times inside a day are minutes after midnight. Points are the currency of wishes: fewer is better.
Symbols and rules (H1 to H13, s1 to s16) are those of docs/engine.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Gender = Literal["female", "male"]
RoomPolicy = Literal["female", "male", "same"]  # same: one gender on any night, whichever it is
GroupKind = Literal["vocational", "education"]
Scope = Literal["room", "class", "counsellor"]
PinKind = Literal["class", "education", "counsellor", "room"]


@dataclass(frozen=True, slots=True)
class Period:
    """One activity block of the weekly grid. Periods of one day that share ``run`` follow each other with no
    protected block between them, so that one meeting may span them."""

    id: str
    day: int  # 0 Monday to 6 Sunday
    start: int  # minutes after midnight
    end: int
    run: int


@dataclass(frozen=True, slots=True)
class Resident:
    """A resident's stay in this cycle and all that the plan must respect or wishes to respect."""

    id: str
    gender: Gender
    age: int  # whole years on the cycle's first day
    arrives: int  # first night
    leaves: int  # night after the last
    stage: int = 1  # independence stage, 1 to 4
    level: str = ""  # last education, a code that groups name in ``levels``
    needs_vocational: bool = True
    choices: tuple[str, ...] = ()  # subjects (trades), best first
    aptitude: tuple[tuple[str, float], ...] = ()  # (subject, 0 to 1)
    education: tuple[str, ...] = ()  # education subjects needed
    skills_asked: tuple[str, ...] = ()  # counsellor skills that this resident's needs ask for
    room_features: tuple[str, ...] = ()  # for instance "accessible"
    previous_counsellor: str | None = None
    previous_room: str | None = None
    same_gender_counsellor: bool = False
    unavailable: tuple[str, ...] = ()  # period ids, for instance school outside the house
    case_weight: int = 1  # load units for the counsellor


@dataclass(frozen=True, slots=True)
class Room:
    id: str
    house: str  # wing
    beds: int
    policy: RoomPolicy
    features: tuple[str, ...] = ()
    minimum_stage: int = 1  # independence stage needed to live here
    reserve: bool = False  # a sick room: usable, but only when nothing else is left
    closed: tuple[tuple[int, int], ...] = ()  # out of service on nights [from, to)


@dataclass(frozen=True, slots=True)
class StartPattern:
    """One allowed place of a meeting in the week: the periods it takes, in order, and its penalty in
    points."""

    periods: tuple[str, ...]
    penalty: int = 0


@dataclass(frozen=True, slots=True)
class TeachingGroup:
    """A vocational class or an education group: who may join, how many, and what its week needs."""

    id: str
    kind: GroupKind
    subject: str  # the trade or the programme
    minimum: int
    maximum: int
    mandatory: bool = False  # must open; otherwise it may stay closed
    levels: tuple[str, ...] = ()  # education levels admitted; empty: any
    minimum_age: int = 0
    genders: tuple[Gender, ...] = ()  # empty: any
    meetings: int = 0  # a week
    patterns: tuple[StartPattern, ...] = ()  # where one meeting may lie
    most_per_day: int = 1
    venues: tuple[str, ...] = ()  # those that fit; empty: the group needs none
    instructors: tuple[str, ...] = ()  # those qualified; empty: the group needs none
    unavailable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counsellor:
    id: str
    gender: Gender
    capacity: int  # caseload at most, in case weights
    skills: tuple[str, ...] = ()
    unavailable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Instructor:
    id: str
    unavailable: tuple[str, ...] = ()
    most_periods: int | None = None  # a week


@dataclass(frozen=True, slots=True)
class Venue:
    id: str
    seats: int | None = None
    unavailable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeepApart:
    """Two residents who may not share a room on any night, a class, or a counsellor, until a night."""

    a: str
    b: str
    scopes: tuple[Scope, ...]
    until: int | None = None  # first night on which the pair is free again; None: no end


@dataclass(frozen=True, slots=True)
class Pin:
    """A decision made by a person, which the plan keeps (H13)."""

    kind: PinKind
    resident: str
    target: str  # group, counsellor or room id


@dataclass(frozen=True, slots=True)
class Weights:
    """Points of each wish; the defaults are those of docs/engine.md."""

    unplaced_night: int = 100
    unplaced_vocational: int = 60
    unplaced_counsellor: int = 60
    unplaced_education: int = 30
    unplaced_appointment: int = 20
    choice: tuple[int, ...] = (0, 1, 4, 9, 16)  # by rank
    choice_unlisted: int = 49
    aptitude: int = 5
    other_counsellor: int = 5
    other_gender_counsellor: int = 8
    skill_missing: int = 8
    other_room: int = 2
    other_house: int = 1
    caseload_above_mean: int = 2
    open_group: int = 10
    age_apart: int = 1  # per year that a resident lies outside the room's age band
    reserve_room: int = 5  # per stay in a reserve room
    gap: int = 1
    single_period: int = 2
    evening_appointment: int = 1


@dataclass(frozen=True, slots=True)
class Appointments:
    """Individual counselling: its length in minutes, and once in how many weeks at least."""

    minutes: int = 45
    every_weeks: int = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """A whole planning problem (``foyer-problem/1``)."""

    name: str
    nights: int
    periods: tuple[Period, ...]
    residents: tuple[Resident, ...]
    rooms: tuple[Room, ...] = ()
    groups: tuple[TeachingGroup, ...] = ()
    counsellors: tuple[Counsellor, ...] = ()
    instructors: tuple[Instructor, ...] = ()
    venues: tuple[Venue, ...] = ()
    apart: tuple[KeepApart, ...] = ()
    pins: tuple[Pin, ...] = ()
    appointments: Appointments = field(default_factory=Appointments)
    weights: Weights = field(default_factory=Weights)
