"""Watching a run of the engine: when it had what in hand, and the programs that it gave to HiGHS."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from foyer.scheduling import program
from foyer.scheduling.plan import Progress

ASSIGNMENT = ("classes", "education", "counsellors", "rooms")
GOOD = 0.05  # certified gap of a plan that one could publish


class Watch:
    """A progress hook. Times are seconds since the run began."""

    def __init__(self) -> None:
        self.finished: dict[str, float] = {}  # stage: when it ended
        self.first_complete: float | None = None
        self.certified: float | None = None  # when a complete plan within 5 % of the whole's bound was in hand
        self.completes: list[tuple[float, float]] = []  # when a better complete plan was in hand, and its score

    def __call__(self, news: Progress) -> None:
        if news.status == "finished":
            self.finished[news.stage] = news.seconds
        complete = getattr(news, "complete", None)
        if complete is None:
            return
        if self.first_complete is None:
            self.first_complete = news.seconds
        if self.certified is None and complete - (news.bound or 0.0) <= GOOD * complete:
            self.certified = news.seconds
        if not self.completes or complete != self.completes[-1][1]:
            self.completes.append((news.seconds, complete))

    def good(self, score: float) -> float | None:
        """When a complete plan was in hand that costs at most 5 % more than the last."""
        return next((seconds for seconds, complete in self.completes if complete <= (1 + GOOD) * score), None)

    def assigned(self) -> float | None:
        """When the last of the assignment stages ended; None where one did not."""
        times = [self.finished.get(stage) for stage in ASSIGNMENT]
        return None if None in times else max(t for t in times if t is not None)


@contextmanager
def recorded_programs() -> Iterator[list[Any]]:
    """The models handed to HiGHS while the block runs, in the solver's form; each level of each program once."""
    models: list[Any] = []
    seen: dict[tuple[int, str, int], Any] = {}  # holds the programs, so that their numbers stay theirs
    make = program.in_solver_form

    def recording(made: program.Program, rows: Any, goal: program.Goal, **how: Any) -> Any:
        model = make(made, rows, goal, **how)
        if (id(made), goal.name, len(rows)) not in seen:
            seen[id(made), goal.name, len(rows)] = made
            models.append(model)
        return model

    program.in_solver_form = recording
    try:
        yield models
    finally:
        program.in_solver_form = make


def relaxed_seconds(models: list[Any]) -> float:
    """How long GLOP takes for the linear relaxations of recorded programs."""
    from ortools.math_opt.python import mathopt

    seconds = 0.0
    for proto in models:
        count = len(proto.variables.ids)
        del proto.variables.integers[:]
        proto.variables.integers.extend([False] * count)
        model = mathopt.Model.from_model_proto(proto)
        started = time.perf_counter()
        mathopt.solve(model, mathopt.SolverType.GLOP)
        seconds += time.perf_counter() - started
    return seconds


def load_solvers() -> None:
    """Import OR-Tools now: it takes a second that belongs to no measurement."""
    import ortools.math_opt.python.mathopt
    import ortools.sat.python.cp_model  # noqa: F401
