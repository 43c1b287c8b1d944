"""What a row of the table is: the work, the goal, the measurements it needs, and how they are read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

Figures = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One measurement, made in a process of its own. ``measure`` names a function, ``given`` its arguments."""

    measure: str
    given: tuple[tuple[str, Any], ...]
    patience: float = 300.0  # seconds after which the process has broken

    @property
    def key(self) -> str:
        return f"{self.measure} {json.dumps(dict(self.given))}"


def case(measure: str, *, patience: float = 300.0, **given: Any) -> Case:
    return Case(measure, tuple(given.items()), patience)


@dataclass(frozen=True)
class Verdict:
    """Today's figures in a few words, and whether they meet the goal (None: there is nothing to judge)."""

    today: str
    met: bool | None


@dataclass(frozen=True)
class Row:
    """``read`` gets the figures of the cases in their order; a case that broke is left out."""

    key: str
    work: str
    goal: str
    cases: tuple[Case, ...]
    read: Callable[[Sequence[Figures]], Verdict]


@dataclass(frozen=True)
class Sizes:
    """How large the houses of a run are, and how often and how long each is planned."""

    house: int = 120
    campus: tuple[int, int] = (500, 1000)
    growth: tuple[int, ...] = (120, 250, 500, 1000)
    network: tuple[int, ...] = (4, 12, 36)  # houses; NETWORK=10,40,90 reaches 10,000 residents
    network_beds: int = 110  # of each of them
    joint: tuple[int, ...] = (120,)
    joint_campus: tuple[int, ...] = (500, 1000)
    kinds: tuple[str, ...] = ("ordinary", "turnover")  # of houses, for memory and beside peers
    seconds: float = 60.0  # for a house, and for a baseline
    campus_seconds: tuple[float, float] = (60.0, 120.0)
    seeds: tuple[int, ...] = tuple(range(1, 11))  # of a house
    turnover_seeds: tuple[int, ...] = tuple(range(1, 6))
    campus_seeds: tuple[int, ...] = (1,)
    moments: int = 12  # at which a run is cancelled
    peer_seeds: tuple[int, ...] = (1, 2)
    public_share: float = 1.0  # of the limits of the public instances
    joint_share: float = 0.1  # of those again, beside the joint baseline
    public_least: float = 5.0  # seconds, however small the share
    public_files: int = 9  # of each family at most
    judged: bool = True


SMOKE = Sizes(
    house=24,
    campus=(20, 40),
    growth=(20, 40),
    network=(1, 2),
    network_beds=24,
    joint=(10,),
    joint_campus=(),
    kinds=("turnover",),
    seconds=2.0,
    campus_seconds=(2.0, 2.0),
    seeds=(1,),
    turnover_seeds=(1,),
    campus_seeds=(1,),
    moments=1,
    peer_seeds=(1,),
    public_share=0.01,
    public_least=3.0,
    public_files=1,
    judged=False,
)


def spread(values: Iterable[float], form: str = ".1f", unit: str = "") -> str:
    """Median and worst of several values, where more is worse."""
    listed = list(values)
    if not listed:
        return "none"
    if len(listed) == 1:
        return f"{listed[0]:{form}}{unit}"
    return f"{median(listed):{form}}{unit} (median), {max(listed):{form}}{unit} (worst of {len(listed)})"


def broken_in(figures: Any) -> list[str]:
    """The violations that any plan among the figures has, wherever they are nested."""
    if isinstance(figures, dict):
        own = list(figures.get("violations", ()))
        return own + [rule for value in figures.values() for rule in broken_in(value)]
    if isinstance(figures, list):
        return [rule for value in figures if isinstance(value, dict) for rule in broken_in(value)]
    return []
