"""One measurement in a process of its own: `python -m benchmarks.worker MEASURE ARGUMENTS`, figures as JSON on the last
line. Started by the runner."""

from __future__ import annotations

import importlib
import json
import sys


def main() -> None:
    name, given = sys.argv[1], json.loads(sys.argv[2])
    module, function = name.split(".")
    given.pop("process", None)  # only tells equal measurements apart
    measure = getattr(importlib.import_module(f"benchmarks.measures.{module}"), function)
    sys.stdout.write("\n" + json.dumps(measure(**given)) + "\n")


if __name__ == "__main__":
    main()
