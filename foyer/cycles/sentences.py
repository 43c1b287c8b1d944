"""What stands against a plan, in whole sentences of the house: readiness, shortages, needs left open, ends of runs.

The engine and the services speak in codes; here each code has its sentence and the place where it can be mended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from foyer.cycles.copying import last_cycle
from foyer.cycles.house import HouseFacts
from foyer.cycles.labels import cycle_name, stage_name
from foyer.cycles.models import Cycle
from foyer.cycles.readiness import ReadinessItem
from foyer.cycles.words.names import names_of
from foyer.formatting import long_date
from foyer.residents.naming import name_for
from foyer.scheduling.plan import Shortage

MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, whom it concerns, and where it can be mended."""

    text: str
    names: tuple[str, ...] = ()
    url: str | None = None
    act: str = ""
    is_blocking: bool = False


class Names:
    """What the house calls the engine's ids."""

    def __init__(self, facts: HouseFacts) -> None:
        self.cycle: Cycle = facts.cycle
        self.residents = {str(e.id): name_for(e.stay.resident, in_team=False) for e in facts.enrolments}
        self.groups = {str(group.id): group.code for group in facts.groups}
        self.staff = {str(person.id): person.full_name for person in facts.staff}
        self.venues = {str(venue.id): venue.name for venue in facts.venues}
        self.house = names_of(facts)

    def people(self, ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(self.residents.get(i, i) for i in ids))

    def group_list(self, ids: str) -> str:
        return ", ".join(self.groups.get(i, i) for i in ids.split(", "))

    def target(self, kind: str, name: str) -> str:
        """What somebody or something is pinned to. A room and a class may have the same id: the kind tells."""
        return self.house.group(name) if kind in ("opening", "meeting") else self.house.thing(kind, name)

    def night(self, number: int) -> str:
        return long_date(self.cycle.night(number))


def _beds(v: Mapping[str, object], names: Names) -> dict[str, object]:
    return {"needed": v["needed"], "free": v["free"], "night": names.night(int(str(v["night"])))}


def _beds_sentence(v: Mapping[str, object], names: Names) -> str:
    if v["gender"] == "female":
        return _("Beds for girls: %(needed)s needed on %(night)s, %(free)s free.", **_beds(v, names))
    return _("Beds for boys: %(needed)s needed on %(night)s, %(free)s free.", **_beds(v, names))


def _beds_feature(v: Mapping[str, object], names: Names) -> str:
    if v["gender"] == "female":
        return _("Accessible beds for girls: %(needed)s needed on %(night)s, %(free)s free.", **_beds(v, names))
    return _("Accessible beds for boys: %(needed)s needed on %(night)s, %(free)s free.", **_beds(v, names))


def _beds_stage(v: Mapping[str, object], names: Names) -> str:
    values = {**_beds(v, names), "stage": v["detail"]}
    if v["gender"] == "female":
        return _(
            "Beds for girls up to stage %(stage)s of independence: %(needed)s needed on %(night)s, %(free)s free; "
            "other free beds are for higher stages.",
            **values,
        )
    return _(
        "Beds for boys up to stage %(stage)s of independence: %(needed)s needed on %(night)s, %(free)s free; "
        "other free beds are for higher stages.",
        **values,
    )


def _beds_closed(v: Mapping[str, object], names: Names) -> str:
    if v["gender"] == "female":
        return _(
            "Beds for girls: %(needed)s needed on %(night)s, %(free)s free, since rooms are out of service.",
            **_beds(v, names),
        )
    return _(
        "Beds for boys: %(needed)s needed on %(night)s, %(free)s free, since rooms are out of service.",
        **_beds(v, names),
    )


def _beds_same(v: Mapping[str, object], names: Names) -> str:
    return _(
        "Rooms that take girls or boys, but not both at once: %(needed)s beds needed in them on %(night)s, at most "
        "%(free)s can be used however they are shared out.",
        **_beds(v, names),
    )


Sentence = Callable[[Mapping[str, object], Names], str]


def _places(v: Mapping[str, object], names: Names) -> dict[str, object]:
    return {"needed": v["needed"], "free": v["free"], "groups": names.group_list(str(v["groups"]))}


