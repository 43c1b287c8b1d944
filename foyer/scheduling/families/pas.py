"""Patient admission scheduling: the public instances of Demeester, Souffriau, De Causmaecker and Vanden Berghe (2010,
Artificial Intelligence in Medicine 48:61-70). Nobody is transferred during a stay: one room per patient.

What a room lacks becomes features wished for; a room where the genders of one night should not mix is open to both at a
price. Points are tenths, since the published weights have one decimal. ``evaluate`` counts by the published rules from
the file's own data, apart from ``foyer.scheduling.score``.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from itertools import groupby

from foyer.scheduling.families import FamilyFileError, Value
from foyer.scheduling.families.pas_file import FILE_GENDERS, Department, Instance, Patient, Room, read
from foyer.scheduling.plan import Plan
from foyer.scheduling.problem import Problem, Resident, Weights
from foyer.scheduling.problem import Room as OurRoom

__all__ = ["POINTS_PER_UNIT", "Instance", "evaluate", "problem_of", "read", "solution_of"]

POINTS_PER_UNIT = 10  # the engine's points for one of the published cost
GENDER, REQUIRED, PREFERRED, AGE, SIZE, SPECIALISM = 50, 50, 20, 100, 8, 10  # points a night
ABSENT = 3  # a room without the specialism counts as one with it in the third place
WEIGHTS = Weights(age_apart=0, reserve_room=0, other_room=0, other_house=0)


# The problem


def problem_of(instance: Instance) -> Problem:
    """The instance in ``foyer-problem/1``: points are tenths of the published cost."""
    chain = _longest_chain(instance)
    return Problem(
        name="patient admission scheduling",
        nights=instance.nights,
        periods=(),
        residents=tuple(_resident(instance, patient, chain) for patient in instance.patients),
        rooms=tuple(_room(instance, room, chain) for room in instance.rooms),
        weights=WEIGHTS,
    )


def _longest_chain(instance: Instance) -> int:
    """The last place that a specialism has in any room, or the place of one that is absent."""
    return max([ABSENT, *(place for room in instance.rooms for place in room.specialisms.values())])


def _room(instance: Instance, room: Room, chain: int) -> OurRoom:
    department = instance.departments[room.department]
    sizes = {p.size for p in instance.patients if p.size}
    limits = {d.minimum_age for d in instance.departments.values()} | {0}
    ceilings = {d.maximum_age for d in instance.departments.values()} | {None}
    places = {s: room.specialisms.get(s, ABSENT) for s in instance.specialisms}
    features = [
        *(f"takes {gender}" for gender in FILE_GENDERS if room.policy in (gender, "D", "N")),
        *(f"property {p}" for p in room.properties),
        *(f"at most {size} beds" for size in sorted(sizes) if room.beds <= size),
        *(f"open below {age}" for age in sorted(limits) if age != department.minimum_age),
        *(f"open above {age}" for age in sorted(c for c in ceilings if c) if age != department.maximum_age),
        *(f"department for {s}" for s in department.specialisms),
        *(f"specialism {s} in place {n}" for s, place in places.items() for n in range(place, chain)),
    ]
    price = GENDER if room.policy == "D" else 0
    return OurRoom(room.id, f"department {room.department}", room.beds, "any", tuple(features), mixed=price)


def _resident(instance: Instance, patient: Patient, chain: int) -> Resident:
    departments = instance.departments.values()
    wishes = [
        (f"takes {patient.gender}", GENDER),
        *((f"property {p}", REQUIRED) for p in patient.required),
        *((f"property {p}", PREFERRED) for p in patient.preferred),
        *((f"at most {patient.size} beds", SIZE) for _ in range(1) if patient.size),
        *((f"open below {d}", AGE) for d in sorted({d.minimum_age for d in departments}) if patient.age < d),
        *(
            (f"open above {d}", AGE)
            for d in sorted({d.maximum_age for d in departments if d.maximum_age})
            if patient.age > d
        ),
    ]
    dated: list[tuple[str, int, int, int]] = []
    for specialism, start, end in _treatments(patient):
        needs = [f"department for {specialism}", *(f"specialism {specialism} in place {n}" for n in range(1, chain))]
        if end - start == patient.discharge - patient.admission:
            wishes += [(feature, SPECIALISM) for feature in needs]
        else:
            dated += [(feature, SPECIALISM, start, end) for feature in needs]
    return Resident(
        patient.id,
        FILE_GENDERS[patient.gender],
        patient.age,
        patient.admission,
        patient.discharge,
        room_wishes=tuple(wishes),
        dated_room_wishes=tuple(dated),
        needs_vocational=False,
        needs_counsellor=False,
    )


def _treatments(patient: Patient) -> list[tuple[str, int, int]]:
    """The specialisms in order, each with its nights [from, to)."""
    found, night = [], patient.admission
    for specialism, nights in groupby(patient.specialisms):
        count = len(list(nights))
        found.append((specialism, night, night + count))
        night += count
    return found


# Solutions


def solution_of(instance: Instance, plan: Plan) -> str:
    """The plan in the family's form: ``{"patient id": "room id"}``. Who has no room is left out."""
    rooms = {lodging.resident: lodging.room for lodging in plan.lodgings}
    return json.dumps({p.id: rooms[p.id] for p in instance.patients if p.id in rooms}, indent=1) + "\n"


