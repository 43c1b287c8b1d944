"""The exit of a stay: prepared with a checklist, proposed, approved by a second person. Services flush."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from foyer.accounts.models import Role, User
from foyer.caseload.models import Assignment, ServiceStage
from foyer.caseload.notices import managers_of, tell
from foyer.caseload.stages import reach
from foyer.cycles.decisions import Decision, NextStep
from foyer.cycles.models import Cycle, Enrolment
from foyer.cycles.rolling import Wanted, as_kept, decide, put_back
from foyer.database import db, utc_now
from foyer.errors import FoyerError, expect_version
from foyer.leaving.aftercare import drop_due_contacts, plan_contacts
from foyer.leaving.models import SUDDEN, Exit, ExitItem, ExitItemKind, ExitReason, ExitState, ItemState
from foyer.leaving.rules import rules_of
from foyer.records import change_record, flush
from foyer.residents.models import Resident, Stay
from foyer.residents.services import change_stay

WITHDRAWN = "exit.withdrawn"  # a notice


class ExitStands(FoyerError):
    """This stay has an exit already."""


class LeavesTooEarly(FoyerError):
    """The day of leaving must come after the arrival."""


class ExitClosed(FoyerError):
    """What was proposed, approved or withdrawn is not changed any more."""


class NotProposed(FoyerError):
    """Only what was proposed can be decided on."""


class SelfApproval(FoyerError):
    """Whoever proposed an exit does not approve it."""


class ManagerMissing(FoyerError):
    """One of the two who decide on an exit is a manager."""


class PointsOpen(FoyerError):
    """``count`` points of the checklist are open, and nobody said why the exit cannot wait."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count


class AftercareMissing(FoyerError):
    """Nobody is named who stays in touch."""


class ReasonMissing(FoyerError):
    """A point that is not needed, and a refusal, have a reason."""


def list_exits(resident_id: int) -> list[Exit]:
    """A resident's exits with their checklists, the newest first. One query."""
    return list(
        db.session.scalars(
            select(Exit)
            .where(Exit.resident_id == resident_id)
            .options(
                joinedload(Exit.items),
                joinedload(Exit.stay),
                joinedload(Exit.aftercare_staff),
                joinedload(Exit.proposed_by),
                joinedload(Exit.decided_by),
            )
            .order_by(Exit.id.desc())
            .execution_options(populate_existing=True)
        ).unique()
    )


def standing_exit(stay_id: int) -> Exit | None:
    """The exit of a stay that is prepared, proposed or approved."""
    return db.session.scalar(select(Exit).where(Exit.stay_id == stay_id, Exit.state != ExitState.WITHDRAWN))


def begin_exit(resident: Resident, stay: Stay, values: Mapping[str, Any]) -> Exit:
    """Begin to prepare the end of a stay, with every point of the checklist open. ``values``: fields of Exit. Raises
    ExitStands, LeavesTooEarly."""
    if standing_exit(stay.id) is not None:
        raise ExitStands
    _expect_day(stay, values["leaves_on"])
    row = Exit(residence_id=resident.residence_id, resident_id=resident.id, stay_id=stay.id, **values)
    row.items = [
        ExitItem(residence_id=resident.residence_id, resident_id=resident.id, kind=kind) for kind in ExitItemKind
    ]
    db.session.add(row)
    flush()
    return row


def change_exit(row: Exit, values: Mapping[str, Any], *, version: int | None) -> None:
    """Change what is prepared. Raises ExitClosed, LeavesTooEarly, Stale."""
    expect_version(row, version)
    _expect_open(row)
    _expect_day(row.stay, values.get("leaves_on", row.leaves_on))
    change_record(row, values, version=version)


def answer_item(item: ExitItem, *, state: ItemState, note: str, today: date, actor: User, version: int | None) -> None:
    """Answer a point of the checklist, or open it again. Raises ReasonMissing, ExitClosed, Stale."""
    expect_version(item, version)
    if item.exit.state in (ExitState.APPROVED, ExitState.WITHDRAWN) and today >= item.exit.leaves_on:
        raise ExitClosed
    if state is ItemState.NOT_NEEDED and not note.strip():
        raise ReasonMissing
    answered = state is not ItemState.OPEN
    values = {
        "state": state,
        "note": note.strip() or None,
        "answered_on": today if answered else None,
        "answered_by_id": actor.id if answered else None,
    }
    change_record(item, values, version=version)


def open_points(row: Exit) -> int:
    """How many points of the checklist nobody has answered."""
    return sum(item.state is ItemState.OPEN for item in row.items)


def propose(row: Exit, *, gaps: str, actor: User, version: int | None) -> None:
    """Ask a second person to approve. Points may stay open only with a reason, or where nothing could be prepared.
    Raises ExitClosed, AftercareMissing, PointsOpen, Stale."""
    expect_version(row, version)
    _expect_open(row)
    if row.aftercare_staff_id is None and row.reason is not ExitReason.DIED:
        raise AftercareMissing
    count = open_points(row)
    if count and row.reason not in SUDDEN and not gaps.strip():
        raise PointsOpen(count)
    values = {
        "gaps": gaps.strip() or None,
        "state": ExitState.PROPOSED,
        "proposed_at": utc_now(),
        "proposed_by_id": actor.id,
        "decided_at": None,
        "decided_by_id": None,
        "decision_words": None,
    }
    change_record(row, values, version=version)


