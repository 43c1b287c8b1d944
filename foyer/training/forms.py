from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from foyer.editing import Refusals
from foyer.forms import FoyerForm, VersionedForm
from foyer.residences.forms import CheckboxesField
from foyer.training import competencies, conduct, independence, labels, registers, schooling, withdrawing
from foyer.training.models import Presence
from foyer.training.progress_models import ConductArea, Programme, SchoolState, StageItem, StageItemKind, Tone
from foyer.words import choices

__all__ = ["labels"]
LONG = Length(max=2000)


class LineForm(Form):
    """One resident of a register."""

    resident = IntegerField(widget=HiddenInput())
    presence = SelectField(_l("How"), [InputRequired()], coerce=Presence)
    reason = StringField(_l("Reason"), [Optional(), Length(max=300)])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.presence.choices = choices(Presence)


class RegisterForm(VersionedForm):
    """The register of one session."""

    lines = FieldList(FormField(LineForm))
    not_held = BooleanField(_l("The session did not take place"))
    not_held_reason = StringField(_l("Why it did not take place"), [Optional(), Length(max=300)])
    why = StringField(
        _l("Why this is corrected"),
        [Optional(), Length(max=300)],
        description=_l("The day is over: what was written down stays to be read, with your name and this reason."),
    )

    @property
    def given(self) -> dict[int, registers.Given]:
        """What is written down, by resident."""
        return {
            line.form.resident.data or 0: registers.Given(line.form.presence.data, line.form.reason.data or "")
            for line in self.lines
        }


REGISTER_REFUSALS: Refusals = {
    registers.TooEarly: (None, _l("The register is kept on the day of the session, or later.")),
    registers.WhyMissing: ("why", _l("Please say why this is corrected: the day of the session is over.")),
    registers.NotHeldReasonMissing: ("not_held_reason", _l("Please say why the session did not take place.")),
    registers.StrangerMarked: (
        None,
        _l("The members of this session have changed. Please look at the list again before you save."),
    ),
}


class CompetencyForm(VersionedForm):
    title = StringField(_l("What somebody can do"), [DataRequired(), Length(max=160)])
    is_active = BooleanField(_l("Part of the list"), default=True)


class NewCompetencyForm(FoyerForm):
    title = StringField(_l("What somebody can do"), [DataRequired(), Length(max=160)])


COMPETENCY_REFUSALS: Refusals = {
    competencies.TitleTaken: ("title", _l("The list has these words already.")),
    competencies.TitleMissing: ("title", _l("Please write what somebody can do.")),
}


class CheckForm(FoyerForm):
    """What an instructor has seen a resident do."""

    seen = CheckboxesField(_l("Can do now"), [DataRequired(message=_l("Please tick what you have seen."))], coerce=int)
    reached_on = DateField(_l("Seen on"), [InputRequired()])


CHECK_REFUSALS: Refusals = {competencies.ReachedTooLate: ("reached_on", _l("This day still lies ahead."))}


class WithdrawForm(FoyerForm):
    why = StringField(_l("Why it is taken back"), [DataRequired(), Length(max=300)])


WITHDRAW_REFUSALS: Refusals = {
    withdrawing.WithdrawalUnexplained: ("why", _l("Please say why it is taken back.")),
    withdrawing.AlreadyWithdrawn: (None, _l("Somebody took it back before you.")),
}


class SchoolingForm(FoyerForm):
    programme = SelectField(_l("Programme"), [InputRequired()], coerce=Programme)
    provider = StringField(_l("School or PKBM"), [DataRequired(), Length(max=160)])
    grade = StringField(_l("Class or semester"), [Length(max=60)])
    since_on = DateField(_l("Since"), [InputRequired()])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.programme.choices = choices(Programme)


class SchoolStepForm(VersionedForm):
    state = SelectField(_l("Where it stands"), [InputRequired()], coerce=SchoolState)
    grade = StringField(_l("Class or semester"), [Length(max=60)])
    on = DateField(_l("Since"), [InputRequired()])
    note = TextAreaField(_l("Note"), [LONG])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.state.choices = choices(SchoolState)[1:]


