"""``recommend``: where an arriving resident fits.

Seats, counsellor and room share no rule, and the appointment depends on the first two: so the best complete
placements are put together from the best parts. Each is counted exactly and checked against every rule before it is
told.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

from foyer.scheduling.answers import parts as parts_of
from foyer.scheduling.answers import why_placed, why_seated
from foyer.scheduling.answers.editing import HOURS, changes_between, finished, rebooked, relodged
from foyer.scheduling.answers.exchange import NOWHERE
from foyer.scheduling.answers.forms import Placement, Recommendations
from foyer.scheduling.answers.levels import wishes_between
from foyer.scheduling.answers.parts import Part
from foyer.scheduling.answers.viewing import restored, seen
from foyer.scheduling.answers.what_if import UnknownWish
from foyer.scheduling.answers.why import Case
from foyer.scheduling.checker import checked
from foyer.scheduling.digest import problem_hash
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Caseload, Plan, Violation
from foyer.scheduling.problem import Problem, Resident
from foyer.scheduling.stages.appointments import meeting_periods, places_for

PLACEMENTS = 3
KEPT = 12  # of each part, cheapest first
COUNTED = 6  # combinations counted exactly, for each number of moves; those that break a rule aside
Standing = tuple[float, tuple[int, ...], int, float]


def recommend(problem: Problem, plan: Plan, resident: str, most_moved: int = 1) -> Recommendations:
    """The three best complete placements of the resident without moving anybody, and the best found with at most
    ``most_moved`` others moved. The plan may be one made before the resident was in the problem; whatever it gives the
    resident is given up first. Raises UnknownWish for a resident whom the problem does not have from
    the plan's first night on, ForeignPlan for a plan of another problem."""
    started = time.monotonic()
    if all(r.id != resident or r.leaves <= plan.from_night for r in problem.residents):
        raise UnknownWish(f"no such resident: {resident}")
    case = _without(problem, plan, resident)
    whole = case.whole
    broken = frozenset(checked(whole, replace(plan, problem_hash=problem_hash(problem))))
    desk = _Desk(case, whole, resident, most_moved, broken)
    placements = tuple(_different(desk.placements(0)))[:PLACEMENTS]
    leading, best = placements[0] if placements else None, None
    for count in range(1, most_moved + 1):
        if leading is not None and desk.cannot_be_better(leading):
            break
        for found in desk.placements(count):
            if leading is None or desk.standing(found.plan) < desk.standing(leading.plan):
                leading = best = found
    return Recommendations(
        resident,
        tuple(map(desk.told, placements)),
        most_moved,
        None if best is None else desk.told(best),
        round(time.monotonic() - started, 3),
    )


def _without(problem: Problem, plan: Plan, resident: str) -> Case:
    """The plan with nothing for the resident, counted anew."""
    given_up = replace(
        plan,
        seats=tuple(s for s in plan.seats if s.resident != resident),
        caseloads=tuple(c for c in plan.caseloads if c.resident != resident),
        lodgings=tuple(x for x in plan.lodgings if x.resident != resident),
        appointments=tuple(a for a in plan.appointments if a.resident != resident),
    )
    index, now = seen(problem, given_up)
    now = finished(index, now, since=plan)
    return Case(index, now, problem, restored(problem, given_up, now))


@dataclass(frozen=True, slots=True)
class _Placed:
    """A placement: which parts, and the plan, both as looked at and as a whole."""

    groups: tuple[str, ...]
    counsellor: str
    house: str
    plan: Plan
    whole: Plan

    def differs(self, other: _Placed) -> int:
        """In how much of what matters two placements differ: groups, counsellor, house."""
        pairs = ((self.groups, other.groups), (self.counsellor, other.counsellor), (self.house, other.house))
        return sum(a != b for a, b in pairs)


