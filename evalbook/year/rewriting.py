"""Change one place of a file that somebody else wrote, and nothing else of it."""

from __future__ import annotations

import codecs
import csv
import io
import os
import shutil
import tempfile
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from evalbook.errors import EvalbookError
from evalbook.year.pasted import INVISIBLE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evalbook.schema.table import Table

CHANGED = "文件刚才改动过，没有动它。请重新列出再试"


def replace_text(path: Path, changes: Iterable[tuple[int, int, str, str]]) -> None:
    """Replace pieces of a text file; every other byte stays, line ends and the mark of the encoding included.

    Parameters
    ----------
    path
        The file.
    changes
        Beginning and end in the text, what stands there, and what is to.

    Raises
    ------
    EvalbookError
        Something else stands there; the file is as it was.
    """
    mark, text, encoding = _decoded(path.read_bytes())
    for start, end, old, new in sorted(changes, reverse=True):
        if _shown(text[start:end]) != _shown(old):
            raise EvalbookError(f"{path.name}：{CHANGED}。")
        text = text[:start] + new + text[end:]
    write_whole(path, mark + text.encode(encoding))


def append_row(path: Path, table: Table, cells: dict[str, str]) -> None:
    """Add a row to a table of a year, which is begun where there is none.

    Parameters
    ----------
    path
        The file.
    table
        Its definition.
    cells
        By English column name.
    """
    headings = {column.heading: column.name for column in table.columns}
    mark, text, encoding = codecs.BOM_UTF8, ",".join(headings) + "\r\n", "utf-8"
    if path.is_file() and path.stat().st_size:
        mark, text, encoding = _decoded(path.read_bytes())
    listed = next(csv.reader(io.StringIO(text, newline="")), [])
    ending = "\r\n" if "\r\n" in text else "\n"
    row = io.StringIO()
    csv.writer(row, lineterminator=ending).writerow(
        cells.get(headings.get(name.strip(), ""), "") for name in listed
    )
    joint = "" if text.endswith(("\n", "\r")) else ending
    write_whole(path, mark + (text + joint + row.getvalue()).encode(encoding))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step: it is as it was, or as it is to be."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=".evalbook-")
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(content)
        if path.exists():
            shutil.copymode(path, name)
        else:
            Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _decoded(raw: bytes) -> tuple[bytes, str, str]:
    """Mark of the encoding, text and encoding of a file, such that nothing is lost on the way back."""
    mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
    for encoding in ("utf-8", "gb18030"):
        try:
            text = raw[len(mark) :].decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.encode(encoding) == raw[len(mark) :]:
            return mark, text, encoding
    raise EvalbookError("不是可以照原样写回的文字编码，没有动它。请用记事本另存，编码选 UTF-8。")


def _shown(text: str) -> str:
    """What a person sees of a text."""
    return "".join(unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).split())
