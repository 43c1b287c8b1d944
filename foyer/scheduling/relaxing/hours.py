"""Groups that cannot meet often enough even alone: whose hours help, or how few meetings do (H8, H9, H12)."""

from __future__ import annotations

from collections.abc import Iterator

from foyer.scheduling.index import Index
from foyer.scheduling.problem import TeachingGroup
from foyer.scheduling.relaxing.apply import relaxed
from foyer.scheduling.relaxing.forms import Prices, Relaxation

Lift = tuple[str, str, str]  # kind, who, period


def for_the_week_of(index: Index, group: TeachingGroup, prices: Prices) -> Iterator[tuple[Relaxation, ...]]:
    """Different ways to let the group meet: hours of its instructors, of its venues, of its own, of all of them; more
    meetings a day; fewer meetings. Each is minimal: no period less would do."""
    used = {p for pattern in group.patterns for p in pattern.periods}
    by_kind = {
        "instructor": [(i, index.instructors[i].unavailable) for i in group.instructors],
        "venue": [(v, index.venues[v].unavailable) for v in group.venues],
        "group": [(group.id, group.unavailable)],
    }
    lifts = {
        kind: [(kind, who, p) for who, away in dict.fromkeys(own) for p in away if p in used]
        for kind, own in by_kind.items()
    }
    found = False
    for kind in lifts:
        if _suffices(index, group, lifts[kind], prices):
            yield _minimal(index, group, lifts[kind], prices)
            found = True
    every = [lift for own in lifts.values() for lift in own]
    if not found and _suffices(index, group, every, prices):
        yield _minimal(index, group, every, prices)
    for most in range(group.most_per_day + 1, group.meetings + 1):
        more = Relaxation("day_more", (("group", group.id), ("meetings", most)), points=prices.day)
        there = Index(relaxed(index.problem, (more,)))
        if there.can_attend(there.groups[group.id], ()):
            yield (more,)
            break
    possible = index.most_meetings(group)
    if 0 < possible < group.meetings:
        said = (("group", group.id), ("meetings", possible))
        yield (Relaxation("meetings_fewer", said, points=prices.meeting * (group.meetings - possible)),)


def _suffices(index: Index, group: TeachingGroup, lifts: list[Lift], prices: Prices) -> bool:
    if not lifts:
        return False
    there = Index(relaxed(index.problem, _said(lifts, prices)))
    return there.can_attend(there.groups[group.id], ())


def _minimal(index: Index, group: TeachingGroup, lifts: list[Lift], prices: Prices) -> tuple[Relaxation, ...]:
    """Without every period that can be spared, the last first."""
    for lift in reversed(lifts):
        fewer = [other for other in lifts if other != lift]
        if _suffices(index, group, fewer, prices):
            lifts = fewer
    return _said(lifts, prices)


def _said(lifts: list[Lift], prices: Prices) -> tuple[Relaxation, ...]:
    periods: dict[tuple[str, str], list[str]] = {}
    for kind, who, period in lifts:
        periods.setdefault((kind, who), []).append(period)
    return tuple(
        Relaxation("hours", (("kind", kind), ("who", who), ("periods", " ".join(own))), points=prices.hour * len(own))
        for (kind, who), own in periods.items()
    )
