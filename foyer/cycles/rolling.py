"""The end of a cycle: what each resident does next, and the next cycle that begins from it. Services flush, the edge
commits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from foyer.audit.services import record
from foyer.cycles.copying import copy_groups, enrol_staying
from foyer.cycles.decisions import STAYING, Decision, Destination, NextStep
from foyer.cycles.house import list_enrolments
from foyer.cycles.models import (
    Choice,
    Cycle,
    CycleState,
    Enrolment,
    GroupKind,
    Plan,
    PlanLodging,
    PlanSeat,
    TeachingGroup,
)
from foyer.cycles.queries import list_cycles, published_plan
from foyer.cycles.services import create_cycle
from foyer.database import db, utc_now
from foyer.errors import FoyerError, Stale, expect_version
from foyer.records import flush
from foyer.residences.models import Residence
from foyer.residents.naming import age_on
from foyer.residents.services import change_stay

ASKED_BEFORE = timedelta(weeks=4)  # whoever left earlier than that is not asked about any more
READY_STAGE = 3  # of independence: from here on somebody whose stay ends is expected to go


class DayMissing(FoyerError):
    """Leaving, and staying longer than the stay says, need a day."""


class DayTooEarly(FoyerError):
    """The day does not lie after the beginning of the next cycle (who stays) or after the arrival (who leaves)."""


class DayTooLate(FoyerError):
    """Whoever leaves after the cycle's end stays longer, which is another decision."""


