"""Broken rules in words: every code of the checker, from a plan that breaks it, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import foyer.scheduling
from foyer.cycles.words.rules import RULES, rule_sentence, violation_words
from foyer.scheduling import check
from foyer.scheduling.checker.naming import PLACES
from foyer.scheduling.checker.repaired import check_repair
from foyer.scheduling.plan import Plan, Violation
from foyer.scheduling.problem import Problem
from tests.cycles.words.broken_rules import PINS, repaired_wrongly, scenes
from tests.cycles.words.speaking import INDONESIAN, both, in_two_languages, names_for, names_in
from tests.scheduling.test_repair import changed, repaired
from tests.scheduling.village import hand_made, village

FIGURES = "The plan's own figures do not agree with a second count. Please tell support."
ENGLISH = {
    "class_missing": "Candra has no class, and is not listed as waiting for one.",
    "class_twice": "Eko is in two classes.",
    "class_not_needed": "Candra is in a class, or waits for one, and needs none.",
    "education_missing": "Ani has no group for history, and is not listed as waiting for one.",
    "education_twice": "Ani is in two groups for Paket C.",
    "education_not_needed": "Eko is in a group for Paket C, or waits for one, and needs none.",
    "counsellor_missing": "Ani has no counsellor, and is not listed as waiting for one.",
    "counsellor_twice": "Ani has two counsellors.",
    "counsellor_not_needed": "Candra has a counsellor, or waits for one, and needs none.",
    "room_missing": "Ani has no bed, and is not listed as waiting for one.",
    "room_twice": "Eko would have two rooms at once, or change rooms on a night on which that is not allowed.",
    "room_not_needed": "Candra has a room and needs none.",
    "appointment_missing": "Ani has no time for counselling, and is not listed as waiting for one.",
    "appointment_twice": "Ani has two times for counselling.",
    "appointment_not_needed": "Candra has a time for counselling, or waits for one, and needs none.",
    "unmet_untrue": "Candra is listed as waiting for something that is there already.",
    "elective_missing": "Ani has fewer electives than asked for, and is not listed as waiting.",
    "elective_not_needed": "Bela has more electives than asked for.",
    "elective_twice": "Ani has the same elective twice.",
    "group_excluded": "Ani cannot be in BOLA and PADUS at once.",
    "group_unlisted": "Ani did not choose BOLA, and wants nothing that was not chosen.",
    "group_eligibility": (
        "KAYU-1 does not take Ani: age, gender, schooling, earlier training, or a decision of the staff."
    ),
    "group_minimum": "JAHIT-1 has fewer residents than it needs.",
    "group_maximum": "KAYU-1 has more residents than places.",
    "closed_group_meets": "PAKET-C has nobody in it, and meets all the same.",
    "counsellor_capacity": "Bu Kartika has more residents than the caseload allows.",
    "counsellor_gender": "Ani has to have a counsellor of the other gender than Bu Kartika.",
    "counsellor_skills": "Ani has to have a counsellor with a language or training that Bu Kartika lacks.",
    "room_nights": "Eko has a room for other nights than those of the stay.",
    "room_capacity": "On Monday, 11 January 2027 more people sleep in room B1 than it has beds.",
    "bed_number": "Room C1 has no such bed as the one given to Eko.",
    "bed_twice": "From Monday, 4 January 2027 on Ani and Bela have the same bed in room A1.",
    "room_gender": "Room A1 is not for the gender of Eko.",
    "room_one_gender": "On Monday, 11 January 2027 girls and boys sleep in room C1.",
    "room_features": "Room C1 lacks something that Eko needs.",
    "room_stage": "Room C1 is for a higher stage of independence than Eko has.",
    "room_closed": "Room C1 is out of service during the stay of Eko.",
    "apart_room": "Ani and Bela are kept apart, and sleep in room A1 from Monday, 4 January 2027 on.",
    "together_room": "Candra and Eko are kept together, and sleep in two rooms from Monday, 11 January 2027 on.",
    "apart_house": "Candra and Eko are kept apart, and live in the same wing (south) from Monday, 11 January 2027 on.",
    "together_house": "Ani and Eko are kept together, and live in two wings from Monday, 11 January 2027 on.",
    "apart_class": "Ani and Candra are kept apart, and are both in KAYU-1.",
    "together_class": "Ani and Eko are kept together, and are in two classes or groups.",
    "apart_counsellor": "Ani and Candra are kept apart, and both have Bu Kartika.",
    "together_counsellor": "Ani and Bela are kept together, and have two counsellors.",
    "meeting_count": "KAYU-1 has too few or too many meetings in the week.",
    "meeting_pattern": "PAKET-C may not meet on Monday 19.30–21.00.",
    "meetings_in_day": "PAKET-C has too many meetings on Tuesday.",
    "days_between": "PAKET-C meets on Tuesday, too soon after its meeting before.",
    "follows": "KAYU-1 meets before PAKET-C, which has to come first.",
    "group_twice": "PAKET-C has two meetings at once on Monday 13.15–15.00.",
    "group_unavailable": "JAHIT-1 cannot meet on Monday 08.00–12.00.",
    "conflict_twice": "JAHIT-1 and KAYU-1 may not meet at the same time, and do so on Monday 08.00–10.00.",
    "venue_missing": "JAHIT-1 has no place for its meeting on Monday 08.00–12.00.",
    "venue_unfit": "Bengkel is not a place for JAHIT-1 (Monday 08.00–12.00).",
    "venue_seats": "Bengkel has too few seats for KAYU-1 on Monday 08.00–12.00.",
    "venue_twice": "Bengkel is used by KAYU-1 and JAHIT-1 at once on Monday 08.00–10.00.",
    "venue_unavailable": "Ruang Jahit is not free when JAHIT-1 meets there on Monday 08.00–12.00.",
    "instructor_missing": "JAHIT-1 has no instructor for its meeting on Monday 08.00–12.00.",
    "instructor_unqualified": "Pak Tomi is not one of the instructors of JAHIT-1.",
    "instructor_twice": "Pak Ivo teaches KAYU-1 and JAHIT-1 at once on Monday 08.00–10.00.",
    "instructor_unavailable": "Bu Susi is away when JAHIT-1 meets on Monday 08.00–12.00.",
    "instructor_load": "Pak Ivo teaches more hours a week than allowed.",
    "instructor_residents": "The classes that only Pak Ivo can teach have more residents together than allowed.",
    "resident_twice": "Ani has two things at once on Monday 08.00–10.00.",
    "resident_unavailable": "Eko is out of the house on Monday 10.15–12.00.",
    "day_periods": "Ani has more meetings on Monday than a day may hold.",
    "day_in_a_row": "Ani has too many meetings in a row, up to Monday 10.15–12.00.",
    "appointment_time": "The counselling of Ani with Bu Kartika does not fit into Tuesday 13.15–15.00.",
    "appointment_week": "The counselling of Ani with Bu Kartika is in a week outside the stay or the rotation.",
    "appointment_counsellor": "The counselling of Ani is with Pak Lukman, who is not the counsellor.",
    "counsellor_unavailable": "Bu Kartika is away on Tuesday 13.15–15.00.",
    "counsellor_twice_at_once": "Bu Kartika sees Ani and Eko at once on Tuesday 13.15–15.00.",
    "other_problem": "The house has changed since the plan was made.",
    "unknown_id": "The plan names somebody or something that the house does not have any more.",
    "has_left": "Candra has left, and still has a place in the plan.",
    "past_seat": "Eko is said to have been in KAYU-1 before, and was not.",
    "pin": "Staff have decided on KAYU-1 for Eko.",
    **dict.fromkeys(("term", "score", "bound", "stage_value", "outcome", "level"), FIGURES),
    "past_changed": "A night of Eko in room C1 that is over was changed.",
    "changes": "The list of changes does not agree with the plan. Please tell support.",
}


@pytest.mark.parametrize(("rule", "problem", "plan"), scenes(), ids=[scene[0] for scene in scenes()])
def test_each_broken_rule_is_a_sentence(rule: str, problem: Problem, plan: Plan) -> None:
    violation = next(v for v in check(problem, plan) if v.rule == rule)
    assert both(lambda: violation_words(violation, names_for(problem)))[0] == ENGLISH[rule]


@pytest.mark.parametrize("rule", ["past_changed", "changes"])
def test_an_untrue_repair_is_a_sentence(rule: str) -> None:
    problem = changed(changed(village(), "rooms", "S", closed=((14, 28),)), "rooms", "M", beds=3)
    plan = repaired_wrongly(repaired(problem, hand_made(village()), night=10).plan)[rule]
    found = [v for v in check_repair(problem, hand_made(village()), plan) if v.rule == rule]
    said = [in_two_languages(lambda v=v: violation_words(v, names_for(problem))) for v in found]  # type: ignore[misc]
    assert (ENGLISH[rule], INDONESIAN[ENGLISH[rule]]) in said


@pytest.mark.parametrize(("text", "problem"), PINS.items())
def test_each_kind_of_pin_has_its_own_sentence(text: str, problem: Problem) -> None:
    violation = next(v for v in check(problem, hand_made(problem)) if v.rule == "pin")
    assert both(lambda: violation_words(violation, names_for(problem)))[0] == text


def codes() -> set[str]:
    """The codes that the checker's own text can report, those put together from parts included."""
    folder = Path(foyer.scheduling.__file__).parent / "checker"
    text = "".join(p.read_text(encoding="utf-8") for p in sorted(folder.glob("*.py")))
    found = set(re.findall(r'Violation\(\s*"([a-z_]+)"', text))
    made = set(re.findall(r'Violation\(\s*f"([^"]+)"', text))
    assert made == {
        "{key[1]}_twice",
        "{key[1]}_not_needed",
        "{key[1]}_missing",
        "{kind}_twice",
        "apart_{scope}",
        "together_{scope}",
    }
    found |= {f"{kind}_{what}" for kind in ("class", "education") for what in ("twice", "not_needed", "missing")}
    found |= {f"{kind}_twice" for kind in ("venue", "instructor", "group")}
    found |= {f"{how}_{scope}" for how in ("apart", "together") for scope in ("room", "house")}
    return found


