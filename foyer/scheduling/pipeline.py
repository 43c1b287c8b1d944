"""The order of the stages, and what happens where the times do not fit the seats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from foyer.scheduling.index import Index
from foyer.scheduling.plan import (
    Appointment,
    Caseload,
    Level,
    Lodging,
    Meeting,
    Outcome,
    Seat,
    Shortage,
    Stage,
    Unmet,
)
from foyer.scheduling.run import Run, Stopped
from foyer.scheduling.stages.alignment import align
from foyer.scheduling.stages.appointments import Booked, book_appointments, meeting_periods
from foyer.scheduling.stages.classes import Seats, place_in_classes
from foyer.scheduling.stages.counsellors import Caseloads, give_counsellors
from foyer.scheduling.stages.education import place_in_education
from foyer.scheduling.stages.joint import seat_and_time
from foyer.scheduling.stages.resplit import share_out_again
from foyer.scheduling.stages.rooms import give_rooms
from foyer.scheduling.stages.times import Timetable, set_times


class _Decided(Protocol):
    @property
    def levels(self) -> tuple[Level, ...]: ...


T = TypeVar("T", bound=_Decided)


@dataclass
class Draft:
    """The plan as far as it has come; a cancelled run returns it."""

    index: Index
    seats: tuple[Seat, ...] = ()
    caseloads: tuple[Caseload, ...] = ()
    lodgings: tuple[Lodging, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    shortages: tuple[Shortage, ...] = ()
    stages: list[Stage] = field(default_factory=list)

    def unmet(self) -> tuple[Unmet, ...]:
        """Every need without its answer in the draft: what no stage met, and what no stage came to."""
        kinds = {(s.resident, self.index.groups[s.group].kind, self.index.groups[s.group].subject) for s in self.seats}
        in_class = {r for r, kind, _ in kinds if kind == "vocational"}
        counselled = {c.resident for c in self.caseloads}
        lodged = {x.resident for x in self.lodgings}
        booked = {a.resident for a in self.appointments}
        found: list[Unmet] = []
        for r in self.index.problem.residents:
            if r.needs_vocational and r.id not in in_class:
                found.append(Unmet(r.id, "class"))
            found += [Unmet(r.id, "education", s) for s in r.education if (r.id, "education", s) not in kinds]
            for need, met in (("counsellor", counselled), ("room", lodged), ("appointment", booked)):
                if r.id not in met:
                    found.append(Unmet(r.id, need))  # type: ignore[arg-type]
        return tuple(found)


def build(run: Run, draft: Draft) -> Outcome:
    """Run the stages. What is done stays in the draft when Stopped is raised."""
    timer = _Timer(run, draft)
    run.check_stop()
    run.wait_for(_load_solvers, stage="classes")
    seats = timer.take("classes", place_in_classes(timer.begin("classes")))
    draft.seats = seats.seats
    lessons = timer.take("education", place_in_education(timer.begin("education")))
    draft.seats = align(run, (*seats.seats, *lessons.seats))
    cases = timer.take("counsellors", give_counsellors(timer.begin("counsellors")))
    draft.caseloads = cases.caseloads
    rooms = timer.take("rooms", give_rooms(timer.begin("rooms")))
    draft.lodgings = rooms.lodgings
    if not all(part.levels for part in (seats, lessons, cases, rooms)):
        draft.shortages = tuple(_no_plan(s.name) for s in draft.stages if s.status == "infeasible")
        return Outcome.INFEASIBLE
    week = timer.take("times", _week(timer, draft, seats, lessons), conditional=True)
    draft.meetings = week.meetings
    if not week.levels:
        draft.shortages = (_no_plan("times"),) if week.is_impossible else ()
        return Outcome.INFEASIBLE if week.is_impossible else Outcome.OUT_OF_TIME
    booked = timer.take("appointments", _appointments(timer, draft, cases), conditional=True)
    draft.appointments = booked.appointments
    if not booked.levels:
        return Outcome.OUT_OF_TIME  # a pinned appointment has no place beside these meetings; no proof that none has
    return Outcome.OPTIMAL if all(s.status == "optimal" for s in draft.stages) else Outcome.FEASIBLE


def _load_solvers() -> None:
    """OR-Tools takes a second to import: in the waited-for thread, so that even then a run can be cancelled."""
    import ortools.math_opt.python.mathopt
    import ortools.sat.python.cp_model  # noqa: F401


def _appointments(timer: _Timer, draft: Draft, cases: Caseloads) -> Booked:
    """Appointments with the counsellors found. Where somebody is left out, the caseloads are shared out again."""
    run = timer.begin("appointments")
    booked = book_appointments(run, draft.seats, draft.caseloads, draft.meetings)
    draft.appointments = booked.appointments
    if booked.levels and not booked.unmet:
        return booked
    try:
        again = share_out_again(run, cases, meeting_periods(draft.seats, draft.meetings))
        better = book_appointments(run, draft.seats, again.caseloads, draft.meetings)
    except Stopped as stopped:
        if stopped.cancelled:
            raise
        return booked  # out of time: what is in hand is complete
    if not better.levels or (booked.levels and _lost(again, better) >= _lost(cases, booked)):
        return booked
    draft.caseloads = again.caseloads
    timer.correct("counsellors", again)
    return better


def _lost(cases: Caseloads, booked: Booked) -> float:
    """Points of the first level: without a counsellor, without an appointment."""
    return cases.levels[0].value + booked.levels[0].value


def _no_plan(stage: str) -> Shortage:
    """The solver's own certificate, where counting saw nothing: no plan keeps all hard rules of this stage."""
    return Shortage("no_plan", (("stage", stage),))


