"""``foyer bench``: public instances of other families, solved by the engine and counted by the family's own rules."""

from __future__ import annotations

import os
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

import click

from foyer.scheduling.families import FAMILIES, FamilyFileError, Value
from foyer.scheduling.plan import UNFINISHED, Limits, Plan
from foyer.scheduling.problem import Problem

RESERVE = 0.02  # of the seconds, for reading, writing and ending
LEAST_RESERVE = 1.0  # second


class Family(Protocol):
    """What a family's module offers. An instance is whatever it reads."""

    def read(self, text: str) -> Any: ...

    def problem_of(self, instance: Any) -> Problem: ...

    def solution_of(self, instance: Any, plan: Plan) -> str: ...

    def evaluate(self, instance: Any, text: str) -> Value: ...


@click.command("bench")
@click.argument("family", type=click.Choice(sorted(FAMILIES)))
@click.argument("instance_file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The solution's file.")
@click.option("--seconds", default=120.0, show_default=True, type=click.FloatRange(min=2.0), help="By the wall clock.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0))
@click.option("--workers", default=8, show_default=True, type=click.IntRange(min=1), help="1: repeatable.")
def bench_command(
    family: str, instance_file: Path, output: Path | None, seconds: float, seed: int, workers: int
) -> None:
    """Solve FILE, a public instance of FAMILY, and print its value by the family's published rules."""
    started = time.monotonic() - _age_of_process()
    from foyer.scheduling.engine import solve

    module = cast(Family, import_module(FAMILIES[family]))
    instance = _read(module, instance_file)
    left = seconds - max(LEAST_RESERVE, seconds * RESERVE) - (time.monotonic() - started)
    plan = solve(module.problem_of(instance), Limits(seconds=max(0.1, left), workers=workers, seed=seed))
    solution = module.solution_of(instance, plan)
    value = module.evaluate(instance, solution)
    if output is not None:
        output.write_text(solution, encoding="utf-8")
    _show(plan, value, time.monotonic() - started)
    if value.violations or plan.outcome in UNFINISHED:
        raise SystemExit(1)


def _age_of_process() -> float:
    """Seconds since this command's process began, which count too; 0 where the system does not tell, or the command is
    called from within another program."""
    if sys.argv[1:2] != ["bench"]:
        return 0.0
    try:
        ticks = int(Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19])
        return max(0.0, time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK"))
    except (OSError, AttributeError, ValueError, IndexError):
        return 0.0


def _read(module: Family, path: Path) -> Any:
    """The instance; a bad file ends the command with one line and exit code 2."""
    try:
        return module.read(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        message = "not a text file in UTF-8"
    except FamilyFileError as error:
        message = str(error)
    click.echo(f"{path}: {message}", err=True)
    raise SystemExit(2)


def _show(plan: Plan, value: Value, seconds: float) -> None:
    bound = "-" if plan.bound is None else f"{plan.bound:g}"
    gap = "-"
    if plan.bound is not None:
        gap = f"{max(0.0, (value.cost - plan.bound) / value.cost):.1%}" if value.cost else "0.0%"
    click.echo(f"value {value.cost:g}, bound {bound}, gap {gap}, {value.violations} violations")
    click.echo(
        ", ".join(f"{name} {figure:g}" for name, figure in (*value.hard, *value.soft) if figure) or "nothing hurt"
    )
    click.echo(f"{plan.outcome}, {seconds:.1f} s, {plan.engine}, seed {plan.seed}")
