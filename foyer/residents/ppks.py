"""Kinds of PPKS (who needs social welfare services): a code list with versions, and what is proposed and verified about
one resident. Seen by few, never printed on anything that the resident carries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from foyer.accounts.models import User
from foyer.audit.trail import Audited
from foyer.database import EncryptedText, HouseRow, Model, Versioned, choice_column, db
from foyer.errors import FoyerError
from foyer.records import change_record, flush
from foyer.residents.models import Resident

LISTS: dict[str, tuple[str, ...]] = {
    # Peraturan Menteri Sosial 5/2019: twenty-six kinds. A later regulation becomes another list; what was recorded
    # under this one keeps its code and its list.
    "5/2019": (
        "neglected_infant",
        "neglected_child",
        "child_facing_law",
        "street_child",
        "child_with_disability",
        "child_victim_of_violence",
        "child_special_protection",
        "neglected_elder",
        "person_with_disability",
        "sex_work",
        "homeless",
        "begging",
        "scavenging",
        "minority",
        "former_prisoner",
        "living_with_hiv",
        "drug_victim",
        "trafficking_victim",
        "violence_victim",
        "migrant_in_trouble",
        "natural_disaster_victim",
        "social_disaster_victim",
        "woman_at_economic_risk",
        "poor",
        "family_in_trouble",
        "remote_community",
    ),
}
CURRENT_LIST = "5/2019"


class PpksState(StrEnum):
    """Proposed by one person, verified by another, ended when it no longer holds."""

    PROPOSED = "proposed"
    VERIFIED = "verified"
    ENDED = "ended"


class PpksMark(Versioned, Audited, HouseRow, Model):
    """One kind of PPKS of one resident, from a day on, with who says so. A resident may have several."""

    __tablename__ = "ppks_marks"
    __table_args__ = (
        CheckConstraint("verified_by_id IS NULL OR verified_by_id <> proposed_by_id", name="two_people"),
        CheckConstraint("ended_on IS NULL OR ended_on >= from_on", name="order"),
    )
    __audit_resident__ = "resident_id"
    __audit_hidden__ = frozenset({"code", "source", "verified_source", "end_reason"})

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    list_name: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(EncryptedText)
    from_on: Mapped[date]
    source: Mapped[str] = mapped_column(EncryptedText)
    state: Mapped[PpksState] = mapped_column(choice_column(PpksState), default=PpksState.PROPOSED)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    verified_on: Mapped[date | None]
    verified_source: Mapped[str | None] = mapped_column(EncryptedText)
    ended_on: Mapped[date | None]
    end_reason: Mapped[str | None] = mapped_column(EncryptedText)


class UnknownKind(FoyerError):
    """This code is not in the list in force."""


class KindStands(FoyerError):
    """This kind is proposed or verified already."""


class SourceMissing(FoyerError):
    """A kind needs a source: who says so, or which letter."""


class SelfVerified(FoyerError):
    """Whoever proposed a kind may not verify it."""


class NotProposed(FoyerError):
    """Only what is proposed can be verified."""


class MarkEnded(FoyerError):
    """This kind has ended already."""


class EndBeforeStart(FoyerError):
    """A kind cannot end before it began."""


def marks_of(resident_id: int) -> Sequence[PpksMark]:
    """The kinds of a resident, those that hold first, then by day."""
    found = db.session.scalars(select(PpksMark).where(PpksMark.resident_id == resident_id)).all()
    return sorted(found, key=lambda mark: (mark.state is PpksState.ENDED, mark.from_on, mark.id))


def propose_kind(resident: Resident, code: str, *, from_on: date, source: str, actor: User) -> PpksMark:
    """Propose a kind of the list in force. Raises UnknownKind, SourceMissing, KindStands."""
    if code not in LISTS[CURRENT_LIST]:
        raise UnknownKind(code)
    if not source.strip():
        raise SourceMissing
    if any(mark.code == code and mark.state is not PpksState.ENDED for mark in marks_of(resident.id)):
        raise KindStands
    mark = PpksMark(
        residence_id=resident.residence_id,
        resident_id=resident.id,
        list_name=CURRENT_LIST,
        code=code,
        from_on=from_on,
        source=source.strip(),
        proposed_by_id=actor.id,
    )
    db.session.add(mark)
    flush()
    return mark


def verify_kind(mark: PpksMark, *, on: date, source: str, actor: User, version: int | None) -> None:
    """A second person confirms what was proposed. Raises NotProposed, SelfVerified, SourceMissing, Stale."""
    if mark.state is not PpksState.PROPOSED:
        raise NotProposed
    if mark.proposed_by_id == actor.id:
        raise SelfVerified
    if not source.strip():
        raise SourceMissing
    values = {
        "state": PpksState.VERIFIED,
        "verified_by_id": actor.id,
        "verified_on": on,
        "verified_source": source.strip(),
    }
    change_record(mark, values, version=version)


def end_kind(mark: PpksMark, *, on: date, reason: str, version: int | None) -> None:
    """Say that a kind no longer holds, and why. Raises MarkEnded, EndBeforeStart, SourceMissing, Stale."""
    if mark.state is PpksState.ENDED:
        raise MarkEnded
    if on < mark.from_on:
        raise EndBeforeStart
    if not reason.strip():
        raise SourceMissing
    values = {"state": PpksState.ENDED, "ended_on": on, "end_reason": reason.strip()}
    change_record(mark, values, version=version)
