"""The command ``foyer``: serving, importing, solving, and the database's own commands."""

from __future__ import annotations

from flask.cli import FlaskGroup

from foyer import create_app
from foyer.administration.cli import COMMANDS as administration_commands
from foyer.caseload.rights_table import rights_command
from foyer.cycles.cli import export_problem_command
from foyer.demo.cli import demo_command
from foyer.scheduling.answers_cli import COMMANDS as answers_commands
from foyer.scheduling.bench_cli import bench_command
from foyer.scheduling.cli import check_command, solve_command
from foyer.scheduling.repair_cli import repair_command
from foyer.scheduling.ways_cli import waysout_command
from foyer.serving.cli import serve_command, worker_command
from foyer.workbooks.cli import import_command

cli = FlaskGroup(
    name="foyer",
    create_app=lambda: create_app(),
    add_default_commands=False,
    add_version_option=False,
    help="Foyer plans the cycles of a youth residence and keeps its residents' files.",
)


def _add_database_commands() -> None:
    from flask_migrate.cli import db as database_group

    database_group.help = "Migrations of the database."
    cli.add_command(database_group, "db")


_add_database_commands()
cli.add_command(solve_command)
cli.add_command(check_command)
cli.add_command(repair_command)
cli.add_command(waysout_command)
cli.add_command(bench_command)
for command in (*answers_commands, *administration_commands, serve_command, worker_command, import_command):
    cli.add_command(command)
cli.add_command(export_problem_command)
cli.add_command(demo_command)
cli.add_command(rights_command)


def main() -> None:
    """Entry point of the console script."""
    cli.main(prog_name="foyer")


if __name__ == "__main__":
    main()
