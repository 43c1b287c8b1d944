"""A resident's card on a board: the name, one mark, and at most one flag."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import ngettext

from foyer.cycles.models import Cycle
from foyer.cycles.review import Person
from foyer.cycles.sentences import unmet_words
from foyer.formatting import day_and_month


class Colour(StrEnum):
    """What the colour of a card's mark tells. Never the gender."""

    WISH = "wish"  # which choice the class is
    STAY = "stay"  # new in this cycle, leaving in it, or here throughout
    STAGE = "stage"  # of independence


@dataclass(frozen=True, slots=True)
class Mark:
    """A coloured figure and what it means in words."""

    tone: str  # 1, 2, 3, 4 (and lower), none, unasked
    figure: str
    words: str


@dataclass(frozen=True, slots=True)
class Flag:
    tone: str  # of the tags: danger, attention, info, violet, quiet
    words: str


@dataclass(frozen=True, slots=True)
class Card:
    person: Person
    mark: Mark
    flag: Flag | None
    is_pinned: bool
    kind: str  # of need that the board is about

    @property
    def has_moved(self) -> bool:
        """Whether they are elsewhere than before in what the board is about."""
        return self.kind in self.person.moved

    @property
    def unhappiness(self) -> tuple[int, ...]:
        """Worst first; of the moves, those of this board."""
        return self.person.unhappiness_in((self.kind,))


def card_of(
    person: Person, cycle: Cycle, kind: str, colour: Colour, names: Mapping[int, str], pinned: Set[int]
) -> Card:
    """The card of a resident on the board of one kind of need; ``names`` of its columns, ``pinned`` enrolments."""
    left = person.left(kind)
    is_pinned = person.enrolment.id in pinned
    flag = _flag(person, kind, [names[i] for i in left if i in names], is_pinned)
    return Card(person, MARKS[colour](person, cycle), flag, is_pinned, kind)


def _flag(person: Person, kind: str, left: list[str], is_pinned: bool) -> Flag | None:
    """The one thing that matters most: a need left open, a pin, another place than before, a wish about the counsellor
    that was not met, a day with holes."""
    if person.unmet:
        return Flag("danger", unmet_words(*person.unmet[0]))
    if is_pinned:
        return Flag("violet", _("Pinned"))
    if left:
        return Flag("info", moved_words(kind, left))
    if kind == "counsellor" and (words := _about_counsellor(person)):
        return Flag("attention", words)
    if person.holes:
        return Flag("attention", holes_words(person.holes))
    return None


def moved_words(kind: str, left: list[str]) -> str:
    """Where somebody was in the plan compared with, or with whom; ``left``: the names."""
    if not left:  # the place itself is gone
        return _("was elsewhere")
    if kind == "counsellor":
        return _("was with %(person)s", person=", ".join(left))
    return _("was in %(place)s", place=", ".join(left))


def holes_words(holes: int) -> str:
    """How many free blocks a week lie between somebody's sessions."""
    return ngettext("%(num)s free block between", "%(num)s free blocks between", holes)


def _about_counsellor(person: Person) -> str:
    if person.other_gender:
        return _("asked for a counsellor of the same gender")
    if person.missing_skills:
        return _("counsellor without the skill that is needed")
    return _("new counsellor") if person.changed_counsellor else ""


def _wish(person: Person, cycle: Cycle) -> Mark:
    if not person.has_wished:
        return Mark("unasked", "?", _("did not choose"))
    if person.choice is None:
        return Mark("none", "–", _("none of the choices"))
    return Mark(str(min(person.choice, 4)), str(person.choice), _("choice %(rank)s", rank=person.choice))


def _stay(person: Person, cycle: Cycle) -> Mark:
    """Somebody who comes and leaves within the cycle is shown by the day of leaving: beds and places come free."""
    stay = person.enrolment.stay
    if stay.leaves_on < cycle.ends_on:
        return Mark("none", "←", _("leaves on %(day)s", day=day_and_month(stay.leaves_on)))
    if stay.arrives_on >= cycle.starts_on:
        return Mark("2", "→", _("arrives on %(day)s", day=day_and_month(stay.arrives_on)))
    return Mark("1", "·", _("stays the whole cycle"))


def _stage(person: Person, cycle: Cycle) -> Mark:
    stage = person.enrolment.stay.independence_stage
    return Mark(str(stage), str(stage), _("stage %(stage)s", stage=stage))


MARKS = {Colour.WISH: _wish, Colour.STAY: _stay, Colour.STAGE: _stage}
