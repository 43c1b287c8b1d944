"""Two files become one and two again: nothing is lost on the way, on either database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import or_, select

from foyer.accounts.models import Role, User
from foyer.accounts.services import is_neutral
from foyer.audit.models import AuditEntry
from foyer.audit.services import act_as, record_read
from foyer.caseload.desk import desk_of
from foyer.caseload.models import Assignment, ServiceStage, StageStep
from foyer.caseload.rights import Part, file_for
from foyer.cycles.models import BedNight, Enrolment
from foyer.cycles.planning import build_problem, store_plan
from foyer.database import Base, blind_index, db, house_scope
from foyer.errors import NotAllowed, NotFound
from foyer.history.services import trail_of, visits_of
from foyer.intake import merging
from foyer.intake.duplicates import KnownToDiffer, find_duplicates, say_distinct
from foyer.intake.models import DistinctPair, Merge
from foyer.leaving.transfer_models import TransferArrival, TransferState
from foyer.residences.models import Residence
from foyer.residents.aptitude import Aptitude
from foyer.residents.models import KeepApart, Resident, Stay
from foyer.residents.services import SamePerson
from tests.conventions.walking import Filled, fill_house
from tests.cycles.by_hand import plan_by_hand
from tests.cycles.house import make_house, saved
from tests.factories import make_resident, make_stay, make_user
from tests.intake.house import NIK, TODAY, Office, make_office, make_person, make_referral

BORN = date(2010, 3, 5)


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    with app.test_request_context(method="POST"):
        made = make_office()
        with house_scope(made.residence.id):
            yield made


def picture(*people: Resident) -> dict[str, Any]:
    """Everything that hangs on these people, as the database has it: to compare before and after."""
    db.session.flush()
    db.session.expire_all()
    found: dict[str, Any] = {}
    for table in Base.metadata.sorted_tables:
        if table.name in ("audit_entries", "merges"):
            continue
        rows = db.session.connection().execute(table.select()).mappings().all()
        changing = ("version", "session_stamp", "nik")  # the number is encrypted anew, its digest is compared
        found[table.name] = sorted(str({k: v for k, v in row.items() if k not in changing}) for row in rows)
    return found


def test_one_account_of_a_restricted_person_bears_initials_and_gets_its_name_back(office: Office) -> None:
    """Administrators read the names of accounts, and they are outside the team."""
    kept = make_person(office, office.one, full_name="Rizki Pratama", born_on=BORN)
    gone = make_person(office, office.one, full_name="Rizki Pratama", born_on=BORN, stays=False, is_restricted=True)
    user = make_user(office.residence, Role.RESIDENT, display_name="Rizki Pratama", username="rizki.pratama")
    kept.user_id = user.id
    row = merging.merge(office.manager, kept.id, gone.id)
    assert (kept.is_restricted, user.display_name) == (True, "R.P.")
    assert is_neutral(user.username)
    merging.undo(office.manager, row)
    assert (kept.is_restricted, user.display_name) == (False, "Rizki Pratama")
    assert user.username == "rizki.pratama"


def two_files(office: Office) -> tuple[Resident, Resident]:
    kept = make_person(office, office.one, full_name="Rizki Pratama", born_on=BORN, religion="Islam")
    gone = make_person(office, office.other, full_name="Rizky Pratama", born_on=BORN, birth_place="Depok")
    gone.stays[0].arrives_on, gone.stays[0].leaves_on = date(2026, 1, 5), date(2026, 5, 3)
    gone.nik, gone.nik_digest = NIK, blind_index(NIK)
    gone.user_id = make_user(office.residence, Role.RESIDENT).id
    gone.is_restricted = True
    db.session.flush()
    return kept, gone


def test_everything_moves_to_the_file_that_stays_and_back(office: Office) -> None:
    kept, gone = two_files(office)
    referral = make_referral(office.one, full_name="Lain Orang")
    referral.resident_id = gone.id
    third = make_resident(office.residence)
    saved(KeepApart(residence_id=office.residence.id, resident_a_id=gone.id, resident_b_id=third.id, in_room=True))
    before = picture()
    row = merging.merge(office.manager, kept.id, gone.id, reason="Dua kali didaftarkan")
    db.session.expire_all()
    assert {stay.arrives_on for stay in kept.stays} == {date(2026, 1, 5), date(2027, 1, 4)}
    assert (kept.nik, kept.user_id is not None, kept.birth_place, kept.religion) == (NIK, True, "Depok", "Islam")
    assert kept.is_restricted
    assert (gone.nik, gone.user_id, gone.merged_into_id) == (None, None, kept.id)
    assert referral.resident_id == kept.id
    assert {row.resident_id for row in db.session.scalars(select(Assignment))} == {kept.id}
    pair = db.session.scalars(select(KeepApart)).one()
    assert (pair.resident_a_id, pair.resident_b_id) == (kept.id, third.id)
    assert merging.left_behind(row) == []
    with pytest.raises(NotFound):
        file_for(office.manager, gone.id, Part.IDENTITY)
    with pytest.raises(merging.AlreadyMerged):
        merging.merge(office.manager, third.id, gone.id)
    moved = db.session.scalars(
        select(AuditEntry).where(AuditEntry.subject_type == "Stay", AuditEntry.verb == "changed")
    )
    assert {"resident_id": [gone.id, kept.id]} in [entry.changes for entry in moved], "the trail saw it"
    stored = db.session.connection().exec_driver_sql("SELECT moved, reason FROM merges").one()
    assert not any(word in str(stored) for word in (NIK, "Stay", "Dua kali"))
    assert merging.undo(office.manager, row) == 0
    assert picture() == before
    with pytest.raises(merging.AlreadyUndone):
        merging.undo(office.manager, row)


def test_both_histories_are_read_while_the_files_are_one_and_apart_again_after(office: Office) -> None:
    kept, gone = two_files(office)
    act_as(actor_id=office.one.actor.id, residence_id=office.residence.id)
    gone.called = "Ucok"
    record_read(gone, resident_id=gone.id)
    db.session.flush()

    def told(person: Resident) -> tuple[bool, bool]:
        """Whether the change and the reading of the file that went are told: to staff, and to the resident."""
        lines = trail_of(office.manager, person, "all", 1)[0]
        visits = visits_of(office.manager, person)[0]
        change = any(each.new == "Ucok" for line in lines for each in line.changes)
        return change, any(visit.times for visit in visits)

    assert (told(kept), told(gone)) == ((False, False), (True, True))
    row = merging.merge(office.manager, kept.id, gone.id)
    assert told(kept) == (True, True)
    merging.undo(office.manager, row)
    db.session.flush()
    assert (told(kept), told(gone)) == ((False, False), (True, True))


def test_every_table_that_names_a_resident_or_a_stay_is_walked(app: Flask) -> None:
    with app.app_context():
        for target in ("residents", "stays"):
            walked = {(model.__tablename__, name) for model, name in merging.references(target)}
            there = {
                (table.name, column.name)
                for table in Base.metadata.sorted_tables
                for column in table.columns
                for key in column.foreign_keys
                if key.column.table.name == target
            }
            assert walked == there
            assert ("enrolments", "stay_id") in walked or target == "residents"


# Rows that stay whose they are, with why.
STAY_BEHIND = {
    "merges": "say which file went and which stayed",
    "residents": "say where their file went",
    "destructions": "nothing of such a person is left that could be merged",
}


def test_rows_of_every_table_about_a_resident_go_along_and_come_back(app: Flask) -> None:
    """Of each table that names a resident: a new one needs a row in the filled house."""
    with app.test_request_context(method="POST"):
        filled = fill_house("Panti Mawar")
        manager = db.session.get_one(User, filled.users[Role.MANAGER])
        assert manager.residence_id is not None
        with house_scope(manager.residence_id):
            gone = db.session.get_one(Resident, filled.ids["resident"])
            residence = db.session.get_one(Residence, manager.residence_id)
            kept = make_resident(residence)
            _fill_more(filled, gone, make_resident(residence))
            before, named = picture(), naming(gone.id)
            assert {table for table, rows in named.items() if not rows} <= set(STAY_BEHIND), "make one in fill_house"
            row = merging.merge(desk_of(manager, manager.residence_id), kept.id, gone.id)
            assert merging.left_behind(row) == []
            after = naming(kept.id)
            for table, rows in named.items():
                assert rows <= after[table] or table in STAY_BEHIND, table
            assert {table for table, rows in naming(gone.id).items() if rows} <= set(STAY_BEHIND)
            assert merging.undo(desk_of(manager, manager.residence_id), row) == 0
            assert picture() == before


def _fill_more(filled: Filled, gone: Resident, third: Resident) -> None:
    """What the filled house has of nobody, or of somebody else."""
    own: dict[str, Any] = {"residence_id": gone.residence_id}
    about = {**own, "resident_id": gone.id}
    saved(Aptitude(**about, trade_id=filled.ids["trade"], level=3, assessed_on=TODAY))
    saved(StageStep(**about, stage=ServiceStage.APPROACH, reached_on=TODAY))
    saved(DistinctPair(**about, other_id=third.id, said_by_id=filled.users[Role.MANAGER]))
    arrival = db.session.get_one(TransferArrival, filled.ids["arrival"])
    arrival.state, arrival.resident_id = TransferState.ACCEPTED, gone.id


def naming(resident_id: int) -> dict[str, set[Any]]:
    """For every table of the database with a column that names a resident: its rows that name this one."""
    db.session.flush()
    found: dict[str, set[Any]] = {}
    for table in Base.metadata.sorted_tables:
        columns = [key.parent for key in table.foreign_keys if key.column.table.name == "residents"]
        if columns:
            query = select(*table.primary_key.columns).where(or_(*(column == resident_id for column in columns)))
            found[table.name] = set(db.session.connection().execute(query).all())
    return found


def test_what_was_taken_over_and_what_clashes_is_chosen_and_kept(office: Office) -> None:
    kept, gone = two_files(office)
    third = make_resident(office.residence)
    for person, room in ((kept, True), (gone, False)):
        low, high = sorted((person.id, third.id))
        own = {"residence_id": office.residence.id, "resident_a_id": low, "resident_b_id": high}
        saved(KeepApart(**own, in_room=room, in_class=not room, until_on=TODAY if room else None))
    kept.user_id = make_user(office.residence, Role.RESIDENT).id
    kept.nik_digest = blind_index("1" * 16)
    second = db.session.get_one(User, gone.user_id)
    row = merging.merge(office.manager, kept.id, gone.id, take=["full_name"])
    assert (kept.full_name, kept.name_key, kept.nik_digest) == ("Rizky Pratama", "rizky pratama", blind_index("1" * 16))
    assert not second.is_enabled, "a second account of the person is closed"
    pair = db.session.scalar(select(KeepApart).where(KeepApart.resident_a_id == kept.id))
    assert pair is not None
    assert (pair.in_room, pair.in_class, pair.until_on) == (True, True, None), "as strict as the two were"
    kept.full_name = "Rizky Pratama Putra"
    db.session.flush()
    assert merging.undo(office.manager, row) == 1, "what somebody changed since stays"
    assert kept.full_name == "Rizky Pratama Putra"
    assert second.is_enabled


def test_two_places_in_one_plan_stay_until_the_plan_is_repaired(office: Office) -> None:
    house = make_house(4, residence=office.residence)
    plan = store_plan(house.cycle, problem := build_problem(house.cycle), plan_by_hand(problem))
    one, other = house.enrolments[0], house.enrolments[1]
    for enrolment in (one, other):
        own = {"residence_id": office.residence.id, "plan_id": plan.id, "room_id": house.rooms[0].id}
        saved(BedNight(**own, bed=enrolment.id, night_on=TODAY, stay_id=enrolment.stay_id))
    kept, gone = one.stay.resident, other.stay.resident
    before = picture()
    row = merging.merge(office.manager, kept.id, gone.id)
    assert ("Enrolment", other.id) in merging.left_behind(row)
    ghost = db.session.get_one(Stay, other.stay_id)
    assert (ghost.resident_id, ghost.leaves_on) == (gone.id, TODAY), "nobody is planned twice"
    nights = db.session.execute(select(BedNight.stay_id, BedNight.night_on)).all()
    assert len(set(nights)) == 2
    merging.undo(office.manager, row)
    assert picture() == before


def test_a_stay_of_the_same_nights_without_a_plan_hands_over_what_hangs_on_it(office: Office) -> None:
    house = make_house(2, residence=office.residence)
    gone = house.enrolments[0].stay.resident
    kept = make_resident(office.residence)
    stay = make_stay(kept)
    row = merging.merge(office.manager, kept.id, gone.id)
    assert merging.left_behind(row) == []
    place = db.session.get_one(Enrolment, house.enrolments[0].id)
    assert place.stay_id == stay.id


def test_merges_are_undone_in_the_order_of_their_making_by_managers(office: Office) -> None:
    people = [make_person(office, stays=False) for _ in range(3)]
    with pytest.raises(NotAllowed):
        merging.merge(office.one, people[0].id, people[1].id)
    with pytest.raises(SamePerson):
        merging.merge(office.manager, people[0].id, people[0].id)
    first = merging.merge(office.manager, people[1].id, people[2].id)
    second = merging.merge(office.manager, people[0].id, people[1].id)
    assert people[2].merged_into_id == people[0].id
    with pytest.raises(merging.LaterMerge):
        merging.undo(office.manager, first)
    for row in (second, first):
        merging.undo(office.manager, row)
    assert [person.merged_into_id for person in people] == [None, None, None]
    assert json.loads(db.session.scalars(select(Merge)).first().moved)  # type: ignore[union-attr]


def test_files_that_may_be_one_person_are_found_until_somebody_says_no(office: Office) -> None:
    one = make_person(office, full_name="Rizki Pratama", born_on=BORN)
    other = make_person(office, full_name="Rizky Pratama", born_on=BORN)
    make_person(office, full_name="Rizki Pratama Wijaya Kusuma", born_on=date(2008, 1, 1))
    make_person(office, full_name="Bagas Saputra", born_on=BORN)
    assert [(pair.one.id, pair.other.id) for pair in find_duplicates()] == [(one.id, other.id)]
    say_distinct(office.manager, other.id, one.id)
    assert find_duplicates() == []
    with pytest.raises(KnownToDiffer):
        say_distinct(office.manager, one.id, other.id)
