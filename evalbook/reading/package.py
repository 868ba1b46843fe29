"""What is read of an XLSX file: its sheets, strings and styles, counted and put together anew.

openpyxl makes objects of everything that the relationships of a workbook name: drawings, notes, links and names that a
form does not need. It is given a package that holds the parts and elements that are read, under names of our own, so
that nothing is unpacked and no object made that was not counted here.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.parsers import expat

from evalbook.errors import EvalbookError
from evalbook.reading.kinds import SAVE_AS
from evalbook.schema.text import clean

WORKBOOK_LIMIT = 10_000_000
"""Largest workbook in bytes, and largest sum of its parts that are read unpacked; a filled-in form has under 100,000."""
UNPACKED_LIMIT = 50_000_000
"""Largest sum of all parts unpacked, pictures of stamps included."""
AREA_LIMIT = 100_000
"""Most cells in merged areas: openpyxl makes an object of each."""
PARTS, SHEETS, MERGES = 5000, 300, 5000
"""Most parts, sheets and merged areas of a workbook; a form of each county of a province takes 120 sheets."""
CELLS, CELLS_READ, TEXTS, STYLES, ELEMENTS = 200_000, 100_000, 200_000, 30_000, 700_000
"""Most cells, cells that are read, pieces of text, formats of cells, and elements of any kind; a form has under 1000 cells."""
ROWS, COLUMNS = 1000, 60
"""What is read of a sheet; a form has under 100 rows and 12 columns."""
FORMAT_LIMIT = 255
"""Longest format of a number in characters, as in Excel."""
DEPTH = 50
"""Deepest element; Excel writes ten at most."""

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
"""Namespace of the strict form of the same format, which openpyxl does not know."""
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
CELLLESS = ("chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet")
"""Kinds of sheets in which there are no cells."""
EMPTY = f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'.encode()

Attributes = dict[str, str]
Place = tuple[int, int]
Keep = Callable[[int, str, Attributes], bool]
"""Whether an element at a depth, of a name and with attributes, is kept; it is asked of all in their order."""


@dataclass(frozen=True)
class SheetPart:
    """What was found in a sheet when its cells were counted.

    Attributes
    ----------
    cut : bool
        Whether there are cells beyond :data:`ROWS` and :data:`COLUMNS`, which are left out.
    formulas : frozenset of tuple of int
        Row and column of the cells with a formula.
    """

    cut: bool = False
    formulas: frozenset[Place] = frozenset()


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
    parts = _Parts(name, archive)
    book = next(iter(parts.related("", "officeDocument").values()), "xl/workbook.xml")
    worksheets, settings, sheets = parts.related(book, "worksheet"), Attributes(), []
    others = {link for kind in CELLLESS for link in parts.related(book, kind)}

    def of_workbook(depth: int, tag: str, given: Attributes) -> bool:
        if depth == 2 and tag == "workbookPr":
            settings.update(given)
        if depth == 3 and tag == "sheet":
            parts.count("工作表", SHEETS)
            link = next((value for key, value in given.items() if key.endswith(" id")), "")
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
        part = next(iter(parts.related(book, kind).values()), _part_name(f"xl/{kind}.xml"))
        if part in parts.entries:
            files[f"xl/{kind}.xml"] = content_of(part)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as small:
        for file, content in (_frame([sheet[:2] for sheet in sheets], settings, files) | files).items():
            small.writestr(file, content)
    return made.getvalue(), tuple(known)


class _Parts:
    """Parts of a workbook by their names, and what may still be read of them."""

    def __init__(self, name: str, archive: zipfile.ZipFile) -> None:
        self.name, self.archive = name, archive
        self.left, self.elements = WORKBOOK_LIMIT, 0
        self.counted: Counter[str] = Counter()
        entries = archive.infolist()
        self.count("里面的文件", PARTS, len(entries))
        if sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
            raise self._too_large(UNPACKED_LIMIT)
        self.entries = {_part_name(entry.filename): entry for entry in entries}

    def related(self, part: str, kind: str) -> dict[str, str]:
        """Parts of a kind that a part is related to, by the name of the relationship."""
        folder, _, file = part.rpartition("/")
        found: dict[str, str] = {}

        def relation(_: int, tag: str, given: Attributes) -> bool:
            if tag == "Relationship" and given.get("Type", "").endswith(f"/{kind}"):
                found[given.get("Id", "")] = _part_name(posixpath.join("/", folder, given.get("Target", "")))
            return True

        relations = _part_name(f"{folder}/_rels/{file}.rels")
        if relations in self.entries:
            self.without(relations, relation)
        return found

    def sheet(self, part: str) -> tuple[bytes, SheetPart]:
        """Rows, columns and merged areas of a sheet; the same row or cell may be given again and again."""
        from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

        row = column = rows = cells = 0
        place = (0, 0)
        beyond = False
        formulas: set[Place] = set()

        def keep(depth: int, tag: str, given: Attributes) -> bool:
            nonlocal row, column, rows, cells, place, beyond
            match tag:
                case "row" if depth == 3:
                    self.count("行", CELLS)
                    row, column = int(given.get("r") or row + 1), 0
                    rows, cells = rows + 1, 0
                    return max(row, rows) <= ROWS
                case "c" if depth == 4:
                    self.count("单元格", CELLS)
                    place = coordinate_to_tuple(given["r"]) if "r" in given else (row, column + 1)
                    column, cells = place[1], cells + 1
                    beyond = beyond or place[0] > ROWS or column > COLUMNS
                    is_read = place[0] <= ROWS and max(column, cells) <= COLUMNS
                    self.count("要读的单元格", CELLS_READ, is_read)
                    return is_read
                case "f" if depth == 5:
                    formulas.add(place)
                case "mergeCell" if depth == 3:
                    self.count("合并的区域", MERGES)
                    left, top, right, bottom = (edge or 0 for edge in range_boundaries(given.get("ref", "")))
                    self.count("合并的单元格", AREA_LIMIT, (right - left + 1) * (bottom - top + 1))
                case "r" | "t":
                    self.count("文字", TEXTS)
            return depth != 2 or tag in {"sheetFormatPr", "cols", "sheetData", "mergeCells"}

        return self.without(part, keep), SheetPart(beyond, frozenset(formulas))

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

    def without(self, part: str, keep: Keep) -> bytes:
        """A part without the elements that are not kept; what stands in these is counted, too."""
        content = self._read(part)
        parser = expat.ParserCreate(namespace_separator=" ")
        kept: list[bytes] = []
        depth = level = last = 0
        dropping = False

        def resume() -> None:
            nonlocal dropping, last
            dropping, last = False, parser.CurrentByteIndex

        def start(name: str, given: Attributes) -> None:
            nonlocal depth, level, dropping
            depth += 1
            tag = name.rpartition(" ")[2]
            self.elements += 1
            if self.elements > ELEMENTS:
                raise self._too_many("内容", ELEMENTS)
            if depth > DEPTH:
                raise self._never_written("层层相套的内容")
            if dropping and depth <= level:
                resume()
            if not keep(depth, tag, given) and not dropping:
                kept.append(content[last : parser.CurrentByteIndex])
                dropping, level = True, depth

        def end(_: str) -> None:
            nonlocal depth
            if dropping and depth < level:
                resume()
            depth -= 1

        def document_type(*_: object) -> None:
            raise self._never_written(" DOCTYPE 声明")  # entities could grow without end

        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.StartDoctypeDeclHandler = document_type
        parser.Parse(content, True)
        return b"".join((*kept, content[last:]))

    def count(self, what: str, most: int, number: int = 1) -> None:
        """Count something; more than may be is an error."""
        self.counted[what] += number
        if self.counted[what] > most:
            raise self._too_many(what, most)

    def _too_many(self, what: str, most: int) -> EvalbookError:
        remedy = "请把自评表复制到新的工作簿里，只留这一张，另存后再试"
        return EvalbookError(f"{self.name}：{what}太多，超过{most}个，没有读。{remedy}。")

    def _read(self, part: str) -> bytes:
        """Content of a part; it counts whenever it is asked for, because several relationships may name it."""
        entry = self.entries[part]
        self.left -= entry.file_size
        if self.left < 0:
            raise self._too_large(WORKBOOK_LIMIT)
        if entry.flag_bits & 1:
            raise EvalbookError(f"{self.name}：加了密码，不能读取。请去掉密码，另存后再试。")
        return self.archive.read(entry).replace(STRICT, MAIN.encode())

    def _too_large(self, most: int) -> EvalbookError:
        limit = f"{most // 1_000_000}MB"
        remedy = "请只留下自评表所在的工作表，删去图片，另存后再试"
        return EvalbookError(f"{self.name}：解压后的内容太大，超过{limit}，没有读。{remedy}。")

    def _never_written(self, what: str) -> EvalbookError:
        remedy = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后再试"
        return EvalbookError(f"{self.name}：里面有 Excel 不会写的{what}，没有读。{remedy}。")


def _part_name(written: str) -> str:
    """Name of a part, however it is written: names that differ in case or in escapes are one (ECMA-376-2, 9.1.1)."""
    return posixpath.normpath("/" + unquote(written).replace("\\", "/")).strip("/").casefold()


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
