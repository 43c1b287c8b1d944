"""What a chain of moves changes of leximin, counted over everything that residents lose.

Where residents are to get classes and electives, leximin weighs both together; the program of one of them cannot know
its levels. They are counted from the seats before and after instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from foyer.scheduling.answers.editing import reseated
from foyer.scheduling.answers.exchange import Chain
from foyer.scheduling.answers.forms import LevelPrice, Price
from foyer.scheduling.answers.kept_times import KIND_OF_NEED
from foyer.scheduling.answers.stages import StagePrices
from foyer.scheduling.choices import CHOSEN
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Plan, Seat
from foyer.scheduling.stages.places import is_leximin


def weighs_both(index: Index) -> bool:
    """Whether leximin compares what is lost in classes and in electives together."""
    problem = index.problem
    both = any(r.electives for r in problem.residents) and any(r.needs_vocational for r in problem.residents)
    return is_leximin(problem, CHOSEN) and both


def with_losses(index: Index, plan: Plan, stage: StagePrices, need: str, price: Price, chain: Chain) -> Price:
    """The price with the level of losses that the chain changes, behind the needs left open."""
    if need not in ("class", "elective") or not weighs_both(index):
        return price
    after = reseated(index, plan, stage.kept.exchange.after(chain.moves), KIND_OF_NEED[need])
    own = [level for level in price.levels if not level.level.startswith("lost_")]
    first = [level for level in own if level.level == "unplaced"]
    return replace(price, levels=(*first, *_changed(index, stage.stage, plan.seats, after), *own[len(first) :]))


def _changed(index: Index, stage: str, before: Iterable[Seat], after: Iterable[Seat]) -> list[LevelPrice]:
    """The first level of leximin that differs: how many lose so much or more."""
    old, new = (index.choices.fairness(seats) for seats in (before, after))
    for a, b in zip(old, new, strict=True):
        if a != b:
            most = max(a, b)
            counts = (float(sum(x >= most for x in losses)) for losses in (old, new))
            return [LevelPrice(stage, f"lost_{most}", *counts)]
    return []
