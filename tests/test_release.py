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
from dataclasses import replace
from decimal import ROUND_DOWN
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from ledgers import SIGNED
from planted import PLANTS
from projects import ROOT
from publishing import Killed, counted, die, ended, fail, in_process, killed_at, planted, refusal, tree, until
from repositories import (
    ALONE,
    PLAN,
    RELEASE,
    SEAMS,
    STAND_IN,
    YEAR,
    change,
    commit_all,
    committed,
    explain,
    git,
    light_project,
    planting,
    release,
    remember,
    rows,
    state,
    write_rows,
)

from evalbook.cli import main
from evalbook.cli.freezing import plan_lines
from evalbook.editions import ChangedText, frozen_text, read_frozen, read_rules, revisions
from evalbook.errors import EvalbookError
from evalbook.figures import load
from evalbook.publish import MANIFEST, Released, files, manifest_of, publish, verify
from evalbook.release import (
    Plan,
    Wish,
    name_releaser,
    note_published,
    planned,
    pointers,
    released_editions,
    repository,
    verify_rebuild,
    withdraw,
    witness,
)
from evalbook.release import site as site_of_editions
from evalbook.release.admission import approver_faults
from evalbook.release.changes import changed_texts, changes_since
from evalbook.release.places import STORE, remember_place
from evalbook.release.proof import against_ledger, editions_in
from evalbook.release.rebuild import Program, hashes
from evalbook.release.tool import Tool
from evalbook.render import Page, editions_page
from evalbook.scoring import ALL_RULES
from evalbook.year import (
    changes_path,
    frozen_path,
    ledger_path,
    ledger_text,
    lock_path,
    read_ledger,
    read_year,
    rules_path,
    years,
)

