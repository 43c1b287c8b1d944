"""The accounts of a house and the persons they belong to. An administrator sees names here, never a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import exists, func, or_, select, type_coerce

from foyer.accounts import lockout
from foyer.accounts.models import OfficeResidence, Role, User
from foyer.accounts.services import create_user, end_sessions, usernames_for
from foyer.accounts.slips import IssuedSlip, issue_slip
from foyer.audit.services import record
from foyer.database import db
from foyer.errors import FoyerError, NotFound, expect_version
from foyer.residences.models import Residence, Staff, StaffKind
from foyer.residents.models import Resident, Stay, in_sight
from foyer.residents.naming import OutsideName, name_for, outside_name
from foyer.residents.restriction import name_account

HOUSE_ROLES = (Role.MANAGER, Role.COUNSELLOR, Role.INSTRUCTOR, Role.RESIDENT, Role.ADMINISTRATOR)
_ROLE_OF_STAFF = {
    StaffKind.MANAGER: Role.MANAGER,
    StaffKind.COUNSELLOR: Role.COUNSELLOR,
    StaffKind.INSTRUCTOR: Role.INSTRUCTOR,
    StaffKind.TUTOR: Role.INSTRUCTOR,
}


class PersonMissing(FoyerError):
    """This role shows a person's own things, so the account must belong to one."""


class PersonUnfit(FoyerError):
    """Residents' accounts belong to residents, staff's accounts to staff."""


class PersonTaken(FoyerError):
    """The person has another account already."""


class LastAdministrator(FoyerError):
    """Without this account nobody could look after the accounts of the house."""


class HeldByOffice(FoyerError):
    """The office above the house has suspended this account; only the office lets it go."""


class CodeTaken(FoyerError):
    """Another house has this code."""


class SlipGroup(StrEnum):
    """For whom slips are made in one go."""

    RESIDENTS_WITHOUT = "residents_without"
    RESIDENTS_WAITING = "residents_waiting"  # have an account, never signed in
    STAFF_WITHOUT = "staff_without"


Person = Staff | Resident


@dataclass(frozen=True)
class AccountRow:
    user: User
    belongs_to: str | None
    is_paused: bool


