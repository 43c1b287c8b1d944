"""A part of a house: a plan with some of its rows, and the problem with as much of it as the rules look through for
those. What is common to the whole house (mean caseload, age bands, what somebody could have got alone) stays as it
is."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace

from foyer.scheduling.index import Index
from foyer.scheduling.pairs import SCOPES, Bond, Pairs
from foyer.scheduling.plan import Appointment, Caseload, Lodging, Meeting, Plan, Seat
from foyer.scheduling.problem import ConflictGroup, Instructor

COMMON = ("days", "neighbours", "alternates", "skills_in_house", "mean_load", "age_bands", "apart", "week_sets")


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of a plan that a change of one resident touches; ``groups`` and ``counsellors`` whose sizes count."""

    resident: str
    seats: tuple[Seat, ...] = ()
    caseloads: tuple[Caseload, ...] = ()
    lodgings: tuple[Lodging, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    groups: frozenset[str] = frozenset()
    counsellors: frozenset[str] = frozenset()
    conflicts: tuple[ConflictGroup, ...] = ()
    instructors: tuple[Instructor, ...] | None = None  # None: those who take a limited number of residents


def narrowed(index: Index, plan: Plan, part: Part) -> tuple[Index, Plan]:
    """The index and the plan of the part. Rules and terms counted in it differ between two plans as they do in the
    whole house, where the plans differ in what the part has."""
    for name in COMMON:  # of the whole house, kept by the copy
        getattr(index, name)
    small = copy(index)
    rows = (part.seats, part.caseloads, part.lodgings, part.appointments)
    people = {part.resident, *(x.resident for each in rows for x in each)}
    problem, who = index.problem, part.resident
    small.residents = {name: index.residents[name] for name in index.residents if name in people}
    capped = tuple(i for i in problem.instructors if part.groups.intersection(index.choices.capped.get(i.id, ())))
    small.problem = replace(
        problem,
        residents=tuple(small.residents.values()),
        groups=tuple(g for g in problem.groups if g.id in part.groups),
        counsellors=tuple(c for c in problem.counsellors if c.id in part.counsellors),
        instructors=capped if part.instructors is None else part.instructors,
        apart=tuple(p for p in problem.apart if who in (p.a, p.b)),
        together=tuple(p for p in problem.together if who in (p.a, p.b)),
        pins=tuple(p for p in problem.pins if p.resident == who),
        appointment_pins=tuple(p for p in problem.appointment_pins if p.resident == who),
        conflicts=part.conflicts,
    )
    beside = people - {who}
    small.apart = {s: tuple(p for p in index.apart[s] if who in p and beside.intersection(p)) for s in SCOPES}
    small.pairs = _pairs_of(index.pairs, who, beside)
    return small, replace(
        plan,
        seats=part.seats,
        caseloads=part.caseloads,
        lodgings=part.lodgings,
        meetings=part.meetings,
        appointments=part.appointments,
        unmet=(),
    )


def _pairs_of(pairs: Pairs, who: str, beside: set[str]) -> Pairs:
    """The pairs of one person with somebody of these."""

    def own(bonds: tuple[Bond, ...]) -> tuple[Bond, ...]:
        return tuple(b for b in bonds if who in (b.a, b.b) and (b.a in beside or b.b in beside))

    small = copy(pairs)
    small.together = {scope: own(pairs.together[scope]) for scope in SCOPES}
    small.apart_wishes = {scope: own(pairs.apart_wishes[scope]) for scope in SCOPES}
    return small
