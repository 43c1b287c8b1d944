"""Groups of all kinds with slack: places, minimums, second groups, admission, hours, pins, pairs (H1, H2, H7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Seat
from foyer.scheduling.problem import PinKind, Resident, TeachingGroup
from foyer.scheduling.relaxing.elastic import Elastic, Entry
from foyer.scheduling.relaxing.forms import Prices, Relaxation
from foyer.scheduling.relaxing.hours import for_the_week_of

MOST_MORE = 12  # places more in one group


class Seating:
    """The elastic program of all kinds of groups, and the meaning of its variables."""

    def __init__(self, index: Index, prices: Prices) -> None:
        self.index, self.prices = index, prices
        self.elastic = Elastic("classes", read=self.read)
        self.seat: dict[tuple[str, str], int] = {}
        self.larger: dict[str, int] = {}
        self.smaller: dict[str, int] = {}
        self.closed: dict[str, tuple[int, tuple[Relaxation, ...]]] = {}
        self.second: dict[str, int] = {}
        self.admitted: dict[tuple[str, str], int] = {}  # (group, kind of resident)
        self.present: dict[str, int] = {}
        self.unmet: dict[tuple[str, str], int] = {}
        self.missing: dict[str, int] = {}
        self.weeks: dict[str, list[tuple[int, tuple[Relaxation, ...]]]] = {}
        self.pins: dict[tuple[str, str, str], int] = {}  # kind, resident, target
        self.pairs: dict[tuple[str, str], int] = {}
        for resident in index.problem.residents:
            for subject in ([""] if resident.needs_vocational else []) + list(resident.education):
                self._need(resident, subject)
            if resident.electives:
                self._electives(resident)
        for group in index.problem.groups:
            self._size(group)
        self._apart()

    # Rules with slack

    def _need(self, resident: Resident, subject: str) -> None:
        program = self.elastic.program
        price = self.prices.unmet_education if subject else self.prices.unmet_class
        unmet = self.unmet[resident.id, subject] = self.elastic.slack("need_unmet", subject, price)
        kind: PinKind = "education" if subject else "class"
        groups = [g for g in self.index.groups_of(kind if subject else "vocational") if subject in ("", g.subject)]
        own: list[Entry] = [(unmet, 1)]
        for group in groups:
            x = self.seat[resident.id, group.id] = program.integer()
            own.append((x, 1))
            self._may_join(resident, group, x)
        program.row(own, low=1, high=1)
        pinned = [g.id for g in groups if g.id in self.index.pinned(kind).get(resident.id, ())]
        for target in pinned:
            released = self._pin(kind, resident.id, target)
            program.row([(self.seat[resident.id, target], 1), (released, 1)], low=1)

    def _electives(self, resident: Resident) -> None:
        """As many places as wanted, less those that are missed; each subject once."""
        program, wanted = self.elastic.program, resident.electives
        missing = self.elastic.slack("need_unmet", "elective", self.prices.unmet_elective, wanted)
        self.missing[resident.id] = missing
        by_subject: dict[str, list[Entry]] = defaultdict(list)
        for group in self.index.groups_of("elective"):
            x = self.seat[resident.id, group.id] = program.integer()
            by_subject[group.subject].append((x, 1))
            self._may_join(resident, group, x)
            if group.id in self.index.pinned("elective").get(resident.id, ()):
                program.row([(x, 1), (self._pin("elective", resident.id, group.id), 1)], low=1)
        for own in by_subject.values():
            program.row(own, high=1)
        program.row([*(entry for own in by_subject.values() for entry in own), (missing, 1)], low=wanted, high=wanted)

    def _pin(self, kind: str, resident: str, target: str) -> int:
        key = (kind, resident, target)
        if key not in self.pins:
            self.pins[key] = self.elastic.slack("pin_released", f"{resident} {target}", self.prices.pin)
        return self.pins[key]

    def _may_join(self, resident: Resident, group: TeachingGroup, x: int) -> None:
        """Each thing that stands between the two is slack of its own."""
        program, index = self.elastic.program, self.index
        if not index.admits(group, resident):
            key = (group.id, self._like(resident))
            if key not in self.admitted:
                self.admitted[key] = self.elastic.slack("group_admits", group.id, self.prices.group_admits)
            program.row([(x, 1), (self.admitted[key], -1)], high=0)
        if group.id in index.pins.closed:
            program.row([(x, 1), (self._pin("closed", "", group.id), -1)], high=0)
        away = index.away(resident, group.weeks)
        if not index.can_attend(group, away) and index.can_attend(group, ()):
            if resident.id not in self.present:
                price = self.prices.hour * len(resident.unavailable)
                self.present[resident.id] = self.elastic.slack("hours", resident.id, price)
            program.row([(x, 1), (self.present[resident.id], -1)], high=0)
        elif not index.can_attend(group, ()):
            program.row([(x, 1), *((slack, -1) for slack in self._weeks_of(group))], high=0)

    def _weeks_of(self, group: TeachingGroup) -> list[int]:
        """Slack for a group whose week has too few places for its meetings: one of the ways to let it meet."""
        if group.id not in self.weeks:
            self.weeks[group.id] = [
                (self.elastic.slack(way[0].code, group.id, sum(r.points for r in way)), way)
                for way in for_the_week_of(self.index, group, self.prices)
            ]
        return [slack for slack, _ in self.weeks[group.id]]

    def _like(self, resident: Resident) -> str:
        """Whoever is alike for a group is admitted along."""
        barred = resident.id if resident.barred else ""
        return f"{resident.gender} {resident.level} {resident.age} {resident.qualifications} {barred}"

    def _size(self, group: TeachingGroup) -> None:
        program, index = self.elastic.program, self.index
        seats: list[Entry] = [(x, 1) for (_, g), x in self.seat.items() if g == group.id]
        opened = program.integer()
        self.larger[group.id] = self.elastic.slack("group_larger", group.id, self.prices.seat, MOST_MORE)
        self.smaller[group.id] = self.elastic.slack("group_smaller", group.id, self.prices.minimum, group.minimum)
        self.second[group.id] = self.elastic.slack("group_opened", group.id, self.prices.group_opened)
        open_, second = (opened, -index.seats(group)), (self.second[group.id], -index.seats(group))
        program.row([*seats, open_, second, (self.larger[group.id], -1)], high=0)
        program.row([(self.larger[group.id], 1), (opened, -MOST_MORE)], high=0)
        program.row([(self.second[group.id], 1), (opened, -1)], high=0)
        least = [(opened, -group.minimum), (self.second[group.id], -group.minimum)]
        program.row([*seats, *least, (self.smaller[group.id], 1)], low=0)
        for x, _ in seats:
            program.row([(x, 1), (opened, -1)], high=0)
        if index.pins.must_open(group) and group.minimum:
            way = self._to_close(group)
            closed = self.elastic.slack(way[0].code, group.id, sum(r.points for r in way))
            self.closed[group.id] = (closed, way)
            program.row([(opened, 1), (closed, 1)], low=1)

    def _to_close(self, group: TeachingGroup) -> tuple[Relaxation, ...]:
        """Everything that must be given up for the group not to open."""
        pins, found = self.index.pins, list[Relaxation]()
        if group.mandatory:
            points = self.prices.group_not_opened
            found.append(Relaxation("group_not_opened", (("group", group.id),), points=points))
        elif group.id in pins.opened:
            said = (("kind", "opened"), ("target", group.id))
            found.append(Relaxation("pin_released", said, points=self.prices.pin))
        for pin in pins.meetings.get(group.id, ()):
            text = (("kind", "meeting"), ("target", group.id), ("periods", " ".join(pin.periods)))
            found.append(Relaxation("pin_released", text, points=self.prices.pin))
        return tuple(found)

    def _apart(self) -> None:
        for a, b in self.index.apart["class"]:
            for group in self.index.groups:
                if (a, group) in self.seat and (b, group) in self.seat:
                    if (a, b) not in self.pairs:
                        self.pairs[a, b] = self.elastic.slack("pair_lifted", f"{a} {b}", self.prices.pair)
                    both: list[Entry] = [(self.seat[a, group], 1), (self.seat[b, group], 1)]
                    self.elastic.program.row([*both, (self.pairs[a, b], -1)], high=1)

    # Reading

    def seats(self, values: Sequence[int]) -> tuple[Seat, ...]:
        return tuple(Seat(r, g) for (r, g), x in self.seat.items() if values[x])

    def read(self, values: Sequence[int]) -> list[Relaxation]:
        return [*self._read_groups(values), *self._read_people(values)]

    def _read_groups(self, values: Sequence[int]) -> list[Relaxation]:
        found = list[Relaxation]()
        for group, x in self.larger.items():
            if values[x]:
                amount = (("group", group), ("amount", int(values[x])))
                found.append(Relaxation("group_larger", amount, points=self.prices.seat * values[x]))
        for group, x in self.smaller.items():
            if values[x]:
                minimum = self.index.groups[group].minimum - int(values[x])
                points = self.prices.minimum * values[x]
                found.append(Relaxation("group_smaller", (("group", group), ("minimum", minimum)), points=points))
        for x, way in self.closed.values():
            if values[x]:
                found += way
        for group, x in self.second.items():
            if values[x]:
                places = (("group", group), ("places", self.index.seats(self.index.groups[group])))
                found.append(Relaxation("group_opened", places, points=self.prices.group_opened))
        return found

    def _read_people(self, values: Sequence[int]) -> list[Relaxation]:
        found = []
        for (group, like), x in self.admitted.items():
            if values[x]:
                people = tuple(
                    r.id
                    for r in self.index.problem.residents
                    if self._like(r) == like and (r.id, group) in self.seat and values[self.seat[r.id, group]]
                )
                if people:
                    points = self.prices.group_admits
                    found.append(Relaxation("group_admits", (("group", group),), people, points))
        for resident, x in self.present.items():
            if values[x]:
                periods = self.index.residents[resident].unavailable
                said = (("kind", "resident"), ("periods", " ".join(periods)))
                found.append(Relaxation("hours", said, (resident,), self.prices.hour * len(periods)))
        weeks = [r for ways in self.weeks.values() for slack, way in ways if values[slack] for r in way]
        return [*found, *weeks, *self._read_unmet(values), *self._read_pins(values)]

    def _read_unmet(self, values: Sequence[int]) -> list[Relaxation]:
        """Together per need: how many, and who."""
        people: dict[str, list[str]] = defaultdict(list)
        for (resident, subject), x in self.unmet.items():
            if values[x]:
                people[subject].append(resident)
        found = list[Relaxation]()
        for resident, x in self.missing.items():
            if values[x]:
                said = (("need", "elective"), ("subject", ""), ("amount", int(values[x])))
                found.append(Relaxation("need_unmet", said, (resident,), self.prices.unmet_elective * values[x]))
        for subject, own in people.items():
            price = self.prices.unmet_education if subject else self.prices.unmet_class
            said = (("need", "education" if subject else "class"), ("subject", subject), ("amount", len(own)))
            found.append(Relaxation("need_unmet", said, tuple(own), price * len(own)))
        return found

    def _read_pins(self, values: Sequence[int]) -> list[Relaxation]:
        found = []
        for (kind, resident, target), x in self.pins.items():
            if values[x]:
                people = (resident,) if resident else ()
                said = (("kind", kind), ("target", target))
                found.append(Relaxation("pin_released", said, people, self.prices.pin))
        for pair, x in self.pairs.items():
            if values[x]:
                found.append(Relaxation("pair_lifted", (("scope", "class"),), pair, self.prices.pair))
        return found
