"""Documents and photo in a resident's file: put in, looked at, taken out of use."""

from __future__ import annotations

from io import BytesIO

from flask import Response, request, send_file
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from foyer.audit.services import record_read
from foyer.caseload.desk import desk_here
from foyer.caseload.rights import Act, Part, file_for, may
from foyer.caseload.sections import Subject, register_section, stay_that_counts
from foyer.errors import NotFound
from foyer.files.parts import Page, edit_page, opened, own_record, part_page, version_of
from foyer.files.person_forms import ATTACHMENT_REFUSALS, WITHDRAW_REFUSALS, AttachmentForm, ReasonForm
from foyer.files.views import residents
from foyer.residents import attachments as services
from foyer.residents.attachments import Attachment, AttachmentKind, attachment_of, attachments_of

BACK = "residents.attachments"

register_section("attachments", BACK, _l("Documents"), Part.PAPERS, subject=Subject.RECORDS, order=26)


@residents.get("/<int:resident_id>/attachments")
@may(Part.PAPERS)
def attachments(resident_id: int) -> Page:
    """The documents with small previews; the photo only while its use is allowed."""
    found = opened(resident_id, Part.PAPERS)
    every = attachments_of(found.id)
    has_photo = any(each.kind is AttachmentKind.PHOTO for each in every)
    return part_page(
        "files/attachments.html",
        found,
        Part.PAPERS,
        "attachments",
        current=[each for each in every if each.withdrawn_at is None],
        withdrawn=[each for each in every if each.withdrawn_at is not None],
        photo_allowed=has_photo and services.may_show_photo(found, desk_here().today),
    )


@residents.route("/<int:resident_id>/attachments/new", methods=["GET", "POST"])
@may(Part.PAPERS, Act.WRITE)
def new_attachment(resident_id: int) -> Page:
    found = opened(resident_id, Part.PAPERS, Act.WRITE)
    form = AttachmentForm(data={"kind": request.args.get("kind")})

    def act() -> None:
        stay = stay_that_counts(found, desk_here())
        services.add_attachment(
            found,
            form.file.data.read(),
            kind=form.kind.data,
            title=form.title.data or "",
            actor=current_user,
            today=desk_here().today,
            stay_id=stay.id if stay else None,
        )

    return edit_page(
        resident_id,
        Part.PAPERS,
        form,
        act,
        back=BACK,
        heading=gettext("Put in a document"),
        said=gettext("The document is in the file, encrypted."),
        refusals=ATTACHMENT_REFUSALS,
        template="files/upload.html",
    )


@residents.get("/<int:resident_id>/attachments/<int:attachment_id>")
@may(Part.PAPERS)
def attachment(resident_id: int, attachment_id: int) -> Response:
    """The document itself. That it was opened is written down."""
    found = _shown(resident_id, attachment_id)
    record_read(found, resident_id=resident_id)
    return send_file(
        BytesIO(found.content),
        mimetype=found.media_type,
        as_attachment=found.media_type == "application/pdf",
        download_name=found.file_name,
        max_age=0,
    )


@residents.get("/<int:resident_id>/attachments/<int:attachment_id>/preview")
@may(Part.PAPERS)
def attachment_preview(resident_id: int, attachment_id: int) -> Response:
    """The small picture in the list, whose opening is written down already."""
    found = _shown(resident_id, attachment_id)
    if found.preview is None:
        raise NotFound("preview")
    return send_file(BytesIO(found.preview), mimetype="image/jpeg", download_name=found.file_name, max_age=0)


@residents.route("/<int:resident_id>/attachments/<int:attachment_id>/withdraw", methods=["GET", "POST"])
@may(Part.PAPERS, Act.WRITE)
def withdraw_attachment(resident_id: int, attachment_id: int) -> Page:
    opened(resident_id, Part.PAPERS, Act.WRITE)
    record = own_record(Attachment, resident_id, attachment_id)
    form = ReasonForm(data={"version": record.version})
    return edit_page(
        resident_id,
        Part.PAPERS,
        form,
        lambda: services.withdraw_attachment(record, reason=form.reason.data or "", version=form.version.data),
        back=BACK,
        heading=gettext("Take a document out of use"),
        said=gettext("The document is out of use. It is no longer shown; that it was here stays written down."),
        refusals=WITHDRAW_REFUSALS,
        current=lambda: ReasonForm(formdata=None, data=version_of(Attachment, resident_id, attachment_id)),
    )


def _shown(resident_id: int, attachment_id: int) -> Attachment:
    """The document with its bytes, if it may be shown: in use, and a photo only while its use is allowed. Raises
    NotFound."""
    resident = file_for(desk_here(), resident_id, Part.PAPERS)
    found = attachment_of(resident_id, attachment_id, whole=True)
    is_photo = found.kind is AttachmentKind.PHOTO
    if found.withdrawn_at is not None or (is_photo and not services.may_show_photo(resident, desk_here().today)):
        raise NotFound("attachment")
    return found
