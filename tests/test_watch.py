"""A build that stays: each change is there in seconds, each mistake is told, and nothing is left when it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from counties import small_project
from test_book import below, runs
from test_kept import replace

from evalbook.release import Builder
from evalbook.run.drawing import KERNELS, POOL
from evalbook.sphinxext.typesetter import MAIN

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self


class Watching:
    """``evalbook build --watch`` in a project."""

    def __init__(self, project: Path) -> None:
        # Started in the background, a process would not hear the signal.
        code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        code += "from evalbook.cli import main; main(['build', '--watch'])"
        self.told = project / "told.txt"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=project,
            stdout=self.told.open("w", encoding="utf-8"),
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"},
        )
        self.read = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    def until(self, words: str) -> str:
        """What is told from now on until these words come."""
        deadline = time.monotonic() + 120
        while words not in (told := self.told.read_text(encoding="utf-8")[self.read :]):
            assert time.monotonic() < deadline, told
            assert self.process.poll() is None, told
            time.sleep(0.1)
        self.read += len(told)
        return told


WAITING = "等着您改文件；按 Ctrl-C 结束。"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_project(tmp_path_factory.mktemp("watched") / "project")


def test_what_changes_is_made_again_and_what_is_wrong_is_told(small: Path) -> None:
    with Watching(small) as watching:
        assert "打开方法" in watching.until(WAITING)
        (small / "data" / "2023" / "~$funds.xlsx").touch()  # Excel opens a file: nobody has changed one
        replace("data/2023/narrative/04-results.md", "有保障", "有依靠")(small)
        assert "更新了2023年度3页：四、绩效目标完成情况和自评结论；勾稽检查；质量自查（" in watching.until(
            WAITING
        )
        replace("data/2023/funds.csv", "120", "一百二")(small)
        told = watching.until(WAITING)
        assert "data/2023/funds.csv 第3行“金额”：写的是“一百二”" in told
        assert "原来的网页和 PDF 保持不变" in told
        replace("data/2023/funds.csv", "一百二", "120.05")(small)
        told = watching.until(WAITING)
        assert "更新了" in told
        assert "检查规则" not in told  # a page that shows nothing of it, though the last build failed
        assert "120.05" in (small / "book/_build/html/years/2023/tables.html").read_text(encoding="utf-8")
        started = below(watching.process.pid)
        assert started
        watching.process.send_signal(signal.SIGINT)
        assert watching.process.wait(timeout=5) == 0
        assert watching.told.read_text(encoding="utf-8").endswith("已结束。\n")
        assert not any(map(runs, started))


def test_who_is_killed_leaves_nothing_running(small: Path) -> None:
    with Watching(small) as watching:
        watching.until(WAITING)
        started = below(watching.process.pid)
    deadline = time.monotonic() + 5
    while any(map(runs, started)):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_where_processes_cannot_be_copied_each_build_has_its_own(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows."""
    monkeypatch.setenv(KERNELS, POOL)
    with Builder() as builder:
        for word in ("暗访", "家访"):
            results = small / "data" / "2023" / "narrative" / "04-results.md"
            results.write_text(f"# 四、效益\n\n通过{word}，群众满意。\n", encoding="utf-8")
            builder.build(small, small / "book")
            page = (small / "book/_build/html/years/2023/04-results.html").read_text(encoding="utf-8")
            assert word in page


TYPESETTER = """
import os, signal, sys
from pathlib import Path
from evalbook.sphinxext.typesetter import MAIN, Typesetter, set_report

folder = Path(sys.argv[1])
first = Typesetter.stay()
first.practise(folder / "nowhere")
report = set_report(folder)
assert report.content and not report.error
assert Typesetter.stay() is first
first._lock.acquire()  # who asked went before it answered
assert first.ask(folder) is None
second = Typesetter.stay()
assert second is not first
assert second.ask(folder) == report
os.kill(second._process.pid, signal.SIGKILL)
assert second.ask(folder) is None
assert Typesetter.stay() not in {first, second}
assert set_report(folder) == report
Typesetter.stay().stop()
assert set_report(folder) == report  # by this process
(folder / MAIN).write_text("#nothing", encoding="utf-8")
assert "unknown variable: nothing" in set_report(folder).error
"""


def test_a_typesetter_that_stays_sets_the_same_and_is_never_waited_for_in_vain(tmp_path: Path) -> None:
    """In a process of its own: one that has set has threads, which a copy would wait for."""
    code = '#set document(title: [t], date: datetime(year: 2020, month: 1, day: 1))\n#set text(lang: "zh")\n= a\n'
    (tmp_path / MAIN).write_text(code, encoding="utf-8")
    subprocess.run([sys.executable, "-c", TYPESETTER, str(tmp_path)], check=True, timeout=60)
