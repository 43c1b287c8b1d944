"""What a wish asks of a plan, answered in the part of the plan that it concerns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from foyer.scheduling.answers.barriers import counsellor_barriers, group_barriers, obstacle, room_barriers
from foyer.scheduling.answers.editing import KINDS, hours_of, place_id, rebooked, relodged, reseated
from foyer.scheduling.answers.exchange import NOWHERE, BinId, Person
from foyer.scheduling.answers.forms import Obstacle, Price, Proof, Wish
from foyer.scheduling.answers.kept_times import KIND_OF_NEED, clashing, is_away, meets_in, within_times
from foyer.scheduling.answers.opening import opened_for
from foyer.scheduling.answers.resolving import OutOfTime, cases_anew, seats_anew
from foyer.scheduling.answers.retiming import retimed
from foyer.scheduling.answers.stages import cheapest_of, persons_in
from foyer.scheduling.answers.why import Case
from foyer.scheduling.answers.why_placed import MOST_MOVED, hour_barriers, room_price, weeks_open
from foyer.scheduling.plan import Caseload, Meeting, Plan
from foyer.scheduling.problem import MeetingPin, TeachingGroup


@dataclass(frozen=True, slots=True)
class Found:
    """A plan with the wish, not counted anew yet. ``floor``: what the stage's price proves; ``proof``: of the answer
    where it does not reach the floor."""

    plan: Plan | None
    floor: Price | None = None
    proof: Proof = "at_most"
    obstacles: tuple[Obstacle, ...] = ()


Places = dict[str, dict[Person, BinId]]  # by need: everybody's group


# Seats


def seat(case: Case, wish: Wish) -> Found:
    """A class or an education group."""
    index, group = case.index, case.index.groups[wish.target]
    stage = case.stage(wish.kind)
    persons = persons_in(stage, wish.resident, group)
    if not persons:
        return Found(None, obstacles=(obstacle("not_needed", target=group.id),))
    barriers = group_barriers(index, index.residents[wish.resident], group)
    if barriers:
        return Found(None, obstacles=barriers)
    person, price, chain = cheapest_of(stage, persons, group.id)
    if price is None:
        return Found(None, obstacles=(obstacle("another_rule", target=group.id),))
    kept = _at_published_times(case, wish.kind, person, group)
    if kept is not None:
        places, is_proven = kept
        return Found(_seated(case, places), price, "kept" if is_proven else "at_most")
    others = [g for g in case.groups[wish.resident] if g != stage.kept.exchange.place[person]]
    obstacles = tuple(_hours_against(case, wish.resident, group, others))
    if chain is not None:
        place = stage.kept.exchange.after(chain.moves)
    elif wish.kind != "elective":
        program = case.program(wish.kind)
        found_place = opened_for(stage, program, person, group.id)
        place = found_place or seats_anew(index, program, stage.kept.exchange.place, (person, group.id))
    else:
        place = {}
    found = _at_new_times(case, wish.kind, place) if place else None
    if found is None:
        obstacles = (*obstacles, obstacle("no_times" if place else "another_rule", target=group.id))
    return Found(found, price, "at_most", obstacles)


def _at_published_times(case: Case, kind: str, person: Person, group: TeachingGroup) -> tuple[Places, bool] | None:
    """The cheapest places with the published times; the resident's own other groups give way where they meet at the
    same time. None: there are none."""
    resident, stage = person[0], case.stage(kind)
    others = {g for g in case.groups[resident] if g != stage.kept.exchange.place[person]}
    giving_way = clashing(case, resident, group, beside=others)
    if is_away(case, resident, group) or (group.meetings and not case.periods[group.id]):
        return None
    transport = within_times(case, stage.kept, {resident: others - set(giving_way)})
    chain, is_proven = transport.cheapest(person, group.id)
    if chain is None:
        return None
    places: Places = {kind: transport.exchange.after(chain.moves)}
    for own in giving_way:
        beside = (others - set(giving_way)) | {group.id}
        found = _instead(case, resident, case.index.groups[own], beside)
        if found is None or found[0] in places:
            return None
        places[found[0]] = found[1]
    return places, is_proven and not giving_way


def _instead(case: Case, resident: str, own: TeachingGroup, beside: set[str]) -> tuple[str, dict[Person, BinId]] | None:
    """Another group for the same need beside these groups, at the least cost."""
    kind = KINDS[own.kind]
    stage = case.stage(kind)
    person = next((p for p in persons_in(stage, resident, own) if stage.kept.exchange.place[p] == own.id), None)
    if person is None:
        return None
    transport = within_times(case, stage.kept, {resident: beside})
    best = None
    for target in transport.exchange.costs[person]:
        if target not in (own.id, NOWHERE):
            chain, _ = transport.cheapest(person, target)
            if chain is not None and (best is None or chain.cost < best.cost):
                best = chain
    return None if best is None else (kind, transport.exchange.after(best.moves))


def _hours_against(case: Case, resident: str, group: TeachingGroup, others: list[str]) -> Iterator[Obstacle]:
    """What the published times have against it, beside the resident's other groups."""
    person = case.index.residents[resident]
    for period in sorted(case.periods[group.id].intersection(case.index.away(person, group.weeks))):
        yield obstacle("resident_away", period=period)
    for own in others:
        for period in sorted(meets_in(case, group, case.index.groups[own])):
            yield obstacle("group_meets", group=own, period=period)
    if group.meetings and not case.periods[group.id]:
        yield obstacle("no_hours", group=group.id)


