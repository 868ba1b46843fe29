"""Files in which a number was planted, for the tests of the privacy gate: one per way of hiding."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import openpyxl
import pikepdf
import typst
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName
from PIL import ExifTags, Image, PngImagePlugin

IDENTITY = "11010519491231002X"
"""Example of GB 11643-1999; nobody's."""

Plant = tuple[str, Callable[[str], bytes], str]
"""Name of the file, its bytes with a number in them, and words of the file or column that the hit must name."""


def text(template: str, encoding: str = "utf-8") -> Callable[[str], bytes]:
    """File of a text with the number in place of ``N``."""
    return lambda number: template.replace("N", number).encode(encoding)


def notebook(outputs: object) -> Callable[[str], bytes]:
    """Notebook with one code cell and these outputs."""

    def made(number: str) -> bytes:
        cell = {"cell_type": "code", "source": ["show()"], "metadata": {}, "outputs": outputs}
        document = {"cells": [{"cell_type": "markdown", "source": ["# 页"]}, cell], "nbformat": 4}
        return json.dumps(document).replace("NUMBER", number).encode()

    return made


CHART = {"data": {"values": [{"项目": "城市低保", "备注": "NUMBER"}]}, "mark": "bar"}


def with_picture(number: str) -> bytes:
    picture = base64.b64encode(png("tEXt")(number)).decode()
    outputs = [{"output_type": "display_data", "data": {"image/png": picture}}]
    return notebook(outputs)("")


def workbook(change: Callable[[openpyxl.Workbook, str], object]) -> Callable[[str], bytes]:
    """Workbook with something done to it."""

    def made(number: str) -> bytes:
        book = openpyxl.Workbook()
        book["Sheet"].append(["项目", "备注"])
        book.create_sheet("附表").append(["城市低保", 6219])
        change(book, number)
        written = io.BytesIO()
        book.save(written)
        return written.getvalue()

    return made


def set_cell(book: openpyxl.Workbook, number: str) -> None:
    book["Sheet"]["B7"] = number


def set_hidden(book: openpyxl.Workbook, number: str) -> None:
    book["附表"]["C3"] = number
    book["附表"].sheet_state = "veryHidden"


def set_comment(book: openpyxl.Workbook, number: str) -> None:
    book["附表"]["A1"].comment = Comment(f"电话问过，{number}", "张某")


def set_property(book: openpyxl.Workbook, number: str) -> None:
    book.properties.keywords = number


def set_custom_property(book: openpyxl.Workbook, number: str) -> None:
    properties: Any = book  # the stubs do not know custom_doc_props
    properties.custom_doc_props.append(StringProperty(name="经手", value=number))


def set_name(book: openpyxl.Workbook, number: str) -> None:
    book.defined_names["经手"] = DefinedName("经手", attr_text=f'"{number}"')


def set_footer(book: openpyxl.Workbook, number: str) -> None:
    footer: Any = book["附表"].oddFooter
    footer.center.text = f"经手 {number}"


def set_formula(book: openpyxl.Workbook, number: str) -> None:
    book["附表"]["D9"] = f'="{number}"&"号"'


def pdf(change: Callable[[pikepdf.Pdf, str], object]) -> Callable[[str], bytes]:
    """PDF file of one empty page with something done to it."""

    def made(number: str) -> bytes:
        document = pikepdf.new()
        document.add_blank_page()
        change(document, number)
        written = io.BytesIO()
        document.save(written)
        return written.getvalue()

    return made


def pdf_page(source: str) -> Callable[[str], bytes]:
    """PDF file as Typst makes it, with compressed streams and subset fonts."""
    return lambda number: typst.compile(
        ("#set page(width: 200pt, height: 100pt)\n" + source.replace("N", number)).encode()
    )


def attach(document: pikepdf.Pdf, number: str) -> None:
    content = gzip.compress(text("项目,备注\n城市低保,N\n")(number), mtime=0)
    document.attachments["names.csv.gz"] = pikepdf.AttachedFileSpec(
        document, content, filename="names.csv.gz"
    )


def set_author(document: pikepdf.Pdf, number: str) -> None:
    document.docinfo["/Author"] = number


def set_xmp(document: pikepdf.Pdf, number: str) -> None:
    with document.open_metadata() as metadata:
        metadata["dc:description"] = number


def annotate(document: pikepdf.Pdf, number: str) -> None:
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], Contents=pikepdf.String(number)
    )
    document.pages[0].Annots = pikepdf.Array([document.make_indirect(note)])


def bookmark(document: pikepdf.Pdf, number: str) -> None:
    with document.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(f"张某 {number}", 0))


def describe(document: pikepdf.Pdf, number: str) -> None:
    element = document.make_indirect(
        pikepdf.Dictionary(S=pikepdf.Name.Figure, Alt=pikepdf.String(number), Pg=document.pages[0].obj)
    )
    document.Root.StructTreeRoot = document.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot, K=pikepdf.Array([element]))
    )


