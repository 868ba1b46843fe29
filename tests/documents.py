"""Documents in formats that no library of the project writes, built in memory from rows of texts and merged areas."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from evalbook.reading.cells import Sheet, SheetCell

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OPEN = "urn:oasis:names:tc:opendocument:xmlns:"
OPEN_NAMES = " ".join(f'xmlns:{name}="{OPEN}{name}:1.0"' for name in ("office", "table", "text", "style"))
STREAM = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """An archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def shown(cell: SheetCell) -> str:
    """What a cell of a sheet shows."""
    return cell.error or cell.text


def word_table(sheet: Sheet, first: int = 1, last: int = 10**6, widths: Iterable[int] = ()) -> str:
    """A table of Word with some rows of a sheet."""
    heights = {(area.top, area.left): area.bottom for area in sheet.areas}
    rows = []
    for row in sheet.rows:
        if not first <= row[0].row <= last:
            continue
        cells, column = [], 0
        while column < len(row):
            cell = row[column]
            top = max(
                (top for top, left in heights if left == column and top <= cell.row <= heights[top, left]),
                default=cell.row,
            )
            tall = heights.get((top, column), cell.row) > top
            merge = "" if not tall else '<w:vMerge w:val="restart"/>' if top == cell.row else "<w:vMerge/>"
            looks = f'<w:tcPr><w:gridSpan w:val="{cell.right - column + 1}"/>{merge}</w:tcPr>'
            lines = "".join(
                f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in shown(cell).split("；")
            )
            cells.append(f"<w:tc>{looks}{lines}</w:tc>")
            column = cell.right + 1
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths or [900] * len(sheet.rows[0]))
    return f"<w:tbl><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"


def word(*blocks: str) -> bytes:
    """A Word document of tables and, as plain text, paragraphs."""
    body = (
        block if block.startswith("<w:") else f"<w:p><w:r><w:t>{block}</w:t></w:r></w:p>" for block in blocks
    )
    return packed(
        {
            "[Content_Types].xml": "",
            "word/document.xml": f"<w:document {WORD}><w:body>{''.join(body)}</w:body></w:document>",
        }
    )


def open_document(sheet: Sheet, change: Callable[[str], str] = str) -> bytes:
    """An OpenDocument spreadsheet; numbers and percentages are such."""
    spans = {
        (area.top, area.left): (area.bottom - area.top + 1, area.right - area.left + 1)
        for area in sheet.areas
    }
    rows = []
    for row in sheet.rows:
        cells = []
        for cell in row:
            text = shown(cell)
            kind, number = (
                ("percentage", f"{float(text[:-1]) / 100:.6g}")
                if _is_number(text[:-1]) and text[-1:] == "%"
                else ("float", text)
            )
            value = f' office:value-type="{kind}" office:value="{number}"' if _is_number(number) else ""
            down, right = spans.get((cell.row, cell.column), (1, 1))
            merged = (
                f' table:number-rows-spanned="{down}" table:number-columns-spanned="{right}"'
                if down * right > 1
                else ""
            )
            tag = "covered-table-cell" if cell.covered else "table-cell"
            cells.append(f"<table:{tag}{value}{merged}><text:p>{escape(text)}</text:p></table:{tag}>")
        rows.append(
            f'<table:table-row>{"".join(cells)}<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        )
    rows.append('<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>')
    table = f'<table:table table:name="自评表"><table:table-column/>{"".join(rows)}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    content = change(f"<office:document-content {OPEN_NAMES}>{body}</office:document-content>")
    return packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).removeprefix("-").isdecimal()


def record(kind: int, data: bytes = b"") -> bytes:
    """A record of a workbook of before 2007."""
    return struct.pack("<HH", kind, len(data)) + data


def old_text(text: str, length: str = "<HB") -> bytes:
    """A text in such a record."""
    return struct.pack(length, len(text), 1) + text.encode("utf-16-le")


ERRORS = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42}


def old_records(sheet: Sheet, extra: bytes = b"", *, sheets: int = 1, before: bytes = b"") -> bytes:
    """Records of a workbook of before 2007 that shows the same sheet so many times; percentages are such."""
    formats = record(0x41E, struct.pack("<H", 164) + old_text("0.00%"))
    styles = b"".join(record(0xE0, struct.pack("<HH", 0, number).ljust(20, b"\0")) for number in (0, 164))
    begin = struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)
    head = (
        record(0x809, begin)
        + before
        + record(0x42, struct.pack("<H", 1200))
        + record(0x31, b"\0" * 14 + old_text("宋体", "<BB"))
        + formats
        + styles
    )
    bound = 4 + len(struct.pack("<IBB", 0, 0, 0)) + len(old_text("自评表", "<BB"))
    start = len(head) + sheets * bound + 4
    listed = record(0x85, struct.pack("<IBB", start, 0, 0) + old_text("自评表", "<BB")) * sheets
    body = [record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))]
    for row in sheet.rows:
        for cell in row:
            text, at = shown(cell), struct.pack("<HH", cell.row - 1, cell.column)
            if text in ERRORS:
                body.append(record(0x205, at + struct.pack("<HBB", 0, ERRORS[text], 1)))
            elif _is_number(text.removesuffix("%")):
                share = text.endswith("%")
                value = float(text.removesuffix("%")) / (100 if share else 1)
                body.append(record(0x203, at + struct.pack("<Hd", share, value)))
            elif text:
                body.append(record(0x204, at + struct.pack("<H", 0) + old_text(text)))
    areas = b"".join(struct.pack("<HHHH", a.top - 1, a.bottom - 1, a.left, a.right) for a in sheet.areas)
    body += [record(0xE5, struct.pack("<H", len(sheet.areas)) + areas), extra, record(0x0A)]
    return head + listed + record(0x0A) + b"".join(body)


def compound(records: bytes, stream: str = "Workbook", beside: int = -1) -> bytes:
    """A compound file (MS-CFB) with one stream, a short one as short ones lie, and an entry beside it in its folder."""
    is_short = len(records) < 4096
    sectors = -(-len(records) // 512)
    first = 2 + is_short
    tables = -(-(sectors + first) // 126)

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        written = f"{name}\0".encode("utf-16-le")
        links = struct.pack("<HBBiii", len(written), kind, 1, beside, beside, child)
        return written.ljust(64, b"\0") + links + b"\0" * 36 + struct.pack("<iII", start, size, 0)

    def chained(number: int, begin: int) -> list[int]:
        return [*range(begin + 1, begin + number), -2] if number else []

    begin = tables + first - 1
    root = entry("Root Entry", 5, 1, *((begin, sectors * 512) if is_short else (-2, 0)))
    folder = root + entry(stream, 2, -1, 0 if is_short else begin, len(records)) + b"\0" * 256
    chain = [-3] * tables + [-2] * (first - 1) + chained(sectors, begin)
    table = struct.pack(f"<{len(chain)}i", *chain).ljust(tables * 512, b"\xff")
    short = chained(-(-len(records) // 64), 0) if is_short else []
    table_of_short = struct.pack(f"<{len(short)}i", *short).ljust(512 * is_short, b"\xff")
    where = struct.pack(f"<{tables}i", *range(tables)).ljust(436, b"\xff")
    numbers = (0, tables, tables, 0, 4096, tables + 1 if is_short else -2, is_short, -2, 0)
    head = STREAM + b"\0" * 16 + struct.pack("<HHHHH6x9i", 0x3E, 3, 0xFFFE, 9, 6, *numbers)
    return head + where + table + folder + table_of_short + records.ljust(sectors * 512, b"\0")
