"""``foyer repair`` on files."""

from __future__ import annotations

import re
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


def test_where_somebody_goes_without_the_needs_are_listed_and_ways_out_are_named_on_demand(folder: Path) -> None:
    mens = {m.id for m in NOW.rooms if m.policy != "female"}
    closed = replace(NOW, rooms=tuple(replace(m, closed=((7, NOW.nights),)) if m.id in mens else m for m in NOW.rooms))
    (folder / "problem.json").write_text(write_problem(closed), encoding="utf-8")
    plain = run(folder, "--from", "7")
    assert re.search(r"^left open: \w+ room$", plain.output, re.MULTILINE), plain.output
    assert "then: changes" not in plain.output
    asked = run(folder, "--from", "7", "--ways")
    assert "then: changes" in asked.output, asked.output
    assert "room_reopened" in asked.output
    assert re.search(r"\d+, of \d+ residents", asked.output)


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
