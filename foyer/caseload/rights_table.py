"""The table of rights as it stands in docs/rights.md."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from flask_babel import force_locale

from foyer.caseload import labels as _labels  # noqa: F401  the words
from foyer.caseload.rights import RIGHTS, Part, Who
from foyer.words import words


def rights_table() -> str:
    """Who reads, writes and exports which part, as a Markdown table in English."""
    with force_locale("en"):
        head = ["Part of the file", *(words(who) for who in Who)]
        rows = [
            [
                words(part),
                *(", ".join(words(act) for act in sorted(RIGHTS[part][who], key=_order)) or "–" for who in Who),
            ]
            for part in Part
        ]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _order(act: str) -> int:
    return ("read", "write", "export").index(act)


@click.command("rights")
@with_appcontext
def rights_command() -> None:
    """Print who may read, write and export which part of a file."""
    click.echo(rights_table())
