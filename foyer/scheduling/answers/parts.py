"""The parts of a placement: seats, counsellor, room; each with what it costs and who else would move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from foyer.scheduling.answers.exchange import NOWHERE, Move, Person
from foyer.scheduling.answers.kept_times import clashing, within_times
from foyer.scheduling.answers.shares import own_points
from foyer.scheduling.answers.stages import StagePrices
from foyer.scheduling.answers.transport import Transport
from foyer.scheduling.answers.why import Case
from foyer.scheduling.plan import Caseload, Seat
from foyer.scheduling.problem import Resident, TeachingGroup

MOST_SEATINGS = 30  # ways to fill a resident's needs of groups, for each number of moves
ROOMS_WITH_MOVES = 8  # rooms tried for chains of one move; of two half as many


@dataclass(frozen=True, slots=True)
class Pick:
    """One need answered: the group, and who moves for it."""

    person: Person
    kind: str
    group: str
    moves: tuple[Move, ...] = ()

    @property
    def moved(self) -> frozenset[str]:
        return frozenset(m.person[0] for m in self.moves)


@dataclass(frozen=True, slots=True)
class Part:
    """``lost``: points of the first level; ``fair``: the whole house's level of fairness; ``largest``: caseload."""

    lost: float
    points: float
    moved: frozenset[str] = frozenset()
    fair: tuple[int, ...] = ()
    largest: int = 0
    seats: tuple[Seat, ...] = ()  # everybody's
    own: tuple[str, ...] = ()  # the resident's groups
    cases: Mapping[str, str] = field(default_factory=dict)  # counsellors that change, by resident
    rooms: Mapping[str, str] = field(default_factory=dict)  # rooms that change, by resident

    @property
    def order(self) -> tuple[object, ...]:
        return self.lost, self.fair, self.largest, self.points, len(self.moved), self.own


# Groups


def seatings(case: Case, person: Resident, most_moved: int) -> list[Part]:
    """The best ways to fill the resident's needs of groups at the published times."""
    needs: list[list[Pick]] = []
    if person.needs_vocational:
        needs.append(_picks(case, "class", (person.id, ""), most_moved))
    needs += [_picks(case, "education", (person.id, subject), most_moved) for subject in person.education]
    needs += [_electives(case, person, place) for place in range(person.electives)]
    found = [_seating(case, person, picks) for picks in _combined(case, person, needs, (), most_moved)]
    best = [p for count in range(most_moved + 1) for p in _cheapest([p for p in found if len(p.moved) == count])]
    return sorted(best, key=lambda part: part.order)


def _cheapest(found: list[Part]) -> list[Part]:
    return sorted(found, key=lambda part: part.order)[:MOST_SEATINGS]


def _picks(case: Case, kind: str, person: Person, most_moved: int) -> list[Pick]:
    """Each group that the need could have, without moves if there is a place, else with the fewest."""
    stage = within_times(case, case.stage(kind).kept)
    found: list[Pick] = []
    for group in stage.exchange.costs[person] if person in stage.exchange.place else ():
        if group != NOWHERE:
            found += _with_fewest(stage, person, kind, group, most_moved)
    return [*found, Pick(person, kind, NOWHERE)]


def _with_fewest(stage: Transport, person: Person, kind: str, group: str, most_moved: int) -> Iterator[Pick]:
    """One way for each number of moves that is cheaper than with fewer."""
    best = None
    for count in range(most_moved + 1):
        chain = stage.exchange.within(person, group, count)
        if (
            chain is not None
            and (best is None or chain.cost < best)
            and not stage.broken(stage.exchange.after(chain.moves))
        ):
            best = chain.cost
            yield Pick(person, kind, group, tuple(m for m in chain.moves if m.person != person))


def _electives(case: Case, person: Resident, place: int) -> list[Pick]:
    """Open electives with a free place; the places of one resident are filled in the order of the groups."""
    index, key = case.index, (person.id, f"#{place}")
    free = [
        g
        for g in index.groups_of("elective")
        if case.members[g.id] and len(case.members[g.id]) < index.seats(g) and index.is_eligible(g, person)
    ]
    fitting = [g for g in free if case.periods[g.id].isdisjoint(index.away(person, g.weeks))]
    return [*(Pick(key, "elective", g.id) for g in fitting), Pick(key, "elective", NOWHERE)]


def _combined(
    case: Case, person: Resident, needs: list[list[Pick]], taken: tuple[Pick, ...], left: int
) -> Iterator[tuple[Pick, ...]]:
    """Every way to answer the needs in which no two groups clash and nobody moves twice."""
    if len(taken) == len(needs):
        yield taken
        return
    for pick in needs[len(taken)]:
        moved = {r for t in taken for r in t.moved}
        if len(pick.moved) <= left and not moved & pick.moved and _goes_with(case, person, pick, taken):
            yield from _combined(case, person, needs, (*taken, pick), left - len(pick.moved))


def _goes_with(case: Case, person: Resident, pick: Pick, taken: tuple[Pick, ...]) -> bool:
    if pick.group == NOWHERE:
        return True
    index, group = case.index, case.index.groups[pick.group]
    others = {t.group for t in taken if t.group != NOWHERE}
    if clashing(case, person.id, group, beside=others) or any(index.choices.exclude(group.id, o) for o in others):
        return False
    electives = [index.groups[t.group] for t in taken if t.kind == "elective" and t.group != NOWHERE]
    return pick.kind != "elective" or all(_comes_after(e, group) for e in electives)


def _comes_after(before: TeachingGroup, group: TeachingGroup) -> bool:
    """So that each set of electives is looked at once, each subject once."""
    return before.id < group.id and before.subject != group.subject


