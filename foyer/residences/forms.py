from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from foyer.editing import ClockField, Refusals
from foyer.formatting import weekday_name
from foyer.forms import FoyerForm, VersionedForm
from foyer.residences import services
from foyer.residences.labels import SKILLS
from foyer.residences.models import BlockKind, Gender, ResidentWord, RoomPolicy, StaffKind
from foyer.residences.terms import TERMS
from foyer.words import choices

ORDER_WRONG = _l("The end must come after the beginning.")
RESIDENCE_REFUSALS: Refusals = {
    services.NoSecondManager: (
        "needs_approval",
        _l(
            "This needs two managers with an open account, and the house has one. Ask the administrator to add another."
        ),
    ),
}
REFUSALS: Refusals = {
    services.CodeTaken: ("code", _l("Another room has this code already.")),
    services.DayTaken: ("on", _l("There is a holiday on this day already.")),
}


class CheckboxesField(SelectMultipleField):
    """Several answers, each with its own box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.type = "SelectMultipleField"  # so that the form's macro draws it as one


def weekday_choices() -> list[tuple[int, str]]:
    return [(weekday, weekday_name(weekday)) for weekday in range(7)]


def optional_member(kind: Any) -> Any:
    """Coercion for a select whose first answer stands for none."""
    return lambda value: kind(value) if value else None


def optional_id(value: Any) -> int | None:
    return int(value) if value not in (None, "", "None") else None


def _word_field(term: str, label: Any) -> SelectField:
    """A word of the house's own. The choices are the words themselves and read the same in every language."""
    return SelectField(label, choices=[(key, choice.label) for key, choice in TERMS[term].choices.items()])


