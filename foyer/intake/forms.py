from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from foyer.editing import Refusals
from foyer.forms import FoyerForm, VersionedForm
from foyer.intake import admission, agencies, finding, merging, outreach, referrals
from foyer.intake import labels as _labels  # noqa: F401  the words of the enumerations
from foyer.intake.models import (
    AgencyKind,
    AnswerWay,
    OutreachKind,
    ReferralState,
    RefusalGround,
    ServiceLevel,
    WaitsFor,
)
from foyer.residences.forms import CheckboxesField, optional_id, optional_member
from foyer.residences.labels import NEEDS
from foyer.residences.models import Gender
from foyer.residents import labels as _person_labels  # noqa: F401  the words of education levels
from foyer.residents import services as residents
from foyer.residents.models import EducationLevel
from foyer.words import choices

Choices = Sequence[tuple[Any, Any]]
_NIK_HINT = _l("Sixteen digits. Leave it empty if there is no number yet.")


class ListForm(FoyerForm):
    """What the reader of the list of referrals asks for; sent by GET."""

    class Meta(FoyerForm.Meta):
        csrf = False

    q = StringField(_l("Name"), [Optional()])
    show = SelectField(_l("Which referrals"), [Optional()], default="open")
    level = SelectField(_l("Service level"), [Optional()], coerce=optional_member(ServiceLevel))
    agency = SelectField(_l("Agency"), [Optional()], coerce=optional_id)

    def __init__(self, *args: Any, agencies: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        states = [(member.value, label) for member, label in choices(ReferralState)]
        waits = [
            ("to_confirm", _l("receipt to be confirmed")),
            ("to_answer", _l("answer expected by a day")),
            ("to_tell", _l("sender to be told")),
        ]
        self.show.choices = [("open", _l("all that are open")), *states, *waits, ("all", _l("all"))]
        self.level.choices = choices(ServiceLevel, empty=_l("all"))
        self.agency.choices = [("", _l("all")), *agencies]


class WaitingForm(FoyerForm):
    """What the reader of the waiting list asks for; sent by GET."""

    class Meta(FoyerForm.Meta):
        csrf = False

    q = StringField(_l("Name"), [Optional()])
    waits_for = SelectField(_l("Waits for"), [Optional()], coerce=optional_member(WaitsFor))
    agency = SelectField(_l("Agency"), [Optional()], coerce=optional_id)

    def __init__(self, *args: Any, agencies: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.waits_for.choices = choices(WaitsFor, empty=_l("all"))
        self.agency.choices = [("", _l("all")), *agencies]


class SearchForm(FoyerForm):
    """Whom somebody wants to register. Sent by POST: neither name nor number stays in an address."""

    full_name = StringField(_l("Full name"), [DataRequired(), Length(max=200)])
    born_on = DateField(_l("Born on"), [Optional()], description=_l("Leave it empty if nobody knows yet."))
    nik = StringField(_l("Identity number (NIK)"), [Length(max=40)], description=_NIK_HINT)


class KnownForm(VersionedForm):
    """Carries who was shown, and which of them it is."""

    seen = HiddenField()
    known = RadioField(_l("Is it one of them?"), [InputRequired()], default=referrals.NEW)

    def offer(self, people: Choices) -> None:
        """The residents to choose from; without any, everybody is new."""
        self.known.choices = [*people, (referrals.NEW, _l("None of these: somebody new"))]

    @property
    def shown(self) -> list[str]:
        """The keys of whom the actor was shown."""
        return [key for key in (self.seen.data or "").split(",") if key]


class ReferralForm(KnownForm):
    """A referral as the register holds it."""

    full_name = StringField(_l("Full name"), [DataRequired(), Length(max=200)])
    gender = SelectField(_l("Gender"), [InputRequired()], coerce=optional_member(Gender))
    born_on = DateField(_l("Born on"), [Optional()], description=_l("Leave it empty if nobody knows yet."))
    nik = StringField(_l("Identity number (NIK)"), [Length(max=40)], description=_NIK_HINT)
    education_level = SelectField(_l("Last education"), [Optional()], coerce=optional_member(EducationLevel))
    contact = TextAreaField(
        _l("How the youth or the family is reached"), [Length(max=500)], description=_l("Kept encrypted.")
    )
    is_restricted = BooleanField(
        _l("Restricted"),
        description=_l(
            "For a child in conflict with the law, a victim or a witness: nobody outside the team finds this person."
        ),
    )
    agency = StringField(
        _l("Referred by"),
        [DataRequired(), Length(max=160)],
        description=_l("Choose an agency as you type, or write a new one."),
    )
    sender_name = StringField(_l("Who sends, by name"), [Length(max=160)])
    sender_reference = StringField(_l("Number of their letter"), [Length(max=80)])
    received_on = DateField(_l("Received on"), [InputRequired()])
    answer_by = DateField(_l("Answer expected by"), [Optional()])
    level = SelectField(_l("Service level"), [InputRequired()], coerce=optional_member(ServiceLevel))
    reason = TextAreaField(
        _l("Reason for the referral"),
        [DataRequired(), Length(max=4000)],
        description=_l("Kept encrypted, read by the team only."),
    )
    needs = CheckboxesField(_l("Needs"), [Optional()], coerce=str)
    responsible_id = SelectField(_l("Who prepares the decision"), [Optional()], coerce=optional_id)

    def __init__(self, *args: Any, counsellors: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.gender.choices = choices(Gender, empty=_l("choose"))
        self.level.choices = choices(ServiceLevel, empty=_l("choose"))
        self.education_level.choices = choices(EducationLevel, empty=_l("not known yet"))
        self.needs.choices = list(NEEDS.items())
        self.responsible_id.choices = [("", _l("nobody yet")), *counsellors]
        self.offer([])


class DecisionForm(VersionedForm):
    """What becomes of a referral."""

    state = RadioField(_l("Decision"), [InputRequired()], coerce=optional_member(ReferralState))
    ground = SelectField(_l("Ground"), [Optional()], coerce=optional_member(RefusalGround))
    waits_for = SelectField(_l("Waits for"), [Optional()], coerce=optional_member(WaitsFor))
    is_urgent = BooleanField(_l("Urgent: first when there is a place"))
    expected_on = DateField(_l("Expected around"), [Optional()])
    reason = TextAreaField(
        _l("Reason"),
        [Length(max=2000)],
        description=_l("Kept encrypted and not sent to the agency."),
    )

    def __init__(self, *args: Any, states: Sequence[ReferralState], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.state.choices = [answer for answer in DECISIONS if answer[0] in states]
        self.ground.choices = choices(RefusalGround, empty="–")
        self.waits_for.choices = choices(WaitsFor, empty="–")
        self.ground.flags.needed = _l("needed if it is not accepted")
        self.waits_for.flags.needed = _l("needed for the waiting list")
        self.reason.flags.needed = _l("needed unless it is simply accepted")


class KeepForm(VersionedForm):
    """Why a closed referral is kept beyond its period; empty: the schedule counts."""

    kept_because = TextAreaField(
        _l("Why it is kept longer"),
        [Length(max=1000)],
        description=_l("For example a case before a court. Empty it, and the schedule counts again."),
    )


DECISIONS: list[tuple[ReferralState, Any]] = [
    (ReferralState.ACCEPTED, _l("Accept: can come now")),
    (ReferralState.WAITING, _l("Accept and put on the waiting list")),
    (ReferralState.REFUSED, _l("Not accept")),
    (ReferralState.WITHDRAWN, _l("Withdrawn by the sender, the family or the youth")),
    (ReferralState.RECEIVED, _l("Take it up again: to be decided anew")),
]


class AnswerForm(FoyerForm):
    """What the sender was told, when and how."""

    body = TextAreaField(_l("Text"), [DataRequired(), Length(max=4000)])
    way = SelectField(_l("Sent"), [InputRequired()], coerce=optional_member(AnswerWay))
    sent_on = DateField(_l("On"), [InputRequired()])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.way.choices = choices(AnswerWay, empty=_l("choose"))


class AdmissionForm(KnownForm):
    """Who comes, from when to when, and who is responsible."""

    full_name = StringField(_l("Full name"), [DataRequired(), Length(max=200)])
    gender = SelectField(_l("Gender"), [InputRequired()], coerce=optional_member(Gender))
    born_on = DateField(_l("Born on"), [InputRequired()])
    birth_place = StringField(_l("Place of birth"), [Length(max=120)])
    arrives_on = DateField(_l("Arrives on"), [InputRequired()])
    leaves_on = DateField(
        _l("Leaves on"), [InputRequired()], description=_l("Planned. The day of leaving is not a night any more.")
    )
    education_level = SelectField(_l("Last education"), [InputRequired()], coerce=optional_member(EducationLevel))
    needs = CheckboxesField(
        _l("Needs"), [Optional()], coerce=str, description=_l("Seen by the manager and the own counsellor only.")
    )
    counsellor_id = SelectField(_l("Counsellor"), [InputRequired()], coerce=optional_id)
    cycle_id = SelectField(_l("Takes part in"), [Optional()], coerce=optional_id)

    def __init__(self, *args: Any, counsellors: Choices, cycles: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.gender.choices = choices(Gender, empty=_l("choose"))
        self.education_level.choices = choices(EducationLevel, empty=_l("choose"))
        self.needs.choices = list(NEEDS.items())
        self.counsellor_id.choices = [("", _l("choose")), *counsellors]
        self.cycle_id.choices = [("", _l("no cycle yet")), *cycles]
        self.offer([])


class AgencyForm(VersionedForm):
    name = StringField(_l("Name"), [DataRequired(), Length(max=160)])
    kind = SelectField(_l("Kind"), [InputRequired()], coerce=optional_member(AgencyKind))
    contact = StringField(
        _l("Contact"), [Length(max=200)], description=_l("Of the office: telephone, e-mail or person.")
    )
    is_active = BooleanField(_l("In use"), default=True)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind.choices = choices(AgencyKind, empty=_l("choose"))


class OutreachForm(VersionedForm):
    met_on = DateField(_l("Day"), [InputRequired()])
    kind = SelectField(_l("Where"), [InputRequired()], coerce=optional_member(OutreachKind))
    area = StringField(_l("Kelurahan or desa"), [Length(max=120)])
    partners = StringField(_l("Together with"), [Length(max=200)], description=_l("Village staff, school, ..."))
    reached = IntegerField(_l("Youths reached"), [InputRequired(), NumberRange(0, 10_000)], default=1)
    note = TextAreaField(_l("Note"), [Length(max=4000)], description=_l("Kept encrypted."))
    next_on = DateField(_l("Next contact due"), [Optional()])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind.choices = choices(OutreachKind, empty=_l("choose"))


class MergeForm(FoyerForm):
    """Which of two files stays, and what it takes over from the other."""

    kept = RadioField(_l("Which file stays?"), [InputRequired()], coerce=optional_id)
    take = CheckboxesField(_l("Take over from the other file"), [Optional()], coerce=str)
    reason = TextAreaField(_l("How you know that it is one person"), [DataRequired(), Length(max=2000)])


REFUSALS: Refusals = {
    finding.LookFirst: (
        "known",
        _l("Somebody is known who may be the same person. Please look at them before you go on."),
    ),
    finding.FileClosed: (
        "full_name",
        _l("There is a file that you may not see. Please ask the manager, so that nobody gets a second file."),
    ),
    referrals.WrongPerson: ("known", _l("Please choose one of those who are shown.")),
    residents.NikMalformed: ("nik", _l("An identity number has exactly sixteen digits.")),
    referrals.AlreadyDecided: (
        None,
        _l("This was decided meanwhile. Please open the referral again to see how it stands."),
    ),
}
DECISION_REFUSALS: Refusals = {
    referrals.AlreadyDecided: REFUSALS[referrals.AlreadyDecided],
    referrals.ReasonMissing: ("reason", _l("Please say why.")),
    referrals.GroundMissing: ("ground", _l("Please choose the ground.")),
    referrals.NothingToWaitFor: ("waits_for", _l("Please choose what the person waits for.")),
}
KEEP_REFUSALS: Refusals = {
    referrals.StillOpen: (None, _l("Only a closed referral of somebody without a file falls under this period.")),
}
ADMISSION_REFUSALS: Refusals = {
    finding.LookFirst: REFUSALS[finding.LookFirst],
    finding.FileClosed: REFUSALS[finding.FileClosed],
    referrals.WrongPerson: REFUSALS[referrals.WrongPerson],
    residents.NikTaken: (
        "known",
        _l("Another resident of this house has the identity number of the referral. Correct the number there first."),
    ),
    admission.OtherPerson: (
        "known",
        _l(
            "This is not the person of the referral: name and birth date are others. Correct them in the referral"
            " first, or choose that this is somebody new."
        ),
    ),
    admission.ManagersChoice: (
        "known",
        _l(
            "That this is somebody of another caseload, or somebody who was here before, a manager says. Please ask the"
            " manager to admit."
        ),
    ),
    admission.NotAccepted: (None, _l("Only whom a manager accepted can be admitted, and only once.")),
    admission.CycleClosed: ("cycle_id", _l("The stay does not reach into this cycle.")),
    residents.StayOrderWrong: ("leaves_on", _l("The leaving day must come after the arrival.")),
    residents.StaysOverlap: ("arrives_on", _l("There is another stay on some of these nights.")),
}
AGENCY_REFUSALS: Refusals = {agencies.AgencyKnown: ("name", _l("The house has an agency of this name already."))}
OUTREACH_REFUSALS: Refusals = {
    outreach.NotYet: ("met_on", _l("A contact is written down once it took place: today or before.")),
}
MERGE_REFUSALS: Refusals = {
    merging.AlreadyMerged: (None, _l("One of the two files was merged meanwhile. Please look again.")),
    residents.SamePerson: (None, _l("These are one and the same file.")),
}
