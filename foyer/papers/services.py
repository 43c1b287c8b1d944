"""Documents are drafted from the records, issued with a number, kept as they were, and withdrawn where wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, undefer

from foyer.accounts.models import User
from foyer.caseload.desk import Desk
from foyer.caseload.mine import own_resident_ids
from foyer.database import db, utc_now
from foyer.errors import FoyerError, NotFound, expect_version
from foyer.names import name_key
from foyer.papers.built_in import built_in
from foyer.papers.certificates import earn_certificate, lose_certificate
from foyer.papers.drawing import pdf_of
from foyer.papers.fields import data_of
from foyer.papers.filling import check_template, fill
from foyer.papers.gathering import gather, settings_of
from foyer.papers.labels import number_text
from foyer.papers.models import IssuedPaper, PaperKind, PaperSettings, PaperTemplate
from foyer.records import change_record, flush, get_record
from foyer.residents.disclosing import Release, Told, check_release, disclose
from foyer.residents.models import Resident, Stay

PAGE_SIZE = 40
SORTS = ("number", "kind", "about", "issued", "by")
SENT = frozenset({PaperKind.SOCIAL_REPORT, PaperKind.REFERRAL})  # goes to others; the rest is handed to the resident


class AlreadyWithdrawn(FoyerError):
    """The document was withdrawn before."""


@dataclass(frozen=True)
class Files:
    """A document as two files that say the same."""

    docx: bytes
    pdf: bytes


@dataclass(frozen=True)
class Wanted:
    """What a reader of the register asks for; ``sort``: one of ``SORTS``."""

    q: str = ""
    kind: PaperKind | None = None
    year: int | None = None
    page: int = 1
    sort: str = "number"
    descending: bool = True


def draft(
    desk: Desk,
    resident: Resident,
    stay: Stay | None,
    kind: PaperKind,
    typed: Mapping[str, str],
    *,
    with_full_name: bool,
    draft_words: str,
    release: Release | None = None,
) -> Files:
    """The document as it would be issued now, with ``draft_words`` in the place of its number and on its pages. Nothing
    is stored. Raises what ``issue`` raises: a draft can be sent just as well."""
    if kind in SENT:
        check_release(resident, release, desk.today)
    data = _data(desk, resident, stay, kind, typed, with_full_name=with_full_name)
    return _made(template_of(kind), {**data, "nomor_surat": draft_words}, kind, draft=draft_words)


def issue(
    desk: Desk,
    resident: Resident,
    stay: Stay | None,
    kind: PaperKind,
    typed: Mapping[str, str],
    *,
    with_full_name: bool,
    release: Release | None = None,
) -> IssuedPaper:
    """Give the document the next number of the house's year and keep both files. ``typed`` holds the fields that the
    records do not have; ``kepada`` also stands in the register. ``release``: on what it stands that a document of
    ``SENT`` leaves the house. Two people who issue in the same moment: the later one gets IntegrityError and sends
    again. Raises BasisMissing, BasisReasonMissing, ConsentMissing."""
    if kind in SENT:
        check_release(resident, release, desk.today)
    settings = settings_of(desk)
    sequence = next_sequence(desk.today.year)
    number = number_text(settings.number_pattern, sequence=sequence, kind=kind, on=desk.today)
    data = _data(desk, resident, stay, kind, typed, with_full_name=with_full_name)
    template = current_template(kind)
    files = _made(template.content if template else built_in(kind), {**data, "nomor_surat": number}, kind)
    paper = IssuedPaper(
        residence_id=desk.residence.id,
        resident_id=resident.id,
        stay_id=stay.id if stay else None,
        kind=kind,
        year=desk.today.year,
        sequence=sequence,
        number_text=number,
        issued_on=desk.today,
        issued_by_id=desk.actor.id,
        signer=settings.signer_name,
        addressee=typed.get("kepada") or None,
        typed=json.dumps(dict(typed), ensure_ascii=False),
        has_full_name=with_full_name,
        template_id=template.id if template else None,
        docx=files.docx,
        pdf=files.pdf,
    )
    db.session.add(paper)
    flush()
    if release is not None:
        told = Release(release.basis, release.receiver or typed.get("kepada", ""), release.reason)
        disclose(resident, told, told=Told.LETTER, paper_id=paper.id, today=desk.today, actor=desk.actor)
    if kind is PaperKind.CERTIFICATE and stay is not None:
        earn_certificate(desk, resident, stay, number=number, trade_name=str(data.get("keterampilan") or ""))
    return paper


def withdraw(desk: Desk, paper: IssuedPaper, *, reason: str, version: int | None) -> None:
    """Withdraw a document: it keeps its number and files, and the register says when, by whom and why. Raises
    AlreadyWithdrawn, Stale."""
    expect_version(paper, version)
    if paper.withdrawn_on is not None:
        raise AlreadyWithdrawn
    change_record(
        paper,
        {"withdrawn_on": desk.today, "withdrawn_by_id": desk.actor.id, "withdrawn_reason": reason.strip()},
        version=version,
    )
    if paper.kind is PaperKind.CERTIFICATE:
        lose_certificate(desk, paper.resident_id, number=paper.number_text, why=reason)


def next_sequence(year: int) -> int:
    """The number that the next document of the year gets, over all kinds."""
    last = db.session.scalar(select(func.max(IssuedPaper.sequence)).where(IssuedPaper.year == year))
    return (last or 0) + 1


def papers_of(resident: Resident) -> Sequence[IssuedPaper]:
    """Everything issued about a resident, newest first, without the files."""
    return db.session.scalars(
        select(IssuedPaper)
        .where(IssuedPaper.resident_id == resident.id)
        .options(joinedload(IssuedPaper.issued_by), joinedload(IssuedPaper.withdrawn_by))
        .order_by(IssuedPaper.issued_on.desc(), IssuedPaper.id.desc())
    ).all()


def get_paper(resident: Resident, paper_id: int, *, with_files: bool = False) -> IssuedPaper:
    """A document of this resident. Raises NotFound."""
    files = (undefer(IssuedPaper.docx), undefer(IssuedPaper.pdf)) if with_files else ()
    paper = get_record(IssuedPaper, paper_id, *files)
    if paper.resident_id != resident.id:
        raise NotFound("paper")
    return paper


def register(desk: Desk, wanted: Wanted) -> tuple[Sequence[IssuedPaper], int, int, int]:
    """A page of the house's register, sorted as asked: rows, how many in all, the page, how many pages. A
    counsellor sees those about the own residents. Found by part of a number or of a name."""
    query = _found(desk, wanted)
    total = db.session.scalar(select(func.count()).select_from(query.with_only_columns(IssuedPaper.id).subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, wanted.page), pages)
    rows = db.session.scalars(
        query.options(joinedload(IssuedPaper.resident), joinedload(IssuedPaper.issued_by))
        .order_by(*_order(wanted))
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return rows, total, page, pages


def _order(wanted: Wanted) -> list[Any]:
    """As asked for; numbers of one year stand in their order, the newest first where nothing else is asked."""
    numbers = (IssuedPaper.year, IssuedPaper.sequence)
    columns: dict[str, Any] = {
        "kind": IssuedPaper.kind,
        "about": _resident_column(Resident.name_key),
        "issued": IssuedPaper.issued_on,
        "by": _user_column(User.display_name),
    }
    column = columns.get(wanted.sort)
    if column is None:
        return [each.desc() if wanted.descending else each.asc() for each in numbers]
    return [column.is_(None), column.desc() if wanted.descending else column.asc(), *(each.desc() for each in numbers)]


def _resident_column(column: Any) -> Any:
    return select(column).where(Resident.id == IssuedPaper.resident_id).scalar_subquery()


def _user_column(column: Any) -> Any:
    return select(column).where(User.id == IssuedPaper.issued_by_id).scalar_subquery()


def years() -> Sequence[int]:
    """The years of the register, newest first."""
    return db.session.scalars(select(IssuedPaper.year).distinct().order_by(IssuedPaper.year.desc())).all()


def current_template(kind: PaperKind) -> PaperTemplate | None:
    """The house's own template in use, with its content; None: the built-in one."""
    return db.session.scalar(
        select(PaperTemplate)
        .where(PaperTemplate.kind == kind, PaperTemplate.ended_at.is_(None))
        .options(undefer(PaperTemplate.content))
    )


