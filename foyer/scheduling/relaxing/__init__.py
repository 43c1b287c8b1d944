"""Impossible: why a house cannot be planned in full, and the cheapest ways out in its own words (output e)."""

from __future__ import annotations

from foyer.scheduling.relaxing.apply import relaxed
from foyer.scheduling.relaxing.forms import ImpossibleAnswer, Prices, Relaxation, Rule, WayOut
from foyer.scheduling.relaxing.mending import ways_to_repair
from foyer.scheduling.relaxing.ways import ways_out

__all__ = ["ImpossibleAnswer", "Prices", "Relaxation", "Rule", "WayOut", "relaxed", "ways_out", "ways_to_repair"]
