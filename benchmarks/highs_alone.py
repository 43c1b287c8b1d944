"""Each assignment stage as one plain mixed-integer program given straight to HiGHS: no aggregation of alike people, no
decomposition, no first plan; the same rules, and the same levels one after the other.

    python -m benchmarks.highs_alone PROBLEM [--seconds 60] [--seed 1]

Their linear relaxations, solved with GLOP, are the unit in which the engine's seconds are measured.
"""

from __future__ import annotations

import argparse
import datetime
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt

from foyer.scheduling.files import read_problem
from foyer.scheduling.index import Index
from foyer.scheduling.problem import Problem, Room, TeachingGroup
from foyer.scheduling.program import Entry, Program
from foyer.scheduling.score import leaves_counsellor, moves, years_outside

Level = tuple[str, list[Entry]]


@dataclass(frozen=True, slots=True)
class StageResult:
    """``values`` are the levels' values as far as they were reached, in order; ``proven`` where all are."""

    stage: str
    levels: tuple[str, ...]
    values: tuple[float, ...]
    proven: bool
    seconds: float


def solve_alone(problem: Problem, seconds: float, seed: int = 1) -> tuple[StageResult, ...]:
    """Every stage, each within ``seconds``."""
    return tuple(_solved(stage, *build(Index(problem)), seconds, seed) for stage, build in STAGES.items())


def relaxation_seconds(problem: Problem) -> dict[str, float]:
    """Per stage, how long GLOP takes for the linear relaxations of its levels, each fixed at its optimum before the
    next. Building the programs is not counted."""
    return {stage: _relaxed(*build(Index(problem))) for stage, build in STAGES.items()}


def _solved(stage: str, program: Program, levels: Sequence[Level], seconds: float, seed: int) -> StageResult:
    started, values, proven = time.perf_counter(), [], True
    rows = list(program.rows)
    for _, entries in levels:
        if not entries:
            values.append(0.0)
            continue
        left = seconds - (time.perf_counter() - started)
        parameters = mathopt.SolveParameters(
            time_limit=datetime.timedelta(seconds=max(0.1, left)),
            relative_gap_tolerance=0.0,
            absolute_gap_tolerance=0.001,
            random_seed=seed,
        )
        result = mathopt.solve(_model(program, rows, entries, whole=True), mathopt.SolverType.HIGHS, params=parameters)
        proven = proven and result.termination.reason is mathopt.TerminationReason.OPTIMAL
        if not result.has_primal_feasible_solution():
            proven = False
            break
        values.append(round(result.objective_value(), 2))
        rows.append((-float("inf"), values[-1] + 1e-6, tuple(entries)))
    names = tuple(name for name, _ in levels)
    return StageResult(stage, names, tuple(values), proven, time.perf_counter() - started)


def _relaxed(program: Program, levels: Sequence[Level]) -> float:
    rows, seconds = list(program.rows), 0.0
    for _, entries in levels:
        if not entries:
            continue
        model = _model(program, rows, entries, whole=False)
        started = time.perf_counter()
        result = mathopt.solve(model, mathopt.SolverType.GLOP)
        seconds += time.perf_counter() - started
        rows.append((-float("inf"), result.objective_value() + 1e-6, tuple(entries)))
    return seconds


def _model(
    program: Program, rows: Sequence[tuple[float, float, Sequence[Entry]]], goal: list[Entry], whole: bool
) -> Any:
    proto = model_pb2.ModelProto()
    count = len(program.low)
    proto.variables.ids.extend(range(count))
    proto.variables.lower_bounds.extend(program.low)
    proto.variables.upper_bounds.extend(program.high)
    proto.variables.integers.extend([whole] * count)
    summed: dict[int, float] = {}
    for variable, points in goal:
        summed[variable] = summed.get(variable, 0.0) + points
    proto.objective.linear_coefficients.ids.extend(sorted(summed))
    proto.objective.linear_coefficients.values.extend(float(summed[v]) for v in sorted(summed))
    proto.linear_constraints.ids.extend(range(len(rows)))
    proto.linear_constraints.lower_bounds.extend(low for low, _, _ in rows)
    proto.linear_constraints.upper_bounds.extend(high for _, high, _ in rows)
    for number, (_, _, entries) in enumerate(rows):
        proto.linear_constraint_matrix.row_ids.extend([number] * len(entries))
        proto.linear_constraint_matrix.column_ids.extend(v for v, _ in sorted(entries))
        proto.linear_constraint_matrix.coefficients.extend(float(c) for _, c in sorted(entries))
    return mathopt.Model.from_model_proto(proto)


