"""Who may keep which register: the manager every one, an instructor or tutor those of the own classes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import exists, select

from foyer.accounts.models import Role
from foyer.caseload.desk import Desk
from foyer.cycles.models import PlanMeeting
from foyer.database import db
from foyer.errors import NotFound
from foyer.training.sessions import ClassSession, find_session, register_work, sessions_between


def session_for(desk: Desk, group_id: int, on: date, start: int) -> ClassSession:
    """The session, if the actor may keep its register: of one's own class that day, or of a class that one teaches now
    (whoever takes over a class takes over its registers). Raises NotFound for everything else."""
    session = find_session(group_id, on, start)
    if desk.actor.role is Role.MANAGER:
        return session
    if desk.staff is None:
        raise NotFound("session")
    is_own = session.instructor is not None and session.instructor.id == desk.staff.id
    if is_own or _teaches_now(desk, group_id):
        return session
    raise NotFound("session")


def _teaches_now(desk: Desk, group_id: int) -> bool:
    plan_id = desk.plan.id if desk.plan else -1
    taught = exists().where(
        PlanMeeting.plan_id == plan_id, PlanMeeting.group_id == group_id, PlanMeeting.instructor_id == desk.staff_id
    )
    return bool(db.session.scalar(select(taught)))


def own_missing(desk: Desk) -> list[ClassSession]:
    """The sessions whose register the actor still owes, the oldest first; a manager sees the whole house's."""
    if desk.versions is None:
        return []
    is_manager = desk.actor.role is Role.MANAGER
    work = register_work(desk.versions, desk.now, instructor_id=None if is_manager else desk.staff_id)
    return work.missing(desk.now)


def sessions_of_day(desk: Desk, on: date) -> list[ClassSession]:
    """The sessions of a day: one's own, or for a manager all of the house."""
    if desk.versions is None:
        return []
    is_manager = desk.actor.role is Role.MANAGER
    condition = None if is_manager else PlanMeeting.instructor_id == desk.staff_id
    return sessions_between(desk.versions, on, on, condition=condition)
