"""The identity number never stops anybody."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foyer.workbooks.identity import birth_date_in, contradictions, gender_in, parse_nik

TODAY = date(2026, 11, 22)


def test_numbers_typed_as_numbers_or_text_are_the_same():
    for typed in (
        3275063007102364,
        3275063007102364.0,
        "3275063007102364",
        " 3275 0630 0710 2364 ",
        "'3275063007102364",
    ):
        assert parse_nik(typed).number == "3275063007102364"


@pytest.mark.parametrize("typed", [None, "", "-", "belum ada", "belum punya"])
def test_no_number_yet_is_a_state(typed):
    assert parse_nik(typed).code == "nik_missing"


def test_a_short_number_is_not_kept():
    assert parse_nik("317401211108911") == parse_nik(317401211108911)
    assert parse_nik("317401211108911").code == "nik_length"
    assert parse_nik("31740121A1089110").code == "nik_not_digits"


@given(
    born=st.dates(min_value=date(1960, 1, 1), max_value=TODAY), gender=st.sampled_from(["female", "male"]),
    serial=st.integers(0, 9999), other=st.dates(min_value=date(1960, 1, 1), max_value=TODAY),
)  # fmt: skip
def test_a_number_made_for_a_person_agrees_with_that_person_only(born, gender, serial, other):
    day = born.day + (40 if gender == "female" else 0)
    number = f"317506{day:02}{born:%m%y}{serial:04}"
    assert gender_in(number) == gender
    assert contradictions(number, born, gender, before=TODAY) == []
    assert contradictions(number, born, "male" if gender == "female" else "female", before=TODAY) == ["nik_gender"]
    if f"{other:%d%m%y}" != f"{born:%d%m%y}":
        assert contradictions(number, other, gender, before=TODAY) == ["nik_birth_date"]


def test_the_date_in_a_number_is_the_latest_that_can_be():
    assert birth_date_in("3174011411067493", before=TODAY) == date(2006, 11, 14)
    assert birth_date_in("3174015411607493", before=TODAY) == date(1960, 11, 14)
    assert birth_date_in("3174019999997493", before=TODAY) is None