class ResidenceForm(VersionedForm):
    name = StringField(_l("Name of the house"), [DataRequired(), Length(max=200)])
    resident_word = SelectField(_l("Your word for the residents"), [InputRequired()], coerce=ResidentWord)
    english_resident_word = _word_field("english_resident_word", _l("The same on English pages"))
    counsellor_word = _word_field("counsellor_word", _l("Your word for counsellors"))
    instructor_word = _word_field("instructor_word", _l("Your word for instructors"))
    cycle_word = _word_field("cycle_word", _l("Your word for the cycle"))
    wing_word = _word_field("wing_word", _l("Your word for a wing"))
    house_word = _word_field("house_word", _l("Your word for the house, on Indonesian pages"))
    youngest_age = IntegerField(_l("Youngest age"), [InputRequired(), NumberRange(10, 30)])
    oldest_age = IntegerField(_l("Oldest age"), [InputRequired(), NumberRange(10, 30)])
    appointment_minutes = IntegerField(
        _l("Length of one counselling, in minutes"), [InputRequired(), NumberRange(15, 240)]
    )
    appointment_every_weeks = IntegerField(
        _l("Counselling for each resident every so many weeks"), [InputRequired(), NumberRange(1, 8)]
    )

    needs_approval = BooleanField(
        _l("A second person approves every plan before it is published"),
        description=_l("One manager proposes a draft, another approves it or returns it with a reason."),
    )
    withdrawal_hours = IntegerField(
        _l("Hours in which a use must have stopped after consent was taken back"),
        [InputRequired(), NumberRange(1, 240)],
        description=_l("Three times 24 hours, as far as we know. Ask the legal office of your agency."),
    )
    withdrawal_source = StringField(_l("Where that is written"), [DataRequired(), Length(max=200)])
    answer_hours = IntegerField(
        _l("Hours in which a request about the own file must be answered"),
        [InputRequired(), NumberRange(1, 720)],
        description=_l("Three times 24 hours, as far as we know. Ask the legal office of your agency."),
    )
    answer_source = StringField(_l("Where that is written, for requests"), [DataRequired(), Length(max=200)])
    responsible = StringField(
        _l("Who is responsible for the data"),
        [Length(max=200)],
        description=_l("The agency that answers for it before the law. The privacy page says it."),
    )
    privacy_officer = StringField(
        _l("Data protection officer"),
        [Length(max=200)],
        description=_l("A name or an office. Naming one is the duty of the agency (UU 27/2022 art. 53)."),
    )
    privacy_contact = StringField(
        _l("How the data protection officer is reached"),
        [Length(max=300)],
        description=_l("Telephone, e-mail or address, for everybody to read."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.resident_word.choices = choices(ResidentWord)

    def validate_oldest_age(self, field: Any) -> None:
        if self.youngest_age.data is not None and field.data is not None and field.data < self.youngest_age.data:
            raise ValidationError(str(_l("The oldest age must not be below the youngest.")))


class RoomForm(VersionedForm):
    code = StringField(_l("Code of the room"), [DataRequired(), Length(max=40)])
    wing = StringField(_l("Wing"), [Length(max=80)], description=_l("The building or floor, for instance Anggrek."))
    beds = IntegerField(_l("Beds"), [InputRequired(), NumberRange(1, 60)])
    policy = SelectField(_l("For whom"), [InputRequired()], coerce=RoomPolicy)
    minimum_stage = SelectField(_l("From which independence stage on"), [InputRequired()], coerce=int)
    is_accessible = BooleanField(_l("Can be reached by wheelchair"))
    is_reserve = BooleanField(
        _l("Reserve"), description=_l("For instance a sick room: planned only when nothing else is left.")
    )
    ended_on = DateField(
        _l("Given up from the night of"),
        [Optional()],
        description=_l(
            "Empty: the room stays. From this night on no plan uses it; who slept there before is still shown."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.policy.choices = choices(RoomPolicy)
        self.minimum_stage.choices = [(stage, str(stage)) for stage in range(1, 5)]


class OutageForm(FoyerForm):
    from_on = DateField(_l("First night out of service"), [Optional()], description=_l("Empty: from now on, always."))
    until_on = DateField(
        _l("Back in service on the night of"), [Optional()], description=_l("Empty: until somebody ends it.")
    )
    reason = StringField(_l("Reason"), [DataRequired(), Length(max=300)])


OUTAGE_REFUSALS: Refusals = {
    services.OrderWrong: ("until_on", ORDER_WRONG),
    services.TimesOverlap: ("from_on", _l("The room is out of service on some of these nights already.")),
}


class VenueForm(VersionedForm):
    name = StringField(_l("Name of the place"), [DataRequired(), Length(max=120)])
    seats = IntegerField(_l("Seats"), [Optional(), NumberRange(1, 1000)], description=_l("Empty: as many as needed."))
    is_active = BooleanField(
        _l("In use"), default=True, description=_l("Untick it when the place closes; what was planned there stays.")
    )


NAME_REFUSALS: Refusals = {
    services.NameTaken: ("name", _l("This name is taken already.")),
    services.SpellingTaken: ("aliases", _l("Another trade is spelt like one of these already.")),
}


class TradeForm(VersionedForm):
    name = StringField(_l("Name of the trade"), [DataRequired(), Length(max=120)])
    description = TextAreaField(
        _l("What one learns and does there"),
        [Length(max=400)],
        description=_l("Two or three plain sentences in the house's language. Residents read them before they choose."),
    )
    aliases = TextAreaField(
        _l("Other spellings"),
        [Length(max=2000)],
        description=_l("One a line: how the trade is also written in your workbooks. Capitals do not matter."),
    )
    is_active = BooleanField(
        _l("Taught at present"), default=True, description=_l("Untick it for a trade that the house no longer offers.")
    )


class QualificationForm(FoyerForm):
    """Until when an instructor's qualification for one trade is valid."""

    until_on = DateField(_l("Valid until"), [Optional()], description=_l("The certificate's last day. Empty: no end."))


class StaffForm(VersionedForm):
    full_name = StringField(_l("Full name"), [DataRequired(), Length(max=200)])
    kind = SelectField(_l("Work"), [InputRequired()], coerce=StaffKind)
    gender = SelectField(_l("Gender"), [Optional()], coerce=optional_member(Gender))
    most_residents = IntegerField(
        _l("Residents at most"), [Optional(), NumberRange(0, 200)], description=_l("For counsellors. Empty: no limit.")
    )
    skills = CheckboxesField(_l("Experienced with"), [Optional()], coerce=str)
    trades = CheckboxesField(_l("Teaches"), [Optional()], coerce=int, description=_l("For instructors."))
    is_active = BooleanField(_l("Works here now"), default=True)

    def __init__(
        self, *args: Any, trades_of_house: list[tuple[int, str]], own_skills: list[str] | None = None, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.kind.choices = choices(StaffKind)
        self.gender.choices = choices(Gender, empty=_l("not stated"))
        own = {code: code for code in own_skills or [] if code not in SKILLS}
        self.skills.choices = [*SKILLS.items(), *own.items()]
        self.trades.choices = trades_of_house


STAFF_REFUSALS: Refusals = {
    services.NameTaken: ("full_name", _l("Somebody with this name does this work already.")),
}


class UnavailabilityForm(FoyerForm):
    weekdays = CheckboxesField(_l("Days"), [DataRequired()], coerce=int)
    start_minute = ClockField(_l("From"), [Optional()], description=_l("Empty: the whole day."))
    end_minute = ClockField(_l("To"), [Optional()], closes=True)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.weekdays.choices = weekday_choices()


UNAVAILABILITY_REFUSALS: Refusals = {
    services.OrderWrong: ("end_minute", ORDER_WRONG),
    services.TimesOverlap: ("start_minute", _l("These hours run into others of that day.")),
}


class BlockForm(VersionedForm):
    """One block of one day, or for a new block of several days."""

    name = StringField(_l("What happens"), [DataRequired(), Length(max=120)])
    kind = SelectField(_l("Kind"), [InputRequired()], coerce=BlockKind)
    start_minute = ClockField(_l("From"), [InputRequired()])
    end_minute = ClockField(_l("To"), [InputRequired()], closes=True)
    weekday = SelectField(_l("Day"), [InputRequired()], coerce=int)
    weekdays = CheckboxesField(_l("Days"), [DataRequired()], coerce=int)

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind.choices = choices(BlockKind)
        self.weekday.choices = weekday_choices()
        self.weekdays.choices = weekday_choices()
        del self["weekday" if is_new else "weekdays"]


BLOCK_REFUSALS: Refusals = {
    services.OrderWrong: ("end_minute", ORDER_WRONG),
    services.TimesOverlap: ("start_minute", _l("These hours run into another block of that day.")),
}


class HolidayForm(VersionedForm):
    on = DateField(_l("Day"), [InputRequired()])
    name = StringField(_l("Name of the holiday"), [DataRequired(), Length(max=200)])


class DaysOffForm(FoyerForm):
    """One day off, or several in a row."""

    on = DateField(_l("Day"), [InputRequired()])
    until_on = DateField(
        _l("Last day"),
        [Optional()],
        description=_l("Empty: one day. Otherwise every day until then, for instance a school holiday."),
    )
    name = StringField(_l("Name of the holiday"), [DataRequired(), Length(max=200)])


DAYS_OFF_REFUSALS: Refusals = {
    **REFUSALS,
    services.OrderWrong: ("until_on", _l("The last day must not lie before the first.")),
}


class YearForm(FoyerForm):
    year = IntegerField(_l("Year"), [InputRequired(), NumberRange(2020, 2100)])
    with_leave = BooleanField(_l("With the joint leave days (cuti bersama)"))
