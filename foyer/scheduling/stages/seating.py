"""Seats in groups: the part that vocational classes and education groups have in common (H1, H2, H7, H13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from foyer.scheduling.index import Index
from foyer.scheduling.problem import Resident, TeachingGroup
from foyer.scheduling.program import Entry, Program


@dataclass(frozen=True, slots=True)
class Seating:
    """The program and the meaning of its variables."""

    program: Program
    seat: dict[tuple[str, str], int]  # (resident, group) -> x
    unmet: dict[tuple[str, str], int]  # (resident, subject or "") -> u
    opened: dict[str, int]  # group -> o

    def seated(self, values: Sequence[int]) -> tuple[tuple[str, str], ...]:
        return tuple(pair for pair, x in self.seat.items() if values[x])

    def left_out(self, values: Sequence[int]) -> tuple[tuple[str, str], ...]:
        return tuple(need for need, u in self.unmet.items() if values[u])


def seating(index: Index, needs: Iterable[tuple[Resident, str]], groups: Sequence[TeachingGroup]) -> Seating:
    """Each need is met once or left open; a group is closed, or its size lies between its limits. A need
    with an empty subject takes any of the groups, another only groups of its subject."""
    made = Seating(Program(), {}, {}, {})
    for group in groups:
        least, most = int(index.pins.must_open(group)), int(group.id not in index.pins.closed)
        made.opened[group.id] = made.program.integer(least, most)
    for resident, subject in needs:
        _need(index, made, resident, subject, [g for g in groups if subject in ("", g.subject)])
    for group in groups:
        _size(index, made, group)
    _apart(index, made, groups)
    return made


def _need(index: Index, made: Seating, resident: Resident, subject: str, groups: Sequence[TeachingGroup]) -> None:
    pins = {*index.pinned("class").get(resident.id, ()), *index.pinned("education").get(resident.id, ())}
    pinned = [g for g in groups if g.id in pins]
    choices = [g for g in pinned or groups if index.is_eligible(g, resident)]
    unmet = made.unmet[resident.id, subject] = made.program.integer()
    if pinned:
        made.program.fix(unmet, 0)
    for group in choices:
        made.seat[resident.id, group.id] = made.program.integer()
    seats: list[Entry] = [(made.seat[resident.id, g.id], 1) for g in choices]
    made.program.row([*seats, (unmet, 1)], low=1, high=1)


def _size(index: Index, made: Seating, group: TeachingGroup) -> None:
    """minimum x open <= seats taken <= maximum x open; and each seat only where open, which tightens the
    relaxation."""
    opened = made.opened[group.id]
    seats: list[Entry] = [(x, 1) for (_, g), x in made.seat.items() if g == group.id]
    meets = group.id in index.pins.meetings  # then somebody has to be there
    made.program.row([*seats, (opened, -max(group.minimum, int(meets)))], low=0)
    made.program.row([*seats, (opened, -index.seats(group))], high=0)
    if not index.pins.must_open(group):
        made.program.row([(opened, 1), *((x, -1) for x, _ in seats)], high=0)  # nobody in it: closed
        for x, _ in seats:
            made.program.row([(x, 1), (opened, -1)], high=0)


def _apart(index: Index, made: Seating, groups: Sequence[TeachingGroup]) -> None:
    for a, b in index.apart["class"]:
        for group in groups:
            if (a, group.id) in made.seat and (b, group.id) in made.seat:
                made.program.row([(made.seat[a, group.id], 1), (made.seat[b, group.id], 1)], high=1)
