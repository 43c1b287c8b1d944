"""Two plans of a cycle beside each other: who and what differs; and parts of one taken over into the other."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from foyer.cycles import changing
from foyer.cycles.models import Plan
from foyer.cycles.opened import opened
from foyer.cycles.pinning import studied
from foyer.cycles.queries import get_plan
from foyer.errors import FoyerError
from foyer.scheduling import check
from foyer.scheduling import plan as engine
from foyer.scheduling.answers.editing import KINDS, changes_between, finished, place_id, rebooked, relodged
from foyer.scheduling.answers.viewing import ForeignPlan, restored, seen
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Change, Unmet, Violation

ORDER = ("class", "education", "elective", "counsellor", "room", "appointment", "time")
Part = tuple[str, str]  # kind of change, and the resident or group concerned


@dataclass(frozen=True, slots=True)
class Difference:
    """What one resident, or one group for ``time``, has in the first plan and in the second."""

    kind: str
    who: str
    changes: tuple[Change, ...]

    @property
    def part(self) -> Part:
        return self.kind, self.who


class TakingBreaks(FoyerError):
    """With these parts the draft would break rules, or leave needs open that it meets now."""

    def __init__(self, broken: tuple[Violation, ...], unmet: tuple[Unmet, ...]) -> None:
        super().__init__()
        self.broken, self.unmet = broken, unmet


class NothingTaken(FoyerError):
    """No part was chosen, or the draft has all of it already."""


class OtherHouse(FoyerError):
    """The two plans are about different residents or things, so that no part of one fits the other."""


def differences(first: Plan, second: Plan) -> list[Difference]:
    """Everything in which the second plan is not the first, by kind."""
    index = _index_of(first, second)
    found: dict[Part, list[Change]] = {}
    for change in changes_between(index, opened(first).answer, opened(second).answer):
        found.setdefault((change.kind, change.who), []).append(change)
    rows = [Difference(kind, who, tuple(changes)) for (kind, who), changes in found.items()]
    return sorted(rows, key=lambda row: ORDER.index(row.kind))


def _index_of(first: Plan, second: Plan) -> Index:
    """Groups and things of both."""
    one, other = opened(first).problem, opened(second).problem
    known = {group.id for group in one.groups}
    return Index(replace(one, groups=(*one.groups, *(group for group in other.groups if group.id not in known))))


def take_parts(
    *, plan_id: int, version: int | None, other_id: int, parts: Collection[Part], actor_id: int | None
) -> Plan:
    """Give a draft these parts as another plan of the cycle has them: one step, which can be undone. Appointments that
    no longer fit are booked anew; nothing else moves. Raises NotFound, NotADraft, CycleClosed, StaleDraft,
    NothingTaken, OtherHouse, TakingBreaks."""
    plan = changing.locked_draft(plan_id, version)
    other = get_plan(other_id, plan.cycle_id)
    differing = [row for row in differences(plan, other) if row.part in parts]
    if not differing or plan.id == other.id:
        raise NothingTaken
    found = studied(plan)
    try:
        index, now = seen(found.problem, found.answer)
        after = finished(index, _taken(index, now, opened(other).answer, [row.part for row in differing]), since=now)
    except (ForeignPlan, KeyError):
        raise OtherHouse from None
    _refuse_worse(plan, now, after)
    changes = [[c.kind, c.who, c.before, c.after] for row in differing for c in row.changes]
    detail = {"from": other.id, "changes": changes}
    answer = restored(found.problem, found.answer, after, found.answer.problem_hash)
    return changing.take(plan=plan, answer=answer, detail=detail, actor_id=actor_id)


def _refuse_worse(plan: Plan, now: engine.Plan, after: engine.Plan) -> None:
    found = studied(plan)
    index = seen(found.problem, found.answer)[0]
    old, new = (
        check(found.problem, restored(found.problem, found.answer, each)) for each in (finished(index, now), after)
    )
    broken = tuple(violation for violation in new if violation not in old)
    unmet = tuple(need for need in after.unmet if need not in now.unmet)
    if broken or unmet:
        raise TakingBreaks(broken, unmet)


# Each kind of part


def _taken(index: Index, plan: engine.Plan, other: engine.Plan, parts: Iterable[Part]) -> engine.Plan:
    """The plan with these parts of the other, its appointments put right."""
    people = {kind: {who for k, who in parts if k == kind} for kind in ORDER}
    plan = _seats(index, plan, other, people)
    plan = _meetings(plan, other, people["time"])
    cases = tuple(c for c in plan.caseloads if c.resident not in people["counsellor"])
    plan = replace(plan, caseloads=(*cases, *(c for c in other.caseloads if c.resident in people["counsellor"])))
    plan = _rooms(index, plan, other, people["room"])
    wanted = {
        a.resident: place_id((a.week, a.period))
        for a in other.appointments
        if a.resident in people["appointment"] | people["counsellor"]
    }
    return rebooked(index, plan, wanted)


def _seats(index: Index, plan: engine.Plan, other: engine.Plan, people: dict[str, set[str]]) -> engine.Plan:
    def is_concerned(seat: engine.Seat) -> bool:
        return seat.resident in people[KINDS[index.groups[seat.group].kind]]

    kept = [seat for seat in plan.seats if not is_concerned(seat)]
    return replace(plan, seats=(*kept, *(seat for seat in other.seats if is_concerned(seat))))


def _meetings(plan: engine.Plan, other: engine.Plan, groups: set[str]) -> engine.Plan:
    kept = [meeting for meeting in plan.meetings if meeting.group not in groups]
    return replace(plan, meetings=(*kept, *(meeting for meeting in other.meetings if meeting.group in groups)))


def _rooms(index: Index, plan: engine.Plan, other: engine.Plan, people: set[str]) -> engine.Plan:
    rooms = dict.fromkeys(people, "")  # who has none there has none here
    for lodging in other.lodgings:
        if lodging.resident in people and lodging.leaves > plan.from_night:
            rooms[lodging.resident] = lodging.room
    return replace(plan, lodgings=relodged(index, plan, rooms)) if rooms else plan
