"""What dealing seats anew among alike groups must not lose: pairs (s4) and sizes near their targets (s8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from foyer.scheduling.index import Index
from foyer.scheduling.pairs import needs_shared
from foyer.scheduling.plan import Seat
from foyer.scheduling.program import Entry, Program
from foyer.scheduling.stages.pair_rows import answers

Inside = Callable[[str, str], list[Entry]]  # (resident, group) -> the variables that put him there


def hold_pairs(index: Index, program: Program, seats: Sequence[Seat], inside: Inside) -> None:
    """Pairs who are together stay so, and pairs who share no group share none."""
    seated = {(s.resident, s.group) for s in seats}
    groups = sorted({s.group for s in seats})
    for bond in index.pairs.together["class"]:
        for need in needs_shared(index.residents, bond):
            own = [g for g in groups if answers(index.groups[g], need)]
            if any({(bond.a, g), (bond.b, g)} <= seated for g in own):
                for group in own:
                    there = [(x, -c) for x, c in inside(bond.b, group)]
                    program.row([*inside(bond.a, group), *there], low=0, high=0)
    for bond in index.pairs.apart_wishes["class"]:
        for group in groups:
            if not {(bond.a, group), (bond.b, group)} <= seated:
                program.row([*inside(bond.a, group), *inside(bond.b, group)], high=1)


def hold_sizes(index: Index, program: Program, seats: Sequence[Seat], taking: Mapping[str, list[Entry]]) -> None:
    """All groups together are at most as many people off their targets as they were."""
    off = 0
    distances: list[Entry] = []
    for name, entries in taking.items():
        target = index.groups[name].target
        if target is not None:
            off += abs(sum(s.group == name for s in seats) - target)
            distance = program.integer(0, len(seats) + target)
            program.row([*entries, (distance, -1)], high=target)
            program.row([*entries, (distance, 1)], low=target)
            distances.append((distance, 1))
    if distances:
        program.row(distances, high=off)
