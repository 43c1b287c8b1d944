"""The house's daily grid as the engine's periods: which blocks follow each other, and where a meeting may lie.

A *run* is a row of activity blocks of one day with breaks of at most half an hour and no protected block between:
one meeting may span it. A meeting never crosses lunch or prayer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from foyer.residences.models import BlockKind, GridBlock
from foyer.residences.variants import LONGEST_BREAK
from foyer.scheduling.problem import Period, StartPattern

MIDDAY = 12 * 60
LATE_AFTERNOON = 15 * 60
EVENING = 18 * 60

PARTS = {  # part of the day: [earliest, latest) start of a meeting
    "morning": (0, MIDDAY),
    "afternoon": (MIDDAY, EVENING),
    "late_afternoon": (LATE_AFTERNOON, EVENING),
    "evening": (EVENING, 24 * 60),
}


def periods_of(blocks: Iterable[GridBlock]) -> tuple[Period, ...]:
    """The activity blocks as periods, named by the block's id, with the run each belongs to."""
    periods: list[Period] = []
    run = 0
    last: Period | None = None
    interrupted = True
    for block in sorted(blocks, key=lambda b: (b.weekday, b.start_minute)):
        if block.kind is BlockKind.PROTECTED:
            interrupted = True
            continue
        follows = last is not None and last.day == block.weekday and block.start_minute - last.end <= LONGEST_BREAK
        if interrupted or not follows:
            run += 1
        last = Period(str(block.id), block.weekday, block.start_minute, block.end_minute, run)
        periods.append(last)
        interrupted = False
    return tuple(periods)


def patterns_of(periods: Sequence[Period], *, minutes: int | None, parts: Sequence[str]) -> tuple[StartPattern, ...]:
    """Where one meeting may lie: from each block on, the consecutive blocks of its run that first reach ``minutes``
    (None: one block), starting in one of the parts of the day asked for (none: any)."""
    patterns = []
    for i, first in enumerate(periods):
        if not _starts_in(first, parts):
            continue
        taken = _reach(periods, i, minutes)
        if taken:
            patterns.append(StartPattern(tuple(p.id for p in taken)))
    return tuple(patterns)


def _starts_in(period: Period, parts: Sequence[str]) -> bool:
    if not parts:
        return True
    hours = [PARTS[part] for part in parts if part in PARTS]
    return any(earliest <= period.start < latest for earliest, latest in hours)


def _reach(periods: Sequence[Period], i: int, minutes: int | None) -> list[Period]:
    taken: list[Period] = []
    for period in periods[i:]:
        if period.run != periods[i].run:
            return []
        taken.append(period)
        if minutes is None or sum(p.end - p.start for p in taken) >= minutes:
            return taken
    return []


def overlapped(periods: Iterable[Period], hours: Iterable[tuple[int, int, int]]) -> tuple[str, ...]:
    """The periods that touch any of the given hours of the week (weekday, start, end)."""
    spans = list(hours)
    return tuple(
        p.id for p in periods if any(p.day == day and p.start < end and start < p.end for day, start, end in spans)
    )
