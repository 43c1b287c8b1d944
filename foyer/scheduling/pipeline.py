"""The order of the stages, and what happens where the times do not fit the seats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from foyer.scheduling.best import Best, unmet_of
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
from foyer.scheduling.problem import GroupKind
from foyer.scheduling.quick.whole import Decided, Whole
from foyer.scheduling.run import Run, Stopped
from foyer.scheduling.solvers import load_solvers
from foyer.scheduling.stages.alignment import align, suit_week
from foyer.scheduling.stages.appointments import Booked, book_appointments, meeting_periods
from foyer.scheduling.stages.counsellors import Caseloads, give_counsellors
from foyer.scheduling.stages.joint import seat_and_time
from foyer.scheduling.stages.places import STAGE_OF_KIND
from foyer.scheduling.stages.resplit import share_out_again
from foyer.scheduling.stages.rooms import Lodgings, give_rooms
from foyer.scheduling.stages.seating import Seats
from foyer.scheduling.stages.times import Timetable, set_times
from foyer.scheduling.stages.together import fill_groups, kinds_tied
from foyer.scheduling.stages.turns import Improved, set_times_by_turns

ASSIGNED = 0.6  # share of the limit after which seats, counsellors and rooms should be decided


SCHEDULED = 0.9  # and the week is set
SHARED_MOST = 200  # residents: in larger houses caseloads are not shared out again for evenings
ALIGNED_MOST = 250  # residents: in larger houses seats follow the first plan's week


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
    floors: Mapping[str, float] = field(default_factory=dict)  # what stages cost at least, ended or not
    best: Whole | None = None  # the best complete plan in hand
    is_complete: bool = False  # the last stage has ended

    def unmet(self) -> tuple[Unmet, ...]:
        """Every need without its answer in the draft: what no stage met, and what no stage came to."""
        return unmet_of(self.index, self.whole)

    @property
    def whole(self) -> Whole:
        """What is decided so far."""
        return Whole(self.seats, self.caseloads, self.lodgings, self.meetings, self.appointments)

    def take(self, whole: Whole) -> None:
        """Replace everything decided."""
        self.seats, self.caseloads, self.lodgings = whole.seats, whole.caseloads, whole.lodgings
        self.meetings, self.appointments = whole.meetings, whole.appointments


@dataclass
class _Assigned:
    """What the stages before the week decided; None: not yet."""

    placed: dict[GroupKind, Seats] = field(default_factory=dict)  # seats in groups of each kind
    cases: Caseloads | None = None
    rooms: Lodgings | None = None
    aligned: tuple[Seat, ...] | None = None  # the seats of all kinds

    @property
    def parts(self) -> tuple[Seats | Caseloads | Lodgings | None, ...]:
        return *self.placed.values(), self.cases, self.rooms


def build(run: Run, draft: Draft) -> Outcome:
    """Run the stages. What is done stays in the draft when Stopped is raised, and the best complete plan beside it."""
    run.check_stop()
    timer, best = _Timer(run, draft), _Keeper(run, draft)
    best.offer(Decided())
    run.wait_for(load_solvers, stage="classes")  # waited for, so that even then a run can be cancelled
    made = _assign(run, draft, timer, best)
    if not all(part and part.levels for part in made.parts):
        draft.shortages = tuple(_no_plan(s.name) for s in draft.stages if s.status == "infeasible")
        return Outcome.INFEASIBLE
    week = _set_week(run, draft, timer, made, best)
    if not week.levels:
        return _without_a_week(draft, week)
    best.offer(Decided(draft.seats, draft.caseloads, draft.lodgings, draft.meetings))
    booked = _book(run, draft, timer, made)
    if not booked.levels:
        return _with_the_best(draft)  # a pinned appointment has no place beside these meetings; no proof that none has
    draft.is_complete = True
    # who found no time for an appointment here might find one with other seats
    proven = not booked.unmet and all(s.status == "optimal" for s in draft.stages)
    return Outcome.OPTIMAL if proven else Outcome.FEASIBLE


def _assign(run: Run, draft: Draft, timer: _Timer, best: _Keeper) -> _Assigned:
    """Seats, counsellors and rooms: three things that have nothing to do with each other."""
    made = _Assigned()
    first = draft.best or Whole()
    offered: list[tuple[Seat, ...]] = []

    def seats(lane: Run) -> None:
        _fill(lane, timer, draft, made.placed, first.seats)
        if all(part.levels for part in made.placed.values()):
            made.aligned = draft.seats = _aligned(lane, draft.seats, first)

    def cases(lane: Run) -> None:
        made.cases = timer.take(
            "counsellors", give_counsellors(timer.begin("counsellors", lane), first.caseloads), lane
        )
        draft.caseloads = made.cases.caseloads

    def rooms(lane: Run) -> None:
        made.rooms = timer.take("rooms", give_rooms(timer.begin("rooms", lane), first.lodgings), lane)
        draft.lodgings = made.rooms.lodgings

    def done() -> None:
        """New seats need a new week, which may be worse than the one in hand; all else goes with either."""
        others = Decided(caseloads=draft.caseloads or None, lodgings=draft.lodgings or None)
        if made.aligned is not None and not offered:
            offered.append(made.aligned)
            best.offer(replace(others, seats=made.aligned))
            if len(run.index.residents) > ALIGNED_MOST:  # these seats were suited to that week
                opened = {seat.group for seat in made.aligned}
                week = tuple(meeting for meeting in first.meetings if meeting.group in opened)
                best.offer(replace(others, seats=made.aligned, meetings=week))
        best.offer(others)

    run.together((seats, cases, rooms), done, until=ASSIGNED)
    return made


def _aligned(run: Run, seats: Sequence[Seat], first: Whole) -> tuple[Seat, ...]:
    """Seats that make the week easy. In a large house they are suited to the first plan's week, which is a
    transportation problem."""
    if len(run.index.residents) <= ALIGNED_MOST or not first.meetings:
        return align(run, seats)
    suited = suit_week(run, seats, first.meetings)
    return align(run, seats) if suited == tuple(seats) else suited


def _set_week(run: Run, draft: Draft, timer: _Timer, made: _Assigned, best: _Keeper) -> Timetable:
    found: list[Timetable] = []

    def times(lane: Run) -> None:
        def improved(seats: tuple[Seat, ...], meetings: tuple[Meeting, ...]) -> None:
            lane.aside(lambda: best.offer(Decided(seats, draft.caseloads, draft.lodgings, meetings)))

        week = _week(lane, timer, draft, made.placed, improved)
        draft.meetings = week.meetings
        # without residents the week is all there is to decide
        draft.is_complete = bool(week.meetings) and not run.index.problem.residents
        found.append(timer.take("times", week, lane, conditional=True))

    run.together((times,), _nothing, until=SCHEDULED)
    return found[0]


def _book(run: Run, draft: Draft, timer: _Timer, made: _Assigned) -> Booked:
    found: list[Booked] = []

    def appointments(lane: Run) -> None:
        assert made.cases is not None
        booked = _appointments(lane, timer, draft, made.cases)
        found.append(timer.take("appointments", booked, lane, conditional=True))
        draft.appointments = booked.appointments

    run.together((appointments,), _nothing)
    return found[0]


def _nothing() -> None:
    """Nothing is to be done when a stage alone has ended."""


def _without_a_week(draft: Draft, week: Timetable) -> Outcome:
    """No timetable for the seats: proven, or none was found in time."""
    if week.is_impossible:
        draft.shortages = (_no_plan("times"),)
        return Outcome.INFEASIBLE
    return _with_the_best(draft)


def _with_the_best(draft: Draft) -> Outcome:
    """Where the stages came to no end, the complete plan in hand serves, if there is one."""
    if draft.best is None:
        return Outcome.OUT_OF_TIME
    draft.take(draft.best)
    draft.is_complete = True
    return Outcome.FEASIBLE


class _Keeper:
    """Keeps the best complete plan in the draft."""

    def __init__(self, run: Run, draft: Draft) -> None:
        self._best, self._draft = Best(run), draft

    def offer(self, decided: Decided) -> None:
        self._best.offer(decided)
        self._draft.best = self._best.whole


def _fill(lane: Run, timer: _Timer, draft: Draft, placed: dict[GroupKind, Seats], first: Sequence[Seat]) -> None:
    """Seats in classes, education groups and electives; those kinds together that a rule ties. ``first`` are seats to
    begin with."""
    for kinds in kinds_tied(lane.index):
        timer.begin(STAGE_OF_KIND[kinds[0]], lane)
        found = fill_groups(lane, kinds, first)
        for kind in kinds:
            if kind != kinds[0]:
                timer.begin(STAGE_OF_KIND[kind], lane)
            placed[kind] = timer.take(STAGE_OF_KIND[kind], found[kind], lane)
            draft.seats = (*draft.seats, *placed[kind].seats)


def _appointments(run: Run, timer: _Timer, draft: Draft, cases: Caseloads) -> Booked:
    """Appointments with the counsellors found. Where somebody is left out, or must come in the evening, the caseloads
    are shared out again."""
    timer.begin("appointments", run)
    booked = book_appointments(run, draft.seats, draft.caseloads, draft.meetings)
    draft.appointments = booked.appointments
    is_met = bool(booked.levels) and not booked.unmet
    late = _late(run.index, booked) if is_met and len(run.index.residents) <= SHARED_MOST else []
    if is_met and not late:
        return booked
    taken = meeting_periods(run.index, draft.seats, draft.meetings)
    try:
        again = share_out_again(run, cases, taken, late)
        better = book_appointments(run, draft.seats, again.caseloads, draft.meetings)
    except Stopped as stopped:
        if stopped.cancelled:
            raise
        return booked  # out of time: what is in hand is complete
    if not better.levels or (booked.levels and _worth(again, better) >= _worth(cases, booked)):
        return booked
    draft.caseloads = again.caseloads
    timer.correct("counsellors", again)
    return better


def _late(index: Index, booked: Booked) -> list[str]:
    """Who comes in the evening, where that costs anything."""
    return [a.resident for a in booked.appointments if booked.levels[1].value and index.is_evening(a.period)]


def _worth(cases: Caseloads, booked: Booked) -> tuple[float, ...]:
    """Without a counsellor or an appointment; the counsellors' other levels; evenings."""
    lost = cases.levels[0].value + booked.levels[0].value
    return lost, *(level.value for level in cases.levels[1:]), booked.levels[1].value


