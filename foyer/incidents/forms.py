"""The forms of an incident. The report is filled in standing, on a phone, in two minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from foyer.editing import ClockField, Refusals
from foyer.forms import FoyerForm, VersionedForm
from foyer.incidents import clocks, handling, reporting
from foyer.incidents import labels as _labels  # noqa: F401  the words
from foyer.incidents.models import ABOUT_PEOPLE, IncidentKind, IncidentState, InvolvedAs, Seriousness, Told
from foyer.residences.forms import CheckboxesField, optional_id, optional_member
from foyer.words import choices

LONG = Length(max=4000)
MOST_PEOPLE = 6
Options = Sequence[tuple[Any, str]]
CONFIDENTIAL = _l("Kept encrypted; read by the managers and by the team of those who were involved.")
NO_NAMES = _l("What you saw and heard, in the order of it. No names here and no blame: who was involved stands above.")


class PeopleForm(FoyerForm):
    """Up to ``MOST_PEOPLE`` residents, each with the part they had (``person_0``, ``role_0``, ...)."""

    def fill_people(self, residents: Options) -> None:
        """Give every line its choices."""
        for number in range(MOST_PEOPLE):
            self[f"person_{number}"].choices = [("", _l("nobody (else)")), *residents]
            self[f"role_{number}"].choices = choices(InvolvedAs)

    @property
    def lines(self) -> list[tuple[Any, Any]]:
        """The pairs of fields, as the template draws them."""
        return [(self[f"person_{number}"], self[f"role_{number}"]) for number in range(MOST_PEOPLE)]

    @property
    def people(self) -> dict[int, InvolvedAs]:
        """Who was named, with the part of the first line that names them."""
        found: dict[int, InvolvedAs] = {}
        for person, role in self.lines:
            if person.data is not None:
                found.setdefault(person.data, role.data)
        return found


for _number in range(MOST_PEOPLE):
    setattr(PeopleForm, f"person_{_number}", SelectField(_l("Who"), [Optional()], coerce=optional_id))
    setattr(
        PeopleForm,
        f"role_{_number}",
        SelectField(_l("Part in it"), [Optional()], coerce=InvolvedAs, default=InvolvedAs.AFFECTED),
    )


class ReportForm(PeopleForm):
    kind = RadioField(_l("What was it"), [InputRequired()], coerce=IncidentKind)
    happened_on = DateField(_l("On"), [InputRequired()])
    happened_minute = ClockField(_l("At"), [InputRequired()], description=_l("When it happened, or was noticed."))
    where = SelectField(_l("Where"), [Optional()])
    place = StringField(_l("Or elsewhere"), [Length(max=200)])
    account = TextAreaField(_l("What happened"), [DataRequired(), LONG], description=NO_NAMES)
    done_at_once = TextAreaField(_l("What was done at once"), [LONG])
    told = CheckboxesField(_l("Who was told already"), [Optional()], coerce=Told)
    seriousness = RadioField(_l("How serious it is"), [InputRequired()], coerce=Seriousness)

    def __init__(self, *args: Any, residents: Options, places: Options, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fill_people(residents)
        self.where.flags.needed = _l("needed, here or in the next line")
        self.place.flags.needed = _l("needed if the list does not have it")
        if self.kind.data in ABOUT_PEOPLE:
            self["person_0"].flags.needed = _l("needed: at least one")
        self.kind.choices = choices(IncidentKind)
        self.seriousness.choices = choices(Seriousness)
        self.told.choices = choices(Told)
        self.where.choices = [("", _l("choose")), *places]

    def happened_at(self, zone: ZoneInfo) -> datetime:
        """The moment, on the clock of the house."""
        minute = min(self.happened_minute.data or 0, 1439)
        return datetime.combine(self.happened_on.data, time(minute // 60, minute % 60), zone)  # type: ignore[arg-type]

    def place_id(self, letter: str) -> int | None:
        """The chosen venue (``v``) or room (``r``)."""
        sort, _, number = (self.where.data or "").partition(":")
        return int(number) if sort == letter else None


class AmendForm(PeopleForm, VersionedForm):
    words = TextAreaField(_l("What is new, or was wrong"), [DataRequired(), LONG], description=CONFIDENTIAL)
    kind = SelectField(_l("What was it"), [InputRequired()], coerce=IncidentKind)
    seriousness = SelectField(_l("How serious it is"), [InputRequired()], coerce=Seriousness)
    without = CheckboxesField(_l("Named by mistake"), [Optional()], coerce=int)

    def __init__(self, *args: Any, residents: Options, named: Options, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fill_people(residents)
        self.kind.choices = choices(IncidentKind)
        self.seriousness.choices = choices(Seriousness)
        self.without.choices = list(named)


class AssignForm(VersionedForm):
    owner_id = SelectField(_l("Who looks into it"), [DataRequired()], coerce=optional_id)
    note = TextAreaField(_l("What you would like them to do"), [LONG], description=CONFIDENTIAL)

    def __init__(self, *args: Any, staff: Options, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.owner_id.choices = [("", _l("choose")), *staff]


class MeasureForm(VersionedForm):
    words = TextAreaField(
        _l("What is done"), [DataRequired(), LONG], description=_l("Help, talking, repairing; never a punishment.")
    )
    owner_id = SelectField(_l("Who does it"), [DataRequired()], coerce=optional_id)
    due_on = DateField(_l("Until"), [InputRequired()])

    def __init__(self, *args: Any, staff: Options, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.owner_id.choices = [("", _l("choose")), *staff]


class WordsForm(VersionedForm):
    """One answer in words: how it went, what came of it, why it is opened again."""

    words = TextAreaField(_l("In your words"), [DataRequired(), LONG], description=CONFIDENTIAL)


class ToldForm(VersionedForm):
    answer = RadioField(_l("Were they told"), [InputRequired()], choices=[])
    words = TextAreaField(_l("Who was told and how, or why not"), [DataRequired(), LONG], description=CONFIDENTIAL)

    def __init__(self, *args: Any, may_decide: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.answer.choices = [("yes", _l("Yes, they were told: the clock stops"))]
        if may_decide:
            self.answer.choices.append(("no", _l("They cannot be told; I decide that as a manager")))


class DecideForm(VersionedForm):
    decision = RadioField(_l("Your decision"), [InputRequired()], choices=[])
    words = TextAreaField(_l("What you want to say about it"), [LONG])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.decision.choices = [
            ("close", _l("I agree: it is closed")),
            ("back", _l("Not yet: something has to be done first")),
        ]
        self.words.flags.needed = _l("needed if it goes back")


class RulesForm(VersionedForm):
    guardian_hours = IntegerField(_l("Hours to tell the guardian of a minor"), [InputRequired(), NumberRange(1, 168)])
    guardian_source = StringField(_l("Which rule says so (guardian)"), [Length(max=300)])
    office_hours = IntegerField(_l("Hours to tell the social-affairs office"), [InputRequired(), NumberRange(1, 168)])
    office_source = StringField(
        _l("Which rule says so (office)"),
        [Length(max=300)],
        description=_l("Permensos 30/HUK/2011 asks homes to report to the office; look up within how many hours."),
    )
    data_hours = IntegerField(
        _l("Hours to write about lost personal data"),
        [InputRequired(), NumberRange(1, 72)],
        description=_l("At most 3 times 24 hours by law."),
    )
    data_source = StringField(_l("Which rule says so (personal data)"), [Length(max=300)])
    warn_hours = IntegerField(
        _l("Hours before the end at which the managers are reminded"), [InputRequired(), NumberRange(1, 48)]
    )


class FilterForm(FoyerForm):
    """What the list shows; sent as a query."""

    class Meta(FoyerForm.Meta):
        csrf = False

    state = SelectField(_l("State"), [Optional()])
    kind = SelectField(_l("What was it"), [Optional()], coerce=optional_member(IncidentKind))
    seriousness = SelectField(_l("How serious it is"), [Optional()], coerce=optional_member(Seriousness))
    sort = SelectField(_l("Order"), [Optional()], choices=[])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.state.choices = [("", _l("all")), ("open", _l("not closed")), *choices(IncidentState)]
        self.kind.choices = choices(IncidentKind, empty=_l("all"))
        self.seriousness.choices = choices(Seriousness, empty=_l("all"))
        self.sort.choices = [
            ("newest", _l("newest first")),
            ("oldest", _l("oldest first")),
            ("serious", _l("most serious first")),
        ]


_CLOSED = (None, _l("It is closed. Open it again first, with a reason."))
_WORDS = ("words", _l("Please say it in words."))
REPORT_REFUSALS: Refusals = {
    reporting.HappenedAhead: ("happened_minute", _l("This time lies ahead. Please write when it happened.")),
    reporting.PlaceMissing: ("where", _l("Please say where it happened.")),
    reporting.PeopleMissing: ("person_0", _l("Please name at least one resident who was involved.")),
    clocks.WordsMissing: ("account", _l("Please say what happened.")),
}
ACT_REFUSALS: Refusals = {
    reporting.IncidentClosed: _CLOSED,
    clocks.WordsMissing: _WORDS,
    clocks.ClockStopped: (None, _l("Somebody wrote down meanwhile that they were told.")),
    handling.NobodyAnswers: (None, _l("Nobody looks into it yet. A manager gives it to somebody first.")),
    handling.MeasureDone: (None, _l("Somebody wrote down meanwhile that this is done.")),
    handling.WorkOpen: (None, _l("A clock still runs, or a measure is not done. Finish these first.")),
    handling.NotProposed: (None, _l("It does not wait for a decision any more.")),
    handling.SelfApproval: (None, _l("You proposed it, reported it, or answer for it. Another manager closes it.")),
    handling.NotClosed: (None, _l("It is open already.")),
}
MEASURE_REFUSALS: Refusals = {**ACT_REFUSALS, handling.DayPast: ("due_on", _l("This day is past."))}
