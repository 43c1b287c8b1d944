"""Broken rules about the week: meetings, places, instructors, counselling (H8 to H12)."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from foyer.cycles.words.said import Said

WEEK: dict[str, Callable[[Said], str]] = {
    "meeting_count": lambda s: _("%(group)s has too few or too many meetings in the week.", **s),
    "meeting_pattern": lambda s: _("%(group)s may not meet on %(hours)s.", **s),
    "meetings_in_day": lambda s: _("%(group)s has too many meetings on %(day)s.", **s),
    "days_between": lambda s: _("%(group)s meets on %(day)s, too soon after its meeting before.", **s),
    "follows": lambda s: _("%(group)s meets before %(other)s, which has to come first.", **s),
    "group_twice": lambda s: _("%(group)s has two meetings at once on %(hours)s.", **s),
    "group_unavailable": lambda s: _("%(group)s cannot meet on %(hours)s.", **s),
    "conflict_twice": lambda s: _("%(groups)s may not meet at the same time, and do so on %(hours)s.", **s),
    "venue_missing": lambda s: _("%(group)s has no place for its meeting on %(hours)s.", **s),
    "venue_unfit": lambda s: _("%(venue)s is not a place for %(group)s (%(hours)s).", **s),
    "venue_seats": lambda s: _("%(venue)s has too few seats for %(group)s on %(hours)s.", **s),
    "venue_twice": lambda s: _("%(venue)s is used by %(groups)s at once on %(hours)s.", **s),
    "venue_unavailable": lambda s: _("%(venue)s is not free when %(group)s meets there on %(hours)s.", **s),
    "instructor_missing": lambda s: _("%(group)s has no instructor for its meeting on %(hours)s.", **s),
    "instructor_unqualified": lambda s: _("%(instructor)s is not one of the instructors of %(group)s.", **s),
    "instructor_twice": lambda s: _("%(instructor)s teaches %(groups)s at once on %(hours)s.", **s),
    "instructor_unavailable": lambda s: _("%(instructor)s is away when %(group)s meets on %(hours)s.", **s),
    "instructor_load": lambda s: _("%(instructor)s teaches more hours a week than allowed.", **s),
    "instructor_residents": lambda s: _(
        "The classes that only %(instructor)s can teach have more residents together than allowed.", **s
    ),
    "resident_twice": lambda s: _("%(resident)s has two things at once on %(hours)s.", **s),
    "resident_unavailable": lambda s: _("%(resident)s is out of the house on %(hours)s.", **s),
    "day_periods": lambda s: _("%(resident)s has more meetings on %(day)s than a day may hold.", **s),
    "day_in_a_row": lambda s: _("%(resident)s has too many meetings in a row, up to %(hours)s.", **s),
    "appointment_time": lambda s: _(
        "The counselling of %(resident)s with %(counsellor)s does not fit into %(hours)s.", **s
    ),
    "appointment_week": lambda s: _(
        "The counselling of %(resident)s with %(counsellor)s is in a week outside the stay or the rotation.", **s
    ),
    "appointment_counsellor": lambda s: _(
        "The counselling of %(resident)s is with %(counsellor)s, who is not the counsellor.", **s
    ),
    "counsellor_unavailable": lambda s: _("%(counsellor)s is away on %(hours)s.", **s),
    "counsellor_twice_at_once": lambda s: _("%(counsellor)s sees %(people)s at once on %(hours)s.", **s),
}
