"""What makes a house impossible before anything is solved: each shortage, from a house that has it, in both
languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from foyer.cycles.models import Cycle
from foyer.cycles.sentences import SHORTAGES, Names
from foyer.scheduling import shortages, solve
from foyer.scheduling.plan import Shortage
from foyer.scheduling.problem import (
    AppointmentPin,
    Counsellor,
    GroupPin,
    KeepApart,
    KeepTogether,
    MeetingPin,
    Pin,
    Problem,
    Room,
    TeachingGroup,
)
from tests.cycles.words.speaking import GROUPS, INDONESIAN, RESIDENTS, STAFF, VENUES, in_two_languages, names_for
from tests.scheduling.solved import REPEATABLE, changed, group, person
from tests.scheduling.village import village

HOUSE = village()
NEVER = tuple(period.id for period in HOUSE.periods)
MONDAY, TUESDAY = MeetingPin("g-sew", ("d0a", "d0b")), MeetingPin("g-sew", ("d1a", "d1b"))
CLOSED = GroupPin("g-sew", opens=False)
AT_ONE = AppointmentPin("dan", "d0c", 0)


class VillageNames(Names):
    """What the village is called: as a house's facts would have it."""

    def __init__(self, problem: Problem) -> None:
        self.cycle = Cycle(starts_on=date(2027, 1, 4), weeks=4)
        self.residents, self.groups, self.staff, self.venues = RESIDENTS, GROUPS, STAFF, VENUES
        self.house = names_for(problem)


def beds(policy: str, count: int) -> Problem:
    """Enough beds for one gender, and so many for the other."""
    other = "male" if policy == "female" else "female"
    return village(rooms=(Room("F", "north", count, policy), Room("M", "south", 3, other)))  # type: ignore[arg-type]


def stage(policy: str) -> Problem:
    other = "F" if policy == "female" else "M"
    rooms = [replace(room, beds=3) if room.id != other else replace(room, beds=1) for room in HOUSE.rooms[:2]]
    return village(rooms=(*rooms, Room("S", "south", 2, policy, minimum_stage=4)))  # type: ignore[arg-type]


def closed(policy: str) -> Problem:
    problem = stage(policy)
    return changed(problem, "rooms", "S", minimum_stage=1, closed=((0, 28),))


def all_of(kind: str, **changes: object) -> Problem:
    groups = tuple(replace(g, **changes) if g.kind == kind else g for g in HOUSE.groups)  # type: ignore[arg-type]
    return village(groups=groups)


def apart(scope: str, *pairs: tuple[str, str], problem: Problem = HOUSE) -> Problem:
    return replace(problem, apart=tuple(KeepApart(a, b, (scope,)) for a, b in pairs))  # type: ignore[arg-type]


def together(scope: str, a: str, b: str, problem: Problem = HOUSE) -> Problem:
    return replace(problem, together=(KeepTogether(a, b, (scope,), None),))  # type: ignore[arg-type]


def only_one_class() -> Problem:
    """Everybody fits into wood work; Ann and Bea may join nothing else."""
    roomy = changed(group("g-wood", maximum=9), "venues", "hall", seats=9)
    return apart("class", ("ann", "bea"), problem=group("g-sew", roomy, genders=("male",)))


def suited() -> Problem:
    """Only Kim speaks the language that Ann must be spoken to in, and cannot take so heavy a case."""
    kim = changed(HOUSE, "counsellors", "kim", skills=("sundanese",), capacity=5)
    lou = changed(kim, "counsellors", "lou", capacity=9)
    return person("ann", person("bea", lou, counsellor_skills=("sundanese",), case_weight=3), **HEAVY)


HEAVY = {"counsellor_skills": ("sundanese",), "case_weight": 4}


def two_venues() -> Problem:
    problem = group("g-sew", venues=("loft", "hall"))
    return replace(problem, meeting_pins=(replace(MONDAY, venue="loft"), replace(MONDAY, venue="hall")))


def with_pins(*pins: Pin, problem: Problem = HOUSE) -> Problem:
    return replace(problem, pins=pins)


def pinned_evenings() -> Problem:
    """Three see Kim in one evening that has time for two."""
    pins = tuple(AppointmentPin(name, "d1e", 0) for name in ("ann", "cal", "eli"))
    return village(appointment_pins=pins, pins=tuple(Pin("counsellor", p.resident, "kim") for p in pins))


def exhausted() -> Problem:
    """Each group has to come first: counting sees nothing, and there is no plan."""
    problem = group("g-sew", group("g-wood", follows=("g-sew",)), follows=("g-wood",))
    return replace(problem, groups=tuple(replace(g, mandatory=True) for g in problem.groups))


