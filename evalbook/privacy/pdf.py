"""What can be read in a PDF file: pages, properties, notes, bookmarks, attachments."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw as pdfium

from evalbook.privacy.passages import Member, Part, Passage, Unchecked
from evalbook.privacy.unpacking import TOO_LARGE, Budget, TooLargeError, inflated, utf8

PAGE_LIMIT = 2000


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
            yield Passage(shown, number + 1, f"第{number + 1}页", prose=True)


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
