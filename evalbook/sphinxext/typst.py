"""While writing the PDF: the doctree of a page becomes Typst code.

Code, not markup: every text of the page is a string literal, so that nothing in it can mean more than its
characters, and everything else is a call of a function in ``templates/report.typ``, where the layout is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxTranslator

from evalbook.fonts import Fonts, named
from evalbook.tables.narrative import heading_number

if TYPE_CHECKING:
    from sphinx.builders import Builder

logger = logging.getLogger(__name__)

COVER, CHAPTER, ANNEX = "cover", "chapter", "annex"
WIDE = 6
"""Columns from which a table needs the long side of the sheet: upright, each would have about six characters."""

MARGIN = 2
"""Space at the sides of a table cell, in halves of a Chinese character."""

AT_PAGE = 10
"""Width of （第54页）, in halves of a Chinese character."""

SHORT_HEADING = 12
"""Width of a column heading that stays on one line, in halves of a Chinese character."""

LEAST = 16
"""Width that a column of long text has at least, in halves of a Chinese character."""

UPRIGHT, LYING = 442, 637
"""Width of the type area in points, upright and on its side (GB/T 9704, 5.2.1)."""

SIZE, SMALL = 10.5, 9.0
"""Sizes of table text in points, in chapters and in annexes; ``report.typ`` sets them."""

LONG = 500
"""Characters of a cell from which its row may break over pages; shorter ones fit a page, and no input is longer."""

JOINT = "\u200b"
"""Zero-width space: where a line may break inside a word, such as an address, that a column might not hold."""

NUMBER = re.compile(r"-?\d[\d.]*\D{0,6}")
LONG_WORD = re.compile(r"[!-~]{13,}")
PART_OF_WORD = re.compile(r"[^._/]{0,11}[._/]|[^._/]{1,12}")
HAN = r"[⺀-鿿豈-﫿︰-﹏＀-￯]"
LINE_END_IN_CHINESE = re.compile(rf"(?<={HAN})[ \t]*\n\s*(?={HAN})")


@dataclass(frozen=True)
class Part:
    """What a page is in the report: its cover, a chapter, or the annex of a number."""

    page: str
    kind: str
    number: int = 0


@dataclass(frozen=True)
class Report:
    """What the pages of a report know of each other.

    Attributes
    ----------
    parts : mapping of str to Part
        By the name of the page, in the order of the report.
    places : set of str
        Pages, and places on them (``page#id``), that a link of the report leads to.
    fonts : Fonts
        Fonts in which it is set.
    """

    parts: Mapping[str, Part]
    places: Set[str]
    fonts: Fonts


def target_of(page: str, reference: nodes.reference) -> str:
    """Page, or place on a page, that a reference on a page leads to."""
    return str(reference.get("refuri") or f"{page}#{reference['refid']}")


def quoted(text: str) -> str:
    """String literal of Typst that stands for any text."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"}:
        return f"\\u{{{ord(character):x}}}"
    return character


def flowing(text: str) -> str:
    """Text without line ends, and with joints in long Latin words; between Chinese characters a line end is no space."""
    text = LINE_END_IN_CHINESE.sub("", text).replace("\n", " ")
    return LONG_WORD.sub(lambda word: JOINT.join(PART_OF_WORD.findall(word[0])), text)


def left_out(node: nodes.Node) -> bool:
    """Whether a part of a page is none of the report.

    That is: bureau and date of the cover, which the title page has, lists of pages, in whose place the report
    has its contents, and how the notebook was run, which serves those who have the notebooks.
    """
    match node:
        case nodes.compound():
            return "toctree-wrapper" in node["classes"]
        case nodes.container():
            return not {"imprint", "how-computed"}.isdisjoint(
                (*node["classes"], *node.get("container_classes", ()))
            )
    return False


def box(node: nodes.container) -> str:
    """Kind of box that a container is; empty when it only holds others."""
    return "finding" if "finding" in node["classes"] else str(node.get("design_component", ""))


def heading_role(text: str, level: int) -> str:
    """Font of a heading: by its number, as GB/T 9704 pairs them (7.3.3), else by its level."""
    number = heading_number(text)
    if not number:
        return "heading" if level <= 2 else "subheading"
    if number.startswith("（"):
        return "subheading"
    return "body" if number[0].isdigit() else "heading"


def columns(table: nodes.Element) -> int:
    """Columns of a table."""
    return len(list(table.findall(nodes.colspec)))


