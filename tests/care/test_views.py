"""The pages of assessment, plan, conferences and facts: who opens them, what a whole round looks like, what is kept."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from foyer.audit.models import AuditEntry
from foyer.care.facts import changed_since
from foyer.care.models import (
    Assessment,
    AssessmentScore,
    CaseConference,
    ConferenceDecision,
    Domain,
    FactConfirmation,
    PlannerFact,
    RpiState,
    ServicePlan,
    ServiceStep,
)
from foyer.caseload.models import ServiceStage, StageStep
from foyer.database import db, house_scope, utc_now
from foyer.residents.attachments import Attachment, AttachmentKind
from foyer.residents.models import EducationLevel, Resident
from tests.care.conftest import Place
from tests.queries import count_queries


def newest(place: Place, kind: Any) -> Any:
    """The record made last, with what a form needs of it."""
    with place.app.app_context(), house_scope(place.residence):
        row = db.session.scalars(select(kind).order_by(kind.id.desc())).first()
        assert row is not None
        return {name: getattr(row, name) for name in ("id", "version", "state", "finished_at") if hasattr(row, name)}


def worker_levels(level: int, **more: Any) -> dict[str, Any]:
    return {**{f"level_{domain}": level for domain in Domain}, **more}


def stages(place: Place) -> set[ServiceStage]:
    with place.app.app_context(), house_scope(place.residence):
        return set(db.session.scalars(select(StageStep.stage).where(StageStep.resident_id == place.resident)))


def test_an_assessment_from_the_first_press_to_both_sides_beside_each_other(place: Place) -> None:
    worker, me = place.sign_in(place.counsellor), place.sign_in(place.own)
    base = f"/residents/{place.resident}/assessments"
    assert "Here you will see" in me.get("/me/scores", headers={"Accept-Language": "en"}).text
    assert worker.post(f"{base}/new", data={"point": "entry", "assessed_on": "2027-02-01"}).status_code == 422
    answer = worker.post(f"{base}/new", data={"point": "entry", "assessed_on": "2027-01-13"})
    assert answer.status_code == 303
    made = newest(place, Assessment)
    page = f"{base}/{made['id']}"
    half = {"level_social": "2", "evidence_social": "SUDAH-BERTEMAN", "version": made["version"]}
    assert worker.post(page, data=half).status_code == 303
    assert worker.post(page, data=half).status_code == 409, "somebody was faster: both versions are shown"
    version = newest(place, Assessment)["version"]
    assert worker.post(page, data={**half, "finish": "1", "version": version}).status_code == 422
    assert me.post("/me/scores/answer", data={"own_social": "3", "version": "0"}).status_code == 422
    own = {f"own_{domain}": "1" for domain in Domain}
    assert me.post("/me/scores/answer", data={**own, "said": "AKU-CAPEK", "version": "0"}).status_code == 303
    mine = me.get("/me/scores").text
    assert "SUDAH-BERTEMAN" not in mine
    assert "travel-worker" not in mine.split('<ul class="travel">')[1], "the worker's levels come with the end"
    form = worker_levels(4, finish="1", version=newest(place, Assessment)["version"])
    assert worker.post(page, data=form).status_code == 303
    assert newest(place, Assessment)["finished_at"] is not None
    both = worker.get(base).text
    assert "AKU-CAPEK" in both
    assert "travel-worker" in me.get("/me/scores").text.split('<ul class="travel">')[1]
    assert stages(place) == {ServiceStage.UNDERSTANDING}
    assert worker.get(page).status_code == 303, "finished: back to the list"


def test_a_plan_from_the_first_goal_to_the_residents_press(place: Place) -> None:
    worker, me = place.sign_in(place.counsellor), place.sign_in(place.own)
    base = f"/residents/{place.resident}"
    assert worker.post(f"{base}/plan/new", data={"strengths": "tekun"}).status_code == 303
    plan = newest(place, ServicePlan)
    goal = {"domain": "vocational", "title": "Bisa ganti oli", "due_on": "2027-04-01", "target_level": "4"}
    to_step = worker.post(f"{base}/plan/{plan['id']}/goals/new", data=goal).headers["Location"]
    step = {"title": "Belajar alatnya", "doer": "resident", "staff_id": "", "due_on": "2027-01-20"}
    assert worker.post(to_step, data={**step, "doer": "staff"}).status_code == 422
    assert worker.post(to_step, data=step).status_code == 303
    assert "Bisa ganti oli" not in me.get("/me/plan").text, "a draft is the counsellor's until it is offered"
    agree = f"{base}/plan/{plan['id']}/agree"
    version = newest(place, ServicePlan)["version"]
    side = {"agreed_on": "2027-01-13", "version": version}
    assert worker.post(agree, data={**side, "party": "resident", "method": "signed_in"}).status_code == 422
    assert worker.post(agree, data={**side, "party": "guardian", "method": "spoken"}).status_code == 422
    assert worker.post(agree, data={**side, "party": "counsellor", "method": "signed_in"}).status_code == 303
    assert "Bisa ganti oli" in me.get("/me/plan").text
    mine = f"/me/plan/{plan['id']}/agree"
    me.post(mine, data={"version": version - 1})
    assert newest(place, ServicePlan)["state"] is RpiState.DRAFT, "not what was read"
    me.post(mine, data={"version": newest(place, ServicePlan)["version"]})
    assert newest(place, ServicePlan)["state"] is RpiState.AGREED
    assert stages(place) == {ServiceStage.PLANNING, ServiceStage.SERVICE}
    step_id = newest(place, ServiceStep)["id"]
    assert me.post(f"/me/plan/steps/{step_id}/done").status_code == 303
    assert "1" in worker.get(f"{base}/plan").text.split('class="meter"')[1][:900]
    assert worker.post(f"{base}/plan/{plan['id']}/goals/new", data=goal).status_code == 422
    put_off = {"put_off_to": "2027-03-20", "reason": "SEDANG-MAGANG"}
    assert worker.post(f"{base}/plan/{plan['id']}/put-off", data=put_off).status_code == 303
    assert "SEDANG-MAGANG" in worker.get(f"{base}/plan").text
    assert me.post(f"/me/plan/steps/{step_id + 1}/done").status_code == 404


def test_a_conference_and_its_decision_and_the_facts_for_the_planner(place: Place) -> None:
    worker = place.sign_in(place.counsellor)
    base = f"/residents/{place.resident}"
    conference = {"held_on": "2027-01-13", "occasion": "Tahap pengungkapan", "staff": [place.staff]}
    assert worker.post(f"{base}/conferences/new", data=conference).status_code == 422
    conference["guests"] = "Ibu Sari, BAPAS"
    assert worker.post(f"{base}/conferences/new", data=conference).status_code == 303
    made = newest(place, CaseConference)
    decision = {"words": "Daftar Paket C", "owner_id": place.staff, "due_on": "2027-01-10"}
    assert worker.post(f"{base}/conferences/{made['id']}/decide", data=decision).status_code == 303
    page = worker.get(f"{base}/conferences", headers={"Accept-Language": "en"}).text
    assert "Ibu Sari, BAPAS" in page
    assert "3 days late" in page
    decided = newest(place, ConferenceDecision)
    outcome = {"done_on": "2027-01-13", "outcome": "terdaftar", "version": decided["version"]}
    assert worker.post(f"{base}/decisions/{decided['id']}", data=outcome).status_code == 303
    with place.app.app_context(), house_scope(place.residence):
        stay = place.the_stay()
        facts = {"education_level": stay.education_level.value, "needs": ["family"], "version": stay.version}
    facts |= {f"aptitude_{place.trades[0]}": "4", "confirmed": ["apart", "stage"]}
    assert worker.post(f"{base}/facts/confirm", data=facts).status_code == 303
    assert worker.post(f"{base}/facts/confirm", data={**facts, "needs": []}).status_code == 409
    assert "4 of 5" in worker.get(f"{base}/facts", headers={"Accept-Language": "en"}).text


def test_what_the_stay_s_form_changes_is_confirmed_and_what_a_step_at_school_changes_is_said(place: Place) -> None:
    manager, page = place.sign_in(place.manager), f"/residents/{place.resident}/facts"
    with place.app.app_context(), house_scope(place.residence):
        stay = place.the_stay()
        form = {"arrives_on": stay.arrives_on, "leaves_on": stay.leaves_on, "version": stay.version}
    assert "changed since" not in manager.get(page, headers={"Accept-Language": "en"}).text
    data = {**form, "needs": ["family"], "education_level": "sd"}
    assert manager.post(f"/residents/{place.resident}/stays/{place.stay}", data=data).status_code == 302
    with place.app.app_context(), house_scope(place.residence):
        confirmed = db.session.scalars(select(FactConfirmation).order_by(FactConfirmation.fact)).all()
        assert [(row.fact, row.confirmed_by_id) for row in confirmed] == [
            (PlannerFact.EDUCATION, place.manager),
            (PlannerFact.NEEDS, place.manager),
        ]
        assert changed_since(place.the_stay()) == {}
        place.the_stay().education_level = EducationLevel.SMK
        db.session.commit()
        assert set(changed_since(place.the_stay())) == {PlannerFact.EDUCATION}
    assert manager.get(page, headers={"Accept-Language": "en"}).text.count("changed since it was confirmed") == 1


def test_what_was_begun_in_an_earlier_cycle_can_be_finished_and_last_time_stands_beside_it(place: Place) -> None:
    with place.app.app_context(), house_scope(place.residence):
        own: dict[str, Any] = {
            "residence_id": place.residence,
            "resident_id": place.resident,
            "stay_id": place.stay,
            "assessed_by_id": place.counsellor,
        }
        done = Assessment(**own, point="entry", assessed_on=date(2026, 11, 1), finished_at=utc_now())
        left = Assessment(**own, point="middle", assessed_on=date(2026, 12, 1))
        db.session.add_all([done, left])
        db.session.flush()
        score = {"residence_id": place.residence, "resident_id": place.resident, "assessment_id": done.id}
        db.session.add(AssessmentScore(**score, side="worker", domain="social", level=2))
        db.session.commit()
        page = f"/residents/{place.resident}/assessments/{left.id}"
    worker = place.sign_in(place.counsellor)
    listed = worker.get(f"/residents/{place.resident}/assessments").text
    assert f'href="{page}"' in listed
    assert f'href="{page}/own"' in listed
    assert "2 by the counsellor, – by the resident." in worker.get(page, headers={"Accept-Language": "en"}).text


def test_a_house_sets_its_own_days(place: Place) -> None:
    manager = place.sign_in(place.manager)
    days = {"entry_days": 10, "middle_days": 7, "exit_days": 14, "plan_days": 21, "review_days": 30, "window_days": 5}
    assert manager.post("/house/care-rules", data={**days, "review_days": 2, "version": "0"}).status_code == 422
    assert manager.post("/house/care-rules", data={**days, "version": "0"}).status_code == 303
    assert 'value="30"' in manager.get("/house/care-rules").text
    assert manager.post("/house/care-rules", data={**days, "version": "0"}).status_code == 409


@pytest.mark.parametrize("page", ["assessments", "plan", "conferences", "facts"])
def test_reading_is_written_down_and_takes_few_queries(place: Place, page: str) -> None:
    with place.app.app_context():
        before = len(db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "read")).all())
    browser = place.sign_in(place.counsellor)
    with count_queries(place.app) as seen:
        assert browser.get(f"/residents/{place.resident}/{page}").status_code == 200
    assert len(seen) <= 20, "\n".join(seen.statements)
    with place.app.app_context():
        after = len(db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "read")).all())
    assert after == before + 1
    assert place.sign_in(place.other).get(f"/residents/{place.resident}/{page}").status_code == 404


def test_the_signed_sheet_proves_an_agreement_and_only_this_residents_documents_do(place: Place) -> None:
    worker, base = place.sign_in(place.counsellor), f"/residents/{place.resident}"
    with place.app.app_context(), house_scope(place.residence):
        mine, photo, gone = (
            _document(place.person(), kind)
            for kind in (AttachmentKind.OTHER, AttachmentKind.PHOTO, AttachmentKind.OTHER)
        )
        other = db.session.scalars(select(Resident).where(Resident.id != place.resident)).first()
        assert other is not None
        strange = _document(other, AttachmentKind.OTHER)
        db.session.get_one(Attachment, gone).withdrawn_at = utc_now()
        db.session.commit()
    worker.post(f"{base}/plan/new", data={"strengths": ""})
    plan = newest(place, ServicePlan)["id"]
    goal = {"domain": "social", "title": "Berteman", "due_on": "2027-04-01", "target_level": ""}
    to_step = worker.post(f"{base}/plan/{plan}/goals/new", data=goal).headers["Location"]
    worker.post(to_step, data={"title": "Ikut futsal", "doer": "resident", "staff_id": "", "due_on": "2027-01-20"})
    side = {"agreed_on": "2027-01-13", "version": newest(place, ServicePlan)["version"], "method": "on_paper"}
    page = worker.get(f"{base}/plan/{plan}/agree").text
    assert f'value="{mine}"' in page.split('name="proof_id"')[1].split("</select>")[0]
    for wrong in (photo, gone, strange):
        sent = {**side, "party": "resident", "proof_id": wrong}
        assert worker.post(f"{base}/plan/{plan}/agree", data=sent).status_code == 422
    sent = {**side, "party": "resident", "proof_id": mine}
    assert worker.post(f"{base}/plan/{plan}/agree", data=sent).status_code == 303
    assert worker.post(f"{base}/plan/{plan}/agree", data={**side, "party": "counsellor"}).status_code == 303
    link = f'href="{base}/attachments/{mine}"'
    shown = worker.get(f"{base}/plan").text
    assert (shown.count(link), shown.count("suratnya belum ditambahkan")) == (1, 1), (
        "the counsellor's sheet is not there yet"
    )
    later = f"{base}/plan/{plan}/counsellor/paper"
    assert worker.post(later, data={"proof_id": strange}).status_code == 422
    assert worker.post(later, data={"proof_id": mine}).status_code == 303
    assert worker.get(f"{base}/plan").text.count(link) == 2
    assert worker.get(f"{base}/plan/{plan}/guardian/paper").status_code == 303, "nobody agreed for the family"
    with place.app.app_context(), house_scope(place.residence):
        db.session.get_one(Attachment, mine).withdrawn_at = utc_now()
        db.session.commit()
    assert link not in worker.get(f"{base}/plan").text, "what is out of use leads nowhere"


def _document(person: Resident, kind: AttachmentKind) -> int:
    row = Attachment(
        residence_id=person.residence_id,
        resident_id=person.id,
        kind=kind,
        title="Lembar RPI",
        media_type="application/pdf",
        size=4,
        digest=f"{person.id}-{kind}-{utc_now()}",
        content=b"%PDF",
    )
    db.session.add(row)
    db.session.flush()
    return row.id