SHORTAGES: dict[str, Sentence] = {
    "beds": _beds_sentence,
    "beds_feature": _beds_feature,
    "beds_stage": _beds_stage,
    "beds_closed": _beds_closed,
    "beds_same": _beds_same,
    "class_seats": lambda v, n: _(
        "%(needed)s residents can only join %(groups)s; places there: %(free)s.", **_places(v, n)
    ),
    "education_seats": lambda v, n: _(
        "Residents who need %(subject)s: %(needed)s; places in %(groups)s: %(free)s.",
        subject=v["subject"],
        **_places(v, n),
    ),
    "class_not_offered": lambda v, n: _("The cycle has no class at all."),
    "class_not_admitted": lambda v, n: _(
        "No class takes %(resident)s: age, gender, schooling, earlier training, or a decision of the staff.",
        resident=_resident(v, n),
    ),
    "class_hours": lambda v, n: _(
        "%(resident)s can attend no class: all of them meet while the resident is out of the house.",
        resident=_resident(v, n),
    ),
    "class_apart": lambda v, n: _(
        "Two residents who are kept apart can both join only class %(group)s.", group=_group(v, n)
    ),
    "education_not_offered": lambda v, n: _(
        "%(resident)s needs %(subject)s, and no group of it is offered.", resident=_resident(v, n), subject=v["subject"]
    ),
    "education_not_admitted": lambda v, n: _(
        "%(resident)s needs %(subject)s, and no group of it takes this resident: age, gender, schooling, earlier "
        "training, or a decision of the staff.",
        resident=_resident(v, n),
        subject=v["subject"],
    ),
    "education_hours": lambda v, n: _(
        "%(resident)s needs %(subject)s, and all its groups meet while the resident is out of the house.",
        resident=_resident(v, n),
        subject=v["subject"],
    ),
    "education_apart": lambda v, n: _(
        "Two residents who are kept apart can both join only group %(group)s.", group=_group(v, n)
    ),
    "group_minimum": lambda v, n: _(
        "%(groups)s must open with %(needed)s residents together, and only %(free)s can join.", **_places(v, n)
    ),
    "group_periods": lambda v, n: _(
        "%(group)s must meet %(needed)s times a week; the week has room for %(free)s of its meetings.",
        group=_group(v, n),
        needed=v["needed"],
        free=v["free"],
    ),
    "instructor_periods": lambda v, n: _(
        "%(person)s must teach %(needed)s blocks a week and is there for %(free)s.",
        person=n.staff.get(str(v["instructor"]), str(v["instructor"])),
        needed=v["needed"],
        free=v["free"],
    ),
    "venue_periods": lambda v, n: _(
        "%(place)s is needed for %(needed)s blocks a week and has %(free)s.",
        place=n.venues.get(str(v["venue"]), str(v["venue"])),
        needed=v["needed"],
        free=v["free"],
    ),
    "counsellor_capacity": lambda v, n: _(
        "Counsellors: %(needed)s residents, and together they can take %(free)s.", needed=v["needed"], free=v["free"]
    ),
    "appointment_slots": lambda v, n: _(
        "Individual counselling: %(needed)s residents within %(weeks)s weeks, and the counsellors have %(free)s times.",
        needed=v["needed"],
        free=v["free"],
        weeks=v["weeks"],
    ),
    "counsellor_hours": lambda v, n: _(
        "%(resident)s and the counsellors are never free at the same time.", resident=_resident(v, n)
    ),
    "counsellor_suited": lambda v, n: _(
        "Residents who can only have %(people)s: %(needed)s, and together these can take %(free)s.",
        people=", ".join(n.staff.get(i, i) for i in str(v["counsellors"]).split(", ")),
        needed=v["needed"],
        free=v["free"],
    ),
    "counsellor_unsuited": lambda v, n: _(
        "No counsellor has the gender and the skills that %(resident)s must have.", resident=_resident(v, n)
    ),
    "counsellor_apart": lambda v, n: _(
        "Two residents may not share a counsellor, and there is only %(person)s.",
        person=n.staff.get(str(v["counsellor"]), str(v["counsellor"])),
    ),
    "pairs_contradict": lambda v, n: _("Two residents are to be kept apart and together at once."),
    "together_nowhere": lambda v, n: _TOGETHER[str(v["scope"])](),
    "pin_impossible": lambda v, n: _("A pin to %(target)s breaks a rule.", target=_target(v, n)),
    "pins_contradict": lambda v, n: _pins_contradict(v, n),
    "pins_apart": lambda v, n: _(
        "Two residents who are kept apart are both pinned to %(target)s.", target=_target(v, n)
    ),
    "pins_exceed": lambda v, n: _(
        "%(needed)s are pinned to %(target)s, which takes %(free)s.",
        needed=v["needed"],
        free=v["free"],
        target=_target(v, n),
    ),
    "no_plan": lambda v, n: _(
        "Counting finds nothing short, but the rules for this part cannot all be kept at once: %(part)s. Give them "
        "some room: hours of staff or places, sizes of classes, or pairs that are kept apart.",
        part=stage_name(str(v["stage"])),
    ),
}


