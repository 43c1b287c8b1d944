"""``targets``: every place of a kind that one resident could be moved to by hand, each with the rules that the move
would break and what it would cost: the verdicts of a whole board in one answer.

A move touches few things: the places that it leaves and enters, those who are there, and the pairs of whoever moves.
Everything else in the plan breaks the same rules and costs the same points before and after. So each move is checked
and scored, by the checker's own rules and the score's own terms, in the part of the house that it touches alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from foyer.scheduling.answers.editing import KINDS
from foyer.scheduling.answers.forms import Target, Wish, WishKind
from foyer.scheduling.answers.verdict import EDITS
from foyer.scheduling.answers.what_if import UnknownWish, is_given
from foyer.scheduling.answers.why import Case
from foyer.scheduling.best import unmet_of
from foyer.scheduling.checker import RULES, totals
from foyer.scheduling.index import Index
from foyer.scheduling.narrowed import Part, narrowed
from foyer.scheduling.plan import UNFINISHED, Plan
from foyer.scheduling.problem import Problem
from foyer.scheduling.quick.whole import Whole
from foyer.scheduling.score import terms_of

PART_RULES = tuple(rule for rule in RULES if rule is not totals)  # a part of a plan has no figures of its own


def targets(problem: Problem, plan: Plan, kind: WishKind, resident: str, *, meeting: str = "") -> tuple[Target, ...]:
    """Everything that the resident could be given instead, in the problem's order: groups of the kind, counsellors,
    rooms, hours of counselling (``period`` and ``week:period``), or places in the week for each meeting of the
    resident's groups (``group:period,...``). Each as ``verdict`` judges it. ``meeting``: only places in the week for
    this meeting (``group:period,...``), which is the one that moves. Raises UnknownWish for a resident or a kind that
    the problem does not have or a meeting that the plan does not have, ForeignPlan for a plan of another problem."""
    board = Board(Case.of(problem, plan), kind, resident, meeting)
    return tuple(board.judged(target) for target in board.candidates())


class Board:
    """One resident and one kind of place, and what is known of the plan for all of its targets."""

    def __init__(self, case: Case, kind: WishKind, resident: str, meeting: str = "") -> None:
        if resident not in case.index.residents:
            raise UnknownWish(f"no such resident: {resident}")
        if kind not in EDITS:
            raise UnknownWish(f"no such kind: {kind}")
        self.case, self.kind, self.resident = case, kind, resident
        self.group, _, self.instead = meeting.partition(":")
        if meeting and not is_given(case, Wish("meeting", resident, meeting)):
            raise UnknownWish(f"no such meeting of {resident}: {meeting}")
        self._before: dict[frozenset[str], tuple[Index, Plan, Counted]] = {}

    def candidates(self) -> Iterator[str]:
        index = self.case.index
        if self.kind in ("class", "education", "elective"):
            yield from (g.id for g in index.problem.groups if KINDS[g.kind] == self.kind)
        elif self.kind == "counsellor":
            yield from index.counsellors
        elif self.kind == "room":
            yield from index.rooms
        elif self.kind == "appointment":
            weeks = index.weeks_of(index.residents[self.resident])
            for period in (p for day in index.days.values() for p in day if index.slots(p)):
                yield from (period, *(f"{week}:{period}" for week in weeks))
        else:
            for group in [self.group] if self.group else self._own:
                patterns = index.usable_patterns(index.groups[group])
                yield from (f"{group}:{','.join(p.periods)}" for p in patterns)

    def judged(self, target: str) -> Target:
        wish = Wish(self.kind, self.resident, target, self.instead)
        if is_given(self.case, wish):
            return Target(target, "here")
        index, plan, before = self._part(target)
        after = Counted(index, EDITS[self.kind](index, plan, wish))
        broken = tuple(v for v in after.broken if v not in before.broken)
        points = round(after.points - before.points, 2)
        return Target(target, "forbidden" if broken else "allowed", broken, points)

    @cached_property
    def _own(self) -> list[str]:
        return self.case.groups[self.resident]

    def _part(self, target: str) -> tuple[Index, Plan, Counted]:
        """What the move touches, and how it stands before."""
        touched = self._touched(target)
        if touched not in self._before:
            part = PARTS[self.kind](self.case, self.resident, touched)
            index, plan = narrowed(self.case.index, self.case.plan, part)
            self._before[touched] = index, plan, Counted(index, plan)
        return self._before[touched]

    def _touched(self, target: str) -> frozenset[str]:
        case, index = self.case, self.case.index
        if self.kind in ("class", "education", "elective"):
            moved = {target, *(g for g in self._own if KINDS[index.groups[g].kind] == self.kind)}
            bound = (own for own in index.choices.capped.values() if moved.intersection(own))
            return frozenset(moved.union(*bound))
        if self.kind == "room":
            return frozenset({target, *(x.room for x in case.plan.lodgings if x.resident == self.resident)})
        if self.kind == "meeting":
            return frozenset({target.partition(":")[0]})
        own = {k for k in (case.counsellor.get(self.resident),) if k is not None}
        return frozenset(own if self.kind == "appointment" else {target, *own})


class Counted:
    """A part of a plan: the rules that it breaks and its points."""

    def __init__(self, index: Index, plan: Plan) -> None:
        whole = Whole(plan.seats, plan.caseloads, plan.lodgings, plan.meetings, plan.appointments)
        plan = replace(plan, unmet=unmet_of(index, whole))
        self.broken = dict.fromkeys(v for rule in PART_RULES for v in rule.violations(index, plan))
        self.points = sum(t.points for t in terms_of(index, plan))


# What a move of each kind touches


def _seats(case: Case, resident: str, touched: frozenset[str]) -> Part:
    """The groups left and entered with all who are in them; the resident's week, and the pairs' groups."""
    week = touched.union(case.groups[resident])
    beside = _partners(case, resident)
    return Part(
        resident,
        seats=tuple(s for s in case.plan.seats if s.group in touched or s.resident in beside),
        caseloads=tuple(c for c in case.plan.caseloads if c.resident == resident),
        meetings=tuple(m for m in case.plan.meetings if m.group in week or case.plan.outcome in UNFINISHED),
        appointments=tuple(
            a for a in case.plan.appointments if a.resident == resident or case.plan.outcome in UNFINISHED
        ),
        groups=week,
    )


def _counsellors(case: Case, resident: str, touched: frozenset[str]) -> Part:
    """Both counsellors' residents and hours."""
    beside = _partners(case, resident)
    return Part(
        resident,
        caseloads=tuple(c for c in case.plan.caseloads if c.counsellor in touched or c.resident in beside),
        appointments=tuple(a for a in case.plan.appointments if a.counsellor in touched or a.resident == resident),
        seats=tuple(s for s in case.plan.seats if s.resident == resident),
        counsellors=touched,
    )


