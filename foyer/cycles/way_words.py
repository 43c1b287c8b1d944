"""What a way out changes in the house, before it is taken: each field with what it is and what it would be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from foyer.cycles.ways import Edit
from foyer.cycles.words.names import HouseNames, level_word, listed


def edit_words(edit: Edit, names: HouseNames) -> str:
    """One change in a sentence."""
    return EDITS[edit.field](edit, names)


def _name(row: Any) -> str:
    return str(getattr(row, "code", None) or getattr(row, "full_name", None) or row.name)


def _values(edit: Edit) -> dict[str, Any]:
    return {"name": _name(edit.row), "before": edit.before, "after": edit.after}


def _counted(edit: Edit) -> dict[str, Any]:
    return {"name": _name(edit.row), "before": edit.before, "num": edit.after}


def _most(edit: Edit, names: HouseNames) -> str:
    return ngettext(
        "%(name)s: at most %(num)s resident instead of %(before)s.",
        "%(name)s: at most %(num)s residents instead of %(before)s.",
        **_counted(edit),
    )


def _levels(edit: Edit, names: HouseNames) -> str:
    new = [level_word(level) for level in edit.after if level not in edit.before]
    return _("%(name)s: last educations admitted besides: %(levels)s.", name=_name(edit.row), levels=listed(new))


def _pin(edit: Edit, names: HouseNames) -> str:
    pin = edit.before
    if pin["kind"] == "meeting":
        return _("Unpinned: %(what)s.", what=names.meeting_of(pin["target"]))
    what = names.thing(pin["kind"], pin["target"])
    return _("Unpinned: %(who)s, %(what)s.", who=names.resident(pin["resident"]), what=what)


EDITS: dict[str, Callable[[Edit, HouseNames], str]] = {
    "maximum": _most,
    "seats": lambda e, n: ngettext(
        "%(name)s: %(num)s seat instead of %(before)s.", "%(name)s: %(num)s seats instead of %(before)s.", **_counted(e)
    ),
    "second": lambda e, n: _("%(new)s is added, with everything as in %(name)s.", new=e.after, name=_name(e.row)),
    "minimum": lambda e, n: ngettext(
        "%(name)s: opens with %(num)s resident instead of %(before)s.",
        "%(name)s: opens with %(num)s residents instead of %(before)s.",
        **_counted(e),
    ),
    "is_mandatory": lambda e, n: _("%(name)s: no longer has to open.", name=_name(e.row)),
    "meetings": lambda e, n: ngettext(
        "%(name)s: %(num)s meeting a week instead of %(before)s.",
        "%(name)s: %(num)s meetings a week instead of %(before)s.",
        **_counted(e),
    ),
    "levels": _levels,
    "minimum_level": lambda e, n: _("%(name)s: no lowest education any more.", name=_name(e.row)),
    "most_residents": _most,
    "policy": lambda e, n: _("Room %(name)s: for girls or boys, never both at once.", name=_name(e.row)),
    "minimum_stage": lambda e, n: _(
        "Room %(name)s: from stage %(after)s of independence on instead of %(before)s.", **_values(e)
    ),
    "outages": lambda e, n: _("Room %(name)s: in service throughout the cycle.", name=_name(e.row)),
    "appointment_every_weeks": lambda e, n: ngettext(
        "Individual counselling every %(num)s week instead of every %(before)s.",
        "Individual counselling every %(num)s weeks instead of every %(before)s.",
        e.after,
        before=e.before,
    ),
    "instead_staff_id": lambda e, n: _(
        "%(who)s takes over from %(name)s.",
        who=n.instructor(str(e.after)),
        name=n.instructor(str(e.row.staff_id)),
    ),
    "pin": _pin,
}
