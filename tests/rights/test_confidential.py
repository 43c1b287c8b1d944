"""Confidential text is where it may be read and nowhere else: marked strings are planted in every encrypted column and
hunted on every page, in every file that can be fetched, in the trail, the log, and the database's own bytes.

A new encrypted column of a resident's file needs a line in ``PART_OF``: the part of the table of rights it belongs to.
"""

from __future__ import annotations

import base64
import io
import logging
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import Column, LargeBinary, String, select, type_coerce, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapper

from foyer.accounts.models import Role, User
from foyer.audit.models import AuditEntry
from foyer.audit.trail import Audited
from foyer.caseload.rights import RIGHTS, Act, Part, Who
from foyer.copies.sources import LEFT_OUT, SOURCES
from foyer.cycles.models import Cycle
from foyer.cycles.planning import build_problem, store_plan
from foyer.database import Base, EncryptedBytes, EncryptedChoice, EncryptedJson, EncryptedText, db, house_scope
from foyer.leaving.aftercare_models import Answer, Question, WarningSign
from foyer.logs import log_format
from foyer.residents.models import DtsenStatus, IdentityCard, Stay
from foyer.residents.restriction import LegalRole, LegalStep
from foyer.words import _WORDS
from tests.conventions.walking import Filled, values_of
from tests.cycles.by_hand import plan_by_hand
from tests.rights.test_matrix import everybody as everybody
from tests.rights.test_matrix import filled as filled

