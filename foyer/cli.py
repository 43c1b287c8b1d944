"""The command ``foyer``: serving, importing, solving, and the database's own commands."""

from __future__ import annotations

from flask.cli import FlaskGroup

from foyer import create_app

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


def main() -> None:
    """Entry point of the console script."""
    cli.main(prog_name="foyer")


if __name__ == "__main__":
    main()
