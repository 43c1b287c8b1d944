from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from foyer.care import assessing, conferences, reviewing, rpi
from foyer.care import labels as _labels  # noqa: F401  the words of this package's enumerations
from foyer.care.assessing import Answer
from foyer.care.models import AgreementMethod, Doer, Domain, GoalState, Party, PlannerFact, Point, ReviewResult
from foyer.care.scale import LEVELS, SCALE
from foyer.editing import Refusals
from foyer.forms import FoyerForm, VersionedForm
from foyer.residences.forms import CheckboxesField, optional_id
from foyer.residences.labels import NEEDS
from foyer.residences.models import Staff, Trade
from foyer.residents.models import EducationLevel
from foyer.words import choices, words

LONG = 4000
DAY_AHEAD = _l("This day has not come yet.")


class BeginForm(FoyerForm):
    point = SelectField(_l("Which assessment"), [InputRequired()], coerce=Point)
    assessed_on = DateField(_l("Day of the talk"), [InputRequired()])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.point.choices = choices(Point)


BEGIN_REFUSALS: Refusals = {
    assessing.AssessmentExists: ("point", _l("There is an assessment of this point already. Open it in the list.")),
    assessing.DayAhead: ("assessed_on", DAY_AHEAD),
}


def _level_choices(texts: Sequence[Any]) -> list[tuple[int, str]]:
    return [(level, f"{level} – {text}") for level, text in zip(LEVELS, texts, strict=True)]


