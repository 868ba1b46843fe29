"""papermill's engines of this project: warm, in the process that asks; fresh, in a kernel of its own.

Warm, a notebook runs in a shell of IPython's in a process that has imported and read everything before. The caller
gives each run a process of its own (:mod:`evalbook.run.workers`). Fresh, it runs as papermill runs it; both give the
same page.
"""

from __future__ import annotations

import io
import os
from contextlib import redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, Any

import nbformat
import papermill
from IPython.core.displayhook import CapturingDisplayHook
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from papermill.engines import Engine, papermill_engines
from traitlets import default
from traitlets.config import Config

from evalbook.run.page import PROOF

if TYPE_CHECKING:
    from pathlib import Path

    from evalbook.run.layout import Task

WARM = "evalbook-warm"
CELL_TIMEOUT = 600
"""Longest run of one cell in seconds; the slowest of 2020 takes two."""


class Shell(InteractiveShell):
    """A shell that prints no tracebacks: what went wrong is told on one screen."""

    def showtraceback(self, *_: Any, **__: Any) -> None:
        """Print nothing."""

    def showsyntaxerror(self, *_: Any, **__: Any) -> None:
        """Print nothing."""


class WarmEngine(Engine):  # type: ignore[misc]
    """Runs the cells in this process."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **_: Any) -> None:
        """Run every cell up to the first that fails."""
        Shell.clear_instance()
        # The one shell of the process: what a cell displays goes there.
        shell: Any = Shell.instance(config=Config({"HistoryManager": {"enabled": False}}))
        for index, cell in enumerate(nb_man.nb.cells):
            if cell.cell_type != "code":
                continue
            nb_man.cell_start(cell, index)
            error = cls.run(shell, cell, index + 1)
            if error is not None:
                nb_man.cell_exception(cell, cell_index=index, exception=error)
            nb_man.cell_complete(cell, cell_index=index)
            if error is not None:
                return

    @staticmethod
    def run(shell: Any, cell: Any, count: int) -> BaseException | None:
        """Run a cell and give it what it shows, as a kernel would."""
        shown: list[dict[str, Any]] = []
        shell.display_pub = CapturingDisplayPublisher(shell=shell, parent=shell)  # type: ignore[no-untyped-call]
        shell.display_trap.hook = CapturingDisplayHook(shell=shell, outputs=shown)  # type: ignore[no-untyped-call]
        printed = io.StringIO()
        with redirect_stdout(printed), redirect_stderr(printed):
            done = shell.run_cell(cell.source)
        cell.execution_count = count
        cell.outputs = [
            nbformat.v4.new_output("display_data", one["data"], metadata=one["metadata"])
            for one in (*shell.display_pub.outputs, *shown)
            if one["data"]  # what displays its parts itself shows nothing more
        ]
        if printed.getvalue():
            cell.outputs.append(nbformat.v4.new_output("stream", text=printed.getvalue()))
        error: BaseException | None = done.error_before_exec or done.error_in_exec
        if error is not None:
            told = {"ename": type(error).__name__, "evalue": str(error), "traceback": []}
            cell.outputs.append(nbformat.v4.new_output("error", **told))
        return error


papermill_engines.register(WARM, WarmEngine)


class OwnKernel(AsyncKernelManager):
    """Starts the kernel of this interpreter, whatever kernel of the same name is installed on the machine."""

    @default("kernel_spec_manager")
    def _no_kernel_of_the_machine(self) -> KernelSpecManager:
        return KernelSpecManager(kernel_dirs=[])


def prepared(task: Task) -> Any:
    """The notebook of a task, with a cell at its end that tells which interpreter ran it."""
    notebook = nbformat.read(task.template, as_version=4)
    cell = nbformat.v4.new_code_cell("import sys\nprint(sys.executable)", metadata={"tags": [PROOF]})
    notebook.cells.append(cell)
    return notebook


def run_warm(task: Task, output: Path) -> Any:
    """Run a notebook in this process."""
    return _run(task, output, engine_name=WARM, request_save_on_cell_execute=False)


def run_fresh(task: Task, output: Path) -> Any:
    """Run a notebook in a kernel of its own, of the interpreter that this is."""
    profile = output.with_suffix("")
    profile.mkdir()
    arguments = ["--log-level=CRITICAL", "--HistoryManager.enabled=False", f"--ipython-dir={profile}"]
    config = _kernel_config(output)
    return _run(task, output, config=config, execution_timeout=CELL_TIMEOUT, extra_arguments=arguments)


def _run(task: Task, output: Path, **how: Any) -> Any:
    said = {"parameters": task.parameters, "cwd": str(task.root), "kernel_name": "python3"}
    return papermill.execute_notebook(prepared(task), str(output), progress_bar=False, **said, **how)


def interpreter(notebook: Any) -> str:
    """Interpreter that ran a notebook, by what its last cell printed."""
    return "".join(
        output.text
        for cell in notebook.cells
        if PROOF in cell.metadata.get("tags", [])
        for output in cell.outputs
        if output.output_type == "stream"
    ).strip()


def _kernel_config(output: Path) -> Config:
    """Let kernels that start at the same time talk through files of their own instead of racing for ports."""
    config = Config()
    config.NotebookClient.kernel_manager_class = OwnKernel
    config.KernelManager.connection_file = str(output.with_suffix(".json"))
    sockets = output.with_suffix("")
    # The path of a socket may have 107 bytes, of which "-1" to "-5" is added here.
    if os.name == "posix" and len(os.fsencode(sockets)) <= 100:
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = str(sockets)
    return config
