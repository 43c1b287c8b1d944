"""Odd but valid instances of the public families: whatever a file of these forms may say is read, solved and written so
that the family's own evaluator finds no broken rule and no bound above the value."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foyer.scheduling import check, shortages, solve
from foyer.scheduling.bench_cli import bench_command
from foyer.scheduling.families import FamilyFileError, ctt, pas, preferences, text_of
from foyer.scheduling.families.preferences_file import Instance, read_file, read_valuations
from foyer.scheduling.families.preflib import read_orders
from foyer.scheduling.plan import Limits, Outcome, Plan

CALM = settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck), derandomize=True)
QUICK = Limits(seconds=20, workers=1)


@st.composite
def printed(draw: st.DrawFn, lines: list[str]) -> str:
    """The lines as other programs write them: other ends of lines, blanks behind them, empty lines between."""
    end = draw(st.sampled_from(("\n", "\r\n")))
    behind = draw(st.sampled_from(("", " ", "\t")))
    between = draw(st.sampled_from(("", end)))
    return "".join(f"{line}{behind}{end}{between}" for line in lines)


# Curriculum timetabling


@st.composite
def timetables(draw: st.DrawFn) -> str:
    """One room or several, days and periods of any number, curricula with nothing or one course in them, courses that
    are always available, or never."""
    days, periods = draw(st.integers(1, 6)), draw(st.sampled_from((1, 4, 5, 7, 9)))
    names = draw(st.lists(st.sampled_from(("c0001", "Maths-1", "1", "A_b", "Übung", "q")), min_size=1, unique=True))
    rooms = draw(st.lists(st.sampled_from(("r1", "Sala.B", "1", "q")), min_size=1, unique=True))
    courses = [
        f"{name} {draw(st.sampled_from(('t1', 't2', 'q')))} {draw(st.integers(1, 3))} {draw(st.integers(0, 4))} "
        f"{draw(st.integers(0, 200))}"
        for name in names
    ]
    curricula = []
    for i in range(draw(st.integers(0, 3))):
        own = draw(st.lists(st.sampled_from(names), max_size=3, unique=True))
        curricula.append(" ".join([f"k{i}", str(len(own)), *own]))
    closed = [
        f"{draw(st.sampled_from(names))} {draw(st.integers(0, days - 1))} {draw(st.integers(0, periods - 1))}"
        for _ in range(draw(st.integers(0, 6)))
    ]
    counts = {
        "Name": draw(st.sampled_from(("Toy", "Fis0506-1", "a name of words"))),
        "Courses": len(courses),
        "Rooms": len(rooms),
        "Days": days,
        "Periods_per_day": periods,
        "Curricula": len(curricula),
        "Constraints": len(closed),
    }
    lines = [f"{key}: {value}" for key, value in counts.items()]
    lines += ["COURSES:", *courses, "ROOMS:", *(f"{room}\t{draw(st.integers(0, 90))}" for room in rooms)]
    lines += ["CURRICULA:", *curricula, "UNAVAILABILITY_CONSTRAINTS:", *closed, "END."]
    return draw(printed(lines))


@CALM
@given(timetables())
def test_any_timetable_is_solved_or_shown_to_be_impossible(text: str) -> None:
    instance = ctt.read(text)
    problem = ctt.problem_of(instance)
    plan = solve(problem, QUICK)
    solution = ctt.solution_of(instance, plan)
    value = ctt.evaluate(instance, solution)
    if plan.outcome is Outcome.INFEASIBLE:
        assert plan.shortages
        assert not _has_a_timetable(instance)
        return
    assert check(problem, plan) == ()
    assert value.violations == 0
    assert _bound(plan) <= value.cost + 1e-6
    assert value.cost == plan.score


def _has_a_timetable(instance: ctt.Instance) -> bool:
    """Whether the lectures have any hours at all, rooms taken as one number: by trying, course after course."""
    slots = [(d, p) for d in range(instance.days) for p in range(instance.periods_per_day)]
    together = [set(own) for _, own in instance.curricula]
    lectures = [course for course in instance.courses for _ in range(course.lectures)]
    tries = 0

    def clash(a: ctt.Course, b: ctt.Course) -> bool:
        return a.teacher == b.teacher or any({a.id, b.id} <= own for own in together)

    def placed(taken: list[tuple[ctt.Course, tuple[int, int]]]) -> bool:
        nonlocal tries
        tries += 1
        if len(taken) == len(lectures) or tries > 20_000:
            return len(taken) == len(lectures)
        course = lectures[len(taken)]
        for slot in slots:
            there = [other for other, at in taken if at == slot]
            free = (course.id, *slot) not in instance.unavailable and len(there) < len(instance.rooms)
            behind = all(at < slot for other, at in taken if other.id == course.id)  # in order: no turn counts twice
            if free and behind and not any(clash(course, o) for o in there) and placed([*taken, (course, slot)]):
                return True
        return False

    return placed([])


# Patient admission


@st.composite
def wards(draw: st.DrawFn) -> str:
    """Rooms of every policy, or of one; no properties at all; patients of one night, of none, and beyond the end."""
    nights, kinds, properties = draw(st.integers(1, 6)), draw(st.integers(1, 3)), draw(st.integers(0, 2))
    flags = st.lists(st.sampled_from("01"), min_size=properties, max_size=properties).map(" ".join)
    specialism = st.integers(1, kinds)
    policies = draw(st.sampled_from(("FMDN", "D", "N", "F", "FM")))
    name = st.sampled_from(("Dept", "Name1", "O'Neil", "Maria Luisa", "Ö"))
    departments = [
        f"{i + 1} {draw(name)} {draw(st.sampled_from((0, 0, 18)))} {draw(st.sampled_from((0, 0, 65)))} | "
        + " ".join(f"{place} {s}" for place, s in enumerate(draw(st.lists(specialism, unique=True)), 1))
        for i in range(draw(st.integers(1, 2)))
    ]
    beds = draw(st.lists(st.integers(0, 4), min_size=1, max_size=3))
    rooms = [
        f"{i + 1} {10 + i} | {n} | {draw(st.integers(1, len(departments)))} | {draw(st.sampled_from(policies))} | "
        + " ".join(f"{place} {s}" for place, s in enumerate(draw(st.lists(specialism, unique=True)), 1))
        + f" | {draw(flags)}"
        for i, n in enumerate(beds)
    ]
    patients = [draw(_patient(i, nights, specialism, flags, name)) for i in range(draw(st.integers(0, 6)))]
    numbered = [room for room, n in enumerate(beds, 1) for _ in range(n)]
    counts = (len(rooms), properties, len(numbered), len(departments), kinds, len(patients), nights)
    sections = {
        "SPECIALISMS": [f"{i + 1} S{i}" for i in range(kinds)],
        "DEPARTMENTS": departments,
        "ROOMPROPERTIES": [f"{i + 1} p{i}" for i in range(properties)],
        "ROOMS": rooms,
        "BEDS": [f"{i} {room}" for i, room in enumerate(numbered, 1)],
        "PATIENTS": patients,
    }
    headings = ("Rooms", "Roomproperties", "Beds", "Departments", "Specialisms", "Patients", "Planning horizon")
    lines = ["ARTICLE BENCHMARK DATA SET", *(f"{key}: {n}" for key, n in zip(headings, counts, strict=True))]
    for title, own in sections.items():
        lines += [f"{title}:", *own]
    return draw(printed([*lines, "END."]))


@st.composite
def _patient(
    draw: st.DrawFn,
    i: int,
    nights: int,
    specialism: st.SearchStrategy[int],
    flags: st.SearchStrategy[str],
    name: st.SearchStrategy[str],
) -> str:
    admission = draw(st.integers(0, nights))
    discharge = draw(st.integers(admission, nights + 3))
    cuts = sorted({admission, discharge, *draw(st.lists(st.integers(admission, discharge), max_size=1))})
    parts = [(draw(specialism), b - a) for a, b in pairwise(cuts)] or [(draw(specialism), 0)]
    treatments = " ".join(f"{s} {n}" for s, n in parts)
    return (
        f"{i} {draw(name)} {draw(st.integers(0, 90))} {draw(st.sampled_from('FM'))} | {admission} {discharge} | "
        f"{len(parts)} {treatments} | {draw(st.integers(0, 3))} | {draw(flags)} | {draw(flags)}"
    )


@CALM
@given(wards())
def test_any_ward_is_filled_or_shown_to_be_too_small(text: str) -> None:
    instance = pas.read(text)
    problem = pas.problem_of(instance)
    plan = solve(problem, QUICK)
    crowded = any(
        sum(p.admission <= night < p.discharge for p in instance.patients) > sum(r.beds for r in instance.rooms)
        for night in range(instance.nights)
    )
    if plan.outcome is Outcome.INFEASIBLE:
        assert crowded
        assert shortages(problem)
        return
    assert not crowded
    value = pas.evaluate(instance, pas.solution_of(instance, plan))
    assert check(problem, plan) == ()
    if (
        plan.unmet
    ):  # stays that overlap in part may need a transfer, which the family counts and a plan here never makes
        assert dict(value.hard)["without a room"] == len(plan.unmet)
        return
    assert value.violations == 0
    assert value.cost == pytest.approx(plan.score / pas.POINTS_PER_UNIT)
    assert _bound(plan) / pas.POINTS_PER_UNIT <= value.cost + 1e-6


def _bound(plan: Plan) -> float:
    return sum(stage.bound for stage in plan.stages if stage.bound is not None)


# Wishes for places


@st.composite
def orders(draw: st.DrawFn) -> tuple[str, str, str]:
    """A file of each of PrefLib's four kinds, with a list of supervisors where orders are incomplete: its ending, its
    text, and the list's."""
    kind = draw(st.sampled_from(("soc", "soi", "toc", "toi")))
    count = draw(st.integers(1, 5))
    lines = []
    for _ in range(draw(st.integers(1, 5))):
        own = draw(st.permutations(range(1, count + 1)))
        if kind.endswith("i"):
            own = own[: draw(st.integers(1, count))]
        cuts = [draw(st.booleans()) for _ in own[1:]] if kind.startswith("t") else [True] * (len(own) - 1)
        ties: list[list[int]] = [[own[0]]]
        for alternative, cut in zip(own[1:], cuts, strict=True):
            if cut:
                ties.append([alternative])
            else:
                ties[-1].append(alternative)
        said = [str(t[0]) if len(t) == 1 else "{" + ",".join(map(str, t)) + "}" for t in ties]
        lines.append(f"{draw(st.integers(1, 2))}: {draw(st.sampled_from((',', ', '))).join(said)}")
    head = {
        "FILE NAME": f"x.{kind}",
        "TITLE": "x",
        "DATA TYPE": kind,
        "MODIFICATION TYPE": "original",
        "RELATED FILES": "x.dat" if kind.endswith("i") else "",
        "NUMBER ALTERNATIVES": count,
        "NUMBER VOTERS": sum(int(line.partition(":")[0]) for line in lines),
        "NUMBER UNIQUE ORDERS": len(lines),
        **{f"ALTERNATIVE NAME {i}": f"Project {i - 1}" for i in range(1, count + 1)},
    }
    text = draw(printed([*(f"# {key}: {value}" for key, value in head.items()), *lines]))
    half = count // 2
    staff = [
        "Supervisor,Capacity,Projects",
        f"Supervisor 0,{draw(st.integers(0, 2))},{' '.join(map(str, range(half)))}",
    ]
    staff.append(f"Supervisor 1,{draw(st.integers(1, 3))},{' '.join(map(str, range(half, count)))}")
    return kind, text, draw(printed(staff))


