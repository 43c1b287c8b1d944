"""The forms of contact after the exit and of quick answers. Filled in standing, on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from foyer.editing import Refusals
from foyer.forms import FoyerForm, VersionedForm
from foyer.leaving import aftercare, responses
from foyer.leaving.aftercare_models import Answer, ContactKind, Question, ResponseOutcome, WarningSign
from foyer.leaving.forms import CONFIDENTIAL
from foyer.residences.forms import CheckboxesField, optional_id, optional_member
from foyer.words import choices, words

LONG = Length(max=4000)


class ContactForm(VersionedForm):
    """What was heard, question by question (``q_...``), and the signs that need a quick answer."""

    held_on = DateField(_l("On"), [InputRequired()])
    kind = RadioField(_l("How you were in contact"), [InputRequired()], coerce=ContactKind)
    account = TextAreaField(_l("What was said and seen"), [LONG], description=CONFIDENTIAL)
    next_step = TextAreaField(_l("What comes next"), [LONG])
    signs = CheckboxesField(
        _l("Warning signs"),
        [Optional()],
        coerce=WarningSign,
        description=_l("Each one ticked asks for a quick answer: a task with a clock begins when you save."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind.choices = choices(ContactKind)
        self.signs.choices = choices(WarningSign)
        for question in Question:
            self[f"q_{question}"].label.text = words(question)
            self[f"q_{question}"].choices = choices(Answer, empty=_l("not spoken of"))

    @property
    def answers(self) -> dict[Question, Answer]:
        """The answers to what was spoken of."""
        found = {question: self[f"q_{question}"].data for question in Question}
        return {question: answer for question, answer in found.items() if answer is not None}


for _question in Question:
    setattr(ContactForm, f"q_{_question}", SelectField("", [Optional()], coerce=optional_member(Answer)))


class TryForm(FoyerForm):
    tried_on = DateField(_l("On"), [InputRequired()])
    kind = RadioField(_l("How you were in contact"), [InputRequired()], coerce=ContactKind)
    note = TextAreaField(_l("Note"), [LONG], description=CONFIDENTIAL)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind.choices = choices(ContactKind)


class SignsForm(FoyerForm):
    signs = CheckboxesField(_l("Which signs"), [DataRequired()], coerce=WarningSign)
    account = TextAreaField(_l("What was seen or heard, and from whom"), [LONG], description=CONFIDENTIAL)
    owner_id = SelectField(_l("Who answers for it"), [DataRequired()], coerce=optional_id)

    def __init__(self, *args: Any, staff: Sequence[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.signs.choices = choices(WarningSign)
        self.owner_id.choices = [("", _l("choose")), *staff]


class StepForm(VersionedForm):
    """One thing that was done. ``act`` decides which of the other fields count."""

    act = RadioField(_l("What you did"), [InputRequired()], choices=[])
    note = TextAreaField(_l("In your words"), [LONG], description=CONFIDENTIAL)
    to_id = SelectField(_l("Hand over to"), [Optional()], coerce=optional_id)
    outcome = SelectField(_l("How it ended"), [Optional()], coerce=optional_member(ResponseOutcome))

    def __init__(self, *args: Any, staff: Sequence[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.act.choices = [
            ("reached", _l("I spoke with the person: the clock stops")),
            ("tried", _l("I tried, nobody was reached yet")),
            ("hand_over", _l("Somebody else answers for it from now on")),
            ("escalate", _l("I need the managers' help now")),
            ("close", _l("It is over")),
        ]
        self.to_id.choices = [("", "–"), *staff]
        self.outcome.choices = choices(ResponseOutcome, empty="–")

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.act.data == "hand_over" and self.to_id.data is None:
            self.refuse(self.to_id, str(_l("Please choose to whom.")))
            valid = False
        if self.act.data == "close" and self.outcome.data is None:
            self.refuse(self.outcome, str(_l("Please choose how it ended.")))
            valid = False
        return valid


CONTACT_REFUSALS: Refusals = {
    aftercare.ContactClosed: (None, _l("Somebody wrote this contact down meanwhile.")),
    aftercare.DayAhead: ("held_on", _l("This day lies ahead. Please write it down when it has happened.")),
    aftercare.DayBeforeExit: ("held_on", _l("This day lies before the exit.")),
}
TRY_REFUSALS: Refusals = {
    aftercare.ContactClosed: (None, _l("Somebody wrote this contact down meanwhile.")),
    aftercare.DayAhead: ("tried_on", _l("This day lies ahead. Please write it down when it has happened.")),
}
DROP_REFUSALS: Refusals = {
    aftercare.ContactClosed: (None, _l("Somebody wrote this contact down meanwhile.")),
    aftercare.ReasonMissing: ("reason", _l("Please say why.")),
}
SIGNS_REFUSALS: Refusals = {responses.SignMissing: ("signs", _l("Please tick at least one sign."))}
STEP_REFUSALS: Refusals = {
    responses.ResponseClosed: (None, _l("Somebody closed this meanwhile. A new sign begins a new task.")),
    responses.WordsMissing: ("note", _l("Please say in a few words what was done.")),
    responses.NotReached: (
        "outcome",
        _l("Nobody has spoken with the person yet. Write that down first, or say that the person could not be found."),
    ),
    responses.TryMissing: (
        "outcome",
        _l("Nobody has written down a try yet. Please try to reach the person first, and write it down."),
    ),
    responses.ManagerCloses: (
        "outcome",
        _l(
            "Somebody may be in danger: a manager says that the search ends. You may once the managers were asked for"
            " help and tries are written down on as many days as the rules of the house ask for."
        ),
    ),
    responses.SameOwner: ("to_id", _l("It is this person's already.")),
}
