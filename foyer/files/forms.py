from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FieldList, Form, FormField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from foyer.cycles import wishes
from foyer.editing import ClockField, Refusals
from foyer.formatting import weekday_name
from foyer.forms import FoyerForm, VersionedForm
from foyer.residences.forms import CheckboxesField, optional_id, optional_member
from foyer.residences.labels import NEEDS
from foyer.residences.models import Gender
from foyer.residents import labels as _labels  # noqa: F401  the words of education levels
from foyer.residents import person_labels as _person_labels  # noqa: F401  the words of cards
from foyer.residents import services as residents
from foyer.residents.models import DtsenStatus, EducationLevel, IdentityCard
from foyer.words import choices

_MONDAY_TO_FRIDAY = 7  # answers of the day select beyond the single days
_EVERY_DAY = 8
_SPANS = {_MONDAY_TO_FRIDAY: range(5), _EVERY_DAY: range(7)}


class ListForm(FoyerForm):
    """What the reader of the list of residents asks for; sent by GET."""

    class Meta(FoyerForm.Meta):
        csrf = False

    q = StringField(_l("Name"), [Optional()])
    gender = SelectField(_l("Gender"), [Optional()], coerce=optional_member(Gender))
    group = SelectField(_l("Class"), [Optional()], coerce=optional_id)
    stage = SelectField(_l("Independence stage"), [Optional()], coerce=optional_id)
    presence = SelectField(_l("Who"), [Optional()])

    def __init__(self, *args: Any, groups: list[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.gender.choices = choices(Gender, empty=_l("all"))
        self.group.choices = [("", _l("all")), *groups]
        self.stage.choices = [("", _l("all")), *[(n, str(n)) for n in range(1, 5)]]
        self.presence.choices = [
            ("now", _l("here or expected")),
            ("arriving", _l("expected")),
            ("leaving", _l("leaving within two weeks")),
            ("left", _l("has left")),
            ("all", _l("everybody")),
        ]


class IdentityForm(VersionedForm):
    full_name = StringField(_l("Full name"), [DataRequired(), Length(max=200)])
    gender = SelectField(_l("Gender"), [InputRequired()], coerce=Gender)
    born_on = DateField(_l("Born on"), [InputRequired()])
    birth_place = StringField(_l("Place of birth"), [Length(max=120)])
    religion = StringField(_l("Religion"), [Length(max=60)])
    called = StringField(_l("Called"), [Length(max=60)], description=_l("What people call the resident every day."))
    home_address = TextAreaField(_l("Home address"), [Length(max=400)], description=_l("Kept encrypted."))
    identity_card = SelectField(_l("Identity card"), [Optional()], coerce=optional_member(IdentityCard))
    new_family_card = StringField(
        _l("Number of the family card (KK)"),
        [Length(max=40)],
        description=_l("Kept encrypted. Leave it empty to keep the number that is there."),
    )
    dtsen = SelectField(
        _l("National social data (DTSEN)"),
        [Optional()],
        coerce=optional_member(DtsenStatus),
        description=_l("Only for the record: nobody is ranked by it."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.gender.choices = choices(Gender)
        self.identity_card.choices = choices(IdentityCard, empty=_l("not known"))
        self.dtsen.choices = choices(DtsenStatus, empty=_l("not known"))


class NikForm(VersionedForm):
    nik = StringField(
        _l("Identity number (NIK)"),
        [Length(max=40)],
        description=_l("Sixteen digits. Leave it empty if there is no number yet."),
    )


NIK_REFUSALS: Refusals = {
    residents.NikMalformed: ("nik", _l("An identity number has exactly sixteen digits.")),
    residents.NikTaken: ("nik", _l("Another resident of this house has this identity number.")),
}


class OutsideForm(Form):
    """Hours of the week outside the house: one line."""

    day = SelectField(_l("Day"), [Optional()], coerce=optional_id)
    start = ClockField(_l("From"), [Optional()])
    end = ClockField(_l("To"), [Optional()], closes=True)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        days: list[tuple[Any, Any]] = [(n, weekday_name(n)) for n in range(7)]
        spans = [(_MONDAY_TO_FRIDAY, _l("Monday to Friday")), (_EVERY_DAY, _l("every day"))]
        self.day.choices = [("", "–"), *days, *spans]

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        filled = [part.data is not None for part in (self.day, self.start, self.end)]
        if valid and any(filled) and not all(filled):
            self.end.errors = [gettext("Give the day, the beginning and the end, or leave the line empty.")]
        elif valid and all(filled) and self.start.data >= self.end.data:
            self.end.errors = [gettext("The end must come after the beginning.")]
        return valid and not self.end.errors


class StayForm(VersionedForm):
    """A stay without its independence stage: that is moved by a review only (``training.independence``)."""

    arrives_on = DateField(_l("Arrives on"), [InputRequired()])
    leaves_on = DateField(
        _l("Leaves on"), [InputRequired()], description=_l("Planned. The day of leaving is not a night any more.")
    )
    education_level = SelectField(_l("Last education"), [InputRequired()], coerce=EducationLevel)
    needs = CheckboxesField(
        _l("Needs"), [Optional()], coerce=str, description=_l("Seen by the manager and the own counsellor only.")
    )
    outside = FieldList(FormField(OutsideForm), _l("Hours outside the house"))

    def __init__(self, *args: Any, own_needs: Iterable[str] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.education_level.choices = choices(EducationLevel)
        own = {code: code for code in own_needs if code not in NEEDS}
        self.needs.choices = [*NEEDS.items(), *own.items()]


STAY_REFUSALS: Refusals = {
    residents.StayOrderWrong: ("leaves_on", _l("The leaving day must come after the arrival.")),
    residents.StaysOverlap: ("arrives_on", _l("There is another stay on some of these nights.")),
}


def outside_lines(hours: Iterable[Iterable[int]]) -> list[dict[str, int | None]]:
    """The hours outside as lines of the form, days with the same hours joined, and two empty lines to write in."""
    by_hours: dict[tuple[int, int], set[int]] = {}
    for weekday, start, end in hours:
        by_hours.setdefault((start, end), set()).add(weekday)
    lines: list[dict[str, int | None]] = []
    for (start, end), weekdays in sorted(by_hours.items()):
        for answer, span in ((_EVERY_DAY, _SPANS[_EVERY_DAY]), (_MONDAY_TO_FRIDAY, _SPANS[_MONDAY_TO_FRIDAY])):
            if weekdays >= set(span):
                lines.append({"day": answer, "start": start, "end": end})
                weekdays = weekdays - set(span)
        lines += [{"day": weekday, "start": start, "end": end} for weekday in sorted(weekdays)]
    empty: dict[str, int | None] = {"day": None, "start": None, "end": None}
    return [*lines, empty, empty]


def outside_hours(lines: Iterable[Any]) -> list[list[int]]:
    """What the lines say: weekday, start, end, in order."""
    hours = {
        (weekday, line["start"], line["end"])
        for line in lines
        if line["day"] is not None
        for weekday in _SPANS.get(line["day"], (line["day"],))
    }
    return [list(hour) for hour in sorted(hours)]


class WishListForm(FoyerForm):
    """What the reader of the list of wishes asks for; sent by GET."""

    class Meta(FoyerForm.Meta):
        csrf = False

    q = StringField(_l("Name"), [Optional()])
    counsellor = SelectField(_l("Counsellor"), [Optional()], coerce=optional_id)
    who = SelectField(_l("Who"), [Optional()], default="missing")

    def __init__(self, *args: Any, counsellors: list[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.counsellor.choices = [("", _l("all")), *counsellors, (0, _l("nobody yet"))]
        self.who.choices = [
            ("missing", _l("has not chosen")),
            ("chosen", _l("has chosen")),
            ("all", _l("everybody")),
        ]


class WishesForm(VersionedForm):
    """A resident's wishes as staff enter them; fields that do not concern the reader are deleted by the view."""

    ranks = FieldList(SelectField(_l("Choice"), [Optional()], coerce=optional_id), _l("Choices, the most wanted first"))
    wants_same_gender_counsellor = BooleanField(_l("Asks for a counsellor of the same gender"))
    previous_counsellor_id = SelectField(_l("Counsellor before this cycle"), [Optional()], coerce=optional_id)
    reason = StringField(
        _l("Why it is changed now"),
        [Length(max=300)],
        description=_l(
            "Needed, because residents can no longer choose themselves. Others read it: nothing about health or law."
        ),
    )

    def __init__(self, *args: Any, trades: list[tuple[int, str]], counsellors: list[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.previous_counsellor_id.choices = [("", _l("none")), *counsellors]
        for rank, entry in enumerate(self.ranks, start=1):
            entry.choices = [("", "–"), *trades]
            entry.label.text = _l("Choice %(rank)s", rank=rank)


WISH_REFUSALS: Refusals = {
    wishes.NotPreparing: (None, _l("Wishes for this cycle can no longer be changed here.")),
    wishes.ChoiceTwice: ("ranks", _l("The same trade stands at two ranks.")),
    wishes.ChoiceGap: ("ranks", _l("A rank is empty while a later one is filled.")),
    wishes.TooManyChoices: ("ranks", _l("These are more choices than this cycle allows.")),
    wishes.TradeNotOffered: ("ranks", _l("One of these trades is not offered in this cycle.")),
    wishes.ReasonMissing: ("reason", _l("Please say why the wish is changed after the last day.")),
}
