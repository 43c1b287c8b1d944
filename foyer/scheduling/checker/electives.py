"""Electives, groups that exclude each other, and how many residents an instructor takes (H1, H9)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Plan, Violation


def violations(index: Index, plan: Plan) -> Iterator[Violation]:
    groups: dict[str, list[str]] = defaultdict(list)
    for seat in plan.seats:
        groups[seat.resident].append(seat.group)
    yield from _places(index, plan, groups)
    yield from _excluded(index, groups)
    yield from _most_residents(index, plan)


def _places(index: Index, plan: Plan, groups: dict[str, list[str]]) -> Iterator[Violation]:
    """As many electives as wanted, each in another subject; what is missing is listed as unmet (H1)."""
    unmet = Counter(u.resident for u in plan.unmet if u.need == "elective")
    for resident in index.problem.residents:
        subjects = [index.groups[g].subject for g in groups[resident.id] if index.groups[g].kind == "elective"]
        if len(set(subjects)) < len(subjects):
            yield Violation("elective_twice", (resident.id,))
        if len(subjects) > resident.electives:
            yield Violation("elective_not_needed", (resident.id,))
        elif len(subjects) + unmet[resident.id] < resident.electives:
            yield Violation("elective_missing", (resident.id,))
        elif len(subjects) + unmet[resident.id] > resident.electives:
            yield Violation("unmet_untrue", (resident.id,), "elective")


def _excluded(index: Index, groups: dict[str, list[str]]) -> Iterator[Violation]:
    """Nobody is in two groups of which one excludes the other (H1)."""
    for resident, own in groups.items():
        for a, b in index.choices.exclusions:
            if a in own and b in own:
                yield Violation("group_excluded", (resident, a, b))


def _most_residents(index: Index, plan: Plan) -> Iterator[Violation]:
    """The groups that only one instructor can teach have together at most as many residents as he takes (H9)."""
    sizes = Counter(s.group for s in plan.seats)
    for instructor in index.problem.instructors:
        alone = [g.id for g in index.problem.groups if set(g.instructors) == {instructor.id}]
        if instructor.most_residents is not None and sum(sizes[g] for g in alone) > instructor.most_residents:
            yield Violation("instructor_residents", (instructor.id,))
