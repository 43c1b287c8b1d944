"""What may be one person written down twice: believable pairs, and people who are two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask

from foyer.database import house_scope
from foyer.intake.duplicates import find_duplicates
from foyer.intake.finding import Wanted, search
from foyer.intake.likeness import Likeness, are_near, likeness_of
from foyer.names import name_key, sound_key
from tests.intake.house import Office, make_office, make_person
from tests.queries import count_queries

BORN = date(2010, 3, 5)
SWAPPED, YEAR_OFF, DIGIT, GUESSED, OTHER = (
    date(2010, 5, 3),
    date(2009, 3, 5),
    date(2010, 8, 5),
    date(2011, 1, 1),
    date(2008, 11, 24),
)


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    with app.test_request_context(method="POST"):
        made = make_office()
        with house_scope(made.residence.id):
            yield made


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Muhamad Rizki", "Mohammad Rizky"),
        ("M. Riski", "Mochamad Rizky"),
        ("Moh Fadhil", "Muh. Fadil"),
        ("Achmad Fauzi", "Ahmad Pauzi"),
        ("Khoirul Anwar", "Chairul Anwar"),
        ("Syaiful", "Saiful"),
        ("Jusuf Soekarno", "Yusuf Sukarno"),
        ("Tjahjo Oetomo", "Cahjo Utomo"),
        ("Siti Nurhalizah", "Siti Nur Haliza"),
        ("Fitri Aisyah", "Pitri Aisah"),
        ("Zaenal Abidin", "Zainal Abidin"),
        ("Ramadhan", "Ramadan"),
        ("Dzaki", "Zaki"),
    ],
)
def test_one_name_in_two_spellings_sounds_the_same(one: str, other: str) -> None:
    assert sound_key(one).replace(" ", "") == sound_key(other).replace(" ", "")
    known = SimpleNamespace(name_key=name_key(other), born_on=SWAPPED, nik_digest=None)
    assert likeness_of(one, BORN, None, known) is Likeness.NEAR_BIRTH_AND_NAME


@pytest.mark.parametrize(
    ("one", "other"),
    [("Budi", "Rudi"), ("Dewi", "Dwi"), ("Rizki", "Rifki"), ("Ahmad", "Muhammad"), ("Bayu", "Wahyu"), ("Adi", "Edi")],
)
def test_two_names_that_are_two_do_not_sound_the_same(one: str, other: str) -> None:
    assert sound_key(one) != sound_key(other)


def test_a_birth_date_is_near_another_by_a_slip_of_the_pen_only() -> None:
    for near in (SWAPPED, YEAR_OFF, DIGIT, GUESSED, date(2018, 3, 5), date(2010, 3, 15), date(2011, 3, 5)):
        assert are_near(BORN, near), near
        assert are_near(near, BORN)
    for far in (OTHER, BORN, date(2010, 4, 16), date(2008, 3, 15), date(2013, 1, 1)):
        assert not are_near(BORN, far), far
    assert are_near(date(2010, 10, 12), date(2010, 10, 21))


@pytest.mark.parametrize(
    ("name", "born_on", "likeness"),
    [
        ("Mohammad Rizky", SWAPPED, Likeness.NEAR_BIRTH_AND_NAME),
        ("Mohammad Rizky", YEAR_OFF, Likeness.NEAR_BIRTH_AND_NAME),
        ("M. Riski", DIGIT, Likeness.NEAR_BIRTH_AND_NAME),
        ("Rizky", SWAPPED, Likeness.NEAR_BIRTH_AND_NAME),
        ("Rizky Moch.", GUESSED, Likeness.NEAR_BIRTH_AND_NAME),
        ("Muhamad Rizki", YEAR_OFF, Likeness.NEAR_BIRTH_AND_NAME),
        ("Mohammad Rizky", BORN, Likeness.BIRTH_AND_NAME),
        ("Rizki Muhamad", BORN, Likeness.EQUAL),
        ("Mohammad Rizky", OTHER, None),  # a name that many have, and another birth date
        ("Muhammad Fajar", SWAPPED, None),
        ("Muhammad", YEAR_OFF, None),
        ("Rifki Maulana", SWAPPED, None),
        ("Siti Rizkia", SWAPPED, None),
    ],
)
def test_pairs_that_may_be_one_person_are_found_and_others_are_not(
    office: Office, name: str, born_on: date, likeness: Likeness | None
) -> None:
    one = make_person(office, full_name="Muhamad Rizki", born_on=BORN)
    other = make_person(office, full_name=name, born_on=born_on)
    found = [(pair.one.id, pair.other.id, pair.likeness) for pair in find_duplicates()]
    assert found == ([(one.id, other.id, likeness)] if likeness else [])


def test_the_surest_pairs_come_first_in_two_queries(app: Flask, office: Office) -> None:
    pairs = [
        (("Ayu Lestari", BORN), ("Ayu Lestari", BORN)),
        (("Bagas Wicaksono", BORN), ("Bagas Wichaksono", YEAR_OFF)),
    ]
    for number, (one, other) in enumerate(pairs):
        for name, born_on in (one, other):
            make_person(office, full_name=name, born_on=born_on.replace(day=born_on.day + number))
    for number, name in enumerate(("Citra Kirana", "Dimas Prakoso", "Eka Handayani", "Galih Nugroho", "Hesti Wulan")):
        make_person(office, full_name=name, born_on=date(2007, 2, 14) + timedelta(days=97 * number))
    with count_queries(app) as seen:
        found = find_duplicates()
    assert [pair.one.full_name for pair in found] == ["Ayu Lestari", "Bagas Wicaksono"]
    assert len(seen) == 2


def test_a_search_finds_a_name_however_it_is_written(office: Office) -> None:
    make_person(office, full_name="Achmad", born_on=OTHER)
    make_person(office, full_name="Pitri Choirunnisa", born_on=OTHER)
    for asked, known in (("Ahmad", "Achmad"), ("Akhmad", "Achmad"), ("Fitri Khairunisa", "Pitri Choirunnisa")):
        assert [hit.who.full_name for hit in search(office.one, Wanted(asked, BORN)).hits] == [known]
    assert search(office.one, Wanted("Ahmat Jaelani", BORN)).hits == []
