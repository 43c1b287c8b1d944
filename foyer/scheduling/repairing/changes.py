"""What differs between a published plan and a later one, from the later one's first night on; and its points (s15).

Pure comparison: no solver, no rule. ``reasons`` tells why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Appointment, Change, ChangeKind, Lodging, Meeting, Plan
from foyer.scheduling.problem import Problem, Weights
from foyer.scheduling.remaining import lodgings_from, rest_index

Need = tuple[str, ChangeKind, str]  # resident, kind, education subject
Hours = Mapping[tuple[str, ...], Meeting]
KIND_OF_GROUP: Mapping[str, ChangeKind] = {"vocational": "class", "education": "education", "elective": "elective"}
OWN_KINDS = ("class", "education", "elective", "counsellor", "room", "appointment")  # a resident's own
COUNTED_KINDS = (*OWN_KINDS, "time")  # what the caps of H14 count


def changes_between(problem: Problem, old: Plan, new: Plan) -> tuple[Change, ...]:
    """Every difference between two plans from ``new.from_night`` on, for those still in the house then. ``problem`` is
    the house as it is now; what ``old`` names need not exist in it any more. Reasons are left empty."""
    index = rest_index(problem, new.from_night)
    return tuple(
        change
        for part in (_seats, _counsellors, _rooms, meeting_changes, _appointments)
        for change in sorted(part(index, old, new), key=lambda c: (c.kind, c.who, c.before or "", c.when))
    )


def is_counted(change: Change) -> bool:
    """Whether it counts towards the caps: something that was, and is no more as it was."""
    return change.kind in COUNTED_KINDS and change.before is not None


def people_touched(index: Index, old: Plan, new: Plan, changes: Iterable[Change]) -> tuple[str, ...]:
    """The residents with a change of their own, or with a meeting that changed in a group they stay in; beds aside."""
    members = defaultdict(set)
    before = {(s.resident, s.group) for s in old.seats}
    for seat in new.seats:
        if (seat.resident, seat.group) in before and seat.resident in index.residents:
            members[seat.group].add(seat.resident)
    touched: set[str] = set()
    for change in changes:
        if change.before is None or change.kind == "bed":
            continue
        touched |= {change.who} if change.kind in OWN_KINDS else members[change.who]
    return tuple(sorted(touched))


# Residents' own


def _seats(index: Index, old: Plan, new: Plan) -> Iterator[Change]:
    """Per need, the group left and the group joined. What was in a group that is gone now is still a change."""
    weights = index.problem.weights
    for need, (before, after) in sorted(_by_need(index, old, new).items()):
        resident, kind, _ = need
        points = seat_points(weights, kind)
        lost, won = sorted(before - after), sorted(after - before)
        for i in range(max(len(lost), len(won))):
            was, becomes = (names[i] if i < len(names) else None for names in (lost, won))
            yield Change(kind, resident, was, becomes, float(points if was else 0))


def seat_points(weights: Weights, kind: ChangeKind) -> int:
    """What leaving a group costs."""
    others = weights.change_elective if kind == "elective" else weights.change_class
    return weights.change_education if kind == "education" else others


def _by_need(index: Index, old: Plan, new: Plan) -> dict[Need, tuple[set[str], set[str]]]:
    """Per need the groups before and after. A group that the house no longer has goes with a need that found another,
    or else counts as a class."""
    found: dict[Need, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    unknown = []
    for number, plan in enumerate((old, new)):
        for seat in plan.seats:
            group = index.groups.get(seat.group)
            if seat.resident not in index.residents:
                continue
            if group is None:
                unknown.append(seat)
                continue
            subject = group.subject if group.kind == "education" else ""
            found[seat.resident, KIND_OF_GROUP[group.kind], subject][number].add(seat.group)
    for seat in unknown:
        own = sorted(n for n, (was, now) in found.items() if n[0] == seat.resident and len(now - was) > len(was - now))
        found[own[0] if own else (seat.resident, "class", "")][0].add(seat.group)
    return found


def _counsellors(index: Index, old: Plan, new: Plan) -> Iterator[Change]:
    before = {c.resident: c.counsellor for c in old.caseloads if c.resident in index.residents}
    after = {c.resident: c.counsellor for c in new.caseloads}
    for resident in sorted(before.keys() | after.keys()):
        was, becomes = before.get(resident), after.get(resident)
        if was != becomes:
            points = index.problem.weights.change_counsellor if was else 0
            yield Change("counsellor", resident, was, becomes, float(points))


def _rooms(index: Index, old: Plan, new: Plan) -> Iterator[Change]:
    """A resident moves once, however often; beds within the room cost nothing."""
    slept = [_lodgings(index, plan, new.from_night) for plan in (old, new)]
    other = {r for r in slept[0].keys() | slept[1].keys() if slept[0].get(r) != slept[1].get(r)}
    before, after = (_by_night(lodgings, other) for lodgings in slept)
    for resident in sorted(other):
        nights = range(index.residents[resident].arrives, index.residents[resident].leaves)
        pairs = [(before[resident].get(n), after[resident].get(n)) for n in nights]
        moved = next((p for p in pairs if p[0] and (p[1] is None or p[0].room != p[1].room)), None)
        if moved and moved[0]:
            room = moved[1].room if moved[1] else None
            yield Change("room", resident, moved[0].room, room, float(index.problem.weights.change_room))
            continue
        placed = next((p[1] for p in pairs if p[0] is None and p[1]), None) if not before[resident] else None
        if placed:
            yield Change("room", resident, None, placed.room)
        shifted = next((p for p in pairs if p[0] and p[1] and p[0].bed != p[1].bed), None)
        if shifted and shifted[0] and shifted[1]:
            yield Change("bed", resident, str(shifted[0].bed), str(shifted[1].bed), when=shifted[0].room)


def _lodgings(index: Index, plan: Plan, night: int) -> dict[str, set[Lodging]]:
    """Each resident's lodgings from ``night`` on."""
    own: dict[str, set[Lodging]] = defaultdict(set)
    for lodging in lodgings_from(plan.lodgings, night):
        if lodging.resident in index.residents:
            own[lodging.resident].add(lodging)
    return own


