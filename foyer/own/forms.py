from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length

from foyer.editing import Refusals
from foyer.forms import FoyerForm, VersionedForm
from foyer.own import services
from foyer.own.models import CorrectionState, Processing, RequestKind
from foyer.residents.consent import Purpose
from foyer.words import choices, name_members

name_members(
    {
        CorrectionState.OPEN: _l("Waiting for an answer"),
        CorrectionState.CORRECTED: _l("Done as asked"),
        CorrectionState.DECLINED: _l("Not done, and why"),
    }
)
name_members(
    {
        RequestKind.CORRECTION: _l("Asks to put something right"),
        RequestKind.OBJECTION: _l("Objects to a use"),
        RequestKind.RESTRICTION: _l("Wants a use paused until it is settled"),
    }
)
name_members(
    {
        Processing.PLANNING: _l("A computer proposes class, room and counsellor"),
        Processing.SHARING: _l("Something is given to others outside the house"),
        Processing.KEEPING: _l("Something stands in the file"),
        Processing.OTHER: _l("Another use"),
    }
)


class CorrectionForm(FoyerForm):
    """What a resident says is wrong."""

    wrong = TextAreaField(
        _l("What is wrong, and how would it be right?"),
        [DataRequired(), Length(max=2000)],
        description=_l("Only your counsellor and the head of the house read this."),
    )


class ObjectForm(FoyerForm):
    """What use a resident does not want, for ever or for now."""

    about = RadioField(_l("What is it about?"), [DataRequired()], coerce=Processing)
    kind = RadioField(
        _l("What do you want?"), [DataRequired()], coerce=RequestKind, default=RequestKind.OBJECTION.value
    )
    words = TextAreaField(
        _l("What should be different?"),
        [Length(max=2000)],
        description=_l("You need not give a reason. Only your counsellor and the head of the house read this."),
    )

    def __init__(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        super().__init__(*args, **kwargs)
        self.about.choices = choices(Processing)
        self.kind.choices = [each for each in choices(RequestKind) if each[0] is not RequestKind.CORRECTION]


class ConsentForm(FoyerForm):
    """Yes or no to one purpose. ``consent_id`` and ``version``: the answer that the page showed, 0 for none."""

    purpose = SelectField(choices=list(Purpose), coerce=Purpose)
    wants = SelectField(choices=[("yes", "yes"), ("no", "no")])
    consent_id = IntegerField(default=0)
    version = IntegerField(default=0)


class AnswerForm(VersionedForm):
    """What became of it."""

    state = RadioField(_l("What did you do?"), [DataRequired()], coerce=CorrectionState)
    answer = TextAreaField(
        _l("Answer to the resident"),
        [DataRequired(), Length(max=2000)],
        description=_l("Say what was changed, or why it stays as it is. The resident reads this."),
    )

    def __init__(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        super().__init__(*args, **kwargs)
        self.state.choices = [
            (state, words) for state, words in choices(CorrectionState) if state is not CorrectionState.OPEN
        ]


ANSWER_REFUSALS: Refusals = {
    services.AnsweredAlready: (None, _l("Somebody has answered this request already. Reload the page to read it."))
}
