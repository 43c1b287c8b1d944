"""The pins of a draft: what questions about the draft are asked of, and what of it can be pinned."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache

from foyer.cycles.models import Plan
from foyer.cycles.opened import Opened, opened
from foyer.cycles.pins import pinned_problem
from foyer.scheduling import plan as engine
from foyer.scheduling.answers.editing import KINDS
from foyer.scheduling.files import read_problem
from foyer.scheduling.problem import Problem


def studied(plan: Plan) -> Opened:
    """The draft's problem with the draft's pins as rules, and its answer: what questions about a draft are asked of.
    The same objects for the same texts and pins."""
    found = opened(plan)
    own = (found.problem.pins, found.problem.appointment_pins, found.problem.meeting_pins)
    if not plan.pins and not any(own):
        return found
    return Opened(_pinned(plan.problem, json.dumps(plan.pins)), found.answer)


@lru_cache(maxsize=8)
def _pinned(problem: str, pins: str) -> Problem:
    return pinned_problem(read_problem(problem), json.loads(pins))


def held_by(problem: Problem, answer: engine.Plan, resident: str) -> Iterator[dict[str, str]]:
    """Everything that the plan gives one resident, as pins; a stay in several rooms is not one that can be pinned."""
    kinds = {g.id: KINDS[g.kind] for g in problem.groups}
    yield from (_row(kinds[s.group], resident, s.group) for s in answer.seats if s.resident == resident)
    yield from (_row("counsellor", resident, c.counsellor) for c in answer.caseloads if c.resident == resident)
    rooms = [x.room for x in answer.lodgings if x.resident == resident]
    yield from (_row("room", resident, room) for room in rooms if len(rooms) == 1)
    for a in answer.appointments:
        if a.resident == resident:
            yield _row("appointment", resident, f"{a.week}:{a.period}")


def meetings_held(answer: engine.Plan) -> Iterator[dict[str, str]]:
    """Every meeting of the plan, as pins."""
    return (_row("meeting", "", f"{m.group}:{','.join(m.periods)}") for m in answer.meetings)


def _row(kind: str, resident: str, target: str) -> dict[str, str]:
    return {"kind": kind, "resident": resident, "target": target}
