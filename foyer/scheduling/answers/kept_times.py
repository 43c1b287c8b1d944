"""Seats that fit the published times: the stage's exchange, where everybody may take only groups whose meetings he can
attend beside his other groups."""

from __future__ import annotations

from dataclasses import replace

from foyer.scheduling.answers.exchange import NOWHERE, Bin, BinId, Person
from foyer.scheduling.answers.transport import Transport
from foyer.scheduling.answers.why import Case
from foyer.scheduling.problem import TeachingGroup

KIND_OF_NEED = {"class": "vocational", "education": "education", "elective": "elective"}


def meets_in(case: Case, group: TeachingGroup, other: TeachingGroup) -> set[str]:
    """The periods in which both groups meet, in weeks that they have in common."""
    if not case.index.share_weeks(group.weeks, other.weeks):
        return set()
    return case.periods[group.id] & case.periods[other.id]


def clashing(case: Case, resident: str, group: TeachingGroup, *, beside: set[str]) -> list[str]:
    """Of these groups, those that meet when the group meets. The resident's absences are looked at by ``is_away``."""
    return [g for g in sorted(beside) if g != group.id and meets_in(case, group, case.index.groups[g])]


def is_away(case: Case, resident: str, group: TeachingGroup) -> bool:
    """Whether the resident is away while the group meets."""
    away = case.index.away(case.index.residents[resident], group.weeks)
    return not case.periods[group.id].isdisjoint(away)


def within_times(case: Case, transport: Transport, beside: dict[str, set[str]] | None = None) -> Transport:
    """The stage at the published times. ``beside``: for some residents the groups that they will have besides, where
    these are not those of the plan."""
    costs = {
        person: {
            bin_id: cost
            for bin_id, cost in own.items()
            if bin_id in (NOWHERE, transport.exchange.place[person])
            or _fits(case, person, transport.exchange.place[person], bin_id, (beside or {}).get(person[0]))
        }
        for person, own in transport.exchange.costs.items()
    }
    bins = {b: _seated(case, b, limits) for b, limits in transport.exchange.bins.items()}
    return replace(transport, exchange=replace(transport.exchange, costs=costs, bins=bins))


def _fits(case: Case, person: Person, here: BinId, group_id: BinId, beside: set[str] | None) -> bool:
    group = case.index.groups[group_id]
    if group.meetings and not case.periods[group_id]:
        return False  # it has no hours yet
    others = beside
    if others is None:
        others = set(case.groups[person[0]]) - {here}
    return not is_away(case, person[0], group) and not clashing(case, person[0], group, beside=others)


def _seated(case: Case, bin_id: BinId, limits: Bin) -> Bin:
    """No more people than the venues of its meetings seat, where seats are a rule."""
    if bin_id == NOWHERE or case.index.problem.weights.seat_short is not None:
        return limits
    seats = [case.index.venues[m.venue].seats for m in case.plan.meetings if m.group == bin_id and m.venue]
    least = min((s - case.index.groups[bin_id].headcount for s in seats if s is not None), default=limits.high)
    return replace(limits, high=max(limits.low, min(limits.high, least)))
