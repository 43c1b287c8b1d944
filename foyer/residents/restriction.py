"""Children who face the law, and the switch that keeps a resident's identity secret outside the team.

UU 11/2012 (SPPA) art. 19: the identity of a child in conflict with the law, a victim or a witness is secret. Recording
such a case turns the switch on by itself, and it cannot be turned off while the case is open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from foyer.accounts.models import User
from foyer.accounts.services import is_neutral, neutral_username
from foyer.audit.trail import Audited
from foyer.database import EncryptedChoice, EncryptedText, HouseRow, Model, Versioned, db
from foyer.errors import FoyerError
from foyer.records import change_record, flush
from foyer.residents.models import Resident
from foyer.residents.naming import name_for


class LegalRole(StrEnum):
    """How a child faces the law (UU 11/2012 art. 1: *anak yang berhadapan dengan hukum*)."""

    CONFLICT = "conflict"
    VICTIM = "victim"
    WITNESS = "witness"


class LegalStep(StrEnum):
    """Where the case stands."""

    POLICE = "police"
    PROSECUTION = "prosecution"
    DIVERSION = "diversion"
    COURT = "court"
    DECIDED = "decided"
    CLOSED = "closed"


class LegalCase(Versioned, Audited, HouseRow, Model):
    """A case in which a resident faces the law, with the officer of BAPAS who accompanies. All of it is encrypted."""

    __tablename__ = "legal_cases"
    __audit_resident__ = "resident_id"
    __audit_hidden__ = frozenset(
        {"role", "step", "officer", "officer_phone", "office", "reference", "terms", "note", "outcome"}
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    role: Mapped[LegalRole] = mapped_column(EncryptedChoice(LegalRole))
    step: Mapped[LegalStep] = mapped_column(EncryptedChoice(LegalStep))
    from_on: Mapped[date]
    officer: Mapped[str | None] = mapped_column(EncryptedText)
    officer_phone: Mapped[str | None] = mapped_column(EncryptedText)
    office: Mapped[str | None] = mapped_column(EncryptedText)
    reference: Mapped[str | None] = mapped_column(EncryptedText)
    terms: Mapped[str | None] = mapped_column(EncryptedText)  # of the diversion or the decision
    note: Mapped[str | None] = mapped_column(EncryptedText)
    closed_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(EncryptedText)


class CaseOpen(FoyerError):
    """The identity stays secret while a case is open."""


class ReasonMissing(FoyerError):
    """Turning the switch on or off needs a reason."""


class CaseClosed(FoyerError):
    """A closed case is kept as it was."""


def cases_of(resident_id: int) -> Sequence[LegalCase]:
    """The resident's cases, open ones first, newest first."""
    found = db.session.scalars(
        select(LegalCase).where(LegalCase.resident_id == resident_id).order_by(LegalCase.from_on.desc(), LegalCase.id)
    ).all()
    return sorted(found, key=lambda case: case.closed_on is not None)


def open_case(resident: Resident, values: Mapping[str, Any]) -> LegalCase:
    """Record that a resident faces the law; the identity becomes secret at once."""
    case = LegalCase(residence_id=resident.residence_id, resident_id=resident.id, **values)
    db.session.add(case)
    if not resident.is_restricted:
        resident.is_restricted = True
    flush()
    name_account(resident)
    return case


def change_case(case: LegalCase, values: Mapping[str, Any], *, version: int | None) -> None:
    """Change where a case stands. Raises CaseClosed, Stale."""
    if case.closed_on is not None:
        raise CaseClosed
    change_record(case, values, version=version)


def close_case(case: LegalCase, *, on: date, reason: str, version: int | None) -> None:
    """The case is over; ``reason``: how it ended. The identity stays secret until somebody decides otherwise. Raises
    CaseClosed, Stale."""
    if case.closed_on is not None:
        raise CaseClosed
    values = {"closed_on": on, "step": LegalStep.CLOSED, "outcome": reason.strip() or None}
    change_record(case, values, version=version)


def restrict(resident: Resident, *, reason: str, version: int | None) -> None:
    """Keep the identity secret outside the team from now on. Raises ReasonMissing, Stale."""
    _switch(resident, True, reason, version)


def lift_restriction(resident: Resident, *, reason: str, version: int | None) -> None:
    """Show the name to everybody who works with the resident again. Raises CaseOpen, ReasonMissing, Stale."""
    if any(case.closed_on is None for case in cases_of(resident.id)):
        raise CaseOpen
    _switch(resident, False, reason, version)


def _switch(resident: Resident, is_on: bool, reason: str, version: int | None) -> None:
    if not reason.strip():
        raise ReasonMissing
    change_record(resident, {"is_restricted": is_on, "restriction_reason": reason.strip()}, version=version)
    name_account(resident)


def name_account(resident: Resident) -> None:
    """Name the resident's account by what people outside the team may read: administrators are outside. To be called
    wherever somebody's identity becomes secret, or open again."""
    user = account_of(resident)
    if user is not None:
        change_record(user, account_names(resident, user))


def account_of(resident: Resident) -> User | None:
    """The resident's account, if there is one."""
    return db.session.get(User, resident.user_id) if resident.user_id else None


def account_names(resident: Resident, user: User) -> dict[str, str]:
    """How an account of the resident is called: by initials while the identity is secret, and from then on by a user
    name that is not made of the name. It stays when the identity is open again: the resident has learned it."""
    names = {"display_name": name_for(resident, False)}
    if resident.is_restricted and not is_neutral(user.username):
        names["username"] = neutral_username()
    return names
