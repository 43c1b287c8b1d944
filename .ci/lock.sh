#!/usr/bin/env bash
# Writes the two lock files anew from pyproject.toml. Run by hand when a dependency changes.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=${UV:-uv}
common=(--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet)
"$uv" pip compile pyproject.toml "${common[@]}" -o requirements.lock
"$uv" pip compile pyproject.toml --group dev "${common[@]}" -c requirements.lock -o requirements-dev.lock
