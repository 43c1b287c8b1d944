"""Why a resident sits in this class and in these education groups."""

from __future__ import annotations

from collections.abc import Iterator

from foyer.scheduling.answers.barriers import group_barriers, obstacle
from foyer.scheduling.answers.forms import NeedAnswer, Obstacle, Option, Price
from foyer.scheduling.answers.stages import StagePrices
from foyer.scheduling.answers.why import Case
from foyer.scheduling.problem import Resident, TeachingGroup

CLASS_WISHES = ("choice", "aptitude", "unplaced_vocational")


def needs(case: Case, person: Resident) -> Iterator[NeedAnswer]:
    """One answer for the class and one for each education subject."""
    if person.needs_vocational:
        yield _class(case, person)
    for subject in person.education:
        yield _education(case, person, subject)


def _class(case: Case, person: Resident) -> NeedAnswer:
    index = case.index
    got = next((g for g in case.groups[person.id] if index.groups[g].kind == "vocational"), "")
    wished = wished_subjects(person)
    subject = index.groups[got].subject if got else ""
    worth = index.choice_cost(person, subject) if got else None
    better = [s for s in wished if worth is None or index.choice_cost(person, s) < worth]
    offered = index.groups_of("vocational")
    options = [_option(case, case.classes, person, g, wished) for s in better for g in offered if g.subject == s]
    if not got:
        options += [_option(case, case.classes, person, g, wished) for g in offered if g.subject not in better]
    notes = [obstacle("not_offered", subject=s) for s in better if all(g.subject != s for g in offered)]
    return NeedAnswer(
        "class",
        subject,
        wished,
        got,
        _rank(wished, subject),
        case.terms(person.id, *CLASS_WISHES),
        tuple(options),
        tuple(notes),
    )


def wished_subjects(person: Resident) -> tuple[str, ...]:
    """What the resident wished, best first: the choices, or else the bids from the highest on."""
    return person.choices or tuple(s for s, _ in sorted(person.bids, key=lambda bid: (-bid[1], bid[0])))


def _rank(wished: tuple[str, ...], subject: str) -> int:
    return wished.index(subject) + 1 if subject in wished else 0


def _education(case: Case, person: Resident, subject: str) -> NeedAnswer:
    index = case.index
    groups = [g for g in index.groups_of("education") if g.subject == subject]
    got = next((g.id for g in groups if g.id in case.groups[person.id]), "")
    terms = () if got else case.terms(person.id, "unplaced_education")
    options = () if got else tuple(_option(case, case.education, person, g, ()) for g in groups)
    notes = () if groups else (obstacle("not_offered", subject=subject),)
    return NeedAnswer("education", subject, (subject,), got, 1 if got else 0, terms, options, notes)


def _option(case: Case, stage: StagePrices, person: Resident, group: TeachingGroup, wished: tuple[str, ...]) -> Option:
    index = case.index
    points = 0.0
    if group.kind == "vocational":
        points = round(index.choice_cost(person, group.subject) + index.aptitude_cost(person, group.subject), 2)
    rank = _rank(wished, group.subject)
    barriers = group_barriers(index, person, group)
    if barriers:
        return Option(group.id, group.subject, rank, points, barriers)
    need = (person.id, group.subject) if (person.id, group.subject) in stage.kept.exchange.place else (person.id, "")
    price, _ = stage.priced(need, group.id)
    found = (*_states(case, person, group), *_claims(case, person, group, price), *priced(group.id, price))
    return Option(group.id, group.subject, rank, points, found, price)


def _states(case: Case, person: Resident, group: TeachingGroup) -> Iterator[Obstacle]:
    """What is so in the plan: the group is closed, or full; the own group needs everybody it has."""
    members, index = case.members[group.id], case.index
    if not members:
        wishing = sum(_prefers(case, r, group) for r in index.problem.residents)
        yield obstacle("group_minimum", group=group.id, minimum=max(1, group.minimum), wishing=wishing)
    elif len(members) >= index.seats(group):
        yield obstacle("class_full", group=group.id, places=index.seats(group))
    for own in case.groups[person.id]:
        mine = index.groups[own]
        same = mine.kind == group.kind and (mine.kind == "vocational" or mine.subject == group.subject)
        if same and len(case.members[own]) <= max(1, mine.minimum):
            yield obstacle("own_group_minimum", group=own, minimum=max(1, mine.minimum))


def _prefers(case: Case, person: Resident, group: TeachingGroup) -> bool:
    """Whether the resident may join and wished the group's subject more than what the plan gives."""
    index = case.index
    if not person.needs_vocational or group.subject not in wished_subjects(person):
        return False
    got = next((g for g in case.groups[person.id] if index.groups[g].kind == "vocational"), None)
    cost = index.choice_cost(person, group.subject)
    return index.is_eligible(group, person) and (
        got is None or cost < index.choice_cost(person, index.groups[got].subject)
    )


def _claims(case: Case, person: Resident, group: TeachingGroup, price: Price | None) -> Iterator[Obstacle]:
    """Where the group is full: the claim of those who have its places, in numbers."""
    index, members = case.index, case.members[group.id]
    if group.kind != "vocational" or len(members) < index.seats(group):
        return
    own = _claim(case, person, group)
    claims = [_claim(case, index.residents[m], group) for m in members]
    equal = [c for c in claims if c[0] == own[0]]
    first, rank = sum(c[0] < own[0] for c in claims), _rank(wished_subjects(person), group.subject)
    if first == len(claims):
        yield obstacle("last_place_by_rank", group=group.id, rank=rank, before=first)
    elif first + len(equal) == len(claims) and all(c[1] < own[1] for c in equal):
        yield obstacle(
            "last_place_by_aptitude", group=group.id, rank=rank, aptitude=_aptitude(person, group), before=len(equal)
        )
    elif price is not None and price.levels and price.levels[0].level not in ("wishes", "openings"):
        level = price.levels[0]
        yield obstacle("last_place_by_level", group=group.id, level=level.level, before=level.before, after=level.after)


def _claim(case: Case, person: Resident, group: TeachingGroup) -> tuple[float, float]:
    """The points that the subject costs this resident: by choice, and by aptitude. Fewer are a better claim."""
    index = case.index
    return index.choice_cost(person, group.subject), index.aptitude_cost(person, group.subject)


def _aptitude(person: Resident, group: TeachingGroup) -> float:
    return dict(person.aptitude).get(group.subject, 0.0)


def priced(target: str, price: Price | None) -> Iterator[Obstacle]:
    """What the price says: impossible for another rule, as good, or dearer."""
    if price is None:
        yield obstacle("another_rule", target=target)
        return
    if not price.levels:
        yield obstacle("as_good" if price.proof != "at_least" else "not_known", target=target, moved=price.moved)
        return
    first = price.levels[0]
    code = "would_cost_others" if first.after > first.before else "plan_not_best"
    yield obstacle(
        code,
        target=target,
        moved=price.moved,
        level=first.level,
        before=first.before,
        after=first.after,
        points=price.points,
    )
