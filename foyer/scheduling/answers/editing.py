"""A plan changed by hand or by a chain: its parts replaced, its appointments and beds put right, counted anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import cast

from foyer.scheduling.answers.exchange import NOWHERE, Bin, BinId, Exchange, Person, Scale
from foyer.scheduling.best import unmet_of
from foyer.scheduling.digest import problem_hash
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Appointment, Change, ChangeKind, Lodging, Outcome, Plan, Seat, Stage
from foyer.scheduling.problem import Resident
from foyer.scheduling.quick.whole import Whole
from foyer.scheduling.score import rescored_in
from foyer.scheduling.stages.appointments import Place, is_place_for, meeting_periods, places_for
from foyer.scheduling.weeks import Busy

TOLERANCE = 0.01
KINDS: Mapping[str, ChangeKind] = {"vocational": "class", "education": "education", "elective": "elective"}
HOURS = Scale(3)  # left out, moved, evening


def finished(index: Index, plan: Plan, hashed: str = "", *, since: Plan | None = None) -> Plan:
    """The plan with its open needs, points and states put right. A stage above its bound is no longer proven. A bound
    in points holds for plans that are as good on the levels before; where a stage or the whole is below it now, it is
    dropped. So is a conditional bound, where what it presupposes has changed ``since`` (the plan before)."""
    plan = replace(plan, stages=tuple(_still_bound(stage, plan, since or plan) for stage in plan.stages))
    whole = Whole(plan.seats, plan.caseloads, plan.lodgings, plan.meetings, plan.appointments)
    plan = replace(
        plan, unmet=unmet_of(index, whole), problem_hash=hashed or problem_hash(index.problem), levels=(), changes=()
    )
    plan = rescored_in(index, plan)
    stages = tuple(map(_restated, plan.stages))
    told = [(new, old) for new, old in zip(stages, plan.stages, strict=True) if not old.conditional]
    dropped = any(new.bound is None and old.bound is not None for new, old in told)
    proven = all(s.status == "optimal" for s in stages)
    outcome = Outcome.FEASIBLE if plan.outcome is Outcome.OPTIMAL and not proven else plan.outcome
    if dropped or (plan.bound is not None and plan.bound > plan.score + TOLERANCE):
        return replace(plan, stages=stages, outcome=outcome, bound=None)
    return replace(plan, stages=stages, outcome=outcome)


def _still_bound(stage: Stage, plan: Plan, since: Plan) -> Stage:
    """The stage, without a bound that held for other seats, caseloads or (of appointments) another week; a repair's,
    which hold for as few changes, end with the first one more."""
    parts = ("seats", "caseloads", "meetings") if stage.name == "appointments" else ("seats", "caseloads")
    if plan.changes:
        parts = (*parts, "meetings", "lodgings", "appointments")
    if not stage.conditional or all(set(getattr(plan, part)) == set(getattr(since, part)) for part in parts):
        return stage
    return replace(stage, bound=None, status="feasible", conditional=False, levels=())


def _restated(stage: Stage) -> Stage:
    if stage.bound is None or abs(stage.value - stage.bound) <= TOLERANCE:
        return stage
    bound = stage.bound if stage.value > stage.bound else None
    return replace(stage, status="feasible", bound=bound, levels=())


# Beds


def relodged(index: Index, plan: Plan, rooms: Mapping[str, str]) -> tuple[Lodging, ...]:
    """The lodgings with these residents in new rooms. Everybody else keeps the bed, unless no bed is free for the whole
    of a stay: then the room's beds are numbered anew."""
    kept = [x for x in plan.lodgings if x.resident not in rooms]
    for name, room in sorted(rooms.items()):
        if room:
            kept = _with_bed(index, kept, index.residents[name], room)
    return tuple(sorted(kept, key=lambda x: (x.room, x.arrives, x.bed)))


