"""A plan as boards: a column for each class, education group, counsellor or room, a card for each resident. What is
unhappy comes first. No query of its own: everything is in the review. The words are the reader's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from foyer.cycles.cards import Card, Colour, card_of
from foyer.cycles.review import Load, Person, Review
from foyer.names import name_key

KINDS = {"classes": "class", "education": "education", "counsellors": "counsellor", "rooms": "room"}


class Show(StrEnum):
    """Whose cards a manager wants to see."""

    ALL = "all"
    UNHAPPY = "unhappy"  # misses a need or a wish, moved or waits: the same people on every board
    MISSING = "missing"  # misses a need
    NO_CHOICE = "no_choice"  # wished, and got none of it
    MOVED = "moved"  # is elsewhere than in the plan compared with
    HOLES = "holes"
    PINNED = "pinned"
    NO_WISH = "no_wish"


@dataclass(frozen=True, slots=True)
class Looking:
    """How a manager looks at a board."""

    q: str = ""
    show: Show = Show.ALL
    colour: Colour = Colour.WISH
    unhappy_first: bool = True

    def wants(self, card: Card) -> bool:
        """Whether this card is shown."""
        words = name_key(self.q).split()
        name = card.person.enrolment.stay.resident.name_key
        return SHOWN[self.show](card) and all(word in name for word in words)


SHOWN: Mapping[Show, Callable[[Card], bool]] = {
    Show.ALL: lambda card: True,
    Show.UNHAPPY: lambda card: any(card.person.unhappiness),
    Show.MISSING: lambda card: bool(card.person.unmet),
    Show.NO_CHOICE: lambda card: card.person.has_wished and card.person.choice is None,
    Show.MOVED: lambda card: card.has_moved,
    Show.HOLES: lambda card: card.person.holes > 0,
    Show.PINNED: lambda card: card.is_pinned,
    Show.NO_WISH: lambda card: not card.person.has_wished,
}


@dataclass(frozen=True)
class Column:
    """A class, group, counsellor or room with whose cards are shown; without ``load``: who has none of them."""

    load: Load | None
    cards: tuple[Card, ...]
    rows: tuple[tuple[Stretch, ...], ...] = ()  # rooms: the nights of each bed

    @property
    def is_over(self) -> bool:
        return self.load is not None and self.load.maximum is not None and self.load.value > self.load.maximum


@dataclass(frozen=True, slots=True)
class Stretch:
    """Nights ``[first, last)`` of the cycle in one bed: somebody's, or nobody's (also where a card is not shown)."""

    first: int
    last: int
    card: Card | None = None
    is_hidden: bool = False  # taken by somebody whom the filter leaves out

    @property
    def nights(self) -> int:
        return self.last - self.first


@dataclass(frozen=True)
class Board:
    """What one page shows."""

    review: Review
    by: str
    looking: Looking
    loads: Sequence[Load]
    cards: Sequence[Card]  # in the order wanted, one for each resident whom the board is about

    @property
    def kind(self) -> str:
        """What the engine calls the need that a column answers."""
        return KINDS[self.by]

    def count(self, show: Show) -> int:
        """How many cards ``show`` would leave, whatever is searched for."""
        return sum(SHOWN[show](card) for card in self.cards)

    @cached_property
    def shown(self) -> list[Card]:
        return [card for card in self.cards if self.looking.wants(card)]

    @cached_property
    def columns(self) -> list[Column]:
        """One column for each load, in the house's order."""
        return [Column(load, tuple(self._in_column.get(load.id, ())), self._rows(load)) for load in self.loads]

    @cached_property
    def without(self) -> Column:
        """Who has none and needs one."""
        return Column(None, tuple(card for card in self.shown if _goes_without(card.person, self.kind)))

    @cached_property
    def _in_column(self) -> dict[int, list[Card]]:
        found: dict[int, list[Card]] = {}
        for card in self.shown:
            for target in card.person.now(self.kind):
                found.setdefault(target, []).append(card)
        return found

    @cached_property
    def _shown_by_enrolment(self) -> dict[int, Card]:
        return {card.person.enrolment.id: card for card in self.shown}

    def _rows(self, room: Load) -> tuple[tuple[Stretch, ...], ...]:
        """The nights of each bed of a room, one after the other; two on one night are drawn where the first ends."""
        if self.by != "rooms":
            return ()
        beds = range(1, max([room.maximum or 0, *self._beds_used(room)]) + 1)
        return tuple(tuple(self._stretches(room, bed)) for bed in beds)

    def _beds_used(self, room: Load) -> list[int]:
        return [bed.bed for person in room.people for bed in person.lodgings if bed.room_id == room.id]

    def _stretches(self, room: Load, bed: int) -> Iterator[Stretch]:
        cycle, shown, reached = self.review.cycle, self._shown_by_enrolment, 0
        stays = sorted(
            (cycle.night_number(b.from_on), cycle.night_number(b.until_on), person.enrolment.id)
            for person in room.people
            for b in person.lodgings
            if (b.room_id, b.bed) == (room.id, bed)
        )
        for first, last, who in stays:
            first, last = max(first, reached), min(last, cycle.nights)
            if first > reached:
                yield Stretch(reached, first)
            if last > first:
                yield Stretch(first, last, shown.get(who), who not in shown)
            reached = max(reached, last)
        if reached < cycle.nights:
            yield Stretch(reached, cycle.nights)


def board_of(review: Review, by: str, looking: Looking) -> Board:
    """The board of classes, education, counsellors or rooms."""
    loads = {
        "classes": lambda: review.classes,
        "education": lambda: review.education,
        "counsellors": lambda: review.caseloads,
        "rooms": lambda: review.lodged,
    }[by]()
    kind = KINDS[by]
    names = {load.id: load.name for load in loads}
    pinned = {int(pin["resident"]) for pin in review.plan.pins if pin["kind"] == kind and pin["resident"]}
    about = [person for person in review.people if person.now(kind) or _goes_without(person, kind)]
    cards = [card_of(person, review.cycle, kind, looking.colour, names, pinned) for person in about]
    if looking.unhappy_first:
        cards.sort(key=lambda card: tuple(-x for x in card.unhappiness))  # stable: by name among equals
    return Board(review, by, looking, loads, cards)


def _goes_without(person: Person, kind: str) -> bool:
    """Everybody needs a class, a counsellor and a bed; education only who has it among the needs left open."""
    if kind == "education":
        return any(need == kind for need, _subject in person.unmet)
    return not person.now(kind)
