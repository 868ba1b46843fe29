"""Sheets of a workbook of before 2007: .xls of Excel and WPS, .et of WPS.

xlrd gives cells with their formats, which newer readers do not, but takes whatever the file holds. It is given a copy in
which all records but those that are read bear a number without a meaning, so that no cell is made that was not counted.
"""

from __future__ import annotations

import io
import struct
from collections import Counter
from typing import TYPE_CHECKING, Any

from evalbook.errors import EvalbookError
from evalbook.reading.archive import AREA_LIMIT, MERGES, SHEETS, STYLES, TEXTS, too_many
from evalbook.reading.cells import CELLS_READ, COLUMNS, ROWS, Area, Sheet, hidden_sheets, sheet_of
from evalbook.reading.kinds import UNLOCK
from evalbook.reading.shown import CHINESE, shown
from evalbook.schema.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

BEGIN, END, PASSWORD, CONTINUED = 0x809, 0x0A, 0x2F, 0x3C
TEXT_TABLE, MANY_NUMBERS, ROW, MERGED = 0xFC, 0xBD, 0x208, 0xE5
CELLS = (0x205, 0xFD, 0x204, 0xD6, 0x203, 0x27E, MANY_NUMBERS, 0x06)
"""Records of cells: truth or error, text by number, text, text with fonts, number, short number, several, formula."""
LISTED = 0x85
NUMBERED = {
    LISTED: ("工作表", SHEETS),
    0x41E: ("单元格格式", STYLES),
    0xE0: ("单元格格式", STYLES),
    0x31: ("字体", STYLES),
    0x7D: ("列", STYLES),
}
"""Records of which there may be only so many: sheets, formats of numbers, formats of cells, fonts, widths of columns."""
READ = {BEGIN, END, CONTINUED, TEXT_TABLE, ROW, MERGED, *CELLS, *NUMBERED, 0x42, 0x22, 0x8C, 0x207}
"""Records that are read: these, code page, kind of dates, country, text of a formula."""
WITHOUT_MEANING = 0x0FFF
SMALL = 4096
"""Streams of a compound file that are shorter lie together in one."""
A_STREAM = 2
"""Kind of an entry in the folder of a compound file."""


def old_workbook(raw: bytes) -> bytes | None:
    """Find the records of a workbook in a compound file (MS-CFB); None where it holds no workbook.

    xlrd would walk a folder whose entries name one another for ever.

    Parameters
    ----------
    raw
        What the file holds.
    """
    size = 1 << (raw[30] % 16)
    tables, further, lists = _numbers(raw[76:512]), _numbers(raw[68:72])[0], set[int]()
    while further >= 0 and further not in lists:
        lists.add(further)
        *more, further = _numbers(raw[(further + 1) * size : (further + 2) * size])
        tables += more
    listed = (raw[(table + 1) * size : (table + 2) * size] for table in dict.fromkeys(tables) if table >= 0)
    behind = [number for table in listed for number in _numbers(table)]
    folder = _chained(raw[size:], size, behind, _numbers(raw[48:52])[0])
    entries = [folder[at : at + 128] for at in range(0, len(folder) - 127, 128)]
    waiting, seen = _numbers(entries[0][76:80]), set[int]()
    while waiting:
        at = waiting.pop()
        if not 0 <= at < len(entries) or at in seen:
            continue
        seen.add(at)
        entry = entries[at]
        waiting += _numbers(entry[68:76])
        named = entry[: max(int.from_bytes(entry[64:66], "little") - 2, 0)].decode("utf-16-le", "replace")
        if named in {"Workbook", "Book"} and entry[66] == A_STREAM:
            first, length = struct.unpack_from("<iI", entry, 116)
            if length >= SMALL:
                return _chained(raw[size:], size, behind, first)[:length]
            small = _chained(raw[size:], size, behind, _numbers(entries[0][116:120])[0])
            behind_small = _numbers(_chained(raw[size:], size, behind, _numbers(raw[60:64])[0]))
            return _chained(small, 64, behind_small, first)[:length]
    return None


