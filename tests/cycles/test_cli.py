from __future__ import annotations

from foyer.cli import cli
from foyer.cycles.cli import export_problem_command
from foyer.scheduling.files import read_problem


def test_a_cycle_is_written_as_a_problem_file(app, filled, tmp_path):
    path = tmp_path / "problem.json"
    result = app.test_cli_runner().invoke(export_problem_command, ["--cycle", str(filled["cycle"]), "-o", str(path)])
    assert result.exit_code == 0, result.output
    assert "8 residents" in result.output
    assert len(read_problem(path.read_text()).residents) == 8
    assert "export-problem" in cli.commands


def test_a_cycle_that_is_not_there_is_an_error(app, filled, tmp_path):
    result = app.test_cli_runner().invoke(export_problem_command, ["--cycle", "99", "-o", str(tmp_path / "p.json")])
    assert result.exit_code == 1
    assert "no cycle 99" in result.output
