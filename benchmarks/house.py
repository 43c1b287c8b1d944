"""How long each stage takes on an invented house, beside the linear relaxation of the same programs.

    python benchmarks/house.py [residents] [seed]

Seconds depend on the machine; the ratio to the relaxation, solved on the same machine in the same minute, holds better.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from foyer.scheduling import check, program, solve
from foyer.scheduling.plan import Limits
from foyer.scheduling.run import Run
from tests.scheduling.house import make_house

solve_level = program._solve
relaxed: dict[str, float] = defaultdict(float)
exact: dict[str, float] = defaultdict(float)


def timed(run: Run, stage: str, task: program._Task, effort: program._Effort) -> program._Found | None:
    """A level as the engine solves it, and its relaxation with GLOP."""
    from ortools.math_opt.python import mathopt

    proto = program._proto(task.program, [*task.program.rows, *task.fixed], task.goal)
    del proto.variables.integers[:]
    proto.variables.integers.extend([False] * len(task.program.low))
    model = mathopt.Model.from_model_proto(proto)
    started = time.perf_counter()
    mathopt.solve(model, mathopt.SolverType.GLOP)
    relaxed[stage] += time.perf_counter() - started
    started = time.perf_counter()
    found = solve_level(run, stage, task, effort)
    exact[stage] += time.perf_counter() - started
    return found


def main() -> None:
    residents = int(sys.argv[1]) if len(sys.argv) > 1 else 112
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    problem = make_house(residents, seed)
    program._solve = timed
    plan = solve(problem, Limits(seconds=300))
    show = sys.stdout.write
    show(f"{plan.outcome}, score {plan.score:g}, bound {plan.bound:g}, violations {len(check(problem, plan))}\n")
    for stage in plan.stages:
        ratio = f"{exact[stage.name] / relaxed[stage.name]:.1f} x" if relaxed[stage.name] else "-"
        show(f"{stage.name:13} {stage.status:9} {stage.seconds:7.2f} s, levels {ratio} their relaxations\n")


if __name__ == "__main__":
    main()
