"""Whether a draft still speaks of the house as it is: what has changed since it was made.

``is_outdated`` is exact and reads the whole house; ``changes_since`` reads the trail and serves pages with many drafts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, select

from foyer.audit.models import AuditEntry
from foyer.cycles.models import Cycle, Enrolment, Plan, TeachingGroup
from foyer.cycles.opened import opened
from foyer.cycles.pins import pinned_problem
from foyer.cycles.planning import build_problem
from foyer.cycles.weighing import weighed_like
from foyer.database import db
from foyer.scheduling.files import problem_hash

# Kind of record in the trail: the part of the house that it belongs to.
PARTS = {
    "Stay": "stays",
    "Room": "rooms",
    "RoomOutage": "rooms",
    "Staff": "staff",
    "StaffUnavailability": "staff",
    "InstructorTrade": "staff",
    "TeachingGroup": "classes",
    "Venue": "places",
    "GridBlock": "grid",
    "KeepApart": "pairs",
}
# What is written about a member of staff and concerns no plan.
OF_NO_PLAN = frozenset({"user_id", "full_name", "name_key", "version"})


@dataclass(frozen=True, slots=True)
class Since:
    """What changed after a draft was begun: parts of the house as in ``PARTS``, and how many residents chose."""

    parts: tuple[str, ...] = ()
    wishes: int = 0

    def __bool__(self) -> bool:
        return bool(self.parts or self.wishes)


def is_outdated(plan: Plan) -> bool:
    """Whether the house's data are no longer those that the plan was made from. Its own weights and decisions do not
    count: they are the draft's, not the house's."""
    then = opened(plan).problem
    now = pinned_problem(weighed_like(build_problem(plan.cycle, plan.from_on), then), ())
    return problem_hash(pinned_problem(replace(then, group_pins=()), ())) != problem_hash(now)


def changes_since(cycle: Cycle, plans: Sequence[Plan]) -> dict[int, Since]:
    """What changed since each of these plans of a cycle was begun, in two queries; nothing: it is left out.

    Classes of another cycle and stays of those who are not in this one do not count, nor does a stay that began
    before the cycle and still does."""
    if not plans:
        return {}
    first = min(map(_begun, plans))
    of_other_cycles = select(TeachingGroup.id).where(TeachingGroup.cycle_id != cycle.id)
    enrolled = select(Enrolment.stay_id).where(Enrolment.cycle_id == cycle.id)
    kind, subject = AuditEntry.subject_type, AuditEntry.subject_id
    entries = select(kind, AuditEntry.at, AuditEntry.changes).where(
        AuditEntry.residence_id == cycle.residence_id,
        AuditEntry.at > first,
        kind.in_(PARTS),
        AuditEntry.verb.in_(("created", "changed", "deleted")),
        ~and_(kind == "TeachingGroup", subject.in_(of_other_cycles)),
        ~and_(kind == "Stay", subject.not_in(enrolled)),
    )
    changed = [(kind, at) for kind, at, what in db.session.execute(entries) if _matters(kind, what, cycle)]
    wished = db.session.scalars(
        select(Enrolment.wished_at).where(Enrolment.cycle_id == cycle.id, Enrolment.wished_at > first)
    ).all()
    found = {plan.id: _since(_begun(plan), changed, wished) for plan in plans}  # type: ignore[arg-type]
    return {plan_id: since for plan_id, since in found.items() if since}


def _matters(kind: str, what: dict[str, Any], cycle: Cycle) -> bool:
    """Whether a plan of this cycle can depend on what was changed."""
    if kind == "Staff":
        return bool(what.keys() - OF_NO_PLAN)
    if kind == "Stay" and what.keys() == {"arrives_on"}:
        return any(day is None or date.fromisoformat(day) > cycle.starts_on for day in what["arrives_on"])
    return True


def _begun(plan: Plan) -> datetime:
    """When the house was read for it: before the engine began."""
    return plan.created_at - timedelta(seconds=plan.seconds)


def _since(begun: datetime, changed: Sequence[tuple[str, datetime]], wished: Sequence[datetime]) -> Since:
    kinds = [kind for kind, at in changed if at > begun]
    parts = tuple(dict.fromkeys(PARTS[kind] for kind in PARTS if kind in kinds))
    return Since(parts, sum(at > begun for at in wished))