# The team, and whoever reported the incident: in the filled house its instructor.
_TEAM = frozenset({Who.MANAGER, Who.OWN_COUNSELLOR, Who.SUPERVISOR, Who.INSTRUCTOR})
# Whose right it is to read an encrypted column. A set of relations stands for what is no part of one resident's file.
PART_OF: dict[str, Part | frozenset[Who]] = {
    "accommodations.end_reason": Part.HEALTH,
    "accommodations.how": Part.ACCOMMODATION,
    "accommodations.what": Part.ACCOMMODATION,
    "breach_notices.how": frozenset({Who.MANAGER}),
    "breach_notices.remedy": frozenset({Who.MANAGER}),
    "breach_notices.which_data": frozenset({Who.MANAGER}),
    "assessment_scores.evidence": Part.ASSESSMENT,
    "assessment_scores.level": Part.ASSESSMENT,
    "assessments.note": Part.ASSESSMENT,
    "own_answers.said": Part.ASSESSMENT,
    "plan_reviews.reason": Part.PLAN,
    "plan_reviews.summary": Part.PLAN,
    "rpi_agreements.words": Part.PLAN,
    "service_goals.closing": Part.PLAN,
    "service_goals.measure": Part.PLAN,
    "service_goals.title": Part.PLAN,
    "service_plans.reason": Part.PLAN,
    "service_plans.strengths": Part.PLAN,
    "service_steps.closing": Part.PLAN,
    "service_steps.title": Part.PLAN,
    "case_conferences.advice": Part.CONFERENCE,
    "case_conferences.occasion": Part.CONFERENCE,
    "case_conferences.summary": Part.CONFERENCE,
    "conference_decisions.outcome": Part.CONFERENCE,
    "conference_decisions.words": Part.CONFERENCE,
    "conference_participants.guest": Part.CONFERENCE,
    "aftercare_contacts.account": Part.AFTERCARE,
    "aftercare_contacts.answers": Part.AFTERCARE,
    "aftercare_contacts.next_step": Part.AFTERCARE,
    "aftercare_contacts.reason": Part.AFTERCARE,
    "aftercare_tries.note": Part.AFTERCARE,
    "attachments.content": Part.PAPERS,
    "attachments.preview": Part.PAPERS,
    "attachments.title": Part.PAPERS,
    "attachments.withdraw_reason": Part.PAPERS,
    "attendance_corrections.why": Part.REGISTER,
    "attendance_marks.reason": Part.REGISTER,
    "class_registers.not_held_reason": frozenset({Who.MANAGER, Who.INSTRUCTOR}),
    "competency_checks.withdrawn_why": Part.COMPETENCIES,
    "conduct_notes.withdrawn_why": Part.CONDUCT,
    "conduct_notes.words": Part.CONDUCT,
    # The office's, not the house's: foyer.concerns. A task is read by its owner, here the manager.
    "concern_entries.words": frozenset({Who.OFFICE}),
    "concern_steps.result": frozenset({Who.OFFICE, Who.MANAGER}),
    "concern_steps.words": frozenset({Who.OFFICE, Who.MANAGER}),
    "consents.giver_name": Part.CONSENT,
    "consents.ground_reason": Part.CONSENT,
    "consents.stop_note": Part.CONSENT,
    "consents.withdraw_note": Part.CONSENT,
    "consents.withdrawn_by": Part.CONSENT,
    "correction_requests.answer": Part.IDENTITY,
    "correction_requests.wrong": Part.IDENTITY,
    "disclosures.reason": Part.CONSENT,
    "disclosures.receiver": Part.CONSENT,
    "earned_certificates.number": Part.COMPETENCIES,
    "earned_certificates.withdrawn_why": Part.COMPETENCIES,
    "exit_items.note": Part.EXIT,
    "exits.account": Part.EXIT,
    "exits.decision_words": Part.EXIT,
    "exits.destination_words": Part.EXIT,
    "exits.gaps": Part.EXIT,
    # Residents read that there is one, never the words of the staff: foyer.incidents.views.
    "incident_clocks.words": _TEAM,
    "incident_measures.done_words": _TEAM,
    "incident_measures.words": _TEAM,
    "incident_steps.note": _TEAM,
    "incidents.account": _TEAM,
    "incidents.done_at_once": _TEAM,
    "incidents.place": _TEAM,
    "issued_papers.addressee": Part.LETTERS,
    "issued_papers.docx": Part.LETTERS,
    "issued_papers.pdf": Part.LETTERS,
    "issued_papers.typed": Part.LETTERS,
    "issued_papers.withdrawn_reason": Part.LETTERS,
    "counselling_attendances.next_step": Part.COUNSELLING,
    "counselling_notes.body": Part.COUNSELLING_BODY,
    "keep_apart_pairs.reason": frozenset({Who.MANAGER}),
    "legal_cases.note": Part.PPKS,
    "legal_cases.office": Part.PPKS,
    "legal_cases.officer": Part.PPKS,
    "legal_cases.officer_phone": Part.PPKS,
    "legal_cases.outcome": Part.PPKS,
    "legal_cases.reference": Part.PPKS,
    "legal_cases.role": Part.PPKS,
    "legal_cases.step": Part.PPKS,
    "legal_cases.terms": Part.PPKS,
    "legal_holds.lifted_reason": frozenset({Who.MANAGER}),
    "legal_holds.reason": frozenset({Who.MANAGER}),
    "merges.moved": frozenset({Who.MANAGER}),
    "merges.reason": frozenset({Who.MANAGER}),
    "outreach_contacts.note": Part.REFERRAL,
    "plans.problem": frozenset({Who.MANAGER}),
    "together_acts.kept": frozenset({Who.MANAGER}),
    "ppks_marks.code": Part.PPKS,
    "ppks_marks.name": Part.PPKS,
    "ppks_marks.end_reason": Part.PPKS,
    "ppks_marks.source": Part.PPKS,
    "ppks_marks.verified_source": Part.PPKS,
    "rapid_responses.account": Part.AFTERCARE,
    "rapid_responses.signs": Part.AFTERCARE,
    "reentries.reason": Part.EXIT,
    "duties.note": frozenset(set(Who) - {Who.RESIDENT, Who.ADMINISTRATOR, Who.OFFICE}),  # no resident's
    "duties.struck_why": frozenset(set(Who) - {Who.RESIDENT, Who.ADMINISTRATOR, Who.OFFICE}),
    "medicine_doses.dose": Part.HEALTH,
    "medicine_doses.medicine": Part.HEALTH,
    "medicine_doses.note": Part.HEALTH,
    "medicine_doses.outcome": Part.HEALTH,
    "medicine_doses.struck_why": Part.HEALTH,
    "referral_answers.body": Part.REFERRAL,
    "referrals.contact": Part.REFERRAL,
    "referrals.decision_reason": Part.REFERRAL,
    "referrals.kept_because": Part.REFERRAL,
    "referrals.needs": Part.REFERRAL,
    "referrals.nik": Part.REFERRAL,
    "referrals.reason": Part.REFERRAL,
    # Who asks, who may decide and who wrote: foyer.counselling.openings.
    "note_openings.reason": frozenset({Who.MANAGER, Who.OWN_COUNSELLOR, Who.SUPERVISOR}),
    "relatives.address": Part.FAMILY,
    "relatives.end_reason": Part.FAMILY,
    "relatives.full_name": Part.FAMILY,
    "relatives.note": Part.FAMILY,
    "relatives.phone": Part.FAMILY,
    "relatives.safety_reason": Part.FAMILY,
    "resident_flags.text": Part.FLAGS,
    "residents.dtsen": Part.IDENTITY,
    "residents.family_card": Part.NIK,
    "residents.home_address": Part.FAMILY,
    "residents.identity_card": Part.IDENTITY,
    "residents.nik": Part.NIK,
    "residents.religion": Part.BELIEFS,
    "residents.restriction_reason": Part.PPKS,
    "response_steps.note": Part.AFTERCARE,
    "safeguarding_concerns.about": frozenset({Who.OFFICE}),
    "safeguarding_concerns.about_key": frozenset({Who.OFFICE}),
    "safeguarding_concerns.about_name": frozenset({Who.OFFICE}),
    "safeguarding_concerns.held_key": frozenset({Who.OFFICE}),
    "safeguarding_concerns.kind": frozenset({Who.OFFICE}),
    "safeguarding_concerns.outcome": frozenset({Who.OFFICE}),
    "safeguarding_concerns.police_reference": frozenset({Who.OFFICE}),
    "safeguarding_concerns.reporter": frozenset({Who.OFFICE}),
    "safeguarding_concerns.reporter_role": frozenset({Who.OFFICE}),
    "safeguarding_concerns.words": frozenset({Who.OFFICE}),
    "school_steps.note": Part.EDUCATION,
    "schoolings.withdrawn_why": Part.EDUCATION,
    # The managers', and the own ones: in the filled house the counsellor's.
    "staff_checks.number": frozenset({Who.MANAGER, Who.OWN_COUNSELLOR}),
    "staff_checks.withdrawn_why": frozenset({Who.MANAGER, Who.OWN_COUNSELLOR}),
    "stage_reviews.criteria": Part.INDEPENDENCE,
    "stage_reviews.evidence": Part.INDEPENDENCE,
    "stage_reviews.own_words": Part.INDEPENDENCE,
    "stage_reviews.withdrawn_why": Part.INDEPENDENCE,
    "stays.needs": Part.HEALTH,
    "suggestions.reply": frozenset({Who.MANAGER, Who.RESIDENT}),
    "suggestions.shown_words": frozenset({Who.MANAGER, Who.RESIDENT}),
    "suggestions.words": frozenset({Who.MANAGER}),
    "transfer_arrivals.answer": frozenset({Who.MANAGER}),
    "transfer_arrivals.full_name": frozenset({Who.MANAGER}),
    "transfer_arrivals.letter": frozenset({Who.MANAGER}),
    "transfer_offers.answer": Part.EXIT,
    "transfer_offers.letter": Part.EXIT,
    "unsent_forms.fields": frozenset(),  # given back to who typed it, and to nobody else
    "valuables.back_to": Part.IDENTITY,
    "valuables.kept_where": Part.IDENTITY,
    "valuables.note": Part.IDENTITY,
    "valuables.struck_why": Part.IDENTITY,
    "valuables.thing": Part.IDENTITY,
    "visits.note": Part.FAMILY,
    "visits.relation": Part.FAMILY,
    "visits.struck_why": Part.FAMILY,
    "visits.visitor": Part.FAMILY,
    "workbook_uploads.content": frozenset({Who.MANAGER}),
    "workbook_uploads.corrections": frozenset({Who.MANAGER}),
}
# Files in base64, the engine's and a journal in JSON: a marker would break them. A level from 1 to 5 says nothing that
# could be hunted; the kinds of a concern and what became of a dose are offered to everybody who writes one down.
UNMARKED = {
    "assessment_scores.level",
    "medicine_doses.outcome",
    "merges.moved",
    "plans.problem",
    "safeguarding_concerns.about",
    "safeguarding_concerns.kind",
    "safeguarding_concerns.reporter_role",
    "together_acts.kept",
    "unsent_forms.fields",
    "workbook_uploads.content",
    "workbook_uploads.corrections",
}
# One of a list of kinds: what is stored, and the member whose words are the marker.
MEMBERS: dict[str, tuple[Any, StrEnum]] = {
    "aftercare_contacts.answers": ({Question.HOME: Answer.HARD}, Answer.HARD),
    "legal_cases.role": (LegalRole.WITNESS, LegalRole.WITNESS),
    "legal_cases.step": (LegalStep.COURT, LegalStep.COURT),
    "rapid_responses.signs": ([WarningSign.EXPLOITED], WarningSign.EXPLOITED),
    "residents.dtsen": (DtsenStatus.VERIFIED, DtsenStatus.VERIFIED),
    "residents.identity_card": (IdentityCard.KIA, IdentityCard.KIA),
}
ENCRYPTED = (EncryptedText, EncryptedChoice, EncryptedJson, EncryptedBytes)


