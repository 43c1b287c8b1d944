"""The points of a plan, wish by wish, counted from the plan alone (docs/engine.md, section 4).

The solver's stages minimise the same terms; ``check`` counts them again with these functions.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace

from foyer.scheduling import pair_points, room_points, week_points
from foyer.scheduling.index import AGE_BAND, Index
from foyer.scheduling.plan import Lodging, Outcome, Plan, Term
from foyer.scheduling.problem import GroupKind, Problem, TeachingGroup, Weeks
from foyer.scheduling.remaining import as_of
from foyer.scheduling.weeks import at_once, kinds

STAGES = ("classes", "education", "electives", "counsellors", "rooms", "times", "appointments")

CHOICE_TERMS: tuple[tuple[str, GroupKind], ...] = (("choice", "vocational"), ("elective_choice", "elective"))

STAGE_OF = {
    "unplaced_night": "rooms",
    "unplaced_vocational": "classes",
    "unplaced_counsellor": "counsellors",
    "unplaced_education": "education",
    "unplaced_appointment": "appointments",
    "unplaced_elective": "electives",
    "choice": "classes",
    "aptitude": "classes",
    "elective_choice": "electives",
    "other_counsellor": "counsellors",
    "other_gender_counsellor": "counsellors",
    "skill_missing": "counsellors",
    "other_room": "rooms",
    "other_house": "rooms",
    "caseload_above_mean": "counsellors",
    "parted_class": "classes",
    "shared_class": "classes",
    "parted_education": "education",
    "shared_education": "education",
    "parted_counsellor": "counsellors",
    "shared_counsellor": "counsellors",
    "parted_room": "rooms",
    "shared_room": "rooms",
    "parted_house": "rooms",
    "shared_house": "rooms",
    "open_class": "classes",
    "open_education": "education",
    "open_elective": "electives",
    "class_size": "classes",
    "education_size": "education",
    "elective_size": "electives",
    "age_apart": "rooms",
    "reserve_room": "rooms",
    "transfer": "rooms",
    "room_wish": "rooms",
    "mixed_room": "rooms",
    "gap": "times",
    "single_period": "times",
    "disliked_start": "times",
    "seat_short": "times",
    "fewer_days": "times",
    "lecture_alone": "times",
    "further_venue": "times",
    "large_venue": "times",
    "evening_appointment": "appointments",
}


def terms_of(index: Index, plan: Plan) -> tuple[Term, ...]:
    """Every wish that the plan hurts, in the order of STAGE_OF; wishes without harm are left out. A repaired plan is
    counted from its first night on, for those who are still in the house then."""
    index, plan = as_of(index, plan)
    found = {t.wish: t for part in PARTS for t in part(index, plan)}
    return tuple(found[wish] for wish in STAGE_OF if wish in found and (found[wish].count or found[wish].points))


def score_of(terms: tuple[Term, ...]) -> float:
    """The points of a whole plan."""
    return round(sum(t.points for t in terms), 2)


def stage_points(terms: tuple[Term, ...], stage: str) -> float:
    """The points that one stage answers for."""
    return round(sum(t.points for t in terms if STAGE_OF[t.wish] == stage), 2)


def _unplaced(index: Index, plan: Plan) -> Iterator[Term]:
    weights = index.problem.weights
    nights = [r.leaves - r.arrives for u in plan.unmet if u.need == "room" and (r := index.residents.get(u.resident))]
    yield Term("unplaced_night", sum(nights), weights.unplaced_night * sum(nights))
    counts = Counter(u.need for u in plan.unmet)
    for wish, need, points in (
        ("unplaced_vocational", "class", weights.unplaced_vocational),
        ("unplaced_counsellor", "counsellor", weights.unplaced_counsellor),
        ("unplaced_education", "education", weights.unplaced_education),
        ("unplaced_appointment", "appointment", weights.unplaced_appointment),
        ("unplaced_elective", "elective", weights.unplaced_elective),
    ):
        yield Term(wish, counts[need], points * counts[need])  # type: ignore[index]


def _classes(index: Index, plan: Plan) -> Iterator[Term]:
    got: dict[str, list[TeachingGroup]] = defaultdict(list)
    for seat in plan.seats:
        got[seat.resident].append(index.groups[seat.group])
    for wish, kind in CHOICE_TERMS:
        costs = [index.choices.cost(r, got[r.id], kind) for r in index.problem.residents]
        yield Term(wish, sum(c > 0 for c in costs), sum(costs))
    aptitudes = [
        index.aptitude_cost(index.residents[r], g.subject)
        for r, own in got.items()
        for g in own
        if g.kind == "vocational"
    ]
    yield Term("aptitude", sum(a > 0 for a in aptitudes), round(sum(aptitudes), 2))
    yield from _openings(index, plan)


def _openings(index: Index, plan: Plan) -> Iterator[Term]:
    """Groups that open (s7), and how far they are from the size wished for (s8)."""
    sizes = Counter(s.group for s in plan.seats)
    for kind, word in (("vocational", "class"), ("education", "education"), ("elective", "elective")):
        opened = [g for g in index.groups_of(kind) if index.pins.must_open(g) or sizes[g.id]]
        off = sum(abs(sizes[g.id] - g.target) for g in opened if g.target is not None)
        yield Term(f"open_{word}", len(opened), sum(index.cost_to_open(g) for g in opened))
        yield Term(f"{word}_size", off, index.problem.weights.target_size * off)


def _counsellors(index: Index, plan: Plan) -> Iterator[Term]:
    weights = index.problem.weights
    changed = other_gender = skills = 0
    loads: dict[str, int] = defaultdict(int)
    for case in plan.caseloads:
        resident, counsellor = index.residents[case.resident], index.counsellors[case.counsellor]
        changed += leaves_counsellor(index, case.resident, case.counsellor)
        other_gender += resident.same_gender_counsellor and counsellor.gender != resident.gender
        skills += index.missing_skills(resident, counsellor)
        loads[counsellor.id] += resident.case_weight
    above = sum(max(0, load - index.mean_load) for load in loads.values())
    yield Term("other_counsellor", changed, weights.other_counsellor * changed)
    yield Term("other_gender_counsellor", other_gender, weights.other_gender_counsellor * other_gender)
    yield Term("skill_missing", skills, weights.skill_missing * skills)
    yield Term("caseload_above_mean", above, weights.caseload_above_mean * above)


def leaves_counsellor(index: Index, resident: str, counsellor: str) -> bool:
    """Whether the resident loses a previous counsellor who still works in the house."""
    previous = index.residents[resident].previous_counsellor
    return previous is not None and previous in index.counsellors and previous != counsellor


def _rooms(index: Index, plan: Plan) -> Iterator[Term]:
    weights = index.problem.weights
    other_room = other_house = reserve = 0
    ages: dict[str, list[int]] = defaultdict(list)
    for lodging in plan.lodgings:
        resident, room = index.residents[lodging.resident], index.rooms[lodging.room]
        ages[room.id].append(resident.age)
        reserve += room.reserve
        moved = moves(index, lodging.resident, lodging.room)
        other_room, other_house = other_room + moved[0], other_house + moved[1]
    apart = sum(years_outside_best_band(index, each) for each in ages.values())
    yield Term("other_room", other_room, weights.other_room * other_room)
    yield Term("other_house", other_house, weights.other_house * other_house)
    yield Term("age_apart", apart, weights.age_apart * apart)
    yield Term("reserve_room", reserve, weights.reserve_room * reserve)
    transfers = len(plan.lodgings) - len({x.resident for x in plan.lodgings})
    yield Term("transfer", transfers, weights.transfer * transfers)


def lodging_points(index: Index, lodgings: tuple[Lodging, ...]) -> float:
    """The points of these lodgings alone, as the rooms stage answers for them; nights without a bed aside."""
    plan = Plan(Outcome.FEASIBLE, "", lodgings=lodgings)
    return round(sum(t.points for part in (_rooms, room_points.terms) for t in part(index, plan)), 2)


def moves(index: Index, resident: str, room: str) -> tuple[bool, bool]:
    """Whether the resident leaves the previous room, and its house too (where that room still exists)."""
    previous = index.rooms.get(index.residents[resident].previous_room or "")
    if previous is None:
        return False, False
    return previous.id != room, previous.house != index.rooms[room].house


def years_outside(age: int, band: int) -> int:
    """The years by which an age lies outside the band of AGE_BAND ages that begins at ``band``."""
    return max(band - age, age - (band + AGE_BAND - 1), 0)


def years_outside_best_band(index: Index, ages: list[int]) -> int:
    """The years outside a room's band, the band chosen best for those who live there in this cycle."""
    return min(sum(years_outside(age, band) for age in ages) for band in index.age_bands)


