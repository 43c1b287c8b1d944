"""Who may read, write and export which part of a file: one table, asked by every page of it.

Sources of the rules: UU 27/2022 (PDP) on specific data, UU 11/2012 (SPPA) art. 19 on secrecy of identity, UU 14/2019
and the ethics of social work on counselling; see docs/law.md. ``docs/rights.md`` is this table in words; a test holds
the two together and requests every cell for real.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import and_, case, literal, select
from sqlalchemy.orm import joinedload

from foyer.accounts.access import allow
from foyer.accounts.models import Role
from foyer.caseload.desk import Desk
from foyer.caseload.mine import own_resident_ids, supervised_resident_ids, taught_resident_ids
from foyer.database import db
from foyer.errors import NotFound
from foyer.residents.models import Resident, in_sight

View = TypeVar("View", bound=Callable[..., Any])


class Part(StrEnum):
    """A kind of record or group of fields of a resident's file."""

    IDENTITY = "identity"
    NIK = "nik"
    BELIEFS = "beliefs"  # religion
    FAMILY = "family"
    PPKS = "ppks"  # kinds of PPKS, legal status
    HEALTH = "health"  # needs
    ACCOMMODATION = "accommodation"  # what to do for a disability; who teaches reads what is marked for them
    CONSENT = "consent"
    PHOTO = "photo"
    PAPERS = "papers"  # documents of the resident
    REFERRAL = "referral"
    ASSESSMENT = "assessment"
    PLAN = "plan"  # the individual plan, RPI
    CONFERENCE = "conference"
    COUNSELLING = "counselling"  # that it took place, attendance, next step
    COUNSELLING_BODY = "counselling_body"  # what was said
    REGISTER = "register"
    COMPETENCIES = "competencies"
    EDUCATION = "education"
    CONDUCT = "conduct"
    INDEPENDENCE = "independence"
    INCIDENT = "incident"
    EXIT = "exit"
    AFTERCARE = "aftercare"
    FLAGS = "flags"
    LETTERS = "letters"
    TRAIL = "trail"  # who changed and who read


class Act(StrEnum):
    READ = "read"
    WRITE = "write"
    EXPORT = "export"


class Who(StrEnum):
    """What somebody is to one resident."""

    MANAGER = "manager"
    OWN_COUNSELLOR = "own_counsellor"  # by the plan, an assignment, or standing in
    SUPERVISOR = "supervisor"  # of the own counsellor, named
    OTHER_COUNSELLOR = "other_counsellor"
    INSTRUCTOR = "instructor"  # teaches the resident now
    RESIDENT = "resident"  # himself or herself
    ADMINISTRATOR = "administrator"
    OFFICE = "office"


ROLE_OF = {
    Who.MANAGER: Role.MANAGER,
    Who.OWN_COUNSELLOR: Role.COUNSELLOR,
    Who.SUPERVISOR: Role.COUNSELLOR,
    Who.OTHER_COUNSELLOR: Role.COUNSELLOR,
    Who.INSTRUCTOR: Role.INSTRUCTOR,
    Who.RESIDENT: Role.RESIDENT,
    Who.ADMINISTRATOR: Role.ADMINISTRATOR,
    Who.OFFICE: Role.OFFICE,
}
TEAM = frozenset({Who.MANAGER, Who.OWN_COUNSELLOR, Who.SUPERVISOR})

_LETTERS = {"r": Act.READ, "w": Act.WRITE, "x": Act.EXPORT}
_COLUMNS = (Who.MANAGER, Who.OWN_COUNSELLOR, Who.SUPERVISOR, Who.INSTRUCTOR, Who.RESIDENT)
# r reads, w writes, x takes out of the house, on paper or as a file: who answers for a resident, and residents what
# their own pages show them. A supervisor reads to help a colleague and takes nothing along, an instructor sees a class;
# what was said in counselling is in nobody's copy. A counsellor of other residents, the administrator and the office
# see nothing of a file.
_TABLE = {
    #                      manager  own    superv. instr.  resident
    Part.IDENTITY:          ("rwx", "rwx", "r", "", "rx"),
    Part.NIK:               ("rwx", "rwx", "r", "", ""),
    Part.BELIEFS:           ("rwx", "rwx", "r", "", "rx"),
    Part.FAMILY:            ("rwx", "rwx", "r", "", ""),
    Part.PPKS:              ("rwx", "rwx", "r", "", ""),
    Part.HEALTH:            ("rwx", "rwx", "r", "", ""),
    Part.ACCOMMODATION:     ("rwx", "rwx", "r", "r", "rx"),
    Part.CONSENT:           ("rwx", "rwx", "r", "", "rx"),
    Part.PHOTO:             ("rwx", "rwx", "r", "", ""),
    Part.PAPERS:            ("rwx", "rwx", "r", "", ""),
    Part.REFERRAL:          ("rwx", "rwx", "r", "", ""),
    Part.ASSESSMENT:        ("rx", "rwx", "r", "", "rwx"),
    Part.PLAN:              ("rx", "rwx", "r", "", "rwx"),
    Part.CONFERENCE:        ("rwx", "rwx", "r", "", ""),
    Part.COUNSELLING:       ("rx", "rwx", "r", "", ""),
    Part.COUNSELLING_BODY:  ("", "rw", "r", "", ""),
    Part.REGISTER:          ("rwx", "rx", "r", "rw", "rx"),
    Part.COMPETENCIES:      ("rwx", "rx", "r", "rw", "rx"),
    Part.EDUCATION:         ("rwx", "rwx", "r", "r", "rx"),
    Part.CONDUCT:           ("rwx", "rwx", "r", "rw", "rx"),
    Part.INDEPENDENCE:      ("rwx", "rwx", "r", "", "rx"),
    Part.INCIDENT:          ("rwx", "rwx", "r", "", "rx"),
    Part.EXIT:              ("rwx", "rwx", "r", "", ""),
    Part.AFTERCARE:         ("rwx", "rwx", "r", "", ""),
    Part.FLAGS:             ("rwx", "rwx", "r", "", ""),
    Part.LETTERS:           ("rwx", "rwx", "r", "", ""),
    Part.TRAIL:             ("rx", "rx", "r", "", "rx"),
}  # fmt: skip
RIGHTS: dict[Part, dict[Who, frozenset[Act]]] = {
    part: {
        who: frozenset(_LETTERS[letter] for letter in dict(zip(_COLUMNS, cells, strict=True)).get(who, ""))
        for who in Who
    }
    for part, cells in _TABLE.items()
}


