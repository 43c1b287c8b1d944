"""Hours that the week leaves free for individual counselling (H10, H13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Caseload, Seat
from foyer.scheduling.problem import Resident, Weeks
from foyer.scheduling.weeks import Busy

if TYPE_CHECKING:
    from foyer.scheduling.stages.week import Week


def room_for_appointments(week: Week, seats: Sequence[Seat], caseloads: Sequence[Caseload]) -> None:
    """Every resident keeps a period in which he and his counsellor are free, where there can be one (H10).
    Necessary, not sufficient; short of it the appointments stage would have to leave somebody out."""
    for own, places in hours_to_keep(week.index, seats, caseloads):
        _keep_one_free(week, own, places)


def hours_to_keep(
    index: Index, seats: Sequence[Seat], caseloads: Sequence[Caseload]
) -> list[tuple[tuple[str, ...], tuple[Busy, ...]]]:
    """Groups of one resident, and the hours of which their meetings must leave one free."""
    groups = _groups_by_resident(seats)
    pairs = {(groups[c.resident], _hours(index, c)) for c in caseloads if c.resident in groups}
    return [(own, places) for own, places in sorted(pairs) if places]


def _groups_by_resident(seats: Sequence[Seat]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for seat in seats:
        groups[seat.resident].append(seat.group)
    return {resident: tuple(sorted(own)) for resident, own in groups.items()}


def _hours(index: Index, case: Caseload) -> tuple[Busy, ...]:
    """The periods in which both are free, each in every kind of week in which his appointment may lie: two kinds only
    where some group meets every other week."""
    resident = index.residents[case.resident]
    blocked = {*resident.unavailable, *index.counsellors[case.counsellor].unavailable}
    free = [p for p in index.hours_of(resident) if p not in blocked and index.slots(p)]
    return tuple((period, when) for period in free for when in _rhythms(index, resident))


def _rhythms(index: Index, resident: Resident) -> list[Weeks]:
    if not index.alternates:
        return ["all"]
    return sorted({index.rhythm(w) for w in index.appointment_weeks(resident)})


def pinned_hours(week: Week, seats: Sequence[Seat]) -> None:
    """An appointment that people set for one period of any week keeps a week in which nothing else is there (H13).
    Where there is only one such week, the meetings avoid it anyway."""
    index = week.index
    for resident, own in _groups_by_resident(seats).items():
        pin = index.pins.appointments.get(resident)
        if pin is not None:
            _keep_one_free(week, own, [(pin.period, when) for when in _rhythms(index, index.residents[resident])])


def _keep_one_free(week: Week, groups: tuple[str, ...], places: Sequence[Busy]) -> None:
    """Of these periods, each in certain weeks, at least one is not taken by the groups' meetings."""
    taken: list[Any] = []
    for period, when in places:
        own = [g for g in groups if week.index.share_weeks(week.index.groups[g].weeks, when)]
        meeting = [x for g in own for x in week.covering(g, period)]
        if len({week.index.groups[g].weeks for g in own}) < 2 or len(meeting) < 2:
            taken += meeting  # never two at once
        else:
            taken.append(week.model.new_bool_var("taken"))
            week.model.add_max_equality(taken[-1], meeting)
    if taken:
        week.model.add(sum(taken) <= len(places) - 1)
