"""While reading: figures, linked to their lineage and back and to their findings, and terms.

A term is linked where a page first names it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinx.util.nodes import make_refnode
from sphinx.writers.html5 import HTML5Translator

from evalbook.figures.figure import grouped_number, written_units
from evalbook.render.annex import figure_label
from evalbook.render.corrections import EDITIONS, correction_label, doubted
from evalbook.render.findings import finding_label, finding_state
from evalbook.run import ANNEXES, pages
from evalbook.schema.vocabulary import ABSENT, FLAGS, UNTIED
from evalbook.sphinxext.book import book_of
from evalbook.sphinxext.corrections import BOX
from evalbook.sphinxext.forms import FORM
from evalbook.sphinxext.kept import kept_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from evalbook.figures import Figure, FigureSet
    from evalbook.sphinxext.book import Book

logger = logging.getLogger(__name__)

FINDING_MARK = "※"
"""Stands beside a figure that a finding is about."""

DOUBT_MARK = "疑"
"""Stands there instead when the edition calls the figure doubtful, or what it was computed from is in doubt."""

UNMARKED = {"checks", "lineage", "tables", "forms", EDITIONS}
"""Pages of a year that say themselves where else a figure is spoken of, tables as they were entered, and official forms."""


def acceptable_texts(figures: FigureSet, figure: Figure) -> set[str]:
    """Texts under which a page may show a figure; anything else is another figure's number."""
    numbers = {figure.number, grouped_number(figure.number)} if figure.value is not None else ()
    written = {number + unit for number in numbers for unit in written_units(figure.unit).values()}
    return (
        {figure.text, figure.said, figure.label, figure.number or figure.absence}
        | ({figure.doubt.size.text} if figure.doubt else set())
        | {text.removeprefix("-") for text in written}
        | written
        | {figures.number_in(figure, unit) for unit in figures.units.alike(figure.unit)}
        | {figures.said_in(figure, unit) for unit in figures.units.alike(figure.unit)}
    )


