"""The JSON Schemas of ``foyer-problem/1`` and ``foyer-plan/1``, made from the dataclasses and the words beside their
fields. ``python -m foyer.scheduling.schema DIRECTORY`` writes both files."""

from __future__ import annotations

import inspect
import json
import re
import sys
from dataclasses import is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import TypeAdapter

from foyer.scheduling import files
from foyer.scheduling import plan as plan_module
from foyer.scheduling import problem as problem_module

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FIELD = re.compile(r"^    (\w+): [^#\n]*#\s*(.+)$", re.MULTILINE)


def schemas() -> dict[str, dict[str, Any]]:
    """Each format's schema by its name, for instance ``foyer-problem/1``."""
    return {
        files.PROBLEM_FORMAT: _schema(files.PROBLEM_FORMAT, problem_module.Problem, problem_module),
        files.PLAN_FORMAT: _schema(files.PLAN_FORMAT, plan_module.Plan, plan_module),
    }


def _schema(version: str, kind: type, module: ModuleType) -> dict[str, Any]:
    made = TypeAdapter(kind).json_schema(ref_template="#/$defs/{model}")
    parts: dict[str, Any] = {**made.pop("$defs", {}), kind.__name__: made}
    for name, part in parts.items():
        described = getattr(module, name, None) or getattr(plan_module, name, None)
        if described is not None and is_dataclass(described):
            _describe(part, described)
    del parts[kind.__name__]
    made["properties"] = {"format": {"const": version}, **made["properties"]}
    made["required"] = ["format", *made.get("required", ())]
    return {"$schema": DIALECT, **made, "$defs": dict(sorted(parts.items()))}


def _describe(part: dict[str, Any], kind: Any) -> None:
    """The docstring and the comment beside each field, as descriptions."""
    part["description"] = " ".join((inspect.getdoc(kind) or "").replace("``", "").split())
    if part["description"].startswith(kind.__name__ + "("):  # what dataclass writes where nobody wrote anything
        del part["description"]
    part.pop("title", None)
    for field in part.get("properties", {}).values():
        field.pop("title", None)  # the name again, in capitals
    for name, words in _FIELD.findall(inspect.getsource(kind)):
        if name in part.get("properties", {}):
            part["properties"][name]["description"] = words.replace("``", "")


def file_name(version: str) -> str:
    """The schema's file, for instance ``foyer-problem-1.schema.json``."""
    return version.replace("/", "-") + ".schema.json"


def text(schema: dict[str, Any]) -> str:
    """The schema as its file has it."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write both files into the directory named on the command line."""
    directory = Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    for version, schema in schemas().items():
        (directory / file_name(version)).write_text(text(schema), encoding="utf-8")


if __name__ == "__main__":
    main()
