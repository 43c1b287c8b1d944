"""Search before create: who is known already, before anybody gets a second file.

Names are compared by their parts in any order and by their sound, identity numbers by their digest. A restricted person
is never found by whoever does not belong to the team (UU 11/2012 on juvenile justice, art. 19); only an equal identity
number, or an equal name with an equal birth date, is answered by "there is a file that you may not see", which says
nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from foyer.caseload.desk import Desk
from foyer.caseload.mine import own_resident_ids, supervised_resident_ids
from foyer.database import blind_index, db
from foyer.errors import FoyerError
from foyer.intake.likeness import Likeness, likeness_of, sound_alike
from foyer.intake.models import Referral, ReferralState
from foyer.intake.queries import is_mine
from foyer.names import name_key
from foyer.residents.models import Resident, in_sight

MOST = 12  # people shown; more are no help
_STEM = 3  # letters of a name's part that the database looks for; the rest is compared here


@dataclass(frozen=True)
class Wanted:
    """Whom somebody asks for. ``digest``: of the identity number."""

    name: str
    born_on: date | None = None
    digest: str | None = None

    @property
    def key(self) -> str:
        return name_key(self.name)

    def likeness_of(self, known: Any) -> Likeness | None:
        """How alike somebody known is; None: not."""
        return likeness_of(self.name, self.born_on, self.digest, known)


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
    queries for residents and one for their names, as many for referrals."""
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
        likeness = wanted.likeness_of(resident)
        if likeness is not None:
            found.append((Hit(likeness, bool(is_own), resident=resident), resident.is_restricted and not is_own))
    return found


def _referrals(desk: Desk, wanted: Wanted) -> list[tuple[Hit, bool]]:
    """Referrals that are no residents: whoever is one is found by the file."""
    query = (
        _likely(select(Referral, is_mine(desk)), Referral, wanted)
        .where(
            Referral.resident_id.is_(None), Referral.state != ReferralState.ADMITTED, Referral.destroyed_on.is_(None)
        )
        .options(joinedload(Referral.agency), joinedload(Referral.responsible))
    )
    found = []
    for referral, is_own in db.session.execute(query):
        likeness = wanted.likeness_of(referral)
        if likeness is not None:
            found.append((Hit(likeness, bool(is_own), referral=referral), referral.is_restricted and not is_own))
    return found


def _likely(query: Select, model: Any, wanted: Wanted) -> Select:
    """Whom the comparison looks at: the same number, the same birth date, a name with the beginning of a part, or one
    that sounds the same however it is written. One query, for the names of the house."""
    conditions = [
        model.name_key.contains(part[:_STEM], autoescape=True) for part in wanted.key.split() if len(part) > 1
    ]
    if wanted.born_on is not None:
        conditions.append(model.born_on == wanted.born_on)
    if wanted.digest is not None:
        conditions.append(model.nik_digest == wanted.digest)
    names = db.session.execute(select(model.id, model.name_key)) if wanted.key else ()
    sounding = [id_ for id_, key in names if sound_alike(wanted.key, key)]
    if sounding:
        conditions.append(model.id.in_(sounding))
    return query.where(or_(*conditions) if conditions else model.id.is_(None))