@CALM
@given(given_=orders(), objective=st.sampled_from(("sum", "profile", "leximin")))
def test_orders_with_ties_or_gaps_are_planned(
    tmp_path_factory: pytest.TempPathFactory, given_: tuple[str, str, str], objective: str
) -> None:
    kind, text, staff = given_
    folder = tmp_path_factory.mktemp("orders")
    (folder / "x.dat").write_bytes(staff.encode())
    (folder / f"x.{kind}").write_bytes(text.encode("utf-8-sig"))
    _planned(read_file(folder / f"x.{kind}"), objective)
    assert read_orders(text).type == kind


@CALM
@given(st.data(), st.sampled_from(("sum", "profile", "leximin")))
def test_valuations_of_any_kind_are_planned(data: st.DataObject, objective: str) -> None:
    """Nothing of any worth, less than nothing, the same for all, half points, capacities of nothing, one for all."""
    items = data.draw(st.lists(st.sampled_from(("a", "b", "c d", "1")), min_size=1, unique=True))
    worth = st.sampled_from((0, 1, 5, 2.5, 100, -3))
    agents = data.draw(st.lists(st.sampled_from(("x", "y", "z", "1")), min_size=1, unique=True))
    made: dict[str, Any] = {"valuations": {agent: {i: data.draw(worth) for i in items} for agent in agents}}
    made["item_capacities"] = data.draw(
        st.one_of(st.integers(1, 3), st.fixed_dictionaries({i: st.integers(0, 2) for i in items}))
    )
    if data.draw(st.booleans()):
        made["agent_capacities"] = data.draw(
            st.one_of(st.integers(1, 3), st.fixed_dictionaries({a: st.integers(0, 3) for a in agents}))
        )
    if data.draw(st.booleans()):
        made["item_conflicts"] = {items[0]: items[1:2]}
        made["agent_conflicts"] = {agents[0]: items[:1]}
    _planned(read_valuations(json.dumps(made)), objective)


