"""Where an arriving resident fits, in sentences. For managers: it names who would move."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from foyer.cycles.words.changes import ChangeWords, change_lines
from foyer.cycles.words.levels import moved_words, wish_lines
from foyer.cycles.words.names import HouseNames, listed
from foyer.cycles.words.why import NeedWords, need_answer_words
from foyer.formatting import points
from foyer.scheduling.answers.forms import Placement, Recommendations

NEEDS = ("class", "education", "elective", "counsellor", "room", "bed", "appointment")  # as they are read


@dataclass(frozen=True, slots=True)
class PlacementWords:
    """One complete placement: what the resident gets, who moves for it, what it costs, what is lost and why."""

    gets: tuple[ChangeWords, ...]
    others: tuple[ChangeWords, ...]
    moved: str
    cost: str
    wishes: tuple[str, ...]
    lost: tuple[NeedWords, ...]


@dataclass(frozen=True, slots=True)
class RecommendationWords:
    summary: str
    placements: tuple[PlacementWords, ...]
    with_moves: PlacementWords | None


def recommendation_words(found: Recommendations, names: HouseNames) -> RecommendationWords:
    """All placements, best first."""
    with_moves = None if found.with_moves is None else _placement(found.with_moves, found.resident, names)
    placements = tuple(_placement(p, found.resident, names) for p in found.placements)
    return RecommendationWords(_summary(found, names), placements, with_moves)


def _summary(found: Recommendations, names: HouseNames) -> str:
    who = names.resident(found.resident)
    if not found.placements:
        return _("There is no place for %(resident)s unless somebody moves or a rule gives way.", resident=who)
    return ngettext(
        "%(num)s way to take %(resident)s in without moving anybody.",
        "%(num)s ways to take %(resident)s in without moving anybody.",
        len(found.placements),
        resident=who,
    )


def _placement(placement: Placement, resident: str, names: HouseNames) -> PlacementWords:
    own = sorted((c for c in placement.changes if c.who == resident), key=lambda c: NEEDS.index(c.kind))
    others = [c for c in placement.changes if c.who != resident]
    people = listed(map(names.resident, placement.moved))
    moved = _("Moves for it: %(people)s.", people=people) if placement.moved else moved_words(0)
    return PlacementWords(
        change_lines(own, names),
        change_lines(others, names),
        moved,
        _("What is missing from the wishes: %(points)s.", points=points(placement.points)),
        wish_lines(placement.wishes),
        tuple(need_answer_words(need, names) for need in placement.lost),
    )
