"""The week with slack, for given seats: hours of people and places, meetings, loads, clashes of groups (H8 to H12).

Venues, instructors, groups and residents may be made available in further periods, a group may meet less often or more
often a day, and two groups may meet at once if their common residents leave one of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Seat
from foyer.scheduling.problem import TeachingGroup
from foyer.scheduling.relaxing.elastic import Elastic, Entry
from foyer.scheduling.relaxing.forms import Prices, Relaxation, Values


class Weekly:
    """The elastic program of the week, and the meaning of its variables."""

    def __init__(self, index: Index, prices: Prices, seats: Sequence[Seat]) -> None:
        self.index, self.prices = index, prices
        self.elastic = Elastic("times", read=self.read)
        self.members: dict[str, list[str]] = defaultdict(list)
        for seat in seats:
            self.members[seat.group].append(seat.resident)
        self.start: dict[tuple[str, int], int] = {}
        self.held: dict[tuple[str, int, str, str], int] = {}
        self.fewer: dict[str, int] = {}
        self.day: dict[str, int] = {}
        self.hours: dict[tuple[str, str, str], int] = {}  # kind, who, period
        self.load: dict[str, int] = {}
        self.left: dict[tuple[str, str], int] = {}  # of two groups that clash, the first is left
        self.pins: dict[tuple[str, tuple[str, ...]], int] = {}
        groups = [g for g in index.problem.groups if index.meets(g, len(self.members[g.id]))]
        for group in groups:
            self._group(group)
        self._exclusive()
        for a, b in combinations(groups, 2):
            self._apart(a, b)

    # Rules with slack

    def _group(self, group: TeachingGroup) -> None:
        program = self.elastic.program
        by_day: dict[int, list[Entry]] = defaultdict(list)
        by_period: dict[str, list[Entry]] = defaultdict(list)
        for i, pattern in enumerate(group.patterns):
            x = self.start[group.id, i] = program.integer()
            by_day[self.index.periods[pattern.periods[0]].day].append((x, 1))
            for period in pattern.periods:
                by_period[period].append((x, 1))
            self._available(group, i, x)
            self._hold(group, i, x)
        starts = [entry for day in by_day.values() for entry in day]
        self.fewer[group.id] = self.elastic.slack(
            "meetings_fewer", group.id, self.prices.meeting, max(0, group.meetings - 1)
        )
        program.row([*starts, (self.fewer[group.id], 1)], low=group.meetings, high=group.meetings)
        if len(starts) > group.most_per_day:
            self.day[group.id] = self.elastic.slack("day_more", group.id, self.prices.day, group.meetings)
            for day in by_day.values():
                program.row([*day, (self.day[group.id], -1)], high=group.most_per_day)
        for entries in by_period.values():
            program.row(entries, high=1)
        self._spread(group, by_day)
        self._pinned(group)

    def _spread(self, group: TeachingGroup, by_day: dict[int, list[Entry]]) -> None:
        for first in by_day if group.days_between else ():
            near = [x for day, starts in by_day.items() if 0 <= day - first < group.days_between for x in starts]
            self.elastic.program.row(near, high=1)

    def _pinned(self, group: TeachingGroup) -> None:
        for pin in self.index.pins.meetings.get(group.id, ()):
            released = self.pins[group.id, pin.periods] = self.elastic.slack("pin_released", group.id, self.prices.pin)
            own = [(self.start[group.id, i], 1.0) for i, p in enumerate(group.patterns) if p.periods == pin.periods]
            self.elastic.program.row([*own, (released, 1)], low=1)

    def _available(self, group: TeachingGroup, i: int, x: int) -> None:
        """The group itself and its residents, in each of the pattern's periods."""
        for period in group.patterns[i].periods:
            if period in group.unavailable:
                self._lift(x, "group", group.id, period)
            for resident in self.members[group.id]:
                if period in self.index.residents[resident].unavailable:
                    self._lift(x, "resident", resident, period)

    def _lift(self, x: int, kind: str, who: str, period: str) -> None:
        key = (kind, who, period)
        if key not in self.hours:
            family = "hours" if kind != "resident" else "hours of residents"
            self.hours[key] = self.elastic.slack(family, f"{kind} {who}", self.prices.hour)
        self.elastic.program.row([(x, 1), (self.hours[key], -1)], high=0)

    def _hold(self, group: TeachingGroup, i: int, x: int) -> None:
        program, index = self.elastic.program, self.index
        size = index.people(group, len(self.members[group.id]))
        venues = [v for v in dict.fromkeys(group.venues) if index.has_room_for(v, size)]
        for kind, needed, names in (
            ("venue", group.venues, venues),
            ("instructor", group.instructors, list(dict.fromkeys(group.instructors))),
        ):
            if not needed:
                continue
            own: list[Entry] = [(x, -1)]
            for name in names:
                held = self.held[group.id, i, kind, name] = program.integer()
                own.append((held, 1))
                thing = index.venues[name] if kind == "venue" else index.instructors[name]
                for period in set(group.patterns[i].periods) & set(thing.unavailable):
                    self._lift(held, kind, name, period)
            program.row(own, low=0, high=0)

    def _exclusive(self) -> None:
        program = self.elastic.program
        at: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
        load: dict[str, list[Entry]] = defaultdict(list)
        for (group, i, kind, name), held in self.held.items():
            periods = self.index.groups[group].patterns[i].periods
            for period in periods:
                at[kind, name, period].append((held, 1))
            if kind == "instructor":
                load[name].append((held, len(periods)))
        for entries in at.values():
            program.row(entries, high=1)
        for name, entries in load.items():
            most = self.index.instructors[name].most_periods
            if most is not None:
                self.load[name] = self.elastic.slack("load", name, self.prices.load, len(self.index.periods))
                program.row([*entries, (self.load[name], -1)], high=most)

    def _apart(self, a: TeachingGroup, b: TeachingGroup) -> None:
        """Groups with common residents meet apart, unless these leave one of them."""
        common = set(self.members[a.id]) & set(self.members[b.id])
        if not common:
            return
        left = min((a, b), key=lambda g: (g.kind == "vocational", g.id))
        price = self.prices.unmet_education if left.kind == "education" else self.prices.unmet_class
        clash = self.elastic.slack("need_unmet", f"{a.id} {b.id}", price * len(common))
        self.left[left.id, (b if left is a else a).id] = clash
        for period in self.index.periods:
            both: list[Entry] = [
                (self.start[g.id, i], 1) for g in (a, b) for i, p in enumerate(g.patterns) if period in p.periods
            ]
            if both:
                self.elastic.program.row([*both, (clash, -1)], high=1)

    # Reading

    def read(self, values: Sequence[int]) -> list[Relaxation]:
        prices, found = self.prices, []
        for group, x in self.fewer.items():
            if values[x]:
                said = (("group", group), ("meetings", self.index.groups[group].meetings - int(values[x])))
                found.append(Relaxation("meetings_fewer", said, points=prices.meeting * values[x]))
        for group, x in self.day.items():
            if values[x]:
                said = (("group", group), ("meetings", self.index.groups[group].most_per_day + int(values[x])))
                found.append(Relaxation("day_more", said, points=prices.day * values[x]))
        for name, x in self.load.items():
            if values[x]:
                most = (self.index.instructors[name].most_periods or 0) + int(values[x])
                said = (("instructor", name), ("periods", most))
                found.append(Relaxation("load", said, points=prices.load * values[x]))
        for (group, periods), x in self.pins.items():
            if values[x]:
                text = (("kind", "meeting"), ("target", group), ("periods", " ".join(periods)))
                found.append(Relaxation("pin_released", text, points=prices.pin))
        return [*found, *self._read_hours(values), *self._read_left(values)]

    def _read_hours(self, values: Sequence[int]) -> list[Relaxation]:
        periods: dict[tuple[str, str], list[str]] = defaultdict(list)
        for (kind, who, period), x in self.hours.items():
            if values[x]:
                periods[kind, who].append(period)
        found = []
        for (kind, who), own in periods.items():
            points = self.prices.hour * len(own)
            name: Values = () if kind == "resident" else (("who", who),)
            people = (who,) if kind == "resident" else ()
            found.append(Relaxation("hours", (("kind", kind), *name, ("periods", " ".join(own))), people, points))
        return found

    def _read_left(self, values: Sequence[int]) -> list[Relaxation]:
        people: dict[str, set[str]] = defaultdict(set)
        for (left, other), x in self.left.items():
            if values[x]:
                people[left] |= set(self.members[left]) & set(self.members[other])
        found = []
        for left, own in people.items():
            group = self.index.groups[left]
            is_education = group.kind == "education"
            price = self.prices.unmet_education if is_education else self.prices.unmet_class
            need, subject = ("education", group.subject) if is_education else ("class", "")
            said = (("need", need), ("subject", subject), ("amount", len(own)))
            found.append(Relaxation("need_unmet", said, tuple(sorted(own)), price * len(own)))
        return found
