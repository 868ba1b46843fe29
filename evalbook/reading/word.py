"""A Word document as its reader sees it: paragraphs and grids of cells in their order.

What was struck out in a revision, is hidden or asks to be replaced ("单击此处输入文字") is no text of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from evalbook.reading.archive import CELLS, SHEETS, TEXTS, Attributes, Parts, attribute
from evalbook.reading.cells import CELLS_READ, COLUMNS, ROWS, Area, Place, Sheet, SheetCell, sheet_of, trimmed

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator, Sequence

SKIPPED = {"del", "moveFrom", "Fallback", "pPr", "tblPr", "sectPr", "instrText", "delText"}
"""Elements in which nothing stands that is read: struck out, said a second time for older readers, looks."""
BREAKS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
SYMBOLS = {
    "symbol": {0xB3: "≥", 0xA3: "≤", 0xB4: "×", 0xB1: "±", 0x3D: "=", 0x3E: ">", 0x3C: "<", 0x25: "%"},
    "wingdings": {0xFC: "√", 0xFE: "☑", 0xFD: "☒", 0xA8: "□", 0x6F: "□", 0x6E: "■"},
    "wingdings 2": {0x50: "√", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0xA3: "□"},
}
"""Characters of fonts of signs, by the number that Word writes."""
CONTINUED = re.compile(r"\W*(?:续表?\d*|接上[表页]|续上[表页])?\W*|第?\d+页?")
"""Text between the parts of a table that goes on, on the next page."""
SAID_ABOVE, SAID_BELOW, SAID_LENGTH = 5, 5, 60
"""How many paragraphs, and how long ones, above and below a table belong to it: title, year, unit; grade, signatures."""
TOLERANCE = 0.02
"""Share of a table's width by which the edges of its columns may shift from page to page."""


@dataclass
class Grid:
    """A table while it is read; rows from 1, columns from 0.

    Attributes
    ----------
    values : dict of Place to str
    areas : dict of Place to Area
        Merged areas by their first cells.
    edges : list of int
        Left edges of the columns, and the right one of the last.
    rows : int
    hidden : set of int
        Rows that are hidden.
    """

    values: dict[Place, str] = field(default_factory=dict)
    areas: dict[Place, Area] = field(default_factory=dict)
    edges: list[int] = field(default_factory=lambda: [0])
    rows: int = 0
    hidden: set[int] = field(default_factory=set)
    column: int = 0
    span: int = 1
    merge: str = ""
    struck: bool = False
    paragraphs: list[str] | None = None
    open: dict[int, Place] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """Columns that are read."""
        behind = [column + 1 for _, column in self.values]
        return max((*behind, *(area.right + 1 for area in self.areas.values())), default=0)

    def begin_row(self) -> None:
        """A row begins."""
        self.rows, self.column, self.struck = self.rows + 1, 0, False

    def end_row(self) -> None:
        """A row ends; one that was struck out has never been."""
        self.rows -= self.struck

    def begin_cell(self) -> None:
        """A cell begins."""
        self.span, self.merge, self.paragraphs = 1, "", []

    def end_cell(self) -> None:
        """A cell ends: it is one of its own, begins an area or belongs to the one above."""
        left, right = self.column, self.column + self.span - 1
        above = self.open.get(left)
        self.column = right + 1
        if self.struck:
            if self.merge != "continue":
                self.open.pop(left, None)  # what goes on below begins there anew
        elif self.merge == "continue" and above in self.areas:
            self.areas[above] = replace(self.areas[above], bottom=self.rows)
        else:
            place = (self.rows, left)
            self.open[left] = place
            self.values[place] = "\n".join(self.paragraphs or ())
            if self.merge or self.span > 1:
                self.areas[place] = Area(self.rows, left, self.rows, right)
        self.paragraphs = None

    def snapped(self) -> Grid:
        """The table with one column for edges that lie so near one another that a person sees one line."""
        kept = [0]
        for edge in self.edges:
            if edge - kept[-1] > TOLERANCE * self.edges[-1]:
                kept.append(edge)
        return self._moved(kept) or self

    def goes_on(self, other: Grid) -> Grid | None:
        """One table of this and another one below it; None where the other has columns elsewhere."""
        moved = other._moved(self.edges, self.rows)
        if moved is None:
            return None
        return replace(
            self,
            values=self.values | moved.values,
            areas=self.areas | moved.areas,
            rows=self.rows + other.rows,
            hidden=self.hidden | moved.hidden,
        )

    def _moved(self, edges: list[int], down: int = 0) -> Grid | None:
        """The table in columns with these edges, its rows further down; None where its cells have no place in these."""
        tolerance = TOLERANCE * max(edges[-1], self.edges[-1])
        nearest = [min(range(len(edges)), key=lambda at: abs(edges[at] - edge)) for edge in self.edges]
        values, areas = dict[Place, str](), dict[Place, Area]()
        for (row, column), text in self.values.items():
            area = self.areas.get((row, column), Area(row, column, row, column))
            ends = (column, area.right + 1)
            if ends[1] >= len(nearest) or any(
                abs(edges[nearest[end]] - self.edges[end]) > tolerance for end in ends
            ):
                return None
            left, right = nearest[column], nearest[area.right + 1] - 1
            if right < left:
                return None
            values[row + down, left] = text
            areas[row + down, left] = Area(row + down, left, area.bottom + down, right)
        if len(values) < len(self.values):
            return None
        return replace(
            self, values=values, areas=areas, edges=edges, hidden={row + down for row in self.hidden}
        )


