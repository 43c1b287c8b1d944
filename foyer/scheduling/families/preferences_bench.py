"""One instance of wishes for places, solved for each objective: value, bound, proof, and what fairness costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from foyer.scheduling.families.preferences import (
    OBJECTIVES,
    Figures,
    evaluate,
    figures_of,
    problem_of,
    read_solution,
    solution_of,
)
from foyer.scheduling.families.preferences_file import Instance
from foyer.scheduling.plan import UNFINISHED, Level, Limits, Plan
from foyer.scheduling.problem import Problem

SHARES = (0.6, 0.5, 1.0)  # of the time that is left, for the objective asked for and the two others

Solver = Callable[[Problem, Limits], Plan]


@dataclass(frozen=True, slots=True)
class Reached:
    """One objective's plan, in the family's figures. ``bound``: of the total, given the levels before it; ``levels``
    those of fairness and points that were solved."""

    objective: str
    plan: Plan
    solution: str
    figures: Figures
    bound: float | None
    levels: tuple[Level, ...]

    @property
    def is_proven(self) -> bool:
        return bool(self.levels) and all(level.status == "optimal" for level in self.levels)


def reach(instance: Instance, objective: str, solve: Solver, limits: Limits) -> Reached:
    """Solve for one objective and count."""
    plan = solve(problem_of(instance, objective), limits)
    solution = solution_of(instance, plan)
    figures = figures_of(instance, read_solution(instance, solution))
    levels = next((stage.levels for stage in plan.stages if stage.name == "electives"), ())
    return Reached(objective, plan, solution, figures, _bound(instance, figures, levels), levels)


def _bound(instance: Instance, figures: Figures, levels: tuple[Level, ...]) -> float | None:
    """What the total can be at best for what the levels before it reached, where these are proven. The engine's points
    differ from the total by a constant."""
    names = [level.name for level in levels]
    if "wishes" not in names or any(level.status != "optimal" for level in levels[: names.index("wishes")]):
        return None
    wishes = levels[names.index("wishes")]
    away = wishes.value - wishes.bound
    return figures.total - away if instance.is_ranked else figures.total + away / instance.unit


def reach_all(instance: Instance, objective: str, solve: Solver, limits: Limits) -> dict[str, Reached]:
    """Each objective within its share of the time, the one asked for first. One that came to no end is left out, so
    that what is asked for may be missing."""
    found: dict[str, Reached] = {}
    left = limits.seconds
    for share, name in zip(SHARES, (objective, *(o for o in OBJECTIVES if o != objective)), strict=True):
        reached = reach(instance, name, solve, replace(limits, seconds=max(0.1, share * left)))
        left -= reached.plan.seconds
        if reached.plan.outcome not in UNFINISHED and reached.levels:
            found[name] = reached
    return found


def report(instance: Instance, objective: str, found: dict[str, Reached]) -> list[str]:
    """What was reached, as lines of text: the value asked for first, then a line for each objective."""
    chosen = found[objective]
    violations = evaluate(instance, chosen.solution).violations
    bound = "-" if chosen.bound is None else f"{chosen.bound:g}"
    places = sum(agent.places for agent in instance.agents)
    lines = [
        f"{objective}: value {chosen.figures.total:g}, bound {bound}, gap {_gap(chosen)}, {violations} violations, "
        f"{chosen.figures.placed} of {places} places given",
        f"value: {'sum of (rank - 1), less is better' if instance.is_ranked else 'points, more is better'}; "
        "bounds of profile and leximin: for plans that are as fair",
    ]
    for name in (o for o in OBJECTIVES if o in found):
        lines += _lines(name, found[name], found.get("sum"))
    lines += [f"{name}: no answer within its time" for name in OBJECTIVES if name not in found]
    return lines


def _gap(reached: Reached) -> str:
    if reached.bound is None:
        return "-"
    away = abs(reached.figures.total - reached.bound)
    return f"{away / reached.figures.total:.1%}" if reached.figures.total else f"{away:.1%}"


def _lines(name: str, reached: Reached, plain: Reached | None) -> list[str]:
    bound = "-" if reached.bound is None else f"{reached.bound:g}"
    price = "-" if plain is None else f"{abs(reached.figures.total - plain.figures.total):g}"
    proven = sum(level.status == "optimal" for level in reached.levels)
    status = "proven optimal" if reached.is_proven else "not proven"
    return [
        f"{name:8} value {reached.figures.total:g}, bound {bound}, price of fairness {price}; {status}: "
        f"{proven} of {len(reached.levels)} levels; {reached.plan.seconds:.1f} s",
        f"         ranks {' '.join(map(str, reached.figures.profile)) or '-'}; "
        f"worst off {_counted(reached.figures.satisfaction)}",
        *_open(reached.levels),
    ]


def _counted(satisfaction: Sequence[float], most: int = 6) -> str:
    """The lowest satisfactions and how many have each: ``-7 x 20, -6 x 97``."""
    values = list(dict.fromkeys(satisfaction))
    shown = [f"{value:g} x {satisfaction.count(value)}" for value in values[:most]]
    return ", ".join(shown) + (", ..." if len(values) > most else "")


def _open(levels: Sequence[Level]) -> list[str]:
    """The levels that are not proven, each with its bound."""
    return [
        f"         open: {level.name} {level.value:g}, bound {level.bound:g}"
        for level in levels
        if level.status != "optimal"
    ]