@dataclass(frozen=True)
class AccountPage:
    rows: tuple[AccountRow, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Wanted:
    """What the list of accounts is narrowed to."""

    text: str = ""
    role: Role | None = None
    is_enabled: bool | None = None
    page: int = 1


def create_residence(*, code: str, name: str, time_zone: str = "Asia/Jakarta") -> Residence:
    """Found a house. Raises CodeTaken."""
    code = code.strip().lower()
    if db.session.scalar(select(exists().where(Residence.code == code))):
        raise CodeTaken(code)
    residence = Residence(code=code, name=name.strip(), time_zone=time_zone)
    db.session.add(residence)
    db.session.flush()
    return residence


def list_accounts(residence_id: int, wanted: Wanted, *, per_page: int = 50) -> AccountPage:
    """The accounts of the house, by name, a page at a time."""
    query = (
        select(User, type_coerce(func.coalesce(Staff.full_name, outside_name()), OutsideName))
        .outerjoin(Staff, Staff.user_id == User.id)
        .outerjoin(Resident, Resident.user_id == User.id)
        .where(User.residence_id == residence_id)
    )
    if wanted.text:
        like = f"%{wanted.text.lower()}%"
        query = query.where(or_(User.username.like(like), func.lower(User.display_name).like(like)))
    if wanted.role:
        query = query.where(User.role == wanted.role)
    if wanted.is_enabled is not None:
        query = query.where(User.is_enabled.is_(wanted.is_enabled))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // per_page))
    page = min(max(1, wanted.page), pages)
    order = query.order_by(func.lower(User.display_name), User.id).limit(per_page).offset((page - 1) * per_page)
    found = db.session.execute(order).all()
    paused = lockout.locked_names([user.username for user, _ in found])
    rows = tuple(AccountRow(user, name, user.username in paused) for user, name in found)
    return AccountPage(rows, total, page, pages)


def office_names(residence_id: int) -> list[str]:
    """Who of the office above sees this house, by name. Given and withdrawn at the machine: `foyer office-house`."""
    query = select(User.display_name).join(OfficeResidence, OfficeResidence.user_id == User.id)
    query = query.where(OfficeResidence.residence_id == residence_id, User.is_enabled.is_(True))
    return list(db.session.scalars(query.order_by(User.display_name)))


def account_in_house(residence_id: int, user_id: int) -> User:
    """An account of this house. Raises NotFound, also for another house's and the office's."""
    user = db.session.scalar(select(User).where(User.id == user_id, User.residence_id == residence_id))
    if user is None:
        raise NotFound("User")
    return user


def person_of(user: User) -> Person | None:
    """The member of staff or the resident whose account this is."""
    staff = db.session.scalar(select(Staff).where(Staff.user_id == user.id))
    return staff or db.session.scalar(select(Resident).where(Resident.user_id == user.id))


def shown_name(person: Person) -> str:
    """How an administrator reads somebody's name: of a restricted resident only the initials."""
    return name_for(person, False) if isinstance(person, Resident) else person.full_name


def people_without_account(user: User | None = None) -> tuple[Sequence[Staff], Sequence[Resident]]:
    """Staff and residents of the house who have no account yet, or this one."""
    own = user.id if user else None
    staff = db.session.scalars(
        select(Staff)
        .where(or_(Staff.user_id.is_(None), Staff.user_id == own), Staff.is_active.is_(True))
        .order_by(Staff.name_key)
    )
    residents = db.session.scalars(
        select(Resident)
        .where(or_(Resident.user_id.is_(None), Resident.user_id == own), in_sight())
        .order_by(Resident.name_key)
    )
    return staff.all(), residents.all()


def find_person(key: str) -> Person | None:
    """The person that a key such as "staff-3" or "resident-7" names. Raises NotFound."""
    if not key:
        return None
    kind, _, number = key.partition("-")
    person_id = int(number) if number.isdigit() else 0
    found: Person | None
    if kind == "staff":
        found = db.session.scalar(select(Staff).where(Staff.id == person_id))
    else:
        found = db.session.scalar(select(Resident).where(Resident.id == person_id))
    if found is None:
        raise NotFound(key)
    return found


def person_key(person: Person | None) -> str:
    """The key by which a form names a person."""
    if person is None:
        return ""
    return f"{'staff' if isinstance(person, Staff) else 'resident'}-{person.id}"


def create_account(*, residence_id: int, username: str, display_name: str, role: Role, person: Person | None) -> User:
    """Make an account of the house, still without password. Raises UsernameUnfit, UsernameTaken, PersonMissing,
    PersonUnfit, PersonTaken."""
    _expect_fitting(role, person, user=None)
    user = create_user(username=username, display_name=display_name, role=role, residence_id=residence_id)
    if person is not None:
        person.user_id = user.id
    _keep_secret(person)
    db.session.flush()
    return user


def _keep_secret(person: Person | None) -> None:
    """Whatever was typed, the account of a restricted resident tells nobody the name."""
    if isinstance(person, Resident) and person.is_restricted:
        name_account(person)


def change_account(user: User, *, display_name: str, role: Role, person: Person | None, version: int | None) -> None:
    """Change an account. Raises Stale, PersonMissing, PersonUnfit, PersonTaken, LastAdministrator,
    HeldByOffice."""
    expect_version(user, version)
    if user.is_held:
        raise HeldByOffice
    _expect_fitting(role, person, user=user)
    if role is not Role.ADMINISTRATOR:
        _expect_another_administrator(user)
    before = person_of(user)
    if before is not None and before is not person:
        if person is not None:
            _take_back(user)
        before.user_id = None
        db.session.flush()  # the unique link is free before the next one takes it
    if person is not None:
        person.user_id = user.id
    user.display_name = display_name.strip()
    user.role = role
    _keep_secret(person)
    db.session.flush()


def _take_back(user: User) -> None:
    """The account becomes somebody else's: what the one before could still open, closes. A slip opens it again.
    (An administrator sees no files, and must not be locked out by tidying up.)"""
    if user.role is not Role.ADMINISTRATOR:
        user.password_hash = None
    user.calendar_token_digest = None
    end_sessions(user)


def _expect_fitting(role: Role, person: Person | None, *, user: User | None) -> None:
    if person is None:
        if role in (Role.RESIDENT, Role.COUNSELLOR, Role.INSTRUCTOR):
            raise PersonMissing
        return
    if isinstance(person, Resident) != (role is Role.RESIDENT):
        raise PersonUnfit
    if person.user_id is not None and (user is None or person.user_id != user.id):
        raise PersonTaken


def _expect_another_administrator(user: User) -> None:
    if user.role is not Role.ADMINISTRATOR or not user.is_enabled:
        return
    others = select(func.count()).where(
        User.residence_id == user.residence_id,
        User.role == Role.ADMINISTRATOR,
        User.is_enabled.is_(True),
        User.id != user.id,
    )
    if not db.session.scalar(others):
        raise LastAdministrator


def close_account(user: User) -> None:
    """The account signs in no more and is signed out everywhere. Raises LastAdministrator."""
    _expect_another_administrator(user)
    user.is_enabled = False
    end_sessions(user)


def open_account(user: User) -> None:
    """The account may sign in again."""
    user.is_enabled = True
    db.session.flush()


def lift_pause(user: User) -> None:
    """Forget the wrong passwords for this account's name."""
    if lockout.forgive(user.username):
        record("pause_lifted", user)


def issue_account_slip(user: User) -> IssuedSlip:
    """A slip for this account; a pause after wrong passwords ends. The present password works until a new one is
    chosen."""
    lift_pause(user)
    return issue_slip(user)


def residents_for_slips(group: SlipGroup, *, today: date) -> Sequence[Resident]:
    """The residents who live here or are expected, by name, with no account or with one that was never used."""
    here = select(Stay.resident_id).where(Stay.leaves_on > today)
    query = select(Resident).where(Resident.id.in_(here)).order_by(Resident.name_key, Resident.id)
    if group is SlipGroup.RESIDENTS_WITHOUT:
        return db.session.scalars(query.where(Resident.user_id.is_(None))).all()
    waiting = select(User.id).where(User.password_hash.is_(None), User.is_enabled.is_(True))
    return db.session.scalars(query.where(Resident.user_id.in_(waiting))).all()


def staff_for_slips() -> Sequence[Staff]:
    """The staff whose work has pages here and who have no account, by name."""
    query = select(Staff).where(Staff.user_id.is_(None), Staff.is_active.is_(True), Staff.kind.in_(_ROLE_OF_STAFF))
    return db.session.scalars(query.order_by(Staff.name_key, Staff.id)).all()


def count_slip_groups(*, today: date) -> dict[SlipGroup, int]:
    """How many slips each group would need."""
    return {
        SlipGroup.RESIDENTS_WITHOUT: len(residents_for_slips(SlipGroup.RESIDENTS_WITHOUT, today=today)),
        SlipGroup.RESIDENTS_WAITING: len(residents_for_slips(SlipGroup.RESIDENTS_WAITING, today=today)),
        SlipGroup.STAFF_WITHOUT: len(staff_for_slips()),
    }


def issue_group_slips(group: SlipGroup, *, residence_id: int, today: date) -> list[IssuedSlip]:
    """A slip for everybody of the group; who has no account gets one, with a user name made from the name, or of a
    restricted resident with one that says nothing."""
    people: Sequence[Person] = (
        staff_for_slips() if group is SlipGroup.STAFF_WITHOUT else residents_for_slips(group, today=today)
    )
    new = [person for person in people if person.user_id is None]
    for person, username in zip(new, usernames_for([shown_name(person) for person in new]), strict=True):
        create_account(
            residence_id=residence_id,
            username=username,
            display_name=shown_name(person),
            role=_ROLE_OF_STAFF[person.kind] if isinstance(person, Staff) else Role.RESIDENT,
            person=person,
        )
    users = {user.id: user for user in db.session.scalars(select(User).where(User.residence_id == residence_id))}
    return [issue_slip(users[person.user_id]) for person in people if person.user_id is not None]


def find_residence(code: str) -> Residence | None:
    """The house with this code, if there is one."""
    return db.session.scalar(select(Residence).where(Residence.code == code.strip().lower()))


def list_residences() -> Sequence[Residence]:
    """Every house, by name."""
    return db.session.scalars(select(Residence).order_by(Residence.name)).all()
