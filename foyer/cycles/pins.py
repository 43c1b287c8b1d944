"""What people decided in a draft, as the engine is told of it (H13): ``Plan.pins`` to the problem's own pins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from foyer.scheduling.problem import AppointmentPin, MeetingPin, Pin, Problem

PinRow = Mapping[str, str]  # {"kind", "resident", "target"}, as in ``Plan.pins``
GROUP_KINDS = {"class": "vocational", "education": "education", "elective": "elective"}


def pinned_problem(problem: Problem, pins: Iterable[PinRow]) -> Problem:
    """The problem with these decisions, and none besides them: what it was pinned to before is dropped. Decisions about
    somebody or something that the problem does not have (any more) are passed over; see ``standing_pins``."""
    rows = standing_pins(problem, pins)
    return replace(
        problem,
        pins=tuple(
            Pin(row["kind"], row["resident"], row["target"])  # type: ignore[arg-type]
            for row in rows
            if row["kind"] not in ("appointment", "meeting")
        ),
        meeting_pins=tuple(_meeting(row["target"]) for row in rows if row["kind"] == "meeting"),
        appointment_pins=tuple(
            _appointment(row["resident"], row["target"]) for row in rows if row["kind"] == "appointment"
        ),
    )


def standing_pins(problem: Problem, pins: Iterable[PinRow]) -> list[dict[str, str]]:
    """Those of the decisions that still mean something in this problem: residents leave, rooms and classes go. Each
    once, in their order."""
    known = _Known(problem)
    found = [dict(row) for row in pins if known.has(row)]
    return [row for n, row in enumerate(found) if row not in found[:n]]


def _meeting(target: str) -> MeetingPin:
    group, _sep, periods = target.partition(":")
    return MeetingPin(group, tuple(periods.split(",")))


def _appointment(resident: str, target: str) -> AppointmentPin:
    week, _sep, period = target.rpartition(":")
    return AppointmentPin(resident, period, int(week) if week else None)


class _Known:
    """What a decision can be about."""

    def __init__(self, problem: Problem) -> None:
        self.residents = {resident.id for resident in problem.residents}
        self.rooms = {room.id for room in problem.rooms}
        self.counsellors = {counsellor.id for counsellor in problem.counsellors}
        self.periods = {period.id for period in problem.periods}
        self.groups = {group.id: group for group in problem.groups}

    def has(self, row: PinRow) -> bool:
        kind, target = row["kind"], row["target"]
        if kind == "meeting":
            pin = _meeting(target)
            group = self.groups.get(pin.group)
            return group is not None and any(pattern.periods == pin.periods for pattern in group.patterns)
        return row["resident"] in self.residents and self._has_target(kind, target)

    def _has_target(self, kind: str, target: str) -> bool:
        if kind == "room":
            return target in self.rooms
        if kind == "counsellor":
            return target in self.counsellors
        if kind == "appointment":
            return target.rpartition(":")[2] in self.periods
        group = self.groups.get(target)
        return group is not None and group.kind == GROUP_KINDS[kind]
