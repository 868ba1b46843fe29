"""Jupyter Book glue: run the notebooks first, link every figure, show charts without a network.

Named in ``_config.yml`` as an extra extension, it makes ``jupyter-book build book/`` do the whole job:

* before reading: check and run the notebooks of every year, list their pages in the table of contents;
* while reading: the role ``figure`` and the directives ``years-overview``, ``data-dictionary`` and
  ``registries``;
* after writing: replace the last good book, and only when nothing was warned about.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import vl_convert
from docutils import nodes
from docutils.statemachine import StringList
from filelock import FileLock, Timeout
from ruamel.yaml import YAML
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.nodes import make_refnode
from sphinx.writers.html5 import HTML5Translator

from evalbook import __version__
from evalbook.errors import KEPT, EvalbookError, InputError
from evalbook.figures import MISSING, Figure, FigureSet, load
from evalbook.render import VEGALITE, dictionary, figure_label, registry_tables, years_overview
from evalbook.run import pages, run_years
from evalbook.tables import find_project, years
from evalbook.tables.schema import FLAGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

logger = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"
VEGA = "vega-bundle.js"
YEARS_CAPTION = "年度报告"


class Book:
    """What one build knows: the project and the figures of its years."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.years = years(root)
        self._figures: dict[int, FigureSet] = {}

    def figures(self, year: int) -> FigureSet:
        """Figures of a year, computed once a build."""
        if year not in self._figures:
            self._figures[year] = load(self.root, year)
        return self._figures[year]


def show_progress(done: int, total: int, last: str) -> None:
    """Draw a progress bar of the notebooks on the terminal."""
    filled = 30 * done // total
    line = f"运行笔记本 [{'█' * filled}{'·' * (30 - filled)}] {done}/{total} {last}"
    if sys.stdout.isatty():
        sys.stdout.write(f"\r\x1b[K{line}" + ("\n" if done == total else ""))
        sys.stdout.flush()
    elif done in {0, total}:
        print(line)


