"""Which records make up a resident's file, of which part each is, and what a copy for the resident leaves out.

Every table about a resident stands here or in ``LEFT_OUT``; a test holds that. UU 27/2022 (PDP) gives people access to
what is kept about themselves, not to what is kept about others: reporters, informants, and how family may be reached
stay out of a copy that is handed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement

from foyer.care import models as care
from foyer.caseload.models import Assignment, StageStep
from foyer.caseload.rights import Part
from foyer.counselling.models import ResidentFlag, SessionAttendance, SessionRelative
from foyer.incidents.models import IncidentPerson
from foyer.intake.models import OutreachContact, Referral, ReferralAnswer
from foyer.leaving import aftercare_models as aftercare
from foyer.leaving.models import Exit, ExitItem, Reentry
from foyer.leaving.transfer_models import TransferOffer
from foyer.own.models import CorrectionRequest
from foyer.papers.models import IssuedPaper
from foyer.registers.models import MedicineDose, Valuable, Visit
from foyer.residents.accommodations import Accommodation
from foyer.residents.aptitude import Aptitude
from foyer.residents.attachments import Attachment, AttachmentKind
from foyer.residents.consent import Consent
from foyer.residents.disclosing import Disclosure
from foyer.residents.family import Relative
from foyer.residents.models import Resident, Stay
from foyer.residents.ppks import PpksMark
from foyer.residents.restriction import LegalCase
from foyer.training import progress_models as progress
from foyer.training.models import AttendanceCorrection, AttendanceMark


class Audience(StrEnum):
    """Whom a copy is for."""

    HOUSE = "house"  # another authority, or the house's own archive: all that the maker may export
    RESIDENT = "resident"  # handed to the resident by staff: without what would tell of third persons
    OWN = "own"  # taken by the resident, on a telephone: what the own pages show


@dataclass(frozen=True, eq=False)
class Source:
    """Records of one kind. ``under``: the column that names the record they belong to. ``only``: these columns, where a
    row's columns belong to several parts. ``others``: columns about third persons. ``own_hidden``: columns that the
    resident's own pages do not show; ``own``: which rows they show."""

    model: type[Any]
    part: Part
    under: str | None = None
    only: tuple[str, ...] = ()
    others: frozenset[str] = frozenset()
    own_hidden: frozenset[str] = frozenset()
    where: ColumnElement[bool] | None = None
    own: ColumnElement[bool] | None = None


def _s(
    model: type[Any], part: Part, under: str | None = None, *, others: str = "", hidden: str = "", **more: Any
) -> Source:
    return Source(model, part, under, others=frozenset(others.split()), own_hidden=frozenset(hidden.split()), **more)


