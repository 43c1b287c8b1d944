"""Who of the house a row of residents means, and what of them would change."""

from __future__ import annotations

from datetime import date

from foyer.cycles.models import Enrolment
from foyer.database import blind_index
from foyer.names import name_key
from foyer.residences.models import StaffKind
from foyer.residents.models import KeepApart, Resident, Stay
from foyer.workbooks.changes import Change, Facts, change_of
from foyer.workbooks.problems import Problem, Severity
from foyer.workbooks.rows import PairRow, ResidentRow
from foyer.workbooks.state import HouseState
from foyer.workbooks.understanding import Understanding
from foyer.workbooks.weektimes import hours_of

_STAY_FIELDS = {"arrives_on", "leaves_on", "level", "needs", "outside_school", "stage"}


def compare_residents(state: HouseState, rows: list[ResidentRow]) -> tuple[list[Change], list[Problem]]:
    """One change per row: person, stay and wishes together."""
    matches = _match(state, rows)
    changes, warnings = [], []
    for row, record, digest in matches:
        holder = state.by_digest.get(digest) if digest else None
        if holder is not None and holder is not record:
            values = {"other": holder.full_name}
            sheet, line, cell = row.source.sheet, row.source.row, row.source.cell
            warnings.append(Problem(Severity.WARNING, "nik_of_another", sheet, line, cell, values))
            row.nik = None
        change = _compare(state, row, record)
        if _has_newer_wish(state, record, change):
            place = row.source.sheet, row.source.row, row.source.cell
            warnings.append(Problem(Severity.NOTE, "newer_wish", *place, {"name": change.label}))
            change = _compare(state, row, record, with_choices=False)
        changes.append(change)
    return changes, warnings


def _has_newer_wish(state: HouseState, record: Resident | None, change: Change) -> bool:
    """Whether the workbook would replace a wish that somebody entered in the app. A workbook does not say when its
    choices were made, so what a person entered counts as newer."""
    enrolment = state.enrolment_of(state.stay_of(record)) if record else None
    entered = enrolment is not None and enrolment.wished_at is not None
    return entered and any(changed.field == "choices" for changed in change.fields)


def _match(state: HouseState, rows: list[ResidentRow]) -> list[tuple[ResidentRow, Resident | None, str | None]]:
    """By name and birth date, then by identity number, then by a name that only one resident without another row has
    (a birth date that was corrected)."""
    digests = [blind_index(row.nik) if row.nik else None for row in rows]
    found: list[Resident | None] = []
    for row, digest in zip(rows, digests, strict=True):
        assert row.birth_date is not None
        record = state.by_birth.get((name_key(row.name), row.birth_date))
        found.append(record or (state.by_digest.get(digest) if digest else None))
    taken = {record.id for record in found if record is not None}
    for index, (row, digest) in enumerate(zip(rows, digests, strict=True)):
        if found[index] is None:
            record = _corrected(state, row, digest, taken)
            if record is not None:
                found[index] = record
                taken.add(record.id)
    return list(zip(rows, found, digests, strict=True))


def _corrected(state: HouseState, row: ResidentRow, digest: str | None, taken: set[int]) -> Resident | None:
    same_name = [person for person in state.by_name.get(name_key(row.name), []) if person.id not in taken]
    if len(same_name) != 1 or state.stay_of(same_name[0]) is None:
        return None
    other = same_name[0].nik_digest
    return None if digest and other and digest != other else same_name[0]


def resident_facts(state: HouseState, person: Resident, counsellors: dict[int, str]) -> Facts:
    stay = state.stay_of(person)
    return {
        "name": person.full_name,
        "birth_date": person.born_on,
        "gender": person.gender.value,
        "birth_place": person.birth_place,
        "religion": person.religion,
        "nik": person.nik,
        **_stay_facts(stay),
        **_enrolment_facts(state.enrolment_of(stay), counsellors),
    }


def _stay_facts(stay: Stay | None) -> Facts:
    return {
        "arrives_on": stay.arrives_on if stay else None,
        "leaves_on": stay.leaves_on if stay else None,
        "level": stay.education_level.value if stay else None,
        "needs": list(stay.needs) if stay else None,
        "outside_school": [list(hours) for hours in stay.outside_hours] if stay else None,
        "stage": stay.independence_stage if stay else None,
    }


