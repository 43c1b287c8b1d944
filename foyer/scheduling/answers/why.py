"""``explain``: for each resident and need, what was wished, what was got, and what stood in the way.

An explanation speaks of one resident. Codes carry numbers and ids of groups, staff and rooms, never of residents.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from foyer.scheduling.answers.counsellor_stage import counsellor_prices
from foyer.scheduling.answers.elective_stage import ElectiveProgram
from foyer.scheduling.answers.forms import Explanation, Explanations
from foyer.scheduling.answers.rooms import RoomBoard
from foyer.scheduling.answers.shares import Counted, Shares, alone_in, counted_in, only, shares_of
from foyer.scheduling.answers.stages import (
    SeatProgram,
    StagePrices,
    elective_prices,
    seat_prices,
    seat_program,
)
from foyer.scheduling.answers.viewing import index_of, seen
from foyer.scheduling.checker import checked
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Appointment, Plan, Term, Violation
from foyer.scheduling.problem import Problem
from foyer.scheduling.score import stage_points, terms_of


def explain(problem: Problem, plan: Plan, resident: str | None = None) -> Explanations:
    """Why the plan gives what it gives: to one resident, or to all. Prices are against this plan. Raises KeyError for
    a resident whom the problem does not have or who has left before the plan holds, ForeignPlan for a plan of another
    problem."""
    from foyer.scheduling.answers import why_placed, why_seated

    case = Case.of(problem, plan)
    shares, house = case.shares
    found = []
    for name in [resident] if resident is not None else list(case.index.residents):
        person = case.index.residents[name]
        needs = [
            *why_seated.needs(case, person),
            *why_placed.needs(case, person),
        ]
        found.append(Explanation(name, round(sum(t.points for t in shares[name]), 2), tuple(needs)))
    return Explanations(plan.problem_hash, plan.score, house, tuple(found))


@dataclass
class Case:
    """A plan and what is looked up in it once for all residents."""

    index: Index
    plan: Plan
    problem: Problem
    published: Plan  # as it was given: a repaired plan also tells of the nights before it holds
    counted: Counted = field(init=False)  # shared by the cases of one house: plans that are nearly the same

    def __post_init__(self) -> None:
        self.counted = counted_in(self.index)

    @classmethod
    def of(cls, problem: Problem, plan: Plan) -> Case:
        """The case of a plan; of a repaired one, from the night on from which it holds."""
        return cls(*seen(problem, plan), problem, plan)

    @cached_property
    def shares(self) -> tuple[Shares, tuple[Term, ...]]:
        return shares_of(self.index, self.plan, self.counted)

    def terms(self, resident: str, *wishes: str) -> tuple[Term, ...]:
        """The resident's share by these wishes."""
        return tuple(t for t in self.shares[0][resident] if t.wish in wishes)

    def alone(self, resident: str) -> Index:
        """The house with this resident only, to count personal points in."""
        if resident not in self._alone:
            self._alone[resident] = alone_in(self.index, resident)
        return self._alone[resident]

    @cached_property
    def _alone(self) -> dict[str, Index]:
        return {}

    @cached_property
    def seat_points(self) -> dict[tuple[str, tuple[str, ...]], float]:
        """What groups cost one resident alone, so far."""
        return {}

    @cached_property
    def groups(self) -> dict[str, list[str]]:
        """Each resident's groups."""
        groups: dict[str, list[str]] = defaultdict(list)
        for seat in self.plan.seats:
            groups[seat.resident].append(seat.group)
        return groups

    @cached_property
    def members(self) -> dict[str, list[str]]:
        members: dict[str, list[str]] = defaultdict(list)
        for seat in self.plan.seats:
            members[seat.group].append(seat.resident)
        return members

    @cached_property
    def periods(self) -> dict[str, set[str]]:
        """The periods in which each group meets."""
        periods: dict[str, set[str]] = defaultdict(set)
        for meeting in self.plan.meetings:
            periods[meeting.group].update(meeting.periods)
        return periods

    @cached_property
    def counsellor(self) -> dict[str, str]:
        return {c.resident: c.counsellor for c in self.plan.caseloads}

    @cached_property
    def appointment(self) -> dict[str, Appointment]:
        return {a.resident: a for a in self.plan.appointments}

    @cached_property
    def board(self) -> RoomBoard:
        return RoomBoard(self.index, self.plan)

    @cached_property
    def room_levels(self) -> tuple[float, float]:
        """The points of the rooms: for nights without a bed, and all others."""
        terms = terms_of(self.index, self.plan)
        lost = sum(t.points for t in terms if t.wish == "unplaced_night")
        return lost, round(stage_points(terms, "rooms") - lost, 2)

    def nights_lost(self, resident: str) -> float:
        """The points of this resident's nights without a bed."""
        terms = terms_of(self.alone(resident), only(self.plan, resident))
        return sum(t.points for t in terms if t.wish == "unplaced_night")

    def program(self, need: str) -> SeatProgram:
        """The program of a seating stage."""
        return seat_program(self.index, need)

    @cached_property
    def classes(self) -> StagePrices:
        return seat_prices(self.index, self.plan, "class")

    @cached_property
    def education(self) -> StagePrices:
        return seat_prices(self.index, self.plan, "education")

    def stage(self, kind: str) -> StagePrices:
        """The seating stage of a kind of need."""
        return {"class": lambda: self.classes, "education": lambda: self.education}.get(kind, lambda: self.electives)()

    @cached_property
    def elective_program(self) -> ElectiveProgram:
        return ElectiveProgram(self.index, self.plan)

    @cached_property
    def electives(self) -> StagePrices:
        return elective_prices(self.index, self.plan, self.elective_program)

    @cached_property
    def whole(self) -> Index:
        """The house on all nights, also on those before a repaired plan holds."""
        return self.index if self.index.problem is self.problem else index_of(self.problem)

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """The rules that the plan breaks as it is."""
        return checked(self.whole, self.published)

    @cached_property
    def counsellors(self) -> StagePrices | None:
        return counsellor_prices(self.index, self.plan)


__all__ = ["Case", "explain"]
