"""Rooms where wishes differ from room to room: the search and its bound, and the exact program, against enumeration."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from foyer.scheduling import check, linear, shortages, solve
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Limits, Outcome, Plan
from foyer.scheduling.problem import KeepApart, KeepTogether, Pin, Problem, Resident, Room, Weights
from foyer.scheduling.run import Incumbent, Run
from foyer.scheduling.stages import rooms as stage
from foyer.scheduling.stages.room_search import annealing, climbing, kernel, pricing
from foyer.scheduling.stages.room_search import relaxation as relaxing
from foyer.scheduling.stages.room_search import search as searching
from foyer.scheduling.stages.room_search.case import NOWHERE, Case, genders, is_sound, worth
from foyer.scheduling.stages.room_search.charging import charged
from foyer.scheduling.stages.room_search.greedy import greedy
from foyer.scheduling.stages.room_search.hand import Hand
from foyer.scheduling.stages.room_search.part import majorities
from foyer.scheduling.stages.room_search.relaxation import Relaxation, rounded
from foyer.scheduling.stages.room_search.search import Effort, RoomSearch
from foyer.scheduling.stages.room_search.stage import is_for_search
from tests.scheduling.brute import best_rooms

REPEATABLE = Limits(seconds=60, workers=1, seed=1)
EVERY_WAY = 4**5  # five people, each in one of three rooms or in none
FEATURES = ("quiet", "view", "desk")


def tiny(seed: int, people: int = 5) -> Problem:
    """Few enough rooms and people to try everything: all policies, wishes, prices, pins, pairs, closed nights."""
    chance = random.Random(seed)
    residents = []
    for i in range(people):
        arrives = chance.randrange(5)
        wishes = tuple((f, chance.randrange(1, 6)) for f in FEATURES if chance.random() < 0.5)
        residents.append(
            Resident(
                f"r{i}",
                chance.choice(("female", "male")),  # type: ignore[arg-type]
                chance.randrange(15, 19),
                arrives,
                chance.randrange(arrives + 1, 8),
                stage=chance.choice((1, 2)),
                previous_room=chance.choice((None, "m0", "m1")),
                needs_vocational=False,
                needs_counsellor=False,
                room_wishes=wishes,
                dated_room_wishes=(("view", 2, 2, 5),) if chance.random() < 0.3 else (),
            )
        )
    rooms = []
    for j in range(3):
        policy = chance.choice(("any", "any", "same", "female", "male"))
        rooms.append(
            Room(
                f"m{j}",
                chance.choice(("north", "south")),
                chance.randrange(1, 4),
                policy,  # type: ignore[arg-type]
                tuple(f for f in FEATURES if chance.random() < 0.5),
                minimum_stage=chance.choice((1, 1, 2)),
                reserve=chance.random() < 0.2,
                closed=((6, 7),) if chance.random() < 0.2 else (),
                mixed=chance.choice((0, 3)) if policy == "any" else 0,
            )
        )
    apart = (KeepApart("r0", "r1", ("room",)),) if chance.random() < 0.4 else ()
    weights = Weights(age_apart=chance.choice((0, 1)))
    return Problem("tiny", 8, (), tuple(residents), tuple(rooms), apart=apart, weights=weights)


def room_levels(problem: Problem) -> tuple[Plan, tuple[float, float]] | None:
    """The plan and its levels of rooms; None where counting proved that somebody has no bed."""
    if shortages(problem):
        return None
    plan = solve(problem, REPEATABLE)
    assert check(problem, plan) == ()
    levels = next(s.levels for s in plan.stages if s.name == "rooms")
    assert all(level.bound <= level.value for level in levels)
    return plan, (levels[0].value, levels[1].value)


@pytest.mark.parametrize("seed", range(24))
def test_small_problems_are_solved_as_well_as_by_enumeration(seed: int) -> None:
    problem = tiny(seed)
    assert is_for_search(Index(problem))
    found = room_levels(problem)
    if found is not None:
        plan, levels = found
        assert plan.outcome is Outcome.OPTIMAL
        assert levels == best_rooms(problem, EVERY_WAY)


@pytest.mark.parametrize("seed", range(24))
def test_the_exact_program_says_the_same(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "is_for_search", lambda index: False)
    problem = tiny(seed)
    found = room_levels(problem)
    if found is not None:
        assert found[1] == best_rooms(problem, EVERY_WAY)


def test_pairs_together_are_left_to_the_exact_program() -> None:
    compared = 0
    for seed in range(8):
        people = [replace(r, arrives=1, leaves=4) if r.id in ("r2", "r3") else r for r in tiny(seed).residents]
        together = (KeepTogether("r2", "r3", ("room",)),)
        problem = replace(tiny(seed), residents=tuple(people), together=together)
        assert not is_for_search(Index(problem))
        found = room_levels(problem)
        if found is not None:
            assert found[1] == best_rooms(problem, EVERY_WAY)
            compared += 1
    assert compared >= 3


@pytest.mark.parametrize("seed", range(6))
def test_a_pinned_room_is_kept(seed: int) -> None:
    problem = tiny(seed, people=4)
    index = Index(problem)
    guest = problem.residents[0]
    suits = [m.id for m in problem.rooms if index.may_lodge(guest, m)]
    pinned = replace(problem, pins=(Pin("room", guest.id, suits[-1]),)) if suits else problem
    found = room_levels(pinned)
    if found is not None:
        assert found[1] == best_rooms(pinned, EVERY_WAY)


@pytest.mark.parametrize("seed", range(12))
def test_no_relaxation_is_above_the_optimum(seed: int) -> None:
    """Whatever columns are left out, the bound holds: on problems whose optimum is known by enumeration."""
    problem = replace(tiny(seed), weights=Weights(age_apart=0))
    best = best_rooms(problem, EVERY_WAY)
    assert best is not None
    case = Case(Index(problem))
    optimum = case.heavy * best[0] + best[1]
    chance = random.Random(seed)
    for share in (1.0, 0.5, 0.2):
        columns = [[j for j in own if chance.random() < share] for own in case.options]
        relaxation = Relaxation(case, columns)
        for _ in range(4):
            assert relaxation.solve(30, 1)
            _, bound = relaxation.proven()
            assert bound <= optimum + 1e-6
            assert rounded(case, bound) <= optimum
            if not relaxation.tighten():
                break


def test_half_a_stranger_does_not_let_two_share_a_room() -> None:
    """One of the two goes to the noisy room for 5 points a night; to share the quiet one would cost 6."""
    wishes = (("quiet", 5),)
    people = tuple(
        Resident(g, g, 17, 0, 2, needs_vocational=False, needs_counsellor=False, room_wishes=wishes)  # type: ignore[arg-type]
        for g in ("female", "male")
    )
    rooms = (Room("m0", "house", 2, "any", ("quiet",), mixed=6), Room("m1", "house", 2, "any"))
    case = Case(Index(Problem("two", 2, (), people, rooms, weights=Weights(age_apart=0))))
    relaxation = Relaxation(case, [list(own) for own in case.options])
    assert relaxation.solve(30, 1)
    while relaxation.tighten():
        assert relaxation.solve(30, 1)
    assert relaxation.proven()[1] == pytest.approx(10)


def campus(seed: int, people: int) -> Problem:
    """More people than one program takes at once, with wishes of their own."""
    chance = random.Random(seed)
    residents = []
    for i in range(people):
        arrives = chance.randrange(10)
        wishes = tuple((f, chance.randrange(1, 6)) for f in FEATURES if chance.random() < 0.6)
        residents.append(
            Resident(
                f"r{i}",
                chance.choice(("female", "male")),  # type: ignore[arg-type]
                17,
                arrives,
                min(14, arrives + chance.randrange(1, 6)),
                needs_vocational=False,
                needs_counsellor=False,
                room_wishes=wishes,
            )
        )
    rooms = tuple(
        Room(
            f"m{j}",
            "house",
            chance.choice((1, 2, 4)),
            "any",
            tuple(f for f in FEATURES if chance.random() < 0.5),
            mixed=5,
        )
        for j in range(people // 3)
    )
    return Problem("campus", 14, (), tuple(residents), rooms, weights=Weights(age_apart=0))


def test_a_search_part_by_part_keeps_rules_and_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "SMALL", 0)
    monkeypatch.setattr(searching, "PATIENCE", 6)
    problem = campus(3, 30)
    case = Case(Index(problem))
    found = RoomSearch(case, Effort(time.monotonic() + 60, 1, 1), Incumbent()).run()
    again = RoomSearch(case, Effort(time.monotonic() + 60, 1, 1), Incumbent()).run()
    assert found == again  # one worker repeats
    assert is_sound(case, found.rooms)
    assert found.worth == worth(case, found.rooms)
    assert found.worth.unplaced == 0
    monkeypatch.setattr(searching, "SMALL", 10**6)
    whole = RoomSearch(case, Effort(time.monotonic() + 60, 1, 1), Incumbent()).run()
    assert found.bound <= whole.worth.points <= found.worth.points


def same_campus(seed: int, people: int) -> Problem:
    """Rooms that women and men must not share on any night, and pairs that must not share a room."""
    problem = campus(seed, people)
    rooms = tuple(replace(room, policy="same", mixed=0) for room in problem.rooms)
    apart = tuple(KeepApart(f"r{i}", f"r{i + 1}", ("room",)) for i in range(0, people - 1, 5))
    return replace(problem, rooms=rooms, apart=apart)


@pytest.mark.parametrize("make", [campus, same_campus])
def test_a_search_by_annealing_keeps_rules_and_bound(
    make: Callable[[int, int], Problem], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case(Index(make(3, 30)))
    whole = RoomSearch(case, Effort(time.monotonic() + 600, 1, 1), Incumbent()).run()
    monkeypatch.setattr(searching, "SMALL", 0)
    monkeypatch.setattr(searching, "MANY", 0)
    monkeypatch.setattr(climbing, "ROUNDS", 3)
    found = RoomSearch(case, Effort(time.monotonic() + 600, 1, 1), Incumbent()).run()
    again = RoomSearch(case, Effort(time.monotonic() + 600, 1, 1), Incumbent()).run()
    assert found == again  # one worker repeats
    assert is_sound(case, found.rooms)
    assert found.worth == worth(case, found.rooms)
    assert not found.worth < whole.worth
    assert found.bound <= case.heavy * whole.worth.unplaced + whole.worth.points
    assert found.worth.unplaced == whole.worth.unplaced


@pytest.mark.parametrize("make", [campus, same_campus])
def test_two_assignments_crossed_keep_what_both_agree_on(make: Callable[[int, int], Problem]) -> None:
    case = Case(Index(make(3, 30)))
    hand = Hand(case, Effort(time.monotonic() + 60, 1, 1), Incumbent())
    hand.know(*pricing.unloaded(case))
    one = greedy(case)
    other = annealing.Annealing(case, 1, hand.is_over).from_nobody(annealing.by_tries(40_000))
    both = climbing.Climb(hand, 0)._crossed(one, other)
    assert is_sound(case, both)
    assert worth(case, both) < worth(case, one)
    present, before, after = (majorities(case, rooms) for rooms in (both, one, other))
    agreed = {key for key in before.keys() & after.keys() if before[key] == after[key]}
    stayed = {(one[i], span) for i, room in enumerate(both) if room == one[i] for span in case.stays[i]}
    assert agreed
    assert all(present[key] == before[key] for key in agreed & present.keys() - stayed)


@pytest.mark.parametrize("make", [campus, same_campus])
def test_a_first_assignment_keeps_rules_and_places_whom_it_can(make: Callable[[int, int], Problem]) -> None:
    case = Case(Index(make(7, 60)))
    rooms = greedy(case)
    assert is_sound(case, rooms)
    assert worth(case, rooms) < worth(case, [NOWHERE] * 60)
    for i in (i for i, j in enumerate(rooms) if j == NOWHERE):
        assert not any(is_sound(case, [*rooms[:i], j, *rooms[i + 1 :]]) for j in case.options[i])


@pytest.mark.parametrize("make", [campus, same_campus])
def test_the_annealing_counts_what_its_chains_change(make: Callable[[int, int], Problem]) -> None:
    case = Case(Index(make(5, 40)))
    board = annealing.board_of(case)
    hands = annealing.hands_of(board, np.random.default_rng(1))
    kernel.fill(board, hands, np.arange(40))
    for heat in (1000.0, 30.0, 1.0):
        kernel.anneal(board, hands, heat, 2000)
        rooms = [NOWHERE if j == len(case.rooms) else int(j) for j in hands.room]
        value = worth(case, rooms)
        strict = sum(
            int(board.mixed[j]) * min(both) * case.spans[span].nights
            for j in range(len(case.rooms))
            if case.rooms[j].policy == "same"
            for span, both in genders(case, [i for i in range(40) if rooms[i] == j]).items()
        )
        assert hands.totals[kernel.POINTS] == case.heavy * value.unplaced + value.points + strict
        assert strict or is_sound(case, rooms)
        assert hands.totals[kernel.ACCEPTED] > 0


@pytest.mark.parametrize("seed", range(6))
def test_prices_found_on_few_columns_are_those_of_all(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pricing, "FIRST", 1)
    monkeypatch.setattr(relaxing, "ADDED", 1)
    case = Case(Index(campus(seed, 20)))
    whole = Relaxation(case, [list(own) for own in case.options])
    assert whole.solve(30, 1)
    assert whole.solved is not None
    rounds = list(pricing.priced(case, case.table, time.monotonic() + 30, 1))
    assert len(rounds) > 1
    assert all(bound <= whole.solved.bound + 1e-6 for _, bound in rounds)
    assert rounds[-1][1] == pytest.approx(whole.solved.bound)
    free = pricing.unloaded(case)[1]
    prices, bound = charged(case, time.monotonic() + 30, 1)
    assert free < bound <= whole.solved.bound + 1e-6
    rooms = greedy(case)
    value = worth(case, rooms)
    paid = sum(prices[i, j] for i, j in enumerate(rooms) if j != NOWHERE)
    assert case.heavy * value.unplaced + value.points >= bound + paid - 1e-6  # no plan costs less than its prices


def test_a_relaxation_out_of_time_has_no_solution(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear, "LEAST_SECONDS", 1e-6)
    case = Case(Index(campus(6, 200)))
    assert not Relaxation(case, [list(own) for own in case.options]).solve(0, 1)


def test_a_search_that_is_stopped_leaves_what_it_has() -> None:
    problem = campus(4, 200)
    plan = solve(problem, Limits(seconds=60, workers=2, seed=1), stop=lambda: True)
    assert plan.outcome is Outcome.CANCELLED
    assert check(problem, plan) == ()
    search = RoomSearch(Case(Index(problem)), Effort(time.monotonic() + 60, 2, 1), Incumbent())
    search.stop()
    found = search.run()
    assert set(found.rooms) == {NOWHERE}
    assert found.bound == 0


def test_an_assignment_in_hand_is_kept_unless_it_breaks_a_rule() -> None:
    problem = tiny(2)
    case = Case(Index(problem))
    best = RoomSearch(case, Effort(time.monotonic() + 60, 1, 1), Incumbent()).run()
    search = RoomSearch(case, Effort(time.monotonic() + 60, 1, 1), Incumbent())
    search.begin_with(list(best.rooms))
    search.stop()
    assert search.run().worth == best.worth
    other = RoomSearch(case, Effort(time.monotonic() + 60, 1, 1), Incumbent())
    other.begin_with([0] * len(case.people))  # everybody in one room
    other.stop()
    assert set(other.run().rooms) == {NOWHERE}


def test_the_run_of_a_stage_has_hooks_that_hear_of_it() -> None:
    heard: list[str] = []
    run = Run(Index(tiny(5)), REPEATABLE, lambda news: heard.append(news.stage), lambda: False, stages=1)
    assert stage.give_rooms(run).levels
