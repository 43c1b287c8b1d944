"""The first steps at the machine itself: a house, its administrator, a slip for somebody who is locked out."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError, ProgrammingError

from foyer.accounts.models import Role, User
from foyer.accounts.passwords import WeakPassword, shortest
from foyer.accounts.services import (
    UsernameTaken,
    UsernameUnfit,
    create_user,
    find_by_username,
    grant_house,
    set_password,
    withdraw_house,
)
from foyer.accounts.slips import issue_slip
from foyer.administration import services
from foyer.database import db
from foyer.names import name_key
from foyer.residences.models import Residence

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


def _in_house(command: Callable[..., Any]) -> Callable[..., Any]:
    """Inside the application, with one sentence instead of a trace where the database has no tables yet."""

    @with_appcontext
    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except (OperationalError, ProgrammingError) as error:
            raise click.ClickException(
                "The database is not ready. Run `foyer db upgrade` first.\n" + str(error.orig)
            ) from None

    return run


@click.command("create-residence")
@click.option("--name", prompt="Name of the house", help="For instance: PSBR Taruna Jaya 1")
@click.option("--code", default="", help="A short name for commands; made from the name if left out.")
@click.option("--time-zone", type=click.Choice(ZONES), default=ZONES[0], prompt="Time zone", show_default=True)
@_in_house
def create_residence_command(name: str, code: str, time_zone: str) -> None:
    """Found a house."""
    code = code or name_key(name).replace(" ", "-")[:40]
    try:
        residence = services.create_residence(code=code, name=name, time_zone=time_zone)
    except services.CodeTaken:
        raise click.ClickException(f"Another house has the code {code}; give one with --code.") from None
    db.session.commit()
    click.echo(f"The house {residence.name} is founded. Its code is {residence.code}.")


@click.command("create-user")
@click.option("--role", type=click.Choice([role.value for role in Role]), prompt="Role")
@click.option("--username", prompt="User name")
@click.option("--name", "display_name", prompt="Name of the person")
@click.option("--house", "codes", multiple=True, help="The house's code; several for the office.")
@click.option("--password", help="Better left out: it is asked for, or --slip makes a code.")
@click.option("--slip", "with_slip", is_flag=True, help="Print a one-time code instead of asking for a password.")
@_in_house
def create_user_command(
    role: str, username: str, display_name: str, codes: tuple[str, ...], password: str | None, with_slip: bool
) -> None:
    """Make an account."""
    kind = Role(role)
    houses = _houses(codes, several=kind is Role.OFFICE)
    try:
        user = create_user(
            username=username,
            display_name=display_name,
            role=kind,
            residence_id=None if kind is Role.OFFICE else houses[0].id,
        )
    except UsernameTaken:
        raise click.ClickException(f"The user name {username} is taken.") from None
    except UsernameUnfit:
        raise click.ClickException(
            "A user name has 3 to 40 small letters, digits, dots or hyphens and begins with a letter."
        ) from None
    if kind is Role.OFFICE:
        for house in houses:
            grant_house(user, house.id)
    if not with_slip:
        _ask_password(user, password)
    _say_made(user, with_slip=with_slip)


def _say_made(user: User, *, with_slip: bool) -> None:
    code = issue_slip(user).code if with_slip else None
    db.session.commit()
    click.echo(f"The account {user.username} is made.")
    if code:
        click.echo(f"Its one-time code, shown only now: {code} (enter it at /slip)")


def _houses(codes: tuple[str, ...], *, several: bool) -> list[Residence]:
    every = list(services.list_residences())
    if not every:
        raise click.ClickException("There is no house yet. Run `foyer create-residence` first.")
    if not codes and len(every) == 1:
        return every
    chosen = [house for house in every if house.code in codes]
    unknown = set(codes) - {house.code for house in every}
    if unknown or not chosen or (len(chosen) > 1 and not several):
        known = ", ".join(house.code for house in every)
        raise click.ClickException(f"Say which house with --house. There are: {known}.")
    return chosen


def _ask_password(user: User, password: str | None) -> None:
    asked = password is None
    while True:
        given = password or click.prompt("Password", hide_input=True, confirmation_prompt=True)
        try:
            set_password(user, given)
        except WeakPassword as weak:
            sentence = (
                f"This password is too easy to guess ({weak.weakness}); at least {shortest(user.role)} characters."
            )
            if not asked:
                raise click.ClickException(sentence) from None
            click.echo(sentence)
            continue
        return


@click.command("slip")
@click.argument("username")
@_in_house
def slip_command(username: str) -> None:
    """Print a one-time code for an account, for instance when the administrator is locked out."""
    issued = services.issue_account_slip(_account(username))
    db.session.commit()
    click.echo(f"One-time code for {issued.user.username}, shown only now: {issued.code} (enter it at /slip)")


@click.command("office-house")
@click.argument("username")
@click.argument("code")
@click.option("--withdraw", is_flag=True, help="Take the house away again.")
@_in_house
def office_house_command(username: str, code: str, withdraw: bool) -> None:
    """Let an account of the office see a house."""
    user = _account(username)
    house = services.find_residence(code)
    if user.role is not Role.OFFICE or house is None:
        raise click.ClickException("This needs an account of the office and the code of a house.")
    (withdraw_house if withdraw else grant_house)(user, house.id)
    db.session.commit()
    click.echo(f"{user.username} {'no longer sees' if withdraw else 'sees'} {house.name}.")


def _account(username: str) -> User:
    user = find_by_username(username)
    if user is None:
        raise click.ClickException(f"No account has the user name {re.sub(r'[^ -~]', '?', username)}.")
    return user


COMMANDS = (create_residence_command, create_user_command, slip_command, office_house_command)
