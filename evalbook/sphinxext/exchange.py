"""After writing: new book and reports replace the last good ones, and only when nothing was warned about."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import vl_convert
from filelock import FileLock, Timeout
from sphinx.util import logging

from evalbook.errors import KEPT

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)

VEGA = "vega-bundle.js"
REPORTS = "pdf"
"""Folder of the reports, beside that of the book."""


def aside(target: Path, name: str) -> Path:
    """Folder beside the book where one is kept while it is exchanged."""
    return target.with_name(f".{target.name}-{name}")


def exclusive(target: Path) -> FileLock:
    """Hold the build folder until the process ends, so that two builds cannot mix their pages.

    A second build ends at once with exit code 2; the lock of a killed build is gone with its process.
    """
    lock = FileLock(target.parent / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        print("另一个生成正在进行，请等它结束再试；原来的网页和 PDF 保持不变。", file=sys.stderr)
        raise SystemExit(2) from None
    return lock


def stage(targets: tuple[Path, ...]) -> tuple[Path, ...]:
    """Empty folders in which the successors of folders are made.

    If an earlier build was killed while it exchanged them, the last good ones are put back first, all of them, or
    what was left of them is thrown away, when all had been exchanged.
    """
    unfinished = any(aside(target, "new").exists() for target in targets)
    for target in targets:
        old = aside(target, "old")
        if old.exists() and (unfinished or not (target.is_dir() and any(target.iterdir()))):
            shutil.rmtree(target, ignore_errors=True)
            old.replace(target)
    for target in targets:
        for name in ("old", "new"):
            shutil.rmtree(aside(target, name), ignore_errors=True)
    return tuple(aside(target, "new") for target in targets)


def exchange(targets: tuple[Path, ...]) -> None:
    """Put what was made in the place of the last good ones: all, or none.

    Raises
    ------
    OSError
        A folder could not be moved; those that had been moved are back.
    """
    moves = [(target, aside(target, "old")) for target in targets if target.exists()]
    moves += [(aside(target, "new"), target) for target in targets]
    done: list[tuple[Path, Path]] = []
    try:
        for here, there in moves:
            here.replace(there)
            done.append((here, there))
    except OSError:
        for here, there in reversed(done):
            there.replace(here)
        raise
    for target in targets:
        shutil.rmtree(aside(target, "old"), ignore_errors=True)


def finish(app: Sphinx, exception: Exception | None, targets: tuple[Path, ...]) -> None:
    """Replace the last good book and its reports by the new ones, unless something went wrong."""
    if exception is None and not app._warncount:
        if app.builder.format == "html":
            # In a function of its own: the bundle's `_` and Sphinx's `const _` cannot both be of the page.
            bundle = f"(() => {{\n{vl_convert.javascript_bundle('window.vegaEmbed = vegaEmbed;')}\n}})();\n"
            (Path(app.outdir) / "_static" / VEGA).write_text(bundle, encoding="utf-8")
        (Path(app.outdir) / ".buildinfo").unlink(missing_ok=True)
        try:
            exchange(tuple(target for target in targets if aside(target, "new").exists()))
        except OSError as error:  # Windows keeps a file in its place that somebody reads
            logger.warning(
                f"换不上新的文件：{error.filename}。请关闭正打开着的网页或 PDF，再生成一次", type="evalbook"
            )
    if exception is not None or app._warncount:
        print(f"生成时有错误或警告（见上）。{KEPT}", file=sys.stderr)
    for target in targets:
        shutil.rmtree(aside(target, "new"), ignore_errors=True)