class FigureRole(SphinxRole):
    """Role ``figure``: a figure of the page's year, linked to its lineage.

    ``{figure}`城市低保累计支出` `` by Chinese name or address; ``{figure}`2748.71万元 <spending.urban_dibao>` ``
    with the text that a notebook computed, which must be this year's; ``{figure}`2020/城市低保累计支出` `` with
    the year, on a page that belongs to no year.
    """

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Resolve the name, prove the text, and leave the link to Sphinx."""
        text, _, target = self.text.rpartition("<")
        target = target.removesuffix(">").strip() if text else self.text.strip()
        text = text.strip()
        own, _, name = target.rpartition("/")
        book = book_of(self.env.app)
        page_year = book.layout.year_of(self.env.docname)
        year = int(own) if own.isascii() and own.isdigit() else page_year
        if year is None or year not in book.asked("all_years"):
            return self.refused(f"引用“{target}”没有写明年度，或没有这个年度")
        figures = book.figures(year)
        figure = figures.figures.get(name) or figures.named(name)
        if figure is None:
            return self.refused(f"{year}年度没有“{name}”这个数字")
        shown = text or (figure.said if name in figures.figures else figures.text_of(name))
        # A page of another year names the figure; its number would be a number of the wrong year.
        elsewhere = page_year not in {None, year}
        if shown not in ({f"{year}年度{figure.label}"} if elsewhere else acceptable_texts(figures, figure)):
            return self.refused(f"“{shown}”不是{year}年度的“{figure.label}”（{figure.text}）")
        # An edition's book has one year; a formula names figures of the year before.
        if year not in book.years:
            return [nodes.inline("", shown)], []
        link = self.link(figure, year, shown)
        # Formulas name figures, whose numbers stand beside them.
        named = elsewhere or shown == figure.label
        mark = None if named else self.mark(book, figure, year)
        if not named and page_year == year:
            link["shows"] = figure.address
        if page_year == year and self.env.docname.rpartition("/")[2] not in ANNEXES:
            mark_use(self.env, figure_label(year, figure.address), link)
        return [nodes.inline("", "", link, mark, classes=["marked"]) if mark else link], []

    def mark(self, book: Book, figure: Figure, year: int) -> nodes.Element | None:
        """Mark beside a figure that the edition doubts or a finding is about; none where figures are looked up anyway."""
        if self.env.docname.rpartition("/")[2] in UNMARKED:
            return None
        figures = book.figures(year)
        if doubts := doubted(figures, figure.address):
            title = "存疑" if doubts[0] in figure.corrections else "由存疑的数字算出"
            title += f"，{figure.doubt.words}" if figure.doubt else ""
            own = doubts[0] in figures.year.corrections
            label = correction_label(year, doubts[0]) if own else figure_label(year, figure.address)
            return self.marked(DOUBT_MARK, label, title, "doubt")
        if found := book.findings(year).by_address.get(figure.address):
            finding = found[0]
            title = f"见勾稽检查（{finding.severity}，{finding_state(finding)}）：{finding.rule.title}"
            title += f"；{figure.doubt.words}" if figure.doubt else ""
            answered = ["answered"] if finding.explained else []
            return self.marked(FINDING_MARK, finding_label(year, finding), title, *answered)
        if figure.doubt:  # for what follows from a finding, or for one of the year before
            title = f"存疑，{figure.doubt.words}"
            return self.marked(DOUBT_MARK, figure_label(year, figure.address), title, "doubt")
        return None

    def marked(self, sign: str, target: str, title: str, *classes: str) -> nodes.Element:
        """Sign that leads to a label; the title names it."""
        reference = self.reference(nodes.inline("", sign), "finding", target, reftitle=title)
        return nodes.superscript("", "", reference, classes=["finding-mark", *classes])

    def link(self, figure: Figure, year: int, shown: str) -> nodes.Element:
        """Cross-reference to the figure's entry in the lineage annex."""
        shown_node = nodes.inline("", shown, classes=["missing"] if shown in ABSENT else [])
        if figure.flag in {"p", "r", "e"}:
            shown_node += nodes.superscript("", FLAGS[figure.flag], classes=["flag"])
        return self.reference(shown_node, "figure", figure_label(year, figure.address))

    def reference(self, shown: nodes.Node, kind: str, target: str, **more: str) -> addnodes.pending_xref:
        """Cross-reference to a label."""
        known = {"reftype": kind, "reftarget": target, **more, "refdoc": self.env.docname, "refwarn": True}
        reference = addnodes.pending_xref("", shown, **known)
        self.set_source_info(reference)
        return reference

    def refused(self, message: str) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Warn, which fails the build."""
        logger.warning(message, location=self.get_location(), type="evalbook")
        return [nodes.inline("", self.text)], []


class UntiedRole(SphinxRole):
    """Role ``untied``: a number that was typed into prose, with the mark that it is tied to no figure."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Put the mark behind the number."""
        mark = nodes.superscript("", UNTIED, classes=["untied-mark"])
        return [nodes.inline("", self.text, mark, classes=["untied"])], []


def mark_use(env: BuildEnvironment, figure: str, link: nodes.Element) -> None:
    """Note where a page first shows a figure, so that its lineage can lead back."""
    places = kept_of(env).pages[env.docname].uses
    if figure not in places:
        places[figure] = nodes.make_id(f"use-{figure}")
        next(link.findall(nodes.inline))["ids"].append(places[figure])


class FigureUses(nodes.Inline, nodes.TextElement):
    """Place in the lineage annex where the pages that show a figure are listed."""


class UsesRole(SphinxRole):
    """Role ``figure-uses``: links to the pages that show a figure, named by its label."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Leave a node that is filled when every page has been read."""
        return [FigureUses("", figure=self.text)], []


