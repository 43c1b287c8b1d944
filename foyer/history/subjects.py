"""What people read for the kinds of records and for the verbs of the trail. A record that is not named here is shown as
what it is part of, never by its name in the database."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from foyer.accounts.models import Role
from foyer.words import name_members

name_members(
    {
        Role.MANAGER: _l("Manager"),
        Role.COUNSELLOR: _l("Counsellor"),
        Role.INSTRUCTOR: _l("Instructor"),
        Role.RESIDENT: _l("Resident"),
        Role.ADMINISTRATOR: _l("Administrator"),
        Role.OFFICE: _l("Office above the houses"),
    }
)

SUBJECTS: dict[str, Any] = {
    "Aptitude": _l("How well a trade suits"),
    "Accommodation": _l("Accommodation for a disability"),
    "AftercareContact": _l("Aftercare contact"),
    "AftercareTry": _l("Try to reach in aftercare"),
    "Assessment": _l("Assessment"),
    "AssessmentScore": _l("Assessment: one domain"),
    "Assignment": _l("Who is responsible"),
    "Attachment": _l("Document of the file"),
    "AttendanceCorrection": _l("Correction of attendance"),
    "AttendanceMark": _l("Attendance"),
    "CaseConference": _l("Case conference"),
    "Caseload": _l("Caseload, with flags and needs"),
    "ClassRegister": _l("Class register, with reasons"),
    "CompetencyCheck": _l("Competency"),
    "ConductNote": _l("Observation of conduct"),
    "ConferenceDecision": _l("Decision of a case conference"),
    "ConferenceParticipant": _l("Who was at a case conference"),
    "Consent": _l("Consent"),
    "CorrectionRequest": _l("Request to correct the file"),
    "CounsellingNote": _l("Counselling note"),
    "CounsellingSession": _l("Counselling session"),
    "Disclosure": _l("What was given to others"),
    "Destruction": _l("Destruction of a file"),
    "DistinctPair": _l("Two files that are two people"),
    "EarnedCertificate": _l("Certificate"),
    "Exit": _l("Exit"),
    "DtsenList": _l("List for the national social data (DTSEN)"),
    "FileCopy": _l("Copy of the file"),
    "HandedCopy": _l("Copy of the file, for the resident"),
    "OwnCopy": _l("Copy of the own file"),
    "Enrolment": _l("Place and wishes in a cycle"),
    "ExitItem": _l("Readiness for the exit"),
    "FactConfirmation": _l("Confirmation for the planner"),
    "Incident": _l("Incident"),
    "IncidentPerson": _l("Part in an incident"),
    "IssuedPaper": _l("Letter or report"),
    "KeepApart": _l("Pair that is kept apart"),
    "LegalCase": _l("Legal status"),
    "LegalHold": _l("Legal hold"),
    "LettersRegister": _l("Register of letters"),
    "MedicineDose": _l("Medicine"),
    "Merge": _l("Two files made one"),
    "NoteOpening": _l("Opening of counselling notes"),
    "OutreachContact": _l("Outreach contact"),
    "OwnAnswer": _l("The resident's own assessment"),
    "PlanReview": _l("Review of the individual plan"),
    "PpksMark": _l("Kind of PPKS"),
    "RapidResponse": _l("Rapid response"),
    "Reentry": _l("Re-entry"),
    "Referral": _l("Referral"),
    "ReferralAnswer": _l("Answer to a referral"),
    "Relative": _l("Family or guardian"),
    "Resident": _l("Identity"),
    "ResidentFlag": _l("Flag"),
    "ResponseStep": _l("Step of a rapid response"),
    "RpiAgreement": _l("Agreement on the individual plan"),
    "SchoolStep": _l("Step at school"),
    "Schooling": _l("School or Paket"),
    "ServiceGoal": _l("Goal of the individual plan"),
    "ServicePlan": _l("Individual plan (RPI)"),
    "ServiceStep": _l("Step of the individual plan"),
    "SessionRelative": _l("Family at counselling"),
    "SessionAttendance": _l("Attendance at counselling"),
    "StageReview": _l("Review of the independence stage"),
    "StageStep": _l("Stage of service"),
    "Stay": _l("Stay and needs"),
    "TransferArrival": _l("Arrival from another house"),
    "TransferOffer": _l("Transfer to another house"),
    "Valuable": _l("Thing kept for the resident"),
    "Visit": _l("Visit"),
}
OTHER_SUBJECT = _l("Another part of the file")

VERBS: dict[str, Any] = {
    "created": _l("wrote down"),
    "changed": _l("changed"),
    "deleted": _l("removed"),
    "read": _l("opened"),
    "looked_over": _l("saw in a list"),
    "looked_for": _l("searched for"),
    "wished": _l("wrote down the wishes for trades"),
    "destroyed": _l("destroyed"),
    "exported": _l("took along"),
    "merged": _l("merged"),
    "transferred": _l("moved to another house"),
    "published": _l("published"),
}
OTHER_VERB = _l("worked on")

# Who wrote these down is not told to the resident: whoever reports shall not have to fear it.
REPORTED = frozenset({"Incident", "IncidentPerson"})
