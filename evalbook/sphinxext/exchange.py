"""After writing: the new book replaces the last good one, and only when nothing was warned about."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import vl_convert
from filelock import FileLock, Timeout

if TYPE_CHECKING:
    from sphinx.application import Sphinx

VEGA = "vega-bundle.js"


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
        print("另一个生成正在进行，请等它结束再试；原来的网页保持不变。", file=sys.stderr)
        raise SystemExit(2) from None
    return lock


def recover(target: Path) -> None:
    """Put back the last good book, if an earlier build was killed while it exchanged the two."""
    old = aside(target, "old")
    if old.exists() and not (target / "index.html").exists():
        shutil.rmtree(target, ignore_errors=True)
        old.replace(target)


def finish(app: Sphinx, exception: Exception | None, target: Path) -> None:
    """Replace the last good book by this one, unless something went wrong."""
    made, old = Path(app.outdir), aside(target, "old")
    if exception is not None or app._warncount:
        shutil.rmtree(made, ignore_errors=True)
        print("生成网页时有错误或警告（见上），旧的网页保持不变。", file=sys.stderr)
        return
    if app.builder.format == "html":
        # In a function of its own: the bundle's `_` and Sphinx's `const _` cannot both be of the page.
        bundle = f"(() => {{\n{vl_convert.javascript_bundle('window.vegaEmbed = vegaEmbed;')}\n}})();\n"
        (made / "_static" / VEGA).write_text(bundle, encoding="utf-8")
    (made / ".buildinfo").unlink(missing_ok=True)
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.replace(old)
    made.replace(target)
    shutil.rmtree(old, ignore_errors=True)
