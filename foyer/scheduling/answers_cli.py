"""``foyer explain``, ``foyer whatif`` and ``foyer recommend``: answers about a plan, on files and in a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from foyer.scheduling.cli import FILE, console, fit_for_output, read_plan_file, read_problem_file, save

if TYPE_CHECKING:
    from rich.table import Table

    from foyer.scheduling.answers.forms import (
        Explanation,
        NeedAnswer,
        Obstacle,
        Option,
        Placement,
        Recommendations,
        WhatIf,
    )
    from foyer.scheduling.plan import Change, Plan, Term
    from foyer.scheduling.problem import Problem

T = TypeVar("T")

KINDS = ("class", "education", "elective", "counsellor", "room", "appointment", "meeting")
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
        known_resident(problem, plan, resident)
    found = understood(lambda: explain(problem, plan, resident))
    if as_json:
        click.echo(write_answer(found), nl=False)
        return
    for each in found.residents:
        _show(each)
    if resident is None:
        click.echo(f"the house's own: {terms_text(found.house)}")


@click.command("whatif")
@click.argument("problem_file", type=FILE)
@click.argument("plan_file", type=FILE)
@click.argument("resident")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("target")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the plan as it would be.")
@JSON
def what_if_command(
    problem_file: Path, plan_file: Path, resident: str, kind: str, target: str, output: Path | None, as_json: bool
) -> None:
    """Say what it would cost PLAN_FILE to give RESIDENT the TARGET, and who would move.

    KIND and TARGET: a class, education group, elective, counsellor or room by its id; an appointment as a period or
    WEEK:PERIOD; a meeting as GROUP:PERIOD,PERIOD. Exit code 1 where it is impossible, or not found out in time; 2 where
    the question names what is not there.

    Published times are kept wherever they can be. Proof: exact (no plan gives it for less, up to the level of times),
    kept (none with the published times and the same groups), at_most (a cheaper one is not excluded).
    """
    from foyer.scheduling.answers.files import write_answer
    from foyer.scheduling.answers.forms import Wish
    from foyer.scheduling.answers.what_if import what_if
    from foyer.scheduling.files import write_plan

    fit_for_output(output, problem_file, plan_file)
    problem = read_problem_file(problem_file)
    plan = read_plan_file(plan_file)
    found = understood(lambda: what_if(problem, plan, Wish(kind, resident, target)))  # type: ignore[arg-type]
    if output is not None and found.plan is not None:
        save(output, write_plan(found.plan))
    if as_json:
        click.echo(write_answer(found), nl=False)
    else:
        _show_what_if(found)
    if found.outcome in ("impossible", "not_found"):
        raise SystemExit(1)


@click.command("recommend")
@click.argument("problem_file", type=FILE)
@click.argument("plan_file", type=FILE)
@click.argument("resident")
@click.option("--moves", default=1, show_default=True, type=click.IntRange(0, 5), help="How many others may move.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the best plan.")
@JSON
def recommend_command(
    problem_file: Path, plan_file: Path, resident: str, moves: int, output: Path | None, as_json: bool
) -> None:
    """Say where RESIDENT fits into PLAN_FILE.

    The three best complete placements without moving anybody else (class, education groups, counsellor, room, hour),
    and the best found for which at most --moves others move, if it is better. The plan may be older than the resident:
    PROBLEM_FILE has the house with the resident. Exit code 1 where there is no placement, 2 for an unknown resident.
    With -o the first placement is written, or with --moves the better one.
    """
    from foyer.scheduling.answers.files import write_answer
    from foyer.scheduling.answers.recommend import recommend
    from foyer.scheduling.files import write_plan

    fit_for_output(output, problem_file, plan_file)
    problem = read_problem_file(problem_file)
    plan = read_plan_file(plan_file)
    known_resident(problem, plan, resident)
    found = understood(lambda: recommend(problem, plan, resident, moves))
    best = found.with_moves or next(iter(found.placements), None)
    if output is not None and best is not None:
        save(output, write_plan(best.plan))
    if as_json:
        click.echo(write_answer(found), nl=False)
    else:
        _show_recommendations(found)
    if best is None:
        raise SystemExit(1)


def known_resident(problem: Problem, plan: Plan, resident: str) -> None:
    """Exit code 2 where the problem has no such resident, or where he has left before the plan holds."""
    leaves = next((r.leaves for r in problem.residents if r.id == resident), None)
    if leaves is None:
        click.echo(f"{resident}: no such resident in {problem.name}", err=True)
        raise SystemExit(2)
    if leaves <= plan.from_night:
        click.echo(f"{resident}: has left by night {plan.from_night}, from which the plan holds", err=True)
        raise SystemExit(2)


def understood(answer: Callable[[], T]) -> T:
    """The answer; exit code 2 where the question, or the plan, names what is not there."""
    from foyer.scheduling.answers.viewing import ForeignPlan
    from foyer.scheduling.answers.what_if import UnknownWish

    try:
        return answer()
    except (UnknownWish, ForeignPlan) as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None


def terms_text(terms: Iterable[Term]) -> str:
    return ", ".join(f"{t.wish} {t.points:g}" for t in terms) or "-"


def obstacle_text(obstacle: Obstacle) -> str:
    values = " ".join(f"{name}={value}" for name, value in obstacle.values)
    return f"{obstacle.code} ({values})" if values else obstacle.code


def _show(found: Explanation) -> None:
    from rich.table import Table

    table = Table("need", "wished", "got", "points", "better", "what stands in the way", title_justify="left")
    table.title = f"{found.resident}: {found.points:g} points"
    for need in found.needs:
        first = (_need_name(need), ", ".join(need.wished) or "-", need.got or "-", terms_text(need.terms))
        lines = [(option.target, _option_text(option)) for option in need.better]
        lines += [("", obstacle_text(note)) for note in need.notes]
        for i, line in enumerate(lines or [("", "")]):
            table.add_row(*(first if i == 0 else ("", "", "", "")), *line)
    console().print(table)


def _need_name(need: NeedAnswer) -> str:
    return f"{need.need} {need.subject}" if need.need in ("education", "elective") else need.need


def _option_text(option: Option) -> str:
    proof = f" [{option.price.proof}]" if option.price is not None else ""
    return "; ".join(map(obstacle_text, option.obstacles)) + proof


def _show_what_if(found: WhatIf) -> None:
    from rich.table import Table

    out, wish = console(), found.wish
    price = f", {found.points:+g} points, {found.proof}" if found.outcome == "possible" else ""
    out.print(f"{wish.resident}, {wish.kind} {wish.target}: {found.outcome}{price} ({found.seconds:.2f} s)")
    for obstacle in found.obstacles:
        out.print(f"  {obstacle_text(obstacle)}")
    if found.levels:
        table = Table("stage", "level", "now", "then")
        for x in found.levels:
            table.add_row(x.stage, x.level, f"{x.before:g}", f"{x.after:g}")
        out.print(table)
    if found.wishes:
        table = Table("wish", "times", "points")
        for w in found.wishes:
            table.add_row(w.wish, f"{w.count:+d}", f"{w.points:+g}")
        out.print(table)
    if found.changes:
        out.print(changes_table(found.changes))


def _show_recommendations(found: Recommendations) -> None:
    from rich.table import Table

    out = console()
    out.print(f"{found.resident}: {len(found.placements)} placements without moving anybody ({found.seconds:.2f} s)")
    table = Table("", "class", "education, electives", "counsellor", "room", "hour", "points", "not as wished", "moved")
    rows = [(str(i), p) for i, p in enumerate(found.placements, start=1)]
    rows += [(f"{len(found.with_moves.moved)} moved", found.with_moves)] if found.with_moves else []
    for name, placement in rows:
        table.add_row(name, *_placement_cells(found.resident, placement))
    out.print(table)
    for name, placement in rows:
        for need in placement.lost:
            for option in need.better:
                out.print(f"  {name}: {_need_name(need)}, {option.target}: {_option_text(option)}")


def _placement_cells(resident: str, placement: Placement) -> tuple[str, ...]:
    own = [c for c in placement.changes if c.who == resident]

    def having(*kinds: str) -> str:
        return ", ".join(c.after for c in own if c.kind in kinds and c.after) or "-"

    return (
        having("class"),
        having("education", "elective"),
        having("counsellor"),
        having("room"),
        having("appointment"),
        terms_text(placement.terms),
        ", ".join(_need_name(n) for n in placement.lost) or "-",
        ", ".join(placement.moved) or "-",
    )


def changes_table(changes: Iterable[Change]) -> Table:
    """Who would move, and from where to where."""
    from rich.table import Table

    table = Table("who", "what", "now", "then")
    for change in changes:
        table.add_row(change.who, change.kind, change.before or "-", change.after or "-")
    return table


COMMANDS = (explain_command, what_if_command, recommend_command)
