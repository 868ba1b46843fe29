"""Sheets of an OpenDocument spreadsheet (.ods of LibreOffice and of WPS on 麒麟)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from evalbook.errors import EvalbookError
from evalbook.reading.archive import (
    AREA_LIMIT,
    CELLS,
    MERGES,
    SHEETS,
    TEXTS,
    Attributes,
    Parts,
    attribute,
    part_name,
)
from evalbook.reading.cells import (
    CELL_LIMIT,
    CELLS_READ,
    COLUMNS,
    ROWS,
    Area,
    Place,
    Sheet,
    hidden_sheets,
    sheet_of,
)
from evalbook.reading.kinds import UNLOCK
from evalbook.schema.text import clean

if TYPE_CHECKING:
    import zipfile

NUMBER = re.compile(r"(?P<before>[^\d.+\-−]*)[-−+]?(?P<number>\d[\d,]*(?:\.\d+)?)(?P<after>[^\d]*)")
"""A number as it is shown, with the words of its format."""
VALUE = re.compile(r"-?\d{1,20}(\.\d+)?(E[-+]?\d{1,2})?")
UNSEEN = {"collapse", "filter"}
SKIPPED = {"annotation", "shapes", "tracked-changes", "frame", "custom-shape", "rect", "line", "forms"}
"""Elements with texts that stand in no cell: notes, pictures, what was there before."""


@dataclass
class _Table:
    """A sheet while it is read."""

    name: str
    shown: bool
    values: dict[Place, str | None] = field(default_factory=dict)
    areas: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    row: int = 0
    rows: int = 1
    columns: int = 0
    column: int = 0
    cut: bool = False
    given: Attributes = field(default_factory=dict)
    paragraphs: list[list[str]] = field(default_factory=list)


class _Content:
    """What is gathered while the elements of a spreadsheet are told in their order."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.tables: list[_Table] = []
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.skipped = 0
        self.is_read = False

    def start(self, depth: int, tag: str, given: Attributes, _: int) -> None:
        if self.skipped:
            return
        if tag in SKIPPED:
            self.skipped = depth
        elif tag == "style":
            self.style = attribute(given, "name")
        elif tag == "table-properties" and attribute(given, "display") == "false":
            self.hidden_styles.add(self.style)
        elif tag == "table":
            self.parts.count("工作表", SHEETS)
            shown = attribute(given, "style-name") not in self.hidden_styles
            self.tables.append(_Table(attribute(given, "name"), shown))
        elif self.tables:
            self._of_table(self.tables[-1], tag, given)

    def _of_table(self, table: _Table, tag: str, given: Attributes) -> None:
        match tag:
            case "table-column":
                behind = table.columns + _count(given, "number-columns-repeated")
                if attribute(given, "visibility") in UNSEEN:
                    table.hidden_columns.update(range(table.columns, min(behind, COLUMNS)))
                table.columns = behind
            case "table-row":
                self.parts.count("行", CELLS)
                table.row, table.column = table.row + 1, 0
                table.rows = _count(given, "number-rows-repeated")
                if attribute(given, "visibility") in UNSEEN:
                    table.hidden_rows.update(range(table.row, min(table.row + table.rows, ROWS + 1)))
            case "table-cell" | "covered-table-cell":
                self.parts.count("单元格", CELLS)
                table.given, table.paragraphs = given, []
            case "p":
                table.paragraphs.append([])
                self.is_read = True
            case "s" | "tab" if table.paragraphs:
                table.paragraphs[-1].append(" ")
            case "line-break" if table.paragraphs:
                table.paragraphs[-1].append("\n")

    def end(self, depth: int, tag: str, _: int) -> None:
        if self.skipped:
            self.skipped = 0 if depth == self.skipped else self.skipped
            return
        if not self.tables:
            return
        table = self.tables[-1]
        if tag == "p":
            self.is_read = False
        elif tag == "table-row":
            table.row += table.rows - 1
        elif tag in {"table-cell", "covered-table-cell"}:
            self._cell(table, is_covered=tag.startswith("covered"))

    def _cell(self, table: _Table, *, is_covered: bool) -> None:
        given, left = table.given, table.column
        if not given and not table.paragraphs:
            table.column += 1
            return
        text = "\n".join("".join(pieces) for pieces in table.paragraphs)
        pending = attribute(given, "formula") and not text and not attribute(given, "value")
        value = None if pending else _shown(given, text)
        times = _count(given, "number-columns-repeated")
        table.column += times
        spans = [_count(given, f"number-{kind}-spanned") for kind in ("rows", "columns")]
        if spans != [1, 1] and not is_covered and table.row <= ROWS and left < COLUMNS:
            self.parts.count("合并的区域", MERGES)
            area = Area(table.row, left, table.row + spans[0] - 1, left + spans[1] - 1).cut()
            self.parts.count("合并的单元格", AREA_LIMIT, area.size)
            table.areas.append(area)
        if value == "":
            return
        table.cut = table.cut or table.row + table.rows - 1 > ROWS or left + times > COLUMNS
        columns = range(left, min(left + times, COLUMNS))
        rows = range(table.row, min(table.row + table.rows, ROWS + 1))
        self.parts.count("要读的单元格", CELLS_READ, len(rows) * len(columns))
        table.values.update(((row, column), value) for row in rows for column in columns)

    def text(self, text: str) -> None:
        if self.is_read and not self.skipped:
            self.parts.count("文字", TEXTS)
            self.tables[-1].paragraphs[-1].append(text)


def read_open_document(name: str, archive: zipfile.ZipFile) -> tuple[list[Sheet], list[str]]:
    """Read the sheets of an OpenDocument spreadsheet that are shown.

    Parameters
    ----------
    name
        Of the file, for messages.
    archive
        The file.

    Returns
    -------
    list of Sheet, list of str
        The sheets; what was not read, in Chinese.
    """
    parts = Parts(name, archive)
    manifest = part_name("META-INF/manifest.xml")
    if manifest in parts.entries and b"encryption-data" in parts.read(manifest):
        raise EvalbookError(f"{name}：加了密码，不能读取。{UNLOCK}。")
    content = _Content(parts)
    parts.walk("content.xml", content.start, content.end, content.text)
    sheets = [
        sheet_of(
            clean(table.name),
            table.values,
            table.areas,
            cut=table.cut,
            hidden_rows=table.hidden_rows,
            hidden_columns=table.hidden_columns,
        )
        for table in content.tables
        if table.shown
    ]
    return sheets, hidden_sheets(name, (table.name for table in content.tables if not table.shown))


def _shown(given: Attributes, text: str) -> str:
    """What a cell shows, its number not rounded."""
    kind, written = attribute(given, "value-type"), attribute(given, "value")[:CELL_LIMIT]
    if kind not in {"float", "percentage", "currency"} or not VALUE.fullmatch(written):
        return text
    exact = Decimal(f"{float(written):.15g}") * (100 if kind == "percentage" else 1)
    found = NUMBER.fullmatch(text.strip())
    if not found:
        return text or f"{exact.normalize():f}" + "%" * (kind == "percentage")
    number = Decimal(found["number"].replace(",", ""))
    digits = -int(number.as_tuple().exponent)
    if abs(exact).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) != number:
        return text  # a format that shows 27487100 as 2748.71万元
    before = "" if kind == "currency" else found["before"].strip("¥￥$( ")
    return f"{before}{exact.normalize():f}{found['after'].strip(') ')}"


def _count(given: Attributes, name: str) -> int:
    """How often something is repeated, or how far it reaches."""
    text = attribute(given, name)
    return int(text) if re.fullmatch(r"[1-9]\d{0,8}", text) else 1
