"""The person and the stay: changing the facts, identity numbers, keep-apart pairs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from foyer.audit.services import record_read
from foyer.database import blind_index, db
from foyer.errors import FoyerError, expect_version
from foyer.names import name_key
from foyer.records import change_record, flush
from foyer.residences.models import Gender
from foyer.residents.models import KeepApart, NikState, Resident, Stay


class NikMalformed(FoyerError):
    """An identity number has sixteen digits."""


class NikTaken(FoyerError):
    """Another resident of the house has this identity number."""


class StayOrderWrong(FoyerError):
    """The leaving day must come after the arrival."""


class StaysOverlap(FoyerError):
    """The resident has another stay on some of these nights."""


class SamePerson(FoyerError):
    """A pair needs two residents."""


class PairExists(FoyerError):
    """These two are kept apart already."""


class NothingKeptApart(FoyerError):
    """A pair is kept apart in the room, in the class, or in both."""


def change_identity(resident: Resident, values: Mapping[str, Any], *, version: int | None) -> None:
    """Change who the resident is. Raises Stale."""
    name = str(values["full_name"]).strip()
    change_record(resident, {**values, "full_name": name, "name_key": name_key(name)}, version=version)


def set_nik(resident: Resident, nik: str, *, version: int | None) -> None:
    """Set or, with nothing, take back the identity number. Raises NikMalformed, NikTaken, Stale."""
    expect_version(resident, version)
    digits = re.sub(r"[\s.-]", "", nik)
    if not digits:
        change_record(resident, {"nik": None, "nik_digest": None, "nik_state": NikState.NONE_YET}, version=version)
        return
    if not re.fullmatch(r"\d{16}", digits):
        raise NikMalformed
    digest = blind_index(digits)
    same = select(Resident.id).where(Resident.nik_digest == digest, Resident.id != resident.id)
    if db.session.scalar(same) is not None:
        raise NikTaken
    change_record(resident, {"nik": digits, "nik_digest": digest, "nik_state": NikState.GIVEN}, version=version)


def nik_contradictions(resident: Resident) -> list[str]:
    """What an identity number says otherwise than the file: ``born_on``, ``gender``, ``length``. Warns, never blocks:
    numbers are permanent, even wrong ones."""
    nik = resident.nik
    if nik is None:
        return []
    if not re.fullmatch(r"\d{16}", nik):
        return ["length"]
    day = int(nik[6:8])
    found = []
    if (day % 40, int(nik[8:10]), int(nik[10:12])) != (
        resident.born_on.day,
        resident.born_on.month,
        resident.born_on.year % 100,
    ):
        found.append("born_on")
    if (Gender.FEMALE if day > 40 else Gender.MALE) is not resident.gender:
        found.append("gender")
    return found


def masked_nik(nik: str | None) -> str:
    """The last four digits only."""
    return "" if not nik else "•" * (len(nik) - 4) + nik[-4:]


def reveal_nik(resident: Resident) -> str | None:
    """The whole identity number, and a line in the trail that the actor read it."""
    record_read(resident, resident_id=resident.id)
    return resident.nik


def change_stay(stay: Stay, values: Mapping[str, Any], *, version: int | None) -> None:
    """Change the facts that the planner needs. Raises StayOrderWrong, StaysOverlap, Stale."""
    expect_version(stay, version)
    arrives_on, leaves_on = values.get("arrives_on", stay.arrives_on), values.get("leaves_on", stay.leaves_on)
    if arrives_on >= leaves_on:
        raise StayOrderWrong
    other = select(Stay.id).where(
        Stay.resident_id == stay.resident_id,
        Stay.id != stay.id,
        Stay.arrives_on < leaves_on,
        Stay.leaves_on > arrives_on,
    )
    if db.session.scalar(other) is not None:
        raise StaysOverlap
    change_record(stay, values, version=version)


def list_pairs() -> Sequence[KeepApart]:
    """The house's keep-apart pairs, by name."""
    pairs = db.session.scalars(
        select(KeepApart).options(joinedload(KeepApart.resident_a), joinedload(KeepApart.resident_b))
    ).all()
    return sorted(pairs, key=lambda pair: (pair.resident_a.name_key, pair.resident_b.name_key))


def add_pair(residence_id: int, resident_ids: tuple[int, int], values: Mapping[str, Any]) -> KeepApart:
    """Keep two residents apart. An ended pair is taken up again. Raises SamePerson, PairExists, NothingKeptApart."""
    low, high = sorted(resident_ids)
    if low == high:
        raise SamePerson
    _needs_something(values)
    pair = db.session.scalar(select(KeepApart).where(KeepApart.resident_a_id == low, KeepApart.resident_b_id == high))
    if pair is not None:
        raise PairExists
    pair = KeepApart(residence_id=residence_id, resident_a_id=low, resident_b_id=high, **values)
    db.session.add(pair)
    flush()
    return pair


def change_pair(pair: KeepApart, values: Mapping[str, Any], *, version: int | None) -> None:
    """Change where and until when two residents are kept apart. Raises NothingKeptApart, Stale."""
    _needs_something(values)
    change_record(pair, values, version=version)


def end_pair(pair: KeepApart, *, on: date, reason: str, version: int | None) -> None:
    """End keeping two residents apart: ``on`` is the last day; the reason joins the earlier one. Raises Stale."""
    reasons = [text for text in (pair.reason, reason.strip()) if text]
    change_record(pair, {"until_on": on, "reason": "\n".join(reasons) or None}, version=version)


def _needs_something(values: Mapping[str, Any]) -> None:
    if not (values.get("in_room") or values.get("in_class")):
        raise NothingKeptApart
