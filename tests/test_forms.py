"""The base form speaks in whole sentences that name the field."""

from __future__ import annotations

import ast
from pathlib import Path
from types import SimpleNamespace

import flask_wtf
import pytest
import wtforms
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, IntegerField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, NumberRange, Optional

from foyer.forms import _COUNTED, _SENTENCES, FoyerForm, VersionedForm

# Said to programmers, or never reached through our fields.
TO_PROGRAMMERS = {"Choices cannot be None.", "Invalid CSRF Token.", "CSRF token missing.", "CSRF failed."}
TO_PROGRAMMERS |= {"CSRF token expired.", "Invalid field name '%s'."}
NOT_USED = {"File must be between {min_size} and {max_size} bytes."}


class TryForm(FoyerForm):
    class Meta(FoyerForm.Meta):
        csrf = False

    name = StringField("Nama 100 %", validators=[DataRequired(), Length(min=3, max=5)])
    beds = IntegerField("Beds", validators=[InputRequired(), NumberRange(1, 8)])
    on = DateField("First day", validators=[DataRequired()])
    until = DateField("Last day", validators=[Optional()])
    places = IntegerField("Places", validators=[Optional(), NumberRange(1, 8)])
    wing = SelectField("Wing", choices=[("a", "A")], validators=[DataRequired()])
    sure = BooleanField("I am sure", validators=[DataRequired()])
    password = PasswordField("Password")
    again = PasswordField("Password", validators=[EqualTo("password")])


def _errors(app: Flask, **values: str) -> dict[str, list[str]]:
    with app.test_request_context("/", method="POST", headers={"Accept-Language": "en"}):
        form = TryForm(formdata=MultiDict(values))
        form.validate()
        return form.errors


def test_an_empty_form_names_every_field_it_misses(app: Flask) -> None:
    errors = _errors(app)
    assert errors["name"] == ["Please fill in “Nama 100 %”."]
    assert errors["beds"] == ["Please fill in “Beds”."]
    assert errors["on"] == ["Please fill in “First day”."]
    assert errors["wing"] == ["Please choose “Wing”."]
    assert errors["sure"] == ["Please tick “I am sure”."]


def test_wrong_entries_are_answered_with_what_would_be_right(app: Flask) -> None:
    errors = _errors(app, name="Alexander", beds="many", on="2027-02-30", wing="z", sure="y", password="a", again="b")
    assert errors["name"] == ["“Nama 100 %” must have between 3 and 5 characters."]
    assert errors["beds"] == ["“Beds” must be a whole number, in digits."]
    assert errors["on"] == ["“First day” must be a date that exists, for example 2027-01-04."]
    assert errors["wing"] == ["Please choose one of the answers offered for “Wing”."]
    assert errors["again"] == ["The two entries for “Password” are not the same."]
    assert _errors(app, beds="9")["beds"] == ["“Beds” must be between 1 and 8."]


def test_what_is_left_empty_is_asked_for_or_left_alone(app: Flask) -> None:
    """A browser sends an empty text for an empty number or date: it is missing, or optional, and no wrong number."""
    errors = _errors(app, beds="", on=" ", until="", places="")
    assert errors["beds"] == ["Please fill in “Beds”."]
    assert errors["on"] == ["Please fill in “First day”."]
    assert "until" not in errors
    assert "places" not in errors
    assert _errors(app, until="soon")["until"] == ["“Last day” must be a date that exists, for example 2027-01-04."]


def test_typed_text_is_trimmed_and_passwords_are_not(app: Flask) -> None:
    with app.test_request_context("/", method="POST"):
        form = TryForm(formdata=MultiDict({"name": "  Budi ", "password": " a b "}))
        assert (form.name.data, form.password.data) == ("Budi", " a b ")


def test_the_version_seen_travels_with_the_form(app: Flask) -> None:
    with app.test_request_context("/", method="POST"):
        assert VersionedForm(formdata=MultiDict({"version": "4"})).version.data == 4
        assert VersionedForm(formdata=MultiDict({"version": "x"})).version.data is None
        form = VersionedForm(formdata=None, obj=SimpleNamespace(version=7))
        assert (form.version.type, 'value="7"' in form.version()) == ("HiddenField", True)


def _phrases(package: Path) -> set[str]:
    found = set()
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr in ("gettext", "ngettext") and node.args and isinstance(node.args[0], ast.Constant):
                    found.add(str(node.args[0].value))
    return found


@pytest.mark.parametrize("library", [wtforms, flask_wtf])
def test_every_phrase_of_the_form_libraries_has_a_sentence(library: object) -> None:
    phrases = _phrases(Path(str(library.__file__)).parent)  # type: ignore[attr-defined]
    assert phrases - set(_SENTENCES) - set(_COUNTED) - TO_PROGRAMMERS - NOT_USED == set()
