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
from foyer.scheduling.plan import Limits
from foyer.scheduling.repairing import RepairRequest, repair
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


QUESTIONS = (("explain",), ("recommend", "ann"), ("whatif", "ann", "class", "g-sew"))


def ask(folder: Path, *words: str) -> Result:
    command = {"explain": explain_command, "recommend": recommend_command, "whatif": what_if_command}[words[0]]
    files = [str(folder / "problem.json"), str(folder / "plan.json")]
    return CliRunner().invoke(command, [*files, *words[1:]], env={"COLUMNS": "200"})


@pytest.mark.parametrize("words", QUESTIONS)
@pytest.mark.parametrize("name", ["bea", "g-wood", "hall", "ivo", "kim", "M", "d0a"])
def test_a_plan_of_another_house_is_refused_with_what_it_names(folder: Path, words: tuple[str, ...], name: str) -> None:
    text = (folder / "plan.json").read_text()
    (folder / "plan.json").write_text(text.replace(f'"{name}"', '"elsewhere"'))
    result = ask(folder, *words)
    assert result.exit_code == 2
    assert "a plan of another problem: it names elsewhere" in result.output


@pytest.mark.parametrize("words", QUESTIONS)
def test_a_plan_that_holds_from_a_night_after_the_cycle_is_refused(folder: Path, words: tuple[str, ...]) -> None:
    (folder / "plan.json").write_text(write_plan(replace(hand_made(village()), from_night=99)))
    result = ask(folder, *words)
    assert result.exit_code == 2
    assert "night 99" in result.output


@pytest.mark.parametrize(
    "words", [("explain", "--resident", "dan"), ("recommend", "dan"), ("whatif", "dan", "room", "S")]
)
def test_a_question_about_somebody_who_has_left_is_a_mistake(folder: Path, words: tuple[str, ...]) -> None:
    repaired = repair(village(), hand_made(village()), RepairRequest(20), Limits(workers=1)).plan
    (folder / "plan.json").write_text(write_plan(repaired))
    result = ask(folder, *words)
    assert result.exit_code == 2
    assert "dan" in result.output
    assert ask(folder, "explain").exit_code == 0


@pytest.mark.parametrize("hour", ["9:d0c", "x:d0c", "-1:d0c", "d0c:0"])
def test_an_hour_in_a_week_that_the_rotation_does_not_have_is_a_mistake(folder: Path, hour: str) -> None:
    assert what_if(folder, "ann", "appointment", hour).exit_code == 2


def test_names_with_brackets_are_shown_as_they_are(folder: Path) -> None:
    for name in ("problem.json", "plan.json"):
        text = (folder / name).read_text()
        (folder / name).write_text(text.replace('"M"', '"[/bold] :bed:"').replace('"cal"', '"[red]cal"'))
    result = ask(folder, "explain")
    assert result.exit_code == 0, result.output
    assert "[/bold] :bed:" in result.output
    assert "[red]cal" in result.output


def test_the_answer_never_replaces_a_file_that_it_was_asked_about(folder: Path) -> None:
    before = (folder / "plan.json").read_text()
    result = what_if(folder, "eli", "class", "g-wood", "-o", str(folder / "plan.json"))
    assert result.exit_code == 2
    assert "it is not replaced" in result.output
    assert (folder / "plan.json").read_text() == before
