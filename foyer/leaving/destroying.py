"""Destroying a file whose period is over: one person proposes, a second one carries it out, a certificate stays.

Permensos 11/2016 orders a schedule of retention; when it has run, keeping on is the wrong (UU 27/2022 art. 43, 44). The
period is the house's own setting with its source. Nothing of this can be undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from foyer.accounts.models import Role, User
from foyer.audit.services import record
from foyer.caseload.desk import Desk
from foyer.database import db
from foyer.errors import FoyerError, NotAllowed, expect_version
from foyer.leaving.destruction_models import Destruction, DestructionState
from foyer.leaving.erasing import Counts, erase, erase_unadmitted
from foyer.leaving.models import CountsFrom, LeavingRules
from foyer.leaving.retention import keep_until, standing_hold
from foyer.leaving.rules import rules_of
from foyer.leaving.unadmitted import kept_since, reached_before
from foyer.records import change_record, flush
from foyer.residents.models import Resident

CONFIRMERS = (Role.MANAGER, Role.ADMINISTRATOR)


class LivesHere(FoyerError):
    """Somebody whose stay goes on, or has not begun: the period of the file does not run yet."""


class NoPeriod(FoyerError):
    """The house has laid down no period, so no file is destroyed."""


class PeriodNotOver(FoyerError):
    """The house's schedule does not reach this file yet."""


class UnderHold(FoyerError):
    """A legal hold keeps this file."""


class NothingReached(FoyerError):
    """The schedule reaches no referral and no outreach."""


class ProposedAlready(FoyerError):
    """This file's destruction is proposed or done."""


class SelfConfirmation(FoyerError):
    """Whoever proposes does not confirm."""


class NotProposed(FoyerError):
    """This does not wait for a second person any more."""


def propose(desk: Desk, resident: Resident) -> Destruction:
    """Propose to destroy a file. Raises NotAllowed, LivesHere, NoPeriod, PeriodNotOver, UnderHold, ProposedAlready."""
    if desk.actor.role is not Role.MANAGER:
        raise NotAllowed
    rules = rules_of(resident.residence_id)
    due_since = check(resident, rules, desk.today)
    expect_unproposed(resident)
    row = Destruction(
        residence_id=resident.residence_id,
        resident_id=resident.id,
        due_since=due_since,
        first_on=min(stay.arrives_on for stay in resident.stays),
        last_on=max(stay.leaves_on for stay in resident.stays),
        rule=_rule(rules),
        proposed_on=desk.today,
        proposed_by_id=desk.actor.id,
    )
    db.session.add(row)
    flush()
    return row


def propose_unadmitted(desk: Desk) -> Destruction:
    """Propose to destroy what is kept of people who were never taken in and whose period is over. Raises NotAllowed,
    NoPeriod, NothingReached, ProposedAlready."""
    if desk.actor.role is not Role.MANAGER:
        raise NotAllowed
    rules = rules_of(desk.residence.id)
    before = kept_since(rules, desk.today)
    if before is None:
        raise NoPeriod
    standing = select(Destruction.id).where(
        Destruction.resident_id.is_(None), Destruction.state == DestructionState.PROPOSED
    )
    if db.session.scalar(standing) is not None:
        raise ProposedAlready
    reached = reached_before(desk.residence.id, before)
    if reached.first_on is None or reached.last_on is None:
        raise NothingReached
    row = Destruction(
        residence_id=desk.residence.id,
        decided_before=before,
        due_since=before,
        first_on=reached.first_on,
        last_on=reached.last_on,
        rule=f"{rules.referral_keep_years} tahun sejak keputusan; {rules.keep_source}",
        proposed_on=desk.today,
        proposed_by_id=desk.actor.id,
    )
    db.session.add(row)
    flush()
    return row


def expect_unproposed(resident: Resident) -> None:
    """Raises ProposedAlready where this file's destruction is proposed or done."""
    standing = select(Destruction.id).where(
        Destruction.resident_id == resident.id, Destruction.state != DestructionState.WITHDRAWN
    )
    if db.session.scalar(standing) is not None:
        raise ProposedAlready


def withdraw(row: Destruction, *, version: int | None) -> None:
    """Take a proposal back. Raises NotProposed, Stale."""
    expect_version(row, version)
    if row.state is not DestructionState.PROPOSED:
        raise NotProposed
    change_record(row, {"state": DestructionState.WITHDRAWN}, version=version)


