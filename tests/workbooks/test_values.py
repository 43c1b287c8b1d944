"""What typed values mean."""

from __future__ import annotations

import contextlib
import itertools
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foyer.workbooks.levels import LEVELS, parse_level, parse_levels
from foyer.workbooks.notes import parse_block, parse_needs, parse_requirement, parse_room_note
from foyer.workbooks.text import person_key, proper_name
from foyer.workbooks.values import (
    BadValue,
    parse_date,
    parse_gender,
    parse_int,
    parse_place_and_date,
    parse_room_policy,
    parse_scopes,
    parse_yes_no,
)
from foyer.workbooks.weektimes import (
    PARTS,
    When,
    parse_days,
    parse_duration,
    parse_meetings,
    parse_time,
    parse_time_range,
    parse_when,
    parts_of,
)

ANYTHING = st.one_of(
    st.none(), st.text(max_size=30), st.integers(), st.floats(), st.booleans(), st.datetimes(), st.dates(), st.times()
)
PARSERS = [
    parse_date,
    parse_place_and_date,
    parse_gender,
    parse_yes_no,
    parse_int,
    parse_room_policy,
    parse_scopes,
    parse_level,
    parse_levels,
    parse_time,
    parse_time_range,
    parse_duration,
    parse_meetings,
    parse_when,
    parse_days,
    parse_requirement,
]


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__name__)
@given(value=ANYTHING)
def test_a_parser_answers_or_says_that_it_does_not_understand(parse, value):
    with contextlib.suppress(BadValue):
        parse(value)


@given(value=ANYTHING)
def test_remarks_are_read_whatever_they_say(value):
    parse_room_note(value)
    parse_needs(value)
    parse_block(value)
    assert proper_name(proper_name(value)) == proper_name(value)


@pytest.mark.parametrize(("typed", "written"), [("ß", "ß"), ("siti aminah", "Siti Aminah"), ("R. BUDI", "R. Budi")])
def test_names_in_one_case_become_proper_case_once(typed, written):
    assert proper_name(typed) == written
    assert proper_name(written) == written


@pytest.mark.parametrize(
    "typed",
    [
        "26/03/2010",
        "26-03-2010",
        "26.3.2010",
        "26 Maret 2010",
        "26 March 2010",
        "26-Mar-10",
        "2010-03-26",
        "March 26, 2010",
        "Jumat, 26 Maret 2010",
        "26/03/10",
        40263,
        "40263",
        20100326,
        date(2010, 3, 26),
        datetime(2010, 3, 26, 0, 0),
        "03/26/2010",
        "2010/03/26",
        " 26 / 03 / 2010 ",
    ],
)
def test_the_same_day_in_many_spellings(typed):
    assert parse_date(typed) == date(2010, 3, 26)


def test_days_come_before_months():
    assert parse_date("04-10-2010") == date(2010, 10, 4)


@given(day=st.dates(min_value=date(1990, 1, 1), max_value=date(2099, 12, 31)))
def test_any_day_written_as_text_is_read_back(day):
    months = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
    for text in (
        f"{day:%d/%m/%Y}",
        f"{day.day}-{day.month}-{day.year}",
        f"{day.day} {months[day.month - 1]} {day.year}",
        f"{day:%Y-%m-%d}",
        f"{day:%d %B %Y}",
    ):
        assert parse_date(text) == day


@given(day=st.dates(min_value=date(1932, 1, 1), max_value=date(2099, 12, 31)))
def test_serial_numbers_are_days_in_both_of_excels_calendars(day):
    assert parse_date((day - date(1899, 12, 30)).days) == day
    assert parse_date((day - date(1904, 1, 1)).days + 0.0, epoch=1904) == day


@pytest.mark.parametrize("typed", ["31/02/2009", "30 Februari 2010", "2009-13-01", "00/01/2010", "32/01/2010"])
def test_a_day_that_does_not_exist_is_impossible(typed):
    with pytest.raises(BadValue, match="impossible_date"):
        parse_date(typed)


@pytest.mark.parametrize("typed", ["kapan-kapan", "2010", 5, 7.5, True, "12/2010", "5 Muharram 1447"])
def test_what_is_no_date_is_not_guessed(typed):
    with pytest.raises(BadValue):
        parse_date(typed)


@pytest.mark.parametrize("typed", [None, "", "  ", "-", "—", "tidak ada"])
def test_blank_is_blank_everywhere(typed):
    for parse in (
        parse_date,
        parse_gender,
        parse_yes_no,
        parse_int,
        parse_room_policy,
        parse_scopes,
        parse_level,
        parse_time,
        parse_duration,
        parse_when,
    ):
        assert parse(typed) is None


