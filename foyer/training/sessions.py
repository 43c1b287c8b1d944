"""Dated sessions of classes and education groups: what the published timetable holds on a day, and what was kept of it.

A session is known by its group, its day and the minute it begins. A register counts for the session that it overlaps,
so that hours which the house moved later (Ramadan) do not make a kept session look forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from foyer.cycles.house_days import house_days
from foyer.cycles.models import Cycle, Plan, PlanMeeting, TeachingGroup
from foyer.cycles.versions import Versions, versions_of
from foyer.cycles.weeks import group_title, meetings_of, sessions_on
from foyer.database import db
from foyer.errors import NotFound
from foyer.residences.models import Staff
from foyer.training.models import ClassRegister

OWED = timedelta(weeks=4)  # so long a new cycle asks for the registers of the one before it


@dataclass(frozen=True)
class ClassSession:
    """One dated session of a group, as the version in force that day has it, and its register if one was kept."""

    group: TeachingGroup
    on: date
    start: int
    end: int
    place: str
    instructor: Staff | None
    plan: Plan
    register: ClassRegister | None = None

    @property
    def title(self) -> str:
        return group_title(self.group)

    def has_begun(self, now: datetime) -> bool:
        """Whether it has begun on the house's clock."""
        return (self.on, self.start) <= (now.date(), now.hour * 60 + now.minute)


def sessions_between(
    versions: Versions, first: date, last: date, *, condition: ColumnElement[bool] | None = None
) -> list[ClassSession]:
    """The sessions from ``first`` to ``last``, in order, with their registers; ``condition`` on PlanMeeting narrows
    them. Registers whose session the timetable no longer has come with them: what was kept stays. Five queries."""
    cycle = versions.cycle
    first, last = max(first, cycle.starts_on), min(last, cycle.ends_on - timedelta(days=1))
    if last < first:
        return []
    calendar = house_days(versions.residence_id, first, last)
    rows = meetings_of(versions, condition)
    plans = {plan.id: plan for plan in versions.plans}
    found = [
        ClassSession(row.group, day, dated.start, dated.end, dated.session.place, row.instructor, plans[row.plan_id])
        for n in range((last - first).days + 1)
        for day in [first + timedelta(days=n)]
        for row, slot in rows
        if slot.falls_on(day, cycle)
        for dated in sessions_on(slot, day, calendar)
    ]
    groups = {row.group_id: row.group for row, _slot in rows}
    return _with_registers(found, _registers(groups, first, last), groups, plans)


def _registers(group_ids: Iterable[int], first: date, last: date) -> Sequence[ClassRegister]:
    return db.session.scalars(
        select(ClassRegister)
        .where(ClassRegister.group_id.in_(group_ids), ClassRegister.held_on.between(first, last))
        .order_by(ClassRegister.held_on, ClassRegister.start_minute)
    ).all()


def _with_registers(
    sessions: list[ClassSession],
    registers: Sequence[ClassRegister],
    groups: dict[int, TeachingGroup],
    plans: dict[int, Plan],
) -> list[ClassSession]:
    by_day: dict[tuple[int, date], list[ClassRegister]] = {}
    for register in registers:
        by_day.setdefault((register.group_id, register.held_on), []).append(register)
    found, used = [], set()
    for session in sessions:
        kept = next((one for one in by_day.get((session.group.id, session.on), []) if _overlap(session, one)), None)
        if kept is None:
            found.append(session)
        elif kept.id not in used:
            used.add(kept.id)
            found.append(_as_kept(session.group, kept, session.plan, session.place, session.instructor))
    found += [_as_kept(groups[r.group_id], r, plans[r.plan_id], "", None) for r in registers if r.id not in used]
    return sorted(found, key=lambda session: (session.on, session.start, session.group.code))


def _as_kept(
    group: TeachingGroup, register: ClassRegister, plan: Plan, place: str, instructor: Staff | None
) -> ClassSession:
    hours = (register.start_minute, register.end_minute)
    return ClassSession(group, register.held_on, *hours, place, instructor, plan, register)


def _overlap(session: ClassSession, register: ClassRegister) -> bool:
    return session.start < register.end_minute and register.start_minute < session.end


def find_session(group_id: int, on: date, start: int) -> ClassSession:
    """The session of a group on a day that begins, or was kept, at a minute. Raises NotFound where the timetable has
    none, also for a group of another house."""
    cycle_id = db.session.scalar(select(TeachingGroup.cycle_id).where(TeachingGroup.id == group_id))
    versions = versions_of(cycle_id) if cycle_id is not None else None
    if versions is None:
        raise NotFound("session")
    own = sessions_between(versions, on, on, condition=PlanMeeting.group_id == group_id)
    found = next((one for one in own if one.start == start), None)
    if found is None:
        raise NotFound("session")
    return found


def registers_since(cycle: Cycle, today: date) -> date:
    """From when on the house keeps registers in a cycle: its first one, else today. Earlier sessions are nobody's
    debt."""
    first = db.session.scalar(
        select(func.min(ClassRegister.held_on)).join(ClassRegister.group).where(TeachingGroup.cycle_id == cycle.id)
    )
    return min(first or today, today)


@dataclass(frozen=True)
class RegisterWork:
    """What the registers ask for today: sessions of earlier days without one, and all of today's."""

    earlier: list[ClassSession]
    today: list[ClassSession]

    def missing(self, now: datetime) -> list[ClassSession]:
        """Sessions that have begun and have no register, oldest first: the one definition behind every count."""
        return [*self.earlier, *(one for one in self.today if one.register is None and one.has_begun(now))]


def register_work(versions: Versions, now: datetime, *, instructor_id: int | None = None) -> RegisterWork:
    """The registers of the whole house, or of one instructor, that concern today; in the first weeks of a cycle also
    those of the one before it. Six queries, then twice as many."""
    condition = PlanMeeting.instructor_id == instructor_id if instructor_id is not None else None
    today = now.date()
    sessions = sessions_between(versions, registers_since(versions.cycle, today), today, condition=condition)
    return RegisterWork(
        earlier=[one for one in (*_before(versions, today, condition), *sessions) if _is_owed(one, today)],
        today=[one for one in sessions if one.on == today],
    )


def _is_owed(session: ClassSession, today: date) -> bool:
    return session.on < today and session.register is None


def _before(versions: Versions, today: date, condition: ColumnElement[bool] | None) -> list[ClassSession]:
    """The sessions of the cycle before, while the new one is young: what was missing in its last week is missing still,
    and somebody knows who was there."""
    if today >= versions.cycle.starts_on + OWED:
        return []
    last = db.session.scalar(
        select(Cycle)
        .where(Cycle.residence_id == versions.residence_id, Cycle.starts_on < versions.cycle.starts_on)
        .order_by(Cycle.starts_on.desc())
        .limit(1)
    )
    old = versions_of(last.id) if last is not None else None
    return sessions_between(old, registers_since(old.cycle, today), today, condition=condition) if old else []
