"""Stage 4: who lives in which room over the nights of the stay (H4 to H7, H13; wishes s1, s5, ages, reserve rooms).

Lexicographic: fewest nights without a bed (in points), then the points for rooms and houses left, ages apart and
reserve rooms. The program is in ``room_program``, the dealing of stays to rooms and beds in ``beds``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from foyer.scheduling.floors import points_of
from foyer.scheduling.plan import Level, Lodging, Unmet
from foyer.scheduling.program import Answer, beside, minimise
from foyer.scheduling.quick.lodging import deal_rooms
from foyer.scheduling.run import Run, Stopped
from foyer.scheduling.spans import by_span
from foyer.scheduling.stages.beds import Agreed, Pool, deal, number_beds, number_beds_of
from foyer.scheduling.stages.room_program import Family, RoomProgram, goals_of, room_program
from foyer.scheduling.stages.room_search.stage import is_for_search, search_rooms
from foyer.scheduling.stages.starts import rooms_start

STAGE = "rooms"
TIME_SHARE = 0.4  # of the remaining time, at most, for one level
SINGLE_MOST = 200  # residents: larger houses are not solved room by room
MANY_ROOMS = 4  # for either gender: from here on a first solution is looked for


@dataclass(frozen=True, slots=True)
class Lodgings:
    """What the stage decided. ``levels`` is empty where it is infeasible."""

    lodgings: tuple[Lodging, ...]
    unmet: tuple[Unmet, ...]
    levels: tuple[Level, ...]


def give_rooms(run: Run, first: Sequence[Lodging] = ()) -> Lodgings:
    """Solve the stage: with families; where their rooms cannot be dealt (pairs kept apart), room by room. ``first``
    are lodgings to begin with."""
    if is_for_search(run.index):
        return Lodgings(*search_rooms(run, first))
    spans = by_span(run.index)
    for single in (False, True):
        made = room_program(spans, single=single)
        start = rooms_start(made, spans.rooms_in(first)) or _steady(run, made)
        goals = goals_of(made)
        floors = [points_of(STAGE, goals)]
        answer = minimise(run, STAGE, made.program, goals, share=TIME_SHARE, start=start, floors=floors)
        if not answer.is_feasible:
            return Lodgings((), (), ())
        rooms, is_whole = _dealt(run, made, answer.values)
        if is_whole:
            return _lodged(made, rooms, answer)
        mended = _mended(run, made, rooms, answer)
        if mended is not None:
            is_proven = all(level.status == "optimal" for level in mended.levels)
            if is_proven or len(run.index.residents) > SINGLE_MOST:
                return mended
            first = mended.lodgings
    raise AssertionError("a plan room by room needs no dealing")


def _mended(run: Run, made: RoomProgram, rooms: dict[str, str], answer: Answer) -> Lodgings | None:
    """Those whom the program's families could not be dealt to, put wherever it costs least; the bounds are the
    program's still. None where that breaks a rule, or leaves somebody out whom the program does not."""
    if made.spans.can_move or run.index.pairs.in_rooms:
        return (
            None  # moves and wishes about pairs are exact only where rooms are followed one by one, or dealt as agreed
        )
    chosen = deal_rooms(run.index, run.check_stop, rooms)
    values = rooms_start(made, chosen)
    if values is None:
        return None
    levels = beside(answer, goals_of(made), values).levels
    unmet = tuple(Unmet(r.id, "room") for r in run.index.lodgers if r.id not in chosen)
    is_as_good = levels[0].value <= answer.levels[0].value
    return Lodgings(number_beds(run.index, chosen), unmet, levels) if is_as_good else None


def _steady(run: Run, made: RoomProgram) -> tuple[int, ...] | None:
    """A first solution, where many rooms take either gender: each keeps its gender for the whole cycle."""
    if len(made.womens) < 2 or sum(len(f.rooms) for f in made.families if f.sample.policy == "same") < MANY_ROOMS:
        return None
    rows = len(made.program.rows)
    for womens in made.womens.values():
        for other in womens[1:]:
            made.program.row([(womens[0], 1), (other, -1)], low=0, high=0)
    try:
        answer = minimise(run, STAGE, made.program, goals_of(made), share=TIME_SHARE / 2)
    except Stopped as stopped:
        if stopped.cancelled:
            raise
        return None
    finally:
        del made.program.rows[rows:]
    return answer.values if answer.is_feasible else None


def _lodged(made: RoomProgram, rooms: dict[str, str], answer: Answer) -> Lodgings:
    """The stage's answer from the rooms dealt. Who may move, and was dealt to the previous room after all, pays less
    than the program thought."""
    stays = made.spans.stays(rooms)
    placed = {stay.resident for stay in stays}
    unmet = tuple(Unmet(r.id, "room") for r in made.spans.whole.lodgers if r.id not in placed)
    values = rooms_start(made, rooms) if made.spans.can_move else None
    levels = answer.levels if values is None else beside(answer, goals_of(made), values).levels
    return Lodgings(number_beds_of(made.spans.whole, stays), unmet, levels)


def _dealt(run: Run, made: RoomProgram, values: Sequence[int]) -> tuple[dict[str, str], bool]:
    """A room for everybody who has a place, but for families whose stays cannot be dealt to their rooms; and whether
    all could."""
    pools = {pool.key: pool for family in made.families for pool in _pools(made, family, values)}
    together, apart = [*made.pairs.together(values), *made.staying(values)], made.pairs.apart(values)
    for kind in made.kinds:
        waiting = list(kind.residents)
        for (number, room, band), q in made.stays.items():
            if number == kind.number:
                taken, waiting = waiting[: values[q]], waiting[values[q] :]
                family = next(f for f in made.families if any(x.id == room for x in f.rooms))
                pools[family.number, band].fixed.update({r.id: room for r in taken})
        for number in kind.families:
            for band in made.bands:
                count = values[made.lodged[kind.number, number, band]]
                taken, waiting = waiting[:count], waiting[count:]
                pools[number, band].free.extend(taken)
    rooms: dict[str, str] = {}
    is_whole = True
    for pool in pools.values():
        found = deal(run, made.index, pool, Agreed(tuple(together), tuple(apart)))
        rooms.update(found or {})
        is_whole = is_whole and found is not None
    return rooms, is_whole


def _pools(made: RoomProgram, family: Family, values: Sequence[int]) -> list[Pool]:
    """The family's rooms by band: those followed where the program put them, the others in their order."""
    others = [room for room in family.rooms if (room.id, made.bands[0]) not in made.banded]
    pools = []
    for band in made.bands:
        count = values[made.count[family.number, band]]
        own, others = others[:count], others[count:]
        own += [r for r in family.rooms if (x := made.banded.get((r.id, band))) is not None and values[x]]
        pools.append(Pool((family.number, band), tuple(own)))
    return pools
