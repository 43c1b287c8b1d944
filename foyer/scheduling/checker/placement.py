"""Classes and education groups: needs, eligibility, sizes and pairs (H1, H2, H7)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from foyer.scheduling.checker import electives
from foyer.scheduling.index import Index
from foyer.scheduling.plan import UNFINISHED, Plan, Violation


def violations(index: Index, plan: Plan) -> Iterator[Violation]:
    yield from _needs(index, plan)
    yield from electives.violations(index, plan)
    yield from _eligibility(index, plan)
    yield from _sizes(index, plan)
    yield from _apart(index, plan)


def _needs(index: Index, plan: Plan) -> Iterator[Violation]:
    """Each need is met exactly once, or listed as unmet; nobody sits where he has no need (H1)."""
    met: Counter[tuple[str, str, str]] = Counter()
    for seat in plan.seats:
        group = index.groups[seat.group]
        if group.kind == "elective":
            continue
        met[(seat.resident, *_need(group.kind, group.subject))] += 1
    unmet: Counter[tuple[str, str, str]] = Counter(
        (u.resident, u.need, u.subject) for u in plan.unmet if u.need in ("class", "education")
    )
    needed = {(r.id, "class", "") for r in index.problem.residents if r.needs_vocational}
    needed |= {(r.id, "education", subject) for r in index.problem.residents for subject in r.education}
    for key in sorted(needed | set(met) | set(unmet)):
        if met[key] > 1:
            yield Violation(f"{key[1]}_twice", (key[0],), key[2])
        if key not in needed:
            yield Violation(f"{key[1]}_not_needed", (key[0],), key[2])
        elif met[key] == 0 and not unmet[key]:
            yield Violation(f"{key[1]}_missing", (key[0],), key[2])
        elif met[key] and unmet[key]:
            yield Violation("unmet_untrue", (key[0],), key[2])


def _need(kind: str, subject: str) -> tuple[str, str]:
    return ("class", "") if kind == "vocational" else ("education", subject)


def _eligibility(index: Index, plan: Plan) -> Iterator[Violation]:
    """The group admits the resident's level, age and gender (H1)."""
    for seat in plan.seats:
        group, resident = index.groups[seat.group], index.residents[seat.resident]
        if not index.admits(group, resident):
            yield Violation("group_eligibility", (seat.resident, seat.group))
        if not index.choices.wants(resident, group):
            yield Violation("group_unlisted", (seat.resident, seat.group))


def _sizes(index: Index, plan: Plan) -> Iterator[Violation]:
    """An open group has at least its minimum and at most its maximum; a mandatory group is open (H2)."""
    sizes = Counter(s.group for s in plan.seats)
    for group in index.problem.groups:
        size = sizes[group.id]
        if size > group.maximum:
            yield Violation("group_maximum", (group.id,))
        empty = not size and (not index.pins.must_open(group) or plan.outcome in UNFINISHED)
        if not empty and size < group.minimum:
            yield Violation("group_minimum", (group.id,))
        if empty and not index.pins.must_open(group) and any(m.group == group.id for m in plan.meetings):
            yield Violation("closed_group_meets", (group.id,))


def _apart(index: Index, plan: Plan) -> Iterator[Violation]:
    """No pair that is kept apart in class shares a group, vocational or education (H7)."""
    groups: dict[str, set[str]] = defaultdict(set)
    for seat in plan.seats:
        groups[seat.resident].add(seat.group)
    for a, b in index.apart["class"]:
        for group in sorted(groups[a] & groups[b]):
            yield Violation("apart_class", (a, b, group))
    yield from _together(index, groups)


def _together(index: Index, groups: Mapping[str, set[str]]) -> Iterator[Violation]:
    """Pairs kept together in class are in the same class, and in the same group of each education subject that both
    need, where both have a place (H7)."""
    for a, b in index.pairs.hard_together("class"):
        own = [defaultdict[tuple[str, str], set[str]](set), defaultdict[tuple[str, str], set[str]](set)]
        for name, by_need in zip((a, b), own, strict=True):
            for group in groups.get(name, ()):
                if index.groups[group].kind != "elective":
                    by_need[_need(index.groups[group].kind, index.groups[group].subject)].add(group)
        for need in sorted(own[0].keys() & own[1].keys()):
            if own[0][need] != own[1][need]:
                yield Violation("together_class", (a, b), need[1])