class LevelsForm(VersionedForm):
    """The worker's levels: a field and a line of evidence for each domain, then a note on the whole."""

    finish = SubmitField(_l("Finish"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for domain in Domain:
            self[f"level_{domain}"].choices = _level_choices(SCALE[domain].levels)

    def answers(self) -> dict[Domain, Answer]:
        """What was answered, by domain."""
        return {domain: Answer(self[f"level_{domain}"].data, self[f"evidence_{domain}"].data) for domain in Domain}


class OwnForm(VersionedForm):
    """The resident's own levels, in the words spoken to the resident."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for domain in Domain:
            self[f"own_{domain}"].choices = _level_choices(SCALE[domain].own)

    def levels(self) -> dict[Domain, int | None]:
        """What was answered, by domain."""
        return {domain: self[f"own_{domain}"].data for domain in Domain}


for _domain in Domain:
    _anchors = SCALE[_domain]
    setattr(
        LevelsForm,
        f"level_{_domain}",
        RadioField(_anchors.name, [Optional()], coerce=optional_id, description=_anchors.about),
    )
    setattr(LevelsForm, f"evidence_{_domain}", TextAreaField(_l("What you saw or heard"), [Length(max=LONG)]))
    setattr(OwnForm, f"own_{_domain}", RadioField(_anchors.own_name, [InputRequired()], coerce=optional_id))
LevelsForm.note = TextAreaField(_l("In short"), [Length(max=LONG)])  # type: ignore[attr-defined]
OwnForm.said = TextAreaField(  # type: ignore[attr-defined]
    _l("Is there something you want to add?"), [Length(max=LONG)]
)

LEVEL_REFUSALS: Refusals = {
    assessing.AssessmentFinished: (None, _l("This assessment is finished and stays as it is.")),
    assessing.LevelsMissing: (None, _l("Every part of life needs a level before the assessment can be finished.")),
}


class FactsForm(VersionedForm):
    """What the planner counts with. ``aptitude_<trade id>`` are added by ``facts_form``."""

    education_level = SelectField(_l("Last education"), [InputRequired()], coerce=EducationLevel)
    needs = CheckboxesField(_l("Needs"), [Optional()], coerce=str)
    confirmed = CheckboxesField(
        _l("I have looked at this, and it is right"),
        [Optional()],
        coerce=PlannerFact,
        description=_l("Your name and today's date are written beside each. What you change is confirmed by that."),
    )

    def __init__(self, *args: Any, own_needs: Iterable[str] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.education_level.choices = choices(EducationLevel)
        own = {code: code for code in own_needs if code not in NEEDS}
        self.needs.choices = [*NEEDS.items(), *own.items()]
        self.confirmed.choices = choices(PlannerFact)

    def aptitudes(self) -> dict[int, int | None]:
        """Level by trade."""
        prefix = "aptitude_"
        return {int(field.name[len(prefix) :]): field.data for field in self if field.name.startswith(prefix)}


def facts_form(trades: Sequence[Trade], **options: Any) -> FactsForm:
    """The form with a line for each trade of the house."""
    kind = type("FactsForm", (FactsForm,), {})
    levels = [
        ("", _l("nobody has looked yet")),
        (1, _l("1 – hardly suits")),
        (2, _l("2 – suits a little")),
        (3, _l("3 – suits")),
        (4, _l("4 – suits well")),
        (5, _l("5 – suits very well")),
    ]
    for trade in trades:
        setattr(kind, f"aptitude_{trade.id}", SelectField(trade.name, [Optional()], coerce=optional_id))
    form: FactsForm = kind(**options)
    for trade in trades:
        form[f"aptitude_{trade.id}"].choices = levels
    return form


class StrengthsForm(VersionedForm):
    strengths = TextAreaField(
        _l("What the resident can build on"),
        [Length(max=LONG)],
        description=_l("Strengths, people, what has worked before. The resident reads this."),
    )


class GoalForm(VersionedForm):
    domain = SelectField(_l("Part of life"), [InputRequired()], coerce=Domain)
    title = StringField(
        _l("Goal"), [DataRequired(), Length(max=300)], description=_l("In the resident's own words, if possible.")
    )
    measure = TextAreaField(_l("How we will both see that it is reached"), [Length(max=LONG)])
    target_level = SelectField(_l("Level wanted"), [Optional()], coerce=optional_id)
    due_on = DateField(_l("Until"), [InputRequired()])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.domain.choices = choices(Domain)
        self.target_level.choices = [("", "–"), *[(level, str(level)) for level in LEVELS]]


class StepForm(VersionedForm):
    title = StringField(_l("Step"), [DataRequired(), Length(max=300)])
    doer = SelectField(_l("Who does it"), [InputRequired()], coerce=Doer)
    staff_id = SelectField(_l("Which member of staff"), [Optional()], coerce=optional_id)
    due_on = DateField(_l("Until"), [InputRequired()])

    def __init__(self, *args: Any, staff: Sequence[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.doer.choices = choices(Doer)
        self.staff_id.choices = [("", _l("choose")), *staff]


PLAN_REFUSALS: Refusals = {
    rpi.PlanUnderWay: (None, _l("There is a plan under way already.")),
    rpi.NotADraft: (None, _l("This version is agreed. Make a new version to change goals and steps.")),
    rpi.NotInForce: (None, _l("This version is not in force.")),
    rpi.AgreedMeanwhile: (
        None,
        _l("Somebody has agreed to this draft. Open it for changes first; whoever agreed is asked again."),
    ),
    rpi.StaffMissing: ("staff_id", _l("Choose who of the staff does it.")),
}


class CloseGoalForm(VersionedForm):
    state = SelectField(_l("This goal is"), [InputRequired()], coerce=GoalState)
    closing = TextAreaField(_l("In what way, or why"), [DataRequired(), Length(max=LONG)])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.state.choices = choices(GoalState)


class DropStepForm(VersionedForm):
    closing = TextAreaField(_l("Why this step is not taken"), [DataRequired(), Length(max=LONG)])


def _sheet_field() -> SelectField:
    return SelectField(
        _l("Signed sheet"),
        [Optional()],
        coerce=optional_id,
        description=_l("The signed paper, put in under Documents."),
    )


class AgreeForm(VersionedForm):
    party = SelectField(_l("Who agrees"), [InputRequired()], coerce=Party)
    method = SelectField(_l("How"), [InputRequired()], coerce=AgreementMethod)
    agreed_on = DateField(_l("On"), [InputRequired()])
    words = TextAreaField(
        _l("What was said, and who was there"),
        [Length(max=LONG)],
        description=_l("For a spoken agreement name the witness."),
    )
    proof_id = _sheet_field()

    def __init__(self, *args: Any, missing: Sequence[Party], proofs: Sequence[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.proof_id.choices = [("", _l("none yet")), *proofs]
        self.party.choices = [(party, words(party)) for party in missing]
        # An agreement with the own account is the person's own press; on somebody's behalf there is paper or word.
        self.method.choices = choices(AgreementMethod)

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if valid and self.method.data is AgreementMethod.SIGNED_IN and self.party.data is not Party.COUNSELLOR:
            self.refuse(self.method, str(_l("Only the person can agree with the own account. Choose paper or word.")))
            return False
        if valid and self.method.data is AgreementMethod.SPOKEN and not self.words.data:
            self.refuse(self.words, str(_l("Say who was witness.")))
            return False
        return valid


class PaperForm(FoyerForm):
    """Which document is the signed sheet of an agreement that was written down before."""

    proof_id = _sheet_field()

    def __init__(self, *args: Any, proofs: Sequence[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.proof_id.choices = [("", _l("none yet")), *proofs]


PAPER_REFUSALS: Refusals = {
    rpi.NotTheirPaper: ("proof_id", _l("This document is no longer in use. Choose another one.")),
}
AGREE_REFUSALS: Refusals = {
    **PLAN_REFUSALS,
    **PAPER_REFUSALS,
    rpi.NothingToAgreeTo: (None, _l("A plan needs a goal, and every goal a step, before somebody can agree to it.")),
    rpi.AlreadyAgreed: ("party", _l("This side has agreed to this version already.")),
    rpi.DayAhead: ("agreed_on", DAY_AHEAD),
}


class ReasonForm(FoyerForm):
    reason = TextAreaField(_l("Why there is a new version"), [DataRequired(), Length(max=LONG)])


class ReviewForm(FoyerForm):
    held_on = DateField(_l("Held on"), [InputRequired()])
    result = SelectField(_l("Result"), [InputRequired()], coerce=ReviewResult)
    summary = TextAreaField(_l("What we found, together with the resident"), [DataRequired(), Length(max=LONG)])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.result.choices = choices(ReviewResult)


class PutOffForm(FoyerForm):
    put_off_to = DateField(_l("Review on"), [InputRequired()])
    reason = TextAreaField(
        _l("Reason"), [DataRequired(), Length(max=LONG)], description=_l("It stays in sight beside the new date.")
    )


REVIEW_REFUSALS: Refusals = {
    rpi.NotInForce: (None, _l("Only a plan that both sides agreed to is reviewed.")),
    reviewing.ReviewAhead: ("held_on", DAY_AHEAD),
    reviewing.ReviewTooEarly: (
        "held_on",
        _l("The time for the next review has not begun, so this one would not count. A change or an end may come now."),
    ),
    reviewing.PutOffTooShort: ("put_off_to", _l("Choose a day after the one on which the review is due.")),
    reviewing.ReasonMissing: ("reason", _l("An exemption needs its reason.")),
}


class ConferenceForm(VersionedForm):
    held_on = DateField(_l("Held on"), [InputRequired()])
    occasion = StringField(_l("Occasion"), [DataRequired(), Length(max=300)])
    staff = CheckboxesField(_l("Who took part, of the staff"), [Optional()], coerce=int)
    guests = TextAreaField(
        _l("Who took part, from outside"),
        [Length(max=LONG)],
        description=_l("One person a line, with the agency: for instance Ibu Sari, BAPAS."),
    )
    resident_took_part = BooleanField(_l("The resident took part"))
    summary = TextAreaField(_l("What was said"), [Length(max=LONG)])
    advice = TextAreaField(
        _l("What the conference advises about the referral"),
        [Length(max=LONG)],
        description=_l("A manager decides; this stands beside the decision."),
    )

    def __init__(self, *args: Any, members: Sequence[Staff], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.staff.choices = [(member.id, f"{member.full_name} ({words(member.kind)})") for member in members]

    def values(self) -> dict[str, Any]:
        """What a conference says, by field."""
        names = ("held_on", "occasion", "resident_took_part", "summary", "advice")
        return {name: self[name].data for name in names if name in self}

    def people(self) -> list[str]:
        """Who came from outside, one a line."""
        return (self.guests.data or "").splitlines()


CONFERENCE_REFUSALS: Refusals = {
    conferences.NobodyTookPart: ("staff", _l("A case conference has at least two people in it.")),
    conferences.DayAhead: ("held_on", DAY_AHEAD),
}


class DecisionForm(FoyerForm):
    words = TextAreaField(_l("Decision"), [DataRequired(), Length(max=LONG)])
    owner_id = SelectField(_l("Who sees to it"), [InputRequired()], coerce=optional_id)
    due_on = DateField(_l("Until"), [InputRequired()])

    def __init__(self, *args: Any, staff: Sequence[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.owner_id.choices = [("", _l("choose")), *staff]


class OutcomeForm(VersionedForm):
    done_on = DateField(_l("Done on"), [InputRequired()])
    outcome = TextAreaField(_l("What came of it"), [DataRequired(), Length(max=LONG)])


OUTCOME_REFUSALS: Refusals = {conferences.DayAhead: ("done_on", DAY_AHEAD)}


class RuleForm(VersionedForm):
    """The house's days, each within bounds that still make sense."""

    entry_days = IntegerField(_l("First assessment, days after arrival at most"), [InputRequired(), NumberRange(1, 90)])
    middle_days = IntegerField(
        _l("Assessment in the middle of the cycle, days before and after"), [InputRequired(), NumberRange(1, 30)]
    )
    exit_days = IntegerField(_l("Last assessment, days before the end"), [InputRequired(), NumberRange(1, 60)])
    plan_days = IntegerField(
        _l("Individual plan agreed, days after arrival at most"), [InputRequired(), NumberRange(1, 120)]
    )
    review_days = IntegerField(_l("Days between two reviews of a plan"), [InputRequired(), NumberRange(7, 366)])
    window_days = IntegerField(_l("A review may be held so many days early"), [InputRequired(), NumberRange(0, 60)])
