"""The prices of one stage at one plan, and what is proven of them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from foyer.scheduling.answers.elective_stage import ElectiveProgram
from foyer.scheduling.answers.exchange import DIGITS, NOWHERE, BinId, Chain, Exchange, Person
from foyer.scheduling.answers.forms import LevelPrice, Price, Proof
from foyer.scheduling.answers.transport import Assignment, Span, Transport, read
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Plan
from foyer.scheduling.problem import GroupKind, TeachingGroup
from foyer.scheduling.program import Goal, Program, goal
from foyer.scheduling.stages import classes, education
from foyer.scheduling.stages.fairness import parts_of
from foyer.scheduling.stages.places import is_leximin
from foyer.scheduling.stages.seating import Seating
from foyer.scheduling.stages.together import kinds_tied

KINDS: dict[str, GroupKind] = {"class": "vocational", "education": "education"}
SeatProgram = tuple[Seating, list[Goal]]
Readings = tuple[Assignment, Assignment]  # with the open groups as they are, and with all free to open
MOST_READINGS = 6  # kept of one house: a draft that is edited opens other groups now and then


@dataclass(frozen=True)
class StagePrices:
    """``kept`` reads the stage with the groups open that the plan opens, ``free`` is a relaxation in which any may
    open, without cost. ``opens_fewest``: counting shows that no plan with as many seated opens fewer groups."""

    stage: str
    goals: tuple[Goal, ...]
    values: Mapping[str, float]  # of the goals, at the plan
    kept: Transport
    free: Transport
    opens_fewest: bool
    may_close: tuple[BinId, ...] = ()  # the open groups that need not be open
    is_capped: bool = False  # ``kept`` has a limit that is known for the best only while nobody more is left out

    def knows(self, person: Person, target: BinId) -> bool:
        """Whether the stage has such a pair at all."""
        return (person, target) in self.kept.assignment.variable

    def priced(self, person: Person, target: BinId) -> tuple[Price | None, Chain | None]:
        """The price of having the person there, and the moves. No price: proven that no plan of this stage can. A price
        without moves is only a bound."""
        if not self.knows(person, target):
            return None, None
        known, is_cheapest = self.kept.cheapest(person, target)
        floor = self.free.floor(person, target)
        if known is None:
            least = None if floor is None else floor - self.free.side(self.free.exchange.place)
            return (None, None) if least is None else (self._made(self.free, least, "at_least"), None)
        side = self.kept.side(self.kept.exchange.after(known.moves))
        proof: Proof = "at_most"
        if is_cheapest and self.kept.is_whole and not self.kept.is_steady and not side:
            proof = "exact" if floor is not None and self._agree(known.cost, floor, person, target) else "kept"
        return self._made(self.kept, known.cost + side - self.kept.side(self.kept.exchange.place), proof), known

    def _agree(self, cost: int, floor: int, person: Person, target: BinId) -> bool:
        """Whether the price with these groups open is also the relaxation's. Then only opening fewer groups could be
        better: excluded where counting shows that there are not fewer, or where closing any of them costs more."""
        counted = len(self.free.goals)
        levels = self.free.levels(floor)[:counted]
        if self.kept.levels(cost)[:counted] != levels:
            return False
        if self.is_capped:
            return not levels[0]
        if counted == len(self.goals) or (self.opens_fewest and not levels[0]):
            return True
        enough = floor + (1 << DIGITS - 1)  # more than this on the last level, people moved, is more before it
        if all(self.closed(self.free.leaves, g, enough) > enough for g in self.may_close):
            return True
        forced = [(c + f[1].cost, f[0]) for c, leaf in self.free.leaves if (f := leaf.forced(person, target))]
        return all(
            self.closed(self.free.leaves, g, enough) > enough or self.closed(forced, g, enough) > enough
            for g in self.may_close
        )

    def closed(self, leaves: Sequence[tuple[int, Exchange]], group: BinId, enough: int) -> float:
        """No plan of these parts that leaves the group closed costs less, openings aside."""
        found = [cost + more for cost, leaf in leaves if (more := leaf.closed(group, enough - cost)) is not None]
        return min(found, default=math.inf)

    def _made(self, transport: Transport, cost: int, proof: Proof) -> Price:
        *levels, moved = transport.levels(cost)
        changed = [(goal, more) for goal, more in zip(transport.goals, levels, strict=True) if more]
        found = tuple(
            LevelPrice(self.stage, g.name, before := self.values[g.name], round(before + more, 2))
            for g, more in changed
        )
        points = sum(more for g, more in changed if g.in_points)
        return Price(found, round(points, 2), max(0, int(moved) - 1), proof)


def persons_in(stage: StagePrices, resident: str, group: TeachingGroup) -> list[Person]:
    """The needs of the resident that the group could meet: one, or any of the places in electives."""
    place = stage.kept.exchange.place
    if group.kind == "elective":
        return [p for p in place if p[0] == resident]
    return [p for p in ((resident, group.subject), (resident, "")) if p in place][:1]


def cheapest_of(stage: StagePrices, persons: list[Person], target: BinId) -> tuple[Person, Price | None, Chain | None]:
    """Of these needs the one that takes the target at the least cost, its price and its chain."""
    found = [(person, *stage.priced(person, target)) for person in persons]
    known = [(chain.cost, i) for i, (_, _, chain) in enumerate(found) if chain is not None]
    if known:
        return found[min(known)[1]]
    return next((f for f in found if f[1] is not None), found[0])


_programs: WeakKeyDictionary[Index, dict[str, SeatProgram]] = WeakKeyDictionary()
_readings: WeakKeyDictionary[Index, dict[tuple[str, frozenset[str]], Readings]] = WeakKeyDictionary()


def seat_program(index: Index, need: str) -> SeatProgram:
    """The program of classes, or of education, and its levels, made once for an index; nobody changes them. The levels
    of leximin, which the stage finds one by one, all at once: for each value that a loss can take, how many lose as
    much or more."""
    kept = _programs.setdefault(index, {})
    if need not in kept:
        kept[need] = _seat_program(index, need)
    return kept[need]


def _seat_program(index: Index, need: str) -> SeatProgram:
    if need != "class":
        return education.program(index)
    made, goals = classes.program(index)
    if not is_leximin(index.problem, {"vocational"}):
        return made, goals
    losing: dict[int, list[int]] = defaultdict(list)
    for name, part in parts_of(index, made, "vocational").items():
        alone = index.choices.best_alone(index.residents[name], "vocational")
        for x, cost in part.entries:
            losing[alone + cost].append(x)
    steps = sorted((v for v in losing if v > 0), reverse=True)
    lost = [goal(f"lost_{v}", [(x, 1) for w in steps if w >= v for x in losing[w]], in_points=False) for v in steps]
    return made, [*goals[:1], *lost, *goals[1:]]


def seat_prices(index: Index, plan: Plan, need: str) -> StagePrices:
    """The stage of classes, or of education."""
    made, goals = seat_program(index, need)
    place, opened = _seat_places(index, plan, made)
    return _prices(
        "classes" if need == "class" else "education",
        (made.program, tuple(goals)),
        _seat_readings(index, need, opened),
        place,
        opens_fewest=_opens_fewest(index, made, place, opened),
        may_close=tuple(g for g in made.opened if g in opened and not index.pins.must_open(index.groups[g])),
        is_tied=all(len(kinds) > 1 for kinds in kinds_tied(index) if KINDS[need] in kinds),
    )


def _seat_readings(index: Index, need: str, opened: set[str]) -> Readings:
    """With these groups open, and with all groups free to open; made once as long as the same groups are."""
    kept = _readings.setdefault(index, {})
    key = (need, frozenset(opened))
    found = kept.get(key)
    if found is None:
        made, _ = seat_program(index, need)
        variable = _seat_variables(index, made)
        free = others_of(made.program, variable)
        fixed = {**free, **{v: (float(g in opened),) * 2 for g, v in made.opened.items()}}
        soft = soft_of(free, made.opened.values())
        found = Assignment(variable, fixed, soft), Assignment(variable, free, soft)
        if len(kept) >= MOST_READINGS:
            kept.clear()
        kept[key] = found
    return found


def elective_prices(index: Index, plan: Plan, program: ElectiveProgram) -> StagePrices:
    """The stage of electives, each wanted place a person of its own."""
    opened = {*program.place.values(), *(g.id for g in index.problem.groups if index.pins.must_open(g))}
    found = _prices(
        "electives",
        (program.rows, tuple(program.goals)),
        program.readings(opened),
        program.place,
        opens_fewest=False,
        may_close=tuple(g for g in program.made.opened if g in opened and not index.pins.must_open(index.groups[g])),
        is_tied=is_leximin(index.problem, {"elective"})
        or all(len(kinds) > 1 for kinds in kinds_tied(index) if "elective" in kinds),
    )
    return replace(found, values=program.values(program.place, opened))


def _seat_variables(index: Index, made: Seating) -> dict[tuple[Person, BinId], int]:
    """The stage's variables by who takes what."""
    variable = {(person_of(index, made, r, g), g): v for (r, g), v in made.seat.items()}
    return variable | {(person, NOWHERE): v for person, v in made.unmet.items()}


