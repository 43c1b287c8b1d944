from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FieldList, Form, FormField, HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from foyer.editing import ClockField
from foyer.forms import VersionedForm
from foyer.residences.forms import CheckboxesField
from foyer.residences.models import VariantKind
from foyer.residences.variant_services import BlockRow
from foyer.residences.variants import BlockChange
from foyer.words import choices

EXTRA_ROWS = 2
_KEY = re.compile(r"([0-6](?:\.[0-6])*):(\d{1,4}):(\d{1,4})")

KINDS_OF_SESSIONS = [
    ("class", _l("Classes of the trades")),
    ("education", _l("Education groups")),
    ("appointment", _l("Individual counselling")),
]


class BlockRowForm(Form):
    """What becomes of one usual block. ``key``: its weekdays and hours."""

    key = HiddenField()
    falls_out = BooleanField(_l("Falls out"))
    start = ClockField(_l("From"), [Optional()])
    end = ClockField(_l("To"), [Optional()], closes=True)
    name = StringField(_l("Called"), [Optional(), Length(max=120)])

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if not valid or self.falls_out.data:
            return valid
        if not _KEY.fullmatch(self.key.data or ""):
            self.end.errors = [_("This page was open too long. Please send the form again.")]
        elif self.start.data is None or self.end.data is None:
            self.end.errors = [_("Give both times, or tick that it falls out.")]
        elif self.start.data >= self.end.data:
            self.end.errors = [_("The end must come after the beginning.")]
        return not self.end.errors

    @property
    def change(self) -> BlockChange | None:
        """The row as an entry of the variant."""
        found = _KEY.fullmatch(self.key.data or "")
        if found is None:
            return None
        days = tuple(int(day) for day in found[1].split("."))
        hours = None if self.falls_out.data else (self.start.data, self.end.data)
        return BlockChange(days, (int(found[2]), int(found[3])), hours, (self.name.data or "").strip())


class ExtraRowForm(Form):
    """A block that only these dates have, every day; empty lines count for nothing."""

    name = StringField(_l("What happens"), [Optional(), Length(max=120)])
    start = ClockField(_l("From"), [Optional()])
    end = ClockField(_l("To"), [Optional()], closes=True)

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        filled = [bool(self.name.data), self.start.data is not None, self.end.data is not None]
        if valid and any(filled) and not all(filled):
            self.end.errors = [_("Give the name, the beginning and the end, or leave the line empty.")]
        elif valid and all(filled) and self.start.data >= self.end.data:
            self.end.errors = [_("The end must come after the beginning.")]
        return valid and not self.end.errors

    @property
    def change(self) -> BlockChange | None:
        if self.start.data is None or self.end.data is None:
            return None
        return BlockChange(tuple(range(7)), None, (self.start.data, self.end.data), (self.name.data or "").strip())


class VariantForm(VersionedForm):
    """Dates with other hours: when, what falls out, and block by block the hours."""

    kind = SelectField(_l("Kind"), [InputRequired()], coerce=VariantKind)
    name = StringField(_l("Name"), [DataRequired(), Length(max=120)])
    from_on = DateField(_l("First day"), [InputRequired()])
    to_on = DateField(_l("Last day"), [InputRequired()])
    omits = CheckboxesField(
        _l("What does not take place on these days"),
        [Optional()],
        coerce=str,
        description=_l("None chosen: everything takes place, at the hours below."),
    )
    rows = FieldList(FormField(BlockRowForm))
    extras = FieldList(FormField(ExtraRowForm))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = choices(VariantKind)
        self.omits.choices = KINDS_OF_SESSIONS

    @property
    def changes(self) -> list[BlockChange]:
        """The rows and the blocks of these dates alone, as entries of the variant."""
        lines = [entry.form for entry in (*self.rows, *self.extras)]
        return [line.change for line in lines if line.change is not None]

    def row_at(self, start: int, end: int) -> Any:
        """The row or extra line that says these hours, if one does."""
        lines = [entry.form for entry in (*self.rows, *self.extras)]
        return next((line for line in lines if (line.start.data, line.end.data) == (start, end)), None)


def row_data(rows: Sequence[BlockRow]) -> list[dict[str, Any]]:
    """The usual day's blocks as lines of the form, as they are saved or, where nothing is said yet, as usual."""
    lines = []
    for row in rows:
        hours = row.change.hours if row.change else (row.start, row.end)
        lines.append(
            {
                "key": f"{'.'.join(map(str, row.days))}:{row.start}:{row.end}",
                "falls_out": hours is None,
                "start": hours[0] if hours else None,
                "end": hours[1] if hours else None,
                "name": row.change.name if row.change else "",
            }
        )
    return lines


def extra_data(changes: Sequence[BlockChange]) -> list[dict[str, Any]]:
    """The blocks of these dates alone as lines of the form, and empty ones to write in."""
    lines: list[dict[str, Any]] = [
        {"name": change.name, "start": change.hours[0], "end": change.hours[1]}
        for change in changes
        if change.usual is None and change.hours is not None
    ]
    return lines + [{"name": "", "start": None, "end": None}] * EXTRA_ROWS
