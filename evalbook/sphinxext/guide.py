"""While reading: directives for what the package writes on pages that belong to no year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from evalbook.render.findings import check_rules
from evalbook.render.frameworks import framework_catalogue
from evalbook.render.guide import dictionary, exhibits, glossary, methods, registry_tables, years_overview
from evalbook.sphinxext.book import book_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from evalbook.figures import FigureSet
    from evalbook.sphinxext.book import Book


def of_all(book: Book) -> list[FigureSet]:
    """Figures of every year."""
    return [book.figures(year) for year in book.years]


WRITTEN: dict[str, Callable[[Book], str]] = {
    "years-overview": lambda book: years_overview(of_all(book)),
    "terms": lambda book: glossary(of_all(book)),
    "methods": lambda book: methods(of_all(book)),
    "check-rules": lambda book: check_rules([book.findings(year) for year in book.years]),
    "frameworks": lambda book: framework_catalogue(book.asked("all_frameworks")),
    "data-dictionary": lambda _: dictionary(),
    "exhibits": lambda _: exhibits(),
    "registries": lambda book: registry_tables(book.figures(max(book.years)).year),
}
"""What the package writes, in MyST Markdown, by the name of the directive that it replaces."""


class GuideDirective(SphinxDirective):
    """Directive whose content is :data:`WRITTEN`."""

    def run(self) -> list[nodes.Node]:
        """Parse the Markdown in place, headings included."""
        parent = nodes.section()
        document = parent.document = self.state.document
        before = set(document.findall(nodes.section))
        lines = WRITTEN[self.name](book_of(self.env.app)).splitlines()
        self.state.nested_parse(StringList(lines, self.env.docname), 0, parent, match_titles=True)
        # MyST puts sections into the page at once; the target of the first one must not come after the last.
        made = next((section for section in document.findall(nodes.section) if section not in before), None)
        if made is None:
            return list(parent.children)
        place = made.parent.index(made)
        made.parent[place:place] = parent.children
        return []
