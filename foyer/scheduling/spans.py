"""Stays taken apart at the nights on which a move to another room is allowed (H4, H14).

For beds, genders, features and closed nights each part of such a stay, a *span*, is like a stay of its own. So the
house is looked at with spans in place of those residents; what they have in common (a place for all or for none, the
price of moving, pairs) is said on top of that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import TypeVar

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Lodging
from foyer.scheduling.problem import KeepApart, KeepTogether, Resident

Pair = TypeVar("Pair", KeepApart, KeepTogether)


@dataclass(frozen=True, slots=True)
class Stay:
    """Nights ``[arrives, leaves)`` of a resident in one room."""

    resident: str
    room: str
    arrives: int
    leaves: int


@dataclass(frozen=True, slots=True)
class Spans:
    """``whole``: the house as it is. ``index``: with the spans as residents; the same where nobody may move.
    ``own``: each lodger's spans in order of time, one for who stays in one room."""

    whole: Index
    index: Index
    own: Mapping[str, tuple[Resident, ...]]

    @property
    def can_move(self) -> bool:
        return self.index is not self.whole

    def before(self) -> dict[str, str]:
        """By span, the one before it."""
        return {b.id: a.id for spans in self.own.values() for a, b in pairwise(spans)}

    def meeting(self, a: str, b: str, until: int) -> Iterator[tuple[Resident, Resident]]:
        """The spans of two residents that have a night before ``until`` in common."""
        for one, other in product(self.own.get(a, ()), self.own.get(b, ())):
            if max(one.arrives, other.arrives) < min(one.leaves, other.leaves, until):
                yield one, other

    def rooms_in(self, lodgings: Iterable[Lodging]) -> dict[str, str]:
        """The room of each span that these lodgings put into one room."""
        given: dict[str, list[Lodging]] = {}
        for lodging in lodgings:
            given.setdefault(lodging.resident, []).append(lodging)
        return {
            span.id: lodging.room
            for name, spans in self.own.items()
            for span in spans
            for lodging in given.get(name, ())
            if lodging.arrives <= span.arrives and span.leaves <= lodging.leaves
        }

    def stays(self, rooms: Mapping[str, str]) -> list[Stay]:
        """From the spans' rooms: one stay for all neighbouring spans in one room."""
        found: list[Stay] = []
        for name, spans in self.own.items():
            for span in spans:
                room = rooms.get(span.id)
                last = found[-1] if found else None
                if last and last.resident == name and last.room == room and last.leaves == span.arrives:
                    found[-1] = replace(last, leaves=span.leaves)
                elif room is not None:
                    found.append(Stay(name, room, span.arrives, span.leaves))
        return found


def by_span(index: Index) -> Spans:
    """The house with every lodger's stay taken apart at his nights of transfer."""
    own = {r.id: _taken_apart(r) for r in index.lodgers}
    if all(len(spans) == 1 for spans in own.values()):
        return Spans(index, index, own)
    problem = index.problem
    people = tuple(span for r in problem.residents for span in own.get(r.id, (r,)))
    ids = {r.id: tuple(span.id for span in own.get(r.id, (r,))) for r in problem.residents}
    taken = replace(
        problem,
        residents=people,
        pins=tuple(replace(pin, resident=i) for pin in problem.pins if pin.kind == "room" for i in ids[pin.resident]),
        apart=_pairs(problem.apart, ids),
        together=_pairs(problem.together, ids),
        appointment_pins=(),
    )
    return Spans(index, Index(taken), own)


def _taken_apart(resident: Resident) -> tuple[Resident, ...]:
    if not resident.transfers:
        return (resident,)
    nights = sorted({resident.arrives, *resident.transfers, resident.leaves})
    return tuple(
        replace(resident, id=f"{resident.id}\0{start}", arrives=start, leaves=end, transfers=())
        for start, end in pairwise(nights)
    )


def _pairs(pairs: Sequence[Pair], ids: Mapping[str, tuple[str, ...]]) -> tuple[Pair, ...]:
    """Rules about pairs, for each two of their spans. Wishes are counted for the whole stays, not here."""
    return tuple(
        replace(pair, a=a, b=b) for pair in pairs if pair.points is None for a, b in product(ids[pair.a], ids[pair.b])
    )