TODAY = datetime.date(2026, 11, 27)
FIRST = Wish(SIGNED, TODAY, approver="桃江县民政局", status="批准", reason="照签发的报告录入")
SECOND = Wish(TODAY, TODAY, reason="更正勾稽检查证实的错误")
ENGLISH = re.compile(r"[A-Za-z]{4,}(?: [a-z]+){2,}")
MEMORY = next((path for path in [Path("/dev/shm")] if path.is_dir()), None)  # noqa: S108
REFUSALS = Path(__file__).with_name("release_refusals.txt")
PROSE = "narrative/06-problems.md"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same content gives the same commit; what is written is lost with no machine here."""
    for name, value in ALONE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    monkeypatch.setattr(files, "PAUSES", (0, 0, 0))
    monkeypatch.setattr(RELEASE, "LOCK_PATIENCE", 0.1)


@pytest.fixture(scope="module", autouse=True)
def _remembering() -> Iterator[None]:
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
        made = {"signed": committed(light_project(Path(folder) / "signed"))}

        def continued(name: str, before: str) -> Path:
            made[name] = Path(shutil.copytree(made[before], Path(folder) / name, symlinks=True))
            return made[name]

        release(continued("first", "signed"), YEAR, FIRST, STAND_IN)
        corrected = continued("corrected", "first")
        write_rows(corrected, "corrections", rows())
        change(corrected, PROSE, "专款专用。", "专款专用，杜绝挪用。")
        release(continued("second", "corrected"), YEAR, SECOND, STAND_IN)
        yield made


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
    assert read_year(project, YEAR).problems == ()
    for edition in ledger:
        assert read_frozen(project, YEAR, edition.number)
    kept = f"{STORE}/{YEAR}/1"
    assert tree(project / kept) == tree(original / kept)
    assert frozen_path(project, YEAR, 1).read_bytes() == frozen_path(original, YEAR, 1).read_bytes()
    return len(ledger)


def test_killed_at_any_operation(originals: dict[str, Path], copied: Copied) -> None:
    expected = state(originals["second"])
    operations = counted(lambda: second(copied("corrected")), SEAMS)
    assert {"held", "make_folder", "write", "move", "clear", "remove", "git"} <= set(operations)
    released = []
    for at, name in enumerate(operations, start=1):
        project = copied("corrected")
        killed_at(at, partial(second, project), torn=True, seams=SEAMS)
        released.append(assert_whole(project, originals["first"]))
        said = refusal(partial(second, project))
        assert said == "" or (released[-1] == 2 and "数据与第2版相同" in said), (at, name, said)
        assert state(project) == expected, (at, name)
    assert released == sorted(released)
    assert set(released) == {1, 2}


def test_killed_while_it_builds(originals: dict[str, Path], copied: Copied) -> None:
    project = copied("corrected")
    dying = Program(lambda *_: die(), STAND_IN.figures)
    assert ended(in_process(lambda: release(project, YEAR, SECOND, dying))) == -signal.SIGKILL
    assert list((project / STORE).glob(".staging-*/project/data"))
    assert assert_whole(project, originals["first"]) == 1
    second(project)
    assert state(project) == state(originals["second"])


def test_what_a_killed_release_left_may_have_been_committed(copied: Copied) -> None:
    project = copied("signed")
    left = frozen_path(project, YEAR, 1)
    left.parent.mkdir()
    left.touch()
    git(project, "add", "--all")
    commit_all(project, "Everything")
    assert release(project, YEAR, FIRST, STAND_IN).edition.number == 1


CODES = (errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO, errno.EDQUOT)


def test_a_fault_at_any_operation(originals: dict[str, Path], copied: Copied) -> None:
    expected = state(originals["second"])
    operations = counted(lambda: second(copied("corrected")), SEAMS)
    for at, name in enumerate(operations, start=1):
        project = copied("corrected")
        error = OSError(CODES[at % len(CODES)], "No such luck here", "X:/project")
        with planted(at, partial(fail, error), torn=True, seams=SEAMS):
            said = refusal(partial(second, project))
        assert not ENGLISH.search(said)
        recorded = assert_whole(project, originals["first"]) == 2
        ending = "这一版已经定版，记入了台账" if recorded else "没有定版，以前的各版保持原样。"
        assert ending in said, (at, name, said)
        assert not list((project / STORE).glob(".staging-*"))
        refusal(partial(second, project))
        assert state(project) == expected, (at, name)


def test_a_commit_that_fails_after_the_entry_is_made_up_for(
    originals: dict[str, Path], copied: Copied
) -> None:
    project, ask = copied("corrected"), repository.git

    def locked(root: Path, *arguments: str, **options: bytes) -> bytes:
        lock = project / ".git" / "index.lock"
        if "Release edition 2 of 2020" in arguments:
            lock.touch()
        return ask(root, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repository, "git", locked)
        said = refusal(partial(second, project))
    assert "2020年度第2版已经定版，记入了台账，但是没有提交到版本库" in said
    assert "会补上提交：\n版本库锁着：另一个 git 程序正在运行" in said
    assert said.endswith(f"肯定没有别的程序在用，就删去 {project}/.git/index.lock。")
    (project / ".git" / "index.lock").unlink()
    assert "数据与第2版相同" in refusal(partial(second, project))
    assert state(project) == state(originals["second"])


def test_a_second_release_refuses(originals: dict[str, Path], copied: Copied, tmp_path: Path) -> None:
    project, begun, go = copied("corrected"), tmp_path / "begun", tmp_path / "go"

    def slow(copy: Path, year: int, target: Path) -> None:
        begun.touch()
        until(go.exists)
        STAND_IN.build(copy, year, target)

    process = in_process(lambda: release(project, YEAR, SECOND, Program(slow, STAND_IN.figures)))
    until(begun.exists)
    for action in (
        partial(second, project),
        partial(released_editions, project, STAND_IN),
        partial(verify_rebuild, project, YEAR, 1, program=STAND_IN),
    ):
        assert (
            refusal(action) == "另一个定版或发布正在进行（等了0.1秒）。请等它结束再试；这次没有做任何改动。"
        )
    go.touch()
    assert ended(process) == 0
    assert state(project) == state(originals["second"])


# -- what is refused


def edit(name: str, old: str, new: str) -> Callable[[Path], object]:
    return lambda project: change(project, name, old, new)


def in_ledger(rewrite: Callable[[str, str, str], str]) -> Callable[[Path], object]:
    """Write a ledger anew from its heading and its two entries."""

    def edited(project: Path) -> None:
        path = ledger_path(project, YEAR)
        text = path.read_text(encoding="utf-8")
        first, last = (text.index(f"  - 版次: {number}") for number in (1, 2))
        path.write_text(rewrite(text[:first], text[first:last], text[last:]), encoding="utf-8")

    return edited


REASON_EDITED = in_ledger(lambda head, one, two: head + one + two.replace("证实", "查出"))


def history_anew(project: Path) -> None:
    """Amend the last commit, and throw away whatever git could still remember of it."""
    commit_all(project, "Release edition 2 of 2020", "--amend")
    git(project, "reflog", "expire", "--expire=now", "--all")
    git(project, "gc", "--quiet", "--prune=now")


def corrections(*written: Mapping[str, str]) -> Callable[[Path], object]:
    return lambda project: write_rows(project, "corrections", [dict(row) for row in written])


def row(**cells: str) -> dict[str, str]:
    """Row of corrections, good but for some cells."""
    good = {
        "版次": "2",
        "处理": "更正",
        "对象": "农村特困人数",
        "原值": "6246人",
        "更正值": "6126人",
        "理由": "台账",
    }
    return {**good, "发现编号": "", "可核定者": "", **cells}


def year_file(name: str) -> Callable[[Path], object]:
    """Put an empty file into the folder of the year."""
    return lambda project: (project / "data" / str(YEAR) / name).touch()


def both(*actions: Callable[[Path], object]) -> Callable[[Path], object]:
    return lambda project: [action(project) for action in actions]


def shallow(project: Path) -> None:
    """Leave of the repository what a shallow clone has."""
    clone = project.with_name("clone")
    git(project, "clone", "--quiet", "--depth=1", "--no-checkout", f"file://{project}", str(clone))
    shutil.rmtree(project / ".git")
    (clone / ".git").rename(project / ".git")
    git(project, "reset", "--quiet")


def ignoring(project: Path) -> None:
    (project / ".git" / "info" / "exclude").write_text("*.bak\n", encoding="utf-8")
    (project / "data" / str(YEAR) / "people.bak").touch()


def nothing(_: Path) -> None:
    pass


def explained(project: Path) -> None:
    """Explain findings, one of them to the bureau alone, with the evidence of another that is public."""
    answer = {"证据": "低保发放台账", "说明人": "社会救助股", "日期": "2021-03-20"}
    write_rows(
        project,
        "explanations",
        [
            {"发现编号": "C2-orphans-39e7e0", "说明": "补发上年的差额", **answer, "公开": "内部"},
            {"发现编号": "L12-backstop-f4ee29", "说明": "口径不同，已核对", **answer, "公开": ""},
        ],
    )  # fmt: skip


def stated(status: str) -> Callable[[Path], object]:
    return edit("year.yml", "数据状态: 最终", f"数据状态: {status}")


def unconfirmed(project: Path) -> None:
    """Leave rows, a paragraph and a word that nobody has confirmed."""
    for row in ("城市低保,,月均,6219", "农村低保,,月均,14437", "农村特困,,未说明,6246"):
        told = f"{row},人,,签发报告二（二）,"
        change(project, "people.csv", f"{told},", f"{told}待确认,")
    path = project / "data" / str(YEAR) / "narrative" / "05-measures.md"
    path.write_text(path.read_text(encoding="utf-8") + "\n【待确认】核对本年的文字\n", encoding="utf-8")
    change(project, PROSE, "专款专用。", "专款专用（待确认）。")


def unexplained(project: Path) -> None:
    (project / "data" / str(YEAR) / "explanations.csv").unlink()


DAY = datetime.timedelta(days=1)
SLIPS = (
    row(对象="农村特困人口"),
    row(原值="6245人"),
    row(对象="城市低保月均人数", 原值="6219", 更正值="6218人"),
    row(对象="农村低保月均人数", 原值="14437人", 更正值="14437.5人"),
    row(对象="城市低保累计支出", 原值="2748.71万元", 更正值="2748.71人"),
    row(对象="临时救助累计支出", 原值="1087.60万元", 更正值="一千万元"),
    row(对象="城市低保保障标准", 原值="缺", 更正值="4560元/年"),
    row(对象="城市低保人均月支出", 原值="368.32元/人·月", 更正值="370元/人·月"),
    row(对象=PROSE, 原值="没有这句话", 更正值="别的话"),
    row(对象=PROSE, 原值="财", 更正值="钱"),
    row(对象="narrative/99-nothing.md", 原值="甲", 更正值="乙"),
    row(对象="narrative/../../2019/02-funds.md", 原值="甲", 更正值="乙"),
    row(对象="corrections.csv", 原值="甲", 更正值="乙"),
    row(对象="documents.csv", 原值="农村敬老院农村敬老院", 更正值="敬老院5所,共"),
    row(处理="存疑", 对象="临时救助户次", 原值="7945户次", 更正值="7946户次"),
    row(处理="存疑", 对象="城市特困保障标准", 原值="754元/月", 更正值=""),
    row(对象="农村低保人均救助水平", 原值="335元/月", 更正值=""),
    row(对象="城市特困提标后标准", 原值="676元/月", 更正值="676元/月"),
    row(版次="4", 对象="各类困难群众临时救助人次", 原值="5837人次", 更正值="5838人次"),
    row(版次="1", 对象="各类困难群众临时救助金额", 原值="306万元", 更正值="307万元"),
    row(处理="改", 对象="甲", 原值="乙", 更正值="丙"),
    row(理由=""),
)  # fmt: skip

REFUSED: Mapping[str, tuple[str, Callable[[Path], object], Wish, Program]] = {
    "no git": ("corrected", nothing, SECOND, STAND_IN),
    "no repository": ("corrected", lambda p: shutil.rmtree(p / ".git"), SECOND, STAND_IN),
    "a repository that is locked": ("corrected", lambda p: (p / ".git" / "index.lock").touch(), SECOND, STAND_IN),
    "a shallow clone": ("corrected", shallow, SECOND, STAND_IN),
    "a file that the repository ignores": ("corrected", ignoring, SECOND, STAND_IN),
    "program files that are not committed": (
        "corrected",
        both(lambda p: (p / "notebooks" / "chapter.ipynb").write_bytes(b"{}"), lambda p: (p / "x.py").touch()),
        SECOND,
        STAND_IN,
    ),
    "a year that is not there": ("first", lambda p: (p / "data" / str(YEAR)).rename(p / "data" / "2019"), SECOND, STAND_IN),
    "nothing changed": ("second", nothing, SECOND, STAND_IN),
    "nothing but the calendar changed": (
        "second",
        lambda p: write_rows(p, "calendar", [{"版次": "3", "预告日期": "2027-01-01", "公布日期": "2026-11-27", "说明": ""}]),
        SECOND,
        STAND_IN,
    ),
    "a date to come": ("corrected", nothing, replace(SECOND, date=TODAY + DAY), STAND_IN),
    "a date before the last edition": ("corrected", nothing, replace(SECOND, date=SIGNED - DAY), STAND_IN),
    "another kind for edition 1": ("signed", nothing, replace(FIRST, kind="更正"), STAND_IN),
    "no reason": ("corrected", nothing, replace(SECOND, reason=""), STAND_IN),
    "final without approver": ("corrected", nothing, replace(SECOND, status="批准"), STAND_IN),
    "everything wrong with a wish": (
        "first",
        lambda p: (p / "x.py").touch(),
        Wish(SIGNED - 2 * DAY, SIGNED - 3 * DAY, kind="初版", status="批准"),
        STAND_IN,
    ),
    "a draft": ("signed", stated("草稿"), Wish(SIGNED, TODAY), STAND_IN),
    "a draft by the option": ("corrected", nothing, replace(SECOND, status="草稿"), STAND_IN),
    "a draft again": ("corrected", edit("year.yml", "数据状态: 最终", "数据状态: 草稿"), SECOND, STAND_IN),
    "sent in and approved at once": (
        "corrected",
        nothing,
        replace(SECOND, status="送审", approver="待定"),
        STAND_IN,
    ),
    "final in year.yml without approver": ("signed", nothing, Wish(SIGNED, TODAY), STAND_IN),
    "approved without the date of the report": (
        "signed",
        both(stated("初步"), edit("year.yml", "报告日期: 2021-04-10", "报告日期:")),
        Wish(SIGNED, TODAY, approver="桃江县民政局"),
        STAND_IN,
    ),
    "approved before the date of the report": (
        "corrected",
        edit("year.yml", "报告日期: 2021-04-10", "报告日期: 2031-04-10"),
        replace(SECOND, approver="桃江县民政局"),
        STAND_IN,
    ),
    "a day before the year was over": (
        "signed",
        edit("year.yml", "报告日期: 2021-04-10", "报告日期: 2020-06-02"),
        replace(FIRST, date=datetime.date(2020, 7, 1)),
        STAND_IN,
    ),
    "something that nobody has confirmed": (
        "signed",
        both(stated("初步"), unconfirmed),
        Wish(SIGNED, TODAY),
        STAND_IN,
    ),
    "a number that nobody filled in": ("signed", edit("background.csv", ",万人,x,", ",万人,,"), FIRST, STAND_IN),
    "contradictions that nobody has explained": ("signed", unexplained, FIRST, STAND_IN),
    "a chapter gone": ("first", lambda p: (p / "data" / str(YEAR) / PROSE).unlink(), SECOND, STAND_IN),
    "a chapter emptied": (
        "first",
        lambda p: change(p, PROSE, (text := (p / "data" / str(YEAR) / PROSE).read_text("utf-8")), text.splitlines()[0]),
        SECOND,
        STAND_IN,
    ),
    "a chapter that no page can be called after": (
        "signed",
        lambda p: (p / "data" / str(YEAR) / PROSE).rename(p / "data" / str(YEAR) / "narrative" / "06-其他、补充（二）.md"),
        FIRST,
        STAND_IN,
    ),
    "another county": ("signed", edit("year.yml", "县: 桃江县", "县: 安化县"), FIRST, STAND_IN),
    "everything wrong with a year": (
        "signed",
        both(
            stated("草稿"),
            unconfirmed,
            unexplained,
            lambda p: (p / "data" / str(YEAR) / PROSE).open("a", encoding="utf-8").write("\n另有7所。\n"),
        ),
        Wish(SIGNED, TODAY, approver="桃江县民政局"),
        STAND_IN,
    ),
    "a number changed without correction": ("corrected", edit("people.csv", "6219", "6220"), SECOND, STAND_IN),
    "a number changed below its correction": (
        "first",
        both(edit("people.csv", ",6246,", ",6200,"), corrections(row(原值="6200人"))),
        SECOND,
        STAND_IN,
    ),
    "numbers typed into the prose": (
        "corrected",
        lambda p: (p / "data" / str(YEAR) / PROSE).open("a", encoding="utf-8").write("\n月均保障城市低保对象6219人，另有7所。\n"),
        SECOND,
        STAND_IN,
    ),
    "a number gone": ("first", edit("background.csv", "resident_population", "population"), SECOND, STAND_IN),
    "a finding that does not exist": ("first", corrections(row(发现编号="T2-people.urban_tekun")), SECOND, STAND_IN),
    "slips in corrections": ("first", corrections(*SLIPS), SECOND, STAND_IN),
    "corrections before edition 1": ("signed", corrections(row()), FIRST, STAND_IN),
    "a released correction with another reason": (
        "second",
        edit("corrections.csv", "不是农村特困,", "不是农村特困人员,"),
        SECOND,
        STAND_IN,
    ),
    "a released correction with another value": ("second", edit("corrections.csv", ",6126人,", ",6125人,"), SECOND, STAND_IN),
    "a released correction gone": ("second", corrections(*rows()[1:]), SECOND, STAND_IN),
    "corrections added to a released edition": (
        "second",
        corrections(*rows(), row(对象="城市低保月均人数", 原值="6219人"), row(对象="documents.csv", 原值="通知", 更正值="函")),
        SECOND,
        STAND_IN,
    ),
    "no ledger": ("second", lambda p: ledger_path(p, YEAR).unlink(), SECOND, STAND_IN),
    "an entry edited": (
        "second",
        in_ledger(lambda head, one, two: head + one.replace("照签发", "依签发") + two),
        SECOND,
        STAND_IN,
    ),
    "the last entry edited": (
        "second",
        in_ledger(lambda head, one, two: head + one + two.replace("证实", "查出")),
        SECOND,
        STAND_IN,
    ),
    "the last entry gone": ("second", in_ledger(lambda head, one, two: head + one), SECOND, STAND_IN),
    "the first entry gone": ("second", in_ledger(lambda head, one, two: head + two), SECOND, STAND_IN),
    "the last entry edited, and committed": (
        "second",
        both(REASON_EDITED, lambda p: commit_all(p, "Tidy")),
        SECOND,
        STAND_IN,
    ),
    "the last entry edited, its commit amended, the reflog gone": (
        "second",
        both(
            REASON_EDITED,
            lambda p: commit_all(p, "Release edition 2 of 2020", "--amend"),
            lambda p: shutil.rmtree(p / ".git" / "logs"),
        ),
        SECOND,
        STAND_IN,
    ),
    "the last entry gone with the commits after edition 1": (
        "second",
        both(lambda p: git(p, "reset", "--hard", "--quiet", "HEAD~2"), corrections(*rows()[:3])),
        SECOND,
        STAND_IN,
    ),
    "the last entry edited in a history that is new": ("second", both(REASON_EDITED, history_anew), SECOND, STAND_IN),
    "the last entry edited, after it was published elsewhere": (
        "second",
        both(
            REASON_EDITED,
            lambda p: remember_place(p, Path(shutil.copytree(p / STORE, p.with_name("site")))),
            history_anew,
            lambda p: shutil.rmtree(p / STORE / "2020"),
        ),
        SECOND,
        STAND_IN,
    ),
    "nobody who releases": (
        "corrected",
        lambda p: git(p, "config", "--local", "--unset", repository.RELEASER),
        SECOND,
        STAND_IN,
    ),
    "a repository that is on no branch": (
        "corrected",
        lambda p: git(p, "checkout", "--quiet", "--detach"),
        SECOND,
        STAND_IN,
    ),
    "entries in another order": ("second", in_ledger(lambda head, one, two: head + two + one), SECOND, STAND_IN),
    "an approver taken away": (
        "second",
        in_ledger(lambda head, one, two: head + one.replace("批准: 桃江县民政局", "批准:") + two),
        SECOND,
        STAND_IN,
    ),
    "a remark in the ledger": ("second", in_ledger(lambda head, one, two: head + one + two + "# 备注\n"), SECOND, STAND_IN),
    "a ledger that is none": ("second", in_ledger(lambda *_: "版本: ["), SECOND, STAND_IN),
    "frozen figures gone": ("second", lambda p: frozen_path(p, YEAR, 1).unlink(), SECOND, STAND_IN),
    "frozen figures edited": (
        "second",
        both(*(edit(f"editions/{number}.csv", ",6219,", ",6220,") for number in (1, 2))),
        SECOND,
        STAND_IN,
    ),
    "personal data that comes in": (
        "corrected",
        both(
            edit(PROSE, "杜绝挪用", "经办人11010519491231002X"),
            edit("year.yml", "数据状态", "# 13812345678\n数据状态"),
            lambda p: (p / "data" / str(YEAR) / "名单.csv").write_text("姓名,金额\n张某,1\n", encoding="utf-8"),
        ),
        SECOND,
        STAND_IN,
    ),
    "a number so small that it tells of persons": ("signed", edit("people.csv", ",6246,", ",6127,"), FIRST, STAND_IN),
    "a file whose name the ledger cannot hold": ("corrected", year_file("换\n行.txt"), SECOND, STAND_IN),
    "more changed files than the ledger can hold": (
        "corrected",
        both(*(year_file(f"{number}.jpg") for number in range(200))),
        SECOND,
        STAND_IN,
    ),
    "personal data in a page": ("corrected", nothing, SECOND, planting("names.html", b"<p>11010519491231002X</p>")),
    "personal data in an attachment": (
        "corrected",
        nothing,
        SECOND,
        planting("report-2020.pdf", PLANTS["attachment of a PDF"][1]("11010519491231002X")),
    ),
    "a path of this machine": ("corrected", nothing, SECOND, planting("x.html", b"<p>/home/clerk/report.docx</p>")),
    "a notebook": ("corrected", nothing, SECOND, planting("_sources/02-funds.ipynb.md", b"{}")),
    "an internal explanation in a page": (
        "corrected",
        explained,
        SECOND,
        planting("x.html", "<p>已说明：补发上年\n的差额，低保发放台账</p>".encode()),
    ),
    "an internal explanation in a PDF": (
        "corrected",
        explained,
        SECOND,
        planting("x.pdf", PLANTS["wrapped in a PDF"][1]("补发上年的差额" * 2)),
    ),
    "a name that Windows cannot have": ("corrected", nothing, SECOND, planting("aux.html", b"<p>")),
}  # fmt: skip


PLACEHOLDERS = (
    "待定",
    "无",
    "尚未批准",
    "还没有批准",
    "待批",
    "待局长办公会研究",
    "某某",
    "某县民政局",
    "XX",
    "李××",
    "○○局长",
    "tbd",
    "N/A",
    "——",
    "1",
    "张",
)
PERSONS = (
    "桃江县民政局",
    "局长办公会",
    "党组会（2022年第3次）",
    "张三",
    "无为市民政局",
    "尚勇",
    "阿依古丽·买买提",
    "Naomi Testa",
)


def test_an_approver_is_somebody() -> None:
    assert [name for name in PLACEHOLDERS if not [*approver_faults(name)]] == []
    assert [name for name in ("", *PERSONS) if [*approver_faults(name)]] == []


def told() -> dict[str, str]:
    """Expected messages, by case."""
    parts = re.split(r"^## (.+)\n", REFUSALS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], (text.rstrip("\n") for text in parts[2::2]), strict=True))


def test_every_refusal_is_told() -> None:
    assert list(told()) == list(REFUSED)


@pytest.mark.parametrize("case", REFUSED)
def test_release_refuses(case: str, copied: Copied, monkeypatch: pytest.MonkeyPatch) -> None:
    original, plant, wish, program = REFUSED[case]
    project = copied(original)
    plant(project)
    before = tree(project / "data")
    kept = tree(project / STORE) if original != "signed" else {}
    with monkeypatch.context() as patch:
        if case == "no git":
            patch.setenv("PATH", "/nowhere")
        said = refusal(lambda: release(project, YEAR, wish, program))
    said = re.sub(
        r"\b[0-9a-f]{12}(?:[0-9a-f]{28})?\b",
        "提交号",
        said.replace(str(project), "项目文件夹").replace(str(project.with_name("site")), "网站文件夹"),
    )
    assert said == told()[case]
    assert tree(project / "data") == before
    assert {path: text for path, text in tree(project / STORE).items() if path != ".lock"} == {
        path: text for path, text in kept.items() if path != ".lock"
    }


def test_an_entry_that_was_put_back_is_told_and_stops_nothing(copied: Copied) -> None:
    project = copied("second")
    path = ledger_path(project, YEAR)
    good = path.read_bytes()
    REASON_EDITED(project)
    commit_all(project, "Tidy")
    path.write_bytes(good)
    commit_all(project, "As it was")
    (told,) = witness.testimonies(project, YEAR, read_ledger(project, YEAR)[0])
    assert told.settled
    assert "第2版的记录与现在的不同，是后来改的，现在的是原来的：“理由”那里是“更正勾稽检查查出的错误”" in str(
        told
    )
    assert "数据与第2版相同" in refusal(partial(second, project))


@pytest.mark.parametrize("year", years(ROOT))
def test_nothing_speaks_against_the_ledgers_here(year: int) -> None:
    if (ROOT / ".git").exists():
        assert witness.testimonies(ROOT, year, read_ledger(ROOT, year)[0]) == ()


NAMES = ("张", "张\x07三", "张\u202e三", "张三\n李四", "12345", "··", "张三<a@b>", "root", "字" * 31)


def test_commits_bear_the_name_that_was_asked_for_alone(
    copied: Copied, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the machine says of its user."""
    for name in repository.PERSONS:
        monkeypatch.setenv(name, "machine@example.org")
    project = copied("corrected")
    git(project, "config", "author.name", "Machine")
    for name in NAMES:
        assert refusal(partial(name_releaser, project, YEAR, name)).startswith("没有定版：定版人姓名写的是“")
    name_releaser(project, YEAR, " 欧阳 ")
    second(project)
    assert (
        git(project, "log", "-2", "--format=%an %ae %cn %ce").splitlines()
        == [f"{'欧阳'} {repository.ADDRESS} {'欧阳'} {repository.ADDRESS}"] * 2
    )


