"""The gate that compares notebooks with their committed outputs can fail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from outputs import LONGEST, concise
from projects import ROOT, copy_taojiang

if TYPE_CHECKING:
    from pathlib import Path


def test_a_planted_output_is_found(tmp_path: Path) -> None:
    project = copy_taojiang(tmp_path / "project")
    path = project / "notebooks" / "chapter.ipynb"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("11650.08万元", "11650.09万元"), encoding="utf-8")
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
            "notebook_gate",
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


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_committed_outputs_are_small(path: Path) -> None:
    assert "<svg" not in path.read_text(encoding="utf-8")
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", ()):
            assert len(json.dumps(output["data"], ensure_ascii=False)) < 2 * LONGEST
            assert output["metadata"] == {}


@pytest.mark.parametrize(
    ("output", "changed"),
    [
        ("<svg><text>3020.04万元</text></svg>", "<svg><text>3020.05万元</text></svg>"),
        ({"values": [3020.04] * LONGEST}, {"values": [*[3020.04] * (LONGEST - 1), 3020.05]}),
        ("上级3020.04万元" * LONGEST, "上级3020.04万元" * (LONGEST - 1) + "上级3020.05万元"),
        ("上级3020.04万元", "上级3020.05万元"),
    ],
    ids=["drawing", "chart", "long text", "short text"],
)
def test_a_changed_figure_changes_what_is_committed(output: object, changed: object) -> None:
    assert concise(output) != concise(changed)
    assert concise(concise(output)) == concise(output)
