from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, TextAreaField
from wtforms.validators import DataRequired, Length

from foyer.editing import Refusals
from foyer.forms import FoyerForm, VersionedForm
from foyer.voices import surveys
from foyer.voices.models import LEVELS, Element
from foyer.words import name_members

name_members(
    {
        Element.REQUIREMENTS: _l("Requirements"),
        Element.PROCEDURE: _l("Procedure"),
        Element.TIME: _l("Time"),
        Element.COST: _l("Cost"),
        Element.RESULT: _l("Result of the service"),
        Element.COMPETENCE: _l("Competence of staff"),
        Element.CONDUCT: _l("Conduct of staff"),
        Element.COMPLAINTS: _l("Handling of complaints and suggestions"),
        Element.FACILITIES: _l("Facilities"),
    }
)
# The decree's elements in words for youths, and their four levels from worst to best.
QUESTIONS: dict[Element, tuple[Any, tuple[Any, Any, Any, Any]]] = {
    Element.REQUIREMENTS: (
        _l("How easy was it to bring what was asked for when coming here?"),
        (_l("Not easy"), _l("Less easy"), _l("Easy"), _l("Very easy")),
    ),
    Element.PROCEDURE: (
        _l("How clear are the rules and the way things go here?"),
        (_l("Not clear"), _l("Less clear"), _l("Clear"), _l("Very clear")),
    ),
    Element.TIME: (
        _l("How quickly is there help when it is needed?"),
        (_l("Not quickly"), _l("Less quickly"), _l("Quickly"), _l("Very quickly")),
    ),
    Element.COST: (
        _l("Everything here is free. Was money ever asked for?"),
        (_l("Often"), _l("Sometimes"), _l("Once or twice"), _l("Never")),
    ),
    Element.RESULT: (
        _l("How useful is what is learned and received here?"),
        (_l("Not useful"), _l("Less useful"), _l("Useful"), _l("Very useful")),
    ),
    Element.COMPETENCE: (
        _l("How well do instructors and counsellors know their work?"),
        (_l("Not well"), _l("Less well"), _l("Well"), _l("Very well")),
    ),
    Element.CONDUCT: (
        _l("How friendly and fair are the staff?"),
        (_l("Not friendly"), _l("Less friendly"), _l("Friendly"), _l("Very friendly")),
    ),
    Element.COMPLAINTS: (
        _l("What happens with complaints and suggestions?"),
        (_l("Nothing"), _l("They are heard, no more"), _l("Something is done, slowly"), _l("They are dealt with well")),
    ),
    Element.FACILITIES: (
        _l("How good are rooms, workshops, bathrooms and food?"),
        (_l("Not good"), _l("Less good"), _l("Good"), _l("Very good")),
    ),
}


class SurveyForm(FoyerForm):
    """Nine questions, one tap each."""

    requirements = RadioField(validators=[DataRequired()], coerce=int)
    procedure = RadioField(validators=[DataRequired()], coerce=int)
    time = RadioField(validators=[DataRequired()], coerce=int)
    cost = RadioField(validators=[DataRequired()], coerce=int)
    result = RadioField(validators=[DataRequired()], coerce=int)
    competence = RadioField(validators=[DataRequired()], coerce=int)
    conduct = RadioField(validators=[DataRequired()], coerce=int)
    complaints = RadioField(validators=[DataRequired()], coerce=int)
    facilities = RadioField(validators=[DataRequired()], coerce=int)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for element, (question, levels) in QUESTIONS.items():
            self[element.value].label.text = question
            self[element.value].choices = list(zip(LEVELS, levels, strict=True))

    @property
    def levels(self) -> dict[Element, int]:
        """What was answered."""
        return {element: self[element.value].data for element in Element}


class SuggestionForm(FoyerForm):
    words = TextAreaField(
        _l("What could be better here, or what is good?"),
        [DataRequired(), Length(max=2000)],
        description=_l("No name is kept with it, only the week. Please name nobody."),
    )


class PaperForm(FoyerForm):
    words = TextAreaField(_l("What stands on the slip"), [DataRequired(), Length(max=2000)])


class ReplyForm(VersionedForm):
    """What the house publishes."""

    shown_words = TextAreaField(
        _l("The suggestion, as it is published"),
        [DataRequired(), Length(max=2000)],
        description=_l("Leave out names and whatever would tell who wrote it."),
    )
    reply = TextAreaField(_l("Reply of the house"), [DataRequired(), Length(max=2000)])


class WindowForm(VersionedForm):
    """The days in which residents are asked."""

    opens_on = DateField(_l("First day"), [DataRequired()])
    closes_on = DateField(_l("Last day"), [DataRequired()])


SURVEY_REFUSALS: Refusals = {
    surveys.NotNow: (None, _l("The days of this survey are over.")),
    surveys.TakenAlready: (None, _l("Your answers are in already. Thank you!")),
}
WINDOW_REFUSALS: Refusals = {
    surveys.OrderWrong: ("closes_on", _l("The last day must not be before the first.")),
    surveys.HasAnswers: (
        "opens_on",
        _l("Answers are in: the first day stays as it is, and the window does not end before today."),
    ),
}
