"""The answer of a search for ways out, read back from its run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foyer.jobs.models import Run
from foyer.scheduling.plan import Outcome, Shortage
from foyer.scheduling.relaxing.forms import Got, ImpossibleAnswer, Relaxation, Rule, WayOut


def answer_of(run: Run) -> ImpossibleAnswer | None:
    """What the search found; None where it found nothing before it ended."""
    said = run.result.get("answer")
    if said is None:
        return None
    return ImpossibleAnswer(
        shortages=tuple(Shortage(s["code"], _pairs(s["values"]), tuple(s["residents"])) for s in said["shortages"]),
        ways=tuple(
            WayOut(
                tuple(
                    Relaxation(r["code"], _pairs(r["values"]), tuple(r["residents"]), r["points"])
                    for r in way["relaxations"]
                ),
                way["points"],
                Outcome(way["outcome"]),
                way["score"],
                way.get("changes"),
                way.get("people"),
                _got(way.get("got")),
            )
            for way in said["ways"]
        ),
        stage=said["stage"],
        rules=tuple(Rule(rule["family"], tuple(rule["who"])) for rule in said["rules"]),
        is_minimal=said["is_minimal"],
        is_possible=said["is_possible"],
        seconds=said["seconds"],
    )


def _got(said: Mapping[str, Any] | None) -> Got | None:
    """None for a way that was stored before figures were kept."""
    if said is None:
        return None
    first, second, third, later = said["ranks"]
    return Got((first, second, third, later), tuple(said["unlisted"]), tuple(said["without"]))


def _pairs(values: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((name, value) for name, value in values)
