"""Curriculum timetabling: files in, problems, solutions out, and an evaluator of the published rules."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foyer.scheduling import check, solve
from foyer.scheduling.bench_cli import bench_command
from foyer.scheduling.families import FamilyFileError, ctt
from foyer.scheduling.plan import Limits, Outcome

INSTANCES = Path(os.environ.get("FOYER_INSTANCES", "../shared/instances"))  # before a fixture clears the environment

TINY = """Name: Tiny
Courses: 3
Rooms: 2
Days: 2
Periods_per_day: 3
Curricula: 2
Constraints: 1

COURSES:
Maths ann 2 2 20
Latin bob 2 1 12
Music ann 1 1 30

ROOMS:
Hall 25
Den 10

CURRICULA:
year1 2 Maths Latin
year2  2 Latin Music

UNAVAILABILITY_CONSTRAINTS:
Music 1 2

END.
"""
GOOD = "Maths Hall 0 0\nMaths Hall 1 0\nLatin Hall 0 1\nLatin Hall 1 1\nMusic Hall 0 2\n"


def parts(text: str) -> dict[str, float]:
    """What the solution breaks and costs, without zeros."""
    value = ctt.evaluate(ctt.read(TINY), text)
    return {name: figure for name, figure in (*value.hard, *value.soft) if figure}


def test_a_file_is_read_and_stated_as_a_problem() -> None:
    instance = ctt.read(TINY)
    assert instance.courses[0] == ctt.Course("Maths", "ann", 2, 2, 20)
    assert instance.rooms == (("Hall", 25), ("Den", 10))
    assert instance.curricula == (("year1", ("Maths", "Latin")), ("year2", ("Latin", "Music")))
    assert instance.unavailable == {("Music", 1, 2)}
    problem = ctt.problem_of(instance)
    assert [len(g.patterns) for g in problem.groups] == [6, 6, 5]
    assert {g.headcount for g in problem.groups} == {20, 12, 30}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Courses: 3", "Courses: 4", "line 2: Courses says 4, COURSES: has 3"),
        ("Rooms: 2\n", "", "line 1: the heading 'Rooms' is missing"),
        ("Maths ann 2 2 20", "Maths ann 2 20", "line 10: 5 values expected, 4 found"),
        ("Maths ann 2 2 20", "Maths ann two 2 20", "line 10: 'two' is no whole number"),
        ("Latin bob", "Maths bob", "line 11: 'Maths' is used twice"),
        ("year1 2 Maths Latin", "year1 3 Maths Latin", "line 19: the number of courses does not agree"),
        ("year1 2 Maths Latin", "year1 2 Maths Greek", "line 19: unknown course 'Greek'"),
        ("Music 1 2", "Music 1 3", "line 23: '3' is no whole number below 3"),
        ("Days: 2", "Days: 9", "line 4: a week has at most 7 days"),
        ("Name: Tiny", "Tiny", "line 1: 'Tiny' is no heading"),
    ],
)
def test_a_bad_file_is_refused_in_one_line_with_its_place(old: str, new: str, said: str) -> None:
    with pytest.raises(FamilyFileError, match=said) as caught:
        ctt.read(TINY.replace(old, new))
    assert "\n" not in str(caught.value)


def test_the_published_rules_are_counted() -> None:
    always = {"room capacity": 5, "curriculum compactness": 2}  # Music is too large for the hall, Latin alone on day 1
    assert parts(GOOD) == always
    for old, new, broken in (
        ("Music Hall 0 2\n", "", {"lectures"}),
        ("Latin Hall 1 1", "Latin Den 0 1", {"lectures"}),
        ("Music Hall 0 2", "Music Hall 1 2", {"availability"}),
        ("Music Hall 0 2", "Music Den 0 1", {"conflicts"}),  # of a curriculum
        ("Music Hall 0 2", "Music Den 0 0", {"conflicts"}),  # of a teacher
        ("Latin Hall 0 1", "Latin Hall 0 2", {"conflicts", "room occupancy"}),
    ):
        assert (
            parts(GOOD.replace(old, new)).keys() & {"lectures", "availability", "conflicts", "room occupancy"} == broken
        )
    assert parts(GOOD.replace("Maths Hall 1 0", "Maths Hall 0 2").replace("Music Hall 0 2", "Music Hall 1 2")) == {
        "availability": 1,
        "room capacity": 5,
        "minimum working days": 5,
        "curriculum compactness": 4,
    }
    assert parts(GOOD.replace("Maths Hall 1 0", "Maths Hall 1 2")) == always
    assert parts(GOOD.replace("Latin Hall 1 1", "Latin Den 1 2")) == {
        "room capacity": 7,
        "curriculum compactness": 6,
        "room stability": 1,
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Greek Hall 0 0", "line 1: unknown course 'Greek'"),
        ("Maths Barn 0 0", "line 1: unknown room 'Barn'"),
        ("Maths Hall 0", "line 1: 4 values expected, 3 found"),
        ("Maths Hall 2 0", "line 1: '2' is no whole number below 2"),
    ],
)
def test_a_bad_solution_is_refused_in_one_line_with_its_place(line: str, said: str) -> None:
    with pytest.raises(FamilyFileError, match=said):
        ctt.evaluate(ctt.read(TINY), line + "\n")


def test_a_tiny_instance_is_solved_and_its_solution_costs_what_the_plan_says() -> None:
    instance = ctt.read(TINY)
    problem = ctt.problem_of(instance)
    plan = solve(problem, Limits(seconds=20, workers=1, seed=1))
    value = ctt.evaluate(instance, ctt.solution_of(instance, plan))
    assert (plan.outcome, plan.score, plan.bound) == (Outcome.OPTIMAL, 7, 7)
    assert (value.violations, value.cost) == (0, 7)
    assert check(problem, plan) == ()


@st.composite
def instances(draw: st.DrawFn) -> ctt.Instance:
    """Small random instances, mostly possible."""
    days, periods = draw(st.integers(1, 3)), draw(st.integers(2, 4))
    names = tuple("abcde"[: draw(st.integers(1, 5))])
    courses = tuple(
        ctt.Course(
            c, f"t{draw(st.integers(0, 3))}", draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(1, 9))
        )
        for c in names
    )
    rooms = tuple((f"r{i}", draw(st.integers(1, 9))) for i in range(draw(st.integers(1, 3))))
    members = st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True)
    curricula = tuple((f"q{i}", tuple(draw(members))) for i in range(draw(st.integers(0, 3))))
    closed = st.tuples(st.sampled_from(names), st.integers(0, days - 1), st.integers(0, periods - 1))
    return ctt.Instance("r", days, periods, courses, rooms, curricula, draw(st.frozensets(closed, max_size=4)))


@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck), derandomize=True)
@given(instances())
def test_score_and_evaluator_agree_though_they_share_nothing(instance: ctt.Instance) -> None:
    problem = ctt.problem_of(instance)
    plan = solve(problem, Limits(seconds=20, workers=1, seed=1))
    if plan.outcome is Outcome.INFEASIBLE:
        return
    value = ctt.evaluate(instance, ctt.solution_of(instance, plan))
    assert plan.outcome is Outcome.OPTIMAL
    assert check(problem, plan) == ()
    assert (value.violations, value.cost) == (0, plan.score)


def public(name: str) -> Path:
    """A file of the public instances, which stay outside the repository."""
    path = INSTANCES / "ctt" / name
    if not path.exists():
        pytest.skip(f"no public instance {path}: set FOYER_INSTANCES")
    return path


@pytest.mark.parametrize("name", ["comp01.ctt", "comp05.ctt", "comp11.ctt"])
def test_public_files_are_read(name: str) -> None:
    instance = ctt.read(public(name).read_text(encoding="utf-8"))
    problem = ctt.problem_of(instance)
    assert sum(g.meetings for g in problem.groups) == sum(c.lectures for c in instance.courses)


def test_bench_solves_a_file_and_writes_its_solution(tmp_path: Path) -> None:
    (tmp_path / "tiny.ctt").write_text(TINY, encoding="utf-8")
    target = tmp_path / "tiny.sol"
    arguments = ["ctt", str(tmp_path / "tiny.ctt"), "--seconds", "20", "--workers", "1", "-o", str(target)]
    result = CliRunner().invoke(bench_command, arguments)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("value 7, bound 7, gap 0.0%, 0 violations\n")
    assert ctt.evaluate(ctt.read(TINY), target.read_text(encoding="utf-8")).cost == 7


def test_bench_names_the_place_of_a_mistake_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "bad.ctt").write_text(TINY.replace("Courses: 3", "Courses: 4"), encoding="utf-8")
    result = CliRunner().invoke(bench_command, ["ctt", str(tmp_path / "bad.ctt")])
    assert result.exit_code == 2
    assert result.output.count("\n") == 1
    assert "line 2" in result.output
