"""What a resident learns, as a tab of the file and for teachers: attendance, competencies, school, certificates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.wrappers import Response

from foyer.audit.services import record_read
from foyer.caseload.desk import Desk, desk_here
from foyer.caseload.rights import Act, Part, file_for, may
from foyer.caseload.sections import Subject, register_section
from foyer.cycles.models import Enrolment, PlanSeat, TeachingGroup
from foyer.cycles.weeks import group_title
from foyer.database import db
from foyer.editing import Refusals, form_page, submitted
from foyer.errors import NotFound
from foyer.forms import FoyerForm
from foyer.records import get_record
from foyer.residents.models import Resident, Stay
from foyer.training import competencies, conduct, registers, schooling
from foyer.training.blueprint import training
from foyer.training.forms import (
    CHECK_REFUSALS,
    SCHOOLING_REFUSALS,
    SEEN_REFUSALS,
    STEP_REFUSALS,
    WITHDRAW_REFUSALS,
    CertificateForm,
    CheckForm,
    SchoolingForm,
    SchoolStepForm,
    WithdrawForm,
)
from foyer.training.frames import current_stay, framed, shown_name
from foyer.training.progress_models import CompetencyCheck, EarnedCertificate, Schooling
from foyer.training.schooling import ENDED
from foyer.training.withdrawing import withdraw

Record = TypeVar("Record", CompetencyCheck, EarnedCertificate, Schooling)
Page = Response | tuple[str, int]

register_section("progress", "training.progress", _l("Progress"), Part.COMPETENCIES, subject=Subject.GROWTH, order=60)


@training.get("/residents/<int:resident_id>/progress")
@may(Part.COMPETENCIES)
def progress(resident_id: int) -> str:
    """Attendance, what the resident can do, school and certificates."""
    desk = desk_here()
    found = file_for(desk, resident_id, Part.COMPETENCIES)
    return render_template(
        "training/progress.html",
        **framed(desk, found, "progress"),
        skills=competencies.skills_of(found.id, trades_of(desk, found.id)),
        attendance=registers.attendance_of(found.id),
        exceptions=registers.exceptions_of(found.id),
        schoolings=schooling.schoolings_of(found.id),
        certificates=conduct.certificates_of(found.id),
        group_title=group_title,
        ended=ENDED,
    )


@training.route("/residents/<int:resident_id>/competencies", methods=["GET", "POST"])
@may(Part.COMPETENCIES, Act.WRITE)
def check_off(resident_id: int) -> Page:
    """Tick what the resident was seen doing."""
    desk = desk_here()
    found = file_for(desk, resident_id, Part.COMPETENCIES, Act.WRITE)
    open_ones = {
        skill.competency.id: skill.competency
        for skill in competencies.skills_of(found.id, trades_of(desk, found.id))
        if skill.check is None
    }
    form = CheckForm(data={"reached_on": desk.today})
    form.seen.choices = [(one.id, one.title) for one in open_ones.values()]

    def act() -> None:
        stay = current_stay(desk, found)
        for one in form.seen.data or []:
            competencies.check_off(
                open_ones[one],
                found,
                stay,
                on=form.reached_on.data or desk.today,
                today=desk.today,
                actor_id=desk.actor.id,
            )

    return edited(desk, found, form, act, CHECK_REFUSALS, gettext("Check off what is learned"))


@training.route("/residents/<int:resident_id>/competencies/<int:check_id>/withdraw", methods=["GET", "POST"])
@may(Part.COMPETENCIES, Act.WRITE)
def withdraw_check(resident_id: int, check_id: int) -> Page:
    desk = desk_here()
    found = file_for(desk, resident_id, Part.COMPETENCIES, Act.WRITE)
    check = own(CompetencyCheck, check_id, found)
    return taken_back(desk, found, check, gettext("Take back: %(what)s", what=check.competency.title))


@training.route("/residents/<int:resident_id>/certificates/new", methods=["GET", "POST"])
@may(Part.COMPETENCIES, Act.WRITE)
def add_certificate(resident_id: int) -> Page:
    """A certificate that the resident earned."""
    desk = desk_here()
    found = file_for(desk, resident_id, Part.COMPETENCIES, Act.WRITE)
    form = CertificateForm(data={"earned_on": desk.today})

    def act() -> None:
        values = {name: form[name].data or "" for name in ("title", "issuer", "number")}
        conduct.add_certificate(
            found,
            current_stay(desk, found),
            **values,
            earned_on=form.earned_on.data or desk.today,
            trade_id=next(iter(trades_of(desk, found.id)), None),
            today=desk.today,
            actor_id=desk.actor.id,
        )

    return edited(desk, found, form, act, SEEN_REFUSALS, gettext("A certificate earned"))


@training.route("/residents/<int:resident_id>/certificates/<int:certificate_id>/withdraw", methods=["GET", "POST"])
@may(Part.COMPETENCIES, Act.WRITE)
def withdraw_certificate(resident_id: int, certificate_id: int) -> Page:
    desk = desk_here()
    found = file_for(desk, resident_id, Part.COMPETENCIES, Act.WRITE)
    certificate = own(EarnedCertificate, certificate_id, found)
    return taken_back(desk, found, certificate, gettext("Take back: %(what)s", what=certificate.title))


@training.route("/residents/<int:resident_id>/schooling/new", methods=["GET", "POST"])
@may(Part.EDUCATION, Act.WRITE)
def begin_schooling(resident_id: int) -> Page:
    """The resident takes up a school programme."""
    desk = desk_here()
    found = file_for(desk, resident_id, Part.EDUCATION, Act.WRITE)
    form = SchoolingForm(data={"since_on": desk.today})

    def act() -> None:
        schooling.begin_schooling(
            found,
            current_stay(desk, found),
            programme=form.programme.data,
            provider=form.provider.data or "",
            grade=form.grade.data or "",
            since_on=form.since_on.data or desk.today,
            today=desk.today,
            actor_id=desk.actor.id,
        )

    return edited(desk, found, form, act, SCHOOLING_REFUSALS, gettext("Take up a school programme"))


@training.route("/residents/<int:resident_id>/schooling/<int:schooling_id>", methods=["GET", "POST"])
@may(Part.EDUCATION, Act.WRITE)
def take_step(resident_id: int, schooling_id: int) -> Page:
    """Where the resident stands in a programme now."""
    desk = desk_here()
    found = file_for(desk, resident_id, Part.EDUCATION, Act.WRITE)
    record = own(Schooling, schooling_id, found)

    def blank(**options: Any) -> SchoolStepForm:
        values = {"version": record.version, "grade": record.grade, "on": desk.today, "state": record.state}
        return SchoolStepForm(data=values, **options)

    form = blank()

    def act() -> None:
        schooling.take_step(
            record,
            current_stay(desk, found),
            state=form.state.data,
            grade=form.grade.data or "",
            on=form.on.data or desk.today,
            note=form.note.data or "",
            today=desk.today,
            actor_id=desk.actor.id,
            version=form.version.data,
        )

    return edited(
        desk, found, form, act, STEP_REFUSALS, gettext("Progress at school"), current=lambda: blank(formdata=None)
    )


@training.route("/residents/<int:resident_id>/schooling/<int:schooling_id>/withdraw", methods=["GET", "POST"])
@may(Part.EDUCATION, Act.WRITE)
def withdraw_schooling(resident_id: int, schooling_id: int) -> Page:
    desk = desk_here()
    found = file_for(desk, resident_id, Part.EDUCATION, Act.WRITE)
    record = own(Schooling, schooling_id, found)
    return taken_back(desk, found, record, gettext("Take back: %(what)s", what=record.provider))


def trades_of(desk: Desk, resident_id: int) -> list[int]:
    """The trades that a resident learns in the plan in force."""
    if desk.plan is None:
        return []
    return list(
        db.session.scalars(
            select(TeachingGroup.trade_id)
            .join(PlanSeat, PlanSeat.group_id == TeachingGroup.id)
            .join(Enrolment, Enrolment.id == PlanSeat.enrolment_id)
            .join(Stay, Stay.id == Enrolment.stay_id)
            .where(
                PlanSeat.plan_id == desk.plan.id, Stay.resident_id == resident_id, TeachingGroup.trade_id.is_not(None)
            )
        )
    )


def own(kind: type[Record], record_id: int, resident: Resident) -> Record:
    """The record, if it is this resident's. Raises NotFound."""
    record = get_record(kind, record_id)
    if record.resident_id != resident.id:
        raise NotFound("record")
    return record


