"""Rows of residents: every cell's meaning, and all that can be wrong with one row by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from foyer.workbooks.cells import RowReader
from foyer.workbooks.context import House, Names
from foyer.workbooks.identity import Nik, birth_date_in, contradictions, gender_in, parse_nik
from foyer.workbooks.levels import parse_level
from foyer.workbooks.notes import parse_needs
from foyer.workbooks.problems import Problem, Severity
from foyer.workbooks.rows import ResidentRow
from foyer.workbooks.tables import TableCell
from foyer.workbooks.text import clean_text, proper_name
from foyer.workbooks.trades import Catalogue, split_trades
from foyer.workbooks.values import (
    Gender,
    is_blank,
    parse_gender,
    parse_place_and_date,
    parse_yes_no,
)
from foyer.workbooks.weektimes import When, parse_when


def read_resident(reader: RowReader, house: House, catalogue: Catalogue, counsellors: Names) -> ResidentRow:
    """One resident. Whether the row waits is the reader's to say."""
    row = ResidentRow(reader.source("name"), reader.table.meanings)
    row.name = proper_name(reader.words("name", 200))
    if not row.name:
        reader.error("missing_name", "name")
    nik = parse_nik(reader.raw("nik", Severity.WARNING))
    row.birth_place, row.birth_date = _birth(reader, house, nik)
    row.gender = _gender(reader, nik)
    row.nik = nik.number
    _check_nik(reader, nik, row.birth_date, row.gender, house)
    row.religion = reader.words("religion", 60)
    row.level = reader.get("level", parse_level, missing="missing_level")
    row.arrives_on, row.leaves_on = _stay(reader, house)
    row.choices = _choices(reader, catalogue)
    row.previous_counsellor = _previous_counsellor(reader, counsellors)
    row.same_gender_counsellor = bool(reader.get("same_gender_counsellor", parse_yes_no, severity=Severity.WARNING))
    row.needs = _needs(reader)
    row.outside = _outside(reader)
    row.stage = _stage(reader)
    return row


def whole_years(birth: date, on: date) -> int:
    """Age in whole years on a day."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def _birth(reader: RowReader, house: House, nik: Nik) -> tuple[str, date | None]:
    before = len(reader.problems)
    if reader.has("birth_date"):
        place, birth = reader.words("birth_place", 120), reader.date("birth_date")
        meaning = "birth_date"
    else:
        epoch = reader.table.sheet.epoch
        both = reader.get("birth", lambda value: parse_place_and_date(value, epoch=epoch)) or ("", None)
        place, birth = both[0] or reader.words("birth_place", 120), both[1]
        meaning = "birth" if reader.has("birth") else "birth_date"
    if birth is None:
        if not any(problem.cell == reader.address(meaning) for problem in reader.problems[before:]):
            reader.error("missing_birth_date", meaning)
        reader.problems[before:] = [_with_hint(problem, _nik_date(nik, house)) for problem in reader.problems[before:]]
        return place, None
    age = whole_years(birth, house.starts_on)
    if birth > house.today or not house.youngest <= age <= house.oldest:
        reader.error("age_outside", meaning, age=age, born=birth, youngest=house.youngest, oldest=house.oldest,
                     start=house.starts_on, said=_nik_date(nik, house))  # fmt: skip
    return place, birth


def _with_hint(problem: Problem, said: date | None) -> Problem:
    """The identity number often knows the date that was typed wrong."""
    return replace(problem, values={**problem.values, "said": said}) if said else problem


def _nik_date(nik: Nik, house: House) -> date | None:
    return birth_date_in(nik.number, before=house.today) if nik.number else None


def _gender(reader: RowReader, nik: Nik) -> Gender | None:
    before = len(reader.problems)
    found: Gender | None = reader.get("gender", parse_gender)
    if found is None and len(reader.problems) == before:
        reader.error("missing_gender", "gender", said=gender_in(nik.number) if nik.number else None)
    return found


def _check_nik(reader: RowReader, nik: Nik, birth: date | None, gender: Gender | None, house: House) -> None:
    if not reader.has("nik"):
        return
    if nik.code == "nik_missing":
        reader.problem(Severity.NOTE, "nik_missing", "nik")
    elif nik.code:
        reader.warn(nik.code, "nik", digits=nik.digits)
    elif nik.number:
        for code in contradictions(nik.number, birth, gender, before=house.today):
            reader.warn(code, "nik", said=_nik_date(nik, house), gender=gender_in(nik.number))


def _stay(reader: RowReader, house: House) -> tuple[date, date]:
    """Nights of the stay; an empty arrival is the cycle's first day, an empty departure its end."""
    before = len(reader.problems)
    arrives = reader.date("arrives_on") or house.starts_on
    leaves = reader.date("leaves_on") or house.ends_on
    if len(reader.problems) > before:
        return arrives, leaves
    if leaves <= arrives:
        reader.error("leaves_before_arrival", "leaves_on", arrives=arrives, leaves=leaves)
    elif arrives >= house.ends_on:
        reader.error("arrives_after_cycle", "arrives_on", arrives=arrives, end=house.ends_on)
    elif leaves <= house.starts_on:
        reader.error("leaves_before_cycle", "leaves_on", leaves=leaves, start=house.starts_on)
    return arrives, leaves


def _choices(reader: RowReader, catalogue: Catalogue) -> tuple[str, ...]:
    typed: list[tuple[str, TableCell]] = []
    ranked = sorted(reader.cells("choice"), key=lambda cell: (cell.column.rank or 99, cell.column.index))
    for cell in ranked:
        if cell.cell.trouble:
            reader.error(cell.cell.trouble, "choice", cell.address)
        elif not is_blank(cell.cell.value):
            typed.append((clean_text(cell.cell.value), cell))
    for cell in reader.cells("choices"):
        typed += [(piece, cell) for piece in split_trades(cell.cell.value) if not is_blank(piece)]
    found: list[str] = []
    for text, cell in typed:
        match = catalogue.match(text)
        if match.name is None:
            code = "ambiguous_trade" if match.candidates else "unknown_trade"
            reader.error(code, "choice", cell.address, value=text, trades=match.candidates or catalogue.names)
        elif match.name in found:
            reader.warn("choice_twice", "choice", cell.address, value=text, trade=match.name)
        else:
            found.append(match.name)
    return tuple(found)


def _previous_counsellor(reader: RowReader, counsellors: Names) -> str:
    name = reader.text("previous_counsellor")
    if not name:
        return ""
    found = counsellors.find(name)
    if len(found) != 1:
        reader.warn("unknown_previous_counsellor", "previous_counsellor")
        return ""
    return found[0]


def _needs(reader: RowReader) -> tuple[str, ...]:
    codes, unknown = parse_needs(reader.raw("needs", Severity.WARNING))
    if unknown:
        reader.warn("need_not_known", "needs", words=", ".join(unknown))
    return codes


def _outside(reader: RowReader) -> tuple[When, ...]:
    return reader.get("outside_school", parse_when) or ()


def _stage(reader: RowReader) -> int:
    return reader.number("stage", 1, 4, default=1) or 1
