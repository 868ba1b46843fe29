"""Before reading: run the notebooks of every year and list their pages; after writing: the files for download."""

from __future__ import annotations

import os
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from evalbook.errors import KEPT, REFUSED, EvalbookError, InputError
from evalbook.figures.watch import bare, note, watched
from evalbook.frameworks import frameworks, read_framework
from evalbook.render.exports import exports
from evalbook.render.tidy import schema_name
from evalbook.run import Layout, pages, run_years
from evalbook.scoring import evaluate, opened
from evalbook.year import find_project, years

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

    from evalbook.checks import Findings
    from evalbook.figures import FigureSet
    from evalbook.frameworks import Framework
    from evalbook.schema import Registries

YEARS_CAPTION = "年度报告"
BOOK = 0
"""Stands for the book where questions about a year begin with its number."""

EDITION = "evalbook_edition"
"""Configuration value: the one year whose edition the book is; none in the working book."""


class Book:
    """What one build knows: the project, and the figures of its years. Pages that ask are noted (:mod:`.kept`).

    ``changed`` are the years of which any file is not what it was at the last build; ``before`` are hashes of pages as
    they were read then, of those read anew; ``again`` are pages to be written whether they were read or not.
    """

    def __init__(self, root: Path, layout: Layout) -> None:
        self.root = root
        self.layout = layout
        self.all_years = years(root)
        self.changed: set[int] = set()
        self.before: dict[str, str] = {}
        self.again: set[str] = set()
        self._figures: dict[int, FigureSet] = {}

    @property
    def years(self) -> tuple[int, ...]:
        """Years that the book shows."""
        return self.asked("all_years") if self.layout.edition is None else (self.layout.edition,)

    def asked(self, name: str) -> Any:
        """What the book says beyond its years, noted for the page that asks."""
        answer = getattr(self, name)
        note((BOOK, name), answer)
        return answer

    def source(self, year: int) -> FigureSet | Book:
        """What answers the questions that begin with a year, or with :data:`BOOK`."""
        if year == BOOK:
            return self
        if year not in self._figures:
            self._figures[year] = bare(opened(self.root, year))
        return self._figures[year]

    def figures(self, year: int) -> FigureSet:
        """Figures of a year, computed once a build."""
        found: FigureSet = watched(self.source(year), year)
        return found

    def findings(self, year: int) -> Findings:
        """What the checks say of a year, asked once a build."""
        return evaluate(self.figures(year)).findings

    @cached_property
    def all_frameworks(self) -> tuple[Framework, ...]:
        """Scoring frameworks that the project has, read once a build; a build begins only when all can be read."""
        registries = bare(self.registries)
        read = (read_framework(self.root, name, registries)[0] for name in frameworks(self.root))
        return tuple(framework for framework in read if framework is not None)

    @property
    def registries(self) -> Registries:
        """What is common to all years."""
        return self.figures(max(self.years)).year.registries


def book_of(app: Sphinx) -> Book:
    """The book that a build makes."""
    book: Book = vars(app)["evalbook"]
    return book


def show_progress(done: int, total: int, last: str) -> None:
    """Draw a progress bar of the notebooks on the terminal."""
    filled = 30 * done // total
    line = f"运行笔记本 [{'█' * filled}{'·' * (30 - filled)}] {done}/{total} {last}"
    if sys.stdout.isatty():
        sys.stdout.write(f"\r\x1b[K{line}" + ("\n" if done == total else ""))
        sys.stdout.flush()
    else:
        print(line, flush=True)


def prepare(app: Sphinx, config: Config) -> None:
    """Run the notebooks and list their pages, before Sphinx reads anything.

    The process ends with one screen of Chinese and exit code 2 when the input cannot be used: Jupyter Book
    would print a traceback and leave with code 1.
    """
    try:
        root = find_project(Path(app.srcdir))
        layout = Layout(Path(app.srcdir), config[EDITION])
        book = Book(root, layout)
        chosen = () if layout.edition is None else book.years
        run_years(root, chosen, layout=layout, progress=show_progress)
        newest = book.figures(max(book.years)).year.settings
    except EvalbookError as error:
        if os.environ.get("EVALBOOK_DEBUG"):
            raise
        kept = f"\n{KEPT}" if isinstance(error, InputError) else ""
        print(f"\n{REFUSED}\n{error}{kept}\n", file=sys.stderr)
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


def write_exports(app: Sphinx, exception: Exception | None) -> None:
    """Put the files for download beside the pages of their year, where their names stay the same.

    Sphinx's own role ``download`` would put every file into a folder of its own, but programs look for the
    schema of a CSV file beside it (CSVW, 5.3).
    """
    if exception is not None or app.builder.format != "html":
        return
    book = book_of(app)
    for year in book.years:
        folder = beside(app, year)
        if year in book.changed or not (folder / schema_name(book.figures(year))).exists():
            for name, content in exports(book.figures(year)).items():
                (folder / name).write_bytes(content)


def beside(app: Sphinx, year: int) -> Path:
    """Folder of the built book in which a year's pages lie."""
    return (Path(app.outdir) / book_of(app).layout.document(year, "index")).parent


def table_of_contents(written: dict[str, Any], book: Book) -> dict[str, Any]:
    """Put the years, newest first, before the parts that ``_toc.yml`` names; an edition begins with its year's cover."""

    def listed(year: int) -> tuple[dict[str, str], ...]:
        return tuple({"file": book.layout.document(year, name)} for name in pages(book.root, year))

    if book.layout.edition is not None:
        _, *others = listed(book.layout.edition)
        part = {"caption": f"{book.layout.edition}年度", "chapters": others}
    else:
        chapters = []
        for year in reversed(book.years):
            first, *others = listed(year)
            status = book.figures(year).year.status
            chapters.append({**first, "title": f"{year}年度 · {status}", "sections": others})
        part = {"caption": YEARS_CAPTION, "chapters": chapters}
    return {**written, "parts": [part, *written["parts"]]}
