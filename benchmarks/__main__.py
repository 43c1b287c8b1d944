"""The goals table with today's figures: `make bench`.

    python -m benchmarks [--only ROW,...] [--seeds N] [--smoke] [--write] [--resume]

Every measurement runs in a fresh process, one after the other. Timings are told as ratios to something measured in the
same process, since seconds differ between machines. ``--smoke`` takes small houses, judges no time, and fails only
where something breaks: a broken rule, a false bound, a crash. A run that keeps its table also keeps each figure as it
comes, in ``results/partial.json``; ``--resume`` goes on with those of the same commit.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.machine import commit, described
from benchmarks.rows import all_rows
from benchmarks.rows.base import SMOKE, Case, Figures, Row, Sizes, Verdict, broken_in
from benchmarks.rows.public import missing

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    given = _arguments()
    sizes = SMOKE if given.smoke else Sizes()
    if given.seeds:
        seeds = tuple(range(1, given.seeds + 1))
        sizes = replace(sizes, seeds=seeds, turnover_seeds=seeds, campus_seeds=seeds)
    if given.network:
        sizes = replace(sizes, network=tuple(map(int, given.network.split(","))))
    if given.public_share:
        sizes = replace(sizes, public_share=given.public_share)
    rows = [row for row in all_rows(sizes) if not given.only or row.key in given.only.split(",")]
    started = time.monotonic()
    known = Known(RESULTS / "partial.json", resume=given.resume) if given.write else None
    found, broken = measured(rows, known)
    verdicts = [_read(row, found) for row in rows]
    text = _table(rows, verdicts, sizes) + _footer(time.monotonic() - started, broken)
    sys.stdout.write(text)
    if given.write:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "bench.md").write_text(text, encoding="utf-8")
        (RESULTS / "bench.json").write_text(_json(rows, verdicts, found), encoding="utf-8")
    sys.exit(1 if broken else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="The goals table with today's figures.")
    parser.add_argument("--only", help="rows by key, separated by commas")
    parser.add_argument(
        "--seeds", type=int, help="how many seeds of each house (10, 5 with high turnover, 1 of a campus)"
    )
    parser.add_argument("--network", help="how many houses the networks have, separated by commas")
    parser.add_argument("--public-share", type=float, help="share of the public instances' time limits")
    parser.add_argument("--smoke", action="store_true", help="small houses, about a minute, no times judged")
    parser.add_argument("--write", action="store_true", help="keep table and figures in benchmarks/results")
    parser.add_argument("--resume", action="store_true", help="with --write: go on where a run of this commit ended")
    return parser.parse_args()


class Known:
    """Figures of a run that has not ended yet, in a file, with the commit that they were measured at."""

    def __init__(self, path: Path, *, resume: bool) -> None:
        self._path, self._commit = path, commit()
        kept = json.loads(path.read_text(encoding="utf-8")) if resume and path.exists() else {}
        self.figures: dict[str, Figures] = kept.get("figures", {}) if kept.get("commit") == self._commit else {}

    def keep(self, key: str, figures: Figures) -> None:
        self.figures[key] = figures
        self._path.parent.mkdir(exist_ok=True)
        self._path.write_text(json.dumps({"commit": self._commit, "figures": self.figures}), encoding="utf-8")


def measured(rows: Sequence[Row], known: Known | None = None) -> tuple[dict[str, Figures], list[str]]:
    """The figures of every case by its key, each measured once, and what broke. What is ``known`` is not measured
    again."""
    cases = list(dict.fromkeys(c for row in rows for c in row.cases))
    found: dict[str, Figures] = {}
    broken = []
    for number, each in enumerate(cases, 1):
        started = time.monotonic()
        if known and each.key in known.figures:
            figures, error = known.figures[each.key], ""
        else:
            figures, error = _run(each)
            if known and figures and not error:
                known.keep(each.key, figures)
        sys.stderr.write(f"{number}/{len(cases)} {each.key}: {time.monotonic() - started:.0f} s {error}\n")
        rules = broken_in(figures)
        if error or rules:
            broken.append(f"{each.key}: {error or ', '.join(rules)}")
        if figures:
            found[each.key] = figures
    return found, broken


def _run(each: Case) -> tuple[Figures, str]:
    command = [sys.executable, "-m", "benchmarks.worker", each.measure, json.dumps(dict(each.given))]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=each.patience, check=False)
    except subprocess.TimeoutExpired:
        return {}, f"no answer in {each.patience:g} s"
    if done.returncode:
        return {}, (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
    return json.loads(done.stdout.strip().splitlines()[-1]), ""


def _read(row: Row, found: dict[str, Figures]) -> Verdict:
    figures = [found[c.key] for c in row.cases if c.key in found]
    if len(figures) < len(row.cases):
        return Verdict(f"{len(row.cases) - len(figures)} of {len(row.cases)} measurements broke", False)
    return row.read(figures)


def _table(rows: Sequence[Row], verdicts: Sequence[Verdict], sizes: Sizes) -> str:
    lines = ["| Row | Work | Goal | Today | Met |", "|---|---|---|---|---|"]
    for row, verdict in zip(rows, verdicts, strict=True):
        met = {True: "yes", False: "no", None: "-"}[verdict.met] if sizes.judged else "not judged"
        lines.append(f"| {row.key} | {row.work} | {row.goal} | {verdict.today} | {met} |")
    return "# The engine, measured\n\n" + "\n".join(lines) + "\n"


def _footer(seconds: float, broken: Sequence[str]) -> str:
    lines = [f"\n{described()} The whole run took {seconds / 60:.1f} minutes.\n"]
    lines += [f"\n{line}\n" for line in (missing(),) if line]
    lines += [f"\nBroken: {each}\n" for each in broken]
    return "".join(lines)


def _json(rows: Sequence[Row], verdicts: Sequence[Verdict], found: dict[str, Figures]) -> str:
    told = [
        {"row": row.key, "work": row.work, "goal": row.goal, "today": v.today, "met": v.met}
        for row, v in zip(rows, verdicts, strict=True)
    ]
    return json.dumps({"machine": described(), "rows": told, "figures": found}, indent=1) + "\n"


if __name__ == "__main__":
    main()
