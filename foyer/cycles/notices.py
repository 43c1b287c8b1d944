"""Who still has to see what a version changed for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from foyer.cycles.differences import Change, difference, load_contents
from foyer.cycles.models import Enrolment, Plan
from foyer.cycles.releases import PlanNotice
from foyer.database import db, utc_now
from foyer.residents.models import Stay


def tell_changes(plan: Plan, earlier: Plan, first: date) -> None:
    """Note for everybody who is here from ``first`` on what the new version changes of the earlier one."""
    contents = load_contents([earlier.id, plan.id])
    changed = difference(contents[earlier.id], contents[plan.id], first)
    here = set(
        db.session.scalars(
            select(Enrolment.id)
            .join(Stay, Stay.id == Enrolment.stay_id)
            .where(Enrolment.cycle_id == plan.cycle_id, Stay.leaves_on > first)
        )
    )
    common = {"plan_id": plan.id, "residence_id": plan.residence_id}
    rows = [
        {**common, "enrolment_id": one, "staff_id": None, "changes": _written(changes)}
        for one, changes in changed.residents.items()
        if one in here
    ]
    rows += [
        {**common, "enrolment_id": None, "staff_id": one, "changes": _written(changes)}
        for one, changes in changed.staff.items()
    ]
    if rows:
        db.session.execute(PlanNotice.__table__.insert(), rows)  # type: ignore[attr-defined]


def _written(changes: Iterable[Change]) -> list[list[object]]:
    return [[change.kind, list(change.before), list(change.after)] for change in changes]


def changes_of(notice: PlanNotice) -> list[Change]:
    """What a notice tells."""
    return [Change(str(kind), tuple(before), tuple(after)) for kind, before, after in notice.changes]  # type: ignore[arg-type]


def unseen_notices(*, enrolment_id: int | None = None, staff_id: int | None = None) -> Sequence[PlanNotice]:
    """What one person has not seen yet, oldest first."""
    return db.session.scalars(
        select(PlanNotice)
        .where(_own(enrolment_id, staff_id), PlanNotice.seen_at.is_(None))
        .options(joinedload(PlanNotice.plan).joinedload(Plan.cycle))
        .order_by(PlanNotice.id)
    ).all()


def mark_seen(upto: int, *, enrolment_id: int | None = None, staff_id: int | None = None) -> None:
    """One person has seen the own notices up to this one; those that came since stay."""
    db.session.execute(
        update(PlanNotice)
        .where(_own(enrolment_id, staff_id), PlanNotice.id <= upto, PlanNotice.seen_at.is_(None))
        .values(seen_at=utc_now())
    )


def _own(enrolment_id: int | None, staff_id: int | None):  # type: ignore[no-untyped-def]
    if enrolment_id is not None:
        return PlanNotice.enrolment_id == enrolment_id
    return PlanNotice.staff_id == (staff_id or 0)
