"""What a file is: by its content, whatever its name says; and what to do with one that is not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import zipfile

AS_WORKBOOK = "另存为“Excel 工作簿（.xlsx）”或“CSV UTF-8（逗号分隔）”后再试"
SAVE_AS = f"请用 Excel 或 WPS 打开，{AS_WORKBOOK}"
COPY = f"请把里面的自评表复制到 Excel 或 WPS 表格，{AS_WORKBOOK}"
AS_WORD = "请用 Word 或 WPS 打开，另存为“Word 文档（.docx）”后再试"
UNLOCK = "请用 Excel、Word 或 WPS 打开，去掉密码，另存后再试"

OPEN_DOCUMENT = {
    "text": (" OpenDocument 文字文档（.odt）", AS_WORD),
    "presentation": (" OpenDocument 演示文稿（.odp）", COPY),
}
IN_ARCHIVES = {
    "ppt/": ("演示文稿（.pptx）", COPY),
    "xl/workbook.bin": (" Excel 二进制工作簿（.xlsb）", SAVE_AS),
    "ofd.xml": ("版式文件（.ofd）", COPY),
}
"""Kinds by how the name of a part begins."""
IN_COMPOUNDS = {
    "EncryptedPackage": ("加了密码的文件", UNLOCK),
    "WordDocument": ("旧版的 Word 或 WPS 文字文档（.doc、.wps）", AS_WORD),
    "PowerPoint Document": ("旧版的演示文稿（.ppt、.dps）", COPY),
}
"""Kinds by the streams of a compound file (MS-CFB); its folder holds their names in UTF-16, zeros around each."""


SIGNATURES = {
    b"%PDF": (" PDF 文件", COPY),
    b"{\\rtf": ("写字板文档（.rtf）", AS_WORD),
    b"\x89PNG": ("图片", "请选填好的自评表"),
    b"\xff\xd8\xff": ("图片", "请选填好的自评表"),
    b"GIF8": ("图片", "请选填好的自评表"),
    b"Rar!": ("压缩文件", "请先解压，再选里面的自评表"),
    b"7z\xbc\xaf": ("压缩文件", "请先解压，再选里面的自评表"),
    b"\x1f\x8b": ("压缩文件", "请先解压，再选里面的自评表"),
}
"""Kinds by how the file begins."""
PAGES = (b"<html", b"<!doc", b"<?xml", b"<table", b"<meta", b"<style", b"mime-version")
"""How a page begins that a system exports under the name of an Excel file, in small letters."""


def format_of_archive(archive: zipfile.ZipFile) -> tuple[str, str]:
    """Ending of the format in which an archive is read, or what it is other than that, and what to do."""
    names = [name.replace("\\", "/").casefold() for name in archive.namelist()]
    if {"content.xml", "meta-inf/manifest.xml"} <= {*names} and "mimetype" not in names:
        return "", _told(" OpenDocument 文件（.ods、.odt）", SAVE_AS)
    if "mimetype" in archive.namelist():
        with archive.open("mimetype") as stream:
            declared = stream.read(100).decode("ascii", "replace").strip()
        _, vendor, kind = declared.partition("application/vnd.oasis.opendocument.")
        kind = kind.removesuffix("-template")
        if kind == "spreadsheet":
            return ".ods", ""
        if vendor:
            return "", _told(*OPEN_DOCUMENT.get(kind, (" OpenDocument 文件", SAVE_AS)))
    if any(name.startswith("word/") for name in names):
        return ".docx", ""
    for begin, (what, remedy) in IN_ARCHIVES.items():
        if any(name.startswith(begin) for name in names):
            return "", _told(what, remedy)
    if not names:
        return "", _told("空的压缩文件", "请选填好的自评表")
    if {"[content_types].xml", "xl/workbook.xml"}.isdisjoint(names):
        return "", _told("压缩文件", "请先解压，再选里面的自评表")
    return ".xlsx", ""


def kind_of_other(raw: bytes) -> str:
    """What a file is that is neither archive nor text, and what to do; empty where it may be a table of text."""
    if not raw.strip(b"\0\xef\xbb\xbf \r\n\t"):
        return _told("空文件", "请选填好的自评表")
    for begin, (what, remedy) in SIGNATURES.items():
        if raw.startswith(begin):
            return _told(what, remedy)
    head = raw[:1000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return _told("网页或其他格式的文件", SAVE_AS) if head.startswith(PAGES) else ""


def kind_of_compound(raw: bytes) -> str:
    """What a compound file is, and what to do: a file of before 2007, or a new one behind a password."""
    for name, (what, remedy) in IN_COMPOUNDS.items():
        if b"\0" + f"{name}\0".encode("utf-16-le") in raw:
            return _told(what, remedy)
    return _told("旧版的 .xls、.doc 文件，或加了密码", SAVE_AS)


def _told(what: str, remedy: str) -> str:
    return f"是{what}，不能读取。{remedy}。"
