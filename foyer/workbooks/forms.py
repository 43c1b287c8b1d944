from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, HiddenField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import DataRequired, InputRequired, NumberRange

from foyer.forms import FoyerForm
from foyer.workbooks.messages import column_name, kind_name
from foyer.workbooks.recognising import Question
from foyer.workbooks.vocabulary import IGNORE, KINDS


class UploadForm(FoyerForm):
    file = FileField(
        _l("Workbook"),
        description=_l("An Excel workbook (.xlsx), or one table saved as .csv."),
        validators=[FileRequired()],
    )


class CycleForm(FoyerForm):
    starts_on = DateField(_l("First day, a Monday"), validators=[DataRequired()])
    weeks = IntegerField(_l("Weeks"), validators=[InputRequired(), NumberRange(1, 53)])


class ConfirmForm(FoyerForm):
    """Carries the fingerprint of the dry run that the person looked at."""

    shown = HiddenField(validators=[DataRequired()])


def question_field(question: Question) -> str:
    """A field's name that stays the same however many other questions there are."""
    return "q_" + hashlib.sha256(f"{question.about} {question.signature}".encode()).hexdigest()[:12]


def questions_form(questions: Sequence[Question]) -> FoyerForm:
    """One choice per question: a meaning, or to leave it out."""
    fields: dict[str, Any] = {}
    for question in questions:
        fields[question_field(question)] = SelectField(
            question_label(question),
            description=samples_words(question),
            choices=_offers(question),
            default=question.suggestion or "",
            validators=[DataRequired()],
        )
    form: FoyerForm = type("QuestionsForm", (FoyerForm,), fields)()
    return form


def question_label(question: Question) -> str:
    if question.about == "sheet":
        return _("What is the sheet “%(sheet)s”?", sheet=question.sheet)
    if not question.heading:
        return _("What does column %(column)s of “%(sheet)s” say?", column=question.column, sheet=question.sheet)
    return _("What does “%(heading)s” on “%(sheet)s” say?", heading=question.heading, sheet=question.sheet)


def samples_words(question: Question) -> str:
    samples = ", ".join(question.samples)
    if question.about == "sheet":
        return _("Its headings: %(samples)s", samples=samples)
    return _("For instance: %(samples)s", samples=samples)


def _offers(question: Question) -> list[SelectChoice]:
    if question.about == "sheet":
        offers = [(kind, kind_name(kind)) for kind in KINDS]
    else:
        offers = [(meaning, column_name(meaning)) for meaning in KINDS[question.kind or ""].columns]
    choices = [
        ("", _("Please choose")),
        (IGNORE, _("Nothing that Foyer needs: leave it out")),
        *sorted(offers, key=lambda offer: offer[1].casefold()),
    ]
    return [SelectChoice(value, label) for value, label in choices]
