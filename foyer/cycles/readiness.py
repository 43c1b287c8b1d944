"""What is missing for a plan of a cycle: items that stop it, items to know about, and shortages found by counting."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select

from foyer.clock import today_in
from foyer.cycles.collecting import Window
from foyer.cycles.grid import patterns_of
from foyer.cycles.house import HouseFacts, load_facts
from foyer.cycles.models import Cycle, CycleState, GroupKind, TeachingGroup
from foyer.cycles.moved_hours import absent_in_moved_hours
from foyer.cycles.planning import problem_of
from foyer.cycles.problem_parts import qualified
from foyer.cycles.validity import (
    ending_qualifications,
    ramadan_without_hours,
    rooms_slept_in_after,
    stale_groups,
)
from foyer.cycles.versions import versions_of
from foyer.database import db
from foyer.residences.models import StaffKind
from foyer.residents.models import Resident
from foyer.scheduling import shortages
from foyer.scheduling.plan import Shortage
from foyer.scheduling.problem import Problem


class Severity(StrEnum):
    BLOCKING = "blocking"  # no plan without it
    ADVICE = "advice"  # a plan is possible, perhaps not the one that is wanted


@dataclass(frozen=True, slots=True)
class ReadinessItem:
    """One thing to see to. ``code`` names the sentence and the place where it is mended; ``names`` are whom or what it
    concerns, as the house calls them."""

    code: str
    severity: Severity
    count: int = 1
    names: tuple[str, ...] = ()
    total: int = 0  # of how many, where that is said
    day: date | None = None  # until or since when, where that is said


@dataclass(frozen=True, slots=True)
class Readiness:
    """Everything known before a run. ``problem`` is what the engine would be given now."""

    facts: HouseFacts
    items: tuple[ReadinessItem, ...]
    shortages: tuple[Shortage, ...]
    problem: Problem

    @property
    def is_startable(self) -> bool:
        """Whether a run makes sense. Shortages do not stop it: the run answers with them."""
        return not any(item.severity is Severity.BLOCKING for item in self.items)

    @property
    def is_clear(self) -> bool:
        """Whether nothing at all stands against a full plan."""
        return self.is_startable and not self.shortages


_sources: list[Callable[[Cycle], Sequence[ReadinessItem]]] = []


def add_source(source: Callable[[Cycle], Sequence[ReadinessItem]]) -> None:
    """Packages above this one may add items of their own (rows of an import that still wait, for instance)."""
    if source not in _sources:
        _sources.append(source)


def from_above(cycle: Cycle) -> list[ReadinessItem]:
    """The items that the packages above add."""
    return [item for source in _sources for item in source(cycle)]


def assess(cycle: Cycle) -> Readiness:
    """Everything that is missing, blocking items first. A fixed number of queries."""
    facts = load_facts(cycle)
    items = [*_items(facts), *from_above(cycle)]
    items.sort(key=lambda item: item.severity is Severity.ADVICE)
    problem = problem_of(facts)
    startable = not any(item.severity is Severity.BLOCKING for item in items)
    return Readiness(facts, tuple(items), shortages(problem) if startable else (), problem)


def stoppers(cycle: Cycle) -> list[ReadinessItem]:
    """The blocking items alone, without counting beds and places."""
    return [item for item in _items(load_facts(cycle)) if item.severity is Severity.BLOCKING]


def _items(facts: HouseFacts) -> Iterator[ReadinessItem]:
    yield from _people(facts)
    yield from _rooms_and_day(facts)
    yield from _groups(facts)
    yield from _counsellors(facts)
    yield from _pairs(facts)


def _blocking(code: str, **values: object) -> ReadinessItem:
    return ReadinessItem(code, Severity.BLOCKING, **values)  # type: ignore[arg-type]


def _advice(code: str, names: Sequence[str]) -> Iterator[ReadinessItem]:
    if names:
        yield ReadinessItem(code, Severity.ADVICE, len(names), tuple(names))


def _people(facts: HouseFacts) -> Iterator[ReadinessItem]:
    if not facts.enrolments:
        yield _blocking("no_residents")
    yield from _wishes(facts)
    yield from _advice("no_choices", [e.stay.resident.full_name for e in facts.enrolments if not e.choices])


def _wishes(facts: HouseFacts) -> Iterator[ReadinessItem]:
    """Where the asking for wishes stands, until a plan is published."""
    asked = facts.collection
    if asked is None or facts.cycle.state is not CycleState.PREPARING:
        return
    window = asked.window(today_in(facts.residence.time_zone))
    chosen, total = sum(bool(enrolment.choices) for enrolment in facts.enrolments), len(facts.enrolments)
    day = asked.from_on if window is Window.COMING else asked.to_on
    yield ReadinessItem(f"wishes_{window.value}", Severity.ADVICE, chosen, total=total, day=day)


def _rooms_and_day(facts: HouseFacts) -> Iterator[ReadinessItem]:
    if all(room.is_ended(facts.cycle.starts_on) for room in facts.rooms):
        yield _blocking("no_rooms")
    yield from _advice("room_given_up", rooms_slept_in_after(facts))
    if not facts.periods:
        yield _blocking("no_grid")
        return
    yield from _missing_then(facts)
    month = ramadan_without_hours(facts)
    if month is not None:
        yield ReadinessItem("ramadan_hours", Severity.ADVICE, day=month.first)


def _missing_then(facts: HouseFacts) -> Iterator[ReadinessItem]:
    """Whose sessions of the published plan move, on dates with other hours, to hours of their absence. No query where
    the house keeps no other hours."""
    versions = versions_of(facts.cycle.id) if facts.variants else None
    if versions is None:
        return
    found = absent_in_moved_hours(versions, today_in(facts.residence.time_zone))
    if found:
        count = sum(len(one.dates) for one in found)
        names = tuple(sorted({one.person for one in found}))
        yield ReadinessItem("absent_then", Severity.ADVICE, count, names)


def _groups(facts: HouseFacts) -> Iterator[ReadinessItem]:
    classes = [group for group in facts.groups if group.kind is GroupKind.VOCATIONAL]
    education = [group for group in facts.groups if group.kind is GroupKind.EDUCATION]
    if not classes:
        yield _blocking("no_classes")
    if facts.periods:
        yield from _without_times(facts)
    teachers = facts.staff_of(StaffKind.INSTRUCTOR, StaffKind.TUTOR)
    untaught = {group.id for group in facts.groups if not qualified(facts, group, teachers)}
    yield from _advice("class_without_instructor", _codes(g for g in classes if g.id in untaught))
    yield from _advice("class_without_venue", _codes(g for g in classes if g.venue_id is None))
    yield from _advice("education_without_tutor", _codes(g for g in education if g.id in untaught))
    yield from _advice("education_without_venue", _codes(g for g in education if g.venue_id is None))
    for code, names in (*stale_groups(facts), *ending_qualifications(facts)):
        yield from _advice(code, names)


def _codes(groups: Iterator[TeachingGroup]) -> list[str]:
    return [group.code for group in groups]


def _without_times(facts: HouseFacts) -> Iterator[ReadinessItem]:
    """Groups for whose meetings the day has no row of blocks long enough."""
    codes = [
        group.code
        for group in facts.groups
        if group.meetings and not patterns_of(facts.periods, minutes=group.minutes, parts=group.parts)
    ]
    if codes:
        yield _blocking("group_without_times", count=len(codes), names=tuple(codes))


def _counsellors(facts: HouseFacts) -> Iterator[ReadinessItem]:
    counsellors = facts.staff_of(StaffKind.COUNSELLOR)
    if not counsellors:
        yield _blocking("no_counsellors")
        return
    unknown = [person.full_name for person in counsellors if person.gender is None]
    if unknown:
        yield _blocking("counsellor_gender", count=len(unknown), names=tuple(unknown))


def _pairs(facts: HouseFacts) -> Iterator[ReadinessItem]:
    """Keep-apart pairs that no longer matter here, since one of the two is not in this cycle."""
    present = {enrolment.stay.resident_id for enrolment in facts.enrolments}
    if not present:
        return
    gone = {r for pair in facts.pairs for r in (pair.resident_a_id, pair.resident_b_id) if r not in present}
    if not gone:
        return
    names = db.session.scalars(
        select(Resident.full_name).where(Resident.id.in_(gone)).order_by(Resident.name_key)
    ).all()
    yield from _advice("pair_has_left", names)