def _with_bed(index: Index, lodgings: list[Lodging], person: Resident, room: str) -> list[Lodging]:
    beside = [x for x in lodgings if x.room == room and x.arrives < person.leaves and person.arrives < x.leaves]
    free = set(range(1, index.rooms[room].beds + 1)) - {x.bed for x in beside}
    if free:
        return [*lodgings, Lodging(person.id, room, min(free), person.arrives, person.leaves)]
    others = [x for x in lodgings if x.room != room]
    stays = [x for x in lodgings if x.room == room]
    return [*others, *_renumbered(index, [*stays, Lodging(person.id, room, 1, person.arrives, person.leaves)])]


def _renumbered(index: Index, stays: list[Lodging]) -> Iterator[Lodging]:
    """In order of arrival each takes the lowest free bed; bed 1 where there is none, which ``check`` will tell."""
    free_from = dict.fromkeys(range(1, index.rooms[stays[0].room].beds + 1), 0)
    for stay in sorted(stays, key=lambda x: (x.arrives, x.resident)):
        bed = min((bed for bed, night in free_from.items() if night <= stay.arrives), default=1)
        free_from[bed] = stay.leaves
        yield replace(stay, bed=bed)


# Appointments


def place_id(place: Place) -> BinId:
    """A week of the rotation and a period, as one word."""
    return f"{place[0]}:{place[1]}"


def hours_of(index: Index, plan: Plan, counsellor: str) -> Exchange:
    """The counsellor's residents and the hours they may have. Whoever's hour no longer fits is out; levels are people
    left out, people moved, points."""
    own_cases = {c.resident for c in plan.caseloads if c.counsellor == counsellor}
    taken = meeting_periods(index, [s for s in plan.seats if s.resident in own_cases], plan.meetings)
    weights = index.problem.weights
    booked = {a.resident: place_id((a.week, a.period)) for a in plan.appointments if a.counsellor == counsellor}
    costs: dict[Person, dict[BinId, int]] = {}
    place: dict[Person, BinId] = {}
    bins = {NOWHERE: Bin(0, len(index.residents))}
    for case in plan.caseloads:
        if case.counsellor == counsellor:
            person, now = (case.resident, ""), booked.get(case.resident, NOWHERE)
            own = costs[person] = {NOWHERE: HOURS.pack([weights.unplaced_appointment])}
            for week, period in places_for(index, case.resident, counsellor, taken):
                hour = place_id((week, period))
                bins[hour] = Bin(0, len(index.slots(period)))
                evening = weights.evening_appointment * index.is_evening(period)
                own[hour] = HOURS.pack([0, int(now not in (NOWHERE, hour)), evening])
            place[person] = now if now in own else NOWHERE
    return Exchange(bins, place, costs)


def rebooked(
    index: Index,
    plan: Plan,
    wanted: Mapping[str, BinId] | None = None,
    also: Iterable[str] = (),
    *,
    others_move: bool = True,
) -> Plan:
    """The plan with an hour for everybody whose own no longer fits, who is to have a certain one, or is named in
    ``also``; as few others as possible move, or none. Who cannot have one is left without, and who had none still has
    none."""
    counsellor = {c.resident: c.counsellor for c in plan.caseloads}
    taken = meeting_periods(index, plan.seats, plan.meetings)
    kept = [a for a in plan.appointments if _stands(index, a, counsellor, taken)]
    lost = {a.resident for a in plan.appointments} - {a.resident for a in kept}
    without = lost | set(wanted or {}) | set(also)
    booked = {a.resident for a in kept} | without
    plan = replace(plan, appointments=tuple(kept))
    for name in sorted({counsellor[r] for r in without if r in counsellor}):
        hours = hours_of(index, plan, name)
        movable = booked if others_move else without
        state, _ = replace(hours, held=frozenset(p for p in hours.place if p[0] not in movable)).settled()
        for resident, hour in (wanted or {}).items():
            if counsellor.get(resident) == name and (forced := state.forced((resident, ""), hour)) is not None:
                state = forced[0]
        plan = replace(plan, appointments=_clocked(index, plan.appointments, name, state.place))
    return plan


def _stands(index: Index, item: Appointment, counsellor: Mapping[str, str], taken: Mapping[str, set[Busy]]) -> bool:
    return counsellor.get(item.resident) == item.counsellor and is_place_for(
        index, item.resident, item.counsellor, (item.week, item.period), taken
    )


