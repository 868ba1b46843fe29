"""Tables whose headings say what they head, in regions that have a name."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.writers.html5 import HTML5Translator

STACKED = "stacked"
"""Class of tables whose rows become blocks on a phone."""


class RowHeadings(SphinxTransform):
    """Make the first column of tables of class ``row-headings`` a heading of its row."""

    default_priority = 500

    def apply(self, **_: Any) -> None:
        """Mark the column as docutils marks a stub column."""
        for table in self.document.findall(nodes.table):
            if "row-headings" in table["classes"]:
                next(iter(table.findall(nodes.colspec)))["stub"] = 1


def visit_table(self: HTML5Translator, node: nodes.table) -> None:
    """Begin a table; the theme puts it into a region that scrolls by itself, and this gives the region a name."""
    start = len(self.body)
    type(self).visit_table(self, node)
    caption = next(iter(node.findall(nodes.title)), None)
    if caption is not None:
        name = self.attval(f"表格：{caption.astext()}")
        self.body[start] = self.body[start].replace("<div ", f'<div role="group" aria-label="{name}" ', 1)


def depart_table(self: HTML5Translator, node: nodes.table) -> None:
    """End a table and the theme's region with it; else all that follows would be part of the region."""
    type(self).depart_table(self, node)


def visit_entry(self: HTML5Translator, node: nodes.entry) -> None:
    """Write a table cell; headings say what they head (WCAG H63), which docutils leaves out, as it does them in forms.

    Cells of tables that are stacked on a phone, where their row of headings is out of sight, bring their heading along.
    """
    start = len(self.body)
    HTML5Translator.visit_entry(self, node)
    if node.get("heading"):
        self.body[start] = self.body[start].replace("<td", "<th", 1)
        self.context[-1] = "</th>\n"
    group = node.parent.parent.parent
    place = node.parent.index(node)
    if place and STACKED in group.parent["classes"] and isinstance(node.parent.parent, nodes.tbody):
        heading = next(iter(group.findall(nodes.row)))[place].astext()
        self.body[start] = self.body[start].replace("<td", f'<td data-heading="{self.attval(heading)}"', 1)
    scope = node.get("heading") or ("col" if isinstance(node.parent.parent, nodes.thead) else "row")
    self.body[start] = re.sub("^<th(?=[ >])", f'<th scope="{scope}"', self.body[start])
