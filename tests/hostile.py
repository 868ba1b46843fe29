"""Files made to take the time or the memory of whoever opens them: built in memory, small, none of them committed."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import documents

from evalbook.reading import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEADINGS = (
    "一级指标",
    "二级指标",
    "三级指标",
    "年度指标值",
    "实际完成值",
    "分值",
    "得分",
    "偏差原因分析及改进措施",
)
FORM = (HEADINGS, ("产出指标", "数量指标", "救助人数", "≥10人", "12人", "100", "100", ""))


def inside(tag: str, *elements: str) -> str:
    """Elements within one."""
    return f"<{tag}>{''.join(elements)}</{tag}>"


def row(*cells: str) -> str:
    """A row of cells that hold their texts themselves."""
    texts = (f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
    return inside("row", *texts)


ROWS = "".join(row(*cells) for cells in FORM)


def worksheet(rows: str = ROWS, before: str = "", behind: str = "") -> str:
    """A sheet with a small right form, and what else stands around its rows."""
    return f'<worksheet {MAIN} xmlns:r="{OFFICE}">{before}<sheetData>{rows}</sheetData>{behind}</worksheet>'


def relations(*pairs: tuple[str, str]) -> str:
    """Relationships rId1, rId2, … by the ends of their types and by their targets."""
    links = (
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(pairs, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(links)}</Relationships>'


def package(
    parts: Mapping[str, str | bytes] | None = None,
    sheet: str | None = None,
    *,
    target: str = "worksheets/sheet1.xml",
    behind: str = "",
    sheets: int = 1,
) -> bytes:
    """A workbook with one part of sheet, which so many sheets show, and with parts beside or instead of its own."""
    listed = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, sheets + 1))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    types = {
        "/xl/workbook.xml": "sheet.main",
        "/xl/sharedStrings.xml": "sharedStrings",
        "/xl/styles.xml": "styles",
    }
    overrides = "".join(f'<Override PartName="{p}" ContentType="{kind}.{k}+xml"/>' for p, k in types.items())
    default = '<Default Extension="bin" ContentType="application/xml"/>'
    content: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{default}{overrides}</Types>',
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>{listed}</sheets>{behind}</workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", target), ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")
        ),
        "xl/worksheets/sheet1.xml": worksheet() if sheet is None else sheet,
        "xl/sharedStrings.xml": f"<sst {MAIN}><si><t>字</t></si></sst>",
        **(parts or {}),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, written in content.items():
            archive.writestr(name, written)
    return made.getvalue()


def around(before: str = "", behind: str = "") -> bytes:
    """A workbook with something around the rows of its sheet."""
    return package(sheet=worksheet(ROWS, before, behind))


def named_otherwise(name: str, target: str, content: str) -> bytes:
    """A workbook whose sheet is a part of an unusual name."""
    return package({name: content}, sheet="", target=target)


MANY = worksheet(behind=inside("mergeCells", '<mergeCell ref="A9:B9"/>' * 6000))
BOMB = worksheet(ROWS + " " * 11_000_000)
STYLE = f"<styleSheet {MAIN}>{{}}</styleSheet>"
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "2.3 million cells": (lambda: package(sheet=worksheet("<row>" + "<c/>" * 2_300_000 + "</row>")), "单元格太多"),
    "cells of many rows": (lambda: package(sheet=worksheet("<row><c/></row>" * 201_000)), "行太多"),
    "rows without cells": (lambda: package(sheet=worksheet(ROWS + "<row/>" * 1_200_000)), "行太多"),
    "sheets": (lambda: package(sheets=3000), "工作表太多"),
    "one part as many sheets": (lambda: package(sheet=worksheet(ROWS + " " * 100_000), sheets=200), "太大"),
    "anything": (lambda: around("<x/>" * 1_500_000), "内容太多"),
    "merges": (
        lambda: around(behind=inside("mergeCells", *(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(9, 50_009)))),
        "合并的区域太多",
    ),
    "merged area": (lambda: around(behind='<mergeCells><mergeCell ref="A30:XFD1048576"/></mergeCells>'), "合并的单元格太多"),
    "a sheet that is not there": (lambda: package(target="worksheets/sheet9.xml"), "工作表“表1”在文件里找不到"),
    "texts": (lambda: package({"xl/sharedStrings.xml": f"<sst {MAIN}>{'<si/>' * 500_000}</sst>"}), "文字太多"),
    "text in pieces": (lambda: package(sheet=worksheet(f'<row><c t="inlineStr"><is>{"<r><t/></r>" * 200_000}</is></c></row>')), "文字太多"),  # noqa: E501
    "formats": (lambda: package({"xl/styles.xml": STYLE.format(f"<cellXfs>{'<xf/>' * 1_000_000}</cellXfs>")}), "单元格格式太多"),
    "named bin": (lambda: named_otherwise("xl/worksheets/sheet1.bin", "worksheets/sheet1.bin", MANY), "合并的区域太多"),
    "large bin": (lambda: named_otherwise("xl/s.bin", "s.bin", BOMB), "太大"),
    "absolute name": (lambda: named_otherwise("x/y", "/x/y", MANY), "合并的区域太多"),
    "name with dots": (lambda: named_otherwise("other/part.dat", "../xl/./../other/part.dat", MANY), "合并的区域太多"),
    "name in capitals": (lambda: named_otherwise("XL/WORKSHEETS/SHEET9.XML", "worksheets/sheet9.xml", MANY), "合并的区域太多"),
    "escaped name": (lambda: named_otherwise("xl/表.part", "%E8%A1%A8.part", MANY), "合并的区域太多"),
    "backslashes": (lambda: named_otherwise("xl\\w\\s.xml", "w\\s.xml", MANY), "合并的区域太多"),
    "entities in a bin": (lambda: named_otherwise("xl/s.bin", "s.bin", ENTITIES + worksheet()), "DOCTYPE"),
    "deep": (lambda: around(behind="<x>" * 100_000 + "</x>" * 100_000), "层层相套"),
    "pictures": (lambda: package({"xl/media/image1.png": b"\0" * 50_000_001}), "太大"),
    "parts": (lambda: package({f"a/{n}": "" for n in range(6000)}), "里面的文件太多"),
}  # fmt: skip
"""Workbooks that are refused, and what is said of each."""

READ: dict[str, Callable[[], bytes]] = {
    "cell in the last corner": lambda: package(sheet=worksheet(ROWS + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
    "dimension": lambda: around('<dimension ref="A1:XFD1048576"/>'),
    "conditional formats": lambda: around(
        behind='<conditionalFormatting sqref="A1:XFD1048576"><cfRule type="x" priority="1"/></conditionalFormatting>' * 50_000
    ),
    "validations": lambda: around(
        behind=inside("dataValidations", '<dataValidation sqref="A1:XFD1048576"/>' * 50_000)
    ),
    "links over everything": lambda: around(behind='<hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>'),
    "names": lambda: package(
        behind=inside("definedNames", *(f'<definedName name="n{n}">A1</definedName>' for n in range(100_000)))
    ),
    "styles without use": lambda: package({"xl/styles.xml": STYLE.format(
        f"<borders>{'<border><left/></border>' * 100_000}</borders><cellStyleXfs>{'<xf/>' * 100_000}</cellStyleXfs><cellXfs><xf/></cellXfs>"  # noqa: E501
    )}),
    "notes over everything": lambda: package({
        "xl/worksheets/_rels/sheet1.xml.rels": relations(("comments", "../comments1.xml"), ("drawing", "../d.bin")),
        "xl/comments1.xml": f'<comments {MAIN}><authors><author/></authors><commentList>'
        '<comment ref="A1:XFD1048576" authorId="0"><text><t/></text></comment></commentList></comments>',
        "xl/d.bin": ENTITIES,
    }),
    "endless text": lambda: package(
        {"xl/sharedStrings.xml": f"<sst {MAIN}><si><t>{'x ' * 4_000_000}</t></si></sst>"},
        sheet=worksheet(ROWS + inside("row", '<c t="s"><v>0</v></c>' * 60) * 20),
    ),
}  # fmt: skip
"""Workbooks that are read as if what is hostile in them were not there."""


def archive(**files: str) -> bytes:
    """An archive that is no workbook."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return made.getvalue()


