from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from foyer.editing import Refusals
from foyer.forms import VersionedForm
from foyer.residences.forms import optional_id
from foyer.residents import services


class PairForm(VersionedForm):
    """Two residents kept apart. The two are chosen once; later only where, until when and why."""

    resident_a = SelectField(_l("One resident"), [DataRequired()], coerce=optional_id)
    resident_b = SelectField(_l("The other resident"), [DataRequired()], coerce=optional_id)
    in_room = BooleanField(_l("Apart in rooms"), default=True)
    in_class = BooleanField(_l("Apart in classes"))
    until_on = DateField(_l("Last day apart"), [Optional()], description=_l("Empty: until somebody ends it."))
    reason = TextAreaField(
        _l("Reason"),
        [Length(max=2000)],
        description=_l("Kept encrypted. Write only what the planning needs."),
    )

    def __init__(self, *args: Any, residents: list[tuple[int, str]] | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if residents is None:
            del self["resident_a"], self["resident_b"]
        else:
            for field in (self.resident_a, self.resident_b):
                field.choices = [("", _l("choose")), *residents]


class EndPairForm(VersionedForm):
    reason = TextAreaField(_l("Why it can end"), [DataRequired(), Length(max=2000)])


PAIR_REFUSALS: Refusals = {
    services.SamePerson: ("resident_b", _l("Choose two different residents.")),
    services.PairExists: ("resident_b", _l("These two are a pair already. Open it in the list to change it.")),
    services.NothingKeptApart: ("in_room", _l("Tick rooms, classes, or both.")),
}
