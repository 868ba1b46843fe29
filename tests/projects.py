"""Copies of the real project, built with the real tools."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

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


Command = Callable[..., Result]
"""The ``evalbook`` command, run in a copied project."""
