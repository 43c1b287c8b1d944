"""The next rise of leximin where losses take many values (bids): with CP-SAT, by the smallest largest loss among all
but those who are counted already. One search finds the value and proves it; trying values in turn would take many."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

from foyer.scheduling.cpsat import Searched, search, spoken
from foyer.scheduling.program import Program
from foyer.scheduling.run import Run

if TYPE_CHECKING:
    from ortools.sat.python import cp_model


class Losing(Protocol):
    """A person's loss: its value at a solution, its entries, its least and its most."""

    @property
    def least(self) -> int: ...

    @property
    def most(self) -> int: ...

    def at(self, values: Sequence[int]) -> int: ...

    def terms(self) -> tuple[int, list[tuple[int, int]]]: ...


@dataclass(frozen=True, slots=True)
class Held:
    """No more than ``count`` people lose ``value`` or more."""

    value: int
    count: int


@dataclass(frozen=True, slots=True)
class Found:
    """The best value found, what it is proven not to be below, and the solution."""

    value: int
    bound: int
    values: tuple[int, ...]


@dataclass(slots=True)
class _Model:
    model: cp_model.CpModel
    variables: list[Any]
    losses: list[Any]
    marks: list[dict[int, Any]] = field(default_factory=list)  # for each value held: who loses so much


def least_of_the_others(
    run: Run,
    stage: str,
    program: Program,
    people: Sequence[Losing],
    held: Sequence[Held],
    start: Sequence[int],
    seconds: float,
) -> Found:
    """The smallest value v such that beyond the people who are counted already nobody loses more than v."""
    fixed = held[-1].count if held else 0
    made = _model(program, people, held)
    lost = sorted((p.at(start) for p in people), reverse=True)
    least = sorted((p.least for p in people), reverse=True)[fixed]
    largest = made.model.new_int_var(least, lost[fixed], "largest")
    exempt = [made.model.new_bool_var("") for _ in people]
    made.model.add(sum(exempt) <= fixed)
    for i, loss in enumerate(made.losses):
        made.model.add(largest >= loss).only_enforce_if(exempt[i].negated())
        if made.marks and i in made.marks[-1]:
            made.model.add_implication(made.marks[-1][i], exempt[i])
    made.model.minimize(largest)
    found = _search(run, stage, made, start, seconds)
    if not found.is_feasible:
        return Found(lost[fixed], least, tuple(start))
    value = round(found.objective)
    bound = value if found.is_proven else max(least, math.ceil(found.bound - 1e-6))
    return Found(value, bound, _values(made, found))


def fewest_losing(
    run: Run,
    stage: str,
    program: Program,
    people: Sequence[Losing],
    held: Sequence[Held],
    value: int,
    start: Sequence[int],
    seconds: float,
) -> Found:
    """How few can lose the value or more, with the earlier counts held."""
    count = sum(p.at(start) >= value for p in people)
    made = _model(program, people, [*held, Held(value, count)])
    made.model.minimize(sum(made.marks[-1].values()))
    found = _search(run, stage, made, start, seconds)
    fixed = held[-1].count if held else 0
    if not found.is_feasible:
        return Found(count, fixed, tuple(start))
    fewest = round(found.objective)
    return Found(fewest, fewest if found.is_proven else max(fixed, math.ceil(found.bound - 1e-6)), _values(made, found))


def _model(program: Program, people: Sequence[Losing], held: Sequence[Held]) -> _Model:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    variables = spoken(model, program)
    losses = []
    for person in people:
        constant, entries = person.terms()
        losses.append(constant + sum(cost * variables[v] for v, cost in entries))
    made = _Model(model, variables, losses)
    for each in held:
        made.marks.append({i: model.new_bool_var("") for i, p in enumerate(people) if p.most >= each.value})
        for i, mark in made.marks[-1].items():
            model.add(losses[i] <= each.value - 1).only_enforce_if(mark.negated())
        model.add(sum(made.marks[-1].values()) <= each.count)
    for earlier, later in pairwise(made.marks):
        for i, mark in earlier.items():
            model.add_implication(mark, later[i])
    return made


def _search(run: Run, stage: str, made: _Model, start: Sequence[int], seconds: float) -> Searched:
    for variable, value in zip(made.variables, start, strict=False):
        made.model.add_hint(variable, value)
    return search(run, stage, made.model, seconds=seconds)


def _values(made: _Model, found: Searched) -> tuple[int, ...]:
    return tuple(found.value(v) for v in made.variables)
