"""/my-voice: residents are asked and suggest, without a name. /voices: what the manager does with it."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.cycles.labels import cycle_name
from foyer.cycles.models import Cycle
from foyer.cycles.queries import list_cycles
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.extensions import limiter
from foyer.logs import unlogged
from foyer.records import get_record
from foyer.residences.models import Residence
from foyer.residences.services import today_in
from foyer.voices import box, surveys
from foyer.voices.forms import (
    SURVEY_REFUSALS,
    WINDOW_REFUSALS,
    PaperForm,
    ReplyForm,
    SuggestionForm,
    SurveyForm,
    WindowForm,
)
from foyer.voices.indicators import indicators_of
from foyer.voices.models import Suggestion

voices = Blueprint("voices", __name__)
Page = Response | tuple[str, int]


@voices.route("/my-voice", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"])
@allow(Role.RESIDENT)
@unlogged
def mine() -> Page:
    """The suggestion box with its published replies, and the door to the survey while it is open."""
    residence = _house()
    today = today_in(residence)
    form = SuggestionForm()
    if submitted(form, lambda: box.put_in(residence.id, form.words.data or "", today=today)):
        flash(gettext("Thank you. It is in the box, without your name."), "good")
        return redirect(url_for("voices.mine"))
    survey = surveys.open_survey(today)
    has_taken = survey is not None and surveys.has_taken(survey, current_user)
    return form_page("voices/mine.html", form, survey=survey, has_taken=has_taken, published=box.published())


@voices.route("/my-voice/survey", methods=["GET", "POST"])
@allow(Role.RESIDENT)
@unlogged
def take() -> Page:
    """Nine questions with four answers each, once in a cycle."""
    today = today_in(_house())
    survey = surveys.open_survey(today)
    if survey is None or surveys.has_taken(survey, current_user):
        return redirect(url_for("voices.mine"))
    form = SurveyForm()
    if submitted(form, lambda: surveys.answer(survey, current_user, form.levels, today=today), SURVEY_REFUSALS):
        flash(gettext("Thank you! Your answers are counted, without your name."), "good")
        return redirect(url_for("voices.mine"))
    return form_page("voices/survey.html", form)


@voices.get("/voices")
@allow(Role.MANAGER)
def index() -> str:
    """Surveys with their results, the three figures beside them, and the box."""
    residence = _house()
    today = today_in(residence)
    results = [surveys.result_of(survey, today=today) for survey in surveys.surveys()[:6]]
    cycles = [cycle for cycle in list_cycles(residence.id) if cycle.starts_on <= today]
    cycle = max(cycles, key=lambda each: each.starts_on, default=None)
    return render_template(
        "voices/index.html",
        results=results,
        cycle=cycle,
        has_survey=cycle is not None and any(result.survey.cycle_id == cycle.id for result in results),
        figures=indicators_of(cycle, today) if cycle else None,
        slips=box.slips(),
        cycle_name=cycle_name,
        fewest=surveys.FEWEST,
        today=today,
    )


@voices.route("/voices/cycles/<int:cycle_id>/survey", methods=["GET", "POST"])
@allow(Role.MANAGER)
def window(cycle_id: int) -> Page:
    """The days in which a cycle's residents are asked."""
    cycle = get_record(Cycle, cycle_id)
    survey = surveys.survey_of(cycle)
    form = WindowForm(obj=survey)

    def act() -> None:
        surveys.set_window(
            cycle,
            survey,
            opens_on=form.opens_on.data,  # type: ignore[arg-type]
            closes_on=form.closes_on.data,  # type: ignore[arg-type]
            today=today_in(_house()),
            version=form.version.data,
        )

    if submitted(form, act, WINDOW_REFUSALS):
        flash(gettext("The days of the survey are set."), "good")
        return redirect(url_for("voices.index"))
    cycle = get_record(Cycle, cycle_id)
    saved = lambda: WindowForm(formdata=None, obj=surveys.survey_of(cycle))  # noqa: E731
    return form_page("voices/edit.html", form, saved, heading=gettext("Survey of %(cycle)s", cycle=cycle_name(cycle)))


@voices.route("/voices/slips/new", methods=["GET", "POST"])
@allow(Role.MANAGER)
def new_slip() -> Page:
    """Type in a slip from the box on the wall."""
    residence = _house()
    form = PaperForm()

    def act() -> None:
        box.put_in(residence.id, form.words.data or "", today=today_in(residence), is_from_paper=True)

    if submitted(form, act):
        flash(gettext("The slip is in the box."), "good")
        return redirect(url_for("voices.index"))
    return form_page("voices/edit.html", form, heading=gettext("A slip from the box on the wall"))


@voices.route("/voices/slips/<int:slip_id>", methods=["GET", "POST"])
@allow(Role.MANAGER)
def reply(slip_id: int) -> Page:
    """Reply to a slip, for all residents to read."""
    slip = get_record(Suggestion, slip_id)
    form = _reply_form(slip)

    def act() -> None:
        box.reply(
            slip,
            shown_words=form.shown_words.data or "",
            reply=form.reply.data or "",
            today=today_in(_house()),
            version=form.version.data,
        )

    if submitted(form, act):
        flash(gettext("The reply is published on the residents' pages."), "good")
        return redirect(url_for("voices.index"))
    slip = get_record(Suggestion, slip_id)
    heading = gettext("Reply to a suggestion")
    saved = lambda: _reply_form(get_record(Suggestion, slip_id), formdata=None)  # noqa: E731
    return form_page("voices/edit.html", form, saved, heading=heading, slip=slip)


def _reply_form(slip: Suggestion, **more: None) -> ReplyForm:
    shown = slip.shown_words if slip.published_on else slip.words
    return ReplyForm(data={"version": slip.version, "shown_words": shown, "reply": slip.reply}, **more)


def _house() -> Residence:
    return db.session.get_one(Residence, g.residence_id)
