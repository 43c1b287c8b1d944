"""Folding a program: variables that nothing tells apart are summed into one.

Colours are refined until variables of one colour stand alike in rows of each colour (after Grohe, Kersting, Mladenov
and Selman, Dimension reduction via colour refinement, 2014). The rows of one colour are added up. Whatever satisfies
the program satisfies the sums, so the folded program's bounds are bounds of the program. That needs one thing only,
which is checked exactly in the end: in the rows of each colour, all variables of one colour have the same sum of
coefficients.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from foyer.scheduling.program import Entry, Goal, Program, goal

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

ROUNDS = 60  # of refinement, at most; each splits a colour, and most programs need fewer than ten
WORTH = 0.8  # fold only where at most this share of the variables is left


@dataclass(frozen=True, slots=True)
class Folding:
    """The folded program and its goals. ``colour`` of each variable of the whole is its variable here."""

    program: Program
    goals: tuple[Goal, ...]
    colour: tuple[int, ...]

    def folded(self, values: Sequence[int]) -> tuple[int, ...]:
        """A solution of the whole as one of the folded program."""
        sums = [0] * len(self.program.low)
        for colour, value in zip(self.colour, values, strict=True):
            sums[colour] += value
        return tuple(sums)

    def unfolding(self, program: Program, sums: Sequence[int]) -> Program:
        """The whole program, held to the sums: its solutions are those that fold into them."""
        held = Program()
        held.rows, held.low, held.high = list(program.rows), list(program.low), list(program.high)
        members: dict[int, list[int]] = {}
        for v, colour in enumerate(self.colour):
            members.setdefault(colour, []).append(v)
        for colour, own in members.items():
            if sums[colour] == self.program.low[colour]:
                held.high = _set(held.high, own, held.low)
            elif sums[colour] == self.program.high[colour]:
                held.low = _set(held.low, own, held.high)
            else:
                held.row([(v, 1) for v in own], low=sums[colour], high=sums[colour])
        return held


def _set(bounds: list[float], own: Sequence[int], others: Sequence[float]) -> list[float]:
    for v in own:
        bounds[v] = others[v]
    return bounds


def fold(program: Program, goals: Sequence[Goal]) -> Folding | None:
    """The folded program; None where too little would be gained."""
    import numpy as np

    if not program.rows:
        return None
    entries = _entries(program)
    colours, row_colours = _refined(program, goals, entries)
    count = int(colours.max()) + 1
    if count > WORTH * len(program.low):
        return None
    sums = _sums(colours, row_colours, entries)
    if sums is None:
        return None
    folded = Program()
    sizes = np.bincount(colours, minlength=count)
    first = np.unique(colours, return_index=True)[1]
    folded.low = [program.low[v] * int(n) for v, n in zip(first, sizes, strict=True)]
    folded.high = [program.high[v] * int(n) for v, n in zip(first, sizes, strict=True)]
    _add_rows(folded, program, row_colours, sums)
    colour = tuple(int(c) for c in colours)
    folded.shapes = [sorted({colour[v] for v in shape}) for shape in program.shapes]
    chosen = {int(v): i for i, v in enumerate(first)}
    kept = tuple(
        goal(g.name, [(chosen[v], c) for v, c in g.entries if v in chosen], in_points=g.in_points) for g in goals
    )
    return Folding(folded, kept, colour)


def _entries(program: Program) -> tuple[Numbers, Numbers, Numbers]:
    """Row, variable and coefficient of everything in the rows."""
    import numpy as np

    rows = np.repeat(np.arange(len(program.rows)), [len(entries) for _, _, entries in program.rows])
    variables = np.fromiter((v for _, _, entries in program.rows for v, _ in entries), dtype=np.int64)
    numbers = np.fromiter((c for _, _, entries in program.rows for _, c in entries), dtype=np.float64)
    return rows, variables, numbers


def _refined(
    program: Program, goals: Sequence[Goal], entries: tuple[Numbers, Numbers, Numbers]
) -> tuple[Numbers, Numbers]:
    """Colours of variables and of rows, refined by turns with hashes of what stands beside them."""
    import numpy as np

    rows, variables, numbers = entries
    in_goals: list[list[tuple[int, float]]] = [[] for _ in program.low]
    for i, each in enumerate(goals):
        for v, c in each.entries:
            in_goals[v].append((i, c))
    keys = zip(program.low, program.high, map(tuple, in_goals), strict=True)
    colours = _numbered(list(keys))
    row_colours = _numbered([(low, high) for low, high, _ in program.rows])
    kinds = np.unique(numbers, return_inverse=True)[1].astype(np.uint64)
    for _ in range(ROUNDS):
        before = int(colours.max()) + int(row_colours.max())
        row_colours = _split(row_colours, rows, _mixed(colours[variables], kinds))
        colours = _split(colours, variables, _mixed(row_colours[rows], kinds))
        if int(colours.max()) + int(row_colours.max()) == before:
            break
    return colours, row_colours


def _numbered(keys: Sequence[object]) -> Numbers:
    import numpy as np

    known: dict[object, int] = {}
    return np.array([known.setdefault(key, len(known)) for key in keys], dtype=np.int64)


def _mixed(colours: Numbers, kinds: Numbers) -> Numbers:
    """A hash of each entry's colour and coefficient (the finaliser of splitmix64)."""
    import numpy as np

    x = colours.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + (kinds + np.uint64(1)) * np.uint64(
        0xD1342543DE82EF95
    )
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Numbers = x ^ (x >> np.uint64(31))
    return mixed


