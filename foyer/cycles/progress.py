"""What a run's row says, as pages need it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from foyer.cycles.labels import stage_name
from foyer.jobs.models import Run, RunState
from foyer.scheduling.plan import Shortage

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
