"""Classes, education, electives and times in one model: for houses where the seats found first allow no timetable.

The seating stages ignore the week, so their optima bound the whole from below. This model frees the seats again and
minimises the same levels in the same order, each from that bound on: a level that reaches its bound is proven at once,
another is minimised here. Gaps in the day are left to the times stage, which follows with the new seats.

Two groups may share a resident only where they never meet at once; a group may have a resident only where it never
meets while he is away. One Boolean for each such permission keeps the model small.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby, product
from typing import TYPE_CHECKING, Any

from foyer.scheduling.cpsat import Searched, search, spoken
from foyer.scheduling.index import Index
from foyer.scheduling.leximin import Leximin
from foyer.scheduling.plan import Level, Meeting
from foyer.scheduling.problem import GroupKind, Problem
from foyer.scheduling.program import Goal, goal
from foyer.scheduling.run import Run
from foyer.scheduling.stages.day_rules import in_order, limited_days_by_seat
from foyer.scheduling.stages.fairness import losses, merged, position
from foyer.scheduling.stages.places import is_leximin, read, shared_out
from foyer.scheduling.stages.seating import Seating, Seats
from foyer.scheduling.stages.together import kinds_tied, program
from foyer.scheduling.stages.week import Week, add_group, exclusive
from foyer.scheduling.stages.week import read as read_week
from foyer.scheduling.stages.week_wishes import conflicts_meet_once

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

STAGE = "classes"
HOW = "CP-SAT, together with the times"
CENT = 100  # points are counted in hundredths: CP-SAT knows whole numbers only


@dataclass(frozen=True, slots=True)
class Joint:
    """What the model decided: seats of all kinds and meetings that fit them. ``placed`` is empty where nothing was
    found; ``is_impossible`` where it is proven that nothing can be."""

    placed: dict[GroupKind, Seats]
    meetings: tuple[Meeting, ...]
    is_impossible: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """Kinds of group that are filled together, inside the model."""

    made: Seating
    own: dict[GroupKind, list[Goal]]  # each kind's levels
    goals: tuple[Goal, ...]
    bounds: tuple[float, ...]  # of these kinds alone, level by level
    variables: list[Any]

    def cents(self, goal: Goal) -> Any:
        return sum(round(c * CENT) * self.variables[v] for v, c in goal.entries)


def seat_and_time(run: Run, before: Mapping[GroupKind, Seats]) -> Joint:
    """Solve the seating stages together with the week. ``before`` is what they found without it."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    parts = [_part(run.index, model, kinds, before) for kinds in kinds_tied(run.index)]
    week = Week(run.index, model)
    link(
        week,
        {pair: part.variables[x] for part in parts for pair, x in part.made.seat.items()},
        {group: part.variables[x] for part in parts for group, x in part.made.opened.items()},
    )
    found, bounds = _by_levels(run, model, parts, [x for p in parts for x in p.variables])
    if found is None or not found.is_feasible:
        return Joint({}, (), is_impossible=found is not None and found.is_proven)
    placed: dict[GroupKind, Seats] = {}
    for part in parts:
        placed |= _seats(run.index, part, found, bounds)
    return Joint(placed, read_week(week, found.value))


# Building


def _part(
    index: Index, model: cp_model.CpModel, kinds: tuple[GroupKind, ...], before: Mapping[GroupKind, Seats]
) -> _Part:
    """The program of these kinds, row by row, in the model."""
    made, own = program(index, kinds)
    goals = merged(index.problem, own.values())
    bounds = _bounds(index.problem, [level for kind in kinds for level in before[kind].levels])
    if is_leximin(index.problem, kinds):
        goals = [goals[0], *_lost(index, made, kinds, before[kinds[0]].levels, bounds), *goals[1:]]
    variables = spoken(model, made.program)
    return _Part(made, own, tuple(goals), tuple(bounds[g.name] for g in goals), variables)


