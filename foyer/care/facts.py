"""What the planner counts with: aptitude, needs, independence stage, education, pairs. Somebody who knows the resident
looks at each and confirms it, so that every plan stands on facts with a day and a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from foyer.accounts.models import User
from foyer.audit.models import AuditEntry
from foyer.care.models import FactConfirmation, PlannerFact
from foyer.database import db
from foyer.records import flush
from foyer.residences.models import Trade
from foyer.residents.aptitude import Aptitude
from foyer.residents.models import KeepApart, Resident, Stay
from foyer.residents.services import change_stay


@dataclass(frozen=True)
class Confirmed:
    """Who confirmed a fact last, and when."""

    on: date
    by: str


def confirmations_of(stay_id: int) -> dict[PlannerFact, Confirmed]:
    """The last confirmation of each fact. One query."""
    newest = (
        select(func.max(FactConfirmation.id)).where(FactConfirmation.stay_id == stay_id).group_by(FactConfirmation.fact)
    )
    rows = db.session.execute(
        select(FactConfirmation.fact, FactConfirmation.confirmed_on, User.display_name)
        .join(User, User.id == FactConfirmation.confirmed_by_id)
        .where(FactConfirmation.id.in_(newest))
    )
    return {fact: Confirmed(on, by) for fact, on, by in rows}


def changed_since(stay: Stay) -> dict[PlannerFact, Confirmed]:
    """The facts of a stay that somebody changed after they were last confirmed, by a step at school or a review of
    independence: who did, and when (UTC). Read from the trail, in one query."""
    newest = select(func.max(FactConfirmation.id)).where(FactConfirmation.stay_id == stay.id)
    confirmed = select(FactConfirmation.id).where(FactConfirmation.id.in_(newest.group_by(FactConfirmation.fact)))
    rows = db.session.execute(
        select(AuditEntry.at, AuditEntry.changes, User.display_name)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(
            or_(
                and_(AuditEntry.subject_type == "Stay", AuditEntry.subject_id == stay.id, AuditEntry.verb == "changed"),
                and_(AuditEntry.subject_type == "FactConfirmation", AuditEntry.subject_id.in_(confirmed)),
            )
        )
        .order_by(AuditEntry.id)
    )
    found: dict[PlannerFact, Confirmed] = {}
    for at, changes, by in rows:
        found |= {fact: Confirmed(at.date(), by or "–") for name, fact in _FACT_OF.items() if name in changes}
        if "fact" in changes:
            found.pop(PlannerFact(changes["fact"][1]), None)
    return found


def aptitudes_of(resident_id: int) -> Sequence[Aptitude]:
    """What is known of a resident's aptitude, with the trades, best first."""
    return db.session.scalars(
        select(Aptitude)
        .where(Aptitude.resident_id == resident_id)
        .options(joinedload(Aptitude.trade))
        .order_by(Aptitude.level.desc(), Aptitude.id)
    ).all()


def trades_taught() -> Sequence[Trade]:
    """The trades of the house, by name."""
    return db.session.scalars(select(Trade).where(Trade.is_active).order_by(Trade.name_key)).all()


def pairs_of(resident_id: int, today: date) -> Sequence[KeepApart]:
    """Whom the plan keeps the resident apart from, today or later."""
    return db.session.scalars(
        select(KeepApart)
        .where(
            or_(KeepApart.resident_a_id == resident_id, KeepApart.resident_b_id == resident_id),
            or_(KeepApart.until_on.is_(None), KeepApart.until_on >= today),
        )
        .options(joinedload(KeepApart.resident_a), joinedload(KeepApart.resident_b))
    ).all()


def confirm_facts(
    resident: Resident,
    stay: Stay,
    values: Mapping[str, Any],
    aptitudes: Mapping[int, int | None],
    facts: Iterable[PlannerFact],
    *,
    on: date,
    version: int | None,
    actor: User,
) -> None:
    """Correct the facts (``values`` of the stay, ``aptitudes`` by trade) and confirm those named; what is changed is
    confirmed by that. Raises Stale."""
    confirmed = set(facts) | _changed(stay, values)
    change_stay(stay, values, version=version)
    if set_aptitudes(resident, aptitudes, on=on):
        confirmed.add(PlannerFact.APTITUDE)
    for fact in sorted(confirmed):
        db.session.add(
            FactConfirmation(
                residence_id=stay.residence_id,
                resident_id=stay.resident_id,
                stay_id=stay.id,
                fact=fact,
                confirmed_on=on,
                confirmed_by_id=actor.id,
            )
        )
    flush()


def set_aptitudes(resident: Resident, levels: Mapping[int, int | None], *, on: date) -> bool:
    """Keep the aptitude for these trades; a trade without a level keeps what is known. Whether anything changed."""
    known = {aptitude.trade_id: aptitude for aptitude in aptitudes_of(resident.id)}
    changed = False
    for trade_id, level in levels.items():
        row = known.get(trade_id)
        if level is None or (row is not None and row.level == level):
            continue
        changed = True
        if row is None:
            row = Aptitude(residence_id=resident.residence_id, resident_id=resident.id, trade_id=trade_id)
            db.session.add(row)
        row.level, row.assessed_on = level, on
    flush()
    return changed


_FACT_OF = {
    "needs": PlannerFact.NEEDS,
    "education_level": PlannerFact.EDUCATION,
    "independence_stage": PlannerFact.STAGE,
}


def _changed(stay: Stay, values: Mapping[str, Any]) -> set[PlannerFact]:
    return {_FACT_OF[name] for name, value in values.items() if name in _FACT_OF and getattr(stay, name) != value}
