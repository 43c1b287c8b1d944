"""The rows of the goals table, in its order."""

from __future__ import annotations

from benchmarks.rows.base import Row, Sizes
from benchmarks.rows.files import file_rows
from benchmarks.rows.house import house_rows
from benchmarks.rows.large import large_rows
from benchmarks.rows.peers import peer_rows
from benchmarks.rows.public import public_rows
from benchmarks.rows.studio import studio_rows


def all_rows(sizes: Sizes) -> tuple[Row, ...]:
    """Every row, for houses of these sizes."""
    return (
        *house_rows(sizes),
        *studio_rows(sizes),
        *file_rows(sizes),
        *large_rows(sizes),
        *peer_rows(sizes),
        *public_rows(sizes),
    )
