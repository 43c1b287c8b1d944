"""What the other parts of a file give to a document: lists as text. Only what is finished, verified or shared with the
resident; of family only contacts that are safe; of counselling nothing but how often and when."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from foyer.care import labels as _care_labels  # noqa: F401  the words of goals
from foyer.care.assessing import assessments_of
from foyer.care.models import Assessment, Domain, RpiState, ServiceGoal, ServiceStep, Side
from foyer.care.rpi import plans_of
from foyer.care.scale import LEVELS, SCALE
from foyer.counselling.models import CounsellingSession, SessionAttendance
from foyer.counselling.models import Presence as CameOrNot
from foyer.database import db
from foyer.papers.labels import paper_date
from foyer.residents.family import ContactSafety, relatives_of
from foyer.residents.models import Resident, Stay
from foyer.residents.person_labels import mark_words
from foyer.residents.ppks import PpksState, marks_of
from foyer.training import labels as _labels  # noqa: F401  the words of attendance
from foyer.training.competencies import standing_checks
from foyer.training.conduct import notes_of
from foyer.training.models import AttendanceMark, ClassRegister, Presence
from foyer.training.progress_models import Tone
from foyer.words import words

MOST_NOTES = 8
NOT_AGAIN = "belum dinilai lagi"


def attendance(stay: Stay | None) -> dict[str, Any]:
    """How often the resident was how in class during the stay: counts, no score."""
    if stay is None:
        return {}
    rows = db.session.execute(
        select(AttendanceMark.presence, func.count(AttendanceMark.id))
        .join(AttendanceMark.register)
        .where(AttendanceMark.stay_id == stay.id, ClassRegister.is_held.is_(True))
        .group_by(AttendanceMark.presence)
    )
    counts = {presence: count for presence, count in rows}  # noqa: C416  rows are no pairs to dict()
    return {
        "kehadiran": [{"keterangan": words(kind), "jumlah": str(counts[kind])} for kind in Presence if counts.get(kind)]
    }


def learnt(resident: Resident, stay: Stay | None) -> dict[str, Any]:
    """Competencies that stand, of this stay."""
    found = [check for check in standing_checks([resident.id]) if stay is None or check.stay_id == stay.id]
    return {
        "kompetensi": [{"nama": check.competency.title, "tanggal": paper_date(check.reached_on)} for check in found]
    }


def praised(resident: Resident, stay: Stay | None) -> dict[str, Any]:
    """The latest good things that staff saw; concerns are talked over, not printed."""
    notes = [note for note in notes_of(resident.id, shared_only=True) if note.tone is Tone.PRAISE]
    own = [note for note in notes if stay is None or note.stay_id == stay.id][:MOST_NOTES]
    return {"kebaikan": [{"tanggal": paper_date(note.seen_on), "isi": note.words} for note in own]}


def family(resident: Resident) -> dict[str, Any]:
    """Family and guardians; the number only of whom it is safe to reach."""
    people = [one for one in relatives_of(resident.id) if one.ended_on is None]
    return {
        "keluarga": [
            {
                "nama": one.full_name,
                "hubungan": words(one.relation),
                "kontak": (one.phone or "") if one.safety is ContactSafety.SAFE else "",
            }
            for one in people
        ]
    }


def categories(resident: Resident) -> dict[str, Any]:
    """Verified kinds of PPKS."""
    marks = [mark for mark in marks_of(resident.id) if mark.state is PpksState.VERIFIED]
    return {"jenis_ppks": [{"nama": mark_words(mark), "tanggal": paper_date(mark.verified_on)} for mark in marks]}


def counselled(resident: Resident, stay: Stay | None) -> dict[str, Any]:
    """How many sessions the resident came to, and the latest day."""
    count, last = db.session.execute(
        select(func.count(SessionAttendance.id), func.max(CounsellingSession.held_on))
        .join(SessionAttendance.session)
        .where(
            SessionAttendance.resident_id == resident.id,
            SessionAttendance.stay_id == (stay.id if stay else None),
            SessionAttendance.presence == CameOrNot.PRESENT,
            CounsellingSession.withdrawn_at.is_(None),
        )
    ).one()
    return {"jumlah_konseling": str(count) if count else "", "konseling_terakhir": paper_date(last)}


def assessed(resident: Resident, stay: Stay | None) -> dict[str, Any]:
    """Where the counsellor saw the resident in each domain, in the scale's own words: at the first and at the latest
    finished assessment of the stay, with their days. What the resident said stays between the two."""
    done = [one for one in assessments_of(resident.id) if one.finished_at and stay and one.stay_id == stay.id]
    if not done:
        return {}
    first, last = done[0], done[-1] if len(done) > 1 else None
    return {
        "asesmen": [
            {
                "ranah": words(domain),
                "awal": _level(first, domain),
                "terakhir": _level(last, domain) if last else NOT_AGAIN,
            }
            for domain in Domain
        ],
        "asesmen_awal": paper_date(first.assessed_on),
        "asesmen_terakhir": paper_date(last.assessed_on) if last else "",
    }


def _level(assessment: Assessment, domain: Domain) -> str:
    level = assessment.levels(Side.WORKER).get(domain)
    return f"{level} dari {len(LEVELS)}: {SCALE[domain].levels[level - 1]}" if level else ""


def planned(resident: Resident, stay: Stay | None) -> dict[str, Any]:
    """The goals and steps of the stay's plan that both sides agreed to: the one in force, else the last that was.
    Drafts are on no paper."""
    own = [plan for plan in plans_of(resident.id) if stay and plan.stay_id == stay.id and plan.agreed_on]
    plan = max(own, key=lambda one: (one.state is RpiState.AGREED, one.number), default=None)
    return {"tujuan": [_goal(goal) for goal in plan.goals]} if plan else {}


def _goal(goal: ServiceGoal) -> dict[str, str]:
    day = goal.closed_on or goal.due_on
    return {
        "tujuan": f"{words(goal.domain)}: {goal.title}",
        "langkah": "\n".join(f"{n}. {step.title} ({_how_far(step)})" for n, step in enumerate(goal.steps, start=1)),
        "kemajuan": f"{words(goal.state)}, {'' if goal.closed_on else 'sampai '}{paper_date(day)}",
    }


def _how_far(step: ServiceStep) -> str:
    if step.done_on:
        return f"selesai {paper_date(step.done_on)}"
    return "tidak dilanjutkan" if step.dropped_on else f"belum selesai, sampai {paper_date(step.due_on)}"
