"""``foyer explain``: what the engine answers about a plan, on files and in a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from foyer.scheduling.cli import FILE, read_plan_file, read_problem_file

if TYPE_CHECKING:
    from foyer.scheduling.answers.forms import Explanation, NeedAnswer, Obstacle, Option
    from foyer.scheduling.plan import Term
    from foyer.scheduling.problem import Problem

JSON = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON, for other programs.")


@click.command("explain")
@click.argument("problem_file", type=FILE)
@click.argument("plan_file", type=FILE)
@click.option("--resident", help="Only this resident (an id of the problem); otherwise everybody.")
@JSON
def explain_command(problem_file: Path, plan_file: Path, resident: str | None, as_json: bool) -> None:
    """Say why PLAN_FILE gives each resident what it gives.

    For every need: what was wished, what was got, its points, and for each better option what stands in the way and
    what it would cost the plan. Codes and numbers; the codes are listed in docs/engine.md. No other resident is named.
    """
    from foyer.scheduling.answers.files import write_answer
    from foyer.scheduling.answers.why import explain

    problem = read_problem_file(problem_file)
    plan = read_plan_file(plan_file)
    if resident is not None:
        known_resident(problem, resident)
    found = explain(problem, plan, resident)
    if as_json:
        click.echo(write_answer(found), nl=False)
        return
    for each in found.residents:
        _show(each)
    if resident is None:
        click.echo(f"the house's own: {terms_text(found.house)}")


def known_resident(problem: Problem, resident: str) -> None:
    """Exit code 2 where the problem has no such resident."""
    if all(r.id != resident for r in problem.residents):
        click.echo(f"{resident}: no such resident in {problem.name}", err=True)
        raise SystemExit(2)


def terms_text(terms: Iterable[Term]) -> str:
    return ", ".join(f"{t.wish} {t.points:g}" for t in terms) or "-"


def obstacle_text(obstacle: Obstacle) -> str:
    values = " ".join(f"{name}={value}" for name, value in obstacle.values)
    return f"{obstacle.code} ({values})" if values else obstacle.code


def _show(found: Explanation) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("need", "wished", "got", "points", "better", "what stands in the way", title_justify="left")
    table.title = f"{found.resident}: {found.points:g} points"
    for need in found.needs:
        first = (_need_name(need), ", ".join(need.wished) or "-", need.got or "-", terms_text(need.terms))
        lines = [(option.target, _option_text(option)) for option in need.better]
        lines += [("", obstacle_text(note)) for note in need.notes]
        for i, line in enumerate(lines or [("", "")]):
            table.add_row(*(first if i == 0 else ("", "", "", "")), *line)
    Console(highlight=False).print(table)


def _need_name(need: NeedAnswer) -> str:
    return f"{need.need} {need.subject}" if need.need in ("education", "elective") else need.need


def _option_text(option: Option) -> str:
    proof = f" [{option.price.proof}]" if option.price is not None else ""
    return "; ".join(map(obstacle_text, option.obstacles)) + proof.replace("[", r"\[")


COMMANDS = (explain_command,)