def _planned(instance: Instance, objective: str) -> None:
    problem = preferences.problem_of(instance, objective)
    plan = solve(problem, QUICK)
    assert plan.outcome in (Outcome.OPTIMAL, Outcome.FEASIBLE), plan.shortages
    assert check(problem, plan) == ()
    assert preferences.evaluate(instance, preferences.solution_of(instance, plan)).violations == 0


# Files


def test_files_of_other_programs_are_read(tmp_path: Path) -> None:
    """A mark of UTF-8 at the beginning, letters of Latin-1, and what is no text."""
    text = "Name: Übung\nCourses: 0\nRooms: 0\nDays: 1\nPeriods_per_day: 1\nCurricula: 0\nConstraints: 0\nEND.\n"
    for name, content in (("marked", text.encode("utf-8-sig")), ("old", text.encode("latin-1"))):
        (tmp_path / name).write_bytes(content)
        assert ctt.read(text_of(tmp_path / name)).name == "Übung"
        result = CliRunner().invoke(bench_command, ["ctt", str(tmp_path / name), "--seconds", "5", "--workers", "1"])
        assert (result.exit_code, result.output.splitlines()[0]) == (0, "value 0, bound 0, gap 0.0%, 0 violations")
    (tmp_path / "picture").write_bytes(b"\x89PNG\0")
    with pytest.raises(FamilyFileError):
        text_of(tmp_path / "picture")
    result = CliRunner().invoke(bench_command, ["pas", str(tmp_path / "picture")])
    assert result.exit_code == 2
