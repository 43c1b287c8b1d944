"""Erasing a file: every word that could tell of the person goes, and what is counted stays.

Closed by default, as everything about a file: of every table that names the resident, or a stay of theirs, every column
of text, bytes and lists is emptied, unless ``_COUNTED`` names it. Days, kinds, levels and outcomes stay, because the
house's figures stand on them; without names they are nobody's. The rows are written past the ORM on purpose: the trail
must not keep as an old value what is erased. docs/decisions/0045.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Enum,
    LargeBinary,
    String,
    Table,
    and_,
    delete,
    func,
    literal,
    or_,
    select,
    union_all,
    update,
)

from foyer.database import Base, EncryptedBytes, EncryptedChoice, EncryptedJson, EncryptedText, db
from foyer.leaving.destruction_models import Destruction
from foyer.leaving.unadmitted import ids_before
from foyer.residents.models import Resident

NOBODY = "Berkas dimusnahkan"  # in the place of a name, in the language of the house's papers

# Columns of text that stay: codes that are counted, names of houses and of staff, the register's own numbers.
_COUNTED = frozenset(
    {
        "aftercare_contacts.answers",
        "assessment_scores.level",
        "attachments.media_type",
        "issued_papers.number_text",
        "issued_papers.signer",
        "legal_cases.role",
        "legal_cases.step",
        "outreach_contacts.area",
        "ppks_marks.code",
        "ppks_marks.list_name",
        "rapid_responses.signs",
        "stage_reviews.criteria",
        "stays.elsewhere",
        "transfer_arrivals.from_name",
        "transfer_offers.to_name",
        "transfer_offers.travelled",
    }
)
_OWN = frozenset({"residents", "destructions", "audit_entries"})  # done by themselves, or what stays
_JOURNAL = '{"steps": [], "left": []}'  # of a merge that has nothing left to take back

Counts = list[list[object]]


def erase(resident: Resident, row: Destruction, today: date) -> tuple[Counts, Counts]:
    """Empty everything about this resident; ``row`` stands at ``erasing``. Gives how many rows of which table were
    emptied, and how many were kept because they tell of other people as well."""
    connection = db.session.connection()
    ids = _people(connection, resident.id)
    emptied: list[tuple[Table, list[int]]] = []
    for table, of_them in _tables(ids):
        found = _ids(connection, table, of_them)
        if found:
            _empty(connection, table, found)
            emptied.append((table, found))
    others = _shared(connection, ids, emptied)
    account = resident.user_id
    _person(connection, ids)
    _account(connection, account)
    _referrals(connection, emptied, today)
    _drafts(connection, "/residents", ids)
    _trail(connection, ids, account, emptied, row.residence_id)
    db.session.expire_all()
    return [[table.name, len(found)] for table, found in emptied], others


def erase_unadmitted(residence_id: int, before: date, today: date) -> Counts:
    """Empty what is kept of people who were never taken in, closed before that day: referrals with everything that
    hangs on them, and outreach that belongs to none. Gives how many rows of which table were emptied."""
    connection = db.session.connection()
    tables = Base.metadata.tables
    referrals, contacts = ids_before(residence_id, before)
    emptied: list[tuple[Table, list[int]]] = []
    waiting = [(tables["referrals"], list(referrals)), (tables["outreach_contacts"], list(contacts))]
    while waiting:
        table, ids = waiting.pop(0)
        if not ids:
            continue
        _empty(connection, table, ids)
        emptied.append((table, ids))
        waiting += [(below, _ids(connection, below, column.in_(ids))) for below, column in _hanging_on(table)]
    _referrals(connection, emptied, today)
    _trail(connection, [], None, emptied, residence_id)
    db.session.expire_all()
    return [[table.name, len(ids)] for table, ids in emptied]


def _hanging_on(table: Table) -> Iterator[tuple[Table, Column[Any]]]:
    """What belongs to rows of this table and to nothing else that is kept."""
    for below in Base.metadata.sorted_tables:
        if below.name not in _OWN and below.name != table.name:
            yield from ((below, column) for column in below.columns if _points_to(column, table.name))


def _referrals(connection: Connection, emptied: list[tuple[Table, list[int]]], today: date) -> None:
    """Referrals that were emptied are nobody's from now on, in sight of nobody; what an act on many would need to be
    taken back, and what somebody typed and never sent, goes with them."""
    tables = Base.metadata.tables
    noted = tables["outreach_contacts"]
    for contacts in (ids for table, ids in emptied if table is noted):
        connection.execute(update(noted).where(noted.c.id.in_(contacts)).values(note=None))
    ids = [each for table, found in emptied if table.name == "referrals" for each in found]
    if not ids:
        return
    table = tables["referrals"]
    values = {"full_name": NOBODY, "nik": None, "kept_because": None, "destroyed_on": today}
    connection.execute(update(table).where(table.c.id.in_(ids)).values(**values))
    _years_only(connection, table, ids)
    _acts(connection, ids)
    _drafts(connection, "/referrals", ids)


def _years_only(connection: Connection, table: Table, ids: list[int]) -> None:
    """Birthdays become the first of January of their year."""
    born = select(table.c.id, table.c.born_on).where(table.c.id.in_(ids), table.c.born_on.is_not(None))
    for id_, day in connection.execute(born).all():
        connection.execute(update(table).where(table.c.id == id_).values(born_on=day.replace(month=1, day=1)))


def _acts(connection: Connection, ids: list[int]) -> None:
    """Acts on many referrals forget these."""
    acts, gone = Base.metadata.tables["together_acts"], {str(each) for each in ids}
    for id_, kept, rows in connection.execute(
        select(acts.c.id, acts.c.kept, acts.c.row_ids).where(acts.c.kept.is_not(None))
    ).all():
        if gone & set(kept):
            left = {key: value for key, value in kept.items() if key not in gone}
            values = {"kept": left, "row_ids": [each for each in rows if str(each) not in gone]}
            connection.execute(update(acts).where(acts.c.id == id_).values(**values))


def _people(connection: Connection, resident_id: int) -> list[int]:
    """The file and those that were merged into it."""
    people = Base.metadata.tables["residents"]
    query = select(people.c.id).where(or_(people.c.id == resident_id, people.c.merged_into_id == resident_id))
    return list(connection.scalars(query))


def _tables(ids: list[int]) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Every table that names one of these people, or a stay of theirs and nobody, and which of its rows do."""
    stays = Base.metadata.tables["stays"]
    theirs = select(stays.c.id).where(stays.c.resident_id.in_(ids))
    for table in Base.metadata.sorted_tables:
        if table.name in _OWN:
            continue
        named = [column for column in table.columns if _points_to(column, "residents")]
        staying = [column for column in table.columns if _points_to(column, "stays")]
        if named:
            yield table, or_(*(column.in_(ids) for column in named))
        elif staying:
            yield table, or_(*(column.in_(theirs) for column in staying))


