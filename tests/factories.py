"""Plain functions that make rows for tests. Call them inside an app context; they flush, the test commits."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from foyer.accounts.models import Role, User
from foyer.accounts.services import create_user
from foyer.cycles.models import Cycle
from foyer.database import db
from foyer.names import name_key
from foyer.residences.models import Gender, Residence, Room, RoomPolicy, Staff, StaffKind, Trade
from foyer.residents.models import EducationLevel, Resident, Stay

_count = itertools.count(1)


def _saved(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row


def make_residence(**overrides: Any) -> Residence:
    n = next(_count)
    return _saved(Residence(**{"code": f"house-{n}", "name": f"Panti {n}", **overrides}))


def make_user(residence: Residence | None, role: Role = Role.MANAGER, **overrides: Any) -> User:
    n = next(_count)
    values: dict[str, Any] = {"username": f"user{n}", "display_name": f"Orang {n}", **overrides}
    return create_user(role=role, residence_id=residence.id if residence else None, **values)


def make_staff(residence: Residence, kind: StaffKind = StaffKind.COUNSELLOR, **overrides: Any) -> Staff:
    n = next(_count)
    values = {"full_name": f"Staf {n}", "gender": Gender.FEMALE, "most_residents": 12, **overrides}
    return _saved(Staff(residence_id=residence.id, kind=kind, name_key=name_key(values["full_name"]), **values))


def make_room(residence: Residence, **overrides: Any) -> Room:
    n = next(_count)
    return _saved(
        Room(residence_id=residence.id, **{"code": f"K{n}", "beds": 4, "policy": RoomPolicy.SAME, **overrides})
    )


def make_trade(residence: Residence, name: str) -> Trade:
    return _saved(Trade(residence_id=residence.id, name=name, name_key=name_key(name)))


def make_resident(residence: Residence, **overrides: Any) -> Resident:
    n = next(_count)
    values = {"full_name": f"Remaja {n}", "gender": Gender.MALE, "born_on": date(2009, 5, 1), **overrides}
    return _saved(Resident(residence_id=residence.id, name_key=name_key(values["full_name"]), **values))


def make_stay(resident: Resident, **overrides: Any) -> Stay:
    values = {
        "arrives_on": date(2027, 1, 4),
        "leaves_on": date(2027, 5, 2),
        "education_level": EducationLevel.SMP,
        **overrides,
    }
    return _saved(Stay(residence_id=resident.residence_id, resident_id=resident.id, **values))


def make_cycle(residence: Residence, **overrides: Any) -> Cycle:
    values = {"year": 2027, "number": 1, "starts_on": date(2027, 1, 4), "weeks": 17, **overrides}
    return _saved(Cycle(residence_id=residence.id, **values))
