"""Rows about the pages of the planning studio."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.rows.base import Figures, Row, Sizes, Verdict, case, spread

MOST = 150.0  # milliseconds of the server's time


def studio_rows(sizes: Sizes) -> tuple[Row, ...]:
    """What a hand waits for."""
    size = sizes.house
    return (
        Row(
            "boards",
            f"a card taken up at {size}: verdicts on every class, group, counsellor, room, hour or meeting",
            f"within {MOST:g} ms of the server's processor time; told beside an empty request",
            (case("studio.boards", residents=size, seed=1, each=8 if sizes.judged else 1),),
            _boards,
        ),
    )


def _boards(found: Sequence[Figures]) -> Verdict:
    asked = [a for f in found for a in f["answers"]]
    slowest = max(asked, key=lambda a: a["milliseconds"])
    taken = [a["milliseconds"] for a in asked]
    beside = [(name, found[0][key]) for name, key in (("an empty request", "empty"), ("/healthz", "health"))]
    ratios = [f"{spread((t / each for t in taken), '.1f')} times {name} ({each:.1f} ms)" for name, each in beside]
    today = f"{spread(taken, '.0f', ' ms')}, slowest {slowest['kind']}; {', '.join(ratios)}"
    return Verdict(today, slowest["milliseconds"] <= MOST)
