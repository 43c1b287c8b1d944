"""The forms about checks of staff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from foyer.editing import Refusals
from foyer.forms import FoyerForm, VersionedForm
from foyer.residences import checks
from foyer.residences.checks import CheckState
from foyer.residences.forms import ORDER_WRONG, optional_id, optional_member
from foyer.residences.services import NameTaken, OrderWrong
from foyer.words import choices, name_members

name_members(
    {
        CheckState.MISSING: _l("Missing"),
        CheckState.OVER: _l("No longer valid"),
        CheckState.SOON: _l("Ends within 60 days"),
        CheckState.VALID: _l("Valid"),
    }
)
KIND_REFUSALS: Refusals = {NameTaken: ("name", _l("This name is taken already."))}
CHECK_REFUSALS: Refusals = {
    OrderWrong: ("valid_until", ORDER_WRONG),
    checks.NotYetIssued: ("issued_on", _l("This day has not come yet.")),
    checks.SeenByOneself: ("seen_by", _l("Nobody checks the own papers: name who else saw the original.")),
}
WITHDRAW_REFUSALS: Refusals = {
    checks.WithdrawnAlready: (None, _l("This entry was taken back already.")),
    checks.ReasonMissing: ("why", _l("Please write why, for whoever reads this later.")),
}
Options = Sequence[tuple[Any, str]]


class CheckFilterForm(FoyerForm):
    class Meta(FoyerForm.Meta):
        csrf = False

    state = SelectField(_l("What"), [Optional()], coerce=optional_member(CheckState))
    kind = SelectField(_l("Check"), [Optional()], coerce=optional_id)

    def __init__(self, *args: Any, kinds: Options, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.state.choices = choices(CheckState, empty=_l("Everybody"))
        self.kind.choices = [("", _l("All checks")), *kinds]


class CheckKindForm(VersionedForm):
    name = StringField(_l("Name of the check"), [DataRequired(), Length(max=120)])
    source = StringField(
        _l("Which rule asks for it"), [Length(max=300)], description=_l("Law, circular or the house's own rule.")
    )
    is_active = BooleanField(
        _l("Asked for at present"), default=True, description=_l("Untick it; what was recorded stays.")
    )


class CheckForm(FoyerForm):
    kind_id = SelectField(_l("Check"), [InputRequired()], coerce=optional_id)
    issuer = StringField(_l("Issued by"), [DataRequired(), Length(max=200)])
    number = StringField(
        _l("Number"), [Length(max=120)], description=_l("Kept encrypted. What stands in the paper is not written here.")
    )
    issued_on = DateField(_l("Issued on"), [InputRequired()])
    valid_until = DateField(_l("Valid until"), [Optional()], description=_l("Empty: it has no end."))
    seen_by = StringField(_l("Original seen by"), [DataRequired(), Length(max=200)])

    def __init__(self, *args: Any, kinds: Options, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind_id.choices = list(kinds)


class WithdrawCheckForm(FoyerForm):
    why = StringField(_l("What was wrong"), [DataRequired(), Length(max=300)])
