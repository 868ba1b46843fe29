"""Papermill runs: the parameter contract, the year proved after the run, the cache, the failure report."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import nbformat
import pytest

from evalbook.errors import ContractError, NotebookError
from evalbook.run import check_parameters, notebooks, page_key, run_years
from evalbook.tables import new_year

if TYPE_CHECKING:
    from pathlib import Path

CHAPTER = "01-overview"


@pytest.fixture
def small(project: Path) -> Path:
    """A project with a cover and one chapter, so that runs are short."""
    for path in (project / "notebooks").glob("*.ipynb"):
        if path.stem not in {"index", CHAPTER}:
            path.unlink()
    for path in (project / "data" / "2020" / "narrative").glob("*.md"):
        if path.stem not in {"00-preface", CHAPTER}:
            path.unlink()
    actions = project / "data" / "2020" / "actions.csv"
    actions.write_text(actions.read_text(encoding="utf-8-sig").splitlines()[0] + "\r\n", encoding="utf-8-sig")
    return project


def edit(project: Path, old: str, new: str) -> None:
    """Change the source of the chapter's notebook."""
    path = project / "notebooks" / f"{CHAPTER}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace(old, new)
    nbformat.write(notebook, path)


@pytest.mark.parametrize(
    ("declaration", "given", "message"),
    [
        ("fiscal_year: int = 2020", {"year": 2021}, "没有声明参数“year”；没有给出参数“fiscal_year”"),
        ("year: int = 2020\nedition: int = 1", {"year": 2021}, "没有给出参数“edition”"),
        ("year: int = 2020", {"year": "2021"}, "参数“year”应为int"),
        ("year: int = 2020", {"year": True}, "参数“year”应为int"),
        ("year: int = 2020", {"year": 2021, "yaer": 2021}, "没有声明参数“yaer”"),
        ("year = 2020", {"year": 2021}, "只能写“名称: 类型 = 默认值”"),
        ("year: int = 2020\nimport os", {"year": 2021}, "只能写“名称: 类型 = 默认值”"),
    ],
)
def test_parameters_are_refused_before_anything_runs(
    small: Path, declaration: str, given: dict[str, object], message: str
) -> None:
    edit(small, "year: int = 2020", declaration)
    with pytest.raises(ContractError, match=re.escape(message)):
        check_parameters(small / "notebooks" / f"{CHAPTER}.ipynb", given)
    if given == {"year": 2021}:
        with pytest.raises(ContractError):
            run_years(small)
        assert not (small / "book" / "years").exists()


def test_declared_parameters_are_accepted(small: Path) -> None:
    for name in notebooks(small):
        check_parameters(small / "notebooks" / f"{name}.ipynb", {"year": 2021})


def test_runs_only_what_changed_and_repeats_itself_exactly(small: Path) -> None:
    def pages() -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in (small / "book" / "years" / "2020").iterdir()}

    assert {task.notebook for task in run_years(small)} == {"index", CHAPTER}
    first = pages()
    assert run_years(small) == ()
    assert len(run_years(small, force=True)) == 2
    assert pages() == first

    edit(small, "show.sections_from(page, 1)", "show.sections_from(page, 1)\n")
    assert [task.notebook for task in run_years(small)] == [CHAPTER]
    table = small / "data" / "2020" / "spending.csv"
    table.write_text(
        table.read_text(encoding="utf-8-sig").replace("2748.71", "2748.72"), encoding="utf-8-sig"
    )
    assert len(run_years(small)) == 2

    for content in first.values():
        text = content.decode()
        assert str(small) not in text
        metadata = json.loads(text)["metadata"]
        assert set(metadata) == {"kernelspec", "evalbook"}
        assert not re.search(r"papermill\"|start_time|end_time|duration|execution_count\": \d", text)


def test_a_notebook_that_shows_another_year_is_refused(small: Path) -> None:
    run_years(small)
    new_year(small, 2021)
    edit(small, "show.open_page(year", "show.open_page(2020")
    with pytest.raises(NotebookError, match=f"应当显示2021年度的{CHAPTER}，它报告的却是：2020年度") as raised:
        run_years(small)
    assert "旧的网页保持不变" in str(raised.value)
    assert (small / "book" / "years" / "2020" / "index.ipynb").exists()
    assert not (small / "book" / "years" / "2021").exists()


def test_a_notebook_that_reports_nothing_is_refused(small: Path) -> None:
    edit(small, "show.opening(page)", "None")
    with pytest.raises(NotebookError, match="没有报告"):
        run_years(small)


def test_a_failing_cell_is_told_on_one_screen(small: Path) -> None:
    run_years(small)
    before = (small / "book" / "years" / "2020" / f"{CHAPTER}.ipynb").read_bytes()
    edit(small, "show.sections_from(page, 1)", "1 / 0")
    with pytest.raises(NotebookError) as raised:
        run_years(small)
    told = str(raised.value)
    assert f"2020年度的笔记本 {CHAPTER}.ipynb 没有跑通，旧的网页保持不变" in told
    assert "位置：“一、项目概况”之后的单元" in told
    assert "原因：ZeroDivisionError: division by zero" in told
    assert "怎么办" in told
    assert "Traceback" not in told
    assert len(told.splitlines()) < 20
    assert (small / "book" / "years" / "2020" / f"{CHAPTER}.ipynb").read_bytes() == before


def test_a_kernel_that_dies_is_told_in_chinese(small: Path) -> None:
    edit(small, "show.sections_from(page, 1)", "import os\nos._exit(1)")
    with pytest.raises(NotebookError, match="没有跑完，旧的网页保持不变"):
        run_years(small)


@pytest.mark.parametrize("content", ["not a notebook", '{"cells": []}'])
def test_a_broken_notebook_is_told_in_chinese(small: Path, content: str) -> None:
    (small / "notebooks" / f"{CHAPTER}.ipynb").write_text(content, encoding="utf-8")
    with pytest.raises(ContractError):
        run_years(small)


@pytest.mark.parametrize(
    "file", ["reference/terms.csv", "2020/narrative/01-overview.md", "2020/year.yml", "2019/year.yml"]
)
def test_every_input_counts_for_the_cache(small: Path, file: str) -> None:
    if file.startswith("2019"):
        shutil.copytree(small / "data" / "2020", small / "data" / "2019")
        year = small / "data" / file
        year.write_text(year.read_text(encoding="utf-8").replace("2020", "2019"), encoding="utf-8")
    before = page_key(small, 2020, CHAPTER)
    path = small / "data" / file
    path.write_bytes(path.read_bytes() + b"\n")
    assert page_key(small, 2020, CHAPTER) != before


def test_pages_of_a_removed_year_go(small: Path) -> None:
    run_years(small)
    new_year(small, 2021)
    run_years(small)
    assert (small / "book" / "years" / "2021").exists()
    shutil.rmtree(small / "data" / "2021")
    run_years(small)
    assert not (small / "book" / "years" / "2021").exists()
