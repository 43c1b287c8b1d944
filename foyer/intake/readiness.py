"""Who waits for a place, as an item of a cycle's readiness and of the list with which a cycle ends."""

from __future__ import annotations

from sqlalchemy import select

from foyer.cycles.models import Cycle
from foyer.cycles.readiness import ReadinessItem, Severity
from foyer.database import db
from foyer.intake.models import Referral, ReferralState
from foyer.residents.naming import initials


def waiting_people(cycle: Cycle) -> list[ReadinessItem]:
    """Everybody who is accepted and not admitted yet, the urgent first; restricted people by their initials."""
    rows = db.session.scalars(
        select(Referral)
        .where(
            Referral.residence_id == cycle.residence_id,
            Referral.state.in_((ReferralState.WAITING, ReferralState.ACCEPTED)),
        )
        .order_by(Referral.is_urgent.desc(), Referral.waits_since, Referral.id)
    ).all()
    names = tuple(initials(row.full_name) if row.is_restricted else row.full_name for row in rows)
    return [ReadinessItem("waiting_list", Severity.ADVICE, len(names), names)] if names else []