def prepare(app: Sphinx, config: Config) -> None:
    """Run the notebooks and list their pages, before Sphinx reads anything.

    The process ends with one screen of Chinese and exit code 2 when the input cannot be used: Jupyter Book
    would print a traceback and leave with code 1.
    """
    try:
        root = find_project(Path(app.srcdir))
        run_years(root, progress=show_progress)
        book = Book(root)
        newest = book.figures(max(book.years)).year.settings
    except EvalbookError as error:
        if os.environ.get("EVALBOOK_DEBUG"):
            raise
        print(f"\n{error}\n{KEPT}\n" if isinstance(error, InputError) else f"\n{error}\n", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    vars(app)["evalbook"] = book
    config.html_title = config.project = f"{newest.county}困难群众救助绩效自评"
    config.author = config.copyright = newest.bureau
    contents = Path(app.srcdir) / "years" / "_toc.yml"
    contents.parent.mkdir(exist_ok=True)
    written = Path(app.srcdir) / config.external_toc_path
    with contents.open("w", encoding="utf-8") as stream:
        YAML().dump(table_of_contents(YAML(typ="safe").load(written), book), stream)
    config.external_toc_path = str(contents)


def table_of_contents(written: dict[str, Any], book: Book) -> dict[str, Any]:
    """Put the years, newest first, before the parts that ``_toc.yml`` names."""
    part = {
        "caption": YEARS_CAPTION,
        "chapters": [
            {
                "file": f"years/{year}/{pages(book.root, year)[0]}",
                "title": f"{year}年度（{book.figures(year).year.settings.status}）",
                "sections": [{"file": f"years/{year}/{name}"} for name in pages(book.root, year)[1:]],
            }
            for year in reversed(book.years)
        ],
    }
    return {**written, "parts": [part, *written["parts"]]}


def acceptable_texts(figures: FigureSet, figure: Figure) -> set[str]:
    """Texts under which a page may show a figure; anything else is another figure's number."""
    unsigned = figure.text.removeprefix("-")
    return {figure.text, unsigned, figure.label, figure.number or MISSING} | {
        figures.number_in(figure, unit) for unit in figures.units.alike(figure.unit)
    }


class FigureRole(SphinxRole):
    """Role ``figure``: a figure of the page's year, linked to its lineage.

    ``{figure}`城市低保累计支出` `` by Chinese name or address; ``{figure}`2748.71万元 <spending.urban_dibao>` ``
    with the text that a notebook computed, which must be this year's; ``{figure}`2020/城市低保累计支出` `` with
    the year, on a page that belongs to no year.
    """

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Resolve the name, prove the text, and leave the link to Sphinx."""
        text, _, target = self.text.rpartition("<")
        target = target.removesuffix(">").strip() if text else self.text.strip()
        text = text.strip()
        own, _, name = target.rpartition("/")
        folder = self.env.docname.split("/")
        page_year = int(folder[1]) if folder[0] == "years" and len(folder) == 3 else None
        year = int(own) if own.isascii() and own.isdigit() else page_year
        book: Book = vars(self.env.app)["evalbook"]
        if year not in book.years:
            return self.refused(f"引用“{target}”没有写明年度，或没有这个年度")
        figures = book.figures(year)
        figure = figures.figures.get(name) or figures.named(name)
        if figure is None:
            return self.refused(f"{year}年度没有“{name}”这个数字")
        shown = text or (figure.text if name in figures.figures else figures.text_of(name))
        # A page of another year names the figure; its number would be a number of the wrong year.
        elsewhere = page_year not in {None, year}
        if shown not in ({f"{year}年度{figure.label}"} if elsewhere else acceptable_texts(figures, figure)):
            return self.refused(f"“{shown}”不是{year}年度的“{figure.label}”（{figure.text}）")
        return [self.link(figure, year, shown)], []

    def link(self, figure: Figure, year: int, shown: str) -> nodes.Node:
        """Cross-reference to the figure's entry in the lineage annex."""
        shown_node = nodes.inline("", shown, classes=["missing"] if shown == MISSING else [])
        if figure.flag in {"p", "r", "e"}:
            shown_node += nodes.superscript("", FLAGS[figure.flag], classes=["flag"])
        reference = addnodes.pending_xref(
            "",
            shown_node,
            reftype="figure",
            reftarget=figure_label(year, figure.address),
            refdoc=self.env.docname,
            refwarn=True,
        )
        self.set_source_info(reference)
        return reference

    def refused(self, message: str) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Warn, which fails the build."""
        logger.warning(message, location=self.get_location(), type="evalbook")
        return [nodes.inline("", MISSING)], []


def resolve_figure(
    app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, content: nodes.TextElement
) -> nodes.reference | None:
    """Lead a figure to its entry in the lineage annex; Sphinx's own labels would drop marks and classes."""
    if node["reftype"] != "figure":
        return None
    place = env.get_domain("std").anonlabels.get(node["reftarget"])  # type: ignore[attr-defined]
    if place is None:
        return None
    document, label = place
    reference = make_refnode(app.builder, node["refdoc"], document, label, content)
    reference["classes"].append("figure-link")
    return reference


class GuideDirective(SphinxDirective):
    """Base of directives whose content is written by :mod:`evalbook.render.guide`."""

    def markdown(self, book: Book) -> str:
        """MyST Markdown that replaces the directive."""
        raise TypeError(type(self).__name__)

    def run(self) -> list[nodes.Node]:
        """Parse the Markdown in place, headings included."""
        parent = nodes.section()
        parent.document = self.state.document
        lines = self.markdown(vars(self.env.app)["evalbook"]).splitlines()
        self.state.nested_parse(StringList(lines, self.env.docname), 0, parent, match_titles=True)
        return list(parent.children)


class YearsOverview(GuideDirective):
    """Directive ``years-overview``: every year with status and key figures."""

    def markdown(self, book: Book) -> str:
        """Years, newest first."""
        return years_overview([book.figures(year) for year in book.years])


class DataDictionary(GuideDirective):
    """Directive ``data-dictionary``: every file and column, from the schema."""

    def markdown(self, book: Book) -> str:
        """The dictionary."""
        return dictionary()


class RegistriesDirective(GuideDirective):
    """Directive ``registries``: programmes and units."""

    def markdown(self, book: Book) -> str:
        """The registries, which are the same for every year."""
        return registry_tables(book.figures(max(book.years)).year.registries)


class ChartSpecification(nodes.General, nodes.Element):
    """Vega-Lite specification of a chart; HTML carries it, other formats show the picture alone."""


class ChartRenderer:
    """MyST-NB plugin: a chart's specification becomes a node, its pictures get the computed alt text."""

    mime_priority_overrides: ClassVar[Sequence[tuple[str, str, int | None]]] = [("*", VEGALITE, 1000)]

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        """Render one media type of a chart; ``None`` leaves it to MyST-NB."""
        if data.mime_type == VEGALITE:
            return [ChartSpecification("", specification=json.dumps(data.content, ensure_ascii=False))]
        alt_text = data.output_metadata.get(data.mime_type, {}).get("alt")
        if data.mime_type in {"image/svg+xml", "image/png"} and alt_text:
            (image,) = renderer.render_image(data)
            image["alt"] = alt_text
            return [image]
        return None


class KeepSpecification(SphinxPostTransform):
    """Keep a chart's specification beside the picture that MyST-NB chooses for the format."""

    default_priority = 3  # before MyST-NB's choice of media type, at 4

    def run(self, **_: Any) -> None:
        """Move each specification out of the alternatives."""
        for node in list(self.document.findall(ChartSpecification)):
            alternative = node.parent
            bundle = alternative.parent
            bundle.remove(alternative)
            bundle.parent.insert(bundle.parent.index(bundle) + 1, node)


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


def visit_specification(self: HTML5Translator, node: ChartSpecification) -> None:
    """Write the specification as data that no browser runs by itself."""
    # No "<" at all: inside a script element "</script" and "<!--" would mean more than text.
    text = node["specification"].replace("<", "\\u003c")
    self.body.append(f'<script type="application/json" class="vega-lite">{text}</script>')
    raise nodes.SkipNode


def skip(self: Any, node: nodes.Node) -> None:
    """Leave a node out of a format."""
    raise nodes.SkipNode


def load_chart_script(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Load the script that makes charts interactive on pages that have one."""
    if doctree and next(iter(doctree.findall(ChartSpecification)), None):
        app.add_js_file("charts.js", defer="defer")


def aside(target: Path, name: str) -> Path:
    """Folder beside the book where one is kept while it is exchanged."""
    return target.with_name(f".{target.name}-{name}")


def exclusive(target: Path) -> FileLock:
    """Hold the build folder until the process ends, so that two builds cannot mix their pages.

    A second build ends at once with exit code 2; the lock of a killed build is gone with its process.
    """
    lock = FileLock(target.parent / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        print("另一个生成正在进行，请等它结束再试；原来的网页保持不变。", file=sys.stderr)
        raise SystemExit(2) from None
    return lock


def recover(target: Path) -> None:
    """Put back the last good book, if an earlier build was killed while it exchanged the two."""
    old = aside(target, "old")
    if old.exists() and not (target / "index.html").exists():
        shutil.rmtree(target, ignore_errors=True)
        old.replace(target)


def finish(app: Sphinx, exception: Exception | None, target: Path) -> None:
    """Replace the last good book by this one, unless something went wrong."""
    made, old = Path(app.outdir), aside(target, "old")
    if exception is not None or app._warncount:
        shutil.rmtree(made, ignore_errors=True)
        print("生成网页时有错误或警告（见上），旧的网页保持不变。", file=sys.stderr)
        return
    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    if app.builder.format == "html":
        (made / "_static" / VEGA).write_text(bundle, encoding="utf-8")
    (made / ".buildinfo").unlink(missing_ok=True)
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.replace(old)
    made.replace(target)
    shutil.rmtree(old, ignore_errors=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything; called by Sphinx."""
    target = Path(app.outdir)
    vars(app)["evalbook_lock"] = exclusive(target)
    recover(target)
    made = aside(target, "new")
    shutil.rmtree(made, ignore_errors=True)
    shutil.rmtree(app.doctreedir, ignore_errors=True)
    Path(app.doctreedir).mkdir(parents=True)
    app.outdir = type(app.outdir)(made)
    # A warning is a failure; reading on shows them all at once.
    app.warningiserror, app.keep_going = False, True

    # Jupyter Book always sets what sphinx_comments would read; _config.yml leaves that extension out.
    app.add_config_value("comments_config", {}, "")
    app.connect("config-inited", prepare, priority=100)
    app.connect("html-page-context", load_chart_script)
    app.connect("build-finished", partial(finish, target=target), priority=900)
    app.connect("missing-reference", resolve_figure)
    app.add_role("figure", FigureRole())
    app.add_directive("years-overview", YearsOverview)
    app.add_directive("data-dictionary", DataDictionary)
    app.add_directive("registries", RegistriesDirective)
    app.add_node(ChartSpecification, html=(visit_specification, None), latex=(skip, None), text=(skip, None))
    app.add_node(nodes.entry, override=True, html=(visit_entry, HTML5Translator.depart_entry))
    app.add_transform(RowHeadings)
    app.add_post_transform(KeepSpecification)
    app.config.html_static_path.append(str(STATIC))
    app.add_css_file("evalbook.css")
    return {"version": __version__, "parallel_read_safe": False, "parallel_write_safe": False}
