"""Forms of the destruction of a file: one box that somebody ticks who has read what follows."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import DataRequired

from foyer.editing import Refusals
from foyer.forms import VersionedForm
from foyer.leaving import destroying


class SureForm(VersionedForm):
    is_sure = BooleanField(_l("I have read this: nothing brings the file back."), [DataRequired()])


_PERIOD = _l("The period of this file is not over, so it is kept.")
_HOLD = _l("A hold keeps this file. It has to be lifted first, with a reason.")
PROPOSE_REFUSALS: Refusals = {
    destroying.PeriodNotOver: (None, _PERIOD),
    destroying.UnderHold: (None, _HOLD),
    destroying.ProposedAlready: (None, _l("This is proposed already and waits for the second person.")),
}
CONFIRM_REFUSALS: Refusals = {
    destroying.PeriodNotOver: (None, _PERIOD),
    destroying.UnderHold: (None, _HOLD),
    destroying.SelfConfirmation: (None, _l("You proposed this yourself. Somebody else carries it out.")),
    destroying.NotProposed: (None, _l("This does not wait for a second person any more.")),
}
