"""``foyer solve`` and ``foyer check`` on files."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from foyer.scheduling import check
from foyer.scheduling.cli import check_command, solve_command
from foyer.scheduling.files import read_plan, write_plan, write_problem
from foyer.scheduling.plan import Caseload, Outcome
from foyer.scheduling.problem import Counsellor, Problem
from foyer.scheduling.run import Run
from tests.scheduling.village import hand_made, village


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save(tmp_path / "problem.json", village())
    return tmp_path


def save(path: Path, problem: Problem) -> None:
    path.write_text(write_problem(problem), encoding="utf-8")


def run_solve(folder: Path) -> Result:
    arguments = [str(folder / "problem.json"), "-o", str(folder / "plan.json"), "--workers", "1", "--seconds", "30"]
    return CliRunner().invoke(solve_command, arguments)


def run_check(folder: Path) -> Result:
    return CliRunner().invoke(check_command, [str(folder / "problem.json"), str(folder / "plan.json")])


def test_solve_writes_a_plan_that_check_accepts(folder: Path) -> None:
    result = run_solve(folder)
    assert result.exit_code == 0, result.output
    assert "optimal" in result.output
    assert "0.0%" in result.output
    assert read_plan((folder / "plan.json").read_text()).outcome is Outcome.OPTIMAL
    checked = run_check(folder)
    assert checked.exit_code == 0
    assert checked.output.startswith("0 violations")


def test_check_names_what_is_broken_and_fails(folder: Path) -> None:
    plan = hand_made(village(), caseloads=(Caseload("ann", "kim"), Caseload("bea", "lou")))
    (folder / "plan.json").write_text(write_plan(plan))
    result = run_check(folder)
    assert result.exit_code == 1
    assert "counsellor_missing: cal" in result.output


def test_solve_names_what_is_short_and_fails(folder: Path) -> None:
    save(folder / "problem.json", village(counsellors=(Counsellor("kim", "female", 3),)))
    result = run_solve(folder)
    assert result.exit_code == 1
    assert "counsellor_capacity needed=5, free=3" in result.output


def test_a_bad_file_is_reported_place_by_place(folder: Path) -> None:
    broken = replace(village(), nights=0)
    save(folder / "problem.json", broken)
    result = run_solve(folder)
    assert result.exit_code == 2
    assert "nights: must be at least 1" in result.output
    assert "residents[0]" in result.output
    (folder / "problem.json").write_bytes(b"\xff\xfe")
    assert "UTF-8" in run_solve(folder).output


def test_an_output_that_cannot_be_written_is_said_before_any_work(folder: Path) -> None:
    problem = str(folder / "problem.json")
    before = (folder / "problem.json").read_text()
    for output, why in ((folder / "nowhere" / "plan.json", "no folder"), (folder / "problem.json", "not replaced")):
        result = CliRunner().invoke(solve_command, [problem, "-o", str(output)])
        assert result.exit_code == 2
        assert why in result.output
        assert "score" not in result.output
    assert (folder / "problem.json").read_text() == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_asks_a_run_to_end_gets_the_best_plan_so_far(
    folder: Path, number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = Run.start

    def asked_to_end(run: Run, stage: str) -> None:
        os.kill(os.getpid(), number)
        begin(run, stage)

    before = signal.getsignal(number)
    monkeypatch.setattr(Run, "start", asked_to_end)
    result = run_solve(folder)
    assert result.exit_code == 0, result.output
    plan = read_plan((folder / "plan.json").read_text())
    assert plan.outcome is Outcome.CANCELLED
    assert check(village(), plan) == ()
    assert signal.getsignal(number) is before
