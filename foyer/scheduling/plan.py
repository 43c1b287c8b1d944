"""The plan: what the engine decided, what it costs, and what is proven about it.

Plain frozen dataclasses. Every id is one of the problem's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Outcome(StrEnum):
    """How a run ended. ``optimal``: every stage that has a bound is proven best under these rules and
    weights."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"  # see ``Plan.shortages``
    CANCELLED = "cancelled"  # the best complete plan until then, or what was found of one; it may be empty
    OUT_OF_TIME = "out_of_time"  # the same: the limit came before the last stage


UNFINISHED = (Outcome.CANCELLED, Outcome.OUT_OF_TIME)

Need = Literal["class", "education", "elective", "counsellor", "room", "appointment"]
ChangeKind = Literal[
    "class", "education", "elective", "counsellor", "room", "bed", "appointment", "time", "venue", "instructor"
]


@dataclass(frozen=True, slots=True)
class Seat:
    """A resident's place in a vocational class or an education group."""

    resident: str
    group: str


@dataclass(frozen=True, slots=True)
class Caseload:
    """A resident's counsellor."""

    resident: str
    counsellor: str


@dataclass(frozen=True, slots=True)
class Lodging:
    """A resident's room over nights ``[arrives, leaves)``; ``bed`` counts from 1 within the room."""

    resident: str
    room: str
    bed: int
    arrives: int
    leaves: int


@dataclass(frozen=True, slots=True)
class Meeting:
    """One weekly meeting of a group: its periods in order, where and with whom."""

    group: str
    periods: tuple[str, ...]
    venue: str | None
    instructor: str | None


@dataclass(frozen=True, slots=True)
class Appointment:
    """Individual counselling in every ``every_weeks``-th week, beginning with week ``week`` (0 first) of the
    cycle. ``start`` and ``end`` are minutes after midnight, inside the period."""

    resident: str
    counsellor: str
    week: int
    period: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Unmet:
    """A need left open, only where nothing else was possible."""

    resident: str
    need: Need
    subject: str = ""  # the education subject, where ``need`` is education


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a stage's lexicographic order, in its own unit (points or people)."""

    name: str
    value: float
    bound: float
    status: Literal["optimal", "feasible"]
    how: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage's value and proven lower bound, in points. ``conditional``: the bound holds only for the
    decisions that earlier stages fixed. ``bound`` is None where no bound is known (gaps in the day)."""

    name: str
    value: float
    bound: float | None
    status: Literal["optimal", "feasible", "infeasible", "skipped"]
    how: str
    seconds: float
    conditional: bool = False
    levels: tuple[Level, ...] = ()  # in order of importance; a level's bound presupposes the levels before it


@dataclass(frozen=True, slots=True)
class PlanLevel:
    """One of the levels L1 to L7 over the whole plan, in its own unit (points, people or load). ``bound`` is None where
    no bound is known. ``conditional``: it holds only for what earlier stages fixed."""

    name: str  # "L1" to "L7", with the wish behind a colon where a level has several values
    value: float
    bound: float | None
    status: Literal["optimal", "feasible"]
    how: str
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """The share of one wish in the score: how often it was hurt, and the points."""

    wish: str
    count: int
    points: float


@dataclass(frozen=True, slots=True)
class Change:
    """One difference of a repaired plan from the published one, from the repair's first night on (output d).

    ``who`` is a resident; for ``time``, ``venue`` and ``instructor`` a group. ``before`` and ``after`` are ids: of a
    group, counsellor or room; a bed's number; a meeting's periods joined by blanks; an appointment as ``week period
    start``. ``before`` is None where something is new (it costs nothing), ``after`` where it is lost. ``when`` tells
    the meeting whose venue or instructor changed. ``reason`` is the rule that forbids what was, ``follows`` where only
    another change forbids it, or ``arrived``, ``was_unmet``, ``needed``, ``chosen``; ``values`` fill its sentence."""

    kind: ChangeKind
    who: str
    before: str | None
    after: str | None
    points: float = 0.0  # s15
    when: str = ""
    reason: str = ""
    values: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True, slots=True)
class Shortage:
    """A certificate that no full plan exists, found by counting before any solver runs. ``code`` names the
    sentence, ``values`` fills it; ``residents`` are those concerned."""

    code: str
    values: tuple[tuple[str, str | int], ...]
    residents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule, as found by ``check``. ``who`` are ids of residents, groups, rooms or staff."""

    rule: str
    who: tuple[str, ...]
    when: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The engine's whole answer (``foyer-plan/1``). ``bound``: no plan scores below it that is as good in the levels
    which come before points (unplaced, then fairness); conditional bounds of stages are not in it."""

    outcome: Outcome
    problem_hash: str
    seats: tuple[Seat, ...] = ()
    caseloads: tuple[Caseload, ...] = ()
    lodgings: tuple[Lodging, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    unmet: tuple[Unmet, ...] = ()
    shortages: tuple[Shortage, ...] = ()
    stages: tuple[Stage, ...] = ()
    terms: tuple[Term, ...] = ()
    score: float = 0.0
    bound: float | None = None
    seed: int = 0
    engine: str = ""  # versions, for instance "foyer 0.1.0, ortools 9.15"
    seconds: float = 0.0
    levels: tuple[PlanLevel, ...] = ()
    # A repaired plan holds from this night on. Its lodgings also tell the nights before; its week, seats, caseloads,
    # points and unmet needs speak of those still in the house then.
    from_night: int = 0
    past_seats: tuple[Seat, ...] = ()  # of those who have left: a running group's minimum counts them
    changes: tuple[Change, ...] = ()  # against the published plan


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how hard to try. ``seconds`` is wall time for the whole run."""

    seconds: float = 120.0
    workers: int = 8
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Progress:
    """What a run says while it works. ``done`` is the finished share of the stages, 0 to 1. ``score`` and
    ``bound`` are those of the whole plan so far (points; None while unknown): of what is decided by then. ``complete``
    is the score of the best complete plan in hand, which a run that is stopped now returns."""

    stage: str
    status: Literal["started", "improved", "finished"]
    done: float
    score: float | None
    bound: float | None
    seconds: float
    complete: float | None = None


ProgressHook = Callable[[Progress], None]
StopHook = Callable[[], bool]


def never_stop() -> bool:
    """The stop hook of a run that nobody can cancel."""
    return False


def keep_quiet(progress: Progress) -> None:
    """The progress hook of a run that nobody watches."""
