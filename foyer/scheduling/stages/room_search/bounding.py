"""How the search raises its bound: the plain relaxation, rounds of cuts about genders, whole genders at the end."""

from __future__ import annotations

import math
import time

import numpy as np

from foyer.scheduling.linear import Limit, minimise_once
from foyer.scheduling.stages.room_search.case import Columns
from foyer.scheduling.stages.room_search.charging import charged
from foyer.scheduling.stages.room_search.hand import Hand
from foyer.scheduling.stages.room_search.pricing import priced
from foyer.scheduling.stages.room_search.relaxation import Prices, Relaxation

STALL = 2e-4  # a smaller growth of the bound, relative, is none
STALLS = 2  # rounds without growth, after which it ends
PROOF_COLUMNS, PROOF_ROUNDS = 20000, 4


def price(hand: Hand, until: float) -> None:
    """Prices over all columns, as good as the time up to the moment ``until`` of the monotonic clock allows."""
    hand.know(*charged(hand.case, until, hand.effort.seed))
    for prices, bound in priced(hand.case, hand.prices, until, hand.effort.seed):
        hand.know(prices, bound)
        if bound >= hand.priced_from:
            hand.has_prices = True
        if hand.is_over():
            return


def tighten(hand: Hand, columns: Columns, until: float) -> None:
    """Rounds of cuts and columns, until the relaxation stalls or the moment ``until`` of the monotonic clock comes."""
    relaxation = Relaxation(hand.case, columns)
    before, stalled = -math.inf, 0
    while stalled < STALLS and not hand.is_over():
        if not relaxation.solve(min(until - time.monotonic(), hand.effort.left), hand.effort.seed):
            return
        assert relaxation.solved is not None
        prices, bound = relaxation.proven()
        hand.know(prices, bound)
        value = relaxation.solved.bound
        stalled = stalled + 1 if value < before + STALL * abs(value) else 0
        before = max(before, value)
        missing = relaxation.missing(prices)
        if not relaxation.tighten() and not any(missing):
            return
        relaxation.extend(missing)


def prove(hand: Hand) -> None:
    """The bound with whole genders, over the columns that a better plan could use, if they are few enough."""
    columns = [np.flatnonzero(own <= hand.price_gap).tolist() for own in hand.prices]
    if hand.is_over() or sum(map(len, columns)) > PROOF_COLUMNS:
        return
    relaxation = Relaxation(hand.case, columns)
    for _ in range(PROOF_ROUNDS):
        if not relaxation.solve(hand.effort.left, hand.effort.seed) or not relaxation.tighten():
            break
    hand.prove(minimise_once(relaxation.program, Limit(hand.effort.left, seed=hand.effort.seed)).bound)


def nearest(prices: Prices, average: int) -> Columns:
    """By person the rooms below one price, which is such that the average person has so many; at least the cheapest."""
    every = np.sort(prices[prices < math.inf])
    most = every[min(every.size - 1, average * len(prices))] if every.size else 0.0
    least = prices.min(axis=1, initial=math.inf)
    is_near = (prices <= np.maximum(most, least)[:, None]) & (prices < math.inf)
    return [np.flatnonzero(own).tolist() for own in is_near]
