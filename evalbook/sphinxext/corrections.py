"""While reading: above each page, the corrections and doubts of what it shows.

A page says where they stand by the directive ``page-corrections``; which ones they are is seen from the figures that
the page really shows, so that none can be forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from evalbook.render import corrections
from evalbook.run import DOWNLOADS
from evalbook.sphinxext.book import book_of

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

    from evalbook.figures import FigureSet
    from evalbook.schema import Correction

logger = logging.getLogger(__name__)

BOX = "page-corrections"
"""Class of the box."""

EVERYTHING = {"checks", "indicators", "lineage", "tables"}
"""Pages that show every figure: a line leads to the list, which would be the whole page of editions once more."""

OPEN = 3
"""Entries up to which the box is unfolded."""


def page_of(env: BuildEnvironment) -> tuple[FigureSet | None, str]:
    """Figures of the page's year, none where it has no box, and its name in the year."""
    book, page = book_of(env.app), env.docname.rpartition("/")[2]
    year = book.layout.year_of(env.docname)
    return (None if year is None or page in {corrections.EDITIONS, DOWNLOADS} else book.figures(year)), page


class PageCorrections(nodes.General, nodes.Element):
    """Everything that the page may have to tell; :class:`ChooseCorrections` leaves what it must."""


class PageCorrectionsDirective(SphinxDirective):
    """Directive ``page-corrections``."""

    def run(self) -> list[nodes.Node]:
        """Parse the list; of pages that have no box, nothing."""
        figures, page = page_of(self.env)
        if figures is None:
            return []
        write = corrections.corrections_line if page in EVERYTHING else corrections.page_corrections
        text = write(figures)
        box = PageCorrections("")
        self.state.nested_parse(StringList(text.splitlines(), self.env.docname), 0, box)
        return [box] if text else []


class ChooseCorrections(SphinxTransform):
    """Keep in the box what concerns the page, and give it a heading; take it away when nothing does."""

    default_priority = 400

    def apply(self, **_: Any) -> None:
        """Look at the figures and tables of the page."""
        figures, page = page_of(self.env)
        if figures is None:
            return
        box = next(iter(self.document.findall(PageCorrections)), None)
        if page in EVERYTHING:
            if box is not None:
                box.replace_self(nodes.container("", *box.children, classes=[BOX]))
            return
        found = corrections.concerned(figures, page, *self.shown())
        if box is None and found:
            page = self.env.docname
            told = "这一页有更正或存疑的内容，却没有说明它们的地方；请在笔记本里先显示 opening 或 cover"
            logger.warning(f"{page}：{told}", location=page, type="evalbook")
        elif box is not None:
            box.replace_self(self.box(figures, box, found) if found else [])

    def shown(self) -> tuple[list[str], set[str]]:
        """Addresses of the figures whose numbers the page shows, and names of the tables whose texts it shows."""
        links = self.document.findall(addnodes.pending_xref)
        addresses = [link["shows"] for link in links if "shows" in link]
        classes = {name for table in self.document.findall(nodes.table) for name in table["classes"]}
        begin = corrections.TABLE_CLASS
        return addresses, {name.removeprefix(begin) for name in classes if name.startswith(begin)}

    def box(
        self, figures: FigureSet, box: PageCorrections, found: dict[Correction, tuple[str, ...]]
    ) -> nodes.container:
        """Folding box, its heading always visible."""
        (listed,) = box.children
        assert isinstance(listed, nodes.bullet_list)  # noqa: S101  (page_corrections writes one)
        for item, correction in zip(list(listed.children), corrections.relevant(figures), strict=True):
            assert isinstance(item, nodes.list_item)  # noqa: S101
            if correction not in found:
                listed.remove(item)
            elif found[correction]:
                item.append(nodes.paragraph("", f"由它算出的：{'、'.join(found[correction])}。"))
        heading = nodes.rubric("", f"以下内容：{corrections.counted(found)}")
        # What sphinx-design's directive ``dropdown`` makes.
        kind = {"design_component": "dropdown", "type": "dropdown", "is_div": True, "has_title": True}
        looks = {"container_classes": ["sd-mb-3", BOX], "title_classes": [], "body_classes": []}
        made = nodes.container("", heading, listed, classes=[BOX], icon=None, chevron=None, **kind, **looks)
        made["opened"] = len(found) <= OPEN
        return made
