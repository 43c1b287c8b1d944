"""One button on the file for those who may take it out of the house; and a page of their own for residents."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.caseload.desk import desk_here
from foyer.caseload.rights import Act, Part, file_for, may
from foyer.caseload.sections import Subject, file_context, register_section
from foyer.caseload.wanting import consent_wanting
from foyer.copies import services
from foyer.copies.forms import RELEASE_REFUSALS, CopyForm
from foyer.copies.sources import Audience
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.errors import NotFound
from foyer.forms import FoyerForm
from foyer.own.services import ask_for_correction, own_resident
from foyer.own.views import thanks
from foyer.residents.disclosing import ConsentMissing

pages = Blueprint("copies", __name__)
register_section(
    "copy", "copies.copy", _l("Take a copy"), Part.IDENTITY, subject=Subject.RECORDS, order=97, act=Act.EXPORT
)


@pages.route("/residents/<int:resident_id>/copy", methods=["GET", "POST"])
@may(Part.IDENTITY, Act.EXPORT)
def copy(resident_id: int) -> Response | tuple[str, int]:
    """The whole file, or parts of it, as one zip: a document to read and the same as data. Written into the trail."""
    desk = desk_here()
    resident = file_for(desk, resident_id, Part.IDENTITY, Act.EXPORT)
    form = CopyForm(parts=services.exportable(desk, resident_id))
    made: list[services.Copy] = []

    def act() -> None:
        made.append(services.take_copy(desk, resident, form.audience.data, form.parts.data, release=form.release))

    refusals = {**RELEASE_REFUSALS, ConsentMissing: ("basis", lambda error: consent_wanting(desk, resident, error))}
    if submitted(form, act, refusals):
        return _download(made[0].archive, "application/zip", f"file-{resident_id}.zip")
    resident = file_for(desk, resident_id, Part.IDENTITY, Act.EXPORT)  # anew: a refusal has ended the transaction
    return form_page("copies/copy.html", form, **file_context(desk, resident, "copy"))


@pages.route("/my-file/copy", methods=["GET", "POST"])
@allow(Role.RESIDENT)
def my_copy() -> Response | str:
    """What my own pages show, as one document for a telephone; and where I ask for everything."""
    resident = own_resident(current_user)
    if resident is None:
        raise NotFound("resident")
    form = FoyerForm()
    if form.validate_on_submit():
        if request.form.get("ask"):
            ask_for_correction(resident, gettext("I would like a copy of everything in my file."))
            db.session.commit()
            flash(thanks(), "good")
            return redirect(url_for("own.index") + "#corrections")
        found = services.take_copy(desk_here(), resident, Audience.OWN)
        db.session.commit()
        return _download(found.pdf, "application/pdf", "file.pdf")
    return render_template("copies/my_copy.html", form=form, hours=desk_here().residence.answer_hours)


def _download(content: bytes, media_type: str, name: str) -> Response:
    """A file whose name says nothing: folders of downloads are read by others."""
    answer = make_response(content)
    answer.headers["Content-Type"] = media_type
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
