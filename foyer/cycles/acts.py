"""Who did what to a draft and when: read from the trail, where nobody can alter it. Also what was undone is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from foyer.accounts.models import User
from foyer.audit.models import AuditEntry
from foyer.audit.services import record
from foyer.cycles.models import Plan, StepAction
from foyer.database import db

VERB_OF = {
    StepAction.CHANGE: "draft_changed",
    StepAction.PIN: "draft_pinned",
    StepAction.UNPIN: "draft_unpinned",
    StepAction.TAKE: "draft_took",
}
VERBS = (*VERB_OF.values(), "draft_undone", "draft_redone")
MOST = 30  # acts told at once, the newest


@dataclass(frozen=True, slots=True)
class Act:
    """One act on a draft. ``version``: the draft's from then on; ``step``: where the draft stood among its steps;
    ``detail``: codes and ids."""

    at: datetime
    actor_id: int | None
    actor: str
    verb: str
    version: int
    step: int
    detail: Mapping[str, Any]


def record_act(plan: Plan, verb: str, before: int, detail: Mapping[str, Any]) -> None:
    """Write down what was done to the draft, which had this version before and was flushed since."""
    told = {"version": [before, plan.version], "step": plan.step, **detail}
    record(verb, plan, changes=told)


def acts_since(plan: Plan, version: int) -> tuple[Act, ...]:
    """What was done to the draft since it had this version, oldest first; at most MOST, the newest. One query."""
    found = []
    for entry, name in db.session.execute(_entries(plan).limit(MOST)):
        now = entry.changes["version"][1]
        if now <= version:
            break
        detail = {key: value for key, value in entry.changes.items() if key not in ("version", "step")}
        found.append(Act(entry.at, entry.actor_id, name or "", entry.verb, now, entry.changes["step"], detail))
    return tuple(reversed(found))


def last_act(plan: Plan) -> Act | None:
    """The newest act on the draft."""
    acts = acts_since(plan, 0)
    return acts[-1] if acts else None


def _entries(plan: Plan) -> Any:
    """The draft's acts, newest first, with the names of those who acted."""
    return (
        select(AuditEntry, User.display_name)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.subject_type == "Plan", AuditEntry.subject_id == plan.id, AuditEntry.verb.in_(VERBS))
        .order_by(AuditEntry.id.desc())
    )
