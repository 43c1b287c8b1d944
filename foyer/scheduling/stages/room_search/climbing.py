"""Rooms for many people: annealing and exact programs in turn.

Annealing is quick to find who goes well with whom, and which room is whose on which night; it ends with many small
losses. With those genders settled, everybody's best place is nearly a transportation problem: one program over all
people undoes the losses in a second or two. Then the annealing goes on from there, not quite as hot as at first. It
makes some corners of the house better and others worse; so only those genders are settled on which before and after
agree, and the program takes the better of both everywhere at once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

from foyer.scheduling.linear import Limit
from foyer.scheduling.stages.room_search.annealing import Annealing, Share, by_clock, by_tries, warm_up
from foyer.scheduling.stages.room_search.bounding import nearest
from foyer.scheduling.stages.room_search.case import Assignment, worth
from foyer.scheduling.stages.room_search.hand import Hand
from foyer.scheduling.stages.room_search.part import majorities, solve_settled

FIRST_SHARE = 0.05  # of all the time, for a first annealing before there are good prices
LONG_SHARE = 0.1  # for one from nobody with them
SHARE = 0.012  # and for each further one
LONG_TRIES, TRIES = 4_000, 1_000  # chains per person instead, at most, where a run is to repeat
FIRST_WARMTH, MOST_WARMTH = 0.3, 0.6  # of the first temperature
WARMER, COOLER = 1.1, 0.8  # after a program that was solved to its end, and after another
TRIED = 12  # rooms per person on average that the annealing tries where there are prices
NEAR = 20  # and in the program
PROGRAM_SHARE, PROGRAM_NODES = 0.1, 40  # of all the time, for one program
POLL_SECONDS = 0.02
ROUNDS = 12  # without an improvement, after which one worker gives up


class Climb:
    """One worker's rounds."""

    def __init__(self, hand: Hand, number: int) -> None:
        self._hand = hand
        self._total = hand.effort.left
        self._is_one = hand.effort.workers == 1
        self._annealing = Annealing(hand.case, hand.effort.seed * 1000 + number, hand.is_over)
        self._warmth = FIRST_WARMTH
        self._began = self._has_prices = False  # an annealing from nobody was made; and with the relaxation's prices

    def run(self, until: float) -> None:
        """Rounds up to the moment ``until`` of the monotonic clock; a single worker ends when nothing gets better."""
        compiler = threading.Thread(target=warm_up, args=(self._hand.case,), daemon=True, name="foyer-compiling")
        compiler.start()
        while compiler.is_alive() and not self._hand.is_over():
            compiler.join(POLL_SECONDS)
        failures = 0
        while not self._hand.is_over() and time.monotonic() < until and (not self._is_one or failures < ROUNDS):
            failures = 0 if self._round(until) else failures + 1

    def _round(self, until: float) -> bool:
        """One annealing and its program; whether what is in hand is better then."""
        hand = self._hand
        if not self._began or self._has_prices != hand.has_prices:
            self._began, self._has_prices = True, hand.has_prices
            return self._begin(until)
        before = hand.rooms
        rooms = self._annealing.from_assignment(before, self._warmth, self._share(SHARE, TRIES, until))
        is_better = hand.take(rooms)
        after = self._crossed(before, rooms)
        if hand.take(after):
            return True
        if not worth(hand.case, after) < worth(hand.case, before):
            return is_better
        better = self._crossed(hand.rooms, after)  # the annealing or another worker found more: take the better of both
        return hand.take(better) or is_better

    def _begin(self, until: float) -> bool:
        """Anneal from nobody; whether what is in hand is better then."""
        hand, share = self._hand, FIRST_SHARE
        if self._has_prices:
            self._annealing.look_at(nearest(hand.prices, TRIED))
            share = LONG_SHARE
        rooms = self._annealing.from_nobody(self._share(share, LONG_TRIES, until))
        is_better = hand.take(rooms)
        return hand.take(self._settled(rooms, majorities(hand.case, rooms))) or is_better

    def _crossed(self, one: Assignment, other: Assignment) -> Assignment:
        """The best where a room is the women's or the men's on a night as in either of both; where nobody is there in
        one of them, as in the other."""
        first, second = majorities(self._hand.case, one), majorities(self._hand.case, other)
        agreed = {key: of for key, of in (first | second).items() if first.get(key, of) == second.get(key, of)}
        return self._settled(one, agreed)

    def _settled(self, rooms: Assignment, womens: Mapping[tuple[int, int], bool]) -> Assignment:
        """Everybody's best place where these rooms and spans are the women's or the men's, or where they are."""
        hand = self._hand
        if hand.is_over():
            return rooms
        found = solve_settled(hand.case, nearest(hand.prices, NEAR), rooms, womens, self._limit())
        self._warmth = min(MOST_WARMTH, self._warmth * (WARMER if found.is_optimal else COOLER))
        return [found.rooms.get(i, room) for i, room in enumerate(rooms)]

    def _share(self, share: float, tries: int, until: float) -> Share:
        if not self._is_one:
            return by_clock(min(until, time.monotonic() + share * self._total))
        clock = by_clock(until)  # no sooner: a slow moment must not change what a run that is to repeat finds
        count = by_tries(tries * len(self._hand.case.people))
        return lambda done: 1.0 if clock(done) >= 1.0 else count(done)

    def _limit(self) -> Limit:
        left = self._hand.effort.left
        seconds = left if self._is_one else min(PROGRAM_SHARE * self._total, left)
        nodes = PROGRAM_NODES if self._is_one else None
        return Limit(seconds, nodes, self._hand.case.unit - 0.5, self._hand.effort.seed)
