"""The invented houses that the engine is measured on, each from a seed: the shape of real ones, no real person.

They begin as the house of the tests. What they add is what makes planning hard: people who already live somewhere,
rooms that may serve either gender, half of the people coming and going, a campus of many parallel classes.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from foyer.scheduling.index import Index
from foyer.scheduling.problem import Instructor, Problem, Resident, Room, TeachingGroup, Venue
from tests.scheduling.house import NIGHTS, TRADES, make_house

STAYING_ON = 0.4  # share of those present on the first night who already have a room
PARTIAL = 0.6  # share of stays shorter than the cycle, where turnover is high
SECTION = 14  # residents in one class of a campus
SHARED_BY = 2  # classes of a campus that share one workshop


def ordinary(residents: int = 120, seed: int = 1) -> Problem:
    """A house as it is: wings for girls and boys, some late arrivals, two in five of those present staying on."""
    return settled(make_house(residents, seed), seed)


def turnover(residents: int = 120, seed: int = 1) -> Problem:
    """60 % partial stays, and every room open to either gender, one on any night: the hardest rooms."""
    rng = random.Random(seed)
    house = make_house(residents, seed)
    people = tuple(_passing(rng, r) if rng.random() < PARTIAL else _for_the_cycle(r) for r in house.residents)
    house = replace(house, name=f"high turnover, {residents}", residents=people, rooms=_open_rooms(people))
    return settled(house, seed)


def campus(residents: int = 500, seed: int = 1) -> Problem:
    """One campus: as many parallel classes of ordinary size as its residents need, workshops shared in pairs."""
    rng = random.Random(seed)
    house = make_house(residents, seed)
    groups, venues, instructors = _sections(rng, house)
    house = replace(house, name=f"campus of {residents}", groups=groups, venues=venues, instructors=instructors)
    return settled(house, seed)


def network(houses: int = 10, seed: int = 1, residents: int = 110) -> tuple[Problem, ...]:
    """Houses, each with its own staff and rooms; ids are unique in the network."""
    return tuple(_named(ordinary(residents, seed * 1000 + i), f"h{i:02d}.") for i in range(houses))


def settled(problem: Problem, seed: int) -> Problem:
    """Some of those present on the first night already live in a room that suits them."""
    rng, index = random.Random(seed + 1), Index(problem)
    beds = {room.id: room.beds for room in problem.rooms}
    gender: dict[str, str] = {}
    previous: dict[str, str] = {}
    people = [r for r in problem.residents if r.arrives == 0 and rng.random() < STAYING_ON]
    for resident in rng.sample(people, len(people)):
        free = [
            room.id
            for room in problem.rooms
            if not room.reserve
            and beds[room.id]
            and index.may_lodge(resident, room)
            and gender.get(room.id, resident.gender) == resident.gender
        ]
        if free:
            room_id = previous[resident.id] = rng.choice(free[:6])
            beds[room_id] -= 1
            gender[room_id] = resident.gender
    return replace(problem, residents=tuple(replace(r, previous_room=previous.get(r.id)) for r in problem.residents))


def _for_the_cycle(resident: Resident) -> Resident:
    return replace(resident, arrives=0, leaves=NIGHTS)


def _passing(rng: random.Random, resident: Resident) -> Resident:
    """A stay of two weeks to three months, anywhere in the cycle."""
    length = rng.randint(14, 90)
    arrives = rng.randint(0, NIGHTS - length)
    return replace(resident, arrives=arrives, leaves=arrives + length)


def _open_rooms(people: Iterable[Resident]) -> tuple[Room, ...]:
    """Rooms of three and four for either gender: beds for the fullest night and a tenth to spare, so that on that
    night the two genders still fill different rooms."""
    present: dict[int, Counter[str]] = defaultdict(Counter)
    for resident in people:
        for night in range(resident.arrives, resident.leaves):
            present[night][resident.gender] += 1
    needed = max(sum(-(-count // 4) for count in each.values()) for each in present.values())
    count = -(-needed * 11 // 10) + 1
    rooms = [Room(f"R{i:03d}", "ABC"[3 * i // count], 3 if i % 5 == 4 else 4, "same") for i in range(count)]
    return (
        *rooms,
        Room("D1", "D", 2, "same", features=("accessible",)),
        Room("S1", "S", 2, "same", reserve=True),
    )


def _sections(
    rng: random.Random, house: Problem
) -> tuple[tuple[TeachingGroup, ...], tuple[Venue, ...], tuple[Instructor, ...]]:
    """Each trade and each education programme of the small house, in as many groups as are wanted here."""
    first = Counter(r.choices[0] for r in house.residents)
    models = {g.subject: g for g in make_house().groups}
    groups: list[TeachingGroup] = []
    venues: list[Venue] = []
    for trade in TRADES:
        sections = max(1, round(1.05 * first[trade] / SECTION + 0.5))
        venues += (Venue(f"v-{trade}{i}") for i in range(-(-sections // SHARED_BY)))
        for i in range(sections):
            name, venue = f"{trade}{i:02d}", f"v-{trade}{i // SHARED_BY}"
            groups.append(
                replace(
                    models[trade],
                    id=f"c-{name}",
                    maximum=rng.choice((12, 14, 16)),
                    venues=(venue,),
                    instructors=(f"i-{name}",),
                )
            )
    for subject in ("packet_a", "packet_b", "packet_c"):
        needed = sum(subject in r.education for r in house.residents)
        sections = -(-needed // 20)
        groups += (
            replace(models[subject], id=f"e-{subject}{i:02d}", maximum=22, instructors=(f"t-{subject}{i:02d}",))
            for i in range(sections)
        )
    staff = tuple(Instructor(g.instructors[0]) for g in groups)
    return tuple(groups), tuple(venues), staff


def _named(house: Problem, prefix: str) -> Problem:
    """The house with every id of a person or thing led by the house's own."""

    def own(ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(prefix + each for each in ids)

    def mine(id_: str | None) -> str | None:
        return None if id_ is None else prefix + id_

    return replace(
        house,
        name=f"house {prefix[:-1]}",
        residents=tuple(
            replace(
                r,
                id=prefix + r.id,
                previous_counsellor=mine(r.previous_counsellor),
                previous_room=mine(r.previous_room),
            )
            for r in house.residents
        ),
        rooms=tuple(replace(m, id=prefix + m.id, house=prefix + m.house) for m in house.rooms),
        groups=tuple(
            replace(g, id=prefix + g.id, venues=own(g.venues), instructors=own(g.instructors)) for g in house.groups
        ),
        counsellors=tuple(replace(c, id=prefix + c.id) for c in house.counsellors),
        instructors=tuple(replace(i, id=prefix + i.id) for i in house.instructors),
        venues=tuple(replace(v, id=prefix + v.id) for v in house.venues),
        apart=tuple(replace(p, a=prefix + p.a, b=prefix + p.b) for p in house.apart),
    )