def taken_back(desk: Desk, resident: Resident, record: Any, heading: str, back: str | None = None) -> Page:
    """The form that takes a record back."""
    form = WithdrawForm()
    act = lambda: withdraw(record, why=form.why.data or "", actor_id=desk.actor.id)  # noqa: E731
    return edited(desk, resident, form, act, WITHDRAW_REFUSALS, heading, back=back, submit=gettext("Take back"))


def edited(
    desk: Desk,
    resident: Resident,
    form: FoyerForm,
    act: Callable[[], None],
    refusals: Refusals,
    heading: str,
    *,
    back: str | None = None,
    current: Callable[[], FoyerForm] | None = None,
    template: str = "training/edit.html",
    submit: str = "",
    **context: Any,
) -> Page:
    """A form about a resident: saved and back to the tab, or the form again with what is wrong."""
    back = back or url_for("training.progress", resident_id=resident.id)
    name = shown_name(desk, resident)
    if request.method == "GET":
        record_read(resident, resident_id=resident.id)
    if submitted(form, act, refusals):
        flash(gettext("Saved."), "good")
        return redirect(back, 303)
    return form_page(
        template,
        form,
        current,
        heading=heading,
        back=back,
        submit=submit or gettext("Save"),
        trail=[(name, back)],
        **context,
    )
