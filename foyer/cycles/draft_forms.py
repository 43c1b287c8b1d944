"""The forms of the drafts' pages."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from foyer.cycles.drafting import LONGEST_NAME
from foyer.cycles.forms import Options
from foyer.cycles.presets import OWN, PRESETS, WEIGHT_FIELDS
from foyer.cycles.weight_questions import QUESTIONS
from foyer.forms import FoyerForm, VersionedForm
from foyer.residences.forms import CheckboxesField, optional_id

MOST_POINTS = 1000
MOST_MINUTES = 60
CHOICE_FIELDS = ("choice_2", "choice_3", "choice_4", "choice_unlisted")  # each at least the one before


class DraftsForm(FoyerForm):
    """Which drafts are made: one for each way of weighing that is ticked."""

    presets = CheckboxesField(
        _l("How the drafts weigh"),
        [DataRequired()],
        coerce=str,
        description=_l("One draft is made for each that you tick, one after another."),
    )
    name = StringField(
        _l("Name"),
        [Optional(), Length(max=40)],
        description=_l("Without one, each draft is called after how it weighs."),
    )
    pins_from = SelectField(
        _l("Keep what was decided in"),
        [Optional()],
        coerce=optional_id,
        description=_l("Whatever is pinned in that draft stays as it is in the new ones."),
    )
    minutes = IntegerField(
        _l("Minutes at most for each draft"),
        [InputRequired(), NumberRange(1, MOST_MINUTES)],
        description=_l("Most drafts are done sooner. When the time is up, the best found so far is kept."),
    )

    def __init__(self, *args: Any, pinned: Options, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.presets.choices = [(preset.key, preset.name) for preset in PRESETS]
        self.presets.choices.append((OWN, _l("With weights of my own, below")))
        self.pins_from.choices = [("", _l("nothing: decide everything anew")), *pinned]

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Weights must make sense together: a lower choice never weighs less."""
        valid: bool = super().validate(*args, **kwargs)
        if not valid or OWN not in (self.presets.data or []):
            return valid
        return _choices_fall(self)


def _choices_fall(form: FoyerForm) -> bool:
    """Whether no choice weighs less than a better one; otherwise it is said at the field."""
    values = [form[name].data for name in CHOICE_FIELDS]
    for before, name, value in zip(values, CHOICE_FIELDS[1:], values[1:], strict=False):
        if value < before:
            form.refuse(
                form[name],
                _("“%(label)s” must not weigh less than the choice above it.", label=_CHOICE_NAMES[name]),
            )
            return False
    return True


class HouseWeightsForm(VersionedForm):
    """What the house's wishes weigh, as questions."""

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        valid: bool = super().validate(*args, **kwargs)
        return valid and _choices_fall(self)


_CHOICE_NAMES = {field.name: field.label for field in WEIGHT_FIELDS}
for _weight in WEIGHT_FIELDS:  # one field for each weight that has words
    _points = [InputRequired(), NumberRange(0, MOST_POINTS)]
    setattr(DraftsForm, _weight.name, IntegerField(_weight.label, _points, description=_weight.hint))
    setattr(HouseWeightsForm, _weight.name, IntegerField(QUESTIONS[_weight.name], _points))


class PlanNameForm(VersionedForm):
    """What a draft is called."""

    name = StringField(
        _l("Name"),
        [Optional(), Length(max=LONGEST_NAME)],
        description=_l("For example: what this draft is for. Empty: only its number."),
    )
