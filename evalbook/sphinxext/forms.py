"""While reading: the directive ``official-form``, which draws a form as the table that it is on paper."""

from __future__ import annotations

import json

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

FORM = "official-form"
"""Class of a form."""

REPEATED = "repeated"
"""Class of the row that heads the columns again on every page of the PDF."""


class FormDirective(SphinxDirective):
    """Directive ``official-form``: the JSON document that :func:`evalbook.render.forms.drawn` writes."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Table whose head is the line of the year; headings among the cells are marked, and every cell told its width."""
        form = json.loads("\n".join(self.content))
        widths: list[float] = form["widths"]
        columns = (nodes.colspec(colwidth=round(10 * width)) for width in widths)
        year = nodes.entry("", nodes.paragraph("", form["year"]), morecols=len(widths) - 1, width=1.0)
        group = nodes.tgroup(
            "",
            *columns,
            nodes.thead("", nodes.row("", year)),
            nodes.tbody("", *(self.row(row, widths) for row in form["rows"])),
            cols=len(widths),
        )
        title = nodes.title(form["title"], form["title"])
        table = nodes.table("", title, group, classes=[FORM, "colwidths-given"])
        self.set_source_info(table)
        return [table]

    def row(self, row: dict[str, object], widths: list[float]) -> nodes.row:
        """One row."""
        cells = (self.entry(cell, widths) for cell in row["cells"])  # type: ignore[attr-defined]
        return nodes.row("", *cells, classes=[REPEATED] if row["repeats"] else [], height=row["height"])

    def entry(self, cell: dict[str, object], widths: list[float]) -> nodes.entry:
        """One cell; ``width`` is its share of the table."""
        inline, messages = self.state.inline_text(str(cell["content"]), self.lineno)
        column, columns, rows = (int(str(cell[name])) for name in ("column", "columns", "rows"))
        entry = nodes.entry(
            "",
            nodes.paragraph("", "", *inline),
            *messages,
            heading=cell["heading"],
            width=sum(widths[column : column + columns]) / sum(widths),
            classes=["running"] if cell["running"] else [],
        )
        for name, more in (("morerows", rows - 1), ("morecols", columns - 1)):
            if more:
                entry[name] = more
        return entry