SCENES: tuple[tuple[str, Problem, str], ...] = (
    ("beds", beds("female", 1), "Beds for girls: 2 needed on Monday, 4 January 2027, 1 free."),
    ("beds", beds("male", 1), "Beds for boys: 3 needed on Monday, 11 January 2027, 1 free."),
    (
        "beds_feature",
        person("eli", room_features=("accessible",)),
        "Accessible beds for boys: 1 needed on Monday, 11 January 2027, 0 free.",
    ),
    (
        "beds_feature",
        person("ann", room_features=("accessible",)),
        "Accessible beds for girls: 1 needed on Monday, 4 January 2027, 0 free.",
    ),
    (
        "beds_stage",
        stage("female"),
        "Beds for girls up to stage 1 of independence: 2 needed on Monday, 4 January 2027, 1 free; "
        "other free beds are for higher stages.",
    ),
    (
        "beds_stage",
        stage("male"),
        "Beds for boys up to stage 1 of independence: 3 needed on Monday, 11 January 2027, 1 free; "
        "other free beds are for higher stages.",
    ),
    (
        "beds_closed",
        closed("female"),
        "Beds for girls: 2 needed on Monday, 4 January 2027, 1 free, since rooms are out of service.",
    ),
    (
        "beds_closed",
        closed("male"),
        "Beds for boys: 3 needed on Monday, 11 January 2027, 1 free, since rooms are out of service.",
    ),
    (
        "beds_same",
        village(rooms=(Room("F", "north", 1, "female"), Room("M", "south", 2, "male"), Room("S", "south", 4, "same"))),
        "Rooms that take girls or boys, but not both at once: 2 beds needed in them on Monday, 11 January 2027, "
        "at most 1 can be used however they are shared out.",
    ),
    (
        "class_seats",
        group("g-wood", group("g-sew", levels=("upper",)), maximum=4),
        "5 residents can only join KAYU-1; places there: 3.",
    ),
    ("education_seats", group("g-maths", maximum=1), "Residents who need maths: 2; places in PAKET-C: 1."),
    ("class_not_offered", village(groups=HOUSE.groups[2:]), "The cycle has no class at all."),
    (
        "class_not_admitted",
        person("ann", barred=("g-wood", "g-sew")),
        "No class takes Ani: age, gender, schooling, earlier training, or a decision of the staff.",
    ),
    (
        "class_hours",
        person("eli", unavailable=("d0a", "d1b")),
        "Eko can attend no class: all of them meet while the resident is out of the house.",
    ),
    ("class_apart", only_one_class(), "Two residents who are kept apart can both join only class KAYU-1."),
    ("education_not_offered", group("g-maths", subject="history"), "Ani needs maths, and no group of it is offered."),
    (
        "education_not_admitted",
        group("g-maths", levels=("upper",)),
        "Ani needs maths, and no group of it takes this resident: age, gender, schooling, earlier training, or a "
        "decision of the staff.",
    ),
    (
        "education_hours",
        group("g-maths", unavailable=("d0c", "d1c")),
        "Ani needs maths, and all its groups meet while the resident is out of the house.",
    ),
    (
        "education_apart",
        apart("class", ("ann", "bea")),
        "Two residents who are kept apart can both join only group PAKET-C.",
    ),
    (
        "group_minimum",
        village(
            groups=(
                *HOUSE.groups,
                TeachingGroup("g-metal", "vocational", "metal", 2, 9, mandatory=True, minimum_age=18),
            )
        ),
        "LOGAM-1 must open with 2 residents together, and only 0 can join.",
    ),
    (
        "group_periods",
        group("g-maths", mandatory=True, meetings=3),
        "PAKET-C must meet 3 times a week; the week has room for 2 of its meetings.",
    ),
    (
        "instructor_periods",
        changed(
            all_of("vocational", mandatory=True, instructors=("ivo",), meetings=2), "instructors", "ivo", most_periods=3
        ),
        "Pak Ivo must teach 8 blocks a week and is there for 3.",
    ),
    (
        "venue_periods",
        all_of("vocational", mandatory=True, venues=("hall",), meetings=2),
        "Bengkel is needed for 8 blocks a week and has 4.",
    ),
    (
        "counsellor_capacity",
        village(counsellors=(Counsellor("kim", "female", 4),)),
        "Counsellors: 5 residents, and together they can take 4.",
    ),
    (
        "appointment_slots",
        village(counsellors=tuple(replace(c, unavailable=NEVER) for c in HOUSE.counsellors)),
        "Individual counselling: 5 residents within 2 weeks, and the counsellors have 0 times.",
    ),
    (
        "counsellor_hours",
        village(counsellors=tuple(replace(c, unavailable=NEVER) for c in HOUSE.counsellors)),
        "Ani and the counsellors are never free at the same time.",
    ),
    ("counsellor_suited", suited(), "Residents who can only have Bu Kartika: 7, and together these can take 5."),
    (
        "counsellor_unsuited",
        person("ann", counsellor_skills=("javanese",)),
        "No counsellor has the gender and the skills that Ani must have.",
    ),
    (
        "counsellor_apart",
        apart("counsellor", ("ann", "bea"), problem=village(counsellors=(Counsellor("kim", "female", 9),))),
        "Two residents may not share a counsellor, and there is only Bu Kartika.",
    ),
    (
        "pairs_contradict",
        apart("room", ("ann", "bea"), problem=together("room", "ann", "bea")),
        "Two residents are to be kept apart and together at once.",
    ),
    (
        "together_nowhere",
        together("room", "ann", "cal"),
        "Two residents are to share a room, and no room can take both.",
    ),
    (
        "together_nowhere",
        together("house", "ann", "cal", beds("female", 3)),
        "Two residents are to live in one wing, and no wing can take both.",
    ),
    (
        "together_nowhere",
        together("class", "ann", "bea", person("ann", person("bea", barred=("g-wood",)), barred=("g-sew",))),
        "Two residents are to learn together, and no class or group can take both.",
    ),
    (
        "together_nowhere",
        together("counsellor", "ann", "bea", person("ann", person("bea", case_weight=2), case_weight=2)),
        "Two residents are to have the same counsellor, and nobody can take both.",
    ),
    ("pin_impossible", with_pins(Pin("room", "eli", "F")), "A pin to room A1 breaks a rule."),
    ("pin_impossible", with_pins(Pin("education", "eli", "g-maths")), "A pin to PAKET-C breaks a rule."),
    (
        "pin_impossible",
        with_pins(Pin("counsellor", "eli", "kim"), problem=person("eli", needs_counsellor=False)),
        "A pin to Bu Kartika breaks a rule.",
    ),
    (
        "pin_impossible",
        village(appointment_pins=(AT_ONE,), residents=person("dan", unavailable=("d0c",)).residents),
        "A pin to Monday 13.15–15.00 breaks a rule.",
    ),
    ("pin_impossible", village(meeting_pins=(replace(MONDAY, venue="hall"),)), "A pin to JAHIT-1 breaks a rule."),
    (
        "pin_impossible",
        group("g-sew", village(group_pins=(CLOSED,)), mandatory=True, minimum=0),
        "A pin to JAHIT-1 breaks a rule.",
    ),
    (
        "pins_contradict",
        with_pins(Pin("class", "eli", "g-wood"), Pin("class", "eli", "g-sew")),
        "One resident is pinned to two places of the same kind.",
    ),
    (
        "pins_contradict",
        village(group_pins=(CLOSED, GroupPin("g-sew", opens=True))),
        "JAHIT-1 is pinned both open and closed.",
    ),
    ("pins_contradict", village(meeting_pins=(MONDAY, TUESDAY)), "Pinned meetings are in each other's way: JAHIT-1."),
    ("pins_contradict", two_venues(), "Pinned meetings are in each other's way: Bengkel, Ruang Jahit."),
    (
        "pins_contradict",
        village(appointment_pins=(AT_ONE, replace(AT_ONE, period="d1c"))),
        "One resident's individual counselling is pinned to two times.",
    ),
    (
        "pins_apart",
        apart("room", ("cal", "dan"), problem=with_pins(Pin("room", "cal", "M"), Pin("room", "dan", "M"))),
        "Two residents who are kept apart are both pinned to room B1.",
    ),
    (
        "pins_apart",
        apart("class", ("ann", "bea"), problem=with_pins(Pin("class", "ann", "g-wood"), Pin("class", "bea", "g-wood"))),
        "Two residents who are kept apart are both pinned to KAYU-1.",
    ),
    (
        "pins_apart",
        apart(
            "counsellor",
            ("ann", "bea"),
            problem=with_pins(Pin("counsellor", "ann", "kim"), Pin("counsellor", "bea", "kim")),
        ),
        "Two residents who are kept apart are both pinned to Bu Kartika.",
    ),
    (
        "pins_exceed",
        with_pins(*(Pin("room", name, "M") for name in ("cal", "dan", "eli"))),
        "3 are pinned to room B1, which takes 2.",
    ),
    (
        "pins_exceed",
        with_pins(*(Pin("class", name, "g-wood") for name in ("ann", "bea", "cal", "dan"))),
        "4 are pinned to KAYU-1, which takes 3.",
    ),
    (
        "pins_exceed",
        with_pins(*(Pin("counsellor", name, "kim") for name in ("ann", "bea", "cal", "dan"))),
        "4 are pinned to Bu Kartika, which takes 3.",
    ),
    ("pins_exceed", pinned_evenings(), "3 are pinned to Bu Kartika, which takes 2."),
    (
        "no_plan",
        exhausted(),
        "Counting finds nothing short, but the rules for this part cannot all be kept at once: Times of "
        "the week. Give them some room: hours of staff or places, sizes of classes, or "
        "pairs that are kept apart.",
    ),
)


@cache
def found_in(number: int) -> tuple[Shortage, ...]:
    """What counting finds; where it finds nothing, what the solver tells."""
    problem = SCENES[number][1]
    return shortages(problem) or solve(problem, REPEATABLE).shortages


@pytest.mark.parametrize("number", range(len(SCENES)), ids=[scene[0] for scene in SCENES])
def test_each_shortage_is_a_sentence(number: int) -> None:
    code, problem, text = SCENES[number]
    names = VillageNames(problem)
    found = [s for s in found_in(number) if s.code == code]
    said = [in_two_languages(lambda s=s: SHORTAGES[code](dict(s.values), names)) for s in found]  # type: ignore[misc]
    assert (text, INDONESIAN[text]) in said


def test_every_shortage_with_a_sentence_has_a_house() -> None:
    assert {scene[0] for scene in SCENES} == set(SHORTAGES)
