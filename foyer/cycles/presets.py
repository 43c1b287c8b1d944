"""Ways to weigh a draft that a manager can choose by name, and the weights that can be set by hand, with their words.

What is fair comes before points in the engine (docs/engine.md, section 5): a preset that is about first choices
therefore also says what counts as fair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from foyer.cycles.weighing import FAIRNESS
from foyer.scheduling.problem import Weights

OWN = "own"  # weights typed into the form


@dataclass(frozen=True, slots=True)
class Preset:
    """``changed``: the weights that differ from the house's; see ``weighing.weighed``."""

    key: str
    name: Any
    explanation: Any
    changed: Mapping[str, Any]


PRESETS = (
    Preset(
        "house",
        _l("As the house weighs"),
        _l("The weights that the house has set. As few residents as possible get a low choice."),
        {},
    ),
    Preset(
        "first_choices",
        _l("First choices"),
        _l("As many first choices as possible, even where a few residents then get a low choice."),
        {FAIRNESS: "none", "choice": [0, 20, 24, 28, 32], "choice_unlisted": 60},
    ),
    Preset(
        "fairer",
        _l("Fairer"),
        _l("Whoever loses most is helped first, and counsellors have caseloads as even as can be."),
        {FAIRNESS: "leximin", "caseload_above_mean": 12},
    ),
    Preset(
        "fewer_moves",
        _l("Fewer moves"),
        _l("Everybody keeps counsellor, room and wing wherever possible."),
        {"other_counsellor": 40, "other_room": 25, "other_house": 10},
    ),
    Preset(
        "compact_days",
        _l("Compact days"),
        _l("Fewer free blocks between two activities; a day with a single activity counts less."),
        {"gap": 5, "single_period": 1},
    ),
)
BY_KEY = {preset.key: preset for preset in PRESETS}


@dataclass(frozen=True, slots=True)
class WeightField:
    """A weight that can be typed: its name on the form, the weight, and for choices its place in the list."""

    name: str
    label: Any
    hint: Any
    weight: str
    rank: int | None = None

    def value_in(self, weights: Weights) -> int:
        """The points that it has there."""
        found = getattr(weights, self.weight)
        return int(found if self.rank is None else found[min(self.rank, len(found)) - 1])


WEIGHT_FIELDS = (
    WeightField(
        "choice_2", _l("Second choice"), _l("Points for each resident who gets it; the first is 0."), "choice", 2
    ),
    WeightField("choice_3", _l("Third choice"), _l("Points for each resident who gets it."), "choice", 3),
    WeightField("choice_4", _l("Fourth choice or lower"), _l("Points for each resident who gets it."), "choice", 4),
    WeightField(
        "choice_unlisted",
        _l("A class that was not chosen"),
        _l("Points for each resident who chose and gets another class."),
        "choice_unlisted",
    ),
    WeightField(
        "other_counsellor",
        _l("Another counsellor than before"),
        _l("Points for each resident who has to change."),
        "other_counsellor",
    ),
    WeightField(
        "other_gender_counsellor",
        _l("Counsellor of the other gender"),
        _l("Points for each resident who asked for the same gender and gets another."),
        "other_gender_counsellor",
    ),
    WeightField(
        "skill_missing",
        _l("Counsellor without the skill that is needed"),
        _l("Points for each need that the counsellor is not trained for."),
        "skill_missing",
    ),
    WeightField(
        "caseload_above_mean",
        _l("Caseload above the average"),
        _l("Points for each resident more than the average; higher makes caseloads more even."),
        "caseload_above_mean",
    ),
    WeightField(
        "other_room", _l("Another room than before"), _l("Points for each resident who has to move."), "other_room"
    ),
    WeightField(
        "other_house", _l("Another wing than before"), _l("Points besides those for another room."), "other_house"
    ),
    WeightField(
        "age_apart", _l("Ages apart in one room"), _l("Points for each year outside the room's ages."), "age_apart"
    ),
    WeightField("open_group", _l("A class that opens"), _l("Points for each class; higher opens fewer."), "open_group"),
    WeightField("gap", _l("A free block between two activities"), _l("Points for each block and resident."), "gap"),
    WeightField(
        "single_period",
        _l("A day with a single activity"),
        _l("Points for each such day and resident."),
        "single_period",
    ),
    WeightField(
        "evening_appointment",
        _l("Counselling in the evening"),
        _l("Points for each appointment that begins at 18.00 or later."),
        "evening_appointment",
    ),
)


def changed_weights(typed: Mapping[str, int], house: Weights) -> dict[str, Any]:
    """The weights that differ from the house's, from values by the fields' names."""
    ranks = list(house.choice)
    found: dict[str, Any] = {}
    for field in WEIGHT_FIELDS:
        if field.rank is None:
            if typed[field.name] != field.value_in(house):
                found[field.weight] = typed[field.name]
        elif typed[field.name] != field.value_in(house):
            first, last = field.rank - 1, len(ranks) if field.rank == 4 else field.rank
            ranks[first:last] = [typed[field.name]] * (last - first)
    if tuple(ranks) != tuple(house.choice):
        found["choice"] = ranks
    return found


def differing(weights: Weights, house: Weights) -> list[tuple[WeightField, int, int]]:
    """The weights in which a draft differs from the house: field, the draft's points, the house's."""
    rows = [(field, field.value_in(weights), field.value_in(house)) for field in WEIGHT_FIELDS]
    return [row for row in rows if row[1] != row[2]]
