from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from foyer.concerns import handling, reporting
from foyer.concerns.labels import PLAIN
from foyer.concerns.models import About, ConcernKind
from foyer.editing import Refusals
from foyer.forms import FoyerForm, VersionedForm
from foyer.words import choices

WITHOUT_NAME, WITH_NAME = "without", "with"


class ReportForm(FoyerForm):
    """A concern in two steps. The first asks what and about whom; the second who, what happened, and whether with a
    name. Its labels suit residents and staff."""

    kind = RadioField(_l("What is it about?"), [DataRequired()], coerce=ConcernKind)
    about = RadioField(_l("Who does it?"), [DataRequired()], coerce=About)
    who = SelectField(_l("Name"), [Optional()], validate_choice=True)
    who_words = StringField(_l("Who is it, as far as known?"), [Length(max=200)])
    words = TextAreaField(
        _l("What happened?"),
        [DataRequired(), Length(max=5000)],
        description=_l("In any words. Where and when, if it is known. It need not be proven."),
    )
    signed = RadioField(_l("With a name?"), [DataRequired()], default=WITHOUT_NAME)
    ticket = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind, PLAIN[kind]) for kind in ConcernKind]
        self.about.choices = choices(About)
        self.signed.choices = [
            (WITHOUT_NAME, _l("Without a name. Who wrote this is not kept.")),
            (WITH_NAME, _l("With the name. Only the one person of the office who takes care of it reads the name.")),
        ]
        self.who.choices = [("", _l("Not in this list, or not to be said now"))]

    def offer(self, people: list[tuple[str, str]]) -> None:
        """Put the people who can be named into the list."""
        self.who.choices = [*(self.who.choices or []), *people]

    def first_step_is_right(self) -> bool:
        """Whether what the first step asks is answered."""
        return all([self.kind.validate(self), self.about.validate(self)])


class CodeForm(FoyerForm):
    """The receipt number with which somebody comes back."""

    code = StringField(
        _l("Receipt number"),
        [DataRequired(), Length(max=40)],
        description=_l("Twelve letters and figures, for example KPXA-3FQ7-M2ZD."),
    )


class WriteForm(FoyerForm):
    """Words from the reporter to the office, or back."""

    words = TextAreaField(_l("Message"), [DataRequired(), Length(max=5000)])


class ResponsibleForm(FoyerForm):
    user_id = SelectField(_l("Responsible"), [DataRequired()], coerce=int)


class PoliceForm(FoyerForm):
    reference = StringField(
        _l("Police reference"),
        [DataRequired(), Length(max=120)],
        description=_l("Number of the report and the police unit, for example LP/B/12/I/2027, Unit PPA."),
    )


class StepForm(FoyerForm):
    words = TextAreaField(
        _l("What is to be done"),
        [DataRequired(), Length(max=1000)],
        description=_l("Somebody of the house reads only this sentence, nothing of the concern. Name no names there."),
    )
    owner_id = SelectField(_l("Who does it"), [DataRequired()], coerce=int)
    due_on = DateField(_l("Until"), [DataRequired()])


class ResultForm(VersionedForm):
    result = TextAreaField(_l("What came of it"), [DataRequired(), Length(max=1000)])


class SuspendForm(FoyerForm):
    user_id = SelectField(_l("Whose account"), [DataRequired()], coerce=int)


class CloseForm(VersionedForm):
    outcome = TextAreaField(
        _l("Outcome"),
        [DataRequired(), Length(max=3000)],
        description=_l("What was found, what was done, and what protects the young person from now on."),
    )


REPORT_REFUSALS: Refusals = {
    reporting.UnknownPerson: ("who", _l("Please choose somebody from the list, or leave it open.")),
}
REFUSALS: Refusals = {
    handling.PersonNamed: (None, _l("The concern names this person, who takes no part in handling it.")),
    handling.NoReader: (None, _l("This account can take no part here: it is closed or does not see this house.")),
    handling.NoAccount: (None, _l("This person has no account that could be suspended.")),
    handling.Closed: (None, _l("The concern is closed. Open it again first.")),
    handling.ClockRuns: (None, _l("The clock runs: write down the police reference before you close the concern.")),
    handling.ReportedAlready: (None, _l("The police reference is written down already. Add what is new as a step.")),
    handling.NobodyResponsible: (None, _l("Somebody must be responsible first.")),
}
