"""A house in which something happens: two managers, two counsellors, an instructor, and three residents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from flask import Flask

from foyer.accounts.models import Role, User
from foyer.audit.services import act_as
from foyer.caseload.desk import Desk, desk_of
from foyer.caseload.models import Assignment
from foyer.database import db, house_scope
from foyer.incidents.models import Incident, IncidentKind, InvolvedAs, Seriousness
from foyer.incidents.reporting import Report, report
from foyer.residences.models import Staff, StaffKind
from foyer.residents.models import Resident
from tests.factories import make_residence, make_resident, make_staff, make_stay, make_user


@contextmanager
def house_of_incidents(app: Flask) -> Iterator[SimpleNamespace]:
    """The residents are minors, all in the first counsellor's caseload but the last, who is in nobody's."""
    with app.test_request_context(method="POST"):
        residence = make_residence(name="Panti Teratai")
        found = SimpleNamespace(residence=residence)
        kinds = {
            "head": (Role.MANAGER, StaffKind.MANAGER),
            "deputy": (Role.MANAGER, StaffKind.MANAGER),
            "peksos": (Role.COUNSELLOR, StaffKind.COUNSELLOR),
            "other": (Role.COUNSELLOR, StaffKind.COUNSELLOR),
            "teacher": (Role.INSTRUCTOR, StaffKind.INSTRUCTOR),
        }
        for name, (role, kind) in kinds.items():
            user = make_user(residence, role)
            setattr(found, name, user)
            setattr(found, f"{name}_staff", make_staff(residence, kind, user_id=user.id))
        act_as(actor_id=found.head.id, residence_id=residence.id)
        with house_scope(residence.id):
            names = ("Bima Satria", "Citra Lestari", "Dodi Wijaya")
            found.residents = [_resident(found, name) for name in names]
            for resident in found.residents[:2]:
                db.session.add(
                    Assignment(
                        residence_id=residence.id,
                        resident_id=resident.id,
                        staff_id=found.peksos_staff.id,
                        from_on=date(2020, 1, 1),
                    )
                )
            db.session.flush()
            yield found
            db.session.rollback()


def _resident(house: SimpleNamespace, name: str) -> Resident:
    today = desk(house, house.head).today
    resident = make_resident(house.residence, full_name=name, born_on=today - timedelta(days=16 * 366))
    make_stay(resident, arrives_on=today - timedelta(days=20), leaves_on=today + timedelta(days=90))
    return resident


def desk(house: SimpleNamespace, user: User) -> Desk:
    """Where somebody of the house stands now."""
    return desk_of(user, house.residence.id)


def happened(house: SimpleNamespace, user: User, **values: Any) -> Incident:
    """An incident that this account reports: two hours ago, two residents, as serious as asked for."""
    here = desk(house, user)
    usual = {
        "kind": IncidentKind.VIOLENCE,
        "seriousness": Seriousness.MODERATE,
        "happened_at": here.now.replace(microsecond=0) - timedelta(hours=2),
        "account": "Dua remaja berselisih soal giliran mencuci.",
        "people": {house.residents[0].id: InvolvedAs.AFFECTED, house.residents[2].id: InvolvedAs.ACTED},
        "place": "Halaman belakang",
    }
    return report(here, Report(**{**usual, **values}))


def staff_of(house: SimpleNamespace, name: str) -> Staff:
    return getattr(house, f"{name}_staff")
