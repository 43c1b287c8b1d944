"""Real wishes for places: students and courses or projects, from PrefLib and fairpyx (``preferences_file``).

An agent is a resident who wants electives, an item an elective, a supervisor an instructor who takes so many residents
in the groups that only he can teach. Ranks are choices (bids where there are ties), points are bids. Nothing else is
planned. ``evaluate`` counts by the files alone, apart from ``foyer.scheduling.score``.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from foyer.scheduling.families import FamilyFileError, Value
from foyer.scheduling.families.preferences_file import Agent, Instance, read_file
from foyer.scheduling.plan import Plan
from foyer.scheduling.problem import Fairness, Instructor, Problem, Resident, TeachingGroup, Weights

OBJECTIVES: dict[str, Fairness] = {"sum": "none", "profile": "profile", "leximin": "leximin"}
AGE = 18  # of everybody: the form asks for one, nothing here depends on it
UNPLACED = 30  # points for a place that somebody who ranks goes without: any, since it comes first
Solution = dict[str, tuple[str, ...]]


def read_path(path: Path) -> Instance:
    """The instance; a .dat file that it names lies beside it."""
    return read_file(path)


# Stating


def problem_of(instance: Instance, objective: str = "sum") -> Problem:
    """The instance in the engine's form. Ranked: as many placed as possible, then the objective, a rank costing as many
    points as there are better ones. By worth: a place that nobody gets costs its worth and no more, but for the profile
    as many are placed as possible here too. Ties are bids on one scale."""
    last = _last(instance)
    by_bids = not instance.is_ranked or any(len(tie) > 1 for agent in instance.agents for tie in agent.order)
    return Problem(
        name="preferences",
        nights=1,
        periods=(),
        residents=tuple(_resident(agent, last if by_bids else 0) for agent in instance.agents),
        groups=_groups(instance),
        instructors=tuple(Instructor(name, most_residents=capacity) for name, capacity, _ in instance.shared),
        weights=Weights(
            choice=tuple(range(last)),
            choice_unlisted=last,
            unplaced_elective=UNPLACED if instance.is_ranked or objective == "profile" else 0,
            open_group=0,
        ),
        fairness=OBJECTIVES[objective],
        fairness_of="gains" if by_bids else "losses",
    )


def _groups(instance: Instance) -> tuple[TeachingGroup, ...]:
    taught = {item: (name,) for name, _, items in instance.shared for item in items}
    excludes: dict[str, list[str]] = defaultdict(list)
    for a, b in instance.conflicts:
        excludes[a].append(b)
    return tuple(
        TeachingGroup(
            item,
            "elective",
            item,
            minimum=0,
            maximum=capacity,
            instructors=taught.get(item, ()),
            excludes=tuple(excludes[item]),
        )
        for item, capacity in instance.items
    )


def _resident(agent: Agent, last: int) -> Resident:
    """``last``: ranks are bids, from so much down; 0: they are choices."""
    made = Resident(
        id=agent.id,
        gender="female",
        age=AGE,
        arrives=0,
        leaves=1,
        needs_vocational=False,
        electives=agent.places,
        only_listed=True,
        barred=agent.refused,
        needs_room=False,
        needs_counsellor=False,
    )
    if agent.worth or not agent.order:
        return replace(made, bids=agent.worth, electives=min(agent.places, len(agent.worth)))
    if not last:
        return replace(made, choices=tuple(tie[0] for tie in agent.order))
    return replace(made, bids=tuple((item, last - i) for i, tie in enumerate(agent.order) for item in tie))


def solution_of(instance: Instance, plan: Plan) -> str:
    """Each agent's items, in the family's form."""
    own: dict[str, list[str]] = {agent.id: [] for agent in instance.agents}
    for seat in plan.seats:
        own[seat.resident].append(seat.group)
    return json.dumps(own, ensure_ascii=False, indent=1) + "\n"


# Evaluating


@dataclass(frozen=True, slots=True)
class Figures:
    """What a solution is worth by the files alone. ``total``: points, or the sum of (rank - 1). ``profile``: how many
    places are of rank 1, 2, and so on. ``satisfaction``: each agent's, the worst first: points, or (ranked) less than
    nothing by the sum of (rank - 1), a place without as bad as one behind the last rank."""

    placed: int
    total: float
    profile: tuple[int, ...]
    satisfaction: tuple[float, ...]


def read_solution(instance: Instance, text: str) -> Solution:
    """``{"agent": ["item", ...]}``. Raises FamilyFileError with the place."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise FamilyFileError(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    if not isinstance(data, dict):
        raise FamilyFileError("expected an object of agents")
    for name, items in data.items():
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise FamilyFileError(f"{name}: expected a list of items")
    return {name: tuple(items) for name, items in data.items()}


