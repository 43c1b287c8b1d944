"""The house's weights as questions that a manager can answer: how bad is it when ..."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from foyer.cycles.presets import WEIGHT_FIELDS, changed_weights
from foyer.errors import expect_version
from foyer.records import change_record
from foyer.residences.models import Residence
from foyer.scheduling.problem import Weights

QUESTIONS: dict[str, Any] = {  # field of presets.WEIGHT_FIELDS: the question
    "choice_2": _l("How bad is it when somebody gets their second choice?"),
    "choice_3": _l("How bad is it when somebody gets their third choice?"),
    "choice_4": _l("And the fourth choice, or a lower one?"),
    "choice_unlisted": _l("And a class that they did not choose at all?"),
    "other_counsellor": _l("How bad is it when somebody has to change the counsellor?"),
    "other_gender_counsellor": _l("And when somebody who asked for a counsellor of the same gender gets another?"),
    "skill_missing": _l("And when the counsellor lacks experience with what the resident needs?"),
    "caseload_above_mean": _l("How bad is each resident by whom a caseload is larger than the average?"),
    "other_room": _l("How bad is it when somebody has to move to another room?"),
    "other_house": _l("And to another wing besides?"),
    "age_apart": _l("How bad is each year of age between those who share a room?"),
    "open_group": _l("How much does it cost the house to open one more class?"),
    "gap": _l("How bad is a free block between two activities, for each resident and week?"),
    "single_period": _l("And a day with a single activity?"),
    "evening_appointment": _l("How bad is individual counselling in the evening?"),
}
SECTIONS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_l("Wishes for a class"), ("choice_2", "choice_3", "choice_4", "choice_unlisted")),
    (_l("Counsellors"), ("other_counsellor", "other_gender_counsellor", "skill_missing", "caseload_above_mean")),
    (_l("Rooms"), ("other_room", "other_house", "age_apart")),
    (_l("Classes and the week"), ("open_group", "gap", "single_period", "evening_appointment")),
)
USUAL = {field.name: field.value_in(Weights()) for field in WEIGHT_FIELDS}
_WORDED = {field.weight for field in WEIGHT_FIELDS}


def save_weights(residence: Residence, typed: Mapping[str, int], *, version: int | None) -> None:
    """Keep the house's answers, by the fields' names: only what differs from the usual is stored, so that usual weights
    that get better later reach the house. Weights without a question stay as they are. Raises Stale."""
    expect_version(residence, version)
    others = {name: points for name, points in (residence.weights or {}).items() if name not in _WORDED}
    change_record(residence, {"weights": {**others, **changed_weights(typed, Weights())}}, version=version)


def reset_weights(residence: Residence, *, version: int | None) -> None:
    """Go back to the usual weights. Raises Stale."""
    change_record(residence, {"weights": {}}, version=version)
