from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from foyer.caseload.rights import Part
from foyer.copies.labels import LABELS as LABELS  # the words of audiences
from foyer.copies.sources import Audience
from foyer.editing import Refusals
from foyer.forms import FoyerForm
from foyer.residents import person_labels as _person  # noqa: F401  the words of grounds
from foyer.residents.disclosing import Basis, BasisMissing, BasisReasonMissing, Release
from foyer.words import words


class CopyForm(FoyerForm):
    """For whom a copy is, and which parts go in: fewer is better where fewer are asked for."""

    audience = RadioField(
        _l("Who gets it?"),
        [InputRequired()],
        coerce=Audience,
        description=_l("A copy for the resident leaves out who reported and how other people can be reached."),
    )
    basis = RadioField(
        _l("If it is not for the resident: who receives it, and on what that stands"), [Optional()], coerce=Basis
    )
    receiver = StringField(_l("Receiver"), [Length(max=200)], description=_l("The agency or person, for the record."))
    basis_reason = TextAreaField(
        _l("Why it goes without consent"),
        [Length(max=1000)],
        render_kw={"rows": 2},
        description=_l("Only where no consent is asked: which authority, which case, which danger."),
    )
    parts = SelectMultipleField(
        _l("What goes in?"),
        [DataRequired(_l("Choose at least one part."))],
        coerce=Part,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def __init__(self, *args: Any, parts: Sequence[Part], **kwargs: Any) -> None:
        kwargs.setdefault("data", {"audience": Audience.RESIDENT, "parts": list(parts)})
        super().__init__(*args, **kwargs)
        self.audience.choices = [(one, words(one)) for one in (Audience.RESIDENT, Audience.HOUSE)]
        self.parts.choices = [(part, words(part)) for part in parts]
        self.basis.choices = [(one, words(one)) for one in Basis]
        self.basis.flags.needed = _l("needed if it is not for the resident")
        self.basis_reason.flags.needed = _l("needed where no consent is asked")

    @property
    def release(self) -> Release | None:
        """On what it stands that others get the copy; None where nobody said."""
        if not self.basis.data:
            return None
        return Release(self.basis.data, self.receiver.data or "", self.basis_reason.data or "")


RELEASE_REFUSALS: Refusals = {
    BasisMissing: ("basis", _l("Please say who receives it, and on what that stands.")),
    BasisReasonMissing: ("basis_reason", _l("Please say why it goes out without consent.")),
}
