"""All plans of a tiny house: what the engine claims about the whole is compared with. Knows no solver and no stage;
every plan is judged by the checker's rules and counted by the score.

Seats and meetings meet appointments only in the residents' free time, and rooms meet nothing else. So each of the three
is enumerated completely, and then every pair of a week and of care that leaves no resident in two places.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations, product

from benchmarks.levels import plan_values
from foyer.scheduling.checker import RULES, check, totals
from foyer.scheduling.digest import problem_hash
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Appointment, Caseload, Lodging, Meeting, Need, Outcome, Plan, Seat, Unmet
from foyer.scheduling.problem import Problem, Resident, Scope
from foyer.scheduling.score import rescored
from foyer.scheduling.spans import Stay
from foyer.scheduling.stages.beds import number_beds_of
from tests.scheduling.brute import ways_to_lodge

Values = tuple[float, ...]
Busy = tuple[frozenset[str], ...]  # the periods of each resident, in the problem's order


@dataclass(frozen=True)
class Part:
    """A complete choice of one part: its plan, its levels, its points, and who is taken when."""

    plan: Plan
    values: Values
    score: float
    busy: Busy

    @property
    def is_full(self) -> bool:
        return not self.plan.unmet


@dataclass(frozen=True)
class Whole:
    """``best``: a plan that is best in the order of the levels. ``least_score``: the fewest points of all plans
    that are as good as it in L1 and L3, ``least_of_all``: of all plans. ``has_full``: some plan leaves no need open."""

    best: Plan
    values: Values
    least_score: float
    least_of_all: float
    has_full: bool


def enumerate_all(problem: Problem) -> Whole | None:
    """The best of all plans that keep every rule; None where there is none."""
    weeks, cares, beds = (list(parts(problem)) for parts in (_weeks, _cares, _beds))
    if not beds:
        return None
    pairs = [(a, b) for a in _without_doubles(weeks) for b in cares if _apart(a.busy, b.busy)]
    if not pairs:
        return None
    lodged = min(beds, key=lambda part: part.values)
    week, care = min(pairs, key=lambda pair: _sum(pair[0].values, pair[1].values))
    full = any(a.is_full and b.is_full for a, b in pairs) and any(part.is_full for part in beds)
    first = _first_levels(_sum(week.values, care.values))
    fair = [a.score + b.score for a, b in pairs if _first_levels(_sum(a.values, b.values)) == first]
    score = min(fair) + min(x.score for x in beds if _first_levels(x.values) == _first_levels(lodged.values))
    least_of_all = min(a.score + b.score for a, b in pairs) + min(x.score for x in beds)
    best = _joined(problem, week.plan, care.plan, lodged.plan)
    assert check(problem, best) == (), "the parts do not make a whole"
    return Whole(best, plan_values(problem, best), score, least_of_all, full)


def _sum(a: Values, b: Values) -> Values:
    return tuple(round(x + y, 4) for x, y in zip(a, b, strict=True))


def _first_levels(values: Values) -> Values:
    """L1 and L3: all but wishes, openings, times and evenings."""
    return values[:-4]


def _apart(a: Busy, b: Busy) -> bool:
    return not any(mine & theirs for mine, theirs in zip(a, b, strict=True))


def _joined(problem: Problem, *plans: Plan) -> Plan:
    whole = replace(plans[0], problem_hash=problem_hash(problem), unmet=tuple(u for p in plans for u in p.unmet))
    whole = replace(whole, caseloads=plans[1].caseloads, appointments=plans[1].appointments, lodgings=plans[2].lodgings)
    return rescored(problem, whole)


def _without_doubles(parts: list[Part]) -> list[Part]:
    """Of the weeks that take the same time of everybody, the best in levels and the best in points."""
    kept: dict[tuple[Busy, bool], tuple[Part, Part]] = {}
    for part in parts:
        first, cheap = kept.get((part.busy, part.is_full), (part, part))
        kept[part.busy, part.is_full] = min(first, part, key=_values), min(cheap, part, key=lambda p: p.score)
    return [part for pair in kept.values() for part in dict.fromkeys(pair)]


def _values(part: Part) -> Values:
    return part.values


# What belongs to a part


def _only(problem: Problem, pins: tuple[str, ...], scopes: tuple[Scope, ...]) -> Problem:
    """The problem with the pins and pairs that concern one part."""
    seats = "class" in pins
    return replace(
        problem,
        groups=problem.groups if seats else (),
        conflicts=problem.conflicts if seats else (),
        pins=tuple(p for p in problem.pins if p.kind in pins),
        apart=tuple(replace(p, scopes=_within(p.scopes, scopes)) for p in problem.apart),
        together=tuple(replace(p, scopes=_within(p.scopes, scopes)) for p in problem.together),
        group_pins=problem.group_pins if seats else (),
        meeting_pins=problem.meeting_pins if seats else (),
        appointment_pins=problem.appointment_pins if "counsellor" in pins else (),
    )


def _within(own: tuple[Scope, ...], scopes: tuple[Scope, ...]) -> tuple[Scope, ...]:
    return tuple(scope for scope in own if scope in scopes)


NEEDS: tuple[Need, ...] = ("class", "education", "elective", "counsellor", "room", "appointment")


def _accepted(index: Index, plan: Plan, needs: tuple[Need, ...]) -> bool:
    """Whether the plan's part keeps the rules, all other needs being listed as unmet."""
    others = tuple(u for u in _every_need(index.problem) if u.need not in needs)
    tried = replace(plan, unmet=(*plan.unmet, *others))
    return not any(next(iter(rule.violations(index, tried)), None) for rule in RULES if rule is not totals)


