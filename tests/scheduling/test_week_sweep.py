"""Sweeps over a week: no rule is broken, no point added, and one group's hours are the best beside all others."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from hypothesis import assume, given

from benchmarks.houses import campus
from foyer.scheduling.checker import conflicts, timetable
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Caseload, Limits, Meeting, Outcome, Plan, Seat, keep_quiet, never_stop
from foyer.scheduling.problem import MeetingPin, Problem
from foyer.scheduling.quick.whole import Decided, Whole, complete
from foyer.scheduling.run import Run
from foyer.scheduling.stages.alignment import suit_week
from foyer.scheduling.stages.appointments import meeting_periods, places_for
from foyer.scheduling.stages.turns import set_times_by_turns
from foyer.scheduling.stages.week_sweep import points_of_week, swept
from tests.scheduling.profile import calm
from tests.scheduling.random_houses import houses
from tests.scheduling.village import village


def never() -> None:
    """A tick that stops nothing."""


def first_plan(problem: Problem) -> Whole | None:
    return complete(Index(problem), Decided(), 1, never)


def broken(problem: Problem, seats: tuple[Seat, ...], meetings: tuple[Meeting, ...]) -> set[str]:
    plan = Plan(Outcome.FEASIBLE, "", seats=seats, meetings=meetings)
    return {v.rule for rule in (timetable, conflicts) for v in rule.violations(Index(problem), plan)}


@calm(60)
@given(houses())
def test_a_swept_week_breaks_no_rule_and_costs_no_more(problem: Problem) -> None:
    whole = first_plan(problem)
    assume(whole is not None and not broken(problem, whole.seats, whole.meetings))
    assert whole is not None
    index = Index(problem)
    week = swept(index, whole.seats, whole.caseloads, whole.meetings, 1, never)
    assert broken(problem, whole.seats, week) == set()
    assert points_of_week(index, whole.seats, week) <= points_of_week(index, whole.seats, whole.meetings)


def test_a_campus_gets_a_far_better_week_from_sweeps() -> None:
    problem = campus(120, 1)
    whole = first_plan(problem)
    assert whole is not None
    index = Index(problem)
    week = swept(index, whole.seats, whole.caseloads, whole.meetings, 1, never)
    assert broken(problem, whole.seats, week) == set()
    assert points_of_week(index, whole.seats, week) < points_of_week(index, whole.seats, whole.meetings) / 2


def test_who_could_meet_the_counsellor_still_can() -> None:
    problem = campus(120, 1)
    whole, index = first_plan(problem), Index(problem)
    assert whole is not None
    week = swept(index, whole.seats, whole.caseloads, whole.meetings, 1, never)

    def without(meetings: tuple[Meeting, ...]) -> set[str]:
        taken = meeting_periods(index, whole.seats, meetings)
        return {c.resident for c in whole.caseloads if not places_for(index, c.resident, c.counsellor, taken)}

    assert without(week) <= without(whole.meetings)


def test_a_single_group_is_at_its_best_hours() -> None:
    """Maths in the village: of all hours that it could have beside the classes, none costs less."""
    problem = village()
    whole = first_plan(problem)
    assert whole is not None
    index = Index(problem)
    week = swept(index, whole.seats, whole.caseloads, whole.meetings, 1, never)
    group = next(g for g in problem.groups if g.id == "g-maths")
    others = tuple(m for m in week if m.group != group.id)
    own = next(m for m in week if m.group == group.id)
    ways = [
        (*others, *(replace(own, periods=p.periods) for p in chosen))
        for chosen in combinations(group.patterns, group.meetings)
    ]
    least = min(points_of_week(index, whole.seats, w) for w in ways if not broken(problem, whole.seats, w))
    assert points_of_week(index, whole.seats, week) == least


def test_a_meeting_that_people_set_stays() -> None:
    problem = campus(120, 1)
    group = next(g for g in problem.groups if g.kind == "vocational")
    pinned = replace(problem, meeting_pins=(MeetingPin(group.id, group.patterns[0].periods),))
    whole = first_plan(pinned)
    assert whole is not None
    week = swept(Index(pinned), whole.seats, whole.caseloads, whole.meetings, 1, never)
    own = {m.periods for m in week if m.group == group.id}
    assert group.patterns[0].periods in own
    assert own == {m.periods for m in whole.meetings if m.group == group.id}


def test_turns_find_seats_and_a_week_that_cost_less_together() -> None:
    problem = campus(60, 2)
    whole, index = first_plan(problem), Index(problem)
    assert whole is not None
    heard: list[float] = []
    cases: tuple[Caseload, ...] = whole.caseloads

    def improved(seats: tuple[Seat, ...], meetings: tuple[Meeting, ...]) -> None:
        heard.append(points_of_week(index, seats, meetings))

    run = Run(index, Limits(seconds=60, workers=1), keep_quiet, never_stop, 6)
    seats, week = set_times_by_turns(run, whole.seats, cases, whole.meetings, improved)
    assert broken(problem, seats, week.meetings) == set()
    assert points_of_week(index, seats, week.meetings) == sum(level.value for level in week.levels)
    assert points_of_week(index, seats, week.meetings) <= min(heard)


def test_seats_that_clash_with_the_week_are_dealt_to_groups_that_do_not() -> None:
    """Everybody's class and education group is another of the same subject, whatever its hours."""
    problem = campus(120, 1)
    whole, index = first_plan(problem), Index(problem)
    assert whole is not None
    following: dict[str, str] = {}
    for subject in {g.subject for g in problem.groups}:
        ring = sorted({s.group for s in whole.seats if index.groups[s.group].subject == subject})
        following |= dict(zip(ring, (*ring[1:], *ring[:1]), strict=True))
    seats = tuple(replace(s, group=following.get(s.group, s.group)) for s in whole.seats)
    assert broken(problem, seats, whole.meetings) & {"resident_twice", "resident_unavailable"}
    run = Run(index, Limits(seconds=60, workers=1), keep_quiet, never_stop, 6)
    assert broken(problem, suit_week(run, seats, whole.meetings), whole.meetings) == set()
