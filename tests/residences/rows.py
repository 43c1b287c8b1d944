"""Checks of a member of staff, for the walk along all addresses."""

from __future__ import annotations

from datetime import UTC, date, datetime

from foyer.accounts.models import Role
from foyer.database import db
from foyer.residences.checks import CheckKind, StaffCheck
from tests.cycles.house import House


def check_ids(house: House, users: dict[Role, int]) -> dict[str, int]:
    """One check of the first counsellor, taken back once and shown again."""
    own = {"residence_id": house.residence.id}
    at = datetime(2027, 1, 12, 8, 0, tzinfo=UTC)
    kind = CheckKind(**own, name="SKCK", name_key="skck")
    db.session.add(kind)
    db.session.flush()
    values = {
        **own,
        "staff_id": house.counsellors[0].id,
        "kind_id": kind.id,
        "issuer": "Polsek Tebet",
        "number": "SKCK/1",
        "issued_on": date(2026, 1, 4),
        "valid_until": date(2026, 7, 4),
        "seen_by": "Kepala panti",
        "recorded_at": at,
        "recorded_by_id": users[Role.MANAGER],
    }
    wrong = StaffCheck(
        **values, withdrawn_at=at, withdrawn_by_id=users[Role.MANAGER], withdrawn_why="Nomor salah ketik"
    )
    row = StaffCheck(**values)
    db.session.add_all([wrong, row])
    db.session.flush()
    return {"check_kind": kind.id, "staff_check": row.id}
