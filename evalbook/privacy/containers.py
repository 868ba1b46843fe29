"""What can be read in a file that is no text: archives, workbooks, PDF files, pictures, and bytes of any kind."""

from __future__ import annotations

import gzip
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
from lxml import etree  # type: ignore[import-untyped]
from PIL import ExifTags, Image
from pypdfium2 import raw as pdfium

from evalbook.privacy.headings import HEADING_ROWS
from evalbook.privacy.passages import Member, Part, Passage, Unchecked, cell_text, row_parts, text_parts
from evalbook.schema.text import decoded

UNPACKED_LIMIT = 300_000_000
"""Bytes that a file may unpack to, files within files included; the largest site has under 20 MB."""
TREE_LIMIT = 30_000_000
"""Largest part of a workbook in bytes: its tree takes fifty times the memory."""
PAGE_LIMIT = 2000
PIXEL_LIMIT = 100_000_000
TOO_LARGE = "太大，没有查"
DAMAGED = "已损坏，或不是它的名称所说的文件，打不开"


@dataclass
class Budget:
    """Bytes that may still be unpacked of one file."""

    left: int

    def spend(self, content: bytes) -> bytes:
        """Count bytes that were unpacked.

        Raises
        ------
        TooLargeError
            There are more than may be.
        """
        self.take(len(content))
        return content

    def take(self, size: int) -> None:
        """Count what is looked through once more, because several parts or cells refer to it.

        Raises
        ------
        TooLargeError
            There is more than may be.
        """
        self.left -= size
        if self.left < 0:
            raise TooLargeError


class TooLargeError(Exception):
    """A file unpacks to more than is looked through."""


Reader = Callable[[str, bytes, Budget], Iterator[Part]]


def read_parts(name: str, content: bytes, budget: Budget) -> Iterator[Part]:
    """Everything that can be read in a file, whatever its name says.

    Parameters
    ----------
    name
        Its ending tells kinds of text from each other, nothing else.
    content
        What the file holds.
    budget
        What may be unpacked of it.
    """
    reader = next((reader for begin, reader in READERS if content.startswith(begin)), None)
    if content[8:12] == b"WEBP":
        reader = picture_parts
    if b"%PDF-" in content[:1024]:
        reader = pdf_parts
    try:
        yield from (reader or plain_parts)(name, content, budget)
    except (TooLargeError, MemoryError):
        yield Unchecked(TOO_LARGE)
    except Exception:
        # Whatever a library makes of a damaged file: what is not read is told, never passed over.
        yield from unread_parts(name, content, budget, reason=DAMAGED)


def plain_parts(name: str, content: bytes, budget: Budget) -> Iterator[Part]:
    """Text in UTF-8, UTF-16 or GBK; anything else as bytes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield from text_parts(name, content.decode("utf-16", "replace"))
        return
    text, problems, _ = decoded(name, content)
    if problems or "\0" in text:
        yield from byte_parts(name, content, budget)
    else:
        yield from text_parts(name, text)


def byte_parts(_name: str, content: bytes, _budget: Budget) -> Iterator[Part]:
    """Bytes of any kind: as UTF-8, and without zeros, which makes UTF-16 readable."""
    for text in dict.fromkeys((content, content.replace(b"\0", b""))):
        yield Passage(utf8(text), 0, "文件内容", raw=True)


def utf8(content: bytes) -> str:
    """Text of bytes, whatever they are."""
    return content.decode("utf-8", "replace")


def unread_parts(name: str, content: bytes, budget: Budget, *, reason: str) -> Iterator[Part]:
    """Bytes of a file that is not read otherwise, and why not."""
    yield Unchecked(reason)
    yield from byte_parts(name, content, budget)


def inflated(content: bytes, budget: Budget) -> bytes:
    """Unpack what zlib packed, no more than the budget allows."""
    return budget.spend(zlib.decompressobj().decompress(content, budget.left + 1))


def gzip_parts(name: str, content: bytes, budget: Budget) -> Iterator[Part]:
    """The file that gzip packed, in one piece or several."""
    with gzip.open(io.BytesIO(content)) as stream:
        yield Member(name.removesuffix(".gz"), budget.spend(stream.read(budget.left + 1)))
    yield from byte_parts(name, content[:1000], budget)  # its name


def inventory_parts(_name: str, content: bytes, budget: Budget) -> Iterator[Part]:
    """Sphinx's list of targets: four lines of text, then packed text."""
    *lines, packed = content.split(b"\n", 4)
    for part in (b"\n".join(lines), inflated(packed, budget)):
        yield Passage(utf8(part), 1, has_lines=True)


def font_parts(name: str, content: bytes, budget: Budget) -> Iterator[Part]:
    """A font without its outlines, whose flags look like digits."""
    for place in range(12, 12 + 16 * struct.unpack(">H", content[4:6])[0], 16):
        tag, _, offset, length = struct.unpack(">4sLLL", content[place : place + 16])
        if tag == b"glyf":
            outlines = content[offset : offset + length]
            yield Passage(outlines.decode("latin-1"), 0, "字形", certain=True)
            content = content[:offset] + content[offset + length :]
            break
    yield from byte_parts(name, content, budget)


