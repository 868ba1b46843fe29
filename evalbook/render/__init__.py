"""How figures and findings look: Markdown, prose, tables, charts, and the pages that the notebooks put together."""

from evalbook.render.annex import indicator_cards, lineage, source_tables
from evalbook.render.editions import editions_page
from evalbook.render.exports import downloads
from evalbook.render.findings import findings_line, findings_page
from evalbook.render.forms import forms_page
from evalbook.render.page import Page, open_page
from evalbook.render.pages import (
    actions_table,
    chart,
    claims_table,
    cover,
    documents_table,
    execution_table,
    funds_table,
    opening,
    people_table,
    programme_table,
    section,
    sections_from,
    standards_table,
)
from evalbook.render.parts import periods_table, places_table, splits_table
from evalbook.render.score import score_lines, score_page
from evalbook.render.summary import key_figure_cards, uncertain_table

__all__ = [
    "Page",
    "actions_table",
    "chart",
    "claims_table",
    "cover",
    "documents_table",
    "downloads",
    "editions_page",
    "execution_table",
    "findings_line",
    "findings_page",
    "forms_page",
    "funds_table",
    "indicator_cards",
    "key_figure_cards",
    "lineage",
    "open_page",
    "opening",
    "people_table",
    "periods_table",
    "places_table",
    "programme_table",
    "score_lines",
    "score_page",
    "section",
    "sections_from",
    "source_tables",
    "splits_table",
    "standards_table",
    "uncertain_table",
]