ONCE = pytest.mark.parametrize("house_settings", ["sqlite"], indirect=True)  # two thousand pages: once is enough


@dataclass(frozen=True)
class Secret:
    column: str
    marker: str

    def is_open_to(self, who: Who) -> bool:
        part = PART_OF[self.column]
        return who in part if isinstance(part, frozenset) else Act.READ in RIGHTS[part][who]


def _encrypted() -> Iterator[tuple[Mapper, Column]]:
    for mapper in Base.registry.mappers:
        for column in mapper.local_table.columns:  # type: ignore[attr-defined]
            if isinstance(column.type, ENCRYPTED):
                yield mapper, column


def _name(column: Column) -> str:
    return f"{column.table.name}.{column.name}"


@ONCE
def test_every_encrypted_column_says_who_may_read_it(app: Flask) -> None:
    assert sorted({_name(column) for _mapper, column in _encrypted()} ^ set(PART_OF)) == []


@ONCE
def test_every_table_about_residents_is_in_a_copy_of_the_file_or_left_out_with_a_reason(app: Flask) -> None:
    about = {
        mapper.local_table.name  # type: ignore[attr-defined]
        for mapper in Base.registry.mappers
        if "resident_id" in mapper.local_table.columns or getattr(mapper.class_, "__audit_resident__", None)
    }
    known = {source.model.__tablename__ for source in SOURCES}
    assert sorted(about - known - set(LEFT_OUT)) == [], (
        "a line in SOURCES of foyer/copies/sources.py says of which part its records are; or one in LEFT_OUT, why not"
    )
    assert sorted(known & set(LEFT_OUT)) == []


