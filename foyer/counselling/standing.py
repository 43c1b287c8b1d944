"""Who stands in for an absent colleague, who supervises whom, and who answers for residents beside the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager, joinedload

from foyer.accounts.models import Role
from foyer.caseload.desk import Desk
from foyer.caseload.mine import responsible_staff, running_assignment_ids
from foyer.caseload.models import Assignment, Cover, Supervision
from foyer.caseload.notices import tell
from foyer.database import db
from foyer.errors import FoyerError, NotAllowed, NotFound
from foyer.paging import Paged, cut_query
from foyer.records import change_record, flush
from foyer.residences.models import Staff, StaffKind
from foyer.residents.models import Resident, in_sight

COVERS, SUPERVISES, ANSWERS_NO_MORE = "covers", "supervises", "answers_no_more"
BESIDE_AT_ONCE = 40  # assignments on a page


class SamePerson(FoyerError):
    """Nobody stands in for, or supervises, oneself."""


class OrderWrong(FoyerError):
    """The last day lies before the first, or before today."""


class CoveredAlready(FoyerError):
    """Somebody else stands in on some of these days."""


class SupervisedAlready(FoyerError):
    """The counsellor has this supervisor already."""


def counsellors_of(residence_id: int) -> Sequence[Staff]:
    """The active counsellors of the house, by name."""
    return db.session.scalars(
        select(Staff)
        .where(Staff.residence_id == residence_id, Staff.kind == StaffKind.COUNSELLOR, Staff.is_active.is_(True))
        .order_by(Staff.name_key, Staff.id)
    ).all()


COVERED = "covered"  # the notice to whoever is stood in for


def cover(desk: Desk, *, staff_id: int, covered_by_id: int, from_on: date, until_on: date) -> Cover:
    """Somebody stands in for a colleague from the first to the last day. A manager says so for everybody, a counsellor
    for oneself; whoever of the two did not say it is told. Raises NotAllowed, SamePerson, OrderWrong, CoveredAlready,
    NotFound."""
    if desk.actor.role is not Role.MANAGER and staff_id != desk.staff_id:
        raise NotAllowed("for oneself")
    if staff_id == covered_by_id:
        raise SamePerson()
    if until_on < from_on or until_on < desk.today:
        raise OrderWrong()
    stands_in, absent = _counsellor(desk, covered_by_id), _counsellor(desk, staff_id)
    clash = select(Cover.id).where(Cover.staff_id == absent.id, Cover.from_on <= until_on, Cover.until_on >= from_on)
    if db.session.scalar(clash.limit(1)) is not None:
        raise CoveredAlready()
    found = Cover(
        residence_id=desk.residence.id,
        staff_id=staff_id,
        covered_by_id=covered_by_id,
        from_on=from_on,
        until_on=until_on,
    )
    db.session.add(found)
    flush()
    for staff, kind in ((stands_in, COVERS), (absent, COVERED)):
        if staff.user_id is not None and staff.user_id != desk.actor.id:
            tell({staff.user_id}, kind, found.id)
    return found


def end_cover(desk: Desk, found: Cover) -> None:
    """The colleague is back today: from now on nobody stands in. Raises NotAllowed."""
    if desk.actor.role is not Role.MANAGER and found.staff_id != desk.staff_id:
        raise NotAllowed("for oneself")
    _end_now(desk, found)


def covers_of(desk: Desk) -> Sequence[Cover]:
    """Who stands in for whom, now and later, in order of days; a counsellor's own."""
    query = select(Cover).where(Cover.until_on >= desk.today)
    if desk.actor.role is not Role.MANAGER:
        query = query.where(or_(Cover.staff_id == desk.staff_id, Cover.covered_by_id == desk.staff_id))
    return db.session.scalars(
        query.options(joinedload(Cover.staff), joinedload(Cover.covered_by)).order_by(Cover.from_on, Cover.id)
    ).all()


def covered_today(desk: Desk) -> Sequence[Cover]:
    """For whom the actor stands in today."""
    return [each for each in covers_of(desk) if each.covered_by_id == desk.staff_id and each.from_on <= desk.today]


def get_cover(desk: Desk, cover_id: int) -> Cover:
    """A cover that the actor may end. Raises NotFound."""
    found = db.session.scalar(select(Cover).where(Cover.id == cover_id))
    if found is None or (desk.actor.role is not Role.MANAGER and found.staff_id != desk.staff_id):
        raise NotFound("cover")
    return found


