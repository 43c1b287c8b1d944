"""A mixed-integer program as plain lists, and its exact lexicographic minimisation with HiGHS (through
``math_opt``).

The lists know no solver: stages build them, tests enumerate them, HiGHS solves them. Every level of the
lexicographic order gets its own proven bound; a level's optimum becomes a row for the levels after it.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from foyer.scheduling.linear import by_number
from foyer.scheduling.plan import Level
from foyer.scheduling.run import Incumbent, Run, Stopped

if TYPE_CHECKING:
    from foyer.scheduling.reducing import Reduced

INFINITY = math.inf
WHOLE = 1e-6  # how far from a whole number a relaxation's value may be, to be taken for one
ROUNDING = 1e-3  # of a bound, in units of the smallest coefficient, before it is rounded up
FRACTIONS_NODES = 2000
FOLD_FROM = 2500  # variables: smaller programs are solved as they are
UNFOLD_SECONDS = 6.0  # at least, to deal out what was summed
CUTS_KEPT = 500  # by HiGHS: its own 10,000 take as much memory as all else, and cost more time than they save
COMPACT = 0.7  # programs with at most this share of variables left free are made smaller before they are solved
TOLERANCE = 1e-6  # of rows and of integrality, as HiGHS has it
SOLVER_SEED_LIMIT = 2**31 - 1

MARGIN = 1e-3  # of reduced costs, before they are believed

Entry = tuple[int, float]  # (variable, coefficient)
Row = tuple[float, float, tuple[Entry, ...]]


@dataclass(frozen=True, slots=True)
class Goal:
    """One level: minimise the sum. ``in_points``: it counts towards the stage's value; others count people
    or load."""

    name: str
    entries: tuple[Entry, ...]
    in_points: bool = True

    def at(self, values: Sequence[float]) -> float:
        return sum(coefficient * values[variable] for variable, coefficient in self.entries)

    def rounded_up(self, bound: float) -> float:
        """The least value that a solution can have which is not below the bound: with whole coefficients, or hundredths
        of them, values have gaps."""
        unit = self.unit
        return bound if unit is None else math.ceil(unit * bound - ROUNDING) / unit

    @property
    def unit(self) -> int | None:
        """How many values lie between one whole number and the next; None where that is not known."""
        unit = 1 if self.is_whole else 100
        return unit if all(math.isclose(unit * c, round(unit * c), abs_tol=1e-9) for _, c in self.entries) else None

    @property
    def is_whole(self) -> bool:
        """Whether its value is a whole number at every integer solution (continuous variables aside)."""
        return all(float(coefficient).is_integer() for _, coefficient in self.entries)


def goal(name: str, entries: Iterable[Entry], *, in_points: bool = True) -> Goal:
    """A goal with one entry per variable, in order."""
    return Goal(name, _merged(entries), in_points)


def _merged(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    merged: dict[int, float] = {}
    for variable, coefficient in entries:
        merged[variable] = merged.get(variable, 0.0) + coefficient
    return tuple(sorted((v, c) for v, c in merged.items() if c))


class Program:
    """Variables with bounds, rows ``low <= sum <= high``."""

    def __init__(self) -> None:
        self.low: list[float] = []
        self.high: list[float] = []
        self.rows: list[tuple[float, float, tuple[Entry, ...]]] = []
        self.shapes: list[list[int]] = []  # variables that decide most of a solution
        self.reliefs: set[int] = set()  # variables that only ease rows, at a price

    def integer(self, low: float = 0, high: float = 1) -> int:
        """A new integer variable; all variables are integer."""
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def relief(self, high: float = 1) -> int:
        """A new integer variable from 0 that only eases rows: at its least it is what the others make necessary."""
        variable = self.integer(0, high)
        self.reliefs.add(variable)
        return variable

    def fix(self, variable: int, value: float) -> None:
        self.low[variable] = self.high[variable] = value

    def row(self, entries: Iterable[Entry], low: float = -INFINITY, high: float = INFINITY) -> None:
        self.rows.append((low, high, _merged(entries)))

    def satisfied_by(self, values: Sequence[float]) -> bool:
        """Whether whole values keep every bound and row."""
        if any(not lo <= v <= hi for v, lo, hi in zip(values, self.low, self.high, strict=True)):
            return False
        return all(
            low - TOLERANCE <= sum(c * values[v] for v, c in entries) <= high + TOLERANCE
            for low, high, entries in self.rows
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """The best values found, level by level. ``values`` is empty where the program is infeasible."""

    values: tuple[int, ...]
    levels: tuple[Level, ...]
    is_proven: bool

    @property
    def is_feasible(self) -> bool:
        return bool(self.levels)


def minimise(
    run: Run,
    stage: str,
    program: Program,
    goals: Sequence[Goal],
    *,
    share: float = 0.6,
    nodes: int | None = None,
    start: tuple[int, ...] | None = None,
    may_fold: bool = True,
    floors: Sequence[Goal] = (),
) -> Answer:
    """Minimise the goals one after the other, each among the optima of those before it. ``share`` is the part of
    the remaining time that one level may take, ``nodes`` the most nodes of its search tree, ``start`` a solution
    known before. ``may_fold``: look for variables that nothing tells apart. ``floors``: sums whose floors the run is
    told first. Raises Stopped with nothing lost but this stage."""
    effort = _Effort(share, nodes)
    if may_fold and len(program.low) >= FOLD_FROM:
        answer = _folded(run, stage, program, goals, effort, start, floors)
        if answer is not None:
            return answer
    else:
        _tell_floors(run, program, floors)
    return _level_by_level(run, stage, program, goals, effort, start)


def _folded(
    run: Run,
    stage: str,
    program: Program,
    goals: Sequence[Goal],
    effort: _Effort,
    start: tuple[int, ...] | None,
    floors: Sequence[Goal],
) -> Answer | None:
    """The folded program solved, and its sums dealt out again. None where nothing is gained, or they cannot be."""
    from foyer.scheduling.folding import fold

    folding = fold(program, [*goals, *floors])
    if folding is None:
        _tell_floors(run, program, floors)
        return None
    _tell_floors(run, folding.program, folding.goals[len(goals) :])
    begin = None if start is None else folding.folded(start)
    answer = _level_by_level(run, stage, folding.program, folding.goals[: len(goals)], effort, begin)
    if not answer.is_feasible:
        return answer  # of fewer rules: if they cannot be kept, all cannot
    held = folding.unfolding(program, answer.values)
    any_solution = _Task(held, (), Goal("any", (), in_points=False), 0.0, None)
    found = _settled(run, stage, any_solution, _Effort(effort.share, effort.nodes, UNFOLD_SECONDS))
    if found is not None and found.values is not None:
        return replace(answer, values=found.values)
    return None if start is None or found is None else beside(answer, goals, start)


def _tell_floors(run: Run, program: Program, floors: Sequence[Goal]) -> None:
    from foyer.scheduling.floors import tell_floors

    tell_floors(run, program, floors)


def beside(answer: Answer, goals: Sequence[Goal], values: tuple[int, ...]) -> Answer:
    """Other values than the answer's, with its bounds: each holds as long as the levels above it are at theirs."""
    levels = []
    holds = True
    for goal, level in zip(goals, answer.levels, strict=True):
        value = _clean(goal, goal.at(values))
        bound = min(value, level.bound) if holds else 0.0
        holds = holds and value <= level.bound
        levels.append(Level(goal.name, value, bound, "optimal" if bound == value else "feasible", level.how))
    return Answer(values, tuple(levels), is_proven=all(level.status == "optimal" for level in levels))