def evaluate(instance: Instance, text: str) -> Value:
    """What a solution breaks and costs by the published rules. Raises FamilyFileError where it is no solution."""
    chosen = _chosen(text)
    rooms, patients = {r.id: r for r in instance.rooms}, {p.id: p for p in instance.patients}
    hard: Counter[str] = Counter()
    soft: dict[str, float] = defaultdict(float)
    hard["unknown"] = sum(p not in patients or r not in rooms for p, r in chosen.items())
    hard["without a room"] = sum(p not in chosen for p in patients)
    present: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for patient in instance.patients:
        room = rooms.get(chosen.get(patient.id, ""))
        if room is None:
            continue
        for name, cost in _costs(patient, room, instance.departments[room.department]).items():
            soft[name] += cost
        for night in range(patient.admission, patient.discharge):
            present[room.id, night][patient.gender] += 1
    for (room_id, _), genders in present.items():
        hard["more patients than beds"] += max(0, genders.total() - rooms[room_id].beds)
        if rooms[room_id].policy == "D":
            soft["gender"] += 5.0 * min(genders["F"], genders["M"])
    return Value(tuple(hard.items()), tuple((name, round(cost, 1)) for name, cost in soft.items()))


def _costs(patient: Patient, room: Room, department: Department) -> dict[str, float]:
    """One patient's cost in a room over all nights, other patients aside (Demeester et al. 2010)."""
    nights = patient.discharge - patient.admission
    is_too_young = patient.age < department.minimum_age
    is_too_old = department.maximum_age is not None and patient.age > department.maximum_age
    foreign = sum(s not in department.specialisms for s in patient.specialisms)
    places = sum(room.specialisms[s] - 1 if s in room.specialisms else 2 for s in patient.specialisms)
    return {
        "gender": 5.0 * nights * (room.policy in FILE_GENDERS and room.policy != patient.gender),
        "required property": 5.0 * nights * len(set(patient.required) - set(room.properties)),
        "preferred property": 2.0 * nights * len(set(patient.preferred) - set(room.properties)),
        "age": 10.0 * nights * (is_too_young or is_too_old),
        "room size": 0.8 * nights * bool(patient.size and room.beds > patient.size),
        "department": 1.0 * foreign,
        "room specialism": 1.0 * places,
    }


def _chosen(text: str) -> dict[str, str]:
    try:
        chosen = json.loads(text)
    except ValueError as error:
        raise FamilyFileError(f"not JSON: {error}") from None
    if not isinstance(chosen, dict) or not all(isinstance(room, str) for room in chosen.values()):
        raise FamilyFileError('must be of the form {"patient id": "room id"}')
    return chosen
