"""Counsellors: one each, within their load, apart pairs and pins (H3, H7, H13)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Plan, Violation


def violations(index: Index, plan: Plan) -> Iterator[Violation]:
    yield from _needs(index, plan)
    yield from _loads(index, plan)
    yield from _pairs(index, plan)


def _needs(index: Index, plan: Plan) -> Iterator[Violation]:
    """Each resident has one counsellor, or is listed as unmet (H3)."""
    met = Counter(c.resident for c in plan.caseloads)
    unmet = {u.resident for u in plan.unmet if u.need == "counsellor"}
    for resident in index.residents:
        if met[resident] > 1:
            yield Violation("counsellor_twice", (resident,))
        elif not met[resident] and resident not in unmet:
            yield Violation("counsellor_missing", (resident,))
        elif met[resident] and resident in unmet:
            yield Violation("unmet_untrue", (resident,))


def _loads(index: Index, plan: Plan) -> Iterator[Violation]:
    """No counsellor carries more case weights than the capacity (H3)."""
    loads: Counter[str] = Counter()
    for case in plan.caseloads:
        loads[case.counsellor] += index.residents[case.resident].case_weight
    for counsellor in index.problem.counsellors:
        if loads[counsellor.id] > counsellor.capacity:
            yield Violation("counsellor_capacity", (counsellor.id,))


def _pairs(index: Index, plan: Plan) -> Iterator[Violation]:
    """Pairs kept apart have different counsellors (H7); pinned counsellors are kept (H13)."""
    counsellor = {c.resident: c.counsellor for c in plan.caseloads}
    for a, b in index.apart["counsellor"]:
        if a in counsellor and counsellor[a] == counsellor.get(b):
            yield Violation("apart_counsellor", (a, b, counsellor[a]))
    for pin in index.problem.pins:
        if pin.kind == "counsellor" and counsellor.get(pin.resident) != pin.target:
            yield Violation("pin", (pin.resident, pin.target), pin.kind)
