"""Fills a house with what its registers hold: referrals, exits, checks of staff, visitors, medicines, things, duty."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import insert

from foyer.cycles.models import Enrolment
from foyer.database import db, utc_now
from foyer.intake.models import Agency, AgencyKind, Referral, ReferralState, RefusalGround, ServiceLevel, WaitsFor
from foyer.leaving.models import Exit, ExitReason, ExitState
from foyer.registers.books import BOOKS
from foyer.registers.models import Duty, MedicineDose, MedicineOutcome, Valuable, Visit
from foyer.residences.checks import StaffCheck, begin_with_usual_kinds, list_kinds
from foyer.residences.models import Gender, Residence, Staff
from tests.factories import make_cycle, make_resident, make_stay

AGENCIES = 10
_STATES = (ReferralState.RECEIVED, ReferralState.WAITING, ReferralState.REFUSED, ReferralState.ACCEPTED)


def fill_registers(
    house: Residence, people: list[Any], staff: list[Staff], manager_id: int, today: date, lines: int
) -> None:
    """``people``: (resident id, stay id, counsellor) of everybody; ``lines``: how many stand in each register. Every
    fourth referral waits for a place; one resident in ten leaves, one in twelve has nobody who answers."""
    house.registers = list(BOOKS)
    own = {"residence_id": house.id}
    _referrals(own, lines, today)
    _books(own, people, staff, manager_id, today, lines)
    _checks(house, staff, manager_id, today)
    cycle = make_cycle(house, starts_on=today - timedelta(days=60))
    rows = [{**own, "cycle_id": cycle.id, "stay_id": stay, "version": 1} for _resident, stay, _staff in people]
    _put(Enrolment, rows)
    leaving = [(resident, stay) for resident, stay, _staff in people[::10]]
    about = {**own, "leaves_on": today + timedelta(days=20), "reason": next(iter(ExitReason)), "version": 1}
    by = {"state": ExitState.PROPOSED, "proposed_at": utc_now(), "proposed_by_id": manager_id}
    _put(Exit, [{**about, **by, "resident_id": resident, "stay_id": stay} for resident, stay in leaving])
    for _ in range(max(1, len(people) // 12)):
        make_stay(make_resident(house), arrives_on=today - timedelta(days=9), leaves_on=today + timedelta(days=90))


def _referrals(own: dict[str, Any], lines: int, today: date) -> None:
    agencies = [
        Agency(**own, name=f"Dinas {n}", name_key=f"dinas {n}", kind=AgencyKind.SOCIAL) for n in range(AGENCIES)
    ]
    db.session.add_all(agencies)
    db.session.flush()
    rows = []
    for n in range(lines):
        state = _STATES[n % len(_STATES)]
        waits = state is ReferralState.WAITING
        rows.append(
            {
                **own,
                "version": 1,
                "year": 2026,
                "number": n + 1,
                "state": state,
                "full_name": f"Anak {n}",
                "name_key": f"anak {n}",
                "gender": Gender.MALE,
                "agency_id": agencies[n % AGENCIES].id,
                "received_on": today - timedelta(days=n % 300),
                "answer_by": today + timedelta(days=7),
                "level": ServiceLevel.SECONDARY,
                "reason": "Putus sekolah. " * 10,
                "needs": [],
                "decided_on": None if state is ReferralState.RECEIVED else today,
                "ground": RefusalGround.FULL if state is ReferralState.REFUSED else None,
                "waits_for": WaitsFor.BED if waits else None,
                "waits_since": today - timedelta(days=n % 90) if waits else None,
            }
        )
    _put(Referral, rows)


def _books(
    own: dict[str, Any], people: list[Any], staff: list[Staff], manager_id: int, today: date, lines: int
) -> None:
    written = {**own, "written_at": utc_now(), "written_by_id": manager_id, "version": 1}
    noon = datetime.combine(today, time(5), UTC)
    for kind, values in (
        (Visit, {"visitor": "Ibu Sari"}),
        (MedicineDose, {"medicine": "Parasetamol", "dose": "500 mg", "outcome": MedicineOutcome.GIVEN}),
        (Valuable, {"thing": "Telepon genggam"}),
    ):
        rows = [
            {**written, **values, "at": noon - timedelta(hours=n), "resident_id": people[n % len(people)][0]}
            for n in range(lines)
        ]
        _put(kind, rows)
    rows = [
        {**written, "at": noon - timedelta(hours=8 * n), "until_at": noon - timedelta(hours=8 * n - 8)}
        | {"post": "Wisma A", "staff_id": staff[n % len(staff)].id}
        for n in range(lines)
    ]
    _put(Duty, rows)


def _checks(house: Residence, staff: list[Staff], manager_id: int, today: date) -> None:
    with current_app.test_request_context():  # their names are in the reader's language
        begin_with_usual_kinds(house.id)
    by = {"residence_id": house.id, "recorded_at": utc_now(), "recorded_by_id": manager_id, "seen_by": "Kepala"}
    rows = [
        {**by, "staff_id": one.id, "kind_id": kind.id, "issued_on": today - timedelta(days=200), "number": "SKCK/1"}
        | {"valid_until": today + timedelta(days=30 + n), "issuer": "Polres"}
        for n, one in enumerate(staff)
        for kind in list_kinds()
    ]
    _put(StaffCheck, rows)


def _put(kind: Any, rows: list[dict[str, Any]]) -> None:
    """Many rows at once, past the trail; what the table does not have is left out."""
    known = set(kind.__table__.columns.keys())
    db.session.execute(insert(kind.__table__), [{k: v for k, v in row.items() if k in known} for row in rows])
