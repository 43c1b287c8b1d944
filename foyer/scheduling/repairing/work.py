"""The order of a repair: the week as published, or repaired for the published seats; then seats, caseloads and rooms,
in groups that fit that week wherever this costs nothing; then the week for the seats found; then the appointments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from foyer.scheduling.checker import conflicts, timetable
from foyer.scheduling.plan import Appointment, Caseload, Level, Lodging, Meeting, Outcome, Plan, Seat
from foyer.scheduling.repairing.appointments import rebook
from foyer.scheduling.repairing.assigning import Assignment
from foyer.scheduling.repairing.kept import Kept
from foyer.scheduling.repairing.request import RepairRequest
from foyer.scheduling.repairing.times import Least, Setting, least_in_any_case, repair_times
from foyer.scheduling.run import Run, Stopped

SEATING = ("classes", "education", "electives")


def nothing(name: str) -> Level:
    return Level(name, 0, 0, "optimal", "counting")


@dataclass
class Work:
    """The repaired plan as far as it has come, and what is proven about it."""

    run: Run
    kept: Kept
    request: RepairRequest
    seats: tuple[Seat, ...] = ()
    caseloads: tuple[Caseload, ...] = ()
    lodgings: tuple[Lodging, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    levels: dict[str, tuple[Level, ...]] = field(default_factory=dict)  # of the stages that were solved again
    times_least: float | None = None  # bound of the times' wishes; None: the week is as published
    unplaced: Level = field(default_factory=lambda: nothing("unplaced"))
    assigned: Level = field(default_factory=lambda: nothing("changes"))  # of seats, caseloads and rooms
    retimed: Level = field(default_factory=lambda: nothing("changes"))
    least: Least = field(default_factory=Least)
    forced: float = 0.0  # points of appointments that are impossible with these seats and this week
    rebooked: Level = field(default_factory=lambda: nothing("changes"))
    people: Level = field(default_factory=lambda: nothing("people"))
    week_proven: bool = False
    no_week: bool = False  # the published seats allow no week
    other_week: bool = False  # the week is another one, found together with the seats

    def __post_init__(self) -> None:
        plan = self.kept.plan
        self.seats, self.caseloads, self.lodgings = plan.seats, plan.caseloads, plan.lodgings
        self.meetings, self.appointments = plan.meetings, plan.appointments

    def perform(self, spent: int = 0) -> None:
        """Repair everything. ``spent``: changes to be kept in reserve under the cap in total."""
        if not self.kept.holds("times"):
            self.run.start("times")
            self._retime(self.kept.plan.seats, must=False)
        self.run.start("classes")
        self._assign(spent)
        self._drop_closed()
        if self._week_is_broken() or self.other_week:
            self.run.start("times")
            self._retime(self.seats, must=False)
        if self._week_is_broken():  # seats in groups that got no hours: only in those that have some
            self._assign(spent, running_only=True)
            self._drop_closed()
            if self._week_is_broken():
                self._retime(self.seats, must=True)
        self.run.start("appointments")
        self._book()

    # What is proven

    def first_level(self) -> Level:
        """Points of needs newly left open, appointments among them."""
        booked = {level.name: level for level in self.levels.get("appointments", ())}.get("unplaced")
        if booked is None:
            return self.unplaced
        value, bound = self.unplaced.value + booked.value, self.unplaced.bound
        proven = self.unplaced.status == "optimal" and not booked.value
        return Level("unplaced", value, bound, "optimal" if proven else "feasible", "HiGHS")

    def bound(self) -> float:
        """No repair with as few unplaced costs fewer points than this."""
        if self.first_level().status != "optimal":
            return 0.0
        return self.assigned.bound + max(0.0, self._week_bound() - self._seats_points())

    def _week_bound(self) -> float:
        """What seats, week and appointments cost together at least. With the published seats and counsellors this is
        proven for them; other seats cost the cheapest change of one, besides the least for any week, or a closing."""
        if not self._same_seats():
            return self.least.together
        same = set(self.caseloads) == set(self.kept.plan.caseloads)
        return min(self.retimed.bound if self.retimed.value else self.forced if same else 0.0, self._with_other_seats())

    def _same_seats(self) -> bool:
        """Whether everybody sits where the published plan says."""
        published = {s for s in self.kept.published.seats if self._is_here(s)}
        return set(self.seats) == set(self.kept.plan.seats) == published

    def _with_other_seats(self) -> float:
        """What seats and week cost at least where anybody sits elsewhere."""
        weights = self.kept.index.problem.weights
        cheapest = min(weights.change_class, weights.change_education, weights.change_elective)
        return max(self.least.together, min(cheapest + self.least.open_week, self.least.closing))

    def _is_here(self, seat: Seat) -> bool:
        return seat.resident in self.kept.index.residents

    def _seats_points(self) -> float:
        """What the seats' changes cost in this repair."""
        levels = [x for stage in SEATING for x in self.levels.get(stage, ()) if x.name == "changes"]
        return sum(level.value for level in levels)

    def fewest_people(self, points: float, people: int) -> int:
        """As few people at least are touched by any repair of so few points. ``people`` are touched by this one."""
        if self.bound() < points:
            return 0
        if not self.retimed.value:
            return int(self.people.bound) if not self.rebooked.value else 0
        only_week = not self.assigned.value and self._same_seats() and self._with_other_seats() > points
        return people if only_week and self.week_proven else 0

    def stage_bound(self, name: str, value: float) -> tuple[float, str]:
        """A stage's bound among repairs with as few changes, and how it was found."""
        if name == "times" and self.times_least is not None:
            return self.times_least, "CP-SAT"
        if name not in self.levels:
            return value, "as published"
        levels = self.levels[name]
        exact = all(level.status == "optimal" for level in levels) and name != "rooms"
        lost = sum(level.bound for level in levels if level.name == "unplaced")
        return (value if exact else lost), "HiGHS"

    # Seats, caseloads, rooms

    def _assign(self, spent: int, *, running_only: bool = False) -> None:
        meetings = None if self.no_week and not self.other_week else self.meetings
        task = Assignment(self.run, self.kept, self.request, meetings, spent + self._moved_meetings())
        task.running_only = running_only
        found = task.solve()
        if found is None:
            return
        self.unplaced, self.assigned, self.people = found.levels
        self.seats, self.caseloads, self.lodgings = found.seats, found.caseloads, found.lodgings
        self.levels.update(found.of_stage)
        self.least = replace(self.least, together=max(self.least.together, found.together))
        if found.meetings is not None:
            self.meetings, self.other_week = found.meetings, True

    # The week

    def _moved_meetings(self) -> int:
        before = {(m.group, m.periods) for m in self.kept.published.meetings}
        groups = {group for group, _ in before}
        return sum(m.group in groups and (m.group, m.periods) not in before for m in self.meetings)

    def _drop_closed(self) -> None:
        """The meetings of groups that nobody is in any more."""
        index, sizes = self.kept.index, Counter(s.group for s in self.seats)
        self.meetings = tuple(m for m in self.meetings if index.meets(index.groups[m.group], sizes[m.group]))

    def _week_is_broken(self) -> bool:
        trial = Plan(Outcome.FEASIBLE, "", seats=self.seats, meetings=self.meetings)
        return any(v for rule in (timetable, conflicts) for v in rule.violations(self.kept.index, trial))

    def _retime(self, seats: Sequence[Seat], *, must: bool) -> None:
        moved = set(self.seats) ^ set(self.kept.plan.seats)
        setting = Setting(
            seats,
            self.caseloads,
            self.kept.plan.appointments,
            {s.resident for s in moved},
            self.request.most_changes,
        )
        found = repair_times(self.run, self.kept, setting)
        if found.is_found:
            self.meetings, self.times_least = found.meetings, found.least
            self.week_proven = found.is_proven
            status = "optimal" if found.bound == found.points else "feasible"
            self.retimed = Level("changes", found.points, found.bound, status, "CP-SAT")  # type: ignore[arg-type]
            if found.points and not self.least.together:
                self.least = least_in_any_case(self.run, self.kept)
        elif must:
            raise Stopped(cancelled=False)  # these seats have no week; that others have none is not proven
        elif seats == self.kept.plan.seats:
            self.no_week = True

    # Appointments

    def _book(self) -> None:
        booked = rebook(self.run, self.kept, self.request, (self.seats, self.caseloads, self.meetings))
        self.appointments = booked.appointments
        found = {level.name: level for level in booked.levels}
        self.rebooked, self.forced = found.get("changes", self.rebooked), booked.forced
        if booked.levels:
            self.levels["appointments"] = booked.levels
