"""What is not to be had from a day on: somebody is away, a place or a class is closed. The week of a plan repeats, so a
plan made for a day reads what holds on that day (docs/decisions/0019); what ends later is a repair of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from foyer.audit.trail import Audited
from foyer.database import HouseRow, Model, Versioned, choice_column

WHOLE_DAY = (0, 1440)


class InterruptionKind(StrEnum):
    """Who or what is not to be had."""

    STAFF = "staff"
    RESIDENT = "resident"
    VENUE = "venue"
    GROUP = "group"


class Interruption(Versioned, Audited, HouseRow, Model):
    """Not to be had on the days ``[from_on, until_on)``; no end: until somebody ends it. ``weekdays`` and the minutes
    narrow it to hours of the week (no weekday: all day, every day). ``instead_...``: who stands in, or where the groups
    meet meanwhile."""

    __tablename__ = "interruptions"
    __table_args__ = (
        CheckConstraint("until_on IS NULL OR from_on < until_on", name="order"),
        CheckConstraint("start_minute < end_minute", name="hours"),
        CheckConstraint("(kind = 'staff') = (staff_id IS NOT NULL)", name="staff"),
        CheckConstraint("(kind = 'resident') = (stay_id IS NOT NULL)", name="resident"),
        CheckConstraint("(kind = 'venue') = (venue_id IS NOT NULL)", name="venue"),
        CheckConstraint("(kind = 'group') = (group_id IS NOT NULL)", name="group"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[InterruptionKind] = mapped_column(choice_column(InterruptionKind))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    stay_id: Mapped[int | None] = mapped_column(ForeignKey("stays.id"))
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venues.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("teaching_groups.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    weekdays: Mapped[list[int]] = mapped_column(JSON, default=list)
    start_minute: Mapped[int] = mapped_column(default=WHOLE_DAY[0])
    end_minute: Mapped[int] = mapped_column(default=WHOLE_DAY[1])
    instead_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    instead_venue_id: Mapped[int | None] = mapped_column(ForeignKey("venues.id"))

    @property
    def subject_id(self) -> int:
        """The id of whom or what it is about, by kind."""
        found = self.staff_id or self.stay_id or self.venue_id or self.group_id
        assert found is not None  # the constraints say so
        return found

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the week is left."""
        return not self.weekdays

    @property
    def hours(self) -> list[tuple[int, int, int]]:
        """Weekday, first and last minute of what is missing in a week."""
        days = self.weekdays or range(7)
        return [(day, self.start_minute, self.end_minute) for day in days]

    def holds_on(self, day: date) -> bool:
        return self.from_on <= day and (self.until_on is None or day < self.until_on)


class Holding:
    """The interruptions that hold on one day, by kind and id."""

    def __init__(self, rows: Iterable[Interruption]) -> None:
        self._by: dict[tuple[InterruptionKind, int], list[Interruption]] = {}
        for row in rows:
            self._by.setdefault((row.kind, row.subject_id), []).append(row)

    def hours(self, kind: InterruptionKind, id_: int) -> list[tuple[int, int, int]]:
        """The hours of the week in which somebody or something is missing."""
        return [span for row in self._by.get((kind, id_), ()) for span in row.hours]

    def whole(self, kind: InterruptionKind, id_: int) -> Interruption | None:
        """What takes somebody or something away altogether."""
        return next((row for row in self._by.get((kind, id_), ()) if row.is_whole), None)
