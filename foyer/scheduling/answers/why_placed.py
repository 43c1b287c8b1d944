"""Why a resident has this counsellor, room and appointment, and a week of this shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from foyer.scheduling.answers.barriers import counsellor_barriers, joined, obstacle, room_barriers
from foyer.scheduling.answers.forms import LevelPrice, NeedAnswer, Obstacle, Option, Price, Value
from foyer.scheduling.answers.shares import own_points
from foyer.scheduling.answers.why import Case
from foyer.scheduling.answers.why_seated import priced
from foyer.scheduling.plan import Caseload, Lodging
from foyer.scheduling.problem import Counsellor, Resident, Room, Weeks
from foyer.scheduling.score import day_shape
from foyer.scheduling.weeks import PARITIES, taken_in

COUNSELLOR_WISHES = ("other_counsellor", "other_gender_counsellor", "skill_missing", "unplaced_counsellor")
ROOM_WISHES = (
    *("other_room", "other_house", "reserve_room", "age_apart"),
    *("room_wish", "mixed_room", "transfer", "unplaced_night"),
)
MOST_MOVED = 2  # other residents in a chain of room moves


def needs(case: Case, person: Resident) -> Iterator[NeedAnswer]:
    """One answer each for counsellor, room, appointment and the week's times."""
    if person.needs_counsellor:
        yield _counsellor(case, person)
    if person.needs_room:
        yield _room(case, person)
    if person.needs_counsellor:
        yield _appointment(case, person)
    yield _times(case, person)


# Counsellor


def _counsellor(case: Case, person: Resident) -> NeedAnswer:
    index, got = case.index, case.counsellor.get(person.id, "")
    points = {
        c.id: own_points(case.alone(person.id), caseloads=(Caseload(person.id, c.id),))
        for c in index.problem.counsellors
    }
    better = [c for c in index.problem.counsellors if not got or points[c.id] < points[got]]
    better.sort(key=lambda c: points[c.id])
    previous = person.previous_counsellor
    wished = (previous,) if previous in index.counsellors else ()
    options = [_counsellor_option(case, person, c, points[c.id]) for c in better]
    options += [_no_gain(k, points[k], points[got]) for k in wished if got != k and all(c.id != k for c in better)]
    return NeedAnswer(
        "counsellor",
        "",
        wished,  # type: ignore[arg-type]
        got,
        int(bool(got) and got in wished),
        case.terms(person.id, *COUNSELLOR_WISHES),
        tuple(options),
        tuple(_asked(case, person, got)) if got else (),
    )


def _no_gain(target: str, there: float, here: float) -> Option:
    """What was wished, but costs the resident's other wishes as much or more."""
    return Option(target, "", 1, there, (obstacle("no_gain", target=target, there=there, here=here),))


def _asked(case: Case, person: Resident, got: str) -> Iterator[Obstacle]:
    """What was asked of the counsellor and is not so."""
    counsellor = case.index.counsellors[got]
    if person.same_gender_counsellor and counsellor.gender != person.gender:
        yield obstacle("other_gender", counsellor=got)
    asked = [s for s in person.skills_asked if s in case.index.skills_in_house and s not in counsellor.skills]
    if asked:
        yield obstacle("skill_missing", counsellor=got, skills=joined(asked))


def _counsellor_option(case: Case, person: Resident, counsellor: Counsellor, points: float) -> Option:
    rank = int(counsellor.id == person.previous_counsellor)
    barriers = counsellor_barriers(case.index, person, counsellor)
    if barriers:
        return Option(counsellor.id, "", rank, points, barriers)
    found = list(_load(case, person, counsellor))
    if case.counsellors is None:
        return Option(counsellor.id, "", rank, points, (*found, obstacle("not_known", target=counsellor.id, moved=0)))
    price, _ = case.counsellors.priced((person.id, ""), counsellor.id)
    return Option(counsellor.id, "", rank, points, (*found, *priced(counsellor.id, price)), price)


def _load(case: Case, person: Resident, counsellor: Counsellor) -> Iterator[Obstacle]:
    """The caseload is full, or as large as the largest may be."""
    index = case.index
    loads: Counter[str] = Counter(dict.fromkeys(index.counsellors, 0))
    for resident, k in case.counsellor.items():
        loads[k] += index.residents[resident].case_weight
    load, slots = loads[counsellor.id], index.slots_a_rotation(counsellor)
    held = sum(k == counsellor.id for k in case.counsellor.values())
    if load + person.case_weight > counsellor.capacity:
        values = {"load": load, "capacity": counsellor.capacity, "weight": person.case_weight}
        yield obstacle("counsellor_full", counsellor=counsellor.id, **values)
    elif index.problem.periods and held >= slots:
        yield obstacle("counsellor_hours_full", counsellor=counsellor.id, held=held, slots=slots)
    elif load + person.case_weight > max(loads.values()):
        yield obstacle("caseload_largest", counsellor=counsellor.id, load=load)


