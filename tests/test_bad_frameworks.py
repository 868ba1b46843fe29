"""A framework that was typed wrongly gets its Chinese answer: one folder a slip, with the files at fault and the message."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from projects import ROOT

from evalbook.cli import main

FOLDER = Path(__file__).with_name("bad_frameworks")
GOOD = FOLDER / "good"
SLIPS = sorted(path for path in FOLDER.iterdir() if path.is_dir() and path != GOOD)


def checked(folder: Path, slip: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Exit code and words of ``evalbook framework check`` on the good framework with the files of a slip."""
    shutil.copytree(ROOT / "data" / "reference", folder / "data" / "reference")
    framework = folder / "data" / "frameworks" / "county-2021"
    shutil.copytree(GOOD, framework)
    shutil.copytree(slip, framework, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected.txt"))
    for name in (slip / "delete").read_text(encoding="utf-8").split() if (slip / "delete").exists() else ():
        (framework / name).unlink()
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(main, ["framework", "check", "county-2021"])
    return done.exit_code, done.output


@pytest.mark.parametrize("slip", SLIPS, ids=[slip.name for slip in SLIPS])
def test_a_slip_is_answered(slip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, words = checked(tmp_path, slip, monkeypatch)
    assert words == (slip / "expected.txt").read_text(encoding="utf-8")
    assert code == 2


def test_the_good_framework_has_no_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison above is against a framework without faults of its own."""
    code, words = checked(tmp_path, GOOD, monkeypatch)
    assert code == 0, words
    assert "总分20分，各项分值和计分办法齐全" in words
