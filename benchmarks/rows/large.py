"""Rows about campuses, growth and networks of houses."""

from __future__ import annotations

import math
from collections.abc import Sequence

from benchmarks.rows.base import Case, Figures, Row, Sizes, Verdict, case, spread
from benchmarks.rows.house import NEVER


def large_rows(sizes: Sizes) -> tuple[Row, ...]:
    """Planning many residents."""
    small, large = sizes.campus
    first, second = sizes.campus_seconds
    return (
        Row(
            "500",
            f"{small}, one campus",
            f"certified gap at most 2 % in {first:g} s; rooms at most 5 %",
            tuple(_campus(sizes, small, seed) for seed in sizes.campus_seeds),
            _five_hundred,
        ),
        Row(
            "1000",
            f"{large}, one campus",
            f"everything placed, certified gap at most 5 % in {second:g} s",
            tuple(_campus(sizes, large, seed) for seed in sizes.campus_seeds[:1]),
            _thousand,
        ),
        Row(
            "growth",
            f"growth {sizes.growth[0]} to {sizes.growth[-1]}",
            "exponent at most 1.5",
            tuple(_campus(sizes, residents, 1) for residents in sizes.growth),
            _growth_of(sizes.growth),
        ),
        Row(
            "network",
            f"network of {sizes.network_beds}-bed houses: {', '.join(map(str, sizes.network))}",
            "linear in houses, spread over workers",
            tuple(
                case(
                    "engine.network",
                    patience=1800.0,
                    count=count,
                    residents=sizes.network_beds,
                    seed=1,
                    seconds=sizes.seconds,
                )
                for count in sizes.network
            ),
            _network,
        ),
    )


def _campus(sizes: Sizes, residents: int, seed: int) -> Case:
    seconds = sizes.campus_seconds[0 if residents <= sizes.campus[0] else 1]
    return case("engine.large_plan", house="campus", residents=residents, seed=seed, seconds=seconds)


def _percent(gap: float | None) -> float:
    return NEVER if gap is None else 100 * gap


def _stands(found: Sequence[Figures]) -> str:
    gaps = spread((_percent(f["gap"]) for f in found), ".2f", " %")
    rooms = spread((_percent(_rooms_gap(f)) for f in found), ".2f", " %")
    seconds = spread((f["seconds"] for f in found), ".0f", " s")
    return f"gap {gaps}, rooms {rooms}, {sum(f['unmet'] for f in found)} unmet needs, {seconds}"


def _rooms_gap(figures: Figures) -> float | None:
    rooms = figures["stages"].get("rooms")
    return rooms["gap"] if rooms else None


def _five_hundred(found: Sequence[Figures]) -> Verdict:
    good = all(_percent(f["gap"]) <= 2 and _percent(_rooms_gap(f)) <= 5 for f in found)
    return Verdict(_stands(found), good and not any(f["violations"] for f in found))


def _thousand(found: Sequence[Figures]) -> Verdict:
    good = all(_percent(f["gap"]) <= 5 and not f["unmet"] for f in found)
    return Verdict(_stands(found), good and not any(f["violations"] for f in found))


def _growth_of(sizes: Sequence[int]):  # type: ignore[no-untyped-def]
    def read(found: Sequence[Figures]) -> Verdict:
        """The slope of the logarithms of seconds over those of residents: until a complete plan within 5 % of the run's
        last was in hand. When it was within 5 % of the bound is told beside it; a small campus has so few ways to
        share its workshops that gaps remain, which no bound of the whole counts."""
        seconds = [f["good_complete"] for f in found]
        if len(seconds) < len(sizes) or None in seconds:
            return Verdict(f"seconds to a plan within 5 % of the last: {_listed(seconds)}; not all reached", False)
        exponent = slope([math.log(n) for n in sizes], [math.log(s) for s in seconds])
        certified = _listed([f["certified"] for f in found])
        today = (
            f"exponent {exponent:.2f}; seconds to a plan within 5 % of the last: {_listed(seconds)}; "
            f"within 5 % of the bound: {certified}"
        )
        return Verdict(today, exponent <= 1.5)

    return read


def _network(found: Sequence[Figures]) -> Verdict:
    """Linear: a house of the largest network takes no more than a quarter longer than one of the smallest."""
    each = [f["seconds"] / f["houses"] for f in found]
    complete = all(f["planned"] == f["houses"] and not f["unmet"] and not f["violations"] for f in found)
    last = found[-1]
    today = (
        f"seconds per house {', '.join(f'{s:.2f}' for s in each)} (each other house on its own processor); "
        f"{last['residents']} residents, {last['unmet']} unmet needs, gap {_percent(last['gap']):.2f} %"
    )
    return Verdict(today, complete and each[-1] <= 1.25 * each[0])


def _listed(seconds: Sequence[float | None]) -> str:
    return ", ".join("-" if s is None else f"{s:.1f}" for s in seconds)


def slope(xs: Sequence[float], ys: Sequence[float]) -> float:
    """Of the line of least squares."""
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)