class ListUses(SphinxPostTransform):
    """Fill in the pages that show a figure; a figure that only the annexes show has no such line."""

    default_priority = 5

    def run(self, **_: Any) -> None:
        """Replace each node by links, in the order of the book's pages."""
        book = book_of(self.app)
        listed = list(self.document.findall(FigureUses))
        year = book.layout.year_of(self.env.docname)
        order = pages(book.root, year) if listed and year is not None else ()
        known = kept_of(self.env).pages.items()
        for node in listed:
            figure = node["figure"]
            places = {page: found.uses[figure] for page, found in known if figure in found.uses}
            links: list[nodes.Node] = []
            for page in sorted(places, key=lambda name: order.index(name.rpartition("/")[2])):
                title = nodes.Text(self.env.titles[page].astext())
                links += [
                    nodes.Text("、" if links else "用在："),
                    make_refnode(self.app.builder, self.env.docname, page, places[page], title),
                ]
            if links:
                node.replace_self(links)
            else:
                node.parent.parent.remove(node.parent)


def resolve_figure(
    app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, content: nodes.TextElement
) -> nodes.reference | None:
    """Lead a figure to its entry in the lineage annex; Sphinx's own labels would drop marks and classes."""
    if node["reftype"] not in {"figure", "finding"}:
        return None
    place = env.get_domain("std").anonlabels.get(node["reftarget"])  # type: ignore[attr-defined]
    if place is None:
        return None
    document, label = place
    title = node.get("reftitle")
    reference = make_refnode(app.builder, node["refdoc"], document, label, content, title)
    reference["classes"].append(f"{node['reftype']}-link")
    return reference


def visit_reference(self: HTML5Translator, node: nodes.reference) -> None:
    """Begin a link; that of a mark has its title for a name, because a sign says nothing to who cannot see it."""
    start = len(self.body)
    HTML5Translator.visit_reference(self, node)
    if "finding-link" in node["classes"]:
        name = self.attval(node["reftitle"])
        self.body[start] = self.body[start].replace("<a ", f'<a aria-label="{name}" ', 1)


class TermLinks(SphinxTransform):
    """Link each term of the glossary where it first appears in the running text, tables and lists of a page."""

    default_priority = 700  # after everything is parsed, before Sphinx resolves references

    NOT_RUNNING_TEXT = (
        nodes.reference,
        addnodes.pending_xref,
        nodes.title,
        nodes.thead,
        nodes.literal,
        nodes.literal_block,
        nodes.raw,
        addnodes.glossary,
    )
    APART: ClassVar = {"sd-card-title", "finding", "check", FORM, BOX}
    """Classes of what is no running text either."""

    def apply(self, **_: Any) -> None:
        """Split the text at the first place of each term and put a reference there."""
        registries = book_of(self.app).registries
        explained = {p.name for p in registries.programmes.values() if p.note}
        left = explained | {term.name for term in registries.glossary}
        for text in list(self.document.findall(nodes.Text)):
            if left and not self._passed_over(text):
                text.parent.replace(text, self._linked(str(text), left))

    def _passed_over(self, text: nodes.Text) -> bool:
        node: nodes.Element | None = text.parent
        while node is not None:
            if isinstance(node, self.NOT_RUNNING_TEXT) or not self.APART.isdisjoint(node["classes"]):
                return True
            node = node.parent
        return False

    def _linked(self, text: str, left: set[str]) -> list[nodes.Node]:
        """Pieces of a text; linked terms are taken out of ``left``."""
        pieces: list[nodes.Node] = []
        position = 0
        for match in _one_of(frozenset(left)).finditer(text):
            term = match.group()
            if term not in left:
                continue
            left.remove(term)
            pieces += [nodes.Text(text[position : match.start()]), self._link(term)]
            position = match.end()
        pieces.append(nodes.Text(text[position:]))
        return [piece for piece in pieces if not isinstance(piece, nodes.Text) or piece]

    def _link(self, term: str) -> addnodes.pending_xref:
        shown = nodes.inline("", term, classes=["term-link"])
        known = {"refdomain": "std", "reftype": "term", "reftarget": term, "refdoc": self.env.docname}
        return addnodes.pending_xref("", shown, **known, refexplicit=True, refwarn=True)


@lru_cache(maxsize=8)
def _one_of(terms: frozenset[str]) -> re.Pattern[str]:
    """Any of the terms; the longest of two that begin at one place: 孤儿和事实无人抚养儿童物价补贴, not 孤儿."""
    return re.compile("|".join(map(re.escape, sorted(terms, key=lambda term: (-len(term), term)))))
