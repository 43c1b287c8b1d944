"""Forms of consent: an answer, taking it back, and what was stopped."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from foyer.editing import Refusals
from foyer.forms import FoyerForm, VersionedForm
from foyer.residences.forms import CheckboxesField, optional_id, optional_member
from foyer.residents import consenting
from foyer.residents import person_labels as _labels  # noqa: F401  the words of purposes and grounds
from foyer.residents.consent import ConsentWay, Ground, Purpose
from foyer.words import choices


def yes_or_no(value: Any) -> bool | None:
    """Coercion of a question with two answers, of which none is given beforehand."""
    return {"yes": True, "no": False, True: True, False: False}.get(value)


class AnswerForm(FoyerForm):
    """One answer about several purposes. Fields that do not concern this resident are deleted by the view."""

    purposes = CheckboxesField(_l("What was asked"), [DataRequired()], coerce=Purpose)
    is_given = RadioField(_l("The answer"), [Optional()], coerce=yes_or_no)
    relative = SelectField(
        _l("Who answered"),
        [Optional()],
        coerce=optional_id,
        description=_l("Only guardians whom it is not dangerous to reach. Others are added under Family."),
    )
    assents = RadioField(
        _l("What the young person says"),
        [Optional()],
        coerce=yes_or_no,
        description=_l("Whoever is under 18 is asked as well. A no counts, whatever the guardian says."),
    )
    way = SelectField(_l("How the answer was given"), [Optional()], coerce=optional_member(ConsentWay))
    given_on = DateField(_l("On"), [InputRequired()])
    until_on = DateField(_l("Holds until"), [Optional()], description=_l("Empty: until it is taken back."))
    proof_id = SelectField(
        _l("Proof"), [Optional()], coerce=optional_id, description=_l("The signed paper, put in under Documents.")
    )

    def __init__(self, *args: Any, guardians: list[tuple[int, str]], proofs: list[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.purposes.choices = choices(Purpose)
        self.is_given.choices = [("yes", _l("Agrees")), ("no", _l("Does not agree"))]
        self.assents.choices = [("yes", _l("Agrees")), ("no", _l("Does not agree"))]
        self.relative.choices = [("", _l("choose")), *guardians]
        self.way.choices = choices(ConsentWay, empty=_l("choose"))
        self.proof_id.choices = [("", _l("none yet")), *proofs]
        for field in (self.is_given, self.relative, self.assents, self.way):
            field.flags.required = True  # by the service, which knows who is asked; so the form does not say "optional"


class GroundForm(FoyerForm):
    """Data are used without consent, on a ground that the law gives."""

    purposes = CheckboxesField(_l("For what"), [DataRequired()], coerce=Purpose)
    ground = SelectField(_l("Ground"), [InputRequired()], coerce=Ground)
    ground_reason = TextAreaField(
        _l("Why nobody can be asked"),
        [DataRequired(), Length(max=1000)],
        description=_l("For example: no guardian is to be found, or the guardian is suspected of the harm."),
    )
    given_on = DateField(_l("From"), [InputRequired()])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.purposes.choices = [answer for answer in choices(Purpose) if answer[0] in consenting.NEEDED]
        self.ground.choices = [answer for answer in choices(Ground) if answer[0] is not Ground.CONSENT]


class TakeBackForm(VersionedForm):
    by = StringField(_l("Who takes it back"), [DataRequired(), Length(max=200)])
    note = TextAreaField(_l("What was said"), [Length(max=1000)])


class StoppedForm(VersionedForm):
    note = TextAreaField(
        _l("What was stopped, and where"),
        [DataRequired(), Length(max=1000)],
        description=_l("For example: photo taken down from the notice board and the web page; school told."),
    )
    kept_ground = SelectField(
        _l("Ground on which the law makes the house keep its record"),
        [Optional()],
        coerce=optional_member(Ground),
        description=_l("The file itself and what health services must know may go on under another ground."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        grounds = [answer for answer in choices(Ground) if answer[0] is not Ground.CONSENT]
        self.kept_ground.choices = [("", _l("none: everything has stopped")), *grounds]


_DAY_WRONG = _l("The answer lies in the past, and its end after it.")
ANSWER_REFUSALS: Refusals = {
    consenting.GuardianNeeded: (
        None,
        _l("For somebody under 18 a parent or guardian answers. If there is none, record another ground instead."),
    ),
    consenting.GuardianNotToBeAsked: ("relative", _l("This person cannot decide for the resident now.")),
    consenting.AssentMissing: ("assents", _l("Please write down what the young person says.")),
    consenting.AnswerMissing: ("is_given", _l("Please write down the answer.")),
    consenting.WayMissing: ("way", _l("Please say how the answer was given.")),
    consenting.DayWrong: ("given_on", _DAY_WRONG),
    consenting.AdultAnswers: (
        None,
        _l("On that day the resident was of age and answered alone. Please correct the day."),
    ),
}
GROUND_REFUSALS: Refusals = {
    consenting.OnlyByConsent: ("purposes", _l("This purpose is allowed by consent only.")),
    consenting.GroundReasonMissing: ("ground_reason", _l("Please say why nobody can be asked.")),
    consenting.DayWrong: ("given_on", _l("This day lies ahead.")),
}
TAKE_BACK_REFUSALS: Refusals = {
    consenting.NothingToWithdraw: (None, _l("There is no consent here that could be taken back.")),
}
STOPPED_REFUSALS: Refusals = {
    consenting.NotWithdrawn: (None, _l("Nobody took this back, or its end is written down already.")),
    consenting.StopNoteMissing: ("note", _l("Please say what was stopped, and where.")),
    consenting.OnlyByConsent: (
        "kept_ground",
        _l("This purpose is allowed by consent only, so nothing of it may be kept."),
    ),
}