def approve(row: Exit, *, words: str, actor: User, version: int | None) -> None:
    """Approve what another person proposed: the stay ends on the day, the roll-over list knows it, contact after the
    exit falls due. Raises NotProposed, SelfApproval, ManagerMissing, StaysOverlap, Stale."""
    _expect_decidable(row, actor, version)
    row.state, row.decided_at, row.decided_by_id = ExitState.APPROVED, utc_now(), actor.id
    row.decision_words = words.strip() or None
    if row.stay.leaves_on != row.leaves_on:
        row.stay_until = row.stay.leaves_on
        change_stay(row.stay, {"leaves_on": row.leaves_on}, version=None)
    row.decisions_before = _tell_the_roll_over(row, actor)
    reach(row.resident, ServiceStage.AFTER, on=row.leaves_on, stay=row.stay)
    if row.reason is not ExitReason.DIED:
        plan_contacts(row, rules_of(row.residence_id).contact_months)
        _assign(row)
    flush()


def send_back(row: Exit, *, words: str, actor: User, version: int | None) -> None:
    """Not yet: back to whoever proposed it, with the reason. Raises NotProposed, SelfApproval, ManagerMissing,
    ReasonMissing, Stale."""
    _expect_decidable(row, actor, version)
    if not words.strip():
        raise ReasonMissing
    values = {
        "state": ExitState.PREPARING,
        "decided_at": utc_now(),
        "decided_by_id": actor.id,
        "decision_words": words.strip(),
    }
    change_record(row, values, version=version)


def withdraw(row: Exit, *, words: str, today: date, actor: User, version: int | None) -> None:
    """The resident stays after all: possible until the day of leaving. What was due after the exit falls away; the stay
    ends and the roll-over decides as before the approval, unless somebody changed that since; the managers are told.
    Raises ExitClosed, ReasonMissing, StaysOverlap, Stale."""
    expect_version(row, version)
    over = row.state is ExitState.APPROVED and today >= row.leaves_on
    if row.state is ExitState.WITHDRAWN or over:
        raise ExitClosed
    if not words.strip():
        raise ReasonMissing
    drop_due_contacts(row.resident_id, reason=words.strip(), stay_id=row.stay_id)
    if row.state is ExitState.APPROVED:
        _end_assignment(row)
        _as_before(row)
        tell(managers_of(row.residence_id, but=actor), WITHDRAWN, row.resident_id)
    change_record(row, {"state": ExitState.WITHDRAWN, "decision_words": words.strip()}, version=version)


def hand_over_toolkit(row: Exit, *, toolkit: str, on: date, actor: User, version: int | None) -> None:
    """Write down what the resident was given to start with. Also after the exit. Raises Stale."""
    values = {"toolkit": toolkit.strip(), "toolkit_on": on, "toolkit_by_id": actor.id}
    change_record(row, values, version=version)


def _expect_day(stay: Stay, leaves_on: date) -> None:
    if leaves_on <= stay.arrives_on:
        raise LeavesTooEarly


def _expect_open(row: Exit) -> None:
    if row.state is not ExitState.PREPARING:
        raise ExitClosed


def _expect_decidable(row: Exit, actor: User, version: int | None) -> None:
    expect_version(row, version)
    if row.state is not ExitState.PROPOSED:
        raise NotProposed
    if actor.id == row.proposed_by_id:
        raise SelfApproval
    proposer = row.proposed_by
    if Role.MANAGER not in (actor.role, proposer.role if proposer else None):
        raise ManagerMissing


def _tell_the_roll_over(row: Exit, actor: User) -> dict[str, Any]:
    """In the cycle in which the stay now ends the next step is decided as well. Gives what was decided before, by the
    id of the enrolment."""
    before: dict[str, Any] = {}
    enrolments = db.session.execute(
        select(Enrolment, Cycle).join(Cycle, Cycle.id == Enrolment.cycle_id).where(Enrolment.stay_id == row.stay_id)
    ).all()
    for enrolment, cycle in enrolments:
        if cycle.starts_on < row.leaves_on <= cycle.ends_on:
            known = db.session.scalar(select(Decision).where(Decision.enrolment_id == enrolment.id))
            graduates = row.reason is ExitReason.COMPLETED
            step = NextStep.GRADUATES if graduates else NextStep.LEAVES
            wanted = Wanted(step, leaves_on=row.leaves_on, destination=row.destination)
            before[str(enrolment.id)] = {"was": as_kept(known) if known else None, "at": None}
            decided = decide(cycle, enrolment, wanted, version=known.version if known else None, actor_id=actor.id)
            before[str(enrolment.id)]["at"] = decided.version
    return before


def _as_before(row: Exit) -> None:
    """The stay and the roll-over as they were before the approval; what somebody changed since is left to them."""
    if row.stay_until is not None and row.stay.leaves_on == row.leaves_on:
        change_stay(row.stay, {"leaves_on": row.stay_until}, version=None)
    for enrolment_id, kept in row.decisions_before.items():
        put_back(int(enrolment_id), kept["was"], seen=kept["at"])


def _assign(row: Exit) -> None:
    """Whoever stays in touch answers for the resident from the day of leaving on; again, where an exit on the same day
    was withdrawn before."""
    known = _assignment(row)
    if known is not None:
        known.until_on, known.until_plan = None, False
    elif row.aftercare_staff_id is not None:
        db.session.add(
            Assignment(
                residence_id=row.residence_id,
                resident_id=row.resident_id,
                staff_id=row.aftercare_staff_id,
                from_on=row.leaves_on,
            )
        )


def _end_assignment(row: Exit) -> None:
    own = _assignment(row)
    if own is not None and own.until_on is None:
        own.until_on = own.from_on


def _assignment(row: Exit) -> Assignment | None:
    return db.session.scalar(
        select(Assignment).where(
            Assignment.resident_id == row.resident_id,
            Assignment.staff_id == row.aftercare_staff_id,
            Assignment.from_on == row.leaves_on,
        )
    )
