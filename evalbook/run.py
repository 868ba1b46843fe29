"""Run the notebooks of every year with papermill: contract, cache, failure report.

A year's page is the executed notebook, rearranged for reading: Markdown that a cell shows becomes a
Markdown cell (headings inside outputs would be lost to the book's contents), code goes to the end of the
page, and nothing that differs from run to run is kept.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from evalbook import PAGE_REPORT
from evalbook.errors import ContractError, EvalbookError, InputError, NotebookError, Problem
from evalbook.figures import FigureSet, examine
from evalbook.fonts import missing_characters, missing_in
from evalbook.tables import (
    Framework,
    chosen_frameworks,
    examine_framework,
    framework_files,
    frameworks,
    years,
)

MARKDOWN = "text/markdown"
CELL_TIMEOUT = 600
"""Longest run of one cell in seconds; the slowest of 2020 takes two."""

TYPES: Mapping[str, type] = {"int": int, "str": str, "bool": bool}
PARAMETERS = "parameters"
DOWNLOADS = "downloads"
FRONT, ANNEXES = (
    ("index", "summary"),
    ("score", "forms", "checks", "editions", "indicators", "lineage", "tables", DOWNLOADS),
)
PAGES = FRONT + ANNEXES
"""Notebooks that belong to no chapter; every other notebook shows the prose of its own name."""

Progress = Callable[[int, int, str], None]
"""Called with notebooks done, notebooks in all, and what was done last."""


@dataclass(frozen=True)
class Layout:
    """Where the pages of the years lie in the folder that a book is made from.

    The working book has every year, each in a folder of its own; the book of an edition has one year, whose pages
    lie at the top, because the edition's address names the year already.

    Attributes
    ----------
    source : Path
        The folder that Jupyter Book reads.
    edition : int or None
        The one year of the book of an edition; None for the working book.
    """

    source: Path
    edition: int | None = None

    def document(self, year: int, name: str) -> str:
        """Name of a year's page inside the book."""
        return f"years/{year}/{name}" if self.edition is None else name

    def year_of(self, document: str) -> int | None:
        """Year that a page belongs to; None for the pages of the whole book."""
        match document.split("/"):
            case ["years", year, _] if self.edition is None:
                return int(year)
            case [name] if name not in {"", "search", "genindex"}:
                return self.edition
        return None

    def page(self, year: int, name: str) -> Path:
        """File of a year's page."""
        return self.source / f"{self.document(year, name)}.ipynb"


def working_layout(root: Path) -> Layout:
    """Layout of the book of all years."""
    return Layout(root / "book")


@dataclass(frozen=True)
class Task:
    """One notebook to be run for one year."""

    root: Path
    year: int
    notebook: str
    key: str
    layout: Layout

    @property
    def template(self) -> Path:
        """The notebook under ``notebooks/``."""
        return self.root / "notebooks" / f"{self.notebook}.ipynb"

    @property
    def page(self) -> Path:
        """The page that is made."""
        return self.layout.page(self.year, self.notebook)


def pages(root: Path, year: int) -> tuple[str, ...]:
    """Pages of a year: its notebooks, less the chapters that its report does not have."""
    prose = {path.stem for path in (root / "data" / str(year) / "narrative").glob("*.md")}
    return tuple(name for name in notebooks(root) if name in PAGES or name in prose)


