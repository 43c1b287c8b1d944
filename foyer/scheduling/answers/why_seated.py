"""Why a resident sits in this class and in these education groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from foyer.scheduling.answers.barriers import group_barriers, joined, obstacle
from foyer.scheduling.answers.editing import KINDS as NEED_OF_KIND
from foyer.scheduling.answers.exchange import Person
from foyer.scheduling.answers.forms import LevelPrice, NeedAnswer, Obstacle, Option, Price
from foyer.scheduling.answers.losses import with_losses
from foyer.scheduling.answers.stages import StagePrices, cheapest_of, persons_in
from foyer.scheduling.answers.why import Case
from foyer.scheduling.problem import GroupKind, Resident, TeachingGroup

CLASS_WISHES = ("choice", "aptitude", "unplaced_vocational")


def needs(case: Case, person: Resident) -> Iterator[NeedAnswer]:
    """One answer for the class and one for each education subject."""
    if person.needs_vocational:
        yield _class(case, person)
    for subject in person.education:
        yield _education(case, person, subject)
    if person.electives:
        yield _electives(case, person)


def _class(case: Case, person: Resident) -> NeedAnswer:
    index = case.index
    got = next((g for g in case.groups[person.id] if index.groups[g].kind == "vocational"), "")
    wished = wished_subjects(case, person, "vocational")
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
        _rank_of(_claim(case, person, index.groups[got])) if got else 0,
        case.terms(person.id, *CLASS_WISHES),
        tuple(options),
        tuple(notes),
    )


def wished_subjects(case: Case, person: Resident, kind: GroupKind) -> tuple[str, ...]:
    """What the resident wished of a kind, best first: the bids from the highest on, or the choices."""
    bids = case.index.choices.bids(person, kind)
    if bids:
        return tuple(sorted(bids, key=lambda s: (-bids[s], s)))
    return case.index.choices.chosen(person, kind)


def _education(case: Case, person: Resident, subject: str) -> NeedAnswer:
    index = case.index
    groups = [g for g in index.groups_of("education") if g.subject == subject]
    got = next((g.id for g in groups if g.id in case.groups[person.id]), "")
    terms = () if got else case.terms(person.id, "unplaced_education")
    options = () if got else tuple(_option(case, case.education, person, g, ()) for g in groups)
    notes = () if groups else (obstacle("not_offered", subject=subject),)
    return NeedAnswer("education", subject, (subject,), got, 1 if got else 0, terms, options, notes)


def _electives(case: Case, person: Resident) -> NeedAnswer:
    """All elective places together: better is what was wished more than the place worth least."""
    index, wished = case.index, wished_subjects(case, person, "elective")
    got = [g for g in case.groups[person.id] if index.groups[g].kind == "elective"]
    subjects = {index.groups[g].subject for g in got}
    worth = {s: index.choices.seat_points(person, s, "elective") for s in (*wished, *subjects)}
    is_full = len(got) >= person.electives
    least = max((worth[s] for s in subjects), default=0)
    better = [s for s in wished if s not in subjects and (not is_full or worth[s] < least)]
    offered = index.groups_of("elective")
    options = [_option(case, case.electives, person, g, wished) for s in better for g in offered if g.subject == s]
    notes = [obstacle("not_offered", subject=s) for s in better if all(g.subject != s for g in offered)]
    terms = case.terms(person.id, "elective_choice", "unplaced_elective")
    return NeedAnswer("elective", "", wished, joined(got), 0, terms, tuple(options), tuple(notes))


def _option(case: Case, stage: StagePrices, person: Resident, group: TeachingGroup, wished: tuple[str, ...]) -> Option:
    index = case.index
    points = 0.0
    if group.kind == "vocational":
        points = round(index.choice_cost(person, group.subject) + index.aptitude_cost(person, group.subject), 2)
    elif group.kind == "elective":
        points = float(index.choices.seat_points(person, group.subject, "elective"))
    rank = 0 if group.kind == "education" else _rank_of(_claim(case, person, group))
    barriers = (*group_barriers(index, person, group), *_excluded(case, person, group))
    if barriers:
        return Option(group.id, group.subject, rank, points, barriers)
    persons = persons_in(stage, person.id, group)
    price = _price(case, stage, persons, group) if persons else None
    found = (*_states(case, person, group), *_claims(case, person, group, price), *priced(group.id, price))
    return Option(group.id, group.subject, rank, points, found, price)


def _price(case: Case, stage: StagePrices, persons: list[Person], group: TeachingGroup) -> Price | None:
    _, price, chain = cheapest_of(stage, persons, group.id)
    if price is None or chain is None:
        return price
    return with_losses(case.index, case.plan, stage, NEED_OF_KIND[group.kind], price, chain)


def _excluded(case: Case, person: Resident, group: TeachingGroup) -> Iterator[Obstacle]:
    """Groups that the resident has for other needs, with which this one does not go together."""
    for own in case.groups[person.id]:
        if case.index.groups[own].kind != group.kind and case.index.choices.exclude(own, group.id):
            yield obstacle("excluded", group=group.id, own=own)


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
        same = mine.kind == group.kind and (mine.kind != "education" or mine.subject == group.subject)
        needed = max(mine.minimum, int(index.pins.must_open(mine)))
        if same and len(case.members[own]) <= needed and (needed > 1 or index.pins.must_open(mine)):
            yield obstacle("own_group_minimum", group=own, minimum=needed)


def _prefers(case: Case, person: Resident, group: TeachingGroup) -> bool:
    """Whether the resident may join and wished the group's subject more than what the plan gives."""
    index = case.index
    if group.kind != "vocational" or not person.needs_vocational:
        return False
    if group.subject not in wished_subjects(case, person, "vocational"):
        return False
    got = next((g for g in case.groups[person.id] if index.groups[g].kind == "vocational"), None)
    cost = index.choice_cost(person, group.subject)
    return index.is_eligible(group, person) and (
        got is None or cost < index.choice_cost(person, index.groups[got].subject)
    )


