"""One record of every kind of counselling, for the walk along all addresses."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from foyer.accounts.models import Role
from foyer.caseload.models import Assignment, Cover, Supervision
from foyer.caseload.notices import StaffNotice
from foyer.counselling.models import (
    CounsellingNote,
    CounsellingSession,
    FlagKind,
    NoteOpening,
    ResidentFlag,
    SessionAttendance,
    SessionKind,
    SessionRelative,
)
from foyer.database import db
from foyer.residents.family import Relative
from tests.factories import make_staff

DAY = date(2027, 1, 5)


def counselling_ids(house: Any, users: dict[Role, int]) -> dict[str, int]:
    """Makes the records: the house's first counsellor talked with its first resident, wrote a note, and asks to read
    those of others. Gives their ids."""
    own = {"residence_id": house.residence.id}
    about = {**own, "resident_id": house.enrolments[0].stay.resident_id}
    counsellor, user = house.counsellors[0], users[Role.COUNSELLOR]
    now = datetime.now(UTC).replace(microsecond=0)
    session = CounsellingSession(
        **own, staff_id=counsellor.id, kind=SessionKind.FAMILY, held_on=DAY, start_minute=800, end_minute=845
    )
    session.attendances = [SessionAttendance(**about)]
    flag = ResidentFlag(**about, kind=FlagKind.HEALTH, text="Minum obat", from_on=DAY, until_on=DAY, set_by_id=user)
    opening = NoteOpening(**about, asked_by_id=user, asked_at=now, reason="Keselamatan", hours=2)
    other = make_staff(house.residence)
    rows: dict[str, Any] = {
        "session": session,
        "flag": flag,
        "opening": opening,
        "cover": Cover(**own, staff_id=counsellor.id, covered_by_id=other.id, from_on=DAY, until_on=DAY),
        "assignment": Assignment(**about, staff_id=other.id, from_on=DAY, until_on=DAY),
        "supervision": Supervision(**own, staff_id=other.id, supervisor_id=counsellor.id, from_on=DAY),
        "notice": StaffNotice(**own, user_id=user, kind="covers"),
    }
    db.session.add_all(rows.values())
    db.session.flush()
    relative = db.session.scalars(select(Relative).where(Relative.resident_id == about["resident_id"])).first()
    if relative is not None:
        attendance = session.attendances[0]
        db.session.add(SessionRelative(**about, attendance_id=attendance.id, relative_id=relative.id))
    body = "RAHASIAcounsellingnotesbody"  # the hunt for marked strings cannot plant it: the database refuses changes
    db.session.add(CounsellingNote(**about, session_id=session.id, author_id=user, written_at=now, body=body))
    db.session.flush()
    return {name: row.id for name, row in rows.items()}