def template_of(kind: PaperKind) -> bytes:
    """The bytes of the template in use."""
    own = current_template(kind)
    return own.content if own else built_in(kind)


def templates_in_use() -> dict[PaperKind, PaperTemplate]:
    """The house's own templates in use, by kind, without their content."""
    rows = db.session.scalars(
        select(PaperTemplate).where(PaperTemplate.ended_at.is_(None)).options(joinedload(PaperTemplate.uploaded_by))
    )
    return {row.kind: row for row in rows}


def adopt_template(desk: Desk, kind: PaperKind, *, filename: str, content: bytes) -> PaperTemplate:
    """Use this template from now on. Raises NotADocument, DangerousPart, MarksBroken, UnknownFields."""
    check_template(content, kind)
    end_template(kind)
    last = db.session.scalar(select(func.max(PaperTemplate.number)).where(PaperTemplate.kind == kind)) or 0
    own = PaperTemplate(
        residence_id=desk.residence.id,
        kind=kind,
        number=last + 1,
        filename=filename[:200],
        content=content,
        uploaded_by_id=desk.actor.id,
    )
    db.session.add(own)
    flush()
    return own


def end_template(kind: PaperKind) -> None:
    """Go back to the built-in template; the house's own is kept for the documents made from it."""
    own = current_template(kind)
    if own is not None:
        change_record(own, {"ended_at": utc_now()})


def try_template(kind: PaperKind) -> Files:
    """The template in use, filled with made-up data, to look at."""
    return _made(template_of(kind), data_of(kind, "full"), kind, draft="CONTOH")


def change_settings(desk: Desk, values: Mapping[str, Any], *, version: int | None) -> None:
    """Change letterhead, signer and the pattern of numbers. Raises Stale."""
    settings: PaperSettings = settings_of(desk)
    if settings.id is None:
        db.session.add(settings)
        version = None
    change_record(settings, values, version=version)


def _data(
    desk: Desk,
    resident: Resident,
    stay: Stay | None,
    kind: PaperKind,
    typed: Mapping[str, str],
    *,
    with_full_name: bool,
) -> dict[str, Any]:
    found = gather(desk, resident, stay, kind, with_full_name=with_full_name)
    return {**found, **{name: text for name, text in typed.items() if name in found}}


def _made(template: bytes, data: Mapping[str, Any], kind: PaperKind, *, draft: str = "") -> Files:
    docx = fill(template, data)
    return Files(docx, pdf_of(docx, title=str(data["nomor_surat"]), draft=draft))


def _found(desk: Desk, wanted: Wanted) -> Select[Any]:
    query = select(IssuedPaper).where(IssuedPaper.resident_id.in_(own_resident_ids(desk)))
    if wanted.kind is not None:
        query = query.where(IssuedPaper.kind == wanted.kind)
    if wanted.year is not None:
        query = query.where(IssuedPaper.year == wanted.year)
    if wanted.q:
        people = select(Resident.id).where(Resident.name_key.contains(name_key(wanted.q), autoescape=True))
        query = query.where(
            IssuedPaper.number_text.contains(wanted.q, autoescape=True) | IssuedPaper.resident_id.in_(people)
        )
    return query