def roles_for(part: Part, act: Act) -> frozenset[Role]:
    """The roles of which somebody may do this with somebody's file."""
    return frozenset(ROLE_OF[who] for who, acts in RIGHTS[part].items() if act in acts)


def may(part: Part, act: Act = Act.READ, *, staff_only: bool = True) -> Callable[[View], View]:
    """State which roles may use a view, as the table says; ``file_for`` decides about the one resident. Residents have
    pages of their own, so they are left out unless ``staff_only`` is False."""
    roles = roles_for(part, act)
    return allow(*(roles - {Role.RESIDENT} if staff_only else roles))


def relation_to(desk: Desk, resident_id: int) -> Who | None:
    """What the actor is to a resident of the house; None: nothing, or no such resident. One query for each resident,
    however often a page asks."""
    if resident_id not in desk.relations:
        desk.relations[resident_id] = _relation(desk, resident_id)
    found: Who | None = desk.relations[resident_id]
    return found


def relation_column(desk: Desk) -> Any:
    """What the actor is to the resident of a query, as a column of it; None where that does not depend on whom."""
    role = desk.actor.role
    if role is Role.MANAGER:
        return literal(Who.MANAGER.value)
    if role is Role.COUNSELLOR:
        return case(
            (Resident.id.in_(own_resident_ids(desk)), Who.OWN_COUNSELLOR.value),
            (Resident.id.in_(supervised_resident_ids(desk)), Who.SUPERVISOR.value),
            else_=Who.OTHER_COUNSELLOR.value,
        )
    if role is Role.INSTRUCTOR:
        return case((Resident.id.in_(taught_resident_ids(desk)), Who.INSTRUCTOR.value))
    if role is Role.RESIDENT:
        return case((and_(Resident.user_id.is_not(None), Resident.user_id == desk.actor.id), Who.RESIDENT.value))
    return None


def _relation(desk: Desk, resident_id: int) -> Who | None:
    answer = relation_column(desk)
    if answer is None:
        return Who(desk.actor.role.value)
    found = db.session.scalar(select(answer).select_from(Resident).where(Resident.id == resident_id, in_sight()))
    return Who(found) if found else None


def rights_of(desk: Desk, resident_id: int, part: Part) -> frozenset[Act]:
    """What the actor may do with this part of the resident's file."""
    who = relation_to(desk, resident_id)
    return RIGHTS[part][who] if who else frozenset()


def file_for(desk: Desk, resident_id: int, part: Part, act: Act = Act.READ) -> Resident:
    """The resident with all stays, if the actor may do this with this part of the file. Raises NotFound for everything
    else, so that nobody learns who lives here."""
    query = select(Resident).where(Resident.id == resident_id).options(joinedload(Resident.stays))
    answer = None if resident_id in desk.relations else relation_column(desk)
    row = db.session.execute(query if answer is None else query.add_columns(answer)).unique().one_or_none()
    if answer is not None:
        desk.relations[resident_id] = Who(row[1]) if row and row[1] and row[0].is_in_sight else None
    if row is None or act not in rights_of(desk, resident_id, part):
        raise NotFound("resident")
    found: Resident = row[0]
    return found


def parts_open(who: Who | None, act: Act = Act.READ) -> frozenset[Part]:
    """The parts of a file with which somebody in this relation to the resident may do this."""
    return frozenset(part for part in Part if who and act in RIGHTS[part][who])


def is_in_team(desk: Desk, resident_id: int) -> bool:
    """Whether the actor belongs to those who know a restricted resident by name."""
    return relation_to(desk, resident_id) in TEAM