def _clocked(
    index: Index, before: Iterable[Appointment], counsellor: str, place: Mapping[Person, BinId]
) -> tuple[Appointment, ...]:
    """Clock times: who stays keeps his, the others take the free slots of their hour."""
    others = [a for a in before if a.counsellor != counsellor]
    own = [a for a in before if place.get((a.resident, "")) == place_id((a.week, a.period))]
    own = [a for a in own if a.counsellor == counsellor]
    seen = {a.resident for a in own}
    for (resident, _), hour in sorted(place.items()):
        if resident not in seen and hour != NOWHERE:
            week, period = hour.split(":", 1)
            used = [(a.start, a.end) for a in own if place_id((a.week, a.period)) == hour]
            slots = index.slots(period)
            free = [s for s in slots if all(s[1] <= start or end <= s[0] for start, end in used)]
            start, end = free[0] if free else slots[0]
            own.append(Appointment(resident, counsellor, int(week), period, start, end))
    return (*others, *own)


# Differences


ROWS = ("seats", "caseloads", "lodgings", "appointments", "meetings")


def changes_between(index: Index, before: Plan, after: Plan) -> tuple[Change, ...]:
    """What each resident, and each group, would have instead; beds within a room aside."""
    found: list[Change] = []
    touched = _touched(before, after)
    old, new = _held(index, before, touched), _held(index, after, touched)
    for key in sorted(old.keys() | new.keys()):
        kind, who = key[:2]
        lost, won = sorted(old[key] - new[key]), sorted(new[key] - old[key])
        for i in range(max(len(lost), len(won))):
            was, becomes = (names[i] if i < len(names) else None for names in (lost, won))
            found.append(Change(cast(ChangeKind, kind), who, was, becomes))
    return tuple(found)


def _touched(before: Plan, after: Plan) -> dict[str, set[str]]:
    """By part of a plan, the residents or groups of whom some row is not the very same in both: nobody else has
    something else. Most rows are handed on from plan to plan."""
    found: dict[str, set[str]] = {}
    for part in ROWS:
        old, new = getattr(before, part), getattr(after, part)
        kept = {id(row) for row in old} & {id(row) for row in new} if old is not new else set()
        rows = (row for row in (*old, *new) if id(row) not in kept) if old is not new else ()
        found[part] = {row.group if part == "meetings" else row.resident for row in rows}
    return found


def _held(index: Index, plan: Plan, touched: Mapping[str, set[str]]) -> dict[tuple[str, str, str], set[str]]:
    """By kind, resident or group, and education subject: what is held, by those touched in each part of the plan."""
    held: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for seat in (x for x in plan.seats if x.resident in touched["seats"]):
        group = index.groups[seat.group]
        held[KINDS[group.kind], seat.resident, group.subject if group.kind == "education" else ""].add(seat.group)
    for case in (x for x in plan.caseloads if x.resident in touched["caseloads"]):
        held["counsellor", case.resident, ""].add(case.counsellor)
    for lodging in (x for x in plan.lodgings if x.resident in touched["lodgings"]):
        held["room", lodging.resident, ""].add(lodging.room)
    for item in (x for x in plan.appointments if x.resident in touched["appointments"]):
        held["appointment", item.resident, ""].add(f"{item.week} {item.period}")
    for meeting in (x for x in plan.meetings if x.group in touched["meetings"]):
        held["time", meeting.group, ""].add(" ".join(meeting.periods))
    return held


def reseated(index: Index, plan: Plan, places: Mapping[Person, BinId], kind: str) -> tuple[Seat, ...]:
    """The seats with these needs of one kind met so; a need that is nowhere has none."""
    needs = {(r, subject): group for (r, subject), group in places.items()}
    in_electives = {r for r, _ in needs} if kind == "elective" else set()

    def is_replaced(seat: Seat) -> bool:
        group = index.groups[seat.group]
        met = (seat.resident, "") in needs or (seat.resident, group.subject) in needs or seat.resident in in_electives
        return group.kind == kind and met

    kept = [s for s in plan.seats if not is_replaced(s)]
    return (*kept, *(Seat(r, group) for (r, _), group in sorted(needs.items()) if group != NOWHERE))
