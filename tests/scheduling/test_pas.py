"""Patient admission scheduling: the family's files, its problem in our form, and its own evaluator."""

from __future__ import annotations

import json
import os
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner

from foyer.scheduling import check
from foyer.scheduling.bench_cli import bench_command
from foyer.scheduling.digest import problem_hash
from foyer.scheduling.families import FamilyFileError, pas
from foyer.scheduling.index import Index
from foyer.scheduling.plan import Outcome, Plan
from foyer.scheduling.score import rescored
from foyer.scheduling.stages.beds import number_beds
from foyer.scheduling.validation import faults_of

INSTANCES = Path(os.environ.get("FOYER_INSTANCES", "../shared/instances"))  # before a fixture clears the environment

TINY = """ARTICLE BENCHMARK DATA SET
Rooms: 4
Roomproperties: 2
Beds: 6
Departments: 2
Specialisms: 3
Patients: 5
Planning horizon: 5


SPECIALISMS:
1 Heart
2 Lungs
3 Bones

DEPARTMENTS:
1 Children 0 16 | 1 1 2 2
2 Old 65 0 | 1 3

ROOMPROPERTIES:
1 oxygen
2 screen

ROOMS:
1 11 | 1 | 1 | N | 1 1 2 2 3 3 | 1 0
2 12 | 2 | 1 | D | 2 1 1 2 | 0 1
3 21 | 1 | 2 | F | 1 3 0 0 | 1 1
4 22 | 2 | 2 | M | 3 3 1 1 | 0 0

BEDS:
1 1
2 2
3 2
4 3
5 4
6 4

PATIENTS:
1 Ann 10 F | 0 3 | 1 1 3 | 1 | 1 0 | 0 0
2 Bob 70 M | 1 4 | 2 3 1 1 2 | 2 | 0 0 | 1 1
3 Cid 30 M | 2 9 | 1 2 7 | 0 | 0 0 | 0 1
4 Dee 66 F | 3 3 | 1 3 0 | 0 | 0 0 | 0 0
5 Eva 16 F | 2 4 | 1 2 2 | 1 | 0 1 | 0 1

END.
"""


def solution(**rooms: str) -> str:
    return json.dumps({name.lstrip("p"): room for name, room in rooms.items()})


def soft(text: str) -> dict[str, float]:
    return {name: cost for name, cost in pas.evaluate(pas.read(TINY), text).soft if cost}


def test_a_file_is_read_with_nights_beyond_the_horizon_dropped() -> None:
    instance = pas.read(TINY)
    assert [p.id for p in instance.patients] == ["1", "2", "3", "5"]  # the fourth leaves on the day of admission
    cid = instance.patients[2]
    assert (cid.admission, cid.discharge, cid.specialisms) == (2, 5, ("2", "2", "2"))
    assert instance.patients[1].specialisms == ("3", "1", "1")
    assert instance.patients[3].preferred == ()  # what is required is not preferred besides
    assert instance.rooms[1].specialisms == {"1": 2, "2": 1}


def test_each_part_of_the_cost_is_as_published() -> None:
    # Ann lives where the old are, without oxygen, in a men's room of two beds, heart in place one, 3 nights
    assert soft(solution(p1="4")) == {
        "gender": 15.0,
        "required property": 15.0,
        "age": 30.0,
        "room size": 2.4,
        "department": 3.0,
    }
    # Bob, 70, among children: bones are not treated there and are no specialism of the room on his first night
    assert soft(solution(p2="2")) == {
        "age": 30.0,
        "preferred property": 6.0,
        "department": 1.0,
        "room specialism": 4.0,
    }
    assert soft(solution(p2="4")) == {"preferred property": 12.0, "room specialism": 2.0, "department": 2.0}