def _level_by_level(
    run: Run,
    stage: str,
    program: Program,
    goals: Sequence[Goal],
    effort: _Effort,
    start: tuple[int, ...] | None,
    points: float = 0.0,
) -> Answer:
    """``points``: what the levels before cost."""
    values = start
    levels: list[Level] = []
    fixed: list[Row] = []
    for number, goal in enumerate(goals, 1):
        found: _Found | None = None
        known = _known_optimum(goal, program, values)
        if known is not None:
            level = Level(goal.name, known, known, "optimal", "counting")
        else:
            task = _Task(program, tuple(fixed), goal, points, values)
            found = _settled(run, stage, task, effort)
            if values is None and found is None:
                return Answer((), (), is_proven=True)
            if values is None and found is not None and found.values is None:
                raise Stopped(cancelled=False)
            level, values = _level(goal, found, values)
        levels.append(level)
        points += level.value if goal.in_points else 0.0
        fixed.append((-INFINITY, level.value + TOLERANCE, goal.entries))
        small = _settled_part(program, fixed, level, found, values) if number < len(goals) else None
        if small is not None:
            rest = _rest(run, stage, small, goals[number:], effort, values or (), points)
            return replace(rest, levels=(*levels, *rest.levels), is_proven=rest.is_proven and _all_proven(levels))
    return Answer(values or (), tuple(levels), is_proven=_all_proven(levels))