class Undecided(FoyerError):
    """Not everybody is decided on; ``count`` are open."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count


class NotOver(FoyerError):
    """The cycle's last night is still to come."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the facts speak for, and why: ``too_old``, ``stay_ends``, ``stay_ends_early``, ``stays`` or ``in_between``;
    ``day``: the leaving day that goes with it."""

    step: NextStep
    why: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One resident of the list: what they have in the cycle that ends, what is suggested, what was decided."""

    enrolment: Enrolment
    suggestion: Suggestion
    decision: Decision | None
    seat: TeachingGroup | None  # the class of the published plan

    @property
    def name(self) -> str:
        return self.enrolment.stay.resident.full_name


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody decides for a resident."""

    step: NextStep
    trade_id: int | None = None
    leaves_on: date | None = None
    destination: Destination | None = None


def list_asked(cycle: Cycle, today: date) -> list[Asked]:
    """Everybody whose stay reaches into the next cycle or ends around it, by name. Five queries."""
    residence = db.session.get_one(Residence, cycle.residence_id)
    since = min(today, cycle.ends_on - ASKED_BEFORE)
    people = [e for e in list_enrolments(cycle) if e.stay.leaves_on > since]
    decided = {row.enrolment_id: row for row in _decisions(cycle)}
    seats = _classes(published_plan(cycle.id))
    rows = [Asked(e, _suggestion(e, cycle, residence), decided.get(e.id), seats.get(e.id)) for e in people]
    return sorted(rows, key=lambda row: row.enrolment.stay.resident.name_key)


def _decisions(cycle: Cycle) -> Sequence[Decision]:
    return db.session.scalars(
        select(Decision)
        .join(Decision.enrolment)
        .where(Enrolment.cycle_id == cycle.id)
        .options(joinedload(Decision.trade))
    ).all()


def _classes(plan: Plan | None) -> dict[int, TeachingGroup]:
    """The vocational class of each enrolment in a plan."""
    if plan is None:
        return {}
    rows = db.session.execute(
        select(PlanSeat.enrolment_id, TeachingGroup)
        .join(PlanSeat.group)
        .where(PlanSeat.plan_id == plan.id, TeachingGroup.kind == GroupKind.VOCATIONAL)
        .options(joinedload(TeachingGroup.trade))
    )
    return {row[0]: row[1] for row in rows}


def _suggestion(enrolment: Enrolment, cycle: Cycle, residence: Residence) -> Suggestion:
    stay, next_ends = enrolment.stay, cycle.ends_on + timedelta(weeks=cycle.weeks)
    if age_on(stay.resident.born_on, cycle.ends_on) > residence.oldest_age:
        return Suggestion(NextStep.GRADUATES, "too_old", min(stay.leaves_on, cycle.ends_on))
    if stay.leaves_on >= next_ends:
        return Suggestion(NextStep.CONTINUES, "stays")
    if stay.leaves_on > cycle.ends_on:
        return Suggestion(NextStep.CONTINUES, "in_between")
    if stay.independence_stage >= READY_STAGE:
        return Suggestion(NextStep.GRADUATES, "stay_ends", stay.leaves_on)
    return Suggestion(NextStep.EXTENDS, "stay_ends_early", next_ends)


def decide(
    cycle: Cycle, enrolment: Enrolment, wanted: Wanted, *, version: int | None, actor_id: int | None
) -> Decision:
    """Decide, or decide anew, what a resident does next. ``version`` is the decision that the actor saw (None: none
    yet). Raises DayMissing, DayTooEarly, DayTooLate, Stale."""
    _expect_sensible(cycle, enrolment, wanted)
    row = db.session.scalar(select(Decision).where(Decision.enrolment_id == enrolment.id))
    if row is None:
        row = Decision(residence_id=cycle.residence_id, enrolment_id=enrolment.id)
    elif version is None:
        raise Stale("Decision")  # somebody decided since the actor saw it open
    else:
        expect_version(row, version)
    row.next_step, row.leaves_on = wanted.step, wanted.leaves_on
    row.trade_id = wanted.trade_id if wanted.step is NextStep.CHANGES_TRADE else None
    row.destination = None if wanted.step in STAYING else wanted.destination
    row.decided_at, row.decided_by_id = utc_now(), actor_id
    db.session.add(row)
    flush()
    return row


def as_kept(decision: Decision) -> dict[str, Any]:
    """What was decided, to be kept beside what replaces it, for ``put_back``."""
    return {
        "next_step": decision.next_step.value,
        "trade_id": decision.trade_id,
        "leaves_on": decision.leaves_on.isoformat() if decision.leaves_on else None,
        "destination": decision.destination.value if decision.destination else None,
        "decided_at": decision.decided_at.isoformat(),
        "decided_by_id": decision.decided_by_id,
    }


def put_back(enrolment_id: int, kept: Mapping[str, Any] | None, *, seen: int) -> None:
    """What was decided for an enrolment before (``as_kept``; None: nothing, so it is open again), unless somebody
    decided anew since version ``seen``."""
    row = db.session.scalar(select(Decision).where(Decision.enrolment_id == enrolment_id))
    if row is None or row.version != seen:
        return
    if kept is None:
        db.session.delete(row)
    else:
        row.next_step, row.trade_id = NextStep(kept["next_step"]), kept["trade_id"]
        row.leaves_on = date.fromisoformat(kept["leaves_on"]) if kept["leaves_on"] else None
        row.destination = Destination(kept["destination"]) if kept["destination"] else None
        row.decided_at, row.decided_by_id = datetime.fromisoformat(kept["decided_at"]), kept["decided_by_id"]
    flush()


def _expect_sensible(cycle: Cycle, enrolment: Enrolment, wanted: Wanted) -> None:
    stay, day = enrolment.stay, wanted.leaves_on
    if wanted.step in STAYING:
        ends_too_soon = stay.leaves_on <= cycle.ends_on
        if day is None and (wanted.step is NextStep.EXTENDS or ends_too_soon):
            raise DayMissing
        if day is not None and day <= cycle.ends_on:
            raise DayTooEarly
    elif day is None and wanted.step is NextStep.LEAVES:
        raise DayMissing
    elif day is not None and day <= stay.arrives_on:
        raise DayTooEarly
    elif day is not None and day > cycle.ends_on:
        raise DayTooLate


def as_suggested(
    cycle: Cycle, rows: Iterable[Asked], seen: Mapping[int, int | None], *, actor_id: int | None
) -> tuple[int, int]:
    """Decide these rows as suggested: how many were, and how many somebody else decided meanwhile. ``seen``: the
    version of each decision that the actor saw."""
    return _each(rows, lambda row: Wanted(row.suggestion.step, leaves_on=row.suggestion.day), cycle, seen, actor_id)


def decide_all(
    cycle: Cycle, rows: Iterable[Asked], wanted: Wanted, seen: Mapping[int, int | None], *, actor_id: int | None
) -> tuple[int, int]:
    """Decide the same for these rows; those for whom it cannot be (a stay that ends too soon without a day) are left
    as they are and counted with those decided by somebody else meanwhile."""
    return _each(rows, lambda row: wanted, cycle, seen, actor_id)


def _each(
    rows: Iterable[Asked], what: Any, cycle: Cycle, seen: Mapping[int, int | None], actor_id: int | None
) -> tuple[int, int]:
    done = left = 0
    for row in rows:
        try:
            version = seen.get(row.enrolment.id)
            decide(cycle, row.enrolment, what(row), version=version, actor_id=actor_id)
            done += 1
        except (Stale, DayMissing, DayTooEarly, DayTooLate):
            left += 1
    return done, left


# The next cycle


@dataclass(frozen=True, slots=True)
class RolledOver:
    """What the next cycle began with."""

    cycle: Cycle
    groups: int
    enrolled: int
    wishes: int
    left: int
    is_closed: bool  # whether the old cycle was closed with it


def next_cycle_of(cycle: Cycle) -> Cycle | None:
    """The house's cycle right after this one, if it is set up."""
    later = [other for other in list_cycles(cycle.residence_id) if other.starts_on >= cycle.ends_on]
    return min(later, key=lambda other: other.starts_on, default=None)


