"""Level L3 and its neighbours, for the stages that place residents in what they chose: ranks from the worst on, what
each resident loses, luck, and the order in which a problem wants its levels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from foyer.scheduling.choices import CHOSEN
from foyer.scheduling.index import Index
from foyer.scheduling.losing import Loss, Part
from foyer.scheduling.problem import GroupKind, Problem
from foyer.scheduling.program import Entry, Goal, goal
from foyer.scheduling.stages.seating import Seating

SUM = "sum"  # the level of a fast draft: L3 to L6 in one


def rank_goals(index: Index, made: Seating, kind: GroupKind) -> list[Goal]:
    """How many places in an unlisted subject, then how many at the last rank, and so on up to the second choice. A
    resident without a place is the worst off of all, and already counted before."""
    by_rank: dict[int, list[Entry]] = {}
    worst = len(index.problem.weights.choice)
    for (resident_id, group_id), x in made.seats_of(index, kind):
        resident = index.residents[resident_id]
        rank = index.choices.rank(resident, index.groups[group_id].subject, kind)
        if index.choices.has_wishes(resident, kind):
            by_rank.setdefault(worst if rank is None else min(rank, worst), []).append((x, 1))
    names = {worst: "unlisted", **{rank: f"choice_{rank + 1}" for rank in range(1, worst)}}
    return [goal(names[rank], by_rank[rank], in_points=False) for rank in range(worst, 0, -1) if by_rank.get(rank)]


def choice_entries(index: Index, made: Seating, kind: GroupKind) -> list[Entry]:
    """The points of s2 for places of the kind: costs of ranks, and what bidders lose."""
    entries: list[Entry] = []
    for (r, g), x in made.seats_of(index, kind):
        entries.append((x, index.choices.seat_points(index.residents[r], index.groups[g].subject, kind)))
    best = sum(index.choices.best_alone(r, kind) for r in index.problem.residents)
    return [*entries, (made.one(), best)] if best else entries


def luck_goals(index: Index, made: Seating, kind: GroupKind) -> list[Goal]:
    """What is lost now, times what was lost in earlier cycles: among plans that are equally fair, who lost most comes
    first. Nothing where nobody brings any."""
    entries: list[Entry] = []
    for resident, part in parts_of(index, made, kind).items():
        luck = index.residents[resident].luck
        if luck:
            entries += [(x, luck * cost) for x, cost in part.entries]
            best = index.choices.best_alone(index.residents[resident], kind)
            entries += [(made.one(), luck * best)] if best else []
    return [goal("luck", entries, in_points=False)] if entries else []


def parts_of(index: Index, made: Seating, kind: GroupKind) -> dict[str, Part]:
    """Each resident's places of one kind, and what each costs him."""
    wished = index.choices
    entries: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for (r, g), x in made.seats_of(index, kind):
        entries[r].append((x, wished.seat_points(index.residents[r], index.groups[g].subject, kind)))
    found = {}
    for resident in index.problem.residents:
        places = wished.places(resident, kind)
        if places:
            without = made.missing[resident.id] if kind == "elective" else made.unmet[resident.id, ""]
            own = (*entries[resident.id], (without, wished.missing_points(resident, kind)))
            found[resident.id] = Part(places, own)
    return found


def losses(index: Index, made: Seating, kinds: Iterable[GroupKind]) -> list[Loss]:
    """What each resident loses over all these kinds together (``fairness_of``)."""
    constants: dict[str, int] = defaultdict(int)
    parts: dict[str, list[Part]] = defaultdict(list)
    for kind in (k for k in kinds if k in CHOSEN):
        for resident, part in parts_of(index, made, kind).items():
            constants[resident] += index.choices.best_alone(index.residents[resident], kind)
            parts[resident].append(part)
    behind = index.choices.behind
    return [Loss(constants[r] + behind[r], tuple(own), behind[r]) for r, own in parts.items()]


# The order of the levels


def arranged(problem: Problem, goals: Sequence[Goal]) -> list[Goal]:
    """A stage's levels, in the order that the problem wants. A fast draft adds up all points behind the unplaced."""
    if problem.fast_draft:
        goals = drafted(goals)
    return sorted(goals, key=lambda g: position(problem, g.name))


def drafted(goals: Sequence[Goal]) -> list[Goal]:
    """L3 to L6 as one sum of points; luck speaks only among equals."""
    first = [g for g in goals if g.name == "unplaced"]
    rest = [g for g in goals if g.name not in ("unplaced", "luck")]
    luck = [g for g in goals if g.name == "luck"]
    return [*first, goal(SUM, [entry for g in rest if g.in_points for entry in g.entries]), *luck]


def position(problem: Problem, name: str) -> tuple[int, int]:
    """Where a level stands: the unplaced; fairness from the worst on; luck; points; openings. Without fairness, luck
    speaks only among plans with equal points."""
    if name == "unplaced":
        return 0, 0
    if name == "unlisted":
        return 1, 0
    prefix, _, number = name.partition("_")
    if prefix in ("choice", "lost") and number.isdigit():
        return 2, -int(number)
    after = ["luck", "wishes", "openings"] if problem.fairness != "none" else ["wishes", "luck", "openings"]
    if problem.fast_draft:
        after = [SUM, "luck"]
    return 3, after.index(name) if name in after else -1


def merged(problem: Problem, parts: Iterable[Sequence[Goal]]) -> list[Goal]:
    """The levels of several kinds in one program: those of one name are one level."""
    entries: dict[str, list[Entry]] = {}
    in_points: dict[str, bool] = {}
    for goals in parts:
        for each in goals:
            entries.setdefault(each.name, []).extend(each.entries)
            in_points[each.name] = each.in_points
    names = sorted(entries, key=lambda name: position(problem, name))
    return [goal(name, entries[name], in_points=in_points[name]) for name in names]
