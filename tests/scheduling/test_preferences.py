"""Wishes for places: readers on tiny files, the evaluator, and all three objectives against complete enumeration."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foyer.scheduling.bench_cli import bench_command
from foyer.scheduling.checker import check
from foyer.scheduling.engine import solve
from foyer.scheduling.families import FamilyFileError
from foyer.scheduling.families.preferences import evaluate, figures_of, problem_of, read_solution, solution_of
from foyer.scheduling.families.preferences_file import Agent, Instance, read_file, read_valuations
from foyer.scheduling.plan import Limits, Outcome

PUBLIC = Path(os.environ.get("FOYER_INSTANCES", "../shared/instances")) / "preferences"
CALM = settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck), derandomize=True)
REPEATABLE = Limits(seconds=60, workers=1)

HEAD = """# FILE NAME: tiny.{type}
# TITLE: tiny
# DATA TYPE: {type}
# MODIFICATION TYPE: {made}
# RELATES TO: {relates}
# RELATED FILES: {related}
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: {voters}
# NUMBER UNIQUE ORDERS: {unique}
# ALTERNATIVE NAME 1: Project 0
# ALTERNATIVE NAME 2: Project 1
# ALTERNATIVE NAME 3: Project 2
"""


def preflib(
    lines: str, *, type_: str = "soi", voters: int, related: str = "", relates: str = "", made: str = ""
) -> str:
    head = HEAD.format(
        type=type_, made=made or "original", relates=relates, related=related, voters=voters, unique=lines.count(":")
    )
    return head + lines


def projects(folder: Path, text: str, name: str = "tiny.soi") -> Path:
    (folder / "tiny.dat").write_text("Supervisor,Capacity,Projects\nSupervisor 0,1,0 1\nSupervisor 1,2,2\n")
    (folder / name).write_text(text)
    return folder / name


# Reading


def test_complete_orders_are_courses_of_which_everybody_gets_three(tmp_path: Path) -> None:
    file = tmp_path / "tiny.soc"
    file.write_text(preflib("4: 2,1,3\n1: 3,2,1\n", type_="soc", voters=5))
    instance = read_file(file)
    assert [a.id for a in instance.agents] == ["1", "2", "3", "4", "5"]
    assert {a.places for a in instance.agents} == {3}
    assert instance.agents[3].order == (("2",), ("1",), ("3",))
    assert instance.items == (("1", 6), ("2", 6), ("3", 6))  # 5 x 3 / 3, and a tenth more
    assert instance.objective == "sum"


def test_a_list_of_supervisors_makes_the_alternatives_projects_for_one_student(tmp_path: Path) -> None:
    instance = read_file(projects(tmp_path, preflib("1: 3,1\n2: {1,2},3\n", type_="toi", voters=3, related="tiny.dat")))
    assert instance.shared == (("Supervisor 0", 1, ("1", "2")), ("Supervisor 1", 2, ("3",)))
    assert instance.items == (("1", 1), ("2", 1), ("3", 1))
    assert instance.agents[2].order == (("1", "2"), ("3",))
    assert instance.objective == "profile"


def test_a_completed_order_ends_where_its_voter_stopped(tmp_path: Path) -> None:
    projects(tmp_path, preflib("1: 2\n", voters=1, related="tiny.dat"))
    text = preflib("1: 2,{1,3}\n", type_="toc", voters=1, relates="tiny.soi", made="imbued")
    (tmp_path / "tiny.toc").write_text(text)
    instance = read_file(tmp_path / "tiny.toc")
    assert instance.agents[0].order == (("2",),)
    assert instance.shared
    (tmp_path / "tiny.soi").unlink()
    assert read_file(tmp_path / "tiny.toc") == instance


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("hello", "line 1"),
        ("{", "line 1, column 2"),
        ("{}", "valuations"),
        ('{"valuations": {"a": {"x": "much"}}}', "valuations.a.x"),
        ('{"valuations": {"a": {"x": 1}}, "item_capacities": {"x": -1}}', "item_capacities.x"),
        ('{"valuations": {"a": {"x": 1}}, "agent_capacities": {"b": 1}}', "agent_capacities"),
        ('{"valuations": {"a": {"x": 1}}, "item_weights": {"x": 2}}', "item_weights"),
        (preflib("1: 1,2,4\n", type_="soc", voters=1), "line 13"),
        (preflib("1: 1,2\n", type_="soc", voters=1), "line 13"),
        (preflib("1: 1,1,2\n", type_="soc", voters=1), "line 13"),
        (preflib("1: {1,2},3\n", type_="soc", voters=1), "line 13"),
        (preflib("1: 1,,2\n", type_="soc", voters=1), "line 13"),
        (preflib("1: 1,2,3\n", type_="soc", voters=2), "NUMBER VOTERS"),
        (preflib("1: 1,2,3\n", type_="xyz", voters=1), "DATA TYPE"),
        (preflib("1: 1,2\n", voters=1, related="gone.dat"), "gone.dat"),
        (preflib("1: 1,2\n", voters=1), "RELATED FILES"),
    ],
)
def test_a_bad_file_is_answered_in_one_line_with_its_place(tmp_path: Path, text: str, place: str) -> None:
    file = tmp_path / "file"
    file.write_text(text)
    with pytest.raises(FamilyFileError) as caught:
        read_file(file)
    assert str(caught.value).startswith(place) or place in str(caught.value)
    answer = CliRunner().invoke(bench_command, ["preferences", str(file)])
    assert answer.exit_code == 2
    assert len(answer.output.strip().splitlines()) == 1


def test_worths_with_digits_behind_the_point_are_counted_in_smaller_units() -> None:
    text = '{"valuations": {"a": {"x": 0.25, "y": 3}}, "item_capacities": 2, "agent_capacities": 1}'
    instance = read_valuations(text)
    assert instance.unit == 100
    assert instance.agents[0].worth == (("x", 25), ("y", 300))
    assert figures_of(instance, {"a": ("y",)}).total == 3


def test_what_speaks_of_nobody_in_the_file_forbids_nothing() -> None:
    conflicts = '"agent_conflicts": {"gone": ["x"], "a": ["y", "other"]}, "item_conflicts": {"x": ["z", "y"]}'
    instance = read_valuations('{"valuations": {"a": {"x": 1, "y": 2}}, ' + conflicts + "}")
    assert instance.agents[0].refused == ("y",)
    assert instance.conflicts == (("x", "y"),)


# Evaluating

COURSES = Instance(
    agents=(Agent("a", 2, worth=(("x", 5), ("y", 3), ("z", 3)), refused=("z",)), Agent("b", 1, worth=(("x", 4),))),
    items=(("x", 1), ("y", 1), ("z", 2)),
    conflicts=(("x", "y"),),
    unit=1,
)
RANKED = Instance(
    agents=(Agent("a", 1, order=(("x",), ("y",))), Agent("b", 1, order=(("x", "y"),)), Agent("c", 1, order=(("z",),))),
    items=(("x", 1), ("y", 1), ("z", 1)),
    shared=(("s", 1, ("x", "z")),),
)


@pytest.mark.parametrize(
    ("instance", "solution", "broken"),
    [
        (COURSES, {"a": ["x"], "b": []}, set()),
        (COURSES, {"a": ["y"], "b": ["x"]}, set()),
        (COURSES, {"a": ["x", "y"]}, {"conflicting items"}),
        (COURSES, {"a": ["z"]}, {"refused item"}),
        (COURSES, {"a": ["x"], "b": ["x"]}, {"item's capacity"}),
        (COURSES, {"b": ["x", "y"]}, {"agent's capacity", "conflicting items"}),
        (COURSES, {"a": ["y", "y"]}, {"item twice", "item's capacity"}),
        (COURSES, {"d": ["y"]}, {"unknown agent"}),
        (COURSES, {"a": ["w"]}, {"unknown item"}),
        (RANKED, {"a": ["y"], "c": ["z"]}, set()),
        (RANKED, {"a": ["z"]}, {"unlisted item"}),
        (RANKED, {"b": ["x"], "c": ["z"]}, {"supervisor's capacity"}),
    ],
)
def test_the_evaluator_sees_what_a_solution_breaks(
    instance: Instance, solution: dict[str, list[str]], broken: set[str]
) -> None:
    assert {name for name, _ in evaluate(instance, json.dumps(solution)).hard} == broken


def test_the_evaluator_counts_ranks_and_points() -> None:
    ranked = figures_of(RANKED, {"a": ("y",), "b": ("x",)})
    assert (ranked.placed, ranked.total, ranked.profile, ranked.satisfaction) == (2, 1, (1, 1), (-2, -1, 0))
    courses = figures_of(COURSES, {"a": ("y",), "b": ("x",)})
    assert (courses.total, courses.profile, courses.satisfaction) == (7, (1, 1), (3, 4))


# Solving


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    items = ("x", "y", "z")
    capacities = tuple((item, draw(st.integers(0, 2))) for item in items)
    by_worth = draw(st.booleans())
    agents = []
    for name in "abc"[: draw(st.integers(1, 3))]:
        named = tuple(draw(st.permutations(items)))[: draw(st.integers(0, 3))]
        places = draw(st.integers(1, 2))
        if by_worth:
            worth = tuple((item, draw(st.integers(1, 9))) for item in named)
            agents.append(Agent(name, places, worth=worth, refused=draw(st.sampled_from(((), ("x",))))))
        else:
            order = draw(st.sampled_from([tuple((item,) for item in named), (named,) if named else ()]))
            agents.append(Agent(name, places if not by_worth else 1, order=order))
    conflicts = draw(st.sampled_from(((), (("x", "y"),))))
    shared = draw(st.sampled_from(((), (("s", 1, ("y", "z")),))))
    return Instance(tuple(agents), capacities, conflicts, shared, unit=int(by_worth))


def solutions(instance: Instance) -> Iterator[dict[str, tuple[str, ...]]]:
    items = [item for item, _ in instance.items]
    own = [[c for n in range(a.places + 1) for c in combinations(items, n)] for a in instance.agents]
    for chosen in product(*own):
        solution = {a.id: c for a, c in zip(instance.agents, chosen, strict=True)}
        wanted = all(
            item in dict(a.worth) or any(item in tie for tie in a.order)
            for a in instance.agents
            for item in solution[a.id]
        )
        if wanted and not evaluate(instance, json.dumps(solution)).violations:
            yield solution


def standing(instance: Instance, objective: str, solution: dict[str, tuple[str, ...]]) -> tuple[object, ...]:
    """The objective's levels, less is better."""
    figures = figures_of(instance, solution)
    total = figures.total if instance.is_ranked else -figures.total
    most = [-figures.placed] if instance.is_ranked or objective == "profile" else []
    if objective == "sum":
        return (*most, total)
    if objective == "profile":
        return (*most, tuple(reversed([*figures.profile, *[0] * 9][:9])))
    return (*most, tuple(-s for s in figures.satisfaction))


