"""Rows about the pages of residents' files."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.rows.base import Figures, Row, Sizes, Verdict, case, spread

MOST = 5.0  # times an empty page


def file_rows(sizes: Sizes) -> tuple[Row, ...]:
    """What a house with long files waits for."""
    residents, notes = (500, 20_000) if sizes.judged else (40, 200)
    return (
        Row(
            "files",
            f"lists of a house of {residents} residents with {notes:,} notes of counselling, caseloads of 30, and "
            f"{notes // 10:,} lines in each register",
            f"at most {MOST:g} times the processor time of an empty signed-in page",
            (case("files.lists", residents=residents, caseload=30, notes=notes),),
            _lists,
        ),
    )


def _lists(found: Sequence[Figures]) -> Verdict:
    answers = [(a, a["milliseconds"] / a["empty"]) for f in found for a in f["answers"]]
    slowest, most = max(answers, key=lambda answer: answer[1])
    queries = [a["queries"] for a, _ratio in answers]
    today = (
        f"{spread([ratio for _a, ratio in answers], '.1f')} times an empty page asked between, "
        f"most for the {slowest['page']} ({slowest['milliseconds']:.0f} of "
        f"{slowest['empty']:.0f} ms); {spread(queries, '.0f')} queries"
    )
    return Verdict(today, most <= MOST)
