"""Assigning a member of staff to many residents, setting one flag for many, and how each is taken back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from itertools import count as counted
from typing import Any

from sqlalchemy import or_, select

from foyer.caseload.desk import Desk
from foyer.caseload.mine import own_resident_ids
from foyer.caseload.models import Assignment
from foyer.counselling.flags import end_flag, flags_today, set_flag
from foyer.counselling.models import FlagKind, FlagPriority, ResidentFlag
from foyer.cycles.models import Enrolment
from foyer.cycles.prints import Sheet, load_printed, sheets_of
from foyer.database import db
from foyer.errors import FoyerError
from foyer.records import change_record, flush
from foyer.residences.models import Staff
from foyer.residents.models import Resident, Stay
from foyer.together.models import TogetherAct, TogetherKind

MOST = 200  # residents at once


class NobodyChosen(FoyerError):
    """An act for many needs somebody."""


class DayPast(FoyerError):
    """What is handed over for a time is so for today at least."""


def chosen(desk: Desk, ids: Collection[int]) -> Sequence[Resident]:
    """Those of the chosen whom the actor answers for, by name; others are left out, as if they were not there."""
    wanted = sorted(set(ids))[:MOST]
    return db.session.scalars(
        select(Resident)
        .where(Resident.id.in_(wanted), Resident.id.in_(own_resident_ids(desk)))
        .order_by(Resident.name_key, Resident.id)
    ).all()


def assign(desk: Desk, ids: Collection[int], staff: Staff, *, until_on: date | None = None) -> TogetherAct:
    """From today on this member of staff answers for the chosen as well, to ``until_on`` where they are handed over for
    a time only. Who does so already, at least as long, is skipped. Raises NobodyChosen, DayPast."""
    people = _expect(chosen(desk, ids))
    if until_on is not None and until_on < desk.today:
        raise DayPast
    known = {
        row.resident_id: row
        for row in db.session.scalars(
            select(Assignment).where(
                Assignment.staff_id == staff.id,
                Assignment.resident_id.in_([one.id for one in people]),
                or_(Assignment.until_on.is_(None), Assignment.until_on >= desk.today),
                Assignment.from_on <= desk.today,
            )
        )
    }
    rows, before = [], {}
    for resident in people:
        row = known.get(resident.id)
        if row is not None and not row.until_plan and _lasts(row, until_on):
            continue
        if row is not None:  # ends earlier, for instance today because it was taken back, or with a plan: it goes on
            before[str(row.id)] = [row.until_on.isoformat() if row.until_on else None, row.until_plan]
            change_record(row, {"until_on": until_on, "until_plan": False})
        else:
            own = {"residence_id": desk.residence.id, "resident_id": resident.id, "staff_id": staff.id}
            row = Assignment(**own, from_on=desk.today, until_on=until_on)
            db.session.add(row)
        rows.append(row)
    return made(desk, TogetherKind.ASSIGN, rows, len(people) - len(rows), before=before)


def _lasts(row: Assignment, until_on: date | None) -> bool:
    """Whether an assignment holds until this day, or for good, anyhow."""
    return row.until_on is None or (until_on is not None and row.until_on >= until_on)


def flag(
    desk: Desk, ids: Collection[int], *, kind: FlagKind, priority: FlagPriority, text: str, until_on: date
) -> TogetherAct:
    """Set the same flag for the chosen. Raises NobodyChosen, FlagTooLong."""
    people = _expect(chosen(desk, ids))
    rows = [set_flag(desk, resident, kind=kind, priority=priority, text=text, until_on=until_on) for resident in people]
    return made(desk, TogetherKind.FLAG, rows, 0)


def end_flags(desk: Desk, ids: Collection[int], kind: FlagKind) -> TogetherAct:
    """Take down the flags of one kind that the chosen have today; who has none is skipped. Raises NobodyChosen."""
    people = _expect(chosen(desk, ids))
    held = flags_today(desk, [one.id for one in people])
    rows = [row for flags in held.values() for row in flags if row.kind is kind]
    for row in rows:
        end_flag(desk, row)
    return made(desk, TogetherKind.FLAG, rows, len(people) - len({row.resident_id for row in rows}), is_ending=True)


def week_slips(desk: Desk, ids: Collection[int]) -> list[Sheet]:
    """A slip with the week of each of the chosen who has a place in the plan in force, by name. Restricted residents
    stand there with initials, as on all paper. Raises NobodyChosen."""
    people = _expect(chosen(desk, ids))
    if desk.plan is None:
        return []
    own = select(Enrolment.id).join(Stay, Stay.id == Enrolment.stay_id)
    own = own.where(Enrolment.cycle_id == desk.plan.cycle_id, Stay.resident_id.in_([one.id for one in people]))
    keys = {str(id_) for id_ in db.session.scalars(own)}
    return [sheet for sheet in sheets_of(load_printed(desk.plan), "residents") if sheet.key in keys]


def assignments_back(desk: Desk, act: TogetherAct, rows: Sequence[Assignment]) -> int:
    """Take assignments back: over at once, or as they were before. Gives how many were changed."""
    return sum([_assignment_back(desk, act, row) for row in rows])


def flags_back(desk: Desk, act: TogetherAct, rows: Sequence[ResidentFlag]) -> int:
    """Take flags back: ended, or set again. Gives how many were changed."""
    return sum([_flag_back(desk, act, row) for row in rows])


def _assignment_back(desk: Desk, act: TogetherAct, row: Assignment) -> bool:
    if row.until_on is not None and row.until_on < desk.today:
        return False
    if str(row.id) not in act.before:
        change_record(row, _over(desk, row))
        return True
    last, until_plan = act.before[str(row.id)]
    until_on = date.fromisoformat(last) if last else None
    change_record(row, {"until_on": until_on and max(row.from_on, until_on), "until_plan": until_plan})
    return True


def _over(desk: Desk, row: Assignment) -> dict[str, date]:
    """The days of an assignment that is over at once: yesterday was the last one. Of what began today the trail alone
    knows when it was to begin."""
    yesterday = desk.today - timedelta(days=1)
    if row.from_on <= yesterday:
        return {"until_on": yesterday}
    same = (Assignment.resident_id == row.resident_id, Assignment.staff_id == row.staff_id)
    taken = set(db.session.scalars(select(Assignment.from_on).where(*same)))
    day = next(day for n in counted() if (day := yesterday - timedelta(days=n)) not in taken)
    return {"from_on": day, "until_on": day}


def _flag_back(desk: Desk, act: TogetherAct, row: ResidentFlag) -> bool:
    if act.is_ending and (row.ended_on, row.ended_by_id) == (desk.today, act.made_by_id):
        change_record(row, {"ended_on": None, "ended_by_id": None})
        return True
    if act.is_ending or row.ended_on is not None:
        return False
    end_flag(desk, row)
    return True


def _expect(people: Sequence[Resident]) -> Sequence[Resident]:
    if not people:
        raise NobodyChosen
    return people


def made(desk: Desk, kind: TogetherKind, rows: Sequence[Any], skipped: int, **more: Any) -> TogetherAct:
    """Keep what was done for many, and for how many of the chosen there was nothing to do."""
    flush()
    act = TogetherAct(
        residence_id=desk.residence.id,
        kind=kind,
        row_ids=[row.id for row in rows],
        skipped=skipped,
        made_by_id=desk.actor.id,
        **more,
    )
    db.session.add(act)
    flush()
    return act
