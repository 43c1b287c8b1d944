"""The caseload: who is in it, what is due for whom, when one last met, which flags hold. One definition per figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, load_only

from foyer.accounts.models import Role
from foyer.audit.services import Caseload as SeenCaseload
from foyer.audit.services import record_looks
from foyer.caseload.desk import Desk
from foyer.caseload.dues import Due, dues_of
from foyer.caseload.mine import (
    caseloads,
    own_resident_ids,
    resident_ids_of_staff,
    supervised_staff_ids,
    unanswered,
    unanswered_resident_ids,
)
from foyer.caseload.sections import stay_that_counts
from foyer.counselling.flags import flags_today
from foyer.counselling.models import ResidentFlag
from foyer.counselling.sessions import last_met
from foyer.database import db
from foyer.residences.models import Staff
from foyer.residents.models import Resident, Stay
from foyer.residents.naming import paper_name

SOON = 7  # days
_NOBODY = -1  # an id that no member of staff has


@dataclass(frozen=True)
class CaseloadRow:
    """One resident of a caseload at a glance; ``dues`` the most overdue first."""

    resident: Resident
    stay: Stay | None
    dues: Sequence[Due]
    last_contact: date | None
    flags: Sequence[ResidentFlag]

    @property
    def next_due(self) -> Due | None:
        return self.dues[0] if self.dues else None


@dataclass(frozen=True)
class Figures:
    """Counts over the dues of a caseload, the same wherever they are shown."""

    residents: int
    late: int
    soon: int

    @classmethod
    def of(cls, residents: int, dues: Iterable[Due], today: date) -> Figures:
        days = [due.days_late(today) for due in dues]
        return cls(residents, sum(late > 0 for late in days), sum(-SOON <= late <= 0 for late in days))


@dataclass(frozen=True)
class Caseload:
    rows: Sequence[CaseloadRow]
    dues: Sequence[Due]
    figures: Figures
    today: date

    @cached_property
    def names(self) -> dict[int, str]:
        """The residents' names for a page, by id: only who is in the team sees a caseload."""
        return {row.resident.id: paper_name(row.resident) for row in self.rows}

    @property
    def late(self) -> list[Due]:
        """Overdue, the longest first."""
        return [due for due in self.dues if due.days_late(self.today) > 0]

    @property
    def soon(self) -> list[Due]:
        """Due today or within the coming week, in order of days."""
        return [due for due in self.dues if -SOON <= due.days_late(self.today) <= 0]


def own_caseload(desk: Desk) -> Caseload:
    """The actor's residents, those of covered colleagues among them."""
    return caseload_of(desk, own_resident_ids(desk))


def caseload_of_staff(desk: Desk, staff_id: int) -> Caseload:
    """The residents of one counsellor."""
    return caseload_of(desk, resident_ids_of_staff(desk, select(Staff.id).where(Staff.id == staff_id)))


def caseload_of_nobody(desk: Desk) -> Caseload:
    """The residents for whom nobody answers."""
    return caseload_of(desk, unanswered_resident_ids(desk))


def caseload_of(desk: Desk, resident_ids: Select[int]) -> Caseload:
    """These residents: who is most overdue first, then by what is due next, then by name. In a number of queries that
    does not grow with them."""
    residents = (
        db.session.execute(
            select(Resident, last_met(Resident.id))
            .where(Resident.id.in_(resident_ids))
            .options(  # nothing that would be decrypted for nobody to read
                load_only(Resident.full_name, Resident.name_key, Resident.is_restricted),
                joinedload(Resident.stays).load_only(
                    Stay.arrives_on, Stay.leaves_on, Stay.independence_stage, Stay.needs
                ),
            )
            .order_by(Resident.name_key, Resident.id)
        )
        .unique()
        .all()
    )
    known = [resident.id for resident, _met in residents]
    dues, flags = dues_of(desk, known), flags_today(desk, known)
    by_resident = _grouped(dues)
    rows = [
        CaseloadRow(
            resident=resident,
            stay=stay_that_counts(resident, desk),
            dues=by_resident.get(resident.id, ()),
            last_contact=met,
            flags=flags.get(resident.id, ()),
        )
        for resident, met in residents
    ]
    rows.sort(key=lambda row: row.next_due.due_on if row.next_due else date.max)
    return Caseload(rows, dues, Figures.of(len(rows), dues, desk.today), desk.today)


def shown(desk: Desk, caseload: Caseload) -> Caseload:
    """The caseload as a page shows it, which the trail of its residents says: flags and needs stand in it."""
    house = desk.residence
    record_looks(SeenCaseload(house.id), (row.resident.id for row in caseload.rows), time_zone=house.time_zone)
    return caseload


def _grouped(dues: Iterable[Due]) -> dict[int, list[Due]]:
    found: dict[int, list[Due]] = {}
    for due in dues:
        found.setdefault(due.resident_id, []).append(due)
    return found


@dataclass(frozen=True)
class TeamRow:
    """A counsellor's caseload in figures; ``staff`` None: of those for whom nobody answers."""

    staff: Staff | None
    figures: Figures


def team_of(desk: Desk, staff: Sequence[Staff], *, is_whole: bool = True, with_nobody: bool = False) -> list[TeamRow]:
    """The caseloads of these counsellors, in the order given; a resident with two counsellors counts for both.
    ``is_whole``: they are all of the actor's team. ``with_nobody``: before them, those for whom nobody answers, where
    there are any."""
    own: dict[int, Sequence[int]] = dict(caseloads(desk, [each.id for each in staff]))
    people: list[Staff | None] = list(staff)
    if with_nobody and (alone := unanswered(desk)):
        own[_NOBODY] = alone
        people.insert(0, None)
    theirs = {resident_id for theirs in own.values() for resident_id in theirs}
    everybody = is_whole and desk.actor.role is Role.MANAGER  # a manager's team has nearly the whole house
    asked = None if everybody else theirs
    dues = _grouped(dues_of(desk, asked, until=desk.today + timedelta(days=SOON)))  # all that the figures count
    rows = [(each, own.get(each.id if each else _NOBODY, ())) for each in people]
    return [TeamRow(each, Figures.of(len(theirs), _of(theirs, dues), desk.today)) for each, theirs in rows]


def _of(resident_ids: Iterable[int], dues: dict[int, list[Due]]) -> Iterable[Due]:
    return (due for resident_id in resident_ids for due in dues.get(resident_id, ()))


def supervised(desk: Desk) -> Sequence[Any]:
    """Those whose named supervisor the actor is today, by name."""
    return db.session.scalars(
        select(Staff).where(Staff.id.in_(supervised_staff_ids(desk))).order_by(Staff.name_key, Staff.id)
    ).all()
