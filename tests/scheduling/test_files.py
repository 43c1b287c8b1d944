"""Problems and plans as files: equal after reading, and every mistake reported with its place."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from foyer.scheduling.digest import problem_hash
from foyer.scheduling.files import (
    PLAN_FORMAT,
    PROBLEM_FORMAT,
    ProblemFileError,
    put_file,
    read_plan,
    read_problem,
    write_plan,
    write_problem,
)
from foyer.scheduling.plan import Plan
from foyer.scheduling.problem import Problem
from tests.scheduling.house import make_house
from tests.scheduling.village import hand_made, village


def data() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(write_problem(village()))
    return loaded


def places(content: dict[str, Any]) -> list[str]:
    with pytest.raises(ProblemFileError) as caught:
        read_problem(json.dumps(content))
    return [fault.place for fault in caught.value.faults]


def test_a_problem_is_equal_after_writing_and_reading() -> None:
    for problem in (village(), make_house(30)):
        assert read_problem(write_problem(problem)) == problem
        assert problem_hash(read_problem(write_problem(problem))) == problem_hash(problem)


def test_a_plan_is_equal_after_writing_and_reading() -> None:
    plan = hand_made(village())
    assert read_plan(write_plan(plan)) == plan


CALM = settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck), derandomize=True)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
st.register_type_strategy(float, FINITE)


@CALM
@given(st.data())
def test_every_field_survives_writing_and_reading(data: st.DataObject) -> None:
    """Whatever a field may hold by its type; that it means something is looked at elsewhere (``validation``)."""
    for version, kind, write in ((PROBLEM_FORMAT, Problem, write_problem), (PLAN_FORMAT, Plan, write_plan)):
        made = data.draw(st.from_type(kind))
        body = json.loads(write(made))  # type: ignore[operator]
        assert body.pop("format") == version
        assert TypeAdapter(kind).validate_json(json.dumps(body), strict=True) == made


def test_the_hash_changes_with_anything_in_the_problem() -> None:
    assert problem_hash(village()) != problem_hash(village(nights=29))
    assert len(problem_hash(village())) == 64


def test_what_has_a_default_may_be_left_out() -> None:
    content = {"format": "foyer-problem/1", "name": "empty", "nights": 1, "periods": [], "residents": []}
    assert read_problem(json.dumps(content)).weights.unplaced_night == 100


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "line 1, column 2"),
        ("[]", "file"),
        ("", "line 1, column 1"),
        ("{}", "format"),
        ('{"format": "foyer-problem/2"}', "format"),
        ('{"format": "foyer-plan/1"}', "format"),
        ("[" * 100_000, "file"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_its_place(text: str, place: str) -> None:
    with pytest.raises(ProblemFileError) as caught:
        read_problem(text)
    assert [fault.place for fault in caught.value.faults] == [place]
    with pytest.raises(ProblemFileError):
        read_plan(text.replace("plan", "problem"))


def test_every_mistake_of_shape_is_reported_with_its_place() -> None:
    content = data()
    content["nights"] = "28"
    content["residents"][1]["gender"] = "girl"
    content["residents"][2]["favourite"] = "tea"
    del content["rooms"][0]["beds"]
    content["groups"][0]["patterns"][1]["periods"] = "d0a"
    assert places(content) == [
        "nights",
        "residents[1].gender",
        "residents[2].favourite",
        "rooms[0].beds",
        "groups[0].patterns[1].periods",
    ]


def test_every_mistake_of_meaning_is_reported_with_its_place() -> None:
    content = data()
    content["residents"][0]["id"] = "bea"
    content["residents"][2].update(arrives=20, leaves=20, stage=5, unavailable=["d9z"], case_weight=-1)
    content["residents"][3]["aptitude"] = [["wood", 1.5]]
    content["residents"][4]["choices"] = ["wood", "wood"]
    content["rooms"][0].update(beds=-1, closed=[[5, 5]])
    content["groups"][0].update(minimum=4, venues=["nowhere"], instructors=["nobody"], most_per_day=0)
    content["groups"][1]["patterns"] = [
        {"periods": ["d0a", "d0c"]},
        {"periods": []},
        {"periods": ["d0a"], "penalty": -1},
        {"periods": ["d7a"]},
    ]
    content["counsellors"][0]["capacity"] = -1
    content["periods"][7]["start"] = 800
    content["apart"] = [{"a": "cal", "b": "cal", "scopes": ["room"]}, {"a": "cal", "b": "zoe", "scopes": ["room"]}]
    content["pins"] = [
        {"kind": "class", "resident": "zoe", "target": "g-wood"},
        {"kind": "room", "resident": "cal", "target": "g-wood"},
        {"kind": "education", "resident": "cal", "target": "g-wood"},
    ]
    content["weights"].update(choice=[0, 4, 1], gap=-1)
    content["appointments"] = {"minutes": 0, "every_weeks": 0}
    assert set(places(content)) == {
        "residents[1].id",
        "residents[2]",
        "residents[2].stage",
        "residents[2].unavailable[0]",
        "residents[2].case_weight",
        "residents[3].aptitude[0]",
        "residents[4].choices",
        "rooms[0].beds",
        "rooms[0].closed[0]",
        "groups[0]",
        "groups[0].venues[0]",
        "groups[0].instructors[0]",
        "groups[1].patterns[0]",
        "groups[1].patterns[1]",
        "groups[1].patterns[2].penalty",
        "groups[1].patterns[3].periods[0]",
        "counsellors[0].capacity",
        "periods[7]",
        "apart[0]",
        "apart[1][1]",
        "pins[0].resident",
        "pins[1].target",
        "pins[2].target",
        "weights.gap",
        "weights.choice",
        "appointments.minutes",
        "appointments.every_weeks",
    }


def test_numbers_that_are_none_are_refused() -> None:
    content = write_problem(village()).replace('"nights": 28', '"nights": NaN')
    with pytest.raises(ProblemFileError):
        read_problem(content)


def test_importing_the_package_loads_no_solver() -> None:
    code = (
        "import sys; import foyer.scheduling; from foyer.scheduling import check, shortages, solve;"
        "assert 'ortools' not in sys.modules and 'flask' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    put_file(path, "first")
    path.chmod(0o640)
    put_file(path, "second")
    assert path.read_text(encoding="utf-8") == "second"
    assert path.stat().st_mode & 0o777 == 0o640
    with pytest.raises(UnicodeEncodeError):
        put_file(path, "half a plan \ud800")
    assert path.read_text(encoding="utf-8") == "second"
    assert [each.name for each in tmp_path.iterdir()] == ["plan.json"]


@pytest.mark.parametrize(
    ("text", "replaced", "place"),
    [
        ('"nights": 28', '"nights": ' + "9" * 5000, "file"),
        ('"nights": 28', '"nights": 28, "nights": 14', "nights"),
        ('"nights": 28', f'"nights": {10**12}', "nights"),
        ('"age": 17', f'"age": {10**12}', "residents[0].age"),
        ('"age": 17', '"age": -1', "residents[0].age"),
        ('"beds": 2', f'"beds": {10**12}', "rooms[0].beds"),
        ('"seats": 3', '"seats": -1', "venues[0].seats"),
        ('"gap": 1', f'"gap": {10**20}', "weights.gap"),
        ('"large_venue": 0.1', '"large_venue": NaN', "weights.large_venue"),
        ('"large_venue": 0.1', '"large_venue": 1e400', "weights.large_venue"),
        ('"large_venue": 0.1', '"large_venue": 1e300', "weights.large_venue"),
    ],
)
def test_numbers_that_no_house_has_are_refused_with_their_place(text: str, replaced: str, place: str) -> None:
    content = write_problem(village()).replace(text, replaced, 1)
    assert replaced in content
    with pytest.raises(ProblemFileError) as caught:
        read_problem(content)
    assert place in [fault.place for fault in caught.value.faults]


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999"])
def test_a_plan_with_a_score_that_is_no_number_is_refused(number: str) -> None:
    plan = write_plan(hand_made(village()))
    score = next(line for line in plan.splitlines() if line.startswith(' "score"'))
    with pytest.raises(ProblemFileError) as caught:
        read_plan(plan.replace(score, f' "score": {number},'))
    assert [fault.place for fault in caught.value.faults] == ["score"]