def confirm(desk: Desk, row: Destruction, *, version: int | None) -> None:
    """Carry it out, in one transaction with its certificate. Nothing brings the file back. Raises NotAllowed,
    NotProposed, SelfConfirmation, UnderHold, LivesHere, NoPeriod, PeriodNotOver, NothingReached, Stale."""
    if desk.actor.role not in CONFIRMERS:
        raise NotAllowed
    expect_version(row, version)
    if row.state is not DestructionState.PROPOSED:
        raise NotProposed
    if row.proposed_by_id == desk.actor.id:
        raise SelfConfirmation
    check_again(row, desk.today)
    values = {"state": DestructionState.ERASING, "confirmed_by_id": desk.actor.id, "confirmed_at": desk.now}
    change_record(row, values, version=version)
    erased, kept = _erased(row, desk.today)
    change_record(
        row,
        {
            "state": DestructionState.DONE,
            "year": desk.today.year,
            "sequence": _next_sequence(desk.today.year),
            "erased": erased,
            "kept": kept,
        },
    )
    record("destroyed", row)
    flush()


def _erased(row: Destruction, today: date) -> tuple[Counts, Counts]:
    if row.resident_id is None:
        assert row.decided_before is not None
        return erase_unadmitted(row.residence_id, row.decided_before, today), []
    resident = db.session.get_one(Resident, row.resident_id)
    counts = erase(resident, row, today)
    resident.destroyed_on = today
    return counts


def check_again(row: Destruction, today: date) -> None:
    """Whether what is proposed may still be carried out. Raises UnderHold, LivesHere, NoPeriod, PeriodNotOver,
    NothingReached."""
    rules = rules_of(row.residence_id)
    if row.resident_id is not None:
        check(db.session.get_one(Resident, row.resident_id), rules, today)
        return
    before = kept_since(rules, today)
    if before is None:
        raise NoPeriod
    if row.decided_before is None or row.decided_before > before:
        raise PeriodNotOver
    if not reached_before(row.residence_id, row.decided_before):
        raise NothingReached


def check(resident: Resident, rules: LeavingRules, today: date) -> date:
    """Since when the period is over. Raises UnderHold, LivesHere, NoPeriod, PeriodNotOver."""
    if standing_hold(resident.id) is not None:
        raise UnderHold
    left_on = max((stay.leaves_on for stay in resident.stays), default=None)
    if left_on is None or left_on > today:
        raise LivesHere
    until = keep_until(rules, resident, left_on)
    if until is None:
        raise NoPeriod
    if until > today or resident.destroyed_on is not None:
        raise PeriodNotOver
    return until


def get_destruction(row_id: int) -> Destruction | None:
    return db.session.scalar(
        select(Destruction)
        .where(Destruction.id == row_id)
        .options(joinedload(Destruction.proposed_by), joinedload(Destruction.confirmed_by))
        .execution_options(populate_existing=True)
    )


def list_destructions() -> Sequence[Destruction]:
    """Every proposal and every certificate of the house, the newest first."""
    return db.session.scalars(
        select(Destruction)
        .where(Destruction.state != DestructionState.WITHDRAWN)
        .options(joinedload(Destruction.proposed_by), joinedload(Destruction.confirmed_by))
        .order_by(Destruction.id.desc())
        .limit(200)
    ).all()


def number_of(row: Destruction) -> str:
    """The certificate's number in the house's register."""
    return f"{row.sequence:03d}/BAP/{row.year}"


def waiting_for(user: User) -> Sequence[Destruction]:
    """What waits for this person as the second one."""
    return [row for row in list_destructions() if row.state is DestructionState.PROPOSED and may_confirm(row, user)]


def may_confirm(row: Destruction, user: User) -> bool:
    return user.role in CONFIRMERS and row.proposed_by_id != user.id


def _rule(rules: LeavingRules) -> str:
    """The period as it stands on the certificate, which is in Indonesian like every paper of the house."""
    since = "kelahiran" if rules.keep_from is CountsFrom.BIRTH else "hari keluar"
    return f"{rules.keep_years} tahun sejak {since}; {rules.keep_source}"


def _next_sequence(year: int) -> int:
    return (db.session.scalar(select(func.max(Destruction.sequence)).where(Destruction.year == year)) or 0) + 1
