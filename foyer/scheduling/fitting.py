"""How many meetings of one group fit into a week, the group taken alone (H8, H12, H13)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from foyer.scheduling.problem import Period, StartPattern, TeachingGroup


@dataclass(frozen=True, slots=True, order=True)
class _Span:
    day: int
    end: int
    start: int

    def meets(self, other: _Span) -> bool:
        return self.day == other.day and self.start < other.end and other.start < self.end


def most_meetings(
    group: TeachingGroup,
    usable: Iterable[StartPattern],
    blocks: Mapping[str, Period],
    pinned: Collection[tuple[str, ...]] = (),
) -> int:
    """The meetings pinned, and as many more as fit: day by day the patterns that end first, disjoint, at most so many
    a day, days far enough apart. Taking the earliest is optimal for intervals and for distances between days alike."""
    taken = [_span(periods, blocks) for periods in pinned]
    for span in sorted({_span(pattern.periods, blocks) for pattern in usable}):
        same_day = [t for t in taken if t.day == span.day]
        if (
            len(same_day) < group.most_per_day
            and not any(span.meets(t) for t in same_day)
            and all(abs(span.day - t.day) >= group.days_between for t in taken)
        ):
            taken.append(span)
    return len(taken)


def _span(periods: tuple[str, ...], blocks: Mapping[str, Period]) -> _Span:
    first, last = blocks[periods[0]], blocks[periods[-1]]
    return _Span(first.day, last.end, first.start)
