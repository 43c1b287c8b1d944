"""Seats in classes, education groups and electives, and counsellors (H1 to H3, H7, H13; s1 to s8)."""

from __future__ import annotations

from collections import defaultdict

from benchmarks.joint.base import Joint, Literal
from foyer.scheduling.choices import CHOSEN
from foyer.scheduling.index import Index
from foyer.scheduling.problem import Resident, TeachingGroup
from foyer.scheduling.score import leaves_counsellor


def add_seats(joint: Joint) -> None:
    """Every need for a class, an education group or an elective, and what it costs."""
    index = joint.index
    for resident in index.problem.residents:
        ways: dict[tuple[str, str], list[Literal]] = defaultdict(list)
        for group in index.problem.groups:
            if _may_need(resident, group) and index.is_eligible(group, resident):
                seat = joint.seat[resident.id, group.id] = joint.boolean()
                ways[group.kind, "" if group.kind == "vocational" else group.subject].append(seat)
                joint.pay(_points(index, resident, group), seat)
        _needs(joint, resident, ways)
        own = {g: seat for (r, g), seat in joint.seat.items() if r == resident.id}
        for a, b in index.choices.exclusions:
            joint.model.add_at_most_one(own[g] for g in (a, b) if g in own)
    for group in index.problem.groups:
        _sizes(joint, group)
    for instructor, groups in index.choices.capped.items():
        taken = sum(seat for (_, g), seat in joint.seat.items() if g in groups)
        joint.model.add(taken <= (index.instructors[instructor].most_residents or 0))
    _kept_seats(joint)


def _may_need(resident: Resident, group: TeachingGroup) -> bool:
    return {
        "vocational": resident.needs_vocational,
        "education": group.subject in resident.education,
        "elective": resident.electives > 0,
    }[group.kind]


def _points(index: Index, resident: Resident, group: TeachingGroup) -> float:
    """What a seat adds to the points; what was bid for it counts less than nothing."""
    aptitude = index.aptitude_cost(resident, group.subject) if group.kind == "vocational" else 0
    return index.choices.seat_points(resident, group.subject, group.kind) + aptitude


def _needs(joint: Joint, resident: Resident, ways: dict[tuple[str, str], list[Literal]]) -> None:
    weights = joint.index.problem.weights
    for kind in CHOSEN:
        joint.pay(joint.index.choices.best_alone(resident, kind), 1)
    if resident.needs_vocational:
        joint.need(resident.id, "class", "", ways["vocational", ""], weights.unplaced_vocational)
    for subject in resident.education:
        joint.need(resident.id, "education", subject, ways["education", subject], weights.unplaced_education)
    if resident.electives:
        electives = [seats for (kind, _), seats in ways.items() if kind == "elective"]
        for seats in electives:
            joint.model.add_at_most_one(seats)  # no subject twice
        missing = [joint.boolean() for _ in range(resident.electives)]
        joint.model.add(sum(s for seats in electives for s in seats) + sum(missing) == resident.electives)
        for number, open_ in enumerate(missing):
            joint.unmet[resident.id, "elective", str(number)] = open_
            joint.pay(weights.unplaced_elective, open_)


def _sizes(joint: Joint, group: TeachingGroup) -> None:
    """Closed, or from minimum to maximum; opening costs."""
    seats = [seat for (_, g), seat in joint.seat.items() if g == group.id]
    opens = joint.opens[group.id] = joint.boolean()
    joint.model.add(sum(seats) <= group.maximum * opens)
    joint.model.add(sum(seats) >= group.minimum * opens)
    if group.mandatory:
        joint.model.add_bool_and(opens)
    elif seats:
        joint.model.add_bool_or(~opens, *seats)
    else:
        joint.model.add_bool_and(~opens)
    joint.pay(joint.index.problem.weights.open_group, opens)


def _kept_seats(joint: Joint) -> None:
    """Pairs apart in class, pinned seats."""
    for a, b in joint.index.apart["class"]:
        for group in joint.index.problem.groups:
            pair = [joint.seat[r, group.id] for r in (a, b) if (r, group.id) in joint.seat]
            joint.model.add_at_most_one(pair)
    for pin in joint.index.problem.pins:
        if pin.kind in ("class", "education", "elective"):
            joint.keep(joint.seat, pin.resident, pin.target)
    for opening in joint.index.problem.group_pins:
        if opening.opens:
            taken = [seat for (_, g), seat in joint.seat.items() if g == opening.group]
            joint.model.add(sum(taken) >= joint.index.groups[opening.group].minimum)
        else:
            joint.model.add_bool_and(~joint.opens[opening.group])


def add_counsellors(joint: Joint) -> None:
    """One counsellor each, within their loads."""
    index, weights = joint.index, joint.index.problem.weights
    for resident in index.counselled:
        ways = []
        for counsellor in index.problem.counsellors:
            if not index.may_counsel(counsellor, resident):
                continue
            case = joint.case[resident.id, counsellor.id] = joint.boolean()
            ways.append(case)
            points = weights.other_counsellor * leaves_counsellor(index, resident.id, counsellor.id)
            if resident.same_gender_counsellor and counsellor.gender != resident.gender:
                points += weights.other_gender_counsellor
            joint.pay(points + weights.skill_missing * index.missing_skills(resident, counsellor), case)
        joint.need(resident.id, "counsellor", "", ways, weights.unplaced_counsellor)
    for counsellor in index.problem.counsellors:
        cases = [(r, case) for (r, k), case in joint.case.items() if k == counsellor.id]
        load = sum(index.residents[r].case_weight * case for r, case in cases)
        joint.model.add(load <= counsellor.capacity)
        joint.pay(weights.caseload_above_mean, joint.above(load - index.mean_load, counsellor.capacity))
        for a, b in index.apart["counsellor"]:
            joint.model.add_at_most_one(case for r, case in cases if r in (a, b))
    for pin in index.problem.pins:
        if pin.kind == "counsellor":
            joint.keep(joint.case, pin.resident, pin.target)
