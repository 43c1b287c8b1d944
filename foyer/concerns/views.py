"""/speak-up: anybody of a house tells the office above it what must not go on, and hears back by a receipt number.

Nothing typed here is kept before it is sent, stands in an address or a log, or is told to the house.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from foyer.accounts.access import EVERYBODY, STAFF, allow, allow_anyone
from foyer.accounts.models import Role
from foyer.concerns import handling, reporting
from foyer.concerns.deadline import clock_of
from foyer.concerns.forms import REPORT_REFUSALS, WITH_NAME, CodeForm, ReportForm, ResultForm, WriteForm
from foyer.concerns.models import About
from foyer.database import db
from foyer.editing import submitted
from foyer.errors import NotFound
from foyer.extensions import limiter
from foyer.logs import unlogged
from foyer.qr import qr_code
from foyer.residences.models import Residence
from foyer.residences.services import now_in

concerns = Blueprint("concerns", __name__)
Page = Response | tuple[str, int]


@concerns.route("/speak-up", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"])
@allow(*EVERYBODY)
@unlogged
def report() -> Page:
    """Tell the office, in two steps: what and about whom; then what happened, with or without a name."""
    residence = _house()
    form = ReportForm()
    if request.method == "GET" or not form.first_step_is_right():
        return _page("concerns/report.html", form, residence, step=1)
    form.offer(reporting.named_people(residence.id, form.about.data))
    code = _code_in(form.ticket.data)
    if request.form.get("step") != "2" or code is None:
        form.ticket.data = _tickets().dumps({"code": reporting.new_code(), "user": current_user.id})
        return _page("concerns/report.html", form, residence, step=2)
    if submitted(form, lambda: _send(residence, form, code), REPORT_REFUSALS):
        return _page("concerns/receipt.html", form, residence, code=code)
    return _page("concerns/report.html", form, _house(), step=2)


def _send(residence: Residence, form: ReportForm, code: str) -> None:
    told = reporting.Report(
        kind=form.kind.data,
        about=form.about.data,
        words=form.words.data or "",
        about_key=form.who.data or "",
        about_name=form.who_words.data or "",
        is_anonymous=form.signed.data != WITH_NAME,
    )
    reporting.report(residence, told, reporter=current_user, code=code, now=now_in(residence))


def _page(template: str, form: ReportForm, residence: Residence, **context: Any) -> tuple[str, int]:
    readers = reporting.readers(residence.id)
    named = reporting.key_id(form.who.data, "user") if form.about.data is About.OFFICE else None
    page = render_template(
        template,
        form=form,
        is_resident=current_user.role is Role.RESIDENT,
        has_readers=bool(readers),
        only_named_reads=named is not None and [user.id for user in readers] == [named],
        has_tasks=current_user.residence_id is not None and bool(handling.tasks_of(current_user)),
        **context,
    )
    return page, 422 if form.errors else 200


@concerns.route("/speak-up/answer", methods=["GET", "POST"])
@limiter.limit("20 per minute", methods=["POST"])
@allow_anyone
@unlogged
def answer() -> Page:
    """Who holds a receipt number reads how it stands and what the office wrote, and writes back. Open to anybody: a
    reporter may have left the house. The number comes in the body, never in an address."""
    form, write = CodeForm(), WriteForm(prefix="write")
    if not form.validate_on_submit():
        return render_template("concerns/answer.html", form=form, receipt=None), 422 if form.errors else 200
    try:
        receipt = reporting.by_code(form.code.data or "")
    except NotFound:
        form.refuse(form.code, gettext("This number opens nothing. Please compare it with what you copied."))
        return render_template("concerns/answer.html", form=form, receipt=None), 422
    now = now_in(receipt.residence)
    is_sent = False
    if "write-words" in request.form:
        is_sent = submitted(write, lambda: reporting.write_again(receipt, write.words.data or "", now=now))
        receipt = reporting.by_code(form.code.data or "")
        write = WriteForm(formdata=None, prefix="write") if is_sent else write
    page = render_template(
        "concerns/answer.html",
        form=form,
        write=write,
        receipt=receipt,
        is_sent=is_sent,
        clock=clock_of(receipt.concern, now),
    )
    return page, 422 if write.errors else 200


@concerns.get("/speak-up/poster")
@allow(*EVERYBODY)
def poster() -> str:
    """A sheet for the wall: that there is a way past the head of the house, in four steps, and whom to call."""
    address = url_for("concerns.report", _external=True)
    return render_template("concerns/poster.html", address=address.split("://", 1)[-1], qr=qr_code(address))


@concerns.route("/speak-up/tasks", methods=["GET", "POST"])
@allow(*STAFF)
@unlogged
def tasks() -> Page:
    """What the office asked somebody of the house to do, and nothing else of a concern."""
    found = handling.tasks_of(current_user)
    forms = {task.id: ResultForm(prefix=f"task{task.id}", data={"version": task.version}) for task in found}
    sent = request.form.get("task", 0, type=int)
    if request.method == "POST" and sent not in forms:
        raise NotFound("task")
    if request.method == "POST":
        form = forms[sent]
        task = next(task for task in found if task.id == sent)
        now = now_in(_house())

        def act() -> None:
            handling.finish_step(task, form.result.data or "", actor=current_user, now=now, version=form.version.data)

        if submitted(form, act):
            flash(gettext("Thank you. The office reads it."), "good")
            return redirect(url_for("concerns.tasks"))
        found = handling.tasks_of(current_user)
    return render_template("concerns/tasks.html", tasks=found, forms=forms), 422 if sent else 200


def _house() -> Residence:
    if g.residence_id is None:
        raise NotFound("house")
    return db.session.get_one(Residence, g.residence_id)


def _tickets() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key, salt="concern receipt")  # type: ignore[arg-type]


def _code_in(ticket: str | None) -> str | None:
    """The receipt number that this form was drawn with, so that sending it twice is one report."""
    try:
        held = _tickets().loads(ticket or "")
    except BadSignature:
        return None
    return str(held["code"]) if held.get("user") == current_user.id else None


from foyer.concerns import office_views  # noqa: E402, F401  registers its pages on the blueprint
