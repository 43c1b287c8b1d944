"""Folding sums variables that nothing tells apart; the bound stays true, and the answer can be dealt out again."""

from __future__ import annotations

import random
from itertools import product

import pytest

from foyer.scheduling import check, program, solve
from foyer.scheduling.folding import fold
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Limits, keep_quiet, never_stop
from foyer.scheduling.program import Program, goal, minimise
from foyer.scheduling.run import Run
from tests.scheduling.house import make_house
from tests.scheduling.village import village

ONE = Limits(seconds=60, workers=1, seed=3)


def seats(people: int, groups: int, most: int) -> tuple[Program, list[tuple[int, float]]]:
    """Alike people in alike groups: a place each, at most ``most`` in an open group, a point for each open one."""
    made = Program()
    opened = [made.integer() for _ in range(groups)]
    places = [[made.integer() for _ in range(groups)] for _ in range(people)]
    for own in places:
        made.row([(x, 1) for x in own], low=1, high=1)
    for g, o in enumerate(opened):
        made.row([*((own[g], 1) for own in places), (o, -most)], high=0)
    return made, [(o, 1) for o in opened]


def test_alike_people_in_alike_groups_fold_into_two_numbers() -> None:
    made, points = seats(people=12, groups=5, most=4)
    folding = fold(made, [goal("openings", points)])
    assert folding is not None
    assert len(folding.program.low) == 2
    assert len(folding.program.rows) == 2
    assert [c for _, c in folding.goals[0].entries] == [1]


def test_nothing_is_folded_where_everybody_is_different() -> None:
    made = Program()
    wishes = [(made.integer(), float(i)) for i in range(6)]
    made.row([(x, 1) for x, _ in wishes], low=2, high=2)
    assert fold(made, [goal("wishes", wishes)]) is None


def test_a_folded_answer_is_dealt_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "FOLD_FROM", 1)
    made, points = seats(people=12, groups=5, most=4)
    run = Run(Index(village()), ONE, keep_quiet, never_stop, stages=1)
    answer = minimise(run, "classes", made, [goal("openings", points)])
    assert made.satisfied_by(answer.values)
    assert [(level.value, level.bound) for level in answer.levels] == [(3, 3)]


@pytest.mark.parametrize("seed", range(30))
def test_folded_bounds_hold_against_enumeration(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small programs full of repetition: the levels' values and bounds are those of all solutions."""
    rng = random.Random(seed)
    made = Program()
    for _ in range(7):
        made.integer(0, rng.choice((1, 1, 2)))
    for _ in range(4):
        own = rng.sample(range(7), rng.choice((2, 3, 4)))
        low = rng.choice((0, 1))
        made.row([(v, 1) for v in own], low=low, high=rng.choice((low, low + 1, 3)))
    goals = [goal(name, [(v, rng.choice((0, 1, 1))) for v in range(7)]) for name in ("first", "second")]
    solutions = [v for v in product(*(range(int(h) + 1) for h in made.high)) if made.satisfied_by(v)]
    monkeypatch.setattr(program, "FOLD_FROM", 1)
    answer = minimise(Run(Index(village()), ONE, keep_quiet, never_stop, stages=1), "classes", made, goals)
    best = min(((goals[0].at(v), goals[1].at(v)) for v in solutions), default=None)
    assert answer.is_feasible == (best is not None)
    if best is not None:
        assert made.satisfied_by(answer.values)
        assert tuple(level.value for level in answer.levels) == best
        assert tuple(level.bound for level in answer.levels) == best


@pytest.mark.parametrize("seed", [2, 7])
def test_a_folded_house_has_the_same_levels(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = make_house(24, seed=seed)
    plain = solve(problem, ONE)
    monkeypatch.setattr(program, "FOLD_FROM", 1)
    folded = solve(problem, ONE)
    assert check(problem, folded) == ()
    for one, other in zip(plain.stages[:4], folded.stages[:4], strict=True):
        assert [(x.name, x.value, x.bound) for x in one.levels] == [(x.name, x.value, x.bound) for x in other.levels]
