"""The boundary of the engine: exactly two mappers, the house's tables to a problem and a plan to tables.

The engine sees row ids as strings and nothing that names a person: residents are their enrolments' ids, trades their
ids; education programmes and wings keep their names, which name nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select

from foyer.cycles.house import HouseFacts, load_facts
from foyer.cycles.models import (
    Cycle,
    Occupancy,
    OccupantKind,
    Plan,
    PlanAppointment,
    PlanCaseload,
    PlanLodging,
    PlanMeeting,
    PlanOrigin,
    PlanSeat,
)
from foyer.cycles.opened import opened
from foyer.cycles.pins import PinRow
from foyer.cycles.problem_parts import (
    apart_of,
    counsellors_of,
    groups_of,
    instructors_of,
    residents_of,
    rooms_of,
    venues_of,
    weights_of,
)
from foyer.database import db
from foyer.scheduling import plan as engine
from foyer.scheduling.files import write_plan, write_problem
from foyer.scheduling.problem import Appointments, Period, Problem


def build_problem(cycle: Cycle, on: date | None = None) -> Problem:
    """What the engine is told about the cycle: everything that the house's tables say today, for a plan that holds from
    the day ``on`` (None: the cycle's first). Only residents whose stay overlaps the cycle are in it. A fixed number of
    queries, whatever the house's size."""
    return problem_of(load_facts(cycle, on))


def problem_of(facts: HouseFacts) -> Problem:
    """The problem that these facts pose."""
    cycle = facts.cycle
    return Problem(
        name=f"{cycle.year}-{cycle.number}",
        nights=cycle.nights,
        periods=facts.periods,
        residents=residents_of(facts),
        rooms=rooms_of(facts),
        groups=groups_of(facts),
        counsellors=counsellors_of(facts),
        instructors=instructors_of(facts),
        venues=venues_of(facts),
        apart=apart_of(facts),
        appointments=_appointments(facts),
        weights=weights_of(facts.residence.weights),
    )


def _appointments(facts: HouseFacts) -> Appointments:
    house = facts.residence
    return Appointments(minutes=house.appointment_minutes, every_weeks=house.appointment_every_weeks)


def store_plan(
    cycle: Cycle,
    problem: Problem,
    plan: engine.Plan,
    *,
    created_by_id: int | None = None,
    name: str = "",
    origin: PlanOrigin = PlanOrigin.GENERATED,
    parent_id: int | None = None,
    pins: Iterable[PinRow] = (),
) -> Plan:
    """Keep the engine's answer as the cycle's next draft. Whoever calls has checked it."""
    number = db.session.scalar(select(func.max(Plan.number)).where(Plan.cycle_id == cycle.id)) or 0
    row = Plan(
        residence_id=cycle.residence_id,
        cycle_id=cycle.id,
        number=number + 1,
        outcome=plan.outcome.value,
        score=plan.score,
        bound=plan.bound,
        stages=[asdict(stage) for stage in plan.stages],
        terms=[asdict(term) for term in plan.terms],
        unmet=[asdict(unmet) for unmet in plan.unmet],
        seconds=plan.seconds,
        problem=write_problem(problem),
        answer=write_plan(plan),
        created_by_id=created_by_id,
        name=name,
        origin=origin,
        parent_id=parent_id,
        pins=[dict(pin) for pin in pins],
    )
    db.session.add(row)
    db.session.flush()
    _store_details(row, cycle, problem, plan)
    return row


def replace_answer(row: Plan, answer: engine.Plan, text: str = "") -> None:
    """Put another answer to the same problem in the place of the draft's own: its figures, its file (``text`` where
    that is known) and its rows. The version rises by one, together with whatever else of the row was changed."""
    row.outcome, row.score, row.bound = answer.outcome.value, answer.score, answer.bound
    row.stages = [asdict(stage) for stage in answer.stages]
    row.terms = [asdict(term) for term in answer.terms]
    row.unmet = [asdict(unmet) for unmet in answer.unmet]
    row.answer = text or write_plan(answer)
    db.session.flush()
    for model in (Occupancy, PlanAppointment, PlanMeeting, PlanLodging, PlanCaseload, PlanSeat):
        db.session.execute(delete(model).where(model.plan_id == row.id))  # type: ignore[attr-defined]
    _store_details(row, row.cycle, opened(row).problem, answer)


def _store_details(row: Plan, cycle: Cycle, problem: Problem, plan: engine.Plan) -> None:
    periods = {period.id: period for period in problem.periods}
    _insert(PlanSeat, row, _seats(problem, plan))
    _insert(
        PlanCaseload, row, [{"enrolment_id": int(c.resident), "staff_id": int(c.counsellor)} for c in plan.caseloads]
    )
    _insert(PlanLodging, row, [_lodging(cycle, lodging) for lodging in plan.lodgings])
    _insert(PlanMeeting, row, [_meeting(meeting, periods) for meeting in plan.meetings])
    _insert(PlanAppointment, row, [_appointment(a, periods, problem) for a in plan.appointments])
    _insert(Occupancy, row, _occupancies(problem, plan, periods))


def _insert(model: Any, row: Plan, values: list[dict[str, Any]]) -> None:
    """One statement for all rows of a kind; none of these tables is audited, the plan as a whole is."""
    common = {"plan_id": row.id, "residence_id": row.residence_id}
    if values:
        db.session.execute(model.__table__.insert(), [{**value, **common} for value in values])


def _seats(problem: Problem, plan: engine.Plan) -> list[dict[str, Any]]:
    groups = {group.id: group for group in problem.groups}
    choices = {resident.id: resident.choices for resident in problem.residents}
    seats = []
    for seat in plan.seats:
        group, wished = groups[seat.group], choices[seat.resident]
        is_choice = group.kind == "vocational" and group.subject in wished
        rank = wished.index(group.subject) + 1 if is_choice else None
        seats.append({"enrolment_id": int(seat.resident), "group_id": int(seat.group), "choice_rank": rank})
    return seats


def _lodging(cycle: Cycle, lodging: engine.Lodging) -> dict[str, Any]:
    return {
        "enrolment_id": int(lodging.resident),
        "room_id": int(lodging.room),
        "bed": lodging.bed,
        "from_on": cycle.night(lodging.arrives),
        "until_on": cycle.night(lodging.leaves),
    }


def _meeting(meeting: engine.Meeting, periods: dict[str, Period]) -> dict[str, Any]:
    first, last = periods[meeting.periods[0]], periods[meeting.periods[-1]]
    return {
        "group_id": int(meeting.group),
        "weekday": first.day,
        "start_minute": first.start,
        "end_minute": last.end,
        "venue_id": _id(meeting.venue),
        "instructor_id": _id(meeting.instructor),
    }


def _id(name: str | None) -> int | None:
    return int(name) if name is not None else None


def _appointment(appointment: engine.Appointment, periods: dict[str, Period], problem: Problem) -> dict[str, Any]:
    return {
        "enrolment_id": int(appointment.resident),
        "staff_id": int(appointment.counsellor),
        "week": appointment.week,
        "every_weeks": problem.appointments.every_weeks,
        "weekday": periods[appointment.period].day,
        "start_minute": appointment.start,
        "end_minute": appointment.end,
    }


def _occupancies(problem: Problem, plan: engine.Plan, periods: dict[str, Period]) -> list[dict[str, Any]]:
    """Who and what is taken in which block. A weekly meeting holds every week of the rotation; an appointment only its
    own, the resident for the whole block, the counsellor (who may see two in one block) from its start on."""
    every = problem.appointments.every_weeks
    members: dict[str, list[str]] = {}
    for seat in plan.seats:
        members.setdefault(seat.group, []).append(seat.resident)
    rows = []
    for meeting in plan.meetings:
        taken = [(OccupantKind.ENROLMENT, resident) for resident in members.get(meeting.group, ())]
        taken += [(OccupantKind.VENUE, meeting.venue)] if meeting.venue else []
        taken += [(OccupantKind.STAFF, meeting.instructor)] if meeting.instructor else []
        for period in (periods[p] for p in meeting.periods):
            rows += [_taken(k, who, week, period.day, period.start) for k, who in taken for week in range(every)]
    for a in plan.appointments:
        period, week = periods[a.period], a.week % every
        rows.append(_taken(OccupantKind.ENROLMENT, a.resident, week, period.day, period.start))
        rows.append(_taken(OccupantKind.STAFF, a.counsellor, week, period.day, a.start))
    return rows


def _taken(kind: OccupantKind, who: str, week: int, weekday: int, start: int) -> dict[str, Any]:
    return {"kind": kind, "occupant_id": int(who), "week": week, "weekday": weekday, "start_minute": start}
