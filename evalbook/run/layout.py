"""Where the pages of the years lie, and which there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

from evalbook.shipped import NOTEBOOKS, nearest
from evalbook.year import chapters

REVIEW, DOWNLOADS = "review", "downloads"
UNPRINTED = (REVIEW, DOWNLOADS)
"""Pages that the PDF leaves out: what the report may cost is for who writes it, and the files lie in the PDF."""

FRONT, ANNEXES = (
    ("index", "summary"),
    ("score", "forms", "checks", REVIEW, "editions", "indicators", "lineage", "tables", DOWNLOADS),
)
PAGES = FRONT + ANNEXES
"""Pages that belong to no chapter, each of the notebook of its own name."""

CHAPTER = "chapter"
"""Notebook that every chapter is shown by."""


@dataclass(frozen=True)
class Layout:
    """Where the pages of the years lie in the folder that a book is made from.

    The working book has every year, each in a folder of its own; the book of an edition has one year, whose pages
    lie at the top, because the edition's address names the year already.

    Attributes
    ----------
    source : Path
        The folder that Jupyter Book reads.
    edition : int or None
        The one year of the book of an edition; None for the working book.
    """

    source: Path
    edition: int | None = None

    def document(self, year: int, name: str) -> str:
        """Name of a year's page inside the book."""
        return f"years/{year}/{name}" if self.edition is None else name

    def year_of(self, document: str) -> int | None:
        """Year that a page belongs to; None for the pages of the whole book."""
        match document.split("/"):
            case ["years", year, _] if self.edition is None:
                return int(year)
            case [name] if name not in {"", "search", "genindex"}:
                return self.edition
        return None

    def page(self, year: int, name: str) -> Path:
        """File of a year's page."""
        return self.source / f"{self.document(year, name)}.ipynb"


def working_layout(root: Path) -> Layout:
    """Layout of the book of all years."""
    return Layout(root / "book")


@dataclass(frozen=True)
class Task:
    """One page to be made for one year: a notebook and its parameters.

    Attributes
    ----------
    root : Path
        The project.
    year : int
        Fiscal year.
    name : str
        Of the page.
    layout : Layout
        Where the page goes.
    """

    root: Path
    year: int
    name: str
    layout: Layout

    @property
    def notebook(self) -> str:
        """Name of the notebook that makes the page."""
        return self.name if self.name in PAGES else CHAPTER

    @property
    def parameters(self) -> dict[str, int | str]:
        """What the notebook is given."""
        return {"year": self.year} | ({} if self.name in PAGES else {"chapter": self.name})

    @property
    def template(self) -> Path:
        """The notebook under ``notebooks/``, the project's own or that of the tool."""
        return nearest(self.root, NOTEBOOKS) / f"{self.notebook}.ipynb"

    @property
    def page(self) -> Path:
        """The page that is made."""
        return self.layout.page(self.year, self.name)


def pages(root: Path, year: int) -> tuple[str, ...]:
    """Pages of a year: cover and summary, its chapters, annexes."""
    have = notebooks(root)
    front, annexes = (tuple(name for name in names if name in have) for names in (FRONT, ANNEXES))
    return (*front, *chapters(root, year), *annexes)


def notebooks(root: Path) -> tuple[str, ...]:
    """Names of the notebooks, in the order of the pages."""
    names = {path.stem for path in nearest(root, NOTEBOOKS).glob("*.ipynb")}
    return tuple(name for name in (*FRONT, CHAPTER, *ANNEXES) if name in names)
