"""One run of the engine: its limits, its clock, who watches it and whether somebody wants it to stop."""

from __future__ import annotations

import atexit
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Limits, Progress, ProgressHook, StopHook

T = TypeVar("T")

FIRST_STAGE = "classes"
CONDITIONAL = ("times", "appointments")  # stages whose bounds hold for what earlier ones fixed, not for the whole
POLL_SECONDS = 0.04  # how often a waiting run looks at its solver
ASK_SECONDS = 0.1  # how often it asks the stop hook, which may be a database query
REPORT_SECONDS = 0.25  # at most so often it reports an improvement


LANE_SECONDS = 0.05  # how long a stopped run waits for works done together to end by themselves
GRACE_SECONDS = 10.0  # how long an ending process waits for solvers that were left behind

_left_behind: list[threading.Thread] = []


def leave_behind(threads: Iterable[threading.Thread]) -> None:
    """Threads that a solver holds: nobody waits for them, except the ending process."""
    _left_behind[:] = [thread for thread in (*_left_behind, *threads) if thread.is_alive()]


@atexit.register
def _wait_for_solvers() -> None:
    """A thread inside HiGHS when the interpreter ends would abort the process: give it a moment to end by itself."""
    until = time.monotonic() + GRACE_SECONDS
    for thread in _left_behind:
        thread.join(max(0.0, until - time.monotonic()))


class Stopped(Exception):
    """The run is to end now: cancelled by a person, or out of time. ``cancelled`` tells which."""

    def __init__(self, *, cancelled: bool) -> None:
        super().__init__("cancelled" if cancelled else "out of time")
        self.cancelled = cancelled