# Classes and education groups


def classes(index: Index) -> tuple[Program, list[Level]]:
    """Unplaced, each rank from the worst, points of choice and aptitude, openings."""
    weights = index.problem.weights
    needs = [(r.id, "") for r in index.problem.residents if r.needs_vocational]
    program, seat, unmet, opens = _seats(index, needs, index.groups_of("vocational"))
    worst = len(weights.choice)
    ranks: dict[int, list[Entry]] = {rank: [] for rank in range(worst, 0, -1)}
    wishes: list[Entry] = []
    for (r, g), x in seat.items():
        resident, subject = index.residents[r], index.groups[g].subject
        wishes.append((x, index.choice_cost(resident, subject) + index.aptitude_cost(resident, subject)))
        rank = index.rank(resident, subject)
        if resident.choices and rank != 0:
            ranks[worst if rank is None else min(rank, worst)].append((x, 1))
    return program, [
        ("unplaced", [(u, weights.unplaced_vocational) for u in unmet]),
        *((f"rank {rank + 1}", entries) for rank, entries in ranks.items()),
        ("wishes", wishes),
        ("openings", _openings(index, opens)),
    ]


def education(index: Index) -> tuple[Program, list[Level]]:
    """Unplaced, openings."""
    needs = [(r.id, subject) for r in index.problem.residents for subject in r.education]
    program, _, unmet, opens = _seats(index, needs, index.groups_of("education"))
    points = index.problem.weights.unplaced_education
    return program, [("unplaced", [(u, points) for u in unmet]), ("openings", _openings(index, opens))]


def _openings(index: Index, opens: dict[str, int]) -> list[Entry]:
    own = {g: index.groups[g].open_points for g in opens}
    return [(o, index.problem.weights.open_group if own[g] is None else own[g]) for g, o in opens.items()]  # type: ignore[misc]


def _seats(
    index: Index, needs: Sequence[tuple[str, str]], groups: Sequence[TeachingGroup]
) -> tuple[Program, dict[tuple[str, str], int], list[int], dict[str, int]]:
    program = Program()
    opens = {g.id: program.integer(int(g.mandatory)) for g in groups}
    seat: dict[tuple[str, str], int] = {}
    unmet = []
    pins = {(p.resident, p.target) for p in index.problem.pins}
    for resident, subject in needs:
        suitable = [g for g in groups if subject in ("", g.subject) and index.is_eligible(g, index.residents[resident])]
        ways = []
        for group in suitable:
            x = seat[resident, group.id] = program.integer(int((resident, group.id) in pins))
            program.row([(x, 1), (opens[group.id], -1)], high=0)
            ways.append((x, 1.0))
        unmet.append(program.integer())
        program.row([*ways, (unmet[-1], 1)], low=1, high=1)
    for group in groups:
        taken: list[Entry] = [(x, 1) for (_, g), x in seat.items() if g == group.id]
        program.row([*taken, (opens[group.id], -group.minimum)], low=0)
        program.row([*taken, (opens[group.id], -index.seats(group))], high=0)
        if not group.mandatory:
            program.row([(opens[group.id], 1), *((x, -1) for x, _ in taken)], high=0)
        for a, b in index.apart["class"]:
            program.row([(seat[r, group.id], 1) for r in (a, b) if (r, group.id) in seat], high=1)
    return program, seat, unmet, opens


# Counsellors


def counsellors(index: Index) -> tuple[Program, list[Level]]:
    """Unplaced, the largest caseload, points."""
    weights, program = index.problem.weights, Program()
    total = sum(r.case_weight for r in index.problem.residents)
    largest = program.integer(0, total)
    pins = {(p.resident, p.target) for p in index.problem.pins if p.kind == "counsellor"}
    case: dict[tuple[str, str], int] = {}
    wishes: list[Entry] = []
    unmet = []
    for resident in index.problem.residents:
        for counsellor in index.problem.counsellors:
            if index.may_counsel(counsellor, resident):
                y = case[resident.id, counsellor.id] = program.integer(int((resident.id, counsellor.id) in pins))
                points = weights.other_counsellor * leaves_counsellor(index, resident.id, counsellor.id)
                points += weights.skill_missing * index.missing_skills(resident, counsellor)
                if resident.same_gender_counsellor and counsellor.gender != resident.gender:
                    points += weights.other_gender_counsellor
                wishes.append((y, points))
        unmet.append(program.integer())
        own = [(y, 1.0) for (r, _), y in case.items() if r == resident.id]
        program.row([*own, (unmet[-1], 1)], low=1, high=1)
    for counsellor in index.problem.counsellors:
        cases = [(r, y) for (r, k), y in case.items() if k == counsellor.id]
        load: list[Entry] = [(y, index.residents[r].case_weight) for r, y in cases]
        above = program.integer(0, total)
        wishes.append((above, weights.caseload_above_mean))
        program.row(load, high=counsellor.capacity)
        program.row([*load, (above, -1)], high=index.mean_load)
        program.row([*load, (largest, -1)], high=0)
        if index.problem.periods:
            program.row([(y, 1) for _, y in cases], high=index.slots_a_rotation(counsellor))
        for a, b in index.apart["counsellor"]:
            program.row([(y, 1) for r, y in cases if r in (a, b)], high=1)
    return program, [
        ("unplaced", [(u, weights.unplaced_counsellor) for u in unmet]),
        ("largest caseload", [(largest, 1)]),
        ("wishes", wishes),
    ]


