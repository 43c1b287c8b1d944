"""Repair: the fewest changes from a published plan, from a given night on, the past untouched (s15, H14, L2)."""

from __future__ import annotations

from foyer.scheduling.repairing.changes import changes_between, is_counted, people_touched
from foyer.scheduling.repairing.engine import repair
from foyer.scheduling.repairing.request import Repaired, RepairRequest

__all__ = ["RepairRequest", "Repaired", "changes_between", "is_counted", "people_touched", "repair"]
