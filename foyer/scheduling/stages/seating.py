"""Seats in groups: what vocational classes, education groups and electives have in common (H1, H2, H7, H9, H13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Level, Seat, Unmet
from foyer.scheduling.problem import GroupKind, Resident, TeachingGroup
from foyer.scheduling.program import Entry, Program
from foyer.scheduling.stages.pair_rows import add_pairs


@dataclass(frozen=True, slots=True)
class Seating:
    """The program and the meaning of its variables."""

    program: Program
    seat: dict[tuple[str, str], int]  # (resident, group) -> x
    unmet: dict[tuple[str, str], int]  # (resident, subject or "") -> u
    opened: dict[str, int]  # group -> o
    missing: dict[str, int] = field(default_factory=dict)  # resident -> elective places that he goes without
    constants: list[int] = field(default_factory=list)
    pairs: dict[GroupKind, list[Entry]] = field(default_factory=dict)  # points of wishes about pairs
    sizes: dict[GroupKind, list[Entry]] = field(default_factory=dict)  # points for people off the target size

    def seats_of(self, index: Index, kind: GroupKind) -> list[tuple[tuple[str, str], int]]:
        """The seats in groups of one kind."""
        return [(pair, x) for pair, x in self.seat.items() if index.groups[pair[1]].kind == kind]

    def one(self) -> int:
        """A variable that is always 1, for the constant part of a sum."""
        if not self.constants:
            self.constants.append(self.program.integer(1, 1))
        return self.constants[0]

    def seated(self, values: Sequence[int]) -> tuple[tuple[str, str], ...]:
        return tuple(pair for pair, x in self.seat.items() if values[x])

    def left_out(self, values: Sequence[int]) -> tuple[tuple[str, str], ...]:
        return tuple(need for need, u in self.unmet.items() if values[u])


@dataclass(frozen=True, slots=True)
class Seats:
    """What a seating stage decided. ``levels`` is empty where it is infeasible."""

    seats: tuple[Seat, ...]
    unmet: tuple[Unmet, ...]
    levels: tuple[Level, ...]


def seating(
    index: Index,
    needs: Iterable[tuple[Resident, str]],
    groups: Sequence[TeachingGroup],
    electives: Iterable[Resident] = (),
) -> Seating:
    """Each need is met once or left open; a group is closed, or its size lies between its limits. A need
    with an empty subject takes any of the classes, another only education groups of its subject. ``electives``:
    residents who want elective places."""
    made = Seating(Program(), {}, {}, {})
    for group in groups:
        made.opened[group.id] = made.program.integer(int(index.pins.must_open(group)))
        if group.id in index.pins.closed:
            made.program.row([(made.opened[group.id], 1)], high=0)
    for resident, subject in needs:
        _need(index, made, resident, subject, [g for g in groups if _answers(g, subject)])
    chosen = [g for g in groups if g.kind == "elective"]
    for resident in electives:
        _electives(index, made, resident, chosen)
    taken: dict[str, list[Entry]] = {group.id: [] for group in groups}
    for (_, group_id), x in made.seat.items():
        taken[group_id].append((x, 1))
    for group in groups:
        _size(index, made, group, taken[group.id])
    _apart(index, made, groups)
    _excluded(index, made)
    _most_residents(index, made)
    made.pairs.update(add_pairs(index, made.program, made.seat, made.unmet, groups))
    return made


def _answers(group: TeachingGroup, subject: str) -> bool:
    return group.kind == "vocational" if not subject else group.kind == "education" and group.subject == subject


def _electives(index: Index, made: Seating, resident: Resident, groups: Sequence[TeachingGroup]) -> None:
    """As many places as wanted, less those missing; each subject once."""
    pins = index.pinned("elective").get(resident.id, ())
    missing = made.missing[resident.id] = made.program.integer(0, resident.electives)
    by_subject: dict[str, list[Entry]] = {}
    for group in groups:
        if index.is_eligible(group, resident):
            x = made.seat[resident.id, group.id] = made.program.integer(low=int(group.id in pins))
            by_subject.setdefault(group.subject, []).append((x, 1))
    seats = [entry for own in by_subject.values() for entry in own]
    made.program.row([*seats, (missing, 1)], low=resident.electives, high=resident.electives)
    for own in by_subject.values():
        if len(own) > 1:
            made.program.row(own, high=1)


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


def _size(index: Index, made: Seating, group: TeachingGroup, seats: Sequence[Entry]) -> None:
    """minimum x open <= seats taken <= maximum x open; and each seat only where open, which tightens the
    relaxation."""
    opened = made.opened[group.id]
    meets = group.id in index.pins.meetings and not group.headcount  # then somebody has to be there
    made.program.row([*seats, (opened, -max(group.minimum, int(meets)))], low=0)
    made.program.row([*seats, (opened, -index.seats(group))], high=0)
    if not index.pins.must_open(group):
        made.program.row([(opened, 1), *((x, -1) for x, _ in seats)], high=0)  # nobody in it: closed
        for x, _ in seats:
            made.program.row([(x, 1), (opened, -1)], high=0)
    _off_target(index, made, group, seats)


def _off_target(index: Index, made: Seating, group: TeachingGroup, seats: Sequence[Entry]) -> None:
    """How many more or fewer than wished an open group has (s8)."""
    weight = index.problem.weights.target_size
    if group.target is None or not weight:
        return
    off = made.program.relief(max(group.target, len(seats)))
    made.program.row([*seats, (made.opened[group.id], -group.target), (off, -1)], high=0)
    made.program.row([*seats, (made.opened[group.id], -group.target), (off, 1)], low=0)
    made.sizes.setdefault(group.kind, []).append((off, weight))


def opening_costs(index: Index, made: Seating, kind: GroupKind) -> list[Entry]:
    """The points of s7 and s8: groups of the kind that open, and their sizes."""
    opened = [(o, index.cost_to_open(index.groups[g])) for g, o in made.opened.items() if index.groups[g].kind == kind]
    return [*opened, *made.sizes.get(kind, ())]


def _apart(index: Index, made: Seating, groups: Sequence[TeachingGroup]) -> None:
    for a, b in index.apart["class"]:
        for group in groups:
            if (a, group.id) in made.seat and (b, group.id) in made.seat:
                made.program.row([(made.seat[a, group.id], 1), (made.seat[b, group.id], 1)], high=1)


def _excluded(index: Index, made: Seating) -> None:
    """Nobody joins two groups of which one excludes the other (H1)."""
    own: dict[str, list[str]] = {}
    for resident, group in made.seat:
        own.setdefault(resident, []).append(group)
    for a, b in index.choices.exclusions:
        for resident in own:
            pair = [(x, 1) for g in (a, b) if (x := made.seat.get((resident, g))) is not None]
            if len(pair) == 2:
                made.program.row(pair, high=1)


def _most_residents(index: Index, made: Seating) -> None:
    """The groups that only one instructor can teach have together at most as many residents as he takes (H9)."""
    for instructor, groups in index.choices.capped.items():
        seats: list[Entry] = [(x, 1) for (_, g), x in made.seat.items() if g in groups]
        if seats:
            made.program.row(seats, high=index.instructors[instructor].most_residents or 0)
