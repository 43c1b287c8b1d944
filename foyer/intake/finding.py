"""Search before create: who is known already, before anybody gets a second file.

Names are compared by their parts in any order, identity numbers by their digest. A restricted person is never found by
whoever does not belong to the team (UU 11/2012 on juvenile justice, art. 19); only an equal identity number, or
an equal name with an equal birth date, is answered by "there is a file that you may not see", which says nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from enum import IntEnum
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from foyer.caseload.desk import Desk
from foyer.caseload.mine import own_resident_ids, supervised_resident_ids
from foyer.database import blind_index, db
from foyer.errors import FoyerError
from foyer.intake.models import Referral, ReferralState
from foyer.intake.queries import is_mine
from foyer.names import name_key
from foyer.residents.models import Resident, in_sight

MOST = 12  # people shown; more are no help
ALIKE = 0.82  # of two names' letters: Muhamad Rizki and Muhammad Rizky
_STEM = 3  # letters of a name's part that the database looks for; the rest is compared here


class Likeness(IntEnum):
    """How sure it is that somebody is the person who was asked for; more is surer."""

    PART_OF_NAME = 1
    NAME = 2  # the same name, or nearly; no or another birth date
    BIRTH_AND_NAME = 3  # the same birth date, and a name that is alike
    EQUAL = 4  # the same name and birth date
    NIK = 5


@dataclass(frozen=True)
class Wanted:
    """Whom somebody asks for. ``digest``: of the identity number."""

    name: str
    born_on: date | None = None
    digest: str | None = None

    @property
    def key(self) -> str:
        return name_key(self.name)


@dataclass(frozen=True)
class Hit:
    """Somebody known: a resident or a referral that is not (yet) a resident. ``is_open``: the asker may open it."""

    likeness: Likeness
    is_open: bool
    resident: Resident | None = None
    referral: Referral | None = None

    @property
    def key(self) -> str:
        """What a form carries for it: r12 is a resident, f3 a referral."""
        return f"r{self.resident.id}" if self.resident else f"f{self.referral.id if self.referral else 0}"

    @property
    def who(self) -> Resident | Referral:
        found = self.resident or self.referral
        assert found is not None
        return found


@dataclass(frozen=True)
class Found:
    """What a search answers. ``closed``: residents and referrals that equal what was asked for and that the asker may
    not see; a page says only that there is something."""

    hits: Sequence[Hit] = ()
    closed: Sequence[Any] = field(default_factory=tuple)

    @property
    def keys(self) -> list[str]:
        return sorted(hit.key for hit in self.hits)


class LookFirst(FoyerError):
    """Somebody who may be the same person is known, and the actor has not looked at them yet."""


class FileClosed(FoyerError):
    """There is a file of this person that the actor may not see; the manager decides."""


def digest_of(nik: str | None) -> str | None:
    """The digest of an identity number as typed; None for nothing."""
    digits = re.sub(r"\D", "", nik or "")
    return blind_index(digits) if digits else None


def search(desk: Desk, wanted: Wanted, *, but: Iterable[str] = ()) -> Found:
    """Everybody who may be the person, the likeliest first; ``but``: keys to leave out (of what is being edited). Two
    queries for residents, two for referrals."""
    left_out = set(but)
    hits, closed = [], []
    for hit, is_hidden in (*_residents(desk, wanted), *_referrals(desk, wanted)):
        if hit.key in left_out:
            continue
        if not is_hidden:
            hits.append(hit)
        elif hit.likeness >= Likeness.EQUAL:
            closed.append(hit.who)
    hits.sort(key=lambda hit: (-hit.likeness, hit.who.name_key, hit.key))
    return Found(hits[:MOST], tuple(closed))


def expect_new(desk: Desk, wanted: Wanted, seen: Iterable[str], *, but: Iterable[str] = ()) -> None:
    """Refuse what would make a second file: raises FileClosed where there is one that the actor may not see, LookFirst
    where somebody like this was not shown to the actor (``seen``: the keys that were)."""
    found = search(desk, wanted, but=but)
    if found.closed:
        raise FileClosed
    if set(found.keys) - set(seen):
        raise LookFirst


def _residents(desk: Desk, wanted: Wanted) -> list[tuple[Hit, bool]]:
    team = or_(Resident.id.in_(own_resident_ids(desk)), Resident.id.in_(supervised_resident_ids(desk)))
    query = _likely(select(Resident, team), Resident, wanted).where(in_sight()).options(selectinload(Resident.stays))
    found = []
    for resident, is_own in db.session.execute(query):
        likeness = likeness_of(wanted, resident)
        if likeness is not None:
            found.append((Hit(likeness, bool(is_own), resident=resident), resident.is_restricted and not is_own))
    return found


def _referrals(desk: Desk, wanted: Wanted) -> list[tuple[Hit, bool]]:
    """Referrals that are no residents: whoever is one is found by the file."""
    query = (
        _likely(select(Referral, is_mine(desk)), Referral, wanted)
        .where(Referral.resident_id.is_(None), Referral.state != ReferralState.ADMITTED)
        .options(joinedload(Referral.agency), joinedload(Referral.responsible))
    )
    found = []
    for referral, is_own in db.session.execute(query):
        likeness = likeness_of(wanted, referral)
        if likeness is not None:
            found.append((Hit(likeness, bool(is_own), referral=referral), referral.is_restricted and not is_own))
    return found


def _likely(query: Select, model: Any, wanted: Wanted) -> Select:
    """Whom the comparison looks at: the same number, the same birth date, or a name with the beginning of a part."""
    conditions = [
        model.name_key.contains(part[:_STEM], autoescape=True) for part in wanted.key.split() if len(part) > 1
    ]
    if wanted.born_on is not None:
        conditions.append(model.born_on == wanted.born_on)
    if wanted.digest is not None:
        conditions.append(model.nik_digest == wanted.digest)
    return query.where(or_(*conditions) if conditions else model.id.is_(None))


def likeness_of(wanted: Wanted, known: Any) -> Likeness | None:
    """How alike somebody known (with ``name_key``, ``born_on``, ``nik_digest``) is to whom one asks for; None: not."""
    if wanted.digest is not None and known.nik_digest == wanted.digest:
        return Likeness.NIK
    same_day = wanted.born_on is not None and known.born_on == wanted.born_on
    mine, theirs = wanted.key.split(), known.name_key.split()
    if mine and sorted(mine) == sorted(theirs):
        return Likeness.EQUAL if same_day else Likeness.NAME
    if are_alike(wanted.key, known.name_key):
        return Likeness.BIRTH_AND_NAME if same_day else Likeness.NAME
    shares_part = any(part in theirs for part in mine if len(part) >= _STEM)
    if same_day and shares_part:
        return Likeness.BIRTH_AND_NAME
    starts = all(any(other.startswith(part) for other in theirs) for part in mine)
    return Likeness.PART_OF_NAME if mine and starts else None


def are_alike(one: str, other: str) -> bool:
    """Whether two folded names read nearly the same, their parts in any order."""
    left, right = " ".join(sorted(one.split())), " ".join(sorted(other.split()))
    if not left or not right or abs(len(left) - len(right)) > max(len(left), len(right)) // 3:
        return False
    return SequenceMatcher(None, left, right).ratio() >= ALIKE
