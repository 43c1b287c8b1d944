"""What a house can do for somebody with a disability: the list that its team chooses from (*akomodasi yang layak*).

Each entry says what to do, never which disability it is for. A house keeps its own list: usual kinds that it can offer,
and its own words."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from foyer.records import change_record
from foyer.residences.models import Residence
from foyer.words import name_members, words


class AccommodationKind(StrEnum):
    """The usual kinds, in the order in which they are offered."""

    SIGN_LANGUAGE = "sign_language"
    LARGE_PRINT = "large_print"
    LONGER_TIME = "longer_time"
    QUIET_PLACE = "quiet_place"
    IN_FRONT = "in_front"
    READ_ALOUD = "read_aloud"
    HELPER = "helper"
    BREAKS = "breaks"


name_members(
    {
        AccommodationKind.SIGN_LANGUAGE: _l("Needs sign language"),
        AccommodationKind.LARGE_PRINT: _l("Needs large print"),
        AccommodationKind.LONGER_TIME: _l("Needs longer time at tests and tasks"),
        AccommodationKind.QUIET_PLACE: _l("Needs a quiet place"),
        AccommodationKind.IN_FRONT: _l("Needs a place in front"),
        AccommodationKind.READ_ALOUD: _l("Needs texts read aloud"),
        AccommodationKind.HELPER: _l("Needs somebody who helps"),
        AccommodationKind.BREAKS: _l("Needs breaks in between"),
    }
)


def accommodations_offered(residence: Residence) -> list[str]:
    """The house's list: codes of usual kinds, then own words. The usual kinds, until the house changed it."""
    return list(residence.accommodations) or [kind.value for kind in AccommodationKind]


def change_accommodations(
    residence: Residence, kinds: Sequence[AccommodationKind], own: Sequence[str], *, version: int | None
) -> None:
    """Offer these usual kinds and own words from now on; what files hold stays as it was written. Raises Stale."""
    offered = [kind.value for kind in AccommodationKind if kind in kinds]
    own_words = [line.strip() for line in own if line.strip()]
    change_record(residence, {"accommodations": [*offered, *dict.fromkeys(own_words)]}, version=version)


def accommodation_words(entry: str) -> str:
    """What people read for an entry of the list: the sentence of a usual kind, own words as they are."""
    return words(AccommodationKind(entry)) if entry in list(AccommodationKind) else entry
