"""What an import still waits for, as an item of a cycle's readiness."""

from __future__ import annotations

from sqlalchemy import select

from foyer.cycles.models import Cycle
from foyer.cycles.readiness import ReadinessItem, Severity
from foyer.database import db
from foyer.workbooks.models import UploadState, WorkbookUpload


def waiting_rows(cycle: Cycle) -> list[ReadinessItem]:
    """The rows that the newest import into this cycle left out until they are corrected."""
    result = db.session.scalars(
        select(WorkbookUpload.result)
        .where(
            WorkbookUpload.residence_id == cycle.residence_id,
            WorkbookUpload.state == UploadState.IMPORTED,
            WorkbookUpload.starts_on == cycle.starts_on,
        )
        .order_by(WorkbookUpload.imported_at.desc(), WorkbookUpload.id.desc())
        .limit(1)
    ).first()
    count = sum((result or {}).get("waiting", {}).values())
    return [ReadinessItem("import_rows_waiting", Severity.ADVICE, count)] if count else []
