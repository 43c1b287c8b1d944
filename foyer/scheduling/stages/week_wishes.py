"""Conflict groups (H11) and the wishes s9 to s12 and s16 in the model of a week; ``week_points`` counts the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from foyer.scheduling.problem import ConflictGroup
from foyer.scheduling.stages.week import Week, used_by_group

HALVES = ("odd", "even")  # weeks


def conflicts_meet_once(week: Week) -> None:
    """At any time of any week at most one meeting of a conflict group's groups."""
    groups = week.index.groups
    for conflict in week.index.problem.conflicts:
        is_split = any(groups[g].weeks != "all" for g in conflict.groups)
        for half in HALVES if is_split else HALVES[:1]:
            own = [g for g in conflict.groups if groups[g].weeks in ("all", half)]
            for period in week.index.periods:
                booleans = [x for group in own for x in week.covering(group, period)]
                if len(booleans) > 1:
                    week.model.add_at_most_one(booleans)


def add_wishes(week: Week, sizes: Mapping[str, int]) -> None:
    """The points of s9 to s12 and s16 for groups of these numbers of residents."""
    _seats(week, sizes)
    _days(week)
    _further_venues(week)
    if week.index.problem.weights.lecture_alone:
        for conflict in week.index.problem.conflicts:
            if conflict.counts_alone:
                _alone(week, conflict)


def _seats(week: Week, sizes: Mapping[str, int]) -> None:
    index, weights = week.index, week.index.problem.weights
    for (group, _, kind, name), held in week.held.items():
        if kind == "venue":
            people = index.people(index.groups[group], sizes[group])
            short = (weights.seat_short or 0) * index.seats_short(name, people)
            large = weights.large_venue * index.is_too_large(name, people)
            if short or large:
                week.cost.append((short + large, held))


def _further_venues(week: Week) -> None:
    """All venues that a group uses, less one."""
    weight = week.index.problem.weights.further_venue
    for group, used in used_by_group(week, "venue").items() if weight else ():
        if week.index.groups[group].meetings:
            week.cost.append((weight, sum(used) - 1))


def _days(week: Week) -> None:
    by_day: dict[str, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for (name, i), start in week.start.items():
        by_day[name][week.index.periods[week.pattern(name, i).periods[0]].day].append(start)
    for group_id, days in sorted(by_day.items()):
        group, weight = week.index.groups[group_id], week.index.problem.weights.fewer_days
        wished = group.wished_days if group.meetings else 0
        if wished < 2 or not weight:
            continue  # whoever meets at all meets on one day
        used = []
        for starts in days.values():
            used.append(week.model.new_bool_var("day"))
            week.model.add(used[-1] <= sum(starts))
        missing = week.model.new_int_var(0, wished, "missing")
        week.model.add(missing >= wished - sum(used))
        week.cost.append((weight, missing))


def _alone(week: Week, conflict: ConflictGroup) -> None:
    """Meetings of one conflict group that take the same periods in the same weeks exclude each other: one variable
    for all of them."""
    index = week.index
    alike: dict[tuple[tuple[str, ...], str], list[Any]] = defaultdict(list)
    for group in conflict.groups:
        for i, pattern in enumerate(index.groups[group].patterns):
            if (group, i) in week.start:
                alike[pattern.periods, index.groups[group].weeks].append(week.start[group, i])
    for (periods, weeks), starts in sorted(alike.items()):
        beside = [
            x
            for group in conflict.groups
            if index.share_weeks(weeks, index.groups[group].weeks)
            for period in index.beside(periods)
            for x in week.covering(group, period)
        ]
        alone = week.model.new_bool_var("alone")
        week.model.add(alone >= sum(starts) - sum(beside))
        week.cost.append((index.problem.weights.lecture_alone, alone))
