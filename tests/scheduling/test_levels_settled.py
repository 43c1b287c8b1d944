"""What a proven level settles is left out of the levels behind it: their optima stay the same (program, reducing)."""

from __future__ import annotations

import random
from itertools import product

import pytest

from foyer.scheduling import program
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Limits, keep_quiet, never_stop
from foyer.scheduling.program import Goal, Program, goal, minimise
from foyer.scheduling.reducing import Reduced, reduced
from foyer.scheduling.run import Run
from tests.scheduling.village import village

ONE = Limits(seconds=60, workers=1, seed=3)


def run() -> Run:
    return Run(Index(village()), ONE, keep_quiet, never_stop, stages=1)


def random_program(seed: int) -> tuple[Program, list[Goal]]:
    """Five people, each in one of two places or none; three sums over them, some with hundredths."""
    rng = random.Random(seed)
    made = Program()
    pairs = [(made.integer(), made.integer(), made.integer()) for _ in range(5)]
    for own in pairs:
        made.row([(x, 1) for x in own], low=1, high=1)
    made.row([(own[0], rng.choice((1, 2))) for own in pairs], high=3)
    made.row([(own[1], 1) for own in pairs], low=1, high=2)
    everything = [x for own in pairs for x in own]
    unit = rng.choice((1, 0.25))
    goals = [
        goal(name, [(x, unit * rng.randint(0, 4)) for x in everything], in_points=name != "b")
        for name in ("a", "b", "c")
    ]
    return made, goals


def best_by_enumeration(made: Program, goals: list[Goal]) -> list[float]:
    ways = product((0, 1), repeat=len(made.low))
    return list(min(tuple(round(g.at(v), 4) for g in goals) for v in ways if made.satisfied_by(v)))


@pytest.mark.parametrize("seed", range(25))
def test_levels_behind_a_settled_one_are_what_enumeration_finds(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "COMPACT", 1.0)  # leave out whatever is settled, however little
    made, goals = random_program(seed)
    answer = minimise(run(), "classes", made, goals)
    assert [level.value for level in answer.levels] == pytest.approx(best_by_enumeration(made, goals))
    assert answer.is_proven
    assert made.satisfied_by(answer.values)
    assert [round(g.at(answer.values), 4) for g in goals] == pytest.approx([level.value for level in answer.levels])


def test_something_is_left_out_where_the_first_level_decides_much(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[Reduced] = []
    settled = program._settled_part

    def watched(*given: object) -> Reduced | None:
        small = settled(*given)  # type: ignore[arg-type]
        if small is not None:
            left.append(small)
        return small

    monkeypatch.setattr(program, "_settled_part", watched)
    made = Program()
    people = [(made.integer(), made.integer()) for _ in range(8)]
    for here, there in people:
        made.row([(here, 1), (there, 1)], low=1, high=1)
    first = goal("changes", [(there, 10.0) for _, there in people[:6]])
    second = goal("wishes", [(here, 1.0) for here, _ in people])
    made.row([(there, 1) for _, there in people], low=1)
    answer = minimise(run(), "classes", made, [first, second])
    assert [level.value for level in answer.levels] == [0, 6]
    assert [len(small.program.low) for small in left] == [4]


def test_a_solution_of_the_whole_that_moves_what_is_settled_is_none_of_the_part() -> None:
    made = Program()
    a, b, c = made.integer(), made.integer(), made.integer()
    made.row([(a, 1), (b, 1)], low=1, high=1)
    small = reduced(made, [a])
    assert small is not None
    assert small.kept == (c,)
    assert small.held((0, 1, 1)) == (1,)
    assert small.held((1, 0, 1)) is None
