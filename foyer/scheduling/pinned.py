"""What people decided beforehand (H13), by the thing that it concerns. Plain derivation from the problem's pins."""

from __future__ import annotations

from collections import defaultdict

from foyer.scheduling.problem import AppointmentPin, MeetingPin, Problem, TeachingGroup


class Pinned:
    """The pins on openings, meetings and appointments; those on a resident's place are ``Problem.pins``."""

    def __init__(self, problem: Problem) -> None:
        self.opened = frozenset(p.group for p in problem.group_pins if p.opens)
        self.closed = frozenset(p.group for p in problem.group_pins if not p.opens)
        self.meetings = _meetings(problem.meeting_pins)
        self.appointments: dict[str, AppointmentPin] = {}
        for pin in problem.appointment_pins:
            known = self.appointments.setdefault(pin.resident, pin)
            if known.week is None and pin.period == known.period:
                self.appointments[pin.resident] = pin  # the one that says more

    def must_open(self, group: TeachingGroup) -> bool:
        """Mandatory, opened by a person, or with a meeting set by one."""
        return group.mandatory or group.id in self.opened or group.id in self.meetings

    def of_meeting(self, group: str, periods: tuple[str, ...]) -> MeetingPin | None:
        """The pin on the group's meeting in these periods."""
        return next((p for p in self.meetings.get(group, ()) if p.periods == periods), None)


def _meetings(pins: tuple[MeetingPin, ...]) -> dict[str, tuple[MeetingPin, ...]]:
    """By group, one for each place in the week: two pins on one meeting may name its venue and its instructor."""
    merged: dict[tuple[str, tuple[str, ...]], MeetingPin] = {}
    for pin in pins:
        key = (pin.group, pin.periods)
        known = merged.get(key, pin)
        merged[key] = MeetingPin(pin.group, pin.periods, known.venue or pin.venue, known.instructor or pin.instructor)
    by_group: dict[str, list[MeetingPin]] = defaultdict(list)
    for pin in merged.values():
        by_group[pin.group].append(pin)
    return {group: tuple(found) for group, found in by_group.items()}