def notebooks(root: Path) -> tuple[str, ...]:
    """Names of the notebooks, in the order of the pages: cover and summary, chapters, annexes."""
    names = sorted(path.stem for path in (root / "notebooks").glob("*.ipynb"))
    chapters = [name for name in names if name not in PAGES]
    return tuple(name for name in (*FRONT, *chapters, *ANNEXES) if name in names)


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
    names = notebooks(root)
    if not names:
        raise EvalbookError("notebooks/ 下没有笔记本，无法生成网页。请从版本库恢复这个文件夹。")
    problems = [problem for year in wanted for problem in inspect(root, year)[1]]
    problems += [problem for name in frameworks(root) for problem in inspect_framework(root, name)[1]]
    if problems:
        raise InputError(tuple(dict.fromkeys(problems)))
    program = _program_key(root)
    laid_out = layout or working_layout(root)
    tasks = [
        Task(root, year, name, page_key(root, year, name, program), laid_out)
        for year in wanted
        for name in pages(root, year)
    ]
    for task in tasks:
        check_parameters(task.template, {"year": task.year})
    stale = [task for task in tasks if force or _recorded_key(task.page) != task.key]
    with tempfile.TemporaryDirectory(prefix="evalbook-") as scratch:
        done = list(_execute_all(stale, Path(scratch), progress))
        for task, page in done:
            _write(task.page, page)
    if not chosen and laid_out.edition is None:
        _remove_others(root, wanted)
    return tuple(task for task, _ in done)


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
    unshown = [name for name, prose in figures.year.narrative.items() if prose.title and name not in chapters]
    found = [
        Problem(
            f"{folder}/{name}.md",
            0,
            "",
            "没有显示这个文件的页面",
            listed,
            f"改文件名；确要增加一部分，请维护人员增加 notebooks/{name}.ipynb",
        )
        for name in unshown
    ]
    notices += tuple(
        f"{folder} 里没有 {name}.md：这一年的报告不含这一部分。"
        for name in chapters
        if name not in figures.year.narrative
    )
    return figures, (*problems, *found), notices


def inspect_framework(root: Path, name: str) -> tuple[Framework | None, tuple[Problem, ...], tuple[str, ...]]:
    """Everything to mend in a scoring framework before the book can show it, the characters that no font has included.

    Returns
    -------
    tuple of (Framework or None), tuple of Problem, tuple of str
        As :func:`evalbook.tables.examine_framework` gives.

    Raises
    ------
    EvalbookError
        There is no framework of that name.
    """
    framework, problems, notices = examine_framework(root, name)
    missing = missing_in(root, framework_files(root, name))
    return framework, tuple(dict.fromkeys((*problems, *missing))), tuple(notices)


