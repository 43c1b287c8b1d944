"""Appointments of the first plan: for each counsellor a matching of residents and hours, along augmenting paths."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Appointment, Caseload, Meeting, Seat
from foyer.scheduling.stages.appointments import Place, clocked, meeting_periods, places_for


def book_hours(
    index: Index,
    seats: Sequence[Seat],
    caseloads: Sequence[Caseload],
    meetings: Sequence[Meeting],
    tick: Callable[[], None],
) -> tuple[Appointment, ...]:
    """An appointment for as many residents as possible, with each one's counsellor. ``tick`` may raise to stop."""
    taken = meeting_periods(index, seats, meetings)
    slots = {p: len(index.slots(p)) for p in index.periods}
    own: dict[str, list[str]] = defaultdict(list)
    for case in caseloads:
        own[case.counsellor].append(case.resident)
    booked: list[Appointment] = []
    for counsellor, residents in own.items():
        tick()
        places = {r: _in_order(index, places_for(index, r, counsellor, taken)) for r in residents}
        matched = _matched(residents, places, slots)
        booked += clocked(index, counsellor, sorted(matched.items()))
    return tuple(booked)


def _in_order(index: Index, places: Sequence[Place]) -> list[Place]:
    """Evenings last."""
    return sorted(places, key=lambda place: index.is_evening(place[1]))


def _matched(
    residents: Sequence[str], places: Mapping[str, Sequence[Place]], slots: Mapping[str, int]
) -> dict[str, Place]:
    """Residents to places, each place as often as slots fit: the most that can be (Berge)."""
    users: dict[Place, list[str]] = defaultdict(list)
    at: dict[str, Place] = {}

    def seat(resident: str, seen: set[Place]) -> bool:
        for place in places[resident]:
            if place not in seen and len(users[place]) < slots[place[1]]:
                users[place].append(resident)
                at[resident] = place
                return True
        for place in places[resident]:
            if place in seen:
                continue
            seen.add(place)
            for other in tuple(users[place]):
                users[place].remove(other)
                if seat(other, seen):
                    users[place].append(resident)
                    at[resident] = place
                    return True
                users[place].append(other)
        return False

    for resident in sorted(residents, key=lambda r: len(places[r])):
        seat(resident, set())
    return at
