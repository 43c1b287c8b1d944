from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from foyer.cycles import groups, wishes
from foyer.cycles.collecting import MOST_CHOICES
from foyer.cycles.services import MOST_WEEKS
from foyer.editing import Refusals
from foyer.forms import FoyerForm, VersionedForm
from foyer.residences.forms import CheckboxesField, optional_id, optional_member
from foyer.residences.models import Gender
from foyer.residents.models import EducationLevel
from foyer.words import choices


class CycleForm(FoyerForm):
    """A new cycle: its name and its dates."""

    year = IntegerField(_l("Year"), validators=[InputRequired(), NumberRange(2000, 2100)])
    number = IntegerField(
        _l("Number"),
        validators=[InputRequired(), NumberRange(1, 6)],
        description=_l("1 for the first cycle of the year; it is shown as I."),
    )
    starts_on = DateField(
        _l("First day"), validators=[InputRequired()], description=_l("A Monday, the first night in the house.")
    )
    weeks = IntegerField(_l("Weeks"), default=17, validators=[InputRequired(), NumberRange(1, MOST_WEEKS)])
    copies = BooleanField(default=True)

    def __init__(self, *args: Any, last: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if last:
            self.copies.label.text = _("Copy from %(cycle)s", cycle=last)
        else:
            del self.copies


class PublishForm(VersionedForm):
    """A draft that becomes the cycle's plan, in the place of the version that was seen."""

    replaces = HiddenField()
    from_on = DateField(
        _l("Holds from"),
        [InputRequired()],
        description=_l("Until the day before, everybody goes on by the version that is published now."),
    )

    note = TextAreaField(
        _l("Note for whoever approves"),
        [Optional(), Length(max=500)],
        description=_l("What is new and why. Write no confidential matter here."),
    )

    @property
    def replaced_id(self) -> int | None:
        """The published plan that the person saw; None where there was none."""
        typed = str(self.replaces.data or "")
        return int(typed) if typed.isdecimal() else None


class DecideForm(VersionedForm):
    """What a second person says about a proposed draft."""

    proposal = HiddenField()
    reason = TextAreaField(
        _l("Reason, if you return it"), [Optional(), Length(max=500)], description=_l("What should be different.")
    )
    send_back = SubmitField(_l("Return it"))


PARTS = [
    ("morning", _l("in the morning")),
    ("afternoon", _l("in the afternoon")),
    ("late_afternoon", _l("in the late afternoon, from 15.00 on")),
    ("evening", _l("in the evening, from 18.00 on")),
]

Options = Sequence[tuple[int, str]]


class GroupForm(VersionedForm):
    """A class or an education group of a cycle; those of the other kind lose the fields that do not concern them."""

    code = StringField(_l("Code"), [DataRequired(), Length(max=40)])
    trade_id = SelectField(_l("Trade"), [InputRequired()], coerce=optional_id)
    programme = StringField(_l("Programme"), [DataRequired(), Length(max=120)], description=_l("For example: Paket C."))
    minimum = IntegerField(
        _l("Residents at least"), [InputRequired(), NumberRange(0, 200)], description=_l("With fewer it stays closed.")
    )
    maximum = IntegerField(_l("Residents at most"), [InputRequired(), NumberRange(1, 200)])
    target = IntegerField(
        _l("Residents wished for"),
        [Optional(), NumberRange(1, 200)],
        description=_l("The size that suits the class best. Empty: any size between the two."),
    )
    is_mandatory = BooleanField(_l("Must open"))
    meetings = IntegerField(_l("Meetings a week"), [InputRequired(), NumberRange(0, 21)])
    minutes = IntegerField(
        _l("Minutes of one meeting, at least"),
        [Optional(), NumberRange(15, 600)],
        description=_l("Empty: one block of the daily grid."),
    )
    parts = CheckboxesField(_l("When it may meet"), [Optional()], coerce=str, description=_l("None chosen: any time."))
    venue_id = SelectField(_l("Place"), [Optional()], coerce=optional_id)
    instructor_id = SelectField(_l("Instructor or tutor"), [Optional()], coerce=optional_id)
    minimum_age = IntegerField(_l("Age at least"), [Optional(), NumberRange(10, 40)])
    maximum_age = IntegerField(_l("Age at most"), [Optional(), NumberRange(10, 40)])
    gender = SelectField(_l("Only for"), [Optional()], coerce=optional_member(Gender))
    minimum_level = SelectField(_l("Last education at least"), [Optional()], coerce=optional_member(EducationLevel))
    levels = CheckboxesField(
        _l("Only for these last educations"), [Optional()], coerce=str, description=_l("None chosen: anybody.")
    )

    def __init__(
        self, *args: Any, is_class: bool, trades: Options, venues: Options, teachers: Options, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        del self["programme" if is_class else "trade_id"]
        if is_class:
            self.trade_id.choices = list(trades)
        self.venue_id.choices = [("", _l("none yet")), *venues]
        self.instructor_id.choices = [("", _l("whoever is qualified")), *teachers]
        self.gender.choices = choices(Gender, empty=_l("anybody"))
        self.minimum_level.choices = choices(EducationLevel, empty=_l("any"))
        self.levels.choices = [(level.value, text) for level, text in choices(EducationLevel)]
        self.parts.choices = PARTS


GROUP_REFUSALS: Refusals = {
    groups.CodeTaken: ("code", _l("Another class or group of this cycle has this code.")),
    groups.SizesWrong: ("maximum", _l("“Residents at most” must not be less than “Residents at least”.")),
    groups.TargetOutside: ("target", _l("“Residents wished for” must lie between the least and the most.")),
    groups.AgesWrong: ("maximum_age", _l("“Age at most” must not be less than “Age at least”.")),
}


class CollectionForm(VersionedForm):
    """When residents are asked for their wishes, and what is offered to them."""

    from_on = DateField(_l("First day"), [InputRequired()])
    to_on = DateField(
        _l("Last day"), [InputRequired()], description=_l("Residents can change their wish until this day is over.")
    )
    most_choices = IntegerField(
        _l("Choices at most"), [InputRequired(), NumberRange(1, MOST_CHOICES)], description=_l("From 1 to 5.")
    )
    trade_ids = CheckboxesField(
        _l("Trades offered"),
        [DataRequired()],
        coerce=int,
        description=_l("Those of which this cycle has a class."),
    )

    def __init__(self, *args: Any, trades: Options, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.trade_ids.choices = list(trades)


COLLECTION_REFUSALS: Refusals = {
    wishes.NotPreparing: (None, _l("This cycle is no longer in preparation, so its wishes are not asked any more.")),
    wishes.DaysReversed: ("to_on", _l("The last day must not lie before the first.")),
    wishes.DayOver: ("to_on", _l("The last day is over already. Choose today or a later day.")),
    wishes.NothingOffered: ("trade_ids", _l("Please offer at least one trade.")),
    wishes.TradeWithoutClass: ("trade_ids", _l("One of these trades has no class in this cycle.")),
}
