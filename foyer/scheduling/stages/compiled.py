"""For loops compiled with Numba: the decorator, and random numbers that repeat. Imported only where such a loop is
used, since Numba takes about 100 MB and a second to load."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

Array = Any  # of numpy, whose types Numba infers


def compiled(function: Callable[..., Any]) -> Any:
    """Compiled without the interpreter's lock; kept on disk where that is possible."""
    try:
        return njit(nogil=True, cache=True)(function)
    except RuntimeError:  # no place to keep it: a read-only installation without a home
        return njit(nogil=True)(function)


@compiled
def random_bits(seed: Array) -> Any:
    """Marsaglia's xorshift with 64 bits. ``seed`` is an array of one number, not 0."""
    x = seed[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    seed[0] = x
    return x


@compiled
def below(seed: Array, limit: int) -> Any:
    """A random whole number from 0 to limit - 1."""
    return np.int64(((random_bits(seed) >> np.uint64(32)) * np.uint64(limit)) >> np.uint64(32))


@compiled
def unit(seed: Array) -> Any:
    """A random number above 0, at most 1."""
    return (np.float64(random_bits(seed) >> np.uint64(11)) + 1.0) * (1.0 / 9007199254740993.0)