def text_width(node: nodes.Element) -> float:
    """Width of the text of a node in halves of a Chinese character; Latin ones and digits are somewhat wider than one."""
    return sum(
        2
        if unicodedata.east_asian_width(character) in "WFA"
        else 1
        if isinstance(text.parent, nodes.literal)
        else 1.2
        for text in node.findall(nodes.Text)
        for character in text
    )


def column_widths(tgroup: nodes.tgroup, room: float, width: Callable[[nodes.Element], float]) -> list[str]:
    """Widths that fill the line: by what the columns hold if it has room, else long ones share what short ones leave.

    Long headings may stand on two lines.

    Parameters
    ----------
    tgroup
        The table.
    room
        Width of the line in halves of a Chinese character.
    width
        Gives the width of what a node shows.
    """
    headings, *rows = ([*row.findall(nodes.entry)] for row in tgroup.findall(nodes.row))
    needed = []
    for heading, *cells in zip(headings, *rows, strict=True):
        held = [width(paragraph) for cell in cells for paragraph in cell.findall(nodes.paragraph)]
        needed.append(MARGIN + max(width(heading) / 2, min(width(heading), SHORT_HEADING), *held))
    if sum(needed) <= room:
        return [f"{width:.1f}fr" for width in needed]
    flexible = set(range(len(needed)))
    while fitting := {i for i in flexible if needed[i] <= room / len(flexible)}:
        flexible -= fitting
        room -= sum(needed[i] for i in fitting)
    least = min(LEAST, room / len(flexible))
    spare = (room - least * len(flexible)) / sum(needed[i] for i in flexible)
    return [f"{least + spare * width:.1f}fr" if i in flexible else "auto" for i, width in enumerate(needed)]


