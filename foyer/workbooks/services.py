"""Importing a house's workbook: hand it in, answer what is asked, look at the dry run, confirm. The edge commits."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePath

from sqlalchemy import or_, select

from foyer.audit.services import record
from foyer.clock import today_in
from foyer.cycles.models import Cycle, CycleState
from foyer.database import db, utc_now
from foyer.errors import FoyerError, NotFound, Stale
from foyer.residences.models import Residence
from foyer.workbooks.applying import apply
from foyer.workbooks.changes import Comparison
from foyer.workbooks.comparing import compare
from foyer.workbooks.models import MappingAbout, UploadState, WorkbookMapping, WorkbookUpload
from foyer.workbooks.problems import Problem
from foyer.workbooks.reading import Book, read_book
from foyer.workbooks.recognising import Answers
from foyer.workbooks.state import HouseState, load_state
from foyer.workbooks.suggesting import suggest_cycle
from foyer.workbooks.tables import find_tables
from foyer.workbooks.understanding import Understanding, understand
from foyer.workbooks.vocabulary import IGNORE, KINDS

KEPT_WAITING = timedelta(days=7)
KEPT_CORRECTIONS = timedelta(days=30)

WriteCorrections = Callable[[Understanding, list[Problem]], bytes | None]


class QuestionsOpen(FoyerError):
    """The workbook has sheets or columns that nobody explained yet."""


class AlreadyImported(FoyerError):
    """This upload was imported, discarded or has expired; its file is gone."""


class NothingWaits(FoyerError):
    """There is no workbook of corrections: everything came in, or its time is up."""


class CycleIsClosed(FoyerError):
    """The cycle is over: its facts are history."""


class NotAMonday(FoyerError):
    """A cycle starts on a Monday."""


class CyclesOverlap(FoyerError):
    """Another cycle of the house lies on these dates."""

    def __init__(self, other: Cycle) -> None:
        super().__init__("cycles overlap")
        self.starts_on, self.ends_on = other.starts_on, other.ends_on


@dataclass
class DryRun:
    """Everything that a person looks at before confirming."""

    upload: WorkbookUpload
    found: Understanding
    state: HouseState
    comparison: Comparison

    @property
    def is_ready(self) -> bool:
        return not self.found.questions


def keep_upload(*, residence: Residence, data: bytes, filename: str, actor_id: int | None) -> WorkbookUpload:
    """Take a workbook in. Raises ``Unreadable`` for what is none; nothing is kept then."""
    book = read_book(data, filename)
    purge_expired()
    starts_on, weeks = _suggested(residence, book)
    upload = WorkbookUpload(
        residence_id=residence.id,
        filename=PurePath(filename.replace("\\", "/")).name[-200:] or "workbook",
        digest=hashlib.sha256(data).hexdigest(),
        content=base64.b64encode(data).decode(),
        starts_on=starts_on,
        weeks=weeks,
        uploaded_by_id=actor_id,
        expires_at=utc_now() + KEPT_WAITING,
    )
    db.session.add(upload)
    db.session.flush()
    return upload


def _suggested(residence: Residence, book: Book) -> tuple[date, int]:
    """The cycle that the workbook seems to be for; a cycle that the house has already is preferred."""
    tables = find_tables(book, answers_of(residence.id)).tables
    found = suggest_cycle(book, tables, today=today_in(residence.time_zone))
    cycles = list_cycles(residence)
    for cycle in cycles:
        if cycle.starts_on <= found.starts_on < cycle.ends_on:
            return cycle.starts_on, cycle.weeks
    preparing = [cycle for cycle in cycles if cycle.state is CycleState.PREPARING]
    if not found.is_certain and found.number is None and preparing:
        return preparing[-1].starts_on, preparing[-1].weeks
    return found.starts_on, found.weeks


def list_cycles(residence: Residence) -> list[Cycle]:
    """The house's cycles by date."""
    query = select(Cycle).where(Cycle.residence_id == residence.id).order_by(Cycle.starts_on)
    return list(db.session.scalars(query))


def upload_for(upload_id: int) -> WorkbookUpload:
    """An upload of the house in scope, or NotFound."""
    upload = db.session.scalar(select(WorkbookUpload).where(WorkbookUpload.id == upload_id))
    if upload is None:
        raise NotFound("workbook upload")
    return upload


def list_uploads(residence: Residence, most: int = 10) -> list[WorkbookUpload]:
    """The last workbooks handed in, newest first."""
    query = select(WorkbookUpload).where(WorkbookUpload.residence_id == residence.id)
    return list(db.session.scalars(query.order_by(WorkbookUpload.id.desc()).limit(most)))


def purge_expired() -> None:
    """Forget files whose time is up."""
    gone = or_(WorkbookUpload.content.is_not(None), WorkbookUpload.corrections.is_not(None))
    for upload in db.session.scalars(select(WorkbookUpload).where(WorkbookUpload.expires_at < utc_now(), gone)):
        upload.content = upload.corrections = None


def discard_upload(upload: WorkbookUpload) -> None:
    """Forget the file at once."""
    upload.content = upload.corrections = None


