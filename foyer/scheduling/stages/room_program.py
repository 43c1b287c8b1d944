"""The program of the rooms stage.

Alike residents form a *kind*, alike rooms a *family*. A family behaves as one pool of beds: stays are intervals, so
wherever no night has more stays than beds, the stays can be dealt to the beds (interval colouring). Of a family that
takes either gender, some rooms are the women's on each night that matters. Pinned rooms are families of their own.
Beds are counted only on nights with a largest set of people present; on all other nights somebody has merely left.

Ages: each room takes a band of two neighbouring ages for the cycle, and each resident in it costs a point per year
outside the band. This is additive over residents, so the program stays a transportation problem with a count of rooms
per band, and proves quickly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise, zip_longest

from foyer.scheduling.index import Index
from foyer.scheduling.problem import Resident, Room
from foyer.scheduling.program import Entry, Goal, Program, goal
from foyer.scheduling.room_points import wish_points
from foyer.scheduling.score import moves, years_outside
from foyer.scheduling.spans import Spans
from foyer.scheduling.stages.room_pairs import RoomPairs


@dataclass(frozen=True, slots=True)
class Family:
    """Rooms that differ in nothing that matters."""

    number: int
    rooms: tuple[Room, ...]

    @property
    def sample(self) -> Room:
        return self.rooms[0]


@dataclass(frozen=True, slots=True)
class Kind:
    """Residents that differ in nothing that matters for rooms."""

    number: int
    residents: tuple[Resident, ...]
    families: tuple[int, ...]

    @property
    def sample(self) -> Resident:
        return self.residents[0]


@dataclass
class RoomProgram:
    """The program and the meaning of its variables."""

    spans: Spans
    families: list[Family]
    kinds: list[Kind]
    bands: tuple[int, ...]
    program: Program = field(default_factory=Program)
    unmet: dict[int, int] = field(default_factory=dict)  # kind
    lodged: dict[tuple[int, int, int], int] = field(default_factory=dict)  # kind, family, band
    stays: dict[tuple[int, str, int], int] = field(default_factory=dict)  # kind, previous room, band
    banded: dict[tuple[str, int], int] = field(default_factory=dict)  # room with previous residents, band
    count: dict[tuple[int, int], int] = field(default_factory=dict)  # family's other rooms, band
    # family, band: how many of its rooms are the women's, one variable for each decisive night
    womens: dict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    nights: dict[tuple[int, int, int], int] = field(default_factory=dict)  # the same by family, band, night
    mixed: list[Entry] = field(default_factory=list)  # people of the gender that is fewer, and their points
    # kind of a later span, family, band: 1 where the resident moves there from elsewhere
    moved_in: dict[tuple[int, int, int], int] = field(default_factory=dict)
    pairs: RoomPairs = field(init=False)

    @property
    def index(self) -> Index:
        """The house with spans in place of stays that may be parted."""
        return self.spans.index

    @cached_property
    def before(self) -> dict[str, str]:
        """By span, the one before it."""
        return self.spans.before()

    @cached_property
    def kind_of(self) -> dict[str, Kind]:
        """By resident, or span of one."""
        return {r.id: kind for kind in self.kinds for r in kind.residents}

    def staying(self, values: Sequence[int]) -> list[tuple[str, str]]:
        """The neighbouring spans of a stay that this solution has in one family and band, hence in one room."""
        found = []
        for after, before in self.before.items():
            a, b = self.kind_of[before], self.kind_of[after]
            shared = [self.families[n] for n in b.families if n in a.families]
            if any(
                all(any(values[x] for x in self.places(kind, family, band)) for kind in (a, b))
                for family in shared
                for band in self.bands
            ):
                found.append((before, after))
        return found

    def rooms_with(self, family: Family, band: int) -> list[int]:
        """The variables that count the family's rooms with that band."""
        return [self.count[family.number, band], *self.followed(family, band)]

    def followed(self, family: Family, band: int) -> list[int]:
        """The variables of the family's rooms that are followed one by one."""
        return [x for room in family.rooms if (x := self.banded.get((room.id, band))) is not None]

    def places(self, kind: Kind, family: Family, band: int) -> list[int]:
        """The variables that put residents of the kind into the family's rooms of that band."""
        staying = [x for m in family.rooms if (x := self.stays.get((kind.number, m.id, band))) is not None]
        return [self.lodged[kind.number, family.number, band], *staying]


def room_program(spans: Spans, *, single: bool) -> RoomProgram:
    """The stage's program; ``single``: every room is a family of its own."""
    index = spans.index
    families = _families(index, single=single)
    bands = (index.age_bands if index.problem.weights.age_apart else index.age_bands[:1]) or (0,)
    made = RoomProgram(spans, families, _kinds(spans, families), bands)
    for family in families:
        _open_bands(made, family)
    for kind in made.kinds:
        _need(made, kind)
    for before, span in ((made.kind_of[a], made.kind_of[b]) for b, a in made.before.items()):
        _follow_moves(made, before, span)
    for family in families:
        kinds = [k for k in made.kinds if family.number in k.families]
        nights = decisive_nights([k.sample for k in kinds])
        _beds(made, family, kinds, nights)
        if family.sample.policy == "same":
            _one_gender(made, family, kinds, nights)
        elif family.sample.mixed:
            _mixed_genders(made, family, kinds)
    made.pairs = RoomPairs(made)
    made.program.shapes = [[*made.banded.values(), *made.count.values()]]
    return made


