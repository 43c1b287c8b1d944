"""The levels of a plan as numbers, counted from the plan alone: what plans of different makers are compared by."""

from __future__ import annotations

from collections import Counter

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Plan
from foyer.scheduling.problem import Problem
from foyer.scheduling.score import STAGE_OF, terms_of

UNPLACED = "unplaced"  # how the terms of the first level begin


def stage_values(problem: Problem, plan: Plan) -> dict[str, tuple[float, ...]]:
    """Per assignment stage the values of its levels, the most important first."""
    index = Index(problem)
    points = {t.wish: t.points for t in terms_of(index, plan)}
    return {
        "classes": (
            points.get("unplaced_vocational", 0.0),
            *ranks(index, plan),
            _wishes(points, "classes", "open_class"),
            points.get("open_class", 0.0),
        ),
        "education": (points.get("unplaced_education", 0.0), points.get("open_education", 0.0)),
        "counsellors": (
            points.get("unplaced_counsellor", 0.0),
            largest_caseload(index, plan),
            _wishes(points, "counsellors"),
        ),
        "rooms": (points.get("unplaced_night", 0.0), _wishes(points, "rooms")),
    }


def _wishes(points: dict[str, float], stage: str, *besides: str) -> float:
    own = (w for w, s in STAGE_OF.items() if s == stage and not w.startswith(UNPLACED) and w not in besides)
    return round(sum(points.get(w, 0.0) for w in own), 2)


def ranks(index: Index, plan: Plan) -> tuple[int, ...]:
    """How many residents got an unlisted trade, the last rank, and so on up to the second choice."""
    worst = len(index.problem.weights.choice)
    counts: Counter[int] = Counter()
    for seat in plan.seats:
        resident, group = index.residents[seat.resident], index.groups[seat.group]
        if group.kind == "vocational" and resident.choices:
            rank = index.rank(resident, group.subject)
            counts[worst if rank is None else min(rank, worst)] += 1
    return tuple(counts[rank] for rank in range(worst, 0, -1))


def largest_caseload(index: Index, plan: Plan) -> int:
    loads: Counter[str] = Counter()
    for case in plan.caseloads:
        loads[case.counsellor] += index.residents[case.resident].case_weight
    return max(loads.values(), default=0)


def plan_values(problem: Problem, plan: Plan) -> tuple[float, ...]:
    """The whole plan in the order of docs/engine.md, section 5: unplaced points; ranks and largest caseload; wishes;
    openings; times; evenings. Two plans compare as these tuples do."""
    index = Index(problem)
    points = {t.wish: t.points for t in terms_of(index, plan)}
    times, evenings = (
        sum(p for w, p in points.items() if STAGE_OF[w] == stage and not w.startswith(UNPLACED))
        for stage in ("times", "appointments")
    )
    opening = points.get("open_class", 0.0) + points.get("open_education", 0.0)
    unplaced = sum(p for w, p in points.items() if w.startswith(UNPLACED))
    wishes = sum(points.values()) - times - evenings - opening - unplaced
    return (
        unplaced,
        *ranks(index, plan),
        largest_caseload(index, plan),
        round(wishes, 2),
        opening,
        times,
        evenings,
    )


def gaps_per_resident_week(problem: Problem, plan: Plan) -> float:
    """Free periods with something before and after them on the same day, per resident and week, on average over the
    weeks of the appointment rotation. Something is a meeting, school outside, or that week's appointment."""
    index = Index(problem)
    periods: dict[str, set[str]] = {}
    for meeting in plan.meetings:
        periods.setdefault(meeting.group, set()).update(meeting.periods)
    own: dict[str, set[str]] = {r.id: set(r.unavailable) for r in problem.residents}
    for seat in plan.seats:
        own[seat.resident] |= periods.get(seat.group, set())
    booked = {(a.resident, a.week): a.period for a in plan.appointments}
    weeks = range(problem.appointments.every_weeks)
    gaps = sum(_gaps(index, own[r.id] | {booked.get((r.id, week), "")}) for r in problem.residents for week in weeks)
    return gaps / max(1, len(problem.residents) * len(weeks))


def _gaps(index: Index, taken: set[str]) -> int:
    gaps = 0
    for day in index.days.values():
        places = [i for i, period in enumerate(day) if period in taken]
        gaps += places[-1] - places[0] + 1 - len(places) if places else 0
    return gaps