def answers_of(residence_id: int) -> Answers:
    """What the house said before about sheets and columns."""
    rows = db.session.scalars(select(WorkbookMapping).where(WorkbookMapping.residence_id == residence_id)).all()
    by_about = {about: {row.signature: row.meaning for row in rows if row.about is about} for about in MappingAbout}
    return Answers(by_about[MappingAbout.SHEET], by_about[MappingAbout.COLUMN])


def remember_answers(residence: Residence, upload: WorkbookUpload, answers: Mapping[tuple[str, str], str]) -> None:
    """Keep what the house says sheets and columns mean: ``(about, signature)`` to a kind, a meaning or "ignore"."""
    known = {
        (row.about.value, row.signature): row
        for row in db.session.scalars(select(WorkbookMapping).where(WorkbookMapping.residence_id == residence.id))
    }
    for (about, signature), meaning in answers.items():
        if not _is_meaning(about, signature, meaning):
            continue
        row = known.get((about, signature))
        if row is None:
            row = WorkbookMapping(residence_id=residence.id, about=MappingAbout(about), signature=signature)
            db.session.add(row)
        row.meaning = meaning
    db.session.flush()
    if (
        upload.content is not None
        and db.session.scalar(select(Cycle.id).where(Cycle.starts_on == upload.starts_on)) is None
    ):
        upload.starts_on, upload.weeks = _suggested(residence, read_book(_content(upload), upload.filename))


def _is_meaning(about: str, signature: str, meaning: str) -> bool:
    if meaning == IGNORE:
        return True
    if about == MappingAbout.SHEET:
        return meaning in KINDS
    kind = KINDS.get(signature.partition("|")[0])
    return kind is not None and meaning in kind.columns


def choose_cycle(residence: Residence, upload: WorkbookUpload, *, starts_on: date, weeks: int) -> None:
    """Say which cycle the workbook is for."""
    if starts_on.weekday() != 0:
        raise NotAMonday(starts_on)
    ends_on = starts_on + timedelta(weeks=weeks)
    for cycle in list_cycles(residence):
        if cycle.starts_on == starts_on:
            weeks = cycle.weeks
        elif cycle.starts_on < ends_on and starts_on < cycle.ends_on:
            raise CyclesOverlap(cycle)
    upload.starts_on, upload.weeks = starts_on, weeks


def _content(upload: WorkbookUpload) -> bytes:
    if upload.content is None or upload.expires_at < utc_now():
        raise AlreadyImported(upload.id)
    return base64.b64decode(upload.content)


def dry_run(residence: Residence, upload: WorkbookUpload) -> DryRun:
    """What the workbook would do to the house as it is now. Changes nothing."""
    book = read_book(_content(upload), upload.filename)
    state = load_state(residence, upload.starts_on, upload.weeks)
    found = understand(book, state.as_house(today_in(residence.time_zone)), answers_of(residence.id))
    return DryRun(upload, found, state, compare(state, found))


def import_upload(
    residence: Residence, upload: WorkbookUpload, *, shown: str | None, write_corrections: WriteCorrections
) -> DryRun:
    """Make the dry run true, whole or not at all. ``shown`` is the fingerprint of the dry run that the person saw;
    raises ``Stale`` where the house has changed since, so that nobody confirms what was never shown."""
    run = dry_run(residence, upload)
    if run.found.questions:
        raise QuestionsOpen(upload.id)
    if shown is not None and shown != run.comparison.fingerprint:
        raise Stale("workbook dry run")
    if run.state.cycle is not None and run.state.cycle.state is CycleState.CLOSED:
        raise CycleIsClosed(run.state.cycle.id)
    with db.session.no_autoflush:
        result = _result(run)
        if not run.comparison.changes_nothing:
            apply(run.comparison, run.state, number=_cycle_number(residence, upload, run))
    corrections = write_corrections(run.found, run.comparison.problems)
    upload.state = UploadState.IMPORTED
    upload.imported_at = utc_now()
    upload.result = result
    upload.content = None
    upload.corrections = base64.b64encode(corrections).decode() if corrections else None
    upload.expires_at = utc_now() + KEPT_CORRECTIONS
    db.session.flush()
    record("imported", upload, changes={"rows": [None, result["counts"]]})
    return run


def _result(run: DryRun) -> dict[str, object]:
    severities = Counter(problem.severity.value for problem in run.comparison.problems)
    waiting = Counter(sheet for sheet, _row in run.found.waiting)
    return {"counts": run.comparison.counts(), "problems": dict(severities), "waiting": dict(waiting)}


def _cycle_number(residence: Residence, upload: WorkbookUpload, run: DryRun) -> tuple[int, int]:
    """Year and number of a new cycle: what the workbook's title says if that is free, else the first free number."""
    year = upload.starts_on.year
    taken = {cycle.number for cycle in list_cycles(residence) if cycle.year == year}
    book = read_book(_content(upload), upload.filename)
    said = suggest_cycle(book, run.found.tables, today=today_in(residence.time_zone)).number
    free = (number for number in range(1, 54) if number not in taken)
    return year, said if said and said not in taken else next(free)


def corrections_of(upload: WorkbookUpload) -> bytes:
    """The workbook of what waits. Raises NothingWaits when nothing does or its time is up."""
    if upload.corrections is None or upload.expires_at < utc_now():
        raise NothingWaits(upload.id)
    return base64.b64decode(upload.corrections)
