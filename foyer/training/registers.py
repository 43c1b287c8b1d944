"""Keeping the register of a session: everybody present by default, exceptions with their reason, corrections kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from foyer.cycles.models import Cycle, TeachingGroup
from foyer.cycles.queries import members_of_group
from foyer.database import db
from foyer.errors import FoyerError, Stale, expect_version
from foyer.records import flush, touch
from foyer.residents.models import Resident, Stay
from foyer.training.models import AttendanceCorrection, AttendanceMark, ClassRegister, Presence
from foyer.training.sessions import ClassSession


class TooEarly(FoyerError):
    """A register is kept on the day of its session, or later."""


class WhyMissing(FoyerError):
    """What is corrected after the day says why."""


class NotHeldReasonMissing(FoyerError):
    """A session that did not take place says why."""


class StrangerMarked(FoyerError):
    """Somebody is marked who does not belong to this session."""


@dataclass(frozen=True)
class Given:
    """What is written down for one resident."""

    presence: Presence
    reason: str = ""


@dataclass(frozen=True)
class Line:
    """One resident of a register's page: who, and what is written down (the default while nothing is)."""

    resident: Resident
    stay_id: int
    given: Given
    corrections: Sequence[AttendanceCorrection] = ()


def lines_of(session: ClassSession) -> list[Line]:
    """Who belongs to a session, by name: as kept, or while it is not, who sits in the group that day by the version in
    force and lives in the house. At most three queries."""
    if session.register is not None and session.register.is_held:
        return _kept_lines(session.register)
    return [Line(stay.resident, stay.id, Given(Presence.PRESENT)) for stay in _members(session)]


def _members(session: ClassSession) -> list[Stay]:
    stays = [seat.enrolment.stay for seat in members_of_group(session.plan, session.group.id)]
    return [stay for stay in stays if stay.arrives_on <= session.on < stay.leaves_on]


def _kept_lines(register: ClassRegister) -> list[Line]:
    marks = db.session.scalars(
        select(AttendanceMark)
        .join(AttendanceMark.resident)
        .where(AttendanceMark.register_id == register.id)
        .options(contains_eager(AttendanceMark.resident))
        .order_by(Resident.name_key, AttendanceMark.id)
    ).all()
    corrections: dict[int, list[AttendanceCorrection]] = {}
    for one in db.session.scalars(
        select(AttendanceCorrection)
        .join(AttendanceCorrection.mark)
        .where(AttendanceMark.register_id == register.id)
        .options(joinedload(AttendanceCorrection.made_by))
        .order_by(AttendanceCorrection.id)
    ):
        corrections.setdefault(one.mark_id, []).append(one)
    return [
        Line(mark.resident, mark.stay_id, Given(mark.presence, mark.reason or ""), tuple(corrections.get(mark.id, ())))
        for mark in marks
    ]


def keep(
    session: ClassSession,
    given: Mapping[int, Given],
    *,
    actor_id: int,
    now: datetime,
    version: int | None,
    not_held: str | None = None,
    why: str = "",
) -> ClassRegister:
    """Save the register of a session: ``given`` by resident id, whoever is not named is present. ``not_held``: the
    session did not take place, and why; nobody is marked then. ``version`` is the register's that the actor saw, 0 for
    none. After the day of the session changed marks need ``why``; each is kept with its correction.

    Raises TooEarly, NotHeldReasonMissing, StrangerMarked, WhyMissing, Stale."""
    if now.date() < session.on:
        raise TooEarly
    if not_held is not None and not not_held.strip():
        raise NotHeldReasonMissing
    if session.register is not None:
        expect_version(session.register, version or 0)
    elif version:
        raise Stale("ClassRegister")
    marking = _decide(session, given if not_held is None else None, is_late=now.date() > session.on, why=why.strip())
    register = session.register or _begin(session, actor_id, now)
    touch(register)
    register.saved_at, register.saved_by_id = now, actor_id
    register.is_held = not_held is None
    register.not_held_reason = None if not_held is None else not_held.strip()
    _carry_out(register, marking, actor_id, now)
    flush()
    return register


def _begin(session: ClassSession, actor_id: int, now: datetime) -> ClassRegister:
    register = ClassRegister(
        residence_id=session.group.residence_id,
        group_id=session.group.id,
        held_on=session.on,
        start_minute=session.start,
        end_minute=session.end,
        plan_id=session.plan.id,
        instructor_id=session.instructor.id if session.instructor else None,
        kept_at=now,
        kept_by_id=actor_id,
    )
    db.session.add(register)
    return register


