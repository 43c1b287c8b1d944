"""Pairs kept apart or together (H7, s4): whom they concern, and what they cost. Plain derivation.

Only pairs who are both in the house on some night count; for pairs kept apart, on a night before they are free again.
A week is seven nights from night 0; a week is shared where both are in the house on one of its nights.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import get_args

from foyer.scheduling.problem import KeepApart, KeepTogether, Problem, Resident, Scope

NIGHTS_A_WEEK = 7
SCOPES: tuple[Scope, ...] = get_args(Scope)


@dataclass(frozen=True, slots=True)
class Bond:
    """A pair in order of id. ``points``: what it costs in all to break the wish; None: a hard rule. ``until``: the
    night from which on it no longer counts."""

    a: str
    b: str
    points: int | None
    until: int


class Pairs:
    """The pairs of each scope, in order of id; wishes about one pair are summed, and count for nothing beside a rule
    that says the same."""

    def __init__(self, problem: Problem) -> None:
        self._residents = {r.id: r for r in problem.residents}
        self._nights = problem.nights
        self.together = {scope: self._bonds(p for p in problem.together if scope in p.scopes) for scope in SCOPES}
        self.apart_wishes = {
            scope: self._bonds(p for p in problem.apart if scope in p.scopes and p.points is not None)
            for scope in SCOPES
        }

    @cached_property
    def in_rooms(self) -> frozenset[str]:
        """Everybody of whom a pair asks something about rooms or houses."""
        kinds = (self.together, self.apart_wishes)
        bonds = [bond for kind in kinds for scope in ("room", "house") for bond in kind[scope]]
        return frozenset(r for bond in bonds for r in (bond.a, bond.b))

    def hard_together(self, scope: Scope) -> tuple[tuple[str, str], ...]:
        return tuple((bond.a, bond.b) for bond in self.together[scope] if bond.points is None)

    def _bonds(self, pairs: Iterable[KeepApart | KeepTogether]) -> tuple[Bond, ...]:
        rules: set[tuple[str, str]] = set()
        wishes: dict[tuple[str, str, int], int] = defaultdict(int)
        for pair in pairs:
            until = self._until(pair)
            nights = common_nights(self._residents[pair.a], self._residents[pair.b], until)
            a, b = min(pair.a, pair.b), max(pair.a, pair.b)
            if not nights:
                continue
            if pair.points is None:
                rules.add((a, b))
            else:
                times = 1 if isinstance(pair, KeepTogether) else len(weeks_of(nights))
                wishes[a, b, until] += pair.points * times
        found = [Bond(a, b, None, self._nights) for a, b in rules]
        found += [Bond(*key[:2], points, key[2]) for key, points in wishes.items() if points and key[:2] not in rules]
        return tuple(sorted(found, key=lambda bond: (bond.a, bond.b, bond.until)))

    def _until(self, pair: KeepApart | KeepTogether) -> int:
        until = pair.until if isinstance(pair, KeepApart) else None
        return self._nights if until is None else until


def common_nights(a: Resident, b: Resident, until: int) -> range:
    """The nights before ``until`` on which both are in the house."""
    return range(max(a.arrives, b.arrives), max(max(a.arrives, b.arrives), min(a.leaves, b.leaves, until)))


def weeks_of(nights: Iterable[int]) -> set[int]:
    return {night // NIGHTS_A_WEEK for night in nights}


def needs_shared(residents: Mapping[str, Resident], bond: Bond) -> tuple[str, ...]:
    """What both must learn: "" for a vocational class, and each education subject."""
    a, b = residents[bond.a], residents[bond.b]
    vocational = ("",) if a.needs_vocational and b.needs_vocational else ()
    return (*vocational, *(subject for subject in a.education if subject in b.education))