def _no_plan(stage: str) -> Shortage:
    """The solver's own certificate, where counting saw nothing: no plan keeps all hard rules of this stage."""
    return Shortage("no_plan", (("stage", stage),))


def _week(run: Run, timer: _Timer, draft: Draft, placed: Mapping[GroupKind, Seats], improved: Improved) -> Timetable:
    """Times for the seats found. Where these allow none: first without an hour kept for each counsellor, then with the
    seats freed again, at no cost if that is possible, else at the least."""
    timer.begin("times", run)
    hint = draft.best.meetings if draft.best else ()
    draft.seats, week = set_times_by_turns(run, draft.seats, draft.caseloads, hint, improved)
    if not week.levels:
        week = set_times(run, draft.seats, ())
    if week.levels:
        return week
    joint = seat_and_time(run, placed)
    if not joint.placed:
        return replace(week, is_impossible=joint.is_impossible)
    draft.seats = tuple(seat for seats in joint.placed.values() for seat in seats.seats)
    for kind, seats in joint.placed.items():
        timer.correct(STAGE_OF_KIND[kind], seats)
    week = set_times(run, draft.seats, draft.caseloads, hint=joint.meetings)
    return week if week.levels else set_times(run, draft.seats, (), hint=joint.meetings)


class _Timer:
    """Starts and ends stages: their seconds, their value and bound, what the watcher hears."""

    def __init__(self, run: Run, draft: Draft) -> None:
        self._run, self._draft = run, draft
        self._since: dict[str, float] = {}

    def begin(self, stage: str, run: Run | None = None) -> Run:
        """The stage begins; gives the run that it works with: the whole's, or that of a part."""
        run = run or self._run
        self._since[stage] = run.seconds()
        run.start(stage)
        return run

    def take(self, stage: str, decided: T, run: Run | None = None, *, conditional: bool = False) -> T:
        levels = decided.levels
        value, bound = self._points(stage, levels)
        status = "infeasible" if not levels else "optimal" if all(x.status == "optimal" for x in levels) else "feasible"
        how = ", ".join(dict.fromkeys(level.how for level in levels))
        run = run or self._run
        seconds = round(run.seconds() - self._since[stage], 3)
        conditional = conditional and bool(bound) and bool(self._draft.seats)  # no plan costs less than nothing
        made = Stage(stage, value, bound, status, how, seconds, conditional, levels)  # type: ignore[arg-type]
        self._draft.stages.append(made)
        run.finish(stage, value, None if conditional else bound)
        return decided

    def correct(self, stage: str, decided: _Decided) -> None:
        """A later stage had to change an earlier one: its value and bound anew."""
        value, bound = self._points(stage, decided.levels)
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

    def _points(self, stage: str, levels: Sequence[Level]) -> tuple[float, float | None]:
        """Value and bound of a stage in points: what its levels have proven, or its floor where that says more."""
        value, bound = _points(levels)
        floor = self._run.floors.get(stage, 0.0)
        return value, None if bound is None else max(bound, min(value, floor))


IN_POINTS = ("unplaced", "wishes", "openings", "sum", "times")


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
