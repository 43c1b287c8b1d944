from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from foyer.cycles.services import MOST_WEEKS
from foyer.forms import FoyerForm


class CycleForm(FoyerForm):
    """A new cycle: its name and its dates."""

    year = IntegerField(_l("Year"), validators=[InputRequired(), NumberRange(2000, 2100)])
    number = IntegerField(
        _l("Number"),
        validators=[InputRequired(), NumberRange(1, 6)],
        description=_l("1 for the first cycle of the year; it is shown as I."),
    )
    starts_on = DateField(
        _l("First day"), validators=[InputRequired()], description=_l("A Monday, the first night in the house.")
    )
    weeks = IntegerField(_l("Weeks"), default=17, validators=[InputRequired(), NumberRange(1, MOST_WEEKS)])