def test_every_rule_of_the_checker_has_a_sentence_and_no_other_has() -> None:
    assert set(RULES) == codes() == set(ENGLISH)
    assert set(PLACES) <= codes()


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_rule_can_be_told_without_those_who_break_it(rule: str) -> None:
    english, _ = in_two_languages(lambda: rule_sentence(rule, (), "", names_for(village())))
    assert names_in(english) == set()


def test_ids_of_different_kinds_may_be_equal() -> None:
    """In a house's database the third room, class and resident are all called 3."""
    names = names_for(village())
    same = type(names)(
        names.first_night,
        {"3": "Ani", "4": "Bela"},
        {"3": "KAYU-1"},
        {"3": "A1"},
        {"3": "Bu Kartika"},
        {"3": "Bengkel"},
    )
    for violation, text in (
        (Violation("room_closed", ("3", "3")), "Room A1 is out of service during the stay of Ani."),
        (Violation("group_eligibility", ("4", "3")), ENGLISH["group_eligibility"].replace("Ani", "Bela")),
        (Violation("venue_unfit", ("3", "3"), ""), "Bengkel is not a place for KAYU-1 (one hour of the week)."),
        (Violation("bed_twice", ("3", "3", "4"), "0"), ENGLISH["bed_twice"]),
        (Violation("counsellor_capacity", ("3",)), ENGLISH["counsellor_capacity"]),
    ):
        assert both(lambda v=violation: violation_words(v, same))[0] == text  # type: ignore[misc]
