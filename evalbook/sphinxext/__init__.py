"""Jupyter Book glue: run the notebooks first, link every figure, show charts without a network.

Named in ``_config.yml`` as an extra extension, it makes ``jupyter-book build book/`` do the whole job:

* before reading: check and run the notebooks of every year, list their pages in the table of contents (``book``), begin from
  what the last good build has left (``kept``);
* while reading: the roles for figures and the links of terms (``references``), the directives of the guide's pages
  (``guide``), of official forms (``forms``) and of corrections (``corrections``), charts (``charts``) and tables (``tables``),
  no node twice (``traversal``);
* while writing: pages and index (``html``, ``search``), the theme's words and titles, the way from an edition to the newest
  (``theme``);
* after writing: set the PDF of every year from the same doctrees (``pdf``, ``typst``, ``typesetter``), put the files for download
  beside the pages (``book``, ``rulelist``), then replace the last good book and PDFs, and only when nothing was warned about
  (``exchange``).

``resident`` is the process that stays between two builds; ``edition`` sets the report of an edition, last of its files.
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
from evalbook.sphinxext import charts, references, tables
from evalbook.sphinxext.book import EDITION, prepare, write_exports
from evalbook.sphinxext.corrections import BOX, ChooseCorrections, PageCorrectionsDirective
from evalbook.sphinxext.exchange import REPORTS, exclusive, finish, settle, stage, take_over_static
from evalbook.sphinxext.forms import FORM, FormDirective
from evalbook.sphinxext.guide import WRITTEN, GuideDirective
from evalbook.sphinxext.html import HtmlBuilder, read_side_by_side, write_one_by_one
from evalbook.sphinxext.kept import alter, begin, forget, listen, outdated, read, rewritten
from evalbook.sphinxext.pdf import PdfBuilder, begin_reports, finish_reports
from evalbook.sphinxext.rulelist import write_rule_list
from evalbook.sphinxext.search import SearchByPieces, load_search_script, teach_names
from evalbook.sphinxext.theme import add_words, lead_to_newest, tell_years_apart
from evalbook.sphinxext.traversal import hasten
from evalbook.sphinxext.typst import TypstTranslator
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
    app.connect("html-page-context", charts.load_chart_script)
    app.connect("html-page-context", load_search_script)
    app.connect("write-started", begin_reports)
    app.connect("build-finished", finish_reports)
    app.connect("build-finished", write_exports)
    app.connect("build-finished", write_rule_list)
    app.connect("html-page-context", tell_years_apart, priority=900)
    app.connect("html-page-context", lead_to_newest, priority=900)
    app.connect("env-get-outdated", outdated)
    app.connect("builder-inited", read_side_by_side)
    app.connect("env-purge-doc", forget)
    app.connect("source-read", listen)
    app.connect("doctree-read", read, priority=900)
    app.connect("env-updated", write_one_by_one)
    app.connect("env-updated", rewritten, priority=900)
    app.connect("missing-reference", references.resolve_figure)


def _add(app: Sphinx) -> None:
    """What pages are made of."""
    app.add_role("figure", references.FigureRole())
    app.add_role("untied", references.UntiedRole())
    app.add_role("figure-uses", references.UsesRole())
    for name in WRITTEN:
        app.add_directive(name, GuideDirective)
    app.add_directive(FORM, FormDirective)
    app.add_directive(BOX, PageCorrectionsDirective)
    app.add_builder(PdfBuilder)
    app.add_builder(HtmlBuilder, override=True)
    unseen = TypstTranslator.visit_Invisible, None
    app.add_node(charts.ChartSpecification, html=(charts.visit_specification, None), pdf=unseen)
    app.add_node(charts.NarrowChart, html=(charts.visit_narrow, charts.depart_narrow), pdf=unseen)
    for node, visit, depart in (
        (nodes.reference, references.visit_reference, HTML5Translator.depart_reference),
        (nodes.entry, tables.visit_entry, HTML5Translator.depart_entry),
        (nodes.table, tables.visit_table, tables.depart_table),
    ):
        app.add_node(node, override=True, html=(visit, depart))
    app.add_search_language(SearchByPieces)
    for transform in (tables.RowHeadings, ChooseCorrections, references.TermLinks):
        app.add_transform(transform)
    app.add_post_transform(charts.KeepSpecification)
    app.add_post_transform(references.ListUses)
    app.config.html_static_path.append(str(STATIC))
    app.config.templates_path.append(str(TEMPLATES))
    app.add_css_file("evalbook.css")
