"""``foyer import`` in a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from foyer.database import db, house_scope
from foyer.residences.models import Residence
from foyer.residents.models import Resident
from foyer.workbooks.cli import REFUSED, UNANSWERED, UNREADABLE, import_command
from foyer.workbooks.reading import read_book
from tests.factories import make_residence
from tests.workbooks.books import small
from tests.workbooks.test_other_houses import english


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    with app.app_context():
        make_residence(code="taruna")
        db.session.commit()
    (tmp_path / "plan.xlsx").write_bytes(small())
    (tmp_path / "spring.xlsx").write_bytes(english())
    (tmp_path / "letter.docx").write_bytes(b"not a workbook")
    return tmp_path


def run(app: Flask, *words: object) -> Result:
    return app.test_cli_runner().invoke(import_command, [*map(str, words), "--language", "en"])


def residents(app: Flask) -> int:
    with app.app_context(), house_scope(*db.session.scalars(select(Residence.id))):
        return db.session.scalar(select(func.count()).select_from(Resident)) or 0


def test_a_dry_run_shows_all_and_keeps_nothing(app: Flask, folder: Path) -> None:
    result = run(app, folder / "plan.xlsx", "--dry-run")
    assert result.exit_code == 0, result.output
    assert "K11" in result.output
    assert residents(app) == 0


def test_an_import_brings_in_what_is_good_and_writes_what_waits(app: Flask, folder: Path) -> None:
    waiting = folder / "waiting.xlsx"
    result = run(app, folder / "plan.xlsx", "--residence", "taruna", "--corrections", waiting)
    assert result.exit_code == 0, result.output
    assert residents(app) == 11
    assert [sheet.name for sheet in read_book(waiting.read_bytes()).sheets] == ["Warga Binaan"]
    assert run(app, folder / "plan.xlsx").exit_code == 0
    assert residents(app) == 11


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["letter.docx"], UNREADABLE),
        (["spring.xlsx"], UNANSWERED),
        (["plan.xlsx", "--residence", "elsewhere"], REFUSED),
        (["plan.xlsx", "--cycle-start", "2027-01-05"], REFUSED),
    ],
)
def test_what_cannot_be_imported_ends_with_its_own_code(app: Flask, folder: Path, words: list[str], code: int) -> None:
    result = run(app, folder / words[0], *words[1:])
    assert result.exit_code == code, result.output
    assert residents(app) == 0


def test_what_is_not_known_can_be_left_out(app: Flask, folder: Path) -> None:
    assert run(app, folder / "spring.xlsx", "--ignore-unknown", "--cycle-start", "2027-01-04").exit_code == 0
    assert residents(app) == 3
