"""The schema files say what the reader accepts."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from foyer.scheduling.files import (
    PLAN_FORMAT,
    PROBLEM_FORMAT,
    ProblemFileError,
    read_problem,
    write_plan,
    write_problem,
)
from foyer.scheduling.plan import Limits
from foyer.scheduling.problem import Problem
from foyer.scheduling.schema import file_name, schemas, text
from tests.scheduling.village import village

DIRECTORY = Path(__file__).parents[2] / "docs" / "schema"


@pytest.mark.parametrize("version", [PROBLEM_FORMAT, PLAN_FORMAT])
def test_the_schema_files_are_those_of_the_code(version: str) -> None:
    written = (DIRECTORY / file_name(version)).read_text(encoding="utf-8")
    assert written == text(schemas()[version]), "run `make schema`"
    Draft202012Validator.check_schema(json.loads(written))


def test_a_written_problem_and_its_plan_keep_the_schema() -> None:
    from foyer.scheduling import solve

    problem = village()
    for version, made in (
        (PROBLEM_FORMAT, write_problem(problem)),
        (PLAN_FORMAT, write_plan(solve(problem, Limits(seconds=30, workers=1)))),
    ):
        Draft202012Validator(schemas()[version]).validate(json.loads(made))


def test_every_field_of_the_problem_is_in_the_schema() -> None:
    assert {field.name for field in fields(Problem)} | {"format"} == set(schemas()[PROBLEM_FORMAT]["properties"])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("nights",), "many"),
        (("surprise",), 1),
        (("residents", 0, "gender"), "other"),
        (("residents", 0, "transfers"), ["x"]),
        (("rooms", 0, "policy"), "mixed"),
        (("groups", 0, "weeks"), "third"),
        (("fairness",), "lottery"),
    ],
)
def test_what_the_schema_refuses_the_reader_refuses_at_that_place(path: tuple[Any, ...], value: Any) -> None:
    data = json.loads(write_problem(village()))
    spot = data
    for step in path[:-1]:
        spot = spot[step]
    spot[path[-1]] = value
    assert not Draft202012Validator(schemas()[PROBLEM_FORMAT]).is_valid(data)
    with pytest.raises(ProblemFileError) as refused:
        read_problem(json.dumps(data))
    place = "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in path).lstrip(".")
    assert refused.value.faults[0].place.startswith(place)
