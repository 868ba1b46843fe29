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

from evalbook.privacy.headings import HEADING_ROWS, MOST_CELLS, is_amount, judged_headings
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
    """Parts of a text by what it is: table, JSON, page, drawing or anything else, and what is not read so as it stands."""
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
        yield from markdown_parts(text, prose=ending not in PROGRAMS)
    if "\\u" in text:  # characters that scripts write as \uff11
        yield as_it_stands(re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text))


def as_it_stands(text: str) -> Passage:
    """A second look at a text, for what its parts do not say."""
    return Passage(text, 1, has_lines=True, raw=True)


def markdown_parts(text: str, *, prose: bool) -> Iterator[Part]:
    """The tables that Markdown draws with bars, cell by cell, and everything else."""
    lines = text.split("\n")
    above: list[str] = []
    for number, line in enumerate(lines):
        if number and "|" in line and re.fullmatch(r"[\s|:\-]+", line):
            above = _bar_cells(lines[number - 1])
            yield from heading_parts(number, above)
        elif above and "|" in line:
            yield from cell_parts(number + 1, _bar_cells(line), above)
            lines[number] = ""
        else:
            above = []
    yield Passage("\n".join(lines), 1, has_lines=True, prose=prose)


def _bar_cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def cell_text(text: str) -> str:
    """Text of a cell; a long number that a spreadsheet wrote with an exponent gets its digits back."""
    return f"{Decimal(text):f}" if re.fullmatch(r"\d(?:\.\d+)?[Ee]\+?1[0-9]", text.strip()) else text


def row_parts(row: int, cells: list[str]) -> Iterator[Part]:
    """Headings about persons in one of the first rows of a table."""
    if row == 1 or (row <= HEADING_ROWS and sum(map(bool, cells)) > 1):
        yield from heading_parts(row, cells)


def heading_parts(row: int, cells: Sequence[str]) -> Iterator[PersonalColumn]:
    """Headings about persons in a row."""
    for place, asked in judged_headings(cells):
        yield PersonalColumn(row, cells[place].strip(), asked)


SHORTEST_AMOUNT = 11
"""Digits; fewer are taken for no number of a person."""
SHORTEST_IDENTITY = 15
TOLD_BESIDE = frozenset("男女号岁")
"""Characters of a row whose cells may tell something only together."""


def cell_parts(
    row: int, cells: Sequence[str], headings: Sequence[str], columns: Sequence[str] = ()
) -> Iterator[Passage]:
    """Cells of a row, each by itself, and all beside one another; in messages they are called by what stands above."""
    for place, cell in enumerate(cells):
        amount = sum(map(str.isdigit, cell)) >= SHORTEST_AMOUNT and is_amount(place, cells, headings)
        name = "".join((columns or headings)[place : place + 1]) or column_letter(place)
        yield Passage(cell_text(cell), row, name, prose=True, amount=amount)
    beside = "\t".join(cells)
    if sum(map(str.isdigit, beside)) >= SHORTEST_IDENTITY or not TOLD_BESIDE.isdisjoint(beside):
        yield Passage(beside, row, raw=True, prose=True)


def csv_parts(text: str) -> Iterator[Part]:
    """Cells of a table, each named by its heading."""
    head = text[:10_000]
    above: list[str] = []
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(",\t;", key=head.count))
        for row, cells in enumerate(lines, start=1):
            yield from row_parts(row, cells)
            yield from cell_parts(row, cells, above)
            if not above and sum(map(bool, cells)) > 1:
                above = [cell.strip() for cell in cells]
    except csv.Error:
        yield as_it_stands(text)  # a cell beyond all measure


