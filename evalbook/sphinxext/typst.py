"""While writing the PDF: the doctree of a page becomes Typst code.

Code, not markup: every text of the page is a string literal, so that nothing in it can mean more than its
characters, and everything else is a call of a function in ``templates/report.typ``, where the layout is.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from statistics import median_low
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxTranslator

from evalbook.fonts import Fonts, named
from evalbook.sphinxext.corrections import BOX
from evalbook.sphinxext.forms import FORM, REPEATED
from evalbook.year.narrative import heading_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Set

    from sphinx.builders import Builder

logger = logging.getLogger(__name__)

COVER, CHAPTER, ANNEX = "cover", "chapter", "annex"
SIZES = {CHAPTER: 10.5, ANNEX: 9.0}
"""Size of table text in points: 五号 in chapters, 小五 in annexes; the template is told."""

PORTRAIT, LANDSCAPE = 156 * 72 / 25.4, 225 * 72 / 25.4
"""Width of the type area in points (GB/T 9704, 5.2.1), and of that on its side."""

WIDE = 6
"""Columns from which a table needs the long side of the sheet: upright, each would have about six characters."""

# Widths are counted in halves of a Chinese character, which is what a digit takes.
MARGIN = 2.2
"""Space at the sides of a table cell, and a little to spare."""

LEAST = 16 + MARGIN
"""Width of a column of long text, at least: eight characters."""

SHORT_HEADING = 12
"""Width of a column heading that stays on one line."""

AT_PAGE = 10
"""Width of （第54页）."""

MARK = 2
"""Width of the mark of a finding, or of the room that a number without one leaves for it."""

LINE = 1.5 * SIZES[ANNEX]
"""Height of a line of a form in points, and somewhat more."""

FORM_ROW = 30
"""Height in points from which rows of a form are higher than what they hold."""

MOST_LINES = 25
"""Lines of a table row that stays whole; more might not fit under the heading of a landscape page."""

JOINT = "\u200b"
"""Zero-width space: where a line may break inside a word, such as an address, that a column might not hold."""

LONG_WORD = re.compile(r"[!-~]{13,}")
PART_OF_WORD = re.compile(r"[^._/]{0,9}[._/]|[^._/]{1,10}")
NUMBER = re.compile(r"-?\d[\d.]*\D{0,6}")
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
    targets : set of str
        Pages, and places on them (``page#id``), that a link of the report leads to and that it has.
    fonts : Fonts
        Fonts in which it is set.
    """

    parts: Mapping[str, Part]
    targets: Set[str]
    fonts: Fonts


ANCHORED = (nodes.section, nodes.paragraph, nodes.inline, nodes.target, nodes.table, nodes.bullet_list)
"""What a link may lead to; the translator puts an anchor there."""


def target_of(page: str, reference: nodes.reference) -> str:
    """Page, place on a page, or address, that a reference on a page leads to."""
    return str(reference.get("refuri") or f"{page}#{reference['refid']}")


@dataclass(frozen=True)
class Links:
    """What the links of a page lead to, and the places on it that links may lead to."""

    wanted: Set[str]
    places: Set[str]


def links_of(page: str, doctree: nodes.document) -> Links:
    """Links of a page and places on it."""
    wanted = {target_of(page, reference) for reference in doctree.findall(nodes.reference)}
    anchored = (node for node in doctree.findall(nodes.Element) if isinstance(node, ANCHORED))
    return Links(wanted, {f"{page}#{name}" for node in anchored for name in node["ids"]})


def linked_targets(pages: Mapping[str, Links]) -> set[str]:
    """Pages, and places on them, that links of a report lead to and that it has."""
    wanted = {target for links in pages.values() for target in links.wanted}
    return wanted & {*pages, *(place for links in pages.values() for place in links.places)}


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
    """Text without line ends, and with joints in long words; between Chinese characters a line end is no space."""
    text = LINE_END_IN_CHINESE.sub("", text).replace("\n", " ")
    return LONG_WORD.sub(lambda word: JOINT.join(PART_OF_WORD.findall(word[0])), text)


