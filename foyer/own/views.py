"""/my-file: a resident's own file in plain words; and, on the file, the corrections that were asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.audit.services import record_read
from foyer.caseload.desk import desk_here
from foyer.caseload.rights import Act, Part, file_for, may
from foyer.caseload.sections import Subject, file_context, register_section
from foyer.cycles.wish_words import moment_words
from foyer.editing import Refusals, form_page, submitted
from foyer.own import consents, services
from foyer.own.forms import ANSWER_REFUSALS, AnswerForm, ConsentForm, CorrectionForm, ObjectForm
from foyer.own.models import CorrectionState
from foyer.residents import consenting
from foyer.residents.accommodations import accommodations_of
from foyer.residents.services import masked_nik

own = Blueprint("own", __name__)
register_section("corrections", "own.corrections", _l("Corrections"), Part.IDENTITY, subject=Subject.RECORDS, order=93)


@dataclass(frozen=True)
class OwnPage:
    """A page on which residents meet a part of their own file."""

    endpoint: str
    title: Any
    words: Any
    icon: str
    register: str | None = None  # shown where the house keeps this one


CONSENT_REFUSALS: Refusals = {
    consents.NotYoursAlone: (None, _l("This answer needs your guardian or your counsellor. Talk to them.")),
}
PAGES = (
    OwnPage("own.rights", _l("My rights"), _l("What is kept, who reads it, and what I may ask for."), "lock"),
    OwnPage("own.consent", _l("My consent"), _l("What my data may be used for. I can change my mind."), "circle-check"),
    OwnPage("care.my_plan", _l("My plan"), _l("What I want to reach, step by step."), "target"),
    OwnPage("care.my_scores", _l("My scores"), _l("How I see myself, and how far I have come."), "chart-bar"),
    OwnPage("training.own_progress", _l("My progress"), _l("What I have learned."), "school"),
    OwnPage("incidents.mine", _l("What happened"), _l("Events that concerned me and were written down."), "flag"),
    OwnPage("registers.mine", _l("My things"), _l("What the house keeps for me."), "key", register="valuables"),
    OwnPage("history.readers", _l("Who read my file"), _l("Who opened it, who changed it, and when."), "eye"),
    OwnPage("copies.my_copy", _l("A copy of my file"), _l("To read on this phone, or to ask for all of it."), "copy"),
)


@own.route("/my-file", methods=["GET", "POST"])
@allow(Role.RESIDENT)
def index() -> Response | tuple[str, int]:
    """What the house knows about me, and where I say that something is wrong."""
    resident = services.own_resident(current_user)
    if resident is None:
        return render_template("own/index.html", resident=None), 200
    form = CorrectionForm()
    if submitted(form, lambda: services.ask_for_correction(resident, form.wrong.data or "")):
        flash(thanks(), "good")
        return redirect(url_for("own.index") + "#corrections")
    desk = desk_here()
    return form_page(
        "own/index.html",
        form,
        **file_context(desk, resident, ""),
        nik=masked_nik(resident.nik),
        pages=[page for page in PAGES if page.register is None or page.register in desk.residence.registers],
        accommodations=[row for row in accommodations_of(resident.id) if row.ended_on is None],
        verdicts=consenting.verdicts(resident, consenting.consents_of(resident.id), desk.today),
        corrections=services.corrections_of(resident.id),
        answer_by=partial(services.answer_by, desk.residence),
        moment=partial(moment_words, time_zone=desk.residence.time_zone),
    )


@own.route("/my-file/consent", methods=["GET", "POST"])
@allow(Role.RESIDENT)
def consent() -> Response | tuple[str, int]:
    """What my data may be used for, each with my own yes or no."""
    found = services.own_resident(current_user)
    if found is None:
        return render_template("own/index.html", resident=None), 200
    form = ConsentForm()
    desk = desk_here()

    def act() -> None:
        consents.answer(
            found,
            form.purpose.data,
            wants=form.wants.data == "yes",
            seen=(form.consent_id.data or 0, form.version.data or 0),
            residence=desk.residence,
            now=desk.now,
            actor=current_user,
        )

    if submitted(form, act, CONSENT_REFUSALS):
        flash(_answered(form.wants.data == "yes"), "good")
        return redirect(url_for("own.consent"))
    resident = services.own_resident(current_user)
    assert resident is not None
    verdicts = consenting.verdicts(resident, consenting.consents_of(resident.id), desk.today)
    return form_page(
        "own/consent.html",
        form,
        verdicts=[(each, *consents.answers_open(resident, each, desk.today)) for each in verdicts],
        is_minor=consenting.is_minor(resident, desk.today),
        hours=desk.residence.withdrawal_hours,
        moment=partial(moment_words, time_zone=desk.residence.time_zone),
    )


@own.route("/my-file/object", methods=["GET", "POST"])
@allow(Role.RESIDENT)
def object_to() -> Response | tuple[str, int]:
    """Where I object to a use of my data, or want it paused; a person answers within the house's hours."""
    resident = services.own_resident(current_user)
    if resident is None:
        return render_template("own/index.html", resident=None), 200
    form = ObjectForm()

    def act() -> None:
        services.object_to(resident, form.about.data, kind=form.kind.data, words=form.words.data or "")

    if submitted(form, act):
        flash(thanks(), "good")
        return redirect(url_for("own.index") + "#corrections")
    return form_page("own/object.html", form, hours=desk_here().residence.answer_hours)