_TOGETHER: dict[str, Callable[[], str]] = {
    "room": lambda: _("Two residents are to share a room, and no room can take both."),
    "house": lambda: _("Two residents are to live in one wing, and no wing can take both."),
    "class": lambda: _("Two residents are to learn together, and no class or group can take both."),
    "counsellor": lambda: _("Two residents are to have the same counsellor, and nobody can take both."),
}


def _pins_contradict(v: Mapping[str, object], names: Names) -> str:
    targets = ", ".join(names.target(str(v["kind"]), name) for name in str(v["targets"]).split(", "))
    if v["kind"] == "opening":
        return _("%(targets)s is pinned both open and closed.", targets=targets)
    if v["kind"] in ("meeting", "venue", "instructor"):
        return _("Pinned meetings are in each other's way: %(targets)s.", targets=targets)
    if v["kind"] == "appointment":
        return _("One resident's individual counselling is pinned to two times.")
    return _("One resident is pinned to two places of the same kind.")


def _target(v: Mapping[str, object], names: Names) -> str:
    """The one thing that is spoken of; of a pair the scope tells what kind it is."""
    return names.target(str(v.get("kind") or v["scope"]), str(v["target"]))


def _resident(v: Mapping[str, object], names: Names) -> str:
    return names.residents.get(str(v["resident"]), str(v["resident"]))


def _group(v: Mapping[str, object], names: Names) -> str:
    return names.groups.get(str(v["group"]), str(v["group"]))


def shortage_lines(found: Iterable[Shortage], names: Names) -> list[Line]:
    """Every shortage in a sentence, with the place where it can be mended."""
    lines = []
    for shortage in _strongest(found):
        sentence = SHORTAGES.get(shortage.code)
        values = dict(shortage.values)
        text = sentence(values, names) if sentence else _("Something is short that has no name here yet.")
        who = () if "resident" in values else names.people(shortage.residents)
        url, act = place_of(shortage.code, names.cycle)
        lines.append(Line(text, who if len(who) <= MOST_NAMES else (), url, act, is_blocking=True))
    return lines


def _strongest(found: Iterable[Shortage]) -> list[Shortage]:
    """Of shortages of the same thing the one with the most who need it: counting may find the same places short for 84
    residents, and again for 112 with those 84 among them."""
    kept: dict[object, Shortage] = {}
    for shortage in found:
        what = (shortage.code, *(value for value in shortage.values if value[0] != "needed"))
        key = what if _needed(shortage) else (*what, shortage.residents)
        if key not in kept or _needed(shortage) > _needed(kept[key]):
            kept[key] = shortage
    return list(kept.values())


def _needed(shortage: Shortage) -> int:
    return int(dict(shortage.values).get("needed", 0))


def readiness_lines(items: Sequence[ReadinessItem], cycle: Cycle) -> list[Line]:
    """Every readiness item in a sentence."""
    lines = []
    for item in items:
        url, act = place_of(item.code, cycle)
        text = WISHES[item.code](item) if item.code in WISHES else item.code
        text = READINESS[item.code](item.count) if item.code in READINESS else text
        lines.append(Line(text, item.names, url, act, item.severity == "blocking"))
    return lines


