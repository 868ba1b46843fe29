"""While writing: the year's report as a PDF, from the pages of the book.

Typst sets it (``typst``, a wheel that needs no browser, no TeX and no network) as PDF/A-3a and PDF/UA-1 at once. The code
that was set stays in the doctree folder, for whoever wants to know why a page looks as it does.
"""

from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst
from docutils import nodes
from sphinx.builders import Builder
from sphinx.util import logging

from evalbook.fonts import PACKAGE, load_fonts
from evalbook.render import (
    chinese_date,
    edition_and_status,
    figures_csv,
    figures_name,
    figures_schema,
    report_date,
    report_name,
    schema_name,
)
from evalbook.run import DOWNLOADS, PAGES, pages
from evalbook.sphinxext.exchange import REPORTS, aside
from evalbook.sphinxext.typst import ANNEX, CHAPTER, COVER, Part, Report, TypstTranslator, quoted, target_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sphinx.application import Sphinx

    from evalbook.figures import FigureSet
    from evalbook.fonts import Fonts
    from evalbook.sphinxext.book import Book

logger = logging.getLogger(__name__)

STANDARDS: list[Any] = ["a-3a", "ua-1"]
TEMPLATE = Path(__file__).parents[1] / "templates" / "report.typ"
MAIN, GIVEN = "main.typ", "report.json"
METHOD, INDICATORS, LINEAGE = "guide/method", "indicators", "lineage"


class PdfBuilder(Builder):
    """Sphinx builder ``pdf``: one file a year."""

    name = format = "pdf"
    allow_parallel = False
    default_translator_class = TypstTranslator
    supported_image_types = ["image/svg+xml"]  # noqa: RUF012 - Sphinx's own annotation

    def get_outdated_docs(self) -> str:
        """Every report is made anew."""
        return "all documents"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Address of a page inside a report; that of a place on it goes on with ``#``."""
        return docname

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """Address of a page, the same from everywhere."""
        return to

    def write(
        self, build_docnames: Iterable[str] | None, updated_docnames: Iterable[str], method: str = "update"
    ) -> None:
        """Write the report of every year; a report that something is wrong with is warned about and not kept."""
        book: Book = vars(self.app)["evalbook"]
        fonts = load_fonts(book.root)
        Path(self.outdir).mkdir(parents=True, exist_ok=True)
        for year in book.years:
            figures = book.figures(year)
            folder = Path(self.app.doctreedir) / "typst" / str(year)
            folder.mkdir(parents=True)
            self.write_code(figures, fonts, folder)
            # After a warning nothing is kept; setting a report with holes would only add to it.
            if not self.app._warncount and (content := set_in_type(folder, fonts)):
                (Path(self.outdir) / report_name(figures)).write_bytes(content)

    def write_code(self, figures: FigureSet, fonts: Fonts, folder: Path) -> None:
        """Write everything that the typesetter reads into a folder."""
        listed = parts(figures)
        doctrees = {part.page: self.resolved(part.page) for part in listed}
        annexes = [(part.page, self.env.titles[part.page].astext()) for part in listed if part.kind == ANNEX]
        places = linked_places(doctrees) | {page for page, _ in annexes}
        report = Report({part.page: part for part in listed}, places, fonts)
        code: dict[str, list[str]] = {COVER: [], CHAPTER: [], ANNEX: []}
        notes = ""
        for page, doctree in doctrees.items():
            translator = self.create_translator(doctree, self, report)
            assert isinstance(translator, TypstTranslator)  # noqa: S101 - the default translator above
            doctree.walkabout(translator)
            code[translator.part.kind].append(translator.code)
            notes += translator.notes
            for source, name in translator.pictures.items():
                shutil.copyfile(Path(self.srcdir) / source, folder / name)
            if page.endswith(f"/{LINEAGE}"):
                code[ANNEX].append(f"fonts-used({quoted(fonts.words())})\n")
        closing = "".join(f"({quoted(page)}, {quoted(title)}), " for page, title in annexes)
        (folder / MAIN).write_text(
            "".join(
                (
                    f'#import "{TEMPLATE.name}": *\n#show: report.with(notes: {{\n{notes}}})\n#{{\n',
                    *code[COVER],
                    *code[CHAPTER],
                    f"closing(({closing}))\n",
                    *code[ANNEX],
                    "}\n",
                )
            ),
            encoding="utf-8",
        )
        given = title_page(figures) | {"fonts": fonts.roles, "attached": attach(figures, folder)}
        (folder / GIVEN).write_text(json.dumps(given, ensure_ascii=False, indent=1), encoding="utf-8")
        shutil.copyfile(TEMPLATE, folder / TEMPLATE.name)

    def resolved(self, page: str) -> nodes.document:
        """Doctree of a page, with its references and pictures resolved for this builder."""
        doctree = self.env.get_and_resolve_doctree(page, self)
        self.post_process_images(doctree)
        doctree["docname"] = page
        return doctree