class _Desk:
    """Puts placements of one resident together."""

    def __init__(self, case: Case, whole: Index, resident: str, most_moved: int, broken: frozenset[Violation]) -> None:
        self.case = case
        self._whole = whole  # all nights, also those before a repaired plan holds
        self._broken = broken  # rules that the plan breaks as it is; no others may break
        self.person: Resident = case.index.residents[resident]
        self._hours: dict[tuple[str, frozenset[str]], float] = {}
        self._made: dict[tuple[int, int, int, bool], tuple[int, _Placed | None]] = {}  # by the parts, which stay
        self._most = most_moved
        self._seats = parts_of.seatings(case, self.person, most_moved)
        self._cases = parts_of.caseloads(case, self.person, most_moved)
        self._rooms = parts_of.lodgings(case, self.person, most_moved)

    def standing(self, plan: Plan) -> Standing:
        """A plan's levels as far as a placement can change them: unplaced points, fairness, largest caseload, score."""
        index, loads = self.case.index, dict.fromkeys(self.case.index.counsellors, 0)
        for item in plan.caseloads:
            loads[item.counsellor] += index.residents[item.resident].case_weight
        lost = sum(t.points for t in plan.terms if t.wish.startswith("unplaced_"))
        return lost, index.choices.fairness(plan.seats), max(loads.values(), default=0), plan.score

    def cannot_be_better(self, placed: _Placed) -> bool:
        """Whether the placement costs nothing at all, to anybody."""
        before, after = self.standing(self.case.plan), self.standing(placed.plan)
        own = sum(t.points for t in self.case.shares[0][self.person.id])
        open_ = sum(t.points for t in self.case.shares[0][self.person.id] if t.wish.startswith("unplaced_"))
        return (after[0], *after[2:]) == (before[0] - open_, before[2], round(before[3] - own, 2))

    def placements(self, most_moved: int) -> list[_Placed]:
        """Placements that break no rule, in order of what they cost."""
        found: list[_Placed] = []
        for combination in self._combinations(most_moved):
            if not most_moved and self._matters(combination) in [(p.groups, p.counsellor, p.house) for p in found]:
                continue
            placed = self._placed(combination, most_moved)
            if placed is not None:
                found.append(placed)
            if len(found) == COUNTED:
                break
        return sorted(found, key=lambda p: (self.standing(p.plan), p.groups, p.counsellor, p.house))

    def _combinations(self, most_moved: int) -> Iterator[tuple[Part, Part, Part]]:
        seats, cases, rooms = (
            [part for part in parts if len(part.moved) <= most_moved]
            for parts in (self._seats, self._cases, self._rooms)
        )
        if not most_moved:
            rooms = list(_one_of_each_house(self.case, rooms))
        chosen = [
            (self._order(s, k, m), i, (s, k, m))
            for i, (s, k, m) in enumerate(product(seats[:KEPT], cases[:KEPT], rooms[:KEPT]))
            if len(s.moved | k.moved | m.moved) <= most_moved
        ]
        for _, _, combination in sorted(chosen, key=lambda found: found[:2]):
            yield combination

    def _order(self, seats: Part, cases: Part, rooms: Part) -> tuple[object, ...]:
        hour = self._hour(seats, cases)
        lost = seats.lost + cases.lost + rooms.lost + hour[0]
        return lost, seats.fair, cases.largest, round(seats.points + cases.points + rooms.points + hour[1], 2)

    def _hour(self, seats: Part, cases: Part) -> tuple[float, float]:
        """What the appointment costs with these groups and this counsellor: left out, and points."""
        weights, counsellor = self.case.index.problem.weights, cases.cases.get(self.person.id, NOWHERE)
        if not self.person.needs_counsellor:
            return 0, 0
        if counsellor == NOWHERE:
            return weights.unplaced_appointment, 0
        key = (counsellor, frozenset(seats.own))
        if key not in self._hours:
            self._hours[key] = min(self._free_hours(counsellor, seats), default=-1)
        cost = self._hours[key]
        return (weights.unplaced_appointment, 0) if cost < 0 else (0, cost)

    def _free_hours(self, counsellor: str, seats: Part) -> Iterator[int]:
        """What each hour costs that is free beside these groups, with nobody moved."""
        index, me = self.case.index, self.person.id
        own = [s for s in seats.seats if s.resident == me]
        taken = meeting_periods(index, own, self.case.plan.meetings)
        for week, period in places_for(index, me, counsellor, taken):
            if self._booked[counsellor, week, period] < len(index.slots(period)):
                yield HOURS.pack([0, 0, index.problem.weights.evening_appointment * index.is_evening(period)])

    @cached_property
    def _booked(self) -> Counter[tuple[str, int, str]]:
        return Counter((a.counsellor, a.week, a.period) for a in self.case.plan.appointments)

    def _placed(self, combination: tuple[Part, Part, Part], most_moved: int) -> _Placed | None:
        """The combination as a plan; None where it breaks a rule that held, or moves too many. What few moves allow is
        looked at again with more: it is counted once."""
        seats, cases, rooms = combination
        key = (id(seats), id(cases), id(rooms), most_moved > 0)
        if key not in self._made:
            self._made[key] = self._counted(combination, others_move=most_moved > 0)
        moved, placed = self._made[key]
        return placed if moved <= most_moved else None

    def _counted(self, combination: tuple[Part, Part, Part], *, others_move: bool) -> tuple[int, _Placed | None]:
        """How many others move, and the plan; None where it breaks a rule that held, or moves more than are asked."""
        seats, cases, rooms = combination
        case, me = self.case, self.person.id
        counsellors = {c.resident: c.counsellor for c in case.plan.caseloads} | dict(cases.cases)
        plan = replace(
            case.plan,
            seats=seats.seats,
            caseloads=tuple(Caseload(r, k) for r, k in counsellors.items() if k != NOWHERE),
            lodgings=relodged(case.index, case.plan, rooms.rooms),
        )
        changed = {me, *cases.cases}
        plan = rebooked(case.index, plan, also=changed, others_move=others_move)
        plan = finished(case.index, plan, case.plan.problem_hash, since=case.plan)
        whole = restored(case.problem, case.published, plan, case.published.problem_hash)
        moved = len({c.who for c in changes_between(case.index, case.plan, plan)} - {me})
        if moved > (self._most if others_move else 0):
            return moved, None
        if any(v not in self._broken for v in checked(self._whole, whole)):
            return moved, None
        return moved, _Placed(*self._matters(combination), plan, whole)

    def _matters(self, combination: tuple[Part, Part, Part]) -> tuple[tuple[str, ...], str, str]:
        """What makes placements different: classes and electives (sections of lessons are alike), counsellor, house."""
        seats, cases, rooms = combination
        index, me = self.case.index, self.person.id
        groups = tuple(g for g in seats.own if index.groups[g].kind != "education")
        room = index.rooms.get(rooms.rooms.get(me, ""))
        return groups, cases.cases.get(me, ""), room.house if room else ""

    def told(self, placed: _Placed) -> Placement:
        """The placement with what it costs and what is lost."""
        case = Case(self.case.index, placed.plan, self.case.problem, placed.whole)
        case.board = self.case.board.like(placed.plan)
        changes = changes_between(case.index, self.case.plan, placed.plan)
        needs = [*why_seated.needs(case, self.person), *why_placed.needs(case, self.person)]
        terms = case.shares[0][self.person.id]
        return Placement(
            changes,
            terms,
            round(sum(t.points for t in terms), 2),
            wishes_between(self.case.plan, placed.plan),
            tuple(n for n in needs if n.terms or n.better),
            tuple(sorted({c.who for c in changes} - {self.person.id})),
            placed.whole,
        )


def _one_of_each_house(case: Case, rooms: Iterable[Part]) -> Iterator[Part]:
    """Rooms in order of cost; of those in one house at one cost the first."""
    seen_before = set()
    for part in rooms:
        house = next((case.index.rooms[m].house for m in part.rooms.values()), "")
        key = (house, part.lost, part.points)
        if key not in seen_before:
            seen_before.add(key)
            yield part


def _different(found: Sequence[_Placed]) -> Iterator[_Placed]:
    """In order of cost, those that differ from all before in what matters; among equals the most different first."""
    chosen: list[_Placed] = []
    left = list(found)
    while left:
        if chosen:
            left = [p for p in left if all(p.differs(c) for c in chosen)]
        if not left:
            return
        cheapest = [p for p in left if p.plan.score == left[0].plan.score] if chosen else left[:1]
        best = max(cheapest, key=lambda p: min((p.differs(c) for c in chosen), default=0))
        left.remove(best)
        chosen.append(best)
        yield best
