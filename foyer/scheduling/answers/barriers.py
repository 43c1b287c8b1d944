"""The rules that keep a resident out of a group, a counsellor's caseload or a room, whatever others have.

A pair kept apart is confidential: it is never named. Where nothing but such a pair, or a rule that has no code of its
own, stands in the way, the code is ``another_rule``.
"""

from __future__ import annotations

from collections.abc import Iterator

from foyer.scheduling.answers.forms import Obstacle, Value
from foyer.scheduling.index import Index
from foyer.scheduling.problem import Counsellor, Resident, Room, TeachingGroup

CODES = (
    # groups
    "not_offered",
    "not_admitted_age",
    "not_admitted_level",
    "not_admitted_gender",
    "qualification_missing",
    "barred",
    "not_listed",
    "excluded",
    "closed_by_hand",
    "meets_while_away",
    "class_full",
    "last_place_by_rank",
    "last_place_by_aptitude",
    "last_place_by_level",
    "group_minimum",
    "own_group_minimum",
    # counsellors
    "counsellor_gender",
    "counsellor_skills",
    "no_common_hour",
    "counsellor_full",
    "counsellor_hours_full",
    "caseload_largest",
    "other_gender",
    "skill_missing",
    # rooms
    "room_gender",
    "room_features",
    "room_stage",
    "room_closed",
    "room_full",
    "room_other_gender",
    "ages_in_room",
    # appointments and times
    "no_counsellor",
    "hour_too_short",
    "hour_taken",
    "resident_away",
    "counsellor_away",
    "group_meets",
    "gap",
    "single_period",
    "times_proven",
    # of any need
    "pin",
    "another_rule",
    "no_gain",
    "as_good",
    "would_cost_others",
    "plan_not_best",
    "not_known",
)
WHAT_IF_CODES = ("not_needed", "no_hours", "no_such_hours", "no_times", "would_break")  # besides


def obstacle(code: str, **values: Value) -> Obstacle:
    """The obstacle; raises ValueError for a code that is in no list."""
    if code not in CODES and code not in WHAT_IF_CODES:
        raise ValueError(code)
    return Obstacle(code, tuple(values.items()))


def joined(ids: tuple[str, ...] | list[str]) -> str:
    return ", ".join(ids)


def group_barriers(index: Index, resident: Resident, group: TeachingGroup) -> tuple[Obstacle, ...]:
    """Why the resident may not join the group; none where the rules allow it."""
    found = [*_admission(index, resident, group), *_pins(index, resident, group)]
    if not found and not index.can_attend(group, resident.unavailable):
        possible = index.most_meetings(group, frozenset(resident.unavailable))
        found.append(obstacle("meets_while_away", group=group.id, possible=possible, needed=group.meetings))
    if not found and not index.is_eligible(group, resident):
        found.append(obstacle("another_rule", target=group.id))
    return tuple(found)


def _admission(index: Index, resident: Resident, group: TeachingGroup) -> Iterator[Obstacle]:
    oldest = group.maximum_age
    if resident.age < group.minimum_age or (oldest is not None and resident.age > oldest):
        ages: dict[str, Value] = {"minimum": group.minimum_age, "maximum": oldest if oldest is not None else ""}
        yield obstacle("not_admitted_age", group=group.id, age=resident.age, **ages)
    if group.levels and resident.level not in group.levels:
        yield obstacle("not_admitted_level", group=group.id, level=resident.level, levels=joined(group.levels))
    if group.genders and resident.gender not in group.genders:
        yield obstacle("not_admitted_gender", group=group.id, gender=joined(group.genders))
    if missing := [q for q in group.requires if q not in resident.qualifications]:
        yield obstacle("qualification_missing", group=group.id, qualifications=joined(missing))
    if group.id in resident.barred:
        yield obstacle("barred", group=group.id)
    if not index.choices.wants(resident, group):
        yield obstacle("not_listed", group=group.id)


def _pins(index: Index, resident: Resident, group: TeachingGroup) -> Iterator[Obstacle]:
    kinds = {"vocational": "class", "education": "education", "elective": "elective"}
    for target in index.pinned(kinds[group.kind]).get(resident.id, ()):  # type: ignore[arg-type]
        pinned = index.groups[target]
        if target != group.id and (group.kind == "vocational" or pinned.subject == group.subject):
            yield obstacle("pin", target=target)
    if any(pin.group == group.id and not pin.opens for pin in index.problem.group_pins):
        yield obstacle("closed_by_hand", group=group.id)


def counsellor_barriers(index: Index, resident: Resident, counsellor: Counsellor) -> tuple[Obstacle, ...]:
    """Why the counsellor may not have the resident."""
    found = [obstacle("pin", target=k) for k in index.pinned("counsellor").get(resident.id, ()) if k != counsellor.id]
    wanted = resident.counsellor_gender
    if wanted is not None and counsellor.gender != wanted:
        found.append(obstacle("counsellor_gender", counsellor=counsellor.id, gender=wanted))
    if missing := [s for s in resident.counsellor_skills if s not in counsellor.skills]:
        found.append(obstacle("counsellor_skills", counsellor=counsellor.id, skills=joined(missing)))
    if not found and not index.may_counsel(counsellor, resident):
        blocked = {*counsellor.unavailable, *resident.unavailable}
        free = any(index.slots(p) for p in index.periods if p not in blocked)
        found.append(obstacle("another_rule" if free else "no_common_hour", target=counsellor.id))
    return tuple(found)


def room_barriers(index: Index, resident: Resident, room: Room) -> tuple[Obstacle, ...]:
    """Why the room does not suit the resident, whoever lives there."""
    found = [obstacle("pin", target=m) for m in index.pinned("room").get(resident.id, ()) if m != room.id]
    if room.policy not in ("same", "any", resident.gender):
        found.append(obstacle("room_gender", room=room.id, gender=room.policy))
    if missing := [f for f in resident.room_features if f not in room.features]:
        found.append(obstacle("room_features", room=room.id, features=joined(missing)))
    if resident.stage < room.minimum_stage:
        found.append(obstacle("room_stage", room=room.id, stage=resident.stage, minimum=room.minimum_stage))
    for start, end in room.closed:
        if start < resident.leaves and resident.arrives < end:
            found.append(obstacle("room_closed", room=room.id, **{"from": start, "until": end}))
    if not found and not index.may_lodge(resident, room):
        found.append(obstacle("another_rule", target=room.id))
    return tuple(found)
