"""``foyer export-problem``: a cycle as the engine sees it, for ``foyer solve`` and for bug reports."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from foyer.cycles.models import Cycle
from foyer.cycles.planning import build_problem
from foyer.database import db, house_scope
from foyer.scheduling.files import write_problem


@click.command("export-problem")
@click.option("--cycle", "cycle_id", required=True, type=int, help="The cycle's number in its address, /cycles/<ID>.")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file.")
@with_appcontext
def export_problem_command(cycle_id: int, output: Path) -> None:
    """Write a cycle as a foyer-problem/1 file: ids only, no names."""
    table = Cycle.__table__
    house = db.session.execute(select(table.c.residence_id).where(table.c.id == cycle_id)).scalar()
    if house is None:
        raise click.ClickException(f"There is no cycle {cycle_id}.")
    with house_scope(house):
        problem = build_problem(db.session.get_one(Cycle, cycle_id))
    output.write_text(write_problem(problem), encoding="utf-8")
    click.echo(
        f"{output}: {len(problem.residents)} residents, {len(problem.groups)} groups, {len(problem.rooms)} rooms"
    )
