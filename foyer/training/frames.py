"""What surrounds a page about one resident: the file for those who look after the resident, only the name for those who
teach."""

from __future__ import annotations

from typing import Any

from foyer.accounts.models import Role
from foyer.audit.services import record_read
from foyer.caseload.desk import Desk
from foyer.caseload.rights import Act, Who, parts_open
from foyer.caseload.sections import file_context, stay_that_counts
from foyer.errors import NotFound
from foyer.residents.models import Resident, Stay
from foyer.residents.naming import name_for, paper_name


def framed(desk: Desk, resident: Resident, key: str) -> dict[str, Any]:
    """The context of a page about a resident, and a line in the trail that it was read. ``frame`` is the template that
    it extends."""
    record_read(resident, resident_id=resident.id)
    if desk.actor.role is not Role.INSTRUCTOR:
        return {"frame": "caseload/file.html", "name": paper_name(resident), **file_context(desk, resident, key)}
    return {
        "frame": "training/taught.html",
        "desk": desk,
        "resident": resident,
        "name": shown_name(desk, resident),
        "stay": stay_that_counts(resident, desk),
        "current": key,
        "parts_open": parts_open(Who.INSTRUCTOR),
        "parts_writable": parts_open(Who.INSTRUCTOR, Act.WRITE),
    }


def shown_name(desk: Desk, resident: Resident) -> str:
    """How the actor, who may open this page, reads the resident's name: who only teaches is outside the team."""
    return name_for(resident, in_team=desk.actor.role is not Role.INSTRUCTOR)


def current_stay(desk: Desk, resident: Resident) -> Stay:
    """The stay that something written today belongs to. Raises NotFound for somebody without one."""
    stay = stay_that_counts(resident, desk)
    if stay is None:
        raise NotFound("stay")
    return stay
