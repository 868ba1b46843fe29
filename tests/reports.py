"""The PDF report as its readers' programs see it: pages, places, structure, attachments."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pdfplumber
import pikepdf
from bs4 import BeautifulSoup, Tag

from evalbook.run import UNPRINTED, pages
from evalbook.schema.vocabulary import FLAGS
from evalbook.sphinxext.references import DOUBT_MARK, FINDING_MARK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MM = 72 / 25.4
TOP, BOTTOM, INSIDE, OUTSIDE = 37 * MM, 35 * MM, 28 * MM, 26 * MM
A4 = (210 * MM, 297 * MM)

NUMBER = re.compile(r"\d+(?:\.\d+)?")
NOT_NUMBERS = re.compile(r"https?://\S+|\b(?:[0-9a-f]{40}|[0-9a-f]{64})\b")
"""Addresses and hashes, which on paper may be broken between their digits; the cells that hold them are compared whole."""

Char = dict[str, Any]

SIGNS = {FINDING_MARK, DOUBT_MARK, *"".join(FLAGS.values())}
SIGN_SIZES = [0.6 * size for size in (15.75, 12, 10.5, 9)]
"""Of marks and flags beside the text of chapters, annexes and boxes, and of their tables."""


OF_THE_TOOL = "编制说明"
"""Part of a report behind the signature, which begins with the exhibits of the chapters."""


def is_sign(char: Char) -> bool:
    """Whether a character is a mark of a finding or doubt, or of a flag: smaller and higher than what it stands beside."""
    return char["text"] in SIGNS and any(abs(char["size"] - size) < 0.01 for size in SIGN_SIZES)


def html_pages(site: Path, year: int) -> dict[str, Tag]:
    """What the pages of a report show in HTML, by name, less what the PDF says elsewhere or not at all."""
    root = site.parents[2]
    names = [f"years/{year}/{name}" for name in pages(root, year) if name not in UNPRINTED] + ["guide/method"]
    found = {}
    for name in names:
        text = (site / f"{name}.html").read_text(encoding="utf-8")
        article = BeautifulSoup(text, "lxml").select_one("article.bd-article > section")
        assert article is not None
        # Edition and status are in the footer of every page of the PDF; how a notebook ran is no part of a report.
        # The number of a finding may be broken over two lines there; another test reads it.
        for node in article.select(
            ".status, .compiled, details.how-computed, .check-filter, .check code, script, .headerlink, "
            ".toctree-wrapper, nav, footer, .bd-toc, .not-searched"
        ):
            node.decompose()
        for table in article.select("table.official-form"):  # on paper only what is handed in
            if table.caption and "底稿" in table.caption.get_text():
                table.decompose()
        found[name] = article
    return found


def missing_numbers(page: Tag, sections: dict[str, str]) -> Counter[str]:
    """Numbers of a page that the section that it became has not, or less often; exhibits of chapters stand together."""
    title = page.select_one("h1")
    assert title is not None
    named = [key for key in sections if key.rpartition("\u3000")[2] == title.get_text()]
    name = named[0] if named else ""
    text = sections[name] + ("" if name.startswith("附件") else sections[OF_THE_TOOL])
    shown = NOT_NUMBERS.sub("", page.get_text(" "))
    return Counter(NUMBER.findall(shown)) - Counter(NUMBER.findall(text))


@dataclass(frozen=True)
class Node:
    """An element of the structure tree: what screen readers go by.

    ``content`` holds its elements and its marks, page and number of a piece of content, in reading order.
    """

    kind: str
    alt: str
    content: tuple[Node | tuple[int, int], ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return tuple(part for part in self.content if isinstance(part, Node))

    @property
    def marks(self) -> list[tuple[int, int]]:
        found = []
        for part in self.content:
            found += part.marks if isinstance(part, Node) else [part]
        return found

    @property
    def pages(self) -> set[int]:
        return {page for page, _ in self.marks}

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()

    def find(self, kind: str) -> list[Node]:
        return [node for node in self.walk() if re.fullmatch(kind, node.kind)]


@dataclass(frozen=True)
class Bookmark:
    title: str
    level: int
    page: int
    top: float


class ReportFile:
    """A report, read by pdfplumber and pikepdf."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.plumber = pdfplumber.open(path)
        self.pike = pikepdf.open(path)
        self.pages = self.plumber.pages

    @cached_property
    def numbers(self) -> dict[Any, int]:
        """Page numbers by the identity of the page object."""
        return {page.objgen: number for number, page in enumerate(self.pike.pages, start=1)}

    def is_lying(self, number: int) -> bool:
        page = self.pages[number - 1]
        return bool(page.width > page.height)

    def type_area(self, number: int) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the type area as GB/T 9704 has it (5.2.1)."""
        page = self.pages[number - 1]
        if self.is_lying(number):
            return (BOTTOM, 27 * MM, page.width - TOP, page.height - 27 * MM)
        left, right = (INSIDE, OUTSIDE) if number % 2 else (OUTSIDE, INSIDE)
        return (left, TOP, page.width - right, page.height - BOTTOM)

    def body(self, number: int) -> list[Char]:
        """Characters of a page, less those of its foot."""
        left, _, _, bottom = self.type_area(number)
        chars = self.pages[number - 1].chars
        if self.is_lying(number):
            return [c for c in chars if c["x0"] > left - 1]
        return [c for c in chars if c["top"] < bottom]

    def foot(self, number: int) -> list[Char]:
        body = {id(c) for c in self.body(number)}
        return [c for c in self.pages[number - 1].chars if id(c) not in body]

    def lines(self, number: int) -> list[list[Char]]:
        """Lines of the body from top to bottom, by what they stand on; signs are set higher."""
        found: dict[float, list[Char]] = {}
        for char in self.body(number):
            if not is_sign(char):
                found.setdefault(round(char["matrix"][5], 1), []).append(char)
        return [found[base] for base in sorted(found, reverse=True)]

    @cached_property
    def drawn(self) -> set[tuple[int, int]]:
        """Marks of what is drawn in charts."""
        return {mark for figure in self.structure.find("Figure") for mark in figure.marks}

    def text(self, number: int, top: float = 0, bottom: float = 10_000) -> str:
        """Text of a page's body between two heights, less signs and what is drawn in charts."""
        left, _, right, low = self.type_area(number)
        page = self.pages[number - 1].filter(
            lambda item: (
                (number, item.get("mcid")) not in self.drawn
                and not (item["object_type"] == "char" and is_sign(item))
            )
        )
        box = (left - 5, max(top, 0), min(right + 5, page.width), min(bottom, low + 5))
        return page.crop(box).extract_text() or "" if box[1] < box[3] else ""

    @cached_property
    def bookmarks(self) -> list[Bookmark]:
        with self.pike.open_outline() as outline:
            return list(self._bookmarks(outline.root, 1))

    @property
    def headings(self) -> list[Bookmark]:
        """Bookmarks of chapters and annexes, which come after that of the contents."""
        return self.bookmarks[1:]

    def _bookmarks(self, items: Any, level: int) -> Iterator[Bookmark]:
        for item in items:
            destination = item.destination or item.action.D
            number = self.numbers[destination[0].objgen]
            height = float(self.pages[number - 1].height)
            yield Bookmark(str(item.title), level, number, height - float(destination[3]))
            yield from self._bookmarks(item.children, level + 1)

    def sections(self) -> dict[str, str]:
        """Text of cover and contents (under an empty title), of every chapter and of every annex."""
        marks = [mark for mark in self.headings if mark.level == 1]
        begins = [("", 1, 0.0), *((mark.title, mark.page, mark.top - 2) for mark in marks)]
        ends = [*((page, top) for _, page, top in begins[1:]), (len(self.pages) + 1, 0.0)]
        found = {}
        for (title, first, top), (last, bottom) in zip(begins, ends, strict=True):
            texts = [
                self.text(number, top if number == first else 0, bottom if number == last else 10_000)
                for number in range(first, min(last, len(self.pages)) + 1)
            ]
            found[title] = "\n".join(texts)
        return found

    def links(self, number: int) -> list[Any]:
        """Links of a page."""
        annotations: Any = self.pike.pages[number - 1].get("/Annots", [])
        return [annotation for annotation in annotations if annotation.Subtype == "/Link"]

    def leads_to(self, link: Any) -> int:
        """Number of the page that a link leads to."""
        target = link.get("/Dest") or link.A.D
        if isinstance(target, pikepdf.String):
            target = pikepdf.NameTree(self.pike.Root.Names.Dests)[str(target)]
            target = target.D if isinstance(target, pikepdf.Dictionary) else target
        return self.numbers[target[0].objgen]

    @cached_property
    def structure(self) -> Node:
        return self._node(self.pike.Root.StructTreeRoot.K)

    def _node(self, given: Any, page: int = 0) -> Node:
        if isinstance(given, pikepdf.Array):
            (given,) = given
        page = self.numbers[given.Pg.objgen] if "/Pg" in given else page
        kids = given.get("/K", [])
        content: list[Node | tuple[int, int]] = []
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if not isinstance(kid, pikepdf.Dictionary):
                content.append((page, int(kid)))
            elif "/S" in kid:
                content.append(self._node(kid, page))
            elif "/MCID" in kid:
                content.append((self.numbers[kid.Pg.objgen] if "/Pg" in kid else page, int(kid.MCID)))
        return Node(str(given.S).lstrip("/"), str(given.get("/Alt", "")), tuple(content))

    @cached_property
    def marked(self) -> dict[tuple[int, int], list[Char]]:
        """Characters by their mark."""
        found: dict[tuple[int, int], list[Char]] = {}
        for number, page in enumerate(self.pages, start=1):
            for char in page.chars:
                if char["mcid"] is not None:
                    found.setdefault((number, char["mcid"]), []).append(char)
        return found

    @property
    def texts(self) -> list[str]:
        """Every piece of text, in no order."""
        return ["".join(char["text"] for char in chars) for chars in self.marked.values()]

    def chars(self, node: Node) -> list[Char]:
        """Characters of an element, as a screen reader reads them."""
        return [char for mark in node.marks for char in self.marked.get(mark, [])]

    def read(self, node: Node) -> str:
        return "".join(char["text"] for char in self.chars(node))

    @property
    def attachments(self) -> dict[str, bytes]:
        return {name: spec.get_file().read_bytes() for name, spec in self.pike.attachments.items()}
