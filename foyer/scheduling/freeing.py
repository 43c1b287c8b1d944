"""Freed memory goes back to the system, so that a small server can plan beside its other work."""

from __future__ import annotations

import ctypes
from functools import cache

_TRIM_THRESHOLD = -1  # mallopt(3), M_TRIM_THRESHOLD
_KEPT = 1 << 20  # bytes


@cache
def free_at_once() -> bool:
    """Have the C library hand freed memory back, keeping a megabyte at most; once for each process. By itself glibc
    keeps more with every large block that was freed (mallopt(3), "dynamic mmap threshold"), and a plan frees many: it
    takes a tenth of the peak. False where the C library has no such setting."""
    try:
        return bool(ctypes.CDLL(None).mallopt(_TRIM_THRESHOLD, _KEPT))
    except (OSError, AttributeError):
        return False
