"""``foyer explain``, ``foyer whatif`` and ``foyer recommend`` on files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from foyer.scheduling import check
from foyer.scheduling.answers_cli import explain_command, recommend_command, what_if_command
from foyer.scheduling.files import read_plan, write_plan, write_problem
from tests.scheduling.village import hand_made, resident, village


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "problem.json").write_text(write_problem(village()), encoding="utf-8")
    (tmp_path / "plan.json").write_text(write_plan(hand_made(village())), encoding="utf-8")
    return tmp_path


def explain(folder: Path, *options: str) -> Result:
    arguments = [str(folder / "problem.json"), str(folder / "plan.json"), *options]
    return CliRunner().invoke(explain_command, arguments, env={"COLUMNS": "200"})


def test_explain_shows_what_was_wished_and_what_stands_in_the_way(folder: Path) -> None:
    result = explain(folder, "--resident", "bea")
    assert result.exit_code == 0, result.output
    assert "wood, sewing" in result.output
    assert "class_full (group=g-wood places=3)" in result.output
    assert "eli" not in result.output


def test_explain_without_a_resident_shows_everybody_and_the_house(folder: Path) -> None:
    result = explain(folder)
    assert all(f"{name}: " in result.output for name in ("ann", "bea", "cal", "dan", "eli"))
    assert "the house's own: open_class 20" in result.output


def test_explain_as_json_has_its_format(folder: Path) -> None:
    answer = json.loads(explain(folder, "--resident", "bea", "--json").output)
    assert answer["format"] == "foyer-explanation/1"
    assert [r["resident"] for r in answer["residents"]] == ["bea"]


def test_an_unknown_resident_is_a_mistake_in_the_question(folder: Path) -> None:
    result = explain(folder, "--resident", "nobody")
    assert result.exit_code == 2
    assert "nobody: no such resident" in result.output


def what_if(folder: Path, *words: str) -> Result:
    arguments = [str(folder / "problem.json"), str(folder / "plan.json"), *words]
    return CliRunner().invoke(what_if_command, arguments, env={"COLUMNS": "200"})


def test_whatif_shows_the_price_and_who_moves(folder: Path) -> None:
    result = what_if(folder, "eli", "class", "g-wood", "-o", str(folder / "then.json"))
    assert result.exit_code == 0, result.output
    assert "possible" in result.output
    assert "exact" in result.output
    assert "g-sew" in result.output
    assert check(village(), read_plan((folder / "then.json").read_text())) == ()


def test_whatif_says_what_makes_it_impossible_and_fails(folder: Path) -> None:
    result = what_if(folder, "bea", "room", "M")
    assert result.exit_code == 1
    assert "room_gender (room=M gender=male)" in result.output


def test_whatif_about_what_does_not_exist_is_a_mistake(folder: Path) -> None:
    assert what_if(folder, "bea", "room", "nowhere").exit_code == 2
    assert what_if(folder, "bea", "fortune", "M").exit_code == 2


def test_whatif_as_json_has_its_format(folder: Path) -> None:
    answer = json.loads(what_if(folder, "eli", "class", "g-wood", "--json").output)
    assert answer["format"] == "foyer-whatif/1"
    assert {c["who"] for c in answer["changes"] if c["kind"] == "class"} >= {"eli"}


def recommend(folder: Path, *words: str) -> Result:
    arguments = [str(folder / "problem.json"), str(folder / "plan.json"), *words]
    return CliRunner().invoke(recommend_command, arguments, env={"COLUMNS": "240"})


def test_recommend_shows_placements_and_writes_the_best(folder: Path) -> None:
    newcomer = replace(village(), residents=(*village().residents, resident("ana", choices=("sewing",), leaves=7)))
    (folder / "problem.json").write_text(write_problem(newcomer), encoding="utf-8")
    result = recommend(folder, "ana", "--moves", "1", "-o", str(folder / "then.json"))
    assert result.exit_code == 0, result.output
    assert "placements without moving anybody" in result.output
    assert "g-sew" in result.output
    assert check(newcomer, read_plan((folder / "then.json").read_text())) == ()


def test_recommend_as_json_has_its_format(folder: Path) -> None:
    answer = json.loads(recommend(folder, "bea", "--moves", "0", "--json").output)
    assert answer["format"] == "foyer-recommendation/1"
    assert answer["with_moves"] is None


def test_recommend_for_nobody_is_a_mistake(folder: Path) -> None:
    assert recommend(folder, "nobody").exit_code == 2
