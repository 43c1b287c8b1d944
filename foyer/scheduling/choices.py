"""What residents wished for and what a place is worth to them: ranks, bids, and what is lost (wish s2; docs/engine.md,
section 4). Plain derivation, shared by the stages, the score and the checker."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from foyer.scheduling.plan import Seat
from foyer.scheduling.problem import GroupKind, Resident, TeachingGroup

if TYPE_CHECKING:
    from foyer.scheduling.index import Index

CHOSEN: tuple[GroupKind, ...] = ("vocational", "elective")  # kinds of group that residents wish for


class Choices:
    """The wishes of one problem's residents. ``choices`` and ``bids`` name subjects of vocational classes and of
    electives in one list; each kind looks at its own subjects only."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._best: dict[tuple[str, str], int] = {}
        self._chosen: dict[tuple[str, str], tuple[str, ...]] = {}
        self._bids: dict[tuple[str, str], dict[str, int]] = {}
        self._points: dict[tuple[str, str, str], int] = {}
        self._ranks: dict[tuple[str, str], int | None] = {}

    @cached_property
    def _only_elective(self) -> frozenset[str]:
        vocational = {g.subject for g in self.index.groups_of("vocational")}
        return frozenset(g.subject for g in self.index.groups_of("elective")) - vocational

    @cached_property
    def _elective(self) -> frozenset[str]:
        return frozenset(g.subject for g in self.index.groups_of("elective"))

    def _is_of(self, kind: GroupKind, subject: str) -> bool:
        """A subject that nobody offers counts as a trade, as before there were electives."""
        return subject in self._elective if kind == "elective" else subject not in self._only_elective

    def kind_of(self, subject: str) -> GroupKind:
        return "elective" if subject in self._only_elective else "vocational"

    def chosen(self, resident: Resident, kind: GroupKind) -> tuple[str, ...]:
        """The resident's ranked subjects of the kind, best first."""
        key = (resident.id, kind)
        if key not in self._chosen:
            self._chosen[key] = tuple(s for s in resident.choices if self._is_of(kind, s))
        return self._chosen[key]

    def bids(self, resident: Resident, kind: GroupKind) -> dict[str, int]:
        """What subjects of the kind are worth to the resident; a bid of nothing is no bid."""
        key = (resident.id, kind)
        if key not in self._bids:
            self._bids[key] = {s: worth for s, worth in resident.bids if worth > 0 and self._is_of(kind, s)}
        return self._bids[key]

    def has_wishes(self, resident: Resident, kind: GroupKind) -> bool:
        return bool(self.bids(resident, kind) or self.chosen(resident, kind))

    def rank(self, resident: Resident, subject: str, kind: GroupKind) -> int | None:
        """The place of the subject among the wishes, 0 first: by choice, or by how many different bids are higher. None
        where it is not listed."""
        bids = self.bids(resident, kind)
        if bids:
            return sum(worth > bids[subject] for worth in set(bids.values())) if subject in bids else None
        chosen = self.chosen(resident, kind)
        return chosen.index(subject) if subject in chosen else None

    def wants(self, resident: Resident, group: TeachingGroup) -> bool:
        """Whether the resident would rather have the place than none (``only_listed``)."""
        if not resident.only_listed or group.kind not in CHOSEN:
            return True
        return self.rank(resident, group.subject, group.kind) is not None

    # Points

    def seat_points(self, resident: Resident, subject: str, kind: GroupKind) -> int:
        """What a seat in the subject adds to the points of s2: the cost of its rank; or less what was bid for it. Bids
        are to be read together with ``best_alone``. Who wished nothing cannot be disappointed."""
        key = (resident.id, subject, kind)
        if key not in self._points:
            self._points[key] = self._seat_points(resident, subject, kind)
        return self._points[key]

    def _seat_points(self, resident: Resident, subject: str, kind: GroupKind) -> int:
        if kind not in CHOSEN or not self.has_wishes(resident, kind):
            return 0
        bids = self.bids(resident, kind)
        if bids:
            return -bids.get(subject, 0)
        costs, rank = self.index.problem.weights, self.rank(resident, subject, kind)
        return costs.choice_unlisted if rank is None or rank >= len(costs.choice) else costs.choice[rank]

    def missing_points(self, resident: Resident, kind: GroupKind) -> int:
        """What each place that a resident goes without counts when losses are compared (leximin, luck): as much as an
        unlisted one; nothing besides the bids for those who bid."""
        return 0 if self.bids(resident, kind) else self.index.problem.weights.choice_unlisted

    def places(self, resident: Resident, kind: GroupKind) -> int:
        """How many places of the kind the resident is to get."""
        return resident.electives if kind == "elective" else int(resident.needs_vocational)

    def best_alone(self, resident: Resident, kind: GroupKind) -> int:
        """The highest sum of bids that the resident could get if there were nobody else: over groups that he may join,
        as many as he is to get, each subject once, none that excludes another; 0 for those who rank."""
        key = (resident.id, kind)
        if key not in self._best:
            self._best[key] = self._best_of(resident, kind)
        return self._best[key]

    def _best_of(self, resident: Resident, kind: GroupKind) -> int:
        bids = self.bids(resident, kind)
        if not bids:
            return 0
        groups = [g for g in self.index.groups_of(kind) if g.subject in bids and self.index.is_eligible(g, resident)]
        groups.sort(key=lambda g: (-bids[g.subject], g.id))
        return self._heaviest([(g, bids[g.subject]) for g in groups], self.places(resident, kind))

    def _heaviest(self, offers: list[tuple[TeachingGroup, int]], places: int) -> int:
        """The heaviest set of groups that do not exclude each other: by trying, best offers first. The sum of the best
        that are left bounds what a branch can still add."""
        best = 0

        def extend(at: int, taken: tuple[TeachingGroup, ...], worth: int) -> None:
            nonlocal best
            best = max(best, worth)
            left = places - len(taken)
            if at == len(offers) or worth + sum(w for _, w in offers[at : at + left]) <= best:
                return
            group, offered = offers[at]
            if all(group.subject != t.subject and not self.exclude(group.id, t.id) for t in taken):
                extend(at + 1, (*taken, group), worth + offered)
            extend(at + 1, taken, worth)

        extend(0, (), 0)
        return best

    def cost(self, resident: Resident, groups: Iterable[TeachingGroup], kind: GroupKind) -> int:
        """Wish s2 in points for the groups of the kind that the resident got: the costs of their ranks; or what is
        lost against the best bids that he could have got alone."""
        return self.best_alone(resident, kind) + sum(
            self.seat_points(resident, g.subject, kind) for g in groups if g.kind == kind
        )

    def loss(self, resident: Resident, groups: Iterable[TeachingGroup]) -> int:
        """What the resident lost by choices of either kind together, in points: s2, and for each place that those who
        rank go without as much as for an unlisted one. Less is more satisfied."""
        got = [g for g in groups if g.kind in CHOSEN]
        lost = 0
        for kind in CHOSEN:
            without = self.places(resident, kind) - sum(g.kind == kind for g in got)
            lost += self.cost(resident, got, kind) + without * self.missing_points(resident, kind)
        return lost

    @cached_property
    def behind(self) -> dict[str, int]:
        """What is added to each resident's loss where leximin compares: nothing; or, among gains, by how much the best
        that he could have got alone is behind the best of all. Those who rank could gain what as many unlisted places
        cost."""
        people = self.index.problem.residents
        if self.index.problem.fairness_of == "losses":
            return {r.id: 0 for r in people}
        best = {r.id: sum(self._most_gained(r, kind) for kind in CHOSEN) for r in people}
        top = max(best.values(), default=0)
        return {r: top - own for r, own in best.items()}

    def _most_gained(self, resident: Resident, kind: GroupKind) -> int:
        unlisted = self.missing_points(resident, kind) * self.places(resident, kind)
        return self.best_alone(resident, kind) + unlisted

    def fairness(self, seats: Iterable[Seat]) -> tuple[int, ...]:
        """Level L3 of these seats as the problem has it, less is fairer: how many places are unlisted, of the last
        rank, and so on to the second; or all residents' losses, worst first; or nothing."""
        problem = self.index.problem
        if problem.fairness == "leximin":
            got: dict[str, list[TeachingGroup]] = defaultdict(list)
            for seat in seats:
                got[seat.resident].append(self.index.groups[seat.group])
            return tuple(sorted((self.loss(r, got[r.id]) + self.behind[r.id] for r in problem.residents), reverse=True))
        if problem.fairness == "none":
            return ()
        counts = [0] * (len(problem.weights.choice) + 1)
        for seat in seats:
            place = self._rank_counted(seat)
            if place is not None:
                counts[place] += 1
        return tuple(counts[:0:-1])

    def _rank_counted(self, seat: Seat) -> int | None:
        """The rank that the seat is counted at, all those behind the last one as one; None where nothing was wished."""
        key = (seat.resident, seat.group)
        if key not in self._ranks:
            resident, group = self.index.residents[seat.resident], self.index.groups[seat.group]
            worst = len(self.index.problem.weights.choice)
            rank = self.rank(resident, group.subject, group.kind)
            wished = group.kind in CHOSEN and self.has_wishes(resident, group.kind)
            self._ranks[key] = None if not wished else worst if rank is None else min(rank, worst)
        return self._ranks[key]

    @cached_property
    def capped(self) -> dict[str, tuple[str, ...]]:
        """The groups that only one instructor can teach, of those instructors who take a limited number of residents in
        all of them together (H9)."""
        alone: dict[str, list[str]] = defaultdict(list)
        for group in self.index.problem.groups:
            names = set(group.instructors)
            if len(names) == 1:
                alone[names.pop()].append(group.id)
        return {
            i.id: tuple(alone[i.id])
            for i in self.index.problem.instructors
            if i.most_residents is not None and alone[i.id]
        }

    @cached_property
    def exclusions(self) -> tuple[tuple[str, str], ...]:
        """The pairs of groups that nobody may join both, each in order of id."""
        pairs = {(min(g.id, o), max(g.id, o)) for g in self.index.problem.groups for o in g.excludes}
        return tuple(sorted(pairs))

    @cached_property
    def _excluded(self) -> frozenset[tuple[str, str]]:
        return frozenset(self.exclusions)

    def exclude(self, a: str, b: str) -> bool:
        """Whether nobody may join both groups."""
        return (min(a, b), max(a, b)) in self._excluded
