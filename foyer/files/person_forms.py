"""Forms of the person's file: family, PPKS and the law, documents."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from foyer.editing import Refusals
from foyer.forms import FoyerForm, VersionedForm
from foyer.residents import attachments, family, person_labels, pictures, ppks, restriction
from foyer.residents.attachments import AttachmentKind
from foyer.residents.family import ContactSafety, Relation
from foyer.residents.restriction import LegalRole, LegalStep
from foyer.words import choices


class RelativeForm(VersionedForm):
    full_name = StringField(_l("Full name"), [DataRequired(), Length(max=200)])
    relation = SelectField(_l("Relation to the resident"), [InputRequired()], coerce=Relation)
    is_guardian = BooleanField(
        _l("Parent or guardian who may decide for the resident"),
        description=_l("Only a guardian can consent for somebody under 18."),
    )
    phone = StringField(_l("Phone"), [Length(max=60)])
    address = TextAreaField(_l("Address"), [Length(max=400)])
    safety = SelectField(_l("Is it safe to contact this person?"), [InputRequired()], coerce=ContactSafety)
    safety_reason = TextAreaField(
        _l("Why not, or what to mind"),
        [Length(max=1000)],
        description=_l("Needed unless it is safe. The next colleague reads this before calling."),
    )
    note = TextAreaField(_l("Note"), [Length(max=1000)])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.relation.choices = choices(Relation)
        self.safety.choices = choices(ContactSafety)


class EndForm(VersionedForm):
    """Something about a resident no longer holds: from when, and why."""

    on = DateField(_l("From which day on"), [InputRequired()])
    reason = TextAreaField(_l("Why"), [DataRequired(), Length(max=1000)])


class KindForm(FoyerForm):
    code = SelectField(_l("Kind of PPKS"), [DataRequired()])
    from_on = DateField(_l("Since"), [InputRequired()])
    source = TextAreaField(
        _l("Who says so"),
        [DataRequired(), Length(max=600)],
        description=_l("For example a referral letter with its number, the family, your own assessment."),
    )

    def __init__(self, *args: Any, in_force: ppks.ListVersion, **kwargs: Any):
        super().__init__(*args, **kwargs)
        kinds = [(code, name or person_labels.kind_words(code)) for code, name in in_force.kinds.items()]
        self.code.choices = [("", _l("choose")), *kinds]


class VerifyForm(VersionedForm):
    source = TextAreaField(_l("What you have seen or heard that confirms it"), [DataRequired(), Length(max=600)])


class LegalCaseForm(VersionedForm):
    role = SelectField(_l("How the resident faces the law"), [InputRequired()], coerce=LegalRole)
    step = SelectField(_l("Where the case stands"), [InputRequired()], coerce=LegalStep)
    from_on = DateField(_l("Since"), [InputRequired()])
    officer = StringField(_l("Officer of BAPAS (PK)"), [Length(max=200)])
    officer_phone = StringField(_l("Phone of the officer"), [Length(max=60)])
    office = StringField(_l("BAPAS, police or court"), [Length(max=200)])
    reference = StringField(_l("Number of the case or letter"), [Length(max=200)])
    terms = TextAreaField(_l("Terms of the diversion or the decision"), [Length(max=2000)])
    note = TextAreaField(_l("Note"), [Length(max=2000)])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.role.choices = choices(LegalRole)
        self.step.choices = [answer for answer in choices(LegalStep) if answer[0] is not LegalStep.CLOSED]


class RestrictForm(VersionedForm):
    reason = TextAreaField(
        _l("Reason"), [DataRequired(), Length(max=1000)], description=_l("Kept encrypted; read by the team only.")
    )


class AttachmentForm(FoyerForm):
    kind = SelectField(_l("What it is"), [InputRequired()], coerce=AttachmentKind)
    title = StringField(_l("Name of the document"), [Length(max=200)], description=_l("Empty: the kind is its name."))
    file = FileField(
        _l("File"),
        [FileRequired()],
        description=_l("A photo from the phone (JPEG, PNG, WebP) is made small; a PDF has at most 3 MB."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind.choices = choices(AttachmentKind)


class ReasonForm(VersionedForm):
    reason = TextAreaField(_l("Why"), [DataRequired(), Length(max=1000)])

    note = TextAreaField(_l("Note"), [Optional(), Length(max=1000)])


RELATIVE_REFUSALS: Refusals = {
    family.SafetyReasonMissing: (
        "safety_reason",
        _l("Please say what to mind, so that nobody puts the resident in danger by a call."),
    ),
}
END_REFUSALS: Refusals = {
    family.EndReasonMissing: ("reason", _l("Please say why.")),
    ppks.SourceMissing: ("reason", _l("Please say why.")),
    ppks.EndBeforeStart: ("on", _l("It cannot end before it began.")),
    ppks.MarkEnded: (None, _l("This has ended already.")),
}
KIND_REFUSALS: Refusals = {
    ppks.UnknownKind: ("code", _l("This kind is not in the list in force.")),
    ppks.KindStands: ("code", _l("This kind is recorded already.")),
    ppks.SourceMissing: ("source", _l("Please say who says so.")),
}
VERIFY_REFUSALS: Refusals = {
    ppks.SelfVerified: (None, _l("You proposed this yourself; somebody else has to verify it.")),
    ppks.NotProposed: (None, _l("This is verified or ended already.")),
    ppks.SourceMissing: ("source", _l("Please say what confirms it.")),
}
CASE_REFUSALS: Refusals = {restriction.CaseClosed: (None, _l("This case is over and stays as it was."))}
RESTRICT_REFUSALS: Refusals = {
    restriction.ReasonMissing: ("reason", _l("Please give a reason.")),
    restriction.CaseOpen: (None, _l("A case at law is open. The identity stays secret until it is over.")),
}
ATTACHMENT_REFUSALS: Refusals = {
    attachments.FileTooLarge: (
        "file",
        _l(
            "This file is too large: at most 12 MB for a picture and 3 MB for a PDF. Photograph it again, page by page."
        ),
    ),
    attachments.PhotoNotAllowed: (
        "kind",
        _l("A photo needs consent, asked for under Consent, and is never kept of somebody whose identity is secret."),
    ),
    attachments.NeedsPicture: ("file", _l("A photo must be a picture, not a PDF.")),
    attachments.SameFile: ("file", _l("This very file is here already.")),
    attachments.TooManyFiles: (
        "file",
        _l("There are too many documents. Take those out of use that are no longer needed."),
    ),
    pictures.NotAPicture: ("file", _l("This is neither a picture (JPEG, PNG, WebP) nor a PDF that can be read.")),
    pictures.PictureTooLarge: ("file", _l("This picture has too many pixels. Take it at a lower resolution.")),
}
WITHDRAW_REFUSALS: Refusals = {
    attachments.WithdrawReasonMissing: ("reason", _l("Please say why.")),
    attachments.AlreadyWithdrawn: (None, _l("This document is out of use already.")),
}
