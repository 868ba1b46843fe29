"""Draw charts before the notebooks that show them, in a few processes: each takes most of a second until it can draw."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from evalbook.render.charts import Drawing

KERNELS = "EVALBOOK_KERNELS"
FRESH, POOL = "fresh", "pool"
"""Values of the switch: a kernel for each notebook; warm processes that are used again."""

SHARE = 4
"""Drawings that are worth a process of their own."""


def processors() -> int:
    """How many processes work side by side."""
    return os.cpu_count() or 1


def can_fork() -> bool:
    """Whether processes are copies of this one; one that has drawn has threads that a copy would wait for."""
    possible = "fork" in multiprocessing.get_all_start_methods() and "vl_convert" not in sys.modules
    return possible and not os.environ.get(KERNELS)


@contextmanager
def drawing(wanted: Iterable[Drawing]) -> Iterator[None]:
    """Draw what the store lacks meanwhile, and wait for it.

    What is lacking afterwards its notebook draws, and says what is wrong.
    """
    lacking = [drawing for drawing in wanted if not drawing.is_kept()] if can_fork() else []
    context = multiprocessing.get_context("fork" if lacking else None)
    shares = min(processors(), -(-len(lacking) // SHARE))
    running = [
        context.Process(target=_draw, args=(lacking[first::shares],), daemon=True) for first in range(shares)
    ]
    for process in running:
        process.start()
    try:
        yield
        for process in running:
            process.join()
    finally:
        for process in running:
            process.kill()


def _draw(drawings: list[Drawing]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asked ends its copies itself
    for drawing in drawings:
        _ = drawing.svg
