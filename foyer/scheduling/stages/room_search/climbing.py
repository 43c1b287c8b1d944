"""Rooms for many people: annealing and exact programs in turn.

Annealing is quick to find who goes well with whom, and which room is whose on which night; it ends with many small
losses. With those genders settled, everybody's best place is nearly a transportation problem: one program over all
people undoes the losses in a second or two. Then the annealing goes on from there, not quite as hot as at first.
"""

from __future__ import annotations

import threading
import time

from foyer.scheduling.linear import Limit
from foyer.scheduling.stages.room_search.annealing import Annealing, Share, by_clock, by_tries, warm_up
from foyer.scheduling.stages.room_search.bounding import nearest
from foyer.scheduling.stages.room_search.case import Assignment
from foyer.scheduling.stages.room_search.hand import Hand
from foyer.scheduling.stages.room_search.part import majorities, solve_settled

FIRST_SHARE, SHARE = 0.1, 0.03  # of all the time, for the first annealing and for each further one
FIRST_TRIES, TRIES = 10_000, 4_000  # chains per person instead, at most, where a run is to repeat
WARMTH = 0.3  # of the first temperature
NEAR = 24  # rooms per person on average in the program
PROGRAM_SHARE, PROGRAM_NODES = 0.15, 40  # of all the time, for one program
POLL_SECONDS = 0.02
ROUNDS = 12  # without an improvement, after which one worker gives up


class Climb:
    """One worker's rounds."""

    def __init__(self, hand: Hand, number: int) -> None:
        self._hand = hand
        self._total = hand.effort.left
        self._is_one = hand.effort.workers == 1
        self._annealing = Annealing(hand.case, hand.effort.seed * 1000 + number, hand.is_over)
        self._began = False

    def run(self, until: float) -> None:
        """Rounds up to the moment ``until`` of the monotonic clock; a single worker ends when nothing gets better."""
        compiler = threading.Thread(target=warm_up, args=(self._hand.case,), daemon=True, name="foyer-compiling")
        compiler.start()
        self._settle(self._hand.rooms)  # meanwhile
        while compiler.is_alive() and not self._hand.is_over():
            compiler.join(POLL_SECONDS)
        failures = 0
        while not self._hand.is_over() and time.monotonic() < until and (not self._is_one or failures < ROUNDS):
            failures = 0 if self._round(until) else failures + 1

    def _round(self, until: float) -> bool:
        if self._began:
            share = self._share(SHARE, TRIES, until)
            rooms = self._annealing.from_assignment(self._hand.rooms, WARMTH, share)
        else:
            rooms = self._annealing.from_nobody(self._share(FIRST_SHARE, FIRST_TRIES, until))
            self._began = True
        is_better = self._hand.take(rooms)
        return self._settle(rooms) or is_better

    def _settle(self, rooms: Assignment) -> bool:
        """Everybody's best place with the genders that the rooms have; whether that is better than what is in hand."""
        hand = self._hand
        if hand.is_over():
            return False
        near = nearest(hand.prices, NEAR)
        found = solve_settled(hand.case, near, rooms, majorities(hand.case, rooms), self._limit())
        return hand.change(found.rooms)

    def _share(self, share: float, tries: int, until: float) -> Share:
        clock = by_clock(min(until, time.monotonic() + share * self._total))
        if not self._is_one:
            return clock
        count = by_tries(tries * len(self._hand.case.people))
        return lambda done: 1.0 if clock(done) >= 1.0 else count(done)

    def _limit(self) -> Limit:
        left = self._hand.effort.left
        seconds = left if self._is_one else min(PROGRAM_SHARE * self._total, left)
        nodes = PROGRAM_NODES if self._is_one else None
        return Limit(seconds, nodes, self._hand.case.unit - 0.5, self._hand.effort.seed)
