"""What a repair is asked, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass

from foyer.scheduling.plan import Change, Plan


@dataclass(frozen=True, slots=True)
class RepairRequest:
    """From which night on, and how much may change (H14). The caps count changes of a class, education group, elective,
    counsellor, room, appointment (each a resident's) and of a meeting's time. ``place_unplaced``: also needs that the
    published plan left open are met before changes are spared; otherwise only where it costs no change."""

    from_night: int
    most_changes: int | None = None  # in total
    most_per_resident: int | None = None  # a resident's own, meetings' times aside
    place_unplaced: bool = False


@dataclass(frozen=True, slots=True)
class Repaired:
    """The plan as it holds from the night on, and how it differs from the published one. ``points`` are those of the
    changes (s15), ``bound`` what no repair with as few unplaced can go below; ``people`` are the residents whom a
    change touches, ``people_bound`` the fewest among repairs of so few points."""

    plan: Plan
    changes: tuple[Change, ...] = ()
    points: float = 0.0
    bound: float = 0.0
    people: tuple[str, ...] = ()
    people_bound: int = 0

    @property
    def is_proven(self) -> bool:
        """Whether no repair changes less, by points."""
        return self.bound >= self.points
