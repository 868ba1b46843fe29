"""Releases: refused for good reasons, whole whenever they are killed, and never changed afterwards."""

from __future__ import annotations

import datetime
import errno
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest
from ledgers import SIGNED
from publishing import (
    counted,
    ended,
    fail,
    in_process,
    killed_at,
    planted,
    refusal,
    tree,
    until,
)
from releases import (
    ALONE,
    CORRECTIONS,
    SEAMS,
    STAND_IN,
    YEAR,
    change,
    committed,
    git,
    light_project,
    remember,
    state,
)

from evalbook.editions import frozen_text, read_frozen
from evalbook.figures import load
from evalbook.publish import files
from evalbook.release.release import STORE, Wish, release
from evalbook.tables import frozen_path, ledger_path, read_ledger, read_year

TODAY = datetime.date(2026, 11, 27)
FIRST = Wish(SIGNED, TODAY, approver="桃江县民政局", status="最终", reason="照签发的报告录入")
SECOND = Wish(TODAY, TODAY, reason="更正勾稽检查证实的错误")
ENGLISH = re.compile(r"[A-Za-z]{4,}(?: [a-z]+){2,}")
MEMORY = next((path for path in [Path("/dev/shm")] if path.is_dir()), None)  # noqa: S108


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same content gives the same commit; what is written is lost with no machine here."""
    for name, value in ALONE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    monkeypatch.setattr(files, "PAUSES", (0, 0, 0))


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        remember(patch)
        yield


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder for one test."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def originals() -> Iterator[dict[str, Path]]:
    """Repositories to be copied: as signed, with edition 1, with corrections to be released, with edition 2."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder, pytest.MonkeyPatch.context() as patch:
        for name, value in ALONE.items():
            patch.setenv(name, value)
        signed = committed(light_project(Path(folder) / "signed"))
        first = Path(shutil.copytree(signed, Path(folder) / "first", symlinks=True))
        release(first, YEAR, FIRST, STAND_IN)
        corrected = Path(shutil.copytree(first, Path(folder) / "corrected", symlinks=True))
        correct(corrected)
        second = Path(shutil.copytree(corrected, Path(folder) / "second", symlinks=True))
        release(second, YEAR, SECOND, STAND_IN)
        yield {"signed": signed, "first": first, "corrected": corrected, "second": second}


def correct(project: Path) -> None:
    """Enter the corrections, and change a text directly."""
    shutil.copy(CORRECTIONS, project / "data" / str(YEAR) / "corrections.csv")
    change(project, "narrative/06-problems.md", "专款专用。", "专款专用，杜绝挪用。")


Copied = Callable[[str], Path]


@pytest.fixture
def copied(originals: dict[str, Path], tmp_path: Path) -> Copied:
    """Copy of one of the repositories, by its name."""

    def copy(name: str) -> Path:
        shutil.rmtree(tmp_path / "project", ignore_errors=True)
        return Path(shutil.copytree(originals[name], tmp_path / "project", symlinks=True))

    return copy


def second(project: Path) -> None:
    release(project, YEAR, SECOND, STAND_IN)


# -- killed, out of space, read-only


def assert_whole(project: Path, original: Path) -> int:
    """What was released before is as it was, and everything can be read; gives the number of editions."""
    ledger, problems = read_ledger(project, YEAR)
    assert problems == []
    assert len(ledger) in {1, 2}
    reading = read_year(project, YEAR)
    assert reading.problems == ()
    assert reading.year is not None
    for edition in ledger:
        assert read_frozen(project, YEAR, edition.number)
    kept = f"{STORE}/{YEAR}/1"
    assert tree(project / kept) == tree(original / kept)
    assert frozen_path(project, YEAR, 1).read_bytes() == frozen_path(original, YEAR, 1).read_bytes()
    return len(ledger)


def test_killed_at_any_operation(originals: dict[str, Path], copied: Copied) -> None:
    expected = state(originals["second"])
    operations = counted(lambda: second(copied("corrected")), SEAMS)
    released = []
    for at, name in enumerate(operations, start=1):
        project = copied("corrected")
        killed_at(at, partial(second, project), torn=True, seams=SEAMS)
        released.append(assert_whole(project, originals["first"]))
        said = refusal(partial(second, project))
        assert said == "" or (released[-1] == 2 and "数据与第2版相同" in said), (at, name, said)
        assert state(project) == expected, (at, name)
    assert released == sorted(released)
    assert {1, 2} == set(released)
