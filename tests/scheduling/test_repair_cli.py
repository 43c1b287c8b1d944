"""``foyer repair`` on files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from foyer.scheduling import check
from foyer.scheduling.files import read_plan, write_plan, write_problem
from foyer.scheduling.problem import KeepApart
from foyer.scheduling.repair_cli import repair_command
from tests.scheduling.village import hand_made, village

NOW = replace(village(), apart=(KeepApart("cal", "dan", ("room",)),))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "problem.json").write_text(write_problem(NOW), encoding="utf-8")
    (tmp_path / "plan.json").write_text(write_plan(hand_made(village())), encoding="utf-8")
    return tmp_path


def run(folder: Path, *more: str) -> Result:
    files = [str(folder / name) for name in ("problem.json", "plan.json")]
    arguments = [*files, "-o", str(folder / "new.json"), "--workers", "1", *more]
    return CliRunner().invoke(repair_command, arguments, env={"COLUMNS": "160"})


def test_repair_lists_each_change_with_its_reason_and_writes_a_plan_that_check_accepts(folder: Path) -> None:
    result = run(folder, "--from", "7")
    assert result.exit_code == 0, result.output
    assert "1 changes, 15 points, proven bound 15, 1 residents touched" in result.output
    assert "apart_room (room=M" in result.output
    assert check(NOW, read_plan((folder / "new.json").read_text())) == ()


def test_repair_says_the_least_that_is_needed_where_a_limit_is_too_small(folder: Path) -> None:
    result = run(folder, "--from", "7", "--most-changes", "0")
    assert result.exit_code == 1
    assert "impossible: changes_in_total allowed=0, needed=1" in result.output


def test_a_night_outside_the_cycle_is_named(folder: Path) -> None:
    result = run(folder, "--from", "28")
    assert result.exit_code == 2
    assert "from_night" in result.output
