"""Cells of whatever somebody else filled in, a workbook, a CSV file or a table of Word: what a person sees, as text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from evalbook.schema.characters import folded
from evalbook.schema.text import CONTROL, clean, column_letter, runs

ROWS, COLUMNS = 1000, 60
"""What is read of a sheet; a form has under 100 rows and 12 columns."""
CELLS_READ = 100_000
"""Most cells that are read of a file; a form has under 1000."""
GRID_LIMIT = 500_000
"""Most cells of all sheets together, blank ones between others included."""
CELL_LIMIT = 2000
"""What is read of the text of a cell."""
TEXT_LIMIT = 4_000_000
"""Most characters of all cells together; a form has under 10,000."""
ERROR_VALUE = re.compile(
    r"[#＃](?:REF|VALUE|NUM|NULL|SPILL|CALC|FIELD|BLOCKED|CONNECT|UNKNOWN|BUSY|DIV[/／]0)[!！]"
    r"|[#＃]NAME[?？]|[#＃]N[/／]A|Err:5\d\d",
    re.IGNORECASE,
)
"""What Excel, WPS and LibreOffice show where a formula has no result."""


@dataclass(frozen=True)
class SheetCell:
    """One cell.

    Attributes
    ----------
    text : str
        What Excel shows, except that numbers are not rounded: ``98.2%`` where 0.982 is formatted as a percentage.
    row, column : int
        From 1 and from 0; row 0 for a paragraph beside a table of Word.
    right : int
        Last column of the merged area in which it lies; its own otherwise.
    covered : bool
        Whether it lies in a merged area without beginning it.
    pending : bool
        Whether it holds a formula without a result: none is stored in the file, or it is an error value.
    error : str
        The error value that it shows, such as ``#REF!``, which is no text of the form.
    """

    text: str
    row: int
    column: int
    right: int
    covered: bool = False
    pending: bool = False
    error: str = ""

    @property
    def letter(self) -> str:
        """Excel's letter of the column."""
        return column_letter(self.column)


Rows = tuple[tuple[SheetCell, ...], ...]
Place = tuple[int, int]
"""Row, from 1, and column, from 0."""


