"""A whole plan from the parts that are decided, the rest dealt quickly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Appointment, Caseload, Lodging, Meeting, Seat
from foyer.scheduling.quick.cases import deal_cases
from foyer.scheduling.quick.hours import book_hours
from foyer.scheduling.quick.lodging import deal_rooms
from foyer.scheduling.quick.seats import deal_seats
from foyer.scheduling.quick.week import set_week
from foyer.scheduling.stages.beds import number_beds

TRIES = 3  # for a week, each from another seed


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything that a plan decides. What could not be met is simply not there."""

    seats: tuple[Seat, ...] = ()
    caseloads: tuple[Caseload, ...] = ()
    lodgings: tuple[Lodging, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    appointments: tuple[Appointment, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """The parts that stages have decided; None: not yet."""

    seats: tuple[Seat, ...] | None = None
    caseloads: tuple[Caseload, ...] | None = None
    lodgings: tuple[Lodging, ...] | None = None
    meetings: tuple[Meeting, ...] | None = None


def complete(index: Index, decided: Decided, seed: int, tick: Callable[[], None]) -> Whole | None:
    """The decided parts and quick answers for all else; None where no week was found for the seats. ``tick`` is called
    often and may raise to stop."""
    seats = deal_seats(index, tick) if decided.seats is None else decided.seats
    meetings = _week(index, seats, seed, tick) if decided.meetings is None else decided.meetings
    if meetings is None:
        return None
    cases = deal_cases(index, tick) if decided.caseloads is None else decided.caseloads
    rooms = number_beds(index, deal_rooms(index, tick)) if decided.lodgings is None else decided.lodgings
    return Whole(seats, cases, rooms, meetings, book_hours(index, seats, cases, meetings, tick))


def _week(index: Index, seats: Sequence[Seat], seed: int, tick: Callable[[], None]) -> tuple[Meeting, ...] | None:
    for i in range(TRIES):
        week = set_week(index, seats, seed + i, tick)
        if week is not None:
            return week
    return None