def _all_proven(levels: Iterable[Level]) -> bool:
    return all(level.status == "optimal" for level in levels)


def _settled_part(
    program: Program, fixed: Sequence[Row], level: Level, found: _Found | None, values: tuple[int, ...] | None
) -> Reduced | None:
    """What the level leaves open: without the variables that no optimum of it has elsewhere than at their bound, and
    what follows from them. None where little is gained."""
    from foyer.scheduling.reducing import reduced

    if level.status != "optimal" or found is None or found.relaxation is None or values is None:
        return None
    low, high = found.relaxation.narrowed(program, level.value)
    if sum(a < b for a, b in zip(low, high, strict=True)) > COMPACT * len(low):
        return None
    narrow = Program()
    narrow.rows, narrow.shapes, narrow.low, narrow.high = [*program.rows, *fixed], program.shapes, low, high
    small = reduced(narrow, ())
    return small if small is not None and small.held(values) is not None else None


def _rest(
    run: Run,
    stage: str,
    small: Reduced,
    goals: Sequence[Goal],
    effort: _Effort,
    values: tuple[int, ...],
    points: float,
) -> Answer:
    """The levels behind, in the part that is left open. What is settled adds a constant to each."""
    constants = [small.constant(goal) for goal in goals]
    answer = _level_by_level(run, stage, small.program, small.goals(goals), effort, small.held(values), points)
    levels = tuple(
        replace(level, value=_clean(goal, level.value + more), bound=_clean(goal, level.bound + more))
        for goal, level, more in zip(goals, answer.levels, constants, strict=True)
    )
    return replace(answer, values=small.expanded(answer.values), levels=levels)


def _known_optimum(goal: Goal, program: Program, values: tuple[int, ...] | None) -> float | None:
    """The goal's value where the incumbent already reaches the least that the variables' bounds allow."""
    if values is None:
        return None
    least = sum(c * (program.low[v] if c > 0 else program.high[v]) for v, c in goal.entries)
    return _clean(goal, least) if goal.at(values) <= least + TOLERANCE else None


@dataclass(frozen=True, slots=True)
class _Relaxation:
    """A level's linear relaxation: its bound, where each variable stands, and what it costs at least to move it."""

    bound: float
    exact: Sequence[float]
    reduced: Sequence[float]

    def narrowed(self, program: Program, value: float) -> tuple[list[float], list[float]]:
        """The bounds of all variables, those fixed whose move by one would cost more than the level's value (reduced
        costs: Dantzig, Fulkerson and Johnson, 1954)."""
        low, high = list(program.low), list(program.high)
        spare = value - self.bound + MARGIN
        for v, (x, cost) in enumerate(zip(self.exact, self.reduced, strict=True)):
            if cost > spare and x <= low[v] + WHOLE:
                high[v] = low[v]
            elif cost < -spare and x >= high[v] - WHOLE:
                low[v] = high[v]
        return low, high


@dataclass(frozen=True, slots=True)
class _Found:
    values: tuple[int, ...] | None
    bound: float
    is_optimal: bool
    relaxation: _Relaxation | None = None


