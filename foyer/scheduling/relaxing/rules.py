"""A minimal set of rules that cannot be kept together, where counting sees nothing: deletion filter (output e).

One family of rules of the failing stage after the other is taken out of the problem; where the stage stays impossible
without it, it was not needed and stays out. What is left is minimal: without any one family the stage has a full
answer, shown by solving. Then the same with single pins and pairs. Two cores of rules may exist; this is one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from foyer.scheduling.problem import Appointments, PinKind, Problem, Scope
from foyer.scheduling.relaxing.forms import Rule

Without = Callable[[Problem], Problem]
NO_LIMIT = 10_000


def minimal_rules(problem: Problem, stage: str, is_possible: Callable[[Problem], bool]) -> tuple[Rule, ...]:
    """``is_possible``: whether the stage has an answer with nothing left open. Empty where no family of rules known
    here is the cause."""
    families = FAMILIES[stage]
    bare = problem
    for _, without in families:
        bare = without(bare)
    if not is_possible(bare):
        return ()
    removed: list[Without] = []
    core: list[str] = []
    for name, without in families:
        trial = _all([*removed, without], problem)
        if trial == _all(removed, problem):
            continue
        if is_possible(trial):
            core.append(name)
        else:
            removed.append(without)
    reduced = _all(removed, problem)
    return tuple(rule for name in core for rule in _members(reduced, name, is_possible))


def _all(changes: Sequence[Without], problem: Problem) -> Problem:
    for change in changes:
        problem = change(problem)
    return problem


def _members(problem: Problem, name: str, is_possible: Callable[[Problem], bool]) -> Iterator[Rule]:
    """Of a family of pins or pairs, those that are needed, one by one; other families as a whole."""
    part = "pins" if name.startswith("pin_") else "apart" if name.startswith("apart_") else ""
    if not part:
        yield Rule(name)
        return
    kind = name.split("_", 1)[1]
    left = problem
    for rule in getattr(problem, part):
        is_own = rule.kind == kind if part == "pins" else kind in rule.scopes and rule.points is None
        if not is_own:
            continue
        trial = replace(left, **{part: tuple(r for r in getattr(left, part) if r is not rule)})  # type: ignore[arg-type]
        if is_possible(trial):
            yield Rule(name, (rule.resident, rule.target) if part == "pins" else (rule.a, rule.b))
        else:
            left = trial


# The families: what the problem is without them


def _each(part: str, **changes: Any) -> Without:
    def without(problem: Problem) -> Problem:
        return replace(problem, **{part: tuple(replace(t, **changes) for t in getattr(problem, part))})  # type: ignore[arg-type]

    return without


def _pins(*kinds: PinKind) -> Without:
    return lambda problem: replace(problem, pins=tuple(p for p in problem.pins if p.kind not in kinds))


def _pairs(part: str, scope: Scope) -> Without:
    def without(problem: Problem) -> Problem:
        pairs = [
            replace(p, scopes=tuple(s for s in p.scopes if s != scope)) if p.points is None else p
            for p in getattr(problem, part)
        ]
        return replace(problem, **{part: tuple(p for p in pairs if p.scopes)})  # type: ignore[arg-type]

    return without


def _no_openings(problem: Problem) -> Problem:
    return replace(_each("groups", mandatory=False)(problem), group_pins=(), meeting_pins=())


def _endless(problem: Problem) -> Problem:
    return replace(
        _each("groups", maximum=NO_LIMIT)(problem), venues=tuple(replace(v, seats=None) for v in problem.venues)
    )


def _anybody(problem: Problem) -> Problem:
    free = _each("groups", levels=(), minimum_age=0, maximum_age=None, genders=(), requires=())(problem)
    return _each("residents", barred=())(free)


GROUPS: tuple[tuple[str, Without], ...] = (
    ("group_eligibility", _anybody),
    ("resident_unavailable", _each("residents", unavailable=())),
    ("group_mandatory", _no_openings),
    ("group_minimum", _each("groups", minimum=0)),
    ("group_excluded", _each("groups", excludes=())),
    ("instructor_residents", _each("instructors", most_residents=None)),
    ("group_maximum", _endless),
    ("apart_class", _pairs("apart", "class")),
    ("together_class", _pairs("together", "class")),
    ("pin_class", _pins("class")),
    ("pin_education", _pins("education")),
    ("pin_elective", _pins("elective")),
)
FAMILIES: dict[str, tuple[tuple[str, Without], ...]] = {
    "classes": GROUPS,
    "education": GROUPS,
    "electives": GROUPS,
    "rooms": (
        ("room_features", _each("residents", room_features=())),
        ("room_stage", _each("rooms", minimum_stage=1)),
        ("room_gender", _each("rooms", policy="any")),
        ("room_closed", _each("rooms", closed=())),
        ("room_capacity", _each("rooms", beds=NO_LIMIT)),
        ("apart_room", _pairs("apart", "room")),
        ("apart_house", _pairs("apart", "house")),
        ("together_room", _pairs("together", "room")),
        ("together_house", _pairs("together", "house")),
        ("pin_room", _pins("room")),
    ),
    "counsellors": (
        ("counsellor_suits", _each("residents", counsellor_gender=None, counsellor_skills=())),
        ("counsellor_hours", _each("counsellors", unavailable=())),
        ("counsellor_capacity", _each("counsellors", capacity=NO_LIMIT)),
        ("apart_counsellor", _pairs("apart", "counsellor")),
        ("together_counsellor", _pairs("together", "counsellor")),
        ("pin_counsellor", _pins("counsellor")),
    ),
    "appointments": (
        ("appointment_week", lambda problem: replace(problem, appointments=Appointments(1, NO_LIMIT))),
        ("counsellor_hours", _each("counsellors", unavailable=())),
        ("counsellor_capacity", _each("counsellors", capacity=NO_LIMIT)),
        ("resident_unavailable", _each("residents", unavailable=())),
        ("meeting_count", _each("groups", meetings=0)),
        ("pin_counsellor", _pins("counsellor")),
    ),
    "times": (
        ("group_unavailable", _each("groups", unavailable=())),
        ("venue_unavailable", _each("venues", unavailable=())),
        ("instructor_unavailable", _each("instructors", unavailable=())),
        ("instructor_load", _each("instructors", most_periods=None)),
        ("meetings_in_day", _each("groups", most_per_day=NO_LIMIT, days_between=0)),
        ("resident_unavailable", _each("residents", unavailable=())),
        ("venue_twice", _each("groups", venues=())),
        ("instructor_twice", _each("groups", instructors=())),
        ("group_mandatory", _no_openings),
        ("group_minimum", _each("groups", minimum=0)),
        ("meeting_count", _each("groups", meetings=0)),
        ("pin_class", _pins("class")),
        ("pin_education", _pins("education")),
    ),
}
