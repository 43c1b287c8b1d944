"""What a run's row says, as pages need it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from foyer.cycles.labels import stage_name
from foyer.jobs.models import Run, RunState
from foyer.scheduling.plan import Shortage
from foyer.scheduling.problem import Problem

STAGES = ("classes", "education", "counsellors", "rooms", "times", "appointments")


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    state: str  # proven, done, working, waiting


def parts_of(run: Run) -> list[Part]:
    """The parts of a plan in the order in which they are decided, as far as the run is."""
    done = {part["name"]: part["proven"] for part in run.progress.get("parts", ())}
    working = run.progress.get("stage") or (STAGES[0] if run.state is RunState.RUNNING else None)  # the solver loads
    parts = []
    for stage in STAGES:
        state = "working" if stage == working else "waiting"
        if stage in done:
            state = "proven" if done[stage] else "done"
        parts.append(Part(stage_name(stage), state))
    return parts


def shortages_of(run: Run) -> list[Shortage]:
    """The shortages that a run found, out of its stored result."""
    found: list[dict[str, Any]] = run.result.get("shortages", [])
    return [
        Shortage(s["code"], tuple((name, value) for name, value in s["values"]), tuple(s["residents"])) for s in found
    ]


def undecided_points(problem: Problem) -> dict[str, float]:
    """What each part costs as long as nothing of it is decided, in points: everybody goes without (wish s1)."""
    w, people = problem.weights, problem.residents
    nights = sum(max(0, min(r.leaves, problem.nights) - max(r.arrives, 0)) for r in people)
    return {
        "classes": float(w.unplaced_vocational * sum(r.needs_vocational for r in people)),
        "education": float(w.unplaced_education * sum(len(r.education) for r in people)),
        "counsellors": float(w.unplaced_counsellor * len(people)),
        "rooms": float(w.unplaced_night * nights),
        "appointments": float(w.unplaced_appointment * len(people)),
    }
