"""What ``ways_out`` answers: relaxations of the house's own rules, priced, and each way shown to work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from foyer.scheduling.plan import Outcome, Shortage

Code = Literal[
    "beds",
    "room_reopened",
    "room_either_gender",
    "room_stage",
    "not_admitted",
    "group_larger",
    "group_smaller",
    "group_not_opened",
    "group_opened",
    "group_admits",
    "need_unmet",
    "capacity",
    "counsellor_waived",
    "rarer_appointments",
    "hours",
    "load",
    "meetings_fewer",
    "day_more",
    "stand_in",
    "pin_released",
    "pair_lifted",
]
NEEDS_A_PERSON: tuple[Code, ...] = ("pair_lifted", "not_admitted", "counsellor_waived")
Values = tuple[tuple[str, str | int], ...]


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One rule of the house made weaker. ``values`` fill the code's sentence; ``residents`` are those concerned.
    ``needs_a_person``: nobody may do it by pressing a button, since it concerns somebody's safety or admission."""

    code: Code
    values: Values
    residents: tuple[str, ...] = ()
    points: float = 0.0  # of ``Prices``

    @property
    def needs_a_person(self) -> bool:
        return self.code in NEEDS_A_PERSON


@dataclass(frozen=True, slots=True)
class Got:
    """What the residents get in the plan by which a way was tried. ``ranks``: how many of those who chose a class got
    their first choice, their second, their third, a later one; ``unlisted``: who got a class that they had not chosen;
    ``without``: who goes without something that the house as it is owes them."""

    ranks: tuple[int, int, int, int]
    unlisted: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WayOut:
    """Relaxations that together suffice, shown by solving: nothing is short any more, and a plan that keeps every other
    rule and meets every need was found, with this outcome and score. ``got``: what it gives, in people. Of a repair
    instead how many things it changes and whom they touch."""

    relaxations: tuple[Relaxation, ...]
    points: float
    outcome: Outcome
    score: float
    changes: int | None = None
    people: int | None = None
    got: Got | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One member of a minimal set of rules that cannot be kept together: a family of rules, and whom it concerns."""

    family: str
    who: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImpossibleAnswer:
    """Why there is no full plan, and what would help, cheapest first. ``rules``: where counting sees nothing, a set of
    rules of ``stage`` that cannot be kept together, while any one fewer can; ``is_minimal`` where that was shown for
    each. ``is_possible``: there is a full plan after all."""

    shortages: tuple[Shortage, ...] = ()
    ways: tuple[WayOut, ...] = ()
    stage: str = ""
    rules: tuple[Rule, ...] = ()
    is_minimal: bool = False
    is_possible: bool = False
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Prices:
    """Points of each relaxation: how hard it is for a house, by our judgement; the order of the ways follows them."""

    bed: float = 10  # for each bed that must be found
    bed_night: float = 0.05
    room_reopened: float = 12
    room_either_gender: float = 8
    room_stage: float = 9
    not_admitted: float = 100  # a resident
    seat: float = 3  # a place more in a group
    minimum: float = 4  # a person fewer than the group's minimum
    group_not_opened: float = 10
    group_opened: float = 14  # a second group like one that there is
    group_admits: float = 12  # a group opened to one more kind of resident
    unmet_class: float = 60
    unmet_education: float = 30
    unmet_elective: float = 20
    case: float = 5  # a case weight more for a counsellor
    counsellor_waived: float = 40
    rarer_appointments: float = 25
    hour: float = 2  # a period in which somebody is made available
    load: float = 3  # a period a week more for an instructor
    meeting: float = 15  # a weekly meeting fewer
    day: float = 4  # a meeting a day more
    stand_in: float = 5
    pin: float = 6
    pair: float = 500