def _points_to(column: Column[Any], table: str) -> bool:
    return any(key.column.table.name == table for key in column.foreign_keys)


def _ids(connection: Connection, table: Table, which: ColumnElement[bool]) -> list[int]:
    return list(connection.scalars(select(table.c.id).where(which))) if "id" in table.c else []


def _empty(connection: Connection, table: Table, ids: Iterable[int]) -> None:
    """Empty every personal column of these rows, each only where it says something, so that a row keeps its shape."""
    for column in table.columns:
        if not _is_words(column):
            continue
        where = and_(table.c.id.in_(list(ids)), column.is_not(None))
        connection.execute(update(table).where(where).values({column: _nothing(column)}))


def _is_words(column: Column[Any]) -> bool:
    if f"{column.table.name}.{column.name}" in _COUNTED or isinstance(column.type, Enum) or column.foreign_keys:
        return False
    kinds = (EncryptedText, EncryptedBytes, EncryptedChoice, EncryptedJson, String, JSON, LargeBinary)
    return isinstance(column.type, kinds)


def _nothing(column: Column[Any]) -> Any:
    if column.name == "moved":
        return _JOURNAL
    if isinstance(column.type, EncryptedChoice) or (column.name.endswith("digest") and column.nullable):
        return None
    if isinstance(column.type, EncryptedBytes | LargeBinary):
        return b""
    return [] if isinstance(column.type, JSON | EncryptedJson) else ""


