"""The base of every form: token on, and WTForms' own messages replaced by whole sentences from our catalogue.

Use WTForms' validators and fields as they come (``DataRequired``, ``Length``, ``NumberRange``, ``DateField`` ...): here
their English phrases become sentences that name the field, in the reader's language. A validator with a
``message=`` of its own keeps it. A new phrase of WTForms without a sentence fails ``tests/test_forms.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import get_domain, gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, MultipleFileField
from wtforms import BooleanField, Field, HiddenField, PasswordField, RadioField, SelectField, StringField
from wtforms.meta import DefaultMeta
from wtforms.widgets import HiddenInput


def ngettext(singular: str, plural: str, n: int) -> str:
    """The sentence for ``n``, its placeholders left for WTForms and for the label (flask-babel would fill in all)."""
    return str(get_domain().get_translations().ungettext(singular, plural, n))


# WTForms' phrase: our sentence. ``%(label)s`` is the field's label; other placeholders are WTForms' own.
_SENTENCES: dict[str, Callable[[], str]] = {
    "This field is required.": lambda: gettext("Please fill in “%(label)s”."),
    "Invalid input.": lambda: gettext("“%(label)s” is not written as expected."),
    "Not a valid choice.": lambda: gettext("Please choose one of the answers offered for “%(label)s”."),
    "Invalid Choice: could not coerce.": lambda: gettext("Please choose one of the answers offered for “%(label)s”."),
    "Invalid choice(s): one or more data inputs could not be coerced.": lambda: gettext(
        "Please choose only from the answers offered for “%(label)s”."
    ),
    "Not a valid integer value.": lambda: gettext("“%(label)s” must be a whole number, in digits."),
    "Not a valid decimal value.": lambda: gettext("“%(label)s” must be a number."),
    "Not a valid float value.": lambda: gettext("“%(label)s” must be a number."),
    "Not a valid date value.": lambda: gettext("“%(label)s” must be a date that exists, for example 2027-01-04."),
    "Not a valid datetime value.": lambda: gettext("“%(label)s” must be a date and time that exist."),
    "Not a valid time value.": lambda: gettext("“%(label)s” must be a time, for example 08:00."),
    "Not a valid week value.": lambda: gettext("“%(label)s” must be a week, for example 2027-W01."),
    "Field must be equal to %(other_name)s.": lambda: gettext("The two entries for “%(label)s” are not the same."),
    "Number must be at least %(min)s.": lambda: gettext("“%(label)s” must be at least %(min)s."),
    "Number must be at most %(max)s.": lambda: gettext("“%(label)s” must be at most %(max)s."),
    "Number must be between %(min)s and %(max)s.": lambda: gettext("“%(label)s” must be between %(min)s and %(max)s."),
    "Date must be at least %(min)s.": lambda: gettext("“%(label)s” must not be before %(min)s."),
    "Date must be at most %(max)s.": lambda: gettext("“%(label)s” must not be after %(max)s."),
    "Date must be between %(min)s and %(max)s.": lambda: gettext("“%(label)s” must lie between %(min)s and %(max)s."),
    "Field must be between %(min)d and %(max)d characters long.": lambda: gettext(
        "“%(label)s” must have between %(min)d and %(max)d characters."
    ),
    "Invalid email address.": lambda: gettext("“%(label)s” must be an e-mail address."),
    "Invalid IP address.": lambda: gettext("“%(label)s” must be a network address."),
    "Invalid Mac address.": lambda: gettext("“%(label)s” must be a device address."),
    "Invalid URL.": lambda: gettext("“%(label)s” must be a web address."),
    "Invalid UUID.": lambda: gettext("“%(label)s” is not written as expected."),
    "Invalid value, must be one of: %(values)s.": lambda: gettext("“%(label)s” must be one of: %(values)s."),
    "Invalid value, can't be any of: %(values)s.": lambda: gettext("“%(label)s” must be none of: %(values)s."),
    "This field cannot be edited.": lambda: gettext("“%(label)s” cannot be changed here."),
    "This field is disabled and cannot have a value.": lambda: gettext("“%(label)s” cannot be changed here."),
    "File does not have an approved extension: {extensions}": lambda: gettext(
        "This kind of file cannot be read here. Please choose a file that ends in: {extensions}."
    ),
    "File does not have an approved extension.": lambda: gettext("This kind of file cannot be read here."),
    "The CSRF token is missing.": lambda: gettext("This page was open too long. Please send the form again."),
    "The CSRF token is invalid.": lambda: gettext("This page was open too long. Please send the form again."),
    "The CSRF token has expired.": lambda: gettext("This page was open too long. Please send the form again."),
    "The CSRF session token is missing.": lambda: gettext("This page was open too long. Please send the form again."),
    "The CSRF tokens do not match.": lambda: gettext("This page was open too long. Please send the form again."),
}

_COUNTED: dict[str, Callable[[int], str]] = {
    "Field must be at least %(min)d character long.": lambda n: ngettext(
        "“%(label)s” must have at least %(min)d character.", "“%(label)s” must have at least %(min)d characters.", n
    ),
    "Field cannot be longer than %(max)d character.": lambda n: ngettext(
        "“%(label)s” must have at most %(max)d character.", "“%(label)s” must have at most %(max)d characters.", n
    ),
    "Field must be exactly %(max)d character long.": lambda n: ngettext(
        "“%(label)s” must have exactly %(max)d character.", "“%(label)s” must have exactly %(max)d characters.", n
    ),
    "'%(value)s' is not a valid choice for this field.": lambda n: ngettext(
        "%(value)s is not among the answers offered for “%(label)s”.",
        "%(value)s are not among the answers offered for “%(label)s”.",
        n,
    ),
}


def _required(field: Field) -> str:
    if isinstance(field, FileField | MultipleFileField):
        return gettext("Please choose a file for “%(label)s”.")
    if isinstance(field, BooleanField):
        return gettext("Please tick “%(label)s”.")
    if isinstance(field, SelectField | RadioField):
        return gettext("Please choose “%(label)s”.")
    return gettext("Please fill in “%(label)s”.")


class _Sentences:
    """Stands where WTForms expects its translations, for one field."""

    def __init__(self, field: Field):
        self.field = field

    def gettext(self, phrase: str) -> str:
        if phrase == "This field is required.":
            return self._named(_required(self.field), phrase)
        sentence = _SENTENCES.get(phrase)
        return self._named(sentence(), phrase) if sentence else gettext(phrase)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        sentence = _COUNTED.get(singular)
        return self._named(sentence(n), singular) if sentence else ngettext(singular, plural, n)

    def _named(self, sentence: str, phrase: str) -> str:
        label = str(self.field.label.text)
        if "%(" in phrase:  # WTForms will fill in the rest with the % operator
            label = label.replace("%", "%%")
        return sentence.replace("%(label)s", label)


def strip_text(value: Any) -> Any:
    """Typed text without spaces at its ends."""
    return value.strip() if isinstance(value, str) else value


class FoyerForm(FlaskForm):
    """Every form of Foyer: carries the token, speaks in sentences, trims what is typed (passwords excepted)."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> None:
            return None  # each field has its own, see bind_field

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Field:
            field: Field = DefaultMeta.bind_field(self, form, unbound_field, options)
            field._translations = _Sentences(field)  # type: ignore[attr-defined]
            if isinstance(field, StringField) and not isinstance(field, PasswordField):
                field.filters = (*field.filters, strip_text)
            return field

    def validate(self, extra_validators: Any = None) -> bool:
        """WTForms' validation; what was typed and cannot be read at all is not judged a second time."""
        valid = bool(super().validate(extra_validators))
        for field in self:
            if field.process_errors and any(str(typed).strip() for typed in field.raw_data or ()):
                field.errors = list(field.process_errors)
        return valid

    def refuse(self, field: Field | None, message: str) -> None:
        """Put a service's refusal where the person can see it: at the field, or above the form for None."""
        if field is None:
            self.form_errors.append(message)
        else:
            field.errors = [*field.errors, message]


class VersionField(HiddenField):
    """The version of the record that the person saw; hand ``data`` to ``errors.expect_version``."""

    widget = HiddenInput()
    data: Any

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.type = "HiddenField"  # so that form_for places it

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = int(valuelist[0]) if valuelist and str(valuelist[0]).isdigit() else None


class VersionedForm(FoyerForm):
    """A form over a record that several people edit: carries the version they saw."""

    version = VersionField()
