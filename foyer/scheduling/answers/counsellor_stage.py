"""The prices of the counsellors' stage: caseloads no larger than the plan's largest, points above the mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from weakref import WeakKeyDictionary

from foyer.scheduling.answers.exchange import NOWHERE, Bin, BinId, Person
from foyer.scheduling.answers.stages import StagePrices, others_of, soft_of, values_of
from foyer.scheduling.answers.transport import HUNDREDTHS, Assignment, Transport, read
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Plan
from foyer.scheduling.program import Goal, Program, goal
from foyer.scheduling.stages import counsellors
from foyer.scheduling.stages.fairness import SUM

_programs: WeakKeyDictionary[Index, counsellors.Made] = WeakKeyDictionary()
_readings: WeakKeyDictionary[Index, tuple[Program, Assignment, tuple[Goal, ...]]] = WeakKeyDictionary()


def counsellor_program(index: Index) -> counsellors.Made:
    """The stage's program, made once for an index; nobody changes it."""
    found = _programs.get(index)
    if found is None:
        found = _programs[index] = counsellors.program(index)
    return found


def _reading(index: Index) -> tuple[Program, Assignment, tuple[Goal, ...]]:
    """The program without what measures loads: bins do that. It does not depend on the plan."""
    found = _readings.get(index)
    if found is None:
        made = counsellor_program(index)
        variable: dict[tuple[Person, BinId], int] = {((r, ""), k): v for (r, k), v in made.case.items()}
        variable |= {((r, ""), NOWHERE): v for r, v in made.unmet.items()}
        loads = {made.largest, *made.above.values()}
        rows = Program()
        rows.low, rows.high = made.program.low, made.program.high
        rows.rows = [row for row in made.program.rows if not loads.intersection(v for v, _ in row[2])]
        others = {v: span for v, span in others_of(rows, variable).items() if v not in loads}
        goals = tuple(
            goal(g.name, [(v, c) for v, c in g.entries if v not in loads], in_points=g.in_points)
            for g in counsellors.goals_of(index, made)
            if g.name != "largest_caseload"
        )
        found = _readings[index] = rows, Assignment(variable, others, soft_of(others, ())), goals
    return found


def counsellor_prices(index: Index, plan: Plan) -> StagePrices | None:
    """The stage of counsellors, with no caseload larger than the plan's largest. None where some residents count for
    more than one: then it is no transportation problem."""
    if any(r.case_weight != 1 for r in index.problem.residents):
        return None
    rows, reading, goals = _reading(index)
    unmet = counsellor_program(index).unmet
    place: dict[Person, BinId] = {(r, ""): NOWHERE for r in unmet}
    place |= {(c.resident, ""): c.counsellor for c in plan.caseloads if c.resident in unmet}
    level = _levelled(index, plan)
    kept = level(read(rows, goals, reading, place))
    if not kept.is_best:
        kept = level(read(rows, goals, reading, place, steady=True))
    values = values_of(goals, reading, place)
    sizes = [n for k, n in kept.exchange.sizes.items() if k != NOWHERE]
    above = index.problem.weights.caseload_above_mean * sum(max(0, n - index.mean_load) for n in sizes)
    side = dict(zip((g.name for g in kept.goals), kept.levels(kept.side(place)), strict=False))
    name = _level_of_loads(index)
    values[name] = round(values[name] + above + side.get(name, 0.0), 2)
    free = read(rows, goals[:1], reading, place)
    return StagePrices("counsellors", goals, values, kept, free, opens_fewest=False, is_capped=True)


def _level_of_loads(index: Index) -> str:
    """The level that counts case weights above the mean."""
    return SUM if index.problem.fast_draft else "wishes"


def _levelled(index: Index, plan: Plan) -> Callable[[Transport], Transport]:
    """Caseloads up to the plan's largest, which is the smallest possible; above the mean each one more costs points. A
    fast draft does not ask for the smallest largest."""
    loads = Counter(c.counsellor for c in plan.caseloads)
    largest = max(loads.values(), default=0)
    bounds = [x.bound for s in plan.stages for x in s.levels if (s.name, x.name) == ("counsellors", "largest_caseload")]
    is_least = largest <= max([-(-len(plan.caseloads) // max(1, len(index.counsellors))), *bounds])
    if index.problem.fast_draft:
        largest, is_least = len(index.residents), True

    def levelled(reading: Transport) -> Transport:
        level = next(i for i, g in enumerate(reading.goals) if g.name == _level_of_loads(index)) + reading.is_steady
        packed = reading.scale.pack([*[0] * level, index.problem.weights.caseload_above_mean * HUNDREDTHS])
        bins = {
            k: limits if k == NOWHERE else Bin(limits.low, min(limits.high, largest), index.mean_load, packed)
            for k, limits in reading.exchange.bins.items()
        }
        return replace(reading, exchange=replace(reading.exchange, bins=bins), is_whole=reading.is_whole and is_least)

    return levelled
