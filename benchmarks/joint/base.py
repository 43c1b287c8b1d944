"""What the parts of the joint model share: the model, the seats and rooms as Booleans, and the one sum of points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ortools.sat.python import cp_model

from foyer.scheduling.index import Index

UNIT = 100  # of the objective in a point: aptitudes are rounded to a hundredth

Literal = Any  # a Boolean variable of CP-SAT, or its negation


@dataclass
class Joint:
    """The model and its variables. Keys are ids; ``unmet`` has one literal for every need that may stay open."""

    index: Index
    model: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    seat: dict[tuple[str, str], Literal] = field(default_factory=dict)  # resident, group
    opens: dict[str, Literal] = field(default_factory=dict)
    case: dict[tuple[str, str], Literal] = field(default_factory=dict)  # resident, counsellor
    room: dict[tuple[str, str], Literal] = field(default_factory=dict)
    start: dict[tuple[str, int], Literal] = field(default_factory=dict)  # group, number of the pattern
    place: dict[tuple[str, int, str], Literal] = field(default_factory=dict)  # group, pattern, venue
    teacher: dict[tuple[str, int, str], Literal] = field(default_factory=dict)
    slot: dict[tuple[str, str, int, str], Literal] = field(default_factory=dict)  # resident, counsellor, week, period
    unmet: dict[tuple[str, str, str], Literal] = field(default_factory=dict)  # resident, need, subject
    costs: list[tuple[int, Any]] = field(default_factory=list)

    def boolean(self) -> Literal:
        return self.model.new_bool_var("")

    def pay(self, points: float, what: Any) -> None:
        """Add points for a literal or an expression to the sum."""
        if points:
            self.costs.append((round(points * UNIT), what))

    def need(self, resident: str, need: str, subject: str, ways: Iterable[Literal], points: float) -> None:
        """One of the ways, or the need stays open and costs points (H1)."""
        open_ = self.unmet[resident, need, subject] = self.boolean()
        self.model.add_exactly_one([*ways, open_])
        self.pay(points, open_)

    def keep(self, held: dict[tuple[str, str], Literal], resident: str, target: str) -> None:
        """A pin: the decision is taken; where it is not even allowed, there is no plan."""
        self.model.add_bool_or([held[resident, target]] if (resident, target) in held else [])

    def both(self, a: Literal, b: Literal) -> Literal:
        """A literal that is true exactly where both are."""
        made = self.boolean()
        self.model.add_implication(made, a)
        self.model.add_implication(made, b)
        self.model.add_bool_or(made, ~a, ~b)
        return made

    def any_of(self, literals: Iterable[Literal]) -> Literal:
        """A literal that is true exactly where one of them is."""
        made, listed = self.boolean(), list(literals)
        for each in listed:
            self.model.add_implication(each, made)
        self.model.add_bool_or(~made, *listed)
        return made

    def above(self, amount: Any, most: int) -> Any:
        """A whole number at least as large as an amount that is at most ``most``, and not below zero."""
        made = self.model.new_int_var(0, max(0, most), "")
        self.model.add(made >= amount)
        return made

    def by_resident(self, held: dict[tuple[str, str], Literal]) -> dict[str, dict[str, Literal]]:
        """The literals of one kind of decision, per resident."""
        found: dict[str, dict[str, Literal]] = defaultdict(dict)
        for (resident, target), literal in held.items():
            found[resident][target] = literal
        return found
