"""Repairs whose cost is plain before any solver is asked: then only those who change are left to decide.

What must change whatever else is decided costs so much at least. And where a rule is broken, one of those it names has
to change, if bound propagation alone says that they cannot all stay: so much more at least (a core, as in MaxSAT after
Fu and Malik, 2006). A repair of just that cost has nobody else changed, and no other repair of that cost has; so the
levels behind are as exact among those few variables as in the whole program, which need not be solved.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from foyer.scheduling.plan import Violation
from foyer.scheduling.program import Answer, Goal, Program, minimise
from foyer.scheduling.reducing import reduced
from foyer.scheduling.repairing.parts import Joined
from foyer.scheduling.run import Run

MOST_CORES = 12  # each takes a propagation; beyond, the whole program is as quick
EXACT = 1e-6


def no_more_than_forced(
    run: Run, stage: str, program: Program, goals: Sequence[Goal], start: tuple[int, ...] | None = None
) -> Answer | None:
    """A repair with the least that the first two of ``goals`` (needs newly open, changes) can have by the variables'
    bounds alone. Where there is one, none is better on these levels. None: there is none. ``start``: a solution."""
    return _with_fixed(run, stage, program, goals, _still_open(program, goals), start)


def among_the_broken(run: Run, joined: Joined, goals: Sequence[Goal], broken: Iterable[Violation]) -> Answer | None:
    """A repair in which, besides what is forced, one of those whom each broken rule names changes, the one who costs
    least. None where the rules do not say so by themselves, or that is not enough."""
    cores = _cores(joined, goals, broken)
    free = {variable for core in cores for variable in core}
    if not free:
        return None
    zeros = [v for v in _still_open(joined.program, goals) if v not in free]
    answer = _with_fixed(run, joined.parts[0].stage, joined.program, goals, zeros)
    if answer is None:
        return None
    price = dict(goals[1].entries)
    least = _at_least(joined.program, goals[1]) + sum(min(price[v] for v in core) for core in cores)
    met = goals[0].at(answer.values) <= _at_least(joined.program, goals[0]) + EXACT
    return answer if met and goals[1].at(answer.values) <= least + EXACT else None


def _cores(joined: Joined, goals: Sequence[Goal], broken: Iterable[Violation]) -> list[tuple[int, ...]]:
    """Changes of which at least one is needed, no two sets with one in common."""
    program, paid = joined.program, dict(goals[1].entries)
    needs = [v for v, _ in goals[0].entries if not program.low[v]]
    moved = [m for m in joined.moved() if m.variable in paid and not program.low[m.variable]]
    cores: list[tuple[int, ...]] = []
    for people in list(dict.fromkeys(frozenset(violation.who) for violation in broken))[:MOST_CORES]:
        core = tuple(m.variable for m in moved if m.resident in people)
        taken = {v for other in cores for v in other}
        if core and taken.isdisjoint(core) and reduced(program, [*needs, *core]) is None:
            cores.append(core)
    return cores


def _still_open(program: Program, goals: Sequence[Goal]) -> list[int]:
    """The first two levels' variables that may be 0."""
    return [v for goal in goals[:2] for v, _ in goal.entries if not program.low[v]]


def _at_least(program: Program, goal: Goal) -> float:
    return sum(c * program.low[v] for v, c in goal.entries)


def _with_fixed(
    run: Run,
    stage: str,
    program: Program,
    goals: Sequence[Goal],
    zeros: Iterable[int],
    start: tuple[int, ...] | None = None,
) -> Answer | None:
    """The best with these variables at 0, in the program that this leaves."""
    small = reduced(program, zeros)
    if small is None:
        return None
    begin = None if start is None else small.held(start)
    answer = minimise(run, stage, small.program, small.goals(goals), start=begin)
    if not answer.is_feasible:
        return None
    levels = []
    for goal, level in zip(goals, answer.levels, strict=True):
        constant = small.constant(goal)
        levels.append(replace(level, value=level.value + constant, bound=level.bound + constant))
    return Answer(small.expanded(answer.values), tuple(levels), answer.is_proven)