def _level(goal: Goal, found: _Found | None, values: tuple[int, ...] | None) -> tuple[Level, tuple[int, ...]]:
    """The level reached: the solver's values where they are better than those in hand, which are always
    kept."""
    candidates = [v for v in (found.values if found else None, values) if v is not None]
    best = min(candidates, key=goal.at)
    value = _clean(goal, goal.at(best))
    if found is not None and found.is_optimal:
        return Level(goal.name, value, value, "optimal", "HiGHS"), best
    bound = 0.0 if found is None else max(0.0, found.bound)
    bound = min(value, _clean(goal, goal.rounded_up(bound)))
    return Level(goal.name, value, bound, "optimal" if bound == value else "feasible", "HiGHS"), best


def _clean(goal: Goal, value: float) -> float:
    return float(round(value)) if goal.is_whole else round(value, 4)


@dataclass(frozen=True, slots=True)
class _Effort:
    share: float  # of the remaining time
    nodes: int | None  # of the search tree
    least: float = 0.5  # seconds, however little of the stage's time is left

    def seconds(self, run: Run) -> float:
        return max(self.least, run.budget() * self.share)


@dataclass(frozen=True, slots=True)
class _Task:
    program: Program
    fixed: tuple[tuple[float, float, tuple[Entry, ...]], ...]  # rows that hold the levels before
    goal: Goal
    points: float  # of the levels before
    known: tuple[int, ...] | None  # a solution

    def is_reached(self, values: tuple[int, ...] | None, bound: float) -> bool:
        """Whether the values are as good as a bound allows."""
        return values is not None and self.goal.at(values) <= self.goal.rounded_up(bound) + TOLERANCE

    def satisfied_by(self, values: Sequence[float]) -> bool:
        """Whether whole values keep the program and the levels before."""
        return self.program.satisfied_by(values) and all(
            sum(c * values[v] for v, c in entries) <= high + TOLERANCE for _, high, entries in self.fixed
        )


def _settled(run: Run, stage: str, level: _Task, effort: _Effort) -> _Found | None:
    """The level by its relaxation where that is enough, else by search. None: infeasible."""
    relaxed = _relaxed(run, stage, level, effort)
    if relaxed.is_optimal:
        return relaxed
    found = _solve(run, stage, replace(level, known=relaxed.values), effort)
    if found is None:
        return None
    if found.is_optimal:
        return replace(found, relaxation=relaxed.relaxation)
    candidates = [v for v in (found.values, relaxed.values) if v is not None]
    best = min(candidates, key=level.goal.at, default=None)
    return _Found(best, max(found.bound, relaxed.bound), is_optimal=False)


def _relaxed(run: Run, stage: str, level: _Task, effort: _Effort) -> _Found:
    """The level's linear relaxation. It settles the matter where its bound, rounded up, is what is known already, where
    its solution is whole, or where a search among its fractions alone finds a solution as good as the bound. Otherwise
    the best known by then, unproven."""
    relaxation = _relaxation(run, stage, level, effort)
    if relaxation is None:
        return _Found(level.known, 0.0, is_optimal=False)
    bound, exact = relaxation.bound, relaxation.exact
    if level.is_reached(level.known, bound):
        return _Found(level.known, bound, True, relaxation)
    values = tuple(round(x) for x in exact)
    if all(abs(x - v) <= WHOLE for x, v in zip(exact, values, strict=True)) and level.satisfied_by(values):
        return _Found(values, bound, True, relaxation)
    return replace(_among_fractions(run, stage, level, effort, exact, bound), relaxation=relaxation)


def _relaxation(run: Run, stage: str, level: _Task, effort: _Effort) -> _Relaxation | None:
    """The level's linear program solved, with nothing of the solver left in memory. None: not in its time."""
    from ortools.math_opt.python import mathopt

    model = mathopt.Model.from_model_proto(
        in_solver_form(level.program, [*level.program.rows, *level.fixed], level.goal, whole=False)
    )
    parameters = mathopt.SolveParameters(time_limit=datetime.timedelta(seconds=effort.seconds(run)))
    result = run.wait_for(lambda: mathopt.solve(model, mathopt.SolverType.GLOP, params=parameters), stage=stage)
    if result.termination.reason is not mathopt.TerminationReason.OPTIMAL:
        return None
    exact = by_number(result.variable_values(), len(level.program.low))
    reduced = by_number(result.reduced_costs(), len(exact))
    return _Relaxation(result.termination.objective_bounds.dual_bound, exact, reduced)


