"""The trail of one resident, read from the append-only entries of this house."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from sqlalchemy import Enum, Select, and_, func, or_, select
from sqlalchemy.orm import Mapper

from foyer.accounts.models import Role, User
from foyer.audit.models import AuditEntry
from foyer.audit.services import LOOKED_OVER
from foyer.audit.trail import HIDDEN
from foyer.caseload.desk import Desk
from foyer.caseload.rights import Part
from foyer.database import Base, db
from foyer.formatting import short_date
from foyer.history.fields import FIELDS, SAID_BY_THE_LINE, SILENT, STAFF_FIELDS
from foyer.history.subjects import OTHER_SUBJECT, OTHER_VERB, REPORTED, SUBJECTS, VERBS
from foyer.residences.models import Staff
from foyer.residents.models import Resident
from foyer.words import words

PAGE_SIZE = 50
VISITS_PAGE = 200  # acts
READING = ("read", "exported", LOOKED_OVER, "looked_for")  # whoever took a copy has read what is in it
_LONGEST = 120


@dataclass(frozen=True)
class Change:
    """One field: its label, and the old and new value as people read them (none: only that it changed)."""

    label: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Line:
    """One act: when, who, what with which record; ``others`` counts details without a name."""

    at: datetime
    who: str
    role: str
    verb: str
    subject: str
    changes: Sequence[Change] = ()
    others: int = 0


@dataclass
class Visit:
    """What somebody did with a file on a day: how often it was opened and which parts, and what else was done."""

    day: date
    who: str
    role: str
    house: str = ""  # where it was, if not here
    times: int = 0
    parts: list[str] = field(default_factory=list)
    deeds: list[str] = field(default_factory=list)


def trail_of(desk: Desk, resident: Resident, what: str, page: int) -> tuple[list[Line], int, int, int]:
    """A page of what was done with a file, newest first: ``what`` is ``changes``, ``reads`` or ``all``. Lines, how many
    in all, the page, how many pages. Three queries."""
    query = _entries(desk, resident, what)
    total = db.session.scalar(select(func.count()).select_from(query.with_only_columns(AuditEntry.id).subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, page), pages)
    rows = db.session.execute(
        query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    ).all()
    names = _staff_names(entry for entry, _name, _role in rows)
    zone = ZoneInfo(desk.residence.time_zone)
    secret = frozenset({"full_name"}) if resident.is_restricted else frozenset()
    return [_line(entry, name, role, names, zone, secret) for entry, name, role in rows], total, page, pages


def visits_of(
    desk: Desk, resident: Resident, page: int = 1, *, size: int = VISITS_PAGE, with_earlier: bool = False
) -> tuple[list[Visit], int, int, int]:
    """Who opened the file and who changed it, by day and person, newest first, as the resident reads it: no values, and
    not by whom something was reported. What the resident did is left out. Visits, how many acts in all, the page, how
    many pages of ``size`` acts. ``with_earlier``: in the houses where the resident lived before as well, for the
    resident's own eyes only. Two queries, and one for each of those houses."""
    actor = AuditEntry.actor_id
    earlier = _earlier_files(resident.id) if with_earlier else {}
    query = _entries(desk, resident, "all", list(earlier))
    query = query.where(or_(actor.is_(None), actor != resident.user_id)) if resident.user_id else query
    total = db.session.scalar(select(func.count()).select_from(query.with_only_columns(AuditEntry.id).subquery())) or 0
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    rows = db.session.execute(
        query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(size).offset((page - 1) * size)
    )
    zone = ZoneInfo(desk.residence.time_zone)
    found: dict[tuple[date, str, int | None], Visit] = {}
    for entry, name, role in rows:
        day, who, said = entry.at.astimezone(zone).date(), name or gettext("Foyer itself"), _role(role)
        if entry.subject_type in REPORTED and entry.verb not in READING:
            who, said = gettext("Somebody of the house"), ""
        house = earlier.get((entry.resident_id, entry.residence_id), "")
        key = (day, who, entry.actor_id if said else None)
        _count(found.setdefault(key, Visit(day, who, said, house=house)), entry)
    return list(found.values()), total, page, pages


def _count(visit: Visit, entry: AuditEntry) -> None:
    subject = _subject(entry.subject_type)
    if entry.verb == "read":
        visit.times += 1
        known, words_ = visit.parts, subject
    else:
        parts = [str(words(Part(each))) for each in ((entry.changes or {}).get("parts") or [None, []])[1]]
        told = f"{subject} ({', '.join(parts)})" if parts else subject
        known, words_ = visit.deeds, f"{VERBS.get(entry.verb, OTHER_VERB)}: {told}"
    if words_ not in known:
        known.append(words_)