# -- what is recorded


def test_only_direct_changes_are_listed(originals: dict[str, Path], copied: Copied) -> None:
    """Corrections are listed by themselves; explanations and the calendar change no number and no text."""
    project = copied("corrected")
    explained(project)
    write_rows(
        project, "calendar", [{"版次": "2", "预告日期": "2026-11-27", "公布日期": "2026-11-20", "说明": ""}]
    )
    change(project, "people.csv", "照录；分散供养", "照报告录入；分散供养")
    for name in ("~$people.xlsx", ".~lock.people.csv#"):
        year_file(name)(project)
    plan = planned(project, YEAR, replace(SECOND, kind="计划修订", approver="县民政局"))
    made = RELEASE.release(project, plan, STAND_IN)
    assert made.edition.changes == ("narrative/06-problems.md", "people.csv")
    assert made.edition.corrections == tuple(dict.fromkeys(row["对象"] for row in rows()))
    entry = made.edition
    assert (entry.number, entry.kind, entry.status, entry.approver) == (2, "计划修订", "批准", "县民政局")
    assert {revision.address for revision in plan.revisions if revision.direct} == {"people.rural_tekun"}
    ledger, problems = read_ledger(project, YEAR)
    assert (ledger[-1], problems) == (entry, [])
    assert ledger[0] == read_ledger(originals["first"], YEAR)[0][0]
    assert entry.previous == ledger[0].digest
    assert not git(project, "status", "--porcelain", "--", "data")


