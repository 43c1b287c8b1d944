"""Conflict groups that the problem names: at most one of their groups meets at a time (H11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Plan, Violation


def violations(index: Index, plan: Plan) -> Iterator[Violation]:
    """Two groups of a conflict group meet at one time in some week. Two meetings of one group at once are reported
    elsewhere."""
    at: dict[str, set[str]] = defaultdict(set)
    for meeting in plan.meetings:
        for period in meeting.periods:
            at[period].add(meeting.group)
    for conflict in index.problem.conflicts:
        own = set(conflict.groups)
        for period, groups in sorted(at.items()):
            for a, b in combinations(sorted(groups & own), 2):
                if index.share_weeks(index.groups[a].weeks, index.groups[b].weeks):
                    yield Violation("conflict_twice", (conflict.id, a, b), period)
