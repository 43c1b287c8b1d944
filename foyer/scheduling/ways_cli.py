"""``foyer waysout``: why a house cannot be planned in full, and what would help, on files and in a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from foyer.scheduling.cli import FILE, console, read_problem_file, watched
from foyer.scheduling.plan import Limits

if TYPE_CHECKING:
    from foyer.scheduling.relaxing import ImpossibleAnswer, Relaxation


@click.command("waysout")
@click.argument("problem_file", type=FILE)
@click.option("--most", default=4, show_default=True, type=click.IntRange(min=1), help="At most so many ways.")
@click.option("--seconds", default=120.0, show_default=True, type=click.FloatRange(min=0.1), help="Time for all of it.")
@click.option("--workers", default=8, show_default=True, type=click.IntRange(min=1), help="1: repeatable.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0))
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON, for other programs.")
def waysout_command(problem_file: Path, most: int, seconds: float, workers: int, seed: int, as_json: bool) -> None:
    """Say why PROBLEM_FILE cannot be planned in full, and name the cheapest different ways out.

    Each way was shown to work by solving. Ways with (!) need a person: they concern somebody's safety or admission. The
    codes are listed in docs/engine.md. Exit code 1 where there is no full plan.
    """
    from foyer.scheduling.answers.files import write_answer
    from foyer.scheduling.relaxing import ways_out

    problem = read_problem_file(problem_file)
    limits = Limits(seconds=seconds, workers=workers, seed=seed)
    found = watched(lambda show, stop: ways_out(problem, limits, show, stop, most=most))
    if as_json:
        click.echo(write_answer(found), nl=False)
    else:
        show_ways(found)
    if not found.is_possible:
        raise SystemExit(1)


def show_ways(found: ImpossibleAnswer) -> None:
    """The answer as a table; for a repair with how much each way changes."""
    from rich.table import Table

    out = console()
    if found.is_possible:
        out.print(f"possible: a plan that meets every need exists, {found.seconds:.1f} s")
        return
    for shortage in found.shortages:
        out.print(f"short: {shortage.code} " + ", ".join(f"{k}={v}" for k, v in shortage.values))
    if found.rules:
        rules = "; ".join(" ".join((rule.family, *rule.who)) for rule in found.rules)
        out.print(f"these rules of the stage {found.stage} cannot all be kept, but without any one they can: {rules}")
    if not found.ways:
        out.print(f"no way out was found in {found.seconds:.1f} s")
        return
    is_repair = any(way.changes is not None for way in found.ways)
    table = Table("way", "points", "what", "then: changes" if is_repair else "then: score")
    for number, way in enumerate(found.ways, 1):
        for i, relaxation in enumerate(way.relaxations):
            first = (str(number), f"{way.points:g}") if i == 0 else ("", "")
            then = f"{way.changes}, of {way.people} residents" if is_repair else f"{way.score:g}"
            table.add_row(*first, _text(relaxation), then if i == 0 else "")
    out.print(table)


def _text(relaxation: Relaxation) -> str:
    parts = [relaxation.code, *(f"{name}={value}" for name, value in relaxation.values if value != "")]
    if relaxation.residents:
        parts.append(f"residents={','.join(relaxation.residents)}")
    return " ".join(parts) + (" (!)" if relaxation.needs_a_person else "")
