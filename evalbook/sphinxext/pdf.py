"""While writing: the year's report as a PDF, from the pages of the book.

Typst sets it (``typst``, a wheel that needs no browser, no TeX and no network) as PDF/A-3a and PDF/UA-1 at once. The code
that was set stays in the doctree folder, for whoever wants to know why a page looks as it does.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import shutil
import signal
import traceback
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.builders import Builder
from sphinx.util import logging
from sphinx.util.tags import Tags

from evalbook.fonts import PACKAGE, load_fonts
from evalbook.render.corrections import EDITIONS, doubted
from evalbook.render.editions import edition_and_status, edition_in_short, signed_words
from evalbook.render.exports import EXPORTS, report_name
from evalbook.render.markdown import chinese_date
from evalbook.render.tidy import figures_name
from evalbook.run import PAGES, UNPRINTED, pages
from evalbook.sphinxext import typst
from evalbook.sphinxext.book import beside, book_of
from evalbook.sphinxext.exchange import REPORTS, aside, vega_bundle
from evalbook.sphinxext.kept import store_of
from evalbook.sphinxext.references import DOUBT_MARK, FINDING_MARK
from evalbook.sphinxext.typesetter import CODE, MAIN, METADATA, TYPESET, set_report

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docutils import nodes
    from sphinx.application import Sphinx

    from evalbook.figures import FigureSet
    from evalbook.fonts import Fonts
    from evalbook.run import Layout

logger = logging.getLogger(__name__)

TEMPLATE = Path(__file__).parents[1] / "templates" / "report.typ"
TRANSLATED = "pages.pickle"
METHOD, CHECKS, INDICATORS, LINEAGE = "guide/method", "checks", "indicators", "lineage"


@dataclass(frozen=True)
class Translated:
    """A page in Typst's words, as :class:`.typst.TypstTranslator` gives it."""

    part: typst.Part
    links: typst.Links
    code: str
    landscape: str
    notes: str
    exhibits: str
    pictures: dict[str, str]


@dataclass(frozen=True)
class KeptPages:
    """What a report was made of: its parts, what its links lead to, and its pages by name."""

    listed: tuple[typst.Part, ...]
    targets: frozenset[str]
    pages: dict[str, Translated]