def start_next(cycle: Cycle, *, today: date) -> RolledOver:
    """Carry every decision out: stays end or become longer, the next cycle is set up or filled (groups copied, whoever
    stays enrolled with the counsellor and the room they have, the trade as the first wish), and the old cycle is closed
    where its last night is over. Doing it again adds only what is missing. Raises Undecided."""
    rows = list_asked(cycle, today)
    undecided = sum(row.decision is None for row in rows)
    if undecided:
        raise Undecided(undecided)
    for row in rows:
        _carry_out(cycle, row)
    flush()
    target = next_cycle_of(cycle) or _made(cycle)
    groups = copy_groups(source=cycle, target=target)
    enrolled = enrol_staying(source=cycle, target=target)
    wishes = _wish(cycle, target, enrolled, rows)
    is_closed = today >= cycle.ends_on
    if is_closed:
        close_cycle(cycle, today=today)
    left = sum(row.decision is not None and row.decision.next_step not in STAYING for row in rows)
    record("rolled_over", target, changes={"cycle": [cycle.id, target.id], "enrolled": [0, len(enrolled)]})
    flush()
    return RolledOver(target, len(groups), len(enrolled), wishes, left, is_closed)


def _carry_out(cycle: Cycle, row: Asked) -> None:
    """The stay as it was decided."""
    decision, stay = row.decision, row.enrolment.stay
    assert decision is not None
    day = decision.leaves_on
    if decision.next_step is NextStep.GRADUATES and day is None:
        day = min(stay.leaves_on, cycle.ends_on)
    if day is not None and day != stay.leaves_on:
        change_stay(stay, {"leaves_on": day}, version=None)


def _made(cycle: Cycle) -> Cycle:
    starts_on = cycle.ends_on
    numbers = [other.number for other in list_cycles(cycle.residence_id) if other.year == starts_on.year]
    number = max(numbers, default=0) + 1
    return create_cycle(
        residence_id=cycle.residence_id, year=starts_on.year, number=number, starts_on=starts_on, weeks=cycle.weeks
    )


def _wish(cycle: Cycle, target: Cycle, enrolled: Sequence[Enrolment], rows: Sequence[Asked]) -> int:
    """The room that each has, and the trade they go on with (or change to) as the first wish; whoever changes without
    having said to what is asked again. Gives how many have a wish."""
    taught = set(
        db.session.scalars(
            select(TeachingGroup.trade_id).where(
                TeachingGroup.cycle_id == target.id, TeachingGroup.trade_id.is_not(None)
            )
        )
    )
    before = {row.enrolment.stay.resident_id: row for row in rows}
    rooms, wishing = _last_rooms(published_plan(cycle.id)), 0
    for enrolment in enrolled:
        row = before.get(enrolment.stay.resident_id)
        if row is None:
            continue
        enrolment.previous_room_id = rooms.get(row.enrolment.id)
        trades = [trade for trade in _trades_of(row) if trade in taught]
        enrolment.choices = [
            Choice(residence_id=target.residence_id, rank=rank, trade_id=trade)
            for rank, trade in enumerate(dict.fromkeys(trades), start=1)
        ]
        wishing += bool(trades)
    flush()
    return wishing


def _trades_of(row: Asked) -> list[int]:
    wished = [choice.trade_id for choice in row.enrolment.choices]
    if row.decision is not None and row.decision.next_step is NextStep.CHANGES_TRADE:
        return [row.decision.trade_id] if row.decision.trade_id else []
    own = row.seat.trade_id if row.seat is not None else None
    return [own, *wished] if own is not None else wished


def _last_rooms(plan: Plan | None) -> dict[int, int]:
    """The room of each enrolment on its last night in a plan."""
    if plan is None:
        return {}
    rows = db.session.execute(
        select(PlanLodging.enrolment_id, PlanLodging.room_id)
        .where(PlanLodging.plan_id == plan.id)
        .order_by(PlanLodging.from_on)
    )
    return {row[0]: row[1] for row in rows}


def close_cycle(cycle: Cycle, *, today: date) -> None:
    """End a cycle whose last night is over: nothing more is planned in it. Raises NotOver."""
    if today < cycle.ends_on:
        raise NotOver
    if cycle.state is not CycleState.CLOSED:
        cycle.state = CycleState.CLOSED
        flush()
