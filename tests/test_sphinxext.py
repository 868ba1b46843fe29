"""The exchange of the last good book survives being killed half way."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from projects import build

from evalbook.sphinxext.exchange import aside, finish, stage

if TYPE_CHECKING:
    from pathlib import Path


def test_a_second_build_at_the_same_time_is_refused(project: Path) -> None:
    folder = project / "book" / "_build"
    folder.mkdir()
    with FileLock(folder / ".lock"):
        done = build(project)
    assert done.returncode == 2
    assert "另一个生成正在进行" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (project / "book" / "years").exists()


@pytest.mark.parametrize("left", ["nothing", "an empty folder"])
def test_a_killed_exchange_is_undone(tmp_path: Path, left: str) -> None:
    target = tmp_path / "html"
    old = aside(target, "old")
    old.mkdir()
    (old / "index.html").write_text("good", encoding="utf-8")
    if left == "an empty folder":
        target.mkdir()
    assert not stage(target).exists()
    assert (target / "index.html").read_text(encoding="utf-8") == "good"
    assert not old.exists()


def test_a_whole_book_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "html"
    for folder, text in ((target, "new"), (aside(target, "old"), "old")):
        folder.mkdir()
        (folder / "index.html").write_text(text, encoding="utf-8")
    assert not stage(target).exists()
    assert (target / "index.html").read_text(encoding="utf-8") == "new"


def test_a_file_that_somebody_reads_stays_and_is_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Windows does not let go of an opened PDF."""
    targets = tmp_path / "pdf", tmp_path / "html"
    for target in targets:
        for folder, text in ((target, "old"), (aside(target, "new"), "new")):
            folder.mkdir()
            (folder / "index.html").write_text(text, encoding="utf-8")

    def opened(self: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(type(tmp_path), "replace", opened)
    app = SimpleNamespace(
        _warncount=0, outdir=aside(targets[1], "new"), builder=SimpleNamespace(format="text")
    )
    with caplog.at_level(logging.WARNING):
        finish(app, None, targets)  # type: ignore[arg-type]
    assert f"换不上新的文件：{targets[0]}。请关闭正打开着的网页或 PDF，再生成一次" in caplog.text
    for target in targets:
        assert (target / "index.html").read_text(encoding="utf-8") == "old"
        assert not aside(target, "new").exists()


def test_what_a_killed_build_has_made_is_thrown_away(tmp_path: Path) -> None:
    target = tmp_path / "pdf"
    made = aside(target, "new")
    made.mkdir()
    (made / "report-2020.pdf").write_text("half", encoding="utf-8")
    assert stage(target) == made
    assert not made.exists()
