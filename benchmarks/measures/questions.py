"""What the engine answers about a plan in hand: how fast, against making a whole plan."""

from __future__ import annotations

import random
from typing import Any

from benchmarks.measures.engine import HOUSES, WORKERS
from benchmarks.measures.watching import load_solvers
from foyer.scheduling import check, solve
from foyer.scheduling.answers.forms import Wish
from foyer.scheduling.answers.what_if import what_if
from foyer.scheduling.plan import Limits
from foyer.scheduling.problem import Problem

EACH = 5  # questions of each kind


def what_ifs(house: str, residents: int, seed: int, seconds: float) -> dict[str, Any]:
    """Questions about residents drawn by lot: another class, counsellor, room or hour than they have."""
    load_solvers()
    problem = HOUSES[house](residents, seed)
    plan = solve(problem, Limits(seconds=seconds, workers=WORKERS, seed=seed))
    answers = []
    for wish in questions(problem, seed):
        found = what_if(problem, plan, wish)
        broken = sorted({v.rule for v in check(problem, found.plan)}) if found.plan is not None else []
        answers.append(
            {
                "kind": wish.kind,
                "seconds": found.seconds,
                "outcome": found.outcome,
                "proof": found.proof,
                "violations": broken,
            }
        )
    return {"full_seconds": plan.seconds, "answers": answers}


def questions(problem: Problem, seed: int) -> list[Wish]:
    """The same for every run of a seed."""
    rng = random.Random(seed)
    classes = [g.id for g in problem.groups if g.kind == "vocational"]
    targets = {
        "class": classes,
        "counsellor": [c.id for c in problem.counsellors],
        "room": [m.id for m in problem.rooms],
        "appointment": [p.id for p in problem.periods],
    }
    people = [r.id for r in problem.residents]
    return [Wish(kind, rng.choice(people), rng.choice(ids)) for kind, ids in targets.items() for _ in range(EACH)]  # type: ignore[arg-type]