@CALM
@given(instances(), st.sampled_from(("sum", "profile", "leximin")))
def test_each_objective_reaches_the_best_of_all_solutions(instance: Instance, objective: str) -> None:
    problem = problem_of(instance, objective)
    plan = solve(problem, REPEATABLE)
    assert plan.outcome is Outcome.OPTIMAL
    assert not check(problem, plan)
    text = solution_of(instance, plan)
    assert not evaluate(instance, text).violations
    reached = standing(instance, objective, read_solution(instance, text))
    assert reached == min(standing(instance, objective, s) for s in solutions(instance))


def test_the_bench_writes_the_solution_asked_for_and_shows_all_three(tmp_path: Path) -> None:
    file = tmp_path / "tiny.json"
    worth = {"a": {"x": 9, "y": 1}, "b": {"x": 8, "y": 5}, "c": {"x": 7, "y": 7}}
    file.write_text(json.dumps({"valuations": worth, "agent_capacities": 1, "item_capacities": 2}))
    out = tmp_path / "out.json"
    asked = ["preferences", str(file), "--seconds", "30", "--workers", "1", "--objective", "leximin", "-o", str(out)]
    answer = CliRunner().invoke(bench_command, asked)
    assert answer.exit_code == 0, answer.output
    assert answer.output.startswith("leximin: value 24, bound 24, gap 0.0%, 0 violations")
    assert json.loads(out.read_text()) == {"a": ["x"], "b": ["x"], "c": ["y"]}
    for name in ("sum", "profile", "leximin"):
        assert any(line.startswith(name) and "proven optimal" in line for line in answer.output.splitlines()[1:])


@pytest.mark.parametrize("name", ["ariel_5783_input.json", "00038-00000005.soi"])
def test_a_public_instance_is_proven_for_the_sum(name: str) -> None:
    if not (PUBLIC / name).exists():
        pytest.skip(f"no public instance {PUBLIC / name}: set FOYER_INSTANCES")
    instance = read_file(PUBLIC / name)
    plan = solve(problem_of(instance, "sum"), REPEATABLE)
    assert plan.outcome is Outcome.OPTIMAL
    assert not evaluate(instance, solution_of(instance, plan)).violations
