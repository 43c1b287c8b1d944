"""Stage 3: who has which counsellor (H3, H7, H13; wishes s1, s4, s5, s6, and gender and skills asked for).

Lexicographic: fewest without a counsellor; the smallest largest caseload; then the points for changed
counsellors, for gender and skills asked for and not given, for pairs, and for case weights above the mean.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from foyer.scheduling.floors import points_of
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Caseload, Level, Unmet
from foyer.scheduling.problem import Counsellor
from foyer.scheduling.program import Entry, Goal, Program, goal, minimise
from foyer.scheduling.run import Run
from foyer.scheduling.score import leaves_counsellor
from foyer.scheduling.stages.fairness import drafted
from foyer.scheduling.stages.pair_rows import keep_apart, keep_together
from foyer.scheduling.stages.starts import cases_start

STAGE = "counsellors"
Pair = tuple[str, str]  # (resident, counsellor)


@dataclass(frozen=True, slots=True)
class Caseloads:
    """What the stage decided. ``levels`` is empty where it is infeasible."""

    caseloads: tuple[Caseload, ...]
    unmet: tuple[Unmet, ...]
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Made:
    program: Program
    case: dict[Pair, int]
    unmet: dict[str, int]
    above: dict[str, int]  # counsellor -> case weights above the mean
    largest: int
    pairs: list[Entry] = field(default_factory=list)  # points of wishes about pairs


def give_counsellors(run: Run, first: Sequence[Caseload] = ()) -> Caseloads:
    """Solve the stage. ``first`` are caseloads to begin with."""
    made = program(run.index)
    start = cases_start(run.index, made, first)
    goals = goals_of(run.index, made)
    answer = minimise(run, STAGE, made.program, goals, start=start, floors=[points_of(STAGE, goals)])
    return read(made, answer.values, answer.levels) if answer.is_feasible else Caseloads((), (), ())


def read(made: Made, values: Sequence[int], levels: tuple[Level, ...]) -> Caseloads:
    """What the values say."""
    return Caseloads(
        tuple(Caseload(r, k) for (r, k), y in made.case.items() if values[y]),
        tuple(Unmet(r, "counsellor") for r, u in made.unmet.items() if values[u]),
        levels,
    )


def program(index: Index) -> Made:
    """The stage's program."""
    problem, rows = index.problem, Program()
    total = sum(r.case_weight for r in index.counselled)
    made = Made(rows, {}, {}, {}, rows.integer(0, total))
    pins = index.pinned("counsellor")
    for resident in index.counselled:
        own = pins.get(resident.id)
        pinned = own or resident.id in index.pins.appointments
        unmet = made.unmet[resident.id] = rows.integer(0, 0 if pinned else 1)
        for counsellor in problem.counsellors:
            if (not own or counsellor.id in own) and index.may_counsel(counsellor, resident):
                made.case[resident.id, counsellor.id] = rows.integer()
        cases = [(made.case[p], 1) for c in problem.counsellors if (p := (resident.id, c.id)) in made.case]
        rows.row([*cases, (unmet, 1)], low=1, high=1)
    _loads(index, made, total)
    for a, b in index.apart["counsellor"]:
        for k in index.counsellors:
            if (a, k) in made.case and (b, k) in made.case:
                rows.row([(made.case[a, k], 1), (made.case[b, k], 1)], high=1)
    for bond in index.pairs.together["counsellor"]:
        made.pairs.extend(keep_together(rows, bond, made.case, made.unmet, index.counsellors))
    for bond in index.pairs.apart_wishes["counsellor"]:
        made.pairs.extend(keep_apart(rows, bond, made.case, index.counsellors))
    return made


def _loads(index: Index, made: Made, total: int) -> None:
    """Each counsellor's caseload."""
    cases: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for (resident, k), y in made.case.items():
        cases[k].append((resident, y))
    for counsellor in index.problem.counsellors:
        _load(index, made, counsellor, cases[counsellor.id], total)


def _load(index: Index, made: Made, counsellor: Counsellor, cases: Sequence[tuple[str, int]], total: int) -> None:
    """Capacity, the mean, the largest load, and as many residents as the counsellor has appointment slots."""
    load: list[Entry] = [(y, index.residents[r].case_weight) for r, y in cases]
    above = made.above[counsellor.id] = made.program.integer(0, total)
    made.program.row(load, high=counsellor.capacity)
    made.program.row([*load, (above, -1)], high=index.mean_load)
    made.program.row([*load, (made.largest, -1)], high=0)
    if index.problem.periods:
        made.program.row([(y, 1) for _, y in cases], high=index.slots_a_rotation(counsellor))
        _pinned_hours(index, made, cases)


def _pinned_hours(index: Index, made: Made, cases: Sequence[tuple[str, int]]) -> None:
    """Appointments that people set: of those in one period, as many as it has slots in the weeks they may take
    (H13)."""
    held: dict[str, list[tuple[set[int], int]]] = defaultdict(list)
    for name, y in cases:
        if name in index.pins.appointments:
            weeks = set(index.appointment_weeks(index.residents[name]))
            held[index.pins.appointments[name].period].append((weeks, y))
    for period, people in held.items():
        for among in index.week_sets:
            own = [(y, 1) for weeks, y in people if weeks <= among]
            if len(own) > len(among) * len(index.slots(period)):
                made.program.row(own, high=len(among) * len(index.slots(period)))


def goals_of(index: Index, made: Made) -> list[Goal]:
    weights = index.problem.weights
    wishes: list[Entry] = [(y, _wish_cost(index, r, k)) for (r, k), y in made.case.items()]
    goals = [
        goal("unplaced", [(u, weights.unplaced_counsellor) for u in made.unmet.values()]),
        goal("largest_caseload", [(made.largest, 1)], in_points=False),
        goal("wishes", [*wishes, *made.pairs, *((v, weights.caseload_above_mean) for v in made.above.values())]),
    ]
    return drafted(goals) if index.problem.fast_draft else goals


def _wish_cost(index: Index, resident_id: str, counsellor_id: str) -> float:
    weights = index.problem.weights
    resident, counsellor = index.residents[resident_id], index.counsellors[counsellor_id]
    other_gender = resident.same_gender_counsellor and counsellor.gender != resident.gender
    return (
        weights.other_counsellor * leaves_counsellor(index, resident_id, counsellor_id)
        + weights.other_gender_counsellor * other_gender
        + weights.skill_missing * index.missing_skills(resident, counsellor)
    )
