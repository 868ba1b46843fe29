"""What can be read in a file that holds text: passages with the place where a person finds them."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evalbook.privacy.headings import HEADING_ROWS, asked_headings, personal_headings
from evalbook.privacy.numbers import UNIT
from evalbook.schema.text import column_letter


@dataclass(frozen=True)
class Passage:
    """Text that is looked through.

    Attributes
    ----------
    text : str
    row : int
        Where it begins; line breaks in the text count on from there when it ``has_lines``.
    column : str
        As in :class:`evalbook.privacy.Hit`.
    has_lines : bool
    raw : bool
        A second look at the file as it is; what was found before is not told again.
    certain : bool
        Not typed by people: only numbers about which there is no doubt.
    prose : bool
        Words of people, who may tell of a person in them.
    amount : bool
        An amount or a count, by its heading or by the unit beside it.
    """

    text: str
    row: int = 0
    column: str = ""
    has_lines: bool = False
    raw: bool = False
    certain: bool = False
    prose: bool = False
    amount: bool = False


@dataclass(frozen=True)
class PersonalColumn:
    """A heading under which records about persons stand, or may stand."""

    row: int
    column: str
    asked: bool = False


@dataclass(frozen=True)
class Member:
    """A file within the file; ``raw`` as of a :class:`Passage`."""

    name: str
    content: bytes
    raw: bool = False


@dataclass(frozen=True)
class Unchecked:
    """What could not be read, and why, in Chinese."""

    reason: str
    place: str = ""


Part = Passage | PersonalColumn | Member | Unchecked

PROGRAMS = frozenset(("js", "mjs", "css", "py"))
"""Endings of texts that no reader sees."""
XML = ("<?xml", "<svg", "<!doctype svg", "<x:xmpmeta", "<?xpacket")
"""How drawings and other XML files begin."""


def text_parts(name: str, text: str) -> Iterator[Part]:
    """Parts of a text by what it is: table, JSON, page, drawing or anything else, and the whole as it stands."""
    ending = name.lower().rpartition(".")[2]
    head = text[:1000].lstrip().lower()
    if ending in {"csv", "tsv"}:
        yield from csv_parts(text)
    elif ending in {"json", "ipynb", "map"} or head.startswith(("{", "[")):
        yield from json_parts(text)
    elif head.startswith(("<!doctype html", "<html")) or ending in {"html", "htm"}:
        yield from html_parts(text)
    elif head.startswith(XML) or ending in {"xml", "svg"}:
        yield from xml_parts(text)
    else:
        yield from _pipe_tables(text)
        yield Passage(text, 1, has_lines=True, prose=ending not in PROGRAMS)
    yield Passage(text, 1, has_lines=True, raw=True)
    if "\\u" in text:  # characters that scripts write as \uff11
        escaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)
        yield Passage(escaped, 1, has_lines=True, raw=True)


def _pipe_tables(text: str) -> Iterator[Part]:
    """Headings of the tables that Markdown draws with bars."""
    lines = text.split("\n")
    for number, line in enumerate(lines[1:], start=1):
        if "|" in line and re.fullmatch(r"[\s|:\-]+", line):
            yield from _headings(number, lines[number - 1].strip().strip("|").split("|"))


def cell_text(text: str) -> str:
    """Text of a cell; a long number that a spreadsheet wrote with an exponent gets its digits back."""
    return f"{Decimal(text):f}" if re.fullmatch(r"\d(?:\.\d+)?[Ee]\+?1[0-9]", text.strip()) else text


def row_parts(row: int, cells: list[str]) -> Iterator[Part]:
    """Headings about persons in one of the first rows of a table."""
    if row == 1 or (row <= HEADING_ROWS and sum(map(bool, cells)) > 1):
        yield from _headings(row, cells)


def _headings(row: int, cells: Sequence[str]) -> Iterator[PersonalColumn]:
    yield from (PersonalColumn(row, cells[place].strip()) for place in personal_headings(cells))
    yield from (PersonalColumn(row, cells[place].strip(), asked=True) for place in asked_headings(cells))


AMOUNT = re.compile(r"元(?![一-鿿])|金额|资金|支出|收入|经费|人数|户数|人次|户次|合计|小计|面积")
"""In a heading: what stands below is an amount or a count."""


SHORTEST_IDENTITY = 15
TOLD_BESIDE = frozenset("男女号岁")
"""Characters of a row whose cells may tell something only together."""


def cell_parts(
    row: int, cells: Sequence[str], columns: Sequence[str], headings: Sequence[str]
) -> Iterator[Passage]:
    """Cells of a row, each by itself, and all of them beside one another.

    Parameters
    ----------
    row
        As a person counts.
    cells, columns
        What the cells say, and their names for messages.
    headings
        What stands above them, as far as it is known.
    """
    for place, cell in enumerate(cells):
        unit = cells[place + 1].strip() if place + 1 < len(cells) else ""
        amount = bool(UNIT.fullmatch(unit)) or (
            place < len(headings) and bool(AMOUNT.search(headings[place]))
        )
        yield Passage(cell_text(cell), row, columns[place], prose=True, amount=amount)
    beside = "\t".join(cells)
    if sum(map(str.isdigit, beside)) >= SHORTEST_IDENTITY or not TOLD_BESIDE.isdisjoint(beside):
        yield Passage(beside, row, raw=True, prose=True)


def csv_parts(text: str) -> Iterator[Part]:
    """Cells of a table, each named by its heading."""
    head = text[:10_000]
    headings: list[str] = []
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(",\t;", key=head.count))
        for row, cells in enumerate(lines, start=1):
            headings = headings or cells
            yield from row_parts(row, cells)
            above = [heading.strip() for heading in headings] if row > 1 else []
            names = [
                (above[place] if place < len(above) else "") or column_letter(place)
                for place in range(len(cells))
            ]
            yield from cell_parts(row, cells, names, above)
    except csv.Error:
        return  # a cell beyond all measure; the second look reads it


def json_parts(text: str) -> Iterator[Part]:
    """Names and values of a document; what a notebook shows is read by its kind."""
    try:
        document = json.loads(text, parse_int=str, parse_float=str, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        return  # no JSON after all; the second look reads it
    stack: list[tuple[str, Any]] = [("", document)]
    while stack:
        path, value = stack.pop()
        match value:
            case _Pairs():
                for name, inner in value:
                    place = f"{path}.{name}".lstrip(".")
                    yield Passage(name, 0, path)
                    yield from (PersonalColumn(0, place) for _ in personal_headings([name]))
                    if name.startswith(SHOWN):
                        yield from _shown(name, inner, place)
                    stack.append((place, inner))
            case list():
                stack += [(_item(path, index), inner) for index, inner in enumerate(value)]
            case str():
                yield Passage(value, 0, path, prose=True)
                yield from data_addresses(value, path)


SHOWN = ("text/", "image/", "application/pdf")
"""Kinds of what notebooks show that are text or files; all others are JSON."""


class _Pairs(list[tuple[str, Any]]):
    """Object with all its names, also one that occurs twice."""


def _item(path: str, index: int) -> str:
    return f"第{index + 1}格" if path == "cells" else f"{path}[{index}]"


def _shown(kind: str, value: Any, place: str) -> Iterator[Part]:
    """What a notebook shows as HTML, drawing or picture: a text, or a list of its lines."""
    lines = [value] if isinstance(value, str) else value
    if type(lines) is not list or not all(isinstance(line, str) for line in lines):
        return
    text = "".join(lines)
    if kind.startswith(("text/", "image/svg")):
        ending = {"text/html": ".html", "image/svg+xml": ".svg"}.get(kind, "")
        yield Member(f"{place}{ending}", text.encode(errors="surrogatepass"))
    elif content := _decoded(text):
        yield Member(place, content)


def data_addresses(text: str, place: str) -> Iterator[Member]:
    """Files written into an address (``data:image/png;base64,…``)."""
    if "base64," in text:
        for encoded in re.findall(r"data:[^,\s]{0,100};base64,([A-Za-z0-9+/=%\s]+)", text):
            if content := _decoded(encoded.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=")):
                yield Member(place, content)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except ValueError:
        return b""


INLINE = frozenset(
    re.findall(
        r"\w+",
        "a abbr b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span strong sub sup"
        " time tspan tt u var wbr",
    )
)
"""Elements that do not part a word: a number may be written across them."""


def html_parts(text: str) -> Iterator[Part]:
    """Text of a page by paragraph or cell, attributes, comments, scripts."""
    import lxml.html  # type: ignore[import-untyped]
    from lxml import etree

    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        tree = lxml.html.document_fromstring(text.encode(errors="replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return  # nothing of a page; the second look reads it
    words: list[str] = []
    begun = 0

    def flush() -> Iterator[Part]:
        if "".join(words).strip():
            yield Passage("".join(words), begun, has_lines=True, prose=True)
        words.clear()

    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        row = element.sourceline or 0
        if not isinstance(element.tag, str):
            yield Passage(element.text or "", row, "注释", has_lines=True)
            words.append(element.tail or "")
            continue
        breaks = element.tag not in INLINE
        if breaks:
            yield from flush()
        begun = begun if words else row
        if event == "end":
            words.append(element.tail or "")
            if element.tag == "th":
                yield from _headings(row, ["".join(element.itertext()).strip()])
            if element.tag == "tr":
                yield Passage(
                    "\t".join("".join(cell.itertext()).strip() for cell in element), row, raw=True, prose=True
                )
            continue
        for name, value in element.attrib.items():
            yield Passage(value, row, f"属性 {name}")
            yield from data_addresses(value, f"属性 {name}")
        if element.tag in {"script", "style"}:
            if "json" in element.get("type", ""):
                yield from json_parts(element.text or "")
            kind = "脚本" if element.tag == "script" else "样式"
            yield Passage(element.text or "", row, kind, has_lines=True)
        else:
            words.append(element.text or "")
    yield from flush()


JOINED = {"p", "text", "si", "t"}
"""Elements of drawings and of office documents whose text may be parted by its looks."""


def xml_parts(text: str) -> Iterator[Part]:
    """Text, attributes and comments of a drawing or another XML file; entities are not resolved."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, encoding="utf-8")
    try:
        tree = etree.fromstring(text.encode(errors="replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return  # damaged; the second look reads it
    for element in tree.iter():
        row = element.sourceline or 0
        name = etree.QName(element).localname if isinstance(element.tag, str) else "注释"
        yield Passage(element.text or "", row, name, has_lines=True)
        yield Passage(element.tail or "", row, name, has_lines=True)
        if name in JOINED and len(element):
            yield Passage("".join(element.itertext()), row, name, prose=True)
        for key, value in element.attrib.items():
            yield Passage(value, row, f"{name} {etree.QName(key).localname}")
            yield from data_addresses(value, name)
