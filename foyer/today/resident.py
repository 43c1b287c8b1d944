"""What a resident's first page says: the next thing, the rest of today, the days that follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from foyer.cycles.collecting import Window, WishCollection
from foyer.cycles.house_days import holidays_between
from foyer.cycles.models import Enrolment, PlanLodging, PlanSeat
from foyer.cycles.queries import placement_of
from foyer.cycles.weeks import DatedSession, Slot, dated_sessions
from foyer.cycles.wish_queries import asked_of
from foyer.residences.models import Staff
from foyer.timetable import WeekSession
from foyer.today.services import Person

DAYS_AHEAD = 14


@dataclass(frozen=True)
class Day:
    """A day with its sessions; ``holiday`` names it where nothing takes place."""

    on: date
    sessions: Sequence[DatedSession]
    holiday: str | None = None


@dataclass(frozen=True)
class ResidentToday:
    person: Person
    next_session: DatedSession | None
    rest: Sequence[DatedSession]  # of today, after the next one
    days: Sequence[Day]  # the seven days that follow
    seats: Sequence[PlanSeat]
    counsellor: Staff | None
    lodging: PlanLodging | None
    days_until: int  # the cycle begins; 0 once it has
    is_over: bool
    holiday: str | None  # today's
    asked: tuple[Enrolment, WishCollection] | None = None  # wishes for the next cycle

    @property
    def window(self) -> Window | None:
        return self.asked[1].window(self.person.today) if self.asked else None

    @property
    def first_name(self) -> str:
        person = self.person.resident
        name = (person.called or person.full_name) if person else self.person.user.display_name
        return next(iter(name.split()), "")


def resident_today(person: Person) -> ResidentToday:
    """Everything for the page, from the published plan only."""
    start = person.first_day
    end = start + timedelta(days=DAYS_AHEAD)
    sessions = dated_sessions(person.versions, person.slots(), start, end) if person.versions else []
    coming = [s for s in sessions if s.on > person.today or (s.on == person.today and s.end > person.minute)]
    following = coming[0] if coming else None
    placement = placement_of(person.plan, person.enrolment.id) if person.plan and person.enrolment else None
    holidays = holidays_between(person.residence.id, start, end)
    return ResidentToday(
        person=person,
        next_session=following,
        rest=[s for s in coming[1:] if s.on == person.today],
        days=_days(max(start, person.today + timedelta(days=1)), sessions, holidays) if placement else [],
        seats=placement.seats if placement else (),
        counsellor=placement.caseload.staff if placement and placement.caseload else None,
        lodging=_bed(placement.lodgings, start) if placement else None,
        days_until=max(0, (start - person.today).days),
        is_over=bool(person.plan and person.today >= person.plan.cycle.ends_on),
        holiday=holidays.get(person.today),
        asked=asked_of(person.resident.id, person.today) if person.resident else None,
    )


def timed(dated: DatedSession) -> WeekSession:
    """The session with its hours, as lists show it."""
    return replace(dated.session, start=dated.start, end=dated.end)


def upcoming(slots: Sequence[Slot], person: Person, days: int = DAYS_AHEAD) -> list[DatedSession]:
    """What still takes place from now on (from the plan's first day on while it lies ahead)."""
    if person.versions is None:
        return []
    start = person.first_day
    sessions = dated_sessions(person.versions, slots, start, start + timedelta(days=days))
    return [s for s in sessions if s.on > person.today or (s.on == person.today and s.end > person.minute)]


def _days(first: date, sessions: Sequence[DatedSession], holidays: dict[date, str]) -> list[Day]:
    days = [first + timedelta(days=n) for n in range(7)]
    return [Day(day, [s for s in sessions if s.on == day], holidays.get(day)) for day in days]


def _bed(lodgings: Sequence[PlanLodging], day: date) -> PlanLodging | None:
    running = [bed for bed in lodgings if bed.from_on <= day < bed.until_on]
    coming = [bed for bed in lodgings if bed.from_on > day]
    return next(iter(running or coming), None)