def supervise(desk: Desk, *, staff_id: int, supervisor_id: int) -> Supervision:
    """Name a supervisor from today on: who may read what the counsellor writes. Both are told. Raises SamePerson,
    SupervisedAlready, NotFound."""
    if staff_id == supervisor_id:
        raise SamePerson()
    staff, supervisor = _counsellor(desk, staff_id), _counsellor(desk, supervisor_id)
    running = select(Supervision.id).where(
        Supervision.staff_id == staff_id, Supervision.supervisor_id == supervisor_id, _running(desk.today)
    )
    if db.session.scalar(running.limit(1)) is not None:
        raise SupervisedAlready()
    found = Supervision(
        residence_id=desk.residence.id,
        staff_id=staff_id,
        supervisor_id=supervisor_id,
        from_on=desk.today,
        until_on=None,
    )
    db.session.add(found)
    flush()
    tell({user_id for user_id in (staff.user_id, supervisor.user_id) if user_id is not None}, SUPERVISES, found.id)
    return found


def end_supervision(desk: Desk, found: Supervision) -> None:
    """From now on the supervisor reads no more."""
    _end_now(desk, found)


def _end_now(desk: Desk, found: Cover | Supervision) -> None:
    """Yesterday was the last day; of what began today or lies ahead the trail alone knows when it was to begin."""
    yesterday = desk.today - timedelta(days=1)
    if found.until_on is None or found.until_on > yesterday:
        change_record(found, {"from_on": min(found.from_on, yesterday), "until_on": yesterday})


@dataclass(frozen=True)
class Beside:
    """Somebody who answers for a resident beside the plan. ``is_only``: nobody else answers for the resident today."""

    assignment: Assignment
    is_only: bool


def assignments_beside(desk: Desk, page: int) -> Paged[Beside]:
    """Who answers for residents beside the published plan, today or from a later day on, by the resident's name. An
    assignment until the plan is left out once a plan has named somebody: nothing follows from it any more."""
    query = (
        select(Assignment)
        .join(Assignment.resident)
        .where(
            or_(Assignment.until_on.is_(None), Assignment.until_on >= desk.today),
            or_(Assignment.from_on > desk.today, Assignment.id.in_(running_assignment_ids(desk))),
            in_sight(),
        )
        .options(contains_eager(Assignment.resident), joinedload(Assignment.staff))
        .order_by(Resident.name_key, Resident.id, Assignment.from_on, Assignment.id)
    )
    found = cut_query(query, page, BESIDE_AT_ONCE)
    assignments = [row for (row,) in found.rows]
    answering = responsible_staff(desk, [row.resident_id for row in assignments])
    rows = [Beside(row, answering.get(row.resident_id, []) == [row.staff]) for row in assignments]
    return Paged(rows, found.total, found.page, found.pages)


def get_assignment(assignment_id: int) -> Assignment:
    """An assignment of the house. Raises NotFound."""
    found = db.session.scalar(select(Assignment).where(Assignment.id == assignment_id))
    if found is None:
        raise NotFound("assignment")
    return found


def end_assignment(desk: Desk, found: Assignment) -> None:
    """From now on this person does not answer for the resident beside the plan, and is told so. Rights in the file end
    with it at once: yesterday was the last day."""
    if found.until_on is not None and found.until_on < desk.today:
        return
    last = desk.today - timedelta(days=1)
    others = select(Assignment.from_on).where(
        Assignment.resident_id == found.resident_id, Assignment.staff_id == found.staff_id, Assignment.id != found.id
    )
    taken = set(db.session.scalars(others))
    while found.from_on > last and last in taken:
        last -= timedelta(days=1)
    change_record(found, {"from_on": min(found.from_on, last), "until_on": last})
    if found.staff.user_id is not None:
        tell({found.staff.user_id}, ANSWERS_NO_MORE)


def _running(today: date):  # type: ignore[no-untyped-def]
    return or_(Supervision.until_on.is_(None), Supervision.until_on >= today)


def supervisions_of(desk: Desk) -> Sequence[Supervision]:
    """Who supervises whom today, by the counsellor's name."""
    return db.session.scalars(
        select(Supervision)
        .join(Supervision.staff)
        .where(_running(desk.today))
        .options(joinedload(Supervision.staff), joinedload(Supervision.supervisor))
        .order_by(Staff.name_key, Supervision.id)
    ).all()


def get_supervision(supervision_id: int) -> Supervision:
    """A named supervision of the house. Raises NotFound."""
    found = db.session.scalar(select(Supervision).where(Supervision.id == supervision_id))
    if found is None:
        raise NotFound("supervision")
    return found


def _counsellor(desk: Desk, staff_id: int) -> Staff:
    """An active counsellor of the house, by id. Raises NotFound."""
    found = next((each for each in counsellors_of(desk.residence.id) if each.id == staff_id), None)
    if found is None:
        raise NotFound("staff")
    return found
