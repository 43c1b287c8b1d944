"""What the answers are made of: plain frozen dataclasses, written as JSON by ``answers.files``.

Codes with values, never sentences; the codes are listed in docs/engine.md, section 10. An explanation speaks of one
resident and names no other: it may be read to the resident. What-ifs, verdicts and recommendations are for the
manager and name who would move.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from foyer.scheduling.plan import Change, Plan, Term, Violation

Value = str | int | float
Subject = Literal["class", "education", "elective", "counsellor", "room", "appointment", "times"]
WishKind = Literal["class", "education", "elective", "counsellor", "room", "appointment", "meeting"]

# What is proven of a price:
#   exact    no plan of this stage gives the option for less, whatever else is changed in it; times may have to follow
#   kept     no plan gives it for less with the same groups open
#   at_most  a plan at this price is known, a cheaper one is not excluded
#   at_least no plan gives it for less; none at this price is known
Proof = Literal["exact", "kept", "at_most", "at_least"]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands in the way: a code and the values that its sentence needs. No value is the id of a resident."""

    code: str
    values: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class LevelPrice:
    """One level of a stage before and after, in its own unit (points, people or load)."""

    stage: str
    level: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Price:
    """What an option would cost the plan. ``levels``: those that change, the most important first; empty: nothing.
    ``points``: by how much the stage's points would change. ``moved``: how many other residents would move."""

    levels: tuple[LevelPrice, ...]
    points: float
    moved: int
    proof: Proof


@dataclass(frozen=True, slots=True)
class Option:
    """Something better that the resident might have had. ``rank``: its place among the wishes, 1 first; 0: unranked.
    ``points``: what it would cost in wishes of this resident. ``price`` is None where a rule forbids it."""

    target: str
    subject: str
    rank: int
    points: float
    obstacles: tuple[Obstacle, ...]
    price: Price | None = None


@dataclass(frozen=True, slots=True)
class NeedAnswer:
    """One need: what was wished (best first), what was got ("" where it is unmet), its share of the score by wish, and
    each better option, best first."""

    need: Subject
    subject: str
    wished: tuple[str, ...]
    got: str
    rank: int
    terms: tuple[Term, ...]
    better: tuple[Option, ...]
    notes: tuple[Obstacle, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one resident has what the plan gives. ``points``: the resident's share of the score."""

    resident: str
    points: float
    needs: tuple[NeedAnswer, ...]


@dataclass(frozen=True, slots=True)
class Explanations:
    """``foyer-explanation/1``. ``house``: the part of the score that is nobody's own, such as open groups."""

    problem_hash: str
    score: float
    house: tuple[Term, ...]
    residents: tuple[Explanation, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """A question: what if this resident had that? ``target``: a group, counsellor or room; for an appointment
    ``period`` or ``week:period``; for a meeting ``group:period,...`` (one meeting of the group in these periods).
    ``instead``: of a meeting, the periods ``period,...`` of the one that moves there; "": that of the same day, or else
    the group's first."""

    kind: WishKind
    resident: str
    target: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class WishPrice:
    """How one wish of the score would change."""

    wish: str
    count: int
    points: float


@dataclass(frozen=True, slots=True)
class WhatIf:
    """``foyer-whatif/1``. ``given``: the plan has it already; ``possible``: ``plan`` is the plan as it would be, its
    published times kept unless ``changes`` name meetings; ``impossible``: ``obstacles`` say why;
    ``not_found``: the time for the search was over, so that neither is known. ``levels`` and ``wishes`` have what
    changes. ``floor``: no plan at all gives it for less than this, whatever else is changed;
    with proof ``exact`` the answer reaches it up to the level of times."""

    wish: Wish
    outcome: Literal["given", "possible", "impossible", "not_found"]
    levels: tuple[LevelPrice, ...] = ()
    wishes: tuple[WishPrice, ...] = ()
    points: float = 0.0
    changes: tuple[Change, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    proof: Proof = "at_most"
    floor: tuple[LevelPrice, ...] = ()
    plan: Plan | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """``foyer-verdict/1``: a change made by hand. ``broken``: the rules that it breaks and that held before;
    ``mended``: those that it mends. ``points``: by how much the score changes. ``repair``: where something is broken,
    the cheapest way found that keeps the change and breaks nothing."""

    change: Wish
    broken: tuple[Violation, ...]
    mended: tuple[Violation, ...]
    points: float
    wishes: tuple[WishPrice, ...]
    repair: WhatIf | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """One place on a board. ``here``: the resident has it; ``forbidden``: ``broken`` are the rules that the move
    breaks; ``points``: by how much the score changes, as ``Verdict`` says it."""

    target: str
    state: Literal["here", "allowed", "forbidden"]
    broken: tuple[Violation, ...] = ()
    points: float = 0.0


@dataclass(frozen=True, slots=True)
class Swap:
    """Two residents who change places. ``other``: the one who gives the target; ``broken``: the rules that it breaks
    and that held before; ``points``: by how much the score changes; ``changes``: theirs, all of them."""

    other: str
    broken: tuple[Violation, ...]
    points: float
    changes: tuple[Change, ...]
    plan: Plan


@dataclass(frozen=True, slots=True)
class Placement:
    """One complete placement of an arriving resident. ``terms`` and ``points``: what the resident's own wishes cost;
    ``wishes``: by how much the whole plan's wishes change, against the plan in which nothing is placed yet; ``lost``:
    the needs that are open or not as wished, each with its reasons; ``moved``: the others who move; ``changes``:
    everybody's."""

    changes: tuple[Change, ...]
    terms: tuple[Term, ...]
    points: float
    wishes: tuple[WishPrice, ...]
    lost: tuple[NeedAnswer, ...]
    moved: tuple[str, ...]
    plan: Plan


@dataclass(frozen=True, slots=True)
class Recommendations:
    """``foyer-recommendation/1``. ``placements``: nobody else moves, best first, no two with the same class, counsellor
    and house; ``with_moves``: the best found for which at most ``most_moved`` others move, None where that is no better
    than the first placement."""

    resident: str
    placements: tuple[Placement, ...]
    most_moved: int
    with_moves: Placement | None
    seconds: float = 0.0
