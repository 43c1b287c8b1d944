"""Many houses at once: the same plans as one by one, whatever happens to one of them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace

import pytest

from foyer.scheduling import check, solve
from foyer.scheduling.network import NetworkProgress, network_total, solve_network
from foyer.scheduling.plan import Limits, Outcome
from foyer.scheduling.problem import Problem
from tests.scheduling.house import make_house
from tests.scheduling.village import village

ONE = Limits(seconds=60, workers=1, seed=3)


def small(count: int) -> list[Problem]:
    return [replace(village(), name=f"village {i}", nights=28 + i) for i in range(count)]


@pytest.mark.parametrize("processes", [1, 2])
def test_a_network_has_the_plans_of_its_houses(processes: int) -> None:
    problems = [*small(2), make_house(16, seed=2)]
    houses = sorted(solve_network(problems, ONE, processes=processes), key=lambda house: house.number)
    assert [house.name for house in houses] == [problem.name for problem in problems]
    for house, problem in zip(houses, problems, strict=True):
        alone = solve(problem, ONE)
        assert house.plan is not None
        assert check(problem, house.plan) == ()
        assert (house.plan.score, house.plan.bound, house.plan.outcome) == (alone.score, alone.bound, alone.outcome)
        assert (house.plan.seats, house.plan.lodgings) == (alone.seats, alone.lodgings)
    total = network_total(houses)
    assert total.score == pytest.approx(sum(h.plan.score for h in houses if h.plan))
    assert total.bound == total.score
    assert total.outcome is Outcome.OPTIMAL


def test_a_house_that_contradicts_itself_does_not_stop_the_others() -> None:
    problems = [small(1)[0], village(nights=0), small(2)[1]]
    houses = sorted(solve_network(problems, ONE, processes=1), key=lambda house: house.number)
    assert [house.failure for house in houses] == ["", "invalid", ""]
    assert "nights" in houses[1].reason
    assert network_total(houses).bound is None


def test_a_worker_that_dies_loses_its_house_and_no_other() -> None:
    """The first house is large enough to be in work when its process is killed from outside."""
    import multiprocessing

    killed: list[int] = []

    def stop() -> bool:
        for process in multiprocessing.active_children():
            if not killed and process.pid:
                killed.append(process.pid)
                os.kill(process.pid, signal.SIGKILL)
        return False

    houses = list(solve_network([make_house(40), *small(2)], ONE, processes=1, stop=stop))
    assert [house.failure for house in houses] == ["process_ended", "", ""]


def test_a_cancelled_network_hands_out_what_it_has_and_reads_no_further() -> None:
    read: list[int] = []

    def many() -> Iterator[Problem]:
        for i in range(1000):
            read.append(i)
            yield replace(village(), name=f"village {i}")

    ended: list[NetworkProgress] = []
    houses = list(solve_network(many(), ONE, processes=1, progress=ended.append, stop=lambda: len(ended) >= 2))
    assert len(read) <= len(houses) + 1 < 10
    assert [news.ended for news in ended] == list(range(1, len(houses) + 1))
    assert all(house.plan is not None for house in houses[:2])


def test_no_houses_are_a_network_too() -> None:
    assert list(solve_network([], ONE)) == []
