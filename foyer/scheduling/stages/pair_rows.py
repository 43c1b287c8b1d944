"""Pairs kept together or apart, as rows of a seating program (H7, s4).

Together: in each group both are or neither is, as long as both have a place. A wish may buy itself off, once for the
vocational class and once for each education subject that both need. Apart as a wish: paid for each group that both
are in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from foyer.scheduling.index import Index
from foyer.scheduling.pairs import Bond, needs_shared
from foyer.scheduling.problem import GroupKind, TeachingGroup
from foyer.scheduling.program import Entry, Program

Place = tuple[str, str]  # resident, and a group or a counsellor


def add_pairs(
    index: Index,
    program: Program,
    seat: dict[Place, int],
    unmet: dict[Place, int],
    groups: Sequence[TeachingGroup],
) -> dict[GroupKind, list[Entry]]:
    """The rows; gives the points of the wishes, by kind of group."""
    costs: dict[GroupKind, list[Entry]] = {"vocational": [], "education": []}
    for bond in index.pairs.together["class"]:
        for need in needs_shared(index.residents, bond):
            if (bond.a, need) in unmet and (bond.b, need) in unmet:
                names = [g.id for g in groups if answers(g, need)]
                left = {r: unmet[r, need] for r in (bond.a, bond.b)}
                costs["education" if need else "vocational"] += keep_together(program, bond, seat, left, names)
    for bond in index.pairs.apart_wishes["class"]:
        for group in groups:
            if group.kind in costs:
                costs[group.kind] += keep_apart(program, bond, seat, [group.id])
    return costs


def answers(group: TeachingGroup, need: str) -> bool:
    """Whether the group meets the need: "" for a vocational class, or an education subject."""
    return group.kind == "vocational" if not need else group.kind == "education" and group.subject == need


def keep_together(
    program: Program, bond: Bond, seat: dict[Place, int], unmet: dict[str, int], places: Iterable[str]
) -> list[Entry]:
    """Both in the same of these places, or one of them in none; what a wish costs where they are parted."""
    parted = [] if bond.points is None else [program.relief()]
    for place in places:
        for one, other in ((bond.a, bond.b), (bond.b, bond.a)):
            if (one, place) not in seat:
                continue
            there = [(seat[other, place], -1)] if (other, place) in seat else []
            program.row([(seat[one, place], 1), *there, (unmet[other], -1), *((x, -1) for x in parted)], high=0)
    return [(x, bond.points or 0) for x in parted]


def keep_apart(program: Program, bond: Bond, seat: dict[Place, int], places: Iterable[str]) -> list[Entry]:
    """What a wish costs in each place that both share."""
    costs: list[Entry] = []
    for place in places:
        if (bond.a, place) in seat and (bond.b, place) in seat:
            shared = program.relief()
            program.row([(seat[bond.a, place], 1), (seat[bond.b, place], 1), (shared, -1)], high=1)
            costs.append((shared, bond.points or 0))
    return costs