def _bounds(problem: Problem, levels: Iterable[Level]) -> dict[str, float]:
    """What these kinds alone have proven, level by level; nothing behind a level that one of them left unproven."""
    bounds: dict[str, float] = defaultdict(float)
    holds = True
    for name, own in groupby(sorted(levels, key=lambda x: position(problem, x.name)), key=lambda x: x.name):
        each = list(own)
        bounds[name] = sum(level.bound for level in each) if holds else 0.0
        holds = holds and all(level.status == "optimal" for level in each)
    return bounds


def _lost(
    index: Index, made: Seating, kinds: Sequence[GroupKind], levels: Sequence[Level], bounds: dict[str, float]
) -> list[Goal]:
    """The levels of leximin at the values where the count rose, and just above each: together they hold all."""
    counted = Leximin(made.program, losses(index, made, kinds))
    goals: list[Goal] = []
    reached = 0.0
    for level in levels:
        value = int(level.name.removeprefix("lost_")) if level.name.startswith("lost_") else 0
        above = min((v for v in counted.values_of_loss if v > value), default=None)
        if value and above is not None:
            bounds.setdefault(f"lost_{above}", reached)
            goals.append(goal(f"lost_{above}", counted.losing(above), in_points=False))
        if value:
            goals.append(goal(f"lost_{value}", counted.losing(value), in_points=False))
            reached = level.value
    return list({g.name: g for g in goals}.values())


def link(week: Week, seats: dict[tuple[str, str], Any], opened: dict[str, Any]) -> None:
    """Meetings of open groups, and the permissions between groups and residents (H8 to H12). ``seats`` and ``opened``
    are the Booleans of who sits where and which group is open."""
    sizes: dict[str, Any] = defaultdict(int)
    for (_, group_id), x in seats.items():
        sizes[group_id] += x
    for group_id, is_open in opened.items():
        add_group(week, week.index.groups[group_id], blocked=(), size=sizes[group_id], opened=is_open)
    exclusive(week)
    conflicts_meet_once(week)
    _away(week, seats)
    _together(week, seats)
    _pinned_hours(week, seats)
    in_order(week, opened)
    limited_days_by_seat(week, seats)


def _pinned_hours(week: Week, seats: dict[tuple[str, str], Any]) -> None:
    """Groups of odd and of even weeks do not both take the period of an appointment that may lie in either (H13)."""
    own: dict[str, list[str]] = defaultdict(list)
    for resident, group in seats:
        if resident in week.index.pins.appointments:
            own[resident].append(group)
    for resident, groups in own.items():
        period = week.index.pins.appointments[resident].period
        for a, b in combinations(groups, 2):
            if not week.index.share_weeks(week.index.groups[a].weeks, week.index.groups[b].weeks):
                either = [seats[resident, a].negated(), seats[resident, b].negated()]
                for x, y in product(week.covering(a, period), week.covering(b, period)):
                    week.model.add_bool_or(*either, x.negated(), y.negated())


def _away(week: Week, seats: dict[tuple[str, str], Any]) -> None:
    """A resident sits only in groups that never meet while he is away (H10)."""
    permissions: dict[tuple[str, tuple[str, ...]], Any] = {}
    for (resident, group), seat in seats.items():
        away = week.index.away(week.index.residents[resident], week.index.groups[group].weeks)
        meeting = [x for p in away for x in week.covering(group, p)]
        if not meeting:
            continue
        if (group, away) not in permissions:
            permissions[group, away] = week.model.new_bool_var("")
            for start in meeting:
                week.model.add_implication(permissions[group, away], start.negated())
        week.model.add_implication(seat, permissions[group, away])


def _together(week: Week, seats: dict[tuple[str, str], Any]) -> None:
    """A resident sits only in groups that never meet at once (H10, H11)."""
    own: dict[str, list[str]] = {}
    for resident, group in seats:
        own.setdefault(resident, []).append(group)
    permissions: dict[tuple[str, str], Any] = {}
    for resident, groups in own.items():
        for a, b in combinations(groups, 2):
            if _same_need(week.index, a, b) or not _meet_in_a_week(week.index, a, b):
                continue
            if (a, b) not in permissions:
                permissions[a, b] = _permission(week, a, b)
            week.model.add_bool_or(seats[resident, a].negated(), seats[resident, b].negated(), permissions[a, b])