def _shared(connection: Connection, ids: list[int], emptied: list[tuple[Table, list[int]]]) -> Counts:
    """What tells of several people: an incident of which nobody is left is emptied, any other stays; so do notes on
    whole groups, which name nobody as whose they are."""
    tables = Base.metadata.tables
    incidents, people, residents = tables["incidents"], tables["incident_people"], tables["residents"]
    theirs = set(connection.scalars(select(people.c.incident_id).where(people.c.resident_id.in_(ids))))
    with_others = set(
        connection.scalars(
            select(people.c.incident_id)
            .join(residents, residents.c.id == people.c.resident_id)
            .where(
                people.c.incident_id.in_(theirs), people.c.resident_id.not_in(ids), residents.c.destroyed_on.is_(None)
            )
        )
    )
    alone = sorted(theirs - with_others)
    below = [
        (table, column)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if _points_to(column, "incidents")
    ]
    for table, key in [(incidents, incidents.c.id), *below]:
        found = _ids(connection, table, key.in_(alone))
        if found:
            _empty(connection, table, found)
            emptied.append((table, found))
    return [["incidents", len(with_others)]] if with_others else []


def _person(connection: Connection, ids: list[int]) -> None:
    people = Base.metadata.tables["residents"]
    values: dict[str, Any] = {
        column.name: _nothing(column) for column in people.columns if _is_words(column) and column.name != "nik"
    }
    values |= {"nik": None, "nik_state": "none_yet", "full_name": NOBODY, "user_id": None}
    connection.execute(update(people).where(people.c.id.in_(ids)).values(**values))
    _years_only(connection, people, ids)


def _account(connection: Connection, user_id: int | None) -> None:
    """The resident's own account is closed for good, and nobody's."""
    if user_id is None:
        return
    users = Base.metadata.tables["users"]
    values = {
        "username": f"dimusnahkan-{user_id}",
        "display_name": NOBODY,
        "password_hash": None,
        "is_enabled": False,
        "session_stamp": secrets.token_hex(16),
        "calendar_token_digest": None,
    }
    connection.execute(update(users).where(users.c.id == user_id).values(**values))


def _drafts(connection: Connection, place: str, ids: list[int]) -> None:
    """What somebody typed about the person and never sent."""
    forms = Base.metadata.tables["unsent_forms"]
    about = or_(*(forms.c.address.like(f"{place}/{each}/%") for each in ids))
    connection.execute(delete(forms).where(about))


def _trail(
    connection: Connection,
    ids: list[int],
    account: int | None,
    emptied: list[tuple[Table, list[int]]],
    residence_id: int,
) -> None:
    """The trail keeps who did what and when; what a field said before and after goes."""
    entries = Base.metadata.tables["audit_entries"]
    kinds = {mapper.local_table.description: mapper.class_.__name__ for mapper in Base.registry.mappers}
    about = [entries.c.resident_id.in_(ids), _subject(entries, "Resident", ids)]
    about += [_subject(entries, kinds[table.name], found) for table, found in emptied if table.name in kinds]
    if account is not None:
        about.append(_subject(entries, "User", [account]))
    connection.execute(update(entries).where(entries.c.residence_id == residence_id, or_(*about)).values(changes={}))


def _subject(entries: Any, kind: str, ids: list[int]) -> ColumnElement[bool]:
    return and_(entries.c.subject_type == kind, entries.c.subject_id.in_(ids))


def count_rows(resident_id: int) -> Counts:
    """How many rows of which table erasing would empty, for whoever decides. Two queries."""
    connection = db.session.connection()
    ids = _people(connection, resident_id)
    counts = [
        select(literal(table.name), func.count()).select_from(table).where(which)
        for table, which in _tables(ids)
        if "id" in table.c
    ]
    return [[name, count] for name, count in connection.execute(union_all(*counts)) if count]