@dataclass(frozen=True)
class _Marking:
    """What is to be written: marks of people who have none, and marks that become something else."""

    new: Sequence[tuple[Stay, Given]] = ()
    changed: Sequence[tuple[AttendanceMark, Given]] = ()
    why: str = ""  # of corrections; empty: on the day itself nothing needs a why


def _decide(session: ClassSession, given: Mapping[int, Given] | None, *, is_late: bool, why: str) -> _Marking:
    """What keeping these marks means, before anything is touched."""
    if given is None:
        return _Marking()
    marks = {mark.resident_id: mark for mark in session.register.marks} if session.register else {}
    members = {stay.resident_id: stay for stay in _members(session)} if not marks else {}
    if set(given) - set(marks or members):
        raise StrangerMarked
    changed = [(marks[one], said) for one, said in given.items() if one in marks and _differs(marks[one], said)]
    if changed and is_late and not why:
        raise WhyMissing
    new = [(stay, given.get(one, Given(Presence.PRESENT))) for one, stay in members.items()]
    return _Marking(new, changed, why if is_late else "")


def _carry_out(register: ClassRegister, marking: _Marking, actor_id: int, now: datetime) -> None:
    for stay, said in marking.new:
        register.marks.append(
            AttendanceMark(
                residence_id=register.residence_id,
                resident_id=stay.resident_id,
                stay_id=stay.id,
                presence=said.presence,
                reason=said.reason.strip() or None,
            )
        )
    for mark, said in marking.changed:
        if marking.why:
            db.session.add(_correction(mark, said, actor_id, now, marking.why))
        mark.presence, mark.reason = said.presence, said.reason.strip() or None


def _differs(mark: AttendanceMark, said: Given) -> bool:
    return (mark.presence, mark.reason or "") != (said.presence, said.reason.strip())


def _correction(mark: AttendanceMark, said: Given, actor_id: int, now: datetime, why: str) -> AttendanceCorrection:
    return AttendanceCorrection(
        residence_id=mark.residence_id,
        mark_id=mark.id,
        resident_id=mark.resident_id,
        stay_id=mark.stay_id,
        was=mark.presence,
        became=said.presence,
        why=why,
        made_at=now,
        made_by_id=actor_id,
    )


def count_presence(given: Iterable[Given]) -> dict[Presence, int]:
    """How many of each, in the order in which people name them."""
    every = [one.presence for one in given]
    return {kind: every.count(kind) for kind in Presence if kind in every}


def attendance_of(resident_id: int) -> list[tuple[Cycle, TeachingGroup, dict[Presence, int]]]:
    """A resident's sessions by class, newest cycle first: plain counts of what was kept, never a score. Two queries."""
    counts: dict[int, dict[Presence, int]] = {}
    for group_id, presence, count in db.session.execute(
        select(ClassRegister.group_id, AttendanceMark.presence, func.count(AttendanceMark.id))
        .join(AttendanceMark.register)
        .where(AttendanceMark.resident_id == resident_id, ClassRegister.is_held.is_(True))
        .group_by(ClassRegister.group_id, AttendanceMark.presence)
    ):
        counts.setdefault(group_id, {})[presence] = count
    groups = db.session.execute(
        select(Cycle, TeachingGroup)
        .join(TeachingGroup, TeachingGroup.cycle_id == Cycle.id)
        .where(TeachingGroup.id.in_(counts))
        .options(joinedload(TeachingGroup.trade))
        .order_by(Cycle.starts_on.desc(), TeachingGroup.code)
    )
    return [
        (cycle, group, {kind: counts[group.id][kind] for kind in Presence if kind in counts[group.id]})
        for cycle, group in groups
    ]


def exceptions_of(resident_id: int, most: int = 20) -> Sequence[AttendanceMark]:
    """The sessions at which a resident was not simply there, newest first, with the register."""
    return db.session.scalars(
        select(AttendanceMark)
        .join(AttendanceMark.register)
        .where(
            AttendanceMark.resident_id == resident_id,
            AttendanceMark.presence != Presence.PRESENT,
            ClassRegister.is_held.is_(True),
        )
        .options(
            contains_eager(AttendanceMark.register).joinedload(ClassRegister.group).joinedload(TeachingGroup.trade)
        )
        .order_by(ClassRegister.held_on.desc(), ClassRegister.start_minute.desc())
        .limit(most)
    ).all()
