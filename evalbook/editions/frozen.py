"""The figures of an edition as a small text file, by which every later change of an old number is found."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from evalbook.editions.kept import kept_text, read_kept
from evalbook.schema.vocabulary import ABSENT, MISSING, NOT_STATED
from evalbook.year import frozen_path

if TYPE_CHECKING:
    from pathlib import Path

    from evalbook.figures import Figure, FigureSet

NO_FIGURE = "—"
"""Stands for a figure that an edition does not have."""

FROZEN_COLUMNS = ("地址", "名称", "数值", "单位", "标志")


@dataclass(frozen=True)
class FrozenFigure:
    """What an edition says of a figure.

    Attributes
    ----------
    address, name : str
        Of the figure.
    number : str
        As shown; empty when it is missing.
    unit, flag : str
        Symbol of the unit and status flag.
    """

    address: str
    name: str
    number: str
    unit: str
    flag: str

    @property
    def value(self) -> Decimal | None:
        """The number, whatever zeros it is written with; None when it is missing."""
        return Decimal(self.number) if self.number else None

    @property
    def text(self) -> str:
        """Number and unit, or what stands in their place."""
        return f"{self.number}{self.unit}" if self.number else NOT_STATED


def frozen(figure: Figure) -> FrozenFigure:
    """What an edition keeps of a figure."""
    number = figure.number if figure.value is not None else ""
    return FrozenFigure(figure.address, figure.label, number, figure.unit, figure.flag)


def being(text: str) -> str:
    """What a number is, or was, for a sentence: 是6246人; other words where nobody stated one, or there is none."""
    if text == NO_FIGURE:
        return "没有这个数字"
    return "没有写数" if text in {*ABSENT, MISSING} else f"是{text}"


def frozen_text(figures: FigureSet) -> str:
    """Every figure, one a line, in the order of the addresses."""
    rows = (astuple(frozen(figures.figures[address])) for address in sorted(figures.figures))
    return kept_text(FROZEN_COLUMNS, rows)


def read_frozen(root: Path, year: int, number: int) -> dict[str, FrozenFigure]:
    """Figures of a released edition, by address.

    Raises
    ------
    EvalbookError
        The file is missing, or is not what a release wrote.
    """
    read = read_kept(root, frozen_path(root, year, number), FROZEN_COLUMNS, _figure)
    return {figure.address: figure for figure in read}


def _figure(*cells: str) -> FrozenFigure:
    """A line of the file.

    Raises
    ------
    ValueError, ArithmeticError
        Its number is none.
    """
    figure = FrozenFigure(*cells)
    if figure.value is not None and not figure.value.is_finite():
        raise ValueError
    return figure
