"""Consent in a resident's file: what is allowed today, who said so, and what must stop by when."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from foyer.caseload.desk import desk_here
from foyer.caseload.rights import Act, Part, may
from foyer.caseload.sections import Subject, register_section
from foyer.files import consent_dues as _dues  # noqa: F401  what is due about consent
from foyer.files.consent_forms import (
    ANSWER_REFUSALS,
    GROUND_REFUSALS,
    STOPPED_REFUSALS,
    TAKE_BACK_REFUSALS,
    AnswerForm,
    GroundForm,
    StoppedForm,
    TakeBackForm,
)
from foyer.files.parts import Page, edit_page, opened, own_record, part_page
from foyer.files.views import residents
from foyer.residents import consenting as services
from foyer.residents.consent import Consent, Ground
from foyer.residents.consenting import birthday, consents_of, is_minor, verdicts
from foyer.residents.disclosing import disclosures_of
from foyer.residents.family import Relative, relatives_of
from foyer.residents.models import Resident
from foyer.residents.person_labels import proof_choices
from foyer.words import words

BACK = "residents.consent"

register_section("consent", BACK, _l("Consent"), Part.CONSENT, subject=Subject.PERSON, order=22)


@residents.get("/<int:resident_id>/consent")
@may(Part.CONSENT)
def consent(resident_id: int) -> Page:
    """Every purpose with its answer; above them what was taken back and must stop."""
    found = opened(resident_id, Part.CONSENT)
    today, every = desk_here().today, consents_of(found.id)
    return part_page(
        "files/consent.html",
        found,
        Part.CONSENT,
        "consent",
        verdicts=verdicts(found, every, today),
        stopping=[each for each in every if each.withdrawn_at and not each.stopped_at],
        history=every,
        told=disclosures_of(found.id),
        of_age_on=birthday(found.born_on),
        minor=is_minor(found, today),
    )


@residents.route("/<int:resident_id>/consent/new", methods=["GET", "POST"])
@may(Part.CONSENT, Act.WRITE)
def new_consent(resident_id: int) -> Page:
    """Write down an answer, of the guardian and the minor or of the adult."""
    found = opened(resident_id, Part.CONSENT, Act.WRITE)
    people = relatives_of(found.id)
    form = _answer_form(found, people)

    def act() -> None:
        names = ("is_given", "way", "given_on", "until_on", "proof_id")
        values: dict[str, Any] = {"ground": Ground.CONSENT, **{name: form[name].data for name in names}}
        values["assents"] = form.assents.data if "assents" in form else None
        chosen = form.relative.data if "relative" in form else None
        services.record_answer(
            found,
            form.purposes.data or [],
            values,
            relative=next((one for one in people if one.id == chosen), None),
            today=desk_here().today,
            actor=current_user,
        )

    return edit_page(
        resident_id,
        Part.CONSENT,
        form,
        act,
        back=BACK,
        heading=gettext("Write down an answer"),
        said=gettext("The answer is written down."),
        refusals=ANSWER_REFUSALS,
    )


@residents.route("/<int:resident_id>/consent/ground", methods=["GET", "POST"])
@may(Part.CONSENT, Act.WRITE)
def other_ground(resident_id: int) -> Page:
    """Where nobody can be asked: the other ground that the law gives, with its reason."""
    found = opened(resident_id, Part.CONSENT, Act.WRITE)
    form = GroundForm(data={"given_on": desk_here().today} if request.method == "GET" else None)

    def act() -> None:
        names = ("ground", "ground_reason", "given_on")
        values = {name: form[name].data for name in names}
        services.record_answer(
            found, form.purposes.data or [], values, relative=None, today=desk_here().today, actor=current_user
        )

    return edit_page(
        resident_id,
        Part.CONSENT,
        form,
        act,
        back=BACK,
        heading=gettext("Another ground than consent"),
        said=gettext("The ground is written down."),
        refusals=GROUND_REFUSALS,
    )


@residents.route("/<int:resident_id>/consent/<int:consent_id>/withdraw", methods=["GET", "POST"])
@may(Part.CONSENT, Act.WRITE)
def withdraw_consent(resident_id: int, consent_id: int) -> Page:
    """Somebody takes a consent back; from this moment on the use is suspended and the clock runs."""
    opened(resident_id, Part.CONSENT, Act.WRITE)
    record = own_record(Consent, resident_id, consent_id)
    desk = desk_here()
    form = TakeBackForm(data={"version": record.version, "by": record.giver_name})

    def act() -> None:
        services.withdraw(
            record,
            by=form.by.data or "",
            note=form.note.data or "",
            residence=desk.residence,
            version=form.version.data,
            now=desk.now,
        )

    return edit_page(
        resident_id,
        Part.CONSENT,
        form,
        act,
        back=BACK,
        heading=gettext("Take back: %(purpose)s", purpose=words(record.purpose)),
        said=gettext("Taken back. The use is suspended now; write down what was stopped before the clock runs out."),
        refusals=TAKE_BACK_REFUSALS,
        current=lambda: TakeBackForm(formdata=None, obj=own_record(Consent, resident_id, consent_id)),
    )


@residents.route("/<int:resident_id>/consent/<int:consent_id>/stopped", methods=["GET", "POST"])
@may(Part.CONSENT, Act.WRITE)
def stopped_consent(resident_id: int, consent_id: int) -> Page:
    """Write down what was stopped, and where."""
    opened(resident_id, Part.CONSENT, Act.WRITE)
    record = own_record(Consent, resident_id, consent_id)
    form = _stopped_form(record)

    def act() -> None:
        services.record_stop(
            record,
            note=form.note.data or "",
            kept_ground=form.kept_ground.data if "kept_ground" in form else None,
            now=desk_here().now,
            actor=current_user,
            version=form.version.data,
        )

    return edit_page(
        resident_id,
        Part.CONSENT,
        form,
        act,
        back=BACK,
        heading=gettext("Stopped: %(purpose)s", purpose=words(record.purpose)),
        said=gettext("Written down. The clock has stopped."),
        refusals=STOPPED_REFUSALS,
        current=lambda: _stopped_form(own_record(Consent, resident_id, consent_id), formdata=None),
    )


def _stopped_form(record: Consent, **options: Any) -> StoppedForm:
    form = StoppedForm(data={"version": record.version}, **options)
    if record.purpose not in services.NEEDED:
        del form["kept_ground"]
    return form


def _answer_form(found: Resident, people: Any) -> AnswerForm:
    """Only the questions that concern this resident: an adult answers alone."""
    today = desk_here().today
    form = AnswerForm(
        guardians=[(one.id, _called(one)) for one in people if one.may_be_asked],
        proofs=proof_choices(found.id),
        data={"given_on": today} if request.method == "GET" else None,
    )
    if not is_minor(found, today):
        del form["relative"], form["assents"]
    return form


def _called(one: Relative) -> str:
    return f"{one.full_name} ({words(one.relation)})"
