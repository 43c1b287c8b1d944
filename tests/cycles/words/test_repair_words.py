"""Repairs in words: every reason and every cap, from repairs of the village, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask_babel import force_locale

import foyer.scheduling.repairing
from foyer.cycles.words.changes import CAPS, cap_words, change_lines, reason_words, repair_words
from foyer.cycles.words.rules import RULES
from foyer.scheduling.plan import Change, Limits, Plan, Unmet
from foyer.scheduling.problem import Instructor, KeepApart, Pin, Problem
from foyer.scheduling.repairing import Repaired, RepairRequest, repair
from tests.cycles.words.speaking import APP, both, names_for, names_in, spoken
from tests.scheduling.solved import changed
from tests.scheduling.village import hand_made, resident, village

BASE = village()
ROOMY = changed(BASE, "rooms", "M", beds=3)
BROAD = replace(
    BASE,
    groups=tuple(replace(g, maximum=9, venues=()) for g in BASE.groups),
    counsellors=tuple(replace(c, capacity=9) for c in BASE.counsellors),
)


def repaired(problem: Problem, plan: Plan | None = None, night: int = 10, **request: Any) -> Repaired:
    limits = Limits(seconds=60, workers=1, seed=1)
    return repair(problem, plan or hand_made(BASE), RepairRequest(night, **request), limits)


def without(problem: Problem, part: str, name: str) -> Problem:
    return replace(problem, **{part: tuple(x for x in getattr(problem, part) if x.id != name)})  # type: ignore[arg-type]


def shed() -> Problem:
    moved = changed(BASE, "groups", "g-sew", venues=("shed",))
    return replace(moved, venues=(BASE.venues[0], replace(BASE.venues[1], id="shed")))


def another_teacher() -> Problem:
    others = tuple(i for i in BASE.instructors if i.id != "sue")
    return replace(changed(BASE, "groups", "g-sew", instructors=("uma",)), instructors=(*others, Instructor("uma")))


def shorter_day() -> Problem:
    groups = tuple(replace(g, patterns=tuple(p for p in g.patterns if "d0c" not in p.periods)) for g in BASE.groups)
    return replace(BASE, periods=tuple(p for p in BASE.periods if p.id != "d0c"), groups=groups)


def waiting() -> tuple[Problem, Plan]:
    """Fay waits for a counsellor and an hour, which there are now."""
    fay = resident("fay", needs_vocational=False, needs_room=False, arrives=7)
    problem = replace(BASE, residents=(*BASE.residents, fay))
    plan = hand_made(problem, unmet=(Unmet("fay", "counsellor"), Unmet("fay", "appointment")))
    return replace(problem, counsellors=BROAD.counsellors), plan


CLOSED = changed(ROOMY, "rooms", "S", closed=((14, 28),))
ARRIVING = replace(BROAD, residents=(*BROAD.residents, resident("fay", arrives=10, needs_room=False)))
Scene = tuple[str, Problem, Plan | None, str, str, str]  # reason, problem, plan, who, what, why
SCENES: tuple[Scene, ...] = (
    (
        "room_closed",
        CLOSED,
        None,
        "Eko",
        "From room C1 to room B1.",
        "As it was: Room C1 is out of service during the stay of Eko.",
    ),
    (
        "room_gone",
        without(ROOMY, "rooms", "S"),
        None,
        "Eko",
        "From room C1 to room B1.",
        "The room is not there any more.",
    ),
    (
        "counsellor_gone",
        without(changed(BASE, "counsellors", "kim", capacity=9), "counsellors", "lou"),
        None,
        "Bela",
        "From Pak Lukman to Bu Kartika.",
        "The counsellor is not there any more.",
    ),
    (
        "group_gone",
        without(BROAD, "groups", "g-sew"),
        None,
        "Eko",
        "From JAHIT-1 to KAYU-1.",
        "The class is not offered any more.",
    ),
    (
        "venue_gone",
        shed(),
        None,
        "JAHIT-1",
        "On Monday 08.00–12.00 Gudang instead of Ruang Jahit.",
        "The place is not there any more.",
    ),
    (
        "venue_unfit",
        BROAD,
        None,
        "JAHIT-1",
        "On Monday 08.00–12.00 no longer Ruang Jahit.",
        "As it was: Ruang Jahit is not a place for JAHIT-1 (Monday 08.00–12.00).",
    ),
    (
        "instructor_gone",
        another_teacher(),
        None,
        "JAHIT-1",
        "On Monday 08.00–12.00 Bu Uma instead of Bu Susi.",
        "The instructor is not there any more.",
    ),
    (
        "period_gone",
        shorter_day(),
        None,
        "PAKET-C",
        "From an hour that the day no longer has to Tuesday 13.15–15.00.",
        "The day has no such hour any more.",
    ),
    (
        "not_needed",
        changed(BASE, "residents", "bea", education=()),
        None,
        "Bela",
        "Loses PAKET-C, and gets nothing instead.",
        "It is not needed any more.",
    ),
    ("arrived", ARRIVING, None, "Fitri", "Gets KAYU-1.", "New in the house."),
    ("was_unmet", *waiting(), "Fitri", "", "This had been left open."),
    (
        "needed",
        changed(BASE, "groups", "g-sew", meetings=2),
        None,
        "JAHIT-1",
        "New meeting on Tuesday 08.00–12.00.",
        "The class needs it now.",
    ),
    (
        "follows",
        shorter_day(),
        None,
        "Ani",
        "",
        "It follows from the other changes. Otherwise: Ani has two things at once on Tuesday 13.15–15.00.",
    ),
    (
        "follows",
        changed(BASE, "groups", "g-sew", follows=("g-maths",)),
        None,
        "JAHIT-1",
        "From Monday 08.00–12.00 to Tuesday 08.00–12.00.",
        "As it was: JAHIT-1 meets before PAKET-C, which has to come first.",
    ),
    (
        "apart_class",
        replace(BASE, apart=(KeepApart("ann", "cal", ("class",)),), pins=(Pin("class", "ann", "g-wood"),)),
        None,
        "Candra",
        "From KAYU-1 to JAHIT-1.",
        "As it was: Two residents are kept apart, and are both in KAYU-1.",
    ),
)


@pytest.mark.parametrize(("reason", "problem", "plan", "who", "what", "why"), SCENES, ids=[s[0] for s in SCENES])
def test_each_reason_of_a_repair_is_a_sentence(
    reason: str, problem: Problem, plan: Plan | None, who: str, what: str, why: str
) -> None:
    names = names_for(problem)
    for change in (c for c in repaired(problem, plan).changes if c.reason == reason):
        (line,) = said(change, problem)
        if line.who == who and (not what or line.text == what):
            english, _ = both(lambda c=change: reason_words(c, names))  # type: ignore[misc]
            assert english == line.reason == why
            assert names_in(english) <= {who}  # nobody else
            both(lambda c=change: change_lines([c], names)[0].text)  # type: ignore[misc]
            return
    pytest.fail(f"no change of {who} with reason {reason}")


def said(change: Change, problem: Problem) -> Any:
    with APP.test_request_context("/"), force_locale("en"):
        return change_lines([change], names_for(problem))


def test_a_change_that_only_a_more_important_level_asked_for_says_so() -> None:
    """The engine gives this reason where undoing the one change breaks nothing: no scene of a proven repair does."""
    change = Change("room", "eli", "S", "M", 15.0, reason="chosen")
    assert both(lambda: reason_words(change, names_for(BASE)))[0] == "It allows something more important."


def test_every_reason_of_the_engine_has_a_sentence() -> None:
    text = (Path(foyer.scheduling.repairing.__file__).parent / "reasons.py").read_text(encoding="utf-8")
    found = set(re.findall(r'"(\w+_gone)"', text)) | set(re.findall(r'yield "(\w+)"', text)) | {"chosen"}
    found |= {"needed", "was_unmet", "arrived"}
    tried = {scene[0] for scene in SCENES}
    assert found - tried == {"chosen"}
    with APP.test_request_context("/"), force_locale("en"):
        for code in found - {"follows"}:
            assert reason_words(Change("room", "eli", "S", "M", reason=code), names_for(BASE))
        for rule in RULES:
            for reason, values in ((rule, ()), ("follows", (("rule", rule),))):
                assert reason_words(Change("room", "eli", "S", "M", reason=reason, values=values), names_for(BASE))


# The caps, and the whole answer


def parted() -> tuple[Problem, Plan]:
    """Cal must leave his class; and either he leaves his room besides, or both who share it with him."""
    plan = hand_made(
        ROOMY,
        lodgings=tuple(replace(x, room="M", bed=3) if x.resident == "eli" else x for x in hand_made(ROOMY).lodgings),
    )
    apart = (
        KeepApart("cal", "dan", ("room",)),
        KeepApart("cal", "eli", ("room",)),
        KeepApart("ann", "cal", ("class",)),
    )
    return replace(ROOMY, apart=apart, pins=(Pin("class", "ann", "g-wood"),)), plan


CAPPED = {
    "changes_in_total": (
        (CLOSED, None),
        {"most_changes": 0},
        "At least 1 change is needed; 0 are allowed.",
    ),
    "changes_per_resident": (
        (CLOSED, None),
        {"most_per_resident": 0},
        "Somebody needs at least 1 change; 0 are allowed for each resident.",
    ),
    "changes_together": (
        parted(),
        {"most_changes": 2, "most_per_resident": 1, "night": 7},
        "The two limits cannot be kept together: at least 2 changes are needed, 2 are allowed, and then somebody has "
        "more than is allowed for each.",
    ),
}


@pytest.mark.parametrize("code", CAPS)
def test_each_cap_that_is_too_small_is_a_sentence(code: str) -> None:
    (problem, plan), request, text = CAPPED[code]
    found = repaired(problem, plan, **request)  # type: ignore[arg-type]
    (shortage,) = found.plan.shortages
    assert shortage.code == code
    assert both(lambda: cap_words(shortage))[0] == text
    said = spoken(lambda: repair_words(found, names_for(problem)))
    assert (said.summary, said.proof, said.problems) == ("There is no such repair.", "", (text,))


def test_no_other_cap_exists() -> None:
    folder = Path(foyer.scheduling.repairing.__file__).parent
    text = "".join(p.read_text(encoding="utf-8") for p in folder.glob("*.py"))
    assert set(re.findall(r'_capped\("(\w+)"', text)) == set(CAPS)


def test_a_whole_repair_is_told() -> None:
    found = repaired(CLOSED)
    said = spoken(lambda: repair_words(found, names_for(CLOSED)))
    assert said.summary == "Changes: 1. Residents concerned: 1."
    assert said.proof == "It is proven that less cannot be changed."
    assert said.changes[0].points == "15 points"


def test_a_repair_without_changes_or_proof_or_time_is_told() -> None:
    nothing = repaired(BASE)
    more = repaired(changed(BASE, "groups", "g-sew", meetings=2))
    stopped = repair(CLOSED, hand_made(BASE), RepairRequest(10), Limits(seconds=60, workers=1), stop=lambda: True)
    for found, text in (
        (nothing, "Nothing has to change."),
        (more, "Nothing that was planned has to change; only something new is added."),
        (stopped, "The search for a repair was stopped before it had one."),
    ):
        assert both(lambda f=found: repair_words(f, names_for(BASE)).summary)[0] == text  # type: ignore[misc]
    one = repaired(CLOSED)
    for bound, text in (
        (0.0, "Whether less could be changed is not known."),
        (
            9.0,
            "The changes weigh 15 points. Whether less would do is not known; less than 9 points would not.",
        ),
    ):
        unproven = replace(one, bound=bound)
        assert both(lambda f=unproven: repair_words(f, names_for(CLOSED)).proof)[0] == text  # type: ignore[misc]