_WITHDRAWN = "withdrawn_why"
SOURCES: tuple[Source, ...] = (
    _s(
        Resident,
        Part.IDENTITY,
        only=("full_name", "called", "gender", "born_on", "birth_place", "identity_card", "dtsen"),
        hidden="identity_card dtsen",
    ),
    _s(Stay, Part.IDENTITY, only=("arrives_on", "leaves_on", "elsewhere")),
    _s(StageStep, Part.IDENTITY),
    _s(Assignment, Part.IDENTITY),
    _s(CorrectionRequest, Part.IDENTITY),
    # What somebody handed in to be kept is the person's own.
    _s(Valuable, Part.IDENTITY, others="struck_why", hidden="note struck_why", own=Valuable.struck_at.is_(None)),
    _s(Resident, Part.NIK, only=("nik", "nik_state", "family_card")),
    _s(Resident, Part.BELIEFS, only=("religion",)),
    _s(Resident, Part.FAMILY, only=("home_address",)),
    _s(Relative, Part.FAMILY, others="phone address note safety safety_reason end_reason"),
    _s(Visit, Part.FAMILY, others="relative_id visitor relation note struck_why"),
    _s(Resident, Part.PPKS, only=("is_restricted", "restriction_reason"), others="restriction_reason"),
    _s(PpksMark, Part.PPKS, others="source verified_source end_reason"),
    _s(LegalCase, Part.PPKS, others="officer officer_phone"),
    _s(Stay, Part.HEALTH, only=("needs",)),
    _s(care.FactConfirmation, Part.HEALTH),
    _s(MedicineDose, Part.HEALTH, others="struck_why"),
    _s(Accommodation, Part.ACCOMMODATION, hidden="end_reason", own=Accommodation.ended_on.is_(None)),
    _s(
        Consent,
        Part.CONSENT,
        others="relative_id ground_reason withdrawn_by withdraw_note stop_note",
        hidden="ground_reason withdrawn_by withdraw_note stop_note giver_name",
    ),
    _s(Disclosure, Part.CONSENT, others="reason", hidden="receiver"),
    _s(Attachment, Part.PHOTO, where=Attachment.kind == AttachmentKind.PHOTO),
    _s(Attachment, Part.PAPERS, where=Attachment.kind != AttachmentKind.PHOTO),
    _s(Referral, Part.REFERRAL, others="contact sender_name sender_reference agency_id"),
    _s(ReferralAnswer, Part.REFERRAL, "referral_id", where=ReferralAnswer.withdrawn_at.is_(None)),
    _s(OutreachContact, Part.REFERRAL, others="note partners"),
    _s(care.Assessment, Part.ASSESSMENT, hidden="note", own=care.Assessment.finished_at.is_not(None)),
    _s(care.AssessmentScore, Part.ASSESSMENT, "assessment_id", hidden="evidence"),
    _s(care.OwnAnswer, Part.ASSESSMENT, "assessment_id"),
    _s(Aptitude, Part.ASSESSMENT),
    _s(care.ServicePlan, Part.PLAN, hidden="reason", own=care.ServicePlan.agreed_on.is_not(None)),
    _s(care.ServiceGoal, Part.PLAN, "plan_id"),
    _s(care.ServiceStep, Part.PLAN, "goal_id"),
    _s(care.RpiAgreement, Part.PLAN, "plan_id", hidden="words"),
    _s(care.PlanReview, Part.PLAN, "plan_id", hidden="summary reason"),
    _s(care.CaseConference, Part.CONFERENCE),
    _s(
        care.ConferenceParticipant,
        Part.CONFERENCE,
        "conference_id",
        others="guest",
        where=care.ConferenceParticipant.removed_at.is_(None),
    ),
    _s(care.ConferenceDecision, Part.CONFERENCE, "conference_id"),
    _s(SessionAttendance, Part.COUNSELLING),
    _s(
        SessionRelative,
        Part.COUNSELLING,
        "attendance_id",
        others="relative_id removed_at",
        where=SessionRelative.removed_at.is_(None),
    ),
    _s(AttendanceMark, Part.REGISTER),
    _s(AttendanceCorrection, Part.REGISTER, "mark_id", hidden="why"),
    _s(progress.CompetencyCheck, Part.COMPETENCIES, hidden=_WITHDRAWN),
    _s(progress.EarnedCertificate, Part.COMPETENCIES, hidden=_WITHDRAWN),
    _s(progress.Schooling, Part.EDUCATION, hidden=_WITHDRAWN),
    _s(progress.SchoolStep, Part.EDUCATION, "schooling_id"),
    _s(Stay, Part.EDUCATION, only=("education_level",)),
    _s(
        progress.ConductNote,
        Part.CONDUCT,
        hidden=_WITHDRAWN,
        own=progress.ConductNote.is_shared.is_(True) & progress.ConductNote.withdrawn_at.is_(None),
    ),
    _s(Stay, Part.INDEPENDENCE, only=("independence_stage",)),
    _s(
        progress.StageReview,
        Part.INDEPENDENCE,
        hidden=_WITHDRAWN,
        own=progress.StageReview.withdrawn_at.is_(None),
    ),
    # That there was one, and the part in it; the words tell of everybody who was there.
    _s(IncidentPerson, Part.INCIDENT, where=IncidentPerson.withdrawn_at.is_(None)),
    _s(Exit, Part.EXIT),
    _s(ExitItem, Part.EXIT, "exit_id"),
    _s(Reentry, Part.EXIT),
    _s(TransferOffer, Part.EXIT, others="letter answer"),
    _s(aftercare.AftercareContact, Part.AFTERCARE),
    _s(aftercare.AftercareTry, Part.AFTERCARE, "contact_id"),
    _s(aftercare.RapidResponse, Part.AFTERCARE),
    _s(aftercare.ResponseStep, Part.AFTERCARE, "response_id"),
    _s(ResidentFlag, Part.FLAGS),
    _s(IssuedPaper, Part.LETTERS, others="typed addressee withdrawn_reason"),
)
# In no copy, and why. A table about residents that is not in SOURCES stands here.
LEFT_OUT: dict[str, str] = {
    "audit_entries": "who read and changed is a chapter of its own, from the trail",
    "counselling_notes": "what was said stays between who said it, who wrote it and the named supervisor",
    "destructions": "the certificate that a file is gone; of a file that is there, there is none",
    "distinct_pairs": "names another person",
    "keep_apart_pairs": "names another person",
    "legal_holds": "the managers' own, about how long files are kept",
    "merges": "a journal of the machine, of two files",
    "note_openings": "who asked to read counselling notes is in the trail",
    "transfer_arrivals": "the receiving house's inbox; what was taken over is in the file",
}
