"""Everything to mend before a year, or a framework, can be shown in the book."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalbook.errors import Problem
from evalbook.figures import FigureSet, examine
from evalbook.fonts import missing_characters, missing_in
from evalbook.frameworks import Framework, examine_framework, framework_files
from evalbook.run.layout import PAGES, notebooks

if TYPE_CHECKING:
    from pathlib import Path


def inspect(root: Path, year: int) -> tuple[FigureSet | None, tuple[Problem, ...], tuple[str, ...]]:
    """Everything to mend before a year can be built: its files, characters that no font has, chapters without a page.

    Returns
    -------
    tuple of (FigureSet or None), tuple of Problem, tuple of str
        As :func:`evalbook.figures.examine` gives.
    """
    figures, problems, notices = examine(root, year)
    problems += missing_characters(root, year)
    if figures is None:
        return figures, problems, notices
    folder = f"data/{year}/narrative"
    chapters = [name for name in notebooks(root) if name not in PAGES]
    listed = "、".join(f"{name}.md" for name in chapters)
    for name, prose in figures.year.narrative.items():
        if prose.title and name not in chapters:
            file, found = f"{folder}/{name}.md", "没有显示这个文件的页面"
            remedy = f"改文件名；确要增加一部分，请维护人员增加 notebooks/{name}.ipynb"
            problems += (Problem(file, 0, "", found, listed, remedy),)
    notices += tuple(
        f"{folder} 里没有 {name}.md：这一年的报告不含这一部分。"
        for name in chapters
        if name not in figures.year.narrative
    )
    return figures, problems, notices


def inspect_framework(root: Path, name: str) -> tuple[Framework | None, tuple[Problem, ...], tuple[str, ...]]:
    """Everything to mend in a scoring framework before the book can show it, the characters that no font has included.

    Returns
    -------
    tuple of (Framework or None), tuple of Problem, tuple of str
        As :func:`evalbook.frameworks.examine_framework` gives.

    Raises
    ------
    EvalbookError
        There is no framework of that name.
    """
    framework, problems, notices = examine_framework(root, name)
    missing = missing_in(root, framework_files(root, name))
    return framework, tuple(dict.fromkeys((*problems, *missing))), tuple(notices)
