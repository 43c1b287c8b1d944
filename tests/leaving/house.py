"""A house in which somebody is about to leave."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from types import SimpleNamespace
from typing import Any

from flask import Flask

from foyer.accounts.models import Role
from foyer.audit.services import act_as
from foyer.cycles.decisions import Destination
from foyer.database import db, house_scope
from foyer.leaving import exits
from foyer.leaving.models import Exit, ExitReason, ItemState
from foyer.residences.models import Residence, Staff
from foyer.residents.models import Resident
from tests.cycles.house import make_enrolment
from tests.factories import make_cycle, make_residence, make_resident, make_staff, make_stay, make_trade, make_user

ARRIVED, LEAVES, TODAY = date(2027, 1, 4), date(2027, 3, 1), date(2027, 2, 22)


@contextmanager
def leaving_house(app: Flask) -> Iterator[SimpleNamespace]:
    """Two managers, a counsellor with an account, a cycle with one resident in it; the session sees this house."""
    with app.test_request_context(method="POST"):
        residence = make_residence(name="Panti Melati")
        first, second = make_user(residence), make_user(residence)
        peksos = make_user(residence, Role.COUNSELLOR)
        staff = make_staff(residence, user_id=peksos.id, full_name="Rini Peksos")
        enrolment = make_enrolment(make_cycle(residence), [make_trade(residence, "Otomotif")])
        act_as(actor_id=peksos.id, residence_id=residence.id)
        with house_scope(residence.id):
            yield SimpleNamespace(
                residence=residence,
                managers=[first, second],
                peksos=peksos,
                staff=staff,
                enrolment=enrolment,
                stay=enrolment.stay,
                resident=enrolment.stay.resident,
            )
            db.session.rollback()


def begun(house: SimpleNamespace, **overrides: Any) -> Exit:
    """An exit that is being prepared, with somebody who stays in touch."""
    values = {
        "leaves_on": LEAVES,
        "reason": ExitReason.COMPLETED,
        "destination": Destination.FAMILY,
        "aftercare_staff_id": house.staff.id,
        **overrides,
    }
    return exits.begin_exit(house.resident, house.stay, values)


def all_ready(row: Exit, house: SimpleNamespace) -> Exit:
    """Every point of the checklist is answered."""
    for item in row.items:
        exits.answer_item(item, state=ItemState.READY, note="", today=TODAY, actor=house.peksos, version=None)
    return row


def approved(house: SimpleNamespace, **overrides: Any) -> Exit:
    """An exit proposed by the counsellor and approved by a manager."""
    row = all_ready(begun(house, **overrides), house)
    exits.propose(row, gaps="", actor=house.peksos, version=None)
    exits.approve(row, words="", actor=house.managers[0], version=None)
    return row


def another_house(name: str = "Panti Anggrek") -> SimpleNamespace:
    """A second house with a manager and a counsellor."""
    residence: Residence = make_residence(name=name)
    staff: Staff = make_staff(residence)
    return SimpleNamespace(residence=residence, manager=make_user(residence), staff=staff)


def stranger(residence: Residence, **values: Any) -> Resident:
    """Somebody else of a house, with a stay."""
    resident = make_resident(residence, **values)
    make_stay(resident)
    return resident
