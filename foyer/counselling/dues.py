"""What counselling makes due: the next conversation by the house's rhythm, agreed next steps, flags that run out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, case, func, select

from foyer.caseload.desk import Desk
from foyer.caseload.dues import Due, register_dues
from foyer.counselling.models import CAME, CounsellingSession, ResidentFlag, SessionAttendance, SessionKind
from foyer.database import db
from foyer.residents.models import Stay
from foyer.words import words


def _conversations(desk: Desk, resident_ids: Select[int]) -> Sequence[Due]:
    """Whoever lives here is counselled alone or with the family as often as the house says
    (``Residence.appointment_every_weeks``), counted from the last such conversation of the stay, or its arrival."""
    talked = case((SessionAttendance.presence.in_(CAME), CounsellingSession.held_on))
    rows = db.session.execute(
        select(Stay.resident_id, Stay.arrives_on, func.max(talked))
        .outerjoin(SessionAttendance, SessionAttendance.resident_id == Stay.resident_id)
        .outerjoin(
            CounsellingSession,
            (CounsellingSession.id == SessionAttendance.session_id)
            & (CounsellingSession.kind != SessionKind.GROUP)
            & CounsellingSession.withdrawn_at.is_(None)
            & (CounsellingSession.held_on >= Stay.arrives_on),
        )
        .where(Stay.resident_id.in_(resident_ids), Stay.arrives_on <= desk.today, Stay.leaves_on > desk.today)
        .group_by(Stay.id, Stay.resident_id, Stay.arrives_on)
    )
    rhythm = timedelta(weeks=desk.residence.appointment_every_weeks)
    label, file = _("Individual counselling"), _addresses("counselling.of_resident")
    return [
        Due("conversation", resident_id, (last or arrived) + rhythm, label, file(resident_id))
        for resident_id, arrived, last in rows
    ]


def _steps(desk: Desk, resident_ids: Select[int]) -> Sequence[Due]:
    rows = db.session.execute(
        select(SessionAttendance.resident_id, SessionAttendance.next_on, CounsellingSession.staff_id)
        .join(SessionAttendance.session)
        .where(
            SessionAttendance.next_on.is_not(None),
            SessionAttendance.next_done_on.is_(None),
            SessionAttendance.resident_id.in_(resident_ids),
            CounsellingSession.withdrawn_at.is_(None),
        )
    )
    label, file = _("Next step from counselling"), _addresses("counselling.of_resident")
    return [
        Due("next_step", resident_id, on, label, file(resident_id), staff_id)
        for resident_id, on, staff_id in rows
        if on is not None
    ]


def _flags(desk: Desk, resident_ids: Select[int]) -> Sequence[Due]:
    """A flag is looked at again on its last day; once that is over it holds no more and nothing is due."""
    rows = db.session.execute(
        select(ResidentFlag.resident_id, ResidentFlag.until_on, ResidentFlag.kind).where(
            ResidentFlag.ended_on.is_(None),
            ResidentFlag.until_on >= desk.today,
            ResidentFlag.resident_id.in_(resident_ids),
        )
    )
    page = _addresses("counselling.flags")
    return [
        Due("flag", resident_id, until_on, _("Flag ends: %(kind)s", kind=words(kind)), page(resident_id))
        for resident_id, until_on, kind in rows
    ]


def _addresses(endpoint: str) -> Callable[[int], str]:
    """The address of a page by resident: built once, since a house of 500 asks for as many."""
    before, _zero, after = url_for(endpoint, resident_id=0).rpartition("/0/")
    return lambda resident_id: f"{before}/{resident_id}/{after}"


register_dues("conversation", _l("Counselling"), _conversations)
register_dues("next_step", _l("Next steps from counselling"), _steps)
register_dues("flag", _l("Flags that end"), _flags)
