"""What only shows when rows are held side by side: the same person twice, names nobody has, blocks that overlap."""

from __future__ import annotations

from datetime import date

from foyer.workbooks.cells import RowReader
from foyer.workbooks.context import House
from foyer.workbooks.problems import Severity
from foyer.workbooks.rows import ClassRow, EducationRow, GridRow, PairRow, ResidentRow, RoomRow, Row, StaffRow
from foyer.workbooks.text import bare_person_key, key, person_key

Pairs = list[tuple[RowReader, Row]]
Person = ResidentRow | str


def check_duplicates(residents: Pairs) -> None:
    """A later row with the name and birth date, or the name and identity number, of an earlier one waits. The same
    number under another name only warns: the later row comes in without the number."""
    by_birth: dict[tuple[str, date | None], ResidentRow] = {}
    by_nik: dict[str, ResidentRow] = {}
    for reader, row in residents:
        assert isinstance(row, ResidentRow)
        if not row.name:
            continue
        name = person_key(row.name)
        earlier = by_birth.get((name, row.birth_date)) if row.birth_date else None
        holder = by_nik.get(row.nik) if row.nik else None
        if earlier is None and holder is not None and person_key(holder.name) == name:
            earlier = holder
        if earlier is not None:
            reader.error("duplicate_row", "name", first_row=earlier.source.row, number=earlier.source.own_number)
            continue
        if holder is not None:
            reader.warn("nik_shared", "nik", first_row=holder.source.row, other=holder.name)
            row.nik = None
        by_birth.setdefault((name, row.birth_date), row)
        if row.nik:
            by_nik.setdefault(row.nik, row)


def check_duplicate_names(reads: dict[str, Pairs]) -> None:
    """Staff of one kind by name, classes and groups by code, rooms by code: the second one waits."""
    seen: dict[tuple[str, str], int] = {}
    for kind in ("counsellors", "instructors", "classes", "education", "rooms"):
        for reader, row in reads[kind]:
            name, meaning = _handle(row)
            if not name:
                continue
            group = "groups" if kind in ("classes", "education") else kind
            first = seen.setdefault((group, name), reader.row.number)
            if first != reader.row.number or _elsewhere(reads, kind, reader, name):
                reader.error("named_twice", meaning, first_row=first)


def _elsewhere(reads: dict[str, Pairs], kind: str, reader: RowReader, name: str) -> bool:
    """The same row number on another sheet that shares its codes (classes and education groups do)."""
    others = {"education": "classes"}.get(kind)
    return bool(others) and any(_handle(row)[0] == name for _reader, row in reads[others or ""])


def _handle(row: Row) -> tuple[str, str]:
    if isinstance(row, StaffRow):
        return person_key(row.name), "name"
    if isinstance(row, RoomRow):
        return key(row.code), "room"
    if isinstance(row, ClassRow | EducationRow):
        return row.code.casefold(), "code"
    return "", ""


def check_grid(grid: list[tuple[RowReader, list[GridRow]]]) -> None:
    """A block that overlaps an earlier one of its day waits."""
    days: dict[int, list[GridRow]] = {}
    for reader, rows in grid:
        for row in rows:
            clash = next((o for o in days.get(row.day, []) if row.start < o.end and o.start < row.end), None)
            if clash is not None:
                reader.error("blocks_overlap", "start" if reader.has("start") else "span", name=row.name,
                             other=clash.name, first_row=clash.source.row)  # fmt: skip
                break
            days.setdefault(row.day, []).append(row)


def check_pairs(pairs: Pairs, residents: Pairs, house: House) -> dict[tuple[str, int], tuple[Person, Person]]:
    """Find both people of every pair among the workbook's residents, then the house's. A pair that names somebody
    whose row waits, waits along: nothing is wrong with it."""
    people = _People(residents, house)
    result: dict[tuple[str, int], tuple[Person, Person]] = {}
    seen: dict[frozenset[str], int] = {}
    for reader, row in pairs:
        assert isinstance(row, PairRow)
        found = [people.find(reader, row.a, "a"), people.find(reader, row.b, "b")]
        names = frozenset(_identity(person) for person in found if person is not None)
        if None in found or reader.waits:
            continue
        if len(names) == 1:
            reader.error("pair_of_one", "b")
        elif names in seen:
            reader.error("pair_twice", "a", first_row=seen[names])
        else:
            seen[names] = reader.row.number
            result[row.source.sheet, row.source.row] = (found[0], found[1])  # type: ignore[assignment]
    return result


def _identity(person: Person) -> str:
    return person if isinstance(person, str) else f"{person_key(person.name)} {person.birth_date}"


class _People:
    """Residents by name: rows of this workbook first, then those the house has (as "key date" texts)."""

    def __init__(self, residents: Pairs, house: House) -> None:
        self.rows: dict[str, dict[str, tuple[RowReader, ResidentRow]]] = {}
        self.known: dict[str, list[str]] = {}
        for reader, row in residents:
            assert isinstance(row, ResidentRow)
            if any(problem.code == "duplicate_row" for problem in reader.problems):
                continue
            self.rows.setdefault(bare_person_key(row.name), {})[_identity(row)] = (reader, row)
        for person in house.residents:
            identity = f"{person_key(person.name)} {person.birth_date}"
            self.known.setdefault(bare_person_key(person.name), []).append(identity)

    def find(self, reader: RowReader, name: str, meaning: str) -> Person | None:
        if not name:
            return None
        rows = self.rows.get(bare_person_key(name), {})
        known = [who for who in self.known.get(bare_person_key(name), []) if who not in rows]
        certain = [who for who in known if not any(other.waits for other, _row in rows.values())]
        if len(rows) + len(certain) > 1:
            reader.error("ambiguous_name", meaning)
            return None
        if len(rows) == 1:
            return self._row(reader, meaning, *next(iter(rows.values())), known=known)
        if len(known) == 1:
            return known[0]
        reader.error("pair_unknown_person", meaning)
        return None

    def _row(
        self, reader: RowReader, meaning: str, other: RowReader, row: ResidentRow, *, known: list[str]
    ) -> Person | None:
        if not other.waits:
            return row
        if len(known) == 1:
            return known[0]  # an earlier import brought the person in
        reader.problem(Severity.WAITS, "pair_waits", meaning, name=row.name, sheet=row.source.sheet,
                       first_row=row.source.row, number=row.source.own_number)  # fmt: skip
        return None
