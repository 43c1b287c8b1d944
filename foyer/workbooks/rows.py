"""What a workbook says once it is understood: one dataclass per kind of row. No names of database columns here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from foyer.workbooks.notes import Requirement, RoomNote
from foyer.workbooks.values import Gender, RoomPolicy
from foyer.workbooks.weektimes import When


@dataclass(frozen=True, slots=True)
class Source:
    """Where a row stands: its sheet, the number at the sheet's left edge, its own number and the cell that names it."""

    sheet: str
    row: int
    cell: str
    own_number: str = ""


@dataclass(slots=True)
class Row:
    source: Source
    said: frozenset[str] = frozenset()  # the columns that the sheet has: nothing is cleared that is not asked about


@dataclass(slots=True)
class ResidentRow(Row):
    name: str = ""
    birth_date: date | None = None
    gender: Gender | None = None
    birth_place: str = ""
    religion: str = ""
    nik: str | None = None
    level: str | None = None
    arrives_on: date | None = None
    leaves_on: date | None = None
    choices: tuple[str, ...] = ()  # names of trades, best first
    previous_counsellor: str = ""
    same_gender_counsellor: bool = False
    needs: tuple[str, ...] = ()
    outside: tuple[When, ...] = ()
    stage: int = 1


@dataclass(slots=True)
class StaffRow(Row):
    kind: str = "counsellor"  # counsellor, instructor or tutor
    name: str = ""
    gender: Gender | None = None
    skills: tuple[str, ...] = ()
    caseload: int | None = None
    trades: tuple[str, ...] = ()
    unavailable: tuple[When, ...] = ()


@dataclass(slots=True)
class ClassRow(Row):
    code: str = ""
    trade: str = ""
    minimum: int = 0
    maximum: int = 0
    venue: str = ""
    instructor: str = ""
    meetings: int = 5
    minutes: int | None = None
    requirement: Requirement | None = None


@dataclass(slots=True)
class EducationRow(Row):
    code: str = ""
    programme: str = ""
    levels: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 0
    tutor: str = ""
    meetings: int = 3
    minutes: int | None = None
    parts: tuple[str, ...] = ()
    venue: str = ""


@dataclass(slots=True)
class RoomRow(Row):
    code: str = ""
    wing: str = ""
    policy: RoomPolicy = "same"
    beds: int = 0
    note: RoomNote = field(default_factory=RoomNote)


@dataclass(slots=True)
class PairRow(Row):
    a: str = ""
    b: str = ""
    scopes: tuple[str, ...] = ()
    until: date | None = None
    reason: str = ""


@dataclass(slots=True)
class GridRow(Row):
    day: int = 0
    start: int = 0
    end: int = 0
    name: str = ""
    is_activity: bool = False
