"""Many houses at once: each planned for itself, spread over worker processes.

Houses share no bed, class or counsellor, so the plans of all are the plan of the network, and so are their bounds. One
house at a time is with each worker and none is kept once its result is handed out, so memory does not grow with the
network. What happens to one house does not touch another: a mistake in its data, or the end of its worker's process,
is that house's result.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnContext
from multiprocessing.synchronize import Event
from typing import Literal

from foyer.scheduling.plan import Limits, Outcome, Plan, StopHook, never_stop
from foyer.scheduling.problem import Problem
from foyer.scheduling.validation import InvalidProblem

POLL_SECONDS = 0.05  # how often a waiting network asks whether to stop
CANCEL_SECONDS = 2.0  # how long a cancelled network waits for its workers' best plans

Failure = Literal["", "invalid", "error", "process_ended", "cancelled"]


@dataclass(frozen=True, slots=True)
class House:
    """The result for one house. ``number`` is its place among the problems, from 0. ``plan`` is None where ``failure``
    says why: the problem contradicts itself (``invalid``), the engine broke (``error``), its process ended, or the
    network was cancelled before it. ``reason`` is for a log, not for people."""

    number: int
    name: str
    plan: Plan | None
    failure: Failure = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NetworkProgress:
    """How far a network is: houses ended, those in work, and the points of the plans so far. ``bound`` is their proven
    bound; None once some house has none."""

    ended: int
    working: int
    score: float
    bound: float | None
    seconds: float


NetworkHook = Callable[[NetworkProgress], None]


def solve_network(
    problems: Iterable[Problem],
    limits: Limits | None = None,
    *,
    processes: int = 2,
    progress: NetworkHook | None = None,
    stop: StopHook = never_stop,
) -> Iterator[House]:
    """Plan each house, and hand out results as they come: in the order of ``number`` with one process, in order of
    completion with several. ``problems`` may be a generator; it is read as workers become free. ``limits`` are each
    house's own; by default each is planned with one worker thread, which repeats exactly. After ``stop`` the houses in
    work return their best plan so far, and those not begun that are already read are marked cancelled."""
    limits = limits or Limits(workers=1)
    network = _Network(enumerate(problems), limits, processes)
    started = time.monotonic()
    ended, score, bound = 0, 0.0, 0.0
    bounded = True
    try:
        for house in network.results(stop):
            ended += 1
            if house.plan is not None:
                score, bound = score + house.plan.score, bound + (house.plan.bound or 0.0)
            bounded = bounded and house.plan is not None and house.plan.bound is not None
            if progress is not None:
                seconds = round(time.monotonic() - started, 3)
                known = round(bound, 2) if bounded else None
                progress(NetworkProgress(ended, network.working, round(score, 2), known, seconds))
            yield house
    finally:
        network.close()


class _Worker:
    """A process that plans one house after the other."""

    def __init__(self, context: SpawnContext, limits: Limits, cancelled: Event) -> None:
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, limits, cancelled), daemon=True)
        self.process.start()
        theirs.close()
        self.house: tuple[int, str] | None = None

    def give(self, number: int, problem: Problem) -> None:
        self.house = (number, problem.name)
        self.connection.send((number, problem))

    def take(self) -> House:
        """The result that is there, or that there will be none."""
        assert self.house is not None
        number, name = self.house
        self.house = None
        try:
            result: House = self.connection.recv()
        except (EOFError, OSError):
            self.process.join(1.0)
            return House(number, name, None, "process_ended", f"exit code {self.process.exitcode}")
        return result

    def end(self) -> None:
        self.connection.close()
        self.process.terminate()
        self.process.join()


class _Network:
    def __init__(self, houses: Iterator[tuple[int, Problem]], limits: Limits, processes: int) -> None:
        self._houses, self._limits = houses, limits
        self._context = multiprocessing.get_context("spawn")
        self._cancelled = self._context.Event()
        self._most = max(1, processes)
        self._workers: list[_Worker] = []
        self._is_done = False

    @property
    def working(self) -> int:
        return sum(worker.house is not None for worker in self._workers)

    def results(self, stop: StopHook) -> Iterator[House]:
        while True:
            self._hand_out()
            if not self.working:
                return
            ready = self._ready(stop)
            if self._cancelled.is_set():
                yield from self._cancel()
                return
            for worker in ready:
                house = worker.take()
                if house.failure == "process_ended":
                    worker.end()
                    self._workers.remove(worker)
                yield house

    def close(self) -> None:
        self._cancelled.set()
        for worker in self._workers:
            worker.end()
        self._workers.clear()

    def _hand_out(self) -> None:
        """A house for every worker that is free; processes are started only as houses ask for them."""
        free = [worker for worker in self._workers if worker.house is None]
        while not self._is_done and (free or len(self._workers) < self._most):
            found = next(self._houses, None)
            if found is None:
                self._is_done = True
                return
            if not free:
                self._workers.append(_Worker(self._context, self._limits, self._cancelled))
                free.append(self._workers[-1])
            free.pop(0).give(*found)

    def _ready(self, stop: StopHook) -> list[_Worker]:
        """The workers with a result, as soon as there is one; none where the network is to stop."""
        by_connection = {worker.connection: worker for worker in self._workers if worker.house is not None}
        while True:
            ready = wait(list(by_connection), timeout=POLL_SECONDS)
            if stop():
                self._cancelled.set()
                return []
            if ready:
                return [by_connection[c] for c in ready if isinstance(c, Connection)]

    def _cancel(self) -> Iterator[House]:
        """The best plans of the houses in work; of those that do not answer in time, nothing."""
        until = time.monotonic() + CANCEL_SECONDS
        for worker in self._workers:
            if worker.house is None:
                continue
            number, name = worker.house
            if worker.connection.poll(max(0.0, until - time.monotonic())):
                yield worker.take()
            else:
                yield House(number, name, None, "cancelled")


def _work(connection: Connection, limits: Limits, cancelled: Event) -> None:
    """What a worker does: plan what it is given until nobody gives any more."""
    while True:
        try:
            number, problem = connection.recv()
        except (EOFError, OSError):
            return
        connection.send(_planned(number, problem, limits, cancelled))


def _planned(number: int, problem: Problem, limits: Limits, cancelled: Event) -> House:
    if cancelled.is_set():
        return House(number, problem.name, None, "cancelled")
    try:
        from foyer.scheduling.engine import solve

        plan = solve(problem, limits, stop=cancelled.is_set)
    except InvalidProblem as error:
        return House(number, problem.name, None, "invalid", str(error))
    except Exception as error:  # one house must not stop the others
        return House(number, problem.name, None, "error", f"{type(error).__name__}: {error}")
    return House(number, problem.name, plan)


def network_total(houses: Iterable[House]) -> Plan:
    """The houses' figures as those of one plan without decisions: score, bound and unmet needs summed, the outcome the
    least of theirs. Houses that failed leave the whole unfinished and without a bound."""
    order = (Outcome.OPTIMAL, Outcome.FEASIBLE, Outcome.INFEASIBLE, Outcome.OUT_OF_TIME, Outcome.CANCELLED)
    total = Plan(Outcome.OPTIMAL, "", bound=0.0)
    for house in houses:
        plan = house.plan or Plan(Outcome.CANCELLED, "")
        total = replace(
            total,
            outcome=max(total.outcome, plan.outcome, key=order.index),
            score=round(total.score + plan.score, 2),
            bound=None if total.bound is None or plan.bound is None else round(total.bound + plan.bound, 2),
            unmet=(*total.unmet, *plan.unmet),
            seconds=total.seconds + plan.seconds,
        )
    return total
