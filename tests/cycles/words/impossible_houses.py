"""Houses that cannot be planned: for each way out one that needs it, for each family of rules one that it makes
impossible."""

from __future__ import annotations

from dataclasses import replace

from foyer.scheduling.problem import (
    Appointments,
    GroupPin,
    KeepApart,
    KeepTogether,
    MeetingPin,
    Pin,
    Problem,
    Room,
    Scope,
    StartPattern,
)
from tests.scheduling.solved import changed, group, person
from tests.scheduling.test_answers_why import METAL
from tests.scheduling.test_electives import sporty
from tests.scheduling.test_ways_out import triangle
from tests.scheduling.village import resident, village

HOUSE = village()
MORNINGS = ("d0a", "d0b", "d1a", "d1b")


def pinned(problem: Problem, kind: str, who: str, target: str) -> Problem:
    return replace(problem, pins=(Pin(kind, who, target),))  # type: ignore[arg-type]


def loads(capacity: int, problem: Problem = HOUSE) -> Problem:
    return replace(problem, counsellors=tuple(replace(k, capacity=capacity) for k in problem.counsellors))


def apart(scope: Scope, *pairs: tuple[str, str], problem: Problem = HOUSE) -> Problem:
    return replace(problem, apart=tuple(KeepApart(a, b, (scope,)) for a, b in pairs))


def together(scope: Scope, a: str, b: str, problem: Problem = HOUSE) -> Problem:
    return replace(problem, together=(KeepTogether(a, b, (scope,), None),))


def only_open(*periods: str, problem: Problem = HOUSE) -> Problem:
    """The counsellors are there in these periods only."""
    away = tuple(p.id for p in problem.periods if p.id not in periods)
    return replace(problem, counsellors=tuple(replace(k, unavailable=away) for k in problem.counsellors))


def clubs_that_exclude_each_other() -> Problem:
    problem = group("g-ball", sporty(ann=2), excludes=("g-choir",))
    return replace(problem, groups=tuple(g for g in problem.groups if g.id != "g-chess"))


def one_club_fewer() -> Problem:
    problem = sporty(ann=3)
    return replace(problem, groups=problem.groups[:-1])


def second_lessons() -> Problem:
    """Bea is pinned to lessons that do not take her; there are others."""
    lessons = group("g-maths", minimum_age=17)
    second = replace(HOUSE.groups[2], id="g-new", instructors=())
    return pinned(replace(lessons, groups=(*lessons.groups, second)), "education", "bea", "g-maths")


FAY = loads(9, replace(HOUSE, residents=(*HOUSE.residents, resident("fay", arrives=10, leaves=20))))
NO_BED = changed(FAY, "rooms", "S", policy="male")
NO_BED_FOR_BOYS = changed(HOUSE, "rooms", "S", policy="female")
CLOSED = changed(HOUSE, "rooms", "M", closed=((0, 28),))
STAGED = changed(HOUSE, "rooms", "M", minimum_stage=2)
SMALL = group("g-sew", group("g-wood", maximum=2), maximum=2)
LARGE = group("g-sew", group("g-wood", minimum=3, mandatory=True), minimum=3, mandatory=True)
TOO_YOUNG = group("g-sew", group("g-wood", minimum_age=17), minimum_age=17)
UNSUITED = person("ann", counsellor_skills=("law",))
IVO_AWAY = changed(HOUSE, "instructors", "ivo", unavailable=MORNINGS)
HALL_CLOSED = changed(HOUSE, "venues", "hall", unavailable=MORNINGS)
LESSONS_NEVER = group("g-maths", unavailable=("d0c", "d1c"))
IVO_TIRED = changed(HOUSE, "instructors", "ivo", most_periods=2)
THREE_LESSONS = group("g-maths", meetings=3, patterns=tuple(StartPattern((p,)) for p in ("d0c", "d1c", "d1e")))
PINNED_CLASS = pinned(group("g-wood", minimum_age=17), "class", "bea", "g-wood")
PINNED_ROOM = pinned(replace(CLOSED, rooms=(*CLOSED.rooms, Room("N", "south", 3, "male"))), "room", "cal", "M")
PINNED_COUNSELLOR = pinned(person("ann", counsellor_gender="male"), "counsellor", "ann", "kim")
PINNED_CLUB = pinned(group("g-chess", sporty(ann=1), minimum_age=18), "elective", "ann", "g-chess")
SUE_AWAY = replace(
    changed(HOUSE, "instructors", "sue", unavailable=("d0a",)), meeting_pins=(MeetingPin("g-sew", ("d0a", "d0b")),)
)
TWO_ROOMS = replace(HOUSE, rooms=(Room("F", "north", 2, "female"), Room("M", "south", 3, "male")))
ONE_ROOM_FOR_GIRLS = apart("room", ("ann", "bea"), problem=TWO_ROOMS)
ONE_WING_FOR_GIRLS = apart("house", ("ann", "bea"))
THREE_APART = apart("counsellor", ("ann", "bea"), ("ann", "cal"), ("bea", "cal"))