def _times(index: Index, plan: Plan) -> Iterator[Term]:
    weights = index.problem.weights
    penalty = disliked = 0
    for meeting in plan.meetings:
        points = {p.periods: p.penalty for p in index.groups[meeting.group].patterns}.get(meeting.periods, 0)
        penalty, disliked = penalty + points, disliked + (points > 0)
    gaps, single = _day_shapes(index, plan)
    evenings = sum(index.is_evening(a.period) for a in plan.appointments)
    yield Term("gap", math.ceil(gaps), round(weights.gap * gaps, 2))
    yield Term("single_period", math.ceil(single), round(weights.single_period * single, 2))
    yield Term("disliked_start", disliked, penalty)
    yield Term("evening_appointment", evenings, weights.evening_appointment * evenings)


def _day_shapes(index: Index, plan: Plan) -> tuple[float, float]:
    """All residents' gaps and single periods in a week; where groups meet every other week, in the mean of both."""
    met: dict[str, int] = defaultdict(int)
    for meeting in plan.meetings:
        met[meeting.group] |= index.as_bits(meeting.periods)
    taken: dict[str, list[tuple[int, Weeks]]] = defaultdict(list)
    for seat in plan.seats:
        taken[seat.resident].append((met[seat.group], index.groups[seat.group].weeks))
    gaps = single = 0.0
    for resident, groups in taken.items():
        unavailable = index.as_bits(index.residents[resident].unavailable)
        when = kinds(weeks for periods, weeks in groups if periods)
        for kind in when:
            busy = 0
            for periods, weeks in groups:
                busy |= periods if at_once(weeks, kind) else 0
            found = _week_shape(index, busy, unavailable)
            gaps, single = gaps + found[0] / len(when), single + found[1] / len(when)
    return gaps, single


