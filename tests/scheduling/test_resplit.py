"""Caseloads shared out again for given times, so that appointments fall into the day (stages/resplit.py)."""

from __future__ import annotations

import pytest

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Caseload, Level, Limits, keep_quiet, never_stop
from foyer.scheduling.problem import Counsellor, Problem
from foyer.scheduling.run import Run
from foyer.scheduling.stages.appointments import Booked, book_appointments
from foyer.scheduling.stages.counsellors import Caseloads
from foyer.scheduling.stages.resplit import share_out_again
from tests.scheduling.village import resident, village

PERIODS = ("d0a", "d0b", "d0c", "d0e", "d1a", "d1b", "d1c", "d1e")


def only(*periods: str) -> tuple[str, ...]:
    """Unavailable in all others."""
    return tuple(p for p in PERIODS if p not in periods)


def house() -> Problem:
    """Ann sees kim in the evening, though lou is free when she is, and kim is free when bea is. Cal has max."""
    return village(
        residents=(
            resident("ann", needs_room=False, needs_vocational=False, unavailable=only("d0a", "d0e")),
            resident("bea", needs_room=False, needs_vocational=False, unavailable=only("d0b")),
            resident("cal", needs_room=False, needs_vocational=False),
        ),
        counsellors=(
            Counsellor("kim", "female", 1, unavailable=only("d0b", "d0e")),
            Counsellor("lou", "male", 1, unavailable=only("d0a", "d0b")),
            Counsellor("max", "male", 1),
        ),
    )


CASES = (Caseload("ann", "kim"), Caseload("bea", "lou"), Caseload("cal", "max"))
LEVELS = tuple(Level(name, value, value, "optimal", "HiGHS") for name, value in (("unplaced", 0), ("l", 1), ("w", 0)))


def booked(problem: Problem, cases: tuple[Caseload, ...]) -> Booked:
    return book_appointments(run_of(problem), (), cases, ())


def run_of(problem: Problem) -> Run:
    return Run(Index(problem), Limits(seconds=60, workers=1), keep_quiet, never_stop, 6)


@pytest.mark.parametrize("late", [(), ("ann",)], ids=["everybody", "those of the evening"])
def test_two_residents_change_counsellors_so_that_nobody_comes_in_the_evening(late: tuple[str, ...]) -> None:
    problem = house()
    assert booked(problem, CASES).levels[1].value == 1
    again = share_out_again(run_of(problem), Caseloads(CASES, (), LEVELS), {}, late)
    assert booked(problem, again.caseloads).levels[1].value == 0
    assert again.levels[1].value == 1
    assert booked(problem, again.caseloads).unmet == ()


def test_an_exchange_for_an_evening_concerns_nobody_elses_counsellor() -> None:
    problem = house()
    again = share_out_again(run_of(problem), Caseloads(CASES, (), LEVELS), {}, ("ann",))
    assert {(c.resident, c.counsellor) for c in again.caseloads} == {("ann", "lou"), ("bea", "kim"), ("cal", "max")}