# Room


def _room(case: Case, person: Resident) -> NeedAnswer:
    index, board = case.index, case.board
    got = joined([x.room for x in sorted(case.plan.lodgings, key=lambda x: x.arrives) if x.resident == person.id])
    wished = (person.previous_room,) if person.previous_room in index.rooms else ()
    terms = case.terms(person.id, *ROOM_WISHES)
    better: list[tuple[float, Room]] = []
    points: dict[str, float] = {}
    if not got or (terms and got in index.rooms):
        points = {m.id: own_points(case.alone(person.id), lodgings=(_alone(person, m),)) for m in index.problem.rooms}
        better = [(points[m.id], m) for m in index.problem.rooms if not got or points[m.id] < points[got]]
        better.sort(key=lambda found: found[0])
    options = [_room_option(case, person, m, cost) for cost, m in better]
    if got in points:
        kept = {o.target for o in options}
        options += [_no_gain(m, points[m], points[got]) for m in wished if m not in {got, *kept}]
    notes = []
    years = next((t for t in terms if t.wish == "age_apart"), None)
    if years is not None and got in index.rooms:
        ages = sorted(index.residents[r].age for r in board.lodged[got])
        notes.append(obstacle("ages_in_room", room=got, years=years.count, youngest=ages[0], oldest=ages[-1]))
    return NeedAnswer(
        "room",
        "",
        wished,  # type: ignore[arg-type]
        got,
        int(bool(got) and got in wished),
        terms,
        tuple(options),
        tuple(notes),
    )


def _alone(person: Resident, room: Room) -> Lodging:
    return Lodging(person.id, room.id, 1, person.arrives, person.leaves)


def _room_option(case: Case, person: Resident, room: Room, points: float) -> Option:
    rank, board = int(room.id == person.previous_room), case.board
    barriers = room_barriers(case.index, person, room)
    if barriers:
        return Option(room.id, "", rank, points, barriers)
    found = [
        obstacle(code, room=room.id, nights=_spans(nights), beds=room.beds)
        for code, nights in (
            ("room_full", board.beds_taken(person, room)),
            ("room_other_gender", board.held_by_others(person, room)),
        )
        if nights
    ]
    price = room_price(case, person.id, room.id)
    if price is None:
        return Option(room.id, "", rank, points, (*found, obstacle("another_rule", target=room.id)))
    return Option(room.id, "", rank, points, (*found, *priced(room.id, price)), price)


def room_price(case: Case, resident: str, room: str) -> Price | None:
    """The price of the cheapest chain found. Exact where the stage then stands at its proven bound."""
    chain = case.board.cheapest(resident, room, MOST_MOVED)
    if chain is None:
        return None
    stage = next((s for s in case.plan.stages if s.name == "rooms"), None)
    before = case.room_levels
    after = (before[0] - case.nights_lost(resident), round(before[1] + chain.points, 2))
    named = zip(("unplaced", "wishes"), before, after, strict=True)
    levels = tuple(LevelPrice("rooms", name, a, b) for name, a, b in named if a != b)
    exact = stage is not None and stage.bound is not None and sum(after) <= stage.bound + 0.001
    points = round(sum(after) - sum(before), 2)
    return Price(levels, points, chain.moved, "exact" if exact else "at_most")


def _spans(nights: list[tuple[int, int]]) -> str:
    """Nights as text: ``0-14, 20-25``, each from the first to the night after the last."""
    return ", ".join(f"{start}-{end}" for start, end in nights)


# Appointment


def _appointment(case: Case, person: Resident) -> NeedAnswer:
    index, booked = case.index, case.appointment.get(person.id)
    got = f"{booked.week}:{booked.period}" if booked else ""
    terms = case.terms(person.id, "evening_appointment", "unplaced_appointment")
    counsellor = case.counsellor.get(person.id)
    if counsellor is None:
        return NeedAnswer("appointment", "", (), got, 0, terms, (), (obstacle("no_counsellor"),))
    options = [_hour(case, person, counsellor, p) for p in index.periods] if terms or booked is None else []
    better = tuple(o for o in options if booked is None or o.points == 0)
    return NeedAnswer("appointment", "", (), got, 0, terms, better)


def _hour(case: Case, person: Resident, counsellor: str, period: str) -> Option:
    """One period of the week as the time of the appointment."""
    index = case.index
    points = float(index.problem.weights.evening_appointment * index.is_evening(period))
    found = list(hour_barriers(case, person, counsellor, period))
    if not found:
        held = Counter(a.week for a in case.plan.appointments if (a.counsellor, a.period) == (counsellor, period))
        weeks = weeks_open(case, person, period)
        if all(held[week] >= len(index.slots(period)) for week in weeks):
            found.append(obstacle("hour_taken", period=period, weeks=len(weeks)))
        else:
            found.append(_free_hour(case, person, period, points))
    return Option(period, "", 0, points, tuple(found))


