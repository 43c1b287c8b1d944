"""The plan speaks of this problem: its hash, and every id in it."""

from __future__ import annotations

from collections.abc import Container, Iterator

from foyer.scheduling.digest import problem_hash
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Plan, Violation
from foyer.scheduling.problem import Problem


def hash_matches(problem: Problem, plan: Plan) -> tuple[Violation, ...]:
    """The plan was made for exactly this problem."""
    return () if plan.problem_hash == problem_hash(problem) else (Violation("other_problem", ()),)


def unknown(index: Index, plan: Plan) -> Iterator[Violation]:
    """Ids that the problem does not have; nothing else can be checked then."""
    for known, id_ in _named(index, plan):
        if id_ not in known:
            yield Violation("unknown_id", (id_,))


def nights(index: Index, plan: Plan) -> Iterator[Violation]:
    """Nights outside the cycle, which may be too many to look at one by one."""
    last = index.problem.nights
    if not 0 <= plan.from_night < last:
        yield Violation("unknown_id", (f"night {plan.from_night}",))
    for lodging in plan.lodgings:
        for night in (lodging.arrives, lodging.leaves):
            if not 0 <= night <= last:
                yield Violation("unknown_id", (f"night {night}",))


def _named(index: Index, plan: Plan) -> Iterator[tuple[Container[str], str]]:
    for seat in plan.seats:
        yield from ((index.residents, seat.resident), (index.groups, seat.group))
    for case in plan.caseloads:
        yield from ((index.residents, case.resident), (index.counsellors, case.counsellor))
    for lodging in plan.lodgings:
        yield from ((index.residents, lodging.resident), (index.rooms, lodging.room))
    for meeting in plan.meetings:
        yield (index.groups, meeting.group)
        yield from ((index.periods, p) for p in meeting.periods)
        if meeting.venue is not None:
            yield (index.venues, meeting.venue)
        if meeting.instructor is not None:
            yield (index.instructors, meeting.instructor)
    for item in plan.appointments:
        yield from ((index.residents, item.resident), (index.counsellors, item.counsellor))
        yield (index.periods, item.period)
    for seat in plan.past_seats:
        yield from ((index.residents, seat.resident), (index.groups, seat.group))
    for unmet in plan.unmet:
        yield (index.residents, unmet.resident)
