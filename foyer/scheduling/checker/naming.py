"""What each id of a ``Violation.who`` is: ids of different kinds may be equal, so their place tells.

A place marked ``*`` stands for all ids from there on.
"""

from __future__ import annotations

from foyer.scheduling.plan import Violation

RESIDENT, PAIR = ("resident",), ("resident", "resident")
PLACES: dict[str, tuple[str, ...]] = {
    "group_eligibility": ("resident", "group"),
    "group_unlisted": ("resident", "group"),
    "group_excluded": ("resident", "group", "group"),
    **dict.fromkeys(
        (
            *("group_minimum", "group_maximum", "closed_group_meets", "group_unavailable"),
            *("meeting_count", "meeting_pattern", "meetings_in_day", "days_between"),
            *("venue_missing", "instructor_missing"),
        ),
        ("group",),
    ),
    **dict.fromkeys(("venue_unfit", "venue_seats", "venue_unavailable"), ("group", "venue")),
    **dict.fromkeys(("instructor_unqualified", "instructor_unavailable"), ("group", "instructor")),
    "venue_twice": ("venue", "group*"),
    "instructor_twice": ("instructor", "group*"),
    "group_twice": ("group", "same*"),
    "follows": ("group", "group"),
    "conflict_twice": ("conflict", "group", "group"),
    "instructor_load": ("instructor",),
    "instructor_residents": ("instructor",),
    **dict.fromkeys(
        ("counsellor_gender", "counsellor_skills", "appointment_time", "appointment_week", "appointment_counsellor"),
        ("resident", "counsellor"),
    ),
    "counsellor_capacity": ("counsellor",),
    "counsellor_unavailable": ("counsellor",),
    "counsellor_twice_at_once": ("counsellor", *PAIR),
    "apart_class": (*PAIR, "group"),
    "apart_counsellor": (*PAIR, "counsellor"),
    "apart_room": (*PAIR, "room"),
    "apart_house": (*PAIR, "house"),
    **dict.fromkeys(("together_class", "together_counsellor", "together_room", "together_house"), PAIR),
    **dict.fromkeys(("room_gender", "room_features", "room_stage", "room_closed", "bed_number"), ("resident", "room")),
    **dict.fromkeys(("room_capacity", "room_one_gender", "bed_twice"), ("room", "resident*")),
    "past_seat": ("resident", "group"),
    "past_changed": ("resident", "room"),
    **dict.fromkeys(
        ("term", "score", "stage_value", "bound", "outcome", "level", "other_problem", "unknown_id", "changes"), ()
    ),
}
PINNED = {"counsellor": "counsellor", "room": "room"} | dict.fromkeys(("class", "education", "elective"), "group")
APPOINTMENT = "appointment "  # before the period of a pinned appointment


def named(violation: Violation) -> tuple[tuple[str, str], ...]:
    """Kind and id of everything in ``who``. Rules that are not listed speak of one resident."""
    places = _pinned(violation) if violation.rule == "pin" else PLACES.get(violation.rule, RESIDENT)
    kinds = list(places)
    if kinds and kinds[-1].endswith("*"):
        last = kinds.pop().removesuffix("*")
        kinds += [last] * (len(violation.who) - len(kinds))
    return tuple(zip(kinds, violation.who, strict=False))


def _pinned(violation: Violation) -> tuple[str, ...]:
    if violation.when in PINNED:
        return "resident", PINNED[violation.when]
    return RESIDENT if violation.when.startswith(APPOINTMENT) else ("group",)