def _families(index: Index, *, single: bool) -> list[Family]:
    pinned = {room for rooms in index.pinned("room").values() for room in rooms}
    alike: dict[object, list[Room]] = defaultdict(list)
    for room in index.problem.rooms:
        alone = single or room.id in pinned or room.mixed
        alike[room.id if alone else _key(room)].append(room)
    return [Family(i, tuple(rooms)) for i, rooms in enumerate(alike.values())]


def _key(room: Room) -> object:
    return (room.house, room.beds, room.policy, room.features, room.minimum_stage, room.reserve, room.closed)


def _kinds(spans: Spans, families: Sequence[Family]) -> list[Kind]:
    index = spans.index
    special = {r for scope in ("room", "house") for pair in index.apart[scope] for r in pair}  # type: ignore[index]
    special |= {span.id for r in spans.whole.pairs.in_rooms for span in spans.own.get(r, ())}
    special |= {span.id for own in spans.own.values() if len(own) > 1 for span in own}
    pins = index.pinned("room")
    alike: dict[object, list[Resident]] = defaultdict(list)
    allowed: dict[object, tuple[int, ...]] = {}
    for r in index.lodgers:
        own = pins.get(r.id)
        fits = tuple(f.number for f in families if index.may_lodge(r, f.sample) and (not own or f.sample.id in own))
        previous = r.previous_room if r.previous_room in index.rooms else None
        alone = r.id if own or r.id in special else None
        key = (r.gender, r.age, r.arrives, r.leaves, fits, previous, alone, r.room_wishes, r.dated_room_wishes)
        alike[key].append(r)
        allowed[key] = fits
    return [Kind(i, tuple(people), allowed[key]) for i, (key, people) in enumerate(alike.items())]


def _open_bands(made: RoomProgram, family: Family) -> None:
    """Each room of the family takes at most one band. Rooms that somebody may keep are followed one by
    one."""
    kept = {k.sample.previous_room for k in made.kinds} if len(family.rooms) > 1 else set()
    followed = [room for room in family.rooms if room.id in kept]
    for room in followed:
        for band in made.bands:
            made.banded[room.id, band] = made.program.integer()
        made.program.row([(made.banded[room.id, b], 1) for b in made.bands], high=1)
    others = len(family.rooms) - len(followed)
    for band in made.bands:
        made.count[family.number, band] = made.program.integer(0, others)
    made.program.row([(made.count[family.number, b], 1) for b in made.bands], high=others)


def _need(made: RoomProgram, kind: Kind) -> None:
    """Every resident of the kind has one place, or none (H4)."""
    program, size = made.program, len(kind.residents)
    pinned = kind.sample.id in made.index.pinned("room")
    made.unmet[kind.number] = program.integer(0, 0 if pinned else size)
    places: list[Entry] = [(made.unmet[kind.number], 1)]
    for number in kind.families:
        for band in made.bands:
            made.lodged[kind.number, number, band] = program.integer(0, size)
            places.append((made.lodged[kind.number, number, band], 1))
        for room in made.families[number].rooms:
            if room.id == kind.sample.previous_room and len(made.families[number].rooms) > 1:
                for band in made.bands:
                    stays = made.stays[kind.number, room.id, band] = program.integer(0, size)
                    places.append((stays, 1))
                    # implied by the beds, but the relaxation could give each band a part of the room
                    program.row([(stays, 1), (made.banded[room.id, band], -min(size, room.beds))], high=0)
    program.row(places, low=size, high=size)


def _follow_moves(made: RoomProgram, before: Kind, span: Kind) -> None:
    """A place for the whole stay or for none of it; and where the span begins in a family and band in which the one
    before it was not, the resident has moved. Within one the dealing keeps the room."""
    program = made.program
    program.row([(made.unmet[before.number], 1), (made.unmet[span.number], -1)], low=0, high=0)
    for number in span.families:
        family = made.families[number]
        for band in made.bands:
            moved = made.moved_in[span.number, number, band] = program.integer()
            here = [(x, 1) for x in made.places(span, family, band)]
            there = [(x, -1) for x in made.places(before, family, band)] if number in before.families else []
            program.row([*here, *there, (moved, -1)], high=0)


def _beds(made: RoomProgram, family: Family, kinds: Sequence[Kind], nights: Sequence[int]) -> None:
    """On every decisive night at most the beds of the rooms with that band (H4)."""
    beds = family.sample.beds
    followed = [room.id for room in family.rooms if (room.id, made.bands[0]) in made.banded]
    for band in made.bands:
        rooms: list[Entry] = [(made.count[family.number, band], -beds)]
        rooms += [(made.banded[room, band], -beds) for room in followed]
        for night in nights:
            present = [k for k in kinds if k.sample.arrives <= night < k.sample.leaves]
            people: list[Entry] = [(made.lodged[k.number, family.number, band], 1) for k in present]
            keeping = {
                room: [x for k in present if (x := made.stays.get((k.number, room, band))) is not None]
                for room in followed
            }
            people += [(x, 1) for stays in keeping.values() for x in stays]
            made.program.row([*people, *rooms], high=0)
            for room, stays in keeping.items():
                if stays:
                    made.program.row([*((x, 1) for x in stays), (made.banded[room, band], -beds)], high=0)


