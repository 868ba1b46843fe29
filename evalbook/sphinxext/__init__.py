"""Jupyter Book glue: run the notebooks first, link every figure, show charts without a network.

Named in ``_config.yml`` as an extra extension, it makes ``jupyter-book build book/`` do the whole job:

* before reading: check and run the notebooks of every year, list their pages in the table of contents (``book``), begin from
  what the last good build has left (``kept``);
* while reading: the roles for figures and the links of terms (``references``), the directives of the guide's pages
  (``guide``), of official forms (``forms``) and of corrections (``corrections``), charts (``charts``) and tables (``tables``),
  no node twice (``traversal``);
* while writing: pages and index (``html``, ``search``), the theme's words and titles (``theme``), the way from an edition to
  the newest (``superseded``);
* after writing: set the PDF of every year from the same doctrees (``pdf``, ``typst``, ``typesetter``), put the files for download
  beside the pages (``book``), then replace the last good book and PDFs, and only when nothing was warned about
  (``exchange``).

``resident`` is the process that stays between two builds.
"""

from __future__ import annotations

import gc
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

from evalbook import __version__
from evalbook.fonts import CONFIGURATION
from evalbook.sphinxext.book import EDITION, prepare, write_exports
from evalbook.sphinxext.charts import (
    ChartSpecification,
    KeepSpecification,
    NarrowChart,
    depart_narrow,
    load_chart_script,
    skip,
    visit_narrow,
    visit_specification,
)
from evalbook.sphinxext.corrections import BOX, ChooseCorrections, PageCorrectionsDirective
from evalbook.sphinxext.exchange import REPORTS, exclusive, finish, settle, stage, take_over_static
from evalbook.sphinxext.forms import FORM, FormDirective
from evalbook.sphinxext.guide import (
    CheckRules,
    DataDictionary,
    FrameworkCatalogue,
    Glossary,
    Methods,
    RegistriesDirective,
    YearsOverview,
)
from evalbook.sphinxext.html import HtmlBuilder, read_side_by_side, write_one_by_one
from evalbook.sphinxext.kept import alter, begin, forget, listen, outdated, read, rewritten
from evalbook.sphinxext.pdf import PdfBuilder, begin_reports, finish_reports
from evalbook.sphinxext.references import (
    FigureRole,
    ListUses,
    TermLinks,
    UsesRole,
    resolve_figure,
    visit_reference,
)
from evalbook.sphinxext.search import SearchByPieces, load_search_script, teach_names
from evalbook.sphinxext.superseded import lead_to_newest
from evalbook.sphinxext.tables import RowHeadings, depart_table, visit_entry, visit_table
from evalbook.sphinxext.theme import add_words, tell_years_apart
from evalbook.sphinxext.traversal import hasten
from evalbook.year import find_project

if TYPE_CHECKING:
    from sphinx.application import Sphinx

STATIC = Path(__file__).parents[1] / "static"
TEMPLATES = Path(__file__).parents[1] / "templates"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything; called by Sphinx."""
    target = Path(app.outdir)
    vars(app)["evalbook_lock"] = exclusive(target)
    targets = tuple(dict.fromkeys((target.with_name(REPORTS), target)))
    settle(targets)
    # The reports alone are made from nothing: what HTML needs to go on from would be half of it.
    whole = len(targets) > 1
    *_, made = stage(targets, filled=begin(app, find_project(Path(app.srcdir)), whole=whole))
    app.outdir = type(app.outdir)(made)
    # A warning is a failure; reading on shows them all at once.
    app.warningiserror, app.keep_going = False, True

    # A book is a million objects that stay: looking through them for rubbish again and again is a tenth of a build.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    hasten()
    _connect(app)
    app.connect("build-finished", partial(take_over_static, target=target), priority=0)
    app.connect("build-finished", partial(finish, targets=targets, whole=whole), priority=900)
    _add(app)
    add_words(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": False}


def _connect(app: Sphinx) -> None:
    """Settings, and what happens at which moment of a build."""
    # Jupyter Book always sets what sphinx_comments would read; _config.yml leaves that extension out.
    app.add_config_value("comments_config", {}, "")
    app.add_config_value(CONFIGURATION, {}, "")
    app.add_config_value(EDITION, None, "env", [int])
    app.connect("config-inited", prepare, priority=100)
    app.connect("config-inited", alter, priority=101)
    app.connect("builder-inited", teach_names)
    app.connect("html-page-context", load_chart_script)
    app.connect("html-page-context", load_search_script)
    app.connect("write-started", begin_reports)
    app.connect("build-finished", finish_reports)
    app.connect("build-finished", write_exports)
    app.connect("html-page-context", tell_years_apart, priority=900)
    app.connect("html-page-context", lead_to_newest, priority=900)
    app.connect("env-get-outdated", outdated)
    app.connect("builder-inited", read_side_by_side)
    app.connect("env-purge-doc", forget)
    app.connect("source-read", listen)
    app.connect("doctree-read", read, priority=900)
    app.connect("env-updated", write_one_by_one)
    app.connect("env-updated", rewritten, priority=900)
    app.connect("missing-reference", resolve_figure)


def _add(app: Sphinx) -> None:
    """What pages are made of."""
    app.add_role("figure", FigureRole())
    app.add_role("figure-uses", UsesRole())
    app.add_directive("years-overview", YearsOverview)
    app.add_directive("terms", Glossary)
    app.add_directive("methods", Methods)
    app.add_directive("check-rules", CheckRules)
    app.add_directive("frameworks", FrameworkCatalogue)
    app.add_directive("data-dictionary", DataDictionary)
    app.add_directive("registries", RegistriesDirective)
    app.add_directive(FORM, FormDirective)
    app.add_directive(BOX, PageCorrectionsDirective)
    app.add_builder(PdfBuilder)
    app.add_builder(HtmlBuilder, override=True)
    app.add_node(ChartSpecification, html=(visit_specification, None), pdf=(skip, None))
    app.add_node(NarrowChart, html=(visit_narrow, depart_narrow), pdf=(skip, None))
    app.add_node(nodes.reference, override=True, html=(visit_reference, HTML5Translator.depart_reference))
    app.add_node(nodes.entry, override=True, html=(visit_entry, HTML5Translator.depart_entry))
    app.add_node(nodes.table, override=True, html=(visit_table, depart_table))
    app.add_search_language(SearchByPieces)
    app.add_transform(RowHeadings)
    app.add_transform(ChooseCorrections)
    app.add_transform(TermLinks)
    app.add_post_transform(KeepSpecification)
    app.add_post_transform(ListUses)
    app.config.html_static_path.append(str(STATIC))
    app.config.templates_path.append(str(TEMPLATES))
    app.add_css_file("evalbook.css")
