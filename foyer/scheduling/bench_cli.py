"""``foyer bench``: public instances of other families, solved by the engine and counted by the family's own rules."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

import click

from foyer.scheduling.cli import fit_for_output, save
from foyer.scheduling.families import FAMILIES, FamilyFileError, Value, text_of
from foyer.scheduling.plan import UNFINISHED, Limits, Plan
from foyer.scheduling.problem import Problem
from foyer.scheduling.validation import InvalidProblem

RESERVE = 0.02  # of the seconds, for reading, writing and ending
LEAST_RESERVE = 1.0  # second
LONGEST_START = 30.0  # seconds that starting Python can take; an older process was something else before


class Family(Protocol):
    """What a family's module offers. An instance is whatever it reads."""

    def read(self, text: str) -> Any: ...

    def problem_of(self, instance: Any) -> Problem: ...

    def solution_of(self, instance: Any, plan: Plan) -> str: ...

    def evaluate(self, instance: Any, text: str) -> Value: ...

    # ``POINTS_PER_UNIT``, where the engine counts in smaller units than the family: tenths for decimals


@click.command("bench")
@click.argument("family", type=click.Choice(sorted(FAMILIES)))
@click.argument("instance_file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The solution's file.")
@click.option("--seconds", default=120.0, show_default=True, type=click.FloatRange(min=2.0), help="By the wall clock.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0))
@click.option("--workers", default=8, show_default=True, type=click.IntRange(min=1), help="1: repeatable.")
@click.option(
    "--objective",
    type=click.Choice(["sum", "profile", "leximin"]),
    help="preferences: which of the three solutions is written. Default: what the file's convention asks for.",
)
def bench_command(
    family: str,
    instance_file: Path,
    output: Path | None,
    seconds: float,
    seed: int,
    workers: int,
    objective: str | None,
) -> None:
    """Solve FILE, a public instance of FAMILY, and print its value by the family's published rules.

    A FILE that is not here is looked for under FOYER_INSTANCES (../shared/instances) in the family's folder. Ctrl-C
    ends the search and keeps what it found. Exit code 1: no solution that keeps all rules."""
    started = time.monotonic() - _age_of_process()
    from foyer.scheduling.engine import solve

    module = cast(Family, import_module(FAMILIES[family]))
    if objective and not hasattr(module, "OBJECTIVES"):
        raise click.UsageError(f"{family} has one objective only")
    path = _found(family, instance_file)
    fit_for_output(output, path)
    instance = _read(module, path)
    left = seconds - max(LEAST_RESERVE, seconds * RESERVE) - (time.monotonic() - started)
    with _interruptible() as interrupted, _plannable(path):
        limits = Limits(seconds=max(0.1, left), workers=workers, seed=seed)
        if hasattr(module, "OBJECTIVES"):
            stop = lambda: bool(interrupted)  # noqa: E731
            _by_objectives(instance, objective, output, lambda p, own: solve(p, own, stop=stop), limits)
            return
        plan = solve(module.problem_of(instance), limits, stop=lambda: bool(interrupted))
    solution = module.solution_of(instance, plan)
    value = module.evaluate(instance, solution)
    if output is not None:
        save(output, solution)
    _show(plan, value, getattr(module, "POINTS_PER_UNIT", 1), time.monotonic() - started)
    if value.violations or plan.outcome in UNFINISHED:
        raise SystemExit(1)


def _by_objectives(
    instance: Any, objective: str | None, output: Path | None, solver: Callable[[Problem, Limits], Plan], limits: Limits
) -> None:
    """A family that asks for a sum as well as for fairness: one solution for each, the one asked for is written."""
    from foyer.scheduling.families.preferences_bench import reach_all, report

    asked = objective or instance.objective
    found = reach_all(instance, asked, solver, limits)
    if asked not in found:
        click.echo(f"{asked}: no answer within its time", err=True)
        raise SystemExit(1)
    if output is not None:
        save(output, found[asked].solution)
    for line in report(instance, asked, found):
        click.echo(line)
    click.echo(f"{found[asked].plan.outcome}, {found[asked].plan.engine}, seed {limits.seed}")


def _age_of_process() -> float:
    """Seconds since this command's process began, which count too; 0 where the system does not tell, or the process was
    another program before."""
    if sys.argv[1:2] != ["bench"]:
        return 0.0
    try:
        ticks = int(Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19])
        age = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
        return age if 0 < age < LONGEST_START else 0.0
    except (OSError, AttributeError, ValueError, IndexError):
        return 0.0


@contextmanager
def _interruptible() -> Iterator[list[int]]:
    """Signals that ask to end, as they come: the list is empty until then."""
    seen: list[int] = []
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(each, lambda number, frame: seen.append(number)) for each in signals]
    try:
        yield seen
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)


@contextmanager
def _plannable(path: Path) -> Iterator[None]:
    """What the instance says may be more than the engine's form holds: exit code 2, with every place."""
    try:
        yield
    except InvalidProblem as invalid:
        for fault in invalid.faults:
            click.echo(f"{path}: as a problem: {fault}", err=True)
        raise SystemExit(2) from None


def _found(family: str, path: Path) -> Path:
    """The file as named, or else the public instance of that name."""
    kept = Path(os.environ.get("FOYER_INSTANCES", "../shared/instances")) / family / path
    return kept if not path.exists() and kept.exists() else path


def _read(module: Family, path: Path) -> Any:
    """The instance; a file that is missing or bad ends the command with one line and exit code 2."""
    try:
        if hasattr(module, "read_path"):  # it reads a file beside this one too
            return module.read_path(path)
        return module.read(text_of(path))
    except OSError as error:
        message = f"{error.strerror}; public instances are looked for under FOYER_INSTANCES"
    except FamilyFileError as error:
        message = str(error)
    click.echo(f"{path}: {message}", err=True)
    raise SystemExit(2)


def _show(plan: Plan, value: Value, unit: float, seconds: float) -> None:
    """Value, bound and gap in the family's unit, of which ``unit`` of the engine's points make one."""
    bounds = [stage.bound for stage in plan.stages if stage.bound is not None]
    bound = sum(bounds) / unit if bounds else None
    gap = "-"
    if bound is not None:
        gap = f"{max(0.0, (value.cost - bound) / value.cost):.1%}" if value.cost else "0.0%"
    proven = "-" if bound is None else f"{bound:g}"
    click.echo(f"value {value.cost:g}, bound {proven}, gap {gap}, {value.violations} violations")
    click.echo(
        ", ".join(f"{name} {figure:g}" for name, figure in (*value.hard, *value.soft) if figure) or "nothing hurt"
    )
    click.echo(f"{plan.outcome}, {seconds:.1f} s, {plan.engine}, seed {plan.seed}")
