"""Whose points they are: a plan's score, resident by resident, and what is nobody's own.

A wish is personal where the score of the plan, counted for each resident as if alone, adds up to the score of all:
then no share needs a rule of its own. A room's age band is shared out by the years that each lies outside.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from weakref import WeakKeyDictionary

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Meeting, Outcome, Plan, Term
from foyer.scheduling.score import terms_of, years_outside, years_outside_best_band

Shares = dict[str, tuple[Term, ...]]
Counted = dict[tuple[object, ...], tuple[Term, ...]]  # a resident with what the plan gives: the terms of it alone
HOUSE = frozenset(
    {
        *(
            "open_class",
            "open_education",
            "open_elective",
            "class_size",
            "education_size",
            "elective_size",
            "caseload_above_mean",
        ),
        *("disliked_start", "seat_short", "fewer_days", "lecture_alone", "further_venue", "large_venue"),
    }
)
TOLERANCE = 0.01
MOST_COUNTED = 4  # for each resident


_counted: WeakKeyDictionary[Index, Counted] = WeakKeyDictionary()


def counted_in(index: Index) -> Counted:
    """What was counted in this house so far, for several questions about it. It does not grow for ever: now and then
    it is begun again."""
    found = _counted.get(index)
    if found is None or len(found) > MOST_COUNTED * len(index.residents):
        found = _counted[index] = {}
    return found


def shares_of(index: Index, plan: Plan, counted: Counted | None = None) -> tuple[Shares, tuple[Term, ...]]:
    """Each resident's terms, and the terms that belong to the house; together they are the plan's. ``counted``: what
    was counted before in this house, to be used again and added to: plans that differ in a few residents only."""
    whole = {t.wish: t for t in terms_of(index, plan)}
    counted = {} if counted is None else counted
    alone = {r: {t.wish: t for t in _terms_alone(index, own, r, counted)} for r, own in _each(index, plan).items()}
    for resident, term in _ages(index, plan).items():
        alone[resident]["age_apart"] = term
    sums: dict[str, float] = defaultdict(float)
    for terms in alone.values():
        for term in terms.values():
            sums[term.wish] += term.points
    own = {w for w, t in whole.items() if w not in HOUSE and abs(sums[w] - t.points) < TOLERANCE}
    return (
        {r: tuple(t for w, t in terms.items() if w in own and t.count) for r, terms in alone.items()},
        tuple(t for w, t in whole.items() if w not in own),
    )


def _terms_alone(index: Index, own: Plan, resident: str, counted: Counted) -> tuple[Term, ...]:
    key = (resident, own.seats, own.caseloads, own.lodgings, own.appointments, own.unmet, own.meetings)
    if key not in counted:
        counted[key] = terms_of(alone_in(index, resident), own)
    return counted[key]


def _each(index: Index, plan: Plan) -> dict[str, Plan]:
    """The plan as if each resident were the only one, as ``only`` has it, in one go; with the meetings of the own
    groups only: what other groups' meetings cost is the house's."""
    parts: dict[str, dict[str, list[object]]] = {
        r: {name: [] for name in ("seats", "caseloads", "lodgings", "appointments", "unmet")} for r in index.residents
    }
    for name in ("seats", "caseloads", "lodgings", "appointments", "unmet"):
        for item in getattr(plan, name):
            parts[item.resident][name].append(item)
    meets: dict[str, list[Meeting]] = defaultdict(list)
    for meeting in plan.meetings:
        meets[meeting.group].append(meeting)
    for own in parts.values():
        own["meetings"] = [m for seat in own["seats"] for m in meets[seat.group]]  # type: ignore[attr-defined]
    return {
        r: replace(plan, **{name: tuple(items) for name, items in own.items()})  # type: ignore[arg-type]
        for r, own in parts.items()
    }


def only(plan: Plan, resident: str) -> Plan:
    """The plan as if this resident were the only one; the meetings stay."""
    return replace(
        plan,
        seats=tuple(s for s in plan.seats if s.resident == resident),
        caseloads=tuple(c for c in plan.caseloads if c.resident == resident),
        lodgings=tuple(x for x in plan.lodgings if x.resident == resident),
        appointments=tuple(a for a in plan.appointments if a.resident == resident),
        unmet=tuple(u for u in plan.unmet if u.resident == resident),
    )


def _ages(index: Index, plan: Plan) -> dict[str, Term]:
    """The years by which each lies outside the best band of the own room."""
    rooms: dict[str, set[str]] = defaultdict(set)
    for lodging in plan.lodgings:
        rooms[lodging.room].add(lodging.resident)
    found = {}
    for residents in rooms.values():
        ages = [index.residents[r].age for r in residents]
        least = years_outside_best_band(index, ages)
        band = next(b for b in index.age_bands if sum(years_outside(age, b) for age in ages) == least)
        for r in residents:
            years = years_outside(index.residents[r].age, band)
            found[r] = Term("age_apart", years, index.problem.weights.age_apart * years)
    return found


def alone_in(index: Index, resident: str) -> Index:
    """The house with this resident only: what is personal counts the same there, and faster."""
    problem = replace(index.problem, residents=(index.residents[resident],), apart=(), together=(), pins=())
    return Index(problem)


def own_points(index: Index, **parts: object) -> float:
    """The personal points of a plan that has only these parts, in the house of one resident (``alone_in``)."""
    plan = replace(Plan(Outcome.FEASIBLE, ""), **parts)  # type: ignore[arg-type]
    return round(sum(t.points for t in terms_of(index, plan) if t.wish not in HOUSE), 2)
