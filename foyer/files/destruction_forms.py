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


_KEPT: Refusals = {
    destroying.LivesHere: (None, _l("This person's stay is not over. The period of the file begins when it is.")),
    destroying.NoPeriod: (
        None,
        _l("The house has not laid down how long files are kept. While it has not, no file is destroyed."),
    ),
    destroying.PeriodNotOver: (None, _l("The period of this file is not over, so it is kept.")),
    destroying.NothingReached: (None, _l("The schedule reaches nothing here, so nothing is destroyed.")),
    destroying.UnderHold: (None, _l("A hold keeps this file. It has to be lifted first, with a reason.")),
}
PROPOSE_REFUSALS: Refusals = {
    **_KEPT,
    destroying.ProposedAlready: (None, _l("This is proposed already and waits for the second person.")),
}
CONFIRM_REFUSALS: Refusals = {
    **_KEPT,
    destroying.SelfConfirmation: (None, _l("You proposed this yourself. Somebody else carries it out.")),
    destroying.NotProposed: (None, _l("This does not wait for a second person any more.")),
}
