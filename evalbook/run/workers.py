"""Run notebooks side by side, each in a process of its own; a crash or a hang is told by year and notebook.

Where the system can fork, each process is a copy of one that has imported and read everything, and ends with its
notebook: no run sees what another left behind. Elsewhere (Windows) warm processes take one notebook after the other.
``EVALBOOK_KERNELS=fresh`` starts a kernel for each notebook instead, as papermill does by itself.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import connection
from typing import TYPE_CHECKING, Any

import nbformat
from papermill.exceptions import PapermillExecutionError

from evalbook.errors import NotebookError
from evalbook.figures.watch import Notes, noting
from evalbook.run.contract import prove_year
from evalbook.run.drawing import FRESH, KERNELS, can_fork, processors
from evalbook.run.engines import CELL_TIMEOUT, interpreter, is_own, run_fresh, run_warm
from evalbook.run.page import arranged, failure

if TYPE_CHECKING:
    from pathlib import Path

    from evalbook.run.layout import Task


@dataclass(frozen=True)
class Done:
    """A notebook that ran.

    Attributes
    ----------
    task : Task
        What was asked.
    page : str
        The page, as the text of a notebook file.
    notes : Notes or None
        What the notebook asked of the year; None when nobody could listen.
    """

    task: Task
    page: str
    notes: Notes | None


def run_all(tasks: Iterable[Task], scratch: Path) -> Iterator[Done]:
    """Run notebooks, as many at a time as there are processors; they come as they are done.

    Raises
    ------
    NotebookError
        One failed, died or hung; the others were ended.
    """
    if os.environ.get(KERNELS) == FRESH:
        return _in_kernels(tasks, scratch)
    return _in_forks(tasks, scratch) if can_fork() else _in_pool(tasks, scratch)


def _in_kernels(tasks: Iterable[Task], scratch: Path) -> Iterator[Done]:
    # The threads only wait for their kernels.
    with ThreadPoolExecutor(processors()) as pool:
        yield from _as_done(pool, [pool.submit(_one, task, scratch, fresh=True) for task in tasks])


def _in_pool(tasks: Iterable[Task], scratch: Path) -> Iterator[Done]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processors(), mp_context=context) as pool:
        yield from _as_done(pool, [pool.submit(_one, task, scratch) for task in tasks])


def _as_done(pool: ThreadPoolExecutor | ProcessPoolExecutor, futures: list[Future[Done]]) -> Iterator[Done]:
    try:
        for future in as_completed(futures):
            yield future.result()
    except BaseException:
        pool.shutdown(wait=True, cancel_futures=True)
        raise


def _in_forks(tasks: Iterable[Task], scratch: Path) -> Iterator[Done]:
    context = multiprocessing.get_context("fork")
    waiting = list(tasks)[::-1]
    running: dict[Any, tuple[Any, Task, float]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < processors():
                task = waiting.pop()
                process = context.Process(target=_in_fork, args=(task, scratch), daemon=True)
                process.start()
                running[process.sentinel] = process, task, time.monotonic() + CELL_TIMEOUT
            soonest = min(limit for *_, limit in running.values())
            ended = connection.wait(list(running), timeout=max(soonest - time.monotonic(), 0))
            for sentinel in ended:
                process, task, _ = running.pop(sentinel)
                process.join()
                yield _outcome(task, scratch, process.exitcode)
            for _, task, limit in running.values():
                if time.monotonic() > limit:
                    raise _unfinished(task, f"运行了{CELL_TIMEOUT}秒还没有结束，已经中止")
    finally:
        for process, *_ in running.values():
            process.kill()
        for process, *_ in running.values():
            process.join()


def _outcome_file(task: Task, scratch: Path) -> Path:
    return scratch / f"{task.year}-{task.notebook}.outcome"


def _in_fork(task: Task, scratch: Path) -> None:
    """Run a notebook in this copy of the process, and leave word of how it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asked ends its copies itself
    try:
        done = _one(task, scratch)
        told: dict[str, Any] = {"page": done.page, "notes": done.notes}
    except NotebookError as error:
        told = {"error": str(error)}
    file = _outcome_file(task, scratch)
    file.with_suffix(".partial").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    file.with_suffix(".partial").replace(file)


def _outcome(task: Task, scratch: Path, code: int | None) -> Done:
    try:
        told = json.loads(_outcome_file(task, scratch).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise _unfinished(task, f"进程被中止或崩溃（代码{code}）") from None
    if "error" in told:
        raise NotebookError(told["error"])
    return Done(task, told["page"], told["notes"])


def _unfinished(task: Task, why: str) -> NotebookError:
    return NotebookError(
        f"{task.year}年度的笔记本 {task.notebook}.ipynb 没有跑完，旧的网页保持不变。\n"
        f"  原因：{why}\n"
        "  怎么办：多半是内存或磁盘不足，或进程被中止。关掉别的程序再运行一次；仍不行，请把这一屏文字发给维护人员。"
    )


def _one(task: Task, scratch: Path, *, fresh: bool = False) -> Done:
    """Run one notebook for one year and make its page.

    Raises
    ------
    NotebookError
        A cell failed, or the notebook reports another year, page or interpreter than it was run for.
    """
    output = scratch / f"{task.year}-{task.notebook}.ipynb"
    notes: Notes = {}
    try:
        if fresh:
            ran = run_fresh(task, output)
        else:
            with noting(notes):
                ran = run_warm(task, output)
    except PapermillExecutionError as error:
        failed = nbformat.read(output, as_version=4)
        raise NotebookError(failure(task, failed, error.ename, error.evalue)) from None
    except (RuntimeError, TimeoutError, OSError) as error:
        lines = str(error).strip().splitlines()
        raise _unfinished(task, f"{type(error).__name__}: {lines[-1] if lines else ''}") from None
    prove_year(ran, task.year, task.notebook)
    if not is_own(interpreter(ran)):
        raise _unfinished(task, f"运行它的是另一个 Python：{interpreter(ran) or '没有报告'}")
    return Done(task, nbformat.writes(arranged(ran, task)) + "\n", None if fresh else notes)
