"""Times as people write them: clock times, lengths, days of the week and parts of the day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from foyer.workbooks.text import clean_text, key
from foyer.workbooks.values import BadValue, is_blank

DAYS = {
    "senin": 0, "sen": 0, "monday": 0, "mon": 0, "selasa": 1, "sel": 1, "tuesday": 1, "tue": 1, "tues": 1,
    "rabu": 2, "rab": 2, "wednesday": 2, "wed": 2, "kamis": 3, "kam": 3, "thursday": 3, "thu": 3, "thurs": 3,
    "jumat": 4, "jum at": 4, "jum": 4, "jumaat": 4, "friday": 4, "fri": 4, "sabtu": 5, "sab": 5, "saturday": 5,
    "sat": 5, "minggu": 6, "ahad": 6, "min": 6, "sunday": 6, "sun": 6,
}  # fmt: skip
WHOLE_WEEK = tuple(range(7))
_DAY_SETS = {
    "setiap hari": WHOLE_WEEK, "tiap hari": WHOLE_WEEK, "every day": WHOLE_WEEK, "daily": WHOLE_WEEK,
    "semua hari": WHOLE_WEEK, "hari kerja": (0, 1, 2, 3, 4), "weekdays": (0, 1, 2, 3, 4),
    "hari sekolah": (0, 1, 2, 3, 4), "akhir pekan": (5, 6), "weekend": (5, 6), "weekends": (5, 6),
}  # fmt: skip

# The parts share the day out: what is in one is in no other.
PARTS = {"morning": (0, 720), "afternoon": (720, 900), "late_afternoon": (900, 1080), "evening": (1080, 1440)}
_PART_WORDS = {
    "pagi": "morning", "morning": "morning", "mornings": "morning", "am": "morning", "siang": "afternoon",
    "midday": "afternoon", "noon": "afternoon", "afternoon": "afternoon", "afternoons": "afternoon",
    "sore": "late_afternoon", "petang": "late_afternoon", "malam": "evening", "evening": "evening",
    "evenings": "evening", "night": "evening", "nights": "evening",
}  # fmt: skip
_FILLER = {"hari", "setiap", "tiap", "pada", "on", "every", "jam", "pukul", "pkl", "at", "wib", "wita", "wit", "all",
           "sepanjang", "seharian", "the", "in", "saja", "only"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class When:
    """A stretch of the week: minutes [start, end) on each of the days."""

    days: tuple[int, ...]
    start: int = 0
    end: int = 1440


def parse_time(value: object) -> int | None:
    """Minutes after midnight from a time cell, "07:30", "07.30", "0730", "7.30 PM" or a fraction of a day."""
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        return value.hour * 60 + value.minute
    if isinstance(value, timedelta):
        return _in_a_day(round(value.total_seconds() / 60))
    if isinstance(value, bool):
        raise BadValue("time_not_understood")
    if isinstance(value, int | float):
        return _time_of_number(value)
    if is_blank(value):
        return None
    text = re.sub(r"\b(wib|wita|wit|pukul|pkl|jam)\b\.?", "", clean_text(value).casefold()).strip()
    found = re.fullmatch(r"(\d{1,2})(?:\s*[:.,]\s*(\d{2})(?::\d{2})?)?\s*(am|pm)?", text)
    if not found:
        found = re.fullmatch(r"(\d{2})(\d{2})()", text)
    if not found:
        raise BadValue("time_not_understood")
    return _clock(int(found[1]), int(found[2] or 0), found[3] or "")


def _time_of_number(number: float) -> int:
    if 0 <= number < 1:
        return round(number * 1440)
    if not 0 <= number <= 2400:
        raise BadValue("time_not_understood")
    hours, rest = divmod(round(number * 100), 100)
    if number <= 24:
        return _clock(hours, rest)  # 7.3 is how a sheet keeps 7.30
    if number >= 100 and float(number).is_integer():
        return _clock(int(number) // 100, int(number) % 100)
    raise BadValue("time_not_understood")


def _clock(hours: int, minutes: int, half: str = "") -> int:
    if half and not 1 <= hours <= 12:
        raise BadValue("time_not_understood")
    if half:
        hours = hours % 12 + (12 if half == "pm" else 0)
    if minutes > 59:
        raise BadValue("time_not_understood")
    return _in_a_day(hours * 60 + minutes)


def _in_a_day(minutes: int) -> int:
    if not 0 <= minutes <= 1440:
        raise BadValue("time_not_understood")
    return minutes


_RANGE = re.compile(r"^(.+?)\s*(?:-|–|—|s\s?/\s?d|\bsd\b|sampai|hingga|until|to)\s*(.+)$")


def parse_time_range(value: object) -> tuple[int, int] | None:
    """ "04.30-05.15" """
    if is_blank(value):
        return None
    found = _RANGE.match(clean_text(value).casefold())
    if not found:
        raise BadValue("time_not_understood")
    start, end = parse_time(found[1]), parse_time(found[2])
    if start is None or end is None or end <= start:
        raise BadValue("time_not_understood")
    return start, end


# Lengths

_UNITS = {
    "jam": 60, "hour": 60, "hours": 60, "h": 60, "hr": 60, "hrs": 60, "menit": 1, "mnt": 1, "m": 1, "min": 1,
    "mins": 1, "minute": 1, "minutes": 1, "jp": 45, "jpl": 45, "jam pelajaran": 45, "lesson": 45, "lessons": 45,
}  # fmt: skip
_AMOUNT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(jam pelajaran|[a-z]+)")
_TIMES = re.compile(r"^(\d{1,2})\s*(?:x|×|kali|times)\s*(?:seminggu|/\s*minggu|per minggu|a week|@)?\s*(.*)$")


def parse_duration(value: object) -> int | None:
    """Minutes: "3 jam" is 180, "2 x 45 menit" is 90, "1 jam 30 menit" is 90, a bare 3 is hours."""
    if isinstance(value, time | timedelta | datetime):
        return _positive(parse_time(value) or 0)
    if isinstance(value, bool):
        raise BadValue("duration_not_understood")
    if isinstance(value, int | float):
        return _positive(_bare(float(value)))
    if is_blank(value):
        return None
    text = clean_text(value).casefold()
    if (found := _TIMES.match(text)) and found[2]:
        each = parse_duration(found[2])
        return _positive(int(found[1]) * (each or 0))
    if re.fullmatch(r"\d+([.,]\d+)?", text):
        return _positive(_bare(float(text.replace(",", "."))))
    if found := re.fullmatch(r"(\d{1,2}):(\d{2})", text):
        return _positive(int(found[1]) * 60 + int(found[2]))
    return _positive(_sum_of_amounts(text))


def _bare(number: float) -> int:
    if not 0 < number <= 1440:
        raise BadValue("duration_not_understood")
    if number < 1:
        return round(number * 1440)
    return round(number * 60) if number <= 12 else round(number)


def _sum_of_amounts(text: str) -> int:
    total, rest = 0.0, text
    for amount, unit in _AMOUNT.findall(text):
        if unit not in _UNITS:
            raise BadValue("duration_not_understood")
        total += float(amount.replace(",", ".")) * _UNITS[unit]
    rest = _AMOUNT.sub("", text).strip(" .,")
    if rest not in {"", "dan", "and", "per pertemuan", "@"}:
        raise BadValue("duration_not_understood")
    return round(total)


def _positive(minutes: int) -> int:
    if not 0 < minutes <= 1440:
        raise BadValue("duration_not_understood")
    return minutes


def parse_meetings(value: object) -> tuple[int, int | None] | None:
    """How often a week, and how long where the cell says so: "5 x 3 jam" is five meetings of 180 minutes."""
    if is_blank(value):
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer():
        count, rest = int(value), ""
    else:
        text = clean_text(value).casefold()
        found = _TIMES.match(text) or re.fullmatch(
            r"(\d{1,2})\s*(?:pertemuan|sesi|meetings?|sessions?|hari|days?)?\s*(?:/|per|a)?\s*(?:minggu|week)?()", text
        )
        if not found:
            raise BadValue("meetings_not_understood")
        count, rest = int(found[1]), found[2]
    if not 0 < count <= 21:
        raise BadValue("meetings_not_understood")
    return count, parse_duration(rest) if rest else None


# Days and parts of the day

_SEPARATORS = re.compile(r"\s*(?:,|;|\n|/|&|\+|\bdan\b|\band\b|\bserta\b|\batau\b|\bor\b)\s*")
_THROUGH = re.compile(r"\s*(?:-|–|—|\bs\.?\s?d\b\.?|\bsampai\b|\bhingga\b|\bto\b|\bthrough\b|\buntil\b)\s*")
_CLOCKS = re.compile(
    r"(\d{1,2}(?:[.:]\d{2})?)\s*(?:-|–|—|s/d|sd|sampai|hingga|to)\s*(\d{1,2}(?:[.:]\d{2})?)(?:\s*(?:wib|wita|wit))?"
)


def parse_when(value: object) -> tuple[When, ...] | None:
    """Parts of the week, in the order written: "Sabtu", "Senin-Jumat pagi", "malam atau sore", "Rabu 08.00-10.00".

    A part of the day said once at the end counts for the days named before it: "Senin, Rabu pagi".
    """
    if is_blank(value):
        return None
    text = clean_text(value).casefold().replace("s/d", " sampai ").replace("jum'at", "jumat")
    pieces = [_piece(piece) for piece in _SEPARATORS.split(text) if piece.strip()]
    if not pieces:
        raise BadValue("when_not_understood")
    return tuple(_joined(pieces))


@dataclass(frozen=True, slots=True)
class _Piece:
    days: tuple[int, ...]
    hours: tuple[int, int] | None


def _piece(text: str) -> _Piece:
    hours = None
    if found := _CLOCKS.search(text):
        hours = parse_time_range(f"{found[1]}-{found[2]}")
        text = text.replace(found[0], " ")
    days, text = _day_sets(text)
    ends = _THROUGH.split(text)
    named, part = _day_words(" ".join(ends))
    if len(ends) == 2:
        days = _through(named)
    elif named:
        days = tuple(sorted(set(named)))
    hours = hours or part
    if len(ends) > 2 or (not days and hours is None):
        raise BadValue("when_not_understood")
    return _Piece(days, hours)


def _day_sets(text: str) -> tuple[tuple[int, ...], str]:
    """ "setiap hari" and the like, and the text without them."""
    days: tuple[int, ...] = ()
    for name, members in _DAY_SETS.items():
        if re.search(rf"\b{name}\b", text):
            days, text = members, re.sub(rf"\b{name}\b", " ", text)
    return days, text


def _day_words(text: str) -> tuple[list[int], tuple[int, int] | None]:
    """Days named in a text, and the part of the day."""
    named: list[int] = []
    hours = None
    words = key(text).split()
    for word in words:
        if word in DAYS:
            named.append(DAYS[word])
        elif word in _PART_WORDS:
            hours = PARTS["late_afternoon" if "late" in words else _PART_WORDS[word]]
        elif word not in _FILLER and word != "late":
            raise BadValue("when_not_understood")
    return named, hours


def _through(named: list[int]) -> tuple[int, ...]:
    if len(named) != 2:
        raise BadValue("when_not_understood")
    first, last = named
    return tuple((first + step) % 7 for step in range((last - first) % 7 + 1))


def _joined(pieces: list[_Piece]) -> list[When]:
    """Days without hours take those said after them; hours without days take the days said before them."""
    result: list[When] = []
    for index, piece in enumerate(pieces):
        hours = piece.hours or _hours_said_after(pieces, index)
        days = piece.days or next((earlier.days for earlier in reversed(pieces[:index]) if earlier.days), WHOLE_WEEK)
        start, end = hours or (0, 1440)
        result.append(When(days, start, end))
    return result


def _hours_said_after(pieces: list[_Piece], index: int) -> tuple[int, int] | None:
    """ "Senin, Rabu pagi": only where every piece up to there names days."""
    for later in pieces[index + 1 :]:
        if not later.days:
            return None
        if later.hours:
            return later.hours
    return None


def parse_days(value: object) -> tuple[int, ...] | None:
    """Days only, for the daily grid: "Senin", "Senin-Kamis", "Setiap hari"."""
    found = parse_when(value)
    if found is None:
        return None
    if any((when.start, when.end) != (0, 1440) for when in found):
        raise BadValue("day_not_understood")
    return tuple(dict.fromkeys(day for when in found for day in when.days))


def parts_of(found: tuple[When, ...]) -> tuple[str, ...]:
    """The names of the parts of the day meant, in the order written; empty where the whole day is meant."""
    names = []
    for when in found:
        if (when.start, when.end) != (0, 1440):
            names += [name for name, (start, end) in PARTS.items() if when.start < end and start < when.end]
    return tuple(dict.fromkeys(names))


def hours_of(found: tuple[When, ...]) -> list[list[int]]:
    """Stretches of the week as [weekday, start, end], in order, overlapping ones joined."""
    result: list[list[int]] = []
    for day, start, end in sorted((day, when.start, when.end) for when in found for day in when.days):
        if result and result[-1][0] == day and start <= result[-1][2]:
            result[-1][2] = max(result[-1][2], end)
        else:
            result.append([day, start, end])
    return result
