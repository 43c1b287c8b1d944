"""Families of rules, as a minimal set of rules names them: each in a sentence that says what is kept."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from foyer.cycles.words.names import HouseNames, listed
from foyer.scheduling.relaxing.forms import Rule

Words = Callable[[Rule, HouseNames], str]


def _plain(text: Callable[[], str]) -> Words:
    return lambda rule, names: text()


def _people(rule: Rule, names: HouseNames) -> str:
    return listed(map(names.resident, rule.who)) if rule.who else _("two residents")


def _pin(kind: str) -> Words:
    def words(rule: Rule, names: HouseNames) -> str:
        resident, target = rule.who
        place = names.thing(kind, target)
        return _("Staff have decided on %(place)s for %(resident)s.", place=place, resident=names.resident(resident))

    return words


FAMILIES: dict[str, Words] = {
    "group_eligibility": _plain(lambda: _("Classes take only those whose age, gender, schooling and training fit.")),
    "resident_unavailable": _plain(lambda: _("Residents are out of the house at some hours.")),
    "group_mandatory": _plain(lambda: _("Some classes have to open, or to meet at hours that were set.")),
    "group_minimum": _plain(lambda: _("A class needs a least number of residents.")),
    "group_excluded": _plain(lambda: _("Some classes cannot both be had.")),
    "instructor_residents": _plain(lambda: _("An instructor takes only so many residents.")),
    "group_maximum": _plain(lambda: _("Classes and places have only so many seats.")),
    "apart_class": lambda r, n: _("%(people)s are kept apart in class.", people=_people(r, n)),
    "together_class": _plain(lambda: _("Some residents are to be in class together.")),
    "pin_class": _pin("class"),
    "pin_education": _pin("education"),
    "pin_elective": _pin("elective"),
    "room_features": _plain(lambda: _("Some residents need a room with certain features.")),
    "room_stage": _plain(lambda: _("Some rooms are for higher stages of independence.")),
    "room_gender": _plain(lambda: _("Rooms are for girls or for boys.")),
    "room_closed": _plain(lambda: _("Some rooms are out of service.")),
    "room_capacity": _plain(lambda: _("Rooms have only so many beds.")),
    "apart_room": lambda r, n: _("%(people)s are kept apart in their rooms.", people=_people(r, n)),
    "apart_house": lambda r, n: _("%(people)s are kept apart in their wings.", people=_people(r, n)),
    "together_room": _plain(lambda: _("Some residents are to share a room.")),
    "together_house": _plain(lambda: _("Some residents are to live in one wing.")),
    "pin_room": _pin("room"),
    "counsellor_suits": _plain(lambda: _("Some residents need a counsellor of one gender, or with certain training.")),
    "counsellor_hours": _plain(lambda: _("Counsellors are away at some hours.")),
    "counsellor_capacity": _plain(lambda: _("Counsellors take only so many residents.")),
    "apart_counsellor": lambda r, n: _("%(people)s may not have the same counsellor.", people=_people(r, n)),
    "together_counsellor": _plain(lambda: _("Some residents are to have the same counsellor.")),
    "pin_counsellor": _pin("counsellor"),
    "appointment_week": _plain(lambda: _("Everybody has individual counselling every few weeks.")),
    "meeting_count": _plain(lambda: _("Classes meet so many times a week.")),
    "group_unavailable": _plain(lambda: _("Classes cannot meet at some hours.")),
    "venue_unavailable": _plain(lambda: _("Places are not free at some hours.")),
    "instructor_unavailable": _plain(lambda: _("Instructors are away at some hours.")),
    "instructor_load": _plain(lambda: _("Instructors teach only so many hours a week.")),
    "meetings_in_day": _plain(lambda: _("Classes meet only so often on one day, and not too close together.")),
    "venue_twice": _plain(lambda: _("A place holds one class at a time.")),
    "instructor_twice": _plain(lambda: _("An instructor teaches one class at a time.")),
}
