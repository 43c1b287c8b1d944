"""One more line in what was done about an incident."""

from __future__ import annotations

from foyer.caseload.desk import Desk
from foyer.incidents.models import Incident, IncidentStep, StepKind
from foyer.residences.models import Staff


def add_step(
    desk: Desk,
    row: Incident,
    kind: StepKind,
    note: str = "",
    *,
    staff: Staff | None = None,
    was: str = "",
    became: str = "",
) -> None:
    """Written with the desk's actor and clock; nothing changes it afterwards."""
    row.steps.append(
        IncidentStep(
            residence_id=row.residence_id,
            kind=kind,
            at=desk.now,
            by_id=desk.actor.id,
            staff_id=staff.id if staff else None,
            was=was,
            became=became,
            note=note.strip() or None,
        )
    )