def _seating(case: Case, person: Resident, picks: tuple[Pick, ...]) -> Part:
    index, weights = case.index, case.index.problem.weights
    own = tuple(p.group for p in picks if p.group != NOWHERE)
    lost_points = {
        "class": weights.unplaced_vocational,
        "education": weights.unplaced_education,
        "elective": weights.unplaced_elective,
    }
    lost = sum(lost_points[p.kind] for p in picks if p.group == NOWHERE)
    moves = [m for p in picks for m in p.moves]
    gone = {(m.person[0], m.before) for m in moves}
    come = [Seat(m.person[0], m.after) for m in moves if m.after != NOWHERE]
    seats = (*(s for s in case.plan.seats if (s.resident, s.group) not in gone), *come)
    seats = (*seats, *(Seat(person.id, g) for g in own))
    touched = {person.id, *(r for p in picks for r in p.moved)}
    after = {r: tuple(g for g in case.groups[r] if (r, g) not in gone) for r in touched}
    for seat in (*come, *(Seat(person.id, g) for g in own)):
        after[seat.resident] = (*after[seat.resident], seat.group)
    points = sum(
        _seat_points(case, r, after[r]) - _seat_points(case, r, tuple(case.groups[r])) for r in sorted(touched)
    )
    moved = frozenset(touched - {person.id})
    return Part(lost, round(points, 2), moved, index.choices.fairness(seats), seats=seats, own=own)


def _seat_points(case: Case, resident: str, groups: tuple[str, ...]) -> float:
    """The resident's points by choices and by the shape of the week, with these groups."""
    key = (resident, groups)
    if key not in case.seat_points:
        seats = tuple(Seat(resident, g) for g in groups)
        meetings = tuple(m for m in case.plan.meetings if m.group in groups)
        case.seat_points[key] = own_points(case.alone(resident), seats=seats, meetings=meetings)
    return case.seat_points[key]


# Counsellor


def caseloads(case: Case, person: Resident, most_moved: int) -> list[Part]:
    """Each counsellor whom the resident could have, cheapest first."""
    index, weights = case.index, case.index.problem.weights
    now = {c.resident: c.counsellor for c in case.plan.caseloads}
    found = []
    if person.needs_counsellor:
        found.append(_caseload(case, now, {}, weights.unplaced_counsellor))
        stage = _uncapped(case.counsellors)
        for counsellor in index.problem.counsellors:
            for changes in _case_chains(case, stage, person, counsellor.id, most_moved):
                found.append(_caseload(case, now, changes, 0))
    return sorted(found, key=lambda part: (part.order, sorted(part.cases.items()))) or [Part(0, 0)]


def _uncapped(stage: StagePrices | None) -> Transport | None:
    """The counsellors' stage with caseloads of any size that rules allow."""
    if stage is None:
        return None
    return replace(stage.kept, exchange=replace(stage.kept.exchange, bins=stage.free.exchange.bins))


def _case_chains(
    case: Case, stage: Transport | None, person: Resident, counsellor: str, most_moved: int
) -> Iterator[dict[str, str]]:
    index = case.index
    k = index.counsellors[counsellor]
    if stage is None:  # different case weights: only where there is room
        load = sum(index.residents[c.resident].case_weight for c in case.plan.caseloads if c.counsellor == counsellor)
        if index.may_counsel(k, person) and load + person.case_weight <= k.capacity:
            yield {person.id: counsellor}
        return
    for pick in _with_fewest(stage, (person.id, ""), "counsellor", counsellor, most_moved):
        yield {person.id: counsellor, **{m.person[0]: m.after for m in pick.moves}}


def _caseload(case: Case, now: Mapping[str, str], changes: Mapping[str, str], lost: float) -> Part:
    index, after = case.index, {**now, **changes}
    loads = dict.fromkeys(index.counsellors, 0)
    for resident, k in after.items():
        if k != NOWHERE:
            loads[k] += index.residents[resident].case_weight
    above = index.problem.weights.caseload_above_mean * sum(max(0, x - index.mean_load) for x in loads.values())
    points = above + sum(
        own_points(case.alone(r), caseloads=(Caseload(r, k),))
        - (own_points(case.alone(r), caseloads=(Caseload(r, now[r]),)) if r in now else 0)
        for r, k in changes.items()
    )
    moved = frozenset(r for r in changes if r in now)
    return Part(lost, round(points, 2), moved, largest=max(loads.values(), default=0), cases=dict(changes))


# Room


def lodgings(case: Case, person: Resident, most_moved: int) -> list[Part]:
    """Each room that the resident could have, cheapest first; with moves only for the most promising."""
    index, board = case.index, case.board
    if not person.needs_room:
        return [Part(0, 0)]
    nights = index.problem.weights.unplaced_night * (person.leaves - person.arrives)
    found = [Part(nights, 0)]
    rooms = [m for m in index.problem.rooms if index.may_lodge(person, m)]
    for room in rooms:
        if (chain := board.cheapest(person.id, room.id, 0)) is not None:
            found.append(Part(0, chain.points, rooms=chain.rooms))
    alone = {m.id: board.points(m.id, frozenset({person.id})) for m in rooms}
    promising = sorted(rooms, key=lambda m: (alone[m.id], m.id))
    for count in range(1, most_moved + 1):
        for room in promising[: ROOMS_WITH_MOVES // count]:
            if (chain := board.cheapest(person.id, room.id, count)) is not None and chain.moved:
                moved = frozenset(chain.rooms) - {person.id}
                found.append(Part(0, chain.points, moved, rooms=chain.rooms))
    return sorted(found, key=lambda part: (part.order, sorted(part.rooms.items())))