@dataclass(frozen=True)
class Area:
    """A merged area: rows from 1, columns from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int

    def cut(self) -> Area:
        """The area as far as it is read."""
        return replace(self, bottom=min(self.bottom, ROWS), right=min(self.right, COLUMNS - 1))

    @property
    def size(self) -> int:
        """How many cells it has; none where it ends before it begins."""
        return max(self.bottom - self.top + 1, 0) * max(self.right - self.left + 1, 0)

    def places(self) -> Iterator[Place]:
        """Its cells."""
        return itertools.product(range(self.top, self.bottom + 1), range(self.left, self.right + 1))


@dataclass(frozen=True)
class Sheet:
    """A sheet, or a table of Word.

    Attributes
    ----------
    name : str
        Empty for a CSV file and for the only table of a document.
    rows : tuple of tuple of SheetCell
        All of one length.
    cut : bool
        Whether there is more than :data:`ROWS` rows or :data:`COLUMNS` columns, which was not read.
    areas : tuple of Area
        Merged areas, as far as they were read.
    hidden_rows, hidden_columns : frozenset of int
        Rows, from 1, and columns, from 0, that nobody sees: hidden, filtered out, folded or without height.
    """

    name: str
    rows: Rows
    cut: bool = False
    areas: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()

    def seen(self) -> Sheet:
        """The sheet without what nobody sees; the text of a merged area stands in what is seen of it."""
        moved: dict[Place, SheetCell] = {}
        lines = {row[0].row: row for row in self.rows}
        for area in self.areas:
            rows = [row for row in range(area.top, area.bottom + 1) if row not in self.hidden_rows]
            columns = [
                column for column in range(area.left, area.right + 1) if column not in self.hidden_columns
            ]
            if rows and columns and (rows[0], columns[0]) != (area.top, area.left):
                begun = lines[area.top][area.left]
                moved[rows[0], columns[0]] = replace(begun, row=rows[0], column=columns[0])
        rows_seen = (row for row in self.rows if row[0].row not in self.hidden_rows)
        shown = (
            tuple(moved.get((cell.row, cell.column), self._shown(cell)) for cell in row) for row in rows_seen
        )
        return replace(self, rows=tuple(shown))

    def _shown(self, cell: SheetCell) -> SheetCell:
        hidden = cell.column in self.hidden_columns
        return replace(cell, text="", pending=False, error="") if hidden else cell

    def hidden_places(self) -> str:
        """Hidden rows and columns in which something stands, in Chinese; empty where there are none."""
        filled = [cell for row in self.rows for cell in row if cell.text or cell.pending]
        rows = {cell.row for cell in filled} & self.hidden_rows
        columns = {cell.column for cell in filled if cell.row not in rows} & self.hidden_columns
        letters = "、".join(map(column_letter, sorted(columns)))
        return "、".join(
            text for text in (f"第{runs(rows)}行" if rows else "", f"{letters}列" if letters else "") if text
        )


def sheet_of(
    name: str,
    values: Mapping[Place, str | None],
    areas: Iterable[Area] = (),
    *,
    cut: bool = False,
    hidden_rows: Collection[int] = (),
    hidden_columns: Collection[int] = (),
) -> Sheet:
    """Put a sheet together.

    Parameters
    ----------
    name
        Of the sheet.
    values
        Text of each cell by its row, from 1, and column, from 0; None for a formula without a stored result.
    areas
        Merged areas; what stands in these behind their first cell is not shown.
    cut, hidden_rows, hidden_columns
        As in :class:`Sheet`.
    """
    read = [area.cut() for area in areas if area.top <= ROWS and area.left < COLUMNS]
    merged = {place: (area.right, place != (area.top, area.left)) for area in read for place in area.places()}
    places = [*(place for place in values if place[0] <= ROWS and place[1] < COLUMNS), *merged]
    height = max((row for row, _ in places), default=0)
    width = max((column + 1 for _, column in places), default=0)

    def cell(row: int, column: int) -> SheetCell:
        right, covered = merged.get((row, column), (column, False))
        value = "" if covered else values.get((row, column), "")
        text = trimmed(value or "")
        found = ERROR_VALUE.search(text)
        if found:
            text = text.replace(found[0], "")
        return SheetCell(
            text, row, column, right, covered, value is None or bool(found), found[0] if found else ""
        )

    rows = tuple(tuple(cell(row, column) for column in range(width)) for row in range(1, height + 1))
    beyond = cut or len(places) < len(values) + len(merged)
    return Sheet(name, rows, beyond, tuple(read), frozenset(hidden_rows), frozenset(hidden_columns))


def hidden_sheets(name: str, titles: Iterable[str]) -> list[str]:
    """Say that hidden sheets of a file were not read."""
    return [f"{name}：隐藏的工作表“{clean(title)}”没有读。" for title in itertools.islice(titles, 5)]


def folded_sheet(sheet: Sheet) -> Sheet:
    """The sheet with the character that a person sees in place of each that only looks like it."""
    rows = (tuple(replace(cell, text=folded(cell.text)) for cell in row) for row in sheet.rows)
    return replace(sheet, name=folded(sheet.name), rows=tuple(rows))


def trimmed(text: str) -> str:
    """Text of a cell on one line; numbers on lines of their own do not become one."""
    # Thousands of cells may refer to one endless text.
    text = text[: 10 * CELL_LIMIT]
    if "\n" in text:
        text = re.sub(r"(?<=[\d%％])[^\S\n]*\n\s*(?=[\d≥≤])", "；", text)
    return CONTROL.sub("", " ".join(text.split()))[:CELL_LIMIT]
