"""Run notebooks side by side, each in a process of its own; a crash or a hang is told by year and notebook.

Where the system can fork, each process is a copy of one that has imported and read everything, and ends with its
notebook: no run sees what another left behind. Elsewhere (Windows) warm processes take one notebook after the other.
``EVALBOOK_KERNELS=fresh`` starts a kernel for each notebook instead, as papermill does by itself.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import connection
from typing import TYPE_CHECKING, Any

import nbformat
from papermill.exceptions import PapermillExecutionError

from evalbook.errors import NotebookError
from evalbook.figures.watch import Notes, noting
from evalbook.run.contract import prove_page
from evalbook.run.drawing import FRESH, KERNELS, can_fork, processors
from evalbook.run.engines import CELL_TIMEOUT, interpreter, run_fresh, run_warm
from evalbook.run.page import arranged, failure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
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
    return _in_processes(tasks, scratch, "fork" if can_fork() else "spawn")


def _in_kernels(tasks: Iterable[Task], scratch: Path) -> Iterator[Done]:
    # The threads only wait for their kernels.
    with ThreadPoolExecutor(processors()) as pool:
        futures = [pool.submit(_one, task, scratch, fresh=True) for task in tasks]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _in_processes(tasks: Iterable[Task], scratch: Path, method: str) -> Iterator[Done]:
    context: Any = multiprocessing.get_context(method)
    lasting = method != "fork"  # a copy of this process runs one notebook
    waiting = iter(tasks)
    free: list[tuple[Any, Any]] = []
    running: dict[Any, tuple[Any, Task, float]] = {}
    try:
        while True:
            while len(running) < processors() and (task := next(waiting, None)) is not None:
                process, pipe = free.pop() if free else _started(context, scratch, lasting=lasting)
                running[pipe] = process, task, time.monotonic() + CELL_TIMEOUT
                pipe.send(task)
            if not running:
                return
            soonest = min(limit for *_, limit in running.values())
            ready: list[Any] = connection.wait(list(running), timeout=max(soonest - time.monotonic(), 0))
            for pipe in ready:
                process, task, _ = running[pipe]
                told = _received(pipe, process, task)
                del running[pipe]
                if lasting:
                    free.append((process, pipe))
                else:
                    process.join()
                yield Done(task, *told)
            for _, task, limit in running.values():
                if time.monotonic() > limit:
                    raise _unfinished(task, f"运行了{CELL_TIMEOUT}秒还没有结束，已经中止")
    finally:
        processes = [process for process, *_ in (*running.values(), *free)]
        for process in processes:
            process.kill()
        for process in processes:
            process.join()


def _started(context: Any, scratch: Path, *, lasting: bool) -> tuple[Any, Any]:
    """Process that runs what it is sent, and the pipe to it."""
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, scratch, lasting), daemon=True)
    process.start()
    there.close()
    return process, here


def _serve(pipe: Any, scratch: Path, lasting: bool) -> None:
    """Run the notebook that is sent, or, lasting, each that is sent until this process is ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asked ends its processes itself
    while True:
        try:
            done = _one(pipe.recv(), scratch)
            pipe.send((done.page, done.notes))
        except NotebookError as error:
            pipe.send(str(error))
        except EOFError:  # who asked is gone
            return
        if not lasting:
            return


def _received(pipe: Any, process: Any, task: Task) -> tuple[str, Notes | None]:
    try:
        told = pipe.recv()
    except (EOFError, OSError):
        process.join()
        raise _unfinished(task, f"进程被中止或崩溃（代码{process.exitcode}）") from None
    if isinstance(told, str):
        raise NotebookError(told)
    page, notes = told
    return page, notes


def _unfinished(task: Task, why: str) -> NotebookError:
    return NotebookError(
        f"{task.year}年度的页面 {task.name}（笔记本 {task.notebook}.ipynb）没有生成完，旧的网页保持不变。\n"
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
    output = scratch / f"{task.year}-{task.name}.ipynb"
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
    prove_page(ran, task)
    if interpreter(ran) != sys.executable:
        raise _unfinished(task, f"运行它的是另一个 Python：{interpreter(ran) or '没有报告'}")
    return Done(task, nbformat.writes(arranged(ran, task)) + "\n", None if fresh else notes)
