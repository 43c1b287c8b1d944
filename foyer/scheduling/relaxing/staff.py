"""Counsellors with slack: capacities, hours, what residents must have, pins, pairs (H3, H7, H10)."""

from __future__ import annotations

from collections.abc import Sequence

from foyer.scheduling.index import Index
from foyer.scheduling.problem import Counsellor, Resident
from foyer.scheduling.relaxing.elastic import Elastic, Entry
from foyer.scheduling.relaxing.forms import Prices, Relaxation


class Counsel:
    """The elastic program of the caseloads, and the meaning of its variables."""

    def __init__(self, index: Index, prices: Prices) -> None:
        self.index, self.prices = index, prices
        self.elastic = Elastic("counsellors", read=self.read)
        self.case: dict[tuple[str, str], int] = {}
        self.capacity: dict[str, int] = {}
        self.present: dict[str, int] = {}
        self.waived: dict[str, int] = {}
        self.absent: dict[str, int] = {}
        self.pins: dict[tuple[str, str], int] = {}
        self.pairs: dict[tuple[str, str], int] = {}
        self.rarer = self.elastic.slack("rarer_appointments", "house", prices.rarer_appointments)
        for resident in index.counselled:
            self._need(resident)
        for counsellor in index.problem.counsellors:
            self._load(counsellor)
        self._apart()

    def _need(self, resident: Resident) -> None:
        program = self.elastic.program
        absent = self.absent[resident.id] = self.elastic.slack("not_admitted", "", self.prices.not_admitted)
        own: list[Entry] = [(absent, 1)]
        for counsellor in self.index.problem.counsellors:
            y = self.case[resident.id, counsellor.id] = program.integer()
            own.append((y, 1))
            if not self.index.suits(counsellor, resident):
                program.row([(y, 1), (self._waive(resident), -1)], high=0)
            if self.index.problem.periods and not self._have_an_hour(counsellor, resident):
                program.row([(y, 1), (self._lift(resident), -1)], high=0)
        program.row(own, low=1, high=1)
        for target in self.index.pinned("counsellor").get(resident.id, ()):
            released = self.elastic.slack("pin_released", f"{resident.id} {target}", self.prices.pin)
            self.pins[resident.id, target] = released
            program.row([(self.case[resident.id, target], 1), (released, 1), (absent, 1)], low=1)

    def _have_an_hour(self, counsellor: Counsellor, resident: Resident) -> bool:
        blocked = {*counsellor.unavailable, *resident.unavailable}
        return any(self.index.slots(p) for p in self.index.hours_of(resident) if p not in blocked)

    def _waive(self, resident: Resident) -> int:
        if resident.id not in self.waived:
            price = self.prices.counsellor_waived
            self.waived[resident.id] = self.elastic.slack("counsellor_waived", resident.id, price)
        return self.waived[resident.id]

    def _lift(self, resident: Resident) -> int:
        if resident.id not in self.present:
            price = self.prices.hour * max(1, len(resident.unavailable))
            self.present[resident.id] = self.elastic.slack("hours", resident.id, price)
        return self.present[resident.id]

    def _load(self, counsellor: Counsellor) -> None:
        index, program = self.index, self.elastic.program
        cases = [(r, y) for (r, k), y in self.case.items() if k == counsellor.id]
        load: list[Entry] = [(y, index.residents[r].case_weight) for r, y in cases]
        total = sum(r.case_weight for r in index.counselled)
        more = self.capacity[counsellor.id] = self.elastic.slack("capacity", counsellor.id, self.prices.case, total)
        program.row([*load, (more, -1)], high=counsellor.capacity)
        if index.problem.periods:
            slots = index.slots_a_rotation(counsellor)
            weekly = slots // index.problem.appointments.every_weeks
            program.row([*((y, 1) for _, y in cases), (self.rarer, -weekly)], high=slots)

    def _apart(self) -> None:
        here = {r.id for r in self.index.counselled}
        for a, b in (pair for pair in self.index.apart["counsellor"] if set(pair) <= here):
            lifted = self.pairs[a, b] = self.elastic.slack("pair_lifted", f"{a} {b}", self.prices.pair)
            for k in self.index.counsellors:
                self.elastic.program.row([(self.case[a, k], 1), (self.case[b, k], 1), (lifted, -1)], high=1)

    # Reading

    def read(self, values: Sequence[int]) -> list[Relaxation]:
        found = []
        for counsellor, x in self.capacity.items():
            if values[x]:
                said = (("counsellor", counsellor), ("amount", int(values[x])))
                found.append(Relaxation("capacity", said, points=self.prices.case * values[x]))
        if values[self.rarer]:
            weeks = self.index.problem.appointments.every_weeks + 1
            found.append(Relaxation("rarer_appointments", (("weeks", weeks),), points=self.prices.rarer_appointments))
        absent = tuple(r for r, x in self.absent.items() if values[x])
        if absent:
            points = self.prices.not_admitted * len(absent)
            found.append(Relaxation("not_admitted", (("amount", len(absent)),), absent, points))
        return [*found, *self._read_people(values)]

    def _read_people(self, values: Sequence[int]) -> list[Relaxation]:
        found = []
        for resident, x in self.present.items():
            if values[x]:
                periods = self.index.residents[resident].unavailable
                said = (("kind", "resident"), ("periods", " ".join(periods)))
                found.append(Relaxation("hours", said, (resident,), self.prices.hour * max(1, len(periods))))
        for resident, x in self.waived.items():
            if values[x]:
                found.append(Relaxation("counsellor_waived", (), (resident,), self.prices.counsellor_waived))
        for (resident, target), x in self.pins.items():
            if values[x]:
                said = (("kind", "counsellor"), ("target", target))
                found.append(Relaxation("pin_released", said, (resident,), self.prices.pin))
        for pair, x in self.pairs.items():
            if values[x]:
                found.append(Relaxation("pair_lifted", (("scope", "counsellor"),), pair, self.prices.pair))
        return found
