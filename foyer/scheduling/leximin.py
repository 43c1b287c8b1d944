"""The worst off first: lexicographic minimisation of how many people lose much.

For every value v that a loss can take, from the largest down, the number of people who lose at least v is minimised
with the numbers before it fixed: the leximin optimum, level by level, each with its bound.

What one person loses is a sum over the places that he takes. A threshold on such a sum is weak in the relaxation, so a
person's ways to reach each sum get a variable of their own (one for each choice of how many places of which cost), tied
to his places; a level then is a plain count of these. Where the ways are too many, a threshold variable is made for
each level instead. Numbers between two levels need no solver: counts only grow as v falls, so a plan in hand that
keeps the last count proves it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from foyer.scheduling.losing import MOST_WAYS, Loss, Person
from foyer.scheduling.narrowing import Held, fewest_losing, least_of_the_others
from foyer.scheduling.plan import Level
from foyer.scheduling.program import Entry, Program, goal, minimise
from foyer.scheduling.run import Run

MOST_WAYS_IN_ALL = 60_000
FEW_VALUES = 150  # up to so many, every value is tried in turn; of more the next is searched for (``narrowing``)
SHARE = 0.5  # of the levels' remaining time, for one solve
IN_ALL = 0.9  # of the stage's time, for all levels
LEAST_SECONDS = 0.5  # for one solve


@dataclass(frozen=True, slots=True)
class Worst:
    """What was reached: the levels, the best values, and the rows that hold the levels (value of v, how many)."""

    levels: tuple[Level, ...]
    values: tuple[int, ...]


class Leximin:
    """The levels over a program whose other levels before are already rows of it."""

    def __init__(self, program: Program, losses: Sequence[Loss]) -> None:
        self.program = program
        self._people = [Person(program, loss) for loss in losses]
        least = min((p.least for p in self._people), default=0)
        self.values_of_loss = sorted({s for p in self._people for s in p.sums if s > least}, reverse=True)
        self._held: dict[int, int] = {}
        self._until = 0.0  # seconds of the run
        if not self._is_fine:
            self._add_ways()

    @property
    def _is_fine(self) -> bool:
        """Whether losses take so many values that they are not tried one by one."""
        return len(self.values_of_loss) > FEW_VALUES

    def _add_ways(self) -> None:
        in_all = 0
        for person in sorted(self._people, key=lambda p: p.count_ways()):
            ways = person.count_ways()
            in_all += ways
            if 0 < ways <= MOST_WAYS and in_all <= MOST_WAYS_IN_ALL:
                person.add_ways()

    def completed(self, values: Sequence[int]) -> tuple[int, ...]:
        """A solution of the program as it was, with the variables added since."""
        full = [*values[: len(self.program.low)], *([0] * (len(self.program.low) - len(values)))]
        for person in self._people:
            person.complete(full)
        return tuple(full)

    def losing(self, value: int) -> list[Entry]:
        return [entry for person in self._people for entry in person.losing(value)]

    def count(self, values: Sequence[int], value: int) -> int:
        """How many lose at least the value."""
        return sum(person.loss.at(values) >= value for person in self._people)

    def minimise(self, run: Run, stage: str, start: Sequence[int]) -> Worst:
        """All levels, from a solution on, in a part of the time. Their counts become rows of the program. Where that
        ends, what is in hand is kept, and the level that was not settled says so."""
        values = self.completed(start)
        self._until = run.seconds() + IN_ALL * run.remaining()
        levels: list[Level] = []
        fixed, at = 0, 0
        find = self._narrowed if self._is_fine else self._level
        while (at := self._rise(values, fixed, at)) < len(self.values_of_loss):
            if run.seconds() >= self._until:
                count = self.count(values, self.values_of_loss[at])
                levels.append(Level(f"lost_{self.values_of_loss[at]}", count, fixed, "feasible", "time ended"))
                break
            level, values, at = find(run, stage, values, fixed, at)
            if level is None:
                break
            fixed = int(level.value)
            self._hold(at, fixed)
            values = self.completed(values)
            levels.append(level)
            at += 1
        if all(level.how != "time ended" for level in levels):
            self._hold(len(self.values_of_loss) - 1, fixed)
        else:
            self._keep(values)
        values = self._settled(values, is_proven=all(level.status == "optimal" for level in levels))
        return Worst(tuple(levels) or (Level("lost_0", 0.0, 0.0, "optimal", "counting"),), values)

    def _hold(self, at: int, count: int) -> None:
        """From now on no more than so many lose the value in place ``at``: proven, or the best found."""
        if at >= 0 and self._held.get(at) != count:
            self._held[at] = count
            if not self._is_fine:
                self._cap(at, count)

    def _cap(self, at: int, count: int) -> None:
        entries = self.losing(self.values_of_loss[at])
        for variable, _ in entries if count == 0 else ():
            self.program.high[variable] = 0  # a smaller program than with a row
        if count:
            self.program.row(entries, high=count)

    def _keep(self, values: Sequence[int]) -> None:
        """Nobody loses more than in the plan in hand, where no level tells."""
        for person in self._people:
            self.program.row(person.terms()[1], high=person.at(values) - person.terms()[0])

    def _seconds(self, run: Run, share: float) -> float:
        return max(LEAST_SECONDS, share * (self._until - run.seconds()))

    def _settled(self, values: tuple[int, ...], *, is_proven: bool) -> tuple[int, ...]:
        """All counts as rows for the levels to come; and where they are proven the sum of all losses, which they
        determine: that lifts the relaxation of the sum to its value."""
        if self._is_fine:
            for at, count in self._held.items():
                self._cap(at, count)
        if is_proven:
            entries = [entry for person in self._people for entry in person.terms()[1]]
            constants = sum(person.terms()[0] for person in self._people)
            self.program.row(entries, low=sum(person.at(values) for person in self._people) - constants)
        return self.completed(values)

    def _rise(self, values: Sequence[int], fixed: int, at: int) -> int:
        """The first value from ``at`` on that more people lose than the level before has; the levels up to it are
        proven by counting."""
        lost = sorted((person.loss.at(values) for person in self._people), reverse=True)
        if len(lost) <= fixed:
            return len(self.values_of_loss)
        while at < len(self.values_of_loss) and self.values_of_loss[at] > lost[fixed]:
            at += 1
        return at

    def _level(
        self, run: Run, stage: str, values: tuple[int, ...], fixed: int, at: int
    ) -> tuple[Level | None, tuple[int, ...], int]:
        """The first value that more than ``fixed`` people must lose, and how few they can be; None where no value is
        left. ``at`` is where the plan in hand has more; before it nothing is left to prove."""
        while at < len(self.values_of_loss):
            self._hold(at - 1, fixed)
            count, bound, values = self._fewest(run, stage, values, self.values_of_loss[at])
            if count > fixed:
                status = "optimal" if bound == count else "feasible"
                name = f"lost_{self.values_of_loss[at]}"
                return Level(name, float(count), float(bound), status, "HiGHS"), values, at  # type: ignore[arg-type]
            at = self._rise(values, fixed, at + 1)
        return None, values, at

    def _narrowed(
        self, run: Run, stage: str, values: tuple[int, ...], fixed: int, at: int
    ) -> tuple[Level | None, tuple[int, ...], int]:
        """As ``_level``, where losses take many values."""
        self._hold(at - 1, fixed)
        held = [Held(self.values_of_loss[i], count) for i, count in sorted(self._held.items())]
        seconds = self._seconds(run, SHARE / 4)
        next_ = least_of_the_others(run, stage, self.program, self._people, held, values, seconds)
        at = self._rise(next_.values, fixed, at)
        if at == len(self.values_of_loss):
            return None, next_.values, at
        value = self.values_of_loss[at]
        self._hold(at - 1, fixed)
        is_proven = next_.bound >= value
        count, values = self.count(next_.values, value), next_.values
        bound = fixed + is_proven
        if count > bound:
            held = [Held(self.values_of_loss[i], count) for i, count in sorted(self._held.items())]
            fewest = fewest_losing(run, stage, self.program, self._people, held, value, values, seconds)
            count, values = fewest.value, fewest.values
            bound = max(bound, fewest.bound) if is_proven else fixed
        status = "optimal" if is_proven and bound == count else "feasible"
        return Level(f"lost_{value}", float(count), float(bound), status, "CP-SAT"), values, at  # type: ignore[arg-type]

    def _fewest(self, run: Run, stage: str, values: tuple[int, ...], value: int) -> tuple[int, int, tuple[int, ...]]:
        """How few can lose at least the value: count, bound, solution (the better of the one found and the given)."""
        entries = self.losing(value)
        values = self.completed(values)
        share = self._seconds(run, SHARE) / max(LEAST_SECONDS, run.remaining())
        lost = goal("lost", entries, in_points=False)
        answer = minimise(run, stage, self.program, [lost], share=min(1.0, share), start=values)
        level = answer.levels[0]
        found = self.completed(answer.values)
        return self.count(found, value), math.ceil(level.bound - 1e-6), found