def _by_night(lodgings: Mapping[str, set[Lodging]], residents: Iterable[str]) -> dict[str, dict[int, Lodging]]:
    """Who of the residents sleeps where on each night."""
    return {r: {night: x for x in lodgings.get(r, ()) for night in range(x.arrives, x.leaves)} for r in residents}


def _appointments(index: Index, old: Plan, new: Plan) -> Iterator[Change]:
    """Another hour with the same counsellor. With another counsellor it belongs to that change."""
    counsellors = [{c.resident: c.counsellor for c in plan.caseloads} for plan in (old, new)]
    before = {a.resident: a for a in old.appointments if a.resident in index.residents}
    after = {a.resident: a for a in new.appointments}
    for resident in sorted(before.keys() | after.keys()):
        was, becomes = _place(before.get(resident)), _place(after.get(resident))
        changed = counsellors[0].get(resident) != counsellors[1].get(resident)
        if was != becomes and not (changed and was):
            points = index.problem.weights.change_appointment if was else 0
            yield Change("appointment", resident, was, becomes, float(points))


def _place(appointment: Appointment | None) -> str | None:
    return f"{appointment.week} {appointment.period} {appointment.start}" if appointment else None


# Groups' meetings


def meeting_changes(index: Index, old: Plan, new: Plan) -> Iterator[Change]:
    """Of groups that met before and meet now: hours given up, and at hours kept another venue or instructor. At a new
    hour only a venue or instructor that the group never had before counts."""
    for group in index.groups:
        before, after = ({m.periods: m for m in plan.meetings if m.group == group} for plan in (old, new))
        if before and after:
            yield from _times(index.problem.weights, group, before, after)
            yield from _holders(index.problem.weights, group, before, after)


def _times(weights: Weights, group: str, before: Hours, after: Hours) -> Iterator[Change]:
    lost, won = ([" ".join(p) for p in sorted(hours)] for hours in (before.keys() - after, after.keys() - before))
    for i in range(max(len(lost), len(won))):
        was, becomes = (hours[i] if i < len(hours) else None for hours in (lost, won))
        yield Change("time", group, was, becomes, float(weights.change_time if was and becomes else 0))


def _holders(weights: Weights, group: str, before: Hours, after: Hours) -> Iterator[Change]:
    for kind, points in (("venue", weights.change_venue), ("instructor", weights.change_instructor)):
        known = {str(name) for m in before.values() if (name := getattr(m, kind))}
        for periods, meeting in sorted(after.items()):
            now = getattr(meeting, kind)
            was = (
                getattr(before[periods], kind)
                if periods in before
                else now
                if now in known
                else min(known, default=None)
            )
            if was != now:
                both = was is not None and now is not None
                yield Change(kind, group, was, now, float(points if both else 0), " ".join(periods))  # type: ignore[arg-type]