def _seat_places(index: Index, plan: Plan, made: Seating) -> tuple[dict[Person, BinId], set[str]]:
    """Everybody's place, and the open groups."""
    place = dict.fromkeys(made.unmet, NOWHERE)
    own = [s for s in plan.seats if s.group in made.opened]
    place |= {p: s.group for s in own if (p := person_of(index, made, s.resident, s.group)) in place}
    return place, {*place.values(), *(g.id for g in index.problem.groups if index.pins.must_open(g))}


def seat_values(index: Index, plan: Plan, need: str) -> dict[str, float]:
    """The levels of a seating stage at a plan."""
    made, goals = seat_program(index, need)
    place, opened = _seat_places(index, plan, made)
    return values_of(goals, _seat_readings(index, need, opened)[0], place)


def person_of(index: Index, made: Seating, resident: str, group: str) -> Person:
    """The need that a seat in the group meets: of the group's subject, or of any."""
    subject = index.groups[group].subject
    return (resident, subject) if (resident, subject) in made.unmet else (resident, "")


def soft_of(others: Mapping[int, Span], opened: Iterable[int]) -> frozenset[int]:
    """The variables that only measure what places cost together: pairs, sizes."""
    return frozenset(v for v, (low, high) in others.items() if low < high) - frozenset(opened)


