"""``foyer solve`` and ``foyer check``: the engine on files, without the application."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from foyer.scheduling.plan import UNFINISHED, Limits, Outcome, Plan, Progress, ProgressHook, StopHook
from foyer.scheduling.problem import Problem

if TYPE_CHECKING:
    from rich.console import Console

T = TypeVar("T")

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("solve")
@click.argument("problem_file", type=FILE)
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The plan's file.")
@click.option(
    "--seconds",
    default=120.0,
    show_default=True,
    type=click.FloatRange(min=0.1),
    help="Time for the whole run.",
)
@click.option("--workers", default=8, show_default=True, type=click.IntRange(min=1), help="1: repeatable.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0))
@click.option("--fairness", is_flag=True, help="Say as well what each kind of fairness costs, within as many seconds.")
def solve_command(problem_file: Path, output: Path, seconds: float, workers: int, seed: int, fairness: bool) -> None:
    """Plan the cycle described in PROBLEM_FILE (foyer-problem/1). Ctrl-C keeps the best plan found so far."""
    from foyer.scheduling.engine import solve
    from foyer.scheduling.files import write_plan

    fit_for_output(output, problem_file)
    problem = read_problem_file(problem_file)
    limits = Limits(seconds=seconds, workers=workers, seed=seed)
    plan = watched(lambda show, stop: solve(problem, limits, show, stop))
    save(output, write_plan(plan))
    _show(plan)
    if fairness and plan.outcome is not Outcome.INFEASIBLE:
        _show_fairness(problem, limits)
    if plan.outcome in (Outcome.INFEASIBLE, Outcome.OUT_OF_TIME):
        raise SystemExit(1)


@click.command("check")
@click.argument("problem_file", type=FILE)
@click.argument("plan_file", type=FILE)
def check_command(problem_file: Path, plan_file: Path) -> None:
    """Check PLAN_FILE against every hard rule of PROBLEM_FILE. Exit code 1 if one is broken."""
    from foyer.scheduling.checker import check

    problem = read_problem_file(problem_file)
    plan = read_plan_file(plan_file)
    violations = check(problem, plan)
    for violation in violations:
        click.echo(f"{violation.rule}: {', '.join(violation.who)}{violation.when and ' at ' + violation.when}")
    click.echo(f"{len(violations)} violations, {len(plan.unmet)} unmet needs, score {plan.score:g}")
    if violations:
        raise SystemExit(1)


def read_problem_file(path: Path) -> Problem:
    """The problem in the file; exit code 2 where it has mistakes."""
    from foyer.scheduling.files import read_problem

    return _or_complain(path, read_problem)


def read_plan_file(path: Path) -> Plan:
    """The plan in the file; exit code 2 where it has mistakes."""
    from foyer.scheduling.files import read_plan

    return _or_complain(path, read_plan)


def _or_complain(path: Path, read: Callable[[str], T]) -> T:
    """What the file holds; on mistakes all of them on stderr, each with its place, and exit code 2."""
    from foyer.scheduling.files import ProblemFileError

    try:
        return read(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        click.echo(f"{path}: not a text file in UTF-8", err=True)
    except ProblemFileError as error:
        for fault in error.faults:
            click.echo(f"{path}: {fault}", err=True)
    raise SystemExit(2)


def fit_for_output(output: Path | None, *inputs: Path) -> None:
    """Exit code 2, before any work, where the output could not be written or would replace what was read."""
    if output is None:
        return
    written = output if output.exists() and not output.is_file() else output.parent  # a pipe; or the file anew
    if output.exists() and any(each.exists() and output.samefile(each) for each in inputs):
        message = "is one of the files to read; it is not replaced"
    elif not output.parent.is_dir():
        message = f"there is no folder {output.parent}"
    elif not os.access(written, os.W_OK) or (output.exists() and not os.access(output, os.W_OK)):
        message = "may not be written"
    else:
        return
    click.echo(f"{output}: {message}", err=True)
    raise SystemExit(2)


def save(output: Path, text: str) -> None:
    """Write the file whole or not at all; exit code 2 where it cannot be written after all."""
    from foyer.scheduling.files import put_file

    try:
        put_file(output, text)
    except OSError as error:
        click.echo(f"{output}: {error.strerror}", err=True)
        raise SystemExit(2) from None


def console() -> Console:
    """What prints tables: ids are shown as they are, brackets and colons too."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)


def watched(work: Callable[[ProgressHook, StopHook], T]) -> T:
    """Work with a line of progress; Ctrl-C, or a request to end (SIGTERM), cancels and keeps what was found."""
    import signal

    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    stopping: list[int] = []
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(each, lambda number, frame: stopping.append(number)) for each in signals]
    columns = (
        TextColumn("{task.description:14}"),
        BarColumn(),
        TextColumn("{task.fields[figures]}"),
        TimeElapsedColumn(),
    )
    try:
        with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("counting", total=1.0, figures="")

            def show(news: Progress) -> None:
                figures = f"score {_figure(news.score)}  bound {_figure(news.bound)}"
                bar.update(task, description=news.stage, completed=news.done, figures=figures)

            return work(show, lambda: bool(stopping))
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"


def _show(plan: Plan) -> None:
    """The plan's figures in a terminal."""
    from rich.table import Table

    out = console()
    out.print(
        f"{plan.outcome}: score {plan.score:g}, proven bound {_figure(plan.bound)}, "
        f"{len(plan.unmet)} unmet needs, {plan.seconds:.1f} s ({plan.engine}, seed {plan.seed})"
    )
    for shortage in plan.shortages:
        out.print(f"short: {shortage.code} " + ", ".join(f"{k}={v}" for k, v in shortage.values))
    if plan.shortages or (plan.unmet and plan.outcome not in UNFINISHED):
        out.print("foyer waysout names what would help")
    if plan.stages:
        table = Table("stage", "value", "bound", "gap", "status", "how", "seconds")
        for s in plan.stages:
            bound = _figure(s.bound) + (" (conditional)" if s.conditional else "")
            table.add_row(s.name, f"{s.value:g}", bound, _gap(s.value, s.bound), s.status, s.how, f"{s.seconds:.2f}")
        out.print(table)
    if plan.levels:
        table = Table("level", "value", "bound", "status", "how")
        for level in plan.levels:
            bound = _figure(level.bound) + (" (conditional)" if level.conditional else "")
            table.add_row(level.name, f"{level.value:g}", bound, level.status, level.how)
        out.print(table)
    if plan.terms:
        table = Table("wish", "times", "points")
        for term in plan.terms:
            table.add_row(term.wish, str(term.count), f"{term.points:g}")
        out.print(table)


def _show_fairness(problem: Problem, limits: Limits) -> None:
    """What classes and electives cost by the plain sum, by the profile of ranks and by leximin."""
    from rich.table import Table

    from foyer.scheduling.fair_price import price_of_fairness

    priced = watched(lambda show, stop: price_of_fairness(problem, limits, show, stop))
    table = Table("fairness", "unplaced", "points", "bound", "price", "levels proven", "lost by the worst off")
    for way in priced.ways:
        proven = sum(level.status == "optimal" for level in way.levels)
        table.add_row(
            way.fairness,
            f"{way.unplaced:g}",
            f"{way.points:g}",
            _figure(way.bound),
            f"{priced.price(way):g}",
            f"{proven} of {len(way.levels)}",
            " ".join(str(lost) for lost in way.losses[:5]),
        )
    console().print(table)


def _gap(value: float, bound: float | None) -> str:
    if bound is None:
        return "-"
    return f"{(value - bound) / value:.1%}" if value else "0.0%"