def page_key(root: Path, year: int, name: str, program: str = "") -> str:
    """Hash of everything that a page depends on; ``program`` stands for the package and its dependencies."""
    digest = hashlib.sha256(program.encode())
    folders = [root / "data" / "reference", root / "data" / str(year), root / "data" / str(year - 1)]
    files = [root / "notebooks" / f"{name}.ipynb"]
    files += [path for chosen in chosen_frameworks(root, year) for path in framework_files(root, chosen)]
    files += [path for folder in folders if folder.is_dir() for path in sorted(folder.rglob("*"))]
    for path in files:
        if path.is_file():
            digest.update(path.relative_to(root).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _program_key(root: Path) -> str:
    digest = hashlib.sha256()
    for path in (*sorted(Path(__file__).parent.rglob("*.py")), root / "requirements.txt"):
        if path.is_file():
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _recorded_key(page: Path) -> str:
    try:
        return str(json.loads(page.read_text(encoding="utf-8"))["metadata"]["evalbook"]["key"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def declared_parameters(template: Path) -> dict[str, str]:
    """Parameters that a notebook declares: ``name: type = default`` in its cell tagged *parameters*.

    Raises
    ------
    ContractError
        There is no such cell, or it holds anything else.
    """
    try:
        notebook = nbformat.read(template, as_version=4)
    except (OSError, ValueError, nbformat.reader.NotJSONError):
        raise ContractError(
            f"{template.name}：读不出这个笔记本。请从版本库恢复 notebooks/{template.name}。"
        ) from None
    cells = [cell for cell in notebook.cells if PARAMETERS in cell.metadata.get("tags", [])]
    if len(cells) != 1:
        raise ContractError(
            f"{template.name}：应当有且只有一个标记为 parameters 的单元，现有{len(cells)}个。"
        )
    declared = {}
    try:
        statements = ast.parse(cells[0].source).body
    except SyntaxError:
        raise ContractError(
            f"{template.name}：参数单元不是正确的 Python，应写“名称: 类型 = 默认值”。"
        ) from None
    for statement in statements:
        match statement:
            case ast.AnnAssign(ast.Name(name), ast.Name(kind), ast.Constant()) if kind in TYPES:
                declared[name] = kind
            case _:
                raise ContractError(
                    f"{template.name}：参数单元里只能写“名称: 类型 = 默认值”，类型为{'、'.join(TYPES)}；"
                    f"现在有“{ast.unparse(statement)}”。"
                )
    return declared


def check_parameters(template: Path, given: Mapping[str, object]) -> None:
    """Refuse parameters that a notebook does not declare, lacks, or declares of another type.

    papermill itself only warns about an unknown parameter and then runs with the default year.

    Raises
    ------
    ContractError
        With every difference, in Chinese.
    """
    declared = declared_parameters(template)
    faults = [f"没有声明参数“{name}”" for name in given if name not in declared]
    faults += [f"没有给出参数“{name}”" for name in declared if name not in given]
    faults += [
        f"参数“{name}”应为{declared[name]}，给出的是{value!r}"
        for name, value in given.items()
        if name in declared and type(value) is not TYPES[declared[name]]
    ]
    if faults:
        raise ContractError(f"{template.name}：{'；'.join(faults)}。没有运行任何笔记本。")


def _execute_all(tasks: list[Task], scratch: Path, progress: Progress) -> Iterator[tuple[Task, Any]]:
    if not tasks:
        return
    progress(0, len(tasks), "")
    # Every notebook has a kernel process of its own; the threads only wait for them.
    with ThreadPoolExecutor(min(len(tasks), os.cpu_count() or 1)) as pool:
        futures = {pool.submit(execute, task, scratch): task for task in tasks}
        try:
            for count, future in enumerate(as_completed(futures), start=1):
                task = futures[future]
                yield task, future.result()
                progress(count, len(tasks), f"{task.year} {task.notebook}")
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def execute(task: Task, scratch: Path) -> Any:
    """Run one notebook for one year and return its page.

    Raises
    ------
    NotebookError
        A cell failed, or the notebook reports another year or page than it was run for.
    """
    output = scratch / f"{task.year}-{task.notebook}.ipynb"
    profile = output.with_suffix("")
    profile.mkdir()
    try:
        ran = papermill.execute_notebook(
            str(task.template),
            str(output),
            parameters={"year": task.year},
            cwd=str(task.root),
            kernel_name="python3",
            progress_bar=False,
            log_output=False,
            config=_kernel_config(task, scratch),
            execution_timeout=CELL_TIMEOUT,
            extra_arguments=[
                "--log-level=CRITICAL",
                "--HistoryManager.enabled=False",
                f"--ipython-dir={profile}",
            ],
        )
    except PapermillExecutionError as error:
        failed = nbformat.read(output, as_version=4)
        raise NotebookError(_failure(task, failed, error.ename, error.evalue)) from None
    except (RuntimeError, TimeoutError, OSError) as error:
        raise NotebookError(
            f"{task.year}年度的笔记本 {task.notebook}.ipynb 没有跑完，旧的网页保持不变。\n"
            f"  原因：{type(error).__name__}: {str(error).strip().splitlines()[-1] if str(error).strip() else ''}\n"
            "  怎么办：多半是内存或磁盘不足，或进程被中止。关掉别的程序再运行一次；仍不行，请把这一屏文字发给维护人员。"
        ) from None
    prove_year(ran, task.year, task.notebook)
    return arranged(ran, task)


def _kernel_config(task: Task, scratch: Path) -> Config:
    """Let kernels that start at the same time talk through files of their own instead of racing for ports."""
    config = Config()
    config.KernelManager.connection_file = str(scratch / f"{task.year}-{task.notebook}.json")
    sockets = scratch / f"{task.year}-{task.notebook}"
    # The path of a socket may have 107 bytes, of which "-1" to "-5" is added here.
    if os.name == "posix" and len(os.fsencode(sockets)) <= 100:
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = str(sockets)
    return config


def _failure(task: Task, notebook: Any, name: str, value: str) -> str:
    heading = f"（{task.notebook} 的开头）"
    code = ""
    for cell in notebook.cells:
        errors = [output for output in cell.get("outputs", []) if output.output_type == "error"]
        if errors:
            code = cell.source
            break
        texts = [cell.source] if cell.cell_type == "markdown" else list(_shown_markdown(cell))
        for line in (line for text in texts for line in text.splitlines() if line.startswith("#")):
            heading = line.lstrip("# ").replace("\\", "")
    ours = name in {"EvalbookError", "InputError"}
    cause = value if ours else f"{name}: {value}"
    todo = "照上面的说明修改后再运行" if ours else "这是程序的毛病：请把这一屏文字发给维护人员"
    return "\n".join(
        (
            f"{task.year}年度的笔记本 {task.notebook}.ipynb 没有跑通，旧的网页保持不变。",
            f"  位置：“{heading}”之后的单元",
            *(f"    {line}" for line in code.splitlines()[:6]),
            f"  原因：{cause}",
            f"  怎么办：{todo}。",
        )
    )


def _shown_markdown(cell: Any) -> Iterator[str]:
    for output in cell.get("outputs", []):
        if MARKDOWN in output.get("data", {}):
            yield "".join(output.data[MARKDOWN])


def prove_year(notebook: Any, year: int, page: str) -> None:
    """Prove that an executed notebook shows the year and the page that it was run for.

    Raises
    ------
    NotebookError
        It reports nothing, or something else.
    """
    reports = [
        output.data[PAGE_REPORT]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if PAGE_REPORT in output.get("data", {})
    ]
    if not reports or any(report != {"year": year, "page": page} for report in reports):
        told = (
            "、".join(f"{report.get('year')}年度的{report.get('page')}" for report in reports) or "没有报告"
        )
        raise NotebookError(
            f"笔记本 {page}.ipynb 应当显示{year}年度的{page}，它报告的却是：{told}。旧的网页保持不变。"
            "请让维护人员检查这个笔记本是否用了别的年度。"
        )


def arranged(notebook: Any, task: Task) -> Any:
    """Rearrange an executed notebook into a page; nothing volatile remains."""
    cells: list[Any] = []
    code: list[str] = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            cells.append(nbformat.v4.new_markdown_cell(cell.source))
            continue
        if "injected-parameters" not in cell.metadata.get("tags", []):
            code.append(cell.source)
        for output in cell.outputs:
            if output.output_type not in {"display_data", "execute_result"}:
                continue
            data = dict(output.data)
            markdown = "".join(data.pop(MARKDOWN, ""))
            data.pop(PAGE_REPORT, None)
            if markdown.strip():
                cells.append(nbformat.v4.new_markdown_cell(markdown))
            if set(data) - {"text/plain"}:
                kept = nbformat.v4.new_output("display_data", data, metadata=output.metadata)
                shown = nbformat.v4.new_code_cell(cell.source, outputs=[kept])
                shown.metadata["tags"] = ["remove-input"]
                cells.append(shown)
    if task.layout.edition is None:  # the workings are not published
        cells.append(nbformat.v4.new_markdown_cell(_how_computed(task, code)))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    page = nbformat.v4.new_notebook(cells=cells)
    page.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "evalbook": {"key": task.key, "year": task.year, "page": task.notebook},
    }
    return page


def _how_computed(task: Task, code: list[str]) -> str:
    return "\n".join(
        (
            "`````{dropdown} 本页如何算出",
            ":class-container: how-computed",
            "",
            f"papermill 以参数 `year = {task.year}` 运行 `notebooks/{task.notebook}.ipynb`，代码如下；"
            "每个数字的出处和公式见数字来源附录。",
            "",
            "````python",
            "\n\n".join(part for part in code if part.strip()),
            "````",
            "`````",
        )
    )


def _write(page: Path, notebook: Any) -> None:
    page.parent.mkdir(parents=True, exist_ok=True)
    partial = page.with_suffix(".partial")
    partial.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
    partial.replace(page)


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
