"""Solutions to begin with: what is known already, in the variables of each assignment stage's program.

A start saves the search for a first solution, and levels that it brings to their bound need no search at all. Where it
does not satisfy the program, for whatever reason, there is none: ``None``.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Caseload, Seat
from foyer.scheduling.program import Program
from foyer.scheduling.score import years_outside

if TYPE_CHECKING:
    from foyer.scheduling.stages.counsellors import Made
    from foyer.scheduling.stages.room_program import RoomProgram
    from foyer.scheduling.stages.seating import Seating

Start = tuple[int, ...]
SLACK = 1e-6


def seats_start(index: Index, made: Seating, seats: Sequence[Seat]) -> Start | None:
    """From seats: everybody seated or left out, groups with residents open."""
    taken = {(s.resident, s.group) for s in seats}
    groups = {s.group for s in seats}
    own = [(s.resident, index.groups[s.group]) for s in seats]
    met = {(resident, "" if group.kind == "vocational" else group.subject) for resident, group in own}
    joined = Counter(resident for resident, group in own if group.kind == "elective")
    values = {x: int(pair in taken) for pair, x in made.seat.items()}
    values |= {u: int(need not in met) for need, u in made.unmet.items()}
    values |= {m: max(0, index.residents[r].electives - joined[r]) for r, m in made.missing.items()}
    values |= {o: max(int(made.program.low[o]), int(group in groups)) for group, o in made.opened.items()}
    return _checked(made.program, values)


def cases_start(index: Index, made: Made, caseloads: Sequence[Caseload]) -> Start | None:
    """From caseloads: each load above the mean, and the largest."""
    given = {(c.resident, c.counsellor) for c in caseloads}
    counselled = {c.resident for c in caseloads}
    loads: Counter[str] = Counter()
    for case in caseloads:
        loads[case.counsellor] += index.residents[case.resident].case_weight
    values = {y: int(pair in given) for pair, y in made.case.items()}
    values |= {u: int(r not in counselled) for r, u in made.unmet.items()}
    values |= {above: max(0, loads[k] - index.mean_load) for k, above in made.above.items()}
    values[made.largest] = max(loads.values(), default=0)
    return _checked(made.program, values)


def rooms_start(made: RoomProgram, room_of: Mapping[str, str]) -> Start | None:
    """From rooms, by resident or span: each takes the band that costs least for those who live in it."""
    ages: dict[str, list[int]] = defaultdict(list)
    for kind in made.kinds:
        for resident in kind.residents:
            if resident.id in room_of and not _stayed(made, room_of, resident.id):
                ages[room_of[resident.id]].append(resident.age)
    band = {room: _best_band(made, own) for room, own in ages.items()}
    values = _places(made, room_of, band)
    for family in made.families:
        for room in family.rooms:
            own = band.get(room.id)
            if own is not None:
                known = made.banded.get((room.id, own))
                values[made.count[family.number, own] if known is None else known] += 1
    _womens(made, room_of, band, values)
    _moved(made, room_of, band, values)
    return _checked(made.program, values)


def _stayed(made: RoomProgram, room_of: Mapping[str, str], span: str) -> bool:
    """Whether the span is spent where the one before it was."""
    before = made.before.get(span)
    return before is not None and room_of.get(before) == room_of.get(span)


def _moved(made: RoomProgram, room_of: Mapping[str, str], band: Mapping[str, int], values: Counter[int]) -> None:
    family_of = {room.id: family.number for family in made.families for room in family.rooms}
    for span in made.before:
        room = room_of.get(span)
        if room is not None and not _stayed(made, room_of, span):
            values[made.moved_in[made.kind_of[span].number, family_of[room], band[room]]] = 1


def _best_band(made: RoomProgram, ages: Sequence[int]) -> int:
    return min(made.bands, key=lambda band: sum(years_outside(age, band) for age in ages))


def _places(made: RoomProgram, room_of: Mapping[str, str], band: Mapping[str, int]) -> Counter[int]:
    """How many of each kind are where, and how many nowhere."""
    family_of = {room.id: family.number for family in made.families for room in family.rooms}
    values: Counter[int] = Counter()
    for kind in made.kinds:
        for resident in kind.residents:
            room = room_of.get(resident.id)
            if room is None:
                values[made.unmet[kind.number]] += 1
                continue
            staying = made.stays.get((kind.number, room, band[room]))
            where = made.lodged.get((kind.number, family_of[room], band[room])) if staying is None else staying
            if where is not None:
                values[where] += 1
    return values


def _womens(made: RoomProgram, room_of: Mapping[str, str], band: Mapping[str, int], values: Counter[int]) -> None:
    """On each decisive night, in how many rooms of a family and band women are present."""
    women: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for kind in made.kinds:
        for resident in kind.residents:
            if resident.gender == "female" and resident.id in room_of:
                women[room_of[resident.id]].append((resident.arrives, resident.leaves))
    for (number, own, night), variable in made.nights.items():
        rooms = [r.id for r in made.families[number].rooms if band.get(r.id) == own]
        values[variable] = sum(any(a <= night < b for a, b in women[room]) for room in rooms)


def _checked(program: Program, values: Mapping[int, int]) -> Start | None:
    """Every variable, those without a value at the least it may have, reliefs at what the others make necessary; None
    where a row is broken."""
    start = [int(values.get(v, low)) for v, low in enumerate(program.low)]
    while _relieved(program, start):
        pass
    return tuple(start) if program.satisfied_by(start) else None


def _relieved(program: Program, start: list[int]) -> bool:
    """Whether a relief had to be raised for a row."""
    raised = False
    for low, high, entries in program.rows if program.reliefs else ():
        total = sum(c * start[v] for v, c in entries)
        beyond = high - total if total > high + SLACK else low - total if total < low - SLACK else 0.0
        for v, c in entries if beyond else ():
            if v in program.reliefs and beyond / c > 0 and start[v] + beyond / c <= program.high[v] + SLACK:
                start[v] += math.ceil(beyond / c - SLACK)
                raised = True
                break
    return raised
