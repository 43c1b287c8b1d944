"""What counsellors and instructors see first: today, then their people. One definition for each figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from foyer.cycles.collecting import WishCollection
from foyer.cycles.models import (
    PlanSeat,
    TeachingGroup,
)
from foyer.cycles.queries import groups_of_instructor, members_of_group
from foyer.cycles.wish_queries import list_wishers, open_collections
from foyer.errors import NotFound
from foyer.today.services import Person


@dataclass(frozen=True)
class TaughtGroup:
    group: TeachingGroup
    members: int


def wishes_missing(person: Person) -> list[tuple[WishCollection, int]]:
    """The collections that are open today, with how many of the counsellor's residents have not chosen."""
    if person.staff is None:
        return []
    return [
        (asked, len(list_wishers(asked.cycle, person.plan, counsellor_id=person.staff.id)))
        for asked in open_collections(person.residence.id, person.today)
    ]


def taught_groups(person: Person) -> list[TaughtGroup]:
    """The classes of an instructor or tutor, with how many sit in each."""
    if person.plan is None or person.staff is None:
        return []
    return [TaughtGroup(group, members) for group, members in groups_of_instructor(person.plan, person.staff.id)]


def taught_group(person: Person, group_id: int) -> tuple[TeachingGroup, Sequence[PlanSeat]]:
    """A class of one's own and who sits in it. Raises NotFound for classes of others."""
    own = next((taught.group for taught in taught_groups(person) if taught.group.id == group_id), None)
    if own is None or person.plan is None:
        raise NotFound("group")
    return own, members_of_group(person.plan, group_id)
