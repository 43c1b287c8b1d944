from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from foyer.breaches.services import NobodyChosen, Wanted
from foyer.editing import Refusals
from foyer.forms import FoyerForm, VersionedForm
from foyer.incidents.reporting import IncidentClosed
from foyer.residences.forms import CheckboxesField, optional_id

LONG = Length(max=4000)
_CLOSED = _l("This incident is closed. Open it again first.")
_NO_NAMES = _l("Everybody who is written to reads this: name nobody.")
TOUCHED_REFUSALS: Refusals = {
    NobodyChosen: ("residents", _l("Tick at least one who is not among those affected yet.")),
    IncidentClosed: (None, _CLOSED),
}
NOTICE_REFUSALS: Refusals = {IncidentClosed: (None, _CLOSED)}
DAYS_REVERSED = _l("The last day comes before the first one. Please put one of them right.")


class SearchForm(FoyerForm):
    """Whose reading is looked at; sent with GET."""

    class Meta:
        csrf = False

    who = SelectField(
        _l("Files opened by"),
        coerce=optional_id,
        description=_l("The account that was used, or every file where a computer, a phone or a backup was lost."),
    )
    first = DateField(_l("From"), [InputRequired()])
    last = DateField(_l("To"), [InputRequired()])

    def __init__(self, *args: Any, accounts: Sequence[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.who.choices = [("", _l("every file that the house keeps")), *accounts]

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.who.data, self.first.data, self.last.data)  # type: ignore[arg-type]


class TouchedForm(VersionedForm):
    who, first, last = HiddenField(), HiddenField(), HiddenField()  # the search whose answer is ticked
    residents = CheckboxesField(_l("Whose data it was"), coerce=int)

    def __init__(self, *args: Any, residents: Sequence[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.residents.choices = list(residents)
        self.residents.flags.needed = _l("needed: at least one")


class NoticeForm(VersionedForm):
    which_data = TextAreaField(_l("Which data"), [DataRequired(), LONG], description=_NO_NAMES)
    how = TextAreaField(_l("When and how they were lost or read"), [DataRequired(), LONG], description=_NO_NAMES)
    remedy = TextAreaField(
        _l("What the house does about it, and what those affected can do"),
        [DataRequired(), LONG],
        description=_NO_NAMES,
    )
