"""Cells of a spreadsheet that somebody else made: XLSX or CSV, with what Excel shows in them as text."""

from __future__ import annotations

import csv
import datetime
import io
import re
import warnings
import zipfile
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from evalbook.errors import EvalbookError
from evalbook.reading.kinds import SAVE_AS, kind_of_archive, kind_of_compound, kind_of_other
from evalbook.reading.package import COLUMNS, ROWS, WORKBOOK_LIMIT, safe_package
from evalbook.schema.characters import folded, folding_notices
from evalbook.schema.text import CONTROL, SIZE_LIMIT, clean, column_letter, decoded

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from evalbook.reading.package import SheetPart

CELL_LIMIT = 2000
"""What is read of the text of a cell."""
TEXT_LIMIT = 4_000_000
"""Most characters of all cells together; a form has under 10,000."""


@dataclass(frozen=True)
class SheetCell:
    """One cell.

    Attributes
    ----------
    text : str
        What Excel shows, except that numbers are not rounded: ``98.2%`` where 0.982 is formatted as a percentage.
    row, column : int
        From 1 and from 0.
    right : int
        Last column of the merged area in which it lies; its own otherwise.
    covered : bool
        Whether it lies in a merged area without beginning it.
    pending : bool
        Whether it holds a formula whose result the file does not store.
    """

    text: str
    row: int
    column: int
    right: int
    covered: bool = False
    pending: bool = False

    @property
    def letter(self) -> str:
        """Excel's letter of the column."""
        return column_letter(self.column)


@dataclass(frozen=True)
class Sheet:
    """A sheet.

    Attributes
    ----------
    name : str
        Empty for a CSV file.
    rows : tuple of tuple of SheetCell
        All of one length.
    cut : bool
        Whether there is more than :data:`ROWS` rows or :data:`COLUMNS` columns, which was not read.
    """

    name: str
    rows: tuple[tuple[SheetCell, ...], ...]
    cut: bool = False


