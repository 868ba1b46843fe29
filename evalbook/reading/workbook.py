"""Grids of cells in a file that somebody else made: a workbook, a CSV file, the tables of a Word document."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from evalbook.errors import EvalbookError
from evalbook.reading.archive import WORKBOOK_LIMIT, too_many
from evalbook.reading.cells import GRID_LIMIT, TEXT_LIMIT, Sheet, SheetCell, folded_sheet, sheet_of
from evalbook.reading.kinds import SAVE_AS, format_of_archive, kind_of_compound, kind_of_other
from evalbook.reading.old_workbook import old_workbook, read_old_workbook
from evalbook.reading.open_document import read_open_document
from evalbook.reading.spreadsheet import read_workbook
from evalbook.reading.word import read_tables
from evalbook.schema.characters import folding_notices
from evalbook.schema.text import SIZE_LIMIT, clean, decoded

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Sheet", "SheetCell", "file_name", "read_sheets"]


def read_sheets(path: Path) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    """Read the visible sheets of a workbook, the tables of a Word document, or a CSV file.

    Parameters
    ----------
    path
        Anywhere; nothing in the file is executed, fetched or evaluated.

    Returns
    -------
    tuple of Sheet, tuple of str
        The sheets, and what to know of the file, in Chinese.

    Raises
    ------
    EvalbookError
        The file cannot be read or is too large.
    """
    name = file_name(path)
    if not path.is_file():
        raise EvalbookError(f"找不到“{name}”这个文件。请检查文件名和所在的文件夹。")
    if path.stat().st_size > WORKBOOK_LIMIT:
        raise EvalbookError(f"{name}：文件太大，不能超过10MB。请删去图片和与自评表无关的工作表。")
    raw = path.read_bytes()
    if raw.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        sheets, told = _sheets(name, raw)
        written = "".join(cell.text for sheet in sheets for row in sheet.rows for cell in row)
        return tuple(map(folded_sheet, sheets)), (*told, *folding_notices(name, written))
    if unread := kind_of_other(raw):
        raise EvalbookError(f"{name}：{unread}")
    if len(raw) > SIZE_LIMIT:
        raise EvalbookError(f"{name}：文件太大，CSV 表不能超过2MB。请删去与自评表无关的内容。")
    text, problems, notices = decoded(name, raw)
    if problems:
        raise EvalbookError("\n".join(map(str, problems)))
    return (_from_csv(name, text),), tuple(notices)


def file_name(path: Path) -> str:
    """Name of a file for messages; bytes that are no text in it are replaced."""
    return clean(path.name.encode("utf-8", "replace").decode())


def _from_csv(name: str, text: str) -> Sheet:
    head = text[:10_000]
    delimiter = max(",\t;", key=head.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        if max(map(len, text.splitlines())) > csv.field_size_limit():
            raise EvalbookError(
                f"{name}：有一格太长，超过{csv.field_size_limit()}个字。请删去多余的内容。"
            ) from None
        raise EvalbookError(f"{name}：引号没有成对，分不清各格。{SAVE_AS}。") from None
    values = {
        (row, column): text
        for row, line in enumerate(lines, start=1)
        for column, text in enumerate(line)
        if text
    }
    return sheet_of("", values)


def _sheets(name: str, raw: bytes) -> tuple[list[Sheet], list[str]]:
    """Sheets of a file that is no text, and what to know of it."""
    try:
        sheets, told = _opened(name, raw)
        read, texts, cells = [], 0, 0
        for sheet in sheets:
            read.append(sheet)
            texts += sum(len(cell.text) for row in sheet.rows for cell in row)
            cells += sum(map(len, sheet.rows))
            for what, number, most in (("字", texts, TEXT_LIMIT), ("格", cells, GRID_LIMIT)):
                if number > most:
                    raise too_many(name, what, most)
    except EvalbookError:
        raise
    except Exception:  # whatever zipfile, expat, openpyxl and xlrd make of a damaged file
        raise EvalbookError(
            f"{name}：文件已损坏，不能读取。请用 Excel、Word 或 WPS 打开，另存后再试。"
        ) from None
    return read, told


def _opened(name: str, raw: bytes) -> tuple[Iterable[Sheet], list[str]]:
    if not raw.startswith(b"PK"):
        return _of_compound(name, raw)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        ending, other = format_of_archive(archive)
        if other:
            raise EvalbookError(f"{name}：{other}")
        return READERS[ending](name, archive)


def _of_compound(name: str, raw: bytes) -> tuple[Iterable[Sheet], list[str]]:
    try:
        records = old_workbook(raw)
    except Exception:  # whatever xlrd makes of a damaged folder of streams
        records = None
    if records is None:
        raise EvalbookError(f"{name}：{kind_of_compound(raw)}")
    return read_old_workbook(name, records)


READERS: dict[str, Callable[[str, zipfile.ZipFile], tuple[Iterable[Sheet], list[str]]]] = {
    ".xlsx": read_workbook,
    ".docx": read_tables,
    ".ods": read_open_document,
}