def set_script(document: pikepdf.Pdf, number: str) -> None:
    script = document.make_stream(f"app.alert('{number}')".encode())
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=script)


def draw_photo(document: pikepdf.Pdf, number: str) -> None:
    photo = document.make_stream(jpeg(number))
    photo.Type, photo.Subtype, photo.Filter = pikepdf.Name.XObject, pikepdf.Name.Image, pikepdf.Name.DCTDecode
    photo.Width = photo.Height = 8
    photo.ColorSpace, photo.BitsPerComponent = pikepdf.Name.DeviceRGB, 8
    document.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=photo))


def png(chunk: str) -> Callable[[str], bytes]:
    """Picture with a text of its own."""

    def made(number: str) -> bytes:
        info, written = PngImagePlugin.PngInfo(), io.BytesIO()
        if chunk == "iTXt":
            info.add_itxt("Comment", f"说明 {number}", zip=True)
        else:
            info.add_text("Comment", number, zip=chunk == "zTXt")
        Image.new("RGB", (8, 8)).save(written, "PNG", pnginfo=info)
        return written.getvalue()

    return made


def jpeg(number: str) -> bytes:
    """Photograph whose camera said something."""
    written, exif = io.BytesIO(), Image.Exif()
    exif[ExifTags.Base.ImageDescription] = "照片"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = b"UNICODE\0" + number.encode("utf-16-le")
    Image.new("RGB", (8, 8)).save(written, "JPEG", exif=exif)
    return written.getvalue()


def gif(number: str) -> bytes:
    written = io.BytesIO()
    Image.new("P", (8, 8)).save(written, "GIF", comment=number.encode())
    return written.getvalue()


