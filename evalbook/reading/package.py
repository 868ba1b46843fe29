"""What is read of an XLSX file: its sheets, strings and styles, counted and put together anew.

openpyxl makes objects of everything that the relationships of a workbook name: drawings, notes, links and names that a
form does not need. It is given a package that holds the parts and elements that are read, under names of our own, so
that nothing is unpacked and no object made that was not counted here.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from xml.etree import ElementTree

from evalbook.errors import EvalbookError
from evalbook.reading.archive import (
    AREA_LIMIT,
    CELLS,
    MERGES,
    SHEETS,
    STYLES,
    TEXTS,
    Attributes,
    Parts,
    attribute,
    part_name,
)
from evalbook.reading.cells import CELLS_READ, COLUMNS, GRID_LIMIT, ROWS, Place
from evalbook.reading.kinds import SAVE_AS
from evalbook.reading.shown import CHINESE
from evalbook.schema.text import clean

FORMAT_LIMIT = 255
"""Longest format of a number in characters, as in Excel."""

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
"""Namespace of the strict form of the same format, which openpyxl does not know."""
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
CELLLESS = ("chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet")
"""Kinds of sheets in which there are no cells."""
EMPTY = f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'.encode()


@dataclass(frozen=True)
class SheetPart:
    """What was found in a sheet when its cells were counted.

    Attributes
    ----------
    cut : bool
        Whether there are cells beyond :data:`ROWS` and :data:`COLUMNS`, which are left out.
    formulas : frozenset of tuple of int
        Row and column, from 1, of the cells with a formula.
    hidden_rows, hidden_columns : frozenset of int
        As in :class:`evalbook.reading.cells.Sheet`.
    height, width : int
        Last row and column, from 1, in which something stands.
    """

    cut: bool = False
    formulas: frozenset[Place] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    height: int = 0
    width: int = 0


def safe_package(name: str, archive: zipfile.ZipFile) -> tuple[bytes, tuple[SheetPart, ...]]:
    """Take from a workbook what is read of it.

    Parameters
    ----------
    name
        Of the file, for messages.
    archive
        The file.

    Returns
    -------
    bytes, tuple of SheetPart
        A small XLSX file with the same sheets, of which hidden ones are empty; and what is to be known of each.

    Raises
    ------
    EvalbookError
        There is more of something than any form has, or what Excel never writes.
    Exception
        Whatever zipfile and expat make of a damaged file.
    """
    parts = _Workbook(name, archive)
    book = next(iter(parts.related("", "officeDocument").values()), "xl/workbook.xml")
    worksheets, settings, sheets = parts.related(book, "worksheet"), Attributes(), []
    others = {link for kind in CELLLESS for link in parts.related(book, kind)}

    def of_workbook(depth: int, tag: str, given: Attributes) -> bool:
        if depth == 2 and tag == "workbookPr":
            settings.update(given)
        if depth == 3 and tag == "sheet":
            parts.count("工作表", SHEETS)
            link = attribute(given, "id")
            if worksheets.get(link) not in parts.entries:
                if link not in others:
                    sheet = clean(given.get("name", ""))
                    raise EvalbookError(f"{name}：工作表“{sheet}”在文件里找不到，文件可能已损坏。{SAVE_AS}。")
            else:
                shown = given.get("state", "visible") == "visible"
                sheets.append((given.get("name", ""), shown, worksheets[link]))
        return True

    parts.without(book, of_workbook)
    files, known = {}, []
    for number, (_, shown, part) in enumerate(sheets, start=1):
        content, sheet = parts.sheet(part) if shown else (EMPTY, SheetPart())
        files[f"xl/worksheets/sheet{number}.xml"] = content
        known.append(sheet)
    for kind, content_of in (("sharedStrings", parts.strings), ("styles", parts.styles)):
        # openpyxl itself writes no relationship to the texts.
        part = next(iter(parts.related(book, kind).values()), part_name(f"xl/{kind}.xml"))
        if part in parts.entries:
            files[f"xl/{kind}.xml"] = content_of(part)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as small:
        for file, content in (_frame([sheet[:2] for sheet in sheets], settings, files) | files).items():
            small.writestr(file, content)
    return made.getvalue(), tuple(known)


class _Workbook(Parts):
    """Parts of a workbook."""

    def sheet(self, part: str) -> tuple[bytes, SheetPart]:
        """Rows, columns and merged areas of a sheet; the same row or cell may be given again and again."""
        from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

        row = column = rows = cells = height = width = 0
        place = (0, 0)
        beyond = False
        formulas: set[Place] = set()
        hidden_rows: set[int] = set()
        hidden_columns: set[int] = set()

        def keep(depth: int, tag: str, given: Attributes) -> bool:
            nonlocal row, column, rows, cells, height, width, place, beyond
            if depth == 5 and tag in {"v", "f", "is"} and place[0] <= ROWS and place[1] <= COLUMNS:
                height, width = max(height, place[0]), max(width, place[1])
            match tag:
                case "row" if depth == 3:
                    self.count("行", CELLS)
                    row, column = int(given.get("r") or row + 1), 0
                    rows, cells = rows + 1, 0
                    if _is_hidden(given, "ht") and row <= ROWS:
                        hidden_rows.add(row)
                    return max(row, rows) <= ROWS
                case "c" if depth == 4:
                    self.count("单元格", CELLS)
                    place = coordinate_to_tuple(given["r"]) if "r" in given else (row, column + 1)
                    column, cells = place[1], cells + 1
                    beyond = beyond or place[0] > ROWS or column > COLUMNS
                    is_read = place[0] <= ROWS and max(column, cells) <= COLUMNS
                    self.count("要读的单元格", CELLS_READ, is_read)
                    return is_read
                case "col" if depth == 3 and _is_hidden(given, "width"):
                    first, last = int(given.get("min", "1")), int(given.get("max", "1"))
                    hidden_columns.update(range(first - 1, min(last, COLUMNS)))
                case "f" if depth == 5:
                    formulas.add(place)
                case "mergeCell" if depth == 3:
                    self.count("合并的区域", MERGES)
                    left, top, right, bottom = (edge or 0 for edge in range_boundaries(given.get("ref", "")))
                    self.count("合并的单元格", AREA_LIMIT, (right - left + 1) * (bottom - top + 1))
                case "r" | "t":
                    self.count("文字", TEXTS)
            return depth != 2 or tag in {"sheetFormatPr", "cols", "sheetData", "mergeCells"}

        content = self.without(part, keep)
        self.count("格", GRID_LIMIT, height * width)
        hidden = frozenset(hidden_rows), frozenset(hidden_columns)
        return content, SheetPart(beyond, frozenset(formulas), *hidden, height, width)

    def strings(self, part: str) -> bytes:
        """Texts that cells refer to, without their looks and how they are pronounced."""

        def keep(_: int, tag: str, __: Attributes) -> bool:
            self.count("文字", TEXTS)
            return tag not in {"rPr", "rPh", "phoneticPr", "extLst"}

        return self.without(part, keep)

    def styles(self, part: str) -> bytes:
        """Formats of numbers; files that were copied often have thousands of styles without use."""
        root = ElementTree.Element("styleSheet", xmlns=MAIN)
        formats, fonts, fills, borders, cells = (
            ElementTree.SubElement(root, tag) for tag in ("numFmts", "fonts", "fills", "borders", "cellXfs")
        )
        for number, code in CHINESE.items():
            ElementTree.SubElement(formats, "numFmt", numFmtId=f"{number}", formatCode=code)
        ElementTree.SubElement(fonts, "font")
        ElementTree.SubElement(ElementTree.SubElement(fills, "fill"), "patternFill")
        ElementTree.SubElement(borders, "border")
        inside = ""

        def keep(depth: int, tag: str, given: Attributes) -> bool:
            nonlocal inside
            if depth == 2:
                inside = tag
            elif depth == 3 and (inside, tag) == ("numFmts", "numFmt"):
                self.count("单元格格式", STYLES)
                code = given.get("formatCode", "")[:FORMAT_LIMIT]
                ElementTree.SubElement(formats, tag, numFmtId=given.get("numFmtId", "0"), formatCode=code)
            elif depth == 3 and (inside, tag) == ("cellXfs", "xf"):
                self.count("单元格格式", STYLES)
                number = given.get("numFmtId", "0")
                ElementTree.SubElement(cells, tag, numFmtId=number, fontId="0", fillId="0", borderId="0")
            return True

        self.without(part, keep)
        return ElementTree.tostring(root)

    def read(self, part: str) -> bytes:
        """Content of a part, as if it were not the strict form of the format."""
        return super().read(part).replace(STRICT, MAIN.encode())


def _is_hidden(given: Attributes, size: str) -> bool:
    """Whether nobody sees a row or column."""
    return given.get("hidden") in {"1", "true"} or float(given.get(size) or 1) == 0


def _frame(sheets: list[tuple[str, bool]], settings: Attributes, files: Collection[str]) -> dict[str, bytes]:
    """Parts of a package that name the others."""
    book = ElementTree.Element("workbook", {"xmlns": MAIN, "xmlns:r": RELATIONS})
    given = {key: settings[key] for key in ("date1904",) if key in settings}
    ElementTree.SubElement(book, "workbookPr", given)
    listed = ElementTree.SubElement(book, "sheets")
    links = ElementTree.Element("Relationships", xmlns=f"{PACKAGE}/relationships")
    for number, (title, shown) in enumerate(sheets, start=1):
        state = "visible" if shown else "hidden"
        about = {"name": title, "sheetId": f"{number}", "state": state, "r:id": f"rId{number}"}
        ElementTree.SubElement(listed, "sheet", about)
        target = {
            "Id": f"rId{number}",
            "Type": f"{RELATIONS}/worksheet",
            "Target": f"worksheets/sheet{number}.xml",
        }
        ElementTree.SubElement(links, "Relationship", target)
    types = ElementTree.Element("Types", xmlns=f"{PACKAGE}/content-types")
    kinds = {
        "xl/workbook.xml": "sheet.main",
        "xl/sharedStrings.xml": "sharedStrings",
        "xl/styles.xml": "styles",
    }
    for file, kind in kinds.items():
        if file == "xl/workbook.xml" or file in files:
            part = {"PartName": f"/{file}", "ContentType": f"{TYPE}.{kind}+xml"}
            ElementTree.SubElement(types, "Override", part)
    frame = {
        "[Content_Types].xml": types,
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": links,
    }
    return {file: ElementTree.tostring(tree) for file, tree in frame.items()}
