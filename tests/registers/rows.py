"""A house that keeps every register, with a line of each, for the walk along all addresses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from foyer.accounts.models import Role
from foyer.database import db
from foyer.registers.books import BOOKS
from foyer.registers.models import Duty, MedicineDose, MedicineOutcome, Valuable, Visit
from tests.cycles.house import House

AT = datetime(2027, 1, 17, 3, 0, tzinfo=UTC)


def register_ids(house: House, users: dict[Role, int]) -> dict[str, int]:
    """A line of each register, the first resident's; each also once struck through."""
    house.residence.registers = list(BOOKS)
    by: dict[str, Any] = {
        "residence_id": house.residence.id,
        "written_by_id": users[Role.COUNSELLOR],
        "written_at": AT,
        "at": AT,
        "note": "Catatan",
    }
    own = {**by, "resident_id": house.enrolments[0].stay.resident_id}
    staff = house.counsellors[0].id
    made = {
        "visit": (Visit, {**own, "visitor": "Ibu Sari", "relation": "tetangga", "staff_id": staff}),
        "dose": (
            MedicineDose,
            {
                **own,
                "medicine": "Parasetamol",
                "dose": "1 tablet",
                "outcome": MedicineOutcome.GIVEN,
                "staff_id": staff,
            },
        ),
        "valuable": (Valuable, {**own, "thing": "Jam tangan", "kept_where": "Lemari besi"}),
        "duty": (Duty, {**by, "until_at": AT + timedelta(hours=8), "staff_id": staff, "planned_id": staff}),
    }
    ids = {}
    for name, (kind, values) in made.items():
        struck = {"struck_at": AT, "struck_by_id": users[Role.MANAGER], "struck_why": "Salah tulis"}
        row = kind(**values)
        db.session.add_all([kind(**values, **struck), row])
        db.session.flush()
        ids[name] = row.id
    return ids