@pytest.mark.parametrize(
    ("typed", "place", "day"),
    [
        ("Tebet, 30 Juli 2010", "Tebet", date(2010, 7, 30)),
        ("Tebet 30-07-2010", "Tebet", date(2010, 7, 30)),
        ("30/07/2010", "", date(2010, 7, 30)),
        ("Jakarta Timur, 30/07/2010", "Jakarta Timur", date(2010, 7, 30)),
    ],
)
def test_place_and_date_in_one_cell(typed, place, day):
    assert parse_place_and_date(typed) == (place, day)


@pytest.mark.parametrize("typed", ["L", "l", "Laki-laki", "LAKI - LAKI", "pria", "male", "M", "Lk.", "putra"])
def test_male(typed):
    assert parse_gender(typed) == "male"


@pytest.mark.parametrize("typed", ["P", "p", "perempuan", "Wanita", "female", "F", "Pr", "putri"])
def test_female_and_p_is_perempuan(typed):
    assert parse_gender(typed) == "female"


def test_yes_and_no():
    assert [parse_yes_no(value) for value in ("ya", "X", "✓", "v", 1, "yes")] == [True] * 6
    assert [parse_yes_no(value) for value in ("tidak", "no", 0, False)] == [False] * 4
    with pytest.raises(BadValue):
        parse_yes_no("mungkin")


def test_numbers_typed_as_text():
    assert [parse_int(value) for value in (12, 12.0, "12", " 12 orang", "maks. 12", "12,0")] == [12] * 6
    for wrong in ("3 atau 4", "dua belas", 1.5):
        with pytest.raises(BadValue):
            parse_int(wrong)


@pytest.mark.parametrize(
    ("typed", "policy"),
    [
        ("L", "male"),
        ("P", "female"),
        ("sesuai kebutuhan", "same"),
        ("Sesuai  Kebutuhan", "same"),
        ("mixed", "same"),
        ("L/P", "same"),
        ("khusus perempuan", "female"),
        ("girls", "female"),
    ],
)
def test_who_may_live_in_a_room(typed, policy):
    assert parse_room_policy(typed) == policy


def test_where_a_pair_is_kept_apart():
    assert parse_scopes("kamar") == ("room",)
    assert parse_scopes("kelas dan kamar") == ("room", "class")
    assert parse_scopes("room & class") == ("room", "class")
    assert parse_scopes("semua") == ("room", "class")
    with pytest.raises(BadValue):
        parse_scopes("dapur")


@pytest.mark.parametrize(
    ("typed", "level"),
    [
        ("SD tidak tamat", "sd_unfinished"),
        ("SD", "sd"),
        ("smp", "smp"),
        ("SMA kelas 10", "sma_10"),
        ("SMA Kelas XI", "sma_11"),
        ("SMK", "smk"),
        ("SMA", "sma"),
        ("SMP kelas 2", "sd"),
        ("grade 11", "sma_11"),
        ("tamat SMP", "smp"),
        ("MTs", "smp"),
        ("Junior high school", "smp"),
        ("putus sekolah SMP", "sd"),
        ("Paket B", "smp"),
    ],
)
def test_levels_of_education(typed, level):
    assert parse_level(typed) == level
    assert level in LEVELS


def test_a_list_of_levels():
    assert parse_levels("SMP, SMA kelas 10, SMA kelas 11") == ("smp", "sma_10", "sma_11")


@pytest.mark.parametrize(
    "typed", ["07:30", "07.30", "7.30", "0730", time(7, 30), 0.3125, 7.3, "7.30 AM", "07.30 WIB", 730]
)
def test_half_past_seven(typed):
    assert parse_time(typed) == 450


@given(minute=st.integers(0, 1439))
def test_any_minute_of_the_day_is_read_back(minute):
    hour, rest = divmod(minute, 60)
    for value in (
        f"{hour:02}:{rest:02}",
        f"{hour}.{rest:02}",
        time(hour, rest),
        minute / 1440,
        timedelta(minutes=minute),
    ):
        assert parse_time(value) == minute


@pytest.mark.parametrize("typed", ["24:30", "7:60", "pagi", 30, -1])
def test_what_is_no_time_is_not_guessed(typed):
    with pytest.raises(BadValue):
        parse_time(typed)


def test_ranges_of_time():
    assert parse_time_range("04.30-05.15") == (270, 315)
    assert parse_time_range("08:00 s/d 10:00") == (480, 600)
    with pytest.raises(BadValue):
        parse_time_range("10.00-08.00")


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("3 jam", 180),
        ("90 menit", 90),
        ("2 x 45 menit", 90),
        ("1,5 jam", 90),
        ("1 jam 30 menit", 90),
        ("3 hours", 180),
        ("4 JP", 180),
        (3, 180),
        (90, 90),
        ("01:30", 90),
        (time(1, 30), 90),
        ("2 x 2 jam", 240),
    ],
)
def test_lengths(typed, minutes):
    assert parse_duration(typed) == minutes


