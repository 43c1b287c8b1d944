"""Loading the solvers ahead of the first question."""

from __future__ import annotations


def load_solvers() -> None:
    """OR-Tools takes a second to import, more where the disk is slow. Whoever needs it imports it again, at once."""
    import ortools.math_opt.python.mathopt
    import ortools.sat.python.cp_model  # noqa: F401
