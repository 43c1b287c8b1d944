"""Each rule of the checker, broken, in a sentence (docs/engine.md, section 3). For managers: it names residents.

A rule may be told without those who break it (``would_break``, reasons of a repair): then the sentence speaks of "a
resident" and "a class".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from foyer.cycles.words.names import HouseNames, whole
from foyer.cycles.words.rules_people import PEOPLE
from foyer.cycles.words.rules_week import WEEK
from foyer.cycles.words.said import Said
from foyer.scheduling.checker.naming import named
from foyer.scheduling.plan import Violation

Named = Sequence[tuple[str, str]]  # kind and id
RULES = {**PEOPLE, **WEEK}


def violation_words(violation: Violation, names: HouseNames) -> str:
    """A broken rule with all that it names. Raises KeyError for a rule without a sentence."""
    return rule_sentence(violation.rule, named(violation), violation.when, names)


def rule_sentence(rule: str, things: Named, when: str, names: HouseNames) -> str:
    """A broken rule, with the things that are known of it."""
    ids: dict[str, list[str]] = defaultdict(list)
    for kind, id_ in things:
        ids[kind].append(id_)
    return whole(RULES[rule](Said(ids, when, names)))


def broken_lines(broken: Sequence[Violation], names: HouseNames) -> tuple[str, ...]:
    """Several broken rules, each sentence once; that two people share a bed is not told of a room with too few."""
    full = {v.who[0] for v in broken if v.rule == "room_capacity"}
    told = (v for v in broken if v.rule != "bed_twice" or v.who[0] not in full)
    return tuple(dict.fromkeys(violation_words(v, names) for v in told))