def _enrolment_facts(enrolment: Enrolment | None, counsellors: dict[int, str]) -> Facts:
    if enrolment is None:
        return {"previous_counsellor": None, "same_gender_counsellor": None, "choices": None}
    return {
        "previous_counsellor": counsellors.get(enrolment.previous_counsellor_id or 0, ""),
        "same_gender_counsellor": enrolment.wants_same_gender_counsellor,
        "choices": [choice.trade.name for choice in enrolment.choices],
    }


def _compare(state: HouseState, row: ResidentRow, record: Resident | None, *, with_choices: bool = True) -> Change:
    counsellors = {person.id: person.full_name for person in state.staff.values()}
    current = resident_facts(state, record, counsellors) if record else None
    previous = state.find_staff(StaffKind.COUNSELLOR, row.previous_counsellor) if row.previous_counsellor else None
    row.previous_counsellor = previous.full_name if previous else row.previous_counsellor
    wanted = _wanted(row, current)
    if not with_choices:
        wanted.pop("choices", None)
    label = record.full_name if record else row.name
    return change_of("residents", label, current, wanted, record, row.source)


def _wanted(row: ResidentRow, current: Facts | None) -> Facts:
    wanted: Facts = {"birth_date": row.birth_date, "gender": row.gender}
    if current is None or name_key(current["name"]) != name_key(row.name):
        wanted["name"] = row.name
    for name, value in (("birth_place", row.birth_place), ("religion", row.religion), ("nik", row.nik)):
        if value or current is None:
            wanted[name] = value
    new_stay = current is None or current["arrives_on"] is None
    new_enrolment = current is None or current["choices"] is None
    for column, value in _stay_and_wishes(row).items():
        is_new = new_stay if column in _STAY_FIELDS else new_enrolment
        asked = column in row.said or (column == "choices" and "choice" in row.said)
        if is_new or asked:
            wanted[column] = value
    return wanted


def _stay_and_wishes(row: ResidentRow) -> Facts:
    return {
        "arrives_on": row.arrives_on,
        "leaves_on": row.leaves_on,
        "level": row.level,
        "needs": list(row.needs),
        "outside_school": hours_of(row.outside),
        "stage": row.stage,
        "previous_counsellor": row.previous_counsellor,
        "same_gender_counsellor": row.same_gender_counsellor,
        "choices": list(row.choices),
    }


# Pairs kept apart

Person = ResidentRow | str


def compare_pairs(state: HouseState, found: Understanding, people: list[Change]) -> list[Change]:
    """Pairs by the two people, whichever is named first."""
    records = {(change.source.sheet, change.source.row): change for change in people if change.source}
    changes = []
    for row in found.pairs:
        ends = [_end(state, records, person) for person in found.pair_people[row.source.sheet, row.source.row]]
        record = _pair_record(state, ends)
        wanted: Facts = {"in_room": "room" in row.scopes, "in_class": "class" in row.scopes, "until": row.until}
        if row.reason:
            wanted["reason"] = row.reason
        if record is not None:
            wanted = {name: value for name, value in wanted.items() if _is_said(name, row)}
        label = " – ".join(end.label if isinstance(end, Change) else end.full_name for end in ends)
        change = change_of("pairs", label, pair_facts(record) if record else None, wanted, record, row.source)
        change.wanted = {**change.wanted, "people": ends}
        changes.append(change)
    return changes


def _is_said(name: str, row: PairRow) -> bool:
    return {"in_room": "scope", "in_class": "scope"}.get(name, name) in row.said


def pair_facts(pair: KeepApart) -> Facts:
    return {"in_room": pair.in_room, "in_class": pair.in_class, "until": pair.until_on, "reason": pair.reason}


def _end(state: HouseState, records: dict[tuple[str, int], Change], person: Person) -> Change | Resident:
    if isinstance(person, ResidentRow):
        return records[person.source.sheet, person.source.row]
    name, _space, born = person.rpartition(" ")
    return state.by_birth[name, date.fromisoformat(born)]


def _pair_record(state: HouseState, ends: list[Change | Resident]) -> KeepApart | None:
    people = [end.record if isinstance(end, Change) else end for end in ends]
    if any(person is None for person in people):
        return None
    low, high = sorted(person.id for person in people)
    return state.pairs.get((low, high))
