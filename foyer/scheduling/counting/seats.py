"""Places in classes and education groups (H1, H2, H7, H8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from foyer.scheduling.counting.flow import hall_sets
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Shortage
from foyer.scheduling.problem import Resident, TeachingGroup

Fits = tuple[str, ...]  # groups that a resident may join


def shortages(index: Index) -> Iterator[Shortage]:
    vocational = [g for g in index.groups_of("vocational") if g.id not in index.pins.closed]
    # who would rather have no class than an unlisted one is not short of one
    people = [r for r in index.problem.residents if r.needs_vocational and not r.only_listed]
    yield from _places(index, "class", "", people, vocational)
    education = [g for g in index.groups_of("education") if g.id not in index.pins.closed]
    for subject in dict.fromkeys(s for r in index.problem.residents for s in r.education):
        groups = [g for g in education if g.subject == subject]
        yield from _places(
            index, "education", subject, [r for r in index.problem.residents if subject in r.education], groups
        )
    yield from _minimums(index)
    yield from _periods(index)


def _places(
    index: Index, kind: str, subject: str, people: Sequence[Resident], groups: Sequence[TeachingGroup]
) -> Iterator[Shortage]:
    """More residents than places in all the groups that any of them may join."""
    alike: dict[Fits, list[Resident]] = defaultdict(list)
    for resident in people:
        alike[tuple(g.id for g in groups if index.is_eligible(g, resident))].append(resident)
    for resident in alike.pop((), []):
        yield _nowhere(index, kind, subject, resident, groups)
    named: tuple[tuple[str, str | int], ...] = (("subject", subject),) if subject else ()
    sets = hall_sets(
        {fits: len(own) for fits, own in alike.items()},
        {g.id: index.seats(g) for g in groups},
        {fits: fits for fits in alike},
    )
    for hall in sets:
        concerned = sorted(r.id for fits in hall.demands for r in alike[fits])
        among: tuple[tuple[str, str | int], ...] = (("groups", ", ".join(sorted(hall.servers))),)
        figures: tuple[tuple[str, str | int], ...] = (("needed", hall.needed), ("free", hall.free))
        yield Shortage(f"{kind}_seats", (*named, *among, *figures), tuple(concerned))
    yield from _apart(index, kind, named, alike)


def _nowhere(index: Index, kind: str, subject: str, resident: Resident, groups: Sequence[TeachingGroup]) -> Shortage:
    """A resident whom no group can take: there is none, none admits him, or all meet while he is away."""
    admitting = [g for g in groups if index.admits(g, resident)]
    reason = "hours" if admitting else "not_admitted" if groups else "not_offered"
    named: tuple[tuple[str, str | int], ...] = (("subject", subject),) if subject else ()
    return Shortage(f"{kind}_{reason}", (*named, ("resident", resident.id)), (resident.id,))


def _apart(
    index: Index, kind: str, named: tuple[tuple[str, str | int], ...], alike: dict[Fits, list[Resident]]
) -> Iterator[Shortage]:
    """Two residents kept apart in class who can only join one and the same group."""
    fits = {r.id: groups for groups, own in alike.items() for r in own}
    for a, b in index.apart["class"]:
        if a in fits and b in fits and len({*fits[a], *fits[b]}) == 1:
            yield Shortage(f"{kind}_apart", (*named, ("group", fits[a][0])), (a, b))


def _minimums(index: Index) -> Iterator[Shortage]:
    """Mandatory groups whose minimum sizes exceed those who could join them."""
    mandatory = [g for g in index.problem.groups if index.pins.must_open(g) and _least(index, g)]
    people = [(r, need) for r in index.problem.residents for need in ("", *r.education, *_wanted(r))]
    joining: dict[str, tuple[tuple[str, str], ...]] = {
        g.id: tuple((r.id, need) for r, need in people if _could_join(index, g, r, need)) for g in mandatory
    }
    supply = {(r.id, need): 1 for r, need in people}
    for hall in hall_sets({g.id: _least(index, g) for g in mandatory}, supply, joining):
        groups = ", ".join(sorted(hall.demands))
        yield Shortage(
            "group_minimum",
            (("groups", groups), ("needed", hall.needed), ("free", hall.free)),
            tuple(sorted({r for r, _ in hall.servers})),
        )


def _least(index: Index, group: TeachingGroup) -> int:
    """The fewest residents with whom the group opens; where its meetings are set, somebody has to be there."""
    return max(group.minimum, int(group.id in index.pins.meetings and not group.headcount))


def _wanted(resident: Resident) -> tuple[str, ...]:
    """A name for each elective place that the resident wants; no subject is called so."""
    return tuple(f"\0{i}" for i in range(resident.electives))


def _could_join(index: Index, group: TeachingGroup, resident: Resident, need: str) -> bool:
    if group.kind == "vocational":
        wanted = need == "" and resident.needs_vocational
    elif group.kind == "elective":
        wanted = need in _wanted(resident)
    else:
        wanted = need == group.subject
    return wanted and index.is_eligible(group, resident)


def _periods(index: Index) -> Iterator[Shortage]:
    """Mandatory groups whose week has too few places for their meetings; and instructors and venues that
    alone must hold more periods than they have."""
    mandatory = [g for g in index.problem.groups if index.pins.must_open(g) and g.meetings]
    for group in mandatory:
        possible = index.most_meetings(group)
        if possible < group.meetings:
            yield Shortage("group_periods", (("group", group.id), ("needed", group.meetings), ("free", possible)))
    for kind in ("instructor", "venue"):
        yield from _alone(index, kind, mandatory)


def _alone(index: Index, kind: str, groups: Sequence[TeachingGroup]) -> Iterator[Shortage]:
    held: dict[str, list[TeachingGroup]] = defaultdict(list)
    for group in groups:
        names = group.instructors if kind == "instructor" else group.venues
        if len(set(names)) == 1:
            held[names[0]].append(group)
    for name, own in held.items():
        needed = sum(g.meetings * min((len(p.periods) for p in g.patterns), default=1) for g in own)
        free = len({p for g in own for pattern in index.usable_patterns(g) for p in pattern.periods})
        most = index.instructors[name].most_periods if kind == "instructor" else None
        free = free if most is None else min(free, most)
        if needed > free:
            yield Shortage(f"{kind}_periods", ((kind, name), ("needed", needed), ("free", free)))