class TypstTranslator(SphinxTranslator):
    """One page.

    Attributes
    ----------
    code : str
        The page, in Typst's code mode.
    notes : str
        What it says for the foot of the title page.
    pictures : dict of str to str
        File names under which the code shows pictures, by their path in the project.
    """

    def __init__(self, document: nodes.document, builder: Builder, report: Report) -> None:
        super().__init__(document, builder)
        self.report = report
        self.part = report.parts[document["docname"]]
        self.code = self.notes = ""
        self.pictures: dict[str, str] = {}
        self.level = 0
        self.is_close = False
        self._body: list[str] = []
        self._around: list[list[str]] = []
        self._lying: list[str] = []

    def add(self, code: str) -> None:
        """Append code."""
        self._body.append(code)

    def collect(self) -> None:
        """Collect what follows apart."""
        self._around.append(self._body)
        self._body = []

    def collected(self) -> str:
        """End collecting apart and return what was collected."""
        code = "".join(self._body)
        self._body = self._around.pop()
        return code

    def place(self, node: nodes.Element) -> str:
        """Name of a node's place if a link leads there, else empty."""
        names = [f"{self.part.page}#{name}" for name in node["ids"]]
        if isinstance(node, nodes.section) and self.level == 1:
            names.append(self.part.page)
        return next((name for name in names if name in self.report.places), "")

    def anchor(self, node: nodes.Element) -> None:
        """Put the place of a node before what it holds."""
        if name := self.place(node):
            self.add(f"anchor({quoted(name)})\n")

    def pass_through(self, node: nodes.Node) -> None:
        """Add nothing; what the node holds is shown."""

    def close(self, node: nodes.Node) -> None:
        """End a block of code that is the last argument of a call."""
        self.add("})\n")

    def unknown_visit(self, node: nodes.Node) -> None:
        """Stop the build: what is not known here would be missing from the report."""
        kind, text = type(node).__name__, node.astext().strip()[:30]
        logger.warning(
            f"{self.part.page}：PDF 的排版程序不认识网页里的 {kind}（内容：“{text}”）；"
            "请维护人员在 evalbook/sphinxext/typst.py 里写明它怎样排",
            type="evalbook",
        )
        raise nodes.SkipNode

    def visit_document(self, node: nodes.document) -> None:
        self.collect()

    def depart_document(self, node: nodes.document) -> None:
        widths = [columns(table) for table in node.findall(nodes.table)]
        if self.part.kind == ANNEX and widths and min(widths) >= WIDE:
            self.code = f"lying(close-set({{\n{self.collected()}}}))\n"
        elif self.part.kind == ANNEX:
            self.code = f"pagebreak(weak: true)\nclose-set({{\n{self.collected()}}})\n"
        else:
            self.code = self.collected() + "".join(self._lying)

    # Text

    def visit_Text(self, node: nodes.Text) -> None:
        text = node.astext()
        for character in self.report.fonts.lacking(text):
            logger.warning(
                f"{self.part.page}：字库里没有{named(character)}这个字，PDF 印不出来（在“{text[:30]}”里）",
                type="evalbook",
            )
        self.add("joint\n".join(f"{quoted(part)}\n" for part in flowing(text).split(JOINT)))

    depart_Text = pass_through

    def visit_literal(self, node: nodes.literal) -> None:
        self.add("address({\n")

    depart_literal = close

    def visit_strong(self, node: nodes.strong) -> None:
        self.add("emphasised({\n")

    depart_strong = close

    def visit_superscript(self, node: nodes.superscript) -> None:
        self.add("super({\n")

    depart_superscript = close

    def visit_inline(self, node: nodes.inline) -> None:
        self.anchor(node)
        if "missing" in node["classes"]:
            self.add("emphasised({\n")

    def depart_inline(self, node: nodes.inline) -> None:
        if "missing" in node["classes"]:
            self.close(node)

    def visit_target(self, node: nodes.target) -> None:
        self.anchor(node)

    depart_target = pass_through
    visit_PassthroughTextElement = depart_PassthroughTextElement = pass_through

    def visit_reference(self, node: nodes.reference) -> None:
        target = target_of(self.part.page, node)
        if self.is_whole(node):
            self.add("whole({\n")
        self.add(f"to({quoted(target)}, {{\n" if target in self.report.places else "({\n")

    def depart_reference(self, node: nodes.reference) -> None:
        self.close(node)
        if self.is_whole(node):
            self.close(node)
        target = target_of(self.part.page, node)
        if self.names_page(node):
            self.add(f"at-page({quoted(target)})\n")
        elif "#" not in target and node.get("internal") and target not in self.report.parts:
            self.add(f"{quoted('（网页版）')}\n")

    def names_page(self, node: nodes.reference) -> bool:
        """Whether a reader on paper is told the page: not of a figure's lineage, nor of a cell, which are in order."""
        target = target_of(self.part.page, node)
        elsewhere = target.partition("#")[0] != self.part.page
        to_cell = self.is_close and any("std-ref" in inner["classes"] for inner in node.findall(nodes.inline))
        return (
            elsewhere
            and target in self.report.places
            and "figure-link" not in node["classes"]
            and not to_cell
        )

    def width(self, node: nodes.Element) -> float:
        """Width of what a node shows, in halves of a Chinese character."""
        return text_width(node) + AT_PAGE * sum(map(self.names_page, node.findall(nodes.reference)))

    def is_whole(self, node: nodes.reference) -> bool:
        """Whether a number must not be parted from its unit: where lines are not filled, that leaves no gaps."""
        return self.is_close and "figure-link" in node["classes"] and bool(NUMBER.fullmatch(node.astext()))

    # Headings, paragraphs, lists

    def visit_section(self, node: nodes.section) -> None:
        if all(isinstance(child, nodes.title) or left_out(child) for child in node.children):
            raise nodes.SkipNode
        self.level += 1

    def depart_section(self, node: nodes.section) -> None:
        self.level -= 1

    def visit_title(self, node: nodes.title) -> None:
        if isinstance(node.parent, nodes.table):
            self.add("caption: {\n")
            return
        if isinstance(node.parent, nodes.admonition):
            self.add("par(emphasised({\n")
            return
        if self.part.kind == COVER and self.level == 1:
            raise nodes.SkipNode  # the template sets the title page
        name = quoted(self.place(node.parent)) if self.place(node.parent) else "none"
        if self.part.kind == ANNEX and self.level == 1:
            self.add(f"annex({self.part.number}, name: {name}, {{\n")
        else:
            role = heading_role(node.astext(), self.level)
            listed = str(self.part.kind == CHAPTER).lower()
            self.add(f'titled(level: {self.level}, role: "{role}", listed: {listed}, name: {name}, {{\n')

    def depart_title(self, node: nodes.title) -> None:
        if isinstance(node.parent, nodes.table):
            self.add("},\n")
        elif isinstance(node.parent, nodes.admonition):
            self.add("}))\n")
        else:
            self.close(node)

    def visit_paragraph(self, node: nodes.paragraph) -> None:
        introduces = isinstance(node.next_node(descend=False, siblings=True), nodes.table)
        self.add("lead({\n" if introduces else "par({\n")
        self.anchor(node)

    depart_paragraph = close

    def visit_bullet_list(self, node: nodes.bullet_list) -> None:
        self.add("list(\n")

    def depart_bullet_list(self, node: nodes.bullet_list) -> None:
        self.add(")\n")

    def visit_list_item(self, node: nodes.list_item) -> None:
        self.add("{\n")

    def depart_list_item(self, node: nodes.list_item) -> None:
        self.add("},\n")

    # Boxes

    def visit_compound(self, node: nodes.compound) -> None:
        if left_out(node):
            raise nodes.SkipNode

    depart_compound = pass_through

    def visit_container(self, node: nodes.container) -> None:
        if left_out(node):
            raise nodes.SkipNode
        self.begin_status(node)
        match box(node):
            case "finding":
                self.is_close = True
                self.add("finding({\n")
            case "grid-container":
                self.add("cards(\n")
            case "card":
                self.add("{\n")
            case "card-title":
                self.add("emphasised({\n")

    def depart_container(self, node: nodes.container) -> None:
        match box(node):
            case "finding":
                self.is_close = False
                self.close(node)
            case "card-title":
                self.close(node)
            case "grid-container":
                self.add(")\n")
            case "card":
                self.add("},\n")
        self.end_status(node)

    def visit_admonition(self, node: nodes.admonition) -> None:
        self.begin_status(node)
        self.add("note({\n")

    def depart_admonition(self, node: nodes.admonition) -> None:
        self.close(node)
        self.end_status(node)

    def begin_status(self, node: nodes.Element) -> None:
        """Bring edition and data status to the title page; the other pages have them at their foot."""
        if "status" in node["classes"]:
            if self.part.kind != COVER:
                raise nodes.SkipNode
            self.collect()

    def end_status(self, node: nodes.Element) -> None:
        """End what the title page says."""
        if "status" in node["classes"]:
            self.notes += self.collected()

    # Charts and tables

    def visit_image(self, node: nodes.image) -> None:
        name = self.pictures.setdefault(node["uri"], PurePath(node["uri"]).name)
        if not node.get("alt"):
            logger.warning(f"{self.part.page}：图片 {name} 没有文字说明，读屏软件读不出它", type="evalbook")
        self.add(f"chart({quoted(name)}, alt: {quoted(node.get('alt', ''))})\n")

    depart_image = pass_through

    def visit_table(self, node: nodes.table) -> None:
        self.is_close = True
        if self.lies(node):
            name = quoted(f"{self.part.page}#{node['ids'][0]}")
            caption = quoted(next(iter(node.findall(nodes.title))).astext())
            self.add(f"lies({name}, {caption})\n")
            self.collect()
            self.add(f"lying({{\nanchor({name})\n")
        self.add(f"framed-table(small: {str(self.part.kind == ANNEX).lower()},\n")

    def depart_table(self, node: nodes.table) -> None:
        self.is_close = False
        self.add(")\n")
        if self.lies(node):
            self.close(node)
            self._lying.append(self.collected())

    def lies(self, node: nodes.table) -> bool:
        """Whether a table of a chapter needs a landscape page, which follows when the chapter has ended."""
        return self.part.kind == CHAPTER and columns(node) >= WIDE

    def visit_tgroup(self, node: nodes.tgroup) -> None:
        headings = next(iter(node.findall(nodes.row))).findall(nodes.entry)
        sides = ("right" if "text-right" in heading["classes"] else "left" for heading in headings)
        lying = columns(node) >= WIDE
        room = 2 * (LYING if lying else UPRIGHT) / (SMALL if self.part.kind == ANNEX else SIZE)
        self.add(
            f"align: ({', '.join(sides)}),\ncolumns: ({', '.join(column_widths(node, room, self.width))}),\n"
        )

    def visit_thead(self, node: nodes.thead) -> None:
        self.add("table.header(\n")

    def depart_thead(self, node: nodes.thead) -> None:
        self.add("),\n")

    depart_tgroup = pass_through
    visit_colspec = depart_colspec = pass_through
    visit_tbody = depart_tbody = pass_through
    visit_row = depart_row = pass_through

    def visit_entry(self, node: nodes.entry) -> None:
        if any(len(entry.astext()) > LONG for entry in node.parent.findall(nodes.entry)):
            self.add("table.cell(breakable: true)")
        self.add("[#{\n")

    def depart_entry(self, node: nodes.entry) -> None:
        self.add("}],\n")