def _among_fractions(
    run: Run, stage: str, level: _Task, effort: _Effort, exact: Sequence[float], bound: float
) -> _Found:
    """The best solution that agrees with the relaxation wherever that is whole (relaxation enforced neighbourhood
    search, after Berthold 2014), or at least wherever it is whole in one of the program's shapes: a small program,
    often as good as the bound. Only solutions better than the one in hand are looked for."""
    best = level.known
    for shape in (*level.program.shapes, None):
        narrow = _narrowed(level.program, exact, shape)
        unit = level.goal.unit
        if best is not None and unit is not None:
            narrow.rows = [*narrow.rows, (-INFINITY, level.goal.at(best) - 1 / unit + TOLERANCE, level.goal.entries)]
        found = _solve(run, stage, replace(level, program=narrow, known=None), _Effort(effort.share, FRACTIONS_NODES))
        candidates = [v for v in (found.values if found else None, best) if v is not None]
        best = min(candidates, key=level.goal.at, default=None)
        if level.is_reached(best, bound):
            return _Found(best, bound, is_optimal=True)
        if found is not None and found.values is not None:
            break
    return _Found(best, bound, is_optimal=False)


def _narrowed(program: Program, exact: Sequence[float], shape: Sequence[int] | None) -> Program:
    """The program with variables held: those of the shape that are whole, or all between the whole numbers next to
    their values."""
    narrow = Program()
    narrow.rows, narrow.low, narrow.high = program.rows, list(program.low), list(program.high)
    held = range(len(exact)) if shape is None else [v for v in shape if abs(exact[v] - round(exact[v])) <= WHOLE]
    for v in held:
        narrow.low[v] = max(narrow.low[v], math.floor(exact[v] + WHOLE))
        narrow.high[v] = min(narrow.high[v], math.ceil(exact[v] - WHOLE))
    return narrow


def _solve(run: Run, stage: str, level: _Task, effort: _Effort) -> _Found | None:
    """One level with HiGHS. None: infeasible. No values: its time ended with nothing found."""
    free = [v for v, (low, high) in enumerate(zip(level.program.low, level.program.high, strict=True)) if low < high]
    if len(free) > COMPACT * len(level.program.low):
        return _searched(run, stage, level, effort)
    small = _without_the_fixed(level, free)
    found = None if small is None else _searched(run, stage, small, effort)
    if found is None or found.values is None:
        return found
    values = list(map(round, level.program.low))
    for v, value in zip(free, found.values, strict=False):  # behind them the constant
        values[v] = value
    return replace(found, values=tuple(values))


def _without_the_fixed(level: _Task, free: Sequence[int]) -> _Task | None:
    """The level in its free variables alone; None where the fixed ones break a row by themselves."""
    program = level.program
    number = {v: i for i, v in enumerate(free)}
    small = Program()
    small.low, small.high = [program.low[v] for v in free], [program.high[v] for v in free]
    for low, high, entries in (*program.rows, *level.fixed):
        given = sum(c * program.low[v] for v, c in entries if v not in number)
        own = tuple((number[v], c) for v, c in entries if v in number)
        if own:
            small.rows.append((low - given, high - given, own))
        elif not low - TOLERANCE <= given <= high + TOLERANCE:
            return None
    goal = Goal(level.goal.name, tuple((number[v], c) for v, c in level.goal.entries if v in number))
    given = sum(c * program.low[v] for v, c in level.goal.entries if v not in number)
    constant = small.integer(1, 1)  # what the fixed variables cost
    goal = replace(goal, entries=(*goal.entries, (constant, given)), in_points=level.goal.in_points)
    known = None if level.known is None else (*(level.known[v] for v in free), 1)
    return _Task(small, (), goal, level.points, known)