class Incumbent:
    """What a solver thread tells about its search: the best value and bound so far (points of its stage)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._value: float | None = None
        self._bound: float | None = None
        self._fresh = False

    def tell(self, value: float | None, bound: float | None) -> None:
        """Either may be None where it is not news."""
        with self._lock:
            value = self._value if value is None else value
            bound = self._bound if bound is None else bound
            if (value, bound) != (self._value, self._bound):
                self._value, self._bound, self._fresh = value, bound, True

    def news(self) -> tuple[float | None, float | None] | None:
        """Value and bound if they changed since the last call."""
        with self._lock:
            fresh, self._fresh = self._fresh, False
            return (self._value, self._bound) if fresh else None


class Run:
    """Hooks are called only from the thread that called ``solve``: they may use a database session."""

    def __init__(self, index: Index, limits: Limits, progress: ProgressHook, stop: StopHook, stages: int) -> None:
        self.index = index
        self.limits = limits
        self.cancelled = False
        self.until = 1.0  # share of the limit after which the stage in hand should have ended
        self._progress, self._stop = progress, stop
        self._news = threading.Event()  # something done together has something to say
        self._started = time.monotonic()
        self._asked = self._reported = float("-inf")
        self.floors: dict[str, float] = {}  # what each stage costs at least in any plan (``floors``)
        self._stages, self._finished = stages, 0
        self._ended: set[str] = set()
        self._stage = FIRST_STAGE  # begun last
        self._value = self._bound = 0.0
        self._complete: float | None = None

    # Time

    def seconds(self) -> float:
        return time.monotonic() - self._started

    def remaining(self) -> float:
        return max(0.0, self.limits.seconds - self.seconds())

    def budget(self) -> float:
        """The seconds that the stage in hand may still take: what remains, less what is kept for the stages after."""
        return min(self.remaining(), max(0.0, self.until * self.limits.seconds - self.seconds()))

    def aside(self, task: Callable[[], None]) -> None:
        """Do something in the thread that called ``solve``, soon."""
        task()

    def check_stop(self) -> None:
        """Raise Stopped where somebody cancelled or no time is left. May be called often."""
        now = time.monotonic()
        if not self.cancelled and now - self._asked >= ASK_SECONDS:
            self._asked = now
            self.cancelled = bool(self._stop())
        if self.cancelled:
            raise Stopped(cancelled=True)
        if self.remaining() <= 0:
            raise Stopped(cancelled=False)

    def wait_for(
        self,
        work: Callable[[], T],
        *,
        stage: str,
        incumbent: Incumbent | None = None,
        interrupt: Callable[[], None] | None = None,
    ) -> T:
        """Run a solver in a thread of its own and wait, forwarding its progress. Where the run is to stop,
        ``interrupt`` asks the solver to end and its best result is returned; without it the solver is left
        behind and Stopped raised (HiGHS cannot be interrupted; it ends at its own time limit)."""
        box: list[T | BaseException] = []

        def target() -> None:
            try:
                box.append(work())
            except BaseException as error:  # handed to the waiting thread
                box.append(error)

        thread = threading.Thread(target=target, daemon=True, name=f"foyer-{stage}")
        thread.start()
        while thread.is_alive():
            thread.join(POLL_SECONDS)
            self._forward(stage, incumbent)
            try:
                self.check_stop()
            except Stopped:
                if interrupt is None:
                    _left_behind[:] = [*(t for t in _left_behind if t.is_alive()), thread]
                    raise
                interrupt()
                thread.join()
        if isinstance(box[0], BaseException):
            raise box[0]
        return box[0]

    def together(
        self, works: Sequence[Callable[[Run], object]], done: Callable[[], None], *, until: float = 1.0
    ) -> None:
        """Do several things that have nothing to do with each other: at the same time where more than one worker is
        allowed, else one after the other, which repeats exactly. Each gets a run of its own to work with. ``done`` is
        called, from the calling thread, whenever one has ended. ``until`` is the share of the whole limit after which
        they should have come to an end, as far as a search can be cut short. Raises what they raise, once all have
        ended; Stopped at once, with those that cannot be interrupted left behind."""
        if self.limits.workers == 1 and len(works) > 1:
            for work in works:
                self.together((work,), done, until=until)
            return
        lanes = [_Lane(self, work, until) for work in works]
        for lane in lanes:
            lane.thread.start()
        try:
            self._watch(lanes, done)
        except BaseException as error:  # a hook's own error too
            _end(lanes, error if isinstance(error, Stopped) else Stopped(cancelled=True))
            raise
        for lane in lanes:
            if lane.error is not None:
                raise lane.error

    def _watch(self, lanes: Sequence[_Lane], done: Callable[[], None]) -> None:
        """Until all lanes have ended: pass on what they say, and ask whether to stop."""
        going = list(lanes)
        while going:
            self._news.wait(POLL_SECONDS)
            self._news.clear()
            ended = [lane for lane in going if not lane.thread.is_alive()]
            for lane in going:
                for tell in lane.told():
                    tell()
                self._forward(lane.stage, lane.incumbent)
            self.check_stop()
            going = [lane for lane in going if lane not in ended]
            if any(lane.error is None for lane in ended):
                done()

    # Progress

    def has_floor(self, stage: str, points: float) -> None:
        """No plan of the house costs less in the stage, whatever else it decides."""
        self.floors[stage] = max(points, self.floors.get(stage, 0.0))

    def has_complete(self, score: float) -> None:
        """A complete plan of this score is in hand, better than any before."""
        self._complete = score
        self._tell(self._stage, "improved", self._value or None, self._lower())

    def start(self, stage: str) -> None:
        """A stage begins, unless the run is to stop."""
        self._asked = float("-inf")
        self.check_stop()
        self._stage = stage
        self._tell(stage, "started", self._value or None, self._lower())
        self._asked = float("-inf")  # what was told may be the reason to stop

    def finish(self, stage: str, value: float, bound: float | None) -> None:
        """A stage ended: its points join the whole plan's score and, where there is one, its bound the whole
        bound."""
        self._finished += 1
        self._ended.add(stage)
        self._value += value
        self._bound += bound or 0.0
        self._tell(stage, "finished", self._value, self._lower())

    def correct(self, value: float, bound: float) -> None:
        """A finished stage was revised: by so much its value and bound changed."""
        self._value += value
        self._bound += bound

    def _forward(self, stage: str, incumbent: Incumbent | None) -> None:
        now = time.monotonic()
        if incumbent is None or now - self._reported < REPORT_SECONDS:
            return
        news = incumbent.news()
        if news is not None:
            value, bound = news
            score = None if value is None else self._value + value
            self._reported = now
            own = 0.0 if bound is None or stage in CONDITIONAL else bound
            self._tell(stage, "improved", score, self._lower(stage, own))

    def _lower(self, stage: str = "", own: float = 0.0) -> float | None:
        """The whole plan's bound: of stages that have ended their own, of the others what is known of them. ``own`` has
        been proven meanwhile for the ``stage`` in hand."""
        open_floors = {name: points for name, points in self.floors.copy().items() if name not in self._ended}
        if not (self._finished or open_floors or own):
            return None
        if stage not in self._ended:
            open_floors[stage] = max(own, open_floors.get(stage, 0.0))
        return self._bound + sum(open_floors.values())

    def _tell(self, stage: str, status: str, score: float | None, bound: float | None) -> None:
        self._progress(
            Progress(
                stage=stage,
                status=status,  # type: ignore[arg-type]
                done=round(min(1.0, self._finished / self._stages), 3),
                score=None if score is None else round(score, 2),
                bound=None if bound is None else round(bound, 2),
                seconds=round(self.seconds(), 3),
                complete=self._complete,
            )
        )


class _Lane(Run):
    """One of several works done together, in a thread of its own. What it has to say is kept until the watching thread
    asks, since hooks are called from there only."""

    def __init__(self, parent: Run, work: Callable[[Run], object], until: float) -> None:
        super().__init__(parent.index, parent.limits, parent._progress, parent._stop, parent._stages)
        self._started, self.until = parent._started, until
        self.floors = parent.floors
        self.error: BaseException | None = None
        self.heard = threading.Event()  # what was said until then was heard
        self.ending: Stopped | None = None
        self.stage = ""
        self.incumbent: Incumbent | None = None
        self.interrupt: Callable[[], None] | None = None
        self._parent, self._work = parent, work
        self._said: deque[Callable[[], None]] = deque()
        self.thread = threading.Thread(target=self._do, daemon=True, name="foyer-lane")

    def _do(self) -> None:
        try:
            self._work(self)
        except BaseException as error:  # handed to the watching thread
            self.error = error
        finally:
            self._parent._news.set()

    def told(self) -> Iterator[Callable[[], None]]:
        """What was said since the last call, in order."""
        while self._said:
            yield self._said.popleft()

    def check_stop(self) -> None:
        if self.ending is not None:
            raise Stopped(cancelled=self.ending.cancelled)
        if self.remaining() <= 0:
            raise Stopped(cancelled=False)

    def wait_for(
        self,
        work: Callable[[], T],
        *,
        stage: str,
        incumbent: Incumbent | None = None,
        interrupt: Callable[[], None] | None = None,
    ) -> T:
        """Run the solver right here: another thread is watching."""
        self.check_stop()
        self.stage, self.incumbent, self.interrupt = stage, incumbent, interrupt
        try:
            result = work()
        finally:
            self.incumbent = self.interrupt = None
        if interrupt is None:
            self.check_stop()
        return result

    def aside(self, task: Callable[[], None]) -> None:
        self._said.append(task)
        self._parent._news.set()

    def start(self, stage: str) -> None:
        """A stage begins once it is told: who hears of it may want to stop."""
        self.check_stop()
        self.heard.clear()
        self._said.extend((lambda: self._parent.start(stage), self._parent.check_stop, self.heard.set))
        self._parent._news.set()
        self.heard.wait()
        self.check_stop()

    def finish(self, stage: str, value: float, bound: float | None) -> None:
        self._said.append(lambda: self._parent.finish(stage, value, bound))

    def correct(self, value: float, bound: float) -> None:
        self._said.append(lambda: self._parent.correct(value, bound))


def _end(lanes: Sequence[_Lane], stopped: Stopped) -> None:
    """Tell all lanes to end. Those that a solver holds that cannot be interrupted are left behind."""
    for lane in lanes:
        lane.ending = stopped
        lane.heard.set()
        interrupt = lane.interrupt
        if interrupt is not None:
            interrupt()
    until = time.monotonic() + LANE_SECONDS
    for lane in lanes:
        lane.thread.join(max(0.0, until - time.monotonic()))
    _left_behind[:] = [t for t in (*_left_behind, *(lane.thread for lane in lanes)) if t.is_alive()]
