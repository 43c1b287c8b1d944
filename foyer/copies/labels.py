"""What people read above the values of a copy: the words of the trail, and who gets it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from foyer.copies.sources import Audience
from foyer.history.fields import FIELDS
from foyer.words import name_members

name_members(
    {
        Audience.HOUSE: _l("For the house, or another authority"),
        Audience.RESIDENT: _l("For the resident, handed over by staff"),
        Audience.OWN: _l("Taken by the resident"),
    }
)
_RAW = frozenset({"answers", "criteria"})  # codes, whose words their own pages have
LABELS: dict[str, Any] = {
    **{key: label for key, label in FIELDS.items() if key not in _RAW},
    "relative_id": _l("Who of the family"),  # by name; the trail holds a number only
}
