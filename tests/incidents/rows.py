"""One incident with everything about it, for the walk along all addresses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from foyer.accounts.models import Role
from foyer.breaches.models import BreachNotice
from foyer.database import db
from foyer.incidents.models import (
    ClockFor,
    Incident,
    IncidentClock,
    IncidentKind,
    IncidentMeasure,
    IncidentPerson,
    IncidentState,
    IncidentStep,
    InvolvedAs,
    Seriousness,
    StepKind,
)
from tests.cycles.house import House

AT = datetime(2027, 1, 12, 8, 0, tzinfo=UTC)


def incident_ids(house: House, users: dict[Role, int]) -> dict[str, int]:
    """A serious incident about the first resident: reported by the instructor, given to the counsellor."""
    own: dict[str, Any] = {"residence_id": house.residence.id}
    staff_id = house.counsellors[0].id
    row = Incident(
        **own,
        kind=IncidentKind.INJURY,
        seriousness=Seriousness.SERIOUS,
        happened_at=AT,
        account="Terpeleset di kamar mandi",
        reported_at=AT,
        reported_by_id=users[Role.INSTRUCTOR],
        state=IncidentState.EXAMINED,
        owner_id=staff_id,
        people=[
            IncidentPerson(**own, resident_id=house.enrolments[0].stay.resident_id, role=InvolvedAs.AFFECTED),
        ],
    )
    clock = IncidentClock(
        **own,
        party=ClockFor.OFFICE,
        runs_from=AT,
        due_at=AT + timedelta(hours=24),
        responsible_id=staff_id,
        stopped_at=AT + timedelta(hours=1),
        was_told=True,
        words="Lewat telepon",
    )
    measure = IncidentMeasure(
        **own,
        words="Antar kontrol ke puskesmas",
        owner_id=staff_id,
        due_on=date(2027, 1, 14),
        done_at=AT,
        done_by_id=users[Role.COUNSELLOR],
    )
    row.clocks.append(clock)
    row.clocks.append(IncidentClock(**own, party=ClockFor.GUARDIAN, runs_from=AT, due_at=AT + timedelta(hours=24)))
    row.measures.append(measure)
    row.steps.append(
        IncidentStep(**own, kind=StepKind.REPORTED, at=AT, by_id=users[Role.INSTRUCTOR], note="Dilaporkan")
    )
    db.session.add(row)
    db.session.flush()
    return {"incident": row.id, "clock": clock.id, "measure": measure.id, "breach": _breach_id(own, row, users)}


def _breach_id(own: dict[str, Any], other: Incident, users: dict[Role, int]) -> int:
    """A lost list with the first resident's data, and what the notices say."""
    breach = Incident(
        **own,
        kind=IncidentKind.DATA,
        seriousness=Seriousness.MODERATE,
        happened_at=AT,
        account="Daftar tertinggal di angkot",
        reported_at=AT,
        reported_by_id=users[Role.INSTRUCTOR],
        state=IncidentState.EXAMINED,
        owner_id=other.owner_id,
        people=[IncidentPerson(**own, resident_id=other.people[0].resident_id, role=InvolvedAs.AFFECTED)],
    )
    db.session.add(breach)
    db.session.flush()
    notice = {"which_data": "Nama dan kelas", "how": "Tertinggal di angkot", "remedy": "Daftar dicari"}
    db.session.add(BreachNotice(**own, incident_id=breach.id, **notice))
    db.session.flush()
    return breach.id
