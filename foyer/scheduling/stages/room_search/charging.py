"""Prices without any program: beds are charged for where too many would choose them, step by step (subgradient steps on
the Lagrangian relaxation of the beds). Within 1 or 2 % of the linear relaxation, in seconds, for any size; and whenever
it is broken off, what it has is a bound."""

from __future__ import annotations

import math
import time

import numpy as np

from foyer.scheduling.stages.room_search.case import Case
from foyer.scheduling.stages.room_search.relaxation import Prices

STEPS = 1500
FIRST_RISE, LEAST_RISE = 0.05, 1e-4  # of the bound: how much more a step aims at
PATIENCE = 15  # steps without a better bound, after which it aims at less
NOISE = 1e-3  # points: of equal rooms, others are chosen by everybody
MEMORY = 0.7  # of the last direction, kept


def charged(case: Case, until: float, seed: int) -> tuple[Prices, float]:
    """Prices, and the bound that they prove, by the moment ``until`` of the monotonic clock at the latest."""
    table = case.table
    is_held = np.array([i in case.pinned and bool(own) for i, own in enumerate(case.options)])
    nowhere = np.where(is_held, math.inf, case.heavy * np.array(case.unplaced, float))
    first, last = np.array([s.start for s in case.stays]), np.array([s.stop for s in case.stays])
    beds = np.array([float(room.beds) for room in case.rooms])[:, None]
    is_peak = np.array([span.is_peak for span in case.spans])
    noise = NOISE * np.random.default_rng(seed).random(table.shape)
    charge = np.zeros((len(case.rooms), len(case.spans)))
    direction = np.zeros_like(charge)
    best, best_prices, rise, failures = -math.inf, table, FIRST_RISE, 0
    for _ in range(STEPS):
        sums = np.pad(charge, ((0, 0), (1, 0))).cumsum(axis=1)
        loaded = table + (sums[:, last] - sums[:, first]).T
        least = np.minimum(loaded.min(axis=1, initial=math.inf), nowhere)
        bound = float(least.sum() - (beds * charge).sum())
        failures += 1
        if bound > best:
            failures = 0 if bound > best + LEAST_RISE * abs(best) else failures
            best, best_prices = bound, loaded - least[:, None]
        if failures > PATIENCE:
            rise, failures = rise / 2, 0
        if rise < LEAST_RISE or time.monotonic() > until:
            break
        excess = (_present(loaded + noise, nowhere, first, last, charge.shape) - beds) * is_peak
        excess[(excess < 0) & (charge <= 0)] = 0.0
        direction = excess + MEMORY * direction
        size = float((direction**2).sum())
        if size == 0:
            break
        charge = np.maximum(0.0, charge + (rise * max(1.0, abs(best)) + best - bound) / size * direction)
    return best_prices, best


def _present(prices: Prices, nowhere: Prices, first: Prices, last: Prices, shape: tuple[int, int]) -> Prices:
    """By room and span, how many would be there if everybody chose the cheapest."""
    chosen = prices.argmin(axis=1)
    there = prices[np.arange(len(chosen)), chosen] < nowhere
    change = np.zeros((shape[0], shape[1] + 1))
    np.add.at(change, (chosen[there], first[there]), 1.0)
    np.add.at(change, (chosen[there], last[there]), -1.0)
    return change.cumsum(axis=1)[:, :-1]
