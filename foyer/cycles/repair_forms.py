"""The small forms behind "What happened?": each records one fact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from foyer.cycles import events
from foyer.editing import ClockField, Refusals
from foyer.forms import FoyerForm
from foyer.residences import services as house
from foyer.residences.forms import CheckboxesField, optional_id, optional_member, weekday_choices
from foyer.residences.models import Gender
from foyer.residents import services as people
from foyer.residents.models import EducationLevel
from foyer.words import choices

Options = Sequence[tuple[int, str]]


@dataclass(frozen=True)
class Offers:
    """What the house has to choose from, by name: ``enrolled`` are enrolments, ``pairable`` and ``known`` residents
    (in the cycle; in the files without being in the cycle), ``teachers`` and ``staff`` members of staff."""

    enrolled: Options
    pairable: Options
    known: Options
    staff: Options
    teachers: Options
    rooms: Options
    venues: Options
    groups: Options
    trades: Options


def _chosen(field: Any, options: Options, empty: Any) -> None:
    field.choices = [("", empty), *options]


class EventForm(FoyerForm):
    """A fact and the first day on which it holds."""

    from_on = DateField(_l("From which day on"), [InputRequired()])
    until_on = DateField(
        _l("Back on"), [Optional()], description=_l("The first day on which it is over. Empty: not known yet.")
    )

    def offer(self, offers: Offers) -> None:
        """Fill the lists."""


class HoursForm(EventForm):
    """An absence of some hours of the week, or altogether."""

    weekdays = CheckboxesField(
        _l("Only on these days"), [Optional()], coerce=int, description=_l("None ticked: every day, all day.")
    )
    start_minute = ClockField(_l("From"), [Optional()], description=_l("Empty: the whole day."))
    end_minute = ClockField(_l("To"), [Optional()], closes=True)

    def offer(self, offers: Offers) -> None:
        self.weekdays.choices = weekday_choices()

    def validate_start_minute(self, field: Any) -> None:
        if field.data is not None and not self.weekdays.data:
            raise ValidationError(str(_l("Please tick the days on which these hours are missing.")))

    @property
    def hours(self) -> dict[str, Any]:
        start, end = self.start_minute.data, self.end_minute.data
        return {
            "weekdays": self.weekdays.data or [],
            "start_minute": 0 if start is None else start,
            "end_minute": 1440 if end is None else end,
        }


class ArrivalForm(EventForm):
    """Somebody comes to live here: from the files, or new."""

    resident_id = SelectField(
        _l("Who arrives"),
        [Optional()],
        coerce=optional_id,
        description=_l("Whoever was here before is in this list. Everybody else: fill in the next three fields."),
    )
    full_name = StringField(_l("Full name"), [Length(max=200)])
    gender = SelectField(_l("Gender"), [Optional()], coerce=optional_member(Gender))
    born_on = DateField(_l("Day of birth"), [Optional()])
    education_level = SelectField(_l("Last education"), [InputRequired()], coerce=optional_member(EducationLevel))
    choice_1 = SelectField(_l("First wish"), [Optional()], coerce=optional_id)
    choice_2 = SelectField(_l("Second wish"), [Optional()], coerce=optional_id)
    choice_3 = SelectField(_l("Third wish"), [Optional()], coerce=optional_id)

    def offer(self, offers: Offers) -> None:
        self.from_on.label.text = str(_l("First night"))
        self.until_on.label.text = str(_l("Leaves on"))
        self.until_on.description = _l("As far as it is known. Empty: with the end of the cycle.")
        _chosen(self.resident_id, offers.known, _l("somebody new"))
        self.gender.choices = choices(Gender, empty=_l("choose"))
        self.education_level.choices = choices(EducationLevel, empty=_l("choose"))
        for field in (self.choice_1, self.choice_2, self.choice_3):
            _chosen(field, offers.trades, _l("none"))

    def validate_full_name(self, field: Any) -> None:
        self._needed(field)

    def validate_gender(self, field: Any) -> None:
        self._needed(field)

    def validate_born_on(self, field: Any) -> None:
        self._needed(field)
        if field.data is not None and self.from_on.data is not None and field.data >= self.from_on.data:
            raise ValidationError(str(_l("The day of birth must lie before the arrival.")))

    def _needed(self, field: Any) -> None:
        if self.resident_id.data is None and not field.data:
            raise ValidationError(str(_l("Please fill this in for somebody new, or choose who arrives above.")))


class DepartureForm(EventForm):
    enrolment_id = SelectField(_l("Who leaves"), [DataRequired()], coerce=optional_id)

    def offer(self, offers: Offers) -> None:
        del self["until_on"]
        self.from_on.label.text = str(_l("Day of leaving"))
        self.from_on.description = _l("The night before is the last one here.")
        _chosen(self.enrolment_id, offers.enrolled, _l("choose"))


class ResidentAwayForm(HoursForm):
    enrolment_id = SelectField(_l("Who"), [DataRequired()], coerce=optional_id)

    def offer(self, offers: Offers) -> None:
        super().offer(offers)
        _chosen(self.enrolment_id, offers.enrolled, _l("choose"))


class StaffAwayForm(HoursForm):
    staff_id = SelectField(_l("Who"), [DataRequired()], coerce=optional_id)
    instead_staff_id = SelectField(
        _l("Who takes over the classes"),
        [Optional()],
        coerce=optional_id,
        description=_l("Only for somebody away all week. Empty: whoever else is qualified."),
    )

    def offer(self, offers: Offers) -> None:
        super().offer(offers)
        _chosen(self.staff_id, offers.staff, _l("choose"))
        _chosen(self.instead_staff_id, offers.teachers, _l("nobody in particular"))


class ReplacedForm(EventForm):
    staff_id = SelectField(_l("Who taught until now"), [DataRequired()], coerce=optional_id)
    instead_staff_id = SelectField(_l("Who teaches from then on"), [DataRequired()], coerce=optional_id)

    def offer(self, offers: Offers) -> None:
        del self["until_on"]
        for field in (self.staff_id, self.instead_staff_id):
            _chosen(field, offers.teachers, _l("choose"))


class RoomClosedForm(EventForm):
    room_id = SelectField(_l("Which room"), [DataRequired()], coerce=optional_id)
    reason = StringField(_l("Reason"), [DataRequired(), Length(max=300)])

    def offer(self, offers: Offers) -> None:
        _chosen(self.room_id, offers.rooms, _l("choose"))


class VenueClosedForm(EventForm):
    venue_id = SelectField(_l("Which place"), [DataRequired()], coerce=optional_id)
    instead_venue_id = SelectField(
        _l("Where its classes meet instead"),
        [Optional()],
        coerce=optional_id,
        description=_l("Nowhere: then also say below, under “A class closes”, which classes stop."),
    )

    def offer(self, offers: Offers) -> None:
        _chosen(self.venue_id, offers.venues, _l("choose"))
        _chosen(self.instead_venue_id, offers.venues, _l("nowhere"))


class ClassClosedForm(EventForm):
    group_id = SelectField(_l("Which class or group"), [DataRequired()], coerce=optional_id)

    def offer(self, offers: Offers) -> None:
        _chosen(self.group_id, offers.groups, _l("choose"))


class PartedForm(FoyerForm):
    resident_a = SelectField(_l("One resident"), [DataRequired()], coerce=optional_id)
    resident_b = SelectField(_l("The other resident"), [DataRequired()], coerce=optional_id)
    in_room = BooleanField(_l("Apart in rooms"), default=True)
    in_class = BooleanField(_l("Apart in classes"))
    until_on = DateField(_l("Last day apart"), [Optional()], description=_l("Empty: until somebody ends it."))
    reason = TextAreaField(
        _l("Reason"), [Length(max=2000)], description=_l("Kept encrypted. Write only what the planning needs.")
    )

    def offer(self, offers: Offers) -> None:
        for field in (self.resident_a, self.resident_b):
            _chosen(field, offers.pairable, _l("choose"))


class StartForm(FoyerForm):
    """From which day on the plan is repaired, and how much may change."""

    start_on = DateField(
        _l("Repair from this day on"), [InputRequired()], description=_l("Everything before it stays as it was.")
    )
    most_changes = IntegerField(
        _l("Changes at most"), [Optional(), NumberRange(0, 1000)], description=_l("Empty: as few as possible.")
    )
    most_per_resident = IntegerField(
        _l("Changes for one resident at most"), [Optional(), NumberRange(0, 10)], description=_l("Empty: no limit.")
    )
    place_unplaced = BooleanField(
        _l("Also meet needs that the plan left open"),
        description=_l("Even where others must move for it. Otherwise only where it costs nobody anything."),
    )


_OUTSIDE = _l("This day does not lie within the cycle.")
_ORDER = _l("The end must come after the beginning.")
_STAY_ORDER = _l("The day of leaving must come after the arrival.")
_AWAY = _l("This is recorded already for some of these days. Look at the list of what is away and closed.")

ARRIVAL_REFUSALS: Refusals = {
    events.OutsideCycle: ("from_on", _OUTSIDE),
    events.NameKnown: (
        "full_name",
        _l("Somebody with this name is in the house's files already. Please choose them above."),
    ),
    events.AlreadyEnrolled: ("resident_id", _l("This resident takes part in the cycle already.")),
    people.StayOrderWrong: ("until_on", _STAY_ORDER),
    people.StaysOverlap: ("from_on", _l("This resident has another stay on some of these nights.")),
}
DEPARTURE_REFUSALS: Refusals = {
    events.OutsideCycle: ("from_on", _OUTSIDE),
    people.StayOrderWrong: ("from_on", _STAY_ORDER),
}
AWAY_REFUSALS: Refusals = {
    events.OutsideCycle: ("from_on", _OUTSIDE),
    house.OrderWrong: ("until_on", _ORDER),
    events.AlreadyAway: ("from_on", _AWAY),
}
INSTEAD_REFUSALS: Refusals = {
    **AWAY_REFUSALS,
    events.StandsInForSelf: ("instead_staff_id", _l("Please choose somebody else here.")),
}
REPLACED_REFUSALS: Refusals = {
    name: refusal for name, refusal in INSTEAD_REFUSALS.items() if name is not house.OrderWrong
}
VENUE_REFUSALS: Refusals = {
    **AWAY_REFUSALS,
    events.StandsInForSelf: ("instead_venue_id", _l("Please choose another place here.")),
}
ROOM_REFUSALS: Refusals = {
    house.OrderWrong: ("until_on", _ORDER),
    house.TimesOverlap: ("from_on", _l("The room is out of service on some of these nights already.")),
}
PARTED_REFUSALS: Refusals = {
    people.SamePerson: ("resident_b", _l("Choose two different residents.")),
    people.NothingKeptApart: ("in_room", _l("Tick rooms, classes, or both.")),
}


FormMaker = Callable[..., Any]
