"""Classes, education groups and counsellors in a repair: the stages' programs, with what is published worth keeping."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from foyer.scheduling.plan import Caseload, Meeting, Seat, Unmet
from foyer.scheduling.problem import TeachingGroup
from foyer.scheduling.repairing.changes import KIND_OF_GROUP, seat_points
from foyer.scheduling.repairing.kept import Kept
from foyer.scheduling.repairing.parts import Joined, Lost, Part
from foyer.scheduling.stages import counsellors
from foyer.scheduling.stages.fairness import merged
from foyer.scheduling.stages.places import STAGE_OF_KIND, is_leximin
from foyer.scheduling.stages.seating import Seating
from foyer.scheduling.stages.together import kinds_tied, program
from foyer.scheduling.weeks import at_once


def seating_parts(kept: Kept) -> tuple[list[Part], dict[str, Seating]]:
    """A part for each kind of group, or for kinds that a rule ties; and the meaning of its variables, by the part's
    first stage. Leximin's own levels are left out: what comes behind the changes is then not claimed."""
    parts, made = [], {}
    for kinds in kinds_tied(kept.index):
        seating, own = program(kept.index, kinds)
        levels = merged(kept.index.problem, own.values())
        part = Part(STAGE_OF_KIND[kinds[0]], seating.program, [g for g in levels if g.name != "unplaced"])
        part.stages = {STAGE_OF_KIND[kind]: goals for kind, goals in own.items()}
        part.is_whole = not is_leximin(kept.index.problem, kinds)
        _keep_seats(kept, part, seating)
        prices = {v: c for goals in own.values() for g in goals if g.name == "unplaced" for v, c in g.entries}
        for (resident, subject), variable in seating.unmet.items():
            need = Unmet(resident, "education", subject) if subject else Unmet(resident, "class")
            part.lost.append(Lost(need, variable, prices.get(variable, 0.0)))
        for resident, variable in seating.missing.items():
            part.lost.append(Lost(Unmet(resident, "elective"), variable, prices.get(variable, 0.0)))
        parts.append(part)
        made[part.stage] = seating
    return parts, made


def _keep_seats(kept: Kept, part: Part, seating: Seating) -> None:
    """Every published seat; one in a group that is gone is lost in any case, and counts as a class."""
    for seat in kept.published.seats:
        if seat.resident not in kept.index.residents:
            continue
        group = kept.index.groups.get(seat.group)
        if seat.group in seating.opened or (group is None and "classes" in part.stages):
            kind = KIND_OF_GROUP[group.kind] if group else "class"
            points = seat_points(kept.index.problem.weights, kind)
            part.keep(seat.resident, kind, [seating.seat.get((seat.resident, seat.group))], points)


def keep_the_week(
    kept: Kept,
    joined: Joined,
    made: dict[str, Seating],
    meetings: Iterable[Meeting],
    *,
    running_only: bool = False,
) -> None:
    """Rows that let nobody sit in two groups that meet at once, or in one that meets while he is away (H10, H11).
    ``running_only``: nor in a group that would need hours of its own first."""
    periods: dict[str, set[str]] = defaultdict(set)
    for meeting in meetings:
        periods[meeting.group].update(meeting.periods)
    own: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for stage, seating in made.items():
        for (resident, group), x in seating.seat.items():
            own[resident].append((group, x + joined.offset[stage]))
    for resident, places in own.items():
        away = set(kept.index.residents[resident].unavailable)
        for group, x in places:
            idle = running_only and kept.index.groups[group].meetings and not periods[group]
            if away & periods[group] or idle:
                joined.program.row([(x, 1)], high=0)
        for (a, x), (b, y) in combinations(places, 2):
            one, other = kept.index.groups[a], kept.index.groups[b]
            if periods[a] & periods[b] and at_once(one.weeks, other.weeks) and not _is_one_need(one, other):
                joined.program.row([(x, 1), (y, 1)], high=1)


def _is_one_need(a: TeachingGroup, b: TeachingGroup) -> bool:
    """Whether nobody sits in both anyway: either would answer the same need."""
    return a.kind == b.kind and (a.kind == "vocational" or a.subject == b.subject)


def seats_in(joined: Joined, made: dict[str, Seating], values: Sequence[int]) -> tuple[Seat, ...]:
    return tuple(
        Seat(r, g)
        for part in joined.parts
        if part.stage in made
        for r, g in made[part.stage].seated(joined.values_of(part, values))
    )


def counsellor_part(kept: Kept) -> tuple[Part, counsellors.Made]:
    """The caseloads as a part, and the meaning of its variables."""
    made = counsellors.program(kept.index)
    goals = counsellors.goals_of(kept.index, made)
    part = Part(counsellors.STAGE, made.program, [g for g in goals if g.name != "unplaced"])
    points = kept.index.problem.weights.change_counsellor
    for case in (c for c in kept.published.caseloads if c.resident in kept.index.residents):
        part.keep(case.resident, "counsellor", [made.case.get((case.resident, case.counsellor))], points)
    prices = dict(goals[0].entries)
    for resident, variable in made.unmet.items():
        part.lost.append(Lost(Unmet(resident, "counsellor"), variable, prices.get(variable, 0.0)))
    return part, made


def caseloads_in(joined: Joined, part: Part, made: counsellors.Made, values: Sequence[int]) -> tuple[Caseload, ...]:
    return counsellors.read(made, joined.values_of(part, values), ()).caseloads
