from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from foyer.caseload.rights import Part
from foyer.copies.labels import LABELS as LABELS  # the words of audiences
from foyer.copies.sources import Audience
from foyer.forms import FoyerForm
from foyer.words import words


class CopyForm(FoyerForm):
    """For whom a copy is, and which parts go in: fewer is better where fewer are asked for."""

    audience = RadioField(
        _l("Who gets it?"),
        [InputRequired()],
        coerce=Audience,
        description=_l("A copy for the resident leaves out who reported and how other people can be reached."),
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
