"""Small tables that are kept beside the ledger, one a line: CSV after RFC 4180, as a release wrote them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, TypeVar

from evalbook.errors import EvalbookError
from evalbook.schema.text import link_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

Row = TypeVar("Row")


def kept_text(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Text of a table."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue()


def read_kept(root: Path, path: Path, columns: Sequence[str], row: Callable[..., Row]) -> tuple[Row, ...]:
    """Rows of a table, each made by ``row`` from its cells.

    Raises
    ------
    EvalbookError
        The file is missing, or is not what a release wrote.
    """
    read: tuple[Row, ...] = ()
    heading: list[str] = []
    try:
        if not link_target(root, path):
            with path.open(encoding="utf-8-sig", newline="") as stream:
                heading, *rows = csv.reader(stream, strict=True)
            read = tuple(row(*cells) for cells in rows)
    except (OSError, ValueError, TypeError, ArithmeticError, csv.Error):
        heading = []
    if heading != list(columns):
        name = path.relative_to(root).as_posix()
        raise EvalbookError(f"{name}：没有这个文件，或内容不是定版时写的。请从版本库恢复这个文件。")
    return read
