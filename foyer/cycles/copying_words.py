"""What a copy from the last cycle brings, in sentences."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from foyer.cycles.copying import Copied


def copy_lines(copied: Copied) -> list[str]:
    """One line for each kind of thing that would be copied, before it is done."""
    lines = [
        ngettext(
            "%(num)s class with its rules: place, instructor, sizes, meetings.",
            "%(num)s classes with their rules: place, instructor, sizes, meetings.",
            copied.classes,
        ),
        ngettext(
            "%(num)s education group with its rules.", "%(num)s education groups with their rules.", copied.education
        ),
        *_people(copied),
    ]
    if copied.asks_wishes:
        lines.append(_("How wishes are asked: the trades, how many choices, how many days before the first day."))
    return lines


def _people(copied: Copied) -> list[str]:
    if not copied.enrolled:
        return [
            _(
                "Nobody's stay reaches into these weeks yet. "
                "Whoever stays is enrolled when the last cycle is rolled over."
            )
        ]
    enrolled = ngettext(
        "%(num)s resident whose stay reaches into these weeks is enrolled.",
        "%(num)s residents whose stay reaches into these weeks are enrolled.",
        copied.enrolled,
    )
    if not copied.returning:
        return [enrolled]
    return [
        enrolled,
        ngettext(
            "%(num)s of them was in that cycle and keeps the counsellor as the previous one.",
            "%(num)s of them were in that cycle and keep their counsellor as the previous one.",
            copied.returning,
        ),
    ]


def copied_words(copied: Copied) -> str:
    """What was copied, afterwards."""
    groups = ngettext("%(num)s class or group is copied.", "%(num)s classes and groups are copied.", copied.groups)
    if not copied.enrolled:
        return " ".join((groups, *_people(copied)))
    people = ngettext("%(num)s resident is enrolled.", "%(num)s residents are enrolled.", copied.enrolled)
    return f"{groups} {people}"
