"""Other hours on some dates (Ramadan, exam weeks): what becomes of the usual blocks, and of the sessions in them.

The plan keeps one weekly pattern. On the dates of a variant each block of it moves to other hours, or falls out, and
the sessions move with their block: one that fills its block fills it still, one that takes a part of it (individual
counselling) takes the same part of the shorter block. Blocks never overlap, so nobody is in two places on these dates
either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from foyer.residences.models import BlockKind, DayVariant, GridBlock

LONGEST_BREAK = 30  # minutes between two blocks that one session may span
_STEP = 5  # minutes to which the part of a shorter block is rounded

Hours = tuple[int, int]  # minutes after midnight


@dataclass(frozen=True, slots=True)
class DayBlock:
    """A block of the house's day as it is on one date or weekday."""

    start: int
    end: int
    name: str
    kind: BlockKind


@dataclass(frozen=True, slots=True)
class BlockChange:
    """What becomes of a block on some weekdays. ``usual`` None: a block that only these dates have; ``hours`` None: the
    block falls out; ``name`` empty: it is called as usual."""

    days: tuple[int, ...]
    usual: Hours | None
    hours: Hours | None
    name: str = ""


def changes_of(variant: DayVariant) -> tuple[BlockChange, ...]:
    """A variant's entries."""
    return tuple(
        BlockChange(
            days=tuple(entry["days"]),
            usual=tuple(entry["usual"]) if entry["usual"] else None,  # type: ignore[arg-type]
            hours=tuple(entry["hours"]) if entry["hours"] else None,  # type: ignore[arg-type]
            name=entry.get("name", ""),
        )
        for entry in variant.hours
    )


def stored(changes: Iterable[BlockChange]) -> list[dict[str, object]]:
    """Entries as the row keeps them."""
    return [
        {
            "days": list(change.days),
            "usual": list(change.usual) if change.usual else None,
            "hours": list(change.hours) if change.hours else None,
            "name": change.name,
        }
        for change in changes
    ]


def usual_blocks(blocks: Iterable[GridBlock], weekday: int) -> list[DayBlock]:
    """The day as it is without a variant, in order."""
    own = [DayBlock(b.start_minute, b.end_minute, b.name, b.kind) for b in blocks if b.weekday == weekday]
    return sorted(own, key=lambda block: block.start)


def changed_blocks(changes: Sequence[BlockChange], blocks: Iterable[GridBlock], weekday: int) -> list[DayBlock]:
    """The day as it is with these changes, in order."""
    own = [change for change in changes if weekday in change.days]
    by_usual = {change.usual: change for change in own}
    day: list[DayBlock] = []
    for block in usual_blocks(blocks, weekday):
        change = by_usual.get((block.start, block.end))
        if change is None:
            day.append(block)
        elif change.hours is not None:
            day.append(DayBlock(*change.hours, change.name or block.name, block.kind))
    day += [
        DayBlock(*change.hours, change.name, BlockKind.PROTECTED)
        for change in own
        if change.usual is None and change.hours is not None
    ]
    return sorted(day, key=lambda block: (block.start, block.end))


def first_overlap(day: Sequence[DayBlock]) -> tuple[DayBlock, DayBlock] | None:
    """Two blocks of a day (in order) that overlap, if there are any."""
    return next(((a, b) for a, b in pairwise(day) if b.start < a.end), None)


def moved(changes: Sequence[BlockChange], weekday: int, hours: Hours) -> list[Hours]:
    """When a session of the weekly pattern takes place: its stretches in order, usually one; none where it falls out.
    A session in blocks that no entry names keeps its hours."""
    start, end = hours
    own = [change for change in changes if weekday in change.days]
    touched = [c for c in own if c.usual is not None and c.usual[0] < end and start < c.usual[1]]
    if not touched:
        return [hours]
    parts = [_part(change.usual, change.hours, hours) for change in touched if change.usual and change.hours]
    parts += _left([change.usual for change in touched if change.usual], hours)
    return _joined(sorted(part for part in parts if part[0] < part[1]), own)


def _left(usual: Sequence[Hours], hours: Hours) -> list[Hours]:
    """What of a session lies in no block named, breaks aside: the day got another block since the variant was made."""
    edges = [(hours[0], hours[0]), *sorted(usual), (hours[1], hours[1])]
    gaps = [(before[1], after[0]) for before, after in pairwise(edges)]
    return [gap for gap in gaps if gap[1] - gap[0] > LONGEST_BREAK]


def _part(usual: Hours, new: Hours, hours: Hours) -> Hours:
    """What is in the changed block of a session's share of the usual one."""
    first, last = max(hours[0], usual[0]), min(hours[1], usual[1])
    return _place(usual, new, first), _place(usual, new, last)


def _place(usual: Hours, new: Hours, minute: int) -> int:
    """Where a minute of the usual block lies in the changed one; the ends on the ends, the order kept."""
    length, room = usual[1] - usual[0], new[1] - new[0]
    if length == room:
        return new[0] + minute - usual[0]
    if minute == usual[1]:
        return new[1]
    return new[0] + (minute - usual[0]) * room // length // _STEP * _STEP


def _joined(parts: Sequence[Hours], changes: Sequence[BlockChange]) -> list[Hours]:
    """Neighbouring stretches as one, as far as only a short break and no other block lies between them."""
    joined: list[Hours] = []
    for part in parts:
        gap = (joined[-1][1], part[0]) if joined else None
        if gap is not None and gap[1] - gap[0] <= LONGEST_BREAK and not _is_taken(gap, changes):
            joined[-1] = (joined[-1][0], part[1])
        else:
            joined.append(part)
    return joined


def _is_taken(gap: Hours, changes: Sequence[BlockChange]) -> bool:
    return any(c.hours is not None and c.hours[0] < gap[1] and gap[0] < c.hours[1] for c in changes)
