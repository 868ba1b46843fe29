"""Projects for the tests: copies of the real one, built with the real tools."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from evalbook.cli import main
from evalbook.figures import FigureSet, load

ROOT = Path(__file__).resolve().parents[1]
GENERATED = shutil.ignore_patterns("_build", "years", ".ipynb_checkpoints")


def copy_project(folder: Path) -> Path:
    """Copy what a build needs into an empty folder."""
    for name in ("data", "notebooks", "book"):
        shutil.copytree(ROOT / name, folder / name, symlinks=True, ignore=GENERATED)
    for name in ("_config.yml", "_toc.yml", "requirements.txt"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def build(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``jupyter-book build book/`` in a project, as the README says."""
    return subprocess.run(
        [str(Path(sys.executable).with_name("jupyter-book")), "build", "book/"],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def built(folder: Path, **environment: str) -> Path:
    """Build a project and return its HTML; the build must succeed."""
    done = build(folder, **environment)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return folder / "book" / "_build" / "html"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project that a test may damage."""
    return copy_project(tmp_path / "project")


@pytest.fixture(scope="session")
def figures() -> FigureSet:
    """Figures of the real 2020 data."""
    return load(ROOT, 2020)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """HTML of the real project, built once for all tests."""
    return built(copy_project(tmp_path_factory.mktemp("site") / "project"))


Command = Callable[..., Result]


@pytest.fixture
def evalbook(project: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command, run in the copied project."""
    monkeypatch.chdir(project)
    return lambda *arguments: CliRunner().invoke(main, arguments)