class PdfBuilder(Builder):
    """Sphinx builder ``pdf``: one file a year."""

    name = format = "pdf"
    allow_parallel = False
    default_translator_class = typst.TypstTranslator
    supported_image_types = ["image/svg+xml"]  # noqa: RUF012 - Sphinx's own annotation
    years: tuple[int, ...] = ()
    """Years to write; all when empty."""

    def init(self) -> None:
        """Choose what the directive ``only`` keeps by the PDF, also after HTML has been built."""
        self.tags = Tags([self.name, f"format_{self.name}", f"builder_{self.name}"])

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
        book = book_of(self.app)
        fonts = load_fonts(book.root)
        Path(self.outdir).mkdir(parents=True, exist_ok=True)
        for year in self.years or book.years:
            figures = book.figures(year)
            if not self.is_outdated(figures, updated_docnames):
                continue
            folder = Path(self.app.doctreedir) / TYPESET / str(year)
            before = self.app._warncount
            kept = self.kept_pages(folder, figures, updated_docnames)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            self.write_code(figures, fonts, folder, kept)
            collect_fonts(folder, fonts)
            if (
                book.layout.edition is not None
            ):  # set when its other files are there, whose check code it bears
                continue
            if self.app._warncount == before and (content := typeset(folder, year)):
                (Path(self.outdir) / report_name(figures)).write_bytes(content)

    def is_outdated(self, figures: FigureSet, updated: Iterable[str]) -> bool:
        """Whether the last good report shows something that changed, or there is none."""
        if not (Path(self.outdir) / report_name(figures)).exists():
            return True
        book = book_of(self.app)
        pages = {part.page for part in parts(figures, book.layout)}
        return figures.year.settings.year in book.changed or not pages.isdisjoint(updated)

    def kept_pages(self, folder: Path, figures: FigureSet, updated: Iterable[str]) -> KeptPages:
        """What the last report was made of, less the pages that changed; of a report with other pages nothing."""
        nothing = KeptPages(parts(figures, book_of(self.app).layout), frozenset(), {})
        path = folder / TRANSLATED
        kept: KeptPages = pickle.loads(path.read_bytes()) if path.is_file() else nothing  # noqa: S301 - see kept.begin
        if kept.listed != nothing.listed:
            return nothing
        gone = set(updated)
        return replace(kept, pages={page: found for page, found in kept.pages.items() if page not in gone})

    def write_code(self, figures: FigureSet, fonts: Fonts, folder: Path, kept: KeptPages) -> None:
        """Write everything that the typesetter reads into a folder."""
        listed = kept.listed
        doctrees = {part.page: self.resolved(part.page) for part in listed if part.page not in kept.pages}
        links = {page: found.links for page, found in kept.pages.items()}
        links |= {page: typst.links_of(page, doctree) for page, doctree in doctrees.items()}
        annexes = [part.page for part in listed if part.kind == typst.ANNEX]
        targets = typst.linked_targets(links) | {*annexes}
        report = typst.Report({part.page: part for part in listed}, targets, fonts)
        found = kept.pages if targets == kept.targets else {}
        pages = {
            part.page: found.get(part.page)
            or self.translated(doctrees.get(part.page) or self.resolved(part.page), report, links[part.page])
            for part in listed
        }
        (folder / TRANSLATED).write_bytes(pickle.dumps(KeptPages(listed, frozenset(targets), pages)))
        translated = tuple(pages.values())
        for source, name in (picture for page in translated for picture in page.pictures.items()):
            shutil.copyfile(Path(self.srcdir) / source, folder / name)
        *chapters, last = (page for page in translated if page.part.kind != typst.ANNEX)
        named = ((typst.quoted(page), typst.quoted(self.env.titles[page].astext())) for page in annexes)
        titles = "".join(f"({page}, {title}), " for page, title in named)
        code = [
            f'#import "{TEMPLATE.name}": *\n',
            "#show: report\n#{\n",
            *(page.code + page.landscape for page in chapters),
            last.code,
            # Before the tables of the last chapter: a signature belongs on a page with text.
            "closing\n" if figures.year.authority.approved else "",
            last.landscape,
            f"added-by-the-tool(({titles}), {{\n{''.join(page.notes for page in translated)}}})\n",
        ]
        for page in translated:
            if page.exhibits:
                title = typst.quoted(self.env.titles[page.part.page].astext())
                code.append(f"exhibits-of({title})\n{page.exhibits}")
        for page in translated:
            if page.part.kind == typst.ANNEX:
                code.append(page.code)
            if page.part.page.rpartition("/")[2] == LINEAGE:
                code.append(f"fonts-used({typst.quoted(fonts.words())})\n")
        code.append("check-code()\n")
        (folder / MAIN).write_text("".join((*code, "}\n")), encoding="utf-8")
        metadata = report_metadata(figures, listed)
        metadata |= {"fonts": fonts.roles, "attached": attach(figures, folder)}
        (folder / METADATA).write_text(json.dumps(metadata, ensure_ascii=False, indent=1), encoding="utf-8")
        shutil.copyfile(TEMPLATE, folder / TEMPLATE.name)

    def resolved(self, page: str) -> nodes.document:
        """Doctree of a page, with its references and pictures resolved for this builder."""
        doctree = self.env.get_and_resolve_doctree(page, self)
        self.post_process_images(doctree)
        doctree["docname"] = page
        return doctree

    def translated(self, doctree: nodes.document, report: typst.Report, links: typst.Links) -> Translated:
        """Translate a page."""
        translator = self.create_translator(doctree, self, report)
        assert isinstance(translator, typst.TypstTranslator)  # noqa: S101 - the default translator above
        doctree.walkabout(translator)
        found = {name: getattr(translator, name) for name in ("code", "landscape", "notes", "exhibits")}
        return Translated(translator.part, links, **found, pictures=translator.pictures)


def begin_reports(app: Sphinx, html: Builder) -> None:
    """Begin the reports, from the doctrees that the HTML is written from, in processes of their own beside it."""
    if html.format != "html" or "fork" not in multiprocessing.get_all_start_methods():
        return
    vars(app)["evalbook_reports"] = []
    vars(app)["evalbook_reports_begun"] = multiprocessing.get_context("fork").Value("i", 0)
    for _ in range(max((os.cpu_count() or 1) - 1, 1)):
        _help(app)


def _help(app: Sphinx) -> None:
    """Let one more process write reports."""
    process = multiprocessing.get_context("fork").Process(target=_write_apart, args=(app,), daemon=True)
    process.start()
    vars(app)["evalbook_reports"].append(process)


