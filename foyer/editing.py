"""The dance of every page that edits a record: validate, let the service decide, commit, or say why not.

What somebody typed is never lost: a refusal comes back as a sentence at its field, and where somebody else changed the
record meanwhile both versions are shown, with status 409.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import render_template
from flask_babel import gettext
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from wtforms import BooleanField, DateField, Field, FieldList, SelectField, SelectMultipleField
from wtforms.widgets import TimeInput

from foyer.database import db
from foyer.errors import FoyerError, Stale
from foyer.formatting import clock, short_date
from foyer.forms import FoyerForm

# Error: (field or None, sentence); the sentence may be a function of the error, where that says what is missing.
Refusals = Mapping[type[FoyerError], tuple[str | None, Any]]
_HIDDEN = ("CSRFTokenField", "HiddenField", "SubmitField")


class ClockField(Field):
    """A time of day, in minutes after midnight. ``closes``: midnight as an end is the end of the day."""

    widget = TimeInput()

    def __init__(self, *args: Any, closes: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.closes = closes
        self.type = "TimeField"  # so that the form's macro draws it as one

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else clock(self.data % 1440).replace(".", ":")

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = str(valuelist[0]).strip().replace(".", ":") if valuelist else ""
        self.data = None
        if not typed:
            return
        hours, _, minutes = typed.partition(":")
        if not (hours.isdigit() and minutes[:2].isdigit() and int(hours) <= 24 and int(minutes[:2]) < 60):
            raise ValueError(self.gettext("Not a valid time value."))
        value = int(hours) * 60 + int(minutes[:2])
        if value > 1440:
            raise ValueError(self.gettext("Not a valid time value."))
        self.data = 1440 if self.closes and value == 0 else value


def submitted(form: FoyerForm, act: Callable[[], Any], refusals: Refusals | None = None) -> bool:
    """Whether the form was sent, is valid, and ``act`` was done and committed. The one commit of an editing page."""
    if not form.validate_on_submit():
        return False
    refusals = refusals or {}
    try:
        act()
        db.session.commit()
        return True
    except (Stale, StaleDataError):
        form.is_stale = True  # type: ignore[attr-defined]
    except IntegrityError:
        form.refuse(None, gettext("Somebody saved something a moment ago that clashes with this. Please look again."))
    except tuple(refusals) as refusal:
        refuse(form, refusals, refusal)
    db.session.rollback()
    return False


def refuse(form: FoyerForm, refusals: Refusals, refusal: FoyerError) -> None:
    """Put a refusal into the form as its sentence."""
    name, sentence = refusals[type(refusal)]
    form.refuse(form[name] if name else None, str(sentence(refusal) if callable(sentence) else sentence))


def form_page(
    template: str, form: FoyerForm, current: Callable[[], FoyerForm] | None = None, **context: Any
) -> tuple[str, int]:
    """The form's page: as it is, with what was wrong (422), or with both versions (409); ``current`` gives the form as
    it would be filled from the record that is saved now."""
    rows, status = [], 422 if form.errors else 200
    if getattr(form, "is_stale", False):
        status = 409
        if current is not None:
            saved = current()
            rows = differences(saved, form)
            form["version"].data = saved["version"].data
    return render_template(template, form=form, conflict=rows if status == 409 else None, **context), status


def differences(saved: FoyerForm, typed: FoyerForm) -> list[tuple[str, str, str]]:
    """Label, saved value and typed value of every field on which two fillings of a form differ."""
    return [
        (str(field.label.text), shown(saved[field.name]), shown(field))
        for field in typed
        if field.type not in _HIDDEN and field.name in saved and shown(saved[field.name]) != shown(field)
    ]


def shown(field: Any) -> str:
    """A field's value as a person reads it."""
    value = field.data
    if isinstance(field, BooleanField):
        return gettext("yes") if value else gettext("no")
    if isinstance(field, SelectMultipleField | SelectField):
        chosen = value if isinstance(field, SelectMultipleField) else [value]
        return ", ".join(str(label) for answer, label, *_ in _answers(field) if answer in (chosen or [])) or "–"
    if value is None or value in ("", []):
        return "–"
    if isinstance(field, ClockField):
        return clock(value)
    if isinstance(field, DateField) and isinstance(value, date):
        return short_date(value)
    if isinstance(field, FieldList):
        lines = [
            ", ".join(shown(part) for part in (entry.form if hasattr(entry, "form") else [entry])) for entry in field
        ]
        return "; ".join(line for line in lines if set(line) - set("–, ")) or "–"
    return str(value)


def _answers(field: Any) -> list[tuple[Any, Any]]:
    return [(field.coerce(answer), label) for answer, label, *_ in (field.choices or [])]
