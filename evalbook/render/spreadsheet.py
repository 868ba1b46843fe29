"""What all workbooks share: how a file is made, which numbers it keeps, and how much room a text takes."""

from __future__ import annotations

import datetime
import io
import math
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from evalbook.figures import FigureSet

DOUBLE_DIGITS = 15
"""Significant decimal digits that a spreadsheet's binary numbers keep (IEEE 754 double)."""

A4 = 9
"""Number of the paper size in the file format."""


def book_of(figures: FigureSet, font: str, size: int, fill: Callable[[Any], None]) -> bytes:
    """Make a workbook of a year.

    Parameters
    ----------
    figures
        Of the year.
    font, size, fill
        As :func:`book_about`.

    Returns
    -------
    bytes
        An XLSX file that depends on the figures alone: its date is that of the report, or the end of the
        period while there is none, instead of a clock's.
    """
    settings = figures.year.settings
    about = {"title": "".join(settings.title), "author": settings.bureau}
    return book_about(about, figures.year.file_date, font, size, fill)


def book_about(
    about: Mapping[str, str], date: datetime.date, font: str, size: int, fill: Callable[[Any], None]
) -> bytes:
    """Make a workbook.

    Parameters
    ----------
    about
        Title, and author where there is one.
    date
        What the file says of the day on which it was made.
    font, size
        Letters of cells that have no format of their own.
    fill
        Writes the sheets into the book.

    Returns
    -------
    bytes
        An XLSX file that depends on what it is made of alone.
    """
    import xlsxwriter

    stream = io.BytesIO()
    letters = {"font_name": font, "font_size": size}
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "default_format_properties": letters})
    made = datetime.datetime.combine(date, datetime.time(), datetime.UTC)
    book.set_properties({**about, "created": made})
    fill(book)
    book.close()
    return stream.getvalue()


def lay_out_for_paper(page: Any) -> None:
    """Print a sheet on A4 paper lying, as wide as the paper, with numbered pages."""
    page.set_landscape()
    page.set_paper(A4)
    page.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.7)
    page.fit_to_pages(1, 0)
    page.set_footer("&C&P/&N", {"margin": 0.3})


def is_kept(value: Decimal) -> bool:
    """Whether a spreadsheet stores a number with all its digits."""
    return len(value.normalize().as_tuple().digits) <= DOUBLE_DIGITS


def number_format(digits: int) -> str:
    """How a spreadsheet shows a number with so many decimals."""
    return f"0.{'0' * digits}".rstrip(".")


def half_widths(text: str) -> int:
    """Width in half-width characters, of which a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def lines(text: str, width: float) -> int:
    """Lines that a text takes in a width of so many half-width characters."""
    return max(1, math.ceil(half_widths(text) / width))