def zip_parts(name: str, content: bytes, budget: Budget) -> Iterator[Part]:
    """Files of an archive; of a workbook the cells first."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        yield Passage(utf8(archive.comment), 0, "压缩包注释")
        files: list[tuple[str, bytes]] = []  # a name may occur twice
        for entry in archive.infolist():
            yield Passage(entry.filename, 0, "文件名")
            yield Passage(utf8(entry.comment), 0, "压缩包注释")
            if entry.flag_bits & 1:
                yield Unchecked("加了密码", entry.filename)
            elif not entry.is_dir():
                with archive.open(entry) as stream:
                    files.append((entry.filename, budget.spend(stream.read(budget.left + 1))))
    is_workbook = "xl/workbook.xml" in dict(files)
    if is_workbook:
        try:
            yield from workbook_parts(dict(files), budget)
        except (etree.LxmlError, ValueError, IndexError):
            yield Unchecked(DAMAGED)
    yield from (Member(member, inner, raw=is_workbook) for member, inner in files)


def workbook_parts(files: dict[str, bytes], budget: Budget) -> Iterator[Part]:
    """Cells and comments of a workbook, hidden sheets too.

    openpyxl is not used: it makes an object of every cell of an area, and leaves parts of a workbook out.
    """

    def tree(part: str) -> Any:
        content = files.get(part, b"<none/>")
        budget.take(len(content))
        if len(content) > TREE_LIMIT:
            raise TooLargeError
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))

    targets = {link.get("Id"): link.get("Target", "") for link in tree("xl/_rels/workbook.xml.rels")}
    strings = ["".join(entry.itertext("{*}t")) for entry in tree("xl/sharedStrings.xml").iterfind("{*}si")]
    for sheet in tree("xl/workbook.xml").iterfind(".//{*}sheet"):
        title = sheet.get("name", "")
        yield Passage(title, 0, "工作表名称")
        link = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        part = f"xl/{targets.get(link, '')}".replace("xl//xl/", "xl/")
        rows: dict[int, list[str]] = {}
        for cell in tree(part).iter("{*}c"):
            letter, row = re.fullmatch(r"([A-Z]*)([0-9]*)", cell.get("r", "")).groups()  # type: ignore[union-attr]
            text = cell.findtext("{*}v", "") or "".join(cell.itertext("{*}t"))
            if cell.get("t") == "s":
                text = strings[int(text)]
                budget.take(len(text))
            number = int(row or 0)
            yield Passage(cell_text(text), number, f"{title} {letter}{row}")
            if number <= HEADING_ROWS:
                rows.setdefault(number, []).append(text)
        for number, cells in rows.items():
            yield from row_parts(number, cells)
    for part in files:
        if part.startswith("xl/comments"):
            for comment in tree(part).iter("{*}comment"):
                yield Passage("".join(comment.itertext("{*}t")), 0, f"{comment.get('ref', '')} 的批注")


def picture_parts(name: str, content: bytes, budget: Budget) -> Iterator[Part]:
    """What a picture says of itself; what is drawn in it nobody reads here."""
    with Image.open(io.BytesIO(content)) as image:
        if image.width * image.height > PIXEL_LIMIT:
            raise TooLargeError
        image.load()  # a PNG may have texts behind its pixels
        for key, value in {**image.info, **getattr(image, "text", {})}.items():
            yield Passage(_said(value), 0, f"图片信息 {key}")
        exif = image.getexif()
        for values in (exif, *(exif.get_ifd(part) for part in ExifTags.IFD)):
            for tag, value in values.items():
                yield Passage(_said(value), 0, f"图片信息 {ExifTags.TAGS.get(tag, tag)}")
    yield from byte_parts(name, content, budget)


def _said(value: object) -> str:
    """Text of a property; bytes without the zeros of UTF-16."""
    return utf8(value.replace(b"\0", b"")) if isinstance(value, bytes) else str(value)


def pdf_parts(name: str, content: bytes, budget: Budget) -> Iterator[Part]:
    """Pages of a PDF file, then everything else that it says: properties, notes, bookmarks, attachments."""
    try:
        yield from _pages(content)
        with pikepdf.open(io.BytesIO(content)) as document:
            yield from _objects(document, budget)
    except (pikepdf.PasswordError, pypdfium2.PdfiumError):
        yield Unchecked("加了密码，或已损坏，打不开")
    # Earlier states of the file, which no reader shows any more.
    yield Passage(content.decode("latin-1"), 0, "文件内容", raw=True, certain=True)


def _pages(content: bytes) -> Iterator[Part]:
    with pypdfium2.PdfDocument(content) as document:
        for number in range(len(document)):
            if number == PAGE_LIMIT:
                yield Unchecked(TOO_LARGE, f"第{number + 1}页起")
                return
            text = document[number].get_textpage()
            shown = "".join(_character(text, place) for place in range(text.count_chars()))
            yield Passage(shown, number + 1, f"第{number + 1}页")


def _character(text: Any, place: int) -> str:
    character = chr(pdfium.FPDFText_GetUnicode(text, place))
    # A gap that pdfium adds may be one between two cells: only real spaces part a telephone number.
    if character == " " and pdfium.FPDFText_IsGenerated(text, place):
        return "\t"
    return "-" if character in "\x02\ufffe" else character  # a hyphen at the end of a line


NAMES = {
    "/Contents": "批注", "/Alt": "替代文字", "/ActualText": "替代文字", "/E": "替代文字", "/Title": "标题或书签",
    "/Author": "作者", "/Subject": "主题", "/Keywords": "关键词", "/Creator": "创建程序", "/Producer": "生成程序",
    "/V": "表单", "/DV": "表单", "/URI": "链接", "/JS": "脚本", "/F": "附件名称", "/UF": "附件名称", "/Desc": "附件说明",
    "/T": "批注作者或表单名称",
}  # fmt: skip
"""What the entries of a PDF object are to its readers (ISO 32000-1)."""


def _objects(document: pikepdf.Pdf, budget: Budget) -> Iterator[Part]:
    """Texts and files of all objects: also of those that no page shows."""
    pages: dict[Any, int] = {}
    for number, sheet in enumerate(document.pages, start=1):
        pages[sheet.objgen] = number
        pages |= {note.objgen: number for note in sheet.obj.get("/Annots", ()) if note.is_indirect}
    names: dict[Any, str] = {}
    files: dict[Any, Any] = {}
    for whole in (*document.objects, document.trailer):
        page = pages.get(whole.objgen, 0)
        stack: list[tuple[str, object]] = [("", whole)]
        while stack:
            key, value = stack.pop()
            if isinstance(value, pikepdf.String):
                label = NAMES.get(key, key.strip("/"))
                yield Passage(str(value), page, f"第{page}页 {label}" if page else label)
            elif isinstance(value, pikepdf.Array):
                stack += ((key, inner) for inner in value if _belongs(key, inner))
            elif isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
                page = page or pages.get(getattr(value.get("/Pg", None), "objgen", None), 0)
                stack += ((name, inner) for name, inner in value.items() if _belongs(name, inner))
                if "/EF" in value:
                    name = str(value.get("/UF", value.get("/F", "")))
                    for file in value.EF.values():
                        names[file.objgen], files[file.objgen] = name, file
            if isinstance(value, pikepdf.Stream):
                kind, form = value.get("/Type"), value.get("/Subtype")
                if kind == "/EmbeddedFile":
                    files[value.objgen] = value
                elif kind == "/Metadata" or form == "/XML":
                    yield Member("XMP 信息.xml", _unpacked(value, budget))
                elif form == "/Image" and value.get("/Filter") == "/DCTDecode":
                    yield Member("图片", value.read_raw_bytes())
                elif key in SCRIPTS:
                    yield Passage(utf8(_unpacked(value, budget)), page, NAMES.get(key, key))
    for place, file in files.items():
        yield Member(f"附件 {names.get(place, '')}".strip(), _unpacked(file, budget))


SCRIPTS = ("/JS", "/XFA", "/RC", "/RV")
"""Entries whose text may lie in a stream of its own."""


def _belongs(key: str, value: Any) -> bool:
    """Whether a value is part of the object that names it; others have their own turn."""
    return isinstance(value, pikepdf.Object) and (
        not value.is_indirect or (key in SCRIPTS and isinstance(value, pikepdf.Stream))
    )


def _unpacked(stream: pikepdf.Stream, budget: Budget) -> bytes:
    packed = stream.read_raw_bytes()
    if stream.get("/Filter") == "/FlateDecode" and "/DecodeParms" not in stream:
        return inflated(packed, budget)
    if "/Filter" in stream and len(packed) * GROWTH > budget.left:
        raise TooLargeError
    return budget.spend(stream.read_bytes())


GROWTH = 1032
"""How many bytes deflate makes of one, at most."""

READERS: tuple[tuple[bytes | tuple[bytes, ...], Reader], ...] = (
    ((b"PK\x03\x04", b"PK\x05\x06"), zip_parts),
    (b"\x1f\x8b", gzip_parts),
    (b"# Sphinx inventory version 2", inventory_parts),
    ((b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*"), picture_parts),
    ((b"\0\1\0\0", b"true\0", b"OTTO"), font_parts),
    (b"\xd0\xcf\x11\xe0", partial(unread_parts, reason="是旧版的 .xls、.doc 文件，或加了密码")),
    (
        (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"BZh91AY", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"),
        partial(unread_parts, reason="是打不开的压缩包"),
    ),
)
"""Readers by how a file begins."""
