"""While reading: directives for what the package writes on pages that belong to no year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from evalbook.render import (
    check_rules,
    dictionary,
    framework_catalogue,
    glossary,
    methods,
    registry_tables,
    years_overview,
)

if TYPE_CHECKING:
    from evalbook.sphinxext.book import Book


class GuideDirective(SphinxDirective):
    """Base of directives whose content is written by :mod:`evalbook.render.guide`."""

    def markdown(self, book: Book) -> str:
        """MyST Markdown that replaces the directive."""
        raise TypeError(type(self).__name__)

    def run(self) -> list[nodes.Node]:
        """Parse the Markdown in place, headings included."""
        parent = nodes.section()
        document = parent.document = self.state.document
        before = set(document.findall(nodes.section))
        lines = self.markdown(vars(self.env.app)["evalbook"]).splitlines()
        self.state.nested_parse(StringList(lines, self.env.docname), 0, parent, match_titles=True)
        # MyST puts sections into the page at once; the target of the first one must not come after the last.
        made = next((section for section in document.findall(nodes.section) if section not in before), None)
        if made is None:
            return list(parent.children)
        place = made.parent.index(made)
        made.parent[place:place] = parent.children
        return []


class YearsOverview(GuideDirective):
    """Directive ``years-overview``: every year with status and key figures."""

    def markdown(self, book: Book) -> str:
        """Years, newest first."""
        return years_overview([book.figures(year) for year in book.years])


class Glossary(GuideDirective):
    """Directive ``terms``: programmes and terms."""

    def markdown(self, book: Book) -> str:
        """Entries of Sphinx's own glossary, which pages link to."""
        return glossary([book.figures(year) for year in book.years])


class Methods(GuideDirective):
    """Directive ``methods``: the card of every family of indicators."""

    def markdown(self, book: Book) -> str:
        """Cards, in the order of computation."""
        return methods([book.figures(year) for year in book.years])


class CheckRules(GuideDirective):
    """Directive ``check-rules``: the catalogue of rules."""

    def markdown(self, book: Book) -> str:
        """Rules by family, with how often each fired."""
        return check_rules([book.findings(year) for year in book.years])


class FrameworkCatalogue(GuideDirective):
    """Directive ``frameworks``: the scoring frameworks and the ways of scoring."""

    def markdown(self, book: Book) -> str:
        """Every framework that the project has, whichever year uses it."""
        return framework_catalogue(book.asked("all_frameworks"))


class DataDictionary(GuideDirective):
    """Directive ``data-dictionary``: every file and column, from the schema."""

    def markdown(self, book: Book) -> str:
        """The dictionary."""
        return dictionary()


class RegistriesDirective(GuideDirective):
    """Directive ``registries``: programmes and units."""

    def markdown(self, book: Book) -> str:
        """The registries, which are the same for every year."""
        return registry_tables(book.registries)