WISHES: dict[str, Callable[[ReadinessItem], str]] = {
    "ramadan_hours": lambda item: _(
        "Ramadan begins on %(day)s, and the house has no hours of its own for it yet.", **_asked(item)
    ),
    "wishes_coming": lambda item: _("Residents can choose their trades from %(day)s on.", **_asked(item)),
    "wishes_open": lambda item: _(
        "Wishes are open until %(day)s; %(chosen)s of %(total)s residents have chosen.", **_asked(item)
    ),
    "wishes_over": lambda item: _(
        "Wishes closed on %(day)s; %(chosen)s of %(total)s residents have chosen.", **_asked(item)
    ),
}


def _asked(item: ReadinessItem) -> dict[str, object]:
    return {"day": long_date(item.day) if item.day else "–", "chosen": item.count, "total": item.total}


READINESS: dict[str, Callable[[int], str]] = {
    "no_residents": lambda n: _("Nobody is enrolled in this cycle yet."),
    "no_choices": lambda n: ngettext(
        "%(num)s resident has not chosen a class; any class will do for the plan.",
        "%(num)s residents have not chosen a class; any class will do for the plan.",
        n,
    ),
    "no_rooms": lambda n: _("The house has no rooms yet."),
    "room_given_up": lambda n: ngettext(
        "%(num)s room is given up, and people still have a bed there by the published plan.",
        "%(num)s rooms are given up, and people still have a bed there by the published plan.",
        n,
    ),
    "absent_then": lambda n: ngettext(
        "On dates with other hours %(num)s session of the published plan moves to hours in which whoever holds it is "
        "not available.",
        "On dates with other hours %(num)s sessions of the published plan move to hours in which whoever holds them is "
        "not available.",
        n,
    ),
    "no_grid": lambda n: _("The house's day has no blocks for activities yet."),
    "no_classes": lambda n: _("The cycle has no classes yet."),
    "group_without_times": lambda n: ngettext(
        "For the meetings of %(num)s group the day has no blocks that are long enough.",
        "For the meetings of %(num)s groups the day has no blocks that are long enough.",
        n,
    ),
    "class_without_instructor": lambda n: ngettext(
        "%(num)s class has no instructor and would be planned without one.",
        "%(num)s classes have no instructor and would be planned without one.",
        n,
    ),
    "class_without_venue": lambda n: ngettext(
        "%(num)s class has no place to meet and would be planned without one.",
        "%(num)s classes have no place to meet and would be planned without one.",
        n,
    ),
    "education_without_tutor": lambda n: ngettext(
        "%(num)s education group has no tutor and would be planned without one.",
        "%(num)s education groups have no tutor and would be planned without one.",
        n,
    ),
    "education_without_venue": lambda n: ngettext(
        "%(num)s education group has no place to meet; its place stays open in the timetable.",
        "%(num)s education groups have no place to meet; their places stay open in the timetable.",
        n,
    ),
    "class_instructor_left": lambda n: ngettext(
        "The instructor of %(num)s class or group no longer works here; others who are qualified are planned instead.",
        "The instructors of %(num)s classes or groups no longer work here; others who are qualified are planned "
        "instead.",
        n,
    ),
    "class_place_closed": lambda n: ngettext(
        "The place of %(num)s class or group is out of use, so it would be planned without one.",
        "The places of %(num)s classes or groups are out of use, so they would be planned without one.",
        n,
    ),
    "class_trade_retired": lambda n: ngettext(
        "%(num)s class is of a trade that the house no longer teaches.",
        "%(num)s classes are of trades that the house no longer teaches.",
        n,
    ),
    "instructor_qualification_over": lambda n: ngettext(
        "The qualification of %(num)s instructor is over before the cycle begins.",
        "The qualifications of %(num)s instructors are over before the cycle begins.",
        n,
    ),
    "instructor_qualification_ends": lambda n: ngettext(
        "The qualification of %(num)s instructor ends within the cycle. Plan it as it is, and repair the plan from "
        "that day on.",
        "The qualifications of %(num)s instructors end within the cycle. Plan it as it is, and repair the plan from "
        "those days on.",
        n,
    ),
    "no_counsellors": lambda n: _("The house has no counsellors yet."),
    "counsellor_gender": lambda n: ngettext(
        "The gender of %(num)s counsellor is not known.", "The gender of %(num)s counsellors is not known.", n
    ),
    "pair_has_left": lambda n: ngettext(
        "%(num)s resident of a keep-apart pair is not in this cycle; that pair no longer counts.",
        "%(num)s residents of keep-apart pairs are not in this cycle; those pairs no longer count.",
        n,
    ),
    "waiting_list": lambda n: ngettext(
        "%(num)s person is accepted and waits to be admitted.",
        "%(num)s people are accepted and wait to be admitted.",
        n,
    ),
    "import_rows_waiting": lambda n: ngettext(
        "%(num)s row of an imported workbook still waits to be corrected.",
        "%(num)s rows of an imported workbook still wait to be corrected.",
        n,
    ),
}