def _write_apart(app: Sphinx) -> None:
    """Write reports that nobody has begun, each in a copy of this process: what the typesetter remembers goes with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asked ends its copies itself
    begun = vars(app)["evalbook_reports_begun"]
    running, failed = 0, False

    def end(*_: object) -> None:
        if running:
            os.kill(running, signal.SIGKILL)
        os._exit(signal.SIGTERM)

    signal.signal(signal.SIGTERM, end)
    years = book_of(app).years
    while True:
        with begun.get_lock():
            number = begun.value
            begun.value += 1
        if number >= len(years):
            break
        running = os.fork()
        if not running:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            before = app._warncount
            try:
                _write(app, (years[number],))
            except BaseException:
                traceback.print_exc()
                os._exit(2)
            os._exit(int(app._warncount > before))
        code = os.waitstatus_to_exitcode(os.waitpid(running, 0)[1])
        running = 0
        if code not in {0, 1}:
            raise SystemExit(code)
        failed = failed or code == 1
    vega_bundle(store_of(app))  # while the pages are written
    raise SystemExit(int(failed))


def _write(app: Sphinx, years: tuple[int, ...]) -> None:
    html, pdf = app.builder, app.create_builder(PdfBuilder.name)
    assert isinstance(pdf, PdfBuilder)  # noqa: S101 - the builder of that name
    pdf.outdir = type(pdf.outdir)(aside(Path(app.outdir).with_name(REPORTS), "new"))
    pdf.years = years
    app.builder = pdf  # post-transforms ask the application which builder they work for
    try:
        pdf.init()
        pdf.write(None, getattr(html, "changed", ()))
    finally:
        app.builder = html


def finish_reports(app: Sphinx, exception: Exception | None) -> None:
    """Wait for the reports, or write them, and offer them beside the pages of their years; nothing after a failure."""
    begun = vars(app).get("evalbook_reports")
    if exception is not None:
        for process in begun or ():
            process.terminate()
    if exception is not None or app.builder.format != "html":
        return
    book = book_of(app)
    if begun is None:
        _write(app, book.years)
    elif vars(app)["evalbook_reports_begun"].value < len(book.years):
        _help(app)  # this process has no pages to write any more
    for process in begun or ():
        process.join()
        if process.exitcode not in {0, 1}:
            logger.warning(f"排 PDF 的进程被中止或崩溃（代码{process.exitcode}）", type="evalbook")
        app._warncount += process.exitcode == 1  # it has said why
    for year in book.years:
        name = report_name(book.figures(year))
        report = aside(Path(app.outdir).with_name(REPORTS), "new") / name
        if report.exists():
            shutil.copyfile(report, beside(app, year) / name)


def parts(figures: FigureSet, layout: Layout) -> tuple[typst.Part, ...]:
    """Pages of a year's report in the order of an official document: cover, chapters, then what the tool adds.

    The page of methods, which the indicators refer to, comes in after them.
    """
    year = figures.year.settings.year
    cover, *others = (name for name in pages(figures.year.root, year) if name not in UNPRINTED)
    annexes = [layout.document(year, name) for name in others if name in PAGES]
    annexes.insert(annexes.index(layout.document(year, INDICATORS)) + 1, METHOD)
    return (
        typst.Part(layout.document(year, cover), typst.COVER),
        *(typst.Part(layout.document(year, name), typst.CHAPTER) for name in others if name not in PAGES),
        *(typst.Part(page, typst.ANNEX, number) for number, page in enumerate(annexes, start=1)),
    )


def report_metadata(figures: FigureSet, listed: Iterable[typst.Part]) -> dict[str, Any]:
    """What ``report.typ`` wants to know about the report."""
    settings = figures.year.settings
    dated = figures.year.file_date
    period = f"{chinese_date(settings.period_start)}至{chinese_date(settings.period_end)}"
    title, state = "".join(settings.title), edition_and_status(figures)
    annexes = {part.page.rpartition("/")[2]: part.number for part in listed}
    doubts = any(doubted(figures, address) for address in figures.figures)
    doubt_told = f"有“{DOUBT_MARK}”的，存疑，见附件{annexes[EDITIONS]}。" if doubts else ""
    return {
        "title": settings.title,
        "state": "" if figures.year.authority.approved else figures.year.status,
        "edition": state,
        "bureau": settings.bureau,
        "date": signed_words(figures.year),
        "dated": {"year": dated.year, "month": dated.month, "day": dated.day},
        "subject": f"{settings.county}{settings.year}年度（{period}）困难群众救助资金绩效自评，{state}",
        "about": f"{edition_in_short(figures)} · {title}",
        "guide": f"图、表和附件由数据表算出，每个数字的来源见附件{annexes[LINEAGE]}；"
        "在电子版里，正文和表里的数字可以点开，转到它的来源。"
        f"数字旁边有“{FINDING_MARK}”的，附件{annexes[CHECKS]}有一条发现说到它。{doubt_told}"
        f"全部数字另存为 {figures_name(figures)}，附在电子版文件内。",
        "sizes": typst.SIZES,
        CODE: (),
    }


def attach(figures: FigureSet, folder: Path) -> list[dict[str, str]]:
    """Write the files that travel in the PDF beside its code, and describe them."""
    attached = [export for export in EXPORTS if export.attached]
    for export in attached:
        (folder / export.name(figures)).write_bytes(export.content(figures))
    return [
        {"path": export.name(figures), "type": export.attached, "holds": export.holds} for export in attached
    ]


def collect_fonts(folder: Path, fonts: Fonts) -> None:
    """Copy the bureau's own fonts to the code: only what was chosen is within reach of the typesetter."""
    chosen = (font.path for font in fonts.files if font.path.parent != PACKAGE)
    for number, path in enumerate(dict.fromkeys(chosen)):
        shutil.copyfile(path, folder / f"font-{number}{path.suffix}")


def typeset(folder: Path, year: int) -> bytes:
    """Set the code in a folder; nothing, and a warning, when that cannot be done."""
    report = set_report(folder)
    if report.error:
        logger.warning(f"{year}年度的 PDF 没有排成：{report.error}", type="evalbook")
    return report.content
