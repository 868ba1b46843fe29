"""How figures and findings look: Markdown, prose, tables, charts, and the pages that the notebooks put together."""

from evalbook.render.annex import indicator_cards, lineage, source_tables
from evalbook.render.editions import editions_page
from evalbook.render.exports import downloads
from evalbook.render.findings import findings_line, findings_page
from evalbook.render.forms import forms_page
from evalbook.render.page import Page, open_page
from evalbook.render.pages import (
    chapter,
    chart,
    claims_table,
    cover,
    execution_table,
    opening,
)
from evalbook.render.review import review_page
from evalbook.render.score import score_lines, score_page
from evalbook.render.summary import key_figure_cards, uncertain_table

__all__ = [
    "Page",
    "chapter",
    "chart",
    "claims_table",
    "cover",
    "downloads",
    "editions_page",
    "execution_table",
    "findings_line",
    "findings_page",
    "forms_page",
    "indicator_cards",
    "key_figure_cards",
    "lineage",
    "open_page",
    "opening",
    "review_page",
    "score_lines",
    "score_page",
    "source_tables",
    "uncertain_table",
]