def _same_need(index: Index, a: str, b: str) -> bool:
    """Whether a resident sits in at most one of the two anyway."""
    one, other = index.groups[a], index.groups[b]
    return one.kind == other.kind and (one.kind == "vocational" or one.subject == other.subject)


def _meet_in_a_week(index: Index, a: str, b: str) -> bool:
    return index.share_weeks(index.groups[a].weeks, index.groups[b].weeks)


def _permission(week: Week, a: str, b: str) -> Any:
    permission = week.model.new_bool_var("")
    for period in week.index.periods:
        booleans = [*week.covering(a, period), *week.covering(b, period)]
        if booleans:
            week.model.add(sum(booleans) <= 1).only_enforce_if(permission)
    return permission


# Solving, level by level


def _by_levels(
    run: Run, model: cp_model.CpModel, parts: Sequence[_Part], variables: Iterable[Any]
) -> tuple[Searched | None, dict[str, float]]:
    """First everything at its bound at once: most often that is possible. Otherwise one level after the other. Gives
    the last search that found something, and the bound of each level of the whole."""
    levels = _levels(run.index.problem, parts)
    hinted = list(variables)
    found = _capped(run, model, levels)
    if found.is_feasible:
        return found, {name: least / CENT for name, _, least in levels}
    best: Searched | None = None
    proven: dict[str, float] = {}
    holds = True  # a stage's own bound holds while the levels above it are at theirs
    for name, cents, least in levels:
        model.minimize(cents)
        if holds:
            model.add(cents >= least)
        tried = search(run, STAGE, model, seconds=run.remaining() * (0.3 if best else 0.5))
        if not tried.is_feasible:
            if best is None:
                return tried, {}
            proven[name] = least / CENT if holds else 0.0
        else:
            best = tried
            proven[name] = best.value(cents) / CENT if tried.is_proven else max(0.0, tried.bound / CENT)
            if name.startswith("lost_"):
                proven[name] = least / CENT if holds else 0.0  # values between the levels are not tried here
        holds = holds and best.value(cents) <= least
        model.add(cents <= best.value(cents))
        model.clear_hints()
        for variable in hinted:
            model.add_hint(variable, best.value(variable))
    return best, proven


def _levels(problem: Problem, parts: Sequence[_Part]) -> list[tuple[str, Any, int]]:
    """The levels of the whole in their order, with the least they can be: what concerns several parts is summed."""
    levels: dict[str, tuple[Any, int]] = {}
    names = dict.fromkeys(g.name for part in parts for g in part.goals)
    for name in sorted(names, key=lambda name: position(problem, name)):
        cents: Any = 0
        least = 0
        for part in parts:
            for each, bound in zip(part.goals, part.bounds, strict=True):
                if each.name == name:
                    cents, least = cents + part.cents(each), least + round(bound * CENT)
        levels[name] = (cents, least)
    return [(name, cents, least) for name, (cents, least) in levels.items()]


def _capped(run: Run, model: cp_model.CpModel, levels: Sequence[tuple[str, Any, int]]) -> Searched:
    """A search with every level at its bound."""
    capped = model.clone()
    for _, cents, least in levels:
        capped.add(cents <= least)
    return search(run, STAGE, capped, seconds=run.remaining() * 0.25)


def _seats(index: Index, part: _Part, found: Searched, bounds: dict[str, float]) -> dict[GroupKind, Seats]:
    """The part's seats and levels. Each takes its share of the whole's bounds, and leaves the rest to the next."""
    values = [found.value(v) for v in part.variables]
    levels = []
    for each in part.goals:
        value = round(each.at(values), 2)
        bound = min(value, round(bounds.get(each.name, 0.0), 2))
        bounds[each.name] = bounds.get(each.name, 0.0) - bound
        status = "optimal" if bound == value else "feasible"
        levels.append(Level(each.name, value, bound, status, HOW))  # type: ignore[arg-type]
    shares = shared_out(part.own, values, levels)
    return {kind: read(index, part.made, kind, values, shares[kind]) for kind in part.own}
