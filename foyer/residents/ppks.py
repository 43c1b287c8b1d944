"""Kinds of PPKS (who needs social welfare services): a code list with versions, and what is proposed and verified about
one resident. Seen by few, never printed on anything that the resident carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from foyer.accounts.models import User
from foyer.audit.trail import Audited
from foyer.database import EncryptedText, HouseRow, Model, UtcDateTime, Versioned, choice_column, db, utc_now
from foyer.errors import FoyerError, Stale
from foyer.names import name_key
from foyer.records import change_record, flush
from foyer.residents.models import Resident, in_sight

# Peraturan Menteri Sosial 5/2019: twenty-six kinds. A later regulation becomes another list, which a house writes down
# on a page; what was recorded under this one keeps its code and its list.
FIRST_KINDS = (
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
)
FIRST_LIST = "5/2019"
FIRST_SOURCE = "Permensos 5/2019"


class PpksState(StrEnum):
    """Proposed by one person, verified by another, ended when it no longer holds."""

    PROPOSED = "proposed"
    VERIFIED = "verified"
    ENDED = "ended"


class PpksList(Audited, HouseRow, Model):
    """A version of the code list that the house wrote down after a new regulation, in force from its first day until
    the next one's. ``kinds``: code and name of each, in their order; what a version no longer has has ended with it. It
    is never changed or deleted: marks keep the version under which they were made."""

    __tablename__ = "ppks_lists"
    __table_args__ = (UniqueConstraint("residence_id", "name"), UniqueConstraint("residence_id", "from_on"))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))  # as marks carry it, for instance 5/2019
    source: Mapped[str] = mapped_column(String(300))
    from_on: Mapped[date]
    kinds: Mapped[list[list[str]]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

    made_by: Mapped[User] = relationship()


@dataclass(frozen=True)
class ListVersion:
    """A version of the list as pages show it. ``kinds``: the house's own name by code, "" where it is the one that
    Foyer has words for; ``from_on``: its first day, None for the list that Foyer came with; ``row``: None for that."""

    name: str
    source: str
    from_on: date | None
    kinds: Mapping[str, str]
    row: PpksList | None = None


class PpksMark(Versioned, Audited, HouseRow, Model):
    """One kind of PPKS of one resident, from a day on, with who says so. A resident may have several."""

    __tablename__ = "ppks_marks"
    __table_args__ = (
        CheckConstraint("verified_by_id IS NULL OR verified_by_id <> proposed_by_id", name="two_people"),
        CheckConstraint("ended_on IS NULL OR ended_on >= from_on", name="order"),
    )
    __audit_resident__ = "resident_id"
    __audit_hidden__ = frozenset({"code", "name", "source", "verified_source", "end_reason"})

    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    list_name: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(EncryptedText)
    name: Mapped[str | None] = mapped_column(EncryptedText)  # of a kind that the house named itself, as it was then
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


class NameTaken(FoyerError):
    """Another version of the list has this name, or two kinds have the same."""


class NotLater(FoyerError):
    """A new version begins after the one before it."""


class NothingChanged(FoyerError):
    """The new version has the same kinds by the same names."""


FIRST = ListVersion(FIRST_LIST, FIRST_SOURCE, None, dict.fromkeys(FIRST_KINDS, ""))


def list_versions() -> list[ListVersion]:
    """Every version of the house's list, the first one first. One query."""
    rows = db.session.scalars(select(PpksList).options(joinedload(PpksList.made_by)).order_by(PpksList.from_on))
    return [FIRST, *(ListVersion(row.name, row.source, row.from_on, dict(row.kinds), row) for row in rows)]


def list_in_force(today: date, versions: Sequence[ListVersion] | None = None) -> ListVersion:
    """The version that new marks are made under. One query, or none."""
    known = list_versions() if versions is None else versions
    return [one for one in known if one.from_on is None or one.from_on <= today][-1]


def add_version(
    residence_id: int,
    *,
    name: str,
    source: str,
    from_on: date,
    renamed: Mapping[str, str],
    added: Sequence[str],
    seen: int | None,
    actor: User,
) -> PpksList:
    """Write down a new version, made from the last one. ``renamed``: the name of each kind that stays, by code, "" for
    the words that Foyer has; a code that is left out ends. ``added``: names of new kinds. ``seen``: how many versions
    the writer saw. Raises Stale, SourceMissing, NameTaken, NotLater, UnknownKind, NothingChanged."""
    versions = list_versions()
    last = versions[-1]
    if seen is not None and seen != len(versions):
        raise Stale(PpksList.__name__)
    if not (name.strip() and source.strip()):
        raise SourceMissing
    if any(one.name == name.strip() for one in versions):
        raise NameTaken
    if last.from_on is not None and from_on <= last.from_on:
        raise NotLater
    if unknown := set(renamed) - set(last.kinds):
        raise UnknownKind(", ".join(sorted(unknown)))
    kinds = {code: renamed[code].strip() for code in last.kinds if code in renamed}
    for words in added:
        code = f"own:{name_key(words)}"  # the same name is the same kind, in other houses as well
        if code in kinds:
            raise NameTaken
        kinds[code] = words.strip()
    if kinds == dict(last.kinds):
        raise NothingChanged
    row = PpksList(
        residence_id=residence_id,
        name=name.strip(),
        source=source.strip(),
        from_on=from_on,
        kinds=[list(pair) for pair in kinds.items()],
        made_at=utc_now(),
        made_by_id=actor.id,
    )
    db.session.add(row)
    flush()
    return row


def marks_on_ended_kinds(in_force: ListVersion) -> list[tuple[PpksMark, Resident]]:
    """What still stands on a kind that the list in force no longer has, by name of the resident. One query: kinds are
    encrypted, so that they are looked through here."""
    rows = db.session.execute(
        select(PpksMark, Resident)
        .join(Resident, Resident.id == PpksMark.resident_id)
        .where(PpksMark.state != PpksState.ENDED, in_sight())
        .order_by(Resident.name_key, PpksMark.id)
    )
    return [(mark, resident) for mark, resident in rows if mark.code not in in_force.kinds]


def marks_of(resident_id: int) -> Sequence[PpksMark]:
    """The kinds of a resident, those that hold first, then by day."""
    found = db.session.scalars(select(PpksMark).where(PpksMark.resident_id == resident_id)).all()
    return sorted(found, key=lambda mark: (mark.state is PpksState.ENDED, mark.from_on, mark.id))


def propose_kind(resident: Resident, code: str, *, from_on: date, source: str, actor: User, today: date) -> PpksMark:
    """Propose a kind of the list in force ``today``. Raises UnknownKind, SourceMissing, KindStands."""
    in_force = list_in_force(today)
    if code not in in_force.kinds:
        raise UnknownKind(code)
    if not source.strip():
        raise SourceMissing
    if any(mark.code == code and mark.state is not PpksState.ENDED for mark in marks_of(resident.id)):
        raise KindStands
    mark = PpksMark(
        residence_id=resident.residence_id,
        resident_id=resident.id,
        list_name=in_force.name,
        code=code,
        name=in_force.kinds[code] or None,
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
