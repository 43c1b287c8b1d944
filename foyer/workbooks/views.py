"""/workbooks: the manager hands in the house's workbook, answers what is asked, looks, confirms."""

from __future__ import annotations

import io

from flask import Blueprint, current_app, flash, g, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.audit.services import record_read
from foyer.database import db, utc_now
from foyer.errors import NotFound, Stale
from foyer.formatting import long_date
from foyer.residences.models import Residence
from foyer.sheets import MEDIA_TYPE
from foyer.workbooks import services
from foyer.workbooks.forms import ConfirmForm, CycleForm, UploadForm, question_field, questions_form
from foyer.workbooks.messages import full_sentence, unreadable_sentence, write_corrections
from foyer.workbooks.models import UploadState, WorkbookUpload
from foyer.workbooks.presenting import DryRunPage, ResultPage
from foyer.workbooks.reading import Unreadable

pages = Blueprint("workbooks", __name__, url_prefix="/workbooks")
pages.add_app_template_filter(full_sentence, "problem_sentence")

Page = str | Response | tuple[str, int]


def _house() -> Residence:
    house = db.session.get(Residence, g.residence_id) if g.residence_id is not None else None
    if house is None:
        raise NotFound("Residence")
    return house


def _page_of(upload: WorkbookUpload) -> Response:
    return redirect(url_for("workbooks.look", upload_id=upload.id))


@pages.route("", methods=["GET", "POST"])
@allow(Role.MANAGER)
def upload() -> Page:
    """Hand in a workbook; below, the last ones."""
    form = UploadForm()
    if form.validate_on_submit():
        file = form.file.data
        try:
            kept = services.keep_upload(
                residence=_house(), data=file.read(), filename=file.filename or "", actor_id=current_user.id
            )
            db.session.commit()
            return _page_of(kept)
        except Unreadable as error:
            form.refuse(form.file, unreadable_sentence(error))
    uploads = [(one, ResultPage(one)) for one in services.list_uploads(_house())]
    return render_template("workbooks/upload.html", form=form, uploads=uploads, now=utc_now()), (
        422 if form.errors else 200
    )


@pages.get("/<int:upload_id>")
@allow(Role.MANAGER)
def look(upload_id: int) -> Page:
    """What is asked, else the dry run; once imported, the result."""
    kept = services.upload_for(upload_id)
    if kept.state is UploadState.IMPORTED:
        return render_template("workbooks/result.html", upload=kept, page=ResultPage(kept), next_url=_next_url())
    return _looked_at(kept)


def _looked_at(kept: WorkbookUpload, cycle_form: CycleForm | None = None, status: int = 200) -> Page:
    try:
        run = services.dry_run(_house(), kept)
    except services.AlreadyImported:
        return render_template("workbooks/gone.html", upload=kept)
    record_read(kept)
    if run.found.questions:
        form = questions_form(run.found.questions)
        fields = [question_field(question) for question in run.found.questions]
        return render_template("workbooks/questions.html", upload=kept, form=form, fields=fields), status
    cycle_form = cycle_form or CycleForm(starts_on=kept.starts_on, weeks=kept.weeks)
    confirm_form = ConfirmForm(formdata=None, shown=run.comparison.fingerprint)
    page = DryRunPage(run)
    return render_template(
        "workbooks/dry_run.html", upload=kept, page=page, cycle_form=cycle_form, confirm_form=confirm_form
    ), status


@pages.post("/<int:upload_id>/answers")
@allow(Role.MANAGER)
def answer(upload_id: int) -> Page:
    """Remember what sheets and columns mean in this house."""
    kept, house = services.upload_for(upload_id), _house()
    try:
        questions = services.dry_run(house, kept).found.questions
    except services.AlreadyImported:
        return _page_of(kept)
    form = questions_form(questions)
    fields = [question_field(question) for question in questions]
    if not form.validate_on_submit():
        return render_template("workbooks/questions.html", upload=kept, form=form, fields=fields), 422
    answers = {
        (question.about, question.signature): form[name].data for question, name in zip(questions, fields, strict=True)
    }
    services.remember_answers(house, kept, answers)
    db.session.commit()
    return _page_of(kept)


@pages.post("/<int:upload_id>/cycle")
@allow(Role.MANAGER)
def choose_cycle(upload_id: int) -> Page:
    """Say which cycle the workbook is for."""
    kept = services.upload_for(upload_id)
    form = CycleForm()
    if form.validate_on_submit() and form.starts_on.data and form.weeks.data:
        try:
            services.choose_cycle(_house(), kept, starts_on=form.starts_on.data, weeks=form.weeks.data)
            db.session.commit()
            return _page_of(kept)
        except services.NotAMonday:
            form.refuse(form.starts_on, _("A cycle starts on a Monday. Choose the Monday of that week."))
        except services.CyclesOverlap as error:
            start, end = long_date(error.starts_on), long_date(error.ends_on)
            words = _("Another cycle lies on these days: from %(start)s until before %(end)s.", start=start, end=end)
            form.refuse(form.starts_on, words)
    return _looked_at(kept, form, 422)


@pages.post("/<int:upload_id>/import")
@allow(Role.MANAGER)
def import_workbook(upload_id: int) -> Page:
    """Make the dry run true."""
    kept, form = services.upload_for(upload_id), ConfirmForm()
    try:
        if form.validate_on_submit():
            services.import_upload(_house(), kept, shown=form.shown.data, write_corrections=write_corrections)
            db.session.commit()
    except (Stale, StaleDataError, IntegrityError):
        db.session.rollback()
        flash(
            _("The house has changed since this page was opened, so nothing was imported. Please look again."),
            "attention",
        )
    except services.CycleIsClosed:
        db.session.rollback()
        flash(_("This cycle is closed: nothing was imported. Choose another cycle."), "attention")
    except (services.QuestionsOpen, services.AlreadyImported):
        db.session.rollback()
    return redirect(url_for("workbooks.look", upload_id=upload_id))


@pages.post("/<int:upload_id>/discard")
@allow(Role.MANAGER)
def discard(upload_id: int) -> Response:
    """Forget the file."""
    services.discard_upload(services.upload_for(upload_id))
    db.session.commit()
    flash(_("The workbook is forgotten; nothing was imported."))
    return redirect(url_for("workbooks.upload"))


@pages.get("/<int:upload_id>/corrections")
@allow(Role.MANAGER)
def corrections(upload_id: int) -> Response:
    """The workbook of what waits."""
    kept = services.upload_for(upload_id)
    try:
        data = services.corrections_of(kept)
    except services.NothingWaits:
        return _page_of(kept)
    record_read(kept)
    name = _("to-correct-%(date)s.xlsx", date=kept.starts_on.isoformat())
    answer = send_file(io.BytesIO(data), mimetype=MEDIA_TYPE, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"  # send_file's own word would let a shared machine keep the file
    return answer


def _next_url() -> str:
    """Where planning goes on: the cycles, once they have a page."""
    return url_for("cycles.index") if "cycles.index" in current_app.view_functions else "/"