def _one_gender(made: RoomProgram, family: Family, kinds: Sequence[Kind], nights: Sequence[int]) -> None:
    """On every decisive night some of the band's rooms are the women's, the others the men's (H5): women <=
    beds x w and men <= beds x (rooms - w). Exact for one room; for several the dealing finds rooms whose
    gender may change over time, or proves that there are none."""
    beds = family.sample.beds
    for night in nights:
        present = [k for k in kinds if k.sample.arrives <= night < k.sample.leaves]
        if len({k.sample.gender for k in present}) < 2:
            continue
        for band in made.bands:
            womens = made.program.integer(0, len(family.rooms))
            made.womens[family.number, band].append(womens)
            made.nights[family.number, band, night] = womens
            rooms = made.rooms_with(family, band)
            people = {
                gender: [(x, 1.0) for k in present if k.sample.gender == gender for x in made.places(k, family, band)]
                for gender in ("female", "male")
            }
            made.program.row([*people["female"], (womens, -beds)], high=0)
            made.program.row([*people["male"], (womens, beds), *((x, -beds) for x in rooms)], high=0)


def _mixed_genders(made: RoomProgram, family: Family, kinds: Sequence[Kind]) -> None:
    """In one room open to both, those of the gender that is fewer count on every night: women <= beds x w + fewer and
    men <= beds x (1 - w) + fewer, with one pair of variables for all nights between two arrivals or leavings."""
    beds = family.sample.beds
    days = sorted({day for k in kinds for day in (k.sample.arrives, k.sample.leaves)})
    for night, following in pairwise(days):
        present = [k for k in kinds if k.sample.arrives <= night < k.sample.leaves]
        if len({k.sample.gender for k in present}) < 2:
            continue
        womens, fewer = made.program.integer(), made.program.integer(0, beds // 2)
        made.mixed.append((fewer, family.sample.mixed * (following - night)))
        people = {
            gender: [
                (x, 1.0)
                for k in present
                if k.sample.gender == gender
                for band in made.bands
                for x in made.places(k, family, band)
            ]
            for gender in ("female", "male")
        }
        made.program.row([*people["female"], (womens, -beds), (fewer, -1)], high=0)
        made.program.row([*people["male"], (womens, beds), (fewer, -1)], high=beds)


def decisive_nights(residents: Sequence[Resident]) -> list[int]:
    """The arrival nights on which a set of people is present that no other night's set contains."""
    arrivals = sorted({r.arrives for r in residents})
    leaving = sorted({r.leaves for r in residents})
    decisive = []
    for night, following in zip_longest(arrivals, arrivals[1:]):
        # everybody present now is still there at the next arrival, unless somebody leaves until then
        if following is None or any(night < day <= following for day in leaving):
            decisive.append(night)
    return decisive


# Wishes


def goals_of(made: RoomProgram) -> list[Goal]:
    """The levels, most important first."""
    weights = made.index.problem.weights
    unplaced = [
        (u, weights.unplaced_night * (k.sample.leaves - k.sample.arrives))
        for k in made.kinds
        for u in [made.unmet[k.number]]
    ]
    return [goal("unplaced", unplaced), goal("wishes", [*_wishes(made), *made.pairs.costs])]


def _wishes(made: RoomProgram) -> Iterator[Entry]:
    """What counts for each room that a resident has in turn is paid where he moves in."""
    weights = made.index.problem.weights
    later = {made.kind_of[span].number for span in made.before}
    for (number, family, band), z in made.lodged.items():
        resident, room = made.kinds[number].sample, made.families[family].sample
        yield z, wish_points(resident, room, resident.arrives, resident.leaves)
        moved, other_house = moves(made.index, resident.id, room.id)
        if len(made.families[family].rooms) > 1 and resident.previous_room in made.index.rooms:
            moved = True  # staying has a variable of its own
        once = _once(made, resident, room, band) + weights.other_room * moved + weights.other_house * other_house
        if number not in later:
            yield z, once
        else:
            yield made.moved_in[number, family, band], once + weights.transfer
    for (number, room_id, band), q in made.stays.items():
        resident, kept = made.kinds[number].sample, made.index.rooms[room_id]
        once = 0 if number in later else _once(made, resident, kept, band)
        yield q, once + wish_points(resident, kept, resident.arrives, resident.leaves)
    yield from made.mixed


def _once(made: RoomProgram, resident: Resident, room: Room, band: int) -> float:
    """Ages apart and the reserve room: for each room that a resident has in turn."""
    weights = made.index.problem.weights
    return weights.age_apart * years_outside(resident.age, band) + weights.reserve_room * room.reserve