def test_patients_of_both_genders_in_a_room_for_one_at_a_time_cost_night_by_night() -> None:
    assert soft(solution(p3="2", p5="2"))["gender"] == 10.0
    assert "gender" not in soft(solution(p3="1", p5="1"))
    crowded = pas.evaluate(pas.read(TINY), solution(p3="1", p5="1"))
    assert dict(crowded.hard) == {"unknown": 0, "without a room": 2, "more patients than beds": 2}


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("Beds: 6", "Beds: 7", "section BEDS: 7 lines announced, 6 found"),
        ("2 Bob 70 M", "2 Bob 70 X", "line 40: id, name, age and F or M are needed"),
        ("| 0 3 | 1 1 3 |", "| 0 3 | 1 1 2 |", "line 39: the nights of the specialisms must add up to the stay"),
        ("4 22 | 2 | 2 | M", "4 22 | 2 | 9 | M", "line 28: unknown department 9"),
        ("6 4\n", "6 3\n", "line 27: 1 beds announced, 2 listed"),
        ("END.", "", "line 43: the file must end with 'END.'"),
        ("1 Children 0 16", "1 Children 0 x", "line 17: whole numbers are needed, not '0 x'"),
    ],
)
def test_a_mistake_is_told_with_its_line(before: str, after: str, message: str) -> None:
    assert before in TINY
    with pytest.raises(FamilyFileError, match=f"^{message}$"):
        pas.read(TINY.replace(before, after, 1))


def test_our_points_are_ten_times_the_published_cost_for_every_choice_of_rooms() -> None:
    instance = pas.read(TINY)
    problem = pas.problem_of(instance)
    assert faults_of(problem) == ()
    index = Index(problem)
    compared = 0
    for number in range(4**4):
        rooms = {r.id: str(number // 4**i % 4 + 1) for i, r in enumerate(problem.residents)}
        value = pas.evaluate(instance, json.dumps(rooms))
        if value.violations:
            continue
        plan = rescored(problem, Plan(Outcome.FEASIBLE, problem_hash(problem), lodgings=number_beds(index, rooms)))
        assert check(problem, plan) == ()
        assert plan.score == pytest.approx(pas.POINTS_PER_UNIT * value.cost)
        compared += 1
    assert compared > 50


def public(name: str) -> str:
    path = INSTANCES / "pas" / name
    if not path.exists():
        pytest.skip(f"no public instance {path}: set FOYER_INSTANCES")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "patients", "rooms"), [("testdata01.txt", 652, 98), ("testdata07.txt", 519, 162)])
def test_public_instances_are_read(name: str, patients: int, rooms: int) -> None:
    instance = pas.read(public(name))
    assert (len(instance.patients), len(instance.rooms)) == (patients, rooms)
    assert faults_of(pas.problem_of(instance)) == ()


def test_bench_says_in_one_line_what_is_missing_or_wrong(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_text("nonsense", encoding="utf-8")
    for name, place in (("bad.txt", "line 1"), ("none.txt", "No such file")):
        result = CliRunner().invoke(bench_command, ["pas", str(tmp_path / name)])
        assert result.exit_code == 2
        assert len(result.output.splitlines()) == 1
        assert name in result.output
        assert place in result.output


def test_bench_finds_the_best_solution_of_a_tiny_instance_and_writes_it(tmp_path: Path) -> None:
    instance = pas.read(TINY)
    names = [p.id for p in instance.patients]
    choices = [dict(zip(names, rooms, strict=True)) for rooms in product("1234", repeat=len(names))]
    values = [pas.evaluate(instance, json.dumps(choice)) for choice in choices]
    best = min(value.cost for value in values if not value.violations)
    (tmp_path / "tiny.txt").write_text(TINY, encoding="utf-8")
    target = tmp_path / "solution.json"
    arguments = ["pas", str(tmp_path / "tiny.txt"), "--seconds", "30", "--workers", "1", "-o", str(target)]
    result = CliRunner().invoke(bench_command, arguments)
    assert result.exit_code == 0, result.output
    assert result.output.startswith(f"value {best:g}, bound {best:g}, gap 0.0%, 0 violations\n")
    assert pas.evaluate(instance, target.read_text(encoding="utf-8")).cost == pytest.approx(best)
