"""What leaves the house about a resident: to whom, and on what it stands. Where it stands on a consent, the consent is
asked in the moment of the act: not given, refused or taken back, the act is refused.

UU 27/2022 (PDP) art. 20: data are told on a consent, or on another ground that the law gives. Courts, police and the
protection of a child do not wait for a consent: those grounds are open here, each with its reason in writing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foyer.accounts.models import User
from foyer.audit.trail import Audited
from foyer.database import EncryptedText, HouseRow, Model, UtcDateTime, choice_column, db, utc_now
from foyer.errors import FoyerError
from foyer.records import flush
from foyer.residents.consent import Purpose
from foyer.residents.consenting import Standing, Verdict, verdict_of
from foyer.residents.models import Resident


class Basis(StrEnum):
    """On what it stands that something about a resident goes out of the house."""

    HEALTH = "health"  # consent: told to health services
    PARTNERS = "partners"  # consent: told to schools, training places, employers
    LEGAL_DUTY = "legal_duty"  # court, police, child protection
    PUBLIC_DUTY = "public_duty"  # the Dinas, Bapas, another authority in its task
    VITAL_INTEREST = "vital_interest"  # danger to life or limb
    IN_HOUSE = "in_house"  # it does not leave: the house's own archive


CONSENTED = {Basis.HEALTH: Purpose.HEALTH, Basis.PARTNERS: Purpose.PARTNERS}
TAKEN_BACK = frozenset({Standing.WITHDRAWN, Standing.REFUSED})


class Told(StrEnum):
    """What was given."""

    LETTER = "letter"
    COPY = "copy"


class Disclosure(Audited, HouseRow, Model):
    """That something about a resident was given to others. Never changed: whoever must stop a use that was taken back
    finds here whom to tell."""

    __tablename__ = "disclosures"
    __table_args__ = (Index("ix_disclosures_resident_id_made_at", "resident_id", "made_at"),)
    __audit_resident__ = "resident_id"
    __audit_hidden__ = frozenset({"receiver", "reason"})

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    told: Mapped[Told] = mapped_column(choice_column(Told))
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("issued_papers.id"), index=True)  # of a letter
    basis: Mapped[Basis] = mapped_column(choice_column(Basis))
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consents.id"))  # the answer that allowed it
    receiver: Mapped[str | None] = mapped_column(EncryptedText)
    reason: Mapped[str | None] = mapped_column(EncryptedText)  # of a ground that is no consent
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    made_by: Mapped[User | None] = relationship()


@dataclass(frozen=True)
class Release:
    """To whom something is given, on what that stands, and why where no consent is asked."""

    basis: Basis
    receiver: str = ""
    reason: str = ""


class BasisMissing(FoyerError):
    """What leaves the house stands on a consent or on another ground of the law: somebody has to say which."""


class BasisReasonMissing(FoyerError):
    """A ground that is no consent needs its reason."""


class ConsentMissing(FoyerError):
    """The consent on which this stands is not there; ``verdict`` says which, and where it stands."""

    def __init__(self, verdict: Verdict):
        super().__init__(verdict.purpose.value)
        self.verdict = verdict


def check_release(resident: Resident, release: Release | None, today: date) -> Verdict | None:
    """The verdict of the consent on which a release stands; None where it stands on another ground. Raises
    BasisMissing, BasisReasonMissing, ConsentMissing."""
    if release is None:
        raise BasisMissing
    purpose = CONSENTED.get(release.basis)
    if purpose is None:
        if not release.reason.strip():
            raise BasisReasonMissing
        return None
    verdict = verdict_of(resident, purpose, today)
    if not verdict.is_allowed:
        raise ConsentMissing(verdict)
    return verdict


def disclose(
    resident: Resident, release: Release, *, told: Told, paper_id: int | None, today: date, actor: User
) -> Disclosure:
    """Write down what leaves the house. Raises what ``check_release`` raises."""
    verdict = check_release(resident, release, today)
    row = Disclosure(
        residence_id=resident.residence_id,
        resident_id=resident.id,
        told=told,
        paper_id=paper_id,
        basis=release.basis,
        consent_id=verdict.consent.id if verdict and verdict.consent else None,
        receiver=release.receiver.strip() or None,
        reason=release.reason.strip() or None if verdict is None else None,
        made_by_id=actor.id,
    )
    db.session.add(row)
    flush()
    return row


def check_still(resident: Resident, paper_id: int, today: date) -> None:
    """A letter that was issued on a consent is not handed out again once the consent was taken back. Raises
    ConsentMissing."""
    row = db.session.scalar(select(Disclosure).where(Disclosure.paper_id == paper_id))
    purpose = CONSENTED.get(row.basis) if row else None
    if purpose is not None:
        verdict = verdict_of(resident, purpose, today)
        if verdict.standing in TAKEN_BACK:
            raise ConsentMissing(verdict)


def disclosures_of(resident_id: int) -> Sequence[Disclosure]:
    """Everything that left the house about a resident, newest first."""
    return db.session.scalars(
        select(Disclosure)
        .where(Disclosure.resident_id == resident_id)
        .order_by(Disclosure.made_at.desc(), Disclosure.id.desc())
    ).all()