LEFT_OUT = {"imprint", "toctree-wrapper", "how-computed", "check-filter", "compiled"}
"""Classes of what is none of the report: bureau and date of the cover, which the title page has, lists of pages, in whose
place the report has its contents, how the notebook was run, which serves those who have the notebooks, filters, and the mark
of what the tool adds, which the report has in a part of its own."""

PROSE = "prose"
"""Class of what the bureau signs; everything else of a chapter but its headings stands behind the signature."""


def left_out(node: nodes.Node) -> bool:
    """Whether a part of a page is none of the report."""
    if not isinstance(node, nodes.compound | nodes.container):
        return False
    return not LEFT_OUT.isdisjoint((*node["classes"], *node.get("container_classes", ())))


ADDED = (nodes.paragraph, nodes.bullet_list, nodes.table, nodes.image, nodes.admonition, nodes.rubric)
"""What the tool adds to a chapter, where it stands outside the prose."""

CLOSED = "})\n"
"""Ends a block of code that is the last argument of a call."""

HEADED = ("par(emphasised({\n", "}))\n")
"""What a heading without a level is put into."""

BOXES = {
    "finding": ("finding({\n", CLOSED),
    "check": ("", "finding-ends\n"),
    BOX: ("corrections({\n", CLOSED),
    "grid-container": ("cards(\n", ")\n"),
    "card": ("{\n", "},\n"),
    "card-title": ("emphasised({\n", CLOSED),
}
"""What boxes are put into, by :func:`box`."""


def box(node: nodes.container) -> str:
    """Kind of box that a container is; empty when it only holds others."""
    named = {"finding", "check", BOX}.intersection(node["classes"])
    return named.pop() if named else str(node.get("design_component", ""))


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


def is_form(node: nodes.Node) -> bool:
    """Whether a node is an official form."""
    return isinstance(node, nodes.table) and FORM in node["classes"]


def has_mark(node: nodes.Node) -> bool:
    """Whether the mark of a finding is in a node."""
    return any("finding-mark" in mark["classes"] for mark in node.findall(nodes.superscript))


def marked_columns(table: nodes.Element) -> set[int]:
    """Columns of a table in which there are marks of findings."""
    rows = (enumerate(row.findall(nodes.entry)) for row in table.findall(nodes.row))
    return {index for row in rows for index, entry in row if has_mark(entry)}


def text_width(node: nodes.Element) -> float:
    """Width of the text of a node; Latin letters and digits are somewhat wider than half a character."""
    return sum(
        2
        if unicodedata.east_asian_width(character) in "WFA"
        else 1
        if isinstance(text.parent, nodes.literal)
        else 1.2
        for text in node.findall(nodes.Text)
        for character in text
    )


def column_widths(tgroup: nodes.tgroup, room: float, width: Callable[[nodes.Element], float]) -> list[float]:
    """Widths that fill the line: by what columns hold if it has room, else long ones share what short ones leave.

    Long headings may stand on three lines.

    Parameters
    ----------
    tgroup
        The table.
    room
        Width of the line.
    width
        Gives the width of what a node shows.
    """
    headings, *rows = ([*row.findall(nodes.entry)] for row in tgroup.findall(nodes.row))
    needed = []
    for heading, *cells in zip(headings, *rows, strict=True):
        held = [width(paragraph) for cell in cells for paragraph in cell.findall(nodes.paragraph)]
        needed.append(MARGIN + max(width(heading) / 3, min(width(heading), SHORT_HEADING), *held))
    if sum(needed) <= room:
        return [wanted * room / sum(needed) for wanted in needed]
    long = set(range(len(needed)))
    while fitting := {column for column in long if needed[column] <= room / len(long)}:
        long -= fitting
        room -= sum(needed[column] for column in fitting)
    least = min(LEAST, room / len(long))
    spare = (room - least * len(long)) / sum(needed[column] for column in long)
    return [least + spare * wanted if column in long else wanted for column, wanted in enumerate(needed)]


def enclosed(code: str, end: str = CLOSED) -> Any:
    """Method of the translator that puts what a node holds into code."""
    return lambda self, _: self.begin(code, end)


