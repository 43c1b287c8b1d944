"""Rooms with slack: beds, rooms out of service or of the other gender, stages, admissions, pins, pairs (H4 to H7)."""

from __future__ import annotations

from collections.abc import Sequence

from foyer.scheduling.index import Index
from foyer.scheduling.problem import Gender, KeepApart, Resident, Room
from foyer.scheduling.relaxing.elastic import Elastic, Entry
from foyer.scheduling.relaxing.forms import Prices, Relaxation

GENDERS: tuple[Gender, ...] = ("female", "male")


class Housing:
    """The elastic program of the rooms, and the meaning of its variables."""

    def __init__(self, index: Index, prices: Prices) -> None:
        self.index, self.prices = index, prices
        self.elastic = Elastic("rooms", read=self.read)
        self.place: dict[tuple[str, str], int] = {}
        self.extra: dict[str, int] = {}  # resident -> in a bed that must be found
        self.absent: dict[str, int] = {}
        self.beds: dict[Gender, int] = {}
        self.reopened: dict[str, int] = {}
        self.either: dict[str, int] = {}
        self.stage: dict[str, int] = {}
        self.pins: dict[tuple[str, str], int] = {}
        self.pairs: dict[tuple[str, str, str], int] = {}
        self.arrivals = sorted({r.arrives for r in index.problem.residents})
        for resident in index.lodgers:
            self._need(resident)
        for room in index.problem.rooms:
            self._nights(room)
        for gender in GENDERS:
            self._extra_beds(gender)
        for pair in index.problem.apart:
            if pair.points is None:
                self._apart(pair)

    def _loosened(self, known: dict[str, int], family: str, room: Room, price: float) -> int:
        if room.id not in known:
            known[room.id] = self.elastic.slack(family, room.id, price)
        return known[room.id]

    def _need(self, resident: Resident) -> None:
        program, prices = self.elastic.program, self.prices
        nights = resident.leaves - resident.arrives
        extra = self.extra[resident.id] = self.elastic.slack("beds", resident.gender, prices.bed_night * nights)
        absent = self.absent[resident.id] = self.elastic.slack("not_admitted", "", prices.not_admitted)
        own: list[Entry] = [(extra, 1), (absent, 1)]
        for room in self.index.problem.rooms:
            if room.beds and set(resident.room_features) <= set(room.features):
                own.append((self._place(resident, room), 1))
        program.row(own, low=1, high=1)
        for target in self.index.pinned("room").get(resident.id, ()):
            released = self.pins[resident.id, target] = self.elastic.slack(
                "pin_released", f"{resident.id} {target}", prices.pin
            )
            kept = [(self.place[resident.id, target], 1.0)] if (resident.id, target) in self.place else []
            program.row([*kept, (released, 1), (absent, 1)], low=1)

    def _place(self, resident: Resident, room: Room) -> int:
        """In the room; only with what stands between the two loosened."""
        program, prices = self.elastic.program, self.prices
        z = self.place[resident.id, room.id] = program.integer()
        needed = []
        if resident.stage < room.minimum_stage:
            needed.append(self._loosened(self.stage, "room_stage", room, prices.room_stage))
        if any(a < resident.leaves and resident.arrives < b for a, b in room.closed):
            needed.append(self._loosened(self.reopened, "room_reopened", room, prices.room_reopened))
        if room.policy not in ("same", "any", resident.gender):
            needed.append(self._loosened(self.either, "room_either_gender", room, prices.room_either_gender))
        for slack in needed:
            program.row([(z, 1), (slack, -1)], high=0)
        return z

    def _nights(self, room: Room) -> None:
        """Beds, and one gender unless the room takes any, on every night on which somebody arrives."""
        program = self.elastic.program
        seen: set[frozenset[int]] = set()
        for night in self.arrivals:
            present = {
                z: r.gender
                for r in self.index.lodgers
                if r.arrives <= night < r.leaves and (z := self.place.get((r.id, room.id))) is not None
            }
            if frozenset(present) in seen or not present:
                continue
            seen.add(frozenset(present))
            program.row([(z, 1) for z in present], high=room.beds)
            if room.policy != "any" and len(set(present.values())) > 1:
                womens = program.integer()
                program.row([*((z, 1) for z, g in present.items() if g == "female"), (womens, -room.beds)], high=0)
                men: list[Entry] = [(z, 1) for z, g in present.items() if g == "male"]
                program.row([*men, (womens, room.beds)], high=room.beds)

    def _extra_beds(self, gender: Gender) -> None:
        """As many as are needed on the fullest night."""
        people = [r for r in self.index.lodgers if r.gender == gender]
        self.beds[gender] = self.elastic.slack("beds", gender, self.prices.bed, len(people))
        for night in self.arrivals:
            present: list[Entry] = [(self.extra[r.id], 1) for r in people if r.arrives <= night < r.leaves]
            if present:
                self.elastic.program.row([*present, (self.beds[gender], -1)], high=0)

    def _apart(self, pair: KeepApart) -> None:
        a, b = self.index.residents[pair.a], self.index.residents[pair.b]
        until = self.index.problem.nights if pair.until is None else pair.until
        if max(a.arrives, b.arrives) >= min(a.leaves, b.leaves, until) or not (a.needs_room and b.needs_room):
            return
        houses: dict[str, list[str]] = {}
        for room in self.index.problem.rooms:
            houses.setdefault(room.house, []).append(room.id)
        places = {"room": [[m] for m in self.index.rooms], "house": list(houses.values())}
        for scope in (s for s in pair.scopes if s in places):
            key = (pair.a, pair.b, scope)
            self.pairs[key] = self.elastic.slack("pair_lifted", " ".join(key), self.prices.pair)
            for rooms in places[scope]:
                both: list[Entry] = [
                    (z, 1) for r in (pair.a, pair.b) for m in rooms if (z := self.place.get((r, m))) is not None
                ]
                self.elastic.program.row([*both, (self.pairs[key], -1)], high=1)

    # Reading

    def read(self, values: Sequence[int]) -> list[Relaxation]:
        found = [r for gender in GENDERS for r in self._read_beds(gender, values)]
        absent = tuple(r for r, x in self.absent.items() if values[x])
        if absent:
            points = self.prices.not_admitted * len(absent)
            found.append(Relaxation("not_admitted", (("amount", len(absent)),), absent, points))
        for room, x in self.reopened.items():
            if values[x]:
                found.append(Relaxation("room_reopened", (("room", room),), points=self.prices.room_reopened))
        for room, x in self.either.items():
            if values[x]:
                points = self.prices.room_either_gender
                found.append(Relaxation("room_either_gender", (("room", room),), points=points))
        for room, x in self.stage.items():
            if values[x]:
                stage = min(
                    self.index.residents[r].stage for (r, m), z in self.place.items() if m == room and values[z]
                )
                points = self.prices.room_stage
                found.append(Relaxation("room_stage", (("room", room), ("stage", stage)), points=points))
        return [*found, *self._read_pins(values)]

    def _read_beds(self, gender: Gender, values: Sequence[int]) -> list[Relaxation]:
        people = [r for r in self.index.lodgers if r.gender == gender and values[self.extra[r.id]]]
        if not people:
            return []
        amount = int(values[self.beds[gender]])
        nights = sum(r.leaves - r.arrives for r in people)
        said = (
            ("gender", gender),
            ("amount", amount),
            ("from", min(r.arrives for r in people)),
            ("to", max(r.leaves for r in people)),
        )
        points = self.prices.bed * amount + self.prices.bed_night * nights
        return [Relaxation("beds", said, tuple(r.id for r in people), round(points, 2))]

    def _read_pins(self, values: Sequence[int]) -> list[Relaxation]:
        found = []
        for (resident, target), x in self.pins.items():
            if values[x]:
                said = (("kind", "room"), ("target", target))
                found.append(Relaxation("pin_released", said, (resident,), self.prices.pin))
        for (a, b, scope), x in self.pairs.items():
            if values[x]:
                found.append(Relaxation("pair_lifted", (("scope", scope),), (a, b), self.prices.pair))
        return found
