"""Letters and reports of one resident: written, looked at as a draft, issued, taken along, withdrawn."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from foyer.audit.services import record_read
from foyer.caseload.desk import Desk, desk_here
from foyer.caseload.rights import Act, Part, file_for, may, parts_open, relation_to
from foyer.caseload.sections import Subject, file_context, register_section, stay_that_counts
from foyer.caseload.wanting import consent_wanting
from foyer.editing import Refusals, form_page, refuse, submitted
from foyer.formatting import short_date
from foyer.papers import services
from foyer.papers.forms import RELEASE_REFUSALS, WITHDRAW_REFUSALS, PaperForm, WithdrawForm
from foyer.papers.labels import FILE_NAMES
from foyer.papers.models import IssuedPaper, PaperKind
from foyer.residents.disclosing import ConsentMissing, check_still
from foyer.residents.models import Resident, Stay

pages = Blueprint("papers", __name__)

KINDS = f"any({', '.join(kind.value for kind in PaperKind)})"
ENDINGS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
DRAFT = "DRAF"
_OF = "/residents/<int:resident_id>/letters"

register_section("letters", "papers.letters", _l("Letters"), Part.LETTERS, subject=Subject.RECORDS, order=90)


@pages.get(_OF)
@may(Part.LETTERS)
def letters(resident_id: int) -> str:
    """Everything issued about a resident, and what can be written."""
    desk = desk_here()
    resident = file_for(desk, resident_id, Part.LETTERS)
    record_read(resident, resident_id=resident.id)
    return render_template(
        "papers/letters.html",
        rows=services.papers_of(resident),
        kinds=list(PaperKind),
        **file_context(desk, resident, "letters"),
    )


@pages.route(f"{_OF}/new/<{KINDS}:paper>", methods=["GET", "POST"])
@may(Part.LETTERS, Act.WRITE)
def write(resident_id: int, paper: str) -> Response | tuple[str, int]:
    """What a document needs beside the records; from here it is looked at as a draft, or issued."""
    desk = desk_here()
    resident = file_for(desk, resident_id, Part.LETTERS, Act.WRITE)
    kind = PaperKind(paper)
    form = _paper_form(resident, kind)
    ending = request.form.get("draft")
    refusals = {**RELEASE_REFUSALS, ConsentMissing: ("basis", lambda error: consent_wanting(desk, resident, error))}
    if ending in ENDINGS and (drafted := _drafted(desk, resident, kind, form, refusals)):
        return file_answer(getattr(drafted, ending), ending, f"{FILE_NAMES[kind]}-draf")
    issued: list[IssuedPaper] = []

    def act() -> None:
        stay, release = _stay(resident, form), form.release
        issued.append(
            services.issue(desk, resident, stay, kind, form.typed, with_full_name=_named(form), release=release)
        )

    if ending not in ENDINGS and submitted(form, act, refusals):
        flash(gettext("Issued as number %(number)s.", number=issued[0].number_text), "good")
        return redirect(url_for("papers.letter", resident_id=resident_id, paper_id=issued[0].id))
    resident = file_for(desk, resident_id, Part.LETTERS, Act.WRITE)
    context = file_context(desk, resident, "letters")
    return form_page("papers/write.html", form, kind=kind, settings=services.settings_of(desk), **context)


@pages.get(f"{_OF}/<int:paper_id>")
@may(Part.LETTERS)
def letter(resident_id: int, paper_id: int) -> tuple[str, int]:
    """One issued document: its place in the register, its files, and withdrawing it."""
    return _letter_page(resident_id, paper_id, WithdrawForm(formdata=None))


@pages.post(f"{_OF}/<int:paper_id>/withdraw")
@may(Part.LETTERS, Act.WRITE)
def withdraw(resident_id: int, paper_id: int) -> Response | tuple[str, int]:
    """Withdraw a document that was wrong; it stays in the register."""
    desk = desk_here()
    paper = services.get_paper(file_for(desk, resident_id, Part.LETTERS, Act.WRITE), paper_id)
    form = WithdrawForm()

    def act() -> None:
        services.withdraw(desk, paper, reason=form.reason.data or "", version=form.version.data)

    if submitted(form, act, WITHDRAW_REFUSALS):
        flash(gettext("Withdrawn. The register keeps the number and says why."), "good")
        return redirect(url_for("papers.letter", resident_id=resident_id, paper_id=paper_id))
    if getattr(form, "is_stale", False):
        form.refuse(None, gettext("Somebody else changed this document meanwhile. Look at it, then try again."))
    return _letter_page(resident_id, paper_id, form)


@pages.get(f"{_OF}/<int:paper_id>/file.<any(docx, pdf):ending>")
@may(Part.LETTERS, Act.EXPORT)
def letter_file(resident_id: int, paper_id: int, ending: str) -> Response:
    """The file as it was issued. That it was taken is written down."""
    resident = file_for(desk_here(), resident_id, Part.LETTERS, Act.EXPORT)
    paper = services.get_paper(resident, paper_id, with_files=True)
    try:
        check_still(resident, paper.id, desk_here().today)
    except ConsentMissing as error:
        flash(consent_wanting(desk_here(), resident, error), "danger")
        return redirect(url_for("papers.letter", resident_id=resident_id, paper_id=paper_id))
    record_read(paper)
    return file_answer(getattr(paper, ending), ending, f"{FILE_NAMES[paper.kind]}-{paper.year}-{paper.sequence:03d}")


def _letter_page(resident_id: int, paper_id: int, form: WithdrawForm) -> tuple[str, int]:
    desk = desk_here()
    resident = file_for(desk, resident_id, Part.LETTERS)
    paper = services.get_paper(resident, paper_id)
    if request.method == "GET":
        record_read(paper)
    form.version.data = paper.version
    context = file_context(desk, resident, "letters")
    can_take = Part.LETTERS in parts_open(relation_to(desk, resident.id), Act.EXPORT)
    return form_page("papers/letter.html", form, paper=paper, can_take=can_take, **context)


def _drafted(
    desk: Desk, resident: Resident, kind: PaperKind, form: PaperForm, refusals: Refusals
) -> services.Files | None:
    """The draft's files; None, with the reason in the form, where it may not be made."""
    if not form.validate_on_submit():
        return None
    record_read(resident, resident_id=resident.id)
    try:
        return services.draft(
            desk,
            resident,
            _stay(resident, form),
            kind,
            form.typed,
            with_full_name=_named(form),
            draft_words=DRAFT,
            release=form.release,
        )
    except tuple(refusals) as refusal:
        refuse(form, refusals, refusal)
        return None


def _paper_form(resident: Resident, kind: PaperKind) -> PaperForm:
    counted = stay_that_counts(resident, desk_here())
    stays = [
        (stay.id, gettext("%(first)s to %(last)s", first=short_date(stay.arrives_on), last=short_date(stay.leaves_on)))
        for stay in reversed(resident.stays)
    ]
    return PaperForm(
        kind=kind,
        stays=stays,
        is_restricted=resident.is_restricted,
        data={"stay_id": counted.id if counted else None},
    )


def _stay(resident: Resident, form: PaperForm) -> Stay | None:
    if "stay_id" in form:
        return next((stay for stay in resident.stays if stay.id == form.stay_id.data), None)
    return stay_that_counts(resident, desk_here())


def _named(form: PaperForm) -> bool:
    """The full name, unless it is protected and nobody said that the receiver may have it."""
    return "full_name" not in form or bool(form.full_name.data)


def file_answer(content: bytes, ending: str, name: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = ENDINGS[ending]
    how = "inline" if ending == "pdf" else "attachment"
    answer.headers["Content-Disposition"] = f'{how}; filename="{name}.{ending}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


from foyer.papers import house_views  # noqa: E402, F401  the house's register, templates and letterhead
