"""Makes the changes that concern a person: file, stay, wishes; and the pairs kept apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foyer.cycles.models import Choice, Enrolment
from foyer.database import blind_index, db
from foyer.names import name_key
from foyer.residences.models import Gender, StaffKind
from foyer.residents.models import EducationLevel, KeepApart, NikState, Resident, Stay
from foyer.workbooks.changes import Change

if TYPE_CHECKING:
    from foyer.workbooks.applying import Desk

_STAY = ("arrives_on", "leaves_on", "level", "needs", "outside_school", "stage")
_WISHES = ("previous_counsellor", "same_gender_counsellor", "choices")


def apply_resident(desk: Desk, change: Change) -> None:
    """The person, then the stay in this cycle, then the enrolment with its choices."""
    wanted = change.wanted
    person = change.record
    if person is None:
        person = Resident(residence_id=desk.house, nik_state=NikState.NONE_YET)
        change.record = person
    _write_person(person, wanted)
    db.session.add(person)
    stay = desk.state.stay_of(person) if person.id else None
    if stay is None:
        stay = Stay(residence_id=desk.house, resident=person)
    _write_stay(stay, wanted)
    db.session.add(stay)
    db.session.flush()
    enrolment = desk.state.enrolments.get(stay.id)
    if enrolment is None:
        enrolment = Enrolment(residence_id=desk.house, cycle_id=desk.cycle.id, stay_id=stay.id)
        db.session.add(enrolment)
        desk.state.enrolments[stay.id] = enrolment
    _write_wishes(desk, enrolment, wanted)


def _write_person(person: Resident, wanted: dict[str, Any]) -> None:
    if "name" in wanted:
        person.full_name, person.name_key = wanted["name"], name_key(wanted["name"])
    person.born_on = wanted["birth_date"]
    person.gender = Gender(wanted["gender"])
    person.birth_place = wanted.get("birth_place", person.birth_place or "")
    person.religion = wanted.get("religion", person.religion or "")
    if wanted.get("nik") and wanted["nik"] != person.nik:  # the cipher never writes the same text twice
        person.nik = wanted["nik"]
        person.nik_digest = blind_index(wanted["nik"])
        person.nik_state = NikState.GIVEN


def _write_stay(stay: Stay, wanted: dict[str, Any]) -> None:
    attributes = {"needs": "needs", "outside_school": "outside_hours", "stage": "independence_stage"}
    for name in _STAY:
        if name in wanted:
            value = EducationLevel(wanted[name]) if name == "level" else wanted[name]
            setattr(stay, "education_level" if name == "level" else attributes.get(name, name), value)


def _write_wishes(desk: Desk, enrolment: Enrolment, wanted: dict[str, Any]) -> None:
    if "previous_counsellor" in wanted:
        previous = desk.teacher(wanted["previous_counsellor"], StaffKind.COUNSELLOR)
        enrolment.previous_counsellor_id = previous.id if previous else None
    if "same_gender_counsellor" in wanted:
        enrolment.wants_same_gender_counsellor = wanted["same_gender_counsellor"]
    if "choices" not in wanted:
        return
    trades = [desk.trade(name) for name in wanted["choices"]]
    if [choice.trade_id for choice in enrolment.choices] == [trade.id for trade in trades]:
        return
    if enrolment.choices:
        enrolment.choices.clear()
        db.session.flush()  # ranks and trades are unique: the old ones go first
    for rank, trade in enumerate(trades, start=1):
        enrolment.choices.append(Choice(residence_id=desk.house, rank=rank, trade=trade))


def apply_pair(desk: Desk, change: Change) -> None:
    """Two residents; the one with the lower id is always the first."""
    wanted = change.wanted
    pair = change.record
    if pair is None:
        people = [end.record if isinstance(end, Change) else end for end in wanted["people"]]
        low, high = sorted(person.id for person in people)
        pair = KeepApart(residence_id=desk.house, resident_a_id=low, resident_b_id=high)
        db.session.add(pair)
    if "in_room" in wanted:
        pair.in_room, pair.in_class = wanted["in_room"], wanted["in_class"]
    if "until" in wanted:
        pair.until_on = wanted["until"]
    if wanted.get("reason"):
        pair.reason = wanted["reason"]
