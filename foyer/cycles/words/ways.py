"""Why there is no whole plan, and the ways out of it, in sentences. For managers: it names residents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from foyer.cycles.labels import stage_name
from foyer.cycles.words.families import FAMILIES
from foyer.cycles.words.got import got_words
from foyer.cycles.words.names import HouseNames, listed, whole
from foyer.formatting import number, points
from foyer.scheduling.plan import Outcome
from foyer.scheduling.relaxing.forms import ImpossibleAnswer, Relaxation, Rule, WayOut


@dataclass(frozen=True, slots=True)
class StepWords:
    """One rule made weaker. ``needs_a_person``: it is never done by a button alone."""

    text: str
    needs_a_person: bool


@dataclass(frozen=True, slots=True)
class WayWords:
    """Steps that together suffice, how hard they are for the house, and the plan that they lead to."""

    steps: tuple[StepWords, ...]
    effort: str
    effect: str
    needs_a_person: str  # "" where nobody has to decide


@dataclass(frozen=True, slots=True)
class ImpossibleWords:
    """``rules``: those that cannot be kept together, behind ``rules_title``."""

    summary: str
    rules_title: str
    rules: tuple[str, ...]
    ways: tuple[WayWords, ...]


def impossible_words(found: ImpossibleAnswer, names: HouseNames) -> ImpossibleWords:
    """The answer apart from its shortages, which ``sentences.shortage_lines`` tells."""
    return ImpossibleWords(
        _summary(found),
        _rules_title(found) if found.rules else "",
        tuple(rule_words(rule, names) for rule in found.rules),
        tuple(way_words(way, names) for way in found.ways),
    )


def mending_summary(found: ImpossibleAnswer) -> str:
    """The answer about a repair in one sentence."""
    if found.is_possible:
        return _("There is a repair that leaves nobody without what the plan gave.")
    if not found.ways:
        return _("No repair was found that leaves nobody without what the plan gave, and no way out of it yet.")
    return ngettext(
        "No repair gives everybody what the plan gave. %(num)s way out of it was tried, and works.",
        "No repair gives everybody what the plan gave. %(num)s ways out of it were tried, and work.",
        len(found.ways),
    )


def _summary(found: ImpossibleAnswer) -> str:
    if found.is_possible:
        return _("There is a whole plan: nothing has to give way.")
    if not found.ways:
        return _("No whole plan was found, and no way out of it yet.")
    return ngettext(
        "There is no whole plan. %(num)s way out of it was tried, and works.",
        "There is no whole plan. %(num)s ways out of it were tried, and work.",
        len(found.ways),
    )


def _rules_title(found: ImpossibleAnswer) -> str:
    part = stage_name(found.stage)
    if found.is_minimal:
        return _("%(part)s: these rules cannot all be kept at once; without any one of them they could.", part=part)
    return _("%(part)s: these rules cannot all be kept at once.", part=part)


def rule_words(rule: Rule, names: HouseNames) -> str:
    """One member of a set of rules that cannot be kept together. Raises KeyError for a family without words."""
    return whole(FAMILIES[rule.family](rule, names))


def way_words(way: WayOut, names: HouseNames) -> WayWords:
    """One way out."""
    steps = tuple(StepWords(relaxation_words(r, names), r.needs_a_person) for r in way.relaxations)
    decides = _("A person has to decide this: it is about somebody's safety or admission.")
    return WayWords(
        steps,
        _("Effort for the house, as a figure: %(figure)s.", figure=number(way.points)),
        _effect(way, names),
        decides if any(step.needs_a_person for step in steps) else "",
    )


def _effect(way: WayOut, names: HouseNames) -> str:
    if way.got is not None:
        return got_words(way.got, names, is_best=way.outcome is Outcome.OPTIMAL)
    if way.changes is None:  # stored before it was kept what residents get
        return _("Then there is a whole plan with %(points)s.", points=points(way.score))
    counted = {"changes": way.changes, "people": way.people}
    if any(r.code == "need_unmet" for r in way.relaxations):
        return _(
            "Everything else that the plan gave stays. Changes: %(changes)s. Residents concerned: %(people)s.",
            **counted,
        )
    if not way.changes:
        return _("Then nobody has to go without, and nothing else in the plan changes.")
    return _("Then nobody has to go without. Changes: %(changes)s. Residents concerned: %(people)s.", **counted)


def relaxation_words(relaxation: Relaxation, names: HouseNames) -> str:
    """One rule made weaker. Raises KeyError for a code without a sentence."""
    return whole(STEPS[relaxation.code](_Step(relaxation, names)))


class _Step:
    """A relaxation with its values as words."""

    def __init__(self, relaxation: Relaxation, names: HouseNames) -> None:
        self.values, self.names = dict(relaxation.values), names
        self.ids = relaxation.residents

    @property
    def people(self) -> str:
        return listed(map(self.names.resident, self.ids)) if self.ids else _("nobody in particular")

    def number(self, name: str) -> int:
        return int(self.values[name])

    def name(self, kind: str, value: str = "") -> str:
        return self.names.thing(kind, str(self.values[value or kind]))


def _beds(s: _Step) -> str:
    values = {"nights": s.names.nights(s.number("from"), s.number("to")), "people": s.people}
    if s.values["gender"] == "female":
        return ngettext(
            "Find %(num)s more bed for girls %(nights)s (%(people)s).",
            "Find %(num)s more beds for girls %(nights)s (%(people)s).",
            s.number("amount"),
            **values,
        )
    return ngettext(
        "Find %(num)s more bed for boys %(nights)s (%(people)s).",
        "Find %(num)s more beds for boys %(nights)s (%(people)s).",
        s.number("amount"),
        **values,
    )


def _hours(s: _Step) -> str:
    hours = s.names.hours(str(s.values["periods"]).split())
    kind = str(s.values["kind"])
    if kind == "resident":
        return _("%(people)s can be in the house after all on %(hours)s.", people=s.people, hours=hours)
    name = s.name(kind, "who")
    if kind == "venue":
        return _("%(place)s can be used after all on %(hours)s.", place=name, hours=hours)
    if kind == "group":
        return _("%(group)s can meet after all on %(hours)s.", group=name, hours=hours)
    return _("%(who)s is available after all on %(hours)s.", who=name, hours=hours)


def _unmet(s: _Step) -> str:
    amount, values = s.number("amount"), {"people": s.people}
    if s.values["need"] == "class":
        return ngettext(
            "%(num)s resident goes without a class (%(people)s).",
            "%(num)s residents go without a class (%(people)s).",
            amount,
            **values,
        )
    if s.values["need"] == "elective":
        return ngettext("%(people)s: %(num)s elective fewer.", "%(people)s: %(num)s electives fewer.", amount, **values)
    return ngettext(
        "%(num)s resident goes without %(subject)s (%(people)s).",
        "%(num)s residents go without %(subject)s (%(people)s).",
        amount,
        subject=s.names.subject(str(s.values["subject"])),
        **values,
    )


def _pin(s: _Step) -> str:
    kind, target = str(s.values["kind"]), str(s.values["target"])
    if kind == "opened":
        return _("Give up the decision that %(group)s opens.", group=s.names.group(target))
    if kind == "closed":
        return _("Give up the decision that %(group)s stays closed.", group=s.names.group(target))
    if kind == "meeting":
        hours = s.names.hours(str(s.values["periods"]).split())
        return _("Give up the decision that %(group)s meets on %(hours)s.", group=s.names.group(target), hours=hours)
    place = s.names.thing(kind, target)
    return _("Give up the decision on %(place)s for %(people)s.", place=place, people=s.people)


def _lifted(s: _Step) -> str:
    return {
        "room": _("%(people)s may share a room, or be parted, in spite of what was decided.", people=s.people),
        "house": _("%(people)s may share a wing, or be parted, in spite of what was decided.", people=s.people),
        "class": _("%(people)s may share a class, or be parted, in spite of what was decided.", people=s.people),
        "counsellor": _(
            "%(people)s may share a counsellor, or be parted, in spite of what was decided.", people=s.people
        ),
    }[str(s.values["scope"])]


STEPS: dict[str, Callable[[_Step], str]] = {
    "beds": _beds,
    "room_reopened": lambda s: _("%(room)s is put back into service in time.", room=s.name("room")),
    "room_either_gender": lambda s: _("%(room)s is given to girls or boys, as needed.", room=s.name("room")),
    "room_stage": lambda s: _(
        "%(room)s also takes residents from stage %(stage)s of independence on.",
        room=s.name("room"),
        stage=s.number("stage"),
    ),
    "not_admitted": lambda s: ngettext(
        "%(num)s resident is not admitted (%(people)s).",
        "%(num)s residents are not admitted (%(people)s).",
        s.number("amount"),
        people=s.people,
    ),
    "group_larger": lambda s: ngettext(
        "%(group)s takes %(num)s resident more.",
        "%(group)s takes %(num)s residents more.",
        s.number("amount"),
        group=s.name("group"),
    ),
    "group_smaller": lambda s: ngettext(
        "%(group)s opens with %(num)s resident already.",
        "%(group)s opens with %(num)s residents already.",
        s.number("minimum"),
        group=s.name("group"),
    ),
    "group_not_opened": lambda s: _("%(group)s stays closed in this cycle.", group=s.name("group")),
    "group_opened": lambda s: ngettext(
        "A second group like %(group)s opens, with %(num)s place.",
        "A second group like %(group)s opens, with %(num)s places.",
        s.number("places"),
        group=s.name("group"),
    ),
    "group_admits": lambda s: _("%(group)s also takes %(people)s.", group=s.name("group"), people=s.people),
    "need_unmet": _unmet,
    "capacity": lambda s: _(
        "The caseload of %(counsellor)s grows by %(amount)s.",
        counsellor=s.name("counsellor"),
        amount=s.number("amount"),
    ),
    "counsellor_waived": lambda s: _("%(people)s may have any counsellor.", people=s.people),
    "rarer_appointments": lambda s: ngettext(
        "Individual counselling is every %(num)s week only.",
        "Individual counselling is every %(num)s weeks only.",
        s.number("weeks"),
    ),
    "hours": _hours,
    "load": lambda s: ngettext(
        "%(instructor)s teaches up to %(num)s hour of the week.",
        "%(instructor)s teaches up to %(num)s hours of the week.",
        s.number("periods"),
        instructor=s.name("instructor"),
    ),
    "meetings_fewer": lambda s: ngettext(
        "%(group)s meets only %(num)s time a week.",
        "%(group)s meets only %(num)s times a week.",
        s.number("meetings"),
        group=s.name("group"),
    ),
    "day_more": lambda s: ngettext(
        "%(group)s may meet %(num)s time a day.",
        "%(group)s may meet %(num)s times a day.",
        s.number("meetings"),
        group=s.name("group"),
    ),
    "stand_in": lambda s: _(
        "%(who)s takes over what %(instructor)s teaches.",
        who=s.name("instructor", "who"),
        instructor=s.name("instructor"),
    ),
    "pin_released": _pin,
    "pair_lifted": _lifted,
}