# Code, or its first word: the page on which it can be mended.
_PLACES: dict[str, str] = {
    "beds": "residences.rooms",
    "no_rooms": "residences.rooms",
    "room": "residences.rooms",
    "no_grid": "residences.day",
    "group_without_times": "residences.day",
    "ramadan": "residences.day",
    "absent": "residences.day",
    "group_periods": "residences.day",
    "no_counsellors": "residences.staff",
    "counsellor": "residences.staff",
    "appointment": "residences.staff",
    "instructor": "residences.staff",
    "venue": "residences.venues",
    "pair": "pairs.index",
    "pairs": "pairs.index",
    "together": "pairs.index",
    "no_residents": "workbooks.upload",
    "no_choices": "residents.wish_list",
    "wishes": "cycles.wishes",
    "import": "workbooks.upload",
    "waiting": "intake.waiting",
    "class": "cycles.groups",
    "education": "cycles.groups",
    "group": "cycles.groups",
    "no_classes": "cycles.groups",
    "no_plan": "cycles.groups",
}


def place_of(code: str, cycle: Cycle) -> tuple[str | None, str]:
    """The address of the page where a thing is mended, and the words of the link; none where there is no such page."""
    if code == "no_residents" and (before := last_cycle(cycle.residence_id, before=cycle.starts_on)):
        act = _("Decide who goes on from %(cycle)s", cycle=cycle_name(before))
        return url_for("cycles.roll_over", cycle_id=before.id), act
    endpoint = _PLACES.get(code) or _PLACES.get(code.split("_")[0])
    if endpoint is None:
        return None, ""
    own = endpoint.startswith("cycles.") or endpoint == "residents.wish_list"
    return url_for(endpoint, cycle_id=cycle.id) if own else url_for(endpoint), _act(endpoint)


def _act(endpoint: str) -> str:
    return {
        "residences.rooms": _("Open rooms"),
        "residences.day": _("Open the daily grid"),
        "residences.staff": _("Open staff"),
        "residences.venues": _("Open places"),
        "cycles.groups": _("Open classes and groups"),
        "pairs.index": _("Open keep-apart pairs"),
        "workbooks.upload": _("Open the import"),
        "intake.waiting": _("Open the waiting list"),
        "residents.wish_list": _("See who has not chosen"),
        "cycles.wishes": _("Open the wishes"),
    }[endpoint]


def unmet_words(need: str, subject: str = "") -> str:
    """A need that a plan leaves open."""
    return {
        "class": _("no class"),
        "education": _("no place in %(subject)s", subject=subject),
        "counsellor": _("no counsellor"),
        "room": _("no bed"),
        "appointment": _("no time for individual counselling"),
    }.get(need, need)


def run_end_words(state: str, result: Mapping[str, object], error: str | None) -> str:
    """How a run ended that left no draft."""
    if result.get("plan_id"):
        return _("This run made a draft that has been thrown away since.")
    if result.get("violations"):
        return _("The answer broke a rule of the house when it was checked, so it was not kept. Please tell support.")
    if state == "cancelled":
        return _("The run was cancelled before the plan was whole. Nothing was stored, and nothing was changed.")
    if result.get("outcome") == "out_of_time":
        return _("The time was up before the plan was whole. Nothing was stored; you can run it again.")
    if error == "problem_contradicts_itself":
        return _("The house's data contradict themselves, so no plan could be tried. Please look at the list below.")
    if error == "worker_lost":
        return _("The machine stopped in the middle three times. Nothing was stored; you can run it again.")
    return _("Something went wrong on our side. Nothing was stored, and nothing was changed; you can run it again.")
