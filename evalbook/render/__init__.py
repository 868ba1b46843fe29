"""How figures look: Markdown, prose, tables, charts, and the pages that the notebooks put together."""

from evalbook.render.annex import figure_label, indicator_cards, lineage, source_tables
from evalbook.render.charts import VEGALITE, Chart
from evalbook.render.guide import dictionary, registry_tables, years_overview
from evalbook.render.markdown import Block
from evalbook.render.pages import (
    Page,
    claims_table,
    cover,
    documents_table,
    execution_table,
    funds_chart,
    funds_table,
    open_page,
    opening,
    people_table,
    programme_table,
    section,
    sections_from,
    standards_table,
)

__all__ = [
    "VEGALITE",
    "Block",
    "Chart",
    "Page",
    "claims_table",
    "cover",
    "dictionary",
    "documents_table",
    "execution_table",
    "figure_label",
    "funds_chart",
    "funds_table",
    "indicator_cards",
    "lineage",
    "open_page",
    "opening",
    "people_table",
    "programme_table",
    "registry_tables",
    "section",
    "sections_from",
    "source_tables",
    "standards_table",
    "years_overview",
]
