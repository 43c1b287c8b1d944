"""Electives as a transportation problem: every wanted place of a resident is a person of its own.

A place takes one group; two places of one resident never share a subject (a row outside the transportation problem).
Which place holds which group is a matter of names only. So a place need not be offered what another place of the same
resident holds now: any outcome can be named so that a place that may keep its group keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping

from foyer.scheduling.answers.exchange import NOWHERE, BinId, Person
from foyer.scheduling.answers.transport import Assignment, Span
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Plan
from foyer.scheduling.program import Entry, Program, goal
from foyer.scheduling.stages import electives
from foyer.scheduling.stages.seating import Seating

Variables = dict[tuple[Person, BinId], int]


def places_of(index: Index, plan: Plan) -> dict[Person, BinId]:
    """Each wanted elective place, and the group that it has."""
    held: dict[str, list[str]] = {r.id: [] for r in index.problem.residents}
    for seat in plan.seats:
        if index.groups[seat.group].kind == "elective" and seat.resident in held:
            held[seat.resident].append(seat.group)
    found: dict[Person, BinId] = {}
    for r in index.problem.residents:
        own = sorted(held[r.id])
        for i in range(max(r.electives, len(own))):
            found[r.id, f"#{i}"] = own[i] if i < len(own) else NOWHERE
    return found


class ElectiveProgram:
    """The stage's program with a variable for each place and group. ``made`` and ``goals`` are the stage's own."""

    def __init__(self, index: Index, plan: Plan) -> None:
        self.index = index
        self.place = places_of(index, plan)
        self.made: Seating
        self.made, self._goals = electives.program(index)
        self.rows = Program()
        self.variable: Variables = {}
        self._of: dict[int, list[int]] = {}  # the stage's variable -> those of the places
        self._add_places()
        self.others = {v: self._other(v) for v in range(len(self.made.program.low)) if v not in self._of}
        for low, high, entries in self.made.program.rows:
            if not any(v in self.made.missing.values() for v, _ in entries):
                self.rows.row(self._entries(entries), low, high)
        missing = set(self.made.missing.values())
        for original, own in self._of.items():
            if original not in missing and len(own) > 1:  # a resident has one seat in a group
                self.rows.row([(v, 1) for v in own], high=1)
        self.goals = [goal(g.name, self._entries(g.entries), in_points=g.in_points) for g in self._goals]

    def _add_places(self) -> None:
        held: dict[str, list[str]] = {}
        for (resident, _), group in self.place.items():
            held.setdefault(resident, []).append(group)
        for person, now in self.place.items():
            pins = self.index.pinned("elective").get(person[0], ())
            options = [g for r, g in self.made.seat if r == person[0] and (g == now or g not in held[person[0]])]
            for group in [now] if now in pins else options:
                self._variable(person, group, self.made.seat.get((person[0], group)))
            if now not in pins:
                self._variable(person, NOWHERE, self.made.missing.get(person[0]))

    def _variable(self, person: Person, group: BinId, original: int | None) -> None:
        if original is not None and (person, group) not in self.variable:
            self.variable[person, group] = self.rows.integer()
            self._of.setdefault(original, []).append(self.variable[person, group])

    def _other(self, original: int) -> int:
        return self.rows.integer(self.made.program.low[original], self.made.program.high[original])

    def _entries(self, entries: tuple[Entry, ...]) -> list[Entry]:
        return [(v, c) for original, c in entries for v in self._of.get(original) or [self.others[original]]]

    def readings(self, opened: set[str]) -> tuple[Assignment, Assignment]:
        """With the open groups as they are, and with all groups free to open."""
        free: dict[int, Span] = {v: (self.rows.low[v], self.rows.high[v]) for v in self.others.values()}
        fixed = {self.others[o]: (float(g in opened),) * 2 for g, o in self.made.opened.items()}
        soft = frozenset(v for v, (low, high) in free.items() if low < high) - fixed.keys()
        return Assignment(self.variable, {**free, **fixed}, soft), Assignment(self.variable, free, soft)

    def values(self, places: Mapping[Person, BinId], opened: set[str]) -> dict[str, float]:
        """The levels of the electives at these places."""
        chosen: dict[int, float] = dict.fromkeys(self.made.constants, 1.0)
        for (resident, _), group in places.items():
            seat = self.made.missing.get(resident) if group == NOWHERE else self.made.seat.get((resident, group))
            if seat is not None:
                chosen[seat] = chosen.get(seat, 0.0) + 1
        chosen |= {o: float(g in opened) for g, o in self.made.opened.items()}
        return {g.name: round(sum(c * chosen.get(v, 0.0) for v, c in g.entries), 2) for g in self._goals}
