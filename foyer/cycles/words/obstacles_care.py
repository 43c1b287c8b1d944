"""What stands in the way of a counsellor, a room, an hour or a calmer week, in sentences (section 10)."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from foyer.cycles.words.names import HouseNames, features, figure, skills
from foyer.cycles.words.values import Sentence, Values, counsellor, group, room, target
from foyer.formatting import weekday_name

# Counsellors


def _counsellor_gender(v: Values, n: HouseNames, kind: str) -> str:
    if v["gender"] == "female":
        return _("The counsellor has to be a woman; %(counsellor)s is not.", counsellor=counsellor(v, n))
    return _("The counsellor has to be a man; %(counsellor)s is not.", counsellor=counsellor(v, n))


def _full(v: Values, n: HouseNames, kind: str) -> str:
    values = {"counsellor": counsellor(v, n), "load": v["load"], "capacity": v["capacity"]}
    if int(v["load"]) >= int(v["capacity"]):
        return _("%(counsellor)s already has a full caseload: %(load)s of %(capacity)s.", **values)
    return _(
        "%(counsellor)s has a caseload of %(load)s of %(capacity)s, and this resident counts for %(weight)s.",
        weight=v["weight"],
        **values,
    )


# Rooms


def _room_gender(v: Values, n: HouseNames, kind: str) -> str:
    if v["gender"] == "female":
        return _("%(room)s is for girls.", room=room(v, n))
    return _("%(room)s is for boys.", room=room(v, n))


def _ages(v: Values, n: HouseNames, kind: str) -> str:
    return ngettext(
        "In %(room)s the ages go from %(youngest)s to %(oldest)s; that is %(num)s year further apart than is good.",
        "In %(room)s the ages go from %(youngest)s to %(oldest)s; that is %(num)s years further apart than is good.",
        int(v["years"]),
        room=room(v, n),
        youngest=v["youngest"],
        oldest=v["oldest"],
    )


# Times


def _gap(v: Values, n: HouseNames, kind: str) -> str:
    values = {"day": weekday_name(int(v["day"])), "groups": n.listed_groups(str(v["groups"])), "members": v["members"]}
    if not v["groups"]:
        told = ngettext(
            "On %(day)s there is %(num)s free hour between times out of the house.",
            "On %(day)s there are %(num)s free hours between times out of the house.",
            int(v["count"]),
            **values,
        )
        return _in_weeks(v, told)
    told = ngettext(
        "On %(day)s there is %(num)s free hour between meetings, or between a meeting and time out of the house "
        "(%(groups)s: %(members)s residents).",
        "On %(day)s there are %(num)s free hours between meetings, or between a meeting and time out of the house "
        "(%(groups)s: %(members)s residents).",
        int(v["count"]),
        **values,
    )
    return _in_weeks(v, told)


def _single(v: Values, n: HouseNames, kind: str) -> str:
    told = _(
        "On %(day)s there is nothing but one hour, of %(groups)s (%(members)s residents).",
        day=weekday_name(int(v["day"])),
        groups=n.listed_groups(str(v["groups"])),
        members=v["members"],
    )
    return _in_weeks(v, told)


def _in_weeks(v: Values, told: str) -> str:
    """The sentence, with the weeks of which it speaks where they are not all alike."""
    if v["weeks"] == "odd":
        return _("%(what)s This is so in odd weeks.", what=told)
    if v["weeks"] == "even":
        return _("%(what)s This is so in even weeks.", what=told)
    return told


def _times(v: Values, n: HouseNames, kind: str) -> str:
    values = {"value": figure(v["value"]), "bound": figure(v["bound"])}
    is_best = float(v["value"]) <= float(v["bound"])
    if v["given"] == "published":
        if is_best:
            return _(
                "Among the weeks that keep as much of the published plan none is better: it has %(value)s points.",
                **values,
            )
        return _(
            "The week of the house has %(value)s points; no week that keeps as much of the published plan can have "
            "fewer than %(bound)s.",
            **values,
        )
    if is_best:
        return _("With everybody in these classes and groups no week is better: it has %(value)s points.", **values)
    return _(
        "The week of the house has %(value)s points; with everybody in these classes and groups no week can have "
        "fewer than %(bound)s.",
        **values,
    )


def _taken(v: Values, n: HouseNames, kind: str) -> str:
    return ngettext(
        "On %(period)s the counsellor sees others, in the only week that there is.",
        "On %(period)s the counsellor sees others, in all %(num)s weeks.",
        int(v["weeks"]),
        period=n.period(str(v["period"])),
    )


CARE: dict[str, Sentence] = {
    "counsellor_gender": _counsellor_gender,
    "counsellor_skills": lambda v, n, k: _(
        "The counsellor has to know about: %(skills)s. %(counsellor)s does not.",
        skills=skills(str(v["skills"])),
        counsellor=counsellor(v, n),
    ),
    "no_common_hour": lambda v, n, k: _(
        "%(target)s is never free when this resident is.", target=target(v, n, "counsellor")
    ),
    "counsellor_full": _full,
    "counsellor_hours_full": lambda v, n, k: _(
        "%(counsellor)s has %(slots)s times for counselling and already sees %(held)s residents.",
        counsellor=counsellor(v, n),
        slots=v["slots"],
        held=v["held"],
    ),
    "caseload_largest": lambda v, n, k: _(
        "%(counsellor)s already has a caseload of %(load)s; with this resident it would be the largest of the house.",
        counsellor=counsellor(v, n),
        load=v["load"],
    ),
    "other_gender": lambda v, n, k: _(
        "A counsellor of the same gender was asked for; %(counsellor)s is not.", counsellor=counsellor(v, n)
    ),
    "skill_missing": lambda v, n, k: _(
        "A counsellor was asked for who knows about: %(skills)s. %(counsellor)s does not.",
        skills=skills(str(v["skills"])),
        counsellor=counsellor(v, n),
    ),
    "room_gender": _room_gender,
    "room_features": lambda v, n, k: _(
        "%(room)s lacks what is needed: %(features)s.",
        room=room(v, n),
        features=features(str(v["features"]).split(", ")),
    ),
    "room_stage": lambda v, n, k: _(
        "%(room)s is for stage %(minimum)s of independence and above; this resident is at stage %(stage)s.",
        room=room(v, n),
        minimum=v["minimum"],
        stage=v["stage"],
    ),
    "room_closed": lambda v, n, k: _(
        "%(room)s is out of service %(nights)s.",
        room=room(v, n),
        nights=n.nights(int(v["from"]), int(v["until"])),
    ),
    "room_full": lambda v, n, k: ngettext(
        "The only bed of %(room)s is taken %(nights)s.",
        "All %(num)s beds of %(room)s are taken %(nights)s.",
        int(v["beds"]),
        room=room(v, n),
        nights=n.spans(str(v["nights"])),
    ),
    "room_other_gender": lambda v, n, k: _(
        "%(room)s is lived in by the other gender %(nights)s.",
        room=room(v, n),
        nights=n.spans(str(v["nights"])),
    ),
    "ages_in_room": _ages,
    "no_counsellor": lambda v, n, k: _("There is no counsellor yet, and so no time for counselling."),
    "hour_too_short": lambda v, n, k: _(
        "%(period)s is too short: counselling takes %(minutes)s minutes.",
        period=n.period(str(v["period"])),
        minutes=v["minutes"],
    ),
    "hour_taken": _taken,
    "resident_away": lambda v, n, k: _(
        "On %(period)s this resident is out of the house.", period=n.period(str(v["period"]))
    ),
    "counsellor_away": lambda v, n, k: _(
        "%(counsellor)s is not there on %(period)s.", counsellor=counsellor(v, n), period=n.period(str(v["period"]))
    ),
    "group_meets": lambda v, n, k: _(
        "%(group)s meets on %(period)s.", group=group(v, n), period=n.period(str(v["period"]))
    ),
    "gap": _gap,
    "single_period": _single,
    "times_proven": _times,
}