# Rooms


def rooms(index: Index) -> tuple[Program, list[Level]]:
    """Unplaced, points. Every resident, room and arrival night by itself."""
    weights, program = index.problem.weights, Program()
    pins = {(p.resident, p.target) for p in index.problem.pins if p.kind == "room"}
    lives: dict[tuple[str, str], int] = {}
    unplaced: list[Entry] = []
    wishes: list[Entry] = []
    for resident in index.problem.residents:
        ways = []
        for room in index.problem.rooms:
            if index.may_lodge(resident, room):
                z = lives[resident.id, room.id] = program.integer(int((resident.id, room.id) in pins))
                ways.append((z, 1.0))
                other_room, other_house = moves(index, resident.id, room.id)
                points = weights.other_room * other_room + weights.other_house * other_house
                wishes.append((z, points + weights.reserve_room * room.reserve))
        unmet = program.integer()
        unplaced.append((unmet, weights.unplaced_night * (resident.leaves - resident.arrives)))
        program.row([*ways, (unmet, 1)], low=1, high=1)
    for room in index.problem.rooms:
        people = {r: z for (r, m), z in lives.items() if m == room.id}
        _nights(index, program, room, people)
        wishes += _ages(index, program, people)
        for a, b in index.apart["room"]:
            program.row([(people[r], 1) for r in (a, b) if r in people], high=1)
    return program, [("unplaced", unplaced), ("wishes", wishes)]


def _nights(index: Index, program: Program, room: Room, people: dict[str, int]) -> None:
    residents = [index.residents[r] for r in people]
    for night in sorted({r.arrives for r in residents}):
        womens = program.integer() if room.policy == "same" else None
        present = [r for r in residents if r.arrives <= night < r.leaves]
        if womens is None:
            program.row([(people[r.id], 1) for r in present], high=room.beds)
            continue
        women: list[Entry] = [(people[r.id], 1) for r in present if r.gender == "female"]
        men: list[Entry] = [(people[r.id], 1) for r in present if r.gender == "male"]
        program.row([*women, (womens, -room.beds)], high=0)
        program.row([*men, (womens, room.beds)], high=room.beds)


def _ages(index: Index, program: Program, people: dict[str, int]) -> list[Entry]:
    """The years of each resident outside the band that the room takes."""
    if not people or not index.problem.weights.age_apart:
        return []
    bands = {band: program.integer() for band in index.age_bands}
    program.row([(b, 1) for b in bands.values()], low=1, high=1)
    paid: list[Entry] = []
    for r, z in people.items():
        years = {band: years_outside(index.residents[r].age, band) for band in bands}
        outside = program.integer(0, max(years.values()))
        for band, b in bands.items():
            if years[band]:
                program.row([(outside, 1), (z, -years[band]), (b, -years[band])], low=-years[band])
        paid.append((outside, index.problem.weights.age_apart))
    return paid


STAGES: dict[str, Callable[[Index], tuple[Program, list[Level]]]] = {
    "classes": classes,
    "education": education,
    "counsellors": counsellors,
    "rooms": rooms,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Solve each assignment stage of a foyer-problem/1 file with HiGHS alone."
    )
    parser.add_argument("problem", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    problem = read_problem(given.problem.read_text(encoding="utf-8"))
    for result in solve_alone(problem, given.seconds, given.seed):
        figures = ", ".join(f"{n} {v:g}" for n, v in zip(result.levels, result.values, strict=False))
        sys.stdout.write(
            f"{result.stage}: {figures}; {'proven' if result.proven else 'not proven'}, {result.seconds:.1f} s\n"
        )


if __name__ == "__main__":
    main()