@ONCE
def test_the_trail_never_holds_what_is_encrypted(app: Flask) -> None:
    open_ones = [
        _name(column)
        for mapper, column in _encrypted()
        if issubclass(mapper.class_, Audited)
        and mapper.get_property_by_column(column).key not in mapper.class_.__audit_hidden__
    ]
    assert open_ones == [], "name these in __audit_hidden__"


@pytest.fixture
def secrets(app: Flask, filled: Filled, monkeypatch: pytest.MonkeyPatch) -> list[Secret]:
    """A marked string in every encrypted column of the filled house, or behind what the column holds."""
    planted = []
    with app.app_context():
        for _mapper, column in _encrypted():
            name = _name(column)
            if name in UNMARKED:
                continue
            marker = "RAHASIA" + re.sub("[^a-z]", "", name)
            if name == "residents.nik":
                marker = "3171234567890123"
            if name in MEMBERS:
                member = MEMBERS[name][1]
                monkeypatch.setitem(_WORDS[type(member)], member.value, marker)
            _plant(column, marker)
            planted.append(Secret(name, marker))
        db.session.commit()
    return planted


def _plant(column: Column, marker: str) -> None:
    """Into every row of the filled house, whatever stood there; where the database refuses changes, what a row already
    says has to be the marker."""
    table, value = column.table, _holding(column, marker)
    try:
        with db.session.begin_nested():
            db.session.execute(update(table).values({column: value}))
    except DBAPIError:
        found = set(db.session.scalars(select(column)).all())
        assert found == {value}, f"write {marker} into {_name(column)} in fill_house"
    assert db.session.scalars(select(column)).first() == value, f"fill_house has no row of {table.name}"


