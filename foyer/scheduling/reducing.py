"""A program without what is settled: variables fixed, what follows from that, and the rows that are left.

Plain bound propagation: it keeps every solution. HiGHS would find the same, but each level would pay for it anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from foyer.scheduling.program import TOLERANCE, Entry, Goal, Program

Row = tuple[float, float, tuple[Entry, ...]]


@dataclass(frozen=True, slots=True)
class Reduced:
    """The smaller program; ``kept`` are the old numbers of its variables, ``low`` the values of all others."""

    program: Program
    kept: tuple[int, ...]
    low: tuple[float, ...]

    def goals(self, goals: Sequence[Goal]) -> list[Goal]:
        """The goals in the smaller program, each short of a constant (``constant``)."""
        number = {old: new for new, old in enumerate(self.kept)}
        return [
            Goal(g.name, tuple((number[v], c) for v, c in g.entries if v in number), in_points=g.in_points)
            for g in goals
        ]

    def constant(self, goal: Goal) -> float:
        free = set(self.kept)
        return sum(c * self.low[v] for v, c in goal.entries if v not in free)

    def held(self, values: Sequence[int]) -> tuple[int, ...] | None:
        """A solution of the whole as one of the smaller program; None where it is none of that."""
        own = tuple(values[v] for v in self.kept)
        return own if self.expanded(own) == tuple(values) else None

    def expanded(self, values: Sequence[int]) -> tuple[int, ...]:
        whole = [round(v) for v in self.low]
        for old, value in zip(self.kept, values, strict=True):
            whole[old] = value
        return tuple(whole)


def reduced(program: Program, zeros: Iterable[int]) -> Reduced | None:
    """The program with ``zeros`` fixed at 0. None: then a row cannot be kept."""
    low, high = list(program.low), list(program.high)
    for variable in zeros:
        if low[variable] > 0:
            return None
        high[variable] = 0
    if not _propagated(program.rows, low, high):
        return None
    kept = tuple(v for v in range(len(low)) if low[v] < high[v])
    number = {old: new for new, old in enumerate(kept)}
    small = Program()
    for v in kept:
        small.integer(low[v], high[v])
    for least, most, entries in program.rows:
        free = [(number[v], c) for v, c in entries if v in number]
        if free:
            fixed = sum(c * low[v] for v, c in entries if v not in number)
            small.rows.append((least - fixed, most - fixed, tuple(free)))
    small.shapes = [[number[v] for v in shape if v in number] for shape in program.shapes]
    return Reduced(small, kept, tuple(low))


def _propagated(rows: Sequence[Row], low: list[float], high: list[float]) -> bool:
    """Tighten the bounds until nothing changes. False: a row cannot be kept."""
    rows_of: dict[int, list[int]] = defaultdict(list)
    for number, (_, _, entries) in enumerate(rows):
        for variable, _ in entries:
            rows_of[variable].append(number)
    waiting = dict.fromkeys(range(len(rows)))
    while waiting:
        number = next(iter(waiting))
        del waiting[number]
        changed = _tightened(rows[number], low, high)
        if changed is None:
            return False
        for variable in changed:
            waiting.update(dict.fromkeys(rows_of[variable]))
    return True


def _tightened(row: Row, low: list[float], high: list[float]) -> list[int] | None:
    """The variables that the row fixes further; None where it cannot be kept."""
    least, most, entries = row
    smallest = largest = 0.0
    for v, c in entries:
        a, b = c * low[v], c * high[v]
        smallest, largest = (smallest + a, largest + b) if c > 0 else (smallest + b, largest + a)
    if smallest > most + TOLERANCE or largest < least - TOLERANCE:
        return None
    changed = []
    for variable, c in entries:
        width = high[variable] - low[variable]
        if not width or width > 1:
            continue  # only what is left of yes or no is settled here
        span = abs(c) * width
        if smallest + span > most + TOLERANCE:  # it must stay where it adds least
            low[variable] = high[variable] = low[variable] if c > 0 else high[variable]
            largest -= span
        elif largest - span < least - TOLERANCE:  # it must stay where it adds most
            low[variable] = high[variable] = high[variable] if c > 0 else low[variable]
            smallest += span
        else:
            continue
        changed.append(variable)
    return changed
