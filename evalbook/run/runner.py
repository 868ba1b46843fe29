"""Run the notebooks of every year with papermill, those whose answers changed: contract, records, failure report.

A year's page is the executed notebook, rearranged for reading: Markdown that a cell shows becomes a
Markdown cell (headings inside outputs would be lost to the book's contents), code goes to the end of the
page, and nothing that differs from run to run is kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from evalbook.errors import EvalbookError, InputError
from evalbook.figures.watch import answer
from evalbook.frameworks import frameworks
from evalbook.run.contract import check_parameters
from evalbook.run.drawing import drawing
from evalbook.run.inspection import inspect, inspect_framework
from evalbook.run.layout import Layout, Task, notebooks, pages, working_layout
from evalbook.scoring import opened
from evalbook.state import digest, package_files
from evalbook.year import years

AGAIN = "EVALBOOK_AGAIN"
"""Environment variable with years whose notebooks are all run again, separated by spaces."""

DRAWINGS = "EVALBOOK_DRAWINGS"
PACKAGE = Path(__file__).parents[1]
GLUE = "sphinxext"

Progress = Callable[[int, int, str], None]
"""Called with notebooks done, notebooks in all, and what was done last."""


def run_years(
    root: Path,
    chosen: Iterable[int] = (),
    *,
    layout: Layout | None = None,
    force: bool = False,
    progress: Progress = lambda *_: None,
) -> tuple[Task, ...]:
    """Run every notebook whose inputs changed, for every year.

    Parameters
    ----------
    root
        The project.
    chosen
        Years to run; all when empty.
    layout
        Where the pages go; into the working book when left out.
    force
        Run even what is up to date.
    progress
        Told after every notebook.

    Returns
    -------
    tuple of Task
        What was run.

    Raises
    ------
    InputError
        A year's files cannot be used; nothing was run.
    ContractError
        A notebook declares other parameters than it is given; nothing was run.
    NotebookError
        A notebook failed; the pages of earlier runs are untouched.
    """
    wanted = sorted(set(chosen)) or list(years(root))
    if not wanted:
        raise EvalbookError("data/ 下还没有任何年度。请先建立一个年度文件夹。")
    if not notebooks(root):
        raise EvalbookError("notebooks/ 下没有笔记本，无法生成网页。请从版本库恢复这个文件夹。")
    problems = [problem for name in frameworks(root) for problem in inspect_framework(root, name)[1]]
    laid_out = layout or working_layout(root)
    records = Records(laid_out.source / "_build" / ".runs.json", program_hash(root))
    stale: list[Task] = []
    listed: list[Task] = []
    for year in wanted:
        problems += inspect(root, year)[1]
        if problems:
            continue
        tasks = [Task(root, year, name, laid_out) for name in pages(root, year)]
        for task in tasks:
            check_parameters(task.template, task.parameters)
        listed += tasks
        # The largest first: those with charts take longest, and none should be waited for at the end.
        every = force or str(year) in os.environ.get(AGAIN, "").split()
        waiting = [task for task in tasks if every or not records.holds(task)]
        stale += sorted(waiting, key=lambda task: -task.template.stat().st_size)
    if problems:
        raise InputError(tuple(dict.fromkeys(problems)))
    _execute(root, stale, records, progress)
    records.keep(listed, everything=not chosen)
    if not chosen and laid_out.edition is None:
        _remove_others(root, wanted)
    return tuple(stale)


def _execute(root: Path, stale: list[Task], records: Records, progress: Progress) -> None:
    if not stale:
        return
    from evalbook.render.pages import drawings

    os.environ.setdefault(DRAWINGS, str(root / "book" / "_build" / ".kept" / "drawings"))
    progress(0, len(stale), "")
    years = dict.fromkeys(task.year for task in stale)
    with drawing(drawn for year in years for drawn in drawings(opened(root, year))):
        from evalbook.run.workers import run_all  # takes a second
    with tempfile.TemporaryDirectory(prefix="evalbook-") as scratch:
        made = []
        for done in run_all(_warmed(stale), Path(scratch)):
            made.append(done)
            progress(len(made), len(stale), f"{done.task.year} {done.task.name}")
    for done in made:
        _write(done.task.page, done.page)
        records.add(done.task, done.page, done.notes)


def _warmed(tasks: Iterable[Task]) -> Iterable[Task]:
    """Tasks, each after its year was read and judged in this process, which the one of the notebook is a copy of."""
    for task in tasks:
        opened(task.root, task.year)
        yield task


def program_hash(root: Path) -> str:
    """Hash of what makes a page out of a year, beyond the year and the notebook; what sets pages runs no notebook."""
    files = (path for path in package_files() if path.suffix == ".py" and GLUE not in path.parts)
    return digest([*files, root / "requirements.txt"])


class Records:
    """What each page was made from: its notebook, and what that asked of the year.

    Parameters
    ----------
    file
        Where they are kept between builds.
    program
        Hash of the program; records of another are void.
    """

    def __init__(self, file: Path, program: str) -> None:
        self.file = file
        try:
            written = json.loads(file.read_text(encoding="utf-8"))
            self.pages: dict[str, Any] = written["pages"] if written["program"] == program else {}
        except (OSError, ValueError, KeyError, TypeError):
            self.pages = {}
        self.program = program

    def holds(self, task: Task) -> bool:
        """Whether a page is there as it was made, and would be made the same again."""
        record = self.pages.get(_name(task))
        if not record or record["template"] != _hash(task.template) or record["page"] != _hash(task.page):
            return False
        year = opened(task.root, task.year)  # some questions are about what was concluded
        return all(answer(lambda _: year, question) == told for question, told in record["notes"].items())

    def add(self, task: Task, page: str, notes: dict[str, str] | None) -> None:
        """Note what a page was made from; without notes it will be made anew each time."""
        self.pages.pop(_name(task), None)
        if notes is not None:
            made = hashlib.sha256(page.encode()).hexdigest()
            self.pages[_name(task)] = {"template": _hash(task.template), "page": made, "notes": notes}

    def keep(self, tasks: Iterable[Task], *, everything: bool) -> None:
        """Write the records; of other pages than the given ones too, unless these are all."""
        names = {_name(task) for task in tasks}
        kept = {name: record for name, record in self.pages.items() if name in names or not everything}
        text = json.dumps({"program": self.program, "pages": kept}, ensure_ascii=False, sort_keys=True)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        _write(self.file, text)


def _name(task: Task) -> str:
    return f"{task.year}/{task.name}"


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all; one that would be the same is left alone, and so is its time."""
    content = text.encode()
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _remove_others(root: Path, wanted: list[int]) -> None:
    """Remove pages of years and chapters that exist no more."""
    kept = {str(year): pages(root, year) for year in wanted}
    folder = root / "book" / "years"
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir() and path.name not in kept:
            shutil.rmtree(path)
            continue
        for page in path.iterdir() if path.is_dir() else ():
            if page.is_dir():
                shutil.rmtree(page)
            elif page.stem not in kept[path.name]:
                page.unlink()
