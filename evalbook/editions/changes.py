"""Words that an edition changed directly, old and new, as a small file beside its figures."""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from evalbook.errors import EvalbookError
from evalbook.year import changes_path

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

CHANGES_COLUMNS = ("文件", "处", "原文", "现文")


@dataclass(frozen=True)
class ChangedText:
    """A sentence, or a cell of a table, that is not what it was in the edition before.

    Attributes
    ----------
    file : str
        Path in the year's folder, or in the project where it is none of the year's.
    place : str
        Where it stands, in Chinese: line, or row and column.
    old, new : str
        The words; empty where there were, or are, none.
    """

    file: str
    place: str
    old: str
    new: str


def changes_text(changes: Iterable[ChangedText]) -> str:
    """Every changed text, one a line; CSV after RFC 4180."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(CHANGES_COLUMNS)
    writer.writerows(map(astuple, changes))
    return stream.getvalue()


def read_changes(root: Path, year: int, number: int) -> tuple[ChangedText, ...]:
    """Texts that a released edition changed, of one whose ledger records some.

    Raises
    ------
    EvalbookError
        The file is missing, or is not what a release wrote.
    """
    path = changes_path(root, year, number)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            heading, *rows = csv.reader(stream, strict=True)
        read = tuple(ChangedText(*row) for row in rows)
    except (OSError, ValueError, TypeError, csv.Error):
        read, heading = (), []
    if tuple(heading) != CHANGES_COLUMNS:
        name = path.relative_to(root).as_posix()
        raise EvalbookError(f"{name}：没有这个文件，或内容不是定版时写的。请从版本库恢复这个文件。")
    return read