# Code, the house, and the sentence of one of its ways out.
WAYS: tuple[tuple[str, Problem, str], ...] = (
    ("beds", NO_BED, "Find 1 more bed for girls on the nights from 14 Jan 2027 to 23 Jan 2027 (Fitri)."),
    ("beds", NO_BED_FOR_BOYS, "Find 1 more bed for boys on the nights from 4 Jan 2027 to 17 Jan 2027 (Danu)."),
    ("room_either_gender", NO_BED_FOR_BOYS, "Room C1 is given to girls or boys, as needed."),
    ("not_admitted", NO_BED, "1 resident is not admitted (Fitri)."),
    ("room_reopened", CLOSED, "Room B1 is put back into service in time."),
    ("room_stage", STAGED, "Room B1 also takes residents from stage 1 of independence on."),
    ("group_larger", SMALL, "KAYU-1 takes 1 resident more."),
    ("group_opened", SMALL, "A second group like JAHIT-1 opens, with 2 places."),
    ("need_unmet", SMALL, "1 resident goes without a class (Candra)."),
    ("group_smaller", LARGE, "JAHIT-1 opens with 2 residents already."),
    ("group_not_opened", LARGE, "KAYU-1 stays closed in this cycle."),
    ("group_admits", TOO_YOUNG, "KAYU-1 also takes Bela."),
    ("capacity", loads(2), "The caseload of Bu Kartika grows by 1."),
    ("counsellor_waived", UNSUITED, "Ani may have any counsellor."),
    (
        "rarer_appointments",
        replace(only_open("d1c"), appointments=Appointments(45, 1)),
        "Individual counselling is every 2 weeks only.",
    ),
    ("hours", IVO_AWAY, "Pak Ivo is available after all on Monday 08.00–12.00 and Tuesday 08.00–12.00."),
    ("hours", HALL_CLOSED, "Bengkel can be used after all on Monday 08.00–12.00 and Tuesday 08.00–12.00."),
    ("hours", LESSONS_NEVER, "PAKET-C can meet after all on Monday 13.15–15.00."),
    (
        "hours",
        person("ann", unavailable=("d0c", "d1c")),
        "Ani can be in the house after all on Monday 13.15–15.00 and Tuesday 13.15–15.00.",
    ),
    ("need_unmet", LESSONS_NEVER, "2 residents go without Paket C (Ani and Bela)."),
    ("need_unmet", one_club_fewer(), "Ani: 1 elective fewer."),
    ("load", IVO_TIRED, "Pak Ivo teaches up to 4 hours of the week."),
    ("meetings_fewer", IVO_TIRED, "KAYU-1 meets only 1 time a week."),
    ("day_more", THREE_LESSONS, "PAKET-C may meet 2 times a day."),
    ("pin_released", PINNED_ROOM, "Give up the decision on room B1 for Candra."),
    ("pin_released", PINNED_CLASS, "Give up the decision on KAYU-1 for Bela."),
    ("pin_released", second_lessons(), "Give up the decision on PAKET-C for Bela."),
    ("pin_released", PINNED_CLUB, "Give up the decision on CATUR for Ani."),
    ("pin_released", PINNED_COUNSELLOR, "Give up the decision on Bu Kartika for Ani."),
    (
        "pin_released",
        replace(HOUSE, group_pins=(GroupPin("g-wood", opens=False),)),
        "Give up the decision that KAYU-1 stays closed.",
    ),
    (
        "pin_released",
        replace(
            HOUSE, groups=(*HOUSE.groups, replace(METAL, minimum=6)), group_pins=(GroupPin("g-metal", opens=True),)
        ),
        "Give up the decision that LOGAM-1 opens.",
    ),
    ("pin_released", SUE_AWAY, "Give up the decision that JAHIT-1 meets on Monday 08.00–12.00."),
    ("pair_lifted", ONE_ROOM_FOR_GIRLS, "Ani and Bela may share a room, or be parted, in spite of what was decided."),
    ("pair_lifted", ONE_WING_FOR_GIRLS, "Ani and Bela may share a wing, or be parted, in spite of what was decided."),
    ("pair_lifted", triangle(), "Candra and Danu may share a class, or be parted, in spite of what was decided."),
    ("pair_lifted", THREE_APART, "Ani and Bela may share a counsellor, or be parted, in spite of what was decided."),
)