def _week(timer: _Timer, draft: Draft, seats: Seats, lessons: Seats) -> Timetable:
    """Times for the seats found. Where these allow none: first without an hour kept for each counsellor, then with the
    seats freed again, at no cost if that is possible, else at the least."""
    run = timer.begin("times")
    week = set_times(run, draft.seats, draft.caseloads)
    if not week.levels:
        week = set_times(run, draft.seats, ())
    if week.levels:
        return week
    joint = seat_and_time(run, seats, lessons)
    if not joint.meetings:
        return replace(week, is_impossible=joint.is_impossible)
    draft.seats = (*joint.classes.seats, *joint.education.seats)
    timer.correct("classes", joint.classes)
    timer.correct("education", joint.education)
    week = set_times(run, draft.seats, draft.caseloads, hint=joint.meetings)
    return week if week.levels else set_times(run, draft.seats, (), hint=joint.meetings)


class _Timer:
    """Starts and ends stages: their seconds, their value and bound, what the watcher hears."""

    def __init__(self, run: Run, draft: Draft) -> None:
        self._run, self._draft = run, draft
        self._since = run.seconds()

    def begin(self, stage: str) -> Run:
        self._since = self._run.seconds()
        self._run.start(stage)
        return self._run

    def take(self, stage: str, decided: T, *, conditional: bool = False) -> T:
        levels = decided.levels
        value, bound = _points(levels)
        status = "infeasible" if not levels else "optimal" if all(x.status == "optimal" for x in levels) else "feasible"
        how = ", ".join(dict.fromkeys(level.how for level in levels))
        seconds = round(self._run.seconds() - self._since, 3)
        conditional = conditional and bool(bound) and bool(self._draft.seats)  # no plan costs less than nothing
        made = Stage(stage, value, bound, status, how, seconds, conditional, levels)  # type: ignore[arg-type]
        self._draft.stages.append(made)
        self._run.finish(stage, value, bound)
        return decided

    def correct(self, stage: str, decided: _Decided) -> None:
        """A later stage had to change an earlier one: its value and bound anew."""
        value, bound = _points(decided.levels)
        proven = all(level.status == "optimal" for level in decided.levels)
        for i, old in enumerate(self._draft.stages):
            if old.name == stage:
                self._run.correct(value - old.value, (bound or 0.0) - (old.bound or 0.0))
                self._draft.stages[i] = replace(
                    old,
                    value=value,
                    bound=bound,
                    status="optimal" if proven else "feasible",
                    how=decided.levels[0].how,
                    levels=decided.levels,
                )


IN_POINTS = ("unplaced", "wishes", "openings", "times")


def _points(levels: Sequence[Level]) -> tuple[float, float | None]:
    """Value and bound of a stage in points. Behind a level that is not proven the later bounds hold only for
    what was found there; they are left out of the sum."""
    value = bound = 0.0
    proven = True
    for level in levels:
        if level.name in IN_POINTS:
            value += level.value
            bound += level.bound if proven else 0.0
        proven = proven and level.status == "optimal"
    return value, (bound if levels else None)
