"""Elastic programs: the rules of a stage with slack in each, at a price; then other slack than before (no-goods).

A way out is a cheapest choice of slack. The next way must leave out at least one *family* of relaxations of each way
before it, so that ways differ in kind; when no more kinds are possible, in the things concerned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from foyer.scheduling.program import Program, goal, minimise
from foyer.scheduling.relaxing.forms import Relaxation
from foyer.scheduling.run import Run

Entry = tuple[int, float]


@dataclass(frozen=True, slots=True)
class Slack:
    """A variable that loosens a rule. ``family``: what kind of relaxation; ``thing``: of what."""

    variable: int
    family: str
    thing: str
    price: float


@dataclass
class Elastic:
    """The program of one stage with its slack. ``read`` tells the relaxations of a solution."""

    stage: str
    program: Program = field(default_factory=Program)
    slacks: list[Slack] = field(default_factory=list)
    read: Callable[[Sequence[int]], list[Relaxation]] = lambda values: []

    def slack(self, family: str, thing: str, price: float, most: int = 1) -> int:
        variable = self.program.integer(0, most)
        self.slacks.append(Slack(variable, family, thing, price))
        return variable


@dataclass(frozen=True, slots=True)
class Loosened:
    """A cheapest choice of slack: its relaxations; none where nothing is needed."""

    relaxations: tuple[Relaxation, ...]
    values: tuple[int, ...]


def cheapest(run: Run, elastic: Elastic, most: int) -> Iterator[Loosened]:
    """Different ways, cheapest first as far as they differ in kind, then those that differ in things. Ends when there
    are no more, or at once where the stage needs no slack."""
    program, rows, seen = elastic.program, len(elastic.program.rows), list[tuple[int, ...]]()
    prices = goal("price", [(s.variable, s.price) for s in elastic.slacks], in_points=False)
    for by_family in (True, False):
        del program.rows[rows:]
        used = _used(elastic, by_family=by_family)
        for values in seen:
            _forbid(elastic, used, values, by_family=by_family)
        while len(seen) < most:
            answer = minimise(run, elastic.stage, program, [prices], share=0.25)
            if not answer.is_feasible:
                break
            seen.append(answer.values)
            yield Loosened(tuple(elastic.read(answer.values)), answer.values)
            if not _needed(elastic, answer.values):
                return
            _forbid(elastic, used, answer.values, by_family=by_family)


def _key(slack: Slack, *, by_family: bool) -> str:
    return slack.family if by_family else f"{slack.family} {slack.thing}"


def _needed(elastic: Elastic, values: Sequence[int]) -> list[Slack]:
    return [s for s in elastic.slacks if values[s.variable]]


def _used(elastic: Elastic, *, by_family: bool) -> dict[str, int]:
    """A variable for each kind of slack, or each thing, that is 1 where any of it is used."""
    used: dict[str, int] = {}
    for slack in elastic.slacks:
        key = _key(slack, by_family=by_family)
        if key not in used:
            used[key] = elastic.program.integer()
        elastic.program.row([(slack.variable, 1), (used[key], -elastic.program.high[slack.variable])], high=0)
    return used


def _forbid(elastic: Elastic, used: dict[str, int], values: Sequence[int], *, by_family: bool) -> None:
    keys = {_key(s, by_family=by_family) for s in _needed(elastic, values)}
    elastic.program.row([(used[key], 1) for key in sorted(keys)], high=len(keys) - 1)
