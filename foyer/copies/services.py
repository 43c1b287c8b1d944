"""Copies of a file: what goes in, for whom, and that somebody took one."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import undefer

from foyer.audit.services import record
from foyer.caseload.desk import Desk
from foyer.caseload.rights import Act, Part, parts_open, relation_to
from foyer.copies.collecting import Record, collect
from foyer.copies.document import document_of
from foyer.copies.labels import LABELS as LABELS  # the words of audiences come with it
from foyer.copies.sources import Audience
from foyer.database import db
from foyer.errors import FoyerError
from foyer.formatting import short_date
from foyer.history.services import visits_of
from foyer.papers.models import IssuedPaper
from foyer.residents.attachments import Attachment, AttachmentKind
from foyer.residents.disclosing import BasisMissing, Release, Told, disclose
from foyer.residents.models import Resident
from foyer.words import words

FORMAT = "foyer-file/1"
MOST_ACTS = 2000  # of the trail in one copy, the newest


class NothingChosen(FoyerError):
    """A copy needs a part that the maker may export."""


@dataclass(frozen=True)
class FileCopy:
    """What the trail names when somebody took a copy."""

    id: int
    residence_id: int


@dataclass(frozen=True)
class HandedCopy(FileCopy):
    """One for the resident."""


@dataclass(frozen=True)
class OwnCopy(FileCopy):
    """One that the resident took."""


KINDS = {Audience.HOUSE: FileCopy, Audience.RESIDENT: HandedCopy, Audience.OWN: OwnCopy}


@dataclass(frozen=True)
class Copy:
    """A copy's two forms, and the documents that belong to it by their names."""

    pdf: bytes
    data: bytes
    files: Mapping[str, bytes]

    @property
    def archive(self) -> bytes:
        """Everything in one zip."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("file.pdf", self.pdf)
            archive.writestr("file.json", self.data)
            for name, content in self.files.items():
                archive.writestr(f"documents/{name}", content)
        return out.getvalue()


def exportable(desk: Desk, resident_id: int) -> list[Part]:
    """The parts that the actor may take out of the house, in their order."""
    found = parts_open(relation_to(desk, resident_id), Act.EXPORT)
    return [part for part in Part if part in found]


def take_copy(
    desk: Desk,
    resident: Resident,
    audience: Audience,
    chosen: Iterable[Part] | None = None,
    *,
    release: Release | None = None,
) -> Copy:
    """Make a copy of these parts (none: of all) as far as the actor may export them, and write it into the trail, which
    the resident reads too. One that is not for the resident needs a ``release``: who gets it, and on what that stands.
    Raises NothingChosen, BasisMissing, BasisReasonMissing, ConsentMissing."""
    wanted = None if chosen is None else frozenset(chosen)
    parts = [part for part in exportable(desk, resident.id) if wanted is None or part in wanted]
    if not parts:
        raise NothingChosen
    if audience is Audience.HOUSE:
        if release is None:
            raise BasisMissing
        disclose(resident, release, told=Told.COPY, paper_id=None, today=desk.today, actor=desk.actor)
    found = collect(desk, resident, parts, audience)
    chapters = [(words(part), records) for part, records in found.items() if part is not Part.TRAIL]
    readers = _readers(desk, resident) if Part.TRAIL in parts else []
    kind = KINDS[audience]
    record(
        "exported",
        kind(resident.id, resident.residence_id),
        resident_id=resident.id,
        changes={"parts": [None, [part.value for part in parts]]},
    )
    pdf = document_of(
        gettext("Copy of the file of %(name)s", name=resident.full_name),
        gettext("Confidential: only for whom it was made"),
        _about(desk, audience),
        chapters,
        readers,
    )
    files = _files(resident, parts) if audience is Audience.HOUSE else _own_files(resident, parts, audience)
    return Copy(pdf, _data(desk, resident, audience, found, readers), files)


def _about(desk: Desk, audience: Audience) -> list[str]:
    """What this is, whose, and what is not in it."""
    made = gettext(
        "%(house)s, made on %(day)s by %(name)s. %(audience)s.",
        house=desk.residence.name,
        day=short_date(desk.today),
        name=desk.actor.display_name,
        audience=words(audience),
    )
    left = [gettext("What was said in counselling is in no copy: whoever wrote it talks it over, on request.")]
    if audience is Audience.RESIDENT:
        left.append(gettext("Left out is what tells of other people: who reported, and how others can be reached."))
    if audience is Audience.OWN:
        left.append(
            gettext(
                "The counsellor hands over a copy of everything on request, within %(hours)s hours.",
                hours=desk.residence.answer_hours,
            )
        )
    return [made, *left]


def _readers(desk: Desk, resident: Resident) -> list[str]:
    return [
        f"{short_date(one.day)}: {one.who}{f' ({one.role})' if one.role else ''}, "
        + "; ".join([*([", ".join(one.parts)] if one.parts else []), *one.deeds])
        for one in visits_of(desk, resident, size=MOST_ACTS)[0]
    ]


def _data(
    desk: Desk,
    resident: Resident,
    audience: Audience,
    found: Mapping[Part, Sequence[Record]],
    readers: Sequence[str],
) -> bytes:
    whole: dict[str, Any] = {
        "format": FORMAT,
        "house": desk.residence.name,
        "made_on": desk.today.isoformat(),
        "made_by": desk.actor.display_name,
        "for": audience.value,
        "resident": resident.full_name,
        "parts": {part.value: [each.plain() for each in records] for part, records in found.items()},
    }
    if Part.TRAIL in found:
        whole["parts"][Part.TRAIL.value] = list(readers)
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def _own_files(resident: Resident, parts: Sequence[Part], audience: Audience) -> dict[str, bytes]:
    """The resident's own papers and photo; not what the house wrote to others, and no papers of referral, which tell
    who referred and reported."""
    if audience is Audience.OWN:
        return {}
    return _files(
        resident, [part for part in parts if part is not Part.LETTERS], without=frozenset({AttachmentKind.REFERRAL})
    )


def _files(
    resident: Resident, parts: Sequence[Part], without: frozenset[AttachmentKind] = frozenset()
) -> dict[str, bytes]:
    """Documents and photo as they are kept, but for kinds ``without``, and letters as they were issued. Two queries."""
    found: dict[str, bytes] = {}
    if Part.PAPERS in parts or Part.PHOTO in parts:
        query = select(Attachment).where(Attachment.resident_id == resident.id).options(undefer(Attachment.content))
        for each in db.session.scalars(query.where(Attachment.withdrawn_at.is_(None)).order_by(Attachment.id)):
            part = Part.PHOTO if each.kind is AttachmentKind.PHOTO else Part.PAPERS
            if part in parts and each.kind not in without:
                found[each.file_name] = each.content
    if Part.LETTERS in parts:
        letters = select(IssuedPaper).where(IssuedPaper.resident_id == resident.id).options(undefer(IssuedPaper.pdf))
        for paper in db.session.scalars(letters.order_by(IssuedPaper.id)):
            found[f"{paper.kind.value}-{paper.year}-{paper.sequence:03d}.pdf"] = paper.pdf
    return found