def _every_need(problem: Problem) -> tuple[Unmet, ...]:
    found = [Unmet(r.id, "class") for r in problem.residents if r.needs_vocational]
    found += [Unmet(r.id, "education", subject) for r in problem.residents for subject in r.education]
    return (*found, *(Unmet(r.id, need) for r in problem.residents for need in NEEDS[3:]))


def _part(index: Index, plan: Plan, busy: Busy) -> Part:
    scored = rescored(index.problem, plan)
    return Part(plan, plan_values(index.problem, plan), scored.score, busy)


# Seats and meetings


def _weeks(problem: Problem) -> Iterator[Part]:
    index = Index(_only(problem, ("class", "education", "elective"), ("class",)))
    for seats, unmet in _seatings(index):
        plan = Plan(Outcome.FEASIBLE, "", seats=seats, unmet=unmet)
        # a minimum or a pin that the seats break, no meeting will mend
        for meetings in _meetings(index, plan):
            whole = replace(plan, meetings=meetings)
            if _accepted(index, whole, ("class", "education", "elective")):
                yield _part(index, whole, _taken(index, whole))


def _seatings(index: Index) -> Iterator[tuple[tuple[Seat, ...], tuple[Unmet, ...]]]:
    """Every way to give each need a group that admits the resident, or none, within the groups' sizes."""
    needs: list[tuple[Resident, str, str]] = []
    for r in index.problem.residents:
        needs += [(r, "vocational", "")] if r.needs_vocational else []
        needs += [(r, "education", subject) for subject in r.education]
    ways = [
        (None, *(g for g in index.groups_of(kind) if subject in ("", g.subject) and index.admits(g, r)))
        for r, kind, subject in needs
    ]
    for chosen in product(*ways):
        sizes = {g.id: chosen.count(g) for g in chosen if g}
        if all(index.groups[g].minimum <= size <= index.groups[g].maximum for g, size in sizes.items()):
            pairs = list(zip(needs, chosen, strict=True))
            yield (
                tuple(Seat(r.id, g.id) for (r, _, _), g in pairs if g),
                tuple(
                    Unmet(r.id, "class" if kind == "vocational" else "education", subject)
                    for (r, kind, subject), g in pairs
                    if g is None
                ),
            )


