"""Kinds of group that must be filled together: where a rule or a level of fairness ties them.

Classes, education groups and electives share no variable. They are solved apart, which is faster and proves as much,
unless a group of one kind excludes one of another, an instructor's limit on residents spans kinds, or leximin weighs
what a resident loses in classes and electives together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args

from foyer.scheduling.index import Index
from foyer.scheduling.plan import Seat
from foyer.scheduling.problem import GroupKind
from foyer.scheduling.program import Goal
from foyer.scheduling.run import Run
from foyer.scheduling.stages import classes, education, electives
from foyer.scheduling.stages.places import is_leximin, solve
from foyer.scheduling.stages.seating import Seating, Seats, seating

KINDS: tuple[GroupKind, ...] = get_args(GroupKind)
GOALS = {"vocational": classes.goals_of, "education": education.goals_of, "elective": electives.goals_of}


def kinds_tied(index: Index) -> tuple[tuple[GroupKind, ...], ...]:
    """The kinds of group, those that must be filled together in one. Electives only where there are any."""
    parts: list[set[GroupKind]] = [{kind} for kind in KINDS if kind != "elective" or has_electives(index)]
    for tied in _ties(index):
        touched = [part for part in parts if part & tied]
        if len(touched) > 1:
            parts = [*(part for part in parts if part not in touched), set().union(*touched)]
    ordered = [tuple(kind for kind in KINDS if kind in part) for part in parts]
    return tuple(sorted(ordered, key=lambda kinds: KINDS.index(kinds[0])))


def has_electives(index: Index) -> bool:
    """Whether anybody wants electives, or a group of them must open."""
    return any(r.electives for r in index.problem.residents) or any(g.mandatory for g in index.groups_of("elective"))


def _ties(index: Index) -> Iterator[set[GroupKind]]:
    for a, b in index.choices.exclusions:
        yield {index.groups[a].kind, index.groups[b].kind}
    for groups in index.choices.capped.values():
        yield {index.groups[g].kind for g in groups}
    both: set[GroupKind] = {"vocational", "elective"}
    if is_leximin(index.problem, both) and any(r.needs_vocational and r.electives for r in index.problem.residents):
        yield both


def program(index: Index, kinds: tuple[GroupKind, ...]) -> tuple[Seating, dict[GroupKind, list[Goal]]]:
    """One program for these kinds, and each kind's levels."""
    people = index.problem.residents
    needs = [(r, "") for r in people if r.needs_vocational and "vocational" in kinds]
    needs += [(r, subject) for r in people for subject in r.education if "education" in kinds]
    wanting = [r for r in people if r.electives and "elective" in kinds]
    made = seating(index, needs, [g for g in index.problem.groups if g.kind in kinds], wanting)
    return made, {kind: GOALS[kind](index, made) for kind in kinds}


def fill_groups(run: Run, kinds: tuple[GroupKind, ...], first: Sequence[Seat] = ()) -> dict[GroupKind, Seats]:
    """Solve these kinds together. ``first`` are seats to begin with."""
    return solve(run, *program(run.index, kinds), first)
