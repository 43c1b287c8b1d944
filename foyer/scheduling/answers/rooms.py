"""Chains of room moves: the cheapest way found to give a resident a room.

Stays overlap in part, so rooms are no transportation problem. The search is complete for up to one other person who
moves, and looks at the most promising rooms for more. Its price is exact where it reaches the proven bound of the
stage; otherwise a cheaper way is not excluded.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Lodging, Plan
from foyer.scheduling.problem import Resident, Room
from foyer.scheduling.room_points import people_fewer
from foyer.scheduling.score import lodging_points, years_outside_best_band

WIDTH = 6  # rooms tried for each person who must move, beyond the first
MOST_OUT = 2  # people who leave one room at once
Nights = tuple[int, int]
Changed = Mapping[str, frozenset[str]]  # residents by room
Free = tuple[float, int, Room]  # how many points more with one more person in it, which of the rooms it is, the room


@dataclass(frozen=True, slots=True)
class RoomChain:
    """New rooms, by resident ("" for none); ``points`` more than before; ``moved``: how many others."""

    rooms: Mapping[str, str]
    points: float
    moved: int


@dataclass
class RoomBoard:
    """Who lives where in a plan. Residents who change rooms during their stay, and those pinned, do not move."""

    index: Index
    plan: Plan
    _points: dict[tuple[str, frozenset[str]], float] = field(default_factory=dict)
    _own_points: dict[tuple[str, str], float] = field(default_factory=dict)
    _years: dict[tuple[int, ...], int] = field(default_factory=dict)  # outside the best band, by ages
    _suiting: dict[str, dict[str, tuple[int, Room]]] = field(default_factory=dict)
    own: dict[str, str] = field(init=False)
    lodged: dict[str, frozenset[str]] = field(init=False)
    held: set[str] = field(init=False)
    _apart: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _chains: dict[tuple[str, str, int], RoomChain | None] = field(default_factory=dict)
    _offers: dict[tuple[str, str, frozenset[str]], Free | None] = field(default_factory=dict)
    _start: dict[str, frozenset[str]] = field(default_factory=dict)  # the board that a search begins with
    _free_at_start: dict[str, list[Free]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        by_room: dict[str, set[str]] = defaultdict(set)
        seen: dict[str, list[Lodging]] = defaultdict(list)
        for lodging in self.plan.lodgings:
            seen[lodging.resident].append(lodging)
            by_room[lodging.room].add(lodging.resident)
        self.own = {r: found[0].room for r, found in seen.items() if len(found) == 1}
        self.lodged = {m: frozenset(by_room[m]) for m in self.index.rooms}
        self.held = {r for r in seen if r not in self.own} | set(self.index.pinned("room"))
        for a, b in self.index.apart["room"]:
            self._apart[a].add(b)
            self._apart[b].add(a)

    def points(self, room: str, residents: frozenset[str]) -> float:
        """The points of one room with these residents."""
        key = (room, residents)
        if key not in self._points:
            alone = sum(self._alone(room, r) for r in residents)
            self._points[key] = round(alone + self._together(room, residents), 2)
        return self._points[key]

    def _alone(self, room: str, resident: str) -> float:
        """What the resident pays in the room for what is the resident's own; ages and genders are the room's."""
        if (room, resident) not in self._own_points:
            person = self.index.residents[resident]
            stay = Lodging(resident, room, 1, person.arrives, person.leaves)
            points = lodging_points(self.index, (stay,)) - self._together(room, (resident,))
            self._own_points[room, resident] = points
        return self._own_points[room, resident]

    def _together(self, room: str, residents: Collection[str]) -> float:
        """What those who live in the room pay for their ages, and where both genders cost something, for these."""
        people = [self.index.residents[r] for r in residents]
        ages = tuple(sorted(r.age for r in people))
        if ages not in self._years:
            self._years[ages] = years_outside_best_band(self.index, list(ages))
        points: float = self.index.problem.weights.age_apart * self._years[ages]
        if room in self.index.mixed:
            stays = [Lodging(r.id, room, 1, r.arrives, r.leaves) for r in people]
            points += self.index.mixed[room] * sum(people_fewer(self.index, stays, {room}).values())
        return points

    def like(self, plan: Plan) -> RoomBoard:
        """The board of another plan of the same house: what rooms cost and suit is counted once for both."""
        return RoomBoard(self.index, plan, self._points, self._own_points, self._years, self._suiting)

    def fits(self, resident: Resident, room: Room, others: Iterable[str]) -> bool:
        """Whether the room suits the resident beside the others on every night (H4 to H7)."""
        if not self.index.may_lodge(resident, room):
            return False
        return not self.crowded(resident, room, others) and not self._apart[resident.id].intersection(others)

    def crowded(self, resident: Resident, room: Room, others: Iterable[str]) -> list[Nights]:
        """The nights of the stay on which no bed is free, or the other gender has the room."""
        return [*self.full(resident, room, others), *self.other_gender(resident, room, others)]

    def full(self, resident: Resident, room: Room, others: Iterable[str]) -> list[Nights]:
        """The nights of the stay on which the others take every bed."""
        people = self._beside(resident, others)
        return _nights(resident, people, lambda present: len(present) >= room.beds)

    def other_gender(self, resident: Resident, room: Room, others: Iterable[str]) -> list[Nights]:
        """The nights of the stay on which a room for one gender at a time is the other's."""
        if room.policy != "same":
            return []
        people = [o for o in self._beside(resident, others) if o.gender != resident.gender]
        return _nights(resident, people, bool)

    def beds_taken(self, resident: Resident, room: Room) -> list[Nights]:
        """The nights of the stay on which others take every bed of the room: to the night, also of those who live
        there for a part of their stay."""
        return _nights(resident, self._living_in(resident, room), lambda present: len(present) >= room.beds)

    def held_by_others(self, resident: Resident, room: Room) -> list[Nights]:
        """The nights of the stay on which the other gender lives in a room for one gender at a time."""
        people = [o for o in self._living_in(resident, room) if o.gender != resident.gender]
        return _nights(resident, people, bool) if room.policy == "same" else []

    def _living_in(self, resident: Resident, room: Room) -> list[Resident]:
        """The others who live in the room, each as long as they do."""
        lodgings = [x for x in self.plan.lodgings if x.room == room.id and x.resident != resident.id]
        return [replace(self.index.residents[x.resident], arrives=x.arrives, leaves=x.leaves) for x in lodgings]

    def _beside(self, resident: Resident, others: Iterable[str]) -> list[Resident]:
        people = (self.index.residents[o] for o in others if o != resident.id)
        return [o for o in people if o.arrives < resident.leaves and resident.arrives < o.leaves]

    def cheapest(self, resident: str, target: str, most_moved: int = 2) -> RoomChain | None:
        """The cheapest chain found that gives the resident the room while at most so many others move; among equal
        ones the fewest. None: found none."""
        asked = (resident, target, most_moved)
        if asked not in self._chains:
            self._chains[asked] = self._cheapest(*asked)
        return self._chains[asked]

    def _cheapest(self, resident: str, target: str, most_moved: int) -> RoomChain | None:
        person = self.index.residents[resident]
        if not self.index.may_lodge(person, self.index.rooms[target]):
            return None
        search = copy(self)  # several may search on one board at a time
        search._start = {m: people - {resident} for m, people in self.lodged.items()}
        search._free_at_start = {}
        found = search._placed({}, person, target, most_moved, frozenset({resident}))
        best = min(found, key=lambda rooms: (self._more(rooms), len(rooms)), default=None)
        if best is None:
            return None
        return RoomChain(best, round(self._more(best), 2), len(best) - 1)

    def _more(self, rooms: Mapping[str, str]) -> float:
        """How many points more the board has with these new rooms."""
        touched = {*rooms.values(), *(self.own[r] for r in rooms if r in self.own)} - {""}
        moved, coming = frozenset(rooms), defaultdict[str, set[str]](set)
        for resident, room in rooms.items():
            coming[room].add(resident)
        return sum(self.points(m, self.lodged[m] - moved | coming[m]) - self.points(m, self.lodged[m]) for m in touched)

    def _placed(
        self, changed: Changed, person: Resident, target: str, budget: int, fixed: frozenset[str]
    ) -> Iterator[dict[str, str]]:
        """Every way tried to have the person in the target, at most ``budget`` others moved. ``changed``: who lives in
        the rooms that are not as they were at the start."""
        room, there = self.index.rooms[target], self._people(changed, target)
        for count in range(min(MOST_OUT, budget) + 1):
            for out in combinations(sorted(there - self.held - fixed), count):
                rest = there - set(out)
                if self.fits(person, room, rest):
                    after = {**changed, target: rest | {person.id}}
                    for rooms in self._rehoused(after, out, target, budget - count, fixed | {person.id, *out}):
                        yield {person.id: target, **rooms}

    def _people(self, changed: Changed, room: str) -> frozenset[str]:
        return changed[room] if room in changed else self._start[room]

    def _rehoused(
        self, changed: Changed, out: tuple[str, ...], left: str, budget: int, fixed: frozenset[str]
    ) -> Iterator[dict[str, str]]:
        """Every way tried to give those who had to leave another room. Points of rooms add up: for the last one to
        leave no free room is better than the cheapest."""
        if not out:
            yield {}
            return
        person = self.index.residents[out[0]]
        ranked = self._free(changed, person, left)
        for _, _, room in ranked[: 1 if len(out) == 1 else WIDTH]:
            after = {**changed, room.id: self._people(changed, room.id) | {person.id}}
            for more in self._rehoused(after, out[1:], left, budget, fixed):
                yield {person.id: room.id, **more}
        if budget and len(out) == 1:
            free = {m.id for _, _, m in ranked}
            crowded = [m for _, m in self._suits(person).values() if m.id not in free and m.id != left]
            for room in sorted(crowded, key=lambda m: (abs(self._age(m, changed) - person.age), m.id))[:WIDTH]:
                yield from self._placed(changed, person, room.id, budget, fixed)

    def _free(self, changed: Changed, person: Resident, left: str) -> list[Free]:
        """The rooms that have a bed for the person, cheapest first. Few rooms are not as they were at the start."""
        suits = self._suits(person)
        if person.id not in self._free_at_start:
            every = (self._offer({}, person, n, m) for n, m in suits.values())
            self._free_at_start[person.id] = sorted(f for f in every if f is not None)
        found = [f for f in self._free_at_start[person.id] if f[2].id not in changed and f[2].id != left]
        for room in changed:
            if room in suits and room != left and (offer := self._offer(changed, person, *suits[room])) is not None:
                insort(found, offer)  # no two have the same number: rooms are never compared
        return found

    def _offer(self, changed: Changed, person: Resident, number: int, room: Room) -> Free | None:
        there = self._people(changed, room.id)
        asked = (person.id, room.id, there)
        if asked not in self._offers:
            barred = self.crowded(person, room, there) or self._apart[person.id].intersection(there)
            more = 0.0 if barred else self.points(room.id, there | {person.id}) - self.points(room.id, there)
            self._offers[asked] = None if barred else (more, number, room)
        return self._offers[asked]

    def _suits(self, person: Resident) -> dict[str, tuple[int, Room]]:
        """The rooms that the person may have, other people aside, each with its number."""
        if person.id not in self._suiting:
            rooms = enumerate(self.index.problem.rooms)
            self._suiting[person.id] = {m.id: (n, m) for n, m in rooms if self.index.may_lodge(person, m)}
        return self._suiting[person.id]

    def _age(self, room: Room, changed: Changed) -> float:
        ages = [self.index.residents[r].age for r in self._people(changed, room.id)]
        return sum(ages) / len(ages) if ages else 0.0


def _nights(resident: Resident, people: Sequence[Resident], is_bad: Callable[[list[Resident]], bool]) -> list[Nights]:
    """The spans of the stay on which ``is_bad`` holds of those present."""
    days = sorted({resident.arrives, resident.leaves, *(d for o in people for d in (o.arrives, o.leaves))})
    spans: list[Nights] = []
    for start, end in pairwise(days):
        if resident.arrives <= start < resident.leaves:
            present = [o for o in people if o.arrives <= start < o.leaves]
            if is_bad(present):
                if spans and spans[-1][1] == start:
                    spans[-1] = (spans[-1][0], end)
                else:
                    spans.append((start, end))
    return spans