def read_sheets(path: Path) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    """Read the visible sheets of a workbook, or a CSV file.

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
    if raw.startswith(b"PK"):
        sheets, told = _workbook(name, raw)
        written = "".join(cell.text for sheet in sheets for row in sheet.rows for cell in row)
        return tuple(map(_folded, sheets)), (*told, *folding_notices(name, written))
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise EvalbookError(f"{name}：{kind_of_compound(raw)}")
    if unread := kind_of_other(raw):
        raise EvalbookError(f"{name}：{unread}")
    if len(raw) > SIZE_LIMIT:
        raise EvalbookError(f"{name}：文件太大，CSV 表不能超过2MB。请删去与自评表无关的内容。")
    text, problems, notices = decoded(name, raw)
    if problems:
        raise EvalbookError("\n".join(map(str, problems)))
    return (_from_csv(name, text),), tuple(notices)


def _folded(sheet: Sheet) -> Sheet:
    rows = (tuple(replace(cell, text=folded(cell.text)) for cell in row) for row in sheet.rows)
    return replace(sheet, name=folded(sheet.name), rows=tuple(rows))


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
    width = min(max(map(len, lines), default=0), COLUMNS)
    rows = tuple(
        tuple(
            SheetCell(_trimmed(line[column]) if column < len(line) else "", row, column, column)
            for column in range(width)
        )
        for row, line in enumerate(lines[:ROWS], start=1)
    )
    return Sheet("", rows, len(lines) > ROWS or any(any(line[COLUMNS:]) for line in lines))


def _trimmed(text: str) -> str:
    # Thousands of cells may refer to one endless text.
    return CONTROL.sub("", " ".join(text[: 10 * CELL_LIMIT].split()))[:CELL_LIMIT]


def _workbook(name: str, raw: bytes) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if kind := kind_of_archive(archive):
                raise EvalbookError(f"{name}：{kind}")
            content, parts = safe_package(name, archive)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl's English remarks on styles and extensions
            book = openpyxl.load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
            sheets, left = [], TEXT_LIMIT
            for sheet, part in zip(book.worksheets, parts, strict=True):
                if sheet.sheet_state == "visible":
                    sheets.append(_sheet(sheet, part))
                    left -= sum(len(cell.text) for row in sheets[-1].rows for cell in row)
                if left < 0:
                    remedy = "请只留下自评表所在的工作表，另存后再试"
                    raise EvalbookError(f"{name}：文字太多，超过{TEXT_LIMIT}个字，没有读。{remedy}。")
    except EvalbookError:
        raise
    except Exception:  # whatever zipfile and openpyxl make of a damaged file
        raise EvalbookError(f"{name}：文件已损坏，或不是 Excel 工作簿。{SAVE_AS}。") from None
    hidden = [clean(sheet.title) for sheet in book.worksheets if sheet.sheet_state != "visible"]
    notices = [f"{name}：隐藏的工作表“{title}”没有读。" for title in hidden[:5]]
    return tuple(sheets), tuple(notices)


def _sheet(sheet: Worksheet, part: SheetPart) -> Sheet:
    merged: dict[tuple[int, int], tuple[int, bool]] = {}
    for area in sheet.merged_cells.ranges:
        left, top, right, bottom = area.bounds
        for row in range(top, min(bottom, ROWS) + 1):
            for column in range(left, min(right, COLUMNS) + 1):
                merged[row, column] = (right, (row, column) != (top, left))
    width, height = min(sheet.max_column, COLUMNS), min(sheet.max_row, ROWS)
    rows = tuple(
        tuple(_cell(cell, merged, has_formula=(cell.row, cell.column) in part.formulas) for cell in line)
        for line in sheet.iter_rows(max_row=height, max_col=width)
    )
    return Sheet(clean(sheet.title), rows, part.cut or sheet.max_column > COLUMNS or sheet.max_row > ROWS)


def _cell(cell: Any, merged: Mapping[tuple[int, int], tuple[int, bool]], *, has_formula: bool) -> SheetCell:
    right, covered = merged.get((cell.row, cell.column), (cell.column, False))
    # A formula without a stored result reads as an empty cell.
    pending = cell.value is None and has_formula and not covered
    text = "" if cell.value is None or covered else _shown(cell.value, str(cell.number_format))
    return SheetCell(_trimmed(text), cell.row, cell.column - 1, right - 1, covered, pending)


def _shown(value: object, style: str) -> str:
    match value:
        case bool():
            return "是" if value else "否"
        case int() | float():
            return _number(value, style)
        case datetime.datetime() | datetime.date():
            return f"{value.year}年{value.month}月{value.day}日"
        case _:
            return str(value)


LITERAL = r'((?:"[^"]*"|\\.|_.)*)'
NUMBER_FORMAT = re.compile(rf"{LITERAL}[#0?,.]+%?{LITERAL}")


def _number(value: float, style: str) -> str:
    """Text of a number; Excel computes with 15 digits, what stands behind them is binary noise.

    Words that its format adds (``0"人"``) and the percent sign belong to what the clerk sees.
    """
    exact = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
    section = re.sub(r"\[[^\]]*\]", "", style.partition(";")[0])
    if exact == 0 or not exact.is_finite() or abs(exact.adjusted()) > 20:
        return f"{0 if exact == 0 else exact}" + ("%" if section.endswith("%") else "")
    percent = "%" in re.sub(r'"[^"]*"', "", section)
    text = f"{(exact * 100 if percent else exact).normalize():f}" + ("%" if percent else "")
    words = NUMBER_FORMAT.fullmatch(section)
    if not words:
        return text
    before, after = _literal(words[1]), _literal(words[2])
    # A currency sign is no part of the value, a comparison is.
    return f"{before if re.fullmatch('[≥≤<>=＜＞＝]+', before) else ''}{text}{after}"


def _literal(style: str) -> str:
    found = re.findall(r'"([^"]*)"|\\(.)|_.', style)
    return "".join(quoted or escaped for quoted, escaped in found).strip()
