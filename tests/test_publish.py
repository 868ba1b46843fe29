"""Publishing: whole at every moment, never changed once published, and provable."""

from __future__ import annotations

import errno
import json
import os
import re
import resource
import shutil
import stat
import struct
import tempfile
import time
import zipfile
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from unittest import mock

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from publishing import (
    OPERATIONS,
    TODAY,
    Killed,
    counted,
    die,
    ended,
    fail,
    in_process,
    killed_at,
    made_edition,
    planted,
    pointers_to,
    published,
    refusal,
    released,
    tree,
    until,
    walked,
)

from evalbook.errors import EvalbookError
from evalbook.publish import (
    MANIFEST,
    Delivered,
    Released,
    checksum_file,
    files,
    manifest_of,
    publish,
    verify,
    write_archive,
)
from evalbook.publish.manifest import PATH_LIMIT, entry_of, name_fault, name_faults, read_manifest
from evalbook.publish.verify import CHANGED, EXTRA, JOURNAL, MISSING, UNSAFE, WORK, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ENGLISH = re.compile(r"[A-Za-z]{4,}(?: [a-z]+){2,}")
"""Words in a row, as an error of the system has them."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written is lost with no machine here, and nobody needs to be waited for."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    monkeypatch.setattr(files, "PAUSES", (0, 0, 0))


MEMORY = next((path for path in [Path("/dev/shm")] if path.is_dir()), None)  # noqa: S108
"""Where thousands of small files take a fifth of the time that they take on a disk."""


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder for one test."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)


@pytest.fixture
def editions(tmp_path: Path) -> list[Released]:
    """Two of one year, of which the first has a page more, and one of the next."""
    made = tmp_path / "released"
    return [
        made_edition(made, 2020, 1, pages=("index.html", "score.html", "数据下载.html")),
        made_edition(made, 2020, 2),
        made_edition(made, 2021, 1),
    ]


@pytest.fixture
def site(tmp_path: Path, editions: list[Released]) -> Path:
    """A site with all of them."""
    target = tmp_path / "site"
    published(editions, target)
    return target


def whats(path: Path) -> list[tuple[str, str]]:
    """Faults, each by the first word of what it is."""
    return [(fault.path, re.split("[：，。]", fault.what)[0]) for fault in verify(path)]


# -- what is published


def test_a_site_holds_exactly_its_editions_and_pointers(editions: list[Released], tmp_path: Path) -> None:
    target = tmp_path / "site"
    old = os.umask(0o077)
    try:
        first = published(editions[:1], target)
        then = published(editions, target)
    finally:
        os.umask(old)
    assert first.added == ("2020/1",)
    assert "2020/数据下载.html" in first.replaced
    assert (then.added, then.present) == (("2020/2", "2021/1"), ("2020/1",))
    assert "2020/index.html" in then.replaced
    assert "2020/数据下载.html" not in then.replaced
    expected = pointers_to(editions)
    expected |= {f"{one.place}/{path}": text for one in editions for path, text in tree(one.folder).items()}
    assert {path: text for path, text in tree(target).items() if path != MANIFEST} == expected
    assert verify(target) == ()
    assert all(verify(target / edition.place) == () for edition in editions)
    assert walked(target)
    for path in target.rglob("*"):
        if WORK not in path.parts:
            assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644), path
    report = target / "2020" / "2" / "report-2020.pdf"
    assert datetime.fromtimestamp(report.stat().st_mtime, UTC) == datetime(2021, 4, 2, tzinfo=UTC)
    assert {path.name for path in (target / WORK).iterdir()} == {"lock"}


def test_publishing_again_touches_nothing(editions: list[Released], site: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*") if WORK not in path.parts}
    again = published(editions, site)
    assert again == Delivered((), ("2020/1", "2020/2", "2021/1"), (), (), (), (), finished=False)
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*") if WORK not in path.parts} == before


def test_pointers_nobody_wants_go_and_pages_of_editions_stay(
    editions: list[Released], tmp_path: Path
) -> None:
    target, pointers = tmp_path / "site", pointers_to(editions)
    publish(editions, {**pointers, "2020/old.css": b"", "old.html": b""}, target, TODAY)
    done = publish(
        editions, {path: text for path, text in pointers.items() if "数据下载" not in path}, target, TODAY
    )
    assert done.removed == ("2020/old.css", "old.html")
    assert (target / "2020" / "数据下载.html").is_file()
    assert not (target / "old.html").exists()
    assert verify(target) == ()


def test_years_that_are_not_known_here_stay(editions: list[Released], site: Path) -> None:
    before = tree(site)
    published(editions[:2], site)
    assert {path: text for path, text in tree(site).items() if path.startswith("2021/")} == {
        path: text for path, text in before.items() if path.startswith("2021/")
    }
    assert verify(site) == ()


def test_lost_files_and_editions_are_restored(editions: list[Released], site: Path) -> None:
    before = tree(site)
    (site / "2020" / "1" / "score.html").unlink()
    (site / "2020" / "score.html").unlink()
    shutil.rmtree(site / "2020" / "2")
    done = published(editions, site)
    assert "2020/1/score.html" in done.restored
    assert "2020/2/index.html" in done.restored
    assert done.replaced == ("2020/score.html",)
    assert tree(site) == before


def test_files_of_others_are_left_alone_and_named(editions: list[Released], site: Path) -> None:
    for path in ("web.config", "notes.txt", "2020/1/Thumbs.db"):  # the first is the server's own
        (site / path).write_bytes(b"")
    assert published(editions, site).foreign == ("2020/1/Thumbs.db", "notes.txt")
    assert whats(site) == [("2020/1/Thumbs.db", EXTRA), ("notes.txt", EXTRA)]


# -- what is refused


def changed(edition: Released, path: str, content: bytes = b"") -> None:
    (edition.folder / path).write_bytes(content)


def linked(site: Path, path: str) -> None:
    """Put a link in the place of a file or folder, to where it went."""
    (site / path).rename(site.parent / "moved")
    (site / path).symlink_to(site.parent / "moved")


def dated(editions: list[Released], site: Path) -> None:
    """An edition of a year that is not known here says that it is of a day to come."""
    os.utime(site / editions.pop().place / MANIFEST, (2**31, 2**31))


def lying(site: Path, path: str, pointers: dict[str, bytes], pointer: str) -> None:
    """Somebody's file lies where a page of nearly the same name must go."""
    (site / path).touch()
    pointers[pointer] = b""


