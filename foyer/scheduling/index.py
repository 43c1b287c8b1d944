"""Look-ups and elementary rules over a problem, shared by the counting, the stages and the checker.

Everything here is plain derivation: no solver, no search, no choice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from itertools import combinations

from foyer.scheduling import fitting, weeks
from foyer.scheduling.choices import Choices
from foyer.scheduling.pairs import Pairs
from foyer.scheduling.pinned import Pinned
from foyer.scheduling.problem import (
    Counsellor,
    KeepApart,
    PinKind,
    Problem,
    Resident,
    Room,
    Scope,
    StartPattern,
    TeachingGroup,
    Weeks,
)

EVENING_STARTS = 18 * 60  # minutes: a period that starts then or later is an evening
LONG_ROTATION = 4  # weeks between two appointments, from which on not all sets of weeks are looked at
Hours = tuple[int, Weeks, tuple[str, ...]]  # a week of the rotation, its rhythm, periods
AGE_BAND = 2  # years: a room's band is two neighbouring ages, for instance 16 and 17


class Index:
    """One problem's things by id, and the rules that concern one or two of them."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.residents = {r.id: r for r in problem.residents}
        self.rooms = {r.id: r for r in problem.rooms}
        self.groups = {g.id: g for g in problem.groups}
        self.counsellors = {c.id: c for c in problem.counsellors}
        self.instructors = {i.id: i for i in problem.instructors}
        self.venues = {v.id: v for v in problem.venues}
        self.periods = {p.id: p for p in problem.periods}
        self.pins = Pinned(problem)
        self.choices = Choices(self)
        self.pairs = Pairs(problem)
        self._attends: dict[tuple[str, str], bool] = {}
        self._slots: dict[str, tuple[tuple[int, int], ...]] = {}
        self._common_hours: dict[tuple[str, str], tuple[Hours, ...]] = {}
        self.week_shapes: dict[tuple[int, int], tuple[int, int]] = {}  # the score's, by periods taken and unavailable

    def like(self, problem: Problem) -> Index:
        """The index of a problem that has the same residents on the same nights."""
        return Index(problem)

    # Days and periods

    @cached_property
    def days(self) -> dict[int, tuple[str, ...]]:
        """The periods of each day, in order of time."""
        days: dict[int, list[str]] = defaultdict(list)
        for period in sorted(self.problem.periods, key=lambda p: (p.day, p.start)):
            days[period.day].append(period.id)
        return {day: tuple(ids) for day, ids in days.items()}

    @cached_property
    def bits(self) -> dict[str, int]:
        """Each period as a bit of its own: a set of periods is then a number, which is quick to look up."""
        return {period: 1 << i for i, period in enumerate(p for day in self.days.values() for p in day)}

    def as_bits(self, periods: Iterable[str]) -> int:
        """The set of these periods; what is no period of the week is left out."""
        found = 0
        for period in periods:
            found |= self.bits.get(period, 0)
        return found

    def is_evening(self, period: str) -> bool:
        return self.periods[period].start >= EVENING_STARTS

    def slots(self, period: str) -> tuple[tuple[int, int], ...]:
        """The appointment slots of a period: (start, end) in minutes after midnight."""
        if period not in self._slots:
            block, minutes = self.periods[period], self.problem.appointments.minutes
            starts = range(block.start, block.end - minutes + 1, minutes)
            self._slots[period] = tuple((start, start + minutes) for start in starts)
        return self._slots[period]

    def weeks_of(self, resident: Resident) -> tuple[int, ...]:
        """The weeks of the appointment rotation that touch the resident's stay (weeks counted from night
        0)."""
        every = self.problem.appointments.every_weeks
        touched = {week % every for week in range(resident.arrives // 7, (resident.leaves - 1) // 7 + 1)}
        return tuple(sorted(touched))

    # Needs and who fits where

    def groups_of(self, kind: str) -> tuple[TeachingGroup, ...]:
        return tuple(g for g in self.problem.groups if g.kind == kind)

    def admits(self, group: TeachingGroup, resident: Resident) -> bool:
        """Whether level, age, gender and qualifications let the resident into the group, and nothing bars him (H1)."""
        return (
            (not group.levels or resident.level in group.levels)
            and group.minimum_age <= resident.age
            and (group.maximum_age is None or resident.age <= group.maximum_age)
            and (not group.genders or resident.gender in group.genders)
            and set(group.requires) <= set(resident.qualifications)
            and group.id not in resident.barred
        )

    def is_eligible(self, group: TeachingGroup, resident: Resident) -> bool:
        """Whether the resident may join: admitted, not unwanted, nobody closed the group, and its meetings can avoid
        the periods in which he is away."""
        return (
            group.id not in self.pins.closed
            and self.admits(group, resident)
            and self.choices.wants(resident, group)
            and self.can_attend(group, self.away(resident, group.weeks))
        )

    def away(self, resident: Resident, meeting: Weeks = "all") -> tuple[str, ...]:
        """The periods in which the resident cannot attend meetings of these weeks: unavailable, or at an appointment
        that a person set, if it falls into those weeks whichever week of the rotation it takes (H10, H13)."""
        pin = self.pins.appointments.get(resident.id)
        if pin is None or pin.period in resident.unavailable:
            return resident.unavailable
        held = [self.rhythm(w) for w in self.appointment_weeks(resident)]
        blocked = all(weeks.at_once(meeting, each) for each in held)
        return (*resident.unavailable, pin.period) if blocked else resident.unavailable

    def rhythm(self, week: int) -> Weeks:
        """The weeks, odd, even or all, into which an appointment falls that begins in that week of the rotation."""
        return weeks.of_rotation(week, self.problem.appointments.every_weeks)

    def appointment_weeks(self, resident: Resident) -> tuple[int, ...]:
        """The weeks of the rotation in which his appointment may begin: those of the stay, or the one pinned."""
        pin = self.pins.appointments.get(resident.id)
        touched = self.weeks_of(resident)
        return touched if pin is None or pin.week is None else tuple(w for w in touched if w == pin.week)

    def can_attend(self, group: TeachingGroup, unavailable: Iterable[str]) -> bool:
        """Whether enough meetings of the group fit outside the given periods, the group taken alone (H8,
        H10, H12)."""
        key = (group.id, "|".join(sorted(unavailable)))
        if key not in self._attends:
            away = frozenset(unavailable)
            pinned = self.pins.meetings.get(group.id, ())
            self._attends[key] = not any(away.intersection(p.periods) for p in pinned) and (
                self.most_meetings(group, away) >= group.meetings
            )
        return self._attends[key]

    def most_meetings(self, group: TeachingGroup, unavailable: frozenset[str] = frozenset()) -> int:
        """The most meetings that fit in a week outside the given periods."""
        usable = [p for p in self.usable_patterns(group) if not unavailable.intersection(p.periods)]
        pinned = {p.periods for p in self.pins.meetings.get(group.id, ())}
        return fitting.most_meetings(group, usable, self.periods, pinned)

    def usable_patterns(self, group: TeachingGroup) -> tuple[StartPattern, ...]:
        """The patterns at which the group, some fitting venue and some qualified instructor are all
        available."""
        return tuple(p for p in group.patterns if self._is_usable(group, p))

    def _is_usable(self, group: TeachingGroup, pattern: StartPattern) -> bool:
        periods = frozenset(pattern.periods)
        if periods.intersection(group.unavailable):
            return False
        venues = not group.venues or any(not periods.intersection(self.venues[v].unavailable) for v in group.venues)
        staff = not group.instructors or any(
            not periods.intersection(self.instructors[i].unavailable) for i in group.instructors
        )
        return venues and staff

    @cached_property
    def mixed(self) -> dict[str, int]:
        """The points of rooms in which mixing genders costs, for each person of the fewer gender and night."""
        return {room.id: room.mixed for room in self.problem.rooms if room.mixed}

    def cost_to_open(self, group: TeachingGroup) -> int:
        """The points of s7 for one group."""
        return self.problem.weights.open_group if group.open_points is None else group.open_points

    def seats(self, group: TeachingGroup) -> int:
        """The most residents the group can hold: its maximum, and the seats of its largest venue."""
        if not group.venues or self.problem.weights.seat_short is not None:
            return group.maximum
        seats = [self.venues[v].seats for v in group.venues]
        largest = max(group.maximum if s is None else s - group.headcount for s in seats)
        return max(0, min(group.maximum, largest))

    def meets(self, group: TeachingGroup, residents: int) -> bool:
        """Whether the group is open and so has its weekly meetings: with residents, or mandatory (H2, H8)."""
        return residents > 0 or group.mandatory

    def people(self, group: TeachingGroup, residents: int) -> int:
        """How many attend the group: the residents placed in it, and those from outside."""
        return residents + group.headcount

    def seats_short(self, venue: str, people: int) -> int:
        """How many of so many people find no seat in the venue (H8, s9)."""
        seats = self.venues[venue].seats
        return 0 if seats is None else max(0, people - seats)

    def has_room_for(self, venue: str, people: int) -> bool:
        """Whether so many people may meet there: all find a seat, or seats are only wished for (s9)."""
        return self.problem.weights.seat_short is not None or not self.seats_short(venue, people)

    def is_too_large(self, venue: str, people: int) -> bool:
        """Whether the venue has more than twice the seats needed (s16)."""
        seats = self.venues[venue].seats
        return seats is not None and seats > 2 * people

    def beside(self, periods: tuple[str, ...]) -> tuple[str, ...]:
        """The periods right before and right after a meeting, in its own run: no protected block lies between."""
        first, last = self.neighbours[periods[0]], self.neighbours[periods[-1]]
        return tuple(p for p in (first[0], last[1]) if p is not None)

    @cached_property
    def neighbours(self) -> dict[str, tuple[str | None, str | None]]:
        found: dict[str, tuple[str | None, str | None]] = {}
        for day in self.days.values():
            for before, period, after in zip((None, *day[:-1]), day, (*day[1:], None), strict=True):
                run = self.periods[period].run
                found[period] = (
                    before if before is not None and self.periods[before].run == run else None,
                    after if after is not None and self.periods[after].run == run else None,
                )
        return found

    @cached_property
    def alternates(self) -> bool:
        """Whether some group meets every other week."""
        return any(g.weeks != "all" for g in self.problem.groups)

    def share_weeks(self, one: str, other: str) -> bool:
        """Whether two kinds of weeks (all, odd, even) have a week in common."""
        return weeks.at_once(one, other)  # type: ignore[arg-type]

    def may_lodge(self, resident: Resident, room: Room) -> bool:
        """Whether the room suits the resident, other people aside (H5, H6): gender, features, stage, closed
        nights."""
        return (
            room.policy in ("same", "any", resident.gender)
            and set(resident.room_features) <= set(room.features)
            and resident.stage >= room.minimum_stage
            and room.beds > 0
            and not any(start < resident.leaves and resident.arrives < end for start, end in room.closed)
        )

    def may_counsel(self, counsellor: Counsellor, resident: Resident) -> bool:
        """Whether the counsellor suits the resident, and both are ever free together for an appointment: at the time
        that a person set for it, if one did (H3, H10, H13)."""
        if not self.suits(counsellor, resident):
            return False
        blocked = {*counsellor.unavailable, *resident.unavailable}
        return not self.problem.periods or any(p not in blocked and self.slots(p) for p in self.hours_of(resident))

    def suits(self, counsellor: Counsellor, resident: Resident) -> bool:
        """Whether the counsellor has the gender, and the languages and licences, that the resident must have (H3)."""
        return resident.counsellor_gender in (None, counsellor.gender) and set(resident.counsellor_skills) <= set(
            counsellor.skills
        )

    def hours_of(self, resident: Resident) -> tuple[str, ...]:
        """The periods among which the resident's appointment lies: the one pinned, or any, in order of time."""
        pin = self.pins.appointments.get(resident.id)
        return self._in_order if pin is None else (pin.period,)

    @cached_property
    def _in_order(self) -> tuple[str, ...]:
        """All periods in order of time."""
        return tuple(p for day in sorted(self.days) for p in self.days[day])

    def common_hours(self, resident: str, counsellor: str) -> tuple[Hours, ...]:
        """For each week of the rotation in which the resident's appointment may begin, the periods in which both are
        available and a slot fits, meetings aside (H10, H13)."""
        key = (resident, counsellor)
        if key not in self._common_hours:
            person = self.residents[resident]
            blocked = {*person.unavailable, *self.counsellors[counsellor].unavailable}
            free = tuple(p for p in self.hours_of(person) if p not in blocked and self.slots(p))
            self._common_hours[key] = tuple((w, self.rhythm(w), free) for w in self.appointment_weeks(person))
        return self._common_hours[key]

    def slots_a_rotation(self, counsellor: Counsellor) -> int:
        """How many appointments the counsellor can hold in one rotation of weeks."""
        weekly = sum(len(self.slots(p)) for p in self.periods if p not in counsellor.unavailable)
        return weekly * self.problem.appointments.every_weeks

    @cached_property
    def week_sets(self) -> tuple[frozenset[int], ...]:
        """Sets of weeks of the rotation: appointments that must lie within one of them are at most as many as its
        slots. All sets, which suffices (Hall); with a long rotation those that some appointment is held to."""
        every = self.problem.appointments.every_weeks
        if every > LONG_ROTATION:
            return tuple(dict.fromkeys(frozenset(self.appointment_weeks(r)) for r in self.problem.residents))
        return tuple(frozenset(own) for count in range(1, every + 1) for own in combinations(range(every), count))

    # Wishes

    def rank(self, resident: Resident, subject: str) -> int | None:
        """The place of the subject among the resident's wishes of its kind, 0 first; None where it is not listed."""
        return self.choices.rank(resident, subject, self.choices.kind_of(subject))

    def choice_cost(self, resident: Resident, subject: str) -> int:
        """Wish s2 in points for a class of this trade. Who wished nothing cannot be disappointed."""
        wished = self.choices
        return wished.best_alone(resident, "vocational") + wished.seat_points(resident, subject, "vocational")

    def aptitude_cost(self, resident: Resident, subject: str) -> float:
        """Wish s3 in points: weight times (1 - aptitude), to a hundredth; nothing where no aptitude is
        known."""
        known = dict(resident.aptitude)
        return round(self.problem.weights.aptitude * (1 - known[subject]), 2) if subject in known else 0.0

    @cached_property
    def skills_in_house(self) -> frozenset[str]:
        """The skills that some counsellor has: only those can be missed."""
        return frozenset(skill for c in self.problem.counsellors for skill in c.skills)

    def missing_skills(self, resident: Resident, counsellor: Counsellor) -> int:
        asked = set(resident.skills_asked) & self.skills_in_house
        return len(asked - set(counsellor.skills))

    @cached_property
    def lodgers(self) -> tuple[Resident, ...]:
        """Those who need a room."""
        return tuple(r for r in self.problem.residents if r.needs_room)

    @cached_property
    def counselled(self) -> tuple[Resident, ...]:
        """Those who need a counsellor, and appointments with him."""
        return tuple(r for r in self.problem.residents if r.needs_counsellor)

    @cached_property
    def mean_load(self) -> int:
        """The mean caseload in case weights, rounded up: all residents' weights over all counsellors."""
        total = sum(r.case_weight for r in self.counselled)
        return -(-total // max(1, len(self.problem.counsellors)))

    @cached_property
    def age_bands(self) -> tuple[int, ...]:
        """The first age of each possible room band."""
        ages = [r.age for r in self.problem.residents]
        return tuple(range(min(ages), max(min(ages), max(ages) - AGE_BAND + 1) + 1)) if ages else ()

    # Pairs and pins

    @cached_property
    def apart(self) -> dict[Scope, tuple[tuple[str, str], ...]]:
        """The pairs that the plan keeps apart, by scope, each in order of id (H7)."""
        pairs: dict[Scope, set[tuple[str, str]]] = {"room": set(), "class": set(), "counsellor": set(), "house": set()}
        for pair in self.problem.apart:
            if pair.points is None and self._meet(pair):
                for scope in pair.scopes:
                    pairs[scope].add((min(pair.a, pair.b), max(pair.a, pair.b)))
        return {scope: tuple(sorted(found)) for scope, found in pairs.items()}

    def _meet(self, pair: KeepApart) -> bool:
        """Whether both are in the house on some night before the pair is free again."""
        a, b = self.residents[pair.a], self.residents[pair.b]
        end = min(a.leaves, b.leaves, self.problem.nights if pair.until is None else pair.until)
        return max(a.arrives, b.arrives) < end

    def pinned(self, kind: PinKind) -> dict[str, tuple[str, ...]]:
        """The targets pinned for each resident (several only for education, one per subject)."""
        targets: dict[str, list[str]] = defaultdict(list)
        for pin in self.problem.pins:
            if pin.kind == kind and pin.target not in targets[pin.resident]:
                targets[pin.resident].append(pin.target)
        return {resident: tuple(ids) for resident, ids in targets.items()}
