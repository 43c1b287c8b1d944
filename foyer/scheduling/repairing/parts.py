"""The parts of a repair as one program: what each stage decides, and what it costs to decide otherwise than published.

Only the parts that no longer hold are in it. Lexicographic (docs/engine.md, section 5): needs newly open; points of the
changes; people touched; needs that were open before; then the stages' own levels among the fewest changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from foyer.scheduling.plan import ChangeKind, Level, Unmet
from foyer.scheduling.program import Entry, Goal, Program, goal
from foyer.scheduling.repairing.kept import Kept
from foyer.scheduling.repairing.request import RepairRequest

KIND_OF_STAGE: dict[str, ChangeKind] = {"classes": "class", "education": "education", "electives": "elective"}


@dataclass(frozen=True, slots=True)
class Moved:
    """A variable that is 1 where the resident does not keep what was published."""

    resident: str
    kind: ChangeKind
    variable: int
    points: float


@dataclass(frozen=True, slots=True)
class Lost:
    """A variable that is 1 where the need stays open."""

    need: Unmet
    variable: int
    points: float


@dataclass(slots=True)
class Part:
    """One stage's program, or that of several which a rule ties. ``goals`` are its levels behind the unplaced ones,
    ``stages`` each stage's own levels where there are several, ``is_whole`` whether they are all the stage has."""

    stage: str
    program: Program
    goals: list[Goal] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    stages: dict[str, list[Goal]] = field(default_factory=dict)
    is_whole: bool = True

    def keep(self, resident: str, kind: ChangeKind, variables: Iterable[int | None], points: float) -> None:
        """The resident keeps what was published where all of ``variables`` are 1. None: that is impossible."""
        changed = self.program.integer()
        for variable in variables:
            if variable is None:
                self.program.low[changed] = 1
            else:
                self.program.row([(changed, 1), (variable, 1)], low=1)
        self.moved.append(Moved(resident, kind, changed, points))


@dataclass(slots=True)
class Joined:
    """The parts' programs side by side; ``offset`` is where a part's variables begin."""

    parts: list[Part]
    program: Program = field(default_factory=Program)
    offset: dict[str, int] = field(default_factory=dict)

    def values_of(self, part: Part, values: Sequence[int]) -> Sequence[int]:
        start = self.offset[part.stage]
        return values[start : start + len(part.program.low)]

    def moved(self) -> list[Moved]:
        return [
            Moved(m.resident, m.kind, m.variable + self.offset[p.stage], m.points) for p in self.parts for m in p.moved
        ]

    def lost(self) -> list[Lost]:
        return [Lost(x.need, x.variable + self.offset[p.stage], x.points) for p in self.parts for x in p.lost]


def join(parts: Sequence[Part]) -> Joined:
    joined = Joined(list(parts))
    for part in parts:
        start = joined.offset[part.stage] = len(joined.program.low)
        if not start:
            joined.program.rows += part.program.rows
            joined.program.low, joined.program.high = list(part.program.low), list(part.program.high)
            continue
        joined.program.low += part.program.low
        joined.program.high += part.program.high
        joined.program.rows += [(low, high, _shifted(row, start)) for low, high, row in part.program.rows]
    return joined


def _shifted(entries: Iterable[Entry], start: int) -> tuple[Entry, ...]:
    return tuple((variable + start, coefficient) for variable, coefficient in entries)


def cap(joined: Joined, request: RepairRequest, spent: int) -> None:
    """H14: changes in total, of which ``spent`` are spent already, and of each resident."""
    moved = joined.moved()
    if request.most_changes is not None:
        joined.program.row([(m.variable, 1) for m in moved], high=request.most_changes - spent)
    if request.most_per_resident is not None:
        for own in _by_resident(moved).values():
            joined.program.row([(m.variable, 1) for m in own], high=request.most_per_resident)


def _by_resident(moved: Iterable[Moved]) -> dict[str, list[Moved]]:
    own: dict[str, list[Moved]] = defaultdict(list)
    for m in moved:
        own[m.resident].append(m)
    return own


def goals_of(joined: Joined, kept: Kept, request: RepairRequest) -> list[Goal]:
    """The levels, most important first. Several parts' wishes and openings are summed, other levels follow each other
    in the order of the parts."""
    moved, lost = joined.moved(), joined.lost()
    old = [x for x in lost if kept.was_unmet(x.need) and not request.place_unplaced]
    return [
        goal("unplaced", [(x.variable, x.points) for x in lost if x not in old]),
        goal("changes", [(m.variable, m.points) for m in moved], in_points=False),
        goal("people", [(touched, 1) for touched in _touched(joined, moved)], in_points=False),
        goal("unplaced_before", [(x.variable, x.points) for x in old]),
        *_own_goals(joined),
    ]


def count_goals(joined: Joined) -> list[Goal]:
    """Nothing but the number of changes: for the least that is needed."""
    return [goal("changes", [(m.variable, 1) for m in joined.moved()], in_points=False)]


def _touched(joined: Joined, moved: Sequence[Moved]) -> list[int]:
    """Per resident a variable that is 1 where anything of his changes."""
    touched = []
    for own in _by_resident(moved).values():
        if len(own) == 1:
            touched.append(own[0].variable)
            continue
        touched.append(joined.program.integer())
        for m in own:
            joined.program.row([(touched[-1], 1), (m.variable, -1)], low=0)
    return touched


def _own_goals(joined: Joined) -> list[Goal]:
    summed: dict[str, list[Entry]] = defaultdict(list)
    in_points = {}
    for part in joined.parts:
        for each in part.goals:
            name = each.name if each.name in ("wishes", "openings") else f"{part.stage} {each.name}"
            summed[name] += _shifted(each.entries, joined.offset[part.stage])
            in_points[name] = each.in_points
    last = [name for name in ("wishes", "openings") if name in summed]
    return [goal(n, summed[n], in_points=in_points[n]) for n in (*(n for n in summed if n not in last), *last)]


def own_levels(joined: Joined, part: Part, values: Sequence[int], proven: bool) -> dict[str, tuple[Level, ...]]:
    """Each stage's levels at the solution. Bounds hold among the repairs with as few changes."""
    own = joined.values_of(part, values)
    unplaced = goal("unplaced", [(x.variable, x.points) for x in part.lost])
    found = {}
    for stage, goals in (part.stages or {part.stage: [unplaced, *part.goals]}).items():
        kind = KIND_OF_STAGE.get(stage)
        changes = goal("changes", [(m.variable, m.points) for m in part.moved if kind in (None, m.kind)])
        levels = [
            _level(each, own, proven and (part.is_whole or each.name == "unplaced")) for each in (changes, *goals)
        ]
        found[stage] = tuple(levels)
    return found


def _level(goal: Goal, values: Sequence[int], proven: bool) -> Level:
    value = round(goal.at(values), 4)
    return Level(goal.name, value, value if proven else 0.0, "optimal" if proven or not value else "feasible", "HiGHS")