def led_away(site: Path) -> None:
    shutil.rmtree(site / WORK)
    (site / WORK).symlink_to(site.parent)


REFUSED: Mapping[str, tuple[Callable[[list[Released], Path, dict[str, bytes]], object], str]] = {
    "an edition that was edited": (lambda e, s, p: changed(e[1], "score.html"), r"2020年度第2版.*score\.html"),
    "an edition with a file more": (lambda e, s, p: changed(e[1], "x.txt"), r"x\.txt：多余"),
    "an edition that lost a file": (lambda e, s, p: (e[1].folder / "score.html").unlink(), r"score\.html：缺少"),
    "an edition that is gone": (lambda e, s, p: shutil.rmtree(e[2].folder), "2021年度第1版的文件夹.*不见了"),
    "an edition unlike its entry in the ledger": (
        lambda e, s, p: e.__setitem__(2, replace(e[2], content="0" * 64)),
        "2021年度第1版.*不是登记时的内容",
    ),
    "an edition twice": (lambda e, s, p: e.append(e[0]), "2020/1 给了两次"),
    "an edition of tomorrow": (
        lambda e, s, p: e.__setitem__(2, replace(e[2], date=TODAY + timedelta(days=1))),
        "时钟.*校准",
    ),
    "an edition of tomorrow in the site": (
        lambda e, s, p: dated(e, s),
        "网站上的2021年度第1版.*时钟",
    ),
    "other content under a published edition": (
        lambda e, s, p: e.__setitem__(1, made_edition(e[1].folder / "again", 2020, 2, "改过")),
        r"2020年度第2版已经发布过，而这次的内容不同（index\.html、score\.html）.*新的一版",
    ),
    "a published file that was changed": (
        lambda e, s, p: (s / "2020/1/score.html").write_bytes(b"x"),
        r"第1版在网站上的文件被改动过：2020/1/score\.html.*移到网站之外",
    ),
    "a published file that is a link": (
        lambda e, s, p: linked(s, "2020/1/score.html"),
        r"被改动过：2020/1/score\.html",
    ),
    "fewer editions of a year than the site has": (lambda e, s, p: e.pop(1), "已有2020年度第2版，而这里没有登记"),
    "an edition by hand": (
        lambda e, s, p: shutil.copytree(s / "2020/1", s / "2020/7"),
        "已有2020年度第7版，而这里没有登记",
    ),
    "a page where an edition lies": (lambda e, s, p: p.update({"2020/1/x.html": b""}), "版次和清单的"),
    "a page in the place of an edition": (lambda e, s, p: p.update({"2020/1": b""}), "同一个名称"),
    "a manifest among the pages": (lambda e, s, p: p.update({MANIFEST: b""}), "版次和清单的"),
    "a hidden page": (lambda e, s, p: p.update({".htaccess": b""}), r"\.htaccess：是制作过程的文件"),
    "a page outside": (lambda e, s, p: p.update({"../x.html": b""}), "跳出了文件夹"),
    "a page for a device": (lambda e, s, p: p.update({"2020/Aux.html": b""}), "设备名"),
    "a page too long": (lambda e, s, p: p.update({"a/" * PATH_LIMIT + "x.html": b""}), "长于"),
    "two pages that differ in case": (lambda e, s, p: p.update({"INDEX.html": b""}), "不分大小写"),
    "a page unlike a foreign file in case": (lambda e, s, p: lying(s, "X.css", p, "x.css"), "不分大小写.*改名"),
    "a page unlike a foreign file in Unicode": (
        lambda e, s, p: lying(s, "cafe\u0301.css", p, "caf\u00e9.css"),
        "不分大小写.*改名",
    ),
    "a link in the place of a year": (lambda e, s, p: linked(s, "2021"), "2021.*同一个名称"),
    "a manifest that was edited": (lambda e, s, p: (s / MANIFEST).write_bytes(b"{}"), "清单.*备份"),
    "a manifest that is a link": (lambda e, s, p: linked(s, MANIFEST), "不是文件.*备份"),
    "a site without its manifest": (lambda e, s, p: (s / MANIFEST).unlink(), "不是 evalbook 发布的文件夹"),
    "a work folder that leads elsewhere": (
        lambda e, s, p: led_away(s),
        "不是文件夹。请把它移走",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_publish_refuses(case: str, editions: list[Released], site: Path) -> None:
    pointers = pointers_to(editions)
    plant, words = REFUSED[case]
    plant(editions, site, pointers)
    before = tree(site)
    with pytest.raises(EvalbookError, match=f"(?s){words}") as refused:
        publish(editions, pointers, site, TODAY)
    assert not ENGLISH.search(str(refused.value))
    assert tree(site) == before


@pytest.mark.parametrize(
    "name", [".hidden", "a/.git/x", "notebook.ipynb", "x.PY", "_tree/x.doctree", "e.pickle"]
)
def test_workings_are_not_published(name: str, tmp_path: Path) -> None:
    edition = released(tmp_path / "released", 2020, 1, {"index.html": b"", name: b""})
    with pytest.raises(EvalbookError, match="是制作过程的文件，不能发布"):
        published([edition], tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_everything_wrong_is_said_at_once(editions: list[Released], site: Path) -> None:
    (site / "2020/1/index.html").write_bytes(b"x")
    (site / "2020/2/score.html").write_bytes(b"x")
    (site / "2021").rename(site / "1999")
    with pytest.raises(EvalbookError) as refused:
        published(editions, site)
    assert "2020/1/index.html" in str(refused.value)
    assert "2020/2/score.html" in str(refused.value)


def test_a_damaged_edition_moved_away_comes_back(
    editions: list[Released], site: Path, tmp_path: Path
) -> None:
    before = tree(site)
    (site / "2020/1/index.html").write_bytes(b"x")
    with pytest.raises(EvalbookError, match="移到网站之外"):
        published(editions, site)
    (site / "2020/1").rename(tmp_path / "evidence")
    published(editions, site)
    assert tree(site) == before


def test_folders_that_are_no_place_for_a_site(editions: list[Released], base: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").touch()
    for target, words in (
        (tmp_path / "file", "是文件"),
        (tmp_path / "none" / "site", "没有 .*none"),
        (tmp_path / "full", r"里有别的文件（notes\.txt），不是 evalbook 发布的文件夹"),
        (base, "项目自己的文件夹"),
        (base / "data" / "2023" / "site", "项目自己的文件夹"),
        (base / "data", "不是 evalbook 发布的文件夹"),
        (editions[0].folder, "项目自己的文件夹"),
        (editions[0].folder / "site", "项目自己的文件夹"),
        (tmp_path / "released", "项目自己的文件夹"),
        (Path("/sys/evalbook"), "没有权限|只读"),
    ):
        with pytest.raises(EvalbookError, match=words) as refused:
            published(editions, target)
        assert not ENGLISH.search(str(refused.value))
        assert not (target / WORK).exists()
    published(editions, base / "public")
    assert verify(base / "public") == ()


# -- killed, out of space, read-only

CODES = (errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO, errno.ENAMETOOLONG, errno.EDQUOT, errno.ESTALE)


@pytest.fixture
def before(editions: list[Released], tmp_path: Path) -> Path:
    """A site to which a publish must add editions, restore a file, replace pages and remove one."""
    target = tmp_path / "before"
    publish(editions[:1], {**pointers_to(editions[:1]), "2020/old.css": b""}, target, TODAY)
    (target / "2020/1/report-2020.pdf").unlink()
    return target


@pytest.fixture
def after(editions: list[Released], before: Path, tmp_path: Path) -> dict[str, bytes]:
    """What an undisturbed publish makes of it."""
    target = tmp_path / "after"
    shutil.copytree(before, target)
    published(editions, target)
    assert verify(target) == ()
    return tree(target)


def assert_whole(target: Path, before: Path, after: Mapping[str, bytes]) -> None:
    """Every link leads to a file as it was or will be, and what is wrong is an interruption or was so before."""
    for path, content in walked(target).items():
        lay = before / path
        assert content == after.get(path) or content == lay.read_bytes(), path
    found = verify(target)
    assert found in {(), verify(before)} or [fault.path for fault in found] == [JOURNAL]


@pytest.mark.parametrize("torn", [False, True], ids=["before", "within"])
def test_killed_at_any_operation(
    torn: bool, editions: list[Released], before: Path, after: dict[str, bytes], tmp_path: Path
) -> None:
    operations = counted(lambda: published(editions, shutil.copytree(before, tmp_path / "count")))
    assert set(OPERATIONS) - set(operations) == {"modified"}  # for editions of years that are not known here
    interrupted = 0
    for at, name in enumerate(operations, start=1):
        if torn and name not in {"write", "created", "clear"}:
            continue
        target = shutil.copytree(before, tmp_path / f"{at}")
        if at % 10 == 0:
            killed_at(at, partial(published, editions, target), torn=torn)
        else:
            with planted(at, lambda: fail(Killed()), torn=torn), pytest.raises(Killed):
                published(editions, target)
        assert_whole(target, before, after)
        journal = (target / JOURNAL).exists()
        interrupted += journal
        assert published(editions, target, patience=0).finished == journal
        assert tree(target) == after, (at, name)
        assert verify(target) == ()
        assert {path.name for path in (target / WORK).iterdir()} == {"lock"}
        shutil.rmtree(target)
    assert torn or interrupted > 10


def test_a_fault_at_any_operation(
    editions: list[Released], before: Path, after: dict[str, bytes], tmp_path: Path
) -> None:
    operations = counted(lambda: published(editions, shutil.copytree(before, tmp_path / "count")))
    for at, name in enumerate(operations, start=1):
        target = shutil.copytree(before, tmp_path / f"{at}")
        error = OSError(CODES[at % len(CODES)], "No such luck here", "X:/site")
        with planted(at, partial(fail, error)):
            said = refusal(partial(published, editions, target))
        journal = (target / JOURNAL).exists()
        assert not ENGLISH.search(said)
        if at == len(operations):  # all was done, but for clearing the work folder
            assert said == ""
        else:
            assert re.search("接着做完" if journal else "网站保持原样|从版本库恢复", said), (name, said)
        assert_whole(target, before, after)
        assert journal or not list((target / WORK).glob("new/**/*.html"))
        published(editions, target)
        assert tree(target) == after, (at, name)
        shutil.rmtree(target)


def test_what_was_written_is_read_back(editions: list[Released], before: Path) -> None:
    write = files.write

    def half(path: Path, content: bytes, day: date | None = None) -> None:
        write(path, content[:-1] if path.name == "score.html" else content, day)

    with (
        mock.patch.object(files, "write", half),
        pytest.raises(EvalbookError, match=r"读回来的内容不同.*网站保持原样"),
    ):
        published(editions, before)
    assert not (before / JOURNAL).exists()


def test_what_an_earlier_publish_staged_is_thrown_away(
    editions: list[Released], before: Path, after: dict[str, bytes]
) -> None:
    (before / WORK / "new" / "2020" / "2").mkdir(parents=True)
    (before / WORK / "new" / "2020" / "2" / "x.html").touch()
    published(editions, before)
    assert tree(before) == after


def test_a_share_that_loses_its_answer(
    editions: list[Released], before: Path, after: dict[str, bytes]
) -> None:
    """The journal is in its place, though the system says that it is not."""
    real = Path.replace

    def forgetful(self: Path, target: Path) -> Path:
        real(self, target)
        raise OSError(errno.ESTALE, "Stale file handle", str(target))

    with mock.patch.object(Path, "replace", forgetful):
        said = refusal(lambda: published(editions, before))
    assert "接着做完" in said
    assert published(editions, before).finished
    assert tree(before) == after


def test_a_disk_too_small_is_noticed_before(editions: list[Released], tmp_path: Path) -> None:
    with (
        mock.patch.object(files, "space", return_value=1000),
        pytest.raises(EvalbookError, match=r"空间不足：需要1.0兆"),
    ):
        published(editions, tmp_path / "site")
    with mock.patch.object(shutil, "disk_usage", return_value=mock.Mock(total=0, free=0)):
        published(editions, tmp_path / "site")  # a share that does not tell


def test_a_system_that_stops_writing(editions: list[Released], before: Path, after: dict[str, bytes]) -> None:
    """The kernel itself refuses, in the midst of a file."""

    def run() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))
        with pytest.raises(EvalbookError, match=r"文件太大.*网站保持原样"):
            published(editions, before)

    old = tree(before)
    assert ended(in_process(run)) == 0
    assert tree(before) == old
    published(editions, before)
    assert tree(before) == after


def test_a_file_that_somebody_reads_on_windows(
    editions: list[Released], before: Path, after: dict[str, bytes]
) -> None:
    """Windows does not replace an open file: tried again, and left to the next publish if that does not help."""
    real, refusals = Path.replace, iter([True, True])

    def patient(self: Path, target: Path) -> Path:
        if next(refusals, False):
            raise PermissionError(errno.EACCES, "Access is denied", str(target))
        return real(self, target)

    def stubborn(self: Path, target: Path) -> Path:
        if target.name == "index.html" and target.parent == before:
            raise PermissionError(errno.EACCES, "Access is denied", str(target))
        return real(self, target)

    old = shutil.copytree(before, before.with_name("old"))
    with (
        mock.patch.object(Path, "replace", stubborn),
        pytest.raises(EvalbookError, match=r"正被别的程序打开.*接着做完"),
    ):
        published(editions, before)
    assert_whole(before, old, after)
    with mock.patch.object(Path, "replace", patient):
        assert published(editions, before).finished
    assert tree(before) == after


# -- a journal that was left


@pytest.fixture
def interrupted(editions: list[Released], before: Path) -> Path:
    """A site in which the edition's folders were moved, and no page yet."""
    operations = counted(lambda: published(editions, shutil.copytree(before, before.with_name("count"))))
    moves = [at for at, name in enumerate(operations, start=1) if name == "move"]
    killed_at(moves[4], lambda: published(editions, before))  # the first move is that of the journal
    assert (before / JOURNAL).exists()
    assert (before / "2021/1").exists()
    assert b"2021" not in (before / "index.html").read_bytes()
    return before


def test_verify_says_that_a_publish_is_unfinished(interrupted: Path) -> None:
    assert [fault.path for fault in verify(interrupted)] == [JOURNAL]
    assert "再运行一次 evalbook publish" in str(verify(interrupted)[0])


def test_whoever_publishes_next_finishes_first(
    editions: list[Released], interrupted: Path, after: dict[str, bytes]
) -> None:
    with pytest.raises(EvalbookError, match="已有2020年度第2版，而这里没有登记"):
        published(editions[:1], interrupted)
    assert tree(interrupted) == after


DAMAGED: Mapping[str, Callable[[Path], object]] = {
    "a staged page changed": lambda s: (s / WORK / "new" / "index.html").write_bytes(b"x"),
    "a staged page gone": lambda s: (s / WORK / "new" / "index.html").unlink(),
    "everything staged gone": lambda s: shutil.rmtree(s / WORK / "new"),
    "a moved edition gone": lambda s: shutil.rmtree(s / "2020" / "2"),
    "a journal cut off": lambda s: (s / JOURNAL).write_bytes((s / JOURNAL).read_bytes()[:-9]),
    "a journal of something else": lambda s: (s / JOURNAL).write_bytes(b'{"format": 1, "steps": [["../x", null]]}'),
    "a journal without end": lambda s: (s / JOURNAL).write_bytes(b"[" * 100_000),
}  # fmt: skip


@pytest.mark.parametrize("case", DAMAGED)
def test_a_journal_that_cannot_be_finished_is_replaced(
    case: str, editions: list[Released], interrupted: Path, after: dict[str, bytes]
) -> None:
    DAMAGED[case](interrupted)
    assert not published(editions, interrupted).finished
    assert tree(interrupted) == after
    assert verify(interrupted) == ()


# -- more than one process


def test_a_second_publish_refuses_or_waits(
    editions: list[Released], before: Path, after: dict[str, bytes]
) -> None:
    go = before.with_name("go")

    def slow() -> None:
        with planted(60, lambda: until(go.exists)):
            published(editions, before)

    process = in_process(slow)
    until((before / WORK / "new").exists)
    with pytest.raises(EvalbookError, match=r"另一个定版或发布正在进行（等了0.1秒）"):
        published(editions, before, patience=0.1)
    other = in_process(lambda: published(editions, before, patience=20))
    time.sleep(0.1)
    go.touch()
    assert (ended(process), ended(other)) == (0, 0)
    assert tree(before) == after


def test_a_share_without_locks(editions: list[Released], before: Path, after: dict[str, bytes]) -> None:
    def no_locks(self: FileLock) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    with mock.patch.object(FileLock, "_acquire", no_locks):
        process = in_process(lambda: planted_death(editions, before))
        assert ended(process) < 0
        assert (before / WORK / "lock.soft").exists()
        assert verify(before) != ()
        published(editions, before)  # the lock of a dead process on this computer
        assert tree(before) == after
        (before / WORK / "lock.soft").write_text("1\nelsewhere\n", encoding="utf-8")
        with pytest.raises(EvalbookError, match=r"另一个定版或发布正在进行.*请删去 .*lock\.soft"):
            published(editions, before, patience=0.1)


def planted_death(editions: list[Released], target: Path) -> None:
    with planted(60, die):
        published(editions, target)


def test_a_reader_meets_only_whole_sites(editions: list[Released], tmp_path: Path) -> None:
    """A visitor walks every link again and again while editions are published one by one."""
    target, walks, stop = tmp_path / "site", tmp_path / "walks", tmp_path / "stop"
    more = [made_edition(tmp_path / "more", 2022, number) for number in range(1, 5)]
    lists = [[*editions, *more[:count]] for count in range(len(more) + 1)]
    right = {
        *(item for known in lists for item in pointers_to(known).items()),
        *((f"{one.place}/{path}", text) for one in lists[-1] for path, text in tree(one.folder).items()),
    }
    published(lists[0], target)

    def read() -> None:
        count = 0
        while not stop.exists():
            assert walked(target).items() <= right
            count += 1
            walks.write_text(str(count), encoding="utf-8")

    def pause(folder: Path) -> None:
        time.sleep(0.002)  # so that the visitor comes between two steps

    process = in_process(read)
    until(walks.exists)
    with mock.patch.object(files, "_settle", pause):
        for known in lists[1:]:
            published(known, target)
    stop.touch()
    assert ended(process) == 0
    assert int(walks.read_text(encoding="utf-8")) > 10


# -- manifests


BAD_NAMES = (
    "", "/a", "a//b", "a/", "../a", "a/../b", ".", "a/.", "a\\b", "C:/a", "a:b", "a\x00b", "a\nb", "a\u202eb",
    "a\ud800", "con", "CON.txt", "a/Nul.html", "com1.x.y", "LPT9", "COM¹", "con .txt", "a.", "a /b", "a?", "a*", '"', "a|b",
    "<a>", "cafe\u0301", "a" * 256, "汉" * 86, "a/" * 100 + "b",
)  # fmt: skip
GOOD_NAMES = (
    "a",
    "数据下载.html",
    "_static/图 1.svg",
    "con1",
    "console.html",
    "a.b.c",
    "café",
    "..a",
    "汉" * 85,
)


def test_names_that_some_system_cannot_have() -> None:
    assert [name for name in BAD_NAMES if not name_fault(name)] == []
    assert [(name, name_fault(name)) for name in GOOD_NAMES if name_fault(name)] == []
    for names in (("a/b", "A/c"), ("a", "A"), ("a", "a/b"), ("straße", "STRASSE"), ("Ä", "ä")):
        assert len(list(name_faults(names))) == 1, names


def listing(*entries: str) -> bytes:
    return f'{{"format": 1, "files": {{{",".join(entries)}}}}}'.encode()


ENTRY = f'{{"bytes": 0, "sha256": "{"0" * 64}"}}'


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"format": 2, "files": {}}', b'{"format": 1, "files": []}',
        b'{"files": {}, "format": NaN}', b"1" * 10_000, listing(f'"a": {ENTRY}', f'"a": {ENTRY}'),
        listing(f'"a": {ENTRY}', f'"A": {ENTRY}'), listing('"a": 1'), listing(f'"a": {ENTRY.replace("0,", "-1,")}'),
        listing(f'"a": {ENTRY.replace("0,", "true,")}'), listing(f'"a": {ENTRY.replace("0,", "0.0,")}'),
        listing(f'"a": {ENTRY.replace("000", "00A")}'), listing(f'"a": {ENTRY}'),
        *(listing(f"{json.dumps(name)}: {ENTRY}") for name in BAD_NAMES),
        manifest_of({"a": b""}).replace(b": 0", b": false"), manifest_of({"a": b""}) + b" ",
        manifest_of({"a": b""}).replace(b"\n", b"\r\n"), b" " * (64 * 1024 * 1024 + 1),
    ],
)  # fmt: skip
def test_manifests_that_are_none(content: bytes) -> None:
    with pytest.raises(EvalbookError, match=r"清单|名称不安全|同一个名称"):
        read_manifest(content)


