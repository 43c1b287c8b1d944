"""Classes, education and times in one model: for houses where the seats found first allow no timetable.

The seating stages ignore the week, so their optima bound the whole from below. This model frees the seats again and
minimises the same levels in the same order, each from that bound on: a level that reaches its bound is proven at once,
another is minimised here. Gaps in the day are left to the times stage, which follows with the new seats.

Two groups may share a resident only where they never meet at once; a group may have a resident only where it never
meets while he is away. One Boolean for each such permission keeps the model small.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from foyer.scheduling.cpsat import Searched, search
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Level, Meeting, Seat
from foyer.scheduling.program import Goal, Program
from foyer.scheduling.run import Run
from foyer.scheduling.stages import classes, education
from foyer.scheduling.stages.classes import Seats
from foyer.scheduling.stages.seating import Seating
from foyer.scheduling.stages.week import Week, add_group, exclusive, read
from foyer.scheduling.stages.week_wishes import conflicts_meet_once

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

STAGE = "classes"
HOW = "CP-SAT, together with the times"
CENT = 100  # points are counted in hundredths: CP-SAT knows whole numbers only


@dataclass(frozen=True, slots=True)
class Joint:
    """What the model decided: seats of both kinds and meetings that fit them. ``classes.levels`` is empty where nothing
    was found; ``is_impossible`` where it is proven that nothing can be."""

    classes: Seats
    education: Seats
    meetings: tuple[Meeting, ...]
    is_impossible: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """One seating stage inside the model."""

    made: Seating
    goals: tuple[Goal, ...]
    bounds: tuple[float, ...]  # of the stage alone, level by level
    variables: list[Any]

    def cents(self, goal: Goal) -> Any:
        return sum(round(c * CENT) * self.variables[v] for v, c in goal.entries)


def seat_and_time(run: Run, before: Seats, lessons: Seats) -> Joint:
    """Solve both seating stages together with the week. ``before`` and ``lessons`` are what they found without it."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    parts = (
        _part(model, classes.program(run.index), before),
        _part(model, education.program(run.index), lessons),
    )
    week = Week(run.index, model)
    link(
        week,
        {pair: part.variables[x] for part in parts for pair, x in part.made.seat.items()},
        {group: part.variables[x] for part in parts for group, x in part.made.opened.items()},
    )
    found, bounds = _by_levels(run, model, parts, [x for p in parts for x in p.variables])
    if found is None or not found.is_feasible:
        nothing = Seats((), (), ())
        return Joint(nothing, nothing, (), is_impossible=found is not None and found.is_proven)
    seats = [_seats(part, found, bounds) for part in parts]
    return Joint(seats[0], seats[1], read(week, found.value))


# Building


def _part(model: cp_model.CpModel, stage: tuple[Seating, Sequence[Goal]], alone: Seats) -> _Part:
    """The stage's program, row by row, in the model."""
    made, goals = stage
    variables = spoken(model, made.program)
    proven = True
    bounds = []
    for level in alone.levels:
        bounds.append(level.bound if proven else 0.0)
        proven = proven and level.status == "optimal"
    return _Part(made, tuple(goals), tuple(bounds), variables)


def spoken(model: cp_model.CpModel, program: Program) -> list[Any]:
    """The program's rows in the model; gives its variables there."""
    variables = [
        model.new_int_var(int(low), int(high), "") for low, high in zip(program.low, program.high, strict=True)
    ]
    for low, high, entries in program.rows:
        total = sum(int(c) * variables[v] for v, c in entries)
        if low > float("-inf"):
            model.add(total >= int(low))
        if high < float("inf"):
            model.add(total <= int(high))
    return variables


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
            if _same_need(week.index, a, b):
                continue
            if (a, b) not in permissions:
                permissions[a, b] = _permission(week, a, b)
            week.model.add_bool_or(seats[resident, a].negated(), seats[resident, b].negated(), permissions[a, b])


def _same_need(index: Index, a: str, b: str) -> bool:
    """Whether a resident sits in at most one of the two anyway."""
    one, other = index.groups[a], index.groups[b]
    return one.kind == other.kind and (one.kind == "vocational" or one.subject == other.subject)


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
    levels = _merged(parts)
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
        holds = holds and best.value(cents) <= least
        model.add(cents <= best.value(cents))
        model.clear_hints()
        for variable in hinted:
            model.add_hint(variable, best.value(variable))
    return best, proven


def _merged(parts: Sequence[_Part]) -> list[tuple[str, Any, int]]:
    """The levels of the whole in their order, with the least they can be: what concerns both stages is summed."""
    levels: dict[str, tuple[Any, int]] = {}
    between = (g.name for g in parts[0].goals if g.name not in ("unplaced", "openings"))
    for name in ("unplaced", *between, "openings"):
        cents: Any = 0
        least = 0
        for part in parts:
            for goal, bound in zip(part.goals, part.bounds, strict=True):
                if goal.name == name:
                    cents, least = cents + part.cents(goal), least + round(bound * CENT)
        levels[name] = (cents, least)
    return [(name, cents, least) for name, (cents, least) in levels.items()]


def _capped(run: Run, model: cp_model.CpModel, levels: Sequence[tuple[str, Any, int]]) -> Searched:
    """A search with every level at its bound."""
    capped = model.clone()
    for _, cents, least in levels:
        capped.add(cents <= least)
    return search(run, STAGE, capped, seconds=run.remaining() * 0.25)


def _seats(part: _Part, found: Searched, bounds: dict[str, float]) -> Seats:
    """The part's seats and levels. Each takes its share of the whole's bounds, and leaves the rest to the next."""
    values = [found.value(v) for v in part.variables]
    levels = []
    for goal in part.goals:
        value = round(goal.at(values), 2)
        bound = min(value, round(bounds.get(goal.name, 0.0), 2))
        bounds[goal.name] = bounds.get(goal.name, 0.0) - bound
        status = "optimal" if bound == value else "feasible"
        levels.append(Level(goal.name, value, bound, status, HOW))  # type: ignore[arg-type]
    seats = tuple(Seat(r, g) for r, g in part.made.seated(values))
    return Seats(seats, (), tuple(levels))
