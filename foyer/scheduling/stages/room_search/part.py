"""A part of the rooms solved as an exact program, while everybody else stays where they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from foyer.scheduling.linear import Limit, Linear, minimise_once
from foyer.scheduling.stages.room_search.case import NOWHERE, Assignment, Case, Columns, genders
from foyer.scheduling.stages.room_search.rows import Shared, room_rows

HALF = 0.5
Offers = Callable[[int], Iterable[int]]  # by person: the rooms in consideration, all of the part and suiting


@dataclass(frozen=True, slots=True)
class Part:
    """Some rooms, and the people who may live there: all who do now, and whoever else is to be placed."""

    rooms: tuple[int, ...]
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a part came to. ``rooms`` is empty where nothing was found; ``bound`` is in heavy points, of the part with
    the columns considered."""

    rooms: Mapping[int, int]
    bound: float
    is_optimal: bool


@dataclass(slots=True)
class _Made:
    program: Linear = field(default_factory=Linear)
    places: dict[int, dict[int, int]] = field(default_factory=dict)  # person: room to variable
    nowhere: dict[int, int] = field(default_factory=dict)
    shared: list[Shared] = field(default_factory=list)
    bands: dict[tuple[int, int], int] = field(default_factory=dict)  # room and band
    ages: dict[tuple[int, int, int], int] = field(default_factory=dict)  # person, room and band


def solve_part(case: Case, part: Part, rooms: Assignment, offers: Offers, limit: Limit) -> Found:
    """The best for the part, with everybody else where ``rooms`` has them. A person's present room is always in
    consideration."""
    made = _program(case, part, rooms, offers)
    solved = minimise_once(made.program, limit, known=_known(case, made, rooms))
    if not solved.values:
        return Found({}, solved.bound, False)
    found = dict.fromkeys(part.people, NOWHERE)
    for i, own in made.places.items():
        for j, x in own.items():
            if solved.values[x] > HALF:
                found[i] = j
    return Found(found, solved.bound, solved.is_optimal)


def _program(case: Case, part: Part, rooms: Assignment, offers: Offers) -> _Made:
    made = _Made()
    by_room: dict[int, dict[int, int]] = {j: {} for j in part.rooms}
    for i in part.people:
        considered = {*offers(i), rooms[i]} & by_room.keys()
        own = {j: made.program.variable(0, 1, case.options[i][j], whole=True) for j in sorted(considered)}
        made.places[i] = own
        entries = [(x, 1.0) for x in own.values()]
        if i not in case.pinned or not own:
            made.nowhere[i] = made.program.variable(0, 1, case.heavy * case.unplaced[i], whole=True)
            entries.append((made.nowhere[i], 1.0))
        made.program.row(entries, low=1, high=1)
        for j, x in own.items():
            by_room[j][i] = x
    for j, places in by_room.items():
        made.shared += room_rows(made.program, case, j, places, tight=True).shared
        if len(case.bands) > 1:
            _age_rows(made, case, j, places)
    return made


def _age_rows(made: _Made, case: Case, room: int, places: Mapping[int, int]) -> None:
    """The room takes one age band; each of its people pays for the years outside it."""
    for band in case.bands:
        made.bands[room, band] = made.program.variable(0, 1, whole=True)
    made.program.row([(made.bands[room, band], 1) for band in case.bands], high=1)
    for i, x in places.items():
        for band in case.bands:
            share = made.ages[i, room, band] = made.program.variable(0, 1, case.age_points(i, band))
            made.program.row([(share, 1), (made.bands[room, band], -1)], high=0)
        made.program.row([*((made.ages[i, room, band], 1) for band in case.bands), (x, -1)], low=0, high=0)


def _known(case: Case, made: _Made, rooms: Assignment) -> dict[int, float] | None:
    """The present assignment as values, or None where it is none of the part's: somebody pinned is nowhere."""
    known = {x: float(rooms[i] == j) for i, own in made.places.items() for j, x in own.items()}
    known |= {x: float(rooms[i] not in made.places[i]) for i, x in made.nowhere.items()}
    members: dict[int, list[int]] = {}
    for i, own in made.places.items():
        if rooms[i] in own:
            members.setdefault(rooms[i], []).append(i)
        elif i not in made.nowhere:
            return None
    present = {j: genders(case, own) for j, own in members.items()}
    for shared in made.shared:
        women, men = present.get(shared.room, {}).get(shared.span, (0, 0))
        known[shared.womens] = float(women >= men)
        known[shared.few_women] = float(women if women < men else 0)
        known[shared.few_men] = float(men if women >= men else 0)
    best = {j: _best_band(case, members.get(j, ())) for j, _ in made.bands}
    known |= {y: float(best[j] == band) for (j, band), y in made.bands.items()}
    known |= {w: float(rooms[i] == j and best[j] == band) for (i, j, band), w in made.ages.items()}
    return known


def _best_band(case: Case, members: Sequence[int]) -> int:
    return min(case.bands, key=lambda band: sum(case.age_points(i, band) for i in members))


def solve_settled(
    case: Case, near: Columns, rooms: Assignment, womens: Mapping[tuple[int, int], bool], limit: Limit
) -> Found:
    """The best for everybody over the ``near`` columns, where some rooms and spans are the women's or the men's.

    With most genders settled this is nearly a transportation problem: all people at once take a second or two."""

    def offers(person: int) -> list[int]:
        woman, stay = case.women[person], case.stays[person]
        return [j for j in near[person] if all(womens.get((j, span), woman) == woman for span in stay)]

    return solve_part(case, everything(case), rooms, offers, limit)


def everything(case: Case) -> Part:
    return Part(tuple(range(len(case.rooms))), tuple(range(len(case.people))))


def majorities(case: Case, rooms: Assignment, free: Sequence[int] = ()) -> dict[tuple[int, int], bool]:
    """By room and span whether the women are at least half of those present, where anybody is, genders matter and the
    room is not ``free``."""
    members: dict[int, list[int]] = {}
    for i, j in enumerate(rooms):
        if j != NOWHERE and j not in free and case.is_split(j):
            members.setdefault(j, []).append(i)
    present = {j: genders(case, own) for j, own in members.items()}
    return {(j, span): women >= men for j, own in present.items() for span, (women, men) in own.items()}
