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
RoomPolicy = Literal["female", "male", "same", "any"]  # same: one gender on any night, whichever it is
GroupKind = Literal["vocational", "education", "elective"]
Scope = Literal["room", "class", "counsellor", "house"]
PinKind = Literal["class", "education", "elective", "counsellor", "room"]
Weeks = Literal["all", "odd", "even"]  # weeks counted from 1: the cycle's first week is odd
Fairness = Literal["profile", "leximin", "none"]
FairnessOf = Literal["losses", "gains"]


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
    bids: tuple[tuple[str, int], ...] = ()  # (subject, what it is worth to the resident): instead of ranks
    only_listed: bool = False  # rather no place than one in a subject neither chosen nor bid for
    electives: int = 0  # how many elective groups are wanted
    barred: tuple[str, ...] = ()  # groups that the resident may never join
    qualifications: tuple[str, ...] = ()  # certificates held, which groups may require
    luck: int = 0  # points lost by choices in earlier cycles: who lost most comes first among equals
    counsellor_skills: tuple[str, ...] = ()  # a language or licence that the counsellor must have
    counsellor_gender: Gender | None = None  # the only gender that the counsellor may have
    room_wishes: tuple[tuple[str, int], ...] = ()  # (feature, points for each night in a room without it)
    # (feature, points for each night in a room without it, first night, night after the last)
    dated_room_wishes: tuple[tuple[str, int, int, int], ...] = ()
    transfers: tuple[int, ...] = ()  # nights on which a move to another room is allowed
    needs_room: bool = True  # False: lives elsewhere
    needs_counsellor: bool = True  # False: neither counsellor nor appointments


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
    mixed: int = 0  # policy ``any``: points a night for each person of the gender that is fewer there


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
    maximum_age: int | None = None
    requires: tuple[str, ...] = ()  # qualifications that its residents must hold
    excludes: tuple[str, ...] = ()  # groups that nobody may join besides this one
    target: int | None = None  # the size wished for (s8)
    open_points: int | None = None  # cost to open it; None: ``weights.open_group``
    headcount: int = 0  # people who attend besides the residents placed here
    wished_days: int = 0  # over how many days of the week its meetings should spread (s10)
    days_between: int = 0  # least number of days from one of its meetings to the next; 2: never on neighbouring days
    follows: tuple[str, ...] = ()  # its first meeting of the week begins after the first of each of these has ended
    weeks: Weeks = "all"


@dataclass(frozen=True, slots=True)
class ConflictGroup:
    """Groups of which at most one meets at a time, besides those that share residents: for instance the groups that
    some people outside the plan attend. ``counts_alone``: a meeting with no other of these groups right before or
    after it costs ``weights.lecture_alone`` (s11)."""

    id: str
    groups: tuple[str, ...]
    counts_alone: bool = False


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
    most_residents: int | None = None  # in all groups together that only this instructor can teach


@dataclass(frozen=True, slots=True)
class Venue:
    id: str
    seats: int | None = None
    unavailable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeepApart:
    """Two residents who may not share a room on any night, a house (wing), a class, or a counsellor, until a night.
    ``points``: a wish instead of a rule, paid for each week shared (s4)."""

    a: str
    b: str
    scopes: tuple[Scope, ...]
    until: int | None = None  # first night on which the pair is free again; None: no end
    points: int | None = None  # None: a hard rule


@dataclass(frozen=True, slots=True)
class KeepTogether:
    """Two residents who share a room, a house (wing), a class or a counsellor wherever both are in the house.
    ``points``: a wish instead of a rule, paid once for each scope in which they are parted (s4)."""

    a: str
    b: str
    scopes: tuple[Scope, ...]
    points: int | None = 5  # None: a hard rule


@dataclass(frozen=True, slots=True)
class Pin:
    """A decision made by a person, which the plan keeps (H13)."""

    kind: PinKind
    resident: str
    target: str  # group, counsellor or room id


@dataclass(frozen=True, slots=True)
class GroupPin:
    """A group that a person opened or closed (H13)."""

    group: str
    opens: bool


@dataclass(frozen=True, slots=True)
class MeetingPin:
    """A meeting that a person set: the group meets in these periods; with ``venue`` or ``instructor``, there and with
    that person (H13)."""

    group: str
    periods: tuple[str, ...]
    venue: str | None = None
    instructor: str | None = None


@dataclass(frozen=True, slots=True)
class AppointmentPin:
    """A resident's individual appointment that a person set: in this period, and with ``week`` in that week of the
    rotation, 0 first (H13)."""

    resident: str
    period: str
    week: int | None = None


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
    unplaced_elective: int = 30
    target_size: int = 1  # per person above or below a group's target
    seat_short: int | None = None  # per person without a seat and meeting (s9); None: seats are a rule
    fewer_days: int = 5  # per day below ``wished_days`` (s10)
    lecture_alone: int = 2  # per meeting of a conflict group alone in its part of the day (s11)
    further_venue: int = 1  # per venue of a group beyond its first (s12)
    large_venue: float = 0.1  # per meeting in a venue of more than twice the seats needed (s16)
    transfer: int = 11  # per move to another room during a stay
    change_class: int = 20  # s15, each against the published plan: a resident's class
    change_education: int = 10  # a resident's education group
    change_elective: int = 10
    change_counsellor: int = 20  # the appointment that goes with the counsellor costs nothing besides
    change_room: int = 15  # per resident who moves
    change_time: int = 10  # per meeting
    change_venue: int = 1  # per meeting
    change_instructor: int = 5  # per meeting
    change_appointment: int = 2  # a resident's hour with the same counsellor


@dataclass(frozen=True, slots=True)
class DayRules:
    """What one resident's day may hold at most (H12). None: no limit."""

    most_periods: int | None = None  # taken by meetings
    most_in_a_row: int | None = None  # taken by meetings without a free period or protected block between


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
    together: tuple[KeepTogether, ...] = ()
    conflicts: tuple[ConflictGroup, ...] = ()
    group_pins: tuple[GroupPin, ...] = ()
    meeting_pins: tuple[MeetingPin, ...] = ()
    appointment_pins: tuple[AppointmentPin, ...] = ()
    day_rules: DayRules = field(default_factory=DayRules)
    fairness: Fairness = "profile"  # what L3 is: ranks from the worst on, or residents' satisfaction from the worst on
    fairness_of: FairnessOf = "losses"  # leximin: against what each could have got alone, or what each got in points
    fast_draft: bool = False  # L3 to L6 as one sum of points