class TypstTranslator(SphinxTranslator):
    """One page.

    Attributes
    ----------
    code : str
        The page, in Typst's code mode.
    landscape : str
        Tables of a chapter that follow it on landscape pages.
    notes : str
        What the cover says of the report's state, which stands behind the signature.
    exhibits : str
        Tables, charts and boxes of a chapter that the tool adds to the prose, which stand behind the signature.
    pictures : dict of str to str
        File names under which the code shows pictures, by their path in the project.
    """

    def __init__(self, document: nodes.document, builder: Builder, report: Report) -> None:
        super().__init__(document, builder)
        self.report = report
        self.part = report.parts[document["docname"]]
        self.code = self.landscape = self.notes = self.exhibits = ""
        self.is_signed = False
        self.apart: nodes.Node | None = None
        self.pictures: dict[str, str] = {}
        tables = [columns(table) for table in document.findall(nodes.table)]
        self.is_landscape = self.part.kind == ANNEX and bool(tables) and median_low(tables) >= WIDE
        self.is_compact = False
        self.level = 0
        self.widths: list[float] = []
        self.marked: set[int] = set()
        self.under_heading = 0
        self._body: list[str] = []
        self._around: list[list[str]] = []
        self._ends: list[str] = []

    def dispatch_visit(self, node: nodes.Node) -> None:
        """Visit a node; its code ends as :meth:`begin` was told, and what the tool added to a chapter is kept apart."""
        if self.is_added(node):
            self.apart = node
            self.collect()
        self._ends.append("")
        try:
            super().dispatch_visit(node)
        except nodes.SkipNode:
            self._ends.pop()
            self.end_apart(node)
            raise

    def dispatch_departure(self, node: nodes.Node) -> None:
        """End what was begun."""
        super().dispatch_departure(node)
        self.add(self._ends.pop())
        self.end_apart(node)

    def is_added(self, node: nodes.Node) -> bool:
        """Whether a node, and all that it holds, is what the tool adds to a text that the bureau signs."""
        if self.part.kind == ANNEX or self.is_signed or self.apart is not None:
            return False
        boxed = isinstance(node, nodes.container) and ("status" in node["classes"] or bool(box(node)))
        return boxed or isinstance(node, ADDED)

    def end_apart(self, node: nodes.Node) -> None:
        """Put what the tool added with the exhibits of the chapter."""
        if self.apart is node:
            self.exhibits += self.collected()
            self.apart = None

    def begin(self, code: str, end: str = CLOSED) -> None:
        """Append code that another piece of code ends when all that the node holds has been added."""
        self.add(code)
        self._ends[-1] = end

    def end(self) -> None:
        """End what was begun, before more is added."""
        self.add(self._ends[-1])
        self._ends[-1] = ""

    def add(self, code: str) -> None:
        """Append code."""
        self._body.append(code)

    def say(self, text: str) -> None:
        """Append text."""
        self.add("joint\n".join(f"{quoted(part)}\n" for part in flowing(text).split(JOINT)))

    def collect(self) -> None:
        """Collect what follows apart."""
        self._around.append(self._body)
        self._body = []

    def collected(self) -> str:
        """End collecting apart and return what was collected."""
        code = "".join(self._body)
        self._body = self._around.pop()
        return code

    def names(self, node: nodes.Element) -> list[str]:
        """Names of a node that links lead to."""
        names = [f"{self.part.page}#{name}" for name in node["ids"]]
        if isinstance(node, nodes.section) and self.level == 1:
            names.append(self.part.page)
        return [name for name in names if name in self.report.targets]

    def anchor(self, names: list[str]) -> None:
        """Put targets of links before what follows."""
        for name in names:
            self.add(f"anchor({quoted(name)})\n")

    def warn(self, message: str, node: nodes.Node) -> None:
        """Warn, which fails the build, and say where: page, and line of the file where it is known."""
        place: nodes.Node | None = node
        while place is not None and place.line is None:
            place = place.parent
        logger.warning(f"{self.part.page}：{message}", location=place, type="evalbook")

    def pass_through(self, node: nodes.Node) -> None:
        """Add nothing; what the node holds is shown."""

    visit_document = visit_PassthroughTextElement = visit_colspec = visit_tbody = pass_through
    depart_Node = pass_through

    def unknown_visit(self, node: nodes.Node) -> None:
        """Stop the build: what is not known here would be missing from the report."""
        self.warn(
            f"PDF 的排版程序不认识网页里的 {type(node).__name__}（内容：“{node.astext().strip()[:30]}”）；"
            "请维护人员在 evalbook/sphinxext/typst.py 里写明它怎样排",
            node,
        )
        raise nodes.SkipNode

    def visit_Invisible(self, node: nodes.Node) -> None:
        raise nodes.SkipNode  # comments and the like, which HTML does not show either

    def depart_document(self, node: nodes.document) -> None:
        self.code = "".join(self._body)
        if self.part.kind == ANNEX:
            annexed = f"annexed({{\n{self.code}}})"
            self.code = (
                f"landscape({annexed})\n" if self.is_landscape else f"pagebreak(weak: true)\n{annexed}\n"
            )

    # Text

    def visit_Text(self, node: nodes.Text) -> None:
        text = node.astext()
        for character in self.report.fonts.without_glyph(text):
            self.warn(f"字库里没有{named(character)}这个字，PDF 里显示不出来（在“{text[:30]}”里）", node)
        self.say(text)

    visit_literal = enclosed("address({\n")
    visit_strong = enclosed("emphasised({\n")

    def visit_superscript(self, node: nodes.superscript) -> None:
        # A mark at the head of a line would seem to belong to what follows.
        self.begin("sym.wj\nmark({\n" if "finding-mark" in node["classes"] else "super({\n")

    def visit_inline(self, node: nodes.inline) -> None:
        self.anchor(self.names(node))
        if "missing" in node["classes"]:
            self.begin("emphasised({\n")

    def visit_target(self, node: nodes.target) -> None:
        self.anchor(self.names(node))

    def visit_reference(self, node: nodes.reference) -> None:
        target = target_of(self.part.page, node)
        call = f"to({quoted(target)}, {{\n"
        if target not in self.report.targets:
            call = "({\n" if self.is_internal(node) else f"link({quoted(target)}, {{\n"
        if self.is_whole(node):
            self.begin(f"whole({{\n{call}", CLOSED * 2)
        else:
            self.begin(call)

    def depart_reference(self, node: nodes.reference) -> None:
        self.end()
        target = target_of(self.part.page, node)
        if self.names_page(node):
            self.add(f"at-page({quoted(target)})\n")
        elif not self.is_internal(node) and node.astext() != target:
            self.say(f"（{target}）")  # on paper, an address that cannot be read is lost
        elif "#" not in target and self.is_internal(node) and target not in self.report.parts:
            self.say("（网页版）")

    @staticmethod
    def is_internal(node: nodes.reference) -> bool:
        """Whether a reference leads to a page of the book."""
        return "refid" in node or bool(node.get("internal"))

    def names_page(self, node: nodes.reference) -> bool:
        """Whether a reader on paper is told the page: not of a figure's lineage, nor of a cell, which are in order."""
        target = target_of(self.part.page, node)
        elsewhere = target.partition("#")[0] != self.part.page
        inner = node.findall(nodes.inline)
        to_cell = self.is_compact and any("std-ref" in shown["classes"] for shown in inner)
        in_order = to_cell or not {"figure-link", "finding-link"}.isdisjoint(node["classes"])
        return elsewhere and target in self.report.targets and not in_order

    def is_whole(self, node: nodes.reference) -> bool:
        """Whether a number must not be parted from its unit: where lines are not filled, that leaves no gaps."""
        return self.is_compact and "figure-link" in node["classes"] and bool(NUMBER.fullmatch(node.astext()))

    def width(self, node: nodes.Element) -> float:
        """Width of what a node shows."""
        at_page = AT_PAGE * sum(map(self.names_page, node.findall(nodes.reference)))
        return text_width(node) + at_page + (MARK if self.lacks_mark(node) else 0)

    # Headings, paragraphs, lists

    def visit_section(self, node: nodes.section) -> None:
        if all(isinstance(child, nodes.title) or left_out(child) for child in node.children):
            raise nodes.SkipNode
        self.level += 1

    def depart_section(self, node: nodes.section) -> None:
        self.level -= 1

    def visit_title(self, node: nodes.title) -> None:
        if isinstance(node.parent, nodes.table):
            self.begin("caption: {\n", "},\n")
            return
        if isinstance(node.parent, nodes.admonition):
            self.begin(*HEADED)
            return
        names = self.names(node.parent)
        if self.part.kind == COVER and self.level == 1:
            self.anchor(names)
            raise nodes.SkipNode  # the template sets the title page
        self.anchor(names[1:])
        name = quoted(names[0]) if names else "none"
        if self.part.kind == ANNEX and self.level == 1:
            self.begin(f"annex({self.part.number}, name: {name}, {{\n")
        else:
            role = heading_role(node.astext(), self.level)
            listed = str(self.part.kind == CHAPTER).lower()
            self.begin(f'titled(level: {self.level}, role: "{role}", listed: {listed}, name: {name}, {{\n')

    visit_rubric = enclosed(*HEADED)

    def visit_paragraph(self, node: nodes.paragraph) -> None:
        introduces = isinstance(node.next_node(descend=False, siblings=True), nodes.table)
        self.begin("lead({\n" if introduces else "par({\n")
        self.anchor(self.names(node))

    def depart_paragraph(self, node: nodes.paragraph) -> None:
        if self.lacks_mark(node):
            self.add("no-mark\n")

    def lacks_mark(self, node: nodes.Node) -> bool:
        """Whether a number must leave the room of a mark at its right, to stand under those that have one."""
        entry = node.parent
        in_marked = isinstance(entry, nodes.entry) and entry.parent.index(entry) in self.marked
        return in_marked and not has_mark(node)

    def visit_bullet_list(self, node: nodes.bullet_list) -> None:
        self.anchor(self.names(node))
        self.begin("list(\n", ")\n")

    visit_list_item = enclosed("{\n", "},\n")

    # Boxes

    def visit_compound(self, node: nodes.compound) -> None:
        if left_out(node):
            raise nodes.SkipNode

    def visit_container(self, node: nodes.container) -> None:
        if left_out(node):
            raise nodes.SkipNode
        self.is_signed |= PROSE in node["classes"]
        self.begin_status(node)
        self.begin(*BOXES.get(box(node), ("", "")))
        self.is_compact |= box(node) == "finding"

    def depart_container(self, node: nodes.container) -> None:
        self.is_signed &= PROSE not in node["classes"]
        self.is_compact &= box(node) != "finding"
        self.end_status(node)

    def visit_admonition(self, node: nodes.admonition) -> None:
        self.begin_status(node)
        self.begin("note({\n")

    def depart_admonition(self, node: nodes.admonition) -> None:
        self.end_status(node)

    def begin_status(self, node: nodes.Element) -> None:
        """Bring what the cover says of the state behind the signature; all pages have it in their footers."""
        if "status" in node["classes"]:
            if self.part.kind != COVER:
                raise nodes.SkipNode
            self.collect()

    def end_status(self, node: nodes.Element) -> None:
        """End what the cover says of the state."""
        if "status" in node["classes"]:
            self.end()
            self.notes += self.collected()

    # Charts and tables

    def visit_image(self, node: nodes.image) -> None:
        page = self.part.page.replace("/", "-")
        name = self.pictures.setdefault(node["uri"], f"{page}-{len(self.pictures) + 1}.svg")
        if not node.get("alt"):
            self.warn(f"图片 {node['uri']} 没有文字说明，读屏软件读不出它", node)
        self.add(f"chart({quoted(name)}, alt: {quoted(node.get('alt', ''))})\n")

    def visit_table(self, node: nodes.table) -> None:
        names, follows = self.names(node), self.follows(node)
        if follows and self.apart is not None:
            self.add("landscape({\n")
        elif follows:
            name = f"{self.part.page}#{node['ids'][0]}"
            caption = next(iter(node.findall(nodes.title))).astext()
            self.add(f"follows({quoted(name)}, {quoted(caption)})\n")
            self.collect()
            self.add("landscape({\n")
            names = [name, *(other for other in names if other != name)]
        self.anchor(names)
        self.is_compact = True
        if is_form(node) and any(map(is_form, node.parent.children[: node.parent.index(node)])):
            self.add("pagebreak(weak: true)\n")
        kind = "official-form" if is_form(node) else "framed-table"
        self.begin(f"{kind}(\n", f")\n{CLOSED if follows else ''}")

    def depart_table(self, node: nodes.table) -> None:
        self.is_compact = False
        self.marked = set()
        self.end()
        if self.follows(node) and self.apart is None:
            self.landscape += self.collected()

    def follows(self, node: nodes.Element) -> bool:
        """Whether a table of a chapter needs a landscape page, which follows when the chapter has ended."""
        return self.part.kind != ANNEX and columns(node) >= WIDE

    def visit_tgroup(self, node: nodes.tgroup) -> None:
        if is_form(node.parent):
            shares = ", ".join(f"{column['colwidth']}fr" for column in node.findall(nodes.colspec))
            heights = ", ".join(f"{self.height(row)}" for row in node.findall(nodes.row))
            self.add(f"columns: ({shares}), rows: ({heights}),\n")
            return
        headings = next(iter(node.findall(nodes.row))).findall(nodes.entry)
        sides = ["right" if "text-right" in heading["classes"] else "left" for heading in headings]
        self.marked = marked_columns(node) & {index for index, side in enumerate(sides) if side == "right"}
        kind = ANNEX if self.part.kind == ANNEX else CHAPTER
        line = LANDSCAPE if self.is_landscape or self.follows(node.parent) else PORTRAIT
        self.widths = column_widths(node, 2 * line / SIZES[kind], self.width)
        shares = ", ".join(f"{width:.1f}fr" for width in self.widths)
        self.add(f'size: "{kind}", align: ({", ".join(sides)}), columns: ({shares}),\n')

    def visit_thead(self, node: nodes.thead) -> None:
        options = "repeat: false," if is_form(node.parent.parent) else ""
        self.begin(f"table.header({options}\n", "),\n")

    def visit_row(self, node: nodes.row) -> None:
        self.breaks = self.lines(node) > MOST_LINES
        if REPEATED in node["classes"]:
            self.begin("table.header(level: 2,\n", "),\n")
        elif self.under_heading:
            self.add(f"table.cell(rowspan: {self.under_heading}, ..below-heading)[],\n")
            self.under_heading = 0

    def visit_entry(self, node: nodes.entry) -> None:
        options = ["breakable: true"] if self.breaks else []
        rows, columns = node.get("morerows", 0) + 1, node.get("morecols", 0) + 1
        if rows > 1 and REPEATED in node.parent["classes"]:
            # Of what heads the columns again, no cell may reach below: an empty one goes on there.
            self.under_heading = rows - 1
            options.append("..heading-of-rows")
        elif rows > 1:
            options += [f"rowspan: {rows}", "breakable: true"]
        if columns > 1:
            options.append(f"colspan: {columns}")
        if "running" in node["classes"]:
            options.append("..running-text")
        cell = f"table.cell({', '.join(dict.fromkeys(options))})" if options else ""
        self.begin(f"{cell}[#{{\n", "}],\n")

    def height(self, row: nodes.row) -> str:
        """Height of a row of a form: that of the paper form where it leaves room to write; more where there is more text."""
        least = row.get("height", 0)
        text = LINE * (self.lines(row) + 1)
        return f"{least}pt" if least > max(text, FORM_ROW) else "auto"

    def lines(self, row: nodes.Element) -> int:
        """Lines that a row of the table needs."""
        entries = list(row.findall(nodes.entry))
        line = 2 * LANDSCAPE / SIZES[ANNEX]
        told = [entry["width"] * line for entry in entries if "width" in entry]
        needed = []
        for entry, width in zip(entries, told or self.widths, strict=True):
            held = map(self.width, entry.findall(nodes.paragraph))
            needed.append(sum(math.ceil(text / (width - MARGIN)) or 1 for text in held))
        return max(needed)