def others_of(program: Program, variable: Mapping[tuple[Person, BinId], int]) -> dict[int, Span]:
    known = set(variable.values())
    return {v: (program.low[v], program.high[v]) for v in range(len(program.low)) if v not in known}


def _prices(
    stage: str,
    program: tuple[Program, tuple[Goal, ...]],
    readings: Readings,
    place: Mapping[Person, BinId],
    *,
    opens_fewest: bool,
    may_close: tuple[BinId, ...],
    is_tied: bool,
) -> StagePrices:
    rows, goals = program
    kept = read(rows, goals, readings[0], place)
    free = read(rows, goals, readings[1], place)
    if not kept.is_best:
        kept = read(rows, goals, readings[0], place, steady=True)
    kept = replace(kept, is_whole=kept.is_whole and not is_tied)
    values = values_of(goals, readings[0], place)
    for g, more in zip(kept.goals, kept.levels(kept.side(place)), strict=False):
        values[g.name] = round(values[g.name] + more, 2)
    return StagePrices(stage, goals, values, kept, free, opens_fewest, may_close)


def values_of(goals: Sequence[Goal], assignment: Assignment, place: Mapping[Person, BinId]) -> dict[str, float]:
    """The goals at these places; other variables count where they are fixed."""
    chosen = {v: 1.0 for pair in place.items() if (v := assignment.variable.get(pair)) is not None}
    chosen |= {v: low for v, (low, high) in assignment.others.items() if low == high}
    return {g.name: round(sum(c * chosen.get(v, 0.0) for v, c in g.entries), 2) for g in goals}


def _opens_fewest(index: Index, made: Seating, place: Mapping[Person, BinId], opened: set[str]) -> bool:
    """Whether fewer groups could not hold as many people, whichever they were, at one price for each."""
    groups = [index.groups[g] for g in made.opened]
    if len({g.open_points for g in groups}) > 1:
        return False
    must = sum(index.seats(g) for g in groups if index.pins.must_open(g))
    left = sum(bin_id != NOWHERE for bin_id in place.values()) - must
    fewest = sum(index.pins.must_open(g) for g in groups)
    for seats in sorted((index.seats(g) for g in groups if not index.pins.must_open(g)), reverse=True):
        if left <= 0:
            break
        left, fewest = left - seats, fewest + 1
    return fewest >= sum(g.id in opened for g in groups)
