"""The house's words for cycles, stages and ends of runs. For pages: the words are the reader's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from foyer.cycles.models import Cycle, Plan
from foyer.formatting import percent, short_date

NO_GAP = 0.005  # points between score and bound that are nothing: both are rounded to two places
ROMAN = ("0", "I", "II", "III", "IV", "V", "VI")


def roman(number: int) -> str:
    """A cycle's number as the house writes it."""
    return ROMAN[number] if 0 < number < len(ROMAN) else str(number)


def cycle_name(cycle: Cycle) -> str:
    """Siklus I 2027."""
    return _("Cycle %(number)s %(year)s", number=roman(cycle.number), year=cycle.year)


def cycle_dates(cycle: Cycle) -> str:
    """Its first and last day."""
    last = cycle.ends_on - timedelta(days=1)
    return _("%(first)s to %(last)s", first=short_date(cycle.starts_on), last=short_date(last))


def cycle_week(cycle: Cycle, today: date) -> str:
    """Where the cycle stands today, in a sentence."""
    if today < cycle.starts_on:
        days = (cycle.starts_on - today).days
        return ngettext("It begins tomorrow.", "It begins in %(days)s days.", days, days=days)
    if today >= cycle.ends_on:
        return _("It is over.")
    return _("Week %(week)s of %(weeks)s.", week=cycle.night_number(today) // 7 + 1, weeks=cycle.weeks)


def plan_name(plan: Plan) -> str:
    """Drafts are numbered within their cycle, and may have a name besides; a published plan keeps both."""
    if plan.name:
        return _("Plan %(number)s “%(name)s”", number=plan.number, name=plan.name)
    return _("Plan %(number)s", number=plan.number)


def stage_name(stage: str) -> str:
    """The parts of a plan, as ticked off while it is made."""
    return {
        "counting": _("Counting beds and places"),
        "classes": _("Classes"),
        "education": _("Education groups"),
        "electives": _("Electives"),
        "counsellors": _("Counsellors"),
        "rooms": _("Rooms and beds"),
        "times": _("Times of the week"),
        "appointments": _("Individual counselling"),
    }.get(stage, stage)


def wish_name(wish: str) -> str:
    """What a share of the score is for."""
    return {
        "unplaced_night": _("nights without a bed"),
        "unplaced_vocational": _("residents without a class"),
        "unplaced_counsellor": _("residents without a counsellor"),
        "unplaced_education": _("residents without their education group"),
        "unplaced_appointment": _("residents without a time for counselling"),
        "unplaced_elective": _("places in electives that residents go without"),
        "choice": _("class is not the first choice"),
        "elective_choice": _("electives are not the first choices"),
        "aptitude": _("class is not where the aptitude lies"),
        "other_counsellor": _("another counsellor than before"),
        "other_gender_counsellor": _("asked for a counsellor of the same gender, got another"),
        "skill_missing": _("counsellor without the skill that is needed"),
        "other_room": _("another room than before"),
        "other_house": _("another wing than before"),
        "caseload_above_mean": _("caseload above the average"),
        "parted_class": _("pairs kept together who are in different classes"),
        "parted_education": _("pairs kept together who are in different education groups"),
        "parted_counsellor": _("pairs kept together who have different counsellors"),
        "parted_room": _("pairs kept together who are in different rooms"),
        "parted_house": _("pairs kept together who are in different wings"),
        "shared_class": _("weeks that pairs kept apart spend in one class"),
        "shared_education": _("weeks that pairs kept apart spend in one education group"),
        "shared_counsellor": _("weeks that pairs kept apart share a counsellor"),
        "shared_room": _("weeks that pairs kept apart spend in one room"),
        "shared_house": _("weeks that pairs kept apart spend in one wing"),
        "class_size": _("residents more or fewer than a class should have"),
        "education_size": _("residents more or fewer than an education group should have"),
        "elective_size": _("residents more or fewer than an elective should have"),
        "open_class": _("classes that open"),
        "open_education": _("education groups that open"),
        "open_elective": _("electives that open"),
        "age_apart": _("years of age apart in one room"),
        "reserve_room": _("stays in a sick room"),
        "transfer": _("moves to another room during a stay"),
        "room_wish": _("stays in a room without something wished for"),
        "mixed_room": _("nights among people of the other gender"),
        "gap": _("free blocks between two activities of a day"),
        "single_period": _("days with a single activity"),
        "disliked_start": _("meetings at a time that suits less"),
        "seat_short": _("people without a seat at a meeting"),
        "fewer_days": _("days on which a class should meet and does not"),
        "lecture_alone": _("meetings alone in their part of the day"),
        "further_venue": _("further places for the same class"),
        "large_venue": _("meetings in a place far too large"),
        "evening_appointment": _("counselling in the evening"),
    }.get(wish, wish)


def gap_words(score: float | None, bound: float | None, outcome: str | None = None) -> str:
    """How far a score can be from the best, in one sentence. Never more than is proven."""
    if outcome == "optimal":
        return _("Proven best under these rules and weights.")
    if score is None:
        return _("No complete plan yet.")
    if bound is None:
        return _("How far this is from the best possible is not known.")
    if score <= 0 or score - bound <= NO_GAP:
        return _("No plan can be better than this, as far as bounds are known.")
    return _("At most %(gap)s from the best possible under these rules.", gap=percent((score - bound) / score))


def progress_words(said: Mapping[str, Any]) -> str:
    """The same while the run works, of the parts decided so far."""
    decided = said.get("decided") or {}
    score, bound = decided.get("score"), decided.get("bound")
    if score is None or bound is None:
        return _("The first part is being decided.")
    if score - bound <= NO_GAP:
        return _("What is decided so far is proven best.")
    gap = percent((score - bound) / score)
    return _("What is decided so far is at most %(gap)s from the best possible.", gap=gap)


def stage_words(stage: dict[str, object]) -> str:
    """How a stage ended, in words."""
    if stage.get("bound") is None:
        return _("no bound is known for this part")
    if stage.get("status") == "optimal":
        return _("proven best, given the parts above") if stage.get("conditional") else _("proven best")
    if stage.get("status") == "feasible":
        return _("good, not proven best")
    if stage.get("status") == "skipped":
        return _("nothing to decide")
    return _("no answer")


def how_words(how: str) -> str:
    """By what means a stage was decided, in words; solvers keep their names."""
    known = {
        "counting": _("by counting"),
        "search": _("by search"),
        "annealing": _("by search"),
        "bound by HiGHS": _("bound by HiGHS"),
        "repair": _("by repair"),
        "time ended": _("the time ended"),
        "together with the appointments": _("together with the appointments"),
        "together with the times": _("together with the times"),
    }
    return ", ".join(known.get(part, part) for part in how.split(", "))