def test_meetings_may_say_their_length():
    assert parse_meetings("5 x 3 jam") == (5, 180)
    assert [parse_meetings(value) for value in (5, "5", "5x", "5 kali seminggu", "5 pertemuan")] == [(5, None)] * 5


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Sabtu", [When((5,))]),
        ("Senin pagi", [When((0,), 0, 720)]),
        ("Senin-Jumat pagi", [When((0, 1, 2, 3, 4), 0, 720)]),
        ("Senin s/d Jumat", [When((0, 1, 2, 3, 4))]),
        ("Mon - Fri mornings", [When((0, 1, 2, 3, 4), 0, 720)]),
        ("Senin, Rabu pagi", [When((0,), 0, 720), When((2,), 0, 720)]),
        ("Senin pagi, Rabu", [When((0,), 0, 720), When((2,))]),
        ("Selasa dan Kamis 13.00-15.00", [When((1,), 780, 900), When((3,), 780, 900)]),
        ("malam atau sore", [When(tuple(range(7)), 1080, 1440), When(tuple(range(7)), 900, 1080)]),
        ("Jum'at", [When((4,))]),
        ("Jumat-Minggu", [When((4, 5, 6))]),
        ("hari kerja pagi", [When((0, 1, 2, 3, 4), 0, 720)]),
    ],
)
def test_parts_of_the_week(typed, found):
    assert list(parse_when(typed) or ()) == found


def test_parts_of_the_day_keep_their_order():
    assert parts_of(parse_when("malam atau sore") or ()) == ("evening", "late_afternoon")
    assert parts_of(parse_when("Sabtu") or ()) == ()


def test_the_parts_share_out_the_day():
    spans = sorted(PARTS.values())
    assert spans[0][0] == 0
    assert spans[-1][1] == 1440
    assert all(before[1] == after[0] for before, after in itertools.pairwise(spans))


@pytest.mark.parametrize("typed", ["kadang-kadang", "Senin-Rabu-Jumat", "lusa", "minggu depan pagi sekali"])
def test_what_is_no_time_of_the_week_is_not_guessed(typed):
    with pytest.raises(BadValue):
        parse_when(typed)


def test_room_notes_carry_rules():
    assert parse_room_note("rusak: atap bocor").outage == "atap bocor"
    repaired = parse_room_note("renovasi sampai 1 Maret 2027")
    assert (repaired.outage, repaired.outage_until) == ("renovasi", date(2027, 3, 1))
    assert parse_room_note("akses kursi roda").accessible
    assert parse_room_note("tahap 4").stage == 4
    assert parse_room_note(None, "Isolasi").reserve
    assert parse_room_note("dekat taman").unknown == "dekat taman"
    both = parse_room_note("tahap 3; wheelchair accessible")
    assert (both.stage, both.accessible, both.unknown) == (3, True, "")


def test_needs_and_skills_are_one_vocabulary():
    assert parse_needs("trauma dan kekerasan") == (("trauma",), ())
    assert parse_needs("anak berhadapan dengan hukum") == (("abh",), ())
    assert parse_needs("ABH, adiksi") == (("abh", "addiction"), ())
    assert parse_needs("kursi roda") == (("wheelchair",), ())
    assert parse_needs("umum") == ((), ())
    assert parse_needs("trauma, terbang") == (("trauma",), ("terbang",))


def test_requirements_of_classes():
    found = parse_requirement("min. SMP")
    assert found is not None
    assert found.minimum_level == "smp"
    with pytest.raises(BadValue):
        parse_requirement("sehat jasmani")


def test_blocks_of_the_day():
    assert parse_block("Kegiatan malam") == (True, True)
    assert parse_block("Ibadah dan makan siang") == (False, True)
    assert parse_block("Kegiatan ibadah") == (False, True)
    assert parse_block("Rapat") == (False, False)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("EJA NOVITASARI ", "Eja Novitasari"),
        ("bagiya  iswahyudi", "Bagiya Iswahyudi"),
        ("R.A. Yani Permadi",) * 2,
        ("DRG. GARDA DABUKKE", "drg. Garda Dabukke"),
        ("NUR'AINI", "Nur'aini"),
        ("R.A. KARTINI", "R.A. Kartini"),
        ("H. GANTAR UTAMA", "H. Gantar Utama"),
        ("McDonald", "McDonald"),
        ("SITI-AMINAH", "Siti-Aminah"),
    ],
)
def test_names_typed_in_capitals_become_names(typed, name):
    assert proper_name(typed) == name
    assert person_key(typed) == person_key(name)
