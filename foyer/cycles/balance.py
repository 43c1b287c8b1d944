"""What a cycle needs beside what the house has: beds, places, counsellors, hours of staff. Counts, no plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from foyer.cycles.models import GroupKind
from foyer.cycles.readiness import Readiness
from foyer.scheduling.problem import Period, Problem


@dataclass(frozen=True, slots=True)
class Balance:
    """One line. ``code`` names what is counted; ``is_hours``: hours a week."""

    code: str
    needed: int
    there: int
    is_hours: bool = False

    @property
    def is_short(self) -> bool:
        return self.there < self.needed


def balance_of(readiness: Readiness) -> list[Balance]:
    """The cycle's needs beside what there is; no queries. Beds of rooms that are closed for the whole cycle and of
    reserve rooms are not counted; the plan itself knows nights and genders better."""
    facts, problem = readiness.facts, readiness.problem
    people = len(problem.residents)
    lines = [
        Balance(
            "beds", people, sum(r.beds for r in problem.rooms if not r.reserve and not _is_shut(r.closed, problem))
        ),
        Balance("class_places", people, _places(problem, GroupKind.VOCATIONAL)),
    ]
    learners = sum(bool(resident.education) for resident in problem.residents)
    if learners:
        lines.append(Balance("education_places", learners, _places(problem, GroupKind.EDUCATION)))
    free = sum(_hours(problem.periods, counsellor.unavailable) for counsellor in problem.counsellors)
    lines += [
        Balance("counsellor_places", people, sum(counsellor.capacity for counsellor in problem.counsellors)),
        Balance("counselling_hours", _counselling(problem, people), free // 60, is_hours=True),
        Balance("teaching_hours", _teaching(problem), _teachers(problem), is_hours=True),
    ]
    if facts.enrolments:
        lines.append(Balance("wishes", people, sum(bool(enrolment.choices) for enrolment in facts.enrolments)))
    return lines


def _is_shut(closed: Iterable[tuple[int, int]], problem: Problem) -> bool:
    return any(first <= 0 and last >= problem.nights for first, last in closed)


def _places(problem: Problem, kind: GroupKind) -> int:
    return sum(group.maximum for group in problem.groups if group.kind == kind.value)


def _hours(periods: Iterable[Period], unavailable: Iterable[str]) -> int:
    """Minutes of the week's activity blocks in which somebody is to be had."""
    away = set(unavailable)
    return sum(period.end - period.start for period in periods if period.id not in away)


def _counselling(problem: Problem, people: int) -> int:
    asked = problem.appointments
    return -(-people * asked.minutes // (60 * asked.every_weeks))


def _teaching(problem: Problem) -> int:
    """Hours of meetings a week: each as long as the shortest place that fits it in the day."""
    length = {period.id: period.end - period.start for period in problem.periods}
    minutes = 0
    for group in problem.groups:
        spans = [sum(length[period] for period in pattern.periods) for pattern in group.patterns]
        minutes += group.meetings * min(spans, default=0) if group.instructors else 0
    return -(-minutes // 60)


def _teachers(problem: Problem) -> int:
    teaching = {staff for group in problem.groups for staff in group.instructors}
    return sum(_hours(problem.periods, i.unavailable) for i in problem.instructors if i.id in teaching) // 60