def thanks() -> str:
    """What is said to a resident who has asked for something."""
    hours = desk_here().residence.answer_hours
    return gettext("Thank you. Your counsellor answers within %(hours)s hours.", hours=hours)


def _answered(wants: bool) -> str:
    if wants:
        return gettext("Thank you. Your answer counts from now on, and you can change it at any time.")
    return gettext("Your answer counts from now on. Nobody may be cross with you for it.")


@own.get("/residents/<int:resident_id>/corrections")
@may(Part.IDENTITY)
def corrections(resident_id: int) -> str:
    """The corrections that a resident asked for, each with its answer or the way to it."""
    desk = desk_here()
    resident = file_for(desk, resident_id, Part.IDENTITY)
    record_read(resident, resident_id=resident.id)
    return render_template(
        "own/corrections.html",
        **file_context(desk, resident, "corrections"),
        corrections=services.corrections_of(resident.id),
        answer_by=partial(services.answer_by, desk.residence),
        moment=partial(moment_words, time_zone=desk.residence.time_zone),
    )


@own.route("/residents/<int:resident_id>/corrections/<int:correction_id>", methods=["GET", "POST"])
@may(Part.IDENTITY, Act.WRITE)
def answer(resident_id: int, correction_id: int) -> Response | tuple[str, int]:
    """Answer one of them."""
    desk = desk_here()
    resident = file_for(desk, resident_id, Part.IDENTITY, Act.WRITE)
    request = services.correction_of(resident.id, correction_id)
    form = AnswerForm(data={"version": request.version})

    def act() -> None:
        services.answer_correction(
            request,
            state=form.state.data,
            answer=form.answer.data or "",
            actor_id=current_user.id,
            version=form.version.data,
        )

    if submitted(form, act, ANSWER_REFUSALS):
        flash(gettext("The answer is on the resident's own page now."), "good")
        return redirect(url_for("own.corrections", resident_id=resident_id))
    desk = desk_here()
    resident = file_for(desk, resident_id, Part.IDENTITY, Act.WRITE)
    request = services.correction_of(resident.id, correction_id)
    saved = lambda: AnswerForm(formdata=None, data={"version": request.version, "state": request.state})  # noqa: E731
    return form_page(
        "own/answer.html",
        form,
        saved,
        **file_context(desk, resident, "corrections"),
        request_=request,
        is_open=request.state is CorrectionState.OPEN,
        answer_by=partial(services.answer_by, desk.residence),
        moment=partial(moment_words, time_zone=desk.residence.time_zone),
    )


from foyer.own import rights_views  # noqa: E402, F401  their page joins the blueprint