def evaluate(instance: Instance, text: str) -> Value:
    """What the solution breaks, and what it costs: the sum of (rank - 1), or the points missing to the sum of what each
    agent's dearest items are worth."""
    solution = read_solution(instance, text)
    hard = Counter(_broken(instance, solution))
    figures = figures_of(instance, solution)
    if instance.is_ranked:
        soft = (("ranks", figures.total),)
    else:
        soft = (("points missing", _dearest(instance) - figures.total),)
    return Value(tuple(sorted(hard.items())), soft)


def _dearest(instance: Instance) -> float:
    """A total that nobody can exceed."""
    worths = [sorted((worth for _, worth in agent.worth), reverse=True)[: agent.places] for agent in instance.agents]
    return sum(map(sum, worths)) / max(1, instance.unit)


def _broken(instance: Instance, solution: Solution) -> Iterator[str]:
    agents = {agent.id: agent for agent in instance.agents}
    capacity = dict(instance.items)
    taken = Counter(item for items in solution.values() for item in items)
    for name, items in solution.items():
        if name not in agents:
            yield "unknown agent"
            continue
        yield from _broken_by(instance, agents[name], items)
    for item, count in taken.items():
        if item not in capacity:
            yield "unknown item"
        elif count > capacity[item]:
            yield "item's capacity"
    for _, most, items in instance.shared:
        if sum(taken[item] for item in items) > most:
            yield "supervisor's capacity"


def _broken_by(instance: Instance, agent: Agent, items: tuple[str, ...]) -> Iterator[str]:
    if len(set(items)) < len(items):
        yield "item twice"
    if len(items) > agent.places:
        yield "agent's capacity"
    for item in items:
        if item in agent.refused:
            yield "refused item"
        if instance.is_ranked and not any(item in tie for tie in agent.order):
            yield "unlisted item"
    for a, b in instance.conflicts:
        if a in items and b in items:
            yield "conflicting items"


def figures_of(instance: Instance, solution: Solution) -> Figures:
    """The solution's figures; items that are not listed count as nothing."""
    ranks: Counter[int] = Counter()
    satisfaction, placed, total = [], 0, 0.0
    for agent in instance.agents:
        items = solution.get(agent.id, ())
        rank_of = dict(_ranks(agent))
        own = [rank_of[item] for item in items if item in rank_of]
        ranks.update(own)
        placed += len(own)
        worth = dict(agent.worth)
        if instance.is_ranked:
            total += sum(own)
            satisfaction.append(0.0 - sum(own) - _last(instance) * (agent.places - len(own)))
        else:
            gained = sum(worth.get(item, 0) for item in items) / instance.unit
            total += gained
            satisfaction.append(gained)
    profile = tuple(ranks[i] for i in range(max(ranks, default=-1) + 1))
    return Figures(placed, total, profile, tuple(sorted(satisfaction)))


def _last(instance: Instance) -> int:
    """How many different ranks somebody has."""
    return max((1, *(1 + rank for agent in instance.agents for _, rank in _ranks(agent))))


def _ranks(agent: Agent) -> Iterator[tuple[str, int]]:
    """Every wanted item with its rank, 0 first; what is worth the same has one rank."""
    for rank, tie in enumerate(agent.order):
        for item in tie:
            yield item, rank
    values = sorted({worth for _, worth in agent.worth}, reverse=True)
    for item, worth in agent.worth:
        yield item, values.index(worth)