def _searched(run: Run, stage: str, level: _Task, effort: _Effort) -> _Found | None:
    """One level with HiGHS, as it is."""
    run.check_stop()
    from ortools.math_opt.python import mathopt
    from ortools.math_opt.solvers import highs_pb2

    model = mathopt.Model.from_model_proto(
        in_solver_form(level.program, [*level.program.rows, *level.fixed], level.goal)
    )
    highs = highs_pb2.HighsOptionsProto()
    highs.int_options["mip_pool_soft_limit"] = CUTS_KEPT
    parameters = mathopt.SolveParameters(
        time_limit=datetime.timedelta(seconds=effort.seconds(run)),
        node_limit=effort.nodes,
        relative_gap_tolerance=0.0,
        absolute_gap_tolerance=0.001,
        random_seed=run.limits.seed % SOLVER_SEED_LIMIT,
        highs=highs,
    )
    hints = mathopt.ModelSolveParameters()
    if level.known is not None:
        variables = sorted(model.variables(), key=lambda v: v.id)
        known = dict(zip(variables, map(float, level.known), strict=True))
        hints.solution_hints.append(mathopt.SolutionHint(variable_values=known))
    incumbent = Incumbent()
    listen = log_listener(incumbent, level.points) if level.goal.in_points else None
    result = run.wait_for(
        lambda: mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters, model_params=hints, msg_cb=listen),
        stage=stage,
        incumbent=incumbent,
    )
    reason = result.termination.reason
    if reason in (mathopt.TerminationReason.INFEASIBLE, mathopt.TerminationReason.INFEASIBLE_OR_UNBOUNDED):
        return None
    if not result.solutions or result.solutions[0].primal_solution is None:
        return _Found(None, result.termination.objective_bounds.dual_bound, is_optimal=False)
    values = tuple(map(round, by_number(result.variable_values(), len(level.program.low))))
    is_sound = level.program.satisfied_by(
        values
    )  # whole numbers once more: a solver's tolerance must not leak into a plan
    optimal = reason is mathopt.TerminationReason.OPTIMAL and is_sound
    return _Found(values if is_sound else None, result.termination.objective_bounds.dual_bound, optimal)


_LOG_LINE = re.compile(r"^ *[A-Za-z]? +\d+ +\d+ +\d+ +[\d.]+% +(\S+) +(\S+) ")


class Told(Protocol):
    """Whom a solver tells the best value and bound so far; either may be None where it is not news."""

    def tell(self, value: float | None, bound: float | None) -> None: ...


def log_listener(incumbent: Told, points: float) -> Callable[[Sequence[str]], None]:
    """Reads bound and best value from the lines that HiGHS logs."""

    def listen(lines: Sequence[str]) -> None:
        for line in lines:
            match = _LOG_LINE.match(line)
            if match:
                bound, value = (_number(text) for text in match.groups())
                incumbent.tell(
                    None if value is None else points + value,
                    None if bound is None else points + max(0.0, bound),
                )

    return listen


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def in_solver_form(
    program: Program, rows: Sequence[tuple[float, float, tuple[Entry, ...]]], goal: Goal, *, whole: bool = True
) -> Any:
    """The program in the solver's own form, written directly: building it expression by expression is
    slower. Its linear relaxation where not ``whole``."""
    from ortools.math_opt import model_pb2

    proto = model_pb2.ModelProto()
    count = len(program.low)
    proto.variables.ids.extend(range(count))
    proto.variables.lower_bounds.extend(program.low)
    proto.variables.upper_bounds.extend(program.high)
    proto.variables.integers.extend([whole] * count)
    proto.objective.linear_coefficients.ids.extend(v for v, _ in goal.entries)
    proto.objective.linear_coefficients.values.extend(float(c) for _, c in goal.entries)
    proto.linear_constraints.ids.extend(range(len(rows)))
    proto.linear_constraints.lower_bounds.extend(low for low, _, _ in rows)
    proto.linear_constraints.upper_bounds.extend(high for _, high, _ in rows)
    matrix = proto.linear_constraint_matrix
    for i, (_, _, entries) in enumerate(rows):
        matrix.row_ids.extend([i] * len(entries))
        matrix.column_ids.extend(v for v, _ in entries)
        matrix.coefficients.extend(float(c) for _, c in entries)
    return proto
