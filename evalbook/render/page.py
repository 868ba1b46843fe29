"""A page of a year: what every part of it is made from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evalbook.errors import EvalbookError
from evalbook.scoring import opened
from evalbook.year import Narrative, find_project

if TYPE_CHECKING:
    from evalbook.figures import FigureSet


@dataclass(frozen=True)
class Page:
    """One page of one year.

    Attributes
    ----------
    name : str
        Name of the notebook, and of the page's prose where it has any.
    figures : FigureSet
        Figures of the year.
    """

    name: str
    figures: FigureSet

    @property
    def narrative(self) -> Narrative:
        """Prose of the chapter.

        Raises
        ------
        EvalbookError
            The year has no such file.
        """
        try:
            return self.figures.year.narrative[self.name]
        except KeyError:
            year = self.figures.year.settings.year
            raise EvalbookError(
                f"data/{year}/narrative 里没有 {self.name}.md。请从上年复制这个文件，改好后再生成。"
            ) from None


def open_page(year: int, name: str) -> Page:
    """Read a year for a page; the project is found from the current folder upwards.

    Raises
    ------
    EvalbookError
        The year's files cannot be used, or there are none.
    """
    return Page(name, opened(find_project(Path.cwd()), year))
