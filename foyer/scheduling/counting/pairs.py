"""Pairs who must be together and cannot be (H7). Each is a proof: without anything lacking, both have a place."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from foyer.scheduling.index import Index
from foyer.scheduling.pairs import SCOPES
from foyer.scheduling.plan import Shortage
from foyer.scheduling.problem import Resident, Scope, TeachingGroup


def shortages(index: Index) -> Iterator[Shortage]:
    for scope in SCOPES:
        for pair in index.pairs.hard_together(scope):
            if _is_apart(index, scope, pair):
                yield Shortage("pairs_contradict", (("scope", scope),), pair)
            elif not _have_a_place(index, scope, *(index.residents[r] for r in pair)):
                yield Shortage("together_nowhere", (("scope", scope),), pair)


def _is_apart(index: Index, scope: Scope, pair: tuple[str, str]) -> bool:
    """Whether a rule keeps them apart in the same thing; who may share no house can share no room either. In class
    only where both need something that they would share."""
    if scope == "class":
        a, b = (index.residents[r] for r in pair)
        shares = (a.needs_vocational and b.needs_vocational) or set(a.education) & set(b.education)
        return bool(shares) and pair in index.apart["class"]
    return pair in index.apart[scope] or (scope == "room" and pair in index.apart["house"])


def _have_a_place(index: Index, scope: Scope, a: Resident, b: Resident) -> bool:
    """Whether some place may hold both, all others aside."""
    if scope == "class":
        return all(_have_a_group(index, a, b, groups) for groups in _needed_by_both(index, a, b))
    if scope == "counsellor":
        load = a.case_weight + b.case_weight
        both = [c for c in index.problem.counsellors if index.may_counsel(c, a) and index.may_counsel(c, b)]
        return any(c.capacity >= load for c in both)
    rooms = [{m.id for m in index.problem.rooms if index.may_lodge(r, m)} for r in (a, b)]
    if scope == "house":
        return bool(_houses(index, rooms[0]) & _houses(index, rooms[1]))
    mixed = ("any",) if a.gender != b.gender else ("any", "same", a.gender)
    return any(index.rooms[m].beds > 1 and index.rooms[m].policy in mixed for m in rooms[0] & rooms[1])


def _houses(index: Index, rooms: Collection[str]) -> set[str]:
    return {index.rooms[m].house for m in rooms}


def _needed_by_both(index: Index, a: Resident, b: Resident) -> Iterator[list[TeachingGroup]]:
    """The groups of each need that both have."""
    if a.needs_vocational and b.needs_vocational:
        yield list(index.groups_of("vocational"))
    for subject in a.education:
        if subject in b.education:
            yield [g for g in index.groups_of("education") if g.subject == subject]


def _have_a_group(index: Index, a: Resident, b: Resident, groups: Collection[TeachingGroup]) -> bool:
    return any(index.is_eligible(g, a) and index.is_eligible(g, b) and index.seats(g) > 1 for g in groups)
