"""The gate that compares notebooks with their committed outputs can fail."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from projects import copy_taojiang

if TYPE_CHECKING:
    from pathlib import Path


def test_a_planted_output_is_found(tmp_path: Path) -> None:
    project = copy_taojiang(tmp_path / "project")
    path = project / "notebooks" / "06-problems.ipynb"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("救助力度大", "救助力度小"), encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--nbval",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "kernels",
            str(path),
        ],
        cwd=project,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1, done.stdout
    assert "1 failed" in done.stdout
