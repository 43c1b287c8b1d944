"""A week as it is shown: days, the house's blocks, and what happens in them. Knows no database and no engine.

Whoever has sessions builds a ``Week``; ``templates/components/week.html`` draws it. Days may keep different
hours (Friday prayer is longer), and still share rows: a block that differs a little from that of most days
sits in the row it overlaps and says its own hours.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

BlockKind = Literal["activity", "protected"]
SessionKind = Literal["class", "education", "appointment", "other"]


@dataclass(frozen=True, slots=True)
class Door:
    """Where a session can be asked about. ``what``: what it is of, as scripts name it; ``ask``: the query by which they
    ask for its other hours; ``at``: its day and start, "0-480"."""

    url: str
    what: str
    ask: str
    at: str


@dataclass(frozen=True, slots=True)
class WeekSession:
    title: str
    place: str = ""
    person: str = ""
    kind: SessionKind = "class"
    note: str = ""
    start: int | None = None  # minutes after midnight, where the session is shorter than its block
    end: int | None = None
    url: str | None = None
    door: Door | None = None  # on pages that answer questions about a plan


@dataclass(frozen=True, slots=True)
class Block:
    """One stretch of the house's daily grid, with what is planned in it."""

    start: int  # minutes after midnight
    end: int
    name: str = ""
    kind: BlockKind = "activity"
    sessions: tuple[WeekSession, ...] = ()

    @property
    def is_protected(self) -> bool:
        return self.kind == "protected"


@dataclass(frozen=True, slots=True)
class WeekDay:
    weekday: int  # 0 Monday to 6 Sunday
    label: str
    blocks: tuple[Block, ...] = ()
    date: date | None = None
    is_today: bool = False
    holiday: str | None = None
    note: str = ""  # why the day keeps other hours than usual


@dataclass(frozen=True, slots=True)
class Week:
    days: tuple[WeekDay, ...]

    @property
    def rows(self) -> list[Row]:
        return rows(self)


@dataclass(frozen=True, slots=True)
class Cell:
    block: Block | None
    own_hours: bool = False  # the block's hours differ from the row's
    span: int = 1  # neighbouring days that share one protected band
    is_today: bool = False

    @property
    def says_own_hours(self) -> bool:
        """Whether the reader would be misled without them: sessions that say their own hours need no more."""
        if self.block is None or not self.own_hours:
            return False
        return self.block.is_protected or any(session.start is None for session in self.block.sessions)


@dataclass(frozen=True, slots=True)
class Row:
    start: int
    end: int
    cells: tuple[Cell, ...]

    @property
    def is_protected(self) -> bool:
        blocks = [cell.block for cell in self.cells if cell.block]
        return bool(blocks) and all(block.is_protected for block in blocks)


@dataclass(slots=True)
class _Line:
    """A row under construction: its hours, and the block of each day by the day's position."""

    start: int
    end: int
    blocks: dict[int, Block] = field(default_factory=dict)

    def overlap(self, block: Block) -> int:
        return min(self.end, block.end) - max(self.start, block.start)


def rows(week: Week) -> list[Row]:
    """The table's rows from morning to night, one cell a day; equal protected neighbours are joined."""
    lines: list[_Line] = []
    for start, end in _hours_by_frequency(week):
        for position, day in enumerate(week.days):
            for block in day.blocks:
                if (block.start, block.end) == (start, end):
                    _place(lines, position, block)
    lines.sort(key=lambda line: (line.start, line.end))
    return [_finish(line, week.days) for line in lines]


def _hours_by_frequency(week: Week) -> list[tuple[int, int]]:
    counts = Counter((block.start, block.end) for day in week.days for block in day.blocks)
    return sorted(counts, key=lambda hours: (-counts[hours], hours))


def _place(lines: list[_Line], position: int, block: Block) -> None:
    """Into the row with the same hours, else the row it overlaps most that is still empty on that day."""
    fitting = [line for line in lines if position not in line.blocks and line.overlap(block) > 0]
    if fitting:
        best = max(fitting, key=lambda line: (_same_hours(line, block), line.overlap(block)))
        best.blocks[position] = block
    else:
        lines.append(_Line(block.start, block.end, {position: block}))


def _same_hours(line: _Line, block: Block) -> bool:
    return (line.start, line.end) == (block.start, block.end)


def _finish(line: _Line, days: tuple[WeekDay, ...]) -> Row:
    cells: list[Cell] = []
    for position, day in enumerate(days):
        block = line.blocks.get(position)
        own_hours = block is not None and not _same_hours(line, block)
        cell = Cell(block=block, own_hours=own_hours, is_today=day.is_today)
        if cells and _joins(cells[-1], cell):
            cells[-1] = Cell(block=cells[-1].block, span=cells[-1].span + 1)
        else:
            cells.append(cell)
    return Row(line.start, line.end, tuple(cells))


def _joins(left: Cell, right: Cell) -> bool:
    if left.block is None or right.block is None:
        return False
    quiet = left.block.is_protected and not left.block.sessions and not right.block.sessions
    return quiet and left.block == right.block and not left.own_hours and not right.own_hours