def _holding(column: Column, marker: str) -> Any:
    name = _name(column)
    if name in MEMBERS:
        return MEMBERS[name][0]
    if name == "stage_reviews.criteria":
        return [{"title": marker, "met": True}]
    if isinstance(column.type, EncryptedJson):
        return [marker]  # a code of the house's own, shown as it is
    return marker.encode() if isinstance(column.type, EncryptedBytes) else marker


def _texts(content: bytes, kind: str) -> str:
    """What a reader of the answer can make out, files unpacked."""
    parts = [content]
    if content[:2] == b"PK":
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = [archive.read(name) for name in archive.namelist()]
    elif content[:4] == b"%PDF":
        for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.S):
            try:
                parts.append(zlib.decompress(stream))
            except zlib.error:
                continue
    return " ".join(part.decode("utf-8", "ignore") for part in parts)


@ONCE
def test_marked_strings_are_found_only_where_they_may_be_read(
    app: Flask,
    filled: Filled,
    secrets: list[Secret],
    everybody: dict[Who, int],
    sign_in: Callable[[int], FlaskClient],
) -> None:
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(log_format())
    logging.getLogger().addHandler(handler)
    wrong, met = [], set()
    try:
        for who, user_id in everybody.items():
            browser = sign_in(user_id)
            for address in _addresses(app, filled):
                answer = browser.get(address)
                text = _texts(answer.data, answer.content_type)
                for secret in secrets:
                    if secret.marker in text:
                        met.add(secret.column)
                        if not secret.is_open_to(who):
                            wrong.append((who.value, address, secret.column))
    finally:
        logging.getLogger().removeHandler(handler)
    assert wrong == []
    assert met, "nothing was planted where anybody could read it"
    assert [secret.column for secret in secrets if secret.marker in lines.getvalue()] == [], "in the log"


def _addresses(app: Flask, filled: Filled) -> list[str]:
    """Every page and file of the house, and every list searched for a marked word."""
    rules = [
        rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set()) and rule.endpoint != "static"
    ]
    with app.test_request_context():
        plain = [url_for(rule.endpoint, **values_of(rule, filled)) for rule in rules]
    return plain + [f"{url}?q=RAHASIA" for rule, url in zip(rules, plain, strict=True) if not rule.arguments]


def test_neither_the_trail_nor_the_database_s_bytes_hold_a_marked_string(
    app: Flask, filled: Filled, secrets: list[Secret]
) -> None:
    with app.app_context():
        trail = " ".join(str(entry.changes) for entry in db.session.scalars(select(AuditEntry)))
        assert [secret.column for secret in secrets if secret.marker in trail] == []
        for _mapper, column in _encrypted():
            kind = LargeBinary if isinstance(column.type, EncryptedBytes) else String
            raw = [value for value in db.session.scalars(select(type_coerce(column, kind))) if value is not None]
            assert all(bytes(value)[:1] == b"\x80" if kind is LargeBinary else value[:4] == "gAAA" for value in raw), (
                f"{column} is not wholly encrypted"
            )
        if db.engine.dialect.name == "sqlite":
            path = db.engine.url.database
            assert path is not None
            with open(path, "rb") as file:
                content = file.read()
            assert b"RAHASIA" not in content
            assert base64.b64encode(b"RAHASIA")[:8] not in content


@ONCE
def test_what_a_plan_was_made_from_says_nobody_s_needs_in_clear(app: Flask, filled: Filled) -> None:
    with app.app_context():
        manager = db.session.get_one(User, filled.users[Role.MANAGER])
        with house_scope(manager.residence_id or 0):
            db.session.get_one(Stay, filled.ids["stay"]).needs = ["RAHASIAkode"]
            db.session.flush()
            problem = build_problem(db.session.get_one(Cycle, filled.ids["cycle"]))
            plan = store_plan(db.session.get_one(Cycle, filled.ids["cycle"]), problem, plan_by_hand(problem))
            db.session.commit()
            assert "RAHASIAkode" in plan.problem, "the engine counts with it"
        path = db.engine.url.database
        assert path is not None
        files = [file for file in Path(path).parent.glob("*") if file.is_file()]
        found = [file.name for file in files if b"RAHASIA" in file.read_bytes()]
    assert found == []
