"""``foyer repair``: the fewest changes from a published plan, on files and in a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from foyer.scheduling.cli import FILE, console, fit_for_output, read_plan_file, read_problem_file, save, watched
from foyer.scheduling.plan import Change, Limits, Outcome
from foyer.scheduling.ways_cli import show_ways

if TYPE_CHECKING:
    from foyer.scheduling.repairing import Repaired

NUMBER = click.IntRange(min=0)


@click.command("repair")
@click.argument("problem_file", type=FILE)
@click.argument("plan_file", type=FILE)
@click.option("--from", "night", required=True, type=NUMBER, help="The first night that may change; 0 is the cycle's.")
@click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The new plan's file."
)
@click.option("--most-changes", type=NUMBER, help="At most so many changes in total.")
@click.option("--most-per-resident", type=NUMBER, help="At most so many changes of one resident.")
@click.option("--place-unplaced", is_flag=True, help="Meet also what the plan left open, at the price of changes.")
@click.option("--ways", is_flag=True, help="Where somebody goes without: look for ways out, each tried by a repair.")
@click.option(
    "--seconds", default=60.0, show_default=True, type=click.FloatRange(min=0.1), help="Time for the whole run."
)
@click.option("--workers", default=8, show_default=True, type=click.IntRange(min=1), help="1: repeatable.")
@click.option("--seed", default=1, show_default=True, type=NUMBER)
def repair_command(
    problem_file: Path,
    plan_file: Path,
    night: int,
    output: Path,
    most_changes: int | None,
    most_per_resident: int | None,
    place_unplaced: bool,
    ways: bool,
    seconds: float,
    workers: int,
    seed: int,
) -> None:
    """Change PLAN_FILE as little as the house in PROBLEM_FILE allows, which is the house as it is now.

    Nights before the first are kept as they were. Every change is listed with the rule that forces it and its points;
    the codes are listed in docs/engine.md. Needs that the plan had met and the repair leaves open are listed too; for
    them, and where there is no repair, --ways names what would help. Exit code 1 if no repair keeps the rules, or none
    within the limits.
    """
    from foyer.scheduling.files import write_plan
    from foyer.scheduling.relaxing.mending import newly_open, ways_to_repair
    from foyer.scheduling.repairing import RepairRequest, repair
    from foyer.scheduling.validation import InvalidProblem

    fit_for_output(output, problem_file, plan_file)
    problem, plan = read_problem_file(problem_file), read_plan_file(plan_file)
    request = RepairRequest(night, most_changes, most_per_resident, place_unplaced)
    limits = Limits(seconds=seconds, workers=workers, seed=seed)
    try:
        found = watched(lambda show, stop: repair(problem, plan, request, limits, show, stop))
    except InvalidProblem as invalid:
        click.echo(str(invalid), err=True)
        raise SystemExit(2) from None
    save(output, write_plan(found.plan))
    _show(found, night)
    newly = newly_open(plan, found.plan).unmet
    for need in newly:
        click.echo(f"left open: {need.resident} {need.need} {need.subject}".rstrip())
    if ways and (newly or found.plan.outcome is Outcome.INFEASIBLE):
        show_ways(watched(lambda show, stop: ways_to_repair(problem, plan, request, limits, show, stop)))
    if found.plan.outcome not in (Outcome.OPTIMAL, Outcome.FEASIBLE):
        raise SystemExit(1)


def _show(found: Repaired, night: int) -> None:
    from rich.table import Table

    out = console()
    plan = found.plan
    out.print(
        f"{plan.outcome} from night {night} on: {sum(c.before is not None for c in found.changes)} changes, "
        f"{found.points:g} points, proven bound {found.bound:g}, {len(found.people)} residents touched, "
        f"{len(plan.unmet)} unmet needs, {plan.seconds:.1f} s ({plan.engine}, seed {plan.seed})"
    )
    for shortage in plan.shortages:
        out.print(f"impossible: {shortage.code} " + ", ".join(f"{k}={v}" for k, v in shortage.values))
    if found.changes:
        table = Table("what", "who", "from", "to", "points", "why")
        for change in found.changes:
            table.add_row(
                change.kind, _who(change), change.before or "-", change.after or "-", f"{change.points:g}", _why(change)
            )
        out.print(table)


def _who(change: Change) -> str:
    return f"{change.who} ({change.when})" if change.when else change.who


def _why(change: Change) -> str:
    values: Iterable[str] = (f"{name}={value}" for name, value in change.values)
    text = " ".join(values)
    return f"{change.reason} ({text})" if text else change.reason
