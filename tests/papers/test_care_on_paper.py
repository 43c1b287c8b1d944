"""Assessment and individual plan on a social report and a progress report, opened again as .docx and PDF."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from foyer.accounts.models import Role
from foyer.care.models import Assessment, AssessmentScore, Domain, Point, ServiceGoal, ServicePlan, ServiceStep, Side
from foyer.caseload.desk import desk_of
from foyer.caseload.rights import RIGHTS, Act, Part, Who
from foyer.cycles.models import PlanMeeting, PlanSeat
from foyer.database import db, utc_now
from foyer.papers.gathering import gather
from foyer.papers.models import PaperKind
from foyer.residences.models import Staff
from tests.factories import make_user
from tests.papers.conftest import Office
from tests.papers.test_papers import issue

FIRST, LATEST = date(2027, 1, 5), date(2027, 1, 12)
LONG = "Belajar membaca resep dan menghitung belanja bersama tutor setiap sore sampai lancar " * 12  # 1,000 characters


def assess(office: Office, point: Point, on: date, level: int, *, is_finished: bool = True) -> None:
    own = {"residence_id": office.house, "resident_id": office.resident}
    scores = [AssessmentScore(**own, side=side, domain=one, level=level) for side in (Side.WORKER,) for one in Domain]
    scores.append(AssessmentScore(**own, side=Side.RESIDENT, domain=Domain.SOCIAL, level=5))
    done = {"finished_at": utc_now()} if is_finished else {}
    about = {"point": point, "assessed_on": on, "assessed_by_id": office.counsellor, "note": "HANYA-UNTUK-BERKAS"}
    db.session.add(Assessment(**own, **about, **done, stay_id=office.stay, scores=scores))


def plan(office: Office, state: str, number: int, title: str, *steps: dict[str, Any]) -> None:
    own = {"residence_id": office.house, "resident_id": office.resident}
    rows = [ServiceStep(**own, position=n, doer="resident", due_on=LATEST, **step) for n, step in enumerate(steps, 1)]
    goal = ServiceGoal(**own, position=1, domain=Domain.EDUCATION, title=title, due_on=LATEST, steps=rows)
    agreed = {"agreed_on": FIRST} if state != "draft" else {}
    made = {"number": number, "made_on": FIRST, "made_by_id": office.counsellor}
    db.session.add(ServicePlan(**own, **made, **agreed, stay_id=office.stay, state=state, goals=[goal]))


@pytest.mark.parametrize("kind", [PaperKind.SOCIAL_REPORT, PaperKind.PROGRESS])
def test_reports_say_levels_and_goals_in_words_then_and_now(office: Office, kind: PaperKind) -> None:
    empty = issue(office, kind)
    assert "Ranah" not in empty.words  # nothing recorded: no heading either
    assert "Langkah Kemajuan" not in empty.pdf
    with office.opened():
        assess(office, Point.ENTRY, FIRST, 2)
        plan(office, "agreed", 1, "Menyelesaikan Paket B", {"title": "Mendaftar", "done_on": FIRST}, {"title": LONG})
        plan(office, "draft", 2, "BELUM-DISEPAKATI", {"title": "Langkah rancangan"})
    once = issue(office, kind)
    assert "belum dinilai lagi" in once.pdf
    with office.opened():
        assess(office, Point.MIDDLE, LATEST, 4)
        assess(office, Point.EXIT, LATEST + timedelta(days=1), 1, is_finished=False)
    paper = issue(office, kind)
    for said in (" ".join(paper.docx.split()), paper.pdf):
        for part in (
            "Awal, 5 Januari 2027",
            "Terakhir, 12 Januari 2027",
            "2 dari 5: Mulai belajar",
            "4 dari 5: Belajar atas",
            "Pendidikan: Menyelesaikan Paket B",
            "1. Mendaftar (selesai 5 Januari 2027)",
            "(belum selesai, sampai 12 Januari 2027)",
        ):
            assert part in said, part
        assert said.count("setiap sore sampai lancar") == 12  # a step longer than a cell goes on as text
        for part in ("BELUM-DISEPAKATI", "HANYA-UNTUK-BERKAS", "1 dari 5", "5 dari 5"):
            assert part not in said  # drafts, open assessments, the counsellor's notes, what the resident answered


def test_nobody_writes_onto_a_document_what_they_may_not_read(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with office.opened() as at:
        assess(office, Point.ENTRY, FIRST, 2)
        plan(office, "agreed", 1, "Menyelesaikan Paket B", {"title": "Mendaftar"})
        instructor = make_user(at.desk.residence, Role.INSTRUCTOR)
        taught = db.session.query(PlanSeat.group_id).filter_by(plan_id=at.desk.plan.id, enrolment_id=_enrolment(at))
        meeting = (
            db.session.query(PlanMeeting)
            .filter(PlanMeeting.group_id.in_(taught), PlanMeeting.instructor_id.is_not(None))
            .first()
        )
        assert meeting is not None
        db.session.get_one(Staff, meeting.instructor_id).user_id = instructor.id
        db.session.flush()
        found = gather(
            desk_of(instructor, office.house), at.resident, at.stay, PaperKind.SOCIAL_REPORT, with_full_name=True
        )
        assert found["pendidikan"]  # the table lets instructors read this
        closed = ("asesmen", "tujuan", "keluarga", "jenis_ppks", "agama", "nik", "jumlah_konseling")
        assert {name: found[name] for name in closed if found[name]} == {}
    monkeypatch.setitem(RIGHTS, Part.PLAN, {**RIGHTS[Part.PLAN], Who.MANAGER: frozenset({Act.EXPORT})})
    paper = issue(office, PaperKind.SOCIAL_REPORT)
    assert "dari 5:" in paper.pdf
    assert "Paket B" not in paper.words


def _enrolment(at: Any) -> int:
    from foyer.cycles.models import Enrolment

    return int(db.session.query(Enrolment.id).filter_by(stay_id=at.stay.id).scalar())