def _seated(case: Case, places: Places) -> Plan:
    plan = case.plan
    for kind, place in places.items():
        plan = replace(plan, seats=reseated(case.index, plan, place, KIND_OF_NEED[kind]))
    return rebooked(case.index, plan)


def _at_new_times(case: Case, kind: str, place: Mapping[Person, BinId]) -> Plan | None:
    """The stage's own cheapest places, and the fewest meetings moved for them."""
    plan = replace(case.plan, seats=reseated(case.index, case.plan, place, KIND_OF_NEED[kind]))
    found = retimed(case.index, plan.meetings, plan.seats, plan.caseloads)
    return None if found is None else rebooked(case.index, replace(plan, meetings=found[0]))


# Counsellor, room, hours


def counsellor(case: Case, wish: Wish) -> Found:
    index = case.index
    barriers = counsellor_barriers(index, index.residents[wish.resident], index.counsellors[wish.target])
    if barriers:
        return Found(None, obstacles=barriers)
    person, stage = (wish.resident, ""), case.counsellors
    price, chain = (None, None) if stage is None else stage.priced(person, wish.target)
    proof: Proof = "kept"
    if stage is not None and chain is not None:
        place = stage.kept.exchange.after(chain.moves)
        proof = "kept" if price is not None and price.proof in ("exact", "kept") else "at_most"
    else:
        place = cases_anew(index, {(r, ""): k for r, k in case.counsellor.items()}, (person, wish.target))
    if not place:
        return Found(None, price, obstacles=(obstacle("another_rule", target=wish.target),))
    cases = tuple(Caseload(r, k) for (r, _), k in place.items() if k != NOWHERE)
    plan = rebooked(index, replace(case.plan, caseloads=cases), also=(wish.resident,))
    return Found(plan, price, proof)


def room(case: Case, wish: Wish) -> Found:
    index = case.index
    barriers = room_barriers(index, index.residents[wish.resident], index.rooms[wish.target])
    if barriers:
        return Found(None, obstacles=barriers)
    chain = case.board.cheapest(wish.resident, wish.target, MOST_MOVED)
    price = room_price(case, wish.resident, wish.target)
    if chain is None or price is None:
        return Found(None, obstacles=(obstacle("not_known", target=wish.target, moved=0),))
    return Found(replace(case.plan, lodgings=relodged(index, case.plan, chain.rooms)), price)


def appointment(case: Case, wish: Wish) -> Found:
    """A period, or ``week:period``."""
    index, person = case.index, case.index.residents[wish.resident]
    own = case.counsellor.get(person.id)
    week, _, period = wish.target.rpartition(":")
    if own is None:
        return Found(None, obstacles=(obstacle("no_counsellor"),))
    barriers = tuple(hour_barriers(case, person, own, period, week))
    if barriers:
        return Found(None, obstacles=barriers)
    state, _ = hours_of(index, case.plan, own).settled()
    weeks = [w for w in weeks_open(case, person, period) if week in ("", str(w))]
    hours = [place_id((w, period)) for w in weeks]
    found = [(cost, hour) for hour in hours if (cost := state.price((person.id, ""), hour)) is not None]
    if not found:
        return Found(None, obstacles=(obstacle("hour_taken", period=period, weeks=len(weeks)),))
    return Found(rebooked(index, case.plan, {person.id: min(found)[1]}), proof="kept")


def meeting(case: Case, wish: Wish) -> Found:
    """``group:period,...``: one meeting of the resident's group in these periods. Where the wish says which one moves
    there, the group's other meetings stay if they can."""
    group_id, _, listed = wish.target.partition(":")
    index, group, periods = case.index, case.index.groups[group_id], tuple(listed.split(","))
    if group_id not in case.groups[wish.resident]:
        return Found(None, obstacles=(obstacle("not_needed", target=group_id),))
    if all(p.periods != periods for p in index.usable_patterns(group)):
        return Found(None, obstacles=(obstacle("no_such_hours", group=group_id),))
    others = [m.periods for m in case.plan.meetings if m.group == group_id and ",".join(m.periods) != wish.instead]
    found = _with_others_held(case, group_id, periods, others) if wish.instead else None
    proof: Proof = "at_most"  # with the others held, fewer moves elsewhere are not excluded
    if found is None:
        found = _retimed_to(case, group_id, (periods,))
        proof = "kept" if found is not None and found[1] else "at_most"
    if found is None:
        return Found(None, obstacles=(obstacle("no_times", target=group_id),))
    return Found(rebooked(index, replace(case.plan, meetings=found[0])), proof=proof)


def _with_others_held(
    case: Case, group: str, periods: tuple[str, ...], others: list[tuple[str, ...]]
) -> tuple[tuple[Meeting, ...], bool] | None:
    """With the group's other meetings where they are; None also where that is not found in time: they may move."""
    try:
        return _retimed_to(case, group, (periods, *others))
    except OutOfTime:
        return None


def _retimed_to(case: Case, group: str, held: tuple[tuple[str, ...], ...]) -> tuple[tuple[Meeting, ...], bool] | None:
    """New times in which the group meets in each of these, as ``retimed`` finds them."""
    problem = case.index.problem
    pins = (*problem.meeting_pins, *(MeetingPin(group, periods) for periods in held))
    pinned = case.index.like(replace(problem, meeting_pins=pins))
    return retimed(pinned, case.plan.meetings, case.plan.seats, case.plan.caseloads)
