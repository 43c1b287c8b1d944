"""What counselling makes due: the next conversation by the house's rhythm, agreed next steps, flags that run out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from foyer.caseload.desk import Desk
from foyer.caseload.dues import Due, Residents, addresses, register_dues
from foyer.counselling.models import CounsellingSession, ResidentFlag, SessionAttendance, SessionKind
from foyer.counselling.sessions import last_met
from foyer.questions import Question
from foyer.residents.models import Stay
from foyer.words import words


def _conversations(today: date, resident_ids: Residents) -> Question:
    """Whoever lives here is counselled alone or with the family as often as the house says
    (``Residence.appointment_every_weeks``), counted from the last such conversation of the stay, or its arrival."""
    alone = CounsellingSession.kind != SessionKind.GROUP
    last = last_met(Stay.resident_id, alone, SessionAttendance.held_on >= Stay.arrives_on)
    return select(Stay.resident_id, Stay.arrives_on, last.label("last")).where(
        Stay.resident_id.in_(resident_ids), Stay.arrives_on <= today, Stay.leaves_on > today
    )


def _next_conversations(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    rhythm = timedelta(weeks=desk.residence.appointment_every_weeks)
    label, file = _("Individual counselling"), addresses("counselling.of_resident")
    return [
        Due("conversation", row.resident_id, (row.last or row.arrives_on) + rhythm, label, file(row.resident_id))
        for row in rows
    ]


def _steps(today: date, resident_ids: Residents) -> Question:
    return (
        select(SessionAttendance.resident_id, SessionAttendance.next_on, CounsellingSession.staff_id)
        .join(SessionAttendance.session)
        .where(
            SessionAttendance.next_on.is_not(None),
            SessionAttendance.next_done_on.is_(None),
            SessionAttendance.resident_id.in_(resident_ids),
            CounsellingSession.withdrawn_at.is_(None),
        )
    )


def _next_steps(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    label, file = _("Next step from counselling"), addresses("counselling.of_resident")
    return [Due("next_step", row.resident_id, row.next_on, label, file(row.resident_id), row.staff_id) for row in rows]


def _flags(today: date, resident_ids: Residents) -> Question:
    """A flag is looked at again on its last day; once that is over it holds no more and nothing is due."""
    return select(ResidentFlag.resident_id, ResidentFlag.until_on, ResidentFlag.kind).where(
        ResidentFlag.ended_on.is_(None),
        ResidentFlag.until_on >= today,
        ResidentFlag.resident_id.in_(resident_ids),
    )


def _flags_to_see(desk: Desk, rows: Sequence[Any]) -> list[Due]:
    page = addresses("counselling.flags")
    said = {kind: _("Flag ends: %(kind)s", kind=words(kind)) for kind in {row.kind for row in rows}}
    return [Due("flag", row.resident_id, row.until_on, said[row.kind], page(row.resident_id)) for row in rows]


register_dues("conversation", _l("Counselling"), _conversations, _next_conversations)
register_dues("next_step", _l("Next steps from counselling"), _steps, _next_steps, day="next_on")
register_dues("flag", _l("Flags that end"), _flags, _flags_to_see, day="until_on")
