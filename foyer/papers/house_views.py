"""The house's register of documents, its own templates, its letterhead."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.audit.services import LettersRegister, record_looks
from foyer.caseload.desk import desk_here
from foyer.caseload.rights import Part, may
from foyer.database import db
from foyer.editing import form_page, submitted
from foyer.papers import filling, services
from foyer.papers.fields import FIELDS
from foyer.papers.forms import RegisterForm, SettingsForm, TemplateForm
from foyer.papers.labels import FILE_NAMES, number_text
from foyer.papers.models import PaperKind
from foyer.papers.views import ENDINGS, KINDS, file_answer, pages
from foyer.words import words

_SETTINGS = (
    "authority",
    "address",
    "place",
    "signer_name",
    "signer_title",
    "signer_number",
    "number_pattern",
)


@pages.get("/letters")
@may(Part.LETTERS)
def register() -> str:
    """Every document that the house issued, by number; a counsellor sees those of the own residents."""
    desk = desk_here()
    form = RegisterForm(request.args, years=list(services.years()))
    sort = request.args.get("sort", "")
    sort = sort if sort in services.SORTS else services.SORTS[0]
    wanted = services.Wanted(
        q=(form.q.data or "").strip(),
        kind=form.kind.data,
        year=form.year.data,
        sort=sort,
        descending=request.args.get("order", "desc" if sort == services.SORTS[0] else "asc") == "desc",
        page=request.args.get("page", 1, type=int),
    )
    rows, total, page, count = services.register(desk, wanted)
    house = desk.residence
    record_looks(LettersRegister(house.id), (row.resident_id for row in rows), time_zone=house.time_zone)
    return render_template(
        "papers/register.html",
        form=form,
        wanted=wanted,
        sorts=[
            ("number", gettext("Number")),
            ("kind", gettext("Document")),
            ("about", gettext("About")),
            ("issued", gettext("Issued on")),
            ("by", gettext("By")),
        ],
        rows=rows,
        total=total,
        page=page,
        pages=count,
        page_address=lambda number: url_for("papers.register", **{**request.args.to_dict(), "page": number}),
    )


@pages.get("/letters/templates")
@allow(Role.MANAGER)
def templates() -> tuple[str, int]:
    """Which template each kind of document uses, and what templates may name."""
    return _templates_page(TemplateForm(formdata=None), None)


@pages.post(f"/letters/templates/<{KINDS}:paper>")
@allow(Role.MANAGER)
def upload_template(paper: str) -> Response | tuple[str, int]:
    """Try an own template and use it from now on, or say what it needs."""
    kind, form = PaperKind(paper), TemplateForm()

    def act() -> None:
        file: FileStorage = form.file.data
        content = file.stream.read(filling.MOST_BYTES + 1)
        services.adopt_template(desk_here(), kind, filename=file.filename or "", content=content)

    try:
        is_saved = submitted(form, act)
    except (filling.NotADocument, filling.DangerousPart, filling.MarksBroken, filling.UnknownFields) as refusal:
        db.session.rollback()
        form.refuse(form.file, _refusal_words(refusal, kind))
        is_saved = False
    if is_saved:
        flash(gettext("The template was tried and is used from now on: %(kind)s.", kind=words(kind)), "good")
        return redirect(url_for("papers.templates") + f"#{kind.value}")
    return _templates_page(form, kind)


@pages.get(f"/letters/templates/<{KINDS}:paper>/file.docx")
@allow(Role.MANAGER)
def template_file(paper: str) -> Response:
    """The template in use, to change in a word processor."""
    kind = PaperKind(paper)
    return file_answer(services.template_of(kind), "docx", f"templat-{FILE_NAMES[kind]}")


@pages.get(f"/letters/templates/<{KINDS}:paper>/sample.<any(docx, pdf):ending>")
@allow(Role.MANAGER)
def template_sample(paper: str, ending: str) -> Response:
    """The template in use with made-up data."""
    kind = PaperKind(paper)
    assert ending in ENDINGS
    return file_answer(getattr(services.try_template(kind), ending), ending, f"contoh-{FILE_NAMES[kind]}")


@pages.post(f"/letters/templates/<{KINDS}:paper>/built-in")
@allow(Role.MANAGER)
def end_template(paper: str) -> Response:
    """Go back to the template that Foyer brings along."""
    services.end_template(PaperKind(paper))
    db.session.commit()
    flash(gettext("The built-in template is used again. Your own is kept for the documents made from it."), "good")
    return redirect(url_for("papers.templates") + f"#{paper}")


@pages.route("/letters/letterhead", methods=["GET", "POST"])
@allow(Role.MANAGER)
def letterhead() -> Response | tuple[str, int]:
    """What stands on every document: letterhead, who signs, how numbers are written."""
    desk = desk_here()
    form = SettingsForm(obj=services.settings_of(desk))

    def act() -> None:
        values = {name: form[name].data for name in _SETTINGS}
        services.change_settings(desk, values, version=form.version.data)

    if submitted(form, act):
        flash(gettext("Saved. The next documents carry it."), "good")
        return redirect(url_for("papers.templates"))
    return form_page(
        "papers/letterhead.html",
        form,
        lambda: SettingsForm(formdata=None, obj=services.settings_of(desk)),
        trail=[(gettext("Letters"), url_for("papers.register")), (gettext("Templates"), url_for("papers.templates"))],
    )


def _templates_page(form: TemplateForm, refused: PaperKind | None) -> tuple[str, int]:
    desk = desk_here()
    settings = services.settings_of(desk)
    sequence = services.next_sequence(desk.today.year)
    sample: Any = number_text(settings.number_pattern, sequence=sequence, kind=PaperKind.SOCIAL_REPORT, on=desk.today)
    return form_page(
        "papers/templates.html",
        form,
        kinds=list(PaperKind),
        own=services.templates_in_use(),
        fields=FIELDS,
        refused=refused,
        settings=settings,
        next_number=sample,
    )


def _refusal_words(refusal: Exception, kind: PaperKind) -> str:
    if isinstance(refusal, filling.UnknownFields):
        names = ", ".join(f"{{{{ {name} }}}}" for name in refusal.names)
        return gettext("%(kind)s has no field called %(names)s. See the list of fields.", kind=words(kind), names=names)
    if isinstance(refusal, filling.DangerousPart):
        return gettext("The file carries macros, embedded objects or links that fetch something. Save it without them.")
    if isinstance(refusal, filling.MarksBroken):
        if refusal.near:
            return gettext("The marks in the template do not fit together, near: %(near)s", near=refusal.near)
        return gettext("The marks in the template do not fit together. Compare them with the built-in template.")
    return gettext("This is no .docx file, or it is larger than 2 MB.")
