"""``repair``: the fewest changes from a published plan, from a night on (docs/engine.md, section 11).

The house from that night on is a problem of its own (``remaining``). Whatever part of the published plan keeps every
rule there, with nobody waiting in it, stays as it is: no change is the fewest, which needs no solver to prove. The
others are one program (``parts``), then the week, then the appointments (``work``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from foyer.scheduling.counting import pins, set_times
from foyer.scheduling.digest import problem_hash
from foyer.scheduling.engine import engine_name
from foyer.scheduling.index import Index
from foyer.scheduling.pipeline import Draft
from foyer.scheduling.plan import (
    Limits,
    Lodging,
    Outcome,
    Plan,
    PlanLevel,
    ProgressHook,
    Seat,
    Stage,
    StopHook,
    keep_quiet,
    never_stop,
)
from foyer.scheduling.problem import Problem
from foyer.scheduling.remaining import as_of, rest_index
from foyer.scheduling.repairing.assigning import NoRepair
from foyer.scheduling.repairing.changes import OWN_KINDS, changes_between, is_counted, people_touched
from foyer.scheduling.repairing.kept import Kept, keep
from foyer.scheduling.repairing.reasons import with_reasons
from foyer.scheduling.repairing.request import Repaired, RepairRequest
from foyer.scheduling.repairing.work import Work
from foyer.scheduling.run import Run, Stopped
from foyer.scheduling.score import STAGES, score_of, stage_points, terms_of
from foyer.scheduling.validation import Fault, InvalidProblem, faults_of


def repair(
    problem: Problem,
    published: Plan,
    request: RepairRequest,
    limits: Limits | None = None,
    progress: ProgressHook = keep_quiet,
    stop: StopHook = never_stop,
) -> Repaired:
    """The published plan with the fewest changes that the house as it is now allows from ``request.from_night`` on.
    ``problem`` is that house: whoever left has a shorter stay, whoever came is in it, a closed room is closed. Never
    raises for a house that cannot be repaired: the plan's outcome says so. Raises InvalidProblem for a problem that
    contradicts itself or a night outside the cycle."""
    _validate(problem, request)
    limits = limits or Limits()
    past_seats = tuple(_past_seats(problem, published, request.from_night))
    index = rest_index(problem, request.from_night, past_seats, published.seats)
    run = Run(index, limits, progress, stop, stages=3)
    work = Work(run, keep(index, published), request)
    empty = Plan(Outcome.FEASIBLE, problem_hash(problem), from_night=request.from_night, past_seats=past_seats)
    try:
        _pins_can_be_kept(index)
        repaired = _within_caps(problem, work, empty)
    except NoRepair as impossible:
        repaired = Repaired(replace(empty, outcome=Outcome.INFEASIBLE, shortages=(impossible.shortage,)))
    except Stopped as stopped:
        outcome = Outcome.CANCELLED if stopped.cancelled else Outcome.OUT_OF_TIME
        unmet = Draft(index).unmet()
        bare = replace(
            empty, outcome=outcome, unmet=unmet, lodgings=tuple(_past(problem, published, request.from_night))
        )
        repaired = Repaired(_scored(problem, bare))
    seconds = round(run.seconds(), 3)
    return replace(repaired, plan=replace(repaired.plan, seed=limits.seed, engine=engine_name(), seconds=seconds))


def _validate(problem: Problem, request: RepairRequest) -> None:
    faults = faults_of(problem)
    if not 0 <= request.from_night < problem.nights:
        faults = (*faults, Fault("from_night", f"must be a night of the cycle, 0 to {problem.nights - 1}"))
    if faults:
        raise InvalidProblem(faults)


def _pins_can_be_kept(index: Index) -> None:
    """Raise NoRepair where a resident's pin names what he does not need or may not have (H13): no part may see it."""
    for shortage in (*pins.shortages(index), *set_times.shortages(index)):
        if shortage.code == "pin_impossible" and shortage.residents:
            raise NoRepair(shortage)


def _past_seats(problem: Problem, published: Plan, night: int) -> Iterator[Seat]:
    """The seats of those who have left: a group that runs has met its minimum with them."""
    groups = {g.id for g in problem.groups}
    left = {r.id for r in problem.residents if r.leaves <= night}
    for seat in dict.fromkeys((*published.past_seats, *published.seats)):
        if seat.resident in left and seat.group in groups:
            yield seat


