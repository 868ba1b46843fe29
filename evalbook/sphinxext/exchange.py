"""After writing: new book and reports replace the last good ones, and only when nothing was warned about."""

from __future__ import annotations

import shutil
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout
from sphinx.util import logging

from evalbook.errors import KEPT, REFUSED
from evalbook.sphinxext.book import book_of
from evalbook.sphinxext.kept import finished, store_of
from evalbook.store import kept

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)

STATIC, VEGA = "_static", "vega-bundle.js"
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
        print(f"{REFUSED}\n另一个生成正在进行，请等它结束再试；原来的网页和 PDF 保持不变。", file=sys.stderr)
        raise SystemExit(2) from None
    return lock


def settle(targets: tuple[Path, ...]) -> None:
    """Put right what an earlier build left when it was killed.

    If it was exchanging folders, the last good ones are put back, all of them, or what was left of them is thrown
    away, when all had been exchanged.
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


def stage(targets: tuple[Path, ...], *, filled: bool) -> tuple[Path, ...]:
    """Folders in which the successors of folders are made: empty, or filled with what the last good ones hold.

    Styles and scripts are copied anew: pages name some of them by a hash of the file that they find.
    """
    made = tuple(aside(target, "new") for target in targets)
    for target, new in zip(targets, made, strict=True):
        if filled and target.is_dir():
            shutil.copytree(target, new, ignore=shutil.ignore_patterns(STATIC))
    return made


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


def vega_bundle(store: Path) -> Path:
    """Script that draws charts in the browser, compiled once for each version of the library that carries it."""

    def bundle() -> bytes:
        import vl_convert

        # In a function of its own: the bundle's `_` and Sphinx's `const _` cannot both be of the page.
        bundled = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
        return f"(() => {{\n{bundled}\n}})();\n".encode()

    return kept(store / f"vega-{version('vl-convert-python')}.js", bundle)


def take_over_static(app: Sphinx, exception: Exception | None, target: Path) -> None:
    """Take styles and scripts from the last good book when no page was written, before others look for them."""
    static = Path(app.outdir) / STATIC
    if exception is None and app.builder.format == "html" and not static.exists():
        shutil.copytree(target / STATIC, static)


def clear(app: Sphinx, made: Path) -> None:
    """Remove what earlier builds left in a folder and no page needs any more."""
    book = book_of(app)
    (made / ".buildinfo").unlink(missing_ok=True)
    shown = {name for _, name in app.env.images.values()}
    for path in (made / "_images").glob("*"):
        if path.name not in shown:
            path.unlink()
    if book.layout.edition is None:
        for folder in (made / "years").glob("*"):
            if folder.name not in map(str, book.years):
                shutil.rmtree(folder)


def finish(app: Sphinx, exception: Exception | None, targets: tuple[Path, ...], *, whole: bool) -> None:
    """Replace the last good book and its reports by the new ones, unless something went wrong."""
    if exception is None and not app._warncount:
        made = Path(app.outdir)
        if app.builder.format == "html":
            shutil.copyfile(vega_bundle(store_of(app)), made / STATIC / VEGA)
            clear(app, made)
        try:
            exchange(tuple(target for target in targets if aside(target, "new").exists()))
            if whole:
                finished(app)
        except OSError as error:  # Windows keeps a file in its place that somebody reads
            logger.warning(
                f"换不上新的文件：{error.filename}。请关闭正打开着的网页或 PDF，再生成一次", type="evalbook"
            )
    if exception is not None or app._warncount:
        print(f"生成时有错误或警告（见上）。{KEPT}", file=sys.stderr)
    for target in targets:
        shutil.rmtree(aside(target, "new"), ignore_errors=True)
