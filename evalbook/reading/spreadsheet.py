"""Sheets of an XLSX file."""

from __future__ import annotations

import io
import warnings
import zipfile
from typing import TYPE_CHECKING

from evalbook.reading.cells import Area, Place, Sheet, hidden_sheets, sheet_of
from evalbook.reading.package import safe_package
from evalbook.reading.shown import shown
from evalbook.schema.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.worksheet.worksheet import Worksheet

    from evalbook.reading.package import SheetPart


def read_workbook(name: str, archive: zipfile.ZipFile) -> tuple[Iterator[Sheet], list[str]]:
    """Read the sheets of a workbook that are shown.

    Parameters
    ----------
    name
        Of the file, for messages.
    archive
        The file.

    Returns
    -------
    iterator of Sheet, list of str
        The sheets; what was not read, in Chinese.
    """
    import openpyxl

    content, parts = safe_package(name, archive)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl's English remarks on styles and extensions
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
    both = list(zip(book.worksheets, parts, strict=True))
    sheets = (_sheet(sheet, part) for sheet, part in both if sheet.sheet_state == "visible")
    return sheets, hidden_sheets(name, (sheet.title for sheet, _ in both if sheet.sheet_state != "visible"))


def _sheet(sheet: Worksheet, part: SheetPart) -> Sheet:
    values: dict[Place, str | None] = {}
    for row, line in enumerate(sheet.iter_rows(max_row=part.height or 1, max_col=part.width or 1), 1):
        for column, cell in enumerate(line):
            if cell.value is not None:
                values[row, column] = shown(cell.value, str(cell.number_format))
            elif (row, column + 1) in part.formulas:
                values[row, column] = None
    areas = []
    for area in sheet.merged_cells.ranges:
        left, top, right, bottom = area.bounds
        areas.append(Area(top, left - 1, bottom, right - 1))
    return sheet_of(
        clean(sheet.title),
        values,
        areas,
        cut=part.cut,
        hidden_rows=part.hidden_rows,
        hidden_columns=part.hidden_columns,
    )