def test_a_day_of_approval_that_is_not_that_of_the_report_is_told(copied: Copied) -> None:
    told = "批准的日期写作2026-11-27，报告日期是2021-04-10；签发那天就批准了的，用 --date 2021-04-10 写明。"
    project = copied("signed")
    days = {day: lines(planned(project, YEAR, replace(FIRST, date=day))) for day in (SIGNED, TODAY)}
    assert [day for day, said in days.items() if told in said] == [TODAY]


def test_edition_1_without_approver_is_provisional(copied: Copied) -> None:
    made = release(copied("signed"), YEAR, Wish(SIGNED, TODAY, status="送审"), STAND_IN).edition
    assert (made.kind, made.status, made.reason, made.approver, made.previous) == (
        "初版",
        "送审",
        "首次发布",
        "",
        "",
    )


def test_a_file_whose_name_is_no_text(copied: Copied) -> None:
    project = copied("corrected")
    year_file(os.fsdecode(b"\xff.txt"))(project)
    assert release(project, YEAR, SECOND, STAND_IN).edition.changes == (
        "narrative/06-problems.md",
        "\ufffd.txt",
    )
    assert "数据与第2版相同" in refusal(partial(second, project))


@pytest.mark.parametrize("said", ["缺", "报告没有写"])
def test_a_missing_number_can_be_corrected(copied: Copied, said: str) -> None:
    project = copied("first")
    corrections(row(对象="常住人口", 原值=said, 更正值="89.5万人", 理由="统计公报"))(project)
    plan = planned(project, YEAR, SECOND)
    (direct,) = (revision for revision in plan.revisions if revision.direct)
    assert (direct.name, direct.old_text, direct.new_text, direct.difference) == (
        "常住人口",
        "报告没有写",
        "89.5万人",
        "—",
    )
    assert {revision.name for revision in plan.revisions} > {"每万人农村低保人数"}


