"""What a build adds to the sources: compiled catalogues, a compressed twin of every text file that pages load, and the
pictures that the guide shows."""

from __future__ import annotations

import gzip
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMPRESSED = {".css", ".js", ".svg", ".json"}


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Called by hatchling for the wheel, for the sdist and for an editable installation."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        package = Path(self.root) / "foyer"
        for catalogue in package.glob("translations/*/LC_MESSAGES/messages.po"):
            _compile(catalogue)
        build_data["artifacts"].append("foyer/translations/**/*.mo")
        if self.target_name == "wheel" and version != "editable":
            self.folder = tempfile.TemporaryDirectory(prefix="foyer-static-")
            build_data["force_include"].update(_compressed_twins(package / "static", Path(self.folder.name)))
            build_data["force_include"].update(_pictures_of_the_guide(Path(self.root) / "docs"))

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if folder := getattr(self, "folder", None):
            folder.cleanup()


def _compile(catalogue: Path) -> None:
    with catalogue.open("rb") as source:
        messages = read_po(source)
    draft = catalogue.with_suffix(f".mo-{os.getpid()}")
    with draft.open("wb") as target:
        write_mo(target, messages)
    draft.replace(catalogue.with_suffix(".mo"))  # whole or not at all: a running server may be reading it


def _pictures_of_the_guide(docs: Path) -> dict[str, str]:
    """docs/screens shows every page at both widths; whoever installs Foyer needs a third of it."""
    texts = [path.read_text(encoding="utf-8") for path in docs.glob("guide/*/*.md")]
    names = {name for text in texts for name in re.findall(r"/screens/([a-z0-9-]+\.png)", text)}
    return {str(docs / "screens" / name): f"foyer/_shipped/docs/screens/{name}" for name in sorted(names)}


def _compressed_twins(static: Path, folder: Path) -> dict[str, str]:
    """WhiteNoise serves ``app.css.gz`` in place of ``app.css`` to browsers that can read it."""
    twins = {}
    for path in sorted(static.rglob("*")):
        if path.suffix not in COMPRESSED or not path.is_file():
            continue
        squeezed = gzip.compress(path.read_bytes(), mtime=0)
        if len(squeezed) > 0.9 * path.stat().st_size:
            continue
        name = f"{path.relative_to(static)}.gz"
        twin = folder / name.replace("/", "__")
        twin.write_bytes(squeezed)
        twins[str(twin)] = f"foyer/static/{name}"
    return twins
