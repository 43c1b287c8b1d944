"""The rooms that PP 39/2012 asks of a panti, and which of them a house has. Many are no place of the timetable (a guard
post, a kitchen), so they are ticked here; whether a room is good enough is for people to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from foyer.records import change_record
from foyer.residences.models import Residence
from foyer.words import name_members


class Facility(StrEnum):
    """The kinds of rooms, in the order in which our source lists them."""

    DORMITORY = "dormitory"
    CARERS = "carers"
    DIAGNOSIS = "diagnosis"
    COUNSELLING = "counselling"
    PRODUCTION = "production"
    SPORT = "sport"
    GUIDANCE = "guidance"
    SKILLS = "skills"
    ARTS = "arts"
    DINING = "dining"
    STUDY = "study"
    WORSHIP = "worship"
    HEALTH = "health"
    HALL = "hall"
    GUARD = "guard"


name_members(
    {
        Facility.DORMITORY: _l("Dormitory"),
        Facility.CARERS: _l("Carers' room"),
        Facility.DIAGNOSIS: _l("Room for diagnosis"),
        Facility.COUNSELLING: _l("Room for psychosocial counselling"),
        Facility.PRODUCTION: _l("Production room"),
        Facility.SPORT: _l("Place for sport"),
        Facility.GUIDANCE: _l("Room for mental and social guidance"),
        Facility.SKILLS: _l("Room to practise skills"),
        Facility.ARTS: _l("Room for arts"),
        Facility.DINING: _l("Dining room"),
        Facility.STUDY: _l("Study room"),
        Facility.WORSHIP: _l("Place of worship"),
        Facility.HEALTH: _l("Health room"),
        Facility.HALL: _l("Hall"),
        Facility.GUARD: _l("Guard post"),
    }
)


@dataclass(frozen=True)
class Minimum:
    """What the house has of the list, and what is missing."""

    there: list[Facility]
    missing: list[Facility]


def minimum_of(residence: Residence) -> Minimum:
    """The list, sorted by whether the house has it."""
    return Minimum(
        [one for one in Facility if one.value in residence.facilities],
        [one for one in Facility if one.value not in residence.facilities],
    )


def change_facilities(residence: Residence, wanted: Sequence[Facility], *, version: int | None) -> None:
    """Say which of the kinds the house has. Raises Stale."""
    change_record(residence, {"facilities": [one.value for one in Facility if one in wanted]}, version=version)
