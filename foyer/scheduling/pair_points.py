"""The points of wishes about pairs (s4), counted from the plan alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from foyer.scheduling.index import Index
from foyer.scheduling.pairs import Bond, common_nights, needs_shared, weeks_of
from foyer.scheduling.plan import Lodging, Plan, Term

Places = Mapping[str, set[str]]  # resident -> groups
KINDS = (("vocational", "class"), ("education", "education"))  # of group, and the word in the wishes


def terms(index: Index, plan: Plan) -> Iterator[Term]:
    """Pairs parted, once for each scope (in class: for the vocational class and each education subject both need);
    pairs that share what they should not, for each week."""
    yield from _classes(index, plan)
    counsellor = {c.resident: c.counsellor for c in plan.caseloads}
    parted = [
        bond
        for bond in index.pairs.together["counsellor"]
        if {bond.a, bond.b} <= counsellor.keys() and counsellor[bond.a] != counsellor[bond.b]
    ]
    yield _parted("counsellor", parted)
    pairs = index.pairs.apart_wishes["counsellor"]
    shared = [b for b in pairs if counsellor.get(b.a, b.a) == counsellor.get(b.b, b.b)]
    yield _shared("counsellor", [(bond, weeks_in_common(index, bond)) for bond in shared])
    yield from _rooms(index, plan)


def weeks_in_common(index: Index, bond: Bond) -> int:
    a, b = index.residents[bond.a], index.residents[bond.b]
    return len(weeks_of(common_nights(a, b, bond.until)))


def _parted(what: str, bonds: list[Bond]) -> Term:
    return Term(f"parted_{what}", len(bonds), sum(bond.points or 0 for bond in bonds))


def _shared(what: str, found: list[tuple[Bond, int]]) -> Term:
    """The weeks shared. A bond's points are those of all weeks that both are in the house: so many for each."""
    return Term(f"shared_{what}", sum(weeks for _, weeks in found), sum(bond.points or 0 for bond, _ in found))


def _classes(index: Index, plan: Plan) -> Iterator[Term]:
    parted, shared = _parted_in_class(index, plan), _shared_in_class(index, plan)
    for kind, word in KINDS:
        yield _parted(word, parted[kind])
        yield _shared(word, shared[kind])


def _parted_in_class(index: Index, plan: Plan) -> dict[str, list[Bond]]:
    """Whoever is without a place is not parted from anybody: that is counted as unplaced."""
    by_need: dict[tuple[str, str], set[str]] = defaultdict(set)
    for seat in plan.seats:
        group = index.groups[seat.group]
        if group.kind != "elective":
            by_need[seat.resident, group.subject if group.kind == "education" else ""].add(group.id)
    parted: dict[str, list[Bond]] = defaultdict(list)
    for bond in index.pairs.together["class"]:
        for need in needs_shared(index.residents, bond):
            a, b = by_need[bond.a, need], by_need[bond.b, need]
            if a and b and a != b:
                parted["education" if need else "vocational"].append(bond)
    return parted


def _shared_in_class(index: Index, plan: Plan) -> dict[str, list[tuple[Bond, int]]]:
    own: dict[str, set[str]] = defaultdict(set)
    for seat in plan.seats:
        own[seat.resident].add(seat.group)
    shared: dict[str, list[tuple[Bond, int]]] = defaultdict(list)
    for bond in index.pairs.apart_wishes["class"]:
        for name in own[bond.a] & own[bond.b]:
            shared[index.groups[name].kind].append((bond, weeks_in_common(index, bond)))
    return shared


def _rooms(index: Index, plan: Plan) -> Iterator[Term]:
    """By night: a stay may be split between rooms."""
    own: dict[str, list[Lodging]] = defaultdict(list)
    for lodging in plan.lodgings:
        own[lodging.resident].append(lodging)
    places: tuple[tuple[str, Callable[[Lodging], str]], ...] = (
        ("room", lambda x: x.room),
        ("house", lambda x: index.rooms[x.room].house),
    )
    for scope, place in places:
        bonds = index.pairs.together[scope]  # type: ignore[index]
        yield _parted(scope, [b for b in bonds if any(True for _ in nights(own, b, place, same=False))])
        yield _weeks(index, scope, own, place)


def _weeks(index: Index, scope: str, own: Mapping[str, list[Lodging]], place: Callable[[Lodging], str]) -> Term:
    count, points = 0, 0.0
    for bond in index.pairs.apart_wishes[scope]:  # type: ignore[index]
        weeks = len(weeks_of(nights(own, bond, place, same=True)))
        count += weeks
        points += (bond.points or 0) * weeks / weeks_in_common(index, bond)
    return Term(f"shared_{scope}", count, round(points, 2))


def nights(
    own: Mapping[str, list[Lodging]], bond: Bond, place: Callable[[Lodging], str], *, same: bool
) -> Iterator[int]:
    """The nights before ``until`` on which both have a room here, in the same place or in different ones."""
    for a in own.get(bond.a, ()):
        for b in own.get(bond.b, ()):
            if (place(a) == place(b)) is same:
                yield from range(max(a.arrives, b.arrives), min(a.leaves, b.leaves, bond.until))
