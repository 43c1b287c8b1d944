"""The pins of a draft: what questions about the draft are asked of, and what of it can be pinned."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from functools import lru_cache

from foyer.cycles.models import Plan
from foyer.cycles.opened import Opened, opened
from foyer.cycles.pins import PinRow, pinned_problem
from foyer.scheduling import plan as engine
from foyer.scheduling.answers.editing import KINDS
from foyer.scheduling.answers.forms import Wish
from foyer.scheduling.answers.verdict import edited
from foyer.scheduling.answers.viewing import seen
from foyer.scheduling.files import read_problem
from foyer.scheduling.problem import Problem


def studied(plan: Plan, without: Collection[PinRow] = ()) -> Opened:
    """The draft's problem with the draft's pins as rules, but ``without`` these, and its answer: what questions about a
    draft are asked of. The same objects for the same texts and pins."""
    found, pins = opened(plan), [row for row in plan.pins if row not in without]
    own = (found.problem.pins, found.problem.appointment_pins, found.problem.meeting_pins)
    if not pins and not any(own):
        return found
    return Opened(_pinned(plan.problem, json.dumps(pins)), found.answer)


def given_up(plan: Plan, wish: Wish) -> list[dict[str, str]]:
    """The draft's pins that the resident's change, with nothing else moved, would not keep."""
    found = opened(plan)
    index, now = seen(found.problem, found.answer)
    after = edited(index, now, wish)

    def held(answer: engine.Plan) -> list[dict[str, str]]:
        return [*held_by(found.problem, answer, wish.resident), *meetings_held(answer)]

    before, kept = held(now), held(after)
    return [row for row in plan.pins if row in before and row not in kept]


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


def is_held(problem: Problem, answer: engine.Plan, row: PinRow) -> bool:
    """Whether the plan is as somebody decided."""
    held = meetings_held(answer) if row["kind"] == "meeting" else held_by(problem, answer, row["resident"])
    return dict(row) in held


def meetings_held(answer: engine.Plan) -> Iterator[dict[str, str]]:
    """Every meeting of the plan, as pins."""
    return (_row("meeting", "", f"{m.group}:{','.join(m.periods)}") for m in answer.meetings)


def _row(kind: str, resident: str, target: str) -> dict[str, str]:
    return {"kind": kind, "resident": resident, "target": target}