def test_a_number_that_is_new_is_no_change(copied: Copied, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or no indicator could ever be added."""
    project = copied("signed")
    with monkeypatch.context() as patch:
        lines = partial(str.splitlines, keepends=True)
        before = lambda figures: "".join(x for x in lines(frozen_text(figures)) if "coverage." not in x)  # noqa: E731
        patch.setattr(PLAN, "frozen_text", before)
        release(project, YEAR, FIRST, STAND_IN)
    write_rows(project, "corrections", rows())
    second(project)
    assert len(read_ledger(project, YEAR)[0]) == 2


def test_a_change_of_the_program_is_named(copied: Copied, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether data were changed or not; the number of edition 1 that a correction replaced is found too."""
    for original in ("second", "corrected"):
        project = copied(original)
        with monkeypatch.context() as patch:
            patch.setattr("evalbook.figures.units.ROUND_HALF_UP", ROUND_DOWN)
            said = refusal(partial(second, project))
        number = 2 if original == "second" else 1
        assert f"支出与资金之比（execution.all）第{number}版是100.40%，现在是100.39%。" in said
        assert "368.32" not in said, "what is rounded down either way is as it was"
        assert "让维护人员检查程序、登记表和上一年度的改动" in said


@pytest.mark.parametrize("year", years(ROOT))
def test_every_released_number_is_computed_as_it_was(year: int) -> None:
    """A change of the program that alters an old number is found here, before anybody releases."""
    ledger, problems = read_ledger(ROOT, year)
    assert problems == []
    for edition in ledger:
        path = frozen_path(ROOT, year, edition.number)
        assert files.digest(path) == edition.figures
        now = frozen_text(load(ROOT, year, edition.number)).splitlines()
        then = path.read_text(encoding="utf-8-sig").splitlines()
        assert [line for line in then if line not in now] == []


@pytest.mark.parametrize("year", years(ROOT))
def test_every_release_can_be_made_again(year: int, tmp_path: Path) -> None:
    """The repository has what the ledger names, unless its history begins only after that."""
    ledger = ledger_path(ROOT, year).relative_to(ROOT).as_posix()
    is_repository = (ROOT / ".git").exists()
    if not is_repository or not git(ROOT, "log", "--diff-filter=A", "--format=%P", "--", ledger):
        return
    for edition in read_ledger(ROOT, year)[0]:
        copy = tmp_path / str(edition.number)
        repository.export(ROOT, edition.commit, copy)
        assert hashes(copy, year) == {
            name: getattr(edition, name) for name in ("inputs", "registries", "code", "lock")
        }


def test_git_for_windows_changes_no_byte(copied: Copied, tmp_path: Path) -> None:
    """Or every clone there would be another year than the one released."""
    project, clone = copied("second"), tmp_path / "clone"
    git(project, "clone", "--quiet", "--config=core.autocrlf=true", str(project), str(clone))
    assert b"\r\n" in (clone / "_toc.yml").read_bytes()
    assert tree(clone / "data") == tree(project / "data")
    assert "数据与第2版相同" in refusal(partial(second, clone))


# -- what is shown is what is released


def lines(plan: Plan) -> str:
    return "\n".join(plan_lines(plan))


def test_what_is_shown_is_what_is_released(copied: Copied) -> None:
    """Nothing is written to show it; whatever changes afterwards stops it."""
    project = copied("corrected")
    before = {path: text for path, text in tree(project).items() if not path.startswith((".git/", STORE))}
    head = git(project, "rev-parse", "HEAD")
    plan = planned(project, YEAR, SECOND)
    assert {p: t for p, t in tree(project).items() if not p.startswith((".git/", STORE))} == before
    assert git(project, "rev-parse", "HEAD") == head
    said = lines(plan)
    for words in (
        "将要定版：2020年度第2版（更正，2026-11-27）",
        "状态：更正稿（未经批准）",
        "\n共148个数字，1个报告没有写，14个算不出\n",
        "改变的数字：",
        "农村特困人数（people.rural_tekun）：6246人 → 6126人",
        "从这一版起的更正、存疑和撤回：13处",
        "更正 农村特困人数：6246人 → 6126人",
        "存疑 临时救助户次：7945户次",
        "直接改动的文件：narrative/06-problems.md",
        "改动的文字〖原文→现文〗：1处\n    1. narrative/06-problems.md 第11行：…强财务管理，坚持专款专用〖增：，杜绝挪用〗。",
        "还没有说明的检查结果：错误0条",
        "放到：releases/2020/2",
    ):
        assert words in said
    asked = lines(replace(plan, privacy=("甲。", "乙。")))
    assert "\n请核对是不是个人信息：2处\n    1. 甲。\n    2. 乙。\n放到：" in asked
    assert "个人信息" not in said
    for late in (
        partial(change, project, PROSE, "杜绝挪用", "绝不挪用"),
        partial(commit_all, project, "Late"),
    ):
        late()
        said = refusal(partial(RELEASE.release, project, plan, STAND_IN))
        assert said == "没有定版：列出内容以后又有改动。请再运行一次，核对以后再确认。"
        assert len(read_ledger(project, YEAR)[0]) == 1
        plan = planned(project, YEAR, SECOND)
    assert RELEASE.release(project, plan, STAND_IN).edition == read_ledger(project, YEAR)[0][-1]


def test_everything_that_differs_is_named(copied: Copied) -> None:
    """A changed limit, framework, notebook, program or year before rides along seen; what goes nowhere is not named."""
    project = copied("corrected")
    for path, old, new in (
        ("data/reference/limits.csv", ",农村低保,保障标准,2640,,", ",农村低保,保障标准,2650,,"),
        ("data/reference/glossary.csv", "本书的口径，与资金支出表一致", "本书的口径"),
        ("data/frameworks/suixi-2019/framework.yml", "标题", "# \n标题"),
        ("requirements.txt", "pandas==2.0", "pandas==2.1"),
        ("evalbook/__init__.py", "", '__version__ = "9"\n'),
        ("book/guide/revisions.md", "说明", "别的说明"),
    ):
        text = (project / path).read_bytes().decode()
        (project / path).write_bytes(text.replace(old, new, 1).encode())
    for name in ("a", "b", "c", "d"):
        (project / "notebooks" / f"{name}.ipynb").write_text("{}", encoding="utf-8")
    (project / "README.md").write_text("x", encoding="utf-8")
    explained(project)
    git(project, "add", "--all")
    commit_all(project, "Unseen")
    plan = planned(project, YEAR, SECOND)
    assert plan.changes.carried == (
        "界限：limits.csv 改了1处",
        "术语表：glossary.csv 改了1处",
        "对检查结果的说明：data/2020/explanations.csv",
        "笔记本：notebooks/（4个文件）",
        "网页说明：book/guide/revisions.md",
        "程序：evalbook/__init__.py",
        "依赖：pandas 2.0 → 2.1；requirements.txt",
    )
    assert [(one.file, one.old, one.new) for one in plan.changes.texts[1:]] == [
        ("data/reference/glossary.csv", "本书的口径，与资金支出表一致", "本书的口径"),
        ("data/reference/limits.csv", "2640", "2650"),
    ]
    said = lines(plan)
    assert "年度文件夹以外的改动：7处\n    1. 界限：limits.csv 改了1处" in said
    made = RELEASE.release(project, plan, STAND_IN).edition
    assert made == read_ledger(project, YEAR)[0][-1]
    assert made.carried == plan.changes.carried
    assert made.texts == files.digest(changes_path(project, YEAR, 2))
    shown = editions_page(Page("editions", load(project, YEAR))).markdown
    for words in ("程序：evalbook/", "专款专用〖增：，杜绝挪用〗。", "本书的口径〖删：，与资金支出表一致〗"):
        assert words in shown.replace("\\", "")
    assert verify_rebuild(project, YEAR, 2, program=STAND_IN) == ()
    changes_path(project, YEAR, 2).unlink()
    assert "找不到 data/2020/editions/2.changes.csv" in refusal(partial(second, project))
    git(project, "checkout", "--quiet", "--", "data")
    change(project, "editions/2.changes.csv", "杜绝挪用", "随意使用")
    assert "2.changes.csv：不是定版时写的内容" in refusal(partial(second, project))


def test_an_edition_keeps_the_rules_that_it_was_checked_by(copied: Copied) -> None:
    """Its page tells those that came later or say something else now; of an edition without them, that nobody knows."""
    project = copied("second")
    path = rules_path(project, YEAR, 2)
    assert read_ledger(project, YEAR)[0][-1].rules == files.digest(path)
    kept = read_rules(project, YEAR, 2)
    assert list(kept) == [rule.id for rule in ALL_RULES]

    def shown(**changed: object) -> str:
        figures = load(project, YEAR)
        figures = replace(figures, year=replace(figures.year, **changed))  # type: ignore[arg-type]
        return editions_page(Page("editions", figures)).markdown

    assert f"| 第2版 | {len(ALL_RULES)}条 | 没有 | 没有 |" in shown()
    known = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    earlier = "".join(line for line in known if not line.startswith("K4,"))
    path.write_text(earlier.replace(kept["F1"].wording, "0" * 12), encoding="utf-8-sig", newline="")
    told = f"| 第2版 | {len(ALL_RULES) - 1}条 | {{ref}}`K4 封面的内容齐全 <rule-k4>` | {{ref}}`F1 "
    assert told in shown()
    assert "2.rules.csv：不是定版时写的内容" in refusal(partial(second, project))
    ledger = tuple(replace(one, rules="") for one in read_ledger(project, YEAR)[0])
    assert "第1版、第2版定版时还不记用了哪些规则。" in shown(ledger=ledger)


def test_another_version_of_the_tool_is_named(copied: Copied, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a project that does not hold the program, by what is recorded of the tool that made the edition before."""
    project = copied("first")
    shutil.rmtree(project / "evalbook")
    brought = ("data/reference/limits.csv", "data/outline", "data/frameworks/finance-2020")
    lock = "evalbook=={}\npandas=={}\n" + "".join(f"shipped/{name}=={{}}\n" for name in brought)
    lock_path(project, YEAR, 1).write_text(lock.format("1.0", "2.0", "a", "a", "a"), encoding="utf-8")
    tool = Tool(Path("python"), "1.1", "0" * 64, lock.format("1.1", "2.1", "b", "b", "b"))
    monkeypatch.setattr("evalbook.release.changes.installed_tool", lambda: tool)
    (last,), _ = read_ledger(project, YEAR)
    then = repository.contents(project, last.commit, "data")
    assert changes_since(project, YEAR, last, then, ()).carried == (
        "界限：程序带来的 data/reference/limits.csv",
        "评价框架：程序带来的 data/frameworks/finance-2020",
        "报告提纲：程序带来的 data/outline",
        "程序：evalbook 1.0 → 1.1",
        "依赖：pandas 2.0 → 2.1",
    )


WORDS: tuple[tuple[str, str, str, list[tuple[str, str, str]]], ...] = (
    ("a.md", "甲。乙；丙。\n", "甲。乙二；丙。丁。\n", [("第1行", "乙；", "乙二；"), ("第1行", "", "丁。")]),
    ("a.md", "", "甲。\n乙", [("第1行", "", "甲。乙")]),
    ("a.md", "甲。\n乙。\n", "甲。\n", [("原第2行", "乙。", "")]),
    ("a.yml", "状态: 一\n", "状态: 二\n", [("第1行", "状态: 一", "状态: 二")]),
    ("a.csv", "名,数\n甲,1.50\n", "名,数\n甲,1.5\n", []),
    ("a.csv", "名,数\n甲,1\n乙,2\n", "名,数\n甲,1\n乙,3\n", [("第3行（乙）“数”", "2", "3")]),
    ("a.csv", "名,数\n甲,1\n乙,2\n", "名,数,注\n甲,1,\n乙,2,新\n", [("第3行（乙）“注”", "", "新")]),
    ("a.csv", "名,数\n甲,1\n乙,2\n", "名,数\n乙,3\n", [("第2行（乙）“数”", "2", "3"), ("原第2行（甲）", "名：甲；数：1", "")]),
    ("a.csv", "名,数\n甲,1\n", "名,数\n甲,1\n\n乙,2\n", [("第4行（乙）", "", "名：乙；数：2")]),
    ("a.jpg", "甲", "乙", []),
)  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "expected"), WORDS)
def test_changed_words(file: str, old: str, new: str, expected: list[tuple[str, str, str]]) -> None:
    found = changed_texts(file, old.encode(), new.encode())
    assert [(one.place, one.old, one.new) for one in found] == expected


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("", "新的一句。", "〖增：新的一句。〗"),
        ("旧的一句。", "", "〖删：旧的一句。〗"),
        ("下达1120.23万元，上年增加", "下达1000.23万元，上年减少", "下达〖1120.23→1000.23〗万元，上年〖增加→减少〗"),
        ("湘财社指〔2020〕12号", "湘财社指〔2020〕13号", "湘财社指〔2020〕〖12→13〗号"),
        ("认真落实政策", "严格执行制度", "〖认真落实政策→严格执行制度〗"),
        (f"{'前' * 99}较大{'中' * 99}好{'后' * 99}", f"{'前' * 99}很大{'中' * 99}坏{'后' * 99}",
         f"…{'前' * 12}〖较→很〗大{'中' * 11}…{'中' * 12}〖好→坏〗{'后' * 12}…"),
        ("甲" * 300, "乙", f"〖{'甲' * 100}……（共300字）→乙〗"),
    ],
)  # fmt: skip
def test_changed_words_are_marked(old: str, new: str, marked: str) -> None:
    assert ChangedText("a.md", "第1行", old, new).marked == marked


def test_a_chapter_may_be_renamed_or_left_out(copied: Copied) -> None:
    project = copied("first")
    path = project / "data" / str(YEAR) / PROSE
    path.rename(path.with_name("06-其他问题.md"))
    change(project, "background.csv", ",万人,x,", ",万人,,")  # the edition before had no number there either
    assert planned(project, YEAR, SECOND).changes.files == (
        "background.csv",
        PROSE,
        "narrative/06-其他问题.md",
    )
    path.with_name("06-其他问题.md").unlink()
    change(project, "year.yml", "自评等次:", "没有的章节:\n  - 06-problems\n自评等次:")
    assert PROSE in planned(project, YEAR, SECOND).changes.files


BUREAUS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("安化县民政局组织实施了救助。", ("安化县民政局组织实施了救助。",)),
    ("今年由安化县民政局组织。", ("安化县民政局组织。",)),
    ("安化县民政局和赫山区民政局组织。", ("安化县民政局和赫山区民政局组织。", "赫山区民政局组织。")),
    ("桃江县民政局组织，由县民政局、我县民政局和市民政局落实。", ()),
    ("配合县民政局，省、市和县民政局共同落实。", ()),
)


@pytest.mark.parametrize(("text", "told"), BUREAUS)
def test_another_countys_bureau_is_asked_about(text: str, told: tuple[str, ...], copied: Copied) -> None:
    project = copied("corrected")
    change(project, PROSE, "专款专用，杜绝挪用。", text)
    found = planned(project, YEAR, SECOND).foreign
    assert [re.findall("“(.+)”", line) for line in found] == [[one] for one in told]


# -- taken back


TAKEN_BACK = Wish(TODAY, TODAY, reason="附表贴错", approver="社会救助股")


def test_an_edition_is_taken_back_with_a_trace(originals: dict[str, Path], copied: Copied) -> None:
    project = copied("second")
    withdraw(project, YEAR, 2, TAKEN_BACK)
    before = read_ledger(originals["second"], YEAR)[0]
    ledger, problems = read_ledger(project, YEAR)
    assert problems == []
    assert [edition.withdrawn and edition.withdrawn.reason for edition in ledger] == [None, "附表贴错"]
    assert (
        ledger_path(project, YEAR)
        .read_bytes()
        .startswith(ledger_path(originals["second"], YEAR).read_bytes())
    )
    assert replace(ledger[1], withdrawn=None) == before[1]
    assert tree(frozen_path(project, YEAR, 1).parent) == tree(
        frozen_path(originals["second"], YEAR, 1).parent
    )
    assert git(project, "log", "-1", "--format=%s") == "Withdraw edition 2 of 2020"
    assert [(one.year, one.number) for one in released_editions(project, STAND_IN)] == [(YEAR, 1)]
    lying = editions_in(project / STORE / str(YEAR) / "2")
    assert "台账写明已于2026-11-27撤销（附表贴错）" in against_ledger(project, lying)[1][0]
    found = [problem.found for problem in read_year(project, YEAR).problems]
    assert found == [f"第2版已经撤销，写着它的共{len(rows())}行（第2—{len(rows()) + 1}行）"]
    write_rows(project, "corrections", [{**one, "版次": "3"} for one in rows()])
    figures = load(project, YEAR)
    assert (figures.year.edition, figures.year.released) == (3, None)
    shown = editions_page(Page("editions", figures)).markdown
    assert "第2版（已撤销）" in shown
    assert "附表贴错" in shown
    assert "第3版与第1版相比" in shown
    assert "第2版已于2026-11-27撤销（现有：第1版）" in refusal(lambda: load(project, YEAR, 2))
    made = release(project, YEAR, SECOND, STAND_IN).edition
    assert (made.number, made.kind, made.previous) == (3, "更正", ledger[1].digest)
    assert made.previous != before[1].digest
    assert [verify_rebuild(project, YEAR, number, program=STAND_IN) for number in (1, 2, 3)] == [()] * 3
    in_ledger_text = ledger_path(project, YEAR).read_text(encoding="utf-8")
    ledger_path(project, YEAR).write_text(in_ledger_text.replace("附表贴错", "附表"), encoding="utf-8")
    assert "第2版的记录与第3版所记的不符" in refusal(partial(second, project))


def test_the_first_edition_is_taken_back(copied: Copied) -> None:
    project = copied("first")
    withdraw(project, YEAR, 1, TAKEN_BACK)
    announced = {"版次": "1", "预告日期": "2021-04-11", "公布日期": "2021-04-01", "说明": ""}
    write_rows(project, "calendar", [announced])
    shown = editions_page(Page("editions", load(project, YEAR))).markdown
    assert "| 第1版 | 2021年4月11日 | 2021年4月1日 | 已撤销，没有发布 |" in shown
    (listed,) = site_of_editions.announcements(project, ())
    assert (listed.number, listed.published, listed.withdrawn) == (1, None, True)
    assert "还没有定版的年度" in refusal(lambda: released_editions(project, STAND_IN))
    said = lines(planned(project, YEAR, replace(FIRST, date=TODAY)))
    assert "第1版已于2026-11-27撤销（附表贴错，社会救助股决定），没有发布过；它的号不再用。" in said
    made = release(project, YEAR, replace(FIRST, date=TODAY), STAND_IN).edition
    assert (made.number, made.kind, made.changes) == (2, "初版", ())


def year_after(project: Path) -> None:
    """Give the project a later year that says the same."""
    before, after = (project / "data" / str(year) for year in (YEAR, YEAR + 1))
    shutil.copytree(before, after, ignore=shutil.ignore_patterns("editions*", "corrections.csv"))
    settings = (after / "year.yml").read_text(encoding="utf-8")
    moved = re.sub(r"202[01]", lambda year: str(int(year[0]) + 1), settings).replace(
        "finance-2021", "finance-2020"
    )
    (after / "year.yml").write_text(moved, encoding="utf-8")
    explain(project, YEAR + 1)


def released_after(project: Path) -> None:
    """Give the project a ledger of a later year."""
    path = ledger_path(project, YEAR + 1)
    path.parent.mkdir()
    entry = replace(read_ledger(project, YEAR)[0][0], date=TODAY)
    path.write_text(ledger_text([entry]), encoding="utf-8")


def test_the_year_before_is_taken_by_its_day(copied: Copied) -> None:
    """An edition that bears an earlier day than the last of the year before, which is released already."""
    project = copied("second")
    year_after(project)
    signed = replace(FIRST, date=TODAY - DAY)
    for date, told in ((TODAY, "第2版 · 更正稿（未经批准）"), (TODAY - DAY, "第1版 · 批准：桃江县民政局，")):
        said = lines(planned(project, YEAR + 1, replace(signed, date=date)))
        assert f"增减与上年比：用2020年度{told}" in said
    release(project, YEAR + 1, signed, STAND_IN)
    assert verify_rebuild(project, YEAR + 1, 1, program=STAND_IN) == ()
    figures = load(project, YEAR + 1, 1)
    kept = read_frozen(project, YEAR + 1, 1)
    assert kept["change.people.rural_tekun"].text == "0人"
    assert revisions(figures, kept, 1) == ()
    said = refusal(partial(release, project, YEAR, replace(SECOND, date=TODAY - 2 * DAY), STAND_IN))
    assert "2021年度第1版的日期是2026-11-26，它的增减照2020年度以前的版算出。这一版的日期要在那以后" in said


NOT_TAKEN_BACK: Mapping[str, tuple[Callable[[Path], object], int, Wish, str]] = {
    "not the last": (nothing, 1, TAKEN_BACK, "1. 只有最后一版（第2版）可以撤销"),
    "not there": (nothing, 3, TAKEN_BACK, "没有撤销：2020年度没有第3版"),
    "published": (
        lambda p: note_published(p, released_editions(p, STAND_IN), TODAY),
        2,
        TAKEN_BACK,
        "1. 第2版2026-11-27发布了，发布过的不能撤销",
    ),
    "published, and the note of it gone": (
        both(
            lambda p: note_published(p, released_editions(p, STAND_IN), TODAY),
            lambda p: (p / "data" / str(YEAR) / "editions" / "published.csv").unlink(),
            lambda p: commit_all(p, "Tidy"),
        ),
        2,
        TAKEN_BACK,
        "1. 第2版2026-11-27发布了，发布过的不能撤销",
    ),
    "published to a folder that is known here": (
        lambda p: remember_place(p, p / STORE),
        2,
        TAKEN_BACK,
        "1. 第2版以前在 ",
    ),
    "taken back already": (
        lambda p: withdraw(p, YEAR, 2, TAKEN_BACK),
        2,
        TAKEN_BACK,
        "没有撤销：2020年度第2版已于2026-11-27撤销（现有：第1版）",
    ),
    "nobody who releases": (
        lambda p: git(p, "config", "--local", "--unset", repository.RELEASER),
        2,
        TAKEN_BACK,
        "1. 还不知道定版人的姓名",
    ),
    "one after the other": (
        lambda p: withdraw(p, YEAR, 2, TAKEN_BACK),
        1,
        TAKEN_BACK,
        "1. 第1版以后的各版已经撤销，不能再往前撤",
    ),
    "by nobody": (nothing, 2, replace(TAKEN_BACK, approver="某某"), "1. --approver 写的是“某某”，不是批准的人或会议"),
    "the year after rests on it": (released_after, 2, TAKEN_BACK, "1. 2021年度已经定版，照这一版算过变化"),
    "nothing said": (
        nothing,
        2,
        Wish(TODAY - DAY, TODAY - 2 * DAY),
        "1. 没有写为什么撤销。请用 --reason 写明理由。\n2. 没有写谁决定撤销。请用 --approver 写明。\n"
        "3. 日期2026-11-26在今天（2026-11-25）以后。日期写错了，或这台电脑的时钟不对。\n4. 日期2026-11-26早于第2版的2026-11-27",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NOT_TAKEN_BACK)
def test_what_cannot_be_taken_back(case: str, copied: Copied) -> None:
    plant, number, wish, expected = NOT_TAKEN_BACK[case]
    project = copied("second")
    plant(project)
    before = ledger_path(project, YEAR).read_bytes()
    said = refusal(lambda: withdraw(project, YEAR, number, wish))
    assert said.removeprefix("没有撤销：\n").startswith(expected)
    assert ledger_path(project, YEAR).read_bytes() == before


# -- asked about


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command, with somebody at the terminal who types something."""
    monkeypatch.setattr("evalbook.release.release", lambda root, plan: RELEASE.release(root, plan, STAND_IN))

    def run(project: Path, typed: str | None, *arguments: str) -> Result:
        monkeypatch.setattr("evalbook.cli.freezing.is_asked", lambda: typed is not None)
        said = ("--project", str(project), "release", str(YEAR), *arguments)
        return CliRunner().invoke(main, said, input=typed)

    return run


def test_the_year_is_asked_for(copied: Copied, typing: Callable[..., Result]) -> None:
    project = copied("corrected")
    before = state(project)
    wish = ("--reason", "更正勾稽检查证实的错误")
    for typed in ("\n", "2021\n", "y\n", ""):
        done = typing(project, typed, *wish)
        assert done.exit_code == 1, done.output
        assert "请输入年度 2020 确认定版：" in done.output
        assert "没有定版，什么都没有改动。" in done.output
        assert state(project) == before
    done = typing(project, None, *wish)
    assert done.exit_code == 2
    assert "将要定版：2020年度第2版" in done.output
    assert "没有定版：这里不能输入年度来确认。核对上面列出的以后，加上 --yes 再运行一次。" in done.output
    assert state(project) == before
    done = typing(project, "２０２０\n", *wish)
    assert (done.exit_code, "已定版：2020年度第2版" in done.output) == (0, True), done.output
    done = typing(
        project, None, "--withdraw", "2", "--reason", "附表贴错", "--approver", "社会救助股", "--yes"
    )
    assert (done.exit_code, "已撤销：2020年度第2版" in done.output) == (0, True), done.output
    write_rows(project, "corrections", [{**one, "版次": "3"} for one in rows()])
    done = typing(project, None, *wish, "--yes")
    assert (done.exit_code, "已定版：2020年度第3版" in done.output) == (0, True), done.output


def test_an_edition_is_approved_as_it_is(copied: Copied) -> None:
    """Who approved it is what is new, or that it was somebody else."""
    project = copied("second")
    number = read_frozen(project, YEAR, 2)
    for approver, kind in (("桃江县民政局", "更正"), ("桃江县民政局局长办公会", "更正")):
        wish = replace(SECOND, approver=approver)
        made = release(project, YEAR, wish, STAND_IN).edition
        assert (made.kind, made.status, made.approver) == (kind, "批准", approver)
        assert (made.corrections, made.changes, made.carried, made.texts) == ((), (), (), "")
        assert read_frozen(project, YEAR, made.number) == number
        assert verify_rebuild(project, YEAR, made.number, program=STAND_IN) == ()
        said = refusal(partial(release, project, YEAR, wish, STAND_IN))
        assert said == f"没有定版：\n1. 数据与第{made.number}版相同，没有可以定版的改动。"
    assert load(project, YEAR).year.status == "批准"
    assert made.number == 4


# -- made again


def test_an_edition_is_made_again(copied: Copied) -> None:
    project = copied("second")
    for number in (1, 2):
        assert verify_rebuild(project, YEAR, number, program=STAND_IN) == ()
    assert not list((project / STORE).glob(".staging-*"))


def differing(**changed: Callable[[str], str]) -> Program:
    """A stand-in that makes some files otherwise."""

    def build(copy: Path, year: int, target: Path) -> None:
        STAND_IN.build(copy, year, target)
        for name, change_text in changed.items():
            path = next(target.glob(f"{name}.*"))
            path.write_text(change_text(path.read_text(encoding="utf-8")), encoding="utf-8")

    def shown(copy: Path, year: int) -> dict[str, str]:
        figures = STAND_IN.figures(copy, year)
        return figures | ({"people.urban_dibao": "6220人"} if "tables" in changed else {})

    return Program(build, shown)


def edited_frozen(project: Path) -> None:
    change(project, "editions/2.csv", ",6219,", ",6220,")


DIFFERENCES: Mapping[str, tuple[Callable[[Path], object], Program, list[str]]] = {
    "another number": (
        nothing,
        differing(tables=lambda text: text.replace("6219人", "6220人")),
        [
            "数字 城市低保月均人数（people.urban_dibao）：定版时是6219人，重新算出是6220人",
            "页面 tables.html：定版时是“市低保月均人数 6219人",
        ],
    ),
    "another layout": (
        nothing,
        differing(index=lambda text: text.replace("<p>", "<div>")),
        ["页面 index.html：文字相同，排版不同"],
    ),
    "a file more": (nothing, planting("extra.txt", b""), ["文件 extra.txt：定版时没有"]),
    "a file kept by the release lost": (
        lambda p: (p / STORE / "2020" / "2" / "index.html").unlink(),
        planting("extra.txt", b""),
        ["文件 extra.txt：定版时没有", "页面 index.html：定版时没有"],
    ),
    "nothing kept by the release": (
        lambda p: shutil.rmtree(p / STORE / "2020"),
        planting("extra.txt", b""),
        ["文件 manifest.json：重新生成的与定版时的清单不同，手边没有原件可以逐个比较"],
    ),
    "frozen figures edited": (
        edited_frozen,
        STAND_IN,
        [
            "输入 数字：保存的数字与台账记的哈希值不符",
            "数字 城市低保月均人数（people.urban_dibao）：定版时是6220人，重新算出是6219人",
        ],
    ),
    "the last entry edited": (
        in_ledger(lambda head, one, two: head + one + two.replace("证实", "查出")),
        STAND_IN,
        ["文件 edition.json：内容不同", "页面 index.html：定版时是“送审 更正勾稽检查证实的错误"],
    ),
    "hashes edited": (
        in_ledger(lambda head, one, two: head + one + re.sub(r"程序: \w{4}", "程序: 0000", two)),
        STAND_IN,
        ["输入 程序：台账记的是0000", "文件 edition.json：内容不同"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DIFFERENCES)
def test_what_differs_is_named(case: str, copied: Copied) -> None:
    plant, program, expected = DIFFERENCES[case]
    project = copied("second")
    plant(project)
    found = [str(difference) for difference in verify_rebuild(project, YEAR, 2, program=program)]
    assert len(found) == len(expected)
    for said, begins in zip(found, expected, strict=True):
        assert said.startswith(begins), said


def test_a_published_edition_is_compared_even_if_the_rebuilt_one_is_right(
    copied: Copied, tmp_path: Path
) -> None:
    """Whoever changes a page and both manifests is not found by the manifests."""
    project, site = copied("second"), tmp_path / "site"
    publish_all(project, site)
    page = site / "2020" / "2" / "index.html"
    page.write_bytes(page.read_bytes().replace("勾稽检查".encode(), "\x1b[2J检查".encode()))
    (site / "2020" / "2" / "x\u202e.html").touch()
    (site / "2020" / "2" / "link").symlink_to("/etc")
    found = [str(one) for one in verify_rebuild(project, YEAR, 2, site / "2020" / "2", program=STAND_IN)]
    assert found[1:] == ["文件 link：重新生成时没有", "页面 x\\u202e.html：重新生成时没有"]
    assert found[0].startswith("页面 index.html：定版时是")
    assert found[0].isprintable()
    assert [str(one) for one in verify_rebuild(project, YEAR, 1, site / "2020" / "7", program=STAND_IN)] == []


def test_what_cannot_be_made_again(copied: Copied) -> None:
    project = copied("second")
    for number in (0, 3):
        said = refusal(partial(verify_rebuild, project, YEAR, number, program=STAND_IN))
        assert said == f"2020年度没有第{number}版（现有：第1版、第2版）。"
    shallow(project)
    assert "版本库里没有提交" in refusal(partial(verify_rebuild, project, YEAR, 1, program=STAND_IN))
    broken = Program(
        lambda *_: fail(EvalbookError("生成时出错（evalbook build）：\n    …")), STAND_IN.figures
    )
    assert refusal(partial(verify_rebuild, copied("second"), YEAR, 1, program=broken)).startswith(
        "生成时出错"
    )


# -- published


def publish_all(project: Path, site: Path, program: Program = STAND_IN) -> None:
    """Publish as the command does."""
    editions = released_editions(project, program)
    publish(editions, pointers(project, editions), site, TODAY)


def test_a_publication_that_is_refused_is_none(copied: Copied, tmp_path: Path) -> None:
    """No edition is kept from being taken back by one."""
    project = copied("second")
    noted = project / "data" / str(YEAR) / "editions" / "published.csv"

    def run(site: Path) -> Result:
        return CliRunner().invoke(main, ("--project", str(project), "publish", str(site)))

    assert "请检查路径和网络连接" in run(tmp_path / "none" / "site").output
    other = shutil.copytree(project / STORE / str(YEAR) / "1", tmp_path / "other" / "2019" / "1")
    card = (other / "edition.json").read_text(encoding="utf-8")
    (other / "edition.json").write_text(card.replace('"桃江县"', '"安化县"'), encoding="utf-8")
    (other / MANIFEST).write_bytes(manifest_of(other))
    said = run(tmp_path / "other").output
    assert "里是湖南省安化县的网站，这个项目是湖南省桃江县的。请核对文件夹" in said
    git(project, "config", "--local", "--unset", repository.RELEASER)
    assert "没有发布：\n1. 还不知道定版人的姓名" in run(tmp_path / "site").output
    assert not noted.exists()
    assert not (tmp_path / "site").exists()
    name_releaser(project, YEAR, "张三")
    assert run(tmp_path / "site").exit_code == 0
    today = datetime.date.today()
    assert noted.read_text(encoding="utf-8-sig").splitlines() == ["版次,发布日期", f"1,{today}", f"2,{today}"]
    assert not git(project, "status", "--porcelain")


def test_nothing_released_is_nothing_to_publish(copied: Copied, tmp_path: Path) -> None:
    said = refusal(partial(publish_all, copied("signed"), tmp_path / "site"))
    assert said == "还没有定版的年度，没有可以发布的内容。请先运行 evalbook release 年度。"


@pytest.mark.parametrize("loss", ["folder", "page", "byte", "manifest", "card"])
def test_files_that_were_lost_are_made_again(
    loss: str, originals: dict[str, Path], copied: Copied, tmp_path: Path
) -> None:
    project = copied("second")
    kept = project / STORE / "2020" / "1"
    match loss:
        case "folder":
            shutil.rmtree(project / STORE)
        case "page":
            (kept / "index.html").unlink()
        case "byte":
            (kept / "tables.html").write_bytes(b"x")
        case "manifest":
            (kept / MANIFEST).write_bytes(b"{}")
        case _:
            (kept / "edition.json").write_bytes(b"[]")
    said: list[str] = []
    released_editions(project, STAND_IN, tell=said.append)
    lost = (1, 2) if loss == "folder" else (1,)
    assert said == [f"正在重新生成2020年度第{number}版（第{number}个，共{len(lost)}个）……" for number in lost]
    publish_all(project, tmp_path / "site")
    assert verify(tmp_path / "site") == ()
    for number in ("1", "2"):
        assert tree(tmp_path / "site" / "2020" / number) == tree(
            originals["second"] / STORE / "2020" / number
        )


def test_files_that_come_out_otherwise_are_not_published(copied: Copied, tmp_path: Path) -> None:
    project = copied("second")
    (project / STORE / "2020" / "1" / "index.html").write_bytes(b"x")
    said = refusal(partial(publish_all, project, tmp_path / "site", planting("extra.txt", b"")))
    assert said.startswith(
        "2020年度第1版的文件不在这台电脑上，或不是定版时的了，重新生成的又与定版时不同，没有发布：\n  文件 extra.txt：定版时没有"
    )
    assert not (tmp_path / "site").exists()
    assert not list((project / STORE).glob(".staging-*"))


def test_a_release_that_was_killed_before_its_commit_is_finished_by_publishing(
    originals: dict[str, Path], copied: Copied, tmp_path: Path
) -> None:
    project = copied("corrected")
    operations = counted(lambda: second(copied("corrected")), SEAMS)
    last = max(at for at, name in enumerate(operations, start=1) if name == "move")
    project = copied("corrected")
    killed_at(last + 1, partial(second, project), seams=SEAMS)
    publish_all(project, tmp_path / "site")
    assert state(project) == state(originals["second"])


# -- everything together


POOL = [row for row in rows() if row["对象"] != "documents.csv"][:5]
SENTENCE = "\n\n又及：已经整改。\n"


class Releases(RuleBasedStateMachine):
    """One year that is corrected, edited, released, published, damaged, lost and made again, in any order."""

    start: Path  # a repository with edition 1

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY))
        self.project = Path(shutil.copytree(self.start, self.folder / "project", symlinks=True))
        self.site = self.folder / "site"
        self.editions = [self.kept(1)]
        self.frozen = [frozen_path(self.project, YEAR, 1).read_bytes()]
        self.written: list[dict[str, str]] = []
        self.coming: list[str] = []
        self.edited = self.spoiled = False
        self.published = 0
        self.damaged: set[int] = set()

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def kept(self, number: int) -> dict[str, bytes]:
        return tree(self.project / STORE / str(YEAR) / str(number))

    @precondition(lambda self: len(self.written) < len(POOL))
    @rule()
    def correct(self) -> None:
        row = {**POOL[len(self.written)], "版次": str(len(self.editions) + 1), "发现编号": ""}
        self.written.append(row)
        self.coming.append(row["对象"])
        write_rows(self.project, "corrections", self.written)

    @rule()
    def edit_a_text(self) -> None:
        path = self.project / "data" / str(YEAR) / PROSE
        path.write_text(path.read_text(encoding="utf-8") + SENTENCE, encoding="utf-8")
        self.edited = True

    @rule()
    def change_a_number_and_back(self) -> None:
        change(self.project, "people.csv", *((",6220,", ",6219,") if self.spoiled else (",6219,", ",6220,")))
        self.spoiled = not self.spoiled

    def is_changed(self) -> bool:
        return bool(self.coming or self.edited)

    @rule(at=st.one_of(st.just(0), st.integers(1, 70)))
    def release(self, at: int) -> None:
        """Release, perhaps to be killed at some operation."""
        killed, before = False, len(self.editions)
        with planted(at, lambda: fail(Killed()), torn=True, seams=SEAMS):
            try:
                said = refusal(partial(second, self.project))
            except Killed:
                killed, said = True, ""
        if len(read_ledger(self.project, YEAR)[0]) > before:
            self.note_edition()
            assert not said
        elif self.spoiled and not killed:
            assert "城市低保月均人数（people.urban_dibao）第" in said
        elif not self.is_changed() and not killed:
            assert f"数据与第{before}版相同" in said
        else:
            assert killed

    def note_edition(self) -> None:
        assert self.is_changed()
        assert not self.spoiled
        self.editions.append(self.kept(len(self.editions) + 1))
        self.frozen.append(frozen_path(self.project, YEAR, len(self.editions)).read_bytes())
        entry = read_ledger(self.project, YEAR)[0][-1]
        assert entry.corrections == tuple(self.coming)
        assert entry.changes == ((PROSE,) if self.edited else ())
        self.coming, self.edited = [], False

    @rule()
    def publish(self) -> None:
        said = refusal(partial(publish_all, self.project, self.site))
        for number in self.damaged:
            assert f"2020/{number}/index.html" in said
        if not self.damaged:
            assert not said
            assert verify(self.site) == ()
            self.published = len(self.editions)

    @precondition(lambda self: self.published)
    @rule(data=st.data())
    def damage_the_site(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(1, self.published))
        (self.site / str(YEAR) / str(number) / "index.html").write_bytes(b"damaged")
        self.damaged.add(number)
        assert f"{YEAR}/{number}/index.html" in {fault.path for fault in verify(self.site)}

    @precondition(lambda self: self.damaged)
    @rule()
    def move_damaged_editions_away(self) -> None:
        for number in self.damaged:
            shutil.rmtree(self.site / str(YEAR) / str(number))
        self.damaged.clear()
        self.publish()

    @rule(data=st.data())
    def lose_what_was_kept(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(1, len(self.editions)))
        shutil.rmtree(self.project / STORE / str(YEAR) / str(number))
        self.publish()
        assert self.kept(number) == self.editions[number - 1]

    @rule(data=st.data())
    def make_again(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(1, len(self.editions)))
        assert verify_rebuild(self.project, YEAR, number, program=STAND_IN) == ()

    @invariant()
    def what_was_released_never_changes(self) -> None:
        ledger, problems = read_ledger(self.project, YEAR)
        assert problems == []
        assert len(ledger) == len(self.editions)
        for number, content in enumerate(self.frozen, start=1):
            assert frozen_path(self.project, YEAR, number).read_bytes() == content

    @invariant()
    def the_site_has_what_was_published_and_nothing_else(self) -> None:
        if not self.published:
            assert not self.site.exists()
            return
        folders = {path.name for path in (self.site / str(YEAR)).iterdir() if path.name.isdigit()}
        assert folders == {str(number) for number in range(1, self.published + 1)}
        for number in range(1, self.published + 1):
            lying = tree(self.site / str(YEAR) / str(number))
            if number in self.damaged:
                lying["index.html"] = self.editions[number - 1]["index.html"]
            assert lying == self.editions[number - 1]


Releases.TestCase.settings = settings(max_examples=8, stateful_step_count=12)


@pytest.fixture
def started(originals: dict[str, Path]) -> None:
    """Let the machine start from a repository with edition 1."""
    Releases.start = originals["first"]


TestReleases = pytest.mark.usefixtures("alone", "started")(Releases.TestCase)


def test_the_signed_text_of_an_edition_is_that_of_its_commit(copied: Copied) -> None:
    """Edition 1 was released without it among its files; edition 2, which nobody approved, has none."""
    project = copied("second")
    folder = project / "data" / str(YEAR)
    signed = (folder / "signed.txt").read_bytes()
    (folder / "signed.txt").write_bytes(b"forged")
    first, second = (Released(YEAR, number, TODAY, project, "") for number in (1, 2))
    assert site_of_editions._signed(project, first, {}) == signed
    assert site_of_editions._signed(project, first, {"signed-1.txt": b"own"}) == b"own"
    assert site_of_editions._signed(project, second, {}) is None
