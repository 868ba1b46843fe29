"""How figures and findings look: Markdown, prose, tables, charts, and the pages that the notebooks put together."""

from evalbook.render.annex import figure_label, indicator_cards, lineage, source_tables
from evalbook.render.charts import NARROW, VEGALITE
from evalbook.render.corrections import (
    EDITIONS,
    TABLE_CLASS,
    concerned,
    correction_label,
    corrections_line,
    counted,
    doubted,
    page_corrections,
    relevant,
)
from evalbook.render.editions import edition_and_status, edition_in_short, editions_page
from evalbook.render.exports import EXPORTS, downloads, exports, report_name
from evalbook.render.findings import check_rules, finding_label, finding_state, findings_line, findings_page
from evalbook.render.forms import forms_page
from evalbook.render.frameworks import framework_catalogue
from evalbook.render.guide import dictionary, glossary, methods, registry_tables, years_overview
from evalbook.render.markdown import chinese_date
from evalbook.render.page import Page, open_page
from evalbook.render.pages import (
    actions_table,
    chart,
    claims_table,
    cover,
    documents_table,
    drawings,
    execution_table,
    funds_table,
    opening,
    people_table,
    programme_table,
    report_date,
    section,
    sections_from,
    standards_table,
)
from evalbook.render.score import score_lines, score_page
from evalbook.render.summary import key_figure_cards, uncertain_table
from evalbook.render.tidy import figures_csv, figures_name, figures_schema

__all__ = [
    "EDITIONS",
    "EXPORTS",
    "NARROW",
    "TABLE_CLASS",
    "VEGALITE",
    "Page",
    "actions_table",
    "chart",
    "check_rules",
    "chinese_date",
    "claims_table",
    "concerned",
    "correction_label",
    "corrections_line",
    "counted",
    "cover",
    "dictionary",
    "documents_table",
    "doubted",
    "downloads",
    "drawings",
    "edition_and_status",
    "edition_in_short",
    "editions_page",
    "execution_table",
    "exports",
    "figure_label",
    "figures_csv",
    "figures_name",
    "figures_schema",
    "finding_label",
    "finding_state",
    "findings_line",
    "findings_page",
    "forms_page",
    "framework_catalogue",
    "funds_table",
    "glossary",
    "indicator_cards",
    "key_figure_cards",
    "lineage",
    "methods",
    "open_page",
    "opening",
    "page_corrections",
    "people_table",
    "programme_table",
    "registry_tables",
    "relevant",
    "report_date",
    "report_name",
    "score_lines",
    "score_page",
    "section",
    "sections_from",
    "source_tables",
    "standards_table",
    "uncertain_table",
    "years_overview",
]
