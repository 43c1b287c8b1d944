"""The levels of every stage at a plan, so that two plans can be compared level by level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection

from foyer.scheduling.answers.elective_stage import ElectiveProgram, places_of
from foyer.scheduling.answers.forms import LevelPrice, WishPrice
from foyer.scheduling.answers.stages import seat_values
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Plan, Term
from foyer.scheduling.score import STAGE_OF, stage_points, terms_of

LevelOf = dict[tuple[str, str], float]  # stage, level
STAGES_OF_SEATS = {
    "vocational": ("classes", "class"),
    "education": ("education", "education"),
    "elective": ("electives", "elective"),
}
UNPLACED = {
    "counsellors": "unplaced_counsellor",
    "rooms": "unplaced_night",
    "appointments": "unplaced_appointment",
}


class Levels:
    """Counts levels from plans of one problem."""

    def __init__(self, index: Index, electives: Callable[[], ElectiveProgram]) -> None:
        self.index = index
        self._electives = electives

    def _of_seats(self, plan: Plan, terms: tuple[Term, ...], kinds: Collection[str]) -> LevelOf:
        """The levels of the stages of these kinds of group."""
        found: LevelOf = {}
        for kind, (stage, need) in STAGES_OF_SEATS.items():
            if kind in kinds and kind != "elective":
                for name, value in seat_values(self.index, plan, need).items():
                    found[stage, name] = value
        if "elective" in kinds:
            places = places_of(self.index, plan)
            opened = {*places.values(), *(g.id for g in self.index.problem.groups if self.index.pins.must_open(g))}
            for name, value in self._electives().values(places, opened).items():
                found["electives", name] = value
        return {(stage, name): _in_points(terms, stage, name, value) for (stage, name), value in found.items()}

    def _of_others(self, plan: Plan, terms: tuple[Term, ...]) -> LevelOf:
        found: LevelOf = {}
        for stage, wish in UNPLACED.items():
            lost = sum(t.points for t in terms if t.wish == wish)
            found[stage, "unplaced"] = lost
            if stage == "counsellors":
                loads: Counter[str] = Counter()
                for case in plan.caseloads:
                    loads[case.counsellor] += self.index.residents[case.resident].case_weight
                found[stage, "largest_caseload"] = max(loads.values(), default=0)
            found[stage, "wishes"] = round(stage_points(terms, stage) - lost, 2)
        found["times", "times"] = stage_points(terms, "times")
        return found

    def between(self, before: Plan, after: Plan) -> tuple[LevelPrice, ...]:
        """The levels that differ, stage by stage in the order of the run. Those of seats are counted only where a seat
        differs: their programs take longer to state than most questions to answer. ``after`` has its terms counted."""
        kinds = {self.index.groups[s.group].kind for s in set(before.seats) ^ set(after.seats)}
        old, new = (
            {**self._of_seats(plan, terms, kinds), **self._of_others(plan, terms)}
            for plan, terms in ((before, terms_of(self.index, before)), (after, after.terms))
        )
        return tuple(
            LevelPrice(stage, name, value, new[stage, name])
            for (stage, name), value in old.items()
            if value != new[stage, name]
        )


OPENINGS = {
    "classes": ("open_class", "class_size"),
    "education": ("open_education", "education_size"),
    "electives": ("open_elective", "elective_size"),
}


def _in_points(terms: tuple[Term, ...], stage: str, name: str, counted: float) -> float:
    """A level in points as the score has it, which also knows what places cost together; others as counted."""
    own = {t.wish: t.points for t in terms if STAGE_OF[t.wish] == stage}
    opened = sum(own.get(wish, 0.0) for wish in OPENINGS[stage])
    left_out = sum(points for wish, points in own.items() if wish.startswith("unplaced_"))
    levels = {"unplaced": left_out, "openings": opened, "wishes": sum(own.values()) - opened - left_out}
    levels["sum"] = levels["wishes"] + opened
    return round(levels.get(name, counted), 2)


def wishes_between(before: Plan, after: Plan) -> tuple[WishPrice, ...]:
    """The wishes of the score that differ: how often more, and for how many points more."""
    old, new = {t.wish: t for t in before.terms}, {t.wish: t for t in after.terms}
    found = []
    for wish in dict.fromkeys([*old, *new]):
        count = (new[wish].count if wish in new else 0) - (old[wish].count if wish in old else 0)
        points = (new[wish].points if wish in new else 0.0) - (old[wish].points if wish in old else 0.0)
        if count or round(points, 2):
            found.append(WishPrice(wish, count, round(points, 2)))
    return tuple(found)