def _free_hour(case: Case, person: Resident, period: str, points: float) -> Obstacle:
    """An hour that could simply be taken: better than the own, or than none."""
    index, booked = case.index, case.appointment.get(person.id)
    if booked is None:
        level, each, there = "unplaced", index.problem.weights.unplaced_appointment, 0.0
        count = sum(r.id not in case.appointment for r in index.counselled)
    else:
        level, each, there = "wishes", index.problem.weights.evening_appointment, points
        count = sum(index.is_evening(a.period) for a in case.plan.appointments)
    before = float(each * count)
    return obstacle(
        "plan_not_best",
        target=period,
        moved=0,
        level=level,
        before=before,
        after=before - each + there,
        points=there - each,
    )


def weeks_open(case: Case, person: Resident, period: str) -> list[int]:
    """The weeks of the rotation in which the resident may be seen at this hour and no group of his meets."""
    index = case.index
    met = [index.groups[g].weeks for g in case.groups[person.id] if period in case.periods[g]]
    weeks = index.appointment_weeks(person)
    return [w for w in weeks if not any(index.share_weeks(index.rhythm(w), when) for when in met)]


def hour_barriers(case: Case, person: Resident, counsellor: str, period: str, week: str = "") -> Iterator[Obstacle]:
    """Why the period (in this week of the rotation, where one is named) cannot be the time of the resident's
    appointment with this counsellor."""
    index, pin = case.index, case.index.pins.appointments.get(person.id)
    if pin is not None and (period != pin.period or (week and pin.week is not None and week != str(pin.week))):
        yield obstacle("pin", target=pin.period if pin.week is None else f"{pin.week}:{pin.period}")
    if not index.slots(period):
        yield obstacle("hour_too_short", period=period, minutes=index.problem.appointments.minutes)
    if period in person.unavailable or (week and int(week) not in index.weeks_of(person)):
        yield obstacle("resident_away", period=period)
    if period in index.counsellors[counsellor].unavailable:
        yield obstacle("counsellor_away", counsellor=counsellor, period=period)
    weeks = {str(w) for w in weeks_open(case, person, period)}
    if not (weeks & {week} if week else weeks):
        for group in case.groups[person.id]:
            if period in case.periods[group]:
                yield obstacle("group_meets", group=group, period=period)


# Times


def _times(case: Case, person: Resident) -> NeedAnswer:
    """The shape of the week: each gap and each single period, and between which groups it lies."""
    index, away = case.index, set(person.unavailable)
    notes = []
    for day, periods in index.days.items():
        for weeks, busy in _weeks_of_day(case, person, periods):
            gaps, single = day_shape(periods, busy, away)
            groups = [g for g in case.groups[person.id] if case.periods[g].intersection(periods)]
            groups = [g for g in groups if index.share_weeks(weeks, index.groups[g].weeks)]
            values: dict[str, Value] = {"weeks": weeks, "groups": joined(groups), "members": _members(case, groups)}
            if gaps:
                notes.append(obstacle("gap", day=day, count=gaps, **values))
            if single:
                notes.append(obstacle("single_period", day=day, **values))
    notes += _week_proven(case) if notes else []
    return NeedAnswer("times", "", (), "", 0, case.terms(person.id, "gap", "single_period"), (), tuple(notes))


def _weeks_of_day(case: Case, person: Resident, periods: tuple[str, ...]) -> list[tuple[Weeks, set[str]]]:
    """The periods of a day in which the resident has a meeting: once for all weeks, or for odd and even weeks apart
    where they differ."""
    meetings = {(p, case.index.groups[g].weeks) for g in case.groups[person.id] for p in case.periods[g]}
    meetings = {(p, when) for p, when in meetings if p in periods}
    each = [taken_in(meetings, parity) for parity in PARITIES]
    return [("all", each[0])] if each[0] == each[1] else list(zip(PARITIES, each, strict=True))


def _week_proven(case: Case) -> list[Obstacle]:
    """What is proven of the whole week. Its bound speaks of weeks for the same seats; of a repair, of those that
    keep as much of what was published."""
    stage = next((s for s in case.plan.stages if s.name == "times"), None)
    if stage is None or stage.bound is None or stage.bound > stage.value:
        return []
    given = "published" if case.plan.changes or any(x.name == "L2" for x in case.plan.levels) else "places"
    return [obstacle("times_proven", value=stage.value, bound=stage.bound, given=given)]


def _members(case: Case, groups: list[str]) -> int:
    """How many residents share these hours."""
    return len({r for group in groups for r in case.members[group]})