def _earlier_files(resident_id: int) -> dict[tuple[int | None, int | None], str]:
    """The files that this one came from by transfer, as resident and house, with the house's name. Read past the scope
    of houses on purpose: they are the same person's."""
    arrivals, offers = Base.metadata.tables["transfer_arrivals"], Base.metadata.tables["transfer_offers"]
    found: dict[tuple[int | None, int | None], str] = {}
    ids = [resident_id]
    while ids:
        query = (
            select(offers.c.resident_id, offers.c.residence_id, arrivals.c.from_name)
            .join(arrivals, arrivals.c.offer_id == offers.c.id)
            .where(arrivals.c.resident_id.in_(ids))
        )
        before = {(who, house): name for who, house, name in db.session.execute(query) if (who, house) not in found}
        found |= before
        ids = [who for who, _house in before if who is not None]
    return found


def _entries(
    desk: Desk, resident: Resident, what: str, earlier: Sequence[tuple[int | None, int | None]] = ()
) -> Select[AuditEntry, str, Role]:
    query = (
        select(AuditEntry, User.display_name, User.role)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(
            or_(
                and_(AuditEntry.resident_id.in_(_joined_files(resident)), AuditEntry.residence_id == desk.residence.id),
                *(and_(AuditEntry.resident_id == who, AuditEntry.residence_id == house) for who, house in earlier),
            )
        )
    )
    if what == "reads":
        return query.where(AuditEntry.verb.in_(READING))
    return query.where(AuditEntry.verb.not_in(READING)) if what == "changes" else query


def _joined_files(resident: Resident) -> Select[int]:
    """The file and those that became one with it, as long as they are one: the trail is never rewritten, so what was
    done with the other file still names that one."""
    person: Any = Resident.__table__
    joined = select(person.c.id).where(person.c.id == resident.id).cte("joined_files", recursive=True)
    joined = joined.union(select(person.c.id).where(person.c.merged_into_id == joined.c.id))
    return select(joined.c.id)


def _line(
    entry: AuditEntry,
    name: str | None,
    role: Role | None,
    staff: dict[int, str],
    zone: ZoneInfo,
    secret: frozenset[str],
) -> Line:
    """``secret``: fields of which it is told that they changed, and no more: this page is printed too."""
    columns = _columns().get(entry.subject_type, {})
    changes, others = [], 0
    for key, (old, new) in entry.changes.items() if entry.changes else ():
        if key in SILENT | SAID_BY_THE_LINE or (key.endswith("_id") and key not in STAFF_FIELDS):
            continue
        label = FIELDS.get(key)
        if label is None:
            others += 1
        elif HIDDEN in (old, new) or key in secret:
            changes.append(Change(str(label), None, None))
        else:
            changes.append(Change(str(label), _shown(key, old, columns, staff), _shown(key, new, columns, staff)))
    return Line(
        entry.at.astimezone(zone),
        name or gettext("Foyer itself"),
        _role(role),
        str(VERBS.get(entry.verb, OTHER_VERB)),
        _subject(entry.subject_type),
        changes,
        others,
    )


def _shown(key: str, value: Any, columns: dict[str, Any], staff: dict[int, str]) -> str | None:
    """A value of the trail as a person reads it."""
    if value in (None, "", [], {}):
        return "–"
    if key in STAFF_FIELDS:
        return staff.get(int(value), "–")
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    kind: Any = getattr(columns.get(key), "enum_class", None)
    if kind is not None:
        return str(words(kind(value))) if value in {member.value for member in kind} else None
    if key == "parts":
        return ", ".join(str(words(Part(each))) for each in value)
    if isinstance(value, list | dict):
        return None
    if key in ("on", "stop_by") or key.endswith(("_on", "_at")):
        return short_date(datetime.fromisoformat(str(value)).date())
    text = str(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _staff_names(entries: Iterable[AuditEntry]) -> dict[int, str]:
    ids = {
        value
        for entry in entries
        for key, pair in (entry.changes or {}).items()
        if key in STAFF_FIELDS
        for value in pair
        if isinstance(value, int)
    }
    if not ids:
        return {}
    rows = db.session.execute(select(Staff.id, Staff.full_name).where(Staff.id.in_(ids)))
    return {id_: name for id_, name in rows}  # noqa: C416  rows are no pairs to dict()


def _columns() -> dict[str, dict[str, Enum]]:
    """The enumerations behind the columns of every model, by class and field."""
    if not _KNOWN:
        mapper: Mapper[Any]
        for mapper in Base.registry.mappers:
            for attribute in mapper.column_attrs:
                kind = attribute.columns[0].type
                if isinstance(kind, Enum):
                    _KNOWN[mapper.class_.__name__][attribute.key] = kind
    return _KNOWN


_KNOWN: dict[str, dict[str, Enum]] = defaultdict(dict)


def _subject(subject_type: str) -> str:
    return str(SUBJECTS.get(subject_type, OTHER_SUBJECT))


def _role(role: Role | None) -> str:
    return words(role) if role else ""
