"""A concern with a step and a line of its trail, for the walk along all addresses."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from foyer.accounts.models import Role
from foyer.concerns.models import About, ConcernEntry, ConcernKind, ConcernStep, ConcernVerb, SafeguardingConcern
from foyer.database import db


def concern_ids(residence_id: int, users: dict[Role, int]) -> dict[str, int]:
    """Makes them; the office's account is responsible, the manager has a task. Gives their ids. What the database
    refuses to change says already what the hunt for marked strings plants elsewhere."""
    own = {"residence_id": residence_id}
    now = datetime.now(UTC).replace(microsecond=0)
    concern = SafeguardingConcern(
        **own,
        receipt_digest=f"{residence_id:064}",
        kind=ConcernKind.SEXUAL,
        about=About.OUTSIDE,
        about_key="RAHASIAsafeguardingconcernsaboutkey",
        about_name="RAHASIAsafeguardingconcernsaboutname",
        words="RAHASIAsafeguardingconcernswords",
        reporter="RAHASIAsafeguardingconcernsreporter",
        reporter_role=Role.RESIDENT,
        reported_at=now,
        clock_started_at=now,
        handler_id=users[Role.OFFICE],
    )
    db.session.add(concern)
    db.session.flush()
    about: dict[str, Any] = {**own, "concern_id": concern.id}
    step = ConcernStep(**about, words="Temani", owner_id=users[Role.MANAGER], due_on=date(2027, 1, 14))
    entry = ConcernEntry(
        **about, verb=ConcernVerb.TOLD, actor_id=users[Role.OFFICE], words="RAHASIAconcernentrieswords"
    )
    db.session.add_all((step, entry))
    db.session.flush()
    return {"concern": concern.id, "concern_step": step.id}
