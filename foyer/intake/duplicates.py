"""Two files that may be of one person, found in a house's residents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import select

from foyer.caseload.desk import Desk
from foyer.database import db
from foyer.errors import FoyerError
from foyer.intake.finding import Likeness, Wanted, likeness_of
from foyer.intake.models import DistinctPair
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
    """Pairs of files that may be one person, the surest first: the same name in any order of its parts, or the same
    birth date with a name that is alike; but for those of whom somebody said that they are two. Two queries."""
    residents = db.session.scalars(select(Resident).where(in_sight()).order_by(Resident.id)).all()
    said = {(row[0], row[1]) for row in db.session.execute(select(DistinctPair.resident_id, DistinctPair.other_id))}
    found = {}
    for one, other in _candidates(residents):
        likeness = likeness_of(Wanted(one.full_name, one.born_on), other)
        if likeness is not None and likeness >= Likeness.NAME and (one.id, other.id) not in said:
            found[one.id, other.id] = Suspects(one, other, likeness)
    return sorted(found.values(), key=lambda pair: (-pair.likeness, pair.one.name_key, pair.one.id, pair.other.id))


def _candidates(residents: Iterable[Resident]) -> Iterator[tuple[Resident, Resident]]:
    """Pairs worth comparing: born on the same day, or with the same parts of the name."""
    heaps: dict[object, list[Resident]] = defaultdict(list)
    for resident in residents:
        heaps[resident.born_on].append(resident)
        heaps[tuple(sorted(resident.name_key.split()))].append(resident)
    for heap in heaps.values():
        yield from combinations(heap, 2)


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
