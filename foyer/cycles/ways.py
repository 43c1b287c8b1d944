"""Ways out of an impossible run: looked for in the background, shown with what they change, applied by one button.

What the engine makes weaker in its problem is made weaker in the house's own rows, field by field. Where the house has
no such field, or a person has to decide, there is no button.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from foyer.audit.services import record
from foyer.cycles.asked import facts_asked, is_repair, problem_asked
from foyer.cycles.groups import next_code, open_second
from foyer.cycles.house import HouseFacts
from foyer.cycles.interruptions import InterruptionKind
from foyer.cycles.models import CycleState, Plan, PlanOrigin
from foyer.cycles.publishing import lock_cycle
from foyer.cycles.queries import published_plan
from foyer.cycles.repairs import REPAIR_JOB, RepairWish, start_repair
from foyer.cycles.services import CycleClosed, generate_plan
from foyer.cycles.ways_answer import answer_of
from foyer.database import db
from foyer.errors import FoyerError, NotFound, Stale
from foyer.jobs.models import Run, RunState
from foyer.jobs.services import enqueue
from foyer.records import change_record
from foyer.residences.models import RoomPolicy
from foyer.scheduling.files import problem_hash
from foyer.scheduling.plan import Outcome
from foyer.scheduling.problem import Problem
from foyer.scheduling.relaxing.apply import relaxed
from foyer.scheduling.relaxing.forms import Relaxation, WayOut

WAYS_JOB = "ways"  # the kind of run that looks for ways out
RUNS_LOOKED_AT = 40  # for the one that made a draft


class NoButton(FoyerError):
    """This way cannot be taken by a button: a person has to decide it, or to do it in the house."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One field of one row that a way changes. ``row`` None: a pin that is given up (``before``). Field "second": one
    more group like the row, with the code ``after``."""

    row: Any
    field: str
    before: Any
    after: Any


# Looking for them


def look_for_ways(*, cycle_id: int, run_id: int, actor_id: int | None) -> Run:
    """Queue the search for ways out of a run that ended impossible; the one that is under way where there is one (a
    double click). Raises NotFound."""
    lock_cycle(cycle_id)
    failed = _run(run_id)
    if failed.parameters.get("cycle_id") != cycle_id or not needs_ways(failed):
        raise NotFound("run")
    live = db.session.scalars(
        select(Run).where(Run.kind == WAYS_JOB, Run.state.in_((RunState.QUEUED, RunState.RUNNING)))
    )
    same = next((run for run in live if run.parameters.get("run_id") == run_id), None)
    asked = dict(failed.parameters)
    if is_repair(asked):  # pins of the published plan have given way already
        asked["without_pins"] = is_impossible(failed) or bool(failed.result.get("pins_given_up"))
    parameters = {"cycle_id": cycle_id, "run_id": run_id, "asked": asked}
    return same or enqueue(WAYS_JOB, failed.residence_id, parameters, actor_id)


def is_impossible(run: Run) -> bool:
    """Whether the run ended without an answer, since there is none."""
    return bool(run.result.get("outcome") == Outcome.INFEASIBLE.value)


def needs_ways(run: Run) -> bool:
    """Whether the run ended impossible, or with a repair that takes from somebody what the plan gave."""
    return is_impossible(run) or bool(run.kind == REPAIR_JOB and run.result.get("newly_open"))


def repair_run_of(plan: Plan) -> Run | None:
    """The run that made this repaired draft, if it leaves anything newly open."""
    query = select(Run).where(Run.kind == REPAIR_JOB).order_by(Run.id.desc()).limit(RUNS_LOOKED_AT)
    runs = db.session.scalars(query)
    return next((run for run in runs if run.result.get("plan_id") == plan.id and needs_ways(run)), None)


def get_ways_run(cycle_id: int, run_id: int) -> Run:
    """The search with this id, if it is about this cycle; raises NotFound."""
    run = _run(run_id)
    if run.kind != WAYS_JOB or run.parameters.get("cycle_id") != cycle_id:
        raise NotFound("run")
    return run


def _run(run_id: int) -> Run:
    run = db.session.scalar(select(Run).where(Run.id == run_id))
    if run is None:
        raise NotFound("run")
    return run


# Taking one


def edits_of(way: WayOut, facts: HouseFacts, problem: Problem) -> list[Edit] | None:
    """What the way changes in the house's rows and the draft's pins; None where no button can do it."""
    if any(r.needs_a_person or r.code not in _EDITS for r in way.relaxations):
        return None
    found: list[Edit] = []
    for relaxation in way.relaxations:
        after = relaxed(problem, [relaxation])
        try:
            found += _EDITS[relaxation.code](relaxation, facts, problem, after)
        except StopIteration:  # what it names is not in the house: gone since, or a group that this way opens first
            return None
        problem = after
    return _coded(_once(found), {group.code for group in facts.groups})


def _coded(edits: list[Edit], taken: set[str]) -> list[Edit]:
    """Each further group with a code of its own, also where the way opens several of one kind."""
    found = []
    for edit in edits:
        if edit.field == "second":
            edit = replace(edit, after=next_code(edit.row.code, taken))
            taken = {*taken, edit.after}
        found.append(edit)
    return found


def _once(edits: list[Edit]) -> list[Edit]:
    """A field that several steps change is changed once, to what it is after the last."""
    last: dict[object, Edit] = {}
    for number, edit in enumerate(edits):
        is_value = edit.row is not None and edit.field != "second"
        last[(id(edit.row), edit.field) if is_value else number] = edit
    return list(last.values())


def apply_way(*, cycle_id: int, run_id: int, number: int, actor_id: int | None, today: date) -> Run:
    """Change the house as the way says (each change is in the trail), and make the draft or the repair again: gives its
    run. Raises NotFound, CycleClosed, NoButton, Stale where the house or the published plan is not as it was when the
    way was found, and as ``generate_plan`` or ``start_repair``."""
    cycle = lock_cycle(cycle_id)
    if cycle.state is CycleState.CLOSED:
        raise CycleClosed
    run = get_ways_run(cycle_id, run_id)
    answer, asked = answer_of(run), dict(run.parameters["asked"])
    problem = problem_asked(asked)
    if answer is None or not 0 < number <= len(answer.ways):
        raise NotFound("way")
    if run.input_hash != problem_hash(problem) or _is_replaced(asked):
        raise Stale("Cycle")
    edits = edits_of(answer.ways[number - 1], facts_asked(asked), problem)
    if edits is None:
        raise NoButton
    _carry_out(edits)
    record("way_taken", run, changes={"codes": [None, [r.code for r in answer.ways[number - 1].relaxations]]})
    if is_repair(asked):
        return _repair_again(asked, actor_id, today)
    return _again(asked, [edit.before for edit in edits if edit.row is None], actor_id)


def _is_replaced(asked: Mapping[str, Any]) -> bool:
    """Whether another plan was published since the repair of this one was asked for."""
    published = published_plan(int(asked["cycle_id"])) if is_repair(asked) else None
    return is_repair(asked) and (published is None or published.id != int(asked["plan_id"]))


def _repair_again(asked: Mapping[str, Any], actor_id: int | None, today: date) -> Run:
    caps = {name: asked.get(name) for name in ("most_changes", "most_per_resident")}
    day = max(date.fromisoformat(asked["from_on"]), today)
    wish = RepairWish(day, **caps, place_unplaced=bool(asked.get("place_unplaced")))
    return start_repair(cycle_id=int(asked["cycle_id"]), wish=wish, actor_id=actor_id, today=today)


def _carry_out(edits: list[Edit]) -> None:
    for edit in edits:
        if edit.field == "outages":
            for outage in edit.before:
                edit.row.outages.remove(outage)
            db.session.flush()
        elif edit.field == "second":
            open_second(edit.row, edit.after)
        elif edit.row is not None:
            change_record(edit.row, {edit.field: edit.after})


def _again(asked: Mapping[str, Any], given_up: list[Mapping[str, str]], actor_id: int | None) -> Run:
    return generate_plan(
        cycle_id=int(asked["cycle_id"]),
        actor_id=actor_id,
        name=asked.get("name", ""),
        weights=asked.get("weights"),
        pins=[pin for pin in asked.get("pins", ()) if pin not in given_up],
        parent_id=asked.get("parent_id"),
        origin=PlanOrigin(asked.get("origin", PlanOrigin.GENERATED.value)),
        seconds=asked.get("seconds"),
    )


# What each relaxation is in the house's rows

Edits = Callable[[Relaxation, HouseFacts, Problem, Problem], list[Edit]]


def _row(rows: Any, id_: object) -> Any:
    return next(row for row in rows if str(row.id) == str(id_))


def _thing(things: Any, id_: object) -> Any:
    return next(thing for thing in things if thing.id == id_)


def _larger(relaxation: Relaxation, facts: HouseFacts, problem: Problem, after: Problem) -> list[Edit]:
    id_ = dict(relaxation.values)["group"]
    group, wanted = _row(facts.groups, id_), _thing(after.groups, id_).maximum
    edits = [Edit(group, "maximum", group.maximum, wanted)] if wanted != group.maximum else []
    for venue in after.venues:
        row = _row(facts.venues, venue.id)
        if venue.seats != _thing(problem.venues, venue.id).seats:
            edits.append(Edit(row, "seats", row.seats, venue.seats))
    return edits


def _group_field(field: str, name: str = "") -> Edits:
    """A field of the group that the engine calls ``name``."""

    def edits(relaxation: Relaxation, facts: HouseFacts, problem: Problem, after: Problem) -> list[Edit]:
        id_ = dict(relaxation.values)["group"]
        group = _row(facts.groups, id_)
        return [Edit(group, field, getattr(group, field), getattr(_thing(after.groups, id_), name or field))]

    return edits


def _admits(relaxation: Relaxation, facts: HouseFacts, problem: Problem, after: Problem) -> list[Edit]:
    id_ = dict(relaxation.values)["group"]
    group, levels = _row(facts.groups, id_), list(_thing(after.groups, id_).levels)
    edits = [Edit(group, "levels", list(group.levels), levels)]
    if group.minimum_level is not None:
        edits.append(Edit(group, "minimum_level", group.minimum_level, None))
    return edits


def _second(relaxation: Relaxation, facts: HouseFacts, problem: Problem, after: Problem) -> list[Edit]:
    group = _row(facts.groups, dict(relaxation.values)["group"])
    return [Edit(group, "second", None, "")]  # its code: _coded


def _stand_in(relaxation: Relaxation, facts: HouseFacts, problem: Problem, after: Problem) -> list[Edit]:
    """Who stands in for somebody who is away altogether."""
    values = dict(relaxation.values)
    away = facts.holding.whole(InterruptionKind.STAFF, int(values["instructor"]))
    if away is None:
        raise StopIteration
    return [Edit(away, "instead_staff_id", away.instead_staff_id, int(values["who"]))]


def _capacity(relaxation: Relaxation, facts: HouseFacts, problem: Problem, after: Problem) -> list[Edit]:
    id_ = dict(relaxation.values)["counsellor"]
    person = _row(facts.staff, id_)
    return [Edit(person, "most_residents", person.most_residents, _thing(after.counsellors, id_).capacity)]


def _room(field: str) -> Edits:
    def edits(relaxation: Relaxation, facts: HouseFacts, problem: Problem, after: Problem) -> list[Edit]:
        id_ = dict(relaxation.values)["room"]
        room, made = _row(facts.rooms, id_), _thing(after.rooms, id_)
        value = RoomPolicy(made.policy) if field == "policy" else made.minimum_stage
        return [Edit(room, field, getattr(room, field), value)]

    return edits


def _reopened(relaxation: Relaxation, facts: HouseFacts, problem: Problem, after: Problem) -> list[Edit]:
    room, cycle = _row(facts.rooms, dict(relaxation.values)["room"]), facts.cycle
    within = [
        outage
        for outage in room.outages
        if (outage.from_on is None or outage.from_on < cycle.ends_on)
        and (outage.until_on is None or outage.until_on > cycle.starts_on)
    ]
    return [Edit(room, "outages", within, None)]


def _rarer(relaxation: Relaxation, facts: HouseFacts, problem: Problem, after: Problem) -> list[Edit]:
    house = facts.residence
    field = "appointment_every_weeks"
    return [Edit(house, field, house.appointment_every_weeks, after.appointments.every_weeks)]


def _unpinned(relaxation: Relaxation, facts: HouseFacts, problem: Problem, after: Problem) -> list[Edit]:
    """The pins that the engine was told of and is no longer told of."""
    rows = [
        *({"kind": p.kind, "resident": p.resident, "target": p.target} for p in problem.pins if p not in after.pins),
        *(
            {"kind": "meeting", "resident": "", "target": f"{p.group}:{','.join(p.periods)}"}
            for p in problem.meeting_pins
            if p not in after.meeting_pins
        ),
        *(
            {
                "kind": "appointment",
                "resident": p.resident,
                "target": f"{'' if p.week is None else f'{p.week}:'}{p.period}",
            }
            for p in problem.appointment_pins
            if p not in after.appointment_pins
        ),
    ]
    return [Edit(None, "pin", row, None) for row in rows]


_EDITS: dict[str, Edits] = {
    "group_larger": _larger,
    "group_smaller": _group_field("minimum"),
    "group_not_opened": _group_field("is_mandatory", "mandatory"),
    "group_opened": _second,
    "group_admits": _admits,
    "meetings_fewer": _group_field("meetings"),
    "capacity": _capacity,
    "room_either_gender": _room("policy"),
    "room_stage": _room("minimum_stage"),
    "room_reopened": _reopened,
    "rarer_appointments": _rarer,
    "stand_in": _stand_in,
    "pin_released": _unpinned,
}