Block = str | Grid
"""A paragraph or a table."""


class _Document:
    """What is gathered while the elements of a document are told in their order."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.blocks: list[Block] = []
        self.tables: list[Grid] = []
        self.paragraphs: list[list[str]] = []
        self.path: list[str] = []
        self.skipped = 0
        self.revised = self.reads_text = self.is_hidden = self.is_placeholder = False

    def start(self, depth: int, tag: str, given: Attributes, _: int) -> None:
        parent = self.path[-1] if self.path else ""
        self.path.append(tag)
        if self.skipped:
            return
        table = self.tables[-1] if self.tables else None
        if tag in {"del", "moveFrom"}:
            self.revised = True
            if table and parent == "trPr":
                table.struck = True
        if tag in SKIPPED or (tag == "sdtContent" and self.is_placeholder):
            self.skipped, self.is_placeholder = depth, False
        elif tag == "tbl":
            self.parts.count("表格", SHEETS)
            self.tables.append(Grid())
        elif tag == "p":
            self.paragraphs.append([])
        elif tag == "r":
            self.is_hidden = False
        elif tag == "t":
            self.parts.count("文字", TEXTS)
            self.reads_text = not self.is_hidden
        elif tag == "showingPlcHdr":
            self.is_placeholder = _is_on(given)
        elif tag == "vanish" and parent == "rPr":
            self.is_hidden = _is_on(given)
        elif parent == "r" and self.paragraphs and not self.is_hidden:
            self.paragraphs[-1].append(BREAKS.get(tag, _symbol(given) if tag == "sym" else ""))
        elif table:
            self._of_table(table, tag, parent, given)

    def _of_table(self, table: Grid, tag: str, parent: str, given: Attributes) -> None:
        match tag:
            case "tr":
                table.begin_row()
            case "tc":
                self.parts.count("单元格", CELLS)
                table.begin_cell()
            case "gridCol" if len(table.edges) <= COLUMNS:
                table.edges.append(table.edges[-1] + (_whole(given, "w") or 1))
            case "gridSpan" if parent == "tcPr":
                table.span = min(max(_whole(given, "val"), 1), COLUMNS + 1)
            case "vMerge" if parent == "tcPr":
                table.merge = attribute(given, "val") or "continue"
            case "gridBefore" if parent == "trPr":
                table.column = min(_whole(given, "val"), COLUMNS)
            case "hidden" if parent == "trPr" and _is_on(given):
                table.hidden.add(table.rows)

    def end(self, depth: int, _: str, __: int) -> None:
        tag = self.path.pop()
        if self.skipped:
            self.skipped = 0 if depth == self.skipped else self.skipped
            return
        table = self.tables[-1] if self.tables else None
        if tag == "t":
            self.reads_text = False
        elif tag == "p":
            text = "".join(self.paragraphs.pop())
            if table and table.paragraphs is not None:
                table.paragraphs.append(text)
            else:
                self.blocks.append(text)
        elif table and tag == "tc":
            table.end_cell()
        elif table and tag == "tr":
            table.end_row()
        elif table and tag == "tbl":
            table = self.tables.pop().snapped()
            self.parts.count("要读的单元格", CELLS_READ, min(table.rows, ROWS) * min(table.width, COLUMNS))
            self.blocks.append(table)
            if self.tables and (around := self.tables[-1].paragraphs) is not None:
                around.extend(table.values.values())

    def text(self, text: str) -> None:
        if self.reads_text and self.paragraphs and not self.skipped:
            self.paragraphs[-1].append(text)


def read_document(name: str, archive: zipfile.ZipFile) -> tuple[list[Block], bool]:
    """Read a Word document.

    Parameters
    ----------
    name
        Of the file, for messages.
    archive
        The file.

    Returns
    -------
    list of Block, bool
        Paragraphs and tables in their order, a table within a cell before the one around it; and whether it holds
        revisions, which are read as accepted.
    """
    parts = Parts(name, archive)
    main = next(iter(parts.related("", "officeDocument").values()), "word/document.xml")
    document = _Document(parts)
    parts.walk(main, document.start, document.end, document.text)
    return document.blocks, document.revised


def read_tables(name: str, archive: zipfile.ZipFile) -> tuple[list[Sheet], list[str]]:
    """Read the tables of a Word document as sheets; none of them is hidden.

    Parameters
    ----------
    name
        Of the file, for messages.
    archive
        The file.

    Returns
    -------
    list of Sheet, list of str
        Each table with the lines above and below it, which are rows without a number; what to know of the document.
    """
    blocks, revised = read_document(name, archive)
    tables = list(_with_lines(blocks))
    names = [f"第{number}张表" if len(tables) > 1 else "" for number in range(1, len(tables) + 1)]
    told = [f"{name}：有没有接受的修订，按接受以后的样子读。"] if revised else []
    return [_sheet(title, *table) for title, table in zip(names, tables, strict=True)], told


def _with_lines(blocks: Sequence[Block]) -> Iterator[tuple[list[str], Grid, list[str]]]:
    """Tables, with parts on several pages put together, and the lines above and below each."""
    above: list[str] = []
    between: list[str] = []
    table: Grid | None = None
    for block in blocks:
        if isinstance(block, str):
            between.append(trimmed(block))
            continue
        # Word has a paragraph between two tables; there is none between a table and the one in which it lies.
        goes_on = table is not None and between and all(CONTINUED.fullmatch(line) for line in between)
        if table is not None and goes_on and (whole := table.goes_on(block)):
            table, between = whole, []
            continue
        lines = [line for line in between if line and len(line) <= SAID_LENGTH]
        if table is not None:
            # What stands below a table gives names to what it says (评价等级：优); the next one begins with its title.
            title = next((at for at, line in enumerate(lines) if not re.search("[:：]", line)), len(lines))
            yield above, table, lines[:title][:SAID_BELOW]
            lines = lines[title:]
        above, between, table = lines[-SAID_ABOVE:], [], block
    if table is not None:
        lines = [line for line in between if line and len(line) <= SAID_LENGTH]
        yield above, table, lines[:SAID_BELOW]


def _sheet(name: str, above: Sequence[str], table: Grid, below: Sequence[str]) -> Sheet:
    sheet = sheet_of(name, table.values, table.areas.values(), hidden_rows=table.hidden)
    width = len(sheet.rows[0]) if sheet.rows else 1
    blank = tuple(SheetCell("", 0, column, width - 1, covered=True) for column in range(1, width))
    said = [[(SheetCell(line, 0, 0, width - 1), *blank) for line in lines] for lines in (above, below)]
    return replace(sheet, rows=(*said[0], *sheet.rows, *said[1]))


def _is_on(given: Attributes) -> bool:
    return attribute(given, "val") not in {"0", "false", "off"}


def _whole(given: Attributes, name: str) -> int:
    """A whole number of an attribute; 0 where it is none."""
    text = attribute(given, name)
    return int(text) if re.fullmatch(r"\d{1,9}", text) else 0


def _symbol(given: Attributes) -> str:
    font, number = attribute(given, "font").casefold(), attribute(given, "char")
    code = int(number, 16) % 0xF000 if re.fullmatch("[0-9A-Fa-f]{1,4}", number) else 0
    return SYMBOLS.get(font, {}).get(code, "")