def _meetings(index: Index, plan: Plan) -> Iterator[tuple[Meeting, ...]]:
    options = []
    for group in index.problem.groups:
        if any(s.group == group.id for s in plan.seats):
            every = [
                Meeting(group.id, pattern.periods, venue, instructor)
                for pattern in group.patterns
                for venue in group.venues or (None,)
                for instructor in group.instructors or (None,)
            ]
            options.append(list(combinations(every, group.meetings)))
    for choice in product(*options):
        yield tuple(meeting for meetings in choice for meeting in meetings)


def _taken(index: Index, plan: Plan) -> Busy:
    periods = {
        g.id: frozenset(p for m in plan.meetings if m.group == g.id for p in m.periods) for g in index.problem.groups
    }
    return tuple(
        frozenset(p for s in plan.seats if s.resident == r.id for p in periods[s.group])
        for r in index.problem.residents
    )


# Counsellors and appointments


def _cares(problem: Problem) -> Iterator[Part]:
    index = Index(_only(problem, ("counsellor",), ("counsellor",)))
    per_resident = [_cares_of(index, r) for r in problem.residents]
    for chosen in product(*per_resident):
        plan = Plan(
            Outcome.FEASIBLE,
            "",
            caseloads=tuple(c for c, _ in chosen if c),
            appointments=_numbered(index, [a for _, a in chosen if a]),
            unmet=tuple(
                Unmet(r.id, need)
                for r, (case, slot) in zip(problem.residents, chosen, strict=True)
                for need, met in (("counsellor", case), ("appointment", slot))
                if not met
            ),  # type: ignore[arg-type]
        )
        if len(plan.appointments) == sum(a is not None for _, a in chosen) and _accepted(
            index, plan, ("counsellor", "appointment")
        ):
            busy = tuple(frozenset({a.period} if a else ()) for _, a in chosen)
            yield _part(index, plan, busy)


def _cares_of(index: Index, resident: Resident) -> list[tuple[Caseload | None, Appointment | None]]:
    found: list[tuple[Caseload | None, Appointment | None]] = [(None, None)]
    for k in index.counsellors:
        found.append((Caseload(resident.id, k), None))
        for week in index.weeks_of(resident):
            for period in index.periods:
                if period not in (*resident.unavailable, *index.counsellors[k].unavailable):
                    found.append((Caseload(resident.id, k), Appointment(resident.id, k, week, period, 0, 0)))
    return found


def _numbered(index: Index, wanted: list[Appointment]) -> tuple[Appointment, ...]:
    """The slots of each period dealt in order; who finds none left is left out."""
    used: dict[tuple[str, int, str], int] = {}
    found = []
    for item in wanted:
        number = used[item.counsellor, item.week, item.period] = (
            used.get((item.counsellor, item.week, item.period), -1) + 1
        )
        slots = index.slots(item.period)
        if number < len(slots):
            found.append(replace(item, start=slots[number][0], end=slots[number][1]))
    return tuple(found)


# Rooms


def _beds(problem: Problem) -> Iterator[Part]:
    index = Index(_only(problem, ("room",), ("room", "house")))
    nobody = tuple(frozenset[str]() for _ in problem.residents)
    for chosen in product(*(tuple(ways_to_lodge(index, r)) for r in problem.residents)):
        stays = [stay for way in chosen for stay in way]
        lodgings = _lodged(index, stays)
        if lodgings is None:
            continue
        placed = {stay.resident for stay in stays}
        unmet = tuple(Unmet(r.id, "room") for r in problem.residents if r.id not in placed)
        plan = Plan(Outcome.FEASIBLE, "", lodgings=lodgings, unmet=unmet)
        if _accepted(index, plan, ("room",)):
            yield _part(index, plan, nobody)


def _lodged(index: Index, stays: list[Stay]) -> tuple[Lodging, ...] | None:
    try:
        return number_beds_of(index, stays)
    except ValueError:  # no bed free on some night
        return None