def compound(*streams: str) -> bytes:
    """As much of a compound file as tells what it is: its mark, and its folder of streams."""
    entries = ("Root Entry", *streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + b"".join(
        f"{name}\0".encode("utf-16-le").ljust(128, b"\0") for name in entries
    )


OPEN = "application/vnd.oasis.opendocument."
OTHERS: dict[str, tuple[Callable[[], bytes], str]] = {
    "odt": (lambda: archive(mimetype=f"{OPEN}text"), " OpenDocument 文字文档"),
    "pptx": (lambda: archive(**{"[Content_Types].xml": "", "ppt/presentation.xml": ""}), "演示文稿"),
    "xlsb": (lambda: archive(**{"[Content_Types].xml": "", "xl/workbook.bin": ""}), " Excel 二进制工作簿"),
    "ofd": (lambda: archive(**{"OFD.xml": ""}), "版式文件"),
    "zip": (lambda: archive(**{"自评表.xlsx": ""}), "压缩文件"),
    "doc": (lambda: compound("WordDocument", "Workbook"), "旧版的 Word"),
    "encrypted": (lambda: compound("EncryptionInfo", "EncryptedPackage"), "加了密码的文件"),
    "compound": (lambda: compound("x"), "旧版的 .xls、.doc 文件，或加了密码"),
    "open document without a type": (
        lambda: archive(**{"content.xml": "", "META-INF/manifest.xml": ""}),
        " OpenDocument 文件",
    ),
    "empty archive": (archive, "空的压缩文件"),
    "empty": (lambda: b"\xef\xbb\xbf\r\n", "空文件"),
    "page behind a mark of UTF-8": (lambda: b"\xef\xbb\xbf<table><tr><td>1", "网页或其他格式"),
    "page in one file": (lambda: b"MIME-Version: 1.0\r\n", "网页或其他格式"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n", "图片"),
    "rar": (lambda: b"Rar!\x1a\x07", "压缩文件"),
    "pdf": (lambda: b"%PDF-1.7", " PDF 文件"),
}
"""Files of other kinds, and what they are called."""


def of_word(body: str) -> bytes:
    """A Word document with a table."""
    return documents.word(f"<w:tbl>{body}</w:tbl>")


def of_open_document(*rows: str, before: str = "") -> bytes:
    """An OpenDocument spreadsheet with rows."""
    tables = f"<table:table>{''.join(rows)}</table:table>"
    content = f"{before}<office:x {documents.OPEN_NAMES}>{tables}</office:x>"
    return documents.packed({"mimetype": f"{OPEN}spreadsheet", "content.xml": content})


def of_old_workbook(*records: bytes, sheets: int = 1, before: bytes = b"") -> bytes:
    """A workbook of before 2007 with records in its sheet, and before the list of its sheets."""
    content = documents.old_records(Sheet("", ()), b"".join(records), sheets=sheets, before=before)
    return documents.compound(content)


WORD_ROW = f"<w:tr>{'<w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>' * 60}</w:tr>"
STRUCK_ROW = "<w:tr><w:trPr><w:del/></w:trPr></w:tr>"
WIDE = '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr></w:tc></w:tr>'
OPEN_CELL = "<table:table-cell {}><text:p>1</text:p></table:table-cell>"
REPEATED = OPEN_CELL.format('table:number-columns-repeated="16384"')
SPANNED = OPEN_CELL.format('table:number-columns-spanned="60" table:number-rows-spanned="999999999"')
ALL_ROWS = '<table:table-row table:number-rows-repeated="1048576">{}</table:table-row>'
BETWEEN = "</table:table><table:table>"
PROTECTED = {
    "mimetype": f"{OPEN}spreadsheet",
    "META-INF/manifest.xml": "<encryption-data/>",
    "content.xml": "?",
}

OTHER_FORMATS: dict[str, tuple[Callable[[], bytes], str]] = {
    "docx: cells": (lambda: of_word(f"<w:tr>{'<w:tc/>' * 201_000}</w:tr>"), "单元格太多"),
    "docx: wide tables": (lambda: documents.word(*[f"<w:tbl>{WORD_ROW}{'<w:tr/>' * 900}</w:tbl>"] * 9), "要读的单元格太多"),
    "docx: spans": (lambda: of_word(WIDE * 900), "没有找到自评表"),
    "docx: spans of many tables": (lambda: documents.word(*[f"<w:tbl>{WIDE * 99}</w:tbl>"] * 99), "要读的单元格太多"),
    "xlsx: corners": (lambda: package(sheets=30, sheet=worksheet('<row r="999"><c r="BH999"><v>1</v></c></row>')), "格太多"),
    "docx: struck rows": (lambda: of_word(WORD_ROW * 300 + STRUCK_ROW * 10_000), "没有找到自评表"),
    "docx: tables": (lambda: documents.word(*["<w:tbl></w:tbl>"] * 400), "表格太多"),
    "docx: nested": (lambda: of_word("<w:tr><w:tc><w:tbl>" * 200 + "</w:tbl></w:tc></w:tr>" * 200), "层层相套"),
    "docx: entities": (lambda: documents.packed({"word/document.xml": f"{ENTITIES}<x>&b;</x>"}), "DOCTYPE"),
    "docx: large": (lambda: documents.packed({"word/document.xml": " " * 11_000_000}), "太大"),
    "docx: no table": (lambda: documents.word("一级指标"), "没有找到自评表"),
    "ods: rows": (lambda: of_open_document("<table:table-row/>" * 201_000), "行太多"),
    "ods: cells": (lambda: of_open_document(inside("table:table-row", "<table:table-cell/>" * 201_000)), "单元格太多"),
    "ods: repeated": (lambda: of_open_document(*[ALL_ROWS.format(REPEATED) + BETWEEN] * 3), "要读的单元格太多"),
    "ods: merged": (lambda: of_open_document(*[inside("table:table-row", SPANNED)] * 3), "合并的单元格太多"),
    "ods: entities": (lambda: of_open_document(before=ENTITIES), "DOCTYPE"),
    "ods: behind a password": (lambda: documents.packed(PROTECTED), "加了密码"),
    "xls: cells": (lambda: of_old_workbook(documents.record(0x203, b"\0" * 14) * 101_000), "要读的单元格太多"),
    "xls: rows of numbers": (lambda: of_old_workbook(documents.record(0xBD, b"\0" * 1500) * 500), "要读的单元格太多"),
    "xls: texts": (lambda: of_old_workbook(before=documents.record(0xFC, b"\xff\xff\xff\x7f" * 2)), "文字太多"),
    "xls: formats": (lambda: of_old_workbook(before=documents.record(0xE0, b"\0" * 20) * 31_000), "单元格格式太多"),
    "xls: merged": (lambda: of_old_workbook(documents.record(0xE5, b"\xff\xff") * 2), "合并的区域太多"),
    "xls: merged cells": (
        lambda: of_old_workbook(documents.record(0xE5, b"\x02\0" + b"\0\0\xff\xff\0\0\xff\0" * 2)), "合并的单元格太多"
    ),
    "xls: merged areas beyond those declared": (
        lambda: of_old_workbook(documents.record(0xE5, b"\0\0" + b"\0\0\xe7\x03\0\0\x3b\0" * 8000)), "合并的单元格太多"
    ),
    "xls: widths": (lambda: of_old_workbook(documents.record(0x7D, b"\0\0\xff\0" * 3) * 31_000), "列太多"),
    "xls: one sheet as many": (lambda: of_old_workbook(sheets=200), "已损坏"),
    "xls: behind a password": (lambda: of_old_workbook(before=documents.record(0x2F, b"\0" * 54)), "加了密码"),
    "xls: folder without end": (lambda: documents.compound(b"", "x", beside=1), "旧版"),
    "xls: names": (lambda: of_old_workbook(before=documents.record(0x18, b"\0" * 20) * 50_000), "没有找到自评表"),
}  # fmt: skip
"""Files of other formats that are read, and what is said of each."""
