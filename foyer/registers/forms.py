"""The forms of the registers: filled in standing, on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from foyer.editing import ClockField, Refusals
from foyer.forms import FoyerForm, VersionedForm
from foyer.registers import books, writing
from foyer.registers import labels as _labels  # noqa: F401  the words
from foyer.registers.books import BOOKS
from foyer.registers.models import MedicineOutcome
from foyer.residences.forms import CheckboxesField, optional_id
from foyer.words import choices

Options = Sequence[tuple[Any, Any]]
SHORT, LONG = Length(max=200), Length(max=1000)
NOT_YET = _l("This moment has not come yet.")
NOT_SAFE = _l(
    "The file says that contact with this person is not safe. Turn the visitor away and tell a manager; only a manager "
    "decides otherwise, and writes why."
)
REFUSALS: Refusals = {
    writing.VisitorMissing: ("visitor", _l("Please say who came: from the list, or a name.")),
    writing.NotSafeToMeet: ("is_turned_away", NOT_SAFE),
    writing.ResidentNotAsked: (
        "was_asked",
        _l("The file says to ask the resident each time before this person is let in."),
    ),
    writing.NoteMissing: ("note", _l("Please write why it was not taken.")),
    writing.NotYet: ("on", NOT_YET),
    writing.OrderWrong: ("on", _l("It was handed in later than this.")),
    writing.DoneAlready: (None, _l("This was written down already.")),
}
STRIKE_REFUSALS: Refusals = {
    books.StruckAlready: (None, _l("This line was struck through already.")),
    books.ReasonMissing: ("why", _l("Please write why, for whoever reads this later.")),
}


class LinesForm(FoyerForm):
    """Which lines of a register are shown; sent as a query."""

    class Meta(FoyerForm.Meta):
        csrf = False

    from_on = DateField(_l("From"), [Optional()])
    to_on = DateField(_l("Until"), [Optional()])
    q = StringField(_l("Name of the resident"), [Optional(), Length(max=100)])


class WhomForm(FoyerForm):
    """Whom of many the visit is for; sent as a query."""

    class Meta(FoyerForm.Meta):
        csrf = False

    q = StringField(_l("Name of the resident"), [Optional(), Length(max=100)])


class ChoiceForm(VersionedForm):
    registers = CheckboxesField(_l("Which registers your house keeps in Foyer"), [Optional()])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.registers.choices = [(key, book.title) for key, book in BOOKS.items()]


class MomentForm(FoyerForm):
    """A day and an hour on the clock of the house."""

    on = DateField(_l("On"), [InputRequired()])
    minute = ClockField(_l("At"), [InputRequired()])

    def moment(self, zone: ZoneInfo) -> datetime:
        """The moment that was typed."""
        return moment_of(self.on.data or date.min, self.minute.data or 0, zone)


def moment_of(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Minutes after midnight of a day, on the clock of the house."""
    minute = min(minute, 1439)
    return datetime.combine(day, time(minute // 60, minute % 60), zone)


class LineForm(MomentForm):
    """What every line about a resident asks."""

    resident_id = SelectField(_l("Resident"), [DataRequired()], coerce=optional_id)
    note = TextAreaField(_l("Note"), [LONG])

    def __init__(self, *args: Any, residents: Options, staff: Options = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.resident_id.choices = [("", _l("choose")), *residents]
        if "staff_id" in self:
            self["staff_id"].choices = [("", _l("choose")), *staff]


class VisitForm(LineForm):
    relative_id = SelectField(_l("Who came to visit"), [Optional()], coerce=optional_id)
    visitor = StringField(_l("Name, if not on the list"), [SHORT])
    relation = StringField(_l("What this person is to the resident"), [SHORT])
    is_identified = BooleanField(_l("Showed an identity card"))
    was_asked = BooleanField(_l("The resident was asked and agrees to meet this person"))
    is_turned_away = BooleanField(_l("Was turned away"))
    staff_id = SelectField(_l("Received by"), [DataRequired()], coerce=optional_id)

    def __init__(self, *args: Any, family: Options, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.relative_id.choices = [("", _l("somebody else")), *family]
        self.relative_id.flags.needed = _l("needed, here or in the next line")
        self.visitor.flags.needed = _l("needed if the list does not have it")


class MedicineForm(LineForm):
    medicine = StringField(_l("Medicine"), [DataRequired(), SHORT])
    dose = StringField(
        _l("Dose"), [DataRequired(), SHORT], description=_l("As prescribed, for instance 1 tablet 500 mg.")
    )
    outcome = RadioField(_l("What became of it"), [InputRequired()], coerce=MedicineOutcome)
    staff_id = SelectField(_l("Given or offered by"), [DataRequired()], coerce=optional_id)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.outcome.choices = choices(MedicineOutcome)
        self.note.flags.needed = _l("needed if it was not taken")


class ValuableForm(LineForm):
    thing = StringField(_l("What is handed in"), [DataRequired(), SHORT])
    kept_where = StringField(_l("Where it is kept"), [SHORT])
    signed = BooleanField(
        _l("The resident signed on paper"),
        description=_l("Otherwise the resident confirms it on the own page."),
    )


class BackForm(MomentForm):
    to = StringField(_l("To whom, if not the resident"), [SHORT])
    signed = BooleanField(
        _l("Signed on paper by whoever received it"),
        description=_l("Otherwise the resident confirms it on the own page."),
    )


class DutyForm(MomentForm):
    until_minute = ClockField(
        _l("Until"), [InputRequired()], description=_l("An earlier hour than the beginning is on the next day.")
    )
    post = StringField(_l("Where or which shift"), [Length(max=120)])
    staff_id = SelectField(_l("Really on duty"), [DataRequired()], coerce=optional_id)
    planned_id = SelectField(_l("Planned"), [Optional()], coerce=optional_id)
    note = TextAreaField(_l("Note"), [LONG], description=_l("Why it was somebody else. No names of residents here."))

    def __init__(self, *args: Any, staff: Options, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.staff_id.choices = [("", _l("choose")), *staff]
        self.planned_id.choices = [("", _l("nobody")), *staff]


class StrikeForm(FoyerForm):
    why = StringField(_l("What was wrong"), [DataRequired(), SHORT])
