"""Papermill runs: the parameter contract, the year proved after the run, the cache, the failure report."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from projects import ROOT, copy_taojiang

from evalbook.errors import ContractError, NotebookError
from evalbook.run import pages, run_years, workers
from evalbook.run.contract import check_parameters
from evalbook.run.drawing import FRESH, KERNELS, POOL
from evalbook.run.layout import Task, working_layout
from evalbook.year import new_year

CHAPTER = "01-overview"
DECLARED = 'year: int = 2020\nchapter: str = "02-funds"'


@pytest.fixture
def small(base: Path) -> Path:
    """The base county with a cover and one chapter, so that runs are short."""
    (base / "notebooks").mkdir()
    for name in ("index", "chapter"):
        shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", base / "notebooks")
    for path in (base / "data" / "2023" / "narrative").glob("*.md"):
        if path.stem not in {"00-preface", CHAPTER}:
            path.unlink()
    for table in ("actions", "evidence", "documents"):  # what they say of chapters that are gone
        path = base / "data" / "2023" / f"{table}.csv"
        path.write_text(path.read_text(encoding="utf-8").splitlines(keepends=True)[0], encoding="utf-8")
    return base


def edit(project: Path, old: str, new: str) -> None:
    """Change the source of the chapters' notebook."""
    path = project / "notebooks" / "chapter.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace(old, new)
    nbformat.write(notebook, path)


@pytest.mark.parametrize(
    ("declaration", "given", "message"),
    [
        (
            "fiscal_year: int = 2020",
            {"year": 2021},
            "没有声明参数“year”；没有声明参数“chapter”；没有给出参数“fiscal_year”",
        ),
        ("year: int = 2020", {"year": 2021}, "没有声明参数“chapter”"),
        (f"{DECLARED}\nedition: int = 1", {"year": 2021}, "没有给出参数“edition”"),
        (DECLARED, {"year": "2021"}, "参数“year”应为int"),
        (DECLARED, {"year": True}, "参数“year”应为int"),
        (DECLARED, {"year": 2021, "chapter": 1}, "参数“chapter”应为str"),
        (DECLARED, {"year": 2021, "yaer": 2021}, "没有声明参数“yaer”"),
        ("year = 2020", {"year": 2021}, "只能写“名称: 类型 = 默认值”"),
        (f"{DECLARED}\nimport os", {"year": 2021}, "只能写“名称: 类型 = 默认值”"),
    ],
)
def test_parameters_are_refused_before_anything_runs(
    small: Path, declaration: str, given: dict[str, object], message: str
) -> None:
    edit(small, DECLARED, declaration)
    with pytest.raises(ContractError, match=re.escape(message)):
        check_parameters(
            small / "notebooks" / "chapter.ipynb", given | {"chapter": given.get("chapter", CHAPTER)}
        )
    if given == {"year": 2021}:
        with pytest.raises(ContractError):
            run_years(small)
        assert not (small / "book" / "years").exists()


def test_declared_parameters_are_accepted(small: Path) -> None:
    for name in pages(small, 2023):
        task = Task(small, 2023, name, working_layout(small))
        check_parameters(task.template, task.parameters)
    with pytest.raises(ContractError, match="没有给出参数“chapter”"):
        check_parameters(small / "notebooks" / "chapter.ipynb", {"year": 2023})


def test_runs_only_what_changed_and_repeats_itself_exactly(small: Path) -> None:
    def made() -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in (small / "book" / "years" / "2023").iterdir()}

    assert {task.name for task in run_years(small)} == {"index", CHAPTER}
    first = made()
    assert run_years(small) == ()
    assert len(run_years(small, force=True)) == 2
    assert made() == first

    edit(small, "show.chapter(page)", "show.chapter(page)\n")
    assert [task.name for task in run_years(small)] == [CHAPTER]
    table = small / "data" / "2023" / "spending.csv"
    table.write_text(table.read_text(encoding="utf-8-sig").replace("941.71", "941.72"), encoding="utf-8-sig")
    assert [task.name for task in run_years(small)] == ["index"]

    for content in first.values():
        text = content.decode()
        assert str(small) not in text
        metadata = json.loads(text)["metadata"]
        assert set(metadata) == {"kernelspec", "evalbook"}
        assert not re.search(r"papermill\"|start_time|end_time|duration|execution_count\": \d", text)


def test_a_notebook_that_shows_another_year_is_refused(small: Path) -> None:
    run_years(small)
    new_year(small, 2024)
    edit(small, "show.open_page(year", "show.open_page(2023")
    with pytest.raises(NotebookError, match=f"应当显示2024年度的{CHAPTER}，它报告的却是：2023年度") as raised:
        run_years(small)
    assert "旧的网页保持不变" in str(raised.value)
    assert (small / "book" / "years" / "2023" / "index.ipynb").exists()
    assert not (small / "book" / "years" / "2024").exists()