def archive(number: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("说明.txt", "没有")
        file.writestr("内/名单.csv", f"项目,备注\n城市低保,{number}\n".encode("gb18030"))
    return written.getvalue()


def document(number: str) -> bytes:
    """Word document whose spelling check parted the number."""
    namespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    runs = "".join(f"<w:r><w:rPr><w:b/></w:rPr><w:t>{part}</w:t></w:r>" for part in (number[:5], number[5:]))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        file.writestr(
            "word/document.xml",
            f"<?xml version='1.0'?><w:document {namespace}><w:p>{runs}</w:p></w:document>",
        )
    return written.getvalue()


def inventory(number: str) -> bytes:
    head = b"# Sphinx inventory version 2\n# Project: x\n# Version: \n# The remainder is compressed using zlib.\n"
    return head + zlib.compress(f"a std:label 1 a.html {number}\n".encode())


PLANTS: dict[str, Plant] = {
    "cell of a table": ("people.csv", text("\ufeff项目,备注\r\n城市低保,N\r\n"), "备注"),
    "table in GBK": ("people.csv", text("项目,备注\n城市低保,说明N\n", "gb18030"), "备注"),
    "cell with a line break": ("people.csv", text('项目,备注\n城市低保,"见\nN"\n'), "备注"),
    "prose": ("02-funds.md", text("# 二\n\n困难群众张某（N）领取。\n"), "第3行"),
    "settings": ("year.yml", text("年度: 2020\n备注: N\n"), "第2行"),
    "UTF-16 text": ("说明.txt", text("说明 N", "utf-16"), "第1行"),
    "UTF-16 without its mark": ("说明.txt", text("N", "utf-16-le"), "文件内容"),
    "text of a notebook": ("a.ipynb", notebook([{"output_type": "stream", "text": ["NUMBER\n"]}]), "第2格"),
    "page of a notebook": (
        "a.ipynb",
        notebook([{"data": {"text/html": ["<table><tr><td>张某</td>", "<td>NUMBER</td></tr></table>"]}}]),
        "第2格",
    ),
    "chart of a notebook": ("a.ipynb", notebook([{"data": {"application/vnd.vegalite.v6+json": CHART}}]), "values[0].备注"),
    "picture of a notebook": ("a.ipynb", with_picture, "图片信息"),
    "paragraph": ("a.html", text("<!DOCTYPE html><p>一</p>\n<p>张某 N</p>"), "第2行"),
    "paragraph with marks in the number": (
        "a.html",
        lambda number: f"<!DOCTYPE html><p>{number[:6]}<b>{number[6:14]}</b>&#8203;<wbr>{number[14:]}</p>".encode(),
        "第1行",
    ),
    "entities": (
        "a.html",
        lambda number: ("<!DOCTYPE html><p>" + "".join(f"&#{ord(c)};" for c in number) + "</p>").encode(),
        "第1行",
    ),
    "attribute": ("a.html", text('<!DOCTYPE html><img alt="N">'), "属性 alt"),
    "comment": ("a.html", text("<!DOCTYPE html><p>一</p><!-- N -->"), "注释"),
    "script": ("a.html", text("<!DOCTYPE html><script>var a='N'</script>"), "脚本"),
    "chart of a page": (
        "a.html",
        lambda number: (
            '<!DOCTYPE html><script type="application/json">' + json.dumps(CHART).replace("NUMBER", number) + "</script>"
        ).encode(),
        "values[0].备注",
    ),
    "picture in an address": (
        "a.html",
        lambda number: (
            f'<!DOCTYPE html><img src="data:image/png;base64,{base64.b64encode(png("zTXt")(number)).decode()}">'
        ).encode(),
        "图片信息",
    ),
    "JSON": ("a.json", text('{"a": [1, {"b": "N"}]}'), "a[1].b"),
    "name in JSON": ("a.json", text('{"a": {"N": 1}}'), "a"),
    "name twice in JSON": ("a.json", text('{"a": "N", "a": 1}'), "a"),
    "escaped in a script": (
        "a.js",
        lambda number: ("x='" + "".join(f"\\u{ord(c) + 0xFEE0:04x}" for c in number) + "'").encode(),
        "第1行",
    ),
    "style": ("a.css", text("a{}\n/* N */"), "第2行"),
    "source map": ("a.map", text('{"version":3,"sourcesContent":["// N"]}'), "sourcesContent[0]"),
    "search index": ("searchindex.js", text('Search.setIndex({"terms":{"N":0}})'), "第1行"),
    "list of targets": ("objects.inv", inventory, "第1行"),
    "drawing": ("a.svg", text('<svg xmlns="http://www.w3.org/2000/svg"><title>N</title></svg>'), "title"),
    "parted text of a drawing": (
        "a.svg",
        lambda number: (
            f'<svg xmlns="http://www.w3.org/2000/svg"><text><tspan>{number[:9]}</tspan><tspan>{number[9:]}</tspan></text></svg>'
        ).encode(),
        "text",
    ),
    "attribute of a drawing": ("a.svg", text('<svg xmlns="http://www.w3.org/2000/svg" aria-label="N"/>'), "aria-label"),
    "cell of a workbook": ("a.xlsx", workbook(set_cell), "Sheet B7"),
    "hidden sheet": ("a.xlsx", workbook(set_hidden), "附表 C3"),
    "comment in a workbook": ("a.xlsx", workbook(set_comment), "A1 的批注"),
    "property of a workbook": ("a.xlsx", workbook(set_property), "docProps"),
    "own property of a workbook": ("a.xlsx", workbook(set_custom_property), "docProps"),
    "name in a workbook": ("a.xlsx", workbook(set_name), "xl/workbook.xml"),
    "footer of a sheet": ("a.xlsx", workbook(set_footer), "xl/worksheets"),
    "formula": ("a.xlsx", workbook(set_formula), "xl/worksheets"),
    "page of a PDF": ("a.pdf", pdf_page("张某 N"), "第1页"),
    "second page of a PDF": ("a.pdf", pdf_page("#pagebreak()\nN"), "第2页"),
    "wrapped in a PDF": (
        "a.pdf",
        lambda number: pdf_page(f"{number[:12]} \\ {number[12:]}")(""),
        "第1页",
    ),
    "attachment of a PDF": ("a.pdf", pdf(attach), "附件 names.csv"),
    "author of a PDF": ("a.pdf", pdf(set_author), "作者"),
    "XMP of a PDF": ("a.pdf", pdf(set_xmp), "XMP"),
    "note in a PDF": ("a.pdf", pdf(annotate), "第1页 批注"),
    "bookmark of a PDF": ("a.pdf", pdf(bookmark), "书签"),
    "words for a picture in a PDF": ("a.pdf", pdf(describe), "第1页 替代文字"),
    "script of a PDF": ("a.pdf", pdf(set_script), "脚本"),
    "photograph in a PDF": ("a.pdf", pdf(draw_photo), "UserComment"),
    "PNG text": ("a.png", png("tEXt"), "图片信息 Comment"),
    "packed PNG text": ("a.png", png("zTXt"), "图片信息 Comment"),
    "packed international PNG text": ("a.png", png("iTXt"), "图片信息 Comment"),
    "photograph": ("a.jpg", jpeg, "UserComment"),
    "GIF comment": ("a.gif", gif, "图片信息 comment"),
    "picture with another ending": ("a.css", png("zTXt"), "图片信息 Comment"),
    "Word document": ("a.docx", document, "word/document.xml"),
    "archive": ("a.zip", archive, "内/名单.csv"),
    "packed file": ("a.csv.gz", lambda number: gzip.compress(text("项目,备注\n低保,N\n")(number)), "备注"),
    "bytes": ("a.dat", lambda number: b"\x00\xff\x01" + number.encode() + b"\xff\x00", "文件内容"),
}  # fmt: skip
"""Every way of hiding that the gate must see through."""
