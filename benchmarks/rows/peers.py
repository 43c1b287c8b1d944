"""Rows in which the engine stands beside what somebody would use instead."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.rows.base import Figures, Row, Sizes, Verdict, case


def peer_rows(sizes: Sizes) -> tuple[Row, ...]:
    """Same problems, same limits, one run."""
    seconds = sizes.seconds
    patience = 4 * seconds + 240
    houses = [("ordinary", n) for n in sizes.joint] + [("turnover", sizes.joint[-1])]
    houses += [("campus", n) for n in sizes.joint_campus]
    kinds = [(kind, sizes.house) for kind in sizes.kinds]
    return (
        Row(
            "joint",
            "a plain joint CP-SAT model, " + ", ".join(f"{house} {n}" for house, n in houses),
            f"better on every instance, {seconds:g} s each",
            tuple(
                case("peers.against_joint", patience=patience, house=house, residents=n, seed=seed, seconds=seconds)
                for house, n in houses
                for seed in sizes.peer_seeds[:1]
            ),
            _joint,
        ),
        Row(
            "highs",
            f"HiGHS alone on each stage, {', '.join(f'{kind} {n}' for kind, n in kinds)}",
            "never worse, in value or in proof",
            tuple(
                case(
                    "peers.against_highs",
                    patience=patience,
                    house=house,
                    residents=n,
                    seed=seed,
                    seconds=seconds / 2,
                )
                for house, n in kinds
                for seed in sizes.peer_seeds[:1]
            ),
            _highs,
        ),
    )


def _joint(found: Sequence[Figures]) -> Verdict:
    better = sum(f["better"] for f in found)
    pairs = "; ".join(
        f"score {f['ours']['score']:g} and {f['ours']['unmet']} unmet in {f['ours']['seconds']:.1f} s "
        f"against {_theirs(f['theirs'])}"
        for f in found
    )
    return Verdict(f"better on {better} of {len(found)}: {pairs}", better == len(found))


def _theirs(figures: Figures) -> str:
    if "score" not in figures:
        return f"no plan ({figures['outcome']})"
    return f"{figures['score']:g} and {figures['unmet']} in {figures['seconds']:.0f} s"


def _highs(found: Sequence[Figures]) -> Verdict:
    worse = [name for f in found for name, s in f["stages"].items() if not s["not_worse"]]
    mine = sum(s["ours_proven"] for f in found for s in f["stages"].values())
    theirs = sum(s["theirs_proven"] for f in found for s in f["stages"].values())
    count = sum(len(f["stages"]) for f in found)
    ours = sum(s["ours_seconds"] or 0.0 for f in found for s in f["stages"].values())
    alone = sum(s["theirs_seconds"] for f in found for s in f["stages"].values())
    today = (
        f"worse in {len(worse)} of {count} stages {worse or ''}; proven {mine} against {theirs}; "
        f"{ours:.1f} s against {alone:.1f} s"
    )
    return Verdict(today, not worse)
