"""The planning engine: pure, importable and usable alone. No Flask, no database, no clock but the limits.

``solve`` plans, ``check`` verifies a plan and knows no solver, ``shortages`` counts what is missing before
any solver runs. They are loaded when first asked for: importing this package costs nothing, OR-Tools is
loaded by ``solve``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from foyer.scheduling.answers.recommend import recommend as recommend
    from foyer.scheduling.answers.swaps import swaps as swaps
    from foyer.scheduling.answers.targets import targets as targets
    from foyer.scheduling.answers.verdict import verdict as verdict
    from foyer.scheduling.answers.what_if import what_if as what_if
    from foyer.scheduling.answers.why import explain as explain
    from foyer.scheduling.checker import check as check
    from foyer.scheduling.counting import shortages as shortages
    from foyer.scheduling.engine import solve as solve

__all__ = ["check", "explain", "recommend", "shortages", "solve", "swaps", "targets", "verdict", "what_if"]

_HOMES = {
    "explain": "foyer.scheduling.answers.why",
    "recommend": "foyer.scheduling.answers.recommend",
    "swaps": "foyer.scheduling.answers.swaps",
    "targets": "foyer.scheduling.answers.targets",
    "verdict": "foyer.scheduling.answers.verdict",
    "what_if": "foyer.scheduling.answers.what_if",
    "check": "foyer.scheduling.checker",
    "shortages": "foyer.scheduling.counting",
    "solve": "foyer.scheduling.engine",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
