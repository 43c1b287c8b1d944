"""The other places that a resident could have for one need, sorted for reading: what is possible first, cheapest
first; of the rest, what was wished first."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from flask_babel import gettext as _

from foyer.cycles.models import Plan
from foyer.cycles.opened import opened
from foyer.cycles.targets import Target, targets
from foyer.cycles.words.names import HouseNames, whole
from foyer.scheduling.answers.forms import WishKind
from foyer.scheduling.problem import Problem

KINDS: tuple[WishKind, ...] = ("class", "education", "elective", "counsellor", "room", "appointment", "meeting")


@dataclass(frozen=True, slots=True)
class Place:
    """One target by name. ``note``: which of the resident's choices it is, "" where it is none."""

    id: str
    name: str
    state: str  # here, allowed, price, forbidden
    words: str
    note: str
    points: float = 0.0  # more than now


@dataclass(frozen=True, slots=True)
class Places:
    """``possible``: as the plan is, cheapest first; ``forbidden``: only if something else moves, if at all, the
    resident's choices first."""

    here: tuple[Place, ...]
    possible: tuple[Place, ...]
    forbidden: tuple[Place, ...]


def places_of(
    plan: Plan,
    kind: WishKind,
    enrolment_id: int,
    names: HouseNames,
    *,
    group: str | None = None,
    meeting: str = "",
) -> Places:
    """Every place of a kind for a resident of the plan. ``group``: of meetings, only this group's hours; ``meeting``:
    only those to which this meeting could move. Raises UnknownWish for somebody or a meeting that is not in the
    plan."""
    ranks = _choices(opened(plan).problem, str(enrolment_id)) if kind == "class" else {}
    found = [t for t in targets(plan, kind, enrolment_id, meeting=meeting) if _is_offered(t, kind, group)]
    possible = sorted((t for t in found if t.state in ("allowed", "price")), key=lambda t: t.points)
    forbidden = sorted((t for t in found if t.state == "forbidden"), key=lambda t: ranks.get(t.id, inf))

    def note(target: Target) -> str:
        return _("choice %(rank)s", rank=ranks[target.id]) if target.id in ranks else ""

    def told(chosen: list[Target]) -> tuple[Place, ...]:
        return tuple(Place(t.id, whole(names.thing(kind, t.id)), t.state, t.words, note(t), t.points) for t in chosen)

    return Places(
        told([t for t in found if t.state == "here"]),
        told(possible),
        told(forbidden),
    )


def _is_offered(target: Target, kind: WishKind, group: str | None) -> bool:
    """An hour of counselling is chosen with its week."""
    if kind == "appointment":
        return ":" in target.id
    return group is None or target.id.partition(":")[0] == group


def _choices(problem: Problem, who: str) -> dict[str, int]:
    """By class, which choice of the resident it is, from 1."""
    wished = next((r.choices for r in problem.residents if r.id == who), ())
    return {
        group.id: wished.index(group.subject) + 1
        for group in problem.groups
        if group.kind == "vocational" and group.subject in wished
    }