def _split(colours: Numbers, owners: Numbers, hashes: Numbers) -> Numbers:
    """The colours, split where the sums of hashes beside the owners differ."""
    import numpy as np

    beside = np.zeros(len(colours), dtype=np.uint64)
    np.add.at(beside, owners, hashes)
    joined = _mixed(colours, np.zeros(1, dtype=np.uint64)) + beside
    return np.unique(joined, return_inverse=True)[1].astype(np.int64)


def _sums(
    colours: Numbers, row_colours: Numbers, entries: tuple[Numbers, Numbers, Numbers]
) -> dict[tuple[int, int], float] | None:
    """By colours of row and variable: the coefficients of any such variable in all such rows, summed. None where
    variables of one colour differ in it, which the hashes should exclude."""
    import numpy as np

    rows, variables, numbers = entries
    count = int(row_colours.max()) + 1
    pairs, place = np.unique(variables * count + row_colours[rows], return_inverse=True)
    summed = np.zeros(len(pairs))
    np.add.at(summed, place, numbers)
    owners, beside = pairs // count, pairs % count
    together, where = np.unique(colours[owners] * count + beside, return_inverse=True)
    least, most = np.full(len(together), math.inf), np.full(len(together), -math.inf)
    np.minimum.at(least, where, summed)
    np.maximum.at(most, where, summed)
    sizes = np.bincount(colours)
    present = np.bincount(where)
    if (least != most).any() or (present != sizes[together // count]).any():
        return None
    return {(int(t % count), int(t // count)): float(s) for t, s in zip(together, least, strict=True)}


def _add_rows(folded: Program, program: Program, row_colours: Numbers, sums: dict[tuple[int, int], float]) -> None:
    """For each colour of rows their sum."""
    import numpy as np

    entries: dict[int, list[Entry]] = {}
    for (row, variable), coefficient in sums.items():
        entries.setdefault(row, []).append((variable, coefficient))
    sizes = np.bincount(row_colours)
    for colour, first in zip(*np.unique(row_colours, return_index=True), strict=True):
        low, high, _ = program.rows[int(first)]
        own = [(v, c) for v, c in entries.get(int(colour), []) if c]
        count = int(sizes[colour])
        folded.row(own, low=low * count if low else 0.0, high=high * count if high else 0.0)
