"""Where a way out is done by hand: the pages of the house on which a person changes what no button does.

Whether somebody is not admitted, or takes a counsellor who does not suit, has no page: people decide it together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from foyer.cycles.house import HouseFacts
from foyer.cycles.sentences import place_of
from foyer.scheduling.relaxing.forms import Relaxation, WayOut


@dataclass(frozen=True, slots=True)
class Place:
    """A page, and the words of the link to it."""

    url: str
    words: str


def places_of(way: WayOut, facts: HouseFacts) -> tuple[Place, ...]:
    """The pages for the steps of a way, each once."""
    found = (PLACES[r.code](r, facts) for r in way.relaxations if r.code in PLACES)
    return tuple(dict.fromkeys(place for place in found if place is not None))


Where = Callable[[Relaxation, HouseFacts], Place | None]


def _page(code: str) -> Where:
    """The page on which a shortage with this code is mended."""

    def where(relaxation: Relaxation, facts: HouseFacts) -> Place | None:
        url, words = place_of(code, facts.cycle)
        return Place(url, words) if url else None

    return where


def _staff(field: str) -> Where:
    """The page of the member of staff whom the step names."""

    def where(relaxation: Relaxation, facts: HouseFacts) -> Place | None:
        id_ = str(dict(relaxation.values)[field])
        person = next((p for p in facts.staff if str(p.id) == id_), None)
        if person is None:
            return None
        url = url_for("residences.staff_member", staff_id=person.id)
        return Place(url, _("Open the page of %(name)s", name=person.full_name))

    return where


def _hours(relaxation: Relaxation, facts: HouseFacts) -> Place | None:
    """Whose hours they are: of staff their own page, of residents the page of the stay."""
    kind = dict(relaxation.values)["kind"]
    if kind == "resident":
        return _stay(relaxation, facts)
    if kind in ("venue", "group"):
        return _page(str(kind))(relaxation, facts)
    return _staff("who")(relaxation, facts)


def _stay(relaxation: Relaxation, facts: HouseFacts) -> Place | None:
    stay = next((e.stay for e in facts.enrolments if str(e.id) in relaxation.residents), None)
    if stay is None:
        return None
    url = url_for("residents.stay", resident_id=stay.resident_id, stay_id=stay.id)
    return Place(url, _("Open the stay of %(name)s", name=stay.resident.full_name))


PLACES: dict[str, Where] = {
    "beds": _page("beds"),
    "room_reopened": _page("room"),
    "room_either_gender": _page("room"),
    "room_stage": _page("room"),
    "group_larger": _page("group"),
    "group_smaller": _page("group"),
    "group_not_opened": _page("group"),
    "group_opened": _page("group"),
    "group_admits": _page("group"),
    "need_unmet": _page("group"),
    "meetings_fewer": _page("group"),
    "day_more": _page("group"),
    "hours": _hours,
    "capacity": _staff("counsellor"),
    "load": _staff("instructor"),
    "stand_in": _staff("who"),
    "pair_lifted": _page("pair"),
}
