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
from foyer.cycles.interruptions import Interruption
from foyer.cycles.models import Cycle, Enrolment, Plan, TeachingGroup
from foyer.cycles.opened import opened
from foyer.cycles.pins import pinned_problem
from foyer.cycles.planning import build_problem
from foyer.cycles.weighing import weighed_like
from foyer.database import db
from foyer.residents.models import Stay
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
    "Resident": "people",
    "Aptitude": "aptitudes",
    "Interruption": "interruptions",
    "Residence": "counselling",
}
# What is written about a member of staff and concerns no plan.
OF_NO_PLAN = frozenset({"user_id", "full_name", "name_key", "version"})
# What of a person and of the house itself concerns a plan. The house's weights do not: a draft has its own.
OF_A_PLAN = {
    "Resident": frozenset({"gender", "born_on"}),
    "Residence": frozenset({"appointment_minutes", "appointment_every_weeks"}),
}


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

    Classes of another cycle and what concerns residents who are not in this one do not count, nor does a stay that
    began before the cycle and still does, nor who or what is away on other days than a plan's first."""
    if not plans:
        return {}
    first = min(map(_begun, plans))
    of_other_cycles = select(TeachingGroup.id).where(TeachingGroup.cycle_id != cycle.id)
    enrolled = select(Enrolment.stay_id).where(Enrolment.cycle_id == cycle.id)
    people = select(Stay.resident_id).where(Stay.id.in_(enrolled))
    kind, subject = AuditEntry.subject_type, AuditEntry.subject_id
    entries = (
        select(kind, AuditEntry.at, AuditEntry.changes, Interruption.from_on, Interruption.until_on)
        .outerjoin(Interruption, and_(kind == "Interruption", Interruption.id == subject))
        .where(
            AuditEntry.residence_id == cycle.residence_id,
            AuditEntry.at > first,
            kind.in_(PARTS),
            AuditEntry.verb.in_(("created", "changed", "deleted")),
            ~and_(kind == "TeachingGroup", subject.in_(of_other_cycles)),
            ~and_(kind == "Stay", subject.not_in(enrolled)),
            ~and_(kind == "Resident", subject.not_in(people)),
            ~and_(kind == "Aptitude", AuditEntry.resident_id.not_in(people)),
        )
    )
    changed = [_Changed(*row) for row in db.session.execute(entries) if _matters(row[0], row[2], cycle)]
    wished = db.session.scalars(
        select(Enrolment.wished_at).where(Enrolment.cycle_id == cycle.id, Enrolment.wished_at > first)
    ).all()
    found = {plan.id: _since(plan, cycle, changed, wished) for plan in plans}  # type: ignore[arg-type]
    return {plan_id: since for plan_id, since in found.items() if since}


@dataclass(frozen=True, slots=True)
class _Changed:
    """An entry of the trail; of somebody or something away also the days as they are now."""

    kind: str
    at: datetime
    what: dict[str, Any]
    from_on: date | None
    until_on: date | None

    def concerns(self, day: date) -> bool:
        """Whether a plan that holds from a day on can depend on it: who is away or what is closed then, or was before
        this change."""
        if self.kind != "Interruption" or self.from_on is None:
            return True
        before = (self._was("from_on", self.from_on), self._was("until_on", self.until_on))
        states = ((self.from_on, self.until_on), before)
        return any(first is not None and first <= day and (end is None or day < end) for first, end in states)

    def _was(self, field: str, now: date | None) -> date | None:
        if field not in self.what:
            return now
        old = self.what[field][0]
        return date.fromisoformat(old) if old else None


def _matters(kind: str, what: dict[str, Any], cycle: Cycle) -> bool:
    """Whether a plan of this cycle can depend on what was changed."""
    if kind == "Staff":
        return bool(what.keys() - OF_NO_PLAN)
    if kind in OF_A_PLAN:
        return bool(what.keys() & OF_A_PLAN[kind])
    if kind == "Stay" and what.keys() == {"arrives_on"}:
        return any(day is None or date.fromisoformat(day) > cycle.starts_on for day in what["arrives_on"])
    return True


def _begun(plan: Plan) -> datetime:
    """When the house was read for it: before the engine began."""
    return plan.created_at - timedelta(seconds=plan.seconds)


def _since(plan: Plan, cycle: Cycle, changed: Sequence[_Changed], wished: Sequence[datetime]) -> Since:
    begun, day = _begun(plan), plan.from_on or cycle.starts_on
    kinds = [one.kind for one in changed if one.at > begun and one.concerns(day)]
    parts = tuple(dict.fromkeys(PARTS[kind] for kind in PARTS if kind in kinds))
    return Since(parts, sum(at > begun for at in wished))
