"""What a house calls the engine's ids, and the small pieces that sentences are put together from.

A thing that the house does not have any more has no name: then it is told as what it is ("a class"), never as its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import babel.lists
from flask_babel import get_locale
from flask_babel import gettext as _

from foyer.cycles.grid import LONGEST_BREAK
from foyer.cycles.house import HouseFacts
from foyer.formatting import clock, long_date, number, short_date, time_range, weekday_name
from foyer.residences.labels import need_words
from foyer.residents import labels as _labels  # noqa: F401  the words of education levels
from foyer.residents.models import EducationLevel
from foyer.residents.naming import name_for
from foyer.scheduling.problem import Period
from foyer.scheduling.relaxing.apply import SECOND
from foyer.words import words

Known = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HouseNames:
    """Names by id, each kind of thing by itself: a room and a class may have the same id. ``first_night``: the date of
    night 0; ``subjects``: trades and programmes."""

    first_night: date
    residents: Known = field(default_factory=dict)
    groups: Known = field(default_factory=dict)
    rooms: Known = field(default_factory=dict)
    staff: Known = field(default_factory=dict)
    venues: Known = field(default_factory=dict)
    subjects: Known = field(default_factory=dict)
    periods: Mapping[str, Period] = field(default_factory=dict)

    def resident(self, id_: str) -> str:
        return self.residents.get(id_) or _("a resident")

    def group(self, id_: str) -> str:
        first, another, number = id_.partition(SECOND)
        if another and first in self.groups:
            if number != "2":
                return _("group %(number)s like %(group)s", number=number, group=self.groups[first])
            return _("the second group like %(group)s", group=self.groups[first])
        return self.groups.get(id_) or _("a class")

    def room(self, id_: str) -> str:
        return _("room %(room)s", room=self.rooms[id_]) if id_ in self.rooms else _("a room")

    def counsellor(self, id_: str) -> str:
        return self.staff.get(id_) or _("a counsellor")

    def instructor(self, id_: str) -> str:
        return self.staff.get(id_) or _("an instructor")

    def venue(self, id_: str) -> str:
        return self.venues.get(id_) or _("a place")

    def subject(self, id_: str) -> str:
        return self.subjects.get(id_) or id_

    def thing(self, kind: str, id_: str) -> str:
        """The name of a thing of a kind, as needs, wishes, changes and pins call their kinds."""
        return {
            "resident": self.resident,
            "room": self.room,
            "counsellor": self.counsellor,
            "instructor": self.instructor,
            "venue": self.venue,
            "appointment": self.hour,
            "meeting": self.meeting_of,
        }.get(kind, self.group)(id_)

    def listed_groups(self, ids: str) -> str:
        """Groups joined by commas, as explanations have them."""
        return listed(self.group(i) for i in ids.split(", "))

    # Times

    def period(self, id_: str) -> str:
        """Monday, 08.00 to 10.00, as the house writes it."""
        return self.hours([id_])

    def hours(self, ids: Iterable[str]) -> str:
        """Periods, those of one day that follow each other as one stretch."""
        spans: list[list[int]] = []
        known = sorted((p for i in ids if (p := self.periods.get(i))), key=lambda p: (p.day, p.start))
        for p in known:
            if spans and spans[-1][0] == p.day and p.start - spans[-1][2] <= LONGEST_BREAK:
                spans[-1][2] = p.end
            else:
                spans.append([p.day, p.start, p.end])
        found = [f"{weekday_name(day)} {time_range(start, end)}" for day, start, end in spans]
        return listed(found) if found else _("an hour that the day no longer has")

    def hour(self, target: str) -> str:
        """An appointment: a period, or ``week:period``."""
        week, _sep, period = target.rpartition(":")
        if not week:
            return self.period(period)
        return _("%(hour)s, week %(week)s", hour=self.period(period), week=int(week) + 1)

    def booked(self, place: str) -> str:
        """An appointment as changes have it: ``week period``, with the start where it is known."""
        week, period, *start = place.split(" ")
        if not start or period not in self.periods:
            return self.hour(f"{week}:{period}")
        day = weekday_name(self.periods[period].day)
        return _("%(day)s %(time)s, week %(week)s", day=day, time=clock(int(start[0])), week=int(week) + 1)

    def meeting_of(self, target: str) -> str:
        """A meeting that is asked for: ``group:period,...``."""
        group, _sep, listed_ = target.partition(":")
        return _("%(group)s on %(hours)s", group=self.group(group), hours=self.hours(listed_.split(",")))

    def day(self, night: int) -> date:
        return self.first_night + timedelta(days=night)

    def night(self, number_: int) -> str:
        return long_date(self.day(number_))

    def nights(self, first: int, until: int) -> str:
        """From the first night to the last; ``until`` is the night after."""
        if until - first == 1:
            return _("on the night of %(date)s", date=short_date(self.day(first)))
        return _(
            "on the nights from %(first)s to %(last)s",
            first=short_date(self.day(first)),
            last=short_date(self.day(until - 1)),
        )

    def spans(self, text: str) -> str:
        """``0-14, 20-25``, each from the first night to the night after the last."""
        spans = [span.split("-") for span in text.split(", ")]
        return listed(self.nights(int(a), int(b)) for a, b in spans)


def names_of(facts: HouseFacts) -> HouseNames:
    """The names of a cycle's house, from the rows that the problem is made of."""
    trades = {str(group.trade_id): group.trade.name for group in facts.groups if group.trade is not None}
    return HouseNames(
        facts.cycle.night(0),
        residents={str(e.id): name_for(e.stay.resident, in_team=False) for e in facts.enrolments},
        groups={str(group.id): group.code for group in facts.groups},
        rooms={str(room.id): room.code for room in facts.rooms},
        staff={str(person.id): person.full_name for person in facts.staff},
        venues={str(venue.id): venue.name for venue in facts.venues},
        subjects=trades | {g.programme: g.programme for g in facts.groups if g.trade is None},
        periods={period.id: period for period in facts.periods},
    )


def listed(parts: Iterable[str]) -> str:
    """A, B and C."""
    return babel.lists.format_list(list(parts), locale=get_locale() or "id")


def whole(sentence: str) -> str:
    """With a capital first: sentences may begin with "a resident"."""
    return sentence[:1].upper() + sentence[1:]


def figure(value: object) -> str:
    return number(float(str(value)))


def level_word(code: str) -> str:
    """A last education; a code of another house as it is."""
    return words(EducationLevel(code)) if code in set(EducationLevel) else code


def skills(codes: str) -> str:
    return listed(need_words(code) for code in codes.split(", "))


def features(codes: Iterable[str]) -> str:
    return listed(_("access by wheelchair") if code == "accessible" else code for code in codes)


def sentences(parts: Sequence[str]) -> str:
    return " ".join(part for part in parts if part)
