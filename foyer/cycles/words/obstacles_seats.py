"""What keeps a resident out of a class or group, in sentences (docs/engine.md, section 10)."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from foyer.cycles.words.levels import level_words
from foyer.cycles.words.names import HouseNames, level_word, listed
from foyer.cycles.words.values import Sentence, Values, group
from foyer.formatting import percent


def _age(v: Values, n: HouseNames, kind: str) -> str:
    values = {"group": group(v, n), "minimum": v["minimum"], "maximum": v["maximum"], "age": v["age"]}
    if v["maximum"] == "":
        return _("%(group)s is for residents from %(minimum)s years of age on; this resident is %(age)s.", **values)
    return _(
        "%(group)s is for residents of %(minimum)s to %(maximum)s years of age; this resident is %(age)s.", **values
    )


def _level(v: Values, n: HouseNames, kind: str) -> str:
    wanted = listed(level_word(code) for code in str(v["levels"]).split(", "))
    if not v["level"]:
        return _("%(group)s is for those whose last education is %(levels)s.", group=group(v, n), levels=wanted)
    return _(
        "%(group)s is for those whose last education is %(levels)s; for this resident it is %(level)s.",
        group=group(v, n),
        levels=wanted,
        level=level_word(str(v["level"])),
    )


def _gender(v: Values, n: HouseNames, kind: str) -> str:
    if v["gender"] == "female":
        return _("%(group)s is for girls only.", group=group(v, n))
    return _("%(group)s is for boys only.", group=group(v, n))


def _by_rank(v: Values, n: HouseNames, kind: str) -> str:
    values = {"group": group(v, n), "before": v["before"], "rank": v["rank"]}
    if not v["rank"]:
        return _("All %(before)s who have a place in %(group)s chose it; this resident did not.", **values)
    return _(
        "All %(before)s who have a place in %(group)s wished for it more; for this resident it was choice %(rank)s.",
        **values,
    )


def _minimum(v: Values, n: HouseNames, kind: str) -> str:
    values = {"group": group(v, n), "minimum": v["minimum"]}
    return _(
        "%(group)s does not open: it needs %(minimum)s residents, and %(wishing)s would rather be in it.",
        wishing=v["wishing"],
        **values,
    )


def _by_level(v: Values, n: HouseNames, kind: str) -> str:
    return _(
        "To give a place in %(group)s away would be less fair to others (%(what)s).",
        group=group(v, n),
        what=level_words(str(v["level"]), v["before"], v["after"]),
    )


SEATS: dict[str, Sentence] = {
    "not_offered": lambda v, n, k: _("%(subject)s is not taught in this cycle.", subject=n.subject(str(v["subject"]))),
    "not_admitted_age": _age,
    "not_admitted_level": _level,
    "not_admitted_gender": _gender,
    "qualification_missing": lambda v, n, k: _(
        "%(group)s asks for %(qualifications)s first.", group=group(v, n), qualifications=v["qualifications"]
    ),
    "barred": lambda v, n, k: _("Staff have decided against %(group)s for this resident.", group=group(v, n)),
    "not_listed": lambda v, n, k: _(
        "%(group)s was not among the choices, and no place was wanted rather than one that was not chosen.",
        group=group(v, n),
    ),
    "excluded": lambda v, n, k: _(
        "%(group)s and %(own)s cannot both be had.", group=group(v, n), own=n.group(str(v["own"]))
    ),
    "closed_by_hand": lambda v, n, k: _("Staff have decided that %(group)s stays closed.", group=group(v, n)),
    "meets_while_away": lambda v, n, k: ngettext(
        "%(group)s meets once a week; outside the hours of absence there is room for %(possible)s of its meetings.",
        "%(group)s meets %(num)s times a week; outside the hours of absence there is room for %(possible)s of them.",
        int(v["needed"]),
        group=group(v, n),
        possible=v["possible"],
    ),
    "class_full": lambda v, n, k: ngettext(
        "%(group)s is full: its only place is taken.",
        "%(group)s is full: all %(num)s places are taken.",
        int(v["places"]),
        group=group(v, n),
    ),
    "last_place_by_rank": _by_rank,
    "last_place_by_aptitude": lambda v, n, k: _(
        "Nobody in %(group)s wished for it less, and %(before)s who wished for it as much have more aptitude (this "
        "resident: %(aptitude)s).",
        group=group(v, n),
        before=v["before"],
        aptitude=percent(float(v["aptitude"])),
    ),
    "last_place_by_level": _by_level,
    "group_minimum": _minimum,
    "own_group_minimum": lambda v, n, k: ngettext(
        "%(group)s cannot spare anybody: it needs at least %(num)s resident.",
        "%(group)s cannot spare anybody: it needs at least %(num)s residents.",
        int(v["minimum"]),
        group=group(v, n),
    ),
}
