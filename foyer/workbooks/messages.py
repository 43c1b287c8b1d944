"""The sentences of an import: what is wrong, and what to do about it. Only pages and the command line come here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from foyer.formatting import long_date
from foyer.workbooks.corrections import corrections_workbook
from foyer.workbooks.problems import Problem
from foyer.workbooks.reading import Unreadable
from foyer.workbooks.understanding import Understanding

# Files that cannot be opened

UNREADABLE: dict[str, Any] = {
    "empty_file": _l("The file is empty. Choose the workbook again; perhaps it was still being saved."),
    "too_large": _l(
        "The file is larger than %(most)s MB. A planning workbook is far smaller: remove pictures from it."
    ),
    "unpacks_too_large": _l("The file would unpack to more than Foyer opens. Copy its sheets into a new workbook."),
    "too_many_cells": _l(
        "The workbook has more sheets or cells than a planning workbook has. Copy what is needed into a new workbook."
    ),
    "locked": _l("The workbook is protected by a password. Open it, remove the password, save it and choose it again."),
    "old_format": _l("This is an older kind of Excel file. Open it and save it as “Excel workbook (.xlsx)”."),
    "not_a_workbook": _l("This is not a workbook. Choose an Excel workbook (.xlsx) or a table saved as .csv."),
    "damaged": _l(
        "The workbook is damaged and cannot be opened. Open it in Excel or LibreOffice, save it as a new file "
        "and choose that one."
    ),
    "unsafe": _l(
        "The workbook contains parts that a planning workbook never has. Copy its sheets into a new workbook."
    ),
    "no_content": _l("The workbook has no filled cells."),
}


def unreadable_sentence(error: Unreadable) -> str:
    return str(UNREADABLE[error.code]) % error.values


# Problems of rows

SENTENCES: dict[str, Any] = {
    "formula_without_value": _l(
        "The cell holds a formula whose result was never saved. Open the workbook, let it "
        "calculate, save it, or type the value."
    ),
    "cell_error": _l("The cell shows the error %(value)s. Type the value itself."),
    "text_too_long": _l("“%(heading)s” is longer than %(most)s letters. Shorten it."),
    "number_not_understood": _l("“%(value)s” is not a whole number. Type a number in “%(heading)s”."),
    "number_out_of_range": _l("%(value)s cannot be right in “%(heading)s”. Type a number from %(least)s to %(most)s."),
    "date_not_understood": _l(
        "“%(value)s” is not understood as a date. Type it as day/month/year, for instance 18/08/2009."
    ),
    "impossible_date": _l("The date %(value)s does not exist. Correct “%(heading)s”."),
    "yes_no_not_understood": _l("“%(value)s” is neither yes nor no. Type “ya” or leave the cell empty."),
    "missing_name": _l("The name is missing. Fill it in, or delete the row."),
    "missing_birth_date": _l("The birth date is missing. Fill it in."),
    "age_outside": _l(
        "On %(start)s this resident would be %(age)s years old; the house takes %(youngest)s to "
        "%(oldest)s. Check the birth date."
    ),
    "missing_gender": _l("The gender is missing. Fill in L or P: rooms are planned by it."),
    "unknown_gender": _l("“%(value)s” is not understood as a gender. Write L or P."),
    "missing_level": _l("The last education is missing. Fill it in, for instance SMP."),
    "level_not_understood": _l(
        "“%(value)s” is not understood as a level of education. Write for instance “SD tidak "
        "tamat”, “SMP” or “SMA kelas 10”."
    ),
    "leaves_before_arrival": _l(
        "The stay ends on %(leaves)s, before its first night on %(arrives)s. Correct one of the dates."
    ),
    "arrives_after_cycle": _l(
        "The resident arrives on %(arrives)s, after the cycle has ended (%(end)s). Correct the date, or "
        "move the row to the next cycle's workbook."
    ),
    "leaves_before_cycle": _l(
        "The resident leaves on %(leaves)s, before the cycle starts (%(start)s). Correct the date, or delete the row."
    ),
    "unknown_trade": _l("The house teaches no trade called “%(value)s”. Choose one of: %(trades)s."),
    "no_trades": _l(
        "The house has no trades yet, so “%(value)s” cannot be placed. Add the sheet of classes to the workbook."
    ),
    "ambiguous_trade": _l("“%(value)s” may mean several trades: %(trades)s. Write which one."),
    "choice_twice": _l("“%(value)s” is chosen twice (%(trade)s). The better rank counts."),
    "newer_wish": _l(
        "For %(name)s a wish was entered in Foyer. It stays; the choices in this row are left out. Change it on the "
        "page of the wishes if the row is right."
    ),
    "duplicate_row": _l(
        "This is the same person as in row %(first_row)s. Delete this row; if it is somebody else, correct "
        "the name or the birth date."
    ),
    "nik_missing": _l("There is no identity number yet. The resident comes in as “no number yet”."),
    "nik_length": _l("The identity number has %(digits)s digits instead of 16 and is not kept. Check it on the card."),
    "nik_not_digits": _l(
        "The identity number contains something else than digits and is not kept. Check it on the card."
    ),
    "nik_birth_date": _l("The identity number does not carry this birth date. Check both on the card."),
    "nik_gender": _l("The identity number belongs to the other gender. Check both on the card."),
    "nik_shared": _l(
        "Row %(first_row)s (%(other)s) has the same identity number. This resident comes in without it; check "
        "both cards."
    ),
    "nik_of_another": _l(
        "%(other)s, already in the house, has the same identity number. This resident comes in without it; check both "
        "cards."
    ),
    "unknown_previous_counsellor": _l(
        "No counsellor of the house is called “%(value)s”. The resident comes in without a previous counsellor."
    ),
    "need_not_known": _l(
        "Foyer does not know the need “%(words)s”; it will not count in the plan. Known are trauma, ABH, "
        "adiksi, keluarga, kursi roda and the like."
    ),
    "when_not_understood": _l(
        "“%(value)s” is not understood as times of the week. Write for instance “Senin-Jumat pagi” or "
        "“Rabu 08.00-10.00”."
    ),
    "skill_not_known": _l("Foyer does not know the skill “%(words)s”; it will not count in the plan."),
    "instructor_trade_unknown": _l(
        "No class of the house teaches “%(value)s”. The instructor comes in without this trade; "
        "the classes teach: %(trades)s."
    ),
    "named_twice": _l("“%(value)s” already stands in row %(first_row)s. Delete one of the two, or tell them apart."),
    "missing_trade": _l("The trade is missing. Write what the class teaches."),
    "missing_code": _l("The code is missing. Give the class a short code, for instance OTO-1."),
    "missing_maximum": _l("The number of places is missing. Fill in how many residents fit at most."),
    "minimum_above_maximum": _l("The smallest size %(minimum)s is above the largest %(maximum)s. Correct one of them."),
    "unknown_instructor": _l(
        "No instructor of the house is called “%(value)s”. Add the name to the sheet of instructors, or correct it."
    ),
    "ambiguous_name": _l("Several people are called “%(value)s”. Write the full name."),
    "meetings_not_understood": _l(
        "“%(value)s” is not understood as a number of meetings a week. Write for instance 5."
    ),
    "duration_not_understood": _l(
        "“%(value)s” is not understood as a length of time. Write for instance “3 jam” or “90 menit”."
    ),
    "requirement_not_understood": _l(
        "“%(value)s” is not understood as a requirement. Write the schooling needed, for "
        "instance “min. SMP”, or leave the cell empty."
    ),
    "missing_programme": _l("The programme is missing. Write for instance Paket C."),
    "missing_room": _l("The room's name is missing. Fill it in, or delete the row."),
    "missing_policy": _l("Who may live in the room is missing. Write L, P or “sesuai kebutuhan”."),
    "room_policy_not_understood": _l(
        "“%(value)s” does not say who may live in the room. Write L, P or “sesuai kebutuhan”."
    ),
    "missing_beds": _l("The number of beds is missing. Fill it in."),
    "room_note_not_understood": _l(
        "The remark “%(words)s” is not understood and has no effect on the plan. Understood are "
        "“rusak: …”, “akses kursi roda”, “tahap 4” and the like."
    ),
    "missing_scope": _l("It is missing where the two are kept apart. Write “kamar”, “kelas” or “kamar dan kelas”."),
    "scope_not_understood": _l(
        "“%(value)s” does not say where the two are kept apart. Write “kamar”, “kelas” or “kamar dan kelas”."
    ),
    "pair_unknown_person": _l("No resident is called “%(value)s”. Write the name as on the sheet of residents."),
    "pair_of_one": _l("Both names mean the same person. Correct one of them."),
    "pair_twice": _l("Row %(first_row)s already keeps these two apart. Delete one of the rows."),
    "pair_waits": _l(
        "Nothing is wrong here: this pair comes in together with %(name)s, whose row waits (%(sheet)s, row "
        "%(first_row)s)."
    ),
    "missing_day": _l("The day is missing. Write for instance Senin."),
    "day_not_understood": _l("“%(value)s” is not understood as a day of the week."),
    "missing_time": _l("The time is missing. Fill it in, for instance 07.30."),
    "time_not_understood": _l("“%(value)s” is not understood as a time. Write for instance 07.30."),
    "ends_before_start": _l("The block ends before it starts. Correct one of the times."),
    "missing_activity": _l("It is missing what happens in this block. Write for instance Kegiatan or Makan siang."),
    "blocks_overlap": _l("“%(name)s” overlaps “%(other)s” in row %(first_row)s on the same day. Correct the times."),
    "block_assumed_protected": _l(
        "“%(value)s” is taken as protected time, in which nothing is planned. Write “Kegiatan” where "
        "sessions may be planned."
    ),
    "column_missing": _l("No column “%(wanted)s” was found on this sheet. Add it, or say which column it is."),
}

_HINTS: dict[str, Any] = {
    "date": _l("The identity number says %(said)s."),
    "female": _l("The identity number is a woman's."),
    "male": _l("The identity number is a man's."),
}


def sentence(problem: Problem) -> str:
    """What is wrong with the cell and what to do."""
    code = problem.code
    if code == "unknown_trade" and not problem.values.get("trades"):
        code = "no_trades"
    return str(SENTENCES[code]) % _shown(problem.values)


def hint(problem: Problem) -> str:
    """What the identity number says instead, where it says something; a sentence of its own."""
    said = problem.values.get("said")
    if isinstance(said, date):
        return str(_HINTS["date"]) % {"said": long_date(said)}
    if said in ("female", "male"):
        return str(_HINTS[str(said)])
    return ""


def full_sentence(problem: Problem) -> str:
    return " ".join(filter(None, (sentence(problem), hint(problem))))


def _shown(values: Mapping[str, object]) -> dict[str, object]:
    shown: dict[str, object] = {}
    for name, value in values.items():
        if isinstance(value, date):
            shown[name] = long_date(value)
        elif name == "wanted":
            shown[name] = column_name(str(value))
        elif isinstance(value, tuple):
            shown[name] = ", ".join(map(str, value))
        else:
            shown[name] = value
    return shown


# Names of sheets, columns and fields, for questions and tables

KIND_NAMES: dict[str, Any] = {
    "residents": _l("Residents"),
    "counsellors": _l("Counsellors"),
    "instructors": _l("Instructors"),
    "classes": _l("Classes"),
    "education": _l("Education groups"),
    "rooms": _l("Rooms"),
    "pairs": _l("Keep-apart pairs"),
    "grid": _l("Daily grid"),
}

COLUMN_NAMES: dict[str, Any] = {
    "number": _l("Row number"),
    "name": _l("Name"),
    "nik": _l("Identity number (NIK)"),
    "birth_place": _l("Place of birth"),
    "birth_date": _l("Birth date"),
    "birth": _l("Place and date of birth"),
    "age": _l("Age"),
    "gender": _l("Gender"),
    "religion": _l("Religion"),
    "level": _l("Last education"),
    "arrives_on": _l("Arrives on"),
    "leaves_on": _l("Leaves on"),
    "choice": _l("Choice of trade (one per column)"),
    "choices": _l("Choices of trades (all in one cell)"),
    "previous_counsellor": _l("Previous counsellor"),
    "same_gender_counsellor": _l("Wants a counsellor of the same gender"),
    "needs": _l("Special needs"),
    "outside_school": _l("School outside the house"),
    "stage": _l("Independence stage"),
    "phone": _l("Phone number"),
    "address": _l("Address"),
    "guardian": _l("Parent or guardian"),
    "referrer": _l("Referred by"),
    "notes": _l("Remarks"),
    "skills": _l("Skills"),
    "caseload": _l("Residents at most"),
    "unavailable": _l("Not available"),
    "staff_number": _l("Staff number or position"),
    "trades": _l("Trades taught"),
    "code": _l("Code"),
    "trade": _l("Trade"),
    "minimum": _l("Smallest size"),
    "maximum": _l("Largest size"),
    "venue": _l("Place"),
    "instructor": _l("Instructor"),
    "meetings": _l("Meetings a week"),
    "length": _l("Length of a meeting"),
    "requirement": _l("Requirement"),
    "programme": _l("Programme"),
    "levels": _l("For which last education"),
    "tutor": _l("Tutor"),
    "when": _l("Time of day"),
    "room": _l("Room"),
    "wing": _l("Wing"),
    "policy": _l("Who may live there"),
    "beds": _l("Beds"),
    "a": _l("First resident"),
    "b": _l("Second resident"),
    "scope": _l("Where they are kept apart"),
    "until": _l("Until"),
    "reason": _l("Reason"),
    "day": _l("Day"),
    "start": _l("Start"),
    "end": _l("End"),
    "span": _l("Time from and to"),
    "activity": _l("What happens"),
    "weekday": _l("A day of the week"),
    "kind": _l("Kind"),
}


def kind_name(kind: str) -> str:
    return str(KIND_NAMES[kind])


def column_name(meaning: str) -> str:
    return str(COLUMN_NAMES[meaning])


def corrections_heading() -> str:
    """Heading of the extra column; vocabulary.CORRECTIONS knows it in every language."""
    return gettext("What to correct")


def write_corrections(found: Understanding, problems: list[Problem]) -> bytes | None:
    """The workbook of what waits, in the reader's language."""
    return corrections_workbook(
        found.tables, problems, found.waiting, heading=corrections_heading(), sentence=full_sentence
    )
