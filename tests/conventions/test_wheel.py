"""A wheel, built from the sdist, installed into an empty environment and started from somewhere else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import urllib.request
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*command: str | Path, **options: Any) -> str:
    done = subprocess.run(command, text=True, capture_output=True, timeout=600, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def build(source: Path, target: str, folder: Path) -> Path:
    run(sys.executable, "-m", "hatchling", "build", "-t", target, "-d", folder, cwd=source)
    (built,) = folder.glob("*.whl" if target == "wheel" else "*.tar.gz")
    return built


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds Foyer's wheel; its dependencies are lent from this one, the checkout is not."""
    folder = tmp_path_factory.mktemp("wheel")
    sdist = build(ROOT, "sdist", folder / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "source", filter="data")
    (source,) = (folder / "source").iterdir()
    wheel = build(source, "wheel", folder / "wheel")
    home = folder / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", home)
    site = next((home / "lib").glob("python3.*")) / "site-packages"
    (site / "lent.pth").write_text(sysconfig.get_path("purelib"))
    run(sys.executable, "-m", "pip", "--python", home / "bin" / "python", "install", "--no-deps", "--no-index", wheel)
    return home


def test_the_wheel_holds_the_guide_and_its_pictures_and_no_others(environment: Path) -> None:
    script = (
        "import re; from foyer.paths import shipped; docs = shipped('docs');"
        "text = ''.join(p.read_text(encoding='utf-8') for p in docs.glob('guide/*/*.md'));"
        "shown = set(re.findall(r'/screens/([a-z0-9-]+\\.png)', text));"
        "print(len(shown) > 50, {p.name for p in (docs / 'screens').iterdir()} == shown)"
    )
    assert run(environment / "bin" / "python", "-c", script, cwd="/").split() == ["True", "True"]


def test_the_wheel_holds_everything_and_lies_in_its_own_environment(environment: Path) -> None:
    script = (
        "import foyer, pathlib; from foyer.paths import shipped; folder = pathlib.Path(foyer.__file__).parent;"
        "print(folder);"
        "[print(shipped(name)) for name in ('templates', 'migrations')];"
        "print(*sorted(str(p.relative_to(folder)) for p in folder.rglob('*') if p.suffix in ('.mo', '.gz')))"
    )
    said = run(environment / "bin" / "python", "-c", script, cwd="/").splitlines()
    assert all(line.startswith(str(environment)) for line in said[:3])
    assert "static/css/app.css.gz" in said[3].split()
    catalogues = [str(path.relative_to(ROOT / "foyer").with_suffix(".mo")) for path in ROOT.glob("foyer/**/*.po")]
    assert set(catalogues) <= set(said[3].split())


def test_the_installed_wheel_serves_from_anywhere(environment: Path, tmp_path: Path) -> None:
    surroundings = {**os.environ, "FOYER_DATA": str(tmp_path / "data"), "DATABASE_URL": ""}
    server = subprocess.Popen(
        [environment / "bin" / "foyer", "serve", "--port", "0"],
        cwd=tmp_path,
        env=surroundings,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert server.stdout is not None
        found = next(match for line in server.stdout if (match := re.search(r"http://\S+", line)))
        address = found.group()
        with urllib.request.urlopen(f"{address}/healthz", timeout=60) as answer:
            assert '"migrations":"current"' in answer.read().decode()
        with urllib.request.urlopen(f"{address}/sign-in", timeout=60) as answer:
            page = answer.read().decode()
        assert '<html lang="id">' in page
        style = re.search(r"/static/\w+/css/app\.css", page)
        assert style
        wish = urllib.request.Request(address + style.group(), headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(wish, timeout=60) as answer:
            assert (answer.status, answer.headers["Content-Encoding"]) == (200, "gzip")
    finally:
        server.terminate()
        assert server.wait(60) == 0