def _numbers(content: bytes) -> list[int]:
    return [number for (number,) in struct.iter_unpack("<i", content[: len(content) // 4 * 4])]


def _chained(content: bytes, size: int, behind: list[int], first: int) -> bytes:
    """Sectors that follow one another; none of them twice."""
    found: dict[int, bytes] = {}
    while 0 <= first < len(behind) and first not in found:
        found[first] = content[first * size : (first + 1) * size]
        first = behind[first]
    return b"".join(found.values())


def read_old_workbook(name: str, records: bytes) -> tuple[Iterator[Sheet], list[str]]:
    """Read the sheets of a workbook of before 2007 that are shown.

    Parameters
    ----------
    name
        Of the file, for messages.
    records
        Of the workbook, as :func:`old_workbook` finds them.

    Returns
    -------
    iterator of Sheet, list of str
        The sheets; what was not read, in Chinese.
    """
    import xlrd

    counted = _counted(name, records)
    book = xlrd.open_workbook(
        file_contents=counted, logfile=io.StringIO(), formatting_info=True, ragged_rows=True
    )
    hidden = (sheet.name for sheet in book.sheets() if sheet.visibility)
    sheets = (_sheet(book, sheet) for sheet in book.sheets() if not sheet.visibility)
    return sheets, hidden_sheets(name, hidden)


def _counted(name: str, records: bytes) -> bytes:
    """The records in which those that are not read mean nothing."""
    kept = bytearray(records)
    counts: Counter[str] = Counter()
    begun: set[int] = set()
    sheets: list[int] = []
    at = depth = 0

    def count(what: str, most: int, number: int = 1) -> None:
        counts[what] += number
        if counts[what] > most:
            raise too_many(name, what, most)

    while at + 4 <= len(records):
        kind, length = struct.unpack_from("<HH", records, at)
        data = records[at + 4 : at + 4 + length]
        is_read = kind in READ
        if kind == BEGIN:
            begun |= set() if depth else {at}
            depth += 1
        elif kind == END:
            depth -= 1
        elif kind == PASSWORD:
            raise EvalbookError(f"{name}：加了密码，不能读取。{UNLOCK}。")
        elif kind == TEXT_TABLE:
            count("文字", TEXTS, int.from_bytes(data[4:8], "little"))
        elif kind in NUMBERED:
            count(*NUMBERED[kind])
            sheets += [int.from_bytes(data[:4], "little")] if kind == LISTED else []
        elif kind == ROW:
            is_read = int.from_bytes(data[:2], "little") <= ROWS
        elif kind == MERGED:
            count("合并的区域", MERGES, int.from_bytes(data[:2], "little"))
            areas = struct.iter_unpack("<HHHH", data[2 : 2 + len(data[2:]) // 8 * 8])
            merged = (Area(top, left, bottom, right).cut() for top, bottom, left, right in areas)
            count("合并的单元格", AREA_LIMIT, sum(area.size for area in merged))
        elif kind in CELLS:
            row, column = struct.unpack_from("<HH", data)
            is_read = row <= ROWS and column <= COLUMNS
            cells = length // 6 if kind == MANY_NUMBERS else 1
            count("要读的单元格", CELLS_READ, cells if is_read else 0)
        if not is_read:
            struct.pack_into("<H", kept, at, WITHOUT_MEANING)
        at += 4 + length
    if len({*sheets}) < len(sheets) or not {*sheets} <= begun:
        raise ValueError("one sheet is read again and again")
    return bytes(kept)


def _sheet(book: Any, sheet: Any) -> Sheet:
    import xlrd

    values: dict[tuple[int, int], str | None] = {}
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK}:
                continue
            value = sheet.cell_value(row, column)
            looks = book.xf_list[sheet.cell_xf_index(row, column)]
            match kind:
                case xlrd.XL_CELL_ERROR:
                    value = xlrd.error_text_from_code[value]
                case xlrd.XL_CELL_BOOLEAN:
                    value = bool(value)
                case xlrd.XL_CELL_DATE if value >= 1:
                    value = xlrd.xldate_as_datetime(value, book.datemode)
            style = CHINESE.get(looks.format_key) or str(book.format_map[looks.format_key].format_str)
            values[row + 1, column] = shown(value, style)
    areas = [Area(top + 1, left, bottom, right - 1) for top, bottom, left, right in sheet.merged_cells]
    rows = {row + 1 for row, known in sheet.rowinfo_map.items() if known.hidden or known.height == 0}
    columns = {column for column, known in sheet.colinfo_map.items() if known.hidden or known.width == 0}
    return sheet_of(clean(sheet.name), values, areas, hidden_rows=rows, hidden_columns=columns)