def test_a_notebook_that_shows_another_chapter_is_refused(small: Path) -> None:
    edit(small, "show.open_page(year, chapter)", 'show.open_page(year, "00-preface")')
    with pytest.raises(
        NotebookError, match=f"应当显示2023年度的{CHAPTER}，它报告的却是：2023年度的00-preface"
    ):
        run_years(small)


def test_a_notebook_that_reports_nothing_is_refused(small: Path) -> None:
    edit(small, "show.chapter(page)", "None")
    with pytest.raises(NotebookError, match="没有报告"):
        run_years(small)


def test_a_failing_cell_is_told_on_one_screen(small: Path) -> None:
    run_years(small)
    before = (small / "book" / "years" / "2023" / f"{CHAPTER}.ipynb").read_bytes()
    edit(small, "show.chapter(page)", "show.chapter(page).parts[0]")
    path = small / "notebooks" / "chapter.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("1 / 0"))
    nbformat.write(notebook, path)
    with pytest.raises(NotebookError) as raised:
        run_years(small)
    told = str(raised.value)
    assert f"2023年度的页面 {CHAPTER}（笔记本 chapter.ipynb）没有生成，旧的网页保持不变" in told
    assert "位置：“一、项目概况”之后的单元" in told
    assert "原因：ZeroDivisionError: division by zero" in told
    assert "怎么办" in told
    assert "Traceback" not in told
    assert len(told.splitlines()) < 20
    assert (small / "book" / "years" / "2023" / f"{CHAPTER}.ipynb").read_bytes() == before


@pytest.mark.parametrize("kernels", ["", FRESH, POOL])
def test_a_kernel_that_dies_is_told_in_chinese(
    small: Path, monkeypatch: pytest.MonkeyPatch, kernels: str
) -> None:
    monkeypatch.setenv(KERNELS, kernels)
    edit(small, "show.chapter(page)", "import os\nos._exit(1)")
    with pytest.raises(NotebookError, match="没有生成完，旧的网页保持不变"):
        run_years(small)


@pytest.mark.parametrize("content", ["not a notebook", '{"cells": []}'])
def test_a_broken_notebook_is_told_in_chinese(small: Path, content: str) -> None:
    (small / "notebooks" / "chapter.ipynb").write_text(content, encoding="utf-8")
    with pytest.raises(ContractError):
        run_years(small)


def test_who_shows_a_figure_runs_again_and_nobody_else(small: Path) -> None:
    """The chapter shows no money, the cover does."""
    run_years(small)
    table = small / "data" / "2023" / "spending.csv"
    table.write_text(table.read_text(encoding="utf-8-sig").replace("941.71", "941.72"), encoding="utf-8-sig")
    assert [task.name for task in run_years(small)] == ["index"]
    assert run_years(small) == ()


@pytest.mark.parametrize("kernels", ["", FRESH, POOL])
def test_all_ways_to_run_give_the_same_bytes(
    small: Path, monkeypatch: pytest.MonkeyPatch, kernels: str
) -> None:
    """Warm copies, kernels of their own, warm processes that are used again."""
    run_years(small)
    first = {p.name: p.read_bytes() for p in (small / "book" / "years" / "2023").iterdir()}
    monkeypatch.setenv(KERNELS, kernels)
    assert len(run_years(small, force=True)) == 2
    assert {p.name: p.read_bytes() for p in (small / "book" / "years" / "2023").iterdir()} == first


@pytest.mark.parametrize("kernels", ["", FRESH])
def test_no_run_sees_what_another_left_behind(
    small: Path, monkeypatch: pytest.MonkeyPatch, kernels: str
) -> None:
    monkeypatch.setenv(KERNELS, kernels)
    left = "import evalbook\nassert not hasattr(evalbook, 'left')\nevalbook.left = left = 1"
    for name in ("index", "chapter"):
        path = small / "notebooks" / f"{name}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        notebook.cells.append(nbformat.v4.new_code_cell(left))
        nbformat.write(notebook, path)
    assert len(run_years(small)) == 2
    assert len(run_years(small, force=True)) == 2


@pytest.mark.parametrize(("kernels", "seconds"), [("", 8), (POOL, 20)])
def test_a_notebook_that_hangs_is_ended_and_told(
    small: Path, monkeypatch: pytest.MonkeyPatch, kernels: str, seconds: int
) -> None:
    """A process of a pool first imports, which takes its time on a busy machine."""
    monkeypatch.setenv(KERNELS, kernels)
    monkeypatch.setattr(workers, "CELL_TIMEOUT", seconds)
    edit(small, "show.chapter(page)", "import time\ntime.sleep(60)")
    with pytest.raises(
        NotebookError, match=re.escape(f"2023年度的页面 {CHAPTER}（笔记本 chapter.ipynb）没有生成完")
    ):
        run_years(small)
    assert not multiprocessing.active_children()


