"""Tries the commands of docs/commands.md, and writes their output into it:

    python -m tests.scheduling.commands_page

Every block that begins with ``$ foyer`` is one command and its output, run in a copy of docs/examples, one after the
other.
"""

from __future__ import annotations

import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from foyer.cli import cli

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "commands.md"
WIDTH = "100"  # of the terminal
BLOCK = re.compile(r"```console\n\$ (foyer [^\n]*)\n(.*?)```", re.DOTALL)

# What differs from run to run, or from one version of the solver to the next
CHANGING = (
    (re.compile(r"\d+\.\d+ s\b"), "0.0 s"),
    (re.compile(r"\d+\.\d\d +│\n"), "0.00 │\n"),  # the column of seconds
    (re.compile(r"(foyer|ortools) \d[\w.]*"), r"\1 0"),
)


@dataclass(frozen=True)
class Tried:
    command: str
    documented: str
    found: str


def tried(page: str) -> Iterator[Tried]:
    """Each command of the page with the output documented and the output found."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder, "examples")
        shutil.copytree(DOCS / "examples", here)
        with chdir(here):
            for match in BLOCK.finditer(page):
                yield Tried(match[1], match[2], output_of(match[1]))


def output_of(command: str) -> str:
    """What the command prints, and its exit code where it is not 0."""
    result = CliRunner(env={"COLUMNS": WIDTH}).invoke(cli, shlex.split(command)[1:], prog_name="foyer")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    lines = [line.rstrip() for line in result.stdout.strip("\n").splitlines()]
    lines += [line.rstrip() for line in result.stderr.splitlines() if line.strip()]  # its progress leaves empty lines
    code = [f"[exit code {result.exit_code}]"] if result.exit_code else []
    return "\n".join([*lines, *code]) + "\n"


def normalised(output: str) -> str:
    """The output without what differs from run to run; lines may break elsewhere."""
    for pattern, text in CHANGING:
        output = pattern.sub(text, output)
    return " ".join(output.split())


def main() -> None:
    page = PAGE.read_text(encoding="utf-8")
    outputs = iter(
        [
            each.documented if normalised(each.documented) == normalised(each.found) else each.found
            for each in tried(page)
        ]
    )
    written = BLOCK.sub(lambda match: f"```console\n$ {match[1]}\n{next(outputs)}```", page)
    PAGE.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