def json_parts(text: str) -> Iterator[Part]:
    """Names and values of a document; what a notebook shows is read by its kind."""
    try:
        document = json.loads(text, parse_int=str, parse_float=str, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        yield as_it_stands(text)  # no JSON after all
        return
    stack: list[tuple[str, Any]] = [("", document)]
    while stack:
        path, value = stack.pop()
        match value:
            case list():
                names = [name for name, _ in value] if isinstance(value, _Pairs) else []
                inner = [one for _, one in value] if names else value
                places = [f"{path}.{name}".lstrip(".") for name in names]
                places = places or [
                    f"第{n + 1}格" if path == "cells" else f"{path}[{n}]" for n in range(len(inner))
                ]
                words = [re.sub(r"^\d.*|.*[。;；].*", "", name) for name in names]
                for index, asked in judged_headings(words):
                    if not (asked and names[index].isascii()):  # words of programs
                        yield PersonalColumn(0, places[index], asked)
                for name, one, place in zip(names, inner, places, strict=False):
                    yield Passage(name, 0, path)
                    if name.startswith(SHOWN):
                        yield from _shown(name, one, place)
                said = [one if isinstance(one, str) else "" for one in inner]
                yield from cell_parts(0, said, names, places)
                for one, place in zip(said, places, strict=True):
                    yield from data_addresses(one, place)
                stack += zip(places, inner, strict=True)
            case str() if not path:
                yield Passage(value, 0, path, prose=True)


SHOWN = ("text/", "image/", "application/pdf")
"""Kinds of what notebooks show that are text or files; all others are JSON."""


class _Pairs(list[tuple[str, Any]]):
    """Object with all its names, also one that occurs twice."""


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
    """Text of a page by paragraph or cell, attributes, comments, scripts, and all of it as it stands."""
    import lxml.html  # type: ignore[import-untyped]
    from lxml import etree

    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        tree = lxml.html.document_fromstring(text.encode(errors="replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        yield as_it_stands(text)  # nothing of a page
        return
    words: list[str] = []
    begun = 0
    cell: Any = None

    def flush() -> Iterator[Part]:
        if shown := "".join(words).strip():
            is_long = sum(map(str.isdigit, shown)) >= SHORTEST_AMOUNT
            amount = is_long and cell is not None and _is_amount_cell(cell)
            yield Passage("".join(words), begun, has_lines=True, prose=True, amount=amount)
        words.clear()

    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        row = element.sourceline or 0
        if not isinstance(element.tag, str):
            yield Passage(element.text or "", row, "注释", has_lines=True)
            words.append(element.tail or "")
            continue
        if element.tag not in INLINE:
            yield from flush()
            if element.tag in CELLS:
                cell = element if event == "start" else None
        begun = begun if words else row
        if event == "end":
            words.append(element.tail or "")
            if element.tag == "tr":
                cells = _cell_texts(element)
                if element.getprevious() is None or element.find("th") is not None:
                    yield from heading_parts(row, cells)
                yield Passage("\t".join(cells), row, raw=True, prose=True)
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
    yield as_it_stands(text)


CELLS = ("td", "th")


def _cell_texts(row: Any) -> list[str]:
    """What the cells of a row of a page say; a wide one takes the places of several."""
    texts: list[str] = []
    for cell in row.iterchildren(*CELLS):
        width = re.fullmatch("[1-9][0-9]?", cell.get("colspan", ""))
        texts += ["".join(cell.itertext()).strip()] * int(width[0] if width else 1)
    return texts


def _is_amount_cell(cell: Any) -> bool:
    """Whether a cell of a page holds an amount by what stands beside it and above."""
    row = cell.getparent()
    if len(row) > MOST_CELLS:
        return False
    table = next(cell.iterancestors("table"), row)
    place = len([*cell.itersiblings(*CELLS, preceding=True)])
    return is_amount(place, _cell_texts(row), _cell_texts(next(table.iter("tr"), row)))


JOINED = {"p", "text", "si", "t"}
"""Elements of drawings and of office documents whose text may be parted by its looks."""


def xml_parts(text: str) -> Iterator[Part]:
    """Text, attributes and comments of a drawing or another XML file; entities are not resolved."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, encoding="utf-8")
    try:
        tree = etree.fromstring(text.encode(errors="replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        yield as_it_stands(text)  # damaged
        return
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
    yield as_it_stands(text)
