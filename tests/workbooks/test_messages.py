"""Every problem has its sentence, in words that say what to do."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

import foyer.workbooks
from foyer.workbooks.messages import COLUMN_NAMES, KIND_NAMES, SENTENCES, UNREADABLE, full_sentence, sentence
from foyer.workbooks.problems import Problem, Severity
from foyer.workbooks.vocabulary import KINDS
from tests.workbooks.books import read, taruna

SOURCE = "\n".join(path.read_text() for path in Path(foyer.workbooks.__path__[0]).glob("*.py"))


def _codes() -> set[str]:
    patterns = (
        r"\.(?:error|warn)\(\s*\"(\w+)\"", r"BadValue\(\"(\w+)\"\)", r"missing=\"(\w+)\"", r"Severity\.\w+, \"(\w+)\"",
        r"Cell\([^)]*\"(formula_without_value|cell_error)\"", r"Nik\(None, \"(\w+)\"",
    )  # fmt: skip
    return {code for pattern in patterns for code in re.findall(pattern, SOURCE)}


def test_every_code_has_a_sentence():
    assert _codes() - set(SENTENCES) == set()


def test_every_reason_for_refusing_a_file_has_a_sentence():
    assert set(re.findall(r"Unreadable\(\"(\w+)\"", SOURCE)) - set(UNREADABLE) == set()


def test_every_kind_and_column_has_a_name():
    assert set(KIND_NAMES) == set(KINDS)
    assert {name for kind in KINDS.values() for name in kind.columns} - set(COLUMN_NAMES) == set()


def test_every_problem_of_the_demonstration_can_be_said(app: Flask):
    with app.test_request_context():
        for problem in read(taruna()).problems:
            assert "%(" not in full_sentence(problem)
            assert sentence(problem)


def test_the_identity_number_helps_to_correct_a_date(app: Flask):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        said = {p.cell: full_sentence(p) for p in read(taruna()).of(Severity.ERROR)}
    assert said["E19"].endswith("The identity number says Friday, 11 January 2008.")
    assert said["F26"].endswith("The identity number is a man's.")
    assert said["K11"].startswith("The house teaches no trade called “Pelayaran”. Choose one of: Otomotif")
    assert said["B116"].startswith("This is the same person as in row 44.")


def test_a_house_without_trades_is_told_where_they_come_from(app: Flask):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        said = sentence(Problem(Severity.ERROR, "unknown_trade", "X", 1, "A1", {"value": "Las", "trades": ()}))
    assert "Add the sheet of classes" in said
