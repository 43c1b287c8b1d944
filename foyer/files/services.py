"""Who may see which file, and who may enter whose wishes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from foyer.accounts.models import Role
from foyer.caseload.desk import Desk
from foyer.cycles.models import Choice, Cycle, Enrolment
from foyer.cycles.wish_queries import counsellor_id_of
from foyer.database import db
from foyer.errors import NotFound
from foyer.residents.models import Stay


def enrolment_for_wishes(desk: Desk, resident_id: int, enrolment_id: int) -> Enrolment:
    """A resident's place in a cycle with the wishes, if the actor may enter them: a manager every one of the house, a
    counsellor those whom ``counsellor_id_of`` gives. Raises NotFound for everything else."""
    query = (
        select(Enrolment)
        .join(Enrolment.stay)
        .where(Enrolment.id == enrolment_id, Stay.resident_id == resident_id)
        .options(
            contains_eager(Enrolment.stay).joinedload(Stay.resident),
            selectinload(Enrolment.choices).joinedload(Choice.trade),
        )
        .execution_options(populate_existing=True)
    )
    if desk.actor.role is not Role.MANAGER:
        loads, helper = counsellor_id_of(desk.plan)
        query = query.outerjoin(loads, loads.c.resident_id == Stay.resident_id).where(helper == desk.staff_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("enrolment")
    return found


def enrolments_of(resident_id: int) -> Sequence[Enrolment]:
    """A resident's places in cycles, newest first, with choices."""
    return (
        db.session.scalars(
            select(Enrolment)
            .join(Enrolment.stay)
            .join(Cycle, Cycle.id == Enrolment.cycle_id)
            .where(Stay.resident_id == resident_id)
            .options(joinedload(Enrolment.stay), selectinload(Enrolment.choices).joinedload(Choice.trade))
            .order_by(Cycle.starts_on.desc(), Enrolment.id.desc())
        )
        .unique()
        .all()
    )


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())