def _rooms(case: Case, resident: str, touched: frozenset[str]) -> Part:
    """Both rooms' people; the rooms of the pairs."""
    beside = _partners(case, resident)
    return Part(resident, lodgings=tuple(x for x in case.plan.lodgings if x.room in touched or x.resident in beside))


def _hours(case: Case, resident: str, touched: frozenset[str]) -> Part:
    """The counsellor's hours and the resident's week."""
    week = frozenset(case.groups[resident])
    return Part(
        resident,
        seats=tuple(s for s in case.plan.seats if s.resident == resident),
        caseloads=tuple(c for c in case.plan.caseloads if c.counsellor in touched or c.resident == resident),
        meetings=tuple(m for m in case.plan.meetings if m.group in week),
        appointments=tuple(
            a
            for a in case.plan.appointments
            if a.counsellor in touched or a.resident == resident or case.plan.outcome in UNFINISHED
        ),
    )


def _week(case: Case, resident: str, touched: frozenset[str]) -> Part:
    """The whole week of groups, venues and staff; of people those who are in the group."""
    people = {s.resident for s in case.plan.seats if s.group in touched}
    return Part(
        resident,
        seats=tuple(s for s in case.plan.seats if s.resident in people),
        caseloads=tuple(c for c in case.plan.caseloads if c.resident in people),
        meetings=case.plan.meetings,
        appointments=tuple(a for a in case.plan.appointments if a.resident in people),
        groups=frozenset(case.index.groups),
        conflicts=case.index.problem.conflicts,
        instructors=case.index.problem.instructors,
    )


def _partners(case: Case, resident: str) -> frozenset[str]:
    """The resident, and everybody of whom a rule or a wish about pairs speaks together with the resident."""
    problem = case.index.problem
    pairs = [*((p.a, p.b) for p in problem.apart), *((p.a, p.b) for p in problem.together)]
    return frozenset({resident, *(name for pair in pairs if resident in pair for name in pair)})


PARTS = {
    "class": _seats,
    "education": _seats,
    "elective": _seats,
    "counsellor": _counsellors,
    "room": _rooms,
    "appointment": _hours,
    "meeting": _week,
}
