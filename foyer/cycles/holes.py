"""Holes in a resident's day: free blocks of the house's grid between two sessions of the same day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from foyer.cycles.models import PlanMeeting
from foyer.database import db
from foyer.residences.models import BlockKind, GridBlock

Hours = tuple[int, int, int]  # weekday, first and last minute


@dataclass(frozen=True)
class PlannedWeek:
    """The house's blocks for activities by weekday, and which of them each group takes: (weekday, start)."""

    blocks: dict[int, list[tuple[int, int]]]
    taken: dict[int, set[tuple[int, int]]]


def load_week(residence_id: int, meetings: Iterable[PlanMeeting]) -> PlannedWeek:
    """The grid with these meetings in it; one query."""
    rows = db.session.execute(
        select(GridBlock.weekday, GridBlock.start_minute, GridBlock.end_minute)
        .where(GridBlock.residence_id == residence_id, GridBlock.kind == BlockKind.ACTIVITY)
        .order_by(GridBlock.weekday, GridBlock.start_minute)
    )
    blocks: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for weekday, start, end in rows:
        blocks[weekday].append((start, end))
    taken: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for m in meetings:
        taken[m.group_id] |= _blocks_within(blocks, (m.weekday, m.start_minute, m.end_minute))
    return PlannedWeek(blocks, taken)


def holes_of(week: PlannedWeek, group_ids: Iterable[int], outside_hours: Sequence[Sequence[int]]) -> int:
    """How many free blocks of a week lie between two sessions of one day, counted as the engine counts them: hours
    outside of the house (school) are sessions too, individual counselling fills no hole since it changes by weeks."""
    busy = set().union(*(week.taken.get(group, set()) for group in group_ids))
    for weekday, start, end in outside_hours:
        busy |= _blocks_within(week.blocks, (weekday, start, end))
    return sum(_holes_of_day([(day, start) in busy for start, _ in blocks]) for day, blocks in week.blocks.items())


def _blocks_within(blocks: dict[int, list[tuple[int, int]]], hours: Hours) -> set[tuple[int, int]]:
    weekday, first, last = hours
    return {(weekday, start) for start, end in blocks.get(weekday, ()) if start < last and first < end}


def _holes_of_day(busy: Sequence[bool]) -> int:
    taken = [position for position, is_busy in enumerate(busy) if is_busy]
    return taken[-1] - taken[0] + 1 - len(taken) if taken else 0
