"""A linear program with continuous and whole variables, minimised once with HiGHS (through ``math_opt``).

A sibling of ``program`` for searches that solve many small programs, or need a relaxation's prices. Nothing here waits
or watches: callers run it in threads of their own, which is why every call has a limit.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

INFINITY = math.inf
SEED_LIMIT = 2**31 - 1
LEAST_SECONDS = 0.05

Entry = tuple[int, float]  # (variable, coefficient)
Row = tuple[float, float, list[Entry]]  # low, high, entries by variable


class Linear:
    """Variables with bounds and costs, rows ``low <= sum <= high``. No row names a variable twice."""

    def __init__(self) -> None:
        self.low: list[float] = []
        self.high: list[float] = []
        self.cost: list[float] = []
        self.whole: list[bool] = []
        self.rows: list[Row] = []

    def variable(self, low: float, high: float, cost: float = 0.0, *, whole: bool = False) -> int:
        self.low.append(low)
        self.high.append(high)
        self.cost.append(cost)
        self.whole.append(whole)
        return len(self.low) - 1

    def fix(self, variable: int, value: float) -> None:
        self.low[variable] = self.high[variable] = value

    def row(self, entries: Iterable[Entry], low: float = -INFINITY, high: float = INFINITY) -> int:
        """The row's number."""
        self.rows.append((low, high, sorted(entries)))
        return len(self.rows) - 1


@dataclass(frozen=True, slots=True)
class Solved:
    """How a minimisation ended. ``values`` is empty where none were found. ``reduced`` and ``prices`` (of variables and
    rows) are there for a relaxation solved to its end. ``bound`` is proven: no solution costs less."""

    values: tuple[float, ...]
    bound: float
    is_optimal: bool
    is_infeasible: bool
    reduced: tuple[float, ...] = ()
    prices: tuple[float, ...] = ()
    iterations: int = 0


@dataclass(frozen=True, slots=True)
class Limit:
    """``seconds`` by the clock; ``nodes`` of the search tree repeat exactly. ``gap``: as good as optimal."""

    seconds: float
    nodes: int | None = None
    gap: float = 0.0
    seed: int = 1


def minimise_once(
    program: Linear, limit: Limit, *, relaxed: bool = False, known: Mapping[int, float] | None = None
) -> Solved:
    """Minimise; ``relaxed``: as if no variable had to be whole. ``known`` is a solution to start from."""
    from ortools.math_opt.python import mathopt

    model = mathopt.Model.from_model_proto(_proto(program, relaxed=relaxed))
    variables = sorted(model.variables(), key=lambda v: v.id)
    hints = mathopt.ModelSolveParameters()
    if known is not None:
        values = {variables[v]: value for v, value in known.items()}
        hints.solution_hints.append(mathopt.SolutionHint(variable_values=values))
    parameters = mathopt.SolveParameters(
        time_limit=datetime.timedelta(seconds=max(LEAST_SECONDS, limit.seconds)),
        node_limit=None if relaxed else limit.nodes,
        relative_gap_tolerance=None if relaxed else 0.0,
        absolute_gap_tolerance=None if relaxed else limit.gap,
        random_seed=limit.seed % SEED_LIMIT,
    )
    result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters, model_params=hints)
    return _read(result, variables, model, relaxed=relaxed)


def _read(result: Any, variables: Sequence[Any], model: Any, *, relaxed: bool) -> Solved:
    from ortools.math_opt.python import mathopt

    reason = result.termination.reason
    optimal = reason is mathopt.TerminationReason.OPTIMAL
    impossible = reason in (mathopt.TerminationReason.INFEASIBLE, mathopt.TerminationReason.INFEASIBLE_OR_UNBOUNDED)
    bound = result.termination.objective_bounds.dual_bound
    bound = bound if math.isfinite(bound) else -INFINITY
    if not result.has_primal_feasible_solution():  # a relaxation out of time has a point, but no solution
        return Solved((), bound, False, impossible)
    values = tuple(by_number(result.variable_values(), len(variables)))
    if not (relaxed and optimal):
        return Solved(values, bound, optimal, False)
    reduced = by_number(result.reduced_costs(), len(variables))
    prices = by_number(result.dual_values(), model.get_num_linear_constraints())
    return Solved(values, bound, True, False, tuple(reduced), tuple(prices))


def by_number(found: Mapping[Any, float], count: int) -> list[float]:
    """A solver's answer in the order of its variables or rows, which are numbered from 0. Looking them up one by one
    would compare each with others."""
    values = [0.0] * count
    for thing, value in found.items():
        values[thing.id] = value
    return values


def _proto(program: Linear, *, relaxed: bool) -> Any:
    """The program in the solver's own form, written directly: building it expression by expression is slower."""
    from ortools.math_opt import model_pb2

    proto = model_pb2.ModelProto()
    count = len(program.low)
    proto.variables.ids.extend(range(count))
    proto.variables.lower_bounds.extend(program.low)
    proto.variables.upper_bounds.extend(program.high)
    proto.variables.integers.extend([False] * count if relaxed else program.whole)
    priced = [v for v, cost in enumerate(program.cost) if cost]
    proto.objective.linear_coefficients.ids.extend(priced)
    proto.objective.linear_coefficients.values.extend(float(program.cost[v]) for v in priced)
    proto.linear_constraints.ids.extend(range(len(program.rows)))
    proto.linear_constraints.lower_bounds.extend(low for low, _, _ in program.rows)
    proto.linear_constraints.upper_bounds.extend(high for _, high, _ in program.rows)
    matrix = proto.linear_constraint_matrix
    for i, (_, _, entries) in enumerate(program.rows):
        matrix.row_ids.extend([i] * len(entries))
        matrix.column_ids.extend(v for v, _ in entries)
        matrix.coefficients.extend(float(c) for _, c in entries)
    return proto
