"""Search before create: who is found by whom, and that the restricted are found by nobody outside the team."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from foyer.audit.models import AuditEntry
from foyer.caseload.desk import Desk
from foyer.database import blind_index, db, house_scope
from foyer.intake.finding import FileClosed, LookFirst, Wanted, search
from foyer.intake.likeness import Likeness
from foyer.intake.referrals import WrongPerson, look, register
from tests.intake.house import NIK, Office, make_office, make_person, make_referral, referral_values

BORN = date(2010, 3, 5)


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    with app.test_request_context(method="POST"):
        made = make_office()
        with house_scope(made.residence.id):
            yield made


def names(desk: Desk, **wanted: object) -> list[tuple[str, Likeness]]:
    return [(hit.who.full_name, hit.likeness) for hit in search(desk, Wanted(**wanted)).hits]  # type: ignore[arg-type]


def test_people_are_found_by_parts_of_the_name_birth_date_and_number(office: Office) -> None:
    make_person(office, full_name="Muhammad Rizky Pratama", born_on=BORN)
    make_person(office, full_name="Siti Aminah", born_on=date(2009, 9, 9), nik=NIK, nik_digest=blind_index(NIK))
    make_person(office, full_name="Bagas Saputra", born_on=date(2010, 1, 1))
    desk = office.one
    assert names(desk, name="pratama rizky MUHAMMAD", born_on=BORN) == [("Muhammad Rizky Pratama", Likeness.EQUAL)]
    assert names(desk, name="Muhamad Rizki Pratama") == [("Muhammad Rizky Pratama", Likeness.NAME)]
    assert names(desk, name="Rizky", born_on=BORN) == [("Muhammad Rizky Pratama", Likeness.BIRTH_AND_NAME)]
    assert names(desk, name="prat") == [("Muhammad Rizky Pratama", Likeness.PART_OF_NAME)]
    assert names(desk, name="Nama Lain Sekali", digest=blind_index(NIK)) == [("Siti Aminah", Likeness.NIK)]
    assert names(desk, name="Nama Lain Sekali", born_on=BORN) == []


def test_a_counsellor_opens_only_the_own_among_those_found(office: Office) -> None:
    make_person(office, office.one, full_name="Rizki Pratama", born_on=BORN)
    make_person(office, office.other, full_name="Rizki Prasetyo", born_on=BORN)
    assert [hit.is_open for hit in search(office.one, Wanted("Rizki", BORN)).hits] == [False, True]
    assert [hit.is_open for hit in search(office.manager, Wanted("Rizki", BORN)).hits] == [True, True]


def test_a_restricted_person_is_found_by_the_team_alone(office: Office) -> None:
    secret = make_person(office, office.one, full_name="Rizki Pratama", born_on=BORN, is_restricted=True)
    secret.nik_digest = blind_index(NIK)
    db.session.flush()
    asked = Wanted("Rizki Pratama", BORN)
    assert [hit.who for hit in search(office.one, asked).hits] == [secret]
    assert [hit.who for hit in search(office.manager, asked).hits] == [secret]
    for near in (Wanted("Rizki"), Wanted("Rizki Pratama"), Wanted("Rizki Pratam", BORN), Wanted("X Y", BORN)):
        found = search(office.other, near)
        assert (found.hits, found.closed) == ([], ())
    for equal in (asked, Wanted("Orang Lain", None, blind_index(NIK))):
        found = look(office.other, equal)
        assert (found.hits, found.closed) == ([], (secret,))
    db.session.flush()
    traces = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "looked_for")).all()
    assert [entry.resident_id for entry in traces] == [secret.id, secret.id], "the team can see that somebody looked"


def test_nobody_is_registered_before_those_who_may_be_the_same_were_shown(office: Office) -> None:
    known = make_person(office, office.other, full_name="Rizki Pratama", born_on=date(2009, 1, 1))
    values = referral_values()
    with pytest.raises(LookFirst):
        register(office.one, values, seen=[])
    with pytest.raises(WrongPerson):
        register(office.one, values, seen=[f"r{known.id}"], known="r0")
    referral = register(office.one, values, seen=[f"r{known.id}"], known=f"r{known.id}")
    assert referral.resident_id == known.id
    secret = make_person(office, office.other, full_name="Ayu Lestari", born_on=BORN, is_restricted=True)
    ayu = referral_values(full_name="Ayu Lestari")
    with pytest.raises(FileClosed):
        register(office.one, ayu, seen=[])
    assert register(office.manager, ayu, seen=[f"r{secret.id}"], known=f"r{secret.id}").resident_id == secret.id


def test_somebody_referred_already_is_found_and_a_colleague_s_restricted_referral_is_not(office: Office) -> None:
    first = make_referral(office.other)
    again = search(office.one, Wanted("Rizki Pratama", BORN))
    assert [(hit.key, hit.is_open) for hit in again.hits] == [(f"f{first.id}", False)]
    make_referral(office.other, full_name="Ayu Lestari", is_restricted=True)
    found = search(office.one, Wanted("Ayu Lestari", BORN))
    assert (found.hits, len(found.closed)) == ([], 1)