def _week_shape(index: Index, meetings: int, unavailable: int) -> tuple[int, int]:
    """The gaps and the single periods of one resident's week. Many have the same week, and most keep theirs from one
    plan to the next: each week is counted once."""
    key = (meetings, unavailable)
    if key not in index.week_shapes:
        held, away = ({p for p, bit in index.bits.items() if bit & periods} for periods in key)
        days = [day_shape(day, held, away) for day in index.days.values()]
        index.week_shapes[key] = sum(gaps for gaps, _ in days), sum(single for _, single in days)
    return index.week_shapes[key]


def day_shape(day: tuple[str, ...], meetings: set[str], unavailable: set[str]) -> tuple[int, bool]:
    """One resident's day: its gaps (free periods with something on both sides), and whether a single
    meeting period is all there is. Something is a meeting, or unavailability such as school outside."""
    taken = [i for i, period in enumerate(day) if period in meetings or period in unavailable]
    if not taken:
        return 0, False
    gaps = taken[-1] - taken[0] + 1 - len(taken)
    return gaps, len(taken) == 1 and day[taken[0]] in meetings


def rescored(problem: Problem, plan: Plan) -> Plan:
    """The plan with its terms, score and stage values counted anew, for a plan that somebody changed by hand. The
    proven bounds stay: they speak of the problem, not of the plan."""
    return rescored_in(Index(problem), plan)


def rescored_in(index: Index, plan: Plan) -> Plan:
    """``rescored`` in the index of the problem: for many plans of one house."""
    from foyer.scheduling.levels import recounted  # which needs the terms' stages from here

    terms = terms_of(index, plan)
    stages = tuple(replace(s, value=stage_points(terms, s.name)) for s in plan.stages)
    plan = replace(plan, terms=terms, score=score_of(terms), stages=stages)
    return replace(plan, levels=recounted(index, plan))


PARTS = (_unplaced, _classes, _counsellors, _rooms, room_points.terms, _times, week_points.terms, pair_points.terms)
