"""Rules about the order of a week and about one resident's day (H12): which group meets first, how much of a day
meetings may take, and how long without a break."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from foyer.scheduling.index import Index
from foyer.scheduling.weeks import at_once, kinds

if TYPE_CHECKING:
    from foyer.scheduling.stages.week import Week

MEETS = 1  # of a group that surely opens


def in_order(week: Week, opened: Mapping[str, Any]) -> None:
    """A group follows others: each of its meetings begins after one of theirs has ended, where both meet in a week.
    ``opened``: the groups that may meet, and the variable that says so, or MEETS."""
    index = week.index
    for name in opened:
        for other in index.groups[name].follows:
            if other in opened and index.groups[other].meetings and _share_a_week(index, name, other):
                _after(week, name, other, opened[other])


def _share_a_week(index: Index, a: str, b: str) -> bool:
    return at_once(index.groups[a].weeks, index.groups[b].weeks)


def _after(week: Week, name: str, other: str, opened: Any) -> None:
    first = [(_ends(week, other, i), x) for (group, i), x in week.start.items() if group == other]
    for (group, i), start in week.start.items():
        if group == name:
            begins = _begins(week, name, i)
            earlier = [x for ends, x in first if ends <= begins]
            week.model.add(sum(earlier) >= start + opened - 1)


def _begins(week: Week, group: str, i: int) -> tuple[int, int]:
    block = week.index.periods[week.pattern(group, i).periods[0]]
    return block.day, block.start


def _ends(week: Week, group: str, i: int) -> tuple[int, int]:
    block = week.index.periods[week.pattern(group, i).periods[-1]]
    return block.day, block.end


def limited_days(week: Week, groups: Sequence[str], only_if: Any | None = None) -> None:
    """Whoever is in all these groups has no day with too many meeting periods, or too many in a row. ``only_if``: the
    Boolean on which that depends."""
    index = week.index
    for kind in kinds(index.groups[g].weeks for g in groups):
        own = [g for g in groups if at_once(index.groups[g].weeks, kind)]
        for periods, most in windows(index):
            taken = [x for p in periods for g in own for x in week.covering(g, p)]
            if len(taken) > most:
                rule = week.model.add(sum(taken) <= most)
                if only_if is not None:
                    rule.only_enforce_if(only_if)


def windows(index: Index) -> Iterator[tuple[tuple[str, ...], int]]:
    """Periods of a day of which meetings may take at most so many: all of them; and within one run, one more than may
    follow each other."""
    rules = index.problem.day_rules
    for day in index.days.values():
        if rules.most_periods is not None:
            yield day, rules.most_periods
        if rules.most_in_a_row is not None:
            length = rules.most_in_a_row + 1
            for i in range(len(day) - length + 1):
                if len({index.periods[p].run for p in day[i : i + length]}) == 1:
                    yield day[i : i + length], rules.most_in_a_row


def has_day_rules(index: Index) -> bool:
    return any(True for _ in windows(index))


def limited_days_by_seat(week: Week, seats: Mapping[tuple[str, str], Any]) -> None:
    """The same where seats are still to be chosen: one permission for each combination of groups that somebody could
    have, however few of his needs are met."""
    if not has_day_rules(week.index):
        return
    permissions: dict[tuple[str, ...], Any] = {}
    for resident, options in _options(week.index, seats).items():
        for combination in _combinations(options):
            if combination not in permissions:
                permissions[combination] = week.model.new_bool_var("")
                limited_days(week, combination, permissions[combination])
            absent = [seats[resident, group].negated() for group in combination]
            week.model.add_bool_or(*absent, permissions[combination])


def _options(index: Index, seats: Iterable[tuple[str, str]]) -> dict[str, list[list[str]]]:
    """For each resident the groups for each need: he takes at most one of each."""
    found: dict[str, dict[tuple[str, str], list[str]]] = {}
    for resident, name in seats:
        group = index.groups[name]
        need = (group.kind, "" if group.kind == "vocational" else group.subject)
        found.setdefault(resident, {}).setdefault(need, []).append(name)
    return {resident: list(own.values()) for resident, own in found.items()}


def _combinations(options: Collection[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    for chosen in product(*(("", *own) for own in options)):
        if any(chosen):
            yield tuple(sorted(filter(None, chosen)))
