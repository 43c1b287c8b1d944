"""Broken rules about residents and their places, and about the plan's own figures (H1 to H7, H13, H14)."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from foyer.cycles.words.said import Said
from foyer.scheduling.checker.naming import APPOINTMENT, PINNED


def _pin(s: Said) -> str:
    if s.when in ("closed", "opened"):
        if s.when == "closed":
            return _("Staff have closed %(group)s, and somebody is in it.", **s)
        return _("Staff have decided that %(group)s opens, and too few are in it.", **s)
    if s.when.startswith(APPOINTMENT):
        hour = s.names.period(s.when.removeprefix(APPOINTMENT))
        return _("Staff have set the counselling of %(resident)s on %(hour)s.", resident=s["resident"], hour=hour)
    if s.when in PINNED:
        place = s.names.thing(s.when, s.first(PINNED[s.when]))
        return _("Staff have decided on %(place)s for %(resident)s.", place=place, resident=s["resident"])
    if s.when:
        return _("Staff have set how %(group)s meets on %(hours)s.", **s)
    return _("Something that staff have decided would not be kept.")


def _figures(s: Said) -> str:
    return _("The plan's own figures do not agree with a second count. Please tell support.")


PEOPLE: dict[str, Callable[[Said], str]] = {
    "class_missing": lambda s: _("%(resident)s has no class, and is not listed as waiting for one.", **s),
    "class_twice": lambda s: _("%(resident)s is in two classes.", **s),
    "class_not_needed": lambda s: _("%(resident)s is in a class, or waits for one, and needs none.", **s),
    "education_missing": lambda s: _(
        "%(resident)s has no group for %(subject)s, and is not listed as waiting for one.", **s
    ),
    "education_twice": lambda s: _("%(resident)s is in two groups for %(subject)s.", **s),
    "education_not_needed": lambda s: _(
        "%(resident)s is in a group for %(subject)s, or waits for one, and needs none.", **s
    ),
    "elective_missing": lambda s: _(
        "%(resident)s has fewer electives than asked for, and is not listed as waiting.", **s
    ),
    "elective_twice": lambda s: _("%(resident)s has the same elective twice.", **s),
    "elective_not_needed": lambda s: _("%(resident)s has more electives than asked for.", **s),
    "counsellor_missing": lambda s: _("%(resident)s has no counsellor, and is not listed as waiting for one.", **s),
    "counsellor_twice": lambda s: _("%(resident)s has two counsellors.", **s),
    "counsellor_not_needed": lambda s: _("%(resident)s has a counsellor, or waits for one, and needs none.", **s),
    "room_missing": lambda s: _("%(resident)s has no bed, and is not listed as waiting for one.", **s),
    "room_twice": lambda s: _(
        "%(resident)s would have two rooms at once, or change rooms on a night on which that is not allowed.", **s
    ),
    "room_not_needed": lambda s: _("%(resident)s has a room and needs none.", **s),
    "appointment_missing": lambda s: _(
        "%(resident)s has no time for counselling, and is not listed as waiting for one.", **s
    ),
    "appointment_twice": lambda s: _("%(resident)s has two times for counselling.", **s),
    "appointment_not_needed": lambda s: _(
        "%(resident)s has a time for counselling, or waits for one, and needs none.", **s
    ),
    "unmet_untrue": lambda s: _("%(resident)s is listed as waiting for something that is there already.", **s),
    "group_eligibility": lambda s: _(
        "%(group)s does not take %(resident)s: age, gender, schooling, earlier training, or a decision of the staff.",
        **s,
    ),
    "group_excluded": lambda s: _("%(resident)s cannot be in %(group)s and %(other)s at once.", **s),
    "group_unlisted": lambda s: _("%(resident)s did not choose %(group)s, and wants nothing that was not chosen.", **s),
    "group_minimum": lambda s: _("%(group)s has fewer residents than it needs.", **s),
    "group_maximum": lambda s: _("%(group)s has more residents than places.", **s),
    "closed_group_meets": lambda s: _("%(group)s has nobody in it, and meets all the same.", **s),
    "counsellor_capacity": lambda s: _("%(counsellor)s has more residents than the caseload allows.", **s),
    "counsellor_gender": lambda s: _(
        "%(resident)s has to have a counsellor of the other gender than %(counsellor)s.", **s
    ),
    "counsellor_skills": lambda s: _(
        "%(resident)s has to have a counsellor with a language or training that %(counsellor)s lacks.", **s
    ),
    "room_nights": lambda s: _("%(resident)s has a room for other nights than those of the stay.", **s),
    "room_capacity": lambda s: _("On %(night)s more people sleep in %(room)s than it has beds.", **s),
    "bed_number": lambda s: _("%(room)s has no such bed as the one given to %(resident)s.", **s),
    "bed_twice": lambda s: _("From %(night)s on %(people)s have the same bed in %(room)s.", **s),
    "room_gender": lambda s: _("%(room)s is not for the gender of %(resident)s.", **s),
    "room_one_gender": lambda s: _("On %(night)s girls and boys sleep in %(room)s.", **s),
    "room_features": lambda s: _("%(room)s lacks something that %(resident)s needs.", **s),
    "room_stage": lambda s: _("%(room)s is for a higher stage of independence than %(resident)s has.", **s),
    "room_closed": lambda s: _("%(room)s is out of service during the stay of %(resident)s.", **s),
    "apart_room": lambda s: _("%(people)s are kept apart, and sleep in %(room)s from %(night)s on.", **s),
    "apart_house": lambda s: _(
        "%(people)s are kept apart, and live in the same wing (%(house)s) from %(night)s on.", **s
    ),
    "apart_class": lambda s: _("%(people)s are kept apart, and are both in %(group)s.", **s),
    "apart_counsellor": lambda s: _("%(people)s are kept apart, and both have %(counsellor)s.", **s),
    "together_room": lambda s: _("%(people)s are kept together, and sleep in two rooms from %(night)s on.", **s),
    "together_house": lambda s: _("%(people)s are kept together, and live in two wings from %(night)s on.", **s),
    "together_class": lambda s: _("%(people)s are kept together, and are in two classes or groups.", **s),
    "together_counsellor": lambda s: _("%(people)s are kept together, and have two counsellors.", **s),
    "pin": _pin,
    "has_left": lambda s: _("%(resident)s has left, and still has a place in the plan.", **s),
    "past_seat": lambda s: _("%(resident)s is said to have been in %(group)s before, and was not.", **s),
    "past_changed": lambda s: _("A night of %(resident)s in %(room)s that is over was changed.", **s),
    "changes": lambda s: _("The list of changes does not agree with the plan. Please tell support."),
    **dict.fromkeys(("term", "score", "stage_value", "bound", "outcome", "level"), _figures),
    "other_problem": lambda s: _("The house has changed since the plan was made."),
    "unknown_id": lambda s: _("The plan names somebody or something that the house does not have any more."),
}
