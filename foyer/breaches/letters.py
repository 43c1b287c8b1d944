"""The written notices as drafts: one document for those whose data it was, a page each, and one for the authority.
In Indonesian, whoever reads the pages. Minimum content: UU 27/2022 art. 46 (2)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Pt
from flask_babel import force_locale

from foyer.breaches.models import BreachNotice
from foyer.caseload.desk import Desk
from foyer.formatting import instant, long_date
from foyer.incidents.models import Incident, IncidentPerson
from foyer.incidents.reporting import standing_people
from foyer.papers.blank import blank_paper, printable
from foyer.papers.gathering import settings_of
from foyer.papers.models import PaperSettings
from foyer.residents.naming import age_on, name_for

ADULT = 18
_WHERE_TO_ASK = "Pertanyaan tentang pemberitahuan ini dijawab oleh {officer}."


def letters_to_affected(desk: Desk, row: Incident, notice: BreachNotice) -> bytes:
    """The .docx's bytes: a letter for each resident who is named, to the parents or guardian too while a minor. Of
    restricted residents the initials, since paper lies about."""
    with force_locale("id"):
        return _written(desk, row, notice, [_to_person(desk, person) for person in standing_people(row)])


def letter_to_authority(desk: Desk, row: Incident, notice: BreachNotice) -> bytes:
    """The .docx's bytes: the same facts with how many people it concerns, and no name."""
    count = len(standing_people(row))
    with force_locale("id"):
        to = ["Lembaga yang berwenang dalam pelindungan data pribadi"]
        return _written(desk, row, notice, [(to, f"Jumlah orang yang datanya terdampak: {count}.")])


def _to_person(desk: Desk, person: IncidentPerson) -> tuple[list[str], str]:
    name = name_for(person.resident, in_team=False)
    is_minor = age_on(person.resident.born_on, desk.today) < ADULT
    return [f"Saudara/i {name}", *(["dan orang tua atau walinya"] if is_minor else [])], ""


def _written(desk: Desk, row: Incident, notice: BreachNotice, receivers: Sequence[tuple[list[str], str]]) -> bytes:
    paper = blank_paper(size=11, margin=25, after=4)
    settings = settings_of(desk)
    for number, (to, more) in enumerate(receivers):
        if number:
            paper.add_page_break()
        _letter(paper, desk, row, notice, settings, to, more)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _letter(
    paper: Any, desk: Desk, row: Incident, notice: BreachNotice, settings: PaperSettings, to: Sequence[str], more: str
) -> None:
    house = desk.residence
    for text, size, bold in ((settings.authority, 11, False), (house.name, 14, True), (settings.address, 9, False)):
        if text:
            run = _line(paper, text, align=ALIGN.CENTER).runs[0]
            run.font.size, run.bold = Pt(size), bold
    _line(paper, "")
    _line(paper, f"{settings.place + ', ' if settings.place else ''}{long_date(desk.today)}", align=ALIGN.RIGHT)
    _line(paper, "Kepada Yth.")
    for line in to:
        _line(paper, line)
    _line(paper, "")
    _line(paper, "Pemberitahuan kegagalan pelindungan data pribadi", bold=True)
    known = instant(row.happened_at, house.time_zone)
    _line(
        paper,
        f"Dengan surat ini {house.name} memberitahukan bahwa pelindungan data pribadi telah gagal. "
        f"Hal itu terjadi atau diketahui pada {known}. "
        "Pemberitahuan ini disampaikan menurut Pasal 46 Undang-Undang Nomor 27 Tahun 2022.",
    )
    if more:
        _line(paper, more)
    for heading, text in (
        ("Data pribadi yang terungkap", notice.which_data),
        ("Kapan dan bagaimana data itu terungkap", notice.how),
        ("Upaya penanganan dan pemulihan", notice.remedy),
    ):
        _line(paper, heading, bold=True).paragraph_format.keep_with_next = True
        _line(paper, text)
    officer = ", ".join(part for part in (house.privacy_officer, house.privacy_contact) if part)
    _line(paper, _WHERE_TO_ASK.format(officer=officer or f"pimpinan {house.name}"))
    _line(paper, "")
    for text in (settings.signer_title or f"Pimpinan {house.name}", "", "", settings.signer_name or "(nama jelas)"):
        _line(paper, text).paragraph_format.keep_with_next = True
    if settings.signer_number:
        _line(paper, f"NIP {settings.signer_number}")


def _line(paper: Any, text: str, *, bold: bool = False, align: Any = None) -> Any:
    paragraph = paper.add_paragraph()
    paragraph.add_run(printable(text)).bold = bold
    if align is not None:
        paragraph.alignment = align
    return paragraph
