"""Two files that may be of one person, found in a house's residents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

from sqlalchemy import select

from foyer.caseload.desk import Desk
from foyer.database import db
from foyer.errors import FoyerError
from foyer.intake.likeness import Likeness, is_guessed, likeness_of, slips_of
from foyer.intake.models import DistinctPair
from foyer.names import sound_key
from foyer.records import flush, get_record
from foyer.residents.models import Resident, in_sight


class KnownToDiffer(FoyerError):
    """Somebody said already that these are two people."""


@dataclass(frozen=True)
class Suspects:
    """Two files, the older first, and how alike they are."""

    one: Resident
    other: Resident
    likeness: Likeness


def find_duplicates() -> list[Suspects]:
    """Pairs of files that may be one person, the surest first: the same name in any order of its parts; or a name that
    is alike or sounds alike, with the same birth date or one that looks like a slip of the pen. But for those of whom
    somebody said that they are two. Two queries."""
    residents = db.session.scalars(select(Resident).where(in_sight()).order_by(Resident.id)).all()
    said = {(row[0], row[1]) for row in db.session.execute(select(DistinctPair.resident_id, DistinctPair.other_id))}
    found = {}
    for one, other in _candidates(residents):
        likeness = likeness_of(one.full_name, one.born_on, None, other)
        if likeness is not None and likeness >= Likeness.NAME and (one.id, other.id) not in said:
            found[one.id, other.id] = Suspects(one, other, likeness)
    return sorted(found.values(), key=lambda pair: (-pair.likeness, pair.one.name_key, pair.one.id, pair.other.id))


def _candidates(residents: Sequence[Resident]) -> Iterator[tuple[Resident, Resident]]:
    """Pairs worth comparing, each once, the older file first: the same parts of the name or the same birth date; or a
    part that sounds the same, and birth dates of which one may be the other."""
    same: dict[object, list[Resident]] = defaultdict(list)
    sounds = {resident.id: set(sound_key(resident.name_key).split()) for resident in residents}
    for resident in residents:
        same[resident.born_on].append(resident)
        same[tuple(sorted(resident.name_key.split()))].append(resident)
    sure = (pair for heap in same.values() for pair in combinations(heap, 2))
    near = (pair for pair in _born_near(residents) if sounds[pair[0].id] & sounds[pair[1].id])
    seen: set[tuple[int, int]] = set()
    for one, other in chain(sure, near):
        if (one.id, other.id) not in seen:
            seen.add((one.id, other.id))
            yield one, other


def _born_near(residents: Sequence[Resident]) -> Iterator[tuple[Resident, Resident]]:
    """Pairs whose birth dates may be one. Each date is found by a few keys, so nobody is compared with the whole
    house; only whose date was guessed is compared with three years of it."""
    slips: dict[str, list[Resident]] = defaultdict(list)
    years: dict[int, list[Resident]] = defaultdict(list)
    for resident in residents:
        years[resident.born_on.year].append(resident)
        for key in set(slips_of(resident.born_on)):
            slips[key].append(resident)
    for heap in slips.values():
        yield from combinations(heap, 2)
    for one in (resident for resident in residents if is_guessed(resident.born_on)):
        for year in (one.born_on.year - 1, one.born_on.year, one.born_on.year + 1):
            for other in years[year]:
                if other.id != one.id:
                    yield (one, other) if one.id < other.id else (other, one)


def say_distinct(desk: Desk, one_id: int, other_id: int) -> None:
    """Somebody looked: these are two people, who are not shown as a pair again. Raises NotFound, KnownToDiffer."""
    low, high = sorted((get_record(Resident, one_id).id, get_record(Resident, other_id).id))
    known = select(DistinctPair.id).where(DistinctPair.resident_id == low, DistinctPair.other_id == high)
    if low == high or db.session.scalar(known) is not None:
        raise KnownToDiffer
    db.session.add(
        DistinctPair(residence_id=desk.residence.id, resident_id=low, other_id=high, said_by_id=desk.actor.id)
    )
    flush()
