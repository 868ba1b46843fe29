"""What can be read in a file that is no text: archives, workbooks, pictures, and bytes of any kind."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from evalbook.privacy.passages import Member, Part, Passage, Unchecked, cell_parts, row_parts, text_parts
from evalbook.privacy.unpacking import TOO_LARGE, Budget, TooLargeError, inflated, utf8
from evalbook.schema.text import decoded

TREE_LIMIT = 30_000_000
"""Largest part of a workbook in bytes: its tree takes fifty times the memory."""
PIXEL_LIMIT = 100_000_000
DAMAGED = "已损坏，或不是它的名称所说的文件，打不开"


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


def byte_parts(_name: str, content: bytes, _budget: Budget, *, certain: bool = False) -> Iterator[Part]:
    """Bytes of any kind: as UTF-8, and without zeros, which makes UTF-16 readable."""
    for text in dict.fromkeys((content, content.replace(b"\0", b""))):
        yield Passage(utf8(text), 0, "文件内容", raw=True, certain=certain)


def unread_parts(name: str, content: bytes, budget: Budget, *, reason: str) -> Iterator[Part]:
    """Bytes of a file that is not read otherwise, and why not."""
    yield Unchecked(reason)
    yield from byte_parts(name, content, budget)


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
        from lxml import etree  # type: ignore[import-untyped]

        try:
            yield from workbook_parts(dict(files), budget)
        except (etree.LxmlError, ValueError, IndexError):
            yield Unchecked(DAMAGED)
    yield from (Member(member, inner, raw=is_workbook) for member, inner in files)


def workbook_parts(files: dict[str, bytes], budget: Budget) -> Iterator[Part]:
    """Cells and comments of a workbook, hidden sheets too.

    openpyxl is not used: it makes an object of every cell of an area, and leaves parts of a workbook out.
    """
    from lxml import etree

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
        rows: dict[int, list[tuple[str, str]]] = {}
        for cell in tree(part).iter("{*}c"):
            letter, row = re.fullmatch(r"([A-Z]*)([0-9]*)", cell.get("r", "")).groups()  # type: ignore[union-attr]
            text = cell.findtext("{*}v", "") or "".join(cell.itertext("{*}t"))
            if cell.get("t") == "s":
                text = strings[int(text)]
                budget.take(len(text))
            number = int(row or 0)
            rows.setdefault(number, []).append((letter, text))
        above: dict[str, str] = {}
        for number, cells in rows.items():
            texts = [text for _, text in cells]
            yield from row_parts(number, texts)
            columns = [f"{title} {letter}{number or ''}" for letter, _ in cells]
            headings = [above.get(letter, "") for letter, _ in cells]
            yield from cell_parts(number, texts, headings, columns)
            if not above and len(cells) > 1:
                above = dict(cells)
    for part in files:
        if part.startswith("xl/comments"):
            for comment in tree(part).iter("{*}comment"):
                said = "".join(comment.itertext("{*}t"))
                yield Passage(said, 0, f"{comment.get('ref', '')} 的批注", prose=True)


def picture_parts(name: str, content: bytes, budget: Budget) -> Iterator[Part]:
    """What a picture says of itself; what is drawn in it nobody reads here."""
    from PIL import ExifTags, Image

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
    """What a PDF file says; what reads it is loaded only when there is one."""
    from evalbook.privacy import pdf

    yield from pdf.pdf_parts(name, content, budget)


READERS: tuple[tuple[bytes | tuple[bytes, ...], Reader], ...] = (
    ((b"PK\x03\x04", b"PK\x05\x06"), zip_parts),
    (b"\x1f\x8b", gzip_parts),
    (b"# Sphinx inventory version 2", inventory_parts),
    ((b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*"), picture_parts),
    # The outlines of a font look like digits.
    ((b"\0\1\0\0", b"true\0", b"OTTO"), partial(byte_parts, certain=True)),
    (b"\xd0\xcf\x11\xe0", partial(unread_parts, reason="是旧版的 .xls、.doc 文件，或加了密码")),
    (
        (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"BZh91AY", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"),
        partial(unread_parts, reason="是打不开的压缩包"),
    ),
)
"""Readers by how a file begins."""