def _claims(case: Case, person: Resident, group: TeachingGroup, price: Price | None) -> Iterator[Obstacle]:
    """Where the group is full: the claim of those who have its places, in numbers. Only what is so of every one of them
    is said, and only a price that is proven speaks of fairness."""
    index, members = case.index, case.members[group.id]
    if group.kind == "education" or len(members) < index.seats(group):
        return
    others = [_claim(case, index.residents[m], group) for m in members]
    own = _claim(case, person, group)
    first = sum(own.is_behind(other) for other in others)
    equal = [other for other in others if own.is_equal_to(other)]
    if first == len(others):
        yield obstacle("last_place_by_rank", group=group.id, rank=_rank_of(own), before=first)
    elif first + len(equal) == len(others) and all(own.has_less_aptitude(other) for other in equal):
        values = {"rank": _rank_of(own), "aptitude": own.aptitude or 0.0, "before": len(equal)}
        yield obstacle("last_place_by_aptitude", group=group.id, **values)
    elif price is not None and price.proof != "at_most" and price.levels and _is_fairness(price.levels[0]):
        level = price.levels[0]
        yield obstacle("last_place_by_level", group=group.id, level=level.level, before=level.before, after=level.after)


@dataclass(frozen=True)
class _Claim:
    """What one resident can say for a place in a group: its place among the own wishes (0 first, None: not wished), the
    bid where there are bids, the aptitude where it is known."""

    rank: int | None
    bid: int | None
    aptitude: float | None

    def is_behind(self, other: _Claim) -> bool:
        """Whether the other wished for it more: higher among the own wishes, and where both bid, for a higher bid. A
        rank and a bid are not compared."""
        if other.rank is None:
            return False
        if self.rank is None:
            return True
        bid_more = other.bid == self.bid or (None not in (self.bid, other.bid) and (other.bid or 0) > (self.bid or 0))
        return other.rank < self.rank and bid_more

    def is_equal_to(self, other: _Claim) -> bool:
        return (self.rank, self.bid) == (other.rank, other.bid)

    def has_less_aptitude(self, other: _Claim) -> bool:
        return self.aptitude is not None and other.aptitude is not None and self.aptitude < other.aptitude


def _claim(case: Case, person: Resident, group: TeachingGroup) -> _Claim:
    choices = case.index.choices
    return _Claim(
        choices.rank(person, group.subject, group.kind),
        choices.bids(person, group.kind).get(group.subject),
        dict(person.aptitude).get(group.subject) if group.kind == "vocational" else None,
    )


def _rank_of(claim: _Claim) -> int:
    return 0 if claim.rank is None else claim.rank + 1


def _is_fairness(level: LevelPrice) -> bool:
    """Whether the level stands before all points, and would become worse."""
    return level.after > level.before and level.level not in ("wishes", "openings", "sum")


def priced(target: str, price: Price | None) -> Iterator[Obstacle]:
    """What the price says: impossible for another rule, as good, or dearer."""
    if price is None:
        yield obstacle("another_rule", target=target)
        return
    if not price.levels:
        yield obstacle("as_good" if price.proof != "at_least" else "not_known", target=target, moved=price.moved)
        return
    first = price.levels[0]
    if first.after < first.before and price.proof == "at_least":  # a bound is no plan that would be better
        yield obstacle("not_known", target=target, moved=price.moved)
        return
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
