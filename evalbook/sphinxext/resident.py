"""A process that builds books: ``python -m evalbook.sphinxext.resident`` takes one job after the other from standard input.

Where the system can fork, each job is done by a copy of this process, so that no build sees what another left behind;
between jobs, while nobody waits, this process imports what the last one had to import and has its report set once more.
Elsewhere it does one job and ends.

A job is a line of JSON: ``root`` and ``source`` are the folders of the project and of the book, ``environment`` holds
variables. What Jupyter Book says follows on standard output, and a line of :data:`.DONE` and the exit code; where the process
ends, it is that of the process.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from jupyter_book.cli.main import main as jupyter_book
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from evalbook.errors import DONE, EvalbookError
from evalbook.run.drawing import can_fork
from evalbook.scoring import opened
from evalbook.sphinxext.search import load_dictionary
from evalbook.sphinxext.typesetter import MAIN, TYPESET, Typesetter
from evalbook.store import environment_folder
from evalbook.year import years

NOT_AHEAD = "vl_convert"
"""Starts threads, which the copies of a process would wait for."""
LOOK = 20
"""Milliseconds between two looks at a copy that builds."""
IMPORTED = frozenset(sys.modules)
"""Modules that every copy has."""


def serve() -> None:
    """Do the jobs that come."""
    for line in sys.stdin:
        job = json.loads(line)
        if not can_fork():
            os._exit(_build(job))
        names, ours = os.pipe()
        process = os.fork()
        if not process:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            code = _build(job)
            os.set_blocking(ours, False)
            with suppress(OSError):
                os.write(ours, "\n".join(sys.modules.keys() - IMPORTED).encode())
            # Taking a whole book out of memory piece by piece, as Python does at its end, takes a second.
            os._exit(code)
        code = os.waitstatus_to_exitcode(_ended(process))
        os.close(ours)
        print(f"{DONE}{code}", flush=True)
        os.set_blocking(names, False)
        with suppress(BlockingIOError):
            _warm_up(os.read(names, 1 << 20).decode().split(), Path(job["root"]), Path(job["source"]))
        os.close(names)
    os._exit(0)


def _ended(process: int) -> int:
    """Wait for a copy, and give its status; when whoever asked is gone, this process and all its copies end."""
    asking = select.poll()
    asking.register(0, 0)  # told of its end alone, not of a job that waits
    while True:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            return status
        if asking.poll(LOOK) and os.getpgid(0) == os.getpid():
            os.killpg(0, signal.SIGKILL)


def _build(job: dict[str, Any]) -> int:
    """Build a book; gives the exit code."""
    os.environ.update(job["environment"])
    os.chdir(job["root"])
    try:
        jupyter_book(["build", job["source"]])
        code = 0
    except SystemExit as done:
        code = done.code if isinstance(done.code, int) else int(done.code is not None)
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _warm_up(modules: list[str], root: Path, source: Path) -> None:
    """Get ready what the next job needs."""
    for name in sorted(modules):
        if not name.startswith(NOT_AHEAD):
            with suppress(Exception):  # some are parts of others that made them up
                importlib.import_module(name)
    if store := environment_folder():
        load_dictionary(store)
    # These compile their regular expressions when they are first used.
    BeautifulSoup("<p></p>", "lxml").select("div.a > p[b]")
    highlight("1", PythonLexer(), HtmlFormatter())
    for year in years(root):
        with suppress(EvalbookError):  # the next job says so
            opened(root, year)
    gc.unfreeze()
    gc.collect()
    gc.freeze()  # what a copy need not look through it shares with this process
    codes = sorted((source / "_build" / ".doctrees" / TYPESET).glob(f"*/{MAIN}"))
    if codes:
        Typesetter.stay().practise(codes[-1].parent)


if __name__ == "__main__":
    serve()