# Family, stage, the house, and the sentence.
FAMILIES: tuple[tuple[str, str, Problem, str], ...] = (
    (
        "group_eligibility",
        "classes",
        TOO_YOUNG,
        "Classes take only those whose age, gender, schooling and training fit.",
    ),
    (
        "resident_unavailable",
        "classes",
        person("ann", unavailable=MORNINGS, education=()),
        "Residents are out of the house at some hours.",
    ),
    (
        "group_mandatory",
        "classes",
        replace(HOUSE, groups=(*HOUSE.groups, replace(METAL, minimum=6, mandatory=True))),
        "Some classes have to open, or to meet at hours that were set.",
    ),
    ("group_minimum", "classes", LARGE, "A class needs a least number of residents."),
    ("group_excluded", "electives", clubs_that_exclude_each_other(), "Some classes cannot both be had."),
    (
        "instructor_residents",
        "classes",
        changed(HOUSE, "instructors", "ivo", most_residents=1),
        "An instructor takes only so many residents.",
    ),
    ("group_maximum", "classes", SMALL, "Classes and places have only so many seats."),
    ("apart_class", "classes", triangle(), "Candra and Danu are kept apart in class."),
    (
        "together_class",
        "classes",
        together("class", "ann", "bea", pinned(group("g-wood", maximum_age=16), "class", "bea", "g-wood")),
        "Some residents are to be in class together.",
    ),
    ("pin_class", "classes", PINNED_CLASS, "Staff have decided on KAYU-1 for Bela."),
    ("pin_education", "education", second_lessons(), "Staff have decided on PAKET-C for Bela."),
    ("pin_elective", "electives", PINNED_CLUB, "Staff have decided on CATUR for Ani."),
    (
        "room_features",
        "rooms",
        person("eli", room_features=("lift",)),
        "Some residents need a room with certain features.",
    ),
    ("room_stage", "rooms", STAGED, "Some rooms are for higher stages of independence."),
    ("room_gender", "rooms", ONE_ROOM_FOR_GIRLS, "Rooms are for girls or for boys."),
    ("room_closed", "rooms", CLOSED, "Some rooms are out of service."),
    ("room_capacity", "rooms", NO_BED, "Rooms have only so many beds."),
    ("apart_room", "rooms", ONE_ROOM_FOR_GIRLS, "Ani and Bela are kept apart in their rooms."),
    ("apart_house", "rooms", ONE_WING_FOR_GIRLS, "Ani and Bela are kept apart in their wings."),
    ("together_room", "rooms", together("room", "ann", "cal"), "Some residents are to share a room."),
    (
        "together_house",
        "rooms",
        together("house", "ann", "cal", changed(HOUSE, "rooms", "S", policy="male")),
        "Some residents are to live in one wing.",
    ),
    ("pin_room", "rooms", PINNED_ROOM, "Staff have decided on room B1 for Candra."),
    (
        "counsellor_suits",
        "counsellors",
        UNSUITED,
        "Some residents need a counsellor of one gender, or with certain training.",
    ),
    ("counsellor_hours", "counsellors", only_open(), "Counsellors are away at some hours."),
    ("counsellor_capacity", "counsellors", loads(2), "Counsellors take only so many residents."),
    ("apart_counsellor", "counsellors", THREE_APART, "Ani and Bela may not have the same counsellor."),
    (
        "together_counsellor",
        "counsellors",
        together(
            "counsellor",
            "ann",
            "bea",
            person("ann", person("bea", counsellor_gender="female"), counsellor_gender="male"),
        ),
        "Some residents are to have the same counsellor.",
    ),
    ("pin_counsellor", "counsellors", PINNED_COUNSELLOR, "Staff have decided on Bu Kartika for Ani."),
    (
        "appointment_week",
        "appointments",
        replace(only_open("d1c"), appointments=Appointments(45, 1)),
        "Everybody has individual counselling every few weeks.",
    ),
    ("meeting_count", "times", IVO_TIRED, "Classes meet so many times a week."),
    ("group_unavailable", "times", LESSONS_NEVER, "Classes cannot meet at some hours."),
    ("venue_unavailable", "times", HALL_CLOSED, "Places are not free at some hours."),
    ("instructor_unavailable", "times", IVO_AWAY, "Instructors are away at some hours."),
    ("instructor_load", "times", IVO_TIRED, "Instructors teach only so many hours a week."),
    (
        "meetings_in_day",
        "times",
        THREE_LESSONS,
        "Classes meet only so often on one day, and not too close together.",
    ),
    ("venue_twice", "times", group("g-sew", venues=("hall",)), "A place holds one class at a time."),
    ("instructor_twice", "times", IVO_TIRED, "An instructor teaches one class at a time."),
)