def test_a_manifest_of_a_folder_is_that_of_its_contents(tmp_path: Path) -> None:
    contents = {"b/汉.txt": "汉".encode(), "a": b"", "b/manifest.json": b"{}"}
    edition = released(tmp_path, 2020, 1, contents)
    assert manifest_of(tmp_path) == manifest_of(dict(reversed(contents.items())))
    assert entry_of(manifest_of(tmp_path)).sha256 == edition.content
    assert read_manifest(manifest_of(tmp_path)) == {path: entry_of(text) for path, text in contents.items()}
    (tmp_path / "c").symlink_to("a")
    with pytest.raises(EvalbookError, match="c：是链接"):
        manifest_of(tmp_path)


# -- verify


def gone(path: Path) -> Path:
    path.unlink()
    return path


def forged(site: Path, contents: Mapping[str, bytes], *_: Path) -> None:
    """Change files and let the site's manifest agree with them."""
    for path, content in contents.items():
        (site / path).write_bytes(content)
    lying = {path: content for path, content in tree(site).items() if path != MANIFEST}
    (site / MANIFEST).write_bytes(manifest_of(lying))


FAULTS: Mapping[str, tuple[Callable[[Path], object], list[tuple[str, str]]]] = {
    "a byte more": (lambda s: (s / "index.html").write_bytes(b"x"), [("index.html", CHANGED)]),
    "a file gone": (lambda s: (s / "feed.xml").unlink(), [("feed.xml", MISSING)]),
    "a file more": (lambda s: (s / "2020/1/x").touch(), [("2020/1/x", EXTRA)]),
    "a hidden file more": (lambda s: (s / "2020/1/.x").touch(), [("2020/1/.x", EXTRA)]),
    "a file in the work folder": (lambda s: (s / WORK / "x").touch(), [(f"{WORK}/x", EXTRA)]),
    "an unsafe name": (lambda s: (s / "aux.html").touch(), [("aux.html", UNSAFE)]),
    "a name that is no text": (lambda s: (s / os.fsdecode(b"\xff\x1b")).touch(), [("\udcff\x1b", UNSAFE)]),
    "a link more": (lambda s: (s / "x").symlink_to("/etc"), [("x", EXTRA)]),
    "a link for a file": (lambda s: linked(s, "feed.xml"), [("feed.xml", UNSAFE)]),
    "a pipe for a file": (lambda s: os.mkfifo(gone(s / "feed.xml")), [("feed.xml", UNSAFE)]),
    "a folder for a file": (
        lambda s: shutil.copytree(s / "2020/1/_static", gone(s / "feed.xml")),
        [("feed.xml", MISSING), ("feed.xml/图.svg", EXTRA)],
    ),
    "an empty folder": (lambda s: (s / "x").mkdir(), []),
    "no manifest": (lambda s: (s / MANIFEST).unlink(), [(MANIFEST, MISSING)]),
    "a manifest that is a link": (lambda s: linked(s, MANIFEST), [(MANIFEST, UNSAFE)]),
    "an edition's manifest edited": (
        lambda s: (s / "2020/1" / MANIFEST).write_bytes(b"{}"),
        [(f"2020/1/{MANIFEST}", CHANGED)],
    ),
    "a page and the site's manifest": (
        lambda s: forged(s, {"2020/1/score.html": b"x"}), [("2020/1/score.html", CHANGED)],
    ),
    "a copy beside the editions, and the site's manifest": (
        lambda s: forged(s, {"2020/report-2020.pdf": b"x"}), [("2020/report-2020.pdf", CHANGED)],
    ),
    "the manifest of a newer program": (
        lambda s: (s / MANIFEST).write_bytes(b'{"format": 2}'), [(MANIFEST, CHANGED)],
    ),
    "a page more and in the site's manifest": (
        lambda s: forged(s, {"2020/1/x.html": b"x"}), [("2020/1/x.html", CHANGED)],
    ),
    "an edition's manifest edited, and the site's": (
        lambda s: forged(s, {f"2020/1/{MANIFEST}": b"{}"}), [(f"2020/1/{MANIFEST}", CHANGED)],
    ),
    "an edition's manifest gone from both": (
        lambda s: forged(s, {}, gone(s / "2020/1" / MANIFEST)), [(f"2020/1/{MANIFEST}", MISSING)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_verify_finds(case: str, site: Path) -> None:
    plant, expected = FAULTS[case]
    plant(site)
    assert whats(site) == expected
    for fault in verify(site):
        str(fault).encode()
        assert str(fault).isprintable()
        assert not ENGLISH.search(str(fault))


def test_verify_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(EvalbookError, match=r"没有 .*请写出已发布的文件夹"):
        verify(tmp_path / "none")
    for name in ("report-2021.pdf", "form-2021.xlsx", "figures.csv"):
        (tmp_path / name).write_bytes(b"x")
        with pytest.raises(EvalbookError, match=f"{name} 不能单独核对.*文件夹.*verify 2021/3"):
            verify(tmp_path / name)


def test_verify_of_a_file_that_cannot_be_read(site: Path) -> None:
    opened = files.opened

    def unreadable(path: Path) -> BinaryIO:
        if path.name == "feed.xml":
            raise OSError(errno.EIO, "Input/output error")
        return opened(path)

    with mock.patch.object(files, "opened", unreadable):
        assert verify(site) == (Fault("feed.xml", f"{CHANGED}：读不出来"),)


@pytest.fixture(scope="module")
def lasting() -> Iterator[Path]:
    """A site and its archive for many examples, each of which mends what it damages."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        folder = Path(name)
        editions = [made_edition(folder / "released", 2020, number) for number in (1, 2)]
        published(editions, folder / "site")
        write_archive(folder / "site", folder / "site.zip")
        yield folder


@given(st.data())
@settings(max_examples=100)
def test_any_byte_changed_is_found(lasting: Path, data: st.DataObject) -> None:
    site = lasting / "site"
    path, content = data.draw(st.sampled_from([*tree(site).items()]))
    place = data.draw(st.integers(0, len(content) - 1))
    other = bytes([content[place] ^ data.draw(st.integers(1, 255))])
    damaged = content[:place] + data.draw(st.sampled_from([other, b"", other + content[place : place + 1]]))
    (site / path).write_bytes(damaged + content[place + 1 :])
    try:
        assert path == MANIFEST or path in {fault.path for fault in verify(site)}
        assert verify(site)
    finally:
        (site / path).write_bytes(content)


# -- archives


def test_an_archive_is_the_same_for_the_same_site_and_can_be_published_into(
    editions: list[Released], tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    published(editions[:2], first)
    published(editions[:1], second)
    published(editions[:2], second)
    for folder in (first, second):
        write_archive(folder, folder.with_suffix(".zip"))
    assert first.with_suffix(".zip").read_bytes() == second.with_suffix(".zip").read_bytes()
    archive = first.with_suffix(".zip")
    said = checksum_file(archive).read_text(encoding="utf-8")
    assert said == f"{files.digest(archive)}  first.zip\n"
    assert verify(archive) == ()
    elsewhere = tmp_path / "elsewhere"
    shutil.unpack_archive(archive, elsewhere)
    assert tree(elsewhere) == tree(first)
    assert verify(elsewhere) == ()
    published(editions, elsewhere)
    assert verify(elsewhere) == ()
    write_archive(editions[0].folder, tmp_path / "edition.zip")
    assert verify(tmp_path / "edition.zip") == ()


def test_archives_that_are_not_written(site: Path, tmp_path: Path) -> None:
    for file, words in (
        (site / "site.zip", "在网站文件夹里"),
        (tmp_path / "site.tar", "以 .zip 结尾"),
        (tmp_path / "none" / "site.zip", "已有文件夹里"),
    ):
        with pytest.raises(EvalbookError, match=words):
            write_archive(site, file)
    (site / "x").touch()
    with pytest.raises(EvalbookError, match="x：多余"):
        write_archive(site, tmp_path / "site.zip")
    assert not list(tmp_path.glob("*.zip*"))


ENDINGS = (Killed, EvalbookError)


def test_an_archive_is_old_or_new_whenever_it_is_killed(editions: list[Released], tmp_path: Path) -> None:
    site, archive = tmp_path / "site", tmp_path / "carried" / "site.zip"
    archive.parent.mkdir()
    published(editions[:1], site)
    write_archive(site, archive)
    old = archive.read_bytes()
    published(editions[:2], site)
    operations = counted(lambda: write_archive(site, tmp_path / "new.zip"))
    new = (tmp_path / "new.zip").read_bytes()
    for torn in (False, True):
        for at, name in enumerate(operations, start=1):
            if torn and name not in {"write", "created"}:
                continue
            for error in (Killed(), OSError(errno.ENOSPC, "No space left on device")):
                with planted(at, partial(fail, error), torn=torn), pytest.raises(ENDINGS) as told:
                    write_archive(site, archive)
                assert archive.read_bytes() in {old, new}
                assert verify(archive) == ()
                if isinstance(told.value, EvalbookError):
                    assert "没有写出压缩包" in str(told.value)
                    assert not list(archive.parent.glob(".*"))
        write_archive(site, archive)
        assert archive.read_bytes() == new
        assert len(list(archive.parent.iterdir())) == 2


@given(st.data())
@settings(max_examples=60)
def test_any_byte_of_an_archive(lasting: Path, data: st.DataObject) -> None:
    """With its checksum every change is found; without, every change to what is in it, and nothing goes wrong."""
    content = (lasting / "site.zip").read_bytes()
    place = data.draw(st.integers(0, len(content) - 1))
    damaged = (
        content[:place] + bytes([content[place] ^ data.draw(st.integers(1, 255))]) + content[place + 1 :]
    )
    damaged = damaged[: data.draw(st.sampled_from([None, place]))]
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        copy = Path(folder) / "site.zip"
        copy.write_bytes(damaged)
        if not verify(copy):
            with zipfile.ZipFile(copy) as archive:
                inside = {member.orig_filename: archive.read(member) for member in archive.infolist()}
            assert inside == tree(lasting / "site")
        shutil.copy(checksum_file(lasting / "site.zip"), folder)
        assert "site.zip" in {fault.path for fault in verify(copy)}


CONTENT = {"a.html": b"a" * 1000, "b.html": b"b"}


def zipped(members: list[tuple[str | zipfile.ZipInfo, bytes]], path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def whole() -> list[tuple[str | zipfile.ZipInfo, bytes]]:
    return [*CONTENT.items(), (MANIFEST, manifest_of(CONTENT))]


def information(name: str, mode: int = 0o100644) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.create_system, member.external_attr = 3, mode << 16
    return member


def patched(path: Path, old: bytes, new: bytes) -> None:
    assert old in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(old, new))


def central(path: Path, name: str, offset: int, form: str, value: int) -> None:
    """Overwrite a field of a member in the list at the archive's end."""
    content = bytearray(path.read_bytes())
    start = 0
    while (start := content.index(b"PK\x01\x02", start)) >= 0:
        if content[start + 46 :].startswith(name.encode()):
            struct.pack_into(form, content, start + offset, value)
            break
        start += 4
    path.write_bytes(content)


HOSTILE: Mapping[str, tuple[Callable[[Path], object], list[tuple[str, str]]]] = {
    "as it should be": (lambda p: zipped(whole(), p), []),
    "with entries for folders": (lambda p: zipped([("x/", b""), *whole()], p), []),
    "empty": (lambda p: p.write_bytes(b""), [("x.zip", "不是完整的压缩包（zip）")]),
    "no archive": (lambda p: p.write_bytes(b"PK" * 999), [("x.zip", "不是完整的压缩包（zip）")]),
    "without anything": (lambda p: zipped([], p), [(MANIFEST, MISSING)]),
    "a member twice": (lambda p: zipped([("a.html", b"x"), *whole()], p), [("a.html", EXTRA)]),
    "a member more": (lambda p: zipped([("c", b""), *whole()], p), [("c", EXTRA)]),
    "a member less": (lambda p: zipped(whole()[1:], p), [("a.html", MISSING)]),
    "a member outside": (lambda p: zipped([("../c", b""), *whole()], p), [("../c", UNSAFE)]),
    "a folder outside": (lambda p: zipped([("../c/", b""), *whole()], p), [("../c/", UNSAFE)]),
    "an absolute member": (lambda p: zipped([("/c", b""), *whole()], p), [("/c", UNSAFE)]),
    "a member of a drive": (lambda p: zipped([("C:\\c", b""), *whole()], p), [("C:\\c", UNSAFE)]),
    "a member with a hidden ending": (
        lambda p: patched(zipped([("c.html_exe", b""), *whole()], p), b"c.html_exe", b"a.html\x00exe"),
        [("a.html\x00exe", UNSAFE)],
    ),
    "a link": (
        lambda p: zipped([(information("a.html", 0o120777), b"/etc/passwd"), *whole()[1:]], p),
        [("a.html", UNSAFE)],
    ),
    "an encrypted member": (
        lambda p: central(zipped(whole(), p), "a.html", 8, "<H", 1),
        [("a.html", UNSAFE)],
    ),
    "an encrypted manifest": (
        lambda p: central(zipped(whole(), p), MANIFEST, 8, "<H", 1),
        [(MANIFEST, UNSAFE)],
    ),
    "another way of packing": (
        lambda p: central(zipped(whole(), p), "a.html", 10, "<H", 12),
        [("a.html", UNSAFE)],
    ),
    "a member of another size": (
        lambda p: zipped([("a.html", b"a" * 10_000_000), *whole()[1:]], p),
        [("a.html", CHANGED)],
    ),
    "a member larger than it says": (
        lambda p: central(zipped([("a.html", b"a" * 10_000_000), *whole()[1:]], p), "a.html", 24, "<I", 1000),
        [("a.html", CHANGED)],
    ),
    "members that overlap": (
        lambda p: central(zipped(whole(), p), "a.html", 20, "<I", 1_000_000),
        [("x.zip", "不是完整的压缩包（zip）")],
    ),
    "a checksum of something else": (
        lambda p: checksum_file(zipped(whole(), p)).write_text("0" * 64 + "  x.zip\n", encoding="utf-8"),
        [("x.zip", CHANGED)],
    ),
    "a checksum that is none": (
        lambda p: checksum_file(zipped(whole(), p)).write_bytes(b"\xff" * 99),
        [("x.zip.sha256", CHANGED)],
    ),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("case", HOSTILE)
def test_archives_from_anywhere(case: str, tmp_path: Path) -> None:
    plant, expected = HOSTILE[case]
    plant(tmp_path / "x.zip")
    assert whats(tmp_path / "x.zip") == expected
    for fault in verify(tmp_path / "x.zip"):
        assert str(fault).isprintable()


def test_a_member_that_unpacks_to_too_much_is_not_unpacked(tmp_path: Path) -> None:
    zipped([("a.html", b"a" * 10_000_000), *whole()[1:]], tmp_path / "x.zip")
    assert verify(tmp_path / "x.zip") == (Fault("a.html", f"{CHANGED}：大小与清单不符"),)


# -- everything together


SITES = st.sampled_from("AB")


class Sites(RuleBasedStateMachine):
    """Two sites, editions that grow in number, damage, and what must be readable after any of it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY))
        self.editions: list[Released] = []
        self.published: dict[str, dict[str, Released]] = {"A": {}, "B": {}}
        self.damaged: dict[str, set[Path]] = {"A": set(), "B": set()}

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def site(self, name: str) -> Path:
        return self.folder / name

    @initialize()
    def release_first(self) -> None:
        self.release(2020)

    @rule(year=st.sampled_from([2020, 2021]))
    def release(self, year: int) -> None:
        number = 1 + sum(edition.year == year for edition in self.editions)
        self.editions.append(made_edition(self.folder / "released", year, number))

    @rule(name=SITES)
    def publish(self, name: str) -> None:
        said = refusal(lambda: published(self.editions, self.site(name)))
        assert all(str(path.relative_to(self.site(name))) in said for path in self.damaged[name])
        if not self.damaged[name]:
            assert not said
            assert verify(self.site(name)) == ()
            self.published[name] = {edition.place: edition for edition in self.editions}

    @rule(name=SITES, count=st.integers(1, 9))
    def publish_fewer(self, name: str, count: int) -> None:
        fewer = self.editions[:count]
        if not refusal(lambda: published(fewer, self.site(name))):
            self.published[name] |= {edition.place: edition for edition in fewer}

    @rule(name=SITES, at=st.integers(1, 200), torn=st.booleans())
    def kill(self, name: str, at: int, torn: bool) -> None:
        with planted(at, lambda: fail(Killed()), torn=torn), suppress(Killed):
            refusal(lambda: published(self.editions, self.site(name)))

    @precondition(lambda self: any(self.published.values()))
    @rule(data=st.data(), lost=st.booleans())
    def damage(self, data: st.DataObject, lost: bool) -> None:
        name = data.draw(st.sampled_from([name for name in "AB" if self.published[name]]))
        edition = data.draw(st.sampled_from(list(self.published[name].values())))
        path = self.site(name) / edition.place / data.draw(st.sampled_from(["index.html", MANIFEST]))
        if lost:
            path.unlink(missing_ok=True)
            self.damaged[name].discard(path)
        elif path.parent.is_dir():
            path.write_bytes(b"damaged")
            self.damaged[name].add(path)
        assert verify(self.site(name))

    @rule(name=SITES)
    def move_damaged_editions_away(self, name: str) -> None:
        for path in self.damaged[name]:
            shutil.rmtree(path.parent, ignore_errors=True)
        self.damaged[name].clear()

    @rule(name=SITES)
    def archive(self, name: str) -> None:
        archive = self.folder / f"{name}.zip"
        if self.site(name).is_dir() and verify(self.site(name)) == ():
            write_archive(self.site(name), archive)
            assert verify(archive) == ()

    @invariant()
    def nothing_published_ever_changes(self) -> None:
        for name, known in self.published.items():
            damaged = {path.relative_to(self.site(name)).as_posix() for path in self.damaged[name]}
            for place, edition in known.items():
                released = tree(edition.folder)
                for path, content in tree(self.site(name) / place).items():
                    assert content == released.get(path) or f"{place}/{path}" in damaged


Sites.TestCase.settings = settings(max_examples=20, stateful_step_count=15)
TestSites = pytest.mark.usefixtures("quick")(Sites.TestCase)
