"""The weights of one draft: those of the house with some of them changed, and what counts as fair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from foyer.scheduling.problem import Problem, Weights

FAIRNESS = "fairness"


def weighed(problem: Problem, changed: Mapping[str, Any]) -> Problem:
    """The problem with these weights over its own, by name of ``Weights``, and ``fairness``; other names are passed
    over."""
    known = {field.name for field in fields(Weights)}
    own: dict[str, Any] = {
        name: tuple(points) if isinstance(points, list) else points for name, points in changed.items() if name in known
    }
    fairness = changed.get(FAIRNESS, problem.fairness)
    return replace(problem, weights=replace(problem.weights, **own), fairness=fairness)


def weighed_like(problem: Problem, other: Problem) -> Problem:
    """The problem with the weights and the fairness of another."""
    return replace(problem, weights=other.weights, fairness=other.fairness, fairness_of=other.fairness_of)
