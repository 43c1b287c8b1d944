"""Why, in words: every code of an explanation, from the engine's own answer, in both languages; nobody else named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask_babel import force_locale

from foyer.cycles.words.levels import level_words, points_explained, proof_words, wish_lines
from foyer.cycles.words.obstacles import OBSTACLES, obstacle_words
from foyer.cycles.words.why import why_words
from foyer.scheduling import explain, what_if
from foyer.scheduling.answers.barriers import CODES, WHAT_IF_CODES
from foyer.scheduling.answers.forms import Obstacle, Wish, WishPrice
from foyer.scheduling.answers.levels import Levels
from foyer.scheduling.answers.why import Case
from foyer.scheduling.problem import Problem
from foyer.scheduling.score import terms_of
from tests.cycles.words.speaking import APP, INDONESIAN, both, each, names_for, names_in, spoken, texts_of
from tests.scheduling.solved import changed, person, planned
from tests.scheduling.test_answers_why import clubs, everybody, metal, reasons, with_resident
from tests.scheduling.village import hand_made, village

ENGLISH = {
    "class_full": "KAYU-1 is full: all 3 places are taken.",
    "as_good": (
        "It was even: hours of the week aside, the plan would be just as good for everybody together with KAYU-1. "
        "1 other resident would move."
    ),
    "not_offered": "Logam is not taught in this cycle.",
    "last_place_by_rank": "All 3 who have a place in KAYU-1 wished for it more; for this resident it was choice 2.",
    "last_place_by_level": (
        "To give a place in KAYU-1 away would be less fair to others (residents in something that was none "
        "of their choices: 2 instead of 1)."
    ),
    "would_cost_others": (
        "With KAYU-1 the plan as a whole would be worse (residents in something that was none of their choices: 2 "
        "instead of 1). Altogether 48 points more. 1 other resident would move."
    ),
    "last_place_by_aptitude": (
        "Nobody in KAYU-1 wished for it less, and 3 who wished for it as much have more aptitude (this resident: 20 %)."
    ),
    "own_group_minimum": "JAHIT-1 cannot spare anybody: it needs at least 2 residents.",
    "group_minimum": "LOGAM-1 does not open: it needs 4 residents, and 1 would rather be in it.",
    "closed_by_hand": "Staff have decided that LOGAM-1 stays closed.",
    "not_admitted_age": "LOGAM-1 is for residents from 18 years of age on; this resident is 16.",
    "not_admitted_level": "LOGAM-1 is for those whose last education is high.",
    "not_admitted_gender": "LOGAM-1 is for boys only.",
    "qualification_missing": "LOGAM-1 asks for licence first.",
    "barred": "Staff have decided against LOGAM-1 for this resident.",
    "not_listed": "JAHIT-1 was not among the choices, and no place was wanted rather than one that was not chosen.",
    "excluded": "CATUR and JAHIT-1 cannot both be had.",
    "meets_while_away": "LOGAM-1 meets once a week; outside the hours of absence there is room for 0 of its meetings.",
    "pin": "Staff have decided on JAHIT-1 instead.",
    "another_rule": "The rules of the house do not allow KAYU-1 here.",
    "plan_not_best": (
        "With KAYU-1 the plan as a whole would be better (residents with choice 2: 2 instead of 3), hours of the week "
        "aside. It is not so because the plan was changed by hand, keeps what was published, had to fit the week, or "
        "was not searched to the end. Altogether 1 point fewer. Nobody else would move."
    ),
    "counsellor_gender": "The counsellor has to be a man; Bu Kartika is not.",
    "counsellor_skills": "The counsellor has to know about: law. Bu Kartika does not.",
    "no_common_hour": "Bu Kartika is never free when this resident is.",
    "counsellor_full": "Bu Kartika already has a full caseload: 3 of 3.",
    "skill_missing": "A counsellor was asked for who knows about: law. Pak Lukman does not.",
    "other_gender": "A counsellor of the same gender was asked for; Pak Lukman is not.",
    "caseload_largest": (
        "Bu Kartika already has a caseload of 3; with this resident it would be the largest of the house."
    ),
    "not_known": "What it would cost others to give Bu Kartika is not known.",
    "no_gain": "Pak Lukman would not suit this resident's wishes better: 16 points there, 5 here.",
    "room_gender": "Room B1 is for boys.",
    "room_features": "Room C1 lacks what is needed: lift.",
    "room_stage": "Room C1 is for stage 3 of independence and above; this resident is at stage 1.",
    "room_closed": "Room C1 is out of service on the nights from 7 Jan 2027 to 8 Jan 2027.",
    "room_other_gender": "Room C1 is lived in by the other gender on the nights from 11 Jan 2027 to 31 Jan 2027.",
    "room_full": "All 2 beds of room B1 are taken on the nights from 11 Jan 2027 to 17 Jan 2027.",
    "ages_in_room": "In room A1 the ages go from 17 to 21; that is 3 years further apart than is good.",
    "no_counsellor": "There is no counsellor yet, and so no time for counselling.",
    "group_meets": "JAHIT-1 meets on Monday 08.00–10.00.",
    "counsellor_away": "Pak Lukman is not there on Monday 19.30–21.00.",
    "hour_taken": "On Tuesday 13.15–15.00 the counsellor sees others, in the only week that there is.",
    "hour_too_short": "Monday 19.30–21.00 is too short: counselling takes 105 minutes.",
    "counsellor_hours_full": "Bu Kartika has 2 times for counselling and already sees 3 residents.",
    "gap": (
        "On Monday there is 1 free hour between meetings, or between a meeting and time out of the house (JAHIT-1 and "
        "PAKET-C: 3 residents)."
    ),
    "single_period": "On Tuesday there is nothing but one hour, of PAKET-C (2 residents).",
    "times_proven": (
        "The week of the house has 5 points; with everybody in these classes and groups no week can have fewer than 0."
    ),
    "resident_away": "On Tuesday 10.15–12.00 this resident is out of the house.",
}


@pytest.mark.parametrize(("code", "problem", "name", "changes"), reasons())
def test_each_reason_of_an_explanation_is_a_sentence(
    code: str, problem: Problem, name: str, changes: dict[str, Any]
) -> None:
    found = explain(problem, hand_made(problem, **changes), name)
    told = [
        (n.need, o) for n in found.residents[0].needs for o in (*n.notes, *(o for x in n.better for o in x.obstacles))
    ]
    need, obstacle = next((need, o) for need, o in told if o.code == code)
    english, indonesian = both(lambda: obstacle_words(obstacle, names_for(problem), need))
    assert english == ENGLISH[code]
    assert names_in(english) == names_in(indonesian) == set()


def test_every_code_of_explanations_and_what_ifs_has_a_sentence_and_no_other_has() -> None:
    assert set(OBSTACLES) == {*CODES, *WHAT_IF_CODES}
    assert set(ENGLISH) == set(CODES)


def told(problem: Problem, code: str, **changes: Any) -> str:
    """The English sentence of a code, from the explanation for Bea."""
    found = explain(problem, hand_made(problem, **changes), "bea")
    needs = found.residents[0].needs
    need, obstacle = next(
        (n.need, o) for n in needs for o in (*n.notes, *(o for x in n.better for o in x.obstacles)) if o.code == code
    )
    return both(lambda: obstacle_words(obstacle, names_for(problem), need))[0]


def test_sentences_follow_their_values() -> None:
    assert told(metal(genders=("male",)), "not_admitted_gender") == "LOGAM-1 is for boys only."
    girls_only = with_resident(metal(genders=("female",)), "bea", gender="male")
    assert told(girls_only, "not_admitted_gender", lodgings=()) == "LOGAM-1 is for girls only."
    young = metal(minimum_age=10, maximum_age=12)
    assert told(young, "not_admitted_age") == "LOGAM-1 is for residents of 10 to 12 years of age; this resident is 16."
    schooled = with_resident(metal(levels=("sma", "smk")), "bea", level="sd")
    assert told(schooled, "not_admitted_level") == (
        "LOGAM-1 is for those whose last education is Senior secondary school (SMA) and Vocational secondary school "
        "(SMK); for this resident it is Primary school (SD)."
    )
    unranked = with_resident(everybody(village(), choices=("wood",)), "bea", choices=("metal",))
    seats = tuple(s for s in hand_made(village()).seats if s.resident != "bea" or s.group != "g-sew")
    assert told(unranked, "last_place_by_rank", seats=seats) == (
        "All 3 who have a place in KAYU-1 chose it; this resident did not."
    )
    wheelchair = with_resident(village(), "bea", previous_room="S", room_features=("accessible",))
    assert told(wheelchair, "room_features") == "Room C1 lacks what is needed: access by wheelchair."
    one_night = changed(with_resident(village(), "bea", previous_room="S"), "rooms", "S", closed=((3, 4),))
    assert told(one_night, "room_closed") == "Room C1 is out of service on the night of 7 Jan 2027."
    woman = with_resident(village(), "ann", previous_counsellor="lou", counsellor_gender="female")
    found = explain(woman, hand_made(woman), "ann").residents[0]
    need = next(n for n in found.needs if n.need == "counsellor")
    english, _ = both(lambda: obstacle_words(need.better[0].obstacles[0], names_for(woman), "counsellor"))
    assert english == "The counsellor has to be a woman; Pak Lukman is not."


FACTS = (
    (
        Obstacle("counsellor_full", (("counsellor", "kim"), ("load", 3), ("capacity", 4), ("weight", 2))),
        "Bu Kartika has a caseload of 3 of 4, and this resident counts for 2.",
    ),
    (
        Obstacle("gap", (("day", 0), ("count", 2), ("weeks", "all"), ("groups", ""), ("members", 0))),
        "On Monday there are 2 free hours between times out of the house.",
    ),
    (
        Obstacle("gap", (("day", 0), ("count", 1), ("weeks", "all"), ("groups", ""), ("members", 0))),
        "On Monday there is 1 free hour between times out of the house.",
    ),
    (
        Obstacle("gap", (("day", 0), ("count", 2), ("weeks", "odd"), ("groups", "g-sew"), ("members", 3))),
        "On Monday there are 2 free hours between meetings, or between a meeting and time out of the house "
        "(JAHIT-1: 3 residents). This is so in odd weeks.",
    ),
    (
        Obstacle("single_period", (("day", 1), ("weeks", "even"), ("groups", "g-sew"), ("members", 3))),
        "On Tuesday there is nothing but one hour, of JAHIT-1 (3 residents). This is so in even weeks.",
    ),
    (
        Obstacle("times_proven", (("value", 5), ("bound", 5), ("given", "published"))),
        "Among the weeks that keep as much of the published plan none is better: it has 5 points.",
    ),
    (
        Obstacle("times_proven", (("value", 5), ("bound", 2), ("given", "published"))),
        "The week of the house has 5 points; no week that keeps as much of the published plan can have fewer than 2.",
    ),
)


@pytest.mark.parametrize(("obstacle", "sentence"), FACTS)
def test_what_is_so_in_few_houses_is_told(obstacle: Obstacle, sentence: str) -> None:
    assert both(lambda: obstacle_words(obstacle, names_for(village()), "times"))[0] == sentence


def test_an_hour_that_is_free_is_said_to_be_better() -> None:
    free = hand_made(village(), appointments=hand_made(village()).appointments[:3])  # bea and dan have none
    found = explain(village(), free, "bea").residents[0]
    need = next(n for n in found.needs if n.need == "appointment")
    obstacle = next(o for x in need.better for o in x.obstacles if o.code == "plan_not_best")
    assert both(lambda: obstacle_words(obstacle, names_for(village()), "appointment"))[0] == (
        "Monday 19.30–21.00 is free, and with it the plan would be better (needs left open: 20 points instead of 40). "
        "Altogether 20 points fewer. Nobody else would move."
    )


def test_a_whole_explanation_is_told_need_by_need() -> None:
    problem = with_resident(village(), "bea", choices=("metal", "wood", "sewing"), previous_counsellor="kim")
    plan = hand_made(problem)
    needs = {
        n.title: n for n in spoken(lambda: why_words(explain(problem, plan, "bea").residents[0], names_for(problem)))
    }
    assert len(needs) == 6
    first = needs["Class"]
    assert (first.wished, first.got) == ("Wished: Logam › Perkayuan › Menjahit.", "Got: JAHIT-1, choice 3.")
    assert first.costs == ("class is not the first choice: 4 points",)
    assert [o.title for o in first.better] == ["Perkayuan (KAYU-1, choice 2)"]
    assert first.better[0].reasons[0] == "KAYU-1 is full: all 3 places are taken."
    assert first.notes == ("Logam is not taught in this cycle.",)
    assert needs["Paket C"].got == "Got: PAKET-C."
    assert needs["Paket C"].is_quiet
    assert needs["Counsellor"].wished == "Before: Bu Kartika."
    assert needs["Room"].got == "Got: room A1."
    assert needs["Individual counselling"].got == "Got: Tuesday 13.15–15.00, week 2."
    assert not first.is_quiet


@pytest.mark.parametrize(("code", "problem", "name", "changes"), reasons())
def test_a_whole_explanation_names_nobody(code: str, problem: Problem, name: str, changes: dict[str, Any]) -> None:
    found = explain(problem, hand_made(problem, **changes), name)
    with APP.test_request_context("/"), force_locale("en"):
        assert names_in(" ".join(texts_of(why_words(found.residents[0], names_for(problem))))) == set()


def test_who_has_nothing_yet_or_none_of_the_choices_is_told() -> None:
    problem = with_resident(village(), "bea", choices=("wood",))
    for seats, got in (
        (hand_made(village()).seats, "Got: JAHIT-1, none of the choices."),
        (tuple(s for s in hand_made(village()).seats if s.resident != "bea"), "Nothing yet."),
    ):
        plan = hand_made(problem, seats=seats)
        found = explain(problem, plan, "bea").residents[0]
        assert spoken(lambda f=found: why_words(f, names_for(problem))[0].got) == got  # type: ignore[misc]
    clubbed, plan = clubs()
    needs = spoken(lambda: why_words(explain(clubbed, plan, "eli").residents[0], names_for(clubbed)))
    assert next((n.wished, n.got) for n in needs if n.need == "elective") == ("Wished: Catur › Padus.", "Got: PADUS.")


# Prices


LEVELS = {
    "unplaced": "needs left open: 3 points instead of 2",
    "unlisted": "residents in something that was none of their choices: 3 instead of 2",
    "choice_2": "residents with choice 2: 3 instead of 2",
    "lost_49": "residents who go without wishes worth 49 points or more: 3 instead of 2",
    "luck": "lost again by those who lost before: 3 instead of 2",
    "largest_caseload": "residents of the counsellor who has most: 3 instead of 2",
    "wishes": "wishes not met: 3 points instead of 2",
    "sum": "wishes not met: 3 points instead of 2",
    "openings": "open classes and their sizes: 3 points instead of 2",
    "times": "gaps and awkward hours in the week: 3 points instead of 2",
}


def test_every_level_of_the_engine_has_its_words() -> None:
    base, _ = clubs()
    lucky = with_resident(base, "eli", luck=3)
    found: set[str] = set()
    stubborn = everybody(village(), choices=("wood",))
    for problem in (lucky, stubborn, replace(lucky, fairness="leximin"), replace(lucky, fast_draft=True)):
        case = Case.of(problem, planned(problem))
        levels = Levels(case.index, lambda c=case: c.elective_program)  # type: ignore[misc]
        kinds, terms = {group.kind for group in problem.groups}, terms_of(case.index, case.plan)
        found |= {name for _stage, name in levels._of_seats(case.plan, terms, kinds)}
        found |= {name for _stage, name in levels._of_others(case.plan, terms)}
    kinds = {name if name in LEVELS else name.partition("_")[0] for name in found}
    assert set(LEVELS) <= kinds <= {*LEVELS, "choice", "lost"}
    for name, text in LEVELS.items():
        assert each(lambda n=name: level_words(n, 2, 3)) == (text, INDONESIAN[text])  # type: ignore[misc]


PROOFS = {
    "exact": "It is proven that it cannot be had for less.",
    "kept": "As long as the open classes and everything else stay as they are, it cannot be had for less.",
    "at_most": "This is the cheapest way found; a cheaper one is not excluded.",
    "at_least": "It is proven that it cannot be had for less; whether it can be had for that is not known.",
}


@pytest.mark.parametrize("proof", PROOFS)
def test_what_is_proven_of_a_price_is_said(proof: Any) -> None:
    assert both(lambda: proof_words(proof))[0] == PROOFS[proof]


def test_the_engine_gives_each_kind_of_proof() -> None:
    """By exchange exact, within fixed hours kept, at new hours at most, by a program alone at least."""
    found = {what_if(village(), hand_made(village()), Wish("class", "eli", "g-wood")).proof}
    found.add(what_if(village(), hand_made(village()), Wish("appointment", "dan", "0:d1c")).proof)
    late = person("dan", unavailable=("d0a",), choices=("sewing",))
    late = replace(late, groups=tuple(replace(g, meetings=1) for g in late.groups))
    hours = tuple(m for m in hand_made(late).meetings if m.group != "g-wood" or m.periods[0] == "d1a")
    found.add(what_if(late, hand_made(late, meetings=hours), Wish("class", "dan", "g-sew")).proof)
    prices = [
        option.price.proof
        for problem in (metal(), metal(minimum=2))
        for each in explain(problem, hand_made(problem)).residents
        for need in each.needs
        for option in need.better
        if option.price is not None
    ]
    assert {*found, *prices} == set(PROOFS)


def test_points_are_explained_once_and_wishes_are_counted() -> None:
    assert both(points_explained)[0] == (
        "Points say how much is missing from the wishes of everybody together: fewer are better."
    )
    prices = (WishPrice("choice", 2, 48.0), WishPrice("gap", -1, -2.0))
    assert spoken(lambda: wish_lines(prices)) == (
        "class is not the first choice: +2 (+48 points)",
        "free blocks between two activities of a day: -1 (-2 points)",
    )
