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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from publishing import (
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
    released,
    tree,
    until,
    walked,
)

from evalbook.errors import EvalbookError
from evalbook.publish import (
    MANIFEST,
    Fault,
    Released,
    checksum_file,
    entry_of,
    files,
    manifest_of,
    publish,
    read_manifest,
    verify,
    write_archive,
)
from evalbook.publish.manifest import PATH_LIMIT, name_fault, name_faults
from evalbook.publish.verify import CHANGED, EXTRA, JOURNAL, MISSING, UNSAFE, WORK

ENGLISH = re.compile(r"[A-Za-z]{4,}(?: [a-z]+){2,}")
"""Words in a row, as an error of the system has them."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written is lost with no machine here, and nobody needs to be waited for."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    monkeypatch.setattr(files, "PAUSES", (0, 0, 0))


@pytest.fixture
def editions(tmp_path: Path) -> list[Released]:
    """Two of one year, of which the first has a page more, and one of the next."""
    made = tmp_path / "released"
    return [
        made_edition(made, 2020, 1, pages=("index.html", "score.html", "数据下载.html", "checks.html")),
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
    assert "2020/checks.html" in first.replaced
    assert (then.added, then.present) == (("2020/2", "2021/1"), ("2020/1",))
    assert "2020/index.html" in then.replaced
    assert "2020/checks.html" not in then.replaced
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
    assert not (again.added or again.restored or again.replaced or again.removed or again.foreign)
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*") if WORK not in path.parts} == before


def test_pointers_nobody_wants_go_and_pages_of_editions_stay(editions: list[Released], tmp_path: Path) -> None:
    target, pointers = tmp_path / "site", pointers_to(editions)
    publish(editions, {**pointers, "2020/old.css": b"", "old.html": b""}, target, TODAY)
    done = publish(
        editions, {path: text for path, text in pointers.items() if "checks" not in path}, target, TODAY
    )
    assert done.removed == ("2020/old.css", "old.html")
    assert (target / "2020" / "checks.html").is_file()
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
    for path in ("web.config", "2020/1/Thumbs.db"):
        (site / path).write_bytes(b"")
    assert published(editions, site).foreign == ("2020/1/Thumbs.db", "web.config")
    assert whats(site) == [("2020/1/Thumbs.db", EXTRA), ("web.config", EXTRA)]


# -- what is refused


def changed(edition: Released, path: str, content: bytes = b"") -> None:
    (edition.folder / path).write_bytes(content)


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
        lambda e, s, p: (os.utime(s / "2021/1/manifest.json", (2**31, 2**31)), e.pop()),
        "网站上的2021年度第1版.*时钟",
    ),
    "other content under a published edition": (
        lambda e, s, p: e.__setitem__(1, made_edition(e[1].folder / "again", 2020, 2, "改过")),
        r"2020年度第2版已经发布过，而这次的内容不同（index\.html、score\.html、数据下载\.html）.*新的一版",
    ),
    "a published file that was changed": (
        lambda e, s, p: (s / "2020/1/score.html").write_bytes(b"x"),
        r"第1版在网站上的文件被改动过：2020/1/score\.html.*移到网站之外",
    ),
    "a published file of another size now a link": (
        lambda e, s, p: ((s / "2020/1/score.html").unlink(), (s / "2020/1/score.html").symlink_to("/etc")),
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
    "a page unlike a foreign file in case": (lambda e, s, p: (s / "Extra.css").touch() or p.update({"extra.css": b""}), "不分大小写.*改名"),
    "a page unlike a foreign file in Unicode": (
        lambda e, s, p: (s / "cafe\u0301.css").touch() or p.update({"caf\u00e9.css": b""}),
        "不分大小写.*改名",
    ),
    "a link in the place of a year": (
        lambda e, s, p: (shutil.move(s / "2021", s.parent / "moved"), (s / "2021").symlink_to(s.parent / "moved")),
        "2021.*同一个名称",
    ),
    "a manifest that was edited": (lambda e, s, p: (s / MANIFEST).write_bytes(b"{}"), "清单.*备份"),
    "a manifest that is a link": (
        lambda e, s, p: ((s / MANIFEST).rename(s.parent / "m"), (s / MANIFEST).symlink_to(s.parent / "m")),
        "不是文件.*备份",
    ),
    "a site without its manifest": (lambda e, s, p: (s / MANIFEST).unlink(), "不是 evalbook 发布的文件夹"),
    "a work folder that leads elsewhere": (
        lambda e, s, p: (shutil.rmtree(s / WORK), (s / WORK).symlink_to(s.parent)),
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


@pytest.mark.parametrize("name", [".hidden", "a/.git/x", "notebook.ipynb", "x.PY", "_tree/x.doctree", "e.pickle"])
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


def test_a_damaged_edition_moved_away_comes_back(editions: list[Released], site: Path, tmp_path: Path) -> None:
    before = tree(site)
    (site / "2020/1/index.html").write_bytes(b"x")
    with pytest.raises(EvalbookError, match="移到网站之外"):
        published(editions, site)
    (site / "2020/1").rename(tmp_path / "evidence")
    published(editions, site)
    assert tree(site) == before


def test_folders_that_are_no_place_for_a_site(editions: list[Released], project: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").touch()
    for target, words in (
        (tmp_path / "file", "是文件"),
        (tmp_path / "none" / "site", "没有 .*none"),
        (tmp_path / "full", r"里有别的文件（notes\.txt），不是 evalbook 发布的文件夹"),
        (project, "项目自己的文件夹"),
        (project / "data" / "2020" / "site", "项目自己的文件夹"),
        (project / "data", "不是 evalbook 发布的文件夹"),
        (editions[0].folder, "项目自己的文件夹"),
        (editions[0].folder / "site", "项目自己的文件夹"),
        (tmp_path / "released", "项目自己的文件夹"),
        (Path("/sys/evalbook"), "没有权限|只读"),
    ):
        with pytest.raises(EvalbookError, match=words) as refused:
            published(editions, target)
        assert not ENGLISH.search(str(refused.value))
        assert not (target / WORK).exists()
    published(editions, project / "public")
    assert verify(project / "public") == ()


# -- killed, out of space, read-only


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
    old = tree(before)
    for path, content in walked(target).items():
        assert content in {old.get(path), after.get(path)}, path
    assert verify(target) in {(), verify(before), tuple(f for f in verify(target) if f.path == JOURNAL)}


@pytest.mark.parametrize("torn", [False, True], ids=["before", "within"])
def test_killed_at_any_operation(
    torn: bool, editions: list[Released], before: Path, after: dict[str, bytes], tmp_path: Path
) -> None:
    operations = counted(lambda: published(editions, shutil.copytree(before, tmp_path / "count")))
    assert {"make_folder", "write", "move", "remove", "clear", "read", "digest"} <= set(operations)
    unfinished = 0
    for at, name in enumerate(operations, start=1):
        if torn and name not in {"write", "created", "clear"}:
            continue
        target = shutil.copytree(before, tmp_path / f"{at}")
        killed_at(at, lambda target=target: published(editions, target), torn=torn)
        assert_whole(target, before, after)
        unfinished += (target / JOURNAL).exists()
        done = published(editions, target, patience=0)
        assert done.finished == (target / JOURNAL).exists() or done.finished
        assert tree(target) == after, (at, name)
        assert verify(target) == ()
        assert {path.name for path in (target / WORK).iterdir()} == {"lock"}
        shutil.rmtree(target)
    assert torn or unfinished > 10
