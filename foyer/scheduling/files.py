"""Problems and plans as files: JSON of the versions ``foyer-problem/1`` and ``foyer-plan/1``.

Reading is strict (no unknown field, no number written as text) and reports every mistake with its place.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, is_dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from foyer.scheduling import plan as plan_module
from foyer.scheduling import problem as problem_module
from foyer.scheduling.digest import problem_hash
from foyer.scheduling.plan import Plan
from foyer.scheduling.problem import Problem
from foyer.scheduling.validation import Fault, InvalidProblem, faults_of

__all__ = [
    "PLAN_FORMAT",
    "PROBLEM_FORMAT",
    "ProblemFileError",
    "problem_hash",
    "put_file",
    "read_plan",
    "read_problem",
    "write_plan",
    "write_problem",
]

PROBLEM_FORMAT = "foyer-problem/1"
PLAN_FORMAT = "foyer-plan/1"


class ProblemFileError(InvalidProblem):
    """The file cannot be read as what it should be; ``faults`` has every mistake with its place."""


def _strict(module: Any) -> None:
    for thing in vars(module).values():
        if isinstance(thing, type) and is_dataclass(thing):
            thing.__pydantic_config__ = ConfigDict(extra="forbid", allow_inf_nan=False)  # type: ignore[attr-defined]


_strict(problem_module)
_strict(plan_module)
_problems: TypeAdapter[Problem] = TypeAdapter(Problem)
_plans: TypeAdapter[Plan] = TypeAdapter(Plan)


def read_problem(text: str) -> Problem:
    """The problem in a ``foyer-problem/1`` file. Raises ProblemFileError with all mistakes."""
    try:
        problem = _problems.validate_json(_body(text, PROBLEM_FORMAT), strict=True)
    except ValidationError as error:
        raise ProblemFileError(_faults(error)) from None
    faults = faults_of(problem)
    if faults:
        raise ProblemFileError(faults)
    return problem


def write_problem(problem: Problem) -> str:
    """The problem as a ``foyer-problem/1`` file; reading it gives an equal problem."""
    return _text(PROBLEM_FORMAT, problem)


def read_plan(text: str) -> Plan:
    """The plan in a ``foyer-plan/1`` file. Raises ProblemFileError with all mistakes."""
    try:
        return _plans.validate_json(_body(text, PLAN_FORMAT), strict=True)
    except ValidationError as error:
        raise ProblemFileError(_faults(error)) from None


def write_plan(plan: Plan) -> str:
    """The plan as a ``foyer-plan/1`` file; reading it gives an equal plan."""
    return _text(PLAN_FORMAT, plan)


def put_file(path: Path, text: str) -> None:
    """Write a file whole or not at all: whoever is killed on the way leaves what was there before. Raises OSError where
    the folder cannot be written. What is no ordinary file, such as a pipe, is written to directly."""
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")
        return
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False) as draft:
        try:
            draft.write(text)
            draft.flush()
            os.fsync(draft.fileno())
            os.chmod(draft.name, path.stat().st_mode if path.exists() else 0o666 & ~_umask())
            os.replace(draft.name, path)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise


def _umask() -> int:
    """What a new file of this process may not be; reading it sets it, so it is set back at once."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _text(version: str, thing: Problem | Plan) -> str:
    return json.dumps({"format": version, **asdict(thing)}, ensure_ascii=False, indent=1) + "\n"


class _Twice(Exception):
    """An object has a field twice, of which one would be lost."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return found


def _body(text: str, version: str) -> str:
    """The file without its ``format`` line, as JSON again."""
    try:
        data = json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ProblemFileError((Fault(place, f"not JSON: {error.msg}"),)) from None
    except _Twice as error:
        raise ProblemFileError((Fault(str(error), "stands twice in one object"),)) from None
    except ValueError:  # Python reads no whole number of more than 4,300 digits
        raise ProblemFileError((Fault("file", "a number has too many digits"),)) from None
    except RecursionError:
        raise ProblemFileError((Fault("file", "nested too deeply"),)) from None
    if not isinstance(data, dict):
        raise ProblemFileError((Fault("file", "must be one JSON object"),))
    found = data.pop("format", None)
    if found != version:
        raise ProblemFileError((Fault("format", f"must be {version!r}, found {found!r}"),))
    return json.dumps(data)


def _faults(error: ValidationError) -> tuple[Fault, ...]:
    return tuple(Fault(_place(e["loc"]), e["msg"]) for e in error.errors(include_url=False))


def _place(path: tuple[int | str, ...]) -> str:
    place = ""
    for step in path:
        place += f"[{step}]" if isinstance(step, int) else f".{step}"
    return place.lstrip(".") or "file"
