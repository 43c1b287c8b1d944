"""A published house with everybody who has something to do with a resident's counselling, and a clock to set."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from flask import Flask
from sqlalchemy import select

from foyer.accounts.models import Role, User
from foyer.audit.services import act_as
from foyer.caseload.desk import Desk, desk_of
from foyer.caseload.models import Supervision
from foyer.cycles.models import PlanAppointment, PlanCaseload
from foyer.database import db, house_scope
from foyer.residences.models import Residence, Staff
from tests.factories import make_staff, make_user
from tests.today.house import published_house
from tests.today.house import stand_at as stand_at


def counselled_house(app: Flask, residents: int = 8) -> SimpleNamespace:
    """A house with its manager and a second one, the counsellor, the counsellor's named supervisor and a colleague who
    is neither, each with an account; ``resident`` is in the counsellor's caseload, with the day and the minute of the
    first appointment; ``theirs`` is in the colleague's."""
    house = published_house(app, residents)
    with app.app_context(), house_scope(house.id):
        residence = db.session.get_one(Residence, house.id)
        counsellor = db.session.get_one(Staff, house.staff[Role.COUNSELLOR])
        colleague, supervisor = make_staff(residence), make_staff(residence)
        _hand_over(counsellor, colleague)
        for staff in (colleague, supervisor):
            staff.user_id = make_user(residence, Role.COUNSELLOR, display_name=staff.full_name).id
        db.session.add(
            Supervision(
                residence_id=house.id, staff_id=counsellor.id, supervisor_id=supervisor.id, from_on=date(2027, 1, 1)
            )
        )
        found = db.session.scalars(
            select(PlanAppointment)
            .where(PlanAppointment.staff_id == counsellor.id, PlanAppointment.week == 0)
            .order_by(PlanAppointment.weekday, PlanAppointment.start_minute)
        ).first()
        theirs = db.session.scalars(select(PlanCaseload).where(PlanCaseload.staff_id == colleague.id)).first()
        assert found is not None
        assert theirs is not None
        house.second_manager = make_user(residence, Role.MANAGER).id
        house.counsellor, house.supervisor, house.colleague = counsellor.user_id, supervisor.user_id, colleague.user_id
        house.staff_ids = {"counsellor": counsellor.id, "supervisor": supervisor.id, "colleague": colleague.id}
        house.resident = found.enrolment.stay.resident_id
        house.stay = found.enrolment.stay_id
        house.enrolment = found.enrolment_id
        house.theirs = theirs.enrolment.stay.resident_id
        house.on, house.start = date(2027, 1, 4 + found.weekday), found.start_minute
        house.own = sorted(
            row.enrolment.stay.resident_id
            for row in db.session.scalars(select(PlanCaseload).where(PlanCaseload.staff_id == counsellor.id))
        )
        db.session.commit()
    return house


def _hand_over(counsellor: Staff, colleague: Staff) -> None:
    """The colleague answers for the counsellor's last two residents."""
    rows = db.session.scalars(
        select(PlanCaseload).where(PlanCaseload.staff_id == counsellor.id).order_by(PlanCaseload.id.desc()).limit(2)
    ).all()
    for row in rows:
        row.staff_id = colleague.id
    for appointment in db.session.scalars(
        select(PlanAppointment).where(PlanAppointment.enrolment_id.in_([row.enrolment_id for row in rows]))
    ):
        appointment.staff_id = colleague.id
    db.session.flush()


def desk_for(house: SimpleNamespace, user_id: int | None) -> Desk:
    """The desk of an account; call it within an app context and the house's scope."""
    user = db.session.get_one(User, user_id)
    act_as(actor_id=user.id, residence_id=house.id)
    return desk_of(user, house.id)


def begin(house: SimpleNamespace, browser: Any) -> str:
    """The resident's first appointment begun by the counsellor; gives the address of its session."""
    answer = browser.post(
        "/counselling/begin",
        data={"enrolment_id": house.enrolment, "on": house.on.isoformat(), "start": house.start},
    )
    assert answer.status_code == 303, answer.status_code
    return str(answer.headers["Location"])


def marks(house: SimpleNamespace, version: int = 1, **values: Any) -> dict[str, Any]:
    """What the leader's form sends about a session with the resident alone."""
    names = {"presence": "present", "next_step": "", "next_on": ""}
    line = {f"marks-0-{name}": values.pop(name, default) for name, default in names.items()}
    return {"version": version, "mode": "in_person", "marks-0-resident_id": house.resident, **line, **values}
