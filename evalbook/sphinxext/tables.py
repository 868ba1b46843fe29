"""Tables whose headings say what they head."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.writers.html5 import HTML5Translator


class RowHeadings(SphinxTransform):
    """Make the first column of tables of class ``row-headings`` a heading of its row."""

    default_priority = 500

    def apply(self, **_: Any) -> None:
        """Mark the column as docutils marks a stub column."""
        for table in self.document.findall(nodes.table):
            if "row-headings" in table["classes"]:
                next(iter(table.findall(nodes.colspec)))["stub"] = 1


def visit_entry(self: HTML5Translator, node: nodes.entry) -> None:
    """Write a table cell; headings say what they head (WCAG H63), which docutils leaves out."""
    start = len(self.body)
    HTML5Translator.visit_entry(self, node)
    scope = "col" if isinstance(node.parent.parent, nodes.thead) else "row"
    self.body[start] = self.body[start].replace("<th ", f'<th scope="{scope}" ', 1)
