"""The forms of exit, return, transfer and keeping."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from foyer.cycles import labels as _cycle_labels  # noqa: F401  the words of destinations
from foyer.cycles.decisions import Destination
from foyer.editing import Refusals
from foyer.forms import FoyerForm, VersionedForm
from foyer.leaving import exits, labels, retention, returning, rules, transfers  # noqa: F401  labels: the words
from foyer.leaving.models import CountsFrom, ExitReason, ExitState, ItemState
from foyer.residences.forms import optional_id
from foyer.residents import services as residents
from foyer.words import choices

Options = Sequence[tuple[int, str]]
LONG = Length(max=4000)
CONFIDENTIAL = _l("Kept encrypted; read by the manager, the own counsellor and the named supervisor.")


class ExitListForm(FoyerForm):
    """Which exits the reader of the list asks for; sent by GET."""

    class Meta(FoyerForm.Meta):
        csrf = False

    show = SelectField(_l("Which exits"), [Optional()], default="under_way")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        states = [(member.value, label) for member, label in choices(ExitState)]
        self.show.choices = [("under_way", _l("all that are under way")), *states, ("all", _l("all"))]


class ExitForm(VersionedForm):
    leaves_on = DateField(
        _l("Day of leaving"), [InputRequired()], description=_l("The night before is the last one here.")
    )
    reason = SelectField(_l("Reason"), [InputRequired()], coerce=ExitReason)
    destination = SelectField(_l("Goes to"), [InputRequired()], coerce=Destination)
    destination_words = TextAreaField(
        _l("With whom and where"), [LONG], description=_l("Names, address and telephone, so that we can stay in touch.")
    )
    account = TextAreaField(_l("How it came to this, and what was agreed"), [LONG], description=CONFIDENTIAL)
    aftercare_staff_id = SelectField(
        _l("Who stays in touch after the exit"),
        [Optional()],
        coerce=optional_id,
        description=_l("Needed before it is proposed."),
    )

    def __init__(self, *args: Any, staff: Options, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.reason.choices = [pair for pair in choices(ExitReason) if pair[0] is not ExitReason.TRANSFER]
        self.destination.choices = choices(Destination)
        self.aftercare_staff_id.choices = [("", _l("nobody yet")), *staff]


class PointForm(VersionedForm):
    state = RadioField(_l("How it stands"), [InputRequired()], coerce=ItemState)
    note = TextAreaField(_l("Note"), [LONG], description=_l("Needed where the point is not needed. Kept encrypted."))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.state.choices = choices(ItemState)


class ProposeForm(VersionedForm):
    gaps = TextAreaField(
        _l("Why it cannot wait"),
        [LONG],
        description=_l("Needed while points of the checklist are open: who does them, and until when."),
    )


class DecideForm(VersionedForm):
    decision = RadioField(_l("Your decision"), [InputRequired()], choices=[])
    words = TextAreaField(_l("What you want to say about it"), [LONG], description=_l("Needed if it goes back."))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.decision.choices = [
            ("approve", _l("I approve: the stay ends on this day")),
            ("back", _l("Not yet: back to the person who proposed it")),
        ]


class ReasonForm(VersionedForm):
    """Why something is taken back, placed, lifted or left undone."""

    reason = TextAreaField(_l("Reason"), [DataRequired(), LONG], description=CONFIDENTIAL)


class ToolkitForm(VersionedForm):
    toolkit = StringField(
        _l("What is handed over"),
        [DataRequired(), Length(max=300)],
        description=_l("For instance: a set of sewing tools."),
    )
    toolkit_on = DateField(_l("On"), [InputRequired()])


class ReturnForm(FoyerForm):
    arrives_on = DateField(_l("First night"), [InputRequired()])
    leaves_on = DateField(_l("Leaves on"), [InputRequired()], description=_l("Planned; it can be changed later."))
    reason = TextAreaField(_l("Why the resident comes back"), [DataRequired(), LONG], description=CONFIDENTIAL)
    counsellor_id = SelectField(
        _l("Whom the resident would like as counsellor"),
        [Optional()],
        coerce=optional_id,
        description=_l("Ask! Whoever was the counsellor before stands first. The plan tries to keep it."),
    )

    def __init__(self, *args: Any, staff: Options, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.counsellor_id.choices = [("", _l("no wish")), *staff]


class OfferForm(FoyerForm):
    to_id = SelectField(_l("To which house"), [DataRequired()], coerce=optional_id)
    moves_on = DateField(_l("Planned day of the move"), [InputRequired()])
    letter = TextAreaField(
        _l("What the other house must know to decide"),
        [DataRequired(), LONG],
        description=_l("Its manager reads this with the name, the age and the gender; nothing else until the arrival."),
    )

    def __init__(self, *args: Any, houses: Options, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.to_id.choices = [("", _l("choose")), *houses]


class AnswerForm(VersionedForm):
    decision = RadioField(_l("Your answer"), [InputRequired()], choices=[])
    answer = TextAreaField(_l("What the other house should know"), [LONG], description=_l("Needed if you refuse."))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.decision.choices = [("yes", _l("We take the resident")), ("no", _l("We cannot take the resident"))]


class ArrivedForm(VersionedForm):
    is_known = RadioField(
        _l("Is it the person whose file this house has?"),
        [Optional()],
        choices=[
            ("yes", _l("Yes: that file goes on")),
            ("no", _l("No, somebody else: a new file, without the identity number until it is found out whose it is")),
        ],
    )
    arrived_on = DateField(_l("Arrived on"), [InputRequired()])
    leaves_on = DateField(_l("Leaves on"), [InputRequired()], description=_l("Planned; it can be changed later."))
    counsellor_id = SelectField(
        _l("Counsellor"),
        [InputRequired()],
        coerce=optional_id,
        description=_l("Answers for the resident from this day on, until a plan says who does."),
    )

    def __init__(self, *args: Any, staff: Options, has_file: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.counsellor_id.choices = [("", _l("choose")), *staff]
        if has_file:
            self.is_known.flags.needed = _l("needed")
        else:
            del self.is_known

    @property
    def says_known(self) -> bool | None:
        """Whether it is the known person; None: not asked, or not said."""
        answer = self.is_known.data if "is_known" in self else None
        return None if answer not in ("yes", "no") else answer == "yes"


class RulesForm(VersionedForm):
    months = StringField(
        _l("Contact is due so many months after the exit"),
        [DataRequired(), Length(max=60)],
        description=_l("Numbers with commas, for example 1, 3, 6, 12."),
    )
    tries = IntegerField(_l("Days on which somebody tries before giving up"), [InputRequired(), NumberRange(1, 20)])
    answer_hours = IntegerField(_l("Hours to answer a warning sign"), [InputRequired(), NumberRange(1, 336)])
    urgent_hours = IntegerField(
        _l("Hours where somebody may be in danger"),
        [InputRequired(), NumberRange(1, 72)],
        description=_l("Violence, exploitation, thoughts of self-harm."),
    )
    keep_years = IntegerField(
        _l("Files are kept for so many years"),
        [Optional(), NumberRange(1, 100)],
        description=_l("Empty: the house has not laid down a period, and nothing falls due."),
    )
    keep_from = SelectField(_l("Counted from"), [InputRequired()], coerce=CountsFrom)
    referral_keep_years = IntegerField(
        _l("Referrals of people who were never taken in are kept for so many years"),
        [Optional(), NumberRange(1, 100)],
        description=_l("Counted from the decision. Empty: no period is laid down, and nothing falls due."),
    )
    keep_source = StringField(
        _l("Which rule says so"),
        [Length(max=300)],
        description=_l("The retention schedule with number and year, for example of the ministry or of the province."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.keep_from.choices = choices(CountsFrom)

    def validate_months(self, field: Any) -> None:
        parts = [part.strip() for part in (field.data or "").replace(";", ",").split(",")]
        if not all(part.isdigit() for part in parts):
            raise ValidationError(str(_l("Please write whole numbers with commas between them.")))

    @property
    def month_numbers(self) -> list[int]:
        """The months as numbers, in order."""
        return sorted(int(part) for part in (self.months.data or "").replace(";", ",").split(","))


EXIT_REFUSALS: Refusals = {
    exits.ExitStands: (None, _l("This stay has an exit already.")),
    exits.LeavesTooEarly: ("leaves_on", _l("The leaving day must come after the arrival.")),
    exits.ExitClosed: (None, _l("This was proposed or decided meanwhile and is not changed any more.")),
}
POINT_REFUSALS: Refusals = {
    exits.ReasonMissing: ("note", _l("Please say why this is not needed.")),
    exits.ExitClosed: (None, _l("The exit is over; the checklist stays as it was.")),
}
PROPOSE_REFUSALS: Refusals = {
    exits.ExitClosed: (None, _l("This was proposed or decided meanwhile and is not changed any more.")),
    exits.AftercareMissing: (None, _l("Please name first who stays in touch after the exit.")),
    exits.PointsOpen: ("gaps", _l("Points of the checklist are open. Please answer them, or say why it cannot wait.")),
}
DECIDE_REFUSALS: Refusals = {
    exits.NotProposed: (None, _l("This does not wait for a decision any more.")),
    exits.SelfApproval: (None, _l("You proposed this yourself. Somebody else approves it.")),
    exits.ManagerMissing: (None, _l("One of the two who decide on an exit is a manager.")),
    exits.ReasonMissing: ("words", _l("Please say what is missing.")),
    residents.StaysOverlap: (None, _l("There is another stay on some of these nights.")),
}
WITHDRAW_REFUSALS: Refusals = {
    exits.ExitClosed: (
        None,
        _l("The day of leaving has come; the exit stands. Somebody who comes back is taken in anew."),
    ),
    residents.StaysOverlap: (None, _l("There is another stay on some of these nights.")),
}
RETURN_REFUSALS: Refusals = {
    returning.StillHere: ("arrives_on", _l("The last stay is not over on this day.")),
    returning.NeverHere: (None, _l("There is no earlier stay.")),
    returning.ReasonMissing: ("reason", _l("Please say why the resident comes back.")),
    residents.StayOrderWrong: ("leaves_on", _l("The leaving day must come after the arrival.")),
    residents.StaysOverlap: ("arrives_on", _l("There is another stay on some of these nights.")),
}
OFFER_REFUSALS: Refusals = {
    transfers.OfferStands: (None, _l("This stay is offered to a house already.")),
    transfers.ExitStands: (None, _l("An exit is being prepared or approved. Withdraw it first.")),
    transfers.DayOutsideStay: ("moves_on", _l("The day must lie within the stay, after the arrival.")),
    transfers.LetterMissing: ("letter", _l("Please tell the other house why.")),
    transfers.SameHouse: ("to_id", _l("Please choose another house.")),
}
ANSWER_REFUSALS: Refusals = {
    transfers.NotOffered: (None, _l("This does not wait for an answer any more.")),
    transfers.ReasonMissing: ("answer", _l("Please say why.")),
}
ARRIVED_REFUSALS: Refusals = {
    transfers.NotAgreed: (None, _l("This house has not agreed, or the offer was taken back.")),
    transfers.ArrivalAhead: ("arrived_on", _l("This day lies ahead. Please write it down when it has happened.")),
    transfers.DayOutsideStay: ("arrived_on", _l("The stay in the other house began later.")),
    transfers.PersonKnown: ("is_known", _l("Please say whether it is the person whose file this house has.")),
    transfers.LivesHere: (
        "is_known",
        _l("That person has a stay in this house on this day. Please look at that file first."),
    ),
    residents.StayOrderWrong: ("leaves_on", _l("The leaving day must come after the arrival.")),
}
RULES_REFUSALS: Refusals = {
    rules.MonthsWrong: ("months", _l("At most twelve different numbers between 1 and 60.")),
    rules.SourceMissing: ("keep_source", _l("Please say which rule lays down this period.")),
}
HOLD_REFUSALS: Refusals = {
    retention.HeldAlready: (None, _l("Somebody placed a hold on this file meanwhile.")),
    retention.NotHeld: (None, _l("Somebody lifted the hold meanwhile.")),
}
