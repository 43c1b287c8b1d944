"""Something of everything that a file holds of assessments, plans and conferences, for the walk along all addresses."""

from __future__ import annotations

from datetime import date
from typing import Any

from foyer.care.models import (
    Assessment,
    AssessmentScore,
    CaseConference,
    ConferenceDecision,
    ConferenceParticipant,
    FactConfirmation,
    OwnAnswer,
    PlanReview,
    RpiAgreement,
    ServiceGoal,
    ServicePlan,
    ServiceStep,
)
from foyer.database import db
from tests.cycles.house import House

DAY = date(2027, 1, 4)


def care_ids(house: House, user_id: int) -> dict[str, int]:
    """An open assessment, a draft of an individual plan, a case conference: of the first resident."""
    stay, staff_id = house.enrolments[0].stay, house.counsellors[0].id
    own: dict[str, Any] = {"residence_id": stay.residence_id, "resident_id": stay.resident_id}
    at = {**own, "stay_id": stay.id}
    rpi = _saved(ServicePlan(**at, number=1, made_on=DAY, made_by_id=user_id))
    goal = _saved(ServiceGoal(**own, plan_id=rpi, position=1, domain="social", title="Tujuan", due_on=DAY))
    step = _saved(ServiceStep(**own, goal_id=goal, position=1, title="Langkah", doer="resident", due_on=DAY))
    by = {"recorded_by_id": user_id, "plan_id": rpi}
    _saved(RpiAgreement(**own, **by, party="guardian", method="spoken", agreed_on=DAY, withdrawn_on=DAY))
    _saved(PlanReview(**own, **by, due_on=DAY, held_on=DAY, result="continue"))
    assessment = _saved(
        Assessment(**at, cycle_id=house.cycle.id, point="entry", assessed_on=DAY, assessed_by_id=user_id)
    )
    _saved(AssessmentScore(**own, assessment_id=assessment, side="worker", domain="social", level=2))
    _saved(OwnAnswer(**own, assessment_id=assessment, sent_by_id=user_id))
    _saved(FactConfirmation(**at, fact="needs", confirmed_on=DAY, confirmed_by_id=user_id))
    conference = _saved(CaseConference(**at, held_on=DAY, occasion="CC", written_by_id=user_id))
    _saved(ConferenceParticipant(**own, conference_id=conference, guest="Ibu Sari"))
    decision = _saved(
        ConferenceDecision(**own, conference_id=conference, words="Putusan", owner_id=staff_id, due_on=DAY)
    )
    return {
        "assessment": assessment,
        "conference": conference,
        "decision": decision,
        "goal": goal,
        "rpi": rpi,
        "step": step,
    }


def _saved(row: Any) -> int:
    db.session.add(row)
    db.session.flush()
    return int(row.id)
