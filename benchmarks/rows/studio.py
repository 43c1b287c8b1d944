"""Rows about the pages of the planning studio."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.rows.base import Figures, Row, Sizes, Verdict, case, spread

MOST = 150.0  # milliseconds of the server's time
A_SECOND = 1000.0  # milliseconds


def studio_rows(sizes: Sizes) -> tuple[Row, ...]:
    """What a hand waits for."""
    size, each = sizes.house, 8 if sizes.judged else 1
    return (
        Row(
            "boards",
            f"a card taken up at {size}: verdicts on every class, group, counsellor, room, hour or meeting",
            f"within {MOST:g} ms of the server's processor time; told beside an empty request",
            (case("studio.boards", residents=size, seed=1, each=each),),
            _boards,
        ),
        Row(
            "questions",
            f"why, other places, what if, swaps and recommend at {size}, as pages of a planned draft",
            "every answer within a second of the server's processor time",
            (case("studio.pages", residents=size, seed=1, each=each, seconds=sizes.seconds),),
            lambda found: _pages(found, A_SECOND),
        ),
        Row(
            "studio-500",
            f"the same pages and the boards at {sizes.campus[0]}",
            "still usable: every page within two seconds of the server's processor time",
            (case("studio.pages", residents=sizes.campus[0], seed=1, each=max(1, each // 2)),),
            lambda found: _pages(found, 2 * A_SECOND),
        ),
    )


def _pages(found: Sequence[Figures], most: float) -> Verdict:
    asked = [a for f in found for a in f["answers"]]
    slowest = max(asked, key=lambda a: a["milliseconds"])
    empty = found[0]["empty"]
    by_page: dict[str, list[float]] = {}
    for answer in asked:
        by_page.setdefault(answer["page"], []).append(answer["milliseconds"])
    worst = sorted(((max(taken), name) for name, taken in by_page.items()), reverse=True)[:4]
    today = (
        f"{spread((a['milliseconds'] for a in asked), '.0f', ' ms')}, {slowest['milliseconds'] / empty:.0f} times an "
        f"empty request ({empty:.1f} ms); slowest: {', '.join(f'{name} {taken:.0f} ms' for taken, name in worst)}"
    )
    return Verdict(today, slowest["milliseconds"] <= most)


def _boards(found: Sequence[Figures]) -> Verdict:
    asked = [a for f in found for a in f["answers"]]
    slowest = max(asked, key=lambda a: a["milliseconds"])
    taken = [a["milliseconds"] for a in asked]
    beside = [(name, found[0][key]) for name, key in (("an empty request", "empty"), ("/healthz", "health"))]
    ratios = [f"{spread((t / each for t in taken), '.1f')} times {name} ({each:.1f} ms)" for name, each in beside]
    today = f"{spread(taken, '.0f', ' ms')}, slowest {slowest['kind']}; {', '.join(ratios)}"
    return Verdict(today, slowest["milliseconds"] <= MOST)