def test_an_interrupted_run_ends_its_copies(small: Path) -> None:
    edit(small, "show.chapter(page)", "import time\nopen('begun', 'w').close()\ntime.sleep(60)")
    # Started in the background, a process would not hear the signal.
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    code += f"from pathlib import Path; from evalbook.run import run_years; run_years(Path({str(small)!r}))"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stderr=subprocess.DEVNULL, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while not (small / "begun").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    started = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    assert started
    os.killpg(process.pid, signal.SIGINT)
    process.wait(timeout=3)
    assert not any(Path(f"/proc/{child}").exists() for child in started)
    assert not (small / "book" / "years").exists()


def test_the_kernel_is_that_of_the_interpreter(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever kernel of the same name lies on the machine."""
    planted = tmp_path / "jupyter" / "kernels" / "python3"
    planted.mkdir(parents=True)
    spec = {"argv": ["/bin/false"], "display_name": "Python 3", "language": "python"}
    (planted / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv(KERNELS, FRESH)
    assert len(run_years(small)) == 2


def test_a_page_of_another_interpreter_is_refused(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KERNELS, FRESH)
    monkeypatch.setattr(workers, "interpreter", lambda _: "/usr/bin/another")
    with pytest.raises(NotebookError, match="运行它的是另一个 Python：/usr/bin/another"):
        run_years(small)


def test_pages_of_a_removed_year_go(small: Path) -> None:
    run_years(small)
    new_year(small, 2024)
    run_years(small)
    assert (small / "book" / "years" / "2024").exists()
    shutil.rmtree(small / "data" / "2024")
    run_years(small)
    assert not (small / "book" / "years" / "2024").exists()


CHANGES = (
    (
        ("2020/evidence.csv", "签发报告五（二）", "签发报告五"),
        ("2020/year.yml", "自评等次: 优秀", "自评等次: 良好"),
        ("2020/editions/1.csv", "办理收养登记件数,6,", "办理收养登记件数,7,"),
    ),
    (
        ("2020/targets.csv", ",4000,", ",4001,"),
        ("2020/claims.csv", "11650.08", "11650.09"),
        ("reference/limits.csv", "3026", "3027"),
    ),
    (
        ("2020/documents.csv", "报告没有写明文号和年份", "报告没有写文号和年份"),
        ("reference/requirements.csv", "项目概况、基本情况", "项目概况"),
        ("frameworks/finance-2020/indicators.csv", "预算批复和调整文件", "预算批复文件"),
    ),
    (
        ("reference/glossary.csv", "从1月1日起算的支出之和", "从1月1日起算的全部支出"),
        ("2020/narrative/06-problems.md", "。", "！"),
        ("2020/people.csv", "6219,人", "6218,人"),
    ),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """桃江县 with all notebooks, its editions and their corrections, run once."""
    project = copy_taojiang(tmp_path_factory.mktemp("whole") / "project")
    assert len(run_years(project)) == len(pages(project, 2020))
    return project


@pytest.mark.parametrize("changes", CHANGES, ids=lambda changes: changes[0][0])
def test_every_kind_of_input_reaches_the_pages_that_show_it(
    whole: Path, changes: tuple[tuple[str, str, str], ...]
) -> None:
    """What ran is what had to: all others, run again, come out the same."""
    pages = whole / "book" / "years" / "2020"
    for name, old, new in changes:
        path = whole / "data" / name
        text = path.read_bytes().decode()
        assert old in text, (name, old)
        path.write_bytes(text.replace(old, new, 1).encode())
    ran = {task.name for task in run_years(whole)}
    assert ran
    found = {path.name: path.read_bytes() for path in pages.iterdir()}
    run_years(whole, force=True)
    assert {path.name: path.read_bytes() for path in pages.iterdir()} == found


def test_a_year_before_reaches_the_changes_against_it(whole: Path) -> None:
    new_year(whole, 2021)
    shutil.copy(whole / "data" / "2020" / "spending.csv", whole / "data" / "2021" / "spending.csv")
    run_years(whole)
    table = whole / "data" / "2020" / "spending.csv"
    text = table.read_bytes().decode()
    table.write_bytes(text.replace("2748.71", "2748.73").encode())
    pages = whole / "book" / "years" / "2021"
    assert {task.year for task in run_years(whole)} == {2020, 2021}
    found = {path.name: path.read_bytes() for path in pages.iterdir()}
    run_years(whole, (2021,), force=True)
    assert {path.name: path.read_bytes() for path in pages.iterdir()} == found