def _past(problem: Problem, published: Plan, night: int) -> Iterator[Lodging]:
    """Who slept where before the night, as published, for those who were here."""
    stays = {r.id: r for r in problem.residents}
    rooms = {m.id for m in problem.rooms}
    for lodging in published.lodgings:
        stay = stays.get(lodging.resident)
        if stay is not None and lodging.room in rooms:
            arrives, leaves = max(lodging.arrives, stay.arrives), min(lodging.leaves, stay.leaves, night)
            if arrives < leaves:
                yield replace(lodging, arrives=arrives, leaves=leaves)


def _within_caps(problem: Problem, work: Work, empty: Plan) -> Repaired:
    """The repair. Where the appointments' changes break the cap in total, once more with so many kept in reserve."""
    reserve = 0
    while True:
        work.perform(reserve)
        repaired = _finished(problem, work, empty)
        over = _over(work.request, repaired)
        if over <= 0:
            return repaired
        if reserve:
            raise Stopped(cancelled=False)
        reserve += over
        work = Work(work.run, work.kept, work.request)


def _over(request: RepairRequest, repaired: Repaired) -> int:
    """By how many changes the caps are exceeded (H14)."""
    counted = [change for change in repaired.changes if is_counted(change)]
    over = 0 if request.most_changes is None else len(counted) - request.most_changes
    if request.most_per_resident is not None:
        own = [change.who for change in counted if change.kind in OWN_KINDS]
        over = max([over, *(own.count(who) - request.most_per_resident for who in set(own))])
    return over


def _finished(problem: Problem, work: Work, empty: Plan) -> Repaired:
    kept = work.kept
    draft = Draft(kept.index, seats=work.seats, caseloads=work.caseloads, lodgings=work.lodgings)
    draft.meetings, draft.appointments = work.meetings, work.appointments
    plan = replace(
        empty,
        seats=work.seats,
        caseloads=work.caseloads,
        meetings=work.meetings,
        appointments=work.appointments,
        lodgings=_joined(problem, kept, work),
        unmet=draft.unmet(),
    )
    rest, rested = as_of(Index(problem), plan)
    changes = with_reasons(kept, rested, changes_between(problem, kept.published, plan))
    people = people_touched(kept.index, kept.published, plan, changes)
    points = float(sum(change.points for change in changes))
    bound = min(points, work.bound())
    fewest = min(len(people), work.fewest_people(points, len(people)))
    terms, levels = terms_of(rest, rested), tuple(_levels(work, points, bound, len(people), fewest))
    plan = replace(plan, terms=terms, score=score_of(terms), changes=changes, levels=levels)
    stages = tuple(_stages(plan, work))
    proven = bound == points and all(s.status == "optimal" for s in stages)
    outcome = Outcome.OPTIMAL if proven else Outcome.FEASIBLE
    plan = replace(plan, outcome=outcome, stages=stages)  # no bound of the whole: all hold among so few changes only
    return Repaired(plan, changes, points, bound, people, fewest)


def _joined(problem: Problem, kept: Kept, work: Work) -> tuple[Lodging, ...]:
    """The past and what follows: one lodging where somebody keeps the bed."""
    night = work.request.from_night
    coming = {(x.resident, x.room, x.bed): x for x in work.lodgings if x.arrives == night}
    rows = [x for x in work.lodgings if x.arrives > night]
    for past in _past(problem, kept.published, night):
        key = (past.resident, past.room, past.bed)
        if past.leaves == night and key in coming:
            rows.append(replace(past, leaves=coming.pop(key).leaves))
        else:
            rows.append(past)
    return tuple(sorted([*rows, *coming.values()], key=lambda x: (x.room, x.arrives, x.bed)))


def _scored(problem: Problem, plan: Plan) -> Plan:
    terms = terms_of(Index(problem), plan)
    return replace(plan, terms=terms, score=score_of(terms))


def _levels(work: Work, points: float, bound: float, people: int, fewest: int) -> Iterator[PlanLevel]:
    first = work.first_level()
    yield PlanLevel("L1", first.value, first.bound, first.status, first.how)
    yield PlanLevel("L2", points, bound, "optimal" if bound == points else "feasible", "repair")
    yield PlanLevel(
        "L2:people", people, fewest, "optimal" if fewest == people else "feasible", "repair", bound < points
    )


def _stages(plan: Plan, work: Work) -> Iterator[Stage]:
    """Each stage's points from the night on. Its bound holds among the repairs with as few changes."""
    for name in STAGES:
        value = stage_points(plan.terms, name)
        levels = work.levels.get(name, ())
        bound, how = work.stage_bound(name, value)
        status = "optimal" if bound >= value else "feasible"
        yield Stage(name, value, min(bound, value), status, how, 0.0, value > 0, levels)  # type: ignore[arg-type]
