"""Counsellors: one each, who suits him, within their load, and pairs (H3, H7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Plan, Violation


def violations(index: Index, plan: Plan) -> Iterator[Violation]:
    yield from _needs(index, plan)
    yield from _suited(index, plan)
    yield from _loads(index, plan)
    yield from _pairs(index, plan)


def _needs(index: Index, plan: Plan) -> Iterator[Violation]:
    """Each resident has one counsellor, or is listed as unmet (H3)."""
    met = Counter(c.resident for c in plan.caseloads)
    unmet = {u.resident for u in plan.unmet if u.need == "counsellor"}
    for resident in index.residents:
        if not index.residents[resident].needs_counsellor:
            if met[resident] or resident in unmet:
                yield Violation("counsellor_not_needed", (resident,))
        elif met[resident] > 1:
            yield Violation("counsellor_twice", (resident,))
        elif not met[resident] and resident not in unmet:
            yield Violation("counsellor_missing", (resident,))
        elif met[resident] and resident in unmet:
            yield Violation("unmet_untrue", (resident,))


def _suited(index: Index, plan: Plan) -> Iterator[Violation]:
    """The counsellor has the gender, languages and licences that the resident must have (H3)."""
    for case in plan.caseloads:
        resident, counsellor = index.residents[case.resident], index.counsellors[case.counsellor]
        if resident.counsellor_gender not in (None, counsellor.gender):
            yield Violation("counsellor_gender", (resident.id, counsellor.id))
        if not set(resident.counsellor_skills) <= set(counsellor.skills):
            yield Violation("counsellor_skills", (resident.id, counsellor.id))


def _loads(index: Index, plan: Plan) -> Iterator[Violation]:
    """No counsellor carries more case weights than the capacity (H3)."""
    loads: Counter[str] = Counter()
    for case in plan.caseloads:
        loads[case.counsellor] += index.residents[case.resident].case_weight
    for counsellor in index.problem.counsellors:
        if loads[counsellor.id] > counsellor.capacity:
            yield Violation("counsellor_capacity", (counsellor.id,))


def _pairs(index: Index, plan: Plan) -> Iterator[Violation]:
    """Pairs kept apart have different counsellors, pairs kept together one (H7)."""
    counsellor = {c.resident: c.counsellor for c in plan.caseloads}
    for a, b in index.apart["counsellor"]:
        if a in counsellor and counsellor[a] == counsellor.get(b):
            yield Violation("apart_counsellor", (a, b, counsellor[a]))
    for a, b in index.pairs.hard_together("counsellor"):
        if a in counsellor and b in counsellor and counsellor[a] != counsellor[b]:
            yield Violation("together_counsellor", (a, b))
