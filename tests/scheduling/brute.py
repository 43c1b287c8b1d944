"""Complete enumeration, for problems small enough: what the stages' optima are compared with. Shares no code with the
solver beyond the checker and the score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise, product
from math import prod
from typing import TypeVar

from hypothesis import reject

from foyer.scheduling.checker import conflicts, counsel, lodging, pins, placement, timetable
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Caseload, Lodging, Meeting, Outcome, Plan, Seat, Unmet
from foyer.scheduling.problem import Problem, Resident
from foyer.scheduling.score import stage_points, terms_of
from foyer.scheduling.spans import Stay
from foyer.scheduling.stages.beds import number_beds_of

T = TypeVar("T")
MOST = 700  # combinations that a test may look at


def every(choices: Sequence[Sequence[T]], most: int = MOST) -> Iterator[tuple[T, ...]]:
    """Every combination; a random house with too many of them is not looked at."""
    if prod(len(each) for each in choices) > most:
        reject()
    return product(*choices)


def best_classes(problem: Problem) -> tuple[float, ...] | None:
    """The lexicographic optimum of the vocational classes: unplaced points, counts from the worst rank down, then the
    points of wishes. None where no placement keeps the rules."""
    index = Index(problem)
    people = [r for r in problem.residents if r.needs_vocational]
    choices = [(None, *(g.id for g in index.groups_of("vocational") if index.is_eligible(g, r))) for r in people]
    found = []
    narrow = Index(_vocational(problem))
    for combination in every(choices):
        pairs = list(zip((r.id for r in people), combination, strict=True))
        plan = Plan(
            Outcome.FEASIBLE,
            "",
            seats=tuple(Seat(r, g) for r, g in pairs if g),
            unmet=(
                *(Unmet(r, "class") for r, g in pairs if not g),
                *(Unmet(r.id, "education", s) for r in problem.residents for s in r.education),
            ),
        )
        if not any(placement.violations(narrow, plan)) and _within_venues(index, plan) and _keeps_pins(narrow, plan):
            found.append(_class_levels(index, plan))
    return min(found, default=None)


def _vocational(problem: Problem) -> Problem:
    """The problem without education."""
    groups = tuple(g for g in problem.groups if g.kind == "vocational")
    names = {g.id for g in groups}
    return replace(
        problem,
        groups=groups,
        residents=tuple(replace(r, barred=tuple(names.intersection(r.barred))) for r in problem.residents),
        pins=tuple(p for p in problem.pins if p.kind == "class"),
        group_pins=tuple(p for p in problem.group_pins if p.group in names),
        meeting_pins=tuple(p for p in problem.meeting_pins if p.group in names),
    )


def _keeps_pins(index: Index, plan: Plan) -> bool:
    """Pins on classes and their openings; somebody is in a class whose meeting is set."""
    taken = {s.group for s in plan.seats}
    broken = {v.when for v in pins.violations(index, plan)}
    return not broken & {"class", "opened", "closed"} and {p.group for p in index.problem.meeting_pins} <= taken


def _within_venues(index: Index, plan: Plan) -> bool:
    return all(sum(s.group == g.id for s in plan.seats) <= index.seats(g) for g in index.problem.groups)


def _class_levels(index: Index, plan: Plan) -> tuple[float, ...]:
    points = {t.wish: t.points for t in terms_of(index, plan)}
    worst = len(index.problem.weights.choice)
    ranks = [0] * (worst + 1)
    for seat in plan.seats:
        resident = index.residents[seat.resident]
        if resident.choices:
            rank = index.rank(resident, index.groups[seat.group].subject)
            ranks[worst if rank is None else rank] += 1
    wishes = sum(points.get(wish, 0) for wish in ("choice", "aptitude", "parted_class", "shared_class"))
    openings = points.get("open_class", 0) + points.get("class_size", 0)
    return (points.get("unplaced_vocational", 0), *ranks[:0:-1], round(wishes, 2), openings)


def best_rooms(problem: Problem, most: int = MOST) -> tuple[float, float] | None:
    """The lexicographic optimum of the rooms: points for nights without a bed, then all other points."""
    index = Index(problem)
    pinned = [p for p in problem.pins if p.kind == "room"]
    choices = [list(ways_to_lodge(index, r)) for r in problem.residents]
    found = []
    for combination in every(choices, most):
        stays = [stay for way in combination for stay in way]
        lodgings = _numbered(index, stays)
        unmet = tuple(Unmet(r.id, "room") for r, way in zip(problem.residents, combination, strict=True) if not way)
        plan = Plan(Outcome.FEASIBLE, "", lodgings=lodgings or (), unmet=unmet)
        if lodgings is None or any({s.room for s in stays if s.resident == p.resident} != {p.target} for p in pinned):
            continue
        if not any(lodging.violations(index, plan)):
            terms = terms_of(index, plan)
            lost = sum(t.points for t in terms if t.wish == "unplaced_night")
            found.append((lost, stage_points(terms, "rooms") - lost))
    return min(found, default=None)


def ways_to_lodge(index: Index, resident: Resident) -> Iterator[tuple[Stay, ...]]:
    """No room; or rooms that suit, a new one from each of some nights of transfer on."""
    yield ()
    for count in range(len(resident.transfers) + 1):
        for nights in combinations(sorted(resident.transfers), count):
            ends = (*nights, resident.leaves)
            spans = [replace(resident, arrives=a, leaves=b) for a, b in pairwise((resident.arrives, *ends))]
            suiting = [[m.id for m in index.problem.rooms if index.may_lodge(span, m)] for span in spans]
            for rooms in product(*suiting):
                if all(a != b for a, b in pairwise(rooms)):
                    yield tuple(Stay(r.id, m, r.arrives, r.leaves) for r, m in zip(spans, rooms, strict=True))


def _numbered(index: Index, stays: Iterable[Stay]) -> tuple[Lodging, ...] | None:
    try:
        return number_beds_of(index, stays)
    except ValueError:  # no bed free on some night
        return None


def best_counsellors(problem: Problem) -> tuple[float, float, float] | None:
    """The lexicographic optimum of the counsellors: unplaced points, largest caseload, all other points."""
    index = Index(problem)
    pinned = {p.resident: p.target for p in problem.pins if p.kind == "counsellor"}
    found = []
    for combination in every([[None, *index.counsellors] for _ in problem.residents]):
        pairs = [(r, k) for r, k in zip(problem.residents, combination, strict=True) if k]
        if any(not index.may_counsel(index.counsellors[k], r) for r, k in pairs):
            continue
        given = {r.id: k for r, k in pairs}
        if any(given.get(r) != k for r, k in pinned.items()) or _overbooked(index, given):
            continue
        if not (set(index.pins.appointments) <= given.keys() and _hours_fit(index, given)):
            continue
        plan = Plan(
            Outcome.FEASIBLE,
            "",
            caseloads=tuple(Caseload(r, k) for r, k in given.items()),
            unmet=tuple(Unmet(r.id, "counsellor") for r in problem.residents if r.id not in given),
        )
        if not any(counsel.violations(index, plan)):
            loads = [sum(r.case_weight for r, own in pairs if own == k) for k in index.counsellors]
            total = stage_points(terms_of(index, plan), "counsellors")
            lost = problem.weights.unplaced_counsellor * len(plan.unmet)
            found.append((lost, max(loads), total - lost))
    return min(found, default=None)


def _hours_fit(index: Index, given: dict[str, str]) -> bool:
    """Whether the appointments that people set find a slot: every choice of weeks."""
    pinned = [(given[r], pin.period, index.residents[r]) for r, pin in index.pins.appointments.items()]
    for weeks in product(*(index.appointment_weeks(resident) for _, _, resident in pinned)):
        held = Counter((k, period, week) for (k, period, _), week in zip(pinned, weeks, strict=True))
        if all(count <= len(index.slots(period)) for (_, period, _), count in held.items()):
            return True
    return False


def _overbooked(index: Index, given: dict[str, str]) -> bool:
    """Whether a counsellor has more residents than appointment slots."""
    return any(
        sum(own == k for own in given.values()) > index.slots_a_rotation(counsellor)
        for k, counsellor in index.counsellors.items()
    )


def best_week(problem: Problem, plan: Plan) -> float | None:
    """The fewest points of times for the plan's seats: every choice of patterns, venues and instructors."""
    index = Index(problem)
    options = []
    for group in problem.groups:
        if index.meets(group, sum(s.group == group.id for s in plan.seats)):
            meetings = [
                Meeting(group.id, pattern.periods, venue, instructor)
                for pattern in group.patterns
                for venue in group.venues or (None,)
                for instructor in group.instructors or (None,)
            ]
            options.append(list(combinations(meetings, group.meetings)))
    found = []
    for choice in every(options):
        tried = replace(plan, meetings=tuple(m for meetings in choice for m in meetings), appointments=())
        if not any(v for part in (timetable, conflicts) for v in part.violations(index, tried)) and not _breaks_pins(
            index, tried
        ):
            found.append(stage_points(terms_of(index, tried), "times"))
    return min(found, default=None)


def _breaks_pins(index: Index, plan: Plan) -> bool:
    """Whether a set meeting is elsewhere, or somebody's group meets during his appointment."""
    met = [(m.group, m.periods, v, i) for m in plan.meetings for v in (None, m.venue) for i in (None, m.instructor)]
    moved = any((p.group, p.periods, p.venue, p.instructor) not in met for p in index.problem.meeting_pins)
    return moved or any(_has_no_hour(index, plan, r) for r in index.pins.appointments)


def _has_no_hour(index: Index, plan: Plan, resident: str) -> bool:
    """Whether the resident's groups meet at the time of his appointment in every week in which it may be."""
    period = index.pins.appointments[resident].period
    own = {s.group for s in plan.seats if s.resident == resident}
    met = {index.groups[m.group].weeks for m in plan.meetings if m.group in own and period in m.periods}
    weeks = index.appointment_weeks(index.residents[resident])
    return all(any(index.share_weeks(index.rhythm(week), when) for when in met) for week in weeks)
