"""Who may join the classes of a trade, in codes: what a page says before somebody wishes for what cannot be given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from foyer.cycles import models
from foyer.cycles.problem_parts import joining_rules
from foyer.residents.naming import age_on
from foyer.scheduling.problem import TeachingGroup


@dataclass(frozen=True, slots=True)
class Hindrance:
    """One rule of a class that keeps somebody out. ``code``: age, level or gender."""

    code: str
    levels: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()
    youngest: int = 0
    oldest: int | None = None


@dataclass(frozen=True, slots=True)
class Joiner:
    """What the rules of classes ask of a resident, on the cycle's first day."""

    age: int
    gender: str
    level: str


def joiner_of(enrolment: models.Enrolment, cycle: models.Cycle) -> Joiner:
    """The resident as the planner will see them."""
    person = enrolment.stay.resident
    return Joiner(age_on(person.born_on, cycle.starts_on), person.gender.value, enrolment.stay.education_level.value)


def hindrances(groups: Iterable[models.TeachingGroup], joiner: Joiner) -> tuple[Hindrance, ...]:
    """Why no class of a trade takes the resident, each reason once; none where at least one class does."""
    found: dict[Hindrance, None] = {}
    for group in groups:
        against = list(_against(joining_rules(group), joiner))
        if not against:
            return ()
        found.update(dict.fromkeys(against))
    return tuple(found)


def _against(rules: TeachingGroup, joiner: Joiner) -> Iterator[Hindrance]:
    """The rules of ``Index.is_eligible`` that a house's classes can have, one by one."""
    oldest = rules.maximum_age
    if joiner.age < rules.minimum_age or (oldest is not None and joiner.age > oldest):
        yield Hindrance("age", youngest=rules.minimum_age, oldest=oldest)
    if rules.levels and joiner.level not in rules.levels:
        yield Hindrance("level", levels=tuple(rules.levels))
    if rules.genders and joiner.gender not in rules.genders:
        yield Hindrance("gender", genders=tuple(rules.genders))
