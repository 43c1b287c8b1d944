"""Times, dates and figures as people here write them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask_babel import force_locale

from foyer import formatting as f
from tests.components.house import make_app

DAY = date(2027, 1, 4)


@pytest.fixture(params=["id", "en"])
def locale(request: pytest.FixtureRequest) -> Iterator[str]:
    with make_app().test_request_context("/"), force_locale(request.param):
        yield request.param


def test_times_are_written_with_points() -> None:
    assert f.clock(0) == "00.00"
    assert f.time_range(480, 600) == "08.00–10.00"
    assert f.clock(24 * 60) == "24.00"


def test_dates_are_in_the_readers_language(locale: str) -> None:
    long = {"id": "Senin, 4 Januari 2027", "en": "Monday, 4 January 2027"}
    assert f.long_date(DAY) == long[locale]
    assert f.short_date(DAY) == "4 Jan 2027"
    assert f.day_and_month(DAY) == "4 Jan"
    assert f.weekday_name(4) == {"id": "Jumat", "en": "Friday"}[locale]
    assert f.weekday_name(0, "abbreviated") == {"id": "Sen", "en": "Mon"}[locale]


def test_without_a_request_dates_are_indonesian() -> None:
    assert f.long_date(DAY) == "Senin, 4 Januari 2027"


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0, "0 %"),
        (0.02, "2 %"),
        (0.0214, "2.1 %"),
        (0.5, "50 %"),
        (0.995, "99.5 %"),
        (0.999, "99.9 %"),
        (0.9999, "> 99.9 %"),
        (1, "100 %"),
        (0.0004, "< 0.1 %"),
        (1.5, "150 %"),
    ],
)
def test_a_share_never_rounds_to_nothing_or_to_all(share: float, shown: str) -> None:
    with make_app().test_request_context("/"), force_locale("en"):
        assert f.percent(share).replace(f.NBSP, " ") == shown


def test_figures_follow_the_language(locale: str) -> None:
    assert f.number(1234) == {"id": "1.234", "en": "1,234"}[locale]
    assert f.percent(0.036).replace(f.NBSP, " ") == {"id": "3,6 %", "en": "3.6 %"}[locale]


def test_points_are_counted() -> None:
    with make_app().test_request_context("/"), force_locale("en"):
        assert f.points(1) == "1 point"
        assert f.points(1234.4) == "1,234 points"
