"""The exchange of the last good book survives being killed half way."""

from __future__ import annotations

import logging
from pathlib import Path
from types import SimpleNamespace

import pytest
from counties import small_project
from filelock import FileLock
from projects import build

from evalbook.sphinxext.exchange import aside, exchange, finish, settle


def test_a_second_build_at_the_same_time_is_refused(tmp_path: Path) -> None:
    project = small_project(tmp_path / "project")
    folder = project / "book" / "_build"
    folder.mkdir()
    with FileLock(folder / ".lock"):
        done = build(project)
    assert done.returncode == 2
    assert "另一个生成正在进行" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (project / "book" / "years").exists()


@pytest.fixture
def targets(tmp_path: Path) -> tuple[Path, Path]:
    """PDF and book of an earlier build, and beside them those that shall replace them."""
    targets = tmp_path / "pdf", tmp_path / "html"
    for target in targets:
        for folder, text in ((target, "old"), (aside(target, "new"), "new")):
            folder.mkdir()
            (folder / "index.html").write_text(text, encoding="utf-8")
    return targets


def texts(targets: tuple[Path, Path]) -> list[str]:
    return [(target / "index.html").read_text(encoding="utf-8") for target in targets]


def fail(patch: pytest.MonkeyPatch, which: int, error: BaseException) -> None:
    """Let one of the moves fail: 1 and 2 put the old ones aside, 3 and 4 the new ones in their place."""
    moves = 0
    replace = Path.replace

    def counted(self: Path, target: Path) -> Path:
        nonlocal moves
        moves += 1
        if moves == which:
            raise error
        return replace(self, target)

    patch.setattr(Path, "replace", counted)


def test_an_exchange_leaves_nothing_behind(targets: tuple[Path, Path]) -> None:
    exchange(targets)
    assert texts(targets) == ["new", "new"]
    assert sorted(path.name for path in targets[0].parent.iterdir()) == ["html", "pdf"]


@pytest.mark.parametrize("which", [1, 2, 3, 4])
def test_a_file_that_somebody_reads_keeps_both(
    targets: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, which: int
) -> None:
    """Windows does not let go of an opened PDF; book and PDF stay of one build."""
    fail(monkeypatch, which, PermissionError(13, "Permission denied", "report-2020.pdf"))
    outdir = aside(targets[1], "new")
    app = SimpleNamespace(_warncount=0, outdir=outdir, builder=SimpleNamespace(format="text"))
    with caplog.at_level(logging.WARNING):
        finish(app, None, targets, whole=False)  # type: ignore[arg-type]
    assert "换不上新的文件：report-2020.pdf。请关闭正打开着的网页或 PDF，再生成一次" in caplog.text
    assert texts(targets) == ["old", "old"]
    assert sorted(path.name for path in targets[0].parent.iterdir()) == ["html", "pdf"]


@pytest.mark.parametrize("which", [1, 2, 3, 4])
def test_a_killed_exchange_is_undone(targets: tuple[Path, Path], which: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        fail(patch, which, SystemExit())
        with pytest.raises(SystemExit):
            exchange(targets)
    settle(targets)
    assert not any(aside(target, "new").exists() for target in targets)
    assert texts(targets) == ["old", "old"]
    assert sorted(path.name for path in targets[0].parent.iterdir()) == ["html", "pdf"]


def test_a_build_that_was_killed_while_it_tidied_up_is_done(targets: tuple[Path, Path]) -> None:
    exchange(targets)
    left = aside(targets[1], "old")
    left.mkdir()
    (left / "index.html").write_text("old", encoding="utf-8")
    settle(targets)
    assert texts(targets) == ["new", "new"]
    assert not left.exists()


def test_an_empty_folder_is_no_book(targets: tuple[Path, Path]) -> None:
    targets[1].rename(aside(targets[1], "old"))
    targets[1].mkdir()
    settle(targets)
    assert texts(targets) == ["old", "old"]
