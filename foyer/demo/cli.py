"""``foyer demo``: a house to look around in, a minute after the clone."""

from __future__ import annotations

import os
import socket
from datetime import date
from pathlib import Path

import click
from flask import Flask
from flask_babel import force_locale
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from foyer import create_app
from foyer.accounts.services import find_by_username
from foyer.audit.services import act_as
from foyer.config import Settings
from foyer.database import db, house_scope
from foyer.logs import write_logs
from foyer.residences.models import Residence
from foyer.serving.cli import prepare, start_serving

CODE, NAME = "taruna-jaya", "PSBR Taruna Jaya (contoh)"
DAY = date(2027, 1, 13)  # the Wednesday of the cycle's second week: everybody's pages have a today
WISHED_PORT = 8000


@click.command("demo")
@click.option("--data", default=".demo", type=click.Path(file_okay=False, path_type=Path), help="Where it is kept.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), help="The first free one from 8000 if left out.")
@click.option("--no-serve", is_flag=True, help="Only make the house ready.")
def demo_command(data: Path, host: str, port: int | None, no_serve: bool) -> None:
    """Make a demonstration residence, plan its cycle and serve it. All people in it are invented."""
    # Its own database, whatever the environment says; the worker's process reads the same two variables.
    os.environ.update({"FOYER_DATA": str(data.resolve()), "DATABASE_URL": "", "FOYER_REDIS_URL": ""})
    os.environ.setdefault("FOYER_LOG_LEVEL", "WARNING")
    os.environ.setdefault("FOYER_DEMONSTRATION_DAY", DAY.isoformat())
    app = create_app(Settings())
    write_logs(app.config["FOYER"].log_level)
    console = Console(highlight=False)
    with app.app_context():
        prepare(may_migrate=True)
        expect_no_other_house()
        make_house(app, console)
        if no_serve:
            _tell(console, "")
            return
        start_serving(
            app, host=host, port=_free_port(host) if port is None else port, on_ready=lambda at: _tell(console, at)
        )


def expect_no_other_house() -> None:
    """The accounts of the demonstration have a password that everybody knows: none of them in a real house's data."""
    houses = db.session.scalars(select(Residence)).all()
    was_made_here = find_by_username("dinas") is not None  # whoever looks around may have given the house another name
    if any(house.code != CODE or (house.name != NAME and not was_made_here) for house in houses):
        raise click.ClickException(
            "This folder holds the data of a real house, and the demonstration's passwords are known to everybody. "
            "Give the demonstration a folder of its own with --data."
        )


def make_house(app: Flask, console: Console) -> None:
    """Every step commits, and is left out where it was done before: safe to run twice, and after a Ctrl+C."""
    from foyer.accounts.models import User
    from foyer.demo.books import make_books
    from foyer.demo.earlier import make_earlier_cycle
    from foyer.demo.families import make_families
    from foyer.demo.happenings import make_happenings
    from foyer.demo.learning import make_learning
    from foyer.demo.people import make_leaders, make_people
    from foyer.demo.planning import plan_cycle
    from foyer.demo.stories import tell_stories
    from foyer.demo.workbook import bring_in

    residence = db.session.scalar(select(Residence).where(Residence.code == CODE))
    if residence is None:
        residence = Residence(code=CODE, name=NAME)
        db.session.add(residence)
        db.session.flush()
    with house_scope(residence.id), force_locale("id"):
        manager_id = make_leaders(residence).id
        db.session.commit()
        act_as(actor_id=manager_id, residence_id=residence.id)
        starts_on = bring_in(residence, manager_id)
        if starts_on is not None:
            console.print(f"{NAME}: the planning workbook is in, its five problems corrected.")
        plan = plan_cycle(app, console, residence_id=residence.id, manager_id=manager_id)
        make_people(residence, plan, DAY)
        db.session.commit()
        make_learning(plan, DAY, manager_id)
        db.session.commit()
        earlier = make_earlier_cycle(residence, plan, manager_id)
        db.session.commit()
        tell_stories(residence, earlier, DAY)
        make_families(db.session.get_one(User, manager_id), DAY)
        make_happenings(residence, plan.cycle, earlier, DAY)
        make_books(residence, earlier, DAY)
        db.session.commit()


def _free_port(host: str) -> int:
    for port in range(WISHED_PORT, WISHED_PORT + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    return 0


def _tell(console: Console, address: str) -> None:
    from foyer.demo.people import PASSWORD, SIGN_INS

    table = Table(title=f"{NAME}: all people in it are invented")
    for heading in ("Role", "User name", "Password"):
        table.add_column(heading)
    for sign_in in SIGN_INS:
        table.add_row(sign_in.role, sign_in.username, PASSWORD)
    console.print(table)
    console.print(f"In this house it is always {DAY:%A}, {DAY.day} {DAY:%B %Y}, in the second week of the cycle.")
    if address:
        console.print(
            f"Open [bold]{address}[/bold] in a browser and sign in. Ctrl+C ends it; `make demo` starts it again."
        )
