"""The plain relaxation, beds only, over all columns: solved on a few of them, with those that would help added until
none does. Far smaller than the whole, so that prices and a first bound are there within seconds."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import numpy as np

from foyer.scheduling.stages.room_search.case import Case
from foyer.scheduling.stages.room_search.relaxation import Prices, Relaxation

FIRST = 12  # columns per person to begin with


def unloaded(case: Case) -> tuple[Prices, float]:
    """Prices and bound as if there were beds for everybody everywhere."""
    is_held = [i in case.pinned and bool(own) for i, own in enumerate(case.options)]
    nowhere = [math.inf if held else case.heavy * lost for held, lost in zip(is_held, case.unplaced, strict=True)]
    least = np.minimum(case.table.min(axis=1, initial=math.inf), nowhere)
    return case.table - least[:, None], float(least.sum())


def priced(case: Case, first: Prices, until: float, seed: int) -> Iterator[tuple[Prices, float]]:
    """Prices and the bound that they prove, round by round, from the cheapest columns by the ``first`` prices on;
    the last ones are the plain relaxation's unless the moment ``until`` of the monotonic clock came before."""
    columns = _cheapest(case, first, seed)
    while True:
        relaxation = Relaxation(case, columns, plain=True)
        if not relaxation.solve(until - time.monotonic(), seed):
            return
        prices, bound = relaxation.proven()
        yield prices, bound
        missing = relaxation.missing(prices)
        if not any(missing):
            return
        columns = [[*own, *more] for own, more in zip(columns, missing, strict=True)]


def _cheapest(case: Case, prices: Prices, seed: int) -> list[list[int]]:
    """The cheapest columns of each person; of equally cheap ones, others for everybody."""
    noise = np.random.default_rng(seed).random(prices.shape)
    order = np.lexsort((noise, prices))[:, :FIRST]
    return [[j for j in own if j in case.options[i]] for i, own in enumerate(order.tolist())]