SCHOOLING_REFUSALS: Refusals = {
    schooling.AlreadyInProgramme: (
        "programme",
        _l("The resident takes part in this programme already; go on there."),
    ),
    schooling.StepTooEarly: ("since_on", _l("This day still lies ahead.")),
}
STEP_REFUSALS: Refusals = {
    schooling.StepTooEarly: ("on", _l("Choose a day that is not before the last step, nor ahead.")),
    schooling.ProgrammeEnded: (None, _l("This programme has ended. Begin a new one.")),
}


class CertificateForm(FoyerForm):
    title = StringField(
        _l("Certificate"), [DataRequired(), Length(max=200)], description=_l("What it says was learned.")
    )
    issuer = StringField(_l("Issued by"), [DataRequired(), Length(max=160)])
    number = StringField(_l("Number"), [Length(max=80)])
    earned_on = DateField(_l("Earned on"), [InputRequired()])


SEEN_REFUSALS: Refusals = {conduct.SeenTooLate: ("earned_on", _l("This day still lies ahead."))}


class ConductForm(FoyerForm):
    tone = RadioField(_l("What did you see?"), [InputRequired()], coerce=Tone, default=Tone.PRAISE)
    area = SelectField(_l("It is about"), [InputRequired()], coerce=ConductArea)
    seen_on = DateField(_l("On"), [InputRequired()])
    words = TextAreaField(
        _l("In your words"),
        [DataRequired(), LONG],
        description=_l("What you saw and heard, not what you think of somebody. Worship is nobody's mark."),
    )
    talked_over = BooleanField(
        _l("We have talked about it"),
        description=_l("The resident can read it then. Something good is theirs to read at once."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.tone.choices = choices(Tone)
        self.area.choices = choices(ConductArea)


CONDUCT_REFUSALS: Refusals = {conduct.SeenTooLate: ("seen_on", _l("This day still lies ahead."))}


class StageItemForm(VersionedForm):
    title = StringField(_l("In words"), [DataRequired(), Length(max=200)])
    is_active = BooleanField(_l("Part of the ladder"), default=True)


class NewStageItemForm(FoyerForm):
    stage = SelectField(_l("Stage"), [InputRequired()], coerce=int)
    kind = SelectField(_l("This is"), [InputRequired()], coerce=StageItemKind)
    title = StringField(_l("In words"), [DataRequired(), Length(max=200)])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.stage.choices = [(n, str(n)) for n in range(1, 5)]
        self.kind.choices = choices(StageItemKind)


ITEM_REFUSALS: Refusals = {
    independence.ItemTaken: ("title", _l("The stage has these words already.")),
    independence.ItemMissing: ("title", _l("Please write the words.")),
}


class ReviewForm(VersionedForm):
    """A look at a resident's stage; ``asked`` are the criteria that it goes through."""

    met = CheckboxesField(_l("What is met"), [Optional()], coerce=int)
    evidence = TextAreaField(
        _l("What shows it"), [DataRequired(), LONG], description=_l("Examples from the last weeks, in plain words.")
    )
    own_words = TextAreaField(_l("In the resident's own words"), [LONG])
    to = RadioField(_l("Decision"), [InputRequired()], coerce=int)
    all_the_same = TextAreaField(
        _l("Why all the same"), [LONG], description=_l("Only where somebody climbs and something is not met yet.")
    )
    held_on = DateField(_l("Held on"), [InputRequired()])
    review_on = DateField(_l("Look again on"), [InputRequired()])

    def __init__(self, *args: Any, stage: int, asked: list[StageItem], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.met.choices = [(item.id, item.title) for item in asked]
        self.to.choices = list(_decisions(stage))


def _decisions(stage: int) -> list[tuple[int, str]]:
    found = [(stage, gettext("Stays at stage %(stage)s", stage=stage))]
    if stage < 4:
        found.insert(0, (stage + 1, gettext("Climbs to stage %(stage)s", stage=stage + 1)))
    if stage > 1:
        found.append((stage - 1, gettext("Goes back to stage %(stage)s for now", stage=stage - 1)))
    return found


REVIEW_REFUSALS: Refusals = {
    independence.StageJump: ("to", _l("One step at a time.")),
    independence.EvidenceMissing: ("evidence", _l("Please write what shows it.")),
    independence.CriteriaOpen: (
        "all_the_same",
        _l("Not everything is met. Say why the resident climbs all the same, or decide otherwise."),
    ),
    independence.ReviewDateWrong: ("review_on", _l("Look again on a later day; the review itself is not ahead.")),
}
