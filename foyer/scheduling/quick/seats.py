"""Seats of the first plan: classes by choice, groups of an education subject along the classes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Seat
from foyer.scheduling.problem import Resident, TeachingGroup
from foyer.scheduling.quick.dealing import Dealing

LATER = 0.0001  # points for each earlier group passed over by somebody who is away at times
Cost = Callable[[Resident, TeachingGroup], float]


def deal_seats(index: Index, tick: Callable[[], None]) -> tuple[Seat, ...]:
    """A seat for as many needs as possible. ``tick`` is called between residents and may raise to stop."""
    people = [r for r in index.problem.residents if r.needs_vocational]
    # those who are away at the same times come together, so that their absences fall on few sections
    people.sort(key=lambda r: (not r.unavailable, r.unavailable))
    classes = _deal(index, people, _by_turns(index.groups_of("vocational")), _wish_cost(index), tick)
    seats = [Seat(r, g) for r, g in classes.items()]
    for subject in dict.fromkeys(s for r in index.problem.residents for s in r.education):
        needing = [r for r in index.problem.residents if subject in r.education]
        needing.sort(key=lambda r: (r.unavailable, classes.get(r.id, "")))
        groups = [g for g in index.groups_of("education") if g.subject == subject]
        dealt = _deal(index, needing, groups, lambda r, g: 0.0, tick)
        seats += [Seat(r, g) for r, g in dealt.items()]
    return tuple(seats) + _electives(index, seats, tick)


def _electives(index: Index, seats: Sequence[Seat], tick: Callable[[], None]) -> tuple[Seat, ...]:
    """Places in electives, a round for everybody's first, then for the second, each in another subject."""
    groups = [g for g in index.groups_of("elective") if index.seats(g)]
    places = {f"{r.id}\0{n}": r for r in index.problem.residents for n in range(r.electives)}
    others = defaultdict(list)
    for place, resident in places.items():
        others[resident.id].append(place)
    enemies = {place: [o for o in others[r.id] if o != place] for place, r in places.items()}
    dealing = Dealing({g.id: index.seats(g) for g in groups}, enemies)
    held = _groups_of(seats)
    for place in sorted(places, key=lambda p: int(p.partition("\0")[2])):
        tick()
        resident = places[place]
        taken = [index.groups[dealing.place[o]] for o in enemies[place] if o in dealing.place]
        dealing.add(place, _elective_options(index, resident, groups, [*held[resident.id], *(g.id for g in taken)]))
    _minima(index, groups, dealing, tick)
    found: list[Seat] = []
    for place in sorted(dealing.place):  # chains of moves and closings may have brought a subject twice
        resident, group = places[place], index.groups[dealing.place[place]]
        if _goes_with(index, group, held[resident.id]):
            found.append(Seat(resident.id, group.id))
            held[resident.id].append(group.id)
    return tuple(found)


def _groups_of(seats: Iterable[Seat]) -> defaultdict[str, list[str]]:
    held: defaultdict[str, list[str]] = defaultdict(list)
    for seat in seats:
        held[seat.resident].append(seat.group)
    return held


def _goes_with(index: Index, group: TeachingGroup, held: Iterable[str]) -> bool:
    """Whether an elective may be taken beside these groups: a subject of its own, and no exclusion."""
    own = [index.groups[g] for g in held]
    return not any(
        (o.kind == "elective" and o.subject == group.subject) or index.choices.exclude(o.id, group.id) for o in own
    )


def _elective_options(
    index: Index, resident: Resident, groups: Sequence[TeachingGroup], held: Sequence[str]
) -> dict[str, float]:
    pins = [g for g in index.pinned("elective").get(resident.id, ()) if g not in held]
    fitting = [g for g in groups if g.id in pins] or groups
    points = {
        g.id: float(index.choices.seat_points(resident, g.subject, "elective"))
        for g in fitting
        if index.is_eligible(g, resident) and _goes_with(index, g, held)
    }
    least = min(points.values(), default=0.0)
    return {g: cost - least for g, cost in points.items()}


def _by_turns(groups: Sequence[TeachingGroup]) -> list[TeachingGroup]:
    """Groups that share venues and instructors not one behind the other: those who are away at the same times fill the
    first, and two groups with few hours left would need the one workshop at once."""
    seen: Counter[object] = Counter()
    turn: dict[str, int] = {}
    for group in groups:
        key = (group.venues, group.instructors if not group.venues else ())
        turn[group.id] = seen[key]
        seen[key] += bool(group.venues or group.instructors)
    return sorted(groups, key=lambda g: turn[g.id])


def enemies_of(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Who is kept apart from whom."""
    enemies: dict[str, set[str]] = defaultdict(set)
    for a, b in pairs:
        enemies[a].add(b)
        enemies[b].add(a)
    return enemies


def _wish_cost(index: Index) -> Cost:
    known: dict[tuple[str, str], float] = {}

    def cost(resident: Resident, group: TeachingGroup) -> float:
        key = (resident.id, group.subject)
        if key not in known:
            known[key] = index.choice_cost(resident, group.subject) + index.aptitude_cost(resident, group.subject)
        return known[key]

    return cost


def _deal(
    index: Index, people: Sequence[Resident], groups: Sequence[TeachingGroup], cost: Cost, tick: Callable[[], None]
) -> Mapping[str, str]:
    """Who gets which group: the residents with the fewest groups first."""
    options = {r.id: _options(index, r, groups, cost) for r in people}
    dealing = Dealing({g.id: index.seats(g) for g in groups}, enemies_of(index.apart["class"]))
    for resident in sorted(people, key=lambda r: len(options[r.id]) > 1):
        tick()
        dealing.add(resident.id, options[resident.id])
    _minima(index, groups, dealing, tick)
    return dealing.place


def _options(index: Index, resident: Resident, groups: Sequence[TeachingGroup], cost: Cost) -> dict[str, float]:
    pins = {*index.pinned("class").get(resident.id, ()), *index.pinned("education").get(resident.id, ())}
    pinned = [g for g in groups if g.id in pins]
    later = LATER if resident.unavailable else 0.0
    return {
        g.id: cost(resident, g) + later * i for i, g in enumerate(pinned or groups) if index.is_eligible(g, resident)
    }


def _minima(index: Index, groups: Sequence[TeachingGroup], dealing: Dealing, tick: Callable[[], None]) -> None:
    """Groups short of their minimum, one after the other: a mandatory one is filled up, another is filled up or
    closed, whichever moves fewer people. Who moves may leave another group short, so it goes on until none is, and
    closes only, if it takes long."""
    must = {g.id for g in groups if index.pins.must_open(g)}
    for turn in range(2 * len(groups)):
        tick()
        short = [g for g in groups if g.id in dealing.load and _is_short(g, dealing.load[g.id], g.id in must)]
        if not short:
            return
        group = min(short, key=lambda g: (g.id not in must, dealing.load[g.id], g.id))
        size = dealing.load[group.id]
        keep = group.id in must or (turn < len(groups) and group.minimum - size < size)
        if not (keep and _filled(group, groups, dealing)) and group.id not in must:
            for item in dealing.close(group.id):
                dealing.again(item)


def _is_short(group: TeachingGroup, size: int, must: bool) -> bool:
    return size < group.minimum and (must or size > 0)


def _filled(group: TeachingGroup, groups: Sequence[TeachingGroup], dealing: Dealing) -> bool:
    """Whether enough could be moved in from groups that have more than they need."""
    while dealing.load[group.id] < group.minimum:
        givers = [g.id for g in groups if dealing.load.get(g.id, 0) > g.minimum]
        if not dealing.pull(group.id, givers):
            return False
    return True