def write_reports(app: Sphinx, exception: Exception | None) -> None:
    """Write the reports after the HTML, from the same doctrees."""
    if exception is not None or app.builder.format != "html":
        return
    html = app.builder
    builder = app.create_builder(PdfBuilder.name)
    builder.outdir = type(builder.outdir)(aside(Path(app.outdir).with_name(REPORTS), "new"))
    app.builder = builder  # post-transforms ask the application which builder they work for
    try:
        builder.init()
        builder.write(None, [])
    finally:
        app.builder = html
    for report in Path(builder.outdir).iterdir():  # report-2020.pdf, for readers of the site
        year = report.stem.rpartition("-")[2]
        shutil.copyfile(report, Path(app.outdir) / "years" / year / report.name)


def parts(figures: FigureSet) -> tuple[Part, ...]:
    """Pages of a year's report in the order of an official document: cover, chapters, annexes.

    The page of downloads is left out, because its files are in the PDF; the page of methods, which the indicators
    refer to, comes in after them.
    """
    year = figures.year.settings.year
    cover, *others = (name for name in pages(figures.year.root, year) if name != DOWNLOADS)
    annexes = [f"years/{year}/{name}" for name in others if name in PAGES]
    annexes.insert(annexes.index(f"years/{year}/{INDICATORS}") + 1, METHOD)
    return (
        Part(f"years/{year}/{cover}", COVER),
        *(Part(f"years/{year}/{name}", CHAPTER) for name in others if name not in PAGES),
        *(Part(page, ANNEX, number) for number, page in enumerate(annexes, start=1)),
    )


def linked_places(doctrees: Mapping[str, nodes.document]) -> set[str]:
    """Pages, and places on them, that links of a report lead to and that it has."""
    targets = {
        target_of(page, reference)
        for page, doctree in doctrees.items()
        for reference in doctree.findall(nodes.reference)
    }
    places = {
        f"{page}#{name}"
        for page, doctree in doctrees.items()
        for node in doctree.findall(nodes.Element)
        for name in node["ids"]
    }
    return targets & (places | set(doctrees))


def title_page(figures: FigureSet) -> dict[str, Any]:
    """What ``report.typ`` wants to know about the report."""
    settings = figures.year.settings
    dated = settings.file_date
    period = f"{chinese_date(settings.period_start)}至{chinese_date(settings.period_end)}"
    title, state = "".join(settings.title), edition_and_status(settings)
    lineage = next(part.number for part in parts(figures) if part.page.endswith(f"/{LINEAGE}"))
    return {
        "guide": f"图、表和附件由数据表算出，每个数字的来源见附件{lineage}；在电子版里，正文和表里的数字可以点开，转到它的来源。"
        f"全部数字另存为 {figures_name(figures)}，附在电子版文件内。",
        "title": settings.title,
        "bureau": settings.bureau,
        "date": report_date(settings),
        "dated": {"year": dated.year, "month": dated.month, "day": dated.day},
        "subject": f"{settings.county}{settings.year}年度（{period}）困难群众救助资金绩效自评，{state}",
        "about": f"{title} · {state}",
    }


def attach(figures: FigureSet, folder: Path) -> list[dict[str, str]]:
    """Write the files that travel in the PDF beside its code, and describe them."""
    files = (
        (figures_name(figures), figures_csv(figures), "text/csv", "本报告的全部数字，附来源"),
        (schema_name(figures), figures_schema(figures), "application/json", "上述数字各列的含义（CSVW）"),
    )
    for name, content, _, _ in files:
        (folder / name).write_bytes(content)
    return [{"path": name, "type": media, "holds": holds} for name, _, media, holds in files]


def set_in_type(folder: Path, fonts: Fonts) -> bytes:
    """Set the code in a folder; nothing, and a warning, when that cannot be done.

    Only the fonts that were chosen are within reach: a copy of the bureau's own, and the package's.
    """
    for font in fonts.files:
        if font.path.parent != PACKAGE:
            shutil.copyfile(font.path, folder / font.path.name)
    known = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[PACKAGE, folder]
    )
    compiler = typst.Compiler(folder / MAIN, root=folder, font_paths=known)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", typst.TypstWarning)
            content = compiler.compile(format="pdf", pdf_standards=STANDARDS)
    except (typst.TypstError, typst.TypstWarning) as error:
        logger.warning(f"PDF 没有排成：{error.message}\n{error.diagnostic}", type="evalbook")
        return b""
    assert isinstance(content, bytes)  # noqa: S101 - one PDF, not pages of pictures
    return content
